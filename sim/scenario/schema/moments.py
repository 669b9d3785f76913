"""What happens: the moments of the timeline, by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, Strict, StringConstraints, model_validator

from sim.errors import quoted
from sim.scenario.conditions import Condition
from sim.scenario.dates import written
from sim.scenario.schema.bodies import Procedure
from sim.scenario.schema.origins import Datum, Part, may_lack
from sim.scenario.schema.values import (
    Day,
    DayOrPeriod,
    Flag,
    Id,
    Listed,
    Names,
    Number,
    Outcome,
    ParameterName,
    PartOfDay,
    Term,
    Text,
    Vote,
    Votes,
    When,
)


class Moment(Datum):
    """Something dated, which happens."""

    model_config = ConfigDict(json_schema_extra=may_lack("evidence", "date"))

    id: Id
    """What it is called; no two things of a file have the same id."""
    title: Text | None = None
    """What it is called in tables and figures, else the words of its id."""
    date: DayOrPeriod
    """The day on which it is played, in the calendar of the file; or all that is known, a month (`1918-02`) or a year
    (`1918`), of which the middle day is played. Beside `between` it is the day assumed, and may be left out."""
    time: PartOfDay | None = None
    """The part of the day; what has none comes before what has one."""
    old_style: Day | None = None
    """The date in the calendar of the sources, for the reader."""
    between: tuple[DayOrPeriod, DayOrPeriod] | None = None
    """The first and the last day on which it may have happened, which are shown in place of the one played."""
    conditions: Listed[Condition] = Field(default=(), alias="if")
    """It happens only in histories where every condition holds: `BALLOT carried`, `rejected` or `not put`; `MEMBER yes
    in BALLOT`, `no`, `abstained` or `absent`; `ID happened` or `did not happen`; `policy < POSITION`, or `<=`, `>`,
    `>=`, `=`. All look back to earlier moments."""
    follows: Names = ()
    """The earlier moments without which it would not have come as it did: the letter that this one answers, the words
    by which a motion was moved. Played as recorded, this changes nothing. When the last of them is taken out, it goes
    too; but a ballot is still put, and only loses a mover whose own words they were."""

    @property
    def when(self) -> When:
        """The date and the part of the day: these put moments in order, as far as they tell."""
        return self.date, 0 if self.time is None else 1 + get_args(PartOfDay).index(self.time)

    @property
    def dated(self) -> str:
        """When it was, as far as that is known: `2024-03-05`, `March 2024`, `5 to 10 March 2024`."""
        return written(self.date, self.between)


class Absence(Moment):
    """A member is away from `date` to `until`, and at no meeting of a body."""

    kind: Literal["absence"]
    """That it is an absence."""
    member: Id
    """Who is away."""
    until: DayOrPeriod
    """The last day, included, or a month or a year with its last."""
    reason: Text
    """Why."""
    reachable: Flag = True
    """Whether they read letters, meet people by name, and vote by note and in ballots held by correspondence."""

    def covers(self, when: When) -> bool:
        """Whether the member is away on a part of a day."""
        return self.when <= when and when[0] <= self.until


class Letter(Moment):
    """Words that reach readers: a letter, report, note, speech, or news without an author."""

    kind: Literal["letter", "report", "note", "speech", "news"]
    """What the words are; all kinds act alike."""
    author: Id | None = None
    """Whose words they are; they may be away, and need no seat. News, or a report of a body, has nobody's."""
    readers: Names
    """Whom they reach: members, and bodies for everybody who has a seat in them that day."""
    argues_for: Term | None = None
    """The position that they argue for; without one they inform and move nobody."""
    argues_as: Literal["exactly", "at_least", "at_most"] = "exactly"
    """Whether they press from both sides (`exactly`), or leave alone who already stands there or beyond: above it
    (`at_least`) or below (`at_most`)."""
    strength: Annotated[Number, Field(gt=0, le=5)]
    """How strong they are: 1 neutral, 2 mild, 3 firm (one full dose), 4 sharp, 5 an ultimatum."""
    authority: ParameterName | None = None
    """How much they are listened to, from 0 to 1, in place of their author; without an author, words that argue must
    have it."""
    summary: Text
    """What they say, in a sentence."""
    quote: Text | None = None
    """Their own words."""

    @model_validator(mode="after")
    def _has_a_voice(self) -> Letter:
        if self.author is None and self.argues_for is not None and self.authority is None:
            raise ValueError("without an 'author' it needs an 'authority'")
        return self


