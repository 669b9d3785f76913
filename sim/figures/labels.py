"""From results to what is drawn of them: the one module here that knows scenarios."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from sim.figures.data import COLUMNS, OPTIONAL, FigureData, Names
from sim.results.labels import Person, member_label, short_name, shown_people
from sim.results.saved import Saved
from sim.results.wording import dated, words
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, DebateFile, Event, Letter, Term
from sim.scenario.seats import named_votes, persons

#: Sittings at most this far apart, or of one session, are drawn as one: a body that meets weekly sat all along.
ONE_WEEK = datetime.timedelta(weeks=1)


@functools.lru_cache(maxsize=1)
def of_saved(saved: Saved) -> FigureData:
    """What the figures show of the results of a replay: all its figures are drawn from the same tables.

    Raises ResultsError if a table is not there.
    """
    optional = [name for name in OPTIONAL if saved.has((name,))]
    data = of_tables(saved.scenario, {name: saved.table(name) for name in (*NEEDED, *optional)})
    return dataclasses.replace(data, basis=basis_of(saved))


def basis_of(saved: Saved, played: str = "histories", fitted: str = "") -> str:
    """What results rest on, in a sentence.

    played: what was played, or drawn, so many times. fitted: what was fitted to what, if the scenario does not say it.
    """
    drawn, *chosen = saved.scenario.basis.split("; ")
    return _sentence("; ".join([fitted or drawn, *chosen, f"{saved.runs:,} {played}, seed {saved.seed}"]))


def _sentence(basis: str) -> str:
    return f"Basis: {basis}."


def of_scenario(scenario: Scenario) -> FigureData:
    """The debate without any results: its axis, members, marks, observations and bodies."""
    return of_tables(scenario, {name: pd.DataFrame(columns=list(columns)) for name, columns in _EMPTY.items()})


#: The tables of a run without which nothing can be drawn.
NEEDED = ("stances", "decisions", "ballots", "policy_as_recorded")
_EMPTY = {name: COLUMNS[name.removesuffix("_as_recorded")] for name in NEEDED}


def of_tables(scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> FigureData:
    """What the figures show of a debate and the tables of its replay."""
    debate = scenario.debate
    axis = debate.axis
    return FigureData(
        title=debate.title,
        question=debate.question,
        axis_label=axis.label,
        low=axis.low,
        high=axis.high,
        positions=tuple((position.name, position.at) for position in axis.positions),
        stances=tables["stances"],
        decisions=tables["decisions"],
        ballots=tables["ballots"],
        policy=tables["policy_as_recorded"],
        members=_table("members", _people(scenario)),
        marks=_marks(scenario),
        observations=_observations(debate),
        bodies=_bodies(scenario),
        recalled=_recalled(debate),
        shown_only=frozenset(b.id for b in _ballots(debate) if not b.is_compared),
        basis=_sentence(scenario.basis),
        fitted=scenario.posterior is not None,
        **{name: tables.get(name) for name in OPTIONAL},
    )


def _abbreviations(text: str) -> str:
    """The words of a text that have a capital within, as VTsIK and GATT have."""
    return " ".join(word for word in re.findall(r"\w+", text) if word[1:] != word[1:].lower())


def _place(debate: DebateFile, term: Term) -> float:
    """A number, or the place of a named position; NaN for `policy`, which has none of its own."""
    if isinstance(term, str):
        return {position.name: position.at for position in debate.axis.positions}.get(term, float("nan"))
    return float(term)


def _table(name: str, rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """A table of the figure data; its days become dates, also where there are none."""
    table = pd.DataFrame(list(rows), columns=list(COLUMNS[name]))
    for column in {"date", "until", "start", "end", "first", "last"} & set(table.columns):
        table[column] = pd.to_datetime(table[column])
    return table


# People ------------------------------------------------------------------------------------------------

#: What a member may have of their own besides a stance, by the names of parameters.
_OWN = ("authority", "susceptibility", "attachment", "receptiveness", "deference", "competence")


def _people(scenario: Scenario) -> list[Person]:
    """Everybody as shown; of one group are those alike: no stance recorded, at the same moments, the same votes."""
    people, members = list(shown_people(scenario)), scenario.debate.members
    moments: dict[str, list[int]] = {person.member: [] for person in people}
    for number, entry in enumerate(scenario.entries):
        for member in set(entry.who) & moments.keys():
            moments[member].append(number)
    votes: dict[str, list[tuple[str, str]]] = {}
    for ballot in _ballots(scenario.debate):
        for member, vote in named_votes(scenario.debate, ballot).items():
            votes.setdefault(member, []).append((ballot.id, vote.vote))

    def kind(person: Person) -> Hashable:
        if person.group or person.named or members[person.member].first_stance or members[person.member].observations:
            return person.group or person.member
        own = *moments[person.member], *votes.get(person.member, ())
        return (*own, *(getattr(members[person.member], name) for name in _OWN))

    sizes, first = Counter(map(kind, people)), {kind(person): person.label for person in reversed(people)}

    def group(person: Person) -> str:
        same = sizes[kind(person)]
        if person.group:
            return f"{person.group} (mean of {same})"
        return f"{first[kind(person)]} and {same - 1} alike" if same > 1 else ""

    grouped = [person._replace(group=group(person)) for person in people]
    return sorted(grouped, key=lambda person: person.group != "")


def _ballots(debate: DebateFile) -> list[Ballot]:
    return [item for item in debate.timeline if isinstance(item, Ballot)]


def _recalled(debate: DebateFile) -> frozenset[tuple[str, str]]:
    """The votes, by ballot and member, that no source records: somebody recalls or infers them, or they are assumed."""
    return frozenset(
        (ballot.id, member)
        for ballot in _ballots(debate)
        for member, vote in named_votes(debate, ballot).items()
        if vote.evidence in ("conjecture", "assumed")
    )


def _observations(debate: DebateFile) -> pd.DataFrame:
    """What the record says of stances; only what is said of a whole period has an end.

    Without that, `between` says that the day is not known, and the stance stands at the day on which it is played.
    """

    def rows() -> Iterator[tuple[object, ...]]:
        for name, member in debate.members.items():
            for seen in member.observations:
                if seen.stance is None:
                    continue  # a movement has no place
                start, until = seen.between if seen.between and seen.whole_period else (seen.date, None)
                for person in persons(debate, name):
                    yield person, start, until, _place(debate, seen.stance), seen.evidence

    return _table("observations", rows()).dropna(subset="stance").reset_index(drop=True)


# What happened -----------------------------------------------------------------------------------------


def _marks(scenario: Scenario) -> pd.DataFrame:
    """Ballots, letters that argue for something, absences and events, in the order of the plan."""
    debate = scenario.debate
    labels = [member_label(member) for member in debate.members.values() if member.count is None]

    def rows() -> Iterator[tuple[object, ...]]:
        for entry in scenario.entries:
            item, label = entry.item, (entry.item and entry.item.title) or short_name(entry.id, *labels)
            first, last = (item and item.between) or (None, None)
            match item:
                case Ballot():
                    yield entry.date, "ballot", _ballot_label(debate, item, labels), "", None, entry.id, first, last
                case Letter(argues_for=position) if position is not None:
                    yield entry.date, "letter", label, item.author or "", None, entry.id, first, last
                case Absence() if entry.kind == "absence begins":
                    yield entry.date, "absence", label, item.member, item.until, entry.id, first, last
                case Event():
                    label = item.title or short_name(entry.id, *labels, _abbreviations(item.summary))
                    yield entry.date, "event", label, "", None, entry.id, first, last

    return _table("marks", rows())


def _ballot_label(debate: DebateFile, ballot: Ballot, members: Sequence[str]) -> str:
    """A ballot's title, or its id as a name, spelt as members, and what is written with capitals within, are."""
    return ballot.title or short_name(
        ballot.id, *members, _abbreviations(f"{debate.bodies[ballot.body].name} {ballot.motion}")
    )


