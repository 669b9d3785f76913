"""What many histories come to: probabilities, quantiles and means with their errors, as labelled tables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from sim.ensembles import batch, beta, summary
from sim.ensembles.executor import Executor, play_runs, reporting
from sim.ensembles.scores import log_score
from sim.ensembles.work import Counts
from sim.errors import ResultsError
from sim.model.array_types import Floats, Ints
from sim.model.arrays import OUTCOME_WORDS, arrays_of
from sim.model.plan import NOT_PUT
from sim.model.rules.voting import ABSTAINED, NO, NO_VOTE, WAS_ABSENT, YES
from sim.results.wording import percent, words
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot
from sim.scenario.seats import named_votes, position
from sim.scenario.shown import ShownResult

if TYPE_CHECKING:
    import xarray


QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
#: The fraction of histories that agree on a decision, from which it counts as one on which they do.
AGREED = 0.9
#: The fraction of the draws between `low` and `high`, and the draws that it takes to tell these.
INTERVAL, FEWEST_DRAWS = (0.025, 0.975), 25
#: Standard errors to either side that hold 95 % of a normal distribution.
TWO_SIDED = 1.959964
#: Rows of bins of which the quantiles are looked for together: they stay in the cache.
ROWS_TOGETHER = 512
#: Bytes of whole trajectories that are kept at most.
MOST_KEPT = 2**31


def quantiles_of_bins(bins: Ints, levels: Iterable[float], low: float, high: float) -> Floats:
    """The values below which these fractions of what was counted lie, (levels, ...).

    bins: (..., bins), evenly over [low, high]. Within a bin, counts are taken as evenly spread.
    """
    rows, levels = bins.reshape(-1, bins.shape[-1]), list(levels)
    found = np.empty((len(levels), len(rows)))
    for start in range(0, len(rows), ROWS_TOGETHER):
        some = slice(start, start + ROWS_TOGETHER)
        found[:, some] = _quantiles_of_rows(rows[some], levels, low, high)
    return found.reshape(-1, *bins.shape[:-1])


def _quantiles_of_rows(bins: Ints, levels: Iterable[float], low: float, high: float) -> Floats:
    total = bins.sum(axis=-1, keepdims=True)
    below = np.cumsum(bins, axis=-1)
    found = []
    for level in levels:
        rank = level * total
        place = np.argmax(below >= np.maximum(rank, 1e-9), axis=-1)[..., None]
        inside = np.take_along_axis(bins, place, -1)
        before = np.take_along_axis(below, place, -1) - inside
        part = np.clip((rank - before) / np.maximum(inside, 1), 0.0, 1.0)
        found.append(low + (place + part)[..., 0] * (high - low) / bins.shape[-1])
    return np.array(found, dtype=np.float64)


def within_one_bin(bins: Ints, quantiles: Floats, mean: Floats) -> Floats:
    """The quantiles, or the mean where one bin holds everything: bins tell no more, and the mean is exact."""
    return np.where(bins.max(axis=-1) == bins.sum(axis=-1), mean, quantiles)


def _on_axis(scenario: Scenario, total: Ints, number: int | Ints) -> Floats:
    """The mean of fixed-point sums, in units of the axis; NaN of nothing."""
    axis = scenario.debate.axis
    mean = axis.low + (axis.high - axis.low) * total / np.maximum(number, 1) / summary.STEPS
    return np.where(np.asarray(number) > 0, mean, np.nan)


def possible_policies(*worlds: Scenario) -> Floats:
    """The policies that may be in force in some of these worlds, in ascending order.

    A policy is one of the few that somebody moved, so that what a bin blurs can be put right.
    """
    possible = set[float]()
    for world in worlds:
        ballots = [entry.item for entry in world.entries if isinstance(entry.item, Ballot)]
        moved = [position(world.debate, ballot.if_carried) for ballot in ballots]
        possible |= {position(world.debate, world.debate.axis.policy.at), *moved}
    return np.array(sorted(at for at in possible if not math.isnan(at)))


def shares_of_policies(scenario: Scenario, possible: Floats, bins: Ints, runs: int) -> Floats:
    """The share of `runs` histories in each possible policy, (dates, policies), from their counts in bins of the axis.

    Of two policies within one bin, the nearer to its middle has both.
    """
    axis, number = scenario.debate.axis, bins.shape[-1]
    middles = axis.low + (np.arange(number) + 0.5) * (axis.high - axis.low) / number
    nearest = np.abs(middles[:, None] - possible).argmin(axis=1) == np.arange(possible.size)[:, None]
    return np.asarray(bins @ nearest.T / runs)


def _divisor(number: Ints) -> Floats:
    """Numbers to divide by: of nothing there is no share, so NaN for 0."""
    return np.where(number > 0, number, np.nan)


def _least(share: Floats, wanted: float) -> Floats:
    """The first column at which a share that grows along a row reaches what is wanted; NaN for a row of NaN."""
    return np.where(np.isnan(share[:, -1]), np.nan, np.argmax(share >= wanted, axis=1).astype(np.float64))


@dataclass(frozen=True)
class Spread:
    """The probability that each motion is carried, over draws; arrays (ballots,), NaN where it was never put.

    low, high: between them lie 95 % of the draws' probabilities, once the chance within a draw is taken off; in whole
    per cent. error: the standard error of the mean that more runs, and more particles, would remove; NaN where a
    single draw tells nothing of it.
    """

    mean: Floats
    low: Floats
    high: Floats
    error: Floats


def spread(counts: Counts, posterior: Particles | None) -> Spread:
    """The probabilities of a tally. posterior: what was drawn from; None for the prior.

    A draw's probability is known only from a few histories, so their means spread more than the probabilities do. The
    variance that is not chance is estimated without bias, and taken as at least its own standard error: from a sample
    in which chance hides it, it does not follow that there is none. The interval is that of the beta distribution of
    this mean and variance.
    """
    number = _divisor(counts["draws"].sum(axis=1))
    mean = counts["mean"].sum(axis=1) / batch.STEPS / number
    within, square, square_square, square_mean = (
        counts[name] / batch.STEPS / number for name in ("within", "square", "square_square", "square_mean")
    )
    variance = np.maximum(square + within - mean**2, 0.0)
    # Of p² - w - 2 m p, whose mean is the variance that is not chance, less m².
    scatter = square_square - square**2 - 4 * mean * (square_mean - square * mean) + 4 * mean**2 * variance
    total = variance * number / np.where(number > 1, number - 1, np.nan)
    between = np.maximum(total - within, 0.0)
    least = np.sqrt(np.maximum(scatter, 0.0) / number)
    low, high = beta.interval(mean, np.maximum(between, least), INTERVAL)
    # Fixed point keeps twelve digits: a variance below that is none.
    known, few = total < 1e-11, number < FEWEST_DRAWS
    low = np.where(known, mean, np.where(few, 0.0, np.minimum(low, mean)))
    high = np.where(known, mean, np.where(few, 1.0, np.maximum(high, mean)))
    # Particles that are played again differ by chance alone.
    different = number if posterior is None else np.minimum(number, posterior.size)
    error = np.sqrt((total - between) / number + between / different)
    return Spread(mean, low, high, np.fmax(error, _error_of_runs(counts)))


def _error_of_runs(counts: Counts) -> Floats:
    """The standard error of a mean from the spread of the sampler's independent runs; NaN where there is but one."""
    draws, runs = counts["draws"], counts["draws"].shape[1]
    if runs == 1:
        return np.full(len(draws), np.nan)
    means = counts["mean"] / batch.STEPS / _divisor(draws)
    return np.asarray(means.std(axis=1, ddof=1) / math.sqrt(runs))


