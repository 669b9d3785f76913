"""Figures as files, the same bytes every time, and the check that what is written on them can be read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: In which formats figures are written, if it is not said: SVG is sharp at any size, and soonest drawn.
FORMATS = ("svg",)
#: What a file says of itself besides the figure: nothing that differs from one time to the next.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def encoded(figure: Figure, kind: str) -> bytes:
    """The figure as the bytes of an SVG, PNG (1200 pixels wide) or PDF: the same figure gives the same bytes."""
    from matplotlib.text import Text

    from sim.figures.style import house_style
    from sim.figures.svg import svg
    from sim.figures.text import warn_of_missing_glyphs

    into = io.BytesIO()
    warn_of_missing_glyphs(text.get_text() for text in figure.findobj(Text))
    with house_style():
        if kind == "svg":
            return svg(figure)
        figure.savefig(into, format=kind, dpi=1200 / figure.get_figwidth(), metadata=_METADATA[kind])
    return into.getvalue()


def save(figure: Figure, path: Path | str, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write `path`.svg, or `path` in other formats (png, 1200 pixels wide; pdf), the same bytes every time.

    `path` has no suffix. Returns the paths written; each is written whole or not at all. Raises ResultsError.
    """
    from sim.results.folder import write_files

    path = Path(path)
    return write_files(path.parent, {f"{path.name}.{suffix}": encoded(figure, suffix) for suffix in formats})


def overlaps(figure: Figure, slack: float = 0.5) -> list[tuple[str, str]]:
    """Texts that run into each other, as pairs, and texts that leave the sheet, paired with "the edge".

    Two boxes overlap when they share more than `slack` pixels both ways. Empty means that all can be read.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    from sim.figures.style import house_style

    with house_style():
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        # Places every text, and paints nothing.
        figure.draw_without_rendering()
        texts = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_visible() and t.get_text().strip()]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    found = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]
    sheet_box = figure.bbox
    outside = [
        (text, "the edge")
        for text, box in boxes
        if box.x0 < sheet_box.x0 - slack
        or box.x1 > sheet_box.x1 + slack
        or box.y0 < sheet_box.y0 - slack
        or box.y1 > sheet_box.y1 + slack
    ]
    return found + outside
