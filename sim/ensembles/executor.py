"""Who plays work: threads here, or the workers of a Dask cluster.

Work is whatever can be cut up by replicate id and added up again: an ensemble, or two worlds side by side. Whoever
plays it, and however it is cut up, the result has the same bits. With a folder, an executor stores what it has
finished, and another goes on from there to the very same result.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from operator import iadd
from pathlib import Path
from typing import Any

import numpy as np

from sim.ensembles import batch, summary
from sim.ensembles.checkpoint import file_of, kinds, stored
from sim.ensembles.threads import in_threads
from sim.ensembles.work import Batch, Counts, Work, batches, ids
from sim.errors import Interrupted, UserError, quoted
from sim.scenario.arguments import check_numbers
from sim.scenario.scenario import Scenario

#: What a batch may cost, in member-moments: some tenths of a second, so that an executor can stop soon.
COST_OF_A_BATCH = 2e8
#: What a thread is worth having for, in member-moments: to divide less takes as long as it saves, and processor time.
COST_OF_A_THREAD = 1e8
#: A file stores at least so much (some seconds of one thread; of a thousand in a cluster), and from then on so large a
#: part of what is stored before: no more is lost by an interruption, and the files are few.
COST_OF_A_FILE, COST_OF_A_CLUSTERS_FILE, GROWTH = 1e9, 1e12, 1 / 8
#: What costs less is not stored: to play it again takes some tenths of a second, and to write it not much less.
LEAST_STORED = 1e8
#: Batches sent to a cluster together: long enough that sending them, and their counts back, costs little.
BATCHES_IN_A_TASK = 8


class ClusterError(UserError):
    """A cluster that cannot be used; the message says why and what to do."""


def _silent(done: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, repr=False)
class Executor:
    """Who plays.

    workers: threads, all cores if None; on a cluster it is the cluster's own affair. cluster: the address of a
    Dask scheduler, or None for this machine. unfinished: the folder in which what is finished is stored, and looked
    for, or None to store nothing. report: is told how many histories of the present ensemble are done.
    files: what it has stored or found so far.
    """

    workers: int | None = None
    cluster: str | None = None
    unfinished: Path | None = None
    report: Callable[[int], None] = field(default=_silent, compare=False)
    files: set[Path] = field(default_factory=set, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.workers is not None:
            check_numbers(workers=self.workers)

    def __repr__(self) -> str:
        who = f"the Dask cluster at {self.cluster}" if self.cluster else f"{self.threads} threads of this machine"
        kept = f"kept in {self.unfinished}" if self.unfinished else "kept nowhere"
        return f"<Executor: {who}>\nWhat an interruption leaves is {kept}."

    @property
    def threads(self) -> int:
        """The number of threads."""
        return self.workers or os.cpu_count() or 1

    @property
    def silent(self) -> Executor:
        """The same, telling nobody how many histories are done."""
        return replace(self, report=_silent)

    def delete(self) -> None:
        """Deletes what was stored, once all is done."""
        with contextlib.suppress(OSError):
            for file in self.files:
                file.unlink(missing_ok=True)
            if self.unfinished is not None:
                self.unfinished.rmdir()


def _whole_lanes(runs: float) -> int:
    """So many histories or fewer, in whole groups of lanes (and so in whole draws); at least one group."""
    return summary.LANES * max(int(runs) // summary.LANES, 1)


def batch_size(work: Work, runs: int, workers: int) -> int:
    """Histories in a batch: small enough to stop soon, and for everybody to have some, if that is worth a thread."""
    fair = -(-runs // (workers * summary.LANES)) * summary.LANES
    return min(_whole_lanes(COST_OF_A_BATCH / work.cost), max(fair, _whole_lanes(COST_OF_A_THREAD / work.cost)))


def _files(work: Work, runs: int, executor: Executor) -> Iterator[Batch]:
    """The histories of each file. They do not depend on the number of threads, so that others can go on."""
    least, start = COST_OF_A_FILE if executor.cluster is None else COST_OF_A_CLUSTERS_FILE, 0
    while start < runs:
        stop = min(start + _whole_lanes(max(least / work.cost, start * GROWTH)), runs)
        yield start, stop
        start = stop


@functools.lru_cache(maxsize=4)
def _unpickled(work: bytes) -> Any:
    return pickle.loads(work)


def _play_there(work: bytes, batch: Batch) -> Any:
    """Plays a batch on a worker elsewhere: work is small, since scenarios are made again from their text there."""
    return _unpickled(work).batch(ids(batch))


def _by_cluster(work: Work, todo: Iterator[Batch], address: str) -> Iterator[Counts]:
    """Batches as the workers of a Dask cluster finish them; what a lost worker had is played by another."""
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
        pickled = pickle.dumps(work)
        futures = [client.submit(_play_there, pickled, one, pure=False, retries=10) for one in todo]
        for future, counts in as_completed(futures, with_results=True):  # type: ignore[no-untyped-call]
            yield counts
            future.release()


def _play(work: Work, whole: Batch, executor: Executor) -> Counts:
    """Plays histories and adds them up, telling the executor's report how many more are done."""
    size = batch_size(work, whole[1] - whole[0], executor.threads)
    if executor.cluster is None:
        return _by_threads(work, batches(whole, size), executor)
    total: Counts | None = None
    for total in accumulate(_by_cluster(work, batches(whole, size * BATCHES_IN_A_TASK), executor.cluster), iadd):
        executor.report(total.runs)
    assert total is not None
    return total


