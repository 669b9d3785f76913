"""Markup that cannot be broken by what it holds: every text is escaped where it becomes HTML."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sim.web.view.answers import written


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(said: object) -> Html:
    """What is said, as markup: escaped unless it is markup."""
    return said if isinstance(said, Html) else Html(html.escape(str(said)))


def tag(name: str, *inside: object, **attributes: str) -> Html:
    """An element with what is inside it; `class_` is written `class`."""
    dressed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{dressed}>{''.join(text(part) for part in inside)}</{name}>")


def joined(parts: Iterable[object]) -> Html:
    """Parts one after another."""
    return Html("".join(text(part) for part in parts))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[int] = ()) -> Html:
    """A table that can be scrolled sideways; `numbers` are the columns set to the right."""

    def classed(column: int) -> dict[str, str]:
        return {"class_": "number"} if column in numbers else {}

    top = tag("tr", *(tag("th", head, scope="col", **classed(i)) for i, head in enumerate(heads)))
    body = (
        tag(
            "tr",
            *(
                tag("td", cell, **classed(i)) if i else tag("th", cell, scope="row", **classed(i))
                for i, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    made = tag("table", tag("caption", caption, class_="unseen"), tag("thead", top), tag("tbody", *body))
    return tag("div", made, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def data(name: str, content: dict[str, Any]) -> Html:
    """Plain values for the scripts of a page: not run, and unable to end the element they are in."""
    safe = written(content).decode().replace("<", "\\u003c")
    assert json.loads(safe)
    return Html(f'<script type="application/json" id="{name}">{safe}</script>')


def fingerprint(content: str) -> str:
    """The hash by which a content policy knows a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def document(title: str, style: str, body: Html, script: str = "") -> bytes:
    """A whole page in one file: its own style and script run, nothing else does, and nothing is loaded."""
    scripts = fingerprint(script) if script else "'none'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {fingerprint(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="content-security-policy" content="{policy}">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f'<title>{html.escape(title)}</title><link rel="icon" href="data:,"><style>{style}</style>'
    )
    end = f"<script>{script}</script>" if script else ""
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{body}\n{end}\n</body>\n</html>\n'.encode()
