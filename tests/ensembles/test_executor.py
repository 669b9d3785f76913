"""Whoever plays the chunks of an ensemble, and however often they are stopped, the result has the same bits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.ensembles import executor
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.executor import Executor, batch_size, play_runs
from sim.ensembles.work import Counts, batches, ids
from sim.errors import Interrupted, UserError
from sim.model.array_types import Words

RUNS = 6_000


@pytest.fixture(scope="module")
def debate() -> sim.Scenario:
    """The shipped debate."""
    return sim.load("monopoly-1922")


@pytest.fixture(scope="module")
def alone(debate: sim.Scenario) -> Counts:
    """The ensemble as one thread plays it."""
    return play_runs(debate, RUNS, 7, executor=Executor(workers=1))


def same(one: Counts, other: Counts) -> bool:
    """Whether two tallies agree in every count."""
    return one.runs == other.runs and all(np.array_equal(one[name], other[name]) for name in one.arrays)


def test_threads_do_not_matter(debate: sim.Scenario, alone: Counts) -> None:
    """One thread and three threads give the same counts."""
    assert same(alone, play_runs(debate, RUNS, 7, executor=Executor(workers=3)))


@given(st.integers(0, 400), st.integers(1, 400), st.integers(1, 90))
def test_batches_cover_everything_once(first: int, runs: int, size: int) -> None:
    """Batches make up all replicates, each once, and none is too large."""
    cut = list(batches((first, first + runs), size))
    assert all(stop - start <= size for start, stop in cut)
    assert [i for one in cut for i in ids(one).tolist()] == list(range(first, first + runs))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 100_000), st.integers(1, 64))
def test_a_chunk_holds_whole_lanes(runs: int, workers: int) -> None:
    """A chunk is a whole number of lanes, so that no draw of parameters is cut in two."""
    assert batch_size(EnsembleWork(sim.load("library-sunday"), 1, True, {}), runs, workers) % 64 == 0


def test_only_what_is_worth_a_thread_is_divided() -> None:
    """Two thousand histories of the first debate are played by one thread, and a hundred thousand by all."""
    work = EnsembleWork(sim.load("monopoly-1922"), 1, True, {})
    assert batch_size(work, 2_000, workers=2) >= 2_000
    assert batch_size(work, 100_000, workers=8) <= 100_000 / 8


@pytest.fixture
def all_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes no time is stored, too."""
    monkeypatch.setattr(executor, "LEAST_STORED", 0.0)


@pytest.fixture
def small_files(all_stored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored is stored a few hundred histories at a time."""
    monkeypatch.setattr(executor, "COST_OF_A_FILE", 1.0)


def test_what_takes_no_time_is_not_stored(debate: sim.Scenario, tmp_path: Path) -> None:
    """To play it again is as quick as to write it and to read it."""
    play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small_files")
def test_an_interrupted_ensemble_goes_on_to_the_same_result(
    debate: sim.Scenario, alone: Counts, tmp_path: Path
) -> None:
    """Stopped and called again, an ensemble has the bits of one never stopped, and no file is played twice."""

    def stop(done: int) -> None:
        if done > RUNS / 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        play_runs(debate, RUNS, 7, executor=Executor(1, unfinished=tmp_path, report=stop))
    assert 0 < stopped.value.done < RUNS
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {path.suffix for path in kept} == {".npz"}
    going_on = Executor(2, unfinished=tmp_path)
    assert same(alone, play_runs(debate, RUNS, 7, executor=going_on))
    assert all(path.stat().st_mtime_ns == written for path, written in kept.items())
    going_on.delete()
    assert not tmp_path.exists()


@pytest.mark.usefixtures("all_stored")
def test_what_is_stored_is_not_played_again(
    debate: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second call finds everything done, and says so; it plays one history, to know what it looks for."""
    first = play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path))
    played: list[int] = []
    batch = EnsembleWork.batch

    def counted(work: EnsembleWork, replicates: Words) -> Counts:
        played.append(len(replicates))
        return batch(work, replicates)

    monkeypatch.setattr(EnsembleWork, "batch", counted)
    reports: list[int] = []
    assert same(first, play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path, report=reports.append)))
    assert (reports, played) == ([640], [1])


@pytest.mark.usefixtures("all_stored")
def test_what_was_stored_of_another_seed_is_not_used(debate: sim.Scenario, tmp_path: Path) -> None:
    """Going on needs the same debate, seed and runs; anything else is played."""
    play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path))
    other = play_runs(debate, 640, 8, executor=Executor(unfinished=tmp_path))
    assert same(other, play_runs(debate, 640, 8))


@pytest.mark.usefixtures("all_stored")
def test_a_damaged_file_is_played_again(debate: sim.Scenario, tmp_path: Path) -> None:
    """What cannot be read counts as not there."""
    first = play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path))
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not numbers")
    assert same(first, play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path)))


@pytest.mark.usefixtures("all_stored")
@pytest.mark.parametrize(
    "forge",
    [
        lambda arrays: {name: array for name, array in arrays.items() if name != "runs"},
        lambda arrays: dict(list(arrays.items())[:-1]),
        lambda arrays: {**arrays, "more": np.zeros(1)},
        lambda arrays: {**arrays, "runs": np.array(639)},
        lambda arrays: {name: array.astype(float) for name, array in arrays.items()},
        lambda arrays: {name: array[None] for name, array in arrays.items()},
    ],
)
def test_a_file_of_something_else_is_played_again(
    debate: sim.Scenario, tmp_path: Path, forge: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Names, types, shapes and number of histories have to be those of the work; else it counts as not there."""
    first = play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path))
    (path,) = tmp_path.iterdir()
    with np.load(path) as found:
        arrays = dict(found)
    np.savez(path, **forge(arrays))
    assert same(first, play_runs(debate, 640, 7, executor=Executor(unfinished=tmp_path)))
    with np.load(path) as found:
        assert found.files == ["runs", *first.arrays]


@pytest.mark.usefixtures("all_stored")
def test_only_what_an_executor_has_stored_is_deleted(debate: sim.Scenario, tmp_path: Path) -> None:
    """What another interrupted call has left in the folder stays."""
    play_runs(debate, 64, 7, executor=Executor(unfinished=tmp_path))
    mine = Executor(unfinished=tmp_path)
    play_runs(debate, 64, 8, executor=mine)
    mine.delete()
    assert len([*tmp_path.iterdir()]) == 1


#: A long replay that says on its standard output when a batch is finished.
LONG_REPLAY = """
import contextlib, signal, sys
from sim.commands import main, terminal

# Whatever started the tests in the background may have switched Ctrl-C off.
signal.signal(signal.SIGINT, signal.default_int_handler)

terminal.progress = lambda *_: contextlib.nullcontext(lambda done: print(done, flush=True))
sys.argv = ["sim", "replay", "--runs", "50000000", "--out", sys.argv[1]]
main.main()
"""


def test_ctrl_c_leaves_no_results_and_says_how_to_go_on(tmp_path: Path) -> None:
    """Ctrl-C in a long replay ends with status 130, says that the same command goes on, and leaves no results."""
    command = [sys.executable, "-c", LONG_REPLAY, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() and not list(tmp_path.glob(".unfinished/*.npz")):
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert "What is finished is kept: the same command goes on from there." in errors
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
