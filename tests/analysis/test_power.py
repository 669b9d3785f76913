"""Power by the rules alone is counted exactly; power in the play is what a vote and a stance really turn."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.analysis import pivotal_votes
from sim.analysis.power import Player, games_of, power
from sim.analysis.power_indices import Game, banzhaf, shapley_shubik
from sim.ensembles.batch import EnsembleWork
from sim.errors import UserError
from sim.model import ballots
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED
from sim.model.rules import decisions
from sim.model.rules.voting import NO, YES
from sim.scenario.schema import Procedure
from tests.debates import ballot, debate, played, talk
from tests.model.test_reference import debates

small_games = (
    st.lists(st.integers(0, 6), min_size=1, max_size=6)
    .filter(sum)
    .flatmap(lambda weights: st.builds(Game, st.just(tuple(weights)), st.integers(1, sum(weights))))
)


# By the rules alone ----------------------------------------------------------------------------------------


def test_the_security_council_since_1966_has_its_published_power() -> None:
    """[39; five of 7, ten of 1]: Shapley-Shubik 421/2145 and 4/2145, Banzhaf 106/635 and 21/1270."""
    council = Game((7,) * 5 + (1,) * 10, 39)
    assert shapley_shubik(council) == [Fraction(421, 2145)] * 5 + [Fraction(4, 2145)] * 10
    assert banzhaf(council) == [Fraction(106, 635)] * 5 + [Fraction(21, 1270)] * 10


def test_a_council_of_six_has_a_member_without_power() -> None:
    """The six of 1958, [12; 4, 4, 4, 2, 2, 1]: Luxembourg's vote never matters, and Banzhaf gives 5/21 and 3/21."""
    six = Game((4, 4, 4, 2, 2, 1), 12)
    assert shapley_shubik(six) == [Fraction(14, 60)] * 3 + [Fraction(9, 60)] * 2 + [0]
    assert banzhaf(six) == [Fraction(5, 21)] * 3 + [Fraction(3, 21)] * 2 + [0]


def swings(game: Game, player: int) -> int:
    """Coalitions of the others that lose without a player and win with them, one by one."""
    others = [weight for place, weight in enumerate(game.weights) if place != player]
    totals = [sum(chosen) for size in range(len(others) + 1) for chosen in itertools.combinations(others, size)]
    return sum(total < game.quota <= total + game.weights[player] for total in totals)


@given(small_games)
def test_the_measures_are_those_of_a_full_count(game: Game) -> None:
    """Generating functions count what counting every coalition and every order does."""
    number = len(game.weights)
    counted = [swings(game, player) for player in range(number)]
    assert banzhaf(game) == [Fraction(each, sum(counted)) for each in counted]
    turned = [0] * number
    orders = list(itertools.permutations(range(number)))
    for order in orders:
        reached = 0
        for player in order:
            reached += game.weights[player]
            if reached >= game.quota:
                turned[player] += 1
                break
    assert shapley_shubik(game) == [Fraction(times, len(orders)) for times in turned]


def test_the_security_council_is_a_compound_game_of_vetoes_and_nine_votes() -> None:
    """Won by all five permanent members and by nine of fifteen at once, it has its published power: .19627, .001865."""
    vetoes, nine = Game((1,) * 5 + (0,) * 10, 5), Game((1,) * 15, 9)
    assert shapley_shubik(vetoes, nine) == [Fraction(421, 2145)] * 5 + [Fraction(4, 2145)] * 10
    assert banzhaf(vetoes, nine) == [Fraction(106, 635)] * 5 + [Fraction(21, 1270)] * 10


compound_games = st.integers(1, 5).flatmap(
    lambda players: st.lists(
        st.lists(st.integers(0, 4), min_size=players, max_size=players)
        .filter(sum)
        .flatmap(lambda weights: st.builds(Game, st.just(tuple(weights)), st.integers(1, sum(weights)))),
        min_size=1,
        max_size=3,
    )
)


