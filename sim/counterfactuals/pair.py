"""A world and others beside it: what corresponds to what in them, and batches of histories played and added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from sim.counterfactuals import paired_dynamics, vote_changes
from sim.counterfactuals.paired_dynamics import Course, Difference, Schedule
from sim.counterfactuals.vote_changes import Changes, Voters
from sim.ensembles import batch, branches, summary
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.summary import LANES, Summary, Truths
from sim.ensembles.work import Counts
from sim.model import priors
from sim.model.array_types import Halves, Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import Plan
from sim.model.random_streams import RUNS_PER_DRAW
from sim.model.state import Inputs, State, begin, empty_votes, lanes_of
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import Entry, key, stream_of

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
        while at < end or (at < len(other) and _identity(other[at]) not in shared and other[at].place <= entry.place):
            yield Step(other[at], -1, at)
            at += 1
        if _identity(entry) in shared and place[_identity(entry)] == at:
            yield Step(entry, row, at)
            at += 1
        else:
            yield Step(entry, row, -1)
    for row in range(at, len(other)):
        yield Step(other[row], -1, row)


@dataclass(frozen=True)
class Pair:
    """Two worlds, and what corresponds to what in them."""

    base: Scenario
    other: Scenario

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
            np.maximum.accumulate([step.base for step in self.steps]) + 1,
            self._rows("members", self.members),
            self._rows("ballots", self.ballots),
        )

    @cached_property
    def moved(self) -> Truths:
        """Who is counted in the other world at each snapshot, (snapshots, members): everybody at its first."""
        after = self.schedule.snapshot
        course = zip((step.other for step in self.steps[1:]), after[1:], strict=True)
        moved = batch.may_have_moved(arrays_of(self.other).plan, course, len(self.dates))
        own = after[self.shared :]
        moved[own[own >= 0][:1]] = True
        return moved

    @cached_property
    def is_shared(self) -> Truths:
        """Which snapshots come before the other world begins to be played: then only the base is counted."""
        return np.flatnonzero(self.schedule.snapshot >= 0) < self.shared

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
        ballots = np.array([[rows_[name] for rows_ in ballot] for name in shared], np.int64).reshape(len(shared), 2)
        units = np.lcm(*(plan.ballots.units[rows_] for (plan, _), rows_ in zip(worlds, ballots.T, strict=True)))
        streams = {entry.id: stream_of(entry) for _, names in worlds for entry in names.entries}
        votes = [
            {
                row: int(each) * int(units[shared.index(row[0])] // plan.ballots.units[names.ballots.index(row[0])])
                for row, each in zip(names.electors, np.concatenate([[], *_votes_of_ballots(plan)]), strict=True)
                if row[0] in shared
            }
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
            ballots,
            units,
            np.array([key(streams[name]) for name in shared], np.uint64),
        )

    @cached_property
    def draws_alike(self) -> bool:
        """Whether parameters and first stances have the same bits in both worlds."""
        known = [(priors.of_debate(world.debate), world.posterior) for world in (self.base, self.other)]
        return known[0] == known[1]

    @cached_property
    def shared(self) -> int:
        """How many of the first steps are the same in both worlds; 0 if nothing is, not even the beginning."""
        plans = [arrays_of(world).plan for world in (self.base, self.other)]
        if not self.draws_alike or branches.beginning(plans[0]) != branches.beginning(plans[1]):
            return 0
        alike = branches.alike(*map(branches.marks, plans))
        apart = (step for step, (one, two) in enumerate(self.schedule.moments) if step and (one != two or one >= alike))
        return next(apart, len(self.steps))

    @property
    def begins_after(self) -> int:
        """After how many moments of the base the other world begins to be played."""
        return max(self.shared - 1, 0)


class PairTally(NamedTuple):
    """What is counted of a pair of worlds: of the other, of how they differ, and of why their votes do."""

    other: Summary
    difference: Difference
    changes: Changes

    @classmethod
    def of_nothing(cls, pair: Pair, runs: int) -> PairTally:
        """Counts of nothing yet, with room for so many histories."""
        other = arrays_of(pair.other).plan
        return cls(
            summary.empty(other, int((~pair.is_shared).sum()), runs, other.members.size),
            paired_dynamics.nothing(pair.schedule, len(pair.dates)),
            vote_changes.no_changes(pair.voters.ballot.size, pair.voters.key.size),
        )

    @classmethod
    def going_on(cls, pair: Pair, runs: int, arrays: Mapping[str, Ints]) -> PairTally:
        """Counts to which so many histories are to be added; arrays: theirs, by name."""
        return cls(
            _going_on(pair.other, runs, arrays, "other"),
            Difference(*(arrays[name] for name in Difference._fields)),
            Changes(*(arrays[f"votes_{name}"] for name in Changes._fields)),
        )

    @property
    def arrays(self) -> dict[str, Ints]:
        """All that is kept, by name."""
        votes = {f"votes_{name}": array for name, array in self.changes._asdict().items()}
        return {**_kept(self.other, "other"), **self.difference._asdict(), **votes}


@dataclass(frozen=True)
class Pairs:
    """The work of playing a world and others beside it on common random numbers, all running free.

    Parameters and first stances are drawn from the priors of each world, with the same random numbers.
    """

    base: Scenario
    others: tuple[Scenario, ...]
    seed: int

    @property
    def cost(self) -> float:
        """Of one history in every world, in member-moments."""
        return sum(map(batch.cost_of_a_history, (self.base, *self.others)))

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return ["pairs", self.base.digest, [other.digest for other in self.others], self.seed]

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The base with each of the others."""
        return tuple(Pair(self.base, other) for other in self.others)

    @cached_property
    def after(self) -> Ints:
        """The snapshot of the base that some pair needs after so many of its moments, (moments + 1,), or -1."""
        needed = [pair.schedule.played[pair.schedule.snapshot >= 0] for pair in self.pairs]
        after = np.full(len(self.base.entries) + 1, -1)
        found = np.unique(np.concatenate(needed))
        after[found] = np.arange(found.size)
        return after

    @cached_property
    def moved(self) -> Truths:
        """Who is counted in the base at each of its snapshots, (snapshots, members)."""
        return batch.may_have_moved(arrays_of(self.base).plan, enumerate(self.after[1:]), int(self.after.max()) + 1)

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """Plays the histories of these ids in every world and adds them up: the base once, and each pair by number.

        Stances of whoever has not moved are not counted again: `tally` carries them on, once for all histories.
        """
        plan, size = arrays_of(self.base).plan, replicates.size
        inputs = EnsembleWork(self.base, self.seed, False, {}).inputs(replicates)
        drawn = [
            inputs if pair.draws_alike else EnsembleWork(pair.other, self.seed, False, {}).inputs(replicates)
            for pair in self.pairs
        ]
        if so_far is None:
            kept = summary.empty(plan, int(self.after.max()) + 1, size, plan.members.size)
            tallies = [PairTally.of_nothing(pair, size) for pair in self.pairs]
        else:
            kept = _going_on(self.base, size, so_far.arrays, "base")
            tallies = [PairTally.going_on(pair, size, _of_pair(so_far, n)) for n, pair in enumerate(self.pairs)]
        course: Course | None = None
        for start in range(0, size, LANES):
            lanes = lanes_of(inputs, start, min(start + LANES, size))
            course, states = self._base(plan, lanes, kept, course)
            summary.count_ballots(plan, course.state, course.votes, kept, start)
            for pair, own, tally in zip(self.pairs, drawn, tallies, strict=True):
                others = lanes if pair.draws_alike else lanes_of(own, start, min(start + LANES, size))
                _play_beside(pair, (lanes, others), course, states[pair.begins_after], tally, start)
        arrays = _kept(kept, "base")
        for number, tally in enumerate(tallies):
            arrays |= {f"{number}_{name}": array for name, array in tally.arrays.items()}
        return Counts(size + (0 if so_far is None else so_far.runs), arrays)

    def _base(self, plan: Plan, lanes: Inputs, kept: Summary, before: Course | None) -> tuple[Course, dict[int, State]]:
        """The course of the base, and its state wherever another world begins, by the moments played until then.

        before: the course of other lanes, which nobody needs any more.
        """
        state = begin(plan, lanes.first)
        means = _room(len(self.moved), state, before)
        course = _course(plan, state, means, self.after, self.moved)
        states, played = dict[int, State](), -1
        for stop in sorted({pair.begins_after for pair in self.pairs}):
            paired_dynamics.play_first(plan, played, stop, lanes, course, kept)
            states[stop], played = deepcopy(course.state), stop
        paired_dynamics.play_first(plan, played, len(plan.moments), lanes, course, kept)
        return course, states

    def tally(self, counts: Counts, number: int) -> Counts:
        """What the pair of a number comes to, with names of its own for both worlds.

        Of the snapshots at which both are the same, the counts of stances in bins are left out.
        """
        pair, arrays = self.pairs[number], _of_pair(counts, number)
        rows = self.after[pair.schedule.played[pair.schedule.snapshot >= 0]]
        own, moved = ~pair.is_shared, pair.moved[~pair.is_shared]
        base = {name: counts[f"base_{name}"] for name in OF_A_WORLD}
        base["stance_bins"] = summary.carried_on(base["stance_bins"], self.moved, rows[own])
        arrays["other_stance_bins"] = summary.carried_on(arrays["other_stance_bins"], moved)
        base["stance_sum"] = summary.carried_on(base["stance_sum"], self.moved, rows)
        arrays["other_stance_sum"] = summary.carried_on(arrays["other_stance_sum"], moved)
        base |= {name: base[name][rows] for name in ("policy_bins", "policy_sum")}
        if not own.all():
            for name in ("stance_sum", "policy_bins", "policy_sum"):
                arrays[f"other_{name}"] = np.concatenate([base[name][~own], arrays[f"other_{name}"]])
        return Counts(counts.runs, arrays | {f"base_{name}": array for name, array in base.items()})


