"""Is the fitted model any good? Each decision predicted by fits that have not seen it, beside the baselines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas

from sim.calibration import calibration, predictions, record
from sim.calibration.calibration import Effort, Fit, Wanted
from sim.calibration.likelihood import Likelihood
from sim.ensembles import ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.ensembles.scores import log_score
from sim.evaluation import baselines, comparison, named_votes
from sim.evaluation.predictors import FITTED, LABELS, LEAVE_ONE_OUT, ONE_STEP_AHEAD, UNFITTED
from sim.model import random_streams
from sim.model.array_types import Floats
from sim.model.arrays import arrays_of
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.posterior import Particles, PosteriorError
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from sim.scenario.shown import ShownResult

#: Predictors that have not seen the decision, as the file of a posterior keeps what they say.
KEPT = (LEAVE_ONE_OUT, ONE_STEP_AHEAD)
#: These are fitted anew for every decision, with this part of the particles and of the independent runs.
PART = 2


class OfFit(ShownResult):
    """What a result has from the fit to the whole record that it rests on, and its text as a file."""

    fit: Fit
    counts = "particle", "particles"

    @property
    def runs(self) -> int:
        """The number of particles of the fit."""
        return self.fit.runs

    @property
    def seed(self) -> int:
        """The seed of all fits."""
        return self.fit.seed

    @property
    def settings(self) -> dict[str, int]:
        """What a manifest keeps beside scenario, runs and seed."""
        return self.fit.settings

    @property
    def text(self) -> str:
        """What the result shows, in sentences."""
        raise NotImplementedError

    @property
    def files(self) -> dict[str, bytes]:
        """What it leaves beside its tables."""
        return {"text.txt": f"{self.text}\n".encode()}


@dataclass(frozen=True, repr=False)
class Score(OfFit):
    """A debate's decisions as predicted. fit: to the whole record.

    predictions: predictor, decision, outcome, probability (of being carried), error (of Monte Carlo; 0 where a rule
    gives it), log_score and brier, nearest to 0 the best. rivals: what the baselines score from each of their priors
    (baseline, pseudocount, decision, log_score). chance_unfitted: of carrying each ballot, by draw from the prior,
    (ballots, draws). said_of_votes: what the model says of each named vote.
    """

    fit: Fit
    predictions: pandas.DataFrame
    rivals: pandas.DataFrame
    chance_unfitted: Floats
    said_of_votes: tuple[named_votes.Chances, ...]

    @cached_property
    def totals(self) -> pandas.DataFrame:
        """One row a predictor: label, decisions, log score in total with its Monte Carlo error, mean Brier score."""
        groups = self.predictions.groupby("predictor", sort=False)
        table = groups.agg(decisions=("decision", "size"), log_score=("log_score", "sum"), brier=("brier", "mean"))
        errors = {predictor: monte_carlo_error(group) for predictor, group in groups} | self._errors_together
        table.insert(2, "mc_error", table.index.map(errors))
        table.insert(0, "label", table.index.map(LABELS))
        return table.reset_index()

    @property
    def _errors_together(self) -> dict[str, float]:
        """The Monte Carlo errors of the totals of those who predict all decisions by the same particles or draws."""
        ballots, names = self.fit.record.ballots, arrays_of(self.fit.prior).names.ballots
        rows = [names.index(ballot.id) for ballot in ballots]
        carried = np.array([ballot.outcome == "carried" for ballot in ballots])
        runs = len(self.fit.sampler_runs)
        return {
            FITTED: predictions.error_of_log_score(self.fit.chance[rows], carried, runs),
            UNFITTED: predictions.error_of_log_score(self.chance_unfitted[rows], carried),
        }

    @cached_property
    def by_decision(self) -> pandas.DataFrame:
        """The model less each baseline, decision by decision: predictor, baseline, pseudocount, decision, difference.

        The model as it learns, one step ahead as the baselines do, and as it stands, unfitted; leave-one-out it has
        seen what came after, which no baseline has.
        """
        scores = self.predictions.set_index("decision").groupby("predictor").log_score
        tables = [
            comparison.by_decision(model, scores.get_group(model), self.rivals).assign(predictor=model)
            for model in (ONE_STEP_AHEAD, UNFITTED)
        ]
        columns = ["predictor", "baseline", "pseudocount", "decision", "difference"]
        return pandas.concat(tables, ignore_index=True)[columns]

    @cached_property
    def differences(self) -> pandas.DataFrame:
        """The model less each baseline: predictor, and the columns of `comparison.differences`."""
        tables = [
            comparison.differences(table).assign(predictor=model)
            for model, table in self.by_decision.groupby("predictor", sort=False)
        ]
        table = pandas.concat(tables, ignore_index=True)
        return table[["predictor", *table.columns.drop("predictor")]]

    @cached_property
    def named_votes(self) -> pandas.DataFrame:
        """Every named vote as predicted without its roll call, by the model and by simple rules."""
        return named_votes.table(self.fit.prior, self.said_of_votes)

    @cached_property
    def vote_totals(self) -> pandas.DataFrame:
        """How well each predicts the named votes, in the columns of `named_votes.totals`."""
        return named_votes.totals(self.named_votes)

    @property
    def _one_step_ahead(self) -> pandas.DataFrame:
        return self.differences[self.differences.predictor == ONE_STEP_AHEAD]

    @property
    def headline(self) -> str:
        """Whether the model, one step ahead, predicts better than the best simple rule."""
        return comparison.headline(ONE_STEP_AHEAD, int(self.totals.decisions.iloc[0]), self._one_step_ahead)

    @property
    def text(self) -> str:
        """What the scores show, in a paragraph."""
        totals = self.totals.set_index("predictor")
        number, score = int(totals.decisions.iloc[0]), totals.log_score
        return (
            f"Log score: {score[FITTED]:.2f} where the model was fitted to these decisions, which proves nothing; "
            f"{score[LEAVE_ONE_OUT]:.2f} leave-one-out; {score[ONE_STEP_AHEAD]:.2f} one step ahead; "
            f"{score[UNFITTED]:.2f} unfitted.\n{comparison.comparison(ONE_STEP_AHEAD, number, self._one_step_ahead)}"
        )

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        tables = {"predictions": self.predictions, "totals": self.totals}
        tables |= {"differences": self.differences, "by_decision": self.by_decision}
        if self.named_votes.empty:
            return tables
        return tables | {"named_votes": self.named_votes, "vote_totals": self.vote_totals}

    @cached_property
    def particles(self) -> Particles:
        """The posterior, and with it what is said of each decision by fits that have not seen it."""
        table = self.predictions[self.predictions.predictor.isin(KEPT)]
        rows = zip(table.predictor, table.decision, table.probability.round(4), table.error.round(4), strict=True)
        votes = [[*one[:3], *(round(number, 4) for number in one[3:])] for one in self.said_of_votes]
        return self.fit.particles(more={"predictions": [list(row) for row in rows], "named_votes": votes})

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario drawn from the posterior."""
        return self.fit.prior.with_posterior(self.particles)

    def _shown_table(self) -> pandas.DataFrame:
        return self.totals


