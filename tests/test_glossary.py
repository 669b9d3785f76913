"""The glossary has every rule that a scenario can name and every column that a table can have, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.calibration.calibration import Effort
from sim.counterfactuals.overview import overview
from sim.model.rules import decisions, letters, persuasion, voting
from sim.results.result import Result
from sim.scenario.what_if import typed
from sim.scenario.yaml_reader import parse
from tests.debates import ballot, debate, letter

WHAT_IF = """
what_if: silent
base: library-sunday
title: Nobody writes
why: To see what a letter does.
evidence: assumed
note: invented
changes:
- remove: eve-writes
"""
PAGE = (Path(__file__).parent.parent / "docs" / "reference" / "glossary.md").read_text("utf-8")


def column(title: str, place: int) -> list[str]:
    """One column of the table in a section, its rows in order."""
    text = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row[place].strip("`") for row in rows[1:]]


def test_every_rule_is_in_the_glossary() -> None:
    """The rules of talk, letters, ballots, majorities and ties that a file may name are those that are explained."""
    majorities = [word for word, _ in decisions.MAJORITIES]
    words = [*persuasion.RULES, *letters.LATITUDES, *voting.RULES, *majorities, *decisions.TIES]
    assert sorted(set(column("Rules", 1))) == sorted(set(words))


def test_the_words_are_few_and_each_stands_once() -> None:
    """A reader needs some twenty words, each with its term in the literature."""
    words = re.split(r", | and ", ", ".join(column("Words", 0)))
    assert len(words) == len(set(words))
    assert all(column("Words", 2))


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """A result of every command that leaves tables, of a debate of three members."""
    people = {"ann": {"uniform": [0, 1]}, "bob": 0.6, "cyd": 0.2}
    vote = ballot("vote", 1, 0, 9, outcome="carried", votes={"ann": "yes"})
    open_to_talk = ({"set": "openness.range", "to": [0, 1]}, {"set": "openness.value", "to": {"uniform": [0, 1]}})
    played = debate(people, letter("note", "ann", ["bob"], 1.0), vote, weeks=2).with_changes(*open_to_talk)
    effort = Effort(64, 2)
    return [
        sim.replay(played, 64),
        sim.play(played),
        sim.whatif(played, played.with_changes({"remove": "note"}), 64),
        overview(sim.load("library-sunday"), [typed(parse(WHAT_IF, "silent.yaml"))], 64, 7),
        sim.attribute(played, "vote", runs=64),
        sim.tipping(played, runs=64),
        sim.tipping(played, ("note.strength",), runs=64),
        sim.tipping(played, ("note.strength", "openness"), runs=64),
        sim.power(played, runs=64),
        sim.sensitivity(played, 16, 2),
        sim.calibrate(played, 7, effort),
        sim.score(played, 7, effort),
        sim.compare(played, 7, effort),
    ]


def test_every_column_is_in_the_glossary(results: list[Result]) -> None:
    """What a table's column means, and in which unit, can be looked up; and the glossary names no other."""
    named_by_content = {"ann", "bob", "cyd"}
    columns = set()
    for result in results:
        for name, table in result.tables.items():
            columns |= set(map(str, table.columns)) - named_by_content if name != "coalitions" else {"value"}
    known = [name.strip("`") for cell in column("Columns", 0) for name in cell.split(", ")]
    assert sorted(known) == sorted(columns)
