"""Commands that play: replay, run, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import options, terminal

if TYPE_CHECKING:
    from rich.table import Table

    from sim.evaluation.replay import Replay


def _decisions(played: Replay) -> Table:
    from sim.scenario.scenario import compared_ballots

    compared = {ballot.id for ballot in compared_ballots(played.scenario)}
    table = terminal.table(
        "The record and the model"
        if played.scenario.posterior is None
        else "The record and the model, which was fitted to these very decisions but those marked *",
        *(("date", "left"), ("body", "left"), ("motion", "left"), ("documented", "left"), ("P(carried)", "right")),
        *(("95 % of draws", "right"), ("yes votes", "right"), ("recorded", "right"), ("right?", "left")),
    )
    for row in terminal.rows(played.ensemble.decisions):
        never_put = row.probability != row.probability
        says = "carried" if row.probability > 0.5 else "rejected"
        right = "" if never_put or not row.documented else "yes" if says == row.documented else "no"
        mark = "" if row.decision in compared else " *"
        interval = "–" if never_put else f"{terminal.percent(row.low)} to {terminal.percent(row.high)}"
        votes = "–" if never_put else f"{row.tally_mean:.1f} ({row.tally_low:.0f}-{row.tally_high:.0f})"
        table.add_row(
            f"{row.date:%Y-%m-%d}",
            row.body,
            row.motion,
            row.documented or "unknown",
            terminal.percent(row.probability),
            interval,
            votes,
            row.documented_tally,
            right + mark,
        )
    return table


def _centres(played: Replay) -> Table:
    at = {(row.decision, row.centre): row.probability for row in terminal.rows(played.centres)}
    centres = sorted({centre for _, centre in at})
    table = terminal.table(
        "P(carried), were the stances that nobody recorded centred elsewhere",
        ("decision", "left"),
        *((f"centre {centre:+g}", "right") for centre in centres),
        *(("centre unknown", "right"), ("running free", "right"), ("put, running free", "right")),
    )
    for row in terminal.rows(played.ensemble.decisions):
        moved = [terminal.percent(at[row.decision, centre]) for centre in centres]
        always = (terminal.percent(row.probability), terminal.percent(row.probability_free), terminal.percent(row.put))
        table.add_row(row.decision, *moved, *always)
    return table


def _scores(played: Replay) -> Table:
    table = terminal.table(
        "Log score of the documented outcomes (nearer to 0 is better)",
        ("who predicts", "left"),
        ("total", "right"),
        ("mean", "right"),
    )
    for row in terminal.rows(played.scores):
        table.add_row(row.label, f"{row.total:.2f}", f"{row.mean:.2f}")
    return table


def replay(
    scenario: options.Debate = options.DEFAULT,
    runs: options.Runs = 2000,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: options.Resume = False,
    keep: options.Keep = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Play the debate against its record: the documented decisions beside what the model says.

    Example: `sim replay monopoly-1922 --runs 20000 --evidence documented`
    """
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.evaluation.replay import ENSEMBLES
    from sim.evaluation.replay import replay as replayed
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    with terminal.progress(ENSEMBLES * runs) as report:
        executor = Executor(workers, cluster, out / options.UNFINISHED, resume, report)
        played = replayed(debate, runs, seed, executor, keep is not None)
    terminal.show(_decisions(played), "* shown, not compared: its electorate is mostly unknown, or its outcome is\n")
    if len(played.centres):
        terminal.show(_centres(played))
    terminal.show(_scores(played), played.text)
    folder = outputs.publish_replay(out, played)
    executor.delete()
    terminal.show(f"Tables, figures and manifest: {folder}")


def run(
    scenario: options.Debate = options.DEFAULT,
    seed: options.Seed = 1922,
    replicate: Annotated[int, typer.Option(help="Which history.", min=0, max=2**32 - 1)] = 0,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Replace each outcome voted by the documented one.")
    ] = False,
    out: options.Out = Path("outputs"),
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Play one history with Mesa agents and write down who said what, whom it moved and how they voted.

    Example: `sim run library-sunday --seed 7`
    """
    from sim.commands import outputs
    from sim.model import transcript
    from sim.results.folder import check_place

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    with terminal.progress(1):
        history = transcript.play(debate, seed, replicate, as_recorded)
    table = terminal.table(
        f"History {replicate} of seed {seed}",
        ("date", "left"),
        ("moment", "left"),
        ("kind", "left"),
        ("whom", "left"),
        ("from", "right"),
        ("to", "right"),
        ("note", "left"),
    )
    shown = history.transcript[history.transcript.kind != "week"]
    for row in terminal.rows(shown):
        ends = ["" if end != end else f"{end:.3f}" for end in (row.before, row.after)]
        table.add_row(f"{row.date:%Y-%m-%d}", row.moment, row.kind, row.member, *ends, row.note)
    terminal.show(table)
    folder = outputs.publish_run(out, history, as_recorded)
    terminal.show(f"Transcript (with the weeks), stances and ballots: {folder}")


def verify(
    folder: Annotated[Path, typer.Argument(help="A folder that a command has written.", metavar="DIR")],
    rebuild: Annotated[bool, typer.Option("--again", help="Play it again, too, and compare.")] = False,
    workers: options.Workers = None,
) -> None:
    """Check a folder of results against its manifest: nothing changed, and with --again nothing different.

    Example: `sim verify outputs/monopoly-1922-0123456789ab --again`
    """
    from sim.commands import verification
    from sim.ensembles.executor import Executor
    from sim.results.manifest import differences, read_manifest

    wrong = differences(folder)
    if rebuild and not wrong:
        with terminal.progress(verification.histories(read_manifest(folder))) as report:
            wrong = verification.played_again(folder, Executor(workers, report=report))
    if wrong:
        typer.echo("\n".join(wrong), err=True)
        raise SystemExit(1)
    number = len(read_manifest(folder)["files"])
    more = ", and the same when played again" if rebuild else ""
    typer.echo(f"{folder}: {number} files as the manifest says{more}")
