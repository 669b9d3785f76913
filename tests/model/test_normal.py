"""The standard normal distribution as it is worked out here: SciPy's, to the last bit."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy import special

from sim.model import normal
from tests.debates import Floats

#: The nearest numbers to a place, on either side of it.
NEAR = 1 + np.arange(-50, 51) * 2.0**-52


@pytest.fixture(autouse=True)
def without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    """SciPy is not there to be asked, however much is to be worked out."""
    monkeypatch.delitem(sys.modules, "scipy.special")
    monkeypatch.setattr(normal, "_MANY", 10**9)


def has_the_bits(found: Floats, expected: Floats) -> bool:
    """Whether two arrays are the same to the last bit, and in the sign of zero."""
    return np.array_equal(found, expected, equal_nan=True) and np.array_equal(np.signbit(found), np.signbit(expected))


def test_what_lies_below_a_value_is_as_scipy_has_it() -> None:
    """Over the middle, the tails, where nothing is left, and where one formula takes over from another."""
    ends = np.concatenate([np.sqrt(2.0) * NEAR, 8 * np.sqrt(2.0) * NEAR, 37.677 * NEAR, [0.0, 1e300, np.inf]])
    values = np.concatenate([ends, -ends, np.linspace(-40, 40, 200_001), 10 ** np.linspace(-300, 3, 10_001)])
    assert has_the_bits(normal.below(values), special.ndtr(values))


def test_a_quantile_is_as_scipy_has_it() -> None:
    """The same for probabilities, down to the smallest number that there is; what is no probability has none."""
    begins = np.exp(-2.0) * NEAR
    ends = [0.0, 1.0, 5e-324, np.nextafter(1.0, 0.0), -0.1, 1.1]
    tail = 10 ** np.linspace(-323, -1, 100_001)
    values = np.concatenate(
        [begins, 1 - begins, np.exp(-32.0) * NEAR, np.linspace(0, 1, 200_001), tail, 1 - tail, ends]
    )
    found, expected = normal.quantile(values), special.ndtri(values)
    known = ~np.isnan(expected)
    assert np.array_equal(np.isnan(found), ~known)
    assert has_the_bits(found[known], expected[known])


def test_the_shape_is_kept() -> None:
    """A table of numbers gives a table."""
    values = np.linspace(0.01, 0.99, 6000).reshape(2, 3000)
    assert normal.below(normal.quantile(values)) == pytest.approx(values, rel=1e-12)
