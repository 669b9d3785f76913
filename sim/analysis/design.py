"""The points at which a sensitivity analysis plays: every uncertain parameter at a quantile of its prior.

What is asked for is checked here, before anything is loaded that plays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import UserError
from sim.model import priors, random_streams
from sim.model.array_types import Floats
from sim.model.random_streams import RUNS_PER_DRAW
from sim.scenario import timeline
from sim.scenario.scenario import Scenario

#: Independent parts of a design, from whose spread the errors of indices come; a small design has fewer.
BLOCKS = 8


def check_design(runs: int, size: int) -> None:
    """Raises UserError for histories of a point that are not two halves of draws, or a size that is no power of 2."""
    if runs < 1 or runs % (2 * RUNS_PER_DRAW):
        raise UserError(
            f"{runs} histories of each design point are not two halves of whole draws: give a multiple of "
            f"{2 * RUNS_PER_DRAW}"
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
    """A design for Sobol indices: names of the factors, and quantiles, (rows, factors + 2, factors), in (0, 1).

    The points of a row are a first sample, for each factor the same with this factor from the second sample, and the
    second sample (A, AB_i and B of Saltelli et al. 2010). blocks: equal parts of the rows, in their order, that are
    independent of each other.
    """

    names: tuple[str, ...]
    quantiles: Floats
    blocks: int

    @property
    def points(self) -> int:
        """How many there are."""
        return int(np.prod(self.quantiles.shape[:2]))


def design_of(names: tuple[str, ...], size: int, seed: int) -> Design:
    """Saltelli's scheme for first-order and total indices: size * (factors + 2) points.

    size: the number of rows, a power of 2. Every block is the same Sobol sequence, rotated by random numbers keyed to
    the block, the factor and the sample (Cranley and Patterson 1976). Raises ValueError for another size or no factors.
    """
    from scipy.stats import qmc

    if not names:
        raise ValueError("a design needs factors")
    if size < 2 or size & (size - 1):
        raise ValueError(f"the size of a design is a power of 2, not {size}")
    blocks, words = min(size, BLOCKS), random_streams.seed_words(seed)
    sequence = qmc.Sobol(2 * len(names), scramble=False).random(size // blocks)
    turns, key = np.arange(2 * blocks, dtype=np.uint64), timeline.key("design")
    rotations = [
        random_streams.uniforms(words, turns, key, random_streams.DESIGN, timeline.key(name)).reshape(blocks, 2)
        for name in names
    ]
    rotation = np.stack(rotations, axis=-1).reshape(blocks, 1, -1)
    samples = ((sequence + rotation) % 1.0).reshape(size, 2, len(names))
    points = np.repeat(samples[:, :1], len(names) + 2, axis=1)
    points[:, -1] = samples[:, 1]
    for factor in range(len(names)):
        points[:, 1 + factor, factor] = samples[:, 1, factor]
    return Design(names, np.clip(points, 2.0**-32, 1.0 - 2.0**-32), blocks)
