"""How functions become machine code, by Numba; imported when something is first compiled or loaded from the cache.

A function that others call is a part of theirs: its code is made once for each signature, and optimised where it has
been linked into what Python calls, or into a function that is compiled apart. Of these the machine code is kept on
disk. One that is compiled apart is called at an address that the first call finds out.
"""

from __future__ import annotations

import _thread
import ctypes
import functools
import hashlib
import importlib
import io
import os
import pickle
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite.binding
import numba
from llvmlite import ir
from numba import _dynfunc, types
from numba.core import cgutils, codegen, environment, serialize
from numba.core.compiler import Compiler, CompileResult, Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys
from numba.core.sigutils import normalize_signature
from numba.core.typed_passes import NativeLowering
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
#: Seconds after which whoever was writing a file of the cache was killed over it; and the ends of such names.
KILLED, HALF = 3600.0, ".[0-9a-f]" + "[0-9a-f]" * 31

#: The types of the arguments.
Arguments = tuple[Any, ...]


@functools.cache
def _digest(module: Path) -> str:
    """Empty where nobody knows whether what is in memory is what can be read."""
    texts = jit.modules(module)
    return "" if jit.is_replaced(texts) else jit.digest(texts)


class _Unpickler(pickle.Unpickler):
    """Reads what was compiled without importing the modules of Numba's own functions that are a part of it.

    Compiled code looks nothing up in them, and to import what they need takes a tenth of a second and more.
    """

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the file stands for."""
        return _environment if name == environment._rebuild_env.__name__ else super().find_class(module, name)


def _environment(module: str, constants: Any, name: str) -> Any:
    """As Numba makes it, but that the names of a module of Numba's own are not there to be looked up."""
    made = environment.lookup_environment(name)
    if made is None:
        is_own = module.partition(".")[0] == "numba"
        made = environment.Environment({} if is_own else importlib.import_module(module).__dict__)
        made.consts[:] = constants
        made.env_name = name
        environment.Environment._memo[name] = made
    return made


def _called_only(made: CompileResult) -> tuple[Any, ...]:
    """What Numba keeps of a function, with the names of what it defines in place of the code that others could link.

    A function that is kept is only called, and to read that code took longer than to read the rest.
    """
    (name, kind, (code, _)), *others = made._reduce()
    defined = [one.name for one in made.library._final_module.functions if not one.is_declaration]
    stubs = "\n".join(f'define void @"{one}"() {{ ret void }}' for one in defined)
    return (name, kind, (code, llvmlite.binding.parse_assembly(stubs).as_bitcode())), *others


class Kept:
    """The cache of a function on disk, as Numba asks for it: a file for each signature.

    A file names all that it depends on, and is either whole or not used. There is none where a text was replaced.
    """

    def __init__(self, one: Compiled, wrapped: bool) -> None:
        self._name, self._wrapped = one.name, wrapped
        self._digest = _digest(Path(one.function.__code__.co_filename))

    def _file(self, sig: Any) -> str:
        arguments, _ = normalize_signature(sig)
        machine = cpu_target.target_context.codegen().magic_tuple()
        key = repr((self._wrapped, [str(one) for one in arguments], machine, numba.__version__, llvmlite.__version__))
        made = f"{self._digest}-{sys.implementation.cache_tag}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
        return f"{self._name}-{made}.nbc"

    def load_overload(self, sig: Any, target: Any) -> CompileResult | None:
        """What was compiled for a signature, or None."""
        # Numba would first learn all that it can compile, which nobody needs who compiles nothing.
        rtsys.initialize(target)
        for folder in jit.caches() if self._digest else ():
            file = folder / self._file(sig)
            with suppress(OSError):
                content = file.read_bytes()
                if hashlib.sha256(content[SEAL:]).digest() == content[:SEAL]:
                    with suppress(OSError):
                        os.utime(file)
                    return CompileResult._rebuild(target, *_Unpickler(io.BytesIO(content[SEAL:])).load())
        return None

    def save_overload(self, sig: Any, made: CompileResult) -> None:
        """Keeps what has been compiled for a signature, and deletes what was made of other texts, or left half."""
        if not self._digest:
            return
        content, folder = serialize.dumps(_called_only(made)), jit.cache()
        file = folder / self._file(sig)
        half = file.with_suffix(f".{uuid.uuid4().hex}")
        with suppress(OSError):
            half.write_bytes(hashlib.sha256(content).digest() + content)
            half.replace(file)
            for other in folder.glob(f"{self._name}-*.nbc"):
                unused = time.time() - other.stat().st_mtime
                if f"-{self._digest}-" not in other.name and (folder == jit.BESIDE or unused > LONG_AGO):
                    other.unlink()
            for left in folder.glob(f"*-*{HALF}"):
                if time.time() - left.stat().st_mtime > KILLED:
                    left.unlink()


