"""Files that are odd and not broken YAML: what is played as it is meant, and what is refused in one sentence."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import figures
from sim.errors import ScenarioError, UserError
from sim.model.arrays import arrays_of
from sim.model.plan import IN_THE_ROOM
from sim.results.saved import Saved
from sim.scenario.edits import edited
from sim.scenario.scenario import Scenario, body_of, check_file, load
from sim.scenario.schema import LONGEST_ID
from sim.scenario.timeline import timeline
from sim.scenario.validation.check import check, check_with_options
from sim.scenario.validation.size import MOST_MOMENTS, memory
from sim.scenario.what_if import typed
from sim.scenario.yaml_reader import parse
from tests import debates
from tests.debates import absence, ballot, talk

LIBRARY = (Path(__file__).parent.parent.parent / "scenarios" / "library-sunday.yaml").read_text()
OF_A_BALLOT = "    outcome: carried\n"


def library(*exchanged: tuple[str, str]) -> str:
    """The library's debate with words exchanged for others, each once."""
    text = LIBRARY
    for old, new in exchanged:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def refusals(*exchanged: tuple[str, str]) -> list[str]:
    """What is said of the library's debate with words exchanged, one line a problem."""
    with pytest.raises(ScenarioError) as caught:
        check_with_options(parse(library(*exchanged), "x.yaml"))
    return str(caught.value).splitlines()


def sunday(**fields: str) -> tuple[str, str]:
    """The library's ballot with more fields."""
    return OF_A_BALLOT, OF_A_BALLOT + "".join(f"    {key}: {value}\n" for key, value in fields.items())


# Groups where one might be meant

GROUP = {"ann": 0.2, "many": {"count": 3}, "bob": 0.8}


def rows_of(scenario: Scenario, *members: str) -> list[int]:
    """The rows of people in the plan."""
    names = arrays_of(scenario).names.members
    return [names.index(member) for member in members]


def test_the_absence_of_a_group_is_that_of_each_of_them() -> None:
    """Who is away as a group is away one by one, and comes back so."""
    entries = timeline(debates.debate(GROUP, absence("gone", "many", 1, 5), talk("t", 3)).debate)
    away = [entry for entry in entries if entry.kind.startswith("absence")]
    assert [entry.who for entry in away] == [("many-1", "many-2", "many-3")] * 2


def test_weights_of_a_group_are_those_of_each_of_them() -> None:
    """A row of a group is the row of each of its people, and who hears a group hears each of them."""
    weights = {"many": {"ann": 2.0, "many": 1.0}, "ann": {"ann": 1.0, "many": 3.0}}
    talks = {"rule": "degroot", "susceptibility": "openness", "weights": weights}
    plan, names = arrays_of(debates.debate(GROUP, talk("t"), talk=talks))
    by_name = dict(zip(names.members, plan.listening, strict=True))
    one, *others = (by_name[f"many-{number}"] for number in (1, 2, 3))
    assert one.tolist() == [2.0, 1.0, 1.0, 1.0, 0.0]
    assert by_name["ann"].tolist() == [1.0, 3.0, 3.0, 3.0, 0.0]
    assert all(np.array_equal(one, other) for other in others)
    assert plan.by_authority.tolist() == [0, 0, 0, 0, 1]


def test_a_group_that_is_present_is_there_one_and_all() -> None:
    """Each of a group that a source names as present, or whose vote it gives, is certain to be there."""
    for fields in ({"present": ["many"]}, {"votes": {"many": "yes"}}):
        plan, names = arrays_of(debates.debate(GROUP, ballot("v", 1, 0, **fields)))
        sure = {names.members[row] for row, word in zip(plan.who, plan.attending, strict=True) if word == IN_THE_ROOM}
        assert sure == {"many-1", "many-2", "many-3"}


def test_a_group_can_be_kept_away_and_brought_into_the_room() -> None:
    """The options that change who is there take a group for all of its people."""
    world = debates.debate(GROUP, talk("t", 3), ballot("v", 1, 0, 3))
    away = edited(world, [("absent", "many=2024-01-04")])
    assert {"many-1", "many-2", "many-3"} <= {name for entry in away.entries for name in entry.who}
    assert edited(away, [("present", "many=2024-01-04")]).debate.timeline[-1].present == ("many",)


def test_a_group_writes_no_letters_on_the_command_line_either() -> None:
    """Nobody in particular is no author, whoever asks."""
    with pytest.raises(ScenarioError, match="'many' is a group of 3, nobody in particular"):
        edited(debates.debate(GROUP, talk("t", 3)), [("add", "letter of many on 2024-01-04 to ann for 1")])


