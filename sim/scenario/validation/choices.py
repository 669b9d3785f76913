"""Choices among several motions: what is put at once is put in the same way, and one of it wins."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import schema
from sim.scenario.seats import summed, units, votes_in
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path

#: What motions of one choice have in common: they are put at one time to the same people.
ALIKE = (
    "date",
    "time",
    "body",
    "session",
    "conditions",
    "sets_policy",
    "by_correspondence",
    "candidates_vote",
    "attendance",
    "abstention_margin",
    "abstentions",
    "by_note",
)
WAYS = ("plurality", "run-off")
#: What of a procedure is about yes and no alone.
YES_OR_NO = ("vetoes", "heads", "blocking_minority", "blocs")
#: How many counts of votes are told apart at most, motions but one each with all votes: more take too long.
MOST_COUNTS = 20_000

Motions = list[tuple[Path, schema.Ballot]]


def _choices(draft: Draft) -> dict[str, Motions]:
    found: dict[str, Motions] = {}
    for path, moment in draft.moments:
        if isinstance(moment, schema.Ballot) and moment.one_of is not None:
            found.setdefault(moment.one_of, []).append((path, moment))
    return found


def check_motions_of_a_choice(draft: Draft) -> Iterator[Finding]:
    """A choice is among two motions or more that are put at once, in the same way, with a name of its own."""
    for name, motions in _choices(draft).items():
        path, first = motions[0]
        if name in draft.named("moments"):
            yield (*path, "one_of"), f"'{name}' is the id of a moment: give the choice a name of its own"
        is_whole = len(draft.timeline) == len(draft.named("moments"))
        if len(motions) == 1 and is_whole:
            yield (*path, "one_of"), f"'{name}' has one motion, and a choice is among two or more: look at the names"
        for number, (other_path, other) in enumerate(motions[1:], start=1):
            for key in ALIKE:
                if getattr(other, key) != getattr(first, key):
                    word = "if" if key == "conditions" else key
                    yield (
                        (*other_path, word),
                        f"'{word}' is another one than that of '{first.id}', and motions of one choice are put at once",
                    )
            if is_whole and other_path[1] != motions[number - 1][0][1] + 1:  # type: ignore[operator]
                yield (
                    (*other_path, "one_of"),
                    f"'{other.id}' does not stand right after '{motions[number - 1][1].id}': write the motions of "
                    f"'{name}' one after another",
                )


def check_ways_of_choosing(draft: Draft) -> Iterator[Finding]:
    """One of several motions is chosen by plurality or run-off, and a motion by itself by neither."""
    rule = draft.dynamics.ballots.rule if draft.dynamics is not None else None
    for path, moment, body in draft.ballots:
        procedure = moment.procedure or body.procedure
        here = (*path, "procedure" if moment.procedure is not None else "one_of" if moment.one_of else "body")
        is_one_way = procedure.majority in WAYS
        if moment.one_of is None and is_one_way:
            yield here, f"'{procedure.majority}' is among several motions: name the choice in 'one_of' of each"
        elif moment.one_of is not None and not is_one_way:
            yield (
                here,
                f"how is one of '{moment.one_of}' chosen? Give 'procedure: {{majority: plurality}}' or 'run-off', not "
                f"'{procedure.majority}'",
            )
        elif moment.one_of is not None and procedure.ties not in ("rejected", "lot"):
            yield here, f"'ties: {procedure.ties}' is for yes and no: of several motions 'rejected' or 'lot'"
        elif moment.one_of is not None and any(getattr(procedure, key) for key in YES_OR_NO):
            keys = ", ".join(f"'{key}'" for key in YES_OR_NO)
            yield here, f"{keys} are for yes and no, not for several motions"
        elif moment.one_of is not None and rule == "fixed":
            yield here, "the rule 'fixed' knows yes and no alone: choose 'logit' or 'nearest'"


def check_changed_motions(draft: Draft) -> Iterator[Finding]:
    """An event changes where a motion of a choice leads if it is carried: if it is lost, another one is."""
    among = {ballot.id for motions in _choices(draft).values() for _, ballot in motions}
    for path, moment in draft.moments:
        for number, effect in enumerate(moment.changes if isinstance(moment, schema.Event) else ()):
            name, field = effect.target
            if name in among and field == "if_lost":
                yield (
                    (*path, "changes", number, "set"),
                    f"'{name}' leads nowhere if lost: another motion of the choice is carried then",
                )


def check_results_of_choices(draft: Draft) -> Iterator[Finding]:
    """One motion of a choice wins at most, with the most votes, and only the votes for each are counted."""
    for motions in _choices(draft).values():
        carried = [ballot for _, ballot in motions if ballot.outcome == "carried"]
        known = [ballot for _, ballot in motions if ballot.outcome is not None]
        for path, ballot in motions:
            if known and ballot.outcome is None:
                yield path, f"what became of it? '{known[0].id}', of the same choice, has an 'outcome'"
            if ballot.outcome == "carried" and ballot is not carried[0]:
                yield (*path, "outcome"), f"'{carried[0].id}' was carried already, and one of them wins"
            for key in ("no", "abstain"):
                if getattr(ballot.tally, key, None) is not None:
                    yield (*path, "tally", key), "of one of several motions only the votes for it, 'yes', are counted"
        if carried and not draft.is_changed:
            yield from _most_votes(draft, motions, carried[0])


def _most_votes(draft: Draft, motions: Motions, won: schema.Ballot) -> Iterator[Finding]:
    if won.body not in draft.bodies or won.tally is None or won.tally.yes is None:
        return
    procedure = won.procedure or draft.bodies[won.body].procedure
    for path, ballot in motions:
        votes = ballot.tally.yes if ballot.tally is not None else None
        if votes is not None and votes > won.tally.yes and procedure.majority == "plurality":
            yield (*path, "tally", "yes"), f"{votes} is more than the {won.tally.yes} of '{won.id}', which was carried"


def check_size_of_choices(draft: Draft) -> Iterator[Finding]:
    """A choice has few enough motions and votes that every count of them can be told apart."""
    for name, motions in _choices(draft).items():
        path, first = motions[0]
        if first.body not in draft.bodies:
            continue
        members, voters = draft.members, votes_in(draft.seating, first)
        votes = summed(each * ((members[who].count if who in members else 1) or 1) for who, each in voters.items())
        counts = (round(votes * units(voters.values())) + 1) ** (len(motions) - 1)
        if counts > MOST_COUNTS:
            yield (
                (*path, "one_of"),
                f"'{name}' has {len(motions)} motions and {votes:g} votes, which makes {counts:,} counts, and at "
                f"most {MOST_COUNTS:,} can be told apart: put them as a series of ballots, or leave out a motion",
            )
