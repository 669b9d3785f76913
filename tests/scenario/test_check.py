"""What a scenario file may not say, and what is said about it."""

from __future__ import annotations

import cProfile
import datetime
import pickle
import pstats
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import changes, evidence
from sim.scenario.scenario import check_file, load
from sim.scenario.schema import Change
from sim.scenario.timeline import timeline
from sim.scenario.validation.check import check, check_with_options
from sim.scenario.yaml_reader import DEEPEST, LARGEST, Document, parse, read
from tests import debates

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "scenarios" / "library-sunday.yaml"
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
EXPECTED = re.compile(r"# error: (\d+|-): (.+)")

WEEK = """
scenario: one-week
title: A week
question: How strong shall the tea be?
about: A debate with everything that changes, readings and filters touch.
span: {from: 2024-05-01, to: 2024-05-31}
axis:
  label: Minutes
  low: 0
  high: 10
  positions: [{name: weak, at: 2, meaning: hardly tea}, {name: strong, at: 8, meaning: tea}]
  policy: {at: weak, evidence: assumed, note: invented}
sources: {Diary: {title: The diary}}
parameters:
  share: {value: 0.5, range: [0, 0.5], unit: share, meaning: a share, evidence: assumed, note: invented}
dynamics:
  talk: {rule: degroot, susceptibility: share}
  letters: {receptiveness: share}
  ballots: {rule: logit, sharpness: share}
  authority: share
  unknown_stance: {value: {uniform: [0, 10]}, evidence: assumed, note: invented}
members:
  ann:
    name: Ann
    first_stance: {value: strong, evidence: documented, provenance: seed, source: Diary}
    observations:
      - {id: o1, date: 2024-05-02, stance: 8, says: so, evidence: documented, provenance: found, source: Diary}
      - {id: o2, date: 2024-05-08, stance: 8, says: so, rests_on: v1,
         evidence: documented, provenance: seed, source: Diary}
  bob: {name: Bob, first_stance: {value: weak, evidence: assumed, note: a guess}}
bodies:
  office:
    name: The office
    seats: [{members: [ann, bob], from: 2024-01-01, to: 2024-12-31, evidence: assumed, note: invented}]
    procedure: {evidence: assumed, note: invented}
timeline:
  - {id: t0, kind: talk, date: 2024-05-02, body: office, evidence: assumed, note: silence}
  - {id: t1, kind: talk, date: 2024-05-03, body: office, evidence: documented, provenance: found, source: Diary}
  - id: v1
    kind: ballot
    date: 2024-05-03
    body: office
    session: t1
    motion: strong tea
    if_carried: strong
    if_lost: policy
    tally: {yes: 2, no: 0, evidence: conjecture, provenance: seed, source: Diary}
    votes:
      - {member: ann, vote: yes, evidence: documented, provenance: seed, source: Diary}
      - {member: bob, vote: yes, evidence: attributed, provenance: found, source: Diary}
    evidence: attributed
    provenance: seed
    source: Diary
  - {id: w1, kind: letter, date: 2024-05-04, if: v1 carried, author: ann, readers: bob, strength: 3, summary: x,
     argues_for: strong,
     evidence: documented, provenance: seed, source: Diary}
  - {id: v2, kind: ballot, date: 2024-05-05, if: v1 rejected, body: office, motion: x, if_carried: 2, if_lost: 3,
     evidence: documented, provenance: seed, source: Diary}
  - {id: w2, kind: note, date: 2024-05-06, if: [policy > weak, v2 not put], author: bob, readers: ann, strength: 3,
     summary: x,
     evidence: documented, provenance: seed, source: Diary}
  - {id: w3, kind: speech, date: 2024-05-06, author: bob, readers: ann, strength: 3, summary: x,
     evidence: assumed, note: x}
  - {id: e1, kind: event, date: 2024-05-07, summary: x, evidence: documented, provenance: found, source: Diary}
readings:
  bob-in-may:
    question: What did Bob think?
    default: nothing-said
    options:
      nothing-said: {says: no word, evidence: assumed, note: x}
      strong-tea:
        says: a word
        evidence: assumed
        note: x
        changes: [{set: bob.first_stance.value, to: strong}, {remove: e1}]
"""


