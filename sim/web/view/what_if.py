"""A world of the page as a what-if's file, which a command plays to the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.counterfactuals.title import what_is_different
from sim.errors import UserError
from sim.results.wording import day
from sim.scenario.changes import as_text
from sim.scenario.library import shipped, what_if
from sim.scenario.scenario import Scenario
from sim.scenario.schema import WhatIfFile
from sim.web.server.requests import Controls, PageRequest
from sim.web.view.answers import world

#: What the file calls it.
NAME = "from-the-page"


def as_file(opened: Scenario, query: PageRequest) -> str:
    """The world of a query as the text of a file for `sim whatif`, whose first lines say what it is of and from where.

    Raises UserError for one that no such file can say.
    """
    other, debate = world(opened, query.world), opened.debate
    if other.origin.evidence != opened.origin.evidence:
        raise UserError("what is left out for its evidence is no change that a file can say: use sim whatif --evidence")
    readings = {name: option for name, option in other.readings.items() if opened.readings.get(name) != option}
    changes = [dict(change) for change in other.origin.changes[len(opened.origin.changes) :]]
    if not readings and not changes:
        raise UserError("nothing is changed: a what-if's file says what is different")
    alone = _alone(query)
    content: dict[str, Any] = {
        "what_if": NAME,
        "base": opened.name,
        "title": alone.title if alone else what_is_different(opened, other),
        "why": alone.why if alone else "Asked on the explorer's page.",
        "evidence": "assumed",
        "note": "Nobody says that it was so; the question is what would have come of it.",
        **({"readings": readings} if readings else {}),
        **({"changes": changes} if changes else {}),
    }
    said = (
        f"{debate.title}, {day(debate.span.start)} to {day(debate.span.end)}: a world that differs from it",
        f"Scenario {opened.name}, digest {opened.digest}; digest of this world {other.digest}",
        f"To play it: sim whatif THIS-FILE {_options(opened)}--runs {query.runs} --seed {query.seed}",
    )
    return "".join(f"# {' '.join(line.split())}\n" for line in said) + as_text(content)


def _alone(query: PageRequest) -> WhatIfFile | None:
    """The what-if that comes with the program, if that is all that a query changes."""
    names = list(query.world.what_ifs)
    is_alone = len(names) == 1 and query.world == Controls(what_ifs=query.world.what_ifs)
    return what_if(names[0]).file if is_alone else None


def _options(opened: Scenario) -> str:
    """The options with which a command opens the debate as the page did."""
    origin = opened.origin
    words = [] if opened.name in shipped() else ["--scenario", Path(origin.file).name]
    words += [] if opened.posterior else ["--prior"]
    words += [] if origin.evidence == "all" else ["--evidence", origin.evidence]
    defaults = {name: reading.default for name, reading in opened.debate.readings.items()}
    for name, option in opened.readings.items():
        words += [] if option == defaults.get(name) else ["--reading", f"{name}={option}"]
    return "".join(f"{word} " for word in words)
