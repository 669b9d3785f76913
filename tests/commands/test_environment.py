"""What surrounds a command: readers who go, full disks, odd encodings and settings of others lose nobody anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.results.saved import Saved

HERE = Path(__file__).parent
RUN = "run library-sunday --no-figures --out out"
FULL = "standard output: No space left on device, so not all could be printed; files are whole"
NEEDS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full here")


def in_a_shell(line: str, folder: Path, **more: str) -> tuple[int, str, str]:
    """Runs a line in which `sim` is this program: its status, and what was printed and said."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent), **more}
    script = f"set -o pipefail; sim() {{ '{sys.executable}' -m sim \"$@\"; }}; {line}"
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)
    said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if not line.startswith("Compiling")]
    return done.returncode, done.stdout.decode("utf-8", "replace"), "\n".join(said)


def assert_is_saved(folder: Path) -> None:
    """The folder of results is there, as its manifest says."""
    saved = Saved.read(folder / "out" / "latest")
    assert saved.digests
    assert saved.differences() == []


@pytest.mark.parametrize(("reader", "unbuffered"), [("head -1", ""), ("true", "1")])
def test_a_reader_who_goes_early_is_no_error(tmp_path: Path, reader: str, unbuffered: str) -> None:
    """Whoever has read enough has lost nothing: the results are there, and the status is 0."""
    status, _, said = in_a_shell(f"sim {RUN} | {reader}", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert (status, said) == (0, "")
    assert_is_saved(tmp_path)


@NEEDS_FULL
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path, unbuffered: str) -> None:
    """What could not be printed is said, with status 1, and what was saved before stays."""
    status, printed, said = in_a_shell(f"sim {RUN} > /dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert (status, printed, said.strip()) == (1, "", FULL)
    assert_is_saved(tmp_path)


@NEEDS_FULL
@pytest.mark.parametrize("asked", ["--help", "--version", "list", "check library-sunday", "schema", "timeline"])
def test_every_command_that_only_prints_says_that_it_could_not(tmp_path: Path, asked: str) -> None:
    """Help, version, lists and checks go the same way as answers."""
    status, _, said = in_a_shell(f"sim {asked} > /dev/full", tmp_path)
    assert (status, said.strip()) == (1, FULL)


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_results_are_saved_though_nothing_can_be_printed(tmp_path: Path, closed: str) -> None:
    """Without a standard output there is nobody to tell, and a folder of results all the same."""
    assert in_a_shell(f"sim {RUN} {closed}", tmp_path) == (0, "", "")
    assert_is_saved(tmp_path)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_letter_that_cannot_be_shown_is_replaced(tmp_path: Path, encoding: str) -> None:
    """On a terminal of another encoding, something stands in the place of a letter, and nothing is lost."""
    scenario = (HERE.parent.parent / "scenarios" / "library-sunday.yaml").read_text("utf-8")
    (tmp_path / "owl.yaml").write_text(scenario.replace("\nquestion:", "\n# 図書館 🦉\nquestion:"), "utf-8")
    status, printed, said = in_a_shell(
        f"sim {RUN.replace('library-sunday', 'owl.yaml')}", tmp_path, PYTHONIOENCODING=encoding
    )
    assert (status, said) == (0, "")
    assert "Files: out" in printed
    assert_is_saved(tmp_path)
    status, _, said = in_a_shell("sim check 図書館.yaml", tmp_path, PYTHONIOENCODING=encoding)
    assert status == 2
    assert "there is no such file" in said


def test_the_backend_of_a_notebook_does_not_matter(tmp_path: Path) -> None:
    """Figures are drawn though the environment names a backend that is not installed here."""
    line = "sim replay library-sunday --runs 16 --out out"
    status, _, said = in_a_shell(line, tmp_path, MPLBACKEND="module://matplotlib_inline.backend_inline_not_here")
    assert (status, said) == (0, "")
    assert list((tmp_path / "out" / "latest").glob("*.svg"))
