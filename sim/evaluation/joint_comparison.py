"""Candidate models that several debates have in common: fitted to each record, and what the records say together.

Records of different debates are independent data, so that log evidences and log scores add up, and so do the squares of
their errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas

from sim.calibration import calibration
from sim.calibration.calibration import Effort, Fit
from sim.ensembles.executor import Executor
from sim.errors import UserError
from sim.evaluation import model_comparison
from sim.evaluation.model_comparison import TELLING, ModelComparison
from sim.evaluation.scoring import OfFit
from sim.results.wording import counted, joined
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.changes import changes_as_text, changes_of_text
from sim.scenario.scenario import Origin, Scenario, rebuild

SUMS, ERRORS = (
    ("log_evidence", "difference", "leave_one_out_score", "one_step_ahead_score"),
    ("error", "leave_one_out_error", "one_step_ahead_error"),
)


@dataclass(frozen=True, repr=False)
class JointComparison(OfFit):
    """Rules of persuasion and of abstention and models without a part, as far as all of several debates have them.

    each: the comparison of these candidates in every debate.
    """

    each: tuple[ModelComparison, ...]

    @property
    def fit(self) -> Fit:  # type: ignore[override]
        """Of the first debate as it is."""
        return self.each[0].fit

    @property
    def scenario(self) -> Scenario:
        """The first debate."""
        return self.each[0].scenario

    @property
    def settings(self) -> dict[str, Any]:
        """What a manifest keeps beside the first debate: the others, too."""
        return {**self.fit.settings, "others": [_kept(one.scenario.origin) for one in self.each[1:]]}

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a candidate, in the columns of a comparison: sums over the debates.

        is_own: whether it is the own way of every debate.
        """
        every = pandas.concat([one.table for one in self.each])
        groups = every.groupby(["kind", "name"], sort=False)
        table = groups[[*SUMS]].sum().assign(is_own=groups.is_own.all())
        for error in ERRORS:
            table[error] = groups[error].agg(lambda values: math.sqrt((values**2).sum()))
        in_all = groups.size() == len(self.each)
        return table[in_all].reset_index()[list(every.columns)]

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file: the sums, and those of each debate."""
        of_each = {f"{name}_{one.scenario.name}": table for one in self.each for name, table in one.tables.items()}
        return {"sums": self.table, **of_each}

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What is not compared since a debate has none of it, and why."""
        lacking: dict[str, list[str]] = {}
        for one in self.each:
            for why in one.not_compared:
                lacking.setdefault(why, []).append(one.scenario.name)
        return tuple(f"{why} ({joined(names)})" for why, names in lacking.items())

    @property
    def headline(self) -> str:
        """Which candidate makes the records most probable, and against how many they tell."""
        best, less = self._less_probable
        against = sum(by > math.log(TELLING) for by in less.values())
        who = f"the own {best}" if self.table.set_index("name").is_own[best] else best
        return (
            f"Of {counted(len(less) + 1, 'candidate')} for the records of {self._debates} together, {who} makes them "
            f"most probable; they tell against {against} ({TELLING:g} times less probable, or more)."
        )

    @property
    def _debates(self) -> str:
        return joined([one.scenario.name for one in self.each])

    @property
    def _less_probable(self) -> tuple[str, dict[str, float]]:
        """The candidate that makes the records most probable, and the log of how much less the others do."""
        evidence = self.table.set_index("name").log_evidence
        best = str(evidence.idxmax())
        return best, {str(name): float(evidence[best] - by) for name, by in evidence.items() if name != best}

    @property
    def text(self) -> str:
        """What the records say together, in sentences."""
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        best, less = self._less_probable
        against = [name for name, by in less.items() if by > math.log(TELLING)]
        rest = [name for name in less if name not in against]
        yield f"The records of {self._debates} together are most probable under {best}."
        if against:
            yield f"They tell against ({TELLING:g} times less probable, or more): {', '.join(against)}."
        if rest:
            yield f"They cannot tell apart from it (less than {TELLING:g} times): {', '.join(rest)}."
        for column, how in (("one_step_ahead", "One step ahead"), ("leave_one_out", "Leave-one-out")):
            scored = self.table.sort_values(f"{column}_score", kind="stable")
            (worst, low), (first, high) = (
                (row["name"], f"{row[f'{column}_score']:.2f} ± {row[f'{column}_error']:.2f}")
                for row in (scored.iloc[0], scored.iloc[-1])
            )
            yield f"{how}, they score from {low} ({worst}) to {high} ({first})."
        yield "Readings of the sources are of one debate each, and are compared with that debate alone."


def compare_debates(
    scenarios: Sequence[AnyScenario], seed: int = 1922, effort: Effort | None = None
) -> JointComparison:
    """Fits several debates under every rule, and without each part of the model, that all of them have.

    scenarios: two debates or more, shipped names or paths. seed, effort: as `sim.compare` takes them.

    Raises UserError where they are fewer or one is there twice, and what `sim.compare` raises.

    Example: `compare_debates(["monopoly-1922", "brest-1918"], effort=sim.Effort(particles=512)).table`
    """
    check_numbers(seed=seed)
    effort = calibration.as_effort(effort)
    debates = [as_scenario(one, "compare_debates").from_prior() for one in scenarios]
    names = [debate.name for debate in debates]
    if len(set(names)) < max(len(names), 2):
        raise UserError(f"to compare models over several debates, name two or more, each once, not {', '.join(names)}")
    asked = []
    for debate in debates:
        of_rules, no_rules = model_comparison.rules(debate)
        of_parts, no_parts = model_comparison.parts(debate)
        asked.append(([*of_rules, *of_parts], (*no_rules, *no_parts)))
    shared = set.intersection(*({candidate.name for candidate in candidates} for candidates, _ in asked))
    if not shared:
        raise UserError(f"{joined(names)} have no rule of persuasion and no part in common to compare")
    common = [([one for one in candidates if one.name in shared or one.is_own], why) for candidates, why in asked]
    return JointComparison(tuple(model_comparison.compared(common, seed, effort)))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> JointComparison | ModelComparison:
    """The comparison that a manifest describes, of one debate or of several."""
    if "others" not in settings:
        return model_comparison.rerun(scenario, settings, runs, seed, executor)
    debates = [scenario, *(rebuild(_origin(kept)) for kept in settings["others"])]
    return compare_debates(debates, seed, Effort.of_settings(settings, runs, executor))


def _kept(origin: Origin) -> dict[str, Any]:
    """All that another debate is made from, in values that JSON has."""
    changes = changes_as_text(origin.changes)
    return {
        "file": origin.file,
        "text": origin.text,
        "readings": dict(origin.readings),
        "evidence": origin.evidence,
        "changes": changes,
    }


def _origin(kept: Mapping[str, Any]) -> Origin:
    changes = changes_of_text(kept["changes"], f"{kept['file']}: changes")
    return Origin(kept["file"], kept["text"], kept["readings"], kept["evidence"], tuple(changes))
