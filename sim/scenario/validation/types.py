"""The shape of a scenario: each part of the file against its type, and what is amiss in plain words.

Every item is checked by itself, so that one broken letter does not hide what is wrong with another, nor
what the sound items say to each other. The sound ones come back typed, in a `Draft`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.errors import nearest, quoted, suggestion, unknown
from sim.scenario import schema
from sim.scenario.conditions import ConditionText
from sim.scenario.yaml_reader import Path, holds

Finding = tuple[Path, str]  #: where something is wrong, and what
Section = TypeVar("Section")

MOMENTS: Mapping[str, type[schema.Moment]] = {
    "absence": schema.Absence,
    **dict.fromkeys(("letter", "report", "note", "speech", "news"), schema.Letter),
    "talk": schema.Talk,
    "ballot": schema.Ballot,
    "event": schema.Event,
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
    """The sound parts of a file, each with the path to it in the file, and every name that the file uses.

    The names include those of broken items: what points to one of them does not dangle.
    """

    span: schema.Span | None = None
    axis: schema.Axis | None = None
    dynamics: schema.Dynamics | None = None
    sources: dict[str, schema.Source] = field(default_factory=dict)
    parameters: dict[str, schema.Parameter] = field(default_factory=dict)
    members: dict[str, schema.Member] = field(default_factory=dict)
    bodies: dict[str, schema.Body] = field(default_factory=dict)
    readings: dict[str, schema.Reading] = field(default_factory=dict)
    timeline: dict[int, schema.AnyMoment] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)

    def named(self, what: str) -> Mapping[str, None]:
        """The names of one kind of thing, in the order of the file.

        The kinds: the sections with ids, `positions`, `moments`, and of the moments `ballots` and `talks`.
        """
        return self.names.get(what, {})

    def moments(self) -> Iterator[tuple[Path, schema.AnyMoment]]:
        """The sound moments in the order of the file."""
        for index, moment in self.timeline.items():
            yield ("timeline", index), moment

    def moment(self, name: str) -> schema.AnyMoment | None:
        """The first sound moment of that id."""
        return next((moment for moment in self.timeline.values() if moment.id == name), None)

    @cached_property
    def parts(self) -> list[tuple[Path, schema.Part]]:
        """Every sound part, the outer before the inner."""
        sections = ("span", "axis", "dynamics", "parameters", "members", "bodies", "timeline", "readings")
        return [part for key in sections for part in _parts(getattr(self, key), (key,))]


def draft_of(debate: schema.DebateFile, tree: Mapping[str, Any]) -> Draft:
    """A whole debate as a draft: all of its parts are sound."""
    parts = {key: getattr(debate, key) for key in ("span", "axis", "dynamics", *KEYED)}
    return Draft(**parts, timeline=dict(enumerate(debate.timeline)), names=_names(tree))


def examine(tree: Mapping[str, Any]) -> tuple[Draft, list[Finding]]:
    """The sound parts of a file, and what is wrong with the shape of the others."""
    draft, findings = Draft(), list(_keys_of_the_root(tree))
    for key, info in schema.DebateFile.model_fields.items():
        if key not in tree:
            continue
        raw = tree[key]
        if key in KEYED:
            getattr(draft, key).update(_keyed(raw, key, findings))
        elif key == "timeline":
            draft.timeline.update(_timeline(raw, findings))
        else:
            part, wrong = typed(info.rebuild_annotation(), raw, (key,))
            findings.extend(wrong)
            if hasattr(draft, key):
                setattr(draft, key, part)
    draft.names = _names(tree)
    return draft, findings


def typed(annotation: Any, raw: Any, path: Path) -> tuple[Any | None, list[Finding]]:
    """The value as the type asks, or None and what is wrong with it; `path` leads to it in the file."""
    try:
        return _adapter(annotation).validate_python(raw, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, list(_in_plain_words(error, annotation, raw, path))


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _parts(value: Any, path: Path) -> Iterator[tuple[Path, schema.Part]]:
    if isinstance(value, schema.Part):
        yield path, value
        for name, info in type(value).model_fields.items():
            yield from _parts(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _parts(inner, (*path, key))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _parts(inner, (*path, number))


def _keys_of_the_root(tree: Mapping[str, Any]) -> Iterator[Finding]:
    allowed = schema.DebateFile.model_fields
    meant = set()
    for key in tree:
        if key not in allowed:
            meant.add(nearest(key, allowed))
            yield (key,), _stray(key, allowed)
    for key, info in allowed.items():
        if info.is_required() and key not in tree and key not in meant:
            yield (), f"'{key}' is missing"


def _keyed(raw: Any, section: str, findings: list[Finding]) -> Iterator[tuple[str, Any]]:
    """The sound items of a section that is a mapping of ids."""
    if not isinstance(raw, dict):
        findings.append(((section,), f"must be a mapping with an id for each item, not {quoted(raw)}"))
        return
    key_type = schema.SourceKey if section == "sources" else schema.Id
    for name, item in raw.items():
        path = (section, name)
        findings.extend(typed(key_type, name, path)[1])
        part, wrong = typed(KEYED[section], item, path)
        findings.extend(wrong)
        if part is not None:
            yield name, part


def _timeline(raw: Any, findings: list[Finding]) -> Iterator[tuple[int, Any]]:
    """The sound moments, by their place in the list."""
    if not isinstance(raw, list):
        findings.append((("timeline",), f"must be a list of moments, each beginning with '- id:', not {quoted(raw)}"))
        return
    for index, item in enumerate(raw):
        path: Path = ("timeline", index)
        if not isinstance(item, dict):
            findings.append((path, f"a moment is a mapping with an 'id', a 'kind' and a 'date', not {quoted(item)}"))
        elif "kind" not in item:
            meant = next((key for key in item if nearest(key, ["kind"])), None)
            hint = f" ('{meant}' is not a key here: did you mean 'kind'?)" if meant else ""
            findings.append((path, f"'kind' is missing: {_alternatives(MOMENTS)}{hint}"))
        elif not isinstance(item["kind"], str) or item["kind"] not in MOMENTS:
            said = suggestion(item["kind"], MOMENTS)
            if "did you mean" not in said:
                said = f": a moment is {_alternatives(MOMENTS)}"
            findings.append(((*path, "kind"), f"{quoted(item['kind'])} is not a kind of moment{said}"))
        else:
            moment, wrong = typed(MOMENTS[item["kind"]], item, path)
            findings.extend(wrong)
            if moment is not None:
                yield index, moment


def _names(tree: Mapping[str, Any]) -> dict[str, dict[str, None]]:
    """Every name in the file, whether or not what it names is sound."""
    names: dict[str, dict[str, None]] = {}
    for section in KEYED:
        # Only sources and readings may be left out: then there are none.
        items = tree.get(section, {} if section in ("sources", "readings") else None)
        names[section] = dict.fromkeys(items) if isinstance(items, dict) else _Anything()
    axis, timeline = tree.get("axis"), tree.get("timeline")
    positions = axis.get("positions") if isinstance(axis, dict) else None
    names["positions"] = _texts(positions, "name") if isinstance(positions, list) else _Anything()
    for plural, kind in (("moments", None), ("ballots", "ballot"), ("talks", "talk")):
        if isinstance(timeline, list):
            names[plural] = _texts([moment for moment in timeline if kind is None or _may_be(moment, kind)], "id")
        else:
            names[plural] = _Anything()
    return names


def _may_be(moment: Any, kind: str) -> bool:
    """Whether a moment is of a kind, or of none that we know: then it is given the benefit of the doubt."""
    if not isinstance(moment, dict):
        return False
    said = moment.get("kind")
    return said == kind or not isinstance(said, str) or said not in MOMENTS


def _texts(items: list[Any], key: str) -> dict[str, None]:
    return {item[key]: None for item in items if isinstance(item, dict) and isinstance(item.get(key), str)}


# What pydantic found, said in plain words


@dataclass
class _Fault:
    """One of pydantic's errors, with its location taken apart: where in the file, and in which types."""

    path: Path
    kind: str
    missing: str | int | None
    branches: tuple[str, ...]
    value: Any
    details: Mapping[str, Any]


