"""Many what-ifs at a glance: decisions by what-ifs, the change in probability and its interval."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures.data import Names, records
from sim.figures.style import (
    HIGH_SIDE,
    INK,
    LABEL,
    LOW_SIDE,
    MARGIN,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    WIDTH,
    house_style,
    panel,
    sheet,
    tinted,
    write,
)
from sim.figures.text import wrap
from sim.wording import number, percent

_TEXT, _ROW, _HEAD = 2.9, 0.42, 0.75
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


def overview(table: pd.DataFrame, names: Names) -> Figure:
    """A cell a what-if and decision: the change in hundredths, and under it the interval.

    table: what_if, title, decision, date, carried, carried_other, difference, low, high. Motions that only one what-if
    puts are told beside its name.
    """
    with house_style():
        return _overview(table, names)


def _overview(table: pd.DataFrame, names: Names) -> Figure:
    common = table.groupby("decision", sort=False)["what_if"].nunique() == table["what_if"].nunique()
    shown = table[table["decision"].map(common)].drop_duplicates("decision")
    columns = list(shown.sort_values("date", kind="stable")["decision"])
    asked = list(dict.fromkeys(table["what_if"]))
    across = WIDTH - 2 * MARGIN - _TEXT
    wide = across / max(len(columns), 1)
    figure, top = sheet(
        _HEAD + _ROW * len(asked),
        title_of(table, names),
        f"{names.title}: the change in the share of histories that put and carry each decision, in points, against "
        "the debate as it was, on the same luck; under it what another seed could give (95 %).",
        "Green: carried more often; ochre: less often; an empty cell: exactly the same in every history, or as often "
        "both ways. A motion that a what-if itself puts stands under its name, with how often it is carried.",
    )
    for column, decision in enumerate(columns):
        lines = wrap(names.ballot(decision), wide - 0.08, SMALL, lines=3)
        x = MARGIN + _TEXT + (column + 0.5) * wide
        base = float(table[table["decision"] == decision]["carried"].iloc[0])
        write(figure, x, top + _HEAD - 0.22, "\n".join(lines), SMALL, ha="center", va="bottom", weight="bold")
        write(figure, x, top + _HEAD - 0.06, percent(base), SMALL, ha="center", va="bottom", color=SOFT)
    write(figure, MARGIN, top + _HEAD - 0.06, "in the debate as it was", SMALL, va="bottom", color=SOFT)
    axes = panel(figure, MARGIN + _TEXT, top + _HEAD, across, _ROW * len(asked))
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(asked), 0)
    for row, name in enumerate(asked):
        rows = table[table["what_if"] == name]
        _write_name(figure, rows, columns, names, top + _HEAD + row * _ROW)
        axes.axhline(row, color=RULE, linewidth=0.6, zorder=0)
        cells = {cell.decision: cell for cell in records(rows)}
        for column, decision in enumerate(columns):
            cell = cells[decision]
            if cell.difference == 0 and cell.low == 0 and cell.high == 0:
                continue
            share = min(abs(cell.difference) / FULL, 1.0)
            colour = tinted(HIGH_SIDE if cell.difference > 0 else LOW_SIDE, share)
            axes.add_patch(Rectangle((column + 0.03, row + 0.06), 0.94, 0.88, facecolor=colour, linewidth=0))
            ink = PAPER if cell.difference > 0 and share > 0.5 else INK
            said = _points(cell.difference, 1)
            axes.text(
                column + 0.5, row + 0.35, said, ha="center", va="center", fontsize=LABEL, weight="bold", color=ink
            )
            digits = 0 if abs(cell.difference) >= 0.1 else 1
            ends = " to ".join(_points(end, digits) for end in (cell.low, cell.high))
            axes.text(column + 0.5, row + 0.74, ends, ha="center", va="center", fontsize=6.5, color=ink)
    return figure


def _points(share: float, digits: int) -> str:
    """A change in hundredths; what rounds to nothing has no sign."""
    return number(round(100 * share, digits) + 0.0, digits)


def _write_name(figure: Figure, rows: pd.DataFrame, columns: list[str], names: Names, top: float) -> None:
    own = [row for row in records(rows) if row.decision not in columns]
    title = wrap(str(rows["title"].iloc[0]), _TEXT - 0.15, LABEL, lines=1 if own else 2)
    middle = top + _ROW / 2
    if own:
        write(figure, MARGIN, middle - 0.09, title[0], LABEL, va="center")
        said = "; ".join(f"{names.ballot(row.decision)}: carried in {percent(row.carried_other)}" for row in own)
        write(figure, MARGIN, middle + 0.1, wrap(said, _TEXT - 0.15, SMALL)[0], SMALL, va="center", color=SOFT)
    else:
        write(figure, MARGIN, middle, "\n".join(title), LABEL, va="center", linespacing=1.1)
