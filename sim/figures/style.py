"""How the figures look: type, colour, paper, labels that keep out of each other's way, and saving.

Sizes are in inches and points on a sheet 12 inches wide, so that 100 dots an inch give 1200 pixels.
No state of pyplot is touched, and a user's own matplotlib settings neither leak in nor change.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from sim.figures.data import FigureData
from sim.figures.text import day_number, line_height, wrap
from sim.wording import MONTHS, day

WIDTH = 12.0
DOTS = 1200 / WIDTH
MARGIN = 0.35
TITLE, SUBTITLE, LABEL, SMALL = 15.0, 9.5, 9.0, 8.0
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
#: Tints for bodies: light enough to lie under everything else.
TINTS = ("#b9c7d6", "#e0cba8", "#c3d9bd", "#d8c1d6", "#cfcfcf", "#e3bfb4")

#: The sides of the axis: what stands, or moves, towards its high end, its low end, or neither. In grey the high side
#: is the darker.
HIGH_SIDE, LOW_SIDE, NEITHER = "#00625e", "#c98a3c", "#8f8f8f"
#: What agrees (says yes, is borne out by the record), what does not, and what fails; hueless or red, so that none is
#: taken for a member or a side.
AGREES, DISAGREES, FAILS = "#4d4d4d", "#dcb967", "#d62728"

#: With no more dates than this, each is marked by a dot: a line between two of them says nothing of the way.
FEW_DATES = 8


_OWN = {
    "font.family": ["DejaVu Sans"],
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
    "svg.fonttype": "path",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's defaults with the house's changes; on leaving, the settings are as they were."""
    with matplotlib.rc_context():
        kept = {"backend", "backend_fallback", "interactive", "timezone"}
        defaults: dict[Any, Any] = {k: v for k, v in matplotlib.rcParamsDefault.items() if k not in kept}
        with matplotlib.rc_context(defaults | _OWN):
            yield


def in_house_style(draw: Callable[[FigureData], Figure]) -> Callable[[FigureData], Figure]:
    """Draw in the house style, whatever the user's settings."""

    @functools.wraps(draw)
    def drawn(data: FigureData) -> Figure:
        with house_style():
            return draw(data)

    return drawn


# Type --------------------------------------------------------------------------------------------------


# Paper -------------------------------------------------------------------------------------------------


