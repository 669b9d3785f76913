"""Power in a body, measured in three ways: by the rules alone, by pivotal votes, and over the outcome.

Formal power knows the seats and the procedure and nothing else. A pivotal vote is one that would have turned a ballot
of the simulated histories. Influence is what a member's first stance does, in talk, by letters and deference: how far
the stances of those who vote, and the chance of carrying, move for a small move of that stance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas

from sim.analysis import pivotal_votes
from sim.analysis.power_indices import AnyGame, Game, banzhaf, shapley_shubik
from sim.ensembles.batch import EnsembleWork, cost_of_a_history
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.model.array_types import Floats, Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import Plan
from sim.model.rules.decisions import ROUNDING, heads_code, heads_enough, heads_needed
from sim.model.rules.voting import ABSTAINED, NO, YES
from sim.model.state import Inputs, VoteRecord
from sim.results.labels import member_label
from sim.results.wording import joined, percent
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario, body_of
from sim.scenario.schema import Ballot, DebateFile, Procedure
from sim.scenario.seats import people, persons, procedure_of, sitting, units
from sim.scenario.shown import ShownResult
from sim.scenario.timeline import Entry

#: How far a first stance is moved, either way, as a fraction of the axis; and steps of a number in fixed point.
NUDGE, STEPS = 0.025, 2**40


class Player(NamedTuple):
    """Who votes as one in a game: a member or a bloc, with their votes, in units, how many they are, and more."""

    votes: int
    heads: int = 1
    has_veto: bool = False
    is_chair: bool = False


def games_of(procedure: Procedure, players: Sequence[Player]) -> list[AnyGame]:
    """The games, all to be won, that a procedure makes of seats when all are there and nobody abstains.

    A tie that a lot decides is counted as lost. With a casting vote every weight is doubled and the chair's raised by
    1, which decides ties and nothing else.
    """
    seats = sum(player.heads for player in players)
    of_votes, heads = _game_of_votes(procedure, players), tuple(player.heads for player in players)
    enough, needed = (
        heads_enough(float(procedure.blocking_minority or 0), seats),
        heads_needed(heads_code(procedure.heads), seats),
    )
    games: list[AnyGame] = [(of_votes, Game(heads, enough)) if enough <= seats else of_votes]
    if needed:
        games.append(Game(heads, needed))
    if holders := sum(player.has_veto for player in players):
        games.append(Game(tuple(int(player.has_veto) for player in players), holders))
    return games


def _game_of_votes(procedure: Procedure, players: Sequence[Player]) -> Game:
    votes = tuple(player.votes for player in players)
    total = sum(votes)
    if procedure.majority == "unanimity":
        return Game(votes, total)
    if procedure.majority == "qualified":
        share = float(procedure.share or 0.0)
        return Game(votes, max(int(np.ceil(share * total - ROUNDING)), 1))
    if procedure.ties == "chair" and any(player.is_chair for player in players):
        return Game(tuple(2 * player.votes + player.is_chair for player in players), total + 1)
    if procedure.ties == "carried":
        return Game(votes, max((total + 1) // 2, 1))
    return Game(votes, total // 2 + 1)


def _players(debate: DebateFile, procedure: Procedure, seats: Mapping[str, float]) -> dict[tuple[str, ...], Player]:
    """Who votes as one, by the members that they are. seats: the votes of everybody who has any."""
    bound = [[name for name in persons(debate, *bloc) if name in seats] for bloc in procedure.blocs.values()]
    alone = [[name] for name in seats if not any(name in bloc for bloc in bound)]
    parts, holders = units(seats.values()), persons(debate, *procedure.vetoes)
    return {
        tuple(members): Player(
            sum(int(Fraction(str(seats[name])) * parts) for name in members),
            len(members),
            not {*holders}.isdisjoint(members),
            procedure.chair in members,
        )
        for members in [*alone, *bound]
        if members
    }


@dataclass(frozen=True)
class PowerWork:
    """The work of playing a body's ballots, with all first stances as they are, and each moved both ways in turn."""

    scenario: Scenario
    body: str
    seed: int

    @property
    def cost(self) -> float:
        """Of one history and all its nudges, in member-moments."""
        return cost_of_a_history(self.scenario) * (1 + 2 * len(arrays_of(self.scenario).names.members))

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return ["power", self.scenario.digest, self.body, self.seed]

    @cached_property
    def entries(self) -> list[tuple[int, Entry]]:
        """The ballots of the body with their rows among the moments."""
        every = enumerate(arrays_of(self.scenario).names.entries)
        return [(row, entry) for row, entry in every if entry.kind == "ballot" and entry.body == self.body]

    @cached_property
    def plan(self) -> Plan:
        """The plan up to the last ballot of the body."""
        whole = arrays_of(self.scenario).plan
        return whole._replace(moments=whole.moments[: self.entries[-1][0] + 1])

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """Plays the histories of these ids: counts by ballot and member.

        put: (ballots,), attended, pivotal: (ballots, members), histories. stance, chance: (ballots, members), what a
        member's first stance moved up less moved down changes of the voters' mean stance and of the chance of carrying,
        in fixed point and summed over histories; by_voter: (voters of all ballots, members), the same of each voter's
        own stance; moved: (members,), how far the first stance lay apart in the two.
        """
        inputs, members = (
            EnsembleWork(self.scenario, self.seed, False, {}).inputs(replicates),
            arrays_of(self.scenario).names.members,
        )
        counts = self._attendance(pivotal_votes.hold(self.plan, inputs))
        stance, chance = (np.zeros((len(self.entries), len(members)), np.int64) for _ in range(2))
        moved, voters = np.zeros(len(members), np.int64), [len(entry.who) for _, entry in self.entries]
        by_voter, last = np.zeros((sum(voters), len(members)), np.int64), np.cumsum(voters)
        low, high = float(self.plan.rules.low), float(self.plan.rules.high)
        for who in range(len(members)):
            (x, up, sure), (y, down, unsure) = (
                self._with_first(inputs, who, np.clip(inputs.first[who] + nudge * (high - low), low, high))
                for nudge in (NUDGE, -NUDGE)
            )
            moved[who] = _fixed((x - y) / (high - low))
            for number in range(len(self.entries)):
                mean, rows = up[number].mean(axis=0) - down[number].mean(axis=0), last[number] - voters[number]
                stance[number, who] = _fixed(mean / (high - low))
                by_voter[rows : last[number], who] = _fixed((up[number] - down[number]) / (high - low))
                chance[number, who] = _fixed(sure[number] - unsure[number])
        moves = {"stance": stance, "chance": chance, "by_voter": by_voter, "moved": moved}
        return Counts(replicates.size, {**counts, **moves}).added_to(so_far)

    def _attendance(self, votes: VoteRecord) -> dict[str, Ints]:
        """put, attended and pivotal of these histories."""
        place = {name: row for row, name in enumerate(arrays_of(self.scenario).names.members)}
        put = np.zeros(len(self.entries), np.int64)
        attended, pivotal = (np.zeros((len(self.entries), len(place)), np.int64) for _ in range(2))
        for number, (row, entry) in enumerate(self.entries):
            members = [place[member] for member in entry.who]
            put[number] = (~np.isnan(votes.chance[self.plan.moments.ballot[row]])).sum()
            cast = np.isin(votes.vote[self._electors(row, entry)], (YES, NO, ABSTAINED))
            attended[number, members] = cast.sum(axis=1)
            pivotal[number, members] = pivotal_votes.pivotal(self.plan, row, votes).sum(axis=1)
        return {"put": put, "attended": attended, "pivotal": pivotal}

    def _electors(self, row: int, entry: Entry) -> slice:
        start = int(self.plan.ballots.first_elector[self.plan.moments.ballot[row]])
        return slice(start, start + len(entry.who))

    def _with_first(self, inputs: Inputs, who: int, stance: Floats) -> tuple[Floats, list[Floats], list[Floats]]:
        """A member's first stance; and with it, by ballot, each voter's stance and the chance or 0 in each history."""
        first = inputs.first.copy()
        first[who] = stance
        votes = pivotal_votes.hold(self.plan, inputs._replace(first=first))
        stances = [votes.stance[self._electors(row, entry)] for row, entry in self.entries]
        chances = [np.nan_to_num(votes.chance[self.plan.moments.ballot[row]], nan=0.0) for row, _ in self.entries]
        return stance, stances, chances


