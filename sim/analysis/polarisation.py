"""How divided a body is: the measures of polarisation, each a function of stances, and their course over time.

Polarisation has several meanings, and a debate can grow in one and shrink in another (Bramson et al. 2017). So none is
called *the* polarisation: each is named, has its source, and is drawn in a panel of its own.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.ensembles import batch
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.model.array_types import Floats, Words
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, DebateFile
from sim.scenario.seats import Seating, seatings

#: Those recorded by name, whatever their bodies, are no body; so the table calls them nothing.
EVERYBODY = ""
#: A body with fewer full members recorded by name is not measured: four is where a second camp can be one.
FEWEST = 4
#: Histories that are measured at most.
MOST = 512
#: Stances that are measured at once.
STANCES = 2**18
#: Esteban and Ray's sensitivity to polarisation, in (0, 1.6]; that it is 1.3 is our assumption.
SENSITIVITY = 1.3
COLUMNS = ("date", "body", "measure", "mean", "q05", "q50", "q95")
#: Less than this share of the axis apart counts as the same stance: what rounding makes of unanimity.
SAME = 1e-9


@dataclass(frozen=True)
class Line:
    """The axis: its ends and its named positions, in ascending order (without any, its ends and middle)."""

    low: float
    high: float
    positions: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Half way between the ends."""
        return (self.low + self.high) / 2


def line(debate: DebateFile) -> Line:
    """The axis of a debate."""
    low, high = debate.axis.low, debate.axis.high
    named = sorted({position.at for position in debate.axis.positions})
    return Line(low, high, tuple(named) if len(named) > 1 else (low, (low + high) / 2, high))


# Measures ----------------------------------------------------------------------------------------------
# All take stances (members, histories) in units of the axis, and the axis, and return (histories,).


def _sum_of_products(one: Floats, other: Floats) -> Floats:
    """Over members, (histories,), one after another: a history by itself has the same bits."""
    total = np.zeros(one.shape[1])
    for factor, with_it in zip(one, other, strict=True):
        total += factor * with_it
    return total


def spread(stances: Floats, axis: Line) -> Floats:
    """The distance between the furthest two, in units of the axis (*spread* in Bramson et al. 2017)."""
    return np.asarray(stances.max(axis=0) - stances.min(axis=0))


def dispersion(stances: Floats, axis: Line) -> Floats:
    """The standard deviation, in units of the axis (DiMaggio, Evans and Bryson 1996; *dispersion* in Bramson).

    Of the members themselves, who are no sample: the sum of squares is divided by their number.
    """
    return np.asarray(stances.std(axis=0))


def bimodality(stances: Floats, axis: Line) -> Floats:
    """Sarle's bimodality coefficient, (skewness^2 + 1) / kurtosis, in (0, 1] (Pfister et al. 2013).

    1 for two camps of one stance each, 5/9 for stances spread evenly, 1/3 for a normal distribution. More than 5/9
    suggests two camps; so does a lopsided single one, which is its known weakness. Without the correction for small
    samples, since the members are no sample. NaN where all have one stance.
    """
    gap, number = stances - stances.mean(axis=0), len(stances)
    square = gap * gap
    variance = square.sum(axis=0) / number
    apart = variance > (SAME * (axis.high - axis.low)) ** 2
    unit = np.where(apart, variance, 1.0)
    skewness = _sum_of_products(square, gap) / number / (unit * np.sqrt(unit))
    kurtosis = _sum_of_products(square, square) / number / (unit * unit)
    return np.where(apart, (skewness**2 + 1.0) / np.where(apart, kurtosis, 1.0), np.nan)


def esteban_ray(stances: Floats, axis: Line, sensitivity: float = SENSITIVITY) -> Floats:
    """Esteban and Ray's (1994) polarisation, K sum_g sum_h p_g^(1 + a) p_h |y_g - y_h|, in [0, 1].

    The groups g are those nearest to one named position (half way, the upper), p their shares and y their mean
    stances; K makes two halves at the ends of the axis 1. It grows with the distance between groups and with the
    likeness within them, and unlike the standard deviation it falls when equal camps break up. Assumed: that the
    named positions make the groups.
    """
    edges, number = (np.array(axis.positions[:-1]) + np.array(axis.positions[1:])) / 2, len(stances)
    nobody = np.zeros(stances.shape[1])
    # How many stand beyond each edge, and the sum of their stances: a group is what the next edge takes away.
    counts, sums = [nobody + number], [stances.sum(axis=0)]
    for edge in edges:
        beyond = (stances >= edge).astype(np.float64)
        counts.append(beyond.sum(axis=0))
        sums.append(_sum_of_products(beyond, stances))
    sizes, totals = (-np.diff([*rows, nobody], axis=0) for rows in (counts, sums))
    means = totals / np.maximum(sizes, 1.0)
    # The powers of all shares that there can be, and not of each history's.
    alike = ((np.arange(number + 1) / number) ** (1.0 + sensitivity))[sizes.astype(np.int64)]
    found = np.zeros(stances.shape[1])
    for g, h in itertools.combinations(range(len(sizes)), 2):
        found += (alike[g] * sizes[h] + alike[h] * sizes[g]) * np.abs(means[g] - means[h])
    return np.asarray(found * (2.0 ** (1.0 + sensitivity) / number / (axis.high - axis.low)))


def above(stances: Floats, axis: Line) -> Floats:
    """The share of members above the middle of the axis, in [0, 1]; who stands exactly on it is on neither side."""
    return np.asarray((stances > axis.middle).mean(axis=0))


