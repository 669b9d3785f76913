"""How functions become machine code, by Numba; imported when something is first compiled or loaded from the cache.

A function that others call is a part of theirs: its code is made once for each signature, and optimised where it has
been linked into what Python calls, or into a function that is compiled apart. Of these the machine code is kept on
disk. A function apart has a symbol, which must be known before anything that calls it is loaded: so that one says so.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import importlib
import os
import pickle
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite.binding
import numba
from numba import types
from numba.core import codegen, serialize
from numba.core.compiler import CompileResult, Flags, compile_extra
from numba.core.registry import cpu_target
from numba.core.sigutils import normalize_signature
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate
from numba.extending import lower_builtin

from sim.model import jit
from sim.model.jit import Compiled

OPTIONS = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
PART = {"nopython": True, "no_cpython_wrapper": True}
#: Bytes before the content of a file of the cache, by which it is known to be whole.
SEAL = hashlib.sha256().digest_size
#: Seconds after which what was compiled from other texts, and not used since, is deleted from a shared cache.
LONG_AGO = 30 * 86400.0

#: The types of the arguments.
Arguments = tuple[Any, ...]


@functools.cache
def _digest(module: Path) -> str:
    return jit.digest(module)


class Kept:
    """The cache of a function on disk, as Numba asks for it: a file for each signature.

    A file names all that it depends on, and is either whole or not used.
    """

    def __init__(self, one: Compiled, wrapped: bool) -> None:
        self._name, self._wrapped = one.name, wrapped
        self._digest = _digest(Path(one.function.__code__.co_filename))

    def _file(self, sig: Any) -> str:
        arguments, _ = normalize_signature(sig)
        machine = cpu_target.target_context.codegen().magic_tuple()
        versions = numba.__version__, llvmlite.__version__, sys.implementation.cache_tag
        key = repr((self._wrapped, [str(one) for one in arguments], machine, versions))
        return f"{self._name}-{self._digest}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.nbc"

    def load_overload(self, sig: Any, target: Any) -> CompileResult | None:
        """What was compiled for a signature, or None."""
        target.refresh()
        for folder in jit.caches():
            file = folder / self._file(sig)
            with suppress(OSError):
                content = file.read_bytes()
                if hashlib.sha256(content[SEAL:]).digest() == content[:SEAL]:
                    with suppress(OSError):
                        os.utime(file)
                    return CompileResult._rebuild(target, *pickle.loads(content[SEAL:]))
        jit.compiling.append(self._name)
        return None

    def save_overload(self, sig: Any, made: CompileResult) -> None:
        """Keeps what has been compiled for a signature, and deletes what was made of other texts."""
        jit.compiling.remove(self._name)
        content, folder = serialize.dumps(made._reduce()), jit.cache()
        file = folder / self._file(sig)
        half = file.with_suffix(f".{uuid.uuid4().hex}")
        with suppress(OSError):
            half.write_bytes(hashlib.sha256(content).digest() + content)
            half.replace(file)
            for other in folder.glob(f"{self._name}-*.nbc"):
                unused = time.time() - other.stat().st_mtime
                if f"-{self._digest}-" not in other.name and (folder == jit.BESIDE or unused > LONG_AGO):
                    other.unlink()


def _dispatcher(one: Compiled, wrapped: bool) -> Any:
    """The function compiled for Python (wrapped), or apart, and kept."""
    made = numba.njit(**OPTIONS, no_cpython_wrapper=not wrapped)(one.function)
    if one.function.__closure__ is None:
        made._cache = Kept(one, wrapped)
    return made


def for_python(one: Compiled) -> Any:
    """What Python calls."""
    return _dispatcher(one, wrapped=True)


class Part(codegen.JITCodeLibrary):  # type: ignore[misc]
    """Code that is optimised, and made into machine code, only where it has been linked into something."""

    def finalize(self) -> None:
        """Leaves it as it is."""
        self._finalized = True


def _link(called: Part, caller: Any) -> None:
    """Links a part, and the parts that it calls in turn, into a caller."""
    for library in (called, *called._linking_libraries):
        if library not in caller._linking_libraries:
            caller.add_linking_library(library)


def _part(one: Compiled, arguments: Arguments) -> CompileResult:
    flags = Flags()
    cpu_target.options.parse_as_flags(flags, {**OPTIONS, **PART, "forceinline": one.inline})
    flags.no_compile = True
    target = cpu_target.target_context
    library = Part(target.codegen(), one.name)
    library.enable_object_caching()
    jit.compiling.append(one.name)
    try:
        return compile_extra(cpu_target.typing_context, target, one.function, arguments, None, flags, {}, library)
    finally:
        jit.compiling.remove(one.name)


class Apart(NamedTuple):
    """A function that is compiled apart, for some types of arguments. Calling it makes sure that it is there."""

    name: str
    arguments: Arguments

    @property
    def symbol(self) -> str:
        """Its name for the linker."""
        types_ = ", ".join(map(str, self.arguments))
        return f"{self.name}.{hashlib.sha256(types_.encode()).hexdigest()[:16]}"

    def __call__(self) -> CompileResult:
        """What Numba made of it."""
        return _load(self)


@functools.cache
def _load(one: Apart) -> CompileResult:
    module, _, name = one.name.rpartition(".")
    dispatcher = _apart(getattr(importlib.import_module(module), name))
    dispatcher.compile(one.arguments)
    made = dispatcher.overloads[one.arguments]
    llvmlite.binding.add_symbol(one.symbol, made.library.get_pointer_to_function(made.fndesc.llvm_func_name))
    return made


@functools.cache
def _apart(one: Compiled) -> Any:
    return _dispatcher(one, wrapped=False)


@functools.cache
def type_of(one: Compiled) -> Any:
    """What a compiled function calls, as a type of Numba's."""
    made: dict[Arguments, CompileResult] = {}

    def apart(arguments: Arguments) -> Apart:
        return Apart(one.name, arguments)

    class Call(AbstractTemplate):  # type: ignore[misc]
        key = one

        def generic(self, args: Arguments, kws: dict[str, Any]) -> Any:
            """The signature of a call; makes what is called."""
            arguments = tuple(types.unliteral(argument) for argument in args)
            if arguments not in made:
                made[arguments] = apart(arguments)() if one.apart else _part(one, arguments)
            return signature(made[arguments].signature.return_type, *arguments)

    @lower_builtin(one, types.VarArg(types.Any))  # type: ignore[untyped-decorator]
    def call(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        called, caller = made[sig.args], context.active_code_library
        description = copy.copy(called.fndesc)
        if one.apart:
            description.mangled_name = apart(sig.args).symbol
            caller._reload_init.add(apart(sig.args))
        else:
            _link(called.library, caller)
        return context.call_internal(builder, description, sig, values)

    return types.Function(Call)
