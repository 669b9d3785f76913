"""Every member's stance over time, each in a small panel, with what the record says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from sim.figures.charts.axes import ALIKE, aligned, heights, in_steps, position_names
from sim.figures.data import FigureData, Row, records
from sim.figures.style import (
    FAINT,
    FEW_DATES,
    INK,
    MARGIN,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    key_line,
    key_mark,
    member_colours,
    panel,
    sheet,
)
from sim.figures.text import SMALL, date_ticks, day_number, day_numbers, line_height, text_width, wrap
from sim.model.array_types import Floats
from sim.results.wording import counted, words

#: Between two panels, and the room for the name of one, in inches.
_GAP, _HEAD = 0.14, 0.36
#: More panels than this cannot be read on one sheet.
MOST_PANELS = 60
_QUANTILES = ("q05", "q25", "q50", "q75", "q95")

#: How an observation is drawn by its evidence: a marker filled with black, with grey, or hollow.
_EVIDENCE = {"documented": INK, "attributed": "#b0b0b0", "conjecture": PAPER, "assumed": PAPER}


@dataclass(frozen=True)
class _Check:
    """What became of a stance on record: whether the median is nearest to it, and whether the band gets so near."""

    median: bool
    band: bool


def _checked(data: FigureData, row: Any) -> _Check | None:
    """The model held against an observed stance; None if the member was not played.

    A stance on record stands for all that is nearer to it than to the next named position: somebody who is said to
    stand at the end of the axis need not stand on its last point. One seen on a day is compared with the nearest
    date, one said of a period with the mean over the period.
    """
    rows = data.course(row.member)
    if rows.empty:
        return None
    days, quantiles = day_numbers(rows["date"]), rows[["q05", "q50", "q95"]].to_numpy()
    if pd.notna(row.until):
        during = (days >= day_number(row.date)) & (days <= day_number(row.until))
        bottom, middle, top = quantiles[during if during.any() else slice(None)].mean(axis=0)
    else:
        bottom, middle, top = quantiles[np.abs(days - day_number(row.date)).argmin()]
    low, high = data.around(float(row.stance))
    return _Check(bool(low <= middle <= high), bool(bottom <= high and top >= low))


def _title(data: FigureData, observed: pd.DataFrame) -> str:
    checks = [check for row in records(observed) if (check := _checked(data, row)) is not None]
    if not checks:
        last = {
            str(member): float(data.course(str(member))["q50"].iloc[-1]) for member in data.stances["member"].unique()
        }
        return f"At the end, medians reach {data.reach(last)}"
    medians, bands = sum(check.median for check in checks), sum(check.band for check in checks)
    what = f"{counted(len(checks), 'stance')} on record"
    fitted = ", to which it was fitted" if data.fitted else ""
    return f"The model's 90 % band reaches {bands} of {what}{fitted}; its median is nearest to {medians}"


def _note(observed: pd.DataFrame) -> str:
    note = "Panels share both axes. A name in colour is a member named in the chart of all stances."
    if len(observed):
        note += " A stance on record stands for all that is nearer to it than to the next position."
    else:
        note += " No stance is on record."
    return f"{note} {ALIKE}"


@dataclass(frozen=True)
class _Grid:
    """The panels, all on one pair of axes in inches from the left and from the top.

    left: where the first begins. width, height: of each. step: from the bottom of one to that of the next below.
    """

    data: FigureData
    count: int
    columns: int
    left: float
    width: float
    height: float
    step: float

    @cached_property
    def dates(self) -> tuple[float, float]:
        """The ends of the horizontal axis."""
        return day_number(self.data.stances["date"].min()), day_number(self.data.stances["date"].max())

    def corner(self, panel: int) -> tuple[float, float]:
        """The lower left corner of a panel."""
        down, across = divmod(panel, self.columns)
        return self.left + across * (self.width + _GAP), (down + 1) * self.step - 0.06

    def across(self, panel: int, days: Floats) -> Floats:
        """Where days are."""
        first, last = self.dates
        return np.asarray(self.corner(panel)[0] + (days - first) / max(last - first, 1e-9) * self.width)

    def down(self, panel: int, stances: Floats) -> Floats:
        """Where stances are."""
        low, high = heights(self.data)
        return np.asarray(self.corner(panel)[1] - (stances - low) / (high - low) * self.height)


@in_house_style
def small_multiples(data: FigureData) -> Figure:
    """One panel a member: median stance, 50 % and 90 % bands, and the stances on record drawn on top.

    Of more than `MOST_PANELS` members the last share one panel, their mean.
    """
    every, observed = list(data.rows(MOST_PANELS)), data.observations
    columns = max(2, len(every)) if len(every) <= 5 else 4 if len(every) <= 12 else 5
    widest = max((text_width(words(name), SMALL) for name, _ in data.positions), default=0.5)
    left = MARGIN + 0.12 + min(widest, 1.9)
    width = (WIDTH - left - MARGIN - _GAP * (columns - 1)) / columns
    height = 1.0 if columns > 4 else 1.25
    colours = member_colours(data)
    names = [
        wrap(row.name, width - 0.02, SMALL, lines=2, weight="bold" if row.members[0] in colours else "normal")
        for row in every
    ]
    step = height + _HEAD + line_height(SMALL) * (max(map(len, names), default=1) - 1)
    body = math.ceil(len(every) / columns) * step + 0.45
    figure, top = sheet(
        data,
        body,
        _title(data, observed),
        f"{data.question} Vertical axis: {data.axis_label}.",
        _note(observed),
        _key(observed),
    )
    axes = panel(figure, 0, top, WIDTH, body)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(body, 0)
    grid = _Grid(data, len(every), columns, left, width, height, step)
    _draw_scales(axes, grid)
    _draw_courses(axes, grid, every)
    _draw_observations(axes, grid, every)
    for i, (row, lines) in enumerate(zip(every, names, strict=True)):
        x, y = grid.corner(i)
        named = colours.get(row.members[0])
        looks: dict[str, Any] = {"color": named or INK, "weight": "bold" if named else "normal", "va": "bottom"}
        axes.text(x, y - height * 1.0576, "\n".join(lines), fontsize=SMALL, **looks)
    return figure


def _draw_scales(axes: Axes, grid: _Grid) -> None:
    """The scales that all panels share; dates are written under the last panel of a column."""
    data, starts = grid.data, np.array([grid.corner(i) for i in range(grid.count)]).reshape(-1, 2)
    start, end = data.stances["date"].min(), data.stances["date"].max()
    ticks = date_ticks(start, end, max(2, int(grid.width / 0.62)))
    rules, marks = [], []
    for i, (x, y) in enumerate(starts):
        rules += [[(x, at), (x + grid.width, at)] for at in grid.down(i, np.array([p for _, p in data.positions]))]
        marks.append([(x, y), (x + grid.width, y)])
        places = grid.across(i, np.array([day for day, _ in ticks]))
        marks += [[(at, y), (at, y + 2 / 72)] for at in places]
        if i + grid.columns >= grid.count:
            for at, (_, text) in zip(places, ticks, strict=True):
                axes.text(at, y + 5.5 / 72, text, fontsize=SMALL, va="top", ha=aligned(text, at - x, grid.width))
    axes.add_collection(LineCollection(rules, colors=RULE, linewidths=0.6, zorder=0.5), autolim=False)
    axes.add_collection(LineCollection(marks, colors=FAINT, linewidths=0.8, zorder=2.5), autolim=False)
    names = position_names(data, heights(data), grid.height, grid.left - MARGIN - 0.08)
    for i in range(0, grid.count, grid.columns):
        for value, text in names:
            x, y = starts[i][0] - 3.5 / 72, float(grid.down(i, np.array(value)))
            axes.text(x, y, text, fontsize=SMALL, ha="right", va="center", linespacing=1.1)


def _key(observed: pd.DataFrame) -> list[Artist]:
    """What lines, bands and marks mean; only of the marks that are drawn."""
    key: list[Artist] = [
        key_line(SOFT, "median"),
        key_area(SOFT, "50 % of histories", 0.45),
        key_area(SOFT, "90 %", 0.18),
    ]
    if len(observed):
        kinds = set(observed["evidence"].replace("assumed", "conjecture"))
        key.append(key_line(INK, "on record:", linestyle="none"))
        key += [
            key_mark("o", _EVIDENCE[kind], label, 5.5, markeredgecolor=INK)
            for kind, label in (("documented",) * 2, ("attributed",) * 2, ("conjecture", "conjecture or assumed"))
            if kind in kinds
        ]
    if observed["until"].notna().any():
        key.append(key_line(INK, "of a whole period"))
    return key


def _draw_courses(axes: Axes, grid: _Grid, every: Sequence[Row]) -> None:
    """The bands and medians of members, or their means over several."""
    data, colours = grid.data, member_colours(grid.data)
    of = [colours.get(row.members[0], "#6f6f6f") for row in every]
    outer, inner, middles, dots = [], [], [], []
    for i, row in enumerate(every):
        days, values = _course(data, row)
        x, (q05, q25, q50, q75, q95) = in_steps(grid.across(i, days), grid.down(i, values))
        outer.append(_band(x, q05, q95))
        inner.append(_band(x, q25, q75))
        middles.append(np.column_stack([x, q50]))
        dots += [(*place, of[i]) for place in middles[-1][::2]] if len(days) <= FEW_DATES else []
    for bands, alpha, above in ((outer, 0.16, 1), (inner, 0.3, 1.1)):
        bands_of = PolyCollection(bands, facecolors=of, alpha=alpha, linewidths=0, zorder=above)
        axes.add_collection(bands_of, autolim=False)
    looks: dict[str, Any] = {"capstyle": "projecting", "joinstyle": "round", "zorder": 2}
    axes.add_collection(LineCollection(middles, colors=of, linewidths=1.6, **looks), autolim=False)
    if dots:
        across, down, shades = zip(*dots, strict=True)
        axes.scatter(across, down, s=16, c=shades, linewidths=1, zorder=2, clip_on=False)


def _course(data: FigureData, row: Row) -> tuple[Floats, Floats]:
    """The dates of a row and its quantiles, (quantiles, dates)."""
    if len(row.members) == 1:
        rows = data.course(row.members[0])
    else:
        courses = data.stances[data.stances["member"].isin(row.members)]
        rows = courses.groupby("date", sort=True)[list(_QUANTILES)].mean().reset_index()
    return day_numbers(rows["date"]), rows[list(_QUANTILES)].to_numpy().T


def _band(x: Floats, low: Floats, high: Floats) -> Floats:
    """The outline of an area between two lines."""
    return np.column_stack([np.append(x, x[::-1]), np.append(low, high[::-1])])


def _draw_observations(axes: Axes, grid: _Grid, every: Sequence[Row]) -> None:
    """Stances on record, each a mark at its day, or in the middle of a line over its period."""
    of = {member: i for i, row in enumerate(every) for member in row.members}
    spans, marks = [], []
    for seen in records(grid.data.observations):
        if seen.member not in of:
            continue
        ends = [seen.date, seen.date if pd.isna(seen.until) else seen.until]
        days = np.clip([day_number(date) for date in ends], *grid.dates)
        x, y = grid.across(of[seen.member], days), float(grid.down(of[seen.member], np.array(seen.stance)))
        if pd.notna(seen.until):
            spans.append([(x[0], y), (x[1], y)])
        marks.append((x.mean(), y, _EVIDENCE.get(seen.evidence, PAPER)))
    lines = LineCollection(spans, colors=INK, linewidths=1.6, zorder=3, clip_on=False)
    axes.add_collection(lines, autolim=False)
    if marks:
        across, down, colours = zip(*marks, strict=True)
        looks: dict[str, Any] = {"edgecolors": INK, "linewidths": 0.9, "zorder": 3.1, "clip_on": False}
        axes.scatter(across, down, s=4.8**2, c=colours, **looks)
