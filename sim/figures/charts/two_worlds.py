"""Two worlds side by side and their difference: stances, policy and decisions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import air_after, apart, date_axis, name_positions, rule_positions
from sim.figures.data import FigureData, Names, largest, records, said_of_largest
from sim.figures.style import (
    FAINT,
    INK,
    MARGIN,
    PAPER,
    POLICY,
    RULE,
    SOFT,
    WIDTH,
    coloured,
    in_house_style,
    member_colours,
    member_dashes,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, day_numbers, wrap
from sim.results.wording import day, number, percent, points

_LEFT, _RIGHT, _GAP = 1.75, 1.6, 0.3
_HALF = (WIDTH - _LEFT - _RIGHT - _GAP) / 2
_STANCES, _DIFFERENCE, _ROW = 2.7, 2.0, 0.3


def title_of(decisions: pd.DataFrame, title: str, names: Names) -> str:
    """The decision that comes out most differently, or that none does."""
    if not (decisions["difference"] != 0).any():
        return "Nothing is decided differently: no decision changes its share of histories"
    most = decisions.iloc[int(decisions["difference"].abs().to_numpy().argmax())]
    return (
        f"{names.ballot(most['decision'])} is put and carried in {percent(most['carried'])} of histories as it was, "
        f"in {percent(most['carried_other'])} with “{title}”"
    )


@in_house_style
def worlds(
    pictures: tuple[FigureData, FigureData], titles: tuple[str, str], tables: dict[str, pd.DataFrame], names: Names
) -> Figure:
    """The base and the other world in two panels, the difference of stances under them, and the decisions.

    pictures: both worlds (see `labels.world_data`). titles: what they are called. tables: those of a
    comparison, decisions and stances.
    """
    every = tables["decisions"].sort_values("date", kind="stable")
    decisions = every[every["decision"].isin(largest(every.set_index("decision")["difference"].abs()))]
    heads = 0.34
    below = heads + _STANCES + 0.5
    body = below + _DIFFERENCE + 0.75 + _ROW * len(decisions) + 0.3
    figure, top = sheet(
        names,
        body,
        title_of(every, titles[1], names),
        f"{names.title}: two worlds with common random numbers, both running free. Means over histories; grey is the "
        "policy in force." + said_of_largest(len(decisions), len(every), "that change most"),
        "Difference: the what-if less the debate as it was. Its band, and the numbers in brackets, hold it with 95 % "
        "confidence: what another seed could give, not what the assumed ranges leave open. Hollow dots: as it was.",
    )
    base = pictures[0]
    start, end = base.stances["date"].min(), base.stances["date"].max()
    limits = air_after(start, end, 0.01)
    for side, (data, title) in enumerate(zip(pictures, titles, strict=True)):
        left = _LEFT + side * (_HALF + _GAP)
        write(figure, left, top + 0.2, wrap(title, _HALF, LABEL, weight="bold")[0], LABEL, weight="bold", va="bottom")
        axes = panel(figure, left, top + heads, _HALF, _STANCES)
        axes.set_xlim(*limits)
        rule_positions(axes, data)
        if side == 0:
            name_positions(axes, data, _STANCES, _LEFT - MARGIN - 0.1, lines=2)
        _draw_world(axes, data)
        date_axis(axes, start, end, 5)
        if side:
            ends = {name: data.course(name)["mean"].iloc[-1] for name in coloured(base) if len(data.course(name))}
            _label_ends(axes, base, ends, _STANCES, _HALF)
    axes = panel(figure, _LEFT, top + below, 2 * _HALF + _GAP, _DIFFERENCE)
    axes.set_xlim(*limits)
    _draw_difference(axes, base, tables["stances"])
    date_axis(axes, start, end, 12)
    label = "\n".join(wrap("difference of stances, units of the axis", _LEFT - MARGIN - 0.35, SMALL, lines=4))
    write(figure, MARGIN, top + below + 0.05, label, SMALL, color=SOFT, va="top")
    if len(decisions):
        _draw_decisions(figure, decisions, names, top + below + _DIFFERENCE + 0.75)
    return figure


def _draw_world(axes: Axes, data: FigureData) -> None:
    policy = data.policy.sort_values("date", kind="stable")
    looks: dict[str, Any] = {"where": "post", "color": POLICY, "linewidth": 4.5, "alpha": 0.6, "zorder": 1}
    axes.step(day_numbers(policy["date"]), policy["mean"], **looks)
    colours, dashes = member_colours(data), member_dashes(data)
    for member in coloured(data):
        rows = data.course(member)
        looks = {"color": colours[member], "linestyle": dashes[member], "linewidth": 1.7, "zorder": 3}
        axes.step(day_numbers(rows["date"]), rows["mean"], where="post", **looks)


def _label_ends(axes: Axes, data: FigureData, ends: dict[str, float], height: float, across: float) -> None:
    """Names at the right end, pushed apart and led back to their lines."""
    low, high = axes.get_ylim()
    unit = (high - low) / height
    places = apart(list(ends.values()), 0.2 * unit, low + 0.05 * unit, high - 0.05 * unit)
    left, edge = axes.get_xlim()
    inch = (edge - left) / across
    colours = member_colours(data)
    for (member, value), place in zip(ends.items(), places, strict=True):
        axes.plot([edge, edge + 0.2 * inch], [value, place], color=colours[member], linewidth=0.7, clip_on=False)
        name = wrap(data.label(member), _RIGHT - 0.35, SMALL, weight="bold")[0]
        axes.text(edge + 0.25 * inch, place, name, fontsize=SMALL, va="center", weight="bold", color=colours[member])


def _draw_difference(axes: Axes, data: FigureData, stances: pd.DataFrame) -> None:
    """The difference of each coloured member's stance, with its band; the axis as long as the bands."""
    colours, dashes = member_colours(data), member_dashes(data)
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=0)
    ends = {}
    shown = stances[stances["member"].isin(coloured(data))]
    for member in coloured(data):
        rows = shown[shown["member"] == member].sort_values("date", kind="stable")
        if not len(rows):
            continue
        days = day_numbers(rows["date"])
        area: dict[str, Any] = {"step": "post", "alpha": 0.15, "linewidth": 0, "zorder": 2}
        axes.fill_between(days, rows["low"], rows["high"], color=colours[member], **area)
        looks: dict[str, Any] = {"linestyle": dashes[member], "linewidth": 1.7, "zorder": 3}
        axes.step(days, rows["difference"], where="post", color=colours[member], **looks)
        ends[member] = float(rows["difference"].iloc[-1])
    # A single draw has no band.
    least = float(shown["low"].fillna(shown["difference"]).min()) if ends else 0.0
    most = float(shown["high"].fillna(shown["difference"]).max()) if ends else 0.0
    reach = max(most, -least, 0.01 * (data.high - data.low))
    low, high = min(least, -0.1 * reach), max(most, 0.1 * reach)
    air = 0.06 * (high - low)
    axes.set_ylim(low - air, high + air)
    axes.set_yticks([low, 0, high] if min(-low, high) > 0.2 * (high - low) else [0, low if -low > high else high])
    axes.set_yticklabels([number(value, 2) if value else "0" for value in axes.get_yticks()], fontsize=SMALL)
    _label_ends(axes, data, ends, _DIFFERENCE, 2 * _HALF + _GAP)


