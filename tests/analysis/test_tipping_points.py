"""A decision turns where half of all histories carry it, and one finds that point by halving the gap."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.analysis.inputs import input_of, inputs_of
from sim.analysis.outcomes import BLOCKS, resampled
from sim.analysis.tipping_points import Curve, SmallestChange, TippingMap, TippingPoint, tipping
from sim.errors import UserError
from sim.results.wording import percent
from sim.scenario.posterior import Particles
from tests.debates import ballot, debate, letter, talk


def board(**more: object) -> sim.Scenario:
    """Three people about the middle, one letter, and a motion that leads from 0 to 1."""
    return debate(
        {name: {"uniform": [0.3, 0.5]} for name in ("ada", "ben", "cleo")},
        letter("pushes", "ada", ["ben", "cleo"], 1.0, on=3, strength=3),
        talk("board-talks", on=5),
        ballot("motion", 1.0, 0.0, on=6),
        letter("too-late", "ada", ["ben"], 1.0, on=20),
        weeks=4,
        parameters={"sharpness": 6.0, "receptiveness": 0.3},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        **more,  # type: ignore[arg-type]
    )


def tipped(world: sim.Scenario, words: str, runs: int, seed: int) -> TippingPoint:
    """The tipping point of the motion over one input."""
    result = tipping(world, (words,), "motion", runs, seed)
    assert isinstance(result, TippingPoint)
    return result


def curve(shares: list[float]) -> Curve:
    """A curve over 0, 1, 2, … with these shares of 64 histories in every block."""
    carried = np.tile(np.round(np.array(shares)[:, None] * 64).astype(np.int64), (1, BLOCKS))
    return Curve(np.arange(float(len(shares))), carried, np.full(BLOCKS, 64))


@pytest.mark.parametrize(
    ("shares", "near", "at"),
    [
        ([0.25, 0.75], 0.0, 0.5),
        ([0.0, 0.25, 0.75, 1.0], 0.0, 1.5),
        ([0.75, 0.25, 0.75], 0.0, 0.5),
        ([0.75, 0.25, 0.75], 2.0, 1.5),
        ([0.375, 0.625], float("nan"), 0.5),
        ([0.0, 0.25], 0.0, float("nan")),
    ],
)
def test_a_curve_turns_where_a_straight_line_is_even(shares: list[float], near: float, at: float) -> None:
    """Of several crossings the nearest to the present counts; a curve that stays on one side turns nowhere."""
    assert curve(shares).tipping_point(near) == pytest.approx(at, nan_ok=True)


def test_where_all_blocks_agree_the_interval_is_a_point() -> None:
    """Nothing varies from draw to draw, so every bootstrap sample turns at the same value."""
    assert curve([0.25, 0.75]).interval(0.0, 1) == pytest.approx((0.5, 0.5))


def test_a_curve_that_hardly_turns_has_an_open_interval() -> None:
    """Where samples turn nowhere, the interval is open at both ends."""
    flat = curve([0.45, 0.52])
    uneven = Curve(flat.points, flat.carried + np.tile(np.array([30, -30]), BLOCKS // 2), flat.size)
    low, high = uneven.interval(0.0, 1)
    assert (low, high) == (-np.inf, np.inf)


def test_bootstrap_samples_draw_as_many_blocks_as_there_are() -> None:
    """Every sample has 64 blocks, drawn with equal chances, the same for the same seed."""
    drawn = resampled(1, 500)
    assert (drawn.sum(axis=1) == BLOCKS).all()
    assert abs(drawn.mean() - 1) < 1e-12
    assert abs((drawn == 0).mean() - np.exp(-1)) < 0.02
    assert np.array_equal(drawn, resampled(1, 500))


def test_a_bisected_value_is_even_when_played() -> None:
    """Set to the value that was found, the parameter puts the motion at even odds."""
    world = board().with_changes({"set": "receptiveness.range", "to": [0, 1]})
    found = tipped(world, "receptiveness", runs=800, seed=4)
    low, high = found.interval
    assert low < found.at < high
    assert 0.0 < found.at < 1.0
    there = world.with_changes({"set": "receptiveness.value", "to": found.at})
    compared = sim.whatif(there, there, runs=800, seed=4)
    assert compared.decisions.carried[0] == pytest.approx(0.5, abs=0.04)


def test_the_curve_of_a_letter_for_the_motion_rises() -> None:
    """The stronger the letter, the surer the motion; on common random numbers the curve has no wiggles to speak of."""
    found = tipped(board(), "pushes.strength", runs=400, seed=4)
    assert found.table.probability.diff().min() > -0.02
    assert found.table.probability.iloc[-1] - found.table.probability.iloc[0] > 0.1


def test_a_date_is_turned_by_whole_days_and_matters_only_before_the_decision() -> None:
    """A letter that comes after the ballot does nothing; its date tips where it stops doing anything."""
    found = tipped(board(), "pushes.date", runs=200, seed=4)
    assert all(value == round(value) for value in found.table.value)
    shares = dict(zip(found.table.value, found.table.probability, strict=True))
    end = datetime.date(2024, 1, 7).toordinal()
    assert len({share for day, share in shares.items() if day > end}) == 1
    assert found.inputs[0].text(end) == "2024-01-07"


def test_the_smallest_change_comes_first_and_turns_the_decision() -> None:
    """Inputs are ordered by the fraction of their range that it takes; what turns nothing comes last."""
    found = tipping(board(), (), "motion", runs=200, seed=4)
    assert isinstance(found, SmallestChange)
    changes = found.table.change.dropna()
    assert list(changes) == sorted(changes)
    assert found.table.change.isna().sum() + len(changes) == len(found.table)
    best = found.table.iloc[0]
    turned = tipped(board(), best.input.removesuffix(".first_stance"), runs=200, seed=4)
    assert turned.at == pytest.approx(best.tipping, abs=0.1 * (best.high - best.low))


def test_inputs_are_what_might_turn_it() -> None:
    """Letters before the decision, parameters with a range, and everybody's first stance."""
    names = {one.name for one in inputs_of(board(), "motion")}
    assert "pushes.strength" in names
    assert "too-late.strength" not in names
    assert {"ada.first_stance", "ben.first_stance", "cleo.first_stance"} <= names


