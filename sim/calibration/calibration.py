"""What the record teaches of parameters and first stances: the posterior, sampled and pooled."""

from __future__ import annotations

import json
import math
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from sim.calibration import impossible, posterior_summary, predictions, record
from sim.calibration.likelihood import Likelihood
from sim.calibration.posterior_summary import PosteriorSummary
from sim.calibration.record import Record
from sim.calibration.smc import Sampler, SamplerRun, TemperingError
from sim.ensembles.checkpoint import stored
from sim.ensembles.executor import Executor
from sim.ensembles.threads import in_threads
from sim.errors import Interrupted, UserError, quoted
from sim.model import normal, random_streams
from sim.model.array_types import Floats
from sim.results.wording import counted, number, words
from sim.scenario import DEFAULT, timeline
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.posterior import FIRST_STANCE, PARAMETER, Particles
from sim.scenario.scenario import Scenario
from sim.scenario.shown import ShownResult

#: Particles of a posterior that travels with a scenario: enough for a per cent, small enough for a file.
MOST_PARTICLES = 2048
#: Bits of information gain below which next to nothing is learnt.
LITTLE = 0.1
#: What an effort reports when all is done.
PERCENT = 100.0


class CalibrationError(UserError):
    """A debate that cannot be calibrated; the message says why and what to do."""


@dataclass(frozen=True)
class Effort:
    """How much work goes into a fit, and what becomes of it if it is interrupted.

    particles: of each independent run of the sampler. independent_runs: how many, by whose spread errors are
    estimated. workers: threads, all cores if None; the result does not depend on it. report: is told how many per
    cent are done. unfinished: the folder in which finished runs are kept, so that the same work, started again, goes
    on from there; None to keep nothing.
    """

    particles: int = 1024
    independent_runs: int = 4
    workers: int | None = None
    report: Callable[[float], None] = field(default=lambda percent: None, compare=False)
    unfinished: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        check_numbers(**self.settings, **({} if self.workers is None else {"workers": self.workers}))

    def less(self, part: int) -> Effort:
        """As much less work: of the particles and of the runs only one in `part`, at least one of each."""
        particles, runs = (max(number // part, 1) for number in self.settings.values())
        return replace(self, particles=particles, independent_runs=runs)

    @property
    def settings(self) -> dict[str, int]:
        """What of it a result depends on, as a manifest keeps it."""
        return {"particles": self.particles, "independent_runs": self.independent_runs}

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any], runs: int, executor: Executor | None) -> Effort:
        """The effort that a manifest keeps; the executor is told of as many of the `runs` as is done of the work."""
        executor = executor or Executor()
        return cls(
            settings["particles"],
            settings["independent_runs"],
            executor.workers,
            lambda percent: executor.report(int(percent / PERCENT * runs)),
        )

    def delete(self) -> None:
        """Deletes what was kept of unfinished work."""
        if self.unfinished is not None:
            shutil.rmtree(self.unfinished, ignore_errors=True)
            with suppress(OSError):
                self.unfinished.parent.rmdir()


def as_effort(given: Effort | None) -> Effort:
    """The effort given, or the usual one. Raises TypeError for what is none."""
    if given is not None and not isinstance(given, Effort):
        raise TypeError(f"effort is a sim.Effort, as sim.Effort(particles=256), not {quoted(given)}")
    return given or Effort()


