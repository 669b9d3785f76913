"""The first screen: the question, the room, a guess, and what comes of the change, for any debate."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.results.wording import percent
from sim.scenario.scenario import Scenario
from sim.web.server import requests
from sim.web.view.debate import debate_view
from sim.web.view.words import unparted
from tests.web.browser.axe import findings
from tests.web.browser.conftest import PATIENCE, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
RUNS = requests.RUNS
OTHERS = ("brest-1918", "library-sunday")


@pytest.fixture(scope="module", params=["monopoly-1922", *OTHERS])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the explorer of each shipped debate is; that of the first is there for all tests."""
    if request.param not in OTHERS:
        yield request.getfixturevalue("address")
        return
    with served(sim.load(request.param, prior=True)) as address:
        yield address


@pytest.fixture
def visited(browser: Any, place: str) -> Iterator[Page]:
    """Its page, on which nothing goes wrong."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(place)
    page.wait_for_selector("body[data-ready]")
    yield page
    assert wrong == []
    context.close()


def answered(page: Page) -> Page:
    """Waits for an answer."""
    page.wait_for_selector("body[data-compared]")
    return page


def until(page: Page, holds: str) -> None:
    """Waits until something holds on the page; its policy lets no text be run as a script of its own."""
    while not page.evaluate(holds):
        page.wait_for_timeout(50)


def cut(page: Page) -> list[str]:
    """Texts of the first screen that do not fit in their place."""
    found: Any = page.evaluate("""[...document.querySelectorAll('.masthead *, .stage *, .card, .card *')]
        .filter((one) => one instanceof HTMLElement && one.clientWidth && !one.matches('.unseen, input, .drawing'))
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'
            || one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))""")
    return list(found)


def shares(page: Page) -> list[float]:
    """The shares that the two grids show."""
    grids = page.locator("#answer svg.grid")
    return [float(grids.nth(i).get_attribute("data-share") or "nan") for i in range(2)]


def test_a_guess_and_a_click_give_the_answer_of_the_library(opened: Opened, scenario: Scenario) -> None:
    """Both grids have the shares that `sim.whatif` finds, of as many histories, and the guess stands beside."""
    page = opened(f"#runs={RUNS}")
    page.locator("#guess").focus()
    page.keyboard.press("End")
    page.locator("#act").click()
    answered(page)
    story: Any = scenario.debate.story
    expected = sim.whatif(scenario, story.change, runs=RUNS, seed=1922)
    row = expected.decisions.set_index("decision").loc[story.decision]
    assert shares(page) == pytest.approx([row.carried, row.carried_other], abs=1e-4)
    assert page.locator("#ask").inner_text().startswith("Your guess")
    told = page.locator("#answer").inner_text()
    assert "your guess, 100" in told
    assert "nothing changed" in told
    assert re.findall("replay|as it was", told.lower()) == []
    assert ("mostly by deference" in told) == ("is an assumption" in told)
    assert page.locator("#said").inner_text().startswith("You guessed 100 of\xa0100.")
    assert page.locator("#answer .guessed").count() == 100
    filled = page.locator("#answer svg.grid").nth(1).locator(".cell.yes").count()
    assert filled == round(100 * row.carried_other)
    assert unparted(percent(row.carried_other)) in page.locator("#said").inner_text()


def test_an_empty_seat_can_be_filled(opened: Opened) -> None:
    """Who is absent comes into the room from the dialog of the seat, the address says so, and Back takes it back."""
    page = opened(f"#runs={RUNS}")
    page.locator('#room [data-seat="lenin"]').click()
    assert not page.evaluate("Object.keys(page.state.world).filter((path) => path.startsWith('room:'))")
    page.get_by_role("button", name="Put in the room").click()
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


@pytest.mark.parametrize("is_changed", [False, True])
def test_the_first_screen_needs_no_scrolling(visited: Page, is_changed: bool) -> None:
    """At 1440 by 900 all of it is seen at once, with the first row of other worlds, before the answer and after."""
    visited.set_viewport_size({"width": 1440, "height": 900})
    visited.wait_for_timeout(300)
    place = visited.locator("#act").bounding_box()
    if is_changed:
        visited.locator("#act").click()
        answered(visited)
        until(visited, "!document.getElementById('cards').textContent.includes('worked out …')")
        after: Any = visited.locator("#act").bounding_box()
        assert (after["x"], after["y"]) == (place["x"], place["y"])  # type: ignore[index]
    for part in ("h1", "#room", "#act", "#own", "#answer", "#chart", "#scrub"):
        box: Any = visited.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900
    tops = visited.locator(".card").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect())")
    assert all(box["bottom"] <= 900 for box in tops if box["top"] == tops[0]["top"])
    assert cut(visited) == []


def test_on_a_small_screen_the_action_is_seen(visited: Page) -> None:
    """At 1024 by 768 the room, the guess and the whole button of the action are seen without scrolling."""
    visited.set_viewport_size({"width": 1024, "height": 768})
    visited.wait_for_timeout(300)
    box: Any = visited.locator("#act").bounding_box()
    assert box["y"] + box["height"] <= 768


@pytest.mark.parametrize("width", [1024, 390, 320])
def test_the_first_screen_is_read_as_it_lies(opened: Opened, width: int) -> None:
    """Guess, room, answer and days follow each other in the page as they do to the eye, column by column."""
    page = opened(viewport={"width": width, "height": 900})
    parts = [page.locator(f"#{name}").bounding_box() or {} for name in ("guess", "room", "answer", "scrub", "happened")]
    one_column = width < 1000
    for earlier, later in itertools.pairwise(parts if one_column else parts[:2]):
        assert earlier["y"] < later["y"]
    order = page.evaluate(
        """["guess", "own", "room", "previous", "scrub", "happened"].map((id) => document.getElementById(id))
        .every((one, i, all) => !i || all[i - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)"""
    )
    assert order


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_telephone_the_answer_is_what_one_sees(visited: Page, width: int) -> None:
    """The guess comes first, the action is always at hand, its answer comes into view, and nothing is cut."""
    visited.set_viewport_size({"width": width, "height": 700})
    # Where it comes to lie is the same without motion, and a busy machine takes its time over that.
    visited.emulate_media(reduced_motion="reduce")
    parts = ("h1", "#ask", "#room", "#answer", "#chart")
    tops = [(visited.locator(part).bounding_box() or {})["y"] for part in parts]
    assert tops == sorted(tops)
    for _ in range(2):
        assert (visited.locator("#act").bounding_box() or {})["y"] > 600
        visited.evaluate("scrollTo(0, document.body.scrollHeight)")
    visited.locator("#act").click()
    answered(visited)
    seen: Any = visited.locator("#answer").bounding_box()
    assert 0 <= seen["y"] < 200
    assert visited.evaluate("document.documentElement.scrollWidth") == width
    assert cut(visited) == []


def test_every_debate_has_the_same_page(visited: Page) -> None:
    """With a story or without, the change can be made and is answered, and no id of anything is read on the page."""
    assert len(visited.locator("h1").inner_text()) > 10
    visited.locator("#act").click()
    answered(visited)
    assert len(shares(visited)) == 2
    visited.evaluate("document.querySelectorAll('details:not(#build)').forEach((one) => { one.open = true; })")
    debate = visited.evaluate("page.scene.base.debate.members.concat(page.scene.base.debate.moments).map(({id}) => id)")
    text = visited.locator("main").inner_text()
    assert [name for name in debate if name.count("-") > 1 and name in text] == []
    assert re.findall(r"\b\d{4}-\d\d-\d\d\b", text) == []
    assert findings(visited) == []


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


def test_what_lies_under_the_room_stays_in_its_place(opened: Opened) -> None:
    """From day to day the room has other members, and the action does not move."""
    page = opened(viewport={"width": 1440, "height": 900})
    places, titles = set(), set()
    for _ in range(12):
        page.locator("#previous").click()
        box: Any = page.locator("#act").bounding_box()
        places.add(box["y"])
        titles.add(page.locator("#room-says").inner_text())
    assert len(titles) > 1
    assert len(places) == 1


def focused(page: Page) -> str:
    """What has the focus: its tag, and what tells it from others."""
    return str(
        page.evaluate("""(({tagName, id, dataset}) =>
        [tagName, id, ...Object.values(dataset)].join(' '))(document.activeElement)""")
    )


def test_the_letter_of_october_is_ten_keys_away(opened: Opened) -> None:
    """From the top of the page, by keyboard alone, its source is open after ten presses at most."""
    page = opened()
    keys = ["Tab", "Tab", "Enter", "Tab", *["ArrowRight"] * 5]
    while "lenin-letter-1922-10-13" not in focused(page):
        page.keyboard.press(keys.pop(0))
    page.keyboard.press("Enter")
    assert "13 Oct 1922" in page.locator("#dialog").inner_text()


def test_the_focus_never_falls_to_the_body(opened: Opened) -> None:
    """After each thing that can be done on the first screen something of it has the focus."""
    page = opened(f"#runs={RUNS}")
    page.locator("#guess").focus()
    for key in ("ArrowRight", "Tab", "Enter", "Enter"):
        page.keyboard.press(key)
        assert not focused(page).startswith("BODY")
    for target in ('[data-seat="lenin"]', '[data-card="krasin-silent"]', "#play", "#play", "#next", "#trust", "#own"):
        page.locator(target).focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert not focused(page).startswith("BODY")
        page.keyboard.press("Escape")
        assert not focused(page).startswith("BODY")
    answered(page)
    for target in ("#undo", "#redo", "#reset", "#compare"):
        page.locator(target).focus()
        for _ in range(4):
            page.keyboard.press("Enter")
            page.wait_for_timeout(100)
            assert not focused(page).startswith("BODY")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_seen_to_have_it(opened: Opened, scheme: str) -> None:
    """Whatever the tabulator reaches has an outline of at least three to one on the ground that it lies on."""
    page = opened(f"#runs={RUNS}", color_scheme=scheme)
    page.locator("#act").click()
    answered(page)
    page.locator(".card").first.wait_for()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page).startswith("BODY"):
            break
        ring: Any = page.evaluate("""(() => {
            const one = document.activeElement, style = getComputedStyle(one), grounds = [];
            for (let at = one.parentElement; at; at = at.parentElement) {
                const {backgroundColor} = getComputedStyle(at);
                if (!/, 0\\)$/.test(backgroundColor)) { grounds.push(backgroundColor); break; }
            }
            const shapes = [...one.querySelectorAll('g > *')].map((part) => getComputedStyle(part));
            const light = (colour) => {
                const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
                    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
            };
            const contrast = (one, other) => Math.exp(Math.abs(
                Math.log(light(one) + 0.05) - Math.log(light(other) + 0.05)));
            const rings = [[style.outlineColor, style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)],
                ...shapes.map((shape) => [shape.stroke, shape.stroke === 'none' ? 0 : parseFloat(shape.strokeWidth)])];
            const wide = rings.filter(([, width]) => width >= 2);
            return Math.max(...wide.map(([colour]) => contrast(colour, grounds[0])), 0);
        })()""")
        reached.add(focused(page))
        assert ring >= 3, focused(page)
    assert len(reached) > 15


def test_what_is_read_out_is_the_result(opened: Opened) -> None:
    """The answer is announced in its words; no status tells seconds, and the date that plays is not read out."""
    page = opened(f"#runs={RUNS}")
    page.locator("#act").click()
    answered(page)
    assert page.locator("#said").get_attribute("role") == "status"
    assert page.locator("#said").inner_text() in page.locator("#answer").inner_text()
    for one in page.get_by_role("status").all_inner_texts():
        assert not re.search(r"\d s\b|second", one)
    assert page.locator("#date").evaluate("(one) => one.tagName") != "OUTPUT"


def test_a_world_that_is_no_longer_chosen_has_no_verdict(opened: Opened) -> None:
    """Compared, and put back while it is played: nothing is shown of it, then or later."""
    page = opened("#runs=200000")
    page.locator("#own").click()
    page.locator('[id="off:lenin-letter-1922-10-13"]').uncheck()
    page.locator("#compare").click()
    page.locator("#progress").wait_for()
    page.locator("#reset").click()
    page.wait_for_timeout(2000)
    assert not page.locator("#verdict").is_visible()
    assert "not known yet" in page.locator("#answer").inner_text()
    assert not page.locator("#progress").is_visible()


def test_a_stale_answer_says_so(opened: Opened) -> None:
    """After a further change the answer to the one before is told as such, in full contrast, until compared again."""
    page = opened(f"#runs={RUNS}")
    page.locator("#act").click()
    answered(page)
    page.locator("#own").click()
    page.locator('[id="off:krasin-letter-1922-10-11"]').uncheck()
    assert "compare again" in page.locator("#answer").inner_text()
    assert "before its last change" in page.locator("#verdict-title").inner_text()
    assert float(page.locator("#answer").evaluate("(one) => getComputedStyle(one).opacity")) == 1
    page.locator("#undo").click()
    assert "compare again" not in page.locator("#answer").inner_text()


def aimed(page: Page) -> set[str]:
    """The titles of the decisions of which the page speaks: its answer, its sentence, its room, and its date."""
    spoken: list[str] = page.evaluate("""['#outcome-title', '#answer .sentence', '#room-says', '#happened']
        .map((place) => document.querySelector(place).textContent)""")
    titles: list[str] = page.evaluate("page.scene.ballots.map(({title}) => title)")
    return {title for title in titles for text in spoken if title in text}


@pytest.mark.parametrize("world", ["no-letters-of-december", "no-letter-of-13-october", "secret-ballots"])
def test_a_world_is_shown_by_the_decision_that_it_changes_most(opened: Opened, scenario: Scenario, world: str) -> None:
    """The card of a world leads to that decision: dots, sentence, room and date are of it. Pressed again, it goes."""
    page = opened(f"#runs={RUNS}")
    page.locator(f'[data-card="{world}"]').click()
    answered(page)
    expected = sim.whatif(scenario, world, runs=RUNS, seed=1922).decisions
    row: Any = expected.loc[expected.difference.abs().idxmax()]
    assert shares(page) == pytest.approx([row.carried, row.carried_other], abs=1e-4)
    title = page.evaluate(f"page.scene.moment('{row.decision}').title")
    assert aimed(page) == {title}
    page.locator(f'[data-card="{world}"]').click()
    assert page.evaluate("changesIn(page.state.world)") == 0


def test_a_guess_is_asked_about_the_decision_that_is_shown(opened: Opened) -> None:
    """On another day there is nothing to guess, and the page says which decision the question is of."""
    page = opened(f"#runs={RUNS}")
    assert page.locator("#guess").is_enabled()
    for _ in range(3):
        page.locator("#previous").click()
    assert page.locator("#guess").is_disabled()
    assert "6 Oct 1922" in page.locator("#ask").inner_text()
    assert page.locator("#said").inner_text() == page.locator("#happened").inner_text()
    assert "uess" not in page.locator("#answer").inner_text()
    page.locator("#ask button").click()
    assert page.locator("#guess").is_enabled()
    assert page.locator("#date").inner_text().endswith("6 Oct 1922")


def test_where_the_slider_stands_is_no_guess_until_it_is_taken(opened: Opened) -> None:
    """It is read out as none, hides what every card says of that decision, and is taken by Enter where it stands."""
    page = opened()
    page.locator("#cards button").first.wait_for()
    guess = page.locator("#guess")
    assert guess.get_attribute("aria-valuetext") == "no guess yet"
    told = page.locator("#ready").inner_text()
    assert "Guess first." in told
    assert page.evaluate("page.scene.moment(page.story.decision).title") not in told
    guess.press("Enter")
    assert guess.get_attribute("aria-valuetext") == "50 of 100"
    assert "Guess first." not in page.locator("#ready").inner_text()
    page.locator("#act").click()
    answered(page)
    assert "You guessed" not in page.locator("#ask").inner_text()
    assert page.locator("#said").inner_text().startswith("You guessed 50 of\xa0100.")


def test_what_is_played_is_told_where_it_was_asked_and_can_be_stopped(opened: Opened) -> None:
    """A change made on the first screen is said to be played there, and Stop ends it; as it was is the story's day."""
    page = opened("#runs=200000&on=1922-12-18")
    page.evaluate("page.put('off:lenin-letter-1922-10-13', true)")
    assert page.locator("#answer .sentence").inner_text() == "Playing both worlds … Stop"
    page.locator("#answer").get_by_role("button", name="Stop").click()
    until(page, "document.getElementById('outcome').ariaBusy === 'false'")
    assert "not compared yet" in page.locator("#answer").inner_text()
    page.locator("#act").click()
    assert page.locator("#date").inner_text().endswith("6 Oct 1922")


