"""What tables say is in the scenario that is made of them, and in the tables that are made of that scenario."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.errors import unprintable
from sim.tables import exported
from sim.tables.imported import imported
from sim.tables.kinds import matched
from sim.tables.outline import Answers
from sim.tables.record import Origin
from sim.tables.table import read

TABLES = Path(__file__).parent / "tables"
NAME = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(
    lambda text: text != "" and not unprintable(text)
)  # fmt: skip
SHARE = st.integers(0, 100)
VOTES = st.sampled_from(["yes", "no", "abstain", "absent", ""])
ORIGINS = st.sampled_from([Origin(), Origin("Minutes, 1919", "documented"), Origin("A compilation; by hand")])


def again(scenario: sim.Scenario) -> sim.Scenario:
    """The scenario that is made of the tables of a scenario, once they are files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in exported.files(scenario).items():
            (Path(folder) / name).write_bytes(content)
        tables = [matched(table) for table in read(folder)]
    return imported(scenario.name, tables, Origin(), Answers())


def assert_loses_nothing(scenario: sim.Scenario) -> None:
    """There and back, a scenario is the same, to the letter of its file and of its tables."""
    made = again(scenario)
    assert exported.files(made) == exported.files(scenario)
    assert made.origin.text == scenario.origin.text


@st.composite
def frames(draw: st.DrawFn) -> dict[str, pandas.DataFrame]:
    """Small tables of a debate: members, a roll call, seats, statements; some of them, with holes."""
    # Names are told apart whatever their case and spaces.
    names = draw(st.lists(NAME, min_size=1, max_size=4, unique_by=lambda name: "".join(name.casefold().split())))
    members = pandas.DataFrame(
        {"member": names, **{key: draw(column(SHARE, names)) for key in ("position", "capability", "salience")}}
    )
    motions = draw(st.lists(NAME, min_size=1, max_size=3, unique_by=lambda name: "".join(name.casefold().split())))
    votes = [(motion, name, draw(VOTES)) for motion in motions for name in names]
    cast = pandas.DataFrame([vote for vote in votes if vote[2]], columns=["motion", "member", "vote"])
    days = st.dates(pandas.Timestamp("1919-01-01").date(), pandas.Timestamp("1921-12-31").date())
    if draw(st.booleans()):
        cast["date"] = cast["motion"].map({motion: str(draw(days)) for motion in motions})
    said = [{"person": name, "concept": draw(NAME), "agreement": draw(st.sampled_from([0, 1])), "date": str(draw(days))}
            for name in names]  # fmt: skip
    found = {"members": members, "roll_calls": cast, "statements": pandas.DataFrame(said)}
    wanted = {name for name, frame in found.items() if len(frame) and draw(st.booleans())} or {"members"}
    return {name: frame for name, frame in found.items() if name in wanted}


@st.composite
def column(draw: st.DrawFn, numbers: st.SearchStrategy[Any], names: list[str]) -> list[Any]:
    """A number for each, or none."""
    return [draw(st.none() | numbers) for _ in names]


@settings(max_examples=40)
@given(frames(), ORIGINS)
def test_tables_and_the_scenario_of_them_come_back_as_they_were(
    tables: Mapping[str, pandas.DataFrame], origin: Origin
) -> None:
    """Whatever names, numbers, votes, claims and dates there are, with a source or without."""
    scenario = sim.from_tables(**tables, source=origin.source, evidence=origin.evidence)
    assert_loses_nothing(scenario)
    debate = scenario.debate
    if "members" in tables:
        stances = [member.first_stance and member.first_stance.value for member in debate.members.values()]
        given_positions = [None if row != row else row for row in tables["members"]["position"].astype(float)]
        assert stances[: len(given_positions)] == given_positions


@pytest.mark.parametrize("name", ["actors.csv", "harbour-votes.csv"])
def test_a_real_table_comes_back_as_it_was(name: str) -> None:
    """Ten actors; nine motions by twelve people, two of which are put on one day and some of whom are away."""
    scenario = imported("harbour", [matched(table) for table in read(TABLES / name)], Origin(), Answers())
    assert_loses_nothing(scenario)


def moments(scenario: sim.Scenario) -> dict[str, dict[str, Any]]:
    """What each moment says, the votes by name whether they stand in a roll call or one by one."""
    dropped = {"roll_call", "changes", "abstentions"}  # of the last two there is no table, and it is told
    found = {moment.id: moment.model_dump(exclude=dropped) for moment in scenario.debate.timeline}
    return {
        name: {**said, "votes": sorted(said.get("votes", ()), key=lambda vote: str(vote["member"]))}
        for name, said in found.items()
    }


@pytest.mark.parametrize("name", sim.shipped())
def test_a_scenario_written_by_hand_comes_back_from_its_tables(name: str) -> None:
    """Parameters, dynamics, procedures, letters, absences, observations and origins are in tables, too.

    The file of it is another, with the same tables; and the debate is the same but for what no table can say.
    """
    scenario = sim.load(name, prior=True)
    made = again(scenario)
    assert exported.files(made) == exported.files(scenario)
    for section in ("span", "axis", "sources", "parameters", "dynamics", "members"):
        assert getattr(made.debate, section) == getattr(scenario.debate, section), section
    assert moments(made) == moments(scenario)
    assert [entry.id for entry in made.entries] == [entry.id for entry in scenario.entries]


def test_the_commands_go_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of tables and networks is written whole, never over something else, and `sim import` reads it."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    lines = ["import", str(TABLES / "harbour-votes.csv")], ["export", "harbour-votes.yaml", "--networks", "gexf"]
    for line in lines:
        assert run.invoke(main.program(), line).exit_code == 0
    assert {path.name for path in Path("harbour-votes-tables").iterdir()} >= {"roll-call.csv", "sits-with.gexf"}
    before = Path("harbour-votes.yaml").read_text("utf-8")
    again = run.invoke(main.program(), ["import", "harbour-votes-tables"])
    assert "harbour-votes.yaml is there already" in str(again.exception)
    assert run.invoke(main.program(), ["import", "harbour-votes-tables", "--name", "again"]).exit_code == 0
    assert Path("again.yaml").read_text("utf-8") == before.replace("scenario: harbour-votes", "scenario: again")
    over = run.invoke(main.program(), ["export", "library-sunday", "--out", "harbour-votes-tables"])
    assert "holds something else" in str(over.exception)


def test_what_no_table_can_say_is_named() -> None:
    """Readings hold changes of any part of a debate, and are no table."""
    assert exported.left_out(sim.load("monopoly-1922")) == ["readings"]
    assert exported.left_out(sim.load("library-sunday")) == []
