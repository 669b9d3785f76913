"""Tables as files, and read back: the columns and their types."""

from __future__ import annotations

import io

import pandas


def written(table: pandas.DataFrame) -> bytes:
    """A table as the bytes of its file: dates as days, numbers with nine digits."""
    dates = {
        name: table[name].dt.strftime("%Y-%m-%d")
        for name in table.columns
        if str(table[name].dtype).startswith("datetime")
    }
    text: str = table.assign(**dates).to_csv(index=False, float_format="%.9g", lineterminator="\n")
    return text.encode()


#: Columns of text, in whatever table; an empty cell is no text. Dates are days; everything else is numbers.
TEXT = frozenset(
    {"decision", "body", "motion", "documented", "documented_tally", "member", "moment", "kind", "actor", "audience"}
    | {"note", "vote", "channel", "mover", "measure", "baseline", "parameter", "rule", "reading", "what_if", "title"}
    | {"cause", "warning", "carrier", "called", "outcome", "reason"}
)


DATES = frozenset({"date", "until", "start", "end"})


def parsed(content: bytes) -> pandas.DataFrame:
    """The table in the bytes of its file: dates as dates, missing numbers as NaN, missing text as ""."""
    raw = pandas.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    columns = {name: _typed(str(name), raw[name]) for name in raw.columns}
    return pandas.DataFrame(columns, columns=list(raw.columns))


def _typed(name: str, cells: pandas.Series) -> pandas.Series:
    if name in DATES:
        return pandas.to_datetime(cells.replace("", None), format="%Y-%m-%d")
    if name in TEXT:
        return cells
    try:
        return pandas.to_numeric(cells.replace("", None))
    except ValueError:
        return cells
