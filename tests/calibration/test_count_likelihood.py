"""How probable a documented count is: the law of yes, no and abstentions, against direct enumeration."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calibration import count_likelihood, voter_actions
from sim.calibration.count_likelihood import UNCOUNTED, DocumentedTally
from sim.calibration.voter_actions import Electors
from sim.model.rules import decisions
from sim.model.rules.blocs import Chances
from sim.model.rules.decisions import Procedure
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES

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
    return Chances(*(np.array(each)[:, None].copy() for each in zip(*voters, strict=True)))


def electors_of(votes: list[int], chair: int = -1, vetoes: Sequence[int] = (), bloc: Sequence[int] = ()) -> Electors:
    """Voters of these votes. vetoes: who has one. bloc: whose bloc each is in, or nothing if none is in any."""
    holds = np.array([int(place in vetoes) for place in range(len(votes))], np.int8)
    return Electors(np.array(votes), holds, np.array(bloc or range(len(votes))), chair)


def chance_of_tally(
    rule: Procedure,
    made: Chances,
    electors: Electors,
    tally: DocumentedTally,
    known: Mapping[int, int] | None = None,
) -> float:
    """The probability of a tally, an outcome and votes known by name, by the rule of the model."""
    counts = count_likelihood.counts_of(rule, tally, electors)
    actions = voter_actions.no_actions(electors, counts, 1)
    named = np.array([(known or {}).get(place, NO_VOTE) for place in range(electors.votes.size)], np.int8)
    did = voter_actions.act(actions, electors, made, named, counts)
    return float((did * count_likelihood.chance_of_tally(rule, actions, tally, counts, electors))[0])


def as_cast(did: Sequence[int], bloc: Sequence[int]) -> list[int]:
    """What the voters cast who would have done this: whoever is there of a bloc does as most of them do."""
    lead = dict.fromkeys(bloc, 0)
    for own, first in zip(did, bloc, strict=True):
        lead[first] += {YES: 1, NO: -1}.get(own, 0)
    most = {first: YES if ahead > 0 else NO if ahead < 0 else ABSTAINED for first, ahead in lead.items()}
    return [WAS_ABSENT if own == WAS_ABSENT else most[first] for own, first in zip(did, bloc, strict=True)]


def by_enumeration(
    rule: Procedure,
    voters: list[tuple[float, ...]],
    electors: Electors,
    tally: DocumentedTally,
    known: Mapping[int, int] | None = None,
) -> float:
    """The same probability from every way in which the voters may vote."""
    total, votes, vetoes = 0.0, electors.votes.tolist(), np.flatnonzero(electors.vetoes)
    for did in itertools.product((YES, NO, ABSTAINED, WAS_ABSENT), repeat=len(voters)):
        cast = as_cast(did, electors.bloc.tolist())
        if any(cast[place] != vote for place, vote in (known or {}).items()):
            continue
        ways = (YES, NO, ABSTAINED)
        yes, no, abstain = (sum(v for v, d in zip(votes, cast, strict=True) if d == way) for way in ways)
        given_counts = zip((tally.yes, tally.no, tally.abstain), (yes, no, abstain), strict=True)
        if any(wanted not in (UNCOUNTED, got) for wanted, got in given_counts):
            continue
        chair = 0 if electors.chair < 0 else {YES: 1, NO: -1}.get(cast[electors.chair], 0)
        is_vetoed = any(cast[place] == NO for place in vetoes)
        carried = 0.0 if is_vetoed else decisions.verdict(rule, yes, no, cast.count(YES), chair)
        places = {YES: 0, NO: 1, ABSTAINED: 2, WAS_ABSENT: 3}
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
    electors = electors_of(votes, chair)
    found = chance_of_tally(rule, chances(voters), electors, tally)
    assert found == pytest.approx(by_enumeration(rule, voters, electors, tally), abs=1e-12)


@st.composite
def procedures(draw: st.DrawFn, votes: list[int]) -> tuple[Procedure, Electors]:
    """A procedure of some voters, with vetoes, heads, a blocking minority, blocs and a chair in any combination."""
    size = len(votes)
    vetoes = draw(st.lists(st.integers(0, size - 1), unique=True))
    majority, ties = draw(st.sampled_from(MAJORITIES)), draw(st.sampled_from(list(decisions.TIES.values())))
    rule = procedure(majority, ties, votes)._replace(
        heads_needed=draw(st.integers(0, size)), heads_enough=draw(st.integers(1, size + 1))
    )
    labels = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    bloc = draw(st.sampled_from([[], [labels.index(label) for label in labels]]))
    return rule, electors_of(votes, draw(st.integers(-1, size - 1)), vetoes, bloc)


@settings(max_examples=150)
@given(st.data(), board, count, count, st.integers(-1, 3), st.booleans())
def test_a_count_by_any_procedure_has_the_probability_of_all_ways_to_it(
    data: st.DataObject,
    seats: list[tuple[tuple[float, ...], int]],
    yes: int,
    no: int,
    abstain: int,
    carried: bool,
) -> None:
    """With vetoes, heads, blocs and votes known by name, the likelihood is that of adding up all ways to vote."""
    voters, votes = [voter for voter, _ in seats], [weight for _, weight in seats]
    rule, electors = data.draw(procedures(votes))
    named = st.sampled_from([YES, NO, ABSTAINED])
    known = data.draw(st.dictionaries(st.integers(0, len(votes) - 1), named, max_size=2))
    tally = DocumentedTally(yes, no, abstain, int(carried))
    found = chance_of_tally(rule, chances(voters), electors, tally, known)
    assert found == pytest.approx(by_enumeration(rule, voters, electors, tally, known), abs=1e-12)


def test_a_bloc_that_voted_as_it_hardly_could_has_no_chance_and_not_no_number() -> None:
    """A probability too small for one to be divided by it counts as none."""
    rule = procedure(decisions.SIMPLE, decisions.TIE_REJECTED, [1, 1])
    voters = [(0.0, 0.0, 0.0, 1.0), (2.3e-309, 0.0, 0.0, 1.0)]
    electors = electors_of([1, 1], bloc=[0, 0])
    tally = DocumentedTally(UNCOUNTED, UNCOUNTED, UNCOUNTED, 1)
    assert chance_of_tally(rule, chances(voters), electors, tally, {1: YES}) == 0.0


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
    electors = electors_of(votes)
    found = chance_of_tally(rule, chances(voters), electors, tally)
    assert found == pytest.approx(by_enumeration(rule, voters, electors, tally), abs=1e-12)


def test_without_absence_the_yes_votes_are_a_poisson_binomial() -> None:
    """Five voters of .9, .8, .6, .4 and .3: .00336 .0524 .2408 .3996 .252 .05184, from none to five."""
    yes = [0.9, 0.8, 0.6, 0.4, 0.3]
    rule, tally = procedure(decisions.SIMPLE, 0, [1] * 5), DocumentedTally(UNCOUNTED, UNCOUNTED, UNCOUNTED, 1)
    electors, made = electors_of([1] * 5), chances([(p, 1 - p, 0.0, 0.0) for p in yes])
    counts = count_likelihood.counts_of(rule, tally, electors)
    actions = voter_actions.no_actions(electors, counts, 1)
    voter_actions.act(actions, electors, made, np.full(5, NO_VOTE, np.int8), counts)
    distribution = count_likelihood.distribution_of_counts(actions, counts, -1)
    assert [distribution[y, 5 - y, 0, 0] for y in range(6)] == pytest.approx(
        [0.00336, 0.0524, 0.2408, 0.3996, 0.252, 0.05184], abs=1e-14
    )
    assert distribution.sum() == pytest.approx(1.0)


def test_a_named_vote_is_not_counted_twice_with_the_tally() -> None:
    """Two to one with ann's yes known: her chance once, and one yes and one no of the other two."""
    made = chances([(0.7, 0.3, 0, 0), (0.6, 0.4, 0, 0), (0.2, 0.8, 0, 0)])
    rule = procedure(decisions.SIMPLE, decisions.TIE_REJECTED, [1, 1, 1])
    tally = DocumentedTally(2, 1, UNCOUNTED, 1)
    found = chance_of_tally(rule, made, electors_of([1, 1, 1]), tally, {0: YES})
    assert found == pytest.approx(0.7 * (0.6 * 0.8 + 0.4 * 0.2))


def test_a_count_that_contradicts_the_outcome_is_impossible() -> None:
    """One to two is not carried."""
    made = chances([(0.5, 0.5, 0, 0)] * 3)
    rule = procedure(decisions.SIMPLE, decisions.TIE_REJECTED, [1, 1, 1])
    assert chance_of_tally(rule, made, electors_of([1, 1, 1]), DocumentedTally(1, 2, UNCOUNTED, 1)) == 0.0
