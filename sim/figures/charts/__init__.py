"""Charts: each function takes plain tables, with the names to write beside them, and returns a matplotlib Figure.

A chart runs no model and reads no file. Its title says what its rows show. Every sheet is 12 inches wide, so that 100
dots an inch make 1200 pixels; no text on it runs into another.
"""

from sim.figures.charts import (
    ballots,
    decisions,
    influence_matrix,
    members,
    overview,
    polarisation,
    policy,
    posterior,
    power,
    stances,
    tipping,
    two_worlds,
    waterfall,
)

__all__ = [
    "ballots",
    "decisions",
    "influence_matrix",
    "members",
    "overview",
    "polarisation",
    "policy",
    "posterior",
    "power",
    "stances",
    "tipping",
    "two_worlds",
    "waterfall",
]
