"""Sittings: a body that meets has members, and only those who can vote are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.errors import MOST_ALTERNATIVES, suggestion
from sim.scenario import schema
from sim.scenario.seats import summed, together, units, votes_in
from sim.scenario.validation.draft import Draft, once
from sim.scenario.validation.names import named_in_ballot, named_in_procedure
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path


def check_sittings(draft: Draft) -> Iterator[Finding]:
    """A body that meets has members that day, and one that votes has full ones."""
    for path, moment in draft.moments:
        if isinstance(moment, schema.Talk | schema.Ballot) and moment.body in draft.bodies:
            sitting, votes = draft.seating[moment.body].on(moment.date), isinstance(moment, schema.Ballot)
            if not (sitting.votes if votes else sitting.seats):
                which = "full members" if votes else "members"
                yield (*path, "body"), f"'{moment.body}' has no {which} on {moment.date}: look at its seats"


def check_voters(draft: Draft) -> Iterator[Finding]:
    """Whoever voted, was present or takes the chair has a full seat that day, and is not away."""
    for path, ballot, body in draft.ballots:
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


def check_procedures(draft: Draft) -> Iterator[Finding]:
    """Whoever the procedure of a body names has, at some time, a full seat in it."""
    for name, body in draft.bodies.items():
        for path, member, _ in named_in_procedure(("bodies", name, "procedure"), body.procedure):
            if member in draft.named("members") and not _ever_full(body, member):
                full = [member for seats in body.seats if seats.role == "full" for member in seats.members]
                yield path, f"'{member}' has no full seat in '{name}'{suggestion('', dict.fromkeys(full))}"


def check_vetoes(draft: Draft) -> Iterator[Finding]:
    """Nothing is carried against the no of somebody with a veto."""
    for path, ballot, body in _as_recorded(draft):
        holders = (ballot.procedure or body.procedure).vetoes
        for number, vote in enumerate(ballot.votes):
            if vote.vote == "no" and vote.member in holders and ballot.outcome == "carried":
                yield (*path, "votes", number), f"'{vote.member}' has a veto and voted no, so it cannot be carried"


def check_votes_of_blocs(draft: Draft) -> Iterator[Finding]:
    """Those of a bloc whose votes are known by name voted as one."""
    for path, ballot, body in _as_recorded(draft):
        for bloc, members in (ballot.procedure or body.procedure).blocs.items():
            votes = [(number, vote) for number, vote in enumerate(ballot.votes) if vote.member in members]
            for number, vote in votes[1:]:
                if vote.vote != (first := votes[0][1]).vote:
                    yield (
                        (*path, "votes", number),
                        f"'{vote.member}' voted {vote.vote} and '{first.member}' {first.vote}, and both are of the "
                        f"bloc '{bloc}', which votes as one: give the ballot a 'procedure' without it",
                    )


@dataclass(frozen=True)
class _Count:
    """What is known of the votes cast, in votes: the least of each kind, and the most if a source counts them.

    everybody: all votes of the body. heaviest: the most of a single member. there: those of whoever may have voted, the
    others being away or absent.
    """

    least: Mapping[str, float]
    counted: Mapping[str, float | None]
    everybody: float
    heaviest: float
    there: float

    def most(self, word: str) -> float:
        """The most votes of a kind that there can have been."""
        counted, others = self.counted[word], (-self.least[other] for other in VOTES if other != word)
        return summed([self.there, *others]) if counted is None else counted

    @property
    def cast(self) -> float:
        """The fewest votes that can have been cast."""
        return summed(self.least.values())


VOTES = ("yes", "no", "abstain")


@once
def _count(draft: Draft, ballot: schema.Ballot) -> _Count | None:
    """What is known of the votes cast; None where a seat is broken, of a group of any size, or nobody's."""
    votes = _weights(draft, ballot)
    if not votes:
        return None
    named = {word: _named(ballot, votes, word) for word in VOTES}
    tally = ballot.tally
    counted = {word: None if tally is None else getattr(tally, word) for word in VOTES}
    least = {word: max(named[word], counted[word] or 0) for word in VOTES}
    missing = _missing(draft, ballot)
    heaviest = max(each for each in votes_in(draft.seating, ballot).values())
    there = summed(votes[name] for name in votes if name not in missing)
    return _Count(least, counted, summed(votes.values()), heaviest, there)


def _named(ballot: schema.Ballot, votes: Mapping[str, float], word: str) -> float:
    """How many votes of a kind are known by name."""
    return summed(votes.get(vote.member, 0) for vote in ballot.votes if vote.vote == word)


