"""Choices among several motions: the exact chance that each wins, and what is known of the ways of choosing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED
from sim.model.rules import choices, decisions, voting
from sim.model.rules.voting import YES
from sim.scenario.scenario import Scenario
from tests.debates import Terse, ballot, day, debate, played
from tests.every_word import WAYS

TIES = ("rejected", "lot")


def procedure(way: str, ties: str, quorum: float = 0.0, seats: int = 1) -> decisions.Procedure:
    """A way of choosing one of several motions."""
    return decisions.Procedure(decisions.WAYS[way], 0.0, quorum, decisions.TIES[ties], seats, seats, 0, seats + 1)


# ---------------------------------------------------------------- the exact chance


@st.composite
def electorates(draw: st.DrawFn) -> dict[str, Any]:
    """Up to five people, some with two votes, some silent, and their chances among two to four motions."""
    voters, motions = draw(st.integers(1, 5)), draw(st.integers(2, 4))
    weights = st.lists(st.integers(1, 9), min_size=motions, max_size=motions)
    among = np.array([[each / sum(drawn) for each in drawn] for drawn in (draw(weights) for _ in range(voters))])
    before = np.full((motions, motions, voters), 0.5)
    for one in range(motions):
        for other in range(one + 1, motions):
            chances = np.array(draw(st.lists(st.integers(0, 8), min_size=voters, max_size=voters))) / 8
            before[one, other], before[other, one] = chances, 1.0 - chances
    casts = np.array(draw(st.lists(st.booleans(), min_size=voters, max_size=voters)), np.float64)
    return {"among": among, "before": before, "casts": casts, "votes": draw(votes_of(voters))}


def votes_of(voters: int) -> st.SearchStrategy[list[int]]:
    """How many votes each of them has."""
    return st.lists(st.integers(1, 2), min_size=voters, max_size=voters)


def share_of_a_win(way: str, ties: str, counts: Sequence[int], second: Any) -> list[float]:
    """What one count of votes gives each motion, in other words than the program's."""
    order = sorted(range(len(counts)), key=lambda motion: (-counts[motion], motion))
    won = [0.0] * len(counts)
    if sum(counts) == 0:
        return won
    if way == "run-off" and counts[order[0]] <= sum(counts) / 2:
        won[order[0]], won[order[1]] = second(order[0], order[1]), second(order[1], order[0])
        return won
    first = [motion for motion in order if counts[motion] == counts[order[0]]]
    for motion in first if len(first) == 1 or ties == "lot" else ():
        won[motion] = 1.0 / len(first)
    return won


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("way", WAYS)
@given(body=electorates())
def test_the_chance_of_winning_is_that_of_all_ways_in_which_votes_can_fall(
    way: str, ties: str, body: dict[str, Any]
) -> None:
    """Over every way in which up to five people can vote, once and again, the chances add up to the exact ones."""
    among, before, casts, votes = body["among"], body["before"], body["casts"], np.array(body["votes"])
    voters, motions = among.shape
    voting_ones = [k for k in range(voters) if casts[k]]

    def second(one: int, other: int) -> float:
        chance = 0.0
        for said in product((True, False), repeat=len(voting_ones)):
            weight = np.prod(
                [
                    before[one, other, k] if yes else before[other, one, k]
                    for k, yes in zip(voting_ones, said, strict=True)
                ]
            )
            margin = sum(votes[k] if yes else -votes[k] for k, yes in zip(voting_ones, said, strict=True))
            chance += weight * (1.0 if margin > 0 else 0.5 if margin == 0 and ties == "lot" else 0.0)
        return chance

    expected = np.zeros(motions)
    for said in product(range(motions), repeat=len(voting_ones)):
        counts = [
            sum(votes[k] for k, motion in zip(voting_ones, said, strict=True) if motion == m) for m in range(motions)
        ]
        weight = np.prod([among[k, motion] for k, motion in zip(voting_ones, said, strict=True)])
        expected += weight * np.array(share_of_a_win(way, ties, counts, second))
    cast = choices.Votes(
        among.T[:, :, None].copy(), casts[:, None], np.zeros((voters, 1)), before[:, :, :, None], votes
    )
    found = choices.chances_of_winning(procedure(way, ties, seats=voters), cast, np.array([True]), np.full(motions, -1))
    np.testing.assert_allclose(found[:, 0], expected, atol=1e-12)
    if ties == "lot" and voting_ones:
        assert found.sum() == pytest.approx(1.0)


