"""Words for errors: a value quoted, and the spelling that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

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
