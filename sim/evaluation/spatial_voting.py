"""One dimension found in the votes themselves: each member a point, each motion a cutpoint.

The spatial model of roll calls (Poole and Rosenthal 1985; as a logit with priors, Clinton, Jackman and Rivers 2004), in
which somebody who is about indifferent abstains. With u = x - c for a member at x and a motion cut at c,

    P(up) = 1 / (1 + exp(-(u - t))),  P(down) = 1 / (1 + exp(-(-u - t))),  P(abstain) = 1 - P(up) - P(down).

Up is the side of a motion whose end lies higher on the debate's axis. Points and cutpoints are in logits, a priori
normal about 0 with a standard deviation of 2, and log t about log 1/2 with one of 1. The fit is where the posterior is
highest; a member's point has about that the variance that its curvature gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model.array_types import Floats, Ints

#: The side of a vote: up or down the axis, or neither.
UP, DOWN, NEITHER = 1, -1, 0
#: The standard deviation of points and cutpoints a priori, and the centre of log t.
SPREAD, HALF_WIDTH = 2.0, float(np.log(0.5))
#: Nodes of each integral over a point or a cutpoint.
NODES = 21


@dataclass(frozen=True)
class Votes:
    """Votes that are known: the member, the motion and the side of each, as numbers; and how many of both there are."""

    member: Ints
    motion: Ints
    side: Ints
    members: int
    motions: int


@dataclass(frozen=True)
class SpatialFit:
    """The fit to some votes. at: points, cutpoints and log t, one after another."""

    votes: Votes
    at: Floats

    @property
    def points(self) -> Floats:
        """Where each member is; 0 of whom nothing is known."""
        return self.at[: self.votes.members]

    @cached_property
    def spreads(self) -> Floats:
        """The standard deviation of each member's point; that of the prior of whom nothing is known."""
        up, down, _ = _chances(*_gains(self.votes, self.at))
        known = np.full(self.votes.members, SPREAD**-2)
        np.add.at(known, self.votes.member, up * (1 - up) + down * (1 - down))
        spreads: Floats = known**-0.5
        return spreads

    def of_a_new_motion(self, member: int) -> Floats:
        """The chances of up, down and neither, (3,), in a motion of which nothing is known."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        points = self.points[member] + self.spreads[member] * nodes
        gains = points[:, None] - SPREAD * nodes[None, :]
        chances, shares = (
            np.stack(_chances(gains, np.exp(self.at[-1]))),
            np.outer(weights, weights) / weights.sum() ** 2,
        )
        return np.asarray((chances * shares).sum(axis=(1, 2)))


def fit(votes: Votes) -> SpatialFit:
    """Points and cutpoints where their posterior is highest."""
    from scipy.optimize import minimize

    start = np.zeros(votes.members + votes.motions + 1)
    start[-1] = HALF_WIDTH
    found = minimize(_less_likely, start, args=(votes,), jac=True, method="L-BFGS-B")
    return SpatialFit(votes, np.asarray(found.x))


def _gains(votes: Votes, at: Floats) -> tuple[Floats, Floats]:
    """The gain u of each vote, and t."""
    return at[votes.member] - at[votes.members + votes.motion], np.exp(at[-1])


def _chances(gains: Floats, half_width: Floats) -> tuple[Floats, Floats, Floats]:
    """The chances of up, of down and of neither."""
    up, down = (1 / (1 + np.exp(half_width - way)) for way in (gains, -gains))
    return up, down, np.maximum(1 - up - down, 1e-300)


def _less_likely(at: Floats, votes: Votes) -> tuple[float, Floats]:
    """What is to be made least, the negative log of the posterior, and its slope."""
    gains, half_width = _gains(votes, at)
    up, down, neither = _chances(gains, half_width)
    # The slopes of the log of a vote's chance in u - t and in -u - t.
    for_up = np.where(votes.side == UP, 1 - up, np.where(votes.side == NEITHER, -up * (1 - up) / neither, 0.0))
    for_down = np.where(votes.side == DOWN, 1 - down, np.where(votes.side == NEITHER, -down * (1 - down) / neither, 0))
    in_gain, slope = for_up - for_down, np.zeros(at.size)
    np.add.at(slope, votes.member, in_gain)
    np.add.at(slope, votes.members + votes.motion, -in_gain)
    slope[-1] = -half_width * (for_up + for_down).sum()
    off = np.append(at[:-1] / SPREAD, at[-1] - HALF_WIDTH)
    likely = np.log(np.where(votes.side == UP, up, np.where(votes.side == DOWN, down, neither))).sum()
    return float((off**2).sum() / 2 - likely), np.append(off[:-1] / SPREAD, off[-1]) - slope
