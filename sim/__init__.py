"""Replay a documented policy debate in committees, and ask what if.

The public names, in reading order:

    load, shipped       a debate, from the shipped ones or from a file of yours   → Scenario
    whatif              two worlds that differ in a little, with the same luck    → Comparison
    whatif_names        the what-ifs that come with the program
    attribute           a decision shared out among its causes                    → Attribution
    play                one history, Mesa agents                                  → Run
    ensemble            many histories                                            → Ensemble
    Executor                who plays them: how many threads, or which Dask cluster
    replay              the model against the record, with baselines             → Replay
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
    from sim.analysis.attribution import attribute as attribute
    from sim.counterfactuals.comparison import Comparison as Comparison
    from sim.counterfactuals.comparison import whatif as whatif
    from sim.ensembles.ensemble import Ensemble as Ensemble
    from sim.ensembles.ensemble import ensemble as ensemble
    from sim.ensembles.executor import Executor as Executor
    from sim.errors import ScenarioError as ScenarioError
    from sim.evaluation.replay import Replay as Replay
    from sim.evaluation.replay import replay as replay
    from sim.model.mesa_model import Debate as Debate
    from sim.model.mesa_model import Member as Member
    from sim.model.transcript import Run as Run
    from sim.model.transcript import play as play
    from sim.scenario.library import shipped as shipped
    from sim.scenario.library import whatif_names as whatif_names
    from sim.scenario.scenario import Scenario as Scenario
    from sim.scenario.scenario import load as load

_HOMES = {
    "load": "scenario.scenario",
    "shipped": "scenario.library",
    "whatif_names": "scenario.library",
    "Scenario": "scenario.scenario",
    "ScenarioError": "errors",
    "play": "model.transcript",
    "Run": "model.transcript",
    "ensemble": "ensembles.ensemble",
    "Ensemble": "ensembles.ensemble",
    "Executor": "ensembles.executor",
    "whatif": "counterfactuals.comparison",
    "attribute": "analysis.attribution",
    "Comparison": "counterfactuals.comparison",
    "replay": "evaluation.replay",
    "Replay": "evaluation.replay",
    "Debate": "model.mesa_model",
    "Member": "model.mesa_model",
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
