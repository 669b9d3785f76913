"""Whether the model predicts better than a baseline is told with its error, and never beyond it."""

from __future__ import annotations

import pandas

from sim.evaluation.comparison import comparison, differences, headline
from sim.evaluation.predictors import COIN, ONE_STEP_AHEAD, PUT_PASSES


def compared(model: list[float], coin: list[float], passes: list[float]) -> str:
    """The sentences for log scores of decisions."""
    names = [f"decision-{number}" for number in range(len(model))]
    rows = [
        (who, *row) for who, scores in ((COIN, coin), (PUT_PASSES, passes)) for row in zip(names, scores, strict=True)
    ]
    table = differences(
        pandas.Series(model, names), pandas.DataFrame(rows, columns=["predictor", "decision", "log_score"])
    )
    return comparison(ONE_STEP_AHEAD, len(model), table)


def test_the_first_sentence_is_on_the_best_simple_rule() -> None:
    """Whatever the model beats besides, the first sentence says how it stands to the rule that predicts best."""
    text = compared([-0.1, -0.2, -0.3], [-0.6, -0.7, -0.8], [-0.9, -0.0, 0.0])
    assert text.startswith(
        "Predicting 3 decisions one step ahead, the model cannot be told apart from the best simple rule, "
        "“what is put passes” (+0.30 ± "
    )
    assert "worse than the best simple rule, “a coin”" in compared([-0.9, -0.8], [-0.1, -0.1], [-0.7, -0.5])
    assert "better than the best simple rule, “a coin”" in compared([-0.1, -0.1], [-0.6, -0.6], [-0.7, -0.8])


def test_what_is_within_two_errors_is_not_told_apart() -> None:
    """A difference of totals of 0.3 with an error of 1.3 says nothing; one of 1.5 with none is a difference."""
    text = compared([-0.1, -0.2, -0.3], [-0.6, -0.7, -0.8], [-0.9, -0.0, 0.0])
    assert "It does better than: a coin (+1.50 ± 0.00)" in text
    assert "It cannot be told apart (2 standard errors) from: what is put passes (+0.30 ± " in text


def test_one_decision_has_no_error_and_is_told_so() -> None:
    """From one decision no standard error can be had: none is printed, and nothing is told apart."""
    text = compared([-0.1], [-0.7], [-0.4])
    assert "nan" not in text
    assert "does better" not in text
    assert text.endswith("One decision has no standard error, and shows next to nothing.")


def test_a_model_without_a_score_is_compared_with_nothing() -> None:
    """Where a motion is never put there is no probability, and so no score; no rule is said to be better or worse."""
    text = compared([-0.1, float("nan")], [-0.6, -0.6], [-0.7, -0.8])
    assert text == "A decision is put to the vote in no history, so that the model has no score to be compared."


def test_without_a_documented_outcome_there_is_nothing_to_compare() -> None:
    """Nothing is said of simple rules where no decision was predicted."""
    nothing = headline(ONE_STEP_AHEAD, 0, pandas.DataFrame())
    assert nothing == "No decision has a documented outcome to be compared with."
