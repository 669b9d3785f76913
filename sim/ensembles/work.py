"""Work that is cut up by replicate id and added up again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.model.array_types import Ints, Words

#: Replicate ids from the first to before the last.
Batch = tuple[int, int]


@dataclass(frozen=True)
class Counts:
    """Whole numbers by name over so many histories; two of the same names add up, in any order, to the same."""

    runs: int
    arrays: Mapping[str, Ints]

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.runs + other.runs, {name: self.arrays[name] + other.arrays[name] for name in self.arrays})

    def __iadd__(self, other: Counts) -> Counts:
        """Adds in the same memory: to ask for as much again took longer than to add."""
        # What a cluster sends may be for reading only.
        own = {name: np.require(array, requirements="W") for name, array in self.arrays.items()}
        for name, array in own.items():
            array += other.arrays[name]
        return Counts(self.runs + other.runs, own)

    def __getitem__(self, name: str) -> Ints:
        return self.arrays[name]

    def added_to(self, so_far: Counts | None) -> Counts:
        """What both come to, in the memory of what others came to so far, if there is any."""
        if so_far is None:
            return self
        so_far += self
        return so_far


class Work(Protocol):
    """Something to play. It can be pickled, and is small then."""

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""

    @property
    def request(self) -> list[Any]:
        """What tells it from other work, in values that JSON has."""

    def batch(self, replicates: Words, so_far: Counts | None = None, /) -> Counts:
        """Plays the histories of these ids and adds them up: a pure function of them.

        so_far: what others came to, to add these to; its memory is used again.
        """


def batches(whole: Batch, size: int) -> Iterator[Batch]:
    """A batch cut into batches of at most this size."""
    for start in range(*whole, size):
        yield start, min(start + size, whole[1])


def ids(batch: Batch) -> Words:
    """The replicate ids of a batch."""
    return np.arange(*batch, dtype=np.uint64)
