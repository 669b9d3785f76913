"""Power in a body, three ways side by side: by the rules alone, in the votes as they fall, and over the outcome.

Formal power knows the seats and the procedure and nothing else. A pivotal vote is one that would have turned a ballot
of the simulated histories. Influence is what comes of a member's first stance, in talk, by letters and by deference:
how far the stances of those who vote, and the chance of carrying, move for a small move of his.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.analysis import pivotal_votes
from sim.analysis.power_indices import Game, banzhaf, shapley_shubik
from sim.array_types import Floats, Ints, Words
from sim.ensembles.batch import Work, cost_of_a_history
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Sums
from sim.errors import UserError, unknown
from sim.model.arrays import arrays_of
from sim.model.plan import Plan
from sim.model.rules.decisions import ROUNDING
from sim.model.rules.voting import ABSTAINED, NO, YES
from sim.scenario.scenario import Scenario, last_decision
from sim.scenario.schema import Ballot, DebateFile, Procedure
from sim.scenario.seats import sitting
from sim.scenario.timeline import Entry

#: How far a first stance is moved, either way, as a share of the axis; and steps of a number in fixed point.
NUDGE, STEPS = 0.025, 2**40


def game_of(procedure: Procedure, votes: list[int], chair: int) -> Game:
    """The game that a procedure makes of seats when all are there and nobody abstains.

    chair: the chair's place, or -1. A tie that a lot decides is counted as lost. With a casting vote every weight is
    doubled and the chair's raised by 1, which decides ties and nothing else.
    """
    total = sum(votes)
    if procedure.majority == "unanimity":
        return Game(tuple(votes), total)
    if procedure.majority == "qualified":
        share = float(procedure.share or 0.0)
        return Game(tuple(votes), max(int(np.ceil(share * total - ROUNDING)), 1))
    if procedure.ties == "chair" and chair >= 0:
        return Game(tuple(2 * weight + (place == chair) for place, weight in enumerate(votes)), total + 1)
    if procedure.ties == "carried":
        return Game(tuple(votes), max((total + 1) // 2, 1))
    return Game(tuple(votes), total // 2 + 1)


def ballots_of(debate: DebateFile, body: str) -> list[Ballot]:
    """The ballots of a body in the order of the file. Raises UserError for no body, or one that holds none."""
    if body not in debate.bodies:
        raise UserError(unknown(body, "body of this debate", debate.bodies))
    found = [item for item in debate.timeline if isinstance(item, Ballot) and item.body == body]
    if not found:
        holding = {item.body: None for item in debate.timeline if isinstance(item, Ballot)}
        raise UserError(f"'{body}' holds no ballot here: name one that does ({', '.join(holding)})")
    return found


@dataclass(frozen=True)
class _Held:
    """The ballots of a body, played with everybody's first stance as it is, and moved both ways, one at a time."""

    scenario: Scenario
    body: str
    seed: int

    NAMES = ("put", "cast", "pivotal", "stance", "chance", "moved")

    @property
    def name(self) -> str:
        """What files that keep some of it are called."""
        return f"{self.scenario.name}-power"

    @property
    def cost(self) -> float:
        """Of one history and all its nudges, in member-moments."""
        return cost_of_a_history(self.scenario) * (1 + 2 * len(arrays_of(self.scenario).names.members))

    def asked(self) -> list[Any]:
        """What tells it from other work."""
        return ["power", self.scenario.digest, self.body, self.seed]

    def unpacked(self, arrays: Mapping[str, Ints]) -> Sums:
        """What is kept of it in a file."""
        return Sums.unpacked(self.NAMES, arrays)

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

    def chunk(self, replicates: Words) -> Sums:
        """put: (ballots,). cast, pivotal: (ballots, members), histories.

        stance, chance: (ballots, members), what a member's nudge up less his nudge down moves the voters' mean
        stance and the chance of carrying, in fixed point and summed over histories; moved: (members,), how far his
        own first stance lay apart in the two.
        """
        inputs = Work(self.scenario, self.seed, False, {}).inputs(replicates)
        names = arrays_of(self.scenario).names
        shape = (len(self.entries), len(names.members))
        cast, turning, stance, chance = (np.zeros(shape, np.int64) for _ in range(4))
        held = pivotal_votes.hold(self.plan, inputs)
        put = np.zeros(len(self.entries), np.int64)
        place = {name: row for row, name in enumerate(names.members)}
        for number, (row, entry) in enumerate(self.entries):
            rows = self._electors(row, entry)
            vote = held.vote[rows]
            put[number] = int((~np.isnan(held.chance[self.plan.moments.ballot[row]])).sum())
            turned = pivotal_votes.pivotal(self.plan, row, held)
            for k, member in enumerate(entry.who):
                cast[number, place[member]] = int(np.isin(vote[k], (YES, NO, ABSTAINED)).sum())
                turning[number, place[member]] = int(turned[k].sum())
        low, high = float(self.plan.rules.low), float(self.plan.rules.high)
        moved = np.zeros(len(names.members), np.int64)
        for who in range(len(names.members)):
            ends = []
            for sign in (1.0, -1.0):
                other = inputs.first.copy()
                other[who] = np.clip(inputs.first[who] + sign * NUDGE * (high - low), low, high)
                ends.append((other[who], *self._moved(pivotal_votes.hold(self.plan, inputs._replace(first=other)))))
            (x, up, sure), (y, down, unsure) = ends
            moved[who] = _fixed((x - y) / (high - low))
            for number in range(len(self.entries)):
                stance[number, who] = _fixed((up[number] - down[number]) / (high - low))
                chance[number, who] = _fixed(sure[number] - unsure[number])
        arrays = {"put": put, "cast": cast, "pivotal": turning, "stance": stance, "chance": chance, "moved": moved}
        return Sums(replicates.size, arrays)

    def _electors(self, row: int, entry: Entry) -> slice:
        start = int(self.plan.ballots.first_elector[self.plan.moments.ballot[row]])
        return slice(start, start + len(entry.who))

    def _moved(self, held: Any) -> tuple[list[Floats], list[Floats]]:
        """By ballot, the mean stance of its voters in each history, and the chance of carrying: 0 where not put."""
        stances = [held.stance[self._electors(row, entry)].mean(axis=0) for row, entry in self.entries]
        chances = [np.nan_to_num(held.chance[self.plan.moments.ballot[row]], nan=0.0) for row, _ in self.entries]
        return stances, chances


