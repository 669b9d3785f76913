"""Exponential, logarithm and whole numbers that give the same bits everywhere and run in lanes.

The mathematical libraries of different systems differ in the last bit, and a vote can hang on it. Processors that
turn no long integer into a float in lanes, or back, add two numbers in lanes.
"""

from __future__ import annotations

import numpy as np

from sim.model.jit import compiled

LOG2_E = np.float64(1.4426950408889634)
LN2_HIGH = np.float64(6.93147180369123816490e-01)
LN2_LOW = np.float64(1.90821492927058770002e-10)
SQRT_HALF = np.float64(0.70710678118654752440)
# A whole number below 2^52 added to 2^52 stands in the lowest bits of the sum.
TWO_TO_52 = np.float64(2.0**52)
BITS_OF_TWO_TO_52 = TWO_TO_52.view(np.uint64)


@compiled
def exp(x: float) -> float:
    """E to the power x, to some 1e-15 of its value; x is cut to [-700, 700].

    Range reduction to |r| <= ln 2 / 2 in two parts (Cody and Waite 1980), then the Taylor sum to r^13 / 13!.
    """
    x = min(max(x, -700.0), 700.0)
    k = np.floor(x * LOG2_E + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = 1.0 / 6227020800.0
    total = total * r + 1.0 / 479001600.0
    total = total * r + 1.0 / 39916800.0
    total = total * r + 1.0 / 3628800.0
    total = total * r + 1.0 / 362880.0
    total = total * r + 1.0 / 40320.0
    total = total * r + 1.0 / 5040.0
    total = total * r + 1.0 / 720.0
    total = total * r + 1.0 / 120.0
    total = total * r + 1.0 / 24.0
    total = total * r + 1.0 / 6.0
    total = total * r + 0.5
    total = total * r + 1.0
    total = total * r + 1.0
    raised: float = total * np.int64((np.int64(np.int32(k)) + 1023) << 52).view(np.float64)
    return raised


@compiled
def log(x: float) -> float:
    """Natural logarithm of a normal x > 0, to some 1e-15.

    Mantissa m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1), and log m = 2 (s + s^3/3 + s^5/5 + ...).
    """
    bits = np.float64(x).view(np.int64)
    exponent = (bits >> 52) - 1022
    m = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000).view(np.float64)
    small = m < SQRT_HALF
    m = m + m if small else m
    k = np.float64(np.int32(exponent - 1 if small else exponent))
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    total = 1.0 / 21.0
    total = total * q + 1.0 / 19.0
    total = total * q + 1.0 / 17.0
    total = total * q + 1.0 / 15.0
    total = total * q + 1.0 / 13.0
    total = total * q + 1.0 / 11.0
    total = total * q + 1.0 / 9.0
    total = total * q + 1.0 / 7.0
    total = total * q + 1.0 / 5.0
    total = total * q + 1.0 / 3.0
    total = total * q + 1.0
    return k * LN2_HIGH + (k * LN2_LOW + 2.0 * s * total)


@compiled
def logistic(x: float) -> float:
    """1 / (1 + e^-x), in [0, 1]."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def float_of(word: np.uint64) -> np.float64:
    """A whole number below 2^52 as a float."""
    return np.uint64(word | BITS_OF_TWO_TO_52).view(np.float64) - TWO_TO_52


@compiled
def whole_of(x: np.float64) -> np.int64:
    """A float in [0, 2^52) that is a whole number, as an integer."""
    return np.int64(np.float64(x + TWO_TO_52).view(np.uint64) ^ BITS_OF_TWO_TO_52)
