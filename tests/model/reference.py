"""The model a second time, written from its two pages alone: one history, member by member, in plain Python.

Of the program it uses nothing but the reader of scenario files. It is slow and meant to be read beside MODEL.md,
whose sections the docstrings name; its random numbers come from the program on the page of random numbers.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from statistics import NormalDist
from typing import Any

from sim.scenario.schema import (
    Absence,
    Ballot,
    DebateFile,
    Distribution,
    Event,
    Letter,
    Member,
    Moment,
    Procedure,
    Talk,
    Term,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "MODEL.md").read_text("utf-8")
RANDOM_NUMBERS = (ROOT / "docs" / "explanation" / "random-numbers.md").read_text("utf-8")

ATTENDANCE, VOTE, WEEK, MEETING, LOT, PARAMETER, FIRST_STANCE = range(1, 8)
SECOND_VOTE = 15
ONE_DAY = datetime.timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HERE, AWAY, OUT_OF_REACH = range(3)
YES, NO, ABSTAINS, ABSENT = "yes", "no", "abstain", "absent"


# ---------------------------------------------------------------- 7.8 and 7.9, random numbers and priors


@cache
def program() -> dict[str, Any]:
    """What the page's program defines: key, words, uniform and normals."""
    (block,) = re.findall(r"^```python\n(.*?)^```$", RANDOM_NUMBERS, re.M | re.S)
    defined: dict[str, Any] = {}
    exec(compile(block, "random-numbers.md", "exec"), defined)
    return defined


key: Callable[[str], int] = cache(program()["key"])
uniform: Callable[..., float] = program()["uniform"]
normals: Callable[..., Sequence[float]] = cache(program()["normals"])


def cut_normal(mean: float, deviation: float, low: float, high: float, u: float) -> float:
    """The normal distribution of 7.9. Above the mean it is mirrored, where small probabilities keep their digits."""
    if low > mean:
        return -cut_normal(-mean, deviation, -high, -low, 1.0 - u)

    def below(y: float) -> float:
        return math.erfc((mean - y) / deviation / math.sqrt(2.0)) / 2.0

    probability = below(low) + u * (below(high) - below(low))
    return mean + deviation * NormalDist().inv_cdf(probability)


def quantile(prior: Distribution, term: Callable[[Term], float], low: float, high: float, u: float) -> float:
    """What a distribution, cut to [low, high], gives for a uniform number."""
    if prior.uniform is not None:
        first, last = max(term(prior.uniform[0]), low), min(term(prior.uniform[1]), high)
        value = first + u * (last - first)
    elif prior.normal is not None:
        value = cut_normal(term(prior.normal[0]), term(prior.normal[1]), low, high, u)
    else:
        assert prior.lognormal is not None
        median, deviation = (term(given) for given in prior.lognormal)
        least = math.log(low if low > 0.0 else 1e-300)
        value = math.exp(cut_normal(math.log(median), deviation, least, math.log(high), u))
    return min(max(value, low), high)


# ---------------------------------------------------------------- 2 and 3, who there is, and what happens when


@dataclass(frozen=True)
class Seat:
    """A seat on one day."""

    member: str
    is_full: bool
    votes: Fraction


def persons(debate: DebateFile, member: str) -> list[str]:
    """A member, or the persons of a group."""
    count = debate.members[member].count
    return [member] if count is None else [f"{member}-{number}" for number in range(1, count + 1)]


def seats(debate: DebateFile, body: str, day: datetime.date) -> list[Seat]:
    """The seats of a body on a day, as in the file."""
    return [
        Seat(person, term.role == "full", Fraction(str(term.votes)))
        for term in debate.bodies[body].seats
        if term.start <= day <= term.end
        for member in term.members
        for person in persons(debate, member)
    ]


def given_seats(debate: DebateFile, body: str, day: datetime.date) -> list[str]:
    """Section 3: who may have been given a seat in a body by a day, in the order of the file."""
    return [
        person
        for event in debate.timeline
        if isinstance(event, Event) and event.date <= day
        for effect in event.changes
        if effect.body == body and effect.to != "none"
        for person in persons(debate, effect.set.removesuffix(".seat"))
    ]


@dataclass(frozen=True)
class Step:
    """One thing that happens. item: what the file says of it. body: who talks regularly."""

    day: datetime.date
    kind: str
    id: str
    item: Moment | None = None
    body: str | None = None


def order_of_the_day() -> list[str]:
    """What comes before what on one day."""
    (block,) = re.findall(r"^```order\n(.*?)^```$", PAGE, re.M | re.S)
    return str(block).split("\n")[:-1]


