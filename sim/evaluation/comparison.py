"""Whether the model predicts better than a baseline: the difference of log scores, its error, and a sentence.

Terminal, report and worksheet have the sentence from here; nothing else says who predicts better. A few decisions show
little, and a baseline that learns by counting has a prior of its own; so what is said is what holds over all of these
priors, by a t test at a level shared among all baselines, and with any one decision left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas

from sim.ensembles import beta
from sim.evaluation.baselines import PSEUDOCOUNTS
from sim.evaluation.predictors import LABELS, ONE_STEP_AHEAD, UNFITTED, UNFITTED_MODELS
from sim.model.array_types import Floats
from sim.results.wording import counted, joined

#: The chance to find any difference among all baselines where there is none; shared equally (Bonferroni).
LEVEL = 0.05
BETTER, WORSE, NOT_TOLD_APART = "better", "worse", "not-told-apart"
WHO = ["baseline", "pseudocount"]


def by_decision(predictor: str, model: pandas.Series[float], rivals: pandas.DataFrame) -> pandas.DataFrame:
    """A model less each baseline, in log score; above 0 the model is better.

    predictor: the id of the model. model: log score by decision. rivals: of `baselines.over_priors`; those that are our
    model unfitted are compared with an unfitted model alone. Returns baseline, pseudocount, decision, difference.
    """
    is_like = (predictor == UNFITTED) | ~rivals.baseline.isin(UNFITTED_MODELS)
    table = rivals[is_like].reset_index(drop=True)
    return table.assign(difference=model.reindex(table.decision).to_numpy() - table.log_score).drop(columns="log_score")


def differences(each: pandas.DataFrame) -> pandas.DataFrame:
    """The model less each baseline over all decisions, of what `by_decision` says of one model.

    baseline, pseudocount, difference (of the totals), error (its standard error, the decisions taken as a sample),
    verdict on the model (better, worse, not-told-apart) and hangs_on: the decision without which the sign, or what the
    test says, is another; empty if there is none.
    """
    level = LEVEL / max(each.baseline.nunique(), 1)
    rows = []
    for (baseline, pseudocount), table in each.groupby(WHO, sort=False, dropna=False):
        values = table.difference.to_numpy()
        decisive = _decisive(values, level)
        verdict = NOT_TOLD_APART if decisive is not None else _verdict(values, level)
        hangs_on = "" if decisive is None else str(table.decision.iloc[decisive])
        rows.append((baseline, pseudocount, values.sum(), _error(values), verdict, hangs_on))
    return pandas.DataFrame(rows, columns=[*WHO, "difference", "error", "verdict", "hangs_on"])


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) * math.sqrt(values.size)) if values.size > 1 else math.nan


def _verdict(values: Floats, level: float) -> str:
    """By a paired t test, two-sided; what is the same difference in all decisions is told apart."""
    difference, error = float(values.sum()), _error(values)
    if (
        math.isnan(error)
        or difference == 0.0
        or _chance(difference / error if error else math.inf, values.size) > level
    ):
        return NOT_TOLD_APART
    return BETTER if difference > 0 else WORSE


def _chance(t: float, size: int) -> float:
    """The chance of a t as large, either way, of so many differences that are none: Student's distribution."""
    if math.isinf(t):
        return 0.0
    freedom = size - 1
    x, half = np.array([min(freedom / (freedom + t * t), 1.0 - 1e-12)]), np.array([0.5])
    return float(beta.cumulative(x, np.array([freedom / 2]), half)[0])


def _decisive(values: Floats, level: float) -> int | None:
    """The decision that weighs most of those without which the sign or the verdict is another, if there is one."""
    if values.size < 2 or np.isnan(values).any():
        return None
    verdict, total = _verdict(values, level), values.sum()
    rest = [np.delete(values, place) for place in range(values.size)]
    turns = [
        total * some.sum() <= 0.0 < abs(total) or _verdict(some, level) != verdict != NOT_TOLD_APART for some in rest
    ]
    weights = np.where(turns, np.abs(values), -1.0)
    return int(weights.argmax()) if any(turns) else None


