"""A report as the file of a folder, and what its manifest needs to make it again."""

from __future__ import annotations

from typing import Any

from sim.counterfactuals.comparison import other_world, what_differs
from sim.ensembles.executor import Executor
from sim.scenario.scenario import Scenario
from sim.web.report.content import Asked, Contents, play
from sim.web.report.report import report
from sim.web.report.worksheet import lesson


def report_files(contents: Contents, is_lesson: bool) -> dict[str, bytes]:
    """The report, or the worksheet, by the name of its file."""
    return {"lesson.html": lesson(contents)} if is_lesson else {"report.html": report(contents)}


def command(contents: Contents, is_lesson: bool) -> dict[str, Any]:
    """What was asked for, as a manifest keeps it."""
    asked = []
    for one in contents.answers:
        said = {"name": one.asked.name, "title": one.asked.title, "why": one.asked.why}
        asked.append({**said, **what_differs(contents.scenario, one.asked.world)})
    return {"name": "report", "lesson": is_lesson, "what_ifs": asked}


def made_again(
    scenario: Scenario, known: dict[str, Any], file: str, executor: Executor | None = None
) -> dict[str, bytes]:
    """The files of a manifest's report, played again; `file` is the name that errors give."""
    wanted = known["command"]
    asked = [
        Asked(
            one["name"],
            one["title"],
            one["why"],
            other_world(scenario, one, file),
        )
        for one in wanted["what_ifs"]
    ]
    return report_files(play(scenario, asked, known["runs"], known["seed"], executor), wanted["lesson"])
