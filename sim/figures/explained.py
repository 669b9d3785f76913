"""Figures of what-ifs and of what explains a decision, each from its result: what `sim` leaves beside the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.figures import charts
from sim.figures.charts.tipping import Scale
from sim.figures.from_whatif import names_of, of_world
from sim.figures.labels import short_name
from sim.results.tables import parsed, written

if TYPE_CHECKING:
    from sim.analysis.attribution import Attribution
    from sim.analysis.inputs import Lever
    from sim.analysis.power import Power
    from sim.analysis.tipping_points import Map, Turning
    from sim.counterfactuals.comparison import Comparison
    from sim.counterfactuals.overview import Overview
    from sim.scenario.scenario import Scenario


def whatif(compared: Comparison, title: str = "") -> Figure:
    """Two worlds side by side and their difference; `title` is what the other world is called."""
    # From the tables as they are written, so that `sim plot` draws the same to the last pixel.
    tables = {name: parsed(written(compared.tables[name])) for name in ("decisions", "stances", "policy")}
    return worlds(compared.base, compared.other, title or compared.label, tables)


def worlds(base: Scenario, other: Scenario, title: str, tables: dict[str, pd.DataFrame]) -> Figure:
    """The same from the tables of a comparison: decisions, stances, policy."""
    both = (
        of_world(base, tables["stances"], tables["policy"], "mean"),
        of_world(other, tables["stances"], tables["policy"], "mean_other"),
    )
    return charts.two_worlds.worlds(both, ("As it was", title or "The other world"), tables, names_of(base, other))


def overview(seen: Overview) -> Figure:
    """Many what-ifs at a glance."""
    return charts.overview.overview(seen.table, names_of(seen.scenario, *(one.other for one in seen.comparisons)))


def attribution(found: Attribution) -> Figure:
    """A decision shared out among its causes."""
    ends = float(found.empty), float(found.full)
    return charts.waterfall.waterfall(found.table, ends, found.decision, found.of, names_of(found.scenario))


def tipping(found: Turning) -> Figure:
    """Where a decision turns over one lever."""
    at = found.at, *found.interval
    return charts.tipping.curve(found.table, _scale(found.lever), at, found.decision, names_of(found.scenario))


def tipping_grid(found: Map) -> Figure:
    """A decision over two levers."""
    scales = _scale(found.one), _scale(found.two)
    return charts.tipping.grid(found.table, scales, found.decision, names_of(found.scenario))


def power(found: Power) -> Figure:
    """Power in a body, three ways side by side."""
    return power_of(found.scenario, found.body, parsed(written(found.table)))


def power_of(scenario: Scenario, body: str, table: pd.DataFrame) -> Figure:
    """The same from the table of a body's members."""
    name = short_name(body, scenario.debate.bodies[body].name)
    return charts.power.power(table, name, names_of(scenario))


def _scale(lever: Lever) -> Scale:
    return Scale(lever.name, lever.now, lever.kind == "date")
