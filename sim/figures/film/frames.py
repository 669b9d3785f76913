"""The film of a debate, frame by frame: what stands still is drawn once, and only what moves is drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import num2date
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from sim.figures.charts.ballots import VOTE_COLOURS, VOTE_WORDS, VOTES
from sim.figures.data import records, words
from sim.figures.film.storyboard import Frame, Poll, Storyboard, between, frames
from sim.figures.style import (
    FAINT,
    INK,
    MARGIN,
    NEITHER,
    PAPER,
    RULE,
    SOFT,
    coloured,
    house_style,
    member_colours,
    panel,
    write,
)
from sim.figures.text import LABEL, SMALL, date_ticks, day_number, text_width, wrap
from sim.wording import day

Pixels = NDArray[np.uint8]

#: The sheet in inches, and dots an inch: 1280 by 720 pixels.
SIZE, DOTS = (12.8, 7.2), 100
_STAGE_LEFT, _STAGE_TOP, _STAGE_WIDE, _STAGE_HIGH = 1.75, 1.2, 6.6, 4.65
_SIDE_LEFT, _SIDE_WIDE = 8.85, 3.6
_LINE_TOP, _LINE_HIGH = 6.35, 0.42
#: Letters of one day that are seen to travel, and lines about them.
_MOST_LETTERS, _NEWS = 4, 7


class Stage:
    """The sheet on which the frames are drawn one after another."""

    def __init__(self, storyboard: Storyboard) -> None:
        self.storyboard = storyboard
        self.named = coloured(storyboard.data)
        self.order = {str(member): row for row, member in enumerate(storyboard.data.members["member"])}
        self.others = [row for member, row in self.order.items() if member not in self.named]
        #: What changes with nearly every frame, and what changes seldom: the latter is drawn again only then.
        self.moving: list[Artist] = []
        self.changing: list[Artist] = []
        self.absent = [frozenset(self._absent(float(now))) for now in storyboard.days]
        self.figure = Figure(figsize=SIZE, dpi=DOTS, facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        with house_style():
            self._set_the_stage()
            self._set_the_side()
            self._set_the_key()
            self._set_the_time_line()
            for artist in (*self.moving, *self.changing):
                artist.set_animated(True)
            self.canvas.draw()  # type: ignore[no-untyped-call]
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)  # type: ignore[no-untyped-call]
        self.now: tuple[object, ...] = ()
        self.nearly_still = self.still

    # What stands still, and the artists that will move -----------------------------------------------------

    def _moves(self, axes: Axes, **looks: Any) -> Line2D:
        line = Line2D([], [], **looks)
        axes.add_line(line)
        self.moving.append(line)
        return line

    def _says(self, x: float, y: float, size: float, **how: Any) -> Text:
        text = write(self.figure, x, y, "", size, **how)
        self.changing.append(text)
        return text

    def _row(self, member: str) -> float:
        """The row of a member on the stage; of one who has none, that of the others."""
        return float(self.named.index(member)) if member in self.named else float(len(self.named)) + 0.25

    def _set_the_stage(self) -> None:
        data = self.storyboard.data
        title = wrap(data.title, SIZE[0] - 2 * MARGIN - 2.2, 15, weight="bold")[0]
        write(self.figure, MARGIN, 0.32, title, 15, weight="bold", va="top")
        source = wrap(f"{data.question} {self.storyboard.source}", SIZE[0] - 2 * MARGIN, LABEL)[0]
        write(self.figure, MARGIN, 0.68, source, LABEL, color=SOFT, va="top")
        axes = panel(self.figure, _STAGE_LEFT, _STAGE_TOP, _STAGE_WIDE, _STAGE_HIGH)
        air = 0.03 * (data.high - data.low)
        axes.set_xlim(data.low - air, data.high + air)
        rows = len(self.named) + (1.4 if self.others else 0.0)
        axes.set_ylim(rows - 0.4, -0.6)
        axes.vlines([at for _, at in data.positions], *axes.get_ylim(), color=RULE, linewidth=0.8, zorder=0)
        self._name_positions(axes)
        self.policy = self._moves(axes, color=NEITHER, linewidth=7, alpha=0.45, solid_capstyle="butt")
        colours = member_colours(data)
        self.names, self.away, self.bars, self.dots = {}, {}, {}, {}
        for member in self.named:
            row, colour = self._row(member), colours[member]
            y = _STAGE_TOP + (row + 0.6) / (rows + 0.2) * _STAGE_HIGH
            label = wrap(data.label(member), _STAGE_LEFT - MARGIN - 0.15, LABEL, weight="bold")[0]
            self.names[member] = self._says(
                _STAGE_LEFT - 0.12, y, LABEL, ha="right", va="center", weight="bold", color=colour
            )
            self.names[member].set_text(label)
            self.away[member] = self._says(_STAGE_LEFT - 0.12, y + 0.15, SMALL, ha="right", va="center", color=SOFT)
            self.bars[member] = [
                self._moves(axes, color=colour, linewidth=width, alpha=alpha, solid_capstyle="butt", zorder=2)
                for width, alpha in ((9, 0.15), (9, 0.3))
            ]
            self.dots[member] = self._moves(
                axes, color=colour, marker="o", markersize=11, markeredgecolor=PAPER, linestyle="none", zorder=4
            )
        if self.others:
            y = _STAGE_TOP + (self._row("") + 0.6) / (rows + 0.2) * _STAGE_HIGH
            label = f"the other {len(self.others)}"
            write(self.figure, _STAGE_LEFT - 0.12, y, label, LABEL, ha="right", va="center", color=SOFT)
        self.crowd = self._moves(
            axes, color="#8f8f8f", marker="o", markersize=4.5, alpha=0.7, markeredgewidth=0, linestyle="none", zorder=3
        )
        # Rows one above another, so that equal stances are seen to be many.
        self.places = np.array([self._row("") - 0.3 + 0.6 * (k * 0.618 % 1) for k in range(len(self.others))])
        self.letters = [
            self._moves(axes, marker="s", markersize=6, markeredgecolor=INK, linestyle="none", zorder=5)
            for _ in range(_MOST_LETTERS)
        ]

    def _name_positions(self, axes: Axes) -> None:
        """The axis's positions below the stage; a name that would run into the one before is left out."""
        low, high = axes.get_xlim()
        label = wrap(self.storyboard.data.axis_label, _STAGE_LEFT - MARGIN - 0.15, SMALL, lines=3)
        write(self.figure, MARGIN, _STAGE_TOP + _STAGE_HIGH + 0.06, "\n".join(label), SMALL, color=SOFT, va="top")
        free = MARGIN + max(text_width(line, SMALL) for line in label) + 0.08
        for name, at in sorted(self.storyboard.data.positions, key=lambda named: named[1]):
            x = _STAGE_LEFT + (at - low) / (high - low) * _STAGE_WIDE
            lines = wrap(words(name), 1.25, SMALL, lines=2)
            half = max(text_width(line, SMALL) for line in lines) / 2
            if x - half >= free:
                write(self.figure, x, _STAGE_TOP + _STAGE_HIGH + 0.06, "\n".join(lines), SMALL, ha="center", va="top")
                free = x + half + 0.08

    def _set_the_side(self) -> None:
        self.date = self._says(SIZE[0] - MARGIN, 0.32, 17, ha="right", va="top", weight="bold")
        self.changing.remove(self.date)
        self.moving.append(self.date)
        self.news = [self._says(_SIDE_LEFT, 1.25 + 0.18 * k, LABEL, va="top") for k in range(_NEWS)]
        self.poll = [
            self._says(_SIDE_LEFT, y, size, va="top", color=colour, weight=weight)
            for y, size, colour, weight in (
                (2.75, 11, INK, "bold"), (2.98, SMALL, SOFT, "normal"), (4.62, LABEL, INK, "bold"),
                (4.85, LABEL, SOFT, "normal"),
            )
        ]  # fmt: skip
        axes = panel(self.figure, _SIDE_LEFT, 3.3, _SIDE_WIDE, 1.2)
        axes.set_xlim(0, 1)
        axes.set_ylim(4, 0)
        self.counts: dict[str, tuple[Rectangle, Text]] = {}
        for k, vote in enumerate(VOTES):
            bar = Rectangle((0.26, k + 0.18), 0, 0.64, facecolor=VOTE_COLOURS[vote], edgecolor=FAINT, linewidth=0.6)
            axes.add_patch(bar)
            text = axes.text(0, k + 0.5, "", fontsize=SMALL, va="center")
            self.counts[vote] = (bar, text)
            self.changing += [bar, text]

    def _set_the_key(self) -> None:
        """What the marks mean."""
        mark: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "color": PAPER}
        key = [
            Line2D([], [], color=NEITHER, linewidth=7, alpha=0.45, solid_capstyle="butt", label="policy in force"),
            Line2D([], [], marker="o", markersize=8, label="away", **mark),
            Line2D([], [], marker="s", markersize=6, label="a letter on its way", **mark | {"color": SOFT}),
        ]
        self.figure.legend(
            handles=key,
            loc="upper left",
            bbox_to_anchor=(_SIDE_LEFT / SIZE[0], 1 - 5.45 / SIZE[1]),
            ncols=3,
            frameon=False,
            fontsize=SMALL,
            borderpad=0,
            borderaxespad=0,
            handlelength=1.2,
            handletextpad=0.5,
            columnspacing=1.2,
        )

    def _set_the_time_line(self) -> None:
        data, days = self.storyboard.data, self.storyboard.days
        width = SIZE[0] - 2 * MARGIN
        axes = panel(self.figure, MARGIN, _LINE_TOP, width, _LINE_HIGH)
        axes.set_xlim(days[0], max(days[-1], days[0] + 1))
        axes.set_ylim(0, 1)
        axes.axhline(0.35, color=RULE, linewidth=1)
        colours = member_colours(data)
        for letter in self.storyboard.deliveries:
            axes.plot([days[letter.day]], [0.72], marker="v", markersize=5, color=colours.get(letter.author, SOFT),
                      markeredgecolor=PAPER, markeredgewidth=0.4, clip_on=False)  # fmt: skip
        for poll in self.storyboard.polls:
            axes.plot([days[poll.day]], [0.35], marker="D", markersize=5.5, color=INK, clip_on=False)
        start, end = data.stances["date"].min(), data.stances["date"].max()
        ticks = [(x, text.replace("\n", " ")) for x, text in date_ticks(start, end, 12)]
        axes.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=SMALL)
        for label, (x, text) in zip(axes.get_xticklabels(), ticks, strict=True):
            at, half = (x - days[0]) / (axes.get_xlim()[1] - days[0]) * width, text_width(text, SMALL) / 2
            label.set_horizontalalignment("left" if at < half else "right" if at > width - half else "center")
        self.hand = self._moves(axes, color=INK, linewidth=2)
        self.so_far = self._moves(axes, color=INK, linewidth=2.5, solid_capstyle="butt")

    # What moves --------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> Pixels:
        """One frame as pixels, (height, width, 3)."""
        self._move_members(frame)
        self._move_letters(frame)
        now = self.storyboard.days[frame.day]
        self.date.set_text(day(pd.Timestamp(num2date(now))))  # type: ignore[no-untyped-call]
        self.hand.set_data([now, now], [0.05, 1.0])
        self.so_far.set_data([self.storyboard.days[0], now], [0.35, 0.35])
        with house_style():
            self._change(frame)
            self.canvas.restore_region(self.nearly_still)  # type: ignore[no-untyped-call]
            for artist in self.moving:
                self.figure.draw_artist(artist)
        return np.array(self.canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]

    def _change(self, frame: Frame) -> None:
        """Draws what changes seldom into the background, if it has changed."""
        now = (self.absent[frame.day], frame.flying, frame.poll, frame.counted)
        if now != self.now:
            self.now = now
            self._change_members(self.absent[frame.day])
            self._change_side(frame)
            self.canvas.restore_region(self.still)  # type: ignore[no-untyped-call]
            for artist in self.changing:
                self.figure.draw_artist(artist)
            self.nearly_still = self.canvas.copy_from_bbox(self.figure.bbox)  # type: ignore[no-untyped-call]

    def _absent(self, now: float) -> set[str]:
        marks = self.storyboard.data.marks
        return {
            str(row.member)
            for row in records(marks[marks["kind"] == "absence"])
            if day_number(row.date) <= now <= day_number(row.until)
        }

    def _change_members(self, absent: frozenset[str]) -> None:
        colours = member_colours(self.storyboard.data)
        for member in self.named:
            is_away = member in absent
            self.dots[member].set_markerfacecolor(PAPER if is_away else colours[member])
            self.dots[member].set_markeredgecolor(colours[member] if is_away else PAPER)
            self.names[member].set_alpha(0.45 if is_away else 1.0)
            self.away[member].set_text("away" if is_away else "")

    def _move_members(self, frame: Frame) -> None:
        stances = between(self.storyboard.stances, frame.at)
        bands = None if self.storyboard.bands is None else between(self.storyboard.bands, frame.at)
        policy = float(self.storyboard.policy[min(int(frame.at), self.storyboard.policy.size - 1)])
        self.policy.set_data([policy, policy], [-0.6, len(self.named) + 1.4])
        for member in self.named:
            row, i = self._row(member), self.order[member]
            self.dots[member].set_data([stances[i]], [row])
            if bands is not None:
                for bar, ends in zip(self.bars[member], (bands[[0, 3], i], bands[[1, 2], i]), strict=True):
                    bar.set_data(ends, [row, row])
        self.crowd.set_data(stances[self.others], self.places)

    def _spot(self, member: str, stances: NDArray[np.float64]) -> tuple[float, float]:
        """Where on the stage somebody is; of one who is nowhere, the top."""
        if member not in self.order:
            return (self.storyboard.data.low + self.storyboard.data.high) / 2, -0.6
        i = self.order[member]
        row = self._row(member) if member in self.named else float(self.places[self.others.index(i)])
        return float(stances[i]), row

    def _move_letters(self, frame: Frame) -> None:
        stances = between(self.storyboard.stances, frame.at)
        colours = member_colours(self.storyboard.data)
        for mark, number in zip(self.letters, (*frame.flying, *[-1] * _MOST_LETTERS), strict=False):
            if number < 0:
                mark.set_data([], [])
                continue
            letter = self.storyboard.deliveries[number]
            start = self._spot(letter.author, stances)
            ends = np.array([self._spot(reader, stances) for reader in letter.readers]).reshape(-1, 2)
            now = np.array(start) + frame.flown * (ends - np.array(start))
            mark.set_data(now[:, 0], now[:, 1])
            mark.set_markerfacecolor(colours.get(letter.author, "#b5b5b5"))

    def _change_side(self, frame: Frame) -> None:
        told = [line for number in frame.flying for line in self._told(number, max(_NEWS // len(frame.flying), 1))]
        for text, (line, is_head) in zip(self.news, (*told, *[("", False)] * _NEWS), strict=False):
            text.set_text(line)
            text.set_fontweight("bold" if is_head else "normal")
            text.set_color(INK if is_head else SOFT)
        self._count(self.storyboard.polls[frame.poll] if frame.poll >= 0 else None, frame.counted)

    def _told(self, number: int, lines: int) -> list[tuple[str, bool]]:
        """Who writes to whom, and what, in so many lines; each with whether it is the head."""
        letter, data = self.storyboard.deliveries[number], self.storyboard.data
        readers = [data.label(reader) for reader in letter.readers]
        whom = ", ".join(readers) if len(readers) <= 3 else f"{len(readers)} members"
        head = f"{data.label(letter.author) if letter.author else 'Unsigned'} ({letter.kind}) to {whom}"
        said = wrap(letter.summary, _SIDE_WIDE, LABEL, lines=lines - 1) if lines > 1 and letter.summary else []
        return [(wrap(head, _SIDE_WIDE, LABEL, weight="bold")[0], True), *((line, False) for line in said)]

    def _count(self, poll: Poll | None, counted: float) -> None:
        said = ("", "", "", "") if poll is None else (
            poll.label, poll.body, poll.outcome if counted >= 1 else "", poll.record if counted >= 1 else "",
        )  # fmt: skip
        for text, line in zip(self.poll, said, strict=True):
            text.set_text(wrap(line, _SIDE_WIDE, float(text.get_fontsize()), weight=str(text.get_fontweight()))[0])
        most = max(sum(poll.votes.values()), 1e-9) if poll else 1.0
        for vote, (bar, text) in self.counts.items():
            number = poll.votes.get(vote, 0.0) if poll else 0.0
            bar.set_visible(poll is not None)
            bar.set_width(0.68 * counted * number / most)
            shown = f"{number:.0f}" if number == round(number) else f"{number:.1f}"
            text.set_text(f"{VOTE_WORDS[vote]} {shown}" if poll else "")


def film(storyboard: Storyboard) -> Iterator[Pixels]:
    """The frames of a storyboard as pixels, (720, 1280, 3), one after another."""
    stage = Stage(storyboard)
    for frame in frames(storyboard):
        yield stage.draw(frame)
