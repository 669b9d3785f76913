"""Ballots: what a member voices, how they vote on it, and in which direction deference bends a vote."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, REJECTED
from sim.model.rules import voting
from sim.model.rules.voting import ABSTAINED, WAS_ABSENT, YES
from tests.debates import Floats, Histories, absence, ballot, debate, letter, played, talk
from tests.every_word import BALLOTS, of_ballots

PLACE = st.floats(-2, 2)
EIGHTHS = st.integers(0, 80).map(lambda eighths: eighths / 8)  # squares of these are exact


def gain(voice: float, if_carried: float, if_lost: float) -> float:
    """u, by the rule of the model."""
    return float(voting.utility(*(np.array([float(place)]) for place in (voice, if_carried, if_lost)))[0])


def intention(
    rule: str, u: Floats | float, sharpness: float = 1.0, competence: float = 0.5, margin: float = 0.0, a: float = 0.0
) -> voting.Intention:
    """How somebody votes in some histories, by the rule's word; a: the chance of a reason of their own to abstain."""
    gains = np.atleast_1d(np.asarray(u, dtype=np.float64))
    choice = voting.Choice(*(np.full(gains.size, value) for value in (sharpness, competence, margin, a)))
    return voting.intention(voting.RULES[rule], gains, choice)


def chance(rule: str, u: Floats | float, sharpness: float = 1.0, competence: float = 0.5) -> Floats:
    """The chance of a yes in some histories, where nobody abstains."""
    return np.asarray(intention(rule, u, sharpness, competence).yes)


# ---------------------------------------------------------------- known values


@pytest.mark.parametrize(("voice", "u"), [(0.0, 3.0), (1.0, 1.0), (1.5, 0.0), (2.0, -1.0), (3.0, -3.0)])
def test_a_voter_compares_squared_distances(voice: float, u: float) -> None:
    """Between 1 if carried and 2 if lost, who stands at 0 gains 4 - 1 = 3, and who is half way gains nothing."""
    assert gain(voice, 1.0, 2.0) == u


@pytest.mark.parametrize(
    ("u", "sharpness", "probability"), [(0, 5, 0.5), (np.log(3), 1, 0.75), (-np.log(3) / 2, 2, 0.25), (2, 0, 0.5)]
)
def test_a_logit_voter_says_yes_with_the_logistic_probability(u: float, sharpness: float, probability: float) -> None:
    """Odds of e to the power sharpness times gain: three to one at a gain of log 3 (McFadden 1974)."""
    assert chance("logit", u, sharpness)[0] == pytest.approx(probability, abs=1e-14)


def test_a_nearest_option_voter_leaves_a_tie_as_it_is() -> None:
    """The nearer option gets the vote; exactly between them, the vote is no."""
    assert chance("nearest", [1e-9, 0.0, -1e-9]).tolist() == [1, 0, 0]


@given(PLACE, st.floats(0, 1))
def test_a_fixed_voter_has_no_opinion(u: float, competence: float) -> None:
    """Their chance of yes is their competence, whatever is at stake."""
    assert chance("fixed", u, competence=competence)[0] == competence


@pytest.mark.parametrize("rule", ["nearest", "fixed"])
def test_who_cares_little_abstains_if_they_may(rule: str) -> None:
    """Where votes are certain, gains up to and including the margin are not worth one; without a margin all vote."""
    assert intention(rule, np.array([0.0, 0.1, -0.1, 0.11]), margin=0.1).abstains.tolist() == [1, 1, 1, 0]
    assert intention(rule, 0.0).abstains.tolist() == [0]


def test_a_logit_voter_abstains_in_a_band_around_indifference() -> None:
    """With the sharpness 1 and a margin of log 3, a voter without a preference says yes, no, or abstains 1 : 1 : 2."""
    indifferent = intention("logit", 0.0, margin=np.log(3))
    assert (indifferent.yes[0], indifferent.abstains[0]) == pytest.approx((0.25, 0.5))
    decided = intention("logit", np.log(3), margin=np.log(3))
    assert (decided.yes[0], decided.abstains[0]) == pytest.approx((0.5, 0.4))


