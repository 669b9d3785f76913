"""What is worked out once for a request is read back with the same bits, and never what was made for another."""

from __future__ import annotations

import os
import pickle
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.commands import main, options
from sim.ensembles import checkpoint
from sim.ensembles.checkpoint import stored
from sim.errors import ResultsError


class Maker:
    """Makes arrays, and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, np.ndarray]:
        """Some arrays."""
        self.calls += 1
        return {"weight": np.array([0.1, np.nan]), "ids": np.arange(3, dtype=np.uint64), "runs": np.array(8)}


def test_the_same_request_is_made_once_and_read_back_with_the_same_bits(tmp_path: Path) -> None:
    """The second call returns equal arrays of the same types, and makes nothing."""
    make = Maker()
    first, second = (stored(tmp_path / "kept", ["fit", "a1", 7, 0.5], make) for _ in range(2))
    assert make.calls == 1
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".npz"]
    for name, array in first.items():
        assert second[name].dtype == array.dtype
        assert np.array_equal(second[name], array, equal_nan=array.dtype.kind == "f")


def test_without_a_folder_nothing_is_stored() -> None:
    """Every call makes the arrays."""
    make = Maker()
    assert [stored(None, ["fit"], make).keys() for _ in range(2)] == [make().keys()] * 2
    assert make.calls == 3


def test_another_request_or_another_program_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seed more, or a changed program, and what was stored is not used."""
    make = Maker()
    stored(tmp_path, ["fit", 7], make)
    stored(tmp_path, ["fit", 8], make)
    monkeypatch.setattr(checkpoint, "program_digest", lambda: "another program")
    stored(tmp_path, ["fit", 7], make)
    assert make.calls == 3


def test_what_another_version_has_kept_is_deleted_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that starts there leaves what it can use, and what is not of such work."""
    out, make = tmp_path / "results", Maker()
    kept = out / options.UNFINISHED
    for program in ("first", "second"):
        monkeypatch.setattr(checkpoint, "program_digest", lambda program=program: program.encode().hex() * 5)
        stored(kept, ["run"], make)
        stored(kept / program, ["fit"], make)
    (kept / f"{'0' * 32}.npz").write_bytes(b"of a version without a name")
    (kept / "mine.npz").write_bytes(b"of somebody")
    monkeypatch.setattr(sys, "argv", ["sim", "run", "library-sunday", "--no-figures", "--out", str(out)])
    with pytest.raises(SystemExit, match=r"^0$"):
        main.main()
    assert f"3 files were kept in {kept} by a command of another version" in capsys.readouterr().err
    assert {path.name for path in kept.iterdir()} >= {"mine.npz", "second"}
    assert not (kept / "first").exists()
    assert checkpoint.outdated(kept) == []
    stored(kept, ["run"], make)
    stored(kept / "second", ["fit"], make)
    assert make.calls == 4


@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: b"not numbers", lambda content: content[:-40]])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: type[bytes]) -> None:
    """A file that cannot be read counts as none, and is replaced by a whole one."""
    make = Maker()
    stored(tmp_path, ["fit"], make)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    for _ in range(2):
        assert np.array_equal(stored(tmp_path, ["fit"], make)["ids"], np.arange(3))
    assert make.calls == 2


class Trap:
    """Whoever unpickles it makes a folder."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


def hostile(path: Path, kind: str) -> None:
    """A file that somebody else has put in place of what was stored."""
    numbers = {"weight": np.zeros(2), "ids": np.arange(3, dtype=np.uint64), "runs": np.array(8)}
    if kind == "Python objects":
        np.savez(path, **numbers, more=np.array([Trap(path.parent / "sprung")], dtype=object))  # type: ignore[arg-type]
    elif kind == "an object that is no array":
        path.write_bytes(pickle.dumps(Trap(path.parent / "sprung")))
    elif kind == "one array":
        np.save(path.with_suffix(".npy"), np.arange(9))
        path.with_suffix(".npy").replace(path)
    elif kind == "much in little":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("ids.npy", "w") as part:
            part.write(b"\x93NUMPY")
            for _ in range(16):
                part.write(bytes(2**22))
    else:
        shape = {"more than there is": (2**40,), "less than nothing": (-3,), "beyond all numbers": (2**70, 2**70)}[kind]
        with zipfile.ZipFile(path, "w") as file, file.open("ids.npy", "w") as part:
            np.lib.format.write_array_header_1_0(part, {"descr": "<u8", "fortran_order": False, "shape": shape})
            part.write(bytes(24))


@pytest.mark.parametrize(
    "kind",
    [
        "Python objects", "an object that is no array", "one array", "much in little", "more than there is",
        "less than nothing", "beyond all numbers",
    ],
)  # fmt: skip
def test_a_hostile_file_runs_nothing_and_takes_no_memory(tmp_path: Path, kind: str) -> None:
    """Nothing in a file is ever unpickled, none of it is unpacked, no room is made for what it only says it has."""
    make = Maker()
    stored(tmp_path, ["fit"], make)
    (path,) = tmp_path.iterdir()
    hostile(path, kind)
    tracemalloc.start()
    try:
        made = stored(tmp_path, ["fit"], make)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert make.calls == 2
    assert np.array_equal(made["ids"], np.arange(3))
    assert most < 2**23
    assert [*tmp_path.iterdir()] == [path]
    with np.load(path) as found:
        assert set(found.files) == {"weight", "ids", "runs"}


def test_where_nothing_can_be_kept_one_sentence_says_so(tmp_path: Path) -> None:
    """A folder that is a file, as an example, ends the work with the reason."""
    (tmp_path / "kept").write_bytes(b"")
    with pytest.raises(ResultsError, match=r"cannot keep what is finished in .*kept: (File exists|Not a directory)"):
        stored(tmp_path / "kept", ["fit"], Maker())
