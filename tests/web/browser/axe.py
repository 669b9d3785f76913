"""axe-core in a page: what makes it hard to use for people who cannot see or point."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"


def findings(page: Page) -> list[str]:
    """Every finding as its impact, its rule and the first place."""
    # Through the debugger, which the policy of the page does not bind.
    page.evaluate(SCRIPT.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['impact']}: {one['id']} ({one['nodes'][0]['html'][:120]})" for one in found["violations"]]
