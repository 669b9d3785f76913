"""What histories come to, and the check that all who say they play the test debate do play it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp

Floats = NDArray[np.float64]

#: A difference of means beyond this many standard errors is no chance: for one of the dozen comparisons of a run,
#: chance does it once in a thousand runs.
MOST_ERRORS = 4.0
LEAST_CHANCE = 1e-4


class Endings(NamedTuple):
    """The last week of each history: (histories,) each, in units of the axis.

    mean, spread: mean and standard deviation of the members' stances. policy: the one in force.
    """

    mean: Floats
    spread: Floats
    policy: Floats


def of_stances(stances: Floats, policy: Floats) -> Endings:
    """The endings of last stances, (histories, members)."""
    return Endings(stances.mean(axis=1), stances.std(axis=1), policy)


class Agreement(NamedTuple):
    """How two samples of histories differ. errors: their means, in standard errors; chance: Kolmogorov-Smirnov."""

    what: str
    difference: float
    errors: float
    chance: float


def agreements(ours: Endings, theirs: Endings) -> list[Agreement]:
    """Each number of the endings compared; the policy takes few values, for which the means must do."""
    found = []
    for what, one, other in zip(Endings._fields, ours, theirs, strict=True):
        difference = float(other.mean() - one.mean())
        error = float(np.sqrt(one.var() / one.size + other.var() / other.size))
        chance = 1.0 if what == "policy" else float(ks_2samp(one, other).pvalue)
        found.append(Agreement(what, difference, difference / error, chance))
    return found


def assert_same(ours: Endings, theirs: Endings, who: str) -> list[Agreement]:
    """Raises AssertionError if the other does not play the same debate, within Monte Carlo error."""
    found = agreements(ours, theirs)
    for one in found:
        said = f"{who} ends elsewhere: {one.what} differs by {one.difference:.4f}, {one.errors:.1f} standard errors"
        assert abs(one.errors) < MOST_ERRORS, said
        assert one.chance > LEAST_CHANCE, f"{said}; by chance (Kolmogorov-Smirnov) {one.chance:.1e}"
    return found
