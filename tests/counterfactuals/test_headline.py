"""The sentence that sums up a comparison says the largest sure difference, and nothing that is not sure."""

from __future__ import annotations

from typing import Any

import pandas

import sim
from sim.counterfactuals.headline import (
    NO_DIFFERENCE,
    NOTHING_SURE,
    of_decisions,
    of_others,
    of_votes,
    place,
    two_percents,
)


def decision(motion: str, carried: float, carried_other: float, half: float) -> dict[str, Any]:
    """A decision whose difference has an interval of `half` to either side."""
    difference = carried_other - carried
    return {
        "decision": motion,
        "put": 1.0,
        "put_other": 1.0,
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
    names = {one["decision"]: one["decision"] for one in decisions}
    return of_decisions(pandas.DataFrame(decisions), names)


def test_worlds_without_a_flip_do_not_differ() -> None:
    """No history comes out differently."""
    assert said(decision("open the gates", 0.5, 0.5, 0.0)) == NO_DIFFERENCE


def test_a_difference_that_may_be_none_is_not_told() -> None:
    """The interval holds 0."""
    assert said(decision("open the gates", 0.5, 0.51, 0.02)) == NOTHING_SURE


def test_the_largest_sure_difference_is_told_with_its_numbers() -> None:
    """A larger difference that is not sure stands back."""
    table = [
        decision("open the gates", 0.5, 0.4, 0.02),
        decision("close the gates", 0.2, 0.25, 0.01),
        decision("paint the gates", 0.1, 0.9, 0.95),
    ]
    assert said(*table) == (
        "“open the gates” is carried in 40 % of histories instead of 50 % (−10.0 points, 95 %: −12.0 to −8.0)."
    )
    names = {row["decision"]: row["decision"] for row in table}
    assert of_others(pandas.DataFrame(table), names) == "“close the gates” also becomes more likely in the model."
    assert of_others(pandas.DataFrame(table[:1]), names) == ""


def test_other_decisions_are_told_by_the_way_in_which_they_change() -> None:
    """More likely and less likely apart; of each, three or more as a number; less than a point is left out."""
    table = [
        decision("open the gates", 0.1, 0.95, 0.01),
        decision("close the gates", 0.9, 0.12, 0.01),
        decision("paint the gates", 0.5, 0.7, 0.01),
        decision("oil the gates", 0.5, 0.504, 0.001),
    ]
    names = {row["decision"]: row["decision"] for row in table}
    assert of_others(pandas.DataFrame(table), names) == (
        "“paint the gates” also becomes more likely, and “close the gates” less likely in the model."
    )
    falling = [decision(name, 0.9, 0.8, 0.01) for name in "abc"]
    many = pandas.DataFrame([table[0], *falling])
    assert of_others(many, {**names, **{name: name for name in "abc"}}) == (
        "3 other decisions also become less likely in the model."
    )


def test_a_place_has_a_sign_only_where_its_axis_has_both() -> None:
    """And no more digits than can be told apart on the axis."""
    debates = {name: sim.load(name, prior=True).debate.axis for name in ("library-sunday", "monopoly-1922")}
    assert place(19.0, debates["library-sunday"]) == "19"
    assert place(0.5, debates["monopoly-1922"]) == "+0.50"


def test_what_is_put_less_often_is_said_to_be() -> None:
    """A decision that waits for another is carried less often because it is put less often."""
    row = decision("open the gates", 0.9, 0.1, 0.01)
    assert "is put in 20 % of histories instead of 100 %, and carried in 10 % instead of 90 %" in said(
        {**row, "put_other": 0.2}
    )
    hardly = said({**row, "put_other": 0.999})
    assert "is carried in 10 % of histories instead of 90 %" in hardly
    assert "is never put, and was carried in 90 % of histories" in said({**row, "put_other": 0.0})
    assert "was never put; in the other world it is put in 100 % of histories" in said({**row, "put": 0.0})


def test_two_fractions_that_would_read_alike_have_another_digit() -> None:
    """A sure difference of a fifth of a point is not told as 88 % instead of 88 %."""
    assert two_percents(0.8812, 0.8834) == ("88.1 %", "88.3 %")
    assert two_percents(0.5, 0.5) == ("50 %", "50 %")


def test_votes_are_told_by_what_changed_them_the_most_first() -> None:
    """Small causes are left out, and hardly a vote is said to be hardly one."""
    votes = {"deference": 0.5, "own_stance": 2.0, "choice": 0.01, "attendance": 0.0}
    assert of_votes(votes, "Ada", 0.1, 0.25, everywhere=True) == (
        "On average 2.5 votes in it change: 2.0 by own stance and 0.5 by deference to Ada. "
        "On average a private stance moves by 0.10 and an expressed one by 0.25, up or down."
    )
    none = dict.fromkeys(votes, 0.0)
    assert of_votes(none, "", 0.0, 0.0, everywhere=False) == (
        "Where both worlds put it, on average hardly a vote in it changes."
    )