def test_whom_a_ready_made_world_brings_is_put_back_with_it(opened: Opened) -> None:
    """The seat of who came is told as moved, and its dialog takes the whole what-if out."""
    page = opened(f"#runs={RUNS}")
    page.locator("#act").click()
    answered(page)
    seat = page.locator('#room [data-seat="lenin"]')
    assert (seat.get_attribute("aria-label") or "").endswith("moved")
    seat.click()
    page.get_by_role("button", name="Put back as it was").click()
    assert page.evaluate("changesIn(page.state.world)") == 0


def test_whom_an_absence_taken_out_has_brought_can_be_sent_out(opened: Opened) -> None:
    """Nothing brings them that could be put back as it was: the seat's dialog takes them out of the room."""
    page = opened(f"#runs={RUNS}&off=lenin-absence-1922-10-06")
    answered(page)
    page.evaluate("page.show('october-relaxation')")
    seat = page.locator('#room [data-seat="lenin"]')
    assert (seat.get_attribute("aria-label") or "").endswith("moved")
    seat.click()
    page.get_by_role("button", name="Take Lenin out of the room").click()
    assert page.evaluate("page.state.world['room:october-relaxation:lenin']") == "out"
    until(page, "document.querySelector('#room [data-seat=lenin]').classList.contains('away')")


