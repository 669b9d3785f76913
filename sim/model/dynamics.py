"""What each moment does to a history: the order of the model, on arrays (member, replicate).

One implementation for the one history that Mesa agents play and for the many of an ensemble. Every function
here takes lanes of replicates that know nothing of each other, so a history has the same bits in any company.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.array_types import Bytes, Floats, Ints, Words
from sim.model import random_streams
from sim.model.jit import compiled
from sim.model.plan import (
    ABSENCE_BEGINS,
    ABSENCE_ENDS,
    BALLOT,
    CARRIED,
    DECIDED_AS,
    LETTER,
    NOT_PUT,
    POLICY_ABOVE,
    POLICY_AT_LEAST,
    POLICY_AT_MOST,
    POLICY_BELOW,
    REJECTED,
    TALK,
    WEEK,
    Plan,
)
from sim.model.rules import decisions, letters, persuasion, voting

HERE, AWAY, OUT_OF_REACH = range(3)
NO_VOTE, YES, NO, ABSTAINED, WAS_ABSENT = range(5)
NEVER = -1e9
NO_BLOCK = np.uint64(2**63)


class State(NamedTuple):
    """Where lanes of histories stand. Members are rows, replicates the last axis.

    stance, first: units of the axis. policy: (replicates,). decided: (ballots, replicates), not put, carried or
    rejected. away: here, away, or away and out of reach. pressed, pressed_on: the position a leader last pressed
    on the member, and the day. noise, noise_block: the normal numbers of four weeks, (members, 4, replicates).
    """

    stance: Floats
    first: Floats
    policy: Floats
    decided: Bytes
    away: Bytes
    pressed: Floats
    pressed_on: Floats
    noise: NDArray[np.float32]
    noise_block: Words


class Ballot(NamedTuple):
    """What the ballots leave behind. Electors of all ballots, one after another, are rows.

    vote: a code. voice, stance: voiced and private, at the ballot. chance: (ballots, replicates), of carrying,
    given the stances and who takes part; NaN where the motion was not put.
    """

    vote: Bytes
    voice: Floats
    stance: Floats
    chance: Floats


class World(NamedTuple):
    """What lanes of histories are played with.

    parameters: (rows, replicates). replicate: ids. follows_record: each documented outcome replaces the one
    voted, so that every ballot is met as it was met in fact.
    """

    parameters: Floats
    replicate: Words
    seed: Words
    follows_record: bool


@compiled
def begin(plan: Plan, first: Floats) -> State:
    """The state before anything has happened, for first stances (members, replicates)."""
    members, lanes = first.shape
    return State(
        first.copy(),
        first.copy(),
        np.full(lanes, plan.rules.policy),
        np.zeros((plan.ballots.if_lost.size, lanes), np.int8),
        np.zeros((members, lanes), np.int8),
        np.zeros((members, lanes)),
        np.full((members, lanes), NEVER),
        np.zeros((members, random_streams.WORDS_A_CALL, lanes), np.float32),
        np.full(1, NO_BLOCK),
    )


@compiled
def empty_ballot(plan: Plan, electors: int, lanes: int) -> Ballot:
    """Room for what the ballots will leave behind."""
    return Ballot(
        np.zeros((electors, lanes), np.int8),
        np.full((electors, lanes), np.nan),
        np.full((electors, lanes), np.nan),
        np.full((plan.ballots.if_lost.size, lanes), np.nan),
    )


@compiled
def happens(plan: Plan, state: State, moment: int) -> NDArray[np.bool_]:
    """In which replicates every condition of the moment holds."""
    lanes = state.policy.size
    out = np.ones(lanes, np.bool_)
    for row in range(plan.moments.first_if[moment], plan.moments.last_if[moment]):
        kind, threshold = plan.conditions.kind[row], plan.conditions.position[row]
        for lane in range(lanes):
            policy = state.policy[lane]
            if kind == DECIDED_AS:
                holds = state.decided[plan.conditions.ballot[row], lane] == plan.conditions.outcome[row]
            elif kind == POLICY_BELOW:
                holds = policy < threshold
            elif kind == POLICY_AT_MOST:
                holds = policy <= threshold
            elif kind == POLICY_ABOVE:
                holds = policy > threshold
            elif kind == POLICY_AT_LEAST:
                holds = policy >= threshold
            else:
                holds = policy == threshold
            out[lane] = out[lane] and holds
    return out


@compiled
def pass_week(plan: Plan, state: State, world: World, moment: int) -> None:
    """Every stance drifts back a little towards the first one, and by chance: x += rho (x0 - x) + sigma z.

    A member's four normal numbers of four successive weeks come from one draw; they are kept until used.
    """
    block, word = plan.moments.key[moment], plan.moments.word[moment]
    members, lanes = state.stance.shape
    if state.noise_block[0] != block:
        state.noise_block[0] = block
        drawn = np.empty((random_streams.WORDS_A_CALL, lanes), np.uint32)
        for i in range(members):
            random_streams.draw(drawn, world.seed, world.replicate, block, random_streams.WEEK, plan.members.key[i])
            random_streams.to_normals(drawn, state.noise[i])
    reversion, noise = world.parameters[plan.rules.reversion], world.parameters[plan.rules.noise]
    low, high = plan.rules.low, plan.rules.high
    for i in range(members):
        stance, first, z = state.stance[i], state.first[i], state.noise[i, word]
        for lane in range(lanes):
            x = stance[lane]
            moved = x + reversion[lane] * (first[lane] - x) + noise[lane] * np.float64(z[lane])
            stance[lane] = min(max(moved, low), high)


@compiled
def present(plan: Plan, state: State, world: World, moment: int, happening: NDArray[np.bool_], by_note: bool) -> Floats:
    """Who takes part, (those of the moment, replicates), 1 or 0.

    Somebody away does not, nor does he by note when out of reach. Somebody of whom nothing is recorded comes
    with the chance of the parameter, by luck keyed to the sitting.
    """
    start, stop = plan.moments.first_who[moment], plan.moments.last_who[moment]
    lanes = state.policy.size
    out, drawn = np.empty((stop - start, lanes)), np.empty(lanes)
    row = plan.moments.attendance[moment]
    chance = world.parameters[row]
    for k in range(stop - start):
        member = plan.who[start + k]
        certain = row == 1 or plan.is_sure[start + k] == 1 or plan.moments.by_name[moment] == 1
        seat, away, furthest = out[k], state.away[member], AWAY if by_note else HERE
        if certain:
            for lane in range(lanes):
                seat[lane] = 1.0 if (away[lane] <= furthest) & happening[lane] else 0.0
        else:
            session, identity = plan.moments.session[moment], plan.members.key[member]
            random_streams.draw_uniforms(
                drawn, world.seed, world.replicate, session, random_streams.ATTENDANCE, identity
            )
            for lane in range(lanes):
                seat[lane] = 1.0 if (drawn[lane] < chance[lane]) & (away[lane] <= furthest) & happening[lane] else 0.0
    return out


@compiled
def _rows_of(table: Floats, rows: Ints) -> Floats:
    """The rows of a table, (rows, replicates), one after another."""
    out = np.empty((rows.size, table.shape[1]))
    for k in range(rows.size):
        there, here = table[rows[k]], out[k]
        for lane in range(here.size):
            here[lane] = there[lane]
    return out


@compiled
def _of_members(rows: Ints, who: Ints, parameters: Floats) -> Floats:
    """The parameters of the members of a moment, (who, replicates), by the rows that are theirs."""
    out = np.empty((who.size, parameters.shape[1]))
    for k in range(who.size):
        there, here = parameters[rows[who[k]]], out[k]
        for lane in range(here.size):
            here[lane] = there[lane]
    return out


@compiled
def meeting_order(plan: Plan, world: World, moment: int, who: Ints) -> Floats:
    """A number for every pair, by luck keyed to the pair."""
    order = np.empty((who.size * (who.size - 1) // 2, world.replicate.size))
    pair = 0
    for i in range(who.size):
        for j in range(i + 1, who.size):
            both = plan.pair_key[who[i], who[j]]
            order[pair] = random_streams.uniforms(
                world.seed, world.replicate, plan.moments.key[moment], random_streams.MEETING, both
            )
            pair += 1
    return order


@compiled
def hearing(plan: Plan, world: World, who: Ints, there: Floats) -> persuasion.Hearing:
    """Who is heard by whom in a talk of these members."""
    voice = _of_members(plan.members.authority, who, world.parameters)
    weight, by_authority = np.empty((who.size, who.size)), np.empty(who.size, np.int64)
    for i in range(who.size):
        by_authority[i] = plan.by_authority[who[i]]
        for lane in range(voice.shape[1]):
            voice[i, lane] *= there[i, lane]
        for j in range(who.size):
            weight[i, j] = plan.listening[who[i], who[j]]
    return persuasion.Hearing(there, voice, weight, by_authority)


@compiled
def openness(plan: Plan, world: World, who: Ints) -> persuasion.Openness:
    """How these members take what they hear in a talk."""
    susceptibility = _of_members(plan.members.susceptibility, who, world.parameters)
    attachment = (
        1.0 - susceptibility
        if plan.rules.is_friedkin_johnsen
        else _of_members(plan.members.attachment, who, world.parameters)
    )
    return persuasion.Openness(susceptibility, attachment, world.parameters[plan.rules.bound])


@compiled
def hold_talk(plan: Plan, state: State, world: World, moment: int, happening: NDArray[np.bool_]) -> None:
    """Those present exchange views once, by the scenario's rule."""
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    # People who meet by name meet wherever they are, if they can be reached at all.
    there = present(plan, state, world, moment, happening, plan.moments.by_name[moment] == 1)
    stance, first = _rows_of(state.stance, who), _rows_of(state.first, who)
    open_to = openness(plan, world, who)
    if plan.rules.talk == persuasion.MEETING_PAIRS:
        order = meeting_order(plan, world, moment, who)
        moved = persuasion.meet_in_pairs(stance, first, there, order, open_to)
    else:
        moved = persuasion.talk(plan.rules.talk, stance, first, hearing(plan, world, who, there), open_to)
    low, high = plan.rules.low, plan.rules.high
    for k in range(who.size):
        to, new = state.stance[who[k]], moved[k]
        for lane in range(to.size):
            to[lane] = min(max(new[lane], low), high)


