"""Rules of abstention as candidates: what changes, what the record leaves, and that the fit can tell them apart."""

from __future__ import annotations

from typing import Any

import pytest

from sim.calibration.calibration import Effort
from sim.evaluation import abstention_rules
from sim.evaluation.abstention_rules import BY_CHANCE, NOBODY
from sim.evaluation.model_comparison import compare
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from tests.debates import ballot, debate

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
PEOPLE = {"ann": 1.0, "bob": 0.9, "cat": 0.52, "dan": 0.48, "eve": 0.1, "fay": 0.0, "gus": 1.0}


def roll_call(*abstained: str) -> dict[str, Any]:
    """The roll call in which these abstained and everybody else voted for the nearer outcome."""
    others = [name for name in PEOPLE if name not in abstained]
    sides = {
        "yes": [name for name in others if PEOPLE[name] > 0.5],
        "no": [name for name in others if PEOPLE[name] < 0.5],
    }
    return {"roll_call": {**sides, "abstained": list(abstained), "complete": True, **BOOK}}


def called(*abstained: str) -> Scenario:
    """Seven people of known stances, two of them next to indifferent, who vote once, with a margin of abstention."""
    return debate(
        PEOPLE,
        {**ballot("first", 1.0, 0.0, 5, outcome="carried"), **BOOK, **roll_call(*abstained)},
        sources={"BOOK": {"title": "A book"}},
        parameters={
            "sharpness": {"value": {"uniform": [1.0, 20.0]}, "range": [0, 20]},
            "margin": {"value": {"uniform": [0.0, 1.0]}, "range": [0, 1]},
        },
        ballots={"rule": "logit", "sharpness": "sharpness", "abstention_margin": "margin"},
    )


def test_without_abstentions_on_record_that_nobody_abstains_is_the_more_probable() -> None:
    """A margin that nobody used costs evidence, and so does a chance."""
    table = compare(called(), 1, Effort(400, 2)).table.set_index("name")
    assert table.difference[NOBODY] > max(table.difference[BY_CHANCE], 0)
    assert list(table.kind[[NOBODY, BY_CHANCE]]) == ["abstention", "abstention"]


def test_that_the_indifferent_abstained_tells_for_indifference_and_against_chance() -> None:
    """The two who are next to indifferent, by name; that nobody can abstain is no candidate for this record."""
    found = compare(called("cat", "dan"), 1, Effort(400, 2))
    assert found.table.set_index("name").difference[BY_CHANCE] < -1
    assert f"{NOBODY}: abstentions are on record" in found.not_compared


def test_that_the_most_decided_abstained_tells_for_chance() -> None:
    """Indifference gives them next to none; a chance that is the same for all gives them as much as anybody."""
    table = compare(called("ann", "fay"), 1, Effort(400, 2)).table.set_index("name")
    assert table.difference[BY_CHANCE] > 1


def test_where_nobody_abstains_from_indifference_there_is_no_other_rule_of_it() -> None:
    """A debate without a margin has nothing to put another rule in place of, and says so."""
    scenario = debate(PEOPLE, ballot("first", 1.0, 0.0, 5))
    for rule in abstention_rules.RULES.values():
        with pytest.raises(ValueError, match="nobody abstains from indifference in this debate"):
            rule(scenario)


def test_margins_of_bodies_and_ballots_are_taken_out_with_those_of_the_debate() -> None:
    """Under a chance for all nobody is left with a margin, nor with a reason of their own."""
    reason = {"member": "eve", "because": "Ill at ease", "evidence": "assumed", "note": "invented"}
    scenario = called().with_changes(
        {"set": "board.abstention_margin", "to": 0.3}, {"set": "first.abstention_margin", "to": 0.1},
        {"set": "first.abstentions", "to": [reason]},
    )  # fmt: skip
    changed = abstention_rules.by_chance(scenario).debate
    (held,) = (one for one in changed.timeline if isinstance(one, Ballot))
    assert changed.dynamics.ballots.abstention_margin is None
    assert changed.bodies["board"].abstention_margin is None
    assert held.abstention_margin is None
    assert [one.member for one in held.abstentions] == list(PEOPLE)
    assert len({one.chance for one in held.abstentions}) == 1
