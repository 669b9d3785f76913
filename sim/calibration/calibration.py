"""What the record teaches of parameters and first stances: the posterior, sampled and pooled."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
import pandas
from scipy.special import ndtr

from sim.array_types import Floats, Words
from sim.calibration import ballot_likelihood, record
from sim.calibration.record import Record
from sim.calibration.smc import Sampler, Tempered, TemperingError
from sim.ensembles import batch, summary
from sim.ensembles.executor import Executor
from sim.ensembles.work import Piece, ids
from sim.ensembles.work import pieces as pieces_of
from sim.errors import Interrupted, UserError
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.dynamics import World
from sim.scenario import identities
from sim.scenario.identities import FIRST_STANCE, PARAMETER
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario

#: Histories of a calibration have the last replicate ids, counted down, so that a prediction's luck is fresh.
LAST_REPLICATE = 2**32 - 1
#: The smallest probability of a report: a stance may be as many spreads off as it likes, and be finite.
LEAST = 1e-300
#: Particles of a posterior that travels with a scenario: enough for a per cent, small enough for a file.
KEPT = 2048
#: Steps of a progress report.
ALL_DONE = 1000


class CalibrationError(UserError):
    """A debate that cannot be calibrated; the message says why and what to do."""


@dataclass(frozen=True)
class Likelihood:
    """The log likelihood of a record in a debate, datum by datum, at points of the standard normal cube."""

    scenario: Scenario
    record: Record
    seed: int

    @cached_property
    def laws(self) -> priors.Laws:
        """The laws of parameters and first stances."""
        return priors.laws(self.scenario.debate)

    @cached_property
    def last(self) -> int:
        """The last moment to be played."""
        return record.last_moment(self.scenario, self.record)

    @cached_property
    def documented(self) -> ballot_likelihood.Documented:
        """The record as arrays."""
        return record.documented(self.scenario, self.record)

    @cached_property
    def coordinates(self) -> tuple[tuple[int, str], ...]:
        """Purpose of luck and name of everything that is unknown and can matter.

        Who appears in nothing that happens up to the last datum is left out: nothing can be learnt of him.
        """
        met = {name for entry in self.scenario.entries[: self.last + 1] for name in entry.who}
        met |= {report.member for report in self.record.reports}
        authors = {getattr(entry.item, "author", None) for entry in self.scenario.entries[: self.last + 1]}
        parameters = [(PARAMETER, name) for name, law in self.laws.parameters.items() if law.kind != "fixed"]
        stances = self.laws.first_stances.items()
        members = [(FIRST_STANCE, name) for name, law in stances if law.kind != "fixed" and name in met | authors]
        return (*parameters, *members)

    def __call__(self, points: Floats, noise: Words) -> Floats:
        """Log likelihoods, (data, particles)."""
        (plan, names), size = arrays_of(self.scenario), points.shape[1]
        share = {coordinate: ndtr(point) for coordinate, point in zip(self.coordinates, points, strict=True)}
        half = np.full(size, 0.5)
        parameters, first = priors.values(self.laws, size, lambda purpose, name: share.get((purpose, name), half))
        batch = np.uint64(LAST_REPLICATE) - noise
        world = World(parameters, batch, random_streams.seed_words(self.seed), True)
        chance, seen = ballot_likelihood.play(plan, len(names.electors), self.documented, self.last, world, first)
        rows = [names.ballots.index(ballot.id) for ballot in self.record.ballots]
        with np.errstate(divide="ignore"):
            outcomes = np.log(chance[rows])
        return np.concatenate([outcomes, self._of_reports(parameters, seen)])

    def _of_reports(self, parameters: Floats, seen: Floats) -> Floats:
        """The log probability of each report: that a normal error puts the stance between its cut-points."""
        names = arrays_of(self.scenario).names.parameters
        out = np.empty(seen.shape)
        for number, report in enumerate(self.record.reports):
            spread = np.maximum(parameters[names.index(report.spread)], priors.NARROWEST)
            low, high = (report.low - seen[number]) / spread, (report.high - seen[number]) / spread
            # In the upper tail both ends are nearly 1: there the other tail keeps the digits.
            is_above = low > 0
            low, high = np.where(is_above, -high, low), np.where(is_above, -low, high)
            out[number] = np.log(np.maximum(ndtr(high) - ndtr(low), LEAST))
        return out


@dataclass(frozen=True)
class Effort:
    """How much work goes into a fit.

    particles: of each island. islands: independent runs, of which the spread of the log evidence is known.
    workers: threads, all cores if None; the result does not depend on it. report: is told what share is done, in
    thousandths.
    """

    particles: int = 1024
    islands: int = 4
    workers: int | None = None
    report: Callable[[int], None] = field(default=lambda done: None, compare=False)

    def in_parts(self, number: int) -> Iterator[Effort]:
        """The same effort for each of several fits in turn, whose reports add up."""
        for part in range(number):
            yield replace(self, report=partial(self._report_part, part, number))

    def _report_part(self, part: int, number: int, done: int) -> None:
        self.report((part * ALL_DONE + done) // number)

    def less(self, part: int) -> Effort:
        """As much less work: of the particles and of the islands only one in `part`, at least one of each."""
        return replace(self, particles=max(self.particles // part, 1), islands=max(self.islands // part, 1))


@dataclass(frozen=True)
class Fit:
    """A posterior of parameters and first stances.

    coordinates: purpose of luck and name of each dimension. islands: the independent runs.
    """

    scenario: Scenario
    record: Record
    seed: int
    coordinates: tuple[tuple[int, str], ...]
    islands: tuple[Tempered, ...]

    @property
    def log_evidence(self) -> float:
        """The log of the mean evidence of the islands: how probable the record is under this model, a priori."""
        each = np.array([island.log_evidence for island in self.islands])
        return float(np.logaddexp.reduce(each) - math.log(each.size))

    @property
    def error(self) -> float:
        """The standard error of the log evidence: from the spread of the islands, or from resampling if that is more.

        A few islands agree by chance now and then, and then their spread would say that nothing is open.
        """
        each = np.array([island.log_evidence for island in self.islands])
        spread = each.var(ddof=1) if each.size > 1 else 0.0
        least = np.mean([island.resampling_variance for island in self.islands])
        return math.sqrt(max(float(spread), float(least)) / each.size)

    @cached_property
    def shares(self) -> Floats:
        """The shares of all particles, (coordinates, islands, particles of each)."""
        return ndtr(np.stack([island.cloud.points for island in self.islands], axis=1))

    @cached_property
    def terms(self) -> Floats:
        """The log likelihood of each datum, (data, islands, particles), with the noise that is part of a particle."""
        return np.stack([island.cloud.terms for island in self.islands], axis=1)

    @cached_property
    def agreement(self) -> Floats:
        """How far the islands agree on each coordinate, (coordinates,): the root of total over inner variance.

        The potential scale reduction of Gelman and Rubin (1992), islands for chains: near 1 if they agree.
        """
        points = np.stack([island.cloud.points for island in self.islands], axis=1)
        inner = points.var(axis=2, ddof=1).mean(axis=1)
        between = points.mean(axis=2).var(axis=1, ddof=1) if len(self.islands) > 1 else 0.0
        size = points.shape[2]
        ratio: Floats = np.sqrt((size - 1) / size + between / np.maximum(inner, 1e-300))
        return ratio

    def particles(self, most: int = KEPT, more: Mapping[str, object] | None = None) -> Particles:
        """Equally likely particles, from each island as many, taking turns; at most `most`.

        more: what else their file shall say about them.
        """
        each = min(max(most // len(self.islands), 1), self.shares.shape[2])
        taken = self.shares[:, :, :each].transpose(0, 2, 1).reshape(len(self.coordinates), -1)
        parameters, members = (
            tuple(name for purpose, name in self.coordinates if purpose == wanted)
            for wanted in (PARAMETER, FIRST_STANCE)
        )
        about = json.dumps({**self.about, **(more or {})}, sort_keys=True)
        return Particles(parameters, members, taken, self.scenario.content_digest, about)

    @property
    def about(self) -> dict[str, object]:
        """What is to be known of the fit beside its particles."""
        return {
            "data": list(self.record.names),
            "seed": self.seed,
            "islands": len(self.islands),
            "particles": int(self.shares.shape[2]),
            "log_evidence": round(self.log_evidence, 3),
            "error": round(self.error, 3),
        }

    @property
    def fitted(self) -> Scenario:
        """The scenario drawn from this posterior."""
        return self.scenario.with_posterior(self.particles())

    @property
    def ladder(self) -> pandas.DataFrame:
        """How the islands came from the prior to the posterior: one row a temperature."""
        rows = [{"island": number, **vars(rung)} for number, island in enumerate(self.islands) for rung in island.rungs]
        return pandas.DataFrame(rows)

    @property
    def runs(self) -> pandas.DataFrame:
        """One row an island: its log evidence, temperatures, moves, and how many of its particles differ."""
        rows = [
            {
                "island": number,
                "log_evidence": island.log_evidence,
                "temperatures": len(island.rungs),
                "moves": sum(rung.moves for rung in island.rungs),
                "acceptance": island.rungs[-1].acceptance,
                "least_ess": min(rung.ess for rung in island.rungs),
                "particles": island.cloud.noise.size,
                "distinct": island.distinct,
            }
            for number, island in enumerate(self.islands)
        ]
        return pandas.DataFrame(rows)


def calibrate(scenario: Scenario, seed: int = 1922, effort: Effort | None = None, data: Record | None = None) -> Fit:
    """The posterior of a debate's parameters and first stances, given its record (or part of it).

    Whatever posterior the scenario already has is left aside. data: what to compare histories with, all of
    `record_of` if not given. Raises CalibrationError where there is nothing to learn or the record is impossible,
    Interrupted when the user stops it.
    """
    effort, prior = effort or Effort(), scenario.from_prior()
    data = record.record_of(prior) if data is None else data
    target = Likelihood(prior, data, seed)
    if not target.coordinates:
        raise CalibrationError(f"{prior.name} has nothing to learn: every parameter and first stance is a number")
    keys = [identities.key(f"{purpose} {name}") for purpose, name in target.coordinates]
    words = random_streams.seed_words(seed)
    _warm(target)
    with _together(effort) as (pool, reports):
        samplers = [
            Sampler(target, keys, effort.particles, words, number, reports(number)) for number in range(effort.islands)
        ]
        try:
            islands = tuple(pool.map(Sampler.run, samplers))
        except TemperingError as error:
            raise CalibrationError(
                f"the record of {prior.name} is impossible in its model: {error}; look at its tallies and named votes"
            ) from None
    return Fit(prior, data, seed, target.coordinates, islands)


def _warm(target: Likelihood) -> None:
    """Makes ready what all threads use: they would each compile it, and work it out."""
    target(np.zeros((len(target.coordinates), 1)), np.zeros(1, np.uint64))


class _Stopped(Exception):  # noqa: N818 - what the user does is no error
    """The user has stopped the work; raised in its threads."""


@contextmanager
def _together(
    effort: Effort,
) -> Iterator[tuple[ThreadPoolExecutor, Callable[[int], Callable[[float], None]]]]:
    """Threads that stop soon at Ctrl-C, and for each island a report that adds up."""
    stopped, done = threading.Event(), [0.0] * effort.islands

    def reports(island: int) -> Callable[[float], None]:
        def report(temperature: float) -> None:
            if stopped.is_set():
                raise _Stopped
            done[island] = math.sqrt(temperature)
            effort.report(int(0.9 * ALL_DONE * sum(done) / effort.islands))

        return report

    pool = ThreadPoolExecutor(Executor(effort.workers).threads)
    try:
        yield pool, reports
    except KeyboardInterrupt:
        stopped.set()
        raise Interrupted(int(ALL_DONE * sum(done) / effort.islands), ALL_DONE) from None
    finally:
        pool.shutdown(cancel_futures=True)
    effort.report(ALL_DONE)


def chances(fitted: Scenario, seed: int, workers: int | None = None) -> Floats:
    """The chance of carrying each ballot by the record, by particle and with fresh luck, (ballots, particles).

    The mean over the histories of one draw; NaN where the motion was never put. The particles are in the order of
    the scenario's posterior, each played once.
    """
    particles = fitted.posterior
    if particles is None:
        raise ValueError(f"{fitted.name} has no posterior to be played from")
    work, each = batch.Work(fitted, seed, True, {}), random_streams.RUNS_PER_DRAW
    pieces = list(pieces_of([(0, particles.size * each)], 8 * summary.LANES))

    def played(piece: Piece) -> Floats:
        found = work.play(ids(piece), summary.nothing_kept())
        by_draw = np.where(found.decided != 0, found.chance, np.nan).reshape(found.chance.shape[0], -1, each)
        put = np.isfinite(by_draw).sum(axis=2)
        return np.where(put > 0, np.nansum(by_draw, axis=2) / np.maximum(put, 1), np.nan)

    with ThreadPoolExecutor(Executor(workers).threads) as pool:
        by_draw = np.concatenate(list(pool.map(played, pieces)), axis=1)
    out = np.empty_like(by_draw)
    out[
        :,
        priors.particle_of_draws(
            particles, random_streams.seed_words(seed), np.arange(particles.size, dtype=np.uint64)
        ),
    ] = by_draw
    return out
