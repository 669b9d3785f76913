"""The beta distribution in whole per cent: what SciPy says of it, rounded outwards."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sim.ensembles import beta

LEVELS = (0.025, 0.975)


@given(st.floats(-9, 5), st.floats(-9, 5), st.integers(1, 99))
def test_the_distribution_function_is_that_of_scipy(log_a: float, log_b: float, percent: int) -> None:
    """Whatever the two shapes, from nearly 0 to 100,000, and at every whole per cent."""
    x, a, b = (np.array([value]) for value in (percent / 100, 10.0**log_a, 10.0**log_b))
    assert beta.cumulative(x, a, b)[0] == pytest.approx(special.betainc(a, b, x)[0], abs=1e-8)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_an_interval_is_the_quantiles_outwards(mean: float, part: float) -> None:
    """The ends are the nearest whole per cents that leave no more than 2.5 % beyond; part: of the largest variance."""
    low, high = (end[0] for end in beta.interval(np.array([mean]), np.array([part * mean * (1 - mean)]), LEVELS))
    size = 1 / part - 1
    exact = special.betaincinv(mean * size, (1 - mean) * size, LEVELS)
    assert low - 1e-6 <= exact[0] <= low + 0.01 + 1e-6
    assert high - 0.01 - 1e-6 <= exact[1] <= high + 1e-6


def test_what_does_not_vary_is_rounded_and_nothing_stays_nothing() -> None:
    """A mean of 0 or 1 is its own interval; one without variance lies between two per cents; NaN has none."""
    low, high = beta.interval(np.array([0.0, 1.0, 0.625, np.nan]), np.array([0.0, 0.1, 0.0, np.nan]), LEVELS)
    assert low[:3].tolist() == [0.0, 1.0, 0.62]
    assert high[:3].tolist() == [0.0, 1.0, 0.63]
    assert np.isnan([low[3], high[3]]).all()
    widest = beta.interval(np.array([0.5]), np.array([9.0]), LEVELS)
    assert [float(end[0]) for end in widest] == [0.0, 1.0]
