"""Single changes in the words of a command: take a letter out, move it, seat somebody, let somebody write."""

from __future__ import annotations

import datetime
import re
import statistics
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, ScenarioError, quoted, unknown, unprintable
from sim.scenario import changes
from sim.scenario.scenario import Scenario
from sim.scenario.schema import LONGEST_ID, Absence, AnyMoment, Ballot, Change, Datum, DebateFile, Letter, Part
from sim.scenario.seats import Seating, votes_in
from sim.scenario.timeline import ONE_DAY
from sim.scenario.validation.short_forms import spelled_out
from sim.scenario.validation.types import typed
from sim.scenario.yaml_reader import parse

#: How the one who asks for changes by options is called in messages.
CALLED = "the options"


def edited(scenario: Scenario, words: Iterable[tuple[str, str]], alone: bool = False) -> Scenario:
    """The debate with changes in the words of options: pairs of an option and its value, one after the other.

    alone: whether what follows from a moment that is taken out stays as it is. Raises ScenarioError.
    """
    document, made = scenario.document, list[Change]()
    for option, word in words:
        if said := unprintable(word):
            raise _refusal(f"--{option} {word}", said)
        if option == "without" and word in document.gone:
            continue
        debate, _ = typed(DebateFile, spelled_out(document).tree)
        if debate is None:
            break  # the check below says what an earlier one has broken
        more = without(debate, word, alone) if option == "without" else OPTIONS[option](debate, word)
        try:
            document = changes.apply(document, more, CALLED)
        except ScenarioError as error:
            raise ScenarioError(Problem(f"--{option} {word}", 0, "", one.message) for one in error.problems) from None
        made += more
    return scenario.with_changes(*made, called=CALLED)


def without(debate: DebateFile, words: str, alone: bool = False) -> list[Change]:
    """The change that takes a moment out, or with `ID.FIELD` only a field of something.

    alone: whether what follows from the moment stays as it is. Raises ScenarioError for a name that no moment has.
    """
    if "." not in words:
        _moment(debate, words, f"--without {words}")
    return [Change(remove=words, alone=True) if alone else Change(remove=words)]


def moved(debate: DebateFile, words: str) -> list[Change]:
    """The change that `ID=DAY` asks for: the moment comes on another day, with the same random numbers."""
    option = f"--move {words}"
    name, _, day = words.partition("=")
    moment = _moment(debate, name, option)
    return [Change(set=f"{name}.date", to=_day(day, option)), *_known_to_the_day(moment)]


def assigned(debate: DebateFile, words: str) -> list[Change]:
    """The change that `ID.FIELD=VALUE` asks for, or `ID=VALUE` where one field is meant; the value as a file has it.

    Raises ScenarioError.
    """
    option = f"--set {words}"
    path, equals, value = words.partition("=")
    if not (path and equals):
        raise _refusal(option, "give ID.FIELD=VALUE, as 'some-letter.strength=2'")
    if "." not in path and path not in changes.SECTIONS:
        path = f"{path}.{_field_of(debate, path, option)}"
    return [Change(set=path, to=parse(f"to: {value}", option).tree["to"])]


def _field_of(debate: DebateFile, name: str, option: str) -> str:
    """The one field of a thing that is meant when none is named. Raises ScenarioError where there is not one."""
    things: dict[str, Part] = {**debate.parameters, **debate.members, **debate.bodies, **debate.sources}
    things |= {moment.id: moment for moment in debate.timeline}
    if name not in things:
        raise _refusal(option, unknown(name, "id of this debate", things))
    if name in debate.parameters:
        return "value"
    if isinstance(things[name], Letter):
        return "strength"
    if name in debate.members and debate.members[name].first_stance is not None:
        return "first_stance.value"
    every = {
        info.alias or field: field in Datum.model_fields for field, info in type(things[name]).model_fields.items()
    }
    fields = ", ".join(sorted((field for field in every if field != "id"), key=every.__getitem__))
    raise _refusal(option, f"'{name}' has several fields: write {name}.FIELD=VALUE with one of {fields}")


