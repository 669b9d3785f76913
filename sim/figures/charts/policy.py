"""The policy in force: the course on record, and how many histories that run free are in each policy, by date."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.charts.event_flags import Flags
from sim.figures.data import FigureData
from sim.figures.style import (
    FAINT,
    HIGH_SIDE,
    INK,
    LABEL,
    LOW_SIDE,
    MARGIN,
    NEITHER,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    date_ticks,
    in_house_style,
    name_positions,
    panel,
    rule_positions,
    sheet,
    side_colour,
    write,
)
from sim.figures.text import day_number, day_numbers, wrap
from sim.wording import percent

_LEFT, _RIGHT, _HEIGHT = 1.7, 2.1, 4.2
_ACROSS = WIDTH - _LEFT - _RIGHT
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
    return (
        f"Left to itself, the model is in the policy on record {percent(over_time)} of the time, "
        f"and ends in it in {percent(at_end)} of histories"
    )


@in_house_style
def policy(data: FigureData) -> Figure:
    """A strip a policy, as thick as the share of free histories in it; on top, the policy on record."""
    shares = data.table("policy_shares")
    start, end = shares["date"].min(), shares["date"].max()
    limits = day_number(start), day_number(end) + 0.012 * max(day_number(end) - day_number(start), 1.0)
    inside = data.marks[(data.marks["date"] >= start) & (data.marks["date"] <= end)]
    flags = Flags.of(inside[inside["kind"] == "ballot"], limits, _ACROSS, _ACROSS + _RIGHT - MARGIN)
    figure, top = sheet(
        flags.height + _HEIGHT + 0.45,
        _title(data),
        f"{data.question} Strips: the share of histories in which each policy is in force, when no decision is "
        "corrected to the record.",
        "A policy lasts until a motion that is carried sets another. The line follows the outcomes on record; a ballot "
        "without one goes there as most histories vote. Right: shares on the last day.",
        _key(data),
    )
    axes = panel(figure, _LEFT, top + flags.height, _ACROSS, _HEIGHT)
    axes.set_xlim(*limits)
    thick = _thickness(data, np.sort(shares["policy"].unique()))
    rule_positions(axes, data, thick / 2)
    name_positions(axes, data, _HEIGHT, _LEFT - MARGIN - 0.1, lines=2)
    label = "\n".join(wrap(data.axis_label, _LEFT - MARGIN - 0.12, SMALL, lines=4))
    write(figure, MARGIN, top + flags.height - 0.24, label, SMALL, color=SOFT, va="bottom")
    flags.draw(panel(figure, _LEFT, top, _ACROSS, flags.height), axes)
    _draw_strips(axes, data, shares, thick)
    _draw_record(axes, data)
    ticks = date_ticks(start, end, 12)
    axes.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=SMALL)
    axes.tick_params(axis="x", length=3, color=FAINT)
    axes.spines["bottom"].set_visible(True)
    return figure


def _key(data: FigureData) -> list[Artist]:
    middle, places = data.middle, data.table("policy_shares")["policy"]
    sides = [(HIGH_SIDE, "above the middle", places > middle), (NEITHER, "on it", places == middle)]
    sides.append((LOW_SIDE, "below the middle", places < middle))
    strips: list[Artist] = [Patch(color=colour, linewidth=0, label=name) for colour, name, seen in sides if seen.any()]
    return [Line2D([], [], color=INK, linewidth=2.2, solid_capstyle="butt", label="policy on record"), *strips]


def _thickness(data: FigureData, policies: np.ndarray) -> float:
    """How thick, in units of the axis, the strip of all histories is: strips do not run into each other."""
    unit = (data.high - data.low) * 1.06 / _HEIGHT
    closest = float(np.diff(policies).min()) if len(policies) > 1 else data.high - data.low
    return min(_THICKEST * unit, 0.9 * closest)


def _draw_strips(axes: Axes, data: FigureData, shares: pd.DataFrame, thick: float) -> None:
    edge = axes.get_xlim()[1]
    day_width = (edge - axes.get_xlim()[0]) / _ACROSS
    for place in np.sort(shares["policy"].unique()):
        rows = shares[shares["policy"] == place].sort_values("date")
        days = np.append(day_numbers(rows["date"]), edge)
        half = np.append(rows["share"], rows["share"].iloc[-1]) * thick / 2
        colour = side_colour(float(place), data.middle)
        axes.fill_between(days, place - half, place + half, step="post", color=colour, linewidth=0, zorder=2)
        axes.text(
            edge + 0.1 * day_width,
            place,
            percent(float(rows["share"].iloc[-1])),
            fontsize=LABEL,
            va="center",
            weight="bold",
            color=colour,
        )


def _draw_record(axes: Axes, data: FigureData) -> None:
    """The policy of the histories that follow the record, with a rim that parts it from the strips."""
    rows = data.policy.sort_values("date", kind="stable")
    days = np.append(day_numbers(rows["date"]), axes.get_xlim()[1])
    values = np.append(rows["q50"], rows["q50"].iloc[-1])
    axes.step(days, values, where="post", color=PAPER, linewidth=4.2, zorder=3)
    axes.step(days, values, where="post", color=INK, linewidth=2.2, zorder=3.1)
