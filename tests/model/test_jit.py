"""What is compiled is compiled anew when anything that it was compiled from has changed, and only then."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.model import jit

PACKAGE = Path(sim.__file__).parent


@pytest.fixture
def digest_after(tmp_path: Path) -> Callable[[str, str, str, str], str]:
    """The digest of a module once a text has been replaced in another module of a copy of the package."""

    def change(module: str, other: str, old: str, new: str) -> str:
        package = tmp_path / "changed" / "sim"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "page"), dirs_exist_ok=True)
        text = (package / other).read_text()
        assert old in text
        (package / other).write_text(text.replace(old, new))
        return jit.digest(package / module, package)

    return change


Change = Callable[[str, str, str, str], str]


def test_a_copy_has_the_same_digest(digest_after: Change) -> None:
    """The digest is of texts, not of where they lie."""
    assert digest_after("model/dynamics.py", "model/dynamics.py", "a", "a") == jit.digest(PACKAGE / "model/dynamics.py")


@pytest.mark.parametrize(
    ("module", "other", "old", "new"),
    [
        ("counterfactuals/paired_dynamics.py", "model/random_streams.py", "RUNS_PER_DRAW = 8", "RUNS_PER_DRAW = 4"),
        ("ensembles/summary.py", "model/plan.py", "NOT_PUT, CARRIED, REJECTED", "NOT_PUT, REJECTED, CARRIED"),
        ("analysis/pivotal_votes.py", "model/rules/decisions.py", "ROUNDING = 1e-9", "ROUNDING = 1e-8"),
        ("calibration/ballot_likelihood.py", "model/numerics.py", "1.0 / 720.0", "1.0 / 721.0"),
    ],
)
def test_a_constant_changed_in_an_imported_module_changes_the_digest(
    digest_after: Change, module: str, other: str, old: str, new: str
) -> None:
    """Constants are compiled in, also through modules between: so what was compiled with the old one is not used."""
    assert digest_after(module, other, old, new) != jit.digest(PACKAGE / module)


@pytest.mark.parametrize(
    "other", ["scenario/schema.py", "model/arrays.py", "model/priors.py", "analysis/pivotal_votes.py", "__init__.py"]
)
def test_what_is_not_compiled_in_does_not_change_the_digest(digest_after: Change, other: str) -> None:
    """An edit of the file format, of the conversion to arrays or of another analysis compiles no dynamics anew."""
    for module in ("model/dynamics.py", "ensembles/summary.py", "counterfactuals/paired_dynamics.py"):
        assert digest_after(module, other, "annotations", "annotations  # changed") == jit.digest(PACKAGE / module)


def test_only_small_modules_are_compiled_in() -> None:
    """No module with compiled functions needs the reading of files, tables or figures."""
    compiling = [path for path in PACKAGE.rglob("*.py") if "\n@compiled" in path.read_text()]
    assert len(compiling) >= 9
    for path in compiling:
        for imported in jit.modules(path):
            assert "pandas" not in imported.read_text()
            assert imported.relative_to(PACKAGE).parts[0] != "scenario"


def test_the_digest_takes_little_time() -> None:
    """What imports most is followed within the time of reading a dozen files, at every start of the program."""
    started = time.perf_counter()
    jit.digest(PACKAGE / "counterfactuals/paired_dynamics.py")
    assert time.perf_counter() - started < 0.1
