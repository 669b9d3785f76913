"""Where every number of a scenario comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from sim.scenario import schema
from sim.scenario.schema import Datum, DebateFile, Distribution, Source

if TYPE_CHECKING:
    import pandas

COLUMNS = ("evidence", "what", "value", "provenance", "source", "record", "rests_on", "note")


def _step(item: Any, number: int) -> str:
    return str(getattr(item, "id", None) or getattr(item, "member", None) or number)


def data(part: Any, path: str = "") -> Iterator[tuple[str, Datum]]:
    """Every sourced datum of a debate, with the path to it, in the order of the file."""
    if isinstance(part, Datum):
        yield path, part
    if isinstance(part, BaseModel):
        children = [(name, getattr(part, name)) for name in type(part).model_fields]
    elif isinstance(part, dict):
        children = list(part.items())
    elif isinstance(part, tuple):
        children = [(_step(item, number), item) for number, item in enumerate(part)]
    else:
        return
    for name, child in children:
        yield from data(child, f"{path}.{name}" if path else str(name))


def told_by(debate: DebateFile) -> str:
    """By what a debate is known: an invented one, of which all is assumed, has no record."""
    return "the record" if any(datum.evidence != "assumed" for _, datum in data(debate)) else "the scenario"


def _quantity(value: Any) -> str:
    if isinstance(value, Distribution):
        return f"{value.family}({', '.join(map(_quantity, value.terms))})"
    return f"{value:g}" if isinstance(value, float) else str(value)


def observed(seen: schema.Observation) -> str:
    """What an observation says of a stance."""
    if seen.movement is None:
        return _quantity(seen.stance)
    moved = seen.movement
    return f"moved by {moved.at_least:g} or more towards the {moved.towards} end since {moved.since}"


def value(datum: Datum) -> str:
    """What a datum says, in a few words."""
    match datum:
        case schema.Parameter():
            low, high = datum.range
            return f"{_quantity(datum.value)} {datum.unit}; range {low:g} to {high:g}"
        case schema.FirstStance():
            return _quantity(datum.value)
        case schema.Observation():
            return f"{observed(datum)}, {datum.dated}" if datum.between else f"{observed(datum)} on {datum.date}"
        case schema.Letter():
            how = "" if datum.argues_as == "exactly" else f"{datum.argues_as.replace('_', ' ')} "
            towards = "" if datum.argues_for is None else f" for {how}{_quantity(datum.argues_for)}"
            return f"{datum.dated}, strength {datum.strength:g}{towards}"
        case schema.Ballot():
            ends = " or ".join(map(_quantity, (datum.if_carried, *datum.if_lost)))
            return f"{datum.dated}, {datum.outcome or 'outcome unknown'}; leads to {ends}"
        case schema.Tally():
            counts = (("yes", datum.yes), ("no", datum.no), ("abstain", datum.abstain))
            return ", ".join(f"{count} {word}" for word, count in counts if count is not None)
        case schema.Seats():
            return f"{', '.join(datum.members)}: {datum.role}, {datum.start} to {datum.end}"
        case schema.Absence():
            return f"{datum.member}, {datum.dated} to {datum.until}"
        case schema.Talk() | schema.Event():
            return datum.dated
    fields = datum.model_dump(exclude=set(Datum.model_fields), exclude_none=True, mode="json")
    return ", ".join(f"{name} {item}" for name, item in fields.items() if not isinstance(item, dict | list))


def rows(debate: DebateFile) -> list[dict[str, str]]:
    """Every datum with its origin, as the rows of a table, the best known first and the assumptions last."""
    found = [
        {
            "evidence": datum.evidence,
            "what": path,
            "value": value(datum),
            "provenance": ", ".join(datum.provenance),
            "source": ", ".join(datum.source),
            "record": ", ".join(datum.record),
            "rests_on": ", ".join(getattr(datum, "rests_on", ())),
            "note": datum.note or "",
        }
        for path, datum in data(debate)
    ]
    return sorted(found, key=lambda row: get_args(schema.Evidence).index(row["evidence"]))


def table(debate: DebateFile) -> pandas.DataFrame:
    """The same as a table."""
    import pandas

    return pandas.DataFrame(rows(debate), columns=list(COLUMNS))


def _protected(text: str) -> str:
    """Text with every sign that BibTeX or TeX would take for an order."""
    return re.sub(r"[#%&_${}\\]", lambda sign: "\\textbackslash{}" if sign[0] == "\\" else f"\\{sign[0]}", text)


def _entry(key: str, source: Source) -> str:
    notes = [text for text in (source.kind, source.leaning and f"leaning: {source.leaning}", source.limits) if text]
    fields = {
        "title": source.title,
        "author": source.author,
        "howpublished": source.work,
        "year": None if source.year is None else str(source.year),
        "note": "; ".join(notes) or None,
    }
    written = [f"  {name} = {{{_protected(text)}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{key},", *written, *([f"  url = {{{source.url}}},"] if source.url else []), "}"])


def bibtex(debate: DebateFile) -> str:
    """The sources as BibTeX entries, with the keys that the scenario uses."""
    return "\n\n".join(_entry(key, source) for key, source in debate.sources.items()) + "\n"
