"""The site has a place for everything that is public; `make docs` fails where one of its links leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import sim

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_the_page_of_python_has_every_public_name() -> None:
    """Each name of `sim` is documented there, once, and nothing else is."""
    page = (DOCS / "reference" / "api.md").read_text("utf-8")
    named = re.findall(r"^\.\. auto\w+:: sim\.(\w+)$", page, re.MULTILINE)
    assert sorted(named) == sorted({*sim.__all__} - {"__version__"} | {"figures"})


def test_the_first_page_leads_to_every_other() -> None:
    """Each page is one click from the first, in the list of contents, and the sentence on it that says what it is."""
    first = (DOCS / "index.md").read_text("utf-8")
    in_contents = {f"{path}.md" for path in re.findall(r"^([\w./-]+)$", first, re.MULTILINE)}
    assert in_contents == set(re.findall(r"\]\(([^)]+\.md)\)", first))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"index.md"}
    assert there == {path for path in in_contents if not path.startswith("..")}


def test_where_a_change_goes_is_there() -> None:
    """Every file and folder that a recipe names exists, below `sim/` or beside it, and every target of make."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where a change goes")[2]
    recipes = page.partition("## How numbers may move")[0]
    paths = set(re.findall(r"`((?:\w[\w-]*/|\.github/)[\w./-]*|__init__\.pyi?)`", recipes))
    assert len(paths) > 40
    assert {path for path in paths if not (ROOT / "sim" / path).exists() and not (ROOT / path).exists()} == set()
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)`", recipes)) <= made
