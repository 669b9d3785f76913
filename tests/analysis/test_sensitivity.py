"""What a result hangs on is told by how much of its variance goes with what."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

import sim
from sim.analysis.design import Design, design_of, factors
from sim.analysis.sensitivity import INDICES, STEPS, Points, indices, sensitivity
from sim.errors import UserError
from sim.model import priors
from sim.model.array_types import Floats
from sim.model.plan import NOT_PUT
from tests.debates import ballot, debate, letter, played, talk


def known(design: Design, result: Floats) -> pandas.DataFrame:
    """The indices of a result, (rows, points of each), in which chance has no part: both halves are the same."""
    return indices(design, np.stack([result.ravel()] * 2))


def test_the_ishigami_function_has_its_published_indices() -> None:
    """With a = 7 and b = 0.1: S1 .3139, .4424, 0 and ST .5576, .4424, .2437 (Ishigami and Homma 1990)."""
    design = design_of(("one", "two", "three"), 8192, 1922)
    one, two, three = np.moveaxis((2 * design.quantiles - 1) * np.pi, -1, 0)
    table = known(design, np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))
    np.testing.assert_allclose(table["first_order"], [0.3139, 0.4424, 0.0], atol=0.01)
    np.testing.assert_allclose(table.total_order, [0.5576, 0.4424, 0.2437], atol=0.01)
    assert ((table["first_order"] - [0.3139, 0.4424, 0.0]).abs() < table.first_order_error + 1e-3).all()


def test_a_sum_hangs_on_its_terms_by_their_variances() -> None:
    """Of x + 2y + 0z, x has a fifth of the variance, y four fifths and z none; nothing interacts."""
    design = design_of(("x", "y", "z"), 2048, 7)
    table = known(design, design.quantiles @ np.array([1.0, 2.0, 0.0]))
    np.testing.assert_allclose(table["first_order"], [0.2, 0.8, 0.0], atol=0.01)
    np.testing.assert_allclose(table.total_order, table["first_order"], atol=0.01)


def test_a_result_that_never_varies_has_no_indices() -> None:
    """No variance can be due to nothing."""
    design = design_of(("x", "y"), 8, 7)
    assert known(design, np.ones(design.points))[list(INDICES)].isna().all(axis=None)


def test_what_chance_alone_varies_has_no_indices() -> None:
    """Luck is no part of the variance: where halves have nothing in common, nothing is due to a parameter."""
    design = design_of(("x", "y"), 64, 7)
    luck = np.random.default_rng(7).normal(size=(2, design.points))
    assert indices(design, luck)[list(INDICES)].isna().all(axis=None)


def test_a_design_is_even_and_turned_by_its_seed() -> None:
    """Shares lie in (0, 1), their first columns fill it evenly, and another seed turns them otherwise."""
    design, other = design_of(("x", "y"), 64, 1), design_of(("x", "y"), 64, 2)
    assert ((design.quantiles > 0) & (design.quantiles < 1)).all()
    assert design.points == 64 * 4
    counts = np.histogram(design.quantiles[:, 0, 0], bins=8, range=(0, 1))[0]
    assert counts.tolist() == [8] * 8
    assert not np.allclose(design.quantiles, other.quantiles)
    assert np.array_equal(design.quantiles, design_of(("x", "y"), 64, 1).quantiles)


@pytest.mark.parametrize(("names", "size"), [((), 8), (("x",), 9), (("x",), 1)])
def test_a_design_of_no_factors_or_of_another_size_is_refused(names: tuple[str, ...], size: int) -> None:
    """The scheme needs a power of two."""
    with pytest.raises(ValueError, match=r"needs factors|power of 2"):
        design_of(names, size, 1)


def board() -> sim.Scenario:
    """People of unknown stance about an unknown centre, a letter that hardly counts, and a motion."""
    world = debate(
        {name: {"normal": ["centre", "apart"]} for name in ("ada", "ben", "cleo")},
        letter("hint", "ada", ["ben"], 1.0, on=1, strength=1),
        talk("board-talks", on=2),
        ballot("motion", 1.0, 0.0, on=3),
        parameters={"centre": 0.5, "apart": 0.1, "receptiveness": 0.02, "sharpness": 4.0},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        weeks=2,
    )
    unsure = [
        change
        for name, low, high in (("centre", 0.0, 1.0), ("apart", 0.05, 0.4), ("receptiveness", 0.0, 0.04))
        for change in (
            {"set": f"{name}.range", "to": [low, high]},
            {"set": f"{name}.value", "to": {"uniform": [low, high]}},
        )
    ]
    return world.with_changes(*unsure)


def test_a_decision_hangs_on_the_centre_and_their_distance_on_the_spread() -> None:
    """Where nobody is known, the unknown centre decides, and how far they lie apart goes with their spread."""
    found = sensitivity(board(), runs=16, size=64, seed=3).table
    top = found.groupby("measure").head(1).set_index("measure").parameter
    assert top.to_dict() == {"carried": "centre", "dispersion": "apart"}
    carried = found[found.measure == "carried"].set_index("parameter")
    assert carried.loc["centre", "first_order"] > 0.7
    assert carried.loc["receptiveness", "total_order"] < 0.05


def test_every_point_is_the_debate_with_those_parameters() -> None:
    """A design point plays the debate with its parameters held at their values, on the same random numbers."""
    world = board()
    design = design_of(factors(world), 2, 3)
    work = Points(world, design, 16, 3)
    found = work.batch(np.arange(16 * design.points, dtype=np.uint64))
    known = priors.of_debate(world.debate).parameters
    # Those of the first row: its histories are the first ones.
    for point in (0, 3, len(design.names) + 1):
        shares = (np.floor(design.quantiles[0, point] * 2**16) + 0.5) / 2**16
        fixed = {
            name: float(known[name].value_at(np.array([share]))[0])
            for name, share in zip(design.names, shares, strict=True)
        }
        seen = played(world, 16, seed=3, fixed=fixed)
        chance = np.where(seen.decided[0] != NOT_PUT, seen.chance[0], 0.0).reshape(2, 8).mean(axis=1)
        # A posterior keeps shares in steps of 2^-16, those of first stances too.
        assert found["carried"][0, :, point] / STEPS / 8 == pytest.approx(chance, abs=1e-3)


def test_work_adds_up_however_it_is_cut() -> None:
    """Points played apart and added give the whole."""
    work = Points(board(), design_of(factors(board()), 2, 3), 16, 3)
    ids = np.arange(16 * work.design.points, dtype=np.uint64)
    whole = work.batch(ids)
    parts = work.batch(ids[24:]) + work.batch(ids[:24])
    assert all(np.array_equal(whole[name], parts[name]) for name in whole.arrays)


def test_the_assumed_laws_are_used_whatever_posterior_there_is() -> None:
    """A posterior's parameters are not independent, so that the indices are those of the laws."""
    found = sensitivity(board(), runs=16, size=2, seed=3)
    assert found.scenario.posterior is None


def test_numbers_that_are_not_allowed_are_refused() -> None:
    """The message says what is."""
    with pytest.raises(UserError, match="8 histories of each design point are not two halves of whole draws: give a m"):
        sensitivity(board(), runs=8)
    with pytest.raises(UserError, match="a design of size 9: the size is a power of 2"):
        sensitivity(board(), runs=16, size=9)
    with pytest.raises(UserError, match="no parameter of 'library-sunday' is uncertain"):
        sensitivity(sim.load("library-sunday"))
