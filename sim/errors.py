"""What users are told when something given to the program cannot be used.

The exceptions of the program come first, then the words for their messages: a value quoted, and what was probably
meant. A message quotes the value and says what would work.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_KEY = 200  # characters of a key path worth printing
LONGEST_VALUE = 60  # characters of a value worth repeating
MOST_ALTERNATIVES = 8  # names, as many as one line can show
ALL = 1_000  # of fields, which are always listed in full
PARTS = re.compile(r"[^a-z0-9]+")  # what stands between the parts of an id
SHORTEST_PART = 3  # letters of a part that says something
SURE, NEARLY = 0.9, 0.85  # likeness of a word with a slip in it, and of the beginning of one
ALIKE = 0.02  # by how much less like a word may be that is told as well


#: What steers a terminal, or turns text round for whatever comes after it, instead of being shown.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def unprintable(text: str) -> str | None:
    """What is said of a text with something in it that cannot be shown; None of one that is shown as it is."""
    stray = UNPRINTABLE.search(text)
    return None if stray is None else f"character U+{ord(stray[0]):04X} cannot be printed: take it out"


def visible(text: str) -> str:
    """The text with what cannot be printed written as it is in code, as the letters that stand for an escape."""
    return UNPRINTABLE.sub(lambda stray: stray[0].encode("unicode_escape", "surrogatepass").decode(), text)


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
    text = shortened(_in_one_line(str(value).removesuffix(".0" if isinstance(value, float) else "")), LONGEST_VALUE)
    return f"'{text}'" if isinstance(value, str) else text


def shortened(text: str, longest: int) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _in_one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def unknown(word: object, what: str, known: Iterable[str], most: int = MOST_ALTERNATIVES) -> str:
    """A sentence on a name that nothing has: `'adda' is not a member: did you mean 'ada'?`. most: see `suggestion`."""
    article = "an" if what[0] in "aeio" else "a"
    return f"{quoted(word)} is not {article} {what}{suggestion(word, known, most)}"


def suggestion(word: object, known: Iterable[str], most: int = MOST_ALTERNATIVES) -> str:
    """What would work instead: `: did you mean 'ada'?`, or what there is, or that there is nothing.

    most: how many names are listed; those left out are counted.
    """
    names = list(dict.fromkeys(known))
    meant = candidates(word, names) if isinstance(word, str) else []
    if len(meant) == 1:
        return f": did you mean '{meant[0]}'?"
    if meant:
        return f": did you mean one of these {len(meant)}: {_listed(meant, most)}?"
    return f": there is {_listed(names, most)}" if names else ": there is none"


#: Words of which nobody means the one who writes the other, however alike they look.
OPPOSITES = (
    "absent present", "yes no", "carried rejected", "carried lost", "before after", "low high", "from to", "start end",
    "first last", "since until", "least most", "min max", "true false", "for against", "with without", "add remove",
)  # fmt: skip
_OPPOSITE = {pair for both in OPPOSITES for one, other in [both.split()] for pair in ((one, other), (other, one))}
_NEGATIONS = ("un", "non", "not", "no", "dis")


def is_opposite(word: str, other: str) -> bool:
    """Whether two words, or two ids of several, say the opposite in one of their parts and the same in the others."""
    one, two = ([part for part in PARTS.split(text.lower()) if part] for text in (word, other))
    if len(one) != len(two):
        more, less = (one, two) if len(one) > len(two) else (two, one)
        return any(more[:at] + more[at + 1 :] == less and more[at] in _NEGATIONS for at in range(len(more)))
    differ = [pair for pair in zip(one, two, strict=True) if pair[0] != pair[1]]
    return len(differ) == 1 and (
        differ[0] in _OPPOSITE
        or any(a == negation + b for negation in _NEGATIONS for a, b in (differ[0], differ[0][::-1]))
    )


def candidates(word: str, known: Iterable[str]) -> list[str]:
    """The known words that may be meant, the likeliest first, and never the opposite of the word.

    Those that begin with the word, slips apart; else those that have all of its parts among their own parts between
    hyphens; else those that are spelled most like it.
    """
    low = word.strip()[:LONGEST_VALUE].lower()
    names = [name for name in known if not is_opposite(low, name)]
    asked = [part for part in PARTS.split(low) if part]
    if len(low) < SHORTEST_PART or not asked:
        alike = nearest(word, names)
        return [alike] if alike else []
    begun = [name for name in names if name.lower().startswith(low)]
    if begun:
        return begun
    close = _spelled_like(low, names)
    if close and _likeness(low, close[0].lower()) > SURE:
        return close
    nearly_begun = [name for name in names if _likeness(low, name[: len(low)].lower()) > NEARLY]
    if nearly_begun:
        return nearly_begun
    by_part = [name for name in names if set(asked) <= set(PARTS.split(name.lower()))]
    return by_part or close or [name for name in names if len(asked) == 1 and low in name.lower()]


def _spelled_like(word: str, known: list[str]) -> list[str]:
    """The known words that look most like this one, all of them if several look alike."""
    close = difflib.get_close_matches(word, known, n=MOST_ALTERNATIVES, cutoff=_cutoff(word))
    likeness = {name: _likeness(word, name.lower()) for name in close}
    return [name for name in close if likeness[name] >= max(likeness.values()) - ALIKE]


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word, other).ratio()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any looks like it and does not say the opposite."""
    # A spelling is compared up to a bounded length: matching is quadratic in it.
    low = word[:LONGEST_VALUE].lower()
    names = [name for name in known if not is_opposite(low, name)]
    close = difflib.get_close_matches(low, names, n=1, cutoff=_cutoff(word))
    return close[0] if close else None


def _cutoff(word: str) -> float:
    """How much alike two spellings have to be."""
    return 0.6 if len(word) > 3 else 0.5  # of two letters, one may be wrong


def _listed(words: list[str], most: int) -> str:
    """`'a', 'b' and 3 more`: the first few, in the order given."""
    first = ", ".join(f"'{word}'" for word in words[:most])
    more = len(words) - most
    return f"{first} and {more} more" if more > 0 else first
