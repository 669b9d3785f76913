"""A decision's probability is attributed to its causes: fairly, exactly, and with common random numbers."""

from __future__ import annotations

import datetime
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis import causes, shapley
from sim.analysis.attribution import attribute
from sim.analysis.causes import Coalitions, named
from sim.analysis.outcomes import Outcomes, error_of
from sim.errors import UserError
from sim.model.plan import CARRIED
from tests.debates import absence, ballot, debate, letter, played, talk

games = st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(-1000, 1000), min_size=2**n, max_size=2**n))


# The theory ------------------------------------------------------------------------------------------------


def test_the_glove_game_has_its_published_value() -> None:
    """Two left gloves and one right make one pair: the right one is worth 2/3, each left one 1/6 (Shapley 1953)."""
    left_one, left_two, right = 1, 2, 4
    game = [int(bool(k & right) and bool(k & (left_one | left_two))) for k in range(8)]
    assert shapley.values(game) == [Fraction(1, 6), Fraction(1, 6), Fraction(2, 3)]


def by_definition(game: list[int]) -> list[Fraction]:
    """The mean contribution over all orders, order by order."""
    number = shapley.players(game)
    total = [0] * number
    for order in itertools.permutations(range(number)):
        coalition = 0
        for player in order:
            total[player] += game[coalition | 1 << player] - game[coalition]
            coalition |= 1 << player
    return [Fraction(gain, math.factorial(number)) for gain in total]


@given(games)
def test_values_are_the_mean_over_all_orders(game: list[int]) -> None:
    """The sum over coalitions is the mean over orders, exactly."""
    assert shapley.values(game) == by_definition(game)


@given(games)
def test_values_add_up_to_the_whole_exactly(game: list[int]) -> None:
    """Efficiency: nothing is left over."""
    assert sum(shapley.values(game)) == game[-1] - game[0]


@given(games, st.integers(0, 4))
def test_a_player_who_adds_nothing_gets_nothing(game: list[int], player: int) -> None:
    """Dummy: whose coming never changes anything has value 0, alone and with everybody."""
    number = shapley.players(game)
    player %= number
    idle = [game[k & ~(1 << player)] for k in range(len(game))]
    assert shapley.values(idle)[player] == 0
    assert all(value == 0 for pair, value in shapley.interactions(idle).items() if player in pair)


@given(games)
def test_interactions_are_nothing_where_contributions_add_up(game: list[int]) -> None:
    """Where everybody adds the same whoever is there, no two do more together."""
    number = shapley.players(game)
    additive = [sum(game[1 << player] for player in range(number) if k >> player & 1) for k in range(len(game))]
    assert all(value == 0 for value in shapley.interactions(additive).values())


def test_two_who_can_do_it_only_together_interact() -> None:
    """A lock with two keys: each is worth 1/2, and their interaction is 1; either of two keys: it is -1."""
    assert shapley.values([0, 0, 0, 1]) == [Fraction(1, 2)] * 2
    assert shapley.interactions([0, 0, 0, 1]) == {(0, 1): 1}
    assert shapley.interactions([0, 1, 1, 1]) == {(0, 1): -1}


@given(games, st.permutations(range(5)))
def test_every_order_adds_up_to_the_whole(game: list[int], order: list[int]) -> None:
    """Whatever the order, contributions along it add up to the value of all less that of none."""
    order = [player for player in order if player < shapley.players(game)]
    worth = {k: game[k] for k in shapley.orders_walked([order])}
    (gains,) = shapley.sampled([order], worth)
    assert sum(gains) == game[-1] - game[0]


def test_entries_that_are_no_game_are_refused() -> None:
    """A game has an entry for each coalition."""
    with pytest.raises(ValueError, match=r"2\^n coalitions, not 3"):
        shapley.values([0, 1, 2])


# Causes ----------------------------------------------------------------------------------------------------