class Part(codegen.JITCodeLibrary):  # type: ignore[misc]
    """Code that is optimised, and made into machine code, only where it has been linked into something."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Leaves them as they are."""
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Leaves it as it is."""
        self._finalized = True


class PartOfNumba(Part):
    """A function of Numba's own that one of ours calls: whatever calls it finds in it all that it calls in turn."""

    def finalize(self) -> None:
        """Links what it calls."""
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        super().finalize()


@contextmanager
def _in_parts() -> Iterator[None]:
    """While one of our functions is compiled, those of Numba's own that it calls become parts of it.

    By itself Numba makes machine code of each of them, which nobody calls, and a third of its work was that.
    """
    context = cpu_target.target_context
    generator, machine_code = context.codegen(), context.get_executable
    if generator._library_class is PartOfNumba:
        yield  # already
        return

    def executable(library: Any, fndesc: Any, env: Any) -> Any:
        """What Numba knows a function by, whether or not it can be called."""
        if isinstance(library, Part):
            return _dynfunc.make_function(fndesc.lookup_module(), fndesc.qualname, "", 0, env, (library,))
        return machine_code(library, fndesc, env)

    def nothing(*_: Any) -> None:
        """Nobody calls a function of Numba's own from C."""

    with global_compiler_lock:
        generator._library_class, context.get_executable = PartOfNumba, executable
        context.create_cfunc_wrapper = nothing
        try:
            yield
        finally:
            del generator._library_class, context.get_executable, context.create_cfunc_wrapper


def _lent(builder: Any, kind: Any, value: Any) -> Any:
    """An argument whose arrays do not count who holds them."""
    if isinstance(kind, types.Array):
        return builder.insert_value(value, ir.Constant(value.type.elements[0], None), 0)
    if isinstance(kind, types.BaseTuple):
        for place, one in enumerate(kind):
            value = builder.insert_value(value, _lent(builder, one, builder.extract_value(value, place)), place)
    return value


def _holds_nothing(kind: Any) -> bool:
    """Whether what a function returns cannot be an array that it was given, or a part of one."""
    if isinstance(kind, types.BaseTuple):
        return all(map(_holds_nothing, kind))
    return isinstance(kind, types.NoneType | types.Number | types.Boolean)


class Lending(Lower):  # type: ignore[misc]
    """How a function is written in the compiler's language: its caller holds the arrays that it is given.

    By itself Numba counts at every use who holds an array: that took a third of the time of a history, and more where
    two threads changed the same counts.
    """

    def extract_function_arguments(self) -> Any:
        """The arguments, lent where the function cannot return what it was given."""
        given = super().extract_function_arguments()
        if _holds_nothing(self.fndesc.restype):
            kinds = self.fndesc.argtypes
            self.fnargs = [_lent(self.builder, kind, value) for kind, value in zip(kinds, given, strict=True)]
        return self.fnargs


@register_pass(mutates_CFG=True, analysis_only=False)
class LendingPass(NativeLowering):  # type: ignore[misc]
    """Numba's step that writes a function so."""

    _name = "lending"
    lowering_class = Lending


class Ours(Compiler):  # type: ignore[misc]
    """Numba's compiler, for functions of ours."""

    def define_pipelines(self) -> Any:
        """The order of its work."""
        every = super().define_pipelines()
        for one in every:
            one.passes = [(LendingPass if step is NativeLowering else step, why) for step, why in one.passes]
        return every


class Whole(Ours):
    """The same, for what is not a part of anything."""

    def define_pipelines(self) -> Any:
        """The order of its work, which ends in machine code."""
        self.state.library = codegen.JITCodeLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        return super().define_pipelines()


def _dispatcher(one: Compiled, wrapped: bool) -> Any:
    """The function compiled for Python (wrapped), or apart, and kept."""
    made = numba.njit(**OPTIONS, no_cpython_wrapper=not wrapped, pipeline_class=Whole)(one.function)
    made._cache = Kept(one, wrapped)
    compile_now = made._compiler.compile

    def compile_watched(arguments: Arguments, returns: Any) -> CompileResult:
        with jit.being_compiled(one.name), _in_parts():
            return compile_now(arguments, returns)

    made._compiler.compile = compile_watched
    return made


def for_python(one: Compiled) -> Any:
    """What Python calls."""
    return _dispatcher(one, wrapped=True)


def _link(called: Part, caller: Any) -> None:
    """Links a part, and the parts that it calls in turn, into a caller."""
    for library in (called, *called._linking_libraries):
        if library not in caller._linking_libraries:
            caller.add_linking_library(library)


def _part(one: Compiled, arguments: Arguments) -> CompileResult:
    flags = Flags()
    cpu_target.options.parse_as_flags(flags, {**OPTIONS, **PART, "forceinline": one.inline})
    target = cpu_target.target_context
    library = Part(target.codegen(), one.name)
    # Whoever calls it may be a function that Numba compiles by itself.
    with jit.being_compiled(one.name), _in_parts():
        return compile_extra(
            cpu_target.typing_context, target, one.function, arguments, None, flags, {}, library, pipeline_class=Ours
        )


