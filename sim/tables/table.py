"""Tables of texts, read from CSV, TSV, XLSX or a data frame; whatever was read is left as it is."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import Problem, ScenarioError, UserError, quoted

if TYPE_CHECKING:
    import pandas

TEXTS, WORKBOOKS = (".csv", ".tsv", ".tab", ".txt"), (".xlsx", ".xlsm")
LARGEST = 64 * 1024**2  # bytes
DELIMITERS = ",;\t|"


class Row(NamedTuple):
    """A row of a table: its number in the file, of which the headers are row 1, and its texts by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table of texts. name: what messages call it. note: how it was read, where that is not the usual way."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    def cells(self, column: str) -> list[str]:
        """The texts of a column that are not empty."""
        return [row.cells[column] for row in self.rows if row.cells[column]]

    def problem(self, row: int, column: str, message: str) -> Problem:
        """What is wrong with a cell."""
        return Problem(self.name, row, f"column {quoted(column)}" if column else "", message)


def read(source: str | Path | pandas.DataFrame, called: str = "the data frame") -> list[Table]:
    """The tables in a file (of a workbook, every sheet), in the files of a folder, or in a data frame.

    called: what messages call a data frame. Raises UserError for what cannot be read.
    """
    if not isinstance(source, str | Path):
        return [_of_frame(called, source)]
    path = Path(source)
    try:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in TEXTS + WORKBOOKS)
            if not inside:
                raise UserError(f"{path}: there is no table in this folder (CSV, TSV or XLSX)")
            return [table for each in inside for table in read(each)]
        if path.suffix.lower() in WORKBOOKS and importlib.util.find_spec("openpyxl") is None:
            raise UserError(f"{path}: to read workbooks, install openpyxl (python -m pip install openpyxl)")
        if path.suffix.lower() not in TEXTS + WORKBOOKS:
            raise UserError(f"{path} is not a table: give a file that ends in .csv, .tsv or .xlsx, or a folder of them")
        if not path.is_file():
            raise UserError(f"{path}: there is no such file")
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path}: the file is larger than {LARGEST // 1024**2} MiB")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UserError(f"{quoted(str(path))} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _of_workbook(str(path), content) if path.suffix.lower() in WORKBOOKS else [_of_text(str(path), content)]


def _of_text(name: str, content: bytes) -> Table:
    """The table in the bytes of a text: its encoding by its first bytes, its delimiter by its headers."""
    text, note = _decoded(content)
    first = next(iter(text.lstrip().splitlines()), "")
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(lines)
    except csv.Error as error:
        raise ScenarioError([Problem(name, lines.line_num, "", f"this is not a table: {error}")]) from None
    return _table(name, rows, note)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of bytes, and what is said of their encoding."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), "read as UTF-16"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "not UTF-8: read as Windows-1252"


def _of_workbook(name: str, content: bytes) -> list[Table]:
    """The sheets of a workbook that are not empty."""
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"):  # of styles, which nobody reads here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except Exception as error:  # a broken archive raises whatever its broken part does
        raise UserError(f"{name} cannot be read as a workbook: {type(error).__name__}") from None
    sheets = {title: rows for title, rows in sheets.items() if any(cell is not None for row in rows for cell in row)}
    if not sheets:
        raise UserError(f"{name}: there is nothing in this workbook")
    names = {title: name if len(sheets) == 1 else f"{name}[{title}]" for title in sheets}
    return [_table(names[title], [[_text(cell) for cell in row] for row in rows]) for title, rows in sheets.items()]


def _of_frame(name: str, frame: Any) -> Table:
    """A data frame as a table of texts; an index that is not mere numbers is its first column."""
    if not hasattr(frame, "to_dict") or not hasattr(frame, "columns"):
        raise UserError(f"{name}: {quoted(frame)} is neither a path nor a data frame")
    if frame.index.names != [None] or type(frame.index).__name__ != "RangeIndex":
        frame = frame.reset_index(names=[each or "" for each in frame.index.names])
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return _table(name, [[str(column) for column in frame.columns], *([_text(cell) for cell in row] for row in cells)])


def _text(cell: Any) -> str:
    """A cell as it would stand in a text."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime():
            return str(cell.date())
    return str(cell)


def _table(name: str, rows: Sequence[Sequence[str]], note: str = "") -> Table:
    """A table of rows, of which the first that is not empty has the headers. Raises ScenarioError."""
    stripped = ([cell.strip() for cell in row] for row in rows)
    numbered = [(number, row) for number, row in enumerate(stripped, 1) if any(row)]
    if len(numbered) < 2:
        raise UserError(f"{name}: a table has a row of headers and at least one row below it")
    (head, headers), *below = numbered
    if problems := list(_problems(name, head, headers, below)):
        raise ScenarioError(problems)
    kept = [place for place, header in enumerate(headers) if header or any(_at(cells, place) for _, cells in below)]
    columns = tuple(headers[place] for place in kept)
    made = (Row(number, {headers[place]: _at(cells, place) for place in kept}) for number, cells in below)
    return Table(name, columns, tuple(made), note)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _problems(
    name: str, head: int, headers: Sequence[str], below: Iterable[tuple[int, Sequence[str]]]
) -> Iterator[Problem]:
    """Whatever makes it unclear which column a cell is in; the first column alone may lack a header."""
    for place, header in enumerate(headers):
        if header and header in headers[:place]:
            yield Problem(name, head, f"column {quoted(header)}", "this header is given twice: rename one")
    for number, cells in below:
        for place, cell in enumerate(cells):
            if cell and place and not _at(headers, place):
                yield Problem(name, number, f"column {place + 1}", f"{quoted(cell)} stands below no header")
