"""Candidate models of the same record: how probable each makes it, and how well it predicts what it has not seen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.data import Names, records
from sim.figures.style import AGREES, FAINT, INK, MARGIN, RULE, SOFT, WIDTH, in_house_style, panel, sheet, write
from sim.figures.text import LABEL, SMALL, wrap
from sim.results.wording import counted, number

_TEXT, _GAP, _ROW, _HEAD = 3.3, 0.4, 0.29, 0.5
_HALF = (WIDTH - 2 * MARGIN - _TEXT - _GAP) / 2
_KINDS = {
    "rule": "Rules of persuasion",
    "reading": "Other readings of what is contested",
    "abstention": "Other rules of abstention",
    "ablation": "Without a part of the model",
}


def title_of(table: pd.DataFrame, telling: float) -> str:
    """How many candidates the record tells against. telling: how many times less probable is strong evidence."""
    known = table[table["difference"].notna()].sort_values("is_own", ascending=False, kind="stable")
    best = known.iloc[int(known["difference"].to_numpy().argmax())]
    worse = int((best["difference"] - known["difference"] > math.log(telling)).sum())
    name = f"{best['label']}, the own" if best["is_own"] else str(best["label"])
    if not worse:
        return (
            f"The record cannot tell {counted(len(known), 'candidate model')} apart: under none is it {telling:g} "
            f"times less probable than under the best ({name})"
        )
    return (
        f"The record tells against {worse} of {counted(len(known), 'candidate model')}, and cannot tell the others "
        f"from the best ({name})"
    )


@in_house_style
def candidates(table: pd.DataFrame, names: Names, telling: float) -> Figure:
    """A row a candidate: its log evidence less the own, and its leave-one-out log score, each with its error.

    table: kind, label, is_own, difference (NaN: of other data), error, leave_one_out_score, leave_one_out_error.
    """
    groups = [(kind, table[table["kind"] == kind]) for kind in dict.fromkeys(table["kind"])]
    figure, top = sheet(
        names,
        _HEAD + sum(_ROW * (len(rows) + 1) for _, rows in groups) + 0.4,
        title_of(table, telling),
        f"{names.title}: under which rule of persuasion or abstention, which reading of a contested point, and without "
        "which part of the model, each fitted anew, the record is more probable; and how well each predicts decisions "
        "that it has not seen.",
        f"Lines: two standard errors of the computation, either way. Dashed: {telling:g} times less probable than "
        "under the debate's own model, and its own score. Candidates that differ in nothing the model knows of have "
        "the same numbers; one that changes the record itself has no evidence to compare.",
    )
    own = table[table["is_own"]].iloc[0]
    height = sum(_ROW * (len(rows) + 1) for _, rows in groups)
    errors = np.hypot(table["error"], own["error"]).where(~table["is_own"], 0.0)
    evidence = table.assign(value=table["difference"], half=2 * errors)
    score = table.assign(value=table["leave_one_out_score"], half=2 * table["leave_one_out_error"])
    heads = ("log evidence, less the debate's own", "leave-one-out log score, nearer to 0 is better")
    lines = ((0.0, -math.log(telling)), (None, float(own["leave_one_out_score"])))
    for side, (values, head, (solid, dashed)) in enumerate(zip((evidence, score), heads, lines, strict=True)):
        left = MARGIN + _TEXT + side * (_HALF + _GAP)
        write(figure, left, top + _HEAD - 0.1, head, SMALL, weight="bold", va="bottom")
        axes = panel(figure, left, top + _HEAD, _HALF, height)
        _scale(axes, values, dashed, height)
        if solid is not None:
            axes.axvline(solid, color=RULE, linewidth=0.8, zorder=0)
        at = 0.0
        for _, rows in groups:
            at += _ROW
            for row in records(values.loc[rows.index]):
                _draw(axes, at + _ROW / 2, row)
                at += _ROW
    at = top + _HEAD
    for kind, rows in groups:
        write(figure, MARGIN, at + _ROW / 2, _KINDS.get(kind, kind), LABEL, va="center", weight="bold")
        for row in records(rows):
            at += _ROW
            name = row.label + " (own)" * row.is_own
            weight = "bold" if row.is_own else "normal"
            said = wrap(name, _TEXT - 0.1, SMALL, weight=weight)[0]
            write(figure, MARGIN, at + _ROW / 2, said, SMALL, va="center", weight=weight)
        at += _ROW
    return figure


def _scale(axes: Axes, values: pd.DataFrame, dashed: float, height: float) -> None:
    """The scale of a panel: all values with their errors, and what is dashed."""
    low = min(float((values["value"] - values["half"]).min()), dashed)
    high = max(float((values["value"] + values["half"]).max()), dashed)
    air = 0.05 * max(high - low, 0.1)
    axes.set_xlim(low - air, high + air)
    axes.set_ylim(height, 0)
    axes.axvline(dashed, color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e9) if (high - low) / s <= 6)
    places = [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    axes.set_xticks(places, [number(place + 0.0, 0 if step >= 1 else 1) for place in places], fontsize=SMALL)
    axes.tick_params(axis="x", length=3, color=FAINT)
    axes.spines["bottom"].set_visible(True)


def _draw(axes: Axes, y: float, row: Any) -> None:
    if math.isnan(row.value):
        axes.text(sum(axes.get_xlim()) / 2, y, "other data", fontsize=SMALL, color=SOFT, va="center", ha="center")
        return
    axes.plot([row.value - row.half, row.value + row.half], [y, y], color=AGREES, linewidth=1.6, zorder=2)
    axes.plot([row.value], [y], "o", color=INK if row.is_own else AGREES, markersize=8 if row.is_own else 6, zorder=3)
