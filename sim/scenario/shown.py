"""How a thing shows itself in a session: in two lines of text, or in a notebook in a little HTML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

#: Rows and columns of a table that a notebook shows.
ROWS, COLUMNS = 10, 8


def as_text(kind: str, about: str, facts: Iterable[str], headline: str) -> str:
    """`<Comparison of a-debate: the title, 500 histories, seed 1922>`, and the headline under it, on one line."""
    return f"<{kind} of {about}, {', '.join(facts)}>\n{' '.join(headline.split())}"


def as_html(first: str, headline: str, hint: str, table: str = "") -> str:
    """The same as HTML: every text is escaped, the table is HTML already."""
    import html

    first, headline, hint = (html.escape(text) for text in (first, headline, hint))
    return f"<p><b>{first}</b><br>{headline}</p>{table}<p><small>{hint}</small></p>"


def amount(result: Any) -> str:
    """How many of what a result was made from: `500 histories`, `1 history`."""
    one, many = result.counts
    return f"{result.runs} {one if result.runs == 1 else many}"


class ShownResult:
    """A result that shows what it is, and its headline. It has scenario, runs, seed, headline and tables."""

    #: What its number of runs counts: one, and many.
    counts = "history", "histories"

    @property
    def about(self) -> str:
        """What it is of, more closely than its debate; nothing if there is nothing to add."""
        return ""

    def _shown_table(self) -> pandas.DataFrame:
        """The table that a notebook shows the beginning of."""
        result: Any = self
        table: pandas.DataFrame = next(iter(result.tables.values()))
        return table

    def _says(self) -> tuple[str, str]:
        result: Any = self
        about = f"{result.scenario.name}: {self.about}" if self.about else result.scenario.name
        facts = amount(result), f"seed {result.seed}"
        first, headline = as_text(type(self).__name__, about, facts, result.headline).split("\n")
        return first, headline

    def __repr__(self) -> str:
        return "\n".join(self._says())

    def _repr_html_(self) -> str:
        first, headline = self._says()
        table = self._shown_table()
        shown = table.iloc[:ROWS, :COLUMNS].to_html(index=False, float_format="{:.3g}".format, border=0, na_rep="–")
        return as_html(first, headline, "Its tables, whole and by name: .tables", shown)