@compiled
def deliver(plan: Plan, state: State, world: World, moment: int, happening: NDArray[np.bool_]) -> None:
    """A letter reaches its readers, except those out of reach; the leader's letter also presses them."""
    argued, day = plan.moments.argued[moment], plan.moments.day[moment]
    if np.isnan(argued):
        return
    presses = plan.moments.author[moment] == plan.rules.leader and plan.rules.leader >= 0
    authority, bound = world.parameters[plan.moments.authority[moment]], world.parameters[plan.rules.latitude_bound]
    low, high, strength = plan.rules.low, plan.rules.high, plan.moments.strength[moment]
    dose, dosed = np.zeros(authority.size), -1
    for k in range(plan.moments.first_who[moment], plan.moments.last_who[moment]):
        member = plan.who[k]
        receptiveness = plan.members.receptiveness[member]
        if receptiveness != dosed:
            # Readers who share a parameter share the dose; to work it out is most of the work.
            dose, dosed = letters.doses(world.parameters[receptiveness], authority, strength), receptiveness
        moved = letters.read(plan.rules.latitude, state.stance[member], argued, dose, bound)
        stance, away = state.stance[member], state.away[member]
        for lane in range(moved.size):
            if happening[lane] and away[lane] != OUT_OF_REACH:
                stance[lane] = min(max(moved[lane], low), high)
                if presses:
                    state.pressed[member, lane] = argued
                    state.pressed_on[member, lane] = day


