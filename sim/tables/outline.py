"""What any scenario needs and nobody has said yet: assumed to begin with, and marked as a question in the file."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sim.errors import UserError, quoted
from sim.scenario.changes import SECTIONS
from sim.scenario.yaml_reader import Path
from sim.tables.yaml_text import flow, plain

UNSAID = "Nobody has said it yet: assumed to begin with."
QUESTION = "What is to be decided?"
#: What a note says that a table did not: where a motion leads, when it was put, where a claim lies on the axis.
PLACE, DATE, CLAIM = "Where it leads is assumed.", "The date is assumed.", "(its place on the axis is assumed)"
#: Parameters that have no id of anything else.
_NAMES = ("openness", "receptiveness", "authority", "sharpness", "abstention-margin")
#: Units that an axis may be long, so that squares of it are numbers like others.
SHORTEST, LONGEST = 1e-5, 1e7
_UNIT = f"choose a unit in which they are from {SHORTEST:g} to {LONGEST:g} apart"


@dataclass(frozen=True)
class Answers:
    """What is said of a debate beside its tables; None where nobody has.

    axis: its two ends, as `0:100`. bodies: names; who is in no body by a table sits in the first.
    """

    question: str | None = None
    axis: str | None = None
    bodies: Sequence[str] = ()
    people: Sequence[str] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The ends of the axis. Raises UserError."""
        if self.axis is None:
            return None
        low, _, high = (plain(part.strip()) for part in self.axis.partition(":"))
        numbers = [end for end in (low, high) if isinstance(end, int | float) and not isinstance(end, bool)]
        if len(numbers) != 2 or not SHORTEST <= numbers[1] - numbers[0] <= LONGEST:
            raise UserError(f"{quoted(self.axis)} is not an axis: give its ends as LOW:HIGH, such as 0:10; {_UNIT}")
        return numbers[0], numbers[1]


class Names:
    """Ids, each once in a debate, and what has them: a member is found by id or by name, however it is spaced."""

    def __init__(self) -> None:
        self._taken = {*SECTIONS, *_NAMES, "policy"}
        self._known: dict[tuple[str, str], str] = {}

    def take(self, what: str, name: str, wanted: str = "") -> str:
        """The id of something new by its name. what: `member`, `body`, `motion` or such. wanted: the id that it has."""
        is_id = slug(wanted) == wanted == plain(wanted)
        made = wanted if wanted and is_id else self._free(slug(wanted or name) or what, what)
        self._taken.add(made)
        for known in filter(None, (made, wanted, name)):
            self._known.setdefault((what, _folded(known)), made)
        return made

    def find(self, what: str, name: str) -> str | None:
        """The id of something by its id or name; None of what is new."""
        return self._known.get((what, _folded(name)))

    def _free(self, name: str, what: str) -> str:
        # A number says nothing of what it is the number of; and `null` or `1e5` would be read as something else.
        name = name if plain(name) == name else f"{what}-{name}"
        numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
        return next(each for each in numbered if each not in self._taken)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def slug(name: str) -> str:
    """A name as an id: small letters, digits and hyphens, at most 40 of them; '' of one without any Latin letter."""
    plain_letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain_letters)[:40].strip("-")


def begun(name: str, answers: Answers) -> dict[str, Any]:
    """A new scenario, complete, of what was answered."""
    names = Names()
    people = answers.people or ("First member", "Second member", "Third member")
    members = {names.take("member", person): {"name": person} for person in people}
    return completed({"scenario": name, "members": members}, answers, names)


def completed(tree: Mapping[str, Any], answers: Answers, names: Names) -> dict[str, Any]:
    """A debate with members, and all that it lacks to be played."""
    whole: dict[str, Any] = {"question": QUESTION, **tree}
    whole |= {"question": answers.question} if answers.question else {}
    whole.setdefault("title", whole["question"])
    (first, last), (low, high) = frame(whole, answers)
    answered = {"low": low, "high": high} if answers.ends else {}
    axis = {"label": whole["question"], "low": low, "high": high, **whole.get("axis", {}), **answered}
    whole["axis"] = {**axis, "policy": axis.get("policy", {"at": axis["low"]})}
    whole.setdefault("span", {"from": first, "to": last})
    if "dynamics" not in whole:
        if not SHORTEST <= high - low <= LONGEST:
            raise UserError(f"the axis runs from {low:g} to {high:g}: {_UNIT}")
        whole.setdefault("invented", UNSAID)
        whole["parameters"] = {**_parameters(high - low, _has_abstentions(whole)), **whole.get("parameters", {})}
        whole["dynamics"] = _dynamics(low, high, "abstention-margin" in whole["parameters"])
    if not whole.get("bodies"):
        names_of_bodies = answers.bodies or ("Committee",)
        seats = [{"members": list(whole["members"])}]
        whole["bodies"] = {names.take("body", name): {"name": name, "seats": seats} for name in names_of_bodies}
    if not whole.get("timeline"):
        whole["timeline"] = _timeline(whole, first + (last - first) / 2, names)
    return whole


