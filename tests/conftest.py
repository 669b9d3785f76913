"""What all tests share: the same examples every time, and the histories that plain Python plays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine: a test that fails fails again.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
# New examples each time (`--hypothesis-profile fresh`): what fails says how to make it fail again.
settings.register_profile("fresh", deadline=None, database=None, print_blob=True)
settings.load_profile("same")

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def interpreted() -> dict[str, str]:
    """The bits of one small debate for each word of the rules, played with the compiler switched off."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-W", "error", "-m", "tests.every_word"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
