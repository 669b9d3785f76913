"""What a report is about: a debate replayed, and other worlds compared with it. All that is played is played here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.counterfactuals.comparison import Comparison, other_world, what_differs, whatif
from sim.ensembles.executor import Executor, reporting
from sim.evaluation import replay as replays
from sim.evaluation.replay import Replay, replay
from sim.scenario.edits import without
from sim.scenario.library import what_if, whatif_names
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Letter

#: Letters taken out, one a world, for a debate that has no what-ifs of its own.
LETTERS = 3


@dataclass(frozen=True)
class Question:
    """Another world to ask about: its name, what is different, why one would ask, and the world."""

    name: str
    title: str
    why: str
    world: Scenario


@dataclass(frozen=True)
class Answer:
    """A question, and the comparison of its world with the debate as it was."""

    question: Question
    comparison: Comparison

    @property
    def largest_difference(self) -> float:
        """The largest difference that it makes to a decision, as a fraction of histories."""
        return 0.0 if self.most_changed is None else abs(float(self.most_changed.difference))

    @property
    def most_changed(self) -> Any:
        """The decision that it makes the largest difference to, a row of the comparison's decisions; None of none."""
        decisions = self.comparison.decisions
        order = decisions.difference.abs().sort_values(ascending=False, kind="stable").index
        return decisions.loc[order[0]] if len(order) else None


@dataclass(frozen=True)
class Contents:
    """A debate replayed, and the answers in the order asked."""

    replay: Replay
    answers: tuple[Answer, ...]

    @property
    def scenario(self) -> Scenario:
        """The debate."""
        return self.replay.ensemble.scenario

    @property
    def featured(self) -> Answer | None:
        """The answer to what the debate's story asks, if that was asked."""
        story = self.scenario.debate.story
        return next((one for one in self.answers if story and one.question.name == story.change), None)

    @property
    def by_effect(self) -> tuple[Answer, ...]:
        """The answers, the one that makes the largest difference first."""
        return tuple(sorted(self.answers, key=lambda answer: -answer.largest_difference))

    @property
    def settings(self) -> dict[str, Any]:
        """What `rerun` makes it again from: each what-if's name, title and reason, and what differs in its world."""
        questions = [answer.question for answer in self.answers]
        return {
            "what_ifs": [
                {"name": one.name, "title": one.title, "why": one.why, **what_differs(self.scenario, one.world)}
                for one in questions
            ]
        }


def questions(scenario: Scenario, names: Sequence[str] = ()) -> tuple[Question, ...]:
    """The other worlds of a report: the what-ifs named, or else all that come with the debate.

    A debate that has none is asked what would be without each of its strongest letters. Raises ScenarioError.
    """
    shipped = [name for name in whatif_names() if what_if(name).file.base == scenario.name]
    return tuple(_question(scenario, name) for name in (names or shipped)) or _without_letters(scenario)


def _question(scenario: Scenario, name: str) -> Question:
    change = what_if(Path(name) if Path(name).exists() else name)
    return Question(change.file.what_if, change.file.title, change.file.why, scenario.with_changes(change))


def _without_letters(scenario: Scenario) -> tuple[Question, ...]:
    letters = [m for m in scenario.debate.timeline if isinstance(m, Letter) and m.argues_for is not None]
    strongest = sorted(letters, key=lambda letter: -letter.strength)[:LETTERS]
    return tuple(
        Question(
            f"without-{letter.id}",
            f"Without: {letter.summary}",
            "The letter is not written.",
            scenario.with_changes(*without(scenario.debate, letter.id)),
        )
        for letter in strongest
    )


def play(
    scenario: Scenario, asked: Sequence[Question], runs: int = 3000, seed: int = 1922, executor: Executor | None = None
) -> Contents:
    """Plays all that a report says. The executor reports how many of `histories` are done."""
    executor = executor or Executor()
    replayed = replay(scenario, runs, seed, executor)
    answers = []
    for number, question in enumerate(asked):
        then = reporting(executor, replays.histories(runs) + number * runs)
        answers.append(Answer(question, whatif(scenario, question.world, runs, seed, then)))
    return Contents(replayed, tuple(answers))


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Contents:
    """The contents of a report with these settings, played again."""
    asked = [
        Question(one["name"], one["title"], one["why"], other_world(scenario, one, "what_ifs"))
        for one in settings["what_ifs"]
    ]
    return play(scenario, asked, runs, seed, executor)
