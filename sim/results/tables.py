"""Tables as files, and read back: every column comes back as the type that it was written with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

#: Types of columns, by NumPy's letter for their kind; everything else is text.
TEXT = "text"
TYPES: Mapping[str, str] = MappingProxyType(
    {"M": "date", "b": "true or false", "i": "whole number", "u": "whole number", "f": "number"}
)

#: Rows from which a table is large, and how many of them tell how large its file will be.
LARGE, SAMPLE = 100_000, 1000


def types_of(table: pandas.DataFrame) -> dict[str, str]:
    """The type of each column. Raises TypeError for a column of anything else than dates, numbers and text."""
    return {str(name): _type_of(str(name), table[name]) for name in table.columns}


def _type_of(name: str, column: pandas.Series) -> str:
    from pandas.api.types import infer_dtype

    known = TYPES.get(column.dtype.kind, TEXT)
    if known == TEXT and infer_dtype(column, skipna=False) not in {"string", "empty"}:
        wrong = next(cell for cell in column if not isinstance(cell, str))
        raise TypeError(f"the column '{name}' holds {wrong!r} among its texts: give it one type")
    return known


def encoded(table: pandas.DataFrame) -> bytes:
    """A table as the bytes of its file: dates as days, numbers with nine digits."""
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(table.columns)
    lines.writerows(zip(*(_written(table[name]) for name in table.columns), strict=True))
    return file.getvalue().encode()


def _written(column: pandas.Series) -> Iterable[Any]:
    """The cells of a column as they are written; nothing where a date or a number is missing."""
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy("datetime64[s]"), unit="D").tolist()
        return ("" if day == "NaT" else day for day in days)
    if column.dtype.kind == "f":
        return ("" if value != value else f"{value:.9g}" for value in column.tolist())
    return column.tolist()


def announcement(name: str, table: pandas.DataFrame) -> str | None:
    """How large the file of a large table will be, in a sentence; None for others."""
    if len(table) < LARGE:
        return None
    sample = table.iloc[:: len(table) // SAMPLE]
    size = len(encoded(sample)) / len(sample) * len(table)
    return f"{name}.csv will have {len(table):,} rows, about {size / 1e6:.0f} MB."


#: How pandas reads a column; of another type it is read as text.
_READ_AS: Mapping[str, str] = MappingProxyType({"number": "float64", "whole number": "int64"})


def decoded(content: bytes, types: Mapping[str, str]) -> pandas.DataFrame:
    """The table in the bytes of its file: a missing number is NaN, a missing date NaT, a missing text ''."""
    import pandas

    numbers = [name for name, kind in types.items() if kind == "number"]
    table = pandas.read_csv(
        io.BytesIO(content),
        dtype={name: _READ_AS.get(kind, "str") for name, kind in types.items()},
        keep_default_na=False,
        na_values={name: [""] for name in numbers},
    )
    for name in table.columns:
        if types[name] == "date":
            table[name] = pandas.to_datetime(table[name].replace("", None), format="%Y-%m-%d")
        elif types[name] == "true or false":
            table[name] = table[name] == "True"
    return table
