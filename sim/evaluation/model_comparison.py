"""Which rule, which reading, which part? One record fitted by candidate models, and whether it can tell them apart."""

from __future__ import annotations

import functools
import itertools
import math
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.calibration import calibration, record
from sim.calibration.calibration import Effort, Fit, Wanted
from sim.ensembles.executor import Executor
from sim.errors import ScenarioError
from sim.evaluation import ablations, abstention_rules, scoring
from sim.evaluation.predictors import FITTED, LEAVE_ONE_OUT, ONE_STEP_AHEAD
from sim.evaluation.scoring import OfFit
from sim.model import priors
from sim.model.arrays import arrays_of
from sim.model.rules import persuasion
from sim.results.wording import counted
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario, rebuild


@dataclass(frozen=True)
class Candidate:
    """One way to model a debate.

    kind: rule (of persuasion), reading, abstention (a rule of it) or ablation. is_own: whether it is the debate's own.
    """

    kind: str
    name: str
    scenario: Scenario
    is_own: bool


def rules(scenario: Scenario) -> tuple[list[Candidate], list[str]]:
    """The debate under every persuasion rule that it has parameters for, and why not under the others.

    Parameters keep their distributions whatever the rule, so that a bound means what the rule makes of it.
    """
    candidates, not_compared, talk = [], [], scenario.debate.dynamics.talk
    for word, rule in persuasion.RULES.items():
        if rule == persuasion.COPYING and word != talk.rule:
            not_compared.append(f"{word}: whole stances pass from one to another, which nobody claims of a debate")
            continue
        changes: list[Mapping[str, Any]] = [{"set": "dynamics.talk.rule", "to": word}]
        if word == "friedkin-johnsen":
            changes += [{"remove": path} for path in _attachments(scenario)]
        try:
            other = scenario.with_changes(*changes) if word != talk.rule else scenario
        except ScenarioError as error:
            not_compared.append(f"{word}: {error.problems[0].message}")
        else:
            candidates.append(Candidate("rule", word, other, word == talk.rule))
    return candidates, not_compared


def _attachments(scenario: Scenario) -> list[str]:
    """Where attachment is given; a rule that makes it itself can have none."""
    members = scenario.debate.members.items()
    given = [f"{name}.attachment" for name, member in members if member.attachment is not None]
    return given + (["dynamics.talk.attachment"] if scenario.debate.dynamics.talk.attachment is not None else [])


def readings(scenario: Scenario) -> list[Candidate]:
    """The debate under every other side of each contested point, one at a time."""
    return [
        Candidate(
            "reading",
            f"{name}={option}",
            rebuild(replace(scenario.origin, readings={**scenario.origin.readings, name: option})),
            is_own=False,
        )
        for name, reading in scenario.debate.readings.items()
        for option in reading.options
        if option != scenario.readings.get(name)
    ]


def parts(scenario: Scenario) -> tuple[list[Candidate], list[str]]:
    """The debate under other rules of abstention, and without deference, letters or talk, one at a time.

    And why not, where a rule does not fit the record or a part cannot be taken out.
    """
    changes = [("abstention", name, change) for name, change in abstention_rules.RULES.items()]
    changes += [("ablation", name, functools.partial(ablations.without, ablation=name)) for name in ablations.ABLATIONS]
    candidates, not_compared = [], []
    for kind, name, changed in changes:
        try:
            candidates.append(Candidate(kind, name, changed(scenario), is_own=False))
        except ValueError as error:
            not_compared.append(f"{name}: {error}")
    return candidates, not_compared


