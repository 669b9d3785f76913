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
    assert all(re.fullmatch(r"(M[\d.]+ [\d.]+|[HV][\d.]+|Z)+", path) for path in drawn)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_never_overlap_and_stay_on_the_page(page: Page, width: int, height: int) -> None:
    """At every size the names of lines and of five decisions can be read, and nothing lies over a decision's."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    found = {name: boxes(page, f"#chart .{name}") for name in ("decision-name", "end-name", "position-name")}
    assert [len(found[name]) for name in ("decision-name", "end-name")] == [5, 9]
    for i, one in enumerate(every := [box for named in found.values() for box in named]):
        assert one[0] >= 0
        assert one[2] <= width
        assert not any(overlap(one, other) for other in every[i + 1 :])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_marks_are_a_finger_apart(page: Page, width: int, height: int) -> None:
    """At every size no letter or decision of the chart, no mark of the timeline, is within 24 pixels of another."""
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#more > summary").click()
    page.wait_for_timeout(300)
    for marks, least in (("#chart .mark:is(.letter, .ballot)", 12), ("#timeline .mark", 24)):
        found = boxes(page, f"{marks} > .reach")
        assert len(found) >= least
        for i, one in enumerate(found):
            assert min(one[2] - one[0], one[3] - one[1]) >= 23.9
            assert not any(overlap(one, other) for other in found[i + 1 :])


def test_the_featured_decision_is_named_and_opens(page: Page) -> None:
    """The decision that the story turns on is marked; a press of Enter opens what is known of it."""
    featured = page.locator("#chart .decision.featured")
    assert featured.get_attribute("data-opens") == sim.load("monopoly-1922", prior=True).debate.story.decision  # type: ignore[union-attr]
    featured.focus()
    page.keyboard.press("Enter")
    assert page.locator("#dialog").is_visible()


def test_letters_that_lie_together_open_as_a_list(page: Page) -> None:
    """A mark of several says from when to when, how many and whose; its dialog lists each, and leads back to it."""
    marks = page.locator("#chart .chart .mark.letter")
    opens = marks.evaluate_all("(nodes) => nodes.map((node) => node.dataset.opens)")
    assert {"lenin-letter-1922-10-13", "lenin-letter-1922-03-03"} <= set(" ".join(opens).split())
    several = max(opens, key=len)
    mark = page.locator(f'#chart [data-opens="{several}"]')
    said = mark.locator("title").text_content() or ""
    assert said.startswith(f"27 Nov to 21 Dec 1922: {len(several.split())} letters from Lenin")
    mark.click()
    listed = page.locator("#dialog li button")
    assert listed.count() == len(several.split()) > 1
    title = listed.last.inner_text()
    listed.last.click()
    assert page.locator("#dialog-title").inner_text() == title
    assert page.evaluate("document.activeElement.id") == "dialog-title"
    day = page.locator("#date").text_content()
    page.keyboard.press("ArrowRight")
    assert page.locator("#date").text_content() == day
    page.get_by_role("button", name="Back to the list").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == title
    assert listed.count() == len(several.split())


def test_letters_of_december_do_not_stand_on_october(page: Page) -> None:
    """On the narrowest telephone, too, the October letter is apart from them, and they stand amid their days."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(300)
    (october,) = page.locator('#chart [data-opens~="lenin-letter-1922-10-13"]').all()
    assert "1922-12" not in (october.get_attribute("data-opens") or "")
    december = page.locator('#chart [data-opens~="lenin-letter-1922-12-13-trotsky"] .reach')
    middle = float(december.get_attribute("x") or "nan") + float(december.get_attribute("width") or "nan") / 2
    low, high = page.evaluate("['1922-11-27', '1922-12-21'].map((date) => page.chart.scale.at(dayOf(date)))")
    assert low <= middle <= high


