"""The format as JSON Schema, for editors: they complete keys, explain them and underline mistakes with it."""

from __future__ import annotations

from typing import Any

from sim.scenario.schema.changes import WhatIfFile
from sim.scenario.schema.debate import DebateFile


def json_schema(what_if: bool = False) -> dict[str, Any]:
    """The JSON Schema of scenario files, or of what-ifs.

    It tells the types of a file; what only the whole can tell, a check of the file tells.
    """
    root, name, title = (
        (WhatIfFile, "what-if", "A what-if of a debate")
        if what_if
        else (DebateFile, "scenario", "A debate in committees")
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{name}.schema.json",
        **root.model_json_schema(by_alias=True),
        "title": title,
    }
