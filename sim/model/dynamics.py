"""What each moment does to a history: the order of the model, on arrays (member, replicate).

One implementation for the one history that Mesa agents play and for the many of an ensemble. Every function
here takes lanes of replicates that know nothing of each other, so a history has the same bits in any company.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model import random_streams
from sim.model.array_types import Bytes, Floats, Ints, Words
from sim.model.jit import compiled, compiled_apart, compiled_within
from sim.model.plan import (
    ABSENCE_BEGINS,
    ABSENCE_ENDS,
    AT_LEAST,
    AT_MOST,
    BALLOT,
    BY_CHANCE,
    BY_NOTE,
    CARRIED,
    DECIDED_AS,
    EVENT,
    HAS_HAPPENED,
    LETTER,
    NOT_PUT,
    NOT_THERE,
    ONE,
    POLICY_ABOVE,
    POLICY_AT_LEAST,
    POLICY_AT_MOST,
    POLICY_BELOW,
    REJECTED,
    SET_FIRST_STANCE,
    SET_IF_CARRIED,
    SET_IF_LOST,
    SET_PARAMETER,
    SET_POLICY,
    SET_SEAT,
    TALK,
    VOTED_AS,
    WEEK,
    ZERO,
    Plan,
)
from sim.model.rules import blocs, choices, decisions, letters, persuasion, voting
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES

HERE, AWAY, OUT_OF_REACH = range(3)
NOT_EVEN_HERE = -1
NEVER = -1e9
NO_BLOCK = np.uint64(2**63)


class State(NamedTuple):
    """Where lanes of histories stand. Members are rows, replicates the last axis.

    stance, first: units of the axis. policy: (replicates,). decided: (ballots, replicates), not put, carried or
    rejected. happened: (moments, replicates), 1 or 0. away: here, away, or away and out of reach. pressed, pressed_on:
    the position a leader last pressed on the member, and the day. noise, noise_block: the normal numbers of four weeks,
    (members, 4, replicates).
    """

    stance: Floats
    first: Floats
    policy: Floats
    decided: Bytes
    happened: Bytes
    away: Bytes
    pressed: Floats
    pressed_on: Floats
    noise: NDArray[np.float32]
    noise_block: Words


class VoteRecord(NamedTuple):
    """Who voted how. Electors are rows, those of all ballots one after another.

    vote: a code of `rules.voting`. voice, stance: the opinion expressed at the ballot, and the private one. chance:
    (ballots, replicates), of carrying, given the stances and who takes part; NaN where the motion was not put.
    """

    vote: Bytes
    voice: Floats
    stance: Floats
    chance: Floats


class Inputs(NamedTuple):
    """What a batch of histories is played with.

    parameters: (rows, replicates). first: first stances, (members, replicates). replicate: ids. follows_record: each
    documented outcome replaces the one voted, so that every ballot is met as it was met in fact.
    """

    parameters: Floats
    first: Floats
    replicate: Words
    seed: Words
    follows_record: bool


@compiled
def write(values: NDArray[Any], into: NDArray[Any]) -> None:
    """Writes one row into another; an assignment would be compiled with all that it may say of shapes that differ."""
    for lane in range(values.size):
        into[lane] = values[lane]


@compiled_within
def lanes_of(inputs: Inputs, start: int, stop: int) -> Inputs:
    """The inputs of the replicates from row `start` to before row `stop`."""
    return Inputs(
        inputs.parameters[:, start:stop].copy(),
        inputs.first[:, start:stop].copy(),
        inputs.replicate[start:stop],
        inputs.seed,
        inputs.follows_record,
    )


@compiled
def in_force(plan: Plan, happened: Bytes, inputs: Inputs, moment: int) -> Inputs:
    """The inputs with every parameter as it is at a moment, after the events before it that set one; else the same.

    happened: as in `State`. An event that gives the value of another parameter gives the one that this has then.
    """
    parameters, is_changed = inputs.parameters, False
    for row in range(plan.effects.size):
        if plan.effects[row].kind == SET_PARAMETER and plan.effects[row].moment < moment:
            if not is_changed:
                parameters, is_changed = inputs.parameters.copy(), True
            changed, other = parameters[plan.effects[row].row], parameters[plan.effects[row].parameter]
            for lane in range(changed.size):
                if happened[plan.effects[row].moment, lane] == 1:
                    changed[lane] = other[lane]
    return Inputs(parameters, inputs.first, inputs.replicate, inputs.seed, inputs.follows_record)


@compiled_within
def begin(plan: Plan, first: Floats) -> State:
    """The state before anything has happened, for first stances (members, replicates)."""
    members, lanes = first.shape
    return State(
        first.copy(),
        first.copy(),
        np.full(lanes, plan.rules.policy),
        np.zeros((plan.ballots.size, lanes), np.int8),
        np.zeros((plan.moments.size, lanes), np.int8),
        np.zeros((members, lanes), np.int8),
        np.zeros((members, lanes)),
        np.full((members, lanes), NEVER),
        np.zeros((members, random_streams.WORDS_A_CALL, lanes), np.float32),
        np.full(1, NO_BLOCK),
    )


@compiled_within
def empty_votes(plan: Plan, replicates: int) -> VoteRecord:
    """Room for the votes of all ballots."""
    ballots = plan.ballots.size
    electors = plan.ballots.first_elector[ballots - 1] + plan.ballots.seats[ballots - 1] if ballots > 0 else 0
    return VoteRecord(
        np.zeros((electors, replicates), np.int8),
        np.full((electors, replicates), np.nan),
        np.full((electors, replicates), np.nan),
        np.full((ballots, replicates), np.nan),
    )


@compiled
def _has_voted(plan: Plan, inputs: Inputs, votes: VoteRecord, elector: int, lane: int) -> int:
    """The vote of an elector so far, as a code; as recorded where the record is followed and has it."""
    on_record: int = plan.documented[elector]
    voted: int = votes.vote[elector, lane]
    # Where the motion was not put, nobody has voted.
    return on_record if inputs.follows_record and on_record != NO_VOTE and voted != NO_VOTE else voted


@compiled
def happens(plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord) -> NDArray[np.bool_]:
    """In which replicates every condition of the moment holds."""
    lanes = state.policy.size
    out = np.ones(lanes, np.bool_)
    for row in range(plan.moments[moment].first_if, plan.moments[moment].last_if):
        kind, threshold = plan.conditions[row].kind, plan.conditions[row].position
        back, outcome = plan.conditions[row].row, plan.conditions[row].outcome
        for lane in range(lanes):
            policy = state.policy[lane]
            if kind == DECIDED_AS:
                holds = state.decided[back, lane] == outcome
            elif kind == VOTED_AS:
                holds = _has_voted(plan, inputs, votes, back, lane) == outcome
            elif kind == HAS_HAPPENED:
                holds = state.happened[back, lane] == outcome
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


@compiled_apart()
def pass_week(plan: Plan, state: State, inputs: Inputs, moment: int) -> None:
    """Every stance drifts back a little towards the first one, and by chance: x += rho (x0 - x) + sigma z.

    A member's four normal numbers of four successive weeks come from one draw; they are kept until used.
    """
    block, word = plan.moments[moment].key, plan.moments[moment].word
    members, lanes = state.stance.shape
    if state.noise_block[0] != block:
        state.noise_block[0] = block
        drawn = np.empty((random_streams.WORDS_A_CALL, lanes), np.uint32)
        for i in range(members):
            random_streams.draw(drawn, inputs.seed, inputs.replicate, block, random_streams.WEEK, plan.members[i].key)
            random_streams.to_normals(drawn, state.noise[i])
    reversion, noise = inputs.parameters[plan.rules.reversion], inputs.parameters[plan.rules.noise]
    low, high = plan.rules.low, plan.rules.high
    for i in range(members):
        stance, first, z = state.stance[i], state.first[i], state.noise[i, word]
        for lane in range(lanes):
            x = stance[lane]
            moved = x + reversion[lane] * (first[lane] - x) + noise[lane] * np.float64(z[lane])
            stance[lane] = min(max(moved, low), high)


@compiled
def _is_certain(plan: Plan, moment: int, seat: int) -> bool:
    """Whether chance has no say in somebody's coming: it is on record, they are met by name, or nobody ever fails."""
    certain: bool = (
        plan.moments[moment].attendance == ONE or plan.attending[seat] != BY_CHANCE or plan.moments[moment].by_name == 1
    )
    return certain


