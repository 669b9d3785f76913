"""The observation likelihood: how probable a reported stance is, given the stance that a history has.

A report says that a member stood at a named position. It is taken to lie where a normal error puts the stance between
the cut-points midway to the positions next to it; how large errors are is a parameter of the scenario
(`observation_spread`), one for each kind of evidence.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.model import normal, priors
from sim.model.array_types import Floats
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Observation, ObservationSpread
from sim.scenario.seats import position, positions
from sim.scenario.timeline import Entry

#: Where something was met that is nobody's report: it is a conjecture, whatever its evidence word.
INDIRECT = ("background", "inference")
#: The smallest probability of a report: a stance may be as many spreads off as it likes, and be finite.
LEAST = 1e-300


@dataclass(frozen=True)
class Report:
    """A stance reported of a member: that it lay between two cut-points, on these days (the first and the last).

    low, high: units of the axis, infinite at the ends. spread: the parameter that says how far a report may be
    off. rests_on: the ballots from which it was inferred.
    """

    id: str
    member: str
    first: datetime.date
    last: datetime.date
    low: float
    high: float
    spread: str
    rests_on: tuple[str, ...]


def log_likelihoods(reports: Sequence[Report], stance: Floats, spread: Floats) -> Floats:
    """The log probability that a normal error puts each stance between the cut-points of a report.

    stance, spread: (reports, histories), in units of the axis.
    """
    low, high = (np.array([[getattr(report, end)] for report in reports]).reshape(-1, 1) for end in ("low", "high"))
    spread = np.maximum(spread, priors.NARROWEST)
    low, high = (low - stance) / spread, (high - stance) / spread
    # In the upper tail both ends are nearly 1: there the other tail keeps the digits.
    is_above = low > 0
    low, high = np.where(is_above, -high, low), np.where(is_above, -low, high)
    out: Floats = np.log(np.maximum(normal.below(high) - normal.below(low), LEAST))
    return out


def reports_of(scenario: Scenario) -> list[Report]:
    """Every stance reported in a scenario that histories can be compared with, member by member.

    None where the scenario does not say how far reports may be off; and none of what was merely assumed, or of what
    the member's first stance is already drawn from (it cites the same item of the record, which would count twice).
    """
    spread = scenario.debate.dynamics.observation_spread
    cuts = cut_points(scenario)
    if spread is None or len(cuts) < 3:
        return []
    return [
        _report(scenario, name, observed, spread, cuts)
        for name, member in scenario.debate.members.items()
        if member.count is None
        for observed in member.observations
        if observed.evidence != "assumed"
        and not (member.first_stance and set(member.first_stance.record) & set(observed.record))
    ]


def cut_points(scenario: Scenario) -> list[float]:
    """Where a reported position begins and ends: midway between the named positions, without end beyond the last."""
    places = sorted(set(positions(scenario.debate).values()))
    return [-math.inf, *((a + b) / 2 for a, b in itertools.pairwise(places)), math.inf]


def _report(
    scenario: Scenario, member: str, observed: Observation, spreads: ObservationSpread, cuts: list[float]
) -> Report:
    spread = getattr(spreads, "conjecture" if observed.provenance in INDIRECT else observed.evidence)
    at = position(scenario.debate, observed.stance)
    above = next(number for number, cut in enumerate(cuts) if at < cut)
    days = observed.between if observed.whole_period and observed.between else (observed.date, observed.date)
    return Report(observed.id, member, *days, cuts[above - 1], cuts[above], spread, observed.rests_on)


def moments_of(entries: tuple[Entry, ...], report: Report) -> list[int]:
    """The moments after which a report's stance is looked at: the end of its day, or of each week of its period.

    -1 is the beginning of the debate.
    """
    ends = [number for number, entry in enumerate(entries) if entry.date <= report.last]
    if report.first == report.last or not ends:
        return [max(ends, default=-1)]
    weeks = [number for number in ends if entries[number].kind == "week" and entries[number].date >= report.first]
    return weeks or [ends[-1]]