def problems_of(text: str | bytes) -> list[str]:
    """What is said of a text, one line a problem."""
    with pytest.raises(ScenarioError) as caught:
        check_with_options(parse(text, "x.yaml"))
    return str(caught.value).splitlines()


def week() -> Document:
    """A debate with something for every change and filter."""
    return parse(WEEK, "week.yaml")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_all_its_errors_and_no_others(path: Path) -> None:
    """Every defect of a file is told at once, with its line, and nothing else is."""
    expected = EXPECTED.findall(path.read_text())
    assert expected
    with pytest.raises(ScenarioError) as caught:
        check_with_options(read(path))
    left = list(caught.value.problems)
    for line, words in expected:
        at = 0 if line == "-" else int(line)
        match = next(
            (problem for problem in left if problem.line == at and words in f"{problem.key}: {problem.message}"), None
        )
        assert match is not None, f"nothing says {words!r} on line {line}, but:\n{caught.value}"
        left.remove(match)
    assert not left, f"nobody expected {[str(problem) for problem in left]}"
    assert len(str(caught.value).splitlines()) == len(caught.value.problems)


def test_the_shipped_example_is_sound() -> None:
    """The village library's debate has nothing wrong with it."""
    debate = check(read(LIBRARY))
    assert debate.scenario == "library-sunday"
    assert debate.bodies["committee"].seats[0].start == datetime.date(2024, 1, 1)


def test_the_debate_of_these_tests_is_sound() -> None:
    """The debate that the tests below change has nothing wrong with it to begin with."""
    assert [moment.id for moment in check(week()).timeline] == ["t0", "t1", "v1", "w1", "v2", "w2", "w3", "e1"]


# Texts that are no scenario


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 5_000,
        "? " * 5_000,
        "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 2000)),
    ],
)
def test_nesting_has_a_bottom(text: str) -> None:
    """A text nested beyond all sense is refused in a sentence, however it is nested."""
    assert any(f"more than {DEEPEST} levels" in line or "a key is a word" in line for line in problems_of(text))


def test_an_alias_cannot_multiply() -> None:
    """A file of aliases of aliases is refused before anything is copied."""
    bomb = "a: &a [x, x]\n" + "".join(f"{y}: &{y} [*{x}, *{x}]\n" for x, y in zip("abcdefgh", "bcdefghi", strict=True))
    lines = problems_of(bomb)
    assert lines[0] == "x.yaml:1: a: '&a' is an anchor: write the value out where it is needed"
    assert "x.yaml:2: b.0: '*a' is an alias: write the value out" in lines


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (b"title: caf\xe9\n", 1, "e9"),
        ("title: x\n".encode("utf-16"), 1, "ff"),
        (b"a: 1\nb: \xc3\x28\n", 2, "c3"),
        (b"a: \xed\xa0\x80", 1, "ed"),
    ],
)
def test_bytes_that_are_not_utf8_are_refused(content: bytes, line: int, byte: str) -> None:
    """A file in another encoding is refused with the line of the first byte that shows it."""
    assert problems_of(content) == [f"x.yaml:{line}: byte 0x{byte} is not UTF-8: save the file in the encoding UTF-8"]


@pytest.mark.parametrize("stray", ["\x00", "\x1b", "\ud800", "\x7f"])
def test_what_cannot_be_printed_is_refused(stray: str) -> None:
    """A control character or half a character is refused with its line."""
    assert problems_of(f"a: 1\nb: x{stray}y") == [
        f"x.yaml:2: character U+{ord(stray):04X} cannot be printed: take it out"
    ]


