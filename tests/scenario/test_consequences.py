"""What a moment follows from is said in the file once, and whoever takes a moment out gets the same world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario import edits
from sim.scenario.schema import Ballot
from sim.web.server.controls import with_controls
from sim.web.server.requests import Controls
from tests.debates import ballot, day, debate, letter, talk

#: Eve writes and is answered, and the answer is answered; Eve moves a motion by what she writes and says.
MOMENTS = (
    letter("eve-writes", "eve", ["ada"], 1.0, on=1),
    letter("ben-writes", "ben", ["ada"], 0.0, on=1),
    talk("eve-talks", on=2, members=["eve", "ada"]),
    letter("ada-answers", "ada", ["eve"], 0.0, on=3, follows="eve-writes"),
    letter("ada-answers-both", "ada", ["eve", "ben"], 0.0, on=3, follows=["eve-writes", "ben-writes"]),
    letter("eve-insists", "eve", ["ada"], 1.0, on=4, follows=["ada-answers"]),
    ballot("motion", 1.0, 0.0, on=5, moved_by="eve", follows=["eve-writes", "eve-talks", "ben-writes"]),
    talk("after", on=6, members=["ben", "ada"], follows="motion"),
)


def board() -> sim.Scenario:
    """The debate that is changed here."""
    return debate({"ada": 0.2, "ben": 0.4, "eve": 0.9}, *MOMENTS, weeks=4)


def left(world: sim.Scenario) -> list[str]:
    """The ids of a world's moments."""
    return [item.id for item in world.debate.timeline]


def motion(world: sim.Scenario) -> Ballot:
    """The one ballot."""
    (found,) = (item for item in world.debate.timeline if isinstance(item, Ballot))
    return found


def without(*names: str, **more: Any) -> sim.Scenario:
    """The debate without these moments."""
    return board().with_changes(*({"remove": name, **more} for name in names))


def test_an_answer_goes_with_what_it_answers_and_so_on() -> None:
    """Eve's second letter follows from Ada's answer, which follows from Eve's first."""
    world = without("eve-writes")
    assert set(left(board())) - set(left(world)) == {"eve-writes", "ada-answers", "eve-insists"}


@pytest.mark.parametrize("names", [("eve-writes", "ben-writes"), ("ben-writes", "eve-writes")])
def test_an_answer_to_two_goes_with_the_last_of_them(names: Sequence[str]) -> None:
    """Either of two letters is enough to be answered, whichever is taken out first."""
    first, second = names
    assert "ada-answers-both" in left(without(first))
    assert "ada-answers-both" not in left(without(first, second))
    assert without(first, second).content_digest == without(first).with_changes({"remove": second}).content_digest


def test_a_motion_whose_mover_has_lost_all_their_words_is_put_by_nobody_in_particular() -> None:
    """What others wrote does not keep a mover, and one word of their own does."""
    assert motion(without("eve-writes", "ben-writes")).moved_by == "eve"
    assert motion(without("eve-writes", "eve-talks")).moved_by is None
    assert motion(without("eve-talks", "eve-writes")).follows == ("ben-writes",)


def test_taken_out_alone_a_moment_leaves_the_others_as_they_are() -> None:
    """The other reading: the answer is written, and the motion moved, all the same."""
    world = without("eve-writes", "eve-talks", alone=True)
    assert set(left(board())) - set(left(world)) == {"eve-writes", "eve-talks"}
    assert motion(world).moved_by == "eve"
    assert world.followed == ()


def test_what_went_by_itself_may_be_taken_out_again() -> None:
    """A file that says it twice says the same."""
    twice = without("eve-writes", "ada-answers", "eve-insists", "eve-talks", "motion.moved_by")
    assert twice.content_digest == without("eve-writes", "eve-talks").content_digest
    once = without("eve-writes")
    assert once.with_changes({"remove": "ada-answers"}).content_digest == once.content_digest
    assert edits.edited(once, [("without", "ada-answers")]).content_digest == once.content_digest
    assert with_controls(once, Controls(off={"ada-answers": True})).content_digest == once.content_digest


def test_what_went_by_itself_cannot_be_changed() -> None:
    """A change of what is gone is told with what it went."""
    with pytest.raises(ScenarioError, match="'ada-answers' is gone already: 'ada-answers' and 'eve-insists' go too"):
        board().with_changes({"remove": "eve-writes"}, {"set": "ada-answers.strength", "to": 2})


