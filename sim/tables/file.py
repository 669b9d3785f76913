"""The file that a scenario is written to: whole, valid, and never over another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import UserError, quoted
from sim.results.folder import whole
from sim.scenario.scenario import Origin, Scenario, rebuild
from sim.tables.outline import comments_of, slug
from sim.tables.yaml_text import ordered, text_of


def scenario_of(tree: Mapping[str, Any], about: str) -> Scenario:
    """The scenario that a file of these values is; `.origin.text` is its text. about: what its first lines say.

    Raises ScenarioError.
    """
    tree = ordered(tree)
    return rebuild(Origin(f"{tree['scenario']}.yaml", text_of(tree, comments_of(tree, about)), {}, "all"))


def free_place(name: str) -> Path:
    """The file in this folder that a scenario of a name is written to. Raises UserError if there can be none, or is."""
    if slug(name) != name or not name:
        such = f", as '{slug(name)}'" if slug(name) else ""
        raise UserError(
            f"{quoted(name)} is not a name for a scenario: use small letters, digits and single hyphens{such}"
        )
    path = Path(f"{name}.yaml")
    if path.exists() or path.is_symlink():
        raise UserError(f"{path} is there already: choose another name, or move the file away")
    return path


def save(path: Path, scenario: Scenario) -> None:
    """Writes the text of a scenario. Raises UserError."""
    try:
        with whole(path) as file:
            file.write(scenario.origin.text.encode())
    except OSError as error:
        raise UserError(f"cannot write to {path}: {error.strerror}") from None
