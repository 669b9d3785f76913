"""The test debate as an AgentPy model, with the same loops as the Mesa model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import agentpy
import numpy as np

from benchmarks.committee import Committee
from benchmarks.endings import Endings, of_stances


class Delegate(agentpy.Agent):
    """One who talks and votes."""

    def setup(self) -> None:
        debate = self.model.p.debate
        self.number = len(self.model.delegates_made)
        self.model.delegates_made.append(self)
        self.conviction = self.stance = self.next_stance = debate.first[self.number]
        self.weights = self.model.weights[self.number]
        self.is_present = False

    def pass_week(self) -> None:
        debate = self.model.debate
        moved = self.stance + debate.pull * (self.conviction - self.stance)
        moved += debate.shake * self.model.random.gauss(0.0, 1.0)
        self.stance = min(max(moved, debate.low), debate.high)

    def arrive(self) -> None:
        self.is_present = self.model.random.random() < self.model.debate.attendance

    def listen(self) -> None:
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
        self.stance = self.next_stance

    def says_yes(self, motion: float) -> bool:
        gain = (self.model.policy - self.stance) ** 2 - (motion - self.stance) ** 2
        return bool(self.model.random.random() < 1.0 / (1.0 + math.exp(-self.model.debate.sharpness * gain)))


class Sitting(agentpy.Model):
    """The committee, one history; `p.debate` is its numbers."""

    def setup(self) -> None:
        self.debate = self.p.debate
        self.weights = self.debate.weight.tolist()
        self.policy, self.room, self.delegates_made = self.debate.policy, [], []
        self.delegates = agentpy.AgentList(self, self.debate.members, Delegate)

    def step(self) -> None:
        self.delegates.pass_week()
        self.delegates.arrive()
        present = self.delegates.select(self.delegates.is_present)
        self.room = list(present)
        present.listen()
        present.change_mind()
        motion = self.debate.motion(self.t - 1)
        if motion is not None:
            yes = sum(agent.says_yes(motion) for agent in self.room)
            if 2 * yes > len(self.room) >= self.debate.quorum * self.debate.members:
                self.policy = motion

    def update(self) -> None:
        self.delegates.record("stance")
        self.record("policy")


def play(committee: Committee, seeds: Sequence[int]) -> Endings:
    """Plays one history a seed, one after another."""
    stances, policies = [], []
    for seed in seeds:
        model = Sitting({"debate": committee, "steps": committee.weeks})
        model.run(seed=seed, display=False)
        stances.append([agent.stance for agent in model.delegates])
        policies.append(model.policy)
    return of_stances(np.array(stances), np.array(policies))
