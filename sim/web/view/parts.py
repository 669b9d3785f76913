"""What a page shows, made of plain values: elements with their attributes and what is in them, `["p", {}, "a text"]`.

The page makes the same elements of them (parts.js); it takes texts as texts, and knows these tags and attributes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sim.results.wording import percent

#: A text, or a tag, its attributes and the parts in it.
Part = str | list[Any]


def element(tag: str, *content: Part | None, kind: str = "", **attributes: Any) -> Part:
    """An element of those parts that there are. kind: its classes. An attribute that is None is left out."""
    given = {"class": kind or None, **{name.replace("_", "-"): value for name, value in attributes.items()}}
    own = {name: value for name, value in given.items() if value is not None}
    return [tag, own, *(part for part in content if part)]


def paragraph(*content: Part | None, kind: str = "") -> Part:
    """A paragraph."""
    return element("p", *content, kind=kind)


def span(*content: Part | None, kind: str = "") -> Part:
    """A stretch of text of some kind."""
    return element("span", *content, kind=kind)


def bullets(items: Iterable[Part], kind: str = "", label: str | None = None) -> Part:
    """A list, an item a part."""
    return element("ul", *(element("li", item) for item in items), kind=kind, aria_label=label)


def pairs(named: Mapping[str, str]) -> Part | None:
    """Names, and what is said of each; None of none."""
    rows = [element(tag, text) for pair in named.items() for tag, text in zip(("dt", "dd"), pair, strict=True)]
    return element("dl", *rows) if rows else None


def badge(evidence: str, text: str = "") -> Part:
    """How well something is known, in its word or in others."""
    return span(text or evidence, kind=f"evidence {evidence}")


def to_moment(moment: str, text: str) -> Part:
    """A button that opens what is known of a moment."""
    return element("button", text, kind="link", type="button", data_moment=moment)


def to_decision(decision: str, text: str) -> Part:
    """A button that shows a decision."""
    return element("button", text, kind="link", type="button", data_decision=decision)


def folded(title: str, *content: Part | None) -> Part:
    """What a reader unfolds, and can scroll sideways, by keyboard too."""
    inside = element("div", *content, kind="scrolls", tabindex="0", role="region", aria_label=title)
    return element("details", element("summary", title), inside, data_key=title)


class Column(NamedTuple):
    """A column of a table: what stands above it, what is in it of a row, and its classes."""

    head: str
    cell: Callable[[Any], Part]
    kind: str = ""


def share(head: str, name: str) -> Column:
    """A column of fractions."""
    return Column(head, lambda row: percent(getattr(row, name)), "number")


def table(
    caption: str,
    rows: Iterable[Any],
    columns: Iterable[Column],
    data: Callable[[Any], Mapping[str, Any]] = lambda row: {},
) -> Part:
    """A table of rows by columns; the first cell of a row is its header. data: what a row carries unseen, by name."""
    first, *others = columns
    heads = [element("th", column.head, kind=column.kind, scope="col") for column in (first, *others)]
    body = [
        element(
            "tr",
            element("th", first.cell(row), kind=first.kind, scope="row"),
            *(element("td", column.cell(row), kind=column.kind, data_head=column.head) for column in others),
            **{f"data_{name}": value for name, value in data(row).items()},
        )
        for row in rows
    ]
    return element(
        "table",
        element("caption", caption, kind="unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
    )
