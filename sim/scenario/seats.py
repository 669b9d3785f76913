"""Who there is, who sits where on which day, and where a named position lies."""

from __future__ import annotations

import datetime
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial

from sim.scenario.schema import (
    Ballot,
    Body,
    DebateFile,
    Distribution,
    Event,
    Member,
    Moment,
    NamedVote,
    Procedure,
    Seats,
    Term,
)


@dataclass(frozen=True)
class Seat:
    """A seat on one day: whose, whether it votes, and with how many votes.

    given: what an event may have made of it by then, `candidate` or `full`, or ''. is_held: whether the file has it.
    """

    member: str
    is_full: bool
    votes: float
    given: str = ""
    is_held: bool = True

    @property
    def kind(self) -> str:
        """What it is by the file: `none`, `candidate` or `full`."""
        return "full" if self.is_full else "candidate" if self.is_held else "none"

    @property
    def may_vote(self) -> bool:
        """Whether it votes, in some histories at least."""
        return self.is_full or self.given == "full"


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


def named_votes(debate: DebateFile, ballot: Ballot) -> dict[str, NamedVote]:
    """The vote of everybody of whom a source gives it: that of a group is the vote of each of them."""
    return {person: vote for vote in ballot.votes for person in persons(debate, vote.member)}


def choice_of(debate: DebateFile, ballot: Ballot) -> tuple[Ballot, ...]:
    """The motions among which a ballot chooses one, in the order of the file; of an ordinary ballot its own alone."""
    if ballot.one_of is None:
        return (ballot,)
    ballots = (item for item in debate.timeline if isinstance(item, Ballot))
    return tuple(item for item in ballots if item.one_of == ballot.one_of)


def ends_if_lost(debate: DebateFile, ballot: Ballot) -> tuple[Term, ...]:
    """All that may come in place of a motion: where it leads if lost, or the other motions of the same choice."""
    return ballot.if_lost or tuple(other.if_carried for other in choice_of(debate, ballot) if other is not ballot)


