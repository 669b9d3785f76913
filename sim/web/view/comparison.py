"""Two worlds beside each other, as plain values for a page."""

from __future__ import annotations

from typing import Any

from sim.counterfactuals import comparison
from sim.counterfactuals.comparison import Comparison
from sim.ensembles.executor import Executor
from sim.scenario.scenario import Scenario
from sim.web.view.answers import columns

#: The tables that a page shows; the others can be had from the command line.
SHOWN = ("decisions", "parting", "path")
#: Rows of where worlds part and of the way a difference takes.
ROWS = 60


def compared(opened: Scenario, other: Scenario, runs: int, seed: int, executor: Executor) -> dict[str, Any]:
    """Two worlds played with the same luck, both running free, and what differs."""
    return shown(comparison.whatif(opened, other, runs, seed, executor))


def shown(made: Comparison, rows: int = ROWS) -> dict[str, Any]:
    """What a page shows of a comparison: tables, column by column, the long ones cut to `rows` rows."""
    tables = {name: made.tables[name] for name in SHOWN}
    tables |= {name: tables[name].head(rows) for name in ("parting", "path")}
    said = {name: columns(table) for name, table in tables.items()}
    return {"runs": made.runs, "seed": str(made.seed), **said, "warnings": list(made.warnings)}
