"""Where a decision tips: the value of an input at which it is put and carried in half of all histories.

Every value is played with common random numbers, so that the curve is smooth enough to be bisected, and what moves it
is the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.analysis.inputs import Input, inputs_named, inputs_of
from sim.analysis.outcomes import Changed, Outcomes, error_of, resampled
from sim.ensembles.ensemble import TWO_SIDED
from sim.ensembles.executor import Executor, execute
from sim.model.array_types import Floats, Ints
from sim.results.labels import decision_name
from sim.results.wording import joined, percent
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario, decision_of
from sim.scenario.shown import ShownResult

EVEN = 0.5
#: Values across the range that are played first, then halvings of the gap in which the curve crosses.
GRID, HALVINGS = 9, 5
#: Bootstrap samples of the blocks of draws, and what of them the interval holds.
SAMPLES, INTERVAL = 400, (0.025, 0.975)

#: The values of inputs in which a world differs from the debate.
Setting = Sequence[tuple[Input, float]]
#: From worlds, each given by its setting, to the histories that carry the decision, (worlds, blocks), and the size of
#: the blocks.
Play = Callable[[Sequence[Setting]], tuple[Ints, Ints]]


@dataclass(frozen=True)
class Curve:
    """How often a decision is put and carried at some values of an input, ascending.

    points: (points,), the values. carried: (points, blocks), histories. size: (blocks,), those of each block of draws.
    """

    points: Floats
    carried: Ints
    size: Ints

    def with_more(self, value: float, carried: Ints) -> Curve:
        """The curve with one more value; carried: (1, blocks)."""
        values = np.append(self.points, value)
        order = np.argsort(values, kind="stable")
        return Curve(values[order], np.concatenate([self.carried, carried])[order], self.size)

    @property
    def probabilities(self) -> Floats:
        """The fraction of histories at each value."""
        return np.asarray(self.carried.sum(axis=1) / self.size.sum())

    def probability_at(self, value: float) -> float:
        """The fraction of histories at a value that was played; NaN for one that was not."""
        (places,) = np.nonzero(self.points == value)
        return float(self.probabilities[places[0]]) if places.size else float("nan")

    def bracket(self, near: float) -> tuple[float, float] | None:
        """The two neighbouring values between which it crosses even odds, the nearest such; None if it never does."""
        gaps = _crossings(self.probabilities[None])[0]
        if not gaps.any():
            return None
        middles = (self.points[1:] + self.points[:-1]) / 2
        # The policy in force has no current value: then the lowest crossing is taken.
        distance = np.abs(middles - (near if near == near else self.points[0]))
        gap = int(np.where(gaps, distance, np.inf).argmin())
        return float(self.points[gap]), float(self.points[gap + 1])

    def tipping_point(self, near: float) -> float:
        """The value at which it is even, by a straight line between neighbours; NaN if it never is."""
        return float(_tipping_points(self.points, self.probabilities[None], near)[0])

    def interval(self, near: float, seed: int) -> tuple[float, float]:
        """What 95 % of bootstrap samples of the draws say the tipping point is.

        A sample without one counts as beyond either end, so that an end may be infinite.
        """
        weights = resampled(seed, SAMPLES)
        # A sample of empty blocks alone, which few histories allow, has no tipping point.
        probabilities = (weights @ self.carried.T) / np.maximum(weights @ self.size, 1)[:, None]
        points = _tipping_points(self.points, probabilities, near)
        known = np.sort(points[~np.isnan(points)])
        missing = len(points) - len(known)
        if not len(known):
            return float("nan"), float("nan")
        spread = np.concatenate([np.full(missing - missing // 2, -np.inf), known, np.full(missing // 2, np.inf)])
        low, high = (spread[round(quantile * (len(spread) - 1))] for quantile in INTERVAL)
        return float(low), float(high)


def _crossings(probabilities: Floats) -> NDArray[np.bool_]:
    """Between which neighbours rows of probabilities cross even odds: (rows, values - 1)."""
    above = probabilities >= EVEN
    return np.asarray(above[:, 1:] != above[:, :-1])


def _tipping_points(values: Floats, probabilities: Floats, near: float) -> Floats:
    """Where each row of probabilities is even, nearest to `near`; NaN where it never is."""
    crosses = _crossings(probabilities)
    if not crosses.size:  # An input whose range is a point has no gap to cross in.
        return np.full(len(probabilities), np.nan)
    before, after = probabilities[:, :-1], probabilities[:, 1:]
    step = np.where(crosses, after - before, 1.0)
    at = values[:-1] + (EVEN - before) / step * (values[1:] - values[:-1])
    distance = np.where(crosses, np.abs(at - (near if near == near else values[0])), np.inf)
    return np.where(crosses.any(axis=1), at[np.arange(len(at)), distance.argmin(axis=1)], np.nan)


@dataclass(frozen=True, repr=False)
class _Result(ShownResult):
    """What all results have.

    inputs: those that were asked about, none for all. probability: of the decision as the debate is, where an input
    that is drawn has its whole distribution.
    """

    scenario: Scenario
    decision: str
    inputs: tuple[Input, ...]
    runs: int
    seed: int

    @property
    def about(self) -> str:
        """The decision, and over what."""
        return " over ".join([self.decision, " and ".join(one.name for one in self.inputs) or "every input"])

    probability: float

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from."""
        return {"decision": self.decision, "inputs": [one.name for one in self.inputs]}

    @property
    def _name(self) -> str:
        return f"“{decision_name(self.scenario.debate, self.decision)}”"

    def _as_played(self, held: float) -> str:
        """How often it is carried as the debate is, and with the inputs held at their medians."""
        often, drawn = percent(self.probability), [one for one in self.inputs if one.is_drawn]
        if not drawn:
            here = " and ".join(
                f"{one.name} = {one.text(one.current)}" for one in self.inputs if one.current == one.current
            )
            return f"As the debate is{here and f', {here}'}, it is put and carried in {often} of histories."
        medians = " and ".join(f"{one.name} with a median of {one.text(one.current)}" for one in drawn)
        return (
            f"As played, which draws {medians}, it is put and carried in {often} of histories; "
            f"held at the median{'s' if len(drawn) > 1 else ''}, in {percent(held)}."
        )


