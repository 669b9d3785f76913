"""Several worlds on common random numbers, all running free, and one decision: how often each carries it.

Counts are kept by block of draws, so that the error of anything worked out from them is known: draws are the
independent units, and a block is every 64th of them.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from sim.analysis.inputs import Input
from sim.ensembles import branches, summary
from sim.ensembles.batch import cost_of_a_history
from sim.ensembles.branches import Branch, World
from sim.ensembles.work import Counts
from sim.model import priors, random_streams
from sim.model.array_types import Floats, Ints, Words
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, NOT_PUT, Plan
from sim.model.priors import Priors
from sim.model.state import Inputs, State, lanes_of
from sim.scenario import timeline
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario
from sim.scenario.seats import persons

#: Blocks of draws; their spread gives the error, known to about a tenth of itself.
BLOCKS = 64
#: Held by the thread that makes the worlds: the others would each make them, too.
_MAKING = threading.Lock()


@dataclass(frozen=True)
class Variant:
    """One world to play up to a day, and what its parameters and first stances are drawn from.

    ballot: the row of the decision, or -1. fixed: parameters held at a value.
    """

    world: World
    ballot: int
    priors: Priors
    posterior: Particles | None
    fixed: Mapping[str, float]

    @property
    def beginning(self) -> tuple[Hashable, ...]:
        """The same for worlds that can begin together: they draw alike and have room for as many ballots and votes."""
        drawn = (self.priors.parameters, self.priors.first_stances, self.fixed)
        plan = self.world.plan
        return self.posterior, *(tuple(one.items()) for one in drawn), plan.ballots.size, plan.votes.size


class Variants(Protocol):
    """The worlds, made where they are played."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def cost(self) -> float:
        """Of one history of one world, in member-moments."""

    @property
    def request(self) -> list[Any]:
        """What tells them from others, in words that JSON has."""

    def variant(self, number: int, /) -> Variant:
        """The world of a number."""


def until_decided(scenario: Scenario, decision: str) -> Variant:
    """A scenario as a world that ends with the day of a decision; without end if it has no such decision."""
    plan, names = arrays_of(scenario)
    ballot = names.ballots.index(decision) if decision in names.ballots else -1
    entries = names.entries
    end = max((entry.date for entry in entries if entry.id == decision), default=entries[-1].date if entries else None)
    rows = sum(entry.date <= end for entry in entries) if end else 0
    world = World(plan, np.arange(rows), branches.marks(plan)[:rows])
    return Variant(world, ballot, priors.of_debate(scenario.debate), scenario.posterior, {})


@dataclass(frozen=True)
class Changed:
    """Worlds that differ from a base, each in the values of a few inputs."""

    base: Scenario
    decision: str
    settings: tuple[tuple[tuple[Input, float], ...], ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.settings)

    @property
    def cost(self) -> float:
        """Of one history of one world."""
        return cost_of_a_history(self.base)

    @property
    def request(self) -> list[Any]:
        """What tells them from others."""
        names = [[(one.path, float(value)) for one, value in setting] for setting in self.settings]
        return [self.base.digest, self.decision, names]

    @cached_property
    def _base(self) -> Variant:
        return until_decided(self.base, self.decision)

    def variant(self, number: int) -> Variant:
        """The world of a number. Raises ScenarioError for values that break the debate."""
        setting, variant = self.settings[number], self._base
        if any(one.kind in ("date", "position") for one, _ in setting):
            # Only what is played is kept: whole scenarios are large.
            changes = [change for one, value in setting for change in one.set_to(value)]
            return until_decided(self.base.with_changes(*changes), self.decision)
        for one, value in setting:
            variant = self._with(variant, one, value)
        return variant

    def _with(self, variant: Variant, one: Input, value: float) -> Variant:
        """A world with another strength, parameter or first stance, which are numbers that no other rests on."""
        thing, debate = one.path.partition(".")[0], self.base.debate
        if one.kind == "parameter":
            return replace(variant, fixed={**variant.fixed, thing: value})
        if one.kind == "stance":
            stance = priors.Prior("fixed", (value,), debate.axis.low, debate.axis.high)
            first = {**variant.priors.first_stances, **dict.fromkeys(persons(debate, thing), stance)}
            return replace(variant, priors=replace(variant.priors, first_stances=first))
        row = next(row for row, entry in enumerate(self.base.entries) if entry.id == thing)
        return replace(variant, world=branches.with_strength(variant.world, row, value))


