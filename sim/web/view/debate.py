"""A scenario as plain values for a page: everything that it shows or lets change, in the scenario's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.results.labels import decision_name, member_label, short_name, shown_people
from sim.results.wording import dated, words
from sim.scenario.consequences import LinkedTimeline, linked, without
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, Datum, DebateFile, Letter, Observation, Talk, Term
from sim.scenario.seats import named_votes, people, place_in_words, position
from sim.scenario.timeline import Entry
from sim.web.view import known
from sim.web.view.parts import element, pairs, paragraph

#: Part of a view: plain values that can be written as JSON.
View = dict[str, Any]


def debate_view(scenario: Scenario) -> View:
    """All that a page needs to know of a debate: who there is, what happens, what may be changed."""
    debate, axis, told = scenario.debate, scenario.debate.axis, moments(scenario)
    meanings = {words(place.name): place.meaning for place in axis.positions}
    return {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "people": scenario.people,
        "basis": scenario.basis,
        "fitted": scenario.posterior is not None,
        **_fields(debate, "title", "question", "about"),
        "explained": [paragraph(debate.about), element("h3", axis.label), pairs(meanings)],
        "from": debate.span.start,
        "to": debate.span.end,
        "axis": {
            **_fields(axis, "label", "low", "high"),
            "positions": [{"name": words(p.name), "at": p.at, "meaning": p.meaning} for p in axis.positions],
        },
        "members": _members(scenario, told),
        "bodies": [{"id": name, "name": body.name} for name, body in debate.bodies.items()],
        "moments": told,
        "controls": {"what_ifs": what_ifs(scenario)},
    }


def _fields(part: Any, *names: str) -> View:
    return {name: getattr(part, name) for name in names}


def known_from(datum: Datum) -> View:
    """How well something is known, and the remark that goes with it."""
    return _fields(datum, "evidence", "note")


def _place(debate: DebateFile, term: Term | None) -> View | None:
    """A position as its name and its place; the place of the policy in force is none of its own."""
    if term is None:
        return None
    at = position(debate, term)
    return {"name": place_in_words(debate, term), "at": None if math.isnan(at) else at}


# People ------------------------------------------------------------------------------------------------


def _members(scenario: Scenario, told: Sequence[View]) -> list[View]:
    """Everybody, in the order in which figures show them; `colour` is the number of a colour, or None for grey.

    told: the moments of the debate.
    """
    debate, members = scenario.debate, people(scenario.debate)
    return [
        {
            "id": person.member,
            "label": person.label,
            "name": (member := members[person.member]).name,
            "group": person.group,
            "colour": number if person.named else None,
            "observations": [_observation(debate, seen) for seen in member.observations],
            "known": known.of_member(debate, person.member, member, told),
        }
        for number, person in enumerate(shown_people(scenario))
    ]


def _observation(debate: DebateFile, seen: Observation) -> View:
    start, end = seen.between if seen.between and seen.whole_period else (seen.date, None)
    when = {"from": start, "to": end, "between": seen.between, "dated": dated(seen.date, seen.between)}
    return {**when, "stance": _place(debate, seen.stance), **_fields(seen, "says", "evidence")}


# What happens ------------------------------------------------------------------------------------------


def titles(scenario: Scenario) -> dict[str, str]:
    """What the moments of a debate are called, by their ids."""
    labels = _labels(scenario.debate)
    return {entry.item.id: _title(scenario.debate, labels, entry.item) for entry in _told(scenario)}


def moments(scenario: Scenario) -> list[View]:
    """What happens, in playing order, but for the weeks and the regular talks."""
    debate = scenario.debate
    labels, links = _labels(debate), linked(debate.timeline)
    return [_moment(debate, labels, links, entry) for entry in _told(scenario)]


def _told(scenario: Scenario) -> list[Any]:
    return [entry for entry in scenario.entries if entry.item is not None and entry.kind != "absence ends"]


def _labels(debate: DebateFile) -> dict[str, str]:
    return {name: member_label(member) for name, member in debate.members.items()}


def _title(debate: DebateFile, labels: Mapping[str, str], item: Any) -> str:
    """What a moment is called: labels are what the members are called."""
    if item.title:
        return str(item.title)
    called = {**labels, **{name: body.name for name, body in debate.bodies.items()}}
    match item:
        case Absence():
            return f"{labels[item.member]} away"
        case Letter():
            author = f" from {labels[item.author]}" if item.author else ""
            names = [called[name] for name in item.readers]
            readers = f"{names[0]} and {len(names) - 1} others" if len(names) > 5 else ", ".join(names)
            return f"{item.kind.capitalize()}{author} to {readers}"
        case Ballot():
            return decision_name(debate, item.id)
        case Talk():
            return (
                f"{called[item.body]} talks"
                if item.body
                else f"Talk of {', '.join(labels[name] for name in item.members)}"
            )
    return short_name(item.id, *labels.values(), item.summary)


def _moment(debate: DebateFile, labels: Mapping[str, str], links: LinkedTimeline, entry: Entry) -> View:
    """What every moment has, and what one of its kind has."""
    item: Any = entry.item
    own: View
    match item:
        case Absence():
            reach = "letters reach them" if item.reachable else "out of reach"
            own = {"summary": f"{item.reason} ({reach})", **_fields(item, "member", "until", "reason")}
        case Letter():
            own = _fields(item, "summary", "author", "strength")
            own["argues"] = item.argues_for and place_in_words(debate, item.argues_for)
        case Ballot():
            own = {"summary": item.motion, **_fields(item, "outcome", "fit", "by_correspondence")}
            own["votes"] = {member: vote.vote for member, vote in named_votes(debate, item).items()}
            own["asked"] = known.of_ballot(debate, item)
            own["becomes"] = f"in the record {item.outcome or 'not known'}"
        case _:
            own = {"summary": item.summary}
    moment = {
        **_fields(item, "id", "kind", "between"),
        "title": _title(debate, labels, item),
        "dated": dated(item.date, item.between),
        **_fields(entry, "date", "who", "body"),
        "falls": sorted(set(without(links, (item.id,)).gone) - {item.id}),
        **known_from(item),
        "fate": "",
        "becomes": "",
        **own,
    }
    return {**moment, "known": known.of_moment(debate, labels, entry, moment)}


# What may be changed -----------------------------------------------------------------------------------


def what_ifs(scenario: Scenario) -> list[View]:
    """The what-ifs that come with a debate; everything else that may be changed is in `panel`."""
    files = [what_if(name).file for name in whatif_names()]
    return [
        {"name": one.what_if, **_fields(one, "title", "why"), "sources": one.source}
        for one in files
        if one.base == scenario.name
    ]
