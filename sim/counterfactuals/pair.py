"""Two worlds as one work: what corresponds to what in them, and batches of pairs of histories played and added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.counterfactuals import paired_dynamics
from sim.counterfactuals.paired_dynamics import Schedule
from sim.counterfactuals.vote_changes import Voters
from sim.ensembles import batch
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.summary import Summary
from sim.ensembles.work import Counts
from sim.model.array_types import Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import Plan
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import ORDER_WITHIN_A_DAY, Entry, key

#: What is kept of each world's summary.
OF_A_WORLD = ("stance_bins", "stance_sum", "policy_bins", "policy_sum", "yes")


@dataclass(frozen=True)
class Step:
    """A moment as both worlds have it on one day, or one of them: its rows in their plans, or -1."""

    entry: Entry | None
    base: int
    other: int


def _identity(entry: Entry) -> tuple[Any, ...]:
    return entry.date, entry.kind, entry.id


def steps(base: tuple[Entry, ...], other: tuple[Entry, ...]) -> Iterator[Step]:
    """The beginning, then every moment of either world in the order of play; what both have on one day is one step."""
    yield Step(None, -1, -1)
    place = {_identity(entry): row for row, entry in enumerate(other)}
    shared = {_identity(entry) for entry in base} & set(place)
    at = 0
    for row, entry in enumerate(base):
        # What only the other world has comes as soon as its turn is; each world keeps an order of its own.
        end = place[_identity(entry)] if _identity(entry) in shared else at
        while at < end or (at < len(other) and _identity(other[at]) not in shared and _turn(other[at]) <= _turn(entry)):
            yield Step(other[at], -1, at)
            at += 1
        if _identity(entry) in shared and place[_identity(entry)] == at:
            yield Step(entry, row, at)
            at += 1
        else:
            yield Step(entry, row, -1)
    for row in range(at, len(other)):
        yield Step(other[row], -1, row)


def _turn(entry: Entry) -> tuple[Any, ...]:
    return entry.date, ORDER_WITHIN_A_DAY.index(entry.kind)


@dataclass(frozen=True)
class Pair:
    """Two worlds to play on common random numbers, both running free.

    Parameters and first stances are drawn from the priors of each world, with the same random numbers.
    """

    base: Scenario
    other: Scenario
    seed: int

    @property
    def cost(self) -> float:
        """Of one pair of histories, in member-moments."""
        return batch.cost_of_a_history(self.base) + batch.cost_of_a_history(self.other)

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return ["pair", self.base.digest, self.other.digest, self.seed]

    @cached_property
    def steps(self) -> list[Step]:
        """What is played when."""
        return list(steps(self.base.entries, self.other.entries))

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The dates of the snapshots: those on which either world has one, from the beginning on."""
        return tuple(sorted({*batch.snapshots(self.base).dates, *batch.snapshots(self.other).dates}))

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Those who are in both worlds."""
        others = set(arrays_of(self.other).names.members)
        return tuple(name for name in arrays_of(self.base).names.members if name in others)

    @cached_property
    def ballots(self) -> tuple[str, ...]:
        """The ballots of either world, in the order of play."""
        entries = (step.entry for step in self.steps if step.entry is not None)
        return tuple(dict.fromkeys(entry.id for entry in entries if entry.kind == "ballot"))

    @cached_property
    def schedule(self) -> Schedule:
        """The same as arrays."""
        after = np.full(len(self.steps), -1)
        after[0] = 0
        last = {step.entry.date.isoformat(): number for number, step in enumerate(self.steps) if step.entry is not None}
        for snapshot, date in enumerate(self.dates[1:], start=1):
            after[last[date]] = snapshot
        return Schedule(
            np.array([(step.base, step.other) for step in self.steps], np.int64),
            after,
            self._rows("members", self.members),
            self._rows("ballots", self.ballots),
        )

    def _rows(self, kind: str, names: tuple[str, ...]) -> Ints:
        places = [
            {name: row for row, name in enumerate(getattr(arrays_of(world).names, kind))}
            for world in (self.base, self.other)
        ]
        rows = [[place.get(name, -1) for place in places] for name in names]
        return np.array(rows, np.int64).reshape(len(names), 2)

    @cached_property
    def electors(self) -> tuple[tuple[str, str], ...]:
        """Ballots of both worlds, in the order of play, with each member who has a vote in either."""
        names = [arrays_of(world).names for world in (self.base, self.other)]
        shared = [ballot for ballot in self.ballots if all(ballot in one.ballots for one in names)]
        return tuple(
            dict.fromkeys(row for ballot in shared for one in names for row in one.electors if row[0] == ballot)
        )

    @cached_property
    def voters(self) -> Voters:
        """The same as arrays."""
        worlds = [arrays_of(world) for world in (self.base, self.other)]
        shared = list(dict.fromkeys(ballot for ballot, _ in self.electors))
        elector = [{row: place for place, row in enumerate(names.electors)} for _, names in worlds]
        ballot, member = (
            [{name: place for place, name in enumerate(getattr(names, kind))} for _, names in worlds]
            for kind in ("ballots", "members")
        )
        votes = [
            dict(zip(names.electors, np.concatenate([[], *_votes_of_ballots(plan)]).astype(int).tolist(), strict=True))
            for plan, names in worlds
        ]

        def rows(find: Callable[[int, tuple[str, str]], int]) -> Ints:
            found = [[find(side, one) for side in (0, 1)] for one in self.electors]
            return np.array(found, np.int64).reshape(len(self.electors), 2)

        return Voters(
            np.array([shared.index(name) for name, _ in self.electors], np.int64),
            rows(lambda side, one: elector[side].get(one, -1)),
            rows(lambda side, one: member[side].get(one[1], -1)),
            rows(lambda side, one: votes[side].get(one, 0)),
            np.array([[rows_[name] for rows_ in ballot] for name in shared], np.int64).reshape(len(shared), 2),
            np.array([key(name) for name in shared], np.uint64),
        )

    def batch(self, replicates: Words) -> Counts:
        """Plays the pairs of these ids and adds them up."""
        base, other = (
            EnsembleWork(scenario, self.seed, False, {}).inputs(replicates) for scenario in (self.base, self.other)
        )
        plans = arrays_of(self.base).plan, arrays_of(self.other).plan
        kept, difference, changes = paired_dynamics.play(plans, self.schedule, self.voters, (base, other))
        arrays = {**_kept(kept.base, "base"), **_kept(kept.other, "other"), **difference._asdict()}
        arrays |= {f"votes_{name}": array for name, array in changes._asdict().items()}
        return Counts(replicates.size, arrays)


def _votes_of_ballots(plan: Plan) -> Iterator[Ints]:
    """The votes of the electors of each ballot, in the order of the plan's ballots."""
    held = np.flatnonzero(plan.moments.ballot >= 0)
    for moment in held[np.argsort(plan.moments.ballot[held], kind="stable")]:
        yield plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]]


def _kept(summary: Summary, world: str) -> dict[str, Ints]:
    return {f"{world}_{name}": getattr(summary, name) for name in OF_A_WORLD}
