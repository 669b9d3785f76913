"""How probable a documented count is: the law of yes, no and abstentions, against direct enumeration."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calibration import count_likelihood
from sim.calibration.count_likelihood import UNCOUNTED, Chances, DocumentedTally
from sim.model.rules import decisions
from sim.model.rules.decisions import Procedure

STAYS_AWAY, YES, NO, ABSTAINS = range(4)
MAJORITIES = (decisions.SIMPLE, decisions.ABSOLUTE, decisions.UNANIMITY, decisions.QUALIFIED_OF_CAST)

voter = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1)).map(
    lambda parts: tuple(part / sum(parts) for part in parts)
)
board = st.lists(st.tuples(voter, st.integers(1, 3)), min_size=1, max_size=5)
count = st.integers(-1, 4)


def procedure(majority: int, ties: int, votes: list[int]) -> Procedure:
    """A procedure without a quorum."""
    return Procedure(majority, 0.6, 0.0, ties, len(votes), sum(votes), 0, len(votes) + 1)


def chances(voters: list[tuple[float, ...]]) -> Chances:
    """The chances of voters given as (yes, no, abstain, away), in one replicate."""
    yes, no, abstain, _ = np.array(voters).T
    return Chances(yes[:, None].copy(), no[:, None].copy(), abstain[:, None].copy())


def chance_of_tally(
    rule: Procedure,
    made: Chances,
    votes: list[int],
    tally: DocumentedTally,
    chair: int = -1,
    vetoes: Sequence[int] = (),
) -> float:
    """The probability of a tally and an outcome by the rule of the model. vetoes: who has one."""
    weights, holds = np.array(votes), np.array([int(place in vetoes) for place in range(len(votes))], np.int8)
    counts = count_likelihood.counts_of(rule, tally, weights, holds)
    actions = count_likelihood.actions_of(made, weights, holds, counts, tally.abstain != UNCOUNTED)
    return float(count_likelihood.chance_of_tally(rule, actions, tally, counts, chair)[0])


def by_enumeration(
    rule: Procedure,
    voters: list[tuple[float, ...]],
    votes: list[int],
    tally: DocumentedTally,
    chair: int = -1,
    vetoes: Sequence[int] = (),
) -> float:
    """The same probability from every way in which the voters may vote."""
    total = 0.0
    for did in itertools.product((STAYS_AWAY, YES, NO, ABSTAINS), repeat=len(voters)):
        yes, no, abstain = (sum(v for v, d in zip(votes, did, strict=True) if d == way) for way in (YES, NO, ABSTAINS))
        given_counts = zip((tally.yes, tally.no, tally.abstain), (yes, no, abstain), strict=True)
        if any(wanted not in (UNCOUNTED, got) for wanted, got in given_counts):
            continue
        chairs = 0 if chair < 0 else {YES: 1, NO: -1}.get(did[chair], 0)
        heads, is_vetoed = did.count(YES), any(did[place] == NO for place in vetoes)
        carried = 0.0 if is_vetoed else decisions.verdict(rule, yes, no, heads, chairs)
        places = {YES: 0, NO: 1, ABSTAINS: 2, STAYS_AWAY: 3}
        chance = np.prod([voter[places[d]] for voter, d in zip(voters, did, strict=True)])
        total += float(chance) * (carried if tally.carried else 1.0 - carried)
    return total


@settings(deadline=None, max_examples=60)
@given(board, count, count, st.booleans(), st.sampled_from(MAJORITIES), st.sampled_from(list(decisions.TIES.values())))
def test_a_documented_count_has_the_probability_of_all_ways_to_it(
    seats: list[tuple[tuple[float, ...], int]], yes: int, no: int, carried: bool, majority: int, ties: int
) -> None:
    """Every way in which the voters may vote, stay away or abstain, added up; what is not counted may be anything."""
    voters, votes = [voter for voter, _ in seats], [weight for _, weight in seats]
    chair = 0 if ties == decisions.TIE_TO_CHAIR else -1
    rule, tally = procedure(majority, ties, votes), DocumentedTally(yes, no, UNCOUNTED, int(carried))
    found = chance_of_tally(rule, chances(voters), votes, tally, chair)
    assert found == pytest.approx(by_enumeration(rule, voters, votes, tally, chair), abs=1e-12)


@settings(max_examples=100)
@given(st.data(), board, count, count, st.integers(-1, 3), st.booleans())
def test_a_count_under_vetoes_and_heads_has_the_probability_of_all_ways_to_it(
    data: st.DataObject,
    seats: list[tuple[tuple[float, ...], int]],
    yes: int,
    no: int,
    abstain: int,
    carried: bool,
) -> None:
    """With vetoes, heads, a blocking minority and a chair in any combination, nothing but adding up all ways."""
    voters, votes = [voter for voter, _ in seats], [weight for _, weight in seats]
    vetoes = data.draw(st.lists(st.integers(0, len(votes) - 1), unique=True))
    heads, enough = data.draw(st.integers(0, len(votes))), data.draw(st.integers(1, len(votes) + 1))
    majority, ties = data.draw(st.sampled_from(MAJORITIES)), data.draw(st.sampled_from(list(decisions.TIES.values())))
    chair = 0 if ties == decisions.TIE_TO_CHAIR else -1
    rule = procedure(majority, ties, votes)._replace(heads_needed=heads, heads_enough=enough)
    tally = DocumentedTally(yes, no, abstain, int(carried))
    found = chance_of_tally(rule, chances(voters), votes, tally, chair, vetoes)
    assert found == pytest.approx(by_enumeration(rule, voters, votes, tally, chair, vetoes), abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(board, count, count, st.integers(0, 3), st.booleans())
def test_abstentions_count_where_a_source_counts_them(
    seats: list[tuple[tuple[float, ...], int]], yes: int, no: int, abstain: int, carried: bool
) -> None:
    """The law is that of three counts together."""
    voters, votes = [voter for voter, _ in seats], [weight for _, weight in seats]
    rule, tally = (
        procedure(decisions.SIMPLE, decisions.TIE_REJECTED, votes),
        DocumentedTally(yes, no, abstain, int(carried)),
    )
    found = chance_of_tally(rule, chances(voters), votes, tally)
    assert found == pytest.approx(by_enumeration(rule, voters, votes, tally), abs=1e-12)


def test_without_absence_the_yes_votes_are_a_poisson_binomial() -> None:
    """Five voters of .9, .8, .6, .4 and .3: .00336 .0524 .2408 .3996 .252 .05184, from none to five."""
    yes = [0.9, 0.8, 0.6, 0.4, 0.3]
    voters, votes = [(p, 1 - p, 0.0, 0.0) for p in yes], np.ones(5, np.int64)
    rule, tally = procedure(decisions.SIMPLE, 0, [1] * 5), DocumentedTally(UNCOUNTED, UNCOUNTED, UNCOUNTED, 1)
    counts = count_likelihood.counts_of(rule, tally, votes, np.zeros(5, np.int8))
    actions = count_likelihood.actions_of(chances(voters), votes, np.zeros(5, np.int8), counts, False)
    distribution = count_likelihood.distribution_of_counts(actions, counts, -1)
    assert [distribution[y, 5 - y, 0, 0] for y in range(6)] == pytest.approx(
        [0.00336, 0.0524, 0.2408, 0.3996, 0.252, 0.05184], abs=1e-14
    )
    assert distribution.sum() == pytest.approx(1.0)


def test_a_named_vote_is_not_counted_twice_with_the_tally() -> None:
    """Two to one with ann's yes known: her chance once, and one yes and one no of the other two."""
    made = chances([(0.7, 0.3, 0, 0), (0.6, 0.4, 0, 0), (0.2, 0.8, 0, 0)])
    rule = procedure(decisions.SIMPLE, decisions.TIE_REJECTED, [1, 1, 1])
    did = count_likelihood.given_a_vote(made, 0, 1.0, 0.0, 0.0)[0]
    rest = chance_of_tally(rule, made, [1, 1, 1], DocumentedTally(2, 1, UNCOUNTED, 1))
    assert did == pytest.approx(0.7)
    assert rest == pytest.approx(0.6 * 0.8 + 0.4 * 0.2)


def test_a_count_that_contradicts_the_outcome_is_impossible() -> None:
    """One to two is not carried."""
    made = chances([(0.5, 0.5, 0, 0)] * 3)
    rule = procedure(decisions.SIMPLE, decisions.TIE_REJECTED, [1, 1, 1])
    assert chance_of_tally(rule, made, [1, 1, 1], DocumentedTally(1, 2, UNCOUNTED, 1)) == 0.0