# Names

LONG = "a" * 300


@pytest.mark.parametrize("place", ["scenario: library-sunday", "id: eve-writes", "  ada:", "name: never", "  say:"])
def test_an_id_has_a_largest_length(place: str) -> None:
    """An id that no file can be named after is refused with its length, wherever it stands."""
    key, _, word = place.rpartition(" ")
    new = f"{key} {LONG}:" if word.endswith(":") else f"{key} {LONG}"
    assert any(f"has 300 characters: an id has at most {LONGEST_ID}" in line for line in refusals((place, new)))


def test_an_argument_of_any_length_is_refused_in_a_sentence() -> None:
    """A name that no file can have is no file."""
    for name in (LONG, LONG * 100, f"{LONG}/b", f"{LONG}.yaml", "a\0b", "\x1b[31m.yaml"):
        with pytest.raises(ScenarioError) as caught:
            check_file(name)
        assert "\x1b" not in str(caught.value)


def test_a_talk_of_many_has_an_id_that_can_be_read() -> None:
    """Who talks by name are part of the id of the talk, unless they are too many for one."""
    members = {f"somebody-with-a-long-name-{number}": 0.5 for number in range(9)}
    world = debates.debate(members, talk("t", 1))
    for _ in range(2):
        world = edited(world, [("add", f"talk of {', '.join(members)} on 2024-01-04")])
    assert [moment.id for moment in world.debate.timeline][1:] == ["talk-2024-01-04", "talk-2024-01-04-2"]


# Numbers


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low: 0", "low: -1.0e+300", "axis.low: -1e+300 is too large: a number is at most 1e+15"),
        ("low: 0", "low: 1e-300", "axis.low: 1e-300 is too close to 0"),
        ("low: 0", "low: 5e-400", "axis.low: '5e-400' is too close to 0 for a number: write 0"),
        ("low: 0", "low: 1e400", "axis.low: '1e400' is too large for a number"),
        ("low: 0", "low: .inf", "'.inf' is not a finite number"),
        ("low: 0", "low: .nan", "'.nan' is not a finite number"),
        ("value: monthly", "value: 1e300", "members.ada.first_stance.value: 1e+300 is too large"),
        ("value: monthly", "value: {normal: [1e300, 1]}", "value.normal.0: 1e+300 is too large"),
        ("range: [0, 1]", "range: [0, 1e300]", "parameters.openness.range.1: 1e+300 is too large"),
        (
            "susceptibility: openness}",
            "susceptibility: openness, weights: {rows: {ada: {ben: 1e308}}, evidence: assumed, note: x}}",
            "dynamics.talk.weights.rows.ada.ben: 1e+308 is too large",
        ),
        ("strength: 3", "strength: 1e-300", "strength: 1e-300 is too close to 0"),
    ],
)
def test_a_number_has_a_size(old: str, new: str, said: str) -> None:
    """A number that sums would lose is refused, with its value, and never taken for another."""
    lines = refusals((old, new))
    assert [line for line in lines if said in line], lines


def test_an_axis_lies_where_its_stances_can_be_told_apart() -> None:
    """An axis so far from 0 that its middle is one of its ends is refused."""
    (line,) = refusals(("low: 0", "low: 999999999999999.5"), ("high: 50", "high: 1.0e15"))[:1]
    assert "count from another zero" in line


# Text


@pytest.mark.parametrize("escape", ["\\x1b[31m", "\\0", "\\x07", "\\x9b", "\\u202e", "\\u2066", "\\ud800"])
def test_what_steers_a_terminal_is_refused_in_any_text(escape: str) -> None:
    """A control character or a turning of the text is refused where it stands, also when it is written as an escape."""
    lines = refusals(("title: Should the village library open on Sundays?", f'title: "a{escape}b"'))
    assert lines
    assert all(line.isprintable() for line in lines)


def test_what_is_quoted_of_a_file_cannot_steer_a_terminal() -> None:
    """A refusal shows an escape in a key or a name by the letters that stand for it."""
    (line,) = refusals(("title: Should", '"ti\\x1b[31mtle": x\ntitle: Should'))
    assert "'ti\\x1b[31mtle' is not a key here" in line


def test_marks_and_brackets_of_other_programs_are_text() -> None:
    """Signs of markup, mathematics and scripts that run from right to left are read as they are."""
    odd = "[/i] $x^2$ \\frac{a}{b} a_b %d {x} <b> & דב הקורא\u200f 日曜日 📚"
    text = library(("motion: The library opens every other Sunday", f"motion: '{odd}'"))
    assert check(parse(text, "x.yaml")).timeline[-1].motion == odd  # type: ignore[union-attr]


