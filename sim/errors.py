"""What users are told when something given to the program cannot be used.

The exceptions of the program come first, then the words for their messages: a value quoted, and what was probably
meant. A message quotes the value and says what would work.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_KEY = 200  # characters of a key path worth printing
LONGEST_VALUE = 60  # characters of a value worth repeating
MOST_ALTERNATIVES = 8  # as many as one line can show


class UserError(Exception):
    """Something given to the program that it cannot use; the message says what, why and what would work."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file. `line` counts from 1; 0 says that there is no line to point to."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        # A key in quotes may hold line breaks: a problem is one line all the same.
        return _in_one_line(": ".join(part for part in (place, shortened(self.key, LONGEST_KEY), self.message) if part))


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


class Interrupted(Exception):  # noqa: N818 - what the user does is not an error
    """The user has stopped a piece of work. done, runs: how many of `what` are finished and were wanted."""

    def __init__(self, done: int, runs: int, what: str = "histories") -> None:
        super().__init__(f"stopped after {done} of {runs} {what}")
        self.done, self.runs, self.what = done, runs, what


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
    text = shortened(_in_one_line(str(value)), LONGEST_VALUE)
    return f"'{text}'" if isinstance(value, str) else text


def shortened(text: str, longest: int) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def unknown(word: object, what: str, known: Iterable[str]) -> str:
    """A sentence on a name that nothing has: `'adda' is not a member: did you mean 'ada'?`."""
    article = "an" if what[0] in "aeio" else "a"
    return f"{quoted(word)} is not {article} {what}{suggestion(word, known)}"


def suggestion(word: object, known: Iterable[str]) -> str:
    """What would work instead: `: did you mean 'ada'?`, or what there is, or that there is nothing."""
    names = list(known)
    close = nearest(word, names) if isinstance(word, str) else None
    if close is not None:
        return f": did you mean '{close}'?"
    return f": there is {_listed(names)}" if names else ": there is none"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any looks like it."""
    # A spelling is compared up to a bounded length: matching is quadratic in it.
    cutoff = 0.6 if len(word) > 3 else 0.5  # of two letters, one may be wrong
    close = difflib.get_close_matches(word[:LONGEST_VALUE].lower(), list(known), n=1, cutoff=cutoff)
    return close[0] if close else None


def _listed(words: list[str]) -> str:
    """`'a', 'b' and 3 more`: the first few, in the order given."""
    first = ", ".join(f"'{word}'" for word in words[:MOST_ALTERNATIVES])
    more = len(words) - MOST_ALTERNATIVES
    return f"{first} and {more} more" if more > 0 else first