@given(
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(0, 5),
    st.floats(0, 1),
    st.sampled_from(["logit", "nearest"]),
)
def test_a_choice_between_two_motions_is_a_vote_on_one_of_them(
    voice: float, one: float, other: float, sharpness: float, margin: float, rule: str
) -> None:
    """Of two motions, the chances of a vote for each are those of a yes and of a no to one that leads to both ends."""
    choice = voting.Choice(*(np.array([number]) for number in (sharpness, 0.5, margin, 0.1)))
    code, voiced = voting.RULES[rule], np.array([voice])
    among = voting.intentions_among(code, voiced, np.array([[one], [other]]), choice)[:, 0]
    alone = voting.intention(code, voting.utility(voiced, np.array([one]), np.array([other])), choice)
    no = 1.0 - alone.yes[0] - alone.abstains[0]
    np.testing.assert_allclose(among, [alone.yes[0], no], atol=1e-12)


# ---------------------------------------------------------------- what is known of ways of choosing

#: Nine people on a line: three at the left, two in the middle, four at the right. The middle beats both in pairs.
ASSEMBLY = {
    **{f"left-{n}": -1.0 for n in range(3)},
    **{f"middle-{n}": 0.1 for n in range(2)},
    **{f"right-{n}": 1.0 for n in range(4)},
}
PLACES = {"left": -1.0, "middle": 0.0, "right": 1.0}


def assembly(*moments: Terse, policy: float = 0.5, **parts: Any) -> Scenario:
    """The nine, who vote for what is nearest to them."""
    return debate(ASSEMBLY, *moments, low=-1.0, policy=policy, ballots={"rule": "nearest"}, **parts)


def carried(scenario: Scenario) -> list[str]:
    """What is carried in a history of a debate in which nothing is left to chance."""
    names = arrays_of(scenario).names.ballots
    return [name for name, outcome in zip(names, played(scenario).decided[:, 0], strict=True) if outcome == CARRIED]


def among(way: str) -> Scenario:
    """The nine choose among the three motions at once."""
    return assembly(
        *(ballot(name, place, (), one_of="plans") for name, place in PLACES.items()),
        board={"procedure": {"majority": way}},
    )


def in_pair(one: str, other: str) -> Scenario:
    """The nine choose between two of them."""
    return assembly(ballot("pair", PLACES[one], PLACES[other]))


def test_a_motion_that_beats_every_other_in_pairs_loses_by_plurality_and_in_a_run_off() -> None:
    """Left 3, middle 2, right 4: the middle wins both pairs and has the fewest votes (Condorcet 1785; Black 1958)."""
    assert carried(in_pair("middle", "left")) == carried(in_pair("middle", "right")) == ["pair"]
    assert carried(among("plurality")) == ["right"]
    assert carried(among("run-off")) == ["right"]  # 3 and the two of the middle, who are nearer to the right: 4 + 2


def test_a_run_off_elects_another_one_than_plurality_where_the_losers_voters_turn() -> None:
    """With the middle at -0.1 its two voters are nearer to the left, which wins the second vote by five to four."""
    nearer = among("run-off").with_changes(*({"set": f"middle-{n}.first_stance.value", "to": -0.1} for n in range(2)))
    assert carried(nearer) == ["left"]


def successively(*order: str) -> float:
    """What rules after motions were put one after another until one is carried; the last of them is what stands.

    Who votes on one thinks of the best of the rest.
    """
    motions = []
    for number, name in enumerate(order[:-1]):
        condition = {"if": f"{order[number - 1]} rejected"} if number else {}
        rest = [PLACES[other] for other in order[number + 1 :]]
        motions.append(ballot(name, PLACES[name], rest, number + 1, **condition))
    return float(played(assembly(*motions, policy=PLACES[order[-1]])).policies[-1, 0])


def test_the_order_decides_where_motions_are_put_one_after_another() -> None:
    """Put first, the middle is voted down by both sides; put last, it wins (Black 1958; Rasch 1995)."""
    assert successively("middle", "left", "right") == PLACES["right"]
    assert successively("left", "right", "middle") == PLACES["middle"]
    assert successively("right", "left", "middle") == PLACES["middle"]


def by_amendment(first: str, second: str, third: str) -> Scenario:
    """One motion against another, and the winner against the third, which is what stands."""
    return assembly(
        ballot("amendment", PLACES[first], PLACES[second], 1, sets_policy=False),
        ballot("with", PLACES[first], PLACES[third], 2, **{"if": "amendment carried"}),
        ballot("without", PLACES[second], PLACES[third], 2, **{"if": "amendment rejected"}),
        policy=PLACES[third],
    )


