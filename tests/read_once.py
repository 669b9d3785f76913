"""Whoever imports this reads each text of a debate once, and takes it in once in each way.

The shipped debates are loaded hundreds of times by the tests, and the shipped what-ifs tens of thousands of times.
Nothing can change what a text says, what was made of it, or particles.
"""

from __future__ import annotations

import functools
from pathlib import Path

from sim.scenario import library, scenario
from sim.scenario.library import SHIPPED
from sim.scenario.scenario import Origin, Scenario
from sim.scenario.schema import DebateFile
from sim.scenario.yaml_reader import Document

scenario.parse = functools.lru_cache(maxsize=64)(scenario.parse)
_read_file, _read_once = scenario.read_file, functools.cache(scenario.read_file)
scenario.read_file = lambda path: (_read_once if path.is_relative_to(SHIPPED) else _read_file)(path)
_names, _names_once = library._names, functools.cache(library._names)
library._names = lambda folder: [*_names_once(folder)] if folder.is_relative_to(SHIPPED) else _names(folder)
_read_what_if, _read_what_if_once = library.read_what_if, functools.cache(library.read_what_if)
library.read_what_if = lambda path: (_read_what_if_once if Path(path).is_relative_to(SHIPPED) else _read_what_if)(path)
_made, _known = scenario._made, dict[tuple[str, ...], Scenario]()


def _made_once(origin: Origin, document: Document, debate: DebateFile | None = None) -> Scenario:
    if origin.changes or origin.posterior:
        return _made(origin, document, debate)
    key = (document.file, origin.file, origin.text, repr(origin.readings), repr(origin.evidence))
    if key not in _known:
        _known[key] = _made(origin, document, debate)
        if len(_known) > 64:
            del _known[next(iter(_known))]
    return _known[key]


scenario._made = _made_once
