"""Text in figures: any letters, of any length, drawn as they are or told of in one sentence."""

from __future__ import annotations

import warnings

import pytest
from matplotlib.figure import Figure

from sim.errors import UserError
from sim.figures import encoded
from sim.figures import text as in_figures
from sim.figures.style import house_style

ODD = r"[/i] $x^2$ \frac{a}{b} a_b %d {x} <b>&amp;</b> Ада דב إيف"


def written(text: str) -> Figure:
    """A sheet with nothing on it but a text."""
    with house_style():
        figure = Figure(figsize=(12, 1))
        figure.text(0.1, 0.5, text)
    return figure


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_signs_of_other_programs_are_drawn_as_they_are(kind: str) -> None:
    """What is markup or mathematics elsewhere is text on a sheet, in every format."""
    assert encoded(written(ODD), kind)
    assert encoded(written(ODD), "svg").decode().count("$x^2$ \\frac{a}{b} a_b") == 1


def test_letters_that_no_font_has_are_told_of_once() -> None:
    """Whatever is missing, there is one warning of a sheet, and it says what helps."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for kind in ("svg", "png"):
            encoded(written("\U000f0000\U000f0001\U000f0002 and \U000f0003"), kind)
    assert [warning.category for warning in found] == [in_figures.MissingGlyphs] * 2
    assert "name one with `sim plot --font NAME`" in str(found[0].message)


def test_letters_that_the_font_has_are_not_looked_for_elsewhere() -> None:
    """Cyrillic, Hebrew and Arabic are drawn in the font of the figures, and marks that join letters are none."""
    assert in_figures.lacking(ODD + "\u200f\u200d\ufe0f") == ""
    assert in_figures.families()[0] == in_figures.FONT


def test_a_font_that_is_not_installed_is_refused_with_those_that_are() -> None:
    """A font is named as it is installed."""
    with pytest.raises(UserError, match="'Dejavu Sanz' is not a font that is installed here: did you mean"):
        in_figures.lend("Dejavu Sanz")


def test_a_word_without_an_end_is_cut_in_no_time() -> None:
    """However long a word or a text is, no more of it is measured than a sheet has room for."""
    in_figures.measured.cache_clear()
    for endless in ("a" * 1_000_000, "i i " * 250_000):
        lines = in_figures.wrap(endless, 11, in_figures.TITLE, lines=2)
        assert len(lines) == 2
        assert lines[-1].endswith("…")
    assert in_figures.measured.cache_info().misses < 5000