def _fixed(values: Floats) -> Any:
    """The sum over histories, the last axis, in fixed point."""
    return np.floor(values * STEPS + 0.5).astype(np.int64).sum(axis=-1)


@dataclass(frozen=True, repr=False)
class Power(ShownResult):
    """Power in a body over its ballots. Fractions are of the histories in which a ballot was put."""

    scenario: Scenario
    body: str
    runs: int
    seed: int
    tally: Counts

    @property
    def about(self) -> str:
        """The body."""
        return self.body

    @cached_property
    def ballots(self) -> list[Ballot]:
        """Its ballots, in the order of play."""
        entries = PowerWork(self.scenario, self.body, self.seed).entries
        return [entry.item for _, entry in entries if isinstance(entry.item, Ballot)]

    def _formal(self, ballot: Ballot) -> pandas.DataFrame:
        """member, votes, shapley_shubik, banzhaf of those who may vote that day."""
        debate = self.scenario.debate
        held = sitting(debate, debate.bodies[ballot.body], ballot.date)
        votes = {seat.member: seat.votes for seat in held if seat.is_full or ballot.candidates_vote}
        procedure = procedure_of(debate, ballot)
        players = _players(debate, procedure, votes)
        games = games_of(procedure, [*players.values()])
        indices = {
            member: (float(one / len(members)), float(other / len(members)))
            for members, one, other in zip(players, shapley_shubik(*games), banzhaf(*games), strict=True)
            for member in members
        }
        return pandas.DataFrame(
            {
                "member": [*votes],
                "votes": [*votes.values()],
                "shapley_shubik": [indices[name][0] for name in votes],
                "banzhaf": [indices[name][1] for name in votes],
            }
        )

    @cached_property
    def by_ballot(self) -> pandas.DataFrame:
        """One row a ballot and member of the debate.

        decision, date, member, votes, shapley_shubik, banzhaf (0 without a vote), attends: the fraction of histories in
        which they took part; pivotal: in which their vote would have turned it; influence: units by which the voters'
        mean stance moves for one unit of their first stance; leverage: by which the chance of carrying does.
        """
        names, parts = arrays_of(self.scenario).names.members, []
        moved = np.where(self.tally["moved"] > 0, self.tally["moved"], 1) / STEPS
        width = self.scenario.debate.axis.high - self.scenario.debate.axis.low
        for number, ballot in enumerate(self.ballots):
            put = max(int(self.tally["put"][number]), 1)
            informal = pandas.DataFrame(
                {
                    "decision": ballot.id,
                    "date": pandas.Timestamp(ballot.date),
                    "member": names,
                    "attends": self.tally["attended"][number] / put,
                    "pivotal": self.tally["pivotal"][number] / put,
                    "influence": self.tally["stance"][number] / STEPS / moved,
                    "leverage": self.tally["chance"][number] / STEPS / moved / width,
                }
            )
            parts.append(informal.merge(self._formal(ballot), on="member", how="left"))
        table = pandas.concat(parts, ignore_index=True)
        formal = ["votes", "shapley_shubik", "banzhaf"]
        table[formal] = table[formal].fillna(0.0)
        return table[["decision", "date", "member", *formal, "attends", "pivotal", "influence", "leverage"]]

    @cached_property
    def influence_matrix(self) -> pandas.DataFrame:
        """One row a ballot, voter and member of the debate: decision, voter, member, influence.

        influence: units by which the voter's stance at the ballot moves for one unit of the member's first stance. The
        mean over a ballot's voters is the influence in `by_ballot`. As an array, for one ballot:
        `.influence_matrix.query("decision == 'ID'").pivot(index="voter", columns="member", values="influence")`.
        """
        names, ballots = arrays_of(self.scenario).names, {ballot.id for ballot in self.ballots}
        electors = [(decision, voter) for decision, voter in names.electors if decision in ballots]
        moved = np.where(self.tally["moved"] > 0, self.tally["moved"], 1)
        return pandas.DataFrame(
            {
                "decision": np.repeat([decision for decision, _ in electors], len(names.members)),
                "voter": np.repeat([voter for _, voter in electors], len(names.members)),
                "member": np.tile(names.members, len(electors)),
                "influence": (self.tally["by_voter"] / moved).ravel(),
            }
        )

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a member, means over the body's ballots (of leverage, of its size), by influence, voters first.

        Motions lead different ways, so that the same stance is for one and against another.
        """
        sizes = self.by_ballot.assign(leverage=self.by_ballot.leverage.abs()).drop(columns=["decision", "date"])
        rows = sizes.groupby("member", sort=False).mean().reset_index()
        rows = rows[(rows.votes > 0) | (rows.influence != 0)]
        rows = rows.assign(has_vote=rows.votes > 0).sort_values(
            ["has_vote", "influence"], ascending=False, kind="stable"
        )
        return rows.drop(columns="has_vote").reset_index(drop=True)

    @property
    def headline(self) -> str:
        """Who has the most formal power, and who is pivotal most often; all who share a first place."""
        voters = self.table[self.table.votes > 0]
        if voters.empty:
            return f"Nobody has a vote in '{self.body}'."
        formal, pivotal = (_first(voters, column, self.scenario.debate) for column in ("shapley_shubik", "pivotal"))
        return f"{formal} by the rules alone (Shapley and Shubik). In the votes as they fall, {pivotal}."

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"body": self.body}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"power": self.table, "power_by_ballot": self.by_ballot, "influence_matrix": self.influence_matrix}


def _first(voters: pandas.DataFrame, column: str, debate: DebateFile) -> str:
    """Those with the most of something, all who share the first place: of up to three the names, else how many."""
    most = float(voters[column].max())
    if column == "pivotal" and most == 0:
        return "nobody is pivotal in any history"
    ties = [member_label(people(debate)[name]) for name in voters.member[voters[column] >= most - 1e-9]]
    names = joined(ties) if len(ties) <= 3 else f"{len(ties)} members"
    each, has = (" each", "have") if len(ties) > 1 else ("", "has")
    if column == "pivotal":
        return f"{names} {'are' if each else 'is'} pivotal most often, in {percent(most)} of histories{each}"
    return f"{names} {has} the most power, {percent(most)}{each},"


def power(
    scenario: AnyScenario = DEFAULT,
    body: str | None = None,
    runs: int = 500,
    seed: int = 1922,
    executor: Executor | None = None,
) -> Power:
    """Power in a body: formal indices, pivotal votes, and what each first stance brings about.

    scenario: a debate, a shipped name or a path. body: the one that holds the last decision compared with the record by
    default. runs: histories, each played once as it is and, with the same random numbers, twice for every member. seed:
    0 to 2^64 - 1.

    Returns a Power: `.table` has one row a member, `.by_ballot` one a ballot and member, `.influence_matrix` one a
    ballot, voter and member; their help lists the columns.
    Raises UserError for a body that does not exist or holds no ballot, or a number out of its range, ScenarioError for
    a name or a file that is no debate, TypeError for an argument of another kind.

    Example: `sim.power("monopoly-1922", "politburo", runs=200).table`
    """
    scenario = as_scenario(scenario, "sim.power")
    check_numbers(runs=runs, seed=seed)
    body = body_of(scenario, body)
    return Power(scenario, body, runs, seed, execute(PowerWork(scenario, body, seed), runs, executor))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Power:
    """The power in the body with these settings, made again."""
    return power(scenario, settings["body"], runs, seed, executor)
