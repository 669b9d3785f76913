"""The panel on which a reader builds a world: groups of rows, each with its words, its evidence and what it sets.

A page draws the rows by their kind and knows nothing else of them. Only what the debate accepts is offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, get_args

from sim.errors import UserError
from sim.results.labels import member_label
from sim.results.wording import counted, words
from sim.scenario.dates import MONTHS
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from sim.scenario.sources import value
from sim.web.server.controls import PLACES, RULES, with_controls
from sim.web.server.requests import Controls
from sim.web.view.debate import View, known_from, moments, what_ifs
from sim.web.view.parts import element, span
from sim.web.view.words import EVIDENCE_KEPT, RULES_SAY

#: Moments that go with another that are named, or one fewer and how many more.
NAMED = 4
#: How a place in the room is called.
PLACED = {"in": "in the room", "out": "out of the room"}


def panel(scenario: Scenario) -> list[View]:
    """The groups of rows, without those that are empty.

    A group has a name, a title, a hint and its rows. Every row has a `kind`, the `path` that it sets in a world (see
    `PageRequest`), a `label`, the `text` in which one finds it, and by change what a list of changes `says` of it: by
    its path and, but for a slider, its value; perhaps `when`, an `aside`, and its evidence; and all that as `words`.

    switch: `on` says whether it is ticked as long as nothing is changed; `slider` is one that goes with it.
    choice: `value` as opened, and the `options`, each with its value, its label, perhaps its evidence, and its words.
    slider: `value` as opened, None if it is drawn, `at` where it then stands; `low`, `high` and `step`. The sentence
    on it ends in the value.
    seat: the `options`, whose values are the rest of the path and what is set; `unless` that change is made.
    """
    groups = [
        (
            "happened",
            "What happened",
            "Take out a letter, an absence, a talk or a ballot, or write a letter more or less strongly "
            "(1 neutral, 3 a full dose, 5 an ultimatum).",
            [*_moments(scenario), *_talks(scenario)],
        ),
        (
            "rooms",
            "Who is in the room",
            "Bring somebody into the room for a ballot, whatever kept them away, or take them out of it.",
            _rooms(scenario),
        ),
        ("ready", "Ready-made", "", _ready(scenario)),
        (
            "readings",
            "Contested points and evidence",
            "Where the sources disagree, the side that your world takes.",
            [*_readings(scenario), _evidence(scenario)],
        ),
        ("rules", "The rules", "", _rules(scenario)),
        (
            "parameters",
            "Parameters",
            "Move one to hold it at a value; the others are drawn anew for every few histories.",
            _parameters(scenario),
        ),
    ]
    made = [
        {
            "name": name,
            "title": title,
            "hint": hint,
            "rows": [{**_worded(row), "text": _text(title, row)} for row in rows],
        }
        for name, title, hint, rows in groups
    ]
    return [group for group in made if group["rows"]]


def _worded(row: View) -> View:
    """A row or an option with its words as parts: when it was, what it is, an aside, and how well it is known."""
    when, aside, evidence = (row.get(name) for name in ("when", "aside", "evidence"))
    what = [span(f"{when} ", kind="when") if when else None, row["label"], aside and span(f" {aside}", kind="aside")]
    known = element("span", evidence, kind=f"evidence {evidence}", title=row.get("note")) if evidence else None
    return {**row, "words": [span(*what), *([known] if known else [])]}


def _text(title: str, row: View) -> str:
    """The words by which a row is found; of a moment its date in figures, not what goes with it."""
    about = [row.get("when"), row["label"], row.pop("found", row.get("aside")), row.get("evidence")]
    labels = [option["label"] for option in row.get("options", ())]
    return " ".join(str(part) for part in (title, *about, *labels) if part).lower()


def _ready(scenario: Scenario) -> Iterator[View]:
    for one in what_ifs(scenario):
        path = f"what_ifs:{one['name']}"
        row = {"kind": "switch", "path": path, "on": False, "label": one["title"], "aside": one["why"]}
        yield {**row, "says": {path: one["title"]}}


def _moments(scenario: Scenario) -> Iterator[View]:
    shown = {moment["id"]: moment for moment in moments(scenario)}
    named = {name: f"{moment['title']}, {moment['dated']}" for name, moment in shown.items()}
    for name, moment in shown.items():
        if moment["kind"] == "event":
            continue
        path, strength = f"off:{name}", f"strength:{name}"
        row = {
            "kind": "switch",
            "path": path,
            "on": True,
            "label": moment["title"],
            "when": moment["dated"],
            "says": {path: f"Without: {named[name]}", strength: f"{named[name]}, of strength "},
            "aside": _falls([label for other, label in named.items() if other in moment["falls"]]),
            "found": f"{moment['date']} {moment['date'].day} {MONTHS[moment['date'].month - 1]} {moment['date'].year}",
            "evidence": moment["evidence"],
            "note": moment["note"],
        }
        if moment.get("argues"):
            recorded = moment["strength"]
            row["slider"] = {
                "path": strength,
                "words": ["strength", span(f" of {moment['title']}", kind="unseen")],
                "value": recorded,
                "low": min(1, recorded),
                "high": 5,
                "step": 0.5 if recorded % 0.5 == 0 else 0.1,
            }
        yield row


def _falls(names: Sequence[str]) -> str:
    """What goes with a moment, the first few by name."""
    if not names:
        return ""
    told = names if len(names) <= NAMED else [*names[: NAMED - 1], f"{len(names) - NAMED + 1} more"]
    return f"with it {'goes' if len(names) == 1 else 'go'} {counted(len(names), 'other moment')}: {'; '.join(told)}"


def _talks(scenario: Scenario) -> Iterator[View]:
    for name, body in scenario.debate.bodies.items():
        if body.talks:
            label = f"{body.name}: talks every {body.talks.weekday.capitalize()}"
            path = f"silent:{name}"
            row = {"kind": "switch", "path": path, "on": True, "label": label}
            yield {**row, "says": {path: f"No weekly talks: {body.name}"}, **_evidence_of(body.talks)}


def _rooms(scenario: Scenario) -> Iterator[View]:
    debate = scenario.debate
    titles = {moment["id"]: moment for moment in moments(scenario) if moment["kind"] == "ballot"}
    for entry in scenario.entries:
        ballot = entry.item
        if isinstance(ballot, Ballot) and entry.kind == "ballot" and not ballot.by_correspondence:
            options = [
                {"value": f"{who}:{place}", "label": f"{member_label(debate.members[who])} {PLACED[place]}"}
                for place in PLACES
                for who in entry.who
                if who in debate.members and _may_be(scenario, ballot, who, place)
            ]
            if not options:
                continue
            title, when = titles[ballot.id]["title"], titles[ballot.id]["dated"]
            path = f"room:{ballot.id}"
            yield {
                "kind": "seat",
                "path": path,
                "unless": f"off:{ballot.id}",
                "label": title,
                "when": when,
                "says": {f"{path}:{one['value']}": f"{title}, {when}: {one['label']}" for one in options},
                "options": [{"value": "", "label": "somebody …"}, *options],
            }


def _may_be(scenario: Scenario, ballot: Ballot, who: str, place: str) -> bool:
    """Whether that would be anything new."""
    try:
        PLACES[place](scenario.debate, f"{who}={ballot.date}")
    except UserError:
        return False
    return True


def _readings(scenario: Scenario) -> Iterator[View]:
    for name, reading in scenario.debate.readings.items():
        options = [
            {"value": option, "label": side.says, **_evidence_of(side)} for option, side in reading.options.items()
        ]
        at = scenario.readings.get(name, reading.default)
        yield _choice(f"readings:{name}", reading.question, at, options)


def _evidence(scenario: Scenario) -> View:
    options = [{"value": kind, "label": says} for kind, says in EVIDENCE_KEPT.items()]
    return _choice("evidence", "Which evidence is kept?", scenario.origin.evidence, options)


def _rules(scenario: Scenario) -> Iterator[View]:
    """Those with a choice, and of each the words that it may have with the parameters that the debate has."""
    for path, (label, model) in RULES.items():
        debate: Any = scenario.debate
        now = reduce(lambda part, name: getattr(part, name, None), path.split("."), debate)
        every = get_args(model.model_fields[path.split(".")[-1]].annotation)
        fit = [] if now is None else [word for word in every if word == now or _is_played(scenario, path, word)]
        if len(fit) > 1:
            options = [{"value": word, "label": f"{RULES_SAY[word]} ({word})"} for word in fit]
            left_out = [word for word in every if word not in fit]
            aside = (
                f"not offered, for want of a parameter or at odds with another: {', '.join(left_out)}"
                if left_out
                else ""
            )
            yield {**_choice(f"rules:{path}", label, now, options), "aside": aside}


def _is_played(scenario: Scenario, path: str, word: str) -> bool:
    try:
        with_controls(scenario, Controls(rules={path: word}))
    except UserError:
        return False
    return True


def _choice(path: str, label: str, value: Any, options: Sequence[View]) -> View:
    colon = "" if label.endswith("?") else ":"
    says = {f"{path}:{one['value']}": f"{label}{colon} {one['label']}" for one in options}
    worded = [_worded(one) for one in options]
    return {"kind": "choice", "path": path, "label": label, "says": says, "value": value, "options": worded}


def _parameters(scenario: Scenario) -> Iterator[View]:
    for name, parameter in scenario.debate.parameters.items():
        low, high = parameter.range
        if low < high:
            fixed, label = isinstance(parameter.value, float), words(name).capitalize()
            drawn = "" if fixed else f"; {value(parameter).split(f' {parameter.unit}')[0]}"
            path = f"hold:{name}"
            yield {
                "kind": "slider",
                "path": path,
                "label": f"{label}:",
                "says": {path: f"{label} held at "},
                "aside": f"{parameter.meaning} ({parameter.unit}){drawn}",
                "value": parameter.value if fixed else None,
                "at": parameter.value if fixed else (low + high) / 2,
                "low": low,
                "high": high,
                # From a hundred to a thousand steps.
                "step": 10.0 ** (math.floor(math.log10(high - low)) - 2),
                **_evidence_of(parameter),
            }


def _evidence_of(part: Any) -> View:
    return {name: known_from(part)[name] for name in ("evidence", "note")}
