"""Worlds that begin alike, on common random numbers: what they have in common is played once.

Two moments are alike if all that the core reads to play them is; so the states that they lead to have the same bits
in every world that has had the same moments, the same parameters and the same first stances until then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import NamedTuple

import numpy as np
from numpy.lib.recfunctions import repack_fields

from sim.model.array_types import Ints
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.state import Inputs, State, VoteRecord, begin, empty_votes

#: Where the content of a moment lies in other tables; what lies there is compared instead.
_SLICES = ("first_who", "last_who", "first_if", "last_if")


class World(NamedTuple):
    """What is played of a plan: the rows of its moments, and the `marks` of these."""

    plan: Plan
    rows: Ints
    marks: Ints


class Branch(NamedTuple):
    """Worlds that have everything in common so far. rows: moments of `plan` to play now, which all of them have next.

    ended: the numbers of the worlds that then end. branches: the others, by what they have next.
    """

    plan: Plan
    rows: Ints
    ended: tuple[int, ...]
    branches: tuple[Branch, ...]


def beginning(plan: Plan) -> bytes:
    """What every moment of a plan depends on: the same for plans that can have moments in common."""
    tables = (plan.members, plan.rules, plan.listening, plan.by_authority, plan.pair_key)
    return hashlib.sha256(b"".join(np.asarray(table).tobytes() for table in tables)).digest()


def marks(plan: Plan) -> Ints:
    """A number for each moment, (moments,): the same, in whichever plan, for moments that are played alike."""
    common = hashlib.blake2b(beginning(plan), digest_size=8)
    own = repack_fields(np.asarray(plan.moments)[[name for name in plan.moments.dtype.names if name not in _SLICES]])
    found = np.empty(len(plan.moments), np.int64)
    for row, moment in enumerate(np.asarray(plan.moments)):
        digest, who = common.copy(), slice(moment["first_who"], moment["last_who"])
        digest.update(own[row].tobytes())
        for table in (plan.who[who], plan.attending[who], plan.votes[who], plan.seats[who]):
            digest.update(table.tobytes())
        digest.update(np.asarray(plan.conditions)[moment["first_if"] : moment["last_if"]].tobytes())
        digest.update(np.asarray(plan.effects)[plan.effects.moment == row].tobytes())
        if moment["ballot"] >= 0:
            ballot = np.asarray(plan.ballots)[moment["ballot"]]
            digest.update(ballot.tobytes())
            digest.update(np.asarray(plan.rivals)[ballot["first_rival"] : ballot["last_rival"]].tobytes())
            for own_table in (plan.withholding, plan.vetoes, plan.bloc):
                digest.update(own_table[ballot["first_elector"] :][: who.stop - who.start].tobytes())
        found[row] = np.frombuffer(digest.digest(), np.int64)[0]
    return found


def with_strength(world: World, moment: int, strength: float) -> World:
    """A world in which a letter, by the row of its moment in the plan, has another strength."""
    moments = world.plan.moments.copy()
    moments.strength[moment] = strength
    plan, known, at = world.plan._replace(moments=moments), world.marks.copy(), world.rows == moment
    known[at] = marks(plan._replace(moments=moments[world.rows[at]]))
    return World(plan, world.rows, known)


def alike(one: Ints, other: Ints) -> int:
    """How many moments two worlds have in common from the beginning on, by their marks."""
    size = min(one.size, other.size)
    differs = np.flatnonzero(one[:size] != other[:size])
    return int(differs[0]) if differs.size else size


def branched(worlds: Sequence[World], numbers: Sequence[int], start: int = 0) -> Branch:
    """The worlds of these numbers, which have their first `start` moments in common, by what they have after them."""
    first = worlds[numbers[0]]
    stop = min(alike(first.marks, worlds[number].marks) for number in numbers)
    following: dict[int, list[int]] = {}
    for number in numbers:
        if worlds[number].marks.size > stop:
            following.setdefault(int(worlds[number].marks[stop]), []).append(number)
    ended = tuple(number for number in numbers if worlds[number].marks.size == stop)
    branches = tuple(branched(worlds, group, stop) for group in following.values())
    return Branch(first.plan, first.rows[start:stop], ended, branches)


@compiled
def play_moments(plan: Plan, rows: Ints, state: State, inputs: Inputs, votes: VoteRecord) -> None:
    """Plays these moments, one after another."""
    for row in rows:
        play_moment(plan, state, inputs, row, votes)


def play(branch: Branch, inputs: Inputs, ended: Callable[[int, State], None]) -> None:
    """Plays all worlds of a branch from the beginning, and tells `ended` the state in which each ends.

    The plans have the same numbers of ballots and of votes.
    """
    _go_on(branch, begin(branch.plan, inputs.first), inputs, empty_votes(branch.plan, inputs.replicate.size), ended)


def _go_on(
    branch: Branch, state: State, inputs: Inputs, votes: VoteRecord, ended: Callable[[int, State], None]
) -> None:
    play_moments(branch.plan, branch.rows, state, inputs, votes)
    for number in branch.ended:
        ended(number, state)
    for place, one in enumerate(branch.branches, start=1):
        # What was voted is in the state, as far as others need it: the votes are written over.
        own = state if place == len(branch.branches) else deepcopy(state)
        _go_on(one, own, inputs, votes, ended)
