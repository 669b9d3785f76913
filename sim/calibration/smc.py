"""A sampler for posteriors of few data: adaptively tempered sequential Monte Carlo. It knows nothing of debates.

The prior is a standard normal cube (dimensions, particles), and the likelihood of a point is estimated with noise
whose number is part of the particle. From the prior, the likelihood is let in little by little, L^t with t from 0
to 1 (Neal 2001; Del Moral, Doucet and Jasra 2006): each next t is the largest at which the effective sample size is
still the wanted fraction; then particles are resampled and moved by preconditioned Crank-Nicolson steps (Cotter,
Roberts, Stuart and White 2013) about the normal distribution N(m, C) of the present particles,

    z' = m + sqrt(1 - b^2) (z - m) + b n,    n from N(0, C),

which leave that distribution as it is, so that a move is accepted with probability min(1, (L'/L)^t p'q / (p q')), p
the prior density and q that of N(m, C). Every second move also draws fresh noise, from its own distribution; so the
moves leave exact the distribution of point and noise together (as in Andrieu and Roberts 2009).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model import normal, random_streams
from sim.model.array_types import Floats, Ints, Words

#: log likelihood of each datum, (data, particles), at points (dimensions, particles) with noise of these numbers.
Target = Callable[[Floats, Words], Floats]

#: The fraction of the particles that the effective sample size may fall to in one step of the temperature.
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
#: Independent runs there may be of one seed.
MOST_RUNS = 64


#: Fewer particles than this part of all, with a likelihood above 0, are too few to begin from.
ENOUGH = 1 / 16
#: How many sets of particles are looked through for some that fewer data rule out.
MOST_SETS = 32


class TemperingError(ValueError):
    """A likelihood that cannot be sampled. terms: the log likelihoods of points of the prior, (data, points)."""

    def __init__(self, terms: Floats) -> None:
        super().__init__(f"none of {terms.shape[1]} points drawn from the prior makes the data possible")
        self.terms = terms


class TemperingStep(NamedTuple):
    """One temperature: what it took. ess: before resampling; acceptance: mean of its moves; length: of the last."""

    temperature: float
    ess: float
    moves: int
    acceptance: float
    length: float


#: The same as an array has it.
STEP = [(name, "i8" if name == "moves" else "f8") for name in TemperingStep._fields]


@dataclass(frozen=True)
class ParticleSet:
    """Particles: points (dimensions, particles), the number of the noise of each, the terms of its log likelihood."""

    points: Floats
    noise: Words
    terms: Floats

    @property
    def total(self) -> Floats:
        """Log likelihood, (particles,)."""
        total: Floats = self.terms.sum(axis=0)
        return total

    @property
    def ruled_out(self) -> Ints:
        """How many data each particle makes impossible, (particles,)."""
        found: Ints = np.isneginf(self.terms).sum(axis=0)
        return found

    def select(self, which: Ints) -> ParticleSet:
        """These particles, in this order, some perhaps several times."""
        return ParticleSet(self.points[:, which], self.noise[which], self.terms[:, which])

    def moved(self, proposed: ParticleSet, is_accepted: NDArray[np.bool_]) -> ParticleSet:
        """Each particle as proposed where that is accepted, and else as it is."""
        pairs = ((getattr(proposed, name), array) for name, array in vars(self).items())
        return ParticleSet(*(np.where(is_accepted, there, here) for there, here in pairs))


@dataclass(frozen=True)
class SamplerRun:
    """Equally weighted particles of the posterior, in random order, and how they were found.

    points, noise, terms: as in a particle set. log_evidence: of this run (unbiased on the natural scale). schedule:
    the tempering steps, a field each of `TemperingStep`. distinct: how many particles differ.
    """

    points: Floats
    noise: Words
    terms: Floats
    log_evidence: float
    schedule: Any
    distinct: int

    @property
    def resampling_variance(self) -> float:
        """The variance of the log evidence if moves made particles independent at every step; it is hardly less.

        The relative variance of the mean of weights is that of the weights over the particles, 1 / ess - 1 / particles.
        """
        return float(sum(1.0 / ess - 1.0 / self.noise.size for ess in self.schedule["ess"].tolist()))

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """All of it by name, to be stored."""
        return {name: np.asarray(value) for name, value in vars(self).items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> SamplerRun:
        """The run that `arrays` was taken of."""
        values: dict[str, Any] = {name: array if array.ndim else array.item() for name, array in arrays.items()}
        return cls(**values)


@dataclass(frozen=True)
class Sampler:
    """One run of the sampler.

    keys: of the coordinates, for their random numbers. size: how many particles. number: of this run among the
    independent ones of the seed. report: is told the temperature after every move.
    """

    target: Target
    keys: Sequence[int]
    size: int
    seed: Words
    number: int = 0
    report: Callable[[float], None] = lambda temperature: None

    def run(self) -> SamplerRun:
        """Samples the posterior. Raises TemperingError if no particle is found with a likelihood above zero."""
        particles, move, log_evidence, schedule = self._start()
        temperature, length = 0.0, 0.5
        while temperature < 1.0:
            following = next_temperature(particles.total, temperature)
            weights = _log_weights(particles.total, following - temperature)
            log_evidence += float(np.logaddexp.reduce(weights) - math.log(self.size))
            ess = effective(weights)
            particles, move = particles.select(self._resample(weights, move)), move + 1
            temperature = following
            particles, move, step = self._move_all(particles, move, TemperingStep(temperature, ess, 0, 0.0, length))
            length = step.length
            schedule.append(step)
        order = np.argsort(self._uniforms(move, random_streams.RESAMPLING), kind="stable")
        distinct = np.unique(particles.points, axis=1).shape[1]
        steps = np.array(schedule, STEP)
        return SamplerRun(**vars(particles.select(order)), log_evidence=log_evidence, schedule=steps, distinct=distinct)

    def may_have_made(self, arrays: Mapping[str, np.ndarray]) -> bool:
        """Whether these can be the arrays of a run: their names, types, shapes and bounds are."""
        none = np.zeros((len(self.keys), 1))
        data = len(self.target(none, np.zeros(1, np.uint64)))
        steps = arrays["schedule"]
        like = {
            "points": (np.dtype("f8"), (len(self.keys), self.size)), "noise": (np.dtype("u8"), (self.size,)),
            "terms": (np.dtype("f8"), (data, self.size)), "log_evidence": (np.dtype("f8"), ()),
            "schedule": (np.dtype(STEP), (steps.size,)), "distinct": (np.dtype("i8"), ()),
        }  # fmt: skip
        return (
            {name: (array.dtype, array.shape) for name, array in arrays.items()} == like
            and bool(np.isfinite(arrays["points"]).all() and np.isfinite(arrays["log_evidence"]))
            and bool((steps["ess"] > 0).all() and 1 <= arrays["distinct"] <= self.size)
        )

    @property
    def _ids(self) -> Words:
        first = self.number * self.size
        return np.arange(first, first + self.size, dtype=np.uint64)

    def _uniforms(self, move: int, purpose: int, member: int = 0) -> Floats:
        return random_streams.uniforms(self.seed, self._ids, move, purpose, member)

    def _normals(self, move: int) -> Floats:
        return normal.quantile(np.stack([self._uniforms(move, random_streams.PROPOSAL, key) for key in self.keys]))

    def _noise(self, move: int) -> Words:
        """Numbers that no other move and no other run has: all runs of a move, then the next move."""
        return np.uint64(move * MOST_RUNS * self.size) + self._ids

    def _drawn(self, move: int) -> ParticleSet:
        """Particles drawn from the prior."""
        points, noise = self._normals(move), self._noise(move)
        return ParticleSet(points, noise, self.target(points, noise))

    def _start(self) -> tuple[ParticleSet, int, float, list[TemperingStep]]:
        """Particles of the prior of which enough are possible, the number of the next move, and what it took.

        Where the data are rare, those that rule out fewer of the data are kept, multiplied and moved among such as rule
        out no more, and so on until enough rule out none (multilevel splitting, Kahn and Harris 1951). What the log
        evidence gains is the log of the part that is kept, each time.
        """
        particles, move, log_share = self._drawn(0), 1, 0.0
        steps: list[TemperingStep] = []
        drawn, level = [particles.terms], len(particles.terms) + 1
        while (particles.ruled_out == 0).mean() < ENOUGH:
            sets = [particles]
            while (kept := _kept(sets, level)) is None and len(sets) < MOST_SETS:
                if level > len(particles.terms):
                    sets.append(self._drawn(move))
                    drawn.append(sets[-1].terms)
                    move += 1
                else:
                    moved, move, _ = self._move_all(sets[-1], move, steps[-1], level)
                    sets.append(moved)
            every, level = _together(sets), _lowest(sets, level) if kept is None else kept
            survivors = np.flatnonzero(every.ruled_out <= level)
            if not survivors.size or level < 0:
                raise TemperingError(np.concatenate(drawn, axis=1))
            log_share += math.log(survivors.size / every.noise.size)
            among = (np.arange(self.size) + self._uniforms(move, random_streams.RESAMPLING)[0]) / self.size
            particles = every.select(survivors[(among * survivors.size).astype(np.int64)])
            step = TemperingStep(0.0, float(min(survivors.size, self.size)), 0, 0.0, 0.5)
            particles, move, step = self._move_all(particles, move + 1, step, level)
            steps.append(step)
        return particles, move, log_share, steps

    def _resample(self, weights: Floats, move: int) -> Ints:
        """Systematic resampling: which particle is selected how often, by one uniform number."""
        ends = np.cumsum(np.exp(weights - weights.max()))
        at = (np.arange(self.size) + self._uniforms(move, random_streams.RESAMPLING)[0]) / self.size
        selected: Ints = np.minimum(np.searchsorted(ends / ends[-1], at), self.size - 1)
        return selected

    def _move_all(
        self, particles: ParticleSet, move: int, step: TemperingStep, most_ruled_out: int | None = None
    ) -> tuple[ParticleSet, int, TemperingStep]:
        """Moves all particles at one temperature until they have forgotten where they were.

        most_ruled_out: instead of by their likelihood, they move among all that make no more data impossible.
        """
        wanted = LEFT_AT_LAST if step.temperature >= 1.0 else LEFT
        about = Normal.of(particles.points)
        against = about.against_prior(particles.points)
        left, length = 1.0, step.length
        accepted: list[float] = []
        while left > wanted and len(accepted) < MOST_MOVES:
            proposed = self._proposed(particles, move, length, about)
            against_proposed = about.against_prior(proposed.points)
            with np.errstate(invalid="ignore"):
                ratio = step.temperature * (proposed.total - particles.total)
            if most_ruled_out is not None:
                ratio = np.where(proposed.ruled_out <= most_ruled_out, 0.0, -np.inf)
            ratio += against_proposed - against
            is_accepted = np.log(self._uniforms(move, random_streams.ACCEPTANCE)) < ratio
            particles = particles.moved(proposed, is_accepted)
            against = np.where(is_accepted, against_proposed, against)
            move += 1
            fraction = float(is_accepted.mean())
            accepted.append(fraction)
            left *= 1.0 - fraction * (1.0 - math.sqrt(1.0 - length * length))
            length = float(np.clip(length * math.exp(fraction - ACCEPTED), SHORTEST, LONGEST))
            self.report(step.temperature)
        mean = sum(accepted) / len(accepted)
        return particles, move, TemperingStep(step.temperature, step.ess, len(accepted), mean, length)

    def _proposed(self, particles: ParticleSet, move: int, length: float, about: Normal) -> ParticleSet:
        """Where a move would take each particle; every second move draws fresh noise as well."""
        points = about.step(particles.points, self._normals(move), length)
        noise = self._noise(move) if move % 2 == 0 else particles.noise
        return ParticleSet(points, noise, self.target(points, noise))


@dataclass(frozen=True)
class Normal:
    """The normal distribution of the moves: middle (dimensions, 1), root and precision of its covariance."""

    middle: Floats
    root: Floats
    precision: Floats

    @classmethod
    def of(cls, points: Floats) -> Normal:
        """The distribution with the mean and covariance of points, the latter drawn a little to that of the prior."""
        dimensions = points.shape[0]
        covariance: Floats = (1.0 - SHRUNK) * np.atleast_2d(np.cov(points)) + SHRUNK * np.eye(dimensions)
        root, precision = np.linalg.cholesky(covariance), np.linalg.inv(covariance)
        return cls(points.mean(axis=1)[:, None], np.asarray(root, np.float64), np.asarray(precision, np.float64))

    def step(self, points: Floats, normals: Floats, length: float) -> Floats:
        """A step that leaves this distribution as it is; of length 1, a new draw from it."""
        kept = math.sqrt(1.0 - length * length) * (points - self.middle)
        return self.middle + kept + length * _product(self.root, normals)

    def against_prior(self, points: Floats) -> Floats:
        """The log density of the standard normal distribution less that of this one, (particles,), up to a constant."""
        off = points - self.middle
        ratio: Floats = 0.5 * ((off * _product(self.precision, off)).sum(axis=0) - (points * points).sum(axis=0))
        return ratio


def _product(matrix: Floats, columns: Floats) -> Floats:
    """The product of a small matrix with many columns.

    Not by the linear algebra library: its last bits depend on the number of its threads, and these, woken thousands of
    times, mostly wait for each other.
    """
    product: Floats = np.einsum("ij,jk->ik", matrix, columns)
    return product


def _together(sets: Sequence[ParticleSet]) -> ParticleSet:
    """All particles of several sets."""
    return ParticleSet(
        np.concatenate([one.points for one in sets], axis=1),
        np.concatenate([one.noise for one in sets]),
        np.concatenate([one.terms for one in sets], axis=1),
    )


def _kept(sets: Sequence[ParticleSet], level: int) -> int | None:
    """How many data enough of the particles rule out at most, if that is fewer than `level`."""
    each = np.sort(np.concatenate([one.ruled_out for one in sets]))
    most = int(each[max(math.ceil(ENOUGH * sets[0].noise.size), 1) - 1])
    return most if most < level and most < each[-1] else None


def _lowest(sets: Sequence[ParticleSet], level: int) -> int:
    """The fewest data that any particle rules out, if that is fewer than `level`; else -1."""
    least = int(min(one.ruled_out.min() for one in sets))
    return least if least < level and least < max(int(one.ruled_out.max()) for one in sets) else -1


def _log_weights(total: Floats, power: float) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(total), power * total, -np.inf)


def effective(log_weights: Floats) -> float:
    """The effective sample size of weights: (sum w)^2 / sum w^2 (Kish 1965)."""
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def next_temperature(total: Floats, temperature: float) -> float:
    """The largest temperature up to 1 that keeps the wanted effective sample size, by bisection.

    Particles without likelihood count for nothing at any temperature above 0: the wanted fraction is of the others.
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
