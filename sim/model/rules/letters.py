"""How a letter moves its reader.

    x  <-  x + (1 - (1 - r A)^(strength / 3)) * h(p - x) * (p - x)

with A the author's authority for the reader and r the reader's receptiveness, both in [0, 1], p the position
argued for, and h a latitude of acceptance in [0, 1] (Sherif and Hovland 1961): one of the closenesses of talk
that never turn negative. A letter of strength 3 is one dose, of strength 6 two: doses compose as independent
chances of being won over do. Since every factor is in [0, 1], a letter never carries its reader past p.
The form of the dose is our assumption.
"""

from __future__ import annotations

import numpy as np

from sim.model.array_types import Floats
from sim.model.jit import compiled
from sim.model.numerics import exp, log
from sim.model.rules.persuasion import (
    AVERAGING,
    BIWEIGHT,
    GAUSSIAN,
    THRESHOLD,
    averaging,
    biweight,
    gaussian,
    threshold,
)

#: The words of a scenario for h, and the closeness that each stands for.
LATITUDES = {
    "unbounded": AVERAGING,
    "hegselmann-krause": THRESHOLD,
    "soft-bounded-confidence": BIWEIGHT,
    "gaussian-bounded-confidence": GAUSSIAN,
}

ONE_DOSE = 3.0


@compiled
def doses(receptiveness: Floats, authority: Floats, strength: float) -> Floats:
    """1 - (1 - r A)^(strength / 3), (replicates,), in [0, 1]; r, A in [0, 1], strength > 0 on the record's scale."""
    out = np.empty(authority.size)
    for lane in range(authority.size):
        unmoved = max(1.0 - receptiveness[lane] * authority[lane], 1e-300)
        out[lane] = 1.0 - exp(strength / ONE_DOSE * log(unmoved))
    return out


@compiled
def read(latitude: int, stance: Floats, argued: float, dose: Floats, bound: Floats) -> Floats:
    """A reader's stances after the letter; every array (replicates,), stance and argued in units of the axis."""
    out = np.empty(stance.size)
    for lane in range(stance.size):
        ratio = (argued - stance[lane]) / bound[lane]
        if latitude == AVERAGING:
            out[lane] = averaging(ratio)
        elif latitude == THRESHOLD:
            out[lane] = threshold(ratio)
        else:
            out[lane] = biweight(ratio)
    # Lanes work out whatever any of them might choose, so that what costs most has a loop of its own.
    if latitude == GAUSSIAN:
        for lane in range(stance.size):
            out[lane] = gaussian((argued - stance[lane]) / bound[lane])
    for lane in range(stance.size):
        moved = stance[lane] + dose[lane] * out[lane] * (argued - stance[lane])
        # Rounding alone could carry a reader past p.
        out[lane] = min(max(moved, min(stance[lane], argued)), max(stance[lane], argued))
    return out
