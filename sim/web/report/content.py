"""What a report is about: a debate replayed, and other worlds compared with it. All that is played is played here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.counterfactuals import comparison
from sim.counterfactuals.comparison import Comparison
from sim.ensembles.executor import Executor, reporting
from sim.evaluation.replay import ENSEMBLES, Replay, replay
from sim.scenario.edits import without
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Letter

#: Letters taken out, one a world, for a debate that has no what-ifs of its own.
LETTERS = 3


@dataclass(frozen=True)
class Asked:
    """Another world to ask about: its name, what is different, why one would ask, and the world."""

    name: str
    title: str
    why: str
    world: Scenario


@dataclass(frozen=True)
class Answered:
    """What became of it."""

    asked: Asked
    compared: Comparison

    @property
    def reach(self) -> float:
        """The largest difference that it makes to a decision, as a share of histories."""
        differences = self.compared.decisions.difference.abs()
        return float(differences.max()) if len(differences) else 0.0


@dataclass(frozen=True)
class Contents:
    """A debate replayed, and the other worlds compared with it, in the order asked."""

    played: Replay
    answers: tuple[Answered, ...]

    @property
    def scenario(self) -> Scenario:
        """The debate."""
        return self.played.ensemble.scenario


def questions(scenario: Scenario, names: Sequence[str] = ()) -> tuple[Asked, ...]:
    """The other worlds of a report: the what-ifs named, or else all that come with the debate.

    A debate that has none is asked what would be without each of its strongest letters. Raises ScenarioError.
    """
    shipped = [name for name in whatif_names() if what_if(name).file.base == scenario.name]
    found = tuple(_asked(scenario, name) for name in (names or shipped))
    return found or _without_letters(scenario)


def _asked(scenario: Scenario, name: str) -> Asked:
    given = what_if(Path(name) if Path(name).exists() else name)
    return Asked(given.id, given.title, given.why, scenario.with_changes(given))


def _without_letters(scenario: Scenario) -> tuple[Asked, ...]:
    letters = [m for m in scenario.debate.timeline if isinstance(m, Letter) and m.argues_for is not None]
    strongest = sorted(letters, key=lambda letter: -letter.strength)[:LETTERS]
    return tuple(
        Asked(
            f"without-{letter.id}",
            f"Without: {letter.summary}",
            "The letter is not written.",
            scenario.with_changes(*without(scenario.debate, letter.id)),
        )
        for letter in strongest
    )


def histories(runs: int, asked: Sequence[Asked]) -> int:
    """How many histories a report plays, for those who wait."""
    return (ENSEMBLES + len(asked)) * runs


def play(
    scenario: Scenario, asked: Sequence[Asked], runs: int = 3000, seed: int = 1922, executor: Executor | None = None
) -> Contents:
    """Plays all that a report says. The executor reports how many of `histories` are done."""
    executor = executor or Executor()
    played = replay(scenario, runs, seed, executor)
    answers = []
    for number, one in enumerate(asked):
        then = reporting(executor, (ENSEMBLES + number) * runs)
        answers.append(Answered(one, comparison.whatif(scenario, one.world, runs, seed, then)))
    return Contents(played, tuple(answers))
