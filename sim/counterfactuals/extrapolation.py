"""Extrapolation warnings: how far a what-if lies from what the record supports, in sentences with a reason.

No warning says that a what-if is wrong. It says where the model is asked about things of which the record, and so
whatever was calibrated on it, knows nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from sim.counterfactuals.pair import Pair
from sim.counterfactuals.title import addressee, label, name_of_moment
from sim.ensembles.work import Counts
from sim.model import priors
from sim.results.wording import day, percent, words
from sim.scenario.consequences import out_of_order
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, Letter, Talk
from sim.scenario.seats import persons, sitting
from sim.scenario.sources import told_by

#: The fraction of the base's states at a date, of each member, that counts as reached by it.
WITHIN = 0.99
#: The share of histories outside, at some date, above which there is a warning. In the base itself it is 0.01.
MUCH = 0.05
#: Meetings that somebody can attend though the record has them away, from which on there is a warning: two months.
LONG = 8
#: Dates of which the states are looked at together.
TOGETHER = 8


def warnings(pair: Pair, tally: Counts) -> list[str]:
    """Where the other world lies far from the record, and why; the inputs first, then the states reached."""
    return [*_inputs(pair), *_states(pair, tally)]


def concerns(pair: Pair, tally: Counts, until: datetime.date) -> bool:
    """Whether there is a warning of what is different in the other world, or of a state that it reaches by a day."""
    days = [str(date) <= until.isoformat() for date in pair.dates]
    return any(True for _ in _inputs(pair)) or bool((_outside(pair, tally)[days] > MUCH).any())


def _inputs(pair: Pair) -> Iterator[str]:
    """Warnings of what is different in the other world, whatever comes of it."""
    yield from _strengths(pair.base, pair.other)
    yield from _parameters(pair.base, pair.other)
    yield from _sittings(pair.base, pair.other)
    yield from _presences(pair.base, pair.other)
    yield from _order(pair.other)


def _letters(world: Scenario) -> dict[str, Letter]:
    return {item.id: item for item in world.debate.timeline if isinstance(item, Letter)}


def _strengths(base: Scenario, other: Scenario) -> Iterator[str]:
    """Letters stronger or weaker than any on record."""
    known = _letters(base)
    coded = [letter.strength for letter in known.values()]
    for name, letter in _letters(other).items():
        is_new = name not in known or known[name].strength != letter.strength
        if is_new and coded and not min(coded) <= letter.strength <= max(coded):
            yield (
                f"{name_of_moment(other.debate, letter)} has strength {letter.strength:g}, outside those of "
                f"{told_by(base.debate)} ({min(coded):g} to {max(coded):g}): what such a letter does is the formula's "
                "guess"
            )


def _parameters(base: Scenario, other: Scenario) -> Iterator[str]:
    """Parameters put where their prior hardly ever is."""
    before, after = priors.of_debate(base.debate).parameters, priors.of_debate(other.debate).parameters
    tail = (1.0 - WITHIN) / 2
    for name, prior in after.items():
        known = before.get(name)
        if known is None or known == prior or not prior.is_fixed or known.is_fixed:
            continue
        low, high = known.value_at(np.array([tail, 1.0 - tail]))
        value = float(prior.terms[0])
        if not low <= value <= high:
            yield f"the {words(name)} is {value:g}, outside 99 % of what is assumed of it ({low:.3g} to {high:.3g})"


def _sittings(base: Scenario, other: Scenario) -> Iterator[str]:
    """Bodies that meet on days on which the record has no meeting of theirs."""

    def met(world: Scenario) -> dict[tuple[str, datetime.date], Talk | Ballot]:
        return {
            (item.body, item.date): item
            for item in world.debate.timeline
            if isinstance(item, Talk | Ballot) and item.body is not None
        }

    known = met(base)
    for (body, date), item in met(other).items():
        if (body, date) not in known:
            yield (
                f"{name_of_moment(other.debate, item)} has {addressee(other.debate, body)} meet on {day(date)}, of "
                f"which {told_by(base.debate)} says nothing: who would have come is assumed"
            )


def _presences(base: Scenario, other: Scenario) -> Iterator[str]:
    """Members who can attend many meetings of which the record has them away."""
    meetings = [entry for entry in other.entries if entry.kind in ("talk", "ballot") and entry.body is not None]
    for member in base.debate.members:
        before, after = _absences(base, member), _absences(other, member)
        if before and before != after:
            dates = {
                (entry.date, entry.body)
                for entry in meetings
                if any(away.covers(entry.place[:2]) for away in before)
                and not any(away.covers(entry.place[:2]) for away in after)
                and persons(other.debate, member)[0]
                in {s.member for s in sitting(other.debate, other.debate.bodies[entry.body or ""], entry.date)}
            }
            if len(dates) >= LONG:
                yield (
                    f"{label(base.debate, member)} can attend {len(dates)} meetings that they miss in "
                    f"{told_by(base.debate)}: what they would have said there in all that time is the model's, and "
                    "nobody knows what they would have written"
                )


def _order(other: Scenario) -> Iterator[str]:
    """Moments that come before what they follow from."""
    for later, earlier in out_of_order(other.debate.timeline):
        yield (
            f"{name_of_moment(other.debate, later)} comes on {day(later.date)}, not after "
            f"{name_of_moment(other.debate, earlier)} ({day(earlier.date)}), from which it follows: in "
            f"{told_by(other.debate)} the one led to the other, and here it is played without it"
        )


def _absences(world: Scenario, member: str) -> list[Absence]:
    return [item for item in world.debate.timeline if isinstance(item, Absence) and item.member == member]


def _outside(pair: Pair, tally: Counts) -> np.ndarray:
    """By date and member, the share of the other world's stances that lie where the base hardly ever has them.

    None until the worlds may differ. Dates are gone through in pieces that stay in the cache.
    """
    one, two = pair.schedule.members.T
    base, other = tally["base_stance_bins"], tally["other_stance_bins"]
    own, share = np.flatnonzero(~pair.is_shared), np.zeros((len(pair.dates), one.size))
    for start in range(0, own.size, TOGETHER):
        some = slice(start, start + TOGETHER)
        share[own[some]] = outside(base[some][:, one], other[some][:, two])
    return share


def _states(pair: Pair, tally: Counts) -> Iterator[str]:
    """Stances where the base hardly ever has them."""
    share = _outside(pair, tally)
    if share.size == 0 or share.max() <= MUCH:
        return
    date, member = np.unravel_index(int(share.argmax()), share.shape)
    many = int((share.max(axis=0) > MUCH).sum())
    others = "" if many == 1 else f", and those of {many - 1} more at some date"
    whose, when = label(pair.base.debate, pair.members[member]), datetime.date.fromisoformat(str(pair.dates[date]))
    yield (
        f"{whose}'s stances on {day(when)} lie, in {percent(float(share.max()))} of histories, where the debate as it "
        f"was has them in 1 %{others}: the rules of persuasion are asked about what that debate never showed"
    )


def outside(base: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The share of the other world's states that lie outside the bins that hold 99 % of the base's.

    Counts in bins on the last axis, of the same number of histories.
    """
    total = base.sum(axis=-1, keepdims=True)
    below = np.cumsum(base, axis=-1)
    tail = (1.0 - WITHIN) / 2
    kept = (below >= tail * total) & (below - base <= (1.0 - tail) * total) & (base > 0)
    first, last = np.argmax(kept, axis=-1), kept.shape[-1] - 1 - np.argmax(kept[..., ::-1], axis=-1)
    places = np.arange(base.shape[-1])
    inside = (places >= first[..., None]) & (places <= last[..., None])
    return np.asarray(1.0 - (other * inside).sum(axis=-1) / np.maximum(other.sum(axis=-1), 1))
