"""Whether the model predicts better than a baseline: the difference of log scores, its error, and a sentence.

Terminal, report and worksheet have the sentence from here; nothing else says who predicts better.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas

from sim.evaluation.predictors import LABELS
from sim.results.wording import counted

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


def headline(predictor: str, decisions: int, compared: pandas.DataFrame) -> str:
    """Whether a model (by its id) predicts better than the simple rules, in a sentence on the best of these.

    decisions: how many are predicted. compared: what `differences` of the model shows.
    """
    if not decisions:
        return "No decision has a documented outcome to be compared with."
    if compared.difference.isna().any():
        return "A decision is put to the vote in no history, so that the model has no score to be compared."
    best: Any = compared.iloc[compared.difference.argmin()]
    finding = {
        WORSE: "the model does worse than the best simple rule",
        NOT_TOLD_APART: "the model cannot be told apart from the best simple rule",
        BETTER: "the model does better than the best simple rule",
    }[best.verdict]
    return (
        f"Predicting {counted(decisions, 'decision')} {_how(predictor)}, {finding}, “{LABELS[best.baseline]}” "
        f"({_in_numbers(best)} in log score)."
    )


def comparison(predictor: str, decisions: int, compared: pandas.DataFrame) -> str:
    """The headline, and in a few sentences what else `differences` of the model show, rule by rule."""
    return " ".join([headline(predictor, decisions, compared), *_details(decisions, compared)])


def _details(decisions: int, compared: pandas.DataFrame) -> Iterator[str]:
    if not decisions or compared.difference.isna().any():
        return
    for verdict, finding in (
        (WORSE, "It does worse than"),
        (NOT_TOLD_APART, f"It cannot be told apart ({TOLD_APART:g} standard errors) from"),
        (BETTER, "It does better than"),
    ):
        rows: Any = compared[compared.verdict == verdict].itertuples()
        names = [f"{LABELS[row.baseline]} ({_in_numbers(row)})" for row in rows]
        if names:
            yield f"{finding}: {'; '.join(names)}."
    if decisions == 1:
        yield "One decision has no standard error, and shows next to nothing."
    else:
        yield (
            f"The errors treat {decisions} decisions as a sample: they say how little so few can show, and nothing of "
            "whether the model's mechanism is the true one."
        )


def _how(predictor: str) -> str:
    return predictor.replace("-", " ")


def _in_numbers(row: Any) -> str:
    """A difference with its standard error; without one where one decision gives none."""
    return f"{row.difference:+.2f}" + ("" if math.isnan(row.error) else f" ± {row.error:.2f}")
