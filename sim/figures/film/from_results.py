"""From results to the storyboard of a film: of one history, or of the medians and bands of many."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.array_types import Floats
from sim.ensembles.ensemble import Ensemble
from sim.figures.charts.ballots import VOTES
from sim.figures.data import FigureData
from sim.figures.film.storyboard import Delivery, Poll, Storyboard
from sim.figures.labels import of_scenario, of_tables
from sim.figures.text import day_numbers
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, Letter
from sim.scenario.seats import position
from sim.wording import percent

if TYPE_CHECKING:
    # A transcript brings Mesa with it.
    from sim.model.transcript import Run

BANDS = ("q05", "q25", "q75", "q95")


def _days(first: datetime.date, last: datetime.date) -> pd.DatetimeIndex:
    return pd.date_range(first, last, freq="D")


def _daily(table: pd.DataFrame, days: pd.DatetimeIndex, steps: bool) -> Floats:
    """Columns by date as (columns, days): the value of the last date before, or on the way to the next one."""
    known = table[~table.index.duplicated(keep="last")]
    whole = known.reindex(known.index.union(days))
    filled = whole.ffill() if steps else whole.interpolate(method="index")
    return np.asarray(filled.bfill().reindex(days).to_numpy().T, dtype=np.float64)


def _deliveries(scenario: Scenario, days: pd.DatetimeIndex, happened: Mapping[str, bool]) -> tuple[Delivery, ...]:
    """The letters that argue for something; `happened` says of some that their condition did not hold."""
    return tuple(
        Delivery(
            (entry.date - days[0].date()).days,
            entry.item.author or "",
            entry.who,
            entry.item.kind,
            entry.item.summary,
        )
        for entry in scenario.entries
        if isinstance(entry.item, Letter) and entry.item.argues_for is not None and happened.get(entry.id, True)
    )


def _record(ballot: Ballot) -> str:
    return f"on record: {ballot.outcome}" if ballot.outcome else "no outcome on record"


def of_ensemble(many: Ensemble) -> Storyboard:
    """The medians and bands of many histories that follow the record, and their mean votes."""
    return of_data(many.scenario, of_tables(many.scenario, many.tables), many.runs)


def of_data(scenario: Scenario, shown: FigureData, runs: int) -> Storyboard:
    """The same of the figure data of so many histories."""
    days = _days(shown.stances["date"].min().date(), shown.stances["date"].max().date())
    members = list(shown.members["member"])

    def course(statistic: str) -> Floats:
        wide = shown.stances.pivot_table(index="date", columns="member", values=statistic)[members]
        return _daily(wide, days, steps=False)

    return Storyboard(
        data=shown,
        days=day_numbers(days.to_series()),
        stances=course("q50"),
        bands=np.array([course(name) for name in BANDS]),
        policy=_daily(shown.policy.set_index("date")[["q50"]], days, steps=True)[0],
        deliveries=_deliveries(scenario, days, {}),
        polls=tuple(_mean_polls(scenario, shown, days)),
        source=f"Medians with 50 % and 90 % of {runs} histories, in which decisions go as recorded.",
    )


def _mean_polls(scenario: Scenario, shown: FigureData, days: pd.DatetimeIndex) -> Iterator[Poll]:
    """The ballots of many histories: mean votes, and in how many the motion is carried."""
    chances = shown.decisions.set_index("decision")["probability"]
    for entry in scenario.entries:
        if isinstance(ballot := entry.item, Ballot):
            cast, chance = shown.ballots[shown.ballots["decision"] == ballot.id], float(chances[ballot.id])
            votes = {vote: round(float(cast[vote].sum()), 1) for vote in VOTES}
            said = "never put to the vote" if np.isnan(chance) else f"carried in {percent(chance)} of histories"
            body = f"{shown.body_label(ballot.body)} · mean votes"
            day = (entry.date - days[0].date()).days
            yield Poll(day, shown.ballot_label(ballot.id), body, votes, said, _record(ballot))


def of_run(run: Run) -> Storyboard:
    """One history, day by day: stances at the end of each day, and the votes that were cast."""
    scenario, span = run.scenario, run.scenario.debate.span
    last = max(span.start, *(entry.date for entry in scenario.entries))
    days = _days(span.start, last)
    shown = _data_of_run(run, days)
    members = list(shown.members["member"])
    stances = _daily(run.stances.set_index("date")[members], days, steps=True)
    happened = dict(zip(run.transcript["moment"], run.transcript["happened"] == "yes", strict=True))
    polls, policy = _polls_of_run(run, shown, days)
    return Storyboard(
        data=shown,
        days=day_numbers(days.to_series()),
        stances=stances,
        bands=None,
        policy=policy,
        deliveries=_deliveries(scenario, days, happened),
        polls=polls,
        source=f"One history: number {run.replicate} of seed {run.seed}, running free.",
    )


def _polls_of_run(run: Run, shown: FigureData, days: pd.DatetimeIndex) -> tuple[tuple[Poll, ...], Floats]:
    """The ballots of a history, and the policy in force at the end of each day."""
    debate = run.scenario.debate
    decided = run.transcript[run.transcript["outcome"] != ""].set_index("moment")
    policy = np.full(len(days), position(debate, debate.axis.policy.at))
    polls = []
    for entry in run.scenario.entries:
        ballot = entry.item
        if not isinstance(ballot, Ballot):
            continue
        cast = run.ballots[run.ballots["decision"] == ballot.id]["vote"].value_counts()
        day = (entry.date - days[0].date()).days
        outcome = "not put to the vote"
        if ballot.id in decided.index:
            outcome, reason = (str(decided.loc[ballot.id, column]) for column in ("outcome", "reason"))
            moved = position(debate, ballot.if_carried)
            if outcome == "carried" and ballot.sets_policy and not np.isnan(moved):
                policy[day:] = moved
            outcome = f"{outcome} ({reason})" if reason else outcome
        votes = {vote: float(cast.get(vote, 0)) for vote in VOTES}
        body = shown.body_label(ballot.body)
        polls.append(Poll(day, shown.ballot_label(ballot.id), body, votes, outcome, _record(ballot)))
    return tuple(polls), policy


def _data_of_run(run: Run, days: pd.DatetimeIndex) -> FigureData:
    """Figure data with the people, marks and bodies of the debate, and this history's first and last stances."""
    members = [name for name in run.stances.columns if name not in ("date", "moment")]
    ends = run.stances.iloc[[0, -1]].assign(date=[days[0], days[-1]])
    long = ends.melt("date", members, "member", "mean").sort_values("date", kind="stable")
    stances = long.assign(**dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), long["mean"]))
    return dataclasses.replace(of_scenario(run.scenario), stances=stances)
