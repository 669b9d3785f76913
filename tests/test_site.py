"""The site has a place for everything that is public; `make docs` fails where one of its links leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import sim

DOCS = Path(__file__).parent.parent / "docs"


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
