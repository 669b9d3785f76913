"""Commands that look at files: at scenarios (timeline, check, sources, schema) and at folders of results (verify)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import text
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.results.saved import Saved

#: Characters of a list of names that a row of the timeline shows whole.
LONGEST = 60


def timeline(
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    weeks: Annotated[bool, typer.Option("--weeks", help="Show the weeks and the regular talks too.")] = False,
) -> None:
    """Print the timeline: everything that will happen, in the order in which it is played.

    Example: `sim timeline library-sunday --weeks`
    """
    from sim.scenario.timeline import ORDER_WITHIN_A_DAY

    debate = readings.load(scenario)
    rows = debate.plan()
    regular = (rows.about == "regular talk") | (rows.kind == "week")
    table = terminal.table(
        debate.debate.title,
        rows if weeks else rows[~regular],
        *(text(name) for name in ("date", "kind", "id")),
        text("by", "actor"),
        text("who", lambda row: _people(row.who, row.body)),
        *(text(name) for name in ("if", "about")),
    )
    terminal.show(table, f"Within a day: {', '.join(ORDER_WITHIN_A_DAY)}.")
    if regular.any() and not weeks:
        terminal.show(f"{regular.sum()} weeks and regular talks are not shown (--weeks shows them).")


def _people(names: str, body: str) -> str:
    return names if len(names) < LONGEST else f"{names.count(',') + 1} of {body or 'several bodies'}"


def check(
    files: Annotated[
        list[str], typer.Argument(help="Scenario files, what-if files, or shipped names.", metavar="FILE")
    ],
) -> None:
    """Read scenario and what-if files strictly and say all that is wrong with them, with the line and what would work.

    Example: `sim check my-debate.yaml`
    """
    from sim.scenario.scenario import check_file

    wrong = []
    for file in files:
        try:
            debate = check_file(file)
        except sim.ScenarioError as error:
            wrong.append(str(error))
        else:
            typer.echo(f"{file}: in order ({len(debate.debate.members)} members, {len(debate.entries)} moments)")
    if wrong:
        raise UserError("\n".join(wrong))


def sources(
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="The works cited, as BibTeX.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="The whole table, as CSV.")] = False,
) -> None:
    """List everything that the scenario says with its origin, grouped by evidence, assumptions last.

    Example: `sim sources monopoly-1922 --bibtex > works.bib`
    """
    from sim.scenario import sources as origins

    debate = readings.load(scenario).debate
    if bibtex:
        typer.echo(origins.bibtex(debate), nl=False)
        return
    every = origins.table(debate)
    if csv:
        typer.echo(every.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    columns = [text(name.replace("_", " "), name) for name in ("what", "value", "source", "rests_on", "note")]
    for word, group in every.groupby("evidence", sort=False):
        terminal.show(terminal.table(f"{word} ({len(group)})", group, *columns))


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete keys and underline mistakes.

    Example: `sim schema > scenario.schema.json`
    """
    from sim.scenario.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=1, ensure_ascii=False))


def verify(
    folder: Annotated[Path, typer.Argument(help="A folder that a command has written.", metavar="DIR")],
    rerun: Annotated[bool, typer.Option("--rerun", help="Play it again, too, and compare.")] = False,
    workers: options.Workers = None,
) -> None:
    """Check a folder of results against its manifest: nothing changed, and with --rerun nothing different.

    Example: `sim verify outputs/monopoly-1922-0123456789ab --rerun`
    """
    from sim.commands.main import command_of
    from sim.results.saved import Saved

    saved = Saved.read(folder)
    wrong = saved.differences()
    if rerun and not wrong:
        with terminal.progress(command_of(saved).histories(saved.settings, saved.runs)) as report:
            wrong = rerun_differences(saved, sim.Executor(workers, report=report))
    if wrong:
        typer.echo("\n".join(wrong), err=True)
        raise SystemExit(1)
    more = ", and the same when played again" if rerun else ""
    typer.echo(f"{folder}: {len(saved.digests)} files as the manifest says{more}")


def rerun_differences(saved: Saved, executor: sim.Executor) -> list[str]:
    """What comes out differently when a folder's manifest is played again, in sentences; empty if nothing does."""
    from sim.commands.main import command_of
    from sim.figures import with_figures
    from sim.results.manifest import versions
    from sim.results.saved import Saved

    result = command_of(saved).rerun(saved, executor)
    before, now = saved.digests, with_figures(Saved.of(saved.command, result)).digests
    wrong = [f"{name} comes out differently" for name in now if before.get(name) != now[name]]
    wrong += [f"{name} does not come out" for name in before if name not in now]
    then = saved.manifest["versions"]
    moved = [f"{name} was {then.get(name)}, is {here}" for name, here in versions().items() if then.get(name) != here]
    return wrong and wrong + moved
