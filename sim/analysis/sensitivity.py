"""What the results depend on: how much of the variance of each is due to which parameter (Sobol indices).

A design point gives every uncertain parameter a quantile of its prior, by Saltelli's scheme on Sobol sequences. The
points of a row are played with the same random numbers and the same draws of first stances, so that what differs
between them is the parameters; another row has others. Each point is played in two halves, independent of each other:
in products of the one with the other, chance has no part. A posterior is not used: the priors are independent, a
posterior is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.analysis import pivotal_votes, polarisation
from sim.analysis.design import Design, check_design, design_of, factors
from sim.ensembles.batch import cost_of_a_history
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.model import priors, random_streams
from sim.model.array_types import Floats, Words
from sim.model.arrays import arrays_of
from sim.model.random_streams import RUNS_PER_DRAW
from sim.model.state import Inputs
from sim.results.labels import decision_name
from sim.results.wording import percent
from sim.scenario import DEFAULT, timeline
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.posterior import FIRST_STANCE, Particles
from sim.scenario.scenario import Scenario, decision_of
from sim.scenario.seats import people
from sim.scenario.shown import ShownResult
from sim.scenario.timeline import Entry

STEPS = 2**30
#: What is looked at of each decision: its chance of being put and carried, and how far its voters lie apart then.
MEASURES = ("carried", "dispersion")

#: Sobol indices of first and of total order, each with its error.
INDICES = ("first_order", "first_order_error", "total_order", "total_order_error")
#: What a result has to vary by, in its own units, to be told from rounding.
LEAST = 1e-6


def indices(design: Design, results: Floats) -> pandas.DataFrame:
    """Sobol indices of the mean of a result over a design: parameter, and the columns of `INDICES`.

    results: (2, points), the means of the two halves of each point's histories. The errors are half widths of 95 %
    intervals: what another design and other histories could have given, by Student's distribution over the blocks. A
    result that is not seen to vary, beyond what chance does, has no indices: NaN.
    """
    from scipy.special import stdtrit

    table = pandas.DataFrame({"parameter": list(design.names)})
    points = results.reshape(2, *design.quantiles.shape[:2])
    points = points - points[..., [0, -1]].mean(axis=(1, 2), keepdims=True)
    first, mixed, second = points[..., :1], points[..., 1:-1], points[..., -1:]
    size = 2 * points.shape[1]
    variance = _by_block(design, (np.prod(first, axis=0) + np.prod(second, axis=0)) / 2 * size / (size - 1))
    quantile, whole = stdtrit(design.blocks - 1, 0.975) / math.sqrt(design.blocks), variance.mean()
    if whole <= max(quantile * variance.std(ddof=1), LEAST**2):
        return table.assign(**dict.fromkeys(INDICES, np.nan))
    columns = []
    for part in ((second * (mixed - first)[::-1]).mean(axis=0), np.prod(mixed - first, axis=0) / 2):
        own = _by_block(design, part)
        index = own.mean(axis=0) / whole
        # By how much a block's part is more than the index of its variance: the error of a ratio, to first order.
        columns += [index, quantile * (own - index * variance).std(axis=0, ddof=1) / whole]
    return table.assign(**dict(zip(INDICES, columns, strict=True)))


def _by_block(design: Design, values: Floats) -> Floats:
    """The mean of each block, (blocks, ...), of values by row."""
    return np.asarray(values.reshape(design.blocks, -1, values.shape[1]).mean(axis=1))


@dataclass(frozen=True)
class Points:
    """The work of playing every point of a design. Histories `n * p` to before `n * (p + 1)` are of point p."""

    scenario: Scenario
    design: Design
    runs_per_point: int
    seed: int

    @property
    def cost(self) -> float:
        """Of one history, in member-moments."""
        return cost_of_a_history(self.scenario)

    @property
    def request(self) -> list[Any]:
        """What tells it from other work."""
        design = list(self.design.names), self.design.points
        return ["design", self.scenario.digest, *design, self.runs_per_point, self.seed]

    @cached_property
    def entries(self) -> list[tuple[int, Entry]]:
        """The ballots with their rows among the moments."""
        return [
            (row, entry) for row, entry in enumerate(arrays_of(self.scenario).names.entries) if entry.kind == "ballot"
        ]

    def _played(self, numbers: Words, of_a_point: int) -> tuple[Words, Words]:
        """The points of histories or draws, and their numbers when played: the same in every point of a row."""
        point, within = np.divmod(numbers, np.uint64(of_a_point))
        return point, point // np.uint64(len(self.design.names) + 2) * np.uint64(of_a_point) + within

    def _drawn(self, replicates: Words) -> tuple[Floats, Floats]:
        """Parameters as the points have them, and first stances with the same random numbers in the points of a row."""
        draws, place = np.unique(priors.draw_of(replicates), return_inverse=True)
        point, draw = self._played(draws, self.runs_per_point // RUNS_PER_DRAW)
        seed, members = random_streams.seed_words(self.seed), tuple(people(self.scenario.debate))
        stances = [random_streams.uniforms(seed, draw, timeline.key(name), FIRST_STANCE, 0) for name in members]
        points = self.design.quantiles.reshape(self.design.points, -1)
        quantiles = np.concatenate([points[point.astype(np.int64)].T, np.array(stances)])
        particles = Particles.of(self.design.names, members, quantiles, "")
        # Draw n takes a particle at random: put back into the order of the points.
        every = np.arange(draws.size, dtype=np.uint64)
        order = np.argsort(priors.particle_of_draws(particles, seed, every), kind="stable")
        drawn = priors.of_draws(priors.of_debate(self.scenario.debate), seed, every, posterior=particles)
        parameters, first = (np.ascontiguousarray(values[:, order][:, place]) for values in drawn)
        return parameters, first

    def batch(self, replicates: Words, so_far: Counts | None = None) -> Counts:
        """carried, dispersion: (ballots, 2, points), fixed-point sums over the histories of each half.

        Of the axis's width the second.
        """
        plan, runs = arrays_of(self.scenario).plan, self.runs_per_point
        point, played = self._played(replicates, runs)
        inputs = Inputs(*self._drawn(replicates), played, random_streams.seed_words(self.seed), False)
        votes, half = pivotal_votes.hold(plan, inputs), replicates % np.uint64(runs) // np.uint64(runs // 2)
        where = half.astype(np.int64), point.astype(np.int64)
        sums = {name: np.zeros((len(self.entries), 2, self.design.points), np.int64) for name in MEASURES}
        axis = polarisation.line(self.scenario.debate)
        for number, (row, entry) in enumerate(self.entries):
            ballot = plan.moments.ballot[row]
            start = int(plan.ballots.first_elector[ballot])
            dispersion = polarisation.dispersion(votes.stance[start : start + len(entry.who)], axis)
            values = np.nan_to_num(votes.chance[ballot], nan=0.0), dispersion / (axis.high - axis.low)
            for measure, value in zip(MEASURES, values, strict=True):
                np.add.at(sums[measure][number], where, np.floor(value * STEPS + 0.5).astype(np.int64))
        return Counts(replicates.size, sums).added_to(so_far)


@dataclass(frozen=True, repr=False)
class Sensitivity(ShownResult):
    """Sobol indices of every decision, and of how far its voters lie apart, over the uncertain parameters.

    runs: histories of each point. size: of the design.
    """

    scenario: Scenario
    runs: int
    size: int
    seed: int
    design: Design
    tally: Counts

    @cached_property
    def table(self) -> pandas.DataFrame:
        """decision, measure, parameter and the columns of `INDICES`, the largest total order first.

        measure: `carried`, the chance that it is put and carried, or `dispersion`, the standard deviation of the
        stances of those who may vote.
        """
        parts = []
        for number, decision in enumerate(arrays_of(self.scenario).names.ballots):
            for measure in MEASURES:
                table = indices(self.design, self.tally[measure][number] / STEPS / (self.runs / 2))
                ordered = table.sort_values("total_order", ascending=False, kind="stable")
                parts.append(ordered.assign(decision=decision, measure=measure))
        table = pandas.concat(parts, ignore_index=True)
        return table[["decision", "measure", "parameter", *INDICES]]

    @property
    def headline(self) -> str:
        """What the last decision hangs on most, if an index of it is surely above 0."""
        decision = decision_of(self.scenario, None)
        table = self.table[(self.table.decision == decision) & (self.table.measure == "carried")]
        sure = table[table.first_order - table.first_order_error > 0]
        name = f"“{decision_name(self.scenario.debate, decision)}”"
        if sure.empty:
            return f"No parameter alone surely has a part in the variance of {name}."
        row: Any = sure.iloc[int(sure.first_order.to_numpy().argmax())]
        low, high = (percent(min(max(row.first_order + side * row.first_order_error, 0), 1)) for side in (-1, 1))
        return (
            f"What {name} hangs on most is {row.parameter}: alone {percent(row.first_order)} of its variance "
            f"(95 %: {low} to {high})."
        )

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"size": self.size}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"sensitivity": self.table}


def sensitivity(
    scenario: AnyScenario = DEFAULT,
    runs: int = 16,
    size: int = 128,
    seed: int = 1922,
    executor: Executor | None = None,
) -> Sensitivity:
    """How much of the variance of each decision, and of its voters' dispersion, is due to which parameter.

    scenario: a debate, a shipped name or a path; the priors are used, whatever posterior there is. runs: histories of
    each design point, a multiple of 16. size: of the design, a power of 2; it has size * (parameters + 2) points. seed:
    0 to 2^64 - 1.

    Returns a Sensitivity: `.table` has one row a decision, measure and parameter (help(sim.Sensitivity.table) lists the
    columns).
    Raises UserError for numbers that will not do, or a debate in which no parameter is uncertain, ScenarioError for a
    name or a file that is no debate, TypeError for an argument of another kind.

    Example: `sim.sensitivity("monopoly-1922", runs=16, size=16).table`
    """
    scenario = as_scenario(scenario, "sim.sensitivity")
    check_numbers(runs=runs, seed=seed)
    check_design(runs, size)
    names = factors(scenario)
    world, design = scenario.from_prior(), design_of(names, size, seed)
    tally = execute(Points(world, design, runs, seed), runs * design.points, executor)
    return Sensitivity(world, runs, size, seed, design, tally)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Sensitivity:
    """The sensitivity with these settings, made again."""
    return sensitivity(scenario, runs, settings["size"], seed, executor)
