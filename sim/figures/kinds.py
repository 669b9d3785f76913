"""Every kind of figure by name: what it shows, which tables it is drawn from, and which command makes those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from . import (
    ballot_chart,
    decision_chart,
    influence_chart,
    influence_network,
    member_panels,
    polarisation_chart,
    policy_chart,
    stance_chart,
)
from .picture import Picture

if TYPE_CHECKING:
    from sim.saved import Saved


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    command: whose results it is drawn from. tables: the names of the tables that it needs. shows: what it shows, in a
    sentence. draw: from the folder of results to a Figure.
    """

    command: str
    tables: tuple[str, ...]
    shows: str
    draw: Callable[[Saved], Figure]


def of_picture(draw: Callable[[Picture], Figure]) -> Callable[[Saved], Figure]:
    """A figure of a picture as a figure of the results of a replay."""

    def drawn(saved: Saved) -> Figure:
        from . import from_results

        return draw(from_results.of_saved(saved))

    return drawn


def _late(name: str) -> Callable[[Saved], Figure]:
    """A figure of `explained`, which brings the results with it, by the name of its function."""

    def drawn(saved: Saved) -> Figure:
        from . import explained

        figure: Figure = getattr(explained, name)(saved)
        return figure

    return drawn


#: The tables that every picture of a replay is made of.
OF_A_REPLAY = ("stances", "decisions", "ballots", "policy_as_recorded")


def _replayed(draw: Callable[[Picture], Figure], shows: str, *more: str) -> Kind:
    return Kind("replay", (*OF_A_REPLAY, *more), shows, of_picture(draw))


KINDS: Mapping[str, Kind] = {
    "stances": _replayed(
        stance_chart.stances,
        "How the stances moved, with what happened when: letters, absences, sittings and ballots.",
    ),
    "members": _replayed(
        member_panels.small_multiples,
        "Every member in a panel of his own, with the stances on record drawn on top by their evidence.",
    ),
    "decisions": _replayed(
        decision_chart.decisions,
        "What the record says was decided, beside the chance that the model gives it.",
    ),
    "ballots": _replayed(
        ballot_chart.ballots,
        "Who votes how, and how surely, beside the votes that a source records by name.",
    ),
    "policy": _replayed(
        policy_chart.policy,
        "The policy in force: the course on record against histories that run free.",
        "policy_shares",
    ),
    "influence": _replayed(
        influence_chart.influence,
        "Who moved whom, how far and which way, as a matrix whose rows add up.",
        "influence",
    ),
    "network": _replayed(
        influence_network.network,
        "Who moved whom, as a network of the strongest ties.",
        "influence",
    ),
    "polarisation": _replayed(
        polarisation_chart.polarisation,
        "How divided each body was, by four measures and by the shares on either side.",
        "polarisation",
    ),
    "worlds": Kind(
        "whatif",
        ("decisions", "stances", "policy"),
        "Two worlds with the same luck side by side, and the difference: a what-if.",
        _late("worlds_of_saved"),
    ),
    "overview": Kind(
        "whatif",
        ("overview",),
        "All what-ifs at a glance: which decisions each would have changed, and how surely.",
        _late("overview_of_saved"),
    ),
    "attribution": Kind(
        "attribute",
        ("attribution", "worlds"),
        "A decision shared out among its causes, as a waterfall.",
        _late("attribution_of_saved"),
    ),
    "power": Kind(
        "power",
        ("power",),
        "Power in a body: by the rules alone, in the votes as they fall, and over the outcome.",
        _late("power_of_saved"),
    ),
}
