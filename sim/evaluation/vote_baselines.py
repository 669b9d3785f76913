"""Simple rules that predict how each member votes in a roll call, from other roll calls or from the file alone.

Each gives the chances of yes, of no and of abstaining. Yes to a motion and no to another may be the same side: what
counts is which of a motion's two ends lies higher on the axis. A rule that says one vote gives it the chance
(hits + 1) / (n + 2) from the n known votes of which it says one, as the baselines of decisions do, and the other two
share what is left as often as they are seen. Of whom a rule can say nothing, it says what the majority's rule does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.calibration.record import COUNTS_AS_A_VOTE
from sim.evaluation import spatial_voting
from sim.evaluation.baselines import documented_ends
from sim.model import priors
from sim.model.array_types import Floats
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.seats import named_votes, people

#: The votes, in the order of every three chances here.
VOTES = ("yes", "no", "abstain")
PREVIOUS, FIRST_STANCE, MAJORITY, SPATIAL = "previous-vote", "first-stance", "majority", "spatial"


class NamedVote(NamedTuple):
    """The vote of somebody in a roll call, and the word for how well it is known."""

    decision: str
    member: str
    vote: str
    evidence: str

    @property
    def is_compared(self) -> bool:
        """Whether models are fitted to it, and rules learn from it: what is conjectured is predicted at most."""
        return self.evidence in COUNTS_AS_A_VOTE


@dataclass(frozen=True)
class RollCalls:
    """The named votes in the decisions of a debate that are compared with the record, in their order.

    direction: of each decision, 1 if carrying it leads up the axis, or no way at all, else -1. first_sides: by decision
    and member, the side that a first stance of their own is on.
    """

    votes: tuple[NamedVote, ...]
    direction: Mapping[str, int]
    first_sides: Mapping[tuple[str, str], int]

    @property
    def decisions(self) -> list[str]:
        """The roll calls, in order."""
        return list(dict.fromkeys(vote.decision for vote in self.votes))

    def of(self, decision: str) -> list[NamedVote]:
        """The votes of one roll call."""
        return [vote for vote in self.votes if vote.decision == decision]

    def without(self, decision: str) -> Known:
        """What is known of all other roll calls."""
        return Known(self, tuple(vote for vote in self.votes if vote.is_compared and vote.decision != decision))

    def before(self, decision: str) -> Known:
        """What is known of earlier roll calls."""
        earlier = self.decisions[: self.decisions.index(decision)]
        return Known(self, tuple(vote for vote in self.votes if vote.is_compared and vote.decision in earlier))


def roll_calls(scenario: Scenario) -> RollCalls:
    """The named votes of a debate."""
    debate, ballots = scenario.debate, compared_ballots(scenario)
    # Of several things that may come in place of a motion, the nearest to it divides those for it from the others.
    ends = {
        name: (carried, min(others, key=lambda end: abs(end - carried)))
        for name, (carried, *others) in documented_ends(scenario).items()
    }
    known, stances = priors.of_debate(debate), {}
    votes = [
        NamedVote(ballot.id, member, vote.vote, vote.evidence)
        for ballot in ballots
        for member, vote in named_votes(debate, ballot).items()
    ]
    everybody = people(debate)
    for member in {vote.member for vote in votes}:
        if everybody[member].first_stance is not None:
            stances[member] = known.median_stance(member)
    sides = {
        (vote.decision, vote.member): int(np.sign(stances[vote.member] - sum(ends[vote.decision]) / 2))
        for vote in votes
        if vote.member in stances
    }
    direction = {ballot.id: 1 if ends[ballot.id][0] >= ends[ballot.id][1] else -1 for ballot in ballots}
    return RollCalls(tuple(votes), direction, sides)


def _side(vote: str, direction: int) -> int:
    return {"yes": direction, "no": -direction, "abstain": 0}[vote]


def _vote(side: int, direction: int) -> str:
    return "abstain" if side == 0 else "yes" if side == direction else "no"


@dataclass(frozen=True)
class Known:
    """The votes from which a roll call is predicted."""

    record: RollCalls
    votes: tuple[NamedVote, ...]

    @cached_property
    def by_member(self) -> dict[str, list[NamedVote]]:
        """The known votes of each member, in order."""
        found: dict[str, list[NamedVote]] = {}
        for vote in self.votes:
            found.setdefault(vote.member, []).append(vote)
        return found

    @cached_property
    def majority(self) -> Floats:
        """How often each vote is seen, by Laplace's rule."""
        seen = Counter(vote.vote for vote in self.votes)
        return np.array([(seen[vote] + 1) / (len(self.votes) + 3) for vote in VOTES])


