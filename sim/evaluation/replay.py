"""The model against the record: what it says of each documented decision, and what simpler rules say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas

from sim.analysis.influence import influence
from sim.analysis.polarisation import polarisation
from sim.ensembles.ensemble import Ensemble, ensemble, spread
from sim.ensembles.executor import Executor, play_runs, reporting
from sim.evaluation import baselines, scores, scoring
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario

#: The model where no posterior comes with it: it was fitted to nothing.
THE_MODEL = "the model"
#: Where the common centre of the unknown stances is put, as shares of the axis.
CENTRES = (0.25, 0.5, 0.75)
#: Ensembles that a replay plays at most: by the record, free, one a centre, the two baselines that are models, and
#: where there is a posterior the model before it was fitted.
ENSEMBLES = 5 + len(CENTRES)


@dataclass(frozen=True)
class Replay:
    """A debate replayed.

    ensemble: the histories. centres: decision, centre, probability, for other common centres of the stances that
    nobody recorded. predictions: what the baselines say. sight: what the model says of each fitted decision, by how
    much it has seen of the record (predictor, decision, probability, error, score); only where it is played from a
    posterior, for then the probabilities of the ensemble were fitted to these very decisions. scores: baseline,
    total, mean; the model first.
    """

    ensemble: Ensemble
    centres: pandas.DataFrame
    predictions: pandas.DataFrame
    sight: pandas.DataFrame

    @property
    def scores(self) -> pandas.DataFrame:
        """Total and mean log score over the fitted decisions: the model, then the baselines."""
        fitted = {ballot.id for ballot in scores.fitted(self.ensemble.scenario)}
        decisions = self.ensemble.decisions
        model = decisions[decisions.decision.isin(fitted)].score
        name = THE_MODEL if self.ensemble.scenario.posterior is None else scoring.FITTED
        rows = [(name, len(model), model.sum(), model.mean())]
        for who, table in (("predictor", self.sight), ("baseline", self.predictions)):
            for predictor, said in table.groupby(who, sort=False):
                rows.append((str(predictor), len(said), said.score.sum(), said.score.mean()))
        return pandas.DataFrame(rows, columns=["baseline", "decisions", "total", "mean"])

    @cached_property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        compared = {"centres": self.centres, "baselines": self.predictions, "scores": self.scores}
        compared |= {"sight": self.sight} if len(self.sight) else {}
        moved = {"influence": influence(self.ensemble), "polarisation": polarisation(self.ensemble)}
        return {**self.ensemble.tables, **compared, **moved}

    def _repr_html_(self) -> str:
        return self.ensemble._repr_html_()


def moved_centres(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """The probability of every decision with the unknown stances drawn around other centres."""
    parameter, axis = scenario.debate.dynamics.unknown_centre, scenario.debate.axis
    rows: list[tuple[str, float, float]] = []
    for number, share in enumerate(CENTRES if parameter is not None else ()):
        centre = axis.low + share * (axis.high - axis.low)
        tally = play_runs(
            scenario, runs, seed, fixed={str(parameter): centre}, executor=reporting(executor, number * runs)
        )
        chances = spread(tally).mean.tolist()
        rows += [(decision, centre, p) for decision, p in zip(arrays_of(scenario).names.ballots, chances, strict=True)]
    return pandas.DataFrame(rows, columns=["decision", "centre", "probability"])


def replay(scenario: Scenario, runs: int = 2000, seed: int = 1922, executor: Executor | None = None) -> Replay:
    """Plays a debate against its record. The executor reports how many of ENSEMBLES * runs histories are done."""
    executor = executor or Executor()
    many = ensemble(scenario, runs, seed, executor)
    centres = moved_centres(scenario, runs, seed, reporting(executor, 2 * runs))
    # Baselines have seen nothing of what they are compared on but the outcomes before.
    prior = scenario.from_prior()
    predictions = baselines.baselines(prior, runs, seed, reporting(executor, (2 + len(CENTRES)) * runs))
    seen = sight(scenario, runs, seed, reporting(executor, (4 + len(CENTRES)) * runs))
    executor.report(ENSEMBLES * runs)
    return Replay(many, centres, predictions, seen)


def sight(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """What the model says of each fitted decision with less of the record, or nothing, before its eyes.

    What it says with a decision left out comes with its posterior, where that was scored. Empty without a posterior.
    """
    columns, ballots = ["predictor", "decision", "probability", "error", "score"], scores.fitted(scenario)
    if scenario.posterior is None:
        return pandas.DataFrame(columns=columns)
    rows = list(scoring.left_out(scenario.posterior))
    over = spread(play_runs(scenario.from_prior(), runs, seed, executor=executor))
    names = arrays_of(scenario).names.ballots
    rows += [
        (scoring.UNFITTED, ballot.id, over.mean[names.index(ballot.id)], over.error[names.index(ballot.id)])
        for ballot in ballots
    ]
    outcome = {ballot.id: ballot.outcome for ballot in ballots}
    scored = [(*row, scores.log_score(row[2], outcome[row[1]])) for row in rows if row[1] in outcome]
    return pandas.DataFrame(scored, columns=columns)