@dataclass(frozen=True)
class Outcomes:
    """The work of playing every world, on common random numbers, and counting the decision and the policy after it."""

    variants: Variants
    seed: int

    @property
    def cost(self) -> float:
        """Of one history in every world."""
        return self.variants.cost * self.variants.count

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        return [*self.variants.request, self.seed]

    @cached_property
    def _variants(self) -> list[Variant]:
        return [self.variants.variant(number) for number in range(self.variants.count)]

    @cached_property
    def _branches(self) -> list[tuple[Variant, Branch]]:
        """What is played: of the worlds that begin together, one of them, and what all have in common."""
        groups: dict[Hashable, list[int]] = {}
        for number, variant in enumerate(self._variants):
            groups.setdefault(variant.beginning, []).append(number)
        worlds = [variant.world for variant in self._variants]
        return [(self._variants[group[0]], branches.branched(worlds, group)) for group in groups.values()]

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """Plays the histories of these ids in every world.

        put, carried: (worlds, BLOCKS), histories. policy: the same, a fixed-point sum of fractions of the axis, at the
        end of the decision's day. size: (BLOCKS,), histories.
        """
        blocks = (priors.draw_of(replicates) % np.uint64(BLOCKS)).astype(np.int64)
        put, carried, policy = (np.zeros((self.variants.count, BLOCKS), np.int64) for _ in range(3))
        seed = random_streams.seed_words(self.seed)
        with _MAKING:
            begun = self._branches
        for one, branch in begun:
            drawn = priors.of_replicates(one.priors, seed, replicates, one.fixed, one.posterior)
            inputs = Inputs(*drawn, replicates, seed, False)
            for start in range(0, replicates.size, summary.LANES):
                block = blocks[start : start + summary.LANES]

                def ended(number: int, state: State, block: Ints = block) -> None:
                    variant = self._variants[number]
                    if variant.ballot >= 0:
                        decided = state.decided[variant.ballot]
                        put[number] += np.bincount(block[decided != NOT_PUT], minlength=BLOCKS)
                        carried[number] += np.bincount(block[decided == CARRIED], minlength=BLOCKS)
                    np.add.at(policy[number], block, _in_fixed_point(variant.world.plan, state.policy))

                branches.play(branch, lanes_of(inputs, start, start + block.size), ended)
        size = np.bincount(blocks, minlength=BLOCKS)
        arrays = {"put": put, "carried": carried, "policy": policy, "size": size}
        return Counts(replicates.size, arrays).added_to(so_far)


def _in_fixed_point(plan: Plan, policy: Floats) -> Ints:
    """Policies as fractions of the way along the axis, in fixed point."""
    low, high = float(plan.rules.low), float(plan.rules.high)
    share = (policy.astype(np.float32).astype(np.float64) - low) / (high - low)
    return np.floor(share * summary.STEPS + 0.5).astype(np.int64)


def error_of(values: Floats, size: Ints) -> Floats:
    """The standard error of a mean over histories, from sums by block on the last axis, over the blocks played."""
    played = size > 0
    number, total = int(played.sum()), int(size.sum())
    if number < 2:
        return np.full(values.shape[:-1], np.nan)
    mean = values.sum(axis=-1, keepdims=True) / total
    spread = ((values - mean * size) ** 2)[..., played].sum(axis=-1)
    return np.asarray(np.sqrt(spread * number / (number - 1)) / total)


def resampled(seed: int, times: int) -> Ints:
    """How often each block is drawn in so many bootstrap samples of the blocks: (times, BLOCKS)."""
    words, ids = random_streams.seed_words(seed), np.arange(times, dtype=np.uint64)
    stream = words, ids, timeline.key("bootstrap"), random_streams.BOOTSTRAP
    counts = np.zeros((times, BLOCKS), np.int64)
    for place in range(BLOCKS):
        chosen = np.floor(random_streams.uniforms(*stream, place) * BLOCKS).astype(np.int64)
        np.add.at(counts, (np.arange(times), chosen), 1)
    return counts
