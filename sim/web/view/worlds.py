"""The ready-made worlds of a debate, worked out beforehand: what each comes to, and through whom.

The server makes them in the background once, and a report carries them: in both, a page shows such a world without
asking anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.counterfactuals import headline
from sim.counterfactuals.comparison import Comparison, comparisons
from sim.counterfactuals.overview import together
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.web.view.answers import columns, comparison_view, stances
from sim.web.view.debate import View, moments

#: Parts of a unit of the axis in which stances are written.
PARTS = 100


@dataclass(frozen=True)
class ReadyMade:
    """A world that a file or a report has made: its name, its title, why one would ask, and how it compares."""

    name: str
    title: str
    why: str
    comparison: Comparison

    @property
    def effect(self) -> float:
        """The largest difference that it surely makes to a decision, as a fraction of all histories; 0 for none."""
        row = headline.largest(self.comparison.decisions)
        return 0.0 if row is None else float(abs(row.difference))


def shipped(base: Scenario, runs: int, seed: int, executor: Executor | None = None) -> Iterator[ReadyMade]:
    """The what-ifs that come with a debate, each played beside it; none where none come with it.

    One after another: what is counted of each takes tens of megabytes.
    """
    files = [one for one in map(what_if, whatif_names()) if one.file.base == base.name]
    others = [(base.with_changes(one), one.file.what_if, one.file.title) for one in files]
    compared = (one for some in together(base, others) for one in comparisons(base, some, runs, seed, executor))
    for one, comparison in zip(files, compared, strict=True):
        yield ReadyMade(one.file.what_if, one.file.title, one.file.why, comparison)


def ready_made(
    base: Scenario, worlds: Iterable[ReadyMade], runs: int, seed: int, executor: Executor | None = None
) -> View:
    """All ready-made worlds as plain values, the one with the largest effect first.

    Everything is from the same `runs` pairs of histories, both worlds running free. The shape:

        {"runs": 3000, "seed": "1922",
         "featured": the name of the world that the debate's story asks about, or null,
         "worlds": [{
           "name", "title", "why": as in the what-if's file,
           "effect": the largest sure difference to a decision, as a fraction of histories; 0 if none is sure,
           "comparison": as after *compare*, and described in `answers.comparison_view`,
           "world": {
             "gone": the ids of the moments of the debate that this world does not have,
             "changed": the moments that it has otherwise or anew,
             "free": the mean stances by date, as `differences_of_stances` writes them,
             "ballots_free": who votes how, as columns, but for ballots in which all vote as in the debate as it was}}]}
    """
    story, beside = base.debate.story, _free(base, runs, seed, executor)
    made = [_world(beside, one, _free(one.comparison.other, runs, seed, executor)) for one in worlds]
    return {
        "runs": runs,
        "seed": str(seed),
        "featured": story.change if story is not None and story.change in [one["name"] for one in made] else None,
        "worlds": sorted(made, key=lambda one: -one["effect"]),
    }


def _free(world: Scenario, runs: int, seed: int, executor: Executor | None) -> Ensemble:
    free = play_runs(world, runs, seed, follows_record=False, executor=executor)
    return Ensemble(world, runs, seed, free, free)


def _world(base: Ensemble, one: ReadyMade, many: Ensemble) -> View:
    return {
        "name": one.name,
        "title": one.title,
        "why": one.why,
        "effect": one.effect,
        "comparison": comparison_view(one.comparison),
        "world": {
            **_differences(base.scenario, many.scenario),
            "free": differences_of_stances(stances(base), stances(many)),
            "ballots_free": columns(_other_votes(base.ballots, many.ballots)),
        },
    }


def _other_votes(before: pandas.DataFrame, after: pandas.DataFrame) -> pandas.DataFrame:
    """The rows of the ballots in which anybody votes otherwise than before."""
    known = dict(iter(before.groupby("decision")))
    is_other = {
        name: name not in known or not rows.reset_index(drop=True).equals(known[name].reset_index(drop=True))
        for name, rows in after.groupby("decision")
    }
    return after[after.decision.map(is_other)]


def packed(series: View) -> View:
    """Stances in little space: every series by its steps, in parts of a unit; a page puts them together again."""
    members = {
        member: {name: _steps(_parts(values)) for name, values in own.items()}
        for member, own in series["members"].items()
    }
    return {"dates": series["dates"], "members": members, "policy": _steps(_parts(series["policy"]))}


def differences_of_stances(base: View, other: View) -> View:
    """The mean stances of another world, by the steps of what they differ from those of the base.

    Members who never differ are left out; of one whom only the base has there is None. A day that the base does not
    have is compared with the last before it.
    """
    places = np.searchsorted(base["dates"], other["dates"], side="right") - 1

    def steps(values: list[float], before: list[float] | None) -> list[int]:
        return _steps(_parts(np.array(values) - (0 if before is None else np.array(before)[places])))

    before = {member: own["mean"] for member, own in base["members"].items()}
    now = {member: steps(own["mean"], before.get(member)) for member, own in other["members"].items()}
    return {
        "dates": None if other["dates"] == base["dates"] else other["dates"],
        "members": {
            **{member: moves for member, moves in now.items() if moves or member not in before},
            **{member: None for member in before if member not in now},
        },
        "policy": steps(other["policy"], base["policy"]),
    }


def _parts(values: Any) -> NDArray[np.int64]:
    parts: NDArray[np.int64] = np.rint(np.array(values) * PARTS).astype(np.int64)
    return parts


def _steps(values: NDArray[np.int64]) -> list[int]:
    """For how many dates a series is still at 0, and then by how much it moves at each, up to the last move."""
    moves = np.diff(values, prepend=0)
    (places,) = np.nonzero(moves)
    return [] if not len(places) else [int(places[0]), *moves[places[0] : places[-1] + 1].tolist()]


def _differences(base: Scenario, other: Scenario) -> View:
    """What happens in the other world and not in the base, or otherwise: the page knows the rest."""
    before = {moment["id"]: moment for moment in moments(base)}
    after = {moment["id"]: moment for moment in moments(other)}
    return {
        "gone": [name for name in before if name not in after],
        "changed": [moment for name, moment in after.items() if before.get(name) != moment],
    }
