"""A documented outcome that the model finds less likely than not gets a sentence, and no other does."""

from __future__ import annotations

import pytest

import sim
from sim.ensembles.surprises import surprises
from tests.debates import ballot, debate


@pytest.mark.parametrize(("outcome", "surprised"), [("carried", True), ("rejected", False)])
def test_only_what_the_model_finds_unlikely_is_explained(outcome: str, surprised: bool) -> None:
    """Two who stand at 0.2 reject what leads from 0 to 1; that they carried it is told with their stances."""
    world = debate({"ada": 0.2, "ben": 0.2}, ballot("motion", 1.0, 0.0, on=6, outcome=outcome))
    found = surprises(sim.ensemble(world, runs=64))
    assert len(found) == surprised
    if surprised:
        assert "“Motion” was carried, to which the model gives 0 %" in found[0]
        assert "stand at 0.20 on average, nobody defers, and 0 % of them vote yes" in found[0]
