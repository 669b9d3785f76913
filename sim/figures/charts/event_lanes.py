"""What happened when, as rows below a chart over time: a member or a body a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.figures.charts.axes import air_after, date_axis
from sim.figures.data import FigureData, records
from sim.figures.style import (
    AWAY,
    INK,
    PAPER,
    RULE,
    SESSION,
    SOFT,
    coloured,
    key_area,
    key_line,
    key_mark,
    member_colours,
)
from sim.figures.text import SMALL, day_number, day_numbers, wrap

MOST_LANES = 6
#: A row, one whose name takes two lines, and the room between people and bodies, in inches.
_LANE, _TALL_LANE, _GAP = 0.25, 0.38, 0.09
#: Letters of one row nearer to the next than this, as a fraction of its length, are one mark with their number.
_NEAR = 0.03
_LETTER: dict[str, Any] = {"marker": "v", "markeredgecolor": PAPER, "markeredgewidth": 0.5}
_DECISION: dict[str, Any] = {"marker": "D", "markeredgecolor": INK, "markeredgewidth": 0.9}


@dataclass(frozen=True)
class Lane:
    """A row below the chart: a member ("" for all others), or a body."""

    member: str
    body: str
    name: str

    @property
    def height(self) -> float:
        """In inches."""
        return _TALL_LANE if "\n" in self.name else _LANE


def lanes_height(lanes: Sequence[Lane]) -> float:
    """The room that they need, in inches."""
    both = len({bool(lane.body) for lane in lanes}) == 2
    return max(sum(lane.height for lane in lanes) + (_GAP if both else 0.0), _LANE)


def lanes_of(data: FigureData, marks: pd.DataFrame, room: float) -> list[Lane]:
    """The rows that there are: people who acted, then bodies; `room` is the width of a name in inches."""
    people = [
        Lane(member, "", wrap(data.label(member) if member else "others", room, SMALL)[0])
        for member in _busiest(data, marks)
    ]
    bodies = [
        Lane("", str(body), "\n".join(wrap(data.body_label(body), room, SMALL, lines=2)))
        for body in dict.fromkeys(data.bodies["body"])
    ]
    return people + bodies


def _busiest(data: FigureData, marks: pd.DataFrame) -> list[str]:
    """The named members with the most letters and absences, in the members' order; "" is everybody else."""
    acts = marks[marks["kind"].isin(("letter", "absence"))]
    counts = acts.loc[acts["member"].isin(coloured(data)), "member"].value_counts(sort=False)
    busiest = sorted(counts.index, key=lambda member: (-int(counts[member]), str(member)))[:MOST_LANES]
    lanes = [member for member in coloured(data) if member in busiest]
    # Absences of the crowd would lie over each other in one lane, so it has only letters.
    others = acts[(acts["kind"] == "letter") & ~acts["member"].isin(lanes)]
    return lanes + ([""] if len(others) else [])


def draw_lanes(
    axes: Axes, data: FigureData, marks: pd.DataFrame, lanes: Sequence[Lane], days: tuple[pd.Timestamp, pd.Timestamp]
) -> None:
    """The rows below the chart, in inches from the top, and under them the dates, from the first to the last day."""
    limits = air_after(*days)
    axes.set_xlim(*limits)
    axes.set_ylim(lanes_height(lanes), 0)
    people = [lane.member for lane in lanes if not lane.body]
    at, middles = 0.0, []
    for before, lane in zip([None, *lanes], lanes, strict=False):
        at += _GAP if before is not None and bool(lane.body) != bool(before.body) else 0.0
        middle = at + lane.height / 2
        middles.append(middle)
        at += lane.height
        axes.axhline(middle, color=RULE, linewidth=0.5, zorder=0)
        if lane.body:
            _draw_body(axes, data, lane.body, middle, limits)
        else:
            own = marks["member"] == lane.member if lane.member else ~marks["member"].isin(people)
            _draw_acts(axes, data, lane.member, marks[own], middle, limits)
    axes.set_yticks(middles, [lane.name for lane in lanes], fontsize=SMALL, linespacing=1.05)
    date_axis(axes, *days, 12)


