"""The command that measures power in a body: power."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import number, text
from sim.results.wording import counted, percent

Body = Annotated[
    str | None, typer.Argument(metavar="[BODY]", help="The id of a body; the one of the last decision compared.")
]
NOTE = (
    "Shapley-Shubik, Banzhaf: of the seats and the procedure alone. Pivotal: histories in which the member's vote "
    "would have turned a ballot. Influence: units by which the voters' mean stance moves for one unit of the member's "
    "first stance. Leverage: percentage points by which the chance of carrying moves, either way."
)


def power(
    playing: options.Playing,
    draws: options.Draws,
    body: Body = None,
    scenario: options.Base = options.DEFAULT,
    runs: options.Runs = 500,
) -> None:
    """Power in a body: by the rules alone, by the votes as they fall, and by what comes of each first stance.

    Example: `sim power politburo --runs 1000`
    """
    from sim.scenario.scenario import body_of

    debate = draws.load(scenario, playing)
    body = body_of(debate, body)
    with playing.executor(runs) as executor:
        result = sim.power(debate, body, runs, playing.seed, executor)
    table = replace(_members(result), note=NOTE)
    playing.publish("power", result, terminal.Answer(tables=(table,)), executor)


def _members(result: sim.Power) -> terminal.Table:
    return terminal.table(
        f"Power in {result.body}, over {counted(len(result.ballots), 'ballot')}",
        result.table,
        text("member"),
        number("votes", lambda row: f"{row.votes:.3g}", gives_way=6),
        number("Shapley-Shubik", lambda row: percent(row.shapley_shubik, 1), gives_way=2),
        number("Banzhaf", lambda row: percent(row.banzhaf, 1), gives_way=3),
        number("takes part", lambda row: percent(row.attends), gives_way=5),
        number("pivotal", lambda row: percent(row.pivotal, 1)),
        number("influence", lambda row: f"{row.influence:.3f}", gives_way=4),
        number("leverage", lambda row: f"{100 * row.leverage:.1f}", gives_way=1),
    )