@dataclass(frozen=True, repr=False)
class Ensemble(ShownResult):
    """Many histories of one debate: once as the record had it, once running free.

    record: every ballot met as it was met in fact, earlier decisions corrected to the record. free: nothing
    corrected.
    """

    scenario: Scenario
    runs: int
    seed: int
    record: Counts
    free: Counts

    @cached_property
    def ballot_entries(self) -> list[Ballot]:
        """The ballots in the order of the plan."""
        return [entry.item for entry in self.scenario.entries if isinstance(entry.item, Ballot)]

    @cached_property
    def decisions(self) -> pandas.DataFrame:
        """One row a ballot; the columns of decisions.csv."""
        ballots, over = self.ballot_entries, spread(self.record, self.scenario.posterior)
        votes, units = self.record["yes"], arrays_of(self.scenario).plan.ballots.units
        share = np.cumsum(votes, axis=1) / _divisor(votes.sum(axis=1))[:, None]
        put = 1.0 - self.free["outcomes"][:, NOT_PUT] / self.runs
        score = [
            log_score(p, ballot.outcome) if ballot.outcome and not math.isnan(p) else math.nan
            for ballot, p in zip(ballots, over.mean, strict=True)
        ]
        return pandas.DataFrame(
            {
                "decision": [ballot.id for ballot in ballots],
                "date": pandas.to_datetime([ballot.date for ballot in ballots]),
                "body": [ballot.body for ballot in ballots],
                "motion": [ballot.motion for ballot in ballots],
                "documented": [ballot.outcome or "" for ballot in ballots],
                "probability": over.mean,
                "low": over.low,
                "high": over.high,
                "mc_error": over.error,
                "score": score,
                "put": put,
                "probability_free": batch.share_carried(self.free),
                "tally_mean": (votes * np.arange(votes.shape[1])).sum(axis=1) / _divisor(votes.sum(axis=1)) / units,
                "tally_low": _least(share, 0.05) / units,
                "tally_high": _least(share, 0.95) / units,
                "documented_tally": [documented_tally(ballot) for ballot in ballots],
            }
        )

    @cached_property
    def _stances(self) -> dict[str, Floats]:
        """Stances as the record had the debate, (dates, members), by statistic (mean, q05, q25, q50, q75, q95)."""
        axis, counts = self.scenario.debate.axis, self.record
        bins, mean = counts["stance_bins"], _on_axis(self.scenario, counts["stance_sum"], self.runs)
        quantiles = quantiles_of_bins(bins, QUANTILES.values(), axis.low, axis.high)
        return {"mean": mean} | dict(zip(QUANTILES, within_one_bin(bins, quantiles, mean), strict=True))

    @property
    def _dates(self) -> pandas.DatetimeIndex:
        return pandas.to_datetime(list(batch.snapshots(self.scenario).dates), format="%Y-%m-%d")

    @cached_property
    def stances(self) -> xarray.DataArray:
        """Stances by date, member and statistic (mean, q05, q25, q50, q75, q95), as the record had the debate."""
        import xarray

        members = list(arrays_of(self.scenario).names.members)
        labels = {"date": self._dates, "member": members, "statistic": list(self._stances)}
        layers, units = np.stack(list(self._stances.values()), axis=-1), self.scenario.debate.axis.label
        return xarray.DataArray(layers, coords=labels, dims=list(labels), name="stance", attrs={"units": units})

    @cached_property
    def stance_table(self) -> pandas.DataFrame:
        """The columns of stances.csv."""
        dates, members = self._dates, list(arrays_of(self.scenario).names.members)
        where = {"date": dates.repeat(len(members)), "member": members * len(dates)}
        return pandas.DataFrame(where | {name: values.ravel() for name, values in self._stances.items()})

    @cached_property
    def ballots(self) -> pandas.DataFrame:
        """Who voted how, as shares of the histories in which the motion was put; the columns of ballots.csv."""
        counts = self.record
        votes = counts["votes"]
        times_put = votes.sum(axis=1) - votes[:, NO_VOTE]
        put = _divisor(times_put)
        electors = arrays_of(self.scenario).names.electors
        named = {
            (ballot.id, member): vote.vote
            for ballot in self.ballot_entries
            for member, vote in named_votes(self.scenario.debate, ballot).items()
        }
        return pandas.DataFrame(
            {
                "decision": [decision for decision, _ in electors],
                "member": [member for _, member in electors],
                "stance": _on_axis(self.scenario, counts["private_sum"], times_put),
                "voiced": _on_axis(self.scenario, counts["voice_sum"], times_put),
                "yes": votes[:, YES] / put,
                "no": votes[:, NO] / put,
                "abstain": votes[:, ABSTAINED] / put,
                "absent": votes[:, WAS_ABSENT] / put,
                "documented": [named.get(elector, "") for elector in electors],
            }
        )

    @cached_property
    def policy(self) -> pandas.DataFrame:
        """The policy in force by date in histories that run free; the columns of policy.csv."""
        return self._policy(self.free)

    @cached_property
    def policy_as_recorded(self) -> pandas.DataFrame:
        """The same where documented outcomes replace those voted, as in the stances."""
        return self._policy(self.record)

    @cached_property
    def policy_shares(self) -> pandas.DataFrame:
        """The share of histories in each policy by date: date, policy, share (running free), share_as_recorded.

        Only policies that some history was in; of two policies within one bin of the axis, the nearer to it has both.
        """
        possible = possible_policies(self.scenario)
        free, record = (
            shares_of_policies(self.scenario, possible, tally["policy_bins"], self.runs)
            for tally in (self.free, self.record)
        )
        dates = self._dates
        place, date = np.nonzero(np.broadcast_to((free + record).max(axis=0)[:, None] > 0, free.T.shape))
        return pandas.DataFrame(
            {
                "date": dates[date],
                "policy": possible[place],
                "share": free[date, place],
                "share_as_recorded": record[date, place],
            }
        )

    def _policy(self, tally: Counts) -> pandas.DataFrame:
        axis, bins = self.scenario.debate.axis, tally["policy_bins"]
        mean = _on_axis(self.scenario, tally["policy_sum"], self.runs)
        table = {"date": self._dates, "mean": mean}
        possible = possible_policies(self.scenario)
        names = ("q05", "q50", "q95")
        quantiles = quantiles_of_bins(bins, [QUANTILES[name] for name in names], axis.low, axis.high)
        nearest = np.abs(quantiles[..., None] - possible).argmin(axis=-1)
        table |= dict(zip(names, possible[nearest], strict=True))
        return pandas.DataFrame(table)

    def trajectories(self, follows_record: bool = True) -> xarray.Dataset:
        """Every history whole: stance (replicate, date, member), policy (replicate, date), decided.

        The histories are those of this ensemble, played again on the same random numbers. In single precision.
        decided: (replicate, decision), `carried`, `rejected` or `not put`. Raises ResultsError when they would
        not fit into MOST_KEPT bytes.
        """
        import xarray

        names, when = arrays_of(self.scenario).names, batch.snapshots(self.scenario)
        shape = (len(when.dates), len(names.members) + 1, self.runs)
        if math.prod(shape) * 4 > MOST_KEPT:
            most = MOST_KEPT // (4 * shape[0] * shape[1])
            raise ResultsError(f"{self.runs} whole histories are too many to keep: at most {most} of this debate are")
        kept = np.empty(shape, np.float32)
        work = batch.EnsembleWork(self.scenario, self.seed, follows_record, {}, counts_stances=False)
        played = work.play(np.arange(self.runs, dtype=np.uint64), kept)
        labels = {
            "replicate": np.arange(self.runs),
            "date": pandas.to_datetime(list(when.dates), format="%Y-%m-%d"),
            "member": list(names.members),
            "decision": list(names.ballots),
        }
        outcomes = np.array([OUTCOME_WORDS[code] for code in range(len(OUTCOME_WORDS))])
        return xarray.Dataset(
            {
                "stance": (("replicate", "date", "member"), kept[:, :-1].transpose(2, 0, 1)),
                "policy": (("replicate", "date"), kept[:, -1].T),
                "decided": (("replicate", "decision"), outcomes[played.decided.T]),
            },
            labels,
            {"scenario": self.scenario.name, "digest": self.scenario.digest, "seed": str(self.seed)},
        )

    @property
    def headline(self) -> str:
        """How far histories that run free agree on the decisions, and on which the least."""
        table = self.decisions
        if table.empty:
            return "No decision is put to the vote in this debate."
        carried = (table.put * table.probability_free).fillna(0.0)
        certain = int(((carried <= 1 - AGREED) | (carried >= AGREED)).sum())
        row = (carried - 0.5).abs().argmin()
        open_one = f"{words(table.decision[row])} is put and carried in {percent(carried[row])} of histories"
        if len(table) == 1:
            return f"Running free, {open_one}."
        return (
            f"Running free, {certain} of {len(table)} decisions come out alike in at least {percent(AGREED)} of "
            f"histories; the most open of all, {open_one}."
        )

    @property
    def settings(self) -> dict[str, Any]:
        """Scenario, runs and seed are all that makes it again."""
        return {}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {
            "decisions": self.decisions,
            "stances": self.stance_table,
            "ballots": self.ballots,
            "policy": self.policy,
            "policy_as_recorded": self.policy_as_recorded,
            "policy_shares": self.policy_shares,
        }


