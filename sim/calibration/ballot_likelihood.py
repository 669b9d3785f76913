"""How probable the record is, history by history: the compiled part of calibration.

A history is played as the record had it. At every ballot that is compared, the documented outcome, counts and
votes get the probability that the history's stances give them; at the dates of reports the reported members'
stances are noted. Nothing else is kept, and nothing is played after the last of these.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.array_types import Bytes, Floats
from sim.calibration import count_likelihood
from sim.ensembles.summary import LANES
from sim.model.dynamics import (
    ABSTAINED,
    AWAY,
    HERE,
    NO,
    NO_VOTE,
    WAS_ABSENT,
    YES,
    Ballot,
    State,
    World,
    begin,
    empty_ballot,
    play_moment,
    procedure,
)
from sim.model.jit import compiled
from sim.model.plan import CARRIED, Plan
from sim.model.rules import voting
from sim.model.rules.decisions import is_quorate

#: One row a ballot: whether it is compared, what is counted of it, whether the luck of attendance is summed over.
COMPARED = np.dtype([(name, "i8") for name in ("is_compared", "outcome", "yes", "no", "abstain", "is_open")])
#: One row: a member's stance after a moment (-1: at the beginning) counts for a report with this weight.
WATCHED = np.dtype([*((name, "i8") for name in ("moment", "member", "report")), ("weight", "f8")])


class Documented(NamedTuple):
    """The record as arrays. votes: (electors,), the vote that a source names, or `NO_VOTE`. watched: by moment."""

    ballots: Any
    votes: Bytes
    watched: Any
    reports: int


@compiled
def _chance_of_coming(plan: Plan, state: State, world: World, moment: int) -> Floats:
    """The chance that each voter takes part in a ballot, (voters, replicates), before luck has drawn it."""
    start, stop = plan.moments.first_who[moment], plan.moments.last_who[moment]
    row, ballot = plan.moments.attendance[moment], plan.moments.ballot[moment]
    furthest = AWAY if plan.ballots.by_correspondence[ballot] == 1 else HERE
    out = np.empty((stop - start, state.policy.size))
    for k in range(stop - start):
        certain = row == 1 or plan.is_sure[start + k] == 1
        for lane in range(state.policy.size):
            is_away = state.away[plan.who[start + k], lane] > furthest
            out[k, lane] = 0.0 if is_away else 1.0 if certain else world.parameters[row, lane]
    return out


@compiled
def _chances(
    plan: Plan, state: State, world: World, moment: int, policy: Floats, left: Ballot, is_open: bool
) -> count_likelihood.Chances:
    """What each voter of a ballot that has just been held might have done. policy: the one in force before it."""
    ballot, start = plan.moments.ballot[moment], plan.moments.first_who[moment]
    first, voters, lanes = plan.ballots.first_elector[ballot], plan.moments.last_who[moment] - start, policy.size
    given_carried, given_lost = plan.ballots.if_carried[ballot], plan.ballots.if_lost[ballot]
    if_carried = policy if np.isnan(given_carried) else np.full(lanes, given_carried)
    if_lost = policy if np.isnan(given_lost) else np.full(lanes, given_lost)
    sharpness, competence = world.parameters[plan.rules.sharpness], world.parameters[plan.rules.competence]
    is_pressed = is_open and plan.ballots.moved_by_leader[ballot] == 1
    coming = _chance_of_coming(plan, state, world, moment)
    yes, no, abstain = np.empty((voters, lanes)), np.empty((voters, lanes)), np.empty((voters, lanes))
    for k in range(voters):
        voice = left.voice[first + k]
        if is_pressed:
            # Luck may have drawn him absent, and so not pressed; had he come, he would have been.
            owed = world.parameters[plan.members.deference[plan.who[start + k]]]
            voice = voting.voiced(left.stance[first + k], if_carried, owed)
        gain = voting.utility(voice, if_carried, if_lost)
        chance = voting.chance_of_yes(plan.rules.ballot, gain, sharpness, competence)
        silent = voting.abstains(gain, world.parameters[plan.rules.margin])
        for lane in range(lanes):
            there = coming[k, lane]
            if not is_open:
                there = 0.0 if left.vote[first + k, lane] == WAS_ABSENT else 1.0
            casts = there * (1.0 - silent[lane])
            yes[k, lane], no[k, lane] = casts * chance[lane], casts * (1.0 - chance[lane])
            abstain[k, lane] = there * silent[lane]
    return count_likelihood.Chances(yes, no, abstain)


@compiled
def _is_quorate(plan: Plan, ballot: int, left: Ballot, voters: int, lane: int) -> bool:
    """Whether enough seats were taken at a ballot, as luck drew who came."""
    first, taken = plan.ballots.first_elector[ballot], 0
    for k in range(voters):
        taken += 0 if left.vote[first + k, lane] == WAS_ABSENT else 1
    return is_quorate(procedure(plan, ballot), taken)


@compiled
def _compare(
    plan: Plan, state: State, world: World, moment: int, policy: Floats, left: Ballot, documented: Documented
) -> Floats:
    """The probability of what is documented of a ballot that has just been held, (replicates,)."""
    ballot, start, stop = plan.moments.ballot[moment], plan.moments.first_who[moment], plan.moments.last_who[moment]
    known, first = documented.ballots, plan.ballots.first_elector[ballot]
    is_open = known.is_open[ballot] == 1
    chances = _chances(plan, state, world, moment, policy, left, is_open)
    is_carried = known.outcome[ballot] == CARRIED
    tally = count_likelihood.Tally(known.yes[ballot], known.no[ballot], known.abstain[ballot], 1 if is_carried else 0)
    out = np.ones(policy.size)
    is_counted = known.yes[ballot] >= 0 or known.no[ballot] >= 0 or known.abstain[ballot] >= 0
    for k in range(stop - start):
        vote = documented.votes[first + k]
        if vote != NO_VOTE:
            is_counted = True
            did = count_likelihood.given_a_vote(
                chances, k, 1.0 if vote == YES else 0.0, 1.0 if vote == NO else 0.0, 1.0 if vote == ABSTAINED else 0.0
            )
            for lane in range(out.size):
                out[lane] *= did[lane]
    if is_counted:
        votes = plan.votes[start:stop]
        agreeing = count_likelihood.chance_of_tally(
            procedure(plan, ballot), chances, votes, tally, plan.ballots.chair[ballot]
        )
    else:
        agreeing = left.chance[ballot].copy()
    for lane in range(out.size):
        carrying = left.chance[ballot, lane]
        if np.isnan(carrying):
            out[lane] = 0.0  # not put
        elif not is_counted:
            out[lane] *= carrying if is_carried else 1.0 - carrying
        elif is_open or _is_quorate(plan, ballot, left, stop - start, lane):
            out[lane] *= agreeing[lane]
        elif is_carried:
            out[lane] = 0.0
    return out


@compiled
def _play_lanes(
    plan: Plan,
    documented: Documented,
    last: int,
    lanes: World,
    first: Floats,
    left: Ballot,
    start: int,
    chance: Floats,
    seen: Floats,
) -> None:
    """Plays some lanes to the last moment compared, and writes from column `start` what they say of the record."""
    state, row, watched = begin(plan, first), 0, documented.watched
    size = state.policy.size
    for moment in range(-1, last + 1):
        if moment >= 0:
            policy, ballot = state.policy.copy(), plan.moments.ballot[moment]
            play_moment(plan, state, lanes, moment, left)
            if ballot >= 0 and documented.ballots.is_compared[ballot] == 1:
                compared = _compare(plan, state, lanes, moment, policy, left, documented)
                for lane in range(size):
                    chance[ballot, start + lane] = compared[lane]
        while row < watched.size and watched.moment[row] == moment:
            for lane in range(size):
                seen[watched.report[row], start + lane] += watched.weight[row] * state.stance[watched.member[row], lane]
            row += 1


@compiled
def play(
    plan: Plan, electors: int, documented: Documented, last: int, world: World, first: Floats
) -> tuple[Floats, Floats]:
    """Plays histories as far as moment `last` and compares them with the record.

    first: (members, replicates). Returns the probability of what is documented of each ballot, (ballots,
    replicates), 1 where nothing is compared; and the stance that stands against each report, (reports, replicates).
    """
    replicates = world.replicate.size
    chance, seen = np.ones((plan.ballots.size, replicates)), np.zeros((documented.reports, replicates))
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        lanes = World(
            world.parameters[:, start:stop].copy(), world.replicate[start:stop], world.seed, world.follows_record
        )
        left = empty_ballot(plan, electors, stop - start)
        _play_lanes(plan, documented, last, lanes, first[:, start:stop].copy(), left, start, chance, seen)
    return chance, seen
