"""`sim plot`: figures drawn again from saved results, the same to the byte, without anything being played."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.errors import ResultsError
from sim.figures import KINDS, encoded, pictures
from sim.results.saved import Saved

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def saved() -> Saved:
    """The results of a small replay."""
    return Saved.of("replay", sim.replay(sim.load("library-sunday"), 16))


@pytest.fixture(scope="module")
def drawn(saved: Saved) -> dict[str, bytes]:
    """All their figures."""
    return pictures(saved)


@pytest.fixture(scope="module")
def folder(saved: Saved, drawn: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both, below a folder `outputs`."""
    return saved.with_files(drawn).write(tmp_path_factory.mktemp("work") / "outputs")


def plotted(*arguments: str) -> tuple[int, str]:
    """How `sim plot` ended, and what it said."""
    done = CliRunner().invoke(main.program(), ["plot", *arguments], env={"COLUMNS": "200"})
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.command == "replay"])
def test_a_figure_of_the_folder_is_the_one_in_the_folder(name: str, folder: Path) -> None:
    """Drawn again from the tables, a replay's figure has the bytes that the replay wrote."""
    assert encoded(KINDS[name].draw(Saved.read(folder)), "svg") == (folder / f"{name}.svg").read_bytes()


def test_pictures_are_drawn_in_the_formats_asked_for(folder: Path, drawn: dict[str, bytes]) -> None:
    """Of what fits the results each kind is drawn once a format, in SVG if none is named."""
    results = Saved.read(folder)
    fitting = [name for name, kind in KINDS.items() if kind.fits(results)]
    assert list(drawn) == [f"{name}.svg" for name in fitting]
    assert list(pictures(results, ["png"])) == [f"{name}.png" for name in fitting]
    assert pictures(results, []) == {}


@pytest.mark.parametrize(("word", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_a_figure_is_written_in_each_format(word: str, begins: bytes, folder: Path, tmp_path: Path) -> None:
    """SVG, PNG and PDF are written under the name of the results and of the figure, the same bytes twice."""
    written = []
    for _ in range(2):
        assert plotted("policy", "--from", str(folder), "--as", word, "--out", str(tmp_path))[0] == 0
        (path,) = tmp_path.iterdir()
        assert path.name == f"{folder.name}-policy.{word}"
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert written[0].startswith(begins)


def test_without_a_folder_the_newest_that_fits_is_drawn(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --from the newest folder of the right command is taken, and others are passed over."""
    monkeypatch.chdir(folder.parent.parent)
    other = Saved.of("run", sim.play(sim.load("library-sunday"))).write(folder.parent)
    os.utime(other / "manifest.json", (4e9, 4e9))
    assert plotted("stances", "--out", str(tmp_path))[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{folder.name}-stances.svg"]


def test_among_results_of_different_worlds_it_refuses_to_guess(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seeds of one world are told apart by age; two worlds are listed, and none is drawn until one is named."""
    monkeypatch.chdir(tmp_path)
    base = sim.load("library-sunday")
    for seed in (1, 2):
        Saved.of("replay", sim.replay(base, 16, seed)).write(tmp_path / "outputs")
    status, said = plotted("policy")
    assert status == 0
    assert f"drawn from outputs/{(tmp_path / 'outputs' / 'latest').resolve().name}: replay; library-sunday" in said
    other = base.with_changes({"remove": "eve-writes"})
    Saved.of("replay", sim.replay(other, 16)).write(tmp_path / "outputs")
    status, said = plotted("policy")
    assert status != 0
    assert "results of different worlds; say from which" in said
    assert said.count("--from outputs/library-sunday-replay-") == 3
    assert plotted("policy", "--from", "outputs/latest")[0] == 0


def test_without_results_it_says_which_command_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to draw from, one sentence says what to run, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    status, said = plotted("influence")
    assert status != 0
    assert "run `sim replay` first, or name a folder with --from" in said
    assert list(tmp_path.iterdir()) == []


def test_results_of_another_command_are_refused(folder: Path, tmp_path: Path) -> None:
    """A folder that the figure cannot be drawn from is refused with the command that wrote it."""
    other = Saved.of("run", sim.play(sim.load("library-sunday"))).write(tmp_path)
    status, said = plotted("stances", "--from", str(other))
    assert status != 0
    assert "drawn from what `sim replay` writes, and this was written by `sim run`" in said


def test_an_unknown_kind_is_refused_with_the_nearest(folder: Path) -> None:
    """A kind that there is not is quoted, with the nearest that there is."""
    status, said = plotted("stance", "--from", str(folder))
    assert status != 0
    assert "'stance'" in said
    assert "did you mean 'stances'?" in said


def test_without_a_kind_every_kind_is_listed() -> None:
    """`sim plot` alone lists every kind, what it shows and what it is drawn from."""
    status, said = plotted()
    assert status == 0
    for name, kind in KINDS.items():
        assert name in said
        assert f"sim {kind.command}" in said


def test_a_changed_table_is_not_drawn_from(folder: Path, tmp_path: Path) -> None:
    """A table that is not as the manifest says is refused: a figure must not show what nobody computed."""
    forged = tmp_path / folder.name
    forged.mkdir()
    for path in folder.iterdir():
        (forged / path.name).write_bytes(path.read_bytes())
    (forged / "stances.csv").write_bytes((folder / "stances.csv").read_bytes().replace(b"26", b"27"))
    with pytest.raises(ResultsError, match=r"stances\.csv has been changed since it was written"):
        KINDS["stances"].draw(Saved.read(forged))


def test_tables_are_read_back_as_they_were(folder: Path) -> None:
    """What is read from a folder has the dates, texts and numbers that were written, missing ones too."""
    results = Saved.read(folder)
    decisions = results.table("decisions")
    assert str(decisions.date.dtype).startswith("datetime64")
    assert list(decisions.documented) == ["carried"]
    assert list(decisions.documented_tally) == [""]
    assert decisions.probability.dtype == float
    assert results.scenario.digest == json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["digest"]


def test_nothing_is_played_to_draw(folder: Path) -> None:
    """A figure is drawn from the tables alone: neither Mesa nor an ensemble is called for."""
    script = (
        "import sys; from pathlib import Path; from sim.figures import KINDS; from sim.results.saved import Saved\n"
        f"found = Saved.read(Path({str(folder)!r}))\n"
        "[kind.draw(found) for kind in KINDS.values() if kind.command == 'replay']\n"
        "assert not {'mesa', 'sim.model.dynamics'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


#: What makes the results of each kind that is not of a replay, small.
EXPLAINED = {
    "worlds": "whatif --without eve-writes",
    "waterfall": "attribute sunday-ballot",
    "tipping": "tipping sunday-ballot --over openness",
    "map": "tipping sunday-ballot --over openness --and sharpness",
    "power": "power committee",
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_figure_that_explains_is_drawn_again_from_its_folder(name: str, tmp_path: Path) -> None:
    """Drawn from the tables, a figure is to the byte the one that was drawn when they were made."""
    call = [*EXPLAINED[name].split(), "--scenario", "library-sunday", "--runs", "64", "--out", str(tmp_path)]
    ended = CliRunner().invoke(main.program(), call)
    assert ended.exit_code == 0, ended.output
    path = (tmp_path / "latest").resolve()
    results = Saved.read(path)
    assert KINDS[name].fits(results)
    assert encoded(KINDS[name].draw(results), "svg") == (path / f"{name}.svg").read_bytes()
