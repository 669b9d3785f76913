"""Independent jobs, divided among threads: the one place where work is given out, of ensembles and of fits alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Result = TypeVar("Result")


def _nobody() -> None:
    """Stops nobody."""


def in_threads(
    jobs: Iterable[Callable[[], Result]], threads: int, stop: Callable[[], None] = _nobody
) -> Iterator[Result]:
    """What jobs return, as they are finished.

    Few are asked for ahead, so that memory stays flat, and a job may be made while others run. stop: is called when
    no more is wanted, so that jobs that take long can end soon.
    """
    running: set[Future[Result]] = set()
    pool = ThreadPoolExecutor(threads)
    try:
        for job in jobs:
            running.add(pool.submit(job))
            if len(running) > threads:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    finally:
        stop()
        pool.shutdown(cancel_futures=True)
