"""What an interrupted piece of work has finished, kept in a file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic

import numpy as np

from sim.ensembles.work import Piece, Sum, Work
from sim.errors import UserError

#: Seconds after which what is finished is written down again.
SECONDS_BETWEEN_SAVES = 20.0


def key_of(work: Work[Any], runs: int) -> str:
    """The digest of what was asked, by which its file is found."""
    return hashlib.sha256(json.dumps([*work.asked(), runs], sort_keys=True).encode()).hexdigest()[:16]


@dataclass
class Checkpoint(Generic[Sum]):
    """What is finished of one work, in a file that is written whole or not at all."""

    path: Path | None
    finished: tuple[tuple[Piece, ...], Sum | None] = ((), None)
    written: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> tuple[Piece, ...]:
        """The finished pieces."""
        return self.finished[0]

    @property
    def total(self) -> Sum | None:
        """What they add up to."""
        return self.finished[1]

    @classmethod
    def opened(cls, folder: Path | None, resumes: bool, work: Work[Sum], runs: int) -> Checkpoint[Sum]:
        """The notebook of a work: with what is kept of it in the folder if it resumes, else empty."""
        if folder is None:
            return cls(None)
        path = folder / f"{work.name}-{key_of(work, runs)}.npz"
        if not (resumes and path.exists()):
            return cls(path)
        try:
            with np.load(path) as kept:
                done = tuple((int(start), int(stop)) for start, stop in kept["done"])
                return cls(path, (done, work.unpacked(kept)))
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"{path} cannot be read ({error}): delete it, or start without --resume") from None

    def add(self, piece: Piece, tally: Sum) -> None:
        """Notes a finished piece; now and then, on disk."""
        # In one step, so that an interruption never finds a piece noted and not counted.
        self.finished = (*self.done, piece), tally if self.total is None else self.total + tally
        if self.path is not None and time.monotonic() - self.written > SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        """Writes down what is finished."""
        if self.path is None or self.total is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".part.npz")
        arrays: dict[str, Any] = {"done": np.array(self.done, dtype=np.int64), **self.total.packed()}
        np.savez(beside, **arrays)
        beside.replace(self.path)
        self.written = time.monotonic()

    def delete(self) -> None:
        """Deletes what was written down."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()
