"""The points at which a sensitivity analysis plays: every uncertain parameter at a quantile of its prior.

What is asked for is checked here, before anything is loaded that plays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import UserError
from sim.model import priors, random_streams
from sim.model.array_types import Floats
from sim.model.random_streams import RUNS_PER_DRAW
from sim.scenario import timeline
from sim.scenario.scenario import Scenario


def check_design(runs: int, size: int) -> None:
    """Raises UserError for histories of each point that are not whole draws, or a size that is no power of 2."""
    if runs < 1 or runs % RUNS_PER_DRAW:
        raise UserError(
            f"{runs} histories of each design point are not whole draws: give a multiple of {RUNS_PER_DRAW}"
        )
    if size < 2 or size & (size - 1):
        raise UserError(f"a design of size {size}: the size is a power of 2, as 128")


def factors(scenario: Scenario) -> tuple[str, ...]:
    """The parameters that are not one number. Raises UserError if there are none."""
    parameters = priors.of_debate(scenario.debate).parameters
    if names := tuple(name for name, prior in parameters.items() if not prior.is_fixed):
        return names
    raise UserError(f"no parameter of '{scenario.name}' is uncertain, so nothing depends on any")


@dataclass(frozen=True)
class Design:
    """A design for Sobol indices: names of the factors, and quantiles, (points, factors), in (0, 1)."""

    names: tuple[str, ...]
    quantiles: Floats

    @property
    def problem(self) -> dict[str, Any]:
        """The design as SALib wants it described."""
        return {"num_vars": len(self.names), "names": list(self.names), "bounds": [[0.0, 1.0]] * len(self.names)}


def design_of(names: tuple[str, ...], size: int, seed: int) -> Design:
    """Saltelli's scheme for first-order and total indices: size * (factors + 2) points.

    size: a power of 2. The sequence is rotated by a random number keyed to each factor (Cranley and Patterson 1976), so
    that seeds differ. Raises ValueError for another size or no factors.
    """
    from SALib.sample import sobol

    if not names:
        raise ValueError("a design needs factors")
    if size < 2 or size & (size - 1):
        raise ValueError(f"the size of a design is a power of 2, not {size}")
    problem = Design(names, np.empty((0, len(names)))).problem
    points = sobol.sample(problem, size, calc_second_order=False, scramble=False)
    stream = random_streams.seed_words(seed), np.zeros(1, np.uint64), timeline.key("design"), random_streams.DESIGN
    rotations = [random_streams.uniforms(*stream, timeline.key(name))[0] for name in names]
    return Design(names, np.clip((points + np.array(rotations)) % 1.0, 2.0**-32, 1.0 - 2.0**-32))