@given(compound_games, st.booleans())
def test_a_compound_game_is_won_by_who_wins_every_game(games: list[Game], is_either: bool) -> None:
    """Both indices are those of counting, coalition by coalition, who wins all games with a player and not without.

    Of the first two one may be enough, as with a blocking minority.
    """
    number, groups = len(games[0].weights), [(game,) for game in games]
    if is_either:
        groups = [tuple(games[:2]), *groups[2:]]

    def wins(coalition: set[int]) -> bool:
        def has_won(game: Game) -> bool:
            return sum(game.weights[player] for player in coalition) >= game.quota

        return all(any(has_won(game) for game in group) for group in groups)

    swung, turned = [0] * number, [Fraction()] * number
    for player in range(number):
        others = [other for other in range(number) if other != player]
        for size in range(number):
            for chosen in itertools.combinations(others, size):
                if wins({*chosen, player}) and not wins({*chosen}):
                    swung[player] += 1
                    turned[player] += Fraction(1, number * math.comb(number - 1, size))
    assert banzhaf(*groups) == [Fraction(each, sum(swung)) for each in swung]
    assert shapley_shubik(*groups) == turned


def test_games_of_different_players_are_no_compound() -> None:
    """Games that are to be won at once have the same players."""
    with pytest.raises(ValueError, match="same players"):
        banzhaf(Game((1, 1), 2), Game((1,), 1))


@given(small_games)
def test_power_adds_up_to_one(game: Game) -> None:
    """Both indices share out the whole, and nobody without weight has any."""
    assert sum(shapley_shubik(game)) == sum(banzhaf(game)) == 1
    assert all(not share for share, weight in zip(banzhaf(game), game.weights, strict=True) if not weight)


@pytest.mark.parametrize(("weights", "quota"), [((1, 1), 0), ((1, 1), 3), ((1, -1), 1), ((), 1)])
def test_what_is_no_game_is_refused(weights: tuple[int, ...], quota: int) -> None:
    """A quota that nobody or everybody reaches makes no game."""
    with pytest.raises(ValueError, match=r"quota|weights"):
        Game(weights, quota)


@pytest.mark.parametrize(
    ("words", "votes", "chair", "wins"),
    [
        ({}, [1, 1, 1, 1], -1, lambda yes: len(yes) > 2),
        ({"ties": "carried"}, [1, 1, 1, 1], -1, lambda yes: len(yes) >= 2),
        ({"ties": "chair", "chair": "x"}, [1, 1, 1, 1], 2, lambda yes: len(yes) > 2 or (len(yes) == 2 and 2 in yes)),
        ({"majority": "qualified", "share": 0.6}, [1, 1, 1, 1, 1], -1, lambda yes: len(yes) >= 3),
        ({"majority": "absolute"}, [3, 1, 1], -1, lambda yes: 0 in yes),
        ({"majority": "unanimity"}, [1, 1, 1], -1, lambda yes: len(yes) == 3),
    ],
)
def test_a_procedure_is_the_game_of_who_can_carry(words: dict, votes: list[int], chair: int, wins) -> None:  # type: ignore[no-untyped-def, type-arg]
    """With all seats taken, a coalition wins the game exactly if its yes carries the motion."""
    players = [Player(each, is_chair=place == chair) for place, each in enumerate(votes)]
    (game,) = games_of(Procedure(evidence="assumed", note="x", **words), players)
    for size in range(len(votes) + 1):
        for yes in itertools.combinations(range(len(votes)), size):
            assert (sum(game.weights[place] for place in yes) >= game.quota) == wins(yes), yes


# In the votes as they fall ---------------------------------------------------------------------------------


def board(**more: object) -> sim.Scenario:
    """Five people who are unsure, one talk, one ballot by majority with a casting vote and half the seats taken."""
    names = ("ada", "ben", "cleo", "dov", "eve")
    return debate(
        {name: {"uniform": [0.0, 1.0]} for name in names},
        talk("board-talks", on=2),
        ballot("motion", 1.0, 0.0, on=3),
        board={"procedure": {"majority": "simple", "quorum": 0.5, "ties": "chair", "chair": "cleo"}},
        parameters={"attendance": 0.7, "sharpness": 2.0, "margin": 0.2},
        ballots={"rule": "logit", "sharpness": "sharpness", "abstention_margin": "margin"},
        attendance="attendance",
        weeks=2,
        **more,  # type: ignore[arg-type]
    )


