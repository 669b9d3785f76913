"""Who moved whom: every move of a history, put down to what caused it.

A stance moves in talk, by a letter and from week to week, and each of these moves is a sum whose terms have an
author. So what lies between a member's first stance and his last is split without a rest: so much came from each
speaker, so much from each letter's author, so much from his own first conviction, so much from the weekly shake, and
what the ends of the axis cut off.

This is an account of one path, not of causes: a speaker who only passed on what he had heard is credited with it, and
without him somebody else might have said it. What would have changed without a person, a what-if says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas

from sim.array_types import Floats, Ints, Words
from sim.ensembles.batch import Work
from sim.ensembles.ensemble import Ensemble
from sim.model import dynamics
from sim.model.arrays import arrays_of
from sim.model.dynamics import Inputs, State
from sim.model.plan import LETTER, TALK, WEEK, Plan
from sim.model.rules import persuasion

#: What a move may be due to. Of `talk` and `letter` there is a mover; `conviction` is the member's own.
CHANNELS = ("talk", "letter", "conviction", "luck", "edge")
COLUMNS = ("channel", "mover", "member", "net", "low", "high", "gross")
#: Histories that an account is taken of, and how many at a time.
MOST, LANES = 512, 64
#: The share of the histories between `low` and `high` is 90 %.
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Account:
    """The moves of some histories, added up over time, in units of the axis; the last axis is the replicate.

    talk: (members, movers, replicates). letter: (members, movers + 1, replicates), the last mover being news that
    nobody signed. conviction, luck, edge: (members, replicates). All are sums of moves with their sign (net).
    talk_gross, letter_gross: the same sums of the moves without their sign. first, last: (members, replicates).
    """

    talk: Floats
    letter: Floats
    conviction: Floats
    luck: Floats
    edge: Floats
    talk_gross: Floats
    letter_gross: Floats
    first: Floats
    last: Floats


def _blank(first: Floats) -> Account:
    members, lanes = first.shape
    pairs, signed = (members, members, lanes), (members, members + 1, lanes)
    return Account(
        talk=np.zeros(pairs),
        letter=np.zeros(signed),
        conviction=np.zeros((members, lanes)),
        luck=np.zeros((members, lanes)),
        edge=np.zeros((members, lanes)),
        talk_gross=np.zeros(pairs),
        letter_gross=np.zeros(signed),
        first=first.copy(),
        last=first.copy(),
    )


def _talk(plan: Plan, state: State, inputs: Inputs, moment: int) -> tuple[Floats, Floats]:
    """What each speaker adds to each hearer, (who, who, replicates), and what attachment does, (who, replicates)."""
    happening = dynamics.happens(plan, state, moment)
    who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    there = dynamics.present(plan, state, inputs, moment, happening, plan.moments.by_name[moment] == 1)
    stance, open_to = state.stance[who], dynamics.openness(plan, inputs, who)
    if plan.rules.talk == persuasion.MEETING_PAIRS:
        order = dynamics.meeting_order(plan, inputs, moment, who)
        said = persuasion.contributions_in_pairs(stance, there, order, open_to)
    else:
        hearing = dynamics.hearing(plan, inputs, who, there)
        said = persuasion.contributions(plan.rules.talk, stance, hearing, open_to)
    return said, there * open_to.attachment * (state.first[who] - stance)


def _book_talk(account: Account, who: Ints, said: Floats, back: Floats) -> None:
    account.talk[np.ix_(who, who)] += said
    account.talk_gross[np.ix_(who, who)] += np.abs(said)
    account.conviction[who] += back


def _book_week(account: Account, plan: Plan, state: State, inputs: Inputs, moment: int, before: Floats) -> None:
    """The reversion and the noise of a week that has passed; its normal numbers are still in the state."""
    account.conviction[:] += inputs.parameters[plan.rules.reversion] * (state.first - before)
    account.luck[:] += inputs.parameters[plan.rules.noise] * state.noise[:, plan.moments.word[moment]]


def _book_letter(account: Account, plan: Plan, moment: int, moved: Floats) -> None:
    """The moves of a letter's readers, put down to its author; without one, to nobody (the last column)."""
    author = plan.moments.author[moment]
    account.letter[:, author] += moved
    account.letter_gross[:, author] += np.abs(moved)


def account(work: Work, replicates: Words) -> Account:
    """Plays the histories of these ids once more and books every move.

    For each member and history, first + talk + letter + conviction + luck + edge is last, to rounding.
    """
    plan = arrays_of(work.scenario).plan
    inputs = work.inputs(replicates)
    state, votes = dynamics.begin(plan, inputs.first), dynamics.empty_votes(plan, replicates.size)
    book = _blank(inputs.first)
    for moment in range(plan.moments.size):
        kind, before = plan.moments.kind[moment], state.stance.copy()
        if kind == TALK:
            who = plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
            _book_talk(book, who, *_talk(plan, state, inputs, moment))
        dynamics.play_moment(plan, state, inputs, moment, votes)
        if kind == WEEK:
            _book_week(book, plan, state, inputs, moment, before)
        elif kind == LETTER:
            _book_letter(book, plan, moment, state.stance - before)
    book.last[:] = state.stance
    booked = book.talk.sum(axis=1) + book.letter.sum(axis=1) + book.conviction + book.luck
    book.edge[:] = book.last - book.first - booked
    return book


def _summary(net: Floats, gross: Floats) -> tuple[float, float, float, float]:
    """Mean, the ends of the 90 % interval over histories, and the mean of the moves without their sign."""
    low, high = np.quantile(net, (LOW, HIGH))
    return float(net.mean()), float(low), float(high), float(gross.mean())


def _rows(names: tuple[str, ...], parts: list[Account]) -> Iterator[tuple[object, ...]]:
    """One row for each mover and member between whom anything passed."""

    def whole(part: str) -> Floats:
        return np.concatenate([getattr(account, part) for account in parts], axis=-1)

    for channel in ("talk", "letter"):
        net, gross = whole(channel), whole(f"{channel}_gross")
        for mover, member in np.argwhere(gross.any(axis=-1).T):
            label = names[mover] if mover < len(names) else ""
            yield channel, label, names[member], *_summary(net[member, mover], gross[member, mover])
    for channel in ("conviction", "luck", "edge"):
        net = whole(channel)
        for member, name in enumerate(names):
            mover = name if channel == "conviction" else ""
            yield channel, mover, name, *_summary(net[member], np.abs(net[member]))


def influence(many: Ensemble) -> pandas.DataFrame:
    """Who moved whom, averaged over the first histories of an ensemble that follow the record; at most MOST of them.

    Columns: channel (a word of CHANNELS); mover (member id, "" for nobody); member, who was moved; net, the mean over
    histories of his moves due to the mover, added up with their sign, in units of the axis; low, high, between which
    90 % of the histories lie; gross, the mean of the same moves added up without their sign (of conviction, luck and
    edge, without the sign of the sum). A member's net values add up to the mean of his last stance less his first.
    """
    work = Work(many.scenario, many.seed, follows_record=True, fixed={})
    ids = np.arange(min(many.runs, MOST), dtype=np.uint64)
    parts = [account(work, ids[start : start + LANES]) for start in range(0, ids.size, LANES)]
    return pandas.DataFrame(list(_rows(arrays_of(many.scenario).names.members, parts)), columns=list(COLUMNS))
