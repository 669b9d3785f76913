"""A sampler for posteriors of few data: adaptively tempered sequential Monte Carlo. It knows nothing of debates.

The prior is a standard normal cube (dimensions, particles), and the likelihood of a point is estimated with noise
whose number is part of the particle. From the prior, the likelihood is let in little by little, L^t with t from 0
to to 1 (Neal 2001; Del Moral, Doucet and Jasra 2006): each next t is the largest at which the effective sample size is
still the wanted share; then particles are resampled and moved by preconditioned Crank-Nicolson steps (Cotter,
Roberts, Stuart and White 2013) about the normal law N(m, C) of the present particles,

    z' = m + sqrt(1 - b^2) (z - m) + b n,    n from N(0, C),

which leave that law as it is, so that a move is accepted with probability min(1, (L'/L)^t p'q / (p q')), p the prior
density and q that of N(m, C). Every second move also draws fresh noise, from its own law; so the moves leave exact
the law of point and noise together (as in Andrieu and Roberts 2009).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.array_types import Floats, Ints, Words
from sim.model import random_streams

#: log likelihood of each datum, (data, particles), at points (dimensions, particles) with noise of these numbers.
Target = Callable[[Floats, Words], Floats]

#: The share of the particles that the effective sample size may fall to in one step of the temperature.
EFFECTIVE = 0.8
#: Moves go on until this much is left of where particles were: between temperatures, and at the end.
LEFT, LEFT_AT_LAST = 0.05, 0.02
MOST_MOVES = 60
#: The acceptance that the length of moves is tuned to; a move of length 1 draws anew from the prior.
ACCEPTED = 0.3
SHORTEST, LONGEST = 0.02, 1.0
#: How much of the prior's covariance is mixed into that of the particles, of which only so many tell it.
SHRUNK = 0.1
#: Temperatures closer than this are not told apart.
FINEST = 1e-9


class TemperingError(ValueError):
    """A likelihood that cannot be sampled."""


@dataclass(frozen=True)
class Rung:
    """One temperature: what it took. ess: before resampling; acceptance: mean of its moves; length: of the last."""

    temperature: float
    ess: float
    moves: int
    acceptance: float
    length: float


@dataclass(frozen=True)
class Cloud:
    """Particles: points (dimensions, particles), the number of the noise of each, the terms of its log likelihood."""

    points: Floats
    noise: Words
    terms: Floats

    @property
    def total(self) -> Floats:
        """Log likelihood, (particles,)."""
        total: Floats = self.terms.sum(axis=0)
        return total

    def taken(self, which: Ints) -> Cloud:
        """The cloud of these particles."""
        return Cloud(self.points[:, which], self.noise[which], self.terms[:, which])


@dataclass(frozen=True)
class Tempered:
    """Equally weighted particles of the posterior, in random order, and how they were found.

    log_evidence: of this run (unbiased on the natural scale). distinct: how many particles differ.
    """

    cloud: Cloud
    log_evidence: float
    rungs: tuple[Rung, ...]
    distinct: int

    @property
    def resampling_variance(self) -> float:
        """The variance of the log evidence if moves made particles independent at every rung; it is hardly less.

        The relative variance of the mean of weights is that of the weights over the particles, 1 / ess - 1 / particles.
        """
        return sum(1.0 / rung.ess - 1.0 / self.cloud.noise.size for rung in self.rungs)


@dataclass(frozen=True)
class Sampler:
    """One run. keys: of the coordinates, for their luck. island: which of several independent runs this is.

    report: is told the temperature after every move.
    """

    target: Target
    keys: Sequence[int]
    particles: int
    seed: Words
    island: int = 0
    report: Callable[[float], None] = lambda temperature: None

    def run(self) -> Tempered:
        """Samples the posterior. Raises TemperingError if no particle has a likelihood above zero."""
        cloud, step = self._start(), 1
        temperature, log_evidence, length = 0.0, 0.0, 0.5
        rungs: list[Rung] = []
        while temperature < 1.0:
            following = next_temperature(cloud.total, temperature)
            weights = _log_weights(cloud.total, following - temperature)
            log_evidence += float(np.logaddexp.reduce(weights) - math.log(self.particles))
            ess = effective(weights)
            cloud, step = cloud.taken(self._resampled(weights, step)), step + 1
            temperature = following
            cloud, step, rung = self._moved(cloud, step, Rung(temperature, ess, 0, 0.0, length))
            length = rung.length
            rungs.append(rung)
        order = np.argsort(self._uniforms(step, random_streams.RESAMPLING), kind="stable")
        distinct = np.unique(cloud.points, axis=1).shape[1]
        return Tempered(cloud.taken(order), log_evidence, tuple(rungs), distinct)

    @property
    def _ids(self) -> Words:
        first = self.island * self.particles
        return np.arange(first, first + self.particles, dtype=np.uint64)

    def _uniforms(self, step: int, purpose: int, member: int = 0) -> Floats:
        return random_streams.uniforms(self.seed, self._ids, step, purpose, member)

    def _normals(self, step: int) -> Floats:
        return ndtri(np.stack([self._uniforms(step, random_streams.PROPOSAL, key) for key in self.keys]))

    def _noise(self, step: int) -> Words:
        """Numbers that no other step and no other island has: all islands of a step, then the next step."""
        return np.uint64(step * ISLANDS * self.particles) + self._ids

    def _start(self) -> Cloud:
        points, noise = self._normals(0), self._noise(0)
        cloud = Cloud(points, noise, self.target(points, noise))
        if not np.isfinite(cloud.total).any():
            raise TemperingError(f"none of {self.particles} points drawn from the prior makes the data possible")
        return cloud

    def _resampled(self, weights: Floats, step: int) -> Ints:
        """Systematic resampling: who is taken how often, by one uniform number."""
        ends = np.cumsum(np.exp(weights - weights.max()))
        at = (np.arange(self.particles) + self._uniforms(step, random_streams.RESAMPLING)[0]) / self.particles
        taken: Ints = np.minimum(np.searchsorted(ends / ends[-1], at), self.particles - 1)
        return taken

    def _moved(self, cloud: Cloud, step: int, rung: Rung) -> tuple[Cloud, int, Rung]:
        """Moves all particles at one temperature until they have forgotten where they were."""
        wanted = LEFT_AT_LAST if rung.temperature >= 1.0 else LEFT
        about = Normal.of(cloud.points)
        left, length = 1.0, rung.length
        accepted: list[float] = []
        while left > wanted and len(accepted) < MOST_MOVES:
            cloud, share = self._move(cloud, step, rung.temperature, length, about)
            step += 1
            accepted.append(share)
            left *= 1.0 - share * (1.0 - math.sqrt(1.0 - length * length))
            length = float(np.clip(length * math.exp(share - ACCEPTED), SHORTEST, LONGEST))
            self.report(rung.temperature)
        mean = sum(accepted) / len(accepted)
        return cloud, step, Rung(rung.temperature, rung.ess, len(accepted), mean, length)

    def _move(self, cloud: Cloud, step: int, temperature: float, length: float, about: Normal) -> tuple[Cloud, float]:
        """One move of all particles; every second draws fresh noise as well."""
        points = about.step(cloud.points, self._normals(step), length)
        noise = self._noise(step) if step % 2 == 0 else cloud.noise
        terms = self.target(points, noise)
        with np.errstate(invalid="ignore"):
            ratio = temperature * (terms.sum(axis=0) - cloud.total)
        ratio += about.against_prior(points) - about.against_prior(cloud.points)
        is_taken = np.log(self._uniforms(step, random_streams.ACCEPTANCE)) < ratio
        moved = Cloud(
            np.where(is_taken, points, cloud.points),
            np.where(is_taken, noise, cloud.noise),
            np.where(is_taken, terms, cloud.terms),
        )
        return moved, float(is_taken.mean())


@dataclass(frozen=True)
class Normal:
    """The normal law that moves are made about: middle (dimensions, 1), root and precision of its covariance."""

    middle: Floats
    root: Floats
    precision: Floats

    @classmethod
    def of(cls, points: Floats) -> Normal:
        """The law with the mean and covariance of points, the latter drawn a little to that of the prior."""
        dimensions = points.shape[0]
        covariance: Floats = (1.0 - SHRUNK) * np.atleast_2d(np.cov(points)) + SHRUNK * np.eye(dimensions)
        root, precision = np.linalg.cholesky(covariance), np.linalg.inv(covariance)
        return cls(points.mean(axis=1)[:, None], np.asarray(root, np.float64), np.asarray(precision, np.float64))

    def step(self, points: Floats, normals: Floats, length: float) -> Floats:
        """A step that leaves this law as it is; of length 1, a new draw from it."""
        return self.middle + math.sqrt(1.0 - length * length) * (points - self.middle) + length * (self.root @ normals)

    def against_prior(self, points: Floats) -> Floats:
        """The log density of the standard normal law less that of this one, (particles,), up to a constant."""
        off = points - self.middle
        ratio: Floats = 0.5 * ((off * (self.precision @ off)).sum(axis=0) - (points * points).sum(axis=0))
        return ratio


#: Independent runs there may be of one seed.
ISLANDS = 64


def _log_weights(total: Floats, power: float) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(total), power * total, -np.inf)


def effective(log_weights: Floats) -> float:
    """The effective sample size of weights: (sum w)^2 / sum w^2 (Kish 1965)."""
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def next_temperature(total: Floats, temperature: float) -> float:
    """The largest temperature up to 1 that keeps the wanted effective sample size, by bisection.

    Particles without likelihood count for nothing at any temperature above 0: the share wanted is of the others.
    """
    wanted = EFFECTIVE * np.isfinite(total).sum()
    if effective(_log_weights(total, 1.0 - temperature)) >= wanted:
        return 1.0
    low, high = temperature, 1.0
    while high - low > FINEST:
        middle = (low + high) / 2
        enough = effective(_log_weights(total, middle - temperature)) >= wanted
        low, high = (middle, high) if enough else (low, middle)
    return max(low, temperature + FINEST)
