"""Commands that learn from the record: calibrate, score, rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands import options, terminal

if TYPE_CHECKING:
    import pandas
    from rich.table import Table

    from sim.calibration.calibration import Effort, Fit
    from sim.evaluation.model_comparison import ModelComparison
    from sim.evaluation.scoring import Score
    from sim.scenario.scenario import Scenario

Particles = Annotated[
    int, typer.Option(help="Particles of each independent run: more are slower and more exact.", min=64, max=1_000_000)
]
IndependentRuns = Annotated[
    int, typer.Option(help="Independent runs of the sampler, by whose spread errors are estimated.", min=1, max=64)
]

#: First stances of which less was learnt are counted, not shown.
WORTH_A_LINE = 0.25


def _parameters(table: pandas.DataFrame) -> Table:
    shown = terminal.table(
        "Prior and posterior (mean, and from 5 % to 95 %)",
        *(("", "left"), ("name", "left"), ("prior", "right"), ("", "right"), ("posterior", "right"), ("", "right")),
        ("information gain (bits)", "right"),
    )
    for row in terminal.rows(table):
        if row.kind == "parameter" or row.information_gain >= WORTH_A_LINE:
            ranges = (f"{row.prior_q05:.2f} to {row.prior_q95:.2f}", f"{row.q05:.2f} to {row.q95:.2f}")
            means = (f"{row.prior_mean:.2f}", f"{row.mean:.2f}")
            shown.add_row(row.kind, row.name, means[0], ranges[0], means[1], ranges[1], f"{row.information_gain:.2f}")
    return shown


def _fit(fit: Fit) -> str:
    runs = fit.independent_runs
    return (
        f"Log evidence {fit.log_evidence:.2f} ± {fit.error:.2f} ({len(runs)} runs of {runs.particles[0]} particles; "
        f"{runs.temperatures.max()} temperatures, acceptance {runs.acceptance.mean():.2f}, effective size never below "
        f"{runs.least_ess.min():.0f}, {runs.distinct.sum()} of {runs.particles.sum()} particles differ; "
        f"disagreement of the runs at most {fit.agreement.max():.3f}, 1 being none)."
    )


def _predictions(table: pandas.DataFrame, fitted: set[str]) -> Table:
    shown = terminal.table(
        "What the fitted model says, with fresh random numbers",
        ("decision", "left"),
        ("P(carried)", "right"),
        ("", "left"),
    )
    for row in terminal.rows(table):
        seen = "fitted to it" if row.decision in fitted else "predicted"
        shown.add_row(row.decision, f"{terminal.percent(row.probability)} ± {100 * row.error:.1f}", seen)
    return shown


def _effort(
    out: Path,
    command: str,
    debate: Scenario,
    seed: int,
    particles: int,
    independent_runs: int,
    workers: int | None,
    report: Callable[[float], None],
) -> Effort:
    """The work to put in; what an interrupted call has finished is kept in a folder for the same request."""
    from sim.calibration.calibration import Effort
    from sim.results.manifest import folder_name

    effort = Effort(particles, independent_runs, workers, report)
    request = folder_name(debate, particles, seed, {"name": command, **effort.settings})
    return replace(effort, unfinished=out / options.UNFINISHED / request)


def calibrate(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 1024,
    independent_runs: IndependentRuns = 4,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    inference_data: Annotated[
        Path | None,
        typer.Option(help="Write all particles for ArviZ, too, as NetCDF.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Infer parameters and first stances from what the record says, and save the posterior.

    Example: `sim calibrate monopoly-1922 --evidence documented`
    """
    from sim.calibration import arviz_export, calibration
    from sim.commands import outputs
    from sim.results.folder import check_place
    from sim.results.manifest import POSTERIOR

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(100, "fitting", "per cent") as report:
        effort = _effort(out, "calibrate", debate, seed, particles, independent_runs, workers, report)
        fit = calibration.calibrate(debate, seed, effort)
    terminal.show(_parameters(fit.summary.table))
    terminal.show(_predictions(fit.predictions, {ballot.id for ballot in fit.record.ballots}), _fit(fit))
    if inference_data is not None:
        arviz_export.save(fit, inference_data)
        terminal.show(f"For ArviZ: {inference_data}")
    folder = outputs.publish_calibration(out, fit)
    effort.delete()
    terminal.show(f"Posterior, tables, figure and manifest: {folder}")
    terminal.show(f"To play from it: sim replay {scenario} --posterior {folder / POSTERIOR}")


