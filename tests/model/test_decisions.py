"""Decisions: the law of the count, how a body's procedure turns it into an outcome, and who counts at all."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensembles import ensemble
from sim.errors import ScenarioError
from sim.model.plan import CARRIED, REJECTED
from sim.model.rules import decisions
from sim.model.rules.voting import ABSTAINED, WAS_ABSENT, YES
from tests.debates import absence, ballot, debate, played
from tests.every_word import MAJORITIES, TIES, of_procedure, procedure_of

CODES = {f"{kind} of {of}": code for (kind, of), code in decisions.MAJORITIES.items()}
SHARES = (Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4), Fraction(1))
CASTS, ABSTAINS, IS_ABSENT = "casts", "abstains", "is absent"


def chance_of_carrying(
    majority: str,
    ties: str,
    chances: list[float],
    doing: list[str] | None = None,
    votes: list[int] | None = None,
    share: Fraction = Fraction(2, 3),
    quorum: Fraction = Fraction(0),
    chair: int = -1,
    vetoes: list[int] | None = None,
    heads: int = 0,
    enough: int = 100,
) -> float:
    """The exact probability that a motion is carried, by the rule of the model."""
    doing, vetoes = doing or [CASTS] * len(chances), vetoes or []
    weights = np.array(votes or [1] * len(chances))
    size = len(chances)
    procedure = decisions.Procedure(
        CODES[majority], float(share), float(quorum), decisions.TIES[ties], size, int(weights.sum()), heads, enough
    )
    adds = np.array([[decisions.counted(procedure, int(weight), 1)] for weight in weights])
    voters = decisions.Voters(
        np.array(chances)[:, None],
        np.array([[float(what == CASTS)] for what in doing]),
        adds,
        np.array([[int(place in vetoes)] for place in range(size)], np.int8),
        np.ones(size, np.int8),
    )
    codes = {CASTS: YES, ABSTAINS: ABSTAINED, IS_ABSENT: WAS_ABSENT}
    vote = np.array([[codes[what]] for what in doing], np.int8)
    tally = decisions.count(vote, weights, voters.vetoes[:, 0].copy(), chair)
    return float(decisions.chance_of_carrying(procedure, voters, tally, chair)[0])


def carried_by_hand(
    majority: str, ties: str, yes: int, no: int, votes: list[int], share: Fraction, chairs_vote: str | None
) -> Fraction:
    """The same of one count of votes, said a second time in other words, with fractions."""
    whole = sum(votes)
    if majority == "unanimity of cast":
        return Fraction(yes > 0 and no == 0)
    if majority.startswith("qualified"):
        of = yes + no if majority == "qualified of cast" else whole
        return Fraction(yes > 0 and Fraction(yes, of) >= share)
    tied = yes == no > 0 and (majority == "simple of cast" or yes + no == whole)
    if tied:
        return {
            "rejected": Fraction(0),
            "carried": Fraction(1),
            "lot": Fraction(1, 2),
            "chair": Fraction(chairs_vote == "yes"),
        }[ties]
    return Fraction(yes > no if majority == "simple of cast" else Fraction(yes, whole) > Fraction(1, 2))


# --------------------------------------------------------------- known results

JURIES = [(3, 0.648), (5, 0.68256), (11, 0.7534981325)]


@pytest.mark.parametrize(("size", "right"), JURIES)
def test_condorcets_jury_is_right_as_often_as_published(size: int, right: float) -> None:
    """Three, five and eleven jurors, each right six times in ten, are right in .648, .68256 and .7534981325."""
    assert chance_of_carrying("simple of cast", "rejected", [0.6] * size) == pytest.approx(right, abs=1e-10)


@pytest.mark.parametrize(("size", "right"), JURIES)
def test_an_ensemble_knows_condorcets_jury(size: int, right: float) -> None:
    """The probability that an ensemble gives to the jury's verdict is the exact one, however few the histories."""
    jury = debate(
        {f"juror{number}": {"uniform": [0, 1]} for number in range(size)},
        ballot("verdict", 1.0, 0.0),
        parameters={"competence": 0.6},
        ballots={"rule": "fixed", "competence": "competence"},
    )
    row = ensemble.ensemble(jury, runs=16).decisions.iloc[0]
    assert row.probability == pytest.approx(right, abs=1e-10)
    assert row.mc_error < 1e-5


