"""The command line: every command by name, in the order of `sim --help`, and what becomes of bad input.

A command that leaves a folder of results says here how it is run again. What a command needs is imported when it
runs, so that `sim --help` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

import sim
from sim.commands import (
    archive,
    attribute,
    calibrate,
    draw,
    inspect,
    listing,
    options,
    power,
    replay,
    run,
    sensitivity,
    streams,
    tables,
    terminal,
    tipping,
    web,
    whatif,
)
from sim.commands.interruption import STATUS, heard

if TYPE_CHECKING:
    from sim.results.result import Result
    from sim.results.saved import Saved


def _played_once(settings: Mapping[str, Any], runs: int) -> int:
    return runs


@dataclass(frozen=True)
class Command:
    """A command.

    module: whose `rerun(scenario, settings, runs, seed, executor)` makes the result of a manifest again; none for a
    command that leaves no folder. histories: from settings and runs, how many histories that plays.
    """

    function: Callable[..., None]
    module: str = ""
    histories: Callable[[Mapping[str, Any], int], int] = _played_once

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.function.__name__.removesuffix("_")

    def rerun(self, saved: Saved, executor: sim.Executor) -> Result:
        """The result that a manifest describes, made again."""
        rerun = importlib.import_module(f"sim.{self.module}").rerun
        result: Result = rerun(saved.scenario, saved.settings, saved.runs, saved.seed, executor)
        return result


def verify(
    folder: Annotated[Path, typer.Argument(help="A folder that a command has written.", metavar="DIR")],
    rerun: Annotated[bool, typer.Option("--rerun", help="Play it again, too, and compare.")] = False,
    workers: options.Workers = None,
) -> None:
    """Check a folder of results against its manifest: nothing changed, and with --rerun nothing different.

    Example: `sim verify outputs/monopoly-1922-0123456789ab --rerun`
    """
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
    from sim.figures import pictures
    from sim.results.manifest import versions
    from sim.results.saved import Saved

    result = command_of(saved).rerun(saved, executor)
    again = Saved.of(saved.command, result)
    drawn = [suffix for suffix in ("svg", "png") if any(name.endswith(f".{suffix}") for name in saved.digests)]
    before, now = saved.digests, again.with_files(pictures(again, drawn)).digests
    wrong = [f"{name} is not there: whoever wrote the folder was interrupted" for name in now if name not in before]
    wrong += [f"{name} comes out differently" for name in now if before.get(name, now[name]) != now[name]]
    wrong += [f"{name} does not come out" for name in before if name not in now]
    then = saved.manifest["versions"]
    moved = [f"{name} was {then.get(name)}, is {here}" for name, here in versions().items() if then.get(name) != here]
    return wrong and wrong + moved


COMMANDS = (
    Command(replay.replay, "evaluation.replay", replay.histories),
    Command(run.run, "model.transcript"),
    Command(whatif.whatif, "commands.whatif", whatif.histories),
    Command(attribute.attribute, "analysis.attribution"),
    Command(tipping.tipping, "analysis.tipping_points"),
    Command(power.power, "analysis.power"),
    Command(sensitivity.sensitivity, "analysis.sensitivity"),
    Command(calibrate.calibrate, "calibration.calibration"),
    Command(calibrate.score, "evaluation.scoring"),
    Command(calibrate.compare, "evaluation.joint_comparison"),
    Command(draw.plot),
    Command(draw.film, "figures.film.film", draw.film_histories),
    Command(tables.new),
    Command(tables.import_),
    Command(tables.export),
    Command(listing.list_),
    Command(inspect.timeline),
    Command(inspect.check),
    Command(inspect.sources),
    Command(inspect.schema),
    Command(web.explore),
    Command(web.report, "web.report.report", web.histories),
    Command(verify),
    Command(archive.archive),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(sim.__version__)
        raise typer.Exit


def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Replay a documented policy debate in committees, and ask what if."""


class _Parsed(TyperCommand):
    """A command whose arguments are refused in words of the program, where Typer hands on those of Pydantic."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What is left of the arguments. Raises BadParameter, which quotes the value and says what it may be."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            faults: Any = getattr(error.__cause__, "errors", list)()
            if faults:
                error.message = _refusal(error.param, faults[0])
            raise


def _refusal(option: Any, fault: Mapping[str, Any]) -> str:
    """What to say of a value that is none of the words, or no number within the bounds, that an option takes."""
    from sim.errors import quoted

    if getattr(option, "min", None) is not None:
        return f"{quoted(fault['input'])} is not a whole number from {option.min} to {option.max}"
    return str(fault.get("ctx", {}).get("error", fault["msg"]))


def program(commands: Iterable[Command] = COMMANDS) -> typer.Typer:
    """The command line with these commands."""
    made = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_program)
    for command in commands:
        made.command(command.name, cls=_Parsed)(options.grouped(command.function))
    return made


def command_of(saved: Saved) -> Command:
    """The command that has written some results. Raises ResultsError for one that there is not."""
    from sim.errors import ResultsError, unknown

    known = {one.name: one for one in COMMANDS if one.module}
    if saved.command not in known:
        raise ResultsError(f"{saved.folder}: {unknown(saved.command, 'command that can be run again', known)}")
    return known[saved.command]


def main() -> None:
    """Runs the command line: bad input ends with status 2 and one message."""
    from sim.errors import Interrupted, UserError, visible

    # Not to look for garbage among all that is imported at the end saves as much as half a second.
    atexit.register(gc.freeze)
    warnings.showwarning = terminal.warn
    # A notebook names a backend for its own Python; nothing here is drawn on one.
    os.environ.pop("MPLBACKEND", None)
    with streams.lasting(), heard():
        try:
            # Only the command asked for is built: to build all takes a short one a tenth of its time.
            program([command for command in COMMANDS if command.name in sys.argv[1:2]] or COMMANDS)()
        except UserError as error:
            typer.echo(visible(str(error)), err=True)
            raise SystemExit(2) from None
        except Interrupted as stop:
            typer.echo(" ".join([f"{stop}; no results are written.", *getattr(stop, "__notes__", [])]), err=True)
            raise SystemExit(STATUS) from None


if __name__ == "__main__":
    main()
