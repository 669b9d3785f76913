"""A scenario's plain values as the text of a file: in the order of the shipped ones, short parts in one line."""

from __future__ import annotations

import datetime
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from sim.errors import ScenarioError
from sim.scenario import schema
from sim.scenario.validation.draft import KEYED
from sim.scenario.yaml_reader import Path, parse

WIDTH = 120
#: The sections of a file that are written line by line, however short they are.
SPREAD = ("axis", "dynamics", "timeline", *KEYED)
#: Words that other readers of YAML take for true or false.
_BOOLEANS = re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)
#: Text that needs no quotes, wherever it stands.
_PLAIN = re.compile(r"[^\W_][\w./()'’–-]*( [\w./()'’–-]+)*")


def text_of(tree: Mapping[str, Any], comments: Mapping[Path, str]) -> str:
    """The text of a file. comments: what is said above the value at a path; at () above everything."""
    lines = ["# yaml-language-server: $schema=scenario.schema.json", "#", *_comment(comments.get((), ""), 0), ""]
    for key, value in ordered(tree).items():
        spread = key in SPREAD and len(value) > 0
        block = [*_comment(comments.get((key,), ""), 0), *_entry(f"{scalar(key)}:", value, (key,), comments)]
        lines += ["", *block] if spread and lines[-1] else block
        lines += [""] if spread else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _comment(text: str, indent: int) -> list[str]:
    """The lines of a comment, each of its paragraphs folded."""
    start = " " * indent + "# "
    folded = [textwrap.wrap(one, WIDTH, initial_indent=start, subsequent_indent=start) for one in text.splitlines()]
    return [line for paragraph in folded for line in paragraph or [start.rstrip()]]


def _entry(head: str, value: Any, path: Path, comments: Mapping[Path, str], indent: int = 0) -> Iterator[str]:
    """The lines of a value after its key or dash: in one line where it may be and fits."""
    start = " " * indent + head
    is_part = isinstance(value, dict | list) and len(value) > 0
    is_spread = path[0] in SPREAD and (len(path) == 1 or (path[0] == "timeline" and len(path) == 2))
    is_block = is_spread or any(path == other[: len(path)] and path != other for other in comments)
    line = "" if is_part and is_block else f"{start} {flow(value)}"
    if line and (not is_part or len(line) <= WIDTH):
        yield line
    elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        wrapped = textwrap.wrap(flow(value), WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
        # An item with blanks in it is quoted, and may not be broken.
        yield from [start, *(" " * (indent + 2) + row for row in wrapped)] if '"' not in line else [line]
    elif isinstance(value, list):
        yield start
        for number, item in enumerate(value):
            inner = (*path, number)
            yield from _comment(comments.get(inner, ""), indent + 2)
            yield from _item(item, inner, comments, indent + 2)
    else:
        yield start
        for key, item in value.items():
            yield from _comment(comments.get((*path, key), ""), indent + 2)
            yield from _entry(f"{scalar(key)}:", item, (*path, key), comments, indent + 2)


def _item(item: Any, path: Path, comments: Mapping[Path, str], indent: int) -> Iterator[str]:
    """The lines of an item of a list; of a mapping, the first key stands after the dash."""
    lines = list(_entry("-", item, path, comments, indent))
    if len(lines) > 1 and isinstance(item, dict):
        first = next(number for number, line in enumerate(lines[1:], 1) if not line.lstrip().startswith("#"))
        moved = [line[:indent] + line[indent + 2 :] for line in lines[1:first]]
        lines = [*moved, f"{' ' * indent}- {lines[first].lstrip()}", *lines[first + 1 :]]
    yield from lines


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A number, a date, a truth value or a text, as the reader of scenario files takes it for the same."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int | datetime.date):
        return str(value)
    return _text(value)


@lru_cache(maxsize=2**16)
def _text(value: str) -> str:
    """A text as it stands in a file: in quotes where it would be taken for something else."""
    if _PLAIN.fullmatch(value) and not _BOOLEANS.fullmatch(value) and plain(value) == value:
        return value
    # JSON leaves as they are some signs that end a line in YAML.
    written = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda sign: f"\\u{ord(sign[0]):04x}", written)


def plain(text: str) -> Any:
    """What a word, or a list or mapping in one line, stands for in a file; the text itself where it is none."""
    try:
        return parse(f"value: {text}", "").tree["value"]
    except (ScenarioError, KeyError):
        return text


def ordered(value: Any, path: Path = ()) -> Any:
    """The same values, the keys of each part in the order of the format, the origin of a datum last."""
    if isinstance(value, list):
        return [ordered(item, (*path, number)) for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    # What is named by ids keeps its order.
    by_id = (len(path) == 1 and path[0] in KEYED) or "rows" in path
    keys = list(value) if by_id else sorted(value, key=lambda key: _rank().get(key, 0))
    return {key: ordered(value[key], (*path, key)) for key in keys}


@cache
def _rank() -> Mapping[str, int]:
    """Where each key of the format stands among the others of its part."""
    found = vars(schema).values()
    every: list[type[schema.Part]] = [one for one in found if isinstance(one, type) and issubclass(one, schema.Part)]
    # Some keys are in several parts: where they stand in these comes before where they stand in others.
    parts: list[type[schema.Part]] = [schema.DebateFile, schema.Axis, schema.Parameter, schema.Body, schema.Ballot]
    keys = ["id", "kind", "name"]
    keys += [info.alias or name for part in parts + every for name, info in part.model_fields.items()]
    own = [key for key in dict.fromkeys(keys) if key not in schema.Datum.model_fields]
    return {key: place for place, key in enumerate([*own, *schema.Datum.model_fields])}
