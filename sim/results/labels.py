"""What members and moments are called in few words, and which members are shown by name."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, DebateFile, Member
from sim.scenario.seats import persons

#: Members shown by name at most: as many as colours can tell apart.
NAMED = 9


class Person(NamedTuple):
    """A person as shown: group is "" but for one of many, and then what all of them are called."""

    member: str
    label: str
    named: bool
    group: str


@functools.lru_cache(maxsize=4096)
def _words_backwards(text: str) -> tuple[str, ...]:
    """The words of a text from its end: names of members are gone through for every moment of a debate."""
    return tuple(reversed(re.findall(r"\w+", text)))


def short_name(name: str, *texts: str) -> str:
    """An id as a name: its words, spelt as in `texts` where they occur there, the first with a capital."""
    spelt = {word.lower(): word for text in reversed(texts) for word in _words_backwards(text)}
    words = " ".join(spelt.get(word, word) for word in name.split("-"))
    return words[:1].upper() + words[1:]


def member_label(member: Member) -> str:
    """The label, or the name as far as the first comma: of "Ada, the librarian" it is "Ada"."""
    return member.label or member.name.split(",")[0]


def decision_name(debate: DebateFile, decision: str) -> str:
    """A ballot's title, or its id as a name, its words spelt as in the names of members and of its body."""
    ballots = [item for item in debate.timeline if isinstance(item, Ballot) and item.id == decision]
    bodies = [debate.bodies[item.body].name for item in ballots]
    return next((item.title for item in ballots if item.title), None) or short_name(
        decision, *(member_label(member) for member in debate.members.values()), *bodies
    )


def named_members(scenario: Scenario) -> set[str]:
    """Who is shown by name and in a colour of their own: at most `NAMED`.

    Those with a seat where ballots are held of whom a stance is recorded: first the leader to whom others defer, then
    by how often a stance is recorded, by the ballots in which they have a vote, and by their order in the file.
    """
    debate = scenario.debate
    ballots = [entry for entry in scenario.entries if isinstance(entry.item, Ballot)]
    votes = Counter(name for entry in ballots for name in entry.who)
    bodies = {item.body for item in debate.timeline if isinstance(item, Ballot)}
    seated = set(chain.from_iterable(seats.members for body in bodies for seats in debate.bodies[body].seats))
    known = {
        name: member
        for name, member in debate.members.items()
        if name == debate.leader
        or (name in seated and member.count is None and (member.first_stance or member.observations))
    }
    # Sorting keeps the order of the file among equals.
    ranked = sorted(known, key=lambda name: (name != debate.leader, -len(known[name].observations), -votes[name]))
    return set(ranked[:NAMED])


def shown_people(scenario: Scenario) -> Iterator[Person]:
    """Named members first, then those of whom a stance is recorded, then the others, and last the stand-ins."""
    named, members = named_members(scenario), scenario.debate.members

    def place(name: str) -> int:
        member = members[name]
        recorded = bool(member.first_stance or member.observations)
        return 3 if member.count is not None else 0 if name in named else 1 if recorded else 2

    for name in sorted(members, key=place):
        label = member_label(members[name])
        if members[name].count is None:
            yield Person(name, label, name in named, "")
        else:
            for number, person in enumerate(persons(scenario.debate, name), start=1):
                yield Person(person, f"{label} {number}", False, label)
