"""How probable a documented count of votes is: the distribution of yes, no and abstentions together, exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Floats, Ints
from sim.model.jit import compiled
from sim.model.rules.decisions import TIE_TO_CHAIR, Procedure, verdict

#: A count that no source gives.
UNCOUNTED = -1


class DocumentedTally(NamedTuple):
    """What sources say of a count, in votes; `UNCOUNTED` for what they do not say. carried: the outcome, 1 or 0."""

    yes: int
    no: int
    abstain: int
    carried: int


class Chances(NamedTuple):
    """What each voter may do, (voters, replicates): vote yes, vote no, abstain; what is left is to stay away."""

    yes: Floats
    no: Floats
    abstain: Floats


@compiled
def given_a_vote(chances: Chances, voter: int, yes: float, no: float, abstain: float) -> Floats:
    """The probability that a voter did what is recorded of them, (replicates,); from then on they are sure to.

    yes, no, abstain: 1 for what they did, else 0.
    """
    lanes = chances.yes.shape[1]
    out = np.empty(lanes)
    for lane in range(lanes):
        out[lane] = (
            yes * chances.yes[voter, lane] + no * chances.no[voter, lane] + abstain * chances.abstain[voter, lane]
        )
        chances.yes[voter, lane] = yes
        chances.no[voter, lane] = no
        chances.abstain[voter, lane] = abstain
    return out


@compiled
def _room(count: int, total: int) -> int:
    """The largest count that needs to be told apart: the documented one, or all votes."""
    return total if count == UNCOUNTED else min(count, total)


@compiled
def distribution_of_counts(chances: Chances, votes: Ints, tally: DocumentedTally, apart: int) -> Floats:
    """The joint distribution of the votes yes, no and abstaining, (yes + 1, no + 1, abstaining + 1, replicates).

    votes: (voters,). apart: a voter to leave out, or -1. Counts above a documented one are not told apart and
    fall away; abstentions are not told apart at all where nobody counted them.
    """
    voters, lanes = chances.yes.shape
    total = votes.sum()
    most_yes, most_no = _room(tally.yes, total), _room(tally.no, total)
    most_abstain = 0 if tally.abstain == UNCOUNTED else min(tally.abstain, total)
    distribution = np.zeros((most_yes + 1, most_no + 1, most_abstain + 1, lanes))
    distribution[0, 0, 0, :] = 1.0
    reached, stays = 0, np.empty(lanes)
    for k in range(voters):
        if k == apart:
            continue
        n = votes[k]
        yes, no, abstain = chances.yes[k], chances.no[k], chances.abstain[k]
        for lane in range(lanes):
            stay = 1.0 - yes[lane] - no[lane]
            if tally.abstain != UNCOUNTED:
                stay -= abstain[lane]
            stays[lane] = max(stay, 0.0)
        # No more votes have been given up to here: all other counts have no probability yet.
        reached += n
        for y in range(min(most_yes, reached), -1, -1):
            for m in range(min(most_no, reached - y), -1, -1):
                for a in range(min(most_abstain, reached - y - m), -1, -1):
                    here = distribution[y, m, a]
                    for lane in range(lanes):
                        here[lane] *= stays[lane]
                    if y >= n:
                        before = distribution[y - n, m, a]
                        for lane in range(lanes):
                            here[lane] += before[lane] * yes[lane]
                    if m >= n:
                        before = distribution[y, m - n, a]
                        for lane in range(lanes):
                            here[lane] += before[lane] * no[lane]
                    if a >= n:
                        before = distribution[y, m, a - n]
                        for lane in range(lanes):
                            here[lane] += before[lane] * abstain[lane]
    return distribution


@compiled
def _agreeing(
    procedure: Procedure, distribution: Floats, tally: DocumentedTally, chair: int, chair_votes: int
) -> Floats:
    """The probability, (replicates,), of counts as documented and of the outcome.

    chair: the chair's own vote where it is treated apart, 1 yes, -1 no, 0 none; chair_votes: how many votes it is.
    """
    most_yes, most_no, most_abstain, lanes = distribution.shape
    out = np.zeros(lanes)
    if tally.abstain >= most_abstain:
        return out  # more than there are
    for y in range(most_yes):
        for m in range(most_no):
            yes, no = y + (chair_votes if chair > 0 else 0), m + (chair_votes if chair < 0 else 0)
            if (tally.yes != UNCOUNTED and yes != tally.yes) or (tally.no != UNCOUNTED and no != tally.no):
                continue
            carried = verdict(procedure, yes, no, chair)
            weight = carried if tally.carried == 1 else 1.0 - carried
            if weight > 0.0:
                a = most_abstain - 1
                for lane in range(lanes):
                    out[lane] += weight * distribution[y, m, a, lane]
    return out


@compiled
def chance_of_tally(procedure: Procedure, chances: Chances, votes: Ints, tally: DocumentedTally, chair: int) -> Floats:
    """The probability of the documented outcome together with whatever counts are documented, (replicates,).

    votes: (voters,); chair: their row, or -1. With nothing counted it is the chance of the outcome alone. A quorum
    is taken to be met: the caller knows who is there, where that is known. Assumed: a documented count holds
    votes, not heads, where some have several; a chair whose abstention was counted is none of a tie's.
    """
    if procedure.ties != TIE_TO_CHAIR or chair < 0:
        return _agreeing(procedure, distribution_of_counts(chances, votes, tally, -1), tally, 0, 0)
    distribution = distribution_of_counts(chances, votes, tally, chair)
    weight = votes[chair]
    yes = _agreeing(procedure, distribution, tally, 1, weight)
    no = _agreeing(procedure, distribution, tally, -1, weight)
    silent = _agreeing(procedure, distribution, tally, 0, 0)
    out = np.empty(yes.size)
    for lane in range(out.size):
        p, q = chances.yes[chair, lane], chances.no[chair, lane]
        out[lane] = p * yes[lane] + q * no[lane] + (1.0 - p - q) * silent[lane]
    return out
