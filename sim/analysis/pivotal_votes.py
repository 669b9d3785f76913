"""Ballots of many histories as they were held, and whose vote would have turned them."""

from __future__ import annotations

import numpy as np

from sim.ensembles.summary import LANES
from sim.model.array_types import Bytes
from sim.model.dynamics import Inputs, VoteRecord, begin, empty_votes, lanes_of, play_moment, procedure, tally_of, write
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.rules import decisions
from sim.model.rules.voting import NO, YES


@compiled
def hold(plan: Plan, inputs: Inputs) -> VoteRecord:
    """Plays all replicates and returns all votes of each, (electors or ballots, replicates)."""
    replicates = inputs.replicate.size
    out = empty_votes(plan, replicates)
    for start in range(0, replicates, LANES):
        stop = min(start + LANES, replicates)
        lanes, votes = lanes_of(inputs, start, stop), empty_votes(plan, stop - start)
        state = begin(plan, lanes.first)
        for moment in range(plan.moments.size):
            play_moment(plan, state, lanes, moment, votes)
        for row in range(votes.vote.shape[0]):
            write(votes.vote[row], out.vote[row, start:stop])
            write(votes.voice[row], out.voice[row, start:stop])
            write(votes.stance[row], out.stance[row, start:stop])
        for ballot in range(votes.chance.shape[0]):
            write(votes.chance[ballot], out.chance[ballot, start:stop])
    return out


@compiled
def pivotal(plan: Plan, moment: int, votes: VoteRecord) -> Bytes:
    """Whose vote turns a ballot, (voters, replicates): 1 where their yes and no, all else alike, decide otherwise.

    Only a vote that was cast counts, yes or no; who abstained or stayed away is not asked what they might have done.
    Without a quorum nobody turns anything. Where a lot decides a tie, a vote that makes or breaks the tie turns it.
    """
    ballot, who = plan.moments.ballot[moment], plan.moments.first_who[moment]
    first, chair, rule = plan.ballots.first_elector[ballot], plan.ballots.chair[ballot], procedure(plan, ballot)
    tally = tally_of(plan, moment, votes)
    out = np.zeros((plan.moments.last_who[moment] - who, votes.vote.shape[1]), np.int8)
    for lane in range(out.shape[1]):
        if not decisions.is_quorate(rule, tally.seats_taken[lane]):
            continue
        for k in range(out.shape[0]):
            vote, weight = votes.vote[first + k, lane], plan.votes[who + k]
            if vote == YES or vote == NO:
                yes = tally.yes[lane] if vote == YES else tally.yes[lane] + weight
                no = tally.no[lane] - weight if vote == NO else tally.no[lane]
                with_yes = decisions.verdict(rule, yes, no, 1 if k == chair else tally.chair[lane])
                with_no = decisions.verdict(rule, yes - weight, no + weight, -1 if k == chair else tally.chair[lane])
                out[k, lane] = 1 if with_yes != with_no else 0
    return out