def test_a_change_that_is_refused_is_taken_back(opened: Opened) -> None:
    """Who is in the room already cannot be put there: the page says so, and goes on from the world before."""
    page = opened(f"#runs={RUNS}")
    page.locator("#act").click()
    answered(page)
    page.evaluate("page.put('room:october-relaxation:lenin', 'in')")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "--" not in alert.inner_text()
    assert not page.evaluate("Object.keys(page.state.world).filter((path) => path.startsWith('room:'))")
    assert "what_ifs:" in page.evaluate("Object.keys(page.state.world)[0]")
    opened.wrong[:] = [said for said in opened.wrong if "400" not in said]  # type: ignore[attr-defined]


def test_a_seat_has_no_number_until_it_is_worked_out(opened: Opened) -> None:
    """While a world is computed its seats say so, and afterwards how they vote."""
    page = opened(f"#runs={RUNS}")
    seat = page.locator('#room [data-seat="lenin"]')
    said = page.evaluate("""() => {
        page.put('room:october-relaxation:lenin', 'in');
        return document.querySelector('[data-seat="lenin"]').getAttribute('aria-label');
    }""")
    assert said == "Lenin: being worked out, moved"
    answered(page)
    assert re.fullmatch(r"Lenin: votes yes in \d+ of 100, moved", seat.get_attribute("aria-label") or "")