def test_jurors_of_unequal_competence_are_right_as_their_poisson_binomial_says() -> None:
    """Three jurors right nine, seven and six times in ten: .9 x .7 + .9 x .6 + .7 x .6 - 2 x .9 x .7 x .6 = .834."""
    jury = debate(
        {"ann": {"first_stance": 0, "competence": 0.9}, "bob": {"first_stance": 1, "competence": 0.7}, "cat": 0.5},
        ballot("verdict", 1.0, 0.0),
        parameters={"competence": 0.6},
        ballots={"rule": "fixed", "competence": "competence"},
    )
    assert ensemble.ensemble(jury, runs=200).decisions.iloc[0].probability == pytest.approx(0.834, abs=1e-10)
    alone = jury.with_changes({"set": "cat.competence", "to": 0.6}, {"remove": "dynamics.ballots.competence"})
    assert ensemble.ensemble(alone, runs=200).decisions.iloc[0].probability == pytest.approx(0.834, abs=1e-10)
    with pytest.raises(ScenarioError, match="needs 'competence'"):
        alone.with_changes({"remove": "cat.competence"})


def test_the_law_of_the_count_is_the_poisson_binomial() -> None:
    """Five voters who say yes with .9, .8, .6, .4 and .3 give 0 to 5 yes with a known law."""
    chances = np.array([0.9, 0.8, 0.6, 0.4, 0.3])[:, None]
    voters = decisions.Voters(
        chances, np.ones((5, 1)), np.ones((5, 1), np.int64), np.zeros((5, 1), np.int8), np.ones(5, np.int8)
    )
    law = decisions.distribution_of_yes(voters, -1)
    assert law[:, 0] == pytest.approx([0.00336, 0.0524, 0.2408, 0.3996, 0.252, 0.05184], abs=1e-14)


