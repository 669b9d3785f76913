"""Many what-ifs of one base at a glance: what each does to every decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from sim.counterfactuals.comparison import Comparison, comparisons
from sim.counterfactuals.headline import largest, of_decisions
from sim.ensembles.batch import snapshots
from sim.ensembles.executor import Executor
from sim.ensembles.summary import BINS
from sim.errors import UserError, quoted
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.library import what_if, what_ifs_of
from sim.scenario.scenario import Scenario
from sim.scenario.seats import people
from sim.scenario.shown import ShownResult
from sim.scenario.what_if import WhatIf, typed
from sim.scenario.yaml_reader import parse

#: Bytes that the counts of the worlds played together may take, in each batch of histories.
MOST_COUNTED = 2**26
#: Another world, with its label and title.
World = tuple[Scenario, str, str]


@dataclass(frozen=True, repr=False)
class Overview(ShownResult):
    """What-ifs, each compared with the same base on common random numbers. runs: histories of each world."""

    scenario: Scenario
    what_ifs: tuple[WhatIf, ...]
    comparisons: tuple[Comparison, ...]
    runs: int
    seed: int

    @property
    def headline(self) -> str:
        """How many what-ifs surely change a decision, and which changes one most."""
        rows = [(one, row) for one in self.comparisons if (row := largest(one.decisions)) is not None]
        every = f"{len(self.comparisons)} what-ifs" if len(self.comparisons) != 1 else "one what-if"
        if not rows:
            return f"Of {every}, none surely makes a decision more or less likely."
        compared, row = max(rows, key=lambda pair: abs(pair[1].difference))
        return (
            f"Of {every}, {len(rows)} surely {'makes' if len(rows) == 1 else 'make'} a decision more or less likely. "
            f"The largest difference: {compared.title or compared.label}. "
            f"{of_decisions(compared.decisions, compared.names)}"
        )

    @property
    def about(self) -> str:
        """How many what-ifs."""
        return f"{len(self.what_ifs)} what-ifs"

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from: the text of every what-if, by its name, wherever its file is."""
        return {"label": "all", "what_ifs": {one.file.what_if: one.text for one in self.what_ifs}}

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a what-if and decision: what_if, title, and the columns of a comparison's decisions."""
        parts = [
            comparison.decisions.assign(what_if=what_if.file.what_if, title=what_if.file.title)
            for what_if, comparison in zip(self.what_ifs, self.comparisons, strict=True)
        ]
        table = pandas.concat(parts, ignore_index=True)
        first = ["what_if", "title"]
        return table[[*first, *(name for name in table.columns if name not in first)]]

    @cached_property
    def policy(self) -> pandas.DataFrame:
        """The policy in force at the end: what_if, title, date, mean, mean_other, difference, low, high."""
        parts = [
            comparison.policy.tail(1).assign(what_if=what_if.file.what_if, title=what_if.file.title)
            for what_if, comparison in zip(self.what_ifs, self.comparisons, strict=True)
        ]
        table = pandas.concat(parts, ignore_index=True)
        return table[["what_if", "title", *(name for name in table.columns if name not in ("what_if", "title"))]]

    @cached_property
    def warnings(self) -> pandas.DataFrame:
        """What lies far from the record, and why: what_if, warning."""
        rows = [
            (what_if.file.what_if, warning)
            for what_if, comparison in zip(self.what_ifs, self.comparisons, strict=True)
            for warning in comparison.warnings
        ]
        return pandas.DataFrame(rows, columns=["what_if", "warning"])

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"overview": self.table, "policy": self.policy, "warnings": self.warnings}


def overview(
    base: AnyScenario = DEFAULT,
    what_ifs: str | Path | Sequence[str | Path | WhatIf] = (),
    runs: int = 10_000,
    seed: int = 1922,
    executor: Executor | None = None,
) -> Overview:
    """Compares many what-ifs with one base.

    base: a debate, a shipped name or a path. what_ifs: names or paths; all that come with the base, if none. runs:
    pairs of histories of each, from 1 up. seed: 0 to 2^64 - 1. The executor reports how many of len(what_ifs) * runs
    pairs are done.

    Returns an Overview: `.table` has one row a what-if and decision, with the columns of a comparison's decisions.
    Raises UserError where no what-ifs come with the base, two have one name or a number is out of its range,
    ScenarioError for a debate or a what-if that there is not, or one of another base, TypeError for an argument of
    another kind.

    Example: `sim.overview("monopoly-1922", ["krasin-silent", "trotsky-refuses"], runs=500).table`
    """
    base = as_scenario(base, "sim.overview")
    check_numbers(runs=runs, seed=seed)
    executor = executor or Executor()
    given = (what_ifs,) if isinstance(what_ifs, str | Path) else tuple(what_ifs)
    asked = [what_if(one) for one in given] or what_ifs_of(base.name)
    names = [one.file.what_if for one in asked]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(f"two what-ifs are called {quoted(twice[0])}: give each another name, or give it once")
    # All worlds are made before any is played, so that a broken what-if is refused at once.
    others = [base.with_changes(one) for one in asked]
    worlds = [(other, one.file.what_if, one.file.title) for one, other in zip(asked, others, strict=True)]
    compared: list[Comparison] = []
    for some in together(base, worlds):
        reports = partial(_report_pairs, executor, len(compared) * runs, len(some))
        compared += comparisons(base, some, runs, seed, replace(executor, report=reports))
    return Overview(base, tuple(asked), tuple(compared), runs, seed)


def _report_pairs(executor: Executor, before: int, worlds: int, histories: int) -> None:
    """Tells the executor of the pairs of so many histories of each world, and of those before."""
    executor.report(before + worlds * histories)


def together(base: Scenario, worlds: Sequence[World]) -> Iterator[Sequence[World]]:
    """As many worlds at a time as what is counted of them fits into MOST_COUNTED bytes; at least one."""
    size = len(snapshots(base).dates) * len(people(base.debate)) * BINS * np.dtype(np.uint32).itemsize
    number = max(MOST_COUNTED // size, 1)
    for start in range(0, len(worlds), number):
        yield worlds[start : start + number]


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Overview:
    """The overview with these settings, made again."""
    what_ifs = [typed(parse(text, name)) for name, text in settings["what_ifs"].items()]
    return overview(scenario, what_ifs, runs, seed, executor)
