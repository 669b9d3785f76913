"""The record as data: what histories are compared with, what counts once, and what goes with what is left out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

import sim
from sim.calibration import record
from sim.calibration.likelihood import Likelihood
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario
from tests.debates import Floats, ballot, day, debate, played, talk

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
SOURCES = {"BOOK": {"title": "A book"}}
PLACES = {"against": 0.0, "between": 0.5, "in-favour": 1.0}
SPREADS = {"documented": "near", "attributed": "nearer", "conjecture": "far"}
PARAMETERS = {"near": 0.1, "nearer": 0.2, "far": 0.5, "sharpness": 2.0}


def observed(name: str, on: int, stance: str, **more: Any) -> dict[str, Any]:
    """An observation."""
    return {"id": name, "date": day(on), "stance": stance, "says": name, **BOOK, "record": f"R-{name}", **more}


def committee(members: dict[str, Any], *moments: Any, **parts: Any) -> Scenario:
    """A debate with a source, three positions and spreads."""
    given = {"observation_spread": SPREADS, "ballots": {"rule": "logit", "sharpness": "sharpness"}, **parts}
    return debate(members, *moments, weeks=6, sources=SOURCES, positions=PLACES, parameters=PARAMETERS, **given)


def vote(name: str, on: int, **more: Any) -> dict[str, Any]:
    """A ballot on going to `in-favour`, or staying `against`."""
    return {**ballot(name, "in-favour", "against", on, **{"outcome": "carried", **more}), **BOOK}


def likelihood(scenario: Scenario, replicates: int = 1) -> dict[str, Floats]:
    """The probability of each datum in some histories, by its name; everything unknown at its median."""
    found = record.record_of(scenario)
    target = Likelihood(scenario, found, 1)
    points = np.zeros((len(target.coordinates), replicates))
    return dict(zip(found.names, np.exp(target(points, np.arange(replicates, dtype=np.uint64))), strict=True))


def test_a_report_is_in_favour_of_the_positions_nearest_to_it() -> None:
    """The chance of a report is that a normal error ends nearest to it: cut-points lie midway between positions."""
    members = {
        "ann": {"first_stance": 0.6, "observations": [observed("a", 1, "between"), observed("b", 2, "in-favour")]},
        "bob": {"first_stance": 0.2, "observations": [observed("c", 3, "against", evidence="attributed")]},
    }
    found = likelihood(committee(members, vote("vote", 9)))
    assert found["a"][0] == pytest.approx(norm.cdf((0.75 - 0.6) / 0.1) - norm.cdf((0.25 - 0.6) / 0.1))
    assert found["b"][0] == pytest.approx(1 - norm.cdf((0.75 - 0.6) / 0.1))
    assert found["c"][0] == pytest.approx(norm.cdf((0.25 - 0.2) / 0.2))


def test_what_nobody_reported_counts_as_conjecture() -> None:
    """An observation from background knowledge, or inferred, has the widest spread, whatever its evidence word."""
    members = {"ann": {"first_stance": 0.6, "observations": [observed("a", 1, "in-favour", provenance="inference")]}}
    assert likelihood(committee(members, vote("vote", 9)))["a"][0] == pytest.approx(1 - norm.cdf(0.15 / 0.5))


def test_the_chances_of_all_positions_add_up_to_one() -> None:
    """Whatever the stance, it would have been reported as something."""
    total = 0.0
    for stance in PLACES:
        members = {"ann": {"first_stance": 0.37, "observations": [observed("a", 1, stance)]}}
        total += likelihood(committee(members, vote("vote", 9)))["a"][0]
    assert total == pytest.approx(1.0)


def test_a_report_is_compared_with_the_stance_of_its_day() -> None:
    """A talk on day 3 moves ann from 0 to 0.25: reports of day 2 and of day 3 meet different stances."""
    members = {
        "ann": {"first_stance": 0.0, "observations": [observed("a", 2, "between"), observed("b", 3, "between")]},
        "bob": 1.0,
    }
    found = likelihood(committee(members, talk("meeting", 3), vote("vote", 9)))
    assert found["a"][0] == pytest.approx(norm.cdf(7.5) - norm.cdf(2.5))
    assert found["b"][0] == pytest.approx(norm.cdf(5.0) - norm.cdf(0.0))


def test_a_label_for_a_period_is_compared_with_its_mean() -> None:
    """Two Mondays before a talk that takes ann from 0 to 0.25, two after: the label meets 0.125."""
    label = observed("a", 1, "against", between=[day(0), day(27)], whole_period=True)
    members = {"ann": {"first_stance": 0.0, "observations": [label]}, "bob": 1.0}
    scenario = committee(members, talk("meeting", 10), vote("vote", 30), drift={"reversion": "none", "noise": "none"})
    assert likelihood(scenario)["a"][0] == pytest.approx(norm.cdf(1.25))


def moved(name: str, since: int, towards: str, at_least: float = 0.0) -> dict[str, Any]:
    """An observation, on day 9, that somebody moved."""
    seen = observed(name, 9, "")
    del seen["stance"]
    return {**seen, "movement": {"since": day(since), "towards": towards, "at_least": at_least}}


def test_a_movement_is_compared_with_how_far_the_stance_moved() -> None:
    """A talk takes ann from 0 to 0.25: seen twice, each time with an error, and at least so far, the way it is said."""
    seen = [moved("rose", 1, "high", 0.1), moved("fell", 1, "low", 0.1), moved("late", 4, "high")]
    members = {"ann": {"first_stance": 0.0, "observations": seen}, "bob": 1.0}
    found = likelihood(committee(members, talk("meeting", 3), vote("vote", 12)))
    both = 0.1 * math.sqrt(2)
    assert found["rose"][0] == pytest.approx(norm.cdf((0.25 - 0.1) / both))
    assert found["fell"][0] == pytest.approx(norm.cdf((-0.25 - 0.1) / both))
    assert found["late"][0] == pytest.approx(0.5)


def test_a_movement_says_nothing_of_where_the_stance_was() -> None:
    """Wherever ann began, the same way has the same chance."""
    rose = moved("rose", 1, "high", 0.1)
    chances = []
    for first, other in ((0.0, 0.4), (0.4, 0.8)):
        members = {"ann": {"first_stance": first, "observations": [rose]}, "bob": other}
        chances.append(likelihood(committee(members, talk("meeting", 3), vote("vote", 12)))["rose"][0])
    assert chances[0] == pytest.approx(chances[1])


def test_what_a_first_stance_is_drawn_from_is_not_counted_again() -> None:
    """An observation of the same item of the record as the first stance is left out; others stay."""
    scenario = committee(
        {"ann": {"first_stance": 0.5, "observations": [observed("a", 1, "between"), observed("b", 2, "between")]}},
        vote("vote", 9),
    )
    assert record.record_of(scenario).names == ("vote", "a", "b")
    cited = {"set": "ann.first_stance.record", "to": ["R-a"]}
    assert record.record_of(scenario.with_changes(cited)).names == ("vote", "b")


def test_what_is_merely_assumed_is_no_datum() -> None:
    """Nor is anything observed where the scenario does not say how far observations may be off."""
    assumed = {"evidence": "assumed", "note": "invented", "provenance": [], "source": []}
    members = {"ann": {"first_stance": 0.5, "observations": [observed("a", 1, "between", **assumed)]}}
    assert record.record_of(committee(members, vote("vote", 9))).names == ("vote",)
    members = {"ann": {"first_stance": 0.5, "observations": [observed("a", 1, "between")]}}
    silent = debate(members, vote("vote", 9), sources=SOURCES, positions=PLACES)
    assert record.record_of(silent).names == ("vote",)


def several() -> Scenario:
    """Three ballots, and reports before, between and after them, one of which rests on the second."""
    reports = [observed("early", 3, "between"), observed("late", 25, "between")]
    reports += [observed("resting", 12, "between", rests_on="second"), observed("same-day", 20, "between")]
    members = {"ann": {"first_stance": 0.5, "observations": reports}, "bob": 0.5}
    return committee(members, vote("first", 5), vote("second", 10), vote("third", 20))


def test_observations_go_where_the_vote_goes_that_they_rest_on() -> None:
    """Leaving out the second ballot leaves out what was inferred from it, and nothing else."""
    kept = record.record_of(several()).without("second")
    assert kept.names == ("first", "third", "early", "same-day", "late")


def test_before_a_ballot_is_known_what_is_dated_before_it() -> None:
    """Earlier ballots, and reports of earlier days: not of the same day, and not what rests on a later ballot."""
    found = record.record_of(several())
    assert found.before("third").names == ("first", "second", "early", "resting")
    assert found.before("first").names == ("early",)


def test_a_ballot_has_the_chance_that_the_model_gives_it() -> None:
    """Without counts or named votes it is the chance of carrying of every history, by the record."""
    members = {"ann": 0.9, "bob": 0.4, "cat": 0.7}
    for outcome in ("carried", "rejected"):
        scenario = committee(members, vote("vote", 9, outcome=outcome))
        chance = played(scenario, 1, follows_record=True).chance[0, 0]
        assert likelihood(scenario)["vote"][0] == pytest.approx(chance if outcome == "carried" else 1 - chance)


def yes_of(stance: float) -> float:
    """The chance of a yes: sharpness 2, u = stance^2 - (1 - stance)^2."""
    return 1 / (1 + math.exp(-2 * (stance**2 - (1 - stance) ** 2)))


def test_a_named_vote_and_the_outcome_are_one_datum() -> None:
    """Ann is known to have voted yes, and it was carried: her chance, times that one of the other two followed."""
    a, b, c = (yes_of(stance) for stance in (0.9, 0.4, 0.7))
    scenario = committee({"ann": 0.9, "bob": 0.4, "cat": 0.7}, vote("vote", 9))
    named = scenario.with_changes({"set": "vote.votes", "to": [{"member": "ann", "vote": "yes", **BOOK}]})
    assert likelihood(named)["vote"][0] == pytest.approx(a * (1 - (1 - b) * (1 - c)))
    against = scenario.with_changes({"set": "vote.votes", "to": [{"member": "ann", "vote": "no", **BOOK}]})
    assert likelihood(against)["vote"][0] == pytest.approx((1 - a) * b * c)


def test_a_vote_that_is_only_conjectured_is_left_to_the_model() -> None:
    """From recollection alone nobody is held to have voted yes."""
    scenario = committee({"ann": 0.9, "bob": 0.4, "cat": 0.7}, vote("vote", 9))
    guess = {"member": "ann", "vote": "no", **BOOK, "evidence": "conjecture"}
    guessed = scenario.with_changes({"set": "vote.votes", "to": [guess]})
    assert likelihood(guessed)["vote"] == pytest.approx(likelihood(scenario)["vote"])


def test_a_tally_of_a_full_house_is_a_poisson_binomial() -> None:
    """Two to one of three, by hand; none against is that all said yes."""
    a, b, c = (yes_of(stance) for stance in (0.9, 0.4, 0.7))
    scenario = committee({"ann": 0.9, "bob": 0.4, "cat": 0.7}, vote("vote", 9))
    two = scenario.with_changes({"set": "vote.tally", "to": {"yes": 2, "no": 1, **BOOK}})
    by_hand = a * b * (1 - c) + a * (1 - b) * c + (1 - a) * b * c
    assert likelihood(two)["vote"][0] == pytest.approx(by_hand)
    none = scenario.with_changes({"set": "vote.tally", "to": {"no": 0, **BOOK}})
    assert likelihood(none)["vote"][0] == pytest.approx(a * b * c)


def test_who_answered_a_poll_is_summed_over() -> None:
    """By note and with 0.6 who answer, one to nothing of two: one answers yes and the other not, either way round."""
    a, b = yes_of(0.9), yes_of(0.4)
    poll = vote("vote", 9, by_correspondence=True, attendance="answering", tally={"yes": 1, "no": 0, **BOOK})
    parameters = {**PARAMETERS, "answering": 0.6}
    members = {"ann": 0.9, "bob": 0.4}
    voting = {"rule": "logit", "sharpness": "sharpness"}
    scenario = debate(members, poll, weeks=6, sources=SOURCES, positions=PLACES, parameters=parameters, ballots=voting)
    found = likelihood(scenario, 20)["vote"]
    assert found == pytest.approx(np.full(20, 0.6 * a * 0.4 + 0.4 * 0.6 * b))


def test_the_luck_of_who_came_is_part_of_a_history_where_they_also_talked() -> None:
    """At a sitting the chance follows the history's own attendance; its mean is the law with attendance summed over."""
    poll = vote("vote", 9, attendance="coming", tally={"yes": 1, "no": 0, **BOOK})
    scenario = debate(
        {"ann": 0.9, "bob": 0.4}, poll, weeks=6, sources=SOURCES, positions=PLACES,
        parameters={**PARAMETERS, "coming": 0.6}, ballots={"rule": "logit", "sharpness": "sharpness"},
    )  # fmt: skip
    a, b = yes_of(0.9), yes_of(0.4)
    found = likelihood(scenario, 4000)["vote"]
    assert set(np.round(found, 6)) == {0.0, round(a, 6), round(b, 6)}
    assert found.mean() == pytest.approx(0.6 * 0.4 * (a + b), abs=4 * found.std() / math.sqrt(4000))


