"""Many what-ifs of one base at a glance: what each does to every decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas

from sim.counterfactuals.comparison import Comparison, whatif
from sim.ensembles.executor import Executor, reporting
from sim.scenario.scenario import Scenario
from sim.scenario.what_if import WhatIf


@dataclass(frozen=True)
class Overview:
    """What-ifs, each compared with the same base, on the same luck."""

    base: Scenario
    asked: tuple[WhatIf, ...]
    compared: tuple[Comparison, ...]

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a what-if and decision: what_if, title, and the columns of a comparison's decisions."""
        parts = [
            compared.decisions.assign(what_if=asked.id, title=asked.title)
            for asked, compared in zip(self.asked, self.compared, strict=True)
        ]
        table = pandas.concat(parts, ignore_index=True)
        first = ["what_if", "title"]
        return table[[*first, *(name for name in table.columns if name not in first)]]

    @cached_property
    def warnings(self) -> pandas.DataFrame:
        """What leads far from the record, and why: what_if, warning."""
        rows = [
            (asked.id, said)
            for asked, compared in zip(self.asked, self.compared, strict=True)
            for said in compared.warnings
        ]
        return pandas.DataFrame(rows, columns=["what_if", "warning"])

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"overview": self.table, "warnings": self.warnings}


def overview(
    base: Scenario, asked: Sequence[WhatIf], runs: int = 10_000, seed: int = 1922, executor: Executor | None = None
) -> Overview:
    """Compares every what-if with the base. The executor reports how many of len(asked) * runs pairs are done.

    Raises ScenarioError for a what-if of another base.
    """
    executor = executor or Executor()
    # All are carried out before any is played, so that a broken one is refused at once.
    others = [base.with_changes(one) for one in asked]
    compared = tuple(
        whatif(base, other, runs, seed, reporting(executor, number * runs)) for number, other in enumerate(others)
    )
    return Overview(base, tuple(asked), compared)