def test_a_history_has_the_same_chance_in_any_company() -> None:
    """Where votes are so many that histories are taken a few at a time, each chance has the bits that it has alone."""
    weights, lanes = np.array([3999, 4001, 5000, 2500]), 200
    procedure = decisions.Procedure(CODES["qualified of members"], 0.6, 0.0, 0, 4, int(weights.sum()), 2, 3)
    assert lanes * weights.sum() > decisions.CELLS
    adds = np.array([[decisions.counted(procedure, int(weight), 1)] * lanes for weight in weights])
    chances = np.random.default_rng(1).random((4, lanes))
    voters = decisions.Voters(chances, np.ones((4, lanes)), adds, np.zeros((4, lanes), np.int8), np.ones(4, np.int8))
    tally = decisions.Tally(*(np.full(lanes, 4) for _ in range(6)))
    together = decisions.chance_of_carrying(procedure, voters, tally, -1)
    for lane in (0, 99, 199):
        alone = decisions.Voters(
            *(np.ascontiguousarray(each[:, lane : lane + 1]) for each in voters[:4]), voters.are_even
        )
        assert (
            decisions.chance_of_carrying(procedure, alone, decisions.Tally(*(np.full(1, 4),) * 6), -1)[0]
            == together[lane]
        )


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A body of up to six voters, some of them with several votes, some silent, some away."""
    size = draw(st.integers(1, 6))

    def each(of: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(of, min_size=size, max_size=size))

    return {
        "chances": each(st.floats(0, 1)),
        "doing": each(st.sampled_from([CASTS, CASTS, ABSTAINS, IS_ABSENT])),
        "votes": each(st.integers(1, 3)),
        "share": draw(st.sampled_from(SHARES)),
        "quorum": draw(st.sampled_from([Fraction(0), *SHARES])),
        "chair": draw(st.integers(-1, size - 1)),
        "vetoes": draw(st.just([]) | st.lists(st.integers(0, size - 1), unique=True)),
        "heads": draw(st.just(0) | st.integers(1, size)),
        "enough": draw(st.just(size + 1) | st.integers(1, size)),
    }


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("majority", MAJORITIES)
@given(bodies())
def test_the_chance_of_carrying_is_that_of_all_votes_counted_one_by_one(
    majority: str, ties: str, body: dict[str, Any]
) -> None:
    """Every way of voting, weighed by its probability and decided by hand, adds up to the exact law."""
    size, doing, votes, chair = len(body["chances"]), body["doing"], body["votes"], body["chair"]
    total = 0.0
    voters = [i for i in range(size) if doing[i] == CASTS]
    for ways in product(("yes", "no"), repeat=len(voters)):
        said = dict(zip(voters, ways, strict=True))
        weight = float(
            np.prod([body["chances"][i] if vote == "yes" else 1 - body["chances"][i] for i, vote in said.items()])
        )
        counts = [sum(votes[i] for i in voters if said[i] == vote) for vote in ("yes", "no")]
        heads = [*said.values()].count("yes")
        if any(said.get(i) == "no" for i in body["vetoes"]) or heads < body["heads"]:
            continue
        by_votes = carried_by_hand(majority, ties, *counts, votes, body["share"], said.get(chair))
        total += weight * (1.0 if heads >= body["enough"] else float(by_votes))
    taken = sum(what != IS_ABSENT for what in doing)
    expected = total if Fraction(taken, size) >= body["quorum"] else 0.0
    assert chance_of_carrying(majority, ties, **body) == pytest.approx(expected, abs=1e-12)


# ---------------------------------------------- what holds for every procedure

every_majority = pytest.mark.parametrize("majority", MAJORITIES)
every_tie = pytest.mark.parametrize("ties", TIES)


@every_majority
@every_tie
@given(st.integers(1, 6))
def test_all_for_is_carried_and_none_for_is_not(majority: str, ties: str, size: int) -> None:
    """What everybody wants passes and what nobody wants fails, whatever the procedure."""
    assert chance_of_carrying(majority, ties, [1.0] * size, chair=0) == pytest.approx(1)
    assert chance_of_carrying(majority, ties, [0.0] * size, chair=0) == 0
    assert chance_of_carrying(majority, ties, [1.0] * size, [ABSTAINS] * size, chair=0) == 0


@every_majority
@every_tie
@given(bodies(), st.integers(0, 5), st.floats(0, 1))
def test_more_support_never_harms_a_motion(
    majority: str, ties: str, body: dict[str, Any], voter: int, support: float
) -> None:
    """Where one voter grows likelier to say yes, the motion is at least as likely to pass."""
    stronger = list(body["chances"])
    stronger[voter % len(stronger)] = max(support, stronger[voter % len(stronger)])
    assert (
        chance_of_carrying(majority, ties, **{**body, "chances": stronger})
        >= chance_of_carrying(majority, ties, **body) - 1e-12
    )


@every_majority
@every_tie
@given(bodies())
def test_a_chance_is_a_probability(majority: str, ties: str, body: dict[str, Any]) -> None:
    """No rounding takes it below 0 or above 1 by more than the last bits."""
    assert -1e-12 <= chance_of_carrying(majority, ties, **body) <= 1 + 1e-12


@every_tie
@given(bodies())
def test_a_stricter_majority_never_carries_more(ties: str, body: dict[str, Any]) -> None:
    """Unanimity carries no more than two thirds, an absolute majority no more than a simple one."""
    chances = {
        majority: chance_of_carrying(majority, ties, **{**body, "share": Fraction(2, 3)}) for majority in MAJORITIES
    }
    strictness = ["unanimity of cast", "qualified of cast", "simple of cast"]
    for strict, easy in [
        *pairwise(strictness),
        ("absolute of cast", "simple of cast"),
        ("qualified of members", "qualified of cast"),
    ]:
        assert chances[strict] <= chances[easy] + 1e-12


@given(bodies())
def test_with_ties_by_lot_a_simple_majority_favours_neither_side(body: dict[str, Any]) -> None:
    """The motion and its contrary are carried with probabilities that add up to one, if anybody votes."""
    body = {**body, "quorum": Fraction(0), "doing": [CASTS, *body["doing"][1:]], "vetoes": [], "heads": 0, "enough": 9}
    contrary = {**body, "chances": [1 - chance for chance in body["chances"]]}
    both = chance_of_carrying("simple of cast", "lot", **body) + chance_of_carrying("simple of cast", "lot", **contrary)
    assert both == pytest.approx(1)


@every_majority
@every_tie
def test_plain_python_decides_to_the_same_bits(majority: str, ties: str, interpreted: dict[str, str]) -> None:
    """The compiler changes nothing but the speed."""
    assert played(of_procedure(majority, ties), 5).bits == interpreted[f"majority {majority}, ties {ties}"]


@every_majority
@every_tie
def test_decisions_fall_as_often_as_the_exact_law_says(majority: str, ties: str) -> None:
    """Votes drawn one by one, counted and decided, agree with the chance worked out beside them."""
    board = {"procedure": procedure_of(majority, ties), "votes": {"ann": 2}}
    undecided = debate(
        {"ann": 0.0, "bob": 0.0, "cat": 0.0, "dan": 0.0},
        ballot("vote", 1.0, 0.0),
        board=board,
        parameters={"competence": 0.6, "attendance": 0.8},
        ballots={"rule": "fixed", "competence": "competence"},
        attendance="attendance",
    )
    histories = played(undecided, 4000)
    surprise = (histories.decided[0] == CARRIED) - histories.chance[0]
    assert abs(surprise.mean()) < 4 * np.sqrt((histories.chance[0] * (1 - histories.chance[0])).mean() / 4000) + 1e-12


# ----------------------------------------------------------- whose votes count

FOUR = {"ann": 1.0, "bob": 1.0, "cat": 0.0, "dan": 0.0}


def outcome(
    *moments: Any, members: dict[str, Any] = FOUR, on: int = 3, vote: dict[str, Any] | None = None, **parts: Any
) -> int:
    """What becomes of a motion that ann and bob are for and cat and dan against."""
    return int(played(debate(members, *moments, ballot("vote", 1.0, 0.0, on, **(vote or {})), **parts)).decided[0, 0])


@pytest.mark.parametrize(
    ("ties", "decision"),
    [
        ({}, REJECTED),
        ({"ties": "carried"}, CARRIED),
        ({"ties": "chair", "chair": "ann"}, CARRIED),
        ({"ties": "chair", "chair": "cat"}, REJECTED),
    ],
)
def test_a_tie_goes_by_the_published_rule(ties: dict[str, str], decision: int) -> None:
    """Two against two is decided as the procedure says, by the chair's own vote if it says so."""
    assert outcome(board={"procedure": ties}) == decision


