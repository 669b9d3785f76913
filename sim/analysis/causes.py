"""Causes that can be taken out of a debate, alone and together: letters, absences, presences, deference.

A cause is named in words: the id of a moment or of a parameter (held at 0 without it), a pattern of ids as
`letter-*`, `letters:MEMBER`, `absences:MEMBER`, `presence:MEMBER`, `deference`; several joined by `+` are one cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.errors import UserError, unknown
from sim.scenario import consequences
from sim.scenario.consequences import Consequences, LinkedTimeline, linked
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, DebateFile, Letter
from sim.scenario.timeline import timeline

# What plays is imported where it is played: a word that is no cause is refused before anything is loaded that plays.
if TYPE_CHECKING:
    from sim.analysis.outcomes import Variant
    from sim.model.array_types import Ints
    from sim.model.plan import Plan
    from sim.model.priors import Priors

WORDS = ("deference",)
KINDS = ("letters", "absences", "presence")
#: What the absence is called that stands for a member's not being there at all.
NEVER_THERE = "{}-never-there"


@dataclass(frozen=True)
class Cause:
    """Something that a debate can have or not.

    brings: moments that happen only with it; what follows from them goes with them. prevents: members who are never in
    a room without it. needs: parameters that are 0 without it.
    """

    name: str
    brings: frozenset[str] = frozenset()
    prevents: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """What it brings, prevents and needs."""
        return self.brings, self.prevents, self.needs

    def to_json(self) -> dict[str, Any]:
        """The cause as JSON can keep it."""
        return {"name": self.name} | {kind: sorted(getattr(self, kind)) for kind in ("brings", "prevents", "needs")}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Cause:
        """The cause that `to_json` has kept."""
        return cls(content["name"], *(frozenset(content[kind]) for kind in ("brings", "prevents", "needs")))

    def __or__(self, other: Cause) -> Cause:
        return Cause(self.name, self.brings | other.brings, self.prevents | other.prevents, self.needs | other.needs)


def named(debate: DebateFile, words: str) -> Cause:
    """The cause that words name: `NAME=PART+PART`, or `PART+PART`. Raises UserError for what is no cause."""
    name, equals, parts = words.partition("=")
    cause = Cause(name)
    for part in (parts if equals else name).split("+"):
        cause |= _part(debate, part.strip())
    return cause


def _part(debate: DebateFile, word: str) -> Cause:
    """The cause that one word names."""
    kind, colon, member = word.partition(":")
    moments = [item.id for item in debate.timeline]
    if colon and kind in KINDS:
        return _of_member(debate, kind, member)
    if word in moments:
        return Cause(word, brings=frozenset([word]))
    if word == "deference":
        return Cause(word, needs=_deference(debate))
    if word in debate.parameters:
        low, high = debate.parameters[word].range
        if not low <= 0 <= high:
            raise UserError(
                f"cause '{word}': it cannot be 0 (its range is {low:g} to {high:g}), so nothing is without it"
            )
        return Cause(word, needs=frozenset([word]))
    matching = frozenset(name for name in moments if any(sign in word for sign in "*?[") and fnmatchcase(name, word))
    if matching:
        return Cause(word, brings=matching)
    known = [*moments, *debate.parameters, *WORDS, *(f"{kind}:{name}" for kind in KINDS for name in debate.members)]
    raise UserError(f"{unknown(word, 'moment, parameter, pattern or kind of cause', known)}")


def _of_member(debate: DebateFile, kind: str, member: str) -> Cause:
    if member not in debate.members:
        raise UserError(f"cause '{kind}:{member}': {unknown(member, 'member', debate.members)}")
    if kind == "presence":
        return Cause(f"presence:{member}", prevents=frozenset([member]))
    found = frozenset(
        item.id
        for item in debate.timeline
        if (isinstance(item, Letter) and kind == "letters" and item.author == member)
        or (isinstance(item, Absence) and kind == "absences" and item.member == member)
    )
    if not found:
        raise UserError(f"cause '{kind}:{member}': there are no {kind} of '{member}'")
    return Cause(f"{kind}:{member}", brings=found)


def _deference(debate: DebateFile) -> frozenset[str]:
    """The parameters by which anybody defers. Raises UserError if nobody does."""
    if not debate.deferred_by:
        raise UserError("cause 'deference': nobody defers in this debate")
    return debate.deferred_by


#: When no causes are named, at most as many are looked at by themselves: 2^10 worlds are played in a minute.
MOST = 10


def usual(debate: DebateFile, decision: str) -> list[Cause]:
    """The causes of a decision when none are named: what each writer wrote before it, who was away, deference.

    At most MOST of them; the letters of those who reached fewest readers are one cause, and so are the absences of
    others than the leader if there are many.
    """
    end = next(item.date for item in debate.timeline if item.id == decision)
    letters: dict[str, list[Letter]] = {}
    absences: dict[str, list[str]] = {}
    for item in debate.timeline:
        if isinstance(item, Letter) and item.date <= end and item.argues_for is not None:
            letters.setdefault(item.author or "nobody", []).append(item)
        elif isinstance(item, Absence) and item.date <= end:
            absences.setdefault(item.member, []).append(item.id)
    causes = [Cause("deference", needs=_deference(debate))] if debate.dynamics.deference else []
    away = [Cause(f"absences of {member}", brings=frozenset(ids)) for member, ids in absences.items()]
    causes += _gathered(away, MOST // 3, "other absences")
    far = sorted(letters, key=lambda author: -sum(len(_reach(debate, letter)) for letter in letters[author]))
    written = [Cause(f"letters of {name}", brings=frozenset(item.id for item in letters[name])) for name in far]
    causes += _gathered(written, MOST - len(causes), "other letters")
    return [_until(debate, cause, decision) for cause in causes]


def _reach(debate: DebateFile, letter: Letter) -> set[str]:
    """Those a letter goes to, bodies counted by all who ever sit in them."""
    return {
        member
        for reader in letter.readers
        for member in (
            [name for seats in debate.bodies[reader].seats for name in seats.members]
            if reader in debate.bodies
            else [reader]
        )
    }


def _gathered(causes: list[Cause], most: int, name: str) -> list[Cause]:
    """At most so many causes: the last ones are made one."""
    if len(causes) <= most:
        return causes
    rest = Cause(name)
    for cause in causes[most - 1 :]:
        rest |= cause
    return [*causes[: most - 1], rest]


def _until(debate: DebateFile, cause: Cause, decision: str) -> Cause:
    """The cause without what comes after the decision, which cannot have brought it about."""
    end = next(item.date for item in debate.timeline if item.id == decision)
    early = {item.id for item in debate.timeline if item.date <= end}
    return Cause(cause.name, cause.brings & early, cause.prevents, cause.needs)


@dataclass(frozen=True)
class Coalitions:
    """The worlds that have some of the causes and not the others, up to the day of a decision.

    coalitions: cause k is in if bit k is set. One plan holds everything that any of them has; each world is some of
    its moments.
    """

    scenario: Scenario
    decision: str
    causes: tuple[Cause, ...]
    coalitions: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.coalitions)

    @property
    def cost(self) -> float:
        """Of one history of one world."""
        from sim.ensembles.batch import cost_of_a_history

        return cost_of_a_history(self.scenario)

    @property
    def request(self) -> list[Any]:
        """What tells them from others."""
        causes = [[sorted(part) for part in cause.parts] for cause in self.causes]
        return [self.scenario.digest, self.decision, causes, list(self.coalitions)]

    @cached_property
    def _links(self) -> LinkedTimeline:
        return linked(self.scenario.debate.timeline)

    @cached_property
    def _whole(self) -> tuple[Plan, tuple[str, ...], tuple[str, ...]]:
        """The plan that holds everything, the ids of its ballots, and those of its moments."""
        debate = self.scenario.debate
        missing = {member for cause in self.causes for member in cause.prevents}
        more = tuple(_never_there(debate, member) for member in debate.members if member in missing)
        debate = debate.model_copy(update={"timeline": (*more, *debate.timeline)})
        from sim.model.arrays import arrays_of_debate

        arrays, names = arrays_of_debate(debate)
        entries = timeline(debate)
        end = next(entry.date for entry in entries if entry.id == self.decision)
        last = sum(entry.date <= end for entry in entries)
        cut = arrays._replace(moments=arrays.moments[:last])
        ids = tuple(entry.id for entry in entries[:last])
        return cut, tuple(names.ballots), ids

    @cached_property
    def _priors(self) -> Priors:
        from sim.model import priors

        return priors.of_debate(self.scenario.debate)

    @cached_property
    def _without(self) -> dict[frozenset[str], Consequences]:
        """What becomes of the debate without some moments, as far as it was asked."""
        return {}

    @cached_property
    def _marks(self) -> dict[frozenset[str], tuple[Plan, Ints]]:
        """The plan in which some ballots have lost their mover, and the marks of its moments, as far as asked."""
        return {}

    def variant(self, number: int) -> Variant:
        """The world of a coalition."""
        import numpy as np

        from sim.analysis.outcomes import Variant
        from sim.ensembles import branches
        from sim.ensembles.branches import World

        plan, ballots, ids = self._whole
        causes: dict[bool, list[Cause]] = {True: [], False: []}
        for k, cause in enumerate(self.causes):
            causes[bool(self.coalitions[number] >> k & 1)].append(cause)
        removed = frozenset(moment for cause in causes[False] for moment in cause.brings)
        if removed not in self._without:
            self._without[removed] = consequences.without(self._links, removed)
        taken_out = self._without[removed]
        without = set(taken_out.gone)
        # Who is never there has no other absences: coming back from one would bring them into the room.
        away = {member for cause in causes[False] for member in cause.prevents}
        timeline = self.scenario.debate.timeline
        without |= {item.id for item in timeline if isinstance(item, Absence) and item.member in away}
        without |= {NEVER_THERE.format(member) for cause in causes[True] for member in cause.prevents}
        fixed = {name: 0.0 for cause in causes[False] for name in sorted(cause.needs)}
        unmoved = frozenset(taken_out.unmoved)
        if unmoved not in self._marks:
            changed = plan._replace(ballots=plan.ballots.copy())
            changed.ballots.mover[[name in unmoved for name in ballots]] = -1
            self._marks[unmoved] = changed, branches.marks(changed)
        rows = np.flatnonzero([name not in without for name in ids])
        plan, marks = self._marks[unmoved]
        world = World(plan, rows, marks[rows])
        return Variant(world, ballots.index(self.decision), self._priors, self.scenario.posterior, fixed)


def _never_there(debate: DebateFile, member: str) -> Absence:
    return Absence.model_validate(
        {
            "id": NEVER_THERE.format(member),
            "kind": "absence",
            "member": member,
            "date": debate.span.start,
            "until": debate.span.end,
            "reason": "What if they had never been there?",
            "evidence": "assumed",
            "note": "What a cause keeps away.",
        }
    )


def chosen(scenario: Scenario, decision: str, causes: Sequence[Cause | str]) -> list[Cause]:
    """These causes, or the usual ones. Refuses none at all, two of one name, and one that comes after the decision."""
    debate = scenario.debate
    found = [named(debate, cause) if isinstance(cause, str) else cause for cause in causes] or usual(debate, decision)
    if not found:
        raise UserError("there are no causes to attribute anything to: name some")
    names = [cause.name for cause in found]
    for cause in found:
        if names.count(cause.name) > 1:
            raise UserError(f"cause '{cause.name}' is named twice")
        if not any(_until(debate, cause, decision).parts):
            raise UserError(f"cause '{cause.name}': all of it comes after {decision}, and can have no part in it")
    return found