@compiled
def _press_at_ballot(plan: Plan, state: State, moment: int, there: Floats, happening: NDArray[np.bool_]) -> None:
    """The leader presses those who take part: the motion, if it is his, or else, being in the room, his stance."""
    ballot, day = plan.moments.ballot[moment], plan.moments.day[moment]
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    seat = -1
    for k in range(who.size):
        if who[k] == plan.rules.leader:
            seat = k
    moved, noted = plan.ballots.moved_by_leader[ballot] == 1, plan.ballots.by_correspondence[ballot] == 1
    if_carried = plan.ballots.if_carried[ballot]
    for lane in range(happening.size):
        in_room = seat >= 0 and not noted and there[seat, lane] > 0.0
        if happening[lane] and (in_room or moved):
            target = state.policy[lane] if np.isnan(if_carried) else if_carried
            position = target if moved else state.stance[plan.rules.leader, lane]
            for k in range(who.size):
                if there[k, lane] > 0.0:
                    state.pressed[who[k], lane] = position
                    state.pressed_on[who[k], lane] = day


@compiled
def _deference(plan: Plan, state: State, world: World, member: int, day: int) -> Floats:
    """The deference in force, (replicates,): zero when no leader has pressed within the time."""
    out = np.zeros(state.policy.size)
    owed, lapse = world.parameters[plan.members.deference[member]], world.parameters[plan.rules.lapse]
    pressed_on = state.pressed_on[member]
    for lane in range(out.size):
        out[lane] = owed[lane] if day - pressed_on[lane] <= lapse[lane] else 0.0
    return out


