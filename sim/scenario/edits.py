"""Single changes in the words of a command: take a letter out, move it, seat somebody."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, ScenarioError, unknown
from sim.scenario.schema import Absence, AnyMoment, Ballot, Change, DebateFile
from sim.scenario.seats import seated
from sim.scenario.timeline import ONE_DAY
from sim.scenario.yaml_reader import parse


def without(debate: DebateFile, name: str) -> list[Change]:
    """The changes that take a moment out, and with a ballot what only its outcome brings about.

    What happens if the ballot was carried or rejected then never happens; what happens if it was not put, happens.
    Raises ScenarioError for a name that no moment has.
    """
    removed = _moment(debate, name, f"--without {name}")
    changes = [Change(remove=name)]
    for moment in debate.timeline:
        if isinstance(moment, Ballot) and moment.session == name:
            changes.append(Change(remove=f"{moment.id}.session"))
        about = [condition for condition in moment.conditions if condition.ballot == name]
        if any(condition.outcome != "not put" for condition in about):
            changes += [change for change in without(debate, moment.id) if change not in changes]
        elif about:
            others = [condition.text for condition in moment.conditions if condition not in about]
            changes.append(Change(set=f"{moment.id}.if", to=others) if others else Change(remove=f"{moment.id}.if"))
    if isinstance(removed, Ballot):
        changes += [
            Change(remove=f"{member}.observations.{observation.id}")
            for member, described in debate.members.items()
            for observation in described.observations
            if name in observation.rests_on
        ]
    return changes


def moved(debate: DebateFile, words: str) -> list[Change]:
    """The change that `ID=DAY` asks for: the moment comes on another day, with the same random numbers."""
    option = f"--move {words}"
    name, _, day = words.partition("=")
    moment = _moment(debate, name, option)
    date = _day(day, option)
    changes = [Change(set=f"{name}.date", to=date)]
    if moment.between is not None and not moment.between[0] <= date <= moment.between[1]:
        changes.append(Change(remove=f"{name}.between"))
    return changes


def assigned(words: str) -> list[Change]:
    """The change that `ID.FIELD=VALUE` asks for; the value is read as a file's is."""
    option = f"--set {words}"
    path, equals, value = words.partition("=")
    if not (path and equals):
        raise _refusal(option, "give ID.FIELD=VALUE, as 'some-letter.strength=2'")
    return [Change(set=path, to=parse(f"to: {value}", option).tree["to"])]


@dataclass(frozen=True)
class _Days:
    """A member of a debate from one day to another, both included, as `MEMBER=DAY` or `MEMBER=DAY..DAY` names them."""

    debate: DebateFile
    option: str
    member: str
    first: datetime.date
    last: datetime.date

    @classmethod
    def parse(cls, debate: DebateFile, option: str, words: str) -> _Days:
        """The days that an option's words name. Raises ScenarioError."""
        option = f"{option} {words}"
        member, equals, span = words.partition("=")
        if not (member and equals and span):
            raise _refusal(option, "give MEMBER=DAY or MEMBER=DAY..DAY, as 'eve=2024-03-05'")
        if member not in debate.members:
            raise _refusal(option, unknown(member, "member", debate.members))
        start, dots, end = span.partition("..")
        first = _day(start, option)
        last = _day(end, option) if dots else first
        if last < first:
            raise _refusal(option, f"{last} is before {first}")
        return cls(debate, option, member, first, last)

    @property
    def all_absences(self) -> list[Absence]:
        """The member's absences, in order."""
        items = (item for item in self.debate.timeline if isinstance(item, Absence) and item.member == self.member)
        return sorted(items, key=lambda item: item.date)

    @property
    def absences(self) -> list[Absence]:
        """Those that touch these days."""
        return [item for item in self.all_absences if item.date <= self.last and item.until >= self.first]

    def ballots(self) -> Iterator[Ballot]:
        """The ballots held in a room on these days by bodies in which the member has a vote."""
        for item in self.debate.timeline:
            if isinstance(item, Ballot) and self.first <= item.date <= self.last and not item.by_correspondence:
                seats = seated(self.debate.bodies[item.body], item.date)
                if any(seat.member == self.member and seat.is_full for seat in seats):
                    yield item


