"""Replay a documented policy debate in committees, and ask what if.

The public names, in reading order:

    load, shipped       a debate, from the shipped ones or from a file of yours   → Scenario
    whatif              two worlds that differ in a little, with the same luck    → Comparison
    whatif_names        the what-ifs that come with the program
    attribute           a decision shared out among its causes                    → Attribution
    play                one history, Mesa agents                                  → Run
    ensemble            many histories                                            → Ensemble
    Crew                who plays them: how many threads, or which Dask cluster
    replay              the model against the record, with yardsticks             → Replay
    Debate, Member      the Mesa model and its agents
    figures             matplotlib figures of an ensemble
    ScenarioError       everything that is wrong with a file, at once

Each is imported when it is first used, so that a command that plays nothing starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures as figures
    from sim.attribution import attribute as attribute
    from sim.backtest import Replay as Replay
    from sim.backtest import replay as replay
    from sim.counterfactual import Comparison as Comparison
    from sim.counterfactual import whatif as whatif
    from sim.crew import Crew as Crew
    from sim.debate import Debate as Debate
    from sim.document import ScenarioError as ScenarioError
    from sim.estimates import Ensemble as Ensemble
    from sim.estimates import ensemble as ensemble
    from sim.member import Member as Member
    from sim.scenario import Scenario as Scenario
    from sim.scenario import load as load
    from sim.scenario import shipped as shipped
    from sim.scenario import whatif_names as whatif_names
    from sim.transcript import Run as Run
    from sim.transcript import play as play

_HOMES = {
    "load": "scenario",
    "shipped": "scenario",
    "whatif_names": "scenario",
    "Scenario": "scenario",
    "ScenarioError": "document",
    "play": "transcript",
    "Run": "transcript",
    "ensemble": "estimates",
    "Ensemble": "estimates",
    "Crew": "crew",
    "whatif": "counterfactual",
    "attribute": "attribution",
    "Comparison": "counterfactual",
    "replay": "backtest",
    "Replay": "backtest",
    "Debate": "debate",
    "Member": "member",
}

__all__ = ["figures", *_HOMES]


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("sim.figures")
    if name in _HOMES:
        return getattr(importlib.import_module(f"sim.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
