"""What a what-if begins with: the few differences of another world, in a file or in the words of a command.

A file is read as strictly as a debate. The words of a command (who is there, who is not, what is not written,
what comes on another day) become single changes of the kind that files have.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import Field

from sim.errors import Problem, ScenarioError, unknown
from sim.scenario.schema import Change, Datum, DebateFile, Id, Text
from sim.scenario.validation import types
from sim.scenario.yaml_reader import Document, read


class WhatIfFile(Datum):
    """A what-if, typed: the root of its file.

    `base` is the id of the scenario that it differs from, `why` the historical motivation in a sentence or two,
    `source` and `evidence` what that rests on (keys of the base's sources). `readings` takes other sides in
    contested points; `changes` are those of a reading's option.
    """

    what_if: Id
    base: Id
    title: Text
    why: Text
    readings: dict[Id, Id] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """A what-if read: what it says, and the document that knows its lines."""

    file: WhatIfFile
    document: Document

    @property
    def text(self) -> str:
        """What it says, as the text of a file."""
        text: str = yaml.safe_dump(self.document.tree, sort_keys=False, allow_unicode=True)
        return text

    @property
    def id(self) -> str:
        """Its name."""
        return self.file.what_if

    @property
    def title(self) -> str:
        """What is different, in a few words."""
        return self.file.title

    @property
    def why(self) -> str:
        """Why somebody would ask."""
        return self.file.why

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the base's sources."""
        return self.file.source

    def place(self, number: int) -> str:
        """Where a change stands: `file:line`."""
        return f"{self.document.file}:{self.document.line(('changes', number))}"

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """A problem with a value of its file."""
        return self.document.problem(path, message)


def is_what_if(document: Document) -> bool:
    """Whether a file is meant as a what-if and not as a debate."""
    return "what_if" in document.tree


def read_what_if(path: str | Path) -> WhatIf:
    """The what-if in a file. Raises ScenarioError with everything that is wrong with its shape."""
    return typed(read(path))


def typed(document: Document) -> WhatIf:
    """The what-if in a document. Raises ScenarioError with everything that is wrong with its shape."""
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
        raise ScenarioError([what_if.problem(("base",), message)])
    problems = [
        what_if.problem(("source",), unknown(key, f"source of '{debate.scenario}'", debate.sources))
        for key in what_if.file.source
        if key not in debate.sources
    ]
    if problems:
        raise ScenarioError(problems)


# The words of a command ------------------------------------------------------------------------------------