def documented_tally(ballot: Ballot) -> str:
    """The tally of the sources, as `14-1`; what they do not give is a question mark."""
    if ballot.tally is None:
        return ""
    shown = ["?" if votes is None else str(votes) for votes in (ballot.tally.yes, ballot.tally.no)]
    return "-".join([*shown, *([str(ballot.tally.abstain)] if ballot.tally.abstain is not None else [])])


def ensemble(
    scenario: AnyScenario = DEFAULT,
    runs: int = 2000,
    seed: int = 1922,
    executor: Executor | None = None,
) -> Ensemble:
    """Plays a debate many times: `runs` histories met as the record had them, and as many that run free.

    scenario: a debate, a shipped name or a path. runs: from 1 up; they are spread over draws of the parameters and
    first stances. seed: 0 to 2^64 - 1. executor: who plays, here or on a cluster; all cores of this machine by
    default. The result does not depend on it.

    Returns an Ensemble: `.decisions`, `.ballots`, `.policy` are DataFrames, `.stances` is a labelled array, `.tables`
    has all of them by name. docs/reference/glossary.md says what every column holds.
    Raises ScenarioError for a name or a file that is no debate, UserError for a number out of its range, TypeError for
    an argument of another kind.

    Example: `sim.ensemble("library-sunday", runs=500).decisions`
    """
    scenario = as_scenario(scenario, "sim.ensemble")
    check_numbers(runs=runs, seed=seed)
    executor = executor or Executor()
    record = play_runs(scenario, runs, seed, executor=executor)
    free = play_runs(scenario, runs, seed, follows_record=False, executor=reporting(executor, runs))
    return Ensemble(scenario, runs, seed, record, free)
