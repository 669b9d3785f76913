"""The ballots: who voted how, and how surely; members down, ballots across."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.charts.axes import ALIKE, row_names_end, write_row_name
from sim.figures.data import FigureData, Row, records
from sim.figures.style import (
    AGREES,
    AWAY,
    DISAGREES,
    FAINT,
    INK,
    MARGIN,
    PAPER,
    SOFT,
    WIDTH,
    in_house_style,
    member_colours,
    panel,
    sheet,
    write,
)
from sim.figures.text import SMALL, line_height, wrap
from sim.results.wording import counted, percent

VOTES = ("yes", "abstain", "no", "absent")
#: No member's colours; and yes and no differ in lightness, so that they can be told apart in grey print.
VOTE_COLOURS = {"yes": AGREES, "abstain": "#f0f0f0", "no": DISAGREES, "absent": PAPER}
VOTE_WORDS = {"yes": "says yes", "abstain": "abstains", "no": "says no", "absent": "absent"}
VOTE_MARKS = {"yes": "^", "no": "v", "abstain": "s"}
_MARK: dict[str, Any] = {"markersize": 8, "color": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.2}
#: A row's height, and the room at either side of a cell, in inches.
_ROW, _EDGE = 0.26, 0.06
#: More rows than this are not read.
MOST_ROWS = 60
#: The width of a cell where there are few ballots, in inches.
_WIDEST = 4.0

#: For each decision and row: the shares, in the order of VOTES, and the vote on record.
_Cells = dict[tuple[str, int], tuple[tuple[float, ...], str]]


def _title(data: FigureData) -> str:
    """How many votes on record the model names as the likeliest, and how many of these it was fitted to."""
    given = data.ballots[data.ballots["documented"].isin(VOTE_MARKS)]
    on_record = given[[(vote.decision, vote.member) not in data.recalled for vote in records(given)]]
    if len(on_record):
        shares = on_record[["yes", "no", "abstain"]].fillna(0.0)
        recorded = shares.columns.to_numpy() == on_record["documented"].to_numpy()[:, None]
        # What is as likely as another vote is not the likeliest.
        hits = int((shares.where(recorded, 0).max(axis=1) > shares.mask(recorded, 0).max(axis=1)).sum())
        fitted = int((~on_record["decision"].isin(data.shown_only)).sum()) if data.fitted else 0
        same = on_record["documented"].iloc[0] if len(on_record) > 1 and len(set(on_record["documented"])) == 1 else ""
        what = counted(len(on_record), "vote") + " on record by name" + (f", all of them {same}" if same else "")
        return f"Of {what}, the model finds {hits} the likeliest; it was fitted to {fitted or 'none'}"
    if data.ballots.empty:
        return data.headed("nothing was put to the vote")
    cast = data.ballots[data.ballots[["yes", "no"]].sum(axis=1) > 0]
    sure = int((cast[["yes", "no"]].max(axis=1) >= 0.9).sum())
    return f"The model is at least 90 % sure of {sure} of {counted(len(cast), 'vote')}; none is on record by name"


@in_house_style
def ballots(data: FigureData) -> Figure:
    """Each cell shows the shares of histories in which the member says yes, abstains, says no or is absent.

    Of many decisions only those that disagree most with the model have a column, and of many members the last share a
    row, their mean.
    """
    voted = data.ballots[data.ballots["decision"].isin(data.shown_decisions["decision"])]
    voters = set(voted["member"])
    rows = [row for row in data.rows(MOST_ROWS) if voters & set(row.members)]
    decisions = data.shown_decisions[data.shown_decisions["decision"].isin(set(voted["decision"]))]
    count = max(len(decisions), 1)
    left = row_names_end(rows)
    width = (WIDTH - left - MARGIN) / count
    inner = min(width, _WIDEST + 0.1) - 0.1
    heads = [wrap(data.ballot_label(row.decision), inner + 0.1, SMALL, lines=4) for row in records(decisions)]
    unders = [_under(data, row, inner + 0.1) for row in records(decisions)]
    head = max((len(h) + len(u) for h, u in zip(heads, unders, strict=True)), default=1) * line_height(SMALL) + 0.14
    cells = _shares(voted, rows)
    recalled = _recalled(data, rows)
    colours = member_colours(data)
    kinds = [2 if len(row.members) > 1 else 0 if row.members[0] in colours else 1 for row in rows]
    # A gap before the first unnamed member and before the first group.
    breaks = {i for i in range(1, len(kinds)) if kinds[i] != kinds[i - 1]}
    height = _ROW * (len(rows) + 0.4 * len(breaks)) or _ROW
    figure, top = sheet(
        data,
        head + height,
        _title(data),
        data.headed("share of histories in which each member says yes, abstains, says no or is absent.")
        + data.said_of_shown,
        _note(cells, len(rows) * len(decisions), recalled),
        _key(cells),
    )
    axes = panel(figure, left, top + head, width * count, height)
    axes.set_xlim(0, count)
    axes.set_ylim(height / _ROW, 0)
    places = [i + 0.4 * sum(gap <= i for gap in breaks) for i in range(len(rows))]
    for i in breaks:
        axes.axhline(places[i] - 0.2, color=FAINT, linewidth=0.7)
    for column, (name, under) in enumerate(zip(heads, unders, strict=True)):
        x = left + column * width + _EDGE
        above = top + head - 0.115 - len(under) * line_height(SMALL)
        write(figure, x, above, "\n".join(name), SMALL, va="baseline")
        write(figure, x, top + head - 0.09, "\n".join(under), SMALL, color=SOFT, va="baseline")
    _draw_cells(axes, cells, list(decisions["decision"]), places, recalled)
    for line, place in zip(rows, places, strict=True):
        middle = top + head + (place + 0.5) * _ROW
        write_row_name(figure, left - 0.12, middle, line.name, left - MARGIN - 0.15, colours.get(line.members[0]))
    return figure


def _under(data: FigureData, row: Any, width: float) -> list[str]:
    """The lines under a ballot's name: its day, and what came of it in the record and in the model."""
    lines = [data.date_of(row.decision, row.date)]
    lines.append(row.documented if row.documented in ("carried", "rejected") else "not on record")
    if pd.notna(row.probability):
        lines.append(percent(row.probability))
    return [part for line in lines for part in wrap(line, width, SMALL, lines=2)]


