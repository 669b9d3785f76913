"""Sittings: a body that meets has members, and only those who can vote are counted."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import suggestion
from sim.scenario import schema
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.names import named_in_ballot
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path


def check_sittings(draft: Draft) -> Iterator[Finding]:
    """A body that meets has members that day, and one that votes has full ones."""
    for path, moment in draft.moments():
        if isinstance(moment, schema.Talk | schema.Ballot) and moment.body in draft.bodies:
            sitting, votes = draft.seating[moment.body].on(moment.date), isinstance(moment, schema.Ballot)
            if not (sitting.votes if votes else sitting.seats):
                which = "full members" if votes else "members"
                yield (*path, "body"), f"'{moment.body}' has no {which} on {moment.date}: look at its seats"


def check_voters(draft: Draft) -> Iterator[Finding]:
    """Whoever voted, was present or takes the chair has a full seat that day, and is not away."""
    for path, ballot, body in _ballots(draft):
        full = draft.seating[ballot.body].on(ballot.date).votes
        if not full:
            continue  # said already
        for here, name in _at_ballot(path, ballot):
            if name in draft.named("members") and name not in full:
                yield here, f"'{name}' has no full seat in '{ballot.body}' on {ballot.date}{suggestion('', full)}"
            elif "procedure" not in here:
                yield from _away(draft, ballot, name, here)
        chair = body.procedure.chair
        if ballot.procedure is None and chair is not None and chair not in full and _ever_full(body, chair):
            yield (
                (*path, "body"),
                f"'{chair}', who takes the chair of '{ballot.body}', has no full seat on {ballot.date}",
            )


def _ballots(draft: Draft) -> Iterator[tuple[Path, schema.Ballot, schema.Body]]:
    for path, moment in draft.moments():
        if isinstance(moment, schema.Ballot) and moment.body in draft.bodies:
            yield path, moment, draft.bodies[moment.body]


def _at_ballot(path: Path, ballot: schema.Ballot) -> Iterator[tuple[Path, str]]:
    for here, name, _ in named_in_ballot(path, ballot):
        if here[-1] != "moved_by":
            yield here, name


def _away(draft: Draft, ballot: schema.Ballot, name: str, path: Path) -> Iterator[Finding]:
    """Whether somebody who took part is away for certain, out of reach of this ballot."""
    for _, absence in draft.absences.get(name, ()):
        if absence.conditions:
            continue
        reached = ballot.by_correspondence and absence.reachable
        if absence.covers(ballot.date) and not reached:
            yield path, f"'{name}' is away on {ballot.date}, by '{absence.id}' ({absence.date} to {absence.until})"


def _ever_full(body: schema.Body, member: str) -> bool:
    return any(member in seats.members for seats in body.seats if seats.role == "full")


def check_chairs(draft: Draft) -> Iterator[Finding]:
    """Whoever takes the chair of a body has, at some time, a full seat in it."""
    for name, body in draft.bodies.items():
        chair = body.procedure.chair
        if chair is not None and chair in draft.named("members") and not _ever_full(body, chair):
            full = [member for seats in body.seats if seats.role == "full" for member in seats.members]
            yield (
                ("bodies", name, "procedure", "chair"),
                f"'{chair}' has no full seat in '{name}'{suggestion('', dict.fromkeys(full))}",
            )


def check_tallies(draft: Draft) -> Iterator[Finding]:
    """No more votes are counted than the body has."""
    for path, ballot, _ in _ballots(draft):
        if ballot.tally is None:
            continue
        votes = 0
        for name, each in draft.seating[ballot.body].on(ballot.date).votes.items():
            if name not in draft.members:
                break  # a broken member may be a group of any size
            votes += each * (draft.members[name].count or 1)
        else:
            counted = sum(count or 0 for count in (ballot.tally.yes, ballot.tally.no, ballot.tally.abstain))
            if counted > votes > 0:
                yield (*path, "tally"), f"{counted} votes are counted, and '{ballot.body}' has {votes} on {ballot.date}"
