"""The ready-made worlds of a debate, worked out beforehand: what each comes to, and through whom.

The server makes them in the background once, and a report carries them: in both, a page shows such a world without
asking anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.counterfactuals import headline
from sim.counterfactuals.comparison import Comparison, comparisons
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor, play_runs
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.web.view.answers import columns, comparison_view, stances
from sim.web.view.debate import View, moments

#: Digits of a stance: a hundredth of a step of a scale of five.
DIGITS = 2
#: Rows of where worlds part and of whose votes change.
ROWS = 12


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


def shipped(base: Scenario, runs: int, seed: int, executor: Executor | None = None) -> tuple[ReadyMade, ...]:
    """The what-ifs that come with a debate, each played beside it; none where none come with it."""
    files = [one for one in map(what_if, whatif_names()) if one.file.base == base.name]
    if not files:
        return ()
    others = [(base.with_changes(one), one.file.what_if, one.file.title) for one in files]
    compared = comparisons(base, others, runs, seed, executor)
    return tuple(
        ReadyMade(one.file.what_if, one.file.title, one.file.why, comparison)
        for one, comparison in zip(files, compared, strict=True)
    )


def ready_made(
    base: Scenario, worlds: Sequence[ReadyMade], runs: int, seed: int, executor: Executor | None = None
) -> View:
    """All ready-made worlds as plain values, the one with the largest effect first.

    Everything is from the same `runs` pairs of histories, both worlds running free. The shape:

        {"runs": 3000, "seed": "1922",
         "featured": the name of the world that the debate's story asks about, or null,
         "worlds": [{
           "name", "title", "why": as in the what-if's file,
           "effect": the largest sure difference to a decision, as a fraction of histories; 0 if none is sure,
           "comparison": as after *compare*, and described in `answers.comparison_view`; its long tables are cut,
           "world": {
             "gone": the ids of the moments of the debate that this world does not have,
             "changed": the moments that it has otherwise or anew,
             "free": the mean stances by date, as `answers.stances` has them,
             "ballots_free": who votes how, as columns}}]}
    """
    story, names = base.debate.story, [one.name for one in worlds]
    return {
        "runs": runs,
        "seed": str(seed),
        "featured": story.change if story is not None and story.change in names else None,
        "worlds": [_world(base, one, runs, seed, executor) for one in sorted(worlds, key=lambda one: -one.effect)],
    }


def _world(base: Scenario, one: ReadyMade, runs: int, seed: int, executor: Executor | None) -> View:
    other = one.comparison.other
    free = play_runs(other, runs, seed, follows_record=False, executor=executor)
    many = Ensemble(other, runs, seed, free, free)
    return {
        "name": one.name,
        "title": one.title,
        "why": one.why,
        "effect": one.effect,
        "comparison": comparison_view(one.comparison, ROWS),
        "world": {
            **_differences(base, other),
            "free": small(stances(many), ("mean",)),
            "ballots_free": columns(many.ballots),
        },
    }


def small(series: View, only: Sequence[str] = ()) -> View:
    """Stances in fewer digits, and of all statistics only some if any are named."""
    members = {
        member: {
            name: [round(value, DIGITS) for value in values] for name, values in own.items() if not only or name in only
        }
        for member, own in series["members"].items()
    }
    return {**series, "members": members}


def _differences(base: Scenario, other: Scenario) -> View:
    """What happens in the other world and not in the base, or otherwise: the page knows the rest."""
    before = {moment["id"]: moment for moment in moments(base)}
    after = {moment["id"]: moment for moment in moments(other)}
    return {
        "gone": [name for name in before if name not in after],
        "changed": [moment for name, moment in after.items() if before.get(name) != moment],
    }
