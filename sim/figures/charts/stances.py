"""How the stances moved: those who matter in colour, the rest as a crowd, and below it what happened when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from sim.figures.charts.axes import air_after, apart, in_steps
from sim.figures.charts.event_flags import ACROSS, LEFT, MOST_FLAGS, RIGHT, Flags
from sim.figures.charts.event_lanes import draw_lanes, lanes_height, lanes_key, lanes_of
from sim.figures.data import FigureData, records, those
from sim.figures.style import (
    FEW_DATES,
    INK,
    MARGIN,
    PAPER,
    POLICY,
    SESSION,
    add_key,
    coloured,
    in_house_style,
    key_area,
    key_line,
    member_colours,
    member_dashes,
    panel,
    sheet,
)
from sim.figures.text import LABEL, day_number, day_numbers, wrap
from sim.results.wording import day, number

_HEIGHT = 4.6
#: Moves are looked for within this time, and are said to be moves from this fraction of the axis up.
WITHIN, _SEEN = np.timedelta64(28, "D"), 0.01
#: The room for the key between the chart and the rows below it, in inches.
_KEY = 0.42
#: No more lines than this in grey: more are a grey area.
MOST_LINES = 200
#: Members without a colour of their own: their lines, and the band of their means.
_CROWD, _CROWD_BAND = "#b5b5b5", "#e9e9e9"


class Move(NamedTuple):
    """How far a member's median moved, with its sign, from one date to another."""

    member: str
    by: float
    start: pd.Timestamp
    end: pd.Timestamp


def moves(data: FigureData, members: Sequence[str]) -> list[Move]:
    """The largest move of each of these members' medians within `WITHIN`, the furthest first."""
    found = []
    near: dict[bytes, tuple[Any, Any, Any]] = {}  # most members have the same dates
    for member in members:
        rows = data.course(member)
        dates, middles = rows["date"].to_numpy(), rows["q50"].to_numpy()
        if dates.tobytes() not in near:
            near[dates.tobytes()] = _near(dates)
        start, end, later = near[dates.tobytes()]
        if start.size:
            by = middles[end] - middles[start]
            far = np.round(np.abs(by), 3)
            # Of moves that look alike, the shortest.
            alike = np.flatnonzero(far == far.max())
            one = alike[np.argmin(later[alike])]
            found.append(Move(member, float(by[one]), rows["date"].iloc[start[one]], rows["date"].iloc[end[one]]))
    return sorted(found, key=lambda move: -abs(move.by))


def _near(dates: Any) -> tuple[Any, Any, Any]:
    """The numbers of two dates within `WITHIN`, the earlier first, and how far apart they are, of all such pairs."""
    later = dates[None, :] - dates[:, None]
    start, end = np.nonzero((later > np.timedelta64(0, "D")) & (later <= WITHIN))
    return start, end, later[start, end]


def _title(data: FigureData) -> str:
    """Who moved furthest within weeks, of the named members if there are any, and how many went the same way then.

    Of a single date, how far apart they stand.
    """
    named = coloured(data)
    members = named or [str(member) for member in data.members["member"]]
    if len(set(data.stances["date"])) == 1:
        ends = {name: float(data.course(name)["q50"].iloc[-1]) for name in members if len(data.course(name))}
        return f"Median stances on {day(data.stances['date'].iloc[0])} reach {data.reach(ends)}"
    moved = moves(data, members)
    if not moved or abs(moved[0].by) < _SEEN * (data.high - data.low):
        return data.headed(f"{'no named member' if named else 'nobody'} moved")
    first = moved[0]
    furthest = [data.label(move.member) for move in moved if number(abs(move.by)) == number(abs(first.by))]
    rest = moves(data, [str(member) for member in data.members["member"] if member not in members])
    among = " of those named" if rest and abs(rest[0].by) > abs(first.by) else ""
    if len(furthest) > 1:
        return f"{those(furthest)} moved furthest{among} within four weeks, by {number(abs(first.by))} each"
    way = data.position(data.high if first.by > 0 else data.low)
    when = f"{day(first.start, year=first.start.year != first.end.year)} and {day(first.end)}"
    said = f"{furthest[0]} moved furthest{among}, by {number(abs(first.by))} towards “{way}” between {when}"
    others = [name for name in members if name != first.member]
    same = sum(_went(data, name, first) for name in others)
    if not others:
        return said
    if not same:
        return f"{said}; no other {'named ' * bool(named)}member went the same way"
    return f"{said}; {same} of the other {len(others)}{' named' * bool(named)} went the same way"


