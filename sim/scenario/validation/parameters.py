"""Parameters: whatever asks for one gets one that suits, and each rule has those that it needs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sim.scenario import schema
from sim.scenario.validation.distributions import Interval, as_text
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.names import not_a
from sim.scenario.validation.types import Finding
from sim.scenario.yaml_reader import Path

NEEDS_BOUND = (
    "hegselmann-krause",
    "soft-bounded-confidence",
    "gaussian-bounded-confidence",
    "deffuant-weisbuch",
    "attraction-repulsion",
    "social-impact",
)


@dataclass(frozen=True)
class _Use:
    """What a parameter is used for, and the range that this use allows; `above`: it must be more than `low`."""

    what: str
    low: float
    high: float = math.inf
    above: bool = False

    def faults(self, name: str, extent: Interval) -> Iterator[str]:
        """What is wrong with a parameter of this extent."""
        spans = f"is {extent[0]:g}" if extent[0] == extent[1] else f"ranges over {as_text(extent)}"
        if extent[0] < self.low or extent[1] > self.high:
            must = f"within {as_text((self.low, self.high))}" if self.high < math.inf else f"{self.low:g} or more"
            yield f"'{name}' {spans}: {self.what} must be {must}"
        elif self.above and extent[1] <= self.low:
            yield f"'{name}' {spans}: {self.what} must be above {self.low:g}"


@cache
def _fraction(what: str) -> _Use:
    return _Use(what, 0.0, 1.0)


_OF_A_MEMBER: Mapping[str, _Use] = {
    key: _fraction(key)
    for key in (
        "authority", "susceptibility", "attachment", "receptiveness", "deference", "competence", "salience",
    )
}  # fmt: skip
_ATTENDING = _fraction("a chance of attending")
_MARGIN = _Use("a margin", 0.0)
_BOUND = _Use("a bound", 0.0, above=True)
_SPREAD = _Use("a spread", 0.0, above=True)
_OF_DYNAMICS: Mapping[str, Mapping[str, _Use]] = {
    "observation_spread": {"documented": _SPREAD, "attributed": _SPREAD, "conjecture": _SPREAD},
    "talk": {"susceptibility": _fraction("susceptibility"), "attachment": _fraction("attachment"), "bound": _BOUND},
    "letters": {"receptiveness": _fraction("receptiveness"), "bound": _BOUND},
    "ballots": {
        "sharpness": _Use("sharpness", 0.0, above=True),
        "competence": _fraction("competence"),
        "abstention_margin": _MARGIN,
    },
    "deference": {
        "weight": _fraction("the weight of deference"),
        "lapses_after": _Use("a number of days", 0.0),
        "mover_weight": _fraction("the weight of the mover's word"),
    },
    "drift": {"reversion": _fraction("a reversion"), "noise": _Use("the size of noise", 0.0)},
}


def check_parameters_named(draft: Draft) -> Iterator[Finding]:
    """Whatever names a parameter names one whose range suits the use."""
    for path, part, uses in _uses(draft):
        for key, use in uses.items():
            name = getattr(part, key)
            if name is None:
                continue
            if name not in draft.named("parameters"):
                yield (*path, key), not_a(draft, name, "parameter", "parameters")
                continue
            for given in draft.alternatives(name):
                for fault in use.faults(given, draft.parameters[given].range):
                    yield (*path, key), fault


def _uses(draft: Draft) -> Iterator[tuple[Path, schema.Part, Mapping[str, _Use]]]:
    """Every part that names parameters, with what they are used for, by key."""
    for name, member in draft.members.items():
        yield ("members", name), member, _OF_A_MEMBER
    for name, body in draft.bodies.items():
        yield ("bodies", name), body, {"attendance": _ATTENDING, "abstention_margin": _MARGIN}
    for path, moment in draft.moments_in_any_order:
        if isinstance(moment, schema.Letter):
            yield path, moment, {"authority": _fraction("authority")}
        elif isinstance(moment, schema.Ballot):
            yield path, moment, {"attendance": _ATTENDING, "abstention_margin": _MARGIN}
            for number, abstention in enumerate(moment.abstentions):
                yield (*path, "abstentions", number), abstention, {"chance": _fraction("a chance of abstaining")}
    dynamics = draft.dynamics
    if dynamics is None:
        return
    yield ("dynamics",), dynamics, {"authority": _fraction("authority"), "attendance": _ATTENDING}
    if draft.axis is not None:
        yield ("dynamics",), dynamics, {"unknown_centre": _Use("a centre of stances", draft.axis.low, draft.axis.high)}
    for section, uses in _OF_DYNAMICS.items():
        if (part := getattr(dynamics, section)) is not None:
            yield ("dynamics", section), part, uses


def check_everybody_has_a_first_stance(draft: Draft) -> Iterator[Finding]:
    """Whoever has no first stance of their own has that of the unknown."""
    if draft.dynamics is not None and draft.dynamics.unknown_stance is None:
        for name, member in draft.members.items():
            if member.first_stance is None:
                where = "give one, or 'unknown_stance' under 'dynamics'"
                yield ("members", name), f"'first_stance' is missing: {where}"


def check_parameters_changed(draft: Draft) -> Iterator[Finding]:
    """An event sets a parameter to another one."""
    for path, moment in draft.moments_in_any_order:
        for number, effect in enumerate(moment.changes if isinstance(moment, schema.Event) else ()):
            here, (name, field) = (*path, "changes", number, "to"), effect.target
            is_of_a_parameter = field == "value" and name in draft.named("parameters")
            if is_of_a_parameter and effect.to not in draft.named("parameters"):
                yield here, not_a(draft, str(effect.to), "parameter", "parameters")


def check_rules_have_what_they_need(draft: Draft) -> Iterator[Finding]:
    """Each rule that is chosen has its parameters, and none that it would contradict."""
    dynamics = draft.dynamics
    if dynamics is None:
        return
    talk, letters, ballots = dynamics.talk, dynamics.letters, dynamics.ballots
    if talk.rule in NEEDS_BOUND and talk.bound is None:
        yield ("dynamics", "talk", "rule"), f"the rule '{talk.rule}' needs a 'bound'"
    if letters is not None and letters.latitude != "unbounded" and letters.bound is None:
        yield (
            ("dynamics", "letters", "latitude"),
            f"the latitude '{letters.latitude}' needs a 'bound'",
        )
    of_their_own = bool(draft.members) and all(member.competence for member in draft.members.values())
    needs = (("logit", "sharpness", ballots.sharpness), ("fixed", "competence", ballots.competence or of_their_own))
    for rule, need, given in needs:
        if ballots.rule == rule and not given:
            yield ("dynamics", "ballots", "rule"), f"the rule '{rule}' needs '{need}'"
    if letters is None:
        first = next(((path, m) for path, m in draft.moments_in_any_order if isinstance(m, schema.Letter)), None)
        if first is not None:
            yield (*first[0], "kind"), f"a {first[1].kind} needs the rules of letters: give 'letters' under 'dynamics'"


def check_susceptibility_and_attachment(draft: Draft) -> Iterator[Finding]:
    """Nobody is drawn further in a talk than the whole way: susceptibility and attachment add up to 1 at most."""
    if draft.dynamics is None:
        return
    talk = draft.dynamics.talk
    holders: list[tuple[Path, str | None, str | None]] = [(("dynamics", "talk"), talk.susceptibility, talk.attachment)]
    for name, member in draft.members.items():
        if member.susceptibility is not None or member.attachment is not None:
            holders.append((("members", name), member.susceptibility, member.attachment))
    for path, susceptibility, attachment in holders:
        if talk.rule == "friedkin-johnsen":
            if attachment is not None:
                yield (
                    (*path, "attachment"),
                    f"'friedkin-johnsen' makes attachment 1 - susceptibility: leave out '{attachment}'",
                )
            continue
        s = _reach(draft, susceptibility or talk.susceptibility)
        a = _reach(draft, attachment or talk.attachment)
        if s + a > 1.0 + 1e-12:
            message = (
                f"susceptibility '{susceptibility or talk.susceptibility}' reaches {s:g} and attachment "
                f"'{attachment or talk.attachment}' reaches {a:g}: "
                "the upper ends of the two ranges may add up to 1 at most"
            )
            yield (*path, "attachment" if attachment is not None else "susceptibility"), message


def _reach(draft: Draft, name: str | None) -> float:
    """The most that a parameter can be, after events too; minus infinity where that is not known."""
    ends = [draft.parameters[other].range[1] for other in draft.alternatives(name)]
    return max(ends, default=-math.inf)
