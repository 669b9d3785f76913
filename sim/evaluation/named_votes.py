"""Who votes how: every named vote of a roll call predicted without that roll call, by the model and by simple rules.

Each prediction is three chances, of yes, of no and of abstaining, given that the member takes part, and is scored by
the log of the chance of what they did. The votes of one roll call depend on one another, so that errors count roll
calls and not votes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas

from sim.calibration import predictions
from sim.ensembles.scores import LEAST
from sim.evaluation.predictors import LEAVE_ONE_OUT, ONE_STEP_AHEAD
from sim.evaluation.vote_baselines import BASELINES, FIRST_STANCE, MAJORITY, PREVIOUS, SPATIAL, VOTES, roll_calls
from sim.model.array_types import Floats
from sim.model.arrays import arrays_of
from sim.scenario.posterior import Particles, PosteriorError
from sim.scenario.scenario import Scenario

MODEL = "model"
LABELS = {
    MODEL: "the model",
    MAJORITY: "as votes fell so far",
    PREVIOUS: "as the member voted before",
    FIRST_STANCE: "by the member's first stance",
    SPATIAL: "one dimension fitted to the other roll calls",
}
COLUMNS = ["training_data", "predictor", "decision", "member", "vote", "evidence", "is_compared", *VOTES]


class Chances(NamedTuple):
    """What the model says of one member's vote in a decision that it was not fitted to, as a posterior's file has it.

    training_data: one step ahead or leave-one-out. error: of Monte Carlo, of the chance of what the member did.
    """

    training_data: str
    decision: str
    member: str
    yes: float
    no: float
    abstain: float
    error: float


def has_roll_call(scenario: Scenario, decision: str) -> bool:
    """Whether any vote in a decision is named."""
    return bool(roll_calls(scenario).of(decision))


def of_model(
    training_data: str, scenario: Scenario, decision: str, seed: int, workers: int | None, draws: int
) -> Iterator[Chances]:
    """The model's chances of every named vote of a decision.

    scenario: drawn from what was learnt without the decision, or, where nothing could be, from its prior in so many
    draws.
    """
    chances = predictions.vote_chances(scenario, [decision], seed, workers, draws)
    runs = scenario.posterior.independent_runs if scenario.posterior else 1
    names = arrays_of(scenario).names
    for vote in roll_calls(scenario).of(decision):
        of_member = chances[:, names.electors.index((decision, vote.member))]
        mean, error = predictions.mean_and_error(of_member, runs)
        yes, no, abstain = mean.tolist()
        yield Chances(training_data, decision, vote.member, yes, no, abstain, float(error[VOTES.index(vote.vote)]))


def table(scenario: Scenario, said: Iterable[Chances]) -> pandas.DataFrame:
    """Every prediction of every named vote: `COLUMNS`, error (of Monte Carlo; 0 of a rule), log_score and right.

    right: 1 where the likeliest vote is the one recorded; a part where several are likeliest. Empty without roll calls.
    """
    record = roll_calls(scenario)
    model = {(one.training_data, one.decision, one.member): one for one in said}
    rows = []
    for training_data in (ONE_STEP_AHEAD, LEAVE_ONE_OUT):
        for decision in record.decisions:
            known = (record.before if training_data == ONE_STEP_AHEAD else record.without)(decision)
            rules = {name: rule(known, decision) for name, rule in BASELINES.items()}
            for vote in record.of(decision):
                fixed = (decision, vote.member, vote.vote, vote.evidence, vote.is_compared)
                one = model.get((training_data, decision, vote.member))
                if one is not None:
                    rows.append((training_data, MODEL, *fixed, *one[3:]))
                rows += [(training_data, name, *fixed, *by[vote.member], 0.0) for name, by in rules.items()]
    found = pandas.DataFrame(rows, columns=[*COLUMNS, "error"])
    return found.assign(**_scored(found))


def _scored(found: pandas.DataFrame) -> Mapping[str, Floats]:
    """log_score and right of predictions."""
    chances = found[[*VOTES]].to_numpy(float)
    given = chances[np.arange(len(found)), [VOTES.index(vote) for vote in found.vote]]
    likeliest = np.isclose(chances, chances.max(axis=1, keepdims=True, initial=0.0), rtol=0, atol=1e-9)
    right = np.where(np.isclose(given, chances.max(axis=1, initial=0.0), rtol=0, atol=1e-9), 1.0, 0.0)
    return {"log_score": np.log(np.maximum(given, LEAST)), "right": right / np.maximum(likeliest.sum(axis=1), 1)}


def totals(found: pandas.DataFrame) -> pandas.DataFrame:
    """How well each predicts the votes that are compared, and apart from them those that are only conjectured.

    found: of `table`, or of several debates one under the other. One row each: training_data, is_compared, predictor,
    label, decisions (roll calls), votes, log_score and right (means of a vote), mc_error, and difference: what the
    model's mean is more, with its error, which takes roll calls as the sample (none of a single one).
    """
    rows, order = [], found.sort_values("is_compared", ascending=False, kind="stable")
    for (is_compared, training_data), part in order.groupby(["is_compared", "training_data"], sort=False):
        wide = part.pivot_table(index=["decision", "member"], columns="predictor", values="log_score", sort=False)
        for predictor, each in part.groupby("predictor", sort=False):
            less = wide[MODEL] - wide[predictor] if MODEL in wide and predictor != MODEL else None
            difference, error = (math.nan, math.nan) if less is None else _clustered(less)
            chance = np.exp(each.log_score)
            rows.append(
                {
                    "training_data": training_data,
                    "is_compared": is_compared,
                    "predictor": predictor,
                    "label": LABELS[str(predictor)],
                    "decisions": each.decision.nunique(),
                    "votes": len(each),
                    "log_score": each.log_score.mean(),
                    "mc_error": float((each.error / chance).mean()),
                    "right": each.right.mean(),
                    "difference": difference,
                    "error": error,
                }
            )
    return pandas.DataFrame(rows)


def _clustered(less: pandas.Series[float]) -> tuple[float, float]:
    """The mean of differences vote by vote, and its standard error where the votes of a roll call go together."""
    mean, groups = float(less.mean()), (less - less.mean()).groupby("decision", sort=False).sum()
    size = len(groups)
    if size < 2:
        return mean, math.nan
    return mean, math.sqrt(size / (size - 1) * float((groups**2).sum())) / len(less)


def kept(particles: Particles) -> list[Chances]:
    """What the file of a posterior keeps of votes without their roll call. Raises PosteriorError."""
    try:
        rows = json.loads(particles.about or "{}").get("named_votes", [])
        return [Chances(str(data), str(which), str(who), *map(float, rest)) for data, which, who, *rest in rows]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PosteriorError("the votes kept with a posterior cannot be read: `sim score` writes them") from None