@once
def _weights(draft: Draft, ballot: schema.Ballot) -> dict[str, float]:
    """Everybody who may vote, with their votes, a group with those of all of it; nobody where a member is broken."""
    votes = votes_in(draft.seating, ballot)
    if any(name not in draft.members for name in votes) or ballot.date >= draft.seats_change[ballot.body]:
        return {}
    return {name: together(each, draft.members[name].count or 1) for name, each in votes.items()}


@once
def _missing(draft: Draft, ballot: schema.Ballot) -> set[str]:
    """Those of the voters who have certainly not voted."""
    voters = _weights(draft, ballot)
    voted = {vote.member for one in _choice(draft, ballot) for vote in one.votes}
    if ballot.roll_call is not None and ballot.roll_call.complete:
        return {name for name in voters if name not in voted}
    away = {name for name in voters if any(_away(draft, ballot, name, ()))}
    absent = set() if ballot.by_correspondence else {*ballot.absent} - {*ballot.by_note}
    return (absent | away) - voted


def _choice(draft: Draft, ballot: schema.Ballot) -> list[schema.Ballot]:
    """The motions of which a ballot is one, with itself."""
    if ballot.one_of is None:
        return [ballot]
    return [other for _, other, _ in draft.ballots if other.one_of == ballot.one_of]


def check_outcomes(draft: Draft) -> Iterator[Finding]:
    """An outcome is one that the votes known can make by the rules of the body, whatever the others were."""
    for path, ballot, body in _as_recorded(draft):
        count, procedure = _count(draft, ballot), ballot.procedure or body.procedure
        if count is None or ballot.outcome is None or (ballot.tally is None and not ballot.votes):
            continue
        if ballot.one_of is not None:
            continue  # more than its own votes decide
        if ballot.outcome == "carried":  # all that is not known for it
            yes, no = count.most("yes"), count.least["no"]
        else:
            yes, no = count.least["yes"], count.most("no")
        if yes < count.least["yes"] or no < count.least["no"]:
            continue  # more votes than there are: said already
        made = _decided(procedure, yes, no, count.everybody)
        if made == "carried" and (procedure.vetoes or procedure.heads is not None):
            continue  # a veto, or the heads, may have rejected it
        if made == "rejected" and procedure.blocking_minority is not None:
            continue  # too few against it may have carried it
        # Without a quorum a majority carries nothing; how many came is at least how many voted, if each has one vote.
        is_quorate = count.cast // count.heaviest >= procedure.quorum * count.everybody
        if made == ballot.outcome or made is None or (made == "carried" and not is_quorate):
            continue
        rule = f"by {procedure.majority} majority" if procedure.majority != "unanimity" else "by unanimity"
        known = f"{yes} yes and {no} no are"
        if None in (count.counted["yes"], count.counted["no"]):
            known = f"at {'most' if ballot.outcome == 'carried' else 'least'} {yes} yes and at "
            known += f"{'least' if ballot.outcome == 'carried' else 'most'} {no} no are"
        yield (*path, "outcome"), f"{known} {made} {rule}, not {ballot.outcome}"


def check_quorum(draft: Draft) -> Iterator[Finding]:
    """Nothing is carried where so many were absent that the quorum cannot have been there."""
    for path, ballot, body in _as_recorded(draft):
        quorum, votes = (ballot.procedure or body.procedure).quorum, _weights(draft, ballot)
        if ballot.outcome != "carried" or not votes or ballot.by_correspondence:
            continue
        seats = {name: draft.members[name].count or 1 for name in votes}
        missing = _missing(draft, ballot)
        here = sum(seats[name] for name in seats if name not in missing)
        if here < quorum * sum(seats.values()) - 1e-9:
            wanted = f"a decision takes {100 * quorum:.0f} % of the seats"
            yield (*path, "outcome"), f"at most {here} of {sum(seats.values())} were there, and {wanted}"


def _decided(procedure: schema.Procedure, yes: float, no: float, everybody: float) -> str | None:
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
        case "plurality" | "run-off":
            return None
    return "carried" if is_carried else "rejected"


def check_named_votes(draft: Draft) -> Iterator[Finding]:
    """A tally counts at least the votes that are known by name."""
    for path, ballot, _ in _as_recorded(draft):
        votes = _weights(draft, ballot)
        for word in VOTES:
            counted, named = getattr(ballot.tally, word, None), _named(ballot, votes, word)
            by_name = [vote.member for vote in ballot.votes if vote.vote == word and vote.member in votes]
            if counted is not None and named > counted:
                yield (*path, "tally", word), f"{counted} is fewer than the {named} known by name: {', '.join(by_name)}"


