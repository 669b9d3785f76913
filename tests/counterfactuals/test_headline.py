"""The sentence that sums up a comparison says the largest sure difference, and nothing that is not sure."""

from __future__ import annotations

from typing import Any

import pandas

from sim.counterfactuals.headline import NO_DIFFERENCE, NOTHING_SURE, headline


def decision(motion: str, carried: float, carried_other: float, half: float) -> dict[str, Any]:
    """A decision whose difference has an interval of `half` to either side."""
    difference = carried_other - carried
    return {
        "motion": motion,
        "date": pandas.Timestamp("1922-10-06"),
        "carried": carried,
        "carried_other": carried_other,
        "difference": difference,
        "low": difference - half,
        "high": difference + half,
        "flips_to_carried": max(difference, 0.0),
        "flips_to_lost": max(-difference, 0.0),
    }


def said(*decisions: dict[str, Any]) -> str:
    """The headline of these decisions."""
    return headline(pandas.DataFrame(decisions))


def test_worlds_without_a_flip_do_not_differ() -> None:
    """No history comes out differently."""
    assert said(decision("open the gates", 0.5, 0.5, 0.0)) == NO_DIFFERENCE


def test_a_difference_that_may_be_none_is_not_told() -> None:
    """The interval holds 0."""
    assert said(decision("open the gates", 0.5, 0.51, 0.02)) == NOTHING_SURE


def test_the_largest_sure_difference_is_told_with_its_numbers() -> None:
    """A larger difference that is not sure stands back."""
    sentence = said(
        decision("open the gates", 0.5, 0.4, 0.02),
        decision("close the gates", 0.2, 0.25, 0.01),
        decision("paint the gates", 0.1, 0.9, 0.95),
    )
    assert sentence == (
        "“open the gates” (6 Oct 1922) is carried less often: in 40 % of histories instead of 50 %, a difference of "
        "−10.0 points (95 %: −12.0 to −8.0). 2 decisions become surely more or less likely."
    )


def test_a_single_decision_is_said_to_be_the_only_one() -> None:
    """Nothing else surely changes; what is nearly certain is not called certain."""
    sentence = said(decision("open the gates", 0.3, 0.999, 0.001), decision("close the gates", 0.2, 0.2, 0.0))
    assert "carried more often: in > 99 % of histories instead of 30 %" in sentence
    assert sentence.endswith("It is the only decision that becomes surely more or less likely.")