class Apart(NamedTuple):
    """A function that is compiled apart, for some types of arguments. Calling it makes its symbols known.

    These must be known before anything that calls the function is loaded.
    """

    name: str
    arguments: Arguments

    @property
    def symbol(self) -> str:
        """Its name for the linker; with `AT`, of where its address is; with `FIND`, of what puts it there."""
        kinds = ", ".join(map(str, self.arguments))
        return f"{self.name}.{hashlib.sha256(kinds.encode()).hexdigest()[:16]}"

    def __call__(self) -> None:
        """Makes its symbols known."""
        _know(self)


AT, FIND = ".at", ".find"
#: What the symbols stand for, for as long as the program runs.
_known: list[Any] = []


@functools.cache
def _know(one: Apart) -> None:
    address = ctypes.c_void_p()

    def find() -> None:
        module, _, name = one.name.rpartition(".")
        wanted = getattr(importlib.import_module(module), name)
        dispatcher = _apart(wanted)
        try:
            dispatcher.compile(one.arguments)
        except KeyboardInterrupt:
            # Compiled code that waits for this passes no exceptions on; Python may stop after it.
            _thread.interrupt_main()
            return
        made = dispatcher.overloads[one.arguments]
        if made.signature.return_type != _declared(wanted):
            raise TypeError(f"{one.name} returns {made.signature.return_type}, not {wanted.apart}")
        address.value = made.library.get_pointer_to_function(made.fndesc.llvm_func_name)

    finder = ctypes.CFUNCTYPE(None)(find)
    _known.append((address, finder))
    llvmlite.binding.add_symbol(one.symbol + AT, ctypes.addressof(address))
    llvmlite.binding.add_symbol(one.symbol + FIND, ctypes.cast(finder, ctypes.c_void_p).value)


@functools.cache
def _apart(one: Compiled) -> Any:
    return _dispatcher(one, wrapped=False)


def _declared(one: Compiled) -> Any:
    """The type that a function returns which is compiled apart."""
    return normalize_signature(f"{one.apart}()")[1]


def _at_its_address(context: Any, caller: Any, one: Apart, returns: Any) -> Any:
    """The function that calls another at its address, in the code of a caller."""
    kind = context.call_conv.get_function_type(returns, one.arguments)
    function = cgutils.get_or_insert_function(caller, kind, one.symbol)
    if not function.is_declaration:
        return function
    function.linkage = "linkonce_odr"
    address = ir.GlobalVariable(caller, kind.as_pointer(), one.symbol + AT)
    finder = ir.Function(caller, ir.FunctionType(ir.VoidType(), []), one.symbol + FIND)
    builder = ir.IRBuilder(function.append_basic_block())
    with builder.if_then(cgutils.is_null(builder, builder.load(address)), likely=False):
        builder.call(finder, [])
        with builder.if_then(cgutils.is_null(builder, builder.load(address)), likely=False):
            context.call_conv.return_user_exc(builder, RuntimeError, (f"{one.name} could not be compiled",))
    builder.ret(builder.call(builder.load(address), function.args))
    return function


@functools.cache
def type_of(one: Compiled) -> Any:
    """What a compiled function calls, as a type of Numba's."""
    return types.Function(_called_apart(one) if one.apart else _called_as_part(one))


def _called_as_part(one: Compiled) -> type[AbstractTemplate]:
    """How Numba finds out the signature of a call, and how it is written: the part is linked into the caller."""
    made: dict[Arguments, CompileResult] = {}

    class Call(AbstractTemplate):  # type: ignore[misc]
        key = one

        def generic(self, args: Arguments, kws: dict[str, Any]) -> Any:
            """The signature of a call; makes what is called."""
            arguments = tuple(types.unliteral(argument) for argument in args)
            if arguments not in made:
                made[arguments] = _part(one, arguments)
            return signature(made[arguments].signature.return_type, *arguments)

    @lower_builtin(one, types.VarArg(types.Any))  # type: ignore[untyped-decorator]
    def call(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        _link(made[sig.args].library, context.active_code_library)
        return context.call_internal(builder, made[sig.args].fndesc, sig, values)

    return Call


def _called_apart(one: Compiled) -> type[AbstractTemplate]:
    """The same for a function that is compiled apart, and not yet: what it returns has been declared."""

    class Call(AbstractTemplate):  # type: ignore[misc]
        key = one

        def generic(self, args: Arguments, kws: dict[str, Any]) -> Any:
            """The signature of a call."""
            return signature(_declared(one), *(types.unliteral(argument) for argument in args))

    @lower_builtin(one, types.VarArg(types.Any))  # type: ignore[untyped-decorator]
    def call(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        called = Apart(one.name, sig.args)
        called()
        context.active_code_library._reload_init.add(called)
        function = _at_its_address(context, builder.module, called, sig.return_type)
        convention = context.call_conv
        status, result = convention.call_function(builder, function, sig.return_type, sig.args, values)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return result

    return Call
