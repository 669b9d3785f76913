"""Blocs: members who vote as one, and what that does to the chance of carrying."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import sim
from sim.model.plan import CARRIED, REJECTED
from sim.model.rules import blocs, decisions
from sim.model.rules.voting import ABSTAINED, NO, WAS_ABSENT, YES
from tests.debates import absence, ballot, debate, played
from tests.every_word import MAJORITIES, TIES

CODES = {f"{kind} of {of}": code for (kind, of), code in decisions.MAJORITIES.items()}
VOTE = ballot("vote", 1.0, 0.0)
SIX = {"ann": 1.0, "bob": 1.0, "cat": 0.0, "dan": 0.0, "eve": 0.0, "fay": 1.0}


def held(*moments: Any, members: dict[str, Any] | None = None, **procedure: Any) -> tuple[int, list[int]]:
    """What becomes of a motion that ann, bob and fay are for and the others against, and how each voted."""
    votes = procedure.pop("votes", {})
    world = debate(members or SIX, *moments, VOTE, board={"procedure": procedure, "votes": votes})
    histories = played(world)
    return int(histories.decided[0, 0]), histories.vote[:, 0].tolist()


def test_a_bloc_casts_all_its_votes_for_what_most_of_it_want() -> None:
    """Three of six are for it; bound to ann and bob, cat says yes too, and it is carried."""
    assert held() == (REJECTED, [YES, YES, NO, NO, NO, YES])
    assert held(blocs={"left": ["ann", "bob", "cat"]}) == (CARRIED, [YES, YES, YES, NO, NO, YES])


def test_a_minority_rules_by_a_majority_of_a_majority() -> None:
    """Two of five carry what three are against, if the two are most of a bloc of three."""
    members = {"ann": 1.0, "bob": 1.0, "cat": 0.0, "dan": 0.0, "eve": 0.0}
    assert held(members=members)[0] == REJECTED
    assert held(members=members, blocs={"party": ["ann", "bob", "cat"]})[0] == CARRIED


def test_an_even_bloc_abstains() -> None:
    """One for and one against cancel out, and two against outvote one for."""
    decision, votes = held(blocs={"pair": ["ann", "dan"], "party": ["cat", "eve", "bob"]})
    assert votes == [ABSTAINED, NO, NO, ABSTAINED, NO, YES]
    assert decision == REJECTED


def test_who_is_absent_has_no_part_in_the_choice_of_their_bloc() -> None:
    """Without bob, ann and cat are even; bob's vote is not cast by the others."""
    away = absence("bob-away", "bob", 0, 10)
    assert held(away, blocs={"left": ["ann", "bob", "cat"]})[1][:3] == [ABSTAINED, WAS_ABSENT, ABSTAINED]


def test_a_bloc_chooses_by_heads_and_casts_the_votes_of_its_seats() -> None:
    """Cat's seven votes are one head among three, and all nine go with ann and bob."""
    decision, votes = held(blocs={"left": ["ann", "bob", "cat"]}, votes={"cat": 7, "dan": 7})
    assert (decision, votes.count(YES)) == (CARRIED, 4)


def test_a_group_may_be_in_a_bloc() -> None:
    """Everybody of a group is one head of it."""
    members = {**SIX, "mob": {"count": 3, "first_stance": 0.0}}
    assert held(members=members, blocs={"left": ["ann", "bob", "mob"]})[1] == [NO, NO, NO, NO, NO, YES, NO, NO, NO]


def test_the_veto_of_a_member_is_that_of_the_bloc() -> None:
    """Ann is for it; outvoted by cat and dan in her bloc she says no, and her no is a veto."""
    members = {**SIX, "cat": 0.0, "gus": 1.0, "hal": 1.0, "ida": 1.0, "jan": 1.0}
    bound = {"blocs": {"party": ["ann", "cat", "dan"]}}
    assert held(members=members, **bound)[0] == CARRIED
    assert held(members=members, **bound, vetoes="ann")[0] == REJECTED


