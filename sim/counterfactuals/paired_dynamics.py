"""Two worlds played on common random numbers, moment by moment, and what is kept of how they differ.

The first world is played once, whatever it is compared with; another begins where it first differs from it. Until its
histories have parted from those of the first, these are played beside it once more; from then on, what they had come to
is enough. Kept are whole numbers that add up in any order to the same result, as in `summary`; nothing is kept by
history.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.counterfactuals import vote_changes
from sim.counterfactuals.vote_changes import Circumstances
from sim.ensembles import summary
from sim.ensembles.summary import Summary, Truths
from sim.model.array_types import Floats, Halves, Ints
from sim.model.dynamics import play_moment
from sim.model.jit import compiled, compiled_within
from sim.model.plan import BALLOT, CARRIED, LETTER, NOT_PUT, TALK, WEEK, Plan
from sim.model.random_streams import RUNS_PER_DRAW
from sim.model.state import Inputs, State, VoteRecord, in_force

#: Steps of a draw's mean in fixed point, as a fraction of the axis or of its histories: squares add up in 64 bits.
STEPS = 2**20
#: What a spread over draws is kept of: the first world, the other, and the difference.
BASE, OTHER, DIFFERENCE = range(3)


class Schedule(NamedTuple):
    """What is played when, in both worlds, and what belongs together in them. Rows of the plans, or -1 where none.

    moments: (steps, 2). snapshot: (steps,), the one to take after a step, or -1; step 0 is the beginning. played:
    (steps,), how many moments of the first world have then been played. members, ballots: (in both or in either, 2).
    """

    moments: Ints
    snapshot: Ints
    played: Ints
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


class Course(NamedTuple):
    """Lanes of histories of a world, and what they come to.

    state: where they stand. votes, noted: of the ballots held. means: (snapshots, members + 1, draws), the mean of each
    draw's stances, and under them of its policies, as fractions of the axis in fixed point. happened: (moments,),
    histories in which each happened. after: (moments + 1,), the snapshot to take after so many moments, or -1. moved:
    (snapshots, members), who is counted at each: all others stand where they stood at the one before.
    """

    state: State
    votes: VoteRecord
    noted: Circumstances
    means: Halves
    happened: Ints
    after: Ints
    moved: Truths


class Parting(NamedTuple):
    """Since when lanes differ. after: (replicates,), the step, or -1. by_vote: whether no stance differed then."""

    after: Ints
    by_vote: NDArray[np.bool_]


@compiled_within
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
def _to_means(fractions: Floats, means: Halves) -> None:
    """Writes the mean of each draw in fixed point; fractions: (replicates,), draw after draw."""
    for draw in range(fractions.size // RUNS_PER_DRAW):
        total = 0.0
        for run in range(RUNS_PER_DRAW):
            total += fractions[draw * RUNS_PER_DRAW + run]
        means[draw] = np.int32(np.floor(total / RUNS_PER_DRAW * STEPS + 0.5))
    rest = fractions.size % RUNS_PER_DRAW
    if rest > 0:
        total = 0.0
        for lane in range(fractions.size - rest, fractions.size):
            total += fractions[lane]
        means[means.size - 1] = np.int32(np.floor(total / rest * STEPS + 0.5))


@compiled
def _take_snapshot(
    plan: Plan, state: State, into: Summary, snapshot: int, moved: Truths, before: Halves, means: Halves
) -> None:
    """Counts as `summary.take_snapshot`, and writes the means of draws: of who has not moved those `before`."""
    # One array for all: to make one costs as much as to fill it.
    fractions, places = np.empty(state.policy.size), np.empty(state.policy.size, np.uint8)
    for row in range(state.stance.shape[0]):
        if moved[row]:
            bins = into.stance_bins[snapshot, row]
            into.stance_sum[snapshot, row] += summary.count(plan, state.stance[row], fractions, places, bins)
            _to_means(fractions, means[row])
        else:
            means[row] = before[row]
    into.policy_sum[snapshot] += summary.count(plan, state.policy, fractions, places, into.policy_bins[snapshot])
    _to_means(fractions, means[state.stance.shape[0]])


@compiled
def _add_means(base: Halves, other: Halves, mean: Ints, square: Ints) -> None:
    """Adds the means of draws, and their squares: base, other: (draws,); mean, square: (3,)."""
    means, squares = (np.int64(0), np.int64(0), np.int64(0)), (np.int64(0), np.int64(0), np.int64(0))
    for draw in range(base.size):
        # Of the sums, not of the lanes one by one: what is the same in both is then a difference of exactly nothing.
        a, b = np.int64(base[draw]), np.int64(other[draw])
        means = means[BASE] + a, means[OTHER] + b, means[DIFFERENCE] + (b - a)
        squares = squares[BASE] + a * a, squares[OTHER] + b * b, squares[DIFFERENCE] + (b - a) * (b - a)
    for kind in (BASE, OTHER, DIFFERENCE):
        mean[kind] += means[kind]
        square[kind] += squares[kind]


@compiled
def _add_snapshot(schedule: Schedule, base: Halves, other: Halves, into: Difference, snapshot: int) -> None:
    """Adds the means of both worlds, (members + 1, draws) of each, at a snapshot."""
    members = schedule.members.shape[0]
    for row in range(members + 1):
        one = schedule.members[row, 0] if row < members else base.shape[0] - 1
        two = schedule.members[row, 1] if row < members else other.shape[0] - 1
        _add_means(base[one], other[two], into.mean[snapshot, row], into.square[snapshot, row])


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
def _compare(
    schedule: Schedule, base: State, other: State, step: int, may_differ: Ints, parting: Parting, into: Difference
) -> None:
    """Notes which histories part after a step, and whose stance differs then."""
    for row in range(may_differ.size):
        if may_differ[row] == 1:
            one, two = base.stance[schedule.members[row, 0]], other.stance[schedule.members[row, 1]]
            for lane in range(one.size):
                if one[lane] != two[lane] and (parting.after[lane] < 0 or parting.after[lane] == step):
                    parting.after[lane] = step
                    into.first[step, row] += 1


@compiled
def _compare_outcomes(schedule: Schedule, base: State, other: State, step: int, ballot: int, parting: Parting) -> None:
    """Notes the histories that part by the outcome of a ballot or by the policy in force."""
    one, two = schedule.ballots[ballot, 0], schedule.ballots[ballot, 1]
    for lane in range(parting.after.size):
        here = base.decided[one, lane] if one >= 0 else NOT_PUT
        there = other.decided[two, lane] if two >= 0 else NOT_PUT
        differs = here != there or base.policy[lane] != other.policy[lane]
        if differs and parting.after[lane] < 0:
            parting.after[lane] = step
            parting.by_vote[lane] = True


@compiled
def _play_noting(
    plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord, noted: Circumstances
) -> None:
    """Plays a moment of one world, if it has it, and notes in what circumstances a ballot is held."""
    if moment < 0:
        return
    then = in_force(plan, state.happened, inputs, moment)
    if plan.moments.kind[moment] == BALLOT:
        vote_changes.note_choice(plan, state, then, plan.moments.ballot[moment], noted)
    play_moment(plan, state, inputs, moment, votes)
    if plan.moments.kind[moment] == BALLOT:
        vote_changes.note_deference(plan, state, then, moment, noted)


@compiled
def _count_happening(state: State, moment: int) -> int:
    """In how many histories a moment that has been played has happened."""
    count = 0
    if moment >= 0:
        for lane in range(state.happened.shape[1]):
            count += state.happened[moment, lane]
    return count


@compiled
def _rows_in_both(members: Ints, most: int) -> Ints:
    """By row of a plan, the row among the members of both worlds, or -1, for the first world and the other."""
    rows = np.full((most, 2), -1)
    for row in range(members.shape[0]):
        rows[members[row, 0], 0] = row
        rows[members[row, 1], 1] = row
    return rows


@compiled
def _count_ends(schedule: Schedule, base: State, other: State, parting: Parting, into: Difference) -> None:
    """Counts what the ballots came to in both worlds, and where the histories parted."""
    size = parting.after.size
    draws = -(-size // RUNS_PER_DRAW)
    here, there = np.zeros(size), np.zeros(size)
    one, two = np.zeros(draws, np.int32), np.zeros(draws, np.int32)
    for ballot in range(schedule.ballots.shape[0]):
        rows = schedule.ballots[ballot]
        for lane in range(size):
            a = base.decided[rows[0], lane] if rows[0] >= 0 else NOT_PUT
            b = other.decided[rows[1], lane] if rows[1] >= 0 else NOT_PUT
            into.outcomes[ballot, a, b] += 1
            here[lane] = 1.0 if a == CARRIED else 0.0
            there[lane] = 1.0 if b == CARRIED else 0.0
        _to_means(here, one)
        _to_means(there, two)
        _add_means(one, two, into.ballot_mean[ballot], into.ballot_square[ballot])
    for lane in range(size):
        if parting.after[lane] >= 0:
            into.parted[parting.after[lane]] += 1
            into.by_vote[parting.after[lane]] += 1 if parting.by_vote[lane] else 0


@compiled
def play_first(plan: Plan, start: int, stop: int, inputs: Inputs, course: Course, kept: Summary) -> None:
    """Plays moments of the first world, from `start` (-1: its beginning) to before `stop`, and notes the course."""
    for moment in range(start, stop):
        if moment >= 0:
            _play_noting(plan, course.state, inputs, moment, course.votes, course.noted)
            course.happened[moment] = _count_happening(course.state, moment)
        snapshot = course.after[moment + 1]
        if snapshot >= 0:
            moved, before = course.moved[snapshot], course.means[max(snapshot - 1, 0)]
            _take_snapshot(plan, course.state, kept, snapshot, moved, before, course.means[snapshot])


@compiled
def _add_shared(schedule: Schedule, steps: int, course: Course, into: Difference) -> None:
    """Adds the first steps, in which both worlds are the same."""
    for step in range(steps):
        moment, snapshot = schedule.moments[step, 0], schedule.snapshot[step]
        if moment >= 0:
            into.happened[step, 0] += course.happened[moment]
            into.happened[step, 1] += course.happened[moment]
        if snapshot >= 0:
            means = course.means[course.after[schedule.played[step]]]
            _add_snapshot(schedule, means, means, into, snapshot)


@compiled
def play_second(
    plans: tuple[Plan, Plan],
    schedule: Schedule,
    start: int,
    worlds: tuple[Inputs, Inputs],
    state: State,
    courses: tuple[Course, Course],
    into: Difference,
    kept: Summary,
) -> None:
    """Plays another world from step `start` to its end and compares it with the course of the first.

    state: of the first world where the other begins. courses: of the first, to its end; of the other, up to where it
    begins, with room for the means of one snapshot. `kept`: the other world's counts, with room for the snapshots from
    where it begins on.
    """
    (base, other), (first, second) = plans, courses
    rows = _rows_in_both(schedule.members, max(base.members.size, other.members.size))
    may_differ = np.ones(schedule.members.shape[0], np.int64)
    parting = Parting(np.full(state.policy.size, -1), np.zeros(state.policy.size, np.bool_))
    _add_shared(schedule, start, first, into)
    shared = into.mean.shape[0] - kept.policy_sum.size
    are_together = True
    for step in range(start, schedule.moments.shape[0]):
        one, two, snapshot = schedule.moments[step, 0], schedule.moments[step, 1], schedule.snapshot[step]
        into.happened[step, 0] += first.happened[one] if one >= 0 else 0
        _play_noting(other, second.state, worlds[1], two, second.votes, second.noted)
        into.happened[step, 1] += _count_happening(second.state, two)
        if are_together:
            # What this votes again it has voted before.
            _play_noting(base, state, worlds[0], one, first.votes, first.noted)
            if step > 0:
                may_differ[:] = 0
                _may_differ(base, one, rows, 0, may_differ)
                _may_differ(other, two, rows, 1, may_differ)
            _compare(schedule, state, second.state, step, may_differ, parting, into)
            for ballot in range(schedule.ballots.shape[0]):
                a, b = schedule.ballots[ballot, 0], schedule.ballots[ballot, 1]
                is_base = one >= 0 and a >= 0 and base.moments.ballot[one] == a
                is_other = two >= 0 and b >= 0 and other.moments.ballot[two] == b
                if is_base or is_other:
                    _compare_outcomes(schedule, state, second.state, step, ballot, parting)
            are_together = parting.after.min() < 0
        if snapshot >= 0:
            moved = second.moved[snapshot]
            _take_snapshot(other, second.state, kept, snapshot - shared, moved, second.means[0], second.means[0])
            means = first.means[first.after[schedule.played[step]]]
            _add_snapshot(schedule, means, second.means[0], into, snapshot)
    _count_ends(schedule, first.state, second.state, parting, into)