def timeline(debate: DebateFile) -> list[Step]:
    """Section 3: everything that happens, in the order in which it happens."""
    span, steps = debate.span, []
    days = [span.start + number * ONE_DAY for number in range((span.end - span.start).days + 1)]
    if debate.dynamics.drift is not None:
        steps += [Step(day, "week", f"week-{day}") for day in days if day.weekday() == 0]
    for name, body in debate.bodies.items():
        if body.talks is not None:
            weekday = WEEKDAYS.index(body.talks.weekday)
            who = {day: {seat.member for seat in seats(debate, name, day)} for day in days}
            meets = [day for day in days if day.weekday() == weekday]
            meets = [day for day in meets if len(who[day] | {*given_seats(debate, name, day)}) >= 2]
            steps += [Step(day, "talk", f"{name}-talk-{day}", body=name) for day in meets]
    for item in debate.timeline:
        if isinstance(item, Absence):
            steps.append(Step(max(item.date, span.start), "absence begins", item.id, item))
            steps.append(Step(item.until + ONE_DAY, "absence ends", item.id, item))
        else:
            kind = "letter" if isinstance(item, Letter) else str(item.kind)  # type: ignore[attr-defined]
            steps.append(Step(item.date, kind, item.id, item))
    order = order_of_the_day()
    within = [step for step in steps if step.day <= span.end]
    return sorted(within, key=lambda step: (step.day, part_of_the_day(step), order.index(step.kind)))


def part_of_the_day(step: Step) -> int:
    """Section 3: no part comes first; a return and a week have none."""
    part = step.item.time if step.item is not None and step.kind != "absence ends" else None
    return [None, "morning", "midday", "afternoon", "evening", "night"].index(part)


# ---------------------------------------------------------------- 7.2, 7.3 and 7.6, formulas without a state


def closeness(rule: str, gap: float, bound: float) -> float:
    """The table of 7.2, which is the table of 7.3 too: g or h, for a gap in stance."""
    ratio = gap / bound
    match rule:
        case "degroot" | "friedkin-johnsen" | "unbounded":
            return 1.0
        case "hegselmann-krause":
            return 1.0 if abs(gap) <= bound * (1 + 1e-9) else 0.0
        case "soft-bounded-confidence":
            return (1 - ratio**2) ** 2 if abs(gap) <= bound else 0.0
        case "gaussian-bounded-confidence":
            return math.exp(-(ratio**2) / 2)
        case "attraction-repulsion":
            return (1 - ratio**2) / (1 + ratio**2)
        case "social-impact":
            return 1 / (1 + ratio**2)
    raise AssertionError(rule)


@dataclass(frozen=True)
class Counted:
    """What became of the votes: yes and no, members who said yes, how the chair voted, and whether anybody vetoed."""

    yes: Fraction = Fraction(0)
    no: Fraction = Fraction(0)
    heads: int = 0
    chair: str = ""
    is_vetoed: bool = False

    def with_vote(self, seats: Sequence[Seat], vote: str, procedure: Procedure, holders: Sequence[str]) -> Counted:
        """The count with the vote of one more, or of several who cast the same."""
        votes, members = sum(seat.votes for seat in seats), [seat.member for seat in seats]
        return Counted(
            self.yes + (votes if vote == YES else 0),
            self.no + (votes if vote == NO else 0),
            self.heads + (len(seats) if vote == YES else 0),
            vote if procedure.chair in members else self.chair,
            self.is_vetoed or (vote == NO and not {*members}.isdisjoint(holders)),
        )


def verdict(procedure: Procedure, counted: Counted, electors: Sequence[Seat]) -> float:
    """7.6: the chance that a count carries the motion, by vetoes and heads, and else by its votes."""
    seats, lacking = len(electors), len(electors) - counted.heads
    if procedure.heads == "absolute":
        needed = 2 * counted.heads > seats
    else:
        needed = counted.heads >= (procedure.heads or 0.0) * seats - 1e-9
    if counted.is_vetoed or not needed:
        return 0.0
    if counted.heads > 0 and lacking < (procedure.blocking_minority or 0):
        return 1.0
    return verdict_of_votes(procedure, counted, sum(seat.votes for seat in electors))


def verdict_of_votes(procedure: Procedure, counted: Counted, all_votes: float) -> float:
    """The two tables of 7.6."""
    yes, no = counted.yes, counted.no
    match procedure.majority:
        case "unanimity":
            return float(yes > 0 and no == 0)
        case "qualified":
            whole = yes + no if procedure.share_of == "cast" else all_votes
            return float(yes > 0 and yes >= (procedure.share or 0.0) * whole - 1e-9)
        case "simple":
            carried, is_tie = yes > no, yes == no > 0
        case "absolute":
            carried, is_tie = 2 * yes > all_votes, yes == no > 0 and 2 * yes == all_votes
    if not is_tie:
        return float(carried)
    return {"rejected": 0.0, "carried": 1.0, "chair": float(counted.chair == YES), "lot": 0.5}[procedure.ties]


def choice(yes: int, no: int) -> str:
    """7.6: how a bloc votes of whose members so many say yes and no."""
    return YES if yes > no else NO if no > yes else ABSTAINS