def _in_plain_words(error: ValidationError, annotation: Any, raw: Any, path: Path) -> Iterator[Finding]:
    """One finding a place, in the order of the file's keys."""
    places: dict[Path, list[_Fault]] = {}
    for item in error.errors(include_url=False):
        fault = _fault(item, raw)
        places.setdefault(fault.path, []).append(fault)
    for place, faults in places.items():
        if _is_meant_as_mapping(faults) and any(
            len(other) > len(place) and other[: len(place)] == place for other in places
        ):
            continue  # what is wrong inside the mapping says it better
        stray = {
            str(other[-1])
            for other, found in places.items()
            if other[:-1] == place and found[0].kind == "extra_forbidden"
        }
        for message in _messages(faults, annotation, stray):
            yield (*path, *place), message


def _fault(item: Any, raw: Any) -> _Fault:
    path: list[str | int] = []
    branches: list[str] = []
    missing: str | int | None = None
    node, location = raw, list(item["loc"])
    for number, step in enumerate(location):
        if holds(node, step):
            path.append(step)
            node = node[step]
        elif item["type"] == "missing" and number == len(location) - 1:
            missing = step
        elif isinstance(step, str):
            branches.append(step)  # the name of one type of a union, or '[key]'
    return _Fault(tuple(path), item["type"], missing, tuple(branches), node, item.get("ctx") or {})


