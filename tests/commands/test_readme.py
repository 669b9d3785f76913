"""README and docs tell the truth: commands run, the map matches the folder, what is said of the scores is so."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.evaluation import predictors
from sim.model import jit
from tests.debates import ballot, debate

ROOT = Path(__file__).parent.parent.parent
README, COMMANDS = ROOT / "README.md", ROOT / "docs" / "reference" / "commands.md"
MAP = ROOT / "CONTRIBUTING.md"


def block(language: str, page: Path = README) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def played() -> sim.Replay:
    """The replay that `make replay` plays."""
    return sim.replay(sim.load("monopoly-1922"))


def test_readme_says_that_two_baselines_win_because_they_do(played: sim.Replay) -> None:
    """The two rules that the README says score better do, than the unfitted model and one step ahead; no other does."""
    scores = played.scores.set_index("predictor").total
    baselines = scores[list(played.predictions.predictor.unique())]
    winners = {predictors.PUT_PASSES, predictors.LEADERS_WISH}
    for ours in (predictors.UNFITTED, predictors.ONE_STEP_AHEAD):
        assert set(baselines.index[baselines > scores[ours]]) == winners


def test_readme_quotes_what_the_program_says() -> None:
    """The answer about Lenin in the room stands there as the command prints it."""
    quoted = re.search(r"(?:^> .*\n)+", README.read_text("utf-8"), re.MULTILINE)
    assert quoted is not None
    assert " ".join(quoted[0].replace("> ", "").split()) in sim.whatif(other="lenin-in-the-room").headline


def test_readme_map_is_the_folder() -> None:
    """The map names every file and folder of sim/, each once, and nothing else."""
    (tree,) = [text for text in block("text", MAP) if text.startswith("sim/")]
    named = re.findall(r"^  (\S+) {2,}\S", tree, re.MULTILINE)
    there = {
        path.name + "/" * path.is_dir()
        for path in (ROOT / "sim").iterdir()
        if path.name not in ("__pycache__", "py.typed")
    }
    assert sorted(named) == sorted(there)
    assert all((ROOT / folder).is_dir() for folder in re.findall(r"^(\w+/)", tree, re.MULTILINE))


def test_readme_pictures_and_pages_are_there() -> None:
    """Every picture and page of this project that the README and the pages behind it lead to is a file."""
    linked = [
        page.parent / link
        for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text("utf-8"))
    ]
    assert linked
    assert [path for path in linked if not path.exists()] == []


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


LINES = [line.split(" #")[0].split("    #")[0].strip() for line in block("sh", COMMANDS)[0].splitlines()]
#: What makes a command quick, by its name: fewer histories, or the smallest debate with something to learn.
QUICK = {
    "run": "",
    "film": "library-sunday --history 0 --as gif",
    "sensitivity": "--runs 16 --size 2",
    "report": "--scenario library-sunday --runs 16",
    **dict.fromkeys(("replay", "whatif", "attribute", "tipping", "power"), "--runs 16"),
    **dict.fromkeys(("calibrate", "score", "compare"), "small.yaml --particles 64 --independent-runs 2"),
}


@pytest.mark.parametrize("line", LINES)
def test_every_command_of_the_docs_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the list ends well and says something, on fewer histories."""
    monkeypatch.chdir(tmp_path)
    # Figures have tests of their own, and take most of the time.
    monkeypatch.setattr("sim.figures.pictures", lambda saved, formats=(): {})
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "small.yaml").write_text(learnable().origin.text, "utf-8")
    for table in ("actors.csv", "harbour-votes.csv"):
        (tmp_path / table).symlink_to(ROOT / "tests" / "tables" / "tables" / table)
    program, command, *rest = shlex.split(line)
    assert program == "sim"
    run = CliRunner()
    if "outputs/latest" in rest or "outputs" in rest:
        made = run.invoke(main.program(), ["replay", "library-sunday", "--runs", "8"])
        assert made.exit_code == 0, made.output
    result = run.invoke(main.program(), [command, *rest, *QUICK.get(command, "").split()])
    assert result.exit_code == 0, result.output
    assert result.output.strip()


@pytest.mark.slow
def test_every_command_of_the_readme_runs_on_a_fresh_clone(tmp_path: Path) -> None:
    """Whoever has only the files of this project can type each command of the README, but for the tests themselves."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    # What has been compiled of these very texts need not be again: whoever runs the tests first waits for it.
    (kept := clone / jit.BESIDE.relative_to(ROOT)).mkdir(parents=True)
    for file in jit.cache().glob("*.nbc"):
        shutil.copy(file, kept)
    lines = [line.split(" #")[0].strip() for text in block("sh", clone / "README.md") for line in text.splitlines()]
    kept = ("PATH", "HOME", "LANG", *(name for name in os.environ if name.startswith(("PIP_", "UV_", "SSL_"))))
    empty = {name: os.environ[name] for name in kept if name in os.environ}
    for line in lines:
        if line == "make test":
            continue  # this very suite
        done = subprocess.run(["bash", "-c", line], cwd=clone, env=empty, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip()


def test_readme_python_runs() -> None:
    """The README's lines of Python run as they stand."""
    (code,) = block("python", COMMANDS)
    known: dict[str, object] = {}
    exec(compile(code, "commands.md", "exec"), known)
    assert known["without"] != known["debate"]
