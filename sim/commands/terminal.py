"""What commands show: an answer in words, tables that keep every name whole, and where the files are.

The same can be printed as CSV, JSON or Markdown.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, TextIO

import typer

from sim.results.wording import counted

if TYPE_CHECKING:
    import pandas
    from rich.console import Console
    from rich.table import Table as Drawn

    from sim.scenario.schema import DebateFile

Format = Literal["table", "csv", "json", "md"]
#: Columns of a line where nobody says how wide the paper is: in a pipe, or in a file.
UNKNOWN_WIDTH = 140
#: Blanks between two columns of a table.
GAP = 2
#: Columns that prose keeps before other columns give way to it.
LEAST_PROSE = 24


@contextmanager
def progress(
    total: float | Callable[[], float], doing: str = "playing", what: str = "histories", quiet: bool = False
) -> Iterator[Callable[[float], None]]:
    """Shows how much of the work is done and how long it will take, on a terminal; what is compiled, anywhere.

    total: how much there is; or what tells, where that has to be loaded, which nobody is to wait for in silence.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.model import jit

    console = Console(stderr=True, quiet=quiet)
    say = partial(console.print, highlight=False, soft_wrap=True)
    if jit.is_new():
        say(jit.told("loading the compiler"))
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with (
        jit.watched(say),
        Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar,
    ):
        task = bar.add_task("", total=total() if callable(total) else total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def waiting(doing: str, quiet: bool = False) -> Iterator[None]:
    """Shows, on a terminal, that something is being done; what is compiled for it, anywhere."""
    from rich.console import Console

    from sim.model import jit

    console = Console(stderr=True, quiet=quiet)
    shown = console.status(f"{doing} …") if console.is_terminal else nullcontext()
    with jit.watched(partial(console.print, highlight=False, soft_wrap=True)), shown:
        yield


@dataclass(frozen=True)
class Column:
    """A column of a table on the terminal: its title, and how a row is written in it.

    gives_way: 0 for a column that is always shown; of the others, the one with the highest number is left out first
    where the terminal is narrow. is_prose: whether it may be written in several lines; names and numbers may not.
    """

    title: str
    cell: Callable[[Any], str]
    gives_way: int = 0
    is_number: bool = False
    is_prose: bool = False


def _cell(title: str, cell: str | Callable[[Any], str]) -> Callable[[Any], str]:
    name = cell or title
    return name if callable(name) else lambda row: str(getattr(row, name))


def text(title: str, cell: str | Callable[[Any], str] = "", gives_way: int = 0) -> Column:
    """A column of names, never cut. cell: the table's column, called as `title` if not given, or a row's text."""
    return Column(title, _cell(title, cell), gives_way)


def prose(title: str, cell: str | Callable[[Any], str] = "", gives_way: int = 0) -> Column:
    """A column of sentences, written in as many lines as it takes."""
    return Column(title, _cell(title, cell), gives_way, is_prose=True)


def date(debate: DebateFile, of: str = "decision", gives_way: int = 0) -> Column:
    """A column of dates: of a moment as far as it is known, else the day. of: the table's column of the moment's id."""
    known = {item.id: item.dated for item in debate.timeline if item.between is not None}
    return Column("date", lambda row: known.get(getattr(row, of)) or f"{row.date:%Y-%m-%d}", gives_way)


def number(title: str, cell: Callable[[Any], str], gives_way: int = 0) -> Column:
    """A column of numbers. cell: what to make of a row."""
    return Column(title, cell, gives_way, is_number=True)


@dataclass(frozen=True)
class Table:
    """A table to show. rows: what the cells are made of. data: the same as a table that programs read, if there is one.

    Such a table is a DataFrame, or, where nothing was computed, a list of rows, each with the same keys.
    most: how many rows the terminal shows; other formats have all. note: what is said below it.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    data: pandas.DataFrame | Sequence[Mapping[str, Any]] | None = None
    most: int | None = None
    note: str = ""

    @property
    def cells(self) -> list[list[str]]:
        """Every row as it is written."""
        return [[column.cell(row) for column in self.columns] for row in self.rows]

    def shown(self, width: int) -> tuple[Drawn, str]:
        """The table for so many columns of a terminal, and a sentence on what was left out of it; '' if nothing was."""
        from rich import box
        from rich.table import Table as Drawn
        from rich.text import Text

        rows = self.cells[: self.most]
        every = [_Width.of(column, [row[place] for row in rows]) for place, column in enumerate(self.columns)]
        kept = list(range(len(self.columns)))
        while _total([every[one].least for one in kept]) > width and any(self.columns[one].gives_way for one in kept):
            kept.remove(max(kept, key=lambda place: (self.columns[place].gives_way, place)))
        missing = [self.columns[place].title for place in range(len(self.columns)) if place not in kept]
        left_out = [counted(len(self.rows) - len(rows), "more row")] if len(self.rows) > len(rows) else []
        left_out += [f"the column{'s' * (len(missing) > 1)} {', '.join(missing)}"] if missing else []
        drawn = Drawn(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        for place, wide in zip(kept, _shared([every[one] for one in kept], width), strict=True):
            side: Literal["left", "right"] = "right" if self.columns[place].is_number else "left"
            drawn.add_column(Text(self.columns[place].title), justify=side, width=wide, overflow="fold")
        for row in rows:
            drawn.add_row(*(Text(row[place]) for place in kept))
        return drawn, f"Not shown: {'; '.join(left_out)} (--format csv has all)." if left_out else ""


@dataclass(frozen=True)
class _Width:
    """How wide a column must be, and how wide it would be with nothing broken. Only prose and titles break."""

    least: int
    natural: int
    is_prose: bool

    @classmethod
    def of(cls, column: Column, cells: Sequence[str]) -> _Width:
        from rich.cells import cell_len

        longest = max((cell_len(line) for cell in cells for line in cell.splitlines()), default=1)
        word = max((cell_len(word) for word in column.title.split()), default=1)
        if column.is_prose:
            unbroken = max((cell_len(word) for cell in cells for word in cell.split()), default=1)
            return cls(max(word, unbroken, min(longest, LEAST_PROSE)), max(longest, cell_len(column.title)), True)
        return cls(max(word, longest), max(longest, cell_len(column.title)), False)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _shared(columns: Sequence[_Width], width: int) -> list[int]:
    """The width of each column: titles are first written in one line, then prose has what is left, shared evenly."""
    widths = [column.least for column in columns]
    for is_prose in (False, True):
        while (room := width - _total(widths)) > 0:
            open_ones = [
                place
                for place, column in enumerate(columns)
                if column.is_prose == is_prose and widths[place] < column.natural
            ]
            if not open_ones:
                break
            for place in open_ones:
                most = min(columns[place].natural - widths[place], width - _total(widths))
                widths[place] += min(max(1, room // len(open_ones)), most)
    return widths


def table(title: str, rows: pandas.DataFrame | Sequence[Any], *columns: Column, most: int | None = None) -> Table:
    """A table, a row for each of these: of a table, or objects that have the cells as attributes."""
    if isinstance(rows, Sequence) and not any(isinstance(row, dict) for row in rows):
        return Table(title, columns, rows, None, most)
    return Table(title, columns, records(rows), rows, most)


def records(table: pandas.DataFrame | Sequence[Mapping[str, Any]]) -> list[SimpleNamespace]:
    """The rows of a table, their cells by name."""
    rows = table if isinstance(table, Sequence) else table.to_dict("records")
    return [SimpleNamespace(**{str(name): cell for name, cell in row.items()}) for row in rows]


@dataclass(frozen=True)
class Answer:
    """What a command has to say: what it rests on, the answer in a sentence or two, tables, and remarks on them."""

    basis: str = ""
    headline: str = ""
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()


def show(answer: Answer, form: Format = "table", folder: Path | None = None) -> None:
    """Prints an answer in a format, and where its files are: beside it, where the format is for programs."""
    {"table": _as_tables, "csv": _as_csv, "json": _as_json, "md": _as_markdown}[form](answer, folder)


_warned: set[type[Warning]] = set()


def warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Shows a warning: of what the program itself has to say the sentence alone, and once."""
    if category.__module__.startswith("sim."):
        if category not in _warned:
            typer.echo(str(message), err=True)
        _warned.add(category)
    else:
        typer.echo(warnings.formatwarning(message, category, filename, lineno, line), err=True, nl=False)


def memory() -> float | None:
    """The gigabytes of memory that this computer has; None where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, OSError, ValueError):
        return None


def say(*sentences: str) -> None:
    """Prints sentences, as wide as the terminal."""
    from rich.text import Text

    for sentence in sentences:
        _console().print(Text(sentence), soft_wrap=not sys.stdout.isatty())


def _console() -> Console:
    """In colour and as wide as the terminal; elsewhere plain. COLUMNS and NO_COLOR are respected."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console()
    given = os.environ.get("COLUMNS", "")
    return Console(width=int(given) if given.isdecimal() and int(given) else UNKNOWN_WIDTH, color_system=None)


def _as_tables(answer: Answer, folder: Path | None) -> None:
    from rich.text import Text

    console = _console()
    for words, style in ((answer.basis, "dim"), (answer.headline, "bold")):
        if words:
            console.print(Text(words, style))
    for one in answer.tables:
        drawn, left_out = one.shown(console.width)
        console.print(Text(f"\n{one.title}", "bold"))
        draw(console, drawn)
        for words in filter(None, (one.note, left_out)):
            console.print(Text(words, "dim"))
    for remark in answer.remarks:
        console.print(Text(remark))
    if folder is not None:
        console.print(Text(f"Files: {folder}"), soft_wrap=True)


def draw(console: Console, table: Drawn) -> None:
    """Prints a table; one that is wider than the terminal whatever gives way goes on over its edge, names whole."""
    width = console.width
    console.width = max(width, _total([column.width or 0 for column in table.columns]))
    console.print(table, crop=False)
    console.width = width


def _as_csv(answer: Answer, folder: Path | None) -> None:
    """The first table, with every column and row that it has."""
    for one in answer.tables[:1]:
        if one.data is not None and not isinstance(one.data, Sequence):
            typer.echo(one.data.to_csv(index=False, lineterminator="\n"), nl=False)
        else:
            import csv

            rows = _records(one)
            writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else _titles(one), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    _beside(folder)


def _titles(one: Table) -> list[str]:
    return [column.title for column in one.columns]


def _as_json(answer: Answer, folder: Path | None) -> None:
    tables = [{"title": one.title, "rows": _records(one)} for one in answer.tables]
    content = {"basis": answer.basis, "headline": answer.headline, "tables": tables, "remarks": answer.remarks}
    content |= {"folder": str(folder)} if folder is not None else {}
    typer.echo(json.dumps(content, indent=1, ensure_ascii=False, default=str))


def _records(one: Table) -> list[dict[str, Any]]:
    if one.data is None:
        return [dict(zip(_titles(one), row, strict=True)) for row in one.cells]
    if isinstance(one.data, Sequence):
        return [dict(row) for row in one.data]
    rows: list[dict[str, Any]] = json.loads(one.data.to_json(orient="records", date_format="iso", date_unit="s"))
    dates = [name for name in one.data.columns if one.data[name].dtype.kind == "M"]
    return [{name: cell[:10] if name in dates and cell else cell for name, cell in row.items()} for row in rows]


def _as_markdown(answer: Answer, folder: Path | None) -> None:
    parts = [words for words in (answer.basis, f"**{answer.headline}**" if answer.headline else "") if words]
    for one in answer.tables:
        parts += [f"### {one.title}", _markdown(one)]
    typer.echo("\n\n".join([*parts, *answer.remarks]))
    _beside(folder)


def _markdown(one: Table) -> str:
    rows = [_titles(one), *one.cells]
    lines = ["| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in row) + " |" for row in rows]
    rule = "|" + "|".join("---:" if column.is_number else "---" for column in one.columns) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _beside(folder: Path | None) -> None:
    if folder is not None:
        typer.echo(f"Files: {folder}", err=True)
