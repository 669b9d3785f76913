"""Indices of voting power: who can turn a vote, when nothing is known of what anybody wants.

A weighted game is won by every coalition whose weights reach the quota. A compound game, as a double majority, is won
by who wins several weighted games of the same players at once, or in place of one of them another. Both indices are
counted exactly, in whole numbers, by generating functions (Brams and Affuso 1976): how many coalitions of the others
there are of each weight (in each game) and of each size, which is the weight where each player has 1.
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
Won = NDArray[np.bool_]


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


#: A game, or several of which one has to be won.
AnyGame = Game | tuple[Game, ...]


def _moved(axes: int, by: Sequence[int]) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """The cells of a table from which a step leads to others, and those others; by: the step along the first axes."""
    rest = (slice(None),) * (axes - len(by))
    return tuple(slice(None, -step or None) for step in by) + rest, tuple(slice(step, None) for step in by) + rest


def _by_weights_and_size(players: Sequence[tuple[int, ...]]) -> Whole:
    """The number of coalitions: an axis for each weight that a player has, up to its sum, and one for the size."""
    sums = [sum(weights) for weights in zip(*players, strict=True)]
    counts = np.zeros((*(total + 1 for total in sums), len(players) + 1), dtype=object)
    counts[(0,) * counts.ndim] = 1
    for weights in players:
        before, after = _moved(counts.ndim, (*weights, 1))
        # A copy, so that nobody is counted twice.
        counts[after] += counts[before].copy()
    return counts


def _others(counts: Whole, weights: Sequence[int]) -> Whole:
    """The same without one player of these weights, whose factor is divided out again, size by size."""
    others, (before, after) = counts.copy(), _moved(counts.ndim - 1, weights)
    for size in range(1, counts.shape[-1]):
        others[..., size][after] -= others[..., size - 1][before]
    return others


def _won(games: Sequence[tuple[Game, ...]], axes: Sequence[tuple[int, ...]], shape: tuple[int, ...]) -> Won:
    """In which cells of a table by weights and size, as `axes` names them, one of every group of games is won."""
    places = np.indices(shape, sparse=True)
    won = np.ones(shape, np.bool_)
    for group in games:
        reached = [np.broadcast_to(places[axes.index(game.weights)] >= game.quota, shape) for game in group]
        won &= np.logical_or.reduce(reached)
    return won


def _swings(games: Sequence[AnyGame]) -> list[list[int]]:
    """By player, the coalitions of the others that lose without and win with that player, by their size."""
    groups = [game if isinstance(game, tuple) else (game,) for game in games]
    every = [game for group in groups for game in group]
    if len({len(game.weights) for game in every}) != 1:
        raise ValueError(f"the games have not the same players: {[len(game.weights) for game in every]}")
    size = (1,) * len(every[0].weights)
    axes = [*dict.fromkeys(game.weights for game in every if game.weights != size), size]
    players = list(zip(*axes, strict=True))
    counts = _by_weights_and_size([weights[:-1] for weights in players])
    won, by_weights = _won(groups, axes, counts.shape), dict[tuple[int, ...], list[int]]()
    for weights in set(players):
        before, after = _moved(counts.ndim, weights)
        others, turned = _others(counts, weights[:-1])[before], won[after] & ~won[before]
        by_weights[weights] = [int(others[..., size][turned[..., size]].sum()) for size in range(len(players))]
    return [by_weights[weights] for weights in players]


def banzhaf(*games: AnyGame) -> list[Fraction]:
    """The index of Banzhaf (1965), also Penrose's and Coleman's: a player's swings as a fraction of all swings.

    games: one, or those that must all be won, of several in a tuple one. Raises ValueError for games of different
    numbers of players.
    """
    swings = [sum(by_size) for by_size in _swings(games)]
    return [Fraction(number, sum(swings)) for number in swings]


def shapley_shubik(*games: AnyGame) -> list[Fraction]:
    """The index of Shapley and Shubik (1954): the fraction of orders in which a player's coming wins.

    games: as for `banzhaf`. Raises ValueError for games of different numbers of players.
    """
    swings = _swings(games)
    orders = shapley.weights(len(swings))
    return [sum(map(mul, orders, by_size), Fraction()) for by_size in swings]
