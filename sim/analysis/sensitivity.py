"""What the results depend on: how much of the variance of each is due to which parameter (Sobol indices).

A design point gives every uncertain parameter a quantile of its prior, by Saltelli's scheme on a Sobol sequence. All
points are played with the same random numbers and the same draws of first stances, so that what differs between them is
the parameters. A posterior is not used: the priors are independent, a posterior is not.
"""

from __future__ import annotations

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
from sim.model.dynamics import Inputs
from sim.model.random_streams import RUNS_PER_DRAW
from sim.results.labels import decision_name
from sim.results.wording import percent
from sim.scenario import DEFAULT, timeline
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.posterior import FIRST_STANCE, Particles
from sim.scenario.scenario import Scenario, decision_of
from sim.scenario.seats import people
from sim.scenario.shown import ShownResult
from sim.scenario.timeline import Entry

#: Bootstrap samples from which the intervals of the indices come.
SAMPLES = 100
STEPS = 2**30
#: What is looked at of each decision: its chance of being put and carried, and how far its voters lie apart then.
MEASURES = ("carried", "dispersion")


#: Sobol indices of first and of total order with their errors: the columns, and SALib's names.
INDICES = {"first_order": "S1", "first_order_error": "S1_conf", "total_order": "ST", "total_order_error": "ST_conf"}


def indices(design: Design, results: Floats, seed: int) -> pandas.DataFrame:
    """Sobol indices of a result over a design: parameter, and the columns of `INDICES`.

    results: (points,). The errors are half widths of intervals that hold at least 95 % of other designs: from a
    bootstrap that takes the points as independent, and a Sobol sequence is more even. They do not say what other
    histories could have given, which all points share. A result that never varies has none: NaN.
    """
    from SALib.analyze import sobol

    table = pandas.DataFrame({"parameter": list(design.names)})
    if np.ptp(results) < 1e-12:
        return table.assign(**dict.fromkeys(INDICES, np.nan))
    options = {"calc_second_order": False, "num_resamples": SAMPLES, "print_to_console": False}
    sobol_indices = sobol.analyze(design.problem, results, seed=seed % 2**32, **options)
    return table.assign(**{name: np.asarray(sobol_indices[key]) for name, key in INDICES.items()})


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
        design = list(self.design.names), len(self.design.quantiles)
        return ["design", self.scenario.digest, *design, self.runs_per_point, self.seed]

    @cached_property
    def entries(self) -> list[tuple[int, Entry]]:
        """The ballots with their rows among the moments."""
        return [
            (row, entry) for row, entry in enumerate(arrays_of(self.scenario).names.entries) if entry.kind == "ballot"
        ]

    def _drawn(self, replicates: Words) -> tuple[Floats, Floats]:
        """Parameters as the points have them, and first stances with the same random numbers in every point."""
        draws, place = np.unique(priors.draw_of(replicates), return_inverse=True)
        point, draw = np.divmod(draws, np.uint64(self.runs_per_point // RUNS_PER_DRAW))
        seed, members = random_streams.seed_words(self.seed), tuple(people(self.scenario.debate))
        stances = [random_streams.uniforms(seed, draw, timeline.key(name), FIRST_STANCE, 0) for name in members]
        quantiles = np.concatenate([self.design.quantiles[point.astype(np.int64)].T, np.array(stances)])
        particles = Particles.of(self.design.names, members, quantiles, "")
        # Draw n takes a particle at random: put back into the order of the points.
        every = np.arange(draws.size, dtype=np.uint64)
        order = np.argsort(priors.particle_of_draws(particles, seed, every), kind="stable")
        drawn = priors.of_draws(priors.of_debate(self.scenario.debate), seed, every, posterior=particles)
        parameters, first = (np.ascontiguousarray(values[:, order][:, place]) for values in drawn)
        return parameters, first

    def batch(self, replicates: Words) -> Counts:
        """carried, dispersion: (ballots, points), fixed-point sums over histories, of the axis's width the second."""
        plan, runs = arrays_of(self.scenario).plan, np.uint64(self.runs_per_point)
        inputs = Inputs(*self._drawn(replicates), replicates % runs, random_streams.seed_words(self.seed), False)
        votes, point = pivotal_votes.hold(plan, inputs), (replicates // runs).astype(np.int64)
        sums = {name: np.zeros((len(self.entries), len(self.design.quantiles)), np.int64) for name in MEASURES}
        axis = polarisation.line(self.scenario.debate)
        for number, (row, entry) in enumerate(self.entries):
            ballot = plan.moments.ballot[row]
            start = int(plan.ballots.first_elector[ballot])
            dispersion = polarisation.dispersion(votes.stance[start : start + len(entry.who)], axis)
            values = np.nan_to_num(votes.chance[ballot], nan=0.0), dispersion / (axis.high - axis.low)
            for measure, value in zip(MEASURES, values, strict=True):
                np.add.at(sums[measure][number], point, np.floor(value * STEPS + 0.5).astype(np.int64))
        return Counts(replicates.size, sums)


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
                table = indices(self.design, self.tally[measure][number] / STEPS / self.runs, self.seed)
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
    each design point, a multiple of 8. size: of the design, a power of 2; it has size * (parameters + 2) points. seed:
    0 to 2^64 - 1.

    Returns a Sensitivity: `.table` has one row a decision, measure and parameter (help(sim.Sensitivity.table) lists the
    columns).
    Raises UserError for numbers that will not do, or a debate in which no parameter is uncertain, ScenarioError for a
    name or a file that is no debate, TypeError for an argument of another kind.

    Example: `sim.sensitivity("monopoly-1922", runs=8, size=16).table`
    """
    scenario = as_scenario(scenario, "sim.sensitivity")
    check_numbers(runs=runs, seed=seed)
    check_design(runs, size)
    names = factors(scenario)
    world, design = scenario.from_prior(), design_of(names, size, seed)
    tally = execute(Points(world, design, runs, seed), runs * len(design.quantiles), executor)
    return Sensitivity(world, runs, size, seed, design, tally)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Sensitivity:
    """The sensitivity with these settings, made again."""
    return sensitivity(scenario, runs, settings["size"], seed, executor)
