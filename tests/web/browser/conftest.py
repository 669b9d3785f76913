"""A browser, an explorer for it to open, and a page that fails the test at any error or foreign request.

Debian's browser is used as it is (`apt-get install chromium-headless-shell`); where there is none, these tests skip.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import uvicorn

import sim
from sim.scenario.scenario import Scenario
from sim.web.server.app import Explorer, application
from sim.web.server.requests import PageRequest
from sim.web.server.serving import Place, listening

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

#: Programs that can be a browser without a window, the quietest first.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HOW = "no browser is installed: apt-get install --no-install-recommends chromium-headless-shell fonts-dejavu-core"
HERE = Path(__file__).parent
#: Milliseconds after which something is taken never to come: nothing is measured here, and a machine may be busy.
PATIENCE = 600_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder need a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; closed with each file of tests, since an event loop runs in this thread as long as it is open."""
    program = os.environ.get("SIM_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(HOW)
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test installs it")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=program)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """The debate that is explored: the shipped one, by its laws."""
    return sim.load("monopoly-1922", prior=True)


@pytest.fixture(scope="session", autouse=True)
def _one_plays_ahead_and_the_others_wait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The ready-made worlds that an explorer makes ahead are played in one of the processes that share the tests."""
    if "PYTEST_XDIST_WORKER" not in os.environ or sys.platform == "win32":
        yield
        return
    import fcntl

    shared, make = tmp_path_factory.getbasetemp().parent, Explorer.ready_made

    def made_once(self: Explorer, query: PageRequest, *report: Any) -> bytes:
        if query != PageRequest():
            return make(self, query, *report)
        with (shared / f"{self.opened.digest}.ready-made").open("a+b", buffering=0) as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            kept.seek(0)
            if not (answer := kept.read()):
                answer = make(self, query, *report)
                kept.write(answer)
            return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Explorer, "ready_made", made_once)
        yield


@contextmanager
def served(scenario: Scenario) -> Iterator[str]:
    """Where the explorer of a debate is, as long as it is there."""
    made = listening(Place("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(scenario), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [made]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://localhost:{made.getsockname()[1]}/"
    server.should_exit = True
    thread.join()
    made.close()


@pytest.fixture(scope="session")
def address(scenario: Scenario) -> Iterator[str]:
    """Where its explorer is."""
    with served(scenario) as place:
        yield place


class Watched:
    """What must not happen on any page: an error, a refusal of the policy, a request that leaves."""

    def __init__(self, host: str) -> None:
        self.host, self.wrong = host, []  # type: ignore[var-annotated]

    def over(self, page: Page) -> Page:
        """The page, watched."""
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._check(request.url))
        return page

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file") and parts.netloc != self.host:
            self.wrong.append(f"a request to {url}")


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the explorer in a browser of its own; whatever went wrong on it fails the test at its end."""
    watched, contexts = Watched(urlsplit(address).netloc), []  # type: ignore[var-annotated]

    def visit(state: str = "", refusals: int = 0, **how: Any) -> Page:
        context: BrowserContext = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = watched.over(context.new_page())
        page.goto(f"{address}{state}")
        page.wait_for_selector("body[data-ready]")
        return page

    visit.wrong = watched.wrong  # type: ignore[attr-defined]
    yield visit
    for context in contexts:
        context.close()
    assert not watched.wrong
