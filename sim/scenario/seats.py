"""Who there is, who sits where on which day, and where a named position lies."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from sim.scenario.schema import Body, DebateFile, Member, Term


@dataclass(frozen=True)
class Seat:
    """A seat on one day: whose, whether it votes, and with how many votes."""

    member: str
    is_full: bool
    votes: int


def persons(debate: DebateFile, *members: str) -> list[str]:
    """The ids of these members, in the order named, groups spread out: `delegate-1`, `delegate-2`, ..."""
    found: list[str] = []
    for member in members:
        count = debate.members[member].count
        found += [member] if count is None else [f"{member}-{number}" for number in range(1, count + 1)]
    return found


def people(debate: DebateFile) -> dict[str, Member]:
    """Everybody by id, in the order of the file, groups spread out."""
    return {person: member for name, member in debate.members.items() for person in persons(debate, name)}


def seated(body: Body, day: datetime.date) -> list[Seat]:
    """The seats of a body on a day, in the order of the file, a group as one."""
    return [
        Seat(member, seats.role == "full", seats.votes)
        for seats in body.seats
        if seats.covers(day)
        for member in seats.members
    ]


def sitting(debate: DebateFile, body: Body, day: datetime.date) -> list[Seat]:
    """The seats of a body on a day, in the order of the file, groups spread out."""
    return [replace(seat, member=person) for seat in seated(body, day) for person in persons(debate, seat.member)]


def reached(debate: DebateFile, names: tuple[str, ...], day: datetime.date) -> list[str]:
    """The people meant by names of members and bodies on a day, each once, in the order named."""
    found: dict[str, None] = {}
    for name in names:
        if name in debate.bodies:
            found.update((seat.member, None) for seat in sitting(debate, debate.bodies[name], day))
        else:
            found.update((person, None) for person in persons(debate, name))
    return list(found)


def positions(debate: DebateFile) -> dict[str, float]:
    """The named positions of the axis."""
    return {position.name: position.at for position in debate.axis.positions}


def position(debate: DebateFile, term: Term) -> float:
    """A number or a named position as a number; `policy` (the policy in force) as NaN."""
    if isinstance(term, str):
        return float("nan") if term == "policy" else positions(debate)[term]
    return float(term)
