"""Commands that play the debate: replay (many histories against the record) and run (one, written down)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import date, number, text
from sim.results.wording import MISSING, percent

Keep = Annotated[Literal["trajectories"] | None, typer.Option(help="Keep every history whole, too, as NetCDF.")]


def replay(
    playing: options.Playing,
    draws: options.Draws,
    scenario: options.Debate = options.DEFAULT,
    runs: options.Runs = 2000,
    keep: Keep = None,
) -> None:
    """Play the debate against its record: the documented decisions beside what the model says.

    Example: `sim replay monopoly-1922 --runs 20000 --evidence documented`
    """
    debate = draws.load(scenario)
    with playing.executor(histories({}, runs)) as executor:
        played = sim.replay(debate, runs, playing.seed, executor, keep is not None)
    terminal.show(_decisions(played), "* shown, not compared: its electorate is mostly unknown, or its outcome is\n")
    if len(played.centres):
        terminal.show(_centres(played))
    terminal.show(_scores(played), played.text)
    playing.publish("replay", played, executor)


def histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many histories a replay plays in all."""
    from sim.evaluation import replay

    return replay.histories(runs)


def _decisions(played: sim.Replay) -> terminal.Table:
    from sim.scenario.scenario import compared_ballots

    compared = {ballot.id for ballot in compared_ballots(played.scenario)}
    known = played.ensemble.decisions
    rows = known.assign(
        right=[
            _right(row.probability, row.documented) + ("" if row.decision in compared else " *")
            for row in terminal.records(known)
        ]
    )
    return terminal.table(
        "The record and the model"
        if played.scenario.posterior is None
        else "The record and the model, which was fitted to these very decisions but those marked *",
        rows,
        date(),
        text("body"),
        text("motion"),
        text("documented", lambda row: row.documented or "unknown"),
        number("P(carried)", lambda row: percent(row.probability)),
        number("95 % of draws", lambda row: _if_put(row, f"{percent(row.low)} to {percent(row.high)}")),
        number(
            "yes votes", lambda row: _if_put(row, f"{row.tally_mean:.1f} ({row.tally_low:.0f}-{row.tally_high:.0f})")
        ),
        number("recorded", lambda row: row.documented_tally),
        text("right?", "right"),
    )


def _right(probability: float, documented: str) -> str:
    if probability != probability or not documented:
        return ""
    return "yes" if documented == ("carried" if probability > 0.5 else "rejected") else "no"


def _if_put(row: Any, cell: str) -> str:
    """A cell of a motion that was put to the vote in any history; a dash for others."""
    return MISSING if row.probability != row.probability else cell


def _centres(played: sim.Replay) -> terminal.Table:
    at = played.centres.pivot(index="decision", columns="centre", values="probability")

    def cell(centre: float, row: Any) -> str:
        return percent(at[centre][row.decision])

    return terminal.table(
        "P(carried), were the stances that nobody recorded centred elsewhere",
        played.ensemble.decisions,
        text("decision"),
        *(number(f"centre {centre:+g}", partial(cell, centre)) for centre in sorted(set(played.centres.centre))),
        number("centre unknown", lambda row: percent(row.probability)),
        number("running free", lambda row: percent(row.probability_free)),
        number("put, running free", lambda row: percent(row.put)),
    )


def _scores(played: sim.Replay) -> terminal.Table:
    return terminal.table(
        "Log score of the documented outcomes (nearer to 0 is better)",
        played.scores,
        text("who predicts", "label"),
        number("total", lambda row: f"{row.total:.2f}"),
        number("mean", lambda row: f"{row.mean:.2f}"),
    )


def run(
    output: options.Output,
    draws: options.Draws,
    scenario: options.Debate = options.DEFAULT,
    replicate: Annotated[int, typer.Option(help="Which history.", min=0, max=2**32 - 1)] = 0,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Replace each outcome voted by the documented one.")
    ] = False,
) -> None:
    """Play one history with Mesa agents and write down who said what, whom it moved and how they voted.

    Example: `sim run library-sunday --seed 7`
    """
    debate = draws.load(scenario)
    with terminal.progress(1):
        history = sim.play(debate, output.seed, replicate, as_recorded)
    table = terminal.table(
        f"History {replicate} of seed {output.seed}",
        history.transcript[history.transcript.kind != "week"],
        date(),
        text("moment"),
        text("kind"),
        text("whom", "member"),
        number("from", lambda row: _stance(row.before)),
        number("to", lambda row: _stance(row.after)),
        text("note"),
    )
    terminal.show(table)
    output.publish("run", history, what="Transcript (with the weeks), stances and ballots")


def _stance(value: float) -> str:
    return "" if value != value else f"{value:.3f}"
