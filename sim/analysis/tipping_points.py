"""Where a decision turns: the value of a number at which it is put and carried in half of all histories.

Every value is played on the same luck, so that the curve is smooth enough to be bisected, and what moves it is the
value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.analysis.inputs import Changes, Lever, lever, levers
from sim.analysis.outcomes import Changed, Outcomes, error_of, resampled
from sim.array_types import Floats, Ints
from sim.ensembles.ensemble import TWO_SIDED
from sim.ensembles.executor import Executor, execute
from sim.errors import UserError
from sim.scenario.scenario import Scenario, decision_of

EVEN = 0.5
#: Values across the range that are played first, then halvings of the gap in which the curve crosses.
GRID, HALVINGS = 9, 5
#: Values of each of two levers on a map.
MAP = 9
#: Bootstrap samples of the blocks of draws, and what of them the interval holds.
SAMPLES, INTERVAL = 400, (0.025, 0.975)


@dataclass(frozen=True)
class Curve:
    """How often a decision is put and carried at some values of a lever, ascending.

    places: (values,). carried: (values, blocks), histories. size: (blocks,), histories of each block of draws.
    """

    places: Floats
    carried: Ints
    size: Ints

    def with_more(self, values: Sequence[float], carried: Ints) -> Curve:
        """The curve with more of its values."""
        every = np.append(self.places, values)
        order = np.argsort(every, kind="stable")
        return Curve(every[order], np.concatenate([self.carried, carried])[order], self.size)

    @property
    def shares(self) -> Floats:
        """The share of histories at each value."""
        return np.asarray(self.carried.sum(axis=1) / self.size.sum())

    @property
    def errors(self) -> Floats:
        """The standard error of each share."""
        return error_of(self.carried.astype(np.float64), self.size)

    def bracket(self, near: float) -> tuple[float, float] | None:
        """The two neighbouring values between which it crosses even odds, the nearest such; None if it never does."""
        gaps = _crossings(self.shares[None])[0]
        if not gaps.any():
            return None
        middles = (self.places[1:] + self.places[:-1]) / 2
        # Of a policy in force there is no "now": then the lowest crossing is taken.
        distance = np.abs(middles - (near if near == near else self.places[0]))
        found = int(np.where(gaps, distance, np.inf).argmin())
        return float(self.places[found]), float(self.places[found + 1])

    def tipping(self, near: float) -> float:
        """The value at which it is even, by a straight line between neighbours; NaN if it never is."""
        return float(_tipping(self.places, self.shares[None], near)[0])

    def interval(self, near: float, seed: int) -> tuple[float, float]:
        """What 95 % of bootstrap samples of the draws say the tipping value is.

        A sample that never turns counts as beyond either end, so that an end may be infinite.
        """
        weights = resampled(seed, SAMPLES)
        # A sample of empty blocks alone, of few histories, turns nowhere.
        shares = (weights @ self.carried.T) / np.maximum(weights @ self.size, 1)[:, None]
        found = _tipping(self.places, shares, near)
        known = np.sort(found[~np.isnan(found)])
        missing = len(found) - len(known)
        if not len(known):
            return float("nan"), float("nan")
        spread = np.concatenate([np.full(missing - missing // 2, -np.inf), known, np.full(missing // 2, np.inf)])
        low, high = (spread[round(share * (len(spread) - 1))] for share in INTERVAL)
        return float(low), float(high)


def _crossings(shares: Floats) -> NDArray[np.bool_]:
    """Between which neighbours rows of shares cross even odds: (rows, values - 1)."""
    above = shares >= EVEN
    return np.asarray(above[:, 1:] != above[:, :-1])


def _tipping(values: Floats, shares: Floats, near: float) -> Floats:
    """Where each row of shares is even, nearest to `near`; NaN where it never is."""
    crosses = _crossings(shares)
    before, after = shares[:, :-1], shares[:, 1:]
    step = np.where(crosses, after - before, 1.0)
    at = values[:-1] + (EVEN - before) / step * (values[1:] - values[:-1])
    distance = np.where(crosses, np.abs(at - (near if near == near else values[0])), np.inf)
    best = distance.argmin(axis=1)
    rows = np.arange(len(shares))
    return np.where(crosses.any(axis=1), at[rows, best], np.nan)


@dataclass(frozen=True)
class TippingPoint:
    """A decision and one lever: the curve, and where it turns.

    share: of histories that put and carry it as the debate is.
    """

    scenario: Scenario
    decision: str
    lever: Lever
    curve: Curve
    share: float
    runs: int
    seed: int

    @property
    def at(self) -> float:
        """The value at which the decision is even; NaN if it never is within the range."""
        return self.curve.tipping(self.lever.now)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The interval of `at`."""
        return self.curve.interval(self.lever.now, self.seed)

    @cached_property
    def table(self) -> pandas.DataFrame:
        """value, probability, low, high: the curve, with what another seed could give."""
        half = TWO_SIDED * self.curve.errors
        shares = self.curve.shares
        table = {"value": self.curve.places, "probability": shares}
        return pandas.DataFrame({**table, "low": np.clip(shares - half, 0, 1), "high": np.clip(shares + half, 0, 1)})

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"decision": self.decision, "over": [self.lever.name]}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        low, high = self.interval
        row = {"decision": self.decision, "lever": self.lever.name, "now": self.lever.now, "probability": self.share}
        tipping = pandas.DataFrame([{**row, "tipping": self.at, "low": low, "high": high}])
        return {"tipping": tipping, "curve": self.table}


