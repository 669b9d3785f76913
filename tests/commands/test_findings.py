"""What the findings of each debate say in numbers is what the program says.

`python -m tests.commands.test_findings --refresh` writes the tables of the pages anew, on purpose.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas
import pytest

import sim
from sim.evaluation import model_comparison
from tests.commands import findings_1918, findings_1922
from tests.commands.findings import BREST, MONOPOLY, ROOT, RUNS, SEED, candidates_of, differences, played, shown

README = ROOT / "README.md"
FINDINGS = {name: ROOT / "docs" / "explanation" / f"{name}.md" for name in (MONOPOLY, BREST)}
#: Every page with tables that the program makes.
PAGES: Mapping[Path, Mapping[str, Callable[[], str]]] = {
    FINDINGS[MONOPOLY]: findings_1922.TABLES,
    FINDINGS[BREST]: findings_1918.TABLES,
    README: {"both": findings_1918.both},
}
NUMBERS = re.compile(r"\d+ %|[-−]\d+\.\d+|0\.\d+")


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, tables in PAGES.items() for name in tables])
def test_a_table_of_the_findings_is_what_the_program_says(path: Path, name: str) -> None:
    """Every table of the findings is made by the program, to the digit."""
    text, start, end = shown(path, name)
    refresh = "run 'python -m tests.commands.test_findings --refresh', and say in CHANGELOG.md why numbers moved"
    assert text[start:end] == PAGES[path][name](), refresh


def named_in(path: Path, table: str) -> list[str]:
    """The candidates of a table that `sim compare` made."""
    text, start, end = shown(path, table)
    return re.findall(r"^\| \w+ \| `([^`]+)`", text[start:end], re.MULTILINE)


def rules_and_parts(name: str) -> list[str]:
    """The rules and the models without a part of a shipped debate, in their order."""
    scenario = sim.load(name, prior=True)
    return [one.name for one in (*model_comparison.rules(scenario)[0], *model_comparison.parts(scenario)[0])]


@pytest.mark.parametrize("name", FINDINGS)
def test_every_candidate_stands_in_the_tables_of_rivals(name: str) -> None:
    """The tables that `sim compare` made have a row for each that both debates have, and of 1922 for each reading."""
    of_1918 = rules_and_parts(BREST)
    both = [one for one in rules_and_parts(MONOPOLY) if one in of_1918]
    assert named_in(FINDINGS[name], "candidates") == both
    assert named_in(FINDINGS[BREST], "sums") == both
    readings = model_comparison.readings(sim.load(MONOPOLY, prior=True))
    assert named_in(FINDINGS[MONOPOLY], "candidates_readings") == [one.name for one in readings]


@pytest.mark.parametrize("path", FINDINGS.values())
def test_no_number_of_the_findings_is_written_by_hand(path: Path) -> None:
    """Outside of the tables a page gives no percentage and no score, which would be forgotten when numbers move."""
    text = re.sub(r"<!-- (\w+): begin -->.*?<!-- \1: end -->", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert NUMBERS.findall(text) == []


def test_of_1922_the_model_cannot_be_told_apart_from_the_best_rule_under_either_reading() -> None:
    """As the page and the README say: one step ahead, with the uncertainty of the rule's own prior."""
    for reading in findings_1922.READINGS:
        verdict = findings_1922.as_read(reading).verdict
        assert "one step ahead, the model cannot be told apart from the best simple rule" in verdict


def test_of_1918_the_model_does_better_than_what_is_put_passes_and_the_leaders_wish() -> None:
    """As the page and the README say: one step ahead, from each prior of these rules, which are right four times."""
    said = played(BREST).predictions.merge(played(BREST).ensemble.decisions[["decision", "documented"]])
    right = ((said.carried == 1) == (said.documented == "carried")).groupby(said.predictor).sum()
    assert right[["put-passes", "leaders-wish"]].tolist() == [4, 4]
    assert set(differences(BREST).verdict[["coin", "put-passes", "leaders-wish"]]) == {"better"}


@pytest.mark.parametrize("option", ["news", "nothing"])
def test_unless_the_advance_changed_what_a_vote_meant_the_model_of_1918_is_told_apart_from_no_rule(option: str) -> None:
    """As the page says: it expects the evening's offer to be lost, and a coin cannot be told from it."""
    replay = played(BREST, (findings_1918.ADVANCE, option))
    table = replay.by_training_data.set_index(["predictor", "decision"]).probability
    assert all(table[how, findings_1918.EVENING] < 0.5 for how in findings_1918.HOW)
    assert "the model cannot be told apart from the best simple rule, “a coin”" in replay.verdict


def test_of_both_the_model_cannot_be_told_apart_from_what_is_put_passes() -> None:
    """As the page and the README say: what it gains in the one debate it may lose in the other."""
    less = differences(MONOPOLY, BREST)
    assert set(less.verdict[["put-passes", "leaders-wish"]]) == {"not-told-apart"}
    assert (less.low[["put-passes", "leaders-wish"]] > 0).all()


def test_without_his_roll_call_nobody_expects_that_trotsky_abstains() -> None:
    """As the page says: of his two switches the model has the first as likely, and the second as next to impossible."""
    for how in findings_1918.HOW:
        assert findings_1918.said_of(findings_1918.EVENING)[how, "trotsky"].yes > 0.5
        assert findings_1918.said_of(findings_1918.ACCEPTANCE)[how, "trotsky"].abstain < 0.1


def test_unfitted_the_mover_of_may_votes_against_their_own_motion() -> None:
    """As the page says: in May the model's Lenin says no to the motion that he moved more often than yes."""
    base = sim.load(MONOPOLY, prior=True)
    votes = sim.ensemble(base, runs=RUNS, seed=SEED).ballots.set_index(["decision", "member"])
    assert votes.no["may-confirmation", "lenin"] > votes.yes["may-confirmation", "lenin"]


def of_comparison(folder: Path) -> Iterator[tuple[Path, str, Callable[[], str]]]:
    """The tables that a folder of `sim compare` makes, and where they stand.

    Of both debates their rules and parts, each and added up; of one its readings.
    """
    if (folder / "sums.csv").exists():
        sums = pandas.read_csv(folder / "sums.csv")
        yield FINDINGS[BREST], "sums", lambda: candidates_of(sums)
        for name, path in FINDINGS.items():
            each = pandas.read_csv(folder / f"candidates_{name}.csv")
            yield path, "candidates", functools.partial(candidates_of, each[each.name.isin(sums.name)])
    else:
        name = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["name"]
        table = pandas.read_csv(folder / "candidates.csv")
        yield FINDINGS[name], "candidates_readings", lambda: candidates_of(table[table.kind == "reading"])


def main(*compared: Path) -> None:
    """Writes every table anew; those of `sim compare`, which takes long, from folders of its results."""
    made = [(path, name, table) for path, tables in PAGES.items() for name, table in tables.items()]
    for path, name, table in [*made, *itertools.chain(*map(of_comparison, compared))]:
        text, start, end = shown(path, name)
        path.write_text(text[:start] + table() + text[end:], "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--refresh"]:
        sys.exit("usage: python -m tests.commands.test_findings --refresh [FOLDER OF sim compare]...")
    main(*map(Path, sys.argv[2:]))
