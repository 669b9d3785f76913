"""The command that says which uncertain parameters decisions depend on: sensitivity."""

from __future__ import annotations

import math
from typing import Annotated

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, text

#: Parameters that the terminal shows; the table has all.
SHOWN = 15


def sensitivity(
    playing: options.Playing,
    readings: options.Readings,
    decision: options.Decision = None,
    scenario: options.Base = options.DEFAULT,
    runs: Annotated[
        int, typer.Option(help="Histories of each design point, a multiple of 16.", min=1, max=100_000_000)
    ] = 16,
    size: Annotated[int, typer.Option(help="Of the design: a power of 2.", min=2, max=2**16)] = 128,
) -> None:
    """What decisions depend on: how much of their variance is due to which uncertain parameter (Sobol indices).

    Example: `sim sensitivity december-rescission --size 256`
    """
    from sim.analysis.design import check_design, factors
    from sim.scenario.scenario import decision_of

    check_design(runs, size)
    # Priors are independent, a posterior is not: the indices are those of the priors.
    debate = readings.load(scenario)
    shown = decision_of(debate, decision)
    points = size * (len(factors(debate)) + 2)
    with playing.executor(runs * points) as executor:
        result = sim.sensitivity(debate, runs, size, playing.seed, executor)
    answer = terminal.Answer(tables=(_indices(result, shown),))
    playing.publish("sensitivity", result, answer, executor)


def _indices(result: sim.Sensitivity, decision: str) -> terminal.Table:
    """The parameters that a decision depends on most, and beside it how far its voters' stances are apart."""
    rows = result.table[result.table.decision == decision]
    both = rows[rows.measure == "carried"].merge(
        rows[rows.measure == "dispersion"], on="parameter", suffixes=("", "_of_dispersion")
    )
    return terminal.table(
        f"What {decision} depends on: fractions of the variance over {result.design.points} design points",
        both,
        text("parameter"),
        number("carried: alone", lambda row: _index(row.first_order, row.first_order_error)),
        number("carried: in all", lambda row: _index(row.total_order, row.total_order_error)),
        number(
            "dispersion: alone",
            lambda row: _index(row.first_order_of_dispersion, row.first_order_error_of_dispersion),
            gives_way=2,
        ),
        number(
            "dispersion: in all",
            lambda row: _index(row.total_order_of_dispersion, row.total_order_error_of_dispersion),
            gives_way=1,
        ),
        most=SHOWN,
    )


def _index(value: float, error: float) -> str:
    """An index with the half width of its interval; where nothing is seen to vary there is nothing to share out."""
    return "not seen to vary" if math.isnan(value) else f"{value:.2f} ± {error:.2f}"
