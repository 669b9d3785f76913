"""A debate as arrays: members, parameters, ballots and moments of a scenario become the rows of a `Plan`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from sim.model import plan as tables
from sim.model.array_types import Bytes, Floats, Ints, Words
from sim.model.plan import ONE, ZERO, Plan, Records
from sim.model.rules import decisions, letters, persuasion, voting
from sim.scenario.conditions import HAPPENED, Condition
from sim.scenario.scenario import Scenario
from sim.scenario.schema import SEATS, Absence, Ballot, DebateFile, Event, Letter, Procedure, Talk, Term
from sim.scenario.seats import (
    Seating,
    choice_of,
    named_votes,
    people,
    persons,
    position,
    procedure_of,
    seatings,
    units,
    votes_in,
)
from sim.scenario.timeline import WEEKS_IN_A_BLOCK, Entry, key, stream_of, timeline

KINDS = {
    "week": tables.WEEK,
    "absence ends": tables.ABSENCE_ENDS,
    "absence begins": tables.ABSENCE_BEGINS,
    "event": tables.EVENT,
    "letter": tables.LETTER,
    "talk": tables.TALK,
    "ballot": tables.BALLOT,
}
OUTCOMES = {"carried": tables.CARRIED, "rejected": tables.REJECTED, "not put": tables.NOT_PUT}
#: The words of the codes.
OUTCOME_WORDS = {code: word for word, code in OUTCOMES.items()}
#: The codes of votes as the record names them, and as conditions do.
VOTES = {"yes": voting.YES, "no": voting.NO, "abstain": voting.ABSTAINED}
VOTES_ASKED = {"yes": voting.YES, "no": voting.NO, "abstained": voting.ABSTAINED, "absent": voting.WAS_ABSENT}
ARGUED_AS = {"exactly": tables.EXACTLY, "at_least": tables.AT_LEAST, "at_most": tables.AT_MOST}
EFFECTS = {
    "policy": tables.SET_POLICY,
    "first_stance": tables.SET_FIRST_STANCE,
    "if_carried": tables.SET_IF_CARRIED,
    "if_lost": tables.SET_IF_LOST,
    "value": tables.SET_PARAMETER,
    "seat": tables.SET_SEAT,
}
COMPARISONS = {
    "<": tables.POLICY_BELOW,
    "<=": tables.POLICY_AT_MOST,
    ">": tables.POLICY_ABOVE,
    ">=": tables.POLICY_AT_LEAST,
    "=": tables.POLICY_IS,
}


def _records(rows: Sequence[Mapping[str, float]], dtype: np.dtype[np.void]) -> Records:
    table = [tuple(row[name] for name in dtype.names or ()) for row in rows]
    return np.array(table, dtype).view(np.recarray)


@dataclass(frozen=True)
class Names:
    """What the rows of a plan are called. electors: (ballot, member) of every row of electors."""

    members: tuple[str, ...]
    parameters: tuple[str, ...]
    ballots: tuple[str, ...]
    electors: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]


class Arrays(NamedTuple):
    """A debate for the compiled core: plan, all that it reads; names, what the rows of the plan are called."""

    plan: Plan
    names: Names


class _Rows:
    """Finds the row of a named parameter, of a member, of a ballot."""

    def __init__(self, debate: DebateFile, entries: tuple[Entry, ...]) -> None:
        self.parameters = ("0", "1", *debate.parameters)
        self.members = tuple(people(debate))
        self.ballots = tuple(entry.id for entry in entries if entry.kind == "ballot")
        self._parameter = {name: row for row, name in enumerate(self.parameters)}
        self._member = {name: row for row, name in enumerate(self.members)}
        self._ballot = {name: row for row, name in enumerate(self.ballots)}
        electors = ((entry.id, name) for entry in entries if entry.kind == "ballot" for name in entry.who)
        self._elector = {names: row for row, names in enumerate(electors)}
        self._moment = {entry.id: row for row, entry in reversed([*enumerate(entries)])}

    def parameter(self, name: str | None, otherwise: int = ZERO) -> int:
        return otherwise if name is None else self._parameter[name]

    def member(self, name: str | None) -> int:
        return -1 if name is None else self._member[name]

    def ballot(self, name: str) -> int:
        return self._ballot[name]

    def elector(self, ballot: str, member: str) -> int:
        return self._elector[ballot, member]

    def moment(self, name: str) -> int:
        return self._moment[name]


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _members(debate: DebateFile, rows: _Rows) -> Records:
    dynamics = debate.dynamics
    common = {
        "susceptibility": dynamics.talk.susceptibility,
        "attachment": dynamics.talk.attachment,
        "receptiveness": dynamics.letters.receptiveness if dynamics.letters else None,
        "deference": dynamics.deference.weight if dynamics.deference else None,
        "authority": dynamics.authority,
        "competence": dynamics.ballots.competence,
        "salience": None,
    }
    table = []
    for name, member in people(debate).items():
        row: dict[str, float] = {
            field: rows.parameter(
                getattr(member, field) or otherwise, ONE if field in ("authority", "salience") else ZERO
            )
            for field, otherwise in common.items()
        }
        if name == debate.leader:
            row["deference"] = ZERO
        table.append({**row, "key": key(name)})
    return _records(table, tables.MEMBERS)


def _rules(debate: DebateFile, rows: _Rows) -> Records:
    dynamics = debate.dynamics
    letter, drift, deference = dynamics.letters, dynamics.drift, dynamics.deference
    in_force: dict[str, float] = {
        "talk": persuasion.RULES[dynamics.talk.rule],
        "is_friedkin_johnsen": dynamics.talk.rule == "friedkin-johnsen",
        "bound": rows.parameter(dynamics.talk.bound, ONE),
        "latitude": letters.LATITUDES[letter.latitude if letter else "unbounded"],
        "latitude_bound": rows.parameter(letter.bound if letter else None, ONE),
        "ballot": voting.RULES[dynamics.ballots.rule],
        "sharpness": rows.parameter(dynamics.ballots.sharpness),
        "reversion": rows.parameter(drift.reversion if drift else None),
        "noise": rows.parameter(drift.noise if drift else None),
        "leader": rows.member(debate.leader),
        "lapse": rows.parameter(deference.lapses_after if deference else None),
        "mover_weight": rows.parameter(deference.mover_weight if deference else None),
        "low": debate.axis.low,
        "high": debate.axis.high,
        "policy": position(debate, debate.axis.policy.at),
    }
    return _records([in_force], tables.RULES)[0]


def _author_authority(debate: DebateFile, letter: Letter) -> str | None:
    if letter.authority is not None:
        return letter.authority
    if letter.author is None:
        return None
    return debate.members[letter.author].authority or debate.dynamics.authority


def _attendance(debate: DebateFile, entry: Entry) -> str | None:
    if isinstance(entry.item, Ballot) and entry.item.attendance is not None:
        return entry.item.attendance
    return debate.bodies[entry.body].attendance or debate.dynamics.attendance if entry.body else None


def _moment(debate: DebateFile, rows: _Rows, entry: Entry) -> dict[str, float]:
    """The columns of one moment that do not depend on the others."""
    item, day = entry.item, entry.date.toordinal()
    letter = item if isinstance(item, Letter) else None
    return {
        "kind": KINDS[entry.kind],
        "key": key(stream_of(entry)),
        "session": key(entry.session),
        "day": day,
        "word": day // 7 % WEEKS_IN_A_BLOCK if entry.kind == "week" else -1,
        "author": rows.member(letter.author if letter else None),
        "authority": rows.parameter(_author_authority(debate, letter), ONE) if letter else ZERO,
        "argued": float("nan") if letter is None or letter.argues_for is None else position(debate, letter.argues_for),
        "argued_as": ARGUED_AS[letter.argues_as if letter else "exactly"],
        "strength": letter.strength if letter else float("nan"),
        "attendance": rows.parameter(_attendance(debate, entry), ONE),
        "by_name": int(isinstance(item, Talk) and item.body is None),
        "reachable": int(isinstance(item, Absence) and item.reachable),
        "ballot": rows.ballot(entry.id) if entry.kind == "ballot" else -1,
        "least_seat": tables.FULL if isinstance(item, Ballot) and not item.candidates_vote else tables.CANDIDATE,
    }


def _condition(debate: DebateFile, rows: _Rows, condition: Condition) -> dict[str, float]:
    if condition.moment is None:
        threshold = position(debate, condition.threshold)
        return {"kind": COMPARISONS[condition.comparison], "row": -1, "outcome": -1, "position": threshold}
    if condition.member is not None:
        kind, row = tables.VOTED_AS, rows.elector(condition.moment, condition.member)
        outcome = VOTES_ASKED[condition.outcome]
    elif condition.outcome in OUTCOMES:
        kind, row, outcome = tables.DECIDED_AS, rows.ballot(condition.moment), OUTCOMES[condition.outcome]
    else:
        kind, row, outcome = tables.HAS_HAPPENED, rows.moment(condition.moment), int(condition.outcome == HAPPENED)
    return {"kind": kind, "row": row, "outcome": outcome, "position": float("nan")}


def _place(debate: DebateFile, rows: _Rows, term: Term) -> tuple[float, int]:
    """A place that is not known before a history is played: a position, and the row of a parameter or -1."""
    is_parameter = term in debate.parameters
    return (float("nan"), rows.parameter(str(term))) if is_parameter else (position(debate, term), -1)


def _changing(debate: DebateFile) -> list[str]:
    """The bodies in which events change seats."""
    changes = [effect for item in debate.timeline if isinstance(item, Event) for effect in item.changes]
    return sorted({effect.body for effect in changes if effect.body is not None})


def _effects(debate: DebateFile, rows: _Rows, entries: tuple[Entry, ...]) -> Iterator[dict[str, float]]:
    """What the events change, in the order in which they come."""
    bodies = _changing(debate)
    for number, entry in enumerate(entries):
        for effect in entry.item.changes if isinstance(entry.item, Event) else ():
            name, field = effect.target
            changed: dict[str, float] = {"moment": number, "kind": EFFECTS[field], "body": -1, "seat": -1}
            if effect.body is not None:
                changed |= {"body": bodies.index(effect.body), "seat": SEATS.index(str(effect.to))}
                changed |= {"position": float("nan"), "parameter": -1}
            else:
                changed["position"], changed["parameter"] = _place(debate, rows, effect.to)
            if field in ("first_stance", "seat"):
                yield from ({**changed, "row": rows.member(person)} for person in persons(debate, name))
            elif field == "value":
                yield {**changed, "row": rows.parameter(name)}
            else:
                yield {**changed, "row": rows.ballot(name) if name else -1}


def _moments(debate: DebateFile, rows: _Rows, entries: tuple[Entry, ...]) -> Records:
    who, conditions, table = 0, 0, []
    for entry in entries:
        slices = {
            "first_who": who,
            "last_who": who + len(entry.who),
            "first_if": conditions,
            "last_if": conditions + len(entry.conditions),
        }
        table.append({**_moment(debate, rows, entry), **slices})
        who, conditions = slices["last_who"], slices["last_if"]
    return _records(table, tables.MOMENTS)


def _ballot(debate: DebateFile, rows: _Rows, entry: Entry, item: Ballot, votes: Sequence[int]) -> dict[str, float]:
    """The columns of one ballot that do not depend on the others. votes: of everybody, in units."""
    body, deference = debate.bodies[item.body], debate.dynamics.deference
    procedure = procedure_of(debate, item)
    margin = item.abstention_margin or body.abstention_margin or debate.dynamics.ballots.abstention_margin
    if_carried, carried_by = _place(debate, rows, item.if_carried)
    is_leaders = deference is not None and item.moved_by == deference.leader
    # Among several motions there are several movers, and nobody's word is a cue but the leader's.
    heeds_movers = deference is not None and deference.mover_weight is not None and item.one_of is None
    return {
        "if_carried": if_carried,
        "carried_by": carried_by,
        "sets_policy": item.sets_policy,
        "documented": OUTCOMES[item.outcome] if item.outcome else tables.NOT_PUT,
        "by_correspondence": item.by_correspondence,
        "mover": rows.member(item.moved_by if is_leaders or heeds_movers else None),
        "chair": entry.who.index(procedure.chair) if procedure.chair in entry.who else -1,
        "majority": _majority(procedure),
        "share": procedure.share or 0.0,
        "quorum": procedure.quorum,
        "ties": decisions.TIES[procedure.ties],
        "seats": len(votes),
        "all_votes": sum(votes),
        "heads": decisions.heads_code(procedure.heads),
        "blocking": procedure.blocking_minority or 0,
        "margin": rows.parameter(margin),
    }


def _majority(procedure: Procedure) -> int:
    way = decisions.WAYS.get(procedure.majority)
    return decisions.MAJORITIES[procedure.majority, procedure.share_of] if way is None else way


def _ballots(
    debate: DebateFile, rows: _Rows, put: Sequence[Entry], seated: Mapping[str, Seating]
) -> tuple[Records, Records]:
    """The ballots, and the rivals of each."""
    electors, table, rivals = 0, [], list[dict[str, float]]()
    for entry in put:
        if isinstance(entry.item, Ballot):
            row, first = _ballot(debate, rows, entry, entry.item, _votes(seated, entry)), len(rivals)
            among = choice_of(debate, entry.item)
            rivals += _rivals(debate, rows, entry.item, among)
            place = {"motions": len(among), "rank": among.index(entry.item)}
            place |= {"units": units(votes_in(seated, entry.item).values())}
            slices = {"first_elector": electors, "first_rival": first, "last_rival": len(rivals)}
            table.append({**row, **place, **slices})
            electors += len(entry.who)
    return _records(table, tables.BALLOTS), _records(rivals, tables.RIVALS)


def _rivals(debate: DebateFile, rows: _Rows, item: Ballot, among: Sequence[Ballot]) -> Iterator[dict[str, float]]:
    """What may come in place of a motion: other motions of the same choice, or where it leads if lost."""
    for other in among:
        if other is not item:
            position, parameter = _place(debate, rows, other.if_carried)
            is_leaders = other.moved_by is not None and other.moved_by == debate.leader
            mover, ballot = rows.member(other.moved_by if is_leaders else None), rows.ballot(other.id)
            yield {"position": position, "parameter": parameter, "ballot": ballot, "mover": mover}
    for end in item.if_lost:
        position, parameter = _place(debate, rows, end)
        yield {"position": position, "parameter": parameter, "ballot": -1, "mover": -1}


def _documented(debate: DebateFile, put: Sequence[Entry]) -> Bytes:
    """The vote on record of each elector of each ballot, as a code."""
    known = {entry.id: named_votes(debate, entry.item) for entry in put if isinstance(entry.item, Ballot)}
    votes = ((known[entry.id].get(name), entry) for entry in put for name in entry.who)
    return np.array([voting.NO_VOTE if vote is None else VOTES[vote.vote] for vote, _ in votes], np.int8)


def _on_record(debate: DebateFile, entries: tuple[Entry, ...]) -> dict[str, dict[str, int]]:
    """What is on record of who was at each sitting: who is named as there or not, or whose vote is known."""
    sittings: dict[str, dict[str, int]] = {}
    for entry in entries:
        if isinstance(item := entry.item, Ballot):
            known = sittings.setdefault(entry.session, {})
            missing = entry.who if item.roll_call is not None and item.roll_call.complete else ()
            # Of several motions each may have its own list of those who voted for it.
            elsewhere = {name for name in missing if item.one_of and known.get(name) == tables.IN_THE_ROOM}
            absent = (name for name in [*missing, *persons(debate, *item.absent)] if name not in elsewhere)
            known |= dict.fromkeys(absent, tables.NOT_THERE)
            voted = set(named_votes(debate, item)) - {*persons(debate, *item.by_note)}
            known |= dict.fromkeys([*persons(debate, *item.present), *sorted(voted)], tables.IN_THE_ROOM)
    return sittings


def _attending(debate: DebateFile, entries: tuple[Entry, ...]) -> list[int]:
    """What the record says of everybody at every moment; a vote by note is one at that ballot only."""
    sittings, out = _on_record(debate, entries), []
    for entry in entries:
        noted = persons(debate, *entry.item.by_note) if isinstance(entry.item, Ballot) else []
        known = sittings.get(entry.session, {}) | dict.fromkeys(noted, tables.BY_NOTE)
        out += [known.get(name, tables.BY_CHANCE) for name in entry.who]
    return out


def _withholding(debate: DebateFile, rows: _Rows, put: Sequence[Entry]) -> list[int]:
    """The row of the chance that each elector of each ballot abstains for a reason of their own."""
    out = []
    for entry in put:
        reasons = entry.item.abstentions if isinstance(entry.item, Ballot) else ()
        chance = {name: rows.parameter(each.chance, ONE) for each in reasons for name in persons(debate, each.member)}
        out += [chance.get(name, ZERO) for name in entry.who]
    return out


def _votes(seated: Mapping[str, Seating], entry: Entry) -> list[int]:
    if not isinstance(entry.item, Ballot):
        return [0] * len(entry.who)
    votes = votes_in(seated, entry.item).values()
    whole = units(votes)
    return [int(Fraction(str(each)) * whole) for each in votes]


def _seats(debate: DebateFile, entries: tuple[Entry, ...], seated: Mapping[str, Seating]) -> Bytes:
    """What everybody at every moment has by the file in the bodies in which events change seats; -1 in any other."""
    bodies = _changing(debate)
    rows = np.full((sum(len(entry.who) for entry in entries), len(bodies)), -1, np.int8)
    at = 0
    for entry in entries if bodies else ():
        through = entry.item.readers if isinstance(entry.item, Letter) else [entry.body] if entry.body else []
        kinds = {
            name: {seat.member: seat.kind for seat in seated[name].on(entry.date).seats}
            for name in through
            if name in seated
        }
        free = set(persons(debate, *(name for name in through if name not in seated)))
        free |= {person for name, seats in kinds.items() if name not in bodies for person in seats}
        for person in entry.who:
            for column, name in enumerate(bodies):
                if person not in free and person in kinds.get(name, {}):
                    rows[at, column] = SEATS.index(kinds[name][person])
            at += 1
    return rows


def _vetoes(debate: DebateFile, put: Sequence[Entry]) -> list[int]:
    """Which elector of each ballot has a veto."""
    out = []
    for entry in put:
        holders = persons(debate, *procedure_of(debate, entry.item).vetoes) if isinstance(entry.item, Ballot) else []
        out += [int(name in holders) for name in entry.who]
    return out


def _blocs(debate: DebateFile, put: Sequence[Entry]) -> list[int]:
    """The place of the first of the bloc of each elector of each ballot; their own place without one."""
    out = []
    for entry in put:
        blocs = procedure_of(debate, entry.item).blocs.values() if isinstance(entry.item, Ballot) else ()
        first: dict[str, int] = {}
        for members in blocs:
            places = [entry.who.index(name) for name in persons(debate, *members) if name in entry.who]
            first |= {entry.who[place]: min(places) for place in places}
        out += [first.get(name, place) for place, name in enumerate(entry.who)]
    return out


def _weights(debate: DebateFile) -> dict[str, dict[str, float]]:
    """What everybody with a row of weights hears of whom: a group's row is that of each, its weight that of each."""
    weights = debate.dynamics.talk.weights
    return {
        listener: {speaker: weight for heard, weight in row.items() for speaker in persons(debate, heard)}
        for name, row in (weights.rows.items() if weights else ())
        for listener in persons(debate, name)
    }


