"""Talks in which some have a row of listening weights, worked out by the formulas that stand on the page.

The page's own words are read and evaluated: its table of closenesses, and its line on w. Nothing of the program is
used but to play the same debate, and nothing of the other second implementation.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from tests.debates import debate, talk

SECTION = (Path(__file__).parents[2] / "MODEL.md").read_text("utf-8").split("### 7.2 Talk")[1].split("### 7.3")[0]
NAMES = ("ann", "bob", "cat", "dan")
Rows = dict[str, dict[str, float]]


def closenesses() -> dict[str, str]:
    """G by its word, as Python: the second column of the page's table."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) (?<!\\)\| ", SECTION, re.M)
    said = {
        word: formula.split(", with")[0].replace(r"\|", "|") for word, formula in rows if "see below" not in formula
    }
    return {
        word: re.sub(r"\|d\|", "abs(d)", formula).replace("²", "**2").replace(", else", " else")
        for word, formula in said.items()
    }


def weight_by() -> tuple[str, str]:
    """What w is by the page for who has a row, and for who has none: L_ij, A_j or a product of them."""
    (line,) = re.findall(r"^w_ij = +(.+)$", SECTION, re.M)
    with_row, without = re.fullmatch(r"(.+?) +if i has a row of listening weights, +else +(.+)", line).groups()  # type: ignore[union-attr]
    return with_row, without


CLOSENESS, (WITH_ROW, WITHOUT) = closenesses(), weight_by()


def after_a_talk(rule: str, x: dict[str, float], s: float, b: float, authority: dict[str, float], rows: Rows) -> Any:
    """Everybody's stance after one talk of all, on an axis from 0 to 1, nobody being attached to their first stance."""

    def g(d: float) -> float:
        return float(eval(CLOSENESS[rule], {"d": d, "b": b, "exp": math.exp, "abs": abs}))

    def w(i: str, j: str) -> float:
        known = {"A_j": authority[j], "L_ij": rows.get(i, {}).get(j, 0.0)}
        return float(eval((WITH_ROW if i in rows else WITHOUT).replace(" A_j", " * A_j"), known))

    after = {}
    for i in x:
        heard = sum(w(i, j) * abs(g(x[j] - x[i])) for j in x)
        m = sum(w(i, j) * g(x[j] - x[i]) * (x[j] - x[i]) for j in x) / heard if heard else 0.0
        # A first stance of one's own draws back by a = 1 - s under Friedkin and Johnsen; in a first talk, by nothing.
        after[i] = min(max(x[i] + s * m, 0.0), 1.0)
    return after


SHARES = st.integers(1, 996).map(lambda step: step / 997)
STANCES = st.integers(0, 499).map(lambda step: step / 499)
BOUNDS = st.integers(1, 40).map(lambda step: 0.00123 + step / 40.1)


@pytest.mark.parametrize("rule", CLOSENESS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_row_acts_as_the_page_says(rule: str, data: st.DataObject) -> None:
    """Whoever has a row and whoever has none: all end where the page's formulas say."""
    x = {name: data.draw(STANCES) for name in NAMES}
    authority = {name: data.draw(SHARES) for name in NAMES}
    one_row = st.dictionaries(st.sampled_from(NAMES), SHARES | st.just(0.0), min_size=1)
    rows = data.draw(st.dictionaries(st.sampled_from(NAMES), one_row, min_size=1, max_size=3))
    s, b = data.draw(SHARES), data.draw(BOUNDS)
    board = debate(
        {name: {"first_stance": x[name], "authority": f"of-{name}"} for name in NAMES},
        talk("meeting"),
        parameters={"openness": s, "bound": b, **{f"of-{name}": value for name, value in authority.items()}},
        talk={"rule": rule, "susceptibility": "openness", "bound": "bound", "weights": rows},
    )
    end = sim.play(board).stances.set_index("moment").loc["meeting", list(NAMES)]
    expected = after_a_talk(rule, x, s, b, authority, rows)
    np.testing.assert_allclose(end.astype(float), [expected[name] for name in NAMES], rtol=0, atol=1e-9)


def test_the_page_has_a_formula_for_every_rule_but_pairs() -> None:
    """Six closenesses are read from the table, two words standing for the same one, and one line says what w is."""
    assert len(CLOSENESS) == 7
    assert {WITH_ROW, WITHOUT} == {"L_ij", "A_j"}
