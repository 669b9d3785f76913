"""A what-if's file: the few differences of another world, read as strictly as a debate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from sim.errors import ScenarioError, unknown
from sim.scenario.schema import DebateFile, WhatIfFile
from sim.scenario.validation import types
from sim.scenario.yaml_reader import Document, read


@dataclass(frozen=True)
class WhatIf:
    """A what-if: its file, typed, and the document that knows its lines."""

    file: WhatIfFile
    document: Document

    @property
    def text(self) -> str:
        """What it says, as the text of a file."""
        text: str = yaml.safe_dump(self.document.tree, sort_keys=False, allow_unicode=True)
        return text

    def place(self, number: int) -> str:
        """Where a change stands: `file:line`."""
        return f"{self.document.file}:{self.document.line(('changes', number))}"


def is_what_if(document: Document) -> bool:
    """Whether a file is meant as a what-if and not as a debate."""
    return "what_if" in document.tree


def read_what_if(path: str | Path) -> WhatIf:
    """The what-if in a file. Raises ScenarioError with everything that is wrong with its shape."""
    return typed(read(path))


def typed(document: Document) -> WhatIf:
    """The what-if in a document. Raises ScenarioError with everything that is wrong with its shape."""
    if "scenario" in document.tree and not is_what_if(document):
        message = "this is a debate and not a what-if, which begins with 'what_if: some-name': name it as the scenario"
        raise ScenarioError([document.problem(("scenario",), message)])
    file, findings = types.typed(WhatIfFile, document.tree)
    problems = [document.problem(path, message) for path, message in findings]
    if not problems and not document.tree.get("changes") and not document.tree.get("readings"):
        problems = [document.problem((), "it changes nothing: give 'changes' or 'readings'")]
    if problems or file is None:
        raise ScenarioError(problems)
    return WhatIf(file, document)


def check_base(what_if: WhatIf, debate: DebateFile) -> None:
    """Refuses a what-if of another debate, or one that cites what the debate does not know. Raises ScenarioError."""
    if what_if.file.base != debate.scenario:
        message = f"this is a what-if of '{what_if.file.base}', not of '{debate.scenario}'"
        raise ScenarioError([what_if.document.problem(("base",), message)])
    problems = [
        what_if.document.problem(("source",), unknown(key, f"source of '{debate.scenario}'", debate.sources))
        for key in what_if.file.source
        if key not in debate.sources
    ]
    if problems:
        raise ScenarioError(problems)
