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
