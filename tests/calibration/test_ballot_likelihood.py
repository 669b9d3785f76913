"""What calibration takes to be the chance of a vote is the chance with which the model casts it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calibration import ballot_likelihood
from sim.ensembles.batch import EnsembleWork
from sim.model import dynamics, random_streams
from sim.model.arrays import arrays_of
from sim.model.plan import NOT_PUT, Plan
from sim.model.rules import blocs, decisions
from sim.model.rules.blocs import Chances
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES
from sim.scenario.scenario import Scenario
from tests.model.test_reference import SEEDS, debates

RUNS = 64
Held = tuple[int, dynamics.VoteRecord, Chances, np.ndarray]


def held(scenario: Scenario, inputs: dynamics.Inputs, is_open: bool) -> Iterator[Held]:
    """Every ballot: its moment, the votes, what calibration says of them, and in which histories it was put."""
    plan = arrays_of(scenario).plan
    state, votes = dynamics.begin(plan, inputs.first), dynamics.empty_votes(plan, RUNS)
    for moment in range(len(scenario.entries)):
        policy, ballot = state.policy.copy(), int(plan.moments.ballot[moment])
        dynamics.play_moment(plan, state, inputs, moment, votes)
        if ballot >= 0:
            chances = ballot_likelihood.chances_of_votes(plan, state, inputs, moment, policy, votes, is_open)
            yield moment, votes, chances, state.decided[ballot] != NOT_PUT


def inputs_of(scenario: Scenario, seed: int) -> dynamics.Inputs:
    """Some histories as the record had them."""
    return EnsembleWork(scenario, seed, True, {}).inputs(np.arange(RUNS, dtype=np.uint64))


def electors(plan: Plan, moment: int) -> list[tuple[int, int]]:
    """The members with a vote in a ballot, and the rows of their votes."""
    first = int(plan.ballots.first_elector[plan.moments.ballot[moment]])
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    return [(int(member), first + k) for k, member in enumerate(who)]


def uniforms(inputs: dynamics.Inputs, at: int, purpose: int, who: int) -> np.ndarray:
    """The random numbers by which a vote or an attendance is settled."""
    return random_streams.uniforms(inputs.seed, inputs.replicate, at, purpose, who)


def choices(plan: Plan, inputs: dynamics.Inputs, moment: int, chances: Chances) -> np.ndarray:
    """What each would vote on their own, (voters, replicates): yes below its chance, else an abstention, else no."""
    own = []
    for k, (member, _) in enumerate(electors(plan, moment)):
        number = uniforms(inputs, plan.moments.key[moment], random_streams.VOTE, plan.members.key[member])
        yes, abstain = chances.yes[k], chances.yes[k] + chances.abstain[k]
        vote = np.where(number < yes, YES, np.where(number < abstain, ABSTAINED, NO))
        own.append(np.where(chances.away[k] == 1.0, WAS_ABSENT, vote))
    return np.array(own, np.int8)


def blocs_of(plan: Plan, moment: int) -> np.ndarray:
    """Whose bloc each of those with a vote in a ballot is in."""
    return plan.bloc[[row for _, row in electors(plan, moment)]]


@settings(max_examples=30)
@given(debates("degroot"), SEEDS)
def test_each_vote_is_cast_with_the_chance_that_calibration_gives_it(scenario: Scenario, seed: int) -> None:
    """Of those who came, each as their random number says, or, in a bloc, as most of those of it who came."""
    plan, inputs = arrays_of(scenario).plan, inputs_of(scenario, seed)
    for moment, votes, chances, put in held(scenario, inputs, is_open=False):
        own, bloc = choices(plan, inputs, moment, chances), blocs_of(plan, moment)
        for k, (_, row) in enumerate(electors(plan, moment)):
            lead = ((own == YES).astype(int) - (own == NO))[bloc == bloc[k]].sum(axis=0)
            cast, vote = np.where(lead > 0, YES, np.where(lead < 0, NO, ABSTAINED)), votes.vote[row]
            cast = np.where(own[k] == WAS_ABSENT, WAS_ABSENT, cast)
            assert np.array_equal(np.where(vote == NO_VOTE, WAS_ABSENT, vote)[put], cast[put])


@settings(max_examples=30)
@given(debates("degroot"), SEEDS)
def test_each_comes_with_the_chance_that_calibration_gives_it(scenario: Scenario, seed: int) -> None:
    """Summed over what they may do, it is the chance below which the random number of an attendance must lie."""
    plan, inputs = arrays_of(scenario).plan, inputs_of(scenario, seed)
    for moment, votes, chances, put in held(scenario, inputs, is_open=True):
        for k, (member, row) in enumerate(electors(plan, moment)):
            comes = (chances.yes[k] + chances.no[k] + chances.abstain[k])[put]
            key = plan.members.key[member]
            number = uniforms(inputs, plan.moments.session[moment], random_streams.ATTENDANCE, key)[put]
            came = np.isin(votes.vote[row][put], (YES, NO, ABSTAINED))
            assert np.array_equal(came, number < comes)


@settings(max_examples=30)
@given(debates("degroot"), SEEDS)
def test_the_chance_of_carrying_is_that_of_the_votes(scenario: Scenario, seed: int) -> None:
    """From the chances of calibration follows the very chance of carrying that the dynamics keep of each history."""
    plan, inputs = arrays_of(scenario).plan, inputs_of(scenario, seed)
    for moment, votes, chances, put in held(scenario, inputs, is_open=False):
        ballot = int(plan.moments.ballot[moment])
        rule, rows = dynamics.procedure(plan, ballot), [row for _, row in electors(plan, moment)]
        weights = plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
        adds = np.array([decisions.counted(rule, votes, 1) for votes in weights])
        own, bloc, chair = choices(plan, inputs, moment, chances), blocs_of(plan, moment), plan.ballots.chair[ballot]
        voters = decisions.Voters(
            chances.yes / np.maximum(chances.yes + chances.no, 1e-300),
            np.isin(own, (YES, NO)).astype(np.float64),
            np.repeat(adds[:, None], RUNS, axis=1),
            np.repeat(plan.vetoes[rows][:, None], RUNS, axis=1),
            np.ones(len(rows), np.int8),
        )
        blocs.bind(bloc, own, voters)
        tally = dynamics.tally_of(plan, moment, votes)
        carrying = decisions.chance_of_carrying(rule, voters, tally, bloc[chair] if chair >= 0 else -1)
        assert carrying[put] == pytest.approx(votes.chance[ballot][put], abs=1e-12)


@settings(max_examples=20)
@given(st.data(), SEEDS)
def test_votes_are_counted_as_by_hand(data: st.DataObject, seed: int) -> None:
    """Yes, no, heads, vetoes, seats taken and the chair's own vote of any ballot, counted one by one."""
    scenario = data.draw(debates("degroot"))
    plan, inputs = arrays_of(scenario).plan, inputs_of(scenario, seed)
    for moment, votes, _, _ in held(scenario, inputs, is_open=False):
        tally, rows = dynamics.tally_of(plan, moment, votes), electors(plan, moment)
        weights = plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]].tolist()
        for lane in range(RUNS):
            codes = [int(votes.vote[row, lane]) for _, row in rows]
            for counted, code in ((tally.yes, YES), (tally.no, NO)):
                assert counted[lane] == sum(n for n, vote in zip(weights, codes, strict=True) if vote == code)
            assert tally.heads[lane] == codes.count(YES)
            assert tally.vetoes[lane] == sum(plan.vetoes[row] for _, row in rows if votes.vote[row, lane] == NO)
            assert tally.seats_taken[lane] == sum(vote in (YES, NO, ABSTAINED) for vote in codes)
