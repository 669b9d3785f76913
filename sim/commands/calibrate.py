"""Commands that learn from the record: calibrate, score, compare."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, prose, text
from sim.errors import UserError
from sim.results.wording import counted, percent, significant

if TYPE_CHECKING:
    import pandas

    from sim.evaluation.joint_comparison import JointComparison
    from sim.scenario.posterior import Particles

#: First stances of which less was learnt are counted, not shown.
WORTH_A_LINE = 0.25


def calibrate(
    fitting: options.Fitting,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    inference_data: Annotated[
        Path | None,
        typer.Option(help="Write all particles for ArviZ, too, as NetCDF.", metavar="FILE", show_default=False),
    ] = None,
) -> None:
    """Infer parameters and first stances from what the record says, and leave the posterior beside your file.

    Example: `sim calibrate monopoly-1922 --evidence documented`
    """
    from sim.results.folder import check_place

    if inference_data is not None:
        check_place(inference_data.parent)
        if importlib.util.find_spec("h5netcdf") is None:
            raise UserError("--inference-data needs h5netcdf: pip install 'policy-debate-sim[calibrate]'")
    debate = readings.load(scenario)
    with fitting.effort("calibrate", debate) as effort:
        fit = sim.calibrate(debate, fitting.seed, effort)
    if inference_data is not None:
        from sim.calibration import arviz_export

        arviz_export.save(fit, inference_data)
    remarks = [_fit(fit), _kept(fit.particles(), debate, scenario, fitting)]
    remarks += [f"For ArviZ: {inference_data}"] if inference_data is not None else []
    answer = terminal.Answer(tables=(_predictions(fit), _parameters(fit)), remarks=tuple(remarks))
    fitting.publish("calibrate", fit, answer, effort)


def score(
    fitting: options.Fitting,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
) -> None:
    """Fit the model, and predict each decision and named vote without what is to be predicted, beside the baselines.

    Example: `sim score monopoly-1922 --reading deferral-body=politburo`
    """
    debate = readings.load(scenario)
    with fitting.effort("score", debate) as effort:
        result = sim.score(debate, fitting.seed, effort)
    remarks = (result.text, _fit(result.fit), _kept(result.particles, debate, scenario, fitting))
    votes = _named_votes(result) if len(result.named_votes) else []
    answer = terminal.Answer(tables=(_by_decision(result), _totals(result), *votes), remarks=remarks)
    fitting.publish("score", result, answer, effort)


def _kept(particles: Particles, debate: sim.Scenario, scenario: str, fitting: options.Fitting) -> str:
    """Leaves a posterior beside the file of a debate of one's own, and says how to play from it."""
    from sim.results import posteriors
    from sim.results.folder import write_files
    from sim.scenario import posterior
    from sim.scenario.scenario import posterior_place

    kept = fitting.out / posteriors.KEPT / f"{particles.digest}.nc"
    if scenario in sim.shipped():
        return f"To play from it: sim replay {scenario} --posterior {kept}"
    place = posterior_place(debate, Path(scenario))
    try:
        write_files(place.parent, {place.name: posterior.netcdf(particles)})
    except UserError as error:
        return f"{error}; to play from the posterior: sim replay {scenario} --posterior {kept}"
    return f"The posterior is beside the debate, which is played from it from now on (--prior is without it): {place}"


@dataclass(frozen=True)
class FittingMany(options.Fitting):
    """The same for many fits, each with less work."""

    particles: options.Particles = 512
    independent_runs: options.IndependentRuns = 3


