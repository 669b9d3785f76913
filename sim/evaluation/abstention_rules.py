"""Other rules by which members abstain, beside indifference: nobody does, or all do with one chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.calibration.record import documented, record_of
from sim.model.arrays import VOTES
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from sim.scenario.seats import persons

NOBODY, BY_CHANCE = "nobody abstains", "all abstain with one chance"


def nobody(scenario: Scenario) -> Scenario:
    """The debate in which nobody abstains from indifference. Raises ValueError, saying why, where that is no model."""
    known = documented(scenario, record_of(scenario))
    if (known.ballots.abstain > 0).any() or (known.votes == VOTES["abstain"]).any():
        raise ValueError("abstentions are on record")
    return scenario.with_changes(*_without_margins(scenario))


def by_chance(scenario: Scenario) -> Scenario:
    """The debate in which all abstain from any ballot with one chance, whatever they think: a null model of who does.

    The chance is assumed to lie anywhere from 0 to 1. It takes the place of reasons of their own, too.
    Raises ValueError, saying why, where nobody abstains from indifference as it is.
    """
    name = next(name for name in _NAMES if name not in scenario.debate.parameters)
    chance = {**_ASSUMED, "id": name, "value": {"uniform": [0.0, 1.0]}, "range": [0.0, 1.0]}
    chance |= {"unit": "chance", "meaning": "the chance that somebody abstains from a ballot"}
    changes: list[Mapping[str, Any]] = [*_without_margins(scenario), {"add": "parameters", "item": chance}]
    for entry in scenario.entries:
        if isinstance(entry.item, Ballot):
            there = set(entry.who)
            voters = [one for one in scenario.debate.members if there & {*persons(scenario.debate, one)}]
            reasons = [{**_ASSUMED, "member": one, "because": "By chance", "chance": name} for one in voters]
            changes.append({"set": f"{entry.id}.abstentions", "to": reasons})
    return scenario.with_changes(*changes)


#: The rules by name.
RULES: Mapping[str, Callable[[Scenario], Scenario]] = {NOBODY: nobody, BY_CHANCE: by_chance}
_NAMES = ("chance-of-abstaining", "chance-of-abstaining-from-a-ballot")
_ASSUMED = {"evidence": "assumed", "note": "A null model: who abstains is a matter of chance."}


def _without_margins(scenario: Scenario) -> list[Mapping[str, Any]]:
    """Changes that take out every margin of abstention."""
    debate = scenario.debate
    given = [name for name, body in debate.bodies.items() if body.abstention_margin is not None]
    given += [one.id for one in debate.timeline if isinstance(one, Ballot) and one.abstention_margin is not None]
    if debate.dynamics.ballots.abstention_margin is not None:
        given.append("dynamics.ballots")
    if not given:
        raise ValueError("nobody abstains from indifference in this debate")
    return [{"remove": f"{place}.abstention_margin"} for place in given]