def test_played_from_an_untouched_page_it_starts_at_the_beginning(opened: Opened) -> None:
    """The first press of Play goes to the first day, a later one on from where it stands."""
    page = opened(reduced_motion="reduce")
    page.locator("#play").click()
    assert page.locator("#date").inner_text().endswith("1 Nov 1921")
    page.locator("#play").click()
    page.locator("#scrub").press("End")
    page.locator("#previous").click()
    page.locator("#play").click()
    assert page.locator("#date").inner_text().endswith("1923")


def test_all_that_happened_on_a_day_is_one_press_away(opened: Opened, scenario: Scenario) -> None:
    """The line under the chart names the decision of the day, and opens it with everything else of that day."""
    page = opened("#on=1922-10-06")
    line = page.locator("#happened")
    happened = [moment for moment in debate_view(scenario)["moments"] if str(moment["date"]) == "1922-10-06"]
    (decision,) = (moment["title"] for moment in happened if moment["kind"] == "ballot")
    assert decision in line.inner_text()
    line.press("Enter")
    text = page.locator("#dialog").inner_text()
    assert [moment["title"] for moment in happened if moment["title"] not in text] == []


@pytest.mark.parametrize("width", [390, 1440])
def test_names_of_seats_do_not_overlap_in_large_letters(opened: Opened, width: int) -> None:
    """With letters twice as large the names beside each other have room."""
    page = opened(viewport={"width": width, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '32px'; page.redraw()")
    boxes: list[dict[str, float]] = page.locator(".seat-name").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    for i, one in enumerate(boxes):
        for two in boxes[i + 1 :]:
            across = min(one["right"], two["right"]) - max(one["left"], two["left"])
            down = min(one["bottom"], two["bottom"]) - max(one["top"], two["top"])
            assert min(across, down) <= 1
