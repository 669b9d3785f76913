"""The ready-made worlds of a debate, worked out beforehand: what each comes to, and through whom.

The server makes them in the background once, and a report carries them: in both, a page shows such a world without
asking anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sim.counterfactuals import headline
from sim.counterfactuals.comparison import Comparison, comparisons
from sim.counterfactuals.overview import together
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.web.view.answers import comparison_view, stances
from sim.web.view.debate import View

#: Effects from here on are much.
MUCH = 0.05


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

        {"runs": 3000, "seed": "1922", "says": "Of 3,000 histories from seed 1922",
         "worlds": [{
           "name", "title", "why": as in the what-if's file,
           "effect": the largest sure difference to a decision, as a fraction of histories; 0 if none is sure,
           "little": whether that is hardly anything,
           "comparison": as after *compare*, and described in `answers.comparison_view`,
           "world": of what `answers.answer` says of a world, the mean stances and who votes how, as it runs free}]}
    """
    made = [_world(one, _free(one.comparison.other, runs, seed, executor)) for one in worlds]
    return {
        "runs": runs,
        "seed": str(seed),
        "says": f"Of {runs:,} histories from seed {seed}",
        "worlds": sorted(made, key=lambda one: -one["effect"]),
    }


def _free(world: Scenario, runs: int, seed: int, executor: Executor | None) -> Ensemble:
    free = play_runs(world, runs, seed, follows_record=False, executor=executor)
    return Ensemble(world, runs, seed, free, free)


def _world(one: ReadyMade, many: Ensemble) -> View:
    free = stances(many)
    means = {member: {"mean": series["mean"]} for member, series in free["members"].items()}
    return {
        "name": one.name,
        "title": one.title,
        "why": one.why,
        "effect": one.effect,
        "little": one.effect < MUCH,
        "comparison": comparison_view(one.comparison),
        "world": {"free": {**free, "members": means}},
    }
