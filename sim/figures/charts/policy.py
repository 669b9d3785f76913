"""The policy in force: the course on record, and how many histories that run free are in each policy, by date."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import air_after, date_axis
from sim.figures.charts.event_flags import ACROSS, Flags
from sim.figures.data import FigureData
from sim.figures.style import (
    HIGH_SIDE,
    INK,
    LOW_SIDE,
    NEITHER,
    PAPER,
    in_house_style,
    key_area,
    key_line,
    sheet,
    side_colour,
)
from sim.figures.text import LABEL, day_numbers
from sim.results.wording import percent

_HEIGHT = 4.2
#: The height of a strip that all histories are in, in inches, where the policies lie far enough apart.
_THICKEST = 0.5


def agreement(data: FigureData) -> tuple[float, float]:
    """The share of histories running free whose policy is the one on record: over time, and on the last day.

    Over time each date counts for as long as its policy lasts. The policy on record is the commonest of the histories
    that follow the record.
    """
    shares = data.table("policy_shares")
    on_record = shares.loc[shares.groupby("date")["share_as_recorded"].idxmax()].sort_values("date")
    days = on_record["date"].diff().shift(-1).dt.days.fillna(0).to_numpy()
    agreeing = on_record["share"].to_numpy()
    over_time = float((agreeing * days).sum() / days.sum()) if days.sum() else float(agreeing[-1])
    return over_time, float(agreeing[-1])


def _title(data: FigureData) -> str:
    over_time, at_end = agreement(data)
    free = "Fitted to the record and then left to itself" if data.fitted else "Left to itself"
    return (
        f"{free}, the model is in the policy on record {percent(over_time)} of the time, "
        f"and ends in it in {percent(at_end)} of histories"
    )


@in_house_style
def policy(data: FigureData) -> Figure:
    """A strip a policy, as thick as the share of free histories in it; on top, the policy on record."""
    shares = data.table("policy_shares")
    start, end = shares["date"].min(), shares["date"].max()
    inside = data.marks[(data.marks["date"] >= start) & (data.marks["date"] <= end)]
    flags = Flags.of(inside[inside["kind"] == "ballot"], air_after(start, end))
    figure, top = sheet(
        data,
        flags.height + _HEIGHT + 0.45,
        _title(data),
        f"{data.question} Strips: the share of histories in which each policy is in force, when no decision is "
        "corrected to the record.",
        "A policy lasts until a motion that is carried sets another. The line follows the outcomes on record; a ballot "
        "without one goes there as most histories vote. Right: shares on the last day.",
        _key(data),
    )
    thick = _thickness(data, np.sort(shares["policy"].unique()))
    axes = flags.panel(figure, data, top, _HEIGHT, thick / 2)
    _draw_strips(axes, data, shares, thick)
    _draw_record(axes, data)
    date_axis(axes, start, end, 12)
    return figure


def _key(data: FigureData) -> list[Artist]:
    middle, places = data.middle, data.table("policy_shares")["policy"]
    sides = [(HIGH_SIDE, "above the middle", places > middle), (NEITHER, "on it", places == middle)]
    sides.append((LOW_SIDE, "below the middle", places < middle))
    strips = [key_area(colour, name) for colour, name, seen in sides if seen.any()]
    return [key_line(INK, "policy on record", 2.2, solid_capstyle="butt"), *strips]


def _thickness(data: FigureData, policies: np.ndarray) -> float:
    """How thick, in units of the axis, the strip of all histories is: strips do not run into each other."""
    unit = (data.high - data.low) * 1.06 / _HEIGHT
    closest = float(np.diff(policies).min()) if len(policies) > 1 else data.high - data.low
    return min(_THICKEST * unit, 0.9 * closest)


def _draw_strips(axes: Axes, data: FigureData, shares: pd.DataFrame, thick: float) -> None:
    edge = axes.get_xlim()[1]
    day_width = (edge - axes.get_xlim()[0]) / ACROSS
    for place in np.sort(shares["policy"].unique()):
        rows = shares[shares["policy"] == place].sort_values("date")
        days = np.append(day_numbers(rows["date"]), edge)
        half = np.append(rows["share"], rows["share"].iloc[-1]) * thick / 2
        colour = side_colour(float(place), data.middle)
        axes.fill_between(days, place - half, place + half, step="post", color=colour, linewidth=0, zorder=2)
        last = percent(float(rows["share"].iloc[-1]))
        axes.text(edge + 0.1 * day_width, place, last, fontsize=LABEL, va="center", weight="bold", color=colour)


def _draw_record(axes: Axes, data: FigureData) -> None:
    """The policy of the histories that follow the record, with a rim that parts it from the strips."""
    rows = data.policy.sort_values("date", kind="stable")
    days = np.append(day_numbers(rows["date"]), axes.get_xlim()[1])
    values = np.append(rows["q50"], rows["q50"].iloc[-1])
    axes.step(days, values, where="post", color=PAPER, linewidth=4.2, zorder=3)
    axes.step(days, values, where="post", color=INK, linewidth=2.2, zorder=3.1)
