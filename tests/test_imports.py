"""The house has an order: each module builds on those before it, and only some know Mesa or matplotlib."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SIM = Path(__file__).parent.parent / "sim"

#: Every module imports only what stands before it. A folder stands for the modules in it.
ORDER = (
    "spelling", "schema", "document", "shape", "antecedents", "changes", "coherence", "reading",
    "compiled", "elementary", "luck", "tempering", "membership", "timeline",
    "rules.persuasion", "rules.letters", "rules.ballots", "rules.decisions", "rules.tallies",
    "posterior", "plan", "draws", "history", "summary", "likelihood", "scenario", "record",
    "replicates", "crew", "calibration", "learnt", "inference_data", "results", "estimates", "saved",
    "influence", "polarisation",
    "side_by_side", "pairing", "support", "counterfactual", "overview", "worlds", "shapley", "causes", "attribution",
    "levers", "tipping", "voting_power", "pivots", "power", "sensitivity",
    "yardsticks", "scoring", "model_choice", "backtest", "member", "debate", "transcript", "sources",
    "figures", "publish", "filming", "explorer", "report", "verification", "commands", "cli", "__main__",
)  # fmt: skip
#: Imported by nobody: the names that a user sees, each from its home.
FACADE = "__init__"
#: One history is played with Mesa agents here; everywhere else a history is arrays.
KNOW_MESA = {"member", "debate", "transcript"}
#: What a picture looks like is known here, after the results; numbers come about without it.
KNOW_MATPLOTLIB = {"figures"}
#: Worth importing only where something is made of them.
HEAVY = {
    "SALib",
    "pandas",
    "xarray",
    "scipy",
    "matplotlib",
    "mesa",
    "networkx",
    "rich",
    "pyarrow",
    "distributed",
    "imageio_ffmpeg",
    "h5netcdf",
}
#: Commands import what they need when they run, so that `--help` answers at once; the front of the pictures imports
#: the compiled core only where they are drawn of results.
IMPORTS_LATE = {"commands", "cli", "figures"}

SOURCES = {".".join(path.relative_to(SIM).with_suffix("").parts): path for path in sorted(SIM.rglob("*.py"))}


def place(module: str) -> str | None:
    """The name in the order that a module goes by; None for the empty front of a folder without one."""
    module = module.removesuffix(".__init__")
    return next((name for name in (module, module.split(".")[0]) if name in ORDER), None)


def is_for_types(node: ast.AST) -> bool:
    """Whether this is `if TYPE_CHECKING`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def imports(module: str) -> Iterator[tuple[str, bool]]:
    """What a module imports when it runs, in full, and whether inside a function."""

    def walk(node: ast.AST, inside: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if is_for_types(child):
                yield from (found for other in child.orelse for found in walk(other, inside))  # type: ignore[attr-defined]
            elif isinstance(child, ast.Import):
                yield from ((alias.name, inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                yield from ((name, inside) for name in full_names(module, child))
            else:
                yield from walk(child, inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))

    yield from walk(ast.parse(SOURCES[module].read_text("utf-8")), False)


def full_names(module: str, node: ast.ImportFrom) -> list[str]:
    """`from sim import luck` imports `sim.luck`; `from .style import x` in a folder imports from that folder."""
    package = ["sim", *module.split(".")][: -node.level] if node.level else []
    base = ".".join([*package, *([node.module] if node.module else [])])
    inner = [f"{base}.{alias.name}" for alias in node.names]
    return [
        name if name.removeprefix("sim.") in SOURCES or name.removeprefix("sim.") in ORDER else base for name in inner
    ]


def of_sim(module: str) -> list[str]:
    """The modules of the house that a module imports."""
    return [name.removeprefix("sim.") for name, _ in imports(module) if name.startswith("sim.")]


def test_every_module_has_its_place_in_the_order() -> None:
    """No module stands outside, and none is named that is not there."""
    fronts = {name for name in SOURCES if name.endswith("__init__")}
    assert {name for name in SOURCES if place(name) is None} <= fronts
    assert {place(name) for name in SOURCES} - {None} == set(ORDER)


@pytest.mark.parametrize("module", [name for name in SOURCES if name != FACADE])
def test_a_module_builds_only_on_what_stands_before_it(module: str) -> None:
    """Imports run one way, from the words of the format up to the commands."""
    here = place(module)
    for other in of_sim(module):
        there = place(other)
        if there is None or there == here:
            continue
        assert here is not None, f"{module} is only the front of a folder, and imports {other}"
        assert ORDER.index(there) < ORDER.index(here), f"{module} imports {other}, which stands after it"


@pytest.mark.parametrize("folder", ["coherence", "figures", "commands"])
def test_the_modules_of_a_folder_import_each_other_without_a_loop(folder: str) -> None:
    """Within a folder, too, one can start reading somewhere."""
    inside = {name: set(of_sim(name)) & set(SOURCES) for name in SOURCES if name.startswith(f"{folder}.")}
    while inside:
        first = {name for name, others in inside.items() if not others & set(inside) - {name}}
        assert first, f"{sorted(inside)} import each other in a circle"
        inside = {name: others for name, others in inside.items() if name not in first}


@pytest.mark.parametrize("module", [name for name in SOURCES if place(name) not in IMPORTS_LATE])
def test_what_a_module_needs_stands_at_its_top(module: str) -> None:
    """Only what is heavy and not of this house is imported inside a function."""
    late = [name for name, inside in imports(module) if inside]
    assert {name.split(".")[0] for name in late} <= HEAVY, f"{module} imports {late} inside a function"


@pytest.mark.parametrize("module", SOURCES)
def test_mesa_and_matplotlib_are_known_where_they_belong(module: str) -> None:
    """Agents are an account of one history, figures an account of results; neither is needed to compute."""
    tops = {name.split(".")[0] for name, _ in imports(module)}
    assert "mesa" not in tops or module in KNOW_MESA
    assert "matplotlib" not in tops or place(module) in KNOW_MATPLOTLIB


@pytest.mark.parametrize(
    ("imported", "absent"),
    [
        ("sim", ("numpy", "numba", "pandas", "pydantic", "mesa", "matplotlib")),
        ("sim.reading", ("numpy", "numba", "pandas", "mesa", "matplotlib")),
        ("sim.results", ("mesa", "matplotlib", "xarray")),
        ("sim.estimates", ("mesa", "matplotlib", "xarray")),
        ("sim.transcript", ("matplotlib", "xarray")),
        ("sim.cli", ("numpy", "numba", "pandas", "mesa", "matplotlib")),
    ],
)
def test_nothing_heavy_comes_along_uninvited(imported: str, absent: tuple[str, ...]) -> None:
    """Who reads a file loads no compiler, who computes loads no pictures, and `--help` loads next to nothing."""
    asked = f"import {imported}, sys; print(*[name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=SIM.parent)
    assert done.stdout.split() == []


#: Where the first debate may be named: the seed and the scenario that commands take by default, and examples of calls.
DEFAULTS = {
    "*": re.compile(r"\bseed: \w+ = 1922\b"),
    "commands": re.compile(r"`sim [^`]*`|\bmonopoly-1922\b|\bseed: [\w.]+ = 1922\b"),
}


@pytest.mark.parametrize("module", SOURCES)
def test_the_engine_knows_nothing_of_the_first_debate(module: str) -> None:
    """No year, name or institution of it stands anywhere in the code but in defaults."""
    text = DEFAULTS.get(place(module) or "*", DEFAULTS["*"]).sub("", SOURCES[module].read_text("utf-8"))
    found = re.findall(r".*(?:1922|lenin|politb|monopoly).*", text, re.IGNORECASE)
    assert not found
