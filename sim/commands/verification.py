"""A folder of results put to the test: played again from its manifest, and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.analysis import tipping_points
from sim.analysis.attribution import attribute
from sim.analysis.causes import Cause
from sim.analysis.power import power
from sim.analysis.sensitivity import sensitivity
from sim.calibration.calibration import Effort, calibrate
from sim.commands import outputs
from sim.counterfactuals.comparison import Differing, whatif
from sim.counterfactuals.overview import overview
from sim.ensembles.executor import Executor
from sim.errors import ResultsError
from sim.evaluation.model_comparison import choose
from sim.evaluation.replay import ENSEMBLES, replay
from sim.evaluation.scoring import score
from sim.figures.film import film
from sim.model.transcript import play
from sim.results.folder import Files
from sim.results.manifest import digest, read_manifest, scenario_of, versions
from sim.scenario.scenario import Scenario
from sim.scenario.what_if import typed
from sim.scenario.yaml_reader import parse
from sim.web.report.files import made_again

#: From a scenario and what its manifest says to the files that a command leaves.
Again = Callable[[Scenario, dict[str, Any], Executor], Files]


def histories(known: Mapping[str, Any]) -> int:
    """How many histories it takes to play a manifest again."""
    command = known["command"]
    asked = len(command.get("what_ifs", ()))
    times = {"replay": ENSEMBLES, "film": 2, "report": ENSEMBLES + asked}.get(command["name"], asked or 1)
    return int(known["runs"]) * times


def _replay(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    played = replay(scenario, known["runs"], known["seed"], executor)
    kept = {"trajectories.nc": outputs.trajectory_file(played.ensemble)} if known["command"].get("keep") else {}
    return outputs.replay_files(played) | kept


def _run(scenario: Scenario, known: dict[str, Any], _: Executor) -> Files:
    command = known["command"]
    return outputs.table_files(play(scenario, known["seed"], command["replicate"], command["as_recorded"]).tables)


def _whatif(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    if "what_ifs" in command:
        asked = [typed(parse(text, file)) for file, text in command["what_ifs"].items()]
        return outputs.overview_files(overview(scenario, asked, known["runs"], known["seed"], executor))
    differing = Differing(command["readings"], command["changes"])
    other = differing.carried_out(scenario, "changes")
    return outputs.comparison_files(whatif(scenario, other, known["runs"], known["seed"], executor), command["title"])


def _attribute(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    causes = [Cause.read(cause) for cause in command["causes"]]
    runs, seed, orders = known["runs"], known["seed"], command["orders"]
    found = attribute(scenario, command["decision"], causes, command["of"], runs, seed, executor, orders)
    return outputs.attribution_files(found)


def _tip(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    over, decision = tuple(command["over"]), command["decision"]
    return outputs.tipping_files(
        tipping_points.turned(scenario, over, decision, known["runs"], known["seed"], executor)
    )


def _power(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return outputs.power_files(power(scenario, known["command"]["body"], known["runs"], known["seed"], executor))


def _sensitivity(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    found = sensitivity(scenario, known["runs"], known["command"]["size"], known["seed"], executor)
    return outputs.sensitivity_files(found)


def _film(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    command = known["command"]
    filmed = film.reel(scenario, known["runs"], known["seed"], command["history"], executor)
    return film.film_files(filmed, command["format"])


def _report(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    return made_again(scenario, known, "what_ifs", executor)


def _fitted(scenario: Scenario, known: dict[str, Any], executor: Executor) -> Files:
    """What a calibration, a score or a choice of rules leaves when it is made again, its posterior too."""
    command = known["command"]
    effort = Effort(command["particles"], command["islands"], executor.workers)
    if command["name"] == "calibrate":
        fit = calibrate(scenario, known["seed"], effort)
        return outputs.calibration_files(fit) | outputs.posterior_file(fit.fitted)
    if command["name"] == "rules":
        return outputs.choice_files(choose(scenario, known["seed"], effort))
    scored = score(scenario, known["seed"], effort)
    return outputs.score_files(scored) | outputs.posterior_file(scenario.with_posterior(scored.particles))


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
        f"{name} comes out differently"
        for name, content in files.items()
        if known["files"].get(name) != digest(content)
    ]
    found += [f"{name} does not come out" for name in known["files"] if name not in files]
    moved = [
        f"{name} was {then}, is {now}"
        for name, now in versions().items()
        if (then := known["versions"].get(name)) != now
    ]
    return found and found + moved
