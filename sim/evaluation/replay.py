"""The model against the record: what it says of each documented decision, and what simpler rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas

from sim.analysis import influence, polarisation
from sim.ensembles.ensemble import Ensemble, ensemble, spread
from sim.ensembles.executor import Executor, play_runs, reporting
from sim.evaluation import baselines, comparison, scoring
from sim.evaluation.predictors import FITTED, LABELS, LEAVE_ONE_OUT, ONE_STEP_AHEAD, UNFITTED
from sim.model.arrays import arrays_of
from sim.results.labels import decision_name
from sim.results.wording import counted
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.shown import ShownResult

#: Where the common centre of the unknown stances is put, as fractions of the axis.
CENTRES = (0.25, 0.5, 0.75)
#: Ensembles that a replay begins with: by the record, and free. Beside them it plays, when their tables are asked for,
#: one a centre, the two baselines that are models, and, where there is a posterior, the model before it was fitted.
FIRST, BASELINES, UNFITTED_MODEL = 2, 2, 1


def histories(runs: int) -> int:
    """How many histories a replay begins with."""
    return FIRST * runs


def all_histories(runs: int) -> int:
    """How many histories it plays at most, but for those of influence and polarisation."""
    return (FIRST + len(CENTRES) + BASELINES + UNFITTED_MODEL) * runs


@dataclass(frozen=True, repr=False)
class Replay(ShownResult):
    """A debate replayed.

    ensemble: the histories. trajectories: every history whole, as NetCDF, if that was asked for. executor: who plays
    what is worked out when it is asked for; it reports how many of `all_histories` are done.
    """

    ensemble: Ensemble
    trajectories: bytes = b""
    executor: Executor = field(default_factory=Executor, compare=False)

    def _after(self, ensembles: int) -> Executor:
        """Who plays what comes after so many ensembles."""
        return reporting(self.executor, ensembles * self.runs)

    @cached_property
    def centres(self) -> pandas.DataFrame:
        """The decisions from other common centres of the stances that nobody recorded: decision, centre, probability.

        Without rows where the debate has no such stances.
        """
        return moved_centres(self.scenario, self.runs, self.seed, self._after(FIRST))

    @cached_property
    def predictions(self) -> pandas.DataFrame:
        """What the baselines say: predictor, decision, carried, probability, log_score."""
        # They have seen nothing of what they are compared on but the outcomes before.
        prior = self.scenario.from_prior()
        return baselines.baselines(prior, self.runs, self.seed, self._after(FIRST + len(CENTRES)))

    @cached_property
    def by_training_data(self) -> pandas.DataFrame:
        """What the model says of each compared decision, by how much of the record it was fitted to.

        Columns: predictor, decision, probability, error, log_score. Only where it is played from a posterior, for then
        the probabilities of the ensemble were fitted to these very decisions.
        """
        executor = self._after(FIRST + len(CENTRES) + BASELINES)
        return by_training_data(self.scenario, self.runs, self.seed, executor)

    @cached_property
    def influence(self) -> pandas.DataFrame:
        """Who moved whom in the first histories; the columns of influence.csv."""
        return influence.influence(self.ensemble, self.executor.silent)

    @cached_property
    def polarisation(self) -> pandas.DataFrame:
        """How divided each body was in the first histories; the columns of polarisation.csv."""
        return polarisation.polarisation(self.ensemble, self.executor.silent)

    @property
    def scenario(self) -> Scenario:
        """The debate."""
        return self.ensemble.scenario

    @property
    def runs(self) -> int:
        """The number of histories."""
        return self.ensemble.runs

    @property
    def seed(self) -> int:
        """The seed of all random numbers."""
        return self.ensemble.seed

    @property
    def settings(self) -> dict[str, bool]:
        """What a manifest keeps beside scenario, runs and seed."""
        return {"keep": bool(self.trajectories)}

    @property
    def _compared(self) -> list[str]:
        """The decisions that predictors are compared on."""
        return [ballot.id for ballot in compared_ballots(self.scenario)]

    @cached_property
    def _model(self) -> pandas.DataFrame:
        """The model's own predictions of the compared decisions: predictor, decision, log_score."""
        own = self.ensemble.decisions.rename(columns={"score": "log_score"})
        own = own[own.decision.isin(self._compared)].assign(predictor=FITTED if self.scenario.posterior else UNFITTED)
        return pandas.concat([own, self.by_training_data] if len(self.by_training_data) else [own], ignore_index=True)

    @cached_property
    def scores(self) -> pandas.DataFrame:
        """Log score over the compared decisions: predictor, label, decisions, total, mean; the model comes first."""
        every = pandas.concat([self._model, self.predictions], ignore_index=True)
        table = every.groupby("predictor", sort=False).log_score.agg(decisions="size", total="sum", mean="mean")
        table.insert(0, "label", table.index.map(LABELS))
        return table.reset_index()

    @cached_property
    def predicted(self) -> pandas.DataFrame:
        """What the model says of each decision that it was not fitted to: decision, predictor, probability.

        One row a decision, in order. Of a decision that the model is fitted to it is what was said of it one step
        ahead, or else unfitted; of any other it is what this replay says.
        """
        own = self.ensemble.decisions[["decision", "probability"]]
        own = own.assign(predictor=LEAVE_ONE_OUT if self.scenario.posterior else UNFITTED)
        less = self.by_training_data.set_index("predictor", drop=False)
        tables = [less.loc[less.index == predictor, own.columns] for predictor in (ONE_STEP_AHEAD, UNFITTED)]
        known = pandas.concat([table for table in tables if len(table)] + [own]).drop_duplicates("decision")
        return known.set_index("decision").loc[own.decision, ["predictor", "probability"]].reset_index()

    @property
    def headline(self) -> str:
        """Of how many documented decisions the model gives the outcome more than even odds.

        Those that it was fitted to are counted by themselves, and never as predictions.
        """
        known = self.ensemble.decisions.query("documented != ''")
        fitted = known.decision.isin(self._compared if self.scenario.posterior else [])
        given = known.probability.where(known.documented == "carried", 1 - known.probability) > 0.5
        return _headline(given[fitted].tolist(), given[~fitted].tolist())

    @cached_property
    def _against_baselines(self) -> tuple[str, int, pandas.DataFrame]:
        """What is compared: the model that has seen no more than a baseline has, one step ahead, else unfitted.

        What a verdict hangs on is called by its name.
        """
        known = set(self._model.predictor)
        predictor = ONE_STEP_AHEAD if ONE_STEP_AHEAD in known else UNFITTED
        model = self._model[self._model.predictor == predictor].set_index("decision").log_score
        rivals = baselines.over_priors(self.predictions, compared_ballots(self.scenario))
        table = comparison.differences(comparison.by_decision(predictor, model, rivals))
        names = {name: f"“{decision_name(self.scenario.debate, name)}”" for name in table.hangs_on if name}
        return predictor, len(model), table.assign(hangs_on=table.hangs_on.replace(names))

    @property
    def verdict(self) -> str:
        """Whether the model predicts better than the best baseline, in a sentence."""
        return comparison.headline(*self._against_baselines)

    @property
    def text(self) -> str:
        """Whether the model predicts better than the baselines, in a few sentences."""
        return comparison.comparison(*self._against_baselines)

    @property
    def early_tables(self) -> dict[str, pandas.DataFrame]:
        """Those of the tables, by the name of their file, that are known first."""
        return self.ensemble.tables

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        tables = {"centres": self.centres, "baselines": self.predictions, "scores": self.scores}
        tables |= {"by_training_data": self.by_training_data} if len(self.by_training_data) else {}
        return self.ensemble.tables | tables | {"influence": self.influence, "polarisation": self.polarisation}

    @property
    def files(self) -> dict[str, bytes]:
        """What it leaves beside its tables."""
        return {"trajectories.nc": self.trajectories} if self.trajectories else {}


