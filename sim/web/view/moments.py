"""What happens in two worlds beside each other, and what becomes of each thing in the other one."""

from __future__ import annotations

import math

from sim.counterfactuals.comparison import Comparison
from sim.web.view.debate import View, captioned, moments
from sim.web.view.known import period


def of_hundred(share: float) -> str:
    """A share as people say it: only what is certain is none or all of a hundred."""
    whole = math.floor(100 * share + 0.5)
    if share > 0 and whole == 0:
        return "under 1 of 100"
    return "over 99 of 100" if share < 1 and whole == 100 else f"{whole} of 100"


def in_both(comparison: Comparison) -> list[View]:
    """What happens in either world, by date, each with its `fate` in the other world and what `becomes` of it there.

    What happens on another day there, or ends on another, says when.
    fate: "gone" where the other world does not have it, "rare" if that has it in under half of its histories, "new" if
    it has it alone; otherwise empty.
    """
    was, now = moments(comparison.base), moments(comparison.other)
    before, after = ({one["id"]: one for one in some} for some in (was, now))
    # What has another day in the other world has a row for each; the end of an absence is not whether there is one.
    begun = comparison.moments.query("kind != 'absence ends'")
    often = begun.groupby("moment")[["happened", "happened_other"]].max()
    shares = dict(zip(often.index, zip(often.happened, often.happened_other, strict=True), strict=True))
    rows = comparison.decisions
    ends = rows[["put_other", "carried_other"]].fillna(0.0).to_numpy()
    held = dict(zip(rows.decision, ends.tolist(), strict=True))

    def told(one: View) -> View:
        name = one["id"]
        then, other = shares.get(name, (1.0, 1.0))
        fate = "gone" if name not in after else "new" if name not in before else "rare" if other < 0.5 else ""
        says = {"gone": "not in the other world", "new": "only in the other world"}.get(fate, "")
        if one["kind"] == "ballot":
            says = says if fate == "new" else one["becomes"]
            if name in held:
                put, carried = held[name]
                says += f"; here put in {of_hundred(put)}, carried in {of_hundred(carried)}"
        elif not says and min(then, other) < 1:
            says = f"happens in {of_hundred(other)}"
            says += f" (as it was, {of_hundred(then)})" if of_hundred(then) != of_hundred(other) else ""
        if name in before and name in after and (when := period(after[name])) != period(before[name]):
            says = "; ".join(filter(None, [says, f"in the other world: {when}"]))
        return captioned({**one, "fate": fate, "becomes": says})

    every = [*was, *(one for one in now if one["id"] not in before)]
    return sorted(map(told, every), key=lambda one: one["date"])
