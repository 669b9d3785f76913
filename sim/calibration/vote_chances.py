"""What each voter of some ballots might have done, history by history, whatever they did: the compiled part."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.calibration.ballot_likelihood import chances_of_votes
from sim.ensembles.summary import LANES
from sim.model.array_types import Bytes, Floats
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.rules.blocs import cast_chances
from sim.model.state import Inputs, begin, empty_votes, lanes_of, write


@compiled
def _play_lanes(plan: Plan, is_asked: Bytes, last: int, inputs: Inputs, out: Any) -> None:
    """Plays some lanes to the last ballot asked for, and writes the chances of its votes."""
    state, votes = begin(plan, inputs.first), empty_votes(plan, inputs.replicate.size)
    for moment in range(last + 1):
        policy, ballot = state.policy.copy(), plan.moments[moment].ballot
        play_moment(plan, state, inputs, moment, votes)
        if ballot < 0 or is_asked[ballot] == 0:
            continue
        first, own = (
            plan.ballots[ballot].first_elector,
            chances_of_votes(plan, state, inputs, moment, policy, votes, False),
        )
        chances = cast_chances(plan.bloc[first : first + own.yes.shape[0]], own)
        for k in range(chances.yes.shape[0]):
            write(chances.yes[k], out[0, first + k])
            write(chances.no[k], out[1, first + k])
            write(chances.abstain[k], out[2, first + k])
            for lane in range(policy.size):
                if np.isnan(votes.chance[ballot, lane]):
                    out[:, first + k, lane] = 0.0  # not put


@compiled
def play(plan: Plan, is_asked: Bytes, last: int, inputs: Inputs) -> Floats:
    """The chances of yes, of no and of abstaining of each elector, (3, electors, replicates).

    is_asked: (ballots,), 1 for those asked for. last: the moment of the last of them. The three add up to 1 for who
    takes part in a history, and are 0 for who does not, and of ballots that are not asked for or not put.
    """
    replicates = inputs.replicate.size
    out = np.zeros((3, empty_votes(plan, 0).vote.shape[0], replicates))
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        _play_lanes(plan, is_asked, last, lanes_of(inputs, start, stop), out[:, :, start:stop])
    return out
