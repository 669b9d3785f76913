"""The dated plan of a debate: everything that will happen, in the order in which it is played."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.conditions import Condition
from sim.scenario.schema import Absence, AnyMoment, Ballot, DebateFile, Event, Letter, Talk
from sim.scenario.seats import reached, sitting

if TYPE_CHECKING:
    import pandas

#: What comes before what on one day.
ORDER_WITHIN_A_DAY = ("week", "absence ends", "absence begins", "event", "letter", "talk", "ballot")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY, ONE_WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)


@dataclass(frozen=True)
class Entry:
    """One thing that happens on one day.

    kind: a word of `ORDER_WITHIN_A_DAY`. session: the sitting whose attendance it shares. who: those it is
    about: the absentee, the readers, those who may speak, those who may vote.
    """

    date: datetime.date
    kind: str
    id: str
    session: str
    who: tuple[str, ...]
    item: AnyMoment | None
    body: str | None = None
    conditions: tuple[Condition, ...] = ()


def weekdays(first: datetime.date, last: datetime.date, weekday: str) -> Iterator[datetime.date]:
    """Every such weekday from `first` to `last`, both included."""
    day = first + datetime.timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while day <= last:
        yield day
        day += ONE_WEEK


def _weeks(debate: DebateFile) -> Iterator[Entry]:
    if debate.dynamics.drift is not None:
        for day in weekdays(debate.span.start, debate.span.end, "monday"):
            yield Entry(day, "week", f"week-{day}", f"week-{day}", (), None)


def _regular_talks(debate: DebateFile) -> Iterator[Entry]:
    for name, body in debate.bodies.items():
        if body.talks is not None:
            for day in weekdays(debate.span.start, debate.span.end, body.talks.weekday):
                who = tuple(seat.member for seat in sitting(debate, body, day))
                if len(who) > 1:
                    yield Entry(day, "talk", f"{name}-talk-{day}", f"{name}-talk-{day}", who, None, name)


def _absence(debate: DebateFile, item: Absence) -> Iterator[Entry]:
    begins = max(item.date, debate.span.start)
    yield Entry(begins, "absence begins", item.id, item.id, (item.member,), item, None, item.conditions)
    if item.until < debate.span.end:
        # Who never left comes back to no effect, so a return needs no condition.
        yield Entry(item.until + ONE_DAY, "absence ends", item.id, item.id, (item.member,), item)


def _letter(debate: DebateFile, item: Letter) -> Iterator[Entry]:
    readers = tuple(person for person in reached(debate, item.readers, item.date) if person != item.author)
    yield Entry(item.date, "letter", item.id, item.id, readers, item, None, item.conditions)


def _talk(debate: DebateFile, item: Talk) -> Iterator[Entry]:
    names = item.members if item.body is None else (item.body,)
    who = tuple(reached(debate, names, item.date))
    yield Entry(item.date, "talk", item.id, item.session or item.id, who, item, item.body, item.conditions)


def _ballot(debate: DebateFile, item: Ballot) -> Iterator[Entry]:
    seats = sitting(debate, debate.bodies[item.body], item.date)
    who = tuple(seat.member for seat in seats if seat.is_full)
    yield Entry(item.date, "ballot", item.id, item.session or item.id, who, item, item.body, item.conditions)


def _entries(debate: DebateFile) -> Iterator[Entry]:
    yield from _weeks(debate)
    yield from _regular_talks(debate)
    for item in debate.timeline:
        match item:
            case Absence():
                yield from _absence(debate, item)
            case Letter():
                yield from _letter(debate, item)
            case Talk():
                yield from _talk(debate, item)
            case Ballot():
                yield from _ballot(debate, item)
            case Event():
                yield Entry(item.date, "event", item.id, item.id, (), item, None, item.conditions)


def timeline(debate: DebateFile) -> tuple[Entry, ...]:
    """All entries in playing order: by date, then by `ORDER_WITHIN_A_DAY`, then as the file has them."""
    inside = (entry for entry in _entries(debate) if entry.date <= debate.span.end)
    return tuple(sorted(inside, key=lambda entry: (entry.date, ORDER_WITHIN_A_DAY.index(entry.kind))))


def described(entry: Entry) -> str:
    """What an entry is about, in a line."""
    match entry.item:
        case Absence(reason=text) | Letter(summary=text) | Event(summary=text) | Ballot(motion=text):
            return text
        case Talk(summary=text):
            return text or "exchange of views"
    return "all stances drift: back towards the first ones, and by chance" if entry.kind == "week" else "regular talk"


def table(entries: tuple[Entry, ...]) -> pandas.DataFrame:
    """The timeline as a table: date, kind, id, body, actor, who, if, about, evidence."""
    import pandas

    return pandas.DataFrame(
        {
            "date": [entry.date for entry in entries],
            "kind": [entry.kind for entry in entries],
            "id": [entry.id for entry in entries],
            "body": [entry.body or "" for entry in entries],
            "actor": [
                getattr(entry.item, "author", None) or getattr(entry.item, "moved_by", None) or "" for entry in entries
            ],
            "who": [", ".join(entry.who) for entry in entries],
            "if": ["; ".join(map(str, entry.conditions)) for entry in entries],
            "about": [described(entry) for entry in entries],
            "evidence": [entry.item.evidence if entry.item else "assumed" for entry in entries],
        }
    )
