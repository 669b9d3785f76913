"""The command that plays the debate against its record: replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import date, number, prose, text
from sim.results.wording import MISSING, percent

if TYPE_CHECKING:
    import pandas

Keep = Annotated[Literal["trajectories"] | None, typer.Option(help="Keep every history whole, too, as NetCDF.")]
NOT_COMPARED = "* shown, not compared: the file says why, no source says how it came out, or another motion won."


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
    debate = draws.load(scenario, playing)
    default = draws.unfitted_default(debate, scenario)
    with playing.executor(partial(histories, {}, runs)) as executor:
        played = sim.replay(debate, runs, playing.seed, executor, keep is not None)
    beside = None if default is None else sim.ensemble(default, runs, playing.seed).decisions
    answer = terminal.Answer(tables=(_decisions(played, beside),))
    playing.publish("replay", played, answer, executor, partial(_compared, playing, executor, played))


def _compared(
    playing: options.Playing, executor: sim.Executor, played: sim.Replay
) -> tuple[sim.Replay, terminal.Answer]:
    """A replay with all that it is compared with, and what is said of that."""
    from sim.ensembles.surprises import surprises

    with playing.progress(histories({}, played.runs)) as report:
        whole = replace(played, executor=replace(executor, report=report))
        tables = (*([_centres(whole)] if len(whole.centres) else []), _scores(whole))
        return whole, terminal.Answer(tables=tables, remarks=(*surprises(whole.ensemble), whole.text))


def histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many histories a replay plays in all."""
    from sim.evaluation import replay

    return replay.all_histories(runs)


def _decisions(played: sim.Replay, default: pandas.DataFrame | None) -> terminal.Table:
    """The record beside the model; default: the decisions of the unfitted default, where they are to be compared."""
    from sim.scenario.scenario import compared_ballots

    compared = {ballot.id for ballot in compared_ballots(played.scenario)}
    known = played.ensemble.decisions
    beside = {} if default is None else dict(zip(default.decision, default.probability, strict=True))
    table = terminal.table(
        "The record and the model"
        if played.scenario.posterior is None
        else "The record and the model, which was fitted to these very decisions but those marked *",
        known,
        date(played.scenario.debate, gives_way=2),
        text("body", gives_way=5),
        text("decision", lambda row: row.decision + ("" if row.decision in compared else " *")),
        text("documented", lambda row: row.documented or "unknown"),
        number("P(carried)", lambda row: percent(row.probability)),
        *([number("unfitted default", lambda row: percent(beside.get(row.decision, float("nan"))))] if beside else []),
        number("95 % of draws", lambda row: _if_put(row, f"{percent(row.low)} to {percent(row.high)}"), gives_way=1),
        number("yes votes (90 % of histories)", lambda row: _if_put(row, _votes(row)), gives_way=3),
        number("recorded", lambda row: row.documented_tally, gives_way=4),
    )
    return table if len(compared) == len(known) else replace(table, note=NOT_COMPARED)


def _votes(row: Any) -> str:
    return f"{row.tally_mean:.1f} ({row.tally_low:.5g}-{row.tally_high:.5g})"


def _if_put(row: Any, cell: str) -> str:
    """A cell of a motion that was put to the vote in any history; a dash for others."""
    return MISSING if row.probability != row.probability else cell


def _centres(played: sim.Replay) -> terminal.Table:
    at = played.centres.pivot_table(index="decision", columns="centre", values="probability")

    def cell(centre: float, row: Any) -> str:
        return percent(at[centre][row.decision])

    return replace(
        terminal.table(
            "P(carried), were the stances that nobody recorded centred elsewhere",
            played.ensemble.decisions,
            text("decision"),
            *(number(f"at {centre:+g}", partial(cell, centre)) for centre in sorted(set(played.centres.centre))),
            number("unknown", lambda row: percent(row.probability)),
            number("running free", lambda row: percent(row.probability_free), gives_way=1),
            number("put, free", lambda row: percent(row.put), gives_way=2),
        ),
        note="Running free: no outcome is corrected to the record on the way.",
    )


def _scores(played: sim.Replay) -> terminal.Table:
    return terminal.table(
        "Log score of the documented outcomes (nearer to 0 is better)",
        played.scores,
        prose("who predicts", "label"),
        number("total", lambda row: f"{row.total:.2f}"),
        number("mean", lambda row: f"{row.mean:.2f}", gives_way=1),
    )