def present(debate: DebateFile, words: str) -> list[Change]:
    """The changes that put a member into the room.

    No absence of theirs covers the days, and where a body in which they have a vote holds a ballot, they are there for
    certain. Raises ScenarioError if they are there already as far as anybody can say.
    """
    days = _Days.parse(debate, "--present", words)
    changes = [change for absence in days.absences for change in _cut(absence, days)]
    for ballot in days.ballots():
        if days.member not in {*ballot.present, *(vote.member for vote in ballot.votes)}:
            changes.append(Change(set=f"{ballot.id}.present", to=[*ballot.present, days.member]))
    if not changes:
        when = ", ".join(f"{item.date} to {item.until}" for item in days.all_absences)
        message = f"'{days.member}' is not away then" + (f": they are from {when}" if when else ", nor at any time")
        raise _refusal(days.option, message)
    return changes


def absent(debate: DebateFile, words: str) -> list[Change]:
    """The changes that keep a member away on some days, within reach of letters; their votes there go with them.

    Raises ScenarioError if they are away already.
    """
    days = _Days.parse(debate, "--absent", words)
    starts = [days.first, *(absence.until + ONE_DAY for absence in days.absences)]
    ends = [*(absence.date - ONE_DAY for absence in days.absences), days.last]
    gaps = [(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]
    if not gaps:
        raise _refusal(days.option, f"'{days.member}' is away then already, by '{days.absences[0].id}'")
    changes = [Change(add="timeline", item=_absence(days.member, *gap)) for gap in gaps]
    for ballot in days.ballots():
        if days.member in ballot.present:
            others = [name for name in ballot.present if name != days.member]
            changes.append(Change(set=f"{ballot.id}.present", to=others))
        if any(vote.member == days.member for vote in ballot.votes):
            changes.append(Change(remove=f"{ballot.id}.votes.{days.member}"))
    return changes


def _refusal(option: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(option, 0, "", message)])


def _moment(debate: DebateFile, name: str, option: str) -> AnyMoment:
    for moment in debate.timeline:
        if moment.id == name:
            return moment
    raise _refusal(option, unknown(name, "moment of the timeline", [moment.id for moment in debate.timeline]))


def _day(text: str, option: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise _refusal(option, f"'{text}' is not a day: a date is year-month-day, as 2024-03-05") from None


def _cut(absence: Absence, days: _Days) -> list[Change]:
    """The changes that leave of an absence only what lies outside the days."""
    changes: list[Change] = []
    starts_before, ends_after = absence.date < days.first, absence.until > days.last
    if not starts_before and not ends_after:
        return [Change(remove=absence.id)]
    if starts_before:
        changes.append(Change(set=f"{absence.id}.until", to=days.first - ONE_DAY))
    if ends_after and not starts_before:
        changes.append(Change(set=f"{absence.id}.date", to=days.last + ONE_DAY))
    elif ends_after:
        rest: Mapping[str, Any] = absence.model_dump(by_alias=True, exclude_unset=True)
        item = {**rest, "id": f"{absence.id}-again", "date": days.last + ONE_DAY}
        changes.append(Change(add="timeline", item=item))
    if absence.between is not None:
        changes.append(Change(remove=f"{absence.id}.between"))
    return changes


def _absence(member: str, first: datetime.date, last: datetime.date) -> dict[str, Any]:
    return {
        "id": f"{member}-kept-away-{first}",
        "kind": "absence",
        "member": member,
        "date": first,
        "until": last,
        "reason": "What if they had been away?",
        "evidence": "assumed",
        "note": "The difference that a what-if makes; nobody says so.",
    }
