"""What is not known: prior distributions of parameters and first stances, and draws from them.

A draw is one set of parameters and first stances. Histories share a draw in groups of `RUNS_PER_DRAW`, by their
replicate id, so that what we do not know can be told from chance. A draw is a function of the seed and of its number:
it is worked out wherever it is needed, and nobody stores it. What is known before a draw, the medians of a
debate, needs no compiler, so that whoever only looks or errs does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model import normal
from sim.model.array_types import Floats, Ints, Words
from sim.model.plan import ONE
from sim.scenario import timeline
from sim.scenario.posterior import FIRST_STANCE, PARAMETER, Particles
from sim.scenario.schema import DebateFile, Distribution, Member, Number, Term
from sim.scenario.seats import people, positions

#: A distribution with no spread at all is a point; this little keeps its quantiles finite.
NARROWEST = 1e-12

#: The quantiles, (draws,), under the prior of a kind of name (`PARAMETER` or `FIRST_STANCE`) and a name.
Quantiles = Callable[[int, str], Floats]


def _normal_quantile(middle: Floats, spread: Floats, low: Floats, high: Floats, quantile: Floats) -> Floats:
    """Values at quantiles of a normal distribution cut to [low, high].

    One whose middle lies below the range is mirrored: in the lower tail small probabilities keep their digits. One
    so far away that nothing of it is left in the range is the end of the range that is nearer to it.
    """
    spread = np.maximum(spread, NARROWEST)
    left, right = (low - middle) / spread, (high - middle) / spread
    is_below = left > 0
    left, right = np.where(is_below, -right, left), np.where(is_below, -left, right)
    before, until = normal.below(np.array([left, right]))
    z = normal.quantile(before + np.where(is_below, 1.0 - quantile, quantile) * (until - before))
    z = np.where(until > before, z, right)
    return middle + spread * np.where(is_below, -z, z)


def _value_at(kind: str, terms: Sequence[Floats], low: Floats, high: Floats, quantile: Floats) -> Floats:
    """Values at quantiles of distributions of a kind that are cut to [low, high]; arrays are broadcast."""
    if kind == "fixed":
        value = terms[0] + 0.0 * quantile
    elif kind == "uniform":
        least, most = np.maximum(terms[0], low), np.minimum(terms[1], high)
        value = least + quantile * (most - least)
    elif kind == "normal":
        value = _normal_quantile(terms[0], terms[1], low, high, quantile)
    else:
        least, most = np.log(np.maximum(low, 1e-300)), np.log(np.maximum(high, 1e-300))
        value = np.exp(_normal_quantile(np.log(terms[0]), terms[1], least, most, quantile))
    return np.clip(value, low, high)


@dataclass(frozen=True)
class Prior:
    """A distribution cut to [low, high]. kind: fixed, uniform, normal or lognormal; terms: numbers or parameters."""

    kind: str
    terms: tuple[float | str, ...]
    low: float
    high: float

    @property
    def is_fixed(self) -> bool:
        """Whether it is a single value, if the parameters that it names are."""
        return self.kind == "fixed"

    def value_at(self, quantile: Floats, parameters: Mapping[str, Floats] | None = None) -> Floats:
        """The value below which this fraction of the distribution lies.

        quantile: (draws,) or (members, draws), in (0, 1). parameters: values, (draws,), of those that terms name.
        The distribution is cut to its range and keeps its shape within (inverse of the conditional distribution).
        """
        terms = [(parameters or {})[term] if isinstance(term, str) else np.full(1, term) for term in self.terms]
        return _value_at(self.kind, terms, np.full(1, self.low), np.full(1, self.high), quantile)

    def median(self, parameters: Mapping[str, float] | None = None) -> float:
        """The middle of the distribution; parameters: values of those that terms name."""
        values = {name: np.array([value]) for name, value in (parameters or {}).items()}
        return float(self.value_at(np.array([0.5]), values)[0])


@dataclass(frozen=True)
class Priors:
    """The distributions of all parameters and of all first stances, by name, in the order of the plan's rows."""

    parameters: Mapping[str, Prior]
    first_stances: Mapping[str, Prior]

    @cached_property
    def medians(self) -> dict[str, float]:
        """The median of every parameter."""
        return {name: prior.median() for name, prior in self.parameters.items()}

    def median_stance(self, member: str) -> float:
        """The median of a first stance, at the medians of the parameters."""
        return self.first_stances[member].median(self.medians)


def _prior(debate: DebateFile, value: Term | Distribution, low: float, high: float) -> Prior:
    places = positions(debate)

    def term(given: Number | str) -> float | str:
        return places.get(given, given) if isinstance(given, str) else float(given)

    if not isinstance(value, Distribution):
        return Prior("fixed", (term(value),), low, high)
    return Prior(value.family, tuple(map(term, value.terms)), low, high)


def _first_stance(debate: DebateFile, member: Member) -> Prior:
    known = member.first_stance or debate.dynamics.unknown_stance
    if known is None:
        raise ValueError(f"{member.name} has no first stance, and the debate none for the unknown")
    return _prior(debate, known.value, debate.axis.low, debate.axis.high)


def of_debate(debate: DebateFile) -> Priors:
    """The priors of a debate."""
    return Priors(
        {name: _prior(debate, parameter.value, *parameter.range) for name, parameter in debate.parameters.items()},
        {name: _first_stance(debate, member) for name, member in people(debate).items()},
    )