@dataclass(frozen=True, repr=False)
class TippingPoint(_Result):
    """A decision and one input: the curve, and where it tips."""

    curve: Curve

    @property
    def at(self) -> float:
        """The value at which the decision is even; NaN if it never is within the range."""
        return self.curve.tipping_point(self.inputs[0].current)

    @property
    def held(self) -> float:
        """The probability on the curve at the current value: where the input is drawn, it is held at its median."""
        return self.curve.probability_at(self.inputs[0].current)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The interval of `at`."""
        return self.curve.interval(self.inputs[0].current, self.seed)

    @property
    def headline(self) -> str:
        """Where the decision is even, and how often it is carried as the debate is."""
        (one,), played = self.inputs, self._as_played(self.held)
        if self.at != self.at:
            often, where = (
                _shares(self.curve.probabilities),
                f"{one.name} = {one.text(one.low)} to {one.text(one.high)}",
            )
            return f"{self._name} is even nowhere from {where}, where it is put and carried in {often}. {played}"
        low, high = self.interval
        ends = f"{_end(one, low)} to {_end(one, high)}"
        return f"{self._name} is even at {one.name} = {one.text(self.at)} (95 %: {ends}). {played}"

    @cached_property
    def table(self) -> pandas.DataFrame:
        """value, probability, low, high: the curve, with what another seed could give."""
        half = TWO_SIDED * error_of(self.curve.carried.astype(np.float64), self.curve.size)
        table = pandas.DataFrame({"value": self.curve.points, "probability": self.curve.probabilities})
        low, high = (np.clip(table.probability + side, 0, 1) for side in (-half, half))
        return table.assign(low=low, high=high)

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        (one,), (low, high) = self.inputs, self.interval
        row = {"decision": self.decision, "input": one.name, "current": one.current, "probability": self.probability}
        found = {"probability_current": self.held, "tipping": self.at, "low": low, "high": high}
        return {"tipping": pandas.DataFrame([{**row, **found}]), "curve": self.table}


def _shares(probabilities: Any) -> str:
    """`3 % to 40 % of histories`, or one percentage where all are alike."""
    ends = dict.fromkeys(percent(end) for end in (probabilities.min(), probabilities.max()))
    return f"{' to '.join(ends)} of histories"


def _end(one: Input, value: float) -> str:
    """An end of an interval in words; it is infinite where samples have no tipping point in the range."""
    if np.isfinite(value):
        return one.text(value)
    return "below the range" if value < 0 else "above the range"


@dataclass(frozen=True, repr=False)
class SmallestChange(_Result):
    """A decision and every input: which single change turns it, the smallest first.

    table: input, kind, current, low, high (the range), probability_current (held at the current value),
    probability_low, probability_high (at the ends of the range), tipping, change. change: how far the input must be
    changed from its current value, as a fraction of its range; NaN if it never turns the decision.
    """

    table: pandas.DataFrame

    @property
    def headline(self) -> str:
        """The smallest change that turns the decision, and how many do."""
        often = f"it is put and carried in {percent(self.probability)} of histories"
        turning = self.table[self.table.change.notna()]
        if turning.empty:
            return f"No single change within its range turns {self._name}: as the debate is, {often}."
        least = turning[turning.change == turning.change.min()]
        inputs = {one.name: one for one in inputs_of(self.scenario, self.decision)}
        changes = [
            f"{row.input} from {inputs[row.input].text(row.current)} to {inputs[row.input].text(row.tipping)}"
            for row in least.itertuples()
        ]
        size, each = percent(float(least.change.iloc[0])), "" if len(least) == 1 else "each "
        alone = "input turns it alone" if len(turning) == 1 else "inputs turn it, each alone"
        return (
            f"The smallest change that turns {self._name} is that of {joined(changes, 'or')}, "
            f"{each}{size} of its range. {len(turning)} of {len(self.table)} {alone}; as the debate is, {often}."
        )

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"inputs": self.table}


@dataclass(frozen=True, repr=False)
class TippingMap(_Result):
    """A decision over two inputs. held: its probability with both held at their current values; NaN without one.

    table: one, two, probability, at some values of the two.
    """

    held: float
    table: pandas.DataFrame

    @property
    def headline(self) -> str:
        """On how much of the map it is carried more often than not, and how often as the debate is."""
        values, (one, two) = self.table.probability, self.inputs
        where = f"Over {one.name} by {two.name}"
        if (values >= EVEN).all() or (values < EVEN).all():
            kind = f"is {'nowhere' if (values >= EVEN).all() else 'everywhere'} carried in fewer than half of histories"
        else:
            kind = (
                f"is carried in at least half of histories at {(values >= EVEN).sum()} of {len(values)} pairs of values"
            )
        return f"{where}, {self._name} {kind} (in {_shares(values)}). {self._as_played(self.held)}"

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        rows = [
            {"decision": self.decision, "input": one.name, "current": one.current, "probability": self.probability}
            for one in self.inputs
        ]
        return {"map": self.table, "tipping": pandas.DataFrame(rows).assign(probability_current=self.held)}


def tipping(
    scenario: AnyScenario = DEFAULT,
    inputs: str | Sequence[str] = (),
    decision: str | None = None,
    runs: int = 500,
    seed: int = 1922,
    executor: Executor | None = None,
) -> TippingPoint | SmallestChange | TippingMap:
    """What turns a decision: the tipping point of one input, a map of two, or of none the smallest change of all.

    scenario: a debate, a shipped name or a path. inputs: in words (see `sim.analysis.inputs.input_of`). decision: the
    last one compared with the record by default. runs: histories of each value. seed: 0 to 2^64 - 1.

    Returns a TippingPoint, a TippingMap or a SmallestChange: `.table` has the answer (its columns are in the help of
    each), `.headline` says it.
    Raises UserError for an unknown decision or input, more than two inputs or a number out of its range, ScenarioError
    for a name or a file that is no debate or a value that breaks it, TypeError for an argument of another kind.

    Example: `sim.tipping("monopoly-1922", "deference-weight", "may-confirmation", runs=200).at`
    """
    scenario = as_scenario(scenario, "sim.tipping")
    check_numbers(runs=runs, seed=seed)
    inputs = (inputs,) if isinstance(inputs, str) else inputs
    decision, chosen = decision_of(scenario, decision), inputs_named(scenario, inputs)

    def play(settings: Sequence[Setting]) -> tuple[Ints, Ints]:
        worlds = Changed(scenario, decision, tuple(map(tuple, settings)))
        tally = execute(Outcomes(worlds, seed), runs, executor)
        return tally["carried"], tally["size"]

    common = scenario, decision, chosen, runs, seed
    if not chosen:
        return SmallestChange(*common, *_smallest_change(list(inputs_of(scenario, decision)), play))
    if len(chosen) == 1:
        return TippingPoint(*common, *_bisected(chosen[0], play))
    return TippingMap(*common, *_map(chosen[0], chosen[1], play))


def _grid(one: Input) -> Floats:
    """Values across an input's range, ends included; days are whole."""
    values = np.linspace(one.low, one.high, GRID)
    return np.unique(np.round(values)) if one.kind == "date" else values


