"""What a posterior says of every decision, particle by particle, with fresh random numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas

from sim.ensembles import batch, summary
from sim.ensembles.executor import Executor
from sim.ensembles.work import Batch, batches, ids
from sim.model import priors, random_streams
from sim.model.array_types import Floats
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario


def chances(fitted: Scenario, seed: int, workers: int | None = None) -> Floats:
    """The chance of carrying each ballot by the record, (ballots, particles), with fresh random numbers.

    The mean over the histories of one draw; NaN where the motion was never put. The particles are in the order of
    the scenario's posterior, each played once.
    """
    particles = fitted.posterior
    if particles is None:
        raise ValueError(f"{fitted.name} has no posterior to be played from")
    work, each = batch.EnsembleWork(fitted, seed, True, {}, counts_stances=False), random_streams.RUNS_PER_DRAW

    def play(one: Batch) -> Floats:
        played = work.play(ids(one), summary.nothing_kept())
        by_draw = np.where(played.decided != 0, played.chance, np.nan).reshape(played.chance.shape[0], -1, each)
        put = np.isfinite(by_draw).sum(axis=2)
        return np.where(put > 0, np.nansum(by_draw, axis=2) / np.maximum(put, 1), np.nan)

    with ThreadPoolExecutor(Executor(workers).threads) as pool:
        parts = batches((0, particles.size * each), 8 * summary.LANES)
        by_draw = np.concatenate(list(pool.map(play, parts)), axis=1)
    draws = np.arange(particles.size, dtype=np.uint64)
    out = np.empty_like(by_draw)
    out[:, priors.particle_of_draws(particles, random_streams.seed_words(seed), draws)] = by_draw
    return out


def predictions(scenario: Scenario, chance: Floats) -> pandas.DataFrame:
    """Every decision's probability and its Monte Carlo error. chance: (ballots, particles), of `chances`."""
    number = np.where(np.isfinite(chance).any(axis=1), np.isfinite(chance).sum(axis=1), np.nan)
    mean = np.nansum(chance, axis=1) / number
    spread = np.sqrt(np.nansum((chance - mean[:, None]) ** 2, axis=1) / number)
    return pandas.DataFrame(
        {"decision": arrays_of(scenario).names.ballots, "probability": mean, "error": spread / np.sqrt(number)}
    )
