"""Candidate models of one record: which there are, what tells them apart, and what cannot."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import pytest

import sim
from sim.calibration.calibration import Effort, calibrate
from sim.calibration.smc import Sampler, SamplerRun
from sim.evaluation import model_comparison
from sim.evaluation.model_comparison import ModelComparison, compare
from sim.model.rules import persuasion
from sim.results.tables import encoded
from sim.scenario.scenario import Scenario
from tests.debates import ballot, debate, letter, talk

#: A rule for those who test a model, and no candidate.
COPYING = "random-copying"
BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}


def divided(*more: Any, **parts: Any) -> Scenario:
    """Two who disagree and one unknown, who talk and vote twice."""
    law = {"value": {"uniform": [0.1, 0.5]}, "range": [0, 0.6]}
    return debate(
        {"ann": 0.9, "bob": 0.1, "cat": {"uniform": [0, 1]}},
        talk("meeting", 2),
        {**ballot("first", 0.9, 0.1, 5, outcome="carried"), **BOOK},
        letter("word", "ann", ["bob"], 0.9, 6),
        {**ballot("second", 0.9, 0.1, 9, outcome="carried"), **BOOK},
        *more,
        weeks=2,
        sources={"BOOK": {"title": "A book"}},
        parameters={"openness": law, "sharpness": 3.0, "bound": 0.5, "attachment": 0.1},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        talk={"rule": "soft-bounded-confidence", "susceptibility": "openness", "attachment": "attachment",
              "bound": "bound"},
        **parts,
    )  # fmt: skip


def test_every_rule_is_a_candidate_where_the_debate_has_its_parameters() -> None:
    """Attachment is taken out for the rule that makes it itself; without a bound, rules that need one stay out."""
    candidates, not_compared = model_comparison.rules(divided())
    assert [candidate.name for candidate in candidates] == [word for word in persuasion.RULES if word != COPYING]
    assert [why.partition(":")[0] for why in not_compared] == [COPYING]
    assert [candidate.name for candidate in candidates if candidate.is_own] == ["soft-bounded-confidence"]
    unbounded = divided().with_changes(
        {"set": "dynamics.talk.rule", "to": "degroot"}, {"remove": "dynamics.talk.bound"}
    )
    candidates, not_compared = model_comparison.rules(unbounded)
    assert [candidate.name for candidate in candidates] == ["degroot", "friedkin-johnsen"]
    assert all("needs a 'bound'" in why for why in not_compared if not why.startswith(COPYING))
    assert len(not_compared) == len(persuasion.RULES) - 2


def test_the_debate_without_each_part_that_it_has_is_a_candidate() -> None:
    """Without letters and without talk, fitted to the same record; who has nobody to defer to is told."""
    found = compare(divided(), 1, Effort(40, 1))
    table = found.table.set_index("name")
    assert list(table.index[table.kind == "ablation"]) == ["letters move nobody", "talk moves nobody"]
    assert table.difference[table.kind == "ablation"].notna().all()
    assert "without deference: there is none in this debate" in found.not_compared
    assert "Of the models without a part" in found.text


def test_every_other_side_of_a_contested_point_is_a_candidate() -> None:
    """One at a time; the sides that are taken are the scenario's own way."""
    scenario = sim.load("monopoly-1922", {"kamenev": "abolition"}, prior=True)
    candidates = {candidate.name: candidate.scenario for candidate in model_comparison.readings(scenario)}
    options = sum(len(reading.options) for reading in scenario.debate.readings.values())
    assert len(candidates) == options - len(scenario.debate.readings)
    readings = candidates["deferral-body=politburo"].document.readings_applied
    assert readings == {**scenario.readings, "deferral-body": "politburo"}
    assert "kamenev=easing" in candidates


@pytest.fixture(scope="module")
def comparison() -> ModelComparison:
    """Candidates of the small debate."""
    return compare(divided(), 1, Effort(200, 2))


def test_the_own_rule_differs_from_itself_by_nothing(comparison: ModelComparison) -> None:
    """Differences are to the scenario's own rule, whose evidence is that of its calibration."""
    table = comparison.table.set_index("name")
    assert table.difference["soft-bounded-confidence"] == 0.0
    fit = calibrate(divided(), 1, Effort(200, 2))
    assert table.log_evidence["soft-bounded-confidence"] == fit.log_evidence
    assert np.isfinite(table.difference).all()


def test_two_ballots_cannot_tell_rules_apart_and_the_text_says_so(comparison: ModelComparison) -> None:
    """Of rules that hardly differ in what they predict none is told against."""
    assert "It cannot tell apart from the best" in comparison.text
    assert "tells against" not in comparison.text
    assert "too few" not in comparison.text
    assert set(comparison.decisions.decision) == {"first", "second"}
    assert comparison.decisions.probability.between(0, 1).all()