def over_baselines(compared: pandas.DataFrame) -> pandas.DataFrame:
    """One row a baseline, that which may do best beside the model first: what holds over all of its priors.

    low, high: the least and the largest difference; low_error, high_error: those of these. verdict: where all priors
    agree. by_prior: whether sign or verdict hangs on the prior; hangs_on: the decisions that they hang on, by prior.
    """
    rows = []
    for baseline, table in compared.dropna(subset="difference").groupby("baseline", sort=False):
        order = table.difference.to_numpy()
        least, most = table.iloc[int(order.argmin())], table.iloc[int(order.argmax())]
        by_prior = len({*table.verdict}) > 1 or least.difference < 0.0 < most.difference
        verdict = NOT_TOLD_APART if by_prior else least.verdict
        on = " or ".join(table.hangs_on[table.hangs_on != ""].unique())
        rows.append((baseline, least.difference, most.difference, least.error, most.error, verdict, by_prior, on))
    columns = ["baseline", "low", "high", "low_error", "high_error", "verdict", "by_prior", "hangs_on"]
    return pandas.DataFrame(rows, columns=columns).sort_values("low", kind="stable", ignore_index=True)


def headline(predictor: str, decisions: int, compared: pandas.DataFrame) -> str:
    """Whether a model (by its id) predicts better than the simple rules, in a sentence on the best of these.

    decisions: how many are predicted. compared: what `differences` of the model shows.
    """
    nothing = _nothing(decisions, compared)
    if nothing:
        return nothing
    best: Any = next(over_baselines(compared).itertuples())
    finding = {
        WORSE: "the model does worse than the best simple rule",
        NOT_TOLD_APART: "the model cannot be told apart from the best simple rule",
        BETTER: "the model does better than the best simple rule",
    }[best.verdict]
    text = f"Predicting {counted(decisions, 'decision')} {_how(predictor)}, {finding}, “{LABELS[best.baseline]}”"
    return f"{text} ({_in_numbers(best)} in log score)."


def comparison(predictor: str, decisions: int, compared: pandas.DataFrame) -> str:
    """The headline, and in a few sentences what else `differences` of the model show, rule by rule."""
    details = list(_details(decisions, compared))
    if details and predictor == ONE_STEP_AHEAD:
        details.insert(0, "First stances are coded from the whole record all the same, which no rule has seen.")
    return " ".join([headline(predictor, decisions, compared), *details])


def _nothing(decisions: int, compared: pandas.DataFrame) -> str:
    """Why there is nothing to compare; empty if there is something."""
    if not decisions:
        return "No decision has a documented outcome to be compared with."
    if compared.difference.isna().any():
        return "A decision is put to the vote in no history, so that the model has no score to be compared."
    return ""


def _details(decisions: int, compared: pandas.DataFrame) -> Iterator[str]:
    if _nothing(decisions, compared):
        return
    rules = over_baselines(compared)
    for verdict, finding in (
        (WORSE, "It does worse than"),
        (NOT_TOLD_APART, "It cannot be told apart from"),
        (BETTER, "It does better than"),
    ):
        rows: Any = rules[rules.verdict == verdict].itertuples()
        names = [f"{LABELS[row.baseline]} ({_in_numbers(row)})" for row in rows]
        if names:
            yield f"{finding}: {'; '.join(names)}."
    every: Any = rules.itertuples()
    for row in every:
        on = ["the prior from which it starts"] if row.by_prior else []
        on += [f"one decision ({row.hangs_on})"] if row.hangs_on else []
        if on:
            yield f"Beside “{LABELS[row.baseline]}” the answer hangs on {joined(on)}."
    if compared.pseudocount.notna().any():
        yield (
            "Two numbers are for the priors from which a rule may learn how far to trust itself, Beta(a, a) with a "
            f"from {min(PSEUDOCOUNTS):g} to {max(PSEUDOCOUNTS):g}; told apart is what is so from each of them."
        )
    if decisions == 1:
        yield "One decision has no standard error, and shows next to nothing."
        return
    made = counted(len(rules), "comparison").capitalize() + (" is" if len(rules) == 1 else " are")
    yield (
        f"{made} made, each by a paired t test with {counted(decisions - 1, 'degree')} of freedom at the level of "
        f"{_percent(LEVEL / len(rules))} per cent ({_percent(LEVEL)} among all), and again without each decision. The "
        f"errors treat {decisions} decisions as a sample: they say how little so few can show, and nothing of whether "
        "the model's mechanism is the true one."
    )


def _percent(part: float) -> str:
    return f"{100 * part:.3g}"


def _how(predictor: str) -> str:
    return predictor.replace("-", " ")


def _in_numbers(row: Any) -> str:
    """Differences with their standard errors, the least and the largest; one where these are the same."""
    ends = [_one(row.low, row.low_error), _one(row.high, row.high_error)]
    return " to ".join(dict.fromkeys(ends))


def _one(difference: float, error: float) -> str:
    return f"{difference:+.2f}" + ("" if math.isnan(error) else f" ± {error:.2f}")
