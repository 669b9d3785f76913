"""A member of the debate, as a Mesa agent: a view of one row of the debate's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.model.dynamics import HERE, OUT_OF_REACH

if TYPE_CHECKING:
    from sim.model.mesa_model import Debate


class Member(mesa.Agent):  # type: ignore[misc]  # Mesa's classes carry no types
    """Somebody with a stance.

    He holds no numbers of his own: what Mesa's reporters read here, and what is written here, are the arrays
    that the rules work on.
    """

    model: Debate

    def __init__(self, model: Debate, name: str, row: int) -> None:
        super().__init__(model)
        self.name = name
        self.row = row

    @property
    def stance(self) -> float:
        """His private stance, in units of the axis."""
        return float(self.model.state.stance[self.row, 0])

    @stance.setter
    def stance(self, value: float) -> None:
        axis = self.model.script.debate.axis
        if not axis.low <= value <= axis.high:
            raise ValueError(f"a stance lies between {axis.low:g} and {axis.high:g}, not at {value!r}")
        self.model.state.stance[self.row, 0] = value

    @property
    def first_stance(self) -> float:
        """His conviction when the timeline began, to which he is drawn back."""
        return float(self.model.state.first[self.row, 0])

    @property
    def is_away(self) -> bool:
        """Whether he is absent today."""
        return bool(self.model.state.away[self.row, 0] != HERE)

    @property
    def is_reachable(self) -> bool:
        """Whether a letter reaches him today."""
        return bool(self.model.state.away[self.row, 0] != OUT_OF_REACH)
