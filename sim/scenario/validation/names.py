"""Names: each thing has its own, and whatever is named is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from sim.errors import suggestion, unknown
from sim.scenario import schema
from sim.scenario.changes import SECTIONS
from sim.scenario.consequences import out_of_order
from sim.scenario.library import whatif_names
from sim.scenario.seats import votes_in
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path


def check_ids(draft: Draft) -> Iterator[Finding]:
    """Every id is given once, across members, bodies, parameters and the timeline."""
    taken: dict[str, str] = {}
    for section, what in (("parameters", "a parameter"), ("members", "a member"), ("bodies", "a body")):
        for name in draft.named(section):
            yield from _first_of_its_name(taken, name, what, (section, name))
    for path, moment in draft.moments_in_any_order:
        when = "" if path[1] in draft.undated else f" on {moment.date}"
        yield from _first_of_its_name(taken, moment.id, f"a {moment.kind}{when}", (*path, "id"))
    for name in draft.named("members"):
        group, _, number = name.rpartition("-")
        if group in draft.members and number.isdecimal() and 1 <= int(number) <= (draft.members[group].count or 0):
            yield ("members", name), f"'{name}' is the id of one of the group '{group}' already: choose another"


def _first_of_its_name(taken: dict[str, str], name: str, what: str, path: Path) -> Iterator[Finding]:
    if name in SECTIONS:
        yield path, f"'{name}' cannot be an id: it is the name of a section"
    if name in taken:
        yield path, f"'{name}' is an id already, that of {taken[name]}: give each thing its own"
    taken.setdefault(name, what)


def check_observation_ids(draft: Draft) -> Iterator[Finding]:
    """Every observation has an id of its own."""
    taken: dict[str, str] = {}
    for name, member in draft.members.items():
        for number, observation in enumerate(member.observations):
            path = ("members", name, "observations", number, "id")
            yield from _first_of_its_name(taken, observation.id, f"an observation of '{name}'", path)


def check_sources(draft: Draft) -> Iterator[Finding]:
    """Every source that is cited is among the sources."""
    known = draft.named("sources")
    for path, part in draft.parts:
        if isinstance(part, schema.Datum):
            for number, source in enumerate(part.source):
                if source not in known:
                    yield (*path, "source", number), unknown(source, "source", known)


def check_members_named(draft: Draft) -> Iterator[Finding]:
    """Whoever is named is a member, and where somebody in particular is meant, no group."""
    for path, name, alone in members_named(draft):
        if name not in draft.named("members"):
            yield path, not_a(draft, name, "member", "members")
        elif alone and name in draft.members and draft.members[name].count is not None:
            yield (
                path,
                f"'{name}' is a group of {draft.members[name].count}, nobody in particular: name a single member",
            )


def members_named(draft: Draft) -> Iterator[tuple[Path, str, bool]]:
    """Every place that names a member: the path, the name, and whether one person must be meant."""
    for name, body in draft.bodies.items():
        for number, seats in enumerate(body.seats):
            yield from _each(("bodies", name, "seats", number, "members"), seats.members)
        yield from named_in_procedure(("bodies", name, "procedure"), body.procedure)
    for path, moment in draft.moments_in_any_order:
        if isinstance(moment, schema.Absence):
            yield (*path, "member"), moment.member, False
        elif isinstance(moment, schema.Letter) and moment.author is not None:
            yield (*path, "author"), moment.author, True
        elif isinstance(moment, schema.Talk):
            yield from _each((*path, "members"), moment.members)
        elif isinstance(moment, schema.Ballot):
            yield from named_in_ballot(path, moment)
    dynamics = draft.dynamics
    if dynamics is not None and dynamics.deference is not None:
        yield ("dynamics", "deference", "leader"), dynamics.deference.leader, True
    if dynamics is not None and dynamics.talk.weights is not None:
        rows: Path = ("dynamics", "talk", "weights", "rows")
        for listener, row in dynamics.talk.weights.rows.items():
            yield (*rows, listener), listener, False
            for heard in row:
                yield (*rows, listener, heard), heard, False


def named_in_ballot(path: Path, ballot: schema.Ballot) -> Iterator[tuple[Path, str, bool]]:
    """Every place in a ballot that names a member: the path, the name, and whether one person must be meant."""
    if ballot.moved_by is not None:
        yield (*path, "moved_by"), ballot.moved_by, True
    if ballot.procedure is not None:
        yield from named_in_procedure((*path, "procedure"), ballot.procedure)
    for key in ("present", "absent", "by_note"):
        yield from _each((*path, key), getattr(ballot, key))
    for number, abstention in enumerate(ballot.abstentions):
        yield (*path, "abstentions", number, "member"), abstention.member, False
    for number, vote in enumerate(ballot.votes):
        yield (*path, "votes", number, "member"), vote.member, False


def named_in_procedure(path: Path, procedure: schema.Procedure) -> Iterator[tuple[Path, str, bool]]:
    """Every place in a procedure that names a member: the path, the name, and whether one person must be meant."""
    if procedure.chair is not None:
        yield (*path, "chair"), procedure.chair, True
    yield from _each((*path, "vetoes"), procedure.vetoes)
    for name, members in procedure.blocs.items():
        yield from _each((*path, "blocs", name), members)


def _each(path: Path, names: Sequence[str]) -> Iterator[tuple[Path, str, bool]]:
    for number, name in enumerate(names):
        yield (*path, number), name, False


def not_a(draft: Draft, name: str, what: str, section: str) -> str:
    """`'committee' is not a member, it is a body`, or the nearest name."""
    for other, called in (
        ("members", "a member"),
        ("bodies", "a body"),
        ("parameters", "a parameter"),
        ("moments", "a moment"),
    ):
        if other != section and name in draft.named(other):
            return f"'{name}' is not a {what}, it is {called}{suggestion(name, draft.named(section))}"
    return unknown(name, what, draft.named(section))


def check_bodies_and_readers(draft: Draft) -> Iterator[Finding]:
    """Letters reach members or bodies; talks and ballots are held in bodies."""
    for path, moment in draft.moments_in_any_order:
        if isinstance(moment, schema.Letter):
            members, bodies = draft.named("members"), draft.named("bodies")
            for number, reader in enumerate(moment.readers):
                if reader not in members and reader not in bodies:
                    yield (*path, "readers", number), unknown(reader, "member or body", [*members, *bodies])
        elif isinstance(moment, schema.Talk | schema.Ballot):
            if moment.body is None or moment.body in draft.named("bodies"):
                continue
            yield (*path, "body"), not_a(draft, moment.body, "body", "bodies")


def check_nobody_is_named_twice(draft: Draft) -> Iterator[Finding]:
    """A list of people names each of them once."""
    for path, part in draft.parts:
        for key in _lists_of_people(type(part)):
            yield from _twice(getattr(part, key), (*path, key))
        if isinstance(part, schema.Procedure):
            yield from _in_two_blocs(part, (*path, "blocs"))
        if isinstance(part, schema.Ballot):
            yield from _twice([vote.member for vote in part.votes], (*path, "votes"))
            yield from _twice([abstention.member for abstention in part.abstentions], (*path, "abstentions"))


@cache
def _lists_of_people(kind: type[schema.Part]) -> list[str]:
    """The fields of a part that are lists of people."""
    return [key for key in ("members", "readers", "present", "absent", "by_note", "vetoes") if key in kind.model_fields]


def _in_two_blocs(procedure: schema.Procedure, path: Path) -> Iterator[Finding]:
    blocs: dict[str, str] = {}
    for bloc, members in procedure.blocs.items():
        for number, name in enumerate(members):
            if name in blocs:
                yield (*path, bloc, number), f"'{name}' is in the bloc '{blocs[name]}' already, and votes with one only"
            blocs.setdefault(name, bloc)


def _twice(names: Iterable[str], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield (*path, number), f"'{name}' is given twice"
        seen.add(name)


def check_sessions(draft: Draft) -> Iterator[Finding]:
    """A session is a talk or a ballot of the same body, and not the moment itself."""
    talks, ballots = draft.named("talks"), draft.named("ballots")
    by_id = {moment.id: moment for _, moment in reversed(draft.moments_in_any_order)}
    for path, moment in draft.moments_in_any_order:
        if not isinstance(moment, schema.Talk | schema.Ballot) or moment.session is None:
            continue
        path, session = (*path, "session"), moment.session
        other = by_id.get(session)
        if session == moment.id:
            yield path, f"'{session}' cannot be its own session"
        elif session not in talks and session not in ballots:
            yield path, unknown(session, "talk or ballot", [*talks, *ballots])
        elif isinstance(other, schema.Talk | schema.Ballot) and other.body != moment.body:
            yield path, f"'{session}' is a session of '{other.body or 'no body'}', not of '{moment.body or 'no body'}'"
        elif isinstance(other, schema.Talk | schema.Ballot) and other.session is not None:
            yield path, f"'{session}' is itself part of the session '{other.session}': name that one"


def check_conditions(draft: Draft) -> Iterator[Finding]:
    """A condition that is not about the policy looks back to an earlier moment, most to a ballot, some to a member."""
    order = {moment.id: (moment.when, path[1]) for path, moment in reversed(draft.moments)}
    for path, moment in draft.moments_in_any_order:
        for number, condition in enumerate(moment.conditions):
            here, name = (*path, "if", number), condition.moment
            if name is None:
                continue  # `axis` looks at these
            what, section = ("ballot", "ballots") if condition.is_of_a_ballot else ("moment", "moments")
            if name not in draft.named(section):
                yield here, not_a(draft, name, what, section)
            elif path[1] not in draft.undated and name in order and order[name] >= (moment.when, path[1]):
                when = f"is this very {what}" if name == moment.id else f"comes only on {order[name][0][0]}, after this"
                yield here, f"'{name}' {when}: a condition looks back to an earlier {what}"
            elif condition.member is not None:
                yield from _elector(draft, condition.member, name, here)


def _elector(draft: Draft, member: str, name: str, path: Path) -> Iterator[Finding]:
    """Whether somebody whose vote a condition asks for is a single member with a vote in that ballot."""
    if member not in draft.named("members"):
        yield path, not_a(draft, member, "member", "members")
        return
    ballot = next((moment for _, moment in draft.moments if moment.id == name), None)
    if isinstance(ballot, schema.Ballot) and ballot.body in draft.bodies:
        electors = votes_in(draft.seating, ballot)
        if electors and member not in electors:
            yield path, f"'{member}' has no vote in '{name}'{suggestion('', electors)}"


def check_effects(draft: Draft) -> Iterator[Finding]:
    """An event changes what a ballot leads to, the policy, the first stance of members, or a parameter."""
    for path, moment in draft.moments_in_any_order:
        for number, effect in enumerate(moment.changes if isinstance(moment, schema.Event) else ()):
            name, field = effect.target
            kinds = {"value": ("parameter", "parameters")}
            kinds |= dict.fromkeys(("first_stance", "seat"), ("member", "members"))
            what, section = kinds.get(field, ("ballot", "ballots"))
            if name and name not in draft.named(section):
                yield (*path, "changes", number, "set"), not_a(draft, name, what, section)
            if effect.body is not None and effect.body not in draft.named("bodies"):
                yield (*path, "changes", number, "in"), not_a(draft, effect.body, "body", "bodies")


def check_follows(draft: Draft) -> Iterator[Finding]:
    """What a moment follows from is an earlier moment."""
    places = {moment.id: path for path, moment in draft.moments}
    for path, moment in draft.moments_in_any_order:
        for number, name in enumerate(moment.follows):
            if name not in draft.named("moments"):
                yield (*path, "follows", number), not_a(draft, name, "moment", "moments")
    for later, earlier in out_of_order(moment for _, moment in draft.moments):
        path, other = places[later.id], places[earlier.id]
        if later is earlier:
            yield (*path, "follows"), f"'{later.id}' cannot follow from itself"
        elif not {path, other} & draft.moved:  # a what-if may ask what would be then: it is told
            when = f"comes only on {earlier.date}" if earlier.date > later.date else "comes later in the file"
            yield (*path, "follows"), f"'{earlier.id}' {when}: a moment follows from an earlier one"


def check_rests_on(draft: Draft) -> Iterator[Finding]:
    """An observation rests on ballots."""
    for name, member in draft.members.items():
        for number, observation in enumerate(member.observations):
            for place, ballot in enumerate(observation.rests_on):
                if ballot not in draft.named("ballots"):
                    path = ("members", name, "observations", number, "rests_on", place)
                    yield path, not_a(draft, ballot, "ballot", "ballots")


def check_story(draft: Draft) -> Iterator[Finding]:
    """A story is about a ballot, and what it asks is a what-if that comes with the program."""
    if draft.story is None:
        return
    if draft.story.decision not in draft.named("ballots"):
        yield ("story", "decision"), not_a(draft, draft.story.decision, "ballot", "ballots")
    if draft.story.change is not None and draft.story.change not in whatif_names():
        yield ("story", "change"), unknown(draft.story.change, "what-if that comes with the program", whatif_names())


def check_defaults(draft: Draft) -> Iterator[Finding]:
    """The default of a reading is one of its options."""
    for name, reading in draft.readings.items():
        if reading.default not in reading.options:
            yield ("readings", name, "default"), unknown(reading.default, "option", reading.options)
