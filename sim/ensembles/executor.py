"""Who plays the chunks of a piece of work: threads here, or the workers of a Dask cluster.

Work is whatever can be cut up by replicate id and added up again: an ensemble, or two worlds side by side.

Both play the same chunks to the same bits. What an interrupted executor has finished is kept, so that another can go
on from there to the very same result.
"""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic

from sim.ensembles import batch, summary
from sim.ensembles.batch import Tally
from sim.ensembles.checkpoint import Checkpoint
from sim.ensembles.work import Piece, Sum, Work, ids, pieces
from sim.errors import Interrupted, UserError
from sim.model import jit
from sim.scenario.scenario import Scenario

#: What a chunk may cost, in member-moments: some tenth of a second, so that an executor can stop soon.
COST_OF_A_CHUNK = 1e8
#: A chunk sent to a cluster: long enough that sending it, and its counts back, costs little.
CHUNKS_IN_A_TASK = 8


class ClusterError(UserError):
    """A cluster that cannot be used; the message says why and what to do."""


def _silent(done: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Executor:
    """Who plays.

    workers: threads, all cores if None; on a cluster it is the cluster's own affair. cluster: the address of a
    Dask scheduler, or None for this machine. unfinished: the folder that keeps what an interrupted executor has
    finished, or None to keep nothing. resumes: whether to go on from what is kept there. report: is told how many
    histories of the present ensemble are done. notebooks: what it has finished of each ensemble so far.
    """

    workers: int | None = None
    cluster: str | None = None
    unfinished: Path | None = None
    resumes: bool = False
    report: Callable[[int], None] = field(default=_silent, compare=False)
    checkpoints: list[Checkpoint[Any]] = field(default_factory=list, compare=False, repr=False)

    @property
    def threads(self) -> int:
        """The number of threads."""
        return self.workers or os.cpu_count() or 1

    def save(self) -> None:
        """Writes down all that is finished."""
        for checkpoint in self.checkpoints:
            checkpoint.save()

    def delete(self) -> None:
        """Deletes what was written down, once all is done."""
        for checkpoint in self.checkpoints:
            checkpoint.delete()


def chunk_size(work: Work[Any], runs: int, workers: int) -> int:
    """Histories in a chunk: a whole number of lanes (and so of draws), small enough for everybody to have some."""
    affordable = max(int(COST_OF_A_CHUNK / work.cost) // summary.LANES, 1)
    fair_share = -(-runs // (workers * summary.LANES))
    return summary.LANES * min(affordable, fair_share)


def _by_threads(work: Work[Sum], todo: Iterator[Piece], executor: Executor) -> Iterator[tuple[Piece, Sum]]:
    """Chunks as they are finished, few at a time so that memory stays flat."""
    running: dict[Future[Sum], Piece] = {}
    pool = ThreadPoolExecutor(executor.threads)
    try:
        for piece in todo:
            running[pool.submit(work.chunk, ids(piece))] = piece
            if len(running) > executor.threads:
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
class Task(Generic[Sum]):
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
        tasks = [Task[Sum](sent, piece) for piece in todo]
        futures = {client.submit(Task.run, task, pure=False, retries=10): task.piece for task in tasks}
        for future, tally in as_completed(futures, with_results=True):  # type: ignore[no-untyped-call]
            yield futures[future], tally
            future.release()


def _complement(done: tuple[Piece, ...], runs: int) -> list[Piece]:
    """The pieces of 0 to `runs` that are in none of those done."""
    left, at = [], 0
    for start, stop in sorted(done):
        if start > at:
            left.append((at, start))
        at = stop
    return [*left, (at, runs)] if at < runs else left


def play_runs(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    follows_record: bool = True,
    fixed: Mapping[str, float] | None = None,
    executor: Executor | None = None,
) -> Tally:
    """Plays `runs` histories and adds them up.

    follows_record: each documented outcome replaces the one voted. fixed: parameters held at a value in every
    draw. Raises ValueError for a senseless number, ClusterError for a cluster that does not answer, Interrupted
    when the user stops it.
    """
    unknown = set(fixed or {}) - set(scenario.debate.parameters)
    if unknown:
        raise ValueError(f"no parameter is called {sorted(unknown)[0]!r}")
    return execute(batch.Work(scenario, seed, follows_record, dict(fixed or {})), runs, executor)


def execute(work: Work[Sum], runs: int, executor: Executor | None = None) -> Sum:
    """Plays the histories 0 to before `runs` of any work and adds them up.

    Raises ValueError for a senseless number, ClusterError for a cluster that does not answer, Interrupted when the
    user stops it.
    """
    executor = executor or Executor()
    if runs < 1:
        raise ValueError(f"the number of runs is a whole number from 1 up, not {runs}")
    checkpoint = Checkpoint.opened(executor.unfinished, executor.resumes, work, runs)
    executor.checkpoints.append(checkpoint)
    try:
        for piece, tally in _played(work, runs, checkpoint, executor):
            checkpoint.add(piece, tally)
            executor.report(checkpoint.total.runs if checkpoint.total else 0)
    except KeyboardInterrupt:
        executor.save()
        done = checkpoint.total.runs if checkpoint.total else 0
        raise Interrupted(done, runs) from None
    assert checkpoint.total is not None
    return checkpoint.total


def _played(work: Work[Sum], runs: int, checkpoint: Checkpoint[Sum], executor: Executor) -> Iterator[tuple[Piece, Sum]]:
    todo = _complement(checkpoint.done, runs)
    size = chunk_size(work, runs, executor.threads)
    if executor.cluster is not None:
        yield from _by_cluster(work, pieces(todo, size * CHUNKS_IN_A_TASK), executor.cluster)
        return
    if not jit.is_cached():
        # Once, before the threads: they would each compile it.
        work.chunk(ids((0, 1)))
    yield from _by_threads(work, pieces(todo, size), executor)


def reporting(executor: Executor, before: int) -> Executor:
    """The same executor, its reports counting on from the histories of ensembles before."""
    return replace(executor, report=lambda done: executor.report(before + done))
