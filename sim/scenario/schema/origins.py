"""What every part of a file is, and what it may say of its origin: how well it is known, and from which works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from sim.scenario.schema.descriptions import descriptions
from sim.scenario.schema.values import Evidence, Listed, Provenance, SourceKey, Text, Whole


def may_lack(*keys: str) -> Callable[[dict[str, Any]], None]:
    """What tells editors that a mapping may do without keys that it needs, since they are given once for the file."""

    def loosen(schema: dict[str, Any]) -> None:
        schema["required"] = [key for key in schema.get("required", ()) if key not in keys]

    return loosen


class Part(BaseModel):
    """A piece of the file: unknown keys refused, nothing changed once read. The string under a field describes it."""

    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="forbid", populate_by_name=True, json_schema_extra=may_lack("evidence")
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The JSON Schema of the part, with what its fields mean."""
        reference = handler(core_schema)
        properties = handler.resolve_ref_schema(reference)["properties"]
        for field, text in descriptions(cls).items():
            properties[cls.model_fields[field].alias or field]["description"] = text
        return reference


class Datum(Part):
    """Something said about the debate, with its origin.

    What is `assumed` needs a note that says why; everything else needs a source and a provenance. What says nothing of
    its origin has the one given around it, under `origin` or `invented`.
    """

    evidence: Evidence
    """How well it is known: `documented` (a primary source says so), `attributed` (an editor, historian or memoirist
    does), `conjecture` (inference or unverified recollection) or `assumed` (nobody does)."""
    provenance: Listed[Provenance] = ()
    """How it came into the file: `seed` (in the founding document), `found` (read in the source), `background` (from
    general knowledge) or `inference`. One word for all sources, or one for each in their order."""
    source: Listed[SourceKey] = ()
    """The works that say so: keys of the file's `sources`."""
    record: Listed[Text] = ()
    """The items of a sourced record that it was taken from, by whatever names they have there."""
    note: Text | None = None
    """What else there is to know of it; of what is `assumed`, why."""

    @model_validator(mode="after")
    def _says_its_origin(self) -> Datum:
        if self.evidence == "assumed":
            if self.note is None:
                raise ValueError("an assumption needs a 'note' that says why it is made")
        elif not self.source:
            raise ValueError(f"evidence '{self.evidence}' needs a 'source' (only 'assumed' does without)")
        elif not self.provenance:
            raise ValueError("'provenance' is missing: seed, found, background or inference")
        elif len(self.provenance) not in (1, len(self.source)):
            raise ValueError(
                f"'provenance' has {len(self.provenance)} words for {len(self.source)} sources: give one word for all, "
                "or one for each"
            )
        return self


class SharedOrigin(Datum):
    """An origin given once, for all in a member, a body or the whole file that says nothing of its own."""


class Source(Part):
    """A work that the file cites."""

    title: Text
    """What it is called."""
    work: Text | None = None
    """The larger work that it is in: a journal, a collection, an archive."""
    author: Text | None = None
    """Who wrote or edited it."""
    year: Whole | None = None
    """When it came out."""
    url: Text | None = None
    """Where it can be read."""
    alt_url: Text | None = None
    """Where else."""
    kind: Text | None = None
    """What kind of work it is, in a word: minutes, letter, memoir, history."""
    leaning: Text | None = None
    """Which side it takes, to beware of."""
    limits: Text | None = None
    """What it leaves out or cannot know, and how much of it was read."""
