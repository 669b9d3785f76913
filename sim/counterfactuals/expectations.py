"""What one would expect of a change, and a sentence where the result runs against it or hangs on one member's vote.

A change has a direction where it is of a letter that argues for something, of a mover, or of who is in the room: it
speaks for one of the two positions that a ballot chooses between if that is the nearer one. Nothing else is read into
a change, and where two of them point different ways nothing is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.counterfactuals import headline
from sim.counterfactuals.headline import place, signed
from sim.counterfactuals.title import name_of_moment
from sim.model import priors
from sim.results.labels import member_label
from sim.results.wording import joined, percent
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Axis, Ballot, Letter
from sim.scenario.seats import people, persons, position

if TYPE_CHECKING:
    from sim.counterfactuals.comparison import BallotInBoth, Comparison


@dataclass(frozen=True)
class Push:
    """Something that a ballot has in one of two worlds only. speaks: 1 for carrying it, -1 against."""

    what: str
    speaks: int
    is_added: bool

    @property
    def direction(self) -> int:
        """Whether the other world should carry the motion more often, 1, or less, -1."""
        return self.speaks if self.is_added else -self.speaks


def explanations(comparison: Comparison) -> list[tuple[str, str]]:
    """By decision that surely changes, a sentence where it goes against its reason or hangs on one member's vote."""
    rows, sure = [], comparison.decisions.query("low > 0 or high < 0")
    for _, each in sure.iterrows():
        row: Any = each
        votes = comparison.ballot(row.decision)
        if votes is None:
            continue
        # What is carried less often because it is put less often is explained by what it waits for.
        if abs(row.put_other - row.put) > abs(row.difference) / 2:
            continue
        pushes, effect = list(_pushes(comparison, votes)), 1 if row.difference > 0 else -1
        said = mechanism(comparison, votes, effect)
        if pushes and all(push.direction == -effect for push in pushes):
            rows.append((row.decision, f"{_against(comparison, row, pushes)} {said}"))
        elif headline.main_cause(votes.margins, effect) == "attendance":
            rows.append((row.decision, f"“{comparison.names[row.decision]}”: {said}"))
    return rows


def _against(comparison: Comparison, row: Any, pushes: list[Push]) -> str:
    """What was changed, what it speaks for, and that the decision goes the other way."""
    name, speaks = comparison.names[row.decision], pushes[0].speaks
    what, verb = joined([push.what for push in pushes]), "speaks" if len(pushes) == 1 else "speak"
    having, lacking = (row.carried_other, row.carried) if pushes[0].is_added else (row.carried, row.carried_other)
    side, it = "for" if speaks > 0 else "against", "it" if len(pushes) == 1 else "them"
    often = headline.two_percents(having, lacking)
    return (
        f"Against its reason: {what} {verb} {side} “{name}”, which is carried in {often[0]} of histories with {it}, "
        f"and in {often[1]} without."
    )


def mechanism(comparison: Comparison, votes: BallotInBoth, effect: int) -> str:
    """What carries most of an effect on a ballot, with the numbers that show it."""
    cause, total = headline.main_cause(votes.margins, effect), sum(votes.margins.values())
    if cause is None:
        return "Yes less no moves the other way on average: the votes do not show why."
    size = f"{signed(votes.margins[cause])} of {signed(total)} in yes less no"
    most = f"Most of it comes by {headline.CAUSES[cause]} ({size})"
    carried, lost = votes.if_carried[1], votes.if_lost[1]
    axis = comparison.base.debate.axis
    ends = f"{place(carried, axis)} if carried and {place(lost, axis)} if lost"
    # Where several things may come in its place, a vote turns at more than one point.
    turn = f" A vote turns at {place((carried + lost) / 2, axis)}, between {ends}." if lost == lost else ""
    if cause == "deference":
        before, after = (_stated(votes, side, axis) for side in (0, 1))
        return f"{most}: {comparison.leader} stated {before} as it was, and {after} in the other world.{turn}"
    if cause == "own_stance":
        return f"{most}: private stances move by {signed(votes.mean_moves)} on average.{turn}"
    if cause == "choice":
        before, after = (_ends(votes, side, axis) for side in (0, 1))
        return f"{most}: {before} as it was, {after} in the other world."
    absent_once = votes.voters[votes.voters.by_attendance > 0]
    first: Any = absent_once.iloc[int((absent_once.margin * effect).to_numpy().argmax())]
    stance = first.stance if first.stance_other != first.stance_other else first.stance_other
    who = member_label({**people(comparison.base.debate), **people(comparison.other.debate)}[first.member])
    return (
        f"{most}, above all that of {who}, whose vote adds {signed(first.margin)}: their private stance is "
        f"{place(stance, axis)} on average.{turn}"
    )


