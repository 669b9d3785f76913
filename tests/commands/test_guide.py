"""The guide to a debate of one's own is true: its blocks are a file, its commands run, and what they print is shown.

`python -m tests.commands.test_guide --refresh` writes anew what the commands print, on purpose.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.commands import main as commands

DOCS = Path(__file__).parent.parent.parent / "docs" / "how-to"
GUIDE, CODING = DOCS / "write-your-own-debate.md", DOCS / "coding.md"
FILE, WHAT_IF = "february-1918.yaml", "no-advance.yaml"
#: Characters to a line of what is printed.
WIDTH = "100"
#: A command, and the first lines of what it prints.
PRINTED = re.compile(
    r"(?<=```sh\n)(?P<command>[^\n]+)(?P<between>\n```\n\n```text\n)(?P<shown>.*?)(?=\n```)", re.DOTALL
)
#: A mistake: what the file has, what it would have, and what a check says of that.
MISTAKE = re.compile(r"(?<=\n)\| `(?P<right>[^|]+)` \| `(?P<wrong>[^|]+)` \| (?P<said>[^|\n]*) \|")


def page() -> str:
    """The text of the guide."""
    return GUIDE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", page(), re.DOTALL)


def files() -> dict[str, str]:
    """The debate and the what-if of the guide: the blocks of YAML, one after the other; `yml` is for asides."""
    of_what_if = [block for block in blocks("yaml") if "what_if:" in block]
    return {FILE: "\n".join(block for block in blocks("yaml") if block not in of_what_if), WHAT_IF: "".join(of_what_if)}


def run(command: str, *more: str) -> str:
    """What a command prints; it has to end well."""
    program, *arguments = shlex.split(command.partition("  #")[0])
    assert program == "sim"
    ended = CliRunner().invoke(commands.program(), [*arguments, *more], env={"COLUMNS": WIDTH})
    assert ended.exit_code == 0, f"{command}\n{ended.output}{ended.exception}"
    return "\n".join(line.rstrip() for line in ended.stdout.splitlines())


def write_files() -> None:
    """Puts the two files of the guide into the present folder."""
    for name, text in files().items():
        Path(name).write_text(text, "utf-8")


def carried_out() -> dict[str, str]:
    """What every command of the guide prints, in its order, in the present folder."""
    first, *others = [line for block in blocks("sh") for line in block.splitlines()]
    with pytest.MonkeyPatch.context() as patched:
        # Figures have tests of their own, and take most of the time.
        patched.setattr("sim.figures.pictures", lambda saved, formats=(): {})
        begun = run(first)
        write_files()
        return {first: begun, **{line: run(line) for line in others}}


def as_shown(printed: str, shown: str) -> str:
    """As many lines of what is printed as are shown, and an ellipsis if there are more."""
    lines, rows = printed.splitlines(), shown.splitlines()
    return "\n".join(lines) if rows[-1:] != ["…"] else "\n".join([*lines[: len(rows) - 1], "…"])


def check_said(right: str, wrong: str) -> str:
    """The first thing that a check says of the debate with one mistake in it."""
    text = files()[FILE]
    assert text.count(right) >= 1, right
    Path("wrong.yaml").write_text(text.replace(right, wrong, 1), "utf-8")
    ended = CliRunner().invoke(commands.program(), ["check", "wrong.yaml"], env={"COLUMNS": WIDTH})
    assert ended.exit_code != 0, wrong
    return str(ended.exception).splitlines()[0].split(": ", maxsplit=1)[1]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command of the guide prints."""
    with chdir(tmp_path_factory.mktemp("guide")):
        return carried_out()


@pytest.mark.parametrize("command", [found["command"] for found in PRINTED.finditer(page())])
def test_what_a_command_prints_is_what_the_guide_shows(command: str, printed: dict[str, str]) -> None:
    """To the digit; where numbers or words are meant to move: `python -m tests.commands.test_guide --refresh`."""
    found = next(found for found in PRINTED.finditer(page()) if found["command"] == command)
    assert found["shown"] == as_shown(printed[command], found["shown"])


@pytest.mark.parametrize(("right", "wrong", "said"), [found.groups() for found in MISTAKE.finditer(page())])
def test_a_check_says_what_the_guide_says(
    right: str, wrong: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mistake of the guide, made in its file, is told in the words that it shows."""
    monkeypatch.chdir(tmp_path)
    assert said == check_said(right, wrong)


#: What makes a command in the text quick.
QUICK = {"replay": "--runs 64", "whatif": "--runs 64", "tipping": "--runs 64", "sensitivity": "--runs 64 --size 2"}
INLINE = [command for command in re.findall(r"`(sim [^`]+)`", page().replace("\n", " ")) if FILE in command]


@pytest.mark.parametrize("command", INLINE)
def test_every_command_in_the_text_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that the guide only mentions end well, on fewer histories."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.figures.pictures", lambda saved, formats=(): {})
    write_files()
    assert run(command, *QUICK.get(command.split()[1], "").split())


@pytest.mark.parametrize("aside", blocks("yml"))
def test_what_is_only_an_example_of_a_form_is_in_order_too(
    aside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moments that are shown beside the file could stand in it."""
    monkeypatch.chdir(tmp_path)
    Path(FILE).write_text(files()[FILE].replace("\nreadings:\n", f"\n{aside}\nreadings:\n"), "utf-8")
    assert aside in Path(FILE).read_text("utf-8")
    run(f"sim check {FILE}")


@pytest.fixture(scope="module")
def coding() -> dict[str, Any]:
    """What the lines of Python on the page on coding define, and under `code` the lines."""
    (code,) = re.findall(r"```python\n(.*?)```", CODING.read_text("utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(compile(code, CODING.name, "exec"), known)
    return {**known, "code": code}


def test_the_agreement_of_two_coders_is_as_the_page_on_coding_says(coding: dict[str, Any]) -> None:
    """The lines of Python come to what stands beside them."""
    shown = re.findall(r"^(round\(.+\))  # (\S+)$", coding["code"], re.MULTILINE)
    assert len(shown) == 2
    assert [str(eval(line, coding)) for line, _ in shown] == [value for _, value in shown]


def test_one_who_copies_agrees_and_one_who_draws_lots_does_not(coding: dict[str, Any]) -> None:
    """The agreement is 1 of two who say the same, and about 0 of two who know nothing of each other."""
    first, second = np.random.default_rng(1918).normal(size=(2, 4000))
    assert coding["alpha"](first, first) == 1.0
    assert abs(coding["alpha"](first, second)) < 0.05


def refresh() -> None:
    """Writes what the commands and checks say into the guide."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        said = carried_out()
        text = PRINTED.sub(
            lambda found: found["command"] + found["between"] + as_shown(said[found["command"]], found["shown"]), page()
        )
        text = MISTAKE.sub(
            lambda found: f"| `{found['right']}` | `{found['wrong']}` | {check_said(found['right'], found['wrong'])} |",
            text,
        )
    GUIDE.write_text(text, "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        sys.exit("usage: python -m tests.commands.test_guide --refresh")
    refresh()
