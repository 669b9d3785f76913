"""How the stances moved: those who matter in colour, the rest as a crowd, and below it what happened when."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.charts.event_flags import Flags
from sim.figures.charts.event_lanes import Lane, draw_lanes, lanes_height, lanes_of, tints
from sim.figures.data import FigureData, records
from sim.figures.style import (
    FEW_DATES,
    INK,
    LABEL,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    apart,
    coloured,
    in_house_style,
    member_colours,
    member_dashes,
    name_positions,
    panel,
    rule_positions,
    sheet,
    write,
)
from sim.figures.text import day_number, day_numbers, wrap
from sim.wording import day, number

#: The policy is a broad grey road under the lines, so that whoever stands exactly on it is still seen.
POLICY = "#8f8f8f"
_LEFT, _RIGHT = 1.7, 2.1
_ACROSS = WIDTH - _LEFT - _RIGHT


def _movement(data: FigureData, members: Sequence[str]) -> list[tuple[str, float, float]]:
    """Each of these members with first and last median, furthest moved first."""
    moved = []
    for member in members:
        rows = data.course(member)
        if len(rows):
            moved.append((member, float(rows["q50"].iloc[0]), float(rows["q50"].iloc[-1])))
    return sorted(moved, key=lambda row: -abs(row[2] - row[1]))


def _title(data: FigureData) -> str:
    """Who moved furthest, of the named members if there are any; of a single date, how far apart they stand."""
    everybody = _movement(data, [str(member) for member in data.members["member"]])
    named = coloured(data)
    moved = _movement(data, named) if named else everybody
    if moved and len(data.stances["date"].unique()) == 1:
        return _spread_title(data, moved)
    if not moved or abs(moved[0][2] - moved[0][1]) < 0.01 * (data.high - data.low):
        return data.headed(f"{'no named member' if named else 'nobody'} moved")
    member, first, last = moved[0]
    behind = abs(last - first) < abs(everybody[0][2] - everybody[0][1])
    said = f"From first to last, {data.label(member)} moved furthest{' of those named' if behind else ''}"
    before, after = data.position(first), data.position(last)
    if before == after:
        by = f"{'up' if last > first else 'down'} by {number(abs(last - first))}"
        return f"{said}, {by}, and ends, as at first, nearest to “{after}”"
    return f"{said}: from near “{before}” to near “{after}”"


def _spread_title(data: FigureData, stood: Sequence[tuple[str, float, float]]) -> str:
    when = day(data.stances["date"].iloc[0])
    return f"Median stances on {when} reach {data.reach({member: last for member, _, last in stood})}"


def _banded(data: FigureData) -> list[str]:
    """Whose bands are drawn: the named member who moved furthest, and the one whose line keeps furthest from his.

    Two bands far apart can be read; more would lie over each other. One too narrow to be seen is not drawn.
    """
    moved = [member for member, _, _ in _movement(data, coloured(data))]
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

    Bands (50 % and 90 % of histories) are drawn for the named member who moved furthest and for the one who stands
    furthest from him; everybody's are in `small_multiples`.
    """
    marks = data.marks
    start, end = (
        data.stances["date"].min(),
        max(data.stances["date"].max(), marks.loc[marks["kind"] == "ballot", "date"].max()),
    )
    inside = marks[(marks["date"] <= end) & (marks["until"].fillna(marks["date"]) >= start)]
    # A little air after the last day, which is often that of the last ballot.
    limits = day_number(start), day_number(end) + 0.012 * max(day_number(end) - day_number(start), 1.0)
    flags = Flags.of(inside, limits, _ACROSS, _ACROSS + _RIGHT - MARGIN)
    flag_height = flags.height

    lanes = lanes_of(data, inside, _LEFT - MARGIN - 0.1)
    height = 4.6
    banded = _banded(data)
    figure, top = sheet(
        flag_height + height + 0.2 + lanes_height(lanes) + 0.42,
        _title(data),
        _stances_subtitle(data, banded),
        _note(flags.marks, lanes),
        _stances_key(data, banded),
    )
    axes = panel(figure, _LEFT, top + flag_height, _ACROSS, height)
    axes.set_xlim(*limits)
    rule_positions(axes, data)
    name_positions(axes, data, height, _LEFT - MARGIN - 0.1, lines=2)
    write(
        figure,
        MARGIN,
        top + flag_height - 0.24,
        "\n".join(wrap(data.axis_label, _LEFT - MARGIN - 0.12, SMALL, lines=4)),
        SMALL,
        color=SOFT,
        va="bottom",
    )

    _shade_sittings(axes, data, limits)
    flags.draw(panel(figure, _LEFT, top, _ACROSS, flag_height), axes)
    _draw_crowd(axes, data)
    for member in reversed(coloured(data)):
        _draw_named(axes, data, member, member in banded)
    policy = data.policy.sort_values("date", kind="stable")
    axes.step(
        day_numbers(policy["date"]), policy["q50"], where="post", color=PAPER, linewidth=6.0, alpha=0.8, zorder=2.5
    )
    axes.step(day_numbers(policy["date"]), policy["q50"], where="post", color=POLICY, linewidth=4.5, zorder=2.6)
    _label_ends(axes, data, policy, height)
    below = panel(figure, _LEFT, top + flag_height + height + 0.2, _ACROSS, lanes_height(lanes))
    draw_lanes(below, data, inside, lanes, limits, (start, end))
    return figure


