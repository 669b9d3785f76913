"""The scenario format as a JSON Schema, for editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.schema import DebateFile, Part
from sim.scenario.validation import types


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors: they complete keys and underline mistakes with it.

    It tells the shape of a file; what only the whole can tell, `check` tells.
    """
    written: dict[str, Any] = DebateFile.model_json_schema(by_alias=True)
    definitions = {DebateFile.__name__: written, **written["$defs"]}
    for model in _models(Part):
        properties = definitions.get(model.__name__, {}).get("properties", {})
        for key, info in types.keys_of(model).items():
            if types.is_listed(info) and key in properties:
                properties[key] = _one_or_many(properties[key])
    named: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "scenario.schema.json",
    }
    return {**named, **written, "title": "A debate in committees"}


def _models(root: type[Part]) -> Iterator[type[Part]]:
    for model in root.__subclasses__():
        yield model
        yield from _models(model)


def _one_or_many(many: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list that may also be written as its one item."""
    outside: dict[str, Any] = {key: many[key] for key in ("title", "description", "default") if key in many}
    array = {key: value for key, value in many.items() if key not in outside}
    return {**outside, "anyOf": [array["items"], array]}