def _messages(faults: list[_Fault], annotation: Any, stray: set[str]) -> Iterator[str]:
    """What to say of one place."""
    first = faults[0]
    if isinstance(first.value, dict):
        # Somebody who writes a mapping where a number might be means the mapping.
        faults = [fault for fault in faults if not _is_scalar_branch(fault)] or faults
    elif len(faults) > 1 and all(fault.branches for fault in faults):
        yield _neither(faults)
        return
    for fault in faults:
        if fault.missing is None:
            yield _message(fault, annotation)
        elif isinstance(fault.missing, int):
            yield f"a value is missing: there are {len(fault.value)}, and two are needed"
        elif not any(nearest(word, [fault.missing]) for word in stray):
            yield f"'{fault.missing}' is missing"


def _is_meant_as_mapping(faults: list[_Fault]) -> bool:
    return all(isinstance(fault.value, dict) and _is_scalar_branch(fault) for fault in faults)


def _is_scalar_branch(fault: _Fault) -> bool:
    return bool(fault.branches) and fault.branches[-1] in ("float", "constrained-str")


def _neither(faults: list[_Fault]) -> str:
    """One sentence for a value that fits no type of a union."""
    branches = " ".join(" ".join(fault.branches) for fault in faults)
    last = " ".join(fault.branches[-1] for fault in faults)
    choices = ["a number"] if "float" in last else []
    if "constrained-str" in last:
        choices.append("the name of a position or parameter")
    if "Distribution" in last or (not choices and "Distribution" in branches):
        choices.append("a distribution such as {uniform: [0, 1]}")
    return f"must be {_either(choices)}, not {quoted(faults[0].value)}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _alternatives(words: Mapping[str, Any] | list[str]) -> str:
    return _either([f"'{word}'" for word in words])


def _pattern(kind: Any) -> str:
    """The pattern that an annotated text of the schema must match."""
    return next(str(mark.pattern) for mark in get_args(kind) if hasattr(mark, "pattern"))


