"""What tables say, part by part as a scenario file will have it, each value with the cell that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, get_args

from sim.errors import Problem, UserError, quoted, unknown
from sim.scenario import schema
from sim.tables.keys import types_at, value
from sim.tables.kinds import Matched
from sim.tables.outline import UNSAID, Names
from sim.tables.roll_calls import CODES, LISTS
from sim.tables.table import Row, Table

#: Keys whose words are names of members, of bodies, or of either.
_NAMING = {
    **dict.fromkeys(("member", "members", "author", "moved_by", "present", "absent", "by_note"), ("member",)),
    **dict.fromkeys((f"roll_call.{key}" for key in LISTS.values()), ("member",)),
    "body": ("body",),
    "readers": ("member", "body"),
}
_SECTIONS = {"member": "members", "body": "bodies", "motion": "motions"}


@dataclass(frozen=True)
class Cell:
    """A value and the cell that it comes from."""

    value: Any
    table: Table
    row: int
    column: str


def bare(node: Any) -> Any:
    """Values without the cells that they come from."""
    if isinstance(node, Cell):
        return node.value
    if isinstance(node, dict):
        return {key: bare(item) for key, item in node.items()}
    return [bare(item) for item in node] if isinstance(node, list) else node


@dataclass(frozen=True)
class Origin:
    """What holds for a whole import: the source of what names none, how well it is known, and the codes of votes."""

    source: str | None = None
    evidence: str | None = None
    codes: str | None = None

    def __post_init__(self) -> None:
        known = get_args(schema.Evidence)
        if self.evidence is not None and self.evidence not in known:
            raise UserError(unknown(self.evidence, "word for evidence", known))
        if self.codes is not None and self.codes not in CODES:
            raise UserError(unknown(self.codes, "code of votes", CODES))
        if self.source is None and self.evidence not in (None, "assumed"):
            raise UserError(f"evidence '{self.evidence}' needs a source: say where the tables are from (--source)")


@dataclass
class Record:
    """The parts of a scenario that tables speak of. votes: by motion and member; seats: of one member each."""

    origin: Origin
    names: Names = field(default_factory=Names)
    root: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    motions: dict[str, Any] = field(default_factory=dict)
    positions: list[dict[str, Any]] = field(default_factory=list)
    seats: list[dict[str, Any]] = field(default_factory=list)
    moments: list[dict[str, Any]] = field(default_factory=list)
    votes: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[tuple[str, bool], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, cell: Cell, message: str) -> None:
        """Notes that something is wrong with a cell."""
        self.problems.append(cell.table.problem(cell.row, cell.column, message))

    def rows(self, given: Matched, *needed: str) -> Iterator[tuple[Row, list[Cell]]]:
        """The rows of a table, each with its cells of the fields that it cannot do without."""
        for row in given.table.rows:
            found = [Cell(given.text(row, name), given.table, row.number, given.header(name)) for name in needed]
            for cell, name in zip(found, needed, strict=True):
                if not cell.value:
                    self.refuse(cell, f"the {name} is missing")
            if all(cell.value for cell in found):
                yield row, found

    def named(self, what: str, name: Cell, wanted: str = "") -> str:
        """The id of a member, a body or a motion by id or name; what is new is one from now on, with the id wanted."""
        found = self.names.find(what, wanted) if wanted else self.names.find(what, name.value)
        made = found or self.names.take(what, name.value, wanted)
        key = "motion" if what == "motion" else "name"
        getattr(self, _SECTIONS[what]).setdefault(made, {key: name})
        return made

    def part(self, given: Matched, row: Row, part: type[schema.Part], prefix: str = "") -> dict[str, Any]:
        """What a row says in keys of a part, those below a prefix; of a datum with an origin, if only the import's."""
        found: dict[str, Any] = {}
        for header, name in given.fields.items():
            key = name.removeprefix(prefix)
            if row.cells[header] and name.startswith(prefix) and types_at(part, key):
                *above, last = key.split(".")
                inside = found
                for step in above:
                    inside = inside.setdefault(step, {})
                cell = Cell(value(part, key, row.cells[header]), given.table, row.number, header)
                inside[last] = self._ids(key, cell)
        return self.sourced(found) if issubclass(part, schema.Datum) else found

    def _ids(self, key: str, cell: Cell) -> Cell:
        """A cell of names with the ids of whom it names; somebody new is a member from now on."""
        if key not in _NAMING:
            return cell

        def one(name: str) -> str:
            known = (self.names.find(what, name) for what in _NAMING[key])
            return next(filter(None, known), None) or self.named(_NAMING[key][0], replace(cell, value=name))

        is_many = isinstance(cell.value, list)
        return replace(cell, value=[one(str(name)) for name in cell.value] if is_many else one(str(cell.value)))

    def sourced(self, found: dict[str, Any]) -> dict[str, Any]:
        """A datum with its origin in full: its own, or that of the import."""
        evidence = bare(found.get("evidence"))
        given = found.get("source")
        if isinstance(given, Cell):
            texts = given.value if isinstance(given.value, list) else [given.value]
            keys = [self._source(str(text)) for text in texts]
            found["source"] = replace(given, value=keys if len(keys) > 1 else keys[0])
        elif (
            given is None
            and self.origin.source is not None
            and evidence != "assumed"
            and self.origin.evidence != "assumed"
        ):
            found["source"] = self._source(self.origin.source)
        elif evidence is None and self.origin.evidence == "assumed":
            found.update({"evidence": "assumed", "note": found.get("note", UNSAID)})
        if "source" in found and evidence != "assumed":
            found.setdefault("evidence", self.origin.evidence or "attributed")
            found.setdefault("provenance", "found")
        return found

    def claim(self, claim: str, agrees: bool) -> str:
        """The position of those who agree with a claim, or of those who do not: one of the axis, or a new one."""
        words = claim if agrees else f"not: {claim}"
        for each in self.positions:
            if words in (bare(each.get("name")), bare(each.get("meaning"))):
                return str(bare(each["name"]))
        if (claim, agrees) not in self.claims:
            self.claims[claim, agrees] = self.names.take("claim", words)
        return self.claims[claim, agrees]

    def _source(self, text: str) -> str:
        """The key of a source, by key or by title."""
        known = {bare(source.get("title")): key for key, source in self.sources.items()}
        if text not in self.sources and text not in known:
            words = re.findall("[A-Za-z0-9]+", text)
            key = "".join(word[0].upper() + word[1:] for word in words[:4])[:40] or "Tables"
            numbered = (key if number == 1 else f"{key}_{number}" for number in count(1))
            known[text] = next(each for each in numbered if each not in self.sources)
            self.sources[known[text]] = {"title": text}
        return known.get(text, text)

    def add(self, one: dict[str, Any], new: Mapping[str, Any]) -> None:
        """Adds to a part what another row says of it, which may not contradict what is known."""
        for key, said in new.items():
            known = one.setdefault(key, said)
            if isinstance(known, dict) and isinstance(said, dict):
                self.add(known, said)
            elif isinstance(said, Cell) and bare(known) != said.value:
                self.refuse(said, f"{quoted(said.value)} here, and {quoted(bare(known))} elsewhere: say which it is")
