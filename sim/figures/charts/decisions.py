"""The decisions: what the record says was decided, beside the chance the model gave it."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.data import FigureData, one_outcome, records
from sim.figures.style import (
    AGREES,
    FAILS,
    FAINT,
    INK,
    MARGIN,
    NEITHER,
    PAPER,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_line,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, wrap
from sim.results.wording import MISSING, number, percent

RIGHT, WRONG, UNKNOWN = AGREES, FAILS, NEITHER
_TEXT, _PLOT, _CHANCE, _SCORE, _VOTES = 4.7, 3.6, 0.85, 0.65, 1.25
#: Where the scale begins and where the columns of numbers end, in inches from the left.
_LEFT = MARGIN + _TEXT + 0.2
_CHANCE_AT = _LEFT + _PLOT + _CHANCE - 0.1
_SCORE_AT, _VOTES_AT = _CHANCE_AT + _SCORE, WIDTH - MARGIN
#: A row's height, at least, and a line of a motion, in inches; a motion of more lines than this is cut.
_ROW, _LINE, _MOST_LINES = 0.6, 0.185, 5


def verdict(row: Any) -> str:
    """What the row says of the model: right, wrong, even, not put, or unrecorded.

    Right is more than even odds for the documented outcome. "not put" is a motion that no history put.
    """
    if math.isnan(row.probability):
        return "not put"
    if row.documented not in ("carried", "rejected"):
        return "unrecorded"
    given = row.probability if row.documented == "carried" else 1 - row.probability
    return "right" if given > 0.5 else "even" if given == 0.5 else "wrong"


def _title(data: FigureData) -> str:
    """How many documented outcomes have more than even odds: of those that it was not fitted to, and of the others."""
    documented = _documented(data)
    if documented.empty:
        return "No documented outcome to hold against the model's odds"
    is_fitted = ~documented["decision"].isin(data.shown_only) & data.fitted
    if len(documented) == 1 and pd.notna(documented["probability"].iloc[0]):
        chance = float(documented["probability"].iloc[0])
        given = chance if documented["documented"].iloc[0] == "carried" else 1 - chance
        model = "model, fitted to it," if is_fitted.any() else "model"
        return f"The {model} gives a chance of {percent(given)} to the one documented outcome"
    says = "The model gives more than even odds to "
    right = documented.assign(right=[verdict(row) == "right" for row in records(documented)])["right"]
    new, seen = (f"{right[part].sum()} of {part.sum()}" for part in (~is_fitted, is_fitted))
    if is_fitted.all():
        return f"{says}{seen} documented outcomes, all of which it was fitted to: that proves nothing"
    if is_fitted.any():
        return f"{says}{new} documented outcomes that it was not fitted to, and to {seen} that it was"
    return f"{says}{new} documented outcomes"


def _documented(data: FigureData) -> pd.DataFrame:
    return data.decisions[data.decisions["documented"].isin(("carried", "rejected"))]


def _subtitle(data: FigureData) -> str:
    """What the chance is of; and where the record has one outcome only, that it is easily foretold."""
    said = data.headed(
        "chance that a motion is carried, given that it is put and that earlier decisions went as recorded."
    )
    return said + one_outcome(_documented(data)["documented"]) + data.said_of_shown


@in_house_style
def decisions(data: FigureData) -> Figure:
    """One row a decision: the motion, its chance of being carried with the interval, and what the record says.

    Of many decisions only those that disagree most with the model have a row.
    """
    table = data.shown_decisions
    head = 0.5
    heights = [_row_height(row) for row in records(table)]
    note = (
        "Interval: 95 % of the draws of the parameters, what we do not know. Hollow: the same chance when nothing is "
        "corrected to the record on the way. Log score: the log of the chance given to what happened; 0 is "
        f"certainty, {number(math.log(0.5), 2)} a coin."
    )
    if data.shown_only:
        note += " Motions in grey italics are shown, but are no part of any fit."
    figure, top = sheet(
        data,
        head + sum(heights) + 0.35,
        _title(data),
        _subtitle(data),
        note,
        _key(table),
    )
    axes = _scale(figure, top + head, sum(heights))
    for row, height, end in zip(records(table), heights, accumulate(heights), strict=True):
        axes.axhline(end - height, color=RULE, linewidth=0.6, zorder=0)
        middle = top + head + end - height / 2
        _write_motion(figure, data, row, middle)
        _draw_chance(axes, row, end - height / 2)
        _write_numbers(figure, row, middle)
    return figure


def _scale(figure: Figure, top: float, height: float) -> Axes:
    """The scale of chances with the heads of all columns; `top` and `height` in inches."""
    axes = panel(figure, _LEFT, top, _PLOT, height or 0.01)
    axes.set_xlim(-0.07, 1.07)
    axes.set_ylim(height or 1.0, 0)
    for x in (0.0, 0.25, 0.75, 1.0):
        axes.axvline(x, color=RULE, linewidth=0.7, zorder=0)
    axes.axvline(0.5, color=FAINT, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"], fontsize=SMALL)
    scale = _PLOT / 1.14
    for x, text in ((0.0, "surely\nrejected"), (0.5, "even"), (1.0, "surely\ncarried")):
        write(figure, _LEFT + (x + 0.07) * scale, top - 0.1, text, SMALL, color=SOFT, ha="center", va="baseline")
    write(figure, _CHANCE_AT, top - 0.1, "chance", SMALL, color=SOFT, ha="right", va="baseline")
    write(figure, _SCORE_AT, top - 0.1, "log\nscore", SMALL, color=SOFT, ha="right", va="baseline")
    write(figure, _VOTES_AT, top - 0.1, "votes for\n(90 %)", SMALL, color=SOFT, ha="right", va="baseline")
    return axes


def _write_numbers(figure: Figure, row: Any, middle: float) -> None:
    """The chance, its score and the votes at the right of a row."""
    at: dict[str, Any] = {"ha": "right", "va": "center"}
    write(figure, _CHANCE_AT, middle, percent(row.probability), LABEL, weight="bold", **at)
    score = number(round(row.score, 2) + 0.0, 2) if pd.notna(row.score) else MISSING
    write(figure, _SCORE_AT, middle, score, LABEL, color=INK if pd.notna(row.score) else FAINT, **at)
    votes = _votes(row)
    for line, text in enumerate(votes):
        y = middle + (line - (len(votes) - 1) / 2) * 0.19
        write(figure, _VOTES_AT, y, wrap(text, _VOTES - 0.1, SMALL)[0], SMALL, color=INK, **at)


def _key(table: pd.DataFrame) -> list[Artist]:
    """What the marks mean; only of those that are drawn."""
    kinds = {verdict(row) for row in records(table)} | set(table["documented"])
    alone: dict[str, Any] = {"linestyle": "none", "markersize": 7}
    hollow = alone | {"marker": "o", "markerfacecolor": PAPER, "markersize": 5.5}
    entries: list[tuple[set[str], Artist]] = [
        ({"right"}, key_line(RIGHT, "better than even for the record", 2, marker="o", markersize=7)),
        ({"wrong", "even"}, key_line(WRONG, "even or worse", 2, marker="s", markersize=7)),
        ({"unrecorded"}, key_line(UNKNOWN, "no outcome on record", 2, marker="D", markersize=6)),
        ({"right", "wrong", "even", "unrecorded"},
         key_line(INK, "running free", **hollow)),
        ({"carried"}, key_line(INK, "record: carried", marker=">", **alone)),
        ({"rejected"}, key_line(INK, "record: rejected", marker="<", **alone)),
    ]  # fmt: skip
    return [artist for of, artist in entries if of & kinds]


def _motion_lines(row: Any) -> list[str]:
    return wrap(str(row.motion), _TEXT, LABEL, lines=_MOST_LINES)


def _row_height(row: Any) -> float:
    """A row is as high as its motion needs, in inches."""
    return max(_ROW, _LINE * len(_motion_lines(row)) + 0.32)


def _write_motion(figure: Figure, data: FigureData, row: Any, middle: float) -> None:
    lines = _motion_lines(row)
    colour = SOFT if row.decision in data.shown_only else INK
    style = "italic" if row.decision in data.shown_only else "normal"
    under = wrap(f"{data.date_of(row.decision, row.date)} · {data.body_label(row.body)}", _TEXT, SMALL)[0]
    height = _LINE * len(lines) + 0.18
    first = middle - height / 2
    for i, line in enumerate(lines):
        write(figure, MARGIN, first + _LINE * (i + 0.5), line, LABEL, color=colour, style=style, va="center")
    write(figure, MARGIN, first + height - 0.07, under, SMALL, color=SOFT, va="center")


def _draw_chance(axes: Axes, row: Any, y: float) -> None:
    """The chance with its interval, the chance when nothing is corrected, and the outcome on record at the edge."""
    kind = verdict(row)
    colour, marker = {"right": (RIGHT, "o"), "wrong": (WRONG, "s"), "even": (WRONG, "s")}.get(kind, (UNKNOWN, "D"))
    if kind == "not put":
        looks: dict[str, Any] = {"fontsize": SMALL, "color": SOFT, "ha": "center", "va": "center", "style": "italic"}
        box = {"facecolor": PAPER, "linewidth": 0, "pad": 1.5}
        axes.text(0.5, y, "no history put it to the vote", bbox=box, **looks)
    else:
        interval: dict[str, Any] = {"linewidth": 3.2, "alpha": 0.45, "solid_capstyle": "butt", "zorder": 1}
        axes.plot([row.low, row.high], [y, y], color=colour, **interval)
        looks = {"color": PAPER, "markeredgecolor": INK, "markeredgewidth": 1, "clip_on": False, "zorder": 2}
        axes.plot([row.probability_free], [y + 0.13], marker="o", markersize=5.5, **looks)
        looks = {"color": colour, "markeredgecolor": PAPER, "markeredgewidth": 0.8, "clip_on": False, "zorder": 3}
        axes.plot([row.probability], [y], marker=marker, markersize=8.5 if marker == "o" else 7.5, **looks)
    if row.documented in ("carried", "rejected"):
        at, mark = (1.045, ">") if row.documented == "carried" else (-0.045, "<")
        axes.plot([at], [y], marker=mark, markersize=8, color=INK, clip_on=False)


def _votes(row: Any) -> list[str]:
    """The model's votes for with their interval and, where the record gives one, the tally."""
    model = MISSING
    if pd.notna(row.tally_mean):
        model = f"{row.tally_mean:.1f}"
        if pd.notna(row.tally_low) and pd.notna(row.tally_high):
            model += f" ({row.tally_low:.5g}–{row.tally_high:.5g})"
    tally = row.documented_tally
    tally = "" if pd.isna(tally) else f"{tally:.0f}" if isinstance(tally, float) else tally.strip().replace("-", "–")
    return [model, f"record: {tally}"] if tally else [model]
