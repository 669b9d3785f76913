"""Sittings: a body that meets has members, and only those who can vote are counted."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import suggestion
from sim.scenario import schema
from sim.scenario.seats import votes_in
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
        full = votes_in(draft.seating, ballot)
        if not full:
            continue  # said already
        for here, name in _at_ballot(path, ballot):
            if name in draft.named("members") and name not in full:
                seat = "seat" if ballot.candidates_vote else "full seat"
                yield here, f"'{name}' has no {seat} in '{ballot.body}' on {ballot.date}{suggestion('', full)}"
            elif not {"procedure", "absent", "abstentions"} & {*here}:
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
        reached = (ballot.by_correspondence or name in ballot.by_note) and absence.reachable
        if absence.covers(ballot.when) and not reached:
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


def check_outcomes(draft: Draft) -> Iterator[Finding]:
    """An outcome is the one that its tally makes by the rules of the body, where both are given."""
    for path, ballot, body in _as_recorded(draft):
        tally, procedure = ballot.tally, ballot.procedure or body.procedure
        if tally is None or tally.yes is None or tally.no is None or ballot.outcome is None:
            continue
        votes = votes_in(draft.seating, ballot)
        if not votes or any(name not in draft.members for name in votes):
            continue
        everybody = sum(each * (draft.members[name].count or 1) for name, each in votes.items())
        made = _decided(procedure, tally.yes, tally.no, everybody)
        # Without a quorum a majority carries nothing; how many came is at least how many voted.
        came = tally.yes + tally.no + (tally.abstain or 0)
        if made == "carried" and came < procedure.quorum * everybody:
            continue
        if made is not None and made != ballot.outcome:
            rule = f"by {procedure.majority} majority" if procedure.majority != "unanimity" else "by unanimity"
            yield (*path, "outcome"), f"{tally.yes} yes and {tally.no} no are {made} {rule}, not {ballot.outcome}"


def _decided(procedure: schema.Procedure, yes: int, no: int, everybody: int) -> str | None:
    """What a count makes of a motion, if enough were there; None where more than the count decides."""
    match procedure.majority:
        case "simple":
            if yes == no:
                return procedure.ties if procedure.ties in ("carried", "rejected") else None
            return "carried" if yes > no else "rejected"
        case "absolute":
            is_carried = 2 * yes > everybody
        case "qualified":
            of = everybody if procedure.share_of == "members" else yes + no
            is_carried = yes > 0 and yes >= (procedure.share or 0.0) * of - 1e-9
        case "unanimity":
            is_carried = yes > 0 and no == 0
    return "carried" if is_carried else "rejected"


def check_named_votes(draft: Draft) -> Iterator[Finding]:
    """A tally counts at least the votes that are known by name."""
    for path, ballot, _ in _as_recorded(draft):
        votes = votes_in(draft.seating, ballot)
        for word in ("yes", "no", "abstain"):
            counted = getattr(ballot.tally, word, None)
            by_name = [vote.member for vote in ballot.votes if vote.vote == word and vote.member in votes]
            named = sum(votes[name] * (getattr(draft.members.get(name), "count", None) or 1) for name in by_name)
            if counted is not None and named > counted:
                yield (*path, "tally", word), f"{counted} is fewer than the {named} known by name: {', '.join(by_name)}"


def check_sittings_counted(draft: Draft) -> Iterator[Finding]:
    """Ballots of one sitting are voted on by those who are there: none counts more votes than all of another."""
    whole: dict[str, tuple[str, int]] = {}
    for _, ballot, _ in _at_sittings(draft):
        counts = (ballot.tally.yes, ballot.tally.no, ballot.tally.abstain) if ballot.tally else (None,)
        if None not in counts:
            whole.setdefault(ballot.session or ballot.id, (ballot.id, sum(count or 0 for count in counts)))
    for path, ballot, _ in _at_sittings(draft):
        other, present = whole.get(ballot.session or ballot.id, (ballot.id, 0))
        if ballot.tally is None or other == ballot.id:
            continue
        counts = ballot.tally.yes, ballot.tally.no, ballot.tally.abstain
        counted = sum(count or 0 for count in counts)
        if counted > present or (None not in counts and counted != present):
            yield (
                (*path, "tally"),
                f"{counted} votes are counted, and {present} by '{other}' in the same sitting, where the same people "
                "are: leave out what is not known, or give it a session of its own",
            )


def _as_recorded(draft: Draft) -> Iterator[tuple[Path, schema.Ballot, schema.Body]]:
    """The ballots of a file as it stands; in a world that something has changed, what was counted is another's."""
    return iter(()) if draft.is_changed else _ballots(draft)


def _at_sittings(draft: Draft) -> Iterator[tuple[Path, schema.Ballot, schema.Body]]:
    """Those that are held in a room, by all who have come."""
    for path, ballot, body in _as_recorded(draft):
        if not ballot.by_correspondence and ballot.attendance is None:
            yield path, ballot, body


def check_tallies(draft: Draft) -> Iterator[Finding]:
    """No more votes are counted than the body has."""
    for path, ballot, _ in _ballots(draft):
        if ballot.tally is None:
            continue
        votes = 0
        for name, each in votes_in(draft.seating, ballot).items():
            if name not in draft.members:
                break  # a broken member may be a group of any size
            votes += each * (draft.members[name].count or 1)
        else:
            counted = sum(count or 0 for count in (ballot.tally.yes, ballot.tally.no, ballot.tally.abstain))
            if counted > votes > 0:
                yield (*path, "tally"), f"{counted} votes are counted, and '{ballot.body}' has {votes} on {ballot.date}"


def check_presence(draft: Draft) -> Iterator[Finding]:
    """Nobody is both at a sitting and missing from it, and nobody who was missing has voted, but by note."""
    there: dict[tuple[str, str], str] = {}
    for _, ballot, _ in _ballots(draft):
        in_the_room = {*ballot.present, *(vote.member for vote in ballot.votes)} - {*ballot.by_note}
        there |= {(ballot.session or ballot.id, name): ballot.id for name in in_the_room}
    for path, ballot, _ in _ballots(draft):
        for number, name in enumerate(ballot.absent):
            where = there.get((ballot.session or ballot.id, name))
            if where is not None and name not in ballot.by_note:
                yield (
                    (*path, "absent", number),
                    f"'{name}' is among those who voted or were present in '{where}', of the same sitting: take them "
                    "out of one of the two, or name them under 'by_note'",
                )
