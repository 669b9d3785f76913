"""What-ifs are read as strictly as debates, and the words of a command become the changes that they say."""

from __future__ import annotations

import contextlib
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
from sim.scenario.schema import Absence, Ballot, Change, Letter
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


@pytest.mark.parametrize("stray", ["\x1b", "\u202e", "\udcff"])
@pytest.mark.parametrize(
    ("option", "word"), [("without", "ada.group"), ("set", "ada.label=x"), ("add", "letter of ada")]
)
def test_what_cannot_be_printed_is_refused_in_an_option(option: str, word: str, stray: str) -> None:
    """An escape, a turn of the writing or a byte that is no letter is named, in every option."""
    said = f"character U\\+{ord(stray):04X} cannot be printed: take it out"
    with pytest.raises(ScenarioError, match=said):
        edits.edited(board(), [(option, word + stray)])


@pytest.mark.parametrize("words", ["letter of   on 2024-03-05 to ada for open", "talk of , on 2024-03-05"])
def test_what_is_added_is_somebodys(words: str) -> None:
    """A letter or a talk of nobody is refused with the form in which to write it."""
    with pytest.raises(ScenarioError, match=r"say of whom: write 'letter of AUTHOR on DAY to READERS for POSITION'"):
        edits.added(board().debate, words.replace("2024-03-05", str(day(3))))


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


def roll_called() -> sim.Scenario:
    """A debate with a whole roll call of one who votes yes and one who votes no; the third was not there."""
    roll_call = {"yes": ["ada"], "no": ["eve"], "complete": True}
    call = ballot("called", 1.0, 0.0, on=5, roll_call=roll_call, outcome="rejected")
    return debate({"ada": 0.2, "ben": 0.4, "eve": 0.9}, call, ballot("next", 1.0, 0.0, on=8), weeks=4)


def called_in(world: sim.Scenario) -> tuple[dict[str, str], set[str], set[str]]:
    """Who voted how in the roll call, who was there besides, and who was not."""
    (held,) = (item for item in world.debate.timeline if item.id == "called")
    assert isinstance(held, Ballot)
    return {vote.member: vote.vote for vote in held.votes}, {*held.present}, {*held.absent}


@pytest.mark.parametrize(
    ("option", "words", "votes", "there", "missing"),
    [
        ("present", "ben=2024-01-06", {"ada": "yes", "eve": "no"}, {"ben"}, set()),
        ("absent", "eve=2024-01-06", {"ada": "yes"}, set(), {"ben"}),
        ("absent", "eve=2024-01-01..2024-01-31", {"ada": "yes"}, set(), {"ben"}),
    ],
)
def test_whoever_is_moved_in_or_out_of_a_roll_call_leaves_the_others_in_it(
    option: str, words: str, votes: dict[str, str], there: set[str], missing: set[str]
) -> None:
    """Who is put into the room of a whole roll call is there, who is kept away has no vote in it; nobody else moves."""
    world = edits.edited(roll_called(), [(option, words)])
    assert called_in(world) == (votes, there, missing)
    assert sim.play(world, seed=1, replicate=0)


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
    assert edits.assigned(board().debate, words) == [Change(set="a.b", to=value)]


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
        edits.assigned(board().debate, "strength")


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
        ({"base": "monopoly-1922"}, 8, "'eve-writes' is not an id of this debate"),
        ({"base": "library-sundy"}, 2, "'library-sundy' is not a scenario: did you mean 'library-sunday'"),
        (
            {"changes": [{"remove": "eve-writs"}]},
            8,
            "'eve-writs' is not an id of this debate: did you mean 'eve-writes'",
        ),
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


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("eve-writes=2", "eve-writes.strength", 2),
        ("openness=0.25", "openness.value", 0.25),
        ("ada=0.5", "ada.first_stance.value", 0.5),
    ],
)
def test_one_field_is_meant_where_there_is_one(words: str, path: str, value: float) -> None:
    """A letter's strength, a parameter's value, a member's first stance."""
    assert edits.assigned(board().debate, words) == [Change(set=path, to=value)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("first=1", "'first' has several fields: write first.FIELD=VALUE with one of .*, moved_by, .*, unfit_because"),
        ("opennes=1", "'opennes' is not an id of this debate: did you mean 'openness'"),
    ],
)
def test_a_thing_with_several_fields_lists_them_all(words: str, said: str) -> None:
    """No list is cut short: whoever reads it can choose."""
    with pytest.raises(ScenarioError, match=said):
        edits.assigned(board().debate, words)