@compiled
def holds_seat(plan: Plan, happened: Bytes, moment: int, seat: int) -> NDArray[np.bool_]:
    """In which replicates somebody comes to a moment in a capacity of theirs, after the events that change seats.

    seat: their row of `Plan.who`. Who comes to it whatever their seats are does so in all.
    """
    out = np.ones(happened.shape[1], np.bool_)
    is_free = True
    for body in range(plan.seats.shape[1]):
        if plan.seats[seat, body] < 0:
            continue
        kind = np.full(out.size, plan.seats[seat, body])
        for row in range(plan.effects.size):
            effect = plan.effects[row]
            is_theirs = effect.kind == SET_SEAT and effect.row == plan.who[seat] and effect.body == body
            if is_theirs and effect.moment < moment:
                for lane in range(out.size):
                    kind[lane] = effect.seat if happened[effect.moment, lane] == 1 else kind[lane]
        for lane in range(out.size):
            has_one = kind[lane] >= plan.moments[moment].least_seat
            out[lane] = has_one or (out[lane] and not is_free)
        is_free = False
    return out


@compiled
def chance_of_attending(plan: Plan, state: State, inputs: Inputs, moment: int) -> Floats:
    """The probability that each takes part in a moment, (those of the moment, replicates).

    0 for who is away (by note: out of reach) or was missing, 1 for who certainly comes, else the parameter for
    attendance.
    """
    start, stop = plan.moments[moment].first_who, plan.moments[moment].last_who
    out = np.empty((stop - start, state.policy.size))
    for k in range(stop - start):
        away, attends = state.away[plan.who[start + k]], out[k]
        furthest = _furthest(plan, moment, start + k)
        certain = _is_certain(plan, moment, start + k)
        chance = inputs.parameters[ONE if certain else plan.moments[moment].attendance]
        holds = holds_seat(plan, state.happened, moment, start + k)
        for lane in range(attends.size):
            attends[lane] = chance[lane] if away[lane] <= furthest and holds[lane] else 0.0
    return out


