"""The words and numbers of which the parts of the format are made: ids, texts, numbers, days, lists."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, Strict
from pydantic_core import CoreSchema, core_schema

from sim.errors import unprintable

Evidence = Literal["documented", "attributed", "conjecture", "assumed"]
Provenance = Literal["seed", "found", "background", "inference"]
Outcome = Literal["carried", "rejected"]
Vote = Literal["yes", "no", "abstain"]
#: A date, and a part of the day: 0 where none is given, and then in their order.
When = tuple[datetime.date, int]
PartOfDay = Literal["morning", "midday", "afternoon", "evening", "night"]

LONGEST_ID = 80  # characters: ids are parts of the names of files, of which most systems take 255 bytes
#: How large a number may be, and how small one that is not 0: squared and added up, all of them stay exact enough.
LARGEST_NUMBER, SMALLEST_NUMBER = 1e15, 1e-15


def _printable(text: str) -> str:
    """The text, if all of it can be shown as it is. Raises ValueError."""
    if fault := unprintable(text):
        raise ValueError(fault)
    return text


def _of_a_size(number: float) -> float:
    """The number, if it is of a size to be reckoned with. Raises ValueError."""
    if abs(number) > LARGEST_NUMBER:
        raise ValueError(f"{number:g} is too large: a number is at most {LARGEST_NUMBER:g} (choose another unit)")
    if 0 < abs(number) < SMALLEST_NUMBER:
        raise ValueError(
            f"{number:g} is too close to 0: it is 0, or at least {SMALLEST_NUMBER:g} (choose another unit)"
        )
    return number


def _whole(number: float) -> float:
    """The number, as a whole one if it is: of the usual votes nobody is to read 1.0."""
    return int(number) if number == int(number) else number


class _Printable:
    """Text that is not empty and can all be shown."""

    # Said to pydantic's core at once, like that of a word: its own marks are put together anew for each field.
    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        text = core_schema.str_schema(strict=True, min_length=1, strip_whitespace=True)
        return core_schema.no_info_after_validator_function(_printable, text)


@dataclass(frozen=True)
class _Word:
    """A word of a pattern."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.str_schema(strict=True, pattern=self.pattern, max_length=LONGEST_ID)


Id = Annotated[str, _Word(r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, _Printable()]
SourceKey = Annotated[str, _Word(r"^[A-Z0-9][A-Za-z0-9_]*$")]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False), AfterValidator(_of_a_size)]
#: The votes of a seat, and votes counted: whole or not.
Weight = Annotated[
    float, Strict(), Field(gt=0, allow_inf_nan=False), AfterValidator(_of_a_size), AfterValidator(_whole)
]
Votes = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False), AfterValidator(_of_a_size), AfterValidator(_whole)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Day = Annotated[datetime.date, Strict()]


class _NumberToo:
    """Where a file may have a number for a name: `validation.short_forms` makes it one before types are checked."""

    def __get_pydantic_json_schema__(self, name: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, handler(name)]}


class _MonthOrYearToo:
    """Where a file may have a month or a year for a day: `validation.short_forms` makes it days."""

    def __get_pydantic_json_schema__(self, day: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(day), {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}, {"type": "integer"}]}


class _OneOrMany:
    """One thing where a list is meant is a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: [value] if isinstance(value, str | dict | int | float) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, many: CoreSchema, handler: Any) -> dict[str, Any]:
        array = handler(many)
        return {"anyOf": [array["items"], array]}


T = TypeVar("T")
Listed = Annotated[tuple[T, ...], _OneOrMany()]
#: A day; a file may have a month or a year here, of which a day is then assumed.
DayOrPeriod = Annotated[Day, _MonthOrYearToo()]
#: A number, or the name of a position on the axis or of a parameter.
Term = Number | Id
Names = Listed[Id]
#: The name of a parameter; a file may have a number here, which is then a parameter of that value, fixed and assumed.
ParameterName = Annotated[Id, _NumberToo()]
