"""Commands that learn from the record: calibrate, score, compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, text
from sim.results.wording import percent

Particles = Annotated[
    int, typer.Option(help="Particles of each independent run: more are slower and more exact.", min=64, max=1_000_000)
]
IndependentRuns = Annotated[
    int, typer.Option(help="Independent runs of the sampler, by whose spread errors are estimated.", min=1, max=64)
]
#: First stances of which less was learnt are counted, not shown.
WORTH_A_LINE = 0.25


@dataclass(frozen=True)
class Fitting(options.Work):
    """How a debate is fitted, and where the results go."""

    particles: Particles = 1024
    independent_runs: IndependentRuns = 4

    @contextmanager
    def effort(self, command: str, debate: sim.Scenario) -> Iterator[sim.Effort]:
        """The work to put in, with a progress bar. The same command goes on from what an earlier one kept."""
        from sim.calibration.calibration import PERCENT
        from sim.results.manifest import request_digest

        with self.progress(PERCENT, "fitting", "per cent") as report:
            effort = sim.Effort(self.particles, self.independent_runs, self.workers, report)
            request = request_digest(debate.digest, self.particles, self.seed, {"name": command, **effort.settings})
            yield replace(effort, unfinished=self.unfinished / request)


def calibrate(
    fitting: Fitting,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    inference_data: Annotated[
        Path | None,
        typer.Option(help="Write all particles for ArviZ, too, as NetCDF.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Infer parameters and first stances from what the record says, and save the posterior.

    Example: `sim calibrate monopoly-1922 --evidence documented`
    """
    from sim.calibration import arviz_export
    from sim.results.manifest import POSTERIOR

    debate = readings.load(scenario)
    with fitting.effort("calibrate", debate) as effort:
        fit = sim.calibrate(debate, fitting.seed, effort)
    terminal.show(_parameters(fit), _predictions(fit), _fit(fit))
    if inference_data is not None:
        arviz_export.save(fit, inference_data)
        terminal.show(f"For ArviZ: {inference_data}")
    folder = fitting.publish("calibrate", fit, effort, "Posterior, tables, figure and manifest")
    terminal.show(f"To play from it: sim replay {scenario} --posterior {folder / POSTERIOR}")


def score(
    fitting: Fitting,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    save: Annotated[
        Path | None, typer.Option(help="Write the posterior to this file as well.", metavar="FILE", show_default=False)
    ] = None,
) -> None:
    """Fit the model, and predict each decision with what is to be predicted left out, beside the baselines.

    Example: `sim score monopoly-1922 --reading deferral-body=politburo`
    """
    from sim.results.folder import check_place, write_files
    from sim.scenario import posterior

    if save is not None:
        check_place(save.parent)
    debate = readings.load(scenario)
    with fitting.effort("score", debate) as effort:
        result = sim.score(debate, fitting.seed, effort)
    terminal.show(_by_decision(result), _totals(result), result.text, _fit(result.fit))
    fitting.publish("score", result, effort, "Tables, posterior and manifest")
    if save is not None:
        write_files(save.parent, {save.name: posterior.netcdf(result.particles)})
        terminal.show(f"Posterior: {save}")


@dataclass(frozen=True)
class FittingMany(Fitting):
    """The same for many fits, each with less work."""

    particles: Particles = 512
    independent_runs: IndependentRuns = 3


def compare(fitting: FittingMany, readings: options.Readings, scenario: options.Debate = options.DEFAULT) -> None:
    """Fit every rule of persuasion, and every option of the contested points, to the same record, and compare.

    It takes some hundred fits: half an hour on two cores. Example: `sim compare monopoly-1922 --evidence documented`
    """
    debate = readings.load(scenario)
    with fitting.effort("compare", debate) as effort:
        result = sim.compare(debate, fitting.seed, effort)
    terminal.show(_candidates(result), result.text)
    for why in result.not_compared:
        terminal.show(f"Not compared: {why}")
    fitting.publish("compare", result, effort, "Tables and manifest")


