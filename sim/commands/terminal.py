"""What commands show on the terminal: progress, tables, lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    from rich.table import Table


@contextmanager
def progress(total: int, doing: str = "playing", what: str = "histories") -> Iterator[Callable[[float], None]]:
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


def table(title: str, *columns: tuple[str, str]) -> Table:
    """An empty table for the terminal; columns: (name, left or right)."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name, justify in columns:
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=justify == "right")
    return table


def rows(table: pandas.DataFrame) -> list[SimpleNamespace]:
    """The rows of a table, their cells by name."""
    return [SimpleNamespace(**{str(name): cell for name, cell in row.items()}) for row in table.to_dict("records")]


def percent(share: float) -> str:
    """A share in whole per cent; a dash for none."""
    return "–" if share != share else f"{100 * share:.0f} %"
