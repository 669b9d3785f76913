"""The sampler: toys whose posterior and evidence are known in closed form, noise and all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibration import smc
from sim.calibration.smc import Sampler, SamplerRun, TemperingError
from sim.model import random_streams
from sim.scenario import timeline

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
SEED = random_streams.seed_words(3)
KEYS = [timeline.key(f"coordinate {number}") for number in range(10)]
#: Four independent runs, each with its own random numbers.
NUMBERS = range(4)


def gaussian(points: Floats, noise: Words) -> Floats:
    """The log density of N(1.5, 0.3^2) data in every dimension, one term a dimension."""
    return -0.5 * ((points - 1.5) / 0.3) ** 2 - math.log(0.3 * math.sqrt(2 * math.pi))


def noisy(points: Floats, noise: Words) -> Floats:
    """The same, times an estimate's noise of mean 1 that depends on nothing but its number: exp(s e - s^2 / 2)."""
    errors = random_streams.normals(SEED, noise, 5, 2, 7)[0].astype(np.float64)
    return np.vstack([gaussian(points, noise), (0.8 * errors - 0.32)[None]])


def impossible(points: Floats, noise: Words) -> Floats:
    """Nothing can be."""
    return np.full((1, noise.size), -np.inf)


def half_impossible(points: Floats, noise: Words) -> Floats:
    """Only the upper half of the first coordinate is possible."""
    return np.where(points[:1] > 0, 0.0, -np.inf)


def runs(target: smc.Target, particles: int = 800) -> list[SamplerRun]:
    """Independent runs."""
    return [Sampler(target, KEYS, particles, SEED, number).run() for number in NUMBERS]


def evidence(found: list[SamplerRun]) -> tuple[float, float]:
    """The log of the mean evidence and its standard error."""
    each = np.array([run.log_evidence for run in found])
    return float(np.logaddexp.reduce(each) - math.log(each.size)), float(each.std(ddof=1) / math.sqrt(each.size))


#: The data are N(1.5, 0.3^2) about z from N(0, 1): evidence N(1.5; 0, 1 + 0.09) in each of ten dimensions.
VARIANCE = 1.0 / (1.0 + 1.0 / 0.09)
KNOWN_EVIDENCE = 10 * (-0.5 * 1.5**2 / 1.09 - 0.5 * math.log(2 * math.pi * 1.09))


@pytest.mark.parametrize("target", [gaussian, noisy])
def test_the_posterior_of_a_conjugate_toy_is_exact(target: smc.Target) -> None:
    """Ten normal coordinates: mean 1.5 / 1.09, variance 0.09 / 1.09, with and without noise in the likelihood."""
    points = np.concatenate([run.points for run in runs(target)], axis=1)
    assert points.mean(axis=1) == pytest.approx(np.full(10, 1.5 / 1.09), abs=0.03)
    assert points.var(axis=1) == pytest.approx(np.full(10, VARIANCE), rel=0.15)
    correlation = np.corrcoef(points) - np.eye(10)
    assert np.abs(correlation).max() < 0.1


@pytest.mark.parametrize("target", [gaussian, noisy])
def test_the_evidence_of_a_conjugate_toy_is_exact_within_its_error(target: smc.Target) -> None:
    """Unbiased noise leaves the evidence what it is; four runs say how far off they are."""
    found, error = evidence(runs(target))
    assert found == pytest.approx(KNOWN_EVIDENCE, abs=4 * error + 0.02)
    assert error < 0.2


def test_runs_spread_as_their_resampling_says() -> None:
    """Of a likelihood without noise, many runs' log evidences vary by little more than resampling alone explains."""
    found = [Sampler(gaussian, KEYS, 200, SEED, number).run() for number in range(24)]
    expected = float(np.mean([run.resampling_variance for run in found]))
    spread = float(np.var([run.log_evidence for run in found], ddof=1))
    assert 0.4 * expected < spread < 4 * expected


def test_half_of_the_prior_ruled_out_is_one_bit() -> None:
    """A likelihood of 1 or 0: the evidence is the fraction that is possible, and nothing impossible is left."""
    found = runs(half_impossible)
    value, error = evidence(found)
    assert value == pytest.approx(math.log(0.5), abs=4 * error + 0.01)
    assert all((run.points[0] > 0).all() for run in found)
    assert np.concatenate([run.points[1] for run in found]).var() == pytest.approx(1.0, abs=0.1)


