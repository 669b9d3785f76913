"""How a body decides: what is pressed on its members, how they vote, and what comes of their votes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model import random_streams
from sim.model.array_types import Bytes, Floats, Ints
from sim.model.attendance import holds_seat, present, seats_at
from sim.model.jit import compiled, compiled_apart
from sim.model.plan import BY_NOTE, CARRIED, NOT_PUT, REJECTED, SET_IF_CARRIED, SET_IF_LOST, ZERO, Plan
from sim.model.rules import blocs, choices, decisions, voting
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES
from sim.model.state import Inputs, State, VoteRecord, write


@compiled
def is_the_leaders_motion(plan: Plan, ballot: int) -> bool:
    """Whether it was the leader who moved a ballot."""
    mover = plan.ballots[ballot].mover
    is_theirs: bool = mover >= 0 and mover == plan.rules.leader
    return is_theirs


@compiled
def leaders_motion(plan: Plan, ballot: int, between: voting.Options) -> Floats:
    """Where the leader's motion leads that is put at a ballot, (replicates,); empty where none of theirs is."""
    if is_the_leaders_motion(plan, ballot):
        return between.if_carried
    first, found = plan.ballots[ballot].first_rival, np.empty(0)
    for row in range(first, plan.ballots[ballot].last_rival):
        is_theirs = plan.rivals[row].mover >= 0 and plan.rivals[row].mover == plan.rules.leader
        if is_theirs and found.size == 0:
            found = between.if_lost[row - first]
    return found


@compiled
def _press_at_ballot(
    plan: Plan, state: State, moment: int, there: Floats, happening: NDArray[np.bool_], between: voting.Options
) -> None:
    """The leader presses those who take part: the motion, if it is theirs, or else, being in the room, their stance."""
    ballot, day = plan.moments[moment].ballot, plan.moments[moment].day
    start = plan.moments[moment].first_who
    who = plan.who[start : plan.moments[moment].last_who]
    seat = -1
    for k in range(who.size):
        if who[k] == plan.rules.leader and plan.attending[start + k] != BY_NOTE:
            seat = k
    wanted, noted = leaders_motion(plan, ballot, between), plan.ballots[ballot].by_correspondence == 1
    moved = wanted.size > 0
    if not moved and (noted or seat < 0):
        return
    position = wanted if moved else state.stance[plan.rules.leader].copy()
    # Nobody takes part where the motion is not put; a motion of the leader's own presses without the leader.
    presses = happening if moved else there[seat] > 0.0
    for k in range(who.size):
        comes, pressed, pressed_on = there[k], state.pressed[who[k]], state.pressed_on[who[k]]
        hears = moved or plan.attending[start + k] != BY_NOTE
        for lane in range(comes.size):
            is_pressed = hears & presses[lane] & (comes[lane] > 0.0)
            pressed[lane] = position[lane] if is_pressed else pressed[lane]
            pressed_on[lane] = day if is_pressed else pressed_on[lane]


@compiled
def heeds_the_mover(plan: Plan, state: State, inputs: Inputs, moment: int, member: int) -> NDArray[np.bool_]:
    """Where the mover's position is a member's cue at a ballot, (replicates,): no leader has stated one in time."""
    mover, day = plan.ballots[plan.moments[moment].ballot].mover, plan.moments[moment].day
    has_a_word = plan.rules.mover_weight != ZERO and mover >= 0 and mover != member and mover != plan.rules.leader
    may_heed = has_a_word and member != plan.rules.leader
    lapse, pressed_on = inputs.parameters[plan.rules.lapse], state.pressed_on[member]
    out = np.empty(state.policy.size, np.bool_)
    for lane in range(out.size):
        out[lane] = may_heed and day - pressed_on[lane] > lapse[lane]
    return out


@compiled
def cue_in_force(plan: Plan, state: State, inputs: Inputs, moment: int, member: int, if_carried: Floats) -> voting.Cue:
    """The cue that a member has at a ballot, of no weight where neither the leader nor the mover gives one."""
    position, weight, day = state.pressed[member].copy(), np.empty(if_carried.size), plan.moments[moment].day
    owed, lapse = inputs.parameters[plan.members[member].deference], inputs.parameters[plan.rules.lapse]
    heeded, pressed_on = inputs.parameters[plan.rules.mover_weight], state.pressed_on[member]
    for lane in range(weight.size):
        weight[lane] = owed[lane] if day - pressed_on[lane] <= lapse[lane] else 0.0
    by_mover = heeds_the_mover(plan, state, inputs, moment, member)
    for lane in range(weight.size):
        position[lane] = if_carried[lane] if by_mover[lane] else position[lane]
        weight[lane] = heeded[lane] if by_mover[lane] else weight[lane]
    return voting.Cue(position, weight)