def test_nothing_is_played_after_the_last_datum() -> None:
    """The debate ends, for a calibration, with what it is compared with; whom that does not touch is not learnt of."""
    members = {"ann": {"uniform": [0, 1]}, "bob": {"uniform": [0, 1]}, "cat": {"uniform": [0, 1]}}
    boards = {"late": {"members": ["cat"]}}
    scenario = committee(
        members, vote("vote", 9), {**vote("after", 20, body="late"), "fit": False, "unfit_because": "a test"},
        board={"members": ["ann", "bob"]}, bodies=boards,
    )  # fmt: skip
    target = Likelihood(scenario, record.record_of(scenario), 1)
    assert [name for _, name in target.coordinates] == ["ann", "bob"]
    assert scenario.entries[target.last].id == "vote"


def test_the_first_debate_is_fitted_to_seven_decisions() -> None:
    """The commission, the decree and the congress are predicted, never fitted; no datum is a first stance's own."""
    scenario = sim.load("monopoly-1922")
    found = record.record_of(scenario)
    assert [ballot.record[0] for ballot in found.ballots] == ["D1", "D3", "D4", "D8", "D10", "D11", "D12"]
    cited = {
        item
        for member in scenario.debate.members.values()
        if member.first_stance
        for item in member.first_stance.record
    }
    reported = {o.id: set(o.record) for member in scenario.debate.members.values() for o in member.observations}
    assert not any(reported[report.id] & cited for report in found.reports)
    assert not any(report.member.startswith("congress") for report in found.reports)


def test_a_posterior_that_the_scenario_has_does_not_enter_its_likelihood() -> None:
    """The likelihood is a function of the point alone."""
    scenario = committee({"ann": {"uniform": [0, 1]}, "bob": 0.5}, vote("vote", 9))
    informed = scenario.with_posterior(Particles.of((), ("ann",), np.array([[0.9]]), ""))
    assert likelihood(informed)["vote"] == likelihood(scenario)["vote"]
