"""What a film shows, as plain data, and the order of its frames: days pass, letters travel, ballots are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.figures.data import FigureData
from sim.model.array_types import Floats

#: The pixels of a frame: (height, width, 4), red, green, blue and opacity, which is whole. All four, as they are drawn:
#: to leave one out takes longer than to draw the frame.
Pixels = NDArray[np.uint8]

#: Frames a second, and how many a day of letters and a ballot take; a day on which neither happens takes one.
RATE, FLIGHT, COUNT = 24, 16, 40
#: The fraction of a ballot's frames in which its votes are counted; then they stand.
COUNTING = 0.4


@dataclass(frozen=True)
class Delivery:
    """A letter: the day (counted from the first) on which it is read, by whom, and who wrote it ("" for unsigned).

    kind: letter, report, note, speech or news. summary: what it says.
    """

    day: int
    author: str
    readers: tuple[str, ...]
    kind: str
    summary: str


@dataclass(frozen=True)
class Poll:
    """A ballot: its day, and what came of it. votes: by word (yes, no, abstain, absent), numbers or their means."""

    day: int
    label: str
    body: str
    votes: Mapping[str, float]
    outcome: str
    record: str


@dataclass(frozen=True, eq=False)
class Storyboard:
    """Everything that a film shows.

    data: axis, members and marks. days: (days,), as matplotlib counts them, one a day. stances: (members, days), in
    the order of members in `data`. bands: (4, members, days), the 5, 25, 75 and 95 % quantiles, or None for one
    history. policy: (days,). source: what is shown, in words.
    """

    data: FigureData
    days: Floats
    stances: Floats
    bands: Floats | None
    policy: Floats
    deliveries: tuple[Delivery, ...]
    polls: tuple[Poll, ...]
    source: str


@dataclass(frozen=True)
class Frame:
    """One frame. at: the day as a fraction between two days. day: the day written. letters: the deliveries under way.

    distance: how far these are, from 0 to 1. poll: the last ballot, or -1. counted: the fraction of its votes shown.
    """

    at: float
    day: int
    letters: tuple[int, ...]
    distance: float
    poll: int
    counted: float


def _eased(progress: float) -> float:
    """0 to 1 with a gentle start and end."""
    return progress * progress * (3 - 2 * progress)


def frames(storyboard: Storyboard) -> Iterator[Frame]:
    """The frames in order.

    On a day of letters these travel first, and the stances move as they arrive; then the day's ballots are counted.
    """
    last = -1
    for day in range(storyboard.days.size):
        letters = tuple(i for i, letter in enumerate(storyboard.deliveries) if letter.day == day)
        for step in range(FLIGHT if letters else 0):
            progress = (step + 1) / FLIGHT
            arrived = max(2 * progress - 1, 0.0)
            yield Frame(max(day - 1, 0) + _eased(arrived) * min(day, 1), day, letters, _eased(progress), last, 1.0)
        if not letters:
            yield Frame(float(day), day, (), 0.0, last, 1.0)
        for number, poll in enumerate(storyboard.polls):
            if poll.day == day:
                last = number
                for step in range(COUNT):
                    yield Frame(float(day), day, (), 0.0, last, min((step + 1) / (COUNT * COUNTING), 1.0))


def length(storyboard: Storyboard) -> int:
    """How many frames a film has."""
    return sum(1 for _ in frames(storyboard))


def between(course: Floats, at: float) -> Floats:
    """The values of a course, (..., days), at a fraction of a day."""
    before = min(int(at), course.shape[-1] - 1)
    after = min(before + 1, course.shape[-1] - 1)
    weight = at - before
    return np.asarray((1 - weight) * course[..., before] + weight * course[..., after])
