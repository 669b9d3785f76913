"""How probable a record is in a debate, datum by datum: what calibration gives its sampler."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.calibration import ballot_likelihood, observation_likelihood, record, relevance
from sim.calibration.record import Record
from sim.model import normal, priors, random_streams
from sim.model.array_types import Floats, Words
from sim.model.arrays import arrays_of
from sim.model.plan import Plan
from sim.model.state import Inputs
from sim.scenario.posterior import FIRST_STANCE, PARAMETER
from sim.scenario.scenario import Scenario

#: Histories of a calibration have the last replicate ids, counted down, so that predictions use fresh random numbers.
LAST_REPLICATE = 2**32 - 1


@dataclass(frozen=True)
class Likelihood:
    """The log likelihood of a record in a debate, datum by datum, at points of the standard normal cube."""

    scenario: Scenario
    record: Record
    seed: int

    @cached_property
    def _played(self) -> tuple[Plan, ballot_likelihood.Documented, priors.Priors]:
        """The debate, the record and the priors, of those who matter to the record."""
        (plan, names), documented = arrays_of(self.scenario), record.documented(self.scenario, self.record)
        members = relevance.who_matters(plan, documented, self.last)
        first = {names.members[row]: self.priors.first_stances[names.members[row]] for row in members.tolist()}
        return *relevance.among(plan, documented, members), priors.Priors(self.priors.parameters, first)

    @cached_property
    def priors(self) -> priors.Priors:
        """The distributions of parameters and first stances."""
        return priors.of_debate(self.scenario.debate)

    @cached_property
    def last(self) -> int:
        """The last moment to be played."""
        return record.last_moment(self.scenario, self.record)

    @cached_property
    def coordinates(self) -> tuple[tuple[int, str], ...]:
        """Purpose (parameter or first stance) and name of everything that is unknown and can matter.

        Members who appear in nothing that happens up to the last datum are left out: nothing can be learnt of them.
        """
        entries = self.scenario.entries[: self.last + 1]
        met = {name for entry in entries for name in entry.who} | {report.member for report in self.record.reports}
        authors = {getattr(entry.item, "author", None) for entry in entries}
        parameters = [(PARAMETER, name) for name, prior in self.priors.parameters.items() if not prior.is_fixed]
        stances = self.priors.first_stances.items()
        members = [(FIRST_STANCE, name) for name, prior in stances if not prior.is_fixed and name in met | authors]
        return (*parameters, *members)

    def __call__(self, points: Floats, noise: Words) -> Floats:
        """Log likelihoods, (data, particles)."""
        names, (plan, documented, known) = arrays_of(self.scenario).names, self._played
        size, quantile = points.shape[1], dict(zip(self.coordinates, normal.below(points), strict=True))
        half = np.full(size, 0.5)
        parameters, first = priors.values(known, size, lambda purpose, name: quantile.get((purpose, name), half))
        replicates = np.uint64(LAST_REPLICATE) - noise
        inputs = Inputs(parameters, first, replicates, random_streams.seed_words(self.seed), True)
        chance, seen = ballot_likelihood.play(plan, documented, self.last, inputs)
        rows = [names.ballots.index(ballot.id) for ballot in self.record.ballots]
        with np.errstate(divide="ignore"):
            ballots = np.log(chance[rows])
        spreads = parameters[[names.parameters.index(report.spread) for report in self.record.reports]]
        return np.vstack([ballots, observation_likelihood.log_likelihoods(self.record.reports, seen, spreads)])
