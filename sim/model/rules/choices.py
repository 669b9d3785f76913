"""One of several motions: everybody votes for one, and the exact chance that each of them wins.

PLURALITY: the motion with the most votes wins. RUN_OFF: one with more than half of the votes cast wins at once; else
there is a second vote between the two with the most, of equals those listed first (assumed), and the same people vote
in it. A tie at the end is nobody's, or is decided by lot. Without the quorum nothing is decided.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.array_types import Floats, Ints
from sim.model.jit import compiled
from sim.model.rules.decisions import RUN_OFF, TIE_TO_LOT, Procedure, Voters, distribution_of_yes

#: No motion has won.
NONE = -1


class Votes(NamedTuple):
    """How people vote among several motions, given their opinions.

    chance: (motions, voters, replicates), of a vote for each, if they cast one. casts: (voters, replicates), 1 for who
    casts one. silent: the same shape, the chance of abstaining from indifference. before: (motions, motions, voters,
    replicates), the chance that they vote for the first of two in a second vote. votes: (voters,), how many each has.
    """

    chance: Floats
    casts: Floats
    silent: Floats
    before: Floats
    votes: Ints


@compiled
def counts_told_apart(motions: int, total: int) -> int:
    """How many counts of the votes for all motions but the last there are, of so many votes at most."""
    out = 1
    for _ in range(motions - 1):
        out *= total + 1
    return out


@compiled
def shares(procedure: Procedure, counts: Ints, first: Floats) -> Floats:
    """The probability that each motion wins, (motions,), given the votes for each.

    first: (motions, motions), that the first of two wins a second vote between them.
    """
    out, cast, best = np.zeros(counts.size), 0, 0
    for k in range(counts.size):
        cast += counts[k]
        if counts[k] > counts[best]:
            best = k
    most = counts[best]
    if most == 0:
        return out
    if procedure.majority == RUN_OFF and 2 * most <= cast:
        second = 1 if best == 0 else 0
        for k in range(counts.size):
            if k != best and counts[k] > counts[second]:
                second = k
        out[best], out[second] = first[best, second], first[second, best]
        return out
    ties = 0
    for k in range(counts.size):
        ties += 1 if counts[k] == most else 0
    for k in range(counts.size):
        if counts[k] == most and (ties == 1 or procedure.ties == TIE_TO_LOT):
            out[k] = 1.0 / ties
    return out


@compiled
def _votes_cast(cast: Votes) -> Ints:
    """How many votes are cast, (replicates,)."""
    out = np.zeros(cast.casts.shape[1], np.int64)
    for k in range(cast.votes.size):
        for lane in range(out.size):
            out[lane] += cast.votes[k] if cast.casts[k, lane] > 0.0 else 0
    return out


@compiled
def _seconds(procedure: Procedure, cast: Votes) -> Floats:
    """The probability that the first of two motions wins a second vote, (motions, motions, replicates)."""
    motions, voters, lanes = cast.chance.shape
    out, there = np.zeros((motions, motions, lanes)), _votes_cast(cast)
    adds, vetoes = np.empty((voters, lanes), np.int64), np.zeros((voters, lanes), np.int8)
    are_even = np.ones(voters, np.int8)
    for k in range(voters):
        adds[k, :] = cast.votes[k]
    for one in range(motions if procedure.majority == RUN_OFF else 0):
        for other in range(one + 1, motions):
            yes = distribution_of_yes(Voters(cast.before[one, other], cast.casts, adds, vetoes, are_even), -1)
            for n in range(yes.shape[0]):
                for lane in range(lanes):
                    rest = there[lane] - n
                    tied = 0.5 if n == rest and n > 0 and procedure.ties == TIE_TO_LOT else 0.0
                    out[one, other, lane] += yes[n, lane] * (1.0 if n > rest else tied)
                    out[other, one, lane] += yes[n, lane] * (1.0 if n < rest else tied)
    return out


@compiled
def distribution_of_votes(cast: Votes) -> Floats:
    """The distribution of the votes for all motions but the last, (counts, replicates), exactly.

    A count is a number whose digits, to the base of all votes + 1, are the votes for each, the first the lowest.
    """
    motions, voters, lanes = cast.chance.shape
    total = cast.votes.sum()
    base, counts = total + 1, counts_told_apart(motions, total)
    out, stays = np.zeros((counts, lanes)), np.empty(lanes)
    out[0, :] = 1.0
    for k in range(voters):
        n = cast.votes[k]
        for lane in range(lanes):
            other = 1.0 if cast.casts[k, lane] <= 0.0 else cast.chance[motions - 1, k, lane]
            stays[lane] = other
        for count in range(counts - 1, -1, -1):
            here, step, rest = out[count], 1, count
            for lane in range(lanes):
                here[lane] *= stays[lane]
            for motion in range(motions - 1):
                if rest % base >= n:
                    earlier, chance = out[count - n * step], cast.chance[motion, k]
                    for lane in range(lanes):
                        here[lane] += earlier[lane] * chance[lane] * cast.casts[k, lane]
                rest //= base
                step *= base
    return out


@compiled
def chances_of_winning(procedure: Procedure, cast: Votes, quorate: NDArray[np.bool_], counted: Ints) -> Floats:
    """The probability that each motion wins, (motions, replicates), together with counts that are known.

    quorate: (replicates,), whether enough seats are taken. counted: (motions,), the votes for each that a source has,
    or -1.
    """
    motions, _, lanes = cast.chance.shape
    base, distribution, seconds = cast.votes.sum() + 1, distribution_of_votes(cast), _seconds(procedure, cast)
    out, counts, there = np.zeros((motions, lanes)), np.zeros(motions, np.int64), _votes_cast(cast)
    for count in range(distribution.shape[0]):
        rest, known = count, 0
        for motion in range(motions - 1):
            counts[motion] = rest % base
            known += counts[motion]
            rest //= base
        for lane in range(lanes):
            counts[motions - 1] = there[lane] - known
            agrees = distribution[count, lane] > 0.0 and quorate[lane]
            for motion in range(motions):
                agrees = agrees and (counted[motion] < 0 or counted[motion] == counts[motion])
            if agrees:
                won = shares(procedure, counts, seconds[:, :, lane])
                for motion in range(motions):
                    out[motion, lane] += distribution[count, lane] * won[motion]
    return out


@compiled
def winner(procedure: Procedure, counts: Ints, second: Ints, lot: float) -> int:
    """The motion that wins, or `NONE`. counts: (motions,), votes for each.

    second: (motions, motions), the votes that each would get against each other in a second vote. lot: in (0, 1).
    """
    motions = counts.size
    first = np.zeros((motions, motions))
    for one in range(motions):
        for other in range(motions):
            if one != other:
                tied = 0.5 if second[one, other] > 0 and procedure.ties == TIE_TO_LOT else 0.0
                is_tied = second[one, other] == second[other, one]
                first[one, other] = tied if is_tied else 1.0 if second[one, other] > second[other, one] else 0.0
    each, below = shares(procedure, counts, first), 0.0
    for motion in range(motions):
        below += each[motion]
        if lot < below:
            return motion
    return NONE
