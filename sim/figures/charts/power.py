"""Power in a body, three ways side by side: by the rules, in the votes, over the outcome."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.data import Names, those
from sim.figures.style import AGREES, INK, MARGIN, RULE, SOFT, WIDTH, in_house_style, panel, sheet, write
from sim.figures.text import SMALL, wrap
from sim.results.wording import counted, number, percent

#: The columns drawn: of the table, as they are headed, and whether they are fractions.
COLUMNS = {
    "shapley_shubik": ("Shapley-Shubik, by the rules alone", True),
    "banzhaf": ("Banzhaf, by the rules alone", True),
    "pivotal": ("pivotal, in the votes as they fall", True),
    "influence": ("influence on the voters' stance", False),
    "leverage": ("leverage on the chance of carrying", True),
}
FORMAL = ("shapley_shubik", "banzhaf")
_TEXT, _ROW, _HEAD = 2.2, 0.27, 0.6
#: Rows drawn: those with a vote, and as many of the others as have influence to be seen.
MOST = 32


def _written(value: float, name: str) -> str:
    return percent(value, 1) if COLUMNS[name][1] else number(value, 3)


def alike(table: pd.DataFrame, name: str) -> bool:
    """Whether all who have a vote have the same of a measure, as written."""
    written = {_written(value, name) for value in table.loc[table["votes"] > 0, name]}
    return len(written) == 1


def title_of(table: pd.DataFrame, body: str, names: Names) -> str:
    """Who has most formal power, and who most influence."""

    def most(rows: pd.DataFrame, name: str) -> tuple[str, str]:
        top = _written(float(rows[name].max()), name)
        return those(
            [names.member(row) for row in rows.loc[rows[name].map(lambda x: _written(x, name)) == top, "member"]]
        ), top

    voting = table[table["votes"] > 0]
    who, much = most(voting, "shapley_shubik")
    formal = f"most formal power: {who} ({much})"
    if alike(table, "shapley_shubik"):
        formal = f"by the rules {'the one vote has' if len(voting) == 1 else 'each vote has'} {much} of the power"
    who, much = most(table, "influence")
    informal = f"most influence: {who} ({much})" if float(much) > 0 else "nobody has influence to be seen"
    return f"{body}: {formal}; {informal}"


def rows_of(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """What is drawn: label, votes, and the mean, min and max of every measure; people who are alike are one row."""
    keys = table["member"].map(lambda member: names.groups.get(member) or names.member(member))
    grouped = table.groupby(keys.rename("label"), sort=False)
    rows = grouped[["votes", *COLUMNS]].agg(["mean", "min", "max"])
    rows.columns = ["_".join(column) for column in rows.columns]
    rows = rows.assign(has_vote=rows["votes_mean"] > 0)
    return rows.sort_values(["has_vote", "influence_mean"], ascending=False, kind="stable").reset_index().head(MOST)


@in_house_style
def power(table: pd.DataFrame, body: str, names: Names) -> Figure:
    """A row a member, a column a measure of power that is not the same for all, each to a scale of its own.

    table: member, votes, shapley_shubik, banzhaf, pivotal, influence, leverage; means over the body's ballots.
    """
    table = table[(table["votes"] > 0) | (table["influence"].abs() >= 0.0005)]
    rows, drawn = rows_of(table, names), [name for name in COLUMNS if name not in FORMAL or not alike(table, name)]
    several = bool((rows["influence_min"] < rows["influence_max"]).any())
    figure, top = sheet(
        names,
        _HEAD + _ROW * len(rows),
        title_of(table, body, names),
        f"{names.title}: means over the ballots of the body.{_formal(table)} Influence: units by which the mean stance "
        "of its voters moves for one unit of a member's first stance.",
        "Pivotal: of the histories in which a ballot was put, those in which the member's vote would have turned it. "
        "Leverage: the change of the chance of carrying for one unit of their first stance, either way. Columns have "
        "scales of their own."
        + " Of people said to be alike nothing is recorded: bars are means, lines go from the least to the most."
        * several,
    )
    wide = (WIDTH - 2 * MARGIN - _TEXT) / len(drawn)
    for row, label in enumerate(rows["label"]):
        said = label + ("" if rows["has_vote"][row] else " (no vote)")
        write(figure, MARGIN, top + _HEAD + (row + 0.5) * _ROW, wrap(said, _TEXT - 0.1, SMALL)[0], SMALL, va="center")
    for column, name in enumerate(drawn):
        _column(figure, MARGIN + _TEXT + column * wide, wide, top, rows, name)
    return figure


def _formal(table: pd.DataFrame) -> str:
    """What the rules give, where they give all the same."""
    same = [name for name in FORMAL if alike(table, name)]
    voting = table[table["votes"] > 0]
    said = (f"{COLUMNS[name][0].split(',')[0]} {_written(float(voting[name].iloc[0]), name)}" for name in same)
    return f" By the rules alone {counted(len(voting), 'vote')} weigh the same: {', '.join(said)} each." if same else ""


def _column(figure: Figure, left: float, wide: float, top: float, rows: pd.DataFrame, name: str) -> None:
    """A measure: its head, and a bar and a number for each row."""
    lines = "\n".join(wrap(COLUMNS[name][0], wide - 0.2, SMALL, lines=2, weight="bold"))
    write(figure, left, top + _HEAD - 0.08, lines, SMALL, va="bottom", weight="bold")
    axes = panel(figure, left, top + _HEAD, wide - 0.85, _ROW * len(rows))
    least, values, most = (rows[f"{name}_{what}"] for what in ("min", "mean", "max"))
    axes.set_xlim(min(float(least.min()), 0.0), max(float(most.max()), 1e-9))
    axes.set_ylim(len(rows), 0)
    axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
    axes.barh(rows.index + 0.5, values, height=0.62, color=AGREES, alpha=0.75, zorder=2)
    axes.hlines(rows.index + 0.5, least, most, color=INK, linewidth=1.2, zorder=3)
    for row, value in enumerate(values):
        y = top + _HEAD + (row + 0.5) * _ROW
        colour = INK if value else SOFT
        write(figure, left + wide - 0.2, y, _written(value, name), SMALL, ha="right", va="center", color=colour)