@compiled
def places(inputs: Inputs, position: float, parameter: int, policy: Floats) -> Floats:
    """A place on the axis, (replicates,): a parameter's value, or a position, or, where that is NaN, the policy."""
    place: Floats = policy.copy() if np.isnan(position) else np.full(policy.size, position)
    if parameter >= 0:
        write(inputs.parameters[parameter], place)
    return place


@compiled
def options(plan: Plan, state: State, inputs: Inputs, ballot: int, policy: Floats) -> voting.Options:
    """The positions that a ballot chooses between, given what has happened; policy: in force, (replicates,)."""
    rows = plan.ballots[ballot]
    carried = places(inputs, rows.if_carried, rows.carried_by, policy)
    _change_end(plan, state, inputs, ballot, SET_IF_CARRIED, policy, carried)
    lost = np.empty((rows.last_rival - rows.first_rival, policy.size))
    for row in range(lost.shape[0]):
        rival = plan.rivals[rows.first_rival + row]
        write(places(inputs, rival.position, rival.parameter, policy), lost[row])
        if rival.ballot >= 0:
            _change_end(plan, state, inputs, rival.ballot, SET_IF_CARRIED, policy, lost[row])
        else:
            _change_end(plan, state, inputs, ballot, SET_IF_LOST, policy, lost[row])
    return voting.Options(carried, lost)


@compiled
def _change_end(plan: Plan, state: State, inputs: Inputs, ballot: int, kind: int, policy: Floats, into: Floats) -> None:
    """Writes where an end of a ballot leads by the events that have changed it, (replicates,)."""
    effects = plan.effects
    for row in range(effects.size):
        if effects[row].kind == kind and effects[row].row == ballot:
            place, happened = places(inputs, effects[row].position, effects[row].parameter, policy), state.happened
            for lane in range(place.size):
                if happened[effects[row].moment, lane] == 1:
                    into[lane] = place[lane]


class Voter(NamedTuple):
    """Somebody at a ballot, by rows: the ballot, the elector among those of all ballots, and the member."""

    ballot: int
    elector: int
    member: int


@compiled
def intention(plan: Plan, inputs: Inputs, voter: Voter, voice: Floats, between: voting.Options) -> voting.Intention:
    """How somebody who takes part votes, by the rule in force, given the opinion they express, (replicates,)."""
    margin, withholding = plan.ballots[voter.ballot].margin, plan.withholding[voter.elector]
    choice = _choice(plan, inputs, voter.member, margin, withholding)
    if plan.ballots[voter.ballot].motions > 1:
        return voting.intention_among(plan.rules.ballot, voice, between, plan.ballots[voter.ballot].rank, choice)
    return voting.intention(plan.rules.ballot, voting.utility_of(voice, between), choice)


@compiled
def _choice(plan: Plan, inputs: Inputs, member: int, margin: int, withholding: int) -> voting.Choice:
    """What decides a member's vote besides the gain; margin, withholding: rows of the parameters."""
    parameters = inputs.parameters
    common, salience = parameters[plan.rules.sharpness], parameters[plan.members[member].salience]
    sharpness = np.empty(common.size)
    for lane in range(sharpness.size):
        sharpness[lane] = common[lane] * salience[lane]
    competence = parameters[plan.members[member].competence]
    return voting.Choice(sharpness, competence, parameters[margin], parameters[withholding])


@compiled
def procedure(plan: Plan, ballot: int) -> decisions.Procedure:
    """The rule by which a ballot is decided, where all who may have a vote in it do."""
    row = plan.ballots[ballot]
    return decisions.Procedure(
        row.majority,
        row.share,
        row.quorum,
        row.ties,
        row.seats,
        row.all_votes,
        decisions.heads_needed(row.heads, row.seats),
        decisions.heads_enough(row.blocking, row.seats),
    )


@compiled
def seats_change(plan: Plan, moment: int) -> bool:
    """Whether events may have changed who has a vote in a ballot."""
    if plan.seats.shape[1] == 0:
        return False
    changes = False
    for seat in range(plan.moments[moment].first_who, plan.moments[moment].last_who):
        for body in range(plan.seats.shape[1]):
            changes = changes or plan.seats[seat, body] >= 0
    return changes


