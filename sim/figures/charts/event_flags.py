"""Flags above a chart over time: what was put to the vote, and what else happened, each on its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import name_positions, rule_positions
from sim.figures.data import FigureData, date_of_mark, records
from sim.figures.style import INK, MARGIN, SOFT, WIDTH, panel, write
from sim.figures.text import SMALL, day_number, day_numbers, text_width, wrap

#: The height of a row of flags, of the pole below the lowest, and of all where there are few, in inches.
_ROW, _POLE, _LEAST = 0.21, 0.1, 0.95
#: With more ballots and events than this, the ballots alone have flags.
_MOST = 16
#: With more ballots than this none has a flag, but only its pole.
MOST_FLAGS = 40
_WIDEST = 2.6
#: The room left and right of the chart, and its width, in inches.
LEFT, RIGHT = 1.95, 2.4
ACROSS = WIDTH - LEFT - RIGHT


@dataclass(frozen=True)
class Flags:
    """The marks that have a flag, their texts and the rows that they are drawn in; poles alone if they are too many.

    marks: as in a data. limits: the days at the ends of the chart. width: the chart's, in inches.
    """

    marks: pd.DataFrame
    names: tuple[str, ...]
    rows: tuple[int, ...]
    limits: tuple[float, float]

    @classmethod
    def of(cls, marks: pd.DataFrame, limits: tuple[float, float]) -> Flags:
        """The flags of these marks: every ballot, and the events unless they would crowd the ballots out."""
        ballots, events = marks[marks["kind"] == "ballot"], marks[marks["kind"] == "event"]
        chosen = ballots if len(ballots) + len(events) > _MOST else pd.concat([ballots, events])
        chosen = chosen.sort_values("date", kind="stable").reset_index(drop=True)
        if len(chosen) > MOST_FLAGS:
            return cls(chosen, ("",) * len(chosen), (0,) * len(chosen), limits)
        inch = ACROSS / (limits[1] - limits[0])
        at = [(day_number(date) - limits[0]) * inch for date in chosen["date"]]
        names = [
            _name(row, min(_WIDEST, ACROSS + RIGHT - MARGIN - x)) for row, x in zip(records(chosen), at, strict=True)
        ]
        rows = flag_rows(at, [text_width(name, SMALL) + 0.14 for name in names])
        return cls(chosen, tuple(names), tuple(rows), limits)

    @property
    def height(self) -> float:
        """The room that they need above the chart, in inches."""
        return max(_LEAST, (max(self.rows, default=0) + 1) * _ROW + 0.14)

    def panel(self, figure: Figure, data: FigureData, top: float, height: float, half: float = 0.0) -> Axes:
        """A chart `height` inches high with the flags above it, `top` inches from the upper edge of the sheet.

        half: half the height of what is drawn at the axis's positions, in units of the axis.
        """
        axes = panel(figure, LEFT, top + self.height, ACROSS, height)
        axes.set_xlim(*self.limits)
        rule_positions(axes, data, half)
        name_positions(axes, data, height, LEFT - MARGIN - 0.1, lines=2)
        label = "\n".join(wrap(data.axis_label, LEFT - MARGIN - 0.12, SMALL, lines=4))
        write(figure, MARGIN, top + self.height - 0.24, label, SMALL, color=SOFT, va="bottom")
        self._draw(panel(figure, LEFT, top, ACROSS, self.height), axes)
        return axes

    def _draw(self, above: Axes, axes: Axes) -> None:
        """Draw them into the panel `above` the chart `axes`, and their poles through both."""
        above.set_xlim(*self.limits)
        above.set_ylim(0, self.height)
        gap = 0.05 * (self.limits[1] - self.limits[0]) / ACROSS
        days, levels = day_numbers(self.marks["date"]), np.array(self.rows, dtype=float)
        is_ballot = (self.marks["kind"] == "ballot").to_numpy(bool)
        for of, colour, dash, style in ((is_ballot, INK, "solid", "normal"), (~is_ballot, SOFT, (0, (2, 2)), "italic")):
            if not of.any():
                continue
            poles: dict[str, Any] = {"color": colour, "linewidth": 0.7, "linestyle": dash, "alpha": 0.6}
            _draw_uncertain(axes, self.marks[of], colour)
            axes.vlines(days[of], 0, 1, transform=axes.get_xaxis_transform(), zorder=1.5, **poles)
            above.vlines(days[of], 0, _POLE + (levels[of] + 0.9) * _ROW, zorder=2, clip_on=False, **poles)
            for x, level, name in zip(days[of], levels[of], np.array(self.names)[of], strict=True):
                y = _POLE + (level + 0.45) * _ROW
                above.text(x + gap, y, str(name), fontsize=SMALL, va="center", color=colour, style=style)


def _name(mark: Any, width: float) -> str:
    """What is written on a flag of a width in inches: what it is and when, or only what it is where both do not fit."""
    label = str(mark.label)
    whole = f"{label}, {date_of_mark(mark, year=False)}"
    return wrap(whole if text_width(whole, SMALL) <= width or mark.first != mark.first else label, width, SMALL)[0]


def _draw_uncertain(axes: Axes, marks: pd.DataFrame, colour: str) -> None:
    """A thin bar at the top of the chart over the days on which a mark may have been, where that is not known."""
    vague = marks[marks["first"].notna()]
    if not len(vague):
        return
    firsts, lengths = day_numbers(vague["first"]), day_numbers(vague["last"]) + 1 - day_numbers(vague["first"])
    at = axes.get_xaxis_transform()
    axes.broken_barh(list(zip(firsts, lengths, strict=True)), (0.99, 0.01), transform=at, color=colour, alpha=0.6, lw=0)


def flag_rows(at: Sequence[float], widths: Sequence[float]) -> list[int]:
    """The row (0 lowest) of each flag, so that none lies over another or is pierced by another's pole.

    A flag is drawn to the right of its pole at `at`, `widths` wide; one with others under it is drawn higher.
    """
    rows = [0] * len(at)
    done: list[int] = []
    for i in sorted(range(len(at)), key=lambda i: (at[i], i), reverse=True):
        rows[i] = max((rows[j] + 1 for j in done if at[j] < at[i] + widths[i]), default=0)
        done.append(i)
    return rows
