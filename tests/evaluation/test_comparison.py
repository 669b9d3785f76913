"""Whether the model predicts better than a baseline is told with its error, and never beyond it."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.evaluation.comparison import by_decision, comparison, differences, headline, over_baselines
from sim.evaluation.predictors import COIN, NO_DEFERENCE_ITSELF, ONE_STEP_AHEAD, PUT_PASSES, UNFITTED

#: A baseline from each of its priors, by pseudocount; NaN for one without.
Rules = dict[tuple[str, float], list[float]]


def table(model: list[float], rules: Rules, predictor: str = ONE_STEP_AHEAD) -> pandas.DataFrame:
    """What `differences` says of log scores of decisions."""
    names = [f"decision-{number}" for number in range(len(model))]
    rows = [(*who, *row) for who, scores in rules.items() for row in zip(names, scores, strict=True)]
    rivals = pandas.DataFrame(rows, columns=["baseline", "pseudocount", "decision", "log_score"])
    return differences(by_decision(predictor, pandas.Series(model, names), rivals))


def compared(model: list[float], coin: list[float], passes: list[float], more: Rules | None = None) -> str:
    """The sentences for log scores of decisions, of a coin and of one rule that counts."""
    rules = {(COIN, math.nan): coin, (PUT_PASSES, 1.0): passes, **(more or {})}
    return comparison(ONE_STEP_AHEAD, len(model), table(model, rules))


def test_the_first_sentence_is_on_the_best_simple_rule() -> None:
    """Whatever the model beats besides, the first sentence says how it stands to the rule that predicts best."""
    text = compared([-0.1, -0.2, -0.3], [-0.6, -0.7, -0.8], [-0.9, -0.0, 0.0])
    assert text.startswith(
        "Predicting 3 decisions one step ahead, the model cannot be told apart from the best simple rule, "
        "“what is put passes” (+0.30 ± "
    )
    assert "worse than the best simple rule, “a coin”" in compared([-0.9, -0.8, -0.7], [-0.1, 0.0, 0.1], [-0.7] * 3)
    assert "better than the best simple rule, “a coin”" in compared([-0.1] * 3, [-0.6] * 3, [-0.7, -0.8, -0.9])


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=9))
def test_told_apart_is_what_a_t_test_tells_apart_whatever_decision_is_left_out(each: list[float]) -> None:
    """The verdict is SciPy's at 5 per cent, for all decisions and for all but any one, with one and the same sign."""
    found = table(each, {(COIN, math.nan): [0.0] * len(each)}).iloc[0]
    assert found.difference == pytest.approx(sum(each))
    parts = [np.array(each)] + [np.delete(each, place) for place in range(len(each))]
    if min(part.std() for part in parts) < 1e-6:
        return
    chances = [stats.ttest_1samp(part, 0.0).pvalue for part in parts]
    if min(abs(chance - 0.05) for chance in chances) < 1e-6:
        return
    told = max(chances) < 0.05 and len({np.sign(part.sum()) for part in parts}) == 1
    assert found.verdict == ("not-told-apart" if not told else "better" if sum(each) > 0 else "worse")
    assert found.error == pytest.approx(np.std(each, ddof=1) * math.sqrt(len(each)))


def test_the_level_is_shared_among_all_baselines() -> None:
    """What one comparison alone would tell apart, one of two does not: each has half of the level."""
    each = [0.6, 0.9, 0.2, 0.5, 0.3, 0.95]
    one = {(COIN, math.nan): [0.0] * 6}
    level = max(stats.ttest_1samp(np.delete(each, place), 0.0).pvalue for place in range(6))
    assert 0.0125 < level < 0.025
    assert table(each, one).verdict[0] == "better"
    others: Rules = {(f"rule-{number}", math.nan): [-1.0] * 6 for number in range(3)}
    assert table(each, one | others).verdict[0] == "not-told-apart"
    assert "Each" not in compared(each, [0.0] * 6, [-0.1] * 6)
    assert "2 comparisons are made, each by a paired t test with 5 degrees of freedom at the level of 2.5 per cent" in (
        compared(each, [0.0] * 6, [-0.1] * 6)
    )


