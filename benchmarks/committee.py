"""The test debate: a committee that talks every week and votes now and then, the same for everybody who plays it.

Each Monday, in this order:

1. everybody is drawn back a little to his first conviction and shaken: x <- x + pull (x0 - x) + shake z;
2. everybody comes with the chance `attendance`;
3. those who came talk: x_i <- x_i + s sum_j w_ij g(x_j - x_i) (x_j - x_i) / sum_j w_ij g(x_j - x_i), all at once
   from the stances before, g the biweight (soft) or the threshold (hard) of the gap over the bound;
4. every `ballot_every` weeks they vote: each who came says yes with the chance logistic(sharpness u),
   u = (policy - x)^2 - (motion - x)^2; with a quorum and more yes than no, the motion becomes the policy.

After 1 and 3 stances are cut to the axis. The numbers are invented, and chosen so that talk, noise and ballots all
matter to the end.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.scenario.scenario import Origin, Scenario, rebuild

Floats = NDArray[np.float64]

MONDAY = datetime.date(2024, 1, 1)
INVENTED = {"evidence": "assumed", "note": "invented for the benchmark"}

#: The words of the scenario format for the two rules.
RULES = {"soft": "soft-bounded-confidence", "hard": "hegselmann-krause"}


def spread_evenly(members: int) -> tuple[float, ...]:
    """First convictions: two camps, a larger one below the middle and a smaller one above."""
    left = members * 3 // 5
    return (*np.linspace(-1.7, 0.1, left).round(4).tolist(), *np.linspace(0.3, 1.7, members - left).round(4).tolist())


def uneven(members: int) -> Floats:
    """How much i listens to j: every pair its own weight, from 0.5 to 1.5 (members, members)."""
    i, j = np.indices((members, members))
    return np.asarray(0.5 + ((7 * i + 11 * j) % 17) / 16)


@dataclass(frozen=True)
class Committee:
    """The numbers of the test debate. rule: soft or hard. motions: the positions put to the vote, in order.

    days: from one talk to the next.
    """

    rule: str = "soft"
    members: int = 27
    weeks: int = 70
    ballot_every: int = 6
    motions: tuple[float, ...] = (0.6, -0.6, 0.3, -0.9, 0.0, 0.5, -0.4, 0.2, -0.2, 0.4, -0.5)
    low: float = -2.0
    high: float = 2.0
    policy: float = 0.0
    attendance: float = 0.95
    susceptibility: float = 0.25
    bound: float = 1.0
    pull: float = 0.08
    shake: float = 0.12
    sharpness: float = 2.0
    quorum: float = 0.5
    days: int = 7
    first: tuple[float, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"the rule is one of {', '.join(RULES)}, not {self.rule!r}")
        if len(self.motions) * self.ballot_every > self.weeks:
            raise ValueError(f"{len(self.motions)} ballots every {self.ballot_every} weeks need more than {self.weeks}")
        if not self.first:
            object.__setattr__(self, "first", spread_evenly(self.members))

    @property
    def weight(self) -> Floats:
        """How much i listens to j, (members, members)."""
        return uneven(self.members)

    def motion(self, week: int) -> float | None:
        """The position put to the vote at the end of a week, counted from 0, or None."""
        number, rest = divmod(week + 1, self.ballot_every)
        return self.motions[number - 1] if rest == 0 and number <= len(self.motions) else None

    @property
    def interactions(self) -> float:
        """Ordered pairs of members present in one history, on average: who hears whom, all talks together."""
        return self.members * (self.members - 1) * self.attendance**2 * self.weeks


def _parameter(value: float, unit: str, meaning: str) -> dict[str, Any]:
    return {"value": float(value), "range": [float(value)] * 2, "unit": unit, "meaning": meaning, **INVENTED}


def _parameters(committee: Committee) -> dict[str, Any]:
    return {
        "susceptibility": _parameter(committee.susceptibility, "share of the way, per talk", "how far talk moves"),
        "bound": _parameter(committee.bound, "units", "the gap at which nobody listens any more"),
        "attendance": _parameter(committee.attendance, "chance", "of coming to a sitting"),
        "pull": _parameter(committee.pull, "share of the way, per week", "back to the first conviction"),
        "shake": _parameter(committee.shake, "units per week", "size of the noise"),
        "sharpness": _parameter(committee.sharpness, "per squared unit", "how surely the nearer end is voted for"),
        "say": _parameter(1.0, "weight", "authority, the same for all"),
    }


def _id(number: int) -> str:
    return f"member-{number:02d}"


def _moments(committee: Committee) -> list[dict[str, Any]]:
    moments: list[dict[str, Any]] = []
    for week in range(committee.weeks):
        at = {"date": MONDAY + datetime.timedelta(days=committee.days * week), "body": "committee", **INVENTED}
        moments.append({"id": f"talk-{week:02d}", "kind": "talk", **at})
        motion = committee.motion(week)
        if motion is not None:
            options = {"if_carried": motion, "if_lost": "policy", "session": f"talk-{week:02d}"}
            moments.append(
                {"id": f"ballot-{week:02d}", "kind": "ballot", "motion": f"Move to {motion}", **at, **options}
            )
    return moments


def _debate(committee: Committee, members: dict[str, Any], moments: list[dict[str, Any]]) -> dict[str, Any]:
    """A scenario file without listening weights."""
    seats = {"members": list(members), "from": MONDAY, "to": datetime.date(2099, 12, 31), **INVENTED}
    procedure = {"majority": "simple", "quorum": committee.quorum, "ties": "rejected", **INVENTED}
    last = MONDAY + datetime.timedelta(days=committee.days * (committee.weeks - 1))
    return {
        "scenario": f"committee-{committee.rule}",
        "title": "The benchmark's committee",
        "question": "How fast?",
        "about": "Nothing here ever happened.",
        "span": {"from": MONDAY, "to": last},
        "axis": {
            "label": "units",
            "low": committee.low,
            "high": committee.high,
            "positions": [{"name": "middle", "at": 0.0, "meaning": "half way"}],
            "policy": {"at": committee.policy, **INVENTED},
        },
        "parameters": _parameters(committee),
        "dynamics": {
            "talk": {"rule": RULES[committee.rule], "susceptibility": "susceptibility", "bound": "bound"},
            "ballots": {"rule": "logit", "sharpness": "sharpness"},
            "drift": {"reversion": "pull", "noise": "shake"},
            "authority": "say",
            "attendance": "attendance",
            "unknown_stance": {"value": {"uniform": [committee.low, committee.high]}, **INVENTED},
        },
        "members": members,
        "bodies": {"committee": {"name": "The committee", "seats": [seats], "procedure": procedure}},
        "timeline": moments,
    }


class _Plain(yaml.SafeDumper):
    """Writes every thing in full: the format knows no references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _written(file: dict[str, Any]) -> str:
    return yaml.dump(file, Dumper=_Plain, sort_keys=False)


