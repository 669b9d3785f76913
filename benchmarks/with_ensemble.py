"""The test debate played by this program."""

from __future__ import annotations

import numpy as np

from benchmarks.endings import Endings, of_stances
from benchmarks.inside import inputs_of
from sim.ensembles.executor import Executor, play_runs
from sim.ensembles.work import Counts
from sim.model.arrays import arrays_of
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.state import Inputs, begin, empty_votes
from sim.scenario.scenario import Scenario

SEED = 1922


def play(scenario: Scenario, runs: int, workers: int | None) -> Counts:
    """The ensemble as everybody calls it: all moments, summaries by date. workers: threads, None for all cores."""
    return play_runs(scenario, runs, SEED, executor=Executor(workers=workers))


@compiled
def _to_the_end(plan: Plan, inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    state = begin(plan, inputs.first)
    votes = empty_votes(plan, inputs.replicate.size)
    for moment in range(plan.moments.size):
        play_moment(plan, state, inputs, moment, votes)
    return state.stance, state.policy


def endings(scenario: Scenario, runs: int) -> Endings:
    """How histories 0 to `runs` - 1 end: the same histories as the ensemble's, which keeps only their sums."""
    stance, policy = _to_the_end(arrays_of(scenario).plan, inputs_of(scenario, runs, SEED))
    return of_stances(stance.T, policy)