def test_a_bloc_with_the_chair_decides_a_tie() -> None:
    """Three against three; in the chair, cat votes with her bloc, and if she is not there her bloc decides no tie."""
    procedure = {"ties": "chair", "chair": "cat", "blocs": {"left": ["ann", "bob", "cat"]}}
    members = {**SIX, "fay": 0.0}
    assert held(members=members, **procedure) == (CARRIED, [YES, YES, YES, NO, NO, NO])
    away = [absence(f"{name}-away", name, 0, 10) for name in ("cat", "dan")]
    assert held(*away, members=members, **procedure) == (REJECTED, [YES, YES, WAS_ABSENT, WAS_ABSENT, NO, NO])


def test_blocs_are_told_in_the_transcript() -> None:
    """The note of a vote says that it was cast with the bloc."""
    world = debate(SIX, VOTE, board={"procedure": {"blocs": {"left": ["ann", "bob", "cat"]}}})
    table = sim.play(world).transcript.set_index("member")
    assert table.loc["cat", "note"] == "yes, voicing 0.000, with the bloc"
    assert table.loc["dan", "note"] == "no, voicing 0.000"


# ------------------------------------------------------------------------------------------ the exact chance


def cast(own: Sequence[int], bloc: Sequence[int]) -> tuple[int, ...]:
    """What is cast of what each would vote on their own, said a second time."""
    out = []
    for vote, first in zip(own, bloc, strict=True):
        theirs = [other for other, of in zip(own, bloc, strict=True) if of == first]
        yes, no = theirs.count(YES), theirs.count(NO)
        out.append(WAS_ABSENT if vote == WAS_ABSENT else YES if yes > no else NO if no > yes else ABSTAINED)
    return tuple(out)