def test_a_decision_left_out_is_predicted_by_a_fit_that_never_saw_it(comparison: ModelComparison) -> None:
    """What is said of the decision left out does not change with its outcome."""
    otherwise = divided().with_changes({"set": "second.outcome", "to": "rejected"})
    other = compare(otherwise, 1, Effort(200, 2)).decisions
    for predictor, is_same in (("leave-one-out", True), ("fitted", False)):
        said = [
            table[(table.predictor == predictor) & (table.decision == "second")]
            for table in (comparison.decisions, other)
        ]
        assert (said[0].probability.to_numpy() == said[1].probability.to_numpy()).all() == is_same


def test_too_few_particles_are_told() -> None:
    """Where a run has too few particles for what is unknown, the text warns of the evidences; else it does not."""
    found = compare(divided(), 1, Effort(11, 1))
    assert "Runs of 11 particles are too few for 2 unknowns" in found.text
    assert "Take 12 or more." in found.text


def test_what_hangs_on_the_comparison_is_told_beside_the_own_answer(comparison: ModelComparison) -> None:
    """Every other candidate's answers less the own, the largest of each first."""
    moves, said = comparison.moves, comparison.decisions.set_index(["predictor", "name", "decision"]).loc["fitted"]
    assert "soft-bounded-confidence" not in set(moves.name)
    assert len(moves) == 2 * (len(comparison.candidates) - 1)
    for row in moves.itertuples():
        assert row.own == said.probability["soft-bounded-confidence", row.decision]
        assert row.difference == pytest.approx(said.probability[row.name, row.decision] - row.own)
    for _, table in moves.groupby("name"):
        assert table.difference.abs().is_monotonic_decreasing


def test_leave_one_out_scores_say_how_far_off_they_are(comparison: ModelComparison) -> None:
    """Scores of what was left out are sums over the decisions, which are told beside what the whole fit says."""
    table = comparison.table.set_index("name")
    said = comparison.decisions.set_index(["predictor", "name"]).loc["leave-one-out"]
    for name in table.index:
        assert table.leave_one_out_score[name] == pytest.approx(np.log(said.probability[name]).sum())
        # The fits have their random numbers in common, so that their errors may all go one way.
        assert table.leave_one_out_error[name] == pytest.approx((said.error[name] / said.probability[name]).sum())
    ahead = comparison.decisions.set_index(["predictor", "name"]).loc["one-step-ahead"]
    for name in table.index:
        assert table.one_step_ahead_score[name] == pytest.approx(np.log(ahead.probability[name]).sum())
    assert set(comparison.decisions.predictor) == {"fitted", "one-step-ahead", "leave-one-out"}


def test_a_reading_that_changes_nothing_in_the_model_is_not_fitted_twice() -> None:
    """Who moved a motion may be contested, and nothing computed hang on it; the text says so and leaves it at that."""
    reading = {
        "question": "Who moved it?",
        "default": "unknown",
        "options": {
            "unknown": {"says": "Nobody knows.", **BOOK},
            "bob": {"says": "Bob did.", "changes": [{"set": "second.moved_by", "to": "bob"}], **BOOK},
        },
    }
    found = compare(divided(readings={"mover": reading}), 1, Effort(100, 2))
    fits = {candidate.name: fit for candidate, fit in zip(found.candidates, found.fits, strict=True)}
    assert fits["mover=bob"] is fits["soft-bounded-confidence"]
    assert found.text.endswith("Nothing that the model knows of hangs on mover=bob.")
    assert found.text.count("mover=bob") == 1


def test_a_reading_that_changes_the_data_is_not_compared_by_its_evidence() -> None:
    """The evidences of different records are no odds: the difference is left open."""
    reading = {
        "question": "How many?",
        "default": "unknown",
        "options": {
            "unknown": {"says": "Nobody knows.", **BOOK},
            "two-to-one": {
                "says": "Two to one.",
                "changes": [{"set": "second.tally", "to": {"yes": 2, "no": 1, **BOOK}}],
                **BOOK,
            },
        },
    }
    found = compare(divided(readings={"count": reading}), 1, Effort(100, 2)).table.set_index("name")
    assert math.isnan(found.difference["count=two-to-one"])


def test_however_many_work_the_comparison_has_the_same_bits() -> None:
    """One thread and two threads leave the same tables and the same particles."""
    one, two = (compare(divided(), 1, Effort(20, 1, workers)) for workers in (1, 2))
    assert [encoded(table) for table in one.tables.values()] == [encoded(table) for table in two.tables.values()]
    for fit, other in zip(one.fits, two.fits, strict=True):
        assert (fit.quantiles == other.quantiles).all()


def test_fits_of_one_run_each_are_made_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two workers none waits until a fit is done before the next is begun: each has one at hand."""
    together, run, begun = threading.Barrier(2, timeout=60), Sampler.run, list[Sampler]()

    def beside_another(sampler: Sampler) -> SamplerRun:
        begun.append(sampler)
        if len(begun) <= 20:  # an odd one at the end would wait for nobody
            together.wait()
        return run(sampler)

    monkeypatch.setattr(Sampler, "run", beside_another)
    compare(divided(), 1, Effort(20, 1, workers=2))
    assert len(begun) > 20
    assert not together.broken
