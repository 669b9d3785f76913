"""How votes become a decision, and the exact distribution of it.

Votes are counted in whole numbers, so a member may have several; fractions of votes are counted in units. A decision
needs the quorum; without it the motion is not carried.
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
#: How many numbers the distributions of the yes may take at once, side by side: a few megabytes.
CELLS = 1_000_000


#: Stands for more than half of the seats, where a fraction of them could stand.
MORE_THAN_HALF = -1.0


def heads_code(heads: str | float | None) -> float:
    """The heads that a procedure asks for as a number: `absolute`, a fraction of the seats, or None for none."""
    return 0.0 if heads is None else MORE_THAN_HALF if isinstance(heads, str) else heads


@compiled
def heads_needed(heads: float, seats: int) -> int:
    """How many of the seats must say yes. heads: a fraction of them, 0 for none, or `MORE_THAN_HALF`."""
    return seats // 2 + 1 if heads == MORE_THAN_HALF else int(np.ceil(heads * seats - ROUNDING))


@compiled
def heads_enough(blocking: float, seats: int) -> int:
    """How many of the seats, saying yes, leave too few to block, which `blocking` can; more than there are for 0."""
    return seats + 1 if blocking == 0.0 else max(seats + 1 - int(blocking), 1)


class Procedure(NamedTuple):
    """How a body decides.

    majority, ties: codes of this module. share: of the votes cast or of all votes, for a qualified majority.
    quorum: fraction of the seats. seats: how many there are. all_votes: the votes of all seats. heads_needed: the
    members who must say yes besides, 0 where none are asked for. heads_enough: so many saying yes make up for votes
    that are lacking; one more than the seats where none do.
    """

    majority: int
    share: float
    quorum: float
    ties: int
    seats: int
    all_votes: int
    heads_needed: int
    heads_enough: int


class Tally(NamedTuple):
    """Votes counted, (replicates,) each.

    yes, no: votes. heads: members who said yes. chair: the chair's own vote, 1 yes, -1 no, 0 none. vetoes: members
    with a veto who said no.
    """

    yes: Ints
    no: Ints
    heads: Ints
    seats_taken: Ints
    chair: Ints
    vetoes: Ints


@compiled
def count(vote: Bytes, weights: Ints, vetoes: Bytes, chair: int) -> Tally:
    """Counts votes.

    vote: codes, (voters, replicates). weights: votes of each; vetoes: 1 for who has a veto, (voters,). chair: their
    row, or -1.
    """
    lanes = vote.shape[1]
    yes, no, heads = np.zeros(lanes, np.int64), np.zeros(lanes, np.int64), np.zeros(lanes, np.int64)
    taken, own, vetoed = np.zeros(lanes, np.int64), np.zeros(lanes, np.int64), np.zeros(lanes, np.int64)
    for k in range(vote.shape[0]):
        votes, cast = weights[k], vote[k]
        for lane in range(lanes):
            yes[lane] += votes if cast[lane] == YES else 0
            no[lane] += votes if cast[lane] == NO else 0
            heads[lane] += 1 if cast[lane] == YES else 0
            taken[lane] += 1 if (cast[lane] > 0) & (cast[lane] != WAS_ABSENT) else 0
        if vetoes[k] == 1:
            for lane in range(lanes):
                vetoed[lane] += 1 if cast[lane] == NO else 0
    if chair >= 0:
        cast = vote[chair]
        for lane in range(lanes):
            own[lane] = 1 if cast[lane] == YES else -1 if cast[lane] == NO else 0
    return Tally(yes, no, heads, taken, own, vetoed)


@compiled
def verdict(procedure: Procedure, yes: int, no: int, heads: int, chair: int) -> float:
    """The probability that the motion is carried with these counts: 1, 0, or 1/2 where a lot decides a tie.

    yes, no: votes, none of the no a veto. heads: members who said yes. chair: the chair's own vote, 1 yes, -1 no, 0
    none (then a tie is rejected). Only a simple or an absolute majority knows ties: yes and no alike, and at least one
    of them. Under an absolute majority a tie is one half of all votes on each side.
    """
    if heads < procedure.heads_needed:
        return 0.0
    if heads >= procedure.heads_enough:
        return 1.0
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
def votes_a_head(procedure: Procedure) -> int:
    """What one vote is in a count in which votes and heads are one whole number, so that both can be told from it.

    Such a count is that many times the votes, and the heads. 1 where nothing hangs on heads: then it is the votes.
    """
    hangs_on_heads = procedure.heads_needed > 0 or procedure.heads_enough <= procedure.seats
    return procedure.seats + 1 if hangs_on_heads else 1


@compiled
def counted(procedure: Procedure, votes: int, heads: int) -> int:
    """Votes and heads as one count, as `votes_a_head` says."""
    base = votes_a_head(procedure)
    return votes * base + (heads if base > 1 else 0)


class Voters(NamedTuple):
    """Those who vote, each a row, (voters, replicates).

    chance: of a yes. casts: 1 for who votes yes or no, else 0. adds: what their yes adds to the count, as `counted`
    has it. vetoes: 1 for who has a veto, else 0.
    """

    chance: Floats
    casts: Floats
    adds: Ints
    vetoes: Bytes


@compiled
def _add_voter(distribution: Floats, yes: Floats, no: Floats, count: int, reached: int) -> None:
    """Adds a voter to the distribution of a count, which has reached so much with them. yes, no: chances."""
    for y in range(reached, -1, -1):
        here = distribution[y]
        if y >= count:
            before = distribution[y - count]
            for lane in range(yes.size):
                here[lane] = here[lane] * no[lane] + before[lane] * yes[lane]
        else:
            for lane in range(yes.size):
                here[lane] *= no[lane]


@compiled
def distribution_of_yes(voters: Voters, apart: int) -> Floats:
    """The distribution of the count of yes where nobody vetoes, (all votes + 1, replicates).

    A Poisson binomial, exactly; what is lacking to 1 is the chance of a veto. apart: a voter to leave out (the chair,
    to be treated apart), or -1.
    """
    rows, lanes = voters.chance.shape
    total = 0
    for i in range(rows):
        total += voters.adds[i].max()
    distribution, yes, no = np.zeros((total + 1, lanes)), np.empty(lanes), np.empty(lanes)
    distribution[0, :] = 1.0
    reached = 0
    for i in range(rows):
        if i != apart:
            says_yes, casts_one, vetoes = voters.chance[i], voters.casts[i], voters.vetoes[i]
            for lane in range(lanes):
                yes[lane] = says_yes[lane] * casts_one[lane]
                no[lane] = 1.0 - (casts_one[lane] if vetoes[lane] == 1 else yes[lane])
            reached += voters.adds[i].max()
            _add_voter(distribution, yes, no, voters.adds[i, 0], reached)
    return distribution


@compiled
def _verdicts(
    procedure: Procedure, counts: int, cast: Ints, chair_yes: int, chair_no: int, chair: int
) -> tuple[Floats, Ints]:
    """The verdict by count of yes and votes cast, (counts, numbers of votes cast), and whose number is which.

    As `_chance_given_chair` has them; only such numbers have a column as are cast in a replicate.
    """
    base, column = votes_a_head(procedure), np.full(cast.max() + 1, -1)
    different = 0
    for number in cast:
        if column[number] < 0:
            column[number] = different
            different += 1
    out = np.zeros((counts, different))
    for number in range(column.size):
        if column[number] >= 0:
            for y in range(min((number + 1) * base, counts)):
                yes, heads = (y + chair_yes) // base, (y + chair_yes) % base
                out[y, column[number]] = verdict(procedure, yes, number - y // base + chair_no, heads, chair)
    return out, column[cast]


@compiled
def _chance_given_chair(
    procedure: Procedure, distribution: Floats, cast: Ints, chair_yes: int, chair_no: int, chair: int
) -> Floats:
    """P(carried) with the chair's vote given.

    cast: (replicates,), votes cast by the others. chair_yes: what the chair adds to the count of yes; chair_no: to the
    votes no.
    """
    counts, lanes = distribution.shape
    verdicts, column = _verdicts(procedure, counts, cast, chair_yes, chair_no, chair)
    out = np.zeros(lanes)
    for y in range(counts):
        here, carried = distribution[y], verdicts[y]
        for lane in range(lanes):
            out[lane] += here[lane] * carried[column[lane]]
    return out


@compiled
def _chance_of_carrying(procedure: Procedure, voters: Voters, taken: Ints, chair: int) -> Floats:
    """The same where the memory holds the distributions of all replicates at once."""
    lanes, base = taken.size, votes_a_head(procedure)
    apart = chair if procedure.ties == TIE_TO_CHAIR else -1
    distribution, cast = distribution_of_yes(voters, apart), np.zeros(lanes, np.int64)
    for i in range(voters.chance.shape[0]):
        if i != apart:
            casts_one, counts = voters.casts[i], voters.adds[i]
            for lane in range(lanes):
                cast[lane] += counts[lane] // base if casts_one[lane] > 0.0 else 0
    if apart < 0:
        out = _chance_given_chair(procedure, distribution, cast, 0, 0, 0)
    else:
        own, votes = voters.adds[apart, 0], voters.adds[apart, 0] // base
        yes = _chance_given_chair(procedure, distribution, cast, own, 0, 1)
        no = _chance_given_chair(procedure, distribution, cast, 0, votes, -1)
        silent = _chance_given_chair(procedure, distribution, cast, 0, 0, 0)
        out = np.empty(lanes)
        for lane in range(lanes):
            p = voters.chance[apart, lane]
            rejects = 0.0 if voters.vetoes[apart, lane] == 1 else (1.0 - p) * no[lane]
            out[lane] = p * yes[lane] + rejects if voters.casts[apart, lane] > 0.0 else silent[lane]
    for lane in range(lanes):
        if not is_quorate(procedure, taken[lane]):
            out[lane] = 0.0
    return out


@compiled
def chance_of_carrying(procedure: Procedure, voters: Voters, taken: Ints, chair: int) -> Floats:
    """P(carried), (replicates,), over the votes of those who take part.

    taken: (replicates,), seats taken. chair: row of the chair among the voters, or -1.
    """
    counts, lanes = counted(procedure, procedure.all_votes, procedure.seats) + 1, taken.size
    if counts * lanes <= CELLS:
        return _chance_of_carrying(procedure, voters, taken, chair)
    out, some = np.empty(lanes), max(CELLS // counts, 1)
    for start in range(0, lanes, some):
        stop = min(start + some, lanes)
        part = Voters(
            voters.chance[:, start:stop].copy(),
            voters.casts[:, start:stop].copy(),
            voters.adds[:, start:stop].copy(),
            voters.vetoes[:, start:stop].copy(),
        )
        out[start:stop] = _chance_of_carrying(procedure, part, taken[start:stop].copy(), chair)
    return out
