"""Who votes how: what the model and simple rules say of each named vote of a roll call that they have not seen."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.calibration import predictions
from sim.calibration.calibration import Effort
from sim.ensembles.ensemble import ensemble
from sim.evaluation import named_votes, spatial_voting, vote_baselines
from sim.evaluation.named_votes import MODEL
from sim.evaluation.predictors import LEAVE_ONE_OUT, ONE_STEP_AHEAD
from sim.evaluation.vote_baselines import FIRST_STANCE, MAJORITY, PREVIOUS, SPATIAL, VOTES, NamedVote, RollCalls
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario
from tests.debates import ballot, debate, talk

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
TOLD = {**BOOK, "evidence": "conjecture"}
Cast = tuple[str, str, str]


def record(*cast: Cast, guessed: tuple[Cast, ...] = (), **direction: int) -> RollCalls:
    """Votes as (decision, member, vote), documented or only guessed, and the decisions that lead down the axis."""
    votes = [NamedVote(*one, "documented") for one in cast] + [NamedVote(*one, "conjecture") for one in guessed]
    order = sorted(votes, key=lambda vote: vote.decision)
    return RollCalls(tuple(order), {vote.decision: direction.get(vote.decision, 1) for vote in votes}, {})


#: Two earlier roll calls, the second of which leads down the axis, and a third to be predicted.
THREE = record(
    ("a", "ann", "yes"), ("a", "bob", "no"), ("b", "ann", "no"), ("b", "bob", "abstain"),
    ("c", "ann", "yes"), ("c", "bob", "no"), ("c", "cat", "yes"), b=-1,
)  # fmt: skip


@functools.cache
def voting() -> Scenario:
    """Three members with two roll calls, an unfit vote between them, and somebody whose vote is only conjectured."""
    law = {"value": {"uniform": [0.1, 0.5]}, "range": [0, 0.6]}
    first = {"yes": ["ann"], "no": ["bob"], "complete": True, **BOOK}
    second = {"yes": ["ann", "cat"], "abstained": ["bob"], "complete": True, **BOOK}
    return debate(
        {"ann": 0.9, "bob": 0.2, "cat": {"uniform": [0, 1]}, "dan": {"uniform": [0, 1]}},
        talk("meeting", 2),
        {**ballot("first", 0.9, 0.1, 5, outcome="rejected", roll_call=first), **BOOK},
        {**ballot("guess", 0.8, 0.1, 7, outcome="carried", roll_call={"yes": ["dan", "cat"], **TOLD}), **BOOK},
        {**ballot("second", 0.9, 0.1, 9, outcome="carried", roll_call=second), **BOOK},
        weeks=2,
        sources={"BOOK": {"title": "A book"}},
        parameters={"openness": law, "sharpness": 3.0, "margin": {"value": {"uniform": [0, 0.5]}, "range": [0, 1]}},
        ballots={"rule": "logit", "sharpness": "sharpness", "abstention_margin": "margin"},
    )  # fmt: skip


@functools.cache
def score() -> sim.Score:
    """Its decisions and votes, predicted with few particles."""
    return sim.score(voting(), 1, Effort(128, 2))


# What the model says --------------------------------------------------------------------------------------


def test_the_chance_of_a_vote_is_the_share_of_histories_in_which_it_is_cast() -> None:
    """Over many histories yes, no and abstentions come as often as the chances say, of those who take part."""
    scenario = voting()
    decisions = ["first", "guess", "second"]
    chances = predictions.vote_chances(scenario, decisions, 3, draws=1000).mean(axis=2)
    cast = ensemble(scenario, runs=8000, seed=3).ballots.set_index(["decision", "member"])
    for number, (decision, member) in enumerate(arrays_of(scenario).names.electors):
        row = cast.loc[(decision, member)]
        if row.absent == 1:
            assert np.isnan(chances[:, number]).all()
            continue
        assert chances[:, number].sum() == pytest.approx(1.0)
        assert chances[:, number] * (1 - row.absent) == pytest.approx([row.yes, row.no, row.abstain], abs=0.02)


def test_a_ballot_that_is_not_asked_for_has_no_chances() -> None:
    """What is worked out is of the decisions asked for, and of no others."""
    chances = predictions.vote_chances(voting(), ["second"], 3, draws=8)
    asked = [decision == "second" for decision, _ in arrays_of(voting()).names.electors]
    assert np.isnan(chances[:, ~np.array(asked)]).all()


def test_every_named_vote_is_predicted_twice_by_each() -> None:
    """One step ahead and leave-one-out, by the model and by every rule, with three chances that add up to one."""
    table = score().named_votes
    assert len(table) == 7 * 2 * (1 + len(vote_baselines.BASELINES))
    assert table[[*VOTES]].sum(axis=1).to_numpy() == pytest.approx(1.0)
    given_to = table.apply(lambda row: row[row.vote], axis=1)
    assert np.log(given_to.to_numpy(float)) == pytest.approx(table.log_score.to_numpy())
    assert set(table.predictor) == {MODEL, *vote_baselines.BASELINES}
    assert set(table.member[~table.is_compared]) == {"dan", "cat"}


def test_a_posterior_keeps_what_the_model_says_of_votes() -> None:
    """From the file of a posterior the same table is made, to four digits."""
    again = named_votes.table(voting(), named_votes.kept(score().particles))
    pandas.testing.assert_frame_equal(again, score().named_votes, atol=2e-3)


def test_where_nothing_is_known_yet_the_model_says_what_its_prior_does() -> None:
    """One step ahead, the first roll call has nothing before it."""
    table = score().named_votes
    first = table[(table.predictor == MODEL) & (table.training_data == ONE_STEP_AHEAD) & (table.decision == "first")]
    chances = predictions.vote_chances(voting(), ["first"], 1, draws=128).mean(axis=2)
    electors = arrays_of(voting()).names.electors
    for row in first.itertuples():
        expected = chances[:, electors.index(("first", row.member))]
        assert [row.yes, row.no, row.abstain] == pytest.approx(expected, abs=0.03)


def test_a_debate_without_roll_calls_has_no_table_of_votes() -> None:
    """Where nobody's vote is named, nothing is said of votes."""
    silent = voting().with_changes(*({"remove": f"{name}.roll_call"} for name in ("first", "guess", "second")))
    assert named_votes.table(silent, []).empty
    assert "named_votes" not in replace(score(), fit=replace(score().fit, prior=silent), said_of_votes=()).tables


