"""An archive holds all that its numbers can be made again from, and says of each file what it is."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.commands.main import rerun_differences
from sim.ensembles.executor import Executor
from sim.errors import ResultsError
from sim.results import archive as archives
from sim.results.archive import archive
from sim.results.saved import Saved


def written(below: Path, name: str = "library-sunday") -> Path:
    """A folder with one history of a debate."""
    return Saved.of("run", sim.play(sim.load(name), seed=9)).write(below)


def contents(path: Path) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def graph(path: Path) -> dict[str, dict[str, Any]]:
    """The things that the metadata of an archive describe, by their ids."""
    return {one["@id"]: one for one in json.loads(contents(path)["ro-crate-metadata.json"])["@graph"]}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a folder drawn from a posterior."""
    return archive(written(tmp_path_factory.mktemp("outputs"), "monopoly-1922"))


def test_an_unpacked_archive_comes_out_the_same_when_played_again(fitted: Path, tmp_path: Path) -> None:
    """Nothing but the archive is needed: the folder is as its manifest says, and so is what is made again of it."""
    with zipfile.ZipFile(fitted) as packed:
        packed.extractall(tmp_path)
    saved = Saved.read(tmp_path / fitted.stem)
    assert saved.differences() == []
    assert rerun_differences(saved, Executor()) == []
    assert saved.scenario.posterior is not None
    assert (tmp_path / "posteriors" / f"{saved.scenario.posterior.digest}.nc").is_file()


def test_an_archive_holds_scenario_seed_posterior_and_versions(fitted: Path) -> None:
    """Beside the folder lie the scenario's text, its posterior and the versions, with which pip installs the same."""
    files, things = contents(fitted), graph(fitted)
    manifest = json.loads(files[f"{fitted.stem}/manifest.json"])
    assert files["monopoly-1922.yaml"].decode() == sim.load("monopoly-1922").origin.text
    assert {*files} == {
        *(f"{fitted.stem}/{name}" for name in (*manifest["files"], "manifest.json")),
        f"posteriors/{manifest['posterior']}.nc",
        *("monopoly-1922.yaml", "constraints.txt", "ro-crate-metadata.json"),
    }
    lock = files["constraints.txt"].decode().splitlines()
    assert lock[0] == f"# Python {manifest['versions']['python']}"
    assert {f"policy-debate-sim=={sim.__version__}", f"numpy=={manifest['versions']['numpy']}"} < {*lock}
    assert (things["#seed"]["value"], things["#runs"]["value"]) == (9, 1)


def test_the_metadata_are_those_of_a_crate(fitted: Path) -> None:
    """By RO-Crate 1.1: its context, a descriptor about the root, a dated root that has every file, digests of each."""
    files, things = contents(fitted), graph(fitted)
    assert json.loads(files["ro-crate-metadata.json"])["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    descriptor, root = things["ro-crate-metadata.json"], things["./"]
    assert (descriptor["@type"], descriptor["about"]) == ("CreativeWork", {"@id": "./"})
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset"
    assert {"name", "description", "datePublished", "license"} < root.keys()
    parts = [part["@id"] for part in root["hasPart"]]
    assert sorted([*parts, "ro-crate-metadata.json"]) == sorted(files)
    for name in parts:
        assert things[name]["@type"] == "File"
        assert things[name]["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert things[name]["contentSize"] == str(len(files[name]))
        assert "encodingFormat" in things[name]


def test_whatever_the_metadata_refer_to_is_there(fitted: Path) -> None:
    """No id is referred to that nothing has, but for the standard itself."""
    things = graph(fitted)

    def referred(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {value["@id"]} if [*value] == ["@id"] else set().union(*map(referred, value.values()))
        return set().union(*map(referred, value)) if isinstance(value, list) else set()

    assert referred([*things.values()]) - things.keys() == {"https://w3id.org/ro/crate/1.1"}


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    """Archived twice, by its name or as the latest, and with something else beside its files, it is the same."""
    folder = written(tmp_path)
    first = archive(folder).read_bytes()
    (folder / "notes.txt").write_text("not of the results", "utf-8")
    again = archive(tmp_path / "latest")
    assert again == tmp_path / f"{folder.name}.zip"
    assert again.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([folder.name, again.name, "latest"])


@pytest.mark.parametrize("change", ["other", "changed", "lost"])
def test_what_is_not_whole_is_not_archived(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is none of results, a changed one, and one without its posterior are refused in a sentence."""
    folder = tmp_path
    if change != "other":
        folder = written(tmp_path, "library-sunday" if change == "changed" else "monopoly-1922")
    if change == "changed":
        (folder / "transcript.csv").write_bytes(b"")
    if change == "lost":
        monkeypatch.setattr("sim.results.posteriors.SHIPPED", tmp_path)
        for path in (tmp_path / "posteriors").iterdir():
            path.unlink()
    said = {"other": "does not exist: name a folder", "changed": "transcript.csv has been changed", "lost": "posterior"}
    with pytest.raises(ResultsError, match=said[change]) as refused:
        archive(folder)
    assert "\n" not in str(refused.value)
    assert not [*tmp_path.glob("*.zip")]


def test_an_archive_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told in a sentence, and what was there stays, with no half beside it."""
    folder = written(tmp_path)
    before = archive(folder).read_bytes()

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives.zipfile.ZipFile, "writestr", full)
    with pytest.raises(ResultsError, match="No space left on device"):
        archive(folder)
    assert (tmp_path / f"{folder.name}.zip").read_bytes() == before
    assert not [*tmp_path.glob(".*")]
