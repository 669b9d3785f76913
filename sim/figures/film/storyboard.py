"""What a film shows, as plain data, and the order of its frames: days pass, letters travel, ballots are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.figures.data import FigureData

#: Frames a second, and how many a day of letters and a ballot take; a day on which neither happens takes one.
RATE, FLIGHT, COUNT = 24, 16, 40
#: The share of a ballot's frames in which its votes are counted; then they stand.
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
    history. policy: (days,). source: what is filmed, in words.
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
    """One frame. at: the day as a fraction between two days. day: the day written. flying: deliveries under way.

    flown: how far, from 0 to 1. poll: the last ballot, or -1. counted: the share of its votes that is shown.
    """

    at: float
    day: int
    flying: tuple[int, ...]
    flown: float
    poll: int
    counted: float


def _eased(share: float) -> float:
    """0 to 1 with a gentle start and end."""
    return share * share * (3 - 2 * share)


def frames(storyboard: Storyboard) -> Iterator[Frame]:
    """The frames in order.

    On a day of letters these travel first, and the stances move as they arrive; then the day's ballots are counted.
    """
    last = -1
    for day in range(storyboard.days.size):
        flying = tuple(i for i, letter in enumerate(storyboard.deliveries) if letter.day == day)
        for step in range(FLIGHT if flying else 0):
            share = (step + 1) / FLIGHT
            arrived = max(2 * share - 1, 0.0)
            yield Frame(max(day - 1, 0) + _eased(arrived) * min(day, 1), day, flying, _eased(share), last, 1.0)
        if not flying:
            yield Frame(float(day), day, (), 0.0, last, 1.0)
        for number, poll in enumerate(storyboard.polls):
            if poll.day == day:
                last = number
                for step in range(COUNT):
                    yield Frame(float(day), day, (), 0.0, last, min((step + 1) / (COUNT * COUNTING), 1.0))


def between(course: Floats, at: float) -> Floats:
    """The values of a course, (..., days), at a fraction of a day."""
    before = min(int(at), course.shape[-1] - 1)
    after = min(before + 1, course.shape[-1] - 1)
    share = at - before
    return np.asarray((1 - share) * course[..., before] + share * course[..., after])
