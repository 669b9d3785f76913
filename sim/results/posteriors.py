"""The posteriors that results were drawn from: each is kept once, beside the folders of results."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ResultsError
from sim.results.folder import write_files
from sim.scenario.library import SHIPPED
from sim.scenario.posterior import Particles, PosteriorError, netcdf, read_file

#: The folder of posteriors below the place of results.
KEPT = "posteriors"


def keep(particles: Particles, below: Path, name: str = "") -> Path:
    """Where a posterior is kept below a place of results; it is written there if it is not yet.

    The next version of the program may come with another, so one that comes with it is kept, too. name: of its file;
    the digest of the posterior if not given. Raises ResultsError if it cannot be written.
    """
    if found := _found(particles.digest, below / KEPT):
        return found
    # To copy a file takes less than to write it anew, for which scipy has to be imported.
    shipped = _found(particles.digest, SHIPPED)
    content = shipped.read_bytes() if shipped else netcdf(particles)
    return write_files(below / KEPT, {f"{name or particles.digest}.nc": content})[0]


def find(digest: str, below: Path) -> Particles:
    """The posterior of a digest. Raises ResultsError if it is kept neither below this place nor with the program."""
    path = _found(digest, below / KEPT) or _found(digest, SHIPPED)
    if path is None:
        raise ResultsError(
            f"the posterior {digest} that the results were drawn from is not in {below / KEPT}: "
            "copy its file there from where they were made, or play them again"
        )
    return read_file(path)


def _found(digest: str, folder: Path) -> Path | None:
    return next((path for path in sorted(folder.glob("*.nc")) if _digest(path) == digest), None)


def _digest(path: Path) -> str:
    try:
        return read_file(path).digest
    except PosteriorError:
        return ""  # damaged, or somebody else's: not what is looked for
