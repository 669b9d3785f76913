"""Histories that are compared with the record are played without those who do not matter to it."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.calibration import ballot_likelihood, record, relevance
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.state import Inputs
from sim.scenario.scenario import Scenario, compared_ballots

SIZE = 70


def shipped(rule: str) -> Scenario:
    """The debate of 1922 under a rule of persuasion, its movers heeded a little."""
    changes = {"set": "dynamics.talk.rule", "to": rule}, {"set": "dynamics.deference.mover_weight", "to": "week-pull"}
    return sim.load("monopoly-1922", prior=True).with_changes(*changes)


@pytest.mark.parametrize("rule", ["soft-bounded-confidence", "deffuant-weisbuch"])
def test_nobody_plays_otherwise_without_those_who_are_in_nothing(rule: str) -> None:
    """Left out are many; what is compared has the same bits with them and without."""
    scenario = shipped(rule)
    (plan, names), data = arrays_of(scenario), record.record_of(scenario)
    documented, last = record.documented(scenario, data), record.last_moment(scenario, data)
    members = relevance.who_matters(plan, documented, last)
    assert 0 < members.size < len(names.members)
    seed, replicates = random_streams.seed_words(7), np.arange(SIZE, dtype=np.uint64)
    parameters, first = priors.of_replicates(priors.of_debate(scenario.debate), seed, replicates)
    whole = Inputs(parameters, first, replicates, seed, True)
    some = Inputs(parameters, first[members], replicates, seed, True)
    smaller = relevance.among(plan, documented, members)
    for all_of_it, part in zip(
        ballot_likelihood.play(plan, documented, last, whole),
        ballot_likelihood.play(*smaller, last, some),
        strict=True,
    ):
        assert np.array_equal(all_of_it, part)


def test_whoever_is_met_or_reported_on_matters_the_leader_and_movers() -> None:
    """Nobody else does."""
    scenario = shipped("soft-bounded-confidence")
    (plan, names), data = arrays_of(scenario), record.record_of(scenario)
    last = record.last_moment(scenario, data)
    members = relevance.who_matters(plan, record.documented(scenario, data), last)
    met = {name for entry in scenario.entries[: last + 1] for name in entry.who}
    reported = {report.member for report in data.reports}
    movers = {ballot.moved_by for ballot in compared_ballots(scenario)} - {None}
    assert {names.members[row] for row in members} == met | reported | movers | {scenario.debate.leader}
