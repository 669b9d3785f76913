"""The folder that results are written to: tables, figures and a manifest from which all can be checked and made again.

It is written whole or not at all, and so is each of its files: what is being written has a name of its own, with
`UNFINISHED` at its end, until it is whole. One command at a time writes into a folder, so whoever does knows that such
names are of commands that were killed, and takes them away.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from sim.errors import ResultsError

#: The ends of the names of what is not whole yet, and of a folder while another takes its place.
UNFINISHED, ASIDE = ".unfinished", ".before"


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


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Nobody else writes into a folder meanwhile; tells whether the machine can make others wait.

    Whoever is killed lets go of it. Raises OSError.
    """
    try:
        import fcntl
    except ImportError:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            is_alone = True
        except OSError:  # some shared disks cannot
            is_alone = False
        yield is_alone
    finally:
        os.close(handle)


def recovered(below: Path) -> list[str]:
    """Takes away what killed commands have left half written below a place of results, and brings back a folder.

    Returns a sentence for each.
    """
    said: list[str] = []
    half = [path for pattern in ("*", ".unfinished/*") for path in below.glob(f"{pattern}/.?*{UNFINISHED}")]
    with contextlib.suppress(OSError):
        for place in dict.fromkeys([below, *(path.parent for path in half)]):
            if place.is_dir():
                with _alone(place) as is_alone:
                    said += _recovered(place, is_alone)
    return said


def _recovered(place: Path, is_alone: bool) -> list[str]:
    said = []
    for half in place.glob(f".?*{UNFINISHED}") if is_alone else ():
        shutil.rmtree(half) if half.is_dir() and not half.is_symlink() else half.unlink()
        said.append(f"{half} was left by a command that was killed, and is deleted")
    for aside in (path.parent for path in place.glob(f".?*{ASIDE}/manifest.json")):
        folder = place / aside.name[1:].removesuffix(ASIDE)
        if folder.exists():
            # Under this name it is known for a half even when only a part of it could be deleted.
            shutil.rmtree(aside.rename(aside.with_suffix(UNFINISHED)))
        else:
            aside.rename(folder)
            said.append(f"{folder} is back: a command was killed while it replaced the folder")
    return said


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Writes a folder whole or not at all; one that is there is replaced. Raises ResultsError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent) as is_alone:
            _recovered(folder.parent, is_alone)
            if folder.exists() and not (folder / "manifest.json").exists() and any(folder.iterdir()):
                raise ResultsError(
                    f"{folder} holds something else (it has no manifest.json): name an empty or a new folder"
                )
            _write(folder, files)
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    return folder


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    new = Path(tempfile.mkdtemp(prefix=".", suffix=UNFINISHED, dir=folder.parent))
    try:
        for name, content in files.items():
            (new / name).write_bytes(content)
        new.chmod(0o755)
        _exchange(folder, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _exchange(folder: Path, new: Path) -> None:
    """Puts a folder in its place; what was there stays until the new one is, and then has the name that this had."""
    if not folder.exists():
        new.rename(folder)
        return
    before = folder.rename(folder.with_name(f".{folder.name}{ASIDE}"))
    try:
        new.rename(folder)
    except BaseException:
        before.rename(folder)
        raise
    before.rename(new)


def point_latest(folder: Path) -> None:
    """Lets the link `latest`, beside a folder, point to it; where there can be no links, there is none."""
    link = folder.parent / "latest"
    with contextlib.suppress(OSError, NotImplementedError), _alone(folder.parent):
        if link.exists() and not link.is_symlink():
            return  # somebody's own
        new = folder.parent / f".latest{UNFINISHED}"
        try:
            new.unlink(missing_ok=True)
            new.symlink_to(folder.name, target_is_directory=True)
            new.replace(link)
        finally:
            new.unlink(missing_ok=True)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to be written into: it has its name once it is whole, and else what was there stays. Raises OSError."""
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent):
        try:
            with unfinished.open("wb") as file:
                yield file
            unfinished.replace(path)
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Writes files into a folder, each whole or not at all; returns where. Raises ResultsError."""
    try:
        for name, content in files.items():
            with whole(folder / name) as file:
                file.write(content)
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    return [folder / name for name in files]