@dataclass(frozen=True)
class SmallestChange:
    """A decision and every lever: which single change turns it, the smallest first.

    table: lever, kind, now, low, high (the range), probability_low, probability_high (at its ends), tipping, change.
    change: how far it must be turned, as a share of its range; NaN if it never turns the decision.
    """

    scenario: Scenario
    decision: str
    share: float
    table: pandas.DataFrame
    runs: int
    seed: int

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"decision": self.decision, "over": []}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"levers": self.table}


@dataclass(frozen=True)
class TippingMap:
    """A decision over two levers: table has one, two, probability."""

    scenario: Scenario
    decision: str
    one: Lever
    two: Lever
    table: pandas.DataFrame
    runs: int
    seed: int

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"decision": self.decision, "over": [self.one.name, self.two.name]}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"map": self.table}


@dataclass(frozen=True)
class _Player:
    """Who plays the worlds of one question, and reports them one after another."""

    scenario: Scenario
    decision: str
    runs: int
    seed: int
    executor: Executor

    def play(self, changes: Sequence[Changes]) -> tuple[Ints, Ints]:
        """Histories that carry the decision, (worlds, blocks), and the size of the blocks."""
        work = Outcomes(Changed(self.scenario, self.decision, tuple(changes)), self.seed)
        tally = execute(work, self.runs, self.executor)
        return tally["carried"], tally["size"]


def _player(scenario: Scenario, decision: str | None, runs: int, seed: int, executor: Executor | None) -> _Player:
    return _Player(scenario, decision_of(scenario, decision), runs, seed, executor or Executor())


def _grid(turned: Lever, number: int) -> Floats:
    """Values across a lever's range, ends included; days are whole."""
    values = np.linspace(turned.low, turned.high, number)
    return np.unique(np.round(values)) if turned.kind == "date" else values


def tip(
    scenario: Scenario,
    over: str,
    decision: str | None = None,
    runs: int = 1_000,
    seed: int = 1922,
    executor: Executor | None = None,
) -> TippingPoint:
    """The value of a lever at which a decision is put and carried in half of all histories, by bisection.

    over: the lever in words (see `sim.levers`). decision: the last one compared with the record by default. Raises
    UserError for a decision or a lever that is none, ScenarioError for a value that breaks the debate.
    """
    player = _player(scenario, decision, runs, seed, executor)
    turned = lever(scenario, over)
    values = _grid(turned, GRID)
    carried, size = player.play([(), *(turned.set_to(value) for value in values)])
    curve = Curve(values, carried[1:], size)
    for _ in range(HALVINGS):
        gap = curve.bracket(turned.now)
        if gap is None:
            break
        middle = float(_whole(turned, sum(gap) / 2))
        if middle in gap:
            break
        curve = curve.with_more([middle], player.play([turned.set_to(middle)])[0])
    share = float(carried[0].sum() / size.sum())
    return TippingPoint(scenario, player.decision, turned, curve, share, runs, seed)


def _whole(turned: Lever, value: float) -> float:
    return float(round(value)) if turned.kind == "date" else value


