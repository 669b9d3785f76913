"""Replay a documented policy debate in committees, and ask what if.

The public names, in reading order:

    load, shipped           a debate, from the shipped ones or from a file of yours          → Scenario
    from_tables             a debate, from data frames or files of tables                     → Scenario
    play                    one history                                                       → Run
    ensemble                many histories                                                    → Ensemble
    replay                  the model against the record, with baselines                      → Replay
    whatif                  two worlds that differ in a little, on common random numbers      → Comparison
    overview, whatif_names  many what-ifs beside each other; those that come with the program → Overview
    attribute               a decision attributed to its causes                               → Attribution
    tipping                 what turns a decision        → TippingPoint, SmallestChange or TippingMap
    power, sensitivity      power in a body; which parameters decisions depend on             → Power, Sensitivity
    calibrate, score        the posterior, with how much Effort; how well it predicts         → Fit, Score
    compare                 rules and readings of the sources, fitted to the same record      → ModelComparison
    figures                 matplotlib figures of any of these results
    Executor                who plays: how many threads, or which Dask cluster
    Debate, Member          the Mesa model and its agents
    UserError               what is given and cannot be used; ScenarioError: all that is wrong with a file

A name is imported when it is first used, so that a command that plays nothing starts at once.
"""

from __future__ import annotations

import ast
import functools
import importlib
from pathlib import Path
from typing import Any

# The names stand in `__init__.pyi` alone, as imports that type checkers follow.
_STUB = ast.parse(Path(__file__).with_suffix(".pyi").read_text("utf-8"))
_IMPORTS = [(node.module or "", name) for node in _STUB.body if isinstance(node, ast.ImportFrom) for name in node.names]
_HOMES = {name.asname or name.name: (module, name.name) for module, name in _IMPORTS}
__all__ = ["__version__", *_HOMES]

#: The one place of it: the wheel, manifests and `sim --version` take it from here.
__version__ = "0.2.0"


@functools.cache
def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("sim.figures")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
