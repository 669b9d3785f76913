"""Commands that look at scenarios: timeline, check, sources, schema."""

from __future__ import annotations

import json
import shutil
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import prose, text
from sim.errors import UserError

#: Characters of a list of names that a row of the timeline shows whole.
LONGEST = 60


def timeline(
    shown: options.Shown,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    weeks: Annotated[bool, typer.Option("--weeks", help="Show the weeks and the regular talks too.")] = False,
) -> None:
    """Print the timeline: everything that will happen, in the order in which it is played.

    Example: `sim timeline library-sunday --weeks`
    """
    from sim.scenario.timeline import ORDER_WITHIN_A_DAY, rows

    debate = readings.load(scenario)
    every = rows(debate.entries)
    irregular = [row for row in every if row["about"] != "regular talk" and row["kind"] != "week"]
    table = terminal.table(
        debate.debate.title,
        every if weeks else irregular,
        prose("date", "dated"),
        *([text("time")] if any(row["time"] for row in every) else []),
        text("kind", gives_way=2),
        text("id"),
        text("by", "actor", gives_way=3),
        prose("who", lambda row: _people(row.who, row.body), gives_way=5),
        prose("if", gives_way=4),
        prose("about", gives_way=1),
    )
    remarks = [f"Within a day: {', '.join(ORDER_WITHIN_A_DAY)}."]
    if len(irregular) < len(every) and not weeks:
        remarks.append(f"{len(every) - len(irregular)} weeks and regular talks are not shown (--weeks shows them).")
    shown.show(terminal.Answer(tables=(table,), remarks=tuple(remarks)))


def _people(names: str, body: str) -> str:
    return names if len(names) < LONGEST else f"{names.count(',') + 1} {f'of {body}' if body else 'people'}"


def check(
    files: Annotated[
        list[str], typer.Argument(help="Scenario files, what-if files, or shipped names.", metavar="FILE")
    ],
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="First write files of earlier versions anew; they are kept as FILE.bak.")
    ] = False,
) -> None:
    """Read scenario and what-if files strictly and say all that is wrong with them, with the line and what would work.

    A warning tells what is allowed and hardly meant: a number that nothing uses, an abstention that cannot happen.

    Example: `sim check my-debate.yaml`
    """
    from sim.errors import visible
    from sim.scenario.scenario import check_file
    from sim.scenario.validation.doubts import doubts
    from sim.scenario.validation.size import memory

    wrong = []
    for file in files:
        try:
            if upgrade:
                _upgrade(file)
            debate = check_file(file)
        except sim.ScenarioError as error:
            wrong.append(str(error))
        else:
            needed, there = memory(debate.debate), terminal.memory()
            if there is not None and needed > there:
                wrong.append(f"{file}: it needs about {needed:.1f} GB of memory, and this computer has {there:.1f}")
                continue
            what = f"{debate.people}, {len(debate.entries)} moments, about {needed:.1f} GB of memory"
            typer.echo(visible(f"{file}: in order ({what})"))
            # What a what-if starts from is doubted where it stands.
            for doubt in [] if debate.origin.changes else doubts(debate.document, debate.debate):
                typer.echo(f"warning: {doubt}")
    if wrong:
        raise UserError("\n".join(wrong))


def _upgrade(file: str) -> None:
    """Writes a file with the keys of today, and says which; the file as it was is kept beside it.

    Raises ScenarioError for what cannot be read or changed, UserError for what cannot be written.
    """
    from sim.errors import visible
    from sim.scenario.upgrade import upgraded

    place, kept = Path(file), Path(f"{file}.bak")
    if not place.is_file():
        return  # a shipped name, or nothing: the check says which
    text, changes = upgraded(place.read_bytes(), file)
    if not changes:
        return
    if kept.exists():
        raise UserError(f"{file} is to be kept as {kept}, and there is such a file already: move it away first")
    try:
        shutil.copy2(place, kept)
        place.write_bytes(text)
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}") from None
    for change in changes:
        typer.echo(visible(str(change)))
    typer.echo(visible(f"{file} is written anew; as it was, it is {kept}"))


def sources(
    shown: options.Shown,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="The works cited, as BibTeX.")] = False,
) -> None:
    """List everything that the scenario says with its origin, grouped by evidence, assumptions last.

    Example: `sim sources monopoly-1922 --bibtex > works.bib`
    """
    from sim.scenario import sources as origins

    debate = readings.load(scenario).debate
    if bibtex:
        typer.echo(origins.bibtex(debate), nl=False)
        return
    every = origins.rows(debate)
    groups = {word: list(rows) for word, rows in groupby(every, key=lambda row: row["evidence"])}
    columns = (
        text("what"),
        prose("value", gives_way=1),
        prose("source", gives_way=2),
        prose("rests on", "rests_on", gives_way=4),
        prose("note", gives_way=3),
    )
    tables = [terminal.table(f"{word} ({len(group)})", group, *columns) for word, group in groups.items()]
    if shown.format == "csv":
        tables = [terminal.table("All that the scenario says", every, *columns)]
    counts = ", ".join(f"{len(group)} {word}" for word, group in groups.items())
    shown.show(terminal.Answer(headline=f"{len(every)} statements: {counts}.", tables=tuple(tables)))


def schema(
    what_if: Annotated[bool, typer.Option("--what-if", help="Of what-ifs, and not of scenarios.")] = False,
) -> None:
    """Print the JSON Schema of scenario files, for editors that complete and explain keys and underline mistakes.

    Example: `sim schema > scenario.schema.json`
    """
    from sim.scenario.schema import json_schema

    typer.echo(json.dumps(json_schema(what_if), indent=1, ensure_ascii=False))
