"""What the page says of decisions in two worlds, and what can be kept of it: tables, pictures, the world as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas
import pytest

import sim
from sim.scenario.scenario import Scenario
from sim.web.server import requests
from sim.web.view import answers
from tests.web.browser.test_explorer_page import compared, unfolded, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opened = Callable[..., "Page"]
#: A what-if that puts another motion to the vote.
ADDS = "frumkin-compromise-in-may"


def kept(page: Page, name: str, folder: Path) -> Path:
    """The file that a button of the page keeps."""
    page.locator("#downloads details").evaluate("(more) => { more.open = true; }")
    with page.expect_download() as file:
        page.locator(f"#save-{name}").click()
    place = folder / file.value.suggested_filename
    file.value.save_as(place)
    return place


def test_a_motion_that_only_one_world_has_stands_among_the_decisions(opened: Opened, scenario: Scenario) -> None:
    """Every decision of either world has a row, with put and carried in both as shares of all histories."""
    page = compared(unfolded(opened(f"#what-ifs={ADDS}")))
    expected = sim.whatif(scenario, ADDS, runs=requests.RUNS, seed=1922).decisions
    assert page.locator("#decisions tr[data-decision]").count() == len(expected)
    for row in expected.itertuples():
        shown = page.locator(f'#decisions tr[data-decision="{row.decision}"]')
        for share in ("put", "carried", "put_other", "carried_other"):
            said = float(shown.get_attribute(f"data-{share.replace('_', '-')}") or "nan")
            assert said == pytest.approx(getattr(row, share), abs=1e-4)
    (added,) = expected[expected.put == 0].itertuples()
    assert added.put_other == 1
    page.locator(f'#decisions tr[data-decision="{added.decision}"] button').click()
    assert page.locator("#ballot tr[data-elector]").count() > 0
    assert "compromise" in page.locator("#ballot-title").inner_text()


def test_both_worlds_are_shown_from_as_many_histories(opened: Opened, scenario: Scenario) -> None:
    """With more histories than the page begins with, the debate as it was is played anew, too."""
    page = compared(opened("#runs=4000&off=krasin-letter-1922-10-11"))
    many = sim.ensemble(scenario, runs=4000, seed=1922).decisions.set_index("decision")
    said = page.evaluate("page.scene.base.decisions")
    assert page.evaluate("[page.scene.base.runs, page.scene.other.runs]") == [4000, 4000]
    assert said["probability"] == pytest.approx(many.probability.loc[said["decision"]].tolist(), abs=1e-4)


def test_a_ready_made_world_of_the_server_can_be_looked_at_in_every_view(opened: Opened) -> None:
    """At first as the model votes; what it does not have is played when it is asked for, and the answer stays."""
    page = opened()
    until(page, "Boolean(page.supply.ready)")
    page.locator(f'[data-card="{ADDS}"]').click()
    compared(page)
    assert page.evaluate("page.state.view") == "free"
    answer = page.locator("#answer").inner_text()
    page.evaluate("document.getElementById('more').open = true")
    page.locator("#view").select_option("recorded")
    until(page, "page.chart.worlds[1] === page.scene.other.recorded && page.scene.other.recorded !== undefined")
    assert page.locator("#answer").inner_text() == answer
    ends = page.locator("#comparison details").first
    ends.locator("summary").first.click()
    page.evaluate("page.redraw()")
    assert ends.get_attribute("open") is not None


@pytest.mark.parametrize("state", ["", "#off=krasin-letter-1922-10-11"])
def test_tables_can_be_kept_with_what_they_are_of(
    opened: Opened, scenario: Scenario, tmp_path: Path, state: str
) -> None:
    """A program reads the tables past their remarks, which name title, dates, digest and seed."""
    page = opened(state)
    if state:
        compared(page)
    other = scenario.with_changes({"remove": "krasin-letter-1922-10-11"}) if state else None
    rows = {
        "stances": page.evaluate("page.scene.base.recorded.dates.length") * 9,
        "decisions": len(sim.ensemble(scenario, runs=8, seed=1922).decisions),
        "ballots": len(sim.ensemble(scenario, runs=8, seed=1922).ballots),
    }
    for name, least in rows.items():
        file = kept(page, name, tmp_path)
        text = file.read_text("utf-8")
        for said in (scenario.debate.title, scenario.digest, "1 Nov 1921 to 25 Apr 1923", "seed 1922"):
            assert said in text.partition("\n\n")[0]
        table = pandas.read_csv(file, comment="#")
        assert len(table) >= least
        if "world" in table:
            assert set(table.world) == ({"as it was", "changed"} if other else {"as it was"})
    if other:
        table = pandas.read_csv(tmp_path / "monopoly-1922-decisions.csv", comment="#")
        expected = sim.whatif(scenario, other, runs=requests.RUNS, seed=1922).decisions
        assert table.carried_other.tolist() == pytest.approx(expected.carried_other.tolist(), abs=1e-4)


def test_a_picture_that_is_kept_says_what_it_is_of(opened: Opened, scenario: Scenario, tmp_path: Path) -> None:
    """Title, dates, signs, scenario, digest and seed stand in the drawing; as dots it is as large twice over."""
    page = opened()
    drawing = kept(page, "chart", tmp_path).read_text("utf-8")
    assert drawing.startswith("<svg")
    assert "var(--" not in drawing
    for said in (scenario.debate.title, scenario.digest, "1 Nov 1921 to 25 Apr 1923", "seed 1922", "policy in force"):
        assert said in drawing
    dots = kept(page, "dots", tmp_path).read_bytes()
    assert dots.startswith(b"\x89PNG")
    width = int.from_bytes(dots[16:20], "big")
    assert width == 2 * int(page.locator("#chart svg").first.get_attribute("width") or 0)


def test_the_world_that_is_kept_is_the_world_of_the_page(opened: Opened, scenario: Scenario, tmp_path: Path) -> None:
    """`sim whatif` plays the file to the numbers that the page shows."""
    page = compared(opened("#room=october-relaxation:lenin:in&strength=krasin-letter-1922-10-11:4"))
    file = kept(page, "world", tmp_path)
    played = sim.whatif(scenario, file, runs=requests.RUNS, seed=1922)
    assert page.evaluate("page.scene.comparison.decisions.carried_other") == pytest.approx(
        answers.columns(played.decisions)["carried_other"], abs=1e-9
    )


def test_nothing_changed_is_no_file(opened: Opened) -> None:
    """There is nothing to keep until something differs; what no file can say is refused beside the button."""
    page = opened()
    page.locator("#downloads summary").click()
    assert page.locator("#save-world").is_disabled()
    page.locator("#save-world").click(force=True)
    page = opened("#evidence=documented")
    page.locator("#downloads summary").click()
    page.locator("#save-world").click()
    page.locator("#downloads #trouble").wait_for()
    assert "--evidence" in page.locator("#trouble").inner_text()
    opened.wrong[:] = [said for said in opened.wrong if "400" not in said]  # type: ignore[attr-defined]


def test_a_table_says_what_is_in_it(opened: Opened, tmp_path: Path) -> None:
    """A ready-made world has no quantiles, nor has one history, which is told by its number; decisions have no view."""
    page = opened()
    page.locator(f'[data-card="{ADDS}"]').click()
    compared(page)
    text = kept(page, "stances", tmp_path).read_text("utf-8")
    assert "quantiles" not in text
    assert "world,date,member,mean\n" in text
    page = compared(opened(f"#what-ifs={ADDS}&view=history&history=7"))
    for name in ("stances", "ballots"):
        text = kept(page, name, tmp_path).read_text("utf-8")
        assert "history no. 7" in text
        assert "shares" not in text.partition("world,")[0]
    assert (
        "history"
        not in kept(page, "decisions", tmp_path).read_text("utf-8").partition("scenario")[0].partition("put,")[0]
    )


@pytest.mark.parametrize("state", ["", f"#what-ifs={ADDS}"])
def test_the_page_is_printed_with_its_changes_its_answer_and_its_decisions(opened: Opened, state: str) -> None:
    """On paper stand what was changed, the answer, the chart and every decision; what is to be pressed does not."""
    page = opened(state)
    if state:
        compared(page)
    page.emulate_media(media="print")
    for shown in ("#answer", "#chart", "#decisions", "#trust-says", *(["#comparison .changed"] if state else [])):
        assert page.locator(shown).is_visible()
    for hidden in ("#act", "#downloads", "#ready", "#scrub", "#trust"):
        assert not page.locator(hidden).is_visible()
    assert "click" not in page.locator("body").inner_text()
    page.emulate_media(media="screen")
    assert not page.locator("#decisions").is_visible()