@dataclass(frozen=True)
class Sitting:
    """The seats of a body as they are held for some time, in the order of the file, and then those given by events."""

    seats: tuple[Seat, ...]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Who has a seat, in some histories at least."""
        return tuple(seat.member for seat in self.seats)

    @cached_property
    def votes(self) -> dict[str, float]:
        """Who has a full seat, with the votes of each."""
        return {seat.member: seat.votes for seat in self.seats if seat.is_full}


class Seating:
    """The seats of a body by day. Between two days on which they change they are worked out once.

    spread: what a member's id stands for, as `persons` has it; without it a group is one. given: the seats that events
    may give, each with its day, the member and the kind of seat.
    """

    def __init__(
        self,
        body: Body,
        spread: Callable[[str], Iterable[str]] = lambda member: (member,),
        given: Sequence[tuple[datetime.date, str, str]] = (),
    ) -> None:
        self._seats, self._spread, self._given = body.seats, spread, given
        changes = {day for seats in body.seats for day in _first_and_past(seats)}
        self._changes = sorted(changes | {day.toordinal() for day, *_ in given})
        self._known: dict[int, Sitting] = {}

    def on(self, day: datetime.date) -> Sitting:
        """The seats on a day."""
        period = bisect_right(self._changes, day.toordinal())
        if period not in self._known:
            self._known[period] = Sitting(tuple(self._held(day)))
        return self._known[period]

    def _held(self, day: datetime.date) -> Iterator[Seat]:
        """The seats of the file on a day, and then those of whoever has none there and may have been given one."""
        given: dict[str, str] = {}
        for member, role in ((member, role) for on, member, role in self._given if on <= day):
            given |= {person: max(given.get(person, ""), role) for person in self._spread(member)}
        for seats in self._seats:
            for person in (one for member in seats.members for one in self._spread(member) if seats.covers(day)):
                yield Seat(person, seats.role == "full", seats.votes, given.pop(person, ""))
        for person, role in given.items():
            yield Seat(person, False, 1, role, is_held=False)


def _first_and_past(seats: Seats) -> tuple[int, int]:
    return seats.start.toordinal(), seats.end.toordinal() + 1


def votes_in(seated: Mapping[str, Seating], ballot: Ballot) -> dict[str, float]:
    """Who votes in a ballot, with the votes of each. seated: every body."""
    sitting = seated[ballot.body].on(ballot.date)
    return {seat.member: seat.votes for seat in sitting.seats if seat.may_vote or ballot.candidates_vote}


def procedure_of(debate: DebateFile, ballot: Ballot) -> Procedure:
    """How a ballot is decided: as it says, or as its body does."""
    return ballot.procedure or debate.bodies[ballot.body].procedure


def summed(votes: Iterable[float]) -> float:
    """Votes added up: decimal fractions to nine places, where rounding leaves nothing, and whole numbers as such."""
    total = round(math.fsum(votes), 9)
    return int(total) if total == int(total) else total


@lru_cache(maxsize=1024)
def together(votes: float, people: int) -> float:
    """The votes of people who have so many each."""
    return summed([votes] * people)


def units(votes: Iterable[float]) -> int:
    """In how many equal parts a vote has to be cut so that all of these are whole numbers of parts."""
    return math.lcm(*map(_parts, {*votes}))


@lru_cache(maxsize=1024)
def _parts(votes: float) -> int:
    return Fraction(str(votes)).denominator


def seatings(debate: DebateFile) -> dict[str, Seating]:
    """The seats of every body by day, groups spread out, with those that events may give."""
    given = seats_given(debate.timeline)
    return {name: Seating(body, partial(persons, debate), given.get(name, ())) for name, body in debate.bodies.items()}


def seats_given(moments: Iterable[Moment]) -> dict[str, list[tuple[datetime.date, str, str]]]:
    """The seats that events may give in each body: the day, the member and the kind of seat."""
    found: dict[str, list[tuple[datetime.date, str, str]]] = {}
    for moment in moments:
        for effect in moment.changes if isinstance(moment, Event) else ():
            if effect.body is not None and effect.to != "none":
                found.setdefault(effect.body, []).append((moment.date, effect.target[0], str(effect.to)))
    return found


def sitting(debate: DebateFile, body: Body, day: datetime.date) -> tuple[Seat, ...]:
    """The seats of a body on one day, in the order of the file, groups spread out."""
    return Seating(body, partial(persons, debate)).on(day).seats


def reached(
    debate: DebateFile, seated: Mapping[str, Seating], names: tuple[str, ...], day: datetime.date
) -> tuple[str, ...]:
    """The people meant by names of members and bodies on a day, each once, in the order named. seated: every body."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(seated[name].on(day).members if name in seated else persons(debate, name)))
    return tuple(found)


def positions(debate: DebateFile) -> dict[str, float]:
    """The named positions of the axis."""
    return {position.name: position.at for position in debate.axis.positions}


def place_in_words(debate: DebateFile, term: Term) -> str:
    """What a position is called: of a parameter, between which named positions its value may lie."""
    if term == "policy":
        return "the policy in force"
    if not isinstance(term, str):
        return f"{term:g}"
    if term not in debate.parameters:
        return term.replace("-", " ")
    value, axis = debate.parameters[term].value, debate.axis
    if not isinstance(value, Distribution):
        low = high = value
    else:
        low, high = (position(debate, end) for end in value.uniform or debate.parameters[term].range)
    named = sorted((place.at, place.name.replace("-", " ")) for place in axis.positions)
    below = next((name for at, name in reversed(named) if at <= low), f"{axis.low:g}")
    above = next((name for at, name in named if at >= high), f"{axis.high:g}")
    if low <= axis.low and high >= axis.high:
        return "anywhere on the scale"
    return below if below == above else f"between {below} and {above}"


def position(debate: DebateFile, term: Term) -> float:
    """A number or a named position as a number; what only a history knows, `policy` or a parameter, as NaN."""
    if isinstance(term, str):
        return float("nan") if term == "policy" or term in debate.parameters else positions(debate)[term]
    return float(term)
