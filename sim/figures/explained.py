"""Figures of what-ifs and of what explains a decision, each from its result: what `sim` leaves beside the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from . import overview_chart, power_chart, tipping_map, waterfall_chart, whatif_chart
from .from_results import short_name
from .from_whatif import names_of, world_picture
from .tipping_map import Scale

if TYPE_CHECKING:
    from sim.attribution import Attribution
    from sim.counterfactual import Comparison
    from sim.levers import Lever
    from sim.overview import Overview
    from sim.power import Power
    from sim.saved import Saved
    from sim.tipping import Map, Turning


def whatif(compared: Comparison, title: str = "") -> Figure:
    """Two worlds side by side and their difference; `title` is what the other world is called."""
    pictures = (
        world_picture(compared.base, compared.stances, compared.policy, "mean"),
        world_picture(compared.other, compared.stances, compared.policy, "mean_other"),
    )
    titles = ("As it was", title or compared.called or "The other world")
    return whatif_chart.worlds(pictures, titles, compared.tables, names_of(compared.base, compared.other))


def overview(seen: Overview) -> Figure:
    """Many what-ifs at a glance."""
    return overview_chart.overview(seen.table, names_of(seen.base, *(one.other for one in seen.compared)))


def attribution(found: Attribution) -> Figure:
    """A decision shared out among its causes."""
    ends = float(found.empty), float(found.full)
    return waterfall_chart.waterfall(found.table, ends, found.decision, found.of, names_of(found.scenario))


def tipping(found: Turning) -> Figure:
    """Where a decision turns over one lever."""
    at = found.at, *found.interval
    return tipping_map.curve(found.table, _scale(found.lever), at, found.decision, names_of(found.scenario))


def tipping_grid(found: Map) -> Figure:
    """A decision over two levers."""
    scales = _scale(found.one), _scale(found.two)
    return tipping_map.grid(found.table, scales, found.decision, names_of(found.scenario))


def power(found: Power) -> Figure:
    """Power in a body, three ways side by side."""
    name = short_name(found.body, found.scenario.debate.bodies[found.body].name)
    return power_chart.power(found.table, name, names_of(found.scenario))


def _scale(lever: Lever) -> Scale:
    return Scale(lever.name, lever.now, lever.kind == "date")


# From a folder -----------------------------------------------------------------------------------------


def worlds_of_saved(saved: Saved) -> Figure:
    """Two worlds side by side, from the folder of a comparison; motions of the other world go by their ids."""
    tables = {name: saved.table(name) for name in ("decisions", "stances", "policy")}
    pictures = tuple(
        world_picture(saved.scenario, tables["stances"], tables["policy"], mean) for mean in ("mean", "mean_other")
    )
    command = saved.manifest["command"]
    titles = ("As it was", str(command.get("title") or command["called"]))
    return whatif_chart.worlds((pictures[0], pictures[1]), titles, tables, names_of(saved.scenario))


def overview_of_saved(saved: Saved) -> Figure:
    """Many what-ifs at a glance, from their folder."""
    return overview_chart.overview(saved.table("overview"), names_of(saved.scenario))


def attribution_of_saved(saved: Saved) -> Figure:
    """A decision shared out among its causes, from its folder: the ends are the worlds with none and with all."""
    worlds, command = saved.table("worlds"), saved.manifest["command"]
    values = worlds.loc[worlds.drop(columns="value").sum(axis=1).sort_values(kind="stable").index, "value"]
    ends = float(values.iloc[0]), float(values.iloc[-1])
    names = names_of(saved.scenario)
    return waterfall_chart.waterfall(saved.table("attribution"), ends, command["decision"], command["of"], names)


def power_of_saved(saved: Saved) -> Figure:
    """Power in a body, from its folder."""
    body = str(saved.manifest["command"]["body"])
    name = short_name(body, saved.scenario.debate.bodies[body].name)
    return power_chart.power(saved.table("power"), name, names_of(saved.scenario))
