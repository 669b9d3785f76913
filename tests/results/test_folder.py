"""Whatever fails while results are written, and whoever is killed, leaves the old folder or the new one, no half."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensembles.checkpoint import file_of, stored
from sim.ensembles.executor import Executor
from sim.errors import ResultsError
from sim.results import folder as folders
from sim.results.folder import recovered, write
from sim.results.result import Bundle
from sim.results.saved import Saved
from sim.scenario.posterior import Particles
from tests.debates import ballot, debate

CALLS = ("rename", "replace", "mkdir", "unlink", "rmdir", "symlink", "chmod", "open")


class KilledError(BaseException):
    """Nobody catches it, as nobody catches the end of a process."""


class Disk:
    """A disk whose calls are counted, and fail: the call of a number alone, or all from then on.

    A write that fails has written a half.
    """

    def __init__(self, number: int, error: BaseException, lasts: bool) -> None:
        self.number, self.error, self.lasts, self.calls = number, error, lasts, 0

    def call(self) -> None:
        """Counts a call, and fails where it is to."""
        self.calls += 1
        if self.calls == self.number or (self.lasts and self.calls > self.number):
            raise self.error

    @contextmanager
    def used(self) -> Iterator[Disk]:
        """Meanwhile all that is written is written to it."""
        disk = self

        class File(io.FileIO):
            def write(self, content: Any) -> int:
                try:
                    disk.call()
                except BaseException:
                    super().write(bytes(content)[: len(content) // 2])
                    raise
                return super().write(content)

        def counted(function: Callable[..., Any]) -> Callable[..., Any]:
            def called(*arguments: Any, **named: Any) -> Any:
                disk.call()
                return function(*arguments, **named)

            return called

        def opened(path: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if "w" not in mode:
                return real(path, mode, *arguments, **named)
            disk.call()
            return File(path, mode.replace("b", ""))

        real = io.open
        with pytest.MonkeyPatch.context() as patched:
            for name in CALLS:
                patched.setattr(os, name, counted(getattr(os, name)))
            patched.setattr(io, "open", opened)
            yield self


LAW = {"value": {"uniform": [0.2, 0.6]}, "range": [0, 1]}
SCENARIO = debate({"ann": 0.1, "bob": 0.7}, ballot("vote", 1, 0, 9), parameters={"openness": LAW}).with_posterior(
    Particles.of(("openness",), (), np.array([[0.25, 0.75]]), "somewhere")
)
EARLY = Saved.of("test", Bundle(SCENARIO, 1, 1)).with_files({"answer.csv": b"answer\n" * 9, "more.csv": b"more\n" * 9})
WHOLE = EARLY.with_files({"drawn.svg": b"<svg/>"})
OLD = EARLY.with_files({"answer.csv": b"old\n", "drawn.svg": b"<old/>"})


def command(out: Path) -> None:
    """All that a command writes: what is kept for an interruption, results, figures; then nothing is kept any more."""
    kept = out / ".unfinished"
    stored(kept, ["work"], lambda: {"ids": np.arange(9)})
    folder = EARLY.write(out)
    WHOLE.complete(folder)
    Executor(unfinished=kept, files={file_of(kept, ["work"])}).delete()


def outcome(out: Path) -> str:
    """What a command says that does not end well."""
    try:
        command(out)
    except ResultsError as refused:
        return str(refused)
    except (KilledError, KeyboardInterrupt):
        return "stopped"
    return ""


def content(out: Path) -> dict[str, bytes]:
    """All that is below a place, by its path; of a link, where it points."""
    return {
        str(path.relative_to(out)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in out.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def is_whole(out: Path) -> bool:
    """Whether the folder is the old or the new one, as its manifest says, or was never there."""
    folder = out / EARLY.folder_name
    if not folder.exists():
        return True
    found = Saved.read(folder)
    return not found.differences() and found.digests in (OLD.digests, EARLY.digests, WHOLE.digests)


@pytest.fixture(params=["nothing", "an older folder"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A place of results with what was there before."""
    place = tmp_path / "before"
    place.mkdir()
    if request.param != "nothing":
        OLD.write(place)
    return place


FAILURES = {
    "once": (OSError(28, "No space left on device"), False),
    "from then on": (OSError(28, "No space left on device"), True),
    "by a kill": (KilledError(), True),
    "by Ctrl-C": (KeyboardInterrupt(), False),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_whatever_call_fails_the_old_folder_is_there_or_the_new_one(before: Path, tmp_path: Path, failure: str) -> None:
    """For every call of a command to the disk: it ends with one sentence, nothing is half, and it can be done again."""
    shutil.copytree(before, tmp_path / "whole", symlinks=True)
    command(tmp_path / "whole")
    wanted, number, ended = content(tmp_path / "whole"), 0, False
    while not ended:
        number += 1
        out = tmp_path / f"{failure} {number}"
        shutil.copytree(before, out, symlinks=True)
        error, lasts = FAILURES[failure]
        with Disk(number, error, lasts).used() as disk:
            said = outcome(out)
            ended = disk.calls < number
        assert re.fullmatch(r"|stopped|cannot [^\n]+: No space left on device", said), said
        if lasts:
            recovered(out)
        assert is_whole(out), number
        if any(before.iterdir()):
            assert (out / EARLY.folder_name).exists(), number
        command(out)
        assert content(out) == wanted, number
        assert not list(out.rglob(".*")), number
    assert number > 20


def test_what_a_killed_command_left_is_named_and_deleted(tmp_path: Path) -> None:
    """Half a folder and half a file are told of and gone; what is kept for the same command stays."""
    (tmp_path / ".ab12.unfinished").mkdir()
    (tmp_path / ".unfinished" / "fit").mkdir(parents=True)
    (tmp_path / ".latest.unfinished").symlink_to("nowhere")
    for name in (".ab12.unfinished/a.csv", ".unfinished/.ab.npz.unfinished", ".unfinished/fit/.ab.npz.unfinished"):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".unfinished" / "cd.npz").write_bytes(b"kept")
    said = recovered(tmp_path)
    assert len(said) == 4
    assert all("left by a command that was killed, and is deleted" in sentence for sentence in said)
    assert content(tmp_path) == {".unfinished/cd.npz": b"kept"}
    assert recovered(tmp_path) == []


def test_a_folder_that_was_put_aside_comes_back_to_whoever_asks_for_it(tmp_path: Path) -> None:
    """Killed between two renames: the old results are read as before, and brought back by the next command."""
    folder = OLD.write(tmp_path)
    folder.rename(aside := folder.with_name(f".{folder.name}{folders.ASIDE}"))
    assert Saved.read(folder).differences() == []
    assert not aside.exists()
    folder.rename(aside)
    assert recovered(tmp_path) == [f"{folder} is back: a command was killed while it replaced the folder"]
    assert Saved.read(folder).digests == OLD.digests


def test_two_commands_that_write_at_once_leave_one_of_both_whole(tmp_path: Path) -> None:
    """Who writes into a place makes the other wait: neither takes the other's half for one that was left behind."""
    from concurrent.futures import ThreadPoolExecutor

    def written(letter: str) -> None:
        for _ in range(20):
            write(tmp_path / "results", {name: letter.encode() * 999 for name in ("manifest.json", "a.csv", "b.csv")})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(written, "abcd"))
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
    assert len({path.read_bytes() for path in (tmp_path / "results").iterdir()}) == 1