@given(PLACE, st.floats(0, 20), st.floats(0, 3))
def test_to_turn_a_motion_round_turns_the_logit_votes_round(u: float, sharpness: float, margin: float) -> None:
    """What was the chance of a yes is then that of a no, and as many abstain; no chance is below 0."""
    one, other = (intention("logit", gain, sharpness, margin=margin) for gain in (u, -u))
    assert other.yes[0] == pytest.approx(1 - one.yes[0] - one.abstains[0], abs=1e-12)
    assert other.abstains[0] == pytest.approx(one.abstains[0], abs=1e-12)
    assert min(one.yes[0], one.abstains[0]) >= 0


@given(PLACE, st.floats(0, 1))
def test_a_reason_of_ones_own_takes_votes_from_both_sides(u: float, reason: float) -> None:
    """With the chance of the reason a member abstains, and else they vote as they would have."""
    free, bound = (intention("logit", u, 2.0, margin=0.5, a=a) for a in (0.0, reason))
    assert bound.yes[0] == pytest.approx((1 - reason) * free.yes[0])
    assert bound.abstains[0] == pytest.approx(reason + (1 - reason) * free.abstains[0])


@given(PLACE, PLACE, st.floats(0, 1))
def test_the_voiced_stance_lies_between_ones_own_and_the_leaders(
    stance: float, pressed: float, deference: float
) -> None:
    """Without deference one says what one thinks, with full deference what the leader wants to hear."""
    said = voting.voiced(np.full(3, stance), voting.Cue(np.full(3, pressed), np.array([0.0, deference, 1.0])))
    assert said[0] == stance
    assert said[2] == pressed
    assert min(stance, pressed) - 1e-15 <= said[1] <= max(stance, pressed) + 1e-15


# ------------------------------------------------ who is deferred to, and when

MEMBERS = {"lea": 0.8, "ann": 0.0, "bob": 0.0, "cat": 0.0}
DEFERENT = {
    "parameters": {"deference": 0.5, "lapse": 7.0, "openness": 0.0, "receptiveness": 0.0},
    "deference": {"leader": "lea", "weight": "deference", "lapses_after": "lapse"},
}


def voices(*moments: Any, members: dict[str, Any] = MEMBERS, **parts: Any) -> dict[str, float]:
    """What each elector voices at the ballot `vote`."""
    histories = played(debate(members, *moments, **{**DEFERENT, **parts}))
    return {
        name: float(histories.voiced[row, 0])
        for row, (decision, name) in enumerate(arrays_of(histories.scenario).names.electors)
        if decision == "vote"
    }


def test_the_leader_presses_by_being_in_the_room() -> None:
    """With them present, the others lean to their own stance on a motion of somebody else."""
    said = voices(ballot("vote", 0.6, 0.0, 3, moved_by="ann"))
    assert said == pytest.approx({"lea": 0.8, "ann": 0.4, "bob": 0.4, "cat": 0.4})


@pytest.mark.parametrize("away", [[], [absence("away", "lea", 0, 30)]])
def test_the_leader_presses_by_a_motion_of_his(away: list[dict[str, Any]]) -> None:
    """Present or away, they are deferred to where their own motion leads, but not by themselves."""
    said = voices(*away, ballot("vote", 0.6, 0.0, 3, moved_by="lea"))
    assert said == pytest.approx({"lea": 0.8, "ann": 0.3, "bob": 0.3, "cat": 0.3})


def test_an_absent_leader_does_not_press_by_the_motions_of_others() -> None:
    """Away, they are not deferred to on another's motion."""
    assert voices(absence("away", "lea", 0, 30), ballot("vote", 0.6, 0.0, 3, moved_by="ann"))["ann"] == 0.0


