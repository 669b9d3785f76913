"""What makes one debate into another: lists of changes, and the options of contested points.

Each function takes a document and returns a new one; the given one stays as it was. What is changed keeps the line of
what it replaces, so that an error found later still points into the file. `Editor` carries out
a single change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml
from pydantic import ValidationError

from sim.errors import ALL, Problem, ScenarioError, candidates, quoted, suggestion, unknown
from sim.scenario.conditions import conditions_of, looked_back_to
from sim.scenario.consequences import Consequences, LinkedTimeline, Links, links_in, names_in, without
from sim.scenario.schema import Change
from sim.scenario.yaml_reader import READING, Document, Followed, Path, holds, name_of, parse


def apply(document: Document, changes: Sequence[Change], origin: str, path: Path = ()) -> Document:
    """The document with the changes made, one after the other.

    `origin` says in later errors who wrote something (the place of a what-if's change, or the name of a reading),
    `path` where the changes stand in the document, if they do. Whether the result is a valid debate is for
    `validation.check` to say. Raises ScenarioError for a change that hits nothing, or that would put a second item
    where one is; it names a file only if the changes stand in it.
    """
    editor = Editor(document)
    for number, change in enumerate(changes):
        try:
            editor.make(change, origin)
        except LookupError as refusal:
            message = refusal.args[0]
            outside = Problem("", 0, "", message)
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
        Problem("", 0, "", unknown(name, f"reading of '{document.tree.get('scenario')}'", readings))
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
            message = unknown(option, f"option of '{name}'", options)
            problems.append(
                Problem("", 0, "", message) if name in chosen else document.problem(("readings", name), message)
            )
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
    return f"{READING}{name}: {option}"


class _Changes(yaml.SafeDumper):
    """Writes changes so that the strict reader of scenarios reads them again: no aliases, and text in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# Text that looks like a number stays text, and NumPy's numbers are numbers.
_Changes.add_representer(str, lambda to, text: to.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Changes.add_multi_representer(float, lambda to, number: to.represent_float(float(number)))


def as_text(content: Mapping[str, Any]) -> str:
    """What a file says, as YAML that the strict reader reads again."""
    text: str = yaml.dump(dict(content), Dumper=_Changes, allow_unicode=True, sort_keys=False, width=1000)
    return text


def changes_as_text(changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes for a manifest: as YAML, which knows dates."""
    text: str = yaml.dump({"changes": [dict(change) for change in changes]}, Dumper=_Changes, allow_unicode=True)
    return text


def changes_of_text(text: str, file: str) -> list[Any]:
    """The changes that `changes_as_text` wrote; `file` is the name that errors give."""
    found: list[Any] = parse(text, file).tree["changes"]
    return found


#: What a path may begin with besides an id.
SECTIONS = ("dynamics", "axis", "span", "readings")


#: The sections whose items have ids.
ITEMS = ("members", "bodies", "parameters", "sources")


def as_mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping: what is not is refused elsewhere, with its line."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


class Editor:
    """A document while it is being changed.

    The given document stays as it was: a mapping or list is copied when it is first changed. Refusals are
    LookupErrors with one sentence.
    """

    def __init__(self, document: Document) -> None:
        self.given = document
        self.tree: dict[str, Any] = dict(document.tree)
        self.lines: dict[Path, int] = dict(document.lines)
        self.origins: dict[Path, str] = dict(document.origins)
        self.followed: list[Followed] = list(document.followed)
        self._copies: set[int] = set()  # the ids of the mappings and lists in the tree that are copied already

    def document(self) -> Document:
        """The document as it now stands."""
        return replace(
            self.given, tree=self.tree, lines=self.lines, origins=self.origins, followed=tuple(self.followed)
        )

    def make(self, change: Change, origin: str) -> None:
        """One change: set, remove or add."""
        if change.set is not None:
            path = self.find(change.set, to_set=True)
            self.set(path, change.to, origin)
        elif change.remove is not None:
            try:
                path = self.find(change.remove, to_set=False)
            except LookupError:
                if self.has_gone(change.remove):
                    return
                raise
            if path[0] == "timeline" and len(path) == 2:
                self.take_out(change.remove, change.alone)
            else:
                self.remove(path)
        elif change.add is not None:
            self.add(change.add, dict(change.item or {}), origin)

    def find(self, dotted: str, to_set: bool) -> Path:
        """The key path that `ID.field.field` names; to set a field, only what holds it need exist."""
        first, *steps = dotted.split(".")
        path = self._beginning(first)
        if not steps and first in SECTIONS and not to_set:
            raise LookupError(f"{quoted(dotted)} cannot be removed: a debate needs it")
        node: Any = self.tree
        for step in path:
            node = node[step]
        if to_set and not steps:
            whole = "" if first in SECTIONS else "; to exchange the whole, remove it and add another"
            fields = ", ".join(_names(node)) or "its fields"
            raise LookupError(f"{quoted(dotted)} names no field: write {first}.FIELD with one of {fields}{whole}")
        for number, word in enumerate(steps):
            step, so_far = _step(node, word), ".".join((first, *steps[:number]))
            last = number == len(steps) - 1
            if not holds(node, step) and not (last and to_set and isinstance(node, dict)):
                if not isinstance(node, dict | list):
                    what = f"is {quoted(node)}, with nothing inside"
                else:
                    what = f"has no {quoted(word)}{suggestion(word, _names(node), ALL)}"
                raise LookupError(f"{quoted(dotted)} leads nowhere: '{so_far}' {what}")
            path = (*path, step)
            node = node[step] if holds(node, step) else None
        return path

    def _beginning(self, word: str) -> Path:
        """Where a path begins: at a section, or at the one item of that id."""
        if word in SECTIONS:
            if word == "readings" and self.given.readings_applied is not None:
                raise LookupError("the readings are chosen already: a change of them comes too late")
            self.tree.setdefault(word, {})
            return (word,)
        places: list[Path] = [(section, word) for section in ITEMS if word in as_mapping(self.tree.get(section))]
        places += [("timeline", index) for index, name in enumerate(self._moments()) if name == word]
        if len(places) > 1:
            raise LookupError(f"'{word}' is the id of {len(places)} things: give each its own")
        if not places:
            went = next((each.sentence for each in self.followed if word in each.paths), None)
            if went:
                raise LookupError(f"{quoted(word)} is gone already: {went}")
            if word in (*ITEMS, "timeline"):
                inside = "a path begins with the id of something in it, and 'add' puts something in"
                raise LookupError(f"'{word}' is a section: {inside}")
            known = [*self.ids(), *SECTIONS]
            if candidates(word, known):
                raise LookupError(unknown(word, "id of this debate", known))
            hint = f"a path begins with an id or with {', '.join(SECTIONS)}"
            raise LookupError(f"{quoted(word)} is not an id of this debate: {hint}")
        return places[0]

    def ids(self) -> list[str]:
        """Every id that a path may begin with, in the order of the file."""
        known = [name for section in ITEMS for name in as_mapping(self.tree.get(section))]
        return [*known, *(name for name in self._moments() if isinstance(name, str))]

    def _moments(self) -> list[Any]:
        return [as_mapping(moment).get("id") for moment in as_list(self.tree.get("timeline"))]

    def set(self, path: Path, value: Any, origin: str) -> None:
        """Puts a value at a path; nothing inside the old one keeps a line of its own."""
        holder, last, line = self._to_change(path[:-1]), path[-1], self.lines.get(path)
        if holds(holder, last):
            self._move_marks(holder[last], path, None)
        holder[last] = plain(value)
        self.origins[path] = origin
        if line is not None:
            self.lines[path] = line

    def remove(self, path: Path) -> None:
        """Takes out an item of a list or a key of a mapping; a list closes its gap."""
        *above, last = path
        node = self._to_change(above)
        if isinstance(node, list):
            self.keep(tuple(above), [index for index in range(len(node)) if index != last])
        else:
            self.drop(path)

    def has_gone(self, dotted: str) -> bool:
        """Whether what a path names went by itself already, with something else that was taken out."""
        return any(dotted == path or dotted.startswith(f"{path}.") for each in self.followed for path in each.paths)

    def take_out(self, name: str, alone: bool) -> None:
        """Takes out a moment, and what goes with it; taken out alone, what follows from it stays as it is."""
        moments = [as_mapping(moment) for moment in as_list(self.tree.get("timeline"))]
        timeline = [links_in(moment) for moment in moments]
        result = without(LinkedTimeline(tuple(timeline)), [name], alone)
        self.keep(("timeline",), [index for index, links in enumerate(timeline) if links.id not in result.gone])
        self.followed += self._told(name, timeline, result)
        for index, other in enumerate(self._moments()):
            if isinstance(other, str) and other in result.unmoved:
                self.drop(("timeline", index, "moved_by"))
        self.untie(result.gone)

    def _told(self, name: str, timeline: Sequence[Links], result: Consequences) -> Iterator[Followed]:
        """What went with a moment, and what is to be said of it."""
        by_id = {links.id: links for links in timeline}
        gone = [other for other, cause in result.gone.items() if cause]
        by_outcome = tuple(other for other in gone if result.gone[other] in by_id[other].needs)
        if by_outcome:
            them = "it" if len(by_outcome) == 1 else "them"
            yield Followed(by_outcome, f"{_goes(by_outcome)} too: only an outcome of '{name}' brings {them} about")
        answers = tuple(other for other in gone if other not in by_outcome)
        if answers:
            direct = all(result.gone[other] == name for other in answers)
            why = f"follows from '{name}'" if direct else f"follows from '{name}', or from what went with it"
            yield Followed(answers, f"{_goes(answers)} too: {'it' if len(answers) == 1 else 'each'} {why}")
        for ballot, words in result.unmoved.items():
            mover = by_id[ballot].mover or ""
            member = as_mapping(as_mapping(self.tree.get("members")).get(mover))
            called = member.get("label") or member.get("name") or mover
            why = f"it follows from {_and(words)} (taken out alone, {called} still moves it)"
            yield Followed((f"{ballot}.moved_by",), f"'{ballot}' is then put by nobody in particular: {why}")

    def untie(self, gone: Collection[str]) -> None:
        """Takes out whatever still names moments that are gone, from links to effects and observations."""
        if as_mapping(self.tree.get("story")).get("decision") in gone:
            self.drop(("story",))
        for index, moment in enumerate(as_list(self.tree.get("timeline"))):
            fields, path = as_mapping(moment), ("timeline", index)
            if not any(name in gone for name in _named(fields)):
                continue
            self._keep_others((*path, "follows"), lambda name: any(one in gone for one in names_in(name)))
            self._keep_others((*path, "session"), lambda name: any(one in gone for one in names_in(name)))
            self._keep_others((*path, "if"), lambda text: any(one.moment in gone for one in conditions_of(text)))
            targets = [_target(effect) for effect in as_list(fields.get("changes"))]
            self.keep((*path, "changes"), [number for number, name in enumerate(targets) if name not in gone])
        for member, fields in as_mapping(self.tree.get("members")).items():
            observations = [as_mapping(one) for one in as_list(as_mapping(fields).get("observations"))]
            weak = [n for n, one in enumerate(observations) if any(b in gone for b in names_in(one.get("rests_on")))]
            paths = tuple(f"{member}.observations.{observations[n].get('id')}" for n in weak)
            self.followed += [Followed(paths)] if paths else []
            self.keep(("members", member, "observations"), [n for n in range(len(observations)) if n not in weak])

    def _keep_others(self, path: Path, is_gone: Callable[[Any], bool]) -> None:
        """Keeps of one value or a list what is not gone; a key that has nothing left goes too."""
        node: Any = self.tree
        for step in path:
            if not holds(node, step):
                return
            node = node[step]
        many = as_list(node) or [node]
        kept = [index for index, value in enumerate(many) if not is_gone(value)]
        if kept:
            self.keep(path, kept)
        else:
            self.drop(path)
            self.followed.append(Followed((f"{self.tree['timeline'][path[1]].get('id')}.{path[2]}",)))

    def drop(self, path: Path) -> None:
        """Takes a key out of a mapping."""
        self._move_marks(self._to_change(path[:-1]).pop(path[-1]), path, None)

    def keep(self, path: Path, kept: Sequence[int]) -> None:
        """Keeps these items of the list at a path (if there is one) and numbers them anew."""
        node: Any = self.tree
        for step in path:
            if not holds(node, step):
                return
            node = node[step]
        if not isinstance(node, list) or len(kept) == len(node):
            return
        places = {old: (*path, new) for new, old in enumerate(kept)}
        for old, item in enumerate(node):
            if places.get(old) != (*path, old):
                self._move_marks(item, (*path, old), places.get(old))
        self._to_change(path)[:] = [node[index] for index in kept]

    def add(self, section: str, item: dict[str, Any], origin: str) -> None:
        """Adds an item with an `id` at the end of a section."""
        name = item.get("id")
        if name is None or not isinstance(name, str):
            raise LookupError(f"an item added to '{section}' needs an 'id' that is text, not {quoted(name)}")
        if name in self.ids() or name in SECTIONS:
            raise LookupError(f"'{name}' cannot be added to '{section}': there is something of that id already")
        kind: Any = list if section == "timeline" else dict
        if not isinstance(self.tree.setdefault(section, kind()), kind):
            raise LookupError(f"'{section}' is not a {'list' if kind is list else 'mapping'}: check the file first")
        items, item = self._to_change((section,)), plain(item)
        path: Path = (section, len(items) if kind is list else name)
        if kind is list:
            items.append(item)
        else:
            items[name] = {key: value for key, value in item.items() if key != "id"}
        self.lines[path] = 0
        self.origins[path] = origin

    def _to_change(self, path: Sequence[str | int]) -> Any:
        """The mapping or list at a path, ready to be changed: it and all around it are no longer the document's own."""
        node: Any = self.tree
        for step in path:
            inner = node[step]
            if id(inner) not in self._copies:
                inner = node[step] = inner.copy()
                self._copies.add(id(inner))
            node = inner
        return node

    def _move_marks(self, node: Any, path: Path, place: Path | None) -> None:
        """Moves the line and the origin of a node, and of all inside it, from its path to another place, or to none."""
        for marks in (self.lines, self.origins):
            mark: Any = marks.pop(path, None)
            if mark is not None and place is not None:
                marks[place] = mark
        for step in node if isinstance(node, dict) else range(len(as_list(node))):
            self._move_marks(node[step], (*path, step), None if place is None else (*place, step))


def _step(node: Any, word: str) -> str | int:
    """The key or index that a word of a path names in a node: in a list by name, or else by number."""
    if not isinstance(node, list):
        return word
    for index, item in enumerate(node):
        if name_of(item) == word or item == word:
            return index
    return int(word) if word.isdecimal() and word.isascii() and len(word) < 10 else word


def _names(node: Any) -> list[str]:
    """What may follow in a path: the keys of a mapping, the names of a list's items or their numbers."""
    if isinstance(node, dict):
        return [key for key in node if key != "id"]
    return [name_of(item) or str(index) for index, item in enumerate(as_list(node))]


def _goes(names: Sequence[str]) -> str:
    """`a goes`, or `a, b and c go`."""
    return f"{_and(names)} {'goes' if len(names) == 1 else 'go'}"


def _and(names: Sequence[str]) -> str:
    names = [f"'{name}'" for name in names]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _named(moment: Mapping[str, Any]) -> Iterator[str]:
    """The other moments that a moment names."""
    yield from names_in(moment.get("follows"))
    yield from names_in(moment.get("session"))
    yield from looked_back_to(tuple(conditions_of(moment.get("if"))))
    yield from map(_target, as_list(moment.get("changes")))


def _target(effect: Any) -> str:
    """Whose field an effect of an event sets."""
    return str(as_mapping(effect).get("set")).partition(".")[0]


def plain(value: Any) -> Any:
    """A copy made of plain mappings and lists, so that what Python code gives is like what a file gives."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
