"""What is different in another world, in words: the title of a what-if that nobody has named."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.results.labels import member_label
from sim.results.wording import dated, day, words
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, AnyMoment, Ballot, DebateFile, Letter, Part, Talk
from sim.scenario.seats import place_in_words
from sim.scenario.timeline import ONE_DAY

#: Moments that one list names, and differences that one title holds.
NAMED, MOST = 3, 5
Moments = Mapping[str, AnyMoment]
Span = tuple[datetime.date, datetime.date]


def what_is_different(base: Scenario, other: Scenario) -> str:
    """`Without Lenin's letter of 13 Oct 1922; Trotsky present on 6 Oct 1922`: what was changed, not what came of it."""
    parts = list(differences(base, other))
    if not parts:
        return "Nothing changed"
    more = len(parts) - MOST
    title = "; ".join([*parts[:MOST], f"{more} more differences"] if more > 1 else parts)
    return title[0].upper() + title[1:]


def differences(base: Scenario, other: Scenario) -> Iterator[str]:
    """What was changed, thing by thing: what went with something else by itself is left out."""
    before, after = _moments(base), _moments(other)
    followed = other.document.gone
    for name, option in other.readings.items():
        if base.readings.get(name) != option:
            yield f"reading {words(name)}: {words(option)}"
    gone = [name for name in before if name not in after and name not in followed]
    yield from _listed("without", base.debate, [before[name] for name in gone])
    new = [name for name in after if name not in before]
    yield from _listed("with", other.debate, [after[name] for name in new])
    yield from _rooms(base.debate, other.debate)
    for name, moment in after.items():
        if name in before and moment != before[name]:
            yield from _fields_of_moment(base.debate, before[name], moment, followed)
    yield from _parts(base.debate, other.debate)


def _moments(world: Scenario) -> Moments:
    return {moment.id: moment for moment in world.debate.timeline}


def _listed(word: str, debate: DebateFile, moments: Sequence[AnyMoment]) -> Iterator[str]:
    """`without A, B and C`, absences left to `_rooms`."""
    moments = [moment for moment in moments if not isinstance(moment, Absence)]
    if moments:
        argued = (getattr(moment, "argues_for", None) for moment in moments)
        ends = [
            f" for {place_in_words(debate, place)}" if word == "with" and place is not None else "" for place in argued
        ]
        yield f"{word} {_and([name_of_moment(debate, one) + end for one, end in zip(moments, ends, strict=True)])}"


def _and(names: Sequence[str]) -> str:
    """`a, b and c`, or the first few and how many more there are."""
    more = len(names) - NAMED
    names = [*names[:NAMED], f"{more} more"] if more > 1 else names
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def label(debate: DebateFile, member: str) -> str:
    """What a member is called."""
    known = debate.members.get(member)
    return member_label(known) if known else words(member)


def with_names(debate: DebateFile, text: str) -> str:
    """A sentence in which moments stand by their ids, as `'eve-writes'`, with what they are called instead."""
    called = {moment.id: moment for moment in debate.timeline}
    return re.sub(
        r"'([a-z0-9-]+)'",
        lambda found: name_of_moment(debate, called[found[1]]) if found[1] in called else found[0],
        text,
    )


def name_of_moment(debate: DebateFile, moment: AnyMoment) -> str:
    """`Lenin's letter of 13 Oct 1922`; its readers or its id are added where two would have one name."""
    name = _name(debate, moment)
    same = [other for other in debate.timeline if _name(debate, other) == name]
    if len(same) < 2:
        return name
    if isinstance(moment, Letter) and sum(moment.readers == getattr(other, "readers", ()) for other in same) == 1:
        return f"{name} to {_and([addressee(debate, reader) for reader in moment.readers])}"
    return f"{name} ({moment.id})"


def _name(debate: DebateFile, moment: AnyMoment) -> str:
    when = dated(moment.date, moment.between)
    if moment.title:
        return f"“{moment.title}”"
    match moment:
        case Letter(author=None):
            return f"the {moment.kind} of {when}"
        case Letter():
            return f"{label(debate, moment.author or '')}'s {moment.kind} of {when}"
        case Talk(body=None):
            return f"the talk of {_and([label(debate, name) for name in moment.members])} of {when}"
        case Talk() | Ballot():
            return f"the {words(moment.body or '')}'s {moment.kind} of {when}"
        case Absence():
            return f"{label(debate, moment.member)}'s absence of {when}"
    return f"the event of {when}"


def addressee(debate: DebateFile, name: str) -> str:
    """What a member or a body is called."""
    return f"the {words(name)}" if name in debate.bodies else label(debate, name)


def _rooms(base: DebateFile, other: DebateFile) -> Iterator[str]:
    """Who is away or in the room on other days than before."""
    for member in base.members:
        before, after = _away(base, member), _away(other, member)
        joined = _joined(base, other, member)
        spans: dict[str, list[Span]] = {"present": [], "not away": [], "away": list(_spans(after - before))}
        for first, last in _spans(before - after):
            spans["present" if any(first <= date <= last for date in joined) else "not away"].append((first, last))
        spans["present"] += [(date, date) for date in joined if date not in before - after]
        for how, days in spans.items():
            if days:
                yield f"{label(base, member)} {how} {_and([_days(span) for span in sorted(days)])}"


def _away(debate: DebateFile, member: str) -> set[datetime.date]:
    """The days within the debate on which a member is away, whatever an absence hangs on."""
    spans = ((item.date, item.until) for item in debate.timeline if isinstance(item, Absence) and item.member == member)
    return {
        first + n * ONE_DAY
        for start, end in spans
        for first in [max(start, debate.span.start)]
        for n in range((min(end, debate.span.end) - first).days + 1)
    }


def _joined(base: DebateFile, other: DebateFile, member: str) -> list[datetime.date]:
    """The days of ballots at which a member is there for certain in the other world only."""
    before = {item.id: item.present for item in base.timeline if isinstance(item, Ballot)}
    days = (
        item.date
        for item in other.timeline
        if isinstance(item, Ballot) and item.id in before and member in item.present and member not in before[item.id]
    )
    return [*dict.fromkeys(days)]


def _spans(days: set[datetime.date]) -> Iterator[Span]:
    """Days as spans without a gap, the earliest first."""
    for first in sorted(date for date in days if date - ONE_DAY not in days):
        last = first
        while last + ONE_DAY in days:
            last += ONE_DAY
        yield first, last


def _days(span: Span) -> str:
    first, last = span
    return f"on {day(first)}" if first == last else f"from {day(first)} to {day(last)}"


def _fields_of_moment(base: DebateFile, before: AnyMoment, after: AnyMoment, followed: set[str]) -> Iterator[str]:
    """The fields of a moment that were changed; what goes with a date or with somebody's absence is left out."""
    name = name_of_moment(base, before)
    if isinstance(before, Absence):
        return
    if before.date != after.date:
        yield f"{name} moved to {dated(after.date, after.between)}"
    skipped = {"date", "between", "old_style", "title", "follows", "present", "votes"}
    if isinstance(before, Ballot) and isinstance(after, Ballot) and before.roll_call and not after.roll_call:
        skipped |= {"roll_call", "absent"}  # the list is written out, for somebody who is in it or missing from it
    for field in type(after).model_fields:
        old, new = getattr(before, field, None), getattr(after, field)
        if field in skipped or old == new or f"{after.id}.{'if' if field == 'conditions' else field}" in followed:
            continue
        if field == "moved_by" and new is None:
            yield f"{name} put by nobody in particular"
        elif field == "moved_by":
            yield f"{name} put by {label(base, new)}"
        elif field == "conditions":
            yield (
                f"{name} only if {_and([words(condition.text) for condition in new])}" if new else f"{name} in any case"
            )
        elif field in ("argues_for", "if_carried", "if_lost") and new is not None:
            ends = [place_in_words(base, term) for term in (new if isinstance(new, tuple) else (new,))]
            yield f"{name}: {field.replace('_', ' ')} {' or '.join(ends)}"
        else:
            yield f"{name}: {_value(field, new)}"


