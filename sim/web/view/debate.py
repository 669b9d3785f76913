"""A scenario as plain values for a page: everything that it shows or lets change, in the scenario's own words."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any, get_args

from sim.ensembles.ensemble import Ensemble, documented_tally
from sim.figures.data import words as in_words
from sim.figures.labels import member_label, of_tables, short_name
from sim.figures.style import coloured
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import (
    Absence,
    AnyMoment,
    Ballot,
    BallotDynamics,
    Datum,
    DebateFile,
    Event,
    Letter,
    LetterDynamics,
    Part,
    Talk,
    TalkDynamics,
    Term,
)
from sim.scenario.seats import people, persons, position
from sim.scenario.sources import value
from sim.scenario.timeline import Entry
from sim.web.server.controls import RULES, falls_with
from sim.web.view import words

#: Part of a view: plain values that can be written as JSON.
View = dict[str, Any]

#: The models that hold the rules of `RULES`, in that order, and the names of the rules for a reader.
_HOMES: tuple[tuple[type[Part], str], ...] = (
    (TalkDynamics, "rule"),
    (LetterDynamics, "latitude"),
    (BallotDynamics, "rule"),
)
_CALLED = ("How talk moves stances", "How far a letter reaches", "How stances become votes")


def debate_view(many: Ensemble) -> View:
    """All that a page needs to know of the debate of an ensemble: who there is, what happens, what may be changed."""
    scenario, debate = many.scenario, many.scenario.debate
    return {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "fitted": scenario.posterior is not None,
        "title": debate.title,
        "question": debate.question,
        "about": debate.about,
        "from": debate.span.start,
        "to": debate.span.end,
        "axis": _axis(debate),
        "members": _members(many),
        "bodies": _bodies(scenario),
        "moments": moments(scenario),
        "sources": {key: source.model_dump(exclude_none=True) for key, source in debate.sources.items()},
        "controls": _controls(scenario),
        "words": words.for_page(),
    }


def _axis(debate: DebateFile) -> View:
    axis = debate.axis
    return {
        "label": axis.label,
        "low": axis.low,
        "high": axis.high,
        "positions": [{"name": in_words(p.name), "at": p.at, "meaning": p.meaning} for p in axis.positions],
    }


def _origin(datum: Datum) -> View:
    """How well something is known and from where."""
    return {
        "evidence": datum.evidence,
        "provenance": datum.provenance,
        "sources": list(datum.source),
        "record": list(datum.record),
        "note": datum.note,
    }


def _place(debate: DebateFile, term: Term | None) -> View | None:
    """A position as its name and its place; the place of the policy in force is none of its own."""
    if term is None:
        return None
    at = position(debate, term)
    name = "the policy in force" if term == "policy" else in_words(term) if isinstance(term, str) else f"{term:g}"
    return {"name": name, "at": None if math.isnan(at) else at}


# People ------------------------------------------------------------------------------------------------


def _members(many: Ensemble) -> list[View]:
    """Everybody, in the order in which figures show them; `colour` is the number of a colour, or None for grey."""
    drawn = of_tables(many.scenario, many.tables)
    colours = {name: number for number, name in enumerate(coloured(drawn))}
    described = people(many.scenario.debate)
    shown = []
    for row in drawn.members.itertuples():
        name = str(row.member)
        member = described[name]
        shown.append(
            {
                "id": name,
                "label": row.label,
                "name": member.name,
                "group": row.group,
                "colour": colours.get(name),
                "offices": [office.title for office in member.offices],
                "first": None if member.first_stance is None else _first(member.first_stance),
                "observations": [_seen(many.scenario.debate, seen) for seen in member.observations],
            }
        )
    return shown


def _first(datum: Datum) -> View:
    return {"says": value(datum), **_origin(datum)}


def _seen(debate: DebateFile, seen: Any) -> View:
    start, end = seen.between if seen.between and seen.whole_period else (seen.date, None)
    return {
        "from": start,
        "to": end,
        "stance": _place(debate, seen.stance),
        "says": seen.says,
        "quote": seen.quote,
        **_origin(seen),
    }


def _bodies(scenario: Scenario) -> list[View]:
    debate, sittings = scenario.debate, _sittings(scenario.entries)
    return [
        {
            "id": name,
            "name": body.name,
            "seats": [
                {"members": persons(debate, *seats.members), "role": seats.role, "from": seats.start, "to": seats.end}
                for seats in body.seats
            ],
            "talks": None if body.talks is None else {"weekday": body.talks.weekday, **_origin(body.talks)},
            "sittings": sittings.get(name, []),
        }
        for name, body in debate.bodies.items()
    ]


def _sittings(entries: tuple[Entry, ...]) -> dict[str, list[datetime.date]]:
    """The days on which each body talks or votes."""
    days: dict[str, dict[datetime.date, None]] = {}
    for entry in entries:
        if entry.body is not None:
            days.setdefault(entry.body, {})[entry.date] = None
    return {body: list(held) for body, held in days.items()}


# What happens ------------------------------------------------------------------------------------------


def moments(scenario: Scenario) -> list[View]:
    """What happens, in playing order, but for the weeks and the regular talks."""
    debate = scenario.debate
    labels = {name: member_label(member) for name, member in debate.members.items()}
    return [
        _moment(debate, labels, entry, entry.item)
        for entry in scenario.entries
        if entry.item is not None and entry.kind != "absence ends"
    ]


def _moment(debate: DebateFile, labels: Mapping[str, str], entry: Entry, item: AnyMoment) -> View:
    shared = {
        "id": item.id,
        "kind": item.kind,
        "date": entry.date,
        "between": item.between,
        "conditions": [condition.text for condition in item.conditions],
        "who": list(entry.who),
        "body": entry.body,
        "falls": sorted(falls_with(debate, (item.id,)) - {item.id}),
        **_origin(item),
    }
    match item:
        case Absence():
            own = _absence(labels, item)
        case Letter():
            own = _letter(debate, labels, item)
        case Ballot():
            own = _ballot(debate, labels, item)
        case Talk():
            own = {"title": _talkers(debate, labels, item), "summary": item.summary}
        case Event():
            own = {"title": short_name(item.id, *labels.values(), item.summary), "summary": item.summary}
            own["quote"] = item.quote
    return {**shared, **own}


def _absence(labels: Mapping[str, str], item: Absence) -> View:
    reach = "letters reach him" if item.reachable else "out of reach"
    return {
        "title": f"{labels[item.member]} away",
        "summary": f"{item.reason} ({reach})",
        "member": item.member,
        "until": item.until,
        "reachable": item.reachable,
    }


def _called(debate: DebateFile, labels: Mapping[str, str], name: str) -> str:
    return debate.bodies[name].name if name in debate.bodies else labels[name]


def _letter(debate: DebateFile, labels: Mapping[str, str], item: Letter) -> View:
    author = "" if item.author is None else f" from {labels[item.author]}"
    readers = ", ".join(_called(debate, labels, name) for name in item.readers)
    return {
        "title": f"{item.kind.capitalize()}{author} to {readers}",
        "summary": item.summary,
        "quote": item.quote,
        "author": item.author,
        "argues": _place(debate, item.argues_for),
        "strength": item.strength,
    }


def _talkers(debate: DebateFile, labels: Mapping[str, str], item: Talk) -> str:
    if item.body is not None:
        return f"{debate.bodies[item.body].name} talks"
    return f"Talk of {', '.join(labels[name] for name in item.members)}"


def _ballot(debate: DebateFile, labels: Mapping[str, str], item: Ballot) -> View:
    return {
        "title": short_name(item.id, *labels.values()),
        "summary": item.motion,
        "moved_by": item.moved_by,
        "if_carried": _place(debate, item.if_carried),
        "if_lost": _place(debate, item.if_lost),
        "outcome": item.outcome,
        "tally": documented_tally(item),
        "votes": {vote.member: vote.vote for vote in item.votes},
        "present": list(item.present),
        "fit": item.fit,
        "unfit_because": item.unfit_because,
        "by_correspondence": item.by_correspondence,
    }


# What may be changed -----------------------------------------------------------------------------------


def _ready(scenario: Scenario) -> list[View]:
    """The what-ifs that come with the program for this debate."""
    found = [what_if(name) for name in whatif_names()]
    return [
        {"name": one.file.what_if, "title": one.file.title, "why": one.file.why, "sources": list(one.file.source)}
        for one in found
        if one.file.base == scenario.name
    ]


def _controls(scenario: Scenario) -> View:
    debate = scenario.debate
    return {
        "what_ifs": _ready(scenario),
        "readings": [
            {
                "id": name,
                "question": reading.question,
                "default": scenario.readings.get(name, reading.default),
                "options": [
                    {"id": option, "says": side.says, **_origin(side)} for option, side in reading.options.items()
                ],
            }
            for name, reading in debate.readings.items()
        ],
        "evidence": scenario.origin.evidence,
        "rules": [
            {"path": path, "called": called, "words": list(get_args(home.model_fields[field].annotation)), "word": word}
            for path, called, (home, field) in zip(RULES, _CALLED, _HOMES, strict=True)
            if (word := _word(debate, path)) is not None
        ],
        "parameters": [
            {
                "id": name,
                "meaning": parameter.meaning,
                "unit": parameter.unit,
                "low": parameter.range[0],
                "high": parameter.range[1],
                "law": value(parameter).split(f" {parameter.unit}")[0],
                "value": parameter.value if isinstance(parameter.value, float) else None,
                **_origin(parameter),
            }
            for name, parameter in debate.parameters.items()
        ],
    }


def _word(debate: DebateFile, path: str) -> str | None:
    node: Any = debate
    for step in path.split("."):
        node = getattr(node, step, None)
    return None if node is None else str(node)
