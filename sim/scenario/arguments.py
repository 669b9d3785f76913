"""What the functions of the Python interface take: an argument of one name means the same in every one of them.

Defaults and ranges are those of the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from sim.errors import UserError, quoted
from sim.scenario.scenario import Scenario, load

#: A debate, the name of a shipped one, or the path of a file.
AnyScenario: TypeAlias = Scenario | str | Path
#: The least and the most of each number, by the name of its argument.
RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "runs": (1, 100_000_000),
        "seed": (0, 2**64 - 1),
        "replicate": (0, 2**32 - 1),
        "workers": (1, 10_000),
        "particles": (1, 1_000_000),
        "independent_runs": (1, 64),
        "orders": (2, 1_000_000),
    }
)


def as_scenario(given: AnyScenario, call: str) -> Scenario:
    """The debate itself, or the one of a name or a path. call: who asks, for the message.

    Raises TypeError for anything else, ScenarioError for a name or a file that is no debate.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        return load(given)
    raise TypeError(f"{call} takes a Scenario, the name of a shipped debate or a path, not {quoted(given)}")


def check_numbers(**given: int) -> None:
    """Raises TypeError for what is not a whole number, UserError for one that is out of its range."""
    for name, value in given.items():
        low, high = RANGES[name]
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise TypeError(f"{name} is a whole number from {low} to {high}, not {quoted(value)}")
        if not low <= value <= high:
            raise UserError(f"{name} is a whole number from {low} to {high}, not {value}")
