"""The same debate many times: a batch of histories played and added up.

A batch is a pure function of the scenario, the seed and the ids of its replicates, so the result does not depend on
how the work was cut up or on who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensembles import summary
from sim.ensembles.summary import Summary
from sim.ensembles.work import Counts
from sim.model import priors, random_streams
from sim.model.array_types import Floats, Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, LETTER, NOT_PUT, TALK, WEEK, Plan
from sim.model.state import Inputs
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import ONE_DAY

#: Steps of a probability in fixed point.
STEPS = 2**40


#: The kinds of moments that may change a stance or the policy.
MOVING = ("week", "talk", "letter", "ballot")


@dataclass(frozen=True)
class Snapshots:
    """When stances are counted: snapshot 0 at the beginning, the others after moments.

    after: (moments,), the number of the snapshot taken after each, or -1.
    """

    dates: tuple[str, ...]
    after: Ints


def snapshots(scenario: Scenario) -> Snapshots:
    """The first at the beginning, then one at the end of every day on which a stance or the policy may change.

    The last moment has one too. The beginning bears the date on which the span begins, or of the day before where
    the first day has a snapshot of its own.
    """
    entries, start = scenario.entries, scenario.debate.span.start
    counted = {entry.date for entry in entries if entry.kind in MOVING}
    counted |= {entry.date for entry in entries[-1:]}
    after: Ints = np.full(len(entries), -1)
    dates = [start - ONE_DAY if start in counted else start]
    for number, entry in enumerate(entries):
        last_of_day = number + 1 == len(entries) or entries[number + 1].date != entry.date
        if last_of_day and entry.date in counted:
            after[number] = len(dates)
            dates.append(entry.date)
    return Snapshots(tuple(date.isoformat() for date in dates), after)


def counted_after(plan: Plan, after: Ints) -> summary.Snapshots:
    """These snapshots, (moments,), with those who may have moved since the one before."""
    return summary.Snapshots(after, may_have_moved(plan, enumerate(after), 1 + int(after.max(initial=0))))


def may_have_moved(plan: Plan, course: Iterable[tuple[int, int]], snapshots: int) -> summary.Truths:
    """Who may have moved since the snapshot before, (snapshots, members); everybody at the beginning, the first.

    course: each moment, or -1 where there is none, with the snapshot that is taken after it, or -1.
    """
    moved = np.zeros((snapshots, plan.members.size), np.bool_)
    moved[0] = True
    next_one = 1
    for moment, snapshot in course:
        kind = plan.moments.kind[moment] if moment >= 0 else -1
        if kind == WEEK:
            moved[next_one] = True
        elif kind in (LETTER, TALK):
            moved[next_one, plan.who[plan.moments.first_who[moment] : plan.moments.last_who[moment]]] = True
        if snapshot >= 0:
            next_one = snapshot + 1
    return moved


#: What is counted in the compiled core.
COUNTED = ("stance_bins", "stance_sum", "policy_bins", "policy_sum", "votes", "voice_sum", "private_sum", "yes")


def _fixed_point(values: Floats) -> Ints:
    return np.floor(values * STEPS + 0.5).astype(np.int64)


def counted(played: Summary, replicates: Words, is_of_run: NDArray[np.bool_] | None = None) -> Counts:
    """Adds up a batch draw by draw; its replicates are in ascending order and draws are whole within it.

    is_of_run: (draws, runs), which of the sampler's independent runs each draw's particle is from; one run if None.

    Beside the counts of `Summary`: outcomes, (ballots, 3), histories in which each was not put, carried, rejected.
    draws, mean: (ballots, runs), draws in which it was put at all, and in fixed point the sum of their probabilities
    p. within, square, square_square, square_mean: (ballots,), in fixed point, sums over draws of the variance w that
    chance leaves in p, of p² - w (without bias, the square of what p estimates), of its square and of p times it.
    """
    starts = np.flatnonzero(np.diff(priors.draw_of(replicates), prepend=np.uint64(2**63)))
    of_run = (np.ones((starts.size, 1), np.bool_) if is_of_run is None else is_of_run).astype(np.int64)
    put = played.decided != NOT_PUT
    chance = np.where(put, played.chance, 0.0)
    number = np.add.reduceat(put.astype(np.int64), starts, axis=1)
    is_put = (number > 0).astype(np.int64)
    size = np.maximum(number, 1)
    mean = np.add.reduceat(chance, starts, axis=1) / size
    spread = np.add.reduceat(chance * chance, starts, axis=1) / size - mean * mean
    # A draw of one history tells nothing of what chance leaves in it.
    within = np.where(number > 1, np.maximum(spread, 0.0) / np.maximum(number - 1, 1), 0.0)
    square = mean * mean - within
    sums = {"within": within, "square": square, "square_square": square * square, "square_mean": square * mean}
    arrays = {name: getattr(played, name) for name in COUNTED} | {
        "outcomes": np.stack([(played.decided == outcome).sum(axis=1) for outcome in range(3)], axis=1),
        "draws": is_put @ of_run,
        "mean": (_fixed_point(mean) * is_put) @ of_run,
        **{name: (_fixed_point(values) * is_put).sum(axis=1) for name, values in sums.items()},
    }
    return Counts(replicates.size, arrays)


@dataclass(frozen=True)
class EnsembleWork:
    """One ensemble to play: everything that a batch needs besides its replicates.

    counts_stances: whether anybody asks for more than outcomes, votes and the policy.
    """

    scenario: Scenario
    seed: int
    follows_record: bool
    fixed: Mapping[str, float]
    counts_stances: bool = True

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""
        return cost_of_a_history(self.scenario)

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return [self.scenario.digest, self.seed, self.follows_record, dict(self.fixed), self.counts_stances]

    def inputs(self, replicates: Words) -> Inputs:
        """What the histories of these ids are played with."""
        seed = random_streams.seed_words(self.seed)
        known = priors.of_debate(self.scenario.debate)
        parameters, first = priors.of_replicates(known, seed, replicates, self.fixed, self.scenario.posterior)
        return Inputs(parameters, first, replicates, seed, self.follows_record)

    def play(self, replicates: Words, kept: summary.Singles) -> Summary:
        """Plays the histories of these ids; for `kept` see `summary.play`."""
        plan = arrays_of(self.scenario).plan
        when = counted_after(plan, snapshots(self.scenario).after)
        return summary.play(plan, when, self.inputs(replicates), kept, self.counts_stances)

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """Plays the histories of these ids and adds them up."""
        played = self.play(replicates, summary.nothing_kept())
        return counted(played, replicates, self._is_of_run(replicates)).added_to(so_far)

    def _is_of_run(self, replicates: Words) -> NDArray[np.bool_] | None:
        posterior, draws = self.scenario.posterior, np.unique(priors.draw_of(replicates))
        if posterior is None:
            return None
        particles = priors.particle_of_draws(posterior, random_streams.seed_words(self.seed), draws)
        runs = posterior.independent_runs
        return np.asarray(particles[:, None] % runs == np.arange(runs))


def cost_of_a_history(scenario: Scenario) -> float:
    """What one history costs to play, in member-moments."""
    _, names = arrays_of(scenario)
    return float(len(names.members) * max(len(names.entries), 1))


def share_carried(counts: Counts) -> Floats:
    """The share of histories that carried each ballot, of those in which it was put; NaN if never."""
    put = counts["outcomes"][:, 1:].sum(axis=1)
    return np.where(put > 0, counts["outcomes"][:, CARRIED] / np.maximum(put, 1), np.nan)