def test_a_map_has_every_pair_and_agrees_with_the_curve() -> None:
    """Along the current value of the one input, the map is the curve of the other."""
    world = board()
    found = tipping(world, ("pushes.strength", "ada"), "motion", runs=64, seed=4)
    assert isinstance(found, TippingMap)
    assert len(found.table) == 81
    by_stance = found.table.pivot_table(index="one", columns="two", values="probability")
    assert (by_stance.iloc[-1] >= by_stance.iloc[0] - 0.05).all()


@pytest.mark.parametrize(
    ("words", "kind", "current"),
    [
        ("pushes.strength", "strength", 3.0),
        ("pushes.argues_for", "position", 1.0),
        ("motion.if_lost", "position", 0.0),
        ("receptiveness", "parameter", 0.3),
        ("receptiveness.value", "parameter", 0.3),
        ("ada", "stance", 0.4),
        ("ada.first_stance", "stance", 0.4),
    ],
)
def test_an_input_knows_its_current_value(words: str, kind: str, current: float) -> None:
    """The present value, or the median of its prior where nothing is fitted."""
    found = input_of(board(), words)
    assert found.kind == kind
    assert found.current == pytest.approx(current)


def fitted() -> sim.Scenario:
    """The board, its receptiveness and Ada's first stance learnt to lie high in their priors."""
    world = board().with_changes(
        {"set": "receptiveness.range", "to": [0, 1]}, {"set": "receptiveness.value", "to": {"uniform": [0, 1]}}
    )
    quantiles = np.array([[0.7, 0.8, 0.9], [0.9, 0.6, 0.7]])
    return world.with_posterior(Particles.of(("receptiveness",), ("ada",), quantiles, world.content_digest))


def test_the_current_value_of_what_was_fitted_is_the_median_of_its_posterior() -> None:
    """What is played is drawn from the particles, so their middle one is the present value, and not the prior's."""
    assert input_of(fitted(), "receptiveness").current == pytest.approx(0.8, abs=1e-4)
    assert input_of(fitted(), "ada").current == pytest.approx(0.44, abs=1e-4)
    assert input_of(fitted(), "ben").current == pytest.approx(0.4), "what the particles do not know keeps its prior"
    assert input_of(fitted().from_prior(), "receptiveness").current == pytest.approx(0.5)


def test_the_curve_is_played_at_the_current_value_and_the_sentence_tells_held_from_drawn() -> None:
    """At the dotted line the curve has a point; a letter's strength is held already, a parameter is drawn as played."""
    letter_, parameter = (tipped(fitted(), words, runs=400, seed=4) for words in ("pushes.strength", "receptiveness"))
    assert letter_.held == letter_.probability
    assert (
        f"As the debate is, pushes.strength = 3, it is put and carried in {percent(letter_.held)}" in letter_.headline
    )
    assert parameter.held != parameter.probability
    as_played = f"it is put and carried in {percent(parameter.probability)} of histories"
    held = f"held at the median, in {percent(parameter.held)}"
    assert f"draws receptiveness with a median of 0.8, {as_played}; {held}" in parameter.headline
    assert f"“Motion” is even at receptiveness = {parameter.at:.3g} (95 %: " in parameter.headline


