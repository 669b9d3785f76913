"""What is drawn anew keeps what the reader is at: the focus, the caret, the place to which they have scrolled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from sim.web.server.app import PAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page with the drawing functions and a place to draw in."""
    page = browser.new_page()
    page.add_script_tag(path=PAGE / "drawing.js")
    page.evaluate("document.body.append(el('div', {id: 'place', tabindex: '-1'}))")
    yield page
    page.close()


def drawn(page: Page, nodes: str, then: str = "null") -> Any:
    """Draws nodes in the place, and says what holds then."""
    return page.evaluate(f"() => {{ const place = byId('place'); renew(place, {nodes}); return {then}; }}")


def test_what_is_still_there_is_the_same_node_in_the_new_order(blank: Page) -> None:
    """Nodes with a key are found wherever they stand; new ones come between them and old ones go."""
    rows = "...['{}'].map((key) => el('p', {{'data-key': key}}, key))"
    drawn(blank, rows.format("a','b','c"), "place.mark = [...place.children]")
    kept = "[place.textContent, [...place.children].map((node) => place.mark.indexOf(node))]"
    assert drawn(blank, rows.format("c','new','a"), kept) == ["cnewa", [2, -1, 0]]


def test_without_a_key_place_and_tag_decide(blank: Page) -> None:
    """A node of another tag is replaced; one of the same gets attributes and text, and loses what it has no more."""
    drawn(blank, "el('p', {title: 'old', class: 'one'}, 'a'), el('b', {}, 'b')", "place.mark = [...place.children]")
    html = "[place.firstChild === place.mark[0], place.lastChild === place.mark[1], place.innerHTML]"
    assert drawn(blank, "el('p', {class: 'two'}, 'c'), el('i', {}, 'd')", html) == [
        True,
        False,
        '<p class="two">c</p><i>d</i>',
    ]


def test_a_kept_node_does_what_the_new_one_would(blank: Page) -> None:
    """Listeners are replaced: none of before is heard, none twice."""
    drawn(blank, "el('button', {onclick: () => { window.done = 'old'; }, onfocus: () => { window.focused = 1; }})")
    drawn(blank, "el('button', {onclick: () => { window.done = (window.done || '') + 'new'; }})")
    blank.locator("button").click()
    assert blank.evaluate("[window.done, window.focused]") == ["new", None]


def test_the_focus_and_the_caret_survive(blank: Page) -> None:
    """Also where the node moves; what is held is what the new nodes hold."""
    drawn(blank, "el('input', {id: 'one', value: 'some words'}), el('input', {id: 'two', type: 'checkbox'})")
    blank.evaluate("byId('one').focus(); byId('one').setSelectionRange(2, 4)")
    caret = "[document.activeElement.id, byId('one').selectionStart, byId('one').selectionEnd, byId('two').checked]"
    nodes = "el('input', {id: 'two', type: 'checkbox', checked: true}), el('input', {id: 'one', value: 'some words'})"
    assert drawn(blank, nodes, caret) == ["one", 2, 4, True]


def test_what_somebody_has_ticked_follows_what_is_drawn(blank: Page) -> None:
    """A box, a choice and a disclosure that is listened to are as the new nodes say; another stays unfolded."""
    nodes = """el('input', {type: 'checkbox'}), el('details', {}, el('summary', {}, 's')),
               el('select', {}, el('option', {value: 'a'}), el('option', {value: 'b', selected: true})),
               el('details', {'data-key': 'k', ontoggle: () => {}}, el('summary', {}, 's'))"""
    drawn(blank, nodes)
    blank.evaluate("""document.querySelector('input').checked = document.querySelector('details').open = true;
                      place.children[3].open = true;
                      document.querySelector('select').value = 'a'""")
    open_ones = "place.children[1].open, place.children[3].open"
    held = f"[document.querySelector('input').checked, {open_ones}, document.querySelector('select').value]"
    assert drawn(blank, nodes, held) == [False, True, False, "b"]


def test_if_what_has_the_focus_goes_its_neighbour_gets_it(blank: Page) -> None:
    """The next one, or the one before, or the place itself: never the body."""
    buttons = "...[{}].map((key) => el('button', {{'data-key': key}}, key))"
    drawn(blank, buttons.format("'a', 'b', 'c'"))
    blank.locator("[data-key=b]").focus()
    assert drawn(blank, buttons.format("'a', 'c'"), "document.activeElement.textContent") == "c"
    assert drawn(blank, buttons.format("'a'"), "document.activeElement.textContent") == "a"
    assert drawn(blank, "'nothing'", "document.activeElement.id") == "place"


def test_a_place_scrolled_stays_where_it_is(blank: Page) -> None:
    """Neither the page nor a list in it jumps when its rows are drawn anew."""
    blank.evaluate("""window.list = (word) => {
        const rows = Array.from({length: 90}, (_, i) => el('p', {}, `${word} row ${i}`));
        const list = el('div', {class: 'list'}, ...rows);
        list.style.cssText = 'height: 200px; overflow: auto';
        return list;
    }""")
    drawn(blank, "list('old')", "place.firstChild.scrollTop = 700")
    held = "[place.firstChild.scrollTop, place.textContent.includes('old')]"
    assert drawn(blank, "list('new')", held) == [700, False]


def test_a_drawing_is_renewed_like_any_element(blank: Page) -> None:
    """Marks of a drawing keep their nodes, in the space of names of drawings."""
    drawn(
        blank, "canvas(9, 9, {}, svg('circle', {'data-key': 'm', r: 1}))", "place.mark = place.querySelector('circle')"
    )
    held = "[place.mark.isConnected, place.mark.getAttribute('r'), place.querySelector('path').namespaceURI]"
    nodes = "canvas(9, 9, {}, svg('path', {}), svg('circle', {'data-key': 'm', r: 2}))"
    assert drawn(blank, nodes, held) == [True, "2", "http://www.w3.org/2000/svg"]
