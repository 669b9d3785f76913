"""Draws: what is not known, drawn by its law, shared by histories, and moved by nothing but itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.ensembles.executor import play_runs
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.plan import ONE, ZERO
from sim.model.priors import Prior
from sim.scenario.scenario import Scenario
from tests.debates import Floats, ballot, debate, played

SEED = random_streams.seed_words(1)
SHARES = np.array([0.001, 0.025, 0.25, 0.5, 0.75, 0.975, 0.999])
DRAWS = np.arange(20_000, dtype=np.uint64)


def quantiles(kind: str, terms: tuple[float, ...], low: float, high: float, shares: Floats = SHARES) -> Floats:
    """The values below which the given shares of a law lie."""
    return Prior(kind, terms, low, high).value_at(shares)


def drawn(scenario: Scenario, fixed: dict[str, float] | None = None) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Many draws of a debate's parameters and first stances, by name."""
    laws = priors.of_debate(scenario.debate)
    parameters, first = priors.of_draws(laws, SEED, DRAWS, fixed)
    names = arrays_of(scenario).names
    return dict(zip(names.parameters, parameters, strict=True)), dict(zip(names.members, first, strict=True))


# ------------------------------------------------------------------------ laws


def test_what_is_fixed_is_not_drawn() -> None:
    """A number is a number."""
    assert (quantiles("fixed", (0.3,), 0, 1) == 0.3).all()


@pytest.mark.parametrize(("low", "high", "cut"), [(-5, 5, (-1, 3)), (0, 5, (0, 3)), (-5, 2, (-1, 2)), (0, 1, (0, 1))])
def test_a_uniform_law_is_cut_to_its_range(low: float, high: float, cut: tuple[float, float]) -> None:
    """The uniform law from -1 to 3 keeps its evenness within whatever part of it is possible."""
    assert quantiles("uniform", (-1.0, 3.0), low, high) == pytest.approx(
        stats.uniform(cut[0], cut[1] - cut[0]).ppf(SHARES)
    )


@pytest.mark.parametrize(("low", "high"), [(-50, 50), (-2, 2), (0.3, 0.4), (2.5, 9), (-9, -3.5)])
def test_a_normal_law_is_cut_to_its_range(low: float, high: float) -> None:
    """The normal law of mean 0.5 and deviation 0.8, conditional on lying in the range, as SciPy has it."""
    expected = stats.truncnorm((low - 0.5) / 0.8, (high - 0.5) / 0.8, 0.5, 0.8).ppf(SHARES)
    assert quantiles("normal", (0.5, 0.8), low, high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("low", "high"), [(0, 1000), (0, 2), (1.5, 3), (0.01, 0.5)])
def test_a_lognormal_law_is_cut_to_its_range(low: float, high: float) -> None:
    """The lognormal law of median 1.2 and logarithmic deviation 0.5, conditional on lying in the range."""
    law = stats.lognorm(0.5, scale=1.2)
    expected = law.ppf(law.cdf(low) + SHARES * (law.cdf(high) - law.cdf(low)))
    assert quantiles("lognormal", (1.2, 0.5), low, high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("middle", "nearer"), [(-10.0, -2.0), (-60.0, -2.0), (10.0, 2.0), (60.0, 2.0)])
def test_a_law_far_outside_its_range_ends_at_the_nearer_end(middle: float, nearer: float) -> None:
    """Somebody drawn around a place beyond the axis stands at that end of it, and not at the other."""
    assert quantiles("normal", (middle, 0.5), -2, 2) == pytest.approx(np.full(SHARES.size, nearer), abs=0.3)


@pytest.mark.parametrize("middle", [-2.0, 0.5])
def test_a_law_without_spread_is_a_point(middle: float) -> None:
    """A deviation of zero leaves nothing to draw, even at an end of the axis."""
    assert quantiles("normal", (middle, 0.0), -2, 2) == pytest.approx(np.full(SHARES.size, middle), abs=1e-9)


@given(
    st.sampled_from(["uniform", "normal", "lognormal"]),
    st.floats(0.01, 3),
    st.floats(0.01, 3),
    st.floats(0, 2),
    st.floats(0.01, 2),
)
def test_quantiles_rise_within_the_range(kind: str, first: float, second: float, low: float, width: float) -> None:
    """Whatever the law, its quantiles never fall, never leave the range, and are numbers."""
    terms = (first, first + second) if kind == "uniform" else (first, second)
    values = quantiles(kind, terms, low, low + width)
    assert np.isfinite(values).all()
    assert (np.diff(values) >= -1e-12).all()
    assert low <= values[0] <= values[-1] <= low + width


@pytest.mark.parametrize(
    ("value", "law"),
    [
        ({"uniform": [0.2, 0.8]}, stats.uniform(0.2, 0.6)),
        ({"normal": [0.5, 0.1]}, stats.truncnorm(-5, 5, 0.5, 0.1)),
        ({"lognormal": [0.2, 0.3]}, stats.lognorm(0.3, scale=0.2)),
    ],
)
def test_parameters_and_first_stances_follow_their_laws(value: dict[str, Any], law: Any) -> None:
    """Twenty thousand draws are not to be told from the law by the test of Kolmogorov and Smirnov."""
    unknown = debate({"ann": value, "bob": 0.5}, parameters={"openness": {"value": value, "range": [0, 1]}})
    parameters, first = drawn(unknown)
    assert stats.kstest(parameters["openness"], law.cdf).pvalue > 0.01
    assert stats.kstest(first["ann"], law.cdf).pvalue > 0.01
    assert abs(np.corrcoef(parameters["openness"], first["ann"])[0, 1]) < 4 / np.sqrt(DRAWS.size)


