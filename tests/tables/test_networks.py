"""Networks have everybody as a node, and as many letters, days and talks along an edge as the debate has."""

from __future__ import annotations

import io

import networkx
import pytest

import sim
from sim.tables import networks
from tests.debates import absence, debate, letter, talk


def small() -> sim.Scenario:
    """Two letters, two talks, one of them with somebody away, and a board of two weeks."""
    return debate(
        {"ann": 0.1, "bob": 0.5, "cat": 0.9},
        letter("first", "ann", ["bob", "cat"], 0.5, 1, strength=2),
        letter("second", "ann", ["bob"], 0.5, 2, strength=3),
        absence("trip", "cat", 4, 6),
        talk("meeting", 3),
        talk("again", 5),
        weeks=2,
    )


def test_edges_count_letters_days_and_talks() -> None:
    """Who is away is not heard, and hears nobody; who sits with whom is counted in days of the span."""
    found = networks.networks(small())
    assert {name: sorted(graph) for name, graph in found.items()} == {name: ["ann", "bob", "cat"] for name in found}
    assert dict(found["writes-to"].edges) == {
        ("ann", "bob"): {"weight": 2, "strength": 5}, ("ann", "cat"): {"weight": 1, "strength": 2}
    }  # fmt: skip
    assert found["sits-with"].edges["ann", "cat"]["weight"] == 14
    assert {pair: data["weight"] for pair, data in dict(found["hears"].edges).items()} == {
        **dict.fromkeys((("ann", "bob"), ("bob", "ann")), 2),
        **dict.fromkeys((("ann", "cat"), ("bob", "cat"), ("cat", "ann"), ("cat", "bob")), 1),
    }


@pytest.mark.parametrize(("form", "read"), [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)])
def test_a_file_of_a_network_is_read_back_as_the_network(form: networks.Format, read: object) -> None:
    """Nodes with their names, edges with their weights; and the same bytes every time."""
    files = networks.files(small(), form)
    assert files == networks.files(small(), form)
    graph = read(io.BytesIO(files[f"writes-to.{form}"]))  # type: ignore[operator]
    assert graph.nodes["ann"]["label"] == "Ann"
    assert graph.edges["ann", "bob"]["weight"] == 2
