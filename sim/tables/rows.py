"""What a row of each kind of table says of a debate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.errors import quoted
from sim.scenario import schema
from sim.tables import roll_calls
from sim.tables.kinds import KINDS, Matched
from sim.tables.record import Cell, Record, bare
from sim.tables.table import Row, Table


def _members(record: Record, given: Matched) -> None:
    """Rows that are members, with their seats."""
    for row, (name,) in record.rows(given, "name"):
        is_known = record.names.find("member", name.value) is not None
        who = record.named("member", name, given.text(row, "id"))
        fields = record.part(given, row, schema.Member)
        fields.pop("first_stance", None)
        stance = record.part(given, row, schema.FirstStance, "first_stance.")
        fields |= {"first_stance": stance} if "value" in stance else {}
        record.add(record.members[who], {key: fields[key] for key in fields if key != "name" or not is_known})
        seat = record.part(given, row, schema.Seats)
        if seat.keys() & {"from", "to", "role", "votes"} or given.text(row, "body"):
            record.seats.append({**_body(record, given, row), "members": [replace(name, value=who)], **seat})


def _body(record: Record, given: Matched, row: Row) -> dict[str, str]:
    text = given.text(row, "body")
    return {"body": record.named("body", Cell(text, given.table, row.number, given.header("body")))} if text else {}


def _seats(record: Record, given: Matched) -> None:
    for row, (name, _) in record.rows(given, "member", "body"):
        who = replace(name, value=record.named("member", name))
        fields = record.part(given, row, schema.Seats)
        record.seats.append({**_body(record, given, row), "members": [who], **fields})


def _motions(record: Record, given: Matched) -> None:
    for row, (name,) in record.rows(given, "motion"):
        motion = record.named("motion", name, given.text(row, "id"))
        fields = record.part(given, row, schema.Ballot)
        fields.pop("id", None)
        call = fields.pop("roll_call", {})
        absent = fields.pop("absent", None)
        lists = [(vote, call.pop(key, None)) for vote, key in roll_calls.LISTS.items()]
        for vote, cell in [*lists, (roll_calls.ABSENT, absent)]:
            for who in () if cell is None else cell.value if isinstance(cell.value, list) else [cell.value]:
                _noted(record, motion, who, {"vote": replace(cell, value=vote)})
        record.add(record.motions[motion], {**fields, "roll_call": call} if call else fields)


def _votes(record: Record, given: Matched) -> None:
    """Rows that are votes of one member on one motion, with what they say of the motion."""
    for row, (motion, name) in record.rows(given, "motion", "member"):
        about = record.named("motion", motion)
        fields = record.part(given, row, schema.NamedVote)
        of_motion = record.part(given, row, schema.Ballot)
        record.add(record.motions[about], {key: of_motion[key] for key in ("date", "body") if key in of_motion})
        cell = Cell(given.text(row, "vote"), given.table, row.number, given.header("vote"))
        origin = {key: said for key, said in fields.items() if key not in ("member", "vote")}
        _vote(record, given, about, record.named("member", name), cell, origin)


def _columns_of_votes(record: Record, given: Matched) -> None:
    """Votes in a table with a row a member and a column a motion, or the other way round."""
    of_row, of_column = ("member", "motion") if given.kind == "members" else ("motion", "member")
    for row, (name,) in record.rows(given, "name" if given.kind == "members" else "motion"):
        one = record.named(of_row, name, given.text(row, "id"))
        for header in given.votes:
            cell = Cell(row.cells[header], given.table, row.number, header)
            other = record.named(of_column, replace(cell, value=header))
            motion, who = (other, one) if of_row == "member" else (one, other)
            _vote(record, given, motion, who, cell)


def _vote(
    record: Record, given: Matched, motion: str, who: str, cell: Cell, origin: Mapping[str, Any] | None = None
) -> None:
    """Notes a vote in the codes of its table; the same vote may stand in two tables."""
    codes = roll_calls.codes_of(given.table.name, given.every_vote, record.origin.codes)
    word = roll_calls.vote(cell.value, codes)
    if word is None:
        known = "yes, no, abstain or absent" if codes == "words" else ", ".join(filter(None, roll_calls.CODES[codes]))
        record.refuse(cell, f"{quoted(cell.value)} is not a vote ({codes}): it is {known}, or left empty")
    elif word:
        said = {"vote": replace(cell, value=word), **(record.sourced({}) if origin is None else origin)}
        _noted(record, motion, who, said)


def _noted(record: Record, motion: str, who: str, said: dict[str, Any]) -> None:
    record.add(record.votes.setdefault(motion, {}).setdefault(who, said), {"vote": said["vote"]})


def _debate(record: Record, given: Matched) -> None:
    """Rows that are a key of the file and its value."""
    for row, (key, said) in record.rows(given, "key", "value"):
        one = Table(given.table.name, (key.value,), (Row(row.number, {key.value: said.value}),))
        part = record.part(Matched(one, "debate", {key.value: key.value}), one.rows[0], schema.DebateFile)
        if not part:
            record.refuse(key, f"{quoted(key.value)} is not a key of a scenario")
        record.add(record.root, part)


def _by_id(section: str) -> Callable[[Record, Matched], None]:
    """What reads rows that are entries of a section, each with its key as `id`."""

    def entries(record: Record, given: Matched) -> None:
        for row, (key,) in record.rows(given, "id"):
            record.names.take(section, key.value, key.value)
            entry = getattr(record, section).setdefault(key.value, {})
            record.add(entry, record.part(given, row, KINDS[given.kind].part))

    return entries


def _bodies(record: Record, given: Matched) -> None:
    for row, (name,) in record.rows(given, "name"):
        body = record.named("body", name, given.text(row, "id"))
        record.add(record.bodies[body], record.part(given, row, schema.Body))


def _of_member(key: str) -> Callable[[Record, Matched], None]:
    """What reads rows that are items of a list of a member's."""

    def items(record: Record, given: Matched) -> None:
        for row, (name,) in record.rows(given, "member"):
            who = record.members[record.named("member", name)]
            who.setdefault(key, []).append(record.part(given, row, KINDS[given.kind].part))

    return items