@pytest.mark.parametrize(
    "order", [("left", "right", "middle"), ("middle", "left", "right"), ("right", "middle", "left")]
)
def test_by_amendment_what_beats_every_other_wins_in_any_order(order: tuple[str, str, str]) -> None:
    """Under the amendment procedure the middle is what is left at the end (Black 1958)."""
    assert played(by_amendment(*order)).policies[-1, 0] == PLACES["middle"]


# ---------------------------------------------------------------- in a debate


def test_everybody_votes_for_one_motion_and_the_policy_is_where_the_winner_leads() -> None:
    """In every history the yes votes of the three motions are one a voter, one is carried at most, and rules."""
    scenario = assembly(
        *(ballot(name, place, (), one_of="plans") for name, place in PLACES.items()),
        board={"procedure": {"majority": "plurality"}},
    ).with_changes({"set": "dynamics.ballots", "to": {"rule": "logit", "sharpness": 1.0}})
    history = played(scenario, 200)
    cast = (history.vote == YES).reshape(3, len(ASSEMBLY), -1).sum(axis=0)
    assert (cast == 1).all()
    won = history.decided == CARRIED
    assert (won.sum(axis=0) <= 1).all()
    assert won.any(axis=1).all()  # each in some history
    leads = np.array([*PLACES.values()])[:, None]
    np.testing.assert_array_equal(history.policies[-1], np.where(won.any(axis=0), (leads * won).sum(axis=0), 0.5))


def test_a_tie_is_nobodys_or_decided_by_lot() -> None:
    """Three to three: under `rejected` the policy stays, under `lot` each wins in about half of the histories."""
    people = {**{f"left-{n}": -1.0 for n in range(3)}, **{f"right-{n}": 1.0 for n in range(3)}}
    plans = [ballot("left", -1.0, (), one_of="plans"), ballot("right", 1.0, (), one_of="plans")]

    def histories(ties: str) -> Any:
        board = {"procedure": {"majority": "plurality", "ties": ties}}
        return played(debate(people, *plans, low=-1.0, ballots={"rule": "nearest"}, board=board), 400)

    assert not (histories("rejected").decided == CARRIED).any()
    by_lot = histories("lot")
    won = by_lot.decided == CARRIED
    assert (won.sum(axis=0) == 1).all()
    assert won[0].mean() == pytest.approx(0.5, abs=4 * 0.5 / 20)
    assert (by_lot.chance == 0.5).all()


REFUSED: dict[str, tuple[Terse, str]] = {
    "another day": ({"date": day(3)}, "motions of one choice are put at once"),
    "an end if lost": ({"if_lost": 0.2}, "does not go with 'one_of'"),
    "a second winner": ({"outcome": "carried"}, "one of them wins"),
    "a count of noes": ({"tally": {"no": 3, "evidence": "assumed", "note": "A test."}}, "only the votes for it"),
    "by simple majority": ({"procedure": {"majority": "simple"}}, "how is one of 'plans' chosen"),
    "a tie for the chair": (
        {"procedure": {"majority": "plurality", "ties": "chair", "chair": "left-0"}}, "is for yes and no",
    ),
    "with a veto": ({"procedure": {"majority": "plurality", "vetoes": ["left-0"]}}, "not for several motions"),
    "nothing by itself": ({"one_of": "other"}, "has one motion"),
    "no choice": ({"one_of": None, "if_lost": 0.2}, "is among several motions"),
    "the same place": ({"if_carried": -1.0}, "leads to the same"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_motions_of_a_choice_are_put_in_one_way(name: str) -> None:
    """What cannot be of one choice is refused with a sentence that says so."""
    fields, sentence = REFUSED[name]
    motions = [ballot(name, place, (), one_of="plans", outcome="rejected") for name, place in PLACES.items()]
    motions[0]["outcome"] = "carried"
    motions[1] = {key: value for key, value in {**motions[1], **fields}.items() if value is not None}
    with pytest.raises(ScenarioError) as refused:
        assembly(*motions, board={"procedure": {"majority": "plurality"}})
    assert any(sentence in problem.message for problem in refused.value.problems), refused.value


def test_a_choice_of_too_many_counts_is_refused_with_their_number() -> None:
    """Forty votes for four motions have 68,921 counts, which is more than are told apart."""
    motions = [ballot(f"plan-{n}", n / 4, (), one_of="plans") for n in range(4)]
    with pytest.raises(ScenarioError, match="68,921 counts"):
        debate({"crowd": {"count": 40}}, *motions, board={"procedure": {"majority": "plurality"}})
