"""Who writes to whom, who sits with whom, who hears whom: graphs for programs that look at networks."""

from __future__ import annotations

import re
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Literal

from sim.scenario import schema
from sim.scenario.scenario import Scenario
from sim.scenario.seats import people, persons

if TYPE_CHECKING:
    import networkx

Format = Literal["graphml", "gexf"]


def files(scenario: Scenario, form: Format) -> dict[str, bytes]:
    """Each network of a debate as the bytes of its file, by name."""
    import networkx

    write = networkx.generate_graphml if form == "graphml" else networkx.generate_gexf
    texts = {name: "\n".join(write(graph)) + "\n" for name, graph in networks(scenario).items()}
    # The day on which it is written would make the same network another file.
    return {f"{name}.{form}": re.sub(r' lastmodifieddate="[^"]*"', "", text).encode() for name, text in texts.items()}


def networks(scenario: Scenario) -> dict[str, networkx.Graph[str]]:
    """The networks by name; everybody is a node of each.

    `writes-to`: from author to reader, `weight` the number of letters, `strength` the sum of theirs. `sits-with`: of
    two members of a body, `weight` the days of the span on which both have a seat there. `hears`: from listener to
    speaker, `weight` the number of talks for which neither is recorded as away.
    """
    import networkx

    made: dict[str, networkx.Graph[str]] = {
        "writes-to": networkx.DiGraph(), "sits-with": networkx.Graph(), "hears": networkx.DiGraph()
    }  # fmt: skip
    for graph in made.values():
        for name, member in people(scenario.debate).items():
            graph.add_node(name, label=member.name)
    away = [moment for moment in scenario.debate.timeline if isinstance(moment, schema.Absence)]
    for entry in scenario.entries:
        if isinstance(entry.item, schema.Letter) and entry.item.author is not None:
            for reader in entry.who:
                _count(made["writes-to"], entry.item.author, reader, 1, strength=entry.item.strength)
        elif entry.kind == "talk":
            missing = {
                who for one in away if one.covers(entry.place[:2]) for who in persons(scenario.debate, one.member)
            }
            for listener, speaker in permutations([who for who in entry.who if who not in missing], 2):
                _count(made["hears"], listener, speaker, 1)
    span = scenario.debate.span
    for body in scenario.debate.bodies.values():
        held = [(who, seat) for seat in body.seats for who in persons(scenario.debate, *seat.members)]
        for (one, first), (other, second) in combinations(held, 2):
            start, end = max(first.start, second.start, span.start), min(first.end, second.end, span.end)
            if one != other and start <= end:
                _count(made["sits-with"], one, other, (end - start).days + 1)
    return made


def _count(graph: networkx.Graph[str], one: str, other: str, weight: int, **sums: float) -> None:
    """Adds to the weight of an edge, and to what else is summed along it."""
    known = graph.get_edge_data(one, other, {})
    graph.add_edge(one, other, **{key: known.get(key, 0) + each for key, each in {"weight": weight, **sums}.items()})
