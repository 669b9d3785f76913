"""What a posterior says of every decision, particle by particle, with fresh random numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.calibration import vote_chances as vote_chances_of
from sim.ensembles import batch, summary
from sim.ensembles.executor import Executor
from sim.ensembles.threads import in_threads
from sim.ensembles.work import Batch, batches, ids
from sim.model import priors, random_streams
from sim.model.array_types import Floats, Words
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario


def chances(debates: Sequence[Scenario], seed: int, workers: int | None = None, draws: int = 0) -> list[Floats]:
    """Of each debate the chance of carrying each ballot by the record, (ballots, particles), with fresh random numbers.

    The mean over the histories of one draw; NaN where the motion was never put. The particles are in the order of
    the scenario's posterior, each played once; without one, `draws` are taken from the prior.
    """
    sizes = [debate.posterior.size if debate.posterior else draws for debate in debates]
    found = [np.empty((len(arrays_of(one).names.ballots), size)) for one, size in zip(debates, sizes, strict=True)]
    jobs = (
        partial(_play, debate, seed, one, out)
        for debate, size, out in zip(debates, sizes, found, strict=True)
        for one in batches((0, size * random_streams.RUNS_PER_DRAW), 8 * summary.LANES)
    )
    for _ in in_threads(jobs, Executor(workers).threads):
        pass
    return found


def _play(debate: Scenario, seed: int, one: Batch, out: Floats) -> None:
    """Plays the histories of some draws, and writes what they say into the columns of their particles."""
    work, replicates = batch.EnsembleWork(debate, seed, True, {}, counts_stances=False), ids(one)
    played = work.play(replicates, summary.nothing_kept())
    chance = np.where(played.decided != 0, played.chance, np.nan)
    by_draw = chance.reshape(chance.shape[0], -1, random_streams.RUNS_PER_DRAW)
    put = np.isfinite(by_draw).sum(axis=2)
    out[:, _columns(debate, seed, replicates)] = np.where(
        put > 0, np.nansum(by_draw, axis=2) / np.maximum(put, 1), np.nan
    )


def vote_chances(
    debate: Scenario, decisions: Collection[str], seed: int, workers: int | None = None, draws: int = 0
) -> Floats:
    """The chances of yes, of no and of abstaining of each elector, by the record, (3, electors, particles).

    Given that they take part: the mean over the histories of a draw in which they do; NaN if they never do, and of
    ballots that are not among the decisions. As in `chances`, with the same random numbers.
    """
    size, names = debate.posterior.size if debate.posterior else draws, arrays_of(debate).names
    found = np.full((3, len(names.electors), size), np.nan)
    jobs = (
        partial(_play_votes, debate, decisions, seed, one, found)
        for one in batches((0, size * random_streams.RUNS_PER_DRAW), 8 * summary.LANES)
    )
    for _ in in_threads(jobs, Executor(workers).threads):
        pass
    return found


def _play_votes(debate: Scenario, decisions: Collection[str], seed: int, one: Batch, out: Floats) -> None:
    plan, names = arrays_of(debate)
    is_asked = np.array([name in decisions for name in names.ballots], np.int8)
    last = max(number for number, entry in enumerate(debate.entries) if entry.id in decisions)
    replicates = ids(one)
    inputs = batch.EnsembleWork(debate, seed, True, {}).inputs(replicates)
    chances = vote_chances_of.play(plan, is_asked, last, inputs)
    by_draw = chances.reshape(*chances.shape[:2], -1, random_streams.RUNS_PER_DRAW).sum(axis=3)
    there = by_draw.sum(axis=0)
    out[:, :, _columns(debate, seed, replicates)] = np.where(there > 0, by_draw / np.maximum(there, 1e-300), np.nan)


def _columns(debate: Scenario, seed: int, replicates: Words) -> NDArray[np.int64]:
    """The number of the particle of each draw of these histories; without a posterior that of the draw."""
    draws = priors.draw_of(replicates[:: random_streams.RUNS_PER_DRAW])
    if debate.posterior is None:
        return draws.astype(np.int64)
    return priors.particle_of_draws(debate.posterior, random_streams.seed_words(seed), draws)


def predictions(scenario: Scenario, chance: Floats, runs: int = 1) -> pandas.DataFrame:
    """Every decision's probability and its Monte Carlo error. chance: (ballots, particles), of `chances`.

    runs: of how many independent runs of the sampler the particles are, taking turns; if these differ by more than as
    many independent particles would, the error is that.
    """
    mean, error = mean_and_error(chance, runs)
    return pandas.DataFrame({"decision": arrays_of(scenario).names.ballots, "probability": mean, "error": error})


def mean_and_error(values: Floats, runs: int = 1) -> tuple[Floats, Floats]:
    """The mean of each row of values by particle, and its Monte Carlo error. runs: as above."""
    mean, number = _means(values)
    error = np.sqrt(np.nansum((values - mean[:, None]) ** 2, axis=1)) / number
    return mean, np.fmax(error, _of_runs(values, runs)) if runs > 1 else error


def error_of_log_score(chance: Floats, carried: NDArray[np.bool_], runs: int = 1) -> float:
    """The Monte Carlo error of the sum of the log scores of decisions that one and the same particles predict.

    To first order, that of what a particle says of all of them together: (its likelihood of each outcome, by the mean
    of all particles), summed. chance: (decisions, particles). carried: (decisions,), what came of each. runs: as above.
    """
    likely = np.where(carried[:, None], chance, 1 - chance)
    together = np.nan_to_num(likely / _means(likely)[0][:, None], nan=1.0).sum(axis=0)[None]
    error = together.std() / np.sqrt(together.size)
    return float(np.fmax(error, _of_runs(together, runs)[0]) if runs > 1 else error)


def _of_runs(values: Floats, runs: int) -> Floats:
    """The standard error of the mean of each row of values by particle, from the spread of the runs."""
    means = np.stack([_means(values[:, run::runs])[0] for run in range(runs)])
    return np.asarray(means.std(axis=0, ddof=1) / np.sqrt(runs))


def _means(chance: Floats) -> tuple[Floats, Floats]:
    """The mean of each ballot over the particles in which it was put, and how many these are; NaN if none."""
    number = np.where(np.isfinite(chance).any(axis=1), np.isfinite(chance).sum(axis=1), np.nan)
    return np.nansum(chance, axis=1) / number, number
