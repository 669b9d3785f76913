"""How votes become a decision, and the exact distribution of it.

Votes are counted in whole numbers, so a member may have several; fractions of votes are counted in units. A decision
needs the quorum; without it the motion is not carried.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled, compiled_apart
from sim.model.rules.voting import NO, WAS_ABSENT, YES

SIMPLE, ABSOLUTE, QUALIFIED_OF_CAST, QUALIFIED_OF_MEMBERS, UNANIMITY, PLURALITY, RUN_OFF = range(7)
TIE_REJECTED, TIE_CARRIED, TIE_TO_CHAIR, TIE_TO_LOT = range(4)

#: The words of a scenario.
MAJORITIES = {
    ("simple", "cast"): SIMPLE,
    ("absolute", "cast"): ABSOLUTE,
    ("qualified", "cast"): QUALIFIED_OF_CAST,
    ("qualified", "members"): QUALIFIED_OF_MEMBERS,
    ("unanimity", "cast"): UNANIMITY,
}
#: How one of several motions wins.
WAYS = {"plurality": PLURALITY, "run-off": RUN_OFF}
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
    """Those who vote, alone or as one, each a row, (voters, replicates).

    chance: of a yes. casts: 1 for who votes yes or no, else 0. adds: what their yes adds to the count, as `counted`
    has it; a bloc adds more where more of it are there. vetoes: 1 for who has a veto, else 0. are_even: (voters,), 1
    for whose yes adds as much in all replicates.
    """

    chance: Floats
    casts: Floats
    adds: Ints
    vetoes: Bytes
    are_even: Bytes


@compiled
def _add_voter(distribution: Floats, yes: Floats, no: Floats, count: int, reached: int) -> None:
    """Adds a voter to the distribution of a count, which has reached so much with them.

    yes, no: chances, (replicates,). count: what a yes adds.
    """
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
def _add_bloc(distribution: Floats, yes: Floats, no: Floats, adds: Ints, reached: int) -> None:
    """The same of a voter whose yes adds more in some replicates than in others, (replicates,)."""
    for y in range(reached, -1, -1):
        here = distribution[y]
        for lane in range(yes.size):
            before = distribution[y - adds[lane], lane] if y >= adds[lane] else 0.0
            here[lane] = here[lane] * no[lane] + before * yes[lane]


@compiled
def _most_added(voters: Voters, row: int) -> int:
    """The most that a voter's yes adds to the count."""
    most: int = voters.adds[row, 0] if voters.are_even[row] == 1 else voters.adds[row].max()
    return most


@compiled
def distribution_of_yes(voters: Voters, apart: int) -> Floats:
    """The distribution of the count of yes where nobody vetoes, (all votes + 1, replicates).

    A Poisson binomial, exactly; what is lacking to 1 is the chance of a veto. apart: a voter to leave out (the chair,
    to be treated apart), or -1.
    """
    rows, lanes = voters.chance.shape
    total = 0
    for i in range(rows):
        total += _most_added(voters, i)
    distribution, yes, no = np.zeros((total + 1, lanes)), np.empty(lanes), np.empty(lanes)
    distribution[0, :] = 1.0
    reached = 0
    for i in range(rows):
        if i != apart:
            says_yes, casts_one, vetoes = voters.chance[i], voters.casts[i], voters.vetoes[i]
            for lane in range(lanes):
                yes[lane] = says_yes[lane] * casts_one[lane]
                no[lane] = 1.0 - (casts_one[lane] if vetoes[lane] == 1 else yes[lane])
            reached += _most_added(voters, i)
            if voters.are_even[i] == 1:
                _add_voter(distribution, yes, no, voters.adds[i, 0], reached)
            else:
                _add_bloc(distribution, yes, no, voters.adds[i], reached)
    return distribution


@compiled
def _verdicts(procedure: Procedure, counts: int, cast: Ints, chair: int) -> tuple[Floats, Ints]:
    """The verdict by count of yes and votes cast, (counts, numbers of votes cast), and whose number is which.

    cast: (replicates,); only such numbers have a column as are cast in one. chair: the chair's own vote.
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
                out[y, column[number]] = verdict(procedure, y // base, number - y // base, y % base, chair)
    return out, column[cast]


@compiled
def _chance_given_chair(procedure: Procedure, distribution: Floats, cast: Ints, chair: int) -> Floats:
    """P(carried), (replicates,), with the chair's own vote given. cast: (replicates,), all votes cast."""
    counts, lanes = distribution.shape
    verdicts, column = _verdicts(procedure, counts, cast, chair)
    out = np.zeros(lanes)
    for y in range(counts):
        here, carried = distribution[y], verdicts[y]
        for lane in range(lanes):
            out[lane] += here[lane] * carried[column[lane]]
    return out


