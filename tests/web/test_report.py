"""A report says what was played, cites what it was played from, fits a letter-box, and can be made again."""

from __future__ import annotations

import base64
import datetime
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from matplotlib.text import Text as Text_
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.errors import UserError
from sim.results import wording
from sim.scenario.scenario import compared_ballots
from sim.web.report import content, report, templates, worksheet
from sim.web.report.content import Contents
from sim.web.report.templates import content_hash
from sim.web.view import answers
from sim.web.view.words import unparted

SUNDAY = sim.load("library-sunday", prior=True)
MONOPOLY = sim.load("monopoly-1922", prior=True)


class Text(HTMLParser):
    """The words of a page, its tags, and whatever it would load."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what a tag would load."""
        given = dict(attrs)
        if tag not in ("meta", "link", "input", "br", "img", "hr"):
            self.open.append(tag)
        self.loads += [str(given[name]) for name in ("src", "srcset", "data", "action") if given.get(name)]
        if tag == "link":
            self.loads.append(str(given.get("href")))

    def handle_endtag(self, tag: str) -> None:
        """Every tag that is opened is closed, in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Words that are shown."""
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def said(self) -> str:
        """All words in one line."""
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def played() -> Contents:
    """The first debate and a what-if, played a little."""
    asked = content.questions(MONOPOLY, ["lenin-in-the-room"])
    return content.play(MONOPOLY, asked, 200, 1922)


@pytest.fixture(scope="module")
def page(played: Contents) -> bytes:
    """Its report."""
    return report.report(played)


def test_a_report_is_one_file_that_loads_nothing_and_can_be_sent(page: bytes) -> None:
    """Nothing but an empty icon is asked for, the file is small, every tag is closed."""
    read = Text(page)
    assert set(read.loads) == {"data:,"}
    assert read.open == []
    assert len(page) < report.LARGEST