def frame(tree: Mapping[str, Any], answers: Answers) -> tuple[tuple[datetime.date, datetime.date], tuple[float, float]]:
    """The first and the last day, and the ends of the axis: as they are given, as answered, or around all there is."""
    span, axis = tree.get("span", {}), tree.get("axis", {})
    days, ends = (span.get("from"), span.get("to")), (axis.get("low"), axis.get("high"))
    are_days = all(isinstance(day, datetime.date) for day in days)
    are_ends = all(_is_number(end) for end in ends) and ends[0] < ends[1]
    return days if are_days else _span(tree, answers), answers.ends or (ends if are_ends else _extent(tree))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _span(tree: Mapping[str, Any], answers: Answers) -> tuple[datetime.date, datetime.date]:
    """The days of all that happens, or what was answered, or a year."""
    moments = [day for day in _days(tree) if isinstance(day, datetime.date)]
    first, last = (min(moments), max(moments)) if moments else (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    start = answers.start or (min(first, answers.end) if answers.end else first)
    end = answers.end or max(last, start)
    if start > end:
        raise UserError(f"the debate ends on {end}, before it begins, {start}: give --from and --to in this order")
    return start, end


def _days(tree: Mapping[str, Any]) -> list[Any]:
    moments = [moment.get(key) for moment in tree.get("timeline", ()) for key in ("date", "until")]
    seen = [each.get("date") for member in tree["members"].values() for each in member.get("observations", ())]
    return moments + seen


def _extent(tree: Mapping[str, Any]) -> tuple[float, float]:
    """A usual scale that holds all positions given; else from the lowest to the highest."""
    places = [member.get("first_stance", {}).get("value") for member in tree["members"].values()]
    places += [moment.get(key) for moment in tree.get("timeline", ()) for key in ("if_carried", "if_lost")]
    numbers = [place for place in places if _is_number(place)]
    for low, high in ((0, 1), (-1, 1), (0, 10), (0, 100), (-100, 100)):
        if numbers and low <= min(numbers) and max(numbers) <= high:
            return low, high
    return (min(numbers), max(numbers)) if numbers and min(numbers) < max(numbers) else (0, 10)


def _has_abstentions(tree: Mapping[str, Any]) -> bool:
    moments = tree.get("timeline", ())
    by_list = any("abstained" in moment.get("roll_call", {}) for moment in moments)
    return by_list or any(vote.get("vote") == "abstain" for moment in moments for vote in moment.get("votes", ()))


def _parameters(length: float, with_abstentions: bool) -> dict[str, Any]:
    """Wide ranges for what a calibration may learn. length: of the axis."""
    sharpness = _rounded(25 / length**2)
    share, within = [0.05, 0.5], [0, 1]
    listener, reader = "how far one talk moves a listener", "how far a letter moves its reader"
    surely = "how surely a member votes for the nearer of the two outcomes"
    made: dict[str, Any] = {
        "openness": _parameter({"uniform": share}, within, "share of the distance, per talk", listener),
        "receptiveness": _parameter(
            {"uniform": share}, within, "share of the distance, per letter of strength 3", reader
        ),
        "sharpness": _parameter(
            {"lognormal": [sharpness, 1]},
            [_rounded(sharpness / 100), _rounded(sharpness * 100)],
            "per squared unit of the axis",
            surely,
        ),
    }
    if with_abstentions:
        far = _rounded(length**2)
        made["abstention-margin"] = _parameter(
            {"uniform": [0, _rounded(far / 4)]},
            [0, far],
            "squared units of the axis",
            "how alike both outcomes are to somebody who abstains",
        )
    return made


def unknown_place(low: float, high: float) -> dict[str, Any]:
    """Where a motion leads of which nobody has said where: anywhere between the ends of the axis."""
    return _parameter({"uniform": [low, high]}, [low, high], "on the axis", "unknown place")


def _parameter(value: dict[str, Any], within: list[Any], unit: str, meaning: str) -> dict[str, Any]:
    return {"value": value, "range": within, "unit": unit, "meaning": meaning}


def _rounded(number: float) -> float:
    return float(f"{number:.3g}")


def _dynamics(low: float, high: float, with_abstentions: bool) -> dict[str, Any]:
    ballots = {"rule": "logit", "sharpness": "sharpness"}
    return {
        "talk": {"rule": "degroot", "susceptibility": "openness"},
        "letters": {"receptiveness": "receptiveness"},
        "ballots": {**ballots, "abstention_margin": "abstention-margin"} if with_abstentions else ballots,
        "unknown_stance": {"value": {"uniform": [low, high]}},
    }


def _timeline(tree: Mapping[str, Any], date: datetime.date, names: Names) -> list[dict[str, Any]]:
    """A talk and a ballot of the first body on a day."""
    body, axis = next(iter(tree["bodies"])), tree["axis"]
    sitting = names.take("motion", "First sitting")
    ballot = {"id": names.take("motion", "First ballot"), "kind": "ballot", "session": sitting, "body": body}
    places = {"motion": "The first motion", "if_carried": axis["high"], "if_lost": axis["low"], "note": PLACE}
    moments = {"id": sitting, "kind": "talk", "body": body}, {**ballot, **places}
    return [{**moment, "date": date} for moment in moments]


def comments_of(tree: Mapping[str, Any], about: str) -> dict[Path, str]:
    """What the file says above its parts: what each section is for, and every question that is open."""
    said: dict[Path, str] = {(): about}
    members, axis = tree["members"], tree["axis"]
    unknown = [name for name, member in members.items() if "first_stance" not in member]
    if tree.get("invented") == UNSAID:
        said[("invented",)] = (
            "What names no source of its own is assumed, and this is its note. Take the line out when all is known: "
            "`sim check` then names what has no origin."
        )
    if tree["question"] == QUESTION:
        said[("question",)] = "QUESTION: what is the one question of the debate?"
    said[("axis",)] = "The question as a line, on which everybody stands somewhere."
    if not axis.get("positions"):
        example = flow({"name": "middle", "at": (axis["low"] + axis["high"]) / 2, "meaning": "what it stands for"})
        asked = "QUESTION: what do its ends and the places between them mean? Name them, as"
        said[("axis",)] += f"\n{asked}\npositions: [{example}]"
    if "evidence" not in axis["policy"]:
        said[("axis", "policy")] = "QUESTION: what is in force on the first day?"
    for number, position in enumerate(axis.get("positions", ())):
        if str(position.get("meaning", "")).endswith(CLAIM):
            said["axis", "positions", number] = "QUESTION: where on the axis is this?"
    said[("parameters",)] = "What nobody knows exactly: wide ranges, which `sim calibrate` narrows by the record."
    if any(member.keys() & {"authority", "salience"} for member in members.values()):
        said[("members",)] = (
            "`authority` is how much a member is listened to (their capability), `salience` how much the question "
            "matters to them, both from 0 to 1: of tables with numbers above 1 they are shares of 10, 100 or so on."
        )
    is_unplaced = any(PLACE in str(moment.get("note", "")) for moment in tree["timeline"])
    if unknown:
        known = f"Known of {len(members) - len(unknown)} of {len(members)}"
        said[("members",)] = said.get(("members",), "") + (
            f"\nQUESTION: where does each stand at first? {known}; others are drawn from `unknown_stance`. Add, as\n"
            f"{unknown[0]}: {flow({**members[unknown[0]], 'first_stance': {'value': axis['high']}})}"
        )
        if is_unplaced and len(unknown) == len(members):
            said[("members",)] += (
                "\nWithout a first stance of anybody, a fit cannot tell one end of the axis from the other."
            )
    happens = "What happens, day by day: letters, absences, events, talks and ballots. A letter, for example:"
    said[("timeline",)] = f"{happens}\n{flow(_letter(tree))}"
    for number, moment in enumerate(tree["timeline"]):
        if questions := [_OPEN[one] for one in _OPEN if one in str(moment.get("note", ""))]:
            said["timeline", number] = f"QUESTION: {' '.join(questions)}"
    return said


def _letter(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A letter as somebody in a debate might have written it."""
    author, readers = next(iter(tree["members"])), list(tree["bodies"])[:1]
    about = {"author": author, "readers": readers, "argues_for": tree["axis"]["high"], "strength": 3}
    return {"id": "a-letter", "kind": "letter", "date": tree["span"]["from"], **about, "summary": "What it says."}


_OPEN: Mapping[str, str] = {
    PLACE: "where on the axis does it lead, carried (`if_carried`) and lost (`if_lost`)?",
    DATE: "when was it put?",
}