@compiled
def _position(given: float, policy: Floats) -> Floats:
    return policy.copy() if np.isnan(given) else np.full(policy.size, given)


@compiled
def _cast_votes(
    plan: Plan, state: State, world: World, moment: int, there: Floats, left: Ballot
) -> tuple[Floats, Floats]:
    """Everybody's vote, written into `left`; returns the chance of a yes and who casts one, (voters, replicates)."""
    ballot, day, vote_key = plan.moments.ballot[moment], plan.moments.day[moment], plan.moments.key[moment]
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    if_carried = _position(plan.ballots.if_carried[ballot], state.policy)
    if_lost = _position(plan.ballots.if_lost[ballot], state.policy)
    sharpness, competence = world.parameters[plan.rules.sharpness], world.parameters[plan.rules.competence]
    chance, casts, drawn = np.empty(there.shape), np.empty(there.shape), np.empty(there.shape[1])
    for k in range(who.size):
        member, row = who[k], plan.ballots.first_elector[ballot] + k
        deference = _deference(plan, state, world, member, day)
        voice = voting.voiced(state.stance[member], state.pressed[member], deference)
        gain = voting.utility(voice, if_carried, if_lost)
        chance[k] = voting.chance_of_yes(plan.rules.ballot, gain, sharpness, competence)
        silent = voting.abstains(gain, world.parameters[plan.rules.margin])
        random_streams.draw_uniforms(
            drawn, world.seed, world.replicate, vote_key, random_streams.VOTE, plan.members.key[member]
        )
        left.stance[row], left.voice[row] = state.stance[member], voice
        seat, says_yes, casts_one, vote = there[k], chance[k], casts[k], left.vote[row]
        for lane in range(drawn.size):
            casts_one[lane] = seat[lane] * (1.0 - silent[lane])
        for lane in range(drawn.size):
            cast = YES if drawn[lane] < says_yes[lane] else NO
            taking_part = cast if silent[lane] == 0.0 else ABSTAINED
            vote[lane] = taking_part if seat[lane] > 0.0 else WAS_ABSENT
    return chance, casts


@compiled
def procedure(plan: Plan, ballot: int) -> decisions.Procedure:
    """The rule by which a ballot is decided."""
    rows = plan.ballots
    return decisions.Procedure(
        rows.majority[ballot],
        rows.share[ballot],
        rows.quorum[ballot],
        rows.ties[ballot],
        rows.seats[ballot],
        rows.all_votes[ballot],
    )


@compiled
def _seats_taken(there: Floats) -> Ints:
    """How many take part, (replicates,)."""
    out = np.zeros(there.shape[1], np.int64)
    for k in range(there.shape[0]):
        seat = there[k]
        for lane in range(out.size):
            out[lane] += 1 if seat[lane] > 0.0 else 0
    return out