def test_a_pivotal_vote_turns_the_ballot_and_no_other_does() -> None:
    """Turned round by hand, in every history, exactly the votes that are called pivotal change the outcome."""
    world, runs = board(), 200
    plan, names = arrays_of(world)
    work = EnsembleWork(world, 5, False, {})
    held = pivotal_votes.hold(plan, work.inputs(np.arange(runs, dtype=np.uint64)))
    row = next(number for number, entry in enumerate(world.entries) if entry.kind == "ballot")
    turned = pivotal_votes.pivotal(plan, row, held)
    seen = played(world, runs, seed=5)
    assert np.array_equal(held.vote, seen.vote)

    def outcome(votes: np.ndarray) -> bool:
        yes, no, taken = (votes == YES).sum(), (votes == NO).sum(), np.isin(votes, (YES, NO, 3)).sum()
        chair = votes[names.electors.index(("motion", "cleo"))] == YES
        return bool(taken >= 2.5 and (yes > no or (yes == no > 0 and chair)))

    for lane in range(runs):
        votes = held.vote[:, lane]
        assert outcome(votes) == (seen.decided[0, lane] == CARRIED)
        for k in range(5):
            other = votes.copy()
            other[k] = {YES: NO, NO: YES}.get(int(votes[k]), votes[k])
            assert turned[k, lane] == (outcome(other) != outcome(votes)), (lane, k)


@settings(max_examples=30)
@given(debates("degroot"), st.integers(0, 2**32))
def test_whose_vote_turns_a_ballot_is_found_by_turning_it(world: sim.Scenario, seed: int) -> None:
    """By any procedure: with the vote of somebody, or of their bloc, turned to yes and no, it comes out otherwise."""
    plan = arrays_of(world).plan
    held = pivotal_votes.hold(plan, EnsembleWork(world, seed, False, {}).inputs(np.arange(4, dtype=np.uint64)))
    for row in np.flatnonzero(plan.moments.ballot >= 0):
        ballot = plan.ballots[plan.moments.ballot[row]]
        if ballot.motions > 1:
            continue  # a choice, of which the next test tells
        who = slice(plan.moments.first_who[row], plan.moments.last_who[row])
        here = slice(ballot.first_elector, ballot.first_elector + who.stop - who.start)
        turned = pivotal_votes.pivotal(plan, row, held)
        for k, lane in np.ndindex(turned.shape):
            rule = ballots.procedure_in(plan, row, held, lane)
            votes = held.vote[here, lane : lane + 1].copy()
            found = []
            for way in (YES, NO):
                votes[(plan.bloc[here] == plan.bloc[here][k]) & np.isin(votes[:, 0], (YES, NO))] = way
                tally = decisions.count(votes, plan.votes[who], plan.vetoes[here], ballot.chair)
                carried = decisions.verdict(rule, tally.yes[0], tally.no[0], tally.heads[0], tally.chair[0])
                quorate = decisions.is_quorate(rule, tally.seats_taken[0])
                found.append(carried if quorate and not tally.vetoes[0] else 0.0)
            has_voted = held.vote[here, lane][k] in (YES, NO)
            assert turned[k, lane] == (has_voted and found[0] != found[1])


def test_of_several_motions_a_vote_turns_what_wins_with_another_one() -> None:
    """Of two, two and one a tie is nobody's: any but their own voters can make one of the first two win."""
    plans = {"low": 0.0, "middle": 0.5, "high": 1.0}
    world = debate(
        {"ada": 0.0, "ben": 0.0, "cleo": 0.5, "dov": 0.5, "eve": 1.0},
        *(ballot(name, place, (), on=3, one_of="plans") for name, place in plans.items()),
        board={"procedure": {"majority": "plurality"}},
        ballots={"rule": "nearest"},
    )
    found = power(world, runs=2).by_ballot
    pivotal = {name: found[found.decision == name].pivotal.tolist() for name in plans}
    assert pivotal == {"low": [0, 0, 1, 1, 1], "middle": [1, 1, 0, 0, 1], "high": [0, 0, 0, 0, 0]}


