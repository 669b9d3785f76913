"""What is worked out once and kept in files, so that work that was stopped need not begin again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultsError
from sim.results.folder import whole

Arrays = dict[str, np.ndarray]

#: The names of the files, of this version of the program or another; those of the first had no digest of it.
NAME = re.compile(r"([0-9a-f]{16}-)?[0-9a-f]{32}\.npz")


@functools.cache
def program_digest() -> str:
    """The digest of every Python file of this package: what another version has worked out is not used."""
    package = Path(__file__).parent.parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(package.rglob("*.py")))).hexdigest()


def file_of(folder: Path, request: Sequence[Any]) -> Path:
    """The file that stores what is worked out for a request, by this version of the program."""
    content = json.dumps([program_digest(), *request], sort_keys=True)
    return folder / f"{_version()}-{hashlib.sha256(content.encode()).hexdigest()[:32]}.npz"


def _version() -> str:
    """The part of the program's digest with which the names of its files begin."""
    return program_digest()[:16]


def outdated(folder: Path) -> list[str]:
    """Deletes what other versions of this program have stored, from which nothing can go on; a sentence if it did."""
    found = [path for path in folder.rglob("*.npz") if NAME.fullmatch(path.name)]
    others = [path for path in found if not path.name.startswith(_version())]
    with contextlib.suppress(OSError):
        for path in others:
            path.unlink(missing_ok=True)
        for place in sorted({path.parent for path in others}, reverse=True):
            if not any(place.iterdir()):
                place.rmdir()
    several = f"{len(others)} files were" if len(others) > 1 else "A file was"
    said = f"{several} kept in {folder} by a command of another version of this program, and cannot be used: deleted"
    return [said] if others else []


def _save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes arrays into a file whole, or leaves it as it was. Raises ResultsError."""
    try:
        with whole(path) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
    except OSError as error:
        raise ResultsError(f"cannot keep what is finished in {path.parent}: {error.strerror}") from None


def _read(path: Path) -> Arrays:
    """The arrays of a file, none larger than what the file has of it. Raises whatever may be wrong with a file."""
    with zipfile.ZipFile(path) as file:
        if any(part.compress_type != zipfile.ZIP_STORED for part in file.infolist()):
            raise ValueError("something is packed")  # and may be of any size when unpacked
        return {name.removesuffix(".npy"): _array(file.read(name)) for name in file.namelist()}


def _array(content: bytes) -> np.ndarray:
    """An array of numbers. NumPy's own reader makes room for what the header says before it looks for it."""
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("these are not numbers that this program has written")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if min(shape, default=0) < 0:
        raise ValueError("a shape is of numbers from 0 up")
    # No buffer holds Python objects: nothing is ever unpickled.
    array = np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if is_fortran else "C")
    return array.copy()


def kinds(arrays: Arrays) -> dict[str, tuple[Any, ...]]:
    """The type and the shape of each array, by name."""
    return {name: (array.dtype, array.shape) for name, array in arrays.items()}


def stored(
    folder: Path | None,
    request: Sequence[Any],
    make: Callable[[], Arrays],
    fits: Callable[[Arrays], bool] = lambda found: True,
) -> Arrays:
    """The arrays that `make` returns, from the folder if they were made there before for the same request.

    folder: None to store nothing. request: all that the result depends on besides this program, in values that JSON
    has (the digest of a scenario, a seed, numbers). fits: whether arrays that were found can be what was asked for. A
    file that is damaged, does not fit, or is of another version of this program is not used. Raises ResultsError where
    nothing can be written.
    """
    if folder is None:
        return make()
    path = file_of(folder, request)
    # Whoever wrote the file, and whatever is wrong with it: it is made again.
    with contextlib.suppress(Exception):
        found = _read(path)
        if fits(found):
            return found
    arrays = make()
    _save(path, arrays)
    return arrays