def _draw_acts(
    axes: Axes, data: FigureData, member: str, acts: pd.DataFrame, middle: float, limits: tuple[float, float]
) -> None:
    """A member's absences, hatched, and letters as triangles; of the others only the letters."""
    colour = member_colours(data).get(member, SOFT)
    for row in records(acts[acts["kind"] == "absence"]) if member else ():
        first, last = max(day_number(row.date), limits[0]), min(day_number(row.until) + 1, limits[1])
        looks: dict[str, Any] = {"edgecolor": colour, "linewidth": 0.6, "facecolor": "none", "hatch": AWAY}
        axes.add_patch(Rectangle((first, middle - 0.07), last - first, 0.14, **looks))
    for row in records(acts[acts["first"].notna()]):
        # On which days it may have been.
        first, last = max(day_number(row.first), limits[0]), min(day_number(row.last) + 1, limits[1])
        axes.plot([first, last], [middle] * 2, color=colour, linewidth=1.6, alpha=0.5, solid_capstyle="butt", zorder=1)
    box = {"facecolor": PAPER, "linewidth": 0, "pad": 0.6}
    length = limits[1] - limits[0]
    for letters in clusters(list(day_numbers(acts.loc[acts["kind"] == "letter", "date"])), _NEAR * length):
        x = sum(letters) / len(letters)
        axes.plot([x], [middle], markersize=7, color=colour, zorder=3, **_LETTER)
        if len(letters) > 1:
            looks = {"fontsize": SMALL, "color": colour, "weight": "bold", "va": "center"}
            axes.text(x + 0.009 * length, middle, str(len(letters)), bbox=box, zorder=2.9, **looks)


def clusters(days: Sequence[float], near: float) -> list[list[float]]:
    """Days in order, those less than `near` after another together with it."""
    found: list[list[float]] = []
    for day in sorted(days):
        if found and day - found[-1][-1] < near:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def lanes_key(data: FigureData, marks: pd.DataFrame, lanes: Sequence[Lane]) -> list[Artist]:
    """What the marks in the rows mean; only of those that are drawn."""
    people = {lane.member for lane in lanes if not lane.body}
    acts = marks[marks["member"].isin(people) | ("" in people)]
    outcomes = data.decisions[data.decisions["body"].isin([lane.body for lane in lanes])]["documented"] == "carried"
    entries: list[tuple[bool, Artist]] = [
        (bool(people) and "letter" in set(acts["kind"]),
         key_mark(label="letter or speech (with a number: so many within weeks)", colour=SOFT, size=7, **_LETTER)),
        (bool(people) and bool(acts["first"].notna().any()), key_line(SOFT, "between which days", 1.6, alpha=0.5)),
        (bool(people) and "absence" in set(acts.loc[acts["member"].isin(people - {""}), "kind"]),
         key_area("none", "away", linewidth=0.6, edgecolor=SOFT, hatch=AWAY)),
        (any(lane.body for lane in lanes), key_area(SESSION, "in session")),
        (bool(outcomes.any()), key_mark(colour=INK, label="ballot, carried on record", size=5.5, **_DECISION)),
        (bool((~outcomes).any()), key_mark(colour=PAPER, label="ballot, not", size=5.5, **_DECISION)),
    ]  # fmt: skip
    return [artist for is_drawn, artist in entries if is_drawn]


def _draw_body(axes: Axes, data: FigureData, body: str, middle: float, limits: tuple[float, float]) -> None:
    """When a body sat, and its ballots."""
    held = data.bodies[data.bodies["body"] == body]
    firsts, lasts = day_numbers(held["start"]).clip(limits[0]), (day_numbers(held["end"]) + 1).clip(max=limits[1])
    sat = [(first, last - first) for first, last in zip(firsts, lasts, strict=True) if last > first]
    axes.broken_barh(sat, (middle - 0.165 / 2, 0.165), facecolors=SESSION, linewidth=0, zorder=1)
    decisions = data.decisions[data.decisions["body"] == body]
    for part, colour in ((decisions["documented"] != "carried", PAPER), (decisions["documented"] == "carried", INK)):
        looks: dict[str, Any] = {"linestyle": "none", "markersize": 5, "color": colour, "zorder": 3, "clip_on": False}
        if part.any():
            axes.plot(day_numbers(decisions.loc[part, "date"]), [middle] * part.sum(), **looks, **_DECISION)
