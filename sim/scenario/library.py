"""The debates and what-ifs that come with the program, found by name."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ScenarioError, unknown
from sim.scenario.what_if import WhatIf, read_what_if

_PACKAGE = Path(__file__).parent.parent


#: The shipped scenarios: inside an installed package, beside it in a checkout.
SHIPPED = _PACKAGE / "scenarios" if (_PACKAGE / "scenarios").exists() else _PACKAGE.parent / "scenarios"


def shipped() -> list[str]:
    """The names of the scenarios that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find(name: str | Path) -> Path:
    """The file of a shipped name or a path. Raises ScenarioError for a name that is neither."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1 or given.exists():
        return given
    if str(name) in shipped():
        return SHIPPED / f"{name}.yaml"
    message = f"{unknown(str(name), 'file or a scenario that comes with the program', shipped())}"
    raise ScenarioError([Problem(str(name), 0, "", message)])


def whatif_names() -> list[str]:
    """The names of the what-ifs that come with the program."""
    return sorted(path.stem for path in (SHIPPED / "what-if").glob("*.yaml"))


def find_what_if(name: str | Path) -> Path:
    """The file of a shipped what-if or a path. Raises ScenarioError for a name that is neither."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml") or len(given.parts) > 1 or given.exists():
        return given
    if str(name) in whatif_names():
        return SHIPPED / "what-if" / f"{name}.yaml"
    message = unknown(str(name), "file or a what-if that comes with the program", whatif_names())
    raise ScenarioError([Problem(str(name), 0, "", message)])


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
        raise ScenarioError([asked.problem(("base",), unknown(base, "scenario", shipped()))])
    return found
