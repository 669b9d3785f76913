"""The beta distribution in whole per cent, with NumPy alone: to load SciPy costs more than to play the histories."""

from __future__ import annotations

import math

import numpy as np

from sim.model.array_types import Floats

PERCENT = 100
#: The largest a + b that is told apart: nowhere is its standard deviation more than a sixth of a per cent.
MOST = 1e5
#: Terms of the continued fraction at most, and the change by one at which it has converged.
TERMS, CONVERGED = 2000, 1e-12
_TINY = 1e-300
_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])


def interval(mean: Floats, variance: Floats, levels: tuple[float, float]) -> tuple[Floats, Floats]:
    """The quantiles at two levels of beta distributions with these means and variances, outwards to whole per cent.

    A mean without variance, or of 0 or 1, is rounded; NaN stays NaN.
    """
    most = mean * (1.0 - mean)
    is_spread = (most > 0.0) & (variance > 0.0)
    # Nothing between 0 and 1 varies more than what is always 0 or 1.
    size = most[is_spread] / np.minimum(variance[is_spread], most[is_spread] * (1.0 - 1e-6)) - 1.0
    size = np.minimum(size, MOST)
    a, b = mean[is_spread] * size, (1.0 - mean[is_spread]) * size
    low, high = np.floor(mean * PERCENT), np.ceil(mean * PERCENT)
    # Both at a time: with few distributions, most of the work is to begin it.
    last = _last_below(np.tile(a, 2), np.tile(b, 2), np.repeat(levels, a.size)).reshape(2, -1)
    low[is_spread], high[is_spread] = last[0], last[1] + 1.0
    return low / PERCENT, high / PERCENT


def _last_below(a: Floats, b: Floats, level: Floats) -> Floats:
    """The last whole per cent, from 0 to 99, at which each distribution function is not above its level."""
    below = np.zeros(a.size)
    # The tens and then the ones, nine places at a time: with few distributions, most of the work is to begin it.
    for step in (10, 1):
        places = (below + step * np.arange(1, 10)[:, None]) / PERCENT
        below += step * (cumulative(places, a, b) <= level).sum(axis=0)
    return below


def cumulative(x: Floats, a: Floats, b: Floats) -> Floats:
    """The distribution function of beta distributions at x in (0, 1): the regularised incomplete beta function.

    By its continued fraction (Abramowitz and Stegun 1964, 26.5.8), on the side of the mean where that converges.
    """
    is_upper, log_beta = x > (a + 1.0) / (a + b + 2.0), _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    x, a, b = np.where(is_upper, 1.0 - x, x), np.where(is_upper, b, a), np.where(is_upper, a, b)
    found = np.exp(a * np.log(x) + b * np.log1p(-x) - log_beta) / a * _continued_fraction(x, a, b)
    return np.asarray(np.where(is_upper, 1.0 - found, found))


def _continued_fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """1/(1 + d1/(1 + d2/(1 + ...))), from the front (Lentz 1976)."""
    c, d = np.ones_like(x), 1.0 / (1.0 - (a + b) * x / (a + 1.0) + _TINY)
    fraction = d
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            c, d = 1.0 + term / c + _TINY, 1.0 / (1.0 + term * d + _TINY)
            fraction = fraction * c * d
        if (np.abs(c * d - 1.0) < CONVERGED).all():
            break
    return fraction