def test_a_bloc_has_the_power_of_one_player_and_its_members_share_it() -> None:
    """Bound, three of five always have their way, and each a third of the power; the others have none."""
    world = debate(
        {"ada": 1.0, "ben": 1.0, "cleo": 0.0, "dov": 0.0, "eve": 0.0},
        ballot("motion", 1.0, 0.0, on=3),
        board={"procedure": {"blocs": {"party": ["ada", "ben", "cleo"]}}},
    )
    found = power(world, runs=2).by_ballot.set_index("member")
    for index in ("shapley_shubik", "banzhaf"):
        assert found[index].tolist() == pytest.approx([1 / 3] * 3 + [0, 0])
    assert found.pivotal.tolist() == [1, 1, 1, 0, 0]


def test_the_power_of_blocs_is_that_of_the_seats_they_hold() -> None:
    """[5; 4, 3, 2]: any two of three blocs of four, three and two win, so that each has a third."""
    names = [f"member-{number}" for number in range(9)]
    parties = {"a": names[:4], "b": names[4:7], "c": names[7:]}
    world = debate(dict.fromkeys(names, 0.5), ballot("motion", 1.0, 0.0), board={"procedure": {"blocs": parties}})
    found = power(world, runs=1).by_ballot
    assert found.shapley_shubik.tolist() == pytest.approx([1 / 12] * 4 + [1 / 9] * 3 + [1 / 6] * 2)


def test_a_dictator_is_always_pivotal_and_nobody_else_ever() -> None:
    """Who has more votes than all others together turns every ballot that they take part in."""
    world = debate(
        {"ada": 0.2, "ben": 0.5, "cleo": 0.9},
        ballot("motion", 1.0, 0.0, on=3),
        board={"votes": {"ada": 5}},
        weeks=2,
    )
    table = power(world, runs=16).table.set_index("member")
    assert table.loc["ada", ["shapley_shubik", "banzhaf", "pivotal"]].tolist() == [1, 1, 1]
    assert (table.loc[["ben", "cleo"], ["shapley_shubik", "banzhaf", "pivotal"]] == 0).all(axis=None)


# What comes of a stance ------------------------------------------------------------------------------------


def matrix(weights: list[list[float]], susceptibility: float, talks: int, stubborn: bool) -> np.ndarray:
    """What leads from first stances to those after some talks: DeGroot, or Friedkin and Johnsen."""
    heard = np.array(weights) / np.array(weights).sum(axis=1, keepdims=True)
    after = one = np.eye(len(weights))
    for _ in range(talks):
        rest = one if stubborn else after
        after = susceptibility * heard @ after + (1 - susceptibility) * rest
    return np.asarray(after)


@pytest.mark.parametrize(("rule", "stubborn"), [("degroot", False), ("friedkin-johnsen", True)])
def test_in_the_linear_case_influence_is_that_of_the_matrix(rule: str, stubborn: bool) -> None:
    """The mean stance of the voters moves by the column means of the matrix from first stances to last."""
    say = {"ada": 1.0, "ben": 0.5, "cleo": 0.25}
    world = debate(
        {name: {"first_stance": 0.5, "authority": f"say-{name}"} for name in say},
        *(talk(f"talk-{number}", on=2 + number) for number in range(3)),
        ballot("motion", 1.0, 0.0, on=9),
        talk={"rule": rule, "susceptibility": "openness"},
        parameters={"openness": 0.4, **{f"say-{name}": weight for name, weight in say.items()}},
        weeks=2,
    )
    expected = matrix([list(say.values())] * 3, 0.4, 3, stubborn).mean(axis=0)
    result = power(world, runs=8)
    found = result.by_ballot.set_index("member").influence
    np.testing.assert_allclose(found[list(say)], expected, atol=1e-9)
    whole = result.influence_matrix.pivot(index="voter", columns="member", values="influence")
    np.testing.assert_allclose(whole, matrix([list(say.values())] * 3, 0.4, 3, stubborn), atol=1e-9)


