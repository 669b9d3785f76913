"""The scenario format, typed: what a debate's YAML file may say, and nothing else.

One class a thing of the debate: the axis, a parameter, a member, a body, a moment of the timeline, a reading of a
contested point. The classes check what can be checked on one item alone; `validation` checks what needs the whole
file. Everything is frozen. `DebateFile` is the root, and its JSON Schema is what editors use.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator
from pydantic_core import CoreSchema, core_schema

from sim.errors import unprintable
from sim.scenario.conditions import Condition

Evidence = Literal["documented", "attributed", "conjecture", "assumed"]
Provenance = Literal["seed", "found", "background", "inference"]
Outcome = Literal["carried", "rejected"]
Vote = Literal["yes", "no", "abstain"]
#: A date, and a part of the day: 0 where none is given, and then in their order.
When = tuple[datetime.date, int]
PartOfDay = Literal["morning", "midday", "afternoon", "evening", "night"]

LONGEST_ID = 80  # characters: ids are parts of the names of files, of which most systems take 255 bytes
#: How large a number may be, and how small one that is not 0: squared and added up, all of them stay exact enough.
LARGEST_NUMBER, SMALLEST_NUMBER = 1e15, 1e-15
NARROWEST = 1e-6  # of the larger end of an axis: its least length


def _printable(text: str) -> str:
    """The text, if all of it can be shown as it is. Raises ValueError."""
    if fault := unprintable(text):
        raise ValueError(fault)
    return text


def _of_a_size(number: float) -> float:
    """The number, if it is of a size to be reckoned with. Raises ValueError."""
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(f"{number:g} is too large: a number is at most {LARGEST_NUMBER:g} (choose another unit)")
    if 0 < abs(number) < SMALLEST_NUMBER:
        raise ValueError(
            f"{number:g} is too close to 0: it is 0, or at least {SMALLEST_NUMBER:g} (choose another unit)"
        )
    return number


Id = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=LONGEST_ID)]
Text = Annotated[str, Strict(), StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_printable)]
SourceKey = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9_]*$", max_length=LONGEST_ID)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False), AfterValidator(_of_a_size)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Day = Annotated[datetime.date, Strict()]


def _may_lack(*keys: str) -> Callable[[dict[str, Any]], None]:
    """What tells editors that a mapping may do without keys that it needs, since they are given once for the file."""

    def loosen(schema: dict[str, Any]) -> None:
        schema["required"] = [key for key in schema.get("required", ()) if key not in keys]

    return loosen


class _NumberToo:
    """Where a file may have a number for a name: `validation.short_forms` makes it one before types are checked."""

    def __get_pydantic_json_schema__(self, name: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, handler(name)]}


class _OneOrMany:
    """One thing where a list is meant is a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: [value] if isinstance(value, str | dict) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, many: CoreSchema, handler: Any) -> dict[str, Any]:
        array = handler(many)
        return {"anyOf": [array["items"], array]}


T = TypeVar("T")
Listed = Annotated[tuple[T, ...], _OneOrMany()]
#: A number, or the name of a position on the axis or of a parameter.
Term = Number | Id
Names = Listed[Id]
#: The name of a parameter; a file may have a number here, which is then a parameter of that value, fixed and assumed.
ParameterName = Annotated[Id, _NumberToo()]


