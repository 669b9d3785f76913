"""Committees: who sits in them when, how often they talk, and how they decide."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from sim.scenario.schema.origins import Datum, Part, SharedOrigin, may_lack
from sim.scenario.schema.values import DayOrPeriod, Id, Names, Number, ParameterName, Text, Weight, Whole


class Seats(Datum):
    """Who sits in a body, and when."""

    model_config = ConfigDict(json_schema_extra=may_lack("evidence", "from", "to"))

    members: Names
    """Who holds these seats, one each; a group with a `count` holds as many."""
    start: DayOrPeriod = Field(alias="from")
    """The first day, or a month or a year with its first day; without it the first of the span."""
    end: DayOrPeriod = Field(alias="to")
    """The last day, included, or a month or a year with its last; without it the last of the span."""
    role: Literal["full", "candidate"] = "full"
    """Whether they vote; a `candidate` speaks, and votes only where a ballot says so."""
    votes: Weight = 1
    """How many votes each of them has, a whole number or a decimal fraction."""

    def covers(self, day: datetime.date) -> bool:
        """Whether they are held on a day."""
        return self.start <= day <= self.end


class Procedure(Datum):
    """How a body decides."""

    majority: Literal["simple", "absolute", "qualified", "unanimity", "plurality", "run-off"] = "simple"
    """What carries: more yes than no (`simple`), more than half of all votes in the body (`absolute`), a `share`
    (`qualified`), or a yes and no no (`unanimity`). Of several motions (`one_of`) one wins by `plurality`, the most
    votes, or by `run-off`: more than half of the votes cast, or else a second vote between the two with the most."""
    share: Annotated[Number, Field(gt=0, le=1)] | None = None
    """The least share of yes votes that carries, with `qualified` and only with it."""
    share_of: Literal["cast", "members"] = "cast"
    """Of what it is a share: of the votes `cast`, yes and no, or of the votes of all `members`."""
    quorum: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """The share of the seats that must be taken for anything to be carried."""
    ties: Literal["rejected", "carried", "chair", "lot"] = "rejected"
    """What becomes of a tie: with `chair` the chair's own vote decides, with `lot` a fair coin."""
    chair: Id | None = None
    """The member who takes the chair, with `ties: chair` and only with it."""
    vetoes: Names = ()
    """Members whose no rejects, whatever the count; who abstains or stays away vetoes nothing."""
    heads: Literal["absolute"] | Annotated[Number, Field(gt=0, le=1)] | None = None
    """How many of the members must say yes besides, whatever their votes: more than half (`absolute`), or a share."""
    blocking_minority: Annotated[Whole, Field(ge=1)] | None = None
    """Fewer members than this, not saying yes, cannot hold up a motion for want of votes."""
    blocs: dict[Id, Names] = Field(default_factory=dict)
    """Members who vote as one, by the name of their bloc: as most of those who are there want; if as many do not, they
    abstain."""

    @model_validator(mode="after")
    def _is_complete(self) -> Procedure:
        if (self.share is not None) != (self.majority == "qualified"):
            raise ValueError("'share' goes with 'majority: qualified', and only with it")
        if (self.chair is not None) != (self.ties == "chair"):
            raise ValueError("'chair' goes with 'ties: chair', and only with it")
        return self


class RegularTalk(Datum):
    """That a body talks every week, while it has members."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    """The day of the week on which it does."""


class Body(Part):
    """A committee: its seats by date, how often it talks, who comes, how it decides."""

    name: Text
    """What it is called."""
    origin: SharedOrigin | None = None
    """The origin of all in this body that says nothing of its own."""
    seats: tuple[Seats, ...]
    """Who sits in it."""
    procedure: Procedure = Procedure(evidence="assumed", note="Nothing is said: more yes than no carries.")
    """How it decides; without it more yes than no carries, and a tie is lost."""
    attendance: ParameterName | None = None
    """The chance that a member comes of whom nothing is recorded; without it that of `dynamics`, and else all come."""
    abstention_margin: ParameterName | None = None
    """How alike the two outcomes may be for members to abstain from indifference; without it that of `dynamics`."""
    talks: RegularTalk | None = None
    """When it regularly talks; other talks are moments of the timeline."""
