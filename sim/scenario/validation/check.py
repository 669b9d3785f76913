"""A scenario file read strictly: either a whole, coherent debate, or everything that is wrong with it at once.

`read` and `parse` make a document of a file, `check` makes a debate of a document. Both refuse with a
`ScenarioError`, whose text is one line a problem: file, line, key, the value given and what would work.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem, ScenarioError
from sim.scenario import changes, validation
from sim.scenario.json_schema import json_schema
from sim.scenario.schema import DebateFile
from sim.scenario.validation import types
from sim.scenario.yaml_reader import Document, Path, parse, read

__all__ = ["Document", "Problem", "ScenarioError", "check", "json_schema", "parse", "read"]


def check(document: Document) -> DebateFile:
    """The debate in a document. Raises ScenarioError with all that is wrong, in the order of the file.

    While its readings are open, every option of each is tried by itself: it must leave a debate that is
    sound, or as sound as the file is without it.
    """
    draft, problems = _problems(document)
    if document.settled is None:
        problems += _reading_problems(document, draft, problems)
    if problems:
        raise ScenarioError(problems)
    debate, findings = types.typed(DebateFile, document.tree, ())
    if debate is None:
        raise ScenarioError([document.problem(path, message) for path, message in findings])
    assert isinstance(debate, DebateFile)
    return debate


def _problems(document: Document) -> tuple[types.Draft, list[Problem]]:
    """What is wrong with the parts of a document and with what they say to each other."""
    draft, findings = types.examine(document.tree)
    findings += [finding for look in validation.CHECKS for finding in look(draft)]
    return draft, [document.problem(path, message) for path, message in findings]


def _reading_problems(document: Document, draft: types.Draft, known: list[Problem]) -> Iterator[Problem]:
    """What each option of each reading breaks that was whole before."""
    before = {(problem.key, problem.message) for problem in known}
    for name, reading in draft.readings.items():
        for option, side in reading.options.items():
            path: Path = ("readings", name, "options", option)
            origin = f"reading {name}: {option}"
            changed = document
            try:
                for number, change in enumerate(side.changes):
                    here: Path = (*path, "changes", number)
                    changed = changes.apply(changed, [change], origin)
            except ScenarioError as error:
                yield from (document.problem(here, problem.message) for problem in error.problems)
                continue
            if not side.changes:
                continue
            for problem in _problems(changed)[1]:
                said = problem.message.removesuffix(f" (written by {origin})")
                if (problem.key, said) not in before:
                    yield document.problem(path, f"with this option, {problem.key}: {said}")
