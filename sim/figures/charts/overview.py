"""Many what-ifs at a glance: decisions by what-ifs, and the policy at the end; each change and its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.heat_map import CHANCES, heat_map
from sim.figures.data import MOST_COLUMNS, Names, largest, records
from sim.figures.style import (
    AGREES,
    DISAGREES,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, head, wrap
from sim.results.wording import number, percent, points

_TEXT, _POLICY, _ROW, _HEAD = 2.65, 0.95, 0.46, 1.0
_ACROSS = WIDTH - 2 * MARGIN - _TEXT - _POLICY
#: The change that has the full colour, and one too small to be worth a column.
FULL, SMALLEST = 0.5, 0.01


def title_of(table: pd.DataFrame, names: Names) -> str:
    """The what-if that moves a decision most."""
    moved = table[table["put"] > 0]
    if not (moved["difference"] != 0).any():
        return "None of these what-ifs changes the share of histories in which anything is carried"
    most = moved.iloc[int(moved["difference"].abs().to_numpy().argmax())]
    return (
        f"Of {table['what_if'].nunique()} what-ifs none moves a decision further than “{most['title']}”: "
        f"{names.ballot(most['decision'])}, from {percent(most['carried'])} to {percent(most['carried_other'])}"
    )


def shown(table: pd.DataFrame) -> tuple[list[str], list[str], pd.DataFrame]:
    """What has a row, what has a column, and what has neither.

    The what-ifs, by the largest change of a decision; the decisions that some what-if changes, by date, of too many
    those that are changed most; and the rows of motions that not every what-if puts. Decisions without a change are in
    none of the three.
    """
    sizes = table.assign(size=table["difference"].abs())
    common = sizes.groupby("decision", sort=False)["what_if"].transform("nunique") == sizes["what_if"].nunique()
    ordered = sizes[common].groupby("what_if", sort=False)["size"].max().sort_values(ascending=False, kind="stable")
    changed = sizes[common & (sizes["size"] >= SMALLEST)].sort_values("date", kind="stable")
    return (
        list(ordered.index),
        largest(changed.groupby("decision", sort=False)["size"].max(), MOST_COLUMNS),
        table[~common],
    )


@in_house_style
def overview(table: pd.DataFrame, policy: pd.DataFrame, names: Names) -> Figure:
    """A cell a what-if and decision: the change in hundredths, and under it the half width of its interval.

    table: what_if, title, decision, date, put, carried, carried_other, difference, low, high. policy: what_if, mean,
    difference, low, high, at the end.
    """
    what_ifs, decisions, own = shown(table)
    figure, top = sheet(
        names,
        _HEAD + _ROW * len(what_ifs),
        title_of(table, names),
        f"{names.title}: the change of the share of histories that put and carry each decision, in points, against "
        "the debate as it was, with common random numbers; under it, what another seed could add or take (95 %). "
        "Last column: the change of the mean policy in force at the end, in units of the axis.",
        _note(table, decisions, own, names),
        [key_area(AGREES, "carried more often"), key_area(DISAGREES, "carried less often")],
    )
    _write_heads(figure, table[table["decision"].isin(decisions)].drop_duplicates("decision"), policy, names, top)
    axes = panel(figure, MARGIN + _TEXT, top + _HEAD, _ACROSS, _ROW * len(what_ifs))
    found = {(cell.what_if, cell.decision): cell for cell in records(table)}
    ends = {row.what_if: row for row in records(policy)}
    titles = dict(zip(table["what_if"], table["title"], strict=True))
    line: Any = {"color": RULE, "linewidth": 0.6, "zorder": 2, "clip_on": False}
    for row, name in enumerate(what_ifs):
        axes.plot([0, 1 + _POLICY / _ACROSS], [row, row], transform=axes.get_yaxis_transform(), **line)
        middle = top + _HEAD + (row + 0.5) * _ROW
        title = "\n".join(wrap(titles[name], _TEXT - 0.1, LABEL, lines=2))
        write(figure, MARGIN, middle, title, LABEL, va="center", linespacing=1.1)
        for y, text, weight in zip((-0.1, 0.1), _policy_texts(ends[name]), ("bold", "normal"), strict=True):
            at = WIDTH - MARGIN - _POLICY / 2 + 0.1
            write(figure, at, middle + y, text, SMALL, ha="center", va="center", weight=weight)
    cells = [[found[name, decision] for decision in decisions] for name in what_ifs]
    changes = np.array([[cell.difference for cell in row] for row in cells]).reshape(len(cells), len(decisions))
    texts = [["" if _is_same(cell) else points(cell.difference) for cell in row] for row in cells]
    under = [[_half(cell) for cell in row] for row in cells]
    heat_map(axes, np.clip(changes / FULL, -1, 1), texts, size=SMALL, under=under, colours=CHANCES)
    return figure


def _is_same(cell: Any) -> bool:
    """Whether nothing at all differs, as far as can be seen."""
    return bool(cell.difference == cell.low == cell.high == 0)


def _half(cell: Any, scale: float = 100, digits: int = 1) -> str:
    """The half width of the interval of a change; nothing where nothing changed."""
    half = max(cell.high - cell.difference, cell.difference - cell.low)
    return "" if _is_same(cell) else f"± {number(scale * half, digits)}"


def _policy_texts(cell: Any) -> tuple[str, str]:
    if _is_same(cell):
        return "", ""
    change = round(cell.difference, 2) + 0.0
    return f"{'+' if change > 0 else ''}{number(change, 2)}", _half(cell, 1, 2)


def _note(table: pd.DataFrame, decisions: list[str], own: pd.DataFrame, names: Names) -> str:
    parts = ["An empty cell: the same in every history, or as often both ways."]
    left = [name for name in dict.fromkeys(table["decision"]) if name not in {*decisions, *own["decision"]}]
    if len(decisions) == MOST_COLUMNS or len(left) > MOST_COLUMNS:
        parts.append(f"Of {len(left) + len(decisions):,} decisions the {len(decisions)} are shown that change most.")
    elif left:
        parts.append(f"Moved by less than a point by all: {', '.join(map(names.ballot, left))}.")
    if len(own):
        only = (f"{names.ballot(row.decision)}, carried in {percent(row.carried_other)}" for row in records(own))
        parts.append(f"Motions of a what-if's own: {'; '.join(only)}.")
    return " ".join(parts)


def _write_heads(figure: Figure, decisions: pd.DataFrame, policy: pd.DataFrame, names: Names, top: float) -> None:
    """Each column's name, and how it was in the debate as it was."""
    wide = _ACROSS / max(len(decisions), 1)
    heads = [(names.ballot(row.decision), percent(row.carried)) for row in records(decisions.sort_values("date"))]
    places = [(MARGIN + _TEXT + (column + 0.5) * wide, wide) for column in range(len(heads))]
    heads.append(("policy at the end", number(float(policy["mean"].iloc[0]), 2) if len(policy) else ""))
    places.append((WIDTH - MARGIN - _POLICY / 2 + 0.1, _POLICY - 0.1))
    for (name, before), (x, across) in zip(heads, places, strict=True):
        lines = head(name, across)
        write(figure, x, top + _HEAD - 0.27, "\n".join(lines), SMALL, ha="center", va="bottom")
        write(figure, x, top + _HEAD - 0.07, before, SMALL, ha="center", va="bottom", color=SOFT)
    write(figure, MARGIN, top + _HEAD - 0.07, "in the debate as it was", SMALL, va="bottom", color=SOFT)
