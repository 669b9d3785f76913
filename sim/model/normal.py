"""The standard normal distribution: what lies below a value, and the value below which so much lies.

Stephen Moshier's algorithms, from his Cephes library (www.netlib.org/cephes, ndtr.c and ndtri.c), which are SciPy's as
well, and give the same bits. SciPy is several times as fast, and takes as long to load as half a million of them here:
so that many are worked out here, and SciPy is asked for the rest, or from the first if it is there already.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence

import numpy as np

from sim.model.array_types import Floats

#: A ratio of two polynomials: the coefficients of each, the highest power first.
Ratio = tuple[Sequence[float], Sequence[float]]

#: erf below 1, by the square.
_ERF: Ratio = (
    (
        9.60497373987051638749e0,
        9.00260197203842689217e1,
        2.23200534594684319226e3,
        7.00332514112805075473e3,
        5.55923013010394962768e4,
    ),
    (
        1.0,
        3.35617141647503099647e1,
        5.21357949780152679795e2,
        4.59432382970980127987e3,
        2.26290000613890934246e4,
        4.92673942608635921086e4,
    ),
)
#: What is left of erfc from 1 to 8, and from 8 on, once exp(-x x) is taken out.
_ERFC: Ratio = (
    (
        2.46196981473530512524e-10,
        5.64189564831068821977e-1,
        7.46321056442269912687e0,
        4.86371970985681366614e1,
        1.96520832956077098242e2,
        5.26445194995477358631e2,
        9.34528527171957607540e2,
        1.02755188689515710272e3,
        5.57535335369399327526e2,
    ),
    (
        1.0,
        1.32281951154744992508e1,
        8.67072140885989742329e1,
        3.54937778887819891062e2,
        9.75708501743205489753e2,
        1.82390916687909736289e3,
        2.24633760818710981792e3,
        1.65666309194161350182e3,
        5.57535340817727675546e2,
    ),
)
_ERFC_FAR: Ratio = (
    (
        5.64189583547755073984e-1,
        1.27536670759978104416e0,
        5.01905042251180477414e0,
        6.16021097993053585195e0,
        7.40974269950448939160e0,
        2.97886665372100240670e0,
    ),
    (
        1.0,
        2.26052863220117276590e0,
        9.39603524938001434673e0,
        1.20489539808096656605e1,
        1.70814450747565897222e1,
        9.60896809063285878198e0,
        3.36907645100081516050e0,
    ),
)
#: The quantile around a half, by the squared distance from it; and beyond, by 1 / sqrt(-2 log p), nearer and farther.
_MIDDLE: Ratio = (
    (
        -5.99633501014107895267e1,
        9.80010754185999661536e1,
        -5.66762857469070293439e1,
        1.39312609387279679503e1,
        -1.23916583867381258016e0,
    ),
    (
        1.0,
        1.95448858338141759834e0,
        4.67627912898881538453e0,
        8.63602421390890590575e1,
        -2.25462687854119370527e2,
        2.00260212380060660359e2,
        -8.20372256168333339912e1,
        1.59056225126211695515e1,
        -1.18331621121330003142e0,
    ),
)
_TAIL: Ratio = (
    (
        4.05544892305962419923e0,
        3.15251094599893866154e1,
        5.71628192246421288162e1,
        4.40805073893200834700e1,
        1.46849561928858024014e1,
        2.18663306850790267539e0,
        -1.40256079171354495875e-1,
        -3.50424626827848203418e-2,
        -8.57456785154685413611e-4,
    ),
    (
        1.0,
        1.57799883256466749731e1,
        4.53907635128879210584e1,
        4.13172038254672030440e1,
        1.50425385692907503408e1,
        2.50464946208309415979e0,
        -1.42182922854787788574e-1,
        -3.80806407691578277194e-2,
        -9.33259480895457427372e-4,
    ),
)
_TAIL_FAR: Ratio = (
    (
        3.23774891776946035970e0,
        6.91522889068984211695e0,
        3.93881025292474443415e0,
        1.33303460815807542389e0,
        2.01485389549179081538e-1,
        1.23716634817820021358e-2,
        3.01581553508235416007e-4,
        2.65806974686737550832e-6,
        6.23974539184983293730e-9,
    ),
    (
        1.0,
        6.02427039364742014255e0,
        3.67983563856160859403e0,
        1.37702099489081330271e0,
        2.16236993594496635890e-1,
        1.34204006088543189037e-2,
        3.28014464682127739104e-4,
        2.89247864745380683936e-6,
        6.79019408009981274425e-9,
    ),
)
#: Where the tails of the quantile begin, exp(-2), and the root of 2 pi.
_BEGINS, _ROOT = 0.13533528323661269189, 2.50662827463100050242
#: Squares from which on nothing is left of erfc: the logarithm of the largest number. Their roots are below this.
_NOTHING_LEFT, _FARTHEST = 7.09782712893383996843e2, 30.0


#: Numbers worked out together: what is in between stays in the nearest cache.
_TOGETHER = 2048
#: How many are worked out here, and how many have been.
_MANY, _done = 500_000, 0


def _polynomial(coefficients: Sequence[float], x: Floats) -> Floats:
    value = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value


def _times_ratio(factor: Floats, of: Ratio, x: Floats) -> Floats:
    above, under = of
    return factor * _polynomial(above, x) / _polynomial(under, x)


def _far_or_near(size: Floats, near: Ratio, far: Ratio, factor: Floats, x: Floats) -> Floats:
    """The same, with another ratio where a size is 8 or more, which is rare."""
    found, is_far = _times_ratio(factor, near, x), size >= 8.0
    if is_far.any():
        found[is_far] = _times_ratio(factor[is_far], far, x[is_far])
    return found


def _of_each(function: Callable[[float], float], x: Floats) -> Floats:
    """By the C library, whose last bit is SciPy's; NumPy's own vectors have another on some processors."""
    return np.fromiter(map(function, x.tolist()), np.float64, x.size)


def _below(values: Floats) -> Floats:
    x = values * math.sqrt(0.5)
    size = np.minimum(np.abs(x), _FARTHEST)
    found = 0.5 + 0.5 * _times_ratio(x, _ERF, x * x)
    (outer,) = np.nonzero(size >= 1.0)
    if outer.size:
        y = size[outer]
        half = 0.5 * _far_or_near(y, _ERFC, _ERFC_FAR, _of_each(math.exp, -y * y), y)
        half[y * y > _NOTHING_LEFT] = 0.0
        found[outer] = np.where(x[outer] > 0, 1.0 - half, half)
    return found


def _quantile(p: Floats) -> Floats:
    y = p - 0.5
    square = y * y
    found = (y + y * _times_ratio(square, _MIDDLE, square)) * _ROOT
    (outer,) = np.nonzero((p <= _BEGINS) | (p > 1.0 - _BEGINS))
    if outer.size:
        is_high = y[outer] > 0.0
        tail = np.where(is_high, 1.0 - p[outer], p[outer])
        is_inside = (tail > 0.0) & (tail < 1.0)
        x = np.sqrt(-2.0 * _of_each(math.log, np.where(is_inside, tail, _BEGINS)))
        size = x - _of_each(math.log, x) / x - _far_or_near(x, _TAIL, _TAIL_FAR, 1.0 / x, 1.0 / x)
        size = np.where(is_inside, size, np.where(tail == 0.0, np.inf, np.nan))
        found[outer] = np.where(is_high, size, -size)
    return found


def _worked_out(name: str, here: Callable[[Floats], Floats], values: Floats) -> Floats:
    """By SciPy's function of this name, or here."""
    global _done
    _done += np.size(values)
    if _done > _MANY or "scipy.special" in sys.modules:
        from scipy import special

        return np.asarray(getattr(special, name)(values))
    parts, found = np.ravel(values), np.empty(np.size(values))
    with np.errstate(over="ignore", invalid="ignore"):  # where what is worked out for all is not used
        for start in range(0, parts.size, _TOGETHER):
            found[start : start + _TOGETHER] = here(parts[start : start + _TOGETHER])
    return found.reshape(np.shape(values))


def below(values: Floats) -> Floats:
    """The probability of a smaller value; NaN of NaN."""
    return _worked_out("ndtr", _below, values)


def quantile(probabilities: Floats) -> Floats:
    """The value below which so much lies: -inf of 0, inf of 1, NaN of what is no probability."""
    return _worked_out("ndtri", _quantile, probabilities)