def test_a_chair_who_is_away_breaks_no_tie() -> None:
    """Without the chair's vote their tie is rejected."""
    away = absence("away", "eve", 0, 10)
    assert (
        outcome(away, members={**FOUR, "eve": 1.0}, board={"procedure": {"ties": "chair", "chair": "eve"}}) == REJECTED
    )


def test_a_lot_decides_half_of_the_ties() -> None:
    """A fair coin, tossed anew in each history."""
    tied = played(debate(FOUR, ballot("vote", 1.0, 0.0), board={"procedure": {"ties": "lot"}}), 4000)
    assert (tied.chance == 0.5).all()
    assert abs((tied.decided[0] == CARRIED).mean() - 0.5) < 4 * 0.5 / np.sqrt(4000)


@pytest.mark.parametrize(("quorum", "decision"), [(0.5, CARRIED), (0.51, REJECTED)])
def test_without_a_quorum_nothing_is_carried(quorum: float, decision: int) -> None:
    """With two of four seats taken, a quorum of half is met and one of more is not."""
    away = [absence(f"{name}-away", name, 0, 10) for name in ("cat", "dan")]
    assert outcome(*away, board={"procedure": {"quorum": quorum}}) == decision


def test_an_abstainer_takes_his_seat_and_casts_no_vote() -> None:
    """Who abstains counts for the quorum, and neither for nor against."""
    silent = debate(
        {"ann": 1.0, "bob": 0.5, "cat": 0.5},
        ballot("vote", 1.0, 0.0),
        board={"procedure": {"quorum": 1.0}},
        parameters={"margin": 0.01},
        ballots={"rule": "nearest", "abstention_margin": "margin"},
    )
    histories = played(silent)
    assert histories.vote[:, 0].tolist() == [YES, ABSTAINED, ABSTAINED]
    assert histories.decided[0, 0] == CARRIED


