"""Sources: where every number of a debate comes from, as a table and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import sim
from sim import Scenario
from sim.scenario import sources
from sim.scenario.schema import Parameter
from sim.scenario.validation import short_forms
from tests.debates import ballot, debate

SHIPPED = sim.shipped()


def spelled_out(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a file that says how well it is known: the data, found without the types.

    What an option of a reading would write is said by the option itself.
    """
    if isinstance(node, dict):
        if "evidence" in node:
            yield node
        for key, child in node.items():
            if key != "changes":
                yield from spelled_out(child)
    elif isinstance(node, list):
        for child in node:
            yield from spelled_out(child)


@pytest.fixture(scope="module", params=SHIPPED)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Each shipped debate."""
    return sim.load(request.param)


def test_every_datum_of_the_file_is_listed_once(scenario: Scenario) -> None:
    """The table has a row for every datum of the file, no more and no fewer, and no two rows are about one thing."""
    table = sources.table(scenario.debate)
    written = list(spelled_out(short_forms.spelled_out(scenario.document).tree))  # a vote in a list is one of its own
    assert len(table) == len(written)
    assert table.what.is_unique
    notes = sorted(str(datum.get("note") or "").strip() for datum in written)
    assert sorted(table.note) == notes


def test_the_best_known_come_first_and_assumptions_last(scenario: Scenario) -> None:
    """Rows are grouped by evidence, documented first and assumed last, and keep the order of the file within."""
    assert list(sources.COLUMNS) == list(sources.table(scenario.debate).columns)
    table = sources.table(scenario.debate)
    order = ["documented", "attributed", "conjecture", "assumed"]
    assert list(table.evidence.unique()) == [word for word in order if word in set(table.evidence)]
    in_file = [path for path, _ in sources.data(scenario.debate)]
    for _, group in table.groupby("evidence"):
        assert list(group.what) == sorted(group.what, key=in_file.index)


def test_every_row_says_what_it_stands_for_and_where_it_is_from(scenario: Scenario) -> None:
    """A row that is not an assumption names a source; an assumption says why; none is empty of content."""
    table = sources.table(scenario.debate)
    known, assumed = table[table.evidence != "assumed"], table[table.evidence == "assumed"]
    assert (known.source != "").all()
    assert (known.provenance != "").all()
    assert (assumed.note != "").all()
    assert (table.value != "").all(), table[table.value == ""].what.tolist()


def test_an_assumed_number_has_a_range(scenario: Scenario) -> None:
    """Every parameter is listed with its unit and the range it must stay in."""
    table = sources.table(scenario.debate).set_index("what")
    for name, parameter in scenario.debate.parameters.items():
        row = table.loc[f"parameters.{name}"]
        low, high = parameter.range
        assert row.value.endswith(f"{parameter.unit}; range {low:g} to {high:g}")


def test_what_rests_on_a_decision_says_so(scenario: Scenario) -> None:
    """An observation inferred from a vote is listed with that vote."""
    table = sources.table(scenario.debate).set_index("what")
    for name, member in scenario.debate.members.items():
        for seen in member.observations:
            assert table.loc[f"members.{name}.observations.{seen.id}"].rests_on == ", ".join(seen.rests_on)


def test_every_source_is_a_bibtex_entry_with_balanced_braces(scenario: Scenario) -> None:
    """The BibTeX has one entry for every source, under its key, each brace closed and each special sign protected."""
    written = sources.bibtex(scenario.debate)
    assert re.findall(r"^@misc\{([^,]+),$", written, re.MULTILINE) == list(scenario.debate.sources)
    entries = [entry for entry in written.strip().split("\n\n") if entry]
    assert len(entries) == len(scenario.debate.sources)
    for entry in entries:
        depth = 0
        for sign in entry:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0, entry
        assert depth == 0, entry
        said = "\n".join(line for line in entry.splitlines() if not line.startswith("  url ="))
        assert not re.search(r"(?<!\\)[#%&$]", said), entry
        assert not re.search(r"(?<!\\)_", said.partition("\n")[2]), entry


def test_a_source_with_braces_and_backslashes_is_written_so_that_bibtex_reads_it() -> None:
    """Signs that mean something to BibTeX are protected in any title."""
    made = debate({"ann": 0.5}, sources={"ODD": {"title": "Of {sets} \\ 50 % & more_", "kind": "a {joke"}})
    title = next(line for line in sources.bibtex(made.debate).splitlines() if "title" in line)
    assert title == r"  title = {Of \{sets\} \textbackslash{} 50 \% \& more\_},"


def test_a_named_term_is_shown_by_its_name() -> None:
    """What a law or a motion says by name is shown by that name, and numbers as they are."""
    parameter = Parameter.model_validate(
        {
            "value": {"normal": [0.25, 0.1]}, "range": [0, 1], "unit": "share", "meaning": "m",
            "evidence": "assumed", "note": "n",
        }
    )  # fmt: skip
    assert sources.value(parameter) == "normal(0.25, 0.1) share; range 0 to 1"
    made = debate({"ann": {"uniform": [0.0, 1.0]}}, ballot("vote", "much", "policy", on=1), positions={"much": 0.9})
    table = sources.table(made.debate).set_index("what")
    assert table.loc["members.ann.first_stance"].value == "uniform(0, 1)"
    assert table.loc["timeline.vote"].value == "2024-01-02, outcome unknown; leads to much or policy"
