"""Distributions: their terms make a law, and the law can fall within its range."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.errors import quoted
from sim.scenario import schema
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path

Interval = tuple[float, float]

FARTHEST = 6.0  # standard deviations from the range at which a law has, in practice, nothing in it


def law_of(law: schema.Distribution) -> tuple[str, tuple[schema.Term, schema.Term]]:
    """The one law that a distribution is, and its two terms."""
    for kind in ("uniform", "normal", "lognormal"):
        terms: tuple[schema.Term, schema.Term] | None = getattr(law, kind)
        if terms is not None:
            return kind, terms
    raise AssertionError("a distribution has one law")


def faults_of_law(
    kind: str, terms: tuple[schema.Term, schema.Term], first: Interval, second: Interval, within: Interval, path: Path
) -> Iterator[Finding]:
    """Whether the terms make a law that can fall within a range. The terms are given by their extents."""
    shown = ", ".join(term if isinstance(term, str) else f"{term:g}" for term in terms)
    if kind == "uniform":
        if first[0] >= second[1]:
            yield path, f"uniform [{shown}] runs backwards or has no width: give the lower bound first"
        elif first[0] > within[1] or second[1] < within[0]:
            yield path, f"uniform [{shown}] lies entirely outside {as_text(within)}"
        return
    if second[0] < 0 or second[1] <= 0:
        yield path, f"{kind} [{shown}]: the second number is a standard deviation and must be above 0"
    elif kind == "lognormal" and (first[0] < 0 or first[1] <= 0):
        yield path, f"lognormal [{shown}]: the first number is a median and must be above 0"
    elif _is_out_of_reach(kind, first, second[1], within):
        yield path, f"{kind} [{shown}] lies in practice entirely outside {as_text(within)}"


def _is_out_of_reach(kind: str, centre: Interval, deviation: float, within: Interval) -> bool:
    """Whether the range is further from a law's centre than the law ever comes."""
    low, high = within
    if kind == "lognormal":
        if high <= 0:
            return True
        low, high = (math.log(low) if low > 0 else -math.inf), math.log(high)
        centre = (math.log(centre[0]) if centre[0] > 0 else -math.inf), math.log(centre[1])
    return low - centre[1] > FARTHEST * deviation or centre[0] - high > FARTHEST * deviation


def as_text(interval: Interval) -> str:
    """The interval as a file would write it: `[0, 0.5]`."""
    return f"[{interval[0]:g}, {interval[1]:g}]"


def check_parameter_laws(draft: Draft) -> Iterator[Finding]:
    """A parameter's distribution is made of numbers and can fall within its range."""
    for name, parameter in draft.parameters.items():
        if not isinstance(parameter.value, schema.Distribution):
            continue
        kind, terms = law_of(parameter.value)
        path: Path = ("parameters", name, "value", kind)
        words = [(place, term) for place, term in enumerate(terms) if isinstance(term, str)]
        for place, term in words:
            yield (*path, place), f"{quoted(term)} is a name: a parameter's distribution is made of numbers"
        numbers = [(term, term) for term in terms if not isinstance(term, str)]
        if len(numbers) == 2:
            yield from faults_of_law(kind, terms, numbers[0], numbers[1], parameter.range, path)
        if parameter.range[0] == parameter.range[1]:
            yield (
                ("parameters", name, "range"),
                f"{as_text(parameter.range)} has no room for a distribution: give a number",
            )