@compiled
def procedure_in(plan: Plan, moment: int, votes: VoteRecord, lane: int) -> decisions.Procedure:
    """The rule by which a ballot was decided in one replicate, of those who had a vote in it then.

    The number of seats, in which counts are told apart, stays as it is, and the quorum is a fraction of them.
    """
    ballot, start = plan.moments[moment].ballot, plan.moments[moment].first_who
    rule, row = procedure(plan, ballot), plan.ballots[ballot]
    if not seats_change(plan, moment):
        return rule
    seats, all_votes = 0, 0
    for k in range(row.seats):
        if votes.vote[row.first_elector + k, lane] != NO_VOTE:
            seats += 1
            all_votes += plan.votes[start + k]
    return decisions.Procedure(
        rule.majority,
        rule.share,
        rule.quorum * seats / rule.seats,
        rule.ties,
        rule.seats,
        all_votes,
        decisions.heads_needed(row.heads, seats),
        decisions.heads_enough(row.blocking, seats) if row.blocking > 0.0 else rule.heads_enough,
    )


@compiled
def _cast_votes(
    plan: Plan, state: State, inputs: Inputs, moment: int, there: Floats, between: voting.Options, votes: VoteRecord
) -> decisions.Voters:
    """Everybody's vote, written into `votes`, as their bloc has it; returns what each voter might have voted."""
    ballot, vote_key = plan.moments[moment].ballot, plan.moments[moment].key
    start, rule = plan.moments[moment].first_who, procedure(plan, ballot)
    who = plan.who[start : plan.moments[moment].last_who]
    chance, casts, uniforms = np.empty(there.shape), np.empty(there.shape), np.empty(there.shape[1])
    adds, vetoes = np.empty(there.shape, np.int64), np.empty(there.shape, np.int8)
    for k in range(who.size):
        member, row = who[k], plan.ballots[ballot].first_elector + k
        adds[k, :], vetoes[k, :] = decisions.counted(rule, plan.votes[start + k], 1), plan.vetoes[row]
        cue = cue_in_force(plan, state, inputs, moment, member, between.if_carried)
        voice = voting.voiced(state.stance[member], cue)
        intends = intention(plan, inputs, Voter(ballot, row, member), voice, between)
        random_streams.draw_uniforms(
            uniforms, inputs.seed, inputs.replicate, vote_key, random_streams.VOTE, plan.members[member].key
        )
        write(voting.chance_if_cast(intends), chance[k])
        write(state.stance[member], votes.stance[row])
        write(voice, votes.voice[row])
        seat, casts_one, vote, taking_part = there[k], casts[k], votes.vote[row], voting.cast(intends, uniforms)
        for lane in range(uniforms.size):
            casts_one[lane] = seat[lane] if taking_part[lane] != ABSTAINED else 0.0
        holds = holds_seat(plan, state.happened, moment, start + k)
        for lane in range(uniforms.size):
            vote[lane] = taking_part[lane] if seat[lane] > 0.0 else WAS_ABSENT if holds[lane] else NO_VOTE
    voters, first = (
        decisions.Voters(chance, casts, adds, vetoes, np.ones(who.size, np.int8)),
        plan.ballots[ballot].first_elector,
    )
    blocs.bind(plan.bloc[first : first + who.size], votes.vote[first : first + who.size], voters)
    return voters


@compiled
def tally_of(plan: Plan, moment: int, votes: VoteRecord) -> decisions.Tally:
    """The votes of a ballot counted."""
    ballot = plan.moments[moment].ballot
    first, start, stop = (
        plan.ballots[ballot].first_elector,
        plan.moments[moment].first_who,
        plan.moments[moment].last_who,
    )
    last = first + stop - start
    return decisions.count(
        votes.vote[first:last], plan.votes[start:stop], plan.vetoes[first:last], plan.ballots[ballot].chair
    )


@compiled
def _lots(plan: Plan, inputs: Inputs, moment: int) -> Floats:
    """The uniform numbers by which a lot decides a tie of a ballot, (replicates,); 1/2 where none does."""
    out = np.full(inputs.replicate.size, 0.5)
    if procedure(plan, plan.moments[moment].ballot).ties == decisions.TIE_TO_LOT:
        key = plan.moments[moment].key
        random_streams.draw_uniforms(out, inputs.seed, inputs.replicate, key, random_streams.LOT, np.uint64(0))
    return out


