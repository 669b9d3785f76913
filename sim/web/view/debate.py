"""A scenario as plain values for a page: everything that it shows or lets change, in the scenario's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.ensembles.ensemble import documented_tally
from sim.results.labels import member_label, short_name, shown_people
from sim.results.wording import dated, day, joined, words
from sim.scenario.conditions import Condition
from sim.scenario.consequences import LinkedTimeline, linked, without
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import (
    Absence,
    Ballot,
    Datum,
    DebateFile,
    Distribution,
    Event,
    FirstStance,
    Letter,
    Observation,
    Source,
    Talk,
    Term,
)
from sim.scenario.seats import ends_if_lost, named_votes, people, persons, place_in_words, position
from sim.scenario.timeline import Entry
from sim.web.view.words import for_page

#: Those whom a moment reaches who are named.
WHO = 12
#: Part of a view: plain values that can be written as JSON.
View = dict[str, Any]


def debate_view(scenario: Scenario) -> View:
    """All that a page needs to know of a debate: who there is, what happens, what may be changed."""
    debate, axis = scenario.debate, scenario.debate.axis
    return {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "people": scenario.people,
        "basis": scenario.basis,
        "fitted": scenario.posterior is not None,
        **_fields(debate, "title", "question", "about"),
        "story": debate.story and _fields(debate.story, "headline", "text", "decision", "change"),
        "from": debate.span.start,
        "to": debate.span.end,
        "axis": {
            **_fields(axis, "label", "low", "high"),
            "positions": [{"name": words(p.name), "at": p.at, "meaning": p.meaning} for p in axis.positions],
        },
        "members": _members(scenario),
        "bodies": _bodies(scenario),
        "moments": moments(scenario),
        "sources": {key: _source(source) for key, source in debate.sources.items()},
        "controls": {"what_ifs": what_ifs(scenario)},
        "words": for_page(),
    }


def _source(source: Source) -> View:
    """What a source is, where it can be read if it can, and what to think of it."""
    remarks = source.kind, source.leaning and f"leaning: {source.leaning}", source.limits
    return {
        "says": ". ".join(str(part) for part in (source.author, source.title, source.work, source.year) if part),
        "url": source.url,
        "remarks": "; ".join(part for part in remarks if part),
    }


def _fields(part: Any, *names: str) -> View:
    return {name: getattr(part, name) for name in names}


def known_from(datum: Datum) -> View:
    """How well something is known and from where."""
    return {**_fields(datum, "evidence", "provenance", "record", "note"), "sources": datum.source}


def _place(debate: DebateFile, term: Term | None) -> View | None:
    """A position as its name and its place; the place of the policy in force is none of its own."""
    if term is None:
        return None
    at = position(debate, term)
    return {"name": place_in_words(debate, term), "at": None if math.isnan(at) else at}


# People ------------------------------------------------------------------------------------------------


def _members(scenario: Scenario) -> list[View]:
    """Everybody, in the order in which figures show them; `colour` is the number of a colour, or None for grey."""
    debate, members = scenario.debate, people(scenario.debate)
    return [
        {
            "id": person.member,
            "label": person.label,
            "name": (member := members[person.member]).name,
            "group": person.group,
            "colour": number if person.named else None,
            "offices": [office.title for office in member.offices],
            "first": member.first_stance
            and {"says": _began(debate, member.first_stance), **known_from(member.first_stance)},
            "observations": [_observation(debate, seen) for seen in member.observations],
        }
        for number, person in enumerate(shown_people(scenario))
    ]


def _began(debate: DebateFile, first: FirstStance) -> str:
    """Where somebody began, as far as it is known."""
    if not isinstance(first.value, Distribution):
        return f"Began at “{place_in_words(debate, first.value)}”."
    middle, other = first.value.terms
    if first.value.uniform:
        return f"Began between {place_in_words(debate, middle)} and {place_in_words(debate, other)}."
    return f"Began near “{place_in_words(debate, middle)}”; how near is assumed."


def _seen(debate: DebateFile, seen: Observation) -> str:
    """What an observation says of a stance."""
    if seen.movement is None:
        return place_in_words(debate, seen.stance if seen.stance is not None else "policy")
    axis, moved = debate.axis, seen.movement
    end = axis.high if moved.towards == "high" else axis.low
    name = min(axis.positions, key=lambda place: abs(place.at - end)).name if axis.positions else f"{end:g}"
    return f"moved towards {words(name)} since {day(moved.since)}"


def _observation(debate: DebateFile, seen: Any) -> View:
    start, end = seen.between if seen.between and seen.whole_period else (seen.date, None)
    says = {"stance": _place(debate, seen.stance), "what": _seen(debate, seen)}
    when = {"from": start, "to": end, "between": seen.between, "dated": dated(seen.date, seen.between)}
    return {**when, **says, **_fields(seen, "says", "quote"), **known_from(seen)}


def _bodies(scenario: Scenario) -> list[View]:
    """The bodies with their seats, and the days on which they talk or vote."""
    debate = scenario.debate
    sittings = {name: [entry.date for entry in scenario.entries if entry.body == name] for name in debate.bodies}
    return [
        {
            "id": name,
            "name": body.name,
            "seats": [
                {"members": persons(debate, *seats.members), "role": seats.role, "from": seats.start, "to": seats.end}
                for seats in body.seats
            ],
            "talks": body.talks and {"weekday": body.talks.weekday, **known_from(body.talks)},
            "sittings": list(dict.fromkeys(sittings[name])),
        }
        for name, body in debate.bodies.items()
    ]


# What happens ------------------------------------------------------------------------------------------


def moments(scenario: Scenario) -> list[View]:
    """What happens, in playing order, but for the weeks and the regular talks."""
    debate = scenario.debate
    labels = {name: member_label(member) for name, member in debate.members.items()}
    links = linked(debate.timeline)
    return [
        _moment(debate, labels, links, entry)
        for entry in scenario.entries
        if entry.item is not None and entry.kind != "absence ends"
    ]


def _moment(debate: DebateFile, labels: Mapping[str, str], links: LinkedTimeline, entry: Entry) -> View:
    """What every moment has, and what one of its kind has: labels are what the members are called."""
    item: Any = entry.item
    called = {**labels, **{name: body.name for name, body in debate.bodies.items()}}
    own: View
    match item:
        case Absence():
            reach = "letters reach them" if item.reachable else "out of reach"
            own = {"title": f"{labels[item.member]} away", "summary": f"{item.reason} ({reach})"}
            own |= _fields(item, "member", "until", "reachable")
        case Letter():
            author = f" from {labels[item.author]}" if item.author else ""
            names = [called[name] for name in item.readers]
            readers = f"{names[0]} and {len(names) - 1} others" if len(names) > 5 else ", ".join(names)
            own = {"title": f"{item.kind.capitalize()}{author} to {readers}"}
            own |= _fields(item, "summary", "quote", "author", "strength")
            own["argues"] = _place(debate, item.argues_for)
        case Ballot():
            own = _ballot(debate, labels, item)
        case Talk():
            talkers = ", ".join(labels[name] for name in item.members)
            title = f"{called[item.body]} talks" if item.body else f"Talk of {talkers}"
            own = {"title": title, "summary": item.summary}
        case Event():
            title = short_name(item.id, *labels.values(), item.summary)
            own = {"title": title, **_fields(item, "summary", "quote")}
    return {
        **_fields(item, "id", "kind", "between"),
        "dated": dated(item.date, item.between),
        **_fields(entry, "date", "who", "body"),
        "facts": _facts(debate, labels, entry),
        "falls": sorted(set(without(links, (item.id,)).gone) - {item.id}),
        **known_from(item),
        **own,
        **({"title": item.title} if item.title else {}),
    }


def _ballot(debate: DebateFile, labels: Mapping[str, str], item: Ballot) -> View:
    return {
        "title": short_name(item.id, *labels.values()),
        "summary": item.motion,
        "if_carried": _place(debate, item.if_carried),
        "if_lost": _lost(debate, item),
        "tally": documented_tally(item),
        "votes": {member: vote.vote for member, vote in named_votes(debate, item).items()},
        **_fields(item, "outcome", "fit", "by_correspondence"),
    }


def _facts(debate: DebateFile, labels: Mapping[str, str], entry: Entry) -> dict[str, str]:
    """What else is known of a moment, and by what name."""
    item: Any = entry.item
    facts: dict[str, str | None] = {}
    match item:
        case Letter():
            place = _place(debate, item.argues_for)
            informs = "nothing in particular: it informs and moves nobody"
            facts["argues for"] = f"{place['name']}, with strength {item.strength:g} of 5" if place else informs
        case Ballot():
            carried, lost = _place(debate, item.if_carried), _lost(debate, item)
            facts["voted on by"] = debate.bodies[item.body].name
            facts["moved by"] = item.moved_by and labels.get(item.moved_by, words(item.moved_by))
            facts["leads to"] = f"{carried and carried['name']} if carried, {lost['name']} if lost"
            facts["the record"] = f"{item.outcome or 'outcome unknown'}, {_count(item)}"
            facts["not compared"] = item.unfit_because
    if entry.who and not isinstance(item, Absence):
        names, more = [labels.get(name, words(name)) for name in entry.who[:WHO]], len(entry.who) - WHO
        reach = {"ballot": "may vote", "talk": "may speak"}.get(item.kind, "reaches")
        facts[reach] = joined([*names, f"{more} more"] if more > 0 else names)
    facts["happens only if"] = "; ".join(_condition(debate, labels, condition) for condition in item.conditions)
    return {name: text for name, text in facts.items() if text}


def _count(ballot: Ballot) -> str:
    """How many voted how, as far as a source says."""
    tally = ballot.tally
    if tally is None:
        return "the count is not known"
    counts = {"for": tally.yes, "against": tally.no, "abstaining": tally.abstain}
    known = [f"{number or 'nobody'} {word}" for word, number in counts.items() if number is not None]
    unknown = [f"how many {word} is not known" for word in ("for", "against") if counts[word] is None]
    return "; ".join([*([", ".join(known)] if known else []), *unknown])


#: How the policy in force is compared with a position.
_COMPARED = {
    "<": "is short of",
    "<=": "goes no further than",
    ">": "goes further than",
    ">=": "is at least at",
    "=": "is",
}


def _condition(debate: DebateFile, labels: Mapping[str, str], condition: Condition) -> str:
    """What has to hold, in words."""
    if condition.moment is None:
        highest = max(debate.axis.positions, key=lambda place: place.at, default=None)
        way = f" (towards {words(highest.name)})" if highest and condition.comparison != "=" else ""
        return (
            f"the policy in force {_COMPARED[condition.comparison]} {place_in_words(debate, condition.threshold)}{way}"
        )
    title = next((one.title for one in debate.timeline if one.id == condition.moment), None)
    what = f"“{title}”" if title else words(condition.moment)
    if condition.member:
        return f"{labels.get(condition.member, words(condition.member))} votes {condition.outcome} in {what}"
    return f"{what} {'is ' * condition.is_of_a_ballot}{condition.outcome}"


def _lost(debate: DebateFile, item: Ballot) -> View:
    """What may come in place of a motion; of several things the names together, and no place."""
    places = [place for end in ends_if_lost(debate, item) if (place := _place(debate, end))]
    return places[0] if len(places) == 1 else {"name": " or ".join(place["name"] for place in places), "at": None}


# What may be changed -----------------------------------------------------------------------------------


def what_ifs(scenario: Scenario) -> list[View]:
    """The what-ifs that come with a debate; everything else that may be changed is in `panel`."""
    files = [what_if(name).file for name in whatif_names()]
    return [
        {"name": one.what_if, **_fields(one, "title", "why"), "sources": one.source}
        for one in files
        if one.base == scenario.name
    ]
