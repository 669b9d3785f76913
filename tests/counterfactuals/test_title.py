"""What nobody has named is named in words, after what was changed."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.counterfactuals.title import what_is_different
from sim.scenario import edits
from sim.scenario.library import what_if
from tests.debates import absence, ballot, debate, letter, talk


def board() -> sim.Scenario:
    """Two letters of one day, a talk, a ballot, and one who is away."""
    return debate(
        {"ada": 0.2, "ben": 0.4, "eve": 0.9},
        absence("eve-away", "eve", 2, 9),
        letter("eve-writes", "eve", ["ada"], 1.0, on=3),
        letter("eve-writes-again", "eve", ["board"], 1.0, on=3),
        letter("ben-writes", "ben", ["ada"], 0.0, on=4),
        letter("ada-answers", "ada", ["ben"], 0.0, on=4, follows="ben-writes"),
        talk("chat", on=5, members=["ada", "ben"]),
        ballot("first", 1.0, 0.0, on=5, moved_by="ben", follows="ben-writes"),
        weeks=4,
        parameters={"deference": {"value": 0.25, "range": [0, 1]}},
    )


def test_a_title_says_who_is_moved_in_or_out_of_a_roll_call_and_nothing_of_the_list() -> None:
    """Two votes of one day are one day in the room, and a list that is written out is no difference of its own."""
    calls = [
        ballot(name, 1.0, 0.0, on=5, roll_call={"yes": ["ada"], "no": ["eve"], "complete": True})
        for name in ("morning", "evening")
    ]
    base = debate({"ada": 0.2, "ben": 0.4, "eve": 0.9}, *calls, weeks=4)
    for option, word, title in (("present", "ben", "Ben present"), ("absent", "eve", "Eve away")):
        assert what_is_different(base, edits.edited(base, [(option, f"{word}=2024-01-06")])) == f"{title} on 6 Jan 2024"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ([("without", "ben-writes")], "Without Ben's letter of 5 Jan 2024"),
        ([("without", "eve-writes")], "Without Eve's letter of 4 Jan 2024 to Ada"),
        ([("without", "eve-writes-again"), ("without", "chat")],
         "Without Eve's letter of 4 Jan 2024 to the board and the talk of Ada and Ben of 6 Jan 2024"),
        ([("without", "first")], "Without the board's ballot of 6 Jan 2024"),
        ([("without", "eve-away")], "Eve not away from 3 Jan 2024 to 10 Jan 2024"),
        ([("present", "eve=2024-01-06")], "Eve present on 6 Jan 2024"),
        ([("absent", "ada=2024-01-06")], "Ada away on 6 Jan 2024"),
        ([("move", "ben-writes=2024-01-02")], "Ben's letter of 5 Jan 2024 moved to 2 Jan 2024"),
        ([("set", "ben-writes=1")], "Ben's letter of 5 Jan 2024: strength 1"),
        ([("set", "deference=0.5")], "Deference 0.5"),
        ([("without", "first.moved_by")], "The board's ballot of 6 Jan 2024 put by nobody in particular"),
        ([("add", "letter of ada on 2024-01-02 to board for 1")], "With Ada's letter of 2 Jan 2024 for 1"),
        ([("set", "dynamics.ballots.rule=logit"), ("set", "dynamics.ballots.sharpness=sharpness")],
         "Ballots: rule logit; ballots: sharpness sharpness"),
        ([("set", "ben-writes.strength=3")], "Nothing changed"),
        ([("without", "ben-writes"), ("present", "eve=2024-01-06")],
         "Without Ben's letter of 5 Jan 2024; Eve present on 6 Jan 2024"),
    ],
)  # fmt: skip
def test_a_title_says_what_was_changed(words: list[tuple[str, str]], title: str) -> None:
    """In the order of a sentence, by names and dates; what follows by itself is left out."""
    assert what_is_different(board(), edits.edited(board(), words)) == title


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"remove": "ben-writes"}, "Without Ben's letter of 5 Jan 2024"),
        ({"set": "first.if_carried", "to": 0.5}, "The board's ballot of 6 Jan 2024: if carried 0.5"),
        ({"set": "first.motion", "to": "x" * 80}, "The board's ballot of 6 Jan 2024: another motion"),
        ({"set": "ada.first_stance.value", "to": 0.75}, "Ada: first stance 0.75"),
        ({"set": "openness.value", "to": 0.5}, "Nothing changed"),
    ],
)
def test_what_is_asked_from_python_has_the_same_title(change: dict[str, Any], title: str) -> None:
    """A comparison without a title gets one, and one that is given is kept."""
    other = board().with_changes(change)
    assert sim.whatif(board(), other, runs=8).title == title
    assert sim.whatif(board(), other, runs=8, title="Mine").title == "Mine"


def test_a_shipped_what_if_keeps_its_title() -> None:
    """By name, a what-if is called what its file calls it."""
    compared = sim.whatif(sim.load("monopoly-1922"), "lenin-in-the-room", runs=8)
    assert (compared.label, compared.title) == ("lenin-in-the-room", "Lenin in the room on 6 October 1922")


@pytest.mark.parametrize("name", sim.whatif_names())
def test_every_shipped_what_if_could_be_named_in_a_line_or_two(name: str) -> None:
    """Long lists are cut, and nothing of the code shows."""
    base = sim.load(what_if(name).file.base, prior=True)
    title = what_is_different(base, base.with_changes(name))
    assert 10 < len(title) < 400
    assert "_" not in title
