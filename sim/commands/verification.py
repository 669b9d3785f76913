"""A folder of results put to the test: played again from its manifest, and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.analysis import attribution, power, sensitivity, tipping_points
from sim.calibration import calibration
from sim.commands import outputs
from sim.counterfactuals import comparison, overview
from sim.ensembles.executor import Executor
from sim.errors import ResultsError
from sim.evaluation import model_comparison, scoring
from sim.evaluation.replay import ENSEMBLES, rerun
from sim.figures.film import film
from sim.model.transcript import play
from sim.results.folder import Files
from sim.results.manifest import digest, read_manifest, scenario_of, versions
from sim.scenario.scenario import Scenario
from sim.web.report import content
from sim.web.report.report import report_files

#: From a scenario and what its manifest says to the files that a command leaves.
Again = Callable[[Scenario, dict[str, Any], Executor], Files]


def histories(known: Mapping[str, Any]) -> int:
    """How many histories it takes to play a manifest again."""
    command = known["command"]
    asked = len(command.get("what_ifs", ()))
    times = {"replay": ENSEMBLES, "film": 2, "report": ENSEMBLES + asked}.get(command["name"], asked or 1)
    return int(known["runs"]) * times


def _replay(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.replay_files(rerun(scenario, known["command"], known["runs"], known["seed"], executor))


def _run(scenario: Scenario, known: dict[str, Any], _: Executor) -> Files:
    command = known["command"]
    return outputs.table_files(play(scenario, known["seed"], command["replicate"], command["as_recorded"]).tables)


def _whatif(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    if "what_ifs" in command:
        return outputs.overview_files(overview.rerun(scenario, command, known["runs"], known["seed"], executor))
    return outputs.comparison_files(comparison.rerun(scenario, command, known["runs"], known["seed"], executor))


def _attribute(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.attribution_files(
        attribution.rerun(scenario, known["command"], known["runs"], known["seed"], executor)
    )


def _tip(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.tipping_files(
        tipping_points.rerun(scenario, known["command"], known["runs"], known["seed"], executor)
    )


def _power(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.power_files(power.rerun(scenario, known["command"], known["runs"], known["seed"], executor))


def _sensitivity(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.sensitivity_files(
        sensitivity.rerun(scenario, known["command"], known["runs"], known["seed"], executor)
    )


def _film(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    filmed = film.storyboard(scenario, known["runs"], known["seed"], command["history"], executor)
    return film.film_files(filmed, command["format"])


def _report(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    contents = content.rerun(scenario, known["command"], known["runs"], known["seed"], executor)
    return report_files(contents, known["command"]["lesson"])


def _fitted(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    """What a calibration, a score or a comparison of models leaves when it is made again, its posterior too."""
    settings = known["command"], known["runs"], known["seed"], executor
    if known["command"]["name"] == "calibrate":
        fit = calibration.rerun(scenario, *settings)
        return outputs.calibration_files(fit) | outputs.posterior_file(fit.scenario)
    if known["command"]["name"] == "rules":
        return outputs.model_comparison_files(model_comparison.rerun(scenario, *settings))
    scored = scoring.rerun(scenario, *settings)
    return outputs.score_files(scored) | outputs.posterior_file(scored.scenario)


AGAIN: Mapping[str, Again] = {
    "replay": _replay,
    "run": _run,
    "whatif": _whatif,
    "attribute": _attribute,
    "tip": _tip,
    "power": _power,
    "sensitivity": _sensitivity,
    "film": _film,
    "report": _report,
    "calibrate": _fitted,
    "score": _fitted,
    "rules": _fitted,
}


def played_again(folder: Path, executor: Executor | None = None) -> list[str]:
    """What comes out differently when a folder's manifest is played again, in sentences; empty if nothing does."""
    known = read_manifest(folder)
    scenario, name = scenario_of(folder), known["command"]["name"]
    if name not in AGAIN:
        raise ResultsError(f"{folder} was written by `sim {name}`, which cannot be played again")
    files = AGAIN[name](scenario, known, executor or Executor())
    files = outputs.posterior_file(scenario) | files
    found = [
        f"{name} comes out differently" for name, file in files.items() if known["files"].get(name) != digest(file)
    ]
    found += [f"{name} does not come out" for name in known["files"] if name not in files]
    moved = [
        f"{name} was {then}, is {now}"
        for name, now in versions().items()
        if (then := known["versions"].get(name)) != now
    ]
    return found and found + moved