class Part(BaseModel):
    """A piece of the file: unknown keys refused, nothing changed once read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, json_schema_extra=_may_lack("evidence")
    )


class Datum(Part):
    """Something said about the debate, with its origin.

    `evidence` says how well it is known, `source` names entries of the file's `sources`, `provenance` how it came into
    the file: one word for all sources, or one for each in their order. `record` is the item of the sourced record that
    it was taken from. What is `assumed` needs a note that says why; everything else needs a source and a provenance.
    """

    evidence: Evidence
    provenance: Listed[Provenance] = ()
    source: Listed[SourceKey] = ()
    record: Listed[Text] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _says_its_origin(self) -> Datum:
        if self.evidence == "assumed":
            if self.note is None:
                raise ValueError("an assumption needs a 'note' that says why it is made")
        elif not self.source:
            raise ValueError(f"evidence '{self.evidence}' needs a 'source' (only 'assumed' does without)")
        elif not self.provenance:
            raise ValueError("'provenance' is missing: seed, found, background or inference")
        elif len(self.provenance) not in (1, len(self.source)):
            raise ValueError(
                f"'provenance' has {len(self.provenance)} words for {len(self.source)} sources: give one word for all, "
                "or one for each"
            )
        return self


class SharedOrigin(Datum):
    """An origin given once, for all in a member, a body or the whole file that says nothing of its own."""


class Source(Part):
    """A work that the file cites. `leaning` and `limits` say what to beware of."""

    title: Text
    work: Text | None = None
    author: Text | None = None
    year: Whole | None = None
    url: Text | None = None
    alt_url: Text | None = None
    kind: Text | None = None
    leaning: Text | None = None
    limits: Text | None = None


class Position(Part):
    """A named point of the axis."""

    name: Id
    at: Number
    meaning: Text


class StartingPolicy(Datum):
    """The policy in force when the timeline begins."""

    at: Term


class Axis(Part):
    """The one question, as a line: its range, its named positions and the policy in force at the start."""

    label: Text
    low: Number
    high: Number
    positions: tuple[Position, ...] = ()
    policy: StartingPolicy

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
    """What is not known exactly, as one of three families; a term may be a number or a name.

    uniform: [low, high]; normal: [mean, standard deviation]; lognormal: [median, standard deviation of
    the logarithm]. A distribution is cut to the range of what it describes (its shape kept within).
    """

    uniform: tuple[Term, Term] | None = None
    normal: tuple[Term, Term] | None = None
    lognormal: tuple[Term, Term] | None = None

    @model_validator(mode="after")
    def _is_of_one_family(self) -> Distribution:
        if sum(terms is not None for _, terms in self) != 1:
            raise ValueError("a distribution is exactly one of 'uniform', 'normal', 'lognormal'")
        return self

    @property
    def family(self) -> str:
        """`uniform`, `normal` or `lognormal`."""
        return next(family for family, terms in self if terms is not None)

    @property
    def terms(self) -> tuple[Term, Term]:
        """Its two terms."""
        terms: tuple[Term, Term] = getattr(self, self.family)
        return terms


class Parameter(Datum):
    """A number of the model: its value or distribution, its unit, and the range it must stay in."""

    value: Number | Distribution
    range: tuple[Number, Number]
    unit: Text
    meaning: Text

    @model_validator(mode="after")
    def _stays_in_range(self) -> Parameter:
        low, high = self.range
        if low > high:
            raise ValueError(f"'range' runs backwards: [{low:g}, {high:g}]")
        if isinstance(self.value, float) and not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} is outside its range [{low:g}, {high:g}]")
        return self


class FirstStance(Datum):
    """A member's conviction when the timeline begins: a number, a named position or a distribution."""

    value: Term | Distribution


class Movement(Part):
    """That a stance has moved since a day, towards which end of the axis, and at least how far (units of the axis)."""

    since: Day
    towards: Literal["low", "high"]
    at_least: Annotated[Number, Field(ge=0)] = 0.0


class Observation(Datum):
    """What the record says of a member at a date or, with `between`, over a period: their stance, or that it moved.

    `rests_on` names the ballots from which it was inferred, so that it goes where they go.
    """

    id: Id
    date: Day
    between: tuple[Day, Day] | None = None
    stance: Term | None = None
    movement: Movement | None = None
    says: Text
    quote: Text | None = None
    rests_on: Names = ()
    whole_period: Flag = False

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


class Office(Datum):
    """An office held, for the reader: it moves nobody."""

    title: Text
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")