@dataclass(frozen=True, repr=False)
class ModelComparison(OfFit):
    """Candidate models fitted to the same record.

    fit: of the debate as it is. candidates, fits and left_out go together. left_out: each compared decision predicted
    one step ahead and leave-one-out, in the columns of `Score.predictions`. not_compared: rules that the scenario
    has no parameters for or that its record excludes, and parts that it cannot be without, and why.
    """

    fit: Fit
    candidates: tuple[Candidate, ...]
    fits: tuple[Fit, ...]
    left_out: tuple[pandas.DataFrame, ...]
    not_compared: tuple[str, ...]

    @property
    def scenario(self) -> Scenario:
        """The debate as it is, drawn from what was assumed."""
        return self.fit.prior

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a candidate: log evidence and error, difference to the own, and log scores and their errors.

        The scores are of decisions that the fit had not seen, leave-one-out and one step ahead.

        difference is NaN where the candidate changes the data as well: then the evidences are of different records.
        """
        rows = []
        for candidate, fit, left_out in zip(self.candidates, self.fits, self.left_out, strict=True):
            alone, ahead = (left_out[left_out.predictor == one] for one in (LEAVE_ONE_OUT, ONE_STEP_AHEAD))
            is_same_record = fit.record.compared == self.fit.record.compared
            rows.append(
                {
                    "kind": candidate.kind,
                    "name": candidate.name,
                    "is_own": candidate.is_own,
                    "log_evidence": fit.log_evidence,
                    "error": fit.error,
                    "difference": fit.log_evidence - self.fit.log_evidence if is_same_record else math.nan,
                    "leave_one_out_score": alone.log_score.sum(),
                    "leave_one_out_error": scoring.monte_carlo_error(alone),
                    "one_step_ahead_score": ahead.log_score.sum(),
                    "one_step_ahead_error": scoring.monte_carlo_error(ahead),
                }
            )
        return pandas.DataFrame(rows)

    @cached_property
    def decisions(self) -> pandas.DataFrame:
        """What each candidate says of every decision: kind, name, predictor, decision, probability, error.

        predictor: fitted (to the whole record); and, of decisions that are compared, one-step-ahead or leave-one-out.
        """
        columns = ["kind", "name", "predictor", "decision", "probability", "error"]
        tables = [
            table.assign(kind=candidate.kind, name=candidate.name)[columns]
            for candidate, fit, left_out in zip(self.candidates, self.fits, self.left_out, strict=True)
            for table in (fit.predictions.assign(predictor=FITTED), left_out)
        ]
        return pandas.concat(tables, ignore_index=True)

    @cached_property
    def moves(self) -> pandas.DataFrame:
        """What hangs on the model: each candidate's answer beside the own, both fitted, of each the largest first.

        kind, name, decision, own, probability, difference, error (of Monte Carlo).
        """
        columns = ["kind", "name", "decision", "own", "probability", "difference", "error"]
        own, tables = self.fit.predictions, []
        for candidate, fit in zip(self.candidates, self.fits, strict=True):
            table = fit.predictions.merge(own.rename(columns={"probability": "own", "error": "own_error"}))
            table = table.assign(
                kind=candidate.kind,
                name=candidate.name,
                difference=table.probability - table.own,
                error=np.hypot(table.error, table.own_error),
            )
            largest = table.difference.abs().sort_values(ascending=False, kind="stable").index
            if not candidate.is_own:
                tables.append(table.loc[largest, columns].dropna())
        return pandas.concat(tables, ignore_index=True) if tables else pandas.DataFrame(columns=columns)

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"candidates": self.table, "decisions": self.decisions, "moves": self.moves}

    @property
    def headline(self) -> str:
        """Which candidate makes the record most probable, and against how many the record tells."""
        comparable = self.table[self.table.difference.notna()]
        best: Any = comparable.iloc[comparable.log_evidence.argmax()]
        less = best.log_evidence - comparable.log_evidence
        against = int((less > math.log(TELLING)).sum())
        who = f"the debate's own {best['name']}" if best.is_own else best["name"]
        return (
            f"Of {counted(len(comparable), 'candidate')} for the same record, {who} makes it most probable; the record "
            f"tells against {against} ({TELLING:g} times less probable, or more)."
        )

    @property
    def text(self) -> str:
        """Whether the record can tell the candidates apart, in sentences."""
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        rows: list[dict[Any, Any]] = self.table.to_dict("records")
        own, fit = next(row for row in rows if row["is_own"]), self.fit
        _, *same = (one.name for one, other in zip(self.candidates, self.fits, strict=True) if other is fit)
        for kind, group in itertools.groupby(rows, key=lambda row: str(row["kind"])):
            comparable = [row for row in group if not math.isnan(row["difference"]) and row["name"] not in same]
            yield from _verdicts(_NAMES[kind], own, comparable)
        size, unknown = fit.settings["particles"], len(fit.coordinates)
        if size < FEWEST * unknown:
            yield (
                f"Runs of {size} particles are too few for {unknown} unknowns: evidences come out wrong by more than "
                f"their errors say. Take {FEWEST * unknown} or more."
            )
        if same:
            yield f"Nothing that the model knows of hangs on {', '.join(same)}."


def _verdicts(name: str, own: dict[Any, Any], rows: list[dict[Any, Any]]) -> Iterator[str]:
    """What the record says of some candidates beside the scenario's own way."""
    best = max([own, *rows], key=lambda row: float(row["log_evidence"]))
    less = {row["name"]: best["log_evidence"] - row["log_evidence"] for row in [own, *rows] if row is not best}
    if best is own:
        yield f"Of the {name}, none makes the record more probable than the scenario's own ({own['name']})."
    else:
        factor = math.exp(less[own["name"]])
        yield f"Of the {name}, {best['name']} makes the record most probable, {factor:.1f} times as much as the own."
    worse = [candidate for candidate, by in less.items() if by > math.log(TELLING)]
    rest = [candidate for candidate in less if candidate not in worse]
    if worse:
        yield f"The record tells against ({TELLING:g} times less probable, or more): {', '.join(worse)}."
    if rest:
        yield f"It cannot tell apart from the best (less than {TELLING:g} times): {', '.join(rest)}."
    scored = sorted([own, *(row for row in rows if row is not own)], key=lambda row: float(row["leave_one_out_score"]))
    low, high = scored[0], scored[-1]
    yield (
        f"Leave-one-out, they score from {low['leave_one_out_score']:.2f} ({low['name']}) to "
        f"{high['leave_one_out_score']:.2f} ({high['name']}); the own {own['leave_one_out_score']:.2f}."
    )


