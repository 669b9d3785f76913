"""What brought a decision about: the probability that it was put and carried, attributed to causes.

All causes together make the debate as it is; none of them, the empty world. In between lies every coalition of causes,
each played with common random numbers. The Shapley value of a cause is its mean contribution over all orders in which
the causes may come; the values add up, exactly, to the difference between the full world and the empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas

from sim.analysis import causes as causes_of
from sim.analysis import shapley
from sim.analysis.causes import Cause, Coalitions
from sim.analysis.outcomes import Outcomes, error_of
from sim.ensembles import summary
from sim.ensembles.ensemble import TWO_SIDED
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Counts
from sim.errors import UserError, unknown
from sim.model import random_streams
from sim.model.array_types import Floats
from sim.results.labels import decision_name
from sim.results.wording import joined, number, percent, points
from sim.scenario import DEFAULT, timeline
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario, decision_of
from sim.scenario.shown import ShownResult

#: With more causes than this their coalitions are too many to play them all, and orders are sampled.
EXACT = 12
#: Orders that are sampled then, half of them the others backwards.
ORDERS = 200
#: Contributions that a headline names.
LARGEST = 3
#: What can be attributed: the fraction of histories that put and carry the decision, or the policy at the day's end.
OF = ("carried", "policy")


@dataclass(frozen=True, repr=False)
class Attribution(ShownResult):
    """A value attributed to causes.

    of: `carried` (a probability) or `policy` (in units of the axis). orders: those sampled, none if every coalition
    was played. low, high in its tables hold a contribution with 95 % confidence: what another seed could have given,
    and in a sample of orders also what other orders could.
    """

    scenario: Scenario
    decision: str
    causes: tuple[Cause, ...]
    of: str
    runs: int
    seed: int
    coalitions: tuple[int, ...]
    orders: tuple[tuple[int, ...], ...]
    tally: Counts

    @property
    def about(self) -> str:
        """The decision."""
        return self.decision

    @property
    def is_exact(self) -> bool:
        """Whether every coalition was played."""
        return not self.orders

    @cached_property
    def _worth(self) -> dict[int, int]:
        """The value of each coalition in whole numbers: histories, or fixed point."""
        return dict(zip(self.coalitions, map(int, self.tally[self.of].sum(axis=1)), strict=True))

    @property
    def _unit(self) -> Fraction:
        """What a whole number of `_worth` is in units of the value."""
        if self.of == "carried":
            return Fraction(1, self.runs)
        axis = self.scenario.debate.axis
        return (Fraction(axis.high) - Fraction(axis.low)) / (summary.STEPS * self.runs)

    @cached_property
    def contributions(self) -> list[Fraction]:
        """The contribution of each cause, exactly; they add up to `full` less `empty` with nothing left over."""
        if self.is_exact:
            return [value * self._unit for value in shapley.values(list(self._worth.values()))]
        return [Fraction(sum(gains), len(self.orders)) * self._unit for gains in zip(*self._sampled, strict=True)]

    @cached_property
    def _sampled(self) -> list[list[int]]:
        return shapley.sampled(self.orders, self._worth)

    def value(self, coalition: int) -> Fraction:
        """The value of a coalition that was played."""
        offset = Fraction(self.scenario.debate.axis.low) if self.of == "policy" else Fraction(0)
        return offset + self._worth[coalition] * self._unit

    @property
    def everything(self) -> int:
        """The coalition of all causes."""
        return (1 << len(self.causes)) - 1

    @property
    def full(self) -> Fraction:
        """The value of the debate as it is."""
        return self.value(self.everything)

    @property
    def empty(self) -> Fraction:
        """The value of the world without any of the causes."""
        return self.value(0)

    @cached_property
    def errors(self) -> Floats:
        """The standard error of each contribution."""
        weighted = self._weights @ self.tally[self.of].astype(np.float64)
        by_seed = error_of(weighted, self.tally["size"]) * self.runs * float(self._unit)
        if self.is_exact:
            return np.asarray(by_seed)
        gains = np.array(self._sampled, dtype=np.float64) * float(self._unit)
        # An order and the same backwards are one draw.
        pairs = (gains[0::2] + gains[1::2]) / 2
        return np.asarray(np.hypot(by_seed, pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))))

    @cached_property
    def _weights(self) -> Floats:
        """The contributions as a sum over coalitions: (causes, coalitions)."""
        weights = np.zeros((len(self.causes), len(self.coalitions)))
        if self.is_exact:
            by_size = [float(weight) for weight in shapley.weights(len(self.causes))]
            for place, coalition in enumerate(self.coalitions):
                size = coalition.bit_count()
                for player in range(len(self.causes)):
                    is_in = coalition >> player & 1
                    weights[player, place] = by_size[size - 1] if is_in else -by_size[size]
            return weights
        places = {coalition: place for place, coalition in enumerate(self.coalitions)}
        for order in self.orders:
            coalition = 0
            for player in order:
                weights[player, places[coalition]] -= 1 / len(self.orders)
                coalition |= 1 << player
                weights[player, places[coalition]] += 1 / len(self.orders)
        return weights

    def _gain(self, before: int, after: int) -> float:
        """By how much the value of one coalition is above that of another; NaN where one was not played."""
        return float(self.value(after) - self.value(before)) if {before, after} <= set(self.coalitions) else np.nan

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a cause, the largest first: cause, contribution, low, high, first_in, last_in.

        first_in: what it adds to the empty world, where no other cause is; last_in: what it adds where all others are
        (NaN where that world was not played).
        """
        every, bits = self.everything, [1 << player for player in range(len(self.causes))]
        contributions, half = np.array([float(one) for one in self.contributions]), TWO_SIDED * self.errors
        table = pandas.DataFrame(
            {
                "cause": [cause.name for cause in self.causes],
                "contribution": contributions,
                "low": contributions - half,
                "high": contributions + half,
                "first_in": [self._gain(0, bit) for bit in bits],
                "last_in": [self._gain(every & ~bit, every) for bit in bits],
            }
        )
        return _largest_first(table, "contribution")

    @cached_property
    def interactions(self) -> pandas.DataFrame:
        """What every two causes do together beyond what each does: one, two, interaction. Empty where sampled."""
        worth = shapley.interactions(list(self._worth.values())) if self.is_exact else {}
        rows = [
            (self.causes[one].name, self.causes[two].name, float(value * self._unit))
            for (one, two), value in worth.items()
        ]
        return _largest_first(pandas.DataFrame(rows, columns=["one", "two", "interaction"]), "interaction")

    @property
    def headline(self) -> str:
        """The value with all causes and with none, and the largest contributions that are surely not 0."""
        name, (full, empty) = (
            f"“{decision_name(self.scenario.debate, self.decision)}”",
            (float(self.full), float(self.empty)),
        )
        show, step = (percent, points) if self.of == "carried" else (number, number)
        of = f"{name} is put and carried in" if self.of == "carried" else f"The policy after {name} is at"
        sure = self.table[(self.table.low > 0) | (self.table.high < 0)]
        start = f"{of} {show(full)} with all causes and {show(empty)} with none of them"
        if sure.empty:
            return f"{start}; no cause surely contributes."
        first = sure.head(LARGEST)
        parts = [f"{cause} {step(float(size))}" for cause, size in zip(first.cause, first.contribution, strict=True)]
        return f"{start}. The largest contribution{'s come' if len(parts) > 1 else ' comes'} from {joined(parts)}."

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        causes = [cause.to_json() for cause in self.causes]
        return {"decision": self.decision, "of": self.of, "orders": len(self.orders), "causes": causes}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file.

        coalitions: those that were played, one column a cause (1 where it is in), and value. causes: what each is made
        of (cause, moments, members, parameters).
        """
        columns = {cause.name: [k >> bit & 1 for k in self.coalitions] for bit, cause in enumerate(self.causes)}
        coalitions = pandas.DataFrame({**columns, "value": [float(self.value(k)) for k in self.coalitions]})
        parts = [[cause.name, *map("; ".join, map(sorted, cause.parts))] for cause in self.causes]
        causes = pandas.DataFrame(parts, columns=["cause", "moments", "members", "parameters"])
        tables = {"attribution": self.table, "interactions": self.interactions}
        return {**tables, "coalitions": coalitions, "causes": causes}


def _largest_first(table: pandas.DataFrame, column: str) -> pandas.DataFrame:
    """The rows by the size of a column, whatever its sign."""
    order = table[column].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _orders(causes: Sequence[Cause], seed: int, number: int) -> tuple[tuple[int, ...], ...]:
    """Orders of the causes, by random numbers keyed to each, every one followed by itself backwards."""
    words, ids = random_streams.seed_words(seed), np.arange(number // 2, dtype=np.uint64)
    stream = words, ids, timeline.key("orders"), random_streams.ORDER
    uniforms = [random_streams.uniforms(*stream, timeline.key(cause.name)) for cause in causes]
    forwards = np.argsort(np.array(uniforms), axis=0, kind="stable").T
    return tuple(tuple(int(k) for k in order) for one in forwards for order in (one, one[::-1]))


def attribute(
    scenario: AnyScenario = DEFAULT,
    decision: str | None = None,
    causes: str | Sequence[Cause | str] = (),
    of: str = "carried",
    runs: int = 2_000,
    seed: int = 1922,
    executor: Executor | None = None,
    orders: int = ORDERS,
) -> Attribution:
    """Attributes to causes how probable it is that a decision is put and carried, or the policy after it.

    scenario: a debate, a shipped name or a path. decision: the last one compared with the record by default. causes:
    in words (see `sim.analysis.causes`), or the usual ones. of: `carried` or `policy`. runs: histories of every
    coalition. seed: 0 to 2^64 - 1. Up to 12 causes all coalitions are played; above, those of `orders` sampled orders.

    Returns an Attribution: `.table` has one row a cause (help(sim.Attribution.table) lists the columns),
    `.interactions` one a pair.
    Raises UserError for a decision or a cause that is none, or a number out of its range, ScenarioError for a name or a
    file that is no debate, TypeError for an argument of another kind.

    Example: `sim.attribute("monopoly-1922", "december-rescission", runs=200).table`
    """
    scenario = as_scenario(scenario, "sim.attribute")
    check_numbers(runs=runs, seed=seed)
    causes = (causes,) if isinstance(causes, str) else causes
    if of not in OF:
        raise UserError(unknown(of, "value that can be attributed", OF))
    decision = decision_of(scenario, decision)
    chosen = tuple(causes_of.chosen(scenario, decision, causes))
    if len(chosen) > EXACT:
        check_numbers(orders=orders)
    walks = () if len(chosen) <= EXACT else _orders(chosen, seed, orders)
    coalitions = tuple(shapley.orders_walked(walks)) if walks else tuple(range(1 << len(chosen)))
    tally = execute(Outcomes(Coalitions(scenario, decision, chosen, coalitions), seed), runs, executor)
    return Attribution(scenario, decision, chosen, of, runs, seed, coalitions, walks, tally)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Attribution:
    """The attribution with these settings, made again."""
    causes = [Cause.from_json(cause) for cause in settings["causes"]]
    return attribute(scenario, settings["decision"], causes, settings["of"], runs, seed, executor, settings["orders"])
