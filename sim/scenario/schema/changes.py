"""Differences: the sides of a contested point, and what-ifs, whose files have a format of their own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.origins import Datum, Part
from sim.scenario.schema.values import Flag, Id, Text


class Change(Part):
    """One difference: `set` a field, `remove` an item or a field, or `add` an item. Exactly one of the three."""

    set: Text | None = None
    """The field that gets another value: an id and a field of it (`eve-writes.strength`), or a path that begins with
    `dynamics` or `axis`."""
    to: Any = None
    """The value that it gets."""
    remove: Text | None = None
    """The id, or the field, that is taken out. With a moment goes what `follows` from it."""
    alone: Flag = False
    """Whether what follows from a removed moment stays as it is."""
    add: Literal["timeline", "members", "bodies", "parameters", "sources"] | None = None
    """The section that gets another item."""
    item: dict[str, Any] | None = None
    """The item, as the section would have it, with its `id`."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Change:
        if sum(field is not None for field in (self.set, self.remove, self.add)) != 1:
            one = "'set' (with 'to'), 'remove', 'add' (with 'item')"
            raise ValueError(f"a change is exactly one of {one}, as {{remove: ID}} or {{set: ID.FIELD, to: VALUE}}")
        if (self.add is not None) != (self.item is not None):
            raise ValueError(
                "'item' goes with 'add', and only with it, as {add: timeline, item: {id: ID, kind: letter}}"
            )
        if (self.set is not None) != ("to" in self.model_fields_set):
            raise ValueError("'to' goes with 'set', and only with it, as {set: ID.FIELD, to: VALUE}")
        if self.alone and self.remove is None:
            raise ValueError("'alone' goes with 'remove', and only with it")
        return self


class ReadingOption(Datum):
    """One side of a contested point."""

    says: Text
    """What this side says, in a sentence."""
    changes: tuple[Change, ...] = ()
    """What is different in the file if it is right; without them the file is as it stands."""


class Reading(Part):
    """A point on which the sources differ, or on which two people coded them differently."""

    question: Text
    """What is in dispute."""
    default: Id
    """The side that is taken unless another is chosen."""
    options: dict[Id, ReadingOption]
    """The sides, by the names by which they are chosen (`--reading QUESTION=SIDE`)."""


class WhatIfFile(Datum):
    """A what-if: a file of the few differences that make another world of a debate. `changes` or `readings` are needed.

    What it says of its origin is what its motivation rests on.
    """

    what_if: Id
    """The id of the what-if, by which commands call it."""
    base: Id
    """The id of the debate that it differs from: what that has under `scenario`."""
    title: Text
    """What it is called in tables and figures."""
    why: Text
    """Why one would ask, in a sentence or two."""
    readings: dict[Id, Id] = Field(default_factory=dict)
    """The sides of contested points that it takes: the id of each reading, and of its option."""
    changes: tuple[Change, ...] = ()
    """The differences, carried out one after the other."""
