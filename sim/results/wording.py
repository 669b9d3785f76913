"""Numbers and dates as people read them, alike in figures, pages and sentences."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from sim.scenario import dates

#: The names of the months in short.
MONTHS = tuple(name[:3] for name in dates.MONTHS)

#: What is written for a number that there is not.
MISSING = "–"


def words(name: str) -> str:
    """An id as words: hyphens become spaces."""
    return name.replace("-", " ")


def capital(text: str) -> str:
    """A text that begins with a capital; what follows stays as it is."""
    return text[:1].upper() + text[1:]


def number(value: float, digits: int = 1) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def significant(value: float) -> str:
    """A number with two decimals, or of one near 0 with as many as show two digits that are not zeros in front."""
    size = abs(value)
    if size >= 1 or size == 0 or math.isnan(value):
        return number(value, 2)
    return number(value, max(2, 1 - math.floor(math.log10(size))))


def percent(fraction: float, digits: int = 0) -> str:
    """A fraction as a percentage; only what is certain is 0 % or 100 %, and NaN is a dash."""
    if math.isnan(fraction):
        return MISSING
    step = 10.0**-digits
    if 0 < fraction <= step / 200:
        return f"< {step:g} %"
    if 1 - step / 200 <= fraction < 1:
        return f"> {100 - step:g} %"
    return f"{100 * fraction:.{digits}f} %"


def points(difference: float, digits: int = 1) -> str:
    """A difference of two fractions in percentage points, with its sign; 0 has none, and NaN is a dash."""
    if math.isnan(difference):
        return MISSING
    size = f"{abs(100 * difference):.{digits}f}"
    if float(size) == 0:
        return size
    return ("+" if difference > 0 else "\N{MINUS SIGN}") + size


def interval(low: float, high: float) -> str:
    """The ends of an interval of a difference, in percentage points; a dash if it has none."""
    return MISSING if math.isnan(low) else f"{points(low)} to {points(high)}"


def counted(number: int, what: str, many: str = "") -> str:
    """`one decision`, `3 decisions`: how many of what, given as one, and as many where that is not its plural in s."""
    return f"one {what}" if number == 1 else f"{number} {many or what + 's'}"


def joined(parts: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`: parts as a sentence lists them."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def day(date: datetime.date, year: bool = True) -> str:
    """A date as '6 Oct 2024', or '6 Oct' without the year."""
    return f"{date.day} {MONTHS[date.month - 1]}" + (f" {date.year}" if year else "")


def dated(date: datetime.date, between: dates.Days | None, year: bool = True) -> str:
    """The same of a date that may be known only to lie between two days: then `Feb 1918`, or `10 to 14 Feb 1918`."""
    return day(date, year) if between is None else dates.in_words(between, year, MONTHS)
