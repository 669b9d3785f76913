"""Commands that explain a decision: attribute."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import arguments, terminal

if TYPE_CHECKING:
    from rich.table import Table

    from sim.attribution import Attribution

Decision = Annotated[
    str | None, typer.Argument(metavar="[DECISION]", help="The id of a ballot; the last one compared with the record.")
]
Base = Annotated[str, typer.Option("--scenario", help="A shipped name or a YAML file.", metavar="NAME")]
Causes = Annotated[
    list[str] | None,
    typer.Option(
        "--cause",
        help="A cause: an id, a pattern as 'letter-*', letters:MEMBER, absences:MEMBER, presence:MEMBER, deference, or "
        "NAME=one+another. May be repeated.",
        metavar="CAUSE",
    ),
]

#: Rows of interactions that the terminal shows; the table has all.
SHOWN = 5


class Value(StrEnum):
    """What is shared out."""

    carried = "carried"
    policy = "policy"


Of = Annotated[Value, typer.Option(help="The probability that it is put and carried, or the policy after it.")]


def attribute(
    decision: Decision = None,
    scenario: Base = arguments.DEFAULT,
    cause: Causes = None,
    of: Annotated[
        Value, typer.Option(help="The probability that it is put and carried, or the policy after.")
    ] = Value.carried,
    runs: arguments.Runs = 1_000,
    seed: arguments.Seed = 1922,
    out: arguments.Out = Path("outputs"),
    workers: arguments.Workers = None,
    cluster: arguments.Cluster = None,
    resume: arguments.Resume = False,
    evidence: arguments.Evidence = arguments.EvidenceFilter.all,
    reading: arguments.Reading = None,
    prior: arguments.Prior = False,
    posterior: arguments.Posterior = None,
) -> None:
    """Share a decision out among its causes: letters, absences, presences, deference (Shapley values).

    Example: `sim attribute december-rescission --cause 'lenin-letter-1922-12-*' --cause letters:krasin`
    """
    from sim import attribution, publish, results
    from sim.crew import Crew

    results.check_place(out)
    debate = arguments.load_debate(scenario, evidence, reading, prior, posterior)
    with terminal.progress(runs) as report:
        crew = Crew(workers, cluster, out / arguments.UNFINISHED, resume, report)
        found = attribution.attribute(debate, decision, cause or (), of.value, runs, seed, crew)
    terminal.show(_shares(found), _sums(found))
    if len(found.interactions):
        terminal.show(_interactions(found))
    folder = publish.publish_attribution(out, found)
    crew.forget()
    terminal.show(f"Tables and manifest: {folder}")


def _shown(found: Attribution, value: float) -> str:
    if value != value:
        return "–"
    return f"{value:+.3f}" if found.of == "policy" else f"{100 * value:+.1f}"


def _shares(found: Attribution) -> Table:
    what = (
        "P(put and carried), in hundredths"
        if found.of == "carried"
        else "the mean policy after it, in units of the axis"
    )
    table = terminal.table(
        f"{found.decision}: {what}, shared out among {len(found.causes)} causes",
        *(("cause", "left"), ("share", "right"), ("95 %", "right"), ("alone", "right"), ("last", "right")),
    )
    for row in terminal.rows(found.table):
        interval = f"{_shown(found, row.low)} to {_shown(found, row.high)}"
        table.add_row(row.cause, _shown(found, row.share), interval, _shown(found, row.alone), _shown(found, row.last))
    return table


def _sums(found: Attribution) -> str:
    full, empty = float(found.full), float(found.empty)
    ends = (f"{100 * empty:.1f}", f"{100 * full:.1f}") if found.of == "carried" else (f"{empty:.3f}", f"{full:.3f}")
    how = "all coalitions of causes" if found.is_exact else f"{len(found.orders)} orders, sampled"
    return (
        f"From {ends[0]} without any of them to {ends[1]} with all; shares add up to the difference exactly ({how}).\n"
        "Alone: what it adds where no other cause is. Last: what it adds where all others are.\n"
    )


def _interactions(found: Attribution) -> Table:
    table = terminal.table(
        "What two causes do together beyond what each does", ("one", "left"), ("two", "left"), ("together", "right")
    )
    for row in terminal.rows(found.interactions.head(SHOWN)):
        table.add_row(row.one, row.two, _shown(found, row.interaction))
    return table