def _ends(votes: BallotInBoth, side: int, axis: Axis) -> str:
    """What a ballot chooses between in one world."""
    lost = votes.if_lost[side]
    return f"{place(votes.if_carried[side], axis)} or {place(lost, axis) if lost == lost else 'another motion'}"


def _stated(votes: BallotInBoth, side: int, axis: Axis) -> str:
    """What has been stated to those who take part in one world."""
    if not votes.pressed[side]:
        return "nothing to those who vote"
    return f"{place(votes.stated[side], axis)} on average to {percent(votes.pressed[side])} of those who vote"


def _pushes(comparison: Comparison, votes: BallotInBoth) -> Iterator[Push]:
    """What bears on a ballot in one world only."""
    worlds = comparison.base, comparison.other
    for side, (world, lacking) in enumerate(zip(worlds, reversed(worlds), strict=True)):
        ends, is_added = (votes.if_carried[side], votes.if_lost[side]), bool(side)
        yield from _letters(world, lacking, votes.decision, ends, is_added)
        yield from _mover(world, lacking, votes.decision, is_added)
        yield from _presences(world, lacking, votes.decision, ends, is_added)


def _nearer(stance: float, ends: tuple[float, ...]) -> int:
    """1 where a position is nearer to what carrying leads to, -1 to what losing does, 0 to neither or where unknown."""
    return int(np.nan_to_num(np.sign(round(abs(stance - ends[1]) - abs(stance - ends[0]), 9))))


def _letters(
    world: Scenario, lacking: Scenario, decision: str, ends: tuple[float, ...], is_added: bool
) -> Iterator[Push]:
    """Letters of one world that reach a voter of a ballot, where it is the next that the readers vote on."""
    others, waiting = {item.id for item in lacking.debate.timeline}, []
    for entry in world.entries:
        if isinstance(entry.item, Letter) and entry.item.argues_for is not None and entry.id not in others:
            waiting.append(entry)
        elif isinstance(entry.item, Ballot):
            reached = [one for one in waiting if set(one.who) & set(entry.who)]
            if entry.id == decision:
                for one in reached:
                    letter = one.item
                    if isinstance(letter, Letter) and letter.argues_for is not None:
                        argued = position(world.debate, letter.argues_for)
                        if speaks := _nearer(argued, ends):
                            name, at = name_of_moment(world.debate, letter), place(argued, world.debate.axis)
                            yield Push(f"{name}, which argues for {at},", speaks, is_added)
                return
            waiting = [one for one in waiting if one not in reached]


def _ballot(world: Scenario, decision: str) -> Ballot:
    return next(item for item in world.debate.timeline if isinstance(item, Ballot) and item.id == decision)


def _mover(world: Scenario, lacking: Scenario, decision: str, is_added: bool) -> Iterator[Push]:
    """Somebody who moves it, where in the other world nobody does."""
    mover = _ballot(world, decision).moved_by
    if mover and _ballot(lacking, decision).moved_by is None:
        yield Push(f"{member_label(world.debate.members[mover])}, who moves it,", 1, is_added)


def _presences(
    world: Scenario, lacking: Scenario, decision: str, ends: tuple[float, ...], is_added: bool
) -> Iterator[Push]:
    """Members with a vote who can come in one world and are away in the other, by the median of their first stance."""
    entry = next(one for one in world.entries if one.id == decision)
    here, gone = _away(world, decision), _away(lacking, decision)
    for member in entry.who:
        if member in gone and member not in here:
            _, medians = priors.medians(priors.of_debate(world.debate), world.posterior)
            if speaks := _nearer(medians[member], ends):
                name, at = member_label(people(world.debate)[member]), place(medians[member], world.debate.axis)
                yield Push(f"{name}, in the room and first at {at},", speaks, is_added)


def _away(world: Scenario, decision: str) -> set[str]:
    when = _ballot(world, decision).when
    absences = (item for item in world.debate.timeline if isinstance(item, Absence) and item.covers(when))
    return {person for item in absences for person in persons(world.debate, item.member)}
