"""Figures of a debate: each function takes an `Ensemble`, or the `FigureData` made of one, and returns a Figure.

A figure is drawn from tables alone and runs no model. Every title says what the figure shows, computed from the
rows it draws.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.figures import charts
from sim.figures.catalogue import KINDS
from sim.figures.data import FigureData
from sim.figures.files import encoded, overlaps, save

if TYPE_CHECKING:
    from sim.ensembles.ensemble import Ensemble

__all__ = [
    "KINDS",
    "FigureData",
    "ballots",
    "decisions",
    "encoded",
    "influence",
    "overlaps",
    "polarisation",
    "policy",
    "save",
    "small_multiples",
    "stances",
]


def _of_results(draw: Callable[[FigureData], Figure], *computed: str) -> Callable[[Ensemble | FigureData], Figure]:
    """A figure of figure data as a figure of an ensemble too, of which these tables are worked out first."""

    @functools.wraps(draw)
    def drawn(many: Ensemble | FigureData) -> Figure:
        if isinstance(many, FigureData):
            return draw(many)
        # The results bring the compiled core with them, which figure data alone do without.
        from sim.ensembles.ensemble import Ensemble
        from sim.figures import labels

        if not isinstance(many, Ensemble):
            raise TypeError(f"a figure is drawn of an Ensemble or a FigureData, not of a {type(many).__name__}")
        return draw(labels.of_ensemble(many, *computed))

    return drawn


stances = _of_results(charts.stances.stances)
small_multiples = _of_results(charts.members.small_multiples)
decisions = _of_results(charts.decisions.decisions)
ballots = _of_results(charts.ballots.ballots)
policy = _of_results(charts.policy.policy)
influence = _of_results(charts.influence_matrix.influence, "influence")
polarisation = _of_results(charts.polarisation.polarisation, "polarisation")
