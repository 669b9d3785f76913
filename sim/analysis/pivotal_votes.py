"""Ballots of many histories as they were held, and whose vote would have turned them."""

from __future__ import annotations

import numpy as np

from sim.ensembles.summary import LANES
from sim.model.array_types import Bytes
from sim.model.ballots import procedure, procedure_in, tally_of, were_quorate
from sim.model.dynamics import play_moment
from sim.model.jit import compiled
from sim.model.plan import Plan
from sim.model.rules import choices, decisions
from sim.model.rules.voting import NO, YES, takes_part
from sim.model.state import Inputs, VoteRecord, begin, empty_votes, lanes_of, write


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
def _pivotal_among(plan: Plan, moment: int, votes: VoteRecord) -> Bytes:
    """The same of one of several motions."""
    ballot, who = plan.moments.ballot[moment], plan.moments.first_who[moment]
    rank, motions, rule = plan.ballots.rank[ballot], plan.ballots.motions[ballot], procedure(plan, ballot)
    first, voters = plan.ballots.first_elector[ballot - rank], plan.moments.last_who[moment] - who
    quorate, even = were_quorate(plan, moment, votes), np.full((motions, motions), 0.5)
    out = np.zeros((voters, votes.vote.shape[1]), np.int8)
    for lane in range(out.shape[1]):
        counts, voted = np.zeros(motions, np.int64), np.full(voters, -1)
        for k in range(voters):
            for row in range(motions):
                if votes.vote[first + row * voters + k, lane] == YES:
                    counts[row] += plan.votes[who + k]
                    voted[k] = row
        as_it_is = choices.shares(rule, counts, even)[rank]
        for k in range(voters if quorate[lane] else 0):
            for row in range(motions):
                if voted[k] >= 0 and row != voted[k]:
                    other = counts.copy()
                    other[voted[k]] -= plan.votes[who + k]
                    other[row] += plan.votes[who + k]
                    if choices.shares(rule, other, even)[rank] != as_it_is:
                        out[k, lane] = 1
    return out


@compiled
def pivotal(plan: Plan, moment: int, votes: VoteRecord) -> Bytes:
    """Whose vote turns a ballot, (voters, replicates): 1 where their yes and no, all else alike, decide otherwise.

    A bloc turns it as one, and so does each of it who voted. Only a vote that was cast counts, yes or no; who abstained
    or stayed away is not asked what they might have done. Without a quorum nobody turns anything. Where a lot decides a
    tie, a vote that makes or breaks the tie turns it. Of several motions a vote turns one that wins, or might, with
    another vote and not with this one; where there is a second vote, it turns those that come into it.
    """
    if plan.ballots[plan.moments[moment].ballot].motions > 1:
        return _pivotal_among(plan, moment, votes)
    ballot, who = plan.moments[moment].ballot, plan.moments[moment].first_who
    first, tally = plan.ballots[ballot].first_elector, tally_of(plan, moment, votes)
    out = np.zeros((plan.moments[moment].last_who - who, votes.vote.shape[1]), np.int8)
    for lane in range(out.shape[1]):
        if decisions.is_quorate(procedure_in(plan, moment, votes, lane), tally.seats_taken[lane]):
            for k in range(out.shape[0]):
                vote = votes.vote[first + k, lane]
                if vote == YES or vote == NO:
                    out[k, lane] = 1 if _turns(plan, moment, k, votes, tally, lane) else 0
    return out


@compiled
def _turns(plan: Plan, moment: int, k: int, votes: VoteRecord, tally: decisions.Tally, lane: int) -> bool:
    """Whether in one history the yes and no of an elector, by their place, or of their bloc, decide otherwise."""
    ballot, start = plan.moments[moment].ballot, plan.moments[moment].first_who
    first, rule, said_yes = plan.ballots[ballot].first_elector, procedure_in(plan, moment, votes, lane), False
    votes_of_them, heads_of_them, vetoes, chairs = 0, 0, 0, False
    for j in range(plan.moments[moment].last_who - start):
        if plan.bloc[first + j] == plan.bloc[first + k] and takes_part(votes.vote[first + j, lane]):
            votes_of_them += plan.votes[start + j]
            heads_of_them += 1
            vetoes += plan.vetoes[first + j]
            chairs = chairs or j == plan.ballots[ballot].chair
            said_yes = votes.vote[first + j, lane] == YES
    yes = tally.yes[lane] - (votes_of_them if said_yes else 0)
    no = tally.no[lane] - (0 if said_yes else votes_of_them)
    heads, own = tally.heads[lane] - (heads_of_them if said_yes else 0), tally.chair[lane]
    if tally.vetoes[lane] > (0 if said_yes else vetoes):
        return False
    with_yes = decisions.verdict(rule, yes + votes_of_them, no, heads + heads_of_them, 1 if chairs else own)
    with_no = decisions.verdict(rule, yes, no + votes_of_them, heads, -1 if chairs else own)
    turns: bool = with_yes != (0.0 if vetoes > 0 else with_no)
    return turns