def chance_of_choice(chances: Sequence[float]) -> float:
    """7.6: the chance that a bloc votes yes, given that it votes yes or no; chances: of each of its members' yes."""
    weights = dict.fromkeys((YES, NO, ABSTAINS), 0.0)
    for ways in product((True, False), repeat=len(chances)):
        way = choice(ways.count(True), ways.count(False))
        weights[way] += math.prod(p if yes else 1.0 - p for p, yes in zip(chances, ways, strict=True))
    return weights[YES] / (weights[YES] + weights[NO])


def chance_of_carrying(
    procedure: Procedure,
    voters: Sequence[tuple[Sequence[Seat], float]],
    electors: Sequence[Seat],
    holders: Sequence[str],
) -> float:
    """The chance of carrying of 7.6, from the distribution of all that is counted.

    voters: who votes yes or no, alone or as one, with the chance of a yes. holders: who has a veto.
    """
    distribution = {Counted(): 1.0}
    for seats, chance_of_yes in voters:
        after: dict[Counted, float] = defaultdict(float)
        for counted, weight in distribution.items():
            for vote, chance in ((YES, chance_of_yes), (NO, 1.0 - chance_of_yes)):
                after[counted.with_vote(seats, vote, procedure, holders)] += weight * chance
        distribution = after
    return math.fsum(weight * verdict(procedure, counted, electors) for counted, weight in distribution.items())


@dataclass(frozen=True)
class Chooser:
    """Somebody who votes for one of several motions: the chance of each, and of one before another in a second vote."""

    votes: float
    chances: Sequence[float]
    before: dict[tuple[int, int], float]


def wins(procedure: Procedure, counts: Sequence[int], second: Callable[[int, int], float]) -> list[float]:
    """7.6: the chance that each of several motions wins; second: that the first of two wins a second vote."""
    most, lot = max(counts), procedure.ties == "lot"
    if most == 0:
        return [0.0 for _ in counts]
    if procedure.majority == "run-off" and 2 * most <= sum(counts):
        best, next_best, *_ = sorted(range(len(counts)), key=lambda k: (-counts[k], k))
        chance = {best: second(best, next_best), next_best: second(next_best, best)}
        return [chance.get(k, 0.0) for k in range(len(counts))]
    first = [k for k, votes in enumerate(counts) if votes == most]
    return [float(k in first) / len(first) if lot or len(first) == 1 else 0.0 for k in range(len(counts))]


def chances_of_winning(procedure: Procedure, choosers: Sequence[Chooser], motions: int) -> list[float]:
    """7.6: the exact chance of each motion, from the distribution of the votes for all."""
    distribution = {(0,) * motions: 1.0}
    for one in choosers:
        after: dict[tuple[int, ...], float] = defaultdict(float)
        for counts, weight in distribution.items():
            for k, chance in enumerate(one.chances):
                after[tuple(n + one.votes * (j == k) for j, n in enumerate(counts))] += weight * chance
        distribution = after

    @cache
    def second(one: int, other: int) -> float:
        voters = [([Seat("", True, each.votes)], each.before[one, other]) for each in choosers]
        ties = "lot" if procedure.ties == "lot" else "rejected"
        return chance_of_carrying(
            Procedure(evidence="assumed", note="Two are left.", ties=ties),
            voters,
            [seat for seats, _ in voters for seat in seats],
            (),
        )

    won = [[weight * share for share in wins(procedure, counts, second)] for counts, weight in distribution.items()]
    return [sum(shares) for shares in zip(*won, strict=True)]


# ---------------------------------------------------------------- a history