# Dates, spaces and lines


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024-3-12", "'2024-3-12' is not written as a date is: write 2024-03-12"),
        ("2024/03/12", "'2024/03/12' is not written as a date is: write 2024-03-12"),
        ("2024-3", "'2024-3' is not written as a month is: write 2024-03"),
        ("2024-13", "there is no month '2024-13'"),
        ("2024-13-1", "there is no day '2024-13-1'"),
        ("2024-02-30", "there is no day '2024-02-30'"),
        ('"2024-03-12"', "must be a date without quotes, as 2024-03-05, not '2024-03-12'"),
        ("-044-03-15", "the year of '-044-03-15' is not one from 1 to 9999"),
        ("10024-03-05", "the year of '10024-03-05' is not one from 1 to 9999"),
    ],
)
def test_what_is_nearly_a_date_is_told_how_to_be_one(written: str, said: str) -> None:
    """A date without its zeros is told with them, and a month that it is one."""
    (line,) = refusals(("date: 2024-03-12\n    body", f"date: {written}\n    body"))
    assert said in line


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("  label:", "\xa0 label:", 15),
        ("  label:", " \xa0label:", 15),
        ("  label:", "\u3000label:", 15),
        ("low: 0", "low:\xa00", 16),
        ("low: 0", "low: \xa00", 16),
        ("low: 0", "low: 0\xa0", 16),
    ],
)
def test_what_looks_like_a_space_is_told_from_one(old: str, new: str, number: int) -> None:
    """A no-break space where YAML needs a space is named, on the line where it stands."""
    assert refusals((old, new))[0].startswith(f"x.yaml:{number}: ")
    assert any("where YAML needs an ordinary space" in line for line in refusals((old, new)))


def test_a_no_break_space_within_text_is_text() -> None:
    """What is written between words stays as it is."""
    assert check(parse(library(("title: Should", "title: Should\xa0we")), "x")).title.startswith("Should\xa0we")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_lines_are_counted_as_editors_count_them(sign: str) -> None:
    """What YAML takes for the end of a line and no editor shows as one does not move the numbers of lines."""
    assert refusals(("low: 0", "lo: 0"))[0].startswith("x.yaml:16: ")
    assert refusals((LIBRARY[:20], f"# {sign} {sign}{LIBRARY[:20]}"), ("low: 0", "lo: 0"))[0].startswith("x.yaml:16: ")


def test_lines_may_end_as_they_do_elsewhere() -> None:
    """Ends of lines of another system, and a mark at the beginning, change nothing."""
    assert check(parse("\ufeff" + LIBRARY.replace("\n", "\r\n"), "x")) == check(parse(LIBRARY, "x"))


# Sizes


def test_a_span_that_cannot_be_played_is_refused_with_its_number() -> None:
    """Three thousand years of weekly talks are counted, and not made."""
    talks = "    talks: {weekday: monday, evidence: assumed, note: x}\n    procedure:"
    text = (("span: {from: 2024-03-01, to: 2024-03-31}", "span: {from: 0001-01-01, to: 3000-12-31}"),)
    (line,) = refusals(*text, ("    procedure:", talks))
    assert "156,533 regular talks and 4 moments of the timeline are more than the 20,000" in line
    assert len(check(parse(library(*text), "x")).timeline) == 4
    assert MOST_MOMENTS == 20_000


def test_people_that_no_memory_holds_are_refused_with_the_number() -> None:
    """A group of ten thousand is told what it would need; a parliament of 440 fits."""
    group = "  public: {name: A backbencher, count: 10000}\n\nbodies:"
    (line,) = refusals(("\nbodies:", group))
    assert "members.public.count: 10,005 people need about 23 GB of memory" in line
    parliament = check(parse(library(("\nbodies:", group.replace("10000", "435"))), "x"))
    assert 0.25 < memory(parliament) < 0.5


@pytest.mark.parametrize("share", [1, 22])
def test_conditions_on_conditions_are_followed_to_the_end(share: int) -> None:
    """A chain of 1,500 conditions, and 22 ballots that each look back to all before, are checked and planned."""
    many = 1500 if share == 1 else 22
    moments = [
        ballot(f"b{n}", 1, 0, 1, **{"if": [f"b{k} carried" for k in range(max(n - share, 0), n)]} if n else {})
        for n in range(many)
    ]
    scenario = debates.debate({"ann": 0.2, "bob": 0.8}, *moments)
    assert arrays_of(scenario).plan.conditions.size == sum(min(n, share) for n in range(many))
    assert len(edited(scenario, [("without", "b0")]).debate.timeline) == 0


