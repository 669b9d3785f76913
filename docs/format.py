"""Makes docs/reference/format.md from the classes of the format: `python -m docs.format`."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from sim.scenario import schema
from sim.scenario.conditions import Condition
from sim.scenario.schema.descriptions import descriptions
from sim.scenario.validation.types import parts_in

PAGE = Path(__file__).parent / "reference" / "format.md"
HEAD = """# The format

Everything that a scenario or a what-if may say, part by part: for each key what it takes, what holds without it, and
what it means. [Write your own debate](../how-to/write-your-own-debate.md) leads through a whole file, and
[coding](../how-to/coding.md) from sources to numbers. `sim check FILE` tells all that is wrong with a file, and
`sim schema` lets an editor complete and explain the same keys. `python -m docs.format` makes this page from the format
itself.

- A file is YAML. Nothing is guessed: a key that is not here is refused.
- An **id** is small letters, digits and single hyphens, as `sunday-ballot`; no two things of a file have the same one.
  Where **ids** are taken, a single one will do. A **source key** is a capital letter or a digit, then letters, digits
  and `_`, as `Smith2024`.
- A **day** is `1918-02-23`, without quotes; a **date** is a day, or a month (`1918-02`) or year (`1918`) where no more
  is known. `"yes"` and `"no"` are best quoted: other readers of YAML take them for true and false.
