"""Ballots of many histories as they were held, and whose vote would have turned them."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bytes, Floats
from sim.ensembles.summary import LANES
from sim.model.dynamics import NO, YES, Ballot, World, begin, empty_ballot, play_moment, procedure
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.rules import decisions


@compiled
def hold(plan: Plan, electors: int, world: World, first: Floats) -> Ballot:
    """Plays all replicates and returns what every ballot left in each: (electors or ballots, replicates)."""
    replicates = world.replicate.size
    out = empty_ballot(plan, electors, replicates)
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        lanes = World(
            world.parameters[:, start:stop].copy(), world.replicate[start:stop], world.seed, world.follows_record
        )
        state = begin(plan, first[:, start:stop].copy())
        left = empty_ballot(plan, electors, stop - start)
        for moment in range(plan.moments.size):
            play_moment(plan, state, lanes, moment, left)
        out.vote[:, start:stop] = left.vote
        out.voice[:, start:stop] = left.voice
        out.stance[:, start:stop] = left.stance
        out.chance[:, start:stop] = left.chance
    return out


@compiled
def pivotal(plan: Plan, moment: int, left: Ballot) -> Bytes:
    """Whose vote turns a ballot, (voters, replicates): 1 where yes and no of his, all else alike, decide otherwise.

    Only a vote that was cast counts, yes or no; who abstained or stayed away is not asked what he might have done.
    Without a quorum nobody turns anything. Where a lot decides a tie, a vote that makes or breaks the tie turns it.
    """
    ballot = plan.moments.ballot[moment]
    rule, first = procedure(plan, ballot), plan.ballots.first_elector[ballot]
    who, chair = plan.moments.first_who[moment], plan.ballots.chair[ballot]
    voters = plan.moments.last_who[moment] - who
    lanes = left.vote.shape[1]
    out = np.zeros((voters, lanes), np.int8)
    for lane in range(lanes):
        yes, no, taken = 0, 0, 0
        for k in range(voters):
            vote = left.vote[first + k, lane]
            yes += plan.votes[who + k] if vote == YES else 0
            no += plan.votes[who + k] if vote == NO else 0
            # Codes: no vote at all, yes, no, abstained, absent.
            taken += 1 if 1 <= vote <= 3 else 0
        if not decisions.is_quorate(rule, taken):
            continue
        chairs = 0
        if chair >= 0:
            chairs = 1 if left.vote[first + chair, lane] == YES else -1 if left.vote[first + chair, lane] == NO else 0
        for k in range(voters):
            vote, votes = left.vote[first + k, lane], plan.votes[who + k]
            if vote == YES or vote == NO:
                for_it = yes if vote == YES else yes + votes
                against = no - votes if vote == NO else no
                with_him = decisions.verdict(rule, for_it, against, 1 if k == chair else chairs)
                without = decisions.verdict(rule, for_it - votes, against + votes, -1 if k == chair else chairs)
                out[k, lane] = 1 if with_him != without else 0
    return out
