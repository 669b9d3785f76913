"""What each moment does to a history: the order of the model, on arrays (member, replicate).

One implementation for the one history that Mesa agents play and for the many of an ensemble. Every function
here takes lanes of replicates that know nothing of each other, so a history has the same bits in any company.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.array_types import Floats
from sim.model.attendance import happens
from sim.model.ballots import places, put_to_vote
from sim.model.jit import compiled, compiled_apart
from sim.model.movement import contributions, deliver, hold_talk, pass_week
from sim.model.plan import (
    ABSENCE_BEGINS,
    ABSENCE_ENDS,
    BALLOT,
    EVENT,
    LETTER,
    SET_FIRST_STANCE,
    SET_POLICY,
    TALK,
    WEEK,
    Plan,
)
from sim.model.state import AWAY, HERE, OUT_OF_REACH, Inputs, State, VoteRecord, in_force


@compiled
def _change(plan: Plan, state: State, inputs: Inputs, moment: int, happening: NDArray[np.bool_]) -> None:
    """What an event changes of the policy in force and of first stances; what a ballot leads to is asked there."""
    for row in range(plan.effects.size):
        kind, target = plan.effects[row].kind, plan.effects[row].row
        is_state = kind == SET_POLICY or (kind == SET_FIRST_STANCE and target >= 0)
        if plan.effects[row].moment == moment and is_state:
            place = places(inputs, plan.effects[row].position, plan.effects[row].parameter, state.policy)
            changed = state.policy if kind == SET_POLICY else state.first[target]
            for lane in range(place.size):
                changed[lane] = place[lane] if happening[lane] else changed[lane]


@compiled_apart()
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