- A **[parameter](#parameter)** is the name of one, or a number, which then is a parameter of that value, fixed and
  assumed.
- A **place** is a number on the axis, or the name of a [position](#position) or of a parameter.
- Whatever has an **[origin](#origin)** may leave it out where an `origin` or `invented` around it gives it.

**What a file need not say.** A number in place of a parameter is called after its place (`ann-authority`). Seats
without dates are held throughout; without a `procedure` more yes than no carries; `unknown_stance` is needed only where
somebody has no first stance. An invented debate says once, under `invented`, why it was made up: whatever then says
nothing of its origin is *assumed*, with this as its note. In the same way `origin`, in a member, a body or at the root,
gives evidence and sources once for all inside that say nothing of their own. A `roll_call` (`yes`, `no`, `abstained`,
`absent`) stands for the named votes of a ballot, from the ballot's source unless it has its own. A debate of six
members, a talk and a ballot:

```yaml
scenario: six-and-a-bridge
title: How wide shall the bridge be?
question: How many lanes should the new bridge have?
invented: Made up to show the format.
span: {from: 2024-03-01, to: 2024-03-31}
axis: {label: lanes, low: 0, high: 4, policy: {at: 0}}
dynamics:
  talk: {rule: degroot, susceptibility: 0.5}
  ballots: {rule: logit, sharpness: 0.5}
members:
  ann: {name: Ann, first_stance: {value: 0}, authority: 0.4}
  bob: {name: Bob, first_stance: {value: 1}}
  cem: {name: Cem, first_stance: {value: 1}}
  dee: {name: Dee, first_stance: {value: 2}}
  eli: {name: Eli, first_stance: {value: 3}}
  fay: {name: Fay, first_stance: {value: 4}}
bodies:
  council: {name: The council, seats: [{members: [ann, bob, cem, dee, eli, fay]}]}
timeline:
  - {id: hearing, kind: talk, date: 2024-03-04, body: council}
  - {id: vote, kind: ballot, date: 2024-03-11, body: council, motion: Two lanes, if_carried: 2, if_lost: policy}
```
"""
#: What the values of the simple types are called.
SIMPLE: Sequence[tuple[Any, str]] = (
    (schema.Text, "text"),
    (schema.Id, "an id"),
    (schema.SourceKey, "a source key"),
    (schema.Day, "a day"),
    (schema.DayOrPeriod, "a date"),
    (schema.Flag, "true or false"),
    (schema.Term, "a place"),
    (schema.ParameterName, "a [parameter](#parameter)"),
    (schema.AnyMoment, "a [moment](#moment)"),
    (Condition, "a condition"),
    (dict[str, Any], "a mapping"),
    (float, "a number"),
    (int, "a whole number"),
    (str, "text"),
    (Any, "any value"),
)
#: Headings that are not the words of a class's name.
TITLES = {"Datum": "Origin", "SharedOrigin": "Origin", "DebateFile": "The file", "WhatIfFile": "What-if file"}
Part = type[schema.Part]


def title(part: Part) -> str:
    """The heading of a part: the words of its class's name."""
    words = re.sub("(?<=[a-z])(?=[A-Z])", " ", part.__name__).capitalize()
    return TITLES.get(part.__name__, words)


def link(part: Part, many: bool = False) -> str:
    """A part as a word that leads to its section, in the plural where there may be many."""
    word = title(part).lower()
    plural = re.sub("y$", "ie", word).removesuffix("s") + "s"
    return f"[{plural if many else word}](#{word.replace(' ', '-')})"


def is_part(kind: Any) -> bool:
    """Whether a type is a part of the format."""
    return isinstance(kind, type) and issubclass(kind, schema.Part)


def takes(kind: Any) -> str:
    """What a value of a type is, in words."""
    if (word := next((word for simple, word in SIMPLE if simple == kind), None)) is not None:
        return word
    if is_part(kind):
        return link(kind) if title(kind).endswith("s") else f"{article(title(kind))} {link(kind)}"
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated and get_origin(inside[0]) is tuple:
        return several(get_args(inside[0])[0])
    if origin is Annotated:
        return takes(inside[0]) + bounds(inside[1:])
    if origin is Literal:
        return " or ".join(filter(None, (", ".join(f"`{word}`" for word in inside[:-1]), f"`{inside[-1]}`")))
    if origin in (Union, types.UnionType):
        return choice([one for one in inside if one is not type(None)])
    if origin is dict:
        if get_origin(inside[1]) is dict:
            return f"{takes(inside[1])}, for each {bare(takes(inside[0]))}"
        return f"{several(inside[1])} by {bare(takes(inside[0]))}"
    if inside[1:] == (...,):
        return f"a list of {several(inside[0])}"
    if origin is tuple:
        return f"two {several(inside[0])}"
    raise TypeError(f"SIMPLE does not say what a value of {kind} is called")


def choice(kinds: Sequence[Any]) -> str:
    """What one of several types is: a place is a number or a name."""
    place = get_args(schema.Term)
    others = [takes(kind) for kind in kinds if kind not in place]
    return ", or ".join(["a place", *others] if {*place} <= {*kinds} else map(takes, kinds))


def bounds(marks: Sequence[Any]) -> str:
    """The bounds of a number, in words."""
    inside = [mark for info in marks for mark in (info, *getattr(info, "metadata", ()))]
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = [f"{say} {getattr(mark, sign):g}" for sign, say in words.items() for mark in inside if hasattr(mark, sign)]
    return f" ({' and '.join(found)})" if found else ""


def article(word: str) -> str:
    """A or an."""
    return "an" if word[0] in "AEIOU" else "a"


def bare(words: str) -> str:
    """The words without their article."""
    return re.sub("^an? ", "", words)


def several(kind: Any) -> str:
    """What values of a type are, in the plural."""
    if is_part(kind) or kind == schema.AnyMoment:
        return link(kind if is_part(kind) else schema.Moment, many=True)
    words = takes(kind)
    plural = re.sub(r"^an? ([\w ]+\w)", r"\1s", words)
    return plural if plural != words else f"{words}, or a list of them"


def without(field: FieldInfo, is_needed: bool) -> str:
    """What holds if a key is not given: its default, if that says anything."""
    if is_needed:
        return "**needed**"
    default = field.default
    if isinstance(default, bool):
        return str(default).lower()
    return f"`{default}`" if isinstance(default, str) else f"{default:g}" if isinstance(default, float | int) else ""


def table(part: Part) -> Iterator[str]:
    """The keys of a part that it does not share with others."""
    shared = {*schema.Moment.model_fields} if issubclass(part, schema.Moment) and part is not schema.Moment else set()
    shared |= {*schema.Datum.model_fields} if issubclass(part, schema.Datum) and part is not schema.Datum else set()
    said, needed = descriptions(part), part.model_json_schema(by_alias=True).get("required", ())
    hints = get_type_hints(part, include_extras=True)
    yield from ("| key | takes | without it | meaning |", "|---|---|---|---|")
    for name, field in part.model_fields.items():
        if name not in shared:
            key = field.alias or name
            yield f"| `{key}` | {takes(hints[name])} | {without(field, key in needed)} | {said[name]} |"


def section(part: Part) -> Iterator[str]:
    """Everything about a part."""
    yield from (f"## {title(part)}", "", cleandoc(str(part.__doc__)), "")
    if part is schema.Moment:
        kinds = ", ".join(link(kind) for kind in parts_in(schema.AnyMoment))
        yield from (f"Each kind has keys of its own: {kinds}. All have these, and their {link(schema.Datum)}.", "")
    elif issubclass(part, schema.Moment):
        yield from (f"It also has what every {link(schema.Moment)} has.", "")
    elif issubclass(part, schema.Datum) and part is not schema.Datum:
        yield from (f"It also has its {link(schema.Datum)}.", "")
    yield from (*table(part), "")


def in_order(part: Part, seen: dict[str, Part]) -> dict[str, Part]:
    """The parts of a kind of file by their headings, each where it is first met, after what it shares with others."""
    if title(part) not in seen:
        for base in (schema.Datum, schema.Moment):
            if part is not base and issubclass(part, base):
                in_order(base, seen)
        seen[title(part)] = part
        for field in part.model_fields.values():
            for inside in parts_in(field.annotation):
                in_order(inside, seen)
    return seen


def page() -> str:
    """The text of the page."""
    seen = in_order(schema.WhatIfFile, in_order(schema.DebateFile, {}))
    return "\n".join([HEAD, *(line for part in seen.values() for line in section(part))]).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
