"""The dated plan of a debate, in the order in which it is played, and the keys of what is drawn for it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sim.scenario.conditions import Condition
from sim.scenario.schema import Absence, AnyMoment, Ballot, DebateFile, Event, Letter, Talk
from sim.scenario.seats import Seating, people, persons, reached, seatings, votes_in

#: What comes before what on one day.
ORDER_WITHIN_A_DAY = ("week", "absence ends", "absence begins", "event", "letter", "talk", "ballot")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY, ONE_WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)

#: The columns of the timeline as a table.
COLUMNS = ("date", "dated", "time", "kind", "id", "body", "actor", "who", "if", "about", "evidence")
#: Weeks that share one call of the random number generator.
WEEKS_IN_A_BLOCK = 4


class Entry(NamedTuple):
    """One thing that happens on one day.

    kind: a word of `ORDER_WITHIN_A_DAY`. session: the meeting whose attendance it shares. who: those it is
    about: the absentees, the readers, those who may speak, those who may vote.
    """

    date: datetime.date
    kind: str
    id: str
    session: str
    who: tuple[str, ...]
    item: AnyMoment | None = None
    body: str | None = None

    @property
    def place(self) -> tuple[datetime.date, int, int]:
        """Where it comes in the order of play: by date, part of the day and kind."""
        part = 0 if self.item is None or self.kind == "absence ends" else self.item.when[1]
        return self.date, part, ORDER_WITHIN_A_DAY.index(self.kind)

    @property
    def dated(self) -> str:
        """When it is, as far as that is known: a date, or a range in words."""
        return str(self.date) if self.item is None or self.kind == "absence ends" else self.item.dated

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must hold for it to happen. Who never left comes back to no effect, so a return needs no condition."""
        return () if self.item is None or self.kind == "absence ends" else self.item.conditions


def weekdays(first: datetime.date, last: datetime.date, weekday: str) -> Iterator[datetime.date]:
    """Every such weekday from `first` to `last`, both included."""
    day = first + datetime.timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while day <= last:
        yield day
        day += ONE_WEEK


def _regular(debate: DebateFile, seated: Mapping[str, Seating]) -> Iterator[Entry]:
    """The weeks and the regular talks."""
    first, last = debate.span.start, debate.span.end
    for day in weekdays(first, last, "monday") if debate.dynamics.drift is not None else ():
        name = f"week-{day}"
        yield Entry(day, "week", name, name, ())
    for body, rules in debate.bodies.items():
        for day in weekdays(first, last, rules.talks.weekday) if rules.talks is not None else ():
            who = seated[body].on(day).members
            if len(who) > 1:
                name = f"{body}-talk-{day}"
                yield Entry(day, "talk", name, name, who, None, body)


def _moment(debate: DebateFile, seated: Mapping[str, Seating], item: AnyMoment) -> Iterator[Entry]:
    """A moment of the file as what happens; of an absence its beginning and its end."""
    day = item.date
    match item:
        case Absence():
            who = tuple(persons(debate, item.member))
            yield Entry(max(day, debate.span.start), "absence begins", item.id, item.id, who, item)
            if item.until < debate.span.end:
                yield Entry(item.until + ONE_DAY, "absence ends", item.id, item.id, who, item)
        case Letter():
            everybody = reached(debate, seated, item.readers, day)
            readers = tuple(person for person in everybody if person != item.author)
            yield Entry(day, "letter", item.id, item.id, readers, item)
        case Talk():
            who = reached(debate, seated, item.members, day) if item.body is None else seated[item.body].on(day).members
            yield Entry(day, "talk", item.id, item.session or item.id, who, item, item.body)
        case Ballot():
            electors = tuple(votes_in(seated, item))
            yield Entry(day, "ballot", item.id, item.sitting, electors, item, item.body)
        case Event():
            yield Entry(day, "event", item.id, item.id, (), item)


def timeline(debate: DebateFile) -> tuple[Entry, ...]:
    """All entries in playing order: by date, part of the day, `ORDER_WITHIN_A_DAY`, and then as the file has them."""
    seated = seatings(debate)
    moments = (entry for item in debate.timeline for entry in _moment(debate, seated, item))
    inside = [entry for entry in (*_regular(debate, seated), *moments) if entry.date <= debate.span.end]
    return tuple(sorted(inside, key=lambda entry: entry.place))


def described(entry: Entry) -> str:
    """What an entry is about, in a line."""
    match entry.item:
        case Absence(reason=text) | Letter(summary=text) | Event(summary=text) | Ballot(motion=text):
            return text
        case Talk(summary=text):
            return text or "exchange of views"
    return "all stances drift: back towards the first ones, and by chance" if entry.kind == "week" else "regular talk"


def rows(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """The timeline as the rows of a table."""
    return [
        {
            "date": entry.date,
            "dated": entry.dated,
            "time": (entry.item.time if entry.item and entry.kind != "absence ends" else None) or "",
            "kind": entry.item.kind if isinstance(entry.item, Letter) else entry.kind,
            "id": entry.id,
            "body": entry.body or "",
            "actor": getattr(entry.item, "author", None) or getattr(entry.item, "moved_by", None) or "",
            "who": ", ".join(entry.who),
            "if": "; ".join(map(str, entry.conditions)),
            "about": described(entry),
            "evidence": entry.item.evidence if entry.item else "assumed",
        }
        for entry in entries
    ]


@lru_cache(maxsize=1 << 14)
def key(identity: str) -> int:
    """The 32-bit key of an identity: the same on every machine, in every version."""
    return int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=4).digest(), "little")


def collisions(debate: DebateFile) -> list[tuple[str, str]]:
    """Pairs of identities that draw for the same purpose and have the same key.

    Two such would have the same random numbers. Members draw apart from each other, moments and sessions from
    each other, parameters from each other.
    """
    entries = timeline(debate)
    kinds = (
        people(debate),
        {name: None for entry in entries for name in (stream_of(entry), entry.session)},
        debate.parameters,
    )
    found = []
    for names in kinds:
        taken: dict[int, str] = {}
        for name in names:
            other = taken.setdefault(key(name), name)
            if other != name:
                found.append((other, name))
    return found


def stream_of(entry: Entry) -> str:
    """The identity that keys what is drawn at a moment; weeks of a block of four share one, and motions of a choice."""
    if entry.kind == "week":
        return f"weeks-{entry.date.toordinal() // 7 // WEEKS_IN_A_BLOCK}"
    return (isinstance(entry.item, Ballot) and entry.item.one_of) or entry.id
