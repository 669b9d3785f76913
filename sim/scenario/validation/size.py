"""Size: a debate that is sound can still be too large to play."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.schema import Ballot, Body, DebateFile, Dynamics, Member, Span
from sim.scenario.seats import summed, together, units, votes_in
from sim.scenario.validation.draft import Draft, once
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path

MOST_MOMENTS = 20_000  # each is played in every history, and drawn: 380 years of weeks, or a hundred ballots a year
MOST_COUNTS = 200_000  # of the yes in one ballot: the chance of each is worked out, in some milliseconds a history
MOST_CELLS = 2_000_000  # of the table of counts by which a calibration compares a ballot: gigabytes
MOST_MEMORY = 8.0  # gigabytes: what a large computer of a desk has to spare
GIGABYTE = 1e9
#: Gigabytes of memory, as measured: of the program itself, for every pair of people (who moved whom), and for every
#: person on every date whose stances are counted.
OF_THE_PROGRAM, OF_A_PAIR, OF_A_STANCE = 0.25, 230 / GIGABYTE, 5000 / GIGABYTE


def regular_moments(span: Span, dynamics: Dynamics | None, bodies: Iterable[Body]) -> tuple[int, int]:
    """How many weeks of drift there are in a span, and how many regular talks at most."""
    weeks = max((span.end - span.start) // datetime.timedelta(weeks=1) + 1, 0)
    drift = weeks if dynamics is not None and dynamics.drift is not None else 0
    return drift, weeks * sum(body.talks is not None for body in bodies)


def people_in(members: Iterable[Member]) -> int:
    """How many people members are, groups spread out."""
    return sum(member.count or 1 for member in members)


def memory(debate: DebateFile | Draft) -> float:
    """The gigabytes of memory that a replay of a debate needs, at most."""
    weeks = 0 if debate.span is None else regular_moments(debate.span, debate.dynamics, ())[0]
    moments = debate.timeline.values() if isinstance(debate, Draft) else debate.timeline
    dates = 2 + min(weeks, MOST_MOMENTS) + sum(isinstance(moment, Ballot) for moment in moments)
    people = people_in(debate.members.values())
    return OF_THE_PROGRAM + OF_A_PAIR * people**2 + OF_A_STANCE * people * dates


def check_moments(draft: Draft) -> Iterator[Finding]:
    """A debate has no more moments than can be played."""
    if draft.span is None:
        return
    weeks, talks = regular_moments(draft.span, draft.dynamics, draft.bodies.values())
    own = len(draft.timeline)
    if weeks + talks + own > MOST_MOMENTS:
        counts = {"weeks of drift": weeks, "regular talks": talks, "moments of the timeline": own}
        parts = " and ".join(f"{number:,} {what}" for what, number in counts.items() if number)
        remedy = "shorten the span, or do without 'drift' and regular 'talks'" if weeks + talks else "leave some out"
        place: Path = ("span",) if weeks + talks else ("timeline",)
        yield place, f"{parts} are more than the {MOST_MOMENTS:,} moments that can be played: {remedy}"


def check_memory(draft: Draft) -> Iterator[Finding]:
    """A debate has no more people and dates than the memory of a computer holds."""
    needed = memory(draft)
    if needed > MOST_MEMORY:
        people = people_in(draft.members.values())
        largest = max(draft.members, key=lambda name: draft.members[name].count or 1)
        message = f"{people:,} people need about {needed:.0f} GB of memory, and at most {MOST_MEMORY:.0f} GB are used"
        remedy = "let one stand for several, with 'votes' in the seats"
        yield ("members", largest, "count"), f"{message}: {remedy}"


@dataclass(frozen=True)
class _Electorate:
    """Who may vote in a ballot: all votes, in how many parts each is cut, how many people, and what is counted of them.

    heads: the people, where it matters how many of them say yes, else 0. vetoes: those with one. blocs: the people and
    the votes of each.
    """

    votes: float
    parts: int
    people: int
    heads: int
    vetoes: int
    blocs: Mapping[str, tuple[int, float]]


@once
def _electorate(draft: Draft, ballot: Ballot) -> _Electorate:
    votes, procedure = votes_in(draft.seating, ballot), ballot.procedure or draft.bodies[ballot.body].procedure
    people = {name: draft.members[name].count or 1 for name in votes if name in draft.members}
    each = {name: together(votes[name], number) for name, number in people.items()}
    bound = {bloc: [name for name in members if name in people] for bloc, members in procedure.blocs.items()}
    return _Electorate(
        summed(each.values()),
        units(votes.values()),
        sum(people.values()),
        sum(people.values()) if procedure.heads or procedure.blocking_minority else 0,
        sum(people.get(name, 0) for name in procedure.vetoes),
        {bloc: (sum(people[name] for name in of), summed(each[name] for name in of)) for bloc, of in bound.items()},
    )


def check_counts(draft: Draft) -> Iterator[Finding]:
    """A ballot has no more counts of votes, and of heads where they matter, than can be told apart."""
    found: dict[str, Finding] = {}
    for _, ballot, body in draft.ballots:
        if ballot.body in found:
            continue
        of = _electorate(draft, ballot)
        counts = round(of.votes * of.parts) * (of.heads + 1)
        if counts > MOST_COUNTS:
            yes = f"{of.votes:,.12g} votes" + (f" in steps of {1 / of.parts:.12g}" if of.parts > 1 else "")
            yes += f", told from 0 to {of.heads} heads," if of.heads else ""
            seats = max(range(len(body.seats)), key=lambda number: (units([body.seats[number].votes]), -number))
            found[ballot.body] = (
                ("bodies", ballot.body, "seats", seats, "votes"),
                f"{yes} make {counts:,} counts, and at most {MOST_COUNTS:,} can be told apart: give votes "
                f"{'with fewer decimals' if of.parts > 1 else 'in a larger unit'}, rounded",
            )
    yield from found.values()


def check_tables(draft: Draft) -> Iterator[Finding]:
    """A count or named votes that a calibration compares need no larger table than the memory of a computer holds."""
    for path, ballot, _ in draft.ballots:
        if not ballot.is_compared or (ballot.tally is None and not ballot.votes):
            continue
        of = _electorate(draft, ballot)
        yes, no, abstain = (getattr(ballot.tally, word, None) for word in ("yes", "no", "abstain"))
        votes = [1 + round(of.parts * (of.votes if count is None else count)) for count in (yes, no, abstain or 0)]
        cells = math.prod(votes) * (of.heads + 1) * (of.vetoes + 1)
        for people, theirs in of.blocs.values():
            there = (round(theirs * of.parts) + 1) * (of.heads + 1) * (of.vetoes + 1)
            cells = max(cells, (2 * people + 1) * 2 * there)
        if cells > MOST_CELLS:
            yield (
                path,
                f"to compare its votes, a calibration needs a table of {cells:,} cells, and can hold {MOST_CELLS:,}: "
                "give 'fit: false' and say why, or votes with fewer decimals or in a larger unit",
            )
