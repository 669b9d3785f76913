"""What a posterior says of every decision, particle by particle, with fresh random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas

from sim.ensembles import batch, summary
from sim.ensembles.executor import Executor
from sim.ensembles.threads import in_threads
from sim.ensembles.work import Batch, batches, ids
from sim.model import priors, random_streams
from sim.model.array_types import Floats
from sim.model.arrays import arrays_of
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario


def chances(fitted: Sequence[Scenario], seed: int, workers: int | None = None) -> list[Floats]:
    """Of each debate the chance of carrying each ballot by the record, (ballots, particles), with fresh random numbers.

    The mean over the histories of one draw; NaN where the motion was never put. The particles are in the order of
    the scenario's posterior, each played once. Raises ValueError for a debate without one.
    """
    sizes = [_particles(debate).size for debate in fitted]
    found = [np.empty((len(arrays_of(debate).names.ballots), size)) for debate, size in zip(fitted, sizes, strict=True)]
    jobs = (
        partial(_play, debate, seed, one, out)
        for debate, size, out in zip(fitted, sizes, found, strict=True)
        for one in batches((0, size * random_streams.RUNS_PER_DRAW), 8 * summary.LANES)
    )
    for _ in in_threads(jobs, Executor(workers).threads):
        pass
    return found


def _particles(fitted: Scenario) -> Particles:
    if fitted.posterior is None:
        raise ValueError(f"{fitted.name} has no posterior to be played from")
    return fitted.posterior


def _play(fitted: Scenario, seed: int, one: Batch, out: Floats) -> None:
    """Plays the histories of some draws, and writes what they say into the columns of their particles."""
    work, replicates = batch.EnsembleWork(fitted, seed, True, {}, counts_stances=False), ids(one)
    played = work.play(replicates, summary.nothing_kept())
    chance = np.where(played.decided != 0, played.chance, np.nan)
    draws = priors.draw_of(replicates[:: random_streams.RUNS_PER_DRAW])
    by_draw = chance.reshape(chance.shape[0], draws.size, random_streams.RUNS_PER_DRAW)
    put = np.isfinite(by_draw).sum(axis=2)
    columns = priors.particle_of_draws(_particles(fitted), random_streams.seed_words(seed), draws)
    out[:, columns] = np.where(put > 0, np.nansum(by_draw, axis=2) / np.maximum(put, 1), np.nan)


def predictions(scenario: Scenario, chance: Floats, runs: int = 1) -> pandas.DataFrame:
    """Every decision's probability and its Monte Carlo error. chance: (ballots, particles), of `chances`.

    runs: of how many independent runs of the sampler the particles are, taking turns; if these differ by more than as
    many independent particles would, the error is that.
    """
    mean, number = _means(chance)
    spread = np.sqrt(np.nansum((chance - mean[:, None]) ** 2, axis=1) / number)
    error = spread / np.sqrt(number)
    if runs > 1:
        of_runs = np.stack([_means(chance[:, run::runs])[0] for run in range(runs)])
        error = np.fmax(error, of_runs.std(axis=0, ddof=1) / np.sqrt(runs))
    return pandas.DataFrame({"decision": arrays_of(scenario).names.ballots, "probability": mean, "error": error})


def _means(chance: Floats) -> tuple[Floats, Floats]:
    """The mean of each ballot over the particles in which it was put, and how many these are; NaN if none."""
    number = np.where(np.isfinite(chance).any(axis=1), np.isfinite(chance).sum(axis=1), np.nan)
    return np.nansum(chance, axis=1) / number, number
