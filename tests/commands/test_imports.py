"""What a command has loaded by the time it first says something: nothing that it does not need for that.

Bad values are tried for every argument and option of every command; one that is added needs a bad value here.
"""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, get_args, get_origin

import pytest
from typer.models import OptionInfo

from sim.commands.main import COMMANDS, Command
from sim.commands.options import grouped

HERE = Path(__file__).parent
HEAVY = ["numba", "pandas", "matplotlib", "scipy", "xarray", "mesa", "arviz", "dask"]
#: Runs commands one after the other, and prints of each: its exit status, what it wrote, and what of HEAVY was loaded
#: when it first did.
WATCH = """
import io, json, sys
import sim.commands.main
import tests.read_once

heavy, calls = json.loads(sys.argv[1])
found = []

class Watched(io.StringIO):
    def write(self, text):
        if text.strip() and loaded is None:
            globals()["loaded"] = [name for name in heavy if name in sys.modules]
        return super().write(text)

for call in calls:
    sys.argv, status, loaded = ["sim", *call.split()], 0, None
    sys.stdout = sys.stderr = said = Watched()
    try:
        sim.commands.main.main()
    except SystemExit as end:
        status = end.code or 0
    found.append([call, status, said.getvalue().strip(), loaded])
print(json.dumps(found), file=sys.__stdout__)
"""


class Answer(NamedTuple):
    """What a call ended with, all that it wrote, and what it had loaded when it began to."""

    call: str
    status: int
    said: str
    loaded: list[str]


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
#: A value that will not do for what is neither a number, nor one of a few words, nor a switch; by its name.
BAD = {
    "scenario": "no-such",
    "scenarios": "no-such",
    "reading": "no-such=option",
    "posterior": "nowhere.nc",
    "out": "{file}/below",
    "cluster": "nowhere",
    "decision": "no-such",
    "cause": "no-such",
    "over": "no-such",
    "and_": "no-such",
    "body": "no-such",
    "what_if": "no-such",
    "what_ifs": "no-such",
    "without": "no-such",
    "present": "no-such=1922-10-05",
    "absent": "lenin=someday",
    "move": "no-such=1922-10-05",
    "set": "no-such.date=1922-10-05",
    "add": "nonsense",
    "inference_data": "{file}/below.nc",
    "kinds": "no-such",
    "source": "nowhere",
    "folder": "nowhere",
    "files": "nowhere.yaml",
    "what": "nothing",
    "of": "no-such",
    "kind": "no-such",
    "host": "192.0.2.1",
    "name": "No_Name",
    "evidence": "no-such",
    "column": "no-such",
    "codes": "no-such",
    "axis": "1:0",
    "start": "someday",
    "end": "2024-02-30",
}
OF_A_DEBATE = ("--axis", "--from", "--to", "--name", "--evidence", "--column", "--codes")
#: What an option needs beside it to be looked at.
WITH = {
    "plot --from": "plot stances --from",
    "plot --out": "plot stances --out",
    "list --of": "list moments --of",
    "list --kind": "list moments --kind",
    "list --scenario": "list moments --scenario",
    **{f"{name} {option}": f"{name} file {option}" for name in ("new", "import") for option in OF_A_DEBATE},
    "whatif --reading": "whatif --all --reading",
    "whatif --posterior": "whatif --all --posterior",
    "verify --workers": "verify nowhere --workers",
}
ANYTHING = [f"{name} --{what}" for name in ("new", "import") for what in ("question", "bodies", "people", "source")]
#: The one is only looked into, which fonts there are only what draws can tell, and words are what somebody says.
NEVER_REFUSED = ["list --out", "plot --font", *ANYTHING]
#: What breaks a rule that is not of one value alone, or of more than its range.
RULES = [
    "replay nowhere.yaml",
    "replay --reading x",
    "replay --prior --refit",
    "replay --posterior {file}",
    "whatif lenin-in-the-room --without no-such",
    "whatif --all --alone",
    "whatif --alone",
    "whatif --all --scenario library-sunday",
    "attribute --cause deference --cause deference",
    "tipping --and deference-weight",
    "tipping --over deference-weight --and deference-weight.value",
    "sensitivity --size 100",
    "new file --from 2024-03-05 --to 2024-03-04",
    "sensitivity --runs 7",
    "sensitivity --scenario library-sunday",
]
#: What plays; it needs tables, and the compiler, which loads the first lines of SciPy.
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


def bad_values(parameter: inspect.Parameter) -> Iterator[str]:
    """Values that will not do for an argument or an option; none for a switch."""
    kind, info = get_args(parameter.annotation)
    kinds = {kind, *get_args(kind)}
    if info.min is not None:
        yield from ("x", f"{info.min - 1}", f"{info.max + 1}")
    elif any(get_origin(one) is Literal for one in kinds):
        yield "no-such"
    elif bool not in kinds:
        yield BAD[parameter.name]


