"""Is the fitted model any good? Each decision predicted, what is to be predicted left out, beside the baselines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas

from sim.calibration import calibration, posterior_summary, record
from sim.calibration.calibration import Effort, Fit
from sim.calibration.record import Record
from sim.ensembles import ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.evaluation import baselines
from sim.evaluation.scores import log_score
from sim.model import random_streams
from sim.model.arrays import arrays_of
from sim.scenario.posterior import Particles, PosteriorError
from sim.scenario.scenario import Scenario

#: How a model may have seen what it predicts, from the most to the least.
FITTED = "the model, fitted to these very decisions"
WITHOUT = "the model, only the decision itself left out"
BEFORE = "the model, the decision and all after it left out"
UNFITTED = "the model, fitted to nothing"
#: What a posterior's file calls predictions of what was left out.
LEFT_OUT = {"without": WITHOUT, "before": BEFORE}
#: What is left out is fitted anew for every decision, with this part of the particles and of the islands.
PART = 2
#: A difference of this many standard errors is taken as told apart.
TOLD_APART = 2.0


@dataclass(frozen=True)
class Score:
    """A debate's decisions as predicted. fit: to the whole record.

    predictions: predictor, decision, outcome, probability (of being carried), error (of Monte Carlo; 0 where a rule
    gives it), log_score and brier, nearest to 0 the best.
    """

    fit: Fit
    predictions: pandas.DataFrame

    @cached_property
    def totals(self) -> pandas.DataFrame:
        """One row a predictor: decisions, log score in total with its Monte Carlo error, mean Brier score."""
        rows = []
        for name, said in self.predictions.groupby("predictor", sort=False):
            given = np.where(said.outcome == "carried", said.probability, 1.0 - said.probability)
            error = math.sqrt(((said.error / np.maximum(given, 1e-12)) ** 2).sum())
            rows.append((name, len(said), said.log_score.sum(), error, said.brier.mean()))
        return pandas.DataFrame(rows, columns=["predictor", "decisions", "log_score", "mc_error", "brier"])

    @cached_property
    def differences(self) -> pandas.DataFrame:
        """The model less each baseline, in log score (above 0 the model is better), over the decisions.

        difference: of the totals; error: its standard error, the decisions taken as a sample, so of little weight
        where they are few; verdict in words.
        """
        rows = []
        table = self.predictions.pivot_table("log_score", "decision", "predictor", sort=False)
        for model in (BEFORE, WITHOUT, UNFITTED):
            for name in table.columns.difference([FITTED, WITHOUT, BEFORE, UNFITTED], sort=False):
                each = (table[model] - table[name]).to_numpy()
                error = each.std(ddof=1) * math.sqrt(each.size) if each.size > 1 else math.nan
                rows.append((model, name, each.sum(), error, _verdict(each.sum(), error)))
        return pandas.DataFrame(rows, columns=["predictor", "baseline", "difference", "error", "verdict"])

    @property
    def text(self) -> str:
        """What the comparison shows, in a paragraph."""
        return "\n".join(_sentences(self))

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"predictions": self.predictions, "totals": self.totals, "differences": self.differences}

    @property
    def particles(self) -> Particles:
        """The posterior, and with it what is said of each decision when it is left out."""
        rows = self.predictions[self.predictions.predictor.isin(LEFT_OUT.values())]
        words = {name: word for word, name in LEFT_OUT.items()}
        said = zip(rows.predictor, rows.decision, rows.probability, rows.error, strict=True)
        return self.fit.particles(
            more={"left_out": [[words[who], which, round(p, 4), round(error, 4)] for who, which, p, error in said]}
        )

    def _repr_html_(self) -> str:
        return str(self.totals.to_html())


def _verdict(difference: float, error: float) -> str:
    if not abs(difference) > TOLD_APART * error:
        return "not told apart"
    return "the model is better" if difference > 0 else "the baseline is better"


def _sentences(score: Score) -> Iterator[str]:
    totals = score.totals.set_index("predictor").log_score
    number = int(score.totals.decisions.iloc[0])
    decisions = "one decision" if number == 1 else f"{number} decisions"
    yield (
        f"On {decisions}, in log score: {totals[FITTED]:.2f} where the model was fitted to them, which proves "
        f"nothing; {totals[WITHOUT]:.2f} with the decision itself left out; {totals[BEFORE]:.2f} with all after it "
        f"left out too; "
        f"{totals[UNFITTED]:.2f} fitted to nothing."
    )
    strict = score.differences[score.differences.predictor == BEFORE]
    for verdict, said in (
        ("the baseline is better", "Predicting only from what came before, the model loses to"),
        ("the model is better", "Predicting only from what came before, the model does better than"),
        ("not told apart", "It cannot be told apart (two standard errors) from"),
    ):
        names = [
            f"{row.baseline} ({row.difference:+.2f} ± {row.error:.2f})"
            for row in strict.itertuples()
            if row.verdict == verdict
        ]
        if names:
            yield f"{said}: {'; '.join(names)}."
    yield f"The errors treat {decisions} as a sample: they say how little so few can show, and no more."


def left_out(particles: Particles) -> list[tuple[str, str, float, float]]:
    """What is said of each decision when it is left out: predictor, decision, probability, error.

    Empty if the posterior was never scored. Raises PosteriorError for a file that says it otherwise.
    """
    try:
        about = json.loads(particles.about or "{}")
        rows = [(LEFT_OUT[word], str(which), float(p), float(e)) for word, which, p, e in about.get("left_out", [])]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise PosteriorError("a posterior says nothing readable of what was left out: calibrate anew") from None
    return sorted(rows, key=lambda row: list(LEFT_OUT.values()).index(row[0]))


def predicted(fitted: Scenario, decisions: list[str], name: str, seed: int, workers: int | None) -> pandas.DataFrame:
    """What a fitted scenario says of some decisions, with fresh luck."""
    table, _ = posterior_summary.predictions(fitted, seed, workers)
    return table[table.decision.isin(decisions)].assign(predictor=name)


def leaving_out(data: Record, decision: str) -> dict[str, Record]:
    """The record without a decision, in the two ways."""
    return {BEFORE: data.before(decision), WITHOUT: data.without(decision)}


def learning_only(prior: Scenario, rest: Record, decision: str, seed: int, effort: Effort) -> pandas.DataFrame:
    """What a debate fitted to the rest of its record, with a part of the effort, says of a decision."""
    less = effort.less(PART)
    if not calibration.Likelihood(prior, rest, seed).coordinates:
        # Nothing has happened yet that anything could be learnt from.
        return _unfitted(prior, [decision], seed, less.particles * less.islands, effort)
    rebuild = calibration.calibrate(prior, seed, less, rest)
    table, _ = posterior_summary.predictions(rebuild.fitted, seed, effort.workers)
    return table[table.decision == decision]


def score(scenario: Scenario, seed: int = 1922, effort: Effort | None = None) -> Score:
    """Fits a debate to its record, and to what is left of it without each decision, and predicts these.

    The effort's report is told of all fits in turn. Raises CalibrationError where no decision can be compared.
    """
    effort, prior = effort or Effort(), scenario.from_prior()
    data = record.record_of(prior)
    ballots = {ballot.id: ballot for ballot in data.ballots}
    if not ballots:
        raise calibration.CalibrationError(f"{prior.name} has no decision to be fitted whose outcome is documented")
    efforts = effort.in_parts(1 + 2 * len(ballots))
    fit = calibration.calibrate(prior, seed, next(efforts), data)
    said = [predicted(fit.fitted, list(ballots), FITTED, seed, effort.workers)]
    for decision in ballots:
        for name, rest in leaving_out(data, decision).items():
            said.append(learning_only(prior, rest, decision, seed, next(efforts)).assign(predictor=name))
    said.append(_unfitted(prior, list(ballots), seed, fit.particles().size, effort).assign(predictor=UNFITTED))
    table = pandas.concat([*said, _baselines(prior, seed, fit.particles().size, effort)], ignore_index=True)
    outcomes = table.decision.map({name: ballot.outcome for name, ballot in ballots.items()})
    pairs = list(zip(table.probability, outcomes, strict=True))
    table = table.assign(
        outcome=outcomes,
        log_score=[log_score(p, outcome) for p, outcome in pairs],
        brier=[(p - (outcome == "carried")) ** 2 for p, outcome in pairs],
    )
    order = ["predictor", "decision", "outcome", "probability", "error", "log_score", "brier"]
    return Score(fit, table[order])


def _unfitted(prior: Scenario, decisions: list[str], seed: int, number: int, effort: Effort) -> pandas.DataFrame:
    """What the prior says: as many draws as the posterior has particles."""
    runs = number * random_streams.RUNS_PER_DRAW
    over = ensemble.spread(play_runs(prior, runs, seed, executor=Executor(effort.workers)))
    table = pandas.DataFrame(
        {"decision": arrays_of(prior).names.ballots, "probability": over.mean, "error": over.error}
    )
    return table[table.decision.isin(decisions)]


def _baselines(prior: Scenario, seed: int, number: int, effort: Effort) -> pandas.DataFrame:
    runs = number * random_streams.RUNS_PER_DRAW
    said = baselines.baselines(prior, runs, seed, Executor(effort.workers))
    return said.rename(columns={"baseline": "predictor"})[["predictor", "decision", "probability"]].assign(error=0.0)
