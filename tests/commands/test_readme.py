"""The README tells the truth: its commands run, its map matches the folder, its table is what a replay prints.

`python -m tests.commands.test_readme --refresh` writes the table anew, on purpose; `make gallery` the picture.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.evaluation import predictors
from tests.debates import ballot, debate

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- replay: begin -->\n", "<!-- replay: end -->"


def block(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


def replay_table(played: sim.Replay) -> str:
    """The decisions of a replay and its scores, as the README shows them."""
    heads = ("date", "motion", "documented", "unfitted", "one step ahead", "leave-one-out", "fitted to it")
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    said = {(row.predictor, row.decision): row.probability for row in played.by_training_data.itertuples()}
    for row in played.ensemble.decisions.itertuples():
        asked = [
            said.get((name, row.decision))
            for name in (predictors.UNFITTED, predictors.ONE_STEP_AHEAD, predictors.LEAVE_ONE_OUT)
        ]
        cells = ["" if p is None else f"{100 * p:.0f} %" for p in asked]
        fitted = f"{100 * row.probability:.0f} %" + ("" if any(cells) else " (predicted, never fitted)")
        rows.append(f"| {row.date:%Y-%m-%d} | {row.motion} | {row.documented} | {' | '.join([*cells, fitted])} |")
    scores = ["| who predicts the seven fitted decisions | log score |", "|---|---|"]
    scores += [f"| {row.label} | {row.total:.2f} |" for row in played.scores.itertuples()]
    return "\n".join(rows) + "\n\n" + "\n".join(scores) + "\n"


@pytest.fixture(scope="module")
def played() -> sim.Replay:
    """The replay that `make replay` plays."""
    return sim.replay(sim.load("monopoly-1922"))


def test_readme_table_is_what_a_replay_says(played: sim.Replay) -> None:
    """The README's table is the replay's, to the digit."""
    text = README.read_text("utf-8")
    shown = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert shown == replay_table(played), (
        "run 'python -m tests.commands.test_readme --refresh', and say in CHANGELOG.md why numbers moved"
    )


def test_readme_says_that_two_baselines_win_because_they_do(played: sim.Replay) -> None:
    """The two baselines that the README says beat the unfitted model do, and no other; none beats what has learnt."""
    scores = played.scores.set_index("predictor").total
    baselines = scores[list(played.predictions.predictor.unique())]
    winners = {predictors.PUT_PASSES, predictors.LEADERS_WISH}
    assert set(baselines.index[baselines > scores[predictors.UNFITTED]]) == winners
    assert not set(baselines.index[baselines > scores[predictors.ONE_STEP_AHEAD]])


def test_readme_map_is_the_folder() -> None:
    """The map names every file and folder of sim/, each once, and nothing else."""
    (tree,) = [text for text in block("text") if text.startswith("sim/")]
    named = re.findall(r"^  (\S+) {2,}\S", tree, re.MULTILINE)
    there = {
        path.name + "/" * path.is_dir()
        for path in (ROOT / "sim").iterdir()
        if path.name not in ("__pycache__", "py.typed")
    }
    assert sorted(named) == sorted(there)
    assert all((ROOT / folder).is_dir() for folder in re.findall(r"^(\w+/)", tree, re.MULTILINE))


def test_readme_pictures_and_pages_are_there() -> None:
    """Every picture and page of this project that the README leads to is a file."""
    linked = re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8"))
    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []


def test_readme_first_commands_are_targets_of_the_makefile() -> None:
    """The two commands that come first are what the Makefile makes."""
    wanted = re.findall(r"^make (\w+)", block("sh")[0], re.MULTILINE)
    assert wanted == ["replay", "test"]
    said = subprocess.run(["make", "--dry-run", *wanted], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "sim replay" in said
    assert "-m pytest" in said


def learnable() -> sim.Scenario:
    """The smallest debate with something to learn."""
    return debate({"ann": {"uniform": [0, 1]}, "bob": 0.6}, ballot("vote", 1, 0, 9, outcome="carried"), weeks=2)


@pytest.mark.parametrize("line", [line.split("#")[0].strip() for line in block("sh")[1].splitlines() if line.strip()])
def test_readme_commands_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the README ends well, on fewer histories."""
    monkeypatch.chdir(ROOT)
    program, command, *rest = shlex.split(line.replace("<folder>", "FOLDER"))
    assert program == "sim"
    run = CliRunner()
    if command == "verify":
        run.invoke(main.app, ["run", "library-sunday", "--out", str(tmp_path)])
        rest = [str(tmp_path / "latest") if "FOLDER" in word else word for word in rest]
    if command == "plot" and rest:
        run.invoke(main.app, ["replay", "library-sunday", "--runs", "8", "--out", str(tmp_path)])
        rest += ["--from", str(tmp_path / "latest"), "--out", str(tmp_path / "figures")]
    if command == "film":
        rest = ["library-sunday", "--history", "0", "--as", "gif", "--out", str(tmp_path)]
    if command == "check":
        rest = [str(ROOT / "scenarios" / "library-sunday.yaml")]
    if command in ("replay", "run", "whatif", "attribute", "tip", "power", "sensitivity", "report"):
        rest += ["--out", str(tmp_path), *([] if command == "run" else ["--runs", "64"])]
    if command == "sensitivity":
        rest += ["--size", "2"]
    if command in ("calibrate", "score", "compare"):
        # Learning takes minutes: here of a debate of two people, from one ballot.
        small = tmp_path / "small.yaml"
        small.write_text(learnable().origin.text, "utf-8")
        rest = [str(small), "--out", str(tmp_path), "--particles", "64", "--independent-runs", "2"]
    result = run.invoke(main.app, [command, *rest])
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_readme_python_runs() -> None:
    """The README's lines of Python run as they stand."""
    (code,) = block("python")
    known: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), known)
    assert known["without"] != known["debate"]


def refresh() -> None:
    """Writes the table anew."""
    played, text = sim.replay(sim.load("monopoly-1922")), README.read_text("utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    README.write_text(text[:start] + replay_table(played) + text[end:], "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        sys.exit("usage: python -m tests.commands.test_readme --refresh")
    refresh()
