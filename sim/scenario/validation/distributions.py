"""Distributions: their terms make one, and it can fall within its range."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.errors import quoted
from sim.scenario.schema import Distribution
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path

Interval = tuple[float, float]

FARTHEST = 6.0  # standard deviations from the range at which a distribution has, in practice, nothing in it


def check_parameter_distributions(draft: Draft) -> Iterator[Finding]:
    """A parameter's distribution is made of numbers and can fall within its range."""
    for name, parameter in draft.parameters.items():
        value = parameter.value
        if not isinstance(value, Distribution):
            continue
        path: Path = ("parameters", name, "value", value.family)
        words = [(place, term) for place, term in enumerate(value.terms) if isinstance(term, str)]
        for place, term in words:
            yield (*path, place), f"{quoted(term)} is a name: a parameter's distribution is made of numbers"
        numbers = [(term, term) for term in value.terms if not isinstance(term, str)]
        if len(numbers) == 2:
            yield from faults(value, numbers[0], numbers[1], parameter.range, path)
        if parameter.range[0] == parameter.range[1]:
            message = f"{as_text(parameter.range)} has no room for a distribution: give a number"
            yield ("parameters", name, "range"), message


def faults(value: Distribution, first: Interval, second: Interval, within: Interval, path: Path) -> Iterator[Finding]:
    """Whether the terms make a distribution that can fall within a range. first, second: the extents of the terms."""
    shown = f"{value.family} [{', '.join(term if isinstance(term, str) else f'{term:g}' for term in value.terms)}]"
    if value.uniform is not None:
        if first[0] >= second[1]:
            yield path, f"{shown} runs backwards or has no width: give the lower bound first"
        elif first[0] > within[1] or second[1] < within[0]:
            yield path, f"{shown} lies entirely outside {as_text(within)}"
    elif second[0] < 0 or second[1] <= 0:
        yield path, f"{shown}: the second number is a standard deviation and must be above 0"
    elif value.lognormal is not None and (first[0] < 0 or first[1] <= 0):
        yield path, f"{shown}: the first number is a median and must be above 0"
    elif _is_out_of_reach(value.family, first, second[1], within):
        yield path, f"{shown} lies in practice entirely outside {as_text(within)}"


def _is_out_of_reach(family: str, centre: Interval, deviation: float, within: Interval) -> bool:
    """Whether the range is further from a distribution's centre than it ever comes."""
    if family == "lognormal":
        if within[1] <= 0:
            return True
        centre, within = _logarithm(centre), _logarithm(within)
    return within[0] - centre[1] > FARTHEST * deviation or centre[0] - within[1] > FARTHEST * deviation


def _logarithm(interval: Interval) -> Interval:
    return math.log(interval[0]) if interval[0] > 0 else -math.inf, math.log(interval[1])


def as_text(interval: Interval) -> str:
    """The interval as a file would write it: `[0, 0.5]`."""
    return f"[{interval[0]:g}, {interval[1]:g}]"