# What the rules say ---------------------------------------------------------------------------------------


def of_c(known: vote_baselines.Known, rule: str) -> dict[str, list[float]]:
    """What a rule says of the third roll call."""
    return {member: chances.tolist() for member, chances in vote_baselines.BASELINES[rule](known, "c").items()}


def test_the_majority_votes_as_votes_fell_so_far() -> None:
    """One yes, two noes and an abstention: by Laplace's rule 2/7, 3/7 and 2/7 for everybody."""
    said = of_c(THREE.before("c"), MAJORITY)
    assert set(said) == {"ann", "bob", "cat"}
    assert list(said.values()) == [pytest.approx([2 / 7, 3 / 7, 2 / 7])] * 3


def test_a_member_votes_on_the_side_on_which_they_last_voted() -> None:
    """Worked out by hand: a side is kept in two of four known votes, so that it has the chance (2 + 1) / (4 + 2).

    The rest goes by the majority's rule, and so does who has not voted yet. No to what leads down is a vote for up.
    """
    said = of_c(THREE.before("c"), PREVIOUS)
    assert said["ann"] == pytest.approx([1 / 2, 1 / 2 * 3 / 5, 1 / 2 * 2 / 5])
    assert said["bob"] == pytest.approx([1 / 2 * 2 / 5, 1 / 2 * 3 / 5, 1 / 2])
    assert said["cat"] == pytest.approx([2 / 7, 3 / 7, 2 / 7])


