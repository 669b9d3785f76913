"""Which rule, which reading? The same record fitted by rival models, and whether it can tell them apart."""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.calibration import calibration, posterior_summary, record
from sim.calibration.calibration import Effort, Fit
from sim.calibration.record import Record
from sim.errors import ScenarioError
from sim.evaluation import scoring
from sim.evaluation.scores import log_score
from sim.model import priors
from sim.model.arrays import arrays_of
from sim.model.rules import persuasion
from sim.scenario.scenario import Scenario, rebuild


@dataclass(frozen=True)
class Rival:
    """One way to model a debate. kind: rule or reading. is_own: whether it is the scenario's own way."""

    kind: str
    name: str
    scenario: Scenario
    is_own: bool


def rules(scenario: Scenario) -> tuple[list[Rival], list[str]]:
    """The debate under every persuasion rule that it has parameters for, and why not under the others.

    Parameters keep their laws whatever the rule, so that a bound means what the rule makes of it.
    """
    found, left_out, talk = [], [], scenario.debate.dynamics.talk
    for word in persuasion.RULES:
        changes: list[Mapping[str, Any]] = [{"set": "dynamics.talk.rule", "to": word}]
        if word == "friedkin-johnsen":
            changes += [{"remove": path} for path in _attachments(scenario)]
        try:
            other = scenario.with_changes(*changes) if word != talk.rule else scenario
        except ScenarioError as error:
            left_out.append(f"{word}: {error.problems[0].message}")
        else:
            found.append(Rival("rule", word, other, word == talk.rule))
    return found, left_out


def _attachments(scenario: Scenario) -> list[str]:
    """Where attachment is given; a rule that makes it itself can have none."""
    members = scenario.debate.members.items()
    given = [f"{name}.attachment" for name, member in members if member.attachment is not None]
    return given + (["dynamics.talk.attachment"] if scenario.debate.dynamics.talk.attachment is not None else [])


def readings(scenario: Scenario) -> list[Rival]:
    """The debate under every other side of each contested point, one at a time."""
    chosen = scenario.readings
    return [
        Rival(
            "reading",
            f"{name}={option}",
            rebuild(replace(scenario.origin, readings={**scenario.origin.readings, name: option})),
            is_own=False,
        )
        for name, reading in scenario.debate.readings.items()
        for option in reading.options
        if option != chosen.get(name)
    ]


