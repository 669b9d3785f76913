"""What the record says that histories can be compared with: outcomes, counts, votes and reported stances."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sim.calibration.ballot_likelihood import COMPARED, WATCHED, Documented
from sim.calibration.count_likelihood import UNCOUNTED
from sim.errors import UserError
from sim.model.arrays import OUTCOMES, arrays_of
from sim.model.dynamics import ABSTAINED, NO, NO_VOTE, YES
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, Member, Observation
from sim.scenario.seats import position, positions
from sim.scenario.timeline import Entry

VOTES = {"yes": YES, "no": NO, "abstain": ABSTAINED}
#: Evidence on which a named vote is compared; of what is only conjectured the votes are left to the model.
COUNTS_AS_A_VOTE = ("documented", "attributed")
#: Where something was met that is nobody's report: it is a conjecture, whatever its evidence word.
INDIRECT = ("background", "inference")


class RecordError(UserError):
    """A record that nothing can be compared with; the message says why."""


@dataclass(frozen=True)
class Report:
    """A stance reported of a member: that it lay between two cut-points, on these days (the first and the last).

    low, high: units of the axis, infinite at the ends. spread: the parameter that says how far a report may be
    off. rests_on: the ballots from which it was inferred.
    """

    id: str
    member: str
    first: datetime.date
    last: datetime.date
    low: float
    high: float
    spread: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """The ballots and reports that histories are compared with, in the order of the record."""

    ballots: tuple[Ballot, ...]
    reports: tuple[Report, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of all data: ballots, then reports."""
        return (*(ballot.id for ballot in self.ballots), *(report.id for report in self.reports))

    def without(self, decision: str) -> Record:
        """All but one ballot and what rests on it."""
        return self._kept(lambda ballot: ballot.id != decision, lambda report: True)

    def before(self, decision: str) -> Record:
        """Only what was known before a ballot: earlier ballots, and reports of days before it."""
        day = next(ballot.date for ballot in self.ballots if ballot.id == decision)
        order = [ballot.id for ballot in self.ballots]
        earlier = set(order[: order.index(decision)])
        return self._kept(lambda ballot: ballot.id in earlier, lambda report: report.last < day)

    def _kept(self, keeps: Callable[[Ballot], bool], has: Callable[[Report], bool]) -> Record:
        ballots = tuple(ballot for ballot in self.ballots if keeps(ballot))
        gone = {ballot.id for ballot in self.ballots} - {ballot.id for ballot in ballots}
        reports = (report for report in self.reports if has(report) and not gone & set(report.rests_on))
        return replace(self, ballots=ballots, reports=tuple(reports))


def record_of(scenario: Scenario) -> Record:
    """Everything in a scenario that its histories can be compared with.

    Ballots: those marked `fit` that have an outcome. Reports: observed stances, where the scenario says how far
    these may be off; but not what was merely assumed, what the member's first stance is already drawn from (it
    cites the same item of the record, which would count twice), and what rests on a ballot that is not compared.
    """
    put = [entry.item for entry in scenario.entries if isinstance(entry.item, Ballot)]
    ballots = tuple(ballot for ballot in put if ballot.fit and ballot.outcome)
    compared = {ballot.id for ballot in ballots}
    reports = [report for report in _reports(scenario) if compared >= set(report.rests_on)]
    return Record(ballots, tuple(sorted(reports, key=lambda report: report.last)))


def _reports(scenario: Scenario) -> list[Report]:
    spread = scenario.debate.dynamics.observation_spread
    cuts = cut_points(scenario)
    if spread is None or len(cuts) < 3:
        return []
    return [
        _report(scenario, name, observed, getattr(spread, _word(observed)), cuts)
        for name, member in scenario.debate.members.items()
        if member.count is None
        for observed in member.observations
        if observed.evidence != "assumed" and not _is_in_first_stance(member, observed)
    ]


def _word(observed: Observation) -> str:
    return "conjecture" if observed.provenance in INDIRECT else observed.evidence


def _is_in_first_stance(member: Member, observed: Observation) -> bool:
    """Whether a member's first stance is drawn from the very report."""
    return member.first_stance is not None and bool(set(member.first_stance.record) & set(observed.record))


def cut_points(scenario: Scenario) -> list[float]:
    """Where a reported position begins and ends: midway between the named positions, without end beyond the last."""
    places = sorted(set(positions(scenario.debate).values()))
    return [-math.inf, *((a + b) / 2 for a, b in itertools.pairwise(places)), math.inf]


def _report(scenario: Scenario, member: str, observed: Observation, spread: str, cuts: list[float]) -> Report:
    at = position(scenario.debate, observed.stance)
    above = next(number for number, cut in enumerate(cuts) if at < cut)
    days = observed.between if observed.whole_period and observed.between else (observed.date, observed.date)
    return Report(observed.id, member, *days, cuts[above - 1], cuts[above], spread, observed.rests_on)


def last_moment(scenario: Scenario, record: Record) -> int:
    """The last moment that has to be played to compare a history with the record; -1 if none has."""
    ids = {ballot.id for ballot in record.ballots}
    ballots = [number for number, entry in enumerate(scenario.entries) if entry.id in ids]
    watched = [number for report in record.reports for number in _moments(scenario.entries, report)]
    return max([*ballots, *watched], default=-1)


def _moments(entries: tuple[Entry, ...], report: Report) -> list[int]:
    """The moments after which a report's stance is looked at: the end of its day, or of each week of its period.

    -1 is the beginning of the debate.
    """
    ends = [number for number, entry in enumerate(entries) if entry.date <= report.last]
    if report.first == report.last or not ends:
        return [max(ends, default=-1)]
    weeks = [number for number in ends if entries[number].kind == "week" and entries[number].date >= report.first]
    return weeks or [ends[-1]]


def documented(scenario: Scenario, record: Record) -> Documented:
    """The record as arrays for the compiled core."""
    _, names = arrays_of(scenario)
    ballots = np.zeros(len(names.ballots), COMPARED)
    votes = np.full(len(names.electors), NO_VOTE, np.int8)
    for ballot in record.ballots:
        ballots[names.ballots.index(ballot.id)] = _compared(scenario, ballot)
        for vote in ballot.votes:
            if vote.evidence in COUNTS_AS_A_VOTE and (ballot.id, vote.member) in names.electors:
                votes[names.electors.index((ballot.id, vote.member))] = VOTES[vote.vote]
    rows = []
    for number, report in enumerate(record.reports):
        after = _moments(scenario.entries, report)
        rows += [(moment, names.members.index(report.member), number, 1 / len(after)) for moment in after]
    watched = np.array(sorted(rows), WATCHED)
    return Documented(ballots.view(np.recarray), votes, watched.view(np.recarray), len(record.reports))


def _compared(scenario: Scenario, ballot: Ballot) -> tuple[int, ...]:
    given = (ballot.tally.yes, ballot.tally.no, ballot.tally.abstain) if ballot.tally else (None, None, None)
    counts = [UNCOUNTED if count is None else count for count in given]
    # Who answers a poll by note meets nobody there: his luck is in nothing else, and can be summed over.
    is_open = ballot.by_correspondence and counts[0] != UNCOUNTED and counts[1] != UNCOUNTED
    return (1, OUTCOMES[str(ballot.outcome)], *counts, int(is_open))
