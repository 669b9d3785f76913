"""What the figures are drawn from: one frozen bundle of plain tables, and nothing that runs a model."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.results.wording import dated, day, words

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: dict[str, tuple[str, ...]] = {
    "stances": ("date", "member", "mean", "q05", "q25", "q50", "q75", "q95"),
    "decisions": (
        "decision",
        "date",
        "body",
        "motion",
        "documented",
        "probability",
        "low",
        "high",
        "mc_error",
        "score",
        "put",
        "probability_free",
        "tally_mean",
        "tally_low",
        "tally_high",
        "documented_tally",
    ),
    "ballots": ("decision", "member", "stance", "voiced", "yes", "no", "abstain", "absent", "documented"),
    "policy": ("date", "mean", "q05", "q50", "q95"),
    "members": ("member", "label", "named", "group"),
    "marks": ("date", "kind", "label", "member", "until", "id", "first", "last"),
    "observations": ("member", "date", "until", "stance", "evidence"),
    "bodies": ("body", "label", "start", "end"),
    "policy_shares": ("date", "policy", "share", "share_as_recorded"),
    "influence": ("channel", "mover", "member", "net", "low", "high", "gross"),
    "polarisation": ("date", "body", "measure", "mean", "q05", "q50", "q95"),
}
#: More decisions than this are not drawn on one sheet: as rows or narrow columns, and as columns with numbers in them.
MOST_DECISIONS, MOST_COLUMNS = 20, 12
#: Tables that only some figures need; what does not need them is drawn without.
OPTIONAL = ("policy_shares", "influence", "polarisation")


@dataclass(frozen=True, eq=False)
class FigureData:
    """Everything a figure shows of one debate.

    The axis: `title` and `question` in the scenario's words, `axis_label` its unit, `low` and `high` its ends,
    `positions` its named points as (name, value).

    The tables (all dates are datetime64; a missing text is "", a missing number or date is NaN or NaT):

    - `stances`, `decisions`, `ballots`: the tables of a run, earlier decisions going as recorded. Stances are on
      the axis; probabilities and the shares yes/no/abstain/absent are in 0..1; `documented` is carried/rejected
      or yes/no/abstain. `policy`: the policy in force in the histories whose stances are shown.
    - `members`: one row a member, in the order to show. `named` members are drawn in their own colour (the
      first nine of them; the rest joins the crowd). `group` is "" for whoever is drawn alone; of people who are
      alike to the model, since nothing is recorded of any of them, it names all of their kind, and they are
      drawn as one.
    - `marks`: what happened. `kind` is letter, absence, ballot, talk or event; `member` the author or
      absentee; `until` the last day of an absence; `id` of a ballot is its decision; `first` and `last` the days
      between which the date is known to lie, NaT where it is known.
    - `observations`: stances on record. `until` ends a period, NaT for a single day; `evidence` is
      documented, attributed, conjecture or assumed.
    - `bodies`: when each body sat, one row a sitting.
    - `policy_shares`, `influence`, `polarisation`: the tables of a run, or None where a figure needs none of them.

    `shown_only` holds decisions that are drawn but are no part of any fit; `recalled` the votes, by decision and
    member, that are not recorded but recalled, inferred or assumed; `fitted` says whether there was one, and
    `basis` in a sentence what the tables rest on.

    Raises ValueError if a table lacks a column or the axis has no length.
    """

    title: str
    question: str
    axis_label: str
    low: float
    high: float
    positions: tuple[tuple[str, float], ...]
    stances: pd.DataFrame
    decisions: pd.DataFrame
    ballots: pd.DataFrame
    policy: pd.DataFrame
    members: pd.DataFrame
    marks: pd.DataFrame
    observations: pd.DataFrame
    bodies: pd.DataFrame
    shown_only: frozenset[str] = frozenset()
    recalled: frozenset[tuple[str, str]] = frozenset()
    policy_shares: pd.DataFrame | None = None
    influence: pd.DataFrame | None = None
    polarisation: pd.DataFrame | None = None
    basis: str = ""
    fitted: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"the axis has no length: 'low' is {self.low:g}, 'high' is {self.high:g}")
        for table, columns in COLUMNS.items():
            if getattr(self, table) is None and table in OPTIONAL:
                continue
            found = list(getattr(self, table).columns)
            missing = [column for column in columns if column not in found]
            if missing:
                raise ValueError(
                    f"the table '{table}' lacks {', '.join(missing)}; it has {', '.join(map(str, found)) or 'none'}"
                )

    def table(self, name: str) -> pd.DataFrame:
        """One of the optional tables. Raises ValueError if there is none."""
        found: pd.DataFrame | None = getattr(self, name)
        if found is None:
            raise ValueError(f"this figure needs the table '{name}', which these results do not have")
        return found

    @property
    def middle(self) -> float:
        """Half way between the ends of the axis."""
        return (self.low + self.high) / 2

    def label(self, member: str) -> str:
        """The member's name as drawn: their label, or their id in words if the table does not have them."""
        return self._labels.get(member) or words(member)

    def course(self, member: str) -> pd.DataFrame:
        """The member's rows of `stances`, in order of date."""
        return self._courses.get(member, self.stances.iloc[:0])

    @cached_property
    def _labels(self) -> dict[str, str]:
        return dict(zip(self.members["member"], self.members["label"].map(str), strict=True))

    @cached_property
    def _courses(self) -> dict[str, pd.DataFrame]:
        ordered = self.stances.sort_values("date", kind="stable")
        return {str(member): rows for member, rows in ordered.groupby("member", sort=False)}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The named members, in order."""
        return tuple(map(str, self.members.loc[self.members["named"], "member"]))

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """Who is drawn as one: the named members, the others, and then each group.

        Of more than `most` people the last are one row, their mean.
        """
        alone = self.members[self.members["group"] == ""]
        ordered = [str(one) for one in alone.sort_values("named", ascending=False, kind="stable")["member"]]
        shown = ordered if most is None or len(ordered) <= most else ordered[: most - 1]
        for member in shown:
            yield Row(self.label(member), (member,))
        if left := ordered[len(shown) :]:
            yield Row(f"the other {len(left):,} (mean)", tuple(left))
        for name, group in self.members[self.members["group"] != ""].groupby("group", sort=False):
            yield Row(str(name), tuple(group["member"]))

    def around(self, stance: float) -> tuple[float, float]:
        """The range of stances nearer to `stance` than to any other named position or to an end of the axis."""
        others = {value for _, value in self.positions if value != stance} | {self.low, self.high}
        below = max((value for value in others if value < stance), default=stance)
        above = min((value for value in others if value > stance), default=stance)
        return (stance + below) / 2, (stance + above) / 2

    def position(self, stance: float) -> str:
        """The name of the named position nearest to `stance`, or the number if the axis names none."""
        if not self.positions:
            return f"{stance:.1f}".replace("-", "\N{MINUS SIGN}")
        return words(min(self.positions, key=lambda named: abs(named[1] - stance))[0])

    def reach(self, stances: Mapping[str, float]) -> str:
        """Who stands lowest and who highest, in words; `stances` by member, not empty."""
        lowest, highest = min(stances, key=lambda one: stances[one]), max(stances, key=lambda one: stances[one])
        return (
            f"from near “{self.position(stances[lowest])}” ({self.label(lowest)}) "
            f"to near “{self.position(stances[highest])}” ({self.label(highest)})"
        )

    def headed(self, text: str) -> str:
        """A text under the debate's title: after a colon, or as a sentence if the title is one already."""
        if self.title.endswith((".", "?", "!")):
            return f"{self.title} {text[:1].upper()}{text[1:]}"
        return f"{self.title}: {text}"

    def ballot_label(self, decision: str) -> str:
        """The short name of a ballot: that of its mark, or its id in words."""
        mark = self._ballot_marks.get(decision)
        return str(mark.label) if mark is not None and mark.label else words(decision)

    def date_of(self, decision: str, date: datetime.date) -> str:
        """The date of a ballot as far as it is known. date: the day on which it is played."""
        mark = self._ballot_marks.get(decision)
        return date_of_mark(mark) if mark is not None else day(date)

    @cached_property
    def _ballot_marks(self) -> dict[str, Any]:
        """The mark of each ballot, the first of an id."""
        return {mark.id: mark for mark in reversed(records(self.marks[self.marks["kind"] == "ballot"]))}

    @cached_property
    def shown_decisions(self) -> pd.DataFrame:
        """The decisions that are drawn, by date: all, or of more than `MOST_DECISIONS` those that most disagree.

        These are the ones with the least chance for what happened or, without a record, for the likelier outcome.
        """
        table = self.decisions.sort_values("date", kind="stable", ignore_index=True)
        chance = table["probability"].astype(float)
        given = chance.where(table["documented"] == "carried", 1 - chance)
        given = given.where(table["documented"].isin(("carried", "rejected")), chance.where(chance >= 0.5, 1 - chance))
        least = given.sort_values(kind="stable", na_position="last").index[:MOST_DECISIONS]
        return table.loc[table.index.isin(least)]

    @property
    def said_of_shown(self) -> str:
        """Which decisions are drawn, in a sentence after a space; empty if all are."""
        if len(self.decisions) <= MOST_DECISIONS:
            return ""
        return (
            f" Of {len(self.decisions):,} decisions the {MOST_DECISIONS} are shown to whose outcome (without a record, "
            "to whose likelier outcome) the model gives the least chance; the table has all."
        )

    def body_label(self, body: str) -> str:
        """The name of a body as drawn, or its id in words if it has no sitting."""
        return str(self._body_labels.get(body, words(body)))

    @cached_property
    def _body_labels(self) -> dict[str, str]:
        """The name of each body as drawn, at its first sitting."""
        return dict(zip(self.bodies["body"][::-1], self.bodies["label"][::-1], strict=True))