def test_a_byte_order_mark_does_no_harm() -> None:
    """A file that an old editor saved with a byte order mark reads as without it."""
    assert parse(b"\xef\xbb\xbfa: 1\n", "x").tree == {"a": 1}


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    """A file larger than any scenario is not even looked at."""
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match=r"large\.yaml: the file is larger than 4 MiB"):
        read(large)


def test_a_missing_file_is_refused_with_its_neighbour(tmp_path: Path) -> None:
    """Whoever misspells a file is told of the one beside it; a folder or a bad name is no file."""
    (tmp_path / "tea.yaml").write_text("a: 1")
    with pytest.raises(ScenarioError, match=r"tee\.yaml: there is no such file: did you mean '.*tea\.yaml'\?"):
        read(tmp_path / "tee.yaml")
    with pytest.raises(ScenarioError, match="this is a folder"):
        read(tmp_path)
    with pytest.raises(ScenarioError, match="nor a folder"):
        read(tmp_path / "no" / "tea.yaml")
    for name in ("/dev/null", "a\0b", "x" * 5000):
        with pytest.raises(ScenarioError):
            read(name)


def test_plain_words_mean_what_they_look_like() -> None:
    """Only true and false are truth values, only days are dates; what is in doubt or in quotes is text."""
    text = "{a: yes, b: no, c: on, d: true, e: False, f: 1e3, g: -0.5, h: 010, i: 1:30, j: 0x1F, k: 1_000}"
    values = list(parse(text, "x").tree.values())
    assert values == ["yes", "no", "on", True, False, 1000.0, -0.5, "010", "1:30", "0x1F", "1_000"]
    others = parse("{l: 2024-05-01, m: 2024-5-1, n: '7', o: ~, p: , q: 12, r: .5}", "x").tree
    day = datetime.date(2024, 5, 1)
    assert others == {"l": day, "m": "2024-5-1", "n": "7", "o": None, "p": None, "q": 12, "r": 0.5}


def test_every_key_knows_its_line() -> None:
    """The line of each key and of each item of a list is kept."""
    lines = parse("\na:\n  - b: 1\n    c: [x,\n     y]\n", "x").lines
    assert lines[("a",)] == 2
    assert lines[("a", 0)] == lines[("a", 0, "b")] == 3
    assert (lines[("a", 0, "c")], lines[("a", 0, "c", 0)], lines[("a", 0, "c", 1)]) == (4, 4, 5)


def test_a_problem_is_one_line_whatever_the_key() -> None:
    """A key that holds line breaks, or has no end, is still told in one line."""
    lines = problems_of('"a\\nb": 1\n' + "x" * 500 + ": 2\n" + LIBRARY.read_text())
    assert len(lines) == 2
    assert lines[0].startswith("x.yaml:1: a b: 'a b' is not a key here")
    assert len(lines[1]) < 500


def test_an_error_survives_a_journey_between_processes() -> None:
    """A scenario error that is pickled says the same afterwards."""
    with pytest.raises(ScenarioError) as caught:
        parse("a: [", "x")
    rebuild = pickle.loads(pickle.dumps(caught.value))
    assert str(rebuild) == str(caught.value)
    assert rebuild.problems == caught.value.problems


def survives(text: str | bytes) -> None:
    """Reads and checks a text: a debate or a scenario error, and nothing else."""
    is_refused_in_lines(lambda: check_with_options(parse(text, "fuzz.yaml")))


def is_refused_in_lines(attempt: Callable[[], object]) -> None:
    """Makes an attempt: it succeeds, or is refused with one line a problem."""
    refusal: ScenarioError | None = None
    try:
        attempt()
    except ScenarioError as error:
        refusal = error
    assert refusal is None or len(str(refusal).splitlines()) == len(refusal.problems) > 0


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200), st.text("[]{}:,-?&*!|>'\"%#@ \n\tab1.~", max_size=60)))
def test_no_text_whatever_breaks_the_reader(text: str | bytes) -> None:
    """Any text is either a debate or refused with a scenario error."""
    survives(text)


