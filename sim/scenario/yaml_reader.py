"""A scenario file as plain values that remember their lines, before anybody asks what they mean.

The YAML understood here is a small, unsurprising part of YAML: mappings with text keys, lists, text,
numbers, dates, `true`, `false` and nothing. Whatever could be read in two ways is text or is refused:
`yes` is a vote and not a truth value, `010` is not eight, `1:30` is not ninety. Anchors, aliases, merge
keys and tags are refused, so that what a file says is what it shows, and no file is larger in memory
than on disk.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from sim.errors import LONGEST_VALUE, Problem, ScenarioError, nearest, shortened

Path = tuple[str | int, ...]  #: the keys and list indices that lead from the root to a value

LARGEST = 4 * 1024 * 1024  # bytes: a hundred times the longest debate we know of
DEEPEST = 32  # levels: the format itself needs nine
_TOO_DEEP = f"more than {DEEPEST} levels of lists and mappings inside each other"
MOST_DIGITS = 15  # of a whole number: more would not survive as a float


#: How an origin begins that is an option of a reading.
READING = "reading "


@dataclass(frozen=True)
class Followed:
    """What went with a moment: the paths of it, as a change names them, and a sentence for the reader, or ''."""

    paths: tuple[str, ...]
    sentence: str = ""


@dataclass(frozen=True)
class Document:
    """A file read: its tree of plain values and the line of every key path in it.

    `origins` names, for what a change wrote, the reading or what-if that wrote it. `readings_applied` holds the
    option chosen for each reading, or None while they are open. `followed` holds what went by itself with what a change
    took out.
    """

    file: str
    tree: dict[str, Any]
    lines: Mapping[Path, int]
    origins: Mapping[Path, str] = field(default_factory=dict)
    readings_applied: Mapping[str, str] | None = None
    followed: tuple[Followed, ...] = ()

    @property
    def gone(self) -> set[str]:
        """The paths of what went by itself, as a change names them."""
        return {path for each in self.followed for path in each.paths}

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it that has one; 0 where nothing has."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0

    def problem(self, path: Path, message: str) -> Problem:
        """A problem with the value at a path; what does not exist is named by what is around it."""
        origin = next((self.origins[path[:end]] for end in range(1, len(path) + 1) if path[:end] in self.origins), None)
        if origin is None:
            return Problem(self.file, self.line(path), self.key(path), message)
        if origin.startswith(READING):
            return Problem(self.file, self.line(path), self.key(path), f"{message} (written by {origin})")
        # What a what-if wrote is wrong there, and what came from an option or from code is in no file.
        file, _, line = origin.rpartition(":")
        return Problem(file, int(line), self.key(path), message) if file else Problem("", 0, self.key(path), message)

    def key(self, path: Path) -> str:
        """The path in words, as far as it exists: items of a list by their id where they have one."""
        words: list[str] = []
        node: Any = self.tree
        for step in path:
            if not holds(node, step):
                break
            node = node[step]
            words.append(str(step) if isinstance(step, str) else name_of(node) or str(step))
        return ".".join(words)


def holds(node: Any, step: str | int) -> bool:
    """Whether a mapping has this key, or a list this index."""
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node)


def name_of(node: Any) -> str | None:
    """What an item of a list is called: its `id`, its `name` or its `member`, the first it has."""
    if isinstance(node, dict):
        for key in ("id", "name", "member"):
            if isinstance(node.get(key), str):
                return str(node[key])
    return None


def read(path: str | FilePath) -> Document:
    """The document in a file. Raises ScenarioError for what `read_text` or `parse` refuses."""
    return parse(read_text(path), str(path))


def read_text(path: str | FilePath) -> str:
    """The text of a file.

    Raises ScenarioError if the file is missing, is not an ordinary file, cannot be read, is too large, or is not
    printable text in UTF-8.
    """
    name = str(path)
    try:
        place = FilePath(path)
        if place.is_dir():
            raise _refusal(name, "this is a folder: name a scenario file in it")
        if not place.exists():
            raise _refusal(name, f"there is no such file{_neighbour(place)}")
        if not place.is_file():
            raise _refusal(name, "this is not an ordinary file: name a YAML file")
        with place.open("rb") as stream:
            content = stream.read(LARGEST + 1)  # one more than allowed is enough to know
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(name, f"the file cannot be read: {reason}") from None
    return _decoded(content, name)


def _neighbour(place: FilePath) -> str:
    """The file in the same folder that was probably meant, as the end of a sentence."""
    if not place.parent.is_dir():
        return f" (nor a folder '{place.parent}')"
    files = sorted(other.name for other in place.parent.iterdir() if other.suffix in (".yaml", ".yml"))
    close = nearest(place.name, files)
    return f": did you mean '{place.parent / close}'?" if close else ""


def parse(text: str | bytes, file: str) -> Document:
    """The document in a YAML text; `file` is the name that errors give.

    Raises ScenarioError with all that can be told at once: everything up to the first place where the
    text stops being YAML.
    """
    return _Composer(file).compose(_decoded(text, file))


def _refusal(file: str, message: str, line: int = 0) -> ScenarioError:
    return ScenarioError([Problem(file, line, "", message)])


#: What YAML does not allow in a text, and lone surrogates, which are no characters at all.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _decoded(text: str | bytes, file: str) -> str:
    """The text, if it is UTF-8, of a sensible size and printable."""
    if len(text) > LARGEST:
        raise _refusal(file, f"the file is larger than {LARGEST // 1024**2} MiB: no scenario needs that")
    if isinstance(text, bytes):
        content = text
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"byte 0x{content[error.start]:02x} is not UTF-8: save the file in the encoding UTF-8"
            raise _refusal(file, message, content.count(b"\n", 0, error.start) + 1) from None
    text = text.removeprefix("\ufeff")
    stray = _UNPRINTABLE.search(text)
    if stray is not None:
        line = text.count("\n", 0, stray.start()) + 1
        raise _refusal(file, f"character U+{ord(stray[0]):04X} cannot be printed: take it out", line)
    return text


_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_OF_NUMBERS = frozenset("+-.0123456789")  # and of days
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _plain_value(word: str) -> Any:
    """What an unquoted word stands for. Raises ValueError, in a sentence, for what is refused."""
    if not word.isascii() and (stray := _OTHER_SPACE.match(word) or _OTHER_SPACE.match(word[-1:])) is not None:
        raise ValueError(_other_space(stray[0]))
    if word in _WORDS:
        return _WORDS[word]
    if word[0] not in _FIRST_OF_NUMBERS:
        return word
    if _WHOLE.fullmatch(word):
        if len(word) > MOST_DIGITS:
            raise ValueError(f"the number {word[:MOST_DIGITS]}… has more than {MOST_DIGITS} digits")
        return int(word)
    if _DECIMAL.fullmatch(word):
        number = float(word)
        if not math.isfinite(number):
            raise ValueError(f"'{shortened(word, LONGEST_VALUE)}' is too large for a number")
        if number == 0 and re.match("[-+.0]*[1-9]", word):
            raise ValueError(f"'{shortened(word, LONGEST_VALUE)}' is too close to 0 for a number: write 0")
        return number
    if _NOT_FINITE.fullmatch(word):
        raise ValueError(f"'{word}' is not a finite number: give a number, or leave the key out")
    if _DAY.fullmatch(word):
        # A day that there is not stays a word: its type is told then, and what else is wrong with the file too.
        with suppress(ValueError):
            return datetime.date.fromisoformat(word)
    return word


#: What looks like a space and is none to YAML: editors and web pages put it in unasked.
_OTHER_SPACE = re.compile("[\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")


def _other_space(stray: str) -> str:
    name = {"\xa0": "a no-break space"}.get(stray, "a character that looks like a space or like nothing")
    return f"here is {name} (U+{ord(stray):04X}) where YAML needs an ordinary space: type the space again"


@dataclass
class _Open:
    """A mapping or list that is being read: where it is, and the key that waits for its value."""

    node: Any
    path: Path
    key: str | None = None


#: Where a line ends in an editor; and what else ends one for YAML.
_LINE_BREAK, _OTHER_BREAK = re.compile("\r\n|\r|\n"), re.compile("[\x85\u2028\u2029]")
#: Something that is no space at the beginning of a line, or after the sign that needs one.
_STRAY_SPACE = re.compile(f"(?:[^#'\"]*?[:,-])? *({_OTHER_SPACE.pattern})")


def _editors_lines(text: str) -> list[int]:
    """For each line as YAML counts them the line as an editor does; nothing where the two agree."""
    if _OTHER_BREAK.search(text) is None:
        return []
    rows = _LINE_BREAK.split(text)
    return [number for number, row in enumerate(rows, start=1) for _ in _OTHER_BREAK.split(row)]


class _Composer:
    """Builds the tree from the parser's events, one after the other, so that no nesting can exhaust a stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[Path, int] = {}
        self.stack: list[_Open] = []
        self.roots: list[Any] = []
        self.editors_lines: list[int] = []

    def compose(self, text: str) -> Document:
        """The document in a text. Raises ScenarioError."""
        # libyaml's parser is ten times as fast as PyYAML's own; either gives the same events.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.editors_lines = _editors_lines(text)
        try:
            for event in yaml.parse(text, Loader=loader):
                if not self._take(event):
                    break
        except yaml.MarkedYAMLError as error:
            line = self._line(error.problem_mark or error.context_mark)
            strays = [
                (number, found[1])
                for number, row in enumerate(_LINE_BREAK.split(text)[: line + 1], start=1)
                if (found := _STRAY_SPACE.match(row)) is not None
            ]
            for number, space in strays:
                self._refuse(number, _other_space(space))
            if not strays:
                self._refuse(line, _syntax(error))
        except yaml.YAMLError as error:
            self._refuse(0, f"this is not YAML: {str(error).splitlines()[0]}")
        if not self.problems:
            self._ask_for_a_mapping()
        if self.problems:
            raise ScenarioError(self.problems)
        return Document(self.file, self.roots[0], self.lines)

    def _line(self, mark: Any) -> int:
        """The line of a parser's mark as an editor counts; 0 without one."""
        if mark is None:
            return 0
        line: int = mark.line
        return self.editors_lines[line] if line < len(self.editors_lines) else line + 1

    def _refuse(self, line: int, message: str, path: Path = ()) -> None:
        self.problems.append(Problem(self.file, line, ".".join(map(str, path)), message))

    def _ask_for_a_mapping(self) -> None:
        root = self.roots[0] if self.roots else None
        if root is None:
            self._refuse(0, "the file is empty: a scenario begins with 'scenario: some-name'")
        elif not isinstance(root, dict):
            what = "a list" if isinstance(root, list) else "a single value"
            self._refuse(self.lines[()], f"the file is {what}, not a mapping: it begins with 'scenario: some-name'")

    def _take(self, event: yaml.Event) -> bool:
        """Takes in one event; False when there is no sense in reading on."""
        line = self._line(event.start_mark)
        if isinstance(event, yaml.NodeEvent):
            return self._take_node(event, line)
        if isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.roots:
            self._refuse(line, "a second document begins here ('---'): one file holds one scenario")
            return False
        return True

    def _take_node(self, event: yaml.NodeEvent, line: int) -> bool:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"'*{event.anchor}' is an alias: write the value out", self._here())
        elif event.anchor is not None:
            self._refuse(line, f"'&{event.anchor}' is an anchor: write the value out where it is needed", self._here())
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(line, f"'{tag}' is a tag: write the plain value without it", self._here())
        holder = self.stack[-1] if self.stack else None
        if holder is not None and isinstance(holder.node, dict) and holder.key is None:
            return self._take_key(holder, event, line)
        return self._take_value(holder, event, line)

    def _here(self) -> Path:
        """The path of what is read next."""
        if not self.stack:
            return ()
        holder = self.stack[-1]
        step = len(holder.node) if isinstance(holder.node, list) else holder.key
        return holder.path if step is None else (*holder.path, step)

    def _take_key(self, holder: _Open, event: yaml.NodeEvent, line: int) -> bool:
        if isinstance(event, yaml.CollectionStartEvent):
            self._refuse(line, "a key is a word, not a mapping or a list (text in braces goes in quotes)", holder.path)
            return False  # what follows cannot be paired with its key any more
        key, refusal = "", None
        if isinstance(event, yaml.ScalarEvent):
            key, refusal = event.value, self._key_refusal(holder, event)
        if refusal is not None:
            self._refuse(line, refusal, holder.path)
        if refusal is not None or isinstance(event, yaml.AliasEvent):
            key = f"? {len(self.lines)}"  # read on: nothing is made of a file with a problem
        holder.key, holder.node[key] = key, None
        self.lines[(*holder.path, key)] = line
        return True

    def _key_refusal(self, holder: _Open, event: yaml.ScalarEvent) -> str | None:
        word = event.value
        if event.implicit[0]:
            if not word.isascii() and (stray := _OTHER_SPACE.search(word)) is not None:
                return _other_space(stray[0])
            if word == "<<":
                return "'<<' is a merge key: write the keys out"
            try:
                is_text = isinstance(_plain_value(word), str)
            except ValueError:
                is_text = False
            if not is_text:
                what = f"put it in quotes, as '\"{word[:40]}\":'" if word else "write one before the colon"
                return f"the key {word[:40] or 'that is missing'} is not text: {what}"
        if word in holder.node:
            return f"the key '{word[:60]}' is repeated: it stands on line {self.lines[(*holder.path, word)]} already"
        return None

    def _take_value(self, holder: _Open | None, event: yaml.NodeEvent, line: int) -> bool:
        path, value = self._here(), self._value(event, line)
        self.lines.setdefault(path, line)  # the value of a key has the line of the key
        if holder is None:
            self.roots.append(value)
        elif isinstance(holder.node, list):
            holder.node.append(value)
        else:
            holder.node[holder.key], holder.key = value, None
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.stack) >= DEEPEST:
                self._refuse(line, _TOO_DEEP)
                return False
            self.stack.append(_Open(value, path))
        return True

    def _value(self, event: yaml.NodeEvent, line: int) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        if not isinstance(event, yaml.ScalarEvent) or not event.implicit[0]:
            return getattr(event, "value", None)  # quoted text is text; an alias was refused
        try:
            return _plain_value(event.value)
        except ValueError as refusal:
            self._refuse(line, str(refusal), self._here())
            return None


