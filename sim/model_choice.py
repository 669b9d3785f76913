"""Which rule, which reading? The same record fitted by rival models, and whether it can tell them apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim import calibration, record
from sim.calibration import Effort, Fit
from sim.document import ScenarioError
from sim.rules import persuasion
from sim.scenario import Scenario, again
from sim.yardsticks import log_score

#: Left-out scores rest on reweighted particles; below this effective number of them they are not to be trusted.
FEW = 100.0


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
    chosen = dict(scenario.document.settled or {})
    return [
        Rival(
            "reading",
            f"{name}={option}",
            again(replace(scenario.origin, readings={**scenario.origin.readings, name: option})),
            is_own=False,
        )
        for name, reading in scenario.debate.readings.items()
        for option in reading.options
        if option != chosen.get(name)
    ]


@dataclass(frozen=True)
class Choice:
    """Rival models fitted to the same record.

    rivals and fits go together. left_out: rules that the scenario has no parameters for, and why.
    """

    rivals: tuple[Rival, ...]
    fits: tuple[Fit, ...]
    left_out: tuple[str, ...]

    @cached_property
    def _own(self) -> Fit:
        return next(fit for rival, fit in zip(self.rivals, self.fits, strict=True) if rival.is_own)

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a rival: log evidence, error, difference to the scenario's own, left-out log score, its error.

        difference is NaN where the rival changes the data as well: then the evidences are of different records.
        least_ess: the smallest effective number of particles behind a left-out prediction.
        """
        rows = []
        for rival, fit in zip(self.rivals, self.fits, strict=True):
            same = _data(fit) == _data(self._own)
            said = left_out_by_weight(fit)
            rows.append(
                {
                    "kind": rival.kind,
                    "name": rival.name,
                    "is_own": rival.is_own,
                    "log_evidence": fit.log_evidence,
                    "error": fit.error,
                    "difference": fit.log_evidence - self._own.log_evidence if same else math.nan,
                    "left_out_score": said.log_score.sum(),
                    "left_out_error": math.sqrt((said.error**2).sum()),
                    "least_ess": said.ess.min() if len(said) else math.nan,
                }
            )
        return pandas.DataFrame(rows)

    @cached_property
    def decisions(self) -> pandas.DataFrame:
        """What each rival says of every decision once fitted: kind, name, decision, probability, error."""
        rows = []
        for rival, fit in zip(self.rivals, self.fits, strict=True):
            for decision, given in zip(fit.scenario.arrays[1].ballots, _chances(fit), strict=True):
                put = given[np.isfinite(given)]
                mean, error = (put.mean(), put.std() / math.sqrt(put.size)) if put.size else (math.nan, math.nan)
                rows.append((rival.kind, rival.name, decision, mean, error))
        return pandas.DataFrame(rows, columns=["kind", "name", "decision", "probability", "error"])

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"rivals": self.table, "decisions": self.decisions}

    @property
    def text(self) -> str:
        """Whether the record can tell the rivals apart, in sentences."""
        return "\n".join(_sentences(self))


def _data(fit: Fit) -> list[object]:
    """What a fit was fitted to, without what is not compared."""
    ballots = [(ballot.id, ballot.outcome, ballot.tally, ballot.votes) for ballot in fit.record.ballots]
    return [*ballots, *fit.record.reports]


def _chances(fit: Fit) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Chances of all particles, in the order in which a posterior keeps them."""
    every = fit.scenario.with_posterior(fit.particles(most=fit.shares[0].size))
    return calibration.chances(every, fit.seed)


def left_out_by_weight(fit: Fit) -> pandas.DataFrame:
    """Each fitted decision with only itself left out: decision, probability, error, log_score, ess.

    Not fitted anew: particles are weighted by one over the likelihood of the decision and of what rests on it, which
    makes them particles of the posterior without these (Gelfand, Dey and Chang 1992); predicted with fresh luck.
    """
    names, chance = fit.scenario.arrays[1].ballots, _chances(fit)
    terms = fit.terms.transpose(0, 2, 1).reshape(fit.terms.shape[0], -1)
    rows = []
    for number, ballot in enumerate(fit.record.ballots):
        resting = [
            k for k, report in enumerate(fit.record.reports, len(fit.record.ballots)) if ballot.id in report.rests_on
        ]
        log_weight = -terms[[number, *resting]].sum(axis=0)
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        given = chance[names.index(ballot.id)]
        mean = float((weight * given).sum())
        error = float(np.sqrt((weight**2 * (given - mean) ** 2).sum()))
        right = mean if ballot.outcome == "carried" else 1.0 - mean
        rows.append(
            (ballot.id, mean, error / max(right, 1e-12), log_score(mean, ballot.outcome), 1 / float((weight**2).sum()))
        )
    return pandas.DataFrame(rows, columns=["decision", "probability", "error", "log_score", "ess"])


def _sentences(choice: Choice) -> Iterator[str]:
    rows: list[dict[Any, Any]] = choice.table.to_dict("records")
    own = next(row for row in rows if row["is_own"])
    for kind, group in itertools.groupby(rows, key=lambda row: str(row["kind"])):
        alike = [row for row in group if not math.isnan(row["difference"])]
        yield from _verdicts("persuasion rules" if kind == "rule" else "contested readings", own, alike)
    weak = [row["name"] for row in rows if row["least_ess"] < FEW]
    if weak:
        yield f"Left-out scores of {', '.join(weak)} rest on fewer than {FEW:g} effective particles: do not trust them."


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


#: How many times less probable the record must be under a model to tell against it ("strong", Kass and Raftery 1995).
TELLING = 20.0


def choose(scenario: Scenario, seed: int = 1922, effort: Effort | None = None) -> Choice:
    """Fits a debate under every persuasion rule and every reading. The effort's report is told of all in turn."""
    effort, prior = effort or Effort(), scenario.from_prior()
    ruled, left_out = rules(prior)
    rivals = [*ruled, *readings(prior)]
    fits = []

    def reporting(number: int) -> Callable[[int], None]:
        return lambda done: effort.report((number * calibration.ALL_DONE + done) // len(rivals))

    for number, rival in enumerate(rivals):
        share = replace(effort, report=reporting(number))
        fits.append(calibration.calibrate(rival.scenario, seed, share, record.record_of(rival.scenario)))
    return Choice(tuple(rivals), tuple(fits), tuple(left_out))