def _note(flags: pd.DataFrame, lanes: Sequence[Lane]) -> str:
    """What the flags and the rows below the chart are; of what is not drawn, nothing."""
    kinds = [f"{kind}s" for kind in ("ballot", "event") if kind in set(flags["kind"])]
    parts = [f"Flags: {' and '.join(kinds)}."] if kinds else []
    people = "who argued, in writing or aloud (triangles), and who was away (bars)"
    bodies = "when each body sat (tinted) and voted (diamonds, filled if carried on record)"
    below = [people] * any(not lane.body for lane in lanes) + [bodies] * any(bool(lane.body) for lane in lanes)
    return " ".join([*parts, *([f"Rows below the chart: {'; '.join(below)}."] if below else [])])


def _stances_subtitle(data: FigureData, banded: Sequence[str]) -> str:
    crowd = len(data.members) - len(coloured(data))
    text = f"{data.question} Lines: median stances over all histories, in which decisions go as recorded."
    if data.stances["date"].nunique() <= FEW_DATES:
        text += " Dots: when they were counted."
    if banded:
        text += f" Bands hold 50 % and 90 % of histories for {' and '.join(map(data.label, banded))}."
    if crowd == len(data.members):
        text += f" All {crowd} members are drawn alike."
    elif crowd > 0:
        text += f" Grey: the {'other member' if crowd == 1 else f'other {crowd} members'}."
    return text


def _stances_key(data: FigureData, banded: Sequence[str]) -> list[Artist]:
    key: list[Artist] = [Line2D([], [], color=POLICY, linewidth=4.5, solid_capstyle="butt", label="policy in force")]
    if banded:
        colour = member_colours(data)[banded[0]]
        key.append(Patch(color=colour, alpha=0.26, linewidth=0, label="50 % of histories"))
        key.append(Patch(color=colour, alpha=0.1, linewidth=0, label="90 %"))
    if len(data.members) > len(coloured(data)):
        key.append(Line2D([], [], color="#b5b5b5", linewidth=0.8, label="median of a member in grey"))
        key.append(Patch(color="#e9e9e9", linewidth=0, label="50 % of histories, mean over those in grey"))
    return key


