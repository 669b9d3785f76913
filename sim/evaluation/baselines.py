"""Simple rules to measure the model by: what one would have predicted without it.

Each baseline says of every decision whether the motion will be carried. It is trusted as far as it has been right:
its prediction gets the probability (hits + a) / (n + 2 a) from the n decisions before, which is what a prior Beta(a, a)
of its being right makes of them. One is shown with a = 1 (Laplace's rule of succession), and compared over several.
A rule that is itself a count of histories, nearly even, says half the one and half the other: so a score does not hang
on which side of a half so many runs happened to fall. A coin has nothing to learn, and the last is the model with one
part taken out, at its own probabilities.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas

from sim.ensembles import ensemble
from sim.ensembles.executor import Executor, play_runs, reporting
from sim.ensembles.scores import log_score
from sim.evaluation import ablations
from sim.evaluation.predictors import (
    BY_COUNTING,
    COIN,
    FIRST_STANCES,
    LEADERS_WISH,
    NO_DEFERENCE,
    NO_DEFERENCE_ITSELF,
    PUT_PASSES,
)
from sim.model import priors
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.schema import Absence, Ballot, Deference, Letter, Term, When
from sim.scenario.seats import choice_of, ends_if_lost, position

#: Pseudocounts a of Beta(a, a): a half is the prior of Jeffreys (1946), one that of Laplace (1774); and either side.
PSEUDOCOUNTS, SHOWN = (0.25, 0.5, 1.0, 2.0), 1.0

#: How far from a half a chance may be and still be nearly even: four standard errors of a share of 1600 histories.
NEARLY_EVEN = 0.05


@dataclass(frozen=True)
class Prediction:
    """What a baseline says of one decision, and the probability it gives to being carried.

    carried: 1 if it says so, 0 if it says rejected; between the two where it is itself nearly even.
    """

    predictor: str
    decision: str
    carried: float
    probability: float
    log_score: float


def by_trust(
    predictor: str, ballots: Sequence[Ballot], predicted: Mapping[str, float], pseudocount: float = SHOWN
) -> list[Prediction]:
    """Predictions that are trusted as far as those before were right, in the order of the ballots.

    predicted: how far each ballot is said to be carried, from 0 to 1; what is said by half is half right.
    """
    hits, out = 0.0, []
    for number, ballot in enumerate(ballots):
        trust = (hits + pseudocount) / (number + 2 * pseudocount)
        carried = float(predicted[ballot.id])
        probability = carried * trust + (1.0 - carried) * (1.0 - trust)
        out.append(Prediction(predictor, ballot.id, carried, probability, log_score(probability, ballot.outcome)))
        hits += carried if ballot.outcome == "carried" else 1.0 - carried
    return out


def said_of(chance: float) -> float:
    """What a chance of being carried says, from 0 (rejected) to 1 (carried): it rises evenly where it is nearly even.

    A ballot that is put in no history (NaN) is not said to be carried.
    """
    return 0.0 if math.isnan(chance) else min(max(0.5 + (chance - 0.5) / (2 * NEARLY_EVEN), 0.0), 1.0)


def _is_absent(scenario: Scenario, member: str, when: When) -> bool:
    absences = [moment for moment in scenario.debate.timeline if isinstance(moment, Absence)]
    return any(absence.member == member and absence.covers(when) for absence in absences)


def _has_written(scenario: Scenario, deference: Deference, ballot: Ballot) -> bool:
    """Whether the leader has lately argued for something, or has moved this motion.

    Lately: within the median of the time after which deference lapses.
    """
    days = datetime.timedelta(days=priors.of_debate(scenario.debate).medians[deference.lapses_after])
    written = _written(scenario, deference.leader, ballot.date)
    return ballot.moved_by == deference.leader or any(ballot.date <= letter.date + days for letter in written)


def _written(scenario: Scenario, author: str, until: datetime.date) -> list[Letter]:
    """Their letters that argue for something, until a day, in the order of their dates."""
    letters = [moment for moment in scenario.debate.timeline if isinstance(moment, Letter)]
    theirs = (one for one in letters if one.author == author and one.argues_for is not None and one.date <= until)
    return sorted(theirs, key=lambda letter: letter.when)


def _place_wanted(scenario: Scenario, leader: str, ballot: Ballot, if_carried: float) -> float:
    """What the leader wants, by what they last said of it.

    It is the motion if they moved it, else what their last letter argues for, else the median of their first stance.
    """
    if ballot.moved_by == leader:
        return if_carried
    written = _written(scenario, leader, ballot.date)
    if written and written[-1].argues_for is not None:
        return position(scenario.debate, written[-1].argues_for)
    return priors.of_debate(scenario.debate).median_stance(leader)


def documented_ends(scenario: Scenario) -> dict[str, tuple[float, ...]]:
    """Where each ballot leads if carried, and then all that may come in its place, as the record had the policy.

    Where that is a parameter, it is taken at the median of its prior. Motions of a choice are put from one policy.
    """
    medians = priors.of_debate(scenario.debate).medians

    def place(term: Term, policy: float) -> float:
        if isinstance(term, str) and term in medians:
            return medians[term]
        return policy if term == "policy" else position(scenario.debate, term)

    policy, ends = place(scenario.debate.axis.policy.at, math.nan), dict[str, tuple[float, ...]]()
    before: dict[str, float] = {}
    for entry in scenario.entries:
        if isinstance(ballot := entry.item, Ballot):
            in_force = before.setdefault(ballot.one_of or ballot.id, policy)
            terms = (ballot.if_carried, *ends_if_lost(scenario.debate, ballot))
            ends[ballot.id] = tuple(place(term, in_force) for term in terms)
            if ballot.sets_policy and ballot.outcome == "carried":
                policy = ends[ballot.id][0]
    return ends


def leaders_wish(scenario: Scenario, ballots: Sequence[Ballot]) -> dict[str, bool]:
    """What the leader wants passes, unless they are absent and have not written: then what they do not want does.

    They want it carried if that end is nearer to the place they want than all that may come in its place.
    """
    deference = scenario.debate.dynamics.deference
    if deference is None:
        return {}
    ends, out = documented_ends(scenario), {}
    for ballot in ballots:
        carried, *lost = ends[ballot.id]
        wanted = _place_wanted(scenario, deference.leader, ballot, carried)
        wants = abs(carried - wanted) < min(abs(end - wanted) for end in lost)
        heard = not _is_absent(scenario, deference.leader, ballot.when) or _has_written(scenario, deference, ballot)
        out[ballot.id] = wants if heard else not wants
    return out


def _model_says(
    scenario: Scenario, fixed: Mapping[str, float], runs: int, seed: int, executor: Executor
) -> dict[str, float]:
    tally = play_runs(scenario, runs, seed, fixed=fixed, counts_stances=False, executor=executor)
    over = ensemble.spread(tally, scenario.posterior)
    return dict(zip(arrays_of(scenario).names.ballots, over.mean.tolist(), strict=True))


def baselines(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """Every baseline's prediction of every compared decision: predictor, decision, carried, probability, log_score."""
    ballots = compared_ballots(scenario)
    still = _model_says(scenario, ablations.all_movement_off(scenario), runs, seed, executor)
    no_deference = _model_says(
        scenario, ablations.off(scenario, ablations.DEFERENCE), runs, seed, reporting(executor, runs)
    )
    even = {ballot.id: 1.0 / max(len(choice_of(scenario.debate, ballot)), 2) for ballot in ballots}
    predictions = [Prediction(COIN, ballot.id, 1.0, even[ballot.id], math.log(even[ballot.id])) for ballot in ballots]
    passes = {ballot.id: 1.0 if ballot.one_of is None else even[ballot.id] for ballot in ballots}
    predictions += by_trust(PUT_PASSES, ballots, passes)
    if scenario.debate.dynamics.deference is not None:
        predictions += by_trust(LEADERS_WISH, ballots, leaders_wish(scenario, ballots))
    predictions += by_trust(FIRST_STANCES, ballots, {ballot.id: said_of(still[ballot.id]) for ballot in ballots})
    without = {ballot.id: said_of(no_deference[ballot.id]) for ballot in ballots}
    predictions += by_trust(NO_DEFERENCE, ballots, without)
    for ballot in ballots:
        chance = no_deference[ballot.id]
        score = log_score(chance, ballot.outcome)
        predictions.append(Prediction(NO_DEFERENCE_ITSELF, ballot.id, said_of(chance), chance, score))
    return pandas.DataFrame([vars(each) for each in predictions], columns=list(Prediction.__dataclass_fields__))


def over_priors(predictions: pandas.DataFrame, ballots: Sequence[Ballot]) -> pandas.DataFrame:
    """What baselines score from each prior of theirs: baseline, pseudocount, decision, log_score.

    predictions: predictor, decision, carried, log_score, of `baselines`. A baseline that does not count is there once,
    without a pseudocount (NaN).
    """
    rows = []
    for baseline, table in predictions.groupby("predictor", sort=False):
        if baseline not in BY_COUNTING:
            rows += [(baseline, math.nan, *row) for row in zip(table.decision, table.log_score, strict=True)]
            continue
        said = dict(zip(table.decision, table.carried, strict=True))
        for pseudocount in PSEUDOCOUNTS:
            scored = by_trust(str(baseline), ballots, said, pseudocount)
            rows += [(baseline, pseudocount, one.decision, one.log_score) for one in scored]
    return pandas.DataFrame(rows, columns=["baseline", "pseudocount", "decision", "log_score"])
