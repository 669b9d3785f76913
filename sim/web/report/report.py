"""The report: the page of the explorer on numbers worked out beforehand, and the sections under it, in one file."""

from __future__ import annotations

import re
from pathlib import Path

from sim import web
from sim.errors import UserError
from sim.web.report import html, sections
from sim.web.report.content import Contents
from sim.web.report.embedded_data import everything
from sim.web.report.html import Html, joined, tag

PAGE = Path(web.__file__).parent / "page"
#: Bytes that a file to be sent may have.
LARGEST = 2_000_000

SECTIONS = (
    sections.the_question,
    sections.the_replay,
    sections.the_baselines,
    sections.the_what_ifs,
    sections.the_record,
    sections.the_readings,
    sections.the_assumptions,
    sections.the_sources,
    sections.the_manifest,
)


class ReportError(UserError):
    """A report that cannot be made; the message says why and what would do."""


def style() -> str:
    """The style of the page."""
    return (PAGE / "style.css").read_text("utf-8")


def script(page: str) -> str:
    """The scripts that a page names, one after another; as modules they would not load from a disk."""
    names = re.findall(r'<script src="([^"]+)"></script>', page)
    return "\n".join((PAGE / name).read_text("utf-8") for name in names).replace("</script", "<\\/script")


def report(contents: Contents) -> bytes:
    """The report as a file. Raises ReportError for one that is too large to send."""
    page = (PAGE / "index.html").read_text("utf-8")
    (body,) = re.findall(r"<body>\n(.*?)<footer", page, re.DOTALL)
    parts = [made for make in SECTIONS if (made := make(contents))]
    titles = [re.findall(r'id="([\w-]+)"[^>]*><h2 id="[\w-]+">(.*?)</h2>', part)[0] for part in parts]
    jumps = tag("ul", *(tag("li", tag("a", Html(title), href=f"#{name}")) for name, title in titles))
    whole = joined(
        [
            Html(body),
            tag("nav", tag("h2", "In this report"), jumps, class_="report contents", aria_label="In this report"),
            tag("article", *parts, class_="report"),
            Html('<footer class="foot"><p id="foot"></p></footer>'),
            html.data("precomputed", everything(contents)),
        ]
    )
    file = html.document(contents.scenario.debate.title, style(), whole, script(page))
    if len(file) > LARGEST:
        raise ReportError(
            f"the report has {len(file):,} bytes, more than the {LARGEST:,} that can well be sent: name fewer what-ifs "
            f"than these {len(contents.answers)}"
        )
    return file
