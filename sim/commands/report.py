"""A debate as a file to send, or as a worksheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options, terminal

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
    scenario: Base = options.DEFAULT,
    lesson: Lesson = False,
    runs: options.Runs = 3000,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Write record, replay, what-ifs and sources as one interactive HTML file that opens from disk, offline.

    Example: `sim report lenin-in-the-room --runs 10000`, or `sim report --lesson`
    """
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place
    from sim.web.report import content
    from sim.web.report.report import report_files

    check_place(out)
    debate = options.load_debate(scenario, evidence, reading, prior, posterior)
    asked = content.questions(debate, what_ifs or ())
    with terminal.progress(content.histories(runs, asked)) as done:
        contents = content.play(debate, asked, runs, seed, Executor(workers, report=done))
    files = report_files(contents, lesson)
    command = {"name": "report", "lesson": lesson, **contents.settings}
    folder = outputs.publish(out, debate, runs, seed, command, files)
    terminal.show(f"Open it in a browser: {folder / next(iter(files))}")
