"""A new scenario is short, valid and playable, whatever was answered, and marks what nobody has said."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.errors import UserError, unprintable
from sim.scenario.yaml_reader import parse
from sim.tables import file, outline, yaml_text


def made(answers: outline.Answers) -> sim.Scenario:
    """The scenario that is begun with these answers."""
    return file.scenario_of(outline.begun("begun", answers), "Begun.")


TEXT = st.text(max_size=60).filter(lambda text: text.strip() == text != "" and not unprintable(text))
DAYS = st.dates(datetime.date(1600, 1, 1), datetime.date(2200, 1, 1))


@settings(max_examples=40)
@given(
    st.builds(
        outline.Answers,
        st.none() | TEXT,
        st.sampled_from([None, "0:1", "-2:2", "0:1e6", "-0.5:0.25"]),
        st.lists(TEXT, max_size=3),
        st.lists(TEXT, max_size=5),
        *[st.none() | DAYS] * 2,
    )
)
def test_whatever_is_answered_makes_a_debate_that_is_in_order(answers: outline.Answers) -> None:
    """Every name and word comes back as it was given; only days that run backwards are refused."""
    if answers.start and answers.end and answers.start > answers.end:
        with pytest.raises(UserError, match="before it begins"):
            made(answers)
        return
    debate = made(answers).debate
    assert [member.name for member in debate.members.values()] == list(answers.people) or not answers.people
    assert [body.name for body in debate.bodies.values()] == list(answers.bodies) or not answers.bodies
    assert debate.question == (answers.question or outline.QUESTION)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**13), 10**13) | st.floats(-1e9, 1e9) | DAYS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=3))
def test_what_is_written_is_read_back_as_it_was(tree: dict[str, object]) -> None:
    """Texts that look like numbers, dates, truth values, comments or lists are still the same texts."""
    assert parse(yaml_text.text_of(tree, {}), "written.yaml").tree == tree


def run(*line: str) -> str:
    """What a command that ends well says."""
    result = CliRunner().invoke(main.program(), list(line))
    assert result.exit_code == 0, result.exception or result.output
    return result.output


def test_a_new_debate_is_a_page_with_its_questions_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fits on two screens, asks for what was not said, and is played by the command that it names."""
    monkeypatch.chdir(tmp_path)
    said = run("new", "village-school", "--question", "Should the school close?", "--people", "Ada, Ben, Cleo")
    text = Path("village-school.yaml").read_text("utf-8")
    assert text.count("\n") < 100
    assert f"{text.count('QUESTION')} questions to answer" in said
    assert text.count("QUESTION") == 4
    assert "in order" in run("check", "village-school.yaml")
    command = next(line for line in said.splitlines() if line.startswith("Next: ")).split()[2:]
    assert "first-ballot" in run(*command, "--runs", "8", "--no-figures")


def test_a_new_debate_never_takes_the_place_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one of the same name is refused, and the first is as it was."""
    monkeypatch.chdir(tmp_path)
    Path("village-school.yaml").write_text("mine")
    result = CliRunner().invoke(main.program(), ["new", "village-school"])
    assert isinstance(result.exception, UserError)
    assert "is there already" in str(result.exception)
    assert Path("village-school.yaml").read_text() == "mine"


def test_on_a_terminal_what_is_not_given_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer a line, in the order of the file; what is left open is assumed, as it is elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.commands.tables._is_asked", lambda: True)
    typed = "\n".join(["0:8", "Board, Council", "", "", "Ada, Ben"]) + "\n"
    result = CliRunner().invoke(main.program(), ["new", "tea", "--question", "Which tea?"], input=typed)
    assert result.exit_code == 0, result.output
    debate = sim.load("tea.yaml").debate
    assert (debate.question, debate.axis.high, [*debate.bodies], [*debate.members]) == (
        "Which tea?", 8, ["board", "council"], ["ada", "ben"]
    )  # fmt: skip
    assert debate.span == made(outline.Answers()).debate.span