#: Where what an option adds comes from.
SUPPOSED = {"evidence": "assumed", "note": "The difference that a what-if makes; nobody says so."}

#: What `--add` understands.
ADDED = re.compile(
    r"(?P<kind>\S+)\s+of\s+(?P<who>.+?)\s+on\s+(?P<day>\S+)"
    r"(?:\s+to\s+(?P<to>.+?))?(?:\s+for\s+(?P<position>\S+))?(?:\s+strength\s+(?P<strength>\S+))?"
)
WRITTEN = ("letter", "report", "note", "speech")
LETTER_FORM = "letter of AUTHOR on DAY to READERS for POSITION"
TALK_FORM = "talk of MEMBERS on DAY"


def added(debate: DebateFile, words: str) -> list[Change]:
    """The change that adds a letter or a talk, as `letter of eve on 2024-03-05 to board for open strength 4`.

    Readers and talkers are members or a body, separated by commas. A letter without a strength has the median one of
    its author's, or else of all. Raises ScenarioError.
    """
    option = f"--add {quoted(words)}"
    found = ADDED.fullmatch(words.strip())
    if found is None:
        raise _refusal(option, f"write '{LETTER_FORM}', with 'strength NUMBER' if you like, or '{TALK_FORM}'")
    kind, day = found["kind"], _day(found["day"], option)
    if not debate.span.start <= day <= debate.span.end:
        raise _refusal(option, f"{day} is outside the debate, {debate.span.start} to {debate.span.end}")
    people = _people(debate, found["who"], option)
    if kind == "talk":
        if any(found[word] for word in ("to", "position", "strength")):
            raise _refusal(option, f"a talk has no readers, position or strength: write '{TALK_FORM}'")
        fields = _talk(debate, people, option)
    elif kind in WRITTEN:
        if len(people) > 1 or people[0] not in debate.members:
            raise _refusal(option, f"a {kind} has one author, a member, not {quoted(found['who'])}")
        if not found["to"] or not found["position"]:
            missing = "to READERS" if not found["to"] else f"for POSITION ({', '.join(_positions(debate))})"
            raise _refusal(option, f"'{missing}' is missing: write '{LETTER_FORM}'")
        fields = {
            "author": people[0],
            "readers": _people(debate, found["to"], option),
            "argues_for": _position(debate, found["position"], option),
            "strength": _strength(debate, people[0], found["strength"], option),
            "summary": "What if it had been written?",
        }
    else:
        raise _refusal(option, unknown(kind, "kind of moment that can be added in a line", [*WRITTEN, "talk"]))
    start = "-".join(people) if people[0] in debate.members else f"{people[0]}-extra"
    item = {"id": _free_id(debate, f"{start}-{kind}-{day}"), "kind": kind, "date": day, **fields, **SUPPOSED}
    return [Change(add="timeline", item=item)]


def _people(debate: DebateFile, words: str, option: str) -> list[str]:
    names = [name for name in re.split(r"[\s,]+", words) if name and name != "and"]
    for name in names:
        if name not in debate.members and name not in debate.bodies:
            raise _refusal(option, unknown(name, "member or body", [*debate.members, *debate.bodies]))
    if not names:
        raise _refusal(option, f"say of whom: write '{LETTER_FORM}' or '{TALK_FORM}'")
    return names


def _talk(debate: DebateFile, people: list[str], option: str) -> dict[str, Any]:
    bodies = [name for name in people if name in debate.bodies]
    if bodies and len(people) > 1:
        raise _refusal(option, f"a talk is of one body or of members, and '{bodies[0]}' is a body")
    return {"body": people[0]} if bodies else {"members": people}


def _positions(debate: DebateFile) -> list[str]:
    return [position.name for position in debate.axis.positions]


def _position(debate: DebateFile, word: str, option: str) -> float | str:
    value = parse(f"to: {word}", option).tree["to"]
    if value not in _positions(debate) and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise _refusal(option, unknown(word, "position", _positions(debate)))
    return float(value) if isinstance(value, int) else value


