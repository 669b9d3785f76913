"""What an event changes is changed from then on, in the histories where it happens."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario
from tests.debates import absence, ballot, debate, event, letter, played, talk

MEMBERS = {"ann": 0.0, "bob": 1.0}
FALL: dict[str, Any] = {"changes": [{"set": "openness", "to": "none"}]}


def test_a_parameter_is_another_from_its_event_on() -> None:
    """Both go half of the way to their mean before, and nowhere after."""
    histories = played(debate(MEMBERS, talk("first", 1), event("fall", 2, **FALL), talk("second", 3)))
    assert histories.after("first")[:, 0] == pytest.approx([0.25, 0.75])
    assert histories.after("second")[:, 0] == pytest.approx([0.25, 0.75])


def test_a_parameter_stays_where_the_event_does_not_happen() -> None:
    """Half of the histories carry the ballot on which the event hangs; only in these does talk move nobody after."""
    chance = {"ballots": {"rule": "fixed", "competence": "competence"}, "policy": 0.5}
    fall = event("fall", 2, **{"if": "vote carried"}, **FALL)
    histories = played(debate({**MEMBERS, "cat": 0.5}, ballot("vote", 1.0, 0.0), fall, talk("after", 3), **chance), 200)
    stays = histories.after("after")[0] == 0.0
    assert 0 < stays.sum() < 200
    assert (stays == (histories.decided[0] == 1)).all()


def test_what_is_given_is_the_value_that_the_other_has_then() -> None:
    """A later change of the other parameter is not followed, an earlier one is."""
    first = event("first", 1, changes=[{"set": "say", "to": "none"}])
    second = event("second", 2, changes=[{"set": "openness", "to": "say"}, {"set": "say", "to": "all"}])
    assert played(debate(MEMBERS, first, second, talk("after", 3))).after("after")[:, 0] == pytest.approx([0.0, 1.0])


def led(*changes: dict[str, Any]) -> Scenario:
    """Ada has written that she is against; Ben defers to her entirely, until an event that changes something."""
    return debate(
        {"ada": 0.0, "ben": 0.9},
        absence("ada-away", "ada", 0, 30),
        letter("ada-writes", "ada", ["ben"], 0.0, on=1),
        ballot("before", 1.0, 0.0, on=2),
        event("fall", 3, changes=changes),
        ballot("after", 1.0, 0.0, on=4),
        parameters={"deference": 1.0, "receptiveness": 0.0},
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse"},
    )


def test_nobody_defers_to_a_leader_who_has_fallen() -> None:
    """Ben votes as Ada has written before, and as he thinks after; a number is a parameter of that value."""
    for to in ("none", 0.0):
        replayed = sim.replay(led({"set": "deference", "to": to}), runs=8).ensemble.decisions
        assert replayed.set_index("decision").probability.to_dict() == {"before": 0.0, "after": 1.0}


def test_a_vote_that_a_fall_changes_is_put_down_to_deference() -> None:
    """Of two worlds one has the fall: Ben's vote after it differs by deference, that before it does not."""
    world = led({"set": "deference", "to": "none"})
    changed = sim.whatif(world, {"remove": "fall"}, runs=8).votes_changed.set_index(["decision", "member"])
    assert (changed.loc[("after", "ben")].changed, changed.loc[("after", "ben")].by_deference) == (1, 1)
    assert changed.loc[("before", "ben")].changed == 0


def test_a_debate_without_deference_has_none_after_an_event_either() -> None:
    """Taking deference out takes out the parameter to which an event sets its weight."""
    world = led({"set": "deference", "to": 0.5})
    assert world.debate.deferred_by == {"deference", "fall-deference"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"set": "opennes", "to": 0.5}, "'opennes' is not a parameter: did you mean 'openness'?"),
        ({"set": "openness", "to": "ann"}, "'ann' is not a parameter, it is a member"),
        ({"set": "openness", "to": 2}, "susceptibility: 'fall-openness' is 2: susceptibility must be within "),
    ],
)
def test_an_event_that_sets_a_parameter_to_what_it_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    """It is named, and set to another parameter or a number within its range."""
    with pytest.raises(ScenarioError, match=said.replace("?", r"\?")):
        debate(MEMBERS, event("fall", 2, changes=[change]), parameters={"openness": {"value": 0.5, "range": [0, 1]}})


# ---------------------------------------------------------------- seats


def seat(member: str, kind: str, body: str = "board") -> dict[str, Any]:
    """What an event makes of a member's seat."""
    return {"set": f"{member}.seat", "in": body, "to": kind}


def votes(world: Scenario, ballot: str, runs: int = 8) -> dict[str, list[float]]:
    """The shares of yes, no and absent of everybody in a ballot, of the histories in which they have a vote in it."""
    table = sim.replay(world, runs=runs).ensemble.ballots
    own = table[table.decision == ballot].set_index("member")[["yes", "no", "absent"]]
    return {str(name): row for name, row in zip(own.index, own.to_numpy().tolist(), strict=True)}


def test_who_resigns_over_a_lost_vote_neither_votes_nor_talks_from_then_on() -> None:
    """Ann alone wants the offer; once it is lost she leaves, and of the others nobody hears her."""
    leaves = event("ann-resigns", 2, **{"if": "offer rejected"}, changes=[seat("ann", "none")])
    world = debate(
        {"ann": 1.0, "bob": 0.0, "cat": 0.2},
        ballot("offer", 1.0, 0.0, on=1),
        leaves,
        talk("after", 3),
        ballot("second", 1.0, 0.0, on=4),
    )
    histories = played(world)
    assert histories.after("after")[:, 0] == pytest.approx([1.0, 0.05, 0.15])
    assert [seen != seen for seen in votes(world, "second")["ann"]] == [True] * 3
    assert votes(world, "second")["bob"] == [0, 1, 0]
    told = sim.play(world).transcript
    assert set(told[told.moment == "second"].member) == {"bob", "cat", ""}


