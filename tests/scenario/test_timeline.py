"""The timeline: what is played, in which order, with whom, and under which conditions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensembles import ensemble
from sim.errors import ScenarioError
from sim.model.plan import CARRIED, NOT_PUT, REJECTED
from sim.scenario import scenario
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import ORDER_WITHIN_A_DAY, weekdays
from tests.debates import absence, ballot, day, debate, letter, played, talk

MEMBERS = {"ann": 0.2, "bob": 0.8, "cat": 0.5}
WEEKS = {"drift": {"reversion": "pull", "noise": "shake"}}
UNDECIDED: dict[str, Any] = {"ballots": {"rule": "fixed", "competence": "competence"}, "policy": 0.5}


def kinds(debated: Scenario) -> list[tuple[str, str]]:
    """What is played, as (kind, id), in order."""
    return [(entry.kind, entry.id) for entry in debated.entries]


def ids(debated: Scenario, kind: str) -> list[str]:
    """The moments of a kind, in order."""
    return [name for what, name in kinds(debated) if what == kind]


# ----------------------------------------------------------------------- order


def test_a_day_has_its_order() -> None:
    """On one day the week passes first, then people come and go, then they read, then talk, then vote."""
    on_one_day = debate(
        MEMBERS,
        ballot("vote", 1.0, 0.0, 7),
        talk("meeting", 7),
        letter("word", "ann", ["bob"], 1.0, 7),
        {"id": "news", "kind": "event", "date": day(7)},
        absence("leaves", "cat", 7, 9),
        absence("returns", "bob", 3, 6),
        **WEEKS,
    )
    that_day = [entry for entry in on_one_day.entries if entry.date == day(7)]
    assert [entry.kind for entry in that_day] == list(ORDER_WITHIN_A_DAY)
    assert [entry.id for entry in that_day] == [
        "week-2024-01-08",
        "returns",
        "leaves",
        "news",
        "word",
        "meeting",
        "vote",
    ]


def test_what_is_of_one_kind_on_one_day_keeps_the_order_of_the_file() -> None:
    """Two letters of a day are read, and two motions put, as the file has them; days go before the file."""
    board = debate(
        MEMBERS,
        letter("z", "ann", ["bob"], 1.0, 2),
        letter("a", "ann", ["bob"], 0.0, 2),
        letter("m", "ann", ["bob"], 0.0, 1),
    )
    assert ids(board, "letter") == ["m", "z", "a"]


def test_the_order_is_what_is_played() -> None:
    """A letter is read before the talk of its day, and the talk is over before the ballot."""
    board = debate(MEMBERS, ballot("vote", 1.0, 0.0, 1), talk("meeting", 1), letter("word", "cat", ["ann"], 1.0, 1))
    histories = played(board)
    assert histories.after("word")[0, 0] == pytest.approx(0.6)
    mean = (0.6 + 0.8 + 0.5) / 3
    assert histories.private[:, 0] == pytest.approx([(x + mean) / 2 for x in (0.6, 0.8, 0.5)])


def test_the_plan_can_be_printed() -> None:
    """`plan()` is a table with one row a moment: when, what, who, on which condition, and how it is known."""
    table = debate(
        MEMBERS, ballot("vote", 1.0, 0.0, 1), letter("word", "ann", ["bob"], 1.0, 2, **{"if": "vote carried"})
    ).plan()
    assert list(table.columns) == [
        "date",
        "dated",
        "time",
        "kind",
        "id",
        "body",
        "actor",
        "who",
        "if",
        "about",
        "evidence",
    ]
    row = table.set_index("id").loc["word"]
    assert (row.date, row.kind, row.actor, row.who, row["if"], row.evidence) == (
        day(2),
        "letter",
        "ann",
        "bob",
        "vote carried",
        "assumed",
    )


# ------------------------------------------------------- weeks and weekly talk


def test_a_week_passes_every_monday_of_the_span() -> None:
    """Weeks are fixed dates, whatever else happens; without a rule for them none passes."""
    assert ids(debate(MEMBERS, weeks=3, **WEEKS), "week") == ["week-2024-01-01", "week-2024-01-08", "week-2024-01-15"]
    assert ids(debate(MEMBERS, weeks=3), "week") == []


@pytest.mark.parametrize(
    ("first", "weekday", "found"),
    [(0, "monday", [0, 7]), (1, "monday", [7]), (0, "sunday", [6, 13]), (6, "sunday", [6, 13])],
)
def test_weekdays_are_counted_from_the_first_in_the_span(first: int, weekday: str, found: list[int]) -> None:
    """The first and the last day count."""
    assert list(weekdays(day(first), day(13), weekday)) == [day(number) for number in found]


def test_a_body_talks_weekly_while_it_has_members_to_talk() -> None:
    """Its talk takes place on its weekday, among those who sit that day, and not where fewer than two sit."""
    seats = [
        {"members": ["ann"], "from": day(0), "to": day(27)},
        {"members": ["bob"], "from": day(8), "to": day(21)},
        {"members": ["cat"], "from": day(15), "to": day(27), "role": "candidate"},
    ]
    board = debate(MEMBERS, weeks=5, board={"seats": seats, "talks": "wednesday"})
    who = {entry.date: entry.who for entry in board.entries if entry.kind == "talk"}
    assert who == {day(9): ("ann", "bob"), day(16): ("ann", "bob", "cat"), day(23): ("ann", "cat")}


def test_members_change_with_their_dates_in_talk_and_ballot() -> None:
    """Who joins later neither talks nor votes before, and full members vote where candidates do not."""
    seats = [
        {"members": ["ann"]},
        {"members": ["bob"], "from": day(0), "to": day(9), "role": "candidate"},
        {"members": ["bob"], "from": day(10), "to": day(70)},
    ]
    board = debate(
        MEMBERS,
        *[moment for on in (9, 10) for moment in (talk(f"talk-{on}", on), ballot(f"vote-{on}", 1.0, 0.0, on))],
        board={"seats": seats},
    )
    assert {entry.id: entry.who for entry in board.entries} == {
        "talk-9": ("ann", "bob"), "vote-9": ("ann",), "talk-10": ("ann", "bob"), "vote-10": ("ann", "bob"),
    }  # fmt: skip


# -------------------------------------------------------------------- absences


@pytest.mark.parametrize(("on", "moves"), [(2, True), (3, False), (5, False), (6, True)])
def test_an_absence_lasts_from_its_first_day_to_its_last(on: int, moves: bool) -> None:
    """From the 3rd to the 5th the member is at no talk; before and after they are."""
    board = debate({"ann": 0.2, "bob": 0.8, "cat": 0.9}, absence("away", "cat", 3, 5), talk("meeting", on))
    assert (played(board).of("cat")[-1, 0] != 0.9) == moves


def test_an_absence_that_began_before_the_span_holds_from_its_first_day() -> None:
    """Somebody already away when the debate begins is away; one that outlasts the span never ends in it."""
    board = debate(MEMBERS, absence("away", "cat", -30, 500), talk("meeting", 0))
    assert kinds(board) == [("absence begins", "away"), ("talk", "meeting")]
    assert board.entries[0].date == day(0)
    assert (played(board).of("cat") == 0.5).all()


def test_a_conditional_absence_takes_nobody_away_where_it_did_not_happen() -> None:
    """Who leaves only if a motion is carried is there where it is lost; and who never left comes back to no effect."""
    members = {"ann": {"uniform": [0, 1]}, "bob": 1.0}
    seats = [{"members": ["ann"]}, {"members": ["bob"], "role": "candidate"}]
    moments = [
        ballot("vote", 1.0, 0.0, 1),
        absence("away", "bob", 2, 4, **{"if": "vote carried"}),
        talk("during", 3),
        talk("after", 5),
    ]
    histories = played(debate(members, *moments, board={"seats": seats}), 200)
    carried = histories.decided[0] == CARRIED
    moved = {name: histories.after(name)[1] != histories.before(name)[1] for name in ("during", "after")}
    assert (moved["during"] == ~carried).all()
    assert moved["after"].all()


@pytest.mark.parametrize("condition", [{"if": "vote rejected"}, {}])
def test_nobody_is_away_twice_at_once(condition: dict[str, str]) -> None:
    """Absences of one member that overlap are refused, whatever they hang on: the end of one would end the other."""
    moments = [ballot("vote", 1.0, 0.0, 1), absence("one", "bob", 2, 4, **{"if": "vote carried"})]
    with pytest.raises(ScenarioError, match="'bob' is away already, by 'one'"):
        debate(MEMBERS, *moments, absence("other", "bob", 4, 8, **condition))


def test_friends_meet_by_name_wherever_they_are() -> None:
    """A talk among named people finds the absent, unless they are out of reach."""
    for reachable, moves in ((True, True), (False, False)):
        meeting = debate(
            MEMBERS, absence("away", "ann", 0, 9, reachable=reachable), talk("chat", 3, members=["ann", "bob"])
        )
        assert (played(meeting).of("ann")[-1, 0] != 0.2) == moves


# ------------------------------------------------------------------ conditions


def test_a_motion_that_hangs_on_another_is_put_only_where_that_one_was_carried() -> None:
    """In free histories `if: first carried` holds history by history; elsewhere the motion is not put."""
    chain = debate(
        MEMBERS,
        ballot("first", 1.0, 0.0, 1),
        ballot("second", 0.9, 0.0, 2, **{"if": "first carried"}),
        ballot("other", 0.1, 0.0, 2, **{"if": "first rejected"}),
        ballot("side", 0.5, 0.0, 2, sets_policy=False),
        ballot("third", 0.8, 0.0, 3, **{"if": ["first carried", "side rejected"]}),
        ballot("fourth", 0.7, 0.0, 4, **{"if": "second not put"}),
        **UNDECIDED,
    )
    first, second, other, side, third, fourth = played(chain, 400).decided
    assert {CARRIED, REJECTED} == set(first.tolist())
    assert ((second != NOT_PUT) == (first == CARRIED)).all()
    assert ((other != NOT_PUT) == (first == REJECTED)).all()
    assert ((third != NOT_PUT) == ((first == CARRIED) & (side == REJECTED))).all()
    assert ((fourth != NOT_PUT) == (second == NOT_PUT)).all()


def test_a_motion_not_put_leaves_no_votes_and_no_policy() -> None:
    """Where it was not put nobody voted, it had no chance, and the policy stands."""
    chain = debate(
        MEMBERS, ballot("first", 1.0, 0.0, 1), ballot("second", 0.9, 0.0, 2, **{"if": "first carried"}), **UNDECIDED
    )
    histories = played(chain, 200)
    not_put = histories.decided[1] == NOT_PUT
    rows = [histories.elector("second", name) for name in MEMBERS]
    assert (histories.vote[rows][:, not_put] == 0).all()
    assert (histories.vote[rows][:, ~not_put] > 0).all()
    assert (np.isnan(histories.chance[1]) == not_put).all()
    assert (histories.policies[-1][not_put] == 0.5).all()


def test_the_results_say_how_often_a_motion_was_put() -> None:
    """`put` is the share of free histories in which it came to a vote, and the probability is of those alone."""
    chain = debate(
        MEMBERS,
        ballot("first", 1.0, 0.0, 1, outcome="carried"),
        ballot("second", 0.9, 0.0, 2, outcome="carried", **{"if": "first carried"}),
        **UNDECIDED,
    )
    many = ensemble.ensemble(chain, runs=4000)
    table = many.decisions.set_index("decision")
    assert table.put["first"] == 1
    assert table.put["second"] == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(4000))
    assert table.probability.to_numpy() == pytest.approx([0.5, 0.5])
    assert many.free["outcomes"][0, CARRIED] == many.free["outcomes"][1, 1:].sum()
    assert many.record["outcomes"][:, CARRIED].tolist() == [4000, 4000]


@pytest.mark.parametrize(
    ("condition", "where_carried", "where_rejected"),
    [
        ("policy < half", False, True),
        ("policy <= half", True, True),
        ("policy > 0.4", True, False),
        ("policy >= half", True, False),
        ("policy = half", True, False),
        ("policy = 0.25", False, True),
        ("policy > half", False, False),
    ],
)
def test_a_moment_may_hang_on_the_policy_in_force(condition: str, where_carried: bool, where_rejected: bool) -> None:
    """The policy is 0.5 where the motion was carried, and 0.25 as before where it was not."""
    moments = [ballot("vote", "half", "policy", 1), letter("word", "bob", ["ann"], 1.0, 2, **{"if": condition})]
    histories = played(debate(MEMBERS, *moments, positions={"half": 0.5}, **{**UNDECIDED, "policy": 0.25}), 100)
    moved = histories.of("ann")[-1] != 0.2
    assert (moved == np.where(histories.decided[0] == CARRIED, where_carried, where_rejected)).all()


def test_a_condition_cannot_look_forward() -> None:
    """What hangs on a decision comes after it."""
    with pytest.raises(ScenarioError, match="looks back to an earlier ballot"):
        debate(MEMBERS, letter("word", "ann", ["bob"], 1.0, 1, **{"if": "vote carried"}), ballot("vote", 1.0, 0.0, 2))


def test_removing_a_ballot_takes_out_what_hangs_on_it() -> None:
    """A what-if leaves nothing dangling, and says what went."""
    chain = debate(MEMBERS, ballot("first", 1.0, 0.0, 1), ballot("second", 0.9, 0.0, 2, **{"if": "first carried"}))
    other = chain.with_changes({"remove": "first"})
    assert other.debate.timeline == ()
    assert other.followed == ("'second' goes too: only an outcome of 'first' brings it about",)


# ------------------------------------------------------- evidence and readings


def with_evidence(tmp_path: Path) -> Path:
    """A debate whose letters are known more or less well, as a file."""
    known = {"documented": "found", "attributed": "found", "conjecture": "seed"}
    letters = [
        letter(
            f"{evidence}-word", "ann", ["bob"], 1.0, number, evidence=evidence, provenance=provenance, source=["DIARY"]
        )
        for number, (evidence, provenance) in enumerate(known.items(), start=1)
    ]
    told = debate(
        MEMBERS,
        *letters,
        letter("assumed-word", "ann", ["bob"], 1.0, 4),
        talk("assumed-talk", 5),
        sources={"DIARY": {"title": "A diary"}},
        readings={
            "the-last-word": {
                "question": "Was it written?",
                "default": "written",
                "options": {
                    "written": {"says": "It was.", "evidence": "assumed", "note": "invented"},
                    "not-written": {
                        "says": "It was not.",
                        "evidence": "assumed",
                        "note": "invented",
                        "changes": [{"remove": "assumed-word"}],
                    },
                },
            }
        },
    )
    path = tmp_path / "told.yaml"
    path.write_text(told.origin.text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("evidence", "letters"),
    [
        ("all", ["documented-word", "attributed-word", "conjecture-word", "assumed-word"]),
        ("documented", ["documented-word"]),
        ("seed", ["conjecture-word"]),
    ],
)
def test_only_what_is_known_well_enough_is_played(tmp_path: Path, evidence: str, letters: list[str]) -> None:
    """A filter by evidence takes letters out of the timeline; an assumed talk stays: no model without talk."""
    chosen = scenario.load(with_evidence(tmp_path), evidence=evidence)
    assert ids(chosen, "letter") == letters
    assert ids(chosen, "talk") == ["assumed-talk"]


def test_a_reading_chooses_what_is_played(tmp_path: Path) -> None:
    """The default of a contested point is played unless its other side is chosen; and the choice can be repeated."""
    path = with_evidence(tmp_path)
    usual, other = scenario.load(path), scenario.load(path, readings={"the-last-word": "not-written"})
    assert "assumed-word" in ids(usual, "letter")
    assert "assumed-word" not in ids(other, "letter")
    assert usual.digest != other.digest
    assert scenario.rebuild(other.origin).digest == other.digest
