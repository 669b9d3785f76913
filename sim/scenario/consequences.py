"""What goes with a moment that is taken out, by what the file itself says.

A moment may need the outcome of a ballot (`if`): without the ballot it never happens. It may follow from others
(`follows`): an answer goes with the last of the words that it answers, and a ballot whose mover has lost all of theirs
that it follows from is put by nobody in particular. The file says so once, and every way of taking a moment out asks
here.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.scenario.conditions import Condition, conditions_of
from sim.scenario.schema import AnyMoment, Ballot


@dataclass(frozen=True)
class Links:
    """What ties one moment to others.

    follows: what it follows from. voices: whose words it is. mover: who puts it to the vote, of a ballot.
    """

    id: str
    is_ballot: bool
    follows: tuple[str, ...]
    conditions: tuple[Condition, ...]
    voices: frozenset[str]
    mover: str | None

    @property
    def needs(self) -> set[str]:
        """The moments without which it never happens."""
        return {condition.moment for condition in self.conditions if condition.moment and not condition.may_do_without}


def links_of(moment: AnyMoment) -> Links:
    """The links of a moment."""
    author, members = getattr(moment, "author", None), getattr(moment, "members", ())
    voices = frozenset([author] if author else members)
    mover = moment.moved_by if isinstance(moment, Ballot) else None
    return Links(moment.id, isinstance(moment, Ballot), moment.follows, moment.conditions, voices, mover)


def links_in(moment: Mapping[str, Any]) -> Links:
    """The links of a moment as a file has it, whatever else is wrong with it."""
    author, mover = moment.get("author"), moment.get("moved_by")
    return Links(
        id=str(moment.get("id")),
        is_ballot=moment.get("kind") == "ballot",
        follows=names_in(moment.get("follows")),
        conditions=tuple(conditions_of(moment.get("if"))),
        voices=frozenset(names_in(author) or names_in(moment.get("members"))),
        mover=mover if isinstance(mover, str) else None,
    )


def names_in(value: Any) -> tuple[str, ...]:
    """The names in what a file has where one name or a list of them may stand."""
    return tuple(name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str))


@dataclass(frozen=True)
class Consequences:
    """What becomes of a timeline without some of its moments.

    gone: those moments themselves and all that goes with them; each with the moment that it goes with, '' for
    themselves. unmoved: the ballots that lose their mover, each with what it followed from.
    """

    gone: Mapping[str, str]
    unmoved: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LinkedTimeline:
    """The links of a timeline, in its order, with what depends on each moment worked out once."""

    links: tuple[Links, ...]

    @cached_property
    def order(self) -> dict[str, tuple[int, Links]]:
        """Each moment's place, by id."""
        return {links.id: (number, links) for number, links in enumerate(self.links)}

    @cached_property
    def dependents(self) -> dict[str, list[int]]:
        """The places of those that need a moment or follow from it, by its id."""
        found: dict[str, list[int]] = {}
        for number, links in enumerate(self.links):
            for name in {*links.needs, *links.follows}:
                found.setdefault(name, []).append(number)
        return found


def linked(timeline: Iterable[AnyMoment]) -> LinkedTimeline:
    """The links of the moments of a debate."""
    return LinkedTimeline(tuple(map(links_of, timeline)))


def without(timeline: LinkedTimeline, removed: Collection[str], alone: bool = False) -> Consequences:
    """What becomes of a timeline without these moments; taken out alone, nothing that follows from them changes."""
    gone = dict.fromkeys(removed, "")
    touched = {number for name in gone for number in timeline.dependents.get(name, ())}
    waiting = sorted(touched)
    while waiting:  # in the order of the file, again and again, but only those of whose ground something has gone
        later: set[int] = set()
        while waiting:
            number = heapq.heappop(waiting)
            links = timeline.links[number]
            cause = None if links.id in gone else _goes_with(links, gone, alone)
            if cause is not None:
                gone[links.id] = cause
                for other in timeline.dependents.get(links.id, ()):
                    touched.add(other)
                    if other > number:
                        heapq.heappush(waiting, other)
                    else:
                        later.add(other)
        waiting = sorted(later)
    staying = (links for number in sorted(touched) if (links := timeline.links[number]).id not in gone)
    unmoved = {links.id: own for links in staying if (own := _unmoved(links, timeline.order, gone))}
    return Consequences(gone, {} if alone else unmoved)


def _goes_with(links: Links, gone: Collection[str], alone: bool) -> str | None:
    """The moment with which one goes; None if it stays."""
    needed = next((name for name in sorted(links.needs) if name in gone), None)
    if needed is not None or alone or links.is_ballot or not links.follows:
        return needed
    return links.follows[-1] if all(name in gone for name in links.follows) else None


def _unmoved(links: Links, order: Mapping[str, tuple[int, Links]], gone: Collection[str]) -> tuple[str, ...]:
    """The mover's own words from which a ballot follows, if all of them are gone; else nothing."""
    followed = sorted((order[name] for name in set(links.follows) if name in order), key=lambda place: place[0])
    own = tuple(other.id for _, other in followed if links.mover in other.voices)
    return own if all(name in gone for name in own) else ()


def out_of_order(timeline: Iterable[AnyMoment]) -> Iterator[tuple[AnyMoment, AnyMoment]]:
    """The moments that come before what they follow from: each with that other moment."""
    order = {moment.id: (moment.when, number, moment) for number, moment in enumerate(timeline)}
    for when, number, moment in order.values():
        for name in moment.follows:
            if name in order and order[name][:2] >= (when, number):
                yield moment, order[name][2]
