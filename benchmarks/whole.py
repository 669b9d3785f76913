"""How a whole `sim replay` grows, figures and all, and `sim.overview` with the number of what-ifs.

Each size is a process of its own: `python -m benchmarks.whole TERM SIZE` prints what it took, as JSON.
"""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.committee import debate_text
from benchmarks.waits import ROOT, Wait, waited

WHAT_IFS = "what-ifs"
#: The debate that is replayed but for the one number that grows: few members, as the pairs of a talk are known to grow.
USUAL: Mapping[str, Mapping[str, int]] = {
    "members": {"talks": 4, "ballots": 1, "histories": 256},
    "talks": {"members": 10, "ballots": 3, "histories": 256},
    "ballots": {"members": 10, "talks": 300, "histories": 256},
    "histories": {"members": 10, "talks": 30, "ballots": 3},
}
#: Pairs of histories of each what-if.
PAIRS = 1_000
OVERVIEW = (
    "import sys, sim; from sim.scenario.library import what_ifs_of; "
    f"print(len(sim.overview(what_ifs=what_ifs_of('monopoly-1922')[:int(sys.argv[1])], runs={PAIRS}).table))"
)

#: What was measured by size.
Grown = dict[str, Wait]


def _measured(term: str, size: int) -> Wait:
    """One call, whatever has to be compiled being there."""
    if term == WHAT_IFS:
        return waited([sys.executable, "-c", OVERVIEW, str(size)])
    numbers = {**USUAL[term], term: size}
    with tempfile.TemporaryDirectory() as out:
        file = Path(out, "committee.yaml")
        file.write_text(debate_text(numbers["members"], numbers["talks"], numbers["ballots"]), "utf-8")
        call = [sys.executable, "-m", "sim", "replay", str(file), "--runs", str(numbers["histories"]), "--out", out]
        return waited(call)


def whole(sizes: Mapping[str, Sequence[int]], report: Callable[[str], None]) -> dict[str, Grown]:
    """What was taken by term and size, the smallest of each played once before."""
    found: dict[str, Grown] = {}
    for term, several in sizes.items():
        found[term] = {}
        for size in (several[0], *several):
            call = [sys.executable, "-m", "benchmarks.whole", term, str(size)]
            done = subprocess.run(call, cwd=ROOT, capture_output=True, check=True)
            found[term][str(size)] = json.loads(done.stdout)
            assert found[term][str(size)]["status"] == 0, f"{size} {term}: refused, or not played to the end"
            report(f"{size} {term}: {found[term][str(size)]['cpu']:.1f} s")
    return found


def exponents(grown: Grown, what: str) -> Iterator[float]:
    """Of each size but the first, the power of the size that what is measured has grown by since the one before."""
    for smaller, larger in itertools.pairwise(grown):
        growth = grown[larger][what] / grown[smaller][what]
        yield math.log(growth) / math.log(int(larger) / int(smaller))


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]))))
