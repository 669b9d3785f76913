"""What calibration takes to be the chance of a vote is the chance with which the model casts it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calibration import ballot_likelihood, record
from sim.ensembles.batch import EnsembleWork
from sim.model import ballots, dynamics, random_streams
from sim.model.arrays import VOTES_ASKED, Names, arrays_of
from sim.model.plan import CARRIED, NOT_PUT, Plan
from sim.model.rules import blocs, decisions
from sim.model.rules.blocs import Chances
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES
from sim.model.state import Inputs, VoteRecord, begin, empty_votes
from sim.scenario.scenario import Scenario
from tests.debates import Histories, ballot, debate, played
from tests.model.test_reference import SEEDS, debates

RUNS = 64
#: Histories of a choice, enough to tell a share from a probability.
MANY = 40_000
Held = tuple[int, VoteRecord, Chances, np.ndarray]


def held(scenario: Scenario, inputs: Inputs, is_open: bool) -> Iterator[Held]:
    """Every ballot put by itself: its moment, the votes, what calibration says of them, and in which histories."""
    plan = arrays_of(scenario).plan
    state, votes = begin(plan, inputs.first), empty_votes(plan, RUNS)
    for moment in range(len(scenario.entries)):
        policy, ballot = state.policy.copy(), int(plan.moments.ballot[moment])
        dynamics.play_moment(plan, state, inputs, moment, votes)
        if ballot >= 0 and plan.ballots.motions[ballot] == 1:
            chances = ballot_likelihood.chances_of_votes(plan, state, inputs, moment, policy, votes, is_open)
            yield moment, votes, chances, state.decided[ballot] != NOT_PUT


def inputs_of(scenario: Scenario, seed: int) -> Inputs:
    """Some histories as the record had them."""
    return EnsembleWork(scenario, seed, True, {}).inputs(np.arange(RUNS, dtype=np.uint64))


def electors(plan: Plan, moment: int) -> list[tuple[int, int]]:
    """The members with a vote in a ballot, and the rows of their votes."""
    first = int(plan.ballots.first_elector[plan.moments.ballot[moment]])
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    return [(int(member), first + k) for k, member in enumerate(who)]


def uniforms(inputs: Inputs, at: int, purpose: int, who: int) -> np.ndarray:
    """The random numbers by which a vote or an attendance is settled."""
    return random_streams.uniforms(inputs.seed, inputs.replicate, at, purpose, who)


def choices(plan: Plan, inputs: Inputs, moment: int, chances: Chances) -> np.ndarray:
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
        rule, rows = ballots.procedure(plan, ballot), [row for _, row in electors(plan, moment)]
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
        tally = ballots.tally_of(plan, moment, votes)
        carrying = decisions.chance_of_carrying(rule, voters, tally, bloc[chair] if chair >= 0 else -1)
        assert carrying[put] == pytest.approx(votes.chance[ballot][put], abs=1e-12)


@settings(max_examples=20)
@given(st.data(), SEEDS)
def test_votes_are_counted_as_by_hand(data: st.DataObject, seed: int) -> None:
    """Yes, no, heads, vetoes, seats taken and the chair's own vote of any ballot, counted one by one."""
    scenario = data.draw(debates("degroot"))
    plan, inputs = arrays_of(scenario).plan, inputs_of(scenario, seed)
    for moment, votes, _, _ in held(scenario, inputs, is_open=False):
        tally, rows = ballots.tally_of(plan, moment, votes), electors(plan, moment)
        weights = plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]].tolist()
        for lane in range(RUNS):
            codes = [int(votes.vote[row, lane]) for _, row in rows]
            for counted, code in ((tally.yes, YES), (tally.no, NO)):
                assert counted[lane] == sum(n for n, vote in zip(weights, codes, strict=True) if vote == code)
            assert tally.heads[lane] == codes.count(YES)
            assert tally.vetoes[lane] == sum(plan.vetoes[row] for _, row in rows if votes.vote[row, lane] == NO)
            assert tally.seats_taken[lane] == sum(vote in (YES, NO, ABSTAINED) for vote in codes)


