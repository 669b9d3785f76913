"""The one way in which functions of this package are compiled: by Numba, once, cached on disk.

No fast-math: a compiled function gives the same bits on every x86-64 machine, for every lane, and with
the compiler switched off (`NUMBA_DISABLE_JIT=1`), where the same functions run as plain Python.

Numba looks only at the file of a function to see whether what it has cached is stale, and a constant or a function
of another module is compiled in. So each module has a folder of its own in the cache, under a digest of its text and
of every module of this package that it imports.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent.parent
_IMPORT = re.compile(rb"^[ \t]*(?:from (sim[\w.]*) import (\([^)]*\)|[^\n]*)|import (sim[\w.]*))", re.MULTILINE)
#: Numba makes its settings at run time, where a type checker does not see them.
_SETTINGS: Any = numba.config


def _imported(source: bytes, package: Path) -> Iterator[Path]:
    """The files of the modules that a text imports from the package."""
    for module, names, whole in _IMPORT.findall(source):
        folder = package.joinpath(*(module or whole).decode().split(".")[1:])
        for name in re.findall(r"\w+", names.decode()):
            if (folder / f"{name}.py").exists():
                yield folder / f"{name}.py"
        yield from (file for file in (folder.with_suffix(".py"), folder / "__init__.py") if file.exists())


def modules(module: Path, package: Path = _PACKAGE) -> dict[Path, bytes]:
    """A module and all modules of the package that it imports, directly or not: their texts by their files."""
    texts: dict[Path, bytes] = {}
    found = [module]
    while found:
        file = found.pop()
        if file not in texts:
            texts[file] = file.read_bytes()
            found += _imported(texts[file], package)
    return texts


def digest(module: Path, package: Path = _PACKAGE) -> str:
    """The digest of a module's text and of the texts that it imports."""
    texts = modules(module, package)
    return hashlib.sha256(b"\0".join(texts[file] for file in sorted(texts))).hexdigest()[:16]


def _home() -> Path:
    """The folder of the cache: beside the package, or the user's own where that cannot be written."""
    beside = _PACKAGE / "__pycache__"
    if os.access(beside if beside.exists() else _PACKAGE, os.W_OK):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "policy-debate-sim"


@functools.cache
def _cache_folder(module: str) -> Path:
    return _home() / f"compiled-{digest(Path(module))}"


def is_cached() -> bool:
    """Whether the dynamics are on disk, compiled from these very sources."""
    folder = _cache_folder(str(_PACKAGE / "model" / "dynamics.py"))
    return bool(_SETTINGS.DISABLE_JIT) or (folder.exists() and any(folder.rglob("*.nbi")))


def compiled(function: Function) -> Function:
    """Compile `function` on its first call, without the interpreter's lock, and keep the result on disk."""
    before = _SETTINGS.CACHE_DIR
    _SETTINGS.CACHE_DIR = str(_cache_folder(function.__code__.co_filename))
    try:
        return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    finally:
        _SETTINGS.CACHE_DIR = before


def inlined(function: Function) -> Function:
    """Write `function` out wherever a compiled one calls it, so that it is part of that one's lanes."""
    return cast("Function", numba.njit(nogil=True, error_model="numpy", forceinline=True)(function))
