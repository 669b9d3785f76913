"""One history, told: what was decided, with which votes, and who moved far on the way, and most by what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas

from sim.model.transcript import Run
from sim.results.wording import counted, number, words

#: A member is named who moves by at least this fraction of the axis between two decisions.
FAR = 0.1
#: Members whom a line names.
NAMED = 3


def story(run: Run) -> pandas.DataFrame:
    """The history in lines: date, moment (of a decision, else ''), told (a sentence)."""
    transcript, decisions = run.transcript, run.transcript[run.transcript.kind == "ballot"]
    lines: list[tuple[Any, str, str]] = []
    past = 0
    for moment in dict.fromkeys(decisions.moment):
        rows = decisions[decisions.moment == moment]
        between = transcript.loc[past : rows.index[0] - 1]
        past = rows.index[-1] + 1
        lines += ((rows.date.iloc[0], "", told) for told in _moves(run, between))
        lines.append((rows.date.iloc[0], moment, _decided(rows)))
    lines += ((transcript.date.iloc[-1], "", told) for told in _moves(run, transcript.loc[past:]))
    return pandas.DataFrame(lines, columns=["date", "moment", "told"])


def _moves(run: Run, between: pandas.DataFrame) -> Iterator[str]:
    """Who moved far between two decisions, the farthest first, and most by which moment."""
    axis = run.scenario.debate.axis
    moved = between[(between.kind != "ballot") & between.after.notna()]
    change = (moved.after - moved.before).groupby(moved.member, sort=False).sum()
    far = change[change.abs() >= FAR * (axis.high - axis.low)].sort_values(key=abs, ascending=False, kind="stable")
    for member in far.index[:NAMED]:
        own, way = moved[moved.member == member], 1 if far[member] > 0 else -1
        causes = ("by " + own.moment).where(own.kind != "week", "over the weeks")
        by = (own.after - own.before).groupby(causes, sort=False).sum() * way
        yield (
            f"{member} moves by {_signed(far[member])} to {number(float(own.after.iloc[-1]))}, "
            f"most ({_signed(by.max() * way)}) {by.idxmax()}."
        )
    if more := len(far) - NAMED if len(far) > NAMED else 0:
        yield f"{counted(more, 'other member')} moved by {FAR * (axis.high - axis.low):g} or more."


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + number(change)


def _decided(rows: pandas.DataFrame) -> str:
    """What became of a motion, and who voted against what was decided."""
    last = rows.iloc[-1]
    motion = words(str(last.moment))
    if last.happened == "no":
        return f"{motion} is not put: {last.note.removeprefix('does not happen ').strip('()')}."
    votes = rows[rows.member != ""]
    word = votes.note.str.partition(",")[0]
    counts = ", ".join(
        f"{(word == one).sum()} {one}" for one in ("yes", "no", "abstain", "absent") if (word == one).any()
    )
    losing = "no" if last.outcome == "carried" else "yes"
    lost = votes.member[word == losing].tolist()
    why = f" ({last.reason})" if last.reason else ""
    named = f"; {losing}: {', '.join(lost[:NAMED])}" + (f" and {len(lost) - NAMED} more" if len(lost) > NAMED else "")
    return f"{motion} is {last.outcome}{why}: {counts}{named if lost else ''}."
