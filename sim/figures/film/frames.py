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

from sim.figures.charts.axes import keep_inside
from sim.figures.charts.ballots import VOTE_COLOURS, VOTE_WORDS, VOTES
from sim.figures.data import records
from sim.figures.film.storyboard import Frame, Pixels, Poll, Storyboard, between, frames
from sim.figures.style import (
    FAINT,
    INK,
    MARGIN,
    NEITHER,
    PAPER,
    POLICY,
    RULE,
    SOFT,
    add_key,
    coloured,
    house_style,
    key_line,
    key_mark,
    member_colours,
    panel,
    write,
)
from sim.figures.text import LABEL, SMALL, date_ticks, day_number, text_width, wrap
from sim.model.array_types import Floats
from sim.results.wording import day, words

#: The sheet in inches, and dots an inch: 1280 by 720 pixels.
SIZE, DOTS = (12.8, 7.2), 100
_STAGE_LEFT, _STAGE_TOP, _STAGE_WIDE, _STAGE_HIGH = 1.75, 1.2, 6.6, 4.65
_SIDE_LEFT, _SIDE_WIDE = 8.85, 3.6
_LINE_TOP, _LINE_HIGH = 6.35, 0.42
#: Letters of one day that are seen to travel, and lines about them.
_MOST_LETTERS, _NEWS = 4, 7
_POLICY: dict[str, Any] = {"linewidth": 7, "alpha": 0.45, "solid_capstyle": "butt"}
#: Where the lines about a ballot stand, their sizes, colours and weights: its name, its body, its outcome, the record.
_POLL_LINES = ((2.75, 11, INK, "bold"), (2.98, SMALL, SOFT, "normal"), (4.62, LABEL, INK, "bold"),
               (4.85, LABEL, SOFT, "normal"))  # fmt: skip


