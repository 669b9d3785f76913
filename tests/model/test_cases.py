"""Small debates worked by hand, as a historian can check them: `cases/*.yaml`, with the arithmetic beside each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model.arrays import OUTCOMES, arrays_of
from sim.model.rules import voting
from sim.model.rules.voting import ABSTAINED, NO, WAS_ABSENT, YES
from sim.scenario.scenario import load
from sim.scenario.schema import Ballot
from sim.scenario.seats import position
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


def chances_of_yes(histories: Histories, name: str) -> dict[str, float]:
    """Each elector's chance of a yes, from what they voiced."""
    motion = next(entry.item for entry in histories.scenario.entries if entry.id == name)
    assert isinstance(motion, Ballot)
    debate, number = histories.scenario.debate, histories.number(name)
    before = histories.policies[number]
    ends = [position(debate, end) for end in (motion.if_carried, motion.if_lost)]
    carried, lost = (before if np.isnan(end) else np.array([end]) for end in ends)
    rules = debate.dynamics.ballots

    def parameter(named: str | None) -> np.ndarray:
        return np.array([float(debate.parameters[named].value) if named else 0.0])  # type: ignore[arg-type]

    found = {}
    for row, (decision, member) in enumerate(arrays_of(histories.scenario).names.electors):
        if decision == name:
            u = voting.utility(histories.voiced[row], carried, lost)
            found[member] = float(
                voting.chance_of_yes(
                    voting.RULES[rules.rule], u, parameter(rules.sharpness), parameter(rules.competence)
                )[0]
            )
    return found


def check_stances(histories: Histories, moment: str, stances: Mapping[str, float]) -> None:
    """Whether everybody stands where they should after a moment."""
    found = dict(zip(arrays_of(histories.scenario).names.members, histories.after(moment)[:, 0].tolist(), strict=True))
    assert found == pytest.approx(dict(stances), abs=TO_SIX_DECIMALS)


def check_ballot(histories: Histories, name: str, expected: Mapping[str, Any]) -> None:
    """Whether a ballot went as it should."""
    for member, voice in expected.get("voiced", {}).items():
        assert histories.voiced[histories.elector(name, member), 0] == pytest.approx(voice, abs=TO_SIX_DECIMALS), member
    for member, chance in expected.get("yes", {}).items():
        assert chances_of_yes(histories, name)[member] == pytest.approx(chance, abs=TO_SIX_DECIMALS), member
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
            assert set(what) <= {"ballot", "voiced", "yes", "votes", "chance", "outcome", "policy"}
            check_ballot(histories, what["ballot"], what)


def test_there_are_cases_of_everything() -> None:
    """Talk, letters, deference, procedures and conditions each have a debate worked by hand."""
    text = "\n".join(path.read_text("utf-8") for path in CASES)
    for word in ("after:", "ballot:", "deference:", "procedure:", "if:", "drift:", "absence"):
        assert word in text
