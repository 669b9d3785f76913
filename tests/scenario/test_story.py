"""What a debate turns on, told in a few sentences: the story of a file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

import sim
from sim.errors import ScenarioError
from sim.scenario.library import what_if
from sim.scenario.scenario import rebuild
from sim.web.view.debate import debate_view
from sim.web.view.story import story

SUNDAY = sim.load("library-sunday")
TOLD = {"headline": "A tie", "text": "Half are for it.", "evidence": "assumed", "note": "invented"}
WITH_A_STORY = [name for name in sim.shipped() if sim.load(name).debate.story]


def library(**story: Any) -> sim.Scenario:
    """The debate of the library with a story."""
    text = SUNDAY.origin.text + yaml.safe_dump({"story": {**TOLD, **story}})
    return rebuild(replace(SUNDAY.origin, text=text))


def test_a_story_is_about_a_ballot_and_asks_a_what_if_that_is_there() -> None:
    """A story of a ballot or a what-if that is not there is refused, with what is there."""
    with pytest.raises(ScenarioError) as refused:
        library(decision="sunday", change="sunday-closed")
    text = str(refused.value)
    assert "'sunday' is not a ballot" in text
    assert "what-if that comes with the program" in text


def test_a_story_goes_with_its_ballot() -> None:
    """Where the ballot is taken out, nothing tells of it."""
    ballot = next(item.id for item in SUNDAY.debate.timeline if item.kind == "ballot")
    told = library(decision=ballot)
    assert told.debate.story is not None
    assert story(sim.ensemble(told, runs=8), [])["headline"] == "A tie"
    assert told.with_changes({"remove": ballot}).debate.story is None
    assert story(sim.ensemble(SUNDAY, runs=8), [])["headline"] == SUNDAY.debate.question


@pytest.mark.parametrize("name", WITH_A_STORY)
def test_what_a_shipped_story_asks_is_asked_of_its_debate(name: str) -> None:
    """The what-if of a shipped story is one of the same debate, and its ballot is compared with the record."""
    scenario = sim.load(name)
    story = scenario.debate.story
    assert story is not None
    assert story.change is not None
    assert what_if(story.change).file.base == name
    assert any(item.id == story.decision and item.outcome for item in scenario.debate.timeline if item.kind == "ballot")


@pytest.mark.parametrize("name", sim.shipped())
def test_what_a_shipped_debate_tells_of_has_a_title_in_words(name: str) -> None:
    """Decisions and events have a title in the file; no title of any moment is made of an id, or a date in figures."""
    debate = sim.load(name, prior=True).debate
    assert [item.id for item in debate.timeline if item.kind in ("ballot", "event") and not item.title] == []
    for moment in debate_view(sim.load(name, prior=True))["moments"]:
        assert "-" not in moment["id"] or moment["id"] not in moment["title"]
        assert not re.search(r"\d{4}[- ]\d\d|[a-z]-\d", moment["title"])
        assert len(moment["title"]) < 90


def test_a_condition_names_what_it_is_of_by_its_title() -> None:
    """What happens only if a motion is carried says which, in words."""
    view = debate_view(sim.load("monopoly-1922", prior=True))
    facts = [str(part) for moment in view["moments"] for part in moment["known"] if part[0] == "dl"]
    assert any("'happens only if'], ['dd', {}, '“October relaxation” is carried']" in one for one in facts)