class Stage:
    """The sheet on which the frames are drawn one after another."""

    def __init__(self, storyboard: Storyboard) -> None:
        self.storyboard, self.data = storyboard, storyboard.data
        self.named, self.colours = coloured(self.data), member_colours(self.data)
        self.order = {str(member): row for row, member in enumerate(self.data.members["member"])}
        self.others = [row for member, row in self.order.items() if member not in self.named]
        # Places one above another, so that equal stances are seen to be many.
        self.places = np.array([self._row("") - 0.3 + 0.6 * (k * 0.618 % 1) for k in range(len(self.others))])
        #: What changes with nearly every frame, and what changes seldom: the latter is drawn again only then.
        self.moving: list[Artist] = []
        self.changing: list[Artist] = []
        self.absent = [frozenset(self._absent(float(now))) for now in storyboard.days]
        self.figure = Figure(figsize=SIZE, dpi=DOTS, facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        with house_style():
            self._write_head()
            self._set_the_stage()
            self._set_the_side()
            self._set_the_time_line()
            for artist in (*self.moving, *self.changing):
                artist.set_animated(True)
            self.canvas.draw()  # type: ignore[no-untyped-call]
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)  # type: ignore[no-untyped-call]
        self.now: tuple[object, ...] = ()
        self.nearly_still = self.still

    # What stands still, and the artists that will move -----------------------------------------------------

    def _line(self, axes: Axes, **looks: Any) -> Line2D:
        line = Line2D([], [], **looks)
        axes.add_line(line)
        self.moving.append(line)
        return line

    def _text(self, x: float, y: float, size: float, text: str = "", **how: Any) -> Text:
        artist = write(self.figure, x, y, text, size, **how)
        self.changing.append(artist)
        return artist

    def _row(self, member: str) -> float:
        """The row of a member on the stage; of one who has none, that of the others."""
        return float(self.named.index(member)) if member in self.named else float(len(self.named)) + 0.25

    def _write_head(self) -> None:
        title = wrap(self.data.title, SIZE[0] - 2 * MARGIN - 2.2, 15, weight="bold")[0]
        write(self.figure, MARGIN, 0.32, title, 15, weight="bold", va="top")
        source = wrap(f"{self.data.question} {self.storyboard.source}", SIZE[0] - 2 * MARGIN, LABEL, lines=2)
        write(self.figure, MARGIN, 0.68, "\n".join(source), LABEL, color=SOFT, va="top")
        self.date = write(self.figure, SIZE[0] - MARGIN, 0.32, "", 17, ha="right", va="top", weight="bold")

    def _set_the_stage(self) -> None:
        data = self.data
        axes = panel(self.figure, _STAGE_LEFT, _STAGE_TOP, _STAGE_WIDE, _STAGE_HIGH)
        air = 0.03 * (data.high - data.low)
        axes.set_xlim(data.low - air, data.high + air)
        rows = len(self.named) + (1.4 if self.others else 0.0)
        axes.set_ylim(rows - 0.4, -0.6)
        axes.vlines([at for _, at in data.positions], *axes.get_ylim(), color=RULE, linewidth=0.8, zorder=0)
        self._name_positions(axes)
        self.policy = self._line(axes, color=POLICY, **_POLICY)
        self.names: dict[str, Text] = {}
        self.away: dict[str, Text] = {}
        self.bars: dict[str, list[Line2D]] = {}
        self.dots: dict[str, Line2D] = {}
        for member in self.named:
            self._set_member(axes, member, _STAGE_TOP + (self._row(member) + 0.6) / (rows + 0.2) * _STAGE_HIGH)
        if self.others:
            y = _STAGE_TOP + (self._row("") + 0.6) / (rows + 0.2) * _STAGE_HIGH
            label = f"the other {len(self.others)}"
            write(self.figure, _STAGE_LEFT - 0.12, y, label, LABEL, ha="right", va="center", color=SOFT)
        marks: dict[str, Any] = {"linestyle": "none", "markersize": 4.5, "markeredgewidth": 0}
        self.crowd = self._line(axes, color=NEITHER, marker="o", alpha=0.7, zorder=3, **marks)
        marks = {"linestyle": "none", "markersize": 6, "markeredgecolor": INK}
        self.letters = [self._line(axes, marker="s", zorder=5, **marks) for _ in range(_MOST_LETTERS)]

    def _set_member(self, axes: Axes, member: str, y: float) -> None:
        """A member's name, whether they are away, their bands and their dot."""
        colour, right = self.colours[member], _STAGE_LEFT - 0.12
        label = wrap(self.data.label(member), _STAGE_LEFT - MARGIN - 0.15, LABEL, weight="bold")[0]
        at: dict[str, Any] = {"ha": "right", "va": "center"}
        self.names[member] = self._text(right, y, LABEL, label, weight="bold", color=colour, **at)
        self.away[member] = self._text(right, y + 0.2, SMALL, color=SOFT, **at)
        band: dict[str, Any] = {"color": colour, "linewidth": 9, "solid_capstyle": "butt", "zorder": 2}
        self.bars[member] = [self._line(axes, alpha=alpha, **band) for alpha in (0.15, 0.3)]
        dot: dict[str, Any] = {"marker": "o", "markersize": 11, "markeredgecolor": PAPER, "linestyle": "none"}
        self.dots[member] = self._line(axes, color=colour, zorder=4, **dot)

    def _name_positions(self, axes: Axes) -> None:
        """The axis's positions below the stage; a name that would run into the one before is left out."""
        low, high = axes.get_xlim()
        label, below = self.data.axis_label, _STAGE_TOP + _STAGE_HIGH + 0.06
        lines = wrap(label, _STAGE_LEFT - MARGIN - 0.15, SMALL, lines=3)
        write(self.figure, MARGIN, below, "\n".join(lines), SMALL, color=SOFT, va="top")
        free = MARGIN + max(text_width(line, SMALL) for line in lines) + 0.08
        for name, at in sorted(self.data.positions, key=lambda position: position[1]):
            x = _STAGE_LEFT + (at - low) / (high - low) * _STAGE_WIDE
            lines = wrap(words(name), 1.25, SMALL, lines=2)
            half = max(text_width(line, SMALL) for line in lines) / 2
            if x - half >= free:
                write(self.figure, x, below, "\n".join(lines), SMALL, ha="center", va="top")
                free = x + half + 0.08

    def _set_the_side(self) -> None:
        """The news of the day, the last ballot, and what the marks mean."""
        self.moving.append(self.date)
        self.news = [self._text(_SIDE_LEFT, 1.25 + 0.18 * k, LABEL, va="top") for k in range(_NEWS)]
        self.poll = [
            self._text(_SIDE_LEFT, y, size, va="top", color=colour, weight=weight)
            for y, size, colour, weight in _POLL_LINES
        ]
        axes = panel(self.figure, _SIDE_LEFT, 3.3, _SIDE_WIDE, 1.2)
        axes.set_xlim(0, 1)
        axes.set_ylim(4, 0)
        self.counts: dict[str, tuple[Rectangle, Text]] = {}
        for k, vote in enumerate(VOTES):
            bar = Rectangle((0.3, k + 0.18), 0, 0.64, facecolor=VOTE_COLOURS[vote], edgecolor=FAINT, linewidth=0.6)
            axes.add_patch(bar)
            self.counts[vote] = (bar, axes.text(0, k + 0.5, "", fontsize=SMALL, va="center"))
            self.changing += self.counts[vote]
        key = [
            key_line(POLICY, "policy in force", _POLICY["linewidth"], alpha=0.45, solid_capstyle="butt"),
            key_mark("o", PAPER, "away", 8, markeredgecolor=INK),
            key_mark("s", SOFT, "a letter on its way", 6, markeredgecolor=INK),
        ]
        add_key(self.figure, key, _SIDE_LEFT, 5.45, handlelength=1.2, columnspacing=1.2)

    def _set_the_time_line(self) -> None:
        data, days, width = self.data, self.storyboard.days, SIZE[0] - 2 * MARGIN
        axes = panel(self.figure, MARGIN, _LINE_TOP, width, _LINE_HIGH)
        axes.set_xlim(days[0], max(days[-1], days[0] + 1))
        axes.set_ylim(0, 1)
        axes.axhline(0.35, color=RULE, linewidth=1)
        looks: dict[str, Any] = {"marker": "v", "markersize": 5, "markeredgecolor": PAPER, "markeredgewidth": 0.4}
        for letter in self.storyboard.deliveries:
            colour = self.colours.get(letter.author, SOFT)
            axes.plot([days[letter.day]], [0.72], color=colour, clip_on=False, **looks)
        for poll in self.storyboard.polls:
            axes.plot([days[poll.day]], [0.35], marker="D", markersize=5.5, color=INK, clip_on=False)
        ticks = date_ticks(data.stances["date"].min(), data.stances["date"].max(), 12)
        axes.set_xticks([x for x, _ in ticks], [text.replace("\n", " ") for _, text in ticks], fontsize=SMALL)
        keep_inside(axes, width)
        self.hand = self._line(axes, color=INK, linewidth=2)
        self.so_far = self._line(axes, color=INK, linewidth=2.5, solid_capstyle="butt")

    # What moves --------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> Pixels:
        """One frame as pixels, (height, width, 3)."""
        stances = between(self.storyboard.stances, frame.at)
        self._move_members(frame, stances)
        self._move_letters(frame, stances)
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
        now = (self.absent[frame.day], frame.letters, frame.poll, frame.counted)
        if now != self.now:
            self.now = now
            self._change_members(self.absent[frame.day])
            self._change_side(frame)
            self.canvas.restore_region(self.still)  # type: ignore[no-untyped-call]
            for artist in self.changing:
                self.figure.draw_artist(artist)
            self.nearly_still = self.canvas.copy_from_bbox(self.figure.bbox)  # type: ignore[no-untyped-call]

    def _absent(self, now: float) -> set[str]:
        absences = records(self.data.marks[self.data.marks["kind"] == "absence"])
        return {str(row.member) for row in absences if day_number(row.date) <= now <= day_number(row.until)}

    def _change_members(self, absent: frozenset[str]) -> None:
        for member in self.named:
            is_away, colour = member in absent, self.colours[member]
            self.dots[member].set_markerfacecolor(PAPER if is_away else colour)
            self.dots[member].set_markeredgecolor(colour if is_away else PAPER)
            self.names[member].set_alpha(0.45 if is_away else 1.0)
            self.away[member].set_text("away" if is_away else "")

    def _move_members(self, frame: Frame, stances: Floats) -> None:
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

    def _spot(self, member: str, stances: Floats) -> tuple[float, float]:
        """Where on the stage somebody is; of one who is nowhere, the top."""
        if member not in self.order:
            return self.data.middle, -0.6
        i = self.order[member]
        row = self._row(member) if member in self.named else float(self.places[self.others.index(i)])
        return float(stances[i]), row

    def _move_letters(self, frame: Frame, stances: Floats) -> None:
        for mark, number in zip(self.letters, (*frame.letters, *[-1] * _MOST_LETTERS), strict=False):
            if number < 0:
                mark.set_data([], [])
                continue
            letter = self.storyboard.deliveries[number]
            start = np.array(self._spot(letter.author, stances))
            ends = np.array([self._spot(reader, stances) for reader in letter.readers]).reshape(-1, 2)
            now = start + frame.distance * (ends - start)
            mark.set_data(now[:, 0], now[:, 1])
            mark.set_markerfacecolor(self.colours.get(letter.author, "#b5b5b5"))

    def _change_side(self, frame: Frame) -> None:
        lines = [
            line for number in frame.letters for line in self._news_of(number, max(_NEWS // len(frame.letters), 1))
        ]
        for text, (line, is_head) in zip(self.news, (*lines, *[("", False)] * _NEWS), strict=False):
            text.set_text(line)
            text.set_fontweight("bold" if is_head else "normal")
            text.set_color(INK if is_head else SOFT)
        self._count(self.storyboard.polls[frame.poll] if frame.poll >= 0 else None, frame.counted)

    def _news_of(self, number: int, most: int) -> list[tuple[str, bool]]:
        """Who writes to whom, and what, in at most so many lines; each with whether it is the head."""
        letter = self.storyboard.deliveries[number]
        readers = [self.data.label(reader) for reader in letter.readers]
        audience = ", ".join(readers) if len(readers) <= 2 else f"{len(readers)} members"
        head = f"{self.data.label(letter.author) if letter.author else 'Unsigned'} ({letter.kind}) to {audience}"
        summary = wrap(letter.summary, _SIDE_WIDE, LABEL, lines=most - 1) if most > 1 and letter.summary else []
        return [(wrap(head, _SIDE_WIDE, LABEL, weight="bold")[0], True), *((line, False) for line in summary)]

    def _count(self, poll: Poll | None, counted: float) -> None:
        """The bars and lines of a ballot; its outcome once all votes are counted."""
        lines = ("", "", "", "")
        if poll is not None:
            lines = (poll.label, poll.body, *((poll.outcome, poll.record) if counted >= 1 else ("", "")))
        for text, line in zip(self.poll, lines, strict=True):
            text.set_text(wrap(line, _SIDE_WIDE, float(text.get_fontsize()), weight=str(text.get_fontweight()))[0])
        most = max(sum(poll.votes.values()), 1e-9) if poll else 1.0
        for vote, (bar, text) in self.counts.items():
            number = poll.votes.get(vote, 0.0) if poll else 0.0
            bar.set_visible(poll is not None)
            bar.set_width(0.64 * counted * number / most)
            text.set_text(f"{VOTE_WORDS[vote]} {number:.{0 if number == round(number) else 1}f}" if poll else "")


def film(storyboard: Storyboard) -> Iterator[Pixels]:
    """The frames of a storyboard as pixels, (720, 1280, 3), one after another."""
    stage = Stage(storyboard)
    for frame in frames(storyboard):
        yield stage.draw(frame)