def test_what_rests_on_one_decision_is_not_told_apart_and_that_decision_is_named() -> None:
    """Where without one decision the sign turns, or the test says nothing, that one is named."""
    text = compared([0.0] * 5, [-0.6, -0.7, -0.8, -0.7, -0.6], [-2.0, 0.1, 0.2, 0.1, 0.1])
    assert "It cannot be told apart from: what is put passes (+1.50 ± 2.13)." in text
    assert "Beside “what is put passes” the answer hangs on one decision (decision-0)." in text
    assert "It does better than: a coin (+3.40 ± 0.19)." in text
    verdict = table([0.0] * 4, {(COIN, math.nan): [-0.9, -0.8, 0.3, -0.4]})
    assert (verdict.verdict[0], verdict.hangs_on[0]) == ("not-told-apart", "")


def test_a_rule_that_counts_is_compared_from_each_of_its_priors() -> None:
    """The least and the largest difference are told; better is only what is better than the rule from every prior."""
    more: Rules = {(PUT_PASSES, 0.25): [0.3, 0.2, 0.3]}
    text = compared([-0.1, -0.2, -0.3], [-0.6, -0.7, -0.8], [-0.9, -1.0, -1.1], more)
    assert "the best simple rule, “what is put passes” (-1.40 ± 0.20 to +2.40 ± 0.00 in log score)" in text
    assert "Beside “what is put passes” the answer hangs on the prior from which it starts and" in text
    assert "Beta(a, a) with a from 0.25 to 2; told apart is what is so from each of them." in text
    rules = over_baselines(table([-0.1] * 3, {(PUT_PASSES, 0.5): [-0.6] * 3, (PUT_PASSES, 2.0): [-0.9] * 3}))
    assert (rules.verdict[0], rules.low[0], rules.high[0]) == ("better", pytest.approx(1.5), pytest.approx(2.4))


def test_a_fitted_model_is_not_compared_with_one_that_is_not() -> None:
    """An ablation that is not fitted again is a rival of the unfitted model alone."""
    rules: Rules = {(COIN, math.nan): [-0.7] * 3, (NO_DEFERENCE_ITSELF, math.nan): [-2.0] * 3}
    assert set(table([-0.1] * 3, rules).baseline) == {COIN}
    assert set(table([-0.1] * 3, rules, UNFITTED).baseline) == {COIN, NO_DEFERENCE_ITSELF}


def test_a_tie_is_told_as_one() -> None:
    """A model that says the same as a rule is neither better nor worse, and nothing hangs on any decision."""
    found = table([-0.5] * 4, {(COIN, math.nan): [-0.5] * 4})
    assert (found.difference[0], found.verdict[0], found.hangs_on[0]) == (0.0, "not-told-apart", "")
    assert "a coin (+0.00 ± 0.00)" in compared([-0.5] * 4, [-0.5] * 4, [-0.9] * 4)


@pytest.mark.parametrize("decisions", [1, 2])
def test_one_or_two_decisions_tell_nothing_apart(decisions: int) -> None:
    """From one decision no standard error can be had, and of two one left out leaves one: nothing is told apart."""
    text = compared([-0.1] * decisions, [-0.7] * decisions, [-0.4] * decisions)
    assert "nan" not in text
    assert "does better" not in text
    if decisions == 1:
        assert text.endswith("One decision has no standard error, and shows next to nothing.")


def test_a_model_without_a_score_is_compared_with_nothing() -> None:
    """Where a motion is never put there is no probability, and so no score; no rule is said to be better or worse."""
    text = compared([-0.1, float("nan")], [-0.6, -0.6], [-0.7, -0.8])
    assert text == "A decision is put to the vote in no history, so that the model has no score to be compared."


def test_without_a_documented_outcome_there_is_nothing_to_compare() -> None:
    """Nothing is said of simple rules where no decision was predicted."""
    nothing = headline(ONE_STEP_AHEAD, 0, pandas.DataFrame())
    assert nothing == "No decision has a documented outcome to be compared with."