# ---------------------------------------------------------------- choices among several motions

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
#: What a source may say of a choice that the middle motion wins: the votes for each, and how some of them voted.
RECORDS: dict[str, dict[str, Any]] = {
    "who won": {},
    "the votes for the winner": {"middle": {"tally": 3}},
    "the votes for each": {"low": {"tally": 1}, "middle": {"tally": 3}, "high": {"tally": 0}},
    "a vote, and one against another motion": {"low": {"no": "cat"}, "middle": {"tally": 2, "yes": "ann"}},
    "an abstention": {"low": {"abstained": "bob"}, "middle": {"yes": "cat"}},
}


def choice(way: str, known: Mapping[str, Any]) -> Scenario:
    """Five people, who may stay away or abstain, choose among three motions; and what is known of it."""
    motions = []
    for name, place in {"low": 0.0, "middle": 0.5, "high": 1.0}.items():
        said = dict(known.get(name, {}))
        tally = {"tally": {"yes": said.pop("tally"), **BOOK}} if "tally" in said else {}
        calls = {"roll_call": {side: [member] for side, member in said.items()}} if said else {}
        outcome = "carried" if name == "middle" else "rejected"
        more = {**tally, **calls, **BOOK, "outcome": outcome, "attendance": "come"}
        motions.append(ballot(name, place, (), one_of="plans", **more))
    return debate(
        {"ann": 0.4, "bob": 0.55, "cat": 0.7, "dan": 0.1, "eve": 0.6},
        *motions,
        sources={"BOOK": {"title": "A book"}},
        parameters={"come": 0.8, "sharpness": 4.0, "margin": 0.1},
        ballots={"rule": "logit", "sharpness": "sharpness", "abstention_margin": "margin"},
        board={"procedure": {"majority": way, "ties": "lot"}, "votes": {"ann": 2}},
    )


def agrees(names: Names, known: Mapping[str, Any], votes: Mapping[str, np.ndarray]) -> np.ndarray:
    """In which histories the votes are as known."""
    out = np.ones(next(iter(votes.values())).shape[1], bool)
    weights = np.array([2, 1, 1, 1, 1])[:, None]
    for name, said in known.items():
        for what, value in said.items():
            if what == "tally":
                out &= (weights * (votes[name] == YES)).sum(axis=0) == value
            else:
                row = [elector for ballot, elector in names.electors if ballot == name].index(value)
                out &= votes[name][row] == VOTES_ASKED[what]
    return out


@functools.cache
def free_choice(way: str, known: str) -> Histories:
    """Histories of the choice, played freely."""
    return played(choice(way, RECORDS[known]), MANY, 99)


@pytest.mark.parametrize("known", RECORDS)
@pytest.mark.parametrize("way", ["plurality", "run-off"])
def test_what_is_known_of_a_choice_is_as_probable_as_histories_have_it(way: str, known: str) -> None:
    """The mean probability that calibration gives to a record is the share of free histories that make it."""
    scenario = choice(way, RECORDS[known])
    plan, names = arrays_of(scenario)
    data = record.record_of(scenario)
    assert [one.id for one in data.ballots] == ["middle"]
    inputs = EnsembleWork(scenario, 7, True, {}).inputs(np.arange(MANY, dtype=np.uint64))
    last = record.last_moment(scenario, data)
    chance, _ = ballot_likelihood.play(plan, record.documented(scenario, data), last, inputs)
    said = chance[names.ballots.index("middle")]
    # Who is known to have voted was there; but for that a record changes nothing that is played freely.
    names_nobody = all(said.keys() <= {"tally"} for said in RECORDS[known].values())
    free = free_choice(way, "who won" if names_nobody else known)
    voters = len(names.electors) // 3
    votes = {name: free.vote[k * voters : (k + 1) * voters] for k, name in enumerate(names.ballots)}
    made = agrees(names, RECORDS[known], votes) & (free.decided[names.ballots.index("middle")] == CARRIED)
    error = np.hypot(said.std(), made.std()) / np.sqrt(MANY)
    assert said.mean() == pytest.approx(made.mean(), abs=4 * error)
    assert (chance[[names.ballots.index("low"), names.ballots.index("high")]] == 1.0).all()
