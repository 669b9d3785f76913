"""Numbers of a debate that can be turned: strengths, dates, positions, parameters, first stances."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import UserError, unknown
from sim.model import priors
from sim.scenario.conditions import ballots_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, AnyMoment, DebateFile, Letter
from sim.scenario.seats import position

Changes = tuple[Mapping[str, Any], ...]

#: The strength of a letter that hardly moves anybody: the format has no letter of strength 0.
FAINT = 0.01
STRONGEST = 5.0
#: Fields of a moment that hold a place on the axis.
PLACES = ("argues_for", "if_carried", "if_lost")


@dataclass(frozen=True)
class Lever:
    """A number that can be turned.

    name: as it is asked for. path: what a change sets. now: what it is, the median where it is drawn; NaN for the
    policy in force. low, high: how far it can go. kind: strength, date (in days of the calendar), place, parameter
    or stance.
    """

    name: str
    path: str
    kind: str
    now: float
    low: float
    high: float

    def set_to(self, value: float) -> Changes:
        """The changes that turn it to a value; a date to the nearest day."""
        if self.kind == "date":
            return ({"set": self.path, "to": datetime.date.fromordinal(round(value))},)
        if self.kind == "stance":
            note = "Turned, to see where a decision turns."
            return ({"set": self.path, "to": {"value": float(value), "evidence": "assumed", "note": note}},)
        return ({"set": self.path, "to": float(value)},)

    def shown(self, value: float) -> str:
        """A value as a person reads it."""
        if value != value:
            return "–"
        if self.kind == "date" and np.isfinite(value):
            return datetime.date.fromordinal(round(value)).isoformat()
        return f"{value:.3g}"


def lever(scenario: Scenario, words: str) -> Lever:
    """The lever that words name: `LETTER.strength`, `MOMENT.date`, `MOMENT.argues_for`, `PARAMETER`, `MEMBER`.

    Raises UserError for what cannot be turned, with what can.
    """
    debate = scenario.debate
    thing, _, field = words.partition(".")
    if thing in debate.parameters and field in ("", "value"):
        return _parameter(debate, thing)
    if thing in debate.members and field in ("", "first_stance"):
        return _stance(debate, thing)
    moment = next((item for item in debate.timeline if item.id == thing), None)
    if moment is None:
        known = [*(item.id for item in debate.timeline), *debate.parameters, *debate.members]
        raise UserError(f"--over {words}: {unknown(thing, 'moment, parameter or member', known)}")
    fields = ["date", *(name for name in ("strength", *PLACES) if getattr(moment, name, None) is not None)]
    if field not in fields:
        raise UserError(f"--over {words}: {unknown(field, f'number of {thing} that can be turned', fields)}")
    if field == "date":
        start, end = _days(debate, moment)
        return Lever(words, words, "date", moment.date.toordinal(), start, end)
    if field == "strength" and isinstance(moment, Letter):
        return Lever(words, words, "strength", moment.strength, FAINT, STRONGEST)
    axis = debate.axis
    return Lever(words, words, "place", position(debate, getattr(moment, field)), axis.low, axis.high)


def _days(debate: DebateFile, moment: AnyMoment) -> tuple[int, int]:
    """Between which days a moment can be put: after the ballots that it waits for, before what waits for it."""
    dates = {item.id: item.date.toordinal() for item in debate.timeline}
    waits_for = [dates[ballot] for ballot in ballots_of(moment.conditions)]
    waiting = [dates[item.id] for item in debate.timeline if moment.id in ballots_of(item.conditions)]
    last = moment.until if isinstance(moment, Absence) else debate.span.end
    start = max([debate.span.start.toordinal(), *(day + 1 for day in waits_for)])
    return start, min([last.toordinal(), debate.span.end.toordinal(), *(day - 1 for day in waiting)])


def _parameter(debate: DebateFile, name: str) -> Lever:
    low, high = debate.parameters[name].range
    return Lever(name, f"{name}.value", "parameter", priors.of_debate(debate).parameters[name].median(), low, high)


def _stance(debate: DebateFile, name: str) -> Lever:
    member, axis = debate.members[name], debate.axis
    person = name if member.count is None else f"{name}-1"
    now = priors.of_debate(debate).median_stance(person)
    return Lever(f"{name}.first_stance", f"{name}.first_stance", "stance", now, axis.low, axis.high)


def levers(scenario: Scenario, decision: str) -> Iterator[Lever]:
    """Every lever that might turn a decision.

    The strength of each letter that argues for something before it, every parameter, and the first stance of
    everybody who has a seat or writes.
    """
    debate = scenario.debate
    end = next(item.date for item in debate.timeline if item.id == decision)
    letters = [item for item in debate.timeline if isinstance(item, Letter) and item.date <= end]
    for letter in letters:
        if letter.argues_for is not None:
            yield lever(scenario, f"{letter.id}.strength")
    for name, parameter in debate.parameters.items():
        if parameter.range[0] < parameter.range[1]:
            yield _parameter(debate, name)
    seated = {name for body in debate.bodies.values() for seats in body.seats for name in seats.members}
    for name in debate.members:
        if name in seated or any(letter.author == name for letter in letters):
            yield _stance(debate, name)