def monte_carlo_error(predictions: pandas.DataFrame) -> float:
    """The Monte Carlo error of the sum of the log scores of a predictor's predictions, each of a fit of its own.

    Fits that lack one decision each have nearly all data in common, and all random numbers: their errors go together,
    and are added up. Not so those of fits to ever more data.
    """
    each = predictions.error / np.exp(predictions.log_score)
    return float(each.sum() if (predictions.predictor == LEAVE_ONE_OUT).all() else math.sqrt((each**2).sum()))


def stored_predictions(particles: Particles) -> list[tuple[str, str, float, float]]:
    """What the file of a posterior keeps of fits without a decision: predictor, decision, probability, error.

    Empty if the posterior was never scored. Raises PosteriorError for a file that cannot be read so.
    """
    try:
        about = json.loads(particles.about or "{}")
        rows = [(str(who), str(which), float(p), float(error)) for who, which, p, error in about.get("predictions", [])]
        return sorted(rows, key=lambda row: KEPT.index(row[0]))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PosteriorError("the predictions kept with a posterior cannot be read: `sim score` writes them") from None


def score(scenario: AnyScenario = DEFAULT, seed: int = 1922, effort: Effort | None = None) -> Score:
    """Fits a debate to its record, and to the rest of it without each decision, and predicts these and their votes.

    scenario: a debate, a shipped name or a path. seed: 0 to 2^64 - 1. effort: how much work to put in; its report is
    told of all fits together.

    Returns a Score: `.predictions`, `.totals`, `.differences`, `.by_decision`, `.named_votes` and `.vote_totals` are
    DataFrames, whose columns docs/reference/glossary.md lists; `.text` says what they show.
    Raises CalibrationError where no decision can be compared, ScenarioError for a name or a file that is no debate,
    UserError for a number out of its range, TypeError for an argument of another kind, Interrupted when the user stops
    it.

    Example: `sim.score("monopoly-1922", effort=sim.Effort(particles=256, independent_runs=2)).totals`
    """
    check_numbers(seed=seed)
    effort, prior = calibration.as_effort(effort), as_scenario(scenario, "sim.score").from_prior()
    data = record.record_of(prior)
    if not data.ballots:
        raise calibration.CalibrationError(f"{prior.name} has no decision to be fitted whose outcome is documented")
    wanted = Wanted(prior, data, effort)
    ((fit, left_out),) = with_each_left_out([wanted], seed, effort, ONE_STEP_AHEAD, LEAVE_ONE_OUT)
    draws, executor = fit.particles().size, Executor(effort.workers)
    simple = baselines.baselines(prior, draws * random_streams.RUNS_PER_DRAW, seed, executor)
    (chance,) = predictions.chances([prior], seed, effort.workers, draws)
    tables = [
        fit.predictions.assign(predictor=FITTED),
        together(fit, left_out),
        predictions.predictions(prior, chance).assign(predictor=UNFITTED),
        simple.assign(error=0.0),
    ]
    rivals = baselines.over_priors(simple, data.ballots)
    votes = [
        vote
        for one in left_out
        if named_votes.has_roll_call(prior, one.decision)
        for vote in named_votes.of_model(one.predictor, one.scenario, one.decision, seed, effort.workers, draws)
    ]
    return Score(fit, scored(pandas.concat(tables), data.ballots), rivals, chance, tuple(votes))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Score:
    """The score that a manifest describes."""
    return score(scenario, seed, Effort.of_settings(settings, runs, executor))


