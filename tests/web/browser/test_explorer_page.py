"""The explorer in a browser: what it shows are Python's numbers, and it can be used in every way that people have."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.scenario.scenario import Scenario
from sim.web.server import requests
from sim.web.view import answers
from sim.web.view.debate import debate_view
from tests.web.browser.axe import findings

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
RUNS = requests.RUNS
ROOM = "room=october-relaxation:lenin:in"


@pytest.fixture(scope="module")
def played(scenario: Scenario) -> sim.Ensemble:
    """The ensemble that the page shows."""
    return sim.ensemble(scenario, runs=requests.RUNS, seed=1922)


def unfolded(page: Page) -> Page:
    """The page with every disclosure open."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return page


def compared(page: Page) -> Page:
    """Waits for a comparison."""
    page.wait_for_selector("body[data-compared]")
    return page


def until(page: Page, holds: str) -> None:
    """Waits until something holds on the page; its policy lets no text be run as a script of its own."""
    for _ in range(1500):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"it never came to hold that {holds}")


def world(scenario: Scenario, **fields: Any) -> Scenario:
    """The world of some controls."""
    return answers.world(scenario, requests.parse(json.dumps({"world": fields}).encode()).world)


def test_the_page_says_what_the_debate_is_about(opened: Opened, scenario: Scenario) -> None:
    """Headline, story and title are the scenario's."""
    page = opened()
    story: Any = scenario.debate.story
    assert page.locator("h1").inner_text() == story.headline
    assert page.locator("#question").inner_text() == " ".join(story.text.split())
    assert page.title() == scenario.debate.title


def test_every_dot_stands_where_the_ensemble_has_it(opened: Opened, played: sim.Ensemble) -> None:
    """On a day, each member's dot carries the mean of the last day on which stances were counted."""
    page = opened("#on=1922-12-18")
    means = played.stances.sel(date="1922-12-18", statistic="mean")
    dots = page.locator("#chart [data-member]")
    assert dots.count() == 9
    for number in range(dots.count()):
        member = dots.nth(number).get_attribute("data-member")
        stance = float(dots.nth(number).get_attribute("data-stance") or "nan")
        assert stance == pytest.approx(float(means.sel(member=member)), abs=1e-4)


def test_the_decisions_are_those_of_the_replay(opened: Opened, played: sim.Ensemble) -> None:
    """Each row of the decisions carries the probability that the replay gives."""
    page = opened()
    for row in played.decisions.itertuples():
        shown = page.locator(f'#decisions tr[data-decision="{row.decision}"]').get_attribute("data-probability")
        assert float(shown or "nan") == pytest.approx(row.probability, abs=1e-4)


def test_the_votes_are_those_of_the_ensemble(opened: Opened, played: sim.Ensemble) -> None:
    """A click on a decision shows how each member votes in it."""
    page = unfolded(opened())
    page.locator('#decisions tr[data-decision="october-relaxation"] button').click()
    votes = played.ballots[played.ballots.decision == "october-relaxation"]
    for row in votes.itertuples():
        shown = page.locator(f'#ballot tr[data-elector="{row.member}"]').get_attribute("data-yes")
        assert float(shown or "nan") == pytest.approx(row.yes, abs=1e-4)
    assert page.locator("#date").inner_text().endswith("6 Oct 1922")


def test_one_history_is_the_history_of_that_number(opened: Opened, scenario: Scenario) -> None:
    """The view of one history shows `sim.play`, vote by vote."""
    page = opened("#view=history&history=3&on=1922-12-18&ballot=december-rescission")
    run = sim.play(scenario, seed=1922, replicate=3)
    last = run.stances[run.stances.date == "1922-12-18"].iloc[-1]
    for member in ("lenin", "stalin", "trotsky"):
        dot = page.locator(f'#chart [data-member="{member}"]')
        assert float(dot.get_attribute("data-stance") or "nan") == pytest.approx(last[member], abs=1e-4)
    votes = run.ballots[run.ballots.decision == "december-rescission"].set_index("member").vote
    assert page.locator('#ballot tr[data-yes="1"]').count() == (votes == "yes").sum()


