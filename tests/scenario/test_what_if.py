"""What-ifs are read as strictly as debates, and the words of a command become the changes that they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.errors import ScenarioError
from sim.scenario import edits, library, what_if
from sim.scenario.library import SHIPPED
from sim.scenario.scenario import check_file
from sim.scenario.schema import Absence, Change
from sim.scenario.yaml_reader import parse
from tests.debates import absence, ballot, day, debate, letter, talk

#: Three people, one of them away from day 2 to day 9, a letter, a talk and two ballots, the second on a condition.
MOMENTS = (
    absence("eve-away", "eve", 2, 9),
    letter("eve-writes", "eve", ["ada"], 1.0, on=3),
    talk("board-talks", on=5),
    ballot("first", 1.0, 0.0, on=5, session="board-talks", present=["ada"]),
    letter("ada-answers", "ada", ["eve"], 0.0, on=6, **{"if": "first carried"}),
    letter("eve-insists", "eve", ["ada"], 1.0, on=7, **{"if": "first not put"}),
    ballot("second", 0.0, 1.0, on=8, **{"if": "first carried"}),
)


def board() -> sim.Scenario:
    """The debate that is changed here."""
    return debate({"ada": 0.2, "ben": 0.4, "eve": 0.9}, *MOMENTS, weeks=4)


def absences(world: sim.Scenario) -> dict[str, tuple[int, int]]:
    """Who is away from which day to which."""
    return {
        item.id: ((item.date - day(0)).days, (item.until - day(0)).days)
        for item in world.debate.timeline
        if isinstance(item, Absence)
    }


def changed(make: Callable[..., list[Change]], words: str) -> sim.Scenario:
    """The debate with the changes that an option's words make."""
    base = board()
    return base.with_changes(*make(base.debate, words))


def moments(world: sim.Scenario) -> set[str]:
    """The ids of a world's moments."""
    return {item.id for item in world.debate.timeline}


# The words of a command ------------------------------------------------------------------------------------


def test_without_a_letter_only_the_letter_is_gone() -> None:
    """Taking a letter out leaves everything else as it was."""
    assert moments(board()) - moments(changed(edits.without, "eve-writes")) == {"eve-writes"}


def test_without_a_ballot_what_its_outcome_brings_about_is_gone_too() -> None:
    """What happens if it was carried never happens then; what happens if it was not put always does."""
    world = changed(edits.without, "first")
    assert moments(board()) - moments(world) == {"first", "ada-answers", "second"}
    (left,) = (item for item in world.debate.timeline if item.id == "eve-insists")
    assert left.conditions == ()


def test_without_a_talk_the_ballot_of_its_sitting_stays() -> None:
    """A ballot can be held where nobody talked before."""
    world = changed(edits.without, "board-talks")
    assert moments(board()) - moments(world) == {"board-talks"}


@pytest.mark.parametrize(
    ("days", "left"),
    [
        ("eve=2024-01-03..2024-01-10", {}),
        ("eve=2024-01-01..2024-01-31", {}),
        ("eve=2024-01-03", {"eve-away": (3, 9)}),
        ("eve=2024-01-10", {"eve-away": (2, 8)}),
        ("eve=2024-01-06", {"eve-away": (2, 4), "eve-away-again": (6, 9)}),
    ],
)
def test_present_leaves_of_an_absence_what_lies_outside(days: str, left: dict[str, tuple[int, int]]) -> None:
    """A day in the room ends, shortens or splits the absence that covers it."""
    assert absences(changed(edits.present, days)) == left


def test_who_is_put_into_the_room_votes_for_certain() -> None:
    """Present on the day of a ballot means there, whatever the chance of attendance."""
    world = changed(edits.present, "eve=2024-01-06")
    (held,) = (item for item in world.debate.timeline if item.id == "first")
    assert held.present == ("ada", "eve")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("days", "made"),
    [
        ("ben=2024-01-06", [(5, 5)]),
        ("eve=2024-01-01..2024-01-31", [(0, 1), (10, 30)]),
        ("eve=2024-01-09..2024-01-12", [(10, 11)]),
    ],
)
def test_absent_fills_the_gaps_between_absences(days: str, made: list[tuple[int, int]]) -> None:
    """Who is away already stays away as they were; the other days are added."""
    found = absences(changed(edits.absent, days))
    assert sorted(days for name, days in found.items() if name != "eve-away") == made


def test_who_is_kept_away_is_not_in_the_room_for_certain() -> None:
    """A recorded presence goes with the one who is kept away."""
    world = changed(edits.absent, "ada=2024-01-06")
    (held,) = (item for item in world.debate.timeline if item.id == "first")
    assert held.present == ()  # type: ignore[union-attr]


def test_a_moment_moved_comes_on_the_other_day() -> None:
    """A letter moved keeps everything but its date."""
    world = changed(edits.moved, "eve-writes=2024-01-02")
    (moved,) = (item for item in world.debate.timeline if item.id == "eve-writes")
    assert moved.date == day(1)


@pytest.mark.parametrize(
    ("words", "value"),
    [("a.b=2", 2), ("a.b=0.5", 0.5), ("a.b=yes", "yes"), ("a.b=[x, y]", ["x", "y"]), ("a.b=2024-01-02", day(1))],
)
def test_a_value_is_read_as_a_file_has_it(words: str, value: Any) -> None:
    """Numbers, words, lists and dates are what they would be in a file."""
    assert edits.assigned(words) == [Change(set="a.b", to=value)]