def _headline(fitted: list[bool], others: list[bool]) -> str:
    """fitted, others: whether the outcome gets more than even odds, of each decision fitted to and of each other."""
    even_odds = "the model gives the documented outcome more than even odds"
    if not fitted and not others:
        return "No decision has a documented outcome to be compared with."
    every = len(fitted) + len(others)
    if not fitted:
        return f"Unfitted, {even_odds} in {sum(others)} of {every} decision{'s' if every > 1 else ''}."
    to_these = f"{len(fitted)} of these {every} decisions" if others else f"{counted(every, 'decision')} and no other"
    right = f"all {len(fitted)}" if all(fitted) else f"{sum(fitted)} of the {len(fitted)}"
    text = f"Fitted to {to_these}, {even_odds} in {right}, which proves nothing about them."
    return text + (f" Of the {len(others)} that it was not fitted to, it does so in {sum(others)}." if others else "")


def replay(
    scenario: AnyScenario = DEFAULT,
    runs: int = 2000,
    seed: int = 1922,
    executor: Executor | None = None,
    keep: bool = False,
) -> Replay:
    """Plays a debate against its record, beside simple rules that predict the same decisions.

    scenario: a debate, a shipped name or a path. runs, seed, executor: as `sim.ensemble` takes them. keep: whether to
    keep every history whole, too. What it is compared with is played when it is asked for.

    Returns a Replay: `.ensemble`, `.scores`, `.predicted`, `.headline`, and `.tables` by name, whose columns
    docs/reference/glossary.md lists.
    Raises ScenarioError for a name or a file that is no debate, UserError for a number out of its range, TypeError for
    an argument of another kind.

    Example: `sim.replay("monopoly-1922", runs=500).scores`
    """
    scenario = as_scenario(scenario, "sim.replay")
    check_numbers(runs=runs, seed=seed)
    executor = executor or Executor()
    many = ensemble(scenario, runs, seed, executor)
    trajectories = bytes(many.trajectories().to_netcdf(engine="scipy")) if keep else b""
    return Replay(many, trajectories, executor.silent)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Replay:
    """The replay that a manifest describes."""
    executor = executor or Executor()
    return replace(replay(scenario, runs, seed, executor, bool(settings.get("keep"))), executor=executor)


