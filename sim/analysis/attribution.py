"""What brought a decision about: the probability that it was put and carried, shared out among causes.

All causes together make the debate as it is; none of them, the empty world. In between lies every coalition of causes,
each played on the same luck. The Shapley value of a cause is its mean contribution over all orders in which the causes
may come; the values add up, exactly, to the difference between the full world and the empty one.
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
from sim.array_types import Floats
from sim.ensembles import summary
from sim.ensembles.ensemble import TWO_SIDED
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import Sums
from sim.errors import UserError, unknown
from sim.model import random_streams
from sim.scenario import identities
from sim.scenario.scenario import Scenario, decision_of

#: With more causes than this their coalitions are too many to play them all, and orders are sampled.
EXACT = 12
#: Orders that are sampled then, half of them the others backwards.
ORDERS = 200
#: What can be shared out: the share of histories that put and carry the decision, or the policy at the end of its day.
OF = ("carried", "policy")


@dataclass(frozen=True)
class Attribution:
    """A value shared out among causes.

    of: `carried` (a probability) or `policy` (in units of the axis). orders: those sampled, none if every coalition
    was played. low, high in its tables hold a value with 95 % confidence: what another seed could have given, and in
    a sample of orders also what other orders could.
    """

    scenario: Scenario
    decision: str
    causes: tuple[Cause, ...]
    of: str
    runs: int
    seed: int
    coalitions: tuple[int, ...]
    orders: tuple[tuple[int, ...], ...]
    tally: Sums

    @property
    def is_exact(self) -> bool:
        """Whether every coalition was played."""
        return not self.orders

    @cached_property
    def _worth(self) -> list[int]:
        """The value of each coalition in whole numbers: histories, or fixed point."""
        return [int(total) for total in self.tally[self.of].sum(axis=1)]

    @property
    def _unit(self) -> Fraction:
        """What a whole number of `_worth` is in units of the value."""
        if self.of == "carried":
            return Fraction(1, self.runs)
        axis = self.scenario.debate.axis
        return (Fraction(axis.high) - Fraction(axis.low)) / (summary.STEPS * self.runs)

    @cached_property
    def shares(self) -> list[Fraction]:
        """The contribution of each cause, exactly; they add up to `full` less `empty` with nothing left over."""
        if self.is_exact:
            return [value * self._unit for value in shapley.values(self._worth)]
        return [Fraction(sum(gains), len(self.orders)) * self._unit for gains in zip(*self._sampled, strict=True)]

    @cached_property
    def _sampled(self) -> list[list[int]]:
        return shapley.sampled(self.orders, dict(zip(self.coalitions, self._worth, strict=True)))

    def value(self, coalition: int) -> Fraction:
        """The value of a coalition that was played."""
        offset = Fraction(self.scenario.debate.axis.low) if self.of == "policy" else Fraction(0)
        return offset + self._worth[self.coalitions.index(coalition)] * self._unit

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
        """The standard error of each cause's share."""
        weighted = self._weights @ self.tally[self.of].astype(np.float64)
        luck_alone = error_of(weighted, self.tally["size"]) * self.runs * float(self._unit)
        if self.is_exact:
            return np.asarray(luck_alone)
        gains = np.array(self._sampled, dtype=np.float64) * float(self._unit)
        # An order and the same backwards are one draw.
        pairs = (gains[0::2] + gains[1::2]) / 2
        return np.asarray(np.hypot(luck_alone, pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))))

    @cached_property
    def _weights(self) -> Floats:
        """The shares as a sum over coalitions: (causes, coalitions)."""
        place = {coalition: number for number, coalition in enumerate(self.coalitions)}
        found = np.zeros((len(self.causes), len(self.coalitions)))
        if self.is_exact:
            by_size = shapley.weights(len(self.causes))
            for coalition, number in place.items():
                for player in range(len(self.causes)):
                    if coalition >> player & 1:
                        found[player, number] += float(by_size[coalition.bit_count() - 1])
                    else:
                        found[player, number] -= float(by_size[coalition.bit_count()])
            return found
        for order in self.orders:
            coalition = 0
            for player in order:
                found[player, place[coalition]] -= 1 / len(self.orders)
                coalition |= 1 << player
                found[player, place[coalition]] += 1 / len(self.orders)
        return found

    @cached_property
    def table(self) -> pandas.DataFrame:
        """One row a cause, the largest share first: cause, share, low, high, alone, last.

        alone: what it adds to the empty world, where no other cause is; last: what it adds when all others are there
        (NaN where that world was not played).
        """
        rows = []
        for player, (cause, share, error) in enumerate(zip(self.causes, self.shares, self.errors, strict=True)):
            alone, last = 1 << player, self.everything & ~(1 << player)
            rows.append(
                (
                    cause.name,
                    float(share),
                    float(share) - TWO_SIDED * error,
                    float(share) + TWO_SIDED * error,
                    float(self.value(alone) - self.empty) if alone in self.coalitions else np.nan,
                    float(self.full - self.value(last)) if last in self.coalitions else np.nan,
                )
            )
        table = pandas.DataFrame(rows, columns=["cause", "share", "low", "high", "alone", "last"])
        order = table.share.abs().sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    @cached_property
    def interactions(self) -> pandas.DataFrame:
        """What every two causes do together beyond what each does: one, two, interaction. Empty where sampled."""
        rows: list[tuple[str, str, float]] = []
        if self.is_exact:
            rows = [
                (self.causes[one].name, self.causes[two].name, float(value * self._unit))
                for (one, two), value in shapley.interactions(self._worth).items()
            ]
        table = pandas.DataFrame(rows, columns=["one", "two", "interaction"])
        order = table.interaction.abs().sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    @cached_property
    def worlds(self) -> pandas.DataFrame:
        """The value of every coalition that was played: one column a cause (1 where it is there), and value."""
        columns = {cause.name: [k >> bit & 1 for k in self.coalitions] for bit, cause in enumerate(self.causes)}
        return pandas.DataFrame({**columns, "value": [float(self.value(k)) for k in self.coalitions]})

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {
            "decision": self.decision,
            "of": self.of,
            "orders": len(self.orders),
            "causes": [cause.written() for cause in self.causes],
        }

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        made_of = pandas.DataFrame(list(causes_of.ids_of(self.causes)))
        return {"attribution": self.table, "interactions": self.interactions, "worlds": self.worlds, "causes": made_of}


