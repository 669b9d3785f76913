"""What is worked out once and kept in files, so that work that was stopped need not begin again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic

import numpy as np

from sim.ensembles.work import Piece, Sum, Work
from sim.errors import UserError

#: Seconds after which what is finished is written down again.
SECONDS_BETWEEN_SAVES = 20.0


@functools.cache
def program_digest() -> str:
    """The digest of every Python file of this package: what another version has worked out is not used."""
    package = Path(__file__).parent.parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(package.rglob("*.py")))).hexdigest()


def _save(path: Path, arrays: dict[str, Any]) -> None:
    """Writes arrays into a file whole, or leaves it as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez(part, **arrays)
    Path(part.name).replace(path)


def stored(
    folder: Path | None, request: Sequence[Any], make: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """The arrays that `make` returns, from the folder if they were made there before for the same request.

    folder: None to store nothing. request: all that the result depends on besides this program, in values that JSON
    has (the digest of a scenario, a seed, numbers). A file that is damaged, or of another version of this program,
    is not used. Arrays of Python objects cannot be read back, and are made again each time.
    """
    if folder is None:
        return make()
    content = json.dumps([program_digest(), *request], sort_keys=True)
    path = folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.npz"
    damaged = (OSError, ValueError, EOFError, zipfile.BadZipFile)
    with contextlib.suppress(*damaged), path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return dict(found)
    arrays = make()
    _save(path, arrays)
    return arrays


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
        _save(self.path, {"done": np.array(self.done, dtype=np.int64), **self.total.packed()})
        self.written = time.monotonic()

    def delete(self) -> None:
        """Deletes what was written down."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()