@compiled
def _can_any_come(away: Bytes, furthest: int, happening: NDArray[np.bool_]) -> bool:
    """Whether a member could come to a moment in any replicate: else there is nothing to be drawn."""
    lane = 0
    while lane < away.size and not (happening[lane] and away[lane] <= furthest):
        lane += 1
    return lane < away.size


@compiled
def _furthest(plan: Plan, moment: int, seat: int) -> int:
    """How far away somebody may be and take part: with a vote by note or in a meeting by name, not out of reach."""
    if plan.attending[seat] == NOT_THERE:
        return NOT_EVEN_HERE
    ballot = plan.moments[moment].ballot
    by_note = plan.ballots[ballot].by_correspondence if ballot >= 0 else plan.moments[moment].by_name
    return AWAY if by_note == 1 or plan.attending[seat] == BY_NOTE else HERE


@compiled
def present(plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_], seats: Ints) -> Floats:
    """Who takes part, (seats, replicates), 1 or 0; random numbers are keyed to the sitting.

    seats: rows of `Plan.who`, of those to be asked about.
    """
    out = np.empty((seats.size, state.policy.size))
    chance, session = inputs.parameters[plan.moments[moment].attendance], plan.moments[moment].session
    for k in range(seats.size):
        away, attends, furthest = state.away[plan.who[seats[k]]], out[k], _furthest(plan, moment, seats[k])
        is_certain = _is_certain(plan, moment, seats[k])
        if not is_certain and _can_any_come(away, furthest, happening):
            identity = plan.members[plan.who[seats[k]]].key
            random_streams.draw_uniforms(
                attends, inputs.seed, inputs.replicate, session, random_streams.ATTENDANCE, identity
            )
            for lane in range(attends.size):
                comes = (attends[lane] < chance[lane]) & (away[lane] <= furthest) & happening[lane]
                attends[lane] = 1.0 if comes else 0.0
        else:
            for lane in range(attends.size):
                attends[lane] = 1.0 if (away[lane] <= furthest) & happening[lane] else 0.0
        if plan.seats.shape[1] > 0:
            holds = holds_seat(plan, state.happened, moment, seats[k])
            for lane in range(attends.size):
                attends[lane] = attends[lane] if holds[lane] else 0.0
    return out


@compiled
def _seats(plan: Plan, moment: int) -> Ints:
    """The rows of `Plan.who` that belong to a moment."""
    return np.arange(plan.moments[moment].first_who, plan.moments[moment].last_who)


