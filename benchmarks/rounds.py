"""Timing: everybody in turn in every round, so that what the machine does meanwhile meets all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Contender:
    """Somebody to time. play: does the work once; units: how many histories (or other units) that is."""

    play: Callable[[], object]
    units: float


def interleaved(
    contenders: Mapping[str, Contender], rounds: int, report: Callable[[str], None] = lambda _: None
) -> dict[str, list[float]]:
    """Seconds per unit by contender, one number a round; each has been played once before, untimed."""
    for contender in contenders.values():
        contender.play()
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, contender in contenders.items():
            gc.collect()
            start = time.perf_counter()
            contender.play()
            found[name].append((time.perf_counter() - start) / contender.units)
        report(f"round {number + 1} of {rounds}")
    return found


def ratio(slower: list[float], faster: list[float]) -> float:
    """How many times as long one takes: the median of the ratios within each round."""
    return median(one / other for one, other in zip(slower, faster, strict=True))
