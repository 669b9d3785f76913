"""The report: the page of the explorer on embedded data, and the sections under it, in one file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim import web
from sim.ensembles.executor import Executor
from sim.errors import UserError
from sim.results.manifest import versions
from sim.results.result import Bundle
from sim.scenario import sources
from sim.scenario.scenario import Scenario
from sim.scenario.schema import DebateFile, Event
from sim.web.report import content, embedded_data, templates
from sim.web.report.content import Contents
from sim.web.report.worksheet import worksheet
from sim.web.view.words import EVIDENCE

PAGE = Path(web.__file__).parent / "page"
#: Bytes that a file to be sent may have.
LARGEST = 2_000_000
#: The sections, as the template names them, and their titles.
TITLES = {
    "question": "The question",
    "what_ifs": "The what-ifs",
    "replay": "The record and the replay",
    "readings": "Where the sources disagree",
    "record": "The record",
    "assumptions": "The assumptions",
    "sources": "The sources",
    "baselines": "Simple rules to measure it by",
    "manifest": "To make it again",
}


class ReportError(UserError):
    """A report that cannot be made; the message says why and what would work."""


def _style(page: str) -> str:
    """The style sheets that a page names, one after another."""
    return "\n".join((PAGE / name).read_text("utf-8") for name in re.findall(r'rel="stylesheet" href="([^"]+)"', page))


def _script(page: str) -> str:
    """The scripts that a page names, one after another; as modules they would not load from a disk."""
    names = re.findall(r'<script src="([^"]+)"></script>', page)
    return "\n".join((PAGE / name).read_text("utf-8") for name in names).replace("</script", "<\\/script")


def report(contents: Contents) -> bytes:
    """The report as a file. Raises ReportError for one that is too large to send."""
    page = (PAGE / "index.html").read_text("utf-8")
    (explorer,) = re.findall(r"<body>\n(.*?)<footer", page, re.DOTALL)
    debate = contents.scenario.debate
    file = templates.page(
        "report.html.j2",
        _style(page),
        _script(page),
        title=debate.title,
        explorer=Markup(explorer),
        data=embedded_data.as_text(embedded_data.everything(contents)),
        titles={name: title for name, title in TITLES.items() if name != "readings" or debate.readings},
        contents=contents,
        in_short=in_short,
        evidence=EVIDENCE,
        known_from=sources.table(debate),
        versions=versions(),
    )
    if len(file) > LARGEST:
        raise ReportError(
            f"the report has {len(file):,} bytes, more than the {LARGEST:,} that can well be sent: name fewer what-ifs "
            f"than these {len(contents.answers)}"
        )
    return file


def in_short(debate: DebateFile, moment: Any) -> str:
    """What happened at a moment, by whom, and their words where they are quoted."""
    text = getattr(moment, "summary", None) or getattr(moment, "motion", None) or getattr(moment, "reason", None)
    who = getattr(moment, "author", None) or getattr(moment, "member", None)
    name = f"{debate.members[who].label or debate.members[who].name}: " if who else ""
    quote = None if isinstance(moment, Event) else getattr(moment, "quote", None)
    return f"{name}{text or 'exchange of views'}" + (f" “{quote}”" if quote else "")


def result(contents: Contents, is_worksheet: bool) -> Bundle:
    """The report, or the worksheet, as the result that a folder keeps."""
    files = {"lesson.html": worksheet(contents)} if is_worksheet else {"report.html": report(contents)}
    settings = {"lesson": is_worksheet, **contents.settings}
    return Bundle(contents.scenario, contents.replay.runs, contents.replay.seed, settings, files=files)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Bundle:
    """The report that a manifest describes, made again."""
    return result(content.rerun(scenario, settings, runs, seed, executor), settings["lesson"])
