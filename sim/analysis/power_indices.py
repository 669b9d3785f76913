"""Indices of voting power: who can turn a vote, when nothing is known of what anybody wants.

A weighted game is won by every coalition whose weights reach the quota. Both indices are counted exactly, in whole
numbers, by generating functions (Brams and Affuso 1976): how many coalitions of the others there are of each weight,
and for Shapley and Shubik also of each size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis import shapley

#: Python's own whole numbers, which never overflow.
Whole = NDArray[Any]


@dataclass(frozen=True)
class Game:
    """A weighted game. Raises ValueError for weights below 0, or a quota that nobody or everybody reaches."""

    weights: tuple[int, ...]
    quota: int

    def __post_init__(self) -> None:
        if any(weight < 0 for weight in self.weights):
            raise ValueError(f"weights are whole numbers from 0 up, not {self.weights}")
        if not 0 < self.quota <= sum(self.weights):
            raise ValueError(f"a quota is from 1 to the sum of the weights, {sum(self.weights)}, not {self.quota}")


def _by_weight_and_size(weights: Sequence[int]) -> Whole:
    """The number of coalitions by weight and size: (sum of weights + 1, players + 1)."""
    total = sum(weights)
    counts = np.zeros((total + 1, len(weights) + 1), dtype=object)
    counts[0, 0] = 1
    reached = 0
    for number, weight in enumerate(weights):
        reached += weight
        # From above, so that nobody is counted twice.
        joined = counts[: reached - weight + 1, : number + 1].copy()
        counts[weight : reached + 1, 1 : number + 2] += joined
    return counts


def _others(counts: Whole, weight: int) -> Whole:
    """The same without one player of this weight, whose factor is divided out again."""
    others = counts.copy()
    for size in range(1, counts.shape[1]):
        for total in range(weight, counts.shape[0]):
            others[total, size] -= others[total - weight, size - 1]
    return others


def _swings(game: Game) -> list[list[int]]:
    """By player, the coalitions of the others that lose without and win with that player, by their size."""
    counts = _by_weight_and_size(game.weights)
    by_weight: dict[int, list[int]] = {}
    for weight in set(game.weights):
        swinging = _others(counts, weight)[max(game.quota - weight, 0) : game.quota]
        by_weight[weight] = [int(number) for number in swinging.sum(axis=0)] if weight else [0] * counts.shape[1]
    return [by_weight[weight] for weight in game.weights]


def banzhaf(game: Game) -> list[Fraction]:
    """The index of Banzhaf (1965), also Penrose's and Coleman's: a player's swings as a fraction of all swings."""
    swings = [sum(by_size) for by_size in _swings(game)]
    return [Fraction(number, sum(swings)) for number in swings]


def shapley_shubik(game: Game) -> list[Fraction]:
    """The index of Shapley and Shubik (1954): the fraction of orders in which a player's coming wins."""
    number = len(game.weights)
    orders = shapley.weights(number)
    return [sum(map(mul, orders, by_size), Fraction()) for by_size in _swings(game)]
