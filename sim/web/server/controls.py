"""Controls → changes: what a page's switches do to a debate, in the words in which the command line says it.

So a world made on the page is the world that `sim whatif` plays from the same words, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.errors import UserError, unknown
from sim.results.labels import member_label
from sim.results.wording import day
from sim.scenario import consequences
from sim.scenario.consequences import linked
from sim.scenario.edits import absent, present
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import (
    AnyMoment,
    Ballot,
    BallotDynamics,
    Change,
    DebateFile,
    Letter,
    LetterDynamics,
    TalkDynamics,
)
from sim.web.server.requests import Controls

#: The rules that have a control, by their path: what a reader calls them, and the model that has the field.
RULES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "dynamics.talk.rule": ("How talk moves stances", TalkDynamics),
    "dynamics.letters.latitude": ("How far a letter reaches", LetterDynamics),
    "dynamics.ballots.rule": ("How stances become votes", BallotDynamics),
}
#: What a place in the room asks for.
PLACES = {"in": present, "out": absent}


class ControlError(UserError):
    """A control that does not fit the debate; the message says which and what would do."""


def with_controls(scenario: Scenario, controls: Controls) -> Scenario:
    """The world of the controls: shipped what-ifs first, then everything else.

    `scenario` has the readings and the evidence of the controls already. Raises UserError.
    """
    known = [name for name in whatif_names() if what_if(name).file.base == scenario.name]
    for name in controls.what_ifs:
        if name not in known:
            raise ControlError(unknown(name, "what-if of this debate", known))
    if controls.what_ifs:
        scenario = scenario.with_changes(*controls.what_ifs)
    simple = [Change(**change) for change in _fields(scenario.debate, controls)]
    off = [
        Change(remove=_moment(scenario.debate, name).id) for name in controls.off if name not in scenario.document.gone
    ]
    made = scenario.with_changes(*simple, *off) if simple or off else scenario
    # One after the other, since each depends on what the others have left.
    for name, members in controls.room.items():
        for member, place in members.items():
            made = made.with_changes(*_moved(made.debate, _ballot(scenario.debate, name), member, place))
    return made


def _moved(debate: DebateFile, ballot: Ballot, member: str, place: str) -> list[Change]:
    """The changes that put a member in or out of a ballot's room. Raises ControlError if they are there already."""
    if member not in debate.members:
        raise ControlError(unknown(member, "member", debate.members))
    try:
        return PLACES[place](debate, f"{member}={ballot.date}")
    except UserError:
        where = "in" if place == "in" else "out of"
        who = member_label(debate.members[member])
        raise ControlError(f"{who} is {where} the room on {day(ballot.date)} already: nothing was changed") from None


def _fields(debate: DebateFile, controls: Controls) -> Iterator[dict[str, Any]]:
    """The changes that set a field of something, and the talks that fall silent."""
    yield from _rules(controls.rules)
    yield from ({"set": f"{name}.value", "to": value} for name, value in _known(debate.parameters, controls.hold))
    yield from ({"remove": f"{body}.talks"} for body in controls.silent)
    for name, strength in controls.strength.items():
        yield {"set": f"{_letter(debate, name).id}.strength", "to": strength}


def _rules(rules: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for path, word in rules.items():
        if path not in RULES:
            raise ControlError(unknown(path, "rule with a control", RULES))
        yield {"set": path, "to": word}


def _known(parameters: Mapping[str, Any], hold: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, value in hold.items():
        if name not in parameters:
            raise ControlError(unknown(name, "parameter", parameters))
        yield name, value


def _moment(debate: DebateFile, name: str) -> AnyMoment:
    moments = {moment.id: moment for moment in debate.timeline}
    if name not in moments:
        raise ControlError(unknown(name, "moment of this debate", moments))
    return moments[name]


def _ballot(debate: DebateFile, name: str) -> Ballot:
    moment = _moment(debate, name)
    if not isinstance(moment, Ballot):
        raise ControlError(f"'{name}' is a {moment.kind}: only at a ballot can a member be moved in or out of the room")
    if moment.by_correspondence:
        raise ControlError(f"'{name}' is held by correspondence: there is no room to be in")
    return moment


def _letter(debate: DebateFile, name: str) -> Letter:
    moment = _moment(debate, name)
    if not isinstance(moment, Letter):
        raise ControlError(f"'{name}' is a {moment.kind}: only letters, reports, notes and speeches have a strength")
    return moment


def falls_with(debate: DebateFile, off: tuple[str, ...]) -> set[str]:
    """The moments that do not happen when these do not: they themselves, and what goes with them."""
    return set(consequences.without(linked(debate.timeline), off).gone)
