"""What a command has loaded by the time it first says something: nothing that it does not need for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HEAVY = ["numba", "pandas", "matplotlib", "scipy", "xarray", "mesa", "SALib", "arviz", "dask"]
#: Runs commands one after the other, and prints what of HEAVY was loaded when each first wrote something, and that.
WATCH = """
import io, json, sys
import sim.commands.main

heavy, calls = json.loads(sys.argv[1])
found = []

class Watched(io.StringIO):
    def write(self, text):
        if super().write(text) and text.strip() and len(found) < begun:
            found.append([text.strip().splitlines()[0], [name for name in heavy if name in sys.modules]])
        return len(text)

for begun, call in enumerate(calls, start=1):
    sys.argv = ["sim", *call.split()]
    sys.stdout, sys.stderr = Watched(), Watched()
    try:
        sim.commands.main.main()
    except SystemExit:
        pass
print(json.dumps(found), file=sys.__stdout__)
"""
LISTS = [
    "list",
    "list moments",
    "list members --format json",
    "list outputs",
    "timeline library-sunday --weeks",
    "timeline --format csv",
    "sources",
    "sources --format json",
    "whatif",
    "plot",
    "check library-sunday",
    "schema",
]
REFUSALS = [
    "replay monopoly-1923",
    "replay nowhere.yaml",
    "replay --runs 0",
    "replay --evidence rumours",
    "replay --reading x=y",
    "replay --out {file}/below",
    "replay --posterior nowhere.nc",
    "replay --prior --refit",
    "run monopoly-1923",
    "whatif no-such",
    "whatif lenin-in-the-room --without no-such",
    "whatif --set no-such.date=1922-10-05",
    "whatif --all --alone",
    "attribute no-such-decision",
    "attribute --cause no-such",
    "tipping no-such-decision",
    "tipping --over no-such",
    "power no-such",
    "sensitivity no-such-decision",
    "calibrate monopoly-1923",
    "score --save {file}/below",
    "compare monopoly-1923",
    "plot no-such",
    "plot stances --from nowhere",
    "film monopoly-1923",
    "explore monopoly-1923",
    "report no-such",
    "verify nowhere",
    "check nowhere.yaml",
    "list nothing",
]
#: What plays; it needs the compiler, tables, and SciPy for the quantiles of priors.
PLAYED = [
    "run library-sunday",
    "replay library-sunday --runs 64",
    "replay library-sunday --runs 64 --format csv",
    "whatif --scenario library-sunday --without eve-writes --runs 64",
    "attribute --scenario library-sunday --runs 64",
    "tipping --scenario library-sunday --over openness --runs 64",
    "power --scenario library-sunday --runs 64",
]
NEEDED_TO_PLAY = {"numba", "pandas", "scipy"}


def watched(calls: list[str], folder: Path) -> list[tuple[str, list[str]]]:
    """What each call first says, and what it has loaded by then, in one process: the lighter ones come first."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent), "COLUMNS": "200"}
    given = json.dumps([HEAVY, calls])
    done = subprocess.run(
        [sys.executable, "-c", WATCH, given], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [(said, loaded) for said, loaded in json.loads(done.stdout)]


@pytest.mark.parametrize("calls", [LISTS, REFUSALS], ids=["lists", "refusals"])
def test_a_list_or_a_refusal_has_loaded_nothing_that_plays_computes_or_draws(calls: list[str], tmp_path: Path) -> None:
    """Whoever looks something up, or slips, waits for neither the compiler nor tables nor figures."""
    (file := tmp_path / "file").touch()
    said = watched([call.format(file=file) for call in calls], tmp_path)
    assert len(said) == len(calls)
    assert [(call, *one) for call, one in zip(calls, said, strict=True) if one[1]] == []


def test_an_answer_is_given_before_anything_is_loaded_that_draws(tmp_path: Path) -> None:
    """By its first line, what plays has loaded the compiler, tables and SciPy, and no figures, no Mesa, no xarray."""
    said = watched([f"{call} --no-figures" for call in PLAYED], tmp_path)
    assert len(said) == len(PLAYED)
    assert not any(line.startswith("Usage:") for line, _ in said)
    more = [(call, set(loaded) - NEEDED_TO_PLAY) for call, (_, loaded) in zip(PLAYED, said, strict=True)]
    assert [(call, loaded) for call, loaded in more if loaded] == []
