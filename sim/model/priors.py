"""What is not known, drawn: parameters and first stances.

A draw is one set of parameters and first stances. Histories share a draw in groups of `RUNS_PER_DRAW`, by
their replicate id, so that what we do not know can be told from luck. Draws are made anew from their luck
wherever they are needed; nobody stores them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from sim.array_types import Floats, Ints, Words
from sim.model import random_streams
from sim.model.plan import ONE
from sim.model.random_streams import RUNS_PER_DRAW
from sim.scenario import identities
from sim.scenario.identities import FIRST_STANCE, PARAMETER
from sim.scenario.posterior import Particles
from sim.scenario.schema import DebateFile, Distribution, Member, Number, Term
from sim.scenario.seats import people, positions

#: A law with no spread at all is a point; this little keeps its quantiles finite.
NARROWEST = 1e-12


@dataclass(frozen=True)
class Law:
    """A law on [low, high]. kind: fixed, uniform, normal or lognormal; terms: numbers, or names of parameters."""

    kind: str
    terms: tuple[float | str, ...]
    low: float
    high: float


@dataclass(frozen=True)
class Laws:
    """The laws of all parameters and of all first stances, by name, in the order of the plan's rows."""

    parameters: Mapping[str, Law]
    first_stances: Mapping[str, Law]


def _law(debate: DebateFile, value: Term | Distribution, low: float, high: float) -> Law:
    places = positions(debate)

    def term(given: Number | str) -> float | str:
        return places.get(given, given) if isinstance(given, str) else float(given)

    if not isinstance(value, Distribution):
        return Law("fixed", (term(value),), low, high)
    for kind in ("uniform", "normal", "lognormal"):
        pair = getattr(value, kind)
        if pair is not None:
            return Law(kind, (term(pair[0]), term(pair[1])), low, high)
    raise AssertionError("a distribution is one of three laws")


def _first_stance(debate: DebateFile, member: Member) -> Law:
    known = member.first_stance or debate.dynamics.unknown_stance
    return _law(debate, known.value, debate.axis.low, debate.axis.high)


def laws(debate: DebateFile) -> Laws:
    """The laws of a debate."""
    return Laws(
        {name: _law(debate, parameter.value, *parameter.range) for name, parameter in debate.parameters.items()},
        {name: _first_stance(debate, member) for name, member in people(debate).items()},
    )


def _cut_normal(middle: Floats, spread: Floats, low: float, high: float, share: Floats) -> Floats:
    """Quantiles of a normal law cut to [low, high].

    A law whose middle lies below the range is mirrored: in the lower tail small probabilities keep their digits.
    A law so far away that nothing of it is left in the range is the end of the range that is nearer to it.
    """
    spread = np.maximum(spread, NARROWEST)
    left, right = (low - middle) / spread, (high - middle) / spread
    is_below = left > 0
    left, right = np.where(is_below, -right, left), np.where(is_below, -left, right)
    before, until = ndtr(left), ndtr(right)
    z = ndtri(before + np.where(is_below, 1.0 - share, share) * (until - before))
    z = np.where(until > before, z, right)
    return middle + spread * np.where(is_below, -z, z)


def quantile(law: Law, terms: tuple[Floats, ...], share: Floats) -> Floats:
    """The value below which the given share of a law lies.

    terms: (draws,); share: (draws,) or (members, draws), in (0, 1).
    Laws are cut to [low, high] and keep their shape within (inverse of the conditional distribution function).
    """
    if law.kind == "fixed":
        value = terms[0] + 0.0 * share
    elif law.kind == "uniform":
        low, high = np.maximum(terms[0], law.low), np.minimum(terms[1], law.high)
        value = low + share * (high - low)
    elif law.kind == "normal":
        value = _cut_normal(terms[0], terms[1], law.low, law.high, share)
    else:
        low, high = np.log(np.maximum([law.low, law.high], 1e-300))
        value = np.exp(_cut_normal(np.log(terms[0]), terms[1], low, high, share))
    return np.clip(value, law.low, law.high)


