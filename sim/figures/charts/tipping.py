"""Where a decision turns: its share of histories over one number, or over two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.data import Names
from sim.figures.style import (
    FAINT,
    HIGH_SIDE,
    INK,
    LABEL,
    LOW_SIDE,
    MARGIN,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    house_style,
    panel,
    sheet,
    tinted,
    write,
)
from sim.wording import number, percent


@dataclass(frozen=True)
class Scale:
    """A lever as an axis. name: as asked for; now: its present value; is_day: whether values count days."""

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


def curve(
    table: pd.DataFrame, scale: Scale, tipping: tuple[float, float, float], decision: str, names: Names
) -> Figure:
    """The share of histories that put and carry a decision over the values of one lever.

    table: value, probability, low, high. tipping: where it is even, and the ends of the interval; NaN if nowhere.
    """
    with house_style():
        at, *ends = tipping
        head = title_of(names.ballot(decision), scale, at, (ends[0], ends[1]))
        figure, top = sheet(
            4.4,
            head,
            f"{names.title}: the share of histories that put and carry it, at each value of {scale.label}, all on the "
            "same luck.",
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


def grid(table: pd.DataFrame, scales: tuple[Scale, Scale], decision: str, names: Names) -> Figure:
    """The share over two levers: a cell each, green above even odds and ochre below. table: one, two, probability."""
    with house_style():
        one, two = scales
        cells = table.pivot_table(index="one", columns="two", values="probability")
        above = float((table["probability"] >= 0.5).mean())
        name = names.ballot(decision)
        head = f"{name} is more often carried than not over {percent(above)} of {one.label} by {two.label}"
        if above in (0.0, 1.0):
            head = f"{name} turns nowhere over {one.label} and {two.label}"
        high, wide = 0.42, (WIDTH - 2 * MARGIN - 1.9) / max(len(cells.columns), 1)
        figure, top = sheet(
            0.6 + high * len(cells) + 0.5,
            head,
            f"{names.title}: the share of histories that put and carry it, in per cent, all on the same luck. Down: "
            f"{one.label}. Across: {two.label}.",
            "Green: in half of the histories or more; ochre: in fewer. The stronger the colour, the further from even.",
        )
        left = MARGIN + 1.9
        axes = panel(figure, left, top + 0.5, wide * len(cells.columns), high * len(cells))
        axes.set_xlim(0, len(cells.columns))
        axes.set_ylim(0, len(cells))
        for row, values in enumerate(cells.to_numpy()):
            for column, value in enumerate(values):
                share = min(2 * abs(value - 0.5), 1.0)
                colour = tinted(HIGH_SIDE if value >= 0.5 else LOW_SIDE, share)
                axes.fill_between([column + 0.02, column + 0.98], row + 0.03, row + 0.97, color=colour, linewidth=0)
                look: dict[str, Any] = {"color": PAPER if value >= 0.5 and share > 0.5 else INK, "fontsize": LABEL}
                axes.text(column + 0.5, row + 0.5, f"{100 * value:.0f}", ha="center", va="center", **look)
        places = np.arange(len(cells)) + 0.5
        axes.set_yticks(places, [one.shown(float(value)) for value in cells.index], fontsize=SMALL)
        across = np.arange(len(cells.columns)) + 0.5
        axes.set_xticks(across, [two.shown(float(value)) for value in cells.columns], fontsize=SMALL)
        write(figure, MARGIN, top + 0.42, one.label, LABEL, color=SOFT, va="bottom")
        write(figure, WIDTH - MARGIN, top + 0.42, two.label, LABEL, color=SOFT, va="bottom", ha="right")
        return figure
