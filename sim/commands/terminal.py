"""What commands show on the terminal: progress, tables, lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas
    from rich.table import Table as Table


@contextmanager
def progress(total: float, doing: str = "playing", what: str = "histories") -> Iterator[Callable[[float], None]]:
    """Shows how much of the work is done and how long it will take, on a terminal, once it takes a second."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.model import jit

    console = Console(stderr=True)
    if not jit.is_cached():
        console.print("Compiling the model, this first time only (up to a minute) …", highlight=False)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def show(*shown: Any) -> None:
    """Prints tables and lines, in colour and as wide as the terminal; elsewhere plain, at 140 columns."""
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=140, color_system=None)
    for thing in shown:
        console.print(thing, highlight=False)


class Column(NamedTuple):
    """A column of a table on the terminal: its title, how a row is written in it, and on which side it is flush."""

    title: str
    cell: Callable[[Any], str]
    justify: Literal["left", "right"]


def text(title: str, cell: str | Callable[[Any], str] = "") -> Column:
    """A column of text. cell: the table's column, called as `title` if not given, or what to make of a row."""
    name = cell or title
    return Column(title, name if callable(name) else lambda row: str(getattr(row, name)), "left")


def date(title: str = "date") -> Column:
    """A column of days, from the table's column of the same name."""
    return Column(title, lambda row: f"{getattr(row, title):%Y-%m-%d}", "left")


def number(title: str, cell: Callable[[Any], str]) -> Column:
    """A column of numbers. cell: what to make of a row."""
    return Column(title, cell, "right")


def table(title: str, rows: pandas.DataFrame | Sequence[Any], *columns: Column) -> Table:
    """A table for the terminal, a row for each of these: of a table, or objects that have the cells as attributes."""
    import rich.table
    from rich import box

    table = rich.table.Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.title, justify=column.justify, no_wrap=column.justify == "right")
    for row in rows if isinstance(rows, Sequence) else records(rows):
        table.add_row(*(column.cell(row) for column in columns))
    return table


def records(table: pandas.DataFrame) -> list[SimpleNamespace]:
    """The rows of a table, their cells by name."""
    return [SimpleNamespace(**{str(name): cell for name, cell in row.items()}) for row in table.to_dict("records")]