def test_the_world_says_what_went() -> None:
    """One sentence for the answers, one for the motion, with the way back."""
    assert without("eve-writes", "eve-talks").followed == (
        "'ada-answers' and 'eve-insists' go too: each follows from 'eve-writes', or from what went with it",
        "'motion' is then put by nobody in particular: it follows from 'eve-talks' (taken out alone, Eve still moves "
        "it)",
    )


def test_without_a_ballot_what_follows_from_it_goes() -> None:
    """A ballot is a moment like others."""
    assert left(without("motion")) == [name for name in left(board()) if name not in ("motion", "after")]


def test_every_way_of_taking_a_moment_out_gives_the_same_world() -> None:
    """Python, the words of a command and the page's switches agree."""
    base = board()
    by_hand = base.with_changes({"remove": "eve-writes"}, {"remove": "eve-talks"})
    by_words = edits.edited(base, [("without", "eve-writes"), ("without", "eve-talks")])
    by_page = with_controls(base, Controls(off={"eve-writes": True, "eve-talks": True}))
    assert by_hand.content_digest == by_words.content_digest == by_page.content_digest
    alone = edits.edited(base, [("without", "eve-writes")], alone=True)
    assert alone.content_digest == base.with_changes({"remove": "eve-writes", "alone": True}).content_digest


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([letter("early", "ada", ["eve"], 1.0, on=1, follows="late"), letter("late", "eve", ["ada"], 1.0, on=2)],
         "timeline.early.follows: 'late' comes only on 2024-01-03: a moment follows from an earlier one"),
        ([letter("first", "ada", ["eve"], 1.0, on=1, follows="second"), letter("second", "eve", ["ada"], 1.0, on=1)],
         "'second' comes later in the file"),
        ([letter("same", "ada", ["eve"], 1.0, on=1, follows="same")], "'same' cannot follow from itself"),
        ([letter("same", "ada", ["eve"], 1.0, on=1, follows="ada")], "'ada' is not a moment, it is a member"),
        ([letter("word", "ada", ["eve"], 1.0, on=1, follows=["wrd"])], "'wrd' is not a moment: did you mean 'word'"),
    ],
)  # fmt: skip
def test_a_file_whose_moments_follow_from_later_ones_is_refused(moments: Sequence[Any], said: str) -> None:
    """What a moment follows from is an earlier moment of the file."""
    with pytest.raises(ScenarioError, match=said):
        debate({"ada": 0.2, "eve": 0.9}, *moments)


def test_a_moment_moved_past_what_follows_from_it_is_no_error_but_told() -> None:
    """Whoever moves a letter may ask what would be then; the comparison says what to beware of."""
    other = edits.edited(board(), [("move", f"eve-writes={day(10)}")])
    assert "eve-writes" in left(other)
    warnings = sim.whatif(board(), other, runs=16).warnings
    assert any(
        "Ada's letter of 4 Jan 2024 to Eve comes on 4 Jan 2024, not after Eve's letter of 11 Jan" in text
        for text in warnings
    )
    assert not any("follows" in text for text in sim.whatif(board(), without("ben-writes"), runs=16).warnings)


def test_evidence_left_out_takes_no_mover_away() -> None:
    """That a letter is not well known does not say that it was not written."""
    known = {"evidence": "documented", "provenance": "found", "source": ["DIARY"]}
    moments = (
        letter("eve-writes", "eve", ["ada"], 1.0, on=1),
        ballot("motion", 1.0, 0.0, on=5, moved_by="eve", follows="eve-writes", **known),
    )
    told = debate({"ada": 0.2, "eve": 0.9}, *moments, sources={"DIARY": {"title": "The diary"}})
    kept = sim.scenario.evidence.keep_evidence(told.document, "documented").tree["timeline"]
    assert [(moment["id"], moment["moved_by"], "follows" in moment) for moment in kept] == [("motion", "eve", False)]


def test_alone_goes_with_a_removal_only() -> None:
    """Nothing else takes anything out."""
    with pytest.raises(ScenarioError, match="'alone' goes with 'remove', and only with it"):
        board().with_changes({"set": "eve-writes.strength", "to": 2, "alone": True})
