"""What commands take: the same argument or option means the same thing in every command.

Options that belong together are a group, a dataclass: a command that takes `playing: Playing` has all options of
`Playing`, and the group knows what to do with them.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

import sim
from sim.commands import terminal
from sim.commands.interruption import STATUS, STOPPED
from sim.errors import Interrupted, UserError
from sim.results.folder import check_place, recovered
from sim.scenario import DEFAULT as DEFAULT
from sim.scenario.shown import amount

if TYPE_CHECKING:
    import pandas

    from sim.results.result import Result
    from sim.results.saved import Saved

    #: Works out what of a result takes longer, and what is to be said of that.
    Rest = Callable[[], tuple[Result, terminal.Answer]]

#: Where an interrupted call leaves what it has finished, below the folder of results.
UNFINISHED = ".unfinished"
LEFT_ASIDE = (
    "The posterior that comes with the debate was fitted to other readings or evidence, so it is left aside: a fair "
    "comparison is with the unfitted debate (--prior, without --reading and --evidence). --refit fits this one."
)
#: What `--open` opens, by the end of its name: the first that there is.
OPENED = (".html", ".mp4", ".gif", ".svg", ".csv")


Debate = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a YAML file.", show_default=True)]
Base = Annotated[str, typer.Option("--scenario", help="A shipped name or a YAML file.", metavar="NAME")]
Decision = Annotated[
    str | None, typer.Argument(metavar="[DECISION]", help="The id of a ballot; the last one compared with the record.")
]
Runs = Annotated[int, typer.Option(help="Histories to play.", min=1, max=100_000_000)]
Seed = Annotated[int, typer.Option(help="Seed of all random numbers.", min=0, max=2**64 - 1)]


def _checked_place(out: Path) -> Path:
    """Where results can be written; what killed commands and other versions have left there is put in order."""
    check_place(out)
    said = recovered(out)
    if (out / UNFINISHED).is_dir():
        from sim.ensembles.checkpoint import outdated

        said += outdated(out / UNFINISHED)
    for line in said:
        typer.echo(line, err=True)
    return out


Out = Annotated[Path, typer.Option(help="Where the folder of results is written.", callback=_checked_place)]
Workers = Annotated[
    int | None, typer.Option(help="Threads; all cores if not given. Results do not depend on it.", min=1, max=10_000)
]


def _check_address(cluster: str | None) -> str | None:
    """Raises UserError for an address without a port, before anything is loaded that could connect to it."""
    if cluster is not None and not re.fullmatch(r".+:\d+", cluster):
        raise UserError(f"--cluster {cluster}: give host and port of the scheduler, as tcp://10.0.0.1:8786")
    return cluster


Cluster = Annotated[
    str | None,
    typer.Option(
        help="Address of a Dask scheduler, to play on its workers.", metavar="ADDRESS", callback=_check_address
    ),
]
Evidence = Annotated[
    Literal["all", "documented", "seed"],
    typer.Option(help="Keep all that the file says, only what is documented, or only the founding source."),
]
Reading = Annotated[
    list[str] | None,
    typer.Option(help="An option of a contested point, as NAME=OPTION. May be repeated.", metavar="NAME=OPTION"),
]
Prior = Annotated[
    bool, typer.Option("--prior", help="Draw from the assumed ranges, not from what a calibration made of the record.")
]
Posterior = Annotated[
    Path | None,
    typer.Option(help="A posterior that `sim calibrate` has kept, to draw from.", metavar="FILE", show_default=False),
]
Refit = Annotated[
    bool,
    typer.Option(
        "--refit", help="Fit these readings and this evidence to the record first (minutes, once), if nothing was yet."
    ),
]
Particles = Annotated[
    int, typer.Option(help="Particles of each independent run: more are slower and more exact.", min=64, max=1_000_000)
]
IndependentRuns = Annotated[
    int, typer.Option(help="Independent runs of the sampler, by whose spread errors are estimated.", min=1, max=64)
]


@dataclass(frozen=True)
class Readings:
    """How a scenario file is read."""

    evidence: Evidence = "all"
    reading: Reading = None

    def load(self, scenario: str) -> sim.Scenario:
        """The debate by name or path, drawn from the assumed ranges. Raises UserError."""
        return sim.load(scenario, self.options, self.evidence, prior=True)

    @property
    def options(self) -> dict[str, str]:
        """The options of contested points by name. Raises UserError for what is not NAME=OPTION."""
        pairs = [reading.partition("=") for reading in self.reading or []]
        for name, equals, option in pairs:
            if not (name and equals and option):
                raise UserError(f"--reading {name}{equals}{option}: give NAME=OPTION, as in the file's 'readings'")
        return {name: option for name, _, option in pairs}


@dataclass(frozen=True)
class Shown:
    """How an answer is shown."""

    format: Annotated[
        terminal.Format,
        typer.Option(help="How the answer is printed; CSV is the first table, whole.", show_default=True),
    ] = "table"
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but where the files are.")] = False

    def show(self, answer: terminal.Answer, folder: Path | None = None) -> None:
        """Prints an answer, and where its files are."""
        if not self.quiet:
            terminal.show(answer, self.format, folder)
        elif folder is not None:
            typer.echo(folder)
        sys.stdout.flush()


@dataclass(frozen=True)
class Output(Shown):
    """The same, the seed of what is played, and where the results go."""

    seed: Seed = 1922
    out: Out = Path("outputs")
    open: Annotated[bool, typer.Option("--open", help="Open the page, the film or the first figure afterwards.")] = (
        False
    )
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures; `sim plot` can do so later.")] = (
        False
    )

    def publish(
        self,
        command: str,
        result: Result,
        answer: terminal.Answer,
        work: sim.Executor | sim.Effort | None = None,
        rest: Rest | None = None,
    ) -> Path:
        """Writes the folder of a result, prints the answer, with what it rests on and where it is, and draws figures.

        In this order, so that nobody waits for pictures to read, and what was read is kept. rest: works out what takes
        longer, while a reader has the answer, and what is to be said of it. What the work kept for an interruption is
        deleted.
        """
        from sim.results.result import early_tables_of
        from sim.results.saved import Saved

        _announce(early_tables_of(result))
        saved = Saved.early(command, result)
        folder = saved.write(self.out)
        scenario = result.scenario
        basis = f"{scenario.name}, {scenario.basis}; {amount(result)}, seed {result.seed}."
        answer = replace(answer, basis=basis, headline=answer.headline or result.headline)
        if rest is not None:
            # Whoever reads has time for one table after the other; a program takes all at once.
            if self.format == "table":
                self.show(answer)
                answer = terminal.Answer()
            saved, more = self._with_rest(saved, rest, folder)
            answer = replace(answer, tables=answer.tables + more.tables, remarks=answer.remarks + more.remarks)
        left_aside = (LEFT_ASIDE,) if _is_left_aside(scenario) else ()
        self.show(replace(answer, remarks=answer.remarks + left_aside), folder)
        if not self.no_figures:
            self._draw(saved, folder)
        if work is not None:
            work.delete()
        if self.open:
            _open(folder)
        return folder

    def _with_rest(self, saved: Saved, rest: Rest, folder: Path) -> tuple[Saved, terminal.Answer]:
        """Adds to a folder of results the tables that take longer, and returns what is to be said of them."""
        from sim.results.result import later_tables_of

        with _stopped_at(folder, "tables and figures (the same command makes them)"):
            result, more = rest()
            with terminal.waiting("working out the other tables", self.quiet):
                later = later_tables_of(result)
                _announce(later)
                saved = saved.with_tables(later)
                saved.complete(folder)
        return saved, more

    def _draw(self, saved: Saved, folder: Path) -> None:
        """Adds to a folder of results the figures that can be drawn of them."""
        from sim import figures

        stopped = _stopped_at(folder, "its figures (`sim plot` draws them)")
        with stopped, terminal.waiting("drawing figures", self.quiet):
            without_documentation()
            saved.with_files(figures.pictures(saved)).complete(folder)


@contextmanager
def _stopped_at(folder: Path, missing: str) -> Iterator[None]:
    """Says what a folder of results lacks, if the user stops what would add that."""
    try:
        yield
    except (KeyboardInterrupt, Interrupted):
        typer.echo(f"stopped: {folder} is whole but for {missing}", err=True)
        raise SystemExit(STATUS) from None


def without_documentation() -> None:
    """Spares matplotlib putting together what it says of its artists: as long as two figures take, and nobody reads it.

    Only for a command, whose process ends with it: elsewhere somebody might.
    """
    from matplotlib import artist

    artist.kwdoc = lambda artist: ""


def _announce(tables: Mapping[str, pandas.DataFrame]) -> None:
    """Says how large the files of large tables will be."""
    from sim.results.tables import announcement

    for said in filter(None, (announcement(*named) for named in tables.items())):
        typer.echo(said, err=True)


def _is_left_aside(scenario: sim.Scenario) -> bool:
    """Whether a posterior comes with a debate, and is not used since readings or evidence are others."""
    if scenario.posterior is not None or not scenario.choices or scenario.name not in sim.shipped():
        return False
    return sim.load(scenario.name).posterior is not None


def _open(folder: Path) -> None:
    """Opens what one would look at first in a folder of results, with the program that the machine has for it."""
    names = sorted(path.name for path in folder.iterdir())
    first = next((name for end in OPENED for name in names if name.endswith(end)), None)
    if first is None or typer.launch(str(folder / first)):
        typer.echo(f"--open: there is nothing here that can open {folder / (first or '')}", err=True)


@dataclass(frozen=True)
class Work(Output):
    """The same, and by how many threads it is played."""

    workers: Workers = None

    @property
    def unfinished(self) -> Path:
        """The folder that keeps what an interrupted command has finished."""
        return self.out / UNFINISHED

    @contextmanager
    def progress(
        self, total: float | Callable[[], float], doing: str = "playing", what: str = "histories"
    ) -> Iterator[Callable[[float], None]]:
        """A progress bar; whoever interrupts the work is told what is kept, where something is."""
        with terminal.progress(total, doing, what, self.quiet) as report:
            try:
                yield report
            except Interrupted as stop:
                if any(self.unfinished.rglob("*.npz")):
                    stop.add_note("What is finished is kept: the same command goes on from there.")
                raise


@dataclass(frozen=True)
class Fitting(Work):
    """How a debate is fitted, and where the results go."""

    particles: Particles = 1024
    independent_runs: IndependentRuns = 4

    @contextmanager
    def effort(self, command: str, debate: sim.Scenario) -> Iterator[sim.Effort]:
        """The work to put in, with a progress bar. The same command goes on from what an earlier one kept."""
        from sim.results.manifest import request_digest

        def percent() -> float:
            from sim.calibration.calibration import PERCENT

            return PERCENT

        with self.progress(percent, "fitting", "per cent") as report:
            effort = sim.Effort(self.particles, self.independent_runs, self.workers, report)
            request = request_digest(debate.digest, self.particles, self.seed, {"name": command, **effort.settings})
            yield replace(effort, unfinished=self.unfinished / request)


@dataclass(frozen=True)
class Draws(Readings):
    """How a scenario file is read, and what its parameters and first stances are drawn from."""

    prior: Prior = False
    posterior: Posterior = None
    refit: Refit = False

    def load(self, scenario: str, output: Output | None = None) -> sim.Scenario:
        """The debate by name or path. Raises UserError.

        It is drawn from the posterior that comes with it, where there is one for these readings and this evidence,
        if the options do not say otherwise. One that is fitted anew is kept below the place of results.
        """
        from sim.scenario.library import find
        from sim.scenario.scenario import posterior_place, with_posterior_of

        given = {"--prior": self.prior, "--posterior": self.posterior, "--refit": self.refit}
        if len(words := [name for name, value in given.items() if value]) > 1:
            raise UserError(f"{' and '.join(words)} contradict each other: give one of them")
        debate = sim.load(scenario, self.options, self.evidence, prior=self.prior)
        if (
            debate.posterior is None
            and not any(given.values())
            and (place := posterior_place(debate, find(scenario))).exists()
        ):
            typer.echo(
                f"{place} was fitted to an earlier version of this debate, so it is left aside: fit it again", err=True
            )
        if self.posterior:
            return with_posterior_of(debate, self.posterior)
        return _refitted(debate, output or Output()) if self.refit and debate.posterior is None else debate

    def unfitted_default(self, debate: sim.Scenario, scenario: str) -> sim.Scenario | None:
        """What a debate that these options leave unfitted is fairly compared with; None where nothing was left aside.

        That is the debate with the readings and the evidence of its file, unfitted as well.
        """
        if debate.posterior or self.prior:
            return None
        default = sim.load(scenario)
        return default.from_prior() if default.posterior else None


def _refitted(debate: sim.Scenario, output: Output) -> sim.Scenario:
    """The debate drawn from a posterior of its own: the one kept, or one fitted now, with the usual effort."""
    from sim.results import posteriors
    from sim.scenario.scenario import with_posterior_of

    path = output.out / posteriors.KEPT / f"{debate.content_digest}.nc"
    if path.exists():
        return with_posterior_of(debate, path)
    fitting = Fitting(quiet=output.quiet, out=output.out)
    with fitting.effort("calibrate", debate) as effort:
        fitted = sim.calibrate(debate, fitting.seed, effort).scenario
    if fitted.posterior is not None:
        posteriors.keep(fitted.posterior, output.out, debate.content_digest)
    effort.delete()
    return fitted


@dataclass(frozen=True)
class Playing(Work):
    """The same, and on which cluster."""

    cluster: Cluster = None

    @contextmanager
    def executor(self, histories: int | Callable[[], int]) -> Iterator[sim.Executor]:
        """Who plays so many histories, with a progress bar. The same command goes on from what an earlier one kept."""
        with self.progress(histories) as report:
            yield sim.Executor(self.workers, self.cluster, self.unfinished, report)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes groups of options as one that takes each option by itself, as Typer needs it."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}
    parameters = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in groups
    ]
    for group in groups.values():
        types = get_type_hints(group, include_extras=True)
        parameters += [
            inspect.Parameter(
                one.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=one.default, annotation=types[one.name]
            )
            for one in fields(group)
        ]

    @functools.wraps(command)
    def called(**given: Any) -> None:
        built = {
            name: group(**{one.name: given.pop(one.name) for one in fields(group)}) for name, group in groups.items()
        }
        try:
            command(**given, **built)
        except KeyboardInterrupt:
            # Typer would end without a word.
            typer.echo(STOPPED, err=True)
            raise SystemExit(STATUS) from None

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
