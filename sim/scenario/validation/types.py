"""Values against their types: pydantic's validation, with what it finds said in plain words."""

from __future__ import annotations

import copy
import datetime
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.errors import ALL, candidates, nearest, quoted, suggestion, unknown
from sim.scenario import schema
from sim.scenario.conditions import PATTERN
from sim.scenario.dates import days_of
from sim.scenario.upgrade import RENAMED
from sim.scenario.yaml_reader import Path, holds

#: A date that lacks zeros, or its day.
_DATE = re.compile(r"([+-][0-9]{1,7}|[0-9]{4,7})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?")
#: A day with a time of the day.
_TIMED = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})([Tt]|[ \t]+)[0-9]{1,2}:[0-9].*")
Finding = tuple[Path, str]  #: where something is wrong, and what
T = TypeVar("T")
#: Stands where a file has no day to be had.
SOME_DAY = datetime.date.min

_MOMENTS: Mapping[str, type[schema.Moment]] = {
    kind: model
    for model in (schema.Absence, schema.Letter, schema.Talk, schema.Ballot, schema.Event)
    for kind in get_args(model.model_fields["kind"].annotation)
}
KINDS_OF_MOMENT = tuple(_MOMENTS)


def typed(kind: type[T], value: Any, raw: Any = None) -> tuple[T | None, list[Finding]]:
    """The value as its type asks, or None and what is wrong with it, in the order of the file's keys.

    raw: the value as the file has it, if parts of it are typed already.
    """
    adapter: TypeAdapter[T] = _adapter(kind)  # type: ignore[arg-type]
    try:
        return adapter.validate_python(value, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, list(_in_plain_words(error, kind, value if raw is None else raw))


def without_bad_days(kind: Any, raw: Any) -> Any:
    """The value as its type asks with some day in the place of each that is none; None if more is wrong than that."""
    adapter, mended = _adapter(kind), copy.deepcopy(raw)
    try:
        adapter.validate_python(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            fault = _fault(item, kind, raw)
            if fault.kind != "date_type" and fault.missing != "date":
                return None
            *around, last = (*fault.path, "date") if fault.missing else fault.path
            holder = mended
            for step in around:
                holder = holder[step]
            holder[last] = SOME_DAY
    return typed(kind, mended)[0]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass
class _Fault:
    """One of pydantic's errors.

    path: where in the file. branches: which types of unions were tried. allowed: the keys that the format has there,
    if the error is about a key that it does not have.
    """

    path: Path
    kind: str
    missing: str | int | None
    branches: tuple[str, ...]
    value: Any
    details: Mapping[str, Any]
    allowed: list[str]


def _in_plain_words(error: ValidationError, kind: Any, raw: Any) -> Iterator[Finding]:
    """One finding a place."""
    places: dict[Path, list[_Fault]] = {}
    for item in error.errors(include_url=False):
        fault = _fault(item, kind, raw)
        places.setdefault(fault.path, []).append(fault)
    for place, faults in places.items():
        if all(isinstance(fault.value, dict) and _is_scalar_branch(fault) for fault in faults) and any(
            len(other) > len(place) and other[: len(place)] == place for other in places
        ):
            continue  # what is wrong inside the mapping says it better
        stray = {
            str(other[-1])
            for other, found in places.items()
            if other[:-1] == place and found[0].kind == "extra_forbidden"
        }
        for message in _messages(faults, stray):
            yield place, message


def _fault(item: Any, kind: Any, raw: Any) -> _Fault:
    path: list[str | int] = []
    branches: list[str] = []
    missing: str | int | None = None
    node, location = raw, list(item["loc"])
    for number, step in enumerate(location):
        if step in _MOMENTS and len(path) == 2 and path[0] == "timeline":
            continue  # the kind of the moment, by which pydantic chose its type
        if holds(node, step):
            path.append(step)
            node = node[step]
        elif item["type"] == "missing" and number == len(location) - 1:
            missing = step
        elif isinstance(step, str):
            branches.append(step)  # the name of one type of a union, or '[key]'
    if item["type"] == "union_tag_invalid":
        path, node = [*path, "kind"], node["kind"]
    allowed = _keys(kind, location[:-1]) if item["type"] == "extra_forbidden" else []
    return _Fault(tuple(path), item["type"], missing, tuple(branches), node, item.get("ctx") or {}, allowed)


def _messages(faults: list[_Fault], stray: set[str]) -> Iterator[str]:
    """What to say of one place; `stray` are the keys there that the format does not have."""
    first = faults[0]
    if (reason := next((fault for fault in faults if fault.kind == "value_error"), None)) and len(faults) > 1:
        faults = [reason]  # a number of an impossible size fits no other type of a union either
    if isinstance(first.value, dict):
        # Somebody who writes a mapping where a number might be means the mapping.
        faults = [fault for fault in faults if not _is_scalar_branch(fault)] or faults
    elif len(faults) > 1 and all(fault.branches for fault in faults):
        yield _neither(faults)
        return
    for fault in faults:
        if fault.missing is None:
            yield _message(fault)
        elif isinstance(fault.missing, int):
            yield f"a value is missing: there are {len(fault.value)}, and two are needed"
        elif not any(nearest(word, [fault.missing]) for word in stray):
            yield f"'{fault.missing}' is missing"


def _is_scalar_branch(fault: _Fault) -> bool:
    return bool(fault.branches) and any(word in fault.branches[-1] for word in ("float", "constrained-str"))


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


def _alternatives(words: list[str]) -> str:
    return _either([f"'{word}'" for word in words])


def _pattern(kind: Any) -> str:
    """The pattern that an annotated text of the schema must match."""
    return next(str(mark.pattern) for mark in get_args(kind) if hasattr(mark, "pattern"))


_PATTERNS: Mapping[str, str] = {
    _pattern(schema.Id): "is not an id: an id is small letters, digits and single hyphens, as 'sunday-ballot'",
    _pattern(schema.SourceKey): "is not a source key: a capital or digit, then letters, digits and '_', as 'Smith2024'",
    PATTERN: "is not a condition: write 'BALLOT carried', 'BALLOT rejected', 'BALLOT not put' or 'policy < POSITION'",
}
_MUST: Mapping[str, str] = {
    "float_type": "be a number",
    "int_type": "be a whole number",
    "int_from_float": "be a whole number",
    "bool_type": "be true or false",
    "string_type": "be text",
    "date_type": "be a date without quotes, as 2024-03-05",
    "tuple_type": "be a list",
    "dict_type": "be a mapping, as {KEY: VALUE}",
    "model_type": "be a mapping, as {example}",
    "finite_number": "be a finite number",
    "greater_than": "be above {gt:g}",
    "greater_than_equal": "be at least {ge:g}",
    "less_than": "be below {lt:g}",
    "less_than_equal": "be at most {le:g}",
}
#: Of sections of a file there is more to say.
_SECTION_MUST = {
    "timeline": "be a list of moments, each beginning with '- id:'",
    "changes": "be a list of changes, as [{remove: ID}]",
    **dict.fromkeys(("sources", "parameters", "members", "bodies"), "be a mapping with an id for each item"),
    "readings": "be a mapping with the id of each reading",
    "item": "be a mapping, as {id: ID, kind: letter, date: 2024-03-05}",
}
#: Keys that somebody might write who knows the code, or an older file.
_ALIASES = {"conditions": "if", "start": "from", "end": "to"}


def _message(fault: _Fault) -> str:
    """What to say of one fault that is not a missing key."""
    value, details = quoted(fault.value), fault.details
    match fault.kind:
        case "value_error":
            return str(details["error"])
        case "extra_forbidden":
            return _stray(str(fault.path[-1]), fault)
        case "literal_error":
            words = re.findall("'([^']*)'", details["expected"])
            return f"{value} is not allowed{_one_of(fault.value, words)}"
        case "union_tag_invalid":
            return f"{value} is not a kind of moment{_one_of(fault.value, list(_MOMENTS), 'a moment')}"
        case "union_tag_not_found":
            return _kind_is_missing(fault.value)
        case "model_attributes_type":
            return f"a moment is a mapping with an 'id', a 'kind' and a 'date', not {value}"
        case "string_pattern_mismatch":
            word = quoted(fault.path[-1]) if "[key]" in fault.branches else value
            return f"{word} {_PATTERNS.get(details['pattern'], 'is not written as it should be')}"
        case "too_long":
            return f"must have {details['max_length']} values, not {details['actual_length']}"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            word = str(fault.path[-1] if "[key]" in fault.branches else fault.value)
            return f"{quoted(word)} has {len(word)} characters: an id has at most {details['max_length']}"
        case "invalid_key":
            return f"the key {quoted(fault.path[-1])} is not text: a key is a word in quotes"
    if fault.kind == "date_type" and isinstance(fault.value, str) and (nearly := _not_a_day(fault.value)):
        return nearly
    is_section = len(fault.path) == 1 and fault.kind in ("dict_type", "tuple_type")
    must = _SECTION_MUST.get(str(fault.path[0])) if is_section else None
    must = must or _MUST.get(fault.kind)
    if must is None:
        return f"{value} is not allowed ({fault.kind.replace('_', ' ')})"
    if fault.kind == "model_type":
        must = must.replace("{example}", example(_parts_by_name()[details["class_name"]]))
    elif "{" in must and details:
        must = must.format(**details)
    return f"must {must}, not {value}{_numeral(fault)}"


@cache
def _parts_by_name() -> Mapping[str, type[BaseModel]]:
    """Every part of the format, by the name of its class."""
    found: dict[str, type[BaseModel]] = {}
    waiting: list[type[BaseModel]] = [schema.DebateFile, schema.Change, *_MOMENTS.values()]
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            waiting += [inner for info in model.model_fields.values() for inner in parts_in(info.annotation)]
    return found


def example(model: type[BaseModel]) -> str:
    """A part of the format as a file may write it, with what it cannot do without: `{name: TEXT, at: 0.5}`."""
    if model is schema.Change:
        return "{remove: ID} or {set: ID.FIELD, to: VALUE}"
    if model is schema.Distribution:
        return "{uniform: [0, 1]}"
    needed = {key: _placeholder(info) for key, info in _fields(model).items() if info.is_required()}
    if needed.pop("evidence", None):
        needed |= {"evidence": "assumed", "note": "why"}
    return f"{{{', '.join(f'{key}: {value}' for key, value in needed.items())}}}"


def _placeholder(info: Any) -> str:
    """What stands for a value of a field."""
    kind = info.annotation
    if get_origin(kind) in (tuple, dict):
        return "[…]" if get_origin(kind) is tuple else "{…}"
    if get_origin(kind) is Literal:
        return str(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "{…}"
    if kind is datetime.date:
        return "2024-03-05"
    if kind is str:
        return "ID" if any(hasattr(mark, "pattern") and mark.pattern for mark in info.metadata) else "TEXT"
    return "1" if kind is int else "0.5"


def _one_of(word: Any, words: list[str], what: str = "it") -> str:
    meant = candidates(word, words) if isinstance(word, str) else []
    return suggestion(word, words, ALL) if meant else f": {what} is {_alternatives(words)}"


def _kind_is_missing(moment: Any) -> str:
    known = {key for model in _MOMENTS.values() for key in _fields(model)}
    meant = next((key for key in moment if key not in known and nearest(key, ["kind"])), None)
    hint = f" ('{meant}' is not a key here: did you mean 'kind'?)" if meant else ""
    return f"'kind' is missing: {_alternatives(list(_MOMENTS))}{hint}"


def _numeral(fault: _Fault) -> str:
    """A word more for what looks like a number and is text."""
    if fault.kind not in ("float_type", "int_type") or not re.search("[0-9]", str(fault.value)):
        return ""
    return " (no quotes, zeros in front, colons or underscores)" if isinstance(fault.value, str) else ""


def _not_a_day(word: str) -> str | None:
    """What is said of a word that looks like a date and is none; None of one that does not."""
    if (timed := _TIMED.fullmatch(word)) is not None:
        return f"{quoted(word)} has a time of day: write the day alone, as {timed[1]}"
    if (parts := _DATE.fullmatch(word)) is None:
        return None
    year, month, day = (int(part or 0) for part in parts.groups())
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return (
            f"the year of {quoted(word)} is not one from 1 to 9999: for a debate before the common era add a number of "
            "years to all dates, and say so under 'about'"
        )
    if not parts[3]:
        if not 1 <= month <= 12:
            return f"there is no month {quoted(word)} (a month is written as 2024-03)"
        if days_of(word) is None:
            return f"{quoted(word)} is not written as a month is: write {year}-{month:02}"
        return f"{quoted(word)} is a month, and here a day is needed, as {year}-{month:02}-05"
    try:
        date = str(datetime.date(year, month, day))
    except ValueError:
        return f"there is no day {quoted(word)} (a date is year-month-day, as 2024-03-05)"
    return None if date == word else f"{quoted(word)} is not written as a date is: write {date}"


def _stray(key: str, fault: _Fault) -> str:
    if fault.path in RENAMED:
        inner = fault.value if isinstance(fault.value, dict) else {}
        now = ", ".join(f"{RENAMED.get((*fault.path, word), word)}: {value}" for word, value in inner.items())
        written = f"{RENAMED[fault.path]}: {{{now}}}" if now else f"{RENAMED[fault.path]}:"
        return f"'{key}' is now '{RENAMED[fault.path]}': write '{written}', as `sim check --upgrade` does"
    if _ALIASES.get(key) in fault.allowed:
        return f"'{key}' is not a key here: did you mean '{_ALIASES[key]}'?"
    # What sets a part apart comes before what every datum has.
    return unknown(key, "key here", sorted(fault.allowed, key=lambda word: word in schema.Datum.model_fields), ALL)


def _keys(kind: Any, location: list[str | int]) -> list[str]:
    """The keys that the format has at a location of pydantic's inside a value of some type."""
    models = parts_in(kind)
    for step in location:
        if step in _MOMENTS and _MOMENTS[str(step)] in models:
            models = [_MOMENTS[str(step)]]
        elif isinstance(step, str) and step not in {model.__name__ for model in models}:
            fields = [_fields(model).get(step) for model in models]
            models = [inner for info in fields if info is not None for inner in parts_in(info.annotation)] or models
    return [key for model in models for key in _fields(model)]


def _fields(model: type[BaseModel]) -> Mapping[str, Any]:
    """The fields of a model by the key that a file writes."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def parts_in(kind: Any) -> list[type[BaseModel]]:
    """The models that a type is, or has inside its alternatives, lists and mappings."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if get_origin(kind) is Annotated:
        return parts_in(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType, tuple, dict):
        return [model for choice in get_args(kind) for model in parts_in(choice)]
    return []
