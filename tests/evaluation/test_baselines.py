"""Baselines: the simple rules that the model is measured by, worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import Scenario
from sim.ensembles.executor import Executor, play_runs
from sim.evaluation import ablations, baselines, predictors, replay
from sim.evaluation.predictors import BASELINES, COIN, LEADERS_WISH, NO_DEFERENCE, NO_DEFERENCE_ITSELF, PUT_PASSES
from sim.scenario.scenario import compared_ballots
from sim.scenario.schema import Ballot
from tests.debates import absence, ballot, debate, letter, talk

ALL = list(BASELINES)


def ballots(*outcomes: str) -> tuple[Ballot, ...]:
    """Ballots with these documented outcomes, one a day."""
    moments = [ballot(f"vote-{number}", 1, 0, on=number, outcome=word) for number, word in enumerate(outcomes, start=1)]
    return compared_ballots(debate({"ann": 1.0, "bob": 1.0}, *moments))


def said(scenario: Scenario, baseline: str, runs: int = 16) -> list[tuple[float, float]]:
    """What a baseline says of every fitted decision: carried (1) or not (0), and its probability."""
    table = baselines.baselines(scenario, runs, 1, Executor())
    table = table[table.predictor == baseline]
    return list(zip(table.carried.tolist(), table.probability.tolist(), strict=True))


# Trust that is earned -------------------------------------------------------------------------------------


def test_a_baseline_trusts_itself_as_far_as_it_has_been_right() -> None:
    """The n-th prediction has the probability (hits + 1) / (n + 2) from the n decisions before, worked out by hand."""
    record = ballots("carried", "carried", "rejected", "carried")
    predicted = {"vote-1": True, "vote-2": False, "vote-3": False, "vote-4": True}
    made = baselines.by_trust("hunch", record, predicted)
    # Hits: right, wrong, right. Trust before each: 1/2, 2/3, 2/4, 3/5; a no has the rest.
    assert [prediction.probability for prediction in made] == pytest.approx([1 / 2, 1 / 3, 1 / 2, 3 / 5])
    assert [prediction.log_score for prediction in made] == pytest.approx(
        [math.log(1 / 2), math.log(1 / 3), math.log(1 / 2), math.log(3 / 5)]
    )
    assert [prediction.carried for prediction in made] == [1, 0, 0, 1]


def test_what_is_said_by_half_is_half_right() -> None:
    """A rule that is itself even gives one half, and earns half a hit, worked out by hand."""
    made = baselines.by_trust("hunch", ballots("carried", "rejected"), {"vote-1": 0.5, "vote-2": 0.2})
    # Trust before the second: (0.5 + 1) / (1 + 2) = 1/2; and with a first that is said by 0.8, (0.8 + 1) / 3.
    assert [prediction.probability for prediction in made] == pytest.approx([0.5, 0.5])
    surer = baselines.by_trust("hunch", ballots("carried", "rejected"), {"vote-1": 0.8, "vote-2": 0.2})
    assert surer[1].probability == pytest.approx(0.2 * 0.6 + 0.8 * 0.4)


def test_no_score_of_a_counting_baseline_jumps_where_a_chance_crosses_one_half() -> None:
    """What a chance says rises evenly about one half, so a slip of 0.01 moves a total by a fifth of the way."""
    assert [baselines.said_of(chance) for chance in (0.0, 0.44, 0.5, 0.56, 1.0, math.nan)] == [0, 0, 0.5, 1, 1, 0]
    record = ballots(*["carried"] * 6)
    firm = {item.id: 1.0 for item in record}
    totals = [
        sum(
            each.log_score for each in baselines.by_trust("hunch", record, firm | {"vote-5": baselines.said_of(chance)})
        )
        for chance in np.linspace(0.4, 0.6, 21)
    ]
    assert 0.0 < np.abs(np.diff(totals)).max() < 0.2 * abs(totals[-1] - totals[0])


@given(st.lists(st.sampled_from(["carried", "rejected"]), min_size=1, max_size=8))
def test_no_prediction_knows_its_own_outcome(outcomes: Sequence[str]) -> None:
    """What a baseline says of a decision depends on the decisions before it alone."""
    turned = {"carried": "rejected", "rejected": "carried"}
    other = [*outcomes[:-1], turned[outcomes[-1]]]
    one, two = (
        baselines.by_trust(PUT_PASSES, record, {item.id: True for item in record})
        for record in (ballots(*outcomes), ballots(*other))
    )
    assert [prediction.probability for prediction in one] == [prediction.probability for prediction in two]


def test_what_is_put_passes_learns_from_a_record_in_which_everything_passed() -> None:
    """Where every motion passed, the baseline that says so gives 1/2, 2/3, 3/4 and so on."""
    moments = [ballot(f"vote-{number}", 1, 0, on=number, outcome="carried") for number in range(1, 5)]
    scenario = debate({"ann": 1.0, "bob": 1.0}, *moments)
    assert said(scenario, PUT_PASSES) == [(True, pytest.approx(share)) for share in (1 / 2, 2 / 3, 3 / 4, 4 / 5)]


def test_a_coin_gives_every_decision_one_half_and_learns_nothing() -> None:
    """A coin says one half whatever came before."""
    moments = [ballot(f"vote-{number}", 1, 0, on=number, outcome="carried") for number in range(1, 4)]
    scenario = debate({"ann": 1.0, "bob": 1.0}, *moments)
    assert said(scenario, COIN) == [(True, 0.5)] * 3
    table = baselines.baselines(scenario, 8, 1, Executor())
    assert table[table.predictor == COIN].log_score.tolist() == [math.log(0.5)] * 3


def test_only_documented_decisions_that_are_fit_are_compared() -> None:
    """A ballot without a documented outcome, or unfit for comparison, is no decision to predict."""
    unfit = {"fit": False, "unfit_because": "nobody knows who voted"}
    scenario = debate(
        {"ann": 1.0, "bob": 1.0},
        ballot("known", 1, 0, on=1, outcome="carried"),
        ballot("unknown", 1, 0, on=2),
        ballot("unfit", 1, 0, on=3, outcome="carried", **unfit),
    )
    assert [item.id for item in compared_ballots(scenario)] == ["known"]
    assert set(baselines.baselines(scenario, 8, 1, Executor()).decision) == {"known"}


def test_the_columns_of_the_predictions_are_fixed() -> None:
    """The table of predictions says who predicted what of which decision, how surely, and how well."""
    table = baselines.baselines(sim.load("monopoly-1922"), 8, 1, Executor())
    assert list(table.columns) == ["predictor", "decision", "carried", "probability", "log_score"]
    assert list(table.predictor.unique()) == ALL
    fitted = [item.id for item in compared_ballots(sim.load("monopoly-1922"))]
    assert all(list(rows.decision) == fitted for _, rows in table.groupby("predictor"))


# What the leader wants -------------------------------------------------------------------------------------


def led(*moments: Any, leader: Any = 1.0, lapse: Any = 10.0, **parts: Any) -> Scenario:
    """A debate that Ann leads; she stands at 1 and all others at 0.

    One of her words counts for ten days.
    """
    return debate(
        {"ann": leader, "bob": 0.0, "cid": 0.0},
        *moments,
        deference={"leader": "ann", "weight": "deference", "lapses_after": "lapse"},
        parameters={"deference": 0.5, "lapse": lapse, **parts.pop("parameters", {})},
        **parts,
    )


def wish(scenario: Scenario) -> dict[str, bool]:
    """What the baseline of the leader's wish says of every fitted decision."""
    return baselines.leaders_wish(scenario, compared_ballots(scenario))


