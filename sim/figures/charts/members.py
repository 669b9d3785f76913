"""Every member's stance over time in a small panel of his own, with what the record says of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.data import FigureData, records, words
from sim.figures.style import (
    FAINT,
    FEW_DATES,
    INK,
    LABEL,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    WIDTH,
    date_ticks,
    in_house_style,
    member_colours,
    name_positions,
    panel,
    rule_positions,
    sheet,
)
from sim.figures.text import day_number, day_numbers, line_height, text_width, wrap

#: A sheet with more panels than this leaves out the stand-ins whom nobody recorded.
MOST_PANELS = 48

#: How an observation is drawn by its evidence: a marker filled with black, with grey, or hollow.
_EVIDENCE = {"documented": INK, "attributed": "#b0b0b0", "conjecture": PAPER, "assumed": PAPER}


def _shown_members(data: FigureData) -> tuple[list[str], list[str]]:
    """The members who get a panel, and the groups of stand-ins left out to keep the panels legible."""
    members = data.members
    if len(members) <= MOST_PANELS or (members["group"] != "").all():
        return [str(member) for member in members["member"]], []
    people = members[members["group"] == ""]
    return [str(member) for member in people["member"]], list(
        dict.fromkeys(members.loc[members["group"] != "", "group"])
    )


@dataclass(frozen=True)
class _Check:
    """What became of a stance on record: whether the median is nearest to it, and whether the band gets so near."""

    median: bool
    band: bool


def _checked(data: FigureData, row: pd.Series) -> _Check | None:
    """The model held against an observed stance; None if the member was not played.

    A stance on record stands for all that is nearer to it than to the next named position: somebody who is said to
    stand at the end of the axis need not stand on its last point. One seen on a day is compared with the nearest
    date, one said of a period with the mean over the period.
    """
    rows = data.course(str(row["member"]))
    if rows.empty:
        return None
    if pd.notna(row["until"]):
        during = rows[(rows["date"] >= row["date"]) & (rows["date"] <= row["until"])]
        rows = during if len(during) else rows
    else:
        rows = rows.iloc[[int((rows["date"] - row["date"]).abs().to_numpy().argmin())]]
    low, high = data.around(float(row["stance"]))
    middle = rows["q50"].mean()
    return _Check(bool(low <= middle <= high), bool(rows["q05"].mean() <= high and rows["q95"].mean() >= low))


def _title(data: FigureData, observed: pd.DataFrame) -> str:
    checks = [check for _, row in observed.iterrows() if (check := _checked(data, row)) is not None]
    if not checks:
        last = {
            str(member): float(data.course(str(member))["q50"].iloc[-1]) for member in data.stances["member"].unique()
        }
        return f"At the end, medians reach {data.reach(last)}"
    medians, bands = sum(check.median for check in checks), sum(check.band for check in checks)
    stances = "stance" if len(checks) == 1 else "stances"
    return f"The 90 % band reaches {bands} of {len(checks)} {stances} on record; the median is nearest to {medians}"


@in_house_style
def small_multiples(data: FigureData) -> Figure:
    """One panel a member: median stance, 50 % and 90 % bands, and the stances on record drawn on top."""
    members, left_out = _shown_members(data)
    observed = data.observations[data.observations["member"].isin(members)]
    title = _title(data, observed)
    note = "Panels share both axes. A name in colour is a member named in the chart of all stances."
    if len(observed):
        note += " A stance on record stands for all that is nearer to it than to the next position."
    else:
        note += " No stance is on record."
    if left_out:
        absent = int((data.members["group"] != "").sum())
        note += f" Left out: {absent} stand-ins for people of whom nothing is recorded ({', '.join(left_out)})."

    columns = max(2, len(members)) if len(members) <= 5 else 4 if len(members) <= 12 else 6 if len(members) <= 30 else 7
    rows = math.ceil(len(members) / columns)
    widest = max((text_width(words(name), SMALL) for name, _ in data.positions), default=0.5)
    left, gap = MARGIN + 0.12 + min(widest, 1.5), 0.14
    width = (WIDTH - left - MARGIN - gap * (columns - 1)) / columns
    height = 1.0 if columns > 4 else 1.25
    pitch = height + 0.34
    figure, top = sheet(
        rows * pitch + 0.4,
        title,
        f"{data.question} Vertical axis: {data.axis_label}.",
        note,
        _multiples_key(observed),
    )
    start, end = data.stances["date"].min(), data.stances["date"].max()
    ticks = date_ticks(start, end, max(2, int(width / 0.5)))
    limits = day_number(start), day_number(end)
    for i, member in enumerate(members):
        down, across = divmod(i, columns)
        axes = panel(figure, left + across * (width + gap), top + down * pitch + 0.26, width, height)
        axes.set_xlim(*limits)
        rule_positions(axes, data)
        if across == 0:
            name_positions(axes, data, height, left - MARGIN - 0.08)
        last = i + columns >= len(members)
        axes.set_xticks([x for x, _ in ticks], [text if last else "" for _, text in ticks], fontsize=SMALL)
        for label, (x, text) in zip(axes.get_xticklabels(), ticks, strict=True):
            half = max(text_width(part, SMALL) for part in text.split("\n")) / 2
            place = (x - limits[0]) / max(limits[1] - limits[0], 1.0) * width
            # Kept inside its own panel, or it would run into the neighbour's.
            label.set_horizontalalignment("left" if place < half else "right" if place > width - half else "center")
        axes.tick_params(axis="x", length=2, color=FAINT)
        axes.spines["bottom"].set_visible(True)
        _draw_panel(axes, data, member, observed, width)
    return figure


def _multiples_key(observed: pd.DataFrame) -> list[Artist]:
    """What lines, bands and marks mean; only of the marks that are drawn."""

    def stance(evidence: str) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=5.5,
            color=_EVIDENCE[evidence],
            markeredgecolor=INK,
            label="conjecture or assumed" if evidence == "conjecture" else evidence,
        )

    key: list[Artist] = [
        Line2D([], [], color=SOFT, linewidth=1.6, label="median"),
        Patch(color=SOFT, alpha=0.45, linewidth=0, label="50 % of histories"),
        Patch(color=SOFT, alpha=0.18, linewidth=0, label="90 %"),
    ]
    if len(observed):
        kinds = set(observed["evidence"].replace("assumed", "conjecture"))
        key.append(Line2D([], [], linestyle="none", label="on record:"))
        key += [stance(kind) for kind in ("documented", "attributed", "conjecture") if kind in kinds]
    if observed["until"].notna().any():
        key.append(Line2D([], [], color=INK, linewidth=1.6, label="said of a whole period"))
    return key


def _draw_panel(axes: Axes, data: FigureData, member: str, observed: pd.DataFrame, width: float) -> None:
    rows = data.course(member)
    days = day_numbers(rows["date"])
    named = member_colours(data).get(member)
    colour = named or "#6f6f6f"
    axes.fill_between(days, rows["q05"], rows["q95"], color=colour, alpha=0.16, linewidth=0, zorder=1)
    axes.fill_between(days, rows["q25"], rows["q75"], color=colour, alpha=0.3, linewidth=0, zorder=1.1)
    axes.plot(days, rows["q50"], color=colour, linewidth=1.6, zorder=2)
    if len(rows) <= FEW_DATES:
        axes.plot(days, rows["q50"], linestyle="none", marker="o", markersize=4, color=colour, zorder=2, clip_on=False)
    low, high = axes.get_xlim()
    for row in records(observed[observed["member"] == member]):
        fill = _EVIDENCE.get(row.evidence, PAPER)
        first = min(max(day_number(row.date), low), high)
        middle = first
        if pd.notna(row.until):
            last = min(max(day_number(row.until), low), high)
            middle = (first + last) / 2
            axes.plot(
                [first, last],
                [row.stance] * 2,
                color=INK,
                linewidth=1.6,
                zorder=3,
                clip_on=False,
                solid_capstyle="butt",
            )
        axes.plot(
            [middle],
            [row.stance],
            marker="o",
            markersize=4.8,
            color=fill,
            markeredgecolor=INK,
            markeredgewidth=0.9,
            zorder=3.1,
            clip_on=False,
        )
    name = wrap(data.label(member), width - 0.05, LABEL, weight="bold" if named else "normal")[0]
    above = 0.06 / (line_height(LABEL) * 6)
    axes.text(
        0,
        1 + above,
        name,
        transform=axes.transAxes,
        fontsize=LABEL,
        color=named or INK,
        va="bottom",
        weight="bold" if named else "normal",
    )
