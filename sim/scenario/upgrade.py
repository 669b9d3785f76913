"""Files of earlier versions of the format: which keys have another name now, and the same file with the new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.yaml_reader import Document, Path, parse

#: Where the format once had a key, and what the key is called now: a file is told of these, and `upgraded` writes them.
RENAMED: Mapping[Path, str] = {
    ("dynamics", "week"): "drift",
    ("dynamics", "week", "pull"): "reversion",
    ("dynamics", "week", "shake"): "noise",
}


class Renaming(NamedTuple):
    """A word of a file that is another one now. path: where it stands, as a key or as a value."""

    path: Path
    old: str
    new: str
    is_key: bool


def renamed(place: Path) -> Path:
    """A place of the format by the names of today."""
    return tuple(RENAMED.get(place[: end + 1], step) for end, step in enumerate(place))


def renamings(node: Any, path: Path = (), place: Path = ()) -> Iterator[Renaming]:
    """What is called otherwise now in what a file has, in the order of the file.

    place: where it belongs in the format, which is elsewhere for what a change sets.
    """
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from renamings(item, (*path, number), (*place, number))
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        here, inside = (*path, key), (*place, key)
        if inside in RENAMED:
            yield Renaming(here, key, RENAMED[inside], is_key=True)
        if key in ("set", "remove") and isinstance(value, str):
            now = ".".join(map(str, renamed(tuple(value.split(".")))))
            if now != value:
                yield Renaming(here, value, now, is_key=False)
        sets = node.get("set")
        yield from renamings(value, here, tuple(sets.split(".")) if key == "to" and isinstance(sets, str) else inside)


def upgraded(content: bytes, file: str) -> tuple[bytes, list[Problem]]:
    """What is in a file with the keys of today, and what was changed; nothing else in it is.

    Raises ScenarioError where it is not YAML, or where a word cannot be exchanged without reading more than its line.
    """
    document, text = parse(content, file), content.decode()
    # Lines as an editor counts them, each with its end.
    rows = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
    found = list(renamings(document.tree))
    for each in found:
        row = document.line(each.path) - 1
        end = r"(?=['\"]?\s*:)" if each.is_key else r"(?![\w.-])"
        rows[row], count = re.subn(rf"(?<![\w.-]){re.escape(each.old)}{end}", each.new, rows[row])
        if count != 1:
            raise ScenarioError([document.problem(each.path, f"'{each.old}' is now '{each.new}': change it by hand")])
    whole = "".join(rows)
    if found and list(renamings(parse(whole, file).tree)):
        raise ScenarioError([Problem(file, 0, "", "its old keys cannot be told apart: change them by hand")])
    return whole.encode(), [_told(document, each) for each in found]


def _told(document: Document, each: Renaming) -> Problem:
    return document.problem(each.path, f"'{each.old}' is now '{each.new}'")