def _bisected(one: Input, play: Play) -> tuple[float, Curve]:
    """The probability of the decision as the debate is, and the curve of an input, its crossing bisected.

    The curve has the current value, where that lies in the range.
    """
    here = [one.current] if one.low <= one.current <= one.high else []
    values = np.unique([*_grid(one), *here])
    carried, size = play([(), *([(one, value)] for value in values)])
    curve = Curve(values, carried[1:], size)
    for _ in range(HALVINGS):
        gap = curve.bracket(one.current)
        middle = sum(gap) / 2 if gap else np.nan
        if gap and one.kind == "date":
            middle = float(round(middle))
        if not gap or middle in gap:
            break
        curve = curve.with_more(middle, play([[(one, middle)]])[0])
    return float(carried[0].sum() / size.sum()), curve


def _map(one: Input, two: Input, play: Play) -> tuple[float, float, pandas.DataFrame]:
    """The probability as the debate is, with both inputs at their current values, and over a grid of both."""
    pairs = [(a, b) for a in _grid(one) for b in _grid(two)]
    has_current = one.current == one.current and two.current == two.current
    here = [[(one, one.current), (two, two.current)]] if has_current else []
    carried, size = play([(), *([(one, a), (two, b)] for a, b in pairs), *here])
    probabilities = carried.sum(axis=1) / size.sum()
    table = pandas.DataFrame(pairs, columns=["one", "two"]).assign(probability=probabilities[1 : len(pairs) + 1])
    return float(probabilities[0]), float(probabilities[-1]) if here else np.nan, table


