"""Small debates for the tests: scenarios written in a few words, and histories played moment by moment.

The words are those of the scenario format; what is left out is invented here, and says so.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import dynamics, priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.plan import NOT_PUT
from sim.model.state import Inputs, begin, empty_votes
from sim.scenario.scenario import Origin, Scenario, rebuild

Terse = Mapping[str, Any]
Floats = NDArray[np.float64]

INVENTED = {"evidence": "assumed", "note": "invented"}
MONDAY = datetime.date(2024, 1, 1)  # day 0 of the debates that are written in Python

#: Parameters that every debate has, unless it gives its own.
PARAMETERS = {
    "openness": 0.5, "attachment": 0.0, "bound": 1.0, "receptiveness": 0.5, "latitude": 1.0, "say": 1.0,
    "sharpness": 1.0, "competence": 0.5, "margin": 0.0, "attendance": 1.0, "pull": 0.0, "shake": 0.0,
    "deference": 0.0, "lapse": 30.0, "none": 0.0, "all": 1.0,
}  # fmt: skip
DYNAMICS = {
    "talk": {"rule": "degroot", "susceptibility": "openness"},
    "letters": {"receptiveness": "receptiveness"},
    "ballots": {"rule": "nearest"},
    "authority": "say",
}
WORDS = ("letter", "report", "note", "speech", "news", "event")
TEXTS = {"absence": "reason", "ballot": "motion"} | dict.fromkeys(WORDS, "summary")
OF_DYNAMICS = (*DYNAMICS, "drift", "deference", "attendance", "unknown_stance", "unknown_centre", "observation_spread")


def day(number: int) -> datetime.date:
    """Day 0 is Monday, 1 January 2024."""
    return MONDAY + datetime.timedelta(days=number)


def absence(name: str, member: str, on: int, until: int, **more: Any) -> dict[str, Any]:
    """A member is away from one day to another."""
    return {"id": name, "kind": "absence", "member": member, "date": day(on), "until": day(until), **more}


def event(name: str, on: int = 1, **more: Any) -> dict[str, Any]:
    """Something that happens."""
    return {"id": name, "kind": "event", "date": day(on), **more}


def letter(
    name: str,
    author: str | None,
    readers: Sequence[str],
    argues_for: Any,
    on: int = 1,
    strength: float = 3,
    **more: Any,
) -> dict[str, Any]:
    """A letter; without a position it only informs."""
    said = {key: value for key, value in (("author", author), ("argues_for", argues_for)) if value is not None}
    whole = {"id": name, "kind": "letter", "date": day(on), "readers": list(readers), "strength": strength}
    return {**whole, **said, **more}


def talk(name: str, on: int = 1, **more: Any) -> dict[str, Any]:
    """A talk of the board, or of members by name."""
    return {"id": name, "kind": "talk", "date": day(on), **({} if "members" in more else {"body": "board"}), **more}


def ballot(name: str, if_carried: Any, if_lost: Any, on: int = 1, **more: Any) -> dict[str, Any]:
    """A ballot of the board; one of several motions leads nowhere if lost, ()."""
    ends = {"if_carried": if_carried, **({} if if_lost == () else {"if_lost": if_lost})}
    return {"id": name, "kind": "ballot", "body": "board", "date": day(on), **ends, **more}


def debate(
    members: Terse, *moments: Terse, weeks: int = 20, low: float = 0.0, high: float = 1.0, **parts: Any
) -> Scenario:
    """A debate over some weeks among members, all of them in one board.

    members: first stance by member, or the member's fields. low, high: the axis. parts: sections of the format;
    `board` holds fields of the board, `talk`, `letters`, `ballots` and so on those of the dynamics.
    """
    dynamics = {**DYNAMICS, **{key: parts.pop(key) for key in [*parts] if key in OF_DYNAMICS}}
    places, policy = parts.pop("positions", {}), parts.pop("policy", low)
    board = {"members": list(members), **parts.pop("board", {})}
    return scenario(
        {
            "span": {"from": MONDAY, "to": day(7 * weeks - 1)},
            "axis": {"low": low, "high": high, "positions": places, "policy": policy},
            "parameters": {**PARAMETERS, **parts.pop("parameters", {})},
            "dynamics": dynamics,
            "members": members,
            "bodies": {"board": board, **parts.pop("bodies", {})},
            "timeline": moments,
            **parts,
        }
    )


def scenario(terse: Terse) -> Scenario:
    """The scenario that a few words stand for; the same one for the same words, since nothing can change it."""
    text = json.dumps(spelled_out(terse), default=_dated, ensure_ascii=False)
    return _read(_DATED.sub(r"\1", text))


@functools.lru_cache(maxsize=128)
def _read(text: str) -> Scenario:
    return rebuild(Origin("invented.yaml", text, {}, "all"))


# What JSON has no word for: a day is written as YAML has it, without quotes.
_DATED = re.compile(r'"day (\d{4}-\d\d-\d\d)"')


def _dated(date: datetime.date) -> str:
    return f"day {date}"


def spelled_out(terse: Terse) -> dict[str, Any]:
    """The whole of a scenario file, with `evidence: assumed, note: invented` wherever nothing is said."""
    axis = terse["axis"]
    return {
        "scenario": "invented",
        "title": "An invented debate",
        "question": "What follows from what?",
        "about": "Nothing here ever happened.",
        "span": {"from": MONDAY, "to": day(363)},
        **terse,
        "axis": {
            "label": "units",
            **axis,
            "positions": [{"name": name, "at": at, "meaning": name} for name, at in axis.get("positions", {}).items()],
            "policy": {"at": axis.get("policy", axis["low"]), **INVENTED},
        },
        "parameters": {name: _parameter(name, given) for name, given in terse["parameters"].items()},
        "dynamics": _dynamics(terse["dynamics"], axis),
        "members": {name: _member(name, given) for name, given in terse["members"].items()},
        "bodies": {name: _body(name, given) for name, given in terse["bodies"].items()},
        "timeline": [_moment(moment) for moment in terse.get("timeline", ())],
    }


def _parameter(name: str, given: Any) -> dict[str, Any]:
    """A number means itself and nothing around it."""
    fields = given if isinstance(given, Mapping) else {"value": given, "range": [given, given]}
    return {"unit": "units", "meaning": name, **INVENTED, **fields}


def _dynamics(given: Terse, axis: Terse) -> dict[str, Any]:
    unknown = {"value": {"uniform": [axis["low"], axis["high"]]}}
    whole = {**given, "unknown_stance": {**INVENTED, **given.get("unknown_stance", unknown)}}
    if "weights" in whole["talk"]:
        whole["talk"] = {**whole["talk"], "weights": {"rows": whole["talk"]["weights"], **INVENTED}}
    return whole


def _member(name: str, given: Any) -> dict[str, Any]:
    """A stance, a law, or the fields of a member; nothing at all is somebody unknown."""
    if given is None:
        given = {}
    elif not isinstance(given, Mapping) or given.keys() & {"uniform", "normal", "lognormal"}:
        given = {"first_stance": given}
    stance = {} if "first_stance" not in given else {"first_stance": {"value": given["first_stance"], **INVENTED}}
    return {"name": name.title(), **given, **stance}


def _body(name: str, given: Terse) -> dict[str, Any]:
    fields = {key: value for key, value in given.items() if key not in ("members", "votes")}
    always = {"from": datetime.date(1900, 1, 1), "to": datetime.date(2100, 1, 1), **INVENTED}
    by_votes: dict[int, list[str]] = {}
    for member in given.get("members", ()):
        by_votes.setdefault(given.get("votes", {}).get(member, 1), []).append(member)
    seats = fields.pop("seats", [{"members": members, "votes": votes} for votes, members in by_votes.items()])
    talks = {"talks": {"weekday": fields["talks"], **INVENTED}} if "talks" in fields else {}
    whole = {"seats": [{**always, **seat} for seat in seats], "procedure": {**INVENTED, **fields.pop("procedure", {})}}
    return {"name": name.title(), **fields, **whole, **talks}


def _moment(given: Terse) -> dict[str, Any]:
    text = {TEXTS[given["kind"]]: given["id"]} if given["kind"] in TEXTS else {}
    whole = {**text, **INVENTED, **given}
    if "procedure" in whole:
        whole["procedure"] = {**INVENTED, **whole["procedure"]}
    if "abstentions" in whole:
        whole["abstentions"] = [{**INVENTED, **reason} for reason in whole["abstentions"]]
    if "votes" in whole:
        whole["votes"] = [{"member": member, "vote": vote, **INVENTED} for member, vote in whole["votes"].items()]
    return whole


@dataclass(frozen=True)
class Histories:
    """Histories of a debate side by side. The last axis of every array is the replicate.

    stances: (moments + 1, members, replicates), before the first moment and after each. chance, decided:
    (ballots, replicates). vote, voiced, private: (electors, replicates).
    """

    scenario: Scenario
    stances: Floats
    policies: Floats
    decided: NDArray[np.int8]
    chance: Floats
    vote: NDArray[np.int8]
    voiced: Floats
    private: Floats

    def of(self, member: str) -> Floats:
        """A member's stances, (moments + 1, replicates)."""
        return np.asarray(self.stances[:, arrays_of(self.scenario).names.members.index(member)])

    def before(self, moment: str) -> Floats:
        """Everybody's stances as a moment finds them, (members, replicates)."""
        return np.asarray(self.stances[self.number(moment)])

    def after(self, moment: str) -> Floats:
        """Everybody's stances as a moment leaves them, (members, replicates)."""
        return np.asarray(self.stances[self.number(moment) + 1])

    def number(self, moment: str) -> int:
        """Which moment this is, from 0."""
        return next(number for number, entry in enumerate(self.scenario.entries) if entry.id == moment)

    def ballot(self, name: str) -> int:
        """The row of a ballot."""
        return arrays_of(self.scenario).names.ballots.index(name)

    def elector(self, name: str, member: str) -> int:
        """The row of an elector."""
        return arrays_of(self.scenario).names.electors.index((name, member))

    @property
    def bits(self) -> str:
        """A digest of every bit of these histories."""
        arrays = (self.stances, self.policies, self.decided, self.chance, self.vote, self.voiced, self.private)
        return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def played(
    debate: Scenario,
    replicates: int | Iterable[int] = 1,
    seed: int = 1,
    follows_record: bool = False,
    fixed: Mapping[str, float] | None = None,
) -> Histories:
    """Histories 0 to n - 1 of a debate, or those of the ids given, with everything that they pass through."""
    ids = np.array([*range(replicates)] if isinstance(replicates, int) else [*replicates], dtype=np.uint64)
    plan = arrays_of(debate).plan
    words = random_streams.seed_words(seed)
    parameters, first = priors.of_replicates(priors.of_debate(debate.debate), words, ids, fixed, debate.posterior)
    inputs = Inputs(parameters, first, ids, words, follows_record)
    state, votes = begin(plan, first), empty_votes(plan, ids.size)
    stances, policies = [state.stance.copy()], [state.policy.copy()]
    for moment in range(len(debate.entries)):
        dynamics.play_moment(plan, state, inputs, moment, votes)
        stances.append(state.stance.copy())
        policies.append(state.policy.copy())
    chance = np.where(state.decided != NOT_PUT, votes.chance, np.nan)
    through = np.array(stances), np.array(policies)
    return Histories(debate, *through, state.decided, chance, votes.vote, votes.voice, votes.stance)
