"""Many what-ifs at a glance: decisions by what-ifs, the change in probability and its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.heat_map import heat_map
from sim.figures.data import Names, records
from sim.figures.style import MARGIN, RULE, SOFT, WIDTH, in_house_style, panel, sheet, write
from sim.figures.text import LABEL, SMALL, wrap
from sim.results.wording import number, percent

_TEXT, _ROW, _HEAD = 2.9, 0.42, 0.75
_ACROSS = WIDTH - 2 * MARGIN - _TEXT
#: The change that has the full colour.
FULL = 0.5


def title_of(table: pd.DataFrame, names: Names) -> str:
    """The what-if that moves a decision most."""
    moved = table[table["put"] > 0]
    if not (moved["difference"] != 0).any():
        return "None of these what-ifs changes the share of histories in which anything is carried"
    most = moved.iloc[int(moved["difference"].abs().to_numpy().argmax())]
    return (
        f"Of {table['what_if'].nunique()} what-ifs, “{most['title']}” moves a decision most: "
        f"{names.ballot(most['decision'])}, from {percent(most['carried'])} to {percent(most['carried_other'])}"
    )


@in_house_style
def overview(table: pd.DataFrame, names: Names) -> Figure:
    """A cell a what-if and decision: the change in hundredths, and under it the interval.

    table: what_if, title, decision, date, carried, carried_other, difference, low, high. Motions that only one what-if
    puts are told beside its name.
    """
    common = table.groupby("decision", sort=False)["what_if"].nunique() == table["what_if"].nunique()
    shown = table[table["decision"].map(common)].sort_values("date", kind="stable")
    decisions, what_ifs = list(dict.fromkeys(shown["decision"])), list(dict.fromkeys(table["what_if"]))
    figure, top = sheet(
        _HEAD + _ROW * len(what_ifs),
        title_of(table, names),
        f"{names.title}: the change in the share of histories that put and carry each decision, in points, against "
        "the debate as it was, with common random numbers; under it what another seed could give (95 %).",
        "Green: carried more often; ochre: less often; an empty cell: exactly the same in every history, or as often "
        "both ways. A motion that a what-if itself puts stands under its name, with how often it is carried.",
    )
    _write_heads(figure, shown.drop_duplicates("decision"), names, top)
    axes = panel(figure, MARGIN + _TEXT, top + _HEAD, _ACROSS, _ROW * len(what_ifs))
    for row, name in enumerate(what_ifs):
        _write_name(figure, table[table["what_if"] == name], decisions, names, top + _HEAD + row * _ROW)
        axes.axhline(row, color=RULE, linewidth=0.6, zorder=2)
    changed = shown[(shown[["difference", "low", "high"]] != 0).any(axis=1)]
    found = {(cell.what_if, cell.decision): cell for cell in records(changed)}
    cells = [[found.get((name, decision)) for decision in decisions] for name in what_ifs]
    changes = np.array([[cell.difference if cell else np.nan for cell in row] for row in cells])
    texts = [[_points(cell.difference, 1) if cell else "" for cell in row] for row in cells]
    heat_map(axes, np.clip(changes / FULL, -1, 1), texts, under=[[_interval(cell) for cell in row] for row in cells])
    return figure


def _interval(cell: Any) -> str:
    """The interval of a change; nothing where nothing changed."""
    if cell is None:
        return ""
    digits = 0 if abs(cell.difference) >= 0.1 else 1
    return " to ".join(_points(end, digits) for end in (cell.low, cell.high))


def _points(change: float, digits: int) -> str:
    """A change in hundredths; what rounds to nothing has no sign."""
    return number(round(100 * change, digits) + 0.0, digits)


def _write_heads(figure: Figure, decisions: pd.DataFrame, names: Names, top: float) -> None:
    """Each decision over its column, with how often it was carried in the debate as it was."""
    wide = _ACROSS / max(len(decisions), 1)
    for column, row in enumerate(records(decisions)):
        lines = wrap(names.ballot(row.decision), wide - 0.08, SMALL, lines=3)
        x = MARGIN + _TEXT + (column + 0.5) * wide
        write(figure, x, top + _HEAD - 0.22, "\n".join(lines), SMALL, ha="center", va="bottom", weight="bold")
        write(figure, x, top + _HEAD - 0.06, percent(row.carried), SMALL, ha="center", va="bottom", color=SOFT)
    write(figure, MARGIN, top + _HEAD - 0.06, "in the debate as it was", SMALL, va="bottom", color=SOFT)


def _write_name(figure: Figure, rows: pd.DataFrame, decisions: list[str], names: Names, top: float) -> None:
    """What a what-if is called, and under it the motions that it alone puts."""
    own = [row for row in records(rows) if row.decision not in decisions]
    title = wrap(str(rows["title"].iloc[0]), _TEXT - 0.15, LABEL, lines=1 if own else 2)
    middle = top + _ROW / 2
    if own:
        write(figure, MARGIN, middle - 0.09, title[0], LABEL, va="center")
        text = "; ".join(f"{names.ballot(row.decision)}: carried in {percent(row.carried_other)}" for row in own)
        write(figure, MARGIN, middle + 0.1, wrap(text, _TEXT - 0.15, SMALL)[0], SMALL, va="center", color=SOFT)
    else:
        write(figure, MARGIN, middle, "\n".join(title), LABEL, va="center", linespacing=1.1)
