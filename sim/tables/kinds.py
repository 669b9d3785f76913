"""Kinds of tables, what a row of each is, and which column is which key of the format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.errors import UserError, quoted, unknown
from sim.scenario import schema
from sim.tables import roll_calls
from sim.tables.keys import types_at
from sim.tables.table import Row, Table, read

_PEOPLE = ("member", "actor", "person", "player", "stakeholder", "legislator", "delegate", "speaker", "country",
           "countryname", "state", "icpsr")  # fmt: skip
_BODIES = ("group", "committee", "chamber", "council")
_MOTIONS = ("resolution", "bill", "division", "item", "proposal", "roll call", "rollnumber", "rcid")
_START, _END, _WEIGHT = ("start", "begin"), ("end", "until"), ("weight", "voting weight")
_ORIGIN = tuple(schema.Datum.model_fields)
#: What a column of votes is read as, and one that is not read.
VOTES, UNUSED = "roll call", "unused"


@dataclass(frozen=True)
class Kind:
    """A kind of table. part: what a row is, whose keys the columns may be.

    fields: what else a column may be, with the other names of its header. needs: the fields that it is known by.
    """

    part: type[schema.Part]
    fields: Mapping[str, Sequence[str]]
    needs: Sequence[str] = ()

    def field(self, header: str) -> str | None:
        """What the column of a header is; None where nothing is known of it."""
        word = " ".join(re.split(r"[\s_]+", header.casefold().strip()))
        named = (field for field, others in self.fields.items() if word == field.casefold() or word in others)
        return next(named, None) or (header if types_at(self.part, header) else None)


#: A first stance has the origin; the member has none.
_OF_A_STANCE = {f"first_stance.{key}": (key,) for key in _ORIGIN}
_SEAT: Mapping[str, Sequence[str]] = {"body": _BODIES, "from": _START, "to": _END, "role": (), "votes": _WEIGHT}
#: By name; a file of such a name is of the kind, if it has what the kind needs.
KINDS: Mapping[str, Kind] = {
    "debate": Kind(schema.DebateFile, {"key": (), "value": ()}, ("key", "value")),
    "sources": Kind(schema.Source, {"id": ()}, ("id", "title")),
    "parameters": Kind(schema.Parameter, {"id": ()}, ("id", "value", "unit")),
    "positions": Kind(schema.Position, {}, ("name", "at", "meaning")),
    "offices": Kind(schema.Office, {"member": _PEOPLE}, ("member", "title")),
    "observations": Kind(schema.Observation, {"member": _PEOPLE}, ("member", "says")),
    "bodies": Kind(schema.Body, {"id": ()}, ("id", "name")),
    "votes": Kind(
        schema.NamedVote,
        {"motion": _MOTIONS, "member": _PEOPLE, "vote": ("cast code", "choice"), "body": _BODIES, "date": ()},
        ("motion", "member", "vote"),
    ),
    "statements": Kind(
        schema.Observation,
        {
            "person": ("speaker", "actor", "member", "name"),
            "organisation": ("organization",),
            "concept": ("claim", "statement"),
            "agreement": ("agree",),
            "id": ("statement id",),
            "date": ("time", "datetime"),
            "quote": ("text", "selection"),
        },
        ("concept", "agreement"),
    ),
    "letters": Kind(schema.Letter, {"author": ("sender",), "readers": ("recipient",)}, ("author", "readers")),
    "absences": Kind(schema.Absence, {"member": _PEOPLE, "date": _START, "until": _END}, ("member", "reason")),
    "talks": Kind(schema.Talk, {}, ("id", "date")),
    "events": Kind(schema.Event, {}, ("id", "summary")),
    "seats": Kind(schema.Seats, {"member": ("name", *_PEOPLE), **_SEAT}, ("member", "body")),
    "members": Kind(
        schema.Member,
        {
            "id": (),
            "name": ("", *_PEOPLE),
            "first_stance.value": ("position", "stance", "preference", "ideal point", "first stance"),
            "authority": ("capability", "capabilities", "power", "influence", "resources", "clout"),
            "salience": ("saliency", "priority"),
            **_SEAT,
            **_OF_A_STANCE,
        },
        ("name",),
    ),
    "motions": Kind(
        schema.Ballot,
        {"id": (), "motion": ("ballot", "title", "vote", "question", *_MOTIONS), "body": _BODIES},
        ("motion",),
    ),
}
#: Kinds that the columns of a table tell, whatever it is called; each of these is looked for before the next.
TOLD = ("votes", "statements", "letters", "absences", "seats", "members", "motions")
#: Kinds that may have a column for each member, or for each motion, with votes below it.
WITH_VOTES = ("members", "motions")


@dataclass(frozen=True)
class Matched:
    """A table, its kind, and what each of its columns is read as, by header."""

    table: Table
    kind: str
    fields: Mapping[str, str]

    def header(self, field: str) -> str:
        """The header of a field's column; '' if there is none."""
        return next((header for header, found in self.fields.items() if found == field), "")

    def text(self, row: Row, field: str) -> str:
        """What a row says in the column of a field; '' if there is none."""
        return row.cells[self.header(field)] if field in self.fields.values() else ""

    @cached_property
    def votes(self) -> list[str]:
        """The headers of the columns of votes."""
        return [header for header, field in self.fields.items() if field == VOTES]

    @cached_property
    def every_vote(self) -> frozenset[str]:
        """The different cells of all votes."""
        headers = [self.header("vote")] if self.kind == "votes" else self.votes
        return frozenset(cell for header in headers for cell in self.table.cells(header))


