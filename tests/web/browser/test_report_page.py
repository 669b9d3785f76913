"""A report opened from disk, as a colleague opens it: no server, no network, and the page still plays."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.web.report import content, report, worksheet
from sim.web.report.content import Contents
from sim.web.view.answers import columns
from tests.web.browser.axe import findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")
def played() -> Contents:
    """The first debate and a what-if, played a little."""
    scenario = sim.load("monopoly-1922", prior=True)
    return content.play(scenario, content.questions(scenario, ["lenin-in-the-room"]), 400, 1922)


@pytest.fixture(scope="module")
def folder(played: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report and the worksheet."""
    place = tmp_path_factory.mktemp("report")
    (place / "report.html").write_bytes(report.report(played))
    (place / "lesson.html").write_bytes(worksheet.worksheet(played))
    return place


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Opened]:
    """Opens a file, offline; any error, any refusal of the policy and any request but for the file fails the test."""
    wrong: list[str] = []

    def visit(name: str, **how: Any) -> Page:
        context = browser.new_context(offline=True, **how)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(("file:", "data:")) else wrong.append(sent.url))
        page.goto((folder / name).as_uri())
        return page

    yield visit
    assert wrong == []


def test_a_report_opens_from_disk_and_can_be_scrubbed(opened: Opened, played: Contents) -> None:
    """The dots stand where the ensemble has them, on the first day and on the last."""
    page = opened("report.html")
    page.wait_for_selector("body[data-ready]")
    stances = played.replay.ensemble.stances.sel(statistic="mean", member="stalin")
    dot = page.locator('#chart [data-member="stalin"]')
    page.locator("#scrub").focus()
    page.keyboard.press("Home")
    assert float(dot.get_attribute("data-stance") or "nan") == pytest.approx(float(stances[0]), abs=1e-4)
    page.keyboard.press("End")
    assert float(dot.get_attribute("data-stance") or "nan") == pytest.approx(float(stances[-1]), abs=1e-4)


def test_a_world_of_a_report_can_be_chosen(opened: Opened, played: Contents) -> None:
    """Choosing a what-if shows both worlds and the differences that were played."""
    page = opened("report.html")
    page.wait_for_selector("body[data-ready]")
    page.locator('[data-card="lenin-in-the-room"]').click()
    page.locator("#verdict").wait_for()
    expected = played.answers[0].comparison.decisions.set_index("decision").difference
    marks = page.locator("#decisions [data-difference]")
    assert marks.count() >= 1
    for number in range(marks.count()):
        said = float(marks.nth(number).get_attribute("data-difference") or "nan")
        assert said == pytest.approx(expected[marks.nth(number).get_attribute("data-decision")], abs=1e-4)
    assert page.locator('#chart [data-world="yours"]').count() == 9
    page.locator("#act").click()
    assert not page.locator("#verdict").is_visible()


def test_what_mostly_does_not_happen_in_a_world_is_hollow_and_says_so(opened: Opened, played: Contents) -> None:
    """A letter that under half of the other world's histories have is marked, and named with its shares."""
    page = opened("report.html")
    page.wait_for_selector("body[data-ready]")
    page.locator('[data-card="lenin-in-the-room"]').click()
    page.locator("#verdict").wait_for()
    compared = played.answers[0].comparison
    was, is_ = compared.moments.set_index("moment").loc["lenin-letter-1922-10-13", ["happened", "happened_other"]]
    put, carried = compared.decisions.set_index("decision").loc["october-deferral", ["put_other", "carried_other"]]

    def of_hundred(share: float) -> str:
        said = "under 1 of 100" if 0 < share < 0.005 else f"{round(100 * share)} of 100"
        return said.replace(" ", "\xa0")

    for name, said in (
        ("lenin-letter-1922-10-13", f"happens in {of_hundred(is_)} (as it was, {of_hundred(was)})"),
        ("october-deferral", f"in the record carried; here put in {of_hundred(put)}, carried in {of_hundred(carried)}"),
    ):
        for mark in page.locator(f'#chart .mark[data-opens="{name}"]').all():
            assert ("rare" in (mark.get_attribute("class") or "").split()) == (is_ < 0.5)
            assert said in mark.locator("title").text_content()  # type: ignore[operator]
        page.evaluate("(name) => page.open(page.scene.moment(name))", name)
        assert said in page.locator("#dialog").inner_text()
        page.keyboard.press("Escape")


