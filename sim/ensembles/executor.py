"""Who plays the chunks of a piece of work: threads here, or the workers of a Dask cluster.

Work is whatever can be cut up by replicate id and added up again: an ensemble, or two worlds side by side.

Both play the same chunks to the same bits. What an interrupted crew has finished is kept, so that another can go
on from there to the very same result.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np

from sim.ensembles import batch, summary
from sim.ensembles.batch import Counts, Tally, Words
from sim.model import jit
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_reader import Interrupted, Refusal

#: Replicate ids from the first to before the last.
Piece = tuple[int, int]

#: What a chunk may cost, in member-moments: some tenth of a second, so that a crew can stop soon.
COST_OF_A_CHUNK = 1e8
#: A chunk sent to a cluster: long enough that sending it, and its counts back, costs little.
CHUNKS_IN_AN_ERRAND = 8
#: Seconds after which what is finished is written down again.
BETWEEN_NOTES = 20.0


class Total(Protocol):
    """What histories come to: it adds up, in any order, and can be put into a file."""

    @property
    def runs(self) -> int:
        """The histories in it."""

    def __add__(self, other: Self, /) -> Self: ...

    def packed(self) -> dict[str, Counts]:
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

    def unpacked(self, arrays: Mapping[str, Counts], /) -> Sum_co:
        """What `packed` has put into a file. Raises KeyError if something is missing."""


class ClusterError(Refusal):
    """A cluster that cannot be used; the message says why and what to do."""


def _silent(done: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Crew:
    """Who plays.

    workers: threads, all cores if None; on a cluster it is the cluster's own affair. cluster: the address of a
    Dask scheduler, or None for this machine. unfinished: the folder that keeps what an interrupted crew has
    finished, or None to keep nothing. resumes: whether to go on from what is kept there. report: is told how many
    histories of the present ensemble are done. notebooks: what it has finished of each ensemble so far.
    """

    workers: int | None = None
    cluster: str | None = None
    unfinished: Path | None = None
    resumes: bool = False
    report: Callable[[int], None] = field(default=_silent, compare=False)
    notebooks: list[Notebook[Any]] = field(default_factory=list, compare=False, repr=False)

    @property
    def threads(self) -> int:
        """The number of threads."""
        return self.workers or os.cpu_count() or 1

    def save(self) -> None:
        """Writes down all that is finished."""
        for notebook in self.notebooks:
            notebook.save()

    def forget(self) -> None:
        """Deletes what was written down, once all is done."""
        for notebook in self.notebooks:
            notebook.forget()


def chunk_size(work: Work[Any], runs: int, workers: int) -> int:
    """Histories in a chunk: a whole number of lanes (and so of draws), small enough for everybody to have some."""
    affordable = max(int(COST_OF_A_CHUNK / work.cost) // summary.LANES, 1)
    fair_share = -(-runs // (workers * summary.LANES))
    return summary.LANES * min(affordable, fair_share)


def pieces(todo: list[Piece], size: int) -> Iterator[Piece]:
    """What is to do, cut into chunks."""
    for start, stop in todo:
        for begin in range(start, stop, size):
            yield begin, min(begin + size, stop)


def ids(piece: Piece) -> Words:
    """The replicate ids of a piece."""
    return np.arange(*piece, dtype=np.uint64)


def _by_threads(work: Work[Sum], todo: Iterator[Piece], crew: Crew) -> Iterator[tuple[Piece, Sum]]:
    """Chunks as they are finished, few at a time so that memory stays flat."""
    running: dict[Future[Sum], Piece] = {}
    pool = ThreadPoolExecutor(crew.threads)
    try:
        for piece in todo:
            running[pool.submit(work.chunk, ids(piece))] = piece
            if len(running) > crew.threads:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                yield from ((running.pop(future), future.result()) for future in done)
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            yield from ((running.pop(future), future.result()) for future in done)
    finally:
        pool.shutdown(cancel_futures=True)


@functools.lru_cache(maxsize=4)
def _remade(work: bytes) -> Any:
    return pickle.loads(work)


@dataclass(frozen=True)
class Errand(Generic[Sum]):
    """One piece of work for a worker elsewhere: small, since scenarios are made again from their text there."""

    work: bytes
    piece: Piece

    def run(self) -> Sum:
        """Plays the piece."""
        done: Sum = _remade(self.work).chunk(ids(self.piece))
        return done


def _by_cluster(work: Work[Sum], todo: Iterator[Piece], address: str) -> Iterator[tuple[Piece, Sum]]:
    """Pieces as the workers of a Dask cluster finish them; what a lost worker had is played by another."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ClusterError("a cluster needs Dask: pip install 'policy-debate-sim[dask]'") from None
    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        client.wait_for_workers(1, timeout=60)
        sent = pickle.dumps(work)
        errands = [Errand[Sum](sent, piece) for piece in todo]
        futures = {client.submit(Errand.run, errand, pure=False, retries=10): errand.piece for errand in errands}
        for future, tally in as_completed(futures, with_results=True):  # type: ignore[no-untyped-call]
            yield futures[future], tally
            future.release()


