"""Is the fitted model any good? Each decision predicted by fits that have not seen it, beside the baselines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.calibration import calibration, record
from sim.calibration.calibration import Effort, Fit
from sim.calibration.likelihood import Likelihood
from sim.calibration.record import Record
from sim.ensembles import ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.ensembles.scores import log_score
from sim.evaluation import baselines, comparison
from sim.evaluation.predictors import FITTED, LABELS, LEAVE_ONE_OUT, MODELS, ONE_STEP_AHEAD, UNFITTED
from sim.model import random_streams
from sim.model.arrays import arrays_of
from sim.scenario.posterior import Particles, PosteriorError
from sim.scenario.scenario import Scenario

#: Predictors that have not seen the decision, as the file of a posterior keeps what they say.
KEPT = (LEAVE_ONE_OUT, ONE_STEP_AHEAD)
#: These are fitted anew for every decision, with this part of the particles and of the independent runs.
PART = 2


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
        """One row a predictor: label, decisions, log score in total with its Monte Carlo error, mean Brier score."""
        rows = []
        for predictor, table in self.predictions.groupby("predictor", sort=False):
            error = monte_carlo_error(table.log_score, table.error)
            rows.append(
                (predictor, LABELS[str(predictor)], len(table), table.log_score.sum(), error, table.brier.mean())
            )
        return pandas.DataFrame(rows, columns=["predictor", "label", "decisions", "log_score", "mc_error", "brier"])

    @cached_property
    def differences(self) -> pandas.DataFrame:
        """The model less each baseline: predictor, and the columns of `comparison.differences`."""
        rules = self.predictions[~self.predictions.predictor.isin(MODELS)]
        by_predictor = self.predictions.set_index("decision").groupby("predictor").log_score
        tables = [
            comparison.differences(by_predictor.get_group(model), rules).assign(predictor=model)
            for model in (ONE_STEP_AHEAD, LEAVE_ONE_OUT, UNFITTED)
        ]
        return pandas.concat(tables, ignore_index=True)[["predictor", "baseline", "difference", "error", "verdict"]]

    @property
    def text(self) -> str:
        """What the scores show, in a paragraph."""
        totals = self.totals.set_index("predictor")
        number, score = int(totals.decisions.iloc[0]), totals.log_score
        strict = self.differences[self.differences.predictor == ONE_STEP_AHEAD]
        return (
            f"Log score: {score[FITTED]:.2f} where the model was fitted to these decisions, which proves nothing; "
            f"{score[LEAVE_ONE_OUT]:.2f} leave-one-out; {score[ONE_STEP_AHEAD]:.2f} one step ahead; "
            f"{score[UNFITTED]:.2f} unfitted.\n{comparison.comparison(ONE_STEP_AHEAD, number, strict)}"
        )

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"predictions": self.predictions, "totals": self.totals, "differences": self.differences}

    @property
    def files(self) -> dict[str, bytes]:
        """What it leaves beside its tables."""
        return {"text.txt": f"{self.text}\n".encode()}

    @cached_property
    def particles(self) -> Particles:
        """The posterior, and with it what is said of each decision by fits that have not seen it."""
        table = self.predictions[self.predictions.predictor.isin(KEPT)]
        rows = zip(table.predictor, table.decision, table.probability.round(4), table.error.round(4), strict=True)
        return self.fit.particles(more={"predictions": [list(row) for row in rows]})

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario drawn from the posterior."""
        return self.fit.prior.with_posterior(self.particles)

    @property
    def runs(self) -> int:
        """The number of particles of the whole fit."""
        return self.fit.runs

    @property
    def seed(self) -> int:
        """The seed of all fits."""
        return self.fit.seed

    @property
    def settings(self) -> dict[str, int]:
        """What a manifest keeps beside scenario, runs and seed."""
        return self.fit.settings

    def _repr_html_(self) -> str:
        return str(self.totals.to_html())


def monte_carlo_error(log_scores: pandas.Series[float], errors: pandas.Series[float]) -> float:
    """The Monte Carlo error of a sum of log scores. errors: of the probabilities that they are the logarithms of."""
    return math.sqrt(((errors / np.exp(log_scores)) ** 2).sum())


