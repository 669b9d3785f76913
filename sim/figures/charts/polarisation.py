"""How divided they were, by date: a panel a measure, a line a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import date_axis
from sim.figures.data import FigureData
from sim.figures.style import (
    FAINT,
    FEW_DATES,
    HIGH_SIDE,
    INK,
    LOW_SIDE,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    key_line,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, day_number, day_numbers, wrap
from sim.results.wording import number


@dataclass(frozen=True)
class _Panel:
    """A measure as drawn: its name, its unit ("" for the axis's own), and the end of its scale (None: as needed)."""

    measure: str
    name: str
    unit: str
    most: float | None
    colour: str = INK


PANELS = (
    _Panel("spread", "Spread", "", None),
    _Panel("dispersion", "Dispersion", "", None),
    _Panel("bimodality", "Bimodality", "Sarle's coefficient, 0 to 1", 1.0),
    _Panel("esteban-ray", "Polarisation", "Esteban and Ray, 0 to 1", None),
    _Panel("above", "Above the middle", "share of members", 1.0, HIGH_SIDE),
    _Panel("below", "Below the middle", "share of members", 1.0, LOW_SIDE),
)
#: The measures by which a body can be said to be more or less divided.
DIVIDED = ("spread", "dispersion", "bimodality", "esteban-ray")
#: A single heap (a normal law), an even spread and two camps, as Sarle's coefficient has them.
LANDMARKS = (1 / 3, 5 / 9, 1.0)
#: Bodies are told apart by ink and dashes: colours are kept for members and for the sides of the axis.
_LOOKS: tuple[tuple[str, Any, float], ...] = (
    (INK, "solid", 2.0),
    ("#6f6f6f", (0, (6, 1.5)), 1.8),
    ("#9a9a9a", (0, (1.5, 1.2)), 1.8),
    ("#b5b5b5", (0, (6, 1.2, 1, 1.2)), 1.6),
)
_NOTE = (
    "Spread: from the lowest to the highest stance. Dispersion: their standard deviation. Bimodality: a single heap is "
    "0.33, an even spread 0.56, two camps are 1 (and a lopsided heap may look like two). Polarisation: grows with the "
    "gap between camps and the likeness within them; 1 is two halves at the ends. Full members who sat on the day; "
    "stand-ins are left out."
)
_HEIGHT, _COLUMNS, _LEFT, _BETWEEN = 1.9, 3, 0.5, 0.66


def bodies(data: FigureData) -> list[str]:
    """The bodies drawn, "" for everybody, the one with most ballots first: as many as can be told apart."""
    table = data.table("polarisation")
    votes = data.decisions["body"].value_counts()
    found = sorted(table["body"].unique(), key=lambda body: (-int(votes.get(body, 0)), str(body)))
    return [str(body) for body in found][: len(_LOOKS)]


def _name(data: FigureData, body: str) -> str:
    return data.body_label(body) if body else "all recorded by name"


def ends(data: FigureData, body: str, measure: str) -> tuple[float, float]:
    """The first and the last mean of a measure, of those that there are; NaN without any."""
    table = data.table("polarisation")
    rows = table[(table["body"] == body) & (table["measure"] == measure)].sort_values("date")["mean"].dropna()
    return (float(rows.iloc[0]), float(rows.iloc[-1])) if len(rows) else (float("nan"), float("nan"))


def _title(data: FigureData) -> str:
    """Whether the body with most ballots ends more or less divided than it began, by how many measures."""
    drawn = bodies(data)
    if not drawn:
        return data.headed("nobody's division was measured")
    # What is the same as written is the same.
    moved = [round(last, 2) - round(first, 2) for first, last in (ends(data, drawn[0], name) for name in DIVIDED)]
    less, more = sum(by < 0 for by in moved), sum(by > 0 for by in moved)
    name = _name(data, drawn[0])
    body = "Those recorded by name are" if not drawn[0] else f"The {name} is"
    first, last = ends(data, drawn[0], "dispersion")
    direction = "less" if less >= more else "more"
    finding = f"on average {direction} divided at the end than at first by {max(less, more)} of {len(DIVIDED)} measures"
    if less == more == 0:
        finding = "on average as divided at the end as at first"
    elif less == more:  # by two measures so and by two others so is no finding
        finding = f"less divided at the end than at first by {less} of {len(DIVIDED)} measures, more by {more}"
    return f"{body} {finding} (dispersion {number(first, 2)}, then {number(last, 2)})"


@in_house_style
def polarisation(data: FigureData) -> Figure:
    """Six panels: four measures of division and the shares on either side of the middle, by date and body."""
    table, drawn = data.table("polarisation"), bodies(data)
    lines = -(-len(PANELS) // _COLUMNS)
    width = (WIDTH - 2 * MARGIN - _LEFT - (_COLUMNS - 1) * _BETWEEN) / _COLUMNS
    figure, top = sheet(
        data,
        lines * (_HEIGHT + 0.95),
        _title(data),
        f"{data.question} Lines: means over histories that follow the record. Unit of "
        f"spread and dispersion: {data.axis_label}.",
        _NOTE,
        _key(data, drawn),
    )
    for i, what in enumerate(PANELS):
        down, across = divmod(i, _COLUMNS)
        left, above = MARGIN + _LEFT + across * (width + _BETWEEN), top + down * (_HEIGHT + 0.95) + 0.48
        write(figure, left, above - 0.27, what.name, LABEL, weight="bold", va="bottom", color=what.colour)
        unit = wrap(what.unit or data.axis_label, width, SMALL)[0]
        write(figure, left, above - 0.07, unit, SMALL, color=SOFT, va="bottom")
        axes = panel(figure, left, above, width, _HEIGHT)
        rows = table[(table["measure"] == what.measure) & table["body"].isin(drawn)]
        _set_scales(axes, rows, what, data, width)
        _draw_lines(axes, rows, drawn)
    return figure


def _key(data: FigureData, drawn: list[str]) -> list[Artist]:
    lines = [
        key_line(colour, _name(data, body), width, linestyle=dash)
        for body, (colour, dash, width) in zip(drawn, _LOOKS, strict=False)
    ]
    whose = _name(data, drawn[0]) if drawn else ""
    return [*lines, key_area(INK, f"90 % of histories, {whose}", 0.14)]


def _set_scales(axes: Axes, rows: pd.DataFrame, what: _Panel, data: FigureData, width: float) -> None:
    start, end = data.stances["date"].min(), data.stances["date"].max()
    # A debate in which nothing happens has one day.
    axes.set_xlim(day_number(start), max(day_number(end), day_number(start) + 1))
    top = what.most or float(rows[["mean", "q95"]].max().max() if len(rows) else 1.0) * 1.05 or 1.0
    axes.set_ylim(0, top)
    places, digits = (LANDMARKS, 2) if what.measure == "bimodality" else _round_places(top)
    axes.set_yticks(places, [number(place, digits) for place in places], fontsize=SMALL)
    axes.hlines(places, 0, 1, transform=axes.get_yaxis_transform(), color=RULE, linewidth=0.6, zorder=0.5)
    ballots = day_numbers(data.marks.loc[data.marks["kind"] == "ballot", "date"])
    axes.vlines(ballots, 0, 1, transform=axes.get_xaxis_transform(), color=FAINT, linewidth=0.6, zorder=0.6)
    date_axis(axes, start, end, max(2, int(width / 0.55)))


def _round_places(top: float) -> tuple[tuple[float, ...], int]:
    """At most six round numbers from 0 to `top`, and the digits that they need."""
    step = next(s for s in (0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 1e9) if top / s <= 5)
    digits = 0 if step >= 1 else 2 if step in (0.05, 0.25) else 1
    return tuple(i * step for i in range(int(top / step + 1e-9) + 1)), digits


def _draw_lines(axes: Axes, rows: pd.DataFrame, drawn: list[str]) -> None:
    for place, (body, (colour, dash, width)) in enumerate(zip(drawn, _LOOKS, strict=False)):
        own = rows[rows["body"] == body].sort_values("date")
        days = day_numbers(own["date"])
        if place == 0:
            # One band can be read; three would lie over each other.
            axes.fill_between(days, own["q05"], own["q95"], step="post", color=colour, alpha=0.14, lw=0, zorder=1)
        marker = "o" if len(own) <= FEW_DATES else ""
        looks: dict[str, Any] = {"marker": marker, "markersize": 4, "zorder": 4 - place * 0.5, "clip_on": False}
        axes.step(days, own["mean"], where="post", color=colour, linestyle=dash, linewidth=width, **looks)
