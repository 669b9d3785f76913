"""Results read back from the folder that a command has written, so that nothing need be played again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas

from sim.errors import ResultsError
from sim.results.manifest import digest, read_manifest, scenario_of
from sim.results.tables import parsed
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Saved:
    """A folder of results: what its manifest says, and its tables, each read when it is asked for."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that wrote it."""
        return str(self.manifest["command"]["name"])

    @cached_property
    def scenario(self) -> Scenario:
        """The debate that was played, made again from the manifest."""
        return scenario_of(self.folder)

    def has(self, tables: Collection[str]) -> bool:
        """Whether all these tables are there."""
        return all(f"{name}.csv" in self.manifest["files"] for name in tables)

    def table(self, name: str) -> pandas.DataFrame:
        """A table by the name of its file. Raises ResultsError if it is not there, or not as it was written."""
        path = self.folder / f"{name}.csv"
        known = self.manifest["files"].get(path.name)
        if known is None:
            raise ResultsError(f"{self.folder} has no {path.name}: it was written by `sim {self.command}`")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ResultsError(f"{path} cannot be read: {error.strerror}") from None
        if digest(content) != known:
            raise ResultsError(f"{path} has been changed since it was written, so nothing is drawn from it")
        return parsed(content)


def read(folder: Path) -> Saved:
    """The results in a folder. Raises ResultsError if it has no manifest of this program."""
    return Saved(folder, read_manifest(folder))


def newest(below: Path, command: str, tables: Collection[str]) -> Saved | None:
    """The folder below a place that was written last by a command and has these tables; None without one."""
    manifests = sorted(below.glob("*/manifest.json"), key=lambda path: (path.stat().st_mtime, path), reverse=True)
    for path in manifests:
        try:
            found = read(path.parent)
        except ResultsError:
            continue  # somebody else's folder, or one of another version
        if found.command == command and found.has(tables):
            return found
    return None
