"""What commands take: the same argument or option means the same thing in every command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import UserError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

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

Prior = Annotated[
    bool, typer.Option("--prior", help="Draw from the assumed ranges, not from what a calibration made of the record.")
]
Posterior = Annotated[
    Path | None,
    typer.Option(help="A posterior.nc of `sim calibrate` to draw from.", metavar="FILE", show_default=False),
]


def chosen(readings: list[str] | None) -> dict[str, str]:
    """The sides in contested points by name. Raises UserError for what is no NAME=OPTION."""
    pairs = [reading.partition("=") for reading in readings or []]
    for name, equals, option in pairs:
        if not (name and equals and option):
            raise UserError(f"--reading {name}{equals}{option}: give NAME=OPTION, as in the file's 'readings'")
    return {name: option for name, _, option in pairs}


def load_debate(
    scenario: str,
    evidence: EvidenceFilter,
    readings: list[str] | None,
    prior: bool = False,
    posterior: Path | None = None,
) -> Scenario:
    """The debate that a command is about, as its options want it.

    prior: drawn from the assumed ranges. posterior: a file to draw from. With neither, what is drawn from is the
    posterior that comes with the scenario, where there is one for these readings and this evidence.
    """
    from sim.scenario.scenario import load, with_posterior_of

    if prior and posterior:
        raise UserError(f"--prior and --posterior {posterior} contradict each other: give one of the two")
    debate = load(scenario, chosen(readings), evidence.value, prior=prior)
    return with_posterior_of(debate, posterior) if posterior else debate
