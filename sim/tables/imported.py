"""A scenario made of tables: what their rows say, what no table says added, and what is wrong told by cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError, UserError
from sim.scenario.scenario import Scenario
from sim.scenario.validation.check import check
from sim.scenario.yaml_reader import Document
from sim.scenario.yaml_reader import Path as Place
from sim.tables import outline, roll_calls
from sim.tables.file import scenario_of
from sim.tables.kinds import Matched, matched
from sim.tables.outline import Answers
from sim.tables.record import Cell, Origin, Record, bare
from sim.tables.rows import read_into
from sim.tables.table import read

if TYPE_CHECKING:
    from pathlib import Path

    import pandas

    Source = str | Path | pandas.DataFrame

ABOUT = "Made from tables by `sim import`. Whatever is asked below is assumed: the tables do not say it."
COUNTED = "The outcome is counted from the votes by name."
#: Moments of one day stand in the order in which they are played: these first, then letters of all kinds, then these.
_FIRST, _LAST = ("absence", "event"), ("talk", "ballot")


def imported(name: str, tables: Sequence[Matched], origin: Origin, answers: Answers) -> Scenario:
    """The scenario that tables make; `.origin.text` is the text of its file.

    Raises ScenarioError with all that is wrong, each by file, row and column.
    """
    record = Record(origin)
    read_into(record, tables)
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
    first = {path: min(lines.values())} if lines and path else {}
    return (made if isinstance(node, dict) else [*made.values()]), first | lines


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
    sections = {key: found for key in ("sources", "members") if (found := getattr(record, key))}
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
        missing = [key for key in ("if_carried", "if_lost") if key not in ballot]
        for key in missing:
            ballot[key] = record.names.take("parameter", f"{ballot['id']} {key[3:]}")
            record.parameters[ballot[key]] = outline.unknown_place(low, high)
        if missing:
            ballot.setdefault("sets_policy", False)
            _remark(ballot, outline.PLACE)
    _seat_voters(record, bodies, ballots)
    moments.sort(key=lambda moment: (str(bare(moment.get("date"))), _order(bare(moment["kind"]))))
    more = {"parameters": record.parameters, "bodies": bodies}
    return {**tree, "timeline": moments, **{key: found for key, found in more.items() if found}}


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
    made = {key: {**body, "seats": []} for key, body in record.bodies.items()}
    for seat in record.seats:
        entries = made[seat.pop("body", first)]["seats"]
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
    said = record.votes.get(motion, {})
    words = {who: bare(vote["vote"]) for who, vote in said.items()}
    if "outcome" not in ballot and {"yes", "no"} & {*words.values()}:
        counted = [*words.values()]
        ballot["outcome"] = "carried" if counted.count("yes") > counted.count("no") else "rejected"
        _remark(ballot, COUNTED)
    ballot = record.sourced(ballot)
    cast = {who: vote for who, vote in said.items() if words[who] in ("yes", "no", "abstain")}
    lists = {
        key: [replace(said[who]["vote"], value=who) for who in words if words[who] == vote]
        for vote, key in roll_calls.LISTS.items()
    }
    lists = {key: members for key, members in lists.items() if members}
    origins = [{key: bare(vote[key]) for key in vote if key != "vote"} for vote in cast.values()]
    if any(origin != origins[0] for origin in origins):
        absent = {"absent": lists["absent"]} if "absent" in lists else {}
        return {**ballot, "votes": [{"member": who, **vote} for who, vote in cast.items()], **absent}
    # Without an origin of its own a roll call has that of its ballot.
    own = origins[0] if origins and any(bare(ballot.get(key)) != origins[0][key] for key in origins[0]) else {}
    return {**ballot, "roll_call": {**ballot.get("roll_call", {}), **lists, **own}} if lists else ballot


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
