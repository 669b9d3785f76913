"""Figures of results: `sim.figures.stances(many)` draws an ensemble, `sim.figures.worlds(compared)` a comparison.

There is a function of every kind's name (`KINDS`), and each takes the result of its command. It is drawn from the
tables as they are written, by the same code that draws a folder of results, and runs no model. Every title says what
the figure shows, computed from the rows it draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.figures.catalogue import KINDS
from sim.figures.data import FigureData
from sim.figures.files import FORMATS, encoded, overlaps, save
from sim.results.result import Result
from sim.results.saved import Saved

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KINDS", "FigureData", "encoded", "overlaps", "pictures", "save", *KINDS]


def pictures(saved: Saved, formats: Sequence[str] = FORMATS) -> dict[str, bytes]:
    """Every figure that can be drawn from results, in each of these formats (svg, png, pdf), by the files' names."""
    if not formats:
        return {}
    drawn = {name: kind.draw(saved) for name, kind in KINDS.items() if kind.fits(saved)}
    return {f"{name}.{suffix}": encoded(figure, suffix) for name, figure in drawn.items() for suffix in formats}


def __getattr__(name: str) -> Callable[[Result], Figure]:
    if name not in KINDS:
        raise AttributeError(f"module 'sim.figures' has no attribute {name!r}")
    kind = KINDS[name]

    def draw(result: Result) -> Figure:
        if not hasattr(result, "settings"):
            raise TypeError(f"'{name}' is drawn of what `sim {kind.call}` finds out, not of a {type(result).__name__}")
        saved = Saved.of(kind.command, result)
        missing = [table for table in kind.tables if not saved.has([table])]
        if missing:
            raise ValueError(
                f"'{name}' is drawn from the table '{missing[0]}', which a {type(result).__name__} does not have: "
                f"give what `sim {kind.call}` finds out"
            )
        return kind.draw(saved)

    draw.__name__, draw.__doc__ = name, kind.shows
    return draw
