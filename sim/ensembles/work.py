"""Work that can be cut up by replicate id and added up again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np

from sim.array_types import Ints, Words

#: Replicate ids from the first to before the last.
Piece = tuple[int, int]


class Total(Protocol):
    """What histories come to: it adds up, in any order, and can be put into a file."""

    @property
    def runs(self) -> int:
        """The histories in it."""

    def __add__(self, other: Self, /) -> Self: ...

    def packed(self) -> dict[str, Ints]:
        """All of it by name, in whole numbers."""


Sum = TypeVar("Sum", bound=Total)


Sum_co = TypeVar("Sum_co", bound=Total, covariant=True)


class Work(Protocol[Sum_co]):
    """Something to play. It can be pickled, and is small then."""

    @property
    def name(self) -> str:
        """What files that keep some of it are called."""

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""

    def asked(self) -> list[Any]:
        """What tells it from other work, in words that JSON has."""

    def chunk(self, replicates: Words, /) -> Sum_co:
        """Plays the histories of these ids and adds them up: a pure function of them."""

    def unpacked(self, arrays: Mapping[str, Ints], /) -> Sum_co:
        """What `packed` has put into a file. Raises KeyError if something is missing."""


def pieces(todo: list[Piece], size: int) -> Iterator[Piece]:
    """What is to do, cut into chunks."""
    for start, stop in todo:
        for begin in range(start, stop, size):
            yield begin, min(begin + size, stop)


def ids(piece: Piece) -> Words:
    """The replicate ids of a piece."""
    return np.arange(*piece, dtype=np.uint64)


@dataclass(frozen=True)
class Sums:
    """Whole numbers by name, of so many histories; two of the same names add up, in any order."""

    runs: int
    arrays: Mapping[str, Ints]

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.runs + other.runs, {name: self.arrays[name] + other.arrays[name] for name in self.arrays})

    def __getitem__(self, name: str) -> Ints:
        return self.arrays[name]

    def packed(self) -> dict[str, Ints]:
        """All of it by name, for a file."""
        return {"runs": np.array(self.runs), **self.arrays}

    @classmethod
    def unpacked(cls, names: tuple[str, ...], arrays: Mapping[str, Ints]) -> Sums:
        """What `packed` has put into a file. Raises KeyError if something is missing."""
        return cls(int(arrays["runs"]), {name: arrays[name] for name in names})
