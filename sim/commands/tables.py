"""Commands that begin a debate of one's own, from nothing or from tables, and give tables back: new, import, export."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.commands import options, terminal
from sim.errors import UserError, quoted
from sim.results.wording import counted

if TYPE_CHECKING:
    import sim
    from sim.tables.kinds import Matched
    from sim.tables.outline import Answers

Name = Annotated[str, typer.Argument(help="The name of the new scenario, as `village-school`.", metavar="NAME")]


@dataclass(frozen=True)
class Outline:
    """What is said of a new debate; on a terminal, what is left out is asked for."""

    question: Annotated[str | None, typer.Option(help="The one question of the debate.")] = None
    axis: Annotated[str | None, typer.Option(help="The ends of the axis.", metavar="LOW:HIGH")] = None
    bodies: Annotated[str | None, typer.Option(help="The bodies that decide, with commas between them.")] = None
    start: Annotated[str | None, typer.Option("--from", help="The first day.", metavar="YYYY-MM-DD")] = None
    end: Annotated[str | None, typer.Option("--to", help="The last day.", metavar="YYYY-MM-DD")] = None

    def answers(self, people: str | None = None) -> Answers:
        """The answers given, each as what it is. Raises UserError."""
        from sim.tables.outline import Answers

        days = _day(self.start, "--from"), _day(self.end, "--to")
        made = Answers(self.question, self.axis, _listed(self.bodies), _listed(people), *days)
        _ = made.ends  # they are looked at before anything is asked
        return made


def _listed(names: str | None) -> Sequence[str]:
    return tuple(dict.fromkeys(name.strip() for name in (names or "").split(",") if name.strip()))


def _day(given: str | None, option: str) -> datetime.date | None:
    """A day. Raises UserError for another word."""
    try:
        return None if given is None else datetime.date.fromisoformat(given)
    except ValueError:
        raise UserError(f"{option} {quoted(given)}: give a day as year-month-day, such as 2024-03-05") from None


def _asked(given: str | None, question: str) -> str | None:
    """What is given, or typed by whoever sits at the terminal; None of what they leave open."""
    if given is not None or not _is_asked():
        return given
    return typer.prompt(question, default="", show_default=False, err=True).strip() or None


def _is_asked() -> bool:
    return sys.stdin.isatty()


def new(
    outline: Outline,
    name: Name,
    people: Annotated[str | None, typer.Option(help="Who takes part, with commas between them.")] = None,
) -> None:
    """Begin a scenario: a commented file of a page that can be played at once, with its open questions marked.

    What is not given is asked for on a terminal, and elsewhere assumed.

    Example: `sim new village-school --question "Should the school close?" --people "Ada, Ben, Cleo"`
    """
    from sim.tables import file
    from sim.tables import outline as sketch

    path, answers = file.free_place(name), outline.answers(people)
    sketch.begun(name, answers)  # a slip is told before anything is asked
    asked = Outline(
        _asked(outline.question, "What is the one question of the debate?"),
        _asked(outline.axis, "The ends of its axis, as 0:10"),
        _asked(outline.bodies, "The bodies that decide, with commas between them"),
        _asked(outline.start, "The first day, as 2024-03-05"),
        _asked(outline.end, "The last day"),
    ).answers(_asked(people, "Who takes part, with commas between them"))
    about = "A debate that is only begun. Whatever is asked below is assumed."
    made = file.scenario_of(sketch.begun(name, asked), about)
    file.save(path, made)
    terminal.say(*_next(path, made))


def import_(
    outline: Outline,
    shown: options.Shown,
    files: Annotated[
        list[str], typer.Argument(help="Tables: CSV, TSV, XLSX, or folders of them; as KIND=FILE if need be.")
    ],
    name: Annotated[str | None, typer.Option(help="The name of the scenario; that of the first table.")] = None,
    cited: Annotated[str | None, typer.Option("--source", help="The source of all that names none.")] = None,
    evidence: Annotated[
        str | None, typer.Option(help="How well that is known: documented, attributed, conjecture or assumed.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="What a column is. May be repeated.", metavar="FIELD=HEADER"),
    ] = None,
    codes: Annotated[
        str | None, typer.Option(help="How votes are written: words, un, voteview, voeten or binary.")
    ] = None,
) -> None:
    """Make a scenario of tables: actors, seats, roll calls, statements, letters. The tables stay as they are.

    Says which column was read as what, and marks in the file what the tables do not say.

    Example: `sim import actors.csv roll-call.xlsx --source "Minutes, 1919" --evidence documented`
    """
    from sim.tables import file
    from sim.tables.imported import imported
    from sim.tables.kinds import asked_fields, asked_tables
    from sim.tables.outline import slug
    from sim.tables.record import Origin

    answers, origin = outline.answers(), Origin(cited, evidence, codes)
    if name is not None:
        file.free_place(name)
    given = asked_tables(files, asked_fields(column or []))
    called = next((each.table.rows[0].cells for each in given if each.kind == "debate"), {}).get("value", "")
    name = name or called or slug(Path(files[0].partition("=")[2] or files[0]).stem) or "imported"
    path = file.free_place(name)
    made = imported(name, given, origin, answers)
    if _is_asked():  # now that the tables are known to be in order
        asked = replace(
            outline,
            question=_asked(outline.question, "What is the one question of the debate?"),
            axis=_asked(outline.axis, "The ends of its axis, as 0:10 (those of the tables if left open)"),
        )
        origin = replace(origin, source=_asked(cited, "Where are the tables from? (a work to be cited)"))
        made = imported(name, given, origin, asked.answers())
    file.save(path, made)
    shown.show(_preview(given, _next(path, made)))


def _preview(given: Sequence[Matched], remarks: Sequence[str]) -> terminal.Answer:
    """Which column of which table was read as what; those of votes as one."""
    from sim.tables.kinds import VOTES

    rows = [
        {"kind": each.kind, "column": header, "read as": field, "first": next(iter(each.table.cells(header)), "")}
        | {"table": each.table.name}
        for each in given
        for header, field in each.fields.items()
        if field != VOTES or header == each.votes[0]
    ]
    for row in rows:
        if row["read as"] == VOTES:
            votes = next(each for each in given if each.table.name == row["table"])
            of = "a motion" if votes.kind == "members" else "a member"
            row["column"] = f"{votes.votes[0]} … {votes.votes[-1]}" if len(votes.votes) > 1 else votes.votes[0]
            row["read as"] = f"votes, each column {of} ({len(votes.votes)})"
    unread = [f"{row['table']}: {quoted(row['column'])}" for row in rows if row["read as"] == "unused"]
    told = [f"{each.table.name}: {each.table.note}." for each in given if each.table.note]
    told += [f"Not read: {', '.join(unread)}. Say what it is by --column FIELD=HEADER."] if unread else []
    columns = (
        terminal.text("table"),
        terminal.text("kind", gives_way=2),
        terminal.text("column"),
        terminal.text("read as", lambda row: getattr(row, "read as")),
        terminal.prose("first", gives_way=1),
    )
    return terminal.Answer(tables=(terminal.table("What was read", rows, *columns),), remarks=(*told, *remarks))


def export(
    shown: options.Shown,
    readings: options.Readings,
    scenario: options.Debate = options.DEFAULT,
    out: Annotated[Path | None, typer.Option(help="The folder to write; NAME-tables if not given.")] = None,
    networks: Annotated[
        Literal["graphml", "gexf"],
        typer.Option(help="The format of the networks: who writes to, sits with, hears whom."),
    ] = "graphml",
) -> None:
    """Write a scenario as tables, which `sim import` reads, and as networks.

    Example: `sim export library-sunday --out library-tables`
    """
    from sim.results.folder import check_place, write
    from sim.tables import exported
    from sim.tables import networks as graphs

    debate = readings.load(scenario)
    folder = check_place(out or Path(f"{debate.name}-tables"))
    files = {**exported.files(debate), **graphs.files(debate, networks)}
    write(folder, files)
    rows = [{"file": name, "lines": content.count(b"\n")} for name, content in files.items()]
    lines = terminal.number("lines", lambda row: str(row.lines))
    table = terminal.table("What was written", rows, terminal.text("file"), lines)
    unsaid = exported.left_out(debate)
    remarks = [f"In no table, since none can say it: {', '.join(unsaid)}."] if unsaid else []
    shown.show(terminal.Answer(tables=(table,), remarks=(*remarks, f"Back again: sim import {folder}")), folder)


def _next(path: Path, made: sim.Scenario) -> list[str]:
    """What to do with a scenario that was written."""
    moments, questions = len(made.entries), made.origin.text.count("QUESTION")
    return [
        f"{path}: {made.people}, {counted(moments, 'moment')}, and {counted(questions, 'question')} to answer.",
        f"Next: sim replay {path}",
        f"      sim check {path}    # after every change",
    ]