def _scores(scored: Score) -> Table:
    shown = terminal.table(
        "Who predicts the decisions how well (nearer to 0 is better)",
        *(("who predicts", "left"), ("log score", "right"), ("± (Monte Carlo)", "right"), ("Brier", "right")),
    )
    for row in terminal.rows(scored.totals):
        shown.add_row(row.label, f"{row.log_score:.2f}", f"{row.mc_error:.2f}", f"{row.brier:.3f}")
    return shown


def _by_decision(scored: Score) -> Table:
    from sim.evaluation.predictors import MODELS

    shown = terminal.table(
        "P(carried) of each decision, by how much of the record the model was fitted to",
        *(("decision", "left"), ("documented", "left")),
        *((name.replace("-", " "), "right") for name in MODELS),
    )
    said = {(row.predictor, row.decision): row for row in terminal.rows(scored.predictions)}
    for ballot in scored.fit.record.ballots:
        cells = [
            f"{100 * said[who, ballot.id].probability:.1f} ± {100 * said[who, ballot.id].error:.1f} %" for who in MODELS
        ]
        shown.add_row(ballot.id, str(ballot.outcome), *cells)
    return shown


def score(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 1024,
    independent_runs: IndependentRuns = 4,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the posterior to this file as well.", metavar="FILE", show_default=False)
    ] = None,
) -> None:
    """Fit the model, and predict each decision with what is to be predicted left out, beside the baselines.

    Example: `sim score monopoly-1922 --reading deferral-body=politburo`
    """
    from sim.commands import outputs
    from sim.evaluation import scoring
    from sim.results.folder import check_place
    from sim.scenario import posterior

    check_place(out)
    if save is not None:
        check_place(save.parent)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(100, "fitting", "per cent") as report:
        effort = _effort(out, "score", debate, seed, particles, independent_runs, workers, report)
        scored = scoring.score(debate, seed, effort)
    terminal.show(_by_decision(scored), _scores(scored), scored.text, _fit(scored.fit))
    folder = outputs.publish_score(out, scored)
    effort.delete()
    if save is not None:
        outputs.write_pictures(save.parent, {save.name: posterior.written(scored.particles)})
        terminal.show(f"Posterior: {save}")
    terminal.show(f"Tables, posterior and manifest: {folder}")


def _candidates(compared: ModelComparison) -> Table:
    shown = terminal.table(
        "Candidate models of the same record (log scale; differences to the scenario's own)",
        *(("", "left"), ("", "left"), ("log evidence", "right"), ("difference", "right")),
        *(("leave-one-out log score", "right"), ("moves most", "left")),
    )
    most = compared.moves.groupby("name").first()
    for row in terminal.rows(compared.table):
        difference = (
            "own" if row.is_own else "other data" if row.difference != row.difference else f"{row.difference:+.2f}"
        )
        shown.add_row(
            row.kind,
            row.name,
            f"{row.log_evidence:.2f} ± {row.error:.2f}",
            difference,
            f"{row.leave_one_out_score:.2f} ± {row.leave_one_out_error:.2f}",
            _moved(most.loc[row.name]) if row.name in most.index else "",
        )
    return shown


def _moved(move: Any) -> str:
    """The decision whose probability differs most, in per cent before and after; nothing if by chance alone."""
    if abs(move.difference) <= 2 * move.error:
        return "nothing"
    return f"{move.decision} {100 * move.own:.0f} → {100 * move.probability:.0f} (± {100 * move.error:.0f}) %"


def rules(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 512,
    independent_runs: IndependentRuns = 3,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
) -> None:
    """Fit every rule of persuasion, and every side of the contested points, to the same record, and compare.

    It takes some hundred fits: half an hour on two cores. Example: `sim rules monopoly-1922 --evidence documented`
    """
    from sim.commands import outputs
    from sim.evaluation import model_comparison
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(100, "fitting", "per cent") as report:
        effort = _effort(out, "rules", debate, seed, particles, independent_runs, workers, report)
        compared = model_comparison.compare(debate, seed, effort)
    terminal.show(_candidates(compared), compared.text)
    for why in compared.not_compared:
        terminal.show(f"Not compared: {why}")
    folder = outputs.publish_comparison_of_models(out, compared)
    effort.delete()
    terminal.show(f"Tables and manifest: {folder}")
