"""Conditions: what must hold in a history for a moment to happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Strict, StringConstraints
from pydantic_core import CoreSchema, core_schema

#: What a file writes: `BALLOT carried`, `BALLOT rejected`, `BALLOT not put`, or `policy < POSITION`.
PATTERN = r"^(\S+ (carried|rejected|not put)|policy (<|<=|>|>=|=) \S+)$"
ConditionText = Annotated[str, Strict(), StringConstraints(pattern=PATTERN)]
COMPARISONS = ("<", "<=", ">", ">=", "=")


@dataclass(frozen=True)
class Condition:
    """A condition, parsed once. Either `ballot` and `outcome` are given, or `comparison` and `threshold`.

    text: as the file writes it. outcome: `carried`, `rejected` or `not put`. threshold: what the policy in force is
    compared with, a number or the name of a position.
    """

    text: str
    ballot: str | None = None
    outcome: str = ""
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
        return cls(text, ballot=subject, outcome=" ".join([verb, *rest]))

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


def ballots_of(conditions: tuple[Condition, ...]) -> Iterator[str]:
    """The ballots that conditions look back to."""
    return (condition.ballot for condition in conditions if condition.ballot is not None)


def conditions_of(raw: Any) -> list[Condition]:
    """The conditions in what a file has under `if`, whatever that is: those that have the form of one."""
    texts = raw if isinstance(raw, list) else [raw]
    return [Condition.parse(text) for text in texts if isinstance(text, str) and re.match(PATTERN, text)]