class LeftOut(NamedTuple):
    """A decision as a fit without it predicts it.

    scenario: drawn from what was learnt, or from its prior where nothing could be. predictions: decision, probability,
    error, predictor; one row.
    """

    decision: str
    predictor: str
    scenario: Scenario
    predictions: pandas.DataFrame


def with_each_left_out(
    wanted: Sequence[Wanted], seed: int, effort: Effort, *predictors: str
) -> list[tuple[Fit, list[LeftOut]]]:
    """Each fit, and what fits without each of its decisions say of it.

    All of them are worked off together, by the workers of the effort.
    """
    rests = [[rest for ballot in one.record.ballots for rest in _rests(one, ballot.id, predictors)] for one in wanted]
    asked = [fit for one, some in zip(wanted, rests, strict=True) for fit in (one, *(rest.fit for rest in some)) if fit]
    found, results = iter(calibration.fits(asked, seed, effort)), []
    for one, some in zip(wanted, rests, strict=True):
        whole, left_out = next(found), []
        for rest in some:
            fit = next(found) if rest.fit else None
            table = fit.predictions if fit else _unlearnt(one, seed, effort)
            table = table[table.decision == rest.decision].assign(predictor=rest.predictor)
            left_out.append(LeftOut(rest.decision, rest.predictor, fit.scenario if fit else one.prior, table))
        results.append((whole, left_out))
    return results


def together(whole: Fit, left_out: Sequence[LeftOut]) -> pandas.DataFrame:
    """The predictions of fits without a decision, one under the other; of a record without any, none."""
    tables = [one.predictions for one in left_out]
    return pandas.concat(tables) if tables else whole.predictions.assign(predictor="")[:0]


class _Rest(NamedTuple):
    """What is asked of a fit without a decision; None if nothing is left that anything could be learnt from."""

    decision: str
    predictor: str
    fit: Wanted | None


def _rests(one: Wanted, decision: str, predictors: Sequence[str]) -> Iterator[_Rest]:
    for predictor in predictors:
        rest = (one.record.before if predictor == ONE_STEP_AHEAD else one.record.without)(decision)
        is_learnt = Likelihood(one.prior, rest, 0).coordinates
        yield _Rest(decision, predictor, Wanted(one.prior, rest, one.effort.less(PART)) if is_learnt else None)


def _unlearnt(one: Wanted, seed: int, effort: Effort) -> pandas.DataFrame:
    """What is said where nothing has happened yet that anything could be learnt from."""
    less = one.effort.less(PART)
    runs = less.particles * less.independent_runs * random_streams.RUNS_PER_DRAW
    return unfitted(one.prior, runs, seed, Executor(effort.workers))


def unfitted(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """What the prior says of every decision: decision, probability, error, predictor."""
    over = ensemble.spread(play_runs(scenario.from_prior(), runs, seed, counts_stances=False, executor=executor), None)
    names = arrays_of(scenario).names.ballots
    return pandas.DataFrame({"decision": names, "probability": over.mean, "error": over.error, "predictor": UNFITTED})


def scored(predictions: pandas.DataFrame, ballots: Sequence[Ballot]) -> pandas.DataFrame:
    """Predictions of these ballots with what came of each, and how well it was predicted."""
    outcome = {ballot.id: ballot.outcome for ballot in ballots}
    table = predictions[predictions.decision.isin(outcome)].reset_index(drop=True)
    table = table.assign(outcome=table.decision.map(outcome))
    log_scores = [log_score(*each) for each in zip(table.probability, table.outcome, strict=True)]
    table = table.assign(log_score=log_scores, brier=(table.probability - (table.outcome == "carried")) ** 2)
    return table[["predictor", "decision", "outcome", "probability", "error", "log_score", "brier"]]
