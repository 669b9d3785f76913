"""The test debate in plain NumPy, over replicates: arrays (replicates, members, members)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.committee import Committee
from benchmarks.endings import Endings, of_stances

Floats = NDArray[np.float64]

#: Replicates at a time. Tried were 16 to 1,024: from 256 on the arrays leave the caches.
BLOCK = 64


def closeness(committee: Committee, gap: Floats) -> Floats:
    """g of each gap."""
    if committee.rule == "hard":
        return (np.abs(gap) <= committee.bound).astype(float)
    inside = np.maximum(1.0 - (gap / committee.bound) ** 2, 0.0)
    return inside * inside


def _block(committee: Committee, replicates: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    shape = replicates, committee.members
    first, weight = np.array(committee.first), committee.weight
    stance, policy = np.tile(first, (replicates, 1)), np.full(replicates, committee.policy)
    for week in range(committee.weeks):
        stance += committee.pull * (first - stance) + committee.shake * rng.standard_normal(shape)
        np.clip(stance, committee.low, committee.high, out=stance)
        present = rng.random(shape) < committee.attendance

        gap = stance[:, None, :] - stance[:, :, None]
        trust = weight * closeness(committee, gap) * present[:, None, :]
        heard = trust.sum(axis=2)
        towards = np.einsum("rij,rij->ri", trust, gap) / np.where(heard > 0.0, heard, 1.0)
        stance += committee.susceptibility * towards * present
        np.clip(stance, committee.low, committee.high, out=stance)

        motion = committee.motion(week)
        if motion is not None:
            gain = (policy[:, None] - stance) ** 2 - (motion - stance) ** 2
            says_yes = rng.random(shape) < 1.0 / (1.0 + np.exp(-committee.sharpness * gain))
            yes, votes = (says_yes & present).sum(axis=1), present.sum(axis=1)
            carried = (2 * yes > votes) & (votes >= committee.quorum * committee.members)
            policy = np.where(carried, motion, policy)
    return stance, policy


def play(committee: Committee, runs: int, seed: int = 1, block: int = BLOCK) -> Endings:
    """Plays `runs` histories, some at a time."""
    rng = np.random.default_rng(seed)
    blocks = [_block(committee, min(block, runs - start), rng) for start in range(0, runs, block)]
    return of_stances(np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks]))
