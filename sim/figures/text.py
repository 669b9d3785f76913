"""Text in figures: its sizes in points, where it breaks, and dates along an axis."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
import warnings
from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties, findfont, fontManager
from matplotlib.ft2font import FT2Font, Kerning, LoadFlags
from matplotlib.textpath import text_to_path

from sim.errors import UserError, unknown
from sim.results.wording import MONTHS, day

#: On a printed page, 183 mm wide, a sheet of 12 inches is 0.6 times as large, and the smallest text 6 points.
TITLE, SUBTITLE, LABEL, SMALL = 16.0, 11.0, 10.5, 10.0


Style = Literal["normal", "italic", "oblique"]
#: Letters, however narrow, that no line of a sheet has room for.
LONGEST_LINE = 500
#: Letters that change with their neighbours, or that the font lacks: only a layout knows how wide these are.
_SHAPED = re.compile("[\u0300-\u036f\u0590-\u1dff\u2e80-\U0010ffff]")


#: The font of the figures, and those that lend what it lacks, where they are installed: Chinese, Japanese, Korean,
#: the scripts of India and Thailand, emoji and other signs.
FONT = "DejaVu Sans"
LENDING = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("WenQuanYi Micro Hei", "Droid Sans Fallback", "PingFang SC", "Heiti SC", "Hiragino Sans", "Microsoft YaHei"),
    *("SimHei", "Yu Gothic", "MS Gothic", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic", "Unifont"),
    *("Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai", "Nirmala UI", "Leelawadee UI"),
    *("Noto Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Symbola", "Noto Sans Symbols2", "Arial Unicode MS"),
)
#: What is no letter to be seen: it joins others, or chooses how they look.
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
_chosen: list[str] = []


class MissingGlyphs(UserWarning):
    """Text has letters that no font has which is installed."""


def families() -> list[str]:
    """The fonts of the figures by name, in the order in which a letter is looked for."""
    there = {font.name for font in fontManager.ttflist}
    return [FONT, *_chosen, *(name for name in LENDING if name in there)]


def lend(name: str) -> None:
    """Lets a font lend what the font of the figures lacks, before all others. Raises UserError if there is no such."""
    names = sorted({font.name for font in fontManager.ttflist})
    if name not in names:
        raise UserError(unknown(name, "font that is installed here", names))
    _chosen[:] = [name]
    for known in (_glyphs, measured):
        known.cache_clear()


@functools.cache
def _glyphs() -> frozenset[int]:
    """Every letter that can be drawn, by number."""
    paths = (findfont(FontProperties(family=name)) for name in families())
    return frozenset(letter for path in paths for letter in FT2Font(path).get_charmap())


def lacking(text: str) -> str:
    """The letters of a text that no font has, each once, in order."""
    if is_added_up(text):
        return ""
    return "".join(dict.fromkeys(x for x in _UNSEEN.sub("", text) if ord(x) not in _glyphs() and not x.isspace()))


def warn_of_missing_glyphs(texts: Iterable[str]) -> None:
    """One warning, with the remedy, where a text has letters that no font has."""
    if letters := lacking("".join(texts)):
        some = " ".join(letters[:5])
        message = (
            f"no font that is installed has some letters of the figures ({some}{' …' if len(letters) > 5 else ''}): "
            "install one that has them, such as Noto Sans CJK or Noto Emoji, or name one with `sim plot --font NAME`"
        )
        warnings.warn(message, MissingGlyphs, stacklevel=3)


class _Face:
    """The measures of a font's glyphs. Adding them up takes a thirtieth of the time of laying a line out."""

    def __init__(self, weight: str, style: Style) -> None:
        self.font = FT2Font(findfont(FontProperties(family=FONT, weight=weight, style=style)))
        self.font.set_size(100, 72)
        self.glyphs: dict[str, tuple[float, float, float]] = {}
        self.kerns: dict[tuple[str, str], float] = {}

    def glyph(self, letter: str) -> tuple[float, float, float]:
        """How far a letter goes on, and where it begins and ends upwards, in parts of the size."""
        if letter not in self.glyphs:
            index = self.font.get_char_index(ord(letter))
            glyph = self.font.load_glyph(index, flags=LoadFlags.NO_HINTING)
            self.glyphs[letter] = glyph.linearHoriAdvance / 6553600, glyph.bbox[1] / 6400, glyph.bbox[3] / 6400
        return self.glyphs[letter]

    def kern(self, pair: tuple[str, str]) -> float:
        """How far two letters move apart beside each other, in parts of the size."""
        if pair not in self.kerns:
            one, two = (self.font.get_char_index(ord(letter)) for letter in pair)
            self.kerns[pair] = self.font.get_kerning(one, two, Kerning.UNFITTED) / 6400
        return self.kerns[pair]


