"""A scenario made of tables: each kind of row read, what no table says added, and what is wrong told by cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError, UserError, quoted
from sim.scenario import schema
from sim.scenario.scenario import Scenario
from sim.scenario.validation.check import check
from sim.scenario.yaml_reader import Document
from sim.scenario.yaml_reader import Path as Place
from sim.tables import outline, roll_calls
from sim.tables.file import scenario_of
from sim.tables.kinds import KINDS, Matched, matched
from sim.tables.outline import Answers
from sim.tables.record import Cell, Origin, Record, bare
from sim.tables.table import Row, Table, read

if TYPE_CHECKING:
    from pathlib import Path

    import pandas

    Source = str | Path | pandas.DataFrame

ABOUT = "Made from tables by `sim import`. Whatever is asked below is assumed: the tables do not say it."
COUNTED = "The outcome is counted from the votes by name."
#: Moments of one day stand in the order in which they are played: these first, then letters of all kinds, then these.
_FIRST, _LAST = ("absence", "event"), ("talk", "ballot")


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
        record.add(record.motions[motion], fields)


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
        known = record.votes.setdefault(motion, {}).setdefault(who, said)
        record.add(known, {"vote": said["vote"]})


def _debate(record: Record, given: Matched) -> None:
    """Rows that are a key of the file and its value."""
    for row, (key, said) in record.rows(given, "key", "value"):
        one = Table(given.table.name, (key.value,), (Row(row.number, {key.value: said.value}),))
        part = record.part(Matched(one, "debate", {key.value: key.value}), one.rows[0], schema.DebateFile)
        if not part:
            record.refuse(key, f"{quoted(key.value)} is not a key of a scenario")
        record.add(record.root, part)


def _by_id(section: str, name: str) -> Callable[[Record, Matched], None]:
    """What reads rows that are entries of a section. name: the field by which each is known."""

    def entries(record: Record, given: Matched) -> None:
        for row, (key,) in record.rows(given, name):
            known = getattr(record, section)
            if section == "bodies":
                record.named("body", key, given.text(row, "id"))
            who = record.names.find("body", key.value) if section == "bodies" else key.value
            record.add(known.setdefault(who, {}), record.part(given, row, KINDS[given.kind].part))

    return entries


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
READERS: Mapping[str, Callable[[Record, Matched], None]] = {
    "debate": _debate,
    "sources": _by_id("sources", "id"),
    "parameters": _by_id("parameters", "id"),
    "positions": _positions,
    "bodies": _by_id("bodies", "name"),
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


def imported(name: str, tables: Sequence[Matched], origin: Origin, answers: Answers) -> Scenario:
    """The scenario that tables make; `.origin.text` is the text of its file.

    Raises ScenarioError with all that is wrong, each by file, row and column.
    """
    record = Record(origin)
    for kind in READERS:
        for table in tables:
            if table.kind == kind:
                READERS[kind](record, table)
    for table in tables:
        if table.votes:
            _columns_of_votes(record, table)
    if record.problems:
        raise ScenarioError(record.problems)
    if not record.members:
        raise UserError("these tables name no members: a debate needs somebody in it")
    cells: list[Cell] = []
    tree, lines = _placed(_tree(name, record, answers), cells)
    whole = outline.completed(tree, answers, record.names)
    try:
        check(Document(f"{whole['scenario']}.yaml", whole, lines))
    except ScenarioError as error:
        raise ScenarioError(_in_tables(problem, cells) for problem in error.problems) from None
    return scenario_of(whole, ABOUT)


def _placed(node: Any, cells: list[Cell], path: Place = ()) -> tuple[Any, dict[Place, int]]:
    """Values without their cells, and for the path of each value, and of what holds it, the number of a cell."""
    lines: dict[Place, int] = {}
    if isinstance(node, Cell):
        cells.append(node)
        return node.value, {path: len(cells)}
    if not isinstance(node, dict | list):
        return node, lines
    made: dict[str | int, Any] = {}
    for step, item in node.items() if isinstance(node, dict) else enumerate(node):
        made[step], below = _placed(item, cells, (*path, step))
        lines |= below
    return made if isinstance(node, dict) else list(made.values()), {
        path: min(lines.values()),
        **lines,
    } if lines and path else lines


def _in_tables(problem: Problem, cells: Sequence[Cell]) -> Problem:
    """A problem by the cell from which it comes."""
    if not problem.line:
        return problem
    cell = cells[problem.line - 1]
    return cell.table.problem(cell.row, cell.column, f"{problem.key}: {problem.message}")


def _tree(name: str, record: Record, answers: Answers) -> dict[str, Any]:
    """The file's values as far as the tables have them, ballots in full."""
    for key in ("authority", "salience"):
        _to_shares(record.members, key)
    root = {**record.root, "scenario": name}
    sections = {key: getattr(record, key) for key in ("sources", "parameters", "members") if getattr(record, key)}
    bodies = _bodies(record, answers)
    ballots = [_ballot(record, motion, next(iter(bodies), "")) for motion in record.motions]
    moments = [*record.moments, *ballots]
    tree = {**root, **sections, "timeline": moments}
    (first, last), (low, high) = outline.frame(bare(tree), answers)
    claims = [
        {
            "name": name,
            "at": high if agrees else low,
            "meaning": f"{'' if agrees else 'not: '}{claim} {outline.CLAIM}",
        }
        for (claim, agrees), name in record.claims.items()
    ]
    if positions := [*record.positions, *claims]:
        tree["axis"] = {**root.get("axis", {}), "positions": positions}
    undated = [ballot for ballot in ballots if "date" not in ballot]
    for number, ballot in enumerate(undated, 1):
        ballot["date"] = first + (last - first) * number / (len(undated) + 1)
        _remark(ballot, outline.DATE)
    for ballot in ballots:
        if "if_carried" not in ballot or "if_lost" not in ballot:
            ballot.update({"sets_policy": False, "if_carried": high, "if_lost": low, **ballot})
            _remark(ballot, outline.PLACE)
    _seat_voters(record, bodies, ballots)
    moments.sort(key=lambda moment: (str(bare(moment.get("date"))), _order(bare(moment["kind"]))))
    return {**tree, "timeline": moments, **({"bodies": bodies} if bodies else {})}