def _shares(voted: pd.DataFrame, rows: list[Row]) -> _Cells:
    """The mean shares of each row, and the vote of a person, or of all who are drawn as one, that a source gives."""
    row_of = {member: i for i, row in enumerate(rows) for member in row.members}
    votes = voted.assign(row=voted["member"].map(row_of)).fillna(dict.fromkeys(VOTES, 0.0))
    means = votes.groupby(["decision", "row"], sort=False)[list(VOTES)].mean()
    given: dict[tuple[str, int], set[str]] = {}
    for cast in records(votes):
        given.setdefault((cast.decision, cast.row), set()).add(str(cast.documented))
    recorded = {place: str(*found) for place, found in given.items() if len(found) == 1}
    return {
        (str(decision), int(row)): (tuple(map(float, cell)), recorded.get((decision, row), ""))
        for (decision, row), *cell in means.itertuples(name=None)
    }


def _recalled(data: FigureData, rows: list[Row]) -> set[tuple[str, int]]:
    """The cells in which a vote is not recorded, but recalled, inferred or assumed."""
    row_of = {member: i for i, row in enumerate(rows) for member in row.members}
    return {(decision, row_of[member]) for decision, member in data.recalled if member in row_of}


def _draw_cells(
    axes: Axes, shares: _Cells, decisions: list[str], places: list[float], recalled: set[tuple[str, int]]
) -> None:
    """A stacked bar of the shares in every cell; where nobody was eligible, a dot. recalled: cells with a pale mark."""
    width = axes.get_position().width * WIDTH / max(len(decisions), 1)
    edge = _EDGE / width
    across = min(1 - 2 * edge, _WIDEST / width)
    low, tall = 0.12, 0.76
    # One collection a vote, not one patch a cell: a committee with ten ballots has a thousand pieces.
    boxes: dict[str, list[tuple[float, float, float]]] = {vote: [] for vote in (*VOTES, "outline")}
    dots: list[tuple[float, float]] = []
    for column, decision in enumerate(decisions):
        for row, place in enumerate(places):
            x = column + edge
            if (decision, row) not in shares:
                dots.append((x + across / 2, place + 0.5))
                continue
            cell, recorded = shares[decision, row]
            boxes["outline"].append((x, place + low, across))
            if recorded in VOTE_MARKS:
                looks = _MARK | (
                    {"markeredgecolor": SOFT, "markeredgewidth": 0.7} if (decision, row) in recalled else {}
                )
                axes.plot([x + across / 2], [place + 0.5], marker=VOTE_MARKS[recorded], zorder=4, **looks)
            for vote, share in zip(VOTES, cell, strict=True):
                if share > 0:
                    boxes[vote].append((x, place + low, share * across))
                x += share * across
    if dots:
        axes.plot(*zip(*dots, strict=True), linestyle="none", marker=".", markersize=2, color=FAINT)
    for vote, places_of in boxes.items():
        corners = [[(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)] for x, y, wide in places_of]
        width, above = (0.5, 2) if vote == "outline" else (0.0, 1)
        axes.add_collection(PolyCollection(corners, linewidth=width, zorder=above, **_looks(vote)))


def _looks(vote: str) -> dict[str, Any]:
    """How the area of a vote is filled."""
    hatch = AWAY if vote == "absent" else None
    return {"facecolor": VOTE_COLOURS.get(vote, "none"), "edgecolor": FAINT, "hatch": hatch}


def _note(cells: _Cells, places: int, recalled: set[tuple[str, int]]) -> str:
    parts = ["Under each ballot: its day, the outcome on record, and the model's chance that it is carried."]
    if len(cells) < places:
        parts.append("A dot: no vote there then.")
    if any(recorded for _, recorded in cells.values()):
        parts.append("A mark in a cell: a vote that a source records by name.")
    if any(place in recalled and recorded for place, (_, recorded) in cells.items()):
        parts.append("A pale one: a vote that is only recalled, inferred or assumed.")
    parts.append(ALIKE)
    return " ".join(parts)


def _key(cells: _Cells) -> list[Artist]:
    """What the colours and marks mean; only of those that are drawn."""
    drawn = {vote for shares, _ in cells.values() for vote, share in zip(VOTES, shares, strict=True) if share > 0}
    recorded = {vote for _, vote in cells.values()}
    shares = [Patch(linewidth=0.5, label=VOTE_WORDS[vote], **_looks(vote)) for vote in VOTES if vote in drawn]
    marks = [
        Line2D([], [], linestyle="none", marker=mark, label=f"{vote} on record", **_MARK | {"markersize": 7})
        for vote, mark in VOTE_MARKS.items()
        if vote in recorded
    ]
    return [*shares, *marks]
