"""What charts share: the debate's axis with its positions, dates, members' names, and labels pushed apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.data import FigureData, Row
from sim.figures.style import FAINT, INK, MARGIN, RULE, write
from sim.figures.text import LABEL, SMALL, date_ticks, day_number, line_height, text_width, wrap
from sim.model.array_types import Floats
from sim.results.wording import words

#: What the note of a figure says of a row of several people.
ALIKE = "Nothing on record tells apart people said to be alike: they are drawn as one, by their mean."


def row_names_end(rows: Sequence[Row], most: float = 2.0) -> float:
    """Where the names of rows end, in inches from the left: as far in as the longest needs, within bounds."""
    widest = max((text_width(row.name, LABEL, "bold") for row in rows), default=1.0)
    return MARGIN + 0.17 + min(widest, most)


def air_after(start: pd.Timestamp, end: pd.Timestamp, fraction: float = 0.012) -> tuple[float, float]:
    """The ends of an axis of dates: a little air after the last day, which is often that of the last ballot."""
    first, last = day_number(start), day_number(end)
    return first, last + fraction * max(last - first, 1.0)


def date_axis(axes: Axes, start: pd.Timestamp, end: pd.Timestamp, most: int, tick: float = 3) -> None:
    """At most `most` dates below a panel, with ticks as long as `tick` points."""
    ticks = date_ticks(start, end, most)
    axes.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=SMALL)
    axes.tick_params(axis="x", length=tick, color=FAINT)
    axes.spines["bottom"].set_visible(True)


def keep_inside(axes: Axes, width: float) -> None:
    """Dates kept within their own panel, `width` inches wide: they would run into those of the next one."""
    low, high = axes.get_xlim()
    for label, x in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True):
        place = (x - low) / max(high - low, 1.0) * width
        label.set_horizontalalignment(aligned(label.get_text(), place, width))


def aligned(text: str, place: float, width: float) -> Literal["left", "center", "right"]:
    """How a date at `place` inches on an axis `width` inches wide is aligned, to be kept within it."""
    half = max(text_width(part, SMALL) for part in text.split("\n")) / 2
    return "left" if place < half else "right" if place > width - half else "center"


def in_steps(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The corners of a line in steps: what is counted at an x holds until it is counted again."""
    return np.repeat(x, 2)[1:], np.repeat(values, 2, axis=-1)[..., :-1]


def heights(data: FigureData, half: float = 0.0) -> tuple[float, float]:
    """The ends of the vertical axis, with a little air, so that lines and marks at the ends of the debate's are whole.

    half: half the height of what is drawn there, in units of the axis.
    """
    air = max(0.03 * (data.high - data.low), half)
    return data.low - air, data.high + air


def rule_positions(axes: Axes, data: FigureData, half: float = 0.0) -> None:
    """Set the vertical axis to the debate's, and rule a line at each of its positions.

    half: half the height of what is drawn there, in units of the axis.
    """
    axes.set_ylim(*heights(data, half))
    places = [value for _, value in data.positions]
    axes.hlines(places, 0, 1, transform=axes.get_yaxis_transform(), color=RULE, linewidth=0.6, zorder=0.5)


def name_positions(axes: Axes, data: FigureData, height: float, width: float, lines: int = 1) -> None:
    """Name the axis's positions at the left of a panel `height` inches high."""
    ticks = position_names(data, axes.get_ylim(), height, width, lines)
    axes.set_yticks([value for value, _ in ticks], [name for _, name in ticks], fontsize=SMALL, linespacing=1.1)


def position_names(
    data: FigureData, limits: tuple[float, float], height: float, width: float, lines: int = 1
) -> list[tuple[float, str]]:
    """The axis's positions and their names, for a panel `height` inches high.

    A name that would run into one already written is left out; the ends of the axis come first.
    """
    bottom, top = limits
    scale = height / (top - bottom)
    taken: list[tuple[float, float]] = []
    ticks: list[tuple[float, str]] = []
    named = sorted(data.positions, key=lambda p: p[1])
    for name, value in named[:1] + named[:0:-1]:
        rows = wrap(words(name), width, SMALL, lines=lines)
        half = len(rows) * line_height(SMALL) / 2 + 0.01
        middle = (value - bottom) * scale
        if all(abs(middle - other) >= half + its for other, its in taken):
            taken.append((middle, half))
            ticks.append((value, "\n".join(rows)))
    return ticks


def write_row_name(
    figure: Figure, right: float, middle: float, name: str, width: float, colour: str | None = None
) -> None:
    """The name of a row, ending at `right`; in bold and in their colour that of a member who has one."""
    weight = "bold" if colour else "normal"
    text = wrap(name, width, LABEL, weight=weight)[0]
    write(figure, right, middle, text, LABEL, ha="right", va="center", color=colour or INK, weight=weight)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted (least squares), at least `gap` apart, in [low, high].

    The order is kept. If they do not all fit, the gap shrinks until they do.
    """
    if not wanted:
        return []
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    # With the gaps taken off, "at least a gap apart" reads "not decreasing": pool what decreases.
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        total, count = wanted[i] - rank * gap, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    ceiling = max(low, high - (len(wanted) - 1) * gap)
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = min(max(flat[rank], low), ceiling) + rank * gap
    return places
