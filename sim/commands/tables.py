"""Commands that begin a debate of one's own, from nothing or from tables: new."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import terminal
from sim.errors import UserError, quoted
from sim.results.wording import counted

if TYPE_CHECKING:
    import sim
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
    if given is not None or not sys.stdin.isatty():
        return given
    return typer.prompt(question, default="", show_default=False, err=True).strip() or None


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
        _asked(outline.axis, "The ends of its axis, as 0:100"),
        _asked(outline.bodies, "The bodies that decide, with commas between them"),
        _asked(outline.start, "The first day, as 2024-03-05"),
        _asked(outline.end, "The last day"),
    ).answers(_asked(people, "Who takes part, with commas between them"))
    about = "A debate that is only begun. Whatever is asked below is assumed."
    made = file.scenario_of(sketch.begun(name, asked), about)
    file.save(path, made)
    terminal.say(*_next(path, made))


def _next(path: Path, made: sim.Scenario) -> list[str]:
    """What to do with a scenario that was written."""
    moments, questions = len(made.entries), made.origin.text.count("QUESTION")
    return [
        f"{path}: {made.people}, {counted(moments, 'moment')}, and {counted(questions, 'question')} to answer.",
        f"Next: sim replay {path}",
        f"      sim check {path}    # after every change",
    ]