def vote(name: str, if_carried: Any, if_lost: Any, on: int, **more: Any) -> dict[str, Any]:
    """A ballot that was carried."""
    return ballot(name, if_carried, if_lost, on=on, outcome="carried", **more)


def test_what_a_present_leader_wants_passes() -> None:
    """A motion that leads nearer to the leader's first stance than its failure does passes; another is lost."""
    assert wish(led(vote("for", 1, 0, on=1), vote("against", 0, 1, on=2))) == {"for": True, "against": False}


def test_an_absent_leader_who_has_not_written_does_not_get_their_wish() -> None:
    """Without them in the room or on paper, what they want is lost and what they do not want passes."""
    gone = absence("trip", "ann", 0, 60)
    scenario = led(gone, vote("for", 1, 0, on=1), vote("against", 0, 1, on=2))
    assert wish(scenario) == {"for": False, "against": True}


def test_an_absent_leader_who_has_lately_written_gets_their_wish() -> None:
    """A letter that argues for something counts from its day until deference lapses, ten days here."""
    gone = absence("trip", "ann", 0, 60)
    votes = [vote(f"on-{number}", 1, 0, on=number) for number in (4, 5, 15, 16)]
    heard = {"on-4": False, "on-5": True, "on-15": True, "on-16": False}
    assert wish(led(gone, letter("note", "ann", ["bob"], 1.0, on=5), *votes)) == heard
    assert not any(wish(led(gone, letter("note", "ann", ["bob"], None, on=5), *votes)).values())
    assert not any(wish(led(gone, letter("note", "bob", ["cid"], 1.0, on=5), *votes)).values())