def test_a_letter_is_added_in_words() -> None:
    """Its strength is the median of its author's letters, and its evidence is assumed."""
    world = edits.edited(board(), [("add", "letter of eve on 2024-01-02 to ada, board for 0.75")])
    (new,) = (item for item in world.debate.timeline if item.id == "eve-letter-2024-01-02")
    assert isinstance(new, Letter)
    assert (new.author, new.readers, new.argues_for, new.strength) == ("eve", ("ada", "board"), 0.75, 3)
    assert (new.date, new.evidence) == (day(1), "assumed")
    strong = edits.edited(board(), [("add", "note of ben on 2024-01-02 to ada for 1 strength 4.5")])
    assert [item.strength for item in strong.debate.timeline if item.id == "ben-note-2024-01-02"] == [4.5]  # type: ignore[union-attr]


def test_a_talk_is_added_in_words() -> None:
    """Of members by name, or of a body."""
    words = ["talk of eve, ada on 2024-01-02", "talk of board on 2024-01-03", "talk of ada and eve on 2024-01-02"]
    world = edits.edited(board(), [("add", word) for word in words])
    added = {item.id: item for item in world.debate.timeline[len(MOMENTS) :]}
    assert list(added) == ["eve-ada-talk-2024-01-02", "board-extra-talk-2024-01-03", "ada-eve-talk-2024-01-02"]
    assert added["eve-ada-talk-2024-01-02"].members == ("eve", "ada")  # type: ignore[union-attr]
    assert added["board-extra-talk-2024-01-03"].body == "board"  # type: ignore[union-attr]


def test_two_letters_of_one_day_have_two_ids() -> None:
    """What is added never takes the place of what there is."""
    words = "letter of eve on 2024-01-02 to ada for 1"
    world = edits.edited(board(), [("add", words), ("add", words)])
    assert {"eve-letter-2024-01-02", "eve-letter-2024-01-02-2"} <= moments(world)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("letter", "write 'letter of AUTHOR on DAY to READERS for POSITION'"),
        ("leter of eve on 2024-01-02 to ada for 1", "'leter' is not a kind of moment .*: did you mean 'letter'"),
        ("letter of eva on 2024-01-02 to ada for 1", "'eva' is not a member or body: did you mean 'eve'"),
        ("letter of eve, ada on 2024-01-02 to ben for 1", "a letter has one author, a member, not 'eve, ada'"),
        ("letter of board on 2024-01-02 to ben for 1", "a letter has one author, a member, not 'board'"),
        ("letter of eve on 2024-01-02 to bn for 1", "'bn' is not a member or body: did you mean 'ben'"),
        ("letter of eve on 2024-01-02 to ada", "'for POSITION .*' is missing"),
        ("letter of eve on 2024-01-02 for 1", "'to READERS' is missing"),
        ("letter of eve on 2024-01-02 to ada for ever", "'ever' is not a position"),
        ("letter of eve on 2024-01-02 to ada for 1 strength high", "'high' is not a strength: a number above 0"),
        ("letter of eve on 2024-01-02 to ada for 1 strength 9", "must be at most 5, not 9"),
        ("letter of eve on yesterday to ada for 1", "'yesterday' is not a day"),
        ("letter of eve on 2023-01-02 to ada for 1", "2023-01-02 is outside the debate, 2024-01-01 to 2024-01-28"),
        ("talk of eve on 2024-01-02 to ada", "a talk has no readers, position or strength"),
        ("talk of eve, board on 2024-01-02", "a talk is of one body or of members, and 'board' is a body"),
    ],
)
def test_words_that_add_nothing_are_refused(words: str, said: str) -> None:
    """The message says which word is wrong and what would work."""
    with pytest.raises(ScenarioError, match=said):
        edits.edited(board(), [("add", words)])


def test_options_are_carried_out_one_after_the_other() -> None:
    """Two members can be put into one room, and what one option adds the next can change."""
    both = edits.edited(board(), [("present", "eve=2024-01-06"), ("present", "ben=2024-01-06")])
    (held,) = (item for item in both.debate.timeline if item.id == "first")
    assert held.present == ("ada", "eve", "ben")  # type: ignore[union-attr]
    world = edits.edited(
        board(), [("add", "letter of eve on 2024-01-02 to ada for 1"), ("set", "eve-letter-2024-01-02=1")]
    )
    assert [item.strength for item in world.debate.timeline if item.id == "eve-letter-2024-01-02"] == [1]  # type: ignore[union-attr]


