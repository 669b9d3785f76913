"""Where a decision turns: its share of histories over one number, or over two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.heat_map import CHANCES, heat_map
from sim.figures.data import Names
from sim.figures.style import (
    AGREES,
    DISAGREES,
    FAILS,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    key_mark,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, wrap
from sim.results.wording import number, percent

#: Where the debate is on a map.
_HERE: dict[str, Any] = {"markeredgecolor": FAILS, "markeredgewidth": 2}


@dataclass(frozen=True)
class Scale:
    """An input as an axis.

    label: its name in words. unit: "" for none. now: its value in the debate. is_day: whether values count days.
    """

    label: str
    unit: str
    now: float
    is_day: bool = False

    def shown(self, value: float) -> str:
        """A value as a person reads it."""
        if self.is_day and math.isfinite(value):
            return pd.Timestamp.fromordinal(round(value)).strftime("%Y-%m-%d")
        return number(value, 2)

    @property
    def title(self) -> str:
        """What stands at the axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


def title_of(decision: str, scale: Scale, at: float, ends: tuple[float, float]) -> str:
    """The value at which it turns, with its interval, or that it does not; and the value in the debate."""
    now = "" if math.isnan(scale.now) else f"; the debate has {scale.shown(scale.now)}"
    if math.isnan(at):
        return f"{decision} turns nowhere in the range of {scale.label}{now}"
    said = " to ".join(scale.shown(end) if math.isfinite(end) else "beyond" for end in ends)
    return f"{decision} is even at {scale.label} {scale.shown(at)} (95 %: {said}){now}"


@in_house_style
def curve(
    table: pd.DataFrame, scale: Scale, tipping: tuple[float, float, float], decision: str, names: Names
) -> Figure:
    """The share of histories that put and carry a decision over the values of one input.

    table: value, probability, low, high. tipping: where it is even, and the ends of the interval; NaN if nowhere.
    """
    at, *ends = tipping
    figure, top = sheet(
        names,
        4.4,
        title_of(names.ballot(decision), scale, at, (ends[0], ends[1])),
        f"{names.title}: the share of histories that put and carry it, at each value of {scale.label}, all with "
        "common random numbers.",
        "Band: what another seed could give (95 %). Shaded: the interval of the value at which it is even, from "
        "bootstrap samples of the draws. Dotted: the value in the debate, the median where it is drawn.",
    )
    axes = panel(figure, 1.2, top + 0.1, WIDTH - 1.2 - MARGIN - 0.3, 3.6)
    offset = pd.Timestamp("1970-01-01").toordinal() if scale.is_day else 0
    values = table["value"].to_numpy() - offset
    axes.set_xlim(values.min(), values.max())
    axes.set_ylim(-0.02, 1.02)
    axes.axhline(0.5, color=FAINT, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
    if not math.isnan(at):
        low, high = (min(max(end - offset, values.min()), values.max()) for end in ends)
        axes.axvspan(low, high, color=RULE, alpha=0.6, linewidth=0, zorder=0)
        axes.plot([at - offset], [0.5], "o", color=INK, markersize=8, zorder=4)
    if not math.isnan(scale.now):
        axes.axvline(scale.now - offset, color=SOFT, linewidth=1.2, linestyle=(0, (1, 2)), zorder=1)
    axes.fill_between(values, table["low"], table["high"], color=AGREES, alpha=0.15, linewidth=0, zorder=2)
    axes.plot(values, table["probability"], color=AGREES, linewidth=2.2, marker="o", markersize=4, zorder=3)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"], fontsize=SMALL)
    places = np.linspace(values.min(), values.max(), 6)
    axes.set_xticks(places, [scale.shown(place + offset) for place in places], fontsize=SMALL)
    axes.tick_params(axis="x", length=3, color=FAINT)
    axes.spines["bottom"].set_visible(True)
    write(figure, 1.2 + (WIDTH - 1.5 - MARGIN) / 2, top + 4.2, scale.title, LABEL, ha="center", color=SOFT)
    return figure


@in_house_style
def grid(table: pd.DataFrame, scales: tuple[Scale, Scale], decision: str, names: Names) -> Figure:
    """The share over two inputs: a cell each, dark above even odds and light below. table: one, two, probability."""
    one, two = scales
    cells = table.pivot_table(index="one", columns="two", values="probability").iloc[::-1]
    high, left = 0.42, MARGIN + 1.2
    wide, whole = WIDTH - MARGIN - left, high * len(cells)
    here = [
        float(np.interp(scale.now, values, np.arange(len(values)) + 0.5))
        for scale, values in ((one, cells.index.to_numpy()[::-1]), (two, cells.columns.to_numpy()))
    ]
    figure, top = sheet(
        names,
        whole + 0.75,
        _grid_title(table, names.ballot(decision), scales),
        f"{names.title}: the share of histories that put and carry it, in per cent, all with common random numbers. "
        f"Down: {one.label}. Across: {two.label}.",
        "The stronger the colour, the further from even. The debate is where both have their values, or their medians.",
        [
            key_area(AGREES, "in half of the histories or more"),
            key_area(DISAGREES, "in fewer"),
            *([key_mark("o", "none", "where the debate is", 9, **_HERE)] if np.isfinite(here).all() else []),
        ],
    )
    axes = panel(figure, left, top + 0.1, wide, whole)
    texts = [[f"{100 * value:.0f}" for value in row] for row in cells.to_numpy()]
    heat_map(axes, 2 * cells.to_numpy() - 1, texts, colours=CHANCES)
    if np.isfinite(here).all():
        axes.plot([here[1]], [len(cells) - here[0]], "o", color="none", markersize=24, **_HERE)
    axes.set_yticks(np.arange(len(cells)) + 0.5, [one.shown(float(value)) for value in cells.index], fontsize=SMALL)
    across = np.arange(len(cells.columns)) + 0.5
    axes.set_xticks(across, [two.shown(float(value)) for value in cells.columns], fontsize=SMALL)
    axes.tick_params(axis="both", length=3, color=FAINT)
    down = "\n".join(wrap(one.title, whole, LABEL, lines=2))
    write(figure, MARGIN + 0.2, top + 0.1 + whole / 2, down, LABEL, color=SOFT, ha="center", va="center", rotation=90)
    write(figure, left + wide / 2, top + whole + 0.5, two.title, LABEL, color=SOFT, ha="center", va="top")
    return figure


def _grid_title(table: pd.DataFrame, name: str, scales: tuple[Scale, Scale]) -> str:
    """On which fraction of the map it has even odds or better, and how often it is carried where the debate is."""
    one, two = scales
    above, now = float((table["probability"] >= 0.5).mean()), ""
    if math.isfinite(one.now) and math.isfinite(two.now):
        far = ((table["one"] - one.now) / np.ptp(table["one"])) ** 2 + (
            (table["two"] - two.now) / np.ptp(table["two"])
        ) ** 2
        now = f"; near the values of the debate it is carried in {percent(float(table['probability'][far.idxmin()]))}"
    if above in (0.0, 1.0):
        return f"{name} turns nowhere over {one.label} and {two.label}{now}"
    return f"{name} has even odds or better over {percent(above)} of the map of {one.label} by {two.label}{now}"
