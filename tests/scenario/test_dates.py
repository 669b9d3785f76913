"""Dates that are known to the month, the year or a range of days: what is played, and what is shown."""

from __future__ import annotations

import datetime
import json
from typing import Any

import matplotlib.text
import pytest
import yaml
from typer.testing import CliRunner

import sim
from sim.analysis.inputs import input_of
from sim.commands.main import program
from sim.errors import ScenarioError
from sim.figures.labels import of_scenario
from sim.scenario import sources
from sim.scenario.dates import in_words
from sim.scenario.edits import edited
from sim.scenario.scenario import Origin, Scenario, rebuild
from sim.scenario.schema import Absence
from sim.web.view.debate import moments
from tests.scenario.test_short_forms import short


def day(text: str) -> datetime.date:
    """A day as a file writes it."""
    return datetime.date.fromisoformat(text)


def dated(date: Any = None, **more: Any) -> Scenario:
    """The small debate on the page of the format with a letter of a date."""
    words = {"id": "word", "kind": "letter", "author": "fay", "readers": ["bob"], "argues_for": 4, "strength": 3}
    tree = short()
    tree["dynamics"]["letters"] = {"receptiveness": 0.5}
    tree["timeline"].insert(0, {**words, "summary": "A word.", **({} if date is None else {"date": date}), **more})
    return read(tree)


def read(tree: dict[str, Any]) -> Scenario:
    """The debate of a tree."""
    return rebuild(Origin("dates.yaml", yaml.dump(tree, sort_keys=False), {}, "all"))


@pytest.mark.parametrize(
    ("written", "played", "shown"),
    [
        ({"date": "2024-03"}, "2024-03-16", "March 2024"),
        ({"date": 2024}, "2024-03-16", "2024"),
        ({"between": [day("2024-03-02"), day("2024-03-06")]}, "2024-03-04", "2 to 6 March 2024"),
        ({"between": ["2024-02", day("2024-03-05")]}, "2024-03-03", "1 February to 5 March 2024"),
        ({"between": [2023, "2024-03"]}, "2024-03-16", "1 January 2023 to 31 March 2024"),
        ({"date": day("2024-03-05"), "between": ["2024-03", "2024-03"]}, "2024-03-05", "March 2024"),
        ({"date": day("2024-03-05")}, "2024-03-05", "2024-03-05"),
    ],
)
def test_what_is_known_of_a_date_is_shown_and_one_day_of_it_is_played(
    written: dict[str, Any], played: str, shown: str
) -> None:
    """The middle one of the days in the span, unless `date` says which."""
    word = next(entry for entry in dated(**written).entries if entry.id == "word")
    assert (word.date, word.dated) == (day(played), shown)


def test_a_range_of_days_is_written_without_what_goes_without_saying() -> None:
    """The month once where it is one, and the year once where it is one, or not at all where it is not asked for."""
    assert in_words((day("1918-02-10"), day("1918-02-14"))) == "10 to 14 February 1918"
    assert in_words((day("1918-02-10"), day("1918-02-14")), year=False) == "10 to 14 February"
    assert in_words((day("1917-12-30"), day("1918-01-02")), year=False) == "30 December 1917 to 2 January 1918"
    assert in_words((day("1918-02-01"), day("1918-02-28")), year=False) == "February"
    assert in_words((day("1918-01-01"), day("1918-12-31")), year=False) == "1918"


def test_what_lasts_from_or_until_a_month_lasts_all_of_it() -> None:
    """Seats and absences begin with its first day and end with its last."""
    tree = short()
    tree["timeline"].append(
        {"id": "travels", "kind": "absence", "member": "ann", "date": "2024-03", "until": "2024-03", "reason": "abroad"}
    )
    tree["bodies"]["council"]["seats"][0] |= {"from": "2024-02", "to": 2024}
    debate = read(tree).debate
    (away,) = (item for item in debate.timeline if isinstance(item, Absence))
    assert (away.date, away.until, away.dated) == (day("2024-03-01"), day("2024-03-31"), "March 2024")
    seats = debate.bodies["council"].seats[0]
    assert (seats.start, seats.end) == (day("2024-02-01"), day("2024-12-31"))


