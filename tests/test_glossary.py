"""The glossary has every rule that a scenario can name and every column that a table can have, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from sim.model.rules import decisions, letters, persuasion, voting

PAGE = (Path(__file__).parent.parent / "docs" / "glossary.md").read_text("utf-8")


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
