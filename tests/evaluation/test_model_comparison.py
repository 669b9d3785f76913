"""Rival models of one record: which there are, what tells them apart, and what cannot."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sim
from sim.calibration.calibration import Effort, calibrate
from sim.evaluation import model_comparison
from sim.evaluation.model_comparison import choose
from sim.model.rules import persuasion
from sim.scenario.scenario import Scenario
from tests.debates import ballot, debate, letter, talk

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


def test_every_rule_is_a_rival_where_the_debate_has_its_parameters() -> None:
    """Attachment is taken out for the rule that makes it itself; without a bound, rules that need one stay out."""
    rivals, no_parameters = model_comparison.rules(divided())
    assert [rival.name for rival in rivals] == list(persuasion.RULES)
    assert no_parameters == []
    assert [rival.name for rival in rivals if rival.is_own] == ["soft-bounded-confidence"]
    unbounded = divided().with_changes(
        {"set": "dynamics.talk.rule", "to": "degroot"}, {"remove": "dynamics.talk.bound"}
    )
    rivals, no_parameters = model_comparison.rules(unbounded)
    assert [rival.name for rival in rivals] == ["degroot", "friedkin-johnsen"]
    assert all("needs a 'bound'" in why for why in no_parameters)
    assert len(no_parameters) == len(persuasion.RULES) - 2


def test_every_other_side_of_a_contested_point_is_a_rival() -> None:
    """One at a time; the sides that are taken are the scenario's own way."""
    scenario = sim.load("monopoly-1922", {"kamenev": "abolition"}, prior=True)
    rivals = {rival.name: rival.scenario for rival in model_comparison.readings(scenario)}
    options = sum(len(reading.options) for reading in scenario.debate.readings.values())
    assert len(rivals) == options - len(scenario.debate.readings)
    readings = rivals["deferral-body=politburo"].document.readings_applied
    assert readings == {**scenario.readings, "deferral-body": "politburo"}
    assert "kamenev=easing" in rivals


@pytest.fixture(scope="module")
def choice() -> model_comparison.Choice:
    """Rivals of the small debate."""
    return choose(divided(), 1, Effort(200, 2))


def test_the_own_rule_differs_from_itself_by_nothing(choice: model_comparison.Choice) -> None:
    """Differences are to the scenario's own rule, whose evidence is that of its calibration."""
    table = choice.table.set_index("name")
    assert table.difference["soft-bounded-confidence"] == 0.0
    fit = calibrate(divided(), 1, Effort(200, 2))
    assert table.log_evidence["soft-bounded-confidence"] == fit.log_evidence
    assert np.isfinite(table.difference).all()


def test_two_ballots_cannot_tell_rules_apart_and_the_text_says_so(choice: model_comparison.Choice) -> None:
    """Of rules that hardly differ in what they predict none is told against."""
    assert "It cannot tell apart from the best" in choice.text
    assert "tells against" not in choice.text
    assert "too few" not in choice.text
    assert set(choice.decisions.decision) == {"first", "second"}
    assert choice.decisions.probability.between(0, 1).all()


def test_a_decision_left_out_is_predicted_by_a_fit_that_never_saw_it(choice: model_comparison.Choice) -> None:
    """What is said of the decision left out does not change with its outcome."""
    otherwise = divided().with_changes({"set": "second.outcome", "to": "rejected"})
    other = choose(otherwise, 1, Effort(200, 2)).decisions
    for how, is_same in (("left out", True), ("fitted", False)):
        said = [table[(table.how == how) & (table.decision == "second")] for table in (choice.decisions, other)]
        assert (said[0].probability.to_numpy() == said[1].probability.to_numpy()).all() == is_same


def test_too_few_particles_are_told() -> None:
    """Where an island has too few particles for what is unknown, the text warns of the evidences; else it does not."""
    found = choose(divided(), 1, Effort(11, 1))
    assert "Islands of 11 particles are too few for 2 unknowns" in found.text
    assert "Take 12 or more (--particles)" in found.text


def test_what_hangs_on_the_choice_is_told_beside_the_own_answer(choice: model_comparison.Choice) -> None:
    """Every other rival's answers less the own, the largest of each first."""
    moves, said = choice.moves, choice.decisions.set_index(["how", "name", "decision"]).loc["fitted"]
    assert "soft-bounded-confidence" not in set(moves.name)
    assert len(moves) == 2 * (len(choice.rivals) - 1)
    for row in moves.itertuples():
        assert row.own == said.probability["soft-bounded-confidence", row.decision]
        assert row.difference == pytest.approx(said.probability[row.name, row.decision] - row.own)
    for _, table in moves.groupby("name"):
        assert table.difference.abs().is_monotonic_decreasing


def test_left_out_scores_say_how_far_off_they_are(choice: model_comparison.Choice) -> None:
    """Each rival's left-out score is the sum over its decisions; these are told beside what the whole fit says."""
    table = choice.table.set_index("name")
    said = choice.decisions.set_index(["how", "name"]).loc["left out"]
    for name in table.index:
        assert table.left_out_score[name] == pytest.approx(np.log(said.probability[name]).sum())
        relative = said.error[name] / said.probability[name]
        assert table.left_out_error[name] == pytest.approx(math.sqrt((relative**2).sum()))
    assert set(choice.decisions.how) == {"fitted", "left out"}


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
    found = choose(divided(readings={"mover": reading}), 1, Effort(100, 2))
    assert found.fits[-1] is next(fit for rival, fit in zip(found.rivals, found.fits, strict=True) if rival.is_own)
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
    found = choose(divided(readings={"count": reading}), 1, Effort(100, 2)).table.set_index("name")
    assert math.isnan(found.difference["count=two-to-one"])
