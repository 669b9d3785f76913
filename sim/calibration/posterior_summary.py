"""The posterior summed up: prior against posterior, information gained (bits), what trades off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas

from sim.calibration.predictions import predictions
from sim.model import priors, random_streams
from sim.model.array_types import Floats
from sim.model.arrays import arrays_of
from sim.scenario.posterior import FIRST_STANCE, KINDS, PARAMETER, Particles
from sim.scenario.scenario import Scenario

#: Draws from the prior that stand for it in comparisons.
PRIOR_DRAWS = 2**15
#: Classes, equally probable a priori, in which information is counted: coarse, so that few particles tell.
CLASSES = 16
QUANTILES = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
#: Pairs whose rank correlation has moved by less than this are not worth a line.
LEAST_MOVED = 0.1
PARTS = ("lowest third", "middle third", "highest third")
_KIND = dict(zip((PARAMETER, FIRST_STANCE), KINDS, strict=True))


def _rows(scenario: Scenario, parameters: Floats, first: Floats, coordinates: tuple[tuple[int, str], ...]) -> Floats:
    names = arrays_of(scenario).names
    return np.stack(
        [
            parameters[names.parameters.index(name)] if purpose == PARAMETER else first[names.members.index(name)]
            for purpose, name in coordinates
        ]
    )


def information_gain(values: Floats, prior: Floats) -> float:
    """What values drawn from a posterior say beyond the prior, in bits: the divergence of Kullback and Leibler.

    Counted in classes that are equally probable a priori, so it is log2 of their number less the posterior's
    entropy in them, the latter corrected for its bias (Miller 1955). May come out a little below zero for nothing.
    """
    fraction, number = _class_fractions(values, prior)
    entropy = -(fraction * np.log(fraction)).sum() + (fraction.size - 1) / (2 * number)
    return float((np.log(CLASSES) - entropy) / np.log(2))


def information_gain_error(runs: Floats, prior: Floats) -> float:
    """The standard error of the bits of several runs' values, (independent runs, particles), taken together.

    From the spread of the runs, or from what counting independent values leaves open if that is more (Basharin
    1959): a few runs agree by chance now and then.
    """
    fraction, number = _class_fractions(runs.ravel(), prior)
    surprise = -np.log(fraction) / np.log(2)
    counting = ((fraction * surprise**2).sum() - (fraction * surprise).sum() ** 2) / number
    each = [information_gain(run, prior) for run in runs]
    spread = np.var(each, ddof=1) / len(each) if len(each) > 1 else 0.0
    return float(np.sqrt(max(spread, counting, 0.0)))


def _class_fractions(values: Floats, prior: Floats) -> tuple[Floats, int]:
    """The fractions of values in the classes that hold any, and how many values there are."""
    edges = np.quantile(prior, np.arange(1, CLASSES) / CLASSES)
    counts = np.bincount(np.searchsorted(edges, values), minlength=CLASSES)
    return counts[counts > 0] / counts.sum(), int(counts.sum())


@dataclass(frozen=True)
class PosteriorSummary:
    """Prior against posterior of each parameter and first stance.

    debate: drawn from its priors. coordinates: purpose and name of each row. quantiles: (coordinates, independent
    runs, particles), of the priors. agreement: (coordinates,), of the runs.
    """

    debate: Scenario
    seed: int
    coordinates: tuple[tuple[int, str], ...]
    quantiles: Floats
    agreement: Floats

    @cached_property
    def values(self) -> Floats:
        """Values of all particles, (coordinates, independent runs, particles), in the units of each."""
        particles = self.quantiles.reshape(len(self.coordinates), -1)
        by_name = dict(zip(self.coordinates, particles, strict=True))
        half, known = np.full(particles.shape[1], 0.5), priors.of_debate(self.debate.debate)
        values = priors.values(known, particles.shape[1], lambda purpose, name: by_name.get((purpose, name), half))
        return _rows(self.debate, *values, self.coordinates).reshape(self.quantiles.shape)

    @cached_property
    def prior(self) -> Floats:
        """Values drawn from the prior, (coordinates, draws)."""
        known, draws = priors.of_debate(self.debate.debate), np.arange(PRIOR_DRAWS, dtype=np.uint64)
        values = priors.of_draws(known, random_streams.seed_words(self.seed), draws)
        return _rows(self.debate, *values, self.coordinates)

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a parameter or first stance, those first of which most was learnt.

        kind, name, prior_mean and quantiles, mean and quantiles (posterior), information gained in bits and its
        standard error, agreement of the independent runs (near 1 if they agree).
        """
        rows = []
        for number, (purpose, name) in enumerate(self.coordinates):
            before, after = self.prior[number], self.values[number]
            rows.append(
                {
                    "kind": _KIND[purpose],
                    "name": name,
                    "prior_mean": before.mean(),
                    **{f"prior_{name}": np.quantile(before, level) for name, level in QUANTILES.items()},
                    "mean": after.mean(),
                    **{name: np.quantile(after, level) for name, level in QUANTILES.items()},
                    "information_gain": information_gain(after.ravel(), before),
                    "information_gain_error": information_gain_error(after, before),
                    "agreement": self.agreement[number],
                }
            )
        return pandas.DataFrame(rows).sort_values("information_gain", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def pairs(self) -> pandas.DataFrame:
        """Pairs that trade off, a parameter among them: one, other, rank correlation a priori and a posteriori.

        The largest change comes first.
        """
        after = _rank_correlation(self.values.reshape(len(self.coordinates), -1))
        before = _rank_correlation(self.prior)
        names, is_parameter = zip(*[(n, p == PARAMETER) for p, n in self.coordinates], strict=True)
        rows = [
            (names[i], names[j], before[i, j], after[i, j])
            for i, j in zip(*np.triu_indices(len(names), 1), strict=True)
            if (is_parameter[i] or is_parameter[j]) and abs(after[i, j] - before[i, j]) >= LEAST_MOVED
        ]
        table = pandas.DataFrame(rows, columns=["one", "other", "prior", "posterior"])
        return table.sort_values(
            "posterior", key=lambda column: -(column - table.prior.loc[column.index]).abs(), ignore_index=True
        )


def _rank_correlation(values: Floats) -> Floats:
    """Spearman's rank correlations of rows; of a row that does not vary, NaN."""
    return pandas.DataFrame(values.T).corr("spearman").to_numpy()


def assumptions(scenario: Scenario) -> list[str]:
    """The parameters that say how far stances may be off, and where those of whom nothing is known lie."""
    dynamics = scenario.debate.dynamics
    known = priors.of_debate(scenario.debate)
    named = [term for prior in known.first_stances.values() for term in prior.terms if isinstance(term, str)]
    named += list(dynamics.observation_spread.model_dump().values()) if dynamics.observation_spread else []
    named += [dynamics.unknown_centre] if dynamics.unknown_centre else []
    return [name for name in known.parameters if name in named and not known.parameters[name].is_fixed]


def by_assumption(fitted: Scenario, chance: Floats) -> pandas.DataFrame:
    """What each decision's probability would be, had an assumed spread or centre been assumed more narrowly.

    chance: (ballots, particles), of `predictions.chances`. One row a parameter, third of its prior, and decision:
    weight (how probable the third is a posteriori; a third a priori), probability, error. Exact but for the error:
    a posterior looked at within a part of the prior is the posterior of that narrower prior.
    """
    columns = ["parameter", "part", "decision", "weight", "probability", "error"]
    particles, tables = fitted.posterior, []
    assert isinstance(particles, Particles)
    for name in assumptions(fitted):
        if (PARAMETER, name) not in particles.rows:
            continue
        third = np.minimum((particles.quantiles[particles.rows[PARAMETER, name]] * 3).astype(int), 2)
        for number, part in enumerate(PARTS):
            inside = chance[:, third == number]
            labels = {"parameter": name, "part": part, "weight": inside.shape[1] / particles.size}
            tables.append(predictions(fitted, inside).assign(**labels))
    return pandas.concat(tables, ignore_index=True)[columns] if tables else pandas.DataFrame(columns=columns)