def sheet(body: float, title: str, subtitle: str, note: str = "", key: Sequence[Artist] = ()) -> tuple[Figure, float]:
    """A blank sheet with its heading, key and note, and `body` inches of height left free between them.

    Returns the figure and the distance in inches from its top edge to the free space.
    """
    across = WIDTH - 2 * MARGIN
    heads = wrap(title, across, TITLE, lines=2, weight="bold")
    subs = wrap(subtitle, across, SUBTITLE, lines=3)
    notes = wrap(note, across, SMALL, lines=4) if note else []
    top = 0.3
    head_at = top
    top += len(heads) * line_height(TITLE) + 0.08
    sub_at = top
    top += len(subs) * line_height(SUBTITLE) + 0.08
    key_at = top
    top += 0.26 if key else 0.0
    height = top + body + 0.15 + len(notes) * line_height(SMALL) + 0.12

    figure = Figure(figsize=(WIDTH, height), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.add_artist(
        Line2D([MARGIN / WIDTH, (MARGIN + 0.45) / WIDTH], [1 - 0.17 / height] * 2, color=INK, linewidth=3.5)
    )
    write(figure, MARGIN, head_at, "\n".join(heads), TITLE, weight="bold", va="top")
    write(figure, MARGIN, sub_at, "\n".join(subs), SUBTITLE, color=SOFT, va="top")
    if notes:
        write(figure, MARGIN, height - 0.12, "\n".join(notes), SMALL, color=SOFT, va="bottom")
    if key:
        figure.legend(
            handles=list(key),
            loc="upper left",
            bbox_to_anchor=(MARGIN / WIDTH, 1 - key_at / height),
            ncols=len(key),
            frameon=False,
            fontsize=SMALL,
            borderpad=0,
            borderaxespad=0,
            handlelength=1.8,
            handletextpad=0.5,
            columnspacing=1.5,
        )
    return figure, top


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


# Labels ------------------------------------------------------------------------------------------------


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted (least squares), at least `gap` apart, in [low, high].

    The order is kept. If they do not all fit, the gap shrinks until they do.
    """
    if not wanted:
        return []
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    # With the gaps taken off, "at least a gap apart" reads "not decreasing": pool what decreases.
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        total, count = wanted[i] - rank * gap, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    ceiling = max(low, high - (len(wanted) - 1) * gap)
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = min(max(flat[rank], low), ceiling) + rank * gap
    return places


def flag_rows(at: Sequence[float], widths: Sequence[float]) -> list[int]:
    """The row (0 lowest) of each flag, so that none lies over another or is pierced by another's pole.

    A flag flies to the right of its pole at `at`, `widths` wide; a flag with others under it hoists higher.
    """
    rows = [0] * len(at)
    done: list[int] = []
    for i in sorted(range(len(at)), key=lambda i: (at[i], i), reverse=True):
        rows[i] = max((rows[j] + 1 for j in done if at[j] < at[i] + widths[i]), default=0)
        done.append(i)
    return rows


def rule_positions(axes: Axes, data: FigureData, half: float = 0.0) -> None:
    """Set the vertical axis to the debate's, and rule a line at each of its positions.

    half: half the height of what is drawn there, in units of the axis.
    """
    # A little air, so that lines and marks at the ends of the axis are whole.
    air = max(0.03 * (data.high - data.low), half)
    axes.set_ylim(data.low - air, data.high + air)
    places = [value for _, value in data.positions]
    axes.hlines(places, 0, 1, transform=axes.get_yaxis_transform(), color=RULE, linewidth=0.6, zorder=0.5)


def name_positions(axes: Axes, data: FigureData, height: float, width: float, lines: int = 1) -> None:
    """Name the axis's positions at the left of a panel `height` inches high.

    A name that would run into one already written is left out; the ends of the axis come first.
    """
    bottom, top = axes.get_ylim()
    scale = height / (top - bottom)
    taken: list[tuple[float, float]] = []
    ticks: list[tuple[float, str]] = []
    named = sorted(data.positions, key=lambda p: p[1])
    for name, value in named[:1] + named[:0:-1]:
        rows = wrap(name.replace("-", " "), width, SMALL, lines=lines)
        half = len(rows) * line_height(SMALL) / 2 + 0.01
        middle = (value - bottom) * scale
        if all(abs(middle - other) >= half + its for other, its in taken):
            taken.append((middle, half))
            ticks.append((value, "\n".join(rows)))
    axes.set_yticks([value for value, _ in ticks], [name for _, name in ticks], fontsize=SMALL, linespacing=1.1)


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


# Colour ------------------------------------------------------------------------------------------------


def coloured(data: FigureData) -> list[str]:
    """The members drawn in a colour of their own, in order: the first named ones, as many as colours."""
    return [str(member) for member in data.members.loc[data.members["named"], "member"]][: len(COLOURS)]


def member_colours(data: FigureData) -> dict[str, str]:
    """The colour of each named member, the same in every figure; whoever is not in it is drawn grey."""
    return dict(zip(coloured(data), COLOURS, strict=False))


def side_colour(value: float, middle: float) -> str:
    """The colour of a stance or policy by its side of the axis; of a move, with 0 as the middle."""
    return NEITHER if value == middle else HIGH_SIDE if value > middle else LOW_SIDE


def tinted(colour: str, share: float) -> tuple[float, float, float]:
    """A colour thinned with paper: all of it at 1, paper at 0."""
    red, green, blue = to_rgb(colour)
    return tuple(1 - share * (1 - part) for part in (red, green, blue))  # type: ignore[return-value]


def member_dashes(data: FigureData) -> dict[str, Any]:
    """The dash pattern of each named member's line."""
    return dict(zip(coloured(data), DASHES, strict=False))
