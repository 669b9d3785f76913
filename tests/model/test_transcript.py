"""The transcript: one history as plain tables that agree with each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas
import pytest

import sim
from sim import Run
from sim.model.arrays import arrays_of
from tests.debates import absence, ballot, debate, letter, talk

COLUMNS = [
    "date", "moment", "kind", "actor", "audience", "member", "before", "after", "note", "happened", "outcome", "reason",
]  # fmt: skip
SHIPPED = ("library-sunday", "monopoly-1922")
NOTE = re.compile(r"(?P<outcome>carried|rejected)[^:]*: (?P<counts>.*) \(chance of carrying (?P<chance>[0-9.]+)\)")


@pytest.fixture(scope="module", params=SHIPPED)
def history(request: pytest.FixtureRequest) -> Run:
    """One history of a shipped debate."""
    return sim.play(sim.load(request.param), seed=1922, replicate=3)


VOTE = ballot("vote", 1.0, 0.0)


def notes(run: Run, moment: str) -> list[str]:
    """The notes of a moment's rows."""
    table = run.transcript
    return list(table[table.moment == moment].note)


def decided(*moments: Any, members: dict[str, float] | None = None, follows_record: bool = False, **parts: Any) -> str:
    """What the transcript says of the one decision of a small debate; members stand at 0 or 1 of an axis 0 to 1."""
    scenario = debate(members or {"ann": 1.0, "bob": 1.0, "cid": 0.0}, *moments, **parts)
    table = sim.play(scenario, seed=1, follows_record=follows_record).transcript
    return str(table[(table.kind == "ballot") & (table.member == "")].note.item())


def test_the_columns_of_a_transcript_are_fixed(history: Run) -> None:
    """A transcript has exactly the columns that other work relies on, one meaning each."""
    assert list(history.transcript.columns) == COLUMNS
    assert str(history.transcript.date.dtype).startswith("datetime64")
    assert list(history.tables) == ["transcript", "stances", "ballots"]


def test_who_follows_the_mover_is_told() -> None:
    """The note of a vote says so where the mover's position colours what is voiced, and nowhere else."""
    scenario = debate(
        {"lea": 0.0, "ann": 0.2, "bob": 0.2, "cat": 0.2},
        absence("away", "lea", 0, 30),
        letter("word", "lea", ["cat"], 0.0, 2),
        ballot("vote", 1.0, 0.0, 3, moved_by="ann"),
        parameters={"deference": 0.5, "heed": 0.5, "receptiveness": 0.0},
        deference={"leader": "lea", "weight": "deference", "lapses_after": "lapse", "mover_weight": "heed"},
    )
    told = notes(sim.play(scenario, seed=1), "vote")[:4]
    assert told == ["absent", "no, voicing 0.200", "yes, voicing 0.600, follows the mover", "no, voicing 0.100"]


def test_what_happened_and_what_was_decided_are_columns(history: Run) -> None:
    """Each ballot that was held has one row with its outcome, that of its note; nothing else has an outcome."""
    table = history.transcript
    held = table[(table.kind == "ballot") & (table.happened == "yes") & (table.member == "")]
    assert set(table.happened) <= {"yes", "no"}
    assert list(table[table.outcome != ""].moment) == list(held.moment)
    assert set(held.outcome) <= {"carried", "rejected"}
    for row in held.itertuples():
        assert row.note.startswith(f"{row.outcome} ({row.reason}): " if row.reason else f"{row.outcome}: ")
    assert table[table.happened == "no"].note.str.startswith("does not happen").all()


def test_the_reason_of_an_outcome_that_no_count_of_heads_shows_is_told() -> None:
    """A veto, heads that are lacking, a blocking minority that is too small, and fractions of votes."""
    assert decided(VOTE, board={"procedure": {"vetoes": "cid"}}).startswith("rejected (vetoed): 2 yes, 1 no")
    lacking = decided(VOTE, board={"procedure": {"heads": 0.75}})
    assert lacking.startswith("rejected (members for it: 2 of the 3 needed): ")
    enough = decided(VOTE, board={"votes": {"cid": 5.5}, "procedure": {"blocking_minority": 2}})
    assert enough.startswith("carried (2 votes to 5.5, too few against it to block): ")


def test_every_move_is_in_the_transcript_with_the_stances_before_and_after(history: Run) -> None:
    """A row's `before` and `after` are the stances that the moment found and left, and no move is left out."""
    stances, members = history.stances, list(arrays_of(history.scenario).names.members)
    values = stances[members].to_numpy()
    entries = history.scenario.entries
    at = {(entry.id, entry.kind): number for number, entry in enumerate(entries)}
    told = set()
    for row in history.transcript.dropna(subset="before").itertuples():
        number = at[row.moment, row.kind]
        before, after = values[number : number + 2, members.index(row.member)]
        assert (row.before, row.after) == (before, after), f"{row.moment}, {row.member}"
        told.add((number, members.index(row.member)))
    moved = {(int(number), int(member)) for number, member in zip(*np.nonzero(np.diff(values, axis=0)), strict=True)}
    assert moved <= told