_NAMES = {
    "rule": "persuasion rules",
    "reading": "contested readings",
    "abstention": "rules of abstention",
    "ablation": "models without a part",
}
#: Particles of a run for each unknown, below which a log evidence was found to be off by more than its error.
FEWEST = 6
#: How many times less probable the record must be under a model to tell against it ("strong", Kass and Raftery 1995).
TELLING = 20.0


def compare(scenario: AnyScenario = DEFAULT, seed: int = 1922, effort: Effort | None = None) -> ModelComparison:
    """Fits a debate under every rule of persuasion and of abstention, every reading, and without each part.

    scenario: a debate, a shipped name or a path. seed: 0 to 2^64 - 1. effort: how much work to put in; its report is
    told of all fits together, some two hundred.

    Returns a ModelComparison: `.table` has one row a candidate, `.moves` what hangs on it, and `.text` says what they
    show; docs/reference/glossary.md lists the columns.
    Raises CalibrationError where there is nothing to learn, ScenarioError for a name or a file that is no debate,
    UserError for a number out of its range, TypeError for an argument of another kind, Interrupted when the user stops
    it.

    Example: `sim.compare("library-sunday", effort=sim.Effort(particles=128, independent_runs=1)).table`
    """
    check_numbers(seed=seed)
    effort, prior = calibration.as_effort(effort), as_scenario(scenario, "sim.compare").from_prior()
    of_rules, no_rules = rules(prior)
    of_parts, no_parts = parts(prior)
    (found,) = compared([([*of_rules, *readings(prior), *of_parts], (*no_rules, *no_parts))], seed, effort)
    return found


def compared(
    asked: Sequence[tuple[Sequence[Candidate], tuple[str, ...]]], seed: int, effort: Effort
) -> list[ModelComparison]:
    """Comparisons, each of the candidates of a debate and why others are not compared; all fits share the workers."""
    models = [[_model(candidate.scenario) for candidate in candidates] for candidates, _ in asked]
    # Candidates alike in all that a fit knows of are one model, and are fitted once.
    different: dict[bytes, Scenario] = {}
    for keys, (candidates, _) in zip(models, asked, strict=True):
        for model, candidate in zip(keys, candidates, strict=True):
            different.setdefault(model, candidate.scenario)
    wanted = [Wanted(other, record.record_of(other), effort) for other in different.values()]
    found = scoring.with_each_left_out(wanted, seed, effort, ONE_STEP_AHEAD, LEAVE_ONE_OUT)
    results = {
        model: (fit, scoring.scored(scoring.together(fit, left_out), fit.record.ballots))
        for model, (fit, left_out) in zip(different, found, strict=True)
    }
    made = []
    for keys, (candidates, not_compared) in zip(models, asked, strict=True):
        fits, left_out = zip(*(results[model] for model in keys), strict=True)
        own = next(fit for candidate, fit in zip(candidates, fits, strict=True) if candidate.is_own)
        made.append(ModelComparison(own, tuple(candidates), fits, left_out, not_compared))
    return made


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> ModelComparison:
    """The comparison that a manifest describes."""
    return compare(scenario, seed, Effort.of_settings(settings, runs, executor))


def _model(scenario: Scenario) -> bytes:
    """All that a fit knows of a debate, and which it is."""
    plan, _ = arrays_of(scenario)
    return pickle.dumps((scenario.name, plan, priors.of_debate(scenario.debate), record.record_of(scenario).compared))
