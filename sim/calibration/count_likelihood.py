"""How probable a documented count of votes is: the distribution of yes, no and abstentions together, exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.calibration.voter_actions import Actions, Counts, Electors
from sim.model.array_types import Floats, Ints
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


@compiled
def counts_of(procedure: Procedure, tally: DocumentedTally, electors: Electors) -> Counts:
    """How the counts of a ballot are told apart."""
    total, holders, a_yes = electors.votes.sum(), electors.vetoes.sum(), votes_a_head(procedure)
    yes = total if tally.yes == UNCOUNTED else min(tally.yes, total)
    no = total if tally.no == UNCOUNTED else min(tally.no, total)
    abstain = 0 if tally.abstain == UNCOUNTED else min(tally.abstain, total)
    a_no = holders + 1
    most = np.array([yes * a_yes + a_yes - 1, no * a_no + holders, abstain])
    return Counts(a_yes, a_no, most, tally.abstain != UNCOUNTED)


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
        if voter != apart and actions.first[voter] < actions.first[voter + 1]:
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
    procedure: Procedure, actions: Actions, tally: DocumentedTally, counts: Counts, electors: Electors
) -> Floats:
    """The probability of the documented outcome together with whatever counts are documented, (replicates,).

    With nothing counted it is the chance of the outcome alone. A quorum is taken to be met: the caller knows who is
    there, where that is known. Assumed: a documented count holds votes, not heads, where some have several; a chair who
    abstains decides no tie.
    """
    nobody = np.zeros(3, np.int64)
    if procedure.ties != TIE_TO_CHAIR or electors.chair < 0:
        return _agreeing(procedure, distribution_of_counts(actions, counts, -1), tally, counts, 0, nobody)
    chair = electors.bloc[electors.chair]
    distribution, out = distribution_of_counts(actions, counts, chair), np.zeros(actions.nothing.shape[1])
    for k in range(actions.first[chair], actions.first[chair + 1]):
        agreeing = _agreeing(procedure, distribution, tally, counts, actions.chair[k], actions.adds[k])
        for lane in range(out.size):
            out[lane] += actions.chance[k, lane] * agreeing[lane]
    silent = _agreeing(procedure, distribution, tally, counts, 0, nobody)
    for lane in range(out.size):
        out[lane] += actions.nothing[chair, lane] * silent[lane]
    return out
