"""Stable keys of identities: what every random number of a debate is keyed by."""

from __future__ import annotations

import hashlib

from sim.scenario.schema import DebateFile
from sim.scenario.seats import people
from sim.scenario.timeline import Entry, timeline


def key(identity: str) -> int:
    """The 32-bit key of an identity: the same on every machine, in every version."""
    return int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=4).digest(), "little")


def collisions(debate: DebateFile) -> list[tuple[str, str]]:
    """Pairs of identities that draw for the same purpose and have the same key.

    Two such would have the same random numbers. Members draw apart from each other, moments and sessions from
    each other, parameters from each other.
    """
    entries = timeline(debate)
    kinds = (
        people(debate),
        {name: None for entry in entries for name in (stream_of(entry), entry.session)},
        debate.parameters,
    )
    found = []
    for names in kinds:
        taken: dict[int, str] = {}
        for name in names:
            other = taken.setdefault(key(name), name)
            if other != name:
                found.append((other, name))
    return found


#: Purposes of randomness that a posterior knows too: the others are in `model.random_streams`.
PARAMETER, FIRST_STANCE = 6, 7
#: Weeks that share one call of the generator.
WEEKS_IN_A_BLOCK = 4


def stream_of(entry: Entry) -> str:
    """The identity that keys what is drawn at a moment: the weeks of a block of four share one."""
    if entry.kind == "week":
        return f"weeks-{entry.date.toordinal() // 7 // WEEKS_IN_A_BLOCK}"
    return entry.id
