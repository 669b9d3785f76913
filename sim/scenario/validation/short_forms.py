"""What a file may say in short, spelled out before its types are checked, so that nothing else knows of it.

A number where the name of a parameter is meant is a parameter of that value. Seats without dates are held throughout.
A month or a year is a range of days, with a day in it on which something is assumed to have been.
A roll call is a list of votes and of those who were absent. And what says nothing of its own origin has the `origin` of
the member, the body or the file that it is in; where the file is `invented`, it is assumed.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from sim.scenario import schema
from sim.scenario.changes import as_list, as_mapping
from sim.scenario.dates import Days, days_of, middle
from sim.scenario.yaml_reader import Document, Path

#: In the path of a place, any key of a mapping or any item of a list.
EACH = "*"


def spelled_out(document: Document) -> Document:
    """The document with all that it says in short said in full; the same document where nothing is short."""
    made = _with_parameters(document)
    span, ends = as_mapping(document.tree.get("span")), {"from": datetime.date.min, "to": datetime.date.max}
    # An end of the span that is no day is told once, and not of everybody's seats.
    throughout = {key: span[key] if type(span.get(key)) is datetime.date else end for key, end in ends.items()}
    made = _with_days(made, (throughout["from"], throughout["to"]))
    for path in _mappings_of(made, schema.Seats):
        made = _completed(made, path, throughout)
    made = _with_origins(made)
    for path in _mappings_of(made, schema.RollCall):
        made = _with_votes(made, path)
    return made


#: Keys of days with which something ends: of a month or a year the last is meant.
_ENDS = ("to", "until")


def _with_days(document: Document, span: Days) -> Document:
    """The document with a range of days for every month or year, and in it the day that is assumed.

    What lasts begins with the first day and ends with the last; anything else was on the middle one of those in the
    span.
    """
    made = document
    for path, value in found(document.tree, places_of(schema.DayOrPeriod)):
        if isinstance(value, datetime.date) or (days := days_of(value)) is None:
            continue
        around, last = _at(made.tree, path[:-1]), path[-1]
        if last == "date":
            whole = {"between": list(days), **around, "date": _assumed(around, days, span)}
            made = replace(made, tree=_changed(made.tree, path[:-1], whole))
        else:
            made = replace(made, tree=_changed(made.tree, path, days[last in (*_ENDS, 1)]))
    for path in (*_mappings_of(made, schema.Moment), *_mappings_of(made, schema.Observation)):
        around = _at(made.tree, path)
        ends = as_list(around.get("between"))
        if "date" not in around and len(ends) == 2 and all(type(day) is datetime.date for day in ends):
            made = _completed(made, path, {"date": _assumed(around, (ends[0], ends[1]), span)})
    return made


def _assumed(around: Mapping[str, Any], days: Days, span: Days) -> datetime.date:
    """The day on which something of a range of days is assumed to have been, or to have begun."""
    return days[0] if around.get("kind") == "absence" else middle(days, span)


#: The words by which a datum says its origin.
_ORIGIN = ("evidence", "source", "provenance")
#: The lists of a roll call, and the vote that each is of.
_VOTES = {"yes": "yes", "no": "no", "abstained": "abstain"}


def _with_origins(document: Document) -> Document:
    """The document with, in whatever says nothing of its own origin, the one given once around it."""
    made, why = document, document.tree.get("invented")
    given: dict[Path, dict[str, Any]] = {(): {"evidence": "assumed", "note": why}} if isinstance(why, str) else {}
    for path in _mappings_of(document, schema.SharedOrigin):
        given[path[:-1]] = _at(document.tree, path)
    calls = _mappings_of(document, schema.RollCall)
    for path in _mappings_of(document, schema.Datum) if given else ():
        around = next((given[path[:end]] for end in range(len(path) - 1, -1, -1) if path[:end] in given), None)
        if around is not None and path not in calls:
            made = _with_origin(made, path, around)
    for path in calls:
        made = _with_origin(made, path, _at(made.tree, path[:-1]))
    return made


def _with_origin(document: Document, path: Path, around: Mapping[str, Any]) -> Document:
    # Who names a source has only forgotten the word for how well it is known.
    if _at(document.tree, path).keys() & {*_ORIGIN}:
        return document
    return _completed(document, path, {key: around[key] for key in (*_ORIGIN, "record", "note") if key in around})


def _with_votes(document: Document, path: Path) -> Document:
    """The document with a roll call written out as the votes of a ballot, and as those who were absent."""
    ballot, (*place, _) = _at(document.tree, path[:-1]), path
    call, votes, lines = ballot["roll_call"], [*as_list(ballot.get("votes"))], dict(document.lines)
    rest = {key: value for key, value in call.items() if key not in (*_VOTES, "absent")}
    for word, vote in _VOTES.items():
        for number, member in enumerate(_listed(call, word)):
            lines[*place, "votes", len(votes)] = document.line((*path, word, number))
            votes.append({"member": member, "vote": vote, **rest})
            votes[-1].pop("complete", None)
    absent = [*_listed(ballot, "absent"), *_listed(call, "absent")]
    whole = {
        **ballot,
        "roll_call": rest,
        **({"votes": votes} if votes else {}),
        **({"absent": absent} if absent else {}),
    }
    return document if rest == call else replace(document, tree=_changed(document.tree, path[:-1], whole), lines=lines)


def _listed(mapping: Mapping[str, Any], key: str) -> list[Any]:
    """What a file has under a key, as a list."""
    value = mapping.get(key)
    return [value] if isinstance(value, str) else as_list(value)


def _with_parameters(document: Document) -> Document:
    """The document with every number that stands in the place of a parameter among the parameters, under a name."""
    tree, lines, origins = document.tree, dict(document.lines), dict(document.origins)
    if not isinstance(tree.get("parameters", {}), dict):
        return document
    taken = {*_ids(tree)}
    for path, value in found(tree, (*places_of(schema.ParameterName), (*places_of(schema.Effect)[0], "to"))):
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if path[-1] == "to" and str(_at(tree, path[:-1]).get("set")) not in tree.get("parameters", {}):
            continue  # where a policy, a stance or a ballot is set, the number is a place
        name = _free(_name(tree, path), taken)
        taken.add(name)
        parameter = {
            "value": value,
            "range": [value, value],
            "unit": "in the model's unit",
            "meaning": " of ".join(reversed(_words(tree, path))),
            "evidence": "assumed",
            "note": "A number given in its place, without an origin of its own.",
        }
        tree = _changed(tree, path, name)
        tree = {**tree, "parameters": {**tree.get("parameters", {}), name: parameter}}
        lines["parameters", name] = document.line(path)
        if path in origins:
            origins["parameters", name] = origins[path]
    return document if tree is document.tree else replace(document, tree=tree, lines=lines, origins=origins)


def _ids(tree: Mapping[str, Any]) -> Iterator[Any]:
    """Every id of a file, and the names that no id may have or that would mean something else."""
    for section in ("parameters", "members", "bodies"):
        yield from as_mapping(tree.get(section))
    for items, key in ((tree.get("timeline"), "id"), (as_mapping(tree.get("axis")).get("positions"), "name")):
        yield from (item[key] for item in as_list(items) if isinstance(as_mapping(item).get(key), str))
    yield from ("policy", *tree)


def _words(tree: Mapping[str, Any], path: Path) -> list[str]:
    """A place in words: whose, or of which rules, and what."""
    owner = _at(tree, path[:2]).get("id") if path[0] == "timeline" else path[-2]
    return [str(owner), str(_at(tree, path[:-1])["set"] if path[-1] == "to" else path[-1])]


def _name(tree: Mapping[str, Any], path: Path) -> str:
    """The name of the parameter of a place: `ann-authority`, `talk-susceptibility`."""
    owner, field = (re.sub("[^a-z0-9]+", "-", word.lower()).strip("-") for word in _words(tree, path))
    return f"{owner[: schema.LONGEST_ID - len(field) - 5].strip('-') or 'it'}-{field}"


def _free(name: str, taken: Collection[Any]) -> str:
    """The name, with a number after it if it is taken."""
    number = 1
    while (numbered := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return numbered


def _completed(document: Document, path: Path, fields: Mapping[str, Any]) -> Document:
    """The document with these fields in the mapping at a path, as far as it does not have them."""
    given = _at(document.tree, path)
    if fields.keys() <= given.keys():
        return document
    return replace(document, tree=_changed(document.tree, path, {**fields, **given}))


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def _changed(node: Any, path: Path, value: Any) -> Any:
    """A tree with another value at a path; all that is not on the way to it is shared."""
    if not path:
        return value
    changed = node.copy()
    changed[path[0]] = _changed(node[path[0]], path[1:], value)
    return changed


def _mappings_of(document: Document, kind: type[schema.Part]) -> list[Path]:
    """The paths of the mappings in a document that are parts of a kind."""
    return [path for path, value in found(document.tree, places_of(kind)) if isinstance(value, dict)]


Found = list[tuple[Path, Any]]  #: values of a tree, each with the path to it


def found(tree: Any, places: Sequence[Path]) -> Found:
    """What a tree has at places of the format, in the order of the places."""
    known: dict[Path, Found] = {(): [((), tree)]}  # what several places begin with is looked up once
    for place in places:
        for end, step in enumerate(place):
            if place[: end + 1] not in known:
                known[place[: end + 1]] = _inside_of(known[place[:end]], step)
    return [value for place in places for value in known[place]]


def _inside_of(values: Found, step: str | int) -> Found:
    """What is one step further in."""
    if step == EACH:
        return [((*path, key), inner) for path, node in values for key, inner in _items(node)]
    return [((*path, step), node[step]) for path, node in values if isinstance(node, dict) and step in node]


def _items(node: Any) -> Iterable[tuple[str | int, Any]]:
    return node.items() if isinstance(node, dict) else enumerate(as_list(node))


@cache
def places_of(wanted: Any) -> tuple[Path, ...]:
    """Where the format has something of a type, or of a kind of part."""
    is_part = isinstance(wanted, type)
    return tuple(
        dict.fromkeys(
            place
            for place, kind in _everywhere()
            if kind == wanted or (is_part and isinstance(kind, type) and issubclass(kind, wanted))
        )
    )


@cache
def _everywhere() -> tuple[tuple[Path, Any], ...]:
    """Everything in a scenario file, as `_inside` finds it."""
    return tuple(_inside(schema.DebateFile, ()))


def _inside(kind: Any, place: Path) -> Iterator[tuple[Path, Any]]:
    """Everything in a value of some type, itself included: where it is, and of what type."""
    yield place, kind
    origin, choices = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, schema.Part):
        for key, info in kind.model_fields.items():
            whole = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
            yield from _inside(whole, (*place, info.alias or key))
    elif origin in (dict, tuple):
        yield from _inside(choices[1 if origin is dict else 0], (*place, EACH))
    elif origin is Annotated:
        yield from _inside(choices[0], place)
    elif origin in (Union, types.UnionType):
        for choice in choices:
            yield from _inside(choice, place)
