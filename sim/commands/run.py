"""The command that plays one history and tells it: run."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import date, number, prose, text


def run(
    output: options.Output,
    draws: options.Draws,
    scenario: options.Debate = options.DEFAULT,
    replicate: Annotated[int, typer.Option(help="Which history.", min=0, max=2**32 - 1)] = 0,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Replace each outcome voted by the documented one.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show every moment and whom it moved.")] = False,
) -> None:
    """Play one history and tell it: what was decided, who moved far and by what, who voted how.

    Example: `sim run library-sunday --seed 7`
    """
    debate = draws.load(scenario, output)
    with terminal.progress(1, quiet=output.quiet):
        history = sim.play(debate, output.seed, replicate, as_recorded)
    table = _transcript(history) if full else _story(history)
    output.publish("run", history, terminal.Answer(tables=(table,)))


def _story(history: sim.Run) -> terminal.Table:
    from sim.results.story import FAR, story

    debate = history.scenario.debate
    axis = debate.axis
    table = terminal.table(
        f"History {history.replicate}", story(history), date(debate, "moment"), prose("what happens", "told")
    )
    moved = f"Members are named who move by {FAR * (axis.high - axis.low):g} or more between two decisions"
    return replace(table, note=f"{moved}; on the axis from {axis.low:g} to {axis.high:g}. --full shows every moment.")


def _transcript(history: sim.Run) -> terminal.Table:
    return terminal.table(
        f"History {history.replicate}",
        history.transcript[history.transcript.kind != "week"],
        date(history.scenario.debate, "moment", gives_way=4),
        text("moment"),
        text("kind", gives_way=3),
        text("whom", "member"),
        number("from", lambda row: _stance(row.before), gives_way=2),
        number("to", lambda row: _stance(row.after)),
        prose("note", gives_way=1),
    )


def _stance(value: float) -> str:
    return "" if value != value else f"{value:.3f}"
