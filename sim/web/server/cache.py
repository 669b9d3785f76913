"""What was answered lately, kept so that it need not be played again: never more than so much."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

#: Answers kept. Each takes up to a megabyte.
ROOM = 24


class Cache:
    """Answers by everything they depend on; the least lately used goes first. Safe among threads.

    It holds what follows from a request alone, so that nobody can tell from it what others have asked, but for
    the time that an answer takes.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """What is kept under a key, or what `make` makes, kept from now on."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Made outside the lock: two who ask for the same at once both make it, and make the same.
        made = make()
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self.room:
                self._kept.popitem(last=False)
        return made
