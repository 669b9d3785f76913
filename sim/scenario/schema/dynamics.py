"""The rules by which stances move and become votes, and the parameters that they take."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.members import FirstStance
from sim.scenario.schema.origins import Datum, Part
from sim.scenario.schema.values import Id, Number, ParameterName


class ListeningWeights(Datum):
    """How much each member listens to each other.

    A row takes the place of authority: a member who has one listens by it alone, and a member without one hears all by
    their authority.
    """

    rows: dict[Id, dict[Id, Annotated[Number, Field(ge=0)]]]
    """Of each listener, how much each speaker counts; who is not named is not heard. What stands for the listeners
    themselves is the weight of their own opinion."""


class TalkDynamics(Part):
    """How talk moves stances."""

    rule: Literal[
        "degroot",
        "friedkin-johnsen",
        "hegselmann-krause",
        "soft-bounded-confidence",
        "gaussian-bounded-confidence",
        "deffuant-weisbuch",
        "attraction-repulsion",
        "social-impact",
        "random-copying",
    ]
    """Who is listened to, and how much by distance; the glossary says what each rule is."""
    susceptibility: ParameterName
    """How far one talk moves a listener towards what they hear, from 0 to 1."""
    attachment: ParameterName | None = None
    """How far a listener goes back to their first stance in one talk, from 0 to 1."""
    bound: ParameterName | None = None
    """How near a stance must be to be listened to, in units of the axis; the rules of bounded confidence and those
    with a distance need it."""
    weights: ListeningWeights | None = None
    """Who listens to whom, where that is known."""


class LetterDynamics(Part):
    """How readers take a letter."""

    receptiveness: ParameterName
    """How far a letter of strength 3, from somebody of full authority, moves its reader, from 0 to 1."""
    latitude: Literal["unbounded", "hegselmann-krause", "soft-bounded-confidence", "gaussian-bounded-confidence"] = (
        "unbounded"
    )
    """How far off a position may be and still be taken in."""
    bound: ParameterName | None = None
    """The reach of the latitude, in units of the axis; `unbounded` has none."""


class BallotDynamics(Part):
    """How stances become votes."""

    rule: Literal["logit", "nearest", "fixed"]
    """How: for the nearer outcome the more surely the nearer it is (`logit`), for certain (`nearest`), or with one
    chance of yes whatever the stance (`fixed`)."""
    sharpness: ParameterName | None = None
    """How surely, under `logit`, per squared unit of the axis."""
    competence: ParameterName | None = None
    """The chance of yes under `fixed`."""
    abstention_margin: ParameterName | None = None
    """How alike the two outcomes may be for members to abstain, in squared units of the axis; without it nobody
    abstains from indifference."""


class Deference(Part):
    """Whose stated position draws the votes of others, though not their stances."""

    leader: Id
    """The member to whom others defer."""
    weight: ParameterName
    """How far others vote by the leader's position and not by their own stance, from 0 to 1."""
    lapses_after: ParameterName
    """For how many days after the leader has stated it."""
    mover_weight: ParameterName | None = None
    """How far others vote by what a motion leads to, as its mover's position, where the leader has said nothing in
    time; without it not at all."""


class DriftDynamics(Part):
    """What a week does to a stance."""

    reversion: ParameterName
    """The fraction of the way back to the first stance."""
    noise: ParameterName
    """The standard deviation of chance moves, in units of the axis."""


class ObservationSpread(Part):
    """How far a reported stance may be off, by the word for its evidence: standard deviations, in units of the axis."""

    documented: ParameterName
    """Of what is documented."""
    attributed: ParameterName
    """Of what is attributed."""
    conjecture: ParameterName
    """Of what is conjecture, or comes from background knowledge or inference alone."""


class Dynamics(Part):
    """The rules, by the words of the field, and the parameters they take, by name or as numbers."""

    talk: TalkDynamics
    """How talk moves stances."""
    letters: LetterDynamics | None = None
    """How letters do; without it they move nobody."""
    ballots: BallotDynamics
    """How stances become votes."""
    drift: DriftDynamics | None = None
    """What a week without a meeting does; without it nothing."""
    deference: Deference | None = None
    """To whom members defer in their votes; without it to nobody."""
    authority: ParameterName | None = None
    """How much everybody is listened to who has no number of their own; without it 1."""
    attendance: ParameterName | None = None
    """The chance that a member comes of whom nothing is recorded; without it all come."""
    unknown_stance: FirstStance | None = None
    """The first stance of members who have none of their own; needed where there are any."""
    unknown_centre: ParameterName | None = None
    """The parameter about which `unknown_stance` lies, where it is one: results are shown for several values of it."""
    observation_spread: ObservationSpread | None = None
    """How far off reported stances may be; without it a calibration uses votes only."""