@compiled
def _chance_with_chair(
    procedure: Procedure, voters: Voters, distribution: Floats, cast: Ints, tally: Tally, apart: int
) -> Floats:
    """P(carried), (replicates,), where the chair decides ties: their yes, their no, or neither.

    distribution, cast: those of the others. apart: the row of the chair, or of their bloc. A chair who is not there
    when their bloc votes decides no tie.
    """
    lanes, base, without = cast.size, votes_a_head(procedure), _chance_given_chair(procedure, distribution, cast, 0)
    all_cast, sure, never = np.empty(lanes, np.int64), np.ones(lanes), np.zeros(lanes)
    for lane in range(lanes):
        all_cast[lane] = cast[lane] + voters.adds[apart, lane] // base
    no = _chance_given_chair(procedure, distribution, all_cast, -1)
    _add_bloc(distribution, sure, never, voters.adds[apart], distribution.shape[0] - 1)
    yes = _chance_given_chair(procedure, distribution, all_cast, 1)
    away = _chance_given_chair(procedure, distribution, all_cast, 0)
    out = np.empty(lanes)
    for lane in range(lanes):
        p = voters.chance[apart, lane]
        says_yes = yes[lane] if tally.chair[lane] != 0 else away[lane]
        rejects = 0.0 if voters.vetoes[apart, lane] == 1 else (1.0 - p) * no[lane]
        out[lane] = p * says_yes + rejects if voters.casts[apart, lane] > 0.0 else without[lane]
    return out


@compiled
def _chance_of_carrying(procedure: Procedure, voters: Voters, tally: Tally, chair: int) -> Floats:
    """As `chance_of_carrying`, where the memory holds the distributions of all replicates at once."""
    lanes, base = tally.seats_taken.size, votes_a_head(procedure)
    apart = chair if procedure.ties == TIE_TO_CHAIR else -1
    distribution, cast = distribution_of_yes(voters, apart), np.zeros(lanes, np.int64)
    for i in range(voters.chance.shape[0]):
        if i != apart:
            casts_one, adds = voters.casts[i], voters.adds[i]
            for lane in range(lanes):
                cast[lane] += adds[lane] // base if casts_one[lane] > 0.0 else 0
    if apart < 0:
        out = _chance_given_chair(procedure, distribution, cast, 0)
    else:
        out = _chance_with_chair(procedure, voters, distribution, cast, tally, apart)
    for lane in range(lanes):
        if not is_quorate(procedure, tally.seats_taken[lane]):
            out[lane] = 0.0
    return out


@compiled
def some_of(voters: Voters, tally: Tally, start: int, stop: int) -> tuple[Voters, Tally]:
    """The same voters, and the tally of their votes, in the replicates from `start` to before `stop`."""
    lanes = slice(start, stop)
    return Voters(
        voters.chance[:, lanes].copy(),
        voters.casts[:, lanes].copy(),
        voters.adds[:, lanes].copy(),
        voters.vetoes[:, lanes].copy(),
        voters.are_even,
    ), Tally(
        tally.yes[lanes],
        tally.no[lanes],
        tally.heads[lanes],
        tally.seats_taken[lanes],
        tally.chair[lanes],
        tally.vetoes[lanes],
    )


@compiled_apart("float64[::1]")
def chance_of_carrying(procedure: Procedure, voters: Voters, tally: Tally, chair: int) -> Floats:
    """P(carried), (replicates,), over the votes of those who take part.

    tally: of the votes as they fell, for who takes part. chair: row of the chair, or of their bloc, or -1.
    """
    counts, lanes = counted(procedure, procedure.all_votes, procedure.seats) + 1, tally.seats_taken.size
    if counts * lanes <= CELLS:
        return _chance_of_carrying(procedure, voters, tally, chair)
    out, some = np.empty(lanes), max(CELLS // counts, 1)
    for start in range(0, lanes, some):
        stop = min(start + some, lanes)
        part, theirs = some_of(voters, tally, start, stop)
        out[start:stop] = _chance_of_carrying(procedure, part, theirs, chair)
    return out