def test_in_the_long_run_influence_is_the_total_influence_matrix() -> None:
    """After many talks with Friedkin and Johnsen it is (I - A W)^-1 (I - A), the published equilibrium."""
    say = {"ada": 1.0, "ben": 0.5, "cleo": 0.25}
    world = debate(
        {name: {"first_stance": 0.5, "authority": f"say-{name}"} for name in say},
        *(talk(f"talk-{number}", on=2 + number) for number in range(60)),
        ballot("motion", 1.0, 0.0, on=80),
        talk={"rule": "friedkin-johnsen", "susceptibility": "openness"},
        parameters={"openness": 0.5, **{f"say-{name}": weight for name, weight in say.items()}},
    )
    heard = np.array([list(say.values())] * 3) / sum(say.values())
    total = np.linalg.inv(np.eye(3) - 0.5 * heard) @ (0.5 * np.eye(3))
    result = power(world, runs=8)
    found = result.by_ballot.set_index("member").influence
    np.testing.assert_allclose(found[list(say)], total.mean(axis=0), atol=1e-9)
    whole = result.influence_matrix.pivot(index="voter", columns="member", values="influence")
    np.testing.assert_allclose(whole, total, atol=1e-9)


def test_every_column_of_the_matrix_has_the_influence_as_its_mean() -> None:
    """Over several ballots, each voter moves by their own row, and the voters' mean as `by_ballot` says."""
    names = ("ada", "ben", "cleo")
    world = debate(
        {name: {"uniform": [0.2, 0.8]} for name in (*names, "zoe")},
        *(talk("first-talk", 2), ballot("first", 1.0, 0.0, on=3), talk("second-talk", 4)),
        ballot("second", 1.0, 0.5, on=5),
        board={"members": names},
        attendance="attendance",
        parameters={"attendance": 0.8},
        weeks=2,
    )
    result = power(world, runs=40)
    means = result.influence_matrix.groupby(["decision", "member"]).influence.mean()
    expected = result.by_ballot.set_index(["decision", "member"]).influence
    np.testing.assert_allclose(means.sort_index(), expected.sort_index(), atol=1e-9)
    assert set(result.influence_matrix.voter) == set(names)
    assert set(result.influence_matrix.member) == {*names, "zoe"}


def test_the_influence_of_all_is_one_where_stances_only_mix() -> None:
    """Where talk only averages and nothing is clipped, moving everybody by one moves the mean by one."""
    world = debate(
        {name: {"uniform": [0.3, 0.7]} for name in ("ada", "ben", "cleo")},
        talk("board-talks", on=2), ballot("motion", 1.0, 0.0, on=3), weeks=2,
    )  # fmt: skip
    assert power(world, runs=80).by_ballot.influence.sum() == pytest.approx(1.0, abs=1e-6)


def test_who_speaks_only_by_letter_has_influence_without_a_vote() -> None:
    """Leverage and influence need no seat; formal power and pivotal votes do."""
    world = board()
    item = {"id": "zoe", "name": "Zoe", "first_stance": {"value": 0.5, "evidence": "assumed", "note": "x"}}
    with_zoe = world.with_changes(
        {"add": "members", "item": item}, {"add": "timeline", "item": {
            "id": "private", "kind": "talk", "date": world.debate.span.start, "members": ["zoe", "ada"],
            "evidence": "assumed", "note": "x"}},
    )  # fmt: skip
    row = power(with_zoe, runs=80).table.set_index("member").loc["zoe"]
    assert (row.votes, row.shapley_shubik, row.pivotal) == (0, 0, 0)
    assert row.influence > 0.01


def test_a_stance_for_the_motion_has_leverage_for_it() -> None:
    """One's own stance raises the chance of what it is for."""
    found = power(board(), runs=400).by_ballot
    assert (found.leverage > 0).all()
    assert (found.pivotal <= found.attends).all()


def test_nobody_is_the_most_often_pivotal_where_nobody_ever_is() -> None:
    """Where no single vote turns a ballot in any history, the headline says so, and names no first among equals."""
    found = sim.power("library-sunday", runs=1)
    assert found.table.pivotal.max() == 0
    assert found.headline.endswith("In the votes as they fall, nobody is pivotal in any history.")


def test_a_body_that_is_none_is_refused() -> None:
    """The nearest one is named."""
    with pytest.raises(UserError, match="'bord' is not a body of this debate: did you mean 'board'"):
        power(board(), "bord")


def test_worlds_are_not_mixed_up_by_nudges() -> None:
    """The nudges leave the votes of the histories as they were: shares are those of the play itself."""
    found = power(board(), runs=64, seed=5)
    seen = played(board(), 64, seed=5)
    took_part = np.isin(seen.vote, (YES, NO, 3)).mean(axis=1)
    np.testing.assert_allclose(found.by_ballot.attends, took_part)