@dataclass(frozen=True)
class Choice:
    """Rival models fitted to the same record.

    rivals, fits and left_out go together. left_out: each fitted decision as predicted by the fit without it, with
    decision, probability, error (of Monte Carlo) and log_score. no_parameters: rules that the scenario has no
    parameters for, and why.
    """

    rivals: tuple[Rival, ...]
    fits: tuple[Fit, ...]
    left_out: tuple[pandas.DataFrame, ...]
    no_parameters: tuple[str, ...]

    @cached_property
    def _own(self) -> Fit:
        return next(fit for rival, fit in zip(self.rivals, self.fits, strict=True) if rival.is_own)

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a rival: log evidence, error, difference to the scenario's own, left-out log score, its error.

        difference is NaN where the rival changes the data as well: then the evidences are of different records.
        """
        rows = []
        for rival, fit, said in zip(self.rivals, self.fits, self.left_out, strict=True):
            same = _data(fit.record) == _data(self._own.record)
            right = np.exp(said.log_score)
            rows.append(
                {
                    "kind": rival.kind,
                    "name": rival.name,
                    "is_own": rival.is_own,
                    "log_evidence": fit.log_evidence,
                    "error": fit.error,
                    "difference": fit.log_evidence - self._own.log_evidence if same else math.nan,
                    "left_out_score": said.log_score.sum(),
                    "left_out_error": math.sqrt(((said.error / right) ** 2).sum()),
                }
            )
        return pandas.DataFrame(rows)

    @cached_property
    def decisions(self) -> pandas.DataFrame:
        """What each rival says of every decision: kind, name, decision, how, probability, error.

        how: fitted to the whole record, or the decision left out; the latter only of decisions that were fitted.
        """
        tables = []
        for rival, fit, said in zip(self.rivals, self.fits, self.left_out, strict=True):
            fitted, _ = posterior_summary.predictions(fit.fitted, fit.seed)
            for how, table in (("fitted", fitted), ("left out", said)):
                named = table[["decision", "probability", "error"]].assign(kind=rival.kind, name=rival.name, how=how)
                tables.append(named)
        return pandas.concat(tables, ignore_index=True)[["kind", "name", "decision", "how", "probability", "error"]]

    @cached_property
    def moves(self) -> pandas.DataFrame:
        """What hangs on the choice: each rival's answer beside the own, both fitted, of each rival the largest first.

        kind, name, decision, own, probability, difference, error (of Monte Carlo).
        """
        fitted = self.decisions[self.decisions.how == "fitted"].drop(columns="how")
        is_own = fitted.name == next(rival.name for rival in self.rivals if rival.is_own)
        own = fitted[is_own].set_index("decision")[["probability", "error"]].add_prefix("own_")
        table = fitted[~is_own].join(own, on="decision").dropna()
        difference = table.probability - table.own_probability
        table = table.assign(
            own=table.own_probability, difference=difference, error=np.hypot(table.error, table.own_error)
        )
        names = [rival.name for rival in self.rivals]
        order = np.lexsort((-difference.abs(), table.name.map(names.index)))
        columns = ["kind", "name", "decision", "own", "probability", "difference", "error"]
        return table[columns].iloc[order].reset_index(drop=True)

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"rivals": self.table, "decisions": self.decisions, "moves": self.moves}

    @property
    def text(self) -> str:
        """Whether the record can tell the rivals apart, in sentences."""
        return "\n".join(_sentences(self))


def _data(known: Record) -> list[object]:
    """What a fit is fitted to, without what is not compared."""
    ballots = [(ballot.id, ballot.outcome, ballot.tally, ballot.votes) for ballot in known.ballots]
    return [*ballots, *known.reports]


def leave_each_out(fit: Fit, efforts: Iterator[Effort]) -> pandas.DataFrame:
    """Each fitted decision with only itself left out, fitted anew: decision, probability, error, log_score."""
    tables = [
        scoring.learning_only(fit.scenario, fit.record.without(ballot.id), ballot.id, fit.seed, next(efforts))
        for ballot in fit.record.ballots
    ]
    nothing = pandas.DataFrame(columns=["decision", "probability", "error"], dtype=np.float64)
    table = pandas.concat(tables, ignore_index=True) if tables else nothing
    outcomes = [ballot.outcome for ballot in fit.record.ballots]
    return table.assign(log_score=[log_score(*each) for each in zip(table.probability, outcomes, strict=True)])


def _sentences(choice: Choice) -> Iterator[str]:
    rows: list[dict[Any, Any]] = choice.table.to_dict("records")
    own = next(row for row in rows if row["is_own"])
    _, *idle = (rival.name for rival, fit in zip(choice.rivals, choice.fits, strict=True) if fit is choice._own)
    for kind, group in itertools.groupby(rows, key=lambda row: str(row["kind"])):
        alike = [row for row in group if not math.isnan(row["difference"]) and row["name"] not in idle]
        yield from _verdicts("persuasion rules" if kind == "rule" else "contested readings", own, alike)
    size, unknown = choice._own.shares.shape[2], len(choice._own.coordinates)
    if size < FEWEST * unknown:
        yield (
            f"Islands of {size} particles are too few for {unknown} unknowns: evidences come out wrong by more than "
            f"their errors say. Take {FEWEST * unknown} or more (--particles)."
        )
    if idle:
        yield f"Nothing that the model knows of hangs on {', '.join(idle)}."


def _verdicts(name: str, own: dict[Any, Any], rows: list[dict[Any, Any]]) -> Iterator[str]:
    """What the record says of some rivals beside the scenario's own way."""
    best = max([own, *rows], key=lambda row: float(row["log_evidence"]))
    less = {row["name"]: best["log_evidence"] - row["log_evidence"] for row in [own, *rows] if row is not best}
    if best is own:
        yield f"Of the {name}, none makes the record more probable than the scenario's own ({own['name']})."
    else:
        factor = math.exp(less[own["name"]])
        yield f"Of the {name}, {best['name']} makes the record most probable, {factor:.1f} times as much as the own."
    worse = [called for called, by in less.items() if by > math.log(TELLING)]
    rest = [called for called in less if called not in worse]
    if worse:
        yield f"The record tells against ({TELLING:g} times less probable, or more): {', '.join(worse)}."
    if rest:
        yield f"It cannot tell apart from the best (less than {TELLING:g} times): {', '.join(rest)}."
    scored = sorted([own, *(row for row in rows if row is not own)], key=lambda row: float(row["left_out_score"]))
    low, high = scored[0], scored[-1]
    yield (
        f"With each decision left out, they score from {low['left_out_score']:.2f} ({low['name']}) to "
        f"{high['left_out_score']:.2f} ({high['name']}); the own {own['left_out_score']:.2f}."
    )


#: Particles of an island for each unknown, below which a log evidence was found to be off by more than its error.
FEWEST = 6
#: How many times less probable the record must be under a model to tell against it ("strong", Kass and Raftery 1995).
TELLING = 20.0


def choose(scenario: Scenario, seed: int = 1922, effort: Effort | None = None) -> Choice:
    """Fits a debate under every persuasion rule and every reading. The effort's report is told of all in turn."""
    effort, prior = effort or Effort(), scenario.from_prior()
    ruled, no_parameters = rules(prior)
    rivals = [*ruled, *readings(prior)]
    models = [_model(rival.scenario) for rival in rivals]
    different: dict[bytes, Scenario] = {}
    for rival, model in zip(rivals, models, strict=True):
        different.setdefault(model, rival.scenario)
    records = {model: record.record_of(other) for model, other in different.items()}
    efforts = effort.in_parts(sum(1 + len(data.ballots) for data in records.values()))
    found = {}
    for model, other in different.items():
        fit = calibration.calibrate(other, seed, next(efforts), records[model])
        found[model] = (fit, leave_each_out(fit, efforts))
    fits, left_out = zip(*(found[model] for model in models), strict=True)
    return Choice(tuple(rivals), fits, left_out, tuple(no_parameters))


def _model(scenario: Scenario) -> bytes:
    """All that a fit knows of a debate: rivals alike in this are one model, and are fitted once."""
    plan, _ = arrays_of(scenario)
    return pickle.dumps((plan, priors.laws(scenario.debate), _data(record.record_of(scenario))))
