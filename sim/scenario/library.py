"""The debates and what-ifs that come with the program, found by name."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ScenarioError, UserError, quoted, unknown
from sim.scenario.what_if import WhatIf, read_what_if

_PACKAGE = Path(__file__).parent.parent

#: The shipped scenarios: inside an installed package, beside it in a checkout.
SHIPPED = _PACKAGE / "scenarios" if (_PACKAGE / "scenarios").exists() else _PACKAGE.parent / "scenarios"


def shipped() -> list[str]:
    """The names of the scenarios that come with the program."""
    return _names(SHIPPED)


def whatif_names() -> list[str]:
    """The names of the what-ifs that come with the program."""
    return _names(SHIPPED / "what-if")


def what_ifs_of(scenario: str) -> list[WhatIf]:
    """The what-ifs that come with a scenario, by its name. Raises UserError if there are none."""
    every = [one for one in map(what_if, whatif_names()) if one.file.base == scenario]
    if not every:
        raise UserError(f"no what-ifs come with '{scenario}': write one, or change something yourself")
    return every


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find(name: str | Path) -> Path:
    """The file of a shipped scenario or a path. Raises ScenarioError for a name that is neither."""
    return _find(name, SHIPPED, "scenario")


def find_what_if(name: str | Path) -> Path:
    """The file of a shipped what-if or a path. Raises ScenarioError for a name that is neither."""
    return _find(name, SHIPPED / "what-if", "what-if")


def _find(name: str | Path, folder: Path, what: str) -> Path:
    if not isinstance(name, str | Path):
        raise ScenarioError([Problem("", 0, "", f"{quoted(name)} is not the name of a {what}, nor a path")])
    given = Path(name)
    try:
        is_there = given.exists()
    except OSError:  # a name that no file can have
        is_there = False
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1 or is_there:
        return given
    if str(name) in _names(folder):
        return folder / f"{name}.yaml"
    message = unknown(str(name), f"file or a {what} that comes with the program", _names(folder))
    raise ScenarioError([Problem("", 0, "", message)])


def what_if(wanted: str | Path | WhatIf) -> WhatIf:
    """A shipped what-if by name, or one of your own by path. Raises ScenarioError for what is neither, or broken."""
    return wanted if isinstance(wanted, WhatIf) else read_what_if(find_what_if(wanted))


def base_of(asked: WhatIf) -> str | Path:
    """The scenario that a what-if differs from: a shipped one, or the file of its name beside it or one folder up.

    Raises ScenarioError if there is none.
    """
    base = asked.file.base
    folder = Path(asked.document.file).parent
    beside = [place / f"{base}.yaml" for place in (folder, folder.parent)]
    found = base if base in shipped() else next((place for place in beside if place.exists()), None)
    if found is None:
        raise ScenarioError([asked.document.problem(("base",), unknown(base, "scenario", shipped()))])
    return found
