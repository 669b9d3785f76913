"""The first screen: the question, the room, a guess, and what comes of the change, for any debate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.results.wording import percent
from sim.scenario.scenario import Scenario
from sim.web.server import requests
from tests.web.browser.axe import findings
from tests.web.browser.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
RUNS = requests.RUNS
OTHERS = ("brest-1918", "library-sunday")


@pytest.fixture(scope="module", params=OTHERS)
def address_of_another(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the explorers of the other debates are."""
    with served(sim.load(request.param, prior=True)) as address:
        yield address


def answered(page: Page) -> Page:
    """Waits for an answer."""
    page.wait_for_selector("body[data-compared]")
    return page


def shares(page: Page) -> list[float]:
    """The shares that the two grids show."""
    grids = page.locator("#answer svg.grid")
    return [float(grids.nth(i).get_attribute("data-share") or "nan") for i in range(2)]


def test_a_guess_and_a_click_give_the_answer_of_the_library(opened: Opened, scenario: Scenario) -> None:
    """Both grids have the shares that `sim.whatif` finds, of as many replays, and the guess stands beside."""
    page = opened(f"#runs={RUNS}")
    page.locator("#guess").focus()
    page.keyboard.press("End")
    page.locator("#act").click()
    answered(page)
    story: Any = scenario.debate.story
    expected = sim.whatif(scenario, story.change, runs=RUNS, seed=1922)
    row = expected.decisions.set_index("decision").loc[story.decision]
    assert shares(page) == pytest.approx([row.carried, row.carried_other], abs=1e-4)
    assert "You guessed 100" in page.locator("#ask").inner_text()
    assert page.locator("#answer .guessed").count() == 100
    filled = page.locator("#answer svg.grid").nth(1).locator(".cell.yes").count()
    assert filled == round(100 * row.carried_other)
    assert percent(row.carried_other) in page.locator("#said").inner_text()


def test_an_empty_seat_is_filled_by_a_click(opened: Opened) -> None:
    """Who is absent comes into the room, the address says so, and Back takes it back."""
    page = opened(f"#runs={RUNS}")
    page.locator('#room [data-seat="lenin"]').click()
    answered(page)
    assert "room=october-relaxation:lenin:in" in page.evaluate("location.hash")
    assert "away" not in (page.locator('#room [data-seat="lenin"]').get_attribute("class") or "")
    assert page.evaluate("document.activeElement.dataset.seat") == "lenin"
    page.go_back()
    page.locator("#act").wait_for()
    assert "away" in (page.locator('#room [data-seat="lenin"]').get_attribute("class") or "")


def test_a_seat_tells_who_sits_there(opened: Opened, scenario: Scenario) -> None:
    """A click on somebody present opens who they are, and they can be sent out by keyboard."""
    page = opened(f"#runs={RUNS}")
    page.locator('#room [data-seat="stalin"]').focus()
    page.keyboard.press("Enter")
    assert scenario.debate.members["stalin"].name in page.locator("#dialog").inner_text()
    page.get_by_role("button", name="Take Stalin out of the room").press("Enter")
    answered(page)
    assert "away" in (page.locator('#room [data-seat="stalin"]').get_attribute("class") or "")


def test_the_first_screen_needs_no_scrolling(opened: Opened) -> None:
    """At 1440 by 900 the question, the guess, the room, the answer and the whole chart are seen at once."""
    page = opened(viewport={"width": 1440, "height": 900})
    for part in ("h1", "#room", "#act", "#answer", "#chart"):
        box: Any = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900


def test_another_debate_has_the_same_page(browser: Any, address_of_another: str) -> None:
    """With a story or without, the change can be made, is answered, and nothing goes wrong on the page."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address_of_another}#runs={RUNS}")
    page.wait_for_selector("body[data-ready]")
    assert len(page.locator("h1").inner_text()) > 10
    page.locator("#act").click()
    answered(page)
    assert len(shares(page)) == 2
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong == []
    assert findings(page) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_on_the_first_screen(opened: Opened, scheme: str, width: int) -> None:
    """Neither before the guess, nor after the answer, nor with the explanation open."""
    page = opened(f"#runs={RUNS}", color_scheme=scheme, viewport={"width": width, "height": 800})
    assert findings(page) == []
    page.locator("#act").click()
    answered(page)
    assert findings(page) == []
    page.locator("#trust").click()
    assert findings(page) == []


@pytest.mark.parametrize("width", [320, 390])
def test_what_is_touched_is_large_enough(opened: Opened, width: int) -> None:
    """Seats and main buttons are at least 44 pixels high and wide on a telephone, and seats do not overlap."""
    page = opened(viewport={"width": width, "height": 700}, has_touch=True)
    boxes = json.loads(
        page.evaluate("""JSON.stringify([...document.querySelectorAll('.seat, .actions button:not([hidden]), .round')]
            .map((one) => one.getBoundingClientRect()).map(({width, height}) => [width, height]))""")
    )
    assert all(min(box) >= 44 for box in boxes)
