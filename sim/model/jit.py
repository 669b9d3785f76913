"""The one way in which functions of this package are compiled: by Numba, once, cached on disk.

No fast-math: a compiled function gives the same bits on every x86-64 machine, for every lane, and with
the compiler switched off (`NUMBA_DISABLE_JIT=1`), where the same functions run as plain Python.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent.parent
#: Every file with compiled functions. Numba looks only at the file of the function that is called, so a
#: change in a function further down would be played from a stale cache; hence one folder for each text.
_SOURCES = (
    "model",
    "model/rules",
    "ensembles/summary.py",
    "counterfactuals/paired_dynamics.py",
    "calibration/ballot_likelihood.py",
    "analysis/pivotal_votes.py",
)


def _digest() -> str:
    files = [
        path
        for name in _SOURCES
        for path in ([_PACKAGE / name] if name.endswith(".py") else sorted((_PACKAGE / name).glob("*.py")))
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.exists())).hexdigest()[:16]


def _cache_folder() -> Path:
    beside = _PACKAGE / "__pycache__"
    if os.access(beside if beside.exists() else _PACKAGE, os.W_OK):
        return beside / f"compiled-{_digest()}"
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "policy-debate-sim" / f"compiled-{_digest()}"


CACHE = _cache_folder()
#: Numba makes its settings at run time, where a type checker does not see them.
_SETTINGS: Any = numba.config


def is_cached() -> bool:
    """Whether something compiled from these very sources is already on disk."""
    return bool(_SETTINGS.DISABLE_JIT) or (CACHE.exists() and any(CACHE.rglob("*.nbi")))


def compiled(function: Function) -> Function:
    """Compile `function` on its first call, without the interpreter's lock, and keep the result on disk."""
    before = _SETTINGS.CACHE_DIR
    _SETTINGS.CACHE_DIR = str(CACHE)
    try:
        return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    finally:
        _SETTINGS.CACHE_DIR = before


def inlined(function: Function) -> Function:
    """Write `function` out wherever a compiled one calls it, so that it is part of that one's lanes."""
    return cast("Function", numba.njit(nogil=True, error_model="numpy", forceinline=True)(function))