def _went(data: FigureData, member: str, move: Move) -> bool:
    """Whether a member's median went the same way between the same dates, far enough to be seen."""
    rows = data.course(member).set_index("date")["q50"]
    by = float(rows.get(move.end, np.nan) - rows.get(move.start, np.nan))
    return bool(by * move.by > 0 and abs(by) >= _SEEN * (data.high - data.low))


def _banded(data: FigureData) -> list[str]:
    """Whose bands are drawn: the named member who moved furthest, and the one whose line keeps furthest from theirs.

    Two bands far apart can be read; more would lie over each other. One too narrow to be seen is not drawn.
    """
    moved = [move.member for move in moves(data, coloured(data))]
    if not moved:
        return []
    middle = data.course(moved[0]).set_index("date")["q50"]

    def distance(member: str) -> float:
        return float((data.course(member).set_index("date")["q50"] - middle).abs().mean())

    def is_seen(member: str) -> bool:
        rows = data.course(member)
        return float((rows["q95"] - rows["q05"]).mean()) > 0.02 * (data.high - data.low)

    chosen = dict.fromkeys((moved[0], max(moved, key=distance)))
    return [member for member in chosen if is_seen(member)]


@in_house_style
def stances(data: FigureData) -> Figure:
    """Stances over time: named members in colour, the rest a grey crowd, and below it what happened when.

    Of a crowd larger than `MOST_LINES` one in so many has a line.

    Bands (50 % and 90 % of histories) are drawn for the named member who moved furthest and for the one who stands
    furthest from them; everybody's are in `small_multiples`.
    """
    marks = data.marks
    start = data.stances["date"].min()
    end = max(data.stances["date"].max(), marks.loc[marks["kind"] == "ballot", "date"].max())
    inside = marks[(marks["date"] <= end) & (marks["until"].fillna(marks["date"]) >= start)]
    flags = Flags.of(inside, air_after(start, end))
    lanes, banded = lanes_of(data, inside, LEFT - MARGIN - 0.1), _banded(data)
    below = flags.height + _HEIGHT + _KEY
    figure, top = sheet(
        data,
        below + lanes_height(lanes) + 0.42,
        _title(data),
        _subtitle(data, banded),
        _note(flags.marks),
        _key(data, banded),
    )
    axes = flags.panel(figure, data, top, _HEIGHT)
    _shade_sittings(axes, data, flags.limits)
    _draw_crowd(axes, data)
    for member in reversed(coloured(data)):
        _draw_named(axes, data, member, member in banded)
    _draw_policy(axes, data)
    _label_ends(axes, data)
    if lanes:
        add_key(figure, lanes_key(data, inside, lanes), MARGIN, top + below - 0.27)
    draw_lanes(panel(figure, LEFT, top + below, ACROSS, lanes_height(lanes)), data, inside, lanes, (start, end))
    return figure


def _note(flags: pd.DataFrame) -> str:
    """What the flags are; nothing if there are none."""
    if len(flags) > MOST_FLAGS:
        return f"Each thin line is one of {len(flags):,} ballots: too many to be named."
    kinds = [f"{kind}s" for kind in ("ballot", "event") if kind in set(flags["kind"])]
    vague = " A bar where a pole begins: between which days it was." if flags["first"].notna().any() else ""
    return f"Flags: {' and '.join(kinds)}.{vague}" if kinds else ""


def _subtitle(data: FigureData, banded: Sequence[str]) -> str:
    crowd = len(data.members) - len(coloured(data))
    text = f"{data.question} Lines: median stances over all histories, in which decisions go as recorded."
    if data.stances["date"].nunique() <= FEW_DATES:
        text += " Dots: when they were counted."
    if banded:
        text += f" Bands hold 50 % and 90 % of histories for {' and '.join(map(data.label, banded))}."
    if crowd == len(data.members):
        text += f" All {crowd:,} members are drawn alike."
    elif crowd > 0:
        text += f" Grey: the {'other member' if crowd == 1 else f'other {crowd:,} members'}."
    if crowd > MOST_LINES:
        text += f" One in {_one_in(crowd)} of them has a line."
    return text


def _key(data: FigureData, banded: Sequence[str]) -> list[Artist]:
    key: list[Artist] = [key_line(POLICY, "policy in force", 4.5, solid_capstyle="butt")]
    if banded:
        colour = member_colours(data)[banded[0]]
        key += [key_area(colour, "50 % of histories", 0.26), key_area(colour, "90 %", 0.1)]
    if len(data.members) > len(coloured(data)):
        key.append(key_line(_CROWD, "median of a member in grey", 0.8))
        key.append(key_area(_CROWD_BAND, "50 % of histories, mean over those in grey"))
    return key


