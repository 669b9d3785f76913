"""The words that the page takes from the program: what evidence means, and how fractions are written."""

from __future__ import annotations

from typing import Any

from sim.results.wording import ALMOST_ALL, ALMOST_NONE, MISSING

#: What the evidence words mean, for a reader who has not seen them.
EVIDENCE = {
    "documented": "a primary source says so",
    "attributed": "an editor, historian or memoirist says so",
    "conjecture": "inference or recollection that nobody has verified",
    "assumed": "nobody says so: an assumption, with its reason",
}


def for_page() -> dict[str, Any]:
    """These words as plain values; of a limit, the fraction and what is written beyond it."""
    return {"evidence": EVIDENCE, "almost_none": ALMOST_NONE, "almost_all": ALMOST_ALL, "missing": MISSING}
