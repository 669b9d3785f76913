"""What the record says of parameters and first stances: a set of equally likely particles.

A particle holds, for each name, its quantile under the prior, in (0, 1). So a posterior knows nothing of priors: a
quantile is turned into a value as a uniform random number is, and what a what-if changes in a prior still holds.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UserError
from sim.scenario import netcdf as classic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What its numbers are of, as purposes of randomness: the others are in `model.random_streams`.
PARAMETER, FIRST_STANCE = 6, 7
#: Quantiles are kept in this many steps: fine enough that no prior has a visible one, and two bytes each.
STEPS = 2**16
#: A quantile is SCALE times the number that is kept, plus OFFSET.
SCALE, OFFSET = 1.0 / STEPS, (STEPS // 2 + 0.5) / STEPS
#: The words that name the two kinds of rows in a file.
KINDS = ("parameter", "first stance")


class PosteriorError(UserError):
    """A posterior that cannot be read or used; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Particles:
    """Equally likely particles, in random order.

    parameters, members: the names that they know. kept: the quantiles as a file keeps them, a row for each of the
    parameters and then of the members: the middles of steps of 2^-16, the number of each less 2^15, in 16 bits,
    big-endian. fitted_to: the digest of the scenario that they were fitted to (`Scenario.content_digest`). about: what
    else is to be known of the fit.
    """

    parameters: tuple[str, ...]
    members: tuple[str, ...]
    kept: bytes
    fitted_to: str
    about: str = ""

    @classmethod
    def of(
        cls,
        parameters: tuple[str, ...],
        members: tuple[str, ...],
        quantiles: NDArray[np.float64],
        fitted_to: str,
        about: str = "",
    ) -> Particles:
        """Those of quantiles in (0, 1), (parameters and then members, particles), each brought to a step's middle."""
        import numpy as np

        steps = np.minimum(np.floor(quantiles * STEPS), STEPS - 1).astype(np.int64)
        return cls(parameters, members, (steps - STEPS // 2).astype(">i2").tobytes(), fitted_to, about)

    @cached_property
    def _steps(self) -> NDArray[np.uint16]:
        import numpy as np

        steps = np.frombuffer(self.kept, ">i2").astype(np.int64) + STEPS // 2
        return steps.astype(np.uint16).reshape(len(self.rows), -1)

    @cached_property
    def quantiles(self) -> NDArray[np.float64]:
        """(parameters and then members, particles), in (0, 1); read when first played, not to keep anybody waiting."""
        quantiles: NDArray[np.float64] = (self._steps + 0.5) / STEPS
        return quantiles

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.kept) // (2 * len(self.rows))

    @cached_property
    def independent_runs(self) -> int:
        """Of how many independent runs of a sampler they are, taking turns; 1 where nothing is known of that."""
        try:
            runs = json.loads(self.about)["independent_runs"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return 1
        return runs if isinstance(runs, int) and 1 <= runs <= self.size else 1

    @cached_property
    def rows(self) -> dict[tuple[int, str], int]:
        """The row of each purpose of randomness (parameter or first stance) and name."""
        keys = [(PARAMETER, name) for name in self.parameters] + [(FIRST_STANCE, name) for name in self.members]
        return {key: row for row, key in enumerate(keys)}

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of what is drawn from it."""
        names = json.dumps([self.parameters, self.members]).encode()
        return hashlib.sha256(names + self._steps.tobytes()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Particles) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def netcdf(particles: Particles) -> bytes:
    """A posterior as a NetCDF file (classic format), the same bytes every time.

    The variable `quantile` (name, particle) is packed in 16 bits by the usual convention, so that xarray reads it as
    numbers in (0, 1).
    """
    import numpy as np
    from scipy.io import netcdf_file

    names = [f"{KINDS[0]}: {name}" for name in particles.parameters]
    names += [f"{KINDS[1]}: {name}" for name in particles.members]
    into = io.BytesIO()
    file: Any = netcdf_file(into, "w", version=1)
    file.fitted_to, file.about, file.names = particles.fitted_to, particles.about or " ", "\n".join(names)
    file.createDimension("name", len(names))
    file.createDimension("particle", particles.size)
    variable = file.createVariable("quantile", "i2", ("name", "particle"))
    variable.scale_factor, variable.add_offset = SCALE, OFFSET
    variable[:] = np.frombuffer(particles.kept, ">i2").reshape(len(names), -1)
    file.flush()
    return into.getvalue()


def read_file(path: Path) -> Particles:
    """The posterior in a file. Raises PosteriorError."""
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "it is not a file")  # and reading from it may have no end
        return _particles(path.read_bytes())
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): name a posterior that `sim calibrate` has kept"
        raise PosteriorError(message) from None
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        message = f"{path} is not a posterior of this program: `sim calibrate` writes them"
        raise PosteriorError(message) from None


def _particles(content: bytes) -> Particles:
    """The particles in the content of a file. Raises what is raised of a content that is something else."""
    said, variables = classic.read(content)
    kept = variables["quantile"]
    pairs = [line.split(": ", 1) for line in said["names"].split("\n")]
    parameters, members = (tuple(name for kind, name in pairs if kind == wanted) for wanted in KINDS)
    rows = [[KINDS[0], name] for name in parameters] + [[KINDS[1], name] for name in members]
    is_packed = kept.attributes == {"scale_factor": (SCALE,), "add_offset": (OFFSET,)}
    has_rows = pairs == rows and len({*parameters}) + len({*members}) == len(rows)
    if not (kept.kind == "h" and is_packed and has_rows and kept.shape[:-1] == (len(rows),) and kept.shape[-1]):
        raise ValueError("something else is kept")
    return Particles(parameters, members, kept.content, str(said["fitted_to"]), str(said["about"]).strip())