def matched(table: Table, kind: str = "", given: Mapping[str, str] | None = None) -> Matched:
    """A table and what its columns are. kind: '' where the columns tell it. given: fields by header, said by somebody.

    Raises UserError for a table of no kind, and for two columns of one field.
    """
    said = {header: field for header, field in (given or {}).items() if header in table.columns}
    stem = re.sub(r"^.*[/\\]|\[.*|\.[^.]*$", "", table.name)
    is_named = stem in KINDS and {*KINDS[stem].needs} <= {*_fields(table, stem, said).values()}
    name = kind or (stem if is_named else next((each for each in TOLD if _is(table, each, said)), ""))
    if not name:
        raise UserError(
            f"{table.name}: no column says whose row it is (there is {_listed(table.columns)}): name one by --column, "
            "as --column name=HEADER or --column motion=HEADER"
        )
    fields = _fields(table, name, said)
    for header, field in fields.items():
        others = [other for other, each in fields.items() if each == field and field not in (VOTES, UNUSED)]
        if len(others) > 1 and header == others[0]:
            raise UserError(
                f"{table.name}: the columns {_listed(others)} are both read as '{field}': say which it is, as --column "
                f"{field}={others[0]}, or --column {UNUSED}={others[1]}"
            )
    return Matched(table, name, fields)


def _listed(headers: Sequence[str]) -> str:
    return ", ".join(map(quoted, headers))


def _is(table: Table, name: str, said: Mapping[str, str]) -> bool:
    """Whether a table's columns tell that it is of a kind."""
    found = set(_fields(table, name, said).values())
    needs = set(KINDS[name].needs)
    # A table of seats says when, or in which role; with stances in it, it is one of members.
    fits_seats = name != "seats" or (
        bool(found & {"from", "to", "role"}) and "first_stance.value" not in _fields(table, "members", said).values()
    )
    return needs <= found and fits_seats


def _fields(table: Table, name: str, said: Mapping[str, str]) -> dict[str, str]:
    """What each column is: as somebody said, as its header says, or votes, as its cells say."""
    kind, found = KINDS[name], {}
    claimed = {kind.field(field) or field for field in said.values()}
    exact = {header for header in table.columns if types_at(kind.part, header)}
    # Beside a position, a column of small numbers may be anything.
    by_number = not any(kind.field(said.get(header, header)) == "first_stance.value" for header in table.columns)
    for header in table.columns:
        field = said.get(header) and (kind.field(said[header]) or said[header])
        if field is None and (own := kind.field(header)) is not None:
            # Beside the column that its name could else stand for, a key of the format means itself.
            own = header if own in table.columns and types_at(kind.part, header) else own
            field = UNUSED if own in claimed else own
            # A title is the motion, but for a table that has a column of motions too.
            field = header if own != header and own in table.columns and header in exact else field
        if field is None and name in WITH_VOTES and roll_calls.are_votes(table.cells(header), by_number):
            field = VOTES
        found[header] = field or UNUSED
    return found


def asked_fields(columns: Sequence[str]) -> dict[str, str]:
    """Fields by header, of words FIELD=HEADER. Raises UserError for others."""
    found = {}
    known = {field for kind in KINDS.values() for field in kind.fields} | {UNUSED, VOTES}
    for word in columns:
        field, equals, header = word.partition("=")
        if not (equals and header):
            raise UserError(f"--column {quoted(word)}: give FIELD=HEADER, as position='Ideal point'")
        if field not in known and not any(kind.field(field) for kind in KINDS.values()):
            words = known | {other for kind in KINDS.values() for others in kind.fields.values() for other in others}
            raise UserError(f"--column {quoted(word)}: {unknown(field, 'field', sorted(words - {''}))}")
        found[header] = field
    return found


def asked_tables(words: Sequence[str], said: Mapping[str, str]) -> list[Matched]:
    """The tables in files, each of the kind that its columns tell, or as a word KIND=FILE has it. said: see `matched`.

    Raises UserError.
    """
    found = []
    for word in words:
        kind, _, path = word.partition("=")
        kind, path = (kind, path) if path and kind in KINDS else ("", word)
        found += [matched(table, kind, said) for table in read(path)]
    for header, field in said.items():
        if not any(header in given.table.columns for given in found):
            raise UserError(f"--column {field}={header}: no table has a column {quoted(header)}")
    return found