def _draw_decisions(figure: Figure, decisions: pd.DataFrame, names: Names, top: float) -> None:
    """A row a decision: its share in both worlds on one scale, and the difference with its interval."""
    left, across, right = MARGIN + 3.4, 4.2, WIDTH - MARGIN
    write(figure, MARGIN, top - 0.12, "put and carried, share of all histories", SMALL, color=SOFT, va="bottom")
    write(
        figure,
        right,
        top - 0.12,
        "as it was → what-if, difference in points",
        SMALL,
        color=SOFT,
        ha="right",
        va="bottom",
    )
    axes = panel(figure, left, top, across, _ROW * len(decisions))
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(len(decisions), 0)
    for place in (0, 0.25, 0.5, 0.75, 1):
        axes.axvline(place, color=RULE, linewidth=0.6, zorder=0)
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"], fontsize=SMALL)
    for row, decision in enumerate(records(decisions)):
        y, middle = row + 0.5, top + (row + 0.5) * _ROW
        changed = decision.difference != 0
        colour = INK if changed else FAINT
        label = f"{names.ballot(decision.decision)}, {names.dates.get(decision.decision) or day(decision.date)}"
        write(figure, MARGIN, middle, wrap(label, 3.25, SMALL)[0], SMALL, va="center", color=INK if changed else SOFT)
        axes.plot([decision.carried, decision.carried_other], [y, y], color=colour, linewidth=2, zorder=1)
        axes.plot(decision.carried, y, "o", color=colour, markerfacecolor=PAPER, markersize=7, zorder=2, clip_on=False)
        if changed:
            axes.plot(decision.carried_other, y, "o", color=INK, markersize=7, zorder=3, clip_on=False)
        text = f"{percent(decision.carried)} → {percent(decision.carried_other)}"
        if changed:
            ends = " to ".join(map(points, (decision.low, decision.high)))
            text += f",  {points(decision.difference)}  ({ends})"
        write(figure, right, middle, text, SMALL, ha="right", va="center", color=INK if changed else SOFT)
