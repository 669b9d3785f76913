"""Numbers and dates as people read them, alike in figures, pages and sentences."""

from __future__ import annotations

import datetime
import math

#: Not strftime's names, which follow the language of the machine.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Fractions that would be rounded to 0 % or 100 % and are not, with what is written instead.
ALMOST_NONE, ALMOST_ALL = (0.005, "< 1 %"), (0.995, "> 99 %")
#: What is written for a number that there is not.
MISSING = "–"


def number(value: float, digits: int = 1) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def percent(fraction: float) -> str:
    """A fraction in whole per cent; only what is certain is 0 % or 100 %, and NaN is a dash."""
    if math.isnan(fraction):
        return MISSING
    if 0 < fraction <= ALMOST_NONE[0]:
        return ALMOST_NONE[1]
    if ALMOST_ALL[0] <= fraction < 1:
        return ALMOST_ALL[1]
    return f"{100 * fraction:.0f} %"


def points(difference: float) -> str:
    """A difference of two fractions in percentage points, with its sign; NaN is a dash."""
    if math.isnan(difference):
        return MISSING
    return f"{100 * difference:+.1f}".replace("-", "\N{MINUS SIGN}").replace("+0.0", "0.0").replace("−0.0", "0.0")


def day(date: datetime.date, year: bool = True) -> str:
    """A date as '6 Oct 2024', or '6 Oct' without the year."""
    return f"{date.day} {MONTHS[date.month - 1]}" + (f" {date.year}" if year else "")
