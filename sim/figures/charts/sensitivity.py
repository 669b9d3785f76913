"""What decisions hang on: the part of each decision's variance that is due to each parameter."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.axes import keep_inside
from sim.figures.data import MOST_COLUMNS, Names, largest, said_of_largest, those
from sim.figures.style import (
    AGREES,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    key_line,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, head, line_height, wrap
from sim.results.wording import counted, number, words

_TEXT, _ROW, _GAP = 1.9, 0.32, 0.14
#: Parameters drawn: those with the largest parts.
MOST = 12
_WHOLE = "#cfcfcf"


def _of_outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """The indices of the chance of carrying; of a decision that is not seen to vary there are none."""
    return table[(table["measure"] == "carried") & table["total_order"].notna()]


def title_of(table: pd.DataFrame) -> str:
    """Which parameter has the largest part in most decisions."""
    rows = _of_outcomes(table)
    if rows.empty:
        return "No decision is seen to hang on any of the assumed ranges"
    largest = rows.loc[rows.groupby("decision", sort=False)["total_order"].idxmax(), "parameter"].value_counts(
        sort=False
    )
    first = [words(str(name)) for name, times in largest.items() if times == largest.max()]
    each, matter = (" each", "matter") if len(first) > 1 else ("", "matters")
    return (
        f"Of what is assumed, {those(first, 'parameters')} {matter} most for the outcome of {largest.max()}{each} of "
        f"{counted(int(largest.sum()), 'decision')}"
    )


@in_house_style
def sensitivity(table: pd.DataFrame, names: Names) -> Figure:
    """A row a parameter, a column a decision: Sobol indices of first and of total order.

    table: decision, measure, parameter, first_order, total_order and their errors.
    """
    every, rows = list(dict.fromkeys(table["decision"])), _of_outcomes(table)
    decisions = largest(rows.groupby("decision", sort=False)["total_order"].max().reindex(every), MOST_COLUMNS)
    ranked = rows.groupby("parameter", sort=False)["total_order"].mean().sort_values(ascending=False, kind="stable")
    shown, left_out = list(ranked.index[:MOST]), ranked.index[MOST:]
    wide = (WIDTH - 2 * MARGIN - _TEXT) / max(len(decisions), 1)
    heads = [head(names.ballot(name), wide) for name in decisions]
    high = max(map(len, heads), default=1) * line_height(SMALL) + 0.12
    note = "Indices are estimates: below 0 or above 1 they are noise, and are cut off."
    if len(left_out):
        most = rows.loc[rows["parameter"].isin(left_out), "total_order"].max()
        note += (
            f" Not drawn: {counted(len(left_out), 'parameter')}, none with more than {number(most, 2)} in a decision."
        )
    figure, top = sheet(
        names,
        high + _ROW * max(len(shown), 1) + 0.4,
        title_of(table),
        f"{names.title}: the fraction of the variance of each decision's chance to be put and carried that is due to "
        "each parameter, by itself and together with others (Sobol indices), over the assumed ranges."
        + said_of_largest(len(decisions), len(every), "that hang most on one parameter"),
        note,
        [
            key_area(AGREES, "by itself"),
            key_area(_WHOLE, "in all, with what it does together with others"),
            key_line(INK, "95 % interval of the latter", 1.2),
        ],
    )
    for place, name in enumerate(shown):
        text = wrap(words(name), _TEXT - 0.15, LABEL)[0]
        write(figure, MARGIN, top + high + (place + 0.5) * _ROW, text, LABEL, va="center")
    for column, (decision, lines) in enumerate(zip(decisions, heads, strict=True)):
        left = MARGIN + _TEXT + column * wide
        write(figure, left, top + high - 0.08, "\n".join(lines), SMALL, va="bottom")
        own = rows[rows["decision"] == decision].set_index("parameter").reindex(shown)
        _column(figure, left, top + high, wide - _GAP, own)
    return figure


def _column(figure: Figure, left: float, top: float, wide: float, own: pd.DataFrame) -> None:
    """The indices of one decision, a row a parameter."""
    axes = panel(figure, left, top, wide, _ROW * max(len(own), 1))
    axes.set_xlim(0, 1)
    axes.set_ylim(max(len(own), 1), 0)
    axes.vlines([0, 0.5, 1], 0, max(len(own), 1), color=RULE, linewidth=0.6, zorder=0)
    axes.set_xticks([0, 1], ["0", "1"], fontsize=SMALL)
    axes.tick_params(axis="x", length=3, color=FAINT)
    keep_inside(axes, wide)
    if own["total_order"].isna().all():
        write(
            figure,
            left + 0.04,
            top + 0.1,
            "\n".join(wrap("not seen to vary", wide - 0.05, SMALL, 2)),
            SMALL,
            color=SOFT,
            va="top",
        )
        return
    places, whole, error = [row + 0.5 for row in range(len(own))], own["total_order"], own["total_order_error"]
    axes.barh(places, whole.clip(0, 1), 0.62, color=_WHOLE, zorder=1)
    axes.barh(places, own["first_order"].clip(0, 1), 0.3, color=AGREES, zorder=2)
    axes.hlines(places, (whole - error).clip(0, 1), (whole + error).clip(0, 1), color=INK, linewidth=1.2, zorder=3)
