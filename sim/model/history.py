"""One history of a debate, played moment by moment."""

from __future__ import annotations

import datetime

import numpy as np

from sim.model import dynamics, priors, random_streams
from sim.model.arrays import OUTCOME_WORDS, arrays_of
from sim.model.state import Inputs, begin, empty_votes
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import Entry


class History:
    """A history as far as it has been played: the arrays that the rules work on, for one replicate.

    script: the debate. random_seed, replicate: which of the histories of an ensemble with that seed it is, bit for
    bit. follows_record: whether documented outcomes replace those voted. played: how many moments.
    """

    def __init__(self, script: Scenario, random_seed: int, replicate: int, follows_record: bool) -> None:
        self.script, self.random_seed, self.replicate = script, random_seed, replicate
        self.arrays, self.names = arrays_of(script)
        self.inputs = self._inputs(follows_record)
        self.state = begin(self.arrays, self.inputs.first)
        self.votes = empty_votes(self.arrays, 1)
        self.played = 0

    def _inputs(self, follows_record: bool) -> Inputs:
        seed, replicate = random_streams.seed_words(self.random_seed), np.array([self.replicate], dtype=np.uint64)
        known = priors.of_debate(self.script.debate)
        parameters, first = priors.of_replicates(known, seed, replicate, posterior=self.script.posterior)
        return Inputs(parameters, first, replicate, seed, follows_record)

    @property
    def upcoming(self) -> Entry | None:
        """The moment that the next step plays, or None at the end."""
        return self.names.entries[self.played] if self.played < len(self.names.entries) else None

    @property
    def last(self) -> Entry | None:
        """The moment played last, or None at the beginning."""
        return self.names.entries[self.played - 1] if self.played else None

    @property
    def date(self) -> datetime.date:
        """The day on which the debate stands."""
        return self.last.date if self.last else self.script.debate.span.start

    @property
    def moment(self) -> str:
        """The id of the moment played last, or nothing at the beginning."""
        return self.last.id if self.last else ""

    @property
    def policy(self) -> float:
        """The policy in force, in units of the axis."""
        return float(self.state.policy[0])

    def outcome(self, ballot: str) -> str:
        """What became of a ballot so far: carried, rejected or not put. Raises KeyError for no ballot."""
        if ballot not in self.names.ballots:
            raise KeyError(f"{ballot!r} is not a ballot: there is {', '.join(self.names.ballots)}")
        return OUTCOME_WORDS[int(self.state.decided[self.names.ballots.index(ballot), 0])]

    def step(self) -> None:
        """Play the next moment."""
        dynamics.play_moment(self.arrays, self.state, self.inputs, self.played, self.votes)
        self.played += 1
