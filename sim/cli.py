"""The commands: read arguments, call, print, save. They compute nothing.

What a command needs is imported when it runs, so that `sim --help` answers at once.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    import pandas
    from rich.table import Table

    from sim.backtest import Replay
    from sim.scenario import Scenario

app = typer.Typer(
    help="Replay a documented policy debate in committees, and ask what if.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

DEFAULT = "monopoly-1922"
#: Where an interrupted call leaves what it has finished, below the folder of results.
UNFINISHED = ".unfinished"


class EvidenceFilter(StrEnum):
    """Which evidence to keep."""

    all = "all"
    documented = "documented"
    seed = "seed"


class Kept(StrEnum):
    """What to keep besides summaries."""

    trajectories = "trajectories"


Debate = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a YAML file.", show_default=True)]
Runs = Annotated[int, typer.Option(help="Histories to play.", min=1, max=100_000_000)]
Seed = Annotated[int, typer.Option(help="Seed of all luck.", min=0, max=2**64 - 1)]
Workers = Annotated[
    int | None, typer.Option(help="Threads; all cores if not given. Results do not depend on it.", min=1)
]
Cluster = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler, to play on its workers.", metavar="ADDRESS")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from what an interrupted call has finished.")]
Keep = Annotated[Kept | None, typer.Option(help="Keep every history whole, too, as NetCDF.")]
Out = Annotated[Path, typer.Option(help="Where the folder `<scenario>-<digest>` is written.")]
Evidence = Annotated[
    EvidenceFilter,
    typer.Option(help="Keep all that the file says, only what is documented, or only the founding source."),
]
Reading = Annotated[
    list[str] | None,
    typer.Option(help="A side in a contested point, as NAME=OPTION. May be repeated.", metavar="NAME=OPTION"),
]


def _refuse(message: str) -> NoReturn:
    """Ends the program with status 2 and a message, and nothing else."""
    typer.echo(message, err=True)
    raise SystemExit(2)


def _chosen(readings: list[str] | None) -> dict[str, str]:
    pairs = [reading.partition("=") for reading in readings or []]
    for name, equals, option in pairs:
        if not (name and equals and option):
            _refuse(f"--reading {name}{equals}{option}: give NAME=OPTION, as in the file's 'readings'")
    return {name: option for name, _, option in pairs}


def _load(scenario: str, evidence: EvidenceFilter, readings: list[str] | None) -> Scenario:
    from sim.scenario import load

    return load(scenario, _chosen(readings), evidence.value)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how many histories are done and how long it will take, on a terminal, once it takes a second."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim import compiled

    console = Console(stderr=True)
    if not compiled.is_cached():
        console.print("Compiling the model, this first time only (up to a minute) …", highlight=False)
    columns = (TextColumn("playing"), BarColumn(), MofNCompleteColumn(), TextColumn("histories"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _print(*shown: Any) -> None:
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=140, color_system=None)
    for thing in shown:
        console.print(thing, highlight=False)


def _table(title: str, *columns: tuple[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name, justify in columns:
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=justify == "right")
    return table


def _rows(table: pandas.DataFrame) -> list[SimpleNamespace]:
    return [SimpleNamespace(**{str(name): cell for name, cell in row.items()}) for row in table.to_dict("records")]


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.0f} %"


def _decisions(played: Replay) -> Table:
    from sim.yardsticks import fitted

    compared = {ballot.id for ballot in fitted(played.ensemble.scenario)}
    table = _table(
        "The record and the model",
        *(("date", "left"), ("body", "left"), ("motion", "left"), ("documented", "left"), ("P(carried)", "right")),
        *(("95 % of draws", "right"), ("yes votes", "right"), ("recorded", "right"), ("right?", "left")),
    )
    for row in _rows(played.ensemble.decisions):
        never_put = row.probability != row.probability
        says = "carried" if row.probability > 0.5 else "rejected"
        right = "" if never_put or not row.documented else "yes" if says == row.documented else "no"
        mark = "" if row.decision in compared else " *"
        interval = "–" if never_put else f"{_percent(row.low)} to {_percent(row.high)}"
        votes = "–" if never_put else f"{row.tally_mean:.1f} ({row.tally_low:.0f}-{row.tally_high:.0f})"
        table.add_row(
            f"{row.date:%Y-%m-%d}",
            row.body,
            row.motion,
            row.documented or "unknown",
            _percent(row.probability),
            interval,
            votes,
            row.documented_tally,
            right + mark,
        )
    return table


def _centres(played: Replay) -> Table:
    at = {(row.decision, row.centre): row.probability for row in _rows(played.centres)}
    centres = sorted({centre for _, centre in at})
    table = _table(
        "P(carried), were the stances that nobody recorded centred elsewhere",
        ("decision", "left"),
        *((f"centre {centre:+g}", "right") for centre in centres),
        *(("centre unknown", "right"), ("running free", "right"), ("put, running free", "right")),
    )
    for row in _rows(played.ensemble.decisions):
        moved = [_percent(at[row.decision, centre]) for centre in centres]
        always = (_percent(row.probability), _percent(row.probability_free), _percent(row.put))
        table.add_row(row.decision, *moved, *always)
    return table


def _scores(played: Replay) -> Table:
    table = _table(
        "Log score of the documented outcomes (nearer to 0 is better)",
        ("who predicts", "left"),
        ("total", "right"),
        ("mean", "right"),
    )
    for row in _rows(played.scores):
        table.add_row(row.yardstick, f"{row.total:.2f}", f"{row.mean:.2f}")
    return table


def _comparison(played: Replay) -> str:
    """What the scores show, in a sentence."""
    scores = played.scores
    if scores.empty or not scores.decisions[0]:
        return "No decision has a documented outcome to be compared with."
    better = list(scores[scores.total > scores.total[0]].yardstick)
    number = int(scores.decisions[0])
    these = "On this one decision" if number == 1 else f"On these {number} decisions"
    if not better:
        return f"{these} the model does better than every yardstick."
    count = f"{len(better)} of {len(scores) - 1} yardsticks"
    return f"{these} the model does worse than {count}: {'; '.join(better)}."


@app.command()
def replay(
    scenario: Debate = DEFAULT,
    runs: Runs = 2000,
    seed: Seed = 1922,
    out: Out = Path("outputs"),
    workers: Workers = None,
    cluster: Cluster = None,
    resume: Resume = False,
    keep: Keep = None,
    evidence: Evidence = EvidenceFilter.all,
    reading: Reading = None,
) -> None:
    """Play the debate against its record: the documented decisions beside what the model says.

    Example: `sim replay monopoly-1922 --runs 20000 --evidence documented`
    """
    from sim import backtest, publish, results
    from sim.crew import Crew

    results.check_place(out)
    debate = _load(scenario, evidence, reading)
    with _progress(backtest.ENSEMBLES * runs) as report:
        crew = Crew(workers, cluster, out / UNFINISHED, resume, report)
        played = backtest.replay(debate, runs, seed, crew)
    _print(_decisions(played), "* shown, not compared: its electorate is mostly unknown, or its outcome is\n")
    if len(played.centres):
        _print(_centres(played))
    _print(_scores(played), _comparison(played))
    folder = publish.publish_replay(out, played, keep is not None)
    crew.forget()
    _print(f"Tables, figures and manifest: {folder}")


@app.command()
def run(
    scenario: Debate = DEFAULT,
    seed: Seed = 1922,
    replicate: Annotated[int, typer.Option(help="Which history.", min=0, max=2**32 - 1)] = 0,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Replace each outcome voted by the documented one.")
    ] = False,
    out: Out = Path("outputs"),
    evidence: Evidence = EvidenceFilter.all,
    reading: Reading = None,
) -> None:
    """Play one history with Mesa agents and write down who said what, whom it moved and how they voted.

    Example: `sim run library-sunday --seed 7`
    """
    from sim import publish, results, transcript

    results.check_place(out)
    debate = _load(scenario, evidence, reading)
    with _progress(1):
        history = transcript.play(debate, seed, replicate, as_recorded)
    table = _table(
        f"History {replicate} of seed {seed}",
        ("date", "left"),
        ("moment", "left"),
        ("kind", "left"),
        ("whom", "left"),
        ("from", "right"),
        ("to", "right"),
        ("note", "left"),
    )
    shown = history.transcript[history.transcript.kind != "week"]
    for row in _rows(shown):
        ends = ["" if end != end else f"{end:.3f}" for end in (row.before, row.after)]
        table.add_row(f"{row.date:%Y-%m-%d}", row.moment, row.kind, row.member, *ends, row.note)
    _print(table)
    folder = publish.publish_run(out, history, as_recorded)
    _print(f"Transcript (with the weeks), stances and ballots: {folder}")


@app.command()
def plan(
    scenario: Debate = DEFAULT,
    evidence: Evidence = EvidenceFilter.all,
    reading: Reading = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Show the weeks and the regular talks too.")] = False,
) -> None:
    """Print the timeline: everything that will happen, in the order in which it is played.

    Example: `sim plan library-sunday --weeks`
    """
    from sim.timeline import ORDER_WITHIN_A_DAY

    debate = _load(scenario, evidence, reading)
    table = _table(
        debate.debate.title, *((name, "left") for name in ("date", "kind", "id", "by", "who", "if", "about"))
    )
    hidden = 0
    for row in _rows(debate.plan()):
        if row.about in ("regular talk",) or row.kind == "week":
            hidden += not weeks
            if not weeks:
                continue
        who = row.who if len(row.who) < 60 else f"{row.who.count(',') + 1} of {row.body or 'several bodies'}"
        table.add_row(str(row.date), row.kind, row.id, row.actor, who, getattr(row, "if"), row.about)
    _print(table, f"Within a day: {', '.join(ORDER_WITHIN_A_DAY)}.")
    if hidden:
        _print(f"{hidden} weeks and regular talks are not shown (--weeks shows them).")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files, or shipped names.", metavar="FILE")],
) -> None:
    """Read scenario files strictly and say all that is wrong with them, with the line and what would do.

    Example: `sim check my-debate.yaml`
    """
    from sim.document import ScenarioError
    from sim.scenario import load

    wrong = []
    for file in files:
        try:
            debate = load(file)
        except ScenarioError as error:
            wrong.append(str(error))
        else:
            typer.echo(f"{file}: in order ({len(debate.debate.members)} members, {len(debate.entries)} moments)")
    if wrong:
        _refuse("\n".join(wrong))


@app.command()
def sources(
    scenario: Debate = DEFAULT,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="The works cited, as BibTeX.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="The whole table, as CSV.")] = False,
    evidence: Evidence = EvidenceFilter.all,
    reading: Reading = None,
) -> None:
    """List everything that the scenario says with its origin, grouped by evidence, assumptions last.

    Example: `sim sources monopoly-1922 --bibtex > works.bib`
    """
    from sim import sources as origins

    debate = _load(scenario, evidence, reading).debate
    if bibtex:
        typer.echo(origins.bibtex(debate), nl=False)
        return
    found = origins.table(debate)
    if csv:
        typer.echo(found.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    for word, group in found.groupby("evidence", sort=False):
        table = _table(
            f"{word} ({len(group)})", *((name, "left") for name in ("what", "value", "source", "rests on", "note"))
        )
        for row in _rows(group):
            table.add_row(row.what, row.value, row.source, row.rests_on, row.note)
        _print(table)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete keys and underline mistakes.

    Example: `sim schema > scenario.schema.json`
    """
    from sim.reading import json_schema

    typer.echo(json.dumps(json_schema(), indent=1, ensure_ascii=False))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A folder that a command has written.", metavar="DIR")],
    again: Annotated[bool, typer.Option("--again", help="Play it again, too, and compare.")] = False,
    workers: Workers = None,
) -> None:
    """Check a folder of results against its manifest: nothing changed, and with --again nothing different.

    Example: `sim verify outputs/monopoly-1922-0123456789ab --again`
    """
    from sim import backtest, results, verification
    from sim.crew import Crew

    wrong = results.differences(folder)
    if again and not wrong:
        with _progress(backtest.ENSEMBLES * int(results.read_manifest(folder)["runs"])) as report:
            wrong = verification.played_again(folder, Crew(workers, report=report))
    if wrong:
        typer.echo("\n".join(wrong), err=True)
        raise SystemExit(1)
    number = len(results.read_manifest(folder)["files"])
    more = ", and the same when played again" if again else ""
    typer.echo(f"{folder}: {number} files as the manifest says{more}")


def main() -> None:
    """Runs the command line: bad input ends with status 2 and one message."""
    from sim.document import Interrupted, Refusal

    try:
        app()
    except Refusal as error:
        _refuse(str(error))
    except Interrupted as stop:
        again = shlex.join(["sim", *(word for word in sys.argv[1:] if word != "--resume"), "--resume"])
        typer.echo(f"{stop}; no results are written. To go on from here: {again}", err=True)
        raise SystemExit(130) from None
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
