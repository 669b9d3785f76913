"""Figures as SVG: what is written stays text, which can be selected and found, and is as wide as it was laid out.

Matplotlib's own SVG draws each letter as a shape, or leaves the width of a text to the reader's fonts, and has a group
for every artist. Both take most of the time of drawing and half of the file.
"""

from __future__ import annotations

import io
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import rgb2hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from sim.figures.text import heights, is_added_up, measured

#: The font of the figures, and those that have letters of its shapes and widths where it is not installed.
_FONTS = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, sans-serif"
_ANCHORS = {"left": (0.0, "start"), "center": (0.5, "middle"), "right": (1.0, "end")}


class _Renderer(RendererSVG):
    """Writes text as text; the rest as matplotlib does, without groups."""

    def __init__(self, width: float, height: float, into: io.StringIO) -> None:
        super().__init__(width, height, into, metadata={"Date": None})  # type: ignore[no-untyped-call]
        self.writer.start("g", {"font-family": _FONTS})  # type: ignore[no-untyped-call]

    def open_group(self, s: str, gid: str | None = None) -> None:
        """No group: they say nothing but the kinds of artists."""

    def close_group(self, s: str) -> None:
        """None was opened."""

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        """How far the letters of a font go up and down, and what is between two lines, in points.

        Newer versions of Matplotlib ask for it; they would look it up in the font for every text.
        """
        return heights(prop.get_size_in_points(), str(prop.get_weight()), prop.get_style())

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """In points."""
        return measured(s, prop.get_size_in_points(), str(prop.get_weight()), prop.get_style())

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """A line of text from (x, y) on, in points from the top left corner."""
        width = self.get_text_width_height_descent(s, prop, ismath)[0]
        part, anchor = _ANCHORS["left" if mtext is None or angle else mtext.get_horizontalalignment()]
        look = {
            "x": f"{x + part * width:.2f}",
            "y": f"{y:.2f}",
            "text-anchor": "" if anchor == "start" else anchor,
            "font-size": f"{prop.get_size_in_points():g}",
            "font-weight": "" if prop.get_weight() == "normal" else str(prop.get_weight()),
            "font-style": "" if prop.get_style() == "normal" else prop.get_style(),
            "fill": rgb2hex(gc.get_rgb()),
            "fill-opacity": "" if gc.get_rgb()[3] == 1 else f"{gc.get_rgb()[3]:g}",
            "transform": f"rotate({-angle:g} {x:.2f} {y:.2f})" if angle else "",
        }
        if is_added_up(s):
            look |= {"textLength": f"{width:.2f}", "lengthAdjust": "spacingAndGlyphs"}
        self.writer.element("text", s, look)  # type: ignore[no-untyped-call]


class _Canvas(FigureCanvasSVG):
    """A figure drawn into a file by `_Renderer`."""

    def print_svg(self, filename: Any, **_: Any) -> None:
        """Writes to `filename`, a binary file."""
        into, dots = io.StringIO(), self.figure.dpi
        renderer = _Renderer(self.figure.get_figwidth() * 72, self.figure.get_figheight() * 72, into)
        # An SVG counts in points: at the dots of the screen all would be drawn too large for its sheet.
        self.figure.dpi = 72
        try:
            self.figure.draw(renderer)
        finally:
            self.figure.dpi = dots
        renderer.finalize()  # type: ignore[no-untyped-call]
        filename.write(into.getvalue().encode())


def svg(figure: Figure) -> bytes:
    """The bytes of an SVG, in the settings of the moment; the figure keeps its canvas."""
    into, kept = io.BytesIO(), figure.canvas
    try:
        _Canvas(figure).print_figure(into, format="svg")
    finally:
        figure.set_canvas(kept)
    return into.getvalue()