def _by_threads(work: Work, todo: Iterator[Batch], executor: Executor) -> Counts:
    """What batches come to. Each is added to those before it that no other thread is adding to."""
    idle: list[Counts | None] = [None] * executor.threads

    def play(one: Batch) -> int:
        idle.append(work.batch(ids(one), idle.pop()))
        return one[1] - one[0]

    for done in accumulate(in_threads((partial(play, one) for one in todo), executor.threads)):
        executor.report(done)
    total: Counts = functools.reduce(iadd, filter(None, idle))
    return total


def _stored(work: Work, whole: Batch, executor: Executor) -> Counts:
    """What these histories come to, from the executor's folder if they were played before."""
    if executor.unfinished is None or work.cost * (whole[1] - whole[0]) < LEAST_STORED:
        return _play(work, whole, executor)

    def make() -> dict[str, np.ndarray]:
        counts = _play(work, whole, executor)
        return {"runs": np.array(counts.runs), **counts.arrays}

    def fits(found: dict[str, np.ndarray]) -> bool:
        one = work.batch(ids((whole[0], whole[0] + 1)))
        like = {"runs": np.array(one.runs), **one.arrays}
        return int(found["runs"]) == whole[1] - whole[0] and kinds(found) == kinds(like)

    request = [*work.request, *whole]
    arrays = stored(executor.unfinished, request, make, fits)
    executor.files.add(file_of(executor.unfinished, request))
    return Counts(int(arrays.pop("runs")), arrays)


def execute(work: Work, runs: int, executor: Executor | None = None) -> Counts:
    """Plays the histories 0 to before `runs` of any work and adds them up.

    Raises ValueError for a senseless number, ClusterError for a cluster that does not answer, Interrupted when the
    user stops it.
    """
    executor = executor or Executor()
    if not isinstance(executor, Executor):
        raise TypeError(f"executor is a sim.Executor, as sim.Executor(workers=2), not {quoted(executor)}")
    if runs < 1:
        raise ValueError(f"the number of runs is a whole number from 1 up, not {runs}")
    total: Counts | None = None
    parts = (_stored(work, whole, reporting(executor, whole[0])) for whole in _files(work, runs, executor))
    try:
        for total in accumulate(parts, iadd):
            executor.report(total.runs)
    except KeyboardInterrupt:
        raise Interrupted(total.runs if total else 0, runs) from None
    assert total is not None
    return total


def play_runs(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    follows_record: bool = True,
    fixed: Mapping[str, float] | None = None,
    counts_stances: bool = True,
    executor: Executor | None = None,
) -> Counts:
    """Plays `runs` histories of a debate and adds them up, as `batch.EnsembleWork` counts them.

    follows_record: each documented outcome replaces the one voted. fixed: parameters held at a value in every
    draw. counts_stances: as in `batch.EnsembleWork`. Raises ValueError for a senseless number, ClusterError for a
    cluster that does not answer, Interrupted when the user stops it.
    """
    unknown = set(fixed or {}) - set(scenario.debate.parameters)
    if unknown:
        raise ValueError(f"no parameter is called {sorted(unknown)[0]!r}")
    work = batch.EnsembleWork(scenario, seed, follows_record, dict(fixed or {}), counts_stances)
    return execute(work, runs, executor)


def reporting(executor: Executor, before: int) -> Executor:
    """The same executor, its reports counting on from the histories of ensembles before."""
    return replace(executor, report=lambda done: executor.report(before + done))
