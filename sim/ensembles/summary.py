"""What is kept of many histories: whole numbers that add up in any order to the same result.

Stances are counted in bins of a declared width (for quantiles) and added in fixed point (for means), votes and
outcomes are counted. So batches can be played anywhere and merged as they come, and memory does not grow.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.ballots import tally_of
from sim.model.dynamics import play_moment
from sim.model.jit import compiled, compiled_apart
from sim.model.numerics import whole_of
from sim.model.plan import Plan
from sim.model.state import Inputs, State, VoteRecord, begin, empty_votes, lanes_of

#: Counts in bins of one batch: half the size, so that more of them stay in the cache.
Tallies = NDArray[np.uint32]
#: Numbers of bins: without a sign, so that the compiler need not ask for a place counted from the end.
Places = NDArray[np.uint8]
Singles = NDArray[np.float32]
Truths = NDArray[np.bool_]

#: Bins across the axis, whose numbers fit a byte; their width is the resolution of every quantile of a stance.
BINS = 200
#: Steps of a fixed-point number across the axis: a mean over 10 million histories still fits 64 bits.
STEPS = 2**36
#: Replicates played together: their stances stay in the nearest cache, and lanes are full.
LANES = 256
VOTE_CODES = 5


class Snapshots(NamedTuple):
    """When stances are counted, and whose: what nobody can have moved since the last time need not be counted again.

    after: (moments,), the number of the snapshot to take after each, or -1; number 0 is taken at the beginning.
    moved: (snapshots, members), who may have moved since the one before.
    """

    after: Ints
    moved: Truths


class Summary(NamedTuple):
    """Counts over histories, and what each ballot came to in each.

    stance_bins: (snapshots, members, bins); stance_sum: (snapshots, members), fixed point; without members where
    nobody asks for stances. policy_bins and policy_sum: the same for the policy. votes: (electors, vote codes).
    voice_sum, private_sum: (electors,), fixed point, over histories in which the motion was put. yes: (ballots,
    votes + 1), histories by votes for. decided, chance: (ballots, replicates).
    """

    stance_bins: Tallies
    stance_sum: Ints
    policy_bins: Tallies
    policy_sum: Ints
    votes: Ints
    voice_sum: Ints
    private_sum: Ints
    yes: Ints
    decided: Bytes
    chance: Floats


def empty(plan: Plan, snapshots: int, replicates: int, members: int) -> Summary:
    """A summary of nothing yet, in which the stances of so many members are to be counted."""
    ballots, electors = plan.ballots.size, empty_votes(plan, 0).vote.shape[0]
    most = int(plan.ballots.all_votes.max(initial=0))
    return Summary(
        np.zeros((snapshots, members, BINS), np.uint32),
        np.zeros((snapshots, members), np.int64),
        np.zeros((snapshots, BINS), np.uint32),
        np.zeros(snapshots, np.int64),
        np.zeros((electors, VOTE_CODES), np.int64),
        np.zeros(electors, np.int64),
        np.zeros(electors, np.int64),
        np.zeros((ballots, most + 1), np.int64),
        np.zeros((ballots, replicates), np.int8),
        np.full((ballots, replicates), np.nan),
    )


@compiled
def _fixed_point(fraction: float) -> np.int64:
    return whole_of(np.floor(fraction * STEPS + 0.5))


@compiled
def _bin(fraction: float) -> np.uint8:
    return np.uint8(np.int32(min(max(fraction * BINS, 0.0), BINS - 1.0)))


@compiled
def to_fractions(plan: Plan, values: Floats, out: Floats) -> None:
    """Writes values as fractions of the way along the axis into an array of the same size."""
    low, width = plan.rules.low, plan.rules.high - plan.rules.low
    for lane in range(values.size):
        out[lane] = (values[lane] - low) / width


@compiled
def count(plan: Plan, values: Floats, fractions: Floats, places: Places, bins: Tallies) -> np.int64:
    """Adds values to their bins and returns the sum of their fractions of the axis in fixed point.

    fractions: room for these, (replicates,). places: room for the numbers of bins, which are found in lanes and
    counted one by one.
    """
    low, width = plan.rules.low, plan.rules.high - plan.rules.low
    total = np.int64(0)
    for lane in range(values.size):
        fraction = (values[lane] - low) / width
        total += _fixed_point(fraction)
        places[lane] = _bin(fraction)
        fractions[lane] = fraction
    for lane in range(places.size):
        bins[places[lane]] += np.uint32(1)
    return total


@compiled
def take_snapshot(plan: Plan, state: State, into: Summary, snapshot: int, moved: Truths) -> None:
    """Counts the stances of those who may have moved, (members,), and the policy in force as they stand."""
    # One array for all: to make one costs as much as to fill it.
    places, fractions = np.empty(state.policy.size, np.uint8), np.empty(state.policy.size)
    for i in range(into.stance_sum.shape[1]):
        if moved[i]:
            bins = into.stance_bins[snapshot, i]
            into.stance_sum[snapshot, i] += count(plan, state.stance[i], fractions, places, bins)
    into.policy_sum[snapshot] += count(plan, state.policy, fractions, places, into.policy_bins[snapshot])


@compiled
def count_ballots(plan: Plan, state: State, votes: VoteRecord, into: Summary, start: int) -> None:
    """Counts the votes of histories that have ended; their first column in `into` is `start`."""
    lanes = state.policy.size
    voiced, private = np.empty(lanes), np.empty(lanes)
    for row in range(votes.vote.shape[0]):
        to_fractions(plan, votes.voice[row], voiced)
        to_fractions(plan, votes.stance[row], private)
        for lane in range(lanes):
            vote = votes.vote[row, lane]
            into.votes[row, vote] += 1
            if vote > 0:
                into.voice_sum[row] += _fixed_point(voiced[lane])
                into.private_sum[row] += _fixed_point(private[lane])
    for moment in range(plan.moments.size):
        ballot = plan.moments[moment].ballot
        if ballot >= 0:
            tally = tally_of(plan, moment, votes)
            for lane in range(lanes):
                into.decided[ballot, start + lane] = state.decided[ballot, lane]
                into.chance[ballot, start + lane] = votes.chance[ballot, lane]
                if state.decided[ballot, lane] > 0:
                    into.yes[ballot, tally.yes[lane]] += 1


@compiled_apart()
def _keep(state: State, kept: Singles, snapshot: int, start: int) -> None:
    """Writes the stances as they stand, and under them the policy in force, from column `start` on."""
    members = state.stance.shape[0]
    for i in range(members):
        stance, here = state.stance[i], kept[snapshot, i]
        for lane in range(stance.size):
            here[start + lane] = np.float32(stance[lane])
    for lane in range(state.policy.size):
        kept[snapshot, members, start + lane] = np.float32(state.policy[lane])


@compiled
def _play_lanes(
    plan: Plan,
    snapshots: Snapshots,
    inputs: Inputs,
    state: State,
    votes: VoteRecord,
    into: Summary,
    kept: Singles,
    start: int,
) -> None:
    """Plays some lanes to the end, counting and keeping what they come to, from column `start` on."""
    for moment in range(-1, plan.moments.size):
        if moment >= 0:
            play_moment(plan, state, inputs, moment, votes)
        snapshot = snapshots.after[moment] if moment >= 0 else 0
        if snapshot >= 0:
            take_snapshot(plan, state, into, snapshot, snapshots.moved[snapshot])
            if kept.size > 0:
                _keep(state, kept, snapshot, start)
    count_ballots(plan, state, votes, into, start)


def play(plan: Plan, snapshots: Snapshots, inputs: Inputs, kept: Singles, counts_stances: bool) -> Summary:
    """Plays all replicates to the end and returns their summary.

    kept: room for whole trajectories, (snapshots, members + 1, replicates), the policy in the last row; or of size 0
    to keep none. counts_stances: whether stances are counted; counting takes a fifth of the time.
    """
    replicates = inputs.replicate.size
    into = empty(plan, len(snapshots.moved), replicates, plan.members.size if counts_stances else 0)
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        lanes = lanes_of(inputs, start, stop)
        state, votes = begin(plan, lanes.first), empty_votes(plan, stop - start)
        _play_lanes(plan, snapshots, lanes, state, votes, into, kept, start)
    if not counts_stances:
        return into
    return into._replace(
        stance_bins=carried_on(into.stance_bins, snapshots.moved),
        stance_sum=carried_on(into.stance_sum, snapshots.moved),
    )


def carried_on(counts: NDArray[Any], moved: Truths, rows: Any = slice(None)) -> NDArray[Any]:
    """Counts of stances, (snapshots, members, ...), of these rows, with what was not counted again.

    Whoever cannot have moved stood where they stood when they were counted last: everybody was at the first snapshot.
    """
    snapshots, members = moved.shape
    last = np.maximum.accumulate(np.where(moved, np.arange(snapshots)[:, None], 0), axis=0)
    return np.asarray(counts[last[rows], np.arange(members)])


def nothing_kept() -> Singles:
    """Room for no trajectories."""
    return np.empty((0, 0, 0), np.float32)
