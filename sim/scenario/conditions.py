"""Conditions: what must hold in a history for a moment to happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Strict, StringConstraints
from pydantic_core import CoreSchema, core_schema

#: What a file writes: `BALLOT carried` (rejected, not put), `MEMBER yes in BALLOT` (no, abstained, absent),
#: `MOMENT happened` (did not happen), or `policy < POSITION`.
PATTERN = (
    r"^(\S+ (carried|rejected|not put|happened|did not happen)|\S+ (yes|no|abstained|absent) in \S+"
    r"|policy (<|<=|>|>=|=) \S+)$"
)
ConditionText = Annotated[str, Strict(), StringConstraints(pattern=PATTERN)]
HAPPENED, DID_NOT_HAPPEN = "happened", "did not happen"
COMPARISONS = ("<", "<=", ">", ">=", "=")


@dataclass(frozen=True)
class Condition:
    """A condition, parsed once. Either `moment` and `outcome` are given, or `comparison` and `threshold`.

    text: as the file writes it. moment: the one looked back to. outcome: what it must have come to, `carried`,
    `rejected`, `not put`, `happened` or `did not happen`; with a `member`, their vote. threshold: what the policy in
    force is compared with, a number or the name of a position.
    """

    text: str
    moment: str | None = None
    outcome: str = ""
    member: str | None = None
    comparison: str = ""
    threshold: float | str = ""

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Condition:
        """The condition in a text of the form that a file allows."""
        subject, verb, *rest = text.split()
        if subject == "policy" and verb in COMPARISONS:
            return cls(text, comparison=verb, threshold=_number(rest[0]))
        if rest[:1] == ["in"]:
            return cls(text, moment=rest[1], outcome=verb, member=subject)
        return cls(text, moment=subject, outcome=" ".join([verb, *rest]))

    @property
    def is_of_a_ballot(self) -> bool:
        """Whether only a ballot can be looked back to."""
        return self.moment is not None and self.outcome not in (HAPPENED, DID_NOT_HAPPEN)

    @property
    def may_do_without(self) -> bool:
        """Whether it holds where the moment looked back to never comes."""
        return self.outcome in ("not put", DID_NOT_HAPPEN)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls.parse, handler.generate_schema(ConditionText), serialization=core_schema.to_string_ser_schema()
        )


def _number(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


def looked_back_to(conditions: tuple[Condition, ...]) -> Iterator[str]:
    """The moments that conditions look back to."""
    return (condition.moment for condition in conditions if condition.moment is not None)


def conditions_of(raw: Any) -> list[Condition]:
    """The conditions in what a file has under `if`, whatever that is: those that have the form of one."""
    texts = raw if isinstance(raw, list) else [raw]
    return [Condition.parse(text) for text in texts if isinstance(text, str) and re.match(PATTERN, text)]
