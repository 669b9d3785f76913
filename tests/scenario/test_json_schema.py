"""The JSON Schemas that editors use: they explain every key, and take every file that comes with the program."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.scenario.library import SHIPPED
from sim.scenario.schema import json_schema

DEBATES, WHAT_IFS = sorted(SHIPPED.glob("*.yaml")), sorted((SHIPPED / "what-if").glob("*.yaml"))
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str, datetime.date),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}

both = pytest.mark.parametrize("of_what_ifs", [False, True], ids=["debates", "what-ifs"])


def parts(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of every part of a file, the file itself among them."""
    return {"the file": schema, **schema["$defs"]}


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any], where: str = "") -> Iterator[str]:
    """What is wrong with a value by a JSON Schema, as far as these schemas use its words."""
    if "$ref" in schema:
        yield from faults(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, where)
    for choices in (schema.get(word) for word in ("anyOf", "oneOf") if word in schema):
        tried = [list(faults(choice, value, root, where)) for choice in choices]
        yield from min(tried, key=len)
    wanted = schema.get("type")
    if wanted and not (isinstance(value, TYPES[wanted]) and isinstance(value, bool) == (wanted == "boolean")):
        yield f"{where}: {value!r} is no {wanted}"
        return
    words = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    if value not in words:
        yield f"{where}: {value!r} is not among the words"
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield f"{where}: {value!r} is not written so"
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        yield from (f"{where}: {key} is missing" for key in schema.get("required", ()) if key not in value)
        yield from (f"{where}: {key} is no key" for key in value if key not in known and others is False)
        for key, one in value.items():
            inside = known.get(key, others)
            yield from faults(inside if isinstance(inside, dict) else {}, one, root, f"{where}/{key}")
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, one in enumerate(value):
            yield from faults(schema["items"], one, root, f"{where}/{number}")


def references(node: Any) -> Iterator[str]:
    """Every reference in a JSON Schema."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


@both
def test_every_key_is_explained(of_what_ifs: bool) -> None:
    """No part of a file and no key of a part is without a description, and none is described twice."""
    for name, part in parts(json_schema(of_what_ifs)).items():
        assert part["description"], name
        for key, field in part["properties"].items():
            assert field.get("description", "").endswith("."), f"{name}: {key}"
            assert field["description"] != part["description"], f"{name}: {key}"


@both
def test_the_schema_is_a_json_schema(of_what_ifs: bool) -> None:
    """The schema names its dialect, all that it refers to is there, and no part takes keys that it does not know."""
    schema = json_schema(of_what_ifs)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(references(schema)) == {f"#/$defs/{name}" for name in schema["$defs"]}
    for part in parts(schema).values():
        assert part["type"] == "object"
        assert part["additionalProperties"] is False


@pytest.mark.parametrize("file", [*DEBATES, *WHAT_IFS], ids=lambda file: file.stem)
def test_an_editor_underlines_nothing_in_a_shipped_file(file: Path) -> None:
    """The schemas take all that the shipped debates and what-ifs say."""
    schema = json_schema(what_if=file in WHAT_IFS)
    assert list(faults(schema, yaml.safe_load(file.read_text("utf-8")), schema)) == []


def test_an_editor_underlines_what_is_wrong() -> None:
    """A stray key, a missing key and a wrong word are told in a debate, and a change of no known kind in a what-if."""
    debate = yaml.safe_load((SHIPPED / "library-sunday.yaml").read_text("utf-8"))
    debate["axis"]["lable"] = debate["axis"].pop("label")
    debate["timeline"][0]["kind"] = "telegram"
    found = " ".join(faults(json_schema(), debate, json_schema()))
    assert "/axis: label is missing" in found
    assert "/axis: lable is no key" in found
    assert "'telegram' is not among the words" in found
    what_if = {"what_if": "none", "base": "library-sunday", "title": "None", "changes": [{"drop": "eve-writes"}]}
    schema = json_schema(what_if=True)
    assert list(faults(schema, what_if, schema)) == [": why is missing", "/changes/0: drop is no key"]


def test_one_thing_may_stand_where_a_list_is_meant() -> None:
    """Editors are told that one reader is a list of one, and that a number may stand for the name of a parameter."""
    letter, member = (json_schema()["$defs"][name]["properties"] for name in ("Letter", "Member"))
    assert [choice["type"] for choice in letter["readers"]["anyOf"]] == ["string", "array"]
    assert [choice["type"] for choice in member["authority"]["anyOf"]] == ["number", "string", "null"]
