"""A whole scenario file."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from sim.scenario.schema.axis import Axis, Parameter
from sim.scenario.schema.bodies import Body
from sim.scenario.schema.changes import Reading
from sim.scenario.schema.dynamics import Dynamics
from sim.scenario.schema.members import Member
from sim.scenario.schema.moments import AnyMoment, in_place_of
from sim.scenario.schema.origins import Datum, Part, SharedOrigin, Source
from sim.scenario.schema.values import Day, Id, SourceKey, Text


class Span(Part):
    """The first and the last day played, both included."""

    start: Day = Field(alias="from")
    """The first day; everybody has their first stance that morning."""
    end: Day = Field(alias="to")
    """The last day."""


class Story(Datum):
    """What the debate turns on, for somebody who has never heard of it."""

    headline: Text
    """One line."""
    text: Text
    """Two or three sentences."""
    decision: Id
    """The ballot that it is about."""
    change: Id | None = None
    """A what-if that comes with the program and asks of it."""


class DebateFile(Part):
    """A whole debate: a scenario file."""

    scenario: Id
    """The id of the debate; its file is best called the same."""
    title: Text
    """What the debate is called."""
    question: Text
    """The one question that it was about."""
    about: Text | None = None
    """What else there is to know of it, in a paragraph."""
    story: Story | None = None
    """What the debate turns on, shown at the head of its page."""
    invented: Text | None = None
    """That the debate is made up, and by whom or what for: whatever then says nothing of its own origin is `assumed`,
    with this as its note."""
    origin: SharedOrigin | None = None
    """The origin of all in the file that says nothing of its own, as for a file made from one table."""
    span: Span
    """From when to when it is played."""
    axis: Axis
    """The question as a line."""
    sources: dict[SourceKey, Source] = Field(default_factory=dict)
    """The works that the file cites, by short keys, as `Smith2024`."""
    parameters: dict[Id, Parameter] = Field(default_factory=dict)
    """The numbers of the model that other parts of the file call by name."""
    dynamics: Dynamics
    """The rules by which stances move and become votes."""
    members: dict[Id, Member]
    """The people, by their ids."""
    bodies: dict[Id, Body]
    """The committees, by their ids."""
    timeline: tuple[AnyMoment, ...]
    """What happened. It is played by date, within a day by `time`, and within a part of the day by kind: absences,
    events, letters, talks, ballots."""
    readings: dict[Id, Reading] = Field(default_factory=dict)
    """The contested points, by their ids."""

    @property
    def leader(self) -> str | None:
        """The member to whom others defer, if there is one."""
        return self.dynamics.deference.leader if self.dynamics.deference else None

    @property
    def deferred_by(self) -> frozenset[str]:
        """The parameters by which anybody defers, to the leader or to the mover of a motion."""
        own, common = {member.deference for member in self.members.values()}, self.dynamics.deference
        return frozenset(self.in_place_of([*own, *((common.weight, common.mover_weight) if common else ())]))

    def in_place_of(self, names: Iterable[str | None]) -> list[str]:
        """These parameters, and those to which events set them."""
        return in_place_of(names, self.timeline)
