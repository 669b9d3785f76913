"""Who there is, and who sits where on which day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sim.scenario.schema import Body, DebateFile, Member, Term


@dataclass(frozen=True)
class Seat:
    """A seat on one day: whose, whether it votes, and with how many votes."""

    member: str
    is_full: bool
    votes: int


def individuals(member: str, described: Member) -> list[str]:
    """The ids of a member, or of all the alike ones of a group: `delegate-1`, `delegate-2`, ..."""
    if described.count is None:
        return [member]
    return [f"{member}-{number}" for number in range(1, described.count + 1)]


def people(debate: DebateFile) -> dict[str, Member]:
    """Everybody by id, in the order of the file, groups spread out."""
    return {
        person: described for member, described in debate.members.items() for person in individuals(member, described)
    }


def sitting(debate: DebateFile, body: Body, day: datetime.date) -> list[Seat]:
    """The seats of a body on a day, in the order of the file."""
    return [
        Seat(person, seats.role == "full", seats.votes)
        for seats in body.seats
        if seats.start <= day <= seats.end
        for member in seats.members
        for person in individuals(member, debate.members[member])
    ]


def reached(debate: DebateFile, names: tuple[str, ...], day: datetime.date) -> list[str]:
    """The people meant by names of members and bodies on a day, each once, in the order named."""
    found: dict[str, None] = {}
    for name in names:
        if name in debate.bodies:
            found.update((seat.member, None) for seat in sitting(debate, debate.bodies[name], day))
        else:
            found.update((person, None) for person in individuals(name, debate.members[name]))
    return list(found)


def positions(debate: DebateFile) -> dict[str, float]:
    """The named positions of the axis."""
    return {position.name: position.at for position in debate.axis.positions}


def position(debate: DebateFile, term: Term) -> float:
    """A number or a named position as a number; `policy` (the policy in force) as NaN."""
    if isinstance(term, str):
        return float("nan") if term == "policy" else positions(debate)[term]
    return float(term)