PIECES = [
    "",
    "x",
    "-1",
    "99",
    ".nan",
    "null",
    "[]",
    "{}",
    "[1, 2]",
    "{a: b}",
    "policy",
    "ada",
    "2024-03-12",
    "true",
    "'",
    "&a",
    ": ",
    "\n",
    "- ",
    "010",
    "always",
    "1e300",
    "1e-300",
    "5e-324",
    "999999999999999",
    "2024-3-12",
    "2024-03",
    "0001-01-01",
    "9999-12-31",
    "a" * 300,
    '"\\x1b[31m"',
    "[/i]",
    "$x^2$",
    "\xa0",
    "\u2028",
    "\x85",
    "\u202e",
    "\r",
    "*a",
    "<<: ",
]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_mutation_of_a_sound_file_breaks_the_reader(data: st.DataObject) -> None:
    """The library's debate with words struck out, exchanged or put elsewhere never ends in a traceback."""
    tokens = re.findall(r"\w+(?:-\w+)*|\s+|[^\w\s]", LIBRARY.read_text())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(tokens) - 1))
        tokens[at] = data.draw(st.one_of(st.sampled_from(PIECES), st.sampled_from(tokens)))
    survives("".join(tokens))


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 60), st.text("ab-", max_size=3), st.dates()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "kind", "value", "uniform", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def paths_in(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key path in a tree."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(deeper for key, value in inner for deeper in paths_in(value, (*path, key)))]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_value_in_any_place_breaks_the_checks(data: st.DataObject) -> None:
    """Whatever is put in the place of whatever, the checks find a sentence for it."""
    document = week()
    path = data.draw(st.sampled_from(paths_in(document.tree)[1:]))
    node: object = document.tree
    for step in path[:-1]:
        node = node[step]  # type: ignore[index]
    node[path[-1]] = data.draw(TREES)  # type: ignore[index]
    is_refused_in_lines(lambda: check_with_options(document))
    is_refused_in_lines(lambda: check(changes.choose_readings(document, {})))
    is_refused_in_lines(lambda: check(evidence.keep_evidence(document, "seed")))


# Changes


def changed(*wanted: dict[str, object]) -> Document:
    """The week with some changes."""
    return changes.apply(week(), [Change.model_validate(change) for change in wanted], "the test")


def test_a_change_leaves_the_document_it_was_given_alone() -> None:
    """Changing a debate makes another and keeps the first."""
    before = week()
    after = changes.apply(before, [Change(set="w1.strength", to=5)], "the test")
    assert before == week()
    assert check(after).timeline[3].strength == 5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "value", "reached"),
    [
        ("w1.strength", 5, lambda tree: tree["timeline"][3]["strength"]),
        ("ann.first_stance.value", 3, lambda tree: tree["members"]["ann"]["first_stance"]["value"]),
        ("ann.observations.o2.stance", 3, lambda tree: tree["members"]["ann"]["observations"][1]["stance"]),
        ("v1.votes.bob.vote", "no", lambda tree: tree["timeline"][2]["votes"][1]["vote"]),
        ("office.seats.0.members", ["ann"], lambda tree: tree["bodies"]["office"]["seats"][0]["members"]),
        ("axis.positions.strong.at", 9, lambda tree: tree["axis"]["positions"][1]["at"]),
        ("dynamics.talk.rule", "degroot", lambda tree: tree["dynamics"]["talk"]["rule"]),
        ("span.to", datetime.date(2024, 6, 1), lambda tree: tree["span"]["to"]),
        ("share.value", 0.1, lambda tree: tree["parameters"]["share"]["value"]),
        ("bob.label", "the new one", lambda tree: tree["members"]["bob"]["label"]),
        ("readings.bob-in-may.default", "strong-tea", lambda tree: tree["readings"]["bob-in-may"]["default"]),
    ],
)
def test_a_path_leads_to_one_field(path: str, value: object, reached: object) -> None:
    """A field is set wherever its path leads: by section, by id, by name in a list or by number."""
    assert reached(changed({"set": path, "to": value}).tree) == value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"set": "anne.label", "to": "x"}, "'anne' is not an id of this debate: did you mean 'ann'?"),
        ({"set": "zzzzzz.label", "to": "x"}, "a path begins with an id or with dynamics, axis, span, readings"),
        ({"set": "share", "to": 3}, "'share' names no field: write share.FIELD with one of value, range, unit"),
        ({"set": "v1.taly.yes", "to": 3}, "'v1' has no 'taly': did you mean 'tally'?"),
        ({"set": "v1.motion.text", "to": 3}, "'v1.motion' is 'strong tea', with nothing inside"),
        ({"set": "v1.votes.7.vote", "to": "no"}, "'v1.votes' has no '7': there is 'ann', 'bob'"),
        ({"remove": "ofice"}, "'ofice' is not an id of this debate: did you mean 'office'?"),
        ({"remove": "axis"}, "'axis' cannot be removed"),
        ({"remove": "ann.label"}, "'ann' has no 'label'"),
        ({"add": "members", "item": {"name": "Cat"}}, "needs an 'id' that is text, not nothing"),
        (
            {"add": "members", "item": {"id": "v1", "name": "Cat"}},
            "'v1' cannot be added to 'members': there is something",
        ),
    ],
)
def test_a_change_that_hits_nothing_is_refused(change: dict[str, object], message: str) -> None:
    """A change of what is not there says so, and what is there."""
    with pytest.raises(ScenarioError) as caught:
        changed(change)
    assert message in str(caught.value)
    assert "week.yaml" not in str(caught.value)  # nothing is wrong with the file


