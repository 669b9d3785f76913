"""The panel in a browser: what one finds, changes, compares and undoes, without losing one's place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

import sim
from sim.counterfactuals import headline
from sim.scenario.scenario import Scenario
from sim.web.server import requests
from sim.web.view.words import unparted
from tests.web.browser.test_explorer_page import compared, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
LETTER = '[id="off:lenin-letter-1922-10-13"]'
STATE = "document.getElementById('status').dataset.state"


@pytest.fixture
def panel(opened: Opened) -> Callable[..., Page]:
    """Opens the page with its panel."""

    def visit(state: str = f"#runs={requests.RUNS}", **how: object) -> Page:
        page = opened(state, **how)
        page.evaluate(
            "document.querySelectorAll('#build, #build .find details').forEach((one) => { one.open = true; })"
        )
        page.locator("#controls details").first.wait_for()
        return page

    return visit


def focused(page: Page) -> str:
    """The id of what has the focus."""
    said: str = page.evaluate("document.activeElement.id")
    return said


def test_what_somebody_looks_for_is_found_in_any_group(panel: Callable[..., Page]) -> None:
    """Only rows with the words are left, their groups open; without words the panel is as before."""
    page = panel()
    page.locator("#find").fill("krasin")
    texts = page.locator("#controls .control-row").all_inner_texts()
    assert texts
    assert all("krasin" in text.lower() for text in texts)
    letter = "lenin-letter-1922-10-13"
    for words in ("1922-10-13 letter", "letter october 1922 13"):
        page.locator("#find").fill(words)
        assert page.locator(f'#controls [data-key="row-off:{letter}"]').count() == 1
        rows = page.locator("#controls .control-row").count()
        assert page.locator("#controls [role=status]").inner_text() == f"{rows} found"
    page.locator("#find").fill("zzz")
    assert "Nothing here has “zzz”" in page.locator("#controls").inner_text()
    page.locator("#find").fill("")
    assert page.locator("#controls details[open]").count() == 1
    assert page.locator("#controls details").count() == 6


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_the_panel_is_at_most_a_screen_long(panel: Callable[..., Page], width: int, height: int) -> None:
    """With every group open its rows scroll within it, and what compares them stays in sight."""
    page = panel(viewport={"width": width, "height": height})
    page.evaluate("document.querySelectorAll('#controls details').forEach((one) => { one.open = true; })")
    page.locator('[id="hold:unknown-spread"]').wait_for(state="attached")
    box = page.locator("#build").bounding_box()
    assert box is not None
    assert box["height"] <= height


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_telephone_compare_stays_at_hand_while_one_builds(panel: Callable[..., Page], width: int) -> None:
    """However far down the panel one is, Compare is seen, and no other action lies over what one can change."""
    page = panel(viewport={"width": width, "height": 700}, has_touch=True)
    page.locator("[data-key=happened] summary").click()
    page.locator(LETTER).scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    for place in ("#compare", LETTER):
        assert page.locator(place).evaluate("""(one) => {
            const {x, y, width, height} = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }""")
    assert page.locator("#act").evaluate("(one) => getComputedStyle(one.parentElement).position") == "static"


def test_far_enlarged_nothing_lies_over_what_one_can_change(panel: Callable[..., Page]) -> None:
    """On a window of 320 by 256, as at 400 %, Compare scrolls away with the rest, and the panel is no wider."""
    page = panel(viewport={"width": 320, "height": 256})
    page.evaluate("document.querySelectorAll('#controls details').forEach((one) => { one.open = true; })")
    page.locator('[id="hold:unknown-spread"]').wait_for(state="attached")
    assert page.locator(".go").evaluate("(one) => getComputedStyle(one).position") == "static"
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator(".slider").evaluate_all(
        "(all) => all.every((one) => one.lastElementChild.getBoundingClientRect().right <= 320)"
    )


@pytest.mark.parametrize("is_touched", [False, True])
def test_who_builds_can_type_at_once_and_no_touch_brings_up_a_keyboard(opened: Opened, is_touched: bool) -> None:
    """Where one points with a mouse the builder opens with the focus in Find; by touch it does not."""
    page = opened(has_touch=is_touched, is_mobile=is_touched)
    page.locator("#own").click()
    assert (focused(page) == "find") != is_touched


def test_a_change_keeps_the_focus_and_the_place(panel: Callable[..., Page]) -> None:
    """A switch, a slider and an entry taken back leave the focus where it was, and the list where it is."""
    page = panel()
    page.locator(LETTER).focus()
    place = page.evaluate("document.getElementById('controls').scrollTop")
    assert place > 0
    page.keyboard.press("Space")
    assert not page.locator(LETTER).is_checked()
    assert focused(page) == "off:lenin-letter-1922-10-13"
    assert page.evaluate("document.getElementById('controls').scrollTop") == place
    page.keyboard.press("Space")
    page.locator('[id="strength:lenin-letter-1922-10-13"]').focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "strength:lenin-letter-1922-10-13"
    assert page.locator("#changed li").count() == 1
    page.locator("#changed button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#changed li").count() == 0
    assert focused(page) == "find"


def test_the_verdict_is_announced_pinned_and_has_the_focus(panel: Callable[..., Page], scenario: Scenario) -> None:
    """After *compare* a sentence on what changes most stands in the panel, in a live region that has the focus."""
    page = panel()
    page.locator(LETTER).uncheck()
    page.get_by_role("button", name="Compare", exact=True).click()
    compared(page)
    expected = sim.whatif(scenario, "no-letter-of-13-october", runs=requests.RUNS, seed=1922)
    most = headline.largest(expected.decisions)
    assert expected.headline.startswith(f"“{expected.names[most.decision]}” ")
    told = page.locator("#status").inner_text()
    assert unparted(expected.headline).startswith(told.removesuffix("."))
    assert focused(page) == "status"
    page.locator("#controls").evaluate("(place) => { place.scrollTop = 9999; }")
    assert page.locator("#status").is_visible()
    page.locator("#differs").click()
    assert focused(page) == "verdict"


def test_a_letter_unticked_and_the_ready_made_world_have_the_same_numbers(panel: Callable[..., Page]) -> None:
    """What follows from a letter goes with it, by its switch as by the what-if without it."""
    rows = "[...document.querySelectorAll('#decisions tbody tr')].map((row) => row.textContent)"
    found = []
    for switch in (LETTER, '[id="what_ifs:no-letter-of-13-october"]'):
        page = panel()
        page.evaluate("document.querySelector('[data-key=ready]').open = true")
        page.locator(switch).click()
        if page.evaluate(STATE) != "done":
            page.get_by_role("button", name="Compare", exact=True).click()
        compared(page)
        found.append((page.locator("#status").inner_text(), page.evaluate(rows)))
    assert found[0] == found[1]


def test_where_a_comparison_stands_is_said(panel: Callable[..., Page]) -> None:
    """Nothing, then a change, one that runs, one that is stopped, an answer, and one that is of another world."""
    page = panel("#runs=200000")
    assert page.locator("#status").get_attribute("data-state") is None
    page.locator(LETTER).uncheck()
    assert page.evaluate(STATE) == "changed"
    assert page.locator("#status").inner_text() == "1 change, not compared yet"
    page.get_by_role("button", name="Compare", exact=True).click()
    assert page.evaluate(STATE) == "running"
    assert page.locator("#progress").is_visible()
    page.locator("#cancel").click()
    until(page, f"{STATE} === 'stopped'")
    assert not page.locator("#progress").is_visible()
    page.locator("#runs").fill("3000")
    page.get_by_role("button", name="Compare", exact=True).click()
    until(page, f"{STATE} === 'done'")
    page.locator('[id="off:krasin-letter-1922-10-11"]').uncheck()
    until(page, f"{STATE} === 'stale'")
    assert page.locator("body[data-stale]").count() == 1
    page.locator("#undo").click()
    until(page, f"{STATE} === 'done'")
    assert page.locator("body[data-stale]").count() == 0


def test_a_change_stops_a_comparison_that_runs(panel: Callable[..., Page]) -> None:
    """No answer comes of a world that is no longer chosen, nor of the debate as it was."""
    page = panel("#runs=200000")
    page.locator(LETTER).uncheck()
    page.get_by_role("button", name="Compare", exact=True).click()
    assert page.evaluate(STATE) == "running"
    page.locator("#reset").click()
    until(page, f"{STATE} === undefined")
    assert not page.locator("#progress").is_visible()
    assert not page.locator("#verdict").is_visible()


def test_back_and_forward_walk_through_the_worlds(panel: Callable[..., Page]) -> None:
    """Each change is a step; the switches, the list and the verdict follow."""
    page = panel()
    page.locator(LETTER).uncheck()
    page.locator('[id="off:krasin-letter-1922-10-11"]').uncheck()
    assert page.locator("#changed li").count() == 2
    page.go_back()
    until(page, f"{STATE} === 'done'")
    assert page.locator("#changed li").count() == 1
    assert page.locator('[id="off:krasin-letter-1922-10-11"]').is_checked()
    page.go_back()
    until(page, "!document.querySelector('#changed li')")
    assert not page.locator("#verdict").is_visible()
    page.go_forward()
    until(page, f"{STATE} === 'done'")
    assert not page.locator(LETTER).is_checked()


def test_the_address_has_what_the_picture_depends_on_and_nothing_else(panel: Callable[..., Page]) -> None:
    """As opened there is nothing in it; everybody shown, a view, a world and its way back are."""
    page = panel("")
    page.locator("#scrub").focus()
    page.keyboard.press("End")
    until(page, "location.hash.startsWith('#on=')")
    page.keyboard.press("Home")
    page.evaluate("document.getElementById('more').open = true")
    page.locator("#others").check()
    until(page, "location.hash.includes('others=true')")
    page.locator(LETTER).uncheck()
    assert "off=lenin-letter-1922-10-13" in page.evaluate("location.hash")
    assert "view=" not in page.evaluate("location.hash")
    page.locator("#view").select_option("recorded")
    until(page, "location.hash.includes('view=recorded')")
    again = compared(panel(page.evaluate("location.hash")))
    assert again.locator("#view").input_value() == "recorded"
    assert again.evaluate("document.getElementById('others').checked")
    again.locator("#reset").click()
    until(again, "!location.hash.includes('view=')")


def test_another_seed_is_another_world_in_the_address(panel: Callable[..., Page]) -> None:
    """It can be undone, and what is no seed is not taken: it stays, marked, with a sentence that says what would do."""
    page = panel()
    page.locator("#seed").fill("7")
    page.keyboard.press("Enter")
    until(page, "location.hash.includes('seed=7')")
    page.locator("#seed").fill("seven")
    page.locator("#find").focus()
    seed = page.locator("#seed")
    until(page, "document.getElementById('seed').ariaInvalid === 'true'")
    assert seed.input_value() == "seven"
    assert (
        "“seven” is not taken: it has to be a whole number from 0 to 18446744073709551615"
        in page.locator(f"#{seed.get_attribute('aria-describedby')}").inner_text()
    )
    assert "seed=7" in page.evaluate("location.hash")
    page.locator("#undo").click()
    until(page, "!location.hash.includes('seed=')")
    assert seed.input_value() == "1922"
    assert seed.get_attribute("aria-invalid") is None


def test_fewer_histories_than_can_be_compared_are_refused(panel: Callable[..., Page]) -> None:
    """As a seed is that is none: with what would do; the most and the least are taken."""
    page = panel()
    for field, text, bounds in (("runs", "99", "100 to 200,000"), ("seed", str(2**64), f"0 to {2**64 - 1}")):
        page.locator(f"#{field}").fill(text)
        page.keyboard.press("Enter")
        until(page, f"document.getElementById('{field}').ariaInvalid === 'true'")
        assert (
            f"“{text}” is not taken: it has to be a whole number from {bounds}."
            in page.locator("#trouble").inner_text()
        )
    page.locator("#seed").fill(str(2**64 - 1))
    page.keyboard.press("Enter")
    until(page, f"location.hash.includes('seed={2**64 - 1}')")


def test_histories_of_a_changed_world_are_stepped_through(panel: Callable[..., Page]) -> None:
    """Another history is no other world: the answer stays, and so does the view; it cannot be undone."""
    page = compared(panel("#what-ifs=lenin-in-the-room&history=7&view=history"))
    before, day = page.locator("#answer").inner_text(), page.locator("#date").inner_text()
    page.evaluate("document.getElementById('more').open = true")
    page.locator("#replicate").fill("8")
    page.keyboard.press("Enter")
    assert "compare again" not in page.locator("#answer").inner_text()
    until(page, "page.scene.base.replicate === 8 && document.getElementById('outcome').ariaBusy === 'false'")
    assert page.locator("#view").input_value() == "history"
    assert page.evaluate("location.hash") == "#what-ifs=lenin-in-the-room&history=8&view=history"
    assert page.evaluate("page.chart.worlds[1] === page.scene.other.history")
    assert (page.locator("#answer").inner_text(), page.locator("#date").inner_text()) == (before, day)
    assert page.locator("#undo").is_disabled()


def test_cards_keep_their_sentences_and_say_of_what_they_are(panel: Callable[..., Page]) -> None:
    """At another seed they are told to be of the first one; one that is chosen is compared at once, at this."""
    page = panel("")
    page.locator("#cards button").first.wait_for()
    before = page.locator("#cards").inner_text()
    assert not page.locator("#ready-says").is_visible()
    page.locator("#seed").fill("7")
    page.keyboard.press("Enter")
    until(page, "page.scene.base.seed === '7'")
    assert page.locator("#ready-says").inner_text().replace("\xa0", " ") == "Of 3,000 histories from seed 1922"
    assert page.locator("#cards").inner_text() == before
    page.locator("[data-card]").first.click()
    compared(page)
    assert page.evaluate("page.scene.base.seed") == "7"


def test_nobody_is_moved_until_somebody_is_chosen(panel: Callable[..., Page]) -> None:
    """The button to move somebody is disabled until then."""
    page = panel()
    page.evaluate("document.querySelector('[data-key=rooms]').open = true")
    row = page.locator('[data-key="row-room:october-relaxation"]')
    assert row.get_by_role("button").is_disabled()
    row.locator("select").select_option("lenin:in")
    assert row.get_by_role("button").is_enabled()
