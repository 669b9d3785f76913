"""The posterior of parameters and first stances, beside its prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.data import Names, records, those
from sim.figures.style import (
    AGREES,
    MARGIN,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_area,
    key_line,
    key_mark,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, line_height, text_width, wrap
from sim.results.wording import number, words

_NAME, _END, _PLOT, _VALUES = 3.3, 0.65, 4.3, 1.75
#: No colours of members or sides.
_POSTERIOR, _PRIOR = AGREES, "#dddddd"
_MEAN: Any = {"color": PAPER, "marker": "o", "linestyle": "", "markersize": 6, "markeredgecolor": _POSTERIOR}
#: Bits below which hardly anything was learnt.
HARDLY = 0.05


class Axis(NamedTuple):
    """The debate's axis: its ends and its named positions, in order."""

    low: float
    high: float
    positions: Sequence[tuple[str, float]]


def shown(table: pd.DataFrame, names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Parameters and first stances of which something was learnt, each with its label, the most learnt first.

    People who are alike are one row, of means.
    """
    table = table[table["information_gain"] >= HARDLY]
    parameters, stances = (table[table["kind"] == kind] for kind in ("parameter", "first stance"))
    keys = stances["name"].map(lambda member: names.groups.get(member) or names.member(member)).rename("label")
    grouped = stances.groupby(keys, sort=False).mean(numeric_only=True).reset_index()
    return parameters.assign(label=parameters["name"].map(words)), grouped


def title_of(table: pd.DataFrame, names: Names) -> str:
    """Of which parameter the record says most, and of how many hardly anything."""
    parameters = table[table["kind"] == "parameter"]
    of = table if parameters.empty else parameters
    bits = of["information_gain"].map(lambda gain: number(max(gain, 0.0), 1))
    if float(bits.iloc[0]) == 0:
        return "The record says hardly anything of any of these numbers"
    label = words if len(parameters) else names.member
    first = those([label(name) for name in of.loc[bits == bits.iloc[0], "name"]], "of them")
    said = f"The record says most of {first} ({bits.iloc[0]} bits)"
    idle = int((parameters["information_gain"] < HARDLY).sum())
    return f"{said}, and hardly anything of {idle} of {len(parameters)} parameters" if idle else said


@in_house_style
def posterior(table: pd.DataFrame, names: Names, units: Mapping[str, str], axis: Axis) -> Figure:
    """One row a parameter or first stance of the table `parameters`: prior, posterior and information gain.

    units: of the parameters by name.
    """
    parameters, stances = shown(table, names)
    rows = [(row, wrap(units.get(row.name, ""), _NAME - 0.2, SMALL, lines=2)) for row in records(parameters)]
    heights = [0.26 + len(lines) * line_height(SMALL) for _, lines in rows]
    error = table["information_gain_error"].max()
    figure, top = sheet(
        names,
        (0.35 + sum(heights)) * bool(rows) + (0.75 + 0.27 * len(stances)) * bool(len(stances)),
        title_of(table, names),
        "What was assumed of each parameter and first stance, and what is left of it once the record is known.",
        "Each parameter has a scale of its own: the numbers at the ends of the grey bar are its 5 and 95 %. "
        f"An information of 1 bit is what halves a range; the errors of the bits are at most {error:.2f}. Not drawn, "
        f"since hardly anything was learnt of them: {_idle(table, names) or 'none'}.",
        [
            key_area(_PRIOR, "prior: 5 to 95 %"),
            key_line(_POSTERIOR, "posterior: 5 to 95 %", 3.5),
            key_mark("o", PAPER, "posterior: mean", 6, markeredgecolor=_POSTERIOR),
        ],
    )
    if rows:
        _heads(figure, top, "Parameters, with their units")
        top += 0.35
    for (row, lines), height in zip(rows, heights, strict=True):
        _parameter(figure, top, height, row, lines)
        top += height
    if len(stances):
        _heads(figure, top + 0.1, "First stances")
        _stances(figure, top + 0.45, stances, axis)
    return figure


def _idle(table: pd.DataFrame, names: Names) -> str:
    """The parameters of which hardly anything was learnt, and how many first stances."""
    idle = table[table["information_gain"] < HARDLY]
    said = [words(name) for name in idle.loc[idle["kind"] == "parameter", "name"]]
    stances = int((idle["kind"] == "first stance").sum())
    return ", ".join([*said, *([f"{stances} first stances"] if stances else [])])


def _heads(figure: Figure, top: float, kind: str) -> None:
    write(figure, MARGIN, top + 0.12, kind, LABEL, weight="bold", va="center")
    write(
        figure, WIDTH - MARGIN - 0.6, top + 0.12, "prior → posterior mean", SMALL, color=SOFT, va="center", ha="right"
    )
    write(figure, WIDTH - MARGIN, top + 0.12, "bits", SMALL, color=SOFT, va="center", ha="right")


def _numbers(figure: Figure, middle: float, row: Any) -> None:
    means = " → ".join(number(round(value, 2) + 0.0, 2) for value in (row.prior_mean, row.mean))
    write(figure, WIDTH - MARGIN - 0.6, middle, means, SMALL, va="center", ha="right")
    write(figure, WIDTH - MARGIN, middle, number(row.information_gain, 2), SMALL, va="center", ha="right")


def _draw(axes: Axes, middle: float, row: Any, tall: float) -> None:
    """A prior with its posterior on top."""
    axes.barh(middle, row.prior_q95 - row.prior_q05, tall, left=row.prior_q05, color=_PRIOR, linewidth=0)
    axes.plot([row.q05, row.q95], [middle] * 2, color=_POSTERIOR, linewidth=3.5, solid_capstyle="butt", clip_on=False)
    axes.plot([row.mean], [middle], markeredgewidth=1.2, **_MEAN)


def _parameter(figure: Figure, top: float, height: float, row: Any, unit: Sequence[str]) -> None:
    """A row with its own scale, its ends written beside it."""
    write(figure, MARGIN, top + 0.1, row.label, LABEL, va="center")
    write(figure, MARGIN, top + 0.21, "\n".join(unit), SMALL, va="top", color=SOFT)
    left, middle = MARGIN + _NAME + _END, top + height / 2
    axes = panel(figure, left, middle - 0.09, _PLOT - 2 * _END, 0.18)
    low, high = row.prior_q05, max(row.prior_q95, row.prior_q05 + 1e-12)
    axes.set_xlim(low, high)
    axes.set_ylim(0, 1)
    _draw(axes, 0.5, row, 1.0)
    for x, value, side in ((left - 0.3, low, "right"), (left + _PLOT - 2 * _END + 0.3, high, "left")):
        write(figure, x, middle, number(value, 2), SMALL, va="center", ha=side, color=SOFT)
    _numbers(figure, middle, row)


def _stances(figure: Figure, top: float, rows: pd.DataFrame, axis: Axis) -> None:
    """The first stances, on the debate's axis."""
    axes = panel(figure, MARGIN + _NAME, top, _PLOT, 0.27 * len(rows))
    axes.set_xlim(axis.low, axis.high)
    axes.set_ylim(len(rows), 0)
    for place, row in enumerate(records(rows)):
        middle = top + 0.27 * (place + 0.5)
        write(figure, MARGIN, middle, wrap(row.label, _NAME - 0.2, LABEL)[0], LABEL, va="center")
        _draw(axes, place + 0.5, row, 0.62)
        _numbers(figure, middle, row)
    free = 0.0
    for name, at in axis.positions:
        axes.axvline(at, color=RULE, linewidth=0.6, zorder=0)
        x, lines = MARGIN + _NAME + (at - axis.low) / (axis.high - axis.low) * _PLOT, wrap(words(name), 1.3, SMALL, 2)
        half = max(text_width(line, SMALL) for line in lines) / 2
        if x - half >= free:
            write(figure, x, top + 0.27 * len(rows) + 0.06, "\n".join(lines), SMALL, ha="center", va="top", color=SOFT)
            free = x + half + 0.08