def _moments(kind: str) -> Callable[[Record, Matched], None]:
    """What reads rows that are moments, of a kind where they do not say of which."""

    def moments(record: Record, given: Matched) -> None:
        for number, row in enumerate(given.table.rows, 1):
            fields = record.part(given, row, KINDS[given.kind].part)
            wanted = given.text(row, "id")
            name = record.names.take("moment", wanted or f"{kind}-{number}", wanted)
            record.moments.append({"id": name, "kind": kind, **fields})

    return moments


def _positions(record: Record, given: Matched) -> None:
    record.positions += [record.part(given, row, schema.Position) for row in given.table.rows]


def _statements(record: Record, given: Matched) -> None:
    """Rows that are statements of persons, or of organisations, for or against a claim."""
    for row, (claim, _, agreed) in record.rows(given, "concept", "date", "agreement"):
        speakers = [header for key in ("person", "organisation") if (header := given.header(key)) and row.cells[header]]
        agrees = _AGREEMENT.get(agreed.value.casefold())
        if not speakers or agrees is None:
            unclear = f"{quoted(agreed.value)} is not an agreement: it is 1 or 0"
            record.refuse(agreed, unclear if speakers else "no person or organisation says this")
            continue
        speaker, *more = [Cell(row.cells[header], given.table, row.number, header) for header in speakers]
        who = record.members[record.named("member", speaker)]
        for office in more:
            if office.value not in [bare(held["title"]) for held in who.setdefault("offices", [])]:
                who["offices"].append(record.sourced({"title": office}))
        fields = record.part(given, row, schema.Observation)
        wanted = given.text(row, "id")
        name = record.names.take("statement", wanted or f"statement {row.number}", wanted)
        said = {"stance": replace(claim, value=record.claim(claim.value, agrees)), "says": claim, **fields, "id": name}
        who.setdefault("observations", []).append(said)


_AGREEMENT = {
    **dict.fromkeys(("1", "yes", "true", "agree", "agrees"), True),
    **dict.fromkeys(("0", "-1", "no", "false", "disagree", "disagrees"), False),
}
#: What reads the rows of a kind, in an order in which whoever is named is known.
READERS: Mapping[str, Callable[[Record, Matched], None]] = {
    "debate": _debate,
    "sources": _by_id("sources"),
    "parameters": _by_id("parameters"),
    "positions": _positions,
    "bodies": _bodies,
    "members": _members,
    "motions": _motions,
    "offices": _of_member("offices"),
    "observations": _of_member("observations"),
    "seats": _seats,
    "absences": _moments("absence"),
    "events": _moments("event"),
    "letters": _moments("letter"),
    "talks": _moments("talk"),
    "votes": _votes,
    "statements": _statements,
}


def read_into(record: Record, tables: Sequence[Matched]) -> None:
    """Reads tables: first who and what there is, then what is said of them, last the columns of votes."""
    for kind, reader in READERS.items():
        for table in tables:
            if table.kind == kind:
                reader(record, table)
    for table in tables:
        if table.votes:
            _columns_of_votes(record, table)