def test_the_rows_follow_the_plan(history: Run) -> None:
    """Moments come in the order of the timeline, each with its date, and every one is told of."""
    table = history.transcript
    told = list(dict.fromkeys(zip(table.date.dt.date, table.moment, table.kind, strict=True)))
    assert told == [(entry.date, entry.id, entry.kind) for entry in history.scenario.entries]


def test_the_stances_begin_with_the_first_ones_and_have_a_row_a_moment(history: Run) -> None:
    """The stance table begins with the stances before anything has happened and then has one row a moment."""
    stances, entries = history.stances, history.scenario.entries
    assert list(stances.columns[:2]) == ["date", "moment"]
    assert list(stances.moment) == ["", *(entry.id for entry in entries)]
    axis = history.scenario.debate.axis
    values = stances[list(arrays_of(history.scenario).names.members)].to_numpy()
    assert axis.low <= values.min() <= values.max() <= axis.high


def test_the_votes_add_up_to_what_is_noted_of_the_decision(history: Run) -> None:
    """The decision's note counts exactly the votes that its rows and the table of ballots hold."""
    table = history.transcript
    for decision, votes in history.ballots.groupby("decision"):
        rows = table[(table.moment == decision) & (table.kind == "ballot")]
        individual, whole = rows[rows.member != ""], rows[rows.member == ""]
        said = NOTE.match(whole.note.item())
        assert said is not None, whole.note.item()
        counted = {word: int(number) for number, word in (part.split() for part in said["counts"].split(", "))}
        assert counted == votes.vote.value_counts().to_dict()
        assert counted == individual.note.str.split(",").str[0].value_counts().to_dict()
        assert list(individual.member) == list(votes.member)
        assert list(individual.before) == list(votes.stance)
        assert 0.0 <= float(said["chance"]) <= 1.0


def test_an_absent_voter_voices_nothing() -> None:
    """Of somebody who is absent the transcript says just that; of a voter what they voiced and how they voted."""
    scenario = debate({"ann": 1.0, "bob": 1.0}, absence("trip", "bob", 0, 5), ballot("vote", 1, 0, on=2))
    run = sim.play(scenario, seed=1)
    assert notes(run, "vote")[:2] == ["yes, voicing 1.000", "absent"]


def test_a_letter_names_its_author_and_those_it_reaches() -> None:
    """A letter's rows say who wrote it, to whom, and whom it moved how far."""
    scenario = debate({"ann": 1.0, "bob": 0.0, "cid": 0.5}, letter("note", "ann", ["bob", "cid"], 1.0))
    rows = sim.play(scenario, seed=1).transcript
    rows = rows[rows.moment == "note"]
    assert set(rows.actor) == {"ann"}
    assert set(rows.audience) == {"bob, cid"}
    assert list(zip(rows.member, rows.before, rows.after, strict=True)) == [("bob", 0.0, 0.5), ("cid", 0.5, 0.75)]


def test_a_moment_that_moves_nobody_is_told_in_one_row() -> None:
    """What moves nobody has one row that says what it was."""
    scenario = debate({"ann": 0.5, "bob": 0.5}, letter("news", "ann", ["bob"], None), talk("chat", on=2))
    run = sim.play(scenario, seed=1)
    assert notes(run, "news") == ["news"]
    assert notes(run, "chat") == ["exchange of views"]


@pytest.mark.parametrize(
    "moment",
    [
        {"kind": "letter", "author": "ann", "readers": ["bob"], "argues_for": 1.0, "strength": 3, "summary": "more"},
        {"kind": "talk", "body": "board"},
        {"kind": "ballot", "body": "board", "motion": "more", "if_carried": 1, "if_lost": 0},
        {"kind": "event", "summary": "a celebration"},
    ],
    ids=lambda moment: str(moment["kind"]),
)
def test_what_does_not_happen_says_so_and_why(moment: dict[str, Any]) -> None:
    """A moment whose condition fails has one row, which names the condition, and moves and decides nothing."""
    later = {"id": "later", "date": pandas.Timestamp("2024-01-04").date(), "if": "first carried", **moment}
    run = sim.play(debate({"ann": 0.0, "bob": 0.2}, ballot("first", 1, 0, on=1), later), seed=1)
    assert notes(run, "first")[-1].startswith("rejected: ")
    assert notes(run, "later") == ["does not happen (first carried)"]
    assert list(run.ballots.decision.unique()) == ["first"]


def test_an_absence_says_why_it_begins_and_that_it_ends() -> None:
    """A member leaves for a reason and is back."""
    scenario = debate({"ann": 0.5, "bob": 0.5}, absence("trip", "bob", 1, 3, reason="at the seaside"))
    rows = sim.play(scenario, seed=1).transcript
    rows = rows[rows.moment == "trip"]
    assert list(zip(rows.kind, rows.actor, rows.member, rows.note, strict=True)) == [
        ("absence begins", "bob", "bob", "at the seaside"),
        ("absence ends", "bob", "bob", "is back"),
    ]


