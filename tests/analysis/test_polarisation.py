"""The measures of polarisation: what their sources say of plain shapes, and what a debate makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.polarisation import (
    MEASURES,
    MOST,
    SENSITIVITY,
    Line,
    Polarisation,
    above,
    below,
    bimodality,
    dispersion,
    esteban_ray,
    line,
    polarisation,
    spread,
)
from sim.ensembles.work import ids
from tests.debates import ballot, debate, letter

AXIS = Line(-2.0, 2.0, (-2.0, -1.0, 0.0, 1.0, 2.0))
STANCES = st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=30)


def column(*stances: float) -> np.ndarray:
    """Stances of one history."""
    return np.array(stances, dtype=float)[:, None]


def measured(name: str, *stances: float) -> float:
    """A measure of stances of one history."""
    return float(MEASURES[name](column(*stances), AXIS)[0])


def test_two_camps_at_the_ends_are_the_most_that_there_is() -> None:
    """Two halves at the ends: as far apart as can be, bimodality and Esteban and Ray's measure 1, half on each side."""
    camps = (-2.0,) * 4 + (2.0,) * 4
    found = {name: measured(name, *camps) for name in MEASURES}
    assert found == pytest.approx(
        {"spread": 4, "dispersion": 2, "bimodality": 1, "esteban-ray": 1, "above": 0.5, "below": 0.5}
    )