@compiled
def _decide(plan: Plan, inputs: Inputs, moment: int, tally: decisions.Tally, votes: VoteRecord) -> Bytes:
    """The decision voted, (replicates,)."""
    lots = _lots(plan, inputs, moment)
    out = np.empty(lots.size, np.int8)
    for lane in range(lots.size):
        rule = procedure_in(plan, moment, votes, lane)
        carried = tally.vetoes[lane] == 0 and lots[lane] < decisions.verdict(
            rule, tally.yes[lane], tally.no[lane], tally.heads[lane], tally.chair[lane]
        )
        out[lane] = CARRIED if carried and decisions.is_quorate(rule, tally.seats_taken[lane]) else REJECTED
    return out


@compiled
def _chance_of_carrying(
    plan: Plan, moment: int, voters: decisions.Voters, tally: decisions.Tally, votes: VoteRecord
) -> Floats:
    """The chance that a ballot is carried, (replicates,), by the seats of each."""
    ballot = plan.moments[moment].ballot
    chair = plan.ballots[ballot].chair
    if chair >= 0:
        chair = plan.bloc[plan.ballots[ballot].first_elector + chair]
    out = decisions.chance_of_carrying(procedure(plan, ballot), voters, tally, chair)
    if seats_change(plan, moment):
        for lane in range(out.size):
            own, counted = decisions.some_of(voters, tally, lane, lane + 1)
            rule = procedure_in(plan, moment, votes, lane)
            out[lane] = decisions.chance_of_carrying(rule, own, counted, chair)[0]
    return out


@compiled_apart()
def put_to_vote(
    plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_], votes: VoteRecord
) -> None:
    """A ballot: the leader presses, everybody votes, the votes are counted, a carried motion sets the policy."""
    ballot = plan.moments[moment].ballot
    if plan.ballots[ballot].motions > 1:
        _put_among(plan, state, inputs, moment, happening, votes)
        return
    there = present(plan, state, inputs, moment, happening, seats_at(plan, moment))
    between = options(plan, state, inputs, ballot, state.policy)
    if plan.rules.leader >= 0:
        _press_at_ballot(plan, state, moment, there, happening, between)
    voters = _cast_votes(plan, state, inputs, moment, there, between, votes)
    tally = tally_of(plan, moment, votes)
    carrying = _chance_of_carrying(plan, moment, voters, tally, votes)
    voted = _decide(plan, inputs, moment, tally, votes)
    first = plan.ballots[ballot].first_elector
    for lane in range(happening.size):
        if happening[lane]:
            votes.chance[ballot, lane] = carrying[lane]
            outcome = voted[lane]
            if inputs.follows_record and plan.ballots[ballot].documented != NOT_PUT:
                outcome = np.int8(plan.ballots[ballot].documented)
            state.decided[ballot, lane] = outcome
            if outcome == CARRIED and plan.ballots[ballot].sets_policy == 1:
                state.policy[lane] = between.if_carried[lane]
        else:
            for k in range(there.shape[0]):
                votes.vote[first + k, lane] = NO_VOTE


@compiled
def choice_at(plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord) -> choices.Votes:
    """How people vote among the motions of a choice, given the opinions they have expressed and who casts a vote.

    moment: of its first motion. All of it as (motions, voters, replicates) or (voters, replicates).
    """
    ballot, start = plan.moments[moment].ballot, plan.moments[moment].first_who
    motions, voters = plan.ballots[ballot].motions, plan.moments[moment].last_who - start
    first, lanes = plan.ballots[ballot].first_elector, state.policy.size
    places = voting.places_of(options(plan, state, inputs, ballot, state.policy), 0)
    chance, casts, silent = np.empty((motions, voters, lanes)), np.zeros((voters, lanes)), np.zeros((voters, lanes))
    before = np.empty((motions, motions, voters, lanes))
    for k in range(voters):
        voice, member, vote = votes.voice[first + k], plan.who[start + k], votes.vote[first + k]
        for lane in range(lanes):
            casts[k, lane] = 1.0 if vote[lane] == YES or vote[lane] == NO else 0.0
        surely = _choice(plan, inputs, member, plan.ballots[ballot].margin, ZERO)
        among = voting.intentions_among(plan.rules.ballot, voice, places, surely)
        whole = np.zeros(lanes)
        for motion in range(motions):
            for lane in range(lanes):
                whole[lane] += among[motion, lane]
        for lane in range(lanes):
            silent[k, lane] = max(1.0 - whole[lane], 0.0) if surely.margin[lane] > 0.0 else 0.0
            for motion in range(motions):
                chance[motion, k, lane] = among[motion, lane] / max(whole[lane], 1e-300)
        alone = _choice(plan, inputs, member, ZERO, ZERO)
        for one in range(motions):
            for other in range(motions):
                gain = voting.utility(voice, places[one], places[other])
                write(voting.intention(plan.rules.ballot, gain, alone).yes, before[one, other, k])
    return choices.Votes(chance, casts, silent, before, plan.votes[start : start + voters])