def test_a_leader_who_moved_the_motion_has_spoken() -> None:
    """An absent leader's own motion counts as their word."""
    scenario = led(absence("trip", "ann", 0, 60), vote("hers", 1, 0, on=1, moved_by="ann"), vote("his", 1, 0, on=2))
    assert wish(scenario) == {"hers": True, "his": False}


def test_a_leader_wants_what_they_last_said() -> None:
    """Their latest letter counts before their first stance, whatever its age, and a motion of theirs before both."""
    said = [letter("early", "ann", ["bob"], 0.0, on=2), letter("late", "ann", ["bob"], 1.0, on=4)]
    votes = [vote(f"on-{number}", 1, 0, on=number) for number in (1, 2, 3, 4, 40)]
    expected = {"on-1": True, "on-2": False, "on-3": False, "on-4": True, "on-40": True}
    assert wish(led(*said, *votes)) == expected
    assert wish(led(said[1], vote("own", 0, 1, on=5, moved_by="ann"), vote("next", 0, 1, on=6))) == {
        "own": True,
        "next": False,
    }


def test_how_long_a_word_counts_is_its_median() -> None:
    """Where the time after which deference lapses is not known, its middle is taken."""
    lapse = {"value": {"uniform": [0.0, 20.0]}, "range": [0, 20]}
    gone, note = absence("trip", "ann", 0, 60), letter("note", "ann", ["bob"], 1.0, on=5)
    votes = [vote(f"on-{number}", 1, 0, on=number) for number in (15, 16)]
    assert wish(led(gone, note, *votes, lapse=lapse)) == {"on-15": True, "on-16": False}


@pytest.mark.parametrize(
    ("stance", "wants"),
    [({"uniform": [0.0, 0.8]}, False), ({"uniform": [0.4, 1.0]}, True), ({"normal": ["middle", 0.1]}, True)],
)
def test_what_a_leader_wants_is_told_from_the_middle_of_his_first_stance(stance: Any, wants: bool) -> None:
    """A first stance that is not known exactly counts as the middle of its law, by name or by number."""
    middle = {"middle": {"value": {"uniform": [0.6, 0.8]}, "range": [0, 1]}}
    assert wish(led(vote("for", 1, 0, on=1), leader=stance, parameters=middle)) == {"for": wants}


def test_the_policy_in_force_is_that_of_the_record() -> None:
    """What `policy` means in a motion is what the record's own decisions had made of it by then."""
    scenario = led(
        vote("first", 0.75, "policy", on=1),
        ballot("lost", 0.1, "policy", on=2, outcome="rejected"),
        vote("advice", 0.2, "policy", on=3, sets_policy=False),
        vote("second", 0.5, "policy", on=4),
        policy=0.25,
    )
    ends = {"first": (0.75, 0.25), "lost": (0.1, 0.75), "advice": (0.2, 0.75), "second": (0.5, 0.75)}
    assert baselines.documented_ends(scenario) == ends
    assert wish(scenario)["second"] is False  # 0.5 is farther from 1 than the 0.75 in force


