"""One pinned run: that results move is noticed, and is said in the changelog.

`python -m tests.commands.test_baseline --refresh` pins the present results. Do it only when they are meant to move.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import Scenario
from sim.model.arrays import arrays_of

BASELINE = Path(__file__).with_name("baseline.json")
RUNS, SEED = 256, 1922
MOVED = (
    "the results of {name} have moved: {what}. If that was meant, say in CHANGELOG.md under **Numbers moved** which and"
    " why, and pin them with `python -m tests.commands.test_baseline --refresh`; if not, undo what moved them"
)


def chances(scenario: Scenario) -> dict[str, dict[str, str]]:
    """The probabilities of every decision, as the record had the debate and running free, to twelve digits."""
    table = sim.ensemble(scenario, runs=RUNS, seed=SEED).decisions.set_index("decision")
    return {
        str(decision): {column: f"{row[column]:.12f}" for column in ("probability", "probability_free")}
        for decision, row in table.iterrows()
    }


def bits(scenario: Scenario) -> str:
    """A digest of every stance of history 0, at every moment, to the last bit."""
    stances = sim.play(scenario, seed=SEED).stances[list(arrays_of(scenario).names.members)]
    return hashlib.sha256(stances.to_numpy().astype("<f8").tobytes(order="C")).hexdigest()


def present() -> dict[str, Any]:
    """What the shipped debates come to now."""
    return {
        name: {"scenario": scenario.digest, "decisions": chances(scenario), "stances": bits(scenario)}
        for name, scenario in ((name, sim.load(name, prior=True)) for name in sim.shipped())
    }


def pinned(name: str) -> dict[str, Any]:
    """What a shipped debate came to when it was last pinned."""
    found: dict[str, Any] = json.loads(BASELINE.read_text("utf-8"))
    assert name in found, MOVED.format(name=name, what="it was never pinned")
    return dict(found[name])


@pytest.mark.parametrize("name", sim.shipped())
def test_the_probabilities_are_those_that_were_pinned(name: str) -> None:
    """A shipped debate gives every decision the probability that it gave when its results were last pinned."""
    scenario, before = sim.load(name, prior=True), pinned(name)
    whence = "the model" if scenario.digest == before["scenario"] else "the scenario"
    now = chances(scenario)
    assert list(now) == list(before["decisions"]), MOVED.format(name=name, what="there are other decisions")
    for decision, said in now.items():
        for column, value in said.items():
            then = before["decisions"][decision][column]
            what = f"{column} of {decision} was {then}, is {value}, and {whence} has changed"
            is_as_pinned = float(value) == pytest.approx(float(then), abs=1.5e-12, nan_ok=True)
            assert is_as_pinned, MOVED.format(name=name, what=what)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="bits are promised on x86-64 only")
@pytest.mark.parametrize("name", sim.shipped())
def test_the_stances_are_to_the_last_bit_those_that_were_pinned(name: str) -> None:
    """History 0 of a shipped debate has, at every moment, the very stances that it had when it was last pinned."""
    assert bits(sim.load(name, prior=True)) == pinned(name)["stances"], MOVED.format(
        name=name, what="the stances of history 0"
    )


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        sys.exit("to pin the present results on purpose: python -m tests.commands.test_baseline --refresh")
    BASELINE.write_text(json.dumps(present(), indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{BASELINE} holds the present results: say in CHANGELOG.md which moved and why\n")
