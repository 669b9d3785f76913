"""Games of causes: what each contributes to a value (Shapley 1953).

A game gives a whole number to each coalition. Coalition k, of the players whose bits are set in k, is entry k of an
array; so 2^n entries are a game of n players. Everything here is exact: contributions add up to the value of all
less the value of none, with nothing left over.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.array_types import Ints

#: Python's own whole numbers, which never overflow.
Whole = NDArray[Any]


def players(game: Sequence[int] | Whole) -> int:
    """The number of players. Raises ValueError if the entries are no game."""
    number = len(game).bit_length() - 1
    if len(game) != 1 << number:
        raise ValueError(f"a game of n players has 2^n coalitions, not {len(game)}")
    return number


def _without(number: int, *players: int) -> Ints:
    """The coalitions that hold none of these players."""
    every = np.arange(1 << number)
    mask = sum(1 << player for player in players)
    others: Ints = every[every & mask == 0]
    return others


def _sizes(coalitions: Ints) -> list[int]:
    return [int(coalition).bit_count() for coalition in coalitions]


def weights(number: int, together: int = 1) -> list[Fraction]:
    """By size of a coalition of others, its weight in the Shapley value; together=2: in the index of interaction."""
    most = number - together
    return [
        Fraction(math.factorial(size) * math.factorial(most - size), math.factorial(most + 1))
        for size in range(most + 1)
    ]


def values(game: Sequence[int] | Whole) -> list[Fraction]:
    """The Shapley value of each player: the mean contribution over all orders in which players may come."""
    number, worth = players(game), np.array([int(value) for value in game], dtype=object)
    by_size = weights(number) if number else []
    result = []
    for player in range(number):
        others = _without(number, player)
        gains = worth[others | 1 << player] - worth[others]
        result.append(sum((by_size[size] * gain for size, gain in zip(_sizes(others), gains, strict=True)), Fraction()))
    return result


def interactions(game: Sequence[int] | Whole) -> dict[tuple[int, int], Fraction]:
    """The Shapley index of interaction of every two players (Grabisch and Roubens 1999).

    Above 0, the two do more together than apart; below 0, the one makes the other less needed.
    """
    number, worth = players(game), np.array([int(value) for value in game], dtype=object)
    by_size = weights(number, together=2) if number > 1 else []
    result = {}
    for one in range(number):
        for two in range(one + 1, number):
            others = _without(number, one, two)
            both, first, second = 1 << one | 1 << two, 1 << one, 1 << two
            more = worth[others | both] - worth[others | first] - worth[others | second] + worth[others]
            result[one, two] = sum(
                (by_size[size] * extra for size, extra in zip(_sizes(others), more, strict=True)), Fraction()
            )
    return result


def orders_walked(orders: Sequence[Sequence[int]]) -> list[int]:
    """Every coalition that is met when players come one by one in these orders, each once."""
    met = (coalition for order in orders for coalition in _walk(order))
    return list(dict.fromkeys(met))


def _walk(order: Sequence[int]) -> Iterator[int]:
    """The coalitions met in one order, from nobody to all."""
    coalition = 0
    yield coalition
    for player in order:
        coalition |= 1 << player
        yield coalition


def sampled(orders: Sequence[Sequence[int]], worth: dict[int, int]) -> list[list[int]]:
    """The contribution of each player in each of some orders, (orders, players); worth: by coalition.

    In every order they add up to the value of all less that of none. Their mean estimates the Shapley value.
    """
    result = []
    for order in orders:
        gains = [0] * len(order)
        for player, (before, after) in zip(order, pairwise(_walk(order)), strict=True):
            gains[player] = worth[after] - worth[before]
        result.append(gains)
    return result
