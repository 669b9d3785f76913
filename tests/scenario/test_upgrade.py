"""Files of earlier versions: each old key is told with its new one, and written anew where that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.main import program
from sim.errors import ScenarioError
from sim.scenario.scenario import check_file
from sim.scenario.upgrade import upgraded

DEBATES = Path(__file__).parent.parent.parent / "scenarios"
NOW, ONCE = "drift: {reversion: week-pull, noise: week-shake}", "week: {pull: week-pull, shake: week-shake}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_debate_in_the_words_of_the_first_version_becomes_the_one_of_today(end: str) -> None:
    """To the byte, with its comments and the ends of its lines."""
    text = (DEBATES / "monopoly-1922.yaml").read_text().replace("\n", end)
    assert upgraded(text.encode(), "x.yaml") == (text.encode(), [])
    new, changes = upgraded(text.replace(NOW, ONCE).encode(), "old.yaml")
    assert new.decode() == text
    assert [change.message for change in changes] == [
        "'week' is now 'drift'",
        "'pull' is now 'reversion'",
        "'shake' is now 'noise'",
    ]


def test_what_a_change_sets_is_called_by_its_new_name_too() -> None:
    """A what-if, or an option of a reading, names the same keys in its paths and its values."""
    old = (
        "changes:\n  - {set: dynamics.week.pull, to: week-pull}  # a remark\n  - set: dynamics.week\n    to:\n"
        '      pull: a\n      "shake": b\n  - {remove: dynamics.week}\n  - {set: week.pull, to: 1}\n'
    )
    assert upgraded(old.encode(), "x.yaml")[0].decode() == (
        "changes:\n  - {set: dynamics.drift.reversion, to: week-pull}  # a remark\n  - set: dynamics.drift\n    to:\n"
        '      reversion: a\n      "noise": b\n  - {remove: dynamics.drift}\n  - {set: week.pull, to: 1}\n'
    )


def test_a_word_that_stands_twice_on_a_line_is_left_to_its_author() -> None:
    """Which of the two is the key only the author knows without reading YAML again."""
    with pytest.raises(ScenarioError, match=r"x\.yaml:1: dynamics\.week: 'week' is now 'drift': change it by hand"):
        upgraded(b"dynamics: {week: {pull: a}}  # week: it is so\n", "x.yaml")


def test_a_file_is_written_anew_only_on_demand_and_kept(tmp_path: Path) -> None:
    """A check alone tells what to write; with `--upgrade` the file is in order, and the old one stands beside it."""
    old = (DEBATES / "monopoly-1922.yaml").read_text().replace(NOW, ONCE)
    file, kept = tmp_path / "own.yaml", tmp_path / "own.yaml.bak"
    file.write_text(old)
    with pytest.raises(ScenarioError, match=r"'week' is now 'drift': write 'drift: \{reversion: week-pull, noise"):
        check_file(file)
    asked = ["check", "--upgrade", str(file)]
    told = CliRunner().invoke(program(), asked).output
    assert f"{file} is written anew; as it was, it is {kept}" in told
    assert "own.yaml: in order" in told
    assert kept.read_text() == old
    assert NOW in file.read_text()
    assert "written anew" not in CliRunner().invoke(program(), asked).output
    file.write_text(old)
    assert "move it away first" in str(CliRunner().invoke(program(), asked).exception)
    assert file.read_text() == old