#: The shares (draws,) of a purpose of luck (parameter or first stance) and a name.
Shares = Callable[[int, str], Floats]


def particle_of_draws(posterior: Particles, seed: Words, draws: Words) -> Ints:
    """The particle of each draw: one after another, from one that the seed picks, so that seeds differ.

    Draws go round all particles before one comes again.
    """
    start = random_streams.words(seed, np.zeros(1, np.uint64), 0, random_streams.PARTICLE, 0)[0, 0]
    return ((draws + np.uint64(start)) % np.uint64(posterior.size)).astype(np.int64)


@dataclass(frozen=True)
class Drawn:
    """The share of each draw for a name: from its particle where the posterior knows it, else from luck."""

    seed: Words
    draws: Words
    posterior: Particles | None

    def __call__(self, purpose: int, identity: str) -> Floats:
        """The shares (draws,) of a name."""
        row = self.posterior.rows.get((purpose, identity)) if self.posterior else None
        if self.posterior is None or row is None:
            return random_streams.uniforms(self.seed, self.draws, identities.key(identity), purpose, 0)
        shares: Floats = self.posterior.shares[row]
        return shares[particle_of_draws(self.posterior, self.seed, self.draws)]


def draw_of(replicates: Words) -> Words:
    """The draw that each replicate belongs to."""
    return replicates // np.uint64(RUNS_PER_DRAW)


def _alike(laws: Mapping[str, Law]) -> dict[Law, dict[int, str]]:
    """The rows and names that have each law: what many share is worked out once."""
    found: dict[Law, dict[int, str]] = {}
    for row, (name, law) in enumerate(laws.items()):
        found.setdefault(law, {})[row] = name
    return found


def drawn(
    laws: Laws,
    seed: Words,
    draws: Words,
    fixed: Mapping[str, float] | None = None,
    posterior: Particles | None = None,
) -> tuple[Floats, Floats]:
    """Parameters (rows of the plan, draws) and first stances (members, draws).

    fixed: values that replace the draw of a parameter; everything else keeps its luck. posterior: what is drawn
    from instead of the laws, for the names that it knows.
    """
    return values(laws, draws.size, Drawn(seed, draws, posterior), fixed)


def values(laws: Laws, number: int, shares: Shares, fixed: Mapping[str, float] | None = None) -> tuple[Floats, Floats]:
    """Parameters (rows of the plan, draws) and first stances (members, draws) that lie so far up their laws.

    number: of draws. shares: asked for what has a law; what is a fixed number has none.
    """
    fixed = fixed or {}
    parameters = np.zeros((2 + len(laws.parameters), number))
    parameters[ONE] = 1.0
    by_name: dict[str, Floats] = {}
    for row, (name, law) in enumerate(laws.parameters.items(), start=2):
        terms = tuple(np.full(number, float(term)) for term in law.terms)
        if name in fixed:
            parameters[row] = fixed[name]
        elif law.kind == "fixed":
            parameters[row] = terms[0]
        else:
            parameters[row] = quantile(law, terms, shares(PARAMETER, name))
        by_name[name] = parameters[row]
    first = np.empty((len(laws.first_stances), number))
    for law, rows in _alike(laws.first_stances).items():
        terms = tuple(by_name[term] if isinstance(term, str) else np.full(number, term) for term in law.terms)
        share = np.full((len(rows), number), 0.5)
        if law.kind != "fixed":
            share[:] = [shares(FIRST_STANCE, name) for name in rows.values()]
        first[list(rows)] = quantile(law, terms, share)
    return parameters, first


def of_replicates(
    laws: Laws,
    seed: Words,
    replicates: Words,
    fixed: Mapping[str, float] | None = None,
    posterior: Particles | None = None,
) -> tuple[Floats, Floats]:
    """Parameters and first stances of each replicate: those of its draw."""
    draws, place = np.unique(draw_of(replicates), return_inverse=True)
    parameters, first = drawn(laws, seed, draws, fixed, posterior)
    return np.ascontiguousarray(parameters[:, place]), np.ascontiguousarray(first[:, place])