def test_who_has_no_vote_before_votes_as_they_did_next() -> None:
    """Leave-one-out, the first vote after stands for the last one before."""
    said = vote_baselines.BASELINES[PREVIOUS](THREE.without("a"), "a")
    assert said["ann"].argmax() == VOTES.index("yes")
    assert said["bob"].argmax() == VOTES.index("abstain")


def test_a_first_stance_votes_for_the_nearer_end_and_says_nothing_of_who_has_none() -> None:
    """Trusted as far as it is right of the votes known; without a stance of one's own, as the majority."""
    stances = {("a", "ann"): 1, ("b", "ann"): 1, ("c", "ann"): 1, ("a", "bob"): 1, ("b", "bob"): 1, ("c", "bob"): -1}
    said = of_c(replace(THREE, first_sides=stances).before("c"), FIRST_STANCE)
    # Right of both of Ann's votes and neither of Bob's: (2 + 1) / (4 + 2).
    assert said["ann"][0] == said["bob"][1] == pytest.approx(1 / 2)
    assert said["cat"] == pytest.approx([2 / 7, 3 / 7, 2 / 7])


def test_sides_and_first_stances_are_read_from_the_file() -> None:
    """A motion whose lower end is carried leads down; a first stance is on the side of the end that it is nearer to."""
    found = vote_baselines.roll_calls(voting())
    assert found.direction == {"first": 1, "guess": 1, "second": 1}
    assert (found.first_sides["first", "ann"], found.first_sides["first", "bob"]) == (1, -1)
    brest = vote_baselines.roll_calls(sim.load("brest-1918"))
    assert brest.direction["war-now"] == -1
    assert brest.direction["offer-in-the-evening"] == 1
    assert ("acceptance", "stasova") not in brest.first_sides


@given(st.lists(st.sampled_from(VOTES), min_size=3, max_size=3), st.sampled_from([*vote_baselines.BASELINES]))
def test_no_rule_knows_the_roll_call_that_it_predicts(votes: list[str], rule: str) -> None:
    """Whatever the votes in it are, the same is said of them; and one step ahead, whatever those after it are."""
    other = [("c", member, vote) for member, vote in zip(("ann", "bob", "cat"), votes, strict=True)]
    turned = record(*(vote[:3] for vote in THREE.votes if vote.decision != "c"), *other, b=-1)
    for known, again in ((THREE.without("c"), turned.without("c")), (THREE.before("c"), turned.before("c"))):
        assert of_c(known, rule) == of_c(again, rule)
    rules = vote_baselines.BASELINES[rule]
    assert {name: chances.tolist() for name, chances in rules(THREE.before("b"), "b").items()} == {
        name: chances.tolist() for name, chances in rules(turned.before("b"), "b").items()
    }


@pytest.mark.parametrize("rule", [*vote_baselines.BASELINES])
def test_no_rule_learns_from_what_is_only_conjectured(rule: str) -> None:
    """A conjectured vote changes nothing of what is said of others, as the model is not fitted to it either."""
    cast = [vote[:3] for vote in THREE.votes]
    more = record(*cast, guessed=(("a", "cat", "no"), ("b", "cat", "yes")), b=-1)
    assert of_c(more.before("c"), rule) == of_c(THREE.before("c"), rule)


# One dimension found in the votes -------------------------------------------------------------------------


