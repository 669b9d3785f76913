"""Who moved whom, as a network: the strongest ties, from who moved to who was moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim.figures.charts.influence_matrix import OTHERS, Ties
from sim.figures.data import Picture
from sim.figures.style import (
    HIGH_SIDE,
    INK,
    LABEL,
    LOW_SIDE,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    in_house_style,
    member_colours,
    panel,
    sheet,
    side_colour,
)
from sim.figures.text import number, percent, wrap

#: At most so many ties are drawn, between so many dots, besides that of the others.
MOST_TIES, MOST_DOTS = 30, 15
#: Who moved others by this share of all moves has a dot of his own.
WORTH = 0.01
_HEIGHT, _LABELS = 6.4, 2.0
#: The widest tie and the least that can be seen, in points; the largest dot, in points across.
_WIDEST, _THINNEST, _LARGEST = 6.0, 0.7, 30.0


def drawn_people(ties: Ties) -> list[str]:
    """Those with a dot of their own: the named members, and whoever moved the others not much less than they."""
    picture, given = ties.picture, ties.given
    people = picture.members.loc[picture.members["group"] == "", "member"]
    named = [str(member) for member in people if member in member_colours(picture)]
    movers = [str(m) for m in given.index if m not in named and given[m] >= WORTH * ties.total]
    return [*named, *movers[: max(MOST_DOTS - len(named), 0)]]


def network_ties(ties: Ties) -> pd.DataFrame:
    """The ties drawn, strongest first: mover, member, net, letter, number. Stand-ins have none.

    Whoever has no dot of his own is one of "the others", a single dot: what moved them is their mean, what they moved
    their sum. `number` is how many ties a row stands for, each as strong as its net.
    """
    dots = drawn_people(ties)
    members = ties.picture.members
    people = set(members.loc[members["group"] == "", "member"])
    table = ties.table[ties.table["mover"].isin({*people, ""}) & ties.table["member"].isin(people)]
    pooled = table[["mover", "member"]].where(table[["mover", "member"]].isin(dots), OTHERS)
    rows = table.assign(**pooled)
    sums = rows[rows["mover"] != rows["member"]].groupby(["mover", "member"], sort=False)[["net", "letter"]].sum()
    others = len(people - set(dots))
    sums = sums.reset_index().assign(number=lambda found: found["member"].map(lambda m: others if m == OTHERS else 1))
    sums = sums.assign(net=sums["net"] / sums["number"], letter=sums["letter"] / sums["number"])
    order = sums["net"].abs().sort_values(ascending=False, kind="stable").index
    ranked = sums.loc[order]
    return ranked[ranked["net"] != 0].head(MOST_TIES).reset_index(drop=True)


def _title(ties: Ties, drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return ties.picture.headed("nobody moved anybody")
    first = ties.table.iloc[int(ties.table["net"].abs().to_numpy().argmax())]
    way = f"{'up' if first['net'] > 0 else 'down'} by {_length(ties.picture, abs(float(first['net'])))}"
    who = f"{ties.label(str(first['mover']))} moved {ties.picture.label(str(first['member']))} furthest, {way}"
    drawn_share = float((drawn["net"].abs() * drawn["number"]).sum()) / ties.total
    if drawn_share > 1 - 1e-9:
        return f"{who}; all {len(drawn)} ties are drawn"
    return f"{who}; the {len(drawn)} ties drawn are {percent(drawn_share)} of all that people moved each other"


def _note(drawn: pd.DataFrame) -> str:
    parts = [
        "Whoever stands higher on the axis, by the mean of his median stance, is drawn higher up.",
        "A dot is the larger, the further its person moved others in all.",
    ]
    if OTHERS in {*drawn["mover"], *drawn["member"]}:
        parts.append("The others: what moved them is their mean, what they moved their sum; stand-ins are left out.")
    return " ".join([*parts, "An account of the path, not of causes."])


def _length(picture: Picture, move: float) -> str:
    return number(move, 1 if picture.high - picture.low >= 20 else 2)


@dataclass(frozen=True)
class _Node:
    """A person's dot: where it is in inches, how large, and on which side of the ring his name is."""

    x: float
    y: float
    size: float
    left: bool


def _nodes(ties: Ties, drawn: pd.DataFrame) -> dict[str, _Node]:
    """Everybody with a tie on a ring, the higher his mean stance the higher up, left and right by turns."""
    everybody = list(dict.fromkeys([*drawn["mover"], *drawn["member"]]))
    members = ties.picture.members
    people = ties.picture.stances[ties.picture.stances["member"].isin(members.loc[members["group"] == "", "member"])]
    stance = people.groupby("member")["q50"].mean()
    stance[OTHERS] = stance[~stance.index.isin(everybody)].mean()
    order = sorted(everybody, key=lambda member: -float(stance.get(member, ties.picture.middle)))
    largest = max((float(ties.given.get(member, 0.0)) for member in order), default=1.0) or 1.0
    wide = (WIDTH - 2 * MARGIN - 2 * _LABELS) / 2
    nodes = {}
    for rank, member in enumerate(order):
        down = (rank + 0.5) / len(order)
        # An ellipse, so that ties between neighbours on one side do not lie in one line.
        out = wide * (0.1 + 0.9 * (1 - (2 * down - 1) ** 2) ** 0.5)
        size = 7.0 + (_LARGEST - 7.0) * (float(ties.given.get(member, 0.0)) / largest) ** 0.5
        x = WIDTH / 2 - MARGIN + (-out if rank % 2 else out)
        nodes[member] = _Node(x, down * _HEIGHT, size, bool(rank % 2))
    return nodes