class Member(Part):
    """Somebody with a stance. With `count`, that many alike whom nobody recorded by name.

    The last fields are parameters. Without `salience`, how much the question matters to them, it is 1; without the
    others the ones of `dynamics` apply. Salience is a factor on how surely they vote and how much they are heard.
    """

    name: Text
    label: Text | None = None
    count: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    origin: SharedOrigin | None = None
    offices: tuple[Office, ...] = ()
    first_stance: FirstStance | None = None
    observations: tuple[Observation, ...] = ()
    authority: ParameterName | None = None
    susceptibility: ParameterName | None = None
    attachment: ParameterName | None = None
    receptiveness: ParameterName | None = None
    deference: ParameterName | None = None
    competence: ParameterName | None = None
    salience: ParameterName | None = None


class Seats(Datum):
    """Who sits in a body and when; a candidate speaks and does not vote. Both dates are included.

    Without `from` they are held from the first day of the span, without `to` until the last.
    """

    model_config = ConfigDict(json_schema_extra=_may_lack("evidence", "from", "to"))

    members: Names
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    role: Literal["full", "candidate"] = "full"
    votes: Annotated[Whole, Field(ge=1, le=1_000)] = 1

    def covers(self, day: datetime.date) -> bool:
        """Whether they are held on a day."""
        return self.start <= day <= self.end


class Procedure(Datum):
    """How a body decides.

    majority: simple (more yes than no), absolute (more than half of all votes in the body), qualified
    (at least `share` of the votes cast, or of the members' votes), unanimity (a yes and no no).
    quorum: the share of the seats that must be taken for a decision. ties: what becomes of a tie; with
    `chair` the chair's own vote decides it, with `lot` a fair coin.
    """

    majority: Literal["simple", "absolute", "qualified", "unanimity"] = "simple"
    share: Annotated[Number, Field(gt=0, le=1)] | None = None
    share_of: Literal["cast", "members"] = "cast"
    quorum: Annotated[Number, Field(ge=0, le=1)] = 0.0
    ties: Literal["rejected", "carried", "chair", "lot"] = "rejected"
    chair: Id | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Procedure:
        if (self.share is not None) != (self.majority == "qualified"):
            raise ValueError("'share' goes with 'majority: qualified', and only with it")
        if (self.chair is not None) != (self.ties == "chair"):
            raise ValueError("'chair' goes with 'ties: chair', and only with it")
        return self


