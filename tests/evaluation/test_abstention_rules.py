"""Rules of abstention as candidates: what changes, what the record leaves, and that the fit can tell them apart."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.calibration.calibration import Effort
from sim.evaluation import abstention_rules
from sim.evaluation.abstention_rules import BY_CHANCE, NOBODY
from sim.evaluation.model_comparison import compare
from sim.scenario.scenario import Scenario
from tests.debates import ballot, debate

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
PEOPLE = {"ann": 1.0, "bob": 0.9, "cat": 0.52, "dan": 0.48, "eve": 0.1, "fay": 0.0}


def voted(*abstained: str) -> dict[str, Any]:
    """The roll call in which these abstained and everybody else voted for the nearer outcome."""
    votes = {name: "abstain" if name in abstained else "yes" if at > 0.5 else "no" for name, at in PEOPLE.items()}
    return {"votes": [{"member": name, "vote": vote, **BOOK} for name, vote in votes.items()]}


def called(*abstained: str) -> Scenario:
    """Six people of known stances, two of them next to indifferent, who vote once, with a margin of abstention."""
    return debate(
        PEOPLE,
        {**ballot("first", 1.0, 0.0, 5, outcome="lost" if False else "carried"), **BOOK, **voted(*abstained)},
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
    assert table.difference[NOBODY] > 0 > table.difference[BY_CHANCE]
    assert list(table.kind[[NOBODY, BY_CHANCE]]) == ["abstention", "abstention"]
