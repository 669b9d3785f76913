"""The tutorial and the how-tos are true: their commands run, in their order, and what they print is shown.

`python -m tests.commands.test_pages --refresh` writes anew what the commands print, on purpose.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from tests.commands.test_guide import CODING, DOCS, GUIDE, PRINTED, as_shown, run
from tests.commands.test_readme import QUICK, learnable

TUTORIAL = DOCS.parent / "tutorial"
PAGES = sorted({*DOCS.glob("*.md"), *TUTORIAL.glob("*.md")} - {GUIDE, CODING})
#: A file that a page shows, under its name.
FILE = re.compile(r"^`(?P<name>[\w-]+\.\w+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(text: str) -> Iterator[str]:
    """The commands of a page, in their order."""
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield from (line.partition("  #")[0].strip() for line in block.splitlines())


def carried_out(text: str) -> dict[str, str]:
    """What every command of a page prints, in the present folder; those whose words are not shown play little."""
    whole = {found["command"] for found in PRINTED.finditer(text)}
    Path("small.yaml").write_text(learnable().origin.text, "utf-8")
    for file in FILE.finditer(text):
        Path(file["name"]).write_text(file["text"], "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        # Figures have tests of their own, and take most of the time.
        patched.setattr("sim.figures.pictures", lambda saved, formats=(): {})
        return {
            line: run(line, *("" if line in whole or ".yaml" in line else QUICK.get(line.split()[1], "")).split())
            for line in commands(text)
        }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_run_and_print_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the digit; where numbers or words are meant to move: `python -m tests.commands.test_pages --refresh`."""
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    printed = carried_out(text)
    for found in PRINTED.finditer(text):
        assert found["shown"] == as_shown(printed[found["command"]], found["shown"])


def test_the_notebook_runs() -> None:
    """Its pieces of code run one after the other; the site shows what they print."""
    text = (TUTORIAL / "notebook.md").read_text("utf-8")
    known: dict[str, object] = {}
    for code in re.findall(r"^```{code-cell} python3\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        exec(compile(code, "notebook.md", "exec"), known)
    assert "compared" in known


def refresh() -> None:
    """Writes what the commands print into the pages."""
    for page in PAGES:
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            printed = carried_out(text)
        text = PRINTED.sub(
            lambda found: (
                found["command"] + found["between"] + as_shown(printed[found["command"]], found["shown"])  # noqa: B023
            ),
            text,
        )
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        sys.exit("usage: python -m tests.commands.test_pages --refresh")
    refresh()