def test_a_field_can_be_taken_out() -> None:
    """`ID.FIELD` leaves the rest of the moment as it was."""
    world = edits.edited(board(), [("without", "first.present")])
    (held,) = (item for item in world.debate.timeline if item.id == "first")
    assert held.present == ()  # type: ignore[union-attr]


# Messages --------------------------------------------------------------------------------------------------

#: A change that cannot be, and what is said of it.
REFUSED: list[tuple[Any, str]] = [
    (5, "5 is not a change: give a what-if's name or path, or a mapping such as {'remove': ID}"),
    (None, "nothing is not a change"),
    ([{"remove": "first"}], "a list is not a change"),
    ({}, "a change is exactly one of 'set' (with 'to'), 'remove', 'add' (with 'item'), as {remove: ID}"),
    ({"remov": "first"}, "remov: 'remov' is not a key here: did you mean 'remove'?"),
    ({"foo": 1}, "foo: 'foo' is not a key here: there is 'set', 'to', 'remove', 'alone', 'add', 'item'"),
    ({1: 2}, "the key 1 is not text"),
    ({"set": 3, "to": 1}, "set: must be text, not 3"),
    ({"set": "eve-writes.strength"}, "'to' goes with 'set', and only with it, as {set: ID.FIELD, to: VALUE}"),
    ({"set": "eve-writes.strength", "to": "strong"}, "timeline.eve-writes.strength: must be a number, not 'strong'"),
    ({"set": "eve-writes.strength", "to": [1]}, "must be a number, not a list"),
    ({"set": "eve-writes.strength", "to": {"a": 1}}, "must be a number, not a mapping"),
    ({"set": "eve-writes.strength", "to": float("nan")}, "must be a finite number, not nan"),
    ({"set": "eve-writes.strength", "to": True}, "must be a number, not true"),
    ({"set": "eve-writes.date", "to": "2024-01-02"}, "must be a date without quotes, as 2024-03-05"),
    ({"set": "eve-writes.readers", "to": 5}, "must be text, not 5"),
    ({"set": "eve-writes.readers", "to": [5]}, "must be text, not 5"),
    ({"set": "eve-writes.kind", "to": "leter"}, "'leter' is not a kind of moment: did you mean 'letter'?"),
    ({"set": "eve-writes.evidence", "to": "sure"}, "it is 'documented', 'attributed', 'conjecture' or 'assumed'"),
    ({"set": "eve-writes.argues_for", "to": "opn"}, "'opn' is not a position"),
    ({"set": "eve-writes.between", "to": [day(1)]}, "a value is missing: there are 1, and two are needed"),
    ({"set": "eve-writes", "to": 5}, "'eve-writes' names no field: write eve-writes.FIELD with one of "),
    ({"set": "board.procedure", "to": "simple"}, "must be a mapping, as {evidence: assumed, note: why}, not 'simple'"),
    ({"set": "board.seats", "to": ["eve"]}, "as {members: […], from: 2024-03-05, to: 2024-03-05, evidence: assumed"),
    ({"set": "board.talks", "to": "friday"}, "as {weekday: monday, evidence: assumed, note: why}, not 'friday'"),
    ({"set": "dynamics.talk", "to": "degroot"}, "as {rule: degroot, susceptibility: ID}, not 'degroot'"),
    ({"set": "dynamics.talk.rule", "to": "degrot"}, "'degrot' is not allowed: did you mean 'degroot'?"),
    ({"set": "dynamics", "to": 5}, "'dynamics' names no field: write dynamics.FIELD with one of talk, letters"),
    ({"set": "axis.positions", "to": ["open"]}, "as {name: ID, at: 0.5, meaning: TEXT}, not 'open'"),
    ({"set": "span.from", "to": 5}, "span.from: must be a date"),
    ({"set": "readings.x.default", "to": "y"}, "the readings are chosen already"),
    ({"set": "eve.first_stance", "to": 0.5}, "as {value: 0.5, evidence: assumed, note: why}, not 0.5"),
    ({"set": "eve.first_stance.value", "to": {"unifrm": [0, 1]}}, "'unifrm' is not a key here: did you mean 'uniform'"),
    ({"set": "sources.DIARY", "to": 3}, "'sources' is a section: a path begins with the id of something in it"),
    ({"set": "first.votes", "to": [3]}, "as {member: ID, vote: yes, evidence: assumed, note: why}, not 3"),
    ({"remove": 5}, "remove: must be text, not 5"),
    ({"remove": "eve-write"}, "'eve-write' is not an id of this debate: did you mean 'eve-writes'?"),
    ({"remove": "eve-writes", "alone": "yes"}, "alone: must be true or false, not 'yes'"),
    ({"remove": "eve-writes.strength"}, "timeline.eve-writes: 'strength' is missing"),
    ({"remove": "eve-writes.strenth"}, "'eve-writes' has no 'strenth': did you mean 'strength'?"),
    ({"remove": "board"}, "'board' is not a body: there is none"),
    ({"add": "timelin", "item": {}}, "'timelin' is not allowed: did you mean 'timeline'?"),
    ({"add": "timeline"}, "'item' goes with 'add', and only with it, as {add: timeline, item: {id: ID, kind: letter}}"),
    ({"add": "timeline", "item": 5}, "item: must be a mapping, as {id: ID, kind: letter, date: 2024-03-05}, not 5"),
    ({"add": "timeline", "item": {"id": "x"}}, "timeline.x: 'kind' is missing: 'absence', 'letter'"),
    ({"add": "members", "item": {"id": "Zed", "name": "Zed"}}, "'Zed' is not an id: an id is small letters"),
    ({"add": "members", "item": {"id": "zed", "name": 5}}, "members.zed.name: must be text, not 5"),
    ("no-such-thing", "'no-such-thing' is not a file or a what-if that comes with the program"),
    ("letters", "did you mean 'no-letters-of-december'?"),
    (3.5, "3.5 is not a change"),
]
#: What only pydantic or Python says.
FOREIGN = ("Input should", "Value error", "validation error", "pydantic", "Extra inputs", "type=", "Field required")


