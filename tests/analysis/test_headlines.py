"""Every analysis says its answer in a sentence or two, true at ties."""

from __future__ import annotations

import sim
from tests.debates import ballot, debate, letter


def board(**more: object) -> sim.Scenario:
    """Three people with the same seat, a letter and a motion."""
    return debate(
        {name: {"uniform": [0.0, 1.0]} for name in ("ada", "ben", "cleo")},
        letter("pushes", "ada", ["ben", "cleo"], 1.0, on=3),
        ballot("motion", 1.0, 0.0, on=6, outcome="carried"),
        **more,  # type: ignore[arg-type]
    )


def test_equal_seats_share_the_first_place_in_formal_power() -> None:
    """Three seats of one vote have a third each, and all three are named."""
    said = sim.power(board(), runs=64).headline
    assert "have the most power, 33 % each, by the rules alone (Shapley and Shubik)" in said
    assert all(name in said.partition(" have the most power")[0] for name in ("Ada", "Ben", "Cleo"))


def test_an_attribution_names_the_causes_that_surely_contribute() -> None:
    """The letter moves the motion from its share without causes to that with all."""
    said = sim.attribute(board(), "motion", ["pushes"], runs=400).headline
    assert said.startswith("“Motion” is put and carried in ")
    assert "The largest contribution comes from pushes +" in said


def test_what_does_not_vary_hangs_on_nothing() -> None:
    """A parameter that the ballot does not read has no part in its variance."""
    open_to_talk = ({"set": "openness.range", "to": [0, 1]}, {"set": "openness.value", "to": {"uniform": [0, 1]}})
    said = sim.sensitivity(board().with_changes(*open_to_talk), 16, 2).headline
    assert said == "No parameter alone surely has a part in the variance of “Motion”."
