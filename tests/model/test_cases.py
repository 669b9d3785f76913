"""Small debates worked by hand, as a historian can check them: `cases/*.yaml`, with the arithmetic beside each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model import ballots, priors, random_streams
from sim.model.arrays import OUTCOMES, arrays_of
from sim.model.rules import voting
from sim.model.rules.voting import ABSTAINED, NO, WAS_ABSENT, YES
from sim.model.state import Inputs, begin
from sim.scenario.scenario import load
from sim.scenario.yaml_reader import parse
from tests.debates import Histories, played, scenario

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
VOTES = {"yes": YES, "no": NO, "abstain": ABSTAINED, "absent": WAS_ABSENT}
TO_SIX_DECIMALS = 1e-6


def case(path: Path) -> tuple[Histories, list[Mapping[str, Any]]]:
    """A case played once, and what it expects."""
    told = parse(path.read_text("utf-8"), path.name).tree
    assert set(told) == {"debate", "expect"}, f"a case is a debate and what to expect, not {sorted(told)}"
    debate = load(told["debate"]) if isinstance(told["debate"], str) else scenario(told["debate"])
    return played(debate, 1), told["expect"]


def intentions(histories: Histories, name: str) -> dict[str, voting.Intention]:
    """How each elector would vote, from what they voiced: every parameter of a case is one number."""
    (plan, names), ballot = arrays_of(histories.scenario), histories.ballot(name)
    words, ids = random_streams.seed_words(0), np.zeros(1, np.uint64)
    drawn = priors.of_replicates(priors.of_debate(histories.scenario.debate), words, ids)
    inputs = Inputs(*drawn, ids, words, False)
    policy = histories.policies[histories.number(name)]
    between = ballots.options(plan, begin(plan, drawn[1]), inputs, ballot, policy)
    found = {}
    for row, (decision, member) in enumerate(names.electors):
        if decision == name:
            voter = ballots.Voter(ballot, row, names.members.index(member))
            found[member] = ballots.intention(plan, inputs, voter, histories.voiced[row], between)
    return found


def check_stances(histories: Histories, moment: str, stances: Mapping[str, float]) -> None:
    """Whether everybody stands where they should after a moment."""
    found = dict(zip(arrays_of(histories.scenario).names.members, histories.after(moment)[:, 0].tolist(), strict=True))
    assert found == pytest.approx(dict(stances), abs=TO_SIX_DECIMALS)


def check_ballot(histories: Histories, name: str, expected: Mapping[str, Any]) -> None:
    """Whether a ballot went as it should."""
    for member, voice in expected.get("voiced", {}).items():
        assert histories.voiced[histories.elector(name, member), 0] == pytest.approx(voice, abs=TO_SIX_DECIMALS), member
    for word in ("yes", "abstains"):
        for member, chance in expected.get(word, {}).items():
            intends = intentions(histories, name)[member]
            assert getattr(intends, word)[0] == pytest.approx(chance, abs=TO_SIX_DECIMALS), member
    for member, vote in expected.get("votes", {}).items():
        assert histories.vote[histories.elector(name, member), 0] == VOTES[vote], member
    if "chance" in expected:
        assert histories.chance[histories.ballot(name), 0] == pytest.approx(expected["chance"], abs=TO_SIX_DECIMALS)
    if "outcome" in expected:
        assert histories.decided[histories.ballot(name), 0] == OUTCOMES[expected["outcome"]]
    if "policy" in expected:
        assert histories.policies[histories.number(name) + 1, 0] == expected["policy"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_debate_goes_as_it_was_worked_out_by_hand(path: Path) -> None:
    """Every stance, vote and decision that was computed with pen and paper is what the program plays."""
    histories, expected = case(path)
    assert expected
    for what in expected:
        if "after" in what:
            assert set(what) == {"after", "stances"}
            check_stances(histories, what["after"], what["stances"])
        else:
            assert set(what) <= {"ballot", "voiced", "yes", "abstains", "votes", "chance", "outcome", "policy"}
            check_ballot(histories, what["ballot"], what)


def test_there_are_cases_of_everything() -> None:
    """Talk, letters, deference, procedures and conditions each have a debate worked by hand."""
    text = "\n".join(path.read_text("utf-8") for path in CASES)
    for word in ("after:", "ballot:", "deference:", "procedure:", "if:", "drift:", "absence"):
        assert word in text
