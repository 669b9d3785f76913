"""From results to the storyboard of a film: of one history, or of the medians and bands of many."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterator

import numpy as np
import pandas as pd

from sim.ensembles import ensemble
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor
from sim.figures import labels
from sim.figures.charts.ballots import VOTES
from sim.figures.data import FigureData
from sim.figures.film.storyboard import Delivery, Poll, Storyboard
from sim.figures.text import day_numbers
from sim.model import transcript
from sim.model.array_types import Floats
from sim.results.wording import dated, percent
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, Letter
from sim.scenario.seats import position

#: Where a source is to be found, in brackets: no matter for a caption.
_REFERENCE = re.compile(r" \((?:no|nos|p|pp|fol|doc)\. [^)]*\)")
BANDS = ("q05", "q25", "q75", "q95")


def storyboard_of(
    scenario: Scenario, runs: int, seed: int, history: int | None, executor: Executor | None = None
) -> Storyboard:
    """What a film of the debate shows: one history running free, or the medians of many that follow the record.

    history: which, or None for the medians of `runs` of them.
    """
    if history is not None:
        return of_run(transcript.play(scenario, seed, history))
    return of_ensemble(ensemble.ensemble(scenario, runs, seed, executor))


def of_ensemble(many: Ensemble) -> Storyboard:
    """The medians and bands of many histories that follow the record, and their mean votes."""
    return of_data(many.scenario, labels.of_tables(many.scenario, many.tables), many.runs)


def of_data(scenario: Scenario, data: FigureData, runs: int) -> Storyboard:
    """The same from the figure data of so many histories."""
    days = pd.date_range(data.stances["date"].min(), data.stances["date"].max(), freq="D")
    members = list(data.members["member"])

    def course(statistic: str) -> Floats:
        wide = data.stances.pivot_table(index="date", columns="member", values=statistic)[members]
        return _daily(wide, days)

    chances = data.decisions.set_index("decision")["probability"]

    def outcome(ballot: Ballot) -> str:
        chance = float(chances[ballot.id])
        return "never put to the vote" if np.isnan(chance) else f"carried in {percent(chance)} of histories"

    return Storyboard(
        data=data,
        days=day_numbers(days.to_series()),
        stances=course("q50"),
        bands=np.array([course(name) for name in BANDS]),
        policy=_daily(data.policy.set_index("date")[["q50"]], days)[0],
        deliveries=_deliveries(scenario, days),
        polls=tuple(_polls(scenario, data, days, outcome, " · mean votes")),
        source=(
            f"Medians with 50 % and 90 % of {runs:,} histories, in which decisions go as recorded. "
            f"Basis: {scenario.basis}."
        ),
    )


def of_run(run: transcript.Run) -> Storyboard:
    """One history, day by day: stances at the end of each day, and the votes that were cast."""
    scenario, start = run.scenario, run.scenario.debate.span.start
    days = pd.date_range(start, max(start, *(entry.date for entry in scenario.entries)), freq="D")
    data = _data_of_run(run, days)
    skipped = set(run.transcript.loc[run.transcript["happened"] == "no", "moment"])
    decided = run.transcript[run.transcript["outcome"] != ""].set_index("moment")

    def outcome(ballot: Ballot) -> str:
        if ballot.id in skipped:
            return "not put to the vote"
        row = decided.loc[ballot.id]
        return f"{row['outcome']} ({row['reason']})" if row["reason"] else str(row["outcome"])

    return Storyboard(
        data=data,
        days=day_numbers(days.to_series()),
        stances=_daily(run.stances.set_index("date")[list(data.members["member"])], days),
        bands=None,
        policy=_policy_of_run(scenario, days, set(decided.index[decided["outcome"] == "carried"])),
        deliveries=_deliveries(scenario, days, skipped),
        polls=tuple(_polls(scenario, data, days, outcome)),
        source=f"One history: number {run.replicate} of seed {run.seed}, running free. {data.basis}",
    )


def _daily(table: pd.DataFrame, days: pd.DatetimeIndex) -> Floats:
    """Columns by date as (columns, days): what holds on a date holds until the next one."""
    known = table[~table.index.duplicated(keep="last")]
    return np.asarray(
        known.reindex(known.index.union(days)).ffill().bfill().reindex(days).to_numpy().T, dtype=np.float64
    )


def _deliveries(scenario: Scenario, days: pd.DatetimeIndex, skipped: Collection[str] = ()) -> tuple[Delivery, ...]:
    """The letters that argue for something, without those whose condition did not hold."""
    return tuple(
        Delivery(
            (entry.date - days[0].date()).days,
            letter.author or "",
            entry.who,
            letter.kind,
            _REFERENCE.sub("", letter.summary),
        )
        for entry in scenario.entries
        if isinstance(letter := entry.item, Letter) and letter.argues_for is not None and entry.id not in skipped
    )


def _polls(
    scenario: Scenario, data: FigureData, days: pd.DatetimeIndex, outcome: Callable[[Ballot], str], what: str = ""
) -> Iterator[Poll]:
    """The ballots with the sums of the votes in `data`; `what` says after the body's name what is counted."""
    sums = data.ballots.groupby("decision")[list(VOTES)].sum()
    for entry in scenario.entries:
        if isinstance(ballot := entry.item, Ballot):
            votes = {vote: round(float(sums[vote].get(ballot.id, 0.0)), 1) for vote in VOTES}
            record = f"on record: {ballot.outcome}" if ballot.outcome else "no outcome on record"
            number = (entry.date - days[0].date()).days
            body = f"{dated(ballot.date, ballot.between)} · {data.body_label(ballot.body)}{what}"
            yield Poll(number, data.ballot_label(ballot.id), body, votes, outcome(ballot), record)


def _policy_of_run(scenario: Scenario, days: pd.DatetimeIndex, carried: Collection[str]) -> Floats:
    """The policy in force at the end of each day, when these ballots are carried."""
    debate = scenario.debate
    policy = np.full(len(days), position(debate, debate.axis.policy.at))
    for entry in scenario.entries:
        if isinstance(ballot := entry.item, Ballot) and ballot.sets_policy and ballot.id in carried:
            place = position(debate, ballot.if_carried)
            if not np.isnan(place):
                policy[(entry.date - days[0].date()).days :] = place
    return policy


def _data_of_run(run: transcript.Run, days: pd.DatetimeIndex) -> FigureData:
    """The people, marks and bodies of the debate, this history's votes, and its first and last stances."""
    members = [name for name in run.stances.columns if name not in ("date", "moment")]
    ends = run.stances.iloc[[0, -1]].assign(date=[days[0], days[-1]])
    long = ends.melt("date", members, "member", "mean").sort_values("date", kind="stable")
    stances = long.assign(**dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), long["mean"]))
    data = labels.of_scenario(run.scenario)
    votes = pd.get_dummies(run.ballots["vote"], dtype=float).reindex(columns=list(VOTES), fill_value=0.0)
    ballots = run.ballots[["decision", "member", "stance"]].join(votes).reindex(columns=data.ballots.columns)
    return dataclasses.replace(data, stances=stances, ballots=ballots)
