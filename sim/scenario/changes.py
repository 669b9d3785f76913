"""What makes one debate into another: lists of changes, and the options of contested points.

Each function takes a document and returns a new one; the given one stays as it was. What is changed keeps the line of
what it replaces, so that an error found later still points into the file. `editor` carries out a single change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml
from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, unknown
from sim.scenario.editor import Editor, as_mapping
from sim.scenario.schema import Change
from sim.scenario.yaml_reader import Document, Path, parse


def apply(document: Document, changes: Sequence[Change], origin: str, path: Path = ()) -> Document:
    """The document with the changes made, one after the other.

    `origin` says in errors who wants the changes (the name of a what-if or of a reading), `path` where they stand in
    the document, if they do. Whether the result is a valid debate is for `validation.check` to say. Raises
    ScenarioError for a change that hits nothing, or that would put a second item where one is.
    """
    editor = Editor(document)
    for number, change in enumerate(changes):
        try:
            editor.make(change, origin)
        except LookupError as refusal:
            key = change.set or change.remove or f"changes.{number}"
            message = f"{refusal.args[0]} (asked for by {origin})"
            outside = Problem(document.file, 0, key, message)
            raise ScenarioError([document.problem((*path, number), message) if path else outside]) from None
    return editor.document()


def choose_readings(document: Document, chosen: Mapping[str, str]) -> Document:
    """The document with one option of every reading carried out: the chosen one, or else the default.

    The readings of the result are applied: they can still be read, and are not chosen again. Raises ScenarioError
    for a reading or an option that does not exist, and for options that do not go together.
    """
    if document.readings_applied is not None:
        applied = ", ".join(f"{name}: {option}" for name, option in document.readings_applied.items())
        message = f"the readings are chosen already ({applied or 'there are none'})"
        raise ScenarioError([document.problem(("readings",), message)])
    readings = as_mapping(document.tree.get("readings"))
    problems = [
        Problem(document.file, 0, "readings", unknown(name, "reading", readings))
        for name in chosen
        if name not in readings
    ]
    taken: dict[str, str] = {}
    for name, reading in readings.items():
        options = as_mapping(as_mapping(reading).get("options"))
        option = chosen.get(name, as_mapping(reading).get("default"))
        if isinstance(option, str) and option in options:
            taken[name] = option
        else:
            problems.append(document.problem(("readings", name), unknown(option, f"option of '{name}'", options)))
    if problems:
        raise ScenarioError(problems)
    result = document
    for name, option in taken.items():
        result = with_option(result, name, option)
    return replace(result, readings_applied=taken)


def with_option(document: Document, name: str, option: str) -> Document:
    """The document with the changes that an option of a reading makes; the same document if it makes none.

    Raises ScenarioError for changes that are none, and on the line of a change that hits nothing.
    """
    path: Path = ("readings", name, "options", option, "changes")
    raw = as_mapping(document.tree["readings"][name]["options"][option]).get("changes") or []
    try:
        changes = [Change.model_validate(change) for change in raw]
    except (ValidationError, TypeError):
        raise ScenarioError([document.problem(path, "these are not changes: check the file first")]) from None
    return apply(document, changes, origin_of(name, option), path) if changes else document


def origin_of(name: str, option: str) -> str:
    """What errors call a reading's option, as the one who wrote a change."""
    return f"reading {name}: {option}"


class _Changes(yaml.SafeDumper):
    """Writes changes so that the strict reader of scenarios reads them again: no aliases, and text in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# Text that looks like a number stays text, and NumPy's numbers are numbers.
_Changes.add_representer(str, lambda to, text: to.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Changes.add_multi_representer(float, lambda to, number: to.represent_float(float(number)))


def changes_as_text(changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes for a manifest: as YAML, which knows dates."""
    text: str = yaml.dump({"changes": [dict(change) for change in changes]}, Dumper=_Changes, allow_unicode=True)
    return text


def changes_of_text(text: str, file: str) -> list[Any]:
    """The changes that `changes_as_text` wrote; `file` is the name that errors give."""
    found: list[Any] = parse(text, file).tree["changes"]
    return found