@compiled
def _second_round(plan: Plan, inputs: Inputs, moment: int, cast: choices.Votes) -> Ints:
    """How many votes each motion would get against each other one, (motions, motions, replicates)."""
    motions, voters, lanes = cast.chance.shape
    out, uniforms = np.zeros((motions, motions, lanes), np.int64), np.empty(lanes)
    key, purpose = plan.moments[moment].key, random_streams.SECOND_VOTE
    for k in range(voters):
        identity = plan.members[plan.who[plan.moments[moment].first_who + k]].key
        random_streams.draw_uniforms(uniforms, inputs.seed, inputs.replicate, key, purpose, identity)
        for one in range(motions):
            for other in range(one + 1, motions):
                for lane in range(lanes):
                    if cast.casts[k, lane] > 0.0:
                        is_for = uniforms[lane] < cast.before[one, other, k, lane]
                        out[one, other, lane] += cast.votes[k] if is_for else 0
                        out[other, one, lane] += 0 if is_for else cast.votes[k]
    return out


@compiled
def were_quorate(plan: Plan, moment: int, votes: VoteRecord) -> NDArray[np.bool_]:
    """Whether enough seats were taken at a ballot that has been held, (replicates,), by the seats of each."""
    taken = tally_of(plan, moment, votes).seats_taken
    out = np.empty(taken.size, np.bool_)
    for lane in range(out.size):
        out[lane] = decisions.is_quorate(procedure_in(plan, moment, votes, lane), taken[lane])
    return out


@compiled
def _choose(
    plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_], votes: VoteRecord
) -> None:
    """Counts the votes for all motions of a choice, the first of which is put at this moment: one wins, or none."""
    ballot, cast = plan.moments[moment].ballot, choice_at(plan, state, inputs, moment, votes)
    rule, motions, voters, lanes = procedure(plan, ballot), *cast.chance.shape
    first, quorate = plan.ballots[ballot].first_elector, were_quorate(plan, moment, votes)
    carrying = choices.chances_of_winning(rule, cast, quorate, np.full(motions, -1))
    second = np.zeros((motions, motions, lanes), np.int64)
    if rule.majority == decisions.RUN_OFF:
        second = _second_round(plan, inputs, moment, cast)
    lots, counts = _lots(plan, inputs, moment), np.zeros(motions, np.int64)
    for lane in range(lanes):
        for row in range(motions):
            counts[row] = 0
            for k in range(voters):
                counts[row] += cast.votes[k] if votes.vote[first + row * voters + k, lane] == YES else 0
        won = choices.NONE
        if quorate[lane]:
            won = choices.winner(rule, counts, second[:, :, lane], lots[lane])
        for row in range(motions):
            if happening[lane]:
                documented = plan.ballots[ballot + row].documented
                is_recorded = inputs.follows_record and documented != NOT_PUT
                votes.chance[ballot + row, lane] = carrying[row, lane]
                state.decided[ballot + row, lane] = documented if is_recorded else CARRIED if row == won else REJECTED
            else:
                for k in range(voters):
                    votes.vote[first + row * voters + k, lane] = NO_VOTE


@compiled_apart()
def _put_among(
    plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_], votes: VoteRecord
) -> None:
    """A ballot on one of several motions: all are voted on with the first, and the one that wins sets the policy."""
    ballot = plan.moments[moment].ballot
    motions, rank = plan.ballots[ballot].motions, plan.ballots[ballot].rank
    if rank == 0:
        there = present(plan, state, inputs, moment, happening, seats_at(plan, moment))
        if plan.rules.leader >= 0:
            between = options(plan, state, inputs, ballot, state.policy)
            _press_at_ballot(plan, state, moment, there, happening, between)
        for row in range(motions):
            between = options(plan, state, inputs, ballot + row, state.policy)
            _cast_votes(plan, state, inputs, moment + row, there, between, votes)
        _choose(plan, state, inputs, moment, happening, votes)
    if rank == motions - 1:
        # The policy changes last, so that all motions are put from the same.
        for row in range(ballot - rank, ballot + 1):
            between = options(plan, state, inputs, row, state.policy)
            for lane in range(happening.size):
                if happening[lane] and state.decided[row, lane] == CARRIED and plan.ballots[row].sets_policy == 1:
                    state.policy[lane] = between.if_carried[lane]
