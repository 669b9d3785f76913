"""NDlib's nearest model: Hegselmann-Krause with weights (WHK), as many members and weeks.

It is not the same dynamics and cannot be made so: no noise, no attendance, no ballots; in an iteration as many members
as there are, drawn with replacement, move one after another; and a member moves by mean(w x_j) (1 - x_i), or (1 + x_i)
below zero, not towards x_j. Only the hard bound exists. So its time is that of less work, and its results are not
compared.
"""

from __future__ import annotations

import warnings

import networkx

from benchmarks.committee import Committee

with warnings.catch_warnings():
    # Its own imports warn about other packages' futures.
    warnings.simplefilter("ignore")
    from ndlib.models import ModelConfig
    from ndlib.models.opinions import WHKModel


def model(committee: Committee) -> WHKModel:
    """A complete graph whose edges carry the committee's weights, on NDlib's axis from -1 to 1."""
    graph = networkx.complete_graph(committee.members)
    weight = committee.weight / committee.weight.max()
    settings = ModelConfig.Configuration()
    settings.add_model_parameter("epsilon", committee.bound / (committee.high - committee.low) * 2.0)
    for one, other in graph.edges:
        settings.add_edge_configuration("weight", (one, other), float(weight[one, other]))
    made = WHKModel(graph)
    made.set_initial_status(settings)
    return made


def play(made: WHKModel, committee: Committee, runs: int) -> int:
    """Plays histories one after another on one model; returns how many. Its first iteration only shows the start."""
    for _ in range(runs):
        made.reset()
        made.iteration_bunch(committee.weeks + 1)
    return runs
