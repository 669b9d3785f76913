"""NetCDF files in the classic format, read: as much of it as a posterior needs.

SciPy writes them; its reader takes longer to import than a debate takes to be loaded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from typing import Any

#: The numbers of the format's types, as `struct` writes them in big-endian order: only text is kept as bytes.
_TYPES = {1: "b", 2: "s", 3: "h", 4: "i", 5: "f", 6: "d"}


@dataclass(frozen=True)
class Variable:
    """A variable as it lies in the file. kind: its type, a letter of `struct`; shape: its extents."""

    kind: str
    shape: tuple[int, ...]
    attributes: dict[str, Any]
    content: bytes


@dataclass
class _Header:
    """The header of a file while it is being read. Raises ValueError where it ends too soon or is none."""

    content: bytes
    place: int = 4

    def number(self) -> int:
        if self.place + 4 > len(self.content):
            raise ValueError("the header ends too soon")
        self.place += 4
        return int.from_bytes(self.content[self.place - 4 : self.place], "big")

    def padded(self, size: int) -> bytes:
        start, self.place = self.place, self.place + size + -size % 4
        if self.place > len(self.content):
            raise ValueError("the header ends too soon")
        return self.content[start : start + size]

    def text(self) -> str:
        return self.padded(self.number()).decode()

    def count(self) -> int:
        """How many things a list has; its tag says of what kind, and is not needed."""
        self.number()
        return self.number()

    def attributes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self.count()):
            name, kind, number = self.text(), _TYPES[self.number()], self.number()
            values = self.padded(number * struct.calcsize(kind))
            found[name] = values.decode() if kind == "s" else struct.unpack(f">{number}{kind}", values)
        return found


def read(content: bytes) -> tuple[dict[str, Any], dict[str, Variable]]:
    """The attributes of a file, and its variables, by name. Raises ValueError or KeyError for what is no such file."""
    if content[:4] != b"CDF\x01":
        raise ValueError("this is not NetCDF in the classic format")
    header = _Header(content)
    header.number()  # of records, which posteriors do not have
    extents = [(header.text(), header.number())[1] for _ in range(header.count())]
    attributes, variables = header.attributes(), {}
    for _ in range(header.count()):
        name = header.text()
        shape = tuple(extents[header.number()] for _ in range(header.number()))
        said = header.attributes()
        kind = _TYPES[header.number()]
        header.number()  # the size, which type and shape tell too
        start, size = header.number(), prod(shape) * struct.calcsize(kind)
        if start + size > len(content):
            raise ValueError(f"'{name}' ends too soon")
        variables[name] = Variable(kind, shape, said, content[start : start + size])
    return attributes, variables
