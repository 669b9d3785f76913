"""The folder that results are written to: tables, figures and a manifest from which all can be checked and made again.

It is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sim.errors import ResultsError


def check_place(out: Path) -> Path:
    """Finds out, before anything is played, whether folders can be written below `out`. Raises ResultsError."""
    try:
        existing = next(place for place in (out, *out.absolute().parents) if place.exists())
        if not existing.is_dir():
            raise ResultsError(f"cannot write to {out}: {existing} is not a folder")
    except OSError as error:
        raise ResultsError(f"cannot write to {out}: {error.strerror}") from None
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ResultsError(f"cannot write to {out}: {existing} may not be written to")
    return out


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Writes a folder whole or not at all; one that is there is replaced. Raises ResultsError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not (folder / "manifest.json").exists() and any(folder.iterdir()):
            raise ResultsError(
                f"{folder} holds something else (it has no manifest.json): name an empty or a new folder"
            )
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    try:
        for name, content in files.items():
            (new / name).write_bytes(content)
        new.chmod(0o755)
        _exchange(folder, new)
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def _exchange(folder: Path, new: Path) -> None:
    """Puts a folder in its place; what was there stays until the new one is."""
    before = new.with_name(f"{new.name}-before")
    if folder.exists():
        folder.rename(before)
    try:
        new.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def point_latest(folder: Path) -> None:
    """Lets the link `latest`, beside a folder, point to it; where there can be no links, there is none."""
    link = folder.parent / "latest"
    with contextlib.suppress(OSError, NotImplementedError):
        if link.exists() and not link.is_symlink():
            return  # somebody's own
        new = folder.parent / f".latest-{folder.name}"
        new.unlink(missing_ok=True)
        new.symlink_to(folder.name, target_is_directory=True)
        new.replace(link)


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Writes files into a folder, each whole or not at all; returns where. Raises ResultsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            unfinished = folder / f".{name}.unfinished"
            unfinished.write_bytes(content)
            unfinished.replace(folder / name)
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    return [folder / name for name in files]
