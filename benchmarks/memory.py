"""The peak memory of a fresh process that plays one ensemble: `python -m benchmarks.memory SCENARIO RUNS`.

SCENARIO is `soft` or `hard` for the test debate, or the name of a shipped scenario; `influence` finds out who moved
whom among so many members who only talk. Prints bytes.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.committee import RULES, Committee, crowd, scenario
from sim.scenario.scenario import Scenario, load

INFLUENCE = "influence"
#: The folder that holds `benchmarks` and `sim`.
ROOT = Path(__file__).parent.parent


def debate(name: str) -> Scenario:
    """The test debate under a rule, or a shipped scenario."""
    return scenario(Committee(name)) if name in RULES else load(name)


def peak_of_fresh_process(name: str, size: int) -> int:
    """Bytes resident at most, of a new process that plays so many histories, or members, and nothing else."""
    command = [sys.executable, "-m", "benchmarks.memory", name, str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout)


def _peak() -> int:
    # What the system says of a process's use of resources may be its parent's, from before it became this program.
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, everybody else KiB


if __name__ == "__main__":
    import sim
    from benchmarks.with_ensemble import play
    from sim.analysis.influence import influence

    if sys.argv[1] == INFLUENCE:
        influence(sim.ensemble(crowd(int(sys.argv[2])), 256))
    else:
        play(debate(sys.argv[1]), int(sys.argv[2]), None)
    print(_peak())
