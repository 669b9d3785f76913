"""A document checked: either a whole, coherent debate, or everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem, ScenarioError
from sim.scenario import changes
from sim.scenario.schema import DebateFile
from sim.scenario.timeline import collisions
from sim.scenario.validation import axis, choices, dates, distributions, meetings, names, parameters, size
from sim.scenario.validation.draft import Draft, examine
from sim.scenario.validation.short_forms import spelled_out
from sim.scenario.yaml_reader import READING, Document

#: Every check between the parts of a file; none of them minds what another finds.
CHECKS = [
    look
    for module in (names, axis, distributions, parameters, dates, meetings, choices, size)
    for name, look in vars(module).items()
    if name.startswith("check_")
]


def check(document: Document) -> DebateFile:
    """The debate in a document. Raises ScenarioError with all that is wrong, in the order of the file."""
    debate, _, problems = _examined(document)
    if problems or debate is None:
        raise ScenarioError(problems)
    return debate


def check_with_options(document: Document) -> DebateFile:
    """The debate in a document whose readings are open, with every option of each reading tried by itself.

    An option must leave a debate that is sound, or as sound as the file is without it. Raises ScenarioError.
    """
    debate, draft, problems = _examined(document)
    problems += _option_problems(document, draft, problems)
    if problems or debate is None:
        raise ScenarioError(problems)
    return debate


def _examined(document: Document, like: Draft | None = None) -> tuple[DebateFile | None, Draft, list[Problem]]:
    """The debate if its types are right, its sound parts, and what is wrong with them and between them.

    like: the draft of a document that differs in a little.
    """
    document = spelled_out(document)
    debate, draft, findings = examine(document.tree, like)
    draft.moved = frozenset(path[:2] for path in document.origins if path[0] == "timeline" and path[2:] == ("date",))
    draft.is_changed = any(not origin.startswith(READING) for origin in document.origins.values())
    findings += [finding for look in CHECKS for finding in look(draft)]
    problems = [document.problem(path, message) for path, message in findings]
    if debate is not None and not problems:
        problems = [
            Problem(document.file, 0, "random streams", f"'{one}' and '{other}' have the same key: rename one")
            for one, other in collisions(debate)
        ]
    return debate, draft, problems


def _option_problems(document: Document, draft: Draft, known: list[Problem]) -> Iterator[Problem]:
    """What each option of each reading breaks that was whole before."""
    before = {(problem.key, problem.message) for problem in known}
    for name, reading in draft.readings.items():
        for option in reading.options:
            try:
                changed = changes.with_option(document, name, option)
            except ScenarioError as error:
                yield from error.problems
                continue
            if changed is document:
                continue
            for problem in _examined(changed, draft)[2]:
                message = problem.message.removesuffix(f" (written by {changes.origin_of(name, option)})")
                if (problem.key, message) not in before:
                    path = ("readings", name, "options", option)
                    yield document.problem(path, f"with this option, {problem.key}: {message}")
