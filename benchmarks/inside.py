"""Where the ensemble's time goes: one chunk on one thread, each part played alone many times over.

The parts are the very functions of the engine, called over the lanes as the engine calls them. Their sum and the
whole need not agree to the last per cent: alone, a part has the caches to itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray

from sim.ensembles import summary
from sim.ensembles.batch import Work, snapshots
from sim.ensembles.summary import Summary
from sim.model import priors, random_streams
from sim.model.arrays import KINDS, arrays_of
from sim.model.dynamics import NO_BLOCK, World, begin, empty_ballot, play_moment
from sim.model.plan import ABSENCE_BEGINS, ABSENCE_ENDS, BALLOT, EVENT, LETTER, ONE, TALK, WEEK, Plan
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LANES = summary.LANES
SEED = 1922


def world_of(scenario: Scenario, runs: int, seed: int, follows_record: bool = True) -> tuple[World, Floats]:
    """What histories 0 to `runs` - 1 are played with, and their first stances."""
    words, replicates = random_streams.seed_words(seed), np.arange(runs, dtype=np.uint64)
    parameters, first = priors.of_replicates(priors.laws(scenario.debate), words, replicates)
    return World(parameters, replicates, words, follows_record), first


@numba.njit(nogil=True, error_model="numpy")
def _play_kinds(plan_: Plan, electors: int, world: World, first: Floats, is_wanted: Flags) -> float:
    """Plays the moments whose kind is wanted, and no others, in all lanes."""
    total = 0.0
    for start in range(0, world.replicate.size, LANES):
        stop = min(start + LANES, world.replicate.size)
        parameters = world.parameters[:, start:stop].copy()
        lanes = World(parameters, world.replicate[start:stop], world.seed, world.follows_record)
        state = begin(plan_, first[:, start:stop].copy())
        left = empty_ballot(plan_, electors, stop - start)
        for moment in range(plan_.moments.size):
            if is_wanted[plan_.moments.kind[moment]]:
                play_moment(plan_, state, lanes, moment, left)
        total += state.stance[0, 0]
    return total


@numba.njit(nogil=True, error_model="numpy")
def _count(plan_: Plan, electors: int, world: World, first: Floats, into: Summary, snapshots_: int) -> None:
    """Takes as many snapshots of all lanes as a history has, at its beginning."""
    for start in range(0, world.replicate.size, LANES):
        stop = min(start + LANES, world.replicate.size)
        state = begin(plan_, first[:, start:stop].copy())
        for snapshot in range(snapshots_):
            summary.take_snapshot(plan_, state, into, snapshot)


@numba.njit(nogil=True, error_model="numpy")
def _count_ballots(plan_: Plan, electors: int, world: World, first: Floats, into: Summary) -> None:
    """Counts the votes of all lanes."""
    for start in range(0, world.replicate.size, LANES):
        stop = min(start + LANES, world.replicate.size)
        state = begin(plan_, first[:, start:stop].copy())
        left = empty_ballot(plan_, electors, stop - start)
        summary.count_ballots(plan_, state, left, into, start)


@numba.njit(nogil=True, error_model="numpy")
def _draw(plan_: Plan, world: World) -> float:
    """Draws everything that the moments of a plan draw, in all lanes, and does nothing with it.

    Normal numbers of a member's four weeks; whether he comes to a sitting; how he votes; a ballot's lot.
    """
    moments = plan_.moments
    seen = 0.0
    for start in range(0, world.replicate.size, LANES):
        replicate = world.replicate[start : min(start + LANES, world.replicate.size)]
        drawn, normals = np.empty((4, replicate.size), np.uint32), np.empty((4, replicate.size), np.float32)
        uniforms = np.empty(replicate.size)
        block = NO_BLOCK
        for moment in range(moments.size):
            kind, key = moments.kind[moment], moments.key[moment]
            if kind == WEEK and key != block:
                block = key
                for i in range(plan_.members.size):
                    random_streams.draw(drawn, world.seed, replicate, key, random_streams.WEEK, plan_.members.key[i])
                    random_streams.to_normals(drawn, normals)
                    seen += drawn[0, 0]
            if (kind == TALK or kind == BALLOT) and moments.attendance[moment] != ONE:
                for row in range(moments.first_who[moment], moments.last_who[moment]):
                    if plan_.is_sure[row] == 0 and moments.by_name[moment] == 0:
                        who = plan_.members.key[plan_.who[row]]
                        random_streams.draw_uniforms(
                            uniforms, world.seed, replicate, moments.session[moment], random_streams.ATTENDANCE, who
                        )
                        seen += uniforms[0]
            if kind == BALLOT:
                for row in range(moments.first_who[moment], moments.last_who[moment]):
                    who = plan_.members.key[plan_.who[row]]
                    random_streams.draw_uniforms(uniforms, world.seed, replicate, key, random_streams.VOTE, who)
                    seen += uniforms[0]
                random_streams.draw_uniforms(uniforms, world.seed, replicate, key, random_streams.LOT, 0)
                seen += uniforms[0]
    return seen


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def parts(scenario: Scenario, runs: int) -> dict[str, Callable[[], object]]:
    """The parts of a chunk by name, each ready to be timed; `a whole chunk` is all of them as the ensemble does it."""
    plan, names = arrays_of(scenario)
    electors, when = len(names.electors), snapshots(scenario)
    world, first = world_of(scenario, runs, SEED)
    ids, laws = world.replicate, priors.laws(scenario.debate)
    into = summary.empty(plan, electors, len(when.dates), runs)
    work = Work(scenario, SEED, True, {})
    kinds = {"weeks": [WEEK], "letters": [LETTER], "talks": [TALK], "ballots": [BALLOT]}
    there = set(plan.moments.kind.tolist())

    def of_kinds(wanted: list[int]) -> Callable[[], object]:
        flags = np.isin(np.arange(len(KINDS)), wanted)
        return lambda: _play_kinds(plan, electors, world, first, flags)

    return {
        "a whole chunk": lambda: work.chunk(ids),
        "parameters and first stances": lambda: priors.of_replicates(laws, world.seed, ids),
        **{name: of_kinds(wanted) for name, wanted in kinds.items() if there & set(wanted)},
        "other moments": of_kinds([ABSENCE_BEGINS, ABSENCE_ENDS, EVENT]),
        "stances by date": lambda: _count(plan, electors, world, first, into, len(when.dates)),
        "votes": lambda: _count_ballots(plan, electors, world, first, into),
        "luck": lambda: _draw(plan, world),
    }


#: What a chunk is the sum of; the luck is inside weeks, talks and ballots.
DISJOINT = (
    "parameters and first stances", "weeks", "letters", "talks", "ballots", "other moments", "stances by date", "votes",
)  # fmt: skip


@numba.njit(nogil=True, error_model="numpy")
def _talk_only(plan_: Plan, world: World, first: Floats, times: int) -> float:
    """Plays the talks of a plan several times over, in one group of lanes."""
    state = begin(plan_, first.copy())
    left = empty_ballot(plan_, 0, first.shape[1])
    for _ in range(times):
        for moment in range(plan_.moments.size):
            if plan_.moments.kind[moment] == TALK:
                play_moment(plan_, state, world, moment, left)
    return state.stance[0, 0]


def talk(scenario: Scenario) -> Callable[[int], object]:
    """The talks of a scenario in one group of lanes, to be played a number of times over."""
    plan, _ = arrays_of(scenario)
    world, first = world_of(scenario, LANES, SEED)
    return lambda times: _talk_only(plan, world, first, times)
