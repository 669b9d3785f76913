"""What is worked out once and kept in files, so that work that was stopped need not begin again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np


@functools.cache
def program_digest() -> str:
    """The digest of every Python file of this package: what another version has worked out is not used."""
    package = Path(__file__).parent.parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(package.rglob("*.py")))).hexdigest()


def file_of(folder: Path, request: Sequence[Any]) -> Path:
    """The file that stores what is worked out for a request, by this version of the program."""
    content = json.dumps([program_digest(), *request], sort_keys=True)
    return folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.npz"


def _save(path: Path, arrays: dict[str, Any]) -> None:
    """Writes arrays into a file whole, or leaves it as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez(part, **arrays)
    Path(part.name).replace(path)


def stored(
    folder: Path | None, request: Sequence[Any], make: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """The arrays that `make` returns, from the folder if they were made there before for the same request.

    folder: None to store nothing. request: all that the result depends on besides this program, in values that JSON
    has (the digest of a scenario, a seed, numbers). A file that is damaged, or of another version of this program,
    is not used. Arrays of Python objects cannot be read back, and are made again each time.
    """
    if folder is None:
        return make()
    path = file_of(folder, request)
    damaged = (OSError, ValueError, EOFError, zipfile.BadZipFile)
    with contextlib.suppress(*damaged), path.open("rb") as file, np.load(file, allow_pickle=False) as found:
        return dict(found)
    arrays = make()
    _save(path, arrays)
    return arrays