@pytest.mark.parametrize(("wanted", "said"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_is_no_change_is_told_in_plain_words(wanted: Any, said: str) -> None:
    """Every message names what is wrong and what would do, and no file, since none is wrong."""
    with pytest.raises(ScenarioError) as refused:
        board().with_changes(wanted)
    assert said in str(refused.value)
    assert not any(word in str(refused.value) for word in FOREIGN)
    assert "invented.yaml" not in str(refused.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"changes": 5}, "changes: must be a list of changes, as [{remove: ID}], not 5"),
        ({"changes": {"remove": "eve-writes"}}, "changes: must be a list of changes, as [{remove: ID}], not a mapping"),
        ({"changes": ["eve-writes"]}, "changes.0: must be a mapping, as {remove: ID} or {set: ID.FIELD, to: VALUE}"),
        ({"changes": [{"remove": "eve-writes", "alone": 1}]}, "changes.0.alone: must be true or false, not 1"),
        ({"changes": [{"remove": "eve"}]}, "'eve' is not a member"),
        ({"changes": [{"set": "eve-writes.strength", "to": "x"}]}, "must be a number, not 'x'"),
        ({"readings": ["x"]}, "readings: must be a mapping with the id of each reading, not a list"),
        ({"readings": {"a": 5}}, "readings.a: must be text, not 5"),
        ({"source": 5}, "source: must be text, not 5"),
        ({"what_if": "A b"}, "'A b' is not an id"),
    ],
    ids=str,
)
def test_what_is_wrong_in_a_file_is_told_with_the_file(tmp_path: Path, more: Mapping[str, Any], said: str) -> None:
    """The file that is named is the one that is wrong, never the debate that it changes."""
    path = written(tmp_path, **more)
    with pytest.raises(ScenarioError) as refused:
        check_file(path)
    assert said in str(refused.value)
    assert all(line.startswith(str(path)) for line in str(refused.value).splitlines())
    assert not any(word in str(refused.value) for word in FOREIGN)


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (lambda: sim.load(5), "5 is not the name of a scenario, nor a path"),  # type: ignore[arg-type]
        (lambda: sim.load("monopoly"), "'monopoly' is not a file or a scenario .*: did you mean 'monopoly-1922'"),
        (lambda: sim.load("library-sunday", ["x"]), "'readings' must be a mapping, as {NAME: OPTION}, not a list"),  # type: ignore[arg-type]
        (
            lambda: sim.load("monopoly-1922", {"body": "x"}),
            "'body' is not a reading of .*: did you mean 'deferral-body'",
        ),
        (lambda: sim.load("monopoly-1922", {"kamenev": 5}), "5 is not an option of 'kamenev': there is 'easing'"),  # type: ignore[dict-item]
        (lambda: sim.load("library-sunday", evidence="document"), "'document' is not a kind of evidence: did you mean"),
    ],
)
def test_what_cannot_be_loaded_is_told_without_a_file_that_nobody_named(load: Callable[[], Any], said: str) -> None:
    """A shipped debate has no file for whoever names it."""
    with pytest.raises(ScenarioError, match=said) as refused:
        load()
    assert ".yaml" not in str(refused.value)


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


