"""What is known of a moment and of a member, and from where, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.results.wording import capital, dated, day, joined, words
from sim.scenario.conditions import Condition
from sim.scenario.schema import (
    Absence,
    Ballot,
    Datum,
    DebateFile,
    Distribution,
    FirstStance,
    Letter,
    Member,
    Observation,
    Source,
    Term,
)
from sim.scenario.seats import ends_if_lost, place_in_words
from sim.scenario.timeline import Entry
from sim.web.view.parts import Column, Part, badge, bullets, element, pairs, paragraph, span, table, to_moment
from sim.web.view.words import EVIDENCE

#: Those whom a moment reaches who are named.
WHO = 12
#: A moment as a page has it: its id, title, date and what else `debate.moments` gives of it.
Moment = Mapping[str, Any]


def of_moment(debate: DebateFile, labels: Mapping[str, str], told_by: str, entry: Entry, moment: Moment) -> list[Part]:
    """When it was, what happened, its words where they are quoted, what else is known of it, and from where.

    told_by: as in `sources.told_by`.
    """
    item: Any = entry.item
    parts = [
        _when(moment),
        _sentence(moment.get("summary")),
        _quoted(getattr(item, "quote", None)),
        pairs(_facts(debate, labels, told_by, entry)),
        _origin(debate, item),
    ]
    return [part for part in parts if part]


def of_moments(moments: Sequence[Moment]) -> list[Part]:
    """All of them in short, as a table."""
    columns = (
        Column("date", lambda one: one["dated"]),
        Column("kind", lambda one: one["kind"]),
        Column("what", lambda one: to_moment(one["id"], one["title"])),
        Column("in short", lambda one: one["summary"]),
        Column("evidence", lambda one: one["evidence"]),
        Column("what becomes of it", lambda one: one["becomes"]),
    )
    return [table("Everything that happened", moments, columns)]


def of_ballot(debate: DebateFile, ballot: Ballot, told_by: str) -> list[Part]:
    """What was voted on, by whom and how it came out, above the table of who voted how."""
    ends = f"If carried: {place_in_words(debate, ballot.if_carried)}; if lost: {_lost(debate, ballot)}."
    body = debate.bodies[ballot.body].name
    said = f"{_ended(ballot.motion)} Voted on by: {body}. {capital(told_by)}: {record(ballot)}. {ends} "
    return [said, to_moment(ballot.id, "Where this is known from")]


def of_member(debate: DebateFile, told_by: str, name: str, member: Member, moments: Sequence[Moment]) -> list[Part]:
    """Who they are, where they began, what the record says of them, when they were away, and what they wrote."""
    first = member.first_stance
    said = [_seen(debate, seen) for seen in member.observations]
    away = [
        span(to_moment(one["id"], period(one)), f": {one['reason']}")
        for one in moments
        if one["kind"] == "absence" and one["whose"] == name
    ]
    wrote = [
        span(span(one["dated"], kind="when"), " ", to_moment(one["id"], one["title"]))
        for one in moments
        if one["kind"] == "letter" and one["whose"] == name
    ]
    parts = [
        paragraph("; ".join(office.title for office in member.offices)) if member.offices else None,
        element("div", paragraph(_began(debate, first)), _origin(debate, first))
        if first
        else paragraph("Where they stood at the start is not known, and drawn at random."),
        *(
            (element("h3", f"What {told_by} says of them"), element("ol", *said, kind="seen-list"))
            if said
            else (paragraph(f"{capital(told_by)} says nothing more of where they stood."),)
        ),
        *((element("h3", "When they were away"), bullets(away)) if away else ()),
        *((element("h3", "What they wrote and said"), bullets(wrote)) if wrote else ()),
    ]
    return [part for part in parts if part]


def evidence_words() -> list[Part]:
    """What the words for evidence mean."""
    return [element("h3", "Evidence"), pairs(EVIDENCE) or ""]


def _when(moment: Moment) -> Part:
    """The day; of one that is not known, between which days it lies, and that the one played is assumed."""
    if not moment["between"]:
        return paragraph(period(moment), kind="when")
    return paragraph(f"{moment['dated']} ", badge("assumed", "day assumed"), f" {day(moment['date'])}", kind="when")


def period(moment: Moment) -> str:
    """The day, or from when to when."""
    until = moment.get("until")
    if until is None:
        return str(moment["dated"])
    return f"{moment['dated']}, that day only" if until == moment["date"] else f"{moment['dated']} to {day(until)}"


def _ended(text: str) -> str:
    """A text as a sentence: with a capital, and a full stop where it has no end."""
    return capital(text) + ("" if text.endswith((".", "?", "!")) else ".")


def _sentence(text: str | None) -> Part | None:
    return paragraph(_ended(text)) if text else None


def _quoted(quote: str | None) -> Part | None:
    return element("blockquote", f"“{quote}”") if quote else None


def _origin(debate: DebateFile, datum: Datum) -> Part:
    """Evidence, sources and the remarks that go with them."""
    sources = [debate.sources[key] for key in dict.fromkeys(datum.source) if key in debate.sources]
    codes = f"In the record: {', '.join(datum.record)}" if datum.record else ""
    notes = [text for text in (datum.note, *map(_remarks, sources), codes) if text]
    return element(
        "div",
        paragraph(badge(datum.evidence), f" {EVIDENCE[datum.evidence]}"),
        bullets(map(_source, sources), kind="sources") if sources else None,
        element(
            "details", element("summary", "Notes of the editors"), *(paragraph(text, kind="aside") for text in notes)
        )
        if notes
        else None,
        kind="origin",
    )


def _source(source: Source) -> Part:
    """What a source is, and where it can be read if it can; a link tells nobody whose reader follows it."""
    says = ". ".join(str(part) for part in (source.author, source.title, source.work, source.year) if part)
    if not (source.url or "").startswith(("http://", "https://")):
        return says
    return element("a", says, href=source.url, rel="noreferrer noopener", target="_blank")


def _remarks(source: Source) -> str:
    """What to think of a source."""
    remarks = source.kind, source.leaning and f"leaning: {source.leaning}", source.limits
    return "; ".join(part for part in remarks if part)


def _began(debate: DebateFile, first: FirstStance) -> str:
    """Where somebody began, as far as it is known."""
    if not isinstance(first.value, Distribution):
        return f"Began at {_named(debate, first.value)}."
    middle, other = first.value.terms
    if first.value.uniform:
        return f"Began between {_named(debate, middle)} and {_named(debate, other)}."
    return f"Began near {_named(debate, middle)}; how near is assumed."


def _named(debate: DebateFile, term: Term) -> str:
    """A position by its name, or as a number of what the axis counts."""
    called = place_in_words(debate, term)
    return f"“{called}”" if isinstance(term, str) else f"{called} (on the axis “{debate.axis.label}”)"


def _seen(debate: DebateFile, seen: Observation) -> Part:
    """An observation: when it was, what it says, and of which stance."""
    when = span(f"{dated(seen.date, seen.between)} ", kind="when")
    said = f"{seen.says} ({_of_stance(debate, seen)})"
    return element("li", when, said, _quoted(seen.quote), _origin(debate, seen))


def _of_stance(debate: DebateFile, seen: Observation) -> str:
    """What an observation says of a stance."""
    if seen.movement is None:
        return place_in_words(debate, seen.stance if seen.stance is not None else "policy")
    axis, moved = debate.axis, seen.movement
    end = axis.high if moved.towards == "high" else axis.low
    name = min(axis.positions, key=lambda place: abs(place.at - end)).name if axis.positions else f"{end:g}"
    return f"moved towards {words(name)} since {day(moved.since)}"


def _facts(debate: DebateFile, labels: Mapping[str, str], told_by: str, entry: Entry) -> dict[str, str]:
    """What else is known of a moment, and by what name."""
    item: Any = entry.item
    known: dict[str, str | None] = {}
    match item:
        case Letter():
            informs = "nothing in particular: it informs and moves nobody"
            argued = item.argues_for and place_in_words(debate, item.argues_for)
            known["argues for"] = f"{argued}, with strength {item.strength:g} of 5" if argued else informs
        case Ballot():
            known["voted on by"] = debate.bodies[item.body].name
            known["moved by"] = item.moved_by and labels.get(item.moved_by, words(item.moved_by))
            known["leads to"] = f"{place_in_words(debate, item.if_carried)} if carried, {_lost(debate, item)} if lost"
            known[told_by] = record(item)
            known["away"] = ", ".join(_away(debate, labels, entry))
            known["not compared"] = item.unfit_because
    if entry.who and not isinstance(item, Absence):
        names, more = sorted(labels.get(name, words(name)) for name in entry.who)[:WHO], len(entry.who) - WHO
        reach = {"ballot": "may vote", "talk": "may speak"}.get(item.kind, "reaches")
        known[reach] = joined([*names, f"{more} more"] if more > 0 else names)
    known["happens only if"] = "; ".join(_condition(debate, labels, condition) for condition in item.conditions)
    return {name: text for name, text in known.items() if text}


def record(ballot: Ballot) -> str:
    """What came of a motion, and by which votes, as far as a source says."""
    return f"{ballot.outcome or 'outcome unknown'}, {_count(ballot)}"


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


def _lost(debate: DebateFile, item: Ballot) -> str:
    """What may come in place of a motion."""
    return " or ".join(place_in_words(debate, end) for end in ends_if_lost(debate, item))


def _away(debate: DebateFile, labels: Mapping[str, str], entry: Entry) -> list[str]:
    """Who could vote and is recorded as away."""
    item: Any = entry.item
    absences = [one for one in debate.timeline if isinstance(one, Absence) and one.covers(item.when)]
    return [labels[one.member] for one in absences if one.member in entry.who]
