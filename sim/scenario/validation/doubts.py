"""What is allowed and hardly meant: each is told by a check of the file, and none refuses it.

Like the checks, each function `doubt_...` takes a draft and yields a key path and a sentence. They look at a file that
is in order, as it is played by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import Problem
from sim.scenario import schema
from sim.scenario.seats import summed, votes_in
from sim.scenario.timeline import ORDER_WITHIN_A_DAY
from sim.scenario.validation.draft import Draft, draft_of
from sim.scenario.validation.parameters import NEEDS_BOUND
from sim.scenario.validation.short_forms import spelled_out
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Document, Path


def doubts(document: Document, debate: schema.DebateFile) -> list[Problem]:
    """What is doubtful in a document that is in order, in the order of the file. debate: the one that it makes."""
    document = spelled_out(document)
    draft = draft_of(debate, document.tree)
    found = [*_unused_parameters(document.tree, draft)]
    for look in (doubt_abstentions, doubt_times, doubt_order_of_sittings, doubt_conditions):
        found += look(draft)
    problems = (document.problem(path, message) for path, message in found)
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line)


def _unused_parameters(tree: Mapping[str, Any], draft: Draft) -> Iterator[Finding]:
    """A parameter that nothing names, or that only something names which nobody looks at."""
    idle = {} if any(_sets_rules(tree)) else _not_looked_at(draft)
    uses: dict[str, list[Path]] = {}
    for path, word in _words(tree):
        uses.setdefault(word, []).append(path)
    for name in draft.parameters:
        reasons = [
            next((reason for place, reason in idle.items() if path[: len(place)] == place), None)
            for path in uses.get(name, [])
        ]
        if not reasons:
            yield ("parameters", name), f"nothing uses '{name}'"
        elif (reason := reasons[0]) is not None and None not in reasons:
            yield ("parameters", name), f"nothing uses '{name}': {reason}"


def _words(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every word of a tree and where it is."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict | list):
        for step, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _words(inner, (*path, step))


def _sets_rules(tree: Mapping[str, Any]) -> Iterator[bool]:
    """Whether an option of a reading changes the rules, by each of its changes."""
    return (path[-1] == "set" and word.startswith("dynamics.") for path, word in _words(tree.get("readings"), ("",)))


def _not_looked_at(draft: Draft) -> dict[Path, str]:
    """The places of parameters that the rules chosen do not look at, each with the reason."""
    dynamics, found = draft.dynamics, dict[Path, str]()
    if dynamics is None:
        return found
    moments = [moment for _, moment in draft.moments]
    if dynamics.talk.rule not in NEEDS_BOUND:
        found["dynamics", "talk", "bound"] = f"the rule '{dynamics.talk.rule}' looks at no bound"
    if not any(isinstance(moment, schema.Letter) for moment in moments):
        found["dynamics", "letters"] = "there are no letters"
    elif dynamics.letters is not None and dynamics.letters.latitude == "unbounded":
        found["dynamics", "letters", "bound"] = "the latitude 'unbounded' looks at no bound"
    for rule, key in (("logit", "sharpness"), ("fixed", "competence")):
        if dynamics.ballots.rule != rule:
            reason = f"the rule '{dynamics.ballots.rule}' looks at no {key}"
            found["dynamics", "ballots", key] = reason
            found |= {("members", name, key): reason for name in draft.members}
    if dynamics.deference is None:
        found |= {("members", name, "deference"): "nobody is deferred to" for name in draft.members}
    return found


def doubt_abstentions(draft: Draft) -> Iterator[Finding]:
    """Abstentions in the record of a ballot in which nobody can abstain: the model gives them no chance."""
    for path, moment, body in draft.ballots:
        if not moment.is_compared:
            continue
        margin = moment.abstention_margin or body.abstention_margin
        if draft.dynamics is not None:
            margin = margin or draft.dynamics.ballots.abstention_margin
        if _may_be_above_0(draft, margin):
            continue
        own = {one.member for one in moment.abstentions if one.chance is None or _may_be_above_0(draft, one.chance)}
        named = [
            (number, vote.member)
            for number, vote in enumerate(moment.votes)
            if vote.vote == "abstain" and vote.member not in own and vote.evidence in ("documented", "attributed")
        ]
        remedy = (
            "give an 'abstention_margin' (to the ballot, its body or 'ballots' under 'dynamics'), or their reasons "
            "under 'abstentions'"
        )
        votes = votes_in(draft.seating, moment)
        may = summed(votes.get(name, 0) * (draft.members[name].count or 1) for name in own if name in draft.members)
        counted = moment.tally.abstain if moment.tally is not None else None
        if named:
            who = ", ".join(f"'{name}'" for _, name in named)
            yield (*path, "votes", named[0][0]), f"{who} abstained, and nothing here lets them: {remedy}"
        elif counted is not None and counted > may:
            yield (
                (*path, "tally", "abstain"),
                f"{counted} abstained, and nothing here lets more than {may} do so: {remedy}",
            )


def _may_be_above_0(draft: Draft, name: str | None) -> bool:
    """Whether a parameter is given that can be above 0."""
    if name is None or name not in draft.parameters:
        return False
    parameter = draft.parameters[name]
    return (parameter.value if isinstance(parameter.value, float) else parameter.range[1]) > 0.0


_AtSitting = schema.Talk | schema.Ballot


def doubt_times(draft: Draft) -> Iterator[Finding]:
    """A talk or ballot without a part of the day, on a day on which others have one: it comes before them."""
    sittings = [(path, moment) for path, moment in draft.moments if isinstance(moment, _AtSitting)]
    for path, moment in sittings:
        timed = [other for _, other in sittings if other.date == moment.date and other.time is not None]
        if moment.time is None and timed:
            first = min(timed, key=lambda other: other.when)
            yield (
                (*path, "date"),
                f"'{moment.id}' has no 'time', so it comes before '{first.id}' ({first.time}) of the same day: give it "
                "one, if it did not",
            )


def doubt_order_of_sittings(draft: Draft) -> Iterator[Finding]:
    """A sitting that is played in another order than the file has it: a vote before its talk, or two sittings mixed."""
    sittings = [(path, moment) for path, moment in draft.moments if isinstance(moment, _AtSitting)]
    by_id = {moment.id: (path, moment) for path, moment in sittings}
    for path, moment in sittings:
        other_path, other = by_id.get(moment.session or "", (path, moment))
        if _played(other_path, other) > _played(path, moment):
            yield (
                (*path, "session"),
                f"'{moment.id}' is played before '{other.id}', with which its sitting begins: look at their dates, "
                "times and order",
            )
    for number, (path, later) in enumerate(sittings):
        for _, earlier in sittings[:number]:
            if (
                isinstance(later, schema.Talk)
                and isinstance(earlier, schema.Ballot)
                and earlier.when == later.when
                and earlier.body == later.body
                and earlier.session != later.id
            ):
                yield (
                    (*path, "date"),
                    f"'{later.id}' is played before '{earlier.id}', which the file has first: talks come before "
                    "ballots, so give the sittings of one day a 'time' each",
                )
                break


def doubt_conditions(draft: Draft) -> Iterator[Finding]:
    """A condition on what comes later on the same day, since its kind comes later within a day."""
    by_id = {moment.id: (path, moment) for path, moment in draft.moments}
    for path, moment in draft.moments:
        for number, condition in enumerate(moment.conditions):
            other_path, other = by_id.get(condition.moment or "", (path, moment))
            if other.when == moment.when and _played(other_path, other) > _played(path, moment):
                yield (
                    (*path, "if", number),
                    f"'{moment.id}' is played before '{other.id}': within a day {_kind(moment)}s come before "
                    f"{_kind(other)}s, so give both a 'time'",
                )


def _kind(moment: schema.AnyMoment) -> str:
    """The kind of a moment in the order within a day."""
    return "letter" if isinstance(moment, schema.Letter) else moment.kind


def _played(path: Path, moment: schema.AnyMoment) -> tuple[Any, ...]:
    """Where a moment comes in the order of play."""
    kind = "absence begins" if isinstance(moment, schema.Absence) else _kind(moment)
    return moment.when, ORDER_WITHIN_A_DAY.index(kind), path[1]
