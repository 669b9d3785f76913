"""Intervals and errors are held to their word by brute force: they hold what they say, as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from sim.ensembles import batch, ensemble, summary
from sim.ensembles.executor import play_runs
from sim.model import random_streams
from sim.model.array_types import Floats
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario
from tests.debates import absence, ballot, debate, letter, talk

SEEDS = range(40)
#: Draws of a brute-force distribution of probabilities, and histories of each of them.
DRAWS, HISTORIES = 1024, 256


def contested() -> Scenario:
    """Five who talk, read, defer and stay away, with votes that are near certain, open, and either of the two."""
    unit = [0, 1]
    return debate(
        {"ann": 1.0, "bob": {"uniform": unit}, "cid": {"uniform": unit}, "dee": 0.1, "eve": {"normal": [0.4, 0.3]}},
        ballot("hardly", 1, 0.3, 2),
        ballot("open", 1, 0.2, 4),
        letter("note", "ann", ["bob", "cid"], 1.0, on=8),
        talk("chat", on=9),
        absence("trip", "ann", 10, 30),
        ballot("either", 1, 0, on=12),
        ballot("nearly", 0.4, 0, on=16),
        weeks=3,
        drift={"reversion": "pull", "noise": "shake"},
        deference={"leader": "ann", "weight": "deference", "lapses_after": "lapse"},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        attendance="attendance",
        parameters={
            "deference": {"value": {"uniform": unit}, "range": unit},
            "pull": 0.1,
            "shake": 0.2,
            "sharpness": {"value": {"uniform": [2, 12]}, "range": [1, 20]},
            "attendance": 0.8,
        },
    )


def probabilities(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Floats:
    """The probability of each ballot in each of many draws, (ballots, draws), each from many histories."""
    with monkeypatch.context() as patched:
        patched.setattr(random_streams, "RUNS_PER_DRAW", HISTORIES)
        work = batch.EnsembleWork(scenario, 99, True, {}, counts_stances=False)
        played = work.play(np.arange(DRAWS * HISTORIES, dtype=np.uint64), summary.nothing_kept())
    return np.asarray(played.chance.reshape(-1, DRAWS, HISTORIES).mean(axis=2))


@pytest.mark.parametrize("runs", [200, 2000])
def test_low_and_high_hold_95_per_cent_of_the_draws(runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over seeds, between 90 and 99 % of what brute force finds lies within; all of it only from 0 to 1."""
    truth = probabilities(contested(), monkeypatch)
    spreads = [ensemble.spread(play_runs(contested(), runs, seed, counts_stances=False), None) for seed in SEEDS]
    for row, of_draws in enumerate(truth):
        ends = [(over.low[row], over.high[row]) for over in spreads]
        held = np.mean([((low <= of_draws) & (of_draws <= high)).mean() for low, high in ends])
        assert held >= 0.9
        # No narrower interval of whole per cents is a better answer where the draws reach both ends of the scale.
        assert held <= 0.99 or np.mean([high - low for low, high in ends]) > 0.99


def test_the_error_of_a_probability_holds_over_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true probability lies within 1.96 `mc_error` as often as 95 % should, from 90 to 99 times in a hundred."""
    truth = probabilities(contested(), monkeypatch).mean(axis=1)
    spreads = [ensemble.spread(play_runs(contested(), 800, seed, counts_stances=False), None) for seed in range(200)]
    held = np.mean([np.abs(over.mean - truth) < 1.96 * over.error for over in spreads])
    assert 0.9 <= held <= 0.99


def sampled(scenario: Scenario, size: int, runs: int, seed: int, agree: float) -> Particles:
    """A made-up posterior that is the prior: `size` particles of so many independent runs, each a little beside it.

    agree: how far the runs agree; of the variance of each quantile's normal number, the rest is common to a run.
    """
    generator = np.random.default_rng(seed)
    parameters = ("deference", "sharpness")
    members = ("bob", "cid", "eve")
    common = np.sqrt(1 - agree) * generator.normal(size=(5, 1, runs))
    own = np.sqrt(agree) * generator.normal(size=(5, size // runs, runs))
    about = f'{{"independent_runs": {runs}}}'
    return Particles.of(parameters, members, ndtr(common + own).reshape(5, size), scenario.content_digest, about)


@pytest.mark.slow
@pytest.mark.parametrize("agree", [1.0, 0.99])
def test_the_error_under_a_posterior_knows_how_few_its_particles_are(
    agree: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each particle played many times, and runs that differ, the error still holds what it says."""
    prior = contested()
    truth, held = probabilities(prior, monkeypatch).mean(axis=1), []
    for seed in range(150):
        fitted = prior.with_posterior(sampled(prior, 128, 4, seed, agree))
        tally = play_runs(fitted, 128 * 8 * 8, seed, counts_stances=False)
        over = ensemble.spread(tally, fitted.posterior)
        held.append(np.abs(over.mean - truth) < 1.96 * over.error)
    assert 0.9 <= np.mean(held) <= 0.99
