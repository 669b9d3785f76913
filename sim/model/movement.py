"""How stances move: a week, a talk and a letter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model import random_streams
from sim.model.array_types import Floats, Ints
from sim.model.attendance import happens, holds_seat, members_at, present, rows_of, seats_at, seats_of_some
from sim.model.jit import compiled, compiled_apart
from sim.model.plan import AT_LEAST, AT_MOST, Plan
from sim.model.rules import letters, persuasion
from sim.model.state import OUT_OF_REACH, Inputs, State, VoteRecord, write


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
    who = members_at(plan, seats)
    there = present(plan, state, inputs, moment, happening, seats)
    open_to = openness(plan, inputs, who)
    if plan.rules.talk == persuasion.MEETING_PAIRS:
        order = meeting_order(plan, inputs, moment, who)
        stance, first = rows_of(state.stance, who), rows_of(state.first, who)
        moved = persuasion.meet_in_pairs(stance, first, there, order, open_to)
    elif plan.rules.talk == persuasion.COPYING:
        stance, first = rows_of(state.stance, who), rows_of(state.first, who)
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
    there = present(plan, state, inputs, moment, happening, seats_at(plan, moment))
    stance, first = rows_of(state.stance, who), rows_of(state.first, who)
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
