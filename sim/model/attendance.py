"""Whether a moment happens, and who is there: seats, absences, and who comes of whom nothing is recorded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model import random_streams
from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled, compiled_apart
from sim.model.plan import (
    BY_CHANCE,
    BY_NOTE,
    DECIDED_AS,
    HAS_HAPPENED,
    NOT_THERE,
    ONE,
    POLICY_ABOVE,
    POLICY_AT_LEAST,
    POLICY_AT_MOST,
    POLICY_BELOW,
    SET_SEAT,
    VOTED_AS,
    Plan,
)
from sim.model.rules.voting import NO_VOTE
from sim.model.state import AWAY, HERE, Inputs, State, VoteRecord

NOT_EVEN_HERE = -1


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


@compiled_apart("float64[:, ::1]")
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
def seats_at(plan: Plan, moment: int) -> Ints:
    """The rows of `Plan.who` that belong to a moment."""
    return np.arange(plan.moments[moment].first_who, plan.moments[moment].last_who)


@compiled
def seats_of_some(plan: Plan, state: State, moment: int, happening: NDArray[np.bool_]) -> Ints:
    """Those of them whose members can come in any replicate."""
    seats, found = seats_at(plan, moment), 0
    for k in range(seats.size):
        if _can_any_come(state.away[plan.who[seats[k]]], _furthest(plan, moment, seats[k]), happening):
            seats[found] = seats[k]
            found += 1
    return seats[:found]


@compiled
def members_at(plan: Plan, seats: Ints) -> Ints:
    """Whose seats these are."""
    out = np.empty(seats.size, np.int64)
    for k in range(seats.size):
        out[k] = plan.who[seats[k]]
    return out


@compiled
def rows_of(table: Floats, rows: Ints) -> Floats:
    """The rows of a table, (rows, replicates), one after another."""
    out = np.empty((rows.size, table.shape[1]))
    for k in range(rows.size):
        row, to = table[rows[k]], out[k]
        for lane in range(to.size):
            to[lane] = row[lane]
    return out
