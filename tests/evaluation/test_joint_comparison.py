"""Candidate models over several debates: what is added up, and what is in one of them only."""

from __future__ import annotations

import functools
import math

import pytest

import sim
from sim.calibration.calibration import Effort
from sim.errors import UserError
from sim.evaluation import joint_comparison
from sim.evaluation.joint_comparison import JointComparison, compare_debates
from sim.results.tables import encoded
from sim.scenario.scenario import Scenario
from tests.debates import ballot, debate, letter, talk

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}


@functools.cache
def divided(name: str, has_letter: bool, outcome: str = "carried") -> Scenario:
    """Two who disagree and one unknown, who talk and vote, with a letter or without."""
    law = {"value": {"uniform": [0.1, 0.5]}, "range": [0, 0.6]}
    written = [letter("word", "ann", ["bob"], 0.9, 3)] if has_letter else []
    return debate(
        {"ann": 0.9, "bob": 0.1, "cat": {"uniform": [0, 1]}},
        talk("meeting", 2),
        *written,
        {**ballot("vote", 0.9, 0.1, 5, outcome=outcome), **BOOK},
        weeks=2,
        sources={"BOOK": {"title": "A book"}},
        parameters={"openness": law, "sharpness": 3.0, "bound": 0.5},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        talk={"rule": "soft-bounded-confidence", "susceptibility": "openness", "bound": "bound"},
        scenario=name,
    )


@functools.cache
def together() -> JointComparison:
    """Two debates, of which one has no letter."""
    return compare_debates([divided("one", True), divided("two", False, "rejected")], 1, Effort(40, 2))


def test_evidences_and_scores_of_several_debates_add_up() -> None:
    """A candidate's row is the sum over the debates, and its errors are those of independent data."""
    sums = together().table.set_index("name")
    one, two = (comparison.table.set_index("name") for comparison in together().each)
    for name in sums.index:
        for column in ("log_evidence", "difference", "leave_one_out_score", "one_step_ahead_score"):
            assert sums[column][name] == pytest.approx(one[column][name] + two[column][name])
        for column in ("error", "leave_one_out_error", "one_step_ahead_error"):
            assert sums[column][name] == pytest.approx(math.hypot(one[column][name], two[column][name]))
    assert sums.index[sums.is_own].tolist() == ["soft-bounded-confidence"]


def test_each_debate_is_compared_as_it_would_be_alone() -> None:
    """What is said of a candidate in one debate does not hang on the others."""
    alone = sim.compare(divided("one", True), 1, Effort(40, 2)).table.set_index("name")
    beside = together().each[0].table.set_index("name")
    assert beside.equals(alone.loc[beside.index])


def test_what_one_of_them_lacks_is_not_compared_and_that_is_said() -> None:
    """Letters that move nobody are no candidate where a debate has no letters."""
    assert "letters move nobody" not in set(together().table.name)
    assert "letters move nobody: there is none in this debate (two)" in together().not_compared
    assert all("letters move nobody" not in set(one.table.name) for one in together().each)
    assert "talk moves nobody" in set(together().table.name)


def test_the_text_says_what_the_records_say_together() -> None:
    """Which candidate makes them most probable, and which cannot be told apart from it."""
    best = together().table.set_index("name").log_evidence.idxmax()
    assert f"The records of one and two together are most probable under {best}." in together().text
    assert "cannot tell apart" in together().text
    assert best in together().headline


def test_a_comparison_of_several_debates_is_made_again_from_its_settings() -> None:
    """The first debate and what a manifest keeps of the others give the same tables."""
    found = together()
    again = joint_comparison.rerun(found.scenario, found.settings, found.runs, found.seed)
    assert {name: encoded(table) for name, table in again.tables.items()} == {
        name: encoded(table) for name, table in found.tables.items()
    }


def test_several_debates_are_two_or_more_and_each_is_there_once() -> None:
    """One debate, or the same one twice, is no comparison over several."""
    for names in ([divided("one", True)], [divided("one", True)] * 2):
        with pytest.raises(UserError, match="name two or more, each once"):
            compare_debates(names, 1, Effort(40, 1))