def _fixed(values: Floats) -> int:
    return int(np.floor(values * STEPS + 0.5).astype(np.int64).sum())


@dataclass(frozen=True)
class Power:
    """Power in a body over its ballots. Shares are of the histories in which a ballot was put."""

    scenario: Scenario
    body: str
    runs: int
    seed: int
    tally: Sums

    @cached_property
    def ballots(self) -> list[Ballot]:
        """Its ballots, in the order of play."""
        entries = _Held(self.scenario, self.body, self.seed).entries
        return [entry.item for _, entry in entries if isinstance(entry.item, Ballot)]

    def _formal(self, ballot: Ballot) -> pandas.DataFrame:
        """member, votes, shapley_shubik, banzhaf of those who may vote that day."""
        debate = self.scenario.debate
        seats = [seat for seat in sitting(debate, debate.bodies[ballot.body], ballot.date) if seat.is_full]
        procedure, names = ballot.procedure or debate.bodies[ballot.body].procedure, [seat.member for seat in seats]
        chair = names.index(procedure.chair) if procedure.chair in names else -1
        game = game_of(procedure, [seat.votes for seat in seats], chair)
        return pandas.DataFrame(
            {
                "member": names,
                "votes": [seat.votes for seat in seats],
                "shapley_shubik": [float(share) for share in shapley_shubik(game)],
                "banzhaf": [float(share) for share in banzhaf(game)],
            }
        )

    @cached_property
    def by_ballot(self) -> pandas.DataFrame:
        """One row a ballot and member of the debate.

        decision, date, member, votes, shapley_shubik, banzhaf (0 without a vote), attends: the share of histories in
        which he took part; pivotal: in which his vote would have turned it; influence: units by which the voters' mean
        stance moves for one unit of his first stance; leverage: by which the chance that it is put and carried does.
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
                    "attends": self.tally["cast"][number] / put,
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
    def table(self) -> pandas.DataFrame:
        """One row a member, means over the body's ballots (of leverage, of its size), by influence, voters first.

        Motions lead different ways, so that the same stance is for one and against another.
        """
        sizes = self.by_ballot.assign(leverage=self.by_ballot.leverage.abs()).drop(columns=["decision", "date"])
        rows = sizes.groupby("member", sort=False).mean().reset_index()
        rows = rows[(rows.votes > 0) | (rows.influence != 0)]
        voting = rows.assign(votes_at_all=rows.votes > 0)
        order = voting.sort_values(["votes_at_all", "influence"], ascending=[False, False], kind="stable")
        return order.drop(columns="votes_at_all").reset_index(drop=True)

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"body": self.body}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"power": self.table, "power_by_ballot": self.by_ballot}


def power(
    scenario: Scenario, body: str | None = None, runs: int = 500, seed: int = 1922, executor: Executor | None = None
) -> Power:
    """Power in a body: formal indices, pivotal votes, and what comes of each first stance, on shared luck.

    body: the one that holds the last decision compared with the record by default. runs: histories, each played once
    as it is and twice for every member. Raises UserError for a body that is none or holds no ballot.
    """
    debate = scenario.debate
    if body is None:
        decision = last_decision(scenario)
        body = next((item.body for item in debate.timeline if isinstance(item, Ballot) and item.id == decision), "")
    ballots_of(debate, body)
    return Power(scenario, body, runs, seed, execute(_Held(scenario, body, seed), runs, executor))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Power:
    """The power in the body with these settings, made again."""
    return power(scenario, settings["body"], runs, seed, executor)