def _value(field: str, value: Any) -> str:
    """`strength 2`, or `another procedure` of what is no single word or number."""
    what = field.replace("_", " ")
    if value is None or value == ():
        return f"no {what}"
    if isinstance(value, bool):
        return f"{what}: {'yes' if value else 'no'}"
    if isinstance(value, float):
        return f"{what} {value:g}"
    return f"{what} {words(value)}" if isinstance(value, str) and len(value) < 40 else f"another {what}"


def _parts(base: DebateFile, other: DebateFile) -> Iterator[str]:
    """Parameters, members, bodies, rules and the rest."""
    for name, parameter in other.parameters.items():
        known = base.parameters.get(name)
        if known is not None and known.value != parameter.value:
            is_number = isinstance(parameter.value, float)
            yield f"{words(name)} {parameter.value:g}" if is_number else f"{words(name)} of another distribution"
    for section in ("members", "bodies"):
        old, new = getattr(base, section), getattr(other, section)
        yield from (f"without {addressee(base, name)}" for name in old if name not in new)
        yield from (f"with {addressee(other, name)}" for name in new if name not in old)
        for name in new:
            if name in old:
                yield from (
                    f"{addressee(base, name)}: {what}"
                    for what in _changed_fields(old[name], new[name], {"observations"})
                )
    yield from _changed_fields(base.dynamics, other.dynamics, set())
    yield from _changed_fields(base.axis, other.axis, set())


def _changed_fields(before: Part, after: Part, skipped: set[str]) -> Iterator[str]:
    for field in type(after).model_fields:
        old, new = getattr(before, field), getattr(after, field)
        if field in skipped or old == new:
            continue
        if (
            isinstance(old, Part)
            and isinstance(new, Part)
            and type(old) is type(new)
            and "value" not in type(new).model_fields
        ):
            yield from (f"{field.replace('_', ' ')}: {inner}" for inner in _changed_fields(old, new, skipped))
        elif hasattr(new, "value"):
            yield f"{_value(field, new.value)}"
        else:
            yield _value(field, new)
