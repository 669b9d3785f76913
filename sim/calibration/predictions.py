"""What a posterior says of every decision, particle by particle, with fresh random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.ensembles import batch, summary
from sim.ensembles.executor import Executor
from sim.ensembles.threads import in_threads
from sim.ensembles.work import Batch, batches, ids
from sim.model import priors, random_streams
from sim.model.array_types import Floats
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
    draws = priors.draw_of(replicates[:: random_streams.RUNS_PER_DRAW])
    by_draw = chance.reshape(chance.shape[0], draws.size, random_streams.RUNS_PER_DRAW)
    put = np.isfinite(by_draw).sum(axis=2)
    columns = draws.astype(np.int64)
    if debate.posterior is not None:
        columns = priors.particle_of_draws(debate.posterior, random_streams.seed_words(seed), draws)
    out[:, columns] = np.where(put > 0, np.nansum(by_draw, axis=2) / np.maximum(put, 1), np.nan)


def predictions(scenario: Scenario, chance: Floats, runs: int = 1) -> pandas.DataFrame:
    """Every decision's probability and its Monte Carlo error. chance: (ballots, particles), of `chances`.

    runs: of how many independent runs of the sampler the particles are, taking turns; if these differ by more than as
    many independent particles would, the error is that.
    """
    mean, number = _means(chance)
    error = np.sqrt(np.nansum((chance - mean[:, None]) ** 2, axis=1)) / number
    if runs > 1:
        error = np.fmax(error, _of_runs(chance, runs))
    return pandas.DataFrame({"decision": arrays_of(scenario).names.ballots, "probability": mean, "error": error})


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
