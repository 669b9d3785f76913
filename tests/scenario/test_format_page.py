"""The reference of the format says what the format is."""

from __future__ import annotations

import re

from docs import format as reference


def test_the_page_is_what_the_format_says() -> None:
    """The page is made from the format; where the format has changed, `python -m docs.format` makes it anew."""
    assert reference.PAGE.read_text("utf-8") == reference.page()


def test_every_link_of_the_page_leads_somewhere() -> None:
    """What a key takes leads to the section that says what that is, and every section but the two files' is led to."""
    page = reference.page()
    headings = {heading.lower().replace(" ", "-") for heading in re.findall("^## (.+)$", page, re.MULTILINE)}
    linked = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert linked <= headings
    assert headings - linked == {"the-file", "what-if-file"}
