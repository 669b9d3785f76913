"""One history of a debate, as a Mesa model: a step is the next moment of the timeline."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import attrgetter
from typing import Any
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from sim.model.history import History
from sim.model.state import HERE, OUT_OF_REACH
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.shown import as_text


class _Counters(WeakKeyDictionary[mesa.Model, Iterator[int]]):
    """The counter that gives the agents of a model their ids; Mesa 3.3's own keep every model alive for good."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        """The counter of a model; a new one begins at 1."""
        return self.setdefault(model, itertools.count(1))


class Member(mesa.Agent):  # type: ignore[misc]  # Mesa's classes carry no types
    """Somebody with a stance.

    They hold no numbers of their own: what Mesa's reporters read here, and what is written here, are the arrays
    that the rules work on.
    """

    model: Debate
    _ids = _Counters()

    def __init__(self, model: Debate, name: str, row: int) -> None:
        super().__init__(model)
        self.name = name
        self.row = row

    def __repr__(self) -> str:
        where = "away" if self.is_away else "here"
        return f"<Member {self.name}, {where} on {self.model.date}, stance {self.stance:.3f}>"

    @property
    def stance(self) -> float:
        """The private stance, in units of the axis."""
        return float(self.model.state.stance[self.row, 0])

    @stance.setter
    def stance(self, value: float) -> None:
        axis = self.model.script.debate.axis
        if not axis.low <= value <= axis.high:
            raise ValueError(f"a stance lies between {axis.low:g} and {axis.high:g}, not at {value!r}")
        self.model.state.stance[self.row, 0] = value

    @property
    def first_stance(self) -> float:
        """The stance when the timeline began, to which drift leads back."""
        return float(self.model.state.first[self.row, 0])

    @property
    def is_away(self) -> bool:
        """Whether they are absent today."""
        return bool(self.model.state.away[self.row, 0] != HERE)

    @property
    def is_reachable(self) -> bool:
        """Whether a letter reaches them today."""
        return bool(self.model.state.away[self.row, 0] != OUT_OF_REACH)


class Debate(History, mesa.Model):  # type: ignore[misc]  # Mesa's classes carry no types
    """A debate that is played moment by moment.

    scenario: the debate, a shipped name or a path. replicate: which of the histories of an ensemble with the
    same seed this is, bit for bit. follows_record: whether documented outcomes replace those voted.
    rng: the seed, a whole number from 0 to 2^64 - 1, or what Mesa takes; all random numbers of a history are
    keyed by it and by who draws, when and for what, so Mesa's own generators are never used.

    A Debate steps until `.running` is false; `.agents` are Members, and `.datacollector` has a table of either.
    Raises ScenarioError for a name or a file that is no debate, UserError for a replicate below 0, TypeError for an
    argument of another kind.

    Example: `model = sim.Debate("library-sunday", rng=1922); model.step(); model.date`
    """

    # From 3.5 on Mesa gives every model a scenario of its own kind; its page, which begins a model anew, would hand
    # that to `__init__` in place of the debate.
    scenario = property(lambda _self: None, lambda _self, _mesas: None)

    def __init__(
        self,
        scenario: AnyScenario = DEFAULT,
        replicate: int = 0,
        follows_record: bool = False,
        rng: Any = None,
    ) -> None:
        whole = isinstance(rng, int | np.integer)
        # Python's own generator, which Mesa seeds too, knows no numbers of NumPy's.
        mesa.Model.__init__(self, rng=int(rng) if whole else rng)
        script = as_scenario(scenario, "sim.Debate")
        check_numbers(replicate=replicate)
        seed = int(rng) if whole else int(self.rng.integers(2**63))
        History.__init__(self, script, seed, replicate, follows_record)
        members = list(self.names.members)
        Member.create_agents(self, len(members), name=members, row=list(range(len(members))))
        self.datacollector = mesa.DataCollector(
            model_reporters={"date": "date", "moment": "moment", "policy": "policy"},
            # Mesa makes functions of names that cannot be pickled.
            agent_reporters={
                "member": attrgetter("name"),
                "stance": attrgetter("stance"),
                "away": attrgetter("is_away"),
            },
        )
        self.datacollector.collect(self)

    def __repr__(self) -> str:
        facts = f"replicate {self.replicate}", f"seed {self.random_seed}"
        stands = f"{self.played} of {len(self.names.entries)} moments played; it is {self.date}."
        return as_text("Debate", self.script.name, facts, stands)

    def step(self) -> None:
        """Play the next moment; after the last one the model has stopped running."""
        if self.upcoming is None:
            self.running = False
            return
        super().step()
        self.running = self.upcoming is not None
        self.datacollector.collect(self)
