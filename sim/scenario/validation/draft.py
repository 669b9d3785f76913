"""The sound parts of a scenario file, which the checks look at whatever else is broken."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, wraps
from typing import Any, TypeVar

from sim.scenario import schema
from sim.scenario.changes import as_list, as_mapping
from sim.scenario.seats import Seating, seats_given
from sim.scenario.validation.types import KINDS_OF_MOMENT, Finding, parts_in, typed, without_bad_days
from sim.scenario.yaml_reader import Path

T = TypeVar("T")

SINGLE: Mapping[str, type[schema.Part]] = {
    "story": schema.Story,
    "span": schema.Span,
    "axis": schema.Axis,
    "dynamics": schema.Dynamics,
}
KEYED: Mapping[str, type[schema.Part]] = {
    "sources": schema.Source,
    "parameters": schema.Parameter,
    "members": schema.Member,
    "bodies": schema.Body,
    "readings": schema.Reading,
}


class _Anything(dict[str, None]):
    """The names in a section that cannot be read: whatever is looked for might be there."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass
class Draft:
    """The sound parts of a file, moments by their place in the timeline, and every name that the file uses.

    The names include those of broken items: what points to one of them does not dangle. undated: the moments of which
    nothing is wrong but a date; only their other fields tell anything. moved: the paths of the
    moments that a change has given another date. is_changed: whether anything but a reading has changed it.
    known: what several checks ask of one ballot, as `once` keeps it. tree: the file itself.
    """

    story: schema.Story | None = None
    span: schema.Span | None = None
    axis: schema.Axis | None = None
    dynamics: schema.Dynamics | None = None
    sources: dict[str, schema.Source] = field(default_factory=dict)
    parameters: dict[str, schema.Parameter] = field(default_factory=dict)
    members: dict[str, schema.Member] = field(default_factory=dict)
    bodies: dict[str, schema.Body] = field(default_factory=dict)
    readings: dict[str, schema.Reading] = field(default_factory=dict)
    timeline: dict[int, schema.AnyMoment] = field(default_factory=dict)
    undated: dict[int, schema.AnyMoment] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    moved: frozenset[Path] = frozenset()
    is_changed: bool = False
    known: dict[tuple[object, int], Any] = field(default_factory=dict)
    tree: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def made(self) -> dict[int, schema.Part]:
        """The sound sections and items by the identity of what each was made of, which lives as long as the draft."""
        made = {id(self.tree[key]): getattr(self, key) for key in SINGLE if key in self.tree}
        for key in (*KEYED, "timeline"):
            made |= {id(self.tree[key][name]): part for name, part in getattr(self, key).items()}
        return {identity: part for identity, part in made.items() if part is not None}

    @cached_property
    def seating(self) -> dict[str, Seating]:
        """The seats of every sound body by day, with those that events may give, a group as one."""
        given = seats_given(self._events)
        return {name: Seating(body, given=given.get(name, ())) for name, body in self.bodies.items()}

    @cached_property
    def seats_change(self) -> dict[str, datetime.date]:
        """From which day on nobody can count the seats of each body before a history is played: events change them."""
        first = dict.fromkeys(self.bodies, datetime.date.max)
        for event in self._events:
            for body in (effect.body for effect in event.changes if effect.body in first):
                first[str(body)] = min(first[str(body)], event.date)
        return first

    @cached_property
    def absences(self) -> dict[str, list[tuple[Path, schema.Absence]]]:
        """The sound absences of each member, in the order of the file."""
        found: dict[str, list[tuple[Path, schema.Absence]]] = {}
        for path, moment in self.moments:
            if isinstance(moment, schema.Absence):
                found.setdefault(moment.member, []).append((path, moment))
        return found

    def alternatives(self, name: str | None) -> list[str]:
        """A parameter, and those to which events set it, as far as they are sound."""
        every = schema.in_place_of([name], self._setting) if self._setting else [name]
        return [other for other in every if other in self.parameters]

    @cached_property
    def _events(self) -> list[schema.Event]:
        """The sound events that change anything: there are few, and they are asked for often."""
        return [moment for moment in self.timeline.values() if isinstance(moment, schema.Event) and moment.changes]

    @cached_property
    def _setting(self) -> list[schema.Event]:
        """Those of them that set a parameter."""
        return [event for event in self._events if any(effect.target[1] == "value" for effect in event.changes)]

    def named(self, what: str) -> Mapping[str, None]:
        """The names of one kind of thing, in the order of the file.

        The kinds: the sections with ids, `positions`, `moments`, and of the moments `ballots` and `talks`.
        """
        return self.names.get(what, {})

    @cached_property
    def moments(self) -> list[tuple[Path, schema.AnyMoment]]:
        """The sound moments in the order of the file, each with the path to it."""
        return [(("timeline", index), moment) for index, moment in self.timeline.items()]

    @cached_property
    def moments_in_any_order(self) -> list[tuple[Path, schema.AnyMoment]]:
        """The sound moments, and then those without a date, for checks that do not mind when anything happens."""
        return [*self.moments, *((("timeline", index), moment) for index, moment in self.undated.items())]

    @cached_property
    def ballots(self) -> list[tuple[Path, schema.Ballot, schema.Body]]:
        """The sound ballots of sound bodies, in the order of the file."""
        ballots = [(path, moment) for path, moment in self.moments if isinstance(moment, schema.Ballot)]
        return [(path, ballot, self.bodies[ballot.body]) for path, ballot in ballots if ballot.body in self.bodies]

    @cached_property
    def parts(self) -> list[tuple[Path, schema.Part]]:
        """Every sound part with the path to it, the outer before the inner."""
        sections = ("story", "span", "axis", "dynamics", "parameters", "members", "bodies", "timeline", "readings")
        found: list[tuple[Path, schema.Part]] = []
        for key in sections:
            _add_parts(getattr(self, key), (key,), found)
        _add_parts(self.undated, ("timeline",), found)
        return found


