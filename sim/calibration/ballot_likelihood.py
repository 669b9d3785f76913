"""How probable the record is, history by history: the compiled part of calibration.

A history is played as the record had it. At every ballot that is compared, the documented outcome, counts and
votes get the probability that the history's stances give them; at the dates of reports the reported members'
stances are noted. Nothing else is kept, and nothing is played after the last of these.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.calibration import count_likelihood
from sim.calibration.voter_actions import Actions, Counts, Electors, act, no_actions
from sim.ensembles.summary import LANES
from sim.model.array_types import Bytes, Floats
from sim.model.attendance import chance_of_attending
from sim.model.ballots import (
    Voter,
    choice_at,
    intention,
    is_the_leaders_motion,
    options,
    procedure,
    procedure_in,
    seats_change,
    tally_of,
    were_quorate,
)
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import CARRIED, Plan
from sim.model.rules import choices, voting
from sim.model.rules.blocs import Chances
from sim.model.rules.decisions import is_quorate
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES
from sim.model.state import Inputs, State, VoteRecord, begin, empty_votes, in_force, lanes_of, write

#: One row a ballot: whether it is compared, what is counted of it, whether who comes is summed over.
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
def chances_of_votes(
    plan: Plan, state: State, drawn: Inputs, moment: int, policy: Floats, votes: VoteRecord, is_open: bool
) -> Chances:
    """What each voter of a ballot that has just been held might have done.

    drawn: the inputs at the beginning. policy: the one in force before it, (replicates,). is_open: whether who came is
    summed over, or else as it was.
    """
    inputs = in_force(plan, state.happened, drawn, moment)
    ballot, start = plan.moments.ballot[moment], plan.moments.first_who[moment]
    first, between = plan.ballots.first_elector[ballot], options(plan, state, inputs, ballot, policy)
    is_pressed = is_open and is_the_leaders_motion(plan, ballot)
    attends = chance_of_attending(plan, state, inputs, moment)
    yes, no = np.empty(attends.shape), np.empty(attends.shape)
    abstain, away = np.empty(attends.shape), np.empty(attends.shape)
    for k in range(attends.shape[0]):
        voice = votes.voice[first + k]
        if is_pressed:
            # Who was absent by chance was not pressed; had they come, they would have been.
            owed = inputs.parameters[plan.members.deference[plan.who[start + k]]]
            voice = voting.voiced(votes.stance[first + k], voting.Cue(between.if_carried, owed))
        intends = intention(plan, inputs, Voter(ballot, first + k, plan.who[start + k]), voice, between)
        for lane in range(policy.size):
            there = attends[k, lane]
            if not is_open:
                vote = votes.vote[first + k, lane]
                there = 1.0 if voting.takes_part(vote) else 0.0
            yes[k, lane], abstain[k, lane] = there * intends.yes[lane], there * intends.abstains[lane]
            away[k, lane] = 1.0 - there
            no[k, lane] = there * max(1.0 - intends.yes[lane] - intends.abstains[lane], 0.0)
    return Chances(yes, no, abstain, away)


@compiled
def electors_of(plan: Plan, moment: int) -> Electors:
    """Who may vote in a ballot."""
    ballot, start, stop = plan.moments[moment].ballot, plan.moments[moment].first_who, plan.moments[moment].last_who
    first = plan.ballots[ballot].first_elector
    last = first + stop - start
    return Electors(plan.votes[start:stop], plan.vetoes[first:last], plan.bloc[first:last], plan.ballots[ballot].chair)


@compiled
def _agreeing(
    plan: Plan,
    moment: int,
    votes: VoteRecord,
    actions: Actions,
    tally: count_likelihood.DocumentedTally,
    counts: Counts,
) -> Floats:
    """The probability of what is documented of a count, (replicates,), by the seats of each."""
    electors, rule = electors_of(plan, moment), procedure(plan, plan.moments.ballot[moment])
    out = count_likelihood.chance_of_tally(rule, actions, tally, counts, electors)
    if seats_change(plan, moment):
        for lane in range(out.size):
            alone = slice(lane, lane + 1)
            own = Actions(
                actions.first,
                actions.adds,
                actions.chair,
                actions.chance[:, alone].copy(),
                actions.nothing[:, alone].copy(),
            )
            rule = procedure_in(plan, moment, votes, lane)
            out[lane] = count_likelihood.chance_of_tally(rule, own, tally, counts, electors)[0]
    return out


@compiled
def _compare(
    plan: Plan, state: State, inputs: Inputs, moment: int, policy: Floats, votes: VoteRecord, documented: Documented
) -> Floats:
    """The probability of what is documented of a ballot that has just been held, (replicates,)."""
    ballot, start, stop = plan.moments.ballot[moment], plan.moments.first_who[moment], plan.moments.last_who[moment]
    known, first = documented.ballots, plan.ballots.first_elector[ballot]
    is_open = known.is_open[ballot] == 1
    chances, rule, counted = (
        chances_of_votes(plan, state, inputs, moment, policy, votes, is_open),
        procedure(plan, ballot),
        tally_of(plan, moment, votes),
    )
    is_carried = known.outcome[ballot] == CARRIED
    tally = count_likelihood.DocumentedTally(
        known.yes[ballot], known.no[ballot], known.abstain[ballot], 1 if is_carried else 0
    )
    named, out = documented.votes[first : first + stop - start], np.ones(policy.size)
    is_counted = known.yes[ballot] >= 0 or known.no[ballot] >= 0 or known.abstain[ballot] >= 0
    if is_counted or (named != NO_VOTE).any():
        is_counted = True
        electors = electors_of(plan, moment)
        counts = count_likelihood.counts_of(rule, tally, electors)
        actions = no_actions(electors, counts, policy.size)
        out *= act(actions, electors, chances, named, counts)
        agreeing = _agreeing(plan, moment, votes, actions, tally, counts)
    else:
        agreeing = votes.chance[ballot].copy()
    for lane in range(out.size):
        carrying = votes.chance[ballot, lane]
        if np.isnan(carrying):
            out[lane] = 0.0  # not put
        elif not is_counted:
            out[lane] *= carrying if is_carried else 1.0 - carrying
        elif is_open or is_quorate(procedure_in(plan, moment, votes, lane), counted.seats_taken[lane]):
            out[lane] *= agreeing[lane]
        elif is_carried:
            out[lane] = 0.0
    return out


@compiled
def _compare_among(
    plan: Plan, state: State, drawn: Inputs, moment: int, votes: VoteRecord, documented: Documented
) -> Floats:
    """The probability of what is documented of a choice among several motions, of which this one won, (replicates,).

    Who is there, and who abstains of those whose vote no source gives, is as in the history.
    """
    ballot, known = plan.moments.ballot[moment], documented.ballots
    rank, motions = plan.ballots.rank[ballot], plan.ballots.motions[ballot]
    inputs = in_force(plan, state.happened, drawn, moment)
    start, stop = plan.moments.first_who[moment], plan.moments.last_who[moment]
    cast = choice_at(plan, state, inputs, moment - rank, votes)
    out = np.ones(state.policy.size)
    for k in range(stop - start):
        elector = Voter(ballot - rank, plan.ballots.first_elector[ballot - rank] + k, plan.who[start + k])
        _settle(plan, inputs, elector, stop - start, votes, documented, cast, out)
    counted = np.empty(motions, np.int64)
    for row in range(motions):
        counted[row] = known.yes[ballot - rank + row]
    winning = choices.chances_of_winning(procedure(plan, ballot), cast, were_quorate(plan, moment, votes), counted)
    for lane in range(out.size):
        out[lane] *= 0.0 if np.isnan(votes.chance[ballot, lane]) else winning[rank, lane]
    return out


@compiled
def _settle(
    plan: Plan,
    inputs: Inputs,
    voter: Voter,
    voters: int,
    votes: VoteRecord,
    documented: Documented,
    cast: choices.Votes,
    into: Floats,
) -> None:
    """Multiplies by the probability of what is recorded of somebody's vote; from then on they are sure to do that.

    voter: at the first motion; voters: how many there are, so that the rows of the other motions follow.
    """
    motions, _, lanes = cast.chance.shape
    k, allowed, is_named, abstained = voter.elector - plan.ballots.first_elector[voter.ballot], np.ones(motions), 0, 0
    for row in range(motions):
        vote = documented.votes[voter.elector + row * voters]
        is_named += 1 if vote != NO_VOTE else 0
        abstained += 1 if vote == ABSTAINED else 0
        allowed[row] = 0.0 if vote == NO else allowed[row]
    for row in range(motions):
        if documented.votes[voter.elector + row * voters] == YES:
            allowed[:] = 0.0
            allowed[row] = 1.0
    if is_named == 0:
        return
    withholding = inputs.parameters[plan.withholding[voter.elector]]
    for lane in range(lanes):
        if votes.vote[voter.elector, lane] == WAS_ABSENT or votes.vote[voter.elector, lane] == NO_VOTE:
            into[lane] = 0.0
            continue
        silent = cast.silent[k, lane]
        silent = withholding[lane] + (1.0 - withholding[lane]) * silent
        within = 0.0
        for row in range(motions):
            within += allowed[row] * cast.chance[row, k, lane]
        into[lane] *= silent if abstained > 0 else (1.0 - silent) * within
        cast.casts[k, lane] = 0.0 if abstained > 0 else 1.0
        for row in range(motions):
            cast.chance[row, k, lane] *= allowed[row] / max(within, 1e-300)


@compiled
def _play_lanes(
    plan: Plan, documented: Documented, last: int, inputs: Inputs, chance: Floats, reported: Floats
) -> None:
    """Plays some lanes to the last moment compared, and writes what they say of the record."""
    state, votes, row, watched = (
        begin(plan, inputs.first),
        empty_votes(plan, inputs.replicate.size),
        0,
        documented.watched,
    )
    for moment in range(-1, last + 1):
        if moment >= 0:
            policy, ballot = state.policy.copy(), plan.moments.ballot[moment]
            play_moment(plan, state, inputs, moment, votes)
            if ballot >= 0 and documented.ballots.is_compared[ballot] == 1:
                if plan.ballots.motions[ballot] > 1:
                    write(_compare_among(plan, state, inputs, moment, votes, documented), chance[ballot])
                else:
                    write(_compare(plan, state, inputs, moment, policy, votes, documented), chance[ballot])
        while row < watched.size and watched.moment[row] == moment:
            for lane in range(inputs.replicate.size):
                reported[watched.report[row], lane] += watched.weight[row] * state.stance[watched.member[row], lane]
            row += 1


@compiled
def play(plan: Plan, documented: Documented, last: int, inputs: Inputs) -> tuple[Floats, Floats]:
    """Plays histories as far as moment `last` and compares them with the record.

    Returns the probability of what is documented of each ballot, (ballots, replicates), 1 where nothing is compared;
    and the stance that stands against each report, (reports, replicates).
    """
    replicates = inputs.replicate.size
    chance, reported = np.ones((plan.ballots.size, replicates)), np.zeros((documented.reports, replicates))
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        lanes = lanes_of(inputs, start, stop)
        _play_lanes(plan, documented, last, lanes, chance[:, start:stop], reported[:, start:stop])
    return chance, reported
