"""Blocs: members who vote as one, as most of those of them who take part want.

A bloc decides among itself by heads: yes if more of its members say yes than no, no if more say no, and otherwise it
abstains. Whoever of it takes part then casts its vote. Assumed: nobody breaks ranks, a reason of one's own to abstain
counts in the bloc's own vote only, and in that each member has one, however many votes their seat has.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled, compiled_apart
from sim.model.rules.decisions import Voters
from sim.model.rules.voting import ABSTAINED, NO, YES, takes_part


class Chances(NamedTuple):
    """What each of some voters may do, (voters, replicates): vote yes, vote no, abstain, or stay away."""

    yes: Floats
    no: Floats
    abstain: Floats
    away: Floats


@compiled
def members_of(bloc: Ints, first: int) -> Ints:
    """The places of those who vote as one. bloc: (voters,), the place of the first of each one's bloc."""
    found, members = 0, np.empty(bloc.size, np.int64)
    for k in range(bloc.size):
        if bloc[k] == first:
            members[found] = k
            found += 1
    return members[:found].copy()


@compiled
def votes_of_bloc(chances: Chances, adds: Ints) -> Floats:
    """How a bloc votes, and with whom: (3, all that its members add + 1, replicates), yes, no and abstaining.

    chances: of each member's own choice. adds: (members,), whole numbers; the second axis is the sum of those of the
    members who take part.
    """
    yes, no, abstain, away = chances
    members, lanes = yes.shape
    law, reached = np.zeros((2 * members + 1, adds.sum() + 1, lanes)), 0
    law[members, 0, :] = 1.0
    for i in range(members):
        after, own = np.zeros(law.shape), adds[i]
        for lead in range(members - i, members + i + 1):
            for there in range(reached + 1):
                here, without, with_them = law[lead, there], after[lead, there], after[lead, there + own]
                more, less = after[lead + 1, there + own], after[lead - 1, there + own]
                for lane in range(lanes):
                    without[lane] += here[lane] * away[i, lane]
                    with_them[lane] += here[lane] * abstain[i, lane]
                    more[lane] += here[lane] * yes[i, lane]
                    less[lane] += here[lane] * no[i, lane]
        law, reached = after, reached + own
    out = np.zeros((3, law.shape[1], lanes))
    for lead in range(law.shape[0]):
        row = 0 if lead > members else 1 if lead < members else 2
        for there in range(law.shape[1]):
            for lane in range(lanes):
                out[row, there, lane] += law[lead, there, lane]
    return out


@compiled
def cast_chances(bloc: Ints, chances: Chances) -> Chances:
    """What each casts, alone or with their bloc, where it is known who takes part: (voters, replicates).

    bloc: (voters,), as for `bind`. chances: of each one's own choice; away is 1 or 0.
    """
    out = Chances(chances.yes.copy(), chances.no.copy(), chances.abstain.copy(), chances.away)
    for first in range(bloc.size):
        members = members_of(bloc, first)
        if members.size > 1:
            own = Chances(chances.yes[members], chances.no[members], chances.abstain[members], chances.away[members])
            law = votes_of_bloc(own, np.zeros(members.size, np.int64))
            for k in members:
                for lane in range(law.shape[2]):
                    there = 1.0 - chances.away[k, lane]
                    out.yes[k, lane], out.no[k, lane] = there * law[0, 0, lane], there * law[1, 0, lane]
                    out.abstain[k, lane] = there * law[2, 0, lane]
    return out


@compiled
def bind(bloc: Ints, vote: Bytes, voters: Voters) -> None:
    """Makes the members of each bloc vote as one.

    bloc: (voters,), the place of the first of each one's bloc. vote: codes, (voters, replicates); each own choice
    becomes the bloc's. voters: the row of a bloc's first becomes that of the bloc, and those of the others nobody's.
    """
    for k in range(bloc.size):
        # The second of a bloc is the first to vote with another; who has none votes as they want.
        if bloc[k] != k and voters.are_even[bloc[k]] == 1:
            _bind(members_of(bloc, bloc[k]), vote, voters)


@compiled_apart()
def _bind(members: Ints, vote: Bytes, voters: Voters) -> None:
    """The same of one bloc."""
    first, lanes = members[0], vote.shape[1]
    shape, lead = (members.size, lanes), np.zeros(lanes, np.int64)
    yes, no, abstain = np.empty(shape), np.empty(shape), np.empty(shape)
    for k in range(members.size):
        own, chance, casts = vote[members[k]], voters.chance[members[k]], voters.casts[members[k]]
        for lane in range(lanes):
            yes[k, lane], no[k, lane] = casts[lane] * chance[lane], casts[lane] * (1.0 - chance[lane])
            abstain[k, lane] = 1.0 - casts[lane]
            lead[lane] += 1 if own[lane] == YES else -1 if own[lane] == NO else 0
    law = votes_of_bloc(Chances(yes, no, abstain, np.zeros(shape)), np.zeros(members.size, np.int64))
    for lane in range(lanes):
        # Given that it does not abstain, as the chance of a member's yes is, given that they do not.
        decided = law[0, 0, lane] + law[1, 0, lane]
        voters.chance[first, lane] = law[0, 0, lane] / decided if decided > 0.0 else 0.0
        voters.casts[first, lane] = 1.0 if lead[lane] != 0 else 0.0
        adds, vetoes = 0, 0
        for k in members:
            if takes_part(vote[k, lane]):
                vote[k, lane] = YES if lead[lane] > 0 else NO if lead[lane] < 0 else ABSTAINED
                adds += voters.adds[k, lane]
                vetoes = max(vetoes, voters.vetoes[k, lane])
            if k != first:
                voters.casts[k, lane], voters.adds[k, lane], voters.vetoes[k, lane] = 0.0, 0, 0
        voters.adds[first, lane], voters.vetoes[first, lane] = adds, vetoes
    voters.are_even[first] = 0