def refusals(command: Command) -> Iterator[str]:
    """Calls of a command with one thing wrong."""
    yield f"{command.name} --no-such"
    for parameter in inspect.signature(grouped(command.function)).parameters.values():
        info = get_args(parameter.annotation)[1]
        # The names that an option is given stand first.
        given = (one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str))
        name = next(given, f"--{parameter.name.replace('_', '-')}")
        asked = f"{command.name} {name}" if isinstance(info, OptionInfo) else command.name
        for value in () if asked in NEVER_REFUSED else bad_values(parameter):
            yield f"{WITH.get(asked, asked)} {value}"
    yield from (call for call in RULES if call.partition(" ")[0] == command.name)


def watched(calls: list[str], folder: Path) -> list[Answer]:
    """What each call answers, in one process: those that load less come first."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent), "COLUMNS": "200"}
    (folder / "file").touch()
    given = json.dumps([HEAVY, [call.format(file="file") for call in calls]])
    done = subprocess.run(
        [sys.executable, "-c", WATCH, given], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [Answer(*found) for found in json.loads(done.stdout)]


def test_a_list_has_loaded_nothing_that_plays_computes_or_draws(tmp_path: Path) -> None:
    """Whoever looks something up waits for neither the compiler nor tables nor figures."""
    answers = watched(LISTS, tmp_path)
    assert [one for one in answers if one.status or one.loaded] == []


def test_a_slip_is_refused_in_a_sentence_before_anything_is_loaded_that_plays(tmp_path: Path) -> None:
    """Every argument and option is looked at before the compiler, tables or figures are loaded; the status is 2."""
    calls = [list(refusals(command)) for command in COMMANDS]
    answers = watched([call for of_one in calls for call in of_one], tmp_path)
    assert [one for one in answers if one.status != 2 or one.loaded] == []
    unknown = {of_one[0] for of_one in calls}
    assert [one for one in answers if one.call not in unknown and "No such option" in one.said] == []
    # Of an option by itself the usage is shown, too, and what is wrong in a box below it.
    assert [one for one in answers if not one.said.startswith("Usage: ") and "\n" in one.said] == []
    # The box quotes what was given, and no library speaks in it.
    boxed = [one for one in answers if one.said.startswith("Usage: ")]
    assert [one for one in boxed if one.call.split()[-1] not in one.said or "Input should" in one.said] == []


def test_an_answer_is_given_before_anything_is_loaded_that_draws(tmp_path: Path) -> None:
    """By its first line, what plays has loaded the compiler, tables and SciPy, and no figures, no Mesa, no xarray."""
    answers = watched([f"{call} --no-figures" for call in PLAYED], tmp_path)
    assert [one for one in answers if one.status or set(one.loaded) - NEEDED_TO_PLAY] == []


#: What each call first says on standard error, and what is loaded then; there it is stopped, as a copy of the process
#: that has loaded the commands.
FIRST_WORDS = """
import functools, io, json, os, sys
import sim, sim.commands.main
from sim.scenario import scenario

heavy, calls = json.loads(sys.argv[1])
# What reads a debate, and what its text says, is read from the disk once for all calls.
scenario.parse = functools.cache(scenario.parse)
sim.load("monopoly-1922")

class First(io.StringIO):
    def write(self, text):
        if text.strip():
            loaded = [name for name in heavy if name in sys.modules]
            os.write(1, (json.dumps([call, text.strip(), loaded]) + "\\n").encode())
            os._exit(0)
        return len(text)

for call in calls:
    if not (child := os.fork()):
        sys.argv, sys.stderr = ["sim", *call.split()], First()
        sim.commands.main.main()
    os.waitpid(child, 0)
"""


@pytest.fixture
def new_copy(tmp_path: Path) -> Path:
    """A copy of the program that has never compiled anything."""
    for part in ("sim", "scenarios"):
        shutil.copytree(HERE.parent.parent / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


#: Calls that play histories.
PLAYS = [
    *("run", "replay", "whatif lenin-in-the-room", "whatif --all", "attribute", "tipping", "power", "sensitivity"),
    *("calibrate", "score", "compare", "replay --prior --reading kamenev=abolition", "film", "report"),
]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
def test_that_it_compiles_is_said_before_the_compiler_is_loaded(new_copy: Path) -> None:
    """Whoever starts the program for the first time waits in silence for no more than what reads a debate."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment |= {"PYTHONPATH": str(new_copy), "HOME": str(new_copy), "XDG_CACHE_HOME": ""}
    command = [sys.executable, "-c", FIRST_WORDS, json.dumps([HEAVY, PLAYS])]
    done = subprocess.run(command, cwd=new_copy, env=environment, capture_output=True, text=True, check=True)
    said = "Compiling the model, this first time only: loading the compiler …"
    assert [json.loads(line) for line in done.stdout.splitlines()] == [[call, said, []] for call in PLAYS]
