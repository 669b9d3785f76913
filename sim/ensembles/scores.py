"""How the probability of a decision is scored once its outcome is known."""

from __future__ import annotations

import math

#: A probability counts as at least this, so that a score is finite.
LEAST = 1e-12


def log_score(probability: float, outcome: str | None) -> float:
    """The logarithm of the probability given to what happened: 0 at best. probability: of being carried."""
    return math.log(max(probability if outcome == "carried" else 1.0 - probability, LEAST))
