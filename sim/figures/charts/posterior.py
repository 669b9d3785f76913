"""The posterior of each parameter and first stance, beside its prior."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.data import records
from sim.figures.style import (
    AGREES,
    FAINT,
    INK,
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
from sim.figures.text import LABEL, SMALL, wrap
from sim.results.wording import number

_NAME, _PLOT, _VALUES = 2.6, 5.2, 2.3
_ROW, _HEAD = 0.235, 0.3
#: No colours of members or sides.
_POSTERIOR, _PRIOR = AGREES, "#dddddd"
_MEAN: Any = {"color": PAPER, "marker": "o", "linestyle": "", "markersize": 5, "markeredgecolor": _POSTERIOR}
#: First stances shown besides all parameters: those of which most was learnt.
MOST_STANCES = 14
#: Bits below which hardly anything was learnt.
HARDLY = 0.05


def shown(table: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows drawn, parameters and then first stances, each with the most learnt first."""
    parameters, stances = (table[table["kind"] == kind] for kind in ("parameter", "first stance"))
    return [parameters, stances.head(MOST_STANCES)]


def _title(table: pd.DataFrame) -> str:
    parameters = table[table["kind"] == "parameter"]
    idle = int((parameters["information_gain"] < HARDLY).sum())
    if parameters.empty:
        return f"The record teaches most of {table['name'].iloc[0]}"
    first = parameters.iloc[0]
    return (
        f"The record says most of {first['name']} ({first['information_gain']:.1f} bits), "
        f"and hardly anything of {idle} of {len(parameters)} parameters"
    )


@in_house_style
def posterior(table: pd.DataFrame) -> Figure:
    """One row a parameter or first stance of the table `parameters`: prior, posterior and information gain."""
    parts = [part for part in shown(table) if len(part)]
    hidden = len(table) - sum(len(part) for part in parts)
    note = (
        "Every row has its own scale: the grey bar is the middle 90 % of what was assumed. An information of 1 bit is "
        "what halves a range. Errors of the bits, from independent runs: at most "
        f"{table['information_gain_error'].max():.2f}."
    )
    if hidden:
        note += f" Not shown: {hidden} first stances of which less was learnt."
    body = sum(_HEAD + _ROW * len(part) + 0.12 for part in parts)
    key = [
        key_area(_PRIOR, "prior: 5 to 95 %"),
        key_line(_POSTERIOR, "posterior: 5 to 95 %", 3.5),
        key_mark("o", PAPER, "posterior: mean", 5, markeredgecolor=_POSTERIOR),
    ]
    what = "What was assumed of each parameter and first stance, and what is left of it once the record is known."
    figure, top = sheet(body, _title(table), what, note, key)
    for part in parts:
        top = _panel(figure, top, part)
    return figure


def _panel(figure: Figure, top: float, part: pd.DataFrame) -> float:
    """Draws the rows of one kind below `top` inches; returns where they end."""
    kind = "Parameters" if part["kind"].iloc[0] == "parameter" else "First stances"
    values = MARGIN + _NAME + _PLOT + 0.25
    write(figure, MARGIN, top + 0.1, kind, LABEL, weight="bold", va="center")
    write(figure, values, top + 0.1, "prior mean → posterior mean", SMALL, color=SOFT, va="center")
    write(figure, WIDTH - MARGIN, top + 0.1, "bits gained", SMALL, color=SOFT, va="center", ha="right")
    top += _HEAD
    height = _ROW * len(part)
    axes = panel(figure, MARGIN + _NAME, top, _PLOT, height)
    axes.set_xlim(-0.25, 1.25)
    axes.set_ylim(len(part), 0)
    for row, known in enumerate(records(part)):
        middle = row + 0.5
        scale = max(known.prior_q95 - known.prior_q05, 1e-12)
        low, high, mean = ((value - known.prior_q05) / scale for value in (known.q05, known.q95, known.mean))
        axes.barh(middle, 1.0, 0.62, color=_PRIOR, linewidth=0)
        ends = [max(low, -0.25), min(high, 1.25)]
        axes.plot(ends, [middle] * 2, color=_POSTERIOR, linewidth=3.5, solid_capstyle="butt")
        axes.plot([mean], [middle], markeredgewidth=1.2, **_MEAN)
        _words(figure, top + (row + 0.5) * _ROW, values, known)
    axes.axhline(len(part), color=RULE, linewidth=0.6)
    return top + height + 0.12


def _words(figure: Figure, at: float, values: float, known: Any) -> None:
    (name,) = wrap(str(known.name).replace("-", " "), _NAME - 0.15, SMALL)
    write(figure, MARGIN, at, name, SMALL, va="center")
    means = " → ".join(number(round(value, 2) + 0.0, 2) for value in (known.prior_mean, known.mean))
    write(figure, values, at, means, SMALL, va="center")
    bits = known.information_gain
    colour = INK if bits >= HARDLY else FAINT
    write(figure, WIDTH - MARGIN, at, number(max(bits, 0.0), 2), SMALL, va="center", ha="right", color=colour)
