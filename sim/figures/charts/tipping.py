"""Where a decision turns: its share of histories over one number, or over two."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.heat_map import heat_map
from sim.figures.data import Names
from sim.figures.style import FAINT, HIGH_SIDE, INK, MARGIN, RULE, SOFT, WIDTH, in_house_style, panel, sheet, write
from sim.figures.text import LABEL, SMALL
from sim.results.wording import number, percent


@dataclass(frozen=True)
class Scale:
    """An input as an axis. name: as asked for; now: its present value; is_day: whether values count days."""

    name: str
    now: float
    is_day: bool = False

    def shown(self, value: float) -> str:
        """A value as a person reads it."""
        if self.is_day and math.isfinite(value):
            return pd.Timestamp.fromordinal(round(value)).strftime("%Y-%m-%d")
        return number(value, 2)

    @property
    def label(self) -> str:
        """What stands at the axis."""
        return self.name.replace(".", ", ")


def title_of(decision: str, scale: Scale, at: float, ends: tuple[float, float]) -> str:
    """The value at which it turns, with its interval, or that it does not."""
    if math.isnan(at):
        return f"{decision} turns nowhere in the range of {scale.label}"
    said = " to ".join(scale.shown(end) if math.isfinite(end) else "beyond" for end in ends)
    return f"{decision} is even at {scale.label} = {scale.shown(at)} (95 %: {said})"


@in_house_style
def curve(
    table: pd.DataFrame, scale: Scale, tipping: tuple[float, float, float], decision: str, names: Names
) -> Figure:
    """The share of histories that put and carry a decision over the values of one input.

    table: value, probability, low, high. tipping: where it is even, and the ends of the interval; NaN if nowhere.
    """
    at, *ends = tipping
    figure, top = sheet(
        4.4,
        title_of(names.ballot(decision), scale, at, (ends[0], ends[1])),
        f"{names.title}: the share of histories that put and carry it, at each value of {scale.label}, all with "
        "common random numbers.",
        "Band: what another seed could give (95 %). Shaded: the interval of the value at which it is even, from "
        "bootstrap samples of the draws. Dotted: the present value, or the median where it is drawn.",
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
    axes.fill_between(values, table["low"], table["high"], color=HIGH_SIDE, alpha=0.15, linewidth=0, zorder=2)
    axes.plot(values, table["probability"], color=HIGH_SIDE, linewidth=2.2, marker="o", markersize=4, zorder=3)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"], fontsize=SMALL)
    places = np.linspace(values.min(), values.max(), 6)
    axes.set_xticks(places, [scale.shown(place + offset) for place in places], fontsize=SMALL)
    axes.tick_params(axis="x", length=3, color=FAINT)
    axes.spines["bottom"].set_visible(True)
    write(figure, 1.2 + (WIDTH - 1.5 - MARGIN) / 2, top + 4.2, scale.label, LABEL, ha="center", color=SOFT)
    return figure


@in_house_style
def grid(table: pd.DataFrame, scales: tuple[Scale, Scale], decision: str, names: Names) -> Figure:
    """The share over two inputs: a cell each, green above even odds and ochre below. table: one, two, probability."""
    one, two = scales
    cells = table.pivot_table(index="one", columns="two", values="probability").iloc[::-1]
    high, wide = 0.42, WIDTH - 2 * MARGIN - 1.9
    figure, top = sheet(
        0.6 + high * len(cells) + 0.5,
        _grid_title(names.ballot(decision), one, two, float((table["probability"] >= 0.5).mean())),
        f"{names.title}: the share of histories that put and carry it, in per cent, all with common random numbers. "
        f"Down: {one.label}. Across: {two.label}.",
        "Green: in half of the histories or more; ochre: in fewer. The stronger the colour, the further from even.",
    )
    axes = panel(figure, MARGIN + 1.9, top + 0.5, wide, high * len(cells))
    heat_map(axes, 2 * cells.to_numpy() - 1, [[f"{100 * value:.0f}" for value in row] for row in cells.to_numpy()])
    axes.set_yticks(np.arange(len(cells)) + 0.5, [one.shown(float(value)) for value in cells.index], fontsize=SMALL)
    across = np.arange(len(cells.columns)) + 0.5
    axes.set_xticks(across, [two.shown(float(value)) for value in cells.columns], fontsize=SMALL)
    write(figure, MARGIN, top + 0.42, one.label, LABEL, color=SOFT, va="bottom")
    write(figure, WIDTH - MARGIN, top + 0.42, two.label, LABEL, color=SOFT, va="bottom", ha="right")
    return figure


def _grid_title(name: str, one: Scale, two: Scale, above: float) -> str:
    """On which fraction of the map it is more often carried than not."""
    if above in (0.0, 1.0):
        return f"{name} turns nowhere over {one.label} and {two.label}"
    return f"{name} is more often carried than not over {percent(above)} of {one.label} by {two.label}"
