"""What a user waits for: every command as a process of its own, the first time and the second.

Of some commands the very first call is measured, with nothing compiled yet; the second has what the first has left.
`python -m benchmarks.waits COMMAND` prints what it measures as JSON: a process begins with the peak of memory of
the one that started it, so that one has to be small.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

#: The folder that holds `benchmarks` and `sim`.
ROOT = Path(__file__).parent.parent
#: What the seconds of a command are compared with: these imports, and nothing done with them.
IMPORTS = "import numpy, pandas, matplotlib.pyplot"
#: How often a command is called, and after how many processor seconds no more.
ROUNDS, LONG = 3, 20.0

#: The commands, and how long the second call may take to its end, in times of the imports; None where there is no bar.
COMMANDS: Mapping[str, float | None] = {
    "--help": None,
    "list": 0.6,
    "whatif": 0.6,
    "plot": 0.6,
    "check monopoly-1922": 0.5,
    "timeline monopoly-1922": 0.6,
    "sources monopoly-1922": 0.6,
    "replay no-such-debate": 0.6,
    "replay --runs 0": 0.6,
    "whatif no-such-what-if": 0.6,
    "attribute no-such-decision": 0.6,
    "replay": 4,
    "replay --no-figures": None,
    "replay library-sunday": None,
    "run": 2,
    "whatif lenin-in-the-room": 4,
    "whatif --all": 15,
    "attribute": 20,
    "tipping --over deference-weight": None,
    "power": None,
    "sensitivity": None,
    "film": 25,
    "report": None,
    "calibrate": None,
}
#: Those of them that are refused, and so end in another status than 0.
REFUSED = ("replay no-such-debate", "replay --runs 0", "whatif no-such-what-if", "attribute no-such-decision")
#: Those that show that it works.
FEW = ("--help", "list", "replay no-such-debate")
#: Those whose very first call is measured, by a copy of the program that has never played.
FIRST = ("replay", "run", "whatif lenin-in-the-room")

#: cpu, wall: seconds to the end; first: processor seconds until the first thing said; peak: bytes resident at most;
#: status: with which it ended.
Wait = dict[str, float]


def _processor_seconds(process: int) -> float:
    """Of a process not waited for yet, and of those of its children that have ended; NaN where nobody tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def waited(command: Sequence[str], place: Path = ROOT) -> Wait:
    """One call of a command, whose answer is read as it comes: seconds of all its processes, bytes of the largest.

    Python keeps what it makes of the text of a module, as it does for a user, whatever the tests of a machine are told.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(place)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    process.stdout.read(1)
    first = _processor_seconds(process.pid)
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # macOS counts bytes, everybody else KiB
    seconds = {"cpu": used.ru_utime + used.ru_stime, "wall": time.perf_counter() - began, "first": first}
    return {**seconds, "peak": peak, "status": process.returncode}


def _in_turn(call: Sequence[str], place: Path) -> tuple[Wait, Wait]:
    """The imports that everything is compared with, and a call, in turn: the medians of ROUNDS, of LONG calls fewer."""
    units, calls = list[Wait](), list[Wait]()
    while len(calls) < ROUNDS and sum(one["cpu"] for one in calls) < LONG:
        units.append(waited([sys.executable, "-c", IMPORTS]))
        calls.append(waited(call, place))
    return _medians(units), _medians(calls)


def _medians(taken: Sequence[Wait]) -> Wait:
    return {name: median(one[name] for one in taken) for name in taken[0]}


def _copied(to: Path) -> Path:
    """A copy of the program that has never played."""
    for folder in ("sim", "scenarios"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("compiled"))
    return to


def _measured(command: str) -> dict[str, Wait]:
    """The calls of a command after the first, the imports beside them, and of some the first."""
    with tempfile.TemporaryDirectory() as out:
        place = _copied(Path(out, "copy")) if command in FIRST else ROOT
        call = [sys.executable, "-m", "sim", *command.split()]
        if command.partition(" ")[0] not in ("--help", "list", "plot", "check", "timeline", "sources"):
            call += ["--out", out]
        first = waited(call, place)
        unit, second = _in_turn(call, place)
        return {"imports": unit, "second": second} | ({"first": first} if command in FIRST else {})


def waits(commands: Sequence[str], report: Callable[[str], None]) -> dict[str, dict[str, Wait]]:
    """What is measured of each command, in a small process of its own."""
    found = {}
    for command in commands:
        call = [sys.executable, "-m", "benchmarks.waits", command]
        found[command] = json.loads(subprocess.run(call, cwd=ROOT, capture_output=True, check=True).stdout)
        is_refused = found[command]["second"]["status"] != 0
        assert is_refused == (command in REFUSED), f"sim {command}: refused, or not refused as it should be"
        report(f"sim {command}: {found[command]['second']['cpu']:.1f} s")
    return found


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1])))