def test_a_member_may_have_several_votes() -> None:
    """Three votes outweigh two."""
    assert outcome(board={"votes": {"cat": 2}}) == REJECTED
    assert outcome(board={"votes": {"ann": 2}}) == CARRIED


@pytest.mark.parametrize(("votes", "decision"), [(0.25, CARRIED), (0.5, REJECTED), (1.25, REJECTED)])
def test_votes_may_be_fractions(votes: float, decision: int) -> None:
    """Two votes and a half of one are for it, two and as much as cat has more are against it."""
    members = {**FOUR, "eve": 1.0}
    board = {"votes": {"eve": 0.5, "cat": 1 + votes}}
    assert outcome(members=members, board=board) == decision


def test_fractions_of_votes_are_added_without_rounding() -> None:
    """A tenth and two tenths against three tenths are a tie, as three tenths against a tenth and two tenths are."""
    board = {"votes": {"ann": 0.1, "bob": 0.2, "cat": 0.3}, "procedure": {"ties": "carried"}}
    three = {"ann": 1.0, "bob": 1.0, "cat": 0.0}
    assert outcome(members=three, board=board) == CARRIED
    lost = {**board, "procedure": {"ties": "rejected"}}
    assert outcome(members=three, board=lost) == outcome(members={**three, "cat": 0.0}, board=lost) == REJECTED


@pytest.mark.parametrize(("holder", "decision"), [("ann", CARRIED), ("cat", REJECTED), ("mob", REJECTED)])
def test_a_no_of_who_has_a_veto_rejects(holder: str, decision: int) -> None:
    """Five of eight are for it: it falls by one no of somebody, or of anybody in a group, with a veto."""
    mob = {"count": 2, "first_stance": 0.0}
    members = {**FOUR, "dan": 1.0, "eve": 1.0, "fay": 1.0, "mob": mob}
    assert outcome(members=members, board={"procedure": {"vetoes": [holder]}}) == decision


def test_an_abstention_is_no_veto() -> None:
    """As in the Security Council, who has a veto and abstains or stays away lets the others decide."""
    members, procedure = {**FOUR, "eve": 1.0}, {"procedure": {"vetoes": ["cat", "dan"]}}
    silent = {"abstentions": [{"member": "cat", "because": "So it is."}]}
    away = absence("away", "dan", 0, 10)
    assert outcome(away, members=members, vote=silent, board=procedure) == CARRIED
    assert outcome(away, members=members, board=procedure) == REJECTED


@pytest.mark.parametrize(
    ("more", "decision"),
    [
        ({}, CARRIED),
        ({"heads": 0.5}, CARRIED),
        ({"heads": "absolute"}, REJECTED),
        ({"heads": 0.51}, REJECTED),
    ],
)
def test_a_double_majority_asks_for_heads_besides_votes(more: dict[str, Any], decision: int) -> None:
    """Two of four members with seven of nine votes carry a motion, unless more than half must say yes."""
    assert outcome(board={"votes": {"ann": 6}, "procedure": more}) == decision


