"""The one question as a line, and the numbers of the model that are not known exactly."""

from __future__ import annotations

from pydantic import model_validator

from sim.scenario.schema.origins import Datum, Part
from sim.scenario.schema.values import Id, Number, Term, Text

NARROWEST = 1e-6  # of the larger end of an axis: its least length


class Position(Part):
    """A named point of the axis."""

    name: Id
    """What other parts of the file call it."""
    at: Number
    """Where it lies, from `low` to `high` of the axis."""
    meaning: Text
    """What somebody who stands there wants."""


class StartingPolicy(Datum):
    """The policy in force when the timeline begins."""

    at: Term
    """Where on the axis it lies."""


class Axis(Part):
    """The one question, as a line: its range, its named positions and the policy in force at the start."""

    label: Text
    """What is measured along it; the title of the axis in figures."""
    low: Number
    """One end. No stance lies beyond."""
    high: Number
    """The other end."""
    positions: tuple[Position, ...] = ()
    """The places on it that have names. Reports of stances are told apart by them: each stands for all that is nearer
    to it than to its neighbours."""
    policy: StartingPolicy
    """What is in force at first, and stays so until a motion is carried."""

    @model_validator(mode="after")
    def _has_length(self) -> Axis:
        if not self.low < self.high:
            raise ValueError(f"'low' ({self.low:g}) must be below 'high' ({self.high:g})")
        if self.high - self.low < NARROWEST * max(abs(self.low), abs(self.high)):
            raise ValueError(
                f"'low' ({self.low:.17g}) and 'high' ({self.high:.17g}) are so close together, and so far from 0, that "
                "stances between them cannot be told apart: count from another zero"
            )
        return self


class Distribution(Part):
    """What is not known exactly: exactly one of three families, with two numbers or names.

    It is cut to the range of what it describes, with its shape kept within.
    """

    uniform: tuple[Term, Term] | None = None
    """Anywhere between two ends, all equally likely: `[low, high]`."""
    normal: tuple[Term, Term] | None = None
    """About a middle: `[mean, standard deviation]`."""
    lognormal: tuple[Term, Term] | None = None
    """Above 0, half of it above the median: `[median, standard deviation of the logarithm]`."""

    @model_validator(mode="after")
    def _is_of_one_family(self) -> Distribution:
        if sum(terms is not None for _, terms in self) != 1:
            raise ValueError("a distribution is exactly one of 'uniform', 'normal', 'lognormal'")
        return self

    @property
    def family(self) -> str:
        """`uniform`, `normal` or `lognormal`."""
        return "uniform" if self.uniform else "normal" if self.normal else "lognormal"

    @property
    def terms(self) -> tuple[Term, Term]:
        """Its two terms."""
        terms: tuple[Term, Term] = getattr(self, self.family)
        return terms


class Parameter(Datum):
    """A number of the model, with its unit and the range that it must stay in."""

    value: Number | Distribution
    """What it is, or how likely it is to be what; a calibration narrows a distribution by the record."""
    range: tuple[Number, Number]
    """The least and the most that it can be: `[low, high]`."""
    unit: Text
    """The unit that it is in."""
    meaning: Text
    """What it does, in a few words."""

    @model_validator(mode="after")
    def _stays_in_range(self) -> Parameter:
        low, high = self.range
        if low > high:
            raise ValueError(f"'range' runs backwards: [{low:g}, {high:g}]")
        if isinstance(self.value, float) and not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} is outside its range [{low:g}, {high:g}]")
        return self
