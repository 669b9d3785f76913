"""Who moved whom, as a matrix: members down, movers across, each cell how far and which way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.figures.data import FigureData
from sim.figures.style import (
    FAINT,
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
    tinted,
    write,
)
from sim.figures.text import line_height, text_width, wrap
from sim.wording import number, percent

#: What persons do to each other; the rest of a move has no other person in it.
BETWEEN_PEOPLE = ("talk", "letter")
OTHERS, UNSIGNED, SELF, CHANCE, WHOLE = "the others", "unsigned news", "own first view", "chance", "whole move"
#: At most so many movers have a column, and so many persons a row; what is left is one more of each.
MOST_MOVERS, MOST_ROWS = 10, 18
_ROW, _GAP = 0.27, 0.12
_NOTE = (
    "Every move is a sum whose terms have an author, so a row adds up to its last column. Own first view: what draws a "
    "member back to it. Chance: the weekly shake, and what the ends of the axis cut off. An account of the path, not "
    "of causes: without one who moved others, somebody else might have said the same."
)


@dataclass(frozen=True)
class Ties:
    """How far each moved each, of people: `net` by mover and member, units of the axis, the mean over histories."""

    data: FigureData

    @cached_property
    def table(self) -> pd.DataFrame:
        """mover, member, net, letter (the part of it by letters); nobody moves himself here."""
        rows = self.data.table("influence")
        rows = rows[rows["channel"].isin(BETWEEN_PEOPLE) & (rows["mover"] != rows["member"])]
        letters = rows["net"].where(rows["channel"] == "letter", 0.0)
        sums = rows.assign(letter=letters).groupby(["mover", "member"], sort=False)[["net", "letter"]].sum()
        return sums.reset_index()

    @property
    def total(self) -> float:
        """All that people moved each other, without signs."""
        return float(self.table["net"].abs().sum())

    @cached_property
    def given(self) -> pd.Series:
        """What each mover moved the others in all, without signs, by mover, the furthest first."""
        sums = self.table.assign(size=self.table["net"].abs()).groupby("mover", sort=False)["size"].sum()
        return sums.sort_values(ascending=False, kind="stable")

    def label(self, mover: str) -> str:
        """The mover's name; of news that nobody signed, that it is."""
        return self.data.label(mover) if mover else UNSIGNED


def _title(ties: Ties) -> str:
    if not ties.total:
        return ties.data.headed("nobody moved anybody")
    first = str(ties.given.index[0])
    own = ties.table[ties.table["mover"] == first]
    by_letter, in_talk = own["letter"].abs().sum(), (own["net"] - own["letter"]).abs().sum()
    letters = float(by_letter / (by_letter + in_talk))
    share = percent(float(ties.given.iloc[0]) / ties.total)
    how = f"{percent(letters)} of that by letter"
    if letters in (0.0, 1.0):
        how = f"all of it {'by letter' if letters else 'in talk'}"
    return f"Of all that people moved each other, {share} goes back to {ties.label(first)}, {how}"


# What is shown -----------------------------------------------------------------------------------------


def shown_members(data: FigureData, ties: Ties) -> list[str]:
    """Those with a row: the named members, and then whoever people moved furthest; no stand-ins."""
    members = data.members
    people = list(members.loc[members["group"] == "", "member"])
    named = [member for member in people if member in member_colours(data)]
    moved = ties.table.assign(size=ties.table["net"].abs()).groupby("member")["size"].sum()
    rest = sorted((m for m in people if m not in named), key=lambda m: -float(moved.get(m, 0.0)))
    chosen = {*named, *rest[: max(MOST_ROWS - len(named), 0)]}
    return [str(member) for member in people if member in chosen]


def _rows(data: FigureData, shown: list[str]) -> list[tuple[str, list[str]]]:
    """The rows, each a name and the members whose mean it is."""
    members = data.members
    rows = [(data.label(member), [member]) for member in shown]
    left = [str(m) for m in members.loc[members["group"] == "", "member"] if m not in shown]
    if left:
        rows.append((f"other {len(left)} (mean)" if len(left) > 1 else data.label(left[0]), left))
    for group in dict.fromkeys(members.loc[members["group"] != "", "group"]):
        same = [str(m) for m in members.loc[members["group"] == group, "member"]]
        rows.append((f"{group} (mean of {len(same)})", same))
    return rows


