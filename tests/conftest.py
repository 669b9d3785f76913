"""What all tests share: the same examples every time, and the histories that plain Python plays."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import settings

import tests.one_command_line
import tests.read_once  # noqa: F401

# The programs that tests start keep what Python makes of their texts, as a user's do: to make it takes as long as much
# of what is asked of them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The same examples on every machine: a test that fails fails again. Of what never changes, fewer say as much.
settings.register_profile("same", derandomize=True, deadline=None, database=None, max_examples=40)
# New examples each time (`--hypothesis-profile fresh`): what fails says how to make it fail again.
settings.register_profile("fresh", deadline=None, database=None, print_blob=True)
settings.load_profile("same")

HERE = Path(__file__).parent


def pytest_collection_finish() -> None:
    """What the tests are made of stays to the end: whoever looks for garbage need not look there."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """What a test has left open is found while it is this test's, if it is young."""
    gc.collect(1)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """What the tests of a file have left open is found, however old, before those of another begin.

    What is still in use then is looked through once more at the end, and not after each file that comes.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_open_in_the_end() -> Iterator[None]:
    """What was in use when its file ended, and is left open, is found at the end."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _one_compiles_and_the_others_wait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In a fresh checkout each function is compiled in one of the processes that share the tests, not in each."""
    if "PYTEST_XDIST_WORKER" not in os.environ or sys.platform == "win32":
        yield
        return
    import fcntl

    from sim.model.compiler import Kept

    shared, held = tmp_path_factory.getbasetemp().parent, dict[Kept, IO[str]]()
    load, save = Kept.load_overload, Kept.save_overload

    def end(one: Kept) -> None:
        if (lock := held.pop(one, None)) is not None:
            lock.close()

    def load_or_begin(self: Kept, sig: Any, target: Any) -> Any:
        found = load(self, sig, target)
        if found is None:
            end(self)
            held[self] = (shared / f"{self._name}.compiling").open("w")
            fcntl.flock(held[self], fcntl.LOCK_EX)
            found = load(self, sig, target)
            if found is not None:
                end(self)
        return found

    def save_and_end(self: Kept, sig: Any, made: Any) -> None:
        save(self, sig, made)
        end(self)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Kept, "load_overload", load_or_begin)
        patched.setattr(Kept, "save_overload", save_and_end)
        yield
    for one in [*held]:
        end(one)


@pytest.fixture(scope="session")
def interpreted() -> dict[str, str]:
    """The bits of one small debate for each word of the rules, played with the compiler switched off."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-W", "error", "-m", "tests.every_word"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