def test_a_decision_that_is_even_nowhere_says_so() -> None:
    """A letter that comes after the ballot turns nothing, and the range of the curve is one percentage."""
    found = tipped(board(), "too-late.strength", runs=64, seed=4)
    only = percent(found.probability)
    where = "“Motion” is even nowhere from too-late.strength = 0.01 to 5"
    assert found.headline.startswith(f"{where}, where it is put and carried in {only} of histories.")


def test_the_smallest_change_is_said_with_its_size_or_that_there_is_none() -> None:
    """The headline names the input that comes first in the table."""
    found = tipping(board(), (), "motion", runs=64, seed=4)
    assert isinstance(found, SmallestChange)
    best = found.table.iloc[0]
    assert (
        f"that of {best.input} from {best.current:.3g} to {best.tipping:.3g}, {percent(best.change)}" in found.headline
    )
    none = replace(found, table=found.table.assign(tipping=np.nan, change=np.nan))
    assert none.headline.startswith("No single change within its range turns “Motion”")
    tied = found.table.iloc[:2].assign(change=0.25)
    assert "each 25 % of its range. 2 of 2 inputs turn it, each alone" in replace(found, table=tied).headline


def test_what_turns_the_decision_when_held_at_its_median_needs_no_change() -> None:
    """Carried in five of seven particles, but in two once Ada, mostly low, is low in all: the change is none."""
    split = debate({name: {"uniform": [0.0, 1.0]} for name in ("ada", "ben", "cleo")}, ballot("motion", 1.0, 0.0, on=6))
    seven = [(0.9, 0.9, 0.1)] * 3 + [(0.1, 0.9, 0.9)] * 2 + [(0.1, 0.1, 0.1)] * 2
    particles = Particles.of((), ("ada", "ben", "cleo"), np.array(seven).T, split.content_digest)
    found = tipping(split.with_posterior(particles), (), "motion", runs=7 * 8, seed=4)
    assert isinstance(found, SmallestChange)
    row = found.table.set_index("input").loc["ada.first_stance"]
    assert (found.probability, row.probability_current) == pytest.approx((5 / 7, 2 / 7))
    assert row.change == 0


def test_a_map_says_on_how_much_of_it_the_decision_is_carried() -> None:
    """The sentence counts the cells in which at least half of the histories carry it."""
    found = tipping(fitted(), ("pushes.strength", "receptiveness"), "motion", runs=64, seed=4)
    assert isinstance(found, TippingMap)
    cells = int((found.table.probability >= 0.5).sum())
    assert f"is carried in at least half of histories at {cells} of 81 pairs of values" in found.headline
    assert found.headline.endswith(f"held at the median, in {percent(found.held)}.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("push.strength", "did you mean 'pushes'"),
        ("pushes.strenth", "did you mean 'strength'"),
        ("pushes.summary", "'summary' is not a number of pushes that can be changed"),
        ("board-talks.strength", "'strength' is not a number of board-talks"),
    ],
)
def test_what_cannot_be_turned_is_refused(words: str, said: str) -> None:
    """The message quotes what was given and says what can be."""
    with pytest.raises(UserError, match=said):
        input_of(board(), words)


def test_a_date_stays_between_what_it_waits_for_and_what_waits_for_it() -> None:
    """A moment on a condition comes after its ballot, and a ballot before what its outcome brings about."""
    world = debate(
        {"ada": 0.4, "ben": 0.6},
        ballot("first", 1.0, 0.0, on=6),
        letter("answer", "ada", ["ben"], 0.0, on=8, **{"if": "first carried"}),
        ballot("second", 0.0, 1.0, on=10),
        weeks=4,
    )
    start = world.debate.span.start.toordinal()
    answer, first = input_of(world, "answer.date"), input_of(world, "first.date")
    assert (answer.low - start, first.high - start) == (7, 7)
    assert answer.high == world.debate.span.end.toordinal()


def test_an_input_whose_range_is_a_point_tips_nothing() -> None:
    """Of one value there is no neighbour to cross even odds towards."""
    alone = Curve(np.array([0.5]), np.ones((1, 64), np.int64), np.full(64, 2))
    assert np.isnan(alone.tipping_point(0.5))
    assert np.isnan(alone.interval(0.5, 1)).all()