def _smallest_change(every: Sequence[Input], play: Play) -> tuple[float, pandas.DataFrame]:
    """The probability of the decision as the debate is, and the table of a SmallestChange.

    Every input is played at both ends of its range, and where it is drawn also held at its median. Where an end lies on
    the other side of even odds than the debate, the gap between the two is halved until it is known to a 32nd.
    """
    drawn = [row for row, one in enumerate(every) if one.is_drawn]
    ends = [[(one, end)] for one in every for end in (one.low, one.high)]
    carried, size = play([(), *ends, *([(every[row], every[row].current)] for row in drawn)])
    probabilities = carried.sum(axis=1) / size.sum()
    probability, low, high = float(probabilities[0]), *(probabilities[1 + k : 1 + len(ends) : 2] for k in (0, 1))
    held = np.full(len(every), probability)
    held[drawn] = probabilities[1 + len(ends) :]
    gaps = _first_gaps(every, probability, held, low, high)
    for _ in range(HALVINGS if any(near != far for near, far in gaps.values()) else 0):
        middles = {row: sum(gap) / 2 for row, gap in gaps.items()}
        carried, _ = play([[(every[row], value)] for row, value in middles.items()])
        for (row, middle), value in zip(middles.items(), carried.sum(axis=1) / size.sum(), strict=True):
            near, far = gaps[row]
            gaps[row] = (middle, far) if (value >= EVEN) == (probability >= EVEN) else (near, middle)
    names = ["input", "kind", "current", "low", "high"]
    table = pandas.DataFrame([(one.name, one.kind, one.current, one.low, one.high) for one in every], columns=names)
    points = [sum(gaps[row]) / 2 if row in gaps else np.nan for row in range(len(every))]
    table = table.assign(probability_current=held, probability_low=low, probability_high=high, tipping=points)
    table["change"] = (table.tipping - table.current).abs() / (table.high - table.low)
    return probability, table.sort_values("change", kind="stable").reset_index(drop=True)


def _first_gaps(
    every: Sequence[Input], probability: float, held: Floats, low: Floats, high: Floats
) -> dict[int, tuple[float, float]]:
    """By row of the inputs that turn the decision, from the current value to the nearer end that turns it.

    One that turns it as soon as it is held at its median has its current value twice.
    """
    gaps = {}
    for row, one in enumerate(every):
        if not one.low <= one.current <= one.high:
            continue
        turned = [
            end for end, at in ((one.low, low[row]), (one.high, high[row])) if (at >= EVEN) != (probability >= EVEN)
        ]
        if (held[row] >= EVEN) != (probability >= EVEN):
            turned = [one.current]
        if turned:
            gaps[row] = (one.current, min(turned, key=lambda end: abs(end - one.current)))
    return gaps


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> TippingPoint | SmallestChange | TippingMap:
    """The result with these settings, made again."""
    return tipping(scenario, settings["inputs"], settings["decision"], runs, seed, executor)