class RegularTalk(Datum):
    """A body that talks every week, on a weekday, while it has members."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Body(Part):
    """A committee: its seats by date, how often it talks, who comes, how it decides.

    `attendance` is the chance of a member coming of whom nothing is recorded; `abstention_margin` takes the place of
    the one in `dynamics`. Without a `procedure` more yes than no carries, and a tie is lost.
    """

    name: Text
    origin: SharedOrigin | None = None
    seats: tuple[Seats, ...]
    procedure: Procedure = Procedure(evidence="assumed", note="Nothing is said: more yes than no carries.")
    attendance: ParameterName | None = None
    abstention_margin: ParameterName | None = None
    talks: RegularTalk | None = None


class Moment(Datum):
    """Something dated with an id. With `if`, it happens only in histories where every condition holds.

    A condition is `ID carried`, `ID rejected` or `ID not put` for an earlier ballot, `MEMBER yes in ID` (or no,
    abstained, absent) for somebody's vote in one, `ID happened` or `ID did not happen` for any earlier moment, or a
    comparison with the policy in force, as `policy < uphold`.

    `title` is what it is called in tables and figures, else the words of its id. `time` is the part of the day: what
    has none comes before what has one. `old_style` is the date in the calendar of the sources, for the reader.

    `follows` names the earlier moments without which it would not have come as it did: the letter that this one
    answers, the letter by which a motion was moved. It changes nothing of what is played as recorded. When the last of
    them is taken out, the moment goes too; but a ballot is still put, and only loses a mover whose own words they were.
    """

    id: Id
    title: Text | None = None
    date: Day
    time: PartOfDay | None = None
    old_style: Day | None = None
    between: tuple[Day, Day] | None = None
    conditions: Listed[Condition] = Field(default=(), alias="if")
    follows: Names = ()

    @property
    def when(self) -> When:
        """The date and the part of the day: these put moments in order, as far as they tell."""
        return self.date, 0 if self.time is None else 1 + get_args(PartOfDay).index(self.time)


class Absence(Moment):
    """A member is away from `date` to `until`, both included.

    They are at no meeting of a body. If `reachable` they read letters, meet people by name, and vote in
    ballots that are held by correspondence.
    """

    kind: Literal["absence"]
    member: Id
    until: Day
    reason: Text
    reachable: Flag = True

    def covers(self, when: When) -> bool:
        """Whether the member is away on a part of a day."""
        return self.when <= when and when[0] <= self.until


class Letter(Moment):
    """Words that reach readers: a letter, report, note, speech, or news without an author.

    `readers` names members and bodies. `argues_for` is the position argued for; without one it informs and moves
    nobody. `argues_as` says whether it presses from both sides (`exactly`), or leaves alone who already stands there or
    beyond: above it (`at_least`) or below (`at_most`). `strength` is on the record's scale 1 (neutral) to 5
    (ultimatum); 3 is one full dose. `authority` names a parameter and replaces the author's (news must have it).
    """

    kind: Literal["letter", "report", "note", "speech", "news"]
    author: Id | None = None
    readers: Names
    argues_for: Term | None = None
    argues_as: Literal["exactly", "at_least", "at_most"] = "exactly"
    strength: Annotated[Number, Field(gt=0, le=5)]
    authority: ParameterName | None = None
    summary: Text
    quote: Text | None = None

    @model_validator(mode="after")
    def _has_a_voice(self) -> Letter:
        if self.author is None and self.argues_for is not None and self.authority is None:
            raise ValueError("without an 'author' it needs an 'authority'")
        return self


class Talk(Moment):
    """Those present exchange views once: a body that sits, or a few members by name, wherever they are."""

    kind: Literal["talk"]
    body: Id | None = None
    members: Names = ()
    session: Id | None = None
    summary: Text | None = None

    @model_validator(mode="after")
    def _has_speakers(self) -> Talk:
        if (self.body is None) == (not self.members):
            raise ValueError("a talk is among a 'body' or among 'members': give one of the two")
        return self


class Tally(Datum):
    """The count that a source gives; what it does not give is left out."""

    yes: Annotated[Whole, Field(ge=0)] | None = None
    no: Annotated[Whole, Field(ge=0)] | None = None
    abstain: Annotated[Whole, Field(ge=0)] | None = None


class NamedVote(Datum):
    """One member's vote, where a source gives it."""

    member: Id
    vote: Vote


class RollCall(Datum):
    """Who voted how, from one source for the whole list: the short form of `votes` and `absent`.

    Without an origin of its own it has that of its ballot. `complete`: whoever is not named was absent.
    """

    yes: Names = ()
    no: Names = ()
    abstained: Names = ()
    absent: Names = ()
    complete: Flag = False


class Abstention(Datum):
    """A reason of a member's own to abstain from one ballot, whatever they think of the motion.

    `chance`: that it decides, a parameter; without it, it is sure to. If it does not, they vote as they would have.
    """

    member: Id
    because: Text
    chance: ParameterName | None = None


class Ballot(Moment):
    """A body votes on a motion.

    `if_carried` and `if_lost` are the positions it leads to: a place on the axis, `policy` for the policy then in
    force, or a parameter, where nobody has said which. Carried, it sets the policy unless `sets_policy` is false.
    `outcome` is the documented one. `session` names the talk at which the vote is taken, so that the same people are
    present. `present`, `absent`: who was at the sitting, and who was not. `by_note`: whose vote was counted though they
    were not in the room, as long as they can be reached. `by_correspondence`: all vote by note, present or not.
    `candidates_vote`: the candidates of the body are counted too. `abstentions`: reasons of members' own.
    `attendance`, `abstention_margin` and `procedure` take the place of those of the body.
    `fit`: whether calibration may use the outcome; if not, `unfit_because` says why.
    """

    kind: Literal["ballot"]
    body: Id
    motion: Text
    moved_by: Id | None = None
    if_carried: Term
    if_lost: Term
    sets_policy: Flag = True
    outcome: Outcome | None = None
    tally: Tally | None = None
    votes: tuple[NamedVote, ...] = ()
    roll_call: RollCall | None = None
    abstentions: tuple[Abstention, ...] = ()
    present: Names = ()
    absent: Names = ()
    by_note: Names = ()
    session: Id | None = None
    by_correspondence: Flag = False
    candidates_vote: Flag = False
    attendance: ParameterName | None = None
    abstention_margin: ParameterName | None = None
    procedure: Procedure | None = None
    fit: Flag = True
    unfit_because: Text | None = None

    @model_validator(mode="after")
    def _says_why_unfit(self) -> Ballot:
        if self.fit == (self.unfit_because is not None):
            raise ValueError("'unfit_because' goes with 'fit: false', and only with it")
        return self

    @property
    def is_compared(self) -> bool:
        """Whether models are fitted to its documented outcome, and compared on it."""
        return self.fit and self.outcome is not None