OCTOBER, DECEMBER, END = "1922-10-06", "1922-12-18", "1923-04-25"
#: What somebody would ask in the words of options instead of by the name of a shipped what-if.
TWINS: Mapping[str, list[tuple[str, str]]] = {
    "bukharin-silent": [("without", "bukharin-letter-1922-10-15")],
    "krasin-silent": [
        ("without", "krasin-letter-1921-11-08"),
        ("without", "krasin-letter-1922-10-11"),
        ("without", "krasin-lenin-talk-1922-10-11"),
        ("without", "krasin-lenin-talk-1922-10-12"),
    ],
    "no-ultimatum": [("without", "lenin-ultimatum")],
    "no-advance-between-sittings": [("without", "advance")],
    "lenin-in-the-room": [("present", f"lenin={OCTOBER}")],
    "lenin-well": [("present", f"lenin=1922-05-25..{END}")],
    "no-krestinsky-report": [("without", "krestinsky-report-1922-05-15")],
    "no-letter-of-13-october": [("without", "lenin-letter-1922-10-13")],
    "no-letter-of-15-may": [("without", "lenin-letter-1922-05-15")],
    "no-letter-of-3-march": [("without", "lenin-letter-1922-03-03")],
    "no-letters-of-december": [
        ("without", "lenin-letter-1922-12-12-trotsky"),
        ("without", "lenin-letter-1922-12-12-frumkin"),
        ("without", "lenin-letter-1922-12-13-plenum"),
        ("without", "lenin-letter-1922-12-15-plenum"),
    ],
    "trotsky-on-6-october": [("present", f"trotsky={OCTOBER}")],
    "trotsky-refuses": [("without", "trotsky-letter-1922-12-12"), ("absent", f"trotsky={DECEMBER}")],
}
#: Those that take something out and have no twin in a line of options, and what their note says of it.
ON_PURPOSE = {
    "lenin-away-on-23-february": "the motion is put by nobody in particular",
    "lenin-gone": "All that he wrote and said after that day is gone with him",
}


def what_happens(world: sim.Scenario) -> tuple[Any, ...]:
    """Everything but the wording of absences: the other moments, who is away when, and all else."""
    others = [item for item in world.debate.timeline if not isinstance(item, Absence)]
    away = sorted((item.member, item.date, item.until, item.reachable) for item in world.debate.timeline
                  if isinstance(item, Absence))  # fmt: skip
    return others, away, world.debate.model_copy(update={"timeline": ()})


@pytest.mark.parametrize("name", sim.whatif_names())
def test_a_shipped_what_if_is_the_world_that_options_make(name: str) -> None:
    """One question has one answer, by name or in words; one that differs says so."""
    asked = library.what_if(name)
    base = sim.load(asked.file.base, prior=True)
    takes_out = any(change.remove for change in asked.file.changes)
    if name in TWINS:
        assert what_happens(base.with_changes(name)) == what_happens(edits.edited(base, TWINS[name]))
    elif takes_out:
        assert ON_PURPOSE[name] in (asked.file.note or "")


@pytest.mark.parametrize("name", sim.whatif_names())
def test_no_shipped_what_if_says_what_follows_by_itself(name: str) -> None:
    """Each line of a what-if makes a difference of its own."""
    asked = library.what_if(name)
    base = sim.load(asked.file.base, prior=True)
    whole = base.with_changes(name).content_digest
    for left_out in asked.file.changes:
        others = [change for change in asked.file.changes if change is not left_out]
        with contextlib.suppress(ScenarioError):  # without this line the others may not go together
            assert base.with_changes(*others).content_digest != whole, left_out