def test_a_mark_opens_its_quotation_its_source_and_its_evidence(opened: Opened, scenario: Scenario) -> None:
    """A click on a letter shows summary, quotation, evidence and a link that nobody follows for the reader."""
    page = unfolded(opened())
    letter: Any = next(moment for moment in scenario.debate.timeline if moment.id == "lenin-letter-1922-03-03")
    page.locator(f'#timeline [data-opens~="{letter.id}"]').click()
    page.locator("#dialog li button").first.click()
    text = page.locator("#dialog").inner_text()
    assert letter.quote in text
    assert letter.evidence in text
    source = scenario.debate.sources[letter.source[0]]
    assert source.title in text
    link = page.locator("#dialog a").first
    assert link.get_attribute("href") == source.url
    assert "noreferrer" in (link.get_attribute("rel") or "")
    page.keyboard.press("Escape")
    assert not page.locator("#dialog").is_visible()


def test_the_page_makes_nothing_but_what_it_knows(opened: Opened) -> None:
    """Of parts with another tag or attribute, or a link that is none, texts are left as texts, and the rest out."""
    parts = [["script", {}, "one"], ["p", {"onclick": "two()", "style": "three", "class": "four"}, "<b>five</b>"]]
    page = opened()
    made = page.evaluate("(parts) => made(parts).map((node) => node && node.outerHTML)", parts)
    assert made == [None, '<p class="four">&lt;b&gt;five&lt;/b&gt;</p>']
    link = [["a", {"href": "javascript:six()"}, "seven"]]
    assert page.evaluate("(parts) => made(parts)[0].outerHTML", link) == "<a>seven</a>"


def test_the_room_shows_who_is_away_and_how_the_others_vote(opened: Opened, played: sim.Ensemble) -> None:
    """On the day of a decision each voter has a seat, shaded by how often they vote yes."""
    page = opened("#on=1922-12-18")
    votes = played.ballots[played.ballots.decision == "december-rescission"].set_index("member")
    assert page.locator("#room [data-seat]").count() == len(votes)
    assert "away" in (page.locator('#room [data-seat="lenin"]').get_attribute("class") or "")
    said = page.locator('#room [data-seat="stalin"]').get_attribute("data-yes")
    assert float(said or "nan") == pytest.approx(votes.yes["stalin"], abs=1e-4)


def test_a_world_made_by_hand_is_the_what_if_of_python(opened: Opened, scenario: Scenario) -> None:
    """Pressing *compare* shows the differences that `sim.whatif` finds with the same runs and seed."""
    page = unfolded(opened(f"#runs={RUNS}"))
    page.locator('[id="room:october-relaxation"]').select_option("lenin:in")
    page.locator(".control-row", has=page.locator('[id="room:october-relaxation"]')).get_by_text("Move").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    compared(page)
    other = world(scenario, **{"room:october-relaxation:lenin": "in"})
    expected = sim.whatif(scenario, other, runs=RUNS, seed=1922).decisions.set_index("decision")
    turned = page.locator("#decisions [data-difference]")
    assert turned.count() >= 1
    for number in range(turned.count()):
        mark = turned.nth(number)
        said = float(mark.get_attribute("data-difference") or "nan")
        assert said == pytest.approx(expected.difference[mark.get_attribute("data-decision")], abs=1e-4)
    free = sim.ensemble(other, runs=requests.RUNS, seed=1922)
    dots = page.locator('#chart [data-world="yours"]')
    assert dots.count() == 9
    assert free.scenario.digest == other.digest


