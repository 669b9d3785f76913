"""Who predicts the decisions how well: the model by how much of the record it has seen, beside the baselines."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.charts.heat_map import CHANCES, heat_map
from sim.figures.data import MOST_COLUMNS, Names, largest, one_outcome, records, said_of_largest, those
from sim.figures.style import AGREES, DISAGREES, MARGIN, SOFT, WIDTH, in_house_style, key_area, panel, sheet, write
from sim.figures.text import LABEL, SMALL, head, line_height, wrap
from sim.results.wording import counted, number, percent

_TEXT, _TOTAL, _ROW = 3.5, 0.85, 0.44


def title_of(rules: pd.DataFrame, label: str) -> str:
    """From how many baselines a predictor can be told apart. label: what it does, in words.

    rules: one row a baseline: verdict (better, worse, not-told-apart).
    """
    verdicts = rules["verdict"]
    said = [
        f"{what} {(verdicts == verdict).sum()}"
        for verdict, what in (
            ("better", "does better than"),
            ("worse", "does worse than"),
            ("not-told-apart", "cannot be told apart from"),
        )
        if (verdicts == verdict).any()
    ]
    if not said:
        return f"{label}, the model has no baseline to be compared with"
    said[0] += f" of {counted(len(verdicts), 'baseline')}"
    return f"{label}, the model {those(said)}"


@in_house_style
def scores(predictions: pd.DataFrame, totals: pd.DataFrame, title: str, fitted: str, names: Names) -> Figure:
    """A row a predictor, a column a decision: the chance that it gave to what happened; and the total log score.

    predictions: predictor, decision, outcome, probability. totals: predictor, label, log_score. fitted: the predictor
    that has seen what it is scored on; it stands first, and the others by their score.
    """
    given = predictions["probability"].where(predictions["outcome"] == "carried", 1 - predictions["probability"])
    every = predictions.assign(given=given).pivot_table(
        index="predictor", columns="decision", values="given", sort=False
    )
    cells = every[largest(-every.mean(), MOST_COLUMNS)]
    own = totals["predictor"] == fitted
    order = pd.concat([totals[own], totals[~own].sort_values("log_score", ascending=False, kind="stable")])
    across = WIDTH - 2 * MARGIN - _TEXT - _TOTAL
    wide = across / max(len(cells.columns), 1)
    heads = [head(names.ballot(name), wide) for name in cells.columns]
    high = max(map(len, heads), default=1) * line_height(SMALL) + 0.12
    figure, top = sheet(
        names,
        high + _ROW * len(order),
        title,
        f"{names.title}: the chance in per cent that each gave to what the record says of a decision, and the log "
        f"score of all of them, nearer to 0 the better.{one_outcome(predictions['outcome'])}"
        + said_of_largest(len(cells.columns), len(every.columns), "that were foretold worst"),
        "The first row has seen what it is scored on, and proves nothing; no other has seen the decision that it says "
        "the chance of. But first stances are coded from the whole record, also for what is said one step ahead.",
        [key_area(AGREES, "more than even odds for what happened"), key_area(DISAGREES, "less")],
    )
    for column, lines in enumerate(heads):
        x = MARGIN + _TEXT + (column + 0.5) * wide
        write(figure, x, top + high - 0.08, "\n".join(lines), SMALL, ha="center", va="bottom")
    write(figure, WIDTH - MARGIN, top + high - 0.08, "log score", SMALL, ha="right", va="bottom")
    axes = panel(figure, MARGIN + _TEXT, top + high, across, _ROW * len(order))
    table = cells.reindex(order["predictor"]).to_numpy()
    texts = [[percent(value) for value in row] for row in table]
    heat_map(axes, 2 * np.asarray(table) - 1, texts, size=SMALL, colours=CHANCES)
    for row, total in enumerate(records(order)):
        middle, colour = top + high + (row + 0.5) * _ROW, {"color": SOFT} if total.predictor == fitted else {}
        label = "\n".join(wrap(total.label, _TEXT - 0.1, SMALL, lines=2))
        write(figure, MARGIN, middle, label, SMALL, va="center", linespacing=1.05, **colour)
        write(figure, WIDTH - MARGIN, middle, number(total.log_score, 2), LABEL, ha="right", va="center", **colour)
    return figure
