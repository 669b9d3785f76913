"""The command that attributes a decision to its causes: attribute."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, text

Causes = Annotated[
    list[str] | None,
    typer.Option(
        "--cause",
        help="A cause: an id, a pattern as 'letter-*', letters:MEMBER, absences:MEMBER, presence:MEMBER, deference, or "
        "NAME=one+another. May be repeated.",
        metavar="CAUSE",
    ),
]


Of = Annotated[
    Literal["carried", "policy"],
    typer.Option(help="The probability that it is put and carried, or the policy after it."),
]
#: Rows of interactions that the terminal shows; the table has all.
SHOWN = 5


def attribute(
    playing: options.Playing,
    draws: options.Draws,
    decision: options.Decision = None,
    scenario: options.Base = options.DEFAULT,
    cause: Causes = None,
    of: Of = "carried",
    runs: options.Runs = 1_000,
) -> None:
    """Attribute a decision to its causes: letters, absences, presences, deference (Shapley values).

    Example: `sim attribute december-rescission --cause 'lenin-letter-1922-12-*' --cause letters:krasin`
    """
    from sim.analysis import causes
    from sim.scenario.scenario import decision_of

    debate = draws.load(scenario, playing)
    decision = decision_of(debate, decision)
    causes.chosen(debate, decision, cause or ())
    with playing.executor(runs) as executor:
        result = sim.attribute(debate, decision, cause or (), of, runs, playing.seed, executor)
    tables = (_contributions(result), *([_interactions(result)] if len(result.interactions) else []))
    playing.publish("attribute", result, terminal.Answer(tables=tables), executor)


def _value(result: sim.Attribution, value: float) -> str:
    if value != value:
        return "–"
    return f"{value:+.3f}" if result.of == "policy" else f"{100 * value:+.1f}"


def _contributions(result: sim.Attribution) -> terminal.Table:
    chance, policy = "P(put and carried), in percentage points", "the mean policy after it, in units of the axis"
    table = terminal.table(
        f"{result.decision}: {chance if result.of == 'carried' else policy}, attributed to {len(result.causes)} causes",
        result.table,
        text("cause"),
        number("contribution", lambda row: _value(result, row.contribution)),
        number("95 %", lambda row: f"{_value(result, row.low)} to {_value(result, row.high)}", gives_way=1),
        number("first in", lambda row: _value(result, row.first_in), gives_way=2),
        number("last in", lambda row: _value(result, row.last_in), gives_way=3),
    )
    return replace(table, note=_sums(result))


def _sums(result: sim.Attribution) -> str:
    full, empty = float(result.full), float(result.empty)
    ends = (f"{100 * empty:.1f}", f"{100 * full:.1f}") if result.of == "carried" else (f"{empty:.3f}", f"{full:.3f}")
    how = "all coalitions of causes" if result.is_exact else f"{len(result.orders)} sampled orders"
    return (
        f"From {ends[0]} without any of them to {ends[1]} with all; contributions add up to the difference exactly "
        f"({how}). First in: what it adds where no other cause is. Last in: what it adds where all others are."
    )


def _interactions(result: sim.Attribution) -> terminal.Table:
    return terminal.table(
        "What two causes do together beyond what each does",
        result.interactions,
        text("one"),
        text("two"),
        number("together", lambda row: _value(result, row.interaction)),
        most=SHOWN,
    )
