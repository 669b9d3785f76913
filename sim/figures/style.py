"""How the figures look: colours, and sheets with their title, key and note.

Sizes are in inches and points on a sheet 12 inches wide, so that 100 dots an inch give 1200 pixels.
No state of pyplot is touched, and a user's own matplotlib settings neither leak in nor change.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from sim.figures.data import FigureData, Names
from sim.figures.text import SMALL, SUBTITLE, TITLE, families, line_height, wrap

Arguments = ParamSpec("Arguments")

WIDTH = 12.0
DOTS = 1200 / WIDTH
MARGIN = 0.35
INK, SOFT, FAINT, RULE, PAPER = "#1a1a1a", "#555555", "#9a9a9a", "#d9d9d9", "#ffffff"

#: Okabe and Ito's colours without black and yellow (kept for the policy; unreadable on white), then Tol's.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#332288", "#808000")
#: One dash pattern a colour, so that lines can be told apart in grey.
DASHES: tuple[Any, ...] = (
    "solid",
    (0, (7, 1.5)),
    (0, (4, 1.5, 1, 1.5)),
    (0, (2.5, 1.2)),
    (0, (9, 1.5, 2, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.2, 1, 1.2, 1, 1.2)),
    (0, (4, 3)),
    (0, (10, 3)),
)
#: A body in session: light enough to lie under everything else.
SESSION = "#c9d3de"
#: What is hatched, whatever its colour: somebody away.
AWAY = "////"

#: The sides of the axis: what stands, or moves, towards its high end, its low end, or neither. In grey the high side
#: is the darker.
HIGH_SIDE, LOW_SIDE, NEITHER = "#00625e", "#c98a3c", "#8f8f8f"
#: The policy in force: a broad grey line under the others, so that whoever stands exactly on it is still seen.
POLICY = NEITHER
#: What agrees (says yes, is borne out by the record), what does not, and what fails; hueless or red, so that none is
#: taken for a member or a side.
AGREES, DISAGREES, FAILS = "#4d4d4d", "#dcb967", "#d62728"

#: With no more dates than this, each is marked by a dot: a line between two of them says nothing of the way.
FEW_DATES = 8


_OWN = {
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "one debate",
}


@functools.cache
def _settings() -> dict[Any, Any]:
    """Matplotlib's defaults with the house's changes, checked once: to check them takes as long as to draw a frame."""
    kept = {"backend", "backend_fallback", "interactive", "timezone"}
    defaults: dict[Any, Any] = {k: v for k, v in matplotlib.rcParamsDefault.items() if k not in kept}
    with matplotlib.rc_context(defaults | _OWN | {"font.family": families()}):
        return {name: dict.__getitem__(matplotlib.rcParams, name) for name in defaults}


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's defaults with the house's changes; on leaving, the settings are as they were."""
    settings = matplotlib.rcParams
    before = dict(dict.items(settings))
    dict.update(settings, _settings())
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # it is said once a figure, with what helps
            yield
    finally:
        dict.update(settings, before)


