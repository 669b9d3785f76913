"""Whether the model predicts better than a baseline: the difference of log scores, its error, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas

from sim.evaluation.predictors import LABELS

#: A difference of this many standard errors is taken as told apart.
TOLD_APART = 2.0
BETTER, WORSE, NOT_TOLD_APART = "better", "worse", "not-told-apart"


def differences(model: pandas.Series[float], baselines: pandas.DataFrame) -> pandas.DataFrame:
    """The model less each baseline, in log score (above 0 the model is better), over the decisions.

    model: log score by decision. baselines: predictor, decision, log_score. Returns baseline, difference (of the
    totals), error (its standard error, the decisions taken as a sample, so of little weight where they are few) and
    verdict on the model (better, worse, not-told-apart).
    """
    rows = []
    for baseline, table in baselines.groupby("predictor", sort=False):
        each = (model - table.set_index("decision").log_score).to_numpy()
        difference, error = each.sum(), each.std(ddof=1) * math.sqrt(each.size) if each.size > 1 else math.nan
        rows.append((baseline, difference, error, _verdict(difference, error)))
    return pandas.DataFrame(rows, columns=["baseline", "difference", "error", "verdict"])


def _verdict(difference: float, error: float) -> str:
    if not abs(difference) > TOLD_APART * error:
        return NOT_TOLD_APART
    return BETTER if difference > 0 else WORSE


def comparison(predictor: str, decisions: int, compared: pandas.DataFrame) -> str:
    """What `differences` of a model (by its id) over a number of decisions show, in a few sentences."""
    if not decisions:
        return "No decision has a documented outcome to be compared with."
    return " ".join(_sentences(predictor, decisions, compared))


def _sentences(predictor: str, decisions: int, compared: pandas.DataFrame) -> Iterator[str]:
    number = "one decision" if decisions == 1 else f"{decisions} decisions"
    how = predictor.replace("-", " ")
    for verdict, finding in (
        (WORSE, "the model does worse than"),
        (BETTER, "the model does better than"),
        (NOT_TOLD_APART, f"the model cannot be told apart ({TOLD_APART:g} standard errors) from"),
    ):
        names = [
            f"{LABELS[str(row.baseline)]} ({row.difference:+.2f}{_margin(row.error)})"
            for row in compared[compared.verdict == verdict].itertuples()
        ]
        if names:
            yield f"Predicting {number} {how}, {finding}: {'; '.join(names)}."
    if decisions == 1:
        yield "One decision has no standard error, and shows next to nothing."
    else:
        yield f"The errors treat {number} as a sample: they say how little so few can show, and no more."


def _margin(error: Any) -> str:
    """A standard error behind its number; nothing where one decision gives none."""
    return "" if math.isnan(error) else f" ± {error:.2f}"