#: The snapshots to take after moments, of a course that is told them step by step.
_NONE: Ints = np.zeros(0, np.int64)


def _room(snapshots: int, state: State, before: Course | None = None) -> Halves:
    """Memory for the means of so many snapshots: that of a course before, if it fits, since new memory costs more."""
    members, lanes = state.stance.shape
    shape = snapshots, members + 1, -(-lanes // RUNS_PER_DRAW)
    return before.means if before is not None and before.means.shape == shape else np.empty(shape, np.int32)


def _course(plan: Plan, state: State, means: Halves, after: Ints, moved: Truths) -> Course:
    """A course of which nothing but a state is known. means: as `_room` makes them."""
    lanes = state.policy.size
    votes = empty_votes(plan, lanes)
    return Course(
        state,
        votes,
        vote_changes.no_circumstances(votes.vote.shape[0], plan.ballots.size, plan.rivals.size, lanes),
        means,
        np.zeros(len(plan.moments), np.int64),
        after,
        moved,
    )


def _begun(plan: Plan, pair: Pair, course: Course, state: State) -> Course:
    """The course of the other world up to where it begins: all is as in the base until then.

    Ballots are rows in the order of play, so that those held until then are the first in both.
    """
    ballots = int((arrays_of(pair.base).plan.moments.ballot[: pair.begins_after] >= 0).sum())
    decided = np.zeros((plan.ballots.size, state.policy.size), np.int8)
    decided[:ballots] = state.decided[:ballots]
    happened = np.zeros((plan.moments.size, state.policy.size), np.int8)
    happened[: pair.begins_after] = state.happened[: pair.begins_after]
    state = state._replace(decided=decided, happened=happened)
    begun = _course(plan, state, _room(1, state), _NONE, pair.moved)
    electors = int(plan.ballots.seats[:ballots].sum())
    rivals = int(plan.ballots.last_rival[ballots - 1]) if ballots else 0
    for own, known in ((begun.votes, course.votes), (begun.noted, course.noted)):
        for name in own._fields:
            rows = {"chance": ballots, "if_carried": ballots, "if_lost": rivals}.get(name, electors)
            getattr(own, name)[:rows] = getattr(known, name)[:rows]
    return begun


def _play_beside(
    pair: Pair, lanes: tuple[Inputs, Inputs], course: Course, state: State, into: PairTally, start: int
) -> None:
    """Plays lanes of the other world of a pair; `start`: the first of them among all histories of the batch."""
    plans = arrays_of(pair.base).plan, arrays_of(pair.other).plan
    if pair.shared:
        second = _begun(plans[1], pair, course, deepcopy(state))
    else:
        fresh = begin(plans[1], lanes[1].first)
        second = _course(plans[1], fresh, _room(1, fresh), _NONE, pair.moved)
    paired_dynamics.play_second(
        plans, pair.schedule, pair.shared, lanes, deepcopy(state), (course, second), into.difference, into.other
    )
    summary.count_ballots(plans[1], second.state, second.votes, into.other, start)
    votes, noted = (course.votes, second.votes), (course.noted, second.noted)
    happened = course.state.happened, second.state.happened
    vote_changes.count(plans, lanes, happened, pair.voters, votes, noted, into.changes)


def _votes_of_ballots(plan: Plan) -> Iterator[Ints]:
    """The votes of the electors of each ballot, in the order of the plan's ballots."""
    held = np.flatnonzero(plan.moments.ballot >= 0)
    for moment in held[np.argsort(plan.moments.ballot[held], kind="stable")]:
        yield plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]]


def _kept(summary: Summary, world: str) -> dict[str, Ints]:
    return {f"{world}_{name}": getattr(summary, name) for name in OF_A_WORLD}


def _going_on(world: Scenario, runs: int, arrays: Mapping[str, Any], called: str) -> Summary:
    """A summary to which so many histories are to be added; arrays: what is kept of those so far."""
    fresh = summary.empty(arrays_of(world).plan, 0, runs, 0)
    return fresh._replace(**{name: arrays[f"{called}_{name}"] for name in OF_A_WORLD})


def _of_pair(counts: Counts, number: int) -> dict[str, Ints]:
    """What is kept of the pair of a number, by name."""
    prefix = f"{number}_"
    return {name.removeprefix(prefix): array for name, array in counts.arrays.items() if name.startswith(prefix)}