class Effect(Part):
    """What an event changes from then on: `policy`, `BALLOT.if_carried`, `BALLOT.if_lost` or `MEMBER.first_stance`.

    `to` is a position or a parameter; of a ballot also `policy`. To a first stance attachment and drift draw back.
    """

    set: Annotated[str, Strict(), StringConstraints(pattern=r"^(policy|\S+\.(if_carried|if_lost|first_stance))$")]
    to: Term

    @property
    def target(self) -> tuple[str, str]:
        """Whose field, and which; ('', 'policy') of the policy in force."""
        name, _, field = self.set.rpartition(".")
        return name, field


class Event(Moment):
    """Something that happened. It moves nobody; `changes` says what else is different from then on."""

    kind: Literal["event"]
    summary: Text
    changes: tuple[Effect, ...] = ()
    quote: Text | None = None


AnyMoment = Annotated[Absence | Letter | Talk | Ballot | Event, Field(discriminator="kind")]


class ListeningWeights(Datum):
    """How much each member listens to each other, row by row; the diagonal is one's own opinion.

    Who is not named in a row is not heard. A row takes the place of authority: a member who has one listens by it
    alone, and a member without one hears all by their authority.
    """

    rows: dict[Id, dict[Id, Annotated[Number, Field(ge=0)]]]


class TalkDynamics(Part):
    """The rule of persuasion in talk, and the parameters it needs, by name."""

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
    susceptibility: ParameterName
    attachment: ParameterName | None = None
    bound: ParameterName | None = None
    weights: ListeningWeights | None = None


class LetterDynamics(Part):
    """How readers take a letter; `bound` is the reach of the latitude of acceptance, without end if left out."""

    receptiveness: ParameterName
    latitude: Literal["unbounded", "hegselmann-krause", "soft-bounded-confidence", "gaussian-bounded-confidence"] = (
        "unbounded"
    )
    bound: ParameterName | None = None


class BallotDynamics(Part):
    """How stances become votes: spatial logit, nearest option, or a fixed chance of yes (`competence`)."""

    rule: Literal["logit", "nearest", "fixed"]
    sharpness: ParameterName | None = None
    competence: ParameterName | None = None
    abstention_margin: ParameterName | None = None


class Deference(Part):
    """Whose pressed position colours what is voiced, how much (`weight`), and for how many days.

    `mover_weight`: how much what a motion leads to does, as its mover's position, where the leader has said nothing in
    time; without it not at all.
    """

    leader: Id
    weight: ParameterName
    lapses_after: ParameterName
    mover_weight: ParameterName | None = None


class DriftDynamics(Part):
    """What a week does to a stance: its reversion towards the first stance, and the size of the noise.

    reversion: the fraction of the way back. noise: a standard deviation, in units of the axis. Both by name.
    """

    reversion: ParameterName
    noise: ParameterName


class ObservationSpread(Part):
    """How far a reported stance may be off, by the word for its evidence: the standard deviation, by name."""

    documented: ParameterName
    attributed: ParameterName
    conjecture: ParameterName


