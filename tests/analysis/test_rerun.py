"""Every result says what it was made with, and can be made again from that."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas
import pytest

import sim
from sim.analysis import attribution, power, sensitivity, tipping_points
from sim.counterfactuals import comparison, overview
from sim.scenario.library import what_ifs_of

UNCERTAIN = {"set": "openness.value", "to": {"uniform": [0.2, 0.8]}}
STRONGER = {"set": "eve-writes.strength", "to": 2}

RESULTS: dict[str, tuple[Any, Callable[[sim.Scenario], Any]]] = {
    "comparison": (comparison, lambda debate: sim.whatif(debate, debate.with_changes(STRONGER), runs=16, label="more")),
    "attribution": (attribution, lambda debate: attribution.attribute(debate, causes=["eve-writes"], runs=16)),
    "tipping point": (tipping_points, lambda debate: tipping_points.tipping(debate, ("ben",), None, 16, 1, None)),
    "smallest change": (tipping_points, lambda debate: tipping_points.tipping(debate, (), None, 16, 1, None)),
    "tipping map": (
        tipping_points,
        lambda debate: tipping_points.tipping(debate, ("ben", "openness"), None, 8, 1, None),
    ),
    "power": (power, lambda debate: power.power(debate, runs=16)),
    "sensitivity": (
        sensitivity,
        lambda debate: sensitivity.sensitivity(debate.with_changes(UNCERTAIN), runs=16, size=2),
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_made_again_from_its_settings(name: str) -> None:
    """Scenario, runs, seed and settings (kept as JSON) give the same tables."""
    room, make = RESULTS[name]
    result = make(sim.load("library-sunday"))
    settings = json.loads(json.dumps(result.settings))
    same = room.rerun(result.scenario, settings, result.runs, result.seed)
    assert same.settings == result.settings
    assert_same_tables(same.tables, result.tables)


def test_an_overview_is_made_again_from_its_settings() -> None:
    """It keeps the texts of its what-ifs by their names: where the files are does not matter."""
    what_ifs = what_ifs_of("monopoly-1922")[:2]
    result = overview.overview(sim.load("monopoly-1922"), what_ifs, runs=8)
    assert list(result.settings["what_ifs"]) == [one.file.what_if for one in what_ifs]
    settings = json.loads(json.dumps(result.settings))
    same = overview.rerun(result.scenario, settings, result.runs, result.seed)
    assert same.settings == result.settings
    assert_same_tables(same.tables, result.tables)


def assert_same_tables(one: dict[str, pandas.DataFrame], other: dict[str, pandas.DataFrame]) -> None:
    """Both have the same tables with the same numbers."""
    assert list(one) == list(other)
    for name, table in one.items():
        pandas.testing.assert_frame_equal(table, other[name])