def _parameters(fit: sim.Fit) -> terminal.Table:
    every = fit.summary.table
    return terminal.table(
        "Prior and posterior (mean, and from 5 % to 95 %)",
        every[(every.kind == "parameter") | (every.information_gain >= WORTH_A_LINE)],
        text("", "kind"),
        text("name"),
        number("prior", lambda row: f"{row.prior_mean:.2f}"),
        number("", lambda row: f"{row.prior_q05:.2f} to {row.prior_q95:.2f}"),
        number("posterior", lambda row: f"{row.mean:.2f}"),
        number("", lambda row: f"{row.q05:.2f} to {row.q95:.2f}"),
        number("information gain (bits)", lambda row: f"{row.information_gain:.2f}"),
    )


def _predictions(fit: sim.Fit) -> terminal.Table:
    fitted = {ballot.id for ballot in fit.record.ballots}
    return terminal.table(
        "What the fitted model says, with fresh random numbers",
        fit.predictions,
        text("decision"),
        number("P(carried)", lambda row: f"{percent(row.probability)} ± {100 * row.error:.1f}"),
        text("", lambda row: "fitted to it" if row.decision in fitted else "predicted"),
    )


def _fit(fit: sim.Fit) -> str:
    runs = fit.independent_runs
    return (
        f"Log evidence {fit.log_evidence:.2f} ± {fit.error:.2f} ({len(runs)} runs of {runs.particles[0]} particles; "
        f"{runs.temperatures.max()} temperatures, acceptance {runs.acceptance.mean():.2f}, effective size never below "
        f"{runs.least_ess.min():.0f}, {runs.distinct.sum()} of {runs.particles.sum()} particles differ; "
        f"disagreement of the runs at most {fit.agreement.max():.3f}, 1 being none)."
    )


def _totals(result: sim.Score) -> terminal.Table:
    return terminal.table(
        "Who predicts the decisions how well (nearer to 0 is better)",
        result.totals,
        text("who predicts", "label"),
        number("log score", lambda row: f"{row.log_score:.2f}"),
        number("± (Monte Carlo)", lambda row: f"{row.mc_error:.2f}"),
        number("Brier", lambda row: f"{row.brier:.3f}"),
    )


def _by_decision(result: sim.Score) -> terminal.Table:
    from sim.evaluation.predictors import MODELS

    rows = {(row.predictor, row.decision): row for row in terminal.records(result.predictions)}

    def cell(predictor: str, row: Any) -> str:
        one = rows[predictor, row.decision]
        return f"{100 * one.probability:.1f} ± {100 * one.error:.1f} %"

    return terminal.table(
        "P(carried) of each decision, by how much of the record the model was fitted to",
        result.predictions.drop_duplicates("decision"),
        text("decision"),
        text("documented", "outcome"),
        *(number(name.replace("-", " "), partial(cell, name)) for name in MODELS),
    )


def _candidates(result: sim.ModelComparison) -> terminal.Table:
    most = {row.name: row for row in reversed(terminal.records(result.moves))}
    return terminal.table(
        "Candidate models of the same record (log scale; differences to the scenario's own)",
        result.table,
        text("", "kind"),
        text("", "name"),
        number("log evidence", lambda row: f"{row.log_evidence:.2f} ± {row.error:.2f}"),
        number("difference", _difference),
        number("leave-one-out log score", lambda row: f"{row.leave_one_out_score:.2f} ± {row.leave_one_out_error:.2f}"),
        text("moves most", lambda row: _moved(most[row.name]) if row.name in most else ""),
    )


def _difference(row: Any) -> str:
    if row.is_own:
        return "own"
    return "other data" if row.difference != row.difference else f"{row.difference:+.2f}"


def _moved(move: Any) -> str:
    """The decision whose probability differs most, in per cent before and after; nothing if by chance alone."""
    if abs(move.difference) <= 2 * move.error:
        return "nothing"
    return f"{move.decision} {100 * move.own:.0f} → {100 * move.probability:.0f} (± {100 * move.error:.0f}) %"