def _read(file: dict[str, Any]) -> Scenario:
    return read(_written(file))


def read(file: str) -> Scenario:
    """A scenario read and checked from the text of its file."""
    return rebuild(Origin("committee.yaml", file, {}, "all"))


def _named(committee: Committee) -> dict[str, Any]:
    """Every member in full."""
    return {
        _id(number): {"name": f"Member {number}", "first_stance": {"value": stance, **INVENTED}}
        for number, stance in enumerate(committee.first)
    }


def scenario(committee: Committee) -> Scenario:
    """The test debate for this program: read and checked as any file is."""
    members = _named(committee)
    file = _debate(committee, members, _moments(committee))
    rows = {_id(i): {_id(j): float(weight) for j, weight in enumerate(row)} for i, row in enumerate(committee.weight)}
    file["dynamics"]["talk"]["weights"] = {"rows": rows, **INVENTED}
    return _read(file)


def text(members: int, talks: int) -> str:
    """A file with so many members, each in full, and as many talks, one a day: for the cost of reading it."""
    committee = Committee(members=members, weeks=talks, motions=(), days=1)
    return _written(_debate(committee, _named(committee), _moments(committee)))


def debate_text(members: int, talks: int, ballots: int) -> str:
    """The same with as many ballots, spread evenly over the talks."""
    motions = tuple(0.5 * (-1) ** number for number in range(ballots))
    committee = Committee(members=members, weeks=talks, ballot_every=talks // ballots, motions=motions, days=1)
    return _written(_debate(committee, _named(committee), _moments(committee)))


def crowd(members: int, talks: int = 4) -> Scenario:
    """Many members who only talk, all alike: for the cost of a talk as a committee grows."""
    committee = Committee(members=members, weeks=talks, motions=(), first=(0.0,))
    spread = {"value": {"uniform": [committee.low, committee.high]}, **INVENTED}
    alike = {"name": "One of many", "count": members, "first_stance": spread}
    return _read(_debate(committee, {"one": alike}, _moments(committee)))
