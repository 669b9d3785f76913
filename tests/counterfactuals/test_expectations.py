"""A sentence is given where an effect runs against its reason or comes by attendance, and nowhere else."""

from __future__ import annotations

import sim
from tests.debates import absence, ballot, debate, letter

RUNS = 800


def room(*moments: object, lost: float = 0.0, **more: object) -> sim.Scenario:
    """Ada leads and stands at 0.9; three defer to her and vote on what leads to 0.6, against the policy of 0."""
    return debate(
        {"ada": 0.9, **{name: {"uniform": [0.0, 0.4]} for name in ("ben", "cleo", "dov")}},
        *moments,  # type: ignore[arg-type]
        ballot("motion", 0.6, lost, on=6),
        parameters={"deference": 0.3, "receptiveness": 0.0},
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse"},
        **more,  # type: ignore[arg-type]
    )


def added(item: dict[str, object]) -> dict[str, object]:
    """A change that adds a moment."""
    words = {"summary": "invented", "reason": "invented"}
    key = "reason" if item["kind"] == "absence" else "summary"
    return {"add": "timeline", "item": {**item, key: words[key], "evidence": "assumed", "note": "invented"}}


def test_a_letter_that_works_as_it_argues_needs_no_sentence() -> None:
    """Ada away, her letter for 0.9 makes a motion that leads up more likely, as it says."""
    world = room(absence("ada-away", "ada", 0, 30))
    compared = sim.whatif(world, world.with_changes(added(letter("ada-writes", "ada", ["board"], 0.9, on=3))), RUNS)
    assert compared.decisions.low[0] > 0
    assert compared.explanations.empty


def test_a_mover_whose_motion_states_less_than_their_stance_hurts_it_and_a_sentence_says_so() -> None:
    """In the room Ada's own 0.9 is the cue; when she moves the motion its 0.6 is, and fewer are carried along."""
    world = room()
    compared = sim.whatif(world, world.with_changes({"set": "motion.moved_by", "to": "ada"}), RUNS)
    assert compared.decisions.high[0] < 0
    (note,) = compared.explanations.note
    assert note.startswith("Against its reason: Ada, who moves it, speaks for “Motion”, which is carried in")
    assert "Most of it comes by deference" in note
    assert "Ada stated 0.90 on average to 75 % of those who vote as it was, and 0.60 on average to 75 %" in note


def test_an_effect_by_attendance_names_the_vote_that_makes_it() -> None:
    """Where Ada's coming settles a vote that nobody defers in, the sentence says whose vote it is and why it is so."""
    world = debate(
        {"ada": 0.9, "ben": 0.1, "cleo": {"uniform": [0.0, 1.0]}},
        absence("ada-away", "ada", 0, 30),
        ballot("motion", 1.0, 0.0, on=6),
    )
    compared = sim.whatif(world, world.with_changes({"remove": "ada-away"}), RUNS)
    (note,) = compared.explanations.note
    assert "Most of it comes by attendance" in note
    assert "whose vote adds +1.00: their private stance is 0.90 on average. A vote turns at 0.50" in note
    assert compared.headline.startswith("“Motion” is carried in ")
    assert "On average 1.0 vote in it changes: 1.0 by attendance." in compared.headline
