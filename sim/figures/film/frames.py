"""The film of a debate, frame by frame: what stands still is drawn once, and only what moves is drawn again.

What changes seldom (who is away, the news, a ballot) has its own part of the sheet, drawn again when it changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

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
#: The parts of the sheet that change seldom: left, top, right and bottom, in inches from its top left corner.
_PARTS = {
    "policy": (_STAGE_LEFT, _STAGE_TOP, _STAGE_LEFT + _STAGE_WIDE, _STAGE_TOP + _STAGE_HIGH),
    "members": (MARGIN, _STAGE_TOP - 0.1, _STAGE_LEFT - 0.02, _STAGE_TOP + _STAGE_HIGH),
    "news": (_SIDE_LEFT - 0.05, 1.15, SIZE[0], 2.7),
    "poll": (_SIDE_LEFT - 0.05, 2.7, SIZE[0], 3.25),
    "votes": (_SIDE_LEFT - 0.05, 3.25, _SIDE_LEFT + 1.06, 4.55),
    "bars": (_SIDE_LEFT + 1.06, 3.25, SIZE[0], 4.55),
    "outcome": (_SIDE_LEFT - 0.05, 4.55, SIZE[0], 5.2),
    "time": (0, _LINE_TOP - 0.1, SIZE[0], _LINE_TOP + _LINE_HIGH),
    "date": (SIZE[0] - MARGIN - 2.2, 0.25, SIZE[0], 0.65),
}
_POLICY: dict[str, Any] = {"linewidth": 7, "alpha": 0.45, "solid_capstyle": "butt"}
#: Where the lines about a ballot stand, their sizes, colours and weights: its name, its body, its outcome, the record.
_POLL_LINES = (("poll", 2.75, 11, INK, "bold"), ("poll", 2.98, SMALL, SOFT, "normal"),
               ("outcome", 4.62, LABEL, INK, "bold"), ("outcome", 4.85, LABEL, SOFT, "normal"))  # fmt: skip


class Stage:
    """The sheet on which the frames are drawn one after another."""

    def __init__(self, storyboard: Storyboard) -> None:
        self.storyboard, self.data = storyboard, storyboard.data
        self.named, self.colours = coloured(self.data), member_colours(self.data)
        self.order = {str(member): row for row, member in enumerate(self.data.members["member"])}
        self.others = [row for member, row in self.order.items() if member not in self.named]
        # Places one above another, so that equal stances are seen to be many.
        self.places = np.array([self._row("") - 0.3 + 0.6 * (k * 0.618 % 1) for k in range(len(self.others))])
        #: What changes with nearly every frame, and what changes seldom, by the part that it is in.
        self.moving: list[Artist] = []
        self.changing: dict[str, list[Artist]] = {part: [] for part in _PARTS}
        absences = records(self.data.marks[self.data.marks["kind"] == "absence"])
        away = [(str(row.member), day_number(row.date), day_number(row.until)) for row in absences]
        self.absent = [frozenset(who for who, first, last in away if first <= now <= last) for now in storyboard.days]
        self.figure = Figure(figsize=SIZE, dpi=DOTS, facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        with house_style():
            self._write_head()
            self._set_the_stage()
            self._set_the_side()
            self._set_the_time_line()
            for artist in (*self.moving, *chain.from_iterable(self.changing.values())):
                artist.set_animated(True)
            self.canvas.draw()  # type: ignore[no-untyped-call]
        self.still = self._region(0, 0, *SIZE)
        self.parts: dict[str, Any] = {}
        self.state: dict[str, object] = {}
        self.frame: Frame | None = None
        self.pixels: Pixels = np.empty((0, 0, 4), dtype=np.uint8)

    def _region(self, left: float, top: float, right: float, bottom: float) -> Any:
        """The pixels of a part of the sheet as it is now."""
        box = Bbox([[left * DOTS, (SIZE[1] - bottom) * DOTS], [right * DOTS, (SIZE[1] - top) * DOTS]])
        return self.canvas.copy_from_bbox(box)  # type: ignore[no-untyped-call]

    # What stands still, and the artists that will move -----------------------------------------------------

    def _line(self, axes: Axes, part: str = "", **looks: Any) -> Line2D:
        """A line that moves, or changes with a part."""
        line = Line2D([], [], **looks)
        axes.add_line(line)
        (self.changing[part] if part else self.moving).append(line)
        return line

    def _text(self, part: str, x: float, y: float, size: float, text: str = "", **how: Any) -> Text:
        artist = write(self.figure, x, y, text, size, **how)
        self.changing[part].append(artist)
        return artist

    def _row(self, member: str) -> float:
        """The row of a member on the stage; of one who has none, that of the others."""
        return float(self.named.index(member)) if member in self.named else float(len(self.named)) + 0.25

    def _write_head(self) -> None:
        title = wrap(self.data.title, SIZE[0] - 2 * MARGIN - 2.2, 15, weight="bold")[0]
        write(self.figure, MARGIN, 0.32, title, 15, weight="bold", va="top")
        source = wrap(f"{self.data.question} {self.storyboard.source}", SIZE[0] - 2 * MARGIN, LABEL, lines=2)
        write(self.figure, MARGIN, 0.68, "\n".join(source), LABEL, color=SOFT, va="top")
        self.date = self._text("date", SIZE[0] - MARGIN, 0.32, 17, ha="right", va="top", weight="bold")

    def _set_the_stage(self) -> None:
        data = self.data
        axes = panel(self.figure, _STAGE_LEFT, _STAGE_TOP, _STAGE_WIDE, _STAGE_HIGH)
        air = 0.03 * (data.high - data.low)
        axes.set_xlim(data.low - air, data.high + air)
        rows = len(self.named) + (1.4 if self.others else 0.0)
        axes.set_ylim(rows - 0.4, -0.6)
        axes.vlines([at for _, at in data.positions], *axes.get_ylim(), color=RULE, linewidth=0.8, zorder=0)
        self._name_positions(axes)
        self.policy = self._line(axes, "policy", color=POLICY, **_POLICY)
        self.names: dict[str, Text] = {}
        self.away: dict[str, Text] = {}
        for member in self.named:
            self._set_member(member, _STAGE_TOP + (self._row(member) + 0.6) / (rows + 0.2) * _STAGE_HIGH)
        shades = [to_rgba(self.colours[member], alpha) for alpha in (0.15, 0.3) for member in self.named]
        self.bars = LineCollection([], colors=shades, linewidths=9, zorder=2)
        nowhere = np.zeros(len(self.named))
        self.dots: PathCollection = axes.scatter(nowhere, nowhere, s=11**2, linewidths=1, zorder=4)
        axes.add_collection(self.bars, autolim=False)
        self.moving += [self.bars, self.dots]
        if self.others:
            y = _STAGE_TOP + (self._row("") + 0.6) / (rows + 0.2) * _STAGE_HIGH
            label = f"the other {len(self.others)}"
            write(self.figure, _STAGE_LEFT - 0.12, y, label, LABEL, ha="right", va="center", color=SOFT)
        marks: dict[str, Any] = {"linestyle": "none", "markersize": 4.5, "markeredgewidth": 0}
        self.crowd = self._line(axes, color=NEITHER, marker="o", alpha=0.7, zorder=3, **marks)
        marks = {"linestyle": "none", "markersize": 6, "markeredgecolor": INK}
        self.letters = [self._line(axes, marker="s", zorder=5, **marks) for _ in range(_MOST_LETTERS)]

    def _set_member(self, member: str, y: float) -> None:
        """A member's name, and whether they are away."""
        colour, right = self.colours[member], _STAGE_LEFT - 0.12
        label = wrap(self.data.label(member), _STAGE_LEFT - MARGIN - 0.15, LABEL, weight="bold")[0]
        at: dict[str, Any] = {"ha": "right", "va": "center"}
        self.names[member] = self._text("members", right, y, LABEL, label, weight="bold", color=colour, **at)
        self.away[member] = self._text("members", right, y + 0.2, SMALL, color=SOFT, **at)

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
        self.news = [self._text("news", _SIDE_LEFT, 1.25 + 0.18 * k, LABEL, va="top") for k in range(_NEWS)]
        self.poll = [
            self._text(part, _SIDE_LEFT, y, size, va="top", color=colour, weight=weight)
            for part, y, size, colour, weight in _POLL_LINES
        ]
        axes = panel(self.figure, _SIDE_LEFT, 3.3, _SIDE_WIDE, 1.2)
        axes.set_xlim(0, 1)
        axes.set_ylim(4, 0)
        self.counts: dict[str, tuple[Rectangle, Text]] = {}
        for k, vote in enumerate(VOTES):
            bar = Rectangle((0.3, k + 0.18), 0, 0.64, facecolor=VOTE_COLOURS[vote], edgecolor=FAINT, linewidth=0.6)
            axes.add_patch(bar)
            self.counts[vote] = (bar, axes.text(0, k + 0.5, "", fontsize=SMALL, va="center"))
            self.changing["bars"].append(bar)
            self.changing["votes"].append(self.counts[vote][1])
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
        self.hand = self._line(axes, "time", color=INK, linewidth=2)
        self.so_far = self._line(axes, "time", color=INK, linewidth=2.5, solid_capstyle="butt")

    # What moves --------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> Pixels:
        """One frame as pixels."""
        if frame == self.frame:
            return self.pixels
        self.frame = frame
        stances = between(self.storyboard.stances, frame.at)
        self._move_members(frame, stances)
        self._move_letters(frame, stances)
        with house_style():
            self.canvas.restore_region(self.still)  # type: ignore[no-untyped-call]
            self._draw_parts(frame)
            for artist in self.moving:
                self.figure.draw_artist(artist)
        self.pixels = np.array(self.canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        return self.pixels

    def _draw_parts(self, frame: Frame) -> None:
        """The parts that change seldom: as they were, or drawn again."""
        policy = float(self.storyboard.policy[min(int(frame.at), self.storyboard.policy.size - 1)])
        now: dict[str, object] = {
            "policy": policy,
            "members": self.absent[frame.day],
            "news": frame.letters,
            "poll": frame.poll,
            "votes": frame.poll,
            "bars": (frame.poll, frame.counted),
            "outcome": (frame.poll, frame.counted >= 1),
            "time": frame.day,
            "date": frame.day,
        }
        if now != self.state:
            self._change_members(self.absent[frame.day])
            self._change_news(frame)
            self._count(self.storyboard.polls[frame.poll] if frame.poll >= 0 else None, frame.counted)
            self._change_time(float(self.storyboard.days[frame.day]))
            self.policy.set_data([policy, policy], [-0.6, len(self.named) + 1.4])
        for part, state in now.items():
            if part in self.parts and self.state[part] == state:
                self.canvas.restore_region(self.parts[part])  # type: ignore[no-untyped-call]
                continue
            for artist in self.changing[part]:
                self.figure.draw_artist(artist)
            self.parts[part] = self._region(*_PARTS[part])
        self.state = now

    def _change_time(self, now: float) -> None:
        self.date.set_text(day(pd.Timestamp(0) + pd.Timedelta(days=now)))
        self.hand.set_data([now, now], [0.05, 1.0])
        self.so_far.set_data([self.storyboard.days[0], now], [0.35, 0.35])

    def _change_members(self, absent: frozenset[str]) -> None:
        for member in self.named:
            self.names[member].set_alpha(0.45 if member in absent else 1.0)
            self.away[member].set_text("away" if member in absent else "")
        self.dots.set_facecolor([PAPER if member in absent else self.colours[member] for member in self.named])
        self.dots.set_edgecolor([self.colours[member] if member in absent else PAPER for member in self.named])

    def _move_members(self, frame: Frame, stances: Floats) -> None:
        bands = None if self.storyboard.bands is None else between(self.storyboard.bands, frame.at)
        places = [self.order[member] for member in self.named]
        rows = np.arange(len(places), dtype=float)
        self.dots.set_offsets(np.column_stack([stances[places], rows]))
        if bands is not None:
            ends = np.concatenate([bands[np.ix_([0, 3], places)], bands[np.ix_([1, 2], places)]], axis=1)
            self.bars.set_segments(list(np.stack([ends.T, np.tile(rows, 2)[:, None].repeat(2, axis=1)], axis=2)))
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
            mark.set_visible(number >= 0)
            if number < 0:
                continue
            letter = self.storyboard.deliveries[number]
            start = np.array(self._spot(letter.author, stances))
            ends = np.array([self._spot(reader, stances) for reader in letter.readers]).reshape(-1, 2)
            now = start + frame.distance * (ends - start)
            mark.set_data(now[:, 0], now[:, 1])
            mark.set_markerfacecolor(self.colours.get(letter.author, "#b5b5b5"))

    def _change_news(self, frame: Frame) -> None:
        lines = [
            line for number in frame.letters for line in self._news_of(number, max(_NEWS // len(frame.letters), 1))
        ]
        for text, (line, is_head) in zip(self.news, (*lines, *[("", False)] * _NEWS), strict=False):
            text.set_text(line)
            text.set_fontweight("bold" if is_head else "normal")
            text.set_color(INK if is_head else SOFT)

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
    """The frames of a storyboard as pixels, (720, 1280, 4), one after another."""
    stage = Stage(storyboard)
    for frame in frames(storyboard):
        yield stage.draw(frame)