def moved_centres(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """The probability of every decision with the unknown stances drawn around other centres."""
    parameter, axis = scenario.debate.dynamics.unknown_centre, scenario.debate.axis
    rows: list[tuple[str, float, float]] = []
    for number, fraction in enumerate(CENTRES if parameter is not None else ()):
        centre = axis.low + fraction * (axis.high - axis.low)
        held, then = {str(parameter): centre}, reporting(executor, number * runs)
        tally = play_runs(scenario, runs, seed, fixed=held, counts_stances=False, executor=then)
        chances = spread(tally, scenario.posterior).mean.tolist()
        rows += [(decision, centre, p) for decision, p in zip(arrays_of(scenario).names.ballots, chances, strict=True)]
    return pandas.DataFrame(rows, columns=["decision", "centre", "probability"])


def by_training_data(scenario: Scenario, runs: int, seed: int, executor: Executor) -> pandas.DataFrame:
    """What the model says of each compared decision when it was fitted to less of the record, or to nothing.

    What it says leave-one-out and one step ahead comes with its posterior, where that was scored. Empty without a
    posterior.
    """
    columns = ["predictor", "decision", "probability", "error", "log_score"]
    if scenario.posterior is None:
        return pandas.DataFrame(columns=columns)
    kept = pandas.DataFrame(scoring.stored_predictions(scenario.posterior), columns=columns[:-1])
    unfitted = scoring.unfitted(scenario, runs, seed, executor)
    every = pandas.concat([kept, unfitted] if len(kept) else [unfitted])
    return scoring.scored(every, compared_ballots(scenario))[columns]
