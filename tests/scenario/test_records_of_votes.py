"""Tallies, names, outcomes, absences and sittings of a record are held against each other."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario.validation.check import check
from sim.scenario.yaml_reader import parse
from tests.scenario.test_odd_inputs import library

OUTCOME = "    outcome: carried\n"
FOUR = (
    "votes: [{member: ada, vote: yes}, {member: ben, vote: yes}, {member: cleo, vote: yes}, {member: dov, vote: yes}]"
)
INVENTED = "evidence: assumed, note: x"


def said_of(*lines: str, more: str = "", outcome: str = "carried", procedure: str = "majority: simple") -> list[str]:
    """What is said of a ballot of five, of whom Eve is away, with more lines, and of what comes after it."""
    written = "".join(f"    {line}\n" for line in (f"outcome: {outcome}", *lines))
    text = library((OUTCOME, written), ("{majority: simple, quorum: 0.5, ", f"{{{procedure}, quorum: 0.5, "))
    text = text.replace("axis:\n", "invented: for a test\naxis:\n", 1) + more
    try:
        check(parse(text, "x.yaml"))
    except ScenarioError as error:
        return [problem.message for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("lines", "outcome", "said"),
    [
        (["tally: {yes: 4, no: 0}"], "rejected", "4 yes and 0 no are carried by simple majority"),
        (["tally: {yes: 4}"], "rejected", "at least 4 yes and at most 0 no are carried"),
        (["tally: {yes: 3}"], "rejected", "at least 3 yes and at most 1 no are carried"),
        (["tally: {no: 3, abstain: 1}"], "carried", "at most 0 yes and at least 3 no are rejected"),
        ([FOUR], "rejected", "at least 4 yes and at most 0 no are carried"),
        (["tally: {yes: 2, no: 1, abstain: 1}"], "rejected", "2 yes and 1 no are carried"),
        (["roll_call: {yes: [ada, ben, dov], no: cleo, complete: true}"], "rejected", "are carried"),
        (["tally: {yes: 2}"], "rejected", ""),
        (["tally: {yes: 1}"], "carried", ""),
        (["tally: {no: 2}"], "carried", ""),
    ],
)
def test_an_outcome_is_held_against_the_part_of_a_count_that_is_known(
    lines: list[str], outcome: str, said: str
) -> None:
    """Where no count of the rest makes the outcome it is refused; where one does, it is not."""
    found = said_of(*lines, outcome=outcome)
    assert [said in found[0], len(found)] == [True, 1] if said else found == []


@pytest.mark.parametrize(
    ("procedure", "lines", "outcome", "is_possible"),
    [
        ("majority: absolute", ["tally: {yes: 2, no: 0, abstain: 2}"], "carried", False),
        ("majority: absolute", ["tally: {yes: 2, no: 0, abstain: 2}"], "rejected", True),
        ("majority: qualified, share: 0.75", ["tally: {yes: 2, no: 1}"], "carried", False),
        ("majority: qualified, share: 0.75", ["tally: {yes: 3, abstain: 1}"], "rejected", False),
        ("majority: unanimity", ["tally: {no: 1}"], "carried", False),
        ("majority: unanimity", ["tally: {yes: 3}"], "rejected", True),
    ],
)
def test_abstentions_matter_as_the_procedure_has_them(
    procedure: str, lines: list[str], outcome: str, is_possible: bool
) -> None:
    """An absolute majority is one of all five; a qualified one of the votes cast; unanimity bears no no."""
    assert (said_of(*lines, outcome=outcome, procedure=procedure) == []) is is_possible


def test_a_count_leaves_out_whoever_was_away_or_absent() -> None:
    """Five votes are too many where Eve travels, and four where Dov was absent as well."""
    (said,) = said_of("tally: {yes: 5}")
    assert "5 votes are counted, and 4 were there to be: without eve" in said
    (said,) = said_of("tally: {yes: 3, no: 1}", "absent: dov")
    assert "without dov, eve" in said
    assert said_of("tally: {yes: 3, no: 1}", "absent: dov", "by_note: dov") == []


def test_nothing_is_carried_without_a_quorum() -> None:
    """With three of five absent half of the seats cannot have been taken."""
    (said,) = said_of("absent: [ada, ben]")
    assert "at most 2 of 5 were there, and a decision takes 50 % of the seats" in said
    assert said_of("absent: [ada, ben]", outcome="rejected") == []


SECOND = """
  - {id: second, kind: ballot, date: 2024-03-12, session: committee-talks, body: committee, motion: x,
     if_carried: never, if_lost: policy, evidence: assumed, note: x, WHAT}
"""


def test_counts_of_two_sittings_need_not_agree() -> None:
    """A ballot that names no session is a sitting of its own, for which others may have come."""
    alone = SECOND.replace("session: committee-talks, ", "").replace("WHAT", "tally: {yes: 1, no: 1, abstain: 0}")
    assert said_of("tally: {yes: 3, no: 1, abstain: 0}", more=alone) == []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("tally: {yes: 3, no: 1, abstain: 0}", "tally: {yes: 2, no: 1, abstain: 0}", "3 votes are counted, and 4 by"),
        ("tally: {yes: 2, no: 0, abstain: 0}", FOUR, "2 votes are counted, and 4 were there by name"),
        (
            "roll_call: {yes: [ada, ben], no: cleo, complete: true}",
            "votes: [{member: dov, vote: no}]",
            "'dov' is among those who voted or were present in 'second'",
        ),
        ("tally: {yes: 3, no: 1, abstain: 0}", "tally: {yes: 1, no: 3, abstain: 0}", ""),
        ("tally: {yes: 3, no: 1}", "tally: {yes: 1, no: 2}", ""),
    ],
)
def test_two_counts_of_one_sitting_are_of_the_same_people(first: str, second: str, said: str) -> None:
    """Whole counts agree, nobody who is named is left out of one, and a complete roll call names all who were there."""
    found = said_of(first, more=SECOND.replace("WHAT", second))
    assert ([said in found[0], len(found)] == [True, 1]) if said else found == []