def test_a_report_of_a_stance_may_be_of_a_month() -> None:
    """It is held against the model in the middle of it, and told as of the month."""
    tree = short()
    tree["members"]["bob"]["observations"] = [{"id": "seen", "date": "2024-03", "stance": 1, "says": "So he said."}]
    debate = read(tree).debate
    assert debate.members["bob"].observations[0].date == day("2024-03-16")
    assert {"1, March 2024"} == {row["value"] for row in sources.rows(debate) if row["what"].endswith(".seen")}


def test_a_moment_that_is_moved_is_then_known_to_the_day() -> None:
    """A what-if says on which day it comes."""
    debate = dated("2024-03")
    for other in (
        edited(debate, [("move", "word=2024-03-09")]),
        debate.with_changes({"set": "word.date", "to": day("2024-03-09")}),
    ):
        word = next(entry for entry in other.entries if entry.id == "word")
        assert (word.date, word.dated) == (day("2024-03-09"), "2024-03-09")


def test_a_month_where_a_day_is_needed_is_told_so() -> None:
    """The ends of the span are days."""
    tree = short()
    tree["span"]["from"] = "2024-03"
    with pytest.raises(ScenarioError, match=r"span\.from: '2024-03' is a month, and here a day is needed"):
        read(tree)


def test_every_list_of_moments_shows_what_is_known_of_their_dates(tmp_path: Any) -> None:
    """The timeline, the ids, the page, and the decisions and the transcript of what is played."""
    debate = dated("2024-03")
    path = tmp_path / "dates.yaml"
    tree = yaml.safe_load(debate.origin.text)
    del tree["timeline"][-1]["date"]
    path.write_text(
        yaml.dump(tree | {"scenario": "dates"}, sort_keys=False).replace("id: vote", "id: vote\n  date: 2024")
    )
    run = CliRunner().invoke
    for words in (["timeline", str(path)], ["list", "moments", "--scenario", str(path)]):
        assert "March 2024" in run(program(), words).output
    row = json.loads(run(program(), ["timeline", str(path), "--format", "json"]).output)["tables"][0]["rows"][1]
    assert (row["date"], row["dated"]) == ("2024-03-16", "March 2024")
    for words in (["run", str(path), "--full"], ["replay", str(path), "--runs", "16"]):
        told = run(program(), [*words, "--out", str(tmp_path / "out")]).output
        assert any(line.startswith("2024 ") for line in told.splitlines()), told
    shown = {view["id"]: view["dated"] for view in moments(sim.load(path))}
    assert shown == {"word": "Mar 2024", "hearing": "4 Mar 2024", "vote": "2024"}


def test_the_figures_draw_a_bar_over_the_days_between_which_something_was() -> None:
    """The mark has its first and last day, and the flag says the month; what is known to the day has neither."""
    tree = short()
    tree["timeline"][-1]["date"] = "2024-03"
    debate = read(tree)
    (mark,) = of_scenario(debate).marks.itertuples()
    assert (f"{mark.first:%F}", f"{mark.last:%F}") == ("2024-03-01", "2024-03-31")
    assert of_scenario(read(short())).marks["first"].isna().all()
    replayed = sim.replay(debate, runs=16)
    figure = sim.figures.stances(replayed)
    texts = [text.get_text() for text in figure.findobj(matplotlib.text.Text)]
    assert "Vote, Mar" in texts
    assert any("between which days" in text for text in texts)


def test_a_date_may_be_tried_outside_the_days_between_which_it_was() -> None:
    """To find where a decision tips, a letter of a few days of the record is put on any day."""
    debate = dated(between=[day("2024-03-05"), day("2024-03-06")])
    changes = input_of(debate, "word.date").set_to(day("2024-03-09").toordinal())
    word = next(entry for entry in debate.with_changes(*changes).entries if entry.id == "word")
    assert (word.date, word.dated) == (day("2024-03-09"), "2024-03-09")