@compiled
def seats_of_some(plan: Plan, state: State, moment: int, happening: NDArray[np.bool_]) -> Ints:
    """Those of them whose members can come in any replicate."""
    seats, found = _seats(plan, moment), 0
    for k in range(seats.size):
        if _can_any_come(state.away[plan.who[seats[k]]], _furthest(plan, moment, seats[k]), happening):
            seats[found] = seats[k]
            found += 1
    return seats[:found]


@compiled
def _members_at(plan: Plan, seats: Ints) -> Ints:
    """Whose seats these are."""
    out = np.empty(seats.size, np.int64)
    for k in range(seats.size):
        out[k] = plan.who[seats[k]]
    return out


@compiled
def _rows_of(table: Floats, rows: Ints) -> Floats:
    """The rows of a table, (rows, replicates), one after another."""
    out = np.empty((rows.size, table.shape[1]))
    for k in range(rows.size):
        row, to = table[rows[k]], out[k]
        for lane in range(to.size):
            to[lane] = row[lane]
    return out


@compiled
def meeting_order(plan: Plan, inputs: Inputs, moment: int, who: Ints) -> Floats:
    """A random number for every pair, keyed to the pair."""
    order = np.empty((who.size * (who.size - 1) // 2, inputs.replicate.size))
    pair = 0
    for i in range(who.size):
        for j in range(i + 1, who.size):
            both = plan.pair_key[who[i], who[j]]
            random_streams.draw_uniforms(
                order[pair], inputs.seed, inputs.replicate, plan.moments[moment].key, random_streams.MEETING, both
            )
            pair += 1
    return order


@compiled
def copying_turns(plan: Plan, inputs: Inputs, moment: int, who: Ints) -> Floats:
    """A random number for each of these members, keyed to the member."""
    turns, key = np.empty((who.size, inputs.replicate.size)), plan.moments[moment].key
    for k in range(who.size):
        identity = plan.members[who[k]].key
        random_streams.draw_uniforms(turns[k], inputs.seed, inputs.replicate, key, random_streams.MEETING, identity)
    return turns


@compiled
def hearing(plan: Plan, inputs: Inputs, who: Ints, there: Floats) -> persuasion.Hearing:
    """Who is heard by whom in a talk of these members."""
    voice = np.empty((2, who.size, there.shape[1]))
    weight, by_authority = np.empty((who.size, who.size)), np.empty(who.size, np.int64)
    authorities, saliences = plan.members.authority, plan.members.salience
    for i in range(who.size):
        by_authority[i] = plan.by_authority[who[i]]
        present, loud, authority = voice[0, i], voice[1, i], inputs.parameters[authorities[who[i]]]
        comes, salience = there[i], inputs.parameters[saliences[who[i]]]
        for lane in range(comes.size):
            present[lane] = comes[lane]
            loud[lane] = authority[lane] * salience[lane] * comes[lane]
        for j in range(who.size):
            weight[i, j] = plan.listening[who[i], who[j]]
    return persuasion.Hearing(voice, weight, by_authority)


@compiled
def openness(plan: Plan, inputs: Inputs, who: Ints) -> persuasion.Openness:
    """How these members take what they hear in a talk."""
    parameters, rows = inputs.parameters, np.empty((2, who.size), np.int64)
    susceptibility, attachment = rows[0], rows[1]
    all_susceptibility, all_attachment = plan.members.susceptibility, plan.members.attachment
    for k in range(who.size):
        susceptibility[k], attachment[k] = all_susceptibility[who[k]], all_attachment[who[k]]
    if plan.rules.is_friedkin_johnsen:
        # What talk leaves of a stance is the first one: rows below those of the parameters.
        rows_before = parameters.shape[0]
        parameters = np.empty((rows_before + who.size, inputs.replicate.size))
        for row in range(rows_before):
            write(inputs.parameters[row], parameters[row])
        for k in range(who.size):
            attachment[k] = rows_before + k
            moves, stays = inputs.parameters[susceptibility[k]], parameters[rows_before + k]
            for lane in range(stays.size):
                stays[lane] = 1.0 - moves[lane]
    return persuasion.Openness(parameters, susceptibility, attachment, inputs.parameters[plan.rules.bound])


@compiled_apart()
def hold_talk(plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_]) -> None:
    """Those present exchange views once, by the scenario's rule."""
    # Who is there in no replicate adds nothing to the sums, and does not move.
    seats = seats_of_some(plan, state, moment, happening)
    if seats.size == 0:
        return
    who = _members_at(plan, seats)
    there = present(plan, state, inputs, moment, happening, seats)
    open_to = openness(plan, inputs, who)
    if plan.rules.talk == persuasion.MEETING_PAIRS:
        order = meeting_order(plan, inputs, moment, who)
        stance, first = _rows_of(state.stance, who), _rows_of(state.first, who)
        moved = persuasion.meet_in_pairs(stance, first, there, order, open_to)
    elif plan.rules.talk == persuasion.COPYING:
        stance, first = _rows_of(state.stance, who), _rows_of(state.first, who)
        turns = copying_turns(plan, inputs, moment, who)
        moved = persuasion.copy_at_random(stance, first, hearing(plan, inputs, who, there), turns, open_to)
    else:
        heard = hearing(plan, inputs, who, there)
        moved = persuasion.talk(plan.rules.talk, who, state.stance, state.first, heard, open_to)
    low, high = plan.rules.low, plan.rules.high
    for k in range(who.size):
        to, new = state.stance[who[k]], moved[k]
        for lane in range(to.size):
            to[lane] = min(max(new[lane], low), high)


@compiled
def contributions(plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord) -> tuple[Floats, Floats]:
    """What a talk that is about to be held consists of, in units of the axis.

    What each adds to each, (who, who, replicates), and what attachment adds to each, (who, replicates).
    """
    who = plan.who[plan.moments[moment].first_who : plan.moments[moment].last_who]
    happening = happens(plan, state, inputs, moment, votes)
    there = present(plan, state, inputs, moment, happening, _seats(plan, moment))
    stance, first = _rows_of(state.stance, who), _rows_of(state.first, who)
    open_to, back = openness(plan, inputs, who), np.empty(there.shape)
    for k in range(who.size):
        attachment = open_to.parameters[open_to.attachment[k]]
        for lane in range(happening.size):
            back[k, lane] = there[k, lane] * attachment[lane] * (first[k, lane] - stance[k, lane])
    if plan.rules.talk == persuasion.MEETING_PAIRS:
        order = meeting_order(plan, inputs, moment, who)
        return persuasion.contributions_in_pairs(stance, there, order, open_to), back
    heard = hearing(plan, inputs, who, there)
    if plan.rules.talk == persuasion.COPYING:
        turns = copying_turns(plan, inputs, moment, who)
        return persuasion.contributions_by_copying(stance, heard, turns, open_to), back
    return persuasion.contributions(plan.rules.talk, stance, heard, open_to), back


@compiled_apart()
def deliver(plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_]) -> None:
    """A letter moves its readers, except those out of reach; the leader's letter also presses them.

    Whoever already stands where a letter argues for, or beyond, is left alone by one that asks for at least or at most
    that.
    """
    argued, day, side = plan.moments[moment].argued, plan.moments[moment].day, plan.moments[moment].argued_as
    if np.isnan(argued):
        return
    presses = plan.moments[moment].author == plan.rules.leader and plan.rules.leader >= 0
    authority, bound = inputs.parameters[plan.moments[moment].authority], inputs.parameters[plan.rules.latitude_bound]
    low, high, strength = plan.rules.low, plan.rules.high, plan.moments[moment].strength
    dose, dosed, is_reached = np.zeros(authority.size), -1, np.empty(authority.size, np.bool_)
    for k in range(plan.moments[moment].first_who, plan.moments[moment].last_who):
        member = plan.who[k]
        receptiveness = plan.members[member].receptiveness
        if receptiveness != dosed:
            # Readers who share a parameter share the dose; to work it out is most of the work.
            dose, dosed = letters.doses(inputs.parameters[receptiveness], authority, strength), receptiveness
        moved = letters.read(plan.rules.latitude, state.stance[member], argued, dose, bound)
        stance, away = state.stance[member], state.away[member]
        holds = holds_seat(plan, state.happened, moment, k)
        for lane in range(moved.size):
            beyond = stance[lane] >= argued if side == AT_LEAST else (side == AT_MOST) & (stance[lane] <= argued)
            is_reached[lane] = happening[lane] & (away[lane] != OUT_OF_REACH) & holds[lane] & (not beyond)
            stance[lane] = min(max(moved[lane], low), high) if is_reached[lane] else stance[lane]
        if presses:
            pressed, pressed_on = state.pressed[member], state.pressed_on[member]
            for lane in range(moved.size):
                pressed[lane] = argued if is_reached[lane] else pressed[lane]
                pressed_on[lane] = day if is_reached[lane] else pressed_on[lane]


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
def _places(inputs: Inputs, position: float, parameter: int, policy: Floats) -> Floats:
    """A place on the axis, (replicates,): a parameter's value, or a position, or, where that is NaN, the policy."""
    place: Floats = policy.copy() if np.isnan(position) else np.full(policy.size, position)
    if parameter >= 0:
        write(inputs.parameters[parameter], place)
    return place


