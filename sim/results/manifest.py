"""What a folder of results says of itself: how it was made, and the digest of each file."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.scenario.changes import changes_as_text, changes_of_text
from sim.scenario.posterior import Particles, read_file
from sim.scenario.scenario import Origin, Scenario, rebuild

#: The file of a folder that holds what parameters and first stances were drawn from.
POSTERIOR = "posterior.nc"


PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas", "pydantic", "pyyaml", "matplotlib", "SALib")


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
    label = f"+{command['label']}" if command.get("label") else ""
    return f"{scenario.name}{label}-{digest(asked.encode())[:12]}"


def manifest(scenario: Scenario, runs: int, seed: int, command: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """All that is needed to check a folder and to make it again, as JSON."""
    origin = scenario.origin
    content = {
        "command": dict(command),
        "scenario": {"name": scenario.name, "digest": scenario.digest, "file": origin.file, "text": origin.text},
        "readings": scenario.readings,
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
        raise ResultsError(f"{path} is not a manifest of this program: it does not say {', '.join(missing)}")
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
    return rebuild(
        Origin(file, text, known["readings"], known["evidence"], tuple(changes), _posterior_of(folder, known))
    )


def _posterior_of(folder: Path, known: Mapping[str, Any]) -> Particles | None:
    """The posterior that a folder's results were drawn from, None if by the laws. Raises UserError."""
    if not known.get("posterior"):
        return None
    found = read_file(folder / POSTERIOR)
    if found.digest != known["posterior"]:
        raise ResultsError(
            f"{folder / POSTERIOR} is not the posterior {known['posterior']} that the manifest names: play it again"
        )
    return found