def test_who_was_not_there_has_not_been_pressed() -> None:
    """A motion of the leader's presses those who take part, whom it may still bind days later, and not the absent."""
    moments = [
        absence("away", "lea", 0, 30),
        absence("gone", "bob", 2, 3),
        ballot("first", 0.6, 0.0, 3, moved_by="lea"),
    ]
    said = voices(*moments, ballot("vote", 0.5, 0.0, 5, moved_by="ann"))
    assert said == pytest.approx({"lea": 0.8, "ann": 0.3, "bob": 0.0, "cat": 0.3})


def test_the_leader_presses_by_letter_those_whom_it_reaches() -> None:
    """Their readers lean to what they argued for; the others do not know of it."""
    moments = [
        absence("away", "lea", 0, 30),
        letter("word", "lea", ["ann", "bob"], 1.0, 2),
        absence("gone", "bob", 0, 2, reachable=False),
    ]
    assert voices(*moments, ballot("vote", 0.6, 0.0, 3)) == pytest.approx(
        {"lea": 0.8, "ann": 0.5, "bob": 0.0, "cat": 0.0}
    )


@pytest.mark.parametrize(("days", "voice"), [(7, 0.5), (8, 0.0)])
def test_deference_lapses(days: int, voice: float) -> None:
    """On the last day of its time deference is still due, on the next no more."""
    moments = [absence("away", "lea", 0, 30), letter("word", "lea", ["ann"], 1.0, 2)]
    assert voices(*moments, ballot("vote", 0.6, 0.0, 2 + days))["ann"] == voice


def test_the_last_word_of_the_leader_counts() -> None:
    """A later letter takes the place of an earlier one."""
    words = [letter("first", "lea", ["ann"], 1.0, 2), letter("second", "lea", ["ann"], 0.2, 3)]
    assert voices(absence("away", "lea", 0, 30), *words, ballot("vote", 0.6, 0.0, 4))["ann"] == pytest.approx(0.1)


def test_nobody_defers_in_private() -> None:
    """Deference colours what is voiced; the private stance is kept, and is what one talks with."""
    histories = played(debate(MEMBERS, ballot("vote", 0.6, 0.0, 3), talk("later", 4), **DEFERENT))
    assert (histories.private[1:, 0] == 0.0).all()
    assert (histories.stances[-1, 1:, 0] == 0.0).all()


def test_a_member_may_owe_a_deference_of_his_own() -> None:
    """A member's own parameter stands before that of the debate; the leader owes none to themselves."""
    members = {
        **MEMBERS,
        "lea": {"first_stance": 0.8, "deference": "all"},
        "cat": {"first_stance": 0.0, "deference": "all"},
    }
    said = voices(
        letter("word", "lea", ["cat"], 1.0, 2), ballot("vote", 0.6, 0.0, 3, by_correspondence=True), members=members
    )
    assert said == pytest.approx({"lea": 0.8, "ann": 0.0, "bob": 0.0, "cat": 1.0})


# ------------------------------------------------ whom members follow where the leader has said nothing

HEEDING = {
    "parameters": {**DEFERENT["parameters"], "heed": 0.25},
    "deference": {**DEFERENT["deference"], "mover_weight": "heed"},
}
AWAY = absence("away", "lea", 0, 30)


def test_the_mover_is_heeded_where_the_leader_has_said_nothing() -> None:
    """A quarter of what is voiced is where the motion leads; the mover and the leader follow nobody."""
    said = voices(AWAY, ballot("vote", 0.6, 0.0, 3, moved_by="ann"), **HEEDING)
    assert said == pytest.approx({"lea": 0.8, "ann": 0.0, "bob": 0.15, "cat": 0.15})


