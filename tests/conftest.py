"""What all tests share: the same examples every time, and the histories that plain Python plays."""

from __future__ import annotations

import functools
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sim.model import jit
from sim.scenario import scenario
from sim.scenario.library import SHIPPED

# The same examples on every machine: a test that fails fails again.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
# New examples each time (`--hypothesis-profile fresh`): what fails says how to make it fail again.
settings.register_profile("fresh", deadline=None, database=None, print_blob=True)
settings.load_profile("same")

HERE = Path(__file__).parent

# The shipped debates are loaded hundreds of times. Nothing can change what a text says, nor particles, so that each
# text and each posterior that is shipped is read once; what is made of them is made anew.
scenario.parse = functools.lru_cache(maxsize=64)(scenario.parse)
_read_file, _read_once = scenario.read_file, functools.cache(scenario.read_file)
scenario.read_file = lambda path: (_read_once if path.is_relative_to(SHIPPED) else _read_file)(path)


#: Compiles the most of what the tests play.
PLAYED_FIRST = """
import sim
debate = sim.load("library-sunday")
sim.play(debate)
sim.ensemble(debate, runs=8)
sim.whatif(debate, {"remove": "eve-writes"}, runs=8)
sim.attribute(debate, runs=8)
sim.calibrate(sim.load("monopoly-1922", prior=True), effort=sim.Effort(8, 1))
"""


def pytest_configure(config: pytest.Config) -> None:
    """In a fresh checkout the model is compiled once, before there are several processes that would each do it.

    What goes wrong meanwhile is for the tests to find.
    """
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput") and jit.is_new():
        subprocess.run([sys.executable, "-c", PLAYED_FIRST], cwd=HERE.parent, check=False)


def pytest_collection_finish() -> None:
    """What the tests are made of stays to the end: whoever looks for garbage need not look there."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """What a test has left open is found while it is this test's, if it is young."""
    gc.collect(1)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """What the tests of a file have left open is found, however old, before those of another begin."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def interpreted() -> dict[str, str]:
    """The bits of one small debate for each word of the rules, played with the compiler switched off."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-W", "error", "-m", "tests.every_word"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