_PATTERNS: Mapping[str, str] = {
    _pattern(schema.Id): "is not an id: an id is small letters, digits and single hyphens, as 'sunday-ballot'",
    _pattern(schema.SourceKey): "is not a source key: a capital or digit, then letters, digits and '_', as 'Smith2024'",
    _pattern(ConditionText): (
        "is not a condition: write 'BALLOT carried', 'BALLOT rejected', 'BALLOT not put' or 'policy < POSITION'"
    ),
}
_BETWEEN_QUOTES = r"'([^']*)'"
_WANTED: Mapping[str, str] = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "date_type": "must be a date without quotes, as 2024-03-05",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "finite_number": "must be a finite number",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def _message(fault: _Fault, annotation: Any) -> str:
    """What to say of one fault that is not a missing key."""
    shown, details = quoted(fault.value), fault.details
    if fault.kind == "value_error":
        return str(details["error"])
    if fault.kind == "extra_forbidden":
        key, allowed = str(fault.path[-1]), allowed_keys(annotation, fault.path[:-1])
        return _week_as_drift(fault.value) if key == "week" and "drift" in allowed else _stray(key, allowed)
    if fault.kind == "literal_error":
        return f"{shown} is not allowed{_one_of(fault.value, re.findall(_BETWEEN_QUOTES, details['expected']))}"
    if fault.kind == "string_pattern_mismatch":
        word = quoted(fault.path[-1]) if "[key]" in fault.branches else shown
        return f"{word} {_PATTERNS.get(details['pattern'], 'is not written as it should be')}"
    if fault.kind in _BOUNDS:
        bound, words = _BOUNDS[fault.kind]
        return f"must be {words} {details[bound]:g}, not {shown}"
    if fault.kind == "too_long":
        return f"must have {details['max_length']} values, not {details['actual_length']}"
    if fault.kind == "string_too_short":
        return "must not be empty"
    if fault.kind in _WANTED:
        return f"{_WANTED[fault.kind]}, not {shown}{_numeral(fault)}"
    return f"{shown} is not allowed ({fault.kind.replace('_', ' ')})"


def _one_of(word: Any, words: list[str]) -> str:
    close = nearest(word, words) if isinstance(word, str) else None
    return f": did you mean '{close}'?" if close else f": it is {_alternatives(words)}"


def _numeral(fault: _Fault) -> str:
    """A word more for what looks like a number and is text."""
    looks = (
        isinstance(fault.value, str) and fault.kind in ("float_type", "int_type") and re.search("[0-9]", fault.value)
    )
    return " (no quotes, zeros in front, colons or underscores)" if looks else ""


def _week_as_drift(week: Any) -> str:
    """What to write for `week: {pull: ID, shake: ID}`, as files had it before `drift`."""
    pull, shake = (week.get(key, "ID") if isinstance(week, dict) else "ID" for key in ("pull", "shake"))
    return f"'week' is now 'drift': write 'drift: {{reversion: {pull}, noise: {shake}}}'"


def _stray(key: str, allowed: Mapping[str, Any]) -> str:
    if _ALIASES.get(key) in allowed:
        return f"'{key}' is not a key here: did you mean '{_ALIASES[key]}'?"
    # What sets a part apart comes before what every datum has.
    common = schema.Datum.model_fields
    return unknown(key, "key here", sorted(allowed, key=lambda word: word in common))


def allowed_keys(annotation: Any, path: Path) -> dict[str, FieldInfo]:
    """The keys that the format allows at a path inside a value of some type."""
    reached = [annotation]
    for step in path:
        reached = [inner for outer in reached for inner in _inside(outer, step)]
    return {key: info for kind in reached for model in _models(kind) for key, info in keys_of(model).items()}


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the key that a file writes."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation is, or has among its alternatives."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return _models(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [model for choice in get_args(annotation) for model in _models(choice)]
    return []


def _inside(annotation: Any, step: str | int) -> list[Any]:
    """The types of what a key or index of a value leads to."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _inside(arguments[0], step)
    if origin in (Union, types.UnionType):
        return [inner for choice in arguments for inner in _inside(choice, step)]
    if origin is tuple:
        return [argument for argument in arguments if argument is not Ellipsis]
    if origin is dict:
        return [arguments[1]]
    if origin is Literal or not _models(annotation):
        return []
    info = keys_of(annotation).get(str(step))
    return [] if info is None else [info.annotation]


def _aliases() -> Iterator[tuple[str, str]]:
    """The names that Python has for keys, with the keys: somebody who knows the code might write them."""
    for model in (schema.Moment, schema.Seats):
        for name, info in model.model_fields.items():
            if info.alias:
                yield name, info.alias


_ALIASES = dict(_aliases())


def is_listed(info: FieldInfo) -> bool:
    """Whether a field takes one thing where a list is meant."""
    return any(isinstance(mark, BeforeValidator) for mark in info.metadata)
