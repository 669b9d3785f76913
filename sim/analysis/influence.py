"""Who moved whom: every move of a history, put down to what caused it.

A stance moves in talk, by a letter and from week to week, and each of these moves is a sum whose terms have an
author. So what lies between a member's first stance and their last is split without a rest: so much came from each
speaker, so much from each letter's author, so much from their own initial stance, so much from the weekly noise, and
what clipping at the ends of the axis took off.

This is an account of one path, not of causes: a speaker who only passed on what they had heard is credited with it,
and without them somebody else might have said it. What would have changed without a person, a what-if says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.ensembles import batch, summary
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.model import dynamics
from sim.model.array_types import Floats, Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import LETTER, TALK, WEEK
from sim.model.state import begin, empty_votes, in_force
from sim.scenario.scenario import Scenario

#: What a move may be due to. Of `talk` and `letter` there is a mover; `initial_stance` is the member's own.
CHANNELS = ("talk", "letter", "initial_stance", "noise", "clipping")
COLUMNS = ("channel", "mover", "member", "net", "low", "high", "gross")
#: Histories that an account is taken of, how many are played at once, of how many the moves are added up together, and
#: of how many the ends are kept together: work is cut up into such blocks at the least.
MOST, LANES, SUMMED, BLOCK = 512, 256, 64, summary.LANES
#: Bytes that all moves of the histories played at once may take, and the ends of all histories: in a large debate fewer
#: histories are played at once, and an account is taken of fewer.
MOST_AT_ONCE, MOST_KEPT = 2**25, 2**28
#: The quantiles between which 90 % of the histories lie.
LOW, HIGH = 0.05, 0.95
#: What rounding may leave of a history's moves, as a fraction of the axis's width.
ROUNDING = 1e-10
#: Steps of the axis's width in fixed point.
STEPS = 2**46
#: The columns of an account after those of speakers and authors.
INITIAL_STANCE, NOISE, CLIPPING = -3, -2, -1


def authors_of(scenario: Scenario) -> tuple[int, ...]:
    """The rows of the members who write letters, ascending; the row after the last member where nobody signed one."""
    plan, names = arrays_of(scenario)
    letters = plan.moments.author[plan.moments.kind == LETTER]
    return tuple(sorted({int(author) % (len(names.members) + 1) for author in letters}))


def columns_of(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """The columns of an account: channel and mover of each."""
    members = arrays_of(scenario).names.members
    return (
        *(("talk", name) for name in members),
        *(("letter", (*members, "")[author]) for author in authors_of(scenario)),
        *((channel, "") for channel in CHANNELS[INITIAL_STANCE:]),
    )


@dataclass(frozen=True)
class Account:
    """The moves of some histories, added up over time, in units of the axis.

    net: (members, columns, histories), with their sign; gross: (members, columns, sums), without it, added up over
    SUMMED histories (of the last three columns, of the net moves). columns: the channel and mover of each: every
    member in talk, the authors of letters, the member's own initial stance, noise, clipping. first, last: (members,
    histories). talks: of those who talk together, by their rows, what is not in `net` and `gross` yet.
    """

    columns: tuple[tuple[str, str], ...]
    authors: tuple[int, ...]
    net: Floats
    gross: Floats
    first: Floats
    last: Floats
    talks: dict[tuple[int, ...], tuple[Floats, Floats]] = field(default_factory=dict)

    @classmethod
    def blank(cls, scenario: Scenario, first: Floats) -> Account:
        """An account in which nothing has moved yet."""
        authors, columns = authors_of(scenario), columns_of(scenario)
        members, histories = first.shape
        shape = (members, len(columns))
        gross = np.zeros((*shape, -(-histories // SUMMED)))
        return cls(columns, authors, np.zeros((*shape, histories)), gross, first.copy(), first.copy())

    def moves(self, channel: str, mover: str = "") -> Floats:
        """The net moves of a channel and mover, (members, histories)."""
        return self.net[:, self.columns.index((channel, mover))]

    def add_talk(self, who: Ints, moves: Floats, attachment: Floats) -> None:
        """Books what each speaker adds to each hearer, and what draws each back to their initial stance.

        Talks of the same people are added up among themselves first: to add to rows here and there takes longer.
        """
        before = self.talks.get(tuple(who.tolist()))
        if before is None:
            if sum(net.size for net, _ in self.talks.values()) + moves.size > self.net.size:
                self._book_talks()
            self.talks[tuple(who.tolist())] = moves, np.abs(moves)
        else:
            net, gross = before
            net += moves
            gross += np.abs(moves)
        self.net[who, INITIAL_STANCE] += attachment

    def _book_talks(self) -> None:
        for who, (net, gross) in self.talks.items():
            self.net[np.ix_(who, who)] += net
            self.gross[np.ix_(who, who)] += summed(gross)
        self.talks.clear()

    def add_letter(self, author: int, moves: Floats) -> None:
        """Books the moves of a letter's readers, to its author."""
        members = len(self.net)
        column = members + self.authors.index(author % (members + 1))
        self.net[:, column] += moves
        self.gross[:, column] += summed(np.abs(moves))

    def add_week(self, reversion: Floats, noise: Floats) -> None:
        """Books the reversion and the noise of a week."""
        self.net[:, INITIAL_STANCE] += reversion
        self.net[:, NOISE] += noise

    def close(self, last: Floats, width: float) -> None:
        """Books what is left as clipping, but for what rounding leaves. width: of the axis."""
        self._book_talks()
        self.last[:] = last
        members = len(self.net)
        talk, letters = self.net[:, :members].sum(axis=1), self.net[:, members:INITIAL_STANCE].sum(axis=1)
        left = last - self.first - (talk + letters + self.net[:, INITIAL_STANCE] + self.net[:, NOISE])
        self.net[:, CLIPPING] = np.where(np.abs(left) > ROUNDING * width, left, 0.0)
        self.gross[:, INITIAL_STANCE:] = summed(np.abs(self.net[:, INITIAL_STANCE:]))