def _shade_sittings(axes: Axes, data: FigureData, limits: tuple[float, float]) -> None:
    """Tint the time of short sittings; a body that sat all along would tint everything and say nothing."""
    whole = limits[1] - limits[0]
    for row in records(data.bodies):
        first, last = day_number(row.start), day_number(row.end) + 1
        if last > limits[0] and first < limits[1] and last - first <= whole / 5:
            axes.axvspan(max(first, limits[0]), min(last, limits[1]), color=SESSION, alpha=0.55, lw=0, zorder=0.2)


def _one_in(crowd: int) -> int:
    """One in how many members of the crowd has a line."""
    return max(-(-crowd // MOST_LINES), 1)


def _draw_crowd(axes: Axes, data: FigureData) -> None:
    crowd = data.stances[~data.stances["member"].isin(coloured(data))]
    if crowd.empty:
        return
    middle = crowd.groupby("date", sort=True)[["q25", "q75"]].mean()
    days = day_numbers(middle.index.to_series())
    axes.fill_between(days, middle["q25"], middle["q75"], step="post", color=_CROWD_BAND, linewidth=0, zorder=0.8)
    members = list(dict.fromkeys(crowd["member"]))
    courses = [data.course(member) for member in members[:: _one_in(len(members))]]
    lines = [np.column_stack(in_steps(day_numbers(rows["date"]), rows["q50"].to_numpy())) for rows in courses]
    axes.add_collection(LineCollection(lines, colors=_CROWD, linewidths=0.6, zorder=1), autolim=False)


def _draw_named(axes: Axes, data: FigureData, member: str, banded: bool) -> None:
    rows = data.course(member)
    days, colour = day_numbers(rows["date"]), member_colours(data)[member]
    if banded:
        area: dict[str, Any] = {"step": "post", "color": colour, "linewidth": 0}
        axes.fill_between(days, rows["q05"], rows["q95"], alpha=0.1, zorder=2, **area)
        axes.fill_between(days, rows["q25"], rows["q75"], alpha=0.16, zorder=2.1, **area)
    axes.step(days, rows["q50"], where="post", color=PAPER, linewidth=3.2, zorder=2.9, alpha=0.8)
    looks: dict[str, Any] = {"color": colour, "linewidth": 1.9, "linestyle": member_dashes(data)[member], "zorder": 3}
    axes.step(days, rows["q50"], where="post", **looks)
    if len(rows) <= FEW_DATES:
        axes.plot(days, rows["q50"], linestyle="none", marker="o", markersize=5, color=colour, zorder=3, clip_on=False)


def _draw_policy(axes: Axes, data: FigureData) -> None:
    policy = data.policy.sort_values("date", kind="stable")
    for colour, width, alpha, above in ((PAPER, 6.0, 0.8, 2.5), (POLICY, 4.5, 1.0, 2.6)):
        axes.step(day_numbers(policy["date"]), policy["q50"], where="post", color=colour, linewidth=width, alpha=alpha,
                  zorder=above)  # fmt: skip


def _ends(data: FigureData) -> Iterator[tuple[str, pd.Series, str, Any, float]]:
    """What has a label at its right end: its name, its last row, its colour, its dashes and its width."""
    colours, dashes = member_colours(data), member_dashes(data)
    for member in coloured(data):
        if len(rows := data.course(member)):
            yield data.label(member), rows.iloc[-1], colours[member], dashes[member], 1.9
    if len(data.policy):
        yield "policy in force", data.policy.sort_values("date", kind="stable").iloc[-1], POLICY, "solid", 4.5


def _label_ends(axes: Axes, data: FigureData) -> None:
    """Name each line at its right end; names pushed apart are led back to their lines."""
    ends = list(_ends(data))
    unit = (axes.get_ylim()[1] - axes.get_ylim()[0]) / _HEIGHT
    places = apart([float(row["q50"]) for _, row, *_ in ends], 0.2 * unit, data.low, data.high)
    first, edge = axes.get_xlim()
    inch = (edge - first) / ACROSS
    for (name, row, colour, dash, width), place in zip(ends, places, strict=True):
        value, elbow = row["q50"], [edge + 0.05 * inch, edge + 0.22 * inch, edge + 0.45 * inch]
        axes.plot([day_number(row["date"]), *elbow[:2]], [value, value, place], color=colour, linewidth=0.6,
                  clip_on=False, alpha=0.8)  # fmt: skip
        axes.plot(elbow[1:], [place, place], color=colour, linewidth=width, linestyle=dash, clip_on=False)
        label = wrap(name, RIGHT - 0.55 - 0.1, LABEL, weight="bold")[0]
        ink = INK if colour == POLICY else colour
        axes.text(edge + 0.52 * inch, place, label, color=ink, fontsize=LABEL, va="center", weight="bold")
