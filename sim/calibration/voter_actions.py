"""What the voters of a ballot may do, alone or as blocs, and what of it is known by name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled
from sim.model.rules.blocs import Chances, members_of, votes_of_bloc
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, YES

#: A probability below this counts as none: one divided by it would not be a number.
SMALLEST = float(np.finfo(np.float64).tiny)


class Electors(NamedTuple):
    """Who may vote in a ballot, (voters,) each: votes, 1 for who has a veto, whose bloc, and the chair or -1."""

    votes: Ints
    vetoes: Bytes
    bloc: Ints
    chair: int


class Counts(NamedTuple):
    """How counts are told apart.

    a_yes, a_no: what one vote is in the count of yes and in that of no. In the one it is told from the heads, as
    `decisions.votes_a_head` says, and in the other from the vetoes. most: (3,), the largest counts that need to be told
    apart, of yes, of no and of abstentions: the documented ones, or all. abstentions: whether they are counted at all.
    """

    a_yes: int
    a_no: int
    most: Ints
    abstentions: bool


class Actions(NamedTuple):
    """All that voters may do that is counted, voter after voter; a bloc is one, where its first member is.

    first: (voters + 1,), where the actions of each begin. adds: (actions, 3), what an action adds to the count of yes,
    to that of no, and to the votes abstaining. chair: (actions,), 1 where the chair says yes by it, -1 where no.
    chance: (actions, replicates). nothing: (voters, replicates), the chance of an act that adds to no count.
    """

    first: Ints
    adds: Ints
    chair: Ints
    chance: Floats
    nothing: Floats


@compiled
def _sums(adds: Ints) -> Ints:
    """The sums above 0 of some of these numbers, each once, in order."""
    is_sum = np.zeros(adds.sum() + 1, np.bool_)
    is_sum[0] = True
    for add in adds:
        for there in range(is_sum.size - 1, add - 1, -1):
            is_sum[there] = is_sum[there] or is_sum[there - add]
    return np.flatnonzero(is_sum)[1:]


@compiled
def _adds_of_members(electors: Electors, members: Ints, counts: Counts) -> Ints:
    """What each of a bloc is there with, as one whole number: votes, heads, vetoes, and whether they are the chair."""
    out = np.empty(members.size, np.int64)
    for k in range(members.size):
        of_yes = electors.votes[members[k]] * counts.a_yes + (1 if counts.a_yes > 1 else 0)
        chairs = 1 if members[k] == electors.chair else 0
        out[k] = 2 * (of_yes * counts.a_no + electors.vetoes[members[k]]) + chairs
    return out


@compiled
def no_actions(electors: Electors, counts: Counts, lanes: int) -> Actions:
    """Room for what the voters may do, with what each action adds, and no chances yet."""
    voters = electors.bloc.size
    first = np.zeros(voters + 1, np.int64)
    for k in range(voters):
        members = members_of(electors.bloc, k)
        ways = _sums(_adds_of_members(electors, members, counts)).size if members.size > 1 else members.size
        first[k + 1] = first[k] + 3 * ways
    adds, chair = np.zeros((first[voters], 3), np.int64), np.zeros(first[voters], np.int64)
    for k in range(voters):
        members = members_of(electors.bloc, k)
        together = _adds_of_members(electors, members, counts)
        for way, there in enumerate(_sums(together)):
            of_yes, vetoes, chairs = there // 2 // counts.a_no, there // 2 % counts.a_no, there % 2
            votes, row = of_yes // counts.a_yes, first[k] + 3 * way
            adds[row, 0], adds[row + 1, 1], adds[row + 2, 2] = of_yes, votes * counts.a_no + vetoes, votes
            chair[row], chair[row + 1] = chairs, -chairs
    return Actions(first, adds, chair, np.zeros((first[voters], lanes)), np.zeros((voters, lanes)))


@compiled
def _act_alone(actions: Actions, k: int, chances: Chances, vote: int, counts: Counts) -> Floats:
    """Writes what somebody may do; returns the probability of their vote if it is known, which is then certain."""
    first, lanes = actions.first[k], chances.yes.shape[1]
    did = np.ones(lanes)
    for lane in range(lanes):
        yes, no, abstain = chances.yes[k, lane], chances.no[k, lane], chances.abstain[k, lane]
        if vote != NO_VOTE:
            did[lane] = yes if vote == YES else no if vote == NO else abstain
            yes, no = 1.0 if vote == YES else 0.0, 1.0 if vote == NO else 0.0
            abstain = 1.0 if vote == ABSTAINED else 0.0
        actions.chance[first, lane], actions.chance[first + 1, lane] = yes, no
        stays = 1.0 - yes - no
        if counts.abstentions:
            actions.chance[first + 2, lane] = abstain
            stays -= abstain
        actions.nothing[k, lane] = max(stays, 0.0)
    return did


@compiled
def _act_as_one(
    actions: Actions, electors: Electors, members: Ints, chances: Chances, known: Bytes, counts: Counts
) -> Floats:
    """The same of a bloc: whoever's vote is known was there, and all of the bloc voted so."""
    lanes = chances.yes.shape[1]
    away, cast = chances.away[members], np.ones(3)
    for k in range(members.size):
        vote = known[members[k]]
        if vote != NO_VOTE:
            away[k, :] = 0.0
            cast *= np.array([vote == YES, vote == NO, vote == ABSTAINED]).astype(np.float64)
    adds, first = _adds_of_members(electors, members, counts), actions.first[members[0]]
    own = Chances(chances.yes[members], chances.no[members], chances.abstain[members], away)
    law, did = votes_of_bloc(own, adds), np.zeros(lanes)
    for row in range(3):
        for there in range(law.shape[1]):
            for lane in range(lanes):
                law[row, there, lane] *= cast[row]
                did[lane] += law[row, there, lane]
    is_known = cast.sum() < 3.0
    for lane in range(lanes):
        scale = 1.0 if not is_known else 1.0 / did[lane] if did[lane] >= SMALLEST else 0.0
        did[lane] = did[lane] if is_known else 1.0
        actions.nothing[members[0], lane] = scale * law[2, 0, lane]
        for way, there in enumerate(_sums(adds)):
            row, silent = first + 3 * way, scale * law[2, there, lane]
            actions.chance[row, lane] = scale * law[0, there, lane]
            actions.chance[row + 1, lane] = scale * law[1, there, lane]
            if counts.abstentions:
                actions.chance[row + 2, lane] = silent
            else:
                actions.nothing[members[0], lane] += silent
    return did


@compiled
def act(actions: Actions, electors: Electors, chances: Chances, known: Bytes, counts: Counts) -> Floats:
    """Writes what the voters may do, given the votes known by name, and returns the probability of these.

    (replicates,). chances: of each member's own choice. known: (voters,), codes of votes, or `NO_VOTE`.
    """
    out = np.ones(chances.yes.shape[1])
    for k in range(electors.bloc.size):
        members = members_of(electors.bloc, k)
        if members.size == 1:
            out *= _act_alone(actions, members[0], chances, known[k], counts)
        elif members.size > 1:
            out *= _act_as_one(actions, electors, members, chances, known, counts)
    return out
