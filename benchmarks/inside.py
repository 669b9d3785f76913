"""Where the ensemble's time goes: one chunk on one thread, each part played alone many times over.

The parts are the very functions of the engine, called over the lanes as the engine calls them. Their sum and the
whole need not agree to the last per cent: alone, a part has the caches to itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.ensembles import summary
from sim.ensembles.batch import EnsembleWork, counted_after, snapshots
from sim.ensembles.summary import Summary
from sim.model import priors, random_streams
from sim.model.arrays import KINDS, arrays_of
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import ABSENCE_BEGINS, ABSENCE_ENDS, BALLOT, EVENT, LETTER, ONE, TALK, WEEK, Plan
from sim.model.state import NO_BLOCK, Inputs, begin, empty_votes, lanes_of
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LANES = summary.LANES
SEED = 1922


def inputs_of(scenario: Scenario, runs: int, seed: int, follows_record: bool = True) -> Inputs:
    """What histories 0 to `runs` - 1 are played with."""
    words, replicates = random_streams.seed_words(seed), np.arange(runs, dtype=np.uint64)
    parameters, first = priors.of_replicates(priors.of_debate(scenario.debate), words, replicates)
    return Inputs(parameters, first, replicates, words, follows_record)


@compiled
def _play_kinds(plan_: Plan, inputs: Inputs, is_wanted: Flags) -> float:
    """Plays the moments whose kind is wanted, and no others, in all lanes."""
    total = 0.0
    for start in range(0, inputs.replicate.size, LANES):
        stop = min(start + LANES, inputs.replicate.size)
        lanes = lanes_of(inputs, start, stop)
        state, votes = begin(plan_, lanes.first), empty_votes(plan_, stop - start)
        for moment in range(plan_.moments.size):
            if is_wanted[plan_.moments.kind[moment]]:
                play_moment(plan_, state, lanes, moment, votes)
        total += state.stance[0, 0]
    return total


@compiled
def _count(plan_: Plan, inputs: Inputs, into: Summary, moved: Flags) -> None:
    """Takes as many snapshots of all lanes as a history has, at its beginning."""
    for start in range(0, inputs.replicate.size, LANES):
        stop = min(start + LANES, inputs.replicate.size)
        state = begin(plan_, inputs.first[:, start:stop].copy())
        for snapshot in range(moved.shape[0]):
            summary.take_snapshot(plan_, state, into, snapshot, moved[snapshot])


@compiled
def _count_ballots(plan_: Plan, inputs: Inputs, into: Summary) -> None:
    """Counts the votes of all lanes."""
    for start in range(0, inputs.replicate.size, LANES):
        stop = min(start + LANES, inputs.replicate.size)
        state = begin(plan_, inputs.first[:, start:stop].copy())
        votes = empty_votes(plan_, stop - start)
        summary.count_ballots(plan_, state, votes, into, start)


@compiled
def _draw(plan_: Plan, inputs: Inputs) -> float:
    """Draws what the moments of a plan draw where everybody can come, in all lanes, and does nothing with it.

    Normal numbers of a member's four weeks; whether they come to a sitting; how they vote.
    """
    moments = plan_.moments
    seen = 0.0
    for start in range(0, inputs.replicate.size, LANES):
        replicate = inputs.replicate[start : min(start + LANES, inputs.replicate.size)]
        drawn, normals = np.empty((4, replicate.size), np.uint32), np.empty((4, replicate.size), np.float32)
        uniforms = np.empty(replicate.size)
        block = NO_BLOCK
        for moment in range(moments.size):
            kind, key = moments.kind[moment], moments.key[moment]
            if kind == WEEK and key != block:
                block = key
                for i in range(plan_.members.size):
                    random_streams.draw(drawn, inputs.seed, replicate, key, random_streams.WEEK, plan_.members.key[i])
                    random_streams.to_normals(drawn, normals)
                    seen += drawn[0, 0]
            if (kind == TALK or kind == BALLOT) and moments.attendance[moment] != ONE:
                for row in range(moments.first_who[moment], moments.last_who[moment]):
                    if plan_.attending[row] == 0 and moments.by_name[moment] == 0:
                        who = plan_.members.key[plan_.who[row]]
                        random_streams.draw_uniforms(
                            uniforms, inputs.seed, replicate, moments.session[moment], random_streams.ATTENDANCE, who
                        )
                        seen += uniforms[0]
            if kind == BALLOT:
                for row in range(moments.first_who[moment], moments.last_who[moment]):
                    who = plan_.members.key[plan_.who[row]]
                    random_streams.draw_uniforms(uniforms, inputs.seed, replicate, key, random_streams.VOTE, who)
                    seen += uniforms[0]
    return seen


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def parts(scenario: Scenario, runs: int) -> dict[str, Callable[[], object]]:
    """The parts of a chunk by name, each ready to be timed; `a whole chunk` is all of them as the ensemble does it."""
    plan = arrays_of(scenario).plan
    when = counted_after(plan, snapshots(scenario).after)
    inputs = inputs_of(scenario, runs, SEED)
    ids, known = inputs.replicate, priors.of_debate(scenario.debate)
    into = summary.empty(plan, len(when.moved), runs, plan.members.size)
    work = EnsembleWork(scenario, SEED, True, {})
    kinds = {"weeks": [WEEK], "letters": [LETTER], "talks": [TALK], "ballots": [BALLOT]}
    there = set(plan.moments.kind.tolist())

    def of_kinds(wanted: list[int]) -> Callable[[], object]:
        flags = np.isin(np.arange(len(KINDS)), wanted)
        return lambda: _play_kinds(plan, inputs, flags)

    return {
        "a whole chunk": lambda: work.batch(ids),
        "parameters and first stances": lambda: priors.of_replicates(known, inputs.seed, ids),
        **{name: of_kinds(wanted) for name, wanted in kinds.items() if there & set(wanted)},
        "other moments": of_kinds([ABSENCE_BEGINS, ABSENCE_ENDS, EVENT]),
        "stances by date": lambda: _count(plan, inputs, into, when.moved),
        "votes": lambda: _count_ballots(plan, inputs, into),
        "random numbers": lambda: _draw(plan, inputs),
    }


#: What a chunk is the sum of; the random numbers are drawn inside weeks, talks and ballots.
DISJOINT = (
    "parameters and first stances", "weeks", "letters", "talks", "ballots", "other moments", "stances by date", "votes",
)  # fmt: skip


@compiled
def _talk_only(plan_: Plan, inputs: Inputs, times: int) -> float:
    """Plays the talks of a plan several times over, in one group of lanes."""
    state = begin(plan_, inputs.first)
    votes = empty_votes(plan_, inputs.replicate.size)
    for _ in range(times):
        for moment in range(plan_.moments.size):
            if plan_.moments.kind[moment] == TALK:
                play_moment(plan_, state, inputs, moment, votes)
    return state.stance[0, 0]


def talk(scenario: Scenario) -> Callable[[int], object]:
    """The talks of a scenario in one group of lanes, to be played a number of times over."""
    plan, _ = arrays_of(scenario)
    inputs = inputs_of(scenario, LANES, SEED)
    return lambda times: _talk_only(plan, inputs, times)
