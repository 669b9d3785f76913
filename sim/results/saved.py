"""Results as they are written: a manifest and files, in a folder or just made. Figures are drawn from these."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.results import posteriors, tables
from sim.results.folder import point_latest, recovered, write, write_files
from sim.results.manifest import digest, manifest, read_manifest, request_digest, scenario_of
from sim.results.result import Result, early_tables_of, files_of, later_tables_of
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas


MOST_OF_A_LABEL = 100  # characters of it in the name of a folder: the digest tells apart what begins alike


@dataclass(frozen=True, eq=False)
class Saved:
    """Results as they are written.

    manifest: what it says, with the digest of every file. folder: where they are; None if they are not written yet.
    contents: the files in memory, by name; those of a folder are read when they are asked for.
    known_scenario: the scenario where it need not be made again from the manifest.
    """

    manifest: Mapping[str, Any]
    folder: Path | None = None
    contents: Mapping[str, bytes] = field(default_factory=dict)
    known_scenario: Scenario | None = None

    @classmethod
    def early(cls, command: str, result: Result) -> Saved:
        """A result as its command writes it as soon as the answer is known: some tables may be to come."""
        content = manifest(result.scenario, result.runs, result.seed, {"name": command, **result.settings})
        saved = cls(content, known_scenario=result.scenario).with_files(files_of(result))
        return saved.with_tables(early_tables_of(result))

    @classmethod
    def of(cls, command: str, result: Result) -> Saved:
        """A result as its command writes it, without figures. The same result gives the same bytes."""
        return cls.early(command, result).with_tables(later_tables_of(result))

    def with_tables(self, more: Mapping[str, pandas.DataFrame]) -> Saved:
        """The same with more tables."""
        columns = {name: tables.types_of(table) for name, table in more.items()}
        content = {**self.manifest, "columns": {**self.manifest["columns"], **columns}}
        files = {f"{name}.csv": tables.encoded(table) for name, table in more.items()}
        return replace(self, manifest=content).with_files(files)

    @classmethod
    def read(cls, folder: Path) -> Saved:
        """The results in a folder. Raises ResultsError if it has no manifest of this program."""
        # A name that no folder can have is refused below.
        with contextlib.suppress(OSError):
            if not folder.exists():
                recovered(folder.parent)
        return cls(read_manifest(folder), folder)

    def with_files(self, files: Mapping[str, bytes]) -> Saved:
        """The same with more files, their digests in the manifest."""
        digests = self.digests | {name: digest(content) for name, content in files.items()}
        content = {**self.manifest, "files": dict(sorted(digests.items()))}
        return replace(self, manifest=content, contents={**self.contents, **files})

    @property
    def command(self) -> str:
        """The command that made them."""
        return str(self.manifest["command"]["name"])

    @property
    def settings(self) -> dict[str, Any]:
        """What the command was asked for besides scenario, runs and seed."""
        return {name: value for name, value in self.manifest["command"].items() if name != "name"}

    @property
    def world(self) -> str:
        """What it is of, whatever the seed and the number of histories: two results of one world have the same."""
        return json.dumps([self.manifest["scenario"]["digest"], self.manifest["command"]], sort_keys=True)

    @property
    def about(self) -> str:
        """What was asked, in words."""
        title = self.settings.get("title") or self.settings.get("decision") or self.settings.get("body") or ""
        asked = f"{self.command}, {title}" if title else self.command
        return f"{asked}; {self.manifest['scenario']['name']}, {self.manifest['basis']}"

    @property
    def runs(self) -> int:
        """Histories played."""
        return int(self.manifest["runs"])

    @property
    def seed(self) -> int:
        """The seed of all random numbers."""
        return int(self.manifest["seed"])

    @cached_property
    def scenario(self) -> Scenario:
        """The debate that was played, made again from the manifest. Raises UserError if its posterior is not there."""
        return self.known_scenario or scenario_of(self.manifest, self.folder or Path())

    @property
    def folder_name(self) -> str:
        """`<scenario>-<command>-<digest>`, of a what-if `<scenario>+<label>-<command>-<digest>`.

        The digest is of the whole request.
        """
        scenario, command = self.manifest["scenario"], self.manifest["command"]
        # A file's name has 255 bytes at most, and what many options change has a long label.
        label = f"+{command['label'][:MOST_OF_A_LABEL]}" if command.get("label") else ""
        request = request_digest(scenario["digest"], self.runs, self.seed, command)
        return f"{scenario['name']}{label}-{self.command}-{request}"

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file by name."""
        return dict(self.manifest["files"])

    def has(self, names: Collection[str]) -> bool:
        """Whether all these tables are there."""
        return all(f"{name}.csv" in self.digests for name in names)

    def differences(self) -> list[str]:
        """What in the folder is not as the manifest says, in sentences; empty if all is well."""
        wrong = []
        for name, recorded in self.digests.items():
            path = (self.folder or Path()) / name
            try:
                # A manifest that somebody else wrote may name a file that is not in its folder.
                found = digest(path.read_bytes()) if path.name == name and path.is_file() else None
            except OSError:
                found = None
            if found != recorded:
                wrong.append(f"{name} has been changed since it was written" if found else f"{name} is missing")
        return wrong

    def file(self, name: str) -> bytes:
        """The content of a file. Raises ResultsError if it is not there, or not as it was written."""
        if name in self.contents:
            return self.contents[name]
        where = self.folder or Path("these results")
        if self.folder is None or name not in self.digests:
            raise ResultsError(f"no {name} in {where}, which `sim {self.command}` has written")
        try:
            content = (where / name).read_bytes()
        except OSError as error:
            raise ResultsError(f"{where / name} cannot be read: {error.strerror}") from None
        if digest(content) != self.digests[name]:
            raise ResultsError(f"{where / name} has been changed since it was written, so nothing is drawn from it")
        return content

    def table(self, name: str) -> pandas.DataFrame:
        """A table by the name of its file. Raises ResultsError if it is not there, or not as it was written."""
        return tables.decoded(self.file(f"{name}.csv"), self.manifest["columns"].get(name, {}))

    def write(self, below: Path) -> Path:
        """Writes a folder of results whole, or nothing, and points `latest` to it. Raises ResultsError.

        What they were drawn from is kept beside the folder.
        """
        if self.scenario.posterior is not None:
            posteriors.keep(self.scenario.posterior, below)
        folder = write(below / self.folder_name, {**self.contents, "manifest.json": self._text})
        point_latest(folder)
        return folder

    def complete(self, folder: Path) -> None:
        """Adds to the folder that these results were written to what is not there yet. Raises ResultsError.

        The manifest that names it comes last, and at once: whatever interrupts, the folder is as its manifest says.
        """
        more = {name: content for name, content in self.contents.items() if not (folder / name).exists()}
        write_files(folder, {**more, "manifest.json": self._text})

    @property
    def _text(self) -> bytes:
        return (json.dumps(self.manifest, indent=1, ensure_ascii=False) + "\n").encode()


def every(below: Path) -> list[Saved]:
    """The results in the folders below a place, those written last first; what others have left there is passed by."""
    manifests = [path for path in below.glob("*/manifest.json") if not path.parent.is_symlink()]
    found = []
    for path in sorted(manifests, key=lambda path: (path.stat().st_mtime, path), reverse=True):
        with contextlib.suppress(ResultsError):
            found.append(Saved.read(path.parent))
    return found
