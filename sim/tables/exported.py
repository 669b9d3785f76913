"""The tables of a scenario: what `sim import` reads, so that nothing is lost on the way out and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.scenario import Scenario
from sim.scenario.yaml_reader import Path
from sim.tables.kinds import KINDS
from sim.tables.roll_calls import ABSENT, LISTS
from sim.tables.yaml_text import flow, ordered

#: What has a table of its own, by kind of moment.
_TABLES = {"absence": "absences", "event": "events", "talk": "talks", "ballot": "motions"}
_DISTRIBUTIONS = {"uniform", "normal", "lognormal"}
ROLL_CALL = "roll-call"


def files(scenario: Scenario) -> dict[str, bytes]:
    """Each table of a scenario as the bytes of its file, by name; what has no rows has no file."""
    return {f"{name}.csv": _csv(rows) for name, rows in tables(scenario).items() if rows}


def tables(scenario: Scenario) -> dict[str, list[dict[str, str]]]:
    """The rows of each table of a scenario: as its file has it, its readings chosen."""
    tree = ordered(scenario.document.tree)
    sections = ("sources", "parameters", "members", "bodies", "timeline", "readings")
    root = _flat({key: said for key, said in tree.items() if key not in sections})
    found: dict[str, list[dict[str, str]]] = {name: [] for name in (*KINDS, ROLL_CALL)}
    found["debate"] = [{"key": key, "value": said} for key, said in root.items()]
    found["positions"] = [_flat(position) for position in tree["axis"].get("positions", ())]
    for section in ("sources", "parameters", "members", "bodies"):
        found[section] = [{"id": key, **_row(section, part)} for key, part in tree.get(section, {}).items()]
    for who, member in tree["members"].items():
        for kind in ("offices", "observations"):
            found[kind] += [{"member": who, **_flat(item)} for item in member.get(kind, ())]
    for name, body in tree["bodies"].items():
        seats = [(who, seat) for seat in body["seats"] for who in _listed(seat["members"])]
        found["seats"] += [{"member": who, "body": name, **_flat(seat, "members")} for who, seat in seats]
    for moment in tree["timeline"]:
        name = _TABLES.get(moment["kind"], "letters")
        row = _flat(moment, "votes", "absent", "roll_call", *(() if name == "letters" else ("kind",)))
        is_complete = {"roll_call.complete": "true"} if moment.get("roll_call", {}).get("complete") else {}
        found[name].append(row | is_complete)
        found["votes"] += _votes(moment)
    found[ROLL_CALL] = _roll_call(found["votes"])
    return found


def left_out(scenario: Scenario) -> list[str]:
    """What a scenario says that no table can: the keys, in words."""
    return sorted(
        {".".join(str(step) for step in path if isinstance(step, str)) for path in _nested(scenario.document.tree)}
    )


def _nested(node: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of lists of mappings that have no table of their own, and of the readings."""
    known = {"timeline", "positions", "offices", "observations", "seats", "votes"}
    for step, item in node.items() if isinstance(node, dict) else enumerate(node):
        here = (*path, step)
        if step == "readings" and not path:
            yield here
        elif isinstance(item, list) and step not in known and any(isinstance(each, dict) for each in item):
            yield ("timeline", step) if path[:1] == ("timeline",) else here
        elif isinstance(item, dict | list):
            yield from _nested(item, here)


def _listed(item: Any) -> list[Any]:
    return item if isinstance(item, list) else [item]


def _row(section: str, part: Mapping[str, Any]) -> dict[str, str]:
    """A part as a row, a member's first stance under the headers that tables have for it."""
    fields = KINDS[section].fields
    row = _flat(part, "offices", "observations", "seats")
    return {fields[key][0] if "." in key and key in fields else key: said for key, said in row.items()}


def _flat(part: Mapping[str, Any], *but: str) -> dict[str, str]:
    """A part as a row: what is inside another part under a key with dots, lists of parts left out."""
    row: dict[str, str] = {}
    for key, said in part.items():
        if key in but or (isinstance(said, list) and any(isinstance(item, dict) for item in said)):
            continue
        if isinstance(said, dict) and not said.keys() <= _DISTRIBUTIONS:
            row |= {f"{key}.{below}": text for below, text in _flat(said).items()}
        else:
            row[key] = _cell(said)
    return row


def _cell(said: Any) -> str:
    if isinstance(said, str):
        return said.strip()
    are_words = isinstance(said, list) and all(isinstance(item, str) and not set(item) & set(";[]{}") for item in said)
    return "; ".join(said) if are_words and said else flow(said)


def _votes(moment: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The votes by name in a ballot, and who was absent from it, each with its own origin."""
    for vote in moment.get("votes", ()):
        yield {"motion": moment["id"], **_flat(vote)}
    call = moment.get("roll_call", {})
    for word, key in LISTS.items():
        origin = {} if key == ABSENT else _flat(call, "complete", *LISTS.values())
        for who in _listed(call.get(key, [])):
            yield {"motion": moment["id"], "member": who, "vote": word, **origin}
    for who in _listed(moment.get("absent", [])):
        yield {"motion": moment["id"], "member": who, "vote": ABSENT}


def _roll_call(votes: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same votes, a row a member and a column a motion."""
    motions = dict.fromkeys((vote["motion"] for vote in votes), "")
    rows: dict[str, dict[str, str]] = {}
    for vote in votes:
        row = rows.setdefault(vote["member"], {"member": vote["member"], **motions})
        row[vote["motion"]] = vote["vote"]
    return list(rows.values())


def _csv(rows: list[dict[str, str]]) -> bytes:
    columns = dict.fromkeys(key for row in rows for key in row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