# Counts that contradict each other


@pytest.mark.parametrize(
    ("count", "outcome", "said"),
    [
        ("{yes: 4, no: 0, evidence: assumed, note: x}", "rejected", "4 yes and 0 no are carried by simple majority"),
        ("{yes: 1, no: 3, evidence: assumed, note: x}", "carried", "1 yes and 3 no are rejected by simple majority"),
        ("{yes: 4, no: 0, evidence: assumed, note: x}", "carried", ""),
        ("{yes: 2, no: 2, evidence: assumed, note: x}", "rejected", ""),  # the chair decides
        ("{yes: 1, no: 0, evidence: assumed, note: x}", "rejected", ""),  # too few for the quorum, as far as is known
    ],
)
def test_an_outcome_is_the_one_that_its_tally_makes(count: str, outcome: str, said: str) -> None:
    """A count that decides otherwise than the outcome says is refused."""
    change = (OF_A_BALLOT, f"    outcome: {outcome}\n    tally: {count}\n")
    if said:
        (line,) = refusals(change)
        assert said in line
    else:
        check(parse(library(change), "x"))


def test_a_tally_counts_the_votes_that_are_known() -> None:
    """Who voted no by name is among those who are counted."""
    votes = '[{member: ada, vote: "no", evidence: assumed, note: x}]'
    (line,) = refusals(sunday(tally="{yes: 4, no: 0, evidence: assumed, note: x}", votes=votes))
    assert "tally.no: 0 is fewer than the 1 known by name: ada" in line


def test_ballots_of_one_sitting_count_the_same_people() -> None:
    """Two whole counts of one sitting that differ in number contradict each other."""
    tally = "{yes: 3, no: 1, abstain: 0, evidence: assumed, note: x}"
    at = LIBRARY.index("  - id: sunday-ballot")
    second = LIBRARY[at:].replace("sunday-ballot", "other").replace(OF_A_BALLOT, OF_A_BALLOT + f"    tally: {tally}\n")
    second = second.replace("if_lost: policy", "if_lost: never")
    more = (LIBRARY[at:], library(sunday(tally=tally))[at:] + "\n" + second)
    check(parse(library(more), "x"))
    (line,) = refusals((more[0], more[1].replace("yes: 3, no: 1", "yes: 2, no: 0", 1)))
    assert "4 votes are counted, and 2 by 'sunday-ballot' in the same sitting" in line


@pytest.mark.parametrize(
    "ends",
    ["if_carried: always\n    if_lost: always", "if_carried: policy\n    if_lost: policy",
     "if_carried: policy\n    if_lost: monthly", "if_carried: monthly\n    if_lost: policy"],
)  # fmt: skip
def test_a_motion_that_changes_nothing_is_refused(ends: str) -> None:
    """Carried or lost it would be the same, as named or as the policy in force has it: nobody could prefer either."""
    (line,) = refusals(("if_carried: fortnightly\n    if_lost: policy", ends))
    assert "carried or lost, 'sunday-ballot' leads to the same" in line


def test_what_was_counted_is_not_asked_of_another_world() -> None:
    """A what-if may have another rule than the one by which the record was counted."""
    counted = {"yes": 1, "no": 3, "evidence": "assumed", "note": "x"}
    world = load("library-sunday").with_changes({"set": "sunday-ballot.tally", "to": counted})
    assert world.debate.timeline[-1].outcome == "carried"  # type: ignore[union-attr]


def test_a_debate_is_no_what_if() -> None:
    """Whoever names a debate where a what-if is meant hears that, and not of every key that a what-if lacks."""
    with pytest.raises(ScenarioError, match="this is a debate and not a what-if") as caught:
        typed(parse(LIBRARY, "x.yaml"))
    assert len(str(caught.value).splitlines()) == 1


def test_a_debate_in_which_nothing_happens_is_drawn(tmp_path: Path) -> None:
    """Without a moment there is one day and no decision: every figure that can be drawn is, and nothing warns."""
    file = tmp_path / "nothing.yaml"
    file.write_text(LIBRARY[: LIBRARY.index("timeline:")] + "timeline: []\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = figures.pictures(Saved.of("replay", sim.replay(file, 16)))
    assert "stances.svg" in drawn
    with pytest.raises(UserError, match="'committee' holds no ballot here: none does"):
        body_of(load(file), "committee")