def test_seats_are_those_of_each_history() -> None:
    """Where the offer is carried, ann stays and votes; where it is not, she has no vote."""
    lot = {"rule": "fixed", "competence": "competence"}
    leaves = event("ann-resigns", 2, **{"if": "offer rejected"}, changes=[seat("ann", "none")])
    world = debate(
        {"ann": 1.0, "bob": 0.0, "cat": 0.2},
        ballot("offer", 1.0, 0.0, on=1),
        leaves,
        ballot("second", 1.0, 0.0, on=4),
        ballots=lot,
    )
    histories = played(world, 200)
    has_vote = histories.vote[3] != 0
    assert 0 < has_vote.sum() < 200
    assert (has_vote == (histories.decided[0] == 1)).all()


@pytest.mark.parametrize(("changes", "chance"), [([], 0.0), ([seat("dan", "none")], 1.0), ([seat("eve", "full")], 0.0)])
def test_a_majority_of_all_votes_is_one_of_the_seats_as_they_then_are(
    changes: list[dict[str, Any]], chance: float
) -> None:
    """Two yes are less than half of four, and of five; of three they are more."""
    absolute = {"majority": "absolute"}
    world = debate(
        {"ann": 1.0, "bob": 1.0, "cat": 0.0, "dan": 0.0, "eve": 0.0},
        event("change", 1, changes=changes or [{"set": "policy", "to": 0.0}]),
        ballot("vote", 1.0, 0.0, on=2, procedure=absolute),
        board={"members": ["ann", "bob", "cat", "dan"]},
    )
    assert sim.replay(world, runs=8).ensemble.decisions.probability.tolist() == [chance]


@pytest.mark.parametrize(("gone", "outcome"), [([], 0.0), (["cat", "dan"], 1.0)])
def test_a_quorum_is_one_of_the_seats_as_they_then_are(gone: list[str], outcome: float) -> None:
    """Two of four are too few for three quarters; of two who are left they are all."""
    world = debate(
        {"ann": 1.0, "bob": 1.0, "cat": 0.0, "dan": 0.0},
        absence("cat-away", "cat", 0, 30),
        absence("dan-away", "dan", 0, 30),
        event("change", 1, changes=[*(seat(name, "none") for name in gone), {"set": "policy", "to": 0.0}]),
        ballot("vote", 1.0, 0.0, on=2, procedure={"quorum": 0.75}),
    )
    assert sim.replay(world, runs=8).ensemble.decisions.probability.tolist() == [outcome]


def test_a_newcomer_and_a_candidate_vote_once_they_have_a_seat() -> None:
    """Before the event the newcomer is in no room and the candidate has no vote; a vote on record may be theirs."""
    seats = [{"members": ["ann", "bob"]}, {"members": ["cat"], "role": "candidate", "votes": 2}]
    world = debate(
        {"ann": 0.0, "bob": 0.0, "cat": 1.0, "eve": 1.0},
        ballot("first", 1.0, 0.0, on=1),
        event("change", 2, changes=[seat("cat", "full"), seat("eve", "full")]),
        ballot("second", 1.0, 0.0, on=3, votes={"eve": "yes"}),
        board={"seats": seats},
    )
    assert set(votes(world, "first")) == {"ann", "bob"}
    assert votes(world, "second") == {"ann": [0, 1, 0], "bob": [0, 1, 0], "cat": [1, 0, 0], "eve": [1, 0, 0]}
    assert sim.replay(world, runs=8).ensemble.decisions.probability.tolist() == [0.0, 1.0]


def test_a_letter_to_a_body_reaches_who_has_a_seat_in_it_then() -> None:
    """Bob has left and is not reached, unless the letter is to him too."""
    for readers, moved in ((["board"], 0.0), (["board", "bob"], 0.5)):
        world = debate(
            {"ann": 1.0, "bob": 0.0, "cat": 0.0},
            event("change", 1, changes=[seat("bob", "none")]),
            letter("word", "ann", readers, 1.0, on=2),
        )
        assert played(world).after("word")[:, 0] == pytest.approx([1.0, moved, 0.5])


def test_a_vote_lost_with_a_seat_is_put_down_to_attendance() -> None:
    """Of two worlds one has the resignation: the vote that is not cast in it differs by attendance."""
    world = debate(
        {"ann": 1.0, "bob": 1.0, "cat": 0.0},
        event("change", 1, changes=[seat("ann", "none")]),
        ballot("vote", 1.0, 0.0, on=2),
    )
    changed = sim.whatif(world, {"remove": "change"}, runs=8).votes_changed.set_index("member")
    assert (changed.loc["ann"].changed, changed.loc["ann"].by_attendance) == (1, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"set": "ann.seat", "in": "board", "to": "chair"}, "a seat is set to none, candidate or full, not to 'chair'"),
        ({"set": "ann.seat", "to": "none"}, "'in' goes with 'MEMBER.seat', and only with it"),
        ({"set": "policy", "in": "board", "to": 1}, "'in' goes with 'MEMBER.seat', and only with it"),
        ({"set": "nan.seat", "in": "board", "to": "none"}, "'nan' is not a member: did you mean 'ann'"),
        ({"set": "ann.seat", "in": "bord", "to": "none"}, "'bord' is not a body: did you mean 'board'"),
    ],
)
def test_an_event_that_changes_no_seat_is_refused(change: dict[str, Any], said: str) -> None:
    """It names a member, a body, and what the seat is to be."""
    with pytest.raises(ScenarioError, match=said):
        debate({"ann": 1.0, "bob": 0.0}, event("change", 1, changes=[change]))