def particle_of_draws(posterior: Particles, seed: Words, draws: Words) -> Ints:
    """The particle of each draw: one after another, from one that the seed picks, so that seeds differ.

    Draws go round all particles before one comes again.
    """
    from sim.model import random_streams

    (drawn,) = random_streams.uniforms(seed, np.zeros(1, np.uint64), 0, random_streams.PARTICLE, 0)
    # The word that the number was made of.
    start = int(drawn / random_streams.TWO_TO_MINUS_32)
    return ((draws + np.uint64(start)) % np.uint64(posterior.size)).astype(np.int64)


@dataclass(frozen=True)
class _QuantilesOfDraws:
    """The quantile of each draw for a name: from its particle where the posterior knows it, else a random number."""

    seed: Words
    draws: Words
    posterior: Particles | None

    def __call__(self, purpose: int, identity: str) -> Floats:
        row = self.posterior.rows.get((purpose, identity)) if self.posterior else None
        if self.posterior is None or row is None:
            from sim.model import random_streams

            return random_streams.uniforms(self.seed, self.draws, timeline.key(identity), purpose, 0)
        quantiles: Floats = self.posterior.quantiles[row]
        return quantiles[particle_of_draws(self.posterior, self.seed, self.draws)]


def draw_of(replicates: Words) -> Words:
    """The draw that each replicate belongs to."""
    from sim.model import random_streams

    return replicates // np.uint64(random_streams.RUNS_PER_DRAW)


def _alike(priors: Mapping[str, Prior]) -> dict[Prior, dict[int, str]]:
    """The rows and names that have each distribution: what many have in common is worked out once."""
    groups: dict[Prior, dict[int, str]] = {}
    for row, (name, prior) in enumerate(priors.items()):
        groups.setdefault(prior, {})[row] = name
    return groups


def of_draws(
    priors: Priors,
    seed: Words,
    draws: Words,
    fixed: Mapping[str, float] | None = None,
    posterior: Particles | None = None,
) -> tuple[Floats, Floats]:
    """Parameters (rows of the plan, draws) and first stances (members, draws) of these draws.

    fixed: values that replace the draw of a parameter; everything else keeps its random numbers. posterior: what is
    drawn from instead of the priors, for the names that it knows.
    """
    return values(priors, draws.size, _QuantilesOfDraws(seed, draws, posterior), fixed)


def values(
    priors: Priors, number: int, quantiles: Quantiles, fixed: Mapping[str, float] | None = None
) -> tuple[Floats, Floats]:
    """Parameters (rows of the plan, draws) and first stances (members, draws) at quantiles of their priors.

    number: of draws. quantiles: asked for what has a distribution, not for what is a fixed number.
    """
    fixed = fixed or {}
    parameters = np.zeros((2 + len(priors.parameters), number))
    parameters[ONE] = 1.0
    half = np.full(number, 0.5)
    rows = {name: row for row, name in enumerate(priors.parameters, start=2)}
    by_kind: dict[str, dict[str, Prior]] = {}
    for name, prior in priors.parameters.items():
        if name in fixed:
            parameters[rows[name]] = fixed[name]
        elif prior.is_fixed:
            parameters[rows[name]] = float(prior.terms[0])
        else:
            by_kind.setdefault(prior.kind, {})[name] = prior
    # Those of a kind together: a call costs more than what it works out.
    for kind, drawn in by_kind.items():
        *terms, low, high = np.array([(*prior.terms, prior.low, prior.high) for prior in drawn.values()], float).T
        at = np.array([quantiles(PARAMETER, name) for name in drawn])
        found = _value_at(kind, [term[:, None] for term in terms], low[:, None], high[:, None], at)
        parameters[[rows[name] for name in drawn]] = found
    by_name = {name: parameters[row] for name, row in rows.items()}
    first = np.empty((len(priors.first_stances), number))
    for prior, alike in _alike(priors.first_stances).items():
        at = np.array([half if prior.is_fixed else quantiles(FIRST_STANCE, name) for name in alike.values()])
        first[list(alike)] = prior.value_at(at, by_name)
    return parameters, first


def medians(priors: Priors, posterior: Particles | None = None) -> tuple[dict[str, float], dict[str, float]]:
    """The median of every parameter and of every first stance, by name, as they are drawn.

    Of a posterior, those of its particles; a name that it does not know has the middle of its prior.
    """
    if posterior is None:
        return priors.medians, {name: priors.median_stance(name) for name in priors.first_stances}
    size, known, rows = posterior.size, posterior.quantiles, posterior.rows

    def quantiles(purpose: int, name: str) -> Floats:
        row = rows.get((purpose, name))
        return np.full(size, 0.5) if row is None else np.asarray(known[row])

    parameters, first = (np.median(drawn, axis=1).tolist() for drawn in values(priors, size, quantiles))
    return dict(zip(priors.parameters, parameters[2:], strict=True)), dict(
        zip(priors.first_stances, first, strict=True)
    )


def of_replicates(
    priors: Priors,
    seed: Words,
    replicates: Words,
    fixed: Mapping[str, float] | None = None,
    posterior: Particles | None = None,
) -> tuple[Floats, Floats]:
    """Parameters and first stances of each replicate: those of its draw."""
    draws, place = np.unique(draw_of(replicates), return_inverse=True)
    parameters, first = of_draws(priors, seed, draws, fixed, posterior)
    return np.ascontiguousarray(parameters[:, place]), np.ascontiguousarray(first[:, place])