@pytest.mark.parametrize(
    ("make", "words", "said"),
    [
        (
            edits.without,
            "eve-write",
            "--without eve-write: 'eve-write' is not a moment .* did you mean 'eve-writes'",
        ),
        (edits.present, "eva=2024-01-06", "'eva' is not a member: did you mean 'eve'"),
        (edits.present, "eve", "give MEMBER=DAY or MEMBER=DAY..DAY"),
        (edits.present, "eve=yesterday", "'yesterday' is not a day"),
        (edits.present, "eve=2024-01-09..2024-01-02", "2024-01-02 is before 2024-01-09"),
        (edits.present, "eve=2024-01-20", "'eve' is not away then: they are from 2024-01-03 to 2024-01-10"),
        (edits.present, "ben=2024-01-20", "'ben' is not away then, nor at any time"),
        (edits.absent, "eve=2024-01-05", "'eve' is away then already, by 'eve-away'"),
        (edits.moved, "eve-writes=soon", "'soon' is not a day"),
    ],
)
def test_words_that_hit_nothing_are_refused(make: Callable[..., list[Change]], words: str, said: str) -> None:
    """The message names the option, quotes what was given and says what would do."""
    with pytest.raises(ScenarioError, match=said):
        make(board().debate, words)


def test_a_setting_without_a_path_is_refused() -> None:
    """`--set` wants a path, a sign and a value."""
    with pytest.raises(ScenarioError, match=r"--set strength: give ID\.FIELD=VALUE"):
        edits.assigned("strength")


# Files -----------------------------------------------------------------------------------------------------

#: A sound what-if of the invented library.
SOUND = {
    "what_if": "no-letter",
    "base": "library-sunday",
    "title": "Eve does not write",
    "why": "She might have been too busy.",
    "evidence": "assumed",
    "note": "invented",
    "changes": [{"remove": "eve-writes"}],
}


def written(folder: Path, **more: Any) -> Path:
    """A what-if file, sound but for what is given; None leaves a key out."""
    whole = {key: value for key, value in {**SOUND, **more}.items() if value is not None}
    path = folder / "asked.yaml"
    path.write_text(yaml.safe_dump(whole, sort_keys=False), "utf-8")
    return path


def test_a_file_of_ones_own_is_carried_out(tmp_path: Path) -> None:
    """A path works wherever a shipped name does."""
    base = sim.load("library-sunday")
    other = base.with_changes(written(tmp_path))
    assert moments(base) - moments(other) == {"eve-writes"}
    assert check_file(written(tmp_path)).digest == other.digest


def test_a_what_if_of_a_scenario_beside_it_is_found(tmp_path: Path) -> None:
    """The base may be a scenario of one's own, beside the what-if or one folder up."""
    text = (SHIPPED / "library-sunday.yaml").read_text("utf-8").replace("library-sunday", "my-library")
    (tmp_path / "my-library.yaml").write_text(text, "utf-8")
    (tmp_path / "asked").mkdir()
    assert check_file(written(tmp_path / "asked", base="my-library")).name == "my-library"


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ({"why": None}, 1, "'why' is missing"),
        ({"wy": "x"}, 9, "'wy' is not a key here: did you mean 'why'"),
        ({"note": None}, 1, "an assumption needs a 'note'"),
        ({"changes": []}, 1, "it changes nothing"),
        ({"base": "monopoly-1922"}, 8, "'eve-writes' is nothing in this file"),
        ({"base": "library-sundy"}, 2, "'library-sundy' is not a scenario: did you mean 'library-sunday'"),
        ({"changes": [{"remove": "eve-writs"}]}, 8, "'eve-writs' is nothing in this file: did you mean 'eve-writes'"),
        ({"changes": [{"set": "eve-writes.strenth", "to": 2}]}, 8, "'strenth' is not a key here"),
        ({"changes": [{"set": "eve-writes.strength", "to": 9}]}, 8, "must be at most 5, not 9"),
        ({"changes": [{"set": "eve-writes.strength"}]}, 8, "'to' goes with 'set'"),
        ({"readings": {"colour": "red"}}, 9, "'colour' is not a reading"),
        ({"source": ["NOBODY"], "evidence": "documented", "provenance": "found"}, 9, "'NOBODY' is not a source"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, more: Mapping[str, Any], line: int, said: str) -> None:
    """What is wrong in a what-if is said with the line of the what-if, and with what would do."""
    path = written(tmp_path, **more)
    with pytest.raises(ScenarioError, match=said) as refused:
        check_file(path)
    assert f"{path}:{line}" in str(refused.value)


def test_a_name_that_is_no_what_if_is_refused_with_the_nearest() -> None:
    """A slip in a shipped name is told."""
    with pytest.raises(ScenarioError, match="did you mean 'lenin-in-the-room'"):
        sim.load("monopoly-1922").with_changes("lenin-in-room")


def test_a_reading_is_taken_before_the_changes() -> None:
    """A what-if may take another side in a contested point."""
    base = sim.load("monopoly-1922")
    said = {**SOUND, "base": "monopoly-1922", "changes": [], "readings": {"kamenev": "abolition"}}
    asked = what_if.typed(parse(yaml.safe_dump(said), "asked.yaml"))
    other = base.with_changes(asked)
    assert other.content_digest == sim.load("monopoly-1922", {"kamenev": "abolition"}).content_digest


# The library -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sim.whatif_names())
def test_every_shipped_what_if_is_sound_sourced_and_named_after_its_file(name: str) -> None:
    """A what-if says what is different and why, rests on sources of its base, and can be carried out."""
    asked = library.what_if(name)
    assert asked.file.what_if == name
    assert len(asked.file.why) > 40
    assert asked.file.source
    base = sim.load(asked.file.base)
    assert base.with_changes(name).digest != base.digest
