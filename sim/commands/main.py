"""The command line: every command by name, in the order of `sim --help`, and what becomes of bad input.

What a command needs is imported when it runs, so that `sim --help` answers at once.
"""

from __future__ import annotations

import shlex
import sys

import typer

from sim.commands import calibrate, explain, explore, film, inspect, plot, replay, report, whatif

app = typer.Typer(
    help="Replay a documented policy debate in committees, and ask what if.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = (
    replay.replay,
    replay.run,
    whatif.whatif,
    explain.attribute,
    explain.tip,
    explain.power,
    explain.sensitivity,
    calibrate.calibrate,
    calibrate.score,
    calibrate.rules,
    plot.plot,
    film.film,
    inspect.plan,
    inspect.check,
    inspect.sources,
    inspect.schema,
    explore.explore,
    report.report,
    replay.verify,
)

for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Runs the command line: bad input ends with status 2 and one message."""
    from sim.errors import Interrupted, UserError

    try:
        app()
    except UserError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from None
    except Interrupted as stop:
        resume = shlex.join(["sim", *(word for word in sys.argv[1:] if word != "--resume"), "--resume"])
        typer.echo(f"{stop}; no results are written. To go on from here: {resume}", err=True)
        raise SystemExit(130) from None
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
