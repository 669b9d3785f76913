"""How votes become a decision, and the exact distribution of it.

Votes are counted in whole numbers, so a member may have several. A decision needs the quorum; without it the
motion is not carried.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled
from sim.model.rules.voting import NO, WAS_ABSENT, YES

SIMPLE, ABSOLUTE, QUALIFIED_OF_CAST, QUALIFIED_OF_MEMBERS, UNANIMITY = range(5)
TIE_REJECTED, TIE_CARRIED, TIE_TO_CHAIR, TIE_TO_LOT = range(4)

#: The words of a scenario.
MAJORITIES = {
    ("simple", "cast"): SIMPLE,
    ("absolute", "cast"): ABSOLUTE,
    ("qualified", "cast"): QUALIFIED_OF_CAST,
    ("qualified", "members"): QUALIFIED_OF_MEMBERS,
    ("unanimity", "cast"): UNANIMITY,
}
TIES = {"rejected": TIE_REJECTED, "carried": TIE_CARRIED, "chair": TIE_TO_CHAIR, "lot": TIE_TO_LOT}

# A fraction of votes is compared with whole numbers of votes: 0.6 of 5 votes is 3 votes, whatever the rounding.
ROUNDING = 1e-9


class Procedure(NamedTuple):
    """How a body decides.

    majority, ties: codes of this module. share: of the votes cast or of all votes, for a qualified majority.
    quorum: fraction of the seats. seats: how many there are. all_votes: the votes of all seats.
    """

    majority: int
    share: float
    quorum: float
    ties: int
    seats: int
    all_votes: int


class Tally(NamedTuple):
    """Votes counted, (replicates,) each. chair: the chair's own vote, 1 yes, -1 no, 0 none."""

    yes: Ints
    no: Ints
    seats_taken: Ints
    chair: Ints


@compiled
def count(vote: Bytes, weights: Ints, chair: int) -> Tally:
    """Counts votes. vote: codes, (voters, replicates). weights: votes of each, (voters,). chair: their row, or -1."""
    lanes = vote.shape[1]
    yes, no, taken = np.zeros(lanes, np.int64), np.zeros(lanes, np.int64), np.zeros(lanes, np.int64)
    for k in range(vote.shape[0]):
        votes, cast = weights[k], vote[k]
        for lane in range(lanes):
            yes[lane] += votes if cast[lane] == YES else 0
            no[lane] += votes if cast[lane] == NO else 0
            taken[lane] += 1 if (cast[lane] > 0) & (cast[lane] != WAS_ABSENT) else 0
    own = np.zeros(lanes, np.int64)
    if chair >= 0:
        cast = vote[chair]
        for lane in range(lanes):
            own[lane] = 1 if cast[lane] == YES else -1 if cast[lane] == NO else 0
    return Tally(yes, no, taken, own)


@compiled
def verdict(procedure: Procedure, yes: int, no: int, chair: int) -> float:
    """The probability that the motion is carried with these counts: 1, 0, or 1/2 where a lot decides a tie.

    yes, no: votes. chair: the chair's own vote, 1 yes, -1 no, 0 none (then a tie is rejected).
    Only a simple or an absolute majority knows ties: yes and no alike, and at least one of them. Under an
    absolute majority a tie is one half of all votes on each side.
    """
    if procedure.majority == UNANIMITY:
        return 1.0 if yes > 0 and no == 0 else 0.0
    if procedure.majority == QUALIFIED_OF_CAST:
        return 1.0 if yes > 0 and yes >= procedure.share * (yes + no) - ROUNDING else 0.0
    if procedure.majority == QUALIFIED_OF_MEMBERS:
        return 1.0 if yes > 0 and yes >= procedure.share * procedure.all_votes - ROUNDING else 0.0
    if procedure.majority == ABSOLUTE:
        if 2 * yes > procedure.all_votes:
            return 1.0
        if 2 * yes < procedure.all_votes or yes != no:
            return 0.0
    elif yes != no:
        return 1.0 if yes > no else 0.0
    if yes == 0 or procedure.ties == TIE_REJECTED:
        return 0.0
    if procedure.ties == TIE_CARRIED:
        return 1.0
    if procedure.ties == TIE_TO_CHAIR:
        return 1.0 if chair > 0 else 0.0
    return 0.5