def _to_shares(members: Mapping[str, dict[str, Any]], key: str) -> None:
    """Numbers of members as shares of 10, 100 …, the first that is as large as all of them, if any is above 1."""
    cells = [cell for member in members.values() if isinstance(cell := member.get(key), Cell)]
    largest = max((cell.value for cell in cells if isinstance(cell.value, int | float)), default=0)
    digits = len(f"{math.ceil(largest) - 1}") if 1 < largest < 1e9 else 0
    for member in members.values():
        if digits and isinstance(cell := member.get(key), Cell) and isinstance(cell.value, int | float):
            # By its decimals, so that 7 of 100 is 0.07 and nothing near it.
            member[key] = replace(cell, value=float(f"{cell.value}e-{digits}"))


def _order(kind: Any) -> int:
    return _FIRST.index(kind) - len(_FIRST) if kind in _FIRST else _LAST.index(kind) + 1 if kind in _LAST else 0


def _remark(ballot: dict[str, Any], remark: str) -> None:
    """Says in a ballot's note what is assumed."""
    said = str(bare(ballot.get("note", "")))
    if remark not in said:
        ballot["note"] = f"{said} {remark}".strip()


def _bodies(record: Record, answers: Answers) -> dict[str, Any]:
    """The bodies with their seats; what differs in nothing but the member is one entry. One at least, if any vote."""
    for name in answers.bodies or (() if record.bodies or not record.motions else ("Committee",)):
        if record.names.find("body", name) is None:
            record.bodies[record.names.take("body", name)] = {"name": name}
    first = next(iter(record.bodies), "")
    for body in record.bodies.values():
        body.setdefault("name", "")
    held = [(seat.pop("body", first), seat) for seat in record.seats]
    made = {key: {**body, "seats": []} for key, body in record.bodies.items()}
    for body, seat in held:
        entries = made[body]["seats"]
        if entries and _without_members(entries[-1]) == _without_members(seat):
            entries[-1]["members"] += seat["members"]
        else:
            entries.append(seat)
    return made


