"""Results as a folder: tables, figures and the manifest by which they can be checked and made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import figures
from sim.analysis.attribution import Attribution
from sim.analysis.power import Power
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.tipping_points import Map, Smallest, Turning
from sim.calibration.calibration import Fit
from sim.counterfactuals.comparison import Comparison
from sim.counterfactuals.overview import Overview
from sim.errors import ResultsError
from sim.evaluation.model_comparison import ModelComparison
from sim.evaluation.replay import Replay
from sim.evaluation.scoring import Score
from sim.figures import charts, explained
from sim.figures.labels import of_tables
from sim.results.folder import Files, write
from sim.results.manifest import POSTERIOR, folder_name, manifest
from sim.results.tables import parsed, written
from sim.scenario import posterior
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    # A transcript brings Mesa with it, which a replay does without.
    from sim.model.transcript import Run

#: The figures of a replay, by the name of the file.
FIGURES = {
    "stances": figures.stances,
    "members": figures.small_multiples,
    "decisions": figures.decisions,
    "ballots": figures.ballots,
    "policy": figures.policy,
    "influence": figures.influence,
    "polarisation": figures.polarisation,
}


def table_files(tables: Mapping[str, Any]) -> Files:
    """Tables as the bytes of their files."""
    return {f"{name}.csv": written(table) for name, table in tables.items()}


def figure_files(scenario: Scenario, tables: Files) -> Files:
    """The figures of a replay, each as SVG and PNG, drawn from its tables as they are written.

    So whoever draws them from the folder, later or elsewhere, draws the same.
    """
    read = {name.removesuffix(".csv"): parsed(content) for name, content in tables.items()}
    drawn = of_tables(scenario, read)
    files: Files = {}
    for name, draw in FIGURES.items():
        figure = draw(drawn)
        files |= {f"{name}.{kind}": figures.encoded(figure, kind) for kind in ("svg", "png")}
    return files


def replay_files(played: Replay) -> Files:
    """Everything that a replay leaves."""
    tables = table_files(played.tables)
    return tables | figure_files(played.scenario, tables) | played.files


def posterior_file(scenario: Scenario) -> Files:
    """The posterior that a scenario is drawn from, so that a folder can be played again by itself."""
    return {POSTERIOR: posterior.written(scenario.posterior)} if scenario.posterior else {}


def publish(out: Path, scenario: Scenario, runs: int, seed: int, command: Mapping[str, Any], files: Files) -> Path:
    """Writes the folder `<scenario>-<digest>` below `out`, with its manifest. Raises ResultsError."""
    folder = out / folder_name(scenario, runs, seed, command)
    files = {**files, **posterior_file(scenario)}
    return write(folder, {**files, "manifest.json": manifest(scenario, runs, seed, command, files)})


def publish_replay(out: Path, played: Replay) -> Path:
    """The folder of a replay."""
    command = {"name": "replay", **played.settings}
    return publish(out, played.scenario, played.runs, played.seed, command, replay_files(played))


def publish_run(out: Path, run: Run, follows_record: bool) -> Path:
    """The folder of one history."""
    command = {"name": "run", "replicate": run.replicate, "as_recorded": follows_record}
    return publish(out, run.scenario, 1, run.seed, command, table_files(run.tables))


def _both(name: str, figure: Any) -> Files:
    """A figure as SVG and PNG."""
    return {f"{name}.{kind}": figures.encoded(figure, kind) for kind in ("svg", "png")}


def comparison_files(compared: Comparison) -> Files:
    """Everything that a comparison of two worlds leaves."""
    return table_files(compared.tables) | _both("worlds", explained.whatif(compared, compared.title))


def publish_comparison(out: Path, compared: Comparison) -> Path:
    """The folder of two worlds compared."""
    command = {"name": "whatif", **compared.settings}
    return publish(out, compared.base, compared.runs, compared.seed, command, comparison_files(compared))


def overview_files(seen: Overview) -> Files:
    """Everything that an overview of what-ifs leaves."""
    return table_files(seen.tables) | _both("overview", explained.overview(seen))


def publish_overview(out: Path, seen: Overview) -> Path:
    """The folder of many what-ifs compared with one base. It keeps their texts, so that it can be made again."""
    command = {"name": "whatif", **seen.settings}
    return publish(out, seen.scenario, seen.runs, seen.seed, command, overview_files(seen))


def attribution_files(found: Attribution) -> Files:
    """Everything that an attribution leaves."""
    return table_files(found.tables) | _both("attribution", explained.attribution(found))


def publish_attribution(out: Path, found: Attribution) -> Path:
    """The folder of a decision shared out among causes."""
    command = {"name": "attribute", **found.settings}
    return publish(out, found.scenario, found.runs, found.seed, command, attribution_files(found))


def tipping_files(found: Turning | Smallest | Map) -> Files:
    """Everything that the search for a tipping point leaves."""
    files = table_files(found.tables)
    if isinstance(found, Turning):
        return files | _both("tipping", explained.tipping(found))
    return files | _both("map", explained.tipping_grid(found)) if isinstance(found, Map) else files


def publish_tipping(out: Path, found: Turning | Smallest | Map) -> Path:
    """The folder of a decision turned by one lever, by each in turn, or by two together."""
    command = {"name": "tip", **found.settings}
    return publish(out, found.scenario, found.runs, found.seed, command, tipping_files(found))


def power_files(found: Power) -> Files:
    """Everything that an account of power leaves."""
    return table_files(found.tables) | _both("power", explained.power(found))


def publish_power(out: Path, found: Power) -> Path:
    """The folder of power in a body."""
    command = {"name": "power", **found.settings}
    return publish(out, found.scenario, found.runs, found.seed, command, power_files(found))


def sensitivity_files(found: Sensitivity) -> Files:
    """Everything that an analysis of sensitivity leaves."""
    return table_files(found.tables)


def publish_sensitivity(out: Path, found: Sensitivity) -> Path:
    """The folder of what the results hang on."""
    command = {"name": "sensitivity", **found.settings}
    return publish(out, found.scenario, found.runs, found.seed, command, sensitivity_files(found))


def calibration_files(fit: Fit) -> Files:
    """Everything that a calibration leaves besides its posterior."""
    return table_files(fit.tables) | _both("posterior", charts.posterior.posterior(fit.tables["parameters"]))


def publish_calibration(out: Path, fit: Fit) -> Path:
    """The folder of a calibration."""
    command = {"name": "calibrate", **fit.settings}
    return publish(out, fit.scenario, fit.runs, fit.seed, command, calibration_files(fit))


def score_files(scored: Score) -> Files:
    """Everything that the scoring of a model leaves besides its posterior."""
    return table_files(scored.tables) | scored.files


def publish_score(out: Path, scored: Score) -> Path:
    """The folder of a model scored against its record."""
    command = {"name": "score", **scored.settings}
    return publish(out, scored.scenario, scored.runs, scored.seed, command, score_files(scored))


def publish_comparison_of_models(out: Path, compared: ModelComparison) -> Path:
    """The folder of candidate models fitted to one record."""
    command = {"name": "rules", **compared.settings}
    return publish(out, compared.scenario, compared.runs, compared.seed, command, model_comparison_files(compared))


def model_comparison_files(compared: ModelComparison) -> Files:
    """Everything that a comparison of candidate models leaves."""
    return table_files(compared.tables) | compared.files


def write_pictures(out: Path, pictures: Files) -> list[Path]:
    """Writes pictures into a folder, each whole or not at all; returns where. Raises ResultsError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in pictures.items():
            unfinished = out / f".{name}.unfinished"
            unfinished.write_bytes(content)
            unfinished.replace(out / name)
    except OSError as error:
        raise ResultsError(f"cannot write to {out}: {error.strerror}") from None
    return [out / name for name in pictures]
