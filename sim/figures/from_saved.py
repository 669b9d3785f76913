"""Figures of what-ifs, of what explains a decision and of a fit, each from the folder that its command wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.figures import charts, explained
from sim.figures.from_whatif import names_of

if TYPE_CHECKING:
    from sim.results.saved import Saved


def worlds(saved: Saved) -> Figure:
    """Two worlds side by side and their difference."""
    from sim.counterfactuals.comparison import other_world

    command, base = saved.manifest["command"], saved.scenario
    other = other_world(base, command)
    tables = {name: saved.table(name) for name in ("decisions", "stances", "policy")}
    return explained.worlds(base, other, command["title"] or command["label"], tables)


def overview(saved: Saved) -> Figure:
    """Many what-ifs at a glance."""
    from sim.scenario.what_if import typed
    from sim.scenario.yaml_reader import parse

    asked = [typed(parse(text, file)) for file, text in saved.manifest["command"]["what_ifs"].items()]
    others = (saved.scenario.with_changes(one) for one in asked)
    return charts.overview.overview(saved.table("overview"), names_of(saved.scenario, *others))


def waterfall(saved: Saved) -> Figure:
    """A decision shared out among its causes."""
    command, played = saved.manifest["command"], saved.table("worlds")
    there = played.drop(columns="value").sum(axis=1)
    ends = float(played.value[there.argmin()]), float(played.value[there.argmax()])
    named = names_of(saved.scenario)
    return charts.waterfall.waterfall(saved.table("attribution"), ends, command["decision"], command["of"], named)


def tipping(saved: Saved) -> Figure:
    """Where a decision turns over one lever."""
    row = saved.table("tipping").iloc[0]
    at = float(row.tipping), float(row.low), float(row.high)
    return charts.tipping.curve(
        saved.table("curve"), _scale(saved, row.lever), at, row.decision, names_of(saved.scenario)
    )


def tipping_grid(saved: Saved) -> Figure:
    """A decision over two levers."""
    command = saved.manifest["command"]
    one, two = (_scale(saved, words) for words in command["over"])
    return charts.tipping.grid(saved.table("map"), (one, two), command["decision"], names_of(saved.scenario))


def _scale(saved: Saved, words: str) -> charts.tipping.Scale:
    from sim.analysis.inputs import lever

    found = lever(saved.scenario, words)
    return charts.tipping.Scale(found.name, found.now, found.kind == "date")


def power(saved: Saved) -> Figure:
    """Power in a body, three ways side by side."""
    return explained.power_of(saved.scenario, saved.manifest["command"]["body"], saved.table("power"))


def posterior(saved: Saved) -> Figure:
    """The posterior of each parameter and first stance, beside its prior."""
    return charts.posterior.posterior(saved.table("parameters"))