class Row(NamedTuple):
    """What is drawn as one: a person, or several who are alike, averaged."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """How things are called in a figure. title: the debate's; members, ballots, groups (of members): by id.

    basis: in a sentence, what the tables rest on. groups: as in `FigureData`. dates: of ballots, as far as known.
    """

    title: str
    members: Mapping[str, str]
    ballots: Mapping[str, str]
    basis: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    def ballot(self, name: str) -> str:
        """A ballot's short name, or its id in words."""
        return self.ballots.get(name, words(name))

    def cause(self, name: str) -> str:
        """A cause with the members in it by their labels: `letters of eve` is "letters of Eve"."""
        parts = name.replace(":", " of ").split(" ")
        return " ".join(self.members.get(part, part) for part in parts)

    def member(self, name: str) -> str:
        """A member's label, or their id in words."""
        return self.members.get(name, words(name))


def those(names: Sequence[str], what: str = "members") -> str:
    """Names in a sentence: one, two or three of them, of more how many there are of what."""
    if len(names) > 3:
        return f"{len(names)} {what}"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def largest(sizes: pd.Series, most: int = MOST_DECISIONS) -> list[str]:
    """The decisions in the index of `sizes` that fit on a sheet, in their order: of more than `most` the largest."""
    kept = set(sizes.sort_values(ascending=False, kind="stable").index[:most])
    return [str(name) for name in sizes.index if name in kept]


def said_of_largest(drawn: int, count: int, which: str) -> str:
    """Which of `count` decisions are drawn, in a sentence after a space; nothing if all are."""
    return f" Of {count:,} decisions the {drawn} are shown {which}; the table has all." if drawn < count else ""


def one_outcome(outcomes: Iterable[str]) -> str:
    """A sentence for where all outcomes on record are the same: that is easily foretold. Else nothing."""
    different = set(outcomes)
    return f" All outcomes on record are “{different.pop()}”." if len(different) == 1 else ""


def date_of_mark(mark: Any, year: bool = True) -> str:
    """When something happened, as far as that is known: a row of the marks, in words."""
    return dated(mark.date, (mark.first.date(), mark.last.date()) if mark.first == mark.first else None, year)


def records(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, each with its columns as attributes."""
    return list(table.itertuples())
