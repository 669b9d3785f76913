"""What if: two worlds that differ in a little, played on common random numbers, and what comes out differently.

Both run free: nothing is corrected to the record, so that conditions have their effect. History r of the one is
compared with history r of the other, which has the same parameters, first stances and random numbers; so what
differs is due to the difference between the worlds.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.counterfactuals import expectations, extrapolation, headline, paired_dynamics, vote_changes
from sim.counterfactuals.pair import Pair, Pairs
from sim.counterfactuals.paired_dynamics import BASE, DIFFERENCE, OTHER
from sim.counterfactuals.title import what_is_different, with_names
from sim.counterfactuals.vote_changes import CAUSES, PARTS
from sim.ensembles import summary
from sim.ensembles.ensemble import TWO_SIDED, possible_policies, shares_of_policies
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.errors import UserError, quoted
from sim.model.array_types import Floats, Ints
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, NOT_PUT
from sim.model.random_streams import RUNS_PER_DRAW
from sim.results.labels import decision_name, member_label
from sim.results.wording import capital, words
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.changes import changes_as_text, changes_of_text
from sim.scenario.library import what_if
from sim.scenario.scenario import Scenario, rebuild
from sim.scenario.schema import Ballot
from sim.scenario.seats import people
from sim.scenario.shown import ShownResult
from sim.scenario.what_if import WhatIf

#: How often each particle has to be played until intervals are so much too wide that it has to be said.
AGAIN = 1.5


def standard_error(mean: Ints, square: Ints, draws: int, different: int) -> Floats:
    """The standard error of a mean over draws, from fixed-point sums of the draws' means and of their squares.

    The histories of a draw share its parameters, so that the draw is what is independent. different: draws that differ,
    fewer than all where a posterior's particles are played again: of these more histories tell no more. NaN for one.
    """
    if different < 2:
        return np.full(mean.shape, np.nan)
    average = mean / draws
    # Exact while whole: what is the same in both worlds in every draw has an error of exactly 0.
    spread = np.maximum(square / draws - average * average, 0.0)
    return np.asarray(np.sqrt(spread / (different - 1)) / paired_dynamics.STEPS)


@dataclass(frozen=True)
class BallotInBoth:
    """How a ballot went in the histories in which both worlds put it. Pairs: the base, the other world.

    is_put_everywhere: whether these are all histories. votes, margins: by cause, how many votes change on average, and
    what that adds to yes less no. if_carried, if_lost: what it chooses between, on average; if_lost is NaN where more
    than one thing may come in its place. pressed: the fraction of
    those taking part to whom a position has been stated in time; stated: that position, NaN if to nobody.
    voters: its rows of `Comparison.votes_changed`.
    """

    decision: str
    is_put_everywhere: bool
    votes: dict[str, float]
    margins: dict[str, float]
    if_carried: tuple[float, ...]
    if_lost: tuple[float, ...]
    pressed: tuple[float, ...]
    stated: tuple[float, ...]
    voters: pandas.DataFrame

    @property
    def moves(self) -> tuple[float, float]:
        """How far a private and an expressed stance move on average, up or down, of those with a vote in both worlds.

        Of each, from their mean in one world to that in the other.
        """
        private, expressed = (self._moves(name).abs().mean() for name in ("stance", "voiced"))
        return float(private), float(expressed)

    @property
    def mean_moves(self) -> float:
        """How far the mean private stance of those with a vote in both worlds moves."""
        return float(self._moves("stance").mean())

    def _moves(self, name: str) -> pandas.Series[float]:
        return self.voters[f"{name}_other"] - self.voters[name]


@dataclass(frozen=True, repr=False)
class Comparison(ShownResult):
    """Two worlds compared. A `difference` is the other world less the base.

    `low` and `high` hold the difference with 95 % confidence: what another seed could have given, draws taken as the
    independent units. They do not say what the ranges of the parameters leave open; the base's replay does. Under a
    posterior whose particles are played again the interval is wider than it need be, as the notes say; and the
    particles are taken as independent, so that where the sampler's runs disagree it may be too narrow.
    label: a short name of the other world, for files. title: what is different in it.
    """

    base: Scenario
    other: Scenario
    runs: int
    seed: int
    tally: Counts
    label: str = ""
    title: str = ""

    @property
    def scenario(self) -> Scenario:
        """The base."""
        return self.base

    @property
    def about(self) -> str:
        """What is different in the other world."""
        return self.title

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from: label, title, and what differs in the other world."""
        return {"label": self.label, "title": self.title, **what_differs(self.base, self.other)}

    @cached_property
    def pair(self) -> Pair:
        """What corresponds to what in the two worlds."""
        return Pair(self.base, self.other)

    @cached_property
    def draws(self) -> int:
        """The draws of parameters and first stances that the histories are spread over."""
        return -(-self.runs // RUNS_PER_DRAW)

    @property
    def _draws(self) -> tuple[int, int]:
        """All draws, and how many of them differ."""
        posterior = self.base.posterior
        return self.draws, self.draws if posterior is None else min(self.draws, posterior.size)

    @cached_property
    def _ballots(self) -> dict[str, Ballot]:
        worlds = (self.other, self.base)
        return {item.id: item for world in worlds for item in world.debate.timeline if isinstance(item, Ballot)}

    @cached_property
    def decisions(self) -> pandas.DataFrame:
        """One row a ballot of either world.

        put, carried: the share of all histories in which it was put, and put and carried. difference: of carried,
        with its interval. flips_to_carried, flips_to_lost: the share of all histories in which it is carried in the
        other world only, or in the base only. date: the other world's where it has the ballot.
        """
        both = self.tally["outcomes"]
        named = [self._ballots[name] for name in self.pair.ballots]
        in_other = {item.id: item for item in self.other.debate.timeline}
        carried, carried_other = both[:, CARRIED].sum(axis=1), both[:, :, CARRIED].sum(axis=1)
        in_both = both[:, CARRIED, CARRIED]
        error = standard_error(self.tally["ballot_mean"], self.tally["ballot_square"], *self._draws)[:, DIFFERENCE]
        table = {
            "decision": [ballot.id for ballot in named],
            "date": pandas.to_datetime([in_other.get(ballot.id, ballot).date for ballot in named]),
            "motion": [ballot.motion for ballot in named],
            "put": (self.runs - both[:, NOT_PUT].sum(axis=1)) / self.runs,
            "put_other": (self.runs - both[:, :, NOT_PUT].sum(axis=1)) / self.runs,
            "carried": carried / self.runs,
            "carried_other": carried_other / self.runs,
            **self._interval((carried_other - carried) / self.runs, error, 1.0),
            "flips_to_carried": (carried_other - in_both) / self.runs,
            "flips_to_lost": (carried - in_both) / self.runs,
        }
        return pandas.DataFrame(table)

    @staticmethod
    def _interval(difference: Any, error: Floats, most: float) -> dict[str, Any]:
        half = TWO_SIDED * error
        return {
            "difference": difference,
            "low": np.maximum(difference - half, -most),
            "high": np.minimum(difference + half, most),
        }

    @cached_property
    def flips(self) -> pandas.DataFrame:
        """The decisions that come out differently in any history."""
        table = self.decisions
        return table[(table.flips_to_carried > 0) | (table.flips_to_lost > 0)].reset_index(drop=True)

    @cached_property
    def unput(self) -> pandas.DataFrame:
        """What becomes of decisions because they come to a vote in one world only: decision, falls_away, comes_up.

        falls_away: the share of all histories in which it is carried in the base, and not put in the other world;
        comes_up: in which it is not put in the base, and carried in the other world. What is left of `flips_to_lost`
        and of `flips_to_carried` is put in both worlds, and turns.
        """
        both = self.tally["outcomes"] / self.runs
        return pandas.DataFrame(
            {
                "decision": list(self.pair.ballots),
                "falls_away": both[:, CARRIED, NOT_PUT],
                "comes_up": both[:, NOT_PUT, CARRIED],
            }
        )

    @cached_property
    def ends(self) -> pandas.DataFrame:
        """Where the worlds end: policy, name, share, share_other; one row a policy in which any history ends.

        policy: its place on the axis, in ascending order. name: of the position there, else the place as a number.
        Shares are of all histories.
        """
        possible = possible_policies(self.base, self.other)
        shares = [
            shares_of_policies(self.base, possible, self.tally[f"{world}_policy_bins"][-1:], self.runs)[0]
            for world in ("base", "other")
        ]
        names = {one.at: words(one.name) for one in reversed(self.base.debate.axis.positions)}
        table = {"policy": possible, "name": [names.get(at, f"{at:g}") for at in possible.tolist()]}
        rows = pandas.DataFrame({**table, "share": shares[0], "share_other": shares[1]})
        return rows[(rows.share > 0) | (rows.share_other > 0)].reset_index(drop=True)

    @cached_property
    def names(self) -> dict[str, str]:
        """What each decision is called in a sentence, by its id."""
        worlds = {item.id: world for world in (self.base, self.other) for item in world.debate.timeline}
        return {name: decision_name(worlds[name].debate, name) for name in self.pair.ballots}

    @cached_property
    def labels(self) -> dict[str, str]:
        """What the members of either world are called in a sentence, by their ids."""
        return {
            name: member_label(member)
            for world in (self.other, self.base)
            for name, member in people(world.debate).items()
        }

    @cached_property
    def headline(self) -> str:
        """What the other world comes to, in a few sentences: the decision that changes most, and by whose votes."""
        if not self.part_at_all:
            return headline.NOTHING_DIFFERS
        said, row = [headline.of_decisions(self.decisions, self.names)], headline.largest(self.decisions)
        if row is None:
            last = self.policy.iloc[-1]
            if last.low > 0 or last.high < 0:
                ends = f"95 %: {headline.signed(last.low)} to {headline.signed(last.high)}"
                said.append(f"The policy at the end moves by {headline.signed(last.difference)} on average ({ends}).")
            return " ".join(said)
        votes = self.ballot(row.decision)
        if votes is not None:
            said.append(headline.of_votes(votes.votes, self.leader, *votes.moves, votes.is_put_everywhere))
        return " ".join(filter(None, [*said, headline.of_others(self.decisions, self.names)]))

    @property
    def leader(self) -> str:
        """Whom the others defer to, in words; empty if there is nobody."""
        leader, worlds = self.base.debate.leader, (self.base.debate, self.other.debate)
        rules = [world.dynamics.deference for world in worlds if world.dynamics.deference]
        mover = " or the mover" if any(rule.mover_weight for rule in rules) else ""
        return f"{member_label(self.base.debate.members[leader])}{mover}" if leader else ""

    @cached_property
    def explanations(self) -> pandas.DataFrame:
        """Sentences on results that need one: decision, note; see `sim.counterfactuals.expectations`."""
        rows = expectations.explanations(self)
        return pandas.DataFrame(rows, columns=["decision", "note"], dtype=object)

    @property
    def _width(self) -> float:
        return self.base.debate.axis.high - self.base.debate.axis.low

    def _means(self, base: Ints, other: Ints, rows: Any) -> dict[str, Any]:
        """Means of both worlds and their difference with its interval, from fixed-point sums; units of the axis."""
        low, scale = self.base.debate.axis.low, self._width / summary.STEPS / self.runs
        error = standard_error(self.tally["mean"][:, rows], self.tally["square"][:, rows], *self._draws)[
            ..., DIFFERENCE
        ]
        return {
            "mean": low + scale * base,
            "mean_other": low + scale * other,
            **self._interval(scale * (other - base), self._width * error, self._width),
        }

    @cached_property
    def policy(self) -> pandas.DataFrame:
        """The policy in force by date in both worlds: mean, mean_other, difference, low, high."""
        table = self._means(self.tally["base_policy_sum"], self.tally["other_policy_sum"], -1)
        return pandas.DataFrame({"date": pandas.to_datetime(list(self.pair.dates), format="%Y-%m-%d"), **table})

    @cached_property
    def stances(self) -> pandas.DataFrame:
        """The stance of everybody who is in both worlds, by date: mean, mean_other, difference, low, high."""
        rows = self.pair.schedule.members
        table = self._means(
            self.tally["base_stance_sum"][:, rows[:, 0]], self.tally["other_stance_sum"][:, rows[:, 1]], slice(0, -1)
        )
        index = pandas.MultiIndex.from_product(
            [pandas.to_datetime(list(self.pair.dates), format="%Y-%m-%d"), self.pair.members], names=["date", "member"]
        )
        return pandas.DataFrame({name: column.ravel() for name, column in table.items()}, index).reset_index()

    @cached_property
    def precision(self) -> pandas.DataFrame:
        """The standard error of each difference: date, member (the policy: ''), paired, unpaired.

        unpaired: what it would be for as many histories of each world with independent random numbers.
        """
        error = self._width * standard_error(self.tally["mean"], self.tally["square"], *self._draws)
        names = [*self.pair.members, ""]
        index = pandas.MultiIndex.from_product(
            [pandas.to_datetime(list(self.pair.dates), format="%Y-%m-%d"), names], names=["date", "member"]
        )
        unpaired = np.hypot(error[..., BASE], error[..., OTHER])
        table = {"paired": error[..., DIFFERENCE].ravel(), "unpaired": unpaired.ravel()}
        return pandas.DataFrame(table, index).reset_index()

    @cached_property
    def _steps(self) -> pandas.DataFrame:
        """date, moment, kind of every step; the beginning is the first date of all."""
        start = pandas.Timestamp(self.pair.dates[0])
        rows = [
            (start, "", "beginning") if step.entry is None else (step.entry.date, step.entry.id, step.entry.kind)
            for step in self.pair.steps
        ]
        table = pandas.DataFrame(rows, columns=["date", "moment", "kind"])
        return table.assign(date=pandas.to_datetime(table.date, format="%Y-%m-%d"))

    @cached_property
    def parting(self) -> pandas.DataFrame:
        """Where the worlds part: date, moment, kind, parted, member, share.

        parted: the share of all histories that first differ after this moment, in a stance, an outcome or the policy.
        member, share: whose stance differs then, and in what share of all histories; several may at once. A row
        without a member holds the histories that part by a vote, no stance differing.
        """
        parted, first, by_vote = self.tally["parted"], self.tally["first"], self.tally["by_vote"]
        rows = []
        for step in np.flatnonzero(parted):
            where = [*self._steps.iloc[step], parted[step] / self.runs]
            if by_vote[step]:
                rows.append((*where, "", by_vote[step] / self.runs))
            order = np.argsort(-first[step], kind="stable")
            rows += [
                (*where, self.pair.members[row], first[step, row] / self.runs) for row in order if first[step, row]
            ]
        return pandas.DataFrame(rows, columns=["date", "moment", "kind", "parted", "member", "share"])

    @property
    def part_at_all(self) -> float:
        """The share of histories that differ in anything, at any time."""
        return float(self.tally["parted"].sum() / self.runs)

    @cached_property
    def votes_changed(self) -> pandas.DataFrame:
        """Through whom: one row a ballot of both worlds and member with a vote in either, the most changed first.

        Fractions and means are of the histories in which both worlds put the ballot; NaN if none does. changed: the
        fraction in which their vote differs; by_deference, by_own_stance, by_choice, by_attendance: its parts, by what
        makes it differ (docs/explanation/analyses.md). margin: what this adds to yes less no on average, in votes.
        stance, stance_other, voiced, voiced_other: their mean private and expressed stance, units of the axis, NaN in a
        world in which they have no vote.
        """
        rows = self.pair.voters
        put = np.where(self._put > 0, self._put, np.nan)[rows.ballot]
        changed = self.tally["votes_changed"] / PARTS / put[:, None]
        stances = {
            f"{name}{end}": np.where(
                rows.elector[:, side] >= 0, self._positions(f"votes_{name}", put[:, None])[:, side], np.nan
            )
            for name in ("stance", "voiced")
            for side, end in enumerate(("", "_other"))
        }
        table = pandas.DataFrame(
            {
                "decision": [decision for decision, _ in self.pair.electors],
                "member": [member for _, member in self.pair.electors],
                "changed": changed.sum(axis=1),
                **{f"by_{cause}": changed[:, player] for player, cause in enumerate(CAUSES)},
                "margin": self.tally["votes_margin"].sum(axis=1) / PARTS / put / rows.units[rows.ballot],
                **stances,
            }
        )
        order = table.assign(place=rows.ballot, less=-table.changed)
        return table.loc[order.sort_values(["place", "less"], kind="stable").index].reset_index(drop=True)

    @property
    def _put(self) -> Ints:
        """By ballot of both worlds, the histories in which both put it."""
        return self.tally["votes_put"]

    def _positions(self, name: str, number: Floats) -> Floats:
        """Means of positions that were added in fixed point, over so many, in units of the axis."""
        return np.asarray(self.base.debate.axis.low + self._width * self.tally[name] / vote_changes.STEPS / number)

    @property
    def _has_one_rival(self) -> NDArray[np.bool_]:
        """Whether only one thing may come in place of each ballot of both worlds, (ballots, 2)."""
        plans, rows = [arrays_of(world).plan for world in (self.base, self.other)], self.pair.voters.ballots
        rivals = [(plan.ballots.last_rival - plan.ballots.first_rival)[rows[:, k]] for k, plan in enumerate(plans)]
        return np.asarray(np.stack(rivals, axis=1) == 1)

    def ballot(self, decision: str) -> BallotInBoth | None:
        """How a ballot went where both worlds put it; None if they never do."""
        shared = list(dict.fromkeys(name for name, _ in self.pair.electors))
        if decision not in shared or not self._put[shared.index(decision)]:
            return None
        place = shared.index(decision)
        rows, put = self.pair.voters.ballot == place, int(self._put[place])
        votes, margins = (
            dict(zip(CAUSES, (self.tally[name][rows].sum(axis=0) / PARTS / put / parts).tolist(), strict=True))
            for name, parts in (("votes_changed", 1), ("votes_margin", int(self.pair.voters.units[place])))
        )
        whole, there = np.array([[float(put)]]), np.maximum(self.tally["votes_there"], 1)
        pressed = self.tally["votes_pressed"].astype(np.float64)
        return BallotInBoth(
            decision=decision,
            is_put_everywhere=put == self.runs,
            votes=votes,
            margins=margins,
            if_carried=self._two("votes_if_carried", whole, place),
            if_lost=self._two("votes_if_lost", np.where(self._has_one_rival, put, np.nan), place),
            pressed=tuple((pressed / there)[place].tolist()),
            stated=self._two("votes_stated", np.where(pressed > 0, pressed, np.nan), place),
            voters=self.votes_changed[self.votes_changed.decision == decision],
        )

    def _two(self, name: str, number: Floats, place: int) -> tuple[float, ...]:
        return tuple(self._positions(name, number)[place].tolist())

    @cached_property
    def moments(self) -> pandas.DataFrame:
        """In what share of histories each moment happened: date, moment, kind, happened, happened_other.

        Weeks and regular talks always happen, and are not listed.
        """
        table = self._steps
        has_id = [step.entry is not None and step.entry.item is not None for step in self.pair.steps]
        base, other = (self.tally["happened"] / self.runs).T
        return table.assign(happened=base, happened_other=other)[has_id].reset_index(drop=True)

    @property
    def notes(self) -> list[str]:
        """What went with what was taken out, how an effect against its reason comes about, and what intervals hold."""
        notes = [
            *(f"{capital(with_names(self.base.debate, text))}." for text in self.other.followed),
            *self.explanations.note,
        ]
        draws, different = self._draws
        if draws >= AGAIN * different:
            notes.append(
                f"Each of the posterior's {different} particles is played about {draws / different:.0f} times: the "
                "intervals hold the differences in more than 95 % of seeds."
            )
        return notes

    @cached_property
    def warnings(self) -> list[str]:
        """Where the other world lies far from what the record supports, and why."""
        return extrapolation.warnings(self.pair, self.tally)

    def is_extrapolated(self, until: datetime.date) -> bool:
        """Whether any of the warnings concerns the days up to one."""
        return extrapolation.concerns(self.pair, self.tally, until)

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        names = ("decisions", "votes_changed", "policy", "stances", "parting", "moments", "explanations")
        return {name: getattr(self, name) for name in names} | {
            "warnings": pandas.DataFrame({"warning": self.warnings}, dtype=object)
        }

    def _shown_table(self) -> pandas.DataFrame:
        return self.flips


def whatif(
    base: AnyScenario = DEFAULT,
    other: AnyScenario | WhatIf | Mapping[str, Any] | None = None,
    runs: int = 20_000,
    seed: int = 1922,
    executor: Executor | None = None,
    label: str = "",
    title: str = "",
) -> Comparison:
    """Plays two worlds on common random numbers, both running free, and compares them.

    base: a debate, a shipped name or a path. other: the name of a what-if, the path of one, a change as in a what-if's
    file, {"remove": ID}, or a scenario made from the base by `with_changes`. runs: pairs of histories, from 1 up. seed:
    0 to 2^64 - 1. label, title: see Comparison; by default those of the what-if, else the title says what is different.
    The result does not depend on the executor.

    Returns a Comparison: `.decisions`, `.flips`, `.path` and `.parting` are DataFrames (the help of each lists the
    columns), `.headline` says what differs most.
    Raises ScenarioError for a debate or a what-if that there is not, or that is broken, UserError for two debates on
    different axes or a number out of its range, TypeError for an argument of another kind.

    Example: `sim.whatif("monopoly-1922", "lenin-in-the-room", runs=2000).flips`
    """
    base = as_scenario(base, "sim.whatif")
    check_numbers(runs=runs, seed=seed)
    if isinstance(other, str | Path | WhatIf):
        asked = what_if(other)
        label, title, other = label or asked.file.what_if, title or asked.file.title, base.with_changes(asked)
    elif isinstance(other, Mapping):
        other = base.with_changes(other)
    if not isinstance(other, Scenario):
        raise TypeError(
            "sim.whatif takes as the other world the name of a what-if, the path of one, a change or a Scenario, not "
            f"{quoted(other)}"
        )
    (compared,) = comparisons(base, [(other, label, title or what_is_different(base, other))], runs, seed, executor)
    return compared


def comparisons(
    base: Scenario,
    others: Sequence[tuple[Scenario, str, str]],
    runs: int,
    seed: int,
    executor: Executor | None = None,
) -> Iterator[Comparison]:
    """A base compared with other worlds, each with its label and title; the base is played once.

    Raises UserError for two debates on different axes.
    """
    for other, _, _ in others:
        axes = [(world.debate.axis.low, world.debate.axis.high) for world in (base, other)]
        if axes[0] != axes[1]:
            raise UserError(f"the axis runs from {axes[0]} in one world and from {axes[1]} in the other")
    work = Pairs(base, tuple(other for other, _, _ in others), seed)
    counts = execute(work, runs, executor)
    for number, (other, label, title) in enumerate(others):
        yield Comparison(base, other, runs, seed, work.tally(counts, number), label, title)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Comparison:
    """The comparison with these settings, made again."""
    other = other_world(scenario, settings)
    return whatif(scenario, other, runs, seed, executor, settings["label"], settings["title"])


def what_differs(base: Scenario, other: Scenario) -> dict[str, Any]:
    """What makes the one world of the other, as JSON can keep it: readings, by point; changes, as YAML."""
    added = other.origin.changes[len(base.origin.changes) :]
    return {"readings": other.readings, "changes": changes_as_text(added)}


def other_world(base: Scenario, differences: Mapping[str, Any], file: str = "changes") -> Scenario:
    """The other world, made again from what `what_differs` has kept; `file` is the name that errors give."""
    same = differences["readings"] == base.readings
    start = base if same else rebuild(replace(base.origin, readings=differences["readings"]))
    return start.with_changes(*changes_of_text(differences["changes"], file))