def carried(
    procedure: decisions.Procedure, votes: Sequence[int], weights: Sequence[int], vetoes: Sequence[int], chair: int
) -> float:
    """The chance that these votes, as cast, carry the motion."""
    if any(vote == NO and holds for vote, holds in zip(votes, vetoes, strict=True)):
        return 0.0
    yes, no = (sum(w for w, vote in zip(weights, votes, strict=True) if vote == way) for way in (YES, NO))
    own = 0 if chair < 0 else {YES: 1, NO: -1}.get(votes[chair], 0)
    return float(decisions.verdict(procedure, yes, no, votes.count(YES), own))


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Up to six voters in up to three blocs, with votes, vetoes and a chair, and how each would vote on their own."""
    size = draw(st.integers(2, 6))

    def each(of: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(of, min_size=size, max_size=size))

    labels = each(st.integers(0, 2))
    return {
        "chances": each(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0])),
        "own": each(st.sampled_from([YES, YES, NO, NO, ABSTAINED, WAS_ABSENT])),
        "weights": each(st.integers(1, 3)),
        "vetoes": each(st.sampled_from([0, 0, 1])),
        "bloc": [labels.index(label) for label in labels],
        "chair": draw(st.integers(-1, size - 1)),
        "heads": draw(st.integers(0, size)),
        "enough": draw(st.integers(1, size + 1)),
    }


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("majority", MAJORITIES)
@given(bodies())
def test_the_chance_of_carrying_with_blocs_is_that_of_all_votes_counted_one_by_one(
    majority: str, ties: str, body: dict[str, Any]
) -> None:
    """All ways to vote of those who do, in which the same blocs abstain, by their probability and decided by hand."""
    chances, own, weights, bloc, chair = (body[name] for name in ("chances", "own", "weights", "bloc", "chair"))
    size, votes = len(own), cast(own, bloc)
    procedure = decisions.Procedure(
        CODES[majority], 0.6, 0.0, decisions.TIES[ties], size, sum(weights), body["heads"], body["enough"]
    )
    total, whole = 0.0, 0.0
    voters = [i for i in range(size) if own[i] in (YES, NO)]
    for ways in product((YES, NO), repeat=len(voters)):
        other = list(own)
        for i, way in zip(voters, ways, strict=True):
            other[i] = way
        then = cast(other, bloc)
        if [vote == ABSTAINED for vote in then] == [vote == ABSTAINED for vote in votes]:
            weight = math.prod(chances[i] if other[i] == YES else 1 - chances[i] for i in voters)
            whole += weight
            total += weight * carried(procedure, then, weights, body["vetoes"], chair)
    assume(whole > 0)
    vote, places = np.array(own, np.int8)[:, None], np.array(bloc)
    adds = np.array([[decisions.counted(procedure, weight, 1)] for weight in weights])
    made = decisions.Voters(
        np.array(chances)[:, None],
        np.isin(vote, (YES, NO)).astype(float),
        adds,
        np.array(body["vetoes"], np.int8)[:, None],
        np.ones(size, np.int8),
    )
    blocs.bind(places, vote, made)
    assert vote[:, 0].tolist() == list(votes)
    tally = decisions.count(vote, np.array(weights), np.array(body["vetoes"], np.int8), chair)
    found = decisions.chance_of_carrying(procedure, made, tally, bloc[chair] if chair >= 0 else -1)
    assert found[0] == pytest.approx(total / whole, abs=1e-12)


@pytest.mark.parametrize("majority", MAJORITIES)
def test_decisions_of_blocs_fall_as_often_as_the_exact_chance_says(majority: str) -> None:
    """Choices drawn one by one, bound, counted and decided, agree with the chance worked out beside them."""
    kind, _, of = majority.partition(" of ")
    share = {"share": 0.6, "share_of": of} if kind == "qualified" else {}
    undecided = debate(
        dict.fromkeys(("ann", "bob", "cat", "dan", "eve"), 0.0),
        VOTE,
        board={
            "procedure": {"majority": kind, "vetoes": "eve", "blocs": {"left": ["ann", "bob", "cat"]}, **share},
            "votes": {"ann": 2, "dan": 1.5},
        },
        parameters={"competence": 0.6, "attendance": 0.8},
        ballots={"rule": "fixed", "competence": "competence"},
        attendance="attendance",
    )
    histories = played(undecided, 4000)
    surprise = (histories.decided[0] == CARRIED) - histories.chance[0]
    assert abs(surprise.mean()) < 4 * np.sqrt((histories.chance[0] * (1 - histories.chance[0])).mean() / 4000) + 1e-12


@given(st.lists(st.tuples(*(st.floats(0.01, 1) for _ in range(4))), min_size=1, max_size=4), st.data())
def test_how_a_bloc_votes_and_with_whom_adds_up_all_ways(parts: list[tuple[float, ...]], data: st.DataObject) -> None:
    """Yes, no, an abstention or an absence of each, weighed by its probability, by what those are there with."""
    chances = [tuple(part / sum(each) for part in each) for each in parts]
    adds = data.draw(st.lists(st.integers(0, 3), min_size=len(parts), max_size=len(parts)))
    expected = np.zeros((3, sum(adds) + 1))
    for did in product(range(4), repeat=len(parts)):
        there = sum(add for add, what in zip(adds, did, strict=True) if what < 3)
        lead = did.count(0) - did.count(1)
        expected[0 if lead > 0 else 1 if lead < 0 else 2, there] += math.prod(
            chance[what] for chance, what in zip(chances, did, strict=True)
        )
    made = blocs.Chances(*(np.array(each)[:, None].copy() for each in zip(*chances, strict=True)))
    np.testing.assert_allclose(blocs.votes_of_bloc(made, np.array(adds))[:, :, 0], expected, atol=1e-12)


def test_what_each_of_a_bloc_casts_is_as_likely_as_the_bloc_says() -> None:
    """Three of a bloc who want it in six of ten each cast a yes in .648, as Condorcet's jury; who is absent, none."""
    yes, none, away = np.full((5, 1), 0.6), np.zeros((5, 1)), np.array([[0.0], [0.0], [0.0], [0.0], [1.0]])
    yes[4] = 0.0
    made = blocs.Chances(yes, 1.0 - yes - away, none, away)
    cast_by_each = blocs.cast_chances(np.array([0, 0, 0, 3, 0]), made)
    assert cast_by_each.yes[:, 0] == pytest.approx([0.648, 0.648, 0.648, 0.6, 0.0])
    assert cast_by_each.no[:, 0] == pytest.approx([0.352, 0.352, 0.352, 0.4, 0.0])
    assert not cast_by_each.abstain.any()