class Dynamics(Part):
    """The rules, by the words of the field, and the parameters they take, by name or as numbers.

    Without an `authority` everybody's is 1. `unknown_stance` is the first stance of members who have none of their own.
    `observation_spread` is what a calibration compares observed stances by; without it, it uses votes only.
    """

    talk: TalkDynamics
    letters: LetterDynamics | None = None
    ballots: BallotDynamics
    drift: DriftDynamics | None = None
    deference: Deference | None = None
    authority: ParameterName | None = None
    attendance: ParameterName | None = None
    unknown_stance: FirstStance | None = None
    unknown_centre: ParameterName | None = None
    observation_spread: ObservationSpread | None = None


class Change(Part):
    """One difference: set a field, take an item out, or add one. Exactly one of the three.

    A path is an id and a field of it (`eve-writes.strength`), or begins with `dynamics` or `axis`. With a moment that
    is removed goes what follows from it; `alone: true` leaves that as it is.
    """

    set: Text | None = None
    to: Any = None
    remove: Text | None = None
    alone: Flag = False
    add: Literal["timeline", "members", "bodies", "parameters", "sources"] | None = None
    item: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Change:
        if sum(field is not None for field in (self.set, self.remove, self.add)) != 1:
            one = "'set' (with 'to'), 'remove', 'add' (with 'item')"
            raise ValueError(f"a change is exactly one of {one}, as {{remove: ID}} or {{set: ID.FIELD, to: VALUE}}")
        if (self.add is not None) != (self.item is not None):
            raise ValueError(
                "'item' goes with 'add', and only with it, as {add: timeline, item: {id: ID, kind: letter}}"
            )
        if (self.set is not None) != ("to" in self.model_fields_set):
            raise ValueError("'to' goes with 'set', and only with it, as {set: ID.FIELD, to: VALUE}")
        if self.alone and self.remove is None:
            raise ValueError("'alone' goes with 'remove', and only with it")
        return self


class ReadingOption(Datum):
    """One side of a contested point: what it says, and the changes it makes to the file."""

    says: Text
    changes: tuple[Change, ...] = ()


class Reading(Part):
    """A contested point: the question, the sides, and the one taken unless another is chosen."""

    question: Text
    default: Id
    options: dict[Id, ReadingOption]


class Story(Datum):
    """What the debate turns on, for somebody who has never heard of it: a headline, and two or three sentences.

    `decision` is the ballot that it is about; `change` a what-if that comes with the program and asks of it.
    """

    headline: Text
    text: Text
    decision: Id
    change: Id | None = None


class Span(Part):
    """The first and the last day played, both included."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")


class DebateFile(Part):
    """A whole debate: the root of a scenario file.

    Of an invented debate, `invented` says so, and by whom or what for: whatever then says nothing of its own origin is
    `assumed`, with this as its note. `origin` gives any other origin once, as for a file made from one table.
    """

    scenario: Id
    title: Text
    question: Text
    about: Text | None = None
    story: Story | None = None
    invented: Text | None = None
    origin: SharedOrigin | None = None
    span: Span
    axis: Axis
    sources: dict[SourceKey, Source] = {}
    parameters: dict[Id, Parameter] = {}
    dynamics: Dynamics
    members: dict[Id, Member]
    bodies: dict[Id, Body]
    timeline: tuple[AnyMoment, ...]
    readings: dict[Id, Reading] = {}

    @property
    def leader(self) -> str | None:
        """The member to whom others defer, if there is one."""
        return self.dynamics.deference.leader if self.dynamics.deference else None

    @property
    def deferred_by(self) -> frozenset[str]:
        """The parameters by which anybody defers, to the leader or to the mover of a motion."""
        own, common = {member.deference for member in self.members.values()}, self.dynamics.deference
        return frozenset({*own, *((common.weight, common.mover_weight) if common else ())} - {None})


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors: they complete keys and underline mistakes with it.

    It tells the types of a file; what only the whole can tell, a check of the file tells.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "scenario.schema.json",
        **DebateFile.model_json_schema(by_alias=True),
        "title": "A debate in committees",
    }