def test_a_removal_moves_the_lines_of_what_follows() -> None:
    """After an item is taken out of a list, errors further down still point to their lines."""
    document = changes.apply(parse(WEEK.replace("id: e1", "id: E1"), "week.yaml"), [Change(remove="t0")], "the test")
    with pytest.raises(ScenarioError) as caught:
        check(document)
    line = 1 + WEEK.splitlines().index(next(row for row in WEEK.splitlines() if "id: e1" in row))
    assert str(caught.value).startswith(f"week.yaml:{line}: timeline.E1.id: 'E1' is not an id")


def test_removing_a_ballot_leaves_nothing_dangling() -> None:
    """With a ballot go what only its outcome brings about and the observations inferred from it."""
    left = check(changed({"remove": "v1"}))
    assert [moment.id for moment in left.timeline] == ["t0", "t1", "w2", "w3", "e1"]
    assert [str(condition) for condition in left.timeline[2].conditions] == ["policy > weak"]
    assert [observation.id for observation in left.members["ann"].observations] == ["o1"]


def test_an_item_added_takes_part() -> None:
    """A member and a letter that are added are members and letters like others."""
    told = {"author": "cat", "readers": ["ann"], "strength": 1, "summary": "x", "evidence": "assumed", "note": "x"}
    letter = {"id": "w9", "kind": "letter", "date": datetime.date(2024, 5, 9), **told}
    debate = check(
        changed({"add": "members", "item": {"id": "cat", "name": "Cat"}}, {"add": "timeline", "item": letter})
    )
    assert list(debate.members) == ["ann", "bob", "cat"]
    assert debate.timeline[-1].id == "w9"


def test_an_error_in_what_a_change_wrote_is_not_one_of_the_file() -> None:
    """What a what-if adds wrongly is reported without the file that it changes, and with its own if it has one."""
    with pytest.raises(ScenarioError) as caught:
        check(changed({"add": "members", "item": {"id": "cat", "nam": "Cat"}}))
    assert str(caught.value) == "members.cat.nam: 'nam' is not a key here: did you mean 'name'?"
    with pytest.raises(ScenarioError) as caught:
        check(changes.apply(week(), [Change(set="w2.strength", to=9)], "asked.yaml:7"))
    assert str(caught.value) == "asked.yaml:7: timeline.w2.strength: must be at most 5, not 9"