@compiled
def options(plan: Plan, state: State, inputs: Inputs, ballot: int, policy: Floats) -> voting.Options:
    """The positions that a ballot chooses between, given what has happened; policy: in force, (replicates,)."""
    rows = plan.ballots[ballot]
    carried = _places(inputs, rows.if_carried, rows.carried_by, policy)
    _change_end(plan, state, inputs, ballot, SET_IF_CARRIED, policy, carried)
    lost = np.empty((rows.last_rival - rows.first_rival, policy.size))
    for row in range(lost.shape[0]):
        rival = plan.rivals[rows.first_rival + row]
        write(_places(inputs, rival.position, rival.parameter, policy), lost[row])
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
            place, happened = _places(inputs, effects[row].position, effects[row].parameter, policy), state.happened
            for lane in range(place.size):
                if happened[effects[row].moment, lane] == 1:
                    into[lane] = place[lane]


@compiled
def _change(plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_]) -> None:
    """What an event changes of the policy in force and of first stances; what a ballot leads to is asked there."""
    for row in range(plan.effects.size):
        kind, target = plan.effects[row].kind, plan.effects[row].row
        is_state = kind == SET_POLICY or (kind == SET_FIRST_STANCE and target >= 0)
        if plan.effects[row].moment == moment and is_state:
            place = _places(inputs, plan.effects[row].position, plan.effects[row].parameter, state.policy)
            changed = state.policy if kind == SET_POLICY else state.first[target]
            for lane in range(place.size):
                changed[lane] = place[lane] if happening[lane] else changed[lane]


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
    there = present(plan, state, inputs, moment, happening, _seats(plan, moment))
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