def _strength(debate: DebateFile, author: str, word: str | None, option: str) -> float:
    if word is not None:
        try:
            return float(word)
        except ValueError:
            raise _refusal(option, f"'{word}' is not a strength: a number above 0, at most 5, as 3") from None
    letters = [item for item in debate.timeline if isinstance(item, Letter) and item.argues_for is not None]
    own = [letter.strength for letter in letters if letter.author == author]
    return statistics.median(own or [letter.strength for letter in letters] or [3.0])


def _free_id(debate: DebateFile, name: str) -> str:
    taken = {moment.id for moment in debate.timeline}
    if len(name) > LONGEST_ID - 4:  # a talk of many: whom it is of stands in it, too
        name = "-".join(name.split("-")[-4:])
    return (
        name
        if name not in taken
        else next(f"{name}-{n}" for n in range(2, len(taken) + 3) if f"{name}-{n}" not in taken)
    )


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
        return sorted(items, key=lambda item: item.when)

    @property
    def absences(self) -> list[Absence]:
        """Those that touch these days."""
        return [item for item in self.all_absences if item.date <= self.last and item.until >= self.first]

    def ballots(self) -> Iterator[Ballot]:
        """The ballots held in a room on these days by bodies in which the member has a vote."""
        in_a_room = (one for one in self.debate.timeline if isinstance(one, Ballot) and not one.by_correspondence)
        for ballot in in_a_room:
            if self.first <= ballot.date <= self.last and self.member in self.electors(ballot):
                yield ballot

    def electors(self, ballot: Ballot) -> Collection[str]:
        """Who may vote in a ballot."""
        return votes_in({ballot.body: Seating(self.debate.bodies[ballot.body])}, ballot)


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
            changes += _without_record_of(days, ballot)
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
        changes += _without_record_of(days, ballot)
    return changes


def _without_record_of(days: _Days, ballot: Ballot) -> list[Change]:
    """The changes after which a ballot's record does not say of a member how they voted, or that they were missing.

    A list from one source is written out as single votes, and who is missing from a whole one as absent: it is no
    longer the list that the source has.
    """
    voted = [vote.member for vote in ballot.votes]
    is_whole = ballot.roll_call is not None and ballot.roll_call.complete
    unnamed = [name for name in days.electors(ballot) if name not in voted] if is_whole else []
    missing = dict.fromkeys([*ballot.absent, *unnamed])
    if days.member not in {*voted, *missing}:
        return []
    votes = [vote.model_dump(exclude_unset=True) for vote in ballot.votes if vote.member != days.member]
    made = {"votes": votes, "absent": [name for name in missing if name != days.member]}
    changes = [Change(set=f"{ballot.id}.{field}", to=value) for field, value in made.items()]
    return [*changes, *([Change(remove=f"{ballot.id}.roll_call")] if ballot.roll_call is not None else [])]


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
    span = days.debate.span  # what is left of it has to be within
    starts_before, ends_after = absence.date < days.first, absence.until > days.last and days.last < span.end
    starts_before = starts_before and days.first > span.start
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
    return [*changes, *_known_to_the_day(absence)]


def _known_to_the_day(moment: AnyMoment) -> list[Change]:
    """The change that makes the date of a moment one that is known: a file need not say `between` for it to have it."""
    return [] if moment.between is None else [Change(set=f"{moment.id}.between", to=None)]


def _absence(member: str, first: datetime.date, last: datetime.date) -> dict[str, Any]:
    return {
        "id": f"{member}-kept-away-{first}",
        "kind": "absence",
        "member": member,
        "date": first,
        "until": last,
        "reason": "What if they had been away?",
        **SUPPOSED,
    }


#: What each option makes of a debate and its words; `without` has one word more.
OPTIONS: Mapping[str, Callable[[DebateFile, str], list[Change]]] = {
    "without": without,
    "present": present,
    "absent": absent,
    "move": moved,
    "set": assigned,
    "add": added,
}