def one_is_rare(points: Floats, noise: Words) -> Floats:
    """One point of the prior in 741 is possible, and all else says nothing."""
    return np.where(points[:1] > 3.0, 0.0, -np.inf)


def all_are_rare(points: Floats, noise: Words) -> Floats:
    """Six data, each allowed by one point in ten and all of them together by one in a million."""
    return np.where(points[:6] > 1.2815515655446004, 0.0, -np.inf)


@pytest.mark.parametrize(("target", "possible"), [(one_is_rare, 0.0013498980316301), (all_are_rare, 1e-6)])
def test_data_that_are_rare_and_possible_are_sampled(target: smc.Target, possible: float) -> None:
    """The evidence is the part of the prior that is possible, and every particle is within it."""
    found = runs(target, 400)
    value, error = evidence(found)
    assert value == pytest.approx(math.log(possible), abs=4 * error + 0.1)
    assert all(np.isfinite(run.terms).all() for run in found)
    within = np.concatenate([run.points[0] for run in found])
    assert within.mean() == pytest.approx({one_is_rare: 3.283, all_are_rare: 1.755}[target], abs=0.1)


def test_data_that_no_point_makes_possible_are_refused() -> None:
    """There is no posterior of what cannot be."""
    with pytest.raises(TemperingError, match="none of 25600 points"):
        runs(impossible)


def test_a_run_is_a_function_of_its_seed_and_number() -> None:
    """The same twice; another number, or another seed, is another run."""
    one, same, other = (Sampler(gaussian, KEYS, 100, SEED, number).run() for number in (0, 0, 1))
    assert (one.points == same.points).all()
    assert (one.points != other.points).any()
    reseeded = Sampler(gaussian, KEYS, 100, random_streams.seed_words(4)).run()
    assert (one.points != reseeded.points).any()


def test_runs_share_no_noise() -> None:
    """Each estimate of a likelihood has a number that no other run uses, small enough to be counted down from 2^32."""
    seen: list[set[int]] = []

    def watching(points: Floats, noise: Words) -> Floats:
        seen[-1].update(noise.tolist())
        return gaussian(points, noise)

    for number in range(2):
        seen.append(set())
        Sampler(watching, KEYS, 50, SEED, number).run()
    assert not seen[0] & seen[1]
    assert len(seen[0]) > 50 * 5
    assert max(seen[0] | seen[1]) < 2**31


def test_temperatures_rise_to_one_and_keep_the_effective_sample_size() -> None:
    """Each step lets in as much of the data as the particles bear, and the last one all of it."""
    (run, *_) = runs(gaussian)
    steps = run.schedule["temperature"].tolist()
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert run.schedule["ess"].min() >= 0.79 * 800
    assert run.distinct > 700


def test_the_next_temperature_keeps_the_wanted_fraction_of_the_particles() -> None:
    """By bisection: the effective sample size there is the wanted one; a flat likelihood goes to 1 at once."""
    total = np.random.default_rng(1).normal(size=500) * 100
    following = smc.next_temperature(total, 0.0)
    assert smc.effective(following * total) == pytest.approx(smc.EFFECTIVE * 500, rel=1e-3)
    assert smc.next_temperature(np.zeros(500), 0.0) == 1.0


def test_moves_leave_their_normal_distribution_as_it_is() -> None:
    """A step about N(m, C) from a point of N(m, C) ends in N(m, C), of whatever length it is."""
    rng = np.random.default_rng(2)
    points = np.array([[1.0], [-2.0]]) + np.array([[1.0, 0.0], [0.8, 0.5]]) @ rng.normal(size=(2, 40_000))
    law = smc.Normal.of(points)
    start = law.middle + law.root @ rng.normal(size=(2, 40_000))
    for length in (0.1, 0.7, 1.0):
        moved = law.step(start, rng.normal(size=(2, 40_000)), length)
        assert moved.mean(axis=1) == pytest.approx(law.middle[:, 0], abs=0.03)
        assert np.cov(moved) == pytest.approx(law.root @ law.root.T, abs=0.03)
