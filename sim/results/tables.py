"""Tables as files, and read back: every column comes back as the type that it was written with."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

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
    written = {name: _written(table[name]) for name in table.columns if table[name].dtype.kind in "Mf"}
    text: str = table.assign(**written).to_csv(index=False, lineterminator="\n")
    return text.encode()


def _written(column: pandas.Series) -> Any:
    """Dates or numbers as they are written; pandas does the same to numbers cell by cell, and slowly."""
    if column.dtype.kind == "M":
        return column.dt.strftime("%Y-%m-%d")
    return ["" if value != value else f"{value:.9g}" for value in column.tolist()]


def announcement(name: str, table: pandas.DataFrame) -> str | None:
    """How large the file of a large table will be, in a sentence; None for others."""
    if len(table) < LARGE:
        return None
    sample = table.iloc[:: len(table) // SAMPLE]
    size = len(encoded(sample)) / len(sample) * len(table)
    return f"{name}.csv will have {len(table):,} rows, about {size / 1e6:.0f} MB."


def _read(cells: pandas.Series, kind: str) -> pandas.Series:
    """A column of the texts of a file as the type that it was written with."""
    import pandas

    match kind:
        case "date":
            return pandas.to_datetime(cells.replace("", None), format="%Y-%m-%d")
        case "true or false":
            return cells == "True"
        case "whole number":
            return cells.astype("int64")
        case "number":
            return pandas.to_numeric(cells.replace("", None)).astype("float64")
    return cells


def decoded(content: bytes, types: Mapping[str, str]) -> pandas.DataFrame:
    """The table in the bytes of its file: a missing number is NaN, a missing date NaT, a missing text ''."""
    import pandas

    raw = pandas.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return pandas.DataFrame({name: _read(raw[name], types[name]) for name in raw.columns}, columns=list(raw.columns))