def test_the_leader_goes_before_the_mover() -> None:
    """Whoever has a word of the leader's in time does not heed the mover; when it has lapsed, they do."""
    word = letter("word", "lea", ["bob"], 1.0, 2)
    for days, voice in ((7, 0.5), (8, 0.15)):
        said = voices(AWAY, word, ballot("vote", 0.6, 0.0, 2 + days, moved_by="ann"), **HEEDING)
        assert (said["bob"], said["cat"]) == pytest.approx((voice, 0.15))
    assert voices(ballot("vote", 0.6, 0.0, 3, moved_by="ann"), **HEEDING)["bob"] == pytest.approx(0.4)


def test_a_mover_without_a_seat_is_heeded_and_nobody_in_particular_is_not() -> None:
    """It is the name on the motion that counts."""
    members = {**MEMBERS, "dan": 0.3}
    seats = {"board": {"members": [*MEMBERS]}}
    motion = ballot("vote", 0.6, 0.0, 3)
    assert voices(AWAY, {**motion, "moved_by": "dan"}, members=members, **seats, **HEEDING)["ann"] == pytest.approx(
        0.15
    )
    assert voices(AWAY, motion, members=members, **seats, **HEEDING)["ann"] == 0.0


@settings(max_examples=50)
@given(st.floats(0, 1), EIGHTHS, EIGHTHS, EIGHTHS)
def test_a_cue_from_the_mover_never_turns_a_yes_into_a_no(
    weight: float, stance: float, if_carried: float, if_lost: float
) -> None:
    """By the nearer option a yes stays a yes; and the gain falls only for who stands beyond where the motion leads."""
    place = np.array([if_carried])
    said = float(voting.voiced(np.array([stance]), voting.Cue(place, np.array([weight])))[0])
    before, after = gain(stance, if_carried, if_lost), gain(said, if_carried, if_lost)
    if before > 1e-9 and weight < 1 - 1e-9:
        assert after > 0
    if (stance - if_carried) * (if_carried - if_lost) <= 0:
        assert after >= before - 1e-9


def test_a_mover_of_no_weight_changes_no_bit() -> None:
    """With a weight of 0 every history is the one without the rule, to the last bit."""
    people = {"lea": 0.9} | {f"m{number}": None for number in range(6)}
    moments = [AWAY, talk("meeting", 2), ballot("vote", 0.25, "policy", 3, moved_by="m0")]
    rules = {"ballots": {"rule": "logit", "sharpness": "sharpness"}, "parameters": {"deference": 0.5}}
    common = {"leader": "lea", "weight": "deference", "lapses_after": "lapse"}
    bits = {
        played(debate(people, *moments, **rules, deference={**common, **more}), 50).bits
        for more in ({}, {"mover_weight": "none"})
    }
    assert len(bits) == 1
    assert played(debate(people, *moments, **rules, deference={**common, "mover_weight": "say"}), 50).bits not in bits


# ------------------------------------------------------------------ directions


def under_deference(rule: str, weight: float, seed: int, low: float, high: float) -> Histories:
    """Histories in which the absent leader's motion, to 0.75 from 0, is put to people who owe them some deference."""
    members = {"lea": 0.75} | {f"m{number}": {"uniform": [low, high]} for number in range(7)}
    voted = debate(
        members,
        absence("away", "lea", 0, 30),
        ballot("vote", 0.75, 0.0, 3, moved_by="lea"),
        parameters={"deference": weight, "sharpness": 4.0},
        deference={"leader": "lea", "weight": "deference", "lapses_after": "lapse"},
        ballots={"rule": rule, "sharpness": "sharpness"},
    )
    return played(voted, 200, seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("rule", "high"), [("nearest", 1.0), ("logit", 0.75)])
