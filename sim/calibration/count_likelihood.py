"""How probable a documented count of votes is: the distribution of yes, no and abstentions together, exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints
from sim.model.jit import compiled
from sim.model.rules.decisions import TIE_TO_CHAIR, Procedure, verdict, votes_a_head

#: A count that no source gives.
UNCOUNTED = -1


class DocumentedTally(NamedTuple):
    """What sources say of a count, in votes; `UNCOUNTED` for what they do not say. carried: the outcome, 1 or 0."""

    yes: int
    no: int
    abstain: int
    carried: int


class Chances(NamedTuple):
    """What each voter may do, (voters, replicates): vote yes, vote no, abstain; what is left is to stay away."""

    yes: Floats
    no: Floats
    abstain: Floats


@compiled
def given_a_vote(chances: Chances, voter: int, yes: float, no: float, abstain: float) -> Floats:
    """The probability that a voter did what is recorded of them, (replicates,); from then on they are sure to.

    yes, no, abstain: 1 for what they did, else 0.
    """
    lanes = chances.yes.shape[1]
    out = np.empty(lanes)
    for lane in range(lanes):
        out[lane] = (
            yes * chances.yes[voter, lane] + no * chances.no[voter, lane] + abstain * chances.abstain[voter, lane]
        )
        chances.yes[voter, lane] = yes
        chances.no[voter, lane] = no
        chances.abstain[voter, lane] = abstain
    return out


class Actions(NamedTuple):
    """All that voters may do that is counted, voter after voter.

    first: (voters + 1,), where the actions of each begin. adds: (actions, 3), what an action adds to the count of yes,
    to that of no, and to the votes abstaining. chance: (actions, replicates). nothing: (voters, replicates), the chance
    of an act that adds to no count.
    """

    first: Ints
    adds: Ints
    chance: Floats
    nothing: Floats


class Counts(NamedTuple):
    """How counts are told apart.

    a_yes, a_no: what one vote is in the count of yes and in that of no. In the one it is told from the heads, as
    `decisions.votes_a_head` says, and in the other from the vetoes. most: (3,), the largest counts that need to be told
    apart, of yes, of no and of abstentions: the documented ones, or all.
    """

    a_yes: int
    a_no: int
    most: Ints


@compiled
def counts_of(procedure: Procedure, tally: DocumentedTally, votes: Ints, vetoes: Bytes) -> Counts:
    """How the counts of a ballot are told apart. votes, vetoes: (voters,)."""
    total, holders, a_yes = votes.sum(), vetoes.sum(), votes_a_head(procedure)
    yes = total if tally.yes == UNCOUNTED else min(tally.yes, total)
    no = total if tally.no == UNCOUNTED else min(tally.no, total)
    abstain = 0 if tally.abstain == UNCOUNTED else min(tally.abstain, total)
    a_no = holders + 1
    return Counts(a_yes, a_no, np.array([yes * a_yes + a_yes - 1, no * a_no + holders, abstain]))


@compiled
def actions_of(chances: Chances, votes: Ints, vetoes: Bytes, counts: Counts, abstentions: bool) -> Actions:
    """What each voter may do. abstentions: whether they are counted, or else as good as staying away."""
    voters, lanes = chances.yes.shape
    adds, chance, nothing = (
        np.zeros((3 * voters, 3), np.int64),
        np.empty((3 * voters, lanes)),
        np.empty((voters, lanes)),
    )
    for k in range(voters):
        adds[3 * k, 0] = votes[k] * counts.a_yes + (1 if counts.a_yes > 1 else 0)
        adds[3 * k + 1, 1] = votes[k] * counts.a_no + vetoes[k]
        adds[3 * k + 2, 2] = votes[k]
        for lane in range(lanes):
            yes, no, abstain = chances.yes[k, lane], chances.no[k, lane], chances.abstain[k, lane]
            chance[3 * k, lane], chance[3 * k + 1, lane] = yes, no
            chance[3 * k + 2, lane] = abstain if abstentions else 0.0
            stays = 1.0 - yes - no
            nothing[k, lane] = max(stays - abstain if abstentions else stays, 0.0)
    return Actions(np.arange(0, 3 * voters + 1, 3), adds, chance, nothing)


@compiled
def _add_voter(distribution: Floats, actions: Actions, voter: int, reached: int, counts: Counts) -> None:
    """Adds what a voter may do to the distribution of the counts. reached: the votes of all so far, with theirs."""
    first, last = actions.first[voter], actions.first[voter + 1]
    nothing, adds = actions.nothing[voter], actions.adds
    for y in range(min(counts.most[0], (reached + 1) * counts.a_yes - 1), -1, -1):
        without_yes = reached - y // counts.a_yes
        for n in range(min(counts.most[1], (without_yes + 1) * counts.a_no - 1), -1, -1):
            for a in range(min(counts.most[2], without_yes - n // counts.a_no), -1, -1):
                here = distribution[y, n, a]
                for lane in range(nothing.size):
                    here[lane] *= nothing[lane]
                for k in range(first, last):
                    if y >= adds[k, 0] and n >= adds[k, 1] and a >= adds[k, 2]:
                        before, chance = distribution[y - adds[k, 0], n - adds[k, 1], a - adds[k, 2]], actions.chance[k]
                        for lane in range(nothing.size):
                            here[lane] += before[lane] * chance[lane]


@compiled
def distribution_of_counts(actions: Actions, counts: Counts, apart: int) -> Floats:
    """The joint distribution of the counts of yes and no and of the votes abstaining, (each count + 1, replicates).

    apart: a voter to leave out, or -1. Counts above a documented one are not told apart and fall away; abstentions are
    not told apart at all where nobody counted them.
    """
    voters, lanes = actions.nothing.shape
    distribution = np.zeros((counts.most[0] + 1, counts.most[1] + 1, counts.most[2] + 1, lanes))
    distribution[0, 0, 0, :] = 1.0
    # No more votes have been given up to here: all other counts have no probability yet.
    reached = 0
    for voter in range(voters):
        if voter != apart:
            reached += actions.adds[actions.first[voter] : actions.first[voter + 1], 0].max() // counts.a_yes
            _add_voter(distribution, actions, voter, reached, counts)
    return distribution


@compiled
def _agreeing(
    procedure: Procedure, distribution: Floats, tally: DocumentedTally, counts: Counts, chair: int, adds: Ints
) -> Floats:
    """The probability, (replicates,), of counts as documented and of the outcome.

    chair: the chair's own vote where it is treated apart, 1 yes, -1 no, 0 none; adds: (3,), what it adds to the counts.
    """
    most_yes, most_no, most_abstain, lanes = distribution.shape
    out = np.zeros(lanes)
    abstain = 0 if tally.abstain == UNCOUNTED else tally.abstain - adds[2]
    if abstain < 0 or abstain >= most_abstain:
        return out  # fewer than the chair's, or more than there are
    for y in range(most_yes):
        yes, heads = (y + adds[0]) // counts.a_yes, (y + adds[0]) % counts.a_yes
        for n in range(most_no):
            no, vetoes = (n + adds[1]) // counts.a_no, (n + adds[1]) % counts.a_no
            if (tally.yes != UNCOUNTED and yes != tally.yes) or (tally.no != UNCOUNTED and no != tally.no):
                continue
            carried = verdict(procedure, yes, no, heads, chair) if vetoes == 0 else 0.0
            weight = carried if tally.carried == 1 else 1.0 - carried
            if weight > 0.0:
                for lane in range(lanes):
                    out[lane] += weight * distribution[y, n, abstain, lane]
    return out


@compiled
def chance_of_tally(
    procedure: Procedure, actions: Actions, tally: DocumentedTally, counts: Counts, chair: int
) -> Floats:
    """The probability of the documented outcome together with whatever counts are documented, (replicates,).

    chair: their row among the voters, or -1. With nothing counted it is the chance of the outcome alone. A quorum is
    taken to be met: the caller knows who is there, where that is known. Assumed: a documented count holds votes, not
    heads, where some have several; who abstains from the chair decides no tie.
    """
    nobody = np.zeros(3, np.int64)
    if procedure.ties != TIE_TO_CHAIR or chair < 0:
        return _agreeing(procedure, distribution_of_counts(actions, counts, -1), tally, counts, 0, nobody)
    distribution, out = distribution_of_counts(actions, counts, chair), np.zeros(actions.nothing.shape[1])
    first = actions.first[chair]
    for k in range(first, actions.first[chair + 1]):
        own = 1 if k == first else -1 if k == first + 1 else 0
        agreeing = _agreeing(procedure, distribution, tally, counts, own, actions.adds[k])
        for lane in range(out.size):
            out[lane] += actions.chance[k, lane] * agreeing[lane]
    silent = _agreeing(procedure, distribution, tally, counts, 0, nobody)
    for lane in range(out.size):
        out[lane] += actions.nothing[chair, lane] * silent[lane]
    return out
