"""The keys of the format by their names with dots, and what a cell below one of them stands for."""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from sim.scenario import schema
from sim.tables.yaml_text import plain


@cache
def types_at(part: Any, key: str) -> frozenset[Any]:
    """The types of the value at a dotted key of a part, as a file writes it; none where there is no such key."""
    found = [part]
    for step in key.split("."):
        found = [inner for kind in found for inner in _inside(kind, step)]
    leaves = frozenset(leaf for kind in found for leaf in _leaves(kind))
    return frozenset(leaf for leaf in leaves if not _is_part(leaf) or leaf is schema.Distribution)


def _is_part(kind: Any) -> bool:
    return get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, schema.Part))


def _inside(kind: Any, step: str) -> Iterator[Any]:
    for leaf in _leaves(kind):
        if isinstance(leaf, type) and issubclass(leaf, schema.Part):
            hints = get_type_hints(leaf, include_extras=True)
            yield from (hints[name] for name, info in leaf.model_fields.items() if step == (info.alias or name))
        elif get_origin(leaf) is dict:
            yield get_args(leaf)[1]


def _leaves(kind: Any) -> Iterator[Any]:
    """The alternatives of a type; a number too, where a file may have one for the name of a parameter."""
    if kind == schema.ParameterName:
        yield float
    origin, choices = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from _leaves(choices[0])
    elif origin in (Union, types.UnionType):
        for choice in choices:
            yield from _leaves(choice)
    elif origin is Literal:
        yield str
    elif origin is tuple:
        inside = {*_leaves(choices[0])}
        yield from () if any(map(_is_part, inside)) else (tuple, *(inside & {float}))
    else:
        yield kind


def value(part: type[schema.Part], field: str, text: str) -> Any:
    """What a cell stands for, as a file would have it: a text, a number, a day, a list of what semicolons part."""
    kinds = types_at(part, field) - {type(None)}
    if kinds <= {str}:
        return text
    if text[:1] in ("[", "{"):
        return plain(text)
    if tuple in kinds:
        items = [_number(item.strip()) if float in kinds else item.strip() for item in text.split(";") if item.strip()]
        return items[0] if len(items) == 1 and "members" not in field else items
    if datetime.date in kinds:
        return plain(re.sub(r"(?<=^\d{4}-\d\d-\d\d)[T ].*", "", text))
    return _number(text) if float in kinds else plain(text)


def _number(text: str) -> Any:
    """A number, or else the text; with a comma before decimals, as tables have it where semicolons part cells."""
    read = plain(re.sub(r"^([-+]?\d+),(\d+)$", r"\1.\2", text))
    return read if isinstance(read, int | float) and not isinstance(read, bool) else text