class History:
    """One history of a debate.

    stances, policies: before the first step and after each. outcomes, chances: by ballot that was put.
    votes, expressed: by ballot and full member.
    """

    def __init__(self, debate: DebateFile, seed: int, replicate: int, follows_record: bool) -> None:
        self.debate, self.seed, self.replicate, self.follows_record = debate, seed, replicate, follows_record
        self.dynamics = debate.dynamics
        self.low, self.high = debate.axis.low, debate.axis.high
        self.positions = {position.name: position.at for position in debate.axis.positions}
        self.people = {
            person: described for member, described in debate.members.items() for person in persons(debate, member)
        }
        self.leader = self.dynamics.deference.leader if self.dynamics.deference else None
        self.parameters: dict[str, float] = {}
        self.parameters = {name: self.parameter_of_draw(name) for name in debate.parameters}
        self.first_stance = {person: self.first_stance_of_draw(person) for person in self.people}
        self.stance = dict(self.first_stance)
        self.policy = self.term(debate.axis.policy.at)
        self.happened: dict[str, bool] = {}
        self.effects: dict[tuple[str, str], Term] = {}
        self.seat_set: dict[tuple[str, str], str] = {}
        self.away = dict.fromkeys(self.people, HERE)
        self.cues: dict[str, tuple[float, datetime.date]] = {}
        self.outcomes: dict[str, str] = {}
        self.chances: dict[str, float] = {}
        self.votes: dict[tuple[str, str], str] = {}
        self.expressed: dict[tuple[str, str], float] = {}
        self.steps = timeline(debate)
        self.stances, self.policies = [dict(self.stance)], [self.policy]

    def parameter_of_draw(self, name: str) -> float:
        """7.9: a parameter's value in the draw that this history shares."""
        given = self.debate.parameters[name]
        if not isinstance(given.value, Distribution):
            return given.value
        u = uniform(self.seed, self.replicate // 8, key(name), PARAMETER, 0)
        return quantile(given.value, self.term, *given.range, u)

    def first_stance_of_draw(self, person: str) -> float:
        """Sections 5 and 7.9: a first stance in the draw that this history shares."""
        value = (self.people[person].first_stance or self.dynamics.unknown_stance).value
        if not isinstance(value, Distribution):
            return self.clip(self.term(value))
        u = uniform(self.seed, self.replicate // 8, key(person), FIRST_STANCE, 0)
        return quantile(value, self.term, self.low, self.high, u)

    def term(self, given: Term) -> float:
        """A number, a named position, the policy in force, or a parameter."""
        if not isinstance(given, str):
            return given
        if given == "policy":
            return self.policy
        return self.positions[given] if given in self.positions else self.parameters[given]

    def clip(self, stance: float) -> float:
        """A stance cut to the axis."""
        return min(max(stance, self.low), self.high)

    def parameter(self, name: str | None, otherwise: float = 0.0) -> float:
        """The value of a parameter that may not be named."""
        return otherwise if name is None else self.parameters[name]

    def own(self, person: str, field: Callable[[Member], str | None], common: str | None) -> float:
        """A member's own parameter, else the common one, else 0."""
        return self.parameter(field(self.people[person]) or common)

    def susceptibility(self, person: str) -> float:
        """S of 7.2."""
        return self.own(person, lambda member: member.susceptibility, self.dynamics.talk.susceptibility)

    def attachment(self, person: str) -> float:
        """A of 7.2."""
        if self.dynamics.talk.rule == "friedkin-johnsen":
            return 1.0 - self.susceptibility(person)
        return self.own(person, lambda member: member.attachment, self.dynamics.talk.attachment)

    def authority(self, person: str) -> float:
        """A of 7.2 and 7.3."""
        named = self.people[person].authority or self.dynamics.authority
        return self.parameter(named, 1.0)

    def play(self) -> History:
        """The whole timeline."""
        for step in self.steps:
            if step.kind != "absence ends":
                self.happened[step.id] = self.happens(step)
            if self.happens(step):
                self.take(step)
            self.stances.append(dict(self.stance))
            self.policies.append(self.policy)
        return self

    def take(self, step: Step) -> None:
        """One step of the timeline."""
        item = step.item
        match item:
            case Absence() if step.kind == "absence ends":
                self.away[item.member] = HERE
            case Absence():
                self.away[item.member] = AWAY if item.reachable else OUT_OF_REACH
            case Letter():
                self.read(item)
            case Talk(body=None):
                listed = [person for member in item.members for person in persons(self.debate, member)]
                self.talk(step.id, listed, [person for person in listed if self.away[person] < OUT_OF_REACH])
            case Talk():
                self.talk_of_body(step, str(item.body), item.session or item.id)
            case Ballot():
                self.put_to_vote(item)
            case Event():
                self.change(item)
            case None if step.kind == "week":
                self.pass_week(step.day)
            case None:
                self.talk_of_body(step, str(step.body), step.id)

    def happens(self, step: Step) -> bool:
        """Section 3: whether all conditions hold; the end of an absence has none."""
        if step.item is None or step.kind == "absence ends":
            return True
        return all(self.holds(*condition.text.split(" ", 2)) for condition in step.item.conditions)

    def seats_now(self, body: str, day: datetime.date) -> list[Seat]:
        """Section 3: the seats of a body on a day, after the events of this history that changed any."""
        by_file = {seat.member: seat for seat in seats(self.debate, body, day)}
        held = []
        for person in dict.fromkeys([*by_file, *given_seats(self.debate, body, day)]):
            seat = by_file.get(person)
            kind = "none" if seat is None else "full" if seat.is_full else "candidate"
            kind = self.seat_set.get((body, person), kind)
            if kind != "none":
                held.append(Seat(person, kind == "full", seat.votes if seat else 1))
        return held

    def change(self, event: Event) -> None:
        """Section 3: what an event changes, from then on."""
        for effect in sorted(event.changes, key=lambda effect: effect.set not in self.parameters):
            name, _, field = effect.set.rpartition(".")
            if effect.body is not None:
                self.seat_set |= {(effect.body, person): str(effect.to) for person in persons(self.debate, name)}
            elif effect.set in self.parameters:
                self.parameters[effect.set] = self.parameters[str(effect.to)]
            elif field == "policy":
                self.policy = self.term(effect.to)
            elif field == "first_stance":
                for person in persons(self.debate, name):
                    self.first_stance[person] = self.term(effect.to)
            else:
                self.effects[name, field] = effect.to

    def end(self, ballot: Ballot, field: str, otherwise: Term | None = None) -> float:
        """Where a ballot leads to, after what has happened."""
        return self.term(
            self.effects.get((ballot.id, field), getattr(ballot, field) if otherwise is None else otherwise)
        )

    def motions(self, ballot: Ballot) -> list[Ballot]:
        """7.5: the motions of a choice, in the order of the file; of a ballot by itself that one."""
        ballots = (item for item in self.debate.timeline if isinstance(item, Ballot))
        return [item for item in ballots if item is ballot or (ballot.one_of and item.one_of == ballot.one_of)]

    def vote_of(self, member: str, ballot: str) -> str | None:
        """The vote of a member, by the record where it is followed and knows it; none where it was not put."""
        (item,) = (item for item in self.debate.timeline if item.id == ballot)
        known = {vote.member: vote.vote for vote in item.votes if isinstance(item, Ballot)}  # type: ignore[union-attr]
        voted = self.votes.get((ballot, member))
        return known.get(member, voted) if self.follows_record and voted is not None else voted

    def holds(self, subject: str, relation: str, place: str = "") -> bool:
        """One condition: of the policy in force, of what became of a ballot, of a vote, or of what has happened."""
        if place.startswith("in "):
            return self.vote_of(subject, place[3:]) == {"abstained": ABSTAINS}.get(relation, relation)
        if relation == "happened" or place == "not happen":
            return self.happened.get(subject, False) == (relation == "happened")
        if subject != "policy":
            return self.outcomes.get(subject, "not put") == f"{relation} {place}".strip()
        other = self.positions[place] if place in self.positions else float(place)
        compared = {
            "<": self.policy < other,
            "<=": self.policy <= other,
            ">": self.policy > other,
            ">=": self.policy >= other,
            "=": self.policy == other,
        }
        return compared[relation]

    def takes_part(self, person: str, session: str, chance: str | None, ballot: Ballot | None = None) -> bool:
        """Section 3: whether somebody is at a sitting, or has their vote counted in a ballot without being there."""
        if ballot is not None and person in ballot.by_note:
            return self.away[person] < OUT_OF_REACH
        furthest = AWAY if ballot is not None and ballot.by_correspondence else HERE
        if self.away[person] > furthest:
            return False
        ballots = (item for item in self.debate.timeline if isinstance(item, Ballot))
        there, missing = set[str](), set[str]()
        for held in ballots:
            if (held.session or held.one_of or held.id) == session:
                there |= {*held.present, *({vote.member for vote in held.votes} - {*held.by_note})}
                missing |= {*held.absent}
                if held.roll_call is not None and held.roll_call.complete:
                    missing |= {*self.people} - there
        if person in there | missing or chance is None:
            return person not in missing
        return uniform(self.seed, self.replicate, key(session), ATTENDANCE, key(person)) < self.parameters[chance]

    def pass_week(self, day: datetime.date) -> None:
        """7.1, with the random numbers of 7.8."""
        week, rule = day.toordinal() // 7, self.dynamics.drift
        assert rule is not None
        reversion, noise = self.parameters[rule.reversion], self.parameters[rule.noise]
        for person, x in self.stance.items():
            z = float(normals(self.seed, self.replicate, key(f"weeks-{week // 4}"), WEEK, key(person))[week % 4])
            self.stance[person] = self.clip(x + reversion * (self.first_stance[person] - x) + noise * z)

    def talk_of_body(self, step: Step, body: str, session: str) -> None:
        """A talk of those of a body who are there."""
        listed = [seat.member for seat in self.seats_now(body, step.day)]
        chance = self.debate.bodies[body].attendance or self.dynamics.attendance
        self.talk(step.id, listed, [person for person in listed if self.takes_part(person, session, chance)])

    def talk(self, talk: str, listed: Sequence[str], present: Sequence[str]) -> None:
        """7.2: all move at the same time, from the stances before."""
        rule, before = self.dynamics.talk.rule, dict(self.stance)
        if rule == "random-copying":
            for i in present:
                back = self.attachment(i) * (self.first_stance[i] - before[i])
                self.stance[i] = self.clip(before[self.copied(talk, i, present)] + back)
            return
        in_pairs = rule == "deffuant-weisbuch"
        towards = self.gaps_of_pairs(talk, listed, present) if in_pairs else self.weighted_gaps(present)
        for i in present:
            step = self.susceptibility(i) * towards[i] + self.attachment(i) * (self.first_stance[i] - before[i])
            self.stance[i] = self.clip(before[i] + step)

    def weighted_gaps(self, present: Sequence[str]) -> dict[str, float]:
        """M of 7.2: the weighted mean of the gaps to those whom each hears."""
        rule, x = self.dynamics.talk.rule, self.stance
        bound = self.parameter(self.dynamics.talk.bound, 1.0)
        towards = {}
        for i in present:
            weights = {j: self.listening(i, j) * closeness(rule, x[j] - x[i], bound) for j in present}
            total = sum(abs(weight) for weight in weights.values())
            weighted = sum(weight * (x[j] - x[i]) for j, weight in weights.items())
            towards[i] = weighted / total if total > 0.0 else 0.0
        return towards

    def listening(self, i: str, j: str) -> float:
        """W of 7.2: the row of weights alone where there is one, else authority."""
        weights = self.dynamics.talk.weights
        if weights is not None and i in weights.rows:
            return weights.rows[i].get(j, 0.0)
        return self.authority(j) * self.parameter(self.people[j].salience, 1.0)

    def copied(self, talk: str, i: str, present: Sequence[str]) -> str:
        """Random copying in 7.2: the one whose stance a member takes over, or themselves."""
        turn, s = uniform(self.seed, self.replicate, key(talk), MEETING, key(i)), self.susceptibility(i)
        reached = list(accumulate(self.listening(i, j) for j in present))
        if turn >= s or not reached[-1] > 0.0:
            return i
        return next(j for j, sum_so_far in zip(present, reached, strict=True) if s * sum_so_far >= turn * reached[-1])

    def gaps_of_pairs(self, talk: str, listed: Sequence[str], present: Sequence[str]) -> dict[str, float]:
        """Deffuant-Weisbuch in 7.2: the gap to the member whom each meets, if it is within the bound."""
        bound = self.parameter(self.dynamics.talk.bound, 1.0)
        pairs = []
        for number, one in enumerate(listed):
            for other in listed[number + 1 :]:
                both = key(" ".join(sorted((one, other))))
                pairs.append((uniform(self.seed, self.replicate, key(talk), MEETING, both), one, other))
        free, towards = set(present), dict.fromkeys(present, 0.0)
        for _, one, other in sorted(pairs, key=lambda pair: pair[0]):
            if one in free and other in free:
                free -= {one, other}
                gap = self.stance[other] - self.stance[one]
                if abs(gap) <= bound * (1 + 1e-9):
                    towards[one], towards[other] = gap, -gap
        return towards

    def read(self, letter: Letter) -> None:
        """7.3; and 7.4, for a letter of the leader's."""
        if letter.argues_for is None:
            return
        argued, rule = self.term(letter.argues_for), self.dynamics.letters
        assert rule is not None
        authority = self.parameters[letter.authority] if letter.authority else self.authority(str(letter.author))
        for person in self.readers(letter):
            if self.away[person] == OUT_OF_REACH:
                continue
            receptiveness = self.own(person, lambda member: member.receptiveness, rule.receptiveness)
            dose = 1.0 - (1.0 - receptiveness * authority) ** (letter.strength / 3)
            gap = argued - self.stance[person]
            if (letter.argues_as == "at_least" and gap <= 0.0) or (letter.argues_as == "at_most" and gap >= 0.0):
                continue
            latitude = closeness(rule.latitude, gap, self.parameter(rule.bound, 1.0))
            self.stance[person] = self.clip(self.stance[person] + dose * latitude * gap)
            if self.leader is not None and letter.author == self.leader:
                self.cues[person] = argued, letter.date

    def readers(self, letter: Letter) -> Iterator[str]:
        """Members and bodies, each person once, without the author."""
        named = [
            person
            for name in letter.readers
            for person in (
                [seat.member for seat in self.seats_now(name, letter.date)]
                if name in self.debate.bodies
                else persons(self.debate, name)
            )
        ]
        return (person for person in dict.fromkeys(named) if person != letter.author)

    def state_cue(self, ballot: Ballot, present: Sequence[str]) -> None:
        """7.4: at a ballot the leader's cue is their motion, or else, if they are in the room, their stance."""
        if self.leader is None:
            return
        theirs = [motion for motion in self.motions(ballot) if motion.moved_by == self.leader]
        if theirs:
            position = self.end(theirs[0], "if_carried")
        elif self.leader in present and not ballot.by_correspondence and self.leader not in ballot.by_note:
            position = self.stance[self.leader]
        else:
            return
        for person in present:
            if theirs or person not in ballot.by_note:
                self.cues[person] = position, ballot.date

    def expressed_stance(self, person: str, ballot: Ballot) -> float:
        """V of 7.4."""
        rule, x = self.dynamics.deference, self.stance[person]
        if rule is None or person == self.leader:
            return x
        if person in self.cues:
            position, on = self.cues[person]
            if (ballot.date - on).days <= self.parameters[rule.lapses_after]:
                deference = self.own(person, lambda member: member.deference, rule.weight)
                return (1.0 - deference) * x + deference * position
        if rule.mover_weight is None or ballot.one_of or ballot.moved_by in (None, person, self.leader):
            return x
        heeded = self.parameters[rule.mover_weight]
        return (1.0 - heeded) * x + heeded * self.end(ballot, "if_carried")

    def intention(self, person: str, ballot: Ballot | None, gain: float) -> tuple[float, float]:
        """7.5: the chances of a yes and of an abstention; without a ballot those of a second vote, without a margin."""
        rule = self.dynamics.ballots
        own = ballot and (ballot.abstention_margin or self.debate.bodies[ballot.body].abstention_margin)
        margin = self.parameter(own or rule.abstention_margin) if ballot else 0.0
        if rule.rule == "logit":
            sharpness = self.parameter(rule.sharpness) * self.parameter(self.people[person].salience, 1.0)
            yes, no = (1.0 / (1.0 + math.exp(-sharpness * (way * gain - margin))) for way in (1, -1))
            abstains = 1.0 - yes - no if margin > 0.0 else 0.0
        elif margin > 0.0 and abs(gain) <= margin:
            yes, abstains = 0.0, 1.0
        elif rule.rule == "nearest":
            yes, abstains = float(gain > 0.0), 0.0
        else:
            yes, abstains = self.own(person, lambda member: member.competence, rule.competence), 0.0
        for reason in ballot.abstentions if ballot else ():
            if person in persons(self.debate, reason.member):
                chance = self.parameter(reason.chance, 1.0)
                yes, abstains = (1.0 - chance) * yes, chance + (1.0 - chance) * abstains
        return yes, abstains

    def put_to_vote(self, ballot: Ballot) -> None:
        """A ballot: 7.4 to 7.7."""
        body = self.debate.bodies[ballot.body]
        procedure = ballot.procedure or body.procedure
        held = self.seats_now(ballot.body, ballot.date)
        electors = [seat for seat in held if seat.is_full or ballot.candidates_vote]
        if ballot.one_of:
            self.put_among(ballot)
            return
        session, chance = ballot.session or ballot.id, ballot.attendance or body.attendance or self.dynamics.attendance
        present = [seat.member for seat in electors if self.takes_part(seat.member, session, chance, ballot)]
        self.state_cue(ballot, present)
        carried, lost = self.end(ballot, "if_carried"), [self.end(ballot, "if_lost", end) for end in ballot.if_lost]
        chances: dict[str, float] = {}
        for seat in electors:
            stance = self.expressed[ballot.id, seat.member] = self.expressed_stance(seat.member, ballot)
            gain = min((end - stance) ** 2 for end in lost) - (carried - stance) ** 2
            if seat.member not in present:
                self.votes[ballot.id, seat.member] = ABSENT
                continue
            yes, abstains = self.intention(seat.member, ballot, gain)
            u = uniform(self.seed, self.replicate, key(ballot.id), VOTE, key(seat.member))
            vote = YES if u < yes else ABSTAINS if u < yes + abstains else NO
            self.votes[ballot.id, seat.member] = vote
            if vote != ABSTAINS:
                chances[seat.member] = yes / (1.0 - abstains)
        is_quorate = len(present) >= procedure.quorum * len(electors) - 1e-9
        holders = [person for member in procedure.vetoes for person in persons(self.debate, member)]
        voters = [*self.voters(ballot, procedure, [seat for seat in electors if seat.member in present], chances)]
        carrying = chance_of_carrying(procedure, voters, electors, holders)
        self.chances[ballot.id] = carrying if is_quorate else 0.0
        voted = self.outcome_of_votes(ballot, procedure, electors, holders) if is_quorate else "rejected"
        self.outcomes[ballot.id] = ballot.outcome if self.follows_record and ballot.outcome else voted
        if self.outcomes[ballot.id] == "carried" and ballot.sets_policy:
            self.policy = carried

    def put_among(self, ballot: Ballot) -> None:
        """7.5 and 7.6: the motions of a choice are voted on with the first, and the policy changes after the last."""
        motions = self.motions(ballot)
        if ballot is motions[0]:
            self.choose(motions)
        if ballot is motions[-1]:
            for motion in motions:
                if self.outcomes.get(motion.id) == "carried" and motion.sets_policy:
                    self.policy = self.end(motion, "if_carried")
                    break

    def choose(self, motions: Sequence[Ballot]) -> None:
        """Everybody who is there votes for one of several motions."""
        first = motions[0]
        body, name = self.debate.bodies[first.body], str(first.one_of)
        procedure = first.procedure or body.procedure
        held = self.seats_now(first.body, first.date)
        electors = [seat for seat in held if seat.is_full or first.candidates_vote]
        session, chance = first.session or name, first.attendance or body.attendance or self.dynamics.attendance
        present = [seat.member for seat in electors if self.takes_part(seat.member, session, chance, first)]
        self.state_cue(first, present)
        places = [self.end(motion, "if_carried") for motion in motions]
        choosers, counts = [], [0] * len(motions)
        second: dict[tuple[int, int], int] = defaultdict(int)
        for seat in electors:
            person, stance = seat.member, self.expressed_stance(seat.member, first)
            chances = self.chances_among(person, first, places, stance)
            reached = [0.0, *accumulate(chances)]
            u = uniform(self.seed, self.replicate, key(name), VOTE, key(person))
            (voted,) = [k for k in range(len(motions)) if reached[k] <= u < reached[k + 1]] or [None]
            for k, motion in enumerate(motions):
                self.expressed[motion.id, person] = stance
                vote = YES if voted == k else ABSTAINS if voted is None else NO
                self.votes[motion.id, person] = vote if person in present else ABSENT
            if voted is None or person not in present:
                continue
            counts[voted] += seat.votes
            pairs = [(one, other) for one in range(len(motions)) for other in range(len(motions)) if one != other]
            before = {
                pair: self.intention(person, None, (places[pair[1]] - stance) ** 2 - (places[pair[0]] - stance) ** 2)[0]
                for pair in pairs
            }
            choosers.append(Chooser(seat.votes, [chance / sum(chances) for chance in chances], before))
            again = uniform(self.seed, self.replicate, key(name), SECOND_VOTE, key(person))
            for one, other in pairs:
                if one < other:
                    second[(one, other) if again < before[one, other] else (other, one)] += seat.votes
        lot = uniform(self.seed, self.replicate, key(name), LOT, 0)
        tied = 0.5 if procedure.ties == "lot" else 0.0

        def beats(one: int, other: int) -> float:
            """The chance that the first of two wins the second vote as it falls."""
            own, others = second[one, other], second[other, one]
            return float(own > others) if own != others else tied

        is_quorate = len(present) >= procedure.quorum * len(electors) - 1e-9
        shares = wins(procedure, counts, beats) if is_quorate else [0.0] * len(motions)
        won = next((k for k, below in enumerate(accumulate(shares)) if lot < below), None)
        exact = chances_of_winning(procedure, choosers, len(motions)) if is_quorate else [0.0] * len(motions)
        for k, motion in enumerate(motions):
            self.chances[motion.id] = exact[k]
            voted_outcome = "carried" if won == k else "rejected"
            self.outcomes[motion.id] = motion.outcome if self.follows_record and motion.outcome else voted_outcome

    def chances_among(self, person: str, first: Ballot, places: Sequence[float], stance: float) -> list[float]:
        """7.5: the chance that somebody votes for each of several motions."""
        rule, body = self.dynamics.ballots, self.debate.bodies[first.body]
        margin = max(self.parameter(first.abstention_margin or body.abstention_margin or rule.abstention_margin), 0.0)
        sharpness = self.parameter(rule.sharpness) * self.parameter(self.people[person].salience, 1.0)
        out = []
        for k, place in enumerate(places):
            own = (place - stance) ** 2
            gains = {j: (other - stance) ** 2 - own for j, other in enumerate(places) if j != k}
            if rule.rule == "logit":
                rest = sum(math.exp(sharpness * (margin - gain)) for gain in gains.values())
                out.append(1.0 / (1.0 + rest))
            else:
                ties = margin == 0.0
                out.append(float(all(gain > margin or (ties and gain == 0.0 and j < k) for j, gain in gains.items())))
        for reason in first.abstentions:
            if person in persons(self.debate, reason.member):
                out = [chance * (1.0 - self.parameter(reason.chance, 1.0)) for chance in out]
        return out

    def voters(
        self, ballot: Ballot, procedure: Procedure, there: Sequence[Seat], chances: dict[str, float]
    ) -> Iterator[tuple[list[Seat], float]]:
        """7.6: who votes yes or no, alone or as one, with the chance of a yes; the vote of a bloc is noted as theirs.

        there: who takes part. chances: of the yes of those who did not abstain.
        """
        bound = [
            [person for name in named for person in persons(self.debate, name)] for named in procedure.blocs.values()
        ]
        alone = [[seat] for seat in there if not any(seat.member in bloc for bloc in bound)]
        for seats in [*alone, *([seat for seat in there if seat.member in bloc] for bloc in bound)]:
            own = [self.votes[ballot.id, seat.member] for seat in seats]
            vote = choice(own.count(YES), own.count(NO))
            self.votes |= {(ballot.id, seat.member): vote for seat in seats}
            if vote != ABSTAINS:
                yield seats, chance_of_choice([chances[seat.member] for seat in seats if seat.member in chances])

    def outcome_of_votes(
        self, ballot: Ballot, procedure: Procedure, electors: Sequence[Seat], holders: Sequence[str]
    ) -> str:
        """What the votes of this history decide."""
        counted = Counted()
        for seat in electors:
            counted = counted.with_vote([seat], self.votes[ballot.id, seat.member], procedure, holders)
        lot = uniform(self.seed, self.replicate, key(ballot.id), LOT, 0)
        return "carried" if lot < verdict(procedure, counted, electors) else "rejected"