_SAME_COLUMN = "the lines of one mapping or list begin at the same column, and quotes close at a value's end"
#: What PyYAML and libyaml say, and what usually helps.
_REMEDIES = {
    "mapping values are not allowed": "a value that holds ': ' goes in quotes",
    "cannot start any token": "indent with spaces, and put text that begins with a sign in quotes",
    "tab character": "indent with spaces",
    "could not find expected ':'": "a key needs a colon and a space after it",
    "expected <block end>": _SAME_COLUMN,
    "did not find expected key": _SAME_COLUMN,
    "did not find expected '-' indicator": "the items of one list begin with '- ' at the same column",
    "expected ',' or": "a bracket or brace is not closed, or a comma is missing",
    "found unexpected end of stream": "a quote, bracket or brace is not closed",
    "found unexpected document indicator": "a quote is not closed",
    "unknown escape character": "in double quotes a backslash is written twice",
}


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """A syntax error in one sentence, with what usually helps."""
    problem = error.problem or error.context or "it cannot be read"
    if "nesting depth" in problem:  # newer parsers count levels themselves
        return _TOO_DEEP
    remedies = (f": {remedy}" for sign, remedy in _REMEDIES.items() if sign in problem)
    return f"this is not YAML: {problem}{next(remedies, '')}"