def test_only_its_own_script_and_style_run(page: bytes) -> None:
    """The policy names the hashes of the one script and the one style that the file has, and allows nothing else."""
    text = page.decode()
    (policy,) = re.findall(r'content-security-policy" content="([^"]+)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src {content_hash(script)};" in policy
    assert f"style-src {content_hash(style)};" in policy
    assert "unsafe" not in policy
    assert "type=module" not in text
    assert not re.findall(r"<[a-z][^>]*\sstyle=", text)


def test_a_report_cites_every_source_and_every_moment(page: bytes) -> None:
    """Each moment is told with its evidence, each work with its address, each assumption with its reason."""
    said = Text(page).said
    debate = MONOPOLY.debate
    for moment in debate.timeline:
        told = getattr(moment, "summary", None) or getattr(moment, "motion", None) or getattr(moment, "reason", None)
        assert told is None or " ".join(told.split()) in said
    for source in debate.sources.values():
        assert " ".join(source.title.split()) in said
    for name, parameter in debate.parameters.items():
        assert name in said
        assert " ".join(str(parameter.note or "").split()) in said


def test_the_numbers_of_a_report_are_those_that_were_played(played: Contents, page: bytes) -> None:
    """Replay, baselines and differences stand in it as they came out."""
    said, shown = Text(page).said, carried(page)["base"]["decided"]
    cells = [cell for row in shown[0][-1][2:] for cell in row[2:]]
    for row in played.replay.ensemble.decisions.itertuples():
        assert unparted(wording.percent(row.probability)) in [cell[2] for cell in cells]
    for row in played.replay.scores.itertuples():
        assert f"{row.total:.2f}" in said
    (one,) = played.answers
    sentence = one.comparison.headline
    assert sentence in said
    largest = one.comparison.flips.difference.abs().max()
    assert any(wording.points(sign * largest) in sentence for sign in (1, -1))


def test_the_page_in_a_report_knows_what_the_server_would_say(played: Contents, page: bytes) -> None:
    """The numbers worked out beforehand are the ensemble's, and another world is there with its own."""
    said = carried(page)
    many = played.replay.ensemble
    assert said["base"]["decisions"]["decision"] == many.decisions.decision.tolist()
    mean = many.stances.sel(member="lenin", statistic="mean").values
    assert said["base"]["recorded"]["members"]["lenin"]["mean"] == pytest.approx(mean, abs=1e-4)
    (one,) = said["ready_made"]["worlds"]
    world, moments = one["world"], one["comparison"]["moments"]
    other = played.answers[0].question.world
    after = {moment.id for moment in other.debate.timeline if moment.date <= other.debate.span.end}
    assert {moment["id"] for moment in moments if moment["fate"] != "gone"} == after
    alone = sim.ensemble(other, 200, 1922)
    free = replace(alone, record=alone.free)
    assert world["free"]["policy"] == answers.stances(free)["policy"]
    assert world["free"]["votes"] == answers.columns(free.ballots)


def carried(page: bytes) -> dict[str, Any]:
    """What a report brings for its page."""
    (text,) = re.findall(r'id="embedded-data">(.*?)</script>', page.decode(), re.DOTALL)
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    return data


def test_a_report_is_the_same_bytes_when_made_again(played: Contents, page: bytes) -> None:
    """No clock and no chance is in it."""
    rebuild = content.play(MONOPOLY, content.questions(MONOPOLY, ["lenin-in-the-room"]), 200, 1922)
    assert report.report(rebuild) == page


def test_a_debate_without_what_ifs_is_asked_about_its_strongest_letters() -> None:
    """There is always something to predict: without a letter, the letter that argues most."""
    asked = content.questions(SUNDAY)
    assert [one.name for one in asked] == ["without-eve-writes"]
    assert asked[0].world.digest == SUNDAY.with_changes({"remove": "eve-writes"}).digest


def test_a_report_too_large_to_send_says_what_to_leave_out(played: Contents, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that nobody could send is refused with the remedy."""
    monkeypatch.setattr(report, "LARGEST", 1000)
    with pytest.raises(UserError, match=r"more than the 1,000 that can well be sent: name fewer what-ifs"):
        report.report(played)


def test_no_text_of_a_scenario_becomes_markup() -> None:
    """Whatever a file says is shown as it is written, in sections, in data and in the worksheet alike."""
    nasty = '</script><script>alert(1)</script>&<b>"'
    ballot = next(moment for moment in SUNDAY.debate.timeline if moment.kind == "ballot")
    marked = SUNDAY.with_changes(*({"set": f"{ballot.id}.{field}", "to": nasty} for field in ("motion", "title")))
    contents = content.play(marked, content.questions(marked), 16, 1922)
    for page in (report.report(contents), worksheet.worksheet(contents)):
        read = Text(page)
        assert nasty in read.said
        assert "<script>alert" not in page.decode()
        assert read.open == []
    assert carried(report.report(contents))["base"]["decisions"]["motion"] == [nasty]


def test_a_page_that_is_given_too_little_is_not_made() -> None:
    """A template that names what nobody gave it fails, instead of leaving a hole."""
    with pytest.raises(UndefinedError, match="'contents' is undefined"):
        templates.page("worksheet.html.j2", style="", title="A worksheet without a debate")


def test_a_lesson_asks_before_it_answers(played: Contents) -> None:
    """Each question stands on the first page with its answer behind a press, and again on the second with its doubt."""
    first, second = re.findall(r'<section class="sheet">.*?</section>', worksheet.worksheet(played).decode(), re.DOTALL)
    (one,) = played.answers
    row = one.comparison.decisions.set_index("decision").loc["october-relaxation"]
    sentence = (
        f"is carried in {wording.percent(row.carried_other)} of histories instead of {wording.percent(row.carried)}"
    )
    for sheet in (first, second):
        assert one.question.title in Text(sheet.encode()).said
    (hidden,) = re.findall(r"<details.*?</details>", first, re.DOTALL)
    assert Text(hidden.encode()).said.startswith("Click for the answer “")
    assert f"As it was, it is carried in {wording.percent(row.carried)}." in Text(first.encode()).said
    assert "now vote as Lenin wishes; that people do so is assumed" in Text(second.encode()).said
    assert sentence in Text(hidden.encode()).said
    assert sentence in Text(second.encode()).said
    assert "☐" in first


def test_a_lesson_says_what_nobody_knows() -> None:
    """What is unknown is counted from the scenario."""
    played = content.play(MONOPOLY, [], 16, 1922)
    said = " ".join(worksheet.unknowns(played))
    silent = [m for m in MONOPOLY.debate.members.values() if not (m.first_stance or m.observations)]
    assert f"It is played with {MONOPOLY.people}. {len(silent) - 3} of these people left no word" in said
    assert all(reading.question in said for reading in MONOPOLY.debate.readings.values())


def test_of_many_what_ifs_a_lesson_takes_one_that_matters_and_one_that_does_not(played: Contents) -> None:
    """Three are asked: the one with the largest difference, the one with the smallest, one between.

    With a story, its world is asked about first, and by the decision that the story is about.
    """
    (one,) = played.answers
    quiet = content.play(SUNDAY, content.questions(SUNDAY), 16, 1922).answers[0]
    many = (quiet, one, quiet, one, quiet)
    chosen = worksheet.predicted(many)
    assert max(many, key=lambda answer: answer.largest_difference) in chosen
    assert min(many, key=lambda answer: answer.largest_difference) in chosen
    names = ["lenin-well", "no-letter-of-15-may", "lenin-gone", "bukharin-silent", "lenin-in-the-room"]
    asked = content.play(MONOPOLY, content.questions(MONOPOLY, names), 64, 1922).answers
    first, *others = worksheet.predicted(asked, MONOPOLY.debate.story)
    assert first.question.name == MONOPOLY.debate.story.change
    assert worksheet.asked_about(first, MONOPOLY.debate.story).decision == MONOPOLY.debate.story.decision
    assert {worksheet.asked_about(one).decision for one in others} - {MONOPOLY.debate.story.decision}


def test_a_lesson_asks_of_no_decision_before_its_cause(played: Contents) -> None:
    """Where letters of December are others, the question is on what was decided after; and where numbers, on any."""
    letters = content.play(MONOPOLY, content.questions(MONOPOLY, ["trotsky-refuses"]), 16, 1922).answers[0]
    assert letters.largest_difference == 0.0
    assert worksheet.asked_about(letters).decision == "december-rescission"
    (one,) = played.answers
    assert worksheet.asked_about(one).decision == "october-relaxation"
    numbers = MONOPOLY.with_changes({"set": "deference-weight.value", "to": 0.0})
    assert worksheet.first_difference(MONOPOLY, numbers) == MONOPOLY.debate.span.start


def test_a_world_that_decides_nothing_later_is_not_asked_about() -> None:
    """After the last ballot there is nothing to predict."""
    last = MONOPOLY.with_changes({"remove": "congress-resolution"})
    late = last.with_changes({"set": "lenin-absence-1923-03-10.until", "to": datetime.date(1923, 4, 1)})
    answers = content.play(last, [content.Question("late", "Late", "Why?", late)], 16, 1922).answers
    assert worksheet.first_difference(last, late).isoformat() == "1923-03-10"
    assert worksheet.predicted(answers) == ()


def test_a_lesson_quotes_what_was_written_before_the_storys_decision_and_the_last() -> None:
    """By authors in turn, each in their own words where the record has them; those on which a what-if turns first."""
    names = ["bukharin-silent", "krasin-silent", "no-letter-of-13-october", "trotsky-refuses"]
    played = content.play(MONOPOLY, content.questions(MONOPOLY, names), 64, 1922)
    chosen = worksheet.letters(played)
    decided = {item.id: item.when for item in MONOPOLY.debate.timeline}
    early = [letter for letter in chosen if letter.when < decided[MONOPOLY.debate.story.decision]]
    assert (len(early), len(chosen)) == (worksheet.EARLY, worksheet.LETTERS)
    assert max(letter.when for letter in chosen) < decided["december-rescission"]
    assert {"lenin-letter-1922-10-13", "bukharin-letter-1922-10-15"} < {letter.id for letter in chosen}
    assert len({letter.author for letter in chosen}) > 3
    said = Text(worksheet.worksheet(played)).said
    for letter in chosen:
        assert " ".join(letter.quote.split()) in said


def test_a_lesson_judges_the_numbers_of_its_own_table(played: Contents) -> None:
    """What it says the model found is counted from what the table shows, and what is not compared has its reason."""
    fitted = content.play(sim.load("monopoly-1922"), [], 64, 1922)
    said = Text(worksheet.worksheet(fitted)).said
    table = fitted.replay.predicted.set_index("decision").probability
    compared = compared_ballots(fitted.scenario)
    right = sum(table[ballot.id] > 0.5 for ballot in compared)
    assert (
        f"Of the {len(compared)} that are compared, the model found what happened likelier than not in {right}" in said
    )
    assert "In fact all of them were carried" in said
    for ballot in fitted.scenario.debate.timeline:
        if ballot.kind == "ballot" and ballot.unfit_because:
            assert " ".join(ballot.unfit_because.split()) in said


def test_the_picture_of_a_lesson_has_a_time_axis_in_letters_that_can_be_read(played: Contents) -> None:
    """Every text is at least 8 points high and inside of the picture; nine names, and the years, are among them."""
    drawn = worksheet.picture(played)
    figure = worksheet.draw(played)
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text_) if text.get_text().strip() and text.get_visible()]
    said = " ".join(text.get_text() for text in texts)
    assert "1922" in said
    assert "Lenin" in said
    assert min(text.get_fontsize() for text in texts) >= 8
    whole = figure.bbox
    for text in texts:
        box = text.get_window_extent()
        assert box.intersection(box, whole).bounds == pytest.approx(box.bounds), text
    # A sheet of A4 is 8.27 inches across; the picture has its place at its own size.
    assert drawn.width == worksheet.ACROSS * 72


def test_a_lesson_has_a_picture_in_it(played: Contents) -> None:
    """The stances are drawn on the first page; the picture is in the file, and nothing is loaded."""
    page = worksheet.worksheet(played).decode()
    first, second = re.findall(r'<section class="sheet">.*?</section>', page, re.DOTALL)
    (data,) = re.findall(r'<image href="data:image/svg\+xml;base64,([^"]+)"', first)
    assert b"Lenin" in base64.b64decode(data)
    assert "<image" not in second
    assert set(Text(page.encode()).loads) == {"data:,"}


def test_what_was_fitted_is_never_told_as_a_prediction() -> None:
    """Beside each decision stands what the model said before it had seen it; the fitted value has a column of its own.

    No sentence says that the model beats all simple rules: the first is on the best of them, one step ahead.
    """
    fitted = sim.load("monopoly-1922")
    played = content.play(fitted, [], 64, 1922)
    said = played.replay.predicted.set_index("decision")
    known = played.replay.by_training_data.set_index(["predictor", "decision"]).probability
    assert said.probability["may-confirmation"] == known["one-step-ahead", "may-confirmation"]
    assert said.predictor["congress-resolution"] == "leave-one-out"
    assert "which proves nothing about them" in Text(report.report(played)).said
    for page in (report.report(played), worksheet.worksheet(played)):
        text = Text(page).said
        assert "the model cannot be told apart from the best simple rule, “what is put passes”" in text
        assert fitted.people in text
    table, aside = carried(report.report(played))["base"]["decided"]
    _, head, (_, _, *rows) = table[2:]
    assert [cell[2] for cell in head[2][2:]][3:7] == ["predicted", "put", "carried", "replayed"]
    shown = {row[1]["data-decision"]: row[5][2].replace("\xa0", " ") for row in rows}
    assert shown == {str(name): wording.percent(float(chance)) for name, chance in said.probability.items()}
    assert "proves nothing" in aside[2]
    by_hand = Text(worksheet.worksheet(played)).said
    for row in played.replay.predicted.itertuples():
        assert f" {wording.percent(row.probability)}" in by_hand


@pytest.mark.parametrize("arguments", [["lenin-in-the-room"], ["--lesson", "--scenario", "library-sunday"]])
def test_sim_report_leaves_one_page_that_can_be_verified(arguments: list[str], tmp_path: Path) -> None:
    """The folder holds the page and its manifest, and comes out the same when played again."""
    run = CliRunner()
    done = run.invoke(main.program(), ["report", *arguments, "--runs", "64", "--prior", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    folder = (tmp_path / "latest").resolve()
    name = "lesson.html" if "--lesson" in arguments else "report.html"
    assert {path.name for path in folder.iterdir()} == {name, "manifest.json"}
    assert name in done.output
    rebuild = run.invoke(main.program(), ["verify", str(folder), "--rerun"])
    assert rebuild.exit_code == 0, rebuild.output


def test_sim_report_of_an_unknown_what_if_is_refused(tmp_path: Path) -> None:
    """A name that is none says which there are, and nothing is written."""
    with pytest.raises(UserError, match="'lenin-in-the-rom' is not a file or a what-if that comes with the program"):
        CliRunner().invoke(
            main.program(),
            ["report", "lenin-in-the-rom", "--out", str(tmp_path)],
            standalone_mode=False,
            catch_exceptions=False,
        )
    assert not list(tmp_path.iterdir())


def test_the_report_says_what_went_with_a_letter(tmp_path: Path) -> None:
    """What follows from a letter that is taken out is named beside the numbers, as on the terminal."""
    call = ["report", "no-letter-of-13-october", "--runs", "64", "--quiet", "--out", str(tmp_path)]
    done = CliRunner().invoke(main.program(), call)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "latest" / "report.html").read_text("utf-8")
    assert "is then put by nobody in particular" in page
    assert "october-deferral is" not in Text(page.encode()).said


def test_a_report_of_a_debate_by_name_says_how_to_ask_for_it(tmp_path: Path) -> None:
    """The arguments are what-ifs; whoever names a debate is told the option."""
    run = CliRunner()
    for name in ("brest-1918", "monopoly-1922"):
        with pytest.raises(UserError, match=f"'{name}' is a debate, not a what-if: .*--scenario {name}"):
            run.invoke(main.program(), ["report", name, "--out", str(tmp_path)], standalone_mode=False,
                       catch_exceptions=False)  # fmt: skip
