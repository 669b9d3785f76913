"""What every key of the format means: the strings under the fields of its parts, for editors and for the reference."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel


def descriptions(part: type[BaseModel]) -> dict[str, str]:
    """What each field of a part means, by its name; what is inherited comes first.

    The source is read when somebody asks, so that loading a debate does not pay for it.
    """
    return {
        field: text
        for kind in reversed(part.__mro__)
        if issubclass(kind, BaseModel) and kind is not BaseModel
        for field, text in _in_module(kind.__module__).get(kind.__name__, {}).items()
    }


@cache
def _in_module(name: str) -> dict[str, dict[str, str]]:
    """The strings under the fields of every class of a module."""
    classes = (node for node in ast.parse(inspect.getsource(sys.modules[name])).body if isinstance(node, ast.ClassDef))
    return {node.name: dict(_under_fields(node)) for node in classes}


def _under_fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())
