"""What is said of a record that the prior cannot produce: which data are at odds with it, or with each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.calibration.record import Record
from sim.model.array_types import Floats
from sim.results.wording import counted, joined
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from sim.scenario.validation.doubts import doubts

#: A datum is called rare where fewer points of the prior than this allow it.
RARE = 0.05
#: Data that are named, the rarest first; the others are counted.
MOST_NAMED = 12
#: Points that must be expected to allow two data, if these have nothing to do with each other, to say that they clash.
SURELY = 3.0


def explained(scenario: Scenario, record: Record, terms: Floats) -> str:
    """Why no posterior can be found, in a few sentences.

    terms: the log likelihood of each datum at points of the prior, (data, points).
    """
    allowed = ~np.isneginf(terms)
    shares, points = allowed.mean(axis=1), allowed.shape[1]
    pair = _clash(allowed)
    blamed = np.flatnonzero(shares == 0.0).tolist() or list(pair or ()) or [int(shares.argmin())]
    word = "cannot be produced from its prior" if not shares.all() or pair else "is rare in its prior, or impossible"
    return " ".join(
        [
            f"the record of {scenario.name} {word}: none of {points} points drawn allows all of it.",
            *_each(record.names, shares),
            *_together(record.names, shares, pair),
            *_remedies(scenario, [record.ballots[row] for row in blamed if row < len(record.ballots)]),
        ]
    )


def _each(names: tuple[str, ...], shares: Floats) -> Iterator[str]:
    """Which part of the points allows each datum."""
    order = [row for row in np.argsort(shares, kind="stable").tolist() if shares[row] < 1.0]
    said = [f"'{names[row]}' {_share(float(shares[row]))}" for row in order[:MOST_NAMED]]
    if said:
        yield f"The part of them that allows each: {', '.join(said)}."
    rest, others = len(order) - len(said), len(names) - len(order)
    if rest:
        yield f"{counted(rest, 'other datum', 'other data').capitalize()} are allowed by more of them."
    if others:
        yield f"{counted(others, 'datum', 'data').capitalize()} {'is' if others == 1 else 'are'} allowed by all."


def _share(share: float) -> str:
    if share == 0.0:
        return "none"
    return f"{100 * share:.2g} %" + (" (rare)" if share < RARE else "")


def _clash(allowed: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The two data that most surely exclude each other: many points allow each, and none both."""
    there = allowed.astype(np.float64)
    both, each = there @ there.T, there.sum(axis=1)
    expected = np.where(both == 0.0, np.outer(each, each) / allowed.shape[1], 0.0)
    one, other = np.unravel_index(int(expected.argmax()), expected.shape)
    return (int(one), int(other)) if expected[one, other] >= SURELY else None


def _together(names: tuple[str, ...], shares: Floats, pair: tuple[int, int] | None) -> Iterator[str]:
    if pair is not None:
        one, other = pair
        yield f"None allows '{names[one]}' and '{names[other]}' together: these two clash."
    elif shares.all():
        yield "Each is allowed by some and no two clash, so it may be only rare: more particles may find it."


def _remedies(scenario: Scenario, ballots: list[Ballot]) -> Iterator[str]:
    """What to loosen, for the ballots that are to blame."""
    known = [problem for problem in doubts(scenario.document, scenario.debate) if problem.key.startswith("timeline.")]
    for ballot in ballots[:2]:
        said = [
            doubt.message for doubt in known if doubt.key.split(".")[1] == ballot.id and "abstained" in doubt.message
        ]
        yield from (f"In '{ballot.id}' {message}." for message in said)
        if ballot.conditions:
            yield f"'{ballot.id}' is put only if {joined([str(one) for one in ballot.conditions])}."
    looser = ["widen the first stances of those who voted or the ranges of the parameters"]
    if any(ballot.tally or ballot.votes for ballot in ballots):
        looser.append("leave out of tallies and named votes what is not sure")
    if scenario.debate.dynamics.ballots.rule == "nearest":
        looser.append("vote by 'logit', which leaves room for doubt, instead of 'nearest'")
    looser.append("give the ballot 'fit: false' and say why")
    yield f"To loosen it: {', '.join(looser[:-1])}, or {looser[-1]}."