def smallest(
    scenario: Scenario, decision: str | None = None, runs: int = 500, seed: int = 1922, executor: Executor | None = None
) -> SmallestChange:
    """Which single lever turns a decision, and how little of it does.

    Every lever is played at both ends of its range; where an end lies on the other side of even odds than the debate
    as it is, the gap between the two is halved until it is known to a 32nd. Raises UserError for no such decision.
    """
    player = _player(scenario, decision, runs, seed, executor)
    every = list(levers(scenario, player.decision))
    ends = [change for one in every for change in (one.set_to(one.low), one.set_to(one.high))]
    carried, size = player.play([(), *ends])
    shares = carried.sum(axis=1) / size.sum()
    share, low, high = float(shares[0]), shares[1::2], shares[2::2]
    gaps = _first_gaps(every, share, low, high)
    for _ in range(HALVINGS):
        if not gaps:
            break
        middles = {row: (near + far) / 2 for row, (near, far) in gaps.items()}
        played, _ = player.play([every[row].set_to(value) for row, value in middles.items()])
        for (row, middle), there in zip(middles.items(), played.sum(axis=1) / size.sum(), strict=True):
            near, far = gaps[row]
            gaps[row] = (middle, far) if (there >= EVEN) == (share >= EVEN) else (near, middle)
    tipping = [sum(gaps[row]) / 2 if row in gaps else np.nan for row in range(len(every))]
    table = pandas.DataFrame(
        {
            "lever": [one.name for one in every],
            "kind": [one.kind for one in every],
            "now": [one.now for one in every],
            "low": [one.low for one in every],
            "high": [one.high for one in every],
            "probability_low": low,
            "probability_high": high,
            "tipping": tipping,
            "change": [abs(at - one.now) / (one.high - one.low) for at, one in zip(tipping, every, strict=True)],
        }
    )
    return SmallestChange(
        scenario, player.decision, share, table.sort_values("change", kind="stable").reset_index(drop=True), runs, seed
    )


def _first_gaps(every: Sequence[Lever], share: float, low: Floats, high: Floats) -> dict[int, tuple[float, float]]:
    """By row of the levers that turn the decision, from what it is now to the nearer end that turns it."""
    found = {}
    for row, one in enumerate(every):
        turning = [
            end for end, there in ((one.low, low[row]), (one.high, high[row])) if (there >= EVEN) != (share >= EVEN)
        ]
        if turning and one.low <= one.now <= one.high:
            found[row] = (one.now, min(turning, key=lambda end: abs(end - one.now)))
    return found


def tipping_map(
    scenario: Scenario,
    over: tuple[str, str],
    decision: str | None = None,
    runs: int = 500,
    seed: int = 1922,
    executor: Executor | None = None,
) -> TippingMap:
    """How often a decision is put and carried over a grid of two levers. Raises UserError as `tip` does."""
    player = _player(scenario, decision, runs, seed, executor)
    one, two = (lever(scenario, words) for words in over)
    if one.path == two.path:
        raise UserError(f"--and {over[1]}: this is the lever of --over: give another")
    pairs = [(a, b) for a in _grid(one, MAP) for b in _grid(two, MAP)]
    carried, size = player.play([(*one.set_to(a), *two.set_to(b)) for a, b in pairs])
    table = pandas.DataFrame(pairs, columns=["one", "two"]).assign(probability=carried.sum(axis=1) / size.sum())
    return TippingMap(scenario, player.decision, one, two, table, runs, seed)


def tipping(
    scenario: Scenario,
    over: Sequence[str] = (),
    decision: str | None = None,
    runs: int = 500,
    seed: int = 1922,
    executor: Executor | None = None,
) -> TippingPoint | SmallestChange | TippingMap:
    """What turns a decision: of no inputs all are tried, of one the tipping point is sought, of two a map is made.

    over: inputs in words (see `sim.analysis.inputs`). decision: the last one compared with the record by default.
    """
    if not over:
        return smallest(scenario, decision, runs, seed, executor)
    if len(over) == 1:
        return tip(scenario, over[0], decision, runs, seed, executor)
    return tipping_map(scenario, (over[0], over[1]), decision, runs, seed, executor)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> TippingPoint | SmallestChange | TippingMap:
    """The result with these settings, made again."""
    return tipping(scenario, tuple(settings["over"]), settings["decision"], runs, seed, executor)