@pytest.mark.parametrize(("least", "decision"), [(1, REJECTED), (2, REJECTED), (3, CARRIED)])
def test_too_few_members_cannot_block(least: int, decision: int) -> None:
    """Two of four, with nine of eleven votes, hold up a motion unless it takes three to block."""
    assert outcome(board={"votes": {"cat": 8}, "procedure": {"blocking_minority": least}}) == decision


def test_a_candidate_speaks_and_does_not_vote() -> None:
    """Only full members are electors."""
    seats = [{"members": ["ann", "bob", "cat"]}, {"members": ["dan"], "role": "candidate"}]
    assert outcome(board={"seats": seats}) == CARRIED


@pytest.mark.parametrize(("reachable", "decision"), [(True, CARRIED), (False, REJECTED)])
def test_a_vote_by_correspondence_reaches_who_is_away_but_not_who_is_out_of_reach(
    reachable: bool, decision: int
) -> None:
    """By note, an absent member votes if their post finds them; in a room they never do."""
    members, away = {**FOUR, "eve": 1.0}, absence("away", "eve", 0, 10, reachable=reachable)
    assert outcome(away, members=members, vote={"by_correspondence": True}) == decision
    assert outcome(away, members=members) == REJECTED


def test_who_is_recorded_as_present_is_present_in_every_history() -> None:
    """A name on the list of those present, or a vote on record, puts a member in the room; others come by chance."""
    unsure = debate(
        FOUR,
        ballot("vote", 1.0, 0.0, present=["ann"], votes={"bob": "yes"}),
        parameters={"attendance": 0.3},
        attendance="attendance",
    )
    histories = played(unsure, 2000)
    absent = (histories.vote == WAS_ABSENT).mean(axis=1)
    assert absent[:2].tolist() == [0, 0]
    assert absent[2:] == pytest.approx([0.7, 0.7], abs=4 * np.sqrt(0.21 / 2000))


@pytest.mark.parametrize(
    ("body", "vote", "comes"),
    [({}, {}, 0.3), ({"attendance": "often"}, {}, 0.6), ({"attendance": "often"}, {"attendance": "rarely"}, 0.1)],
)
def test_attendance_is_that_of_the_ballot_or_of_the_body_or_of_all(
    body: dict[str, str], vote: dict[str, str], comes: float
) -> None:
    """The chance of coming is the one named nearest to the vote."""
    parameters = {"usually": 0.3, "often": 0.6, "rarely": 0.1}
    board = debate(FOUR, ballot("vote", 1.0, 0.0, **vote), board=body, parameters=parameters, attendance="usually")
    there = (played(board, 2000).vote != WAS_ABSENT).mean()
    assert there == pytest.approx(comes, abs=4 * np.sqrt(comes * (1 - comes) / 8000))


def test_an_ensemble_weighs_every_way_of_attending() -> None:
    """The probability in the results is that over who comes and over how they vote, worked out case by case."""
    p, comes = 0.6, 0.7
    jury = debate(
        FOUR,
        ballot("vote", 1.0, 0.0),
        board={"procedure": {"quorum": 0.5}},
        parameters={"competence": p, "attendance": comes},
        ballots={"rule": "fixed", "competence": "competence"},
        attendance="attendance",
    )
    expected = 0.0
    for room in product((True, False), repeat=4):
        weight = np.prod([comes if there else 1 - comes for there in room])
        doing = [CASTS if there else IS_ABSENT for there in room]
        expected += weight * chance_of_carrying("simple of cast", "rejected", [p] * 4, doing, quorum=Fraction(1, 2))
    row = ensemble.ensemble(jury, runs=8000).decisions.iloc[0]
    assert 0 < row.mc_error < 0.01
    assert abs(row.probability - expected) < 4 * row.mc_error