def _without_members(seat: Mapping[str, Any]) -> dict[str, Any]:
    return {key: bare(said) for key, said in seat.items() if key != "members"}


def _ballot(record: Record, motion: str, body: str) -> dict[str, Any]:
    """A ballot with the votes that tables give, and the outcome that these make where none is given."""
    ballot = {"id": motion, "kind": "ballot", "body": body, **record.motions[motion]}
    said = [(who, vote, bare(vote["vote"])) for who, vote in record.votes.get(motion, {}).items()]
    votes = [{"member": who, **vote} for who, vote, word in said if word in ("yes", "no", "abstain")]
    absent = [replace(vote["vote"], value=who) for who, vote, word in said if word == roll_calls.ABSENT]
    if "outcome" not in ballot and votes:
        words = [bare(vote["vote"]) for vote in votes]
        ballot["outcome"] = "carried" if words.count("yes") > words.count("no") else "rejected"
        _remark(ballot, COUNTED)
    more = {"votes": votes, "absent": absent}
    return record.sourced({**ballot, **{key: found for key, found in more.items() if found}})


def _seat_voters(record: Record, bodies: dict[str, Any], ballots: Sequence[dict[str, Any]]) -> None:
    """Gives bodies of which no table says who sits in them those who vote, or everybody, while they have a seat."""
    seated = {bare(who) for body in bodies.values() for seat in body["seats"] for who in seat["members"]}
    for name, body in bodies.items():
        held = sorted((one for one in ballots if one["body"] == name), key=lambda one: str(bare(one["date"])))
        said = [record.votes.get(ballot["id"], {}) for ballot in held]
        voters = dict.fromkeys(who for votes in said for who in votes)
        others = [who for who in record.members if who not in seated and (name == next(iter(bodies)) or not voters)]
        periods: dict[tuple[Any, Any], list[str]] = {}
        for who in () if body["seats"] else dict.fromkeys([*others, *voters]):
            sits = [bare(votes.get(who, {"vote": ""})["vote"]) != roll_calls.NO_SEAT for votes in said]
            for has_seat, run in groupby(enumerate(sits), key=lambda each: each[1]):
                places = [place for place, _ in run]
                start = bare(held[places[0]]["date"]) if places[0] else None
                end = bare(held[places[-1]]["date"]) if places[-1] < len(held) - 1 else None
                if has_seat:
                    periods.setdefault((start, end), []).append(who)
            if not sits:
                periods.setdefault((None, None), []).append(who)
        for (start, end), members in periods.items():
            days = {key: day for key, day in (("from", start), ("to", end)) if day is not None}
            body["seats"].append({"members": members, **days, **record.sourced({})})


def from_tables(
    *,
    members: Source | None = None,
    seats: Source | None = None,
    motions: Source | None = None,
    roll_calls: Source | None = None,
    statements: Source | None = None,
    letters: Source | None = None,
    name: str = "from-tables",
    question: str | None = None,
    axis: tuple[float, float] | None = None,
    source: str | None = None,
    evidence: str | None = None,
    codes: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Scenario:
    """A debate made of tables: data frames, or paths of CSV, TSV or XLSX files.

    members: a row a member, with a position, a capability, a salience, a body. roll_calls: members by motions, motions
    by members, or a row a vote. statements: a row a statement, as Discourse Network Analyzer exports them. axis: its
    two ends. source, evidence: of all that names none of its own. codes: of the votes, as `voteview`. columns: headers
    by field, where they are not known by themselves, as {"position": "Ideal point"}.

    Returns a Scenario; `.origin.text` is its file, with the open questions marked. Raises UserError.

    Example: `sim.from_tables(members=actors, roll_calls="roll-call.csv").origin.text`
    """
    given = {"members": members, "seats": seats, "motions": motions, "": roll_calls}
    given |= {"statements": statements, "letters": letters}
    said = {header: field for field, header in (columns or {}).items()}
    tables = [
        matched(table, kind, said)
        for kind, table_or_path in given.items()
        if table_or_path is not None
        for table in read(table_or_path, kind or "roll_calls")
    ]
    ends = None if axis is None else ":".join(str(end) for end in axis)
    return imported(name, tables, Origin(source, evidence, codes), Answers(question, ends))