@dataclass(frozen=True, repr=False)
class Fit(ShownResult):
    """A posterior of parameters and first stances.

    prior: the debate, its parameters and first stances drawn from what was assumed. coordinates: purpose and name of
    each dimension. sampler_runs: the independent runs. chance: of carrying each ballot, by particle, (ballots,
    particles of the scenario's posterior).
    """

    prior: Scenario
    record: Record
    seed: int
    coordinates: tuple[tuple[int, str], ...]
    sampler_runs: tuple[SamplerRun, ...]
    chance: Floats
    counts = "particle", "particles"

    @property
    def headline(self) -> str:
        """What the record teaches most about, and of how many unknowns it teaches next to nothing."""
        gains = self.summary.table.sort_values("information_gain", ascending=False, kind="stable")
        first, little = gains.iloc[0], int((gains.information_gain < LITTLE).sum())
        return (
            f"The record teaches most about {words(first['name'])}: {number(first.information_gain)} bits. "
            f"Of {counted(len(gains), 'unknown number')}, {little} are learnt less than {number(LITTLE)} bits about."
        )

    @property
    def log_evidence(self) -> float:
        """The log of the mean evidence of the runs: how probable the record is under this model, a priori."""
        each = np.array([run.log_evidence for run in self.sampler_runs])
        return float(np.logaddexp.reduce(each) - math.log(each.size))

    @property
    def error(self) -> float:
        """The standard error of the log evidence: from the spread of the runs, or from resampling if that is more.

        A few runs agree by chance now and then, and then their spread would say that nothing is open.
        """
        each = np.array([run.log_evidence for run in self.sampler_runs])
        spread = each.var(ddof=1) if each.size > 1 else 0.0
        least = np.mean([run.resampling_variance for run in self.sampler_runs])
        return math.sqrt(max(float(spread), float(least)) / each.size)

    @cached_property
    def _points(self) -> Floats:
        """(coordinates, independent runs, particles of each)."""
        return np.stack([run.points for run in self.sampler_runs], axis=1)

    @cached_property
    def quantiles(self) -> Floats:
        """The prior quantiles of all particles, (coordinates, independent runs, particles of each)."""
        return normal.below(self._points)

    @cached_property
    def terms(self) -> Floats:
        """The log likelihood of each datum, (data, runs, particles), with the noise that is part of a particle."""
        return np.stack([run.terms for run in self.sampler_runs], axis=1)

    @cached_property
    def agreement(self) -> Floats:
        """How far the runs agree on each coordinate, (coordinates,): the root of total over inner variance.

        The potential scale reduction of Gelman and Rubin (1992), runs for chains: near 1 if they agree.
        """
        inner = self._points.var(axis=2, ddof=1).mean(axis=1)
        between = self._points.mean(axis=2).var(axis=1, ddof=1) if len(self.sampler_runs) > 1 else 0.0
        size = self._points.shape[2]
        ratio: Floats = np.sqrt((size - 1) / size + between / np.maximum(inner, 1e-300))
        return ratio

    def particles(self, most: int = MOST_PARTICLES, more: Mapping[str, object] | None = None) -> Particles:
        """Equally likely particles, as many of each run, taking turns; at most `most`.

        more: what else their file shall say about them.
        """
        each = min(max(most // len(self.sampler_runs), 1), self.settings["particles"])
        quantiles = self.quantiles[:, :, :each].transpose(0, 2, 1).reshape(len(self.coordinates), -1)
        parameters, members = (
            tuple(name for purpose, name in self.coordinates if purpose == wanted)
            for wanted in (PARAMETER, FIRST_STANCE)
        )
        about = {
            "data": list(self.record.names),
            "seed": self.seed,
            **self.settings,
            "log_evidence": round(self.log_evidence, 3),
            "error": round(self.error, 3),
            **(more or {}),
        }
        return Particles.of(
            parameters, members, quantiles, self.prior.content_digest, json.dumps(about, sort_keys=True)
        )

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario drawn from this posterior."""
        return self.prior.with_posterior(self.particles())

    @property
    def settings(self) -> dict[str, int]:
        """What a manifest keeps beside scenario, runs and seed."""
        return Effort(self.quantiles.shape[2], len(self.sampler_runs)).settings

    @property
    def runs(self) -> int:
        """The number of all particles: a history each."""
        return int(self.quantiles[0].size)

    @cached_property
    def predictions(self) -> pandas.DataFrame:
        """What the fitted model says of every decision: decision, probability, error."""
        return predictions.predictions(self.prior, self.chance, len(self.sampler_runs))

    @property
    def tempering_schedule(self) -> pandas.DataFrame:
        """How the runs came from the prior to the posterior: one row a temperature."""
        tables = [pandas.DataFrame(run.schedule) for run in self.sampler_runs]
        return pandas.concat(tables, keys=range(len(tables)), names=["independent_run"]).reset_index(0)

    @property
    def independent_runs(self) -> pandas.DataFrame:
        """One row a run: its log evidence, temperatures, moves, and how many of its particles differ."""
        table = self.tempering_schedule.groupby("independent_run", as_index=False).agg(
            temperatures=("temperature", "size"),
            moves=("moves", "sum"),
            acceptance=("acceptance", "last"),
            least_ess=("ess", "min"),
        )
        table.insert(1, "log_evidence", [run.log_evidence for run in self.sampler_runs])
        distinct = [run.distinct for run in self.sampler_runs]
        return table.assign(particles=self.settings["particles"], distinct=distinct)

    @cached_property
    def summary(self) -> PosteriorSummary:
        """Prior against posterior."""
        return PosteriorSummary(self.prior, self.seed, self.coordinates, self.quantiles, self.agreement)

    def _shown_table(self) -> pandas.DataFrame:
        return self.summary.table

    @cached_property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {
            "parameters": self.summary.table,
            "pairs": self.summary.pairs,
            "predictions": self.predictions,
            "by_assumption": posterior_summary.by_assumption(self.scenario, self.chance),
            "independent_runs": self.independent_runs,
            "tempering_schedule": self.tempering_schedule,
        }


def calibrate(
    scenario: AnyScenario = DEFAULT, seed: int = 1922, effort: Effort | None = None, data: Record | None = None
) -> Fit:
    """The posterior of a debate's parameters and first stances, given its record (or part of it).

    scenario: a debate, a shipped name or a path; whatever posterior it already has is left aside. seed: 0 to 2^64 - 1.
    effort: how much work to put in. data: what to compare histories with, all of `record_of` if not given.

    Returns a Fit: `.scenario` plays from the posterior, `.summary.table` sets it beside the prior, and `.tables` has
    all by name; docs/reference/glossary.md lists the columns.
    Raises CalibrationError where there is nothing to learn or the record is impossible, ScenarioError for a name or a
    file that is no debate, UserError for a number out of its range, TypeError for an argument of another kind,
    Interrupted when the user stops it.

    Example: `sim.calibrate("monopoly-1922", effort=sim.Effort(particles=256, independent_runs=2)).summary.table`
    """
    check_numbers(seed=seed)
    effort, prior = as_effort(effort), as_scenario(scenario, "sim.calibrate").from_prior()
    data = record.record_of(prior) if data is None else data
    (fit,) = fits([Wanted(prior, data, effort)], seed, effort)
    return fit


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Fit:
    """The fit that a manifest describes."""
    return calibrate(scenario, seed, Effort.of_settings(settings, runs, executor))


@dataclass(frozen=True)
class Wanted:
    """One of several fits. prior: the debate, drawn from what was assumed. effort: particles and runs of this fit."""

    prior: Scenario
    record: Record
    effort: Effort

    @property
    def request(self) -> tuple[str, str, int, int]:
        """All that its result depends on besides the seed."""
        return self.prior.digest, self.record.digest, self.effort.particles, self.effort.independent_runs


class _Progress:
    """How far the independent runs of several fits are, and whether somebody has stopped them."""

    def __init__(self, wanted: Sequence[Wanted], effort: Effort) -> None:
        self._effort, self.stopped = effort, threading.Event()
        self._done = [np.zeros(one.effort.independent_runs) for one in wanted]
        particles = [one.effort.particles * done.size for one, done in zip(wanted, self._done, strict=True)]
        self._parts = [size / sum(particles) for size in particles]

    @property
    def done(self) -> float:
        """The part of all work that is done, from 0 to 1."""
        return float(sum(part * done.mean() for part, done in zip(self._parts, self._done, strict=True)))

    def report(self, fit: int, run: int, temperature: float) -> None:
        """Tells how far one run of one fit is. Raises KeyboardInterrupt once somebody has stopped them all."""
        if self.stopped.is_set():
            raise KeyboardInterrupt
        # The first temperatures are the closest to each other: the root rises evenly.
        self._done[fit][run] = math.sqrt(temperature)
        self._effort.report(0.9 * PERCENT * self.done)

    def interrupted(self) -> Interrupted:
        """What the user is told who has stopped them: of one fit how much of it is done, of several how many."""
        if len(self._done) == 1:
            return Interrupted(int(PERCENT * self.done), int(PERCENT), "per cent")
        return Interrupted(sum(bool((done == 1.0).all()) for done in self._done), len(self._done), "fits")


def fits(wanted: Sequence[Wanted], seed: int, effort: Effort) -> list[Fit]:
    """Several fits, whose independent runs are divided among the same threads, and then their predictions.

    effort: who works, and what is told and kept. What is wanted twice is fitted once. Raises as `calibrate` does.
    """
    different = {one.request: one for one in wanted}
    found = dict(zip(different, _fits([*different.values()], seed, effort), strict=True))
    return [found[one.request] for one in wanted]


def _fits(wanted: Sequence[Wanted], seed: int, effort: Effort) -> list[Fit]:
    targets, progress = [_target(one, seed) for one in wanted], _Progress(wanted, effort)
    try:
        jobs = _runs(wanted, targets, effort.unfinished, progress)
        runs = dict(in_threads(jobs, Executor(effort.workers).threads, progress.stopped.set))
        found = []
        for fit, (one, target) in enumerate(zip(wanted, targets, strict=True)):
            of_fit = tuple(runs[fit, run] for run in range(one.effort.independent_runs))
            found.append(Fit(one.prior, one.record, seed, target.coordinates, of_fit, np.empty((0, 0))))
        chances = predictions.chances([fit.scenario for fit in found], seed, effort.workers)
    except KeyboardInterrupt:
        raise progress.interrupted() from None
    effort.report(PERCENT)
    return [replace(fit, chance=chance) for fit, chance in zip(found, chances, strict=True)]


def _target(wanted: Wanted, seed: int) -> Likelihood:
    target = Likelihood(wanted.prior, wanted.record, seed)
    if not target.coordinates:
        raise CalibrationError(
            f"{wanted.prior.name} has nothing to learn: every parameter and first stance is a number"
        )
    return target


def _runs(
    wanted: Sequence[Wanted], targets: Sequence[Likelihood], folder: Path | None, progress: _Progress
) -> Iterator[Callable[[], tuple[tuple[int, int], SamplerRun]]]:
    """Every independent run of every fit, as a job that returns which it is, and the run."""
    for fit, (one, target) in enumerate(zip(wanted, targets, strict=True)):
        # Compiled and worked out once, before the threads: they would each do it.
        target(np.zeros((len(target.coordinates), 1)), np.zeros(1, np.uint64))
        for run in range(one.effort.independent_runs):
            yield partial(_run, target, one.effort.particles, folder, (fit, run), progress)


def _run(
    target: Likelihood, particles: int, folder: Path | None, place: tuple[int, int], progress: _Progress
) -> tuple[tuple[int, int], SamplerRun]:
    """One independent run of one fit, from what was kept if it is there. place: the numbers of the fit and the run."""
    keys = [timeline.key(f"{purpose} {name}") for purpose, name in target.coordinates]
    report = partial(progress.report, *place)
    sampler = Sampler(target, keys, particles, random_streams.seed_words(target.seed), place[1], report)
    request = ["sampler run", target.scenario.digest, target.record.digest, target.seed, particles, place[1]]
    try:
        found = SamplerRun.of_arrays(stored(folder, request, lambda: sampler.run().arrays, sampler.may_have_made))
    except TemperingError as error:
        raise CalibrationError(impossible.explained(target.scenario, target.record, error.terms)) from None
    report(1.0)
    return place, found