def board(**more: object) -> sim.Scenario:
    """Four people, two letters each way, one away, a leader, and a motion."""
    return debate(
        {name: {"uniform": [0.0, 1.0]} for name in ("ada", "ben", "cleo", "dov")},
        letter("ada-writes", "ada", ["board"], 1.0, on=1),
        letter("ada-insists", "ada", ["board"], 1.0, on=8),
        letter("ben-writes", "ben", ["board"], 0.0, on=9),
        absence("cleo-away", "cleo", 10, 12),
        talk("board-talks", on=11),
        ballot("motion", 1.0, 0.0, on=11, session="board-talks"),
        letter("too-late", "dov", ["board"], 0.0, on=20),
        weeks=4,
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse"},
        parameters={"deference": 0.4, "sharpness": 2.0, "attendance": 0.9},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        attendance="attendance",
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("words", "brings", "prevents", "needs"),
    [
        ("ada-writes", {"ada-writes"}, set(), set()),
        ("ada-*", {"ada-writes", "ada-insists"}, set(), set()),
        ("letters:ada", {"ada-writes", "ada-insists"}, set(), set()),
        ("absences:cleo", {"cleo-away"}, set(), set()),
        ("presence:cleo", set(), {"cleo"}, set()),
        ("deference", set(), set(), {"deference"}),
        ("ada-writes+deference", {"ada-writes"}, set(), {"deference"}),
        ("all of it=ada-writes+presence:ben", {"ada-writes"}, {"ben"}, set()),
    ],
)
def test_a_cause_is_what_its_words_say(words: str, brings: set[str], prevents: set[str], needs: set[str]) -> None:
    """Ids, patterns, kinds of a member, deference, and several as one."""
    cause = named(board().debate, words)
    assert (cause.brings, cause.prevents, cause.needs) == (brings, prevents, needs)
    assert cause.name == words.partition("=")[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["ada-write"], "did you mean 'ada-writes'"),
        (["letters:adda"], "'adda' is not a member: did you mean 'ada'"),
        (["letters:cleo"], "there are no letters of 'cleo'"),
        (["bound"], "it cannot be 0"),
        (["too-late"], "all of it comes after motion"),
        (["ada-writes", "ada-writes"], "is named twice"),
    ],
)
def test_what_is_no_cause_is_refused(given: list[str], said: str) -> None:
    """The message says what was given and what would do."""
    world = board().with_changes({"set": "bound.range", "to": [0.5, 2.0]})
    with pytest.raises(UserError, match=said):
        attribute(world, "motion", given, runs=8)


def test_a_decision_that_is_none_is_refused() -> None:
    """The nearest one is named."""
    with pytest.raises(UserError, match="'motoin' is not a decision of this debate: did you mean 'motion'"):
        attribute(board(), "motoin", runs=8)


def carried(world: sim.Scenario, fixed: dict[str, float] | None = None) -> int:
    """In how many of 64 histories the motion is carried, played moment by moment."""
    histories = played(world, 64, seed=3, fixed=fixed)
    return int((histories.decided[histories.ballot("motion")] == CARRIED).sum())


def test_a_world_without_a_cause_is_the_what_if_without_it() -> None:
    """Every coalition is the debate that one gets by taking out what the missing causes bring, to the same bits."""
    world = board()
    asked = [named(world.debate, words) for words in ("letters:ada", "ben-writes", "absences:cleo", "deference")]
    work = Outcomes(Coalitions(world, "motion", tuple(asked), tuple(range(16))), 3)
    found = work.batch(np.arange(64, dtype=np.uint64))["carried"].sum(axis=1)
    for coalition in range(16):
        gone = [cause for k, cause in enumerate(asked) if not coalition >> k & 1]
        changes = [{"remove": name} for cause in gone for name in sorted(cause.brings)]
        fixed = {name: 0.0 for cause in gone for name in cause.needs}
        other = world.with_changes(*changes) if changes else world
        assert found[coalition] == carried(other, fixed), coalition


