"""What a page opens with is a decision of the debate and a change that can be made, with a story or without."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.ensembles.ensemble import Ensemble
from sim.scenario.library import SHIPPED
from sim.scenario.schema import Ballot
from sim.web.server import requests
from sim.web.view import answers
from sim.web.view.debate import what_ifs
from sim.web.view.story import story

DEBATES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))


@cache
def played(name: str) -> Ensemble:
    """A debate, played a little."""
    return sim.ensemble(sim.load(name, prior=True), runs=64)


@pytest.mark.parametrize("name", DEBATES)
@pytest.mark.parametrize("has_what_ifs", [True, False])
def test_a_page_opens_with_a_decision_and_a_change_that_can_be_made(name: str, has_what_ifs: bool) -> None:
    """The decision is one of the debate's ballots, and the change leads to another world."""
    many = played(name)
    told = story(many, what_ifs(many.scenario) if has_what_ifs else [])
    assert told["decision"] in [one.id for one in many.scenario.debate.timeline if isinstance(one, Ballot)]
    assert told["headline"]
    assert told["text"]
    asked = requests.parse(json.dumps({"world": told["change"]["world"]}).encode())
    assert answers.world(many.scenario, asked.world).digest != many.scenario.digest


@pytest.mark.parametrize("name", DEBATES)
def test_a_story_of_the_file_is_told_in_its_words(name: str) -> None:
    """Headline, text, decision and change are the file's; without a story the headline is the question."""
    many = played(name)
    debate, made = many.scenario.debate, story(many, what_ifs(many.scenario))
    own: Any = debate.story
    if own is None:
        assert made["headline"] == debate.question
        assert made["text"] in " ".join(debate.about.split())
    else:
        assert (made["headline"], made["text"], made["decision"]) == (own.headline, own.text, own.decision)
        assert made["change"]["world"] == {f"what_ifs:{own.change}": True}


def test_without_a_story_the_most_open_decision_is_asked_about(tmp_path: Path) -> None:
    """No other decision is carried in nearer to half of the histories."""
    text = (SHIPPED / "brest-1918.yaml").read_text("utf-8")
    (tmp_path / "brest-1918.yaml").write_text(re.sub(r"^story:.*?(?=^\w)", "", text, flags=re.M | re.S), "utf-8")
    scenario = sim.load(tmp_path / "brest-1918.yaml", prior=True)
    assert scenario.debate.story is None
    untold = sim.ensemble(scenario, runs=64)
    carried = (untold.decisions.put * untold.decisions.probability_free).fillna(0.0)
    off = (carried - 0.5).abs()
    made = story(untold, [])
    assert off[untold.decisions.decision == made["decision"]].item() == off.min()


def test_where_nobody_can_be_moved_only_ready_made_changes_are_asked_about() -> None:
    """Without what-ifs, such a page asks about no change."""
    assert story(played("library-sunday"), [], moves=False)["change"] is None
