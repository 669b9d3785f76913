"""The observation likelihood: how probable a reported stance, or movement of one, is in a history.

A report says that a member stood at a named position. It is taken to lie where a normal error puts the stance between
the cut-points midway to the positions next to it; how large errors are is a parameter of the scenario
(`observation_spread`), one for each kind of evidence. Or it says that a member moved, towards one end of the axis and
at least so far, between two days. Then both of the stances are seen with such an error, independently.
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

    With `since`, that it lay so far from where it was on that day. low, high: units of the axis, infinite at the ends.
    spread: the parameter that says how far a stance may be seen off. rests_on: the ballots from which it was inferred.
    """

    id: str
    member: str
    first: datetime.date
    last: datetime.date
    low: float
    high: float
    spread: str
    rests_on: tuple[str, ...]
    since: datetime.date | None = None


def log_likelihoods(reports: Sequence[Report], stance: Floats, spread: Floats) -> Floats:
    """The log probability that a normal error puts each stance, or how far it moved, between a report's cut-points.

    stance, spread: (reports, histories), in units of the axis.
    """
    low, high = (np.array([[getattr(report, end)] for report in reports]).reshape(-1, 1) for end in ("low", "high"))
    seen_twice = np.array([[report.since is not None] for report in reports]).reshape(-1, 1)
    spread = np.maximum(spread, priors.NARROWEST) * np.where(seen_twice, math.sqrt(2), 1.0)
    low, high = (low - stance) / spread, (high - stance) / spread
    # In the upper tail both ends are nearly 1: there the other tail keeps the digits.
    is_above = low > 0
    low, high = np.where(is_above, -high, low), np.where(is_above, -low, high)
    out: Floats = np.log(np.maximum(normal.below(high) - normal.below(low), LEAST))
    return out


def reports_of(scenario: Scenario) -> list[Report]:
    """Every stance and movement reported in a scenario that histories can be compared with, member by member.

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
    is_indirect = set(observed.provenance) <= set(INDIRECT)
    spread = getattr(spreads, "conjecture" if is_indirect else observed.evidence)
    if observed.movement is not None:
        least = observed.movement.at_least
        low, high = (least, math.inf) if observed.movement.towards == "high" else (-math.inf, -least)
        day, since = observed.date, observed.movement.since
        return Report(observed.id, member, day, day, low, high, spread, observed.rests_on, since)
    assert observed.stance is not None
    at = position(scenario.debate, observed.stance)
    above = next(number for number, cut in enumerate(cuts) if at < cut)
    days = observed.between if observed.whole_period and observed.between else (observed.date, observed.date)
    return Report(observed.id, member, *days, cuts[above - 1], cuts[above], spread, observed.rests_on)


def looked_at(entries: tuple[Entry, ...], report: Report) -> list[tuple[int, float]]:
    """The moments after which a report's stance is looked at, each with its weight: what is seen is their sum.

    The end of its day, or of each week of its period; of a movement, both its days. -1 is the beginning of the debate.
    """
    end = _end(entries, report.last)
    if report.since is not None:
        return [(_end(entries, report.since), -1.0), (end, 1.0)]
    days = enumerate(entry.date if entry.kind == "week" else None for entry in entries)
    weeks = [number for number, day in days if day is not None and report.first <= day <= report.last]
    after = weeks if report.first < report.last and weeks else [end]
    return [(moment, 1 / len(after)) for moment in after]


def _end(entries: tuple[Entry, ...], day: datetime.date) -> int:
    """The last moment of a day, or of the days before it; -1 if there is none."""
    return max((number for number, entry in enumerate(entries) if entry.date <= day), default=-1)
