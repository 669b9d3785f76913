"""Commands that learn from the record: calibrate, score, rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands import options, terminal

if TYPE_CHECKING:
    import pandas
    from rich.table import Table

    from sim.calibration.calibration import Fit
    from sim.evaluation.model_comparison import Choice
    from sim.evaluation.scoring import Score

Particles = Annotated[
    int, typer.Option(help="Particles of each island: more are slower and more exact.", min=64, max=1_000_000)
]
Islands = Annotated[int, typer.Option(help="Independent runs, by whose spread errors are told.", min=1, max=64)]

#: First stances of which less was learnt are counted, not shown.
WORTH_A_LINE = 0.25


def _learnt(table: pandas.DataFrame) -> Table:
    shown = terminal.table(
        "What was learnt (mean, and from 5 % to 95 %)",
        *(("", "left"), ("name", "left"), ("assumed", "right"), ("", "right"), ("learnt", "right"), ("", "right")),
        ("bits", "right"),
    )
    for row in terminal.rows(table):
        if row.kind == "parameter" or row.bits >= WORTH_A_LINE:
            ranges = (f"{row.prior_q05:.2f} to {row.prior_q95:.2f}", f"{row.q05:.2f} to {row.q95:.2f}")
            means = (f"{row.prior_mean:.2f}", f"{row.mean:.2f}")
            shown.add_row(row.kind, row.name, means[0], ranges[0], means[1], ranges[1], f"{row.bits:.2f}")
    return shown


def _fit(fit: Fit) -> str:
    runs = fit.runs
    return (
        f"Log evidence {fit.log_evidence:.2f} ± {fit.error:.2f} ({len(runs)} islands of {runs.particles[0]} particles; "
        f"{runs.temperatures.max()} temperatures, acceptance {runs.acceptance.mean():.2f}, effective size never below "
        f"{runs.least_ess.min():.0f}, {runs.distinct.sum()} of {runs.particles.sum()} particles differ; "
        f"disagreement of the islands at most {fit.agreement.max():.3f}, 1 being none)."
    )


def _predictions(table: pandas.DataFrame, fitted: set[str]) -> Table:
    shown = terminal.table(
        "What the fitted model says, with fresh luck", ("decision", "left"), ("P(carried)", "right"), ("", "left")
    )
    for row in terminal.rows(table):
        seen = "fitted to it" if row.decision in fitted else "predicted"
        shown.add_row(row.decision, f"{terminal.percent(row.probability)} ± {100 * row.error:.1f}", seen)
    return shown


def calibrate(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 1024,
    islands: Islands = 4,
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
    from sim.calibration import arviz_export as for_arviz
    from sim.calibration import calibration, posterior_summary
    from sim.commands import outputs
    from sim.results.folder import check_place
    from sim.results.manifest import POSTERIOR

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(calibration.ALL_DONE, "fitting", "thousandths") as report:
        fit = calibration.calibrate(debate, seed, calibration.Effort(particles, islands, workers, report))
    terminal.show(_learnt(posterior_summary.Learnt(fit).table))
    predicted, _ = posterior_summary.predictions(fit.fitted, seed, workers)
    terminal.show(_predictions(predicted, {ballot.id for ballot in fit.record.ballots}), _fit(fit))
    if inference_data is not None:
        for_arviz.save(fit, inference_data)
        terminal.show(f"For ArviZ: {inference_data}")
    folder = outputs.publish_calibration(out, fit)
    terminal.show(f"Posterior, tables, figure and manifest: {folder}")
    terminal.show(f"To play from it: sim replay {scenario} --posterior {folder / POSTERIOR}")


def _scores(scored: Score) -> Table:
    shown = terminal.table(
        "Who predicts the decisions how well (nearer to 0 is better)",
        *(("who predicts", "left"), ("log score", "right"), ("± (luck)", "right"), ("Brier", "right")),
    )
    for row in terminal.rows(scored.totals):
        shown.add_row(row.predictor, f"{row.log_score:.2f}", f"{row.mc_error:.2f}", f"{row.brier:.3f}")
    return shown


def _by_decision(scored: Score) -> Table:
    from sim.evaluation.scoring import BEFORE, FITTED, UNFITTED, WITHOUT

    columns = {FITTED: "fitted to it", WITHOUT: "it left out", BEFORE: "all from it on left out", UNFITTED: "unfitted"}
    shown = terminal.table(
        "P(carried) of each decision, by how much of the record the model has seen",
        *(("decision", "left"), ("documented", "left")),
        *((name, "right") for name in columns.values()),
    )
    said = {(row.predictor, row.decision): row for row in terminal.rows(scored.predictions)}
    for ballot in scored.fit.record.ballots:
        cells = [
            f"{100 * said[who, ballot.id].probability:.1f} ± {100 * said[who, ballot.id].error:.1f} %"
            for who in columns
        ]
        shown.add_row(ballot.id, str(ballot.outcome), *cells)
    return shown


def score(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 1024,
    islands: Islands = 4,
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
    from sim.calibration import calibration
    from sim.commands import outputs
    from sim.evaluation import scoring
    from sim.results.folder import check_place
    from sim.scenario import posterior

    check_place(out)
    if save is not None:
        check_place(save.parent)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(calibration.ALL_DONE, "fitting", "thousandths") as report:
        scored = scoring.score(debate, seed, calibration.Effort(particles, islands, workers, report))
    terminal.show(_by_decision(scored), _scores(scored), scored.text, _fit(scored.fit))
    folder = outputs.publish_score(out, scored)
    if save is not None:
        outputs.write_pictures(save.parent, {save.name: posterior.written(scored.particles)})
        terminal.show(f"Posterior: {save}")
    terminal.show(f"Tables, posterior and manifest: {folder}")


def _rivals(choice: Choice) -> Table:
    shown = terminal.table(
        "Rival models of the same record (log scale; differences to the scenario's own)",
        *(("", "left"), ("", "left"), ("log evidence", "right"), ("difference", "right")),
        *(("left-out log score", "right"), ("moves most", "left")),
    )
    most = choice.moves.groupby("name").first()
    for row in terminal.rows(choice.table):
        difference = (
            "own" if row.is_own else "other data" if row.difference != row.difference else f"{row.difference:+.2f}"
        )
        shown.add_row(
            row.kind,
            row.name,
            f"{row.log_evidence:.2f} ± {row.error:.2f}",
            difference,
            f"{row.left_out_score:.2f} ± {row.left_out_error:.2f}",
            _moved(most.loc[row.name]) if row.name in most.index else "",
        )
    return shown


def _moved(move: Any) -> str:
    """The decision of which a rival says most differently, in per cent before and after; nothing if by chance alone."""
    if abs(move.difference) <= 2 * move.error:
        return "nothing"
    return f"{move.decision} {100 * move.own:.0f} → {100 * move.probability:.0f} (± {100 * move.error:.0f}) %"


def rules(
    scenario: options.Debate = options.DEFAULT,
    particles: Particles = 512,
    islands: Islands = 3,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
) -> None:
    """Fit every rule of persuasion, and every side of the contested points, to the same record, and compare.

    It takes some hundred fits: half an hour on two cores. Example: `sim rules monopoly-1922 --evidence documented`
    """
    from sim.calibration import calibration
    from sim.commands import outputs
    from sim.evaluation import model_comparison
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior=True)
    with terminal.progress(calibration.ALL_DONE, "fitting", "thousandths") as report:
        choice = model_comparison.choose(debate, seed, calibration.Effort(particles, islands, workers, report))
    terminal.show(_rivals(choice), choice.text)
    for why in choice.no_parameters:
        terminal.show(f"Not compared: {why}")
    folder = outputs.publish_choice(out, debate, choice)
    terminal.show(f"Tables and manifest: {folder}")
