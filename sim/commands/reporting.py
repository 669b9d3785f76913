"""A debate as a file to send, or as a worksheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import arguments, terminal

WhatIfs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[WHAT-IF]...", help="Shipped what-ifs or YAML files; all that come with the debate if none."
    ),
]
Lesson = Annotated[bool, typer.Option("--lesson", help="A worksheet for a class instead: two pages to print.")]
Base = Annotated[str, typer.Option("--scenario", help="A shipped name or a YAML file.", metavar="NAME")]


def report(
    what_ifs: WhatIfs = None,
    scenario: Base = arguments.DEFAULT,
    lesson: Lesson = False,
    runs: arguments.Runs = 3000,
    seed: arguments.Seed = 1922,
    out: arguments.Out = Path("outputs"),
    workers: arguments.Workers = None,
    evidence: arguments.Evidence = arguments.EvidenceFilter.all,
    reading: arguments.Reading = None,
    prior: arguments.Prior = False,
    posterior: arguments.Posterior = None,
) -> None:
    """Write record, replay, what-ifs and sources as one interactive HTML file that opens from disk, offline.

    Example: `sim report lenin-in-the-room --runs 10000`, or `sim report --lesson`
    """
    from sim import publish, results
    from sim.crew import Crew
    from sim.report import contents, files

    results.check_place(out)
    debate = arguments.load_debate(scenario, evidence, reading, prior, posterior)
    asked = contents.questions(debate, what_ifs or ())
    with terminal.progress(contents.histories(runs, asked)) as done:
        played = contents.play(debate, asked, runs, seed, Crew(workers, report=done))
    made = files.report_files(played, lesson)
    folder = publish.publish(out, debate, runs, seed, files.command(played, lesson), made)
    terminal.show(f"Open it in a browser: {folder / next(iter(made))}")