def test_more_deference_never_weakens_the_leaders_motion(rule: str, high: float, seed: int) -> None:
    """On common random numbers, a yes stays a yes when they defer more, and so it is still carried.

    For voters who choose the nearer option this holds wherever they stand, for logit voters up to what is pressed.
    """
    rising = [under_deference(rule, weight, seed, 0.0, high) for weight in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for less, more in pairwise(rising):
        assert (more.vote[less.vote == YES] == YES).all()
        assert (more.decided[less.decided == CARRIED] == CARRIED).all()
        assert (more.chance >= less.chance - 1e-12).all()
    assert (rising[-1].vote == YES).sum() > (rising[0].vote == YES).sum()


def test_deference_holds_back_who_wants_more_than_the_leader_presses() -> None:
    """A logit voter beyond the leader's position is surer of the motion while they speak their own mind.

    So deference can cost the leader's motion a vote; it then makes their allies lukewarm.
    """
    free, deferent = (under_deference("logit", weight, 1, 0.95, 1.0) for weight in (0.0, 1.0))
    assert (deferent.chance < free.chance).all()


@settings(max_examples=60)
@given(
    st.lists(EIGHTHS, min_size=1, max_size=7).filter(lambda stances: len(stances) % 2 == 1),
    st.lists(EIGHTHS, min_size=2, max_size=2, unique=True),
)
def test_the_median_voters_option_wins(stances: list[float], ends: list[float]) -> None:
    """On one line, with everybody voting for the nearer option, a majority is with the median voter (Black 1948)."""
    if_carried, if_lost = ends
    board = debate(
        {f"m{number}": at for number, at in enumerate(stances)}, ballot("vote", if_carried, if_lost), high=10
    )
    median = float(np.median(stances))
    expected = CARRIED if abs(median - if_carried) < abs(median - if_lost) else REJECTED
    assert played(board).decided[0, 0] == expected


@settings(max_examples=30)
@given(st.lists(EIGHTHS, min_size=3, max_size=7).filter(lambda stances: len(stances) % 2 == 1))
def test_a_motion_at_the_median_beats_every_other(stances: list[float]) -> None:
    """Put against any other position, the median voter's own is carried: it is a Condorcet winner."""
    median = float(np.median(stances))
    motions = [
        ballot(f"against-{number}", median, number / 2, 1, sets_policy=False)
        for number in range(21)
        if number / 2 != median
    ]
    board = debate({f"m{number}": at for number, at in enumerate(stances)}, *motions, high=10)
    assert (played(board).decided == CARRIED).all()


# ----------------------------------------------------- what a decision changes


def test_a_carried_motion_sets_the_policy() -> None:
    """What is carried becomes the policy in force, unless the motion says otherwise; what is lost leaves it."""
    everybody = {"ann": 1.0}
    motions = [
        ballot("lost", 0.0, 1.0, 1),
        ballot("carried", 0.9, 0.0, 2),
        ballot("of-no-consequence", 1.0, 0.0, 3, sets_policy=False),
        ballot("again", "policy", 0.0, 4),
    ]
    assert played(debate(everybody, *motions, policy=0.3)).policies[:, 0].tolist() == [0.3, 0.3, 0.9, 0.9, 0.9]


def test_a_motion_may_be_put_against_the_policy_in_force() -> None:
    """`policy` is the position in force when the vote is taken, history by history."""
    motions = [
        ballot("first", 0.4, 0.0, 1),
        ballot("second", 0.7, "policy", 2),  # against 0.4 where the first was carried, against 1.0 where it was not
    ]
    board = debate({"ann": {"uniform": [0, 1]}}, *motions, policy=1.0)
    histories = played(board, 400)
    stance, first = histories.stances[0, 0], histories.decided[0] == CARRIED
    assert (first == (np.abs(stance - 0.4) < stance)).all()
    against = np.where(first, 0.4, 1.0)
    assert ((histories.decided[1] == CARRIED) == (np.abs(stance - 0.7) < np.abs(stance - against))).all()


def test_a_replay_follows_the_record_and_a_free_history_its_votes() -> None:
    """Corrected to the record, the documented outcome stands, and the chance is still that of the votes."""
    board = debate(
        {"ann": 1.0},
        ballot("vote", 1.0, 0.0, 1, outcome="rejected"),
        ballot("next", 1.0, 0.0, 2, **{"if": "vote rejected"}),
    )
    free, record = played(board), played(board, follows_record=True)
    assert (free.decided[0, 0], record.decided[0, 0]) == (CARRIED, REJECTED)
    assert (free.chance[0, 0], record.chance[0, 0]) == (1.0, 1.0)
    assert np.isnan(free.chance[1, 0])
    assert record.decided[1, 0] == CARRIED


# --------------------------------------------------- what holds for every rule

every_rule = pytest.mark.parametrize("rule", BALLOTS)


@every_rule
@given(PLACE, PLACE, st.floats(0, 5), st.floats(0, 1))
def test_a_chance_of_yes_is_a_probability_that_grows_with_the_gain(
    rule: str, one: float, other: float, sharpness: float, competence: float
) -> None:
    """Between 0 and 1, and never smaller where more is gained."""
    low, high = chance(rule, sorted((one, other)), sharpness, competence)
    assert 0 <= low <= high + 1e-15
    assert high <= 1


@given(EIGHTHS, EIGHTHS, EIGHTHS, st.floats(0, 5))
def test_the_contrary_motion_gets_the_contrary_votes(
    voice: float, if_carried: float, if_lost: float, sharpness: float
) -> None:
    """Who says yes with some probability says no to the contrary with the same; so does a nearest voter."""
    u, contrary = gain(voice, if_carried, if_lost), gain(voice, if_lost, if_carried)
    assert contrary == -u
    assert chance("logit", u, sharpness)[0] + chance("logit", contrary, sharpness)[0] == pytest.approx(1)
    if u != 0:
        assert chance("nearest", u)[0] + chance("nearest", contrary)[0] == 1


@given(PLACE, PLACE, PLACE, PLACE)
def test_voters_know_no_origin_and_no_direction(voice: float, if_carried: float, if_lost: float, shift: float) -> None:
    """Voter and options moved along the axis, or mirrored in it, gain just the same."""
    u = gain(voice, if_carried, if_lost)
    assert gain(-voice, -if_carried, -if_lost) == u
    assert gain(voice + shift, if_carried + shift, if_lost + shift) == pytest.approx(u, abs=1e-12)


@every_rule
@given(st.integers(0, 2**32 - 1).map(np.random.default_rng))
def test_histories_vote_side_by_side_without_hearing_each_other(rule: str, rng: np.random.Generator) -> None:
    """A voter in one history has the same bits alone and among others."""
    u = rng.uniform(-2, 2, 9)
    assert (chance(rule, u, 1.7, 0.6) == [chance(rule, one, 1.7, 0.6)[0] for one in u]).all()


@every_rule
def test_votes_fall_as_often_as_their_chance(rule: str) -> None:
    """Over many histories the shares of yes and of abstentions are the chances of them."""
    histories = played(of_ballots(rule), 4000)
    rows = [histories.elector("vote", name) for name in ("bob", "cat")]
    vote, voice = histories.vote[rows].ravel(), histories.voiced[rows].ravel()
    there = vote != WAS_ABSENT
    intends = intention(rule, ((0.0 - voice) ** 2 - (0.75 - voice) ** 2)[there], 3.0, 0.6, 0.05)
    for word, expected in ((YES, intends.yes), (ABSTAINED, intends.abstains)):
        surprise = (vote[there] == word) - expected
        assert abs(surprise.mean()) < 4 * np.sqrt((expected * (1 - expected)).mean() / there.sum()) + 1e-12


@every_rule
def test_plain_python_votes_to_the_same_bits(rule: str, interpreted: dict[str, str]) -> None:
    """The compiler changes nothing but the speed."""
    assert played(of_ballots(rule), 5).bits == interpreted[f"ballots {rule}"]