def stored_predictions(particles: Particles) -> list[tuple[str, str, float, float]]:
    """What the file of a posterior keeps of fits without a decision: predictor, decision, probability, error.

    Empty if the posterior was never scored. Raises PosteriorError for a file that cannot be read so.
    """
    try:
        about = json.loads(particles.about or "{}")
        rows = [(str(who), str(which), float(p), float(error)) for who, which, p, error in about.get("predictions", [])]
        return sorted(rows, key=lambda row: KEPT.index(row[0]))
    except (ValueError, TypeError, AttributeError):
        raise PosteriorError("the predictions kept with a posterior cannot be read: `sim score` writes them") from None


def prediction_without(prior: Scenario, rest: Record, decision: str, seed: int, effort: Effort) -> pandas.DataFrame:
    """What a debate fitted to the rest of its record, with a part of the effort, says of a decision: one row."""
    less = effort.less(PART)
    if not Likelihood(prior, rest, seed).coordinates:
        # Nothing has happened yet that anything could be learnt from.
        return _unfitted(prior, [decision], seed, less.particles * less.independent_runs, effort)
    table = calibration.calibrate(prior, seed, less, rest).predictions
    return table[table.decision == decision]


def score(scenario: Scenario, seed: int = 1922, effort: Effort | None = None) -> Score:
    """Fits a debate to its record, and to what is left of it without each decision, and predicts these.

    The effort's report is told of all fits in turn. Raises CalibrationError where no decision can be compared,
    Interrupted when the user stops it.
    """
    effort, prior = effort or Effort(), scenario.from_prior()
    data = record.record_of(prior)
    decisions = [ballot.id for ballot in data.ballots]
    if not decisions:
        raise calibration.CalibrationError(f"{prior.name} has no decision to be fitted whose outcome is documented")
    efforts = effort.for_each(1 + 2 * len(decisions))
    fit = calibration.calibrate(prior, seed, next(efforts), data)
    number = fit.particles().size
    fitted = fit.predictions[fit.predictions.decision.isin(decisions)]
    tables = [
        fitted.assign(predictor=FITTED),
        *_without_each(fit, efforts),
        _unfitted(prior, decisions, seed, number, effort).assign(predictor=UNFITTED),
        _baselines(prior, seed, number, effort),
    ]
    return Score(fit, _scored(pandas.concat(tables, ignore_index=True), data))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Score:
    """The score that a manifest describes."""
    return score(scenario, seed, Effort.of_settings(settings, runs, executor))


def _without_each(fit: Fit, efforts: Iterator[Effort]) -> Iterator[pandas.DataFrame]:
    for ballot in fit.record.ballots:
        for predictor, rest in (
            (ONE_STEP_AHEAD, fit.record.before(ballot.id)),
            (LEAVE_ONE_OUT, fit.record.without(ballot.id)),
        ):
            row = prediction_without(fit.prior, rest, ballot.id, fit.seed, next(efforts))
            yield row.assign(predictor=predictor)


def _scored(table: pandas.DataFrame, data: Record) -> pandas.DataFrame:
    """Predictions with what came of each decision, and how well it was predicted."""
    outcomes = table.decision.map({ballot.id: ballot.outcome for ballot in data.ballots})
    log_scores = [log_score(p, outcome) for p, outcome in zip(table.probability, outcomes, strict=True)]
    brier = (table.probability - (outcomes == "carried")) ** 2
    table = table.assign(outcome=outcomes, log_score=log_scores, brier=brier)
    return table[["predictor", "decision", "outcome", "probability", "error", "log_score", "brier"]]


def _unfitted(prior: Scenario, decisions: Sequence[str], seed: int, number: int, effort: Effort) -> pandas.DataFrame:
    """What the prior says, with as many draws as the posterior has particles: decision, probability, error."""
    runs = number * random_streams.RUNS_PER_DRAW
    over = ensemble.spread(play_runs(prior, runs, seed, executor=Executor(effort.workers)))
    table = pandas.DataFrame(
        {"decision": arrays_of(prior).names.ballots, "probability": over.mean, "error": over.error}
    )
    return table[table.decision.isin(decisions)]


def _baselines(prior: Scenario, seed: int, number: int, effort: Effort) -> pandas.DataFrame:
    table = baselines.baselines(prior, number * random_streams.RUNS_PER_DRAW, seed, Executor(effort.workers))
    return table[["predictor", "decision", "probability"]].assign(error=0.0)
