"""The tutorial and the how-tos are true: their commands run, in their order, and what they print is shown.

`python -m tests.commands.test_pages --refresh` writes anew what the commands print, on purpose.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from types import CodeType, SimpleNamespace

import pytest

import sim
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


#: A piece of code of the notebook, and whether the site shows it without playing it.
CELL = re.compile(
    r"^```{code-cell} python3\n(?P<live>:tags: \[skip-execution\]\n\n)?(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


def notebook(*, live: bool) -> Iterator[CodeType]:
    """Its pieces of code: those played when the site is built, or those that wait for somebody."""
    for cell in CELL.finditer((TUTORIAL / "notebook.md").read_text("utf-8")):
        if bool(cell["live"]) is live:
            yield compile(cell["code"], "notebook.md", "exec")


def test_the_notebook_runs() -> None:
    """Its pieces of code run one after the other; the site shows what they print."""
    known: dict[str, object] = {}
    for code in notebook(live=False):
        exec(code, known)
    assert "compared" in known


def test_what_the_live_page_shows_is_there_at_every_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Solara: its parts can be drawn of any shipped debate, which the values of its controls make anew."""
    page = ast.parse(Path(importlib.util.find_spec("mesa.visualization").origin).read_text("utf-8"))
    assert "SolaraViz" in {name.name for node in page.body if isinstance(node, ast.ImportFrom) for name in node.names}
    drawn = {"FigureMatplotlib": lambda figure: figure.axes[0].lines, "Column": "\n".join, "Text": str}
    monkeypatch.setitem(sys.modules, "solara", SimpleNamespace(**drawn))
    monkeypatch.setitem(sys.modules, "mesa.visualization", SimpleNamespace(SolaraViz=lambda *model, **parts: parts))
    (code,), known = notebook(live=True), {"sim": sim}
    exec(code, known)
    stances, room = known["page"]["components"]
    controls = known["page"]["model_params"]
    assert controls["scenario"].pop("values") == sim.shipped()
    for name in sim.shipped():
        chosen = {key: value["value"] if isinstance(value, dict) else value for key, value in controls.items()}
        model = sim.Debate(**{**chosen, "scenario": name})
        for _ in range(3):
            assert len(stances(model)) == len(model.agents)
            assert all(f"{member.name} (" in room(model) for member in model.agents)
            model.step()


@pytest.mark.filterwarnings("default")
def test_the_live_page_steps_and_begins_anew() -> None:
    """With Solara: its buttons play the next moment, and make the debate anew of what is chosen."""
    solara = pytest.importorskip("solara", reason="the extra `viz` is not installed")
    vuetify = importlib.import_module("ipyvuetify")
    (code,), known = notebook(live=True), {"sim": sim}
    exec(code, known)
    _, page = solara.render(solara.AppLayout([known["page"]]), handle_error=False)

    for label, line in {
        "Step": "2024-03-01 eve-travels",
        "Reset": "Here: ben (0.0), ada (12.0), cleo (26.0), dov (40.0), eve (50.0)",
    }.items():
        page.find(vuetify.Btn, children=[label]).widget.click()
        page.find(vuetify.Html, children=[line]).assert_single()


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
