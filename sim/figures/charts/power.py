"""Power in a body, three ways side by side: by the rules, in the votes, over the outcome."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.data import Names, records
from sim.figures.style import HIGH_SIDE, INK, MARGIN, RULE, SOFT, WIDTH, in_house_style, panel, sheet, write
from sim.figures.text import SMALL, wrap
from sim.results.wording import number

#: The columns drawn: of the table, as they are headed, and whether they are shares.
COLUMNS = (
    ("shapley_shubik", "Shapley-Shubik, by the rules alone", True),
    ("banzhaf", "Banzhaf, by the rules alone", True),
    ("pivotal", "pivotal, in the votes as they fall", True),
    ("influence", "influence on the voters' stance", False),
    ("leverage", "leverage on the chance of carrying", True),
)
_TEXT, _ROW, _HEAD = 1.9, 0.235, 0.6
#: Members drawn: those with a vote, and as many of the others as have influence to be seen.
MOST = 32


def title_of(table: pd.DataFrame, body: str, names: Names) -> str:
    """Who has most influence, beside who has most formal power."""
    voting = table[table["votes"] > 0]
    first = table.sort_values("influence", ascending=False, kind="stable").iloc[0]
    alike = len(voting) > 1 and (voting["shapley_shubik"] == voting["shapley_shubik"].iloc[0]).all()
    formal = "all votes weigh the same" if alike else (
        f"{names.member(voting.sort_values('shapley_shubik', ascending=False, kind='stable').iloc[0]['member'])} "
        "has most formal power"
    )  # fmt: skip
    return f"{body}: {formal}; {names.member(first['member'])} has most influence, {number(first['influence'], 3)}"


@in_house_style
def power(table: pd.DataFrame, body: str, names: Names) -> Figure:
    """A row a member, a column a measure of power, each to a scale of its own.

    table: member, votes, shapley_shubik, banzhaf, pivotal, influence, leverage; means over the body's ballots.
    """
    rows = table[(table["votes"] > 0) | (table["influence"].abs() >= 0.0005)].head(MOST)
    figure, top = sheet(
        _HEAD + _ROW * len(rows),
        title_of(rows, body, names),
        f"{names.title}: means over the ballots of the body. Influence: units by which the mean stance of its "
        "voters moves for one unit of a member's first stance.",
        "Pivotal: of the histories in which a ballot was put, those in which the member's vote would have turned it. "
        "Leverage: the change of the chance of carrying for one unit of their first stance, either way. Columns have "
        "scales of their own.",
    )
    wide = (WIDTH - 2 * MARGIN - _TEXT) / len(COLUMNS)
    for row, member in enumerate(records(rows)):
        middle = top + _HEAD + (row + 0.5) * _ROW
        label = names.member(member.member) + ("" if member.votes > 0 else " (no vote)")
        write(figure, MARGIN, middle, wrap(label, _TEXT - 0.1, SMALL)[0], SMALL, va="center")
    for column, (name, heading, is_share) in enumerate(COLUMNS):
        left = MARGIN + _TEXT + column * wide
        lines = "\n".join(wrap(heading, wide - 0.25, SMALL, lines=2, weight="bold"))
        write(figure, left, top + _HEAD - 0.08, lines, SMALL, va="bottom", weight="bold")
        values = rows[name].to_numpy()
        axes = panel(figure, left, top + _HEAD, wide - 0.75, _ROW * len(rows))
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-9)
        axes.set_xlim(low, high)
        axes.set_ylim(len(rows), 0)
        axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
        axes.barh([row + 0.5 for row in range(len(rows))], values, height=0.62, color=HIGH_SIDE, zorder=2)
        for row, value in enumerate(values):
            said = f"{number(100 * value)} %" if is_share else number(value, 3)
            y = top + _HEAD + (row + 0.5) * _ROW
            write(figure, left + wide - 0.22, y, said, SMALL, ha="right", va="center", color=INK if value else SOFT)
    return figure