def _shade_sittings(axes: Axes, data: FigureData, limits: tuple[float, float]) -> None:
    """Tint the time of short sittings; a body that sat all along would tint everything and say nothing."""
    whole = limits[1] - limits[0]
    tint = tints(data)
    for row in records(data.bodies):
        first, last = day_number(row.start), day_number(row.end) + 1
        if last > limits[0] and first < limits[1] and last - first <= whole / 5:
            axes.axvspan(
                max(first, limits[0]), min(last, limits[1]), color=tint[row.body], alpha=0.55, lw=0, zorder=0.2
            )


def _draw_crowd(axes: Axes, data: FigureData) -> None:
    crowd = data.stances[~data.stances["member"].isin(coloured(data))]
    if crowd.empty:
        return
    middle = crowd.groupby("date", sort=True)[["q25", "q75"]].mean()
    days = day_numbers(middle.index.to_series())
    axes.fill_between(days, middle["q25"], middle["q75"], color="#e9e9e9", linewidth=0, zorder=0.8)
    lines = [
        list(zip(day_numbers(rows["date"]), rows["q50"], strict=True))
        for _, rows in crowd.sort_values("date", kind="stable").groupby("member", sort=False)
    ]
    axes.add_collection(LineCollection(lines, colors="#b5b5b5", linewidths=0.6, zorder=1), autolim=False)


def _draw_named(axes: Axes, data: FigureData, member: str, banded: bool) -> None:
    rows = data.course(member)
    days, colour = day_numbers(rows["date"]), member_colours(data)[member]
    if banded:
        axes.fill_between(days, rows["q05"], rows["q95"], color=colour, alpha=0.1, linewidth=0, zorder=2)
        axes.fill_between(days, rows["q25"], rows["q75"], color=colour, alpha=0.16, linewidth=0, zorder=2.1)
    axes.plot(days, rows["q50"], color=PAPER, linewidth=3.2, zorder=2.9, alpha=0.8)
    axes.plot(days, rows["q50"], color=colour, linewidth=1.9, linestyle=member_dashes(data)[member], zorder=3)
    if len(rows) <= FEW_DATES:
        axes.plot(days, rows["q50"], linestyle="none", marker="o", markersize=5, color=colour, zorder=3, clip_on=False)


def _label_ends(axes: Axes, data: FigureData, policy: pd.DataFrame, height: float) -> None:
    """Name each line at its right end; names pushed apart are led back to their lines."""
    colours, dashes = member_colours(data), member_dashes(data)
    ends = [
        (
            data.label(member),
            float(rows["q50"].iloc[-1]),
            day_number(rows["date"].iloc[-1]),
            colours[member],
            dashes[member],
        )
        for member in coloured(data)
        if len(rows := data.course(member))
    ]
    if len(policy):
        ends.append(
            ("policy in force", float(policy["q50"].iloc[-1]), day_number(policy["date"].iloc[-1]), POLICY, "solid")
        )
    unit = (axes.get_ylim()[1] - axes.get_ylim()[0]) / height
    places = apart([end[1] for end in ends], 0.2 * unit, data.low, data.high)
    day_width = (axes.get_xlim()[1] - axes.get_xlim()[0]) / _ACROSS
    edge = axes.get_xlim()[1]
    for (name, value, last, colour, dash), place in zip(ends, places, strict=True):
        wide = 4.5 if colour == POLICY else 1.9
        elbow = [last, edge + 0.05 * day_width, edge + 0.22 * day_width, edge + 0.45 * day_width]
        axes.plot(elbow[:3], [value, value, place], color=colour, linewidth=0.6, clip_on=False, alpha=0.8)
        axes.plot(elbow[2:], [place, place], color=colour, linewidth=wide, linestyle=dash, clip_on=False)
        shown = wrap(name, _RIGHT - 0.55 - 0.1, LABEL, weight="bold")[0]
        axes.text(
            edge + 0.52 * day_width,
            place,
            shown,
            color=INK if colour == POLICY else colour,
            fontsize=LABEL,
            va="center",
            weight="bold",
        )
