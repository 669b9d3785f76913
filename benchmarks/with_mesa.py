"""The test debate as an idiomatic Mesa model: agents with methods, one step a week, a DataCollector, batch_run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

import mesa
import numpy as np

from benchmarks.committee import Committee
from benchmarks.endings import Endings, of_stances


class Delegate(mesa.Agent):
    """One who talks and votes."""

    def __init__(self, model: Sitting, number: int, conviction: float, weights: list[float]) -> None:
        super().__init__(model)
        self.number, self.conviction, self.weights = number, conviction, weights
        self.stance = conviction
        self.next_stance = conviction
        self.is_present = False

    def pass_week(self) -> None:
        """Drawn back a little to the first conviction, and shaken a little."""
        debate = self.model.debate
        moved = self.stance + debate.pull * (self.conviction - self.stance)
        moved += debate.shake * self.random.gauss(0.0, 1.0)
        self.stance = min(max(moved, debate.low), debate.high)

    def arrive(self) -> None:
        """Comes, or does not."""
        self.is_present = self.random.random() < self.model.debate.attendance

    def listen(self) -> None:
        """Hears everybody in the room, and makes up his mind."""
        debate, stance, weights = self.model.debate, self.stance, self.weights
        bound, is_hard = debate.bound, debate.rule == "hard"
        pull = heard = 0.0
        for other in self.model.room:
            gap = other.stance - stance
            if abs(gap) <= bound:
                trust = weights[other.number]
                if not is_hard:
                    inside = 1.0 - (gap / bound) ** 2
                    trust *= inside * inside
                pull += trust * gap
                heard += trust
        towards = pull / heard if heard > 0.0 else 0.0
        self.next_stance = min(max(stance + debate.susceptibility * towards, debate.low), debate.high)

    def change_mind(self) -> None:
        """Takes up what was made of the talk."""
        self.stance = self.next_stance

    def says_yes(self, motion: float) -> bool:
        """A vote on a motion, against the policy in force."""
        gain = (self.model.policy - self.stance) ** 2 - (motion - self.stance) ** 2
        return self.random.random() < 1.0 / (1.0 + math.exp(-self.model.debate.sharpness * gain))


def mean_stance(model: Sitting) -> float:
    """The members' mean stance."""
    return statistics.fmean(agent.stance for agent in model.agents)


class Sitting(mesa.Model):
    """The committee, one history."""

    def __init__(self, rule: str = "soft", rng: Any = None) -> None:
        super().__init__(rng=rng)
        self.debate = Committee(rule)
        self.policy = self.debate.policy
        numbers = list(range(self.debate.members))
        weights = self.debate.weight.tolist()
        Delegate.create_agents(
            self, self.debate.members, number=numbers, conviction=list(self.debate.first), weights=weights
        )
        self.room: list[Delegate] = []
        self.week = 0
        self.datacollector = mesa.DataCollector(
            model_reporters={"policy": "policy", "mean": mean_stance}, agent_reporters={"stance": "stance"}
        )

    def step(self) -> None:
        """One week."""
        self.agents.do("pass_week")
        self.agents.do("arrive")
        self.room = [agent for agent in self.agents if agent.is_present]
        present = self.agents.select(lambda agent: agent.is_present)
        present.do("listen")
        present.do("change_mind")
        motion = self.debate.motion(self.week)
        if motion is not None:
            self.put_to_vote(motion)
        self.datacollector.collect(self)
        self.week += 1
        self.running = self.week < self.debate.weeks

    def put_to_vote(self, motion: float) -> None:
        """Carried with more yes than no, the motion becomes the policy."""
        yes = sum(agent.says_yes(motion) for agent in self.room)
        if 2 * yes > len(self.room) >= self.debate.quorum * self.debate.members:
            self.policy = motion


def play(rule: str, seeds: Sequence[int]) -> Endings:
    """Plays one history a seed, one after another."""
    stances, policies = [], []
    for seed in seeds:
        model = Sitting(rule, rng=seed)
        while model.running:
            model.step()
        stances.append([agent.stance for agent in model.agents])
        policies.append(model.policy)
    return of_stances(np.array(stances), np.array(policies))


def batch(rule: str, seeds: Sequence[int], processes: int) -> int:
    """Plays one history a seed by Mesa's own batch runner; returns how many."""
    rows = mesa.batch_run(
        Sitting, {"rule": rule, "rng": list(seeds)}, number_processes=processes, display_progress=False
    )
    return len({row["RunId"] for row in rows})