def compare(
    fitting: FittingMany,
    readings: options.Readings,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO",
            help=f"Shipped names or YAML files; {options.DEFAULT} if none is named.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Fit every rule of persuasion, option of a contested point and model without a part to one record, and compare.

    It takes some two hundred fits: an hour on two cores. Of several debates, the rules and parts that all of them have
    are fitted to each record, and added up. Example: `sim compare monopoly-1922 --evidence documented`
    """
    debates = [readings.load(scenario) for scenario in scenarios or [options.DEFAULT]]
    with fitting.effort("compare", debates[0]) as effort:
        result: sim.ModelComparison | JointComparison
        if len(debates) == 1:
            result = sim.compare(debates[0], fitting.seed, effort)
            tables = [_candidates("Candidate models of the same record", result.table, result.moves)]
        else:
            from sim.evaluation.joint_comparison import compare_debates

            result = compare_debates(debates, fitting.seed, effort)
            tables = [_candidates("Candidate models of all records, added up", result.table)]
            tables += [_candidates(f"Of {one.scenario.name} alone", one.table, one.moves) for one in result.each]
    remarks = (result.text, *(f"Not compared: {why}" for why in result.not_compared))
    fitting.publish("compare", result, terminal.Answer(tables=tuple(tables), remarks=remarks), effort)


def _parameters(fit: sim.Fit) -> terminal.Table:
    every = fit.summary.table
    return terminal.table(
        "Prior and posterior (mean, and from 5 % to 95 %)",
        every[(every.kind == "parameter") | (every.information_gain >= WORTH_A_LINE)],
        text("kind", gives_way=5),
        text("name"),
        number("prior", lambda row: significant(row.prior_mean), gives_way=1),
        number("prior range", lambda row: f"{significant(row.prior_q05)} to {significant(row.prior_q95)}", gives_way=3),
        number("posterior", lambda row: significant(row.mean)),
        number("posterior range", lambda row: f"{significant(row.q05)} to {significant(row.q95)}", gives_way=2),
        number("gain (bits)", lambda row: f"{row.information_gain:.2f}", gives_way=4),
    )


def _predictions(fit: sim.Fit) -> terminal.Table:
    fitted = {ballot.id for ballot in fit.record.ballots}
    return terminal.table(
        "What the fitted model says, with fresh random numbers",
        fit.predictions,
        text("decision"),
        number("P(carried)", lambda row: f"{percent(row.probability)} ± {100 * row.error:.1f}"),
        text("how", lambda row: "fitted to it" if row.decision in fitted else "predicted"),
    )


def _fit(fit: sim.Fit) -> str:
    runs = fit.independent_runs
    is_rare = (fit.tempering_schedule.temperature == 0.0).any()
    rare = " The record is rare: fewer than one point of the prior in 16 allows all of it." if is_rare else ""
    return (
        f"Log evidence {fit.log_evidence:.2f} ± {fit.error:.2f} ({len(runs)} runs of {runs.particles[0]} particles; "
        f"{runs.temperatures.max()} temperatures, acceptance {runs.acceptance.mean():.2f}, effective size never below "
        f"{runs.least_ess.min():.0f}, {runs.distinct.sum()} of {runs.particles.sum()} particles differ; "
        f"disagreement of the runs at most {fit.agreement.max():.3f}, 1 being none).{rare}"
    )


def _totals(result: sim.Score) -> terminal.Table:
    return terminal.table(
        "Who predicts the decisions how well (nearer to 0 is better)",
        result.totals,
        prose("who predicts", "label"),
        number("log score", lambda row: f"{row.log_score:.2f}"),
        number("± (Monte Carlo)", lambda row: f"{row.mc_error:.2f}", gives_way=1),
        number("Brier", lambda row: f"{row.brier:.3f}", gives_way=2),
    )


def _named_votes(result: sim.Score) -> list[terminal.Table]:
    """How well named votes are predicted, and apart from them those that are only conjectured."""
    from sim.evaluation.predictors import LEAVE_ONE_OUT, ONE_STEP_AHEAD

    rows = {(one.training_data, one.is_compared, one.predictor): one for one in terminal.records(result.vote_totals)}

    def columns(training_data: str) -> tuple[terminal.Column, ...]:
        def asked(row: Any) -> Any:
            return rows[training_data, row.is_compared, row.predictor]

        name = training_data.replace("-", " ")
        return (
            number(name, lambda row: f"{asked(row).log_score:.2f}"),
            number("right", lambda row: percent(asked(row).right), gives_way=2),
            number("the model's is more by", lambda row: _more(asked(row)), gives_way=1),
        )

    return [
        terminal.table(
            f"Log score of a {'named' if is_compared else 'conjectured'} vote without its roll call, on average "
            f"({part.votes.iloc[0]} votes in {counted(int(part.decisions.iloc[0]), 'roll call')})",
            part.drop_duplicates("predictor"),
            prose("who predicts", "label"),
            *columns(ONE_STEP_AHEAD),
            *columns(LEAVE_ONE_OUT),
        )
        for is_compared, part in result.vote_totals.groupby("is_compared", sort=False)
    ]


def _more(row: Any) -> str:
    """By how much the model's score is nearer to 0, and the error of that; nothing of the model itself."""
    if row.difference != row.difference:
        return ""
    return f"{row.difference:+.2f}" + ("" if row.error != row.error else f" ± {row.error:.2f}")


def _by_decision(result: sim.Score) -> terminal.Table:
    from sim.evaluation.predictors import FITTED, MODELS, UNFITTED

    last_to_be_read = {FITTED: 3, UNFITTED: 2}

    rows = {(row.predictor, row.decision): row for row in terminal.records(result.predictions)}

    def cell(predictor: str, row: Any) -> str:
        one = rows[predictor, row.decision]
        digits = 0 if one.error > 0.005 else 1
        return f"{100 * one.probability:.{digits}f} ± {100 * one.error:.{digits}f} %"

    return terminal.table(
        "P(carried) of each decision, by how much of the record the model was fitted to",
        result.predictions.drop_duplicates("decision"),
        text("decision"),
        text("documented", "outcome", gives_way=1),
        *(
            number(name.replace("-", " "), partial(cell, name), gives_way=last_to_be_read.get(name, 0))
            for name in MODELS
        ),
    )


def _candidates(title: str, table: pandas.DataFrame, moves: pandas.DataFrame | None = None) -> terminal.Table:
    """Candidate models, and, where moves are told, what each moves most."""
    most = {row.name: row for row in reversed(terminal.records(moves))} if moves is not None else {}
    moved = prose("moves most", lambda row: _moved(most[row.name]) if row.name in most else "", gives_way=2)
    return terminal.table(
        f"{title} (log scale; differences to the scenario's own)",
        table,
        text("kind", gives_way=3),
        text("name"),
        number("log evidence", lambda row: f"{row.log_evidence:.2f} ± {row.error:.2f}", gives_way=1),
        number("difference", _difference),
        number("leave-one-out log score", lambda row: f"{row.leave_one_out_score:.2f} ± {row.leave_one_out_error:.2f}"),
        number("one step ahead", lambda row: f"{row.one_step_ahead_score:.2f} ± {row.one_step_ahead_error:.2f}"),
        *([] if moves is None else [moved]),
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
