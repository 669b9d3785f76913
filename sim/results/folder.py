"""The folder that results are written to: tables, figures and a manifest from which all can be checked and made again.

It is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas
import yaml

from sim.scenario.posterior import Particles, read_file
from sim.scenario.scenario import Origin, Scenario, again
from sim.scenario.yaml_reader import Refusal, parse

#: The file of a folder that holds what parameters and first stances were drawn from.
POSTERIOR = "posterior.nc"
PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas", "pydantic", "pyyaml", "matplotlib", "SALib")


def written(table: pandas.DataFrame) -> bytes:
    """A table as the bytes of its file: dates as days, numbers with nine digits."""
    dates = {
        name: table[name].dt.strftime("%Y-%m-%d")
        for name in table.columns
        if str(table[name].dtype).startswith("datetime")
    }
    text: str = table.assign(**dates).to_csv(index=False, float_format="%.9g", lineterminator="\n")
    return text.encode()


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def versions() -> dict[str, str]:
    """The versions of this program, of Python and of the packages that results rest on."""
    found = {"sim": _version("policy-debate-sim"), "python": platform.python_version()}
    return found | {package: _version(package) for package in PACKAGES}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"  # the program runs from its source folder, too


def folder_name(scenario: Scenario, runs: int, seed: int, command: Mapping[str, Any]) -> str:
    """`<scenario>-<digest>`, of two worlds `<scenario>+<what-if>-<digest>`.

    The digest covers scenario, changes, parameters, seed, runs and what was done.
    """
    asked = json.dumps([scenario.digest, runs, seed, command], sort_keys=True)
    called = f"+{command['called']}" if command.get("called") else ""
    return f"{scenario.name}{called}-{digest(asked.encode())[:12]}"


class _Changes(yaml.SafeDumper):
    """Writes changes so that the strict reader of scenarios reads them again: no aliases, and text in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, said: str) -> yaml.ScalarNode:
        """Text that looks like a number stays text."""
        return self.represent_scalar("tag:yaml.org,2002:str", said, style='"')

    def number(self, given: float) -> yaml.ScalarNode:
        """NumPy's numbers too."""
        return self.represent_float(float(given))


_Changes.add_representer(str, _Changes.text)
_Changes.add_multi_representer(float, _Changes.number)


def changes_as_text(changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes for a manifest: as YAML, which knows dates."""
    text: str = yaml.dump({"changes": [dict(change) for change in changes]}, Dumper=_Changes, allow_unicode=True)
    return text


def changes_of_text(text: str, file: str) -> list[Any]:
    """The changes that `changes_as_text` wrote; `file` is the name that errors give."""
    found: list[Any] = parse(text, file).tree["changes"]
    return found


def manifest(scenario: Scenario, runs: int, seed: int, command: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """All that is needed to check a folder and to make it again, as JSON."""
    origin = scenario.origin
    content = {
        "command": dict(command),
        "scenario": {"name": scenario.name, "digest": scenario.digest, "file": origin.file, "text": origin.text},
        "readings": dict(scenario.document.settled or {}),
        "evidence": origin.evidence,
        # Of the file beside this one from which parameters and first stances were drawn; none if by their laws.
        "posterior": scenario.posterior.digest if scenario.posterior else "",
        "changes": changes_as_text(origin.changes),
        "parameters": {
            name: parameter.model_dump(mode="json", exclude_none=True)
            for name, parameter in scenario.debate.parameters.items()
        },
        "seed": seed,
        "runs": runs,
        "versions": versions(),
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


class ResultsError(Refusal):
    """A folder of results that cannot be read, written or trusted; the message says why and what to do."""


def check_place(out: Path) -> None:
    """Finds out, before anything is played, whether folders can be written below `out`. Raises ResultsError."""
    try:
        there = next(place for place in (out, *out.absolute().parents) if place.exists())
        if not there.is_dir():
            raise ResultsError(f"cannot write to {out}: {there} is no folder")
    except OSError as error:
        raise ResultsError(f"cannot write to {out}: {error.strerror}") from None
    if not os.access(there, os.W_OK | os.X_OK):
        raise ResultsError(f"cannot write to {out}: {there} may not be written to")


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Writes a folder whole or not at all; one that is there is replaced. Raises ResultsError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not (folder / "manifest.json").exists() and any(folder.iterdir()):
            raise ResultsError(
                f"{folder} holds something else (it has no manifest.json): name an empty or a new folder"
            )
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    try:
        for name, content in files.items():
            (made / name).write_bytes(content)
        made.chmod(0o755)
        _exchange(folder, made)
    except OSError as error:
        raise ResultsError(f"cannot write to {folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _exchange(folder: Path, made: Path) -> None:
    """Puts a folder in its place; what was there stays until the new one is."""
    before = made.with_name(f"{made.name}-before")
    if folder.exists():
        folder.rename(before)
    try:
        made.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


#: What a manifest must say to be checked and played again, and as what.
NEEDED: Mapping[str, type] = {
    "command": dict, "scenario": dict, "seed": int, "runs": int, "files": dict, "versions": dict, "readings": dict,
    "evidence": str, "changes": str,
}  # fmt: skip


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results. Raises ResultsError if there is none that can be read."""
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{path} does not exist: name a folder that a command of this program has written") from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    said = content if isinstance(content, dict) else {}
    missing = [name for name, kind in NEEDED.items() if not isinstance(said.get(name), kind)]
    if not missing:
        inside = (("scenario", "file"), ("scenario", "text"), ("command", "name"))
        missing = [f"{part}.{name}" for part, name in inside if not isinstance(said[part].get(name), str)]
    if missing:
        raise ResultsError(f"{path} is no manifest of this program: it does not say {', '.join(missing)}")
    return said


def differences(folder: Path) -> list[str]:
    """What in a folder is not as its manifest says, in sentences; empty if all is well."""
    found = []
    for name, recorded in read_manifest(folder)["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif digest(path.read_bytes()) != recorded:
            found.append(f"{name} has been changed since it was written")
    return found


def scenario_of(folder: Path) -> Scenario:
    """The scenario that a folder's results were played from, made again from its manifest."""
    known = read_manifest(folder)
    file, text = known["scenario"]["file"], known["scenario"]["text"]
    changes = changes_of_text(known["changes"], f"{folder / 'manifest.json'}: changes")
    return again(Origin(file, text, known["readings"], known["evidence"], tuple(changes), _posterior_of(folder, known)))


def _posterior_of(folder: Path, known: Mapping[str, Any]) -> Particles | None:
    """The posterior that a folder's results were drawn from, None if by the laws. Raises Refusal."""
    if not known.get("posterior"):
        return None
    found = read_file(folder / POSTERIOR)
    if found.digest != known["posterior"]:
        raise ResultsError(
            f"{folder / POSTERIOR} is not the posterior {known['posterior']} that the manifest names: play it again"
        )
    return found
