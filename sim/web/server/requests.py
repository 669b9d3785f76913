"""What a page may ask for: a world, described by its controls, and how many histories of it.

Everything that comes from a browser is checked here, and bounded, before anything is made of it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sim.errors import UserError
from sim.scenario.schema import Id

#: Bytes of a request: many times what the largest set of controls takes.
LARGEST = 64 * 1024
#: Histories of each world, unless a page asks for more or fewer.
RUNS = 3000
#: Histories that one request may have played.
MOST_RUNS = 200_000
#: Controls of one kind that may be touched.
MOST = 200


class RequestError(UserError):
    """A request that cannot be answered; the message says what in it and what would do."""


def _nested(world: Any) -> Any:
    """Changes by their paths, as `{"room:october:ada": "in"}`, in the parts of `Controls` to which they lead."""
    if not isinstance(world, dict):
        return world
    controls: dict[str, Any] = {}
    for path, value in world.items():
        *way, last = path.split(":")
        part = controls
        for name in way:
            part = part.setdefault(name, {})
            if not isinstance(part, dict):
                raise ValueError(f"'{path}' leads on from what has a value itself")
        if isinstance(value, dict):
            raise ValueError(f"'{path}' leads to several values: each has a path of its own, with colons")
        part[last] = value
    return controls


def _whole(value: Any) -> Any:
    """A whole number, also as text: a browser's numbers are exact to 2^53, seeds go on."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 21 else value


Finite = Annotated[float, Field(allow_inf_nan=False)]
Names = Annotated[dict[Id, Literal[True]], Field(max_length=MOST)]
Seed = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=2**64 - 1)]
Path = Annotated[str, Field(pattern=r"^[a-z_.]{1,60}$")]


class Part(BaseModel):
    """A part of a request: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Controls(Part):
    """How a world differs from the scenario as its file has it.

    what_ifs: shipped ones, by name. readings: the side taken in contested points. evidence: what is kept; if None,
    what was kept when the page was opened. off: moments that do not happen. silent: bodies that do not talk between
    recorded sittings. strength: of letters, on the record's scale. room: by ballot and member, whether they are in
    the room or out of it. rules: dotted paths of the dynamics, and their words. hold: parameters held at a
    value instead of being drawn. What has a name and no value is true.
    """

    what_ifs: Names = {}
    readings: Annotated[dict[Id, Id], Field(max_length=MOST)] = {}
    evidence: Literal["all", "documented", "seed"] | None = None
    off: Names = {}
    silent: Names = {}
    strength: Annotated[dict[Id, Finite], Field(max_length=MOST)] = {}
    room: Annotated[dict[Id, dict[Id, Literal["in", "out"]]], Field(max_length=MOST)] = {}
    rules: Annotated[dict[Path, Id], Field(max_length=MOST)] = {}
    hold: Annotated[dict[Id, Finite], Field(max_length=MOST)] = {}


class PageRequest(Part):
    """One request.

    world: its changes by their paths, their names joined by colons: `{"off:eve-writes": true, "evidence": "seed"}`.
    runs: histories of each world. replicate: the history that is shown alone.
    """

    world: Annotated[Controls, BeforeValidator(_nested)] = Controls()
    seed: Seed = 1922
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS)] = RUNS
    replicate: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number that can be played")


def parse(body: bytes) -> PageRequest:
    """The request in a body of JSON. Raises RequestError with one sentence a fault."""
    if len(body) > LARGEST:
        raise RequestError(f"the request has {len(body)} bytes: at most {LARGEST} are read")
    try:
        content = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the request is not JSON: {error}") from None
    try:
        return PageRequest.model_validate(content)
    except ValidationError as error:
        raise RequestError("; ".join(_sentence(dict(item)) for item in error.errors()[:5])) from None


def _sentence(fault: dict[str, Any]) -> str:
    where = ".".join(str(step) for step in fault["loc"]) or "the request"
    given = repr(fault.get("input"))
    return f"{where}: {fault['msg']}, not {given if len(given) < 60 else given[:59] + '…'}"
