"""Every member's stance over time, each in a small panel, with what the record says of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import ALIKE, date_axis, keep_inside, name_positions, rule_positions
from sim.figures.data import FigureData, Row, records
from sim.figures.style import (
    FEW_DATES,
    INK,
    MARGIN,
    PAPER,
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
from sim.figures.text import SMALL, day_number, day_numbers, line_height, text_width, wrap
from sim.results.wording import counted, words

#: Between two panels, and the room for the name of one, in inches.
_GAP, _HEAD = 0.14, 0.36

#: How an observation is drawn by its evidence: a marker filled with black, with grey, or hollow.
_EVIDENCE = {"documented": INK, "attributed": "#b0b0b0", "conjecture": PAPER, "assumed": PAPER}


@dataclass(frozen=True)
class _Check:
    """What became of a stance on record: whether the median is nearest to it, and whether the band gets so near."""

    median: bool
    band: bool


def _checked(data: FigureData, row: pd.Series) -> _Check | None:
    """The model held against an observed stance; None if the member was not played.

    A stance on record stands for all that is nearer to it than to the next named position: somebody who is said to
    stand at the end of the axis need not stand on its last point. One seen on a day is compared with the nearest
    date, one said of a period with the mean over the period.
    """
    rows = data.course(str(row["member"]))
    if rows.empty:
        return None
    if pd.notna(row["until"]):
        during = rows[(rows["date"] >= row["date"]) & (rows["date"] <= row["until"])]
        rows = during if len(during) else rows
    else:
        rows = rows.iloc[[int((rows["date"] - row["date"]).abs().to_numpy().argmin())]]
    low, high = data.around(float(row["stance"]))
    middle = rows["q50"].mean()
    return _Check(bool(low <= middle <= high), bool(rows["q05"].mean() <= high and rows["q95"].mean() >= low))


def _title(data: FigureData, observed: pd.DataFrame) -> str:
    checks = [check for _, row in observed.iterrows() if (check := _checked(data, row)) is not None]
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


@in_house_style
def small_multiples(data: FigureData) -> Figure:
    """One panel a member: median stance, 50 % and 90 % bands, and the stances on record drawn on top."""
    every, observed = list(data.rows()), data.observations
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
    figure, top = sheet(
        data,
        math.ceil(len(every) / columns) * step + 0.45,
        _title(data, observed),
        f"{data.question} Vertical axis: {data.axis_label}.",
        _note(observed),
        _key(observed),
    )
    for i, row in enumerate(every):
        down, across = divmod(i, columns)
        axes = panel(figure, left + across * (width + _GAP), top + (down + 1) * step - height - 0.06, width, height)
        _set_scales(axes, data, width, is_last=i + columns >= len(every))
        if across == 0:
            name_positions(axes, data, height, left - MARGIN - 0.08)
        _draw_panel(axes, data, row, "\n".join(names[i]))
    return figure


def _set_scales(axes: Axes, data: FigureData, width: float, is_last: bool) -> None:
    """The scales that all panels share; dates are written under the last panel of a column."""
    start, end = data.stances["date"].min(), data.stances["date"].max()
    axes.set_xlim(day_number(start), day_number(end))
    rule_positions(axes, data)
    date_axis(axes, start, end, max(2, int(width / 0.62)), tick=2)
    keep_inside(axes, width)
    if not is_last:
        axes.set_xticklabels([])


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


def _draw_panel(axes: Axes, data: FigureData, row: Row, name: str) -> None:
    """The bands and median of a member, or their means over several, and on top what the record says of them."""
    quantiles = ["q05", "q25", "q50", "q75", "q95"]
    courses = data.stances[data.stances["member"].isin(row.members)]
    rows = courses.groupby("date", sort=True)[quantiles].mean().reset_index()
    days = day_numbers(rows["date"])
    named = member_colours(data).get(row.members[0])
    colour = named or "#6f6f6f"
    axes.fill_between(days, rows["q05"], rows["q95"], color=colour, alpha=0.16, linewidth=0, zorder=1)
    axes.fill_between(days, rows["q25"], rows["q75"], color=colour, alpha=0.3, linewidth=0, zorder=1.1)
    axes.plot(days, rows["q50"], color=colour, linewidth=1.6, zorder=2)
    if len(rows) <= FEW_DATES:
        axes.plot(days, rows["q50"], linestyle="none", marker="o", markersize=4, color=colour, zorder=2, clip_on=False)
    for seen in records(data.observations[data.observations["member"].isin(row.members)]):
        _draw_observation(axes, seen)
    weight = "bold" if named else "normal"
    above = 1 + 0.06 / (line_height(SMALL) * 6)
    axes.text(0, above, name, transform=axes.transAxes, fontsize=SMALL, color=named or INK, va="bottom", weight=weight)


def _draw_observation(axes: Axes, row: Any) -> None:
    """A stance on record: a mark at its day, or in the middle of a line over its period."""
    low, high = axes.get_xlim()
    first = min(max(day_number(row.date), low), high)
    last = first if pd.isna(row.until) else min(max(day_number(row.until), low), high)
    looks: dict[str, Any] = {"zorder": 3, "clip_on": False}
    if pd.notna(row.until):
        axes.plot([first, last], [row.stance] * 2, color=INK, linewidth=1.6, solid_capstyle="butt", **looks)
    mark: dict[str, Any] = {"marker": "o", "markersize": 4.8, "markeredgecolor": INK, "markeredgewidth": 0.9}
    colour = _EVIDENCE.get(row.evidence, PAPER)
    axes.plot([(first + last) / 2], [row.stance], color=colour, **looks | {"zorder": 3.1} | mark)