def below(stances: Floats, axis: Line) -> Floats:
    """The share of members below the middle of the axis."""
    return np.asarray((stances < axis.middle).mean(axis=0))


MEASURES: Mapping[str, Callable[[Floats, Line], Floats]] = {
    "spread": spread,
    "dispersion": dispersion,
    "bimodality": bimodality,
    "esteban-ray": esteban_ray,
    "above": above,
    "below": below,
}


# Over time ---------------------------------------------------------------------------------------------


def _measured(debate: DebateFile, seated: Mapping[str, Seating], day: datetime.date) -> Iterator[tuple[str, list[str]]]:
    """Who is measured together on a day: all who are recorded by name, and the full members of voting bodies.

    Stand-ins are excluded: how far apart people stand of whom nothing is recorded is assumed, and not a result.
    """
    named = {person: None for person, member in debate.members.items() if member.count is None}
    yield EVERYBODY, list(named)
    voting = {item.body for item in debate.timeline if isinstance(item, Ballot)}
    for name, seating in seated.items():
        full = [member for member in seating.on(day).votes if member in named]
        if name in voting and len(full) >= FEWEST:
            yield name, full


def _summaries(values: Floats) -> Floats:
    """Mean and quantiles, (rows, 4), over the histories of each row that have a value; NaN if none has."""
    found = np.full((len(values), 4), np.nan)
    missing = np.isnan(values)
    whole = ~missing.any(axis=1)
    found[whole] = _summary(values[whole])
    for row in np.flatnonzero(~whole & ~missing.all(axis=1)):
        found[row] = _summary(values[row, ~missing[row]])
    return found


def _summary(known: Floats) -> Floats:
    # Numbers in order are divided at quantiles sooner than others, and to sort them is quick.
    return np.stack([known.mean(axis=-1), *np.quantile(np.sort(known), (0.05, 0.5, 0.95), axis=-1)], axis=-1)


@dataclass(frozen=True)
class Polarisation:
    """The work of measuring the first histories of an ensemble that follow the record; runs: how many in all."""

    scenario: Scenario
    seed: int
    runs: int

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""
        return batch.cost_of_a_history(self.scenario)

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return ["polarisation", self.scenario.digest, self.seed]

    @cached_property
    def groups(self) -> list[tuple[int, str, str, list[int]]]:
        """Who is measured together: number of the date, date, body, rows of the members."""
        row = {name: number for number, name in enumerate(arrays_of(self.scenario).names.members)}
        seated = seatings(self.scenario.debate)
        return [
            (number, date, body, [row[name] for name in members])
            for number, date in enumerate(batch.snapshots(self.scenario).dates)
            for body, members in _measured(self.scenario.debate, seated, datetime.date.fromisoformat(date))
        ]

    def _alike(self, histories: int) -> Iterator[tuple[list[int], list[int]]]:
        """The same members on several dates, as rows and numbers of groups: as many as are soon measured together."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for group, (_, _, _, rows) in enumerate(self.groups):
            alike.setdefault(tuple(rows), []).append(group)
        for members, groups in alike.items():
            size = max(STANCES // (len(members) * histories), 1)
            yield from ((list(members), groups[start : start + size]) for start in range(0, len(groups), size))

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """bits: (groups, measures, runs), the measures of these histories as the bits of floating-point numbers.

        Every other history has 0 there, so that adding parts up puts them side by side.
        """
        dates, members = len(batch.snapshots(self.scenario).dates), len(arrays_of(self.scenario).names.members)
        kept = np.empty((dates, members + 1, replicates.size), np.float32)
        batch.EnsembleWork(self.scenario, self.seed, True, {}, counts_stances=False).play(replicates, kept)
        axis, ids = line(self.scenario.debate), replicates.astype(np.int64)
        values = np.zeros((len(self.groups), len(MEASURES), self.runs))
        for rows, together in self._alike(replicates.size):
            numbers = np.array([self.groups[group][0] for group in together])
            # (members, dates, histories): a measure looks at one date of one history, whatever stands beside it.
            stances = kept[np.ix_(numbers, np.array(rows))].astype(np.float64).transpose(1, 0, 2).reshape(len(rows), -1)
            for place, measure in enumerate(MEASURES.values()):
                measured = measure(stances, axis).reshape(len(together), -1)
                values[np.ix_(np.array(together), np.array([place]), ids)] = measured[:, None]
        return Counts(replicates.size, {"bits": values.view(np.int64)}).added_to(so_far)


def polarisation(many: Ensemble, executor: Executor | None = None) -> pandas.DataFrame:
    """Every measure by date, for each voting body and for all who are recorded by name (body "").

    Columns: date, body, measure, and over the first histories of the ensemble that follow the record, at most MOST of
    them, mean, q05, q50, q95. A history that does not have a measure (bimodality of unanimity) is left out of it. The
    executor reports how many of min(many.runs, MOST) histories are done.
    """
    runs = min(many.runs, MOST)
    work = Polarisation(many.scenario, many.seed, runs)
    values = execute(work, runs, executor)["bits"].view(np.float64)
    summaries = _summaries(values.reshape(-1, values.shape[-1])).tolist()
    places = [(date, body, measure) for _, date, body, _ in work.groups for measure in MEASURES]
    rows = [(*place, *summary) for place, summary in zip(places, summaries, strict=True)]
    return pandas.DataFrame(rows, columns=list(COLUMNS)).assign(
        date=lambda table: pandas.to_datetime(table.date, format="%Y-%m-%d")
    )
