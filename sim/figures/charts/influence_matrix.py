"""Who moved whom, as a matrix: members down, movers across, each cell how far and which way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.charts.axes import ALIKE, row_names_end, write_row_name
from sim.figures.charts.heat_map import NOTHING, heat_map
from sim.figures.data import FigureData, Row, those
from sim.figures.style import (
    HIGH_SIDE,
    LOW_SIDE,
    MARGIN,
    WIDTH,
    in_house_style,
    key_area,
    member_colours,
    panel,
    sheet,
    write,
)
from sim.figures.text import SMALL, line_height, wrap
from sim.model.array_types import Floats
from sim.results.wording import number, percent

#: What persons do to each other; the rest of a move has no other person in it.
BETWEEN_PEOPLE = ("talk", "letter")
OTHERS, UNSIGNED, SELF, CHANCE, WHOLE = "the others", "unsigned news", "own first view", "chance", "whole move"
#: At most so many movers have a column, and so many persons a row; what is left is one more of each.
MOST_MOVERS, MOST_ROWS = 7, 18
_ROW, _GAP = 0.27, 0.12
_NOTE = (
    "Every move is a sum whose terms have an author, so a row adds up to its last column. Own first view: what draws a "
    "member back to it. Chance: the weekly noise, and what the ends of the axis cut off. An account of the path, not "
    f"of causes: without one who moved others, somebody else might have said the same. {ALIKE}"
)


def ties(data: FigureData) -> pd.DataFrame:
    """How far people moved each other: mover, member, net, letter (the part of net by letters).

    Means over histories in units of the axis. Nobody moves themselves here.
    """
    rows = data.table("influence")
    rows = rows[rows["channel"].isin(BETWEEN_PEOPLE) & (rows["mover"] != rows["member"])]
    letters = rows["net"].where(rows["channel"] == "letter", 0.0)
    return rows.assign(letter=letters).groupby(["mover", "member"], sort=False)[["net", "letter"]].sum().reset_index()


def _size(pairs: pd.DataFrame, by: str) -> pd.Series:
    """How far people moved each other in all, without signs, by mover or by member, the furthest first."""
    sums = pairs["net"].abs().groupby(pairs[by], sort=False).sum()
    return sums.sort_values(ascending=False, kind="stable")


def _label(data: FigureData, mover: str) -> str:
    return data.label(mover) if mover else UNSIGNED


def _title(data: FigureData) -> str:
    """Who moved the others furthest, by which fraction of all moves, and how much of that by letter."""
    pairs = ties(data)
    by_mover = _size(pairs, "mover")
    if not by_mover.sum():
        return data.headed("nobody moved anybody")
    fractions = by_mover / by_mover.sum()
    most = percent(float(fractions.iloc[0]))
    first = [str(mover) for mover, fraction in fractions.items() if percent(float(fraction)) == most]
    own = pairs[pairs["mover"].isin(first)]
    by_letter, in_talk = own["letter"].abs().sum(), (own["net"] - own["letter"]).abs().sum()
    letters = float(by_letter / (by_letter + in_talk))
    how = f"{percent(letters)} of that by letter"
    if letters in (0.0, 1.0):
        how = f"all of it {'by letter' if letters else 'in talk'}"
    whose = those([_label(data, mover) for mover in first]) + (" each" if len(first) > 1 else "")
    return f"Of all that people moved each other, {most} goes back to {whose}, {how}"


# What is shown -----------------------------------------------------------------------------------------


def shown_members(data: FigureData) -> list[str]:
    """Those with a row: the named members, and then whoever people moved furthest; no stand-ins."""
    members = data.members
    people = list(members.loc[members["group"] == "", "member"])
    named = [member for member in people if member in member_colours(data)]
    moved = _size(ties(data), "member")
    rest = sorted((m for m in people if m not in named), key=lambda m: -float(moved.get(m, 0.0)))
    chosen = {*named, *rest[: max(MOST_ROWS - len(named), 0)]}
    return [str(member) for member in people if member in chosen]


def _rows(data: FigureData) -> list[Row]:
    """The rows: those shown, the mean of those left over, and groups."""
    shown, every = shown_members(data), list(data.rows())
    alone = [row for row in every if len(row.members) == 1]
    others = tuple(row.members[0] for row in alone if row.members[0] not in shown)
    left = [Row(f"other {len(others)} (mean)" if len(others) > 1 else data.label(others[0]), others)] if others else []
    kept = [row for row in alone if row.members[0] in shown]
    return [*kept, *left, *(row for row in every if len(row.members) > 1)]


def matrix(data: FigureData) -> pd.DataFrame:
    """What the figure shows: a row a member or group, a column a mover, then own first view, chance and whole move.

    In units of the axis, means over histories; of a group, the mean over its members. A row's other columns add up to
    its last, to rounding.
    """
    influence, by_mover = data.table("influence"), _size(ties(data), "mover")
    movers = [str(mover) for mover in by_mover.index[by_mover > 0]]
    columns = movers if len(movers) <= MOST_MOVERS + 1 else movers[:MOST_MOVERS]
    rows = _rows(data)
    row = influence["member"].map({member: number for number, row in enumerate(rows) for member in row.members})
    heads = [_label(data, mover) for mover in columns] + [OTHERS, SELF, CHANCE]
    others, own, chance = range(len(columns), len(heads))
    # One's own opinion is heard in talk too, and moves nobody: there is no gap to oneself.
    moved = influence["mover"].map({mover: number for number, mover in enumerate(columns)}).fillna(others)
    channel = influence["channel"].map({"initial_stance": own, "noise": chance, "clipping": chance})
    column = moved.where(influence["channel"].isin(BETWEEN_PEOPLE), channel)
    sums = influence.assign(row=row, column=column).pivot_table(
        index="row", columns="column", values="net", aggfunc="sum"
    )
    cells = sums.reindex(index=range(len(rows)), columns=range(len(heads))).fillna(0.0)
    cells[len(heads)] = influence["net"].groupby(row).sum()
    cells = cells.fillna(0.0).div([len(row.members) for row in rows], axis=0)
    cells.index, cells.columns = pd.Index([row.name for row in rows]), pd.Index([*heads, WHOLE])
    return cells if len(columns) < len(movers) else cells.drop(columns=OTHERS)


# Drawing -----------------------------------------------------------------------------------------------


@in_house_style
def influence(data: FigureData) -> Figure:
    """Members down, movers across; a cell says how far the mover moved the member from first to last."""
    cells = matrix(data)
    left = row_names_end([Row(str(name), ()) for name in cells.index])
    width = min((WIDTH - left - MARGIN - 2 * _GAP) / len(cells.columns), 1.1)
    heads = [wrap(str(column), width - 0.02, SMALL, lines=3) for column in cells.columns]
    head = max(len(lines) for lines in heads) * line_height(SMALL) + 0.12
    figure, top = sheet(
        data,
        head + _ROW * len(cells),
        _title(data),
        f"{data.question} How far each mover (across) moved each member (down) between first and last, in talk and "
        f"by letters; means over histories that follow the record. Unit: {data.axis_label}.",
        _NOTE,
        [key_area(HIGH_SIDE, "moved towards the high end"), key_area(LOW_SIDE, "towards the low end")],
    )
    # A gap before what has no other person in it, and before the sum.
    gaps = np.cumsum([_GAP if name in (SELF, WHOLE) else 0.0 for name in cells.columns]) / width
    places = np.arange(len(heads)) + gaps
    for place, lines in zip(places, heads, strict=True):
        at = left + (place + 0.5) * width
        write(figure, at, top + head - 0.08, "\n".join(lines), SMALL, ha="center", va="baseline")
    axes = panel(figure, left, top + head, (places[-1] + 1) * width, _ROW * len(cells))
    _draw_cells(axes, cells, places, 1 if data.high - data.low >= 20 else 2)
    colours = {data.label(member): colour for member, colour in member_colours(data).items()}
    for row, name in enumerate(map(str, cells.index)):
        middle = top + head + (row + 0.5) * _ROW
        write_row_name(figure, left - 0.1, middle, name, left - MARGIN - 0.12, colours.get(name))
    return figure


def _draw_cells(axes: Axes, cells: pd.DataFrame, places: Floats, digits: int) -> None:
    """The furthest move has the full colour, and the whole move none."""
    moves = cells.assign(**{WHOLE: np.nan})
    furthest = float(moves.abs().max().max()) or 1.0
    texts = [[_signed(value, digits) for value in row] for row in cells.to_numpy()]
    heat_map(axes, (moves / furthest).to_numpy(), texts, places, SMALL)


def _signed(value: float, digits: int) -> str:
    """A move with its sign; what rounds to nothing is a dot."""
    if round(abs(value), digits) == 0:
        return NOTHING
    return f"{'+' if value > 0 else ''}{number(value, digits)}"