@compiled
def _put_among(
    plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_], votes: VoteRecord
) -> None:
    """A ballot on one of several motions: all are voted on with the first, and the one that wins sets the policy."""
    ballot = plan.moments[moment].ballot
    motions, rank = plan.ballots[ballot].motions, plan.ballots[ballot].rank
    if rank == 0:
        there = present(plan, state, inputs, moment, happening, _seats(plan, moment))
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


@compiled
def play_moment(plan: Plan, state: State, drawn: Inputs, moment: int, votes: VoteRecord) -> None:
    """One moment, in all lanes: changes `state`, and at a ballot also `votes`. drawn: the inputs at the beginning."""
    kind, inputs = plan.moments[moment].kind, in_force(plan, state.happened, drawn, moment)
    if kind == WEEK:
        pass_week(plan, state, inputs, moment)
        return
    happening = happens(plan, state, inputs, moment, votes)
    for lane in range(happening.size):
        state.happened[moment, lane] = 1 if happening[lane] else 0
    if kind == TALK:
        hold_talk(plan, state, inputs, moment, happening)
    elif kind == LETTER:
        deliver(plan, state, inputs, moment, happening)
    elif kind == EVENT:
        # What else an event sets to a parameter has the value that the event itself gives to this.
        _change(plan, state, in_force(plan, state.happened, drawn, moment + 1), moment, happening)
    elif kind == BALLOT:
        put_to_vote(plan, state, inputs, moment, happening, votes)
    elif kind == ABSENCE_BEGINS or kind == ABSENCE_ENDS:
        member = plan.who[plan.moments[moment].first_who]
        begins = AWAY if plan.moments[moment].reachable == 1 else OUT_OF_REACH
        for lane in range(happening.size):
            if happening[lane]:
                state.away[member, lane] = begins if kind == ABSENCE_BEGINS else HERE


@compiled
def play_and_account(plan: Plan, state: State, inputs: Inputs, moment: int, votes: VoteRecord) -> tuple[Floats, Floats]:
    """The same, and what a talk consists of, as `contributions` gives it; of another moment nothing."""
    moves, back = np.empty((0, 0, 0)), np.empty((0, 0))
    if plan.moments[moment].kind == TALK:
        moves, back = contributions(plan, state, in_force(plan, state.happened, inputs, moment), moment, votes)
    play_moment(plan, state, inputs, moment, votes)
    return moves, back