def test_agreement_is_no_division() -> None:
    """Where all stand on one spot there is no spread and no polarisation, and no bimodality to speak of."""
    assert measured("spread", 1.0, 1.0, 1.0) == measured("dispersion", 1.0, 1.0, 1.0) == 0
    assert measured("esteban-ray", 1.0, 1.0, 1.0) == 0
    assert np.isnan(measured("bimodality", 1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("stances", "published"),
    [
        (np.linspace(-2, 2, 20_001), 5 / 9),
        (np.random.default_rng(1).normal(0, 0.3, 400_000), 1 / 3),
        (np.random.default_rng(1).exponential(0.1, 400_000), 5 / 9),
    ],
)
def test_bimodality_of_known_laws(stances: np.ndarray, published: float) -> None:
    """Sarle's coefficient is 5/9 of a uniform law and of an exponential one, and 1/3 of a normal one (Pfister 2013)."""
    assert float(bimodality(stances[:, None], AXIS)[0]) == pytest.approx(published, abs=0.01)


def test_esteban_and_rays_three_camps_worked_by_hand() -> None:
    """A half at one end and a quarter each at the middle and the other end, with a sensitivity of 1.

    Sum of p_g^2 p_h |y_g - y_h|: (1/4)(1/4)(2) + (1/4)(1/4)(4) from the half, (1/16)(1/2)(2) + (1/16)(1/4)(2) from the
    middle, (1/16)(1/2)(4) + (1/16)(1/4)(2) from the end: 0.625; times 2^2 / 4.
    """
    stances = column(-2, -2, -2, -2, 0, 0, 2, 2)
    assert float(esteban_ray(stances, AXIS, 1.0)[0]) == pytest.approx(0.625)


def test_when_camps_split_polarisation_falls_and_dispersion_need_not() -> None:
    """The axiom that sets Esteban and Ray apart: camps that lose their likeness polarise less."""
    camps = (-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0)
    split = (-1.9, -1.9, 0.1, 0.1, -0.1, -0.1, 1.9, 1.9)
    assert measured("esteban-ray", *split) < measured("esteban-ray", *camps)
    assert measured("dispersion", *split) > measured("dispersion", *camps)


def test_who_stands_in_the_middle_is_on_neither_side() -> None:
    """The shares on either side leave out who stands exactly in the middle."""
    assert measured("above", -1.0, 0.0, 1.0, 2.0) == 0.5
    assert measured("below", -1.0, 0.0, 1.0, 2.0) == 0.25


@given(STANCES)
def test_measures_lie_in_their_ranges(stances: list[float]) -> None:
    """Whatever the stances, each measure lies in the range that it declares."""
    found = {name: measured(name, *stances) for name in MEASURES}
    assert 0 <= found["dispersion"] <= found["spread"] <= 4
    assert np.isnan(found["bimodality"]) or 0 < found["bimodality"] <= 1 + 1e-9
    assert -1e-12 <= found["esteban-ray"] <= 1 + 1e-9
    assert 0 <= found["above"] + found["below"] <= 1


@given(STANCES)
def test_the_axis_can_be_turned_round(stances: list[float]) -> None:
    """Seen in a mirror a body is as divided as before, and its sides change places."""
    mirrored = [-stance for stance in stances]
    for name in ("spread", "dispersion", "bimodality"):
        assert measured(name, *mirrored) == pytest.approx(measured(name, *stances), nan_ok=True, rel=1e-6)
    assert measured("above", *mirrored) == measured("below", *stances)


def test_histories_do_not_mix() -> None:
    """Each history is measured by itself."""
    stances = np.array([[-2.0, 1.0], [2.0, 1.0], [2.0, 0.0]])
    for measure in (spread, dispersion, bimodality, esteban_ray, above, below):
        alone = [float(measure(stances[:, [k]], AXIS)[0]) for k in (0, 1)]
        np.testing.assert_array_equal(measure(stances, AXIS), alone)


class TestCourse:
    """The measures of a debate, over time."""

    def test_a_letter_that_reconciles_is_seen(self) -> None:
        """Before a letter a board of four is divided as worked out; after one that wins over one camp it is not."""
        members = {"ann": 0.0, "bob": 0.0, "cy": 1.0, "dee": 1.0}
        scenario = debate(members, letter("plea", "cy", ["ann", "bob"], 1.0, strength=3), ballot("vote", 1.0, 0.0, 2),
                          parameters={"receptiveness": 1.0}, positions={"no": 0.0, "yes": 1.0})  # fmt: skip
        courses = {
            key: rows["mean"] for key, rows in polarisation(sim.ensemble(scenario, runs=8)).groupby(["body", "measure"])
        }
        for body in ("", "board"):
            for measure in ("spread", "esteban-ray"):
                course = courses[body, measure]
                assert (course.iloc[0], course.iloc[-1]) == pytest.approx((1.0, 0.0), abs=1e-6)
            assert courses[body, "bimodality"].iloc[0] == pytest.approx(1.0)
            assert np.isnan(courses[body, "bimodality"].iloc[-1])

    def test_only_those_who_sit_and_are_known_are_measured(self) -> None:
        """Bodies are measured while four or more sit who are recorded by name; stand-ins are nowhere."""
        table = polarisation(sim.ensemble(sim.load("monopoly-1922"), runs=8))
        assert set(table.body) == {"", "politburo", "central-committee"}
        assert table[table.body == "central-committee"].date.min().isoformat() > "1922-04-01"
        assert set(table.measure) == set(MEASURES)

    def test_the_measures_do_not_depend_on_who_played_what(self) -> None:
        """Histories measured in parts and put side by side are those measured at once, to the bit."""
        work = Polarisation(sim.load("library-sunday"), 1, runs=64)
        parts = work.batch(ids((16, 64))) + work.batch(ids((0, 16)))
        np.testing.assert_array_equal(parts["bits"], work.batch(ids((0, 64)))["bits"])

    def test_an_axis_without_names_is_cut_in_three(self) -> None:
        """Where the axis names no positions, its ends and its middle make the groups."""
        assert line(debate({"ann": 0.0, "bob": 1.0}).debate).positions == (0.0, 0.5, 1.0)


def test_the_page_defines_the_measures() -> None:
    """The page on analyses defines every measure, with the sensitivity and the number of histories that are used."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "analyses.md").read_text("utf-8")
    rows = page[page.index("| measure |") :].split("\n\n")[0].splitlines()[2:]
    assert [name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])] == list(MEASURES)
    assert f"α = {SENSITIVITY}" in page
    assert f"first {MOST} histories" in " ".join(page.split())
