"""Dates that are known to the month, the year or a range of days: how they are read, and how they are written."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

#: Not strftime's names, which follow the language of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: The first and the last day on which something may have been.
Days = tuple[datetime.date, datetime.date]
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def days_of(word: Any) -> Days | None:
    """The first and the last day of a month or year as a file has it, `1918-02` or 1918; None of anything else."""
    with suppress(ValueError):
        if isinstance(word, str) and (found := _MONTH.fullmatch(word)) is not None:
            year, month = int(found[1]), int(found[2])
            first = datetime.date(year, month, 1)
            return first, first.replace(day=calendar.monthrange(year, month)[1])
        if isinstance(word, int) and not isinstance(word, bool):
            return datetime.date(word, 1, 1), datetime.date(word, 12, 31)
    return None


def middle(days: Days, within: Days) -> datetime.date:
    """The day in the middle of a range, of what lies of it within another; of all of it where nothing does."""
    first, last = max(days[0], within[0]), min(days[1], within[1])
    if first > last:
        first, last = days
    return first + (last - first) // 2


def in_words(days: Days, year: bool = True, months: Sequence[str] = MONTHS) -> str:
    """`1918`, `February 1918`, `10 to 14 February 1918`: a range of days as people write it.

    year: whether to say it where the range lies within one and is not all of it. months: their names.
    """
    first, last = days
    if (first, last) == days_of(first.year):
        return str(first.year)
    said = f" {last.year}" if year or first.year != last.year else ""
    if (first, last) == days_of(f"{first.year:04}-{first.month:02}"):
        return f"{months[first.month - 1]}{said}"
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {months[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} to {last.day} {months[last.month - 1]}{said}"


def written(date: datetime.date, between: Days | None) -> str:
    """When something was, as far as that is known: `2024-03-05`, or the range in words."""
    return str(date) if between is None else in_words(between)
