"""What the record has taught of parameters and first stances: a set of equally likely particles.

A particle holds, for each name, its *share*: the number in (0, 1) that says how far up its law the value lies
(the quantile under the prior). So a posterior knows nothing of laws: a share is turned into a value by
`draws.quantile` as luck's own uniform number is, and what a what-if changes in a law still holds.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.array_types import Floats
from sim.errors import UserError
from sim.scenario.identities import FIRST_STANCE, PARAMETER

#: Shares are kept in this many steps: fine enough that no law has a visible one, and two bytes each.
STEPS = 2**16
#: The words that name the two kinds of rows in a file.
KINDS = ("parameter", "first stance")


class PosteriorError(UserError):
    """A posterior that cannot be read or used; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Particles:
    """Equally likely particles, in random order.

    parameters, members: the names that they know. shares: (parameters and then members, particles), in (0, 1).
    Shares are brought to the middle of a step of 2^-16, as a file keeps them, so that what is played and what is
    written are the same. fitted_to: the digest of the scenario that they were fitted to
    (`Scenario.content_digest`). about: what else is to be known of the fit.
    """

    parameters: tuple[str, ...]
    members: tuple[str, ...]
    shares: Floats
    fitted_to: str
    about: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", (_steps(self.shares) + 0.5) / STEPS)

    @property
    def size(self) -> int:
        """How many there are."""
        return int(self.shares.shape[1])

    @cached_property
    def rows(self) -> dict[tuple[int, str], int]:
        """The row of each purpose of luck (parameter or first stance) and name."""
        keys = [(PARAMETER, name) for name in self.parameters]
        keys += [(FIRST_STANCE, name) for name in self.members]
        return {key: row for row, key in enumerate(keys)}

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of what is drawn from it."""
        said = json.dumps([self.parameters, self.members]).encode()
        return hashlib.sha256(said + _steps(self.shares).tobytes()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Particles) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _steps(shares: Floats) -> NDArray[np.uint16]:
    return np.minimum(np.floor(shares * STEPS), STEPS - 1).astype(np.uint16)


def written(particles: Particles) -> bytes:
    """A posterior as the bytes of a NetCDF file (classic format), the same bytes every time.

    The variable `share` (name, particle) is packed in 16 bits by the usual convention, so that xarray reads it
    as numbers in (0, 1).
    """
    from scipy.io import netcdf_file

    into = io.BytesIO()
    file: Any = netcdf_file(into, "w", version=1)
    file.fitted_to, file.about = particles.fitted_to, particles.about or " "
    file.createDimension("name", len(particles.parameters) + len(particles.members))
    file.createDimension("particle", particles.size)
    kinds = [KINDS[0]] * len(particles.parameters) + [KINDS[1]] * len(particles.members)
    file.names = "\n".join(f"{kind}: {name}" for kind, name in zip(kinds, _names(particles), strict=True))
    share = file.createVariable("share", "i2", ("name", "particle"))
    share.scale_factor, share.add_offset = 1.0 / STEPS, (STEPS // 2 + 0.5) / STEPS
    share[:] = (_steps(particles.shares).astype(np.int32) - STEPS // 2).astype(">i2")
    file.flush()
    return into.getvalue()


def _names(particles: Particles) -> tuple[str, ...]:
    return (*particles.parameters, *particles.members)


def read(content: bytes, called: str) -> Particles:
    """The posterior in the bytes of a file; `called` names it in errors. Raises PosteriorError."""
    from scipy.io import netcdf_file

    try:
        file = netcdf_file(io.BytesIO(content), "r", mmap=False)
        steps = file.variables["share"][:].astype(np.int64) + STEPS // 2
        names = [line.split(": ", 1) for line in _text(file, "names").split("\n")]
        parameters, members = ([name for kind, name in names if kind == wanted] for wanted in KINDS)
        if len(parameters) + len(members) != len(steps):
            raise ValueError("its names and its rows differ in number")
        fitted_to, about = _text(file, "fitted_to"), _text(file, "about").strip()
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise PosteriorError(
            f"{called} is not a posterior of this program ({error}): `sim calibrate` writes them"
        ) from None
    return Particles(tuple(parameters), tuple(members), (steps + 0.5) / STEPS, fitted_to, about)


def _text(file: Any, attribute: str) -> str:
    value = getattr(file, attribute)
    return value.decode() if isinstance(value, bytes) else str(value)


def read_file(path: Path) -> Particles:
    """The posterior in a file. Raises PosteriorError."""
    try:
        return read(path.read_bytes(), str(path))
    except OSError as error:
        raise PosteriorError(
            f"{path} cannot be read ({error.strerror}): name a posterior.nc that `sim calibrate` has written"
        ) from None