def test_the_address_carries_the_world(opened: Opened) -> None:
    """A copied address shows the same world, compared, on the same day."""
    first = unfolded(opened(f"#runs={RUNS}"))
    first.locator('[id="off:krasin-letter-1922-10-11"]').uncheck()
    first.get_by_role("button", name="Compare", exact=True).click()
    compared(first)
    first.locator("#scrub").focus()
    first.keyboard.press("End")
    until(first, "location.hash.includes('on=1923-04-25')")
    second = compared(opened(first.evaluate("location.hash")))
    assert second.locator("#date").inner_text() == first.locator("#date").inner_text()
    assert second.locator("#comparison .changed").inner_text() == first.locator("#comparison .changed").inner_text()
    assert second.locator("#changed li").count() == 1


def test_changes_can_be_undone_and_redone(opened: Opened) -> None:
    """Undo and redo walk through the changes, by button and by key."""
    page = unfolded(opened())
    letters = ["krasin-letter-1921-11-08", "lenin-letter-1921-11-09"]
    for letter in letters:
        page.locator(f'[id="off:{letter}"]').uncheck()
    count = page.locator("#changed li")
    assert count.count() == 2
    page.locator("#undo").click()
    assert count.count() == 1
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    assert count.count() == 0
    assert page.locator("#undo").is_disabled()
    page.keyboard.press("Control+y")
    assert count.count() == 1
    assert not page.locator(f'[id="off:{letters[0]}"]').is_checked()
    page.locator("#reset").click()
    assert count.count() == 0


def test_a_ballot_taken_out_says_what_goes_with_it(opened: Opened, scenario: Scenario) -> None:
    """The switch of a ballot says how many moments depend on it."""
    page = unfolded(opened())
    row = page.locator("label", has=page.locator('[id="off:october-relaxation"]'))
    gone = len(debate_view(scenario)["moments"])
    left = len(world(scenario, **{"off:october-relaxation": True}).debate.timeline)
    assert f"with it go {gone - left - 1} other moments" in row.inner_text().replace("\n", " ")
    letter = page.locator("label", has=page.locator('[id="off:lenin-letter-1922-10-13"]')).inner_text()
    assert "with it goes one other moment: Note from Stalin to Central Committee" in letter.replace("\n", " ")


def test_what_cannot_be_played_is_said_and_taken_back(opened: Opened) -> None:
    """A refusal is shown, and the page goes on with the debate as it was."""
    page = unfolded(opened("#off=no-such-letter"))
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "'no-such-letter' is not a moment of this debate" in alert.inner_text()
    # The browser itself notes the status of the refusal.
    opened.wrong[:] = [said for said in opened.wrong if "400" not in said]  # type: ignore[attr-defined]
    assert page.evaluate("changesIn(page.state.world)") == 0


