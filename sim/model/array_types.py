"""The kinds of arrays that pass between rooms, by what they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Whole numbers: counts, codes, rows of a table.
Ints = NDArray[np.int64]
#: The same, of half the size, where there are many and none is large.
Halves = NDArray[np.int32]
#: Codes of one byte, where there are many.
Bytes = NDArray[np.int8]
#: Ids of histories, seeds and keys of random numbers.
Words = NDArray[np.uint64]