@compiled
def _count(plan: Plan, world: World, moment: int, taken: Ints, left: Ballot) -> Bytes:
    """The decision voted, (replicates,), from the votes in `left`."""
    ballot, who = plan.moments.ballot[moment], plan.moments.first_who[moment]
    rule, first, chair = procedure(plan, ballot), plan.ballots.first_elector[ballot], plan.ballots.chair[ballot]
    lots = random_streams.uniforms(world.seed, world.replicate, plan.moments.key[moment], random_streams.LOT, 0)
    yes, no, out = np.zeros(lots.size, np.int64), np.zeros(lots.size, np.int64), np.empty(lots.size, np.int8)
    for k in range(plan.moments.last_who[moment] - who):
        votes, vote = plan.votes[who + k], left.vote[first + k]
        for lane in range(lots.size):
            yes[lane] += votes if vote[lane] == YES else 0
            no[lane] += votes if vote[lane] == NO else 0
    for lane in range(lots.size):
        chairs = 0
        if chair >= 0:
            chairs = 1 if left.vote[first + chair, lane] == YES else -1 if left.vote[first + chair, lane] == NO else 0
        carried = lots[lane] < decisions.verdict(rule, yes[lane], no[lane], chairs)
        out[lane] = CARRIED if carried and decisions.is_quorate(rule, taken[lane]) else REJECTED
    return out


@compiled
def put_to_vote(
    plan: Plan, state: State, world: World, moment: int, happening: NDArray[np.bool_], left: Ballot
) -> None:
    """A ballot: the leader presses, everybody votes, the votes are counted, a carried motion sets the policy."""
    ballot = plan.moments.ballot[moment]
    there = present(plan, state, world, moment, happening, plan.ballots.by_correspondence[ballot] == 1)
    if plan.rules.leader >= 0:
        _press_at_ballot(plan, state, moment, there, happening)
    chance, casts = _cast_votes(plan, state, world, moment, there, left)
    votes = plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    taken = _seats_taken(there)
    carrying = decisions.chance_of_carrying(
        procedure(plan, ballot), chance, casts, votes, taken, plan.ballots.chair[ballot]
    )
    voted = _count(plan, world, moment, taken, left)
    if_carried = plan.ballots.if_carried[ballot]
    first = plan.ballots.first_elector[ballot]
    for lane in range(happening.size):
        if happening[lane]:
            left.chance[ballot, lane] = carrying[lane]
            outcome = voted[lane]
            if world.follows_record and plan.ballots.documented[ballot] != NOT_PUT:
                outcome = np.int8(plan.ballots.documented[ballot])
            state.decided[ballot, lane] = outcome
            if outcome == CARRIED and plan.ballots.sets_policy[ballot] == 1 and not np.isnan(if_carried):
                state.policy[lane] = if_carried
        else:
            for k in range(votes.size):
                left.vote[first + k, lane] = NO_VOTE


@compiled
def play_moment(plan: Plan, state: State, world: World, moment: int, left: Ballot) -> None:
    """One moment, in all lanes: changes `state`, and a ballot also `left`."""
    kind = plan.moments.kind[moment]
    if kind == WEEK:
        pass_week(plan, state, world, moment)
        return
    happening = happens(plan, state, moment)
    if kind == TALK:
        hold_talk(plan, state, world, moment, happening)
    elif kind == LETTER:
        deliver(plan, state, world, moment, happening)
    elif kind == BALLOT:
        put_to_vote(plan, state, world, moment, happening, left)
    elif kind == ABSENCE_BEGINS or kind == ABSENCE_ENDS:
        member = plan.who[plan.moments.first_who[moment]]
        begins = AWAY if plan.moments.reachable[moment] == 1 else OUT_OF_REACH
        for lane in range(happening.size):
            if happening[lane]:
                state.away[member, lane] = begins if kind == ABSENCE_BEGINS else HERE