def test_the_letter_of_october_is_ten_keys_away(page: Page) -> None:
    """The marks are one stop, which goes with the day; arrows lead on from there, and a redraw keeps the focus."""
    assert page.locator('#chart [tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(7):
        page.keyboard.press(
            "ArrowRight" if page.evaluate("document.activeElement.closest('.chart') !== null") else "Tab"
        )
        if "lenin-letter-1922-10-13" in page.evaluate("document.activeElement.dataset.opens || ''").split():
            break
    else:
        pytest.fail("nine presses are not enough")
    page.evaluate("page.redraw()")
    assert "lenin-letter-1922-10-13" in page.evaluate("document.activeElement.dataset.opens")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "lenin-letter-1922-10-13" in page.evaluate("document.activeElement.dataset.opens")


def test_decisions_lie_in_a_row_of_their_own_under_the_stances(page: Page) -> None:
    """No decision's mark is at the height of a stance, all are at one height, and nearly on their days."""
    lowest = max(box[3] for box in boxes(page, "#chart .chart :is(.line, .rule.position)"))
    marks = boxes(page, "#chart .mark.decision > .reach")
    assert len({round(box[1]) for box in marks}) == 1
    assert all(box[1] >= lowest for box in marks)
    stems = boxes(page, "#chart .mark.decision > .held:first-of-type")
    assert all(box[0] <= stem[0] <= box[2] + 1 for box, stem in zip(marks, stems, strict=True))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_label_of_the_months_is_cut(page: Page, width: int, height: int) -> None:
    """Every month and year is whole within the drawing."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    ((left, _, right, _),) = boxes(page, "#chart > svg")
    assert all(left <= box[0] and box[2] <= right for box in boxes(page, "#chart .month"))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_name_is_as_high_as_a_finger_and_is_reached_by_keys(page: Page, width: int, height: int) -> None:
    """The names at the ends of the lines come after the last mark; Enter on one follows whoever it names."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    reached = boxes(page, "#chart .end > .reach")
    assert min(bottom - top for _, top, _, bottom in reached) >= 23.9
    assert not any(overlap(one, other) for one, other in itertools.combinations(reached, 2))
    page.locator("#chart [role=button][tabindex='0']").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.locator("#chart .end.chosen").text_content() == name
    assert page.evaluate("document.activeElement.textContent") == name


def test_marks_are_read_by_date(page: Page) -> None:
    """In the page letters and decisions follow each other by their days."""
    days = page.locator("#chart .mark:not(.absence)").evaluate_all(
        "(marks) => marks.map((mark) => parseInt(mark.dataset.days, 10))"
    )
    assert days == sorted(days)


def test_the_table_of_stances_is_a_press_away(page: Page) -> None:
    """The chart leads to the table of the day, which opens and has the focus."""
    page.locator("#chart").get_by_role("button", name="stances on this day").click()
    assert page.locator("#stances-table table").is_visible()


def test_absences_of_the_chosen_member_are_shaded_and_named(page: Page) -> None:
    """As many as the debate has of them, each opens, and the longest says whose they are."""
    debate = sim.load("monopoly-1922", prior=True).debate
    own = [m.id for m in debate.timeline if m.kind == "absence" and m.member == "lenin"]
    shaded = page.locator("#chart .chart .absence").evaluate_all("(nodes) => nodes.map((node) => node.dataset.opens)")
    assert sorted(" ".join(shaded).split()) == sorted(own)
    assert set(page.locator("#chart .away-name").all_text_contents()) == {"Lenin away"}
    bars = sorted(boxes(page, "#chart .absence .bar"))
    assert all(one[2] <= other[0] for one, other in itertools.pairwise(bars))
    page.evaluate("page.choose('stalin')")
    assert page.locator("#chart .chart .absence").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_stand_out(browser: Browser, address: str, scheme: Any) -> None:
    """Every line has 3 to 1 or more against the panel, as it is painted, and so has the shade's ground."""
    context = browser.new_context(offline=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.evaluate("document.getElementById('others').click()")
    kinds = "#chart .chart :is(.line, .policy, .held, .tie, .cursor)"
    painted: Any = page.locator(kinds).evaluate_all("""(nodes) => nodes.map((node) => {
        const style = getComputedStyle(node);
        return [style.stroke, Number(style.strokeOpacity) * Number(style.opacity)];
    })""")
    panel = channels(page.locator(".panel").first.evaluate("(node) => getComputedStyle(node).backgroundColor"))
    shade = channels(page.locator("#chart .chart .bar").first.evaluate("(node) => getComputedStyle(node).fill"))
    grounds = panel, [0.09 * a + 0.91 * b for a, b in zip(shade, panel, strict=True)]
    assert len(painted) > 30
    for stroke, opacity in painted:
        assert opacity == 1
        assert all(contrast(channels(stroke), ground) >= 3 for ground in grounds), stroke
    context.close()


def channels(colour: str) -> list[float]:
    """Red, green and blue of a colour as the browser writes it."""
    return [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]


def contrast(one: list[float], other: list[float]) -> float:
    """The contrast of two colours as WCAG 2.2 defines it."""

    def light(colour: list[float]) -> float:
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in (c / 255 for c in colour)]
        return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_days_pass_quickly(page: Page) -> None:
    """To show another day takes chart and timeline less than 4 milliseconds."""
    page.locator("#more > summary").click()
    page.locator("#timeline .mark").first.wait_for()
    took = page.evaluate("""() => {
        const first = page.chart.scale.first, began = performance.now();
        for (let day = first; day < first + 50; day++) { page.chart.move(day); page.timeline.move(day); }
        return (performance.now() - began) / 50;
    }""")
    assert took < 4