class Talk(Moment):
    """Those present exchange views once: a body that sits, or a few members by name, wherever they are."""

    kind: Literal["talk"]
    """That it is a talk."""
    body: Id | None = None
    """The body that sits, members and candidates; either this or `members`."""
    members: Names = ()
    """Who meets, where it is not a body; all take part who are within reach."""
    session: Id | None = None
    """The talk or ballot of the same sitting, so that the same people are present."""
    summary: Text | None = None
    """What was talked about."""

    @model_validator(mode="after")
    def _has_speakers(self) -> Talk:
        if (self.body is None) == (not self.members):
            raise ValueError("a talk is among a 'body' or among 'members': give one of the two")
        return self


class Tally(Datum):
    """The count that a source gives; what it does not give is left out. A calibration uses it whatever its evidence."""

    yes: Votes | None = None
    """Votes for the motion."""
    no: Votes | None = None
    """Votes against."""
    abstain: Votes | None = None
    """Abstentions."""


class NamedVote(Datum):
    """One member's vote, where a source gives it. Who voted was there, whatever the evidence."""

    member: Id
    """Who voted."""
    vote: Vote
    """How."""


class RollCall(Datum):
    """Who voted how, from one source for the whole list: the short form of `votes` and `absent`.

    Without an origin of its own it has that of its ballot.
    """

    yes: Names = ()
    """Who voted for the motion."""
    no: Names = ()
    """Who voted against."""
    abstained: Names = ()
    """Who abstained."""
    absent: Names = ()
    """Who was not there."""
    complete: Flag = False
    """Whether all who were there are named, so that whoever is not was absent."""


class Abstention(Datum):
    """A reason of a member's own to abstain from one ballot, whatever they think of the motion."""

    member: Id
    """Whose reason it is."""
    because: Text
    """What it is."""
    chance: ParameterName | None = None
    """The chance that it decides, without which it is sure to. If it does not, they vote as they would have."""


class Ballot(Moment):
    """A body votes on a motion. Carried, the motion sets the policy in force.

    Votes and counts on record are not imposed on the model, which votes by itself; a calibration compares them.
    """

    kind: Literal["ballot"]
    """That it is a ballot."""
    body: Id
    """Who votes: the full members of the day."""
    motion: Text
    """What was moved."""
    moved_by: Id | None = None
    """Who moved it; of a leader, this states their position."""
    one_of: Id | None = None
    """A name for a choice among several motions. Each is a ballot that names it; they stand one after another, all are
    put at once to the same people, everybody votes for one, and one wins, as the procedure says."""
    if_carried: Term
    """The position that it leads to if it is carried: a place on the axis, `policy` for the policy then in force, or a
    parameter where nobody has said which."""
    if_lost: Listed[Term] = ()
    """The position that it leads to if it is lost, in the same way; or several, all that may still come, of which
    everybody thinks of the one they like best. One of several motions has none: another one is carried then."""
    sets_policy: Flag = True
    """Whether `if_carried` becomes the policy in force when it is carried; not so of a vote that binds nobody."""
    outcome: Outcome | None = None
    """What became of it, on record."""
    tally: Tally | None = None
    """The count on record."""
    votes: tuple[NamedVote, ...] = ()
    """Single votes on record, each with its origin; they may stand beside a `roll_call` that has other names."""
    roll_call: RollCall | None = None
    """The list of votes on record."""
    abstentions: tuple[Abstention, ...] = ()
    """Reasons of members' own to abstain."""
    present: Names = ()
    """Who was at the sitting for certain."""
    absent: Names = ()
    """Who was not."""
    by_note: Names = ()
    """Whose vote was counted though they were not in the room, as long as they can be reached."""
    session: Id | None = None
    """The talk at which the vote is taken, or another ballot of the same sitting, so that the same people are
    present."""
    by_correspondence: Flag = False
    """Whether all vote by note, also those who are away within reach."""
    candidates_vote: Flag = False
    """Whether the candidates of the body are counted too."""
    attendance: ParameterName | None = None
    """The chance that a member comes of whom nothing is recorded, in place of that of the body."""
    abstention_margin: ParameterName | None = None
    """How alike the two outcomes may be for members to abstain, in place of that of the body."""
    procedure: Procedure | None = None
    """How it is decided, in place of the procedure of the body."""
    fit: Flag = True
    """Whether a calibration and scores may use its outcome."""
    unfit_because: Text | None = None
    """Why not, with `fit: false` and only with it."""

    @model_validator(mode="after")
    def _says_why_unfit(self) -> Ballot:
        if self.fit == (self.unfit_because is not None):
            raise ValueError("'unfit_because' goes with 'fit: false', and only with it")
        return self

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Ballot:
        if (self.one_of is None) == (not self.if_lost):
            raise ValueError(
                "'if_lost' is missing: where does it lead if it is lost?"
                if self.one_of is None
                else "'if_lost' does not go with 'one_of': if it is lost, another motion of the choice is carried"
            )
        return self

    @property
    def sitting(self) -> str:
        """The name of its sitting, the same for all at which the same people are present."""
        return self.session or self.one_of or self.id

    @property
    def is_compared(self) -> bool:
        """Whether models are fitted to its documented outcome, and compared on it: among several to which one won."""
        return self.fit and self.outcome is not None and (self.one_of is None or self.outcome == "carried")