def matrix(data: FigureData) -> pd.DataFrame:
    """What the figure shows: a row a member or group, a column a mover, then himself, chance and the whole move.

    In units of the axis, means over histories; of a group, the mean over its members. A row's other columns add up to
    its last, to rounding.
    """
    ties, influence = Ties(data), data.table("influence")
    movers = [str(mover) for mover in ties.given.index if ties.given[mover] > 0]
    columns = movers if len(movers) <= MOST_MOVERS + 1 else movers[:MOST_MOVERS]
    rows = {}
    for name, members in _rows(data, shown_members(data, ties)):
        own = influence[influence["member"].isin(members)]
        talked = own[own["channel"].isin(BETWEEN_PEOPLE)]
        # One's own opinion is heard in talk too, and moves nobody: there is no gap to oneself.
        by_mover = talked.groupby("mover")["net"].sum() / len(members)
        cells = {ties.label(mover): float(by_mover.get(mover, 0.0)) for mover in columns}
        if len(columns) < len(movers):
            cells[OTHERS] = float(by_mover[~by_mover.index.isin(columns)].sum())
        by_channel = own.groupby("channel")["net"].sum() / len(members)
        cells[SELF] = float(by_channel.get("conviction", 0.0))
        cells[CHANCE] = float(by_channel.get("luck", 0.0) + by_channel.get("edge", 0.0))
        cells[WHOLE] = float(own["net"].sum() / len(members))
        rows[name] = cells
    return pd.DataFrame.from_dict(rows, orient="index")


# Drawing -----------------------------------------------------------------------------------------------


@in_house_style
def influence(data: FigureData) -> Figure:
    """Members down, movers across; a cell says how far the mover moved the member from first to last."""
    ties, cells = Ties(data), matrix(data)
    names = [text_width(name, LABEL, "bold") for name in cells.index]
    left = MARGIN + 0.15 + min(max(names, default=1.0), 2.0)
    width = min((WIDTH - left - MARGIN - 2 * _GAP) / len(cells.columns), 1.1)
    heads = [wrap(str(column), width - 0.04, SMALL, lines=3) for column in cells.columns]
    head = max(len(lines) for lines in heads) * line_height(SMALL) + 0.12
    height = _ROW * len(cells)
    figure, top = sheet(
        head + height,
        _title(ties),
        f"{data.question} How far each mover (across) moved each member (down) between first and last, in talk and "
        f"by letters; means over histories that follow the record. Unit: {data.axis_label}.",
        _NOTE,
        [
            Patch(color=HIGH_SIDE, linewidth=0, label="moved towards the high end"),
            Patch(color=LOW_SIDE, linewidth=0, label="towards the low end"),
        ],
    )
    axes = panel(figure, left, top + head, WIDTH - left - MARGIN, height)
    axes.set_xlim(0, WIDTH - left - MARGIN)
    axes.set_ylim(height, 0)
    places = _places(list(cells.columns), width)
    for place, lines in zip(places, heads, strict=True):
        at = left + place + width / 2
        write(figure, at, top + head - 0.08, "\n".join(lines), SMALL, ha="center", va="baseline")
    _draw_cells(axes, cells, places, width, 1 if data.high - data.low >= 20 else 2)
    colours = {data.label(member): colour for member, colour in member_colours(data).items()}
    for row, name in enumerate(cells.index):
        shown = wrap(str(name), left - MARGIN - 0.12, LABEL, weight="bold" if name in colours else "normal")[0]
        how = {"color": colours.get(name, INK), "weight": "bold" if name in colours else "normal"}
        write(figure, left - 0.1, top + head + (row + 0.5) * _ROW, shown, LABEL, ha="right", va="center", **how)
    return figure


def _places(columns: list[str], width: float) -> list[float]:
    """Where each column begins, in inches; a gap before what has no other person in it, and before the sum."""
    gaps = np.cumsum([_GAP if name in (SELF, WHOLE) else 0.0 for name in columns])
    return [i * width + float(gap) for i, gap in enumerate(gaps)]


def _draw_cells(axes: Axes, cells: pd.DataFrame, places: list[float], width: float, digits: int) -> None:
    strongest = float(cells.drop(columns=WHOLE).abs().to_numpy().max()) or 1.0
    for column, place in zip(cells.columns, places, strict=True):
        for row, value in enumerate(cells[column]):
            share = 0.0 if column == WHOLE else min(abs(value) / strongest, 1.0)
            colour = tinted(side_colour(value, 0.0), share)
            box = Rectangle((place, row * _ROW), width, _ROW, facecolor=colour, edgecolor=PAPER, linewidth=1.2)
            axes.add_patch(box)
            said = number(value, digits)
            zero = float(said.replace("\N{MINUS SIGN}", "-")) == 0
            axes.text(
                place + width / 2,
                (row + 0.5) * _ROW,
                "·" if zero else said if value < 0 else f"+{said}",
                fontsize=SMALL,
                ha="center",
                va="center",
                color=FAINT if zero else _readable(colour) if column != WHOLE else SOFT,
                weight="bold" if column == WHOLE else "normal",
            )


def _readable(paper: tuple[float, float, float]) -> str:
    """Ink on light cells, paper on dark ones."""
    return INK if 0.2126 * paper[0] + 0.7152 * paper[1] + 0.0722 * paper[2] > 0.45 else PAPER