def _listening(explicit: Mapping[str, Mapping[str, float]], rows: _Rows) -> Floats:
    listening = np.ones((len(rows.members), len(rows.members)))
    for listener, row in explicit.items():
        listening[rows.member(listener)] = 0.0
        for speaker, weight in row.items():
            listening[rows.member(listener), rows.member(speaker)] = weight
    return listening


def _pair_keys(debate: DebateFile, members: tuple[str, ...]) -> Words:
    """The key of every pair (i, j), i < j; needed only where talk meets pairs."""
    if persuasion.RULES[debate.dynamics.talk.rule] != persuasion.MEETING_PAIRS:
        return np.zeros((1, 1), np.uint64)
    keys = np.zeros((len(members), len(members)), np.uint64)
    for i, one in enumerate(members):
        for j, other in enumerate(members[i + 1 :], start=i + 1):
            keys[i, j] = keys[j, i] = key(" ".join(sorted((one, other))))
    return keys


def arrays_of_debate(debate: DebateFile) -> Arrays:
    """The arrays of a debate that has been read and checked."""
    entries = timeline(debate)
    rows, seated = _Rows(debate, entries), seatings(debate)
    put = [entry for entry in entries if entry.kind == "ballot"]
    explicit = _weights(debate)
    conditions = [_condition(debate, rows, condition) for entry in entries for condition in entry.conditions]
    ballots, rivals = _ballots(debate, rows, put, seated)
    made = Plan(
        members=_members(debate, rows),
        rules=_rules(debate, rows),
        moments=_moments(debate, rows, entries),
        ballots=ballots,
        rivals=rivals,
        conditions=_records(conditions, tables.CONDITIONS),
        effects=_records([*_effects(debate, rows, entries)], tables.EFFECTS),
        who=_ints([rows.member(name) for entry in entries for name in entry.who]),
        attending=_ints(_attending(debate, entries)),
        votes=_ints([votes for entry in entries for votes in _votes(seated, entry)]),
        seats=_seats(debate, entries, seated),
        withholding=_ints(_withholding(debate, rows, put)),
        documented=_documented(debate, put),
        vetoes=np.array(_vetoes(debate, put), np.int8),
        bloc=_ints(_blocs(debate, put)),
        listening=_listening(explicit, rows),
        by_authority=_ints([int(name not in explicit) for name in rows.members]),
        pair_key=_pair_keys(debate, rows.members),
    )
    electors = tuple((entry.id, name) for entry in put for name in entry.who)
    return Arrays(made, Names(rows.members, rows.parameters, rows.ballots, electors, entries))


_KNOWN: WeakKeyDictionary[Scenario, Arrays] = WeakKeyDictionary()


def arrays_of(scenario: Scenario) -> Arrays:
    """The arrays of a scenario, worked out once."""
    if scenario not in _KNOWN:
        _KNOWN[scenario] = arrays_of_debate(scenario.debate)
    return _KNOWN[scenario]
