"""What every result says of itself, so that one route writes, draws and verifies them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas


class Result(Protocol):
    """What a command has found out.

    scenario: the debate, with the posterior that it was drawn from. runs: histories played. settings: what else the
    command needs to make the result again, in values that JSON has. tables: by the name of their file. headline:
    the answer in a sentence or two. counts: what its number of runs counts, one and many. A class may also have
    `files`: the contents of other files by name; and `early_tables`: those of its tables that the answer is made of,
    where the others are worked out only when they are asked for.
    """

    @property
    def scenario(self) -> Scenario: ...  # noqa: D102

    @property
    def runs(self) -> int: ...  # noqa: D102

    @property
    def seed(self) -> int: ...  # noqa: D102

    @property
    def settings(self) -> Mapping[str, Any]: ...  # noqa: D102

    @property
    def tables(self) -> Mapping[str, pandas.DataFrame]: ...  # noqa: D102

    @property
    def headline(self) -> str: ...  # noqa: D102

    @property
    def counts(self) -> tuple[str, str]: ...  # noqa: D102


@dataclass(frozen=True)
class Bundle:
    """A result put together from its parts."""

    scenario: Scenario
    runs: int
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, pandas.DataFrame] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    headline: str = ""
    counts: tuple[str, str] = ("history", "histories")


def early_tables_of(result: Result) -> Mapping[str, pandas.DataFrame]:
    """The tables that the answer is made of."""
    tables: Mapping[str, pandas.DataFrame] | None = getattr(result, "early_tables", None)
    return result.tables if tables is None else tables


def later_tables_of(result: Result) -> Mapping[str, pandas.DataFrame]:
    """The others."""
    early = early_tables_of(result)
    return {name: table for name, table in result.tables.items() if name not in early}


def files_of(result: Result) -> Mapping[str, bytes]:
    """The files of a result besides its tables."""
    files: Mapping[str, bytes] = getattr(result, "files", {})
    return files
