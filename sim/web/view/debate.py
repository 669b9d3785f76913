"""A scenario as plain values for a page: everything that it shows or lets change, in the scenario's own words."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.results.labels import decision_name, member_label, short_name, shown_people
from sim.results.wording import dated, day, words
from sim.scenario import sources
from sim.scenario.consequences import LinkedTimeline, linked, without
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, Datum, DebateFile, Letter, Observation, Talk
from sim.scenario.seats import named_votes, people, place_in_words, position
from sim.scenario.timeline import ONE_DAY, Entry
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
        "fitted": scenario.posterior is not None,
        "told_by": sources.told_by(debate),
        **_fields(debate, "title", "question", "about"),
        "explained": [paragraph(debate.about), element("h3", axis.label), pairs(meanings)],
        "from": debate.span.start,
        "to": debate.span.end,
        "period": f"{day(debate.span.start)} to {day(debate.span.end)}",
        "axis": {
            **_fields(axis, "label", "low", "high"),
            "positions": [{"name": words(p.name), "at": p.at, "meaning": p.meaning} for p in axis.positions],
        },
        "members": _members(scenario, told),
        "moments": told,
        "happened": known.of_moments(told),
        "what_ifs": what_ifs(scenario),
    }


def _fields(part: Any, *names: str) -> View:
    return {name: getattr(part, name) for name in names}


def known_from(datum: Datum) -> View:
    """How well something is known, and the remark that goes with it."""
    return _fields(datum, "evidence", "note")


def _since_1970(*dates: datetime.date) -> list[int]:
    """Dates as a drawing counts them: days since 1970."""
    return [(date - datetime.date(1970, 1, 1)).days for date in dates]


# People ------------------------------------------------------------------------------------------------


def _members(scenario: Scenario, told: Sequence[View]) -> list[View]:
    """Everybody, in the order in which figures show them; `colour` is the number of a colour, or None for grey.

    told: the moments of the debate.
    """
    debate, members = scenario.debate, people(scenario.debate)
    told_by = sources.told_by(debate)
    return [
        {
            "id": person.member,
            "label": person.label,
            "name": (member := members[person.member]).name,
            "group": person.group,
            "colour": number if person.named else None,
            "observations": [view for seen in member.observations if (view := _observation(debate, seen))],
            "known": known.of_member(debate, told_by, person.member, member, told),
        }
        for number, person in enumerate(shown_people(scenario))
    ]


def _observation(debate: DebateFile, seen: Observation) -> View | None:
    """Where and when the record sees somebody: on a day, or all along a period; None if that is no place of its own."""
    if seen.stance is None or math.isnan(at := position(debate, seen.stance)):
        return None
    called = f"{place_in_words(debate, seen.stance)}; {seen.evidence}"
    return {
        "days": _since_1970(*(seen.between if seen.between and seen.whole_period else [seen.date])),
        "at": at,
        "evidence": seen.evidence,
        "says": f"{dated(seen.date, seen.between)}: {seen.says} ({called})",
    }


# What happens ------------------------------------------------------------------------------------------


def titles(scenario: Scenario) -> dict[str, str]:
    """What the moments of a debate are called, by their ids."""
    labels = _labels(scenario.debate)
    return {entry.item.id: _title(scenario.debate, labels, entry.item) for entry in _told(scenario)}


def moments(scenario: Scenario) -> list[View]:
    """What happens, in playing order, but for the weeks and the regular talks."""
    debate = scenario.debate
    labels, links, told_by = _labels(debate), linked(debate.timeline), sources.told_by(debate)
    return [_moment(debate, labels, links, told_by, entry) for entry in _told(scenario)]


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


def captioned(moment: View) -> View:
    """A moment with what its mark in a drawing `says` of it."""
    until = moment.get("until")
    away = until and f"to {day(until)}, {moment['summary']}"
    parts = f"{moment['dated']}: {moment['title']}", away, moment["becomes"]
    return {**moment, "says": ", ".join(part for part in parts if part)}


def _moment(debate: DebateFile, labels: Mapping[str, str], links: LinkedTimeline, told_by: str, entry: Entry) -> View:
    """What every moment has, and what one of its kind has. told_by: as in `sources.told_by`.

    kind: ballot, letter, talk, event or absence. lane: what those are called that a drawing shows along one line. days:
    since 1970, from the first to the end of the last. whose: the id of who wrote it, or was away.
    """
    item: Any = entry.item
    own: View
    match item:
        case Absence():
            reach = "letters reach them" if item.reachable else "out of reach"
            own = {"summary": f"{item.reason} ({reach})", **_fields(item, "until", "reason"), "whose": item.member}
            own["days"] = _since_1970(entry.date, item.until + ONE_DAY)
            own["lane"] = f"absences of {labels[item.member]}"
        case Letter():
            own = {**_fields(item, "summary", "strength"), "kind": "letter", "lane": "letters", "whose": item.author}
            own["argues"] = item.argues_for and place_in_words(debate, item.argues_for)
        case Ballot():
            own = {"summary": item.motion, **_fields(item, "outcome", "fit", "by_correspondence")}
            own |= {"lane": "decisions", "body": debate.bodies[item.body].name}
            own["votes"] = {member: vote.vote for member, vote in named_votes(debate, item).items()}
            own["asked"] = known.of_ballot(debate, item, told_by)
            own["becomes"] = f"in {told_by} {item.outcome or 'not known'}"
        case _:
            own = {"summary": item.summary}
    moment = {
        **_fields(item, "id", "kind"),
        "title": _title(debate, labels, item),
        "dated": dated(item.date, item.between),
        **_fields(entry, "date", "who"),
        "days": _since_1970(entry.date, entry.date),
        "between": item.between and _since_1970(*item.between),
        "lane": f"{item.kind}s",
        "whose": None,
        "falls": sorted(set(without(links, (item.id,)).gone) - {item.id}),
        **known_from(item),
        "fate": "",
        "becomes": "",
        **own,
    }
    return captioned({**moment, "known": known.of_moment(debate, labels, told_by, entry, moment)})


# What may be changed -----------------------------------------------------------------------------------


def what_ifs(scenario: Scenario) -> list[View]:
    """The what-ifs that come with a debate; everything else that may be changed is in `panel`."""
    files = [what_if(name).file for name in whatif_names()]
    return [
        {"name": one.what_if, **_fields(one, "title", "why"), "sources": one.source}
        for one in files
        if one.base == scenario.name
    ]
