"""The one way in which functions of this package are compiled: by Numba, once, cached on disk.

No fast-math: a compiled function gives the same bits on every x86-64 machine, for every lane, and with
the compiler switched off (`NUMBA_DISABLE_JIT=1`), where the same functions run as plain Python.

Numba by itself makes machine code of every function, with a wrapper for Python, and optimises all that a function
calls again with it, level by level. Here a function that a compiled one calls is a part of it: it is brought into the
compiler's language once, and optimised with what Python calls. Where that is too much at a time, or used by several,
a function is compiled `apart`, and called at its address.
"""

from __future__ import annotations

import atexit
import functools
import gc
import hashlib
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent.parent
_IMPORT = re.compile(rb"^[ \t]*(?:from (sim[\w.]*) import (\([^)]*\)|[^\n]*)|import (sim[\w.]*))", re.MULTILINE)
#: Seconds between two lines about what is being compiled.
TELL_EVERY = 2.0
#: Whether the compiler is switched off.
IS_OFF = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
_LOCK = threading.RLock()
#: When this program began, or soon after.
_BEGAN = time.time()


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


def digest(texts: Mapping[Path, bytes]) -> str:
    """The digest of a module's text and of those that it imports: constants of others are compiled in."""
    return hashlib.sha256(b"\0".join(texts[file] for file in sorted(texts))).hexdigest()[:16]


def is_replaced(texts: Iterable[Path]) -> bool:
    """Whether one of these files has been written since the program began: what is in memory may be another."""
    return any(file.stat().st_mtime >= _BEGAN for file in texts)


#: The cache of this copy of the package; it serves no other.
BESIDE = _PACKAGE / "__pycache__" / "compiled"


def _folders() -> Iterator[Path]:
    """Where the cache may be: where the user wants it, beside the package, or among the user's own files."""
    if wanted := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(wanted).absolute() / "policy-debate-sim"
    yield BESIDE
    if (own := Path(os.environ.get("XDG_CACHE_HOME", ""))).is_absolute():
        yield own / "policy-debate-sim"
    # Not every user has a home.
    with suppress(RuntimeError):
        yield Path.home() / ".cache" / "policy-debate-sim"


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@functools.cache
def cache() -> Path:
    """The folder in which to keep what is compiled: the first that can be written, or else one for this run alone."""
    for folder in _folders():
        if _can_write(folder):
            return folder
    made = tempfile.mkdtemp(prefix="policy-debate-sim-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def caches() -> list[Path]:
    """The folders in which something compiled may be found; not all can be written."""
    return list(dict.fromkeys([cache(), *_folders()]))


#: The functions that are being compiled, the innermost last.
compiling: list[str] = []


@contextmanager
def being_compiled(name: str) -> Iterator[None]:
    """While a function is compiled: nothing looks for garbage among what that makes, which took a tenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    compiling.append(name)
    try:
        yield
    finally:
        compiling.remove(name)
        if collects:
            gc.enable()


def is_new() -> bool:
    """Whether nothing that plays a history was compiled from these texts and kept, so that it has to be now.

    What another version of Python has kept is of no use to this one.
    """
    if IS_OFF:
        return False
    # Talks, letters and ballots are kept by themselves; all else is compiled into what plays them.
    kept = (Path(__file__).with_name(f"{name}.py") for name in ("movement", "ballots"))
    names = [f"sim.model.{path.stem}.*-{digest(modules(path))}-{sys.implementation.cache_tag}-*.nbc" for path in kept]
    return not any(True for folder in caches() for name in names for _ in folder.glob(name))


def told(what: str) -> str:
    """A line for those who wait."""
    kept = "" if cache() in _folders() else ", for this run only (NUMBA_CACHE_DIR names a folder to keep it in)"
    return f"Compiling the model, this first time only{kept}: {what} …"


@contextmanager
def watched(say: Callable[[str], None]) -> Iterator[None]:
    """As long as anything is being compiled, says what, every few seconds; nothing where all is in the cache."""
    ended = threading.Event()

    def watch() -> None:
        said = time.monotonic()
        while not ended.wait(TELL_EVERY / 10):
            if compiling and time.monotonic() >= said + TELL_EVERY:
                said = time.monotonic()
                say(told(compiling[-1]))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


class Compiled:
    """A function that is compiled when it is first called: for Python, and for compiled functions that call it.

    apart: the type that it returns, as Numba writes it, if it is compiled by itself, and called at its address.
    inline: written out wherever a compiled function calls it. within: only for compiled functions, Python runs it as
    it is written.
    """

    def __init__(self, function: Callable[..., Any], apart: str, inline: bool, within: bool) -> None:
        functools.update_wrapper(self, function)
        self.function, self.apart, self.inline = function, apart, inline
        self._for_python: Any = function if within else None

    @property
    def name(self) -> str:
        """Of the module, and in it."""
        return f"{self.function.__module__}.{self.function.__name__}"

    def __call__(self, *arguments: Any) -> Any:
        """Calls what it was compiled to."""
        if self._for_python is None:
            from sim.model import compiler

            # Once, of however many threads that call it.
            with _LOCK:
                self._for_python = self._for_python or compiler.for_python(self)
        return self._for_python(*arguments)

    @property
    def _numba_type_(self) -> Any:
        """What a compiled function calls."""
        from sim.model import compiler

        return compiler.type_of(self)


def _decorator(apart: str = "", inline: bool = False, within: bool = False) -> Callable[[Function], Function]:
    def compiled_when_called(function: Function) -> Function:
        if IS_OFF:
            return function
        return cast("Function", Compiled(function, apart, inline, within))

    return compiled_when_called


#: Compile a function on its first call, without the interpreter's lock, and keep what Python calls on disk.
compiled = _decorator()
#: Write a function out wherever a compiled one calls it, so that it is part of that one's lanes.
inlined = _decorator(inline=True)
#: Compile a function as a part of compiled ones that call it. Python runs it as it is: what only makes room for numbers
#: takes longer to load than to run.
compiled_within = _decorator(within=True)


def compiled_apart(returns: str = "none") -> Callable[[Function], Function]:
    """Compile a function once for all who call it, when one of them first does so, and keep it on disk.

    For what is large, called once for many lanes, and used by several or not needed by every debate. returns: the
    type, as Numba writes it.
    """
    return _decorator(apart=returns)