def _bodies(scenario: Scenario) -> pd.DataFrame:
    """When each body talked or voted, sittings of one session or a week apart joined."""
    debate = scenario.debate
    sittings: dict[str, list[tuple[datetime.date, datetime.date, str]]] = {body: [] for body in debate.bodies}
    for entry in scenario.entries:
        if entry.body is None:
            continue
        before = sittings[entry.body]
        if before and (entry.session == before[-1][2] or entry.date - before[-1][1] <= ONE_WEEK):
            before[-1] = (before[-1][0], entry.date, entry.session)
        else:
            before.append((entry.date, entry.date, entry.session))
    return _table(
        "bodies",
        (
            (body, short_name(body, debate.bodies[body].name), start, end)
            for body, held in sittings.items()
            for start, end, _ in held
        ),
    )


def names_of(*worlds: Scenario, basis: str = "") -> Names:
    """What members and ballots of these worlds are called; of two that have one, as the last has it.

    basis: a sentence, if it is not only that of the first.
    """
    members: dict[str, str] = {}
    ballots: dict[str, str] = {}
    dates: dict[str, str] = {}
    for world in worlds:
        debate = world.debate
        members |= {name: member_label(member) for name, member in debate.members.items()}
        spelt = [label for name, label in members.items() if debate.members[name].count is None]
        for item in debate.timeline:
            if isinstance(item, Ballot):
                ballots[item.id] = _ballot_label(debate, item, spelt)
                dates[item.id] = dated(item.date, item.between)
    groups = {person.member: person.group for person in _people(worlds[0])}
    return Names(worlds[0].debate.title, members, ballots, basis or _sentence(worlds[0].basis), groups, dates)