def _orders(causes: Sequence[Cause], seed: int, number: int) -> tuple[tuple[int, ...], ...]:
    """Orders of the causes by luck keyed to each, every one followed by itself backwards."""
    words, ids = random_streams.seed_words(seed), np.arange(number // 2, dtype=np.uint64)
    drawn = [
        random_streams.uniforms(words, ids, identities.key("orders"), random_streams.ORDER, identities.key(cause.name))
        for cause in causes
    ]
    forwards = np.argsort(np.array(drawn), axis=0, kind="stable").T
    return tuple(tuple(int(k) for k in order) for one in forwards for order in (one, one[::-1]))


def attribute(
    scenario: Scenario,
    decision: str | None = None,
    causes: Sequence[Cause | str] = (),
    of: str = "carried",
    runs: int = 2_000,
    seed: int = 1922,
    executor: Executor | None = None,
    orders: int = ORDERS,
) -> Attribution:
    """Shares out, among causes, how probable it is that a decision is put and carried, or the policy after it.

    decision: the last one compared with the record by default. causes: in words (see `sim.causes`), or the usual
    ones. of: `carried` or `policy`. runs: histories of every coalition. Up to 12 causes all coalitions are played;
    above, those of `orders` sampled orders. Raises UserError for a decision or a cause that is none.
    """
    if of not in OF:
        raise UserError(unknown(of, "value that can be shared out", OF))
    decision = decision_of(scenario, decision)
    debate = scenario.debate
    asked = [causes_of.named(debate, cause) if isinstance(cause, str) else cause for cause in causes]
    if not causes:
        asked = causes_of.usual(debate, decision)
    causes_of.check(scenario, decision, asked)
    is_exact = len(asked) <= EXACT
    walked = () if is_exact else _orders(asked, seed, orders)
    coalitions = tuple(range(1 << len(asked))) if is_exact else tuple(shapley.orders_walked(walked))
    work = Outcomes(Coalitions(scenario, decision, tuple(asked), coalitions), seed)
    tally = execute(work, runs, executor)
    return Attribution(scenario, decision, tuple(asked), of, runs, seed, coalitions, walked, tally)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Attribution:
    """The attribution with these settings, made again."""
    causes = [Cause.read(cause) for cause in settings["causes"]]
    return attribute(scenario, settings["decision"], causes, settings["of"], runs, seed, executor, settings["orders"])
