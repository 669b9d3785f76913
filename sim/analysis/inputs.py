"""Inputs: numbers of a debate that can be changed, as strengths, dates, positions, parameters, first stances."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from statistics import median
from typing import TYPE_CHECKING, Any

from sim.errors import UserError, unknown
from sim.scenario.conditions import looked_back_to
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, AnyMoment, Ballot, DebateFile, Letter
from sim.scenario.seats import persons, position

# A word that is no input is refused before anything is loaded that draws.
if TYPE_CHECKING:
    from sim.model.priors import Priors

Changes = tuple[Mapping[str, Any], ...]

#: The strength of a letter that hardly moves anybody: the format has no letter of strength 0.
FAINT = 0.01
STRONGEST = 5.0
#: Fields of a moment that hold a position on the axis.
POSITIONS = ("argues_for", "if_carried", "if_lost")


@dataclass(frozen=True)
class Input:
    """A number that can be changed.

    name: how to ask for it. path: what a change sets. current: its value as played, the median where it is drawn (from
    the posterior if there is one, else the prior); NaN for the policy in force. low, high: the range. kind: strength,
    date (in days of the calendar), position, parameter or stance. is_drawn: whether histories differ in it.
    """

    name: str
    path: str
    kind: str
    current: float
    low: float
    high: float
    is_drawn: bool = False

    def set_to(self, value: float) -> Changes:
        """The changes that give it a value; a date is set to the nearest day."""
        if self.kind == "date":
            day = {"set": self.path, "to": datetime.date.fromordinal(round(value))}
            # Wherever the record leaves room for it, it is then on this day.
            return day, {"set": self.path.replace(".date", ".between"), "to": None}
        if self.kind == "stance":
            datum = {"value": float(value), "evidence": "assumed", "note": "Changed, to see where a decision tips."}
            return ({"set": self.path, "to": datum},)
        return ({"set": self.path, "to": float(value)},)

    def text(self, value: float) -> str:
        """A value as people read it."""
        if value != value:
            return "–"
        if self.kind == "date" and isfinite(value):
            return datetime.date.fromordinal(round(value)).isoformat()
        return f"{value:.3g}"


def input_of(scenario: Scenario, words: str) -> Input:
    """The input that words name: `LETTER.strength`, `MOMENT.date`, `MOMENT.argues_for`, `PARAMETER`, `MEMBER`.

    Raises UserError for what cannot be changed, with what can.
    """
    debate = scenario.debate
    thing, _, field = words.partition(".")
    if thing in debate.parameters and field in ("", "value"):
        return _parameter(scenario, thing)
    if thing in debate.members and field in ("", "first_stance"):
        return _stance(scenario, thing)
    moment = next((item for item in debate.timeline if item.id == thing), None)
    if moment is None:
        known = [*(item.id for item in debate.timeline), *debate.parameters, *debate.members]
        raise UserError(f"input '{words}': {unknown(thing, 'moment, parameter or member', known)}")
    fields = ["date", *(name for name in ("strength", *POSITIONS) if _is_one(getattr(moment, name, None)))]
    if field not in fields:
        raise UserError(f"input '{words}': {unknown(field, f'number of {thing} that can be changed', fields)}")
    if field == "date":
        return Input(words, words, "date", moment.date.toordinal(), *_days(debate, moment))
    if field == "strength" and isinstance(moment, Letter):
        return Input(words, words, "strength", moment.strength, FAINT, STRONGEST)
    terms = moment.if_lost if isinstance(moment, Ballot) and field == "if_lost" else (getattr(moment, field),)
    current = position(debate, terms[0])
    return Input(words, words, "position", current, debate.axis.low, debate.axis.high)


def _is_one(value: Any) -> bool:
    """Whether a field has a value, and only one."""
    return len(value) == 1 if isinstance(value, tuple) else value is not None


def inputs_named(scenario: Scenario, words: Sequence[str]) -> tuple[Input, ...]:
    """At most two inputs by their words. Raises UserError for more, for one twice, and for what cannot be changed."""
    if len(words) > 2 or len({one.removesuffix(".value").removesuffix(".first_stance") for one in words}) < len(words):
        raise UserError(f"a map needs two different inputs, not {', '.join(words)}")
    return tuple(input_of(scenario, one) for one in words)


def _days(debate: DebateFile, moment: AnyMoment) -> tuple[int, int]:
    """Between which days a moment can be put: after the ballots that it waits for, before what waits for it."""
    dates = {item.id: item.date.toordinal() for item in debate.timeline}
    waits_for = [dates[ballot] for ballot in looked_back_to(moment.conditions)]
    waiting = [dates[item.id] for item in debate.timeline if moment.id in looked_back_to(item.conditions)]
    last = moment.until if isinstance(moment, Absence) else debate.span.end
    start = max([debate.span.start.toordinal(), *(day + 1 for day in waits_for)])
    return start, min([last.toordinal(), debate.span.end.toordinal(), *(day - 1 for day in waiting)])


@lru_cache(maxsize=1)
def _medians(scenario: Scenario) -> tuple[Priors, dict[str, float], dict[str, float]]:
    """The priors of a debate, and the medians of its parameters and first stances as they are drawn."""
    from sim.model import priors

    known = priors.of_debate(scenario.debate)
    return known, *priors.medians(known, scenario.posterior)


def _parameter(scenario: Scenario, name: str) -> Input:
    known, medians, _ = _medians(scenario)
    is_drawn = not known.parameters[name].is_fixed
    return Input(name, f"{name}.value", "parameter", medians[name], *scenario.debate.parameters[name].range, is_drawn)


def _stance(scenario: Scenario, name: str) -> Input:
    debate, path = scenario.debate, f"{name}.first_stance"
    (known, _, medians), everybody = _medians(scenario), persons(debate, name)
    # Of many alike, who may differ once they are fitted, the middle one.
    middle, prior = float(median(medians[person] for person in everybody)), known.first_stances[everybody[0]]
    is_drawn = not prior.is_fixed or any(isinstance(term, str) for term in prior.terms)
    return Input(path, path, "stance", middle, debate.axis.low, debate.axis.high, is_drawn)


def inputs_of(scenario: Scenario, decision: str) -> Iterator[Input]:
    """Every input that might turn a decision.

    The strength of each letter that argues for something before it, every parameter, and the first stance of
    everybody who has a seat or writes.
    """
    debate = scenario.debate
    end = next(item.date for item in debate.timeline if item.id == decision)
    letters = [item for item in debate.timeline if isinstance(item, Letter) and item.date <= end]
    for letter in letters:
        if letter.argues_for is not None:
            yield input_of(scenario, f"{letter.id}.strength")
    for name, parameter in debate.parameters.items():
        if parameter.range[0] < parameter.range[1]:
            yield _parameter(scenario, name)
    seated = {name for body in debate.bodies.values() for seats in body.seats for name in seats.members}
    for name in debate.members:
        if name in seated or any(letter.author == name for letter in letters):
            yield _stance(scenario, name)
