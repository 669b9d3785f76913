"""Two worlds beside each other, as plain values for a page."""

from __future__ import annotations

from typing import Any

from sim import counterfactual
from sim.crew import Crew
from sim.explorer.answers import columns
from sim.scenario import Scenario

#: The tables that a page shows; the others can be had from the command line.
SHOWN = ("decisions", "policy", "parting", "path")


def compared(opened: Scenario, other: Scenario, runs: int, seed: int, crew: Crew) -> dict[str, Any]:
    """The tables of a what-if, column by column, both worlds running free on the same luck."""
    made = counterfactual.whatif(opened, other, runs, seed, crew)
    tables = {name: columns(made.tables[name]) for name in SHOWN if name in made.tables}
    return {"runs": runs, "seed": str(seed), **tables, "warnings": list(made.warnings)}
