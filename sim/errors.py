"""Words for errors: a value quoted, and the spelling that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LISTED = 8  # as many alternatives as one line can show
LONGEST = 60  # characters of a value worth repeating


def quoted(value: object) -> str:
    """The value as the file would show it, in single quotes if it is text, shortened if it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    shown = " ".join(str(value).split())
    if len(shown) > LONGEST:
        shown = shown[: LONGEST - 1] + "…"
    return f"'{shown}'" if isinstance(value, str) else shown


def listed(words: Iterable[str]) -> str:
    """`'a', 'b' and 3 more`: the first few, in the order given."""
    every = list(words)
    shown = [f"'{word}'" for word in every[:LISTED]]
    if len(every) > LISTED:
        return f"{', '.join(shown)} and {len(every) - LISTED} more"
    return ", ".join(shown)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any looks like it."""
    # A spelling is compared up to a bounded length: matching is quadratic in it.
    cutoff = 0.6 if len(word) > 3 else 0.5  # of two letters, one may be wrong
    found = difflib.get_close_matches(word[:LONGEST].lower(), list(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def suggestion(word: object, known: Iterable[str]) -> str:
    """What would work instead: `: did you mean 'ada'?`, or what there is, or that there is nothing."""
    every = list(known)
    close = nearest(word, every) if isinstance(word, str) else None
    if close is not None:
        return f": did you mean '{close}'?"
    return f": there is {listed(every)}" if every else ": there is none"


def unknown(word: object, what: str, known: Iterable[str]) -> str:
    """A sentence on a name that is not there: `'adda' is no member: did you mean 'ada'?`."""
    return f"{quoted(word)} is no {what}{suggestion(word, known)}"


LONGEST_KEY = 200  # characters of a key path worth printing


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file. `line` counts from 1; 0 says that there is no line to point to."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = self.key if len(self.key) <= LONGEST_KEY else self.key[: LONGEST_KEY - 1] + "…"
        # A key in quotes may hold line breaks: a problem is one line all the same.
        return " ".join(": ".join(part for part in (place, key, self.message) if part).split())


class UserError(Exception):
    """Something given to the program that it cannot use; the message says what, why and what would do."""


class Interrupted(Exception):  # noqa: N818 - what the user does is no error
    """The user has stopped a piece of work. done, runs: how many of `what` are finished and were wanted."""

    def __init__(self, done: int, runs: int, what: str = "histories") -> None:
        super().__init__(f"stopped after {done} of {runs} {what}")
        self.done, self.runs, self.what = done, runs, what


class ScenarioError(UserError):
    """A scenario that cannot be used, with everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = dict.fromkeys(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(unique, key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        # An exception is pickled with its message; this one is made from its problems.
        return (type(self), (self.problems,))


class ResultsError(UserError):
    """A folder of results that cannot be read, written or trusted; the message says why and what to do."""
