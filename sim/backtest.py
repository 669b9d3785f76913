"""The model against the record: what it says of each documented decision, and what simpler rules say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas

from sim import results, yardsticks
from sim.crew import Crew, play, reporting
from sim.influence import influence
from sim.polarisation import polarisation
from sim.results import Ensemble
from sim.scenario import Scenario

#: Where the common centre of the unknown stances is put, as shares of the axis.
CENTRES = (0.25, 0.5, 0.75)
#: Ensembles that a replay plays: by the record, free, one a centre, and the two yardsticks that are models.
ENSEMBLES = 4 + len(CENTRES)


@dataclass(frozen=True)
class Replay:
    """A debate replayed.

    ensemble: the histories. centres: decision, centre, probability, for other common centres of the stances that
    nobody recorded. predictions: what the yardsticks say. scores: yardstick, total, mean; the model first.
    """

    ensemble: Ensemble
    centres: pandas.DataFrame
    predictions: pandas.DataFrame

    @property
    def scores(self) -> pandas.DataFrame:
        """Total and mean log score over the fitted decisions: the model, then the yardsticks."""
        fitted = {ballot.id for ballot in yardsticks.fitted(self.ensemble.scenario)}
        decisions = self.ensemble.decisions
        model = decisions[decisions.decision.isin(fitted)].score
        rows = [("the model", len(model), model.sum(), model.mean())]
        for name, said in self.predictions.groupby("yardstick", sort=False):
            rows.append((str(name), len(said), said.score.sum(), said.score.mean()))
        return pandas.DataFrame(rows, columns=["yardstick", "decisions", "total", "mean"])

    @cached_property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        compared = {"centres": self.centres, "yardsticks": self.predictions, "scores": self.scores}
        moved = {"influence": influence(self.ensemble), "polarisation": polarisation(self.ensemble)}
        return {**self.ensemble.tables, **compared, **moved}

    def _repr_html_(self) -> str:
        return self.ensemble._repr_html_()


def moved_centres(scenario: Scenario, runs: int, seed: int, crew: Crew) -> pandas.DataFrame:
    """The probability of every decision with the unknown stances drawn around other centres."""
    parameter, axis = scenario.debate.dynamics.unknown_centre, scenario.debate.axis
    rows: list[tuple[str, float, float]] = []
    for number, share in enumerate(CENTRES if parameter is not None else ()):
        centre = axis.low + share * (axis.high - axis.low)
        tally = play(scenario, runs, seed, fixed={str(parameter): centre}, crew=reporting(crew, number * runs))
        chances = results.spread(tally).mean.tolist()
        rows += [(decision, centre, p) for decision, p in zip(scenario.arrays[1].ballots, chances, strict=True)]
    return pandas.DataFrame(rows, columns=["decision", "centre", "probability"])


def replay(scenario: Scenario, runs: int = 2000, seed: int = 1922, crew: Crew | None = None) -> Replay:
    """Plays a debate against its record. The crew reports how many of ENSEMBLES * runs histories are done."""
    crew = crew or Crew()
    many = results.ensemble(scenario, runs, seed, crew)
    centres = moved_centres(scenario, runs, seed, reporting(crew, 2 * runs))
    predictions = yardsticks.yardsticks(scenario, runs, seed, reporting(crew, (2 + len(CENTRES)) * runs))
    return Replay(many, centres, predictions)