def test_the_rows_that_stand_in_for_no_parameter_are_constants() -> None:
    """The first two rows are 0 and 1 in every draw, and the named ones follow."""
    parameters, _ = priors.of_draws(priors.of_debate(debate({"ann": 0.5}).debate), SEED, DRAWS[:5])
    assert (parameters[ZERO] == 0).all()
    assert (parameters[ONE] == 1).all()


# ----------------------------------------------------------- who shares a draw

UNKNOWN: dict[str, Any] = {
    "parameters": {
        "centre": {"value": {"normal": [0, 1.5]}, "range": [-50, 50]},
        "spread": 2.0,
        "openness": {"value": {"uniform": [0, 1]}, "range": [0, 1]},
    },
    "unknown_stance": {"value": {"normal": ["centre", "spread"]}},
    "unknown_centre": "centre",
    "low": -50,
    "high": 50,
}


def test_histories_share_a_draw_in_groups() -> None:
    """Replicates 0 to 7 know the same parameters and first stances, 8 to 15 others."""
    histories = played(debate({"ann": None, "bob": None}, **UNKNOWN), 32)
    first = histories.stances[0].reshape(2, 4, 8)
    assert (first == first[:, :, :1]).all()
    assert len(np.unique(first[0, :, 0])) == 4


def test_unknown_stances_lie_around_one_unknown_centre() -> None:
    """Two unknown members correlate by the share of the variance that is the centre's: 1.5^2 / (1.5^2 + 2^2) = 0.36."""
    _, first = drawn(debate({"ann": None, "bob": None, "cat": 0.0, "dan": {"normal": [0, 2]}}, **UNKNOWN))
    error = (1 - 0.36**2) / np.sqrt(DRAWS.size)
    assert np.corrcoef(first["ann"], first["bob"])[0, 1] == pytest.approx(0.36, abs=4 * error)
    assert first["ann"].std() == pytest.approx(2.5, rel=4 / np.sqrt(2 * DRAWS.size))
    assert (first["cat"] == 0).all()
    assert abs(np.corrcoef(first["ann"], first["dan"])[0, 1]) < 4 / np.sqrt(DRAWS.size)


def test_a_parameter_held_at_a_value_leaves_all_else_alone() -> None:
    """What is fixed from outside takes its value; every other draw keeps its bits, and what hangs on it follows."""
    unknown = debate({"ann": None, "bob": {"uniform": [0, 1]}}, **UNKNOWN)
    usual, held = drawn(unknown), drawn(unknown, {"centre": 10.0})
    assert (held[0]["centre"] == 10).all()
    assert (held[0]["openness"] == usual[0]["openness"]).all()
    assert (held[1]["bob"] == usual[1]["bob"]).all()
    assert held[1]["ann"] == pytest.approx(usual[1]["ann"] - usual[0]["centre"] + 10)


def test_a_parameter_more_leaves_the_draws_of_the_others_alone() -> None:
    """Draws go by name: what is added or reordered in the file shifts nothing."""
    usual = drawn(debate({"ann": None}, **UNKNOWN))[0]
    more = {"aaa": {"value": {"uniform": [0, 1]}, "range": [0, 1]}, **dict(reversed(UNKNOWN["parameters"].items()))}
    other = drawn(debate({"zoe": 0.0, "ann": None}, **{**UNKNOWN, "parameters": more}))[0]
    assert (other["centre"] == usual["centre"]).all()
    assert (other["openness"] == usual["openness"]).all()


def test_the_alike_ones_of_a_group_are_drawn_one_by_one() -> None:
    """A group of three unknowns is three people around the common centre, each with random numbers of their own."""
    _, first = drawn(debate({"voter": {"count": 3}}, **UNKNOWN))
    assert list(first) == ["voter-1", "voter-2", "voter-3"]
    assert np.corrcoef(list(first.values()))[np.triu_indices(3, 1)] == pytest.approx(np.full(3, 0.36), abs=0.03)


def test_an_ensemble_refuses_to_hold_what_is_no_parameter() -> None:
    """A misspelt name is an error, not a silent nothing."""
    with pytest.raises(ValueError, match="no parameter is called 'opennes'"):
        play_runs(debate({"ann": 0.5}, ballot("vote", 1.0, 0.0)), 8, 1, fixed={"opennes": 0.5})


@pytest.mark.parametrize("runs", [0, -3])
def test_an_ensemble_of_no_histories_is_refused(runs: int) -> None:
    """There is at least one history in an ensemble."""
    with pytest.raises(ValueError, match=f"from 1 up, not {runs}"):
        play_runs(debate({"ann": 0.5}, ballot("vote", 1.0, 0.0)), runs, 1)
