"""What commands take: the same argument or option means the same thing in every command.

Options that belong together are a group, a dataclass: a command that takes `playing: Playing` has all options of
`Playing`, and the group knows what to do with them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

import sim
from sim.commands import terminal
from sim.errors import Interrupted, UserError
from sim.results.folder import check_place
from sim.scenario import DEFAULT as DEFAULT

if TYPE_CHECKING:
    from sim.results.result import Result

#: Where an interrupted call leaves what it has finished, below the folder of results.
UNFINISHED = ".unfinished"


Debate = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped name or a YAML file.", show_default=True)]
Base = Annotated[str, typer.Option("--scenario", help="A shipped name or a YAML file.", metavar="NAME")]
Decision = Annotated[
    str | None, typer.Argument(metavar="[DECISION]", help="The id of a ballot; the last one compared with the record.")
]
Runs = Annotated[int, typer.Option(help="Histories to play.", min=1, max=100_000_000)]
Seed = Annotated[int, typer.Option(help="Seed of all random numbers.", min=0, max=2**64 - 1)]
Out = Annotated[Path, typer.Option(help="Where the folder `<scenario>-<digest>` is written.", callback=check_place)]
Workers = Annotated[
    int | None, typer.Option(help="Threads; all cores if not given. Results do not depend on it.", min=1)
]
Cluster = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler, to play on its workers.", metavar="ADDRESS")
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
    typer.Option(help="A posterior.nc of `sim calibrate` to draw from.", metavar="FILE", show_default=False),
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
class Draws(Readings):
    """How a scenario file is read, and what its parameters and first stances are drawn from."""

    prior: Prior = False
    posterior: Posterior = None

    def load(self, scenario: str) -> sim.Scenario:
        """The debate by name or path. Raises UserError.

        It is drawn from the posterior that comes with it, where there is one for these readings and this evidence,
        if the options do not say otherwise.
        """
        from sim.scenario.scenario import with_posterior_of

        if self.prior and self.posterior:
            raise UserError(f"--prior and --posterior {self.posterior} contradict each other: give one of the two")
        debate = sim.load(scenario, self.options, self.evidence, prior=self.prior)
        return with_posterior_of(debate, self.posterior) if self.posterior else debate


@dataclass(frozen=True)
class Output:
    """The seed of what is played, and where the results go."""

    seed: Seed = 1922
    out: Out = Path("outputs")

    def publish(
        self,
        command: str,
        result: Result,
        work: sim.Executor | sim.Effort | None = None,
        what: str = "Tables, figures and manifest",
    ) -> Path:
        """Writes the folder of a result and says where; what its work kept for an interruption is deleted."""
        from sim.figures import with_figures
        from sim.results.saved import Saved

        folder = with_figures(Saved.of(command, result)).write(self.out)
        if work is not None:
            work.delete()
        terminal.show(f"{what}: {folder}")
        return folder


@dataclass(frozen=True)
class Work(Output):
    """The same, and by how many threads it is played."""

    workers: Workers = None

    @property
    def unfinished(self) -> Path:
        """The folder that keeps what an interrupted command has finished."""
        return self.out / UNFINISHED

    @contextmanager
    def progress(self, total: float, *words: str) -> Iterator[Callable[[float], None]]:
        """A progress bar; whoever interrupts the work is told what is kept, where something is."""
        with terminal.progress(total, *words) as report:
            try:
                yield report
            except Interrupted as stop:
                if any(self.unfinished.glob("*.npz")):
                    stop.add_note("What is finished is kept: the same command goes on from there.")
                raise


@dataclass(frozen=True)
class Playing(Work):
    """The same, and on which cluster."""

    cluster: Cluster = None

    @contextmanager
    def executor(self, histories: int) -> Iterator[sim.Executor]:
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
        command(**given, **built)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