#: What a rule says that somebody votes in a decision, by what is known of other roll calls; None if it cannot say.
Says = Callable[[Known, str, str], str | None]


def previous_vote(known: Known, decision: str, member: str) -> str | None:
    """The side of their last vote before, or else of their first one after, as far as they are known."""
    place = {name: number for number, name in enumerate(known.record.decisions)}
    theirs = [vote for vote in known.by_member.get(member, []) if vote.decision != decision]
    if not theirs:
        return None
    before = [vote for vote in theirs if place[vote.decision] < place[decision]]
    nearest = before[-1] if before else theirs[0]
    side = _side(nearest.vote, known.record.direction[nearest.decision])
    return _vote(side, known.record.direction[decision])


def first_stance(known: Known, decision: str, member: str) -> str | None:
    """The end of the motion that lies nearer to the middle of their first stance, if they have one of their own."""
    side = known.record.first_sides.get((decision, member), 0)
    return _vote(side, known.record.direction[decision]) if side else None


def _by_trust(says: Says, known: Known, decision: str) -> dict[str, Floats]:
    said = [(says(known, vote.decision, vote.member), vote.vote) for vote in known.votes]
    hits = [one == vote for one, vote in said if one is not None]
    trust = (sum(hits) + 1) / (len(hits) + 2)
    found = {}
    for vote in known.record.of(decision):
        one = says(known, decision, vote.member)
        chances = known.majority.copy()
        if one is not None:
            chances[VOTES.index(one)] = 0.0
            chances *= (1 - trust) / chances.sum()
            chances[VOTES.index(one)] = trust
        found[vote.member] = chances
    return found


def _by_majority(known: Known, decision: str) -> dict[str, Floats]:
    return {vote.member: known.majority for vote in known.record.of(decision)}


def _by_space(known: Known, decision: str) -> dict[str, Floats]:
    asked = known.record.of(decision)
    members = list(dict.fromkeys([vote.member for vote in (*known.votes, *asked)]))
    motions = list(dict.fromkeys(vote.decision for vote in known.votes))
    member, motion = {name: n for n, name in enumerate(members)}, {name: n for n, name in enumerate(motions)}
    rows = [
        (member[vote.member], motion[vote.decision], _side(vote.vote, known.record.direction[vote.decision]))
        for vote in known.votes
    ]
    who, which, side = np.array(rows, np.int64).reshape(-1, 3).T
    fit = spatial_voting.fit(spatial_voting.Votes(who, which, side, len(members), len(motions)))
    found = {}
    for vote in asked:
        up, down, neither = fit.of_a_new_motion(member[vote.member])
        yes, no = (up, down) if known.record.direction[decision] > 0 else (down, up)
        found[vote.member] = np.array([yes, no, neither])
    return found


#: What each rule says of a roll call from what is known of others: the three chances of each member.
BASELINES: Mapping[str, Callable[[Known, str], dict[str, Floats]]] = {
    MAJORITY: _by_majority,
    PREVIOUS: lambda known, decision: _by_trust(previous_vote, known, decision),
    FIRST_STANCE: lambda known, decision: _by_trust(first_stance, known, decision),
    SPATIAL: _by_space,
}
