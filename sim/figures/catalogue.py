"""Every kind of figure by name: what it shows, which tables it is drawn from, and which command makes those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.figures.charts import (
    ballots,
    decisions,
    influence_matrix,
    members,
    polarisation,
    policy,
    stances,
)
from sim.figures.data import FigureData

if TYPE_CHECKING:
    from sim.results.saved import Saved


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    call: the command whose results it is drawn from, as one would type it. tables: the names of the tables that it
    needs. shows: what it shows, in a sentence. draw: from the folder of results to a Figure.
    """

    call: str
    tables: tuple[str, ...]
    shows: str
    draw: Callable[[Saved], Figure]

    @property
    def command(self) -> str:
        """The command's name alone."""
        return self.call.partition(" ")[0]


def of_data(draw: Callable[[FigureData], Figure]) -> Callable[[Saved], Figure]:
    """A figure of figure data as a figure of the results of a replay."""

    def drawn(saved: Saved) -> Figure:
        from sim.figures import labels

        return draw(labels.of_saved(saved))

    return drawn


def _of_saved(name: str) -> Callable[[Saved], Figure]:
    """A figure of `from_saved` by name: what it knows of debates is loaded where it is drawn."""

    def drawn(saved: Saved) -> Figure:
        from sim.figures import from_saved

        figure: Figure = getattr(from_saved, name)(saved)
        return figure

    return drawn


#: The tables that every figure of a replay needs.
OF_A_REPLAY = ("stances", "decisions", "ballots", "policy_as_recorded")


def _replayed(draw: Callable[[FigureData], Figure], shows: str, *more: str) -> Kind:
    return Kind("replay", (*OF_A_REPLAY, *more), shows, of_data(draw))


KINDS: Mapping[str, Kind] = {
    "stances": _replayed(
        stances.stances,
        "How the stances moved, with what happened when: letters, absences, sittings and ballots.",
    ),
    "members": _replayed(
        members.small_multiples,
        "Every member in a panel of his own, with the stances on record drawn on top by their evidence.",
    ),
    "decisions": _replayed(
        decisions.decisions,
        "What the record says was decided, beside the chance that the model gives it.",
    ),
    "ballots": _replayed(
        ballots.ballots,
        "Who votes how, and how surely, beside the votes that a source records by name.",
    ),
    "policy": _replayed(
        policy.policy,
        "The policy in force: the course on record against histories that run free.",
        "policy_shares",
    ),
    "influence": _replayed(
        influence_matrix.influence,
        "Who moved whom, how far and which way, as a matrix whose rows add up.",
        "influence",
    ),
    "polarisation": _replayed(
        polarisation.polarisation,
        "How divided each body was, by four measures and by the shares on either side.",
        "polarisation",
    ),
    "worlds": Kind(
        "whatif WHAT-IF",
        ("decisions", "stances", "policy", "parting"),
        "Two worlds with the same luck side by side, the difference of the stances, and what became of each decision.",
        _of_saved("worlds"),
    ),
    "overview": Kind(
        "whatif --all",
        ("overview",),
        "Every what-if and every decision: by how much the chance that it is put and carried changes, and how surely.",
        _of_saved("overview"),
    ),
    "waterfall": Kind(
        "attribute",
        ("attribution", "worlds"),
        "A decision shared out among its causes, from the world without any of them to the world as it was.",
        _of_saved("waterfall"),
    ),
    "tipping": Kind(
        "tip DECISION --over LEVER",
        ("tipping", "curve"),
        "How surely a decision is carried over the range of one number, and where it is even.",
        _of_saved("tipping"),
    ),
    "map": Kind(
        "tip DECISION --over LEVER --and LEVER",
        ("map",),
        "The same over two numbers at once.",
        _of_saved("tipping_grid"),
    ),
    "power": Kind(
        "power",
        ("power",),
        "Power in a body: by the rules alone, in the votes as they fall, and over the outcome.",
        _of_saved("power"),
    ),
    "posterior": Kind(
        "calibrate",
        ("parameters",),
        "The posterior of each parameter and first stance, beside its prior, and the information gained.",
        _of_saved("posterior"),
    ),
}