def test_without_a_presence_a_member_is_in_no_room_at_any_time() -> None:
    """Who is kept away all along never comes back, whatever their own absences were; their letters still arrive."""
    world = board()
    for member in ("cleo", "ben"):
        work = Outcomes(Coalitions(world, "motion", (named(world.debate, f"presence:{member}"),), (0, 1)), 3)
        found = work.batch(np.arange(64, dtype=np.uint64))["carried"].sum(axis=1)
        own = [{"remove": "cleo-away"}] if member == "cleo" else []
        item = {"kind": "absence", "id": "all-along", "member": member, "date": world.debate.span.start,
                "until": world.debate.span.end, "reason": "x", "evidence": "assumed", "note": "x"}  # fmt: skip
        assert found[0] == carried(world.with_changes(*own, {"add": "timeline", "item": item}))
        assert found[1] == carried(world)


# Attribution -----------------------------------------------------------------------------------------------


def test_shares_add_up_to_the_difference_of_full_and_empty_world_exactly() -> None:
    """What is attributed is the whole difference, as fractions, whichever value it is."""
    for of in ("carried", "policy"):
        found = attribute(board(), "motion", ["letters:ada", "ben-writes", "deference"], of, runs=200, seed=3)
        assert found.is_exact
        assert sum(found.contributions) == found.full - found.empty


def test_the_full_world_is_the_debate_as_it_is() -> None:
    """With all causes, the value is the share of free histories that put and carry the motion."""
    found = attribute(board(), "motion", ["letters:ada"], runs=64, seed=3)
    assert found.full == Fraction(carried(board()), 64)
    assert found.table.first_in[0] == found.table.last_in[0] == pytest.approx(float(found.full - found.empty))


def test_the_directions_are_right() -> None:
    """Letters for the motion raise its chance, letters against lower it, and a share has an error."""
    table = attribute(board(), "motion", ["letters:ada", "ben-writes"], runs=800, seed=3).table.set_index("cause")
    assert table.loc["letters:ada", "low"] > 0
    assert table.loc["ben-writes", "high"] < 0


def test_a_cause_that_reaches_nobody_has_no_share() -> None:
    """A letter that only informs has a share of exactly nothing."""
    idle = {"id": "idle", "kind": "letter", "date": board().debate.span.start, "author": "dov", "readers": ["ben"],
            "strength": 3, "summary": "x", "evidence": "assumed", "note": "x"}  # fmt: skip
    world = board().with_changes({"add": "timeline", "item": idle})
    found = attribute(world, "motion", ["idle", "letters:ada", "deference"], runs=200, seed=3)
    assert found.contributions[0] == 0
    row = found.table.set_index("cause").loc["idle"]
    assert [row.low, row.high, row.first_in, row.last_in] == pytest.approx([0.0] * 4, abs=1e-12)


def test_a_group_of_causes_has_the_value_of_its_coalition() -> None:
    """Two causes as one add to the empty world what the coalition of both does."""
    apart = attribute(board(), "motion", ["ada-writes", "ada-insists"], runs=200, seed=3)
    together = attribute(board(), "motion", ["ada-*"], runs=200, seed=3)
    assert together.contributions[0] == sum(apart.contributions)


def test_the_error_is_that_of_the_shares_of_blocks() -> None:
    """Over many seeds, a share spreads about as widely as its error says."""
    seeds = range(24)
    found = [attribute(board(), "motion", ["letters:ada", "deference"], runs=256, seed=seed) for seed in seeds]
    spread = np.std(
        [[float(one_contribution) for one_contribution in one.contributions] for one in found], axis=0, ddof=1
    )
    said = np.mean([one.errors for one in found], axis=0)
    assert np.all(spread / said > 0.55)
    assert np.all(spread / said < 1.6)