def test_one_dimension_finds_the_order_of_those_who_vote_by_it() -> None:
    """Votes cast by a point and a cutpoint give the points back, but for chance."""
    random = np.random.default_rng(1)
    points, cuts = random.normal(0, 2, 40), random.normal(0, 2, 30)
    member, motion = np.divmod(np.arange(40 * 30), 30)
    gains, drawn = points[member] - cuts[motion], random.random(40 * 30)
    up, down = (1 / (1 + np.exp(0.5 - way)) for way in (gains, -gains))
    side = np.where(drawn < up, 1, np.where(drawn < up + down, -1, 0))
    fit = spatial_voting.fit(spatial_voting.Votes(member, motion, side, 40, 30))
    assert np.corrcoef(fit.points, points)[0, 1] > 0.95
    # Three in four points lie within 1.15 of their spreads, were these exact.
    assert 0.6 < (np.abs(fit.points - points) < 1.15 * fit.spreads).mean() < 0.9


def test_of_whom_nothing_is_known_both_sides_are_as_likely() -> None:
    """A member without a vote has the prior's point, and a motion that nobody has seen may be cut anywhere."""
    known = spatial_voting.Votes(np.array([0, 0]), np.array([0, 1]), np.array([1, 1]), 2, 2)
    fit = spatial_voting.fit(known)
    up, down, neither = fit.of_a_new_motion(1)
    assert up == pytest.approx(down)
    assert up + down + neither == pytest.approx(1.0)
    assert fit.of_a_new_motion(0)[0] > up


def test_in_one_dimension_a_member_votes_on_the_side_of_their_votes() -> None:
    """Of a motion that leads down, who votes up says no."""
    turned = replace(THREE, direction={"a": 1, "b": -1, "c": -1})
    ahead, behind = (of_c(known.before("c"), SPATIAL)["ann"] for known in (THREE, turned))
    assert ahead[0] == pytest.approx(behind[1])
    assert ahead[0] > ahead[1]


# Means and errors -----------------------------------------------------------------------------------------


def test_the_error_of_a_mean_counts_roll_calls_and_not_votes() -> None:
    """Worked out by hand: two roll calls of two votes and of one, whose differences go together within each."""
    rows = [
        (MODEL, "a", "ann", -0.2), (MODEL, "a", "bob", -0.4), (MODEL, "b", "ann", -0.9),
        (MAJORITY, "a", "ann", -0.5), (MAJORITY, "a", "bob", -0.7), (MAJORITY, "b", "ann", -0.6),
    ]  # fmt: skip
    found = pandas.DataFrame(rows, columns=["predictor", "decision", "member", "log_score"])
    found = found.assign(training_data=LEAVE_ONE_OUT, is_compared=True, error=0.0, right=1.0)
    table = named_votes.totals(found).set_index("predictor")
    # Differences 0.3, 0.3 and -0.3, whose mean is 0.1; less the mean the roll calls have 0.4 and -0.4.
    assert table.log_score[MODEL] == pytest.approx(-0.5)
    assert table.difference[MAJORITY] == pytest.approx(0.1)
    assert table.error[MAJORITY] == pytest.approx(math.sqrt(2 * (0.4**2 + 0.4**2)) / 3)
    assert table.decisions.tolist() == [2, 2]
    one = named_votes.totals(found[found.decision == "a"])
    assert one.error.isna().all()


def test_two_debates_together_are_scored_as_one() -> None:
    """The means of two tables, one under the other, are those of all their votes."""
    table = score().named_votes
    other = table.assign(decision="other: " + table.decision)
    one, both = named_votes.totals(table), named_votes.totals(pandas.concat([table, other]))
    assert both.votes.tolist() == (2 * one.votes).tolist()
    assert both.decisions.tolist() == (2 * one.decisions).tolist()
    assert both.log_score.tolist() == pytest.approx(one.log_score.tolist())


def test_several_votes_that_are_as_likely_are_right_by_a_part() -> None:
    """Where nothing is known, each vote is right by a third under the majority's rule."""
    table = score().named_votes
    first = table[(table.training_data == ONE_STEP_AHEAD) & (table.decision == "first") & (table.predictor == MAJORITY)]
    assert first.right.tolist() == pytest.approx([1 / 3, 1 / 3])