def test_a_decision_without_a_quorum_says_so() -> None:
    """Where too few take part the motion is rejected for want of a quorum, whatever they vote."""
    gone = [absence(f"{member}-away", member, 0, 5) for member in ("bob", "cid")]
    quorum = {"procedure": {"quorum": 0.5}}
    assert decided(*gone, ballot("vote", 1, 0, on=2), board=quorum).startswith(
        "rejected (no quorum): 1 yes, 2 absent (chance of carrying 0.000)"
    )
    assert decided(gone[0], ballot("vote", 1, 0, on=2), board=quorum).startswith("rejected (a tie is rejected): ")
    assert decided(ballot("vote", 1, 0, on=2), board=quorum).startswith("carried: 2 yes, 1 no ")


@pytest.mark.parametrize(
    ("procedure", "begins"),
    [
        ({"ties": "rejected"}, ["rejected (a tie is rejected): 1 yes, 1 no "]),
        ({"ties": "carried"}, ["carried (a tie is carried): 1 yes, 1 no "]),
        ({"ties": "chair", "chair": "ann"}, ["carried (a tie, decided by the chair): 1 yes, 1 no "]),
        ({"ties": "chair", "chair": "bob"}, ["rejected (a tie, decided by the chair): 1 yes, 1 no "]),
        ({"ties": "lot"}, ["carried (a tie, decided by lot): ", "rejected (a tie, decided by lot): "]),
        ({"majority": "absolute", "ties": "carried"}, ["carried (a tie is carried): 1 yes, 1 no "]),
        ({"majority": "unanimity"}, ["rejected: 1 yes, 1 no "]),
    ],
    ids=str,
)
def test_a_tie_is_told_with_the_rule_that_broke_it(procedure: dict[str, Any], begins: Sequence[str]) -> None:
    """A tie names the published rule by which it became a decision; where no tie counts, none is told."""
    said = decided(ballot("vote", 1, 0), members={"ann": 1.0, "bob": 0.0}, board={"procedure": procedure})
    assert said.startswith(tuple(begins)), said


def test_votes_that_weigh_more_are_told_as_votes() -> None:
    """Where members have several votes, the decision says how many votes there were as well as how many voters."""
    said = decided(ballot("vote", 1, 0), board={"votes": {"cid": 3}})
    assert said.startswith("rejected (2 votes to 3): 2 yes, 1 no ")


def test_an_outcome_taken_from_the_record_says_so() -> None:
    """When documented outcomes replace those voted, the decision says that it is the record's and not the votes'."""
    vote = ballot("vote", 1, 0, outcome="rejected")
    assert decided(vote).startswith("carried: 2 yes, 1 no ")
    assert decided(vote, follows_record=True).startswith("rejected (as recorded): 2 yes, 1 no ")
    assert decided(ballot("vote", 1, 0), follows_record=True).startswith("carried: ")


def test_the_policy_in_force_is_told_after_every_decision() -> None:
    """A decision's note ends with the policy then in force: the motion's if it carried and sets it."""
    assert decided(ballot("vote", 1, 0), policy=0.25).endswith("policy in force 1")
    assert decided(ballot("vote", 1, 0, sets_policy=False), policy=0.25).endswith("policy in force 0.25")
    assert decided(ballot("vote", 0, 1), policy=0.25).endswith("policy in force 0.25")


def test_one_seed_and_replicate_make_one_transcript() -> None:
    """The same history is written down the same every time; another replicate or seed is another history."""
    scenario = sim.load("monopoly-1922")
    written = [sim.play(scenario, seed, replicate).transcript for seed, replicate in ((1, 0), (1, 0), (1, 1), (2, 0))]
    pandas.testing.assert_frame_equal(written[0], written[1])
    assert not written[0].equals(written[2])
    assert not written[0].equals(written[3])


def test_a_history_shows_its_decisions() -> None:
    """In a notebook a history is a table of its ten decisions, without all that happened in between."""
    run = sim.play(sim.load("monopoly-1922"), seed=1)
    shown = run._repr_html_()
    assert "october-relaxation" in shown
    assert "week-1922-01-02" in set(run.transcript.moment)
    assert "week-1922-01-02" not in shown


def test_the_headline_of_a_history_is_what_was_decided_and_who_moved_most() -> None:
    """Each decision stands under what became of it; whoever moved furthest is named, with where they ended."""
    run = sim.play(sim.load("library-sunday"), seed=1922)
    moved = "Nobody moved further than ben: up by 27.75, to nearest “fortnightly”."
    assert run.headline == f"Carried: sunday-ballot. {moved}"
    still = debate({"ann": 0.9}, weeks=1)
    assert sim.play(still).headline == "Nothing is put to the vote. Nobody moved."
