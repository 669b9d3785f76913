"""Commands that show a debate in a browser: explore (a server on this machine) and report (one file to send)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands import options, terminal
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.web.report.content import Question

#: What a browser needs from a package that is not installed with the program by itself.
MISSING = "the explorer needs Starlette and uvicorn: pip install 'policy-debate-sim[explore]'"


def explore(
    draws: options.Draws,
    scenario: options.Debate = options.DEFAULT,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on. Others than this machine must be asked for.")] = (
        "127.0.0.1"
    ),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    workers: options.Workers = None,
) -> None:
    """Open the debate in a browser: move through it, switch events off, compare two worlds.

    Nothing leaves this machine. Example: `sim explore library-sunday --port 9000`
    """
    debate = draws.load(scenario)
    try:
        from sim.web.server.serving import Place, serve

        serve(debate, Place(host, port), workers, opens=not no_browser, say=typer.echo)
    except ImportError as missing:
        raise _unless_installed(missing) from None


def _unless_installed(missing: ImportError) -> Any:
    """The error that says what to install, or the error itself where it is about something else."""
    name = (missing.name or "").split(".")[0]
    return UserError(MISSING) if name in ("starlette", "uvicorn", "anyio") else missing


def report(
    playing: options.Playing,
    draws: options.Draws,
    what_ifs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHAT-IF]...", help="Shipped what-ifs or YAML files; all that come with the debate if none."
        ),
    ] = None,
    scenario: options.Base = options.DEFAULT,
    lesson: Annotated[
        bool, typer.Option("--lesson", help="A worksheet for a class instead: two pages to print.")
    ] = False,
    runs: options.Runs = 3000,
) -> None:
    """Write record, replay, what-ifs and sources as one interactive HTML file that opens from disk, offline.

    Example: `sim report lenin-in-the-room --runs 10000`, or `sim report --lesson`
    """
    from sim.scenario import library

    for name in what_ifs or ():
        if name in library.shipped():
            raise UserError(f"'{name}' is a debate, not a what-if: for its report give --scenario {name}")
    debate = draws.load(scenario, playing)
    for name in what_ifs or ():
        debate.with_changes(library.what_if(name))

    @functools.cache
    def asked() -> tuple[Question, ...]:
        from sim.web.report import content

        return content.questions(debate, what_ifs or ())

    with playing.executor(lambda: histories({"what_ifs": asked()}, runs)) as executor:
        from sim.web.report import content
        from sim.web.report.report import result

        made = result(content.play(debate, asked(), runs, playing.seed, executor), lesson)
    said = f"Open {next(iter(made.files))} in a browser."
    more = () if lesson else ("For a class: sim report --lesson makes a worksheet of two pages of it.",)
    playing.publish("report", made, terminal.Answer(headline=said, remarks=more), executor)


def histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many histories a report plays in all."""
    from sim.evaluation import replay as replays

    return replays.histories(runs) + len(settings["what_ifs"]) * runs
