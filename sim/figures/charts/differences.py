"""The model against simple rules, decision by decision, from each prior that a rule may learn from."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.data import MOST_DECISIONS, Names, largest, records, said_of_largest
from sim.figures.style import (
    AGREES,
    DISAGREES,
    FAINT,
    MARGIN,
    RULE,
    SOFT,
    WIDTH,
    in_house_style,
    key_line,
    key_mark,
    panel,
    sheet,
    write,
)
from sim.figures.text import LABEL, SMALL, head, line_height, wrap
from sim.results.wording import number

_TEXT, _ROW, _GAP, _FOOT = 2.3, 0.34, 0.3, 0.75
_SAID = {"better": "better", "worse": "worse", "not-told-apart": "not told apart"}


@in_house_style
def differences(
    each: pd.DataFrame, rules: pd.DataFrame, labels: dict[str, str], title: str, shown: float, names: Names
) -> Figure:
    """A column a rule, a row a decision: the model's log score less the rule's, from each prior of the rule.

    each: baseline, pseudocount, decision, difference, of one model. rules: of these, one row a baseline: low, high,
    low_error, high_error, verdict. shown: the pseudocount that has a dot of its own.
    """
    every = list(dict.fromkeys(each["decision"]))
    size = each.assign(size=each["difference"].abs()).groupby("decision", sort=False)["size"].max().reindex(every)
    decisions = [name for name in every if name in largest(size, MOST_DECISIONS)]
    wide = (WIDTH - 2 * MARGIN - _TEXT) / max(len(rules), 1)
    heads = [head(labels[rule.baseline], wide - _GAP, 5) for rule in records(rules)]
    high = max(map(len, heads), default=1) * line_height(SMALL) + 0.15
    figure, top = sheet(
        names,
        high + _ROW * max(len(decisions), 1) + 0.3 + _FOOT,
        title,
        f"{names.title}: the model's log score less that of each simple rule; to the right of the line the model "
        "gave more to what happened. A rule learns how far to trust itself by counting, from a prior Beta(a, a)."
        + said_of_largest(len(decisions), len(every), "with the largest differences"),
        "Below: the sum over the decisions, with its standard error, from the prior that is worst for the model to "
        "that which is best. Told apart is what a t test tells from every prior and without any one decision. The "
        "model has first stances that were coded from the whole record.",
        [
            key_line(AGREES, "a from 1/4 to 2, the model ahead", 3),
            key_line(DISAGREES, "the rule ahead", 3),
            key_mark("o", SOFT, f"a = {shown:g}, or a rule that does not count", 5),
        ],
    )
    for place, name in enumerate(decisions):
        text = wrap(names.ballot(name), _TEXT - 0.15, LABEL)[0]
        write(figure, MARGIN, top + high + (place + 0.5) * _ROW, text, LABEL, va="center")
    reach = max(float(each["difference"].abs().max()), 0.1) * 1.08 if len(each) else 1.0
    step = next(step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 1e9) if reach / step <= 2.5)
    for column, (rule, lines) in enumerate(zip(records(rules), heads, strict=True)):
        left = MARGIN + _TEXT + column * wide
        across = wide - _GAP
        write(figure, left, top + high - 0.1, "\n".join(lines), SMALL, va="bottom", weight="bold")
        axes = panel(figure, left, top + high, across, _ROW * len(decisions))
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(decisions), 0)
        ticks = [step * k for k in range(-math.floor(reach / step), math.floor(reach / step) + 1)]
        axes.vlines(ticks, 0, len(decisions), color=RULE, linewidth=0.6, zorder=0)
        axes.axvline(0, color=FAINT, linewidth=1.2, zorder=1)
        axes.set_xticks(ticks, [number(tick + 0.0) for tick in ticks], fontsize=SMALL)
        own = each[each["baseline"] == rule.baseline]
        for place, name in enumerate(decisions):
            rows = own[own["decision"] == name]
            least, most, y = float(rows["difference"].min()), float(rows["difference"].max()), place + 0.5
            axes.hlines(y, max(least, 0.0), max(most, 0.0), color=AGREES, linewidth=3, zorder=2)
            axes.hlines(y, min(least, 0.0), min(most, 0.0), color=DISAGREES, linewidth=3, zorder=2)
            one = rows[rows["pseudocount"].isna() | (rows["pseudocount"] == shown)]
            axes.plot(one["difference"], [y] * len(one), "o", color=SOFT, markersize=5, zorder=3)
        below = top + high + _ROW * len(decisions) + 0.38
        ends = dict.fromkeys([_total(rule.low, rule.low_error), _total(rule.high, rule.high_error)])
        write(figure, left, below, "\nto ".join(ends), SMALL, va="top")
        write(figure, left, below + 2 * line_height(SMALL) + 0.04, _SAID[rule.verdict], SMALL, va="top", color=SOFT)
    return figure


def _total(difference: float, error: float) -> str:
    sign = "+" if difference > 0 else ""
    return f"{sign}{number(difference, 2)}" + ("" if math.isnan(error) else f" ± {number(error, 2)}")