def check_sittings_counted(draft: Draft) -> Iterator[Finding]:
    """Ballots of one sitting are voted on by those who are there: none counts more votes than all of another.

    Nor does a whole count leave out anybody who was there, since whoever is there votes or abstains.
    """
    whole: dict[str, tuple[str, float]] = {}
    there: dict[str, dict[str, float]] = {}
    for _, ballot, _ in _at_sittings(draft):
        sitting, votes = ballot.sitting, _weights(draft, ballot)
        counts = [getattr(ballot.tally, word, None) for word in VOTES]
        if None not in counts:
            whole.setdefault(sitting, (ballot.id, summed(count or 0 for count in counts)))
        named = (*ballot.present, *(vote.member for vote in ballot.votes))
        there.setdefault(sitting, {}).update({name: votes[name] for name in named if name in votes})
    for path, ballot, _ in _at_sittings(draft):
        sitting = ballot.sitting
        other, present = whole.get(sitting, (ballot.id, 0))
        counts = [getattr(ballot.tally, word, None) for word in VOTES]
        counted, known = summed(count or 0 for count in counts), summed(there[sitting].values())
        if ballot.tally is None:
            continue
        if other != ballot.id and (counted > present or (None not in counts and counted != present)):
            yield (
                (*path, "tally"),
                f"{counted} votes are counted, and {present} by '{other}' in the same sitting, where the same people "
                "are: leave out what is not known, or give it a session of its own",
            )
        elif other == ballot.id and sitting in whole and known > counted:
            yield (
                (*path, "tally"),
                f"{counted} votes are counted, and {known} were there by name ({', '.join(there[sitting])}): whoever "
                "is there votes or abstains",
            )


def _as_recorded(draft: Draft) -> Sequence[tuple[Path, schema.Ballot, schema.Body]]:
    """The ballots of a file as it stands; in a world that something has changed, what was counted is another's."""
    return [] if draft.is_changed else draft.ballots


def _at_sittings(draft: Draft) -> Iterator[tuple[Path, schema.Ballot, schema.Body]]:
    """Those that are held in a room, by all who have come and by nobody else."""
    for path, ballot, body in _as_recorded(draft):
        if not ballot.by_correspondence and ballot.attendance is None and not ballot.by_note:
            yield path, ballot, body


def check_tallies(draft: Draft) -> Iterator[Finding]:
    """No more votes are counted than the body has, or than it has without those who were away or absent."""
    for path, ballot, _ in draft.ballots:
        votes = _weights(draft, ballot)
        if ballot.tally is None or not votes:
            continue
        whole = summed(votes.values())
        missing = [] if draft.is_changed else [name for name in votes if name in _missing(draft, ballot)]
        there = summed(votes[name] for name in votes if name not in missing)
        counted, parts = summed(getattr(ballot.tally, word) or 0 for word in VOTES), units(votes.values())
        for word in VOTES:
            if parts % units([getattr(ballot.tally, word) or 0]):
                steps = "are whole numbers" if parts == 1 else f"come in steps of {1 / parts:.12g}"
                yield (
                    (*path, "tally", word),
                    f"{getattr(ballot.tally, word)} votes cannot have been counted: those of the seats {steps}",
                )
        if counted > whole:
            yield (*path, "tally"), f"{counted} votes are counted, and '{ballot.body}' has {whole} on {ballot.date}"
        elif counted > there:
            who = ", ".join(missing[:MOST_ALTERNATIVES]) + (" and others" if len(missing) > MOST_ALTERNATIVES else "")
            yield (*path, "tally"), f"{counted} votes are counted, and {there} were there to be: without {who}"


def check_presence(draft: Draft) -> Iterator[Finding]:
    """Nobody is both at a sitting and missing from it, and nobody who was missing has voted, but by note."""
    there: dict[tuple[str, str], str] = {}
    for _, ballot, _ in draft.ballots:
        in_the_room = {*ballot.present, *(vote.member for vote in ballot.votes)} - {*ballot.by_note}
        there |= {(ballot.sitting, name): ballot.id for name in in_the_room}
    for path, ballot, _ in draft.ballots:
        unnamed = set() if ballot.roll_call is None else _missing(draft, ballot)
        if ballot.roll_call is not None and ballot.roll_call.complete:
            for name in sorted(unnamed - {*ballot.absent}):
                where = there.get((ballot.sitting, name))
                if where is not None:
                    yield (
                        (*path, "roll_call"),
                        f"'{name}' is among those who voted or were present in '{where}', of the same sitting, and a "
                        "roll call that is complete names all who were there",
                    )
        for number, name in enumerate(ballot.absent):
            where = there.get((ballot.sitting, name))
            if where is not None and name not in ballot.by_note:
                yield (
                    (*path, "absent", number),
                    f"'{name}' is among those who voted or were present in '{where}', of the same sitting: take them "
                    "out of one of the two, or name them under 'by_note'",
                )