def test_setting_what_is_set_already_changes_nothing() -> None:
    """A change to the present value is no error and gives the same debate."""
    assert check(changed({"set": "w1.strength", "to": 3})) == check(week())


# One bad date

A_BAD_DAY = ("2024-02-30", "2024-03-12T10:00", '"soon"', "2024-13")


@pytest.mark.parametrize("written", A_BAD_DAY)
def test_a_bad_date_hides_nothing_else_that_is_wrong_with_its_moment(written: str) -> None:
    """Its names, places, parameters and sources are looked at all the same, and so is the rest of the file."""
    text = LIBRARY.read_text()
    text = text.replace("date: 2024-03-12\n    session", f"date: {written}\n    session")
    text = text.replace("moved_by: cleo", "moved_by: cloe").replace("if_carried: fortnightly", "if_carried: fortnighty")
    text = text.replace("readers: [ada, ben]", "readers: [ada, bne]").replace("if_lost: policy", "if_lost: 99")
    text = text.replace("authority: say", "authority: sayy")
    keys = ["authority", "readers", "date", "moved_by", "if_carried", "if_lost"]
    assert [next(key for key in keys if f".{key}" in line) for line in problems_of(text)] == keys


@pytest.mark.parametrize("end", ["from", "to"])
def test_a_bad_end_of_the_span_is_told_once(end: str) -> None:
    """Seats that are held throughout have no fault of their own then."""
    text = LIBRARY.read_text().replace("from: 2024-01-01, to: 2024-12-31, ", "")
    text = text.replace(f"{end}: 2024-03-{'01' if end == 'from' else '31'}", f"{end}: 2024-02-30", 1)
    (said,) = problems_of(text)
    assert f"span.{end}: there is no day '2024-02-30'" in said


# Readings


def test_readings_are_played_by_default_or_by_choice() -> None:
    """Of every contested point the default is taken unless another side is chosen."""
    by_default = check(changes.choose_readings(week(), {}))
    chosen = check(changes.choose_readings(week(), {"bob-in-may": "strong-tea"}))
    assert by_default == check(week())
    assert chosen.members["bob"].first_stance.value == "strong"  # type: ignore[union-attr]
    assert "e1" not in [moment.id for moment in chosen.timeline]
    assert changes.choose_readings(week(), {}).readings_applied == {"bob-in-may": "nothing-said"}


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"bob-in-mai": "strong-tea"}, "'bob-in-mai' is not a reading of 'one-week': did you mean 'bob-in-may'?"),
        ({"bob-in-may": "strong-te"}, "'strong-te' is not an option of 'bob-in-may': did you mean 'strong-tea'?"),
    ],
)
def test_an_unknown_reading_is_refused(chosen: dict[str, str], message: str) -> None:
    """A reading or an option that does not exist is refused with the nearest that does."""
    with pytest.raises(ScenarioError, match=re.escape(message)):
        changes.choose_readings(week(), chosen)


def test_readings_are_chosen_once() -> None:
    """After the readings are chosen they cannot be chosen or changed again."""
    applied = changes.choose_readings(week(), {})
    with pytest.raises(ScenarioError, match="chosen already"):
        changes.choose_readings(applied, {})
    with pytest.raises(ScenarioError, match="chosen already"):
        changes.apply(applied, [Change(set="readings.bob-in-may.default", to="strong-tea")], "the test")


def test_an_option_is_tried_where_it_is_chosen_and_by_a_check() -> None:
    """An option that breaks the debate is no obstacle to whoever plays another, and a check of the file finds it."""
    path = HERE / "broken" / "option-breaks-the-debate.yaml"
    with pytest.raises(ScenarioError) as caught:
        check_file(path)
    assert "with this option" in str(caught.value)
    assert load(path).document.readings_applied == {"mood": "calm"}
    with pytest.raises(ScenarioError, match="'kim' is not a member"):
        load(path, {"mood": "angry"})