@in_house_style
def network(picture: Picture) -> Figure:
    """Arrows from who moved to who was moved, as wide as the move; up and down by colour, talk dashed."""
    ties = Ties(picture)
    drawn = network_ties(ties)
    nodes, widest = _nodes(ties, drawn), float(drawn["net"].abs().max()) if len(drawn) else 0.0
    figure, top = sheet(
        _HEIGHT,
        _title(ties, drawn),
        f"{picture.question} Arrows: how far one moved the other between first and last, means over histories that "
        f"follow the record; the widest is {_length(picture, widest)}. Unit: {picture.axis_label}.",
        _note(drawn),
        _key(drawn),
    )
    axes = panel(figure, MARGIN, top, WIDTH - 2 * MARGIN, _HEIGHT)
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(_HEIGHT, 0)
    _draw_ties(axes, drawn, nodes)
    _draw_nodes(axes, ties, nodes)
    return figure


def _name(ties: Ties, member: str) -> str:
    return f"{OTHERS} (mean)" if member == OTHERS else ties.label(member)


def _mostly_talk(row: pd.Series) -> bool:
    return abs(float(row["letter"])) < abs(float(row["net"])) / 2


def _key(drawn: pd.DataFrame) -> list[Artist]:
    talk = drawn.apply(_mostly_talk, axis=1) if len(drawn) else pd.Series(dtype=bool)
    entries: list[tuple[bool, str, Any, str]] = [
        (bool((drawn["net"] > 0).any()), HIGH_SIDE, "solid", "moved towards the high end"),
        (bool((drawn["net"] < 0).any()), LOW_SIDE, "solid", "towards the low end"),
        (bool((~talk).any()), SOFT, "solid", "mostly by letter"),
        (bool(talk.any()), SOFT, (0, (3, 1.5)), "mostly in talk"),
    ]
    return [
        Line2D([], [], color=colour, linestyle=dash, linewidth=2.5, label=label)
        for seen, colour, dash, label in entries
        if seen
    ]


def _draw_ties(axes: Axes, drawn: pd.DataFrame, nodes: dict[str, _Node]) -> None:
    widest = float(drawn["net"].abs().max()) if len(drawn) else 1.0
    for _, row in drawn.iloc[::-1].iterrows():
        start, end = nodes[str(row["mover"])], nodes[str(row["member"])]
        width = max(_WIDEST * abs(float(row["net"])) / widest, _THINNEST)
        arrow = FancyArrowPatch(
            (start.x, start.y),
            (end.x, end.y),
            connectionstyle=f"arc3,rad={_bend(start, end)}",
            arrowstyle=f"-|>,head_length={3 + width},head_width={1.5 + width * 0.55}",
            mutation_scale=1.0,
            clip_on=False,
            shrinkA=start.size / 2 + 1,
            shrinkB=end.size / 2 + 2,
            linewidth=width,
            linestyle=(0, (3, 1.5)) if _mostly_talk(row) else "solid",
            color=side_colour(float(row["net"]), 0.0),
            alpha=0.75,
            capstyle="butt",
            joinstyle="miter",
            zorder=2,
        )
        axes.add_patch(arrow)


def _bend(start: _Node, end: _Node) -> float:
    """Ties bow towards the middle of the ring, so that they do not leave it; up and down bow apart."""
    centre_x, centre_y = WIDTH / 2 - MARGIN, _HEIGHT / 2
    across = (end.x - start.x) * (centre_y - start.y) - (end.y - start.y) * (centre_x - start.x)
    bow = 0.1 if end.y > start.y else 0.2
    return bow if across < 0 else -bow


def _draw_nodes(axes: Axes, ties: Ties, nodes: dict[str, _Node]) -> None:
    colours = member_colours(ties.picture)
    for member, node in nodes.items():
        colour = colours.get(member)
        axes.plot(
            [node.x],
            [node.y],
            marker="o",
            markersize=node.size,
            color=colour or "#b5b5b5",
            markeredgecolor=PAPER,
            markeredgewidth=1.2,
            zorder=3,
            clip_on=False,
        )
        away = (node.size / 2 + 6) / 72
        name = wrap(_name(ties, member), _LABELS - 0.3, LABEL, weight="bold")[0]
        axes.text(
            node.x - away if node.left else node.x + away,
            node.y,
            name,
            fontsize=LABEL if colour else SMALL,
            ha="right" if node.left else "left",
            va="center",
            color=colour or INK,
            weight="bold" if colour else "normal",
            zorder=4,
            bbox={"facecolor": PAPER, "alpha": 0.75, "linewidth": 0, "pad": 1.0},
        )
