"""Whoever plays the chunks of an ensemble, and however often they are stopped, the result has the same bits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.ensembles.batch import Tally, Work
from sim.ensembles.executor import Executor, _complement, chunk_size, play_runs
from sim.ensembles.work import ids, pieces
from sim.errors import Interrupted, UserError

RUNS = 6_000


@pytest.fixture(scope="module")
def debate() -> sim.Scenario:
    """The shipped debate."""
    return sim.load("monopoly-1922")


@pytest.fixture(scope="module")
def alone(debate: sim.Scenario) -> Tally:
    """The ensemble as one thread plays it."""
    return play_runs(debate, RUNS, 7, executor=Executor(workers=1))


def same(one: Tally, other: Tally) -> bool:
    """Whether two tallies agree in every count."""
    mine, others = one.packed(), other.packed()
    return all(np.array_equal(mine[name], others[name]) for name in mine)


def test_threads_do_not_matter(debate: sim.Scenario, alone: Tally) -> None:
    """One thread and three threads give the same counts."""
    assert same(alone, play_runs(debate, RUNS, 7, executor=Executor(workers=3)))


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(1, 90))
def test_pieces_cover_everything_once(lengths: list[int], size: int) -> None:
    """Pieces of what is left, and what is done, make up all replicates, each once."""
    bounds = np.cumsum([0, *lengths]).tolist()
    done = tuple(zip(bounds[:-1:2], bounds[1::2], strict=False))
    left = list(pieces(_complement(done, bounds[-1]), size))
    assert all(stop - start <= size for start, stop in left)
    assert sorted(i for piece in (*done, *left) for i in ids(piece).tolist()) == list(range(bounds[-1]))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 100_000), st.integers(1, 64))
def test_a_chunk_holds_whole_lanes(runs: int, workers: int) -> None:
    """A chunk is a whole number of lanes, so that no draw of parameters is cut in two."""
    assert chunk_size(Work(sim.load("library-sunday"), 1, True, {}), runs, workers) % 64 == 0


def test_an_interrupted_crew_goes_on_to_the_same_result(debate: sim.Scenario, alone: Tally, tmp_path: Path) -> None:
    """Stopped in the middle and resumed, an ensemble has the bits of one never stopped, and plays no history twice."""

    def stop(done: int) -> None:
        if done > RUNS / 3:
            raise KeyboardInterrupt

    stopped = Executor(1, unfinished=tmp_path, report=stop)
    with pytest.raises(Interrupted) as told:
        play_runs(debate, RUNS, 7, executor=stopped)
    assert 0 < told.value.done < RUNS
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]
    reports: list[int] = []
    going_on = Executor(2, unfinished=tmp_path, resumes=True, report=reports.append)
    assert same(alone, play_runs(debate, RUNS, 7, executor=going_on))
    assert reports[0] > told.value.done
    going_on.delete()
    assert not tmp_path.exists()


def test_without_resume_what_was_kept_is_not_used(debate: sim.Scenario, tmp_path: Path) -> None:
    """An executor that does not resume begins at the beginning; one that does finds all done and plays nothing."""
    executor = Executor(unfinished=tmp_path)
    play_runs(debate, 640, 7, executor=executor)
    executor.save()
    reports: list[int] = []
    play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path, resumes=True, report=reports.append))
    assert reports == []
    play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path, report=reports.append))
    assert reports[-1] == 640


def test_what_was_kept_of_another_seed_is_not_used(debate: sim.Scenario, tmp_path: Path) -> None:
    """Going on needs the same debate, seed and runs; anything else begins at the beginning."""
    executor = Executor(unfinished=tmp_path)
    play_runs(debate, 640, 7, executor=executor)
    executor.save()
    rebuild = play_runs(debate, 640, 8, executor=Executor(unfinished=tmp_path, resumes=True))
    assert same(rebuild, play_runs(debate, 640, 8))


def test_a_damaged_notebook_is_refused_with_its_name(debate: sim.Scenario, tmp_path: Path) -> None:
    """What cannot be read is refused with the file's name and what to do."""
    executor = Executor(unfinished=tmp_path)
    play_runs(debate, 640, 7, executor=executor)
    executor.save()
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not numbers")
    with pytest.raises(UserError, match=rf"{path.name}.*delete it, or start without --resume"):
        play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path, resumes=True))


def interrupted(after: float, out: Path) -> tuple[int, str]:
    """The status of a long replay that is stopped by Ctrl-C after some seconds, and what it says."""
    command = [sys.executable, "-m", "sim", "replay", "--runs", "50000000", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_ctrl_c_leaves_no_results_and_says_how_to_go_on(tmp_path: Path) -> None:
    """Ctrl-C in a long replay ends with status 130, the command that goes on, and no folder of results."""
    # A busy machine may not have finished a single chunk: then there is nothing to go on from, and we wait longer.
    for patience in (5, 20, 80):
        status, said = interrupted(patience, tmp_path)
        assert status == 130, said
        assert "Traceback" not in said
        if any(tmp_path.iterdir()):
            break
    assert "What is finished is kept: the same command goes on from there." in said
    assert [path.name for path in tmp_path.iterdir()] == [".unfinished"]


def test_a_cluster_that_is_not_there_is_refused() -> None:
    """An address at which no scheduler answers is refused in a sentence."""
    pytest.importorskip("distributed")
    with pytest.raises(UserError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        play_runs(sim.load("library-sunday"), 64, 7, executor=Executor(cluster="tcp://127.0.0.1:1"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers started by hand, as on several machines: address, and the workers' processes."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    note, dask = folder / "scheduler.json", [sys.executable, "-m", "dask"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    common = ["--host", "127.0.0.1", "--scheduler-file", str(note), "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *common], **quiet)
    while not note.exists():
        time.sleep(0.1)
    one_thread = ["--nthreads", "1", "--nworkers", "1", "--no-nanny"]
    workers = [subprocess.Popen([*dask, "worker", *common, *one_thread], **quiet) for _ in range(2)]
    yield json.loads(note.read_text())["address"], workers
    for process in (*workers, scheduler):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_cluster_plays_the_same_bits_also_when_it_loses_a_worker(
    debate: sim.Scenario, address: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    """Two workers give the bits of one thread here; and so does one of them after the other is killed in mid-work."""
    scheduler, workers = address
    runs = 80_000
    here = play_runs(debate, runs, 7)
    assert same(here, play_runs(debate, runs, 7, executor=Executor(cluster=scheduler)))

    killed = threading.Event()

    def kill(_: int) -> None:
        if not killed.is_set():
            killed.set()
            os.killpg(workers[0].pid, signal.SIGKILL)

    assert same(here, play_runs(debate, runs, 7, executor=Executor(cluster=scheduler, report=kill)))
    assert killed.is_set()


@pytest.mark.slow
def test_a_local_cluster_gives_the_same_tables(debate: sim.Scenario) -> None:
    """`sim.ensemble` on a local cluster of two workers returns the same result object with the same tables."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        there = sim.ensemble(debate, runs=2_000, seed=7, executor=sim.Executor(cluster=cluster.scheduler_address))
    here = sim.ensemble(debate, runs=2_000, seed=7)
    for name, table in here.tables.items():
        assert table.equals(there.tables[name]), name
