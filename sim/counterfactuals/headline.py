"""What another world comes to, in one or two sentences made of its numbers: for the terminal, a report or a page."""

from __future__ import annotations

from typing import Any

import pandas

from sim.results.wording import day, percent, points

NO_DIFFERENCE = "No decision comes out differently in any history."
NOTHING_SURE = "Some histories turn, as many one way as the other: no decision becomes surely more or less likely."


def headline(decisions: pandas.DataFrame) -> str:
    """The decision that changes most among those that surely change, and how many others surely do.

    decisions: one row a ballot, as in `Comparison.decisions`: motion, date, carried, carried_other, difference, low,
    high, flips_to_carried, flips_to_lost. A decision surely changes if the interval from low to high leaves out 0.
    """
    if decisions.query("flips_to_carried > 0 or flips_to_lost > 0").empty:
        return NO_DIFFERENCE
    sure = decisions.query("low > 0 or high < 0")
    if sure.empty:
        return NOTHING_SURE
    row: Any = sure.iloc[sure["difference"].abs().argmax()]
    direction = "more" if row.difference > 0 else "less"
    others = "It is the only decision that becomes" if len(sure) == 1 else f"{len(sure)} decisions become"
    return (
        f"“{row.motion}” ({day(row.date)}) is carried {direction} often: in {percent(row.carried_other)} of histories "
        f"instead of {percent(row.carried)}, a difference of {points(row.difference)} points "
        f"(95 %: {points(row.low)} to {points(row.high)}). {others} surely more or less likely."
    )