def test_another_world_of_a_report_is_as_it_was_played(opened: Opened, played: Contents) -> None:
    """Stances by date and votes are those of the ensemble of that world."""
    page = opened("report.html")
    page.wait_for_selector("body[data-ready]")
    page.locator('[data-card="lenin-in-the-room"]').click()
    page.locator("#verdict").wait_for()
    many = sim.ensemble(played.answers[0].question.world, 400, 1922)
    free = replace(many, record=many.free)
    shown = page.evaluate("page.scene.other.free")
    assert shown["dates"] == [str(day)[:10] for day in free.stances.date.values]
    for member in shown["members"]:
        mean = free.stances.sel(statistic="mean", member=member).values
        assert shown["members"][member]["mean"] == pytest.approx(mean, abs=1e-4)
    votes = page.evaluate("page.scene.other.free.votes")
    expected = columns(free.ballots)
    both = [
        dict(zip(zip(one["decision"], one["member"], strict=True), one["yes"], strict=True))
        for one in (votes, expected)
    ]
    assert both[0] == both[1]


def test_a_source_opens_in_a_report(opened: Opened) -> None:
    """The dialog works without a server, too."""
    page = opened("report.html")
    page.wait_for_selector("body[data-ready]")
    page.locator("#more > summary").click()
    page.locator('#timeline [data-opens~="lenin-letter-1922-03-03"]').click()
    page.locator("#dialog li button").first.click()
    assert "should not be undermined" in page.locator("#dialog").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report.html", "lesson.html"])
def test_axe_finds_nothing_in_it(opened: Opened, folder: Path, name: str, scheme: str) -> None:
    """Neither in the report nor in the worksheet."""
    page = opened(name, color_scheme=scheme)
    assert findings(page) == []


@pytest.mark.parametrize("name", ["report.html", "lesson.html"])
def test_it_is_never_wider_than_a_telephone(opened: Opened, name: str) -> None:
    """At 320 pixels one scrolls down only."""
    page = opened(name, viewport={"width": 320, "height": 700})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_worksheet_is_two_pages_of_paper(opened: Opened, folder: Path) -> None:
    """Printed on A4 it has two pages, the questions on the one and the answers on the other."""
    page = opened("lesson.html")
    printed = folder / "lesson.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 2
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True).stdout
        first, second = text.split("\f")[:2]
        assert "Predict before you look" in first
        assert "The answers" in second


def test_an_answer_stays_hidden_until_it_is_asked_for(opened: Opened) -> None:
    """On a screen each prediction comes before its answer, and the page of answers is for paper."""
    page = opened("lesson.html")
    answer = page.locator("details p").first
    assert not answer.is_visible()
    assert not page.locator(".paper").is_visible()
    page.locator("summary").first.click()
    assert answer.is_visible()


def test_what_is_changed_from_far_below_is_seen_and_told(opened: Opened) -> None:
    """A what-if of the table, a decision and a day that somebody goes to are shown, and read out."""
    page = opened("report.html", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.wait_for_selector("body[data-ready]")
    page.locator('a[href="#what-ifs=lenin-in-the-room"]').first.click()
    page.locator("#verdict").wait_for()
    assert page.evaluate("document.activeElement.id") == "outcome"
    wait_until_seen(page, "#answer")
    assert page.locator("#said").inner_text() == page.locator("#answer .sentence").inner_text()
    page.locator("#votes > summary").click()
    page.locator('#decisions [data-decision="december-rescission"] button').click()
    wait_until_seen(page, "#ballot-title")
    assert "December rescission" in page.locator("#said").inner_text()
    page.evaluate("page.open(page.scene.moment('lenin-letter-1922-10-13'))")
    page.get_by_role("button", name="Go to this day").click()
    wait_until_seen(page, "#scrub")
    assert page.locator("#said").inner_text() == page.locator("#happened").inner_text()


def wait_until_seen(page: Page, place: str) -> None:
    """Waits until something is within the window, or a fraction of a pixel above it, where a page comes to rest."""
    where = "(one) => { const { top } = one.getBoundingClientRect(); return top > -1 && top < innerHeight; }"
    page.wait_for_function(where, arg=page.locator(place).element_handle())
