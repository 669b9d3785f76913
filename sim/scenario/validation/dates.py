"""Dates: time runs forward, within the span, and nobody is in two places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from sim.scenario import schema
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding


def check_span(draft: Draft) -> Iterator[Finding]:
    """The span runs forward, and what happens happens within it."""
    span = draft.span
    if span is None:
        return
    if span.start > span.end:
        yield ("span",), f"the span runs backwards: from {span.start} to {span.end}"
        return
    for path, moment in draft.moments:
        if isinstance(moment, schema.Absence):
            if moment.date <= moment.until and (moment.until < span.start or moment.date > span.end):
                yield (
                    (*path, "date"),
                    f"the absence ({moment.date} to {moment.until}) lies outside the span, {_days(span)}",
                )
        elif not span.start <= moment.date <= span.end:
            yield (*path, "date"), f"{moment.date} is outside the span, {_days(span)}"


def _days(span: schema.Span) -> str:
    return f"{span.start} to {span.end}"


def check_order_of_dates(draft: Draft) -> Iterator[Finding]:
    """Whatever lasts ends on the day it begins or later; a date lies between its bounds."""
    for path, part in draft.parts:
        if not _is_dated(type(part)) or (path[0] == "timeline" and path[1] in draft.undated):
            continue
        if isinstance(part, schema.Seats | schema.Office) and part.start and part.end and part.start > part.end:
            yield (*path, "to"), f"{part.end} is before 'from', {part.start}"
        if isinstance(part, schema.Absence) and part.until < part.date:
            yield (*path, "until"), f"{part.until} is before the absence begins, {part.date}"
        if isinstance(part, schema.Moment | schema.Observation) and part.between is not None:
            first, last = part.between
            if first > last:
                yield (*path, "between"), f"'between' runs backwards: {first} to {last}"
            elif not first <= part.date <= last:
                yield (*path, "date"), f"{part.date} is not between {first} and {last}"


@cache
def _is_dated(kind: type[schema.Part]) -> bool:
    return issubclass(kind, schema.Seats | schema.Office | schema.Moment | schema.Observation)


def check_absences(draft: Draft) -> Iterator[Finding]:
    """A member is away once at a time, whatever the conditions: the end of one absence must not end another."""
    for absences in draft.absences.values():
        lasting: list[tuple[int, schema.Absence]] = []
        for number, (_, later) in sorted(enumerate(absences), key=lambda each: each[1][1].date):
            lasting = [(place, absence) for place, absence in lasting if absence.until >= later.date]
            for place, absence in lasting:
                if absence.date <= later.until:
                    (_, one), (path, two) = (absences[at] for at in sorted((place, number)))
                    yield (*path, "date"), f"'{two.member}' is away already, by '{one.id}' ({one.date} to {one.until})"
            lasting.append((number, later))


def check_seats(draft: Draft) -> Iterator[Finding]:
    """A member sits in a body once at a time."""
    for name, body in draft.bodies.items():
        places: dict[str, list[tuple[int, int, schema.Seats]]] = {}
        for number, seats in enumerate(body.seats):
            for place, member in enumerate(seats.members):
                places.setdefault(member, []).append((number, place, seats))
        for member, held in places.items():
            for (before, _, one), (number, place, other) in combinations(held, 2):
                if before < number and one.start <= other.end and other.start <= one.end:
                    path = ("bodies", name, "seats", number, "members", place)
                    yield path, f"'{member}' sits in '{name}' already from {one.start} to {one.end}"
