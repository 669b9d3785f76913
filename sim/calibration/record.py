"""What the record says that histories can be compared with: outcomes, counts, votes and reported stances."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim.calibration.ballot_likelihood import COMPARED, WATCHED, Documented
from sim.calibration.count_likelihood import UNCOUNTED
from sim.calibration.observation_likelihood import Report, looked_at, reports_of
from sim.model.arrays import OUTCOMES, VOTES, arrays_of
from sim.model.plan import NOT_PUT
from sim.model.rules.voting import NO_VOTE
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.schema import Ballot
from sim.scenario.seats import choice_of, named_votes

#: Evidence on which a named vote is compared; of what is only conjectured the votes are left to the model.
COUNTS_AS_A_VOTE = ("documented", "attributed")


@dataclass(frozen=True)
class Record:
    """The ballots and reports that histories are compared with, in the order of the record."""

    ballots: tuple[Ballot, ...]
    reports: tuple[Report, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of all data: ballots, then reports."""
        return (*(ballot.id for ballot in self.ballots), *(report.id for report in self.reports))

    @property
    def compared(self) -> list[object]:
        """All that histories are compared with, and nothing of ballots that is not."""
        return [*((ballot.id, ballot.outcome, ballot.tally, ballot.votes) for ballot in self.ballots), *self.reports]

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of what histories are compared with."""
        return hashlib.sha256(repr(self.compared).encode()).hexdigest()[:16]

    def without(self, decision: str) -> Record:
        """All but one ballot and what rests on it."""
        return self._only(lambda ballot: ballot.id != decision, lambda report: True)

    def before(self, decision: str) -> Record:
        """Only what was known before a ballot: earlier ballots, and reports of days before it."""
        day = next(ballot.date for ballot in self.ballots if ballot.id == decision)
        order = [ballot.id for ballot in self.ballots]
        earlier = set(order[: order.index(decision)])
        return self._only(lambda ballot: ballot.id in earlier, lambda report: report.last < day)

    def _only(self, is_ballot: Callable[[Ballot], bool], is_report: Callable[[Report], bool]) -> Record:
        ballots = tuple(ballot for ballot in self.ballots if is_ballot(ballot))
        gone = {ballot.id for ballot in self.ballots} - {ballot.id for ballot in ballots}
        reports = (report for report in self.reports if is_report(report) and not gone & set(report.rests_on))
        return Record(ballots, tuple(reports))


def record_of(scenario: Scenario) -> Record:
    """Everything in a scenario that its histories can be compared with.

    Ballots: `compared_ballots`. Reports: `reports_of`, but for what rests on a ballot that is not compared.
    """
    ballots = compared_ballots(scenario)
    compared = {ballot.id for ballot in ballots}
    reports = [report for report in reports_of(scenario) if compared >= set(report.rests_on)]
    return Record(ballots, tuple(sorted(reports, key=lambda report: report.last)))


def last_moment(scenario: Scenario, record: Record) -> int:
    """The last moment that has to be played to compare a history with the record; -1 if none has."""
    ids = {ballot.id for ballot in record.ballots}
    ballots = [number for number, entry in enumerate(scenario.entries) if entry.id in ids]
    watched = [number for report in record.reports for number, _ in looked_at(scenario.entries, report)]
    return max([*ballots, *watched], default=-1)


def documented(scenario: Scenario, record: Record) -> Documented:
    """The record as arrays for the compiled core."""
    _, names = arrays_of(scenario)
    ballots = np.zeros(len(names.ballots), COMPARED)
    votes = np.full(len(names.electors), NO_VOTE, np.int8)
    for ballot in (one for compared in record.ballots for one in choice_of(scenario.debate, compared)):
        ballots[names.ballots.index(ballot.id)] = _compared(scenario, ballot)
        for member, vote in named_votes(scenario.debate, ballot).items():
            if vote.evidence in COUNTS_AS_A_VOTE and (ballot.id, member) in names.electors:
                votes[names.electors.index((ballot.id, member))] = VOTES[vote.vote]
    rows = []
    for number, report in enumerate(record.reports):
        row = names.members.index(report.member)
        rows += [(moment, row, number, weight) for moment, weight in looked_at(scenario.entries, report)]
    watched = np.array(sorted(rows), WATCHED)
    return Documented(ballots.view(np.recarray), votes, watched.view(np.recarray), len(record.reports))


def _compared(scenario: Scenario, ballot: Ballot) -> tuple[int, ...]:
    given = (ballot.tally.yes, ballot.tally.no, ballot.tally.abstain) if ballot.tally else (None, None, None)
    plan, names = arrays_of(scenario)
    units = int(plan.ballots.units[names.ballots.index(ballot.id)])
    counts = [UNCOUNTED if count is None else int(Fraction(str(count)) * units) for count in given]
    # Who answers a poll by note meets nobody there: their attendance matters for nothing else, and can be summed over.
    is_open = ballot.by_correspondence and ballot.one_of is None and counts[0] != UNCOUNTED and counts[1] != UNCOUNTED
    # Of a choice among several motions what is known is compared once, with the motion that won.
    return (int(ballot.is_compared), OUTCOMES.get(str(ballot.outcome), NOT_PUT), *counts, int(is_open))
