"""A heat map: a cell a row and column, the stronger in colour the further from the middle, and in it a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sim.figures.style import AGREES, DISAGREES, FAINT, HIGH_SIDE, INK, LOW_SIDE, PAPER, SOFT
from sim.figures.text import LABEL, SMALL
from sim.model.array_types import Floats

#: From the low side of the axis over white to the high side, and from no to yes; of an odd number of colours, so that
#: the middle is white.
SIDES, CHANCES = (
    LinearSegmentedColormap.from_list(name, [low, PAPER, high], N=257)
    for name, low, high in (("sides", LOW_SIDE, HIGH_SIDE), ("chances", DISAGREES, AGREES))
)
#: What stands in a cell in which there is nothing.
NOTHING = "·"


def heat_map(
    axes: Axes,
    strengths: Floats,
    texts: Sequence[Sequence[str]],
    left: Floats | None = None,
    size: float = LABEL,
    under: Sequence[Sequence[str]] | None = None,
    colours: LinearSegmentedColormap = SIDES,
) -> None:
    """Colour the cells and write in each; the scale of `axes` becomes rows down and widths of a cell across.

    strengths: (rows, columns), from -1 to 1, the ends of `colours`: of moves along the axis `SIDES`, of chances
    `CHANCES`. A cell with NaN has no colour, and what is written there is a sum, in bold. left: where each column
    begins, if not one beside the other. under: a second text in each cell, below the first, which is then bold.
    """
    rows, columns = strengths.shape
    if not strengths.size:
        return
    left = np.arange(columns, dtype=float) if left is None else left
    # Between two columns lies one without colour, which has a width only where there is a gap.
    edges = np.stack([left, left + 1], axis=1).ravel()
    shades = np.full((rows, 2 * columns - 1), np.nan)
    shades[:, ::2] = strengths
    axes.set_xlim(0, edges[-1])
    axes.set_ylim(rows, 0)
    axes.pcolormesh(edges, np.arange(rows + 1), np.ma.masked_invalid(shades), cmap=colours, vmin=-1, vmax=1,
                    edgecolors=PAPER, linewidth=2)  # fmt: skip
    for (row, column), strength in np.ndenumerate(strengths):
        x, text = float(left[column]) + 0.5, texts[row][column]
        ink = FAINT if text == NOTHING else SOFT if np.isnan(strength) else _readable_on(colours((strength + 1) / 2))
        weight = "bold" if under is not None or np.isnan(strength) else "normal"
        y = row + (0.5 if under is None else 0.29)
        axes.text(x, y, text, ha="center", va="center", fontsize=size, weight=weight, color=ink)
        if under is not None:
            axes.text(x, row + 0.71, under[row][column], ha="center", va="center", fontsize=SMALL, color=ink)


def _readable_on(colour: tuple[float, float, float, float]) -> str:
    """Ink on light cells, paper on dark ones."""
    red, green, blue, _ = colour
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45 else PAPER