#: What somebody's seat in a body may be set to: each may do what the one before may, and more.
SEATS = ("none", "candidate", "full")


class Effect(Part):
    """What an event changes from then on."""

    set: Annotated[str, Strict(), StringConstraints(pattern=r"^([^\s.]+|\S+\.(if_carried|if_lost|first_stance|seat))$")]
    """What gets another value: `policy` (the policy in force), `BALLOT.if_carried`, `BALLOT.if_lost`,
    `MEMBER.first_stance` (to which attachment and drift draw back), a parameter, or `MEMBER.seat`."""
    to: Term
    """The position or the parameter that it gets; of a ballot also `policy`; of a parameter another, or a number; of a
    seat `none`, `candidate` or `full`."""
    body: Id | None = Field(default=None, alias="in")
    """The body in which a member has the seat from then on, or no longer; with `MEMBER.seat`, and only with it."""

    @model_validator(mode="after")
    def _is_of_a_seat(self) -> Effect:
        is_of_a_seat = self.target[1] == "seat"
        if is_of_a_seat != (self.body is not None):
            raise ValueError("'in' goes with 'MEMBER.seat', and only with it, as {set: ann.seat, in: board, to: none}")
        if is_of_a_seat and self.to not in SEATS:
            raise ValueError(f"a seat is set to {', '.join(SEATS[:-1])} or {SEATS[-1]}, not to {quoted(self.to)}")
        return self

    @property
    def target(self) -> tuple[str, str]:
        """Whose field, and which; ('', 'policy') of the policy in force, and of a parameter its value."""
        name, _, field = self.set.partition(".")
        return (name, field) if field else ("", "policy") if name == "policy" else (name, "value")


class Event(Moment):
    """Something that happened. It moves nobody by itself."""

    kind: Literal["event"]
    """That it is an event."""
    summary: Text
    """What happened, in a sentence."""
    changes: tuple[Effect, ...] = ()
    """What is different from then on."""
    quote: Text | None = None
    """The words of a source."""


AnyMoment = Annotated[Absence | Letter | Talk | Ballot | Event, Field(discriminator="kind")]


def in_place_of(names: Iterable[str | None], moments: Iterable[Moment]) -> list[str]:
    """These parameters, each as often as it is named, and once each those to which events set them."""
    found = [name for name in names if name is not None]
    changes = [effect for item in moments if isinstance(item, Event) for effect in item.changes]
    given = [(effect.set, str(effect.to)) for effect in changes if effect.target[1] == "value"]
    for parameter, other in given * len(given):
        if parameter in found and other not in found:
            found.append(other)
    return found
