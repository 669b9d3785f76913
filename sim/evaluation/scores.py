"""How a prediction is scored against what happened."""

from __future__ import annotations

import math

from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot


def fitted(scenario: Scenario) -> list[Ballot]:
    """The ballots with a documented outcome that models are compared on, in the order of the record."""
    return [
        entry.item
        for entry in scenario.entries
        if isinstance(entry.item, Ballot) and entry.item.fit and entry.item.outcome
    ]


def log_score(probability: float, outcome: str | None) -> float:
    """The logarithm of the probability given to what happened."""
    return math.log(max(probability if outcome == "carried" else 1.0 - probability, 1e-12))