def test_reading_a_scenario_needs_no_model() -> None:
    """A debate is read without the compiler and without the model."""
    program = "import sys, sim; sim.load('monopoly-1922'); assert not {'numba', 'sim.model', 'mesa'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=LIBRARY.parent.parent, check=False).returncode == 0


# Evidence


def kept(word: str) -> Document:
    """The week with only such evidence."""
    return evidence.keep_evidence(changes.choose_readings(week(), {}), word)


def test_documented_evidence_leaves_what_is_documented() -> None:
    """An attributed ballot goes, and with it what looks back to it and what rests on it; assumed talk stays."""
    debate = check(kept("documented"))
    assert [moment.id for moment in debate.timeline] == ["t0", "t1", "e1"]
    assert [observation.id for observation in debate.members["ann"].observations] == ["o1"]
    assert debate.members["ann"].first_stance is not None
    assert debate.members["bob"].first_stance is None
    assert debate.bodies == check(week()).bodies


def test_seed_evidence_leaves_the_founding_source() -> None:
    """A recorded talk from elsewhere goes, and the session it held; votes and tallies are judged one by one."""
    debate = check(kept("seed"))
    assert [moment.id for moment in debate.timeline] == ["t0", "v1", "w1", "v2", "w2"]
    ballot = debate.timeline[1]
    assert ballot.kind == "ballot"
    assert ballot.session is None
    assert ballot.tally is not None
    assert [vote.member for vote in ballot.votes] == ["ann"]
    assert [observation.id for observation in debate.members["ann"].observations] == ["o2"]


def test_all_evidence_is_the_debate_itself() -> None:
    """Asking for all the evidence changes nothing."""
    assert evidence.keep_evidence(week(), "all") == week()


def test_an_unknown_kind_of_evidence_is_refused() -> None:
    """A word that is no kind of evidence is refused with the nearest that is."""
    with pytest.raises(ScenarioError, match=r"'sead' is not a kind of evidence: did you mean 'seed'\?"):
        evidence.keep_evidence(week(), "sead")


# Long files


def of_moments(number: int) -> str:
    """A debate of so many letters, each an answer, talks, absences of one member, and ballots, each after the last."""
    moments: list[dict[str, Any]] = []
    for n in range(number):
        after = {"if": f"vote-{n - 1} carried"} if n else {}
        moments += [
            debates.letter(f"word-{n}", "ann", ["board"], 1.0, n, follows=[f"word-{n - 1}"] if n else []),
            debates.talk(f"talk-{n}", n),
            debates.absence(f"trip-{n}", "cat", n, n),
            debates.ballot(f"vote-{n}", 1, 0, n, present=["ann", "bob"], votes={"ann": "yes"}, **after),
        ]
    return debates.debate({"ann": 0.2, "bob": 0.4, "cat": 0.6}, *moments, weeks=number // 7 + 2).origin.text


def of_members(number: int) -> str:
    """A debate of so many members, each with a seat of their own, who meet and vote once."""
    members = {f"person-{n}": 0.5 for n in range(number)}
    board = {"seats": [{"members": [name]} for name in members]}
    return debates.debate(members, debates.talk("talk"), debates.ballot("vote", 1, 0), board=board).origin.text


@pytest.mark.parametrize("growing", [of_moments, of_members])
def test_a_file_of_eight_times_the_size_takes_eight_times_the_steps(growing: Callable[[int], str]) -> None:
    """To read and check a debate, and to lay it out in time, is work in proportion to its size."""

    def steps(text: str) -> int:
        counted = cProfile.Profile()
        counted.runcall(lambda: timeline(check_with_options(parse(text, "long.yaml"))))
        calls: int = pstats.Stats(counted).total_calls  # type: ignore[attr-defined]
        return calls

    steps(growing(1))  # what is done once, whatever the size
    assert steps(growing(200)) <= 8 * 1.02 * steps(growing(25))