def test_sampled_orders_add_up_too_and_come_near_the_exact_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above twelve causes orders are sampled: shares still add up exactly, and lie within their errors."""
    names = ["ada-writes", "ada-insists", "ben-writes", "absences:cleo", "deference"]
    exact = attribute(board(), "motion", names, runs=200, seed=3)
    monkeypatch.setattr("sim.analysis.attribution.EXACT", 3)
    sampled = attribute(board(), "motion", names, runs=200, seed=3, orders=40)
    assert not sampled.is_exact
    assert sum(sampled.contributions) == sampled.full - sampled.empty == exact.full - exact.empty
    distance = np.array([float(a - b) for a, b in zip(sampled.contributions, exact.contributions, strict=True)])
    assert np.all(np.abs(distance) <= 4 * sampled.errors + 1e-12)
    assert sampled.interactions.empty


def test_the_usual_causes_are_few_and_come_before_the_decision() -> None:
    """Without a word, the letters of each writer, who was away, and deference; at most ten."""
    world = sim.load("monopoly-1922")
    found = causes.usual(world.debate, "december-rescission")
    assert len(found) == causes.MOST
    assert {"deference", "letters of lenin", "absences of lenin"} <= {cause.name for cause in found}
    early = {item.id for item in world.debate.timeline if item.date <= datetime.date(1922, 12, 18)}
    assert all(cause.brings <= early for cause in found)


def test_an_error_over_blocks_is_that_of_a_mean() -> None:
    """For blocks of one size it is the standard deviation of their means over the root of their number."""
    values = np.array([[3.0, 5.0, 4.0, 8.0]])
    expected = np.std(values / 8, ddof=1) / 2
    assert error_of(values, np.array([8, 8, 8, 8])) == pytest.approx(expected)
    assert np.isnan(error_of(values[:, :1], np.array([8]))).all()


def test_without_a_cause_goes_what_follows_from_it() -> None:
    """The world without a letter is the one of a what-if: its answer is gone, and its motion put by nobody."""
    scenario = debate(
        {"ada": {"uniform": [0.5, 1.0]}, **{name: {"uniform": [0.0, 1.0]} for name in ("ben", "cleo", "dov")}},
        letter("ada-writes", "ada", ["board"], 1.0, on=1),
        letter("ben-answers", "ben", ["board"], 0.0, on=2, follows="ada-writes"),
        ballot("motion", 1.0, 0.0, on=11, moved_by="ada", follows="ada-writes"),
        weeks=4,
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse"},
        parameters={"deference": 0.4, "sharpness": 2.0},
        ballots={"rule": "logit", "sharpness": "sharpness"},
    )
    shared = attribute(scenario, "motion", ["ada-writes"], runs=2_000, seed=7)
    other = scenario.with_changes({"remove": "ada-writes"})
    compared = sim.whatif(scenario, other, runs=2_000, seed=7).decisions.set_index("decision")
    values = shared.tables["coalitions"].set_index("ada-writes").value
    assert (values[0], values[1]) == (compared.carried_other["motion"], compared.carried["motion"])
    alone = sim.whatif(scenario, scenario.with_changes({"remove": "ada-writes", "alone": True}), 2_000, 7).decisions
    assert alone.carried_other[0] != compared.carried_other["motion"]


def test_a_mover_who_is_heeded_goes_with_their_words_and_with_deference() -> None:
    """The worlds without a letter, and without deference, are those of what-ifs; a mover's cue is part of both."""
    heard = {"leader": "ada", "weight": "deference", "lapses_after": "lapse", "mover_weight": "heed"}
    scenario = debate(
        {"ada": 0.5, **{name: {"uniform": [0.0, 1.0]} for name in ("ben", "cleo", "dov")}},
        absence("ada-away", "ada", 0, 20),
        letter("ben-writes", "ben", ["board"], 0.9, on=1),
        ballot("motion", 1.0, 0.0, on=11, moved_by="ben", follows="ben-writes"),
        deference=heard,
        parameters={"deference": {"value": 0.4, "range": [0, 1]}, "heed": {"value": 0.4, "range": [0, 1]}},
    )
    values = attribute(scenario, "motion", ["ben-writes", "deference"], runs=2_000, seed=7).tables["coalitions"]
    values = values.set_index(["ben-writes", "deference"]).value
    without = scenario.with_changes({"remove": "ben-writes"})
    unheeded = scenario.with_changes({"remove": "dynamics.deference.mover_weight"})
    carried = [sim.whatif(scenario, other, 2_000, 7).decisions for other in (without, unheeded)]
    assert values[1, 1] == carried[0].carried[0]
    assert values[0, 1] == carried[0].carried_other[0]
    assert values[1, 0] == carried[1].carried_other[0] < values[1, 1]
