"""Places on the axis: everything that has a place is on it, and means one thing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from sim.errors import unknown
from sim.scenario import schema
from sim.scenario.validation.distributions import Interval, as_text, faults
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path


def check_positions(draft: Draft) -> Iterator[Finding]:
    """Positions lie on the axis and have names of their own, so that a term means one thing."""
    if draft.axis is None:
        return
    taken: dict[str, str] = {}
    for number, position in enumerate(draft.axis.positions):
        path = ("axis", "positions", number)
        yield from on_axis(draft, position.at, (*path, "at"))
        name = position.name
        if name == "policy":
            yield (*path, "name"), "'policy' cannot name a position: it means the policy in force"
        elif name in draft.named("parameters"):
            yield (*path, "name"), f"'{name}' names a parameter too: a term would have two meanings"
        elif name in taken:
            yield (*path, "name"), f"the position '{name}' is given twice"
        taken.setdefault(name, name)


def on_axis(draft: Draft, number: float, path: Path) -> Iterator[Finding]:
    """Whether a number lies within the range of the axis."""
    axis = draft.axis
    if axis is not None and not axis.low <= number <= axis.high:
        yield path, f"{number:g} is off the axis, which runs from {axis.low:g} to {axis.high:g}"


def position(draft: Draft, term: schema.Term, path: Path, also: Collection[str] = ()) -> Iterator[Finding]:
    """A number on the axis, the name of a position, or one of the other words allowed here."""
    positions = draft.named("positions")
    if not isinstance(term, str):
        yield from on_axis(draft, term, path)
    elif term not in positions and term not in also:
        numeral = " (a number has no zeros in front and no letters)" if term[:1].isdecimal() else ""
        yield path, unknown(term, "position", [*positions, *also]) + numeral


def check_places(draft: Draft) -> Iterator[Finding]:
    """The first policy, observations, letters and motions name places on the axis."""
    if draft.axis is not None:
        yield from position(draft, draft.axis.policy.at, ("axis", "policy", "at"))
    for name, member in draft.members.items():
        for number, observation in enumerate(member.observations):
            if observation.stance is not None:
                yield from position(draft, observation.stance, ("members", name, "observations", number, "stance"))
    for path, moment in draft.moments_in_any_order:
        if isinstance(moment, schema.Letter) and moment.argues_for is not None:
            yield from position(draft, moment.argues_for, (*path, "argues_for"))
        elif isinstance(moment, schema.Ballot):
            yield from _place_or_parameter(draft, moment.if_carried, (*path, "if_carried"), ("policy",))
            for number, end in enumerate(moment.if_lost):
                yield from _place_or_parameter(draft, end, (*path, "if_lost", number), ("policy",))
        elif isinstance(moment, schema.Event):
            for number, effect in enumerate(moment.changes):
                if effect.target[1] in ("value", "seat"):
                    continue  # these are no places
                also = ("policy",) if effect.target[1] in ("if_carried", "if_lost") else ()
                yield from _place_or_parameter(draft, effect.to, (*path, "changes", number, "to"), also)


def _place_or_parameter(draft: Draft, term: schema.Term, path: Path, also: Collection[str]) -> Iterator[Finding]:
    if term in draft.parameters:
        yield from _parameter_on_axis(draft, str(term), path)
    else:
        yield from position(draft, term, path, [*also, *draft.named("parameters")])


def check_motions(draft: Draft) -> Iterator[Finding]:
    """A motion carried leads elsewhere than the same motion lost, by the record too: else nobody could prefer either.

    What a change makes of a motion is not looked at, nor what a ballot with conditions would find in force.
    """
    if draft.axis is None or draft.is_changed:
        return
    places = {position.name: position.at for position in draft.axis.positions}
    is_whole = len(draft.timeline) == len(draft.named("moments"))
    policy = _place(draft.axis.policy.at, places, math.nan) if is_whole else math.nan
    ballots = [(path, moment) for path, moment in draft.moments if isinstance(moment, schema.Ballot)]
    before: dict[str, float] = {}
    for path, ballot in sorted(ballots, key=lambda each: each[1].when):
        # Motions of one choice are put from the same policy.
        in_force = math.nan if ballot.conditions else before.setdefault(ballot.one_of or ballot.id, policy)
        carried = _place(ballot.if_carried, places, in_force)
        others = [other for _, other in ballots if other.one_of is not None and other.one_of == ballot.one_of]
        rivals = (*ballot.if_lost, *(other.if_carried for other in others if other is not ballot))
        same = [end for end in rivals if end == ballot.if_carried or _place(end, places, in_force) == carried]
        if same:
            yield (
                (*path, "if_carried" if others else "if_lost"),
                f"carried or lost, '{ballot.id}' leads to the same, so that nobody could prefer either: say what a "
                "vote against it would have meant, as the position that its opponents wanted",
            )
        if ballot.sets_policy and ballot.outcome != "rejected":
            policy = math.nan if ballot.outcome is None else _place(ballot.if_carried, places, policy)


def _place(term: schema.Term, places: dict[str, float], policy: float) -> float:
    """Where a term lies, given where the policy in force does; NaN where that is not known."""
    if term == "policy":
        return policy
    return places.get(term, math.nan) if isinstance(term, str) else term


def check_thresholds(draft: Draft) -> Iterator[Finding]:
    """A condition compares the policy with a place on the axis."""
    for path, moment in draft.moments_in_any_order:
        for number, condition in enumerate(moment.conditions):
            threshold, here = condition.threshold, (*path, "if", number)
            if isinstance(threshold, float) and not math.isfinite(threshold):
                yield here, f"'{threshold}' is not a finite number: compare with a number or a position"
            elif condition.moment is None:
                yield from position(draft, threshold, here)


def check_first_stances(draft: Draft) -> Iterator[Finding]:
    """A first stance is a place on the axis, a parameter, or a distribution of such terms."""
    for path, stance in _first_stances(draft):
        here = (*path, "value")
        if isinstance(stance.value, schema.Distribution):
            yield from _distribution_on_axis(draft, stance.value, here)
        elif stance.value in draft.parameters:
            yield from _parameter_on_axis(draft, str(stance.value), here)
        else:
            yield from position(draft, stance.value, here, draft.named("parameters"))


def _first_stances(draft: Draft) -> Iterator[tuple[Path, schema.FirstStance]]:
    for name, member in draft.members.items():
        if member.first_stance is not None:
            yield ("members", name, "first_stance"), member.first_stance
    if draft.dynamics is not None and draft.dynamics.unknown_stance is not None:
        yield ("dynamics", "unknown_stance"), draft.dynamics.unknown_stance


def _parameter_on_axis(draft: Draft, name: str, path: Path) -> Iterator[Finding]:
    axis = _extent_of_axis(draft)
    for given in draft.alternatives(name):
        extent = draft.parameters[given].range
        if extent[0] < axis[0] or extent[1] > axis[1]:
            yield path, f"'{given}' ranges over {as_text(extent)}, beyond the axis, {as_text(axis)}"


def _distribution_on_axis(draft: Draft, value: schema.Distribution, path: Path) -> Iterator[Finding]:
    """The terms of a distribution resolved as far as they go: a position is a point, a parameter its range."""
    known = [*draft.named("positions"), *draft.named("parameters")]
    for place, term in enumerate(value.terms):
        if isinstance(term, str) and term not in draft.named("positions") and term not in draft.named("parameters"):
            yield (*path, value.family, place), unknown(term, "position or parameter", known)
    first, second = (_extent(draft, term) for term in value.terms)
    if first is not None and second is not None:
        yield from faults(value, first, second, _extent_of_axis(draft), (*path, value.family))


def _extent_of_axis(draft: Draft) -> Interval:
    return (-math.inf, math.inf) if draft.axis is None else (draft.axis.low, draft.axis.high)


def _extent(draft: Draft, term: schema.Term) -> Interval | None:
    """The least and the greatest that a term can be; None if it is not known."""
    if not isinstance(term, str):
        return term, term
    if term in draft.parameters:
        return draft.parameters[term].range
    places = {position.name: position.at for position in draft.axis.positions} if draft.axis is not None else {}
    return (places[term], places[term]) if term in places else None
