"""The command that looks for what would have turned a decision: tipping."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, text
from sim.errors import UserError
from sim.results.wording import percent

Over = Annotated[
    str | None,
    typer.Option(
        help="What to vary: LETTER.strength, MOMENT.date, MOMENT.argues_for, a parameter, a member. Else all.",
        metavar="INPUT",
    ),
]
And = Annotated[str | None, typer.Option("--and", help="A second input, for a map over both.", metavar="INPUT")]
#: Inputs that turn a decision, as many as the terminal shows.
SHOWN = 15


def tipping(
    playing: options.Playing,
    draws: options.Draws,
    decision: options.Decision = None,
    scenario: options.Base = options.DEFAULT,
    over: Over = None,
    and_: And = None,
    runs: options.Runs = 500,
) -> None:
    """Find the tipping point of a decision: the value of one number at which it is even, or the smallest change of all.

    Example: `sim tipping may-confirmation --over deference-weight --runs 2000`
    """
    if and_ is not None and over is None:
        raise UserError(f"--and {and_}: a map needs two inputs: give the first with --over")
    from sim.analysis.inputs import inputs_named
    from sim.scenario.scenario import decision_of

    debate = draws.load(scenario, playing)
    inputs = tuple(name for name in (over, and_) if name is not None)
    decision = decision_of(debate, decision)
    inputs_named(debate, inputs)
    with playing.executor(runs) as executor:
        result = sim.tipping(debate, inputs, decision, runs, playing.seed, executor)
    table = (
        _curve(result)
        if isinstance(result, sim.TippingPoint)
        else _smallest(result)
        if isinstance(result, sim.SmallestChange)
        else _map(result)
    )
    playing.publish("tipping", result, terminal.Answer(tables=(table,)), executor)


def _curve(result: sim.TippingPoint) -> terminal.Table:
    (over,) = result.inputs
    return terminal.table(
        f"{result.decision} over {over.name}",
        result.table,
        number("value", lambda row: over.text(row.value)),
        number("put and carried", lambda row: percent(row.probability, 1)),
        number("95 %", lambda row: f"{percent(row.low, 1)} to {percent(row.high, 1)}"),
    )


def _smallest(result: sim.SmallestChange) -> terminal.Table:
    turning = result.table[result.table.tipping.notna()]
    return terminal.table(
        f"What turns {result.decision}, put and carried in {percent(result.probability, 1)} of histories",
        turning,
        text("input"),
        number("now", lambda row: f"{row.current:.3g}"),
        number("even at", lambda row: f"{row.tipping:.3g}"),
        number("of its range", lambda row: percent(row.change), gives_way=1),
        number("at one end", lambda row: percent(row.probability_low, 1), gives_way=2),
        number("at the other", lambda row: percent(row.probability_high, 1), gives_way=3),
        most=SHOWN,
    )


def _map(result: sim.TippingMap) -> terminal.Table:
    one, two = result.inputs
    grid = result.table.pivot(index="one", columns="two", values="probability")

    def cell(value: float, row: Any) -> str:
        return percent(grid[value][row.one])

    return terminal.table(
        f"{result.decision}, put and carried: {one.name} down, {two.name} across",
        grid.index.to_frame(),
        number("", lambda row: one.text(row.one)),
        *(number(two.text(value), partial(cell, value)) for value in sorted(set(result.table.two))),
    )