def summed(moves: Floats) -> Floats:
    """The sums over SUMMED histories after SUMMED histories, along the last axis."""
    starts = range(0, moves.shape[-1], SUMMED)
    return np.stack([moves[..., start : start + SUMMED].sum(axis=-1) for start in starts], axis=-1)


def account(work: batch.EnsembleWork, replicates: Words) -> Account:
    """Plays the histories of these ids and books every move.

    For each member and history, the net moves of all columns add up to last less first, to rounding.
    """
    plan, inputs = arrays_of(work.scenario).plan, work.inputs(replicates)
    state, votes = begin(plan, inputs.first), empty_votes(plan, replicates.size)
    book = Account.blank(work.scenario, inputs.first)
    for moment, kind in enumerate(plan.moments.kind.tolist()):
        before = state.stance.copy() if kind in (WEEK, LETTER) else state.stance
        moves, attachment = dynamics.play_and_account(plan, state, inputs, moment, votes)
        if kind == TALK:
            who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
            book.add_talk(who, moves, attachment)
        elif kind == WEEK:
            # The week's normal numbers are still in the state.
            parameters = in_force(plan, state.happened, inputs, moment).parameters
            noise = parameters[plan.rules.noise] * state.noise[:, plan.moments.word[moment]]
            book.add_week(parameters[plan.rules.reversion] * (state.first - before), noise)
        elif kind == LETTER:
            book.add_letter(int(plan.moments.author[moment]), state.stance - before)
    book.close(state.stance, float(plan.rules.high - plan.rules.low))
    return book