def once(found: Callable[[Draft, schema.Ballot], T]) -> Callable[[Draft, schema.Ballot], T]:
    """The same function of a ballot, worked out once for each draft however many checks ask for it."""

    @wraps(found)
    def kept(draft: Draft, ballot: schema.Ballot) -> T:
        key = (found, id(ballot))
        if key not in draft.known:
            draft.known[key] = found(draft, ballot)
        value: T = draft.known[key]
        return value

    return kept


def examine(
    tree: Mapping[str, Any], like: Draft | None = None
) -> tuple[schema.DebateFile | None, Draft, list[Finding]]:
    """The debate if all of its types are right, its sound parts, and what is wrong with the types of the others.

    like: the draft of another tree. What the two trees share is not typed again.
    """
    given, tree = tree, tree if like is None else _with_parts(tree, like.made)
    debate, findings = typed(schema.DebateFile, tree, given)
    if debate is not None:
        return debate, draft_of(debate, given), []
    sections: dict[str, Any] = _sound(SINGLE, tree)
    for key, kind in KEYED.items():
        items = as_mapping(tree.get(key))
        sections[key] = _sound(dict.fromkeys(items, kind), items)
    moments = dict(enumerate(as_list(tree.get("timeline"))))
    timeline = _sound(dict.fromkeys(moments, schema.AnyMoment), moments)
    others = (
        (index, without_bad_days(schema.AnyMoment, raw)) for index, raw in moments.items() if index not in timeline
    )
    undated = {index: moment for index, moment in others if moment is not None}
    return None, Draft(**sections, timeline=timeline, undated=undated, names=_names(given), tree=given), findings


def draft_of(debate: schema.DebateFile, tree: Mapping[str, Any]) -> Draft:
    """The draft of a file of which everything is sound."""
    sections: dict[str, Any] = {key: getattr(debate, key) for key in (*SINGLE, *KEYED)}
    return Draft(**sections, timeline=dict(enumerate(debate.timeline)), names=_names(tree), tree=tree)


def _with_parts(tree: Mapping[str, Any], made: Mapping[int, schema.Part]) -> dict[str, Any]:
    """The tree with parts in the place of what they were made of: pydantic takes them as they are."""
    parts: dict[str, Any] = {}
    for key, section in tree.items():
        if isinstance(section, list):
            parts[key] = [made.get(id(item), item) for item in section]
        elif key in KEYED and isinstance(section, dict):
            parts[key] = {name: made.get(id(item), item) for name, item in section.items()}
        else:
            parts[key] = made.get(id(section), section)
    return parts


def _sound(kinds: Mapping[Any, Any], items: Mapping[Any, Any]) -> dict[Any, Any]:
    """The items that are as their types ask."""
    parts = ((key, typed(kind, items.get(key))[0]) for key, kind in kinds.items())
    return {key: part for key, part in parts if part is not None}


def _add_parts(value: Any, path: Path, found: list[tuple[Path, schema.Part]]) -> None:
    """Adds a value, if it is a part, and then those that it holds, with the path to each."""
    if isinstance(value, dict | tuple):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _add_parts(inner, (*path, step), found)
    elif isinstance(value, schema.Part):
        found.append((path, value))
        for name, key in _holding(type(value)):
            if inner := getattr(value, name):
                _add_parts(inner, (*path, key), found)


@cache
def _holding(model: type[schema.Part]) -> list[tuple[str, str]]:
    """The fields of a part that may hold others: the name and the key of each."""
    return [(name, info.alias or name) for name, info in model.model_fields.items() if parts_in(info.annotation)]


def _names(tree: Mapping[str, Any]) -> dict[str, dict[str, None]]:
    """Every name in the file, whether or not what it names is sound."""
    names: dict[str, dict[str, None]] = {}
    for section in KEYED:
        # Members and bodies may not be left out, the others may: then there are none.
        items = tree.get(section, None if section in ("members", "bodies") else {})
        names[section] = dict.fromkeys(items) if isinstance(items, dict) else _Anything()
    moments = tree.get("timeline")
    # An axis without positions has none of any name; of one that cannot be read nothing is known.
    positions = tree["axis"].get("positions", []) if isinstance(tree.get("axis"), dict) else None
    is_read = all(isinstance(position, dict) for position in as_list(positions))
    names["positions"] = _texts(positions, "name") if is_read else _Anything()
    names["moments"] = _texts(moments, "id")
    for plural, kind in (("ballots", "ballot"), ("talks", "talk")):
        # A moment of no kind that we know is given the benefit of the doubt.
        names[plural] = _texts(moments, "id", [word for word in KINDS_OF_MOMENT if word != kind])
    return names


def _texts(items: Any, key: str, other_kinds: Sequence[str] = ()) -> dict[str, None]:
    if not isinstance(items, list):
        return _Anything()
    named = (item for item in items if isinstance(item, dict) and isinstance(item.get(key), str))
    return {item[key]: None for item in named if item.get("kind") not in other_kinds}
