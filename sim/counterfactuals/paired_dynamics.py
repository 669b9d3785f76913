"""Two worlds played on common random numbers, moment by moment, and what is kept of how they differ.

Kept are whole numbers that add up in any order to the same result, as in `summary`; nothing is kept by history.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.counterfactuals import vote_changes
from sim.counterfactuals.vote_changes import Changes, Circumstances, Voters
from sim.ensembles import summary
from sim.ensembles.summary import LANES, Summary
from sim.model.array_types import Floats, Ints
from sim.model.dynamics import Inputs, State, VoteRecord, begin, empty_votes, happens, lanes_of, play_moment
from sim.model.jit import compiled
from sim.model.plan import BALLOT, CARRIED, LETTER, NOT_PUT, TALK, WEEK, Plan
from sim.model.random_streams import RUNS_PER_DRAW

#: Steps of a draw's mean in fixed point, as a fraction of the axis or of its histories: squares add up in 64 bits.
STEPS = 2**20
#: What a spread over draws is kept of: the first world, the other, and the difference.
BASE, OTHER, DIFFERENCE = range(3)


class Schedule(NamedTuple):
    """What is played when, in both worlds, and what belongs together in them. Rows of the plans, or -1 where none.

    moments: (steps, 2). snapshot: (steps,), the one to take after a step, or -1; step 0 is the beginning.
    members, ballots: (in both or in either, 2).
    """

    moments: Ints
    snapshot: Ints
    members: Ints
    ballots: Ints


class Difference(NamedTuple):
    """Counts over pairs of histories. Members are those of both worlds, and in `spread` the policy after them.

    mean, square: (snapshots, members + 1, 3) and, by ballot, (ballots, 3): sums over draws of a draw's mean, and of
    its square, for each world and for the difference. outcomes: (ballots, 3, 3), histories by their outcome in both.
    parted: (steps,), histories by the step after which they differ; first: (steps, members), who differed then.
    happened: (steps, 2), histories in which the moment happened. by_vote: (steps,), of the parted, those whose
    outcomes or policy differed and no stance.
    """

    mean: Ints
    square: Ints
    ballot_mean: Ints
    ballot_square: Ints
    outcomes: Ints
    parted: Ints
    first: Ints
    happened: Ints
    by_vote: Ints


class Worlds(NamedTuple):
    """A value for each of the two worlds."""

    base: Summary
    other: Summary


class Lanes(NamedTuple):
    """Two states of the same lanes of histories, and since when they differ.

    parted: (replicates,), the step, or -1; differs: (members, replicates), whether a member's stance has differed.
    by_vote: whether no stance differed when they parted.
    """

    base: State
    other: State
    parted: Ints
    differs: NDArray[np.bool_]
    by_vote: NDArray[np.bool_]


@compiled
def nothing(schedule: Schedule, snapshots: int) -> Difference:
    """Counts of nothing yet."""
    members, ballots, steps = schedule.members.shape[0], schedule.ballots.shape[0], schedule.moments.shape[0]
    return Difference(
        np.zeros((snapshots, members + 1, 3), np.int64),
        np.zeros((snapshots, members + 1, 3), np.int64),
        np.zeros((ballots, 3), np.int64),
        np.zeros((ballots, 3), np.int64),
        np.zeros((ballots, 3, 3), np.int64),
        np.zeros(steps, np.int64),
        np.zeros((steps, members), np.int64),
        np.zeros((steps, 2), np.int64),
        np.zeros(steps, np.int64),
    )


@compiled
def _add_draws(base: Floats, other: Floats, mean: Ints, square: Ints) -> None:
    """Adds the means of draws, and their squares: base, other: (replicates,), draw after draw; mean, square: (3,)."""
    for start in range(0, base.size, RUNS_PER_DRAW):
        stop = min(start + RUNS_PER_DRAW, base.size)
        one, two = 0.0, 0.0
        for lane in range(start, stop):
            one += base[lane]
            two += other[lane]
        a = np.int64(np.floor(one / (stop - start) * STEPS + 0.5))
        b = np.int64(np.floor(two / (stop - start) * STEPS + 0.5))
        # Of the sums, not of the lanes one by one: what is the same in both is then a difference of exactly nothing.
        for kind, value in ((BASE, a), (OTHER, b), (DIFFERENCE, b - a)):
            mean[kind] += value
            square[kind] += value * value


@compiled
def _take_snapshot(plan: Plan, schedule: Schedule, lanes: Lanes, into: Difference, snapshot: int) -> None:
    """Adds the stances and the policies as they stand, as fractions of the way along the axis."""
    members = schedule.members.shape[0]
    low, width = plan.rules.low, plan.rules.high - plan.rules.low
    for row in range(members + 1):
        one = lanes.base.stance[schedule.members[row, 0]] if row < members else lanes.base.policy
        two = lanes.other.stance[schedule.members[row, 1]] if row < members else lanes.other.policy
        _add_draws((one - low) / width, (two - low) / width, into.mean[snapshot, row], into.square[snapshot, row])


@compiled
def _may_differ(plan: Plan, moment: int, rows: Ints, side: int, members: Ints) -> None:
    """Marks in `members` those whose stance a moment may change; rows: those of both worlds, by row of the plan."""
    if moment < 0 or plan.moments.kind[moment] == BALLOT:
        return
    if plan.moments.kind[moment] == WEEK:
        members[:] = 1
    elif plan.moments.kind[moment] == LETTER or plan.moments.kind[moment] == TALK:
        for k in range(plan.moments.first_who[moment], plan.moments.last_who[moment]):
            if rows[plan.who[k], side] >= 0:
                members[rows[plan.who[k], side]] = 1


@compiled
def _compare(schedule: Schedule, lanes: Lanes, step: int, may_differ: Ints, into: Difference) -> None:
    """Notes whose stance differs for the first time after a step, and which histories part there."""
    for row in range(may_differ.size):
        if may_differ[row] == 1:
            one, two = lanes.base.stance[schedule.members[row, 0]], lanes.other.stance[schedule.members[row, 1]]
            for lane in range(one.size):
                if not lanes.differs[row, lane] and one[lane] != two[lane]:
                    lanes.differs[row, lane] = True
                    if lanes.parted[lane] < 0:
                        lanes.parted[lane] = step
                    if lanes.parted[lane] == step:
                        into.first[step, row] += 1


@compiled
def _compare_outcomes(schedule: Schedule, lanes: Lanes, step: int, ballot: int) -> None:
    """Notes the histories that part by the outcome of a ballot or by the policy in force."""
    one, two = schedule.ballots[ballot, 0], schedule.ballots[ballot, 1]
    for lane in range(lanes.parted.size):
        here = lanes.base.decided[one, lane] if one >= 0 else NOT_PUT
        there = lanes.other.decided[two, lane] if two >= 0 else NOT_PUT
        differs = here != there or lanes.base.policy[lane] != lanes.other.policy[lane]
        if differs and lanes.parted[lane] < 0:
            lanes.parted[lane] = step
            lanes.by_vote[lane] = True


@compiled
def _play_noting(
    plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord, noted: Circumstances
) -> None:
    """Plays a moment of one world, if it has it, and notes in what circumstances a ballot is held."""
    if moment < 0:
        return
    if plan.moments.kind[moment] == BALLOT:
        vote_changes.note_choice(plan, state, plan.moments.ballot[moment], noted)
    play_moment(plan, state, inputs, moment, votes)
    if plan.moments.kind[moment] == BALLOT:
        vote_changes.note_deference(plan, state, inputs, moment, noted)


@compiled
def _count_happening(plan: Plan, state: State, moment: int) -> int:
    return happens(plan, state, moment).sum() if moment >= 0 else 0


@compiled
def _rows_in_both(members: Ints, most: int) -> Ints:
    """By row of a plan, the row among the members of both worlds, or -1, for the first world and the other."""
    rows = np.full((most, 2), -1)
    for row in range(members.shape[0]):
        rows[members[row, 0], 0] = row
        rows[members[row, 1], 1] = row
    return rows


@compiled
def _count_ends(schedule: Schedule, lanes: Lanes, into: Difference) -> None:
    """Counts what the ballots came to in both worlds, and where the histories parted."""
    size = lanes.parted.size
    for ballot in range(schedule.ballots.shape[0]):
        one, two = schedule.ballots[ballot, 0], schedule.ballots[ballot, 1]
        here, there = np.zeros(size), np.zeros(size)
        for lane in range(size):
            a = lanes.base.decided[one, lane] if one >= 0 else NOT_PUT
            b = lanes.other.decided[two, lane] if two >= 0 else NOT_PUT
            into.outcomes[ballot, a, b] += 1
            here[lane] = 1.0 if a == CARRIED else 0.0
            there[lane] = 1.0 if b == CARRIED else 0.0
        _add_draws(here, there, into.ballot_mean[ballot], into.ballot_square[ballot])
    for lane in range(size):
        if lanes.parted[lane] >= 0:
            into.parted[lanes.parted[lane]] += 1
            into.by_vote[lanes.parted[lane]] += 1 if lanes.by_vote[lane] else 0


@compiled
def _play_lanes(
    plans: tuple[Plan, Plan],
    schedule: Schedule,
    worlds: tuple[Inputs, Inputs],
    lanes: Lanes,
    votes: tuple[VoteRecord, VoteRecord],
    noted: tuple[Circumstances, Circumstances],
    into: Difference,
    kept: Worlds,
) -> None:
    """Plays some lanes of both worlds to the end."""
    base, other = plans[0], plans[1]
    rows = _rows_in_both(schedule.members, max(base.members.size, other.members.size))
    may_differ = np.ones(schedule.members.shape[0], np.int64)
    for step in range(schedule.moments.shape[0]):
        one, two, snapshot = schedule.moments[step, 0], schedule.moments[step, 1], schedule.snapshot[step]
        into.happened[step, 0] += _count_happening(base, lanes.base, one)
        into.happened[step, 1] += _count_happening(other, lanes.other, two)
        _play_noting(base, lanes.base, worlds[0], one, votes[0], noted[0])
        _play_noting(other, lanes.other, worlds[1], two, votes[1], noted[1])
        if step > 0:
            may_differ[:] = 0
            _may_differ(base, one, rows, 0, may_differ)
            _may_differ(other, two, rows, 1, may_differ)
        _compare(schedule, lanes, step, may_differ, into)
        for ballot in range(schedule.ballots.shape[0]):
            a, b = schedule.ballots[ballot, 0], schedule.ballots[ballot, 1]
            is_base = one >= 0 and a >= 0 and base.moments.ballot[one] == a
            is_other = two >= 0 and b >= 0 and other.moments.ballot[two] == b
            if is_base or is_other:
                _compare_outcomes(schedule, lanes, step, ballot)
        if snapshot >= 0:
            summary.take_snapshot(base, lanes.base, kept.base, snapshot)
            summary.take_snapshot(other, lanes.other, kept.other, snapshot)
            _take_snapshot(base, schedule, lanes, into, snapshot)


@compiled
def _room_for(plan: Plan, votes: VoteRecord) -> Circumstances:
    return vote_changes.no_circumstances(votes.vote.shape[0], plan.ballots.size, votes.vote.shape[1])


@compiled
def play(
    plans: tuple[Plan, Plan], schedule: Schedule, voters: Voters, worlds: tuple[Inputs, Inputs]
) -> tuple[Worlds, Difference, Changes]:
    """Plays all replicates of two worlds to the end: a summary of each, how they differ, and why their votes do."""
    replicates, snapshots = worlds[0].replicate.size, schedule.snapshot.max() + 1
    kept = Worlds(
        summary.empty(plans[0], snapshots, replicates),
        summary.empty(plans[1], snapshots, replicates),
    )
    into = nothing(schedule, snapshots)
    changes = vote_changes.no_changes(voters.ballot.size, voters.key.size)
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        parts = (lanes_of(worlds[0], start, stop), lanes_of(worlds[1], start, stop))
        lanes = Lanes(
            begin(plans[0], parts[0].first),
            begin(plans[1], parts[1].first),
            np.full(stop - start, -1),
            np.zeros((schedule.members.shape[0], stop - start), np.bool_),
            np.zeros(stop - start, np.bool_),
        )
        votes = (empty_votes(plans[0], stop - start), empty_votes(plans[1], stop - start))
        noted = (_room_for(plans[0], votes[0]), _room_for(plans[1], votes[1]))
        _play_lanes(plans, schedule, parts, lanes, votes, noted, into, kept)
        summary.count_ballots(plans[0], lanes.base, votes[0], kept.base, start)
        summary.count_ballots(plans[1], lanes.other, votes[1], kept.other, start)
        vote_changes.count(plans, parts, voters, votes, noted, changes)
        _count_ends(schedule, lanes, into)
    return kept, into, changes
