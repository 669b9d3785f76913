"""Who has a stance, where they stood at first, and what is reported of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from sim.scenario.dates import written
from sim.scenario.schema.axis import Distribution
from sim.scenario.schema.origins import Datum, Part, SharedOrigin, may_lack
from sim.scenario.schema.values import DayOrPeriod, Flag, Id, Names, Number, ParameterName, Term, Text, Whole


class FirstStance(Datum):
    """A member's conviction when the timeline begins."""

    value: Term | Distribution
    """Where they stood, or how likely where."""


class Movement(Part):
    """That a stance has moved since a day."""

    since: DayOrPeriod
    """The day from which on; the stance has moved by the `date` of the observation."""
    towards: Literal["low", "high"]
    """Towards which end of the axis."""
    at_least: Annotated[Number, Field(ge=0)] = 0.0
    """How far at least, in units of the axis."""


class Observation(Datum):
    """What the record says of a member at a date or over a period. It is not played; a calibration compares it.

    It is of a `stance` or of a `movement`. One that is `assumed`, or that cites the same item of the record as the
    member's first stance, is shown and not compared.
    """

    model_config = ConfigDict(json_schema_extra=may_lack("evidence", "date"))

    id: Id
    """What it is called; no two things of a file have the same id."""
    date: DayOrPeriod
    """The day at whose end they stood there; a month or a year, as that of a moment."""
    between: tuple[DayOrPeriod, DayOrPeriod] | None = None
    """The first and the last day of the period that it speaks of, where it is not of one day."""
    stance: Term | None = None
    """Where they stood."""
    movement: Movement | None = None
    """That they had moved, where nothing says from where."""
    says: Text
    """What the source says, in a sentence."""
    quote: Text | None = None
    """Its own words."""
    rests_on: Names = ()
    """The ballots from which it was inferred, or whose votes it repeats: when one of them is left out of a comparison,
    it is too."""
    whole_period: Flag = False
    """Whether it is of their mean stance over `between`, and not of one day."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Observation:
        if (self.stance is None) == (self.movement is None):
            raise ValueError("an observation is of a 'stance' or of a 'movement': give one of the two")
        if self.movement is not None and self.whole_period:
            raise ValueError("'whole_period' goes with 'stance': a 'movement' is between two days")
        if self.movement is not None and self.movement.since >= self.date:
            raise ValueError(
                f"a movement since {self.movement.since} must be seen later than that, and 'date' is {self.date}"
            )
        return self

    @property
    def dated(self) -> str:
        """When it was seen, as far as that is known."""
        return written(self.date, self.between)


class Office(Datum):
    """An office held, for the reader: it moves nobody."""

    title: Text
    """What the office is called."""
    start: DayOrPeriod | None = Field(default=None, alias="from")
    """The first day."""
    end: DayOrPeriod | None = Field(default=None, alias="to")
    """The last day."""


class Member(Part):
    """Somebody with a stance: a person, or a delegation that votes as one.

    The numbers of theirs are from 0 to 1; without them the ones of `dynamics` apply.
    """

    name: Text
    """What they are called."""
    label: Text | None = None
    """A shorter name for figures and tables."""
    count: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    """How many alike this stands for, whom nobody recorded by name, each with a stance of their own."""
    origin: SharedOrigin | None = None
    """The origin of all in this member that says nothing of its own."""
    offices: tuple[Office, ...] = ()
    """The offices that they held, for the reader."""
    first_stance: FirstStance | None = None
    """Where they stood when the timeline begins; without it `unknown_stance` of `dynamics` is drawn."""
    observations: tuple[Observation, ...] = ()
    """Where they are reported to have stood later."""
    authority: ParameterName | None = None
    """How much they are listened to."""
    susceptibility: ParameterName | None = None
    """How far one talk moves them towards what they hear."""
    attachment: ParameterName | None = None
    """How far they go back to their first stance in one talk."""
    receptiveness: ParameterName | None = None
    """How far a letter of strength 3, from somebody of full authority, moves them."""
    deference: ParameterName | None = None
    """How far they vote by the leader's stated position and not by their own stance."""
    competence: ParameterName | None = None
    """Their chance of voting yes, under the rule `fixed`."""
    salience: ParameterName | None = None
    """How much the question matters to them, a factor on how surely they vote and how much they are heard; without it
    1."""