@dataclass(frozen=True)
class Influence:
    """The work of taking the account of the histories of an ensemble that follow the record; runs: how many in all."""

    scenario: Scenario
    seed: int
    runs: int

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""
        return batch.cost_of_a_history(self.scenario)

    @cached_property
    def ensemble(self) -> batch.EnsembleWork:
        """The histories."""
        return batch.EnsembleWork(self.scenario, self.seed, follows_record=True, fixed={})

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return ["influence", self.scenario.digest, self.seed, self.runs]

    @property
    def shape(self) -> tuple[int, int]:
        """Members and columns of the account."""
        return len(arrays_of(self.scenario).names.members), len(columns_of(self.scenario))

    @property
    def size(self) -> int:
        """How many histories at either end the quantiles need."""
        return min(int(LOW * (self.runs - 1)) + 2, self.runs)

    @property
    def blocks(self) -> int:
        """Of how many blocks of histories the ends are kept."""
        return -(-self.runs // BLOCK)

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """What the histories of these ids come to.

        net, gross: (members, columns), in fixed point of the axis's width, summed over histories; moved: above 0 where
        anything moved. ends: (blocks, 2, members, columns, size), as the bits of floating-point numbers: of each block
        of histories the smallest net moves, ascending, and the largest with their sign turned. Of the blocks that
        are not played here it has 0, so that adding batches up puts blocks side by side.
        """
        axis, blocks = self.scenario.debate.axis, replicates.astype(np.int64) // BLOCK
        net, gross, moved = (np.zeros(self.shape, np.int64) for _ in range(3))
        ends = np.zeros((self.blocks, 2, *self.shape, self.size))
        ends[np.unique(blocks)] = np.inf
        fitting = max(MOST_AT_ONCE // (8 * net.size), 1)
        lanes = LANES if fitting >= LANES else min(fitting, SUMMED)
        # A block begins with lanes of its own: what is added up together is the same however work is cut up.
        for start in range(0, replicates.size, BLOCK):
            for first in range(start, min(start + BLOCK, replicates.size), lanes):
                book = account(self.ensemble, replicates[first : min(first + lanes, start + BLOCK)])
                for total, sums in ((net, summed(book.net)), (gross, book.gross)):
                    total += np.rint(sums / (axis.high - axis.low) * STEPS).astype(np.int64).sum(axis=-1)
                moved += (book.gross > 0).sum(axis=-1)
                for kept, moves in zip(ends[blocks[first]].swapaxes(0, 1), book.net, strict=True):
                    kept[:] = np.sort(np.concatenate([kept, [moves, -moves]], axis=-1), axis=-1)[..., : self.size]
        arrays = {"net": net, "gross": gross, "moved": moved, "ends": ends.view(np.int64)}
        return Counts(replicates.size, arrays).added_to(so_far)


def interval(ends: Floats, runs: int) -> tuple[Floats, Floats]:
    """The quantiles LOW and HIGH over so many histories, (members, columns), from the `ends` of their blocks."""
    size, place = ends.shape[-1], LOW * (runs - 1)
    bounds = np.empty(ends.shape[1:-1])
    for row in range(ends.shape[2]):
        smallest = np.sort(np.concatenate(list(ends[:, :, row]), axis=-1), axis=-1)
        before, after = smallest[..., int(place)], smallest[..., min(int(place) + 1, size - 1)]
        bounds[:, row] = before + (place - int(place)) * (after - before)
    low, high = bounds
    return low, 0.0 - high


def histories_of(scenario: Scenario, runs: int) -> int:
    """Of how many of the histories of an ensemble an account is taken: at most MOST, and fewer of a large debate."""
    found = MOST
    while found > 1 and _bytes_of_ends(Influence(scenario, 0, found)) > MOST_KEPT:
        found //= 2
    return min(runs, found)


def _bytes_of_ends(work: Influence) -> int:
    members, columns = work.shape
    return 2 * members * columns * work.blocks * work.size * 8


def influence(many: Ensemble, executor: Executor | None = None) -> pandas.DataFrame:
    """Who moved whom, averaged over the first `histories_of` an ensemble that follow the record.

    Columns: channel (a word of CHANNELS); mover (member id, "" for nobody); member, who was moved; net, the mean over
    histories of their moves due to the mover, added up with their sign, in units of the axis; low, high, between which
    90 % of the histories lie; gross, the mean of the same moves added up without their sign (of initial_stance, noise
    and clipping, without the sign of the sum). A member's net values add up to the mean of their last stance less
    their first. The executor reports how many of `histories_of` are done.
    """
    runs = histories_of(many.scenario, many.runs)
    return _table(many.scenario, execute(Influence(many.scenario, many.seed, runs), runs, executor))


def _table(scenario: Scenario, moves: Counts) -> pandas.DataFrame:
    """One row for each mover and member between whom anything passed, and the other channels of every member."""
    axis, members = scenario.debate.axis, np.array(arrays_of(scenario).names.members, object)
    channels, movers = (np.array(names, object) for names in zip(*columns_of(scenario), strict=True))
    column, row = np.nonzero(((moves["moved"] > 0) | ~np.isin(channels, ("talk", "letter"))).T)
    mean = (axis.high - axis.low) / (STEPS * moves.runs)
    low, high = interval(moves["ends"].view(np.float64), moves.runs)
    return pandas.DataFrame(
        {
            "channel": channels[column],
            "mover": np.where(channels[column] == "initial_stance", members[row], movers[column]),
            "member": members[row],
            "net": mean * moves["net"][row, column],
            "low": low[row, column],
            "high": high[row, column],
            "gross": mean * moves["gross"][row, column],
        },
        columns=list(COLUMNS),
    )
