"""The picture of a measurement: histories a second by who plays them, and how time grows."""

from __future__ import annotations

from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.measurement import AGENTPY, ALL, BATCH_1, BATCH_2, MESA, NDLIB, NUMPY, ONE
from benchmarks.page import Found, per_second
from benchmarks.rounds import ratio

OURS, THEIRS, INK = "#0072B2", "#9a9a9a", "#1a1a1a"


def _bars(axes: Axes, found: Found, rule: str) -> None:
    times = found["peers"][rule]
    names = [name for name in (ALL, ONE, NUMPY, BATCH_2, MESA, BATCH_1, AGENTPY, NDLIB) if name in times]
    rates = [per_second(times[name]) for name in names]
    rows = range(len(names))
    axes.barh(rows, rates, color=[OURS if name in (ALL, ONE) else THEIRS for name in names], height=0.65)
    for row, rate in zip(rows, rates, strict=True):
        axes.annotate(f"{rate:,.0f}", (rate, row), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(rows, names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=min(rates) / 2, right=max(rates) * 6)
    axes.set_xlabel("histories a second (each step of the scale is ten times as many)", fontsize=8)
    faster = ratio(times[MESA], times[ALL])
    axes.set_title(f"{rule} bound: {faster:,.0f} times the idiomatic Mesa model", fontsize=10, loc="left")


def _growth(axes: Axes, found: Found) -> None:
    members = {int(number): 1e6 * median(times) for number, times in found["members"].items()}
    smallest = min(members)
    axes.plot(list(members), list(members.values()), "o-", color=OURS, label="measured")
    quadratic = [members[smallest] * number * (number - 1) / (smallest * (smallest - 1)) for number in members]
    axes.plot(list(members), quadratic, "--", color=THEIRS, label="as the pairs")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("members", fontsize=8)
    axes.set_ylabel("µs a talk and history", fontsize=8)
    axes.legend(fontsize=8, frameon=False)
    largest = max(members)
    part = members[largest] / quadratic[-1]
    axes.set_title(f"A talk among {largest:,} costs {part:.1f} of what its pairs would", fontsize=10, loc="left")


def _histories(axes: Axes, found: Found) -> None:
    times = {int(runs): 1e6 * median(rounds) for runs, rounds in found["histories"].items()}
    axes.plot(list(times), list(times.values()), "o-", color=OURS)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("histories in the ensemble", fontsize=8)
    axes.set_ylabel("µs a history", fontsize=8)
    axes.set_title(f"{max(times):,} histories: {times[max(times)]:.1f} µs each", fontsize=10, loc="left")


def picture(found: Found) -> Figure:
    """Two rules above, growth below."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    grid = figure.subplots(2, 2)
    for axes, rule in zip(grid[0], found["peers"], strict=False):
        _bars(axes, found, rule)
    _histories(grid[1][0], found)
    _growth(grid[1][1], found)
    for axes in grid.flat:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8, colors=INK)
    return figure