def test_a_motion_that_leads_nobody_knows_where_leads_to_the_middle_of_what_is_assumed() -> None:
    """Where a parameter says what a motion leads to, its median does, for the leader's wish and for the policy."""
    place = {"place": {"value": {"uniform": [0.4, 1.0]}, "range": [0, 1]}}
    scenario = led(vote("first", "place", "policy", on=1), vote("second", "policy", 0.9, on=2), parameters=place)
    assert baselines.documented_ends(scenario) == {
        "first": (pytest.approx(0.7), 0.0),
        "second": (pytest.approx(0.7), 0.9),
    }
    assert wish(scenario) == {"first": True, "second": False}


def test_without_a_leader_there_is_no_wish() -> None:
    """A debate in which nobody defers has every baseline but the leader's."""
    table = baselines.baselines(sim.load("library-sunday"), 8, 1, Executor())
    assert list(table.predictor.unique()) == [name for name in ALL if name != LEADERS_WISH]


# The baselines that are models ----------------------------------------------------------------------------


def lively(deference: Any = 0.8) -> Scenario:
    """A debate in which everything moves: talk, letters, weeks, a leader who presses."""
    return debate(
        {"ann": 1.0, "bob": {"uniform": [0.0, 0.6]}, "cid": 0.2, "dee": 0.1},
        letter("note", "ann", ["bob", "cid"], 1.0, on=8),
        talk("chat", on=9),
        ballot("vote", 1, 0, on=9, outcome="carried"),
        drift={"reversion": "pull", "noise": "shake"},
        deference={"leader": "ann", "weight": "deference", "lapses_after": "lapse"},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        parameters={"deference": {"value": deference, "range": [0, 1]}, "pull": 0.1, "shake": 0.1, "sharpness": 3.0},
    )


@pytest.mark.parametrize("scenario", [lively(), *map(sim.load, sim.shipped())], ids=["a lively debate", *sim.shipped()])
def test_first_stances_kept_means_that_nothing_moves(scenario: Scenario) -> None:
    """With every movement off, everybody stands at the end where they stood at first, in every history."""
    fixed = ablations.all_movement_off(scenario)
    still = play_runs(scenario, 64, seed=3, fixed=fixed)
    stances = still["stance_sum"]
    assert (stances == stances[0]).all()
    bins = still["stance_bins"]
    assert (bins == bins[0]).all()
    moving = play_runs(scenario, 64, seed=3)["stance_sum"]
    assert (moving != stances).any()


def test_first_stances_kept_voices_what_is_thought() -> None:
    """With every movement off nobody defers: what is voiced is the first stance."""
    still = play_runs(lively(), 64, seed=3, fixed=ablations.all_movement_off(lively()))
    assert (still["voice_sum"] == still["private_sum"]).all()
    assert (play_runs(lively(), 64, seed=3)["voice_sum"] != still["private_sum"]).any()


def test_a_model_without_deference_is_the_model_with_its_weight_at_nought() -> None:
    """Deference held off is, count by count, the same debate written with a weight of nought."""
    off = play_runs(lively(), 128, seed=3, fixed=ablations.off(lively(), ablations.DEFERENCE))
    written = play_runs(lively(deference=0.0), 128, seed=3)
    assert all((off[name] == written[name]).all() for name in off.arrays)
    assert (off["mean"] == written["mean"]).all()
    seed = 1  # of what the baselines say here
    probability = sim.ensemble(lively(deference=0.0), runs=128, seed=seed).decisions.probability[0]
    assert said(lively(), NO_DEFERENCE, runs=128) == [(pytest.approx(baselines.said_of(probability)), 0.5)]
    assert said(lively(), NO_DEFERENCE_ITSELF, runs=128) == [
        (pytest.approx(baselines.said_of(probability)), pytest.approx(probability))
    ]


def test_a_members_own_deference_is_held_off_too() -> None:
    """Deference off covers the parameters that single members have for it."""
    scenario = lively().with_changes(
        {"add": "parameters", "item": {
            "id": "bobs-own", "value": 0.9, "range": [0, 1], "unit": "share", "meaning": "his",
            "evidence": "assumed", "note": "invented",
        }},
        {"set": "bob.deference", "to": "bobs-own"},
    )  # fmt: skip
    assert ablations.off(scenario, ablations.DEFERENCE) == {"deference": 0.0, "bobs-own": 0.0}
    off = play_runs(scenario, 32, seed=3, fixed=ablations.off(scenario, ablations.DEFERENCE))
    assert (off["voice_sum"] == off["private_sum"]).all()


