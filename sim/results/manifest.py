"""What a folder of results says of itself: how it was made, and the digest of each file."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sim
from sim.errors import ResultsError
from sim.results import posteriors
from sim.scenario.changes import changes_as_text, changes_of_text
from sim.scenario.scenario import Origin, Scenario, rebuild

#: Packages that results rest on.
PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas", "pydantic", "pyyaml", "matplotlib")


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def versions() -> dict[str, str]:
    """The versions of this program, of Python and of the packages that results rest on."""
    here = {"sim": sim.__version__, "python": platform.python_version()}
    return here | {package: importlib.metadata.version(package) for package in PACKAGES}


def request_digest(scenario: str, runs: int, seed: int, command: Mapping[str, Any]) -> str:
    """A short digest of what a command was asked for. scenario: its digest."""
    return digest(json.dumps([scenario, runs, seed, command], sort_keys=True).encode())[:12]


def manifest(scenario: Scenario, runs: int, seed: int, command: Mapping[str, Any]) -> dict[str, Any]:
    """All that is needed to make results again, and to read their tables.

    `columns`, for the type of each column by table, and `files`, for the digests, are still empty.
    """
    origin = scenario.origin
    return {
        "command": dict(command),
        "scenario": {"name": scenario.name, "digest": scenario.digest, "file": origin.file, "text": origin.text},
        "readings": scenario.readings,
        "evidence": origin.evidence,
        # In words: fitted or not, and the readings and the evidence chosen.
        "basis": scenario.basis,
        # The digest of what parameters and first stances were drawn from; none if from the priors.
        "posterior": scenario.posterior.digest if scenario.posterior else "",
        "changes": changes_as_text(origin.changes),
        "parameters": {
            name: parameter.model_dump(mode="json", exclude_none=True)
            for name, parameter in scenario.debate.parameters.items()
        },
        "seed": seed,
        "runs": runs,
        "versions": versions(),
        "columns": {},
        "files": {},
    }


#: What a manifest must say to be checked and played again, and as what.
NEEDED: Mapping[str, type] = {
    "command": dict, "scenario": dict, "seed": int, "runs": int, "files": dict, "versions": dict, "readings": dict,
    "evidence": str, "changes": str, "columns": dict, "basis": str,
}  # fmt: skip


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results. Raises ResultsError if there is none that can be read."""
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ResultsError(f"{path} does not exist: name a folder that a command of this program has written") from None
    except RecursionError:
        raise ResultsError(f"{path} cannot be read: it is nested too deeply") from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    content = content if isinstance(content, dict) else {}
    missing = [name for name, kind in NEEDED.items() if not isinstance(content.get(name), kind)]
    if not missing:
        inside = (("scenario", "file"), ("scenario", "text"), ("command", "name"))
        missing = [f"{part}.{name}" for part, name in inside if not isinstance(content[part].get(name), str)]
    if missing:
        raise ResultsError(f"{path} is not a manifest of this program: it does not say {', '.join(missing)}")
    return content


def scenario_of(content: Mapping[str, Any], folder: Path) -> Scenario:
    """The scenario that results were played from, made again from their manifest.

    Its posterior is looked up beside the folder and with the program. Raises UserError.
    """
    file, text = content["scenario"]["file"], content["scenario"]["text"]
    changes = changes_of_text(content["changes"], f"{folder / 'manifest.json'}: changes")
    particles = posteriors.find(content["posterior"], folder.parent) if content.get("posterior") else None
    return rebuild(Origin(file, text, content["readings"], content["evidence"], tuple(changes), particles))