@compiled
def is_quorate(procedure: Procedure, seats_taken: int) -> bool:
    """Whether enough seats are taken for a decision."""
    return seats_taken >= procedure.quorum * procedure.seats - ROUNDING


@compiled
def distribution_of_yes(chance: Floats, casts: Floats, votes: Ints, apart: int) -> Floats:
    """The distribution of the number of yes votes, (all votes + 1, replicates): a Poisson binomial, exactly.

    chance: (voters, replicates), of a yes. casts: the same shape, 1 for who votes yes or no, else 0.
    votes: (voters,). apart: a voter to leave out (the chair, to be treated apart), or -1.
    """
    voters, lanes = chance.shape
    total = 0
    for i in range(voters):
        total += votes[i]
    distribution, yes = np.zeros((total + 1, lanes)), np.empty(lanes)
    distribution[0, :] = 1.0
    reached = 0
    for i in range(voters):
        if i != apart:
            weight, says_yes, casts_one = votes[i], chance[i], casts[i]
            for lane in range(lanes):
                yes[lane] = says_yes[lane] * casts_one[lane]
            reached += weight
            for y in range(reached, -1, -1):
                here = distribution[y]
                if y >= weight:
                    before = distribution[y - weight]
                    for lane in range(lanes):
                        here[lane] = here[lane] * (1.0 - yes[lane]) + before[lane] * yes[lane]
                else:
                    for lane in range(lanes):
                        here[lane] *= 1.0 - yes[lane]
    return distribution


@compiled
def _verdicts(procedure: Procedure, total: int, chair_votes: int, chair_yes: int, chair: int) -> Floats:
    """The verdict by votes cast by the others and yes votes among them, (total + 1, total + 1)."""
    out = np.zeros((total + 1, total + 1))
    for cast in range(total + 1):
        for y in range(cast + 1):
            out[cast, y] = verdict(procedure, y + chair_yes, cast - y + (chair_votes - chair_yes), chair)
    return out


@compiled
def _chance_given_chair(
    procedure: Procedure, distribution: Floats, cast: Ints, chair_votes: int, chair_yes: int, chair: int
) -> Floats:
    """P(carried) with the chair's vote given; cast: (replicates,), votes cast by the others."""
    total, lanes = distribution.shape[0] - 1, distribution.shape[1]
    verdicts = _verdicts(procedure, total, chair_votes, chair_yes, chair)
    out = np.zeros(lanes)
    for y in range(total + 1):
        here = distribution[y]
        for lane in range(lanes):
            out[lane] += here[lane] * verdicts[cast[lane], y]
    return out


@compiled
def chance_of_carrying(
    procedure: Procedure, chance: Floats, casts: Floats, votes: Ints, taken: Ints, chair: int
) -> Floats:
    """P(carried), (replicates,), over the votes of those who take part.

    chance, casts, votes: as in `law_of_yes`. taken: (replicates,), seats taken. chair: row of the chair, or -1.
    """
    voters, lanes = chance.shape
    apart = chair if procedure.ties == TIE_TO_CHAIR else -1
    distribution = distribution_of_yes(chance, casts, votes, apart)
    cast = np.zeros(lanes, np.int64)
    for i in range(voters):
        if i != apart:
            weight, casts_one = votes[i], casts[i]
            for lane in range(lanes):
                cast[lane] += weight if casts_one[lane] > 0.0 else 0
    if apart < 0:
        out = _chance_given_chair(procedure, distribution, cast, 0, 0, 0)
    else:
        weight = votes[apart]
        yes = _chance_given_chair(procedure, distribution, cast, weight, weight, 1)
        no = _chance_given_chair(procedure, distribution, cast, weight, 0, -1)
        silent = _chance_given_chair(procedure, distribution, cast, 0, 0, 0)
        out = np.empty(lanes)
        for lane in range(lanes):
            p = chance[apart, lane]
            out[lane] = p * yes[lane] + (1.0 - p) * no[lane] if casts[apart, lane] > 0.0 else silent[lane]
    for lane in range(lanes):
        if not is_quorate(procedure, taken[lane]):
            out[lane] = 0.0
    return out
