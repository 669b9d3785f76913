"""The chart of a page says what the model has on a day, names what it shows, and opens what it marks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.web.report import content, report

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SIZES = ((1440, 900), (1024, 768), (390, 800), (320, 700))
BOXES = (
    "(nodes) => nodes.map((node) => { const b = node.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom]; })"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report of the first debate, played a little, with its chart."""
    scenario = sim.load("monopoly-1922", prior=True)
    place: Path = tmp_path_factory.mktemp("chart") / "report.html"
    place.write_bytes(report.report(content.play(scenario, (), 64, 1922)))
    return place.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """It, opened offline."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(address)
    opened.wait_for_selector("body[data-ready]")
    yield opened
    context.close()


def overlap(one: list[float], other: list[float]) -> bool:
    """Whether two boxes lie over each other by more than the edge of a letter."""
    return min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 3


def boxes(page: Page, selector: str) -> list[list[float]]:
    """Where the elements are: left, top, right, bottom, in pixels."""
    found: Any = page.locator(selector).evaluate_all(BOXES)
    return list(found)


def test_lines_are_steps(page: Page) -> None:
    """No line of a stance, of a band or of the policy has a slope: every piece goes across or up and down."""
    drawn = page.locator("#chart .chart :is(.line, .policy, .band)").evaluate_all(
        "(paths) => paths.map((path) => path.getAttribute('d'))"
    )
    assert len(drawn) > 9
    for path in drawn:
        for piece in filter(None, re.split("M", path.replace("Z", ""))):
            corners = [tuple(map(float, corner.split())) for corner in piece.split("L")]
            assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(corners))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_never_overlap_and_stay_on_the_page(page: Page, width: int, height: int) -> None:
    """At every size the names at the ends of the lines and the decisions can be read."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    for selector, least in ((".end-name", 9), (".decision-name", 2)):
        found = boxes(page, f"#chart {selector}")
        assert len(found) >= least
        assert all(box[0] >= 0 and box[2] <= width for box in found)
        assert not any(overlap(a, b) for i, a in enumerate(found) for b in found[i + 1 :])


def test_the_featured_decision_is_named_and_opens(page: Page) -> None:
    """The decision that the story turns on is marked; a press of Enter opens what is known of it."""
    featured = page.locator("#chart .decision.featured")
    assert featured.get_attribute("data-opens") == sim.load("monopoly-1922", prior=True).debate.story.decision  # type: ignore[union-attr]
    featured.focus()
    page.keyboard.press("Enter")
    assert page.locator("#dialog").is_visible()


def test_letters_stand_on_the_line_of_whoever_wrote_them_and_open(page: Page) -> None:
    """A click opens the quotation; of letters that lie together one after another; marks are a finger apart."""
    marks = page.locator("#chart .chart g.sent")
    opened = " ".join(marks.evaluate_all("(nodes) => nodes.map((node) => node.dataset.opens)")).split()
    assert {"lenin-letter-1922-10-13", "lenin-letter-1922-03-03"} <= set(opened)
    several = page.locator('#chart .chart g.sent[data-opens*="lenin-letter-1922-10-13"]')
    names = (several.get_attribute("data-opens") or "").split()
    titles = set()
    for _ in names:
        several.focus()
        page.keyboard.press("Enter")
        titles.add(page.locator("#dialog").inner_text())
        page.keyboard.press("Escape")
    assert len(titles) == len(names)
    places = page.locator("#chart .chart g.sent .reach").evaluate_all(
        "(nodes) => nodes.map((n) => [Number(n.getAttribute('cx')), Number(n.getAttribute('cy'))])"
    )
    for i, one in enumerate(places):
        assert all(max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= 24 for other in places[i + 1 :])


def test_absences_of_the_chosen_member_are_shaded(page: Page) -> None:
    """As many as the debate has of them, and each opens."""
    debate = sim.load("monopoly-1922", prior=True).debate
    own = [m.id for m in debate.timeline if m.kind == "absence" and m.member == "lenin"]
    page.locator("#chart").wait_for()
    shaded = page.locator("#chart .absent").evaluate_all("(nodes) => nodes.map((node) => node.dataset.opens)")
    assert sorted(shaded) == sorted(own)


def test_a_picture_that_is_kept_says_what_it_is_of(page: Page) -> None:
    """Title, dates, signs, scenario, digest and seed stand in the file."""
    scenario = sim.load("monopoly-1922", prior=True)
    with page.expect_download() as kept:
        page.locator("#save-chart").evaluate("(button) => button.click()")
    text = kept.value.path().read_text("utf-8")
    for said in (scenario.debate.title, scenario.digest, "1 Nov 1921 to 25 Apr 1923", "seed 1922", "policy in force"):
        assert said in text
