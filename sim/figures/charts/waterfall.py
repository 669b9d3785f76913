"""A decision attributed to its causes: step by step from the world without them to the world with all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import write_row_name
from sim.figures.data import Names, records, those
from sim.figures.style import (
    AGREES,
    DISAGREES,
    FAINT,
    HIGH_SIDE,
    INK,
    LOW_SIDE,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL
from sim.results.wording import number, percent, points

_TEXT, _NUMBERS, _ROW = 2.6, 2.6, 0.36


def title_of(table: pd.DataFrame, ends: tuple[float, float], decision: str, is_share: bool, names: Names) -> str:
    """The causes with the largest contribution, and between what the contributions lie."""
    largest = _amount(float(table["contribution"].iloc[0]), is_share)
    if not table["contribution"].any():
        return f"{decision}: none of these causes has any part in it"
    first = [names.cause(row.cause) for row in records(table) if _amount(row.contribution, is_share) == largest]
    empty, full = (percent(end) if is_share else number(end, 2) for end in ends)
    each = " each" if len(first) > 1 else ""
    return (
        f"{decision}: {empty} without any of these causes, {full} with all; the most is due to "
        f"{those(first, 'causes')}, {largest}{' points' * is_share}{each}"
    )


def _amount(contribution: float, is_share: bool) -> str:
    """A contribution with its sign: in points, or in units of the axis."""
    return points(contribution) if is_share else f"{'+' if contribution > 0 else ''}{number(contribution, 2)}"


@in_house_style
def waterfall(table: pd.DataFrame, ends: tuple[float, float], decision: str, of: str, names: Names) -> Figure:
    """Bars from the empty world to the full one, each as long as a cause's contribution, the largest first.

    table: cause, contribution, low, high. ends: the values of the empty and of the full world. of: `carried` (a
    fraction of histories) or `policy` (units of the axis).
    """
    is_share = of == "carried"
    # A chance is no side of the axis.
    raises, lowers = (AGREES, DISAGREES) if is_share else (HIGH_SIDE, LOW_SIDE)
    rows = len(table) + 2
    what = "the share of histories that put and carry it" if is_share else "the mean policy at the end of its day"
    figure, top = sheet(
        names,
        0.3 + _ROW * rows + 0.3,
        title_of(table, ends, names.ballot(decision), is_share, names),
        f"{names.title}: {what}, from the world without any of the causes to the debate as it was. Contributions are "
        "Shapley values: means over all orders in which causes may come.",
        "Numbers: the contribution, and in brackets what another seed could give (95 %). Contributions add up exactly.",
        [key_area(raises, "raises it"), key_area(lowers, "lowers it")],
    )
    left, across = MARGIN + _TEXT, WIDTH - 2 * MARGIN - _TEXT - _NUMBERS
    axes = panel(figure, left, top + 0.3, across, _ROW * rows)
    levels = ends[0] + np.concatenate([[0.0], np.cumsum(table["contribution"].to_numpy())])
    low, high = min(levels.min(), ends[0], ends[1]), max(levels.max(), ends[0], ends[1])
    air = 0.04 * max(high - low, 1e-6)
    axes.set_xlim(low - air, high + air)
    axes.set_ylim(rows, 0)
    empty, full = (percent(end, 1) if is_share else number(end, 2) for end in ends)
    _end(figure, axes, 0, ends[0], "without any of them", empty, top + 0.3)
    _end(figure, axes, rows - 1, ends[1], "the debate as it was", full, top + 0.3)
    for place, (row, before) in enumerate(zip(records(table), levels, strict=False), start=1):
        colour = raises if row.contribution > 0 else lowers
        axes.barh(place + 0.5, row.contribution, left=before, height=0.62, color=colour, zorder=2)
        axes.plot([before, before], [place - 0.35, place + 0.2], color=FAINT, linewidth=0.7, zorder=1)
        axes.plot([before + row.low, before + row.high], [place + 0.5] * 2, color=INK, linewidth=1, zorder=3)
        middle = top + 0.3 + (place + 0.5) * _ROW
        write_row_name(figure, left - 0.15, middle, names.cause(row.cause), _TEXT - 0.2)
        text = f"{_amount(row.contribution, is_share)}  ({_amount(row.low, is_share)} to {_amount(row.high, is_share)})"
        write(figure, WIDTH - MARGIN, middle, text, LABEL, ha="right", va="center")
    return figure


def _end(figure: Figure, axes: Axes, row: int, value: float, label: str, text: str, top: float) -> None:
    """One of the two worlds that the bars lead from and to."""
    axes.axvline(value, color=RULE, linewidth=0.8, zorder=0)
    axes.plot([value, value], [row + 0.15, row + 0.85], color=INK, linewidth=3, zorder=3)
    middle = top + (row + 0.5) * _ROW
    write(figure, MARGIN + _TEXT - 0.15, middle, label, LABEL, ha="right", va="center", color=SOFT)
    write(figure, WIDTH - MARGIN, middle, text, LABEL, ha="right", va="center", weight="bold")
