"""What is worked out once for a request is read back with the same bits, and never what was made for another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.ensembles import checkpoint
from sim.ensembles.checkpoint import stored


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