def in_house_style(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
    """Draw in the house style, whatever the user's settings."""

    @functools.wraps(draw)
    def drawn(*arguments: Arguments.args, **options: Arguments.kwargs) -> Figure:
        with house_style():
            return draw(*arguments, **options)

    return drawn


# Paper -------------------------------------------------------------------------------------------------


class Sheet(Figure):
    """A figure that shows itself in a notebook, as the bytes of its file."""

    def _repr_png_(self) -> bytes:
        from sim.figures.files import encoded  # which needs the style

        return encoded(self, "png")


def sheet(
    about: FigureData | Names, body: float, title: str, subtitle: str, note: str = "", key: Sequence[Artist] = ()
) -> tuple[Figure, float]:
    """A blank sheet with its heading, key and note, and `body` inches of height left free between them.

    about: whose basis follows the subtitle, a sentence. Returns the figure and the distance in inches from its top edge
    to the free space.
    """
    across = WIDTH - 2 * MARGIN
    heads = wrap(title, across, TITLE, lines=2, weight="bold")
    subs = wrap(f"{subtitle} {about.basis}", across, SUBTITLE, lines=4)
    notes = wrap(note, across, SMALL, lines=4) if note else []
    top = 0.3
    head_at = top
    top += len(heads) * line_height(TITLE) + 0.08
    sub_at = top
    top += len(subs) * line_height(SUBTITLE) + 0.08
    key_at = top
    top += 0.26 if key else 0.0
    height = top + body + 0.15 + len(notes) * line_height(SMALL) + 0.12

    figure = Sheet(figsize=(WIDTH, height), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.add_artist(
        Line2D([MARGIN / WIDTH, (MARGIN + 0.45) / WIDTH], [1 - 0.17 / height] * 2, color=INK, linewidth=3.5)
    )
    write(figure, MARGIN, head_at, "\n".join(heads), TITLE, weight="bold", va="top")
    write(figure, MARGIN, sub_at, "\n".join(subs), SUBTITLE, color=SOFT, va="top")
    if notes:
        write(figure, MARGIN, height - 0.12, "\n".join(notes), SMALL, color=SOFT, va="bottom")
    if key:
        add_key(figure, key, MARGIN, key_at)
    return figure, top


def add_key(figure: Figure, key: Sequence[Artist], left: float, top: float, **looks: Any) -> None:
    """The entries of a key side by side, from `left`, `top` inches from the top left corner of the sheet."""
    wide, high = figure.get_size_inches()
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (left / wide, 1 - top / high), "ncols": len(key)}
    spaces = {"borderpad": 0, "borderaxespad": 0, "handlelength": 1.8, "handletextpad": 0.5, "columnspacing": 1.5}
    figure.legend(handles=list(key), frameon=False, fontsize=SMALL, **place, **spaces | looks)


def key_line(colour: str, label: str, width: float = 1.6, **looks: Any) -> Line2D:
    """A line in the key of a figure."""
    return Line2D([], [], color=colour, label=label, linewidth=width, **looks)


def key_mark(marker: str, colour: str, label: str, size: float = 7, **looks: Any) -> Line2D:
    """A mark in the key of a figure."""
    return Line2D([], [], linestyle="none", marker=marker, markersize=size, color=colour, label=label, **looks)


def key_area(colour: str, label: str, alpha: float = 1.0, linewidth: float = 0.0, **looks: Any) -> Patch:
    """An area in the key of a figure."""
    return Patch(facecolor=colour, alpha=alpha, linewidth=linewidth, label=label, **looks)


def heading(figure: Figure) -> str:
    """What the title of a sheet says, in one line: its largest text."""
    return max(figure.texts, key=lambda text: float(text.get_fontsize())).get_text().replace("\n", " ")


def write(figure: Figure, x: float, y: float, text: str, size: float, **how: Any) -> Text:
    """Text at (x, y) inches from the top left corner of the sheet."""
    wide, high = figure.get_size_inches()
    return figure.text(x / wide, 1 - y / high, text, fontsize=size, **({"linespacing": 1.25} | how))


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place given in inches from the top left corner of the sheet, with no frame and no ticks."""
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


# Colour ------------------------------------------------------------------------------------------------


def coloured(data: FigureData) -> list[str]:
    """The members drawn in a colour of their own, in order: the first named ones, as many as colours."""
    return list(data.named[: len(COLOURS)])


def member_colours(data: FigureData) -> dict[str, str]:
    """The colour of each named member, the same in every figure; whoever is not in it is drawn grey."""
    return dict(zip(coloured(data), COLOURS, strict=False))


def side_colour(value: float, middle: float) -> str:
    """The colour of a stance or policy by its side of the axis; of a move, with 0 as the middle."""
    return NEITHER if value == middle else HIGH_SIDE if value > middle else LOW_SIDE


def tinted(colour: str, strength: float) -> tuple[float, float, float]:
    """A colour thinned with paper: all of it at 1, paper at 0."""
    red, green, blue = to_rgb(colour)
    return tuple(1 - strength * (1 - part) for part in (red, green, blue))  # type: ignore[return-value]


def member_dashes(data: FigureData) -> dict[str, Any]:
    """The dash pattern of each named member's line."""
    return dict(zip(coloured(data), DASHES, strict=False))