_face = functools.cache(_Face)


@functools.lru_cache(maxsize=8192)
def measured(text: str, size: float, weight: str = "normal", style: Style = "normal") -> tuple[float, float, float]:
    """The width and height of one line of text, and how far it goes below the base line, in points."""
    if not is_added_up(text):
        font = FontProperties(family=families(), size=size, weight=weight, style=style)
        for letter in lacking(text):  # a reader's program may have it, and then it is as wide as this
            text = text.replace(letter, "W" if unicodedata.east_asian_width(letter) in "WF" else "n")
        width, height, below = text_to_path.get_text_width_height_descent(_UNSEEN.sub("", text), font, False)
        return float(width), float(height), float(below)
    face = _face(weight, style)
    glyphs = [face.glyph(letter) for letter in text]
    width = sum(glyph[0] for glyph in glyphs) + sum(map(face.kern, itertools.pairwise(text)))
    low, high = min((glyph[1] for glyph in glyphs), default=0.0), max((glyph[2] for glyph in glyphs), default=0.0)
    return width * size, (high - low) * size, -low * size


@functools.cache
def heights(size: float, weight: str = "normal", style: Style = "normal") -> tuple[float, float, float]:
    """How far the letters of the font go up and down, and what its makers want between two lines, in points."""
    font = _face(weight, style).font
    head, table = font.get_sfnt_table("head"), font.get_sfnt_table("OS/2")
    assert head is not None  # DejaVu Sans comes with Matplotlib, and has both
    assert table is not None
    scale = size / head["unitsPerEm"]
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


def is_added_up(text: str) -> bool:
    """Whether a text is as wide as its letters and what stands between them, in any font that has them."""
    return _SHAPED.search(text) is None


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of one line of text in inches. Screens hint letters a little wider, hence the 3 %."""
    return measured(text, size, weight)[0] / 72 * 1.03


def line_height(size: float) -> float:
    """The distance between two lines of text in inches."""
    return size * 1.25 / 72


def wrap(text: str, width: float, size: float, lines: int = 1, weight: str = "normal") -> list[str]:
    """Text cut into at most `lines` lines of at most `width` inches; what does not fit ends in an ellipsis.

    A word too long for a line is broken, or cut if there is but one line. Empty text is one empty line.
    """
    rows: list[str] = []
    waiting = text[: lines * LONGEST_LINE].split()
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
    if waiting or len(text) > lines * LONGEST_LINE:
        rows[-1] += "…"
    return [_cut(row, width, size, weight) for row in rows] or [""]


def head(name: str, across: float, lines: int = 4) -> list[str]:
    """The name of a column `across` inches wide, kept apart from its neighbours as far as its words allow."""
    longest = max((text_width(word, SMALL) for word in name.split()), default=0.0)
    return wrap(name, min(max(across - 0.2, longest), across - 0.03), SMALL, lines)


#: Matplotlib counts days from 1970; a day in microseconds.
_DAY = 86_400_000_000.0


def day_number(date: pd.Timestamp) -> float:
    """A date as matplotlib counts days."""
    return float(date.to_datetime64().astype("datetime64[us]").astype(np.int64)) / _DAY


def day_numbers(dates: pd.Series) -> np.ndarray:
    """A column of dates as matplotlib counts days."""
    return dates.to_numpy().astype("datetime64[us]").astype(np.int64) / _DAY


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
