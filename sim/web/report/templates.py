"""HTML from the templates of this folder: every text is escaped, and a policy lets a page run nothing but its own."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.results.wording import dated, day, percent, points
from sim.scenario.schema import DebateFile
from sim.web.view.words import in_prose, unparted


def content_hash(content: str) -> Markup:
    """The hash by which a content policy knows a script or a style."""
    return Markup(f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'")


def dated_of(row: Any, debate: DebateFile) -> str:
    """When something was, as far as that is known: a moment, or a row of a table on a decision."""
    name = getattr(row, "decision", None) or row.id
    between = next((moment.between for moment in debate.timeline if moment.id == name), None)
    return dated(row.date, between)


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: unparted(value) if type(value) is str else value,
)
_TEMPLATES.filters |= {
    "dated": dated_of,
    "day": day,
    "hash": content_hash,
    "in_prose": lambda texts, debate: in_prose(debate, texts),
    "percent": percent,
    "points": points,
    "rows": lambda table: list(table.itertuples()),
}


def page(template: str, style: str, script: str = "", **content: Any) -> bytes:
    """A whole page in one file; `style` and `script` are code of the program, every text in `content` is escaped."""
    code = {"style": Markup(style), "script": Markup(script)}
    return _TEMPLATES.get_template(template).render(**code, **content).encode()
