"""Flags above a chart over time: what was put to the vote, and what else happened, each on its day."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.data import records
from sim.figures.style import INK, SMALL, SOFT, flag_rows
from sim.figures.text import day_number, text_width, wrap
from sim.wording import day

#: The height of a row of flags, of the pole below the lowest, and of all where there are few, in inches.
_ROW, _POLE, _LEAST = 0.19, 0.1, 0.85
#: With more ballots and events than this, the ballots alone have flags.
_MOST = 16
_WIDEST = 2.6


@dataclass(frozen=True)
class Flags:
    """The marks that have a flag, their texts and the rows that they fly in.

    marks: as in a data. limits: the days at the ends of the chart. width: the chart's, in inches.
    """

    marks: pd.DataFrame
    names: tuple[str, ...]
    rows: tuple[int, ...]
    limits: tuple[float, float]
    width: float

    @classmethod
    def of(cls, marks: pd.DataFrame, limits: tuple[float, float], width: float, room: float) -> Flags:
        """The flags of these marks: every ballot, and the events unless they would crowd the ballots out.

        room: inches from the chart's left end to the right end of the sheet's writing.
        """
        ballots, events = marks[marks["kind"] == "ballot"], marks[marks["kind"] == "event"]
        chosen = ballots if len(ballots) + len(events) > _MOST else pd.concat([ballots, events])
        chosen = chosen.sort_values("date", kind="stable").reset_index(drop=True)
        inch = width / (limits[1] - limits[0])
        at = [(day_number(date) - limits[0]) * inch for date in chosen["date"]]
        names = [
            wrap(f"{row.label}, {day(row.date, year=False)}", min(_WIDEST, room - x), SMALL)[0]
            for row, x in zip(records(chosen), at, strict=True)
        ]
        rows = flag_rows(at, [text_width(name, SMALL) + 0.14 for name in names])
        return cls(chosen, tuple(names), tuple(rows), limits, width)

    @property
    def height(self) -> float:
        """The room that they need above the chart, in inches."""
        return max(_LEAST, (max(self.rows, default=0) + 1) * _ROW + 0.14)

    def draw(self, above: Axes, axes: Axes) -> None:
        """Draw them into the panel `above` the chart `axes`, and their poles through both."""
        above.set_xlim(*self.limits)
        above.set_ylim(0, self.height)
        gap = 0.05 * (self.limits[1] - self.limits[0]) / self.width
        for row, name, level in zip(records(self.marks), self.names, self.rows, strict=True):
            x, ballot = day_number(row.date), row.kind == "ballot"
            colour, dash = (INK, "solid") if ballot else (SOFT, (0, (2, 2)))
            axes.axvline(x, color=colour, linewidth=0.7, linestyle=dash, alpha=0.6, zorder=1.5)
            pole = [0, _POLE + (level + 0.9) * _ROW]
            above.plot([x, x], pole, color=colour, linewidth=0.7, linestyle=dash, alpha=0.6, clip_on=False)
            above.text(
                x + gap,
                _POLE + (level + 0.45) * _ROW,
                name,
                fontsize=SMALL,
                va="center",
                color=colour,
                style="normal" if ballot else "italic",
            )