def input_label(scenario: Scenario, name: str) -> tuple[str, str]:
    """What an input is called, and its unit: `eve-writes.strength` is "strength of Eve's letter of 4 May 2024"."""
    debate, (thing, _, field) = scenario.debate, name.partition(".")
    if thing in debate.parameters:
        return words(thing), debate.parameters[thing].unit
    if thing in debate.members:
        return f"first stance of {member_label(debate.members[thing])}", debate.axis.label
    moment = next(item for item in debate.timeline if item.id == thing)
    spelling = [member_label(member) for member in debate.members.values() if member.count is None]
    what = short_name(thing, *spelling)
    if isinstance(moment, Letter) and moment.author:
        what = f"{member_label(debate.members[moment.author])}'s {moment.kind} of {dated(moment.date, moment.between)}"
    return f"{words(field.replace('_', '-'))} of {what}", "" if field in ("date", "strength") else debate.axis.label


def candidate_label(scenario: Scenario, name: str) -> str:
    """A rule by its word, a reading in words: `kamenev=abolition` is "Kamenev: abolition"."""
    debate, (point, _, option) = scenario.debate, name.partition("=")
    spelling = [member_label(member) for member in debate.members.values() if member.count is None]
    if point in debate.readings:
        return f"{short_name(point, *spelling, debate.readings[point].question)}: {words(option)}"
    return point


def world_data(scenario: Scenario, stances: pd.DataFrame, policy: pd.DataFrame, mean: str) -> FigureData:
    """One of two worlds as figure data: mean stances and policy, and the members in the colours that they always have.

    mean: the column that holds this world's means.
    """
    from sim.model.arrays import arrays_of  # which brings the compiler

    quantiles = ("mean", "q05", "q25", "q50", "q75", "q95")
    electors = pd.DataFrame(arrays_of(scenario).names.electors, columns=["decision", "member"])
    return of_tables(
        scenario,
        {
            "stances": stances[["date", "member"]].assign(**dict.fromkeys(quantiles, stances[mean])),
            "policy_as_recorded": policy[["date"]].assign(**dict.fromkeys(("mean", "q05", "q50", "q95"), policy[mean])),
            "decisions": pd.DataFrame(columns=list(COLUMNS["decisions"])),
            "ballots": electors.reindex(columns=list(COLUMNS["ballots"])),
        },
    )
