"""The site that `make docs` builds opens from disk, fetches nothing, and everybody can use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.browser.axe import findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SITE = Path(__file__).parents[3] / "docs" / "_build" / "html"
#: All but the one that leads on to the first.
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if path != SITE / "index.html")
pytestmark = pytest.mark.skipif(not PAGES, reason="the site is not built: make docs")


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that fails the test if it fetches anything from elsewhere."""
    opened, fetched = browser.new_page(color_scheme=request.param), list[str]()
    opened.on("request", lambda asked: fetched.append(asked.url))
    yield opened
    opened.close()
    assert [url for url in fetched if not url.startswith(("file:", "data:"))] == []


def test_axe_finds_nothing_on_any_page(page: Page) -> None:
    """None of the pages is hard to use for who cannot see or point."""
    found = {}
    for name in PAGES:
        page.goto((SITE / name).as_uri())
        page.wait_for_load_state()
        found[name] = findings(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_search_works_from_disk(page: Page) -> None:
    """A word finds the pages that have it."""
    page.goto(f"{(SITE / 'search.html').as_uri()}?q=quorum")
    page.wait_for_selector("#search-results li a >> text=The model")