@pytest.mark.parametrize("name", sim.shipped())
def test_what_is_held_off_in_a_shipped_debate_does_nothing_else_there(name: str) -> None:
    """No parameter that a baseline holds at nought has a second use, so that it takes away just what it says."""
    dynamics = sim.load(name).debate.dynamics
    held = ablations.all_movement_off(sim.load(name)).keys()
    other = {dynamics.authority, dynamics.ballots.sharpness, dynamics.ballots.abstention_margin, dynamics.attendance}
    other |= {dynamics.talk.bound, dynamics.letters.bound if dynamics.letters else None}
    other |= {member.authority for member in sim.load(name).debate.members.values()}
    assert not held & other


# The model beside them -------------------------------------------------------------------------------------


def test_the_scores_put_the_model_first_and_add_up_over_the_same_decisions() -> None:
    """Every total is the sum over the fitted decisions, every mean its share; the model stands first."""
    played = replay.replay(sim.load("monopoly-1922", prior=True), runs=32, seed=1)
    scores = played.scores
    assert list(scores.columns) == ["predictor", "label", "decisions", "total", "mean"]
    assert list(scores.predictor) == [predictors.UNFITTED, *ALL]
    fitted = [item.id for item in compared_ballots(played.scenario)]
    assert set(scores.decisions) == {len(fitted)}
    model = played.ensemble.decisions.set_index("decision").loc[fitted].score
    assert scores.total[0] == pytest.approx(model.sum())
    np.testing.assert_allclose(scores["mean"], scores.total / len(fitted))
    assert scores.total[1] == pytest.approx(len(fitted) * math.log(0.5))


def test_moved_centres_hold_the_unknown_at_a_quarter_half_and_three_quarters_of_the_axis() -> None:
    """The replay shows every decision with the common centre of the unknown at three places of the axis."""
    scenario = sim.load("monopoly-1922", prior=True)
    played = replay.replay(scenario, runs=32, seed=1)
    assert sorted(played.centres.centre.unique()) == [-1.0, 0.0, 1.0]
    held = scenario.with_changes({"set": "unknown-centre.value", "to": -1.0})
    expected = sim.ensemble(held, runs=32, seed=1).decisions.probability
    np.testing.assert_array_equal(played.centres[played.centres.centre == -1.0].probability, expected)
    assert replay.replay(sim.load("library-sunday"), runs=8).centres.empty


def test_progress_is_told_up_to_the_last_history() -> None:
    """What a replay reports never falls, and ends at the number of histories that it played."""
    told: list[int] = []
    executor = Executor(report=told.append)
    played = replay.replay(sim.load("monopoly-1922"), runs=8, seed=1, executor=executor)
    assert told[-1] == replay.histories(8)
    assert len(replace(played, executor=executor).tables)
    assert told == sorted(told)
    assert told[-1] == replay.all_histories(8)


def test_a_decision_nobody_could_fit_leaves_nothing_to_compare() -> None:
    """A debate without a documented outcome has no scores, and says so instead of failing."""
    played = replay.replay(debate({"ann": 1.0, "bob": 0.0}, ballot("vote", 1, 0, on=1)), runs=8, seed=1)
    assert played.scores.empty
    assert played.text == "No decision has a documented outcome to be compared with."


def test_a_replay_from_a_posterior_says_what_it_has_seen() -> None:
    """The model fitted to the decisions comes first and says so; beside it what it says with less before its eyes.

    The baselines stay what they are without a posterior: they have seen no more than the outcomes before.
    """
    scenario = sim.load("monopoly-1922")
    assert scenario.posterior is not None
    played, unfitted = (replay.replay(debate, runs=32, seed=1) for debate in (scenario, scenario.from_prior()))
    assert list(played.scores.predictor) == [*predictors.MODELS, *ALL]
    assert set(played.scores.decisions) == {7}
    totals = played.scores.set_index("predictor").total
    before = unfitted.scores.set_index("predictor").total
    assert totals[predictors.UNFITTED] == pytest.approx(before[predictors.UNFITTED])
    assert [totals[name] for name in ALL] == pytest.approx([before[name] for name in ALL])
    assert played.tables.keys() - unfitted.tables.keys() == {"by_training_data"}
