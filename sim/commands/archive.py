"""The command that makes one file of results, for a repository: archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def archive(
    folder: Annotated[Path, typer.Argument(help="A folder that a command has written.", metavar="DIR")],
) -> None:
    """Make one file of a folder of results, from which whoever unpacks it can make all of it again.

    Beside the folder lies then a zip with its files, the scenario, the posterior, the versions of the packages, and
    what an archive of research reads (RO-Crate 1.1).

    Example: `sim archive outputs/monopoly-1922-replay-0123456789ab`
    """
    from sim.results import archive

    typer.echo(archive.archive(folder))
