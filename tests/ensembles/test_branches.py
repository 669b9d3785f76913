"""Worlds that begin alike are played together as far as that, and each comes out as if it had been played alone."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

import sim
from sim.ensembles import branches
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.branches import World, alike, branched, marks
from sim.model.arrays import arrays_of
from sim.model.dynamics import play_moment
from sim.model.state import State, begin, empty_votes
from tests.debates import ballot, debate, letter, talk


def board() -> sim.Scenario:
    """Three people, a talk, two letters and a motion."""
    return debate(
        {name: {"uniform": [0.0, 1.0]} for name in ("ada", "ben", "cleo")},
        talk("first-talk", on=1),
        letter("ada-writes", "ada", ["board"], 1.0, on=8),
        letter("ben-writes", "ben", ["board"], 0.0, on=9),
        ballot("motion", 1.0, 0.0, on=11),
        weeks=2,
    )


def world_of(scenario: sim.Scenario) -> World:
    """All of a scenario."""
    plan = arrays_of(scenario).plan
    return World(plan, np.arange(len(plan.moments)), marks(plan))


@pytest.mark.parametrize(
    ("change", "moment"),
    [
        ({"set": "ben-writes.strength", "to": 2.0}, "ben-writes"),
        ({"remove": "ada-writes"}, "ada-writes"),
        ({"set": "motion.if_carried", "to": 0.5}, "motion"),
        ({"set": "ben-writes.readers", "to": ["cleo"]}, "ben-writes"),
    ],
)
def test_worlds_are_alike_up_to_what_is_changed(change: dict[str, object], moment: str) -> None:
    """Whatever is changed of a moment, the two worlds have all before it in common, and not the moment itself."""
    base = board()
    row = next(number for number, entry in enumerate(base.entries) if entry.id == moment)
    assert alike(world_of(base).marks, world_of(base.with_changes(change)).marks) == row


def test_worlds_of_other_members_have_nothing_in_common() -> None:
    """What every moment depends on is part of every mark."""
    other = board().with_changes({"set": "ada.susceptibility", "to": "sharpness"})
    assert alike(world_of(board()).marks, world_of(other).marks) == 0


def test_each_world_ends_as_if_it_were_played_alone() -> None:
    """Played together or alone, every stance and every outcome has the same bits."""
    base = board()
    changes = ({"remove": "ada-writes"}, {"remove": "ben-writes"}, {"set": "ben-writes.strength", "to": 2.0})
    scenarios = [base, *map(base.with_changes, changes)]
    worlds, ended = [world_of(scenario) for scenario in scenarios], dict[int, State]()
    inputs = EnsembleWork(base, 3, False, {}).inputs(np.arange(16, dtype=np.uint64))
    together = branched(worlds, range(len(worlds)))
    branches.play(together, inputs, lambda number, state: ended.update({number: deepcopy(state)}))
    assert len(together.rows) > 0
    for number, world in enumerate(worlds):
        state, votes = begin(world.plan, inputs.first), empty_votes(world.plan, 16)
        for row in world.rows:
            play_moment(world.plan, state, inputs, row, votes)
        for name in ("stance", "policy", "decided", "pressed"):
            assert np.array_equal(getattr(ended[number], name), getattr(state, name)), name
