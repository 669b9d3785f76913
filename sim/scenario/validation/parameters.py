"""Parameters: whatever asks for one gets one that suits, and each rule has those that it needs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

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
        if extent[0] < self.low or extent[1] > self.high:
            must = f"within {as_text((self.low, self.high))}" if self.high < math.inf else f"{self.low:g} or more"
            yield f"'{name}' ranges over {as_text(extent)}: {self.what} must be {must}"
        elif self.above and extent[1] <= self.low:
            yield f"'{name}' ranges over {as_text(extent)}: {self.what} must be above {self.low:g}"


def _share(what: str) -> _Use:
    return _Use(what, 0.0, 1.0)


_BOUND = _Use("a bound", 0.0, above=True)


def check_parameters_named(draft: Draft) -> Iterator[Finding]:
    """Whatever names a parameter names one whose range suits the use."""
    for path, name, use in _parameters_named(draft):
        if name not in draft.named("parameters"):
            yield path, not_a(draft, name, "parameter", "parameters")
        elif name in draft.parameters:
            for fault in use.faults(name, draft.parameters[name].range):
                yield path, fault


def _parameters_named(draft: Draft) -> Iterator[tuple[Path, str, _Use]]:
    """Every place that names a parameter, with what the parameter is used for."""
    for path, holder, key, use in _places_for_parameters(draft):
        name = getattr(holder, key)
        if name is not None:
            yield (*path, key), name, use


def _places_for_parameters(draft: Draft) -> Iterator[tuple[Path, schema.Part, str, _Use]]:
    for name, member in draft.members.items():
        for key in ("authority", "susceptibility", "attachment", "receptiveness", "deference"):
            yield ("members", name), member, key, _share(f"{key}")
    for name, body in draft.bodies.items():
        yield ("bodies", name), body, "attendance", _share("a chance of attending")
    for path, moment in draft.moments():
        if isinstance(moment, schema.Letter):
            yield path, moment, "authority", _share("authority")
        elif isinstance(moment, schema.Ballot):
            yield path, moment, "attendance", _share("a chance of attending")
    if draft.dynamics is not None:
        yield from _places_in_dynamics(draft, draft.dynamics)


def _places_in_dynamics(draft: Draft, dynamics: schema.Dynamics) -> Iterator[tuple[Path, schema.Part, str, _Use]]:
    yield ("dynamics",), dynamics, "authority", _share("authority")
    yield ("dynamics",), dynamics, "attendance", _share("a chance of attending")
    if draft.axis is not None:
        yield ("dynamics",), dynamics, "unknown_centre", _Use("a centre of stances", draft.axis.low, draft.axis.high)
    if dynamics.observation_spread is not None:
        for word in ("documented", "attributed", "conjecture"):
            yield (
                ("dynamics", "observation_spread"),
                dynamics.observation_spread,
                word,
                _Use("a spread", 0.0, above=True),
            )
    talk: Path = ("dynamics", "talk")
    yield talk, dynamics.talk, "susceptibility", _share("susceptibility")
    yield talk, dynamics.talk, "attachment", _share("attachment")
    yield talk, dynamics.talk, "bound", _BOUND
    if dynamics.letters is not None:
        yield ("dynamics", "letters"), dynamics.letters, "receptiveness", _share("receptiveness")
        yield ("dynamics", "letters"), dynamics.letters, "bound", _BOUND
    ballots: Path = ("dynamics", "ballots")
    yield ballots, dynamics.ballots, "sharpness", _Use("sharpness", 0.0, above=True)
    yield ballots, dynamics.ballots, "competence", _share("competence")
    yield ballots, dynamics.ballots, "abstention_margin", _Use("a margin", 0.0)
    if dynamics.deference is not None:
        yield ("dynamics", "deference"), dynamics.deference, "weight", _share("the weight of deference")
        yield ("dynamics", "deference"), dynamics.deference, "lapses_after", _Use("a number of days", 0.0)
    if dynamics.drift is not None:
        yield ("dynamics", "drift"), dynamics.drift, "reversion", _share("a reversion")
        yield ("dynamics", "drift"), dynamics.drift, "noise", _Use("the size of noise", 0.0)


def check_rules_have_what_they_need(draft: Draft) -> Iterator[Finding]:
    """Each rule that is chosen has its parameters, and none that it would contradict."""
    dynamics = draft.dynamics
    if dynamics is None:
        return
    talk, letters, ballots = dynamics.talk, dynamics.letters, dynamics.ballots
    if talk.rule in NEEDS_BOUND and talk.bound is None:
        yield ("dynamics", "talk", "rule"), f"the rule '{talk.rule}' needs a 'bound' (the name of a parameter)"
    if letters is not None and letters.latitude != "unbounded" and letters.bound is None:
        yield (
            ("dynamics", "letters", "latitude"),
            f"the latitude '{letters.latitude}' needs a 'bound' (the name of a parameter)",
        )
    for rule, need, given in (("logit", "sharpness", ballots.sharpness), ("fixed", "competence", ballots.competence)):
        if ballots.rule == rule and given is None:
            yield ("dynamics", "ballots", "rule"), f"the rule '{rule}' needs '{need}' (the name of a parameter)"
    if letters is None:
        first = next(((path, m) for path, m in draft.moments() if isinstance(m, schema.Letter)), None)
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
        s = draft.parameters.get(susceptibility or talk.susceptibility)
        a = draft.parameters.get(attachment or talk.attachment or "")
        if s is not None and a is not None and s.range[1] + a.range[1] > 1.0 + 1e-12:
            message = (
                f"susceptibility '{susceptibility or talk.susceptibility}' reaches {s.range[1]:g} and attachment "
                f"'{attachment or talk.attachment}' reaches {a.range[1]:g}: "
                "the upper ends of the two ranges may add up to 1 at most"
            )
            yield (*path, "attachment" if attachment is not None else "susceptibility"), message
