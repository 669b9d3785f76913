"""Text in figures: its sizes in points, where it breaks, and dates along an axis."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.results.wording import MONTHS, day

#: On a printed page, 183 mm wide, a sheet of 12 inches is 0.6 times as large, and the smallest text 6 points.
TITLE, SUBTITLE, LABEL, SMALL = 16.0, 11.0, 10.5, 10.0


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of one line of text in inches. Screens hint letters a little wider, hence the 3 %."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return float(width) / 72 * 1.03


def line_height(size: float) -> float:
    """The distance between two lines of text in inches."""
    return size * 1.25 / 72


def wrap(text: str, width: float, size: float, lines: int = 1, weight: str = "normal") -> list[str]:
    """Text cut into at most `lines` lines of at most `width` inches; what does not fit ends in an ellipsis.

    A word too long for a line is broken, or cut if there is but one line. Empty text is one empty line.
    """
    rows: list[str] = []
    waiting = text.split()
    if lines > 1:
        waiting = [part for word in waiting for part in _broken(word, width, size, weight)]
    # Word by word: measured widths are kept, and words come again where whole lines do not.
    space = text_width("n n", size, weight) - text_width("nn", size, weight)
    while waiting and len(rows) < lines:
        count, used = 1, text_width(waiting[0], size, weight)
        while count < len(waiting) and (used := used + space + text_width(waiting[count], size, weight)) <= width:
            count += 1
        rows.append(" ".join(waiting[:count]))
        waiting = waiting[count:]
    if waiting:
        rows[-1] += "…"
    return [_cut(row, width, size, weight) for row in rows] or [""]


def head(name: str, across: float, lines: int = 4) -> list[str]:
    """The name of a column `across` inches wide, kept apart from its neighbours as far as its words allow."""
    longest = max((text_width(word, SMALL) for word in name.split()), default=0.0)
    return wrap(name, min(max(across - 0.2, longest), across - 0.03), SMALL, lines)


def day_number(date: pd.Timestamp) -> float:
    """A date as matplotlib counts days."""
    return float(date2num(date))  # type: ignore[no-untyped-call]


def day_numbers(dates: pd.Series) -> np.ndarray:
    """A column of dates as matplotlib counts days."""
    return np.asarray(date2num(dates.to_numpy()), dtype=float)  # type: ignore[no-untyped-call]


def date_ticks(start: pd.Timestamp, end: pd.Timestamp, most: int) -> list[tuple[float, str]]:
    """At most `most` dates from `start` to `end`, as (matplotlib day number, label); a new year is written."""
    days = max((end - start).days, 1)
    if days <= 62:
        step = next((s for s in (1, 2, 7, 14, 28) if days / s < most), 62)
        dates = list(pd.date_range(start, end, freq=f"{step}D"))[:most]
        return [(day_number(date), day(date, year=False)) for date in dates]
    months = list(pd.date_range(start.normalize() + pd.offsets.MonthBegin(0), end, freq="MS"))
    for step in (1, 2, 3, 6, 12, 24, 60, 120):
        chosen = [m for m in months if (m.year * 12 + m.month - 1) % step == 0]
        if len(chosen) <= most:
            break
    years: set[int] = set()
    ticks = []
    for month in chosen:
        text = MONTHS[month.month - 1]
        ticks.append((day_number(month), text if month.year in years else f"{text}\n{month.year}"))
        years.add(month.year)
    return ticks


def _broken(word: str, width: float, size: float, weight: str) -> list[str]:
    parts = []
    while text_width(word, size, weight) > width and len(word) > 4:
        fits = max((n for n in range(3, len(word) - 1) if text_width(word[:n] + "-", size, weight) <= width), default=3)
        parts.append(word[:fits].rstrip("-") + "-")
        word = word[fits:]
    return [*parts, word]


def _cut(row: str, width: float, size: float, weight: str) -> str:
    while len(row) > 2 and text_width(row, size, weight) > width:
        row = row.rstrip("…")[:-1].rstrip(" ,;:.-") + "…"
    return row