def _key(work: Work[Any], runs: int) -> str:
    return hashlib.sha256(json.dumps([*work.asked(), runs], sort_keys=True).encode()).hexdigest()[:16]


def _complement(done: tuple[Piece, ...], runs: int) -> list[Piece]:
    """The pieces of 0 to `runs` that are in none of those done."""
    left, at = [], 0
    for start, stop in sorted(done):
        if start > at:
            left.append((at, start))
        at = stop
    return [*left, (at, runs)] if at < runs else left


@dataclass
class Notebook(Generic[Sum]):
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
    def opened(cls, crew: Crew, work: Work[Sum], runs: int) -> Notebook[Sum]:
        """The notebook of a work: with what is kept of it if the crew resumes, else empty."""
        if crew.unfinished is None:
            return cls(None)
        path = crew.unfinished / f"{work.name}-{_key(work, runs)}.npz"
        if not (crew.resumes and path.exists()):
            return cls(path)
        try:
            with np.load(path) as kept:
                done = tuple((int(start), int(stop)) for start, stop in kept["done"])
                return cls(path, (done, work.unpacked(kept)))
        except (OSError, ValueError, KeyError) as error:
            raise Refusal(f"{path} cannot be read ({error}): delete it, or start without --resume") from None

    def add(self, piece: Piece, tally: Sum) -> None:
        """Notes a finished piece; now and then, on disk."""
        # In one step, so that an interruption never finds a piece noted and not counted.
        self.finished = (*self.done, piece), tally if self.total is None else self.total + tally
        if self.path is not None and time.monotonic() - self.written > BETWEEN_NOTES:
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

    def forget(self) -> None:
        """Deletes what was written down."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self.path.parent.rmdir()


def play(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    follows_record: bool = True,
    fixed: Mapping[str, float] | None = None,
    crew: Crew | None = None,
) -> Tally:
    """Plays `runs` histories and adds them up.

    follows_record: each documented outcome replaces the one voted. fixed: parameters held at a value in every
    draw. Raises ValueError for a senseless number, ClusterError for a cluster that does not answer, Interrupted
    when the user stops it.
    """
    unknown = set(fixed or {}) - set(scenario.debate.parameters)
    if unknown:
        raise ValueError(f"no parameter is called {sorted(unknown)[0]!r}")
    return carry_out(batch.Work(scenario, seed, follows_record, dict(fixed or {})), runs, crew)


def carry_out(work: Work[Sum], runs: int, crew: Crew | None = None) -> Sum:
    """Plays the histories 0 to before `runs` of any work and adds them up.

    Raises ValueError for a senseless number, ClusterError for a cluster that does not answer, Interrupted when the
    user stops it.
    """
    crew = crew or Crew()
    if runs < 1:
        raise ValueError(f"the number of runs is a whole number from 1 up, not {runs}")
    notebook = Notebook.opened(crew, work, runs)
    crew.notebooks.append(notebook)
    try:
        for piece, tally in _played(work, runs, notebook, crew):
            notebook.add(piece, tally)
            crew.report(notebook.total.runs if notebook.total else 0)
    except KeyboardInterrupt:
        crew.save()
        done = notebook.total.runs if notebook.total else 0
        raise Interrupted(done, runs) from None
    assert notebook.total is not None
    return notebook.total


def _played(work: Work[Sum], runs: int, notebook: Notebook[Sum], crew: Crew) -> Iterator[tuple[Piece, Sum]]:
    todo = _complement(notebook.done, runs)
    size = chunk_size(work, runs, crew.threads)
    if crew.cluster is not None:
        yield from _by_cluster(work, pieces(todo, size * CHUNKS_IN_AN_ERRAND), crew.cluster)
        return
    if not jit.is_cached():
        # Once, before the threads: they would each compile it.
        work.chunk(ids((0, 1)))
    yield from _by_threads(work, pieces(todo, size), crew)


def reporting(crew: Crew, before: int) -> Crew:
    """The same crew, its reports counting on from the histories of ensembles before."""
    return replace(crew, report=lambda done: crew.report(before + done))