def test_everything_can_be_done_by_keyboard(opened: Opened) -> None:
    """Arrows go from event to event, space plays, a mark is reached and opened, and focus comes back."""
    page = unfolded(opened("#on=1921-11-01"))
    page.keyboard.press("ArrowRight")
    assert page.locator("#date").inner_text().endswith("8 Nov 1921")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator("#date").inner_text().endswith("9 Nov 1921")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#date").inner_text().endswith("8 Nov 1921")
    page.locator("#scrub").focus()
    page.keyboard.press("Space")
    until(page, "document.getElementById('date').textContent.endsWith('1922')")
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    page.locator('#timeline [tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    moment = page.evaluate("document.activeElement.dataset.opens")
    page.keyboard.press("Enter")
    assert page.locator("#dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.opens") == moment


def test_every_control_has_a_name(opened: Opened) -> None:
    """Every button, box, slider and choice says what it is."""
    page = opened()
    unfolded(page)
    nameless = page.evaluate("""() => {
        const by = (one) => document.getElementById(one.getAttribute('aria-labelledby'));
        const labelled = (one) => [...(one.labels || []), by(one)].some((label) => label?.textContent.trim());
        const named = (one) => one.getAttribute('aria-label') || one.textContent.trim() || labelled(one);
        const all = document.querySelectorAll('button, input, select, [role=button]');
        return [...all].filter((one) => !named(one)).map((one) => one.outerHTML);
    }""")
    assert nameless == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_serious(opened: Opened, scheme: str, width: int) -> None:
    """Neither as opened nor with a world compared, every disclosure open and a source shown."""
    page = opened(f"#runs={RUNS}&{ROOM}&on=1922-10-06", color_scheme=scheme, viewport={"width": width, "height": 800})
    compared(page)
    unfolded(page)
    assert findings(page) == []
    page.locator('#timeline [data-opens~="lenin-letter-1922-10-13"]').dispatch_event("click")
    assert findings(page) == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_is_never_wider_than_the_window(opened: Opened, width: int) -> None:
    """At any width one scrolls down only, with everything open and two worlds shown."""
    page = compared(opened(f"#runs={RUNS}&{ROOM}", viewport={"width": width, "height": 800}))
    unfolded(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_telephone_no_table_is_wider_than_its_place(opened: Opened, width: int) -> None:
    """Each row stands in lines, every cell with the head of its column, and nothing scrolls sideways."""
    page = compared(opened(f"#runs={RUNS}&{ROOM}", viewport={"width": width, "height": 800}))
    unfolded(page)
    wide = "[...document.querySelectorAll('.scrolls')].filter((one) => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{wide}.map((one) => one.getAttribute('aria-label'))") == []
    cells = page.locator("#decisions tbody td").evaluate_all("(all) => all.map((one) => one.dataset.head)")
    assert all(cells)


def test_two_browsers_do_not_see_each_others_worlds(opened: Opened) -> None:
    """What the one changes and compares leaves the other as it was."""
    one, other = unfolded(opened(f"#runs={RUNS}")), unfolded(opened(f"#runs={RUNS}"))
    before = other.locator("#decisions").inner_text()
    one.locator('[id="off:lenin-letter-1922-10-13"]').uncheck()
    one.get_by_role("button", name="Compare", exact=True).click()
    compared(one)
    other.reload()
    other.wait_for_selector("body[data-ready]")
    unfolded(other)
    assert other.locator("#decisions").inner_text() == before
    assert not other.locator("#verdict").is_visible()


def test_long_work_can_be_stopped(opened: Opened) -> None:
    """Stop, beside Compare and on the first screen, ends the playing, says so, and leaves the page as it was."""
    page = unfolded(opened("#runs=200000"))
    page.locator('[id="off:lenin-letter-1922-10-13"]').uncheck()
    for place in ("#build", "#answer"):
        page.get_by_role("button", name="Compare", exact=True).click()
        page.locator(place).get_by_role("button", name="Stop", exact=True).click()
        until(page, "document.getElementById('status').textContent === 'Stopped'")
        assert not page.locator("#verdict").is_visible()


def test_a_stale_answer_is_dropped(opened: Opened) -> None:
    """Asked twice, the page shows the later world only."""
    page = unfolded(opened("#runs=50000"))
    page.locator('[id="off:lenin-letter-1922-10-13"]').uncheck()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("#undo").click()
    page.locator('[id="off:krasin-letter-1922-10-11"]').uncheck()
    page.locator("#runs").fill("3000")
    page.get_by_role("button", name="Compare", exact=True).click()
    compared(page)
    until(page, "document.getElementById('status').dataset.state === 'done'")
    assert page.locator('#timeline [data-opens~="krasin-letter-1922-10-11"].gone').count() == 1
    assert page.locator('#timeline [data-opens~="lenin-letter-1922-10-13"].gone').count() == 0


def test_with_less_motion_wanted_it_plays_by_jumps(opened: Opened) -> None:
    """Who has asked for less motion sees a few days a second, not all of them."""
    page = opened("#on=1921-11-01", reduced_motion="reduce")
    page.evaluate("""() => {
        const date = document.getElementById('date');
        window.seen = new Set();
        new MutationObserver(() => window.seen.add(date.textContent)).observe(date, {childList: true});
    }""")
    page.locator("#play").click()
    until(page, "window.seen.size >= 3")
    days = page.evaluate("[...window.seen].map((text) => Date.parse(text.split(', ')[1]) / 86400000)")
    assert min(later - earlier for earlier, later in pairwise(days)) > 5
