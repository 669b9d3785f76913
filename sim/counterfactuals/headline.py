"""What another world comes to, in one or two sentences made of its numbers: for the terminal, a report or a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas

from sim.results.wording import counted, interval, joined, number, percent, points
from sim.scenario.schema import Axis

NOTHING_DIFFERS = "In no history do the worlds part: what is changed changes nothing."
NO_DIFFERENCE = "No decision comes out differently in any history."
NOTHING_SURE = "Decisions come out differently in some histories, but none becomes more or less likely beyond chance."
#: How the causes of a changed vote are called in a sentence.
CAUSES = {
    "deference": "deference",
    "own_stance": "own stance",
    "choice": "what the ballot chooses between",
    "attendance": "attendance",
}
#: Votes below which hardly one changes, on average.
HARDLY = 0.05
#: Shares of histories that differ by less than this are practically the same.
ALIKE = 0.01
#: The fraction of histories in which a vote has to change to be told of, and the members told by name.
OFTEN, NAMED = 0.05, 4


def place(value: float, axis: Axis) -> str:
    """A position, with a sign where an axis has both, and with no more digits than can be told apart on it."""
    digits = max(0, math.ceil(-math.log10((axis.high - axis.low) / 50)))
    return signed(value, digits) if axis.low < 0 else number(value, digits)


def signed(value: float, digits: int = 2) -> str:
    """A position, or how far it moves, with its sign; 0 has none."""
    size = number(abs(value), digits)
    return size if float(size) == 0 else ("+" if value > 0 else "\N{MINUS SIGN}") + size


def largest(decisions: pandas.DataFrame) -> Any:
    """The row of the decision that changes most among those that surely change, the earliest of equals; None if none.

    decisions: as in `Comparison.decisions`. A decision surely changes if the interval from low to high leaves out 0.
    """
    sure = decisions.query("low > 0 or high < 0")
    return None if sure.empty else sure.iloc[sure["difference"].abs().argmax()]


def of_decisions(decisions: pandas.DataFrame, names: Mapping[str, str]) -> str:
    """The decision that changes most, with its numbers; or that none comes out differently, or none surely.

    decisions: decision, put, put_other, carried, carried_other, difference, low, high, flips_to_carried, flips_to_lost.
    """
    if decisions.query("flips_to_carried > 0 or flips_to_lost > 0").empty:
        return NO_DIFFERENCE
    row = largest(decisions)
    if row is None:
        return NOTHING_SURE
    ends = f"{points(row.difference)} points, 95 %: {interval(row.low, row.high)}"
    return f"“{names[row.decision]}” {_becomes(row)} ({ends})."


def of_decision(row: Any) -> str:
    """What becomes of one decision, without its name; what falls away with its cause is told apart from what turns.

    row: as in `of_decisions`, with falls_away and comes_up.
    """
    if row.put == 0 and row.put_other == 0:
        return "comes to a vote in neither world"
    if max(abs(row.difference), abs(row.put_other - row.put)) < ALIKE:
        one, two = percent(row.carried), percent(row.carried_other)
        both = f"{one} of histories in both worlds" if one == two else f"{two} of histories instead of {one}"
        return f"is practically as likely: carried in {both}"
    # Where most histories still put it, "mostly" would be read as of them, and not as of what is lost.
    if 0 < row.put_other < 0.5 and row.difference < 0 and row.falls_away > row.flips_to_lost / 2:
        return f"{_becomes(row)}: mostly there is nothing to vote on any more"
    return _becomes(row)


def of_ends(ends: Any) -> str:
    """Where the worlds end, in a sentence or two. ends: name, share, share_other, as in `Comparison.ends`."""
    here, before = ends.loc[ends.share_other.idxmax()], ends.loc[ends.share.idxmax()]
    if here["name"] == before["name"] and abs(here.share_other - here.share) < ALIKE:
        one, two = percent(here.share), percent(here.share_other)
        both = f"{two} of histories" if one == two else f"practically as many histories, {two} instead of {one}"
        return f"Both worlds end with “{here['name']}” in force in {both}."
    after, was = two_percents(here.share_other, here.share)
    said = f"The debate ends with “{here['name']}” in force in {after} of histories instead of {was}"
    if here["name"] == before["name"]:
        return f"{said}."
    after, was = two_percents(before.share_other, before.share)
    return f"{said}, and with “{before['name']}” in {after} instead of {was}."


def of_voters(votes: Any, labels: Mapping[str, str], leader: str, motion: str = "it") -> str:
    """Whose votes change in a decision, the most changed first, and mostly by what; empty if hardly anybody's do.

    votes: its rows of `Comparison.votes_changed`. labels: what members are called. leader: to whom members defer.
    motion: what it is called.
    """
    changed = votes[votes.changed >= OFTEN].sort_values("changed", ascending=False, kind="stable")
    if changed.empty:
        return ""
    first, *more = changed.head(NAMED).itertuples()
    named = [f"{labels[first.member]}’s in {percent(first.changed)} of histories"]
    named += [f"{labels[row.member]}’s in {percent(row.changed)}" for row in more]
    if len(changed) > len(named):
        named.append(f"less often {counted(len(changed) - len(named), 'other')}")
    cause, words = max(CAUSES, key=lambda one: float(changed[f"by_{one}"].sum())), _explained(leader)
    rests = f"; that they vote as {leader} wishes is an assumption" if cause == "deference" and leader else ""
    return f"Where both worlds put {motion}, these votes change: {joined(named)}; mostly by {words[cause]}{rests}."


def _becomes(row: Any) -> str:
    """What becomes of a decision, in both worlds."""
    if row.put_other == 0:
        return f"is never put, and was carried in {percent(row.carried)} of histories"
    carried = f"carried in {percent(row.carried_other)}"
    if row.put == 0:
        return f"was never put; in the other world it is put in {percent(row.put_other)} of histories and {carried}"
    after, before = two_percents(row.carried_other, row.carried)
    if abs(row.put_other - row.put) < ALIKE:
        return f"is carried in {after} of histories instead of {before}"
    put_after, put_before = two_percents(row.put_other, row.put)
    return f"is put in {put_after} of histories instead of {put_before}, and carried in {after} instead of {before}"


def two_percents(one: float, two: float) -> tuple[str, str]:
    """Two fractions as percentages, with a digit more where they would read alike and are not."""
    shown = percent(one), percent(two)
    return shown if shown[0] != shown[1] or one == two else (percent(one, 1), percent(two, 1))


def of_others(decisions: pandas.DataFrame, names: Mapping[str, str]) -> str:
    """Which other decisions surely become more likely, and which less, by a point or more; nothing if none does.

    Up to two of each by name.
    """
    first, said = largest(decisions), list[str]()
    if first is None:
        return ""
    sure = decisions.query("low > 0 or high < 0")
    others = sure[(sure.difference.abs() >= ALIKE) & (sure.decision != first.decision)]
    for way, rows in (("more", others[others.difference > 0]), ("less", others[others.difference < 0])):
        if rows.empty:
            continue
        who = joined([f"“{names[name]}”" for name in rows.decision])
        who = who if len(rows) < 3 else f"{len(rows)} other decisions"
        verb = " also becomes" if len(rows) == 1 else " also become"
        said.append(f"{who}{'' if said else verb} {way} likely")
    return f"{', and '.join(said)} in the model." if said else ""


def of_votes(votes: Mapping[str, float], leader: str, private: float, expressed: float, everywhere: bool) -> str:
    """How many votes change on average, and by what; and how far stances move, up or down, in units of the axis.

    votes: by cause, NaN where the motion is put in no history of both worlds: then there is nothing to say. leader:
    to whom members defer. everywhere: whether it is put in all histories of both worlds.
    """
    total = sum(votes.values())
    if total != total:
        return ""
    where = "On average" if everywhere else "Where both worlds put it, on average"
    if total < HARDLY:
        return f"{where} hardly a vote in it changes."
    told = sorted(((size, cause) for cause, size in votes.items() if size >= HARDLY), reverse=True)
    words = _explained(leader)
    parts = [f"{number(size)} by {words[cause]}" for size, cause in told]
    said = f"{counted_votes(total)}" + (f": {joined(parts)}" if parts else "")
    moved = f"{number(private, 2)} and an expressed one by {number(expressed, 2)}, up or down"
    return f"{where} {said}. On average a private stance moves by {moved}."


def _explained(leader: str) -> dict[str, str]:
    """The causes of a changed vote with what a reader needs to know of them; leader: to whom members defer."""
    choice = f"{CAUSES['choice']} (its outcomes lie elsewhere on the axis there)"
    return CAUSES | {"choice": choice} | ({"deference": f"deference to {leader}"} if leader else {})


def counted_votes(total: float) -> str:
    """`one vote in it changes`, `2.4 votes in it change`."""
    return "1.0 vote in it changes" if number(total) == "1.0" else f"{number(total)} votes in it change"


def main_cause(margins: Mapping[str, float], effect: int) -> str | None:
    """By which cause most of an effect on yes less no comes; None if by none. effect: 1 or -1, its direction."""
    cause = max(margins, key=lambda one: margins[one] * effect)
    return cause if margins[cause] * effect > 0 else None
