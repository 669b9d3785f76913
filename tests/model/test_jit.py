"""What is compiled is compiled anew when anything that it was compiled from has changed, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

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
        return jit.digest(jit.modules(package / module, package))

    return change


def _digest(module: str) -> str:
    return jit.digest(jit.modules(PACKAGE / module))


Change = Callable[[str, str, str, str], str]


def test_a_copy_has_the_same_digest(digest_after: Change) -> None:
    """The digest is of texts, not of where they lie."""
    assert digest_after("model/dynamics.py", "model/dynamics.py", "a", "a") == _digest("model/dynamics.py")


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
    assert digest_after(module, other, old, new) != _digest(module)


@pytest.mark.parametrize(
    "other",
    ["scenario/schema/bodies.py", "model/arrays.py", "model/priors.py", "analysis/pivotal_votes.py", "__init__.py"],
)
def test_what_is_not_compiled_in_does_not_change_the_digest(digest_after: Change, other: str) -> None:
    """An edit of the file format, of the conversion to arrays or of another analysis compiles no dynamics anew."""
    for module in ("model/dynamics.py", "ensembles/summary.py", "counterfactuals/paired_dynamics.py"):
        assert digest_after(module, other, "annotations", "annotations  # changed") == _digest(module)


def test_only_small_modules_are_compiled_in() -> None:
    """No module with compiled functions needs the reading of files, tables or figures."""
    compiling = [path for path in PACKAGE.rglob("*.py") if "\n@compiled" in path.read_text()]
    assert len(compiling) >= 9
    for path in compiling:
        for imported in jit.modules(path):
            assert "pandas" not in imported.read_text()
            assert imported.relative_to(PACKAGE).parts[0] != "scenario"


def test_what_was_replaced_while_the_program_runs_is_known(tmp_path: Path) -> None:
    """A text written after the program began may not be the one in memory, so nothing is kept under its digest."""
    package = tmp_path / "sim"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "page"))
    assert not jit.is_replaced(jit.modules(package / "model/dynamics.py", package))
    (package / "model/numerics.py").touch()
    assert jit.is_replaced(jit.modules(package / "model/dynamics.py", package))


@pytest.fixture
def logistic(tmp_path: Path) -> Callable[..., str]:
    """What a new process computes, and where its cache is, under some environment."""
    program = "from sim.model import jit; from sim.model.numerics import logistic; print(logistic(1.0), jit.cache())"

    def run(package: Path = PACKAGE, **environment: str) -> str:
        known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(tmp_path)}
        known = {name: value for name, value in (known | environment).items() if value}
        done = subprocess.run([sys.executable, "-c", program], env=known, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


Run = Callable[..., str]


def _kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*logistic*.nbc"))


@pytest.fixture
def compiled_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], float]:
    """What a function gives that is loaded from a cache of its own, or else compiled and kept there."""
    from sim.model import compiler, numerics

    monkeypatch.setattr(jit, "cache", lambda: tmp_path)
    monkeypatch.setattr(jit, "caches", lambda: [tmp_path])
    return lambda: float(compiler.for_python(cast("jit.Compiled", numerics.logistic))(1.0))


@pytest.mark.parametrize("left", [0, 1, 100, -1])
def test_half_a_file_of_the_cache_is_not_used(compiled_again: Callable[[], float], tmp_path: Path, left: int) -> None:
    """However much of a file is there: unless all of it is, the function is compiled and written again."""
    said = compiled_again()
    (file,) = _kept(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:left])
    assert compiled_again() == said
    assert _kept(tmp_path) == [file]
    assert len(file.read_bytes()) >= len(whole) - 100


def test_a_file_of_the_cache_with_a_wrong_bit_is_not_used(compiled_again: Callable[[], float], tmp_path: Path) -> None:
    """What a disk has spoilt is compiled again."""
    said = compiled_again()
    (file,) = _kept(tmp_path)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    assert compiled_again() == said
    assert file.read_bytes() != whole


def test_what_a_killed_command_left_half_in_the_cache_is_deleted(
    compiled_again: Callable[[], float], tmp_path: Path
) -> None:
    """A half of an hour ago is nobody's any more, of whatever function; a young one may be somebody's."""
    compiled_again()
    (file,) = _kept(tmp_path)
    old, young = (file.with_name(f"other-{number * 16}.{number * 32}") for number in ("0", "a"))
    mine = tmp_path / "notes-of-mine.txt"
    for left in (old, young, mine):
        left.write_bytes(b"half")
    for left in (old, mine):
        os.utime(left, (0, 0))
    file.unlink()
    compiled_again()
    assert {*tmp_path.iterdir()} == {file, young, mine}


def test_the_cache_is_of_the_texts_and_not_of_their_place_and_time(logistic: Run, tmp_path: Path) -> None:
    """A copy of the package, made later and elsewhere, uses what the first has compiled."""
    logistic()
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.nbc")}
    copy = shutil.copytree(PACKAGE, tmp_path / "copy" / "sim", ignore=shutil.ignore_patterns("__pycache__", "page"))
    os.utime(copy / "model" / "numerics.py", (0, 0))
    logistic(copy)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.nbc")} == before


def test_the_cache_is_where_the_user_wants_it(logistic: Run, tmp_path: Path) -> None:
    """A folder that is named comes before the one beside the package."""
    assert str(tmp_path / "wanted") in logistic(NUMBA_CACHE_DIR=str(tmp_path / "wanted"))
    assert _kept(tmp_path / "wanted")


@pytest.mark.parametrize(
    ("variables", "home", "expected"),
    [
        ({"XDG_CACHE_HOME": "/somewhere"}, "/home/me", ["/somewhere", "/home/me/.cache"]),
        ({"XDG_CACHE_HOME": "here"}, "/home/me", ["/home/me/.cache"]),
        ({"XDG_CACHE_HOME": ""}, "/home/me", ["/home/me/.cache"]),
        ({}, None, []),
        ({"NUMBA_CACHE_DIR": "/wanted"}, None, ["/wanted"]),
    ],
)
def test_a_cache_that_cannot_be_beside_the_package_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], home: str | None, expected: list[str]
) -> None:
    """A relative folder for caches is none; who has no home, and names no folder, has a cache for one run."""
    monkeypatch.setattr(os, "environ", {**variables, **({"HOME": home} if home else {})})
    if home is None:
        monkeypatch.setattr(Path, "home", _no_home)
    folders = [Path(folder) / "policy-debate-sim" for folder in expected]
    monkeypatch.setattr(jit, "_can_write", lambda folder: folder in folders)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    chosen = jit.cache.__wrapped__()
    assert chosen == folders[0] if folders else chosen.parent == tmp_path
    assert [folder for folder in jit._folders() if folder != jit.BESIDE] == folders


def _no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_what_is_being_compiled_is_said_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function's name, again and again as long as it lasts; and nothing while nothing is compiled."""
    said: list[str] = []
    monkeypatch.setattr(jit, "TELL_EVERY", 0.01)
    with jit.watched(said.append):
        time.sleep(0.05)
        assert said == []
        with jit.being_compiled("put_to_vote"):
            while len(said) < 2:
                time.sleep(0.01)
    assert all("put_to_vote" in line and line.startswith("Compiling the model") for line in said)


def test_the_model_is_new_until_something_that_plays_was_compiled_from_these_texts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was compiled from other texts, or by another Python, does not count."""
    monkeypatch.setattr(jit, "caches", lambda: [tmp_path])
    monkeypatch.setattr(jit, "IS_OFF", False)
    here, digest = sys.implementation.cache_tag, _digest("model/movement.py")
    for other in (f"0123456789abcdef-{here}", f"{digest}-cpython-39"):
        (tmp_path / f"sim.model.movement.pass_week-{other}-0.nbc").touch()
        assert jit.is_new()
    (tmp_path / f"sim.model.movement.pass_week-{digest}-{here}-0.nbc").touch()
    assert not jit.is_new()


APART = """
import sys
import numpy as np
from sim.model.jit import compiled, compiled_apart

@compiled_apart("float64[::1]")
def doubled(x):
    return 2.0 * x

@compiled_apart("float64[::1]")
def halved(x):
    return x / 2.0

@compiled_apart("int64")
def wrong(x):
    return x / 2.0

@compiled
def one_of_them(which, x):
    if which == 1:
        return doubled(x)[0]
    if which == 2:
        return halved(x)[0]
    return wrong(x)

if __name__ == "__main__":
    import apart
    print(apart.one_of_them(int(sys.argv[1]), np.ones(3)))
"""


@pytest.fixture
def one_of_them(tmp_path: Path) -> Callable[[int], subprocess.CompletedProcess[str]]:
    """A new process that calls a compiled function, which calls one of three that are compiled apart."""
    (tmp_path / "apart.py").write_text(APART)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{PACKAGE.parent}{os.pathsep}{tmp_path}",
        "NUMBA_CACHE_DIR": str(tmp_path),
    }

    def run(which: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(tmp_path / "apart.py"), str(which)]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)

    return run


def test_what_is_compiled_apart_is_compiled_when_it_is_called(
    one_of_them: Callable[[int], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """The first process compiles one of two functions, the second the other, for a caller from the cache."""

    def kept() -> set[str]:
        return {file.name.split("-")[0].removeprefix("apart.") for file in tmp_path.rglob("*.nbc")}

    assert one_of_them(1).stdout == "2.0\n"
    assert kept() == {"one_of_them", "doubled"}
    assert one_of_them(2).stdout == "0.5\n"
    assert kept() == {"one_of_them", "doubled", "halved"}
    assert one_of_them(2).stdout == "0.5\n"


def test_a_function_apart_that_returns_something_else_is_an_error(
    one_of_them: Callable[[int], subprocess.CompletedProcess[str]],
) -> None:
    """What was declared of it is checked before it is called."""
    done = one_of_them(3)
    assert done.returncode == 1
    assert "apart.wrong returns" in done.stderr
    assert "apart.wrong could not be compiled" in done.stderr


def test_what_numba_compiles_by_itself_can_call_a_part() -> None:
    """A function of one's own, decorated by Numba, may call one of ours, though nothing has been compiled before."""
    own = "import numba; from sim.model.numerics import whole_of; print(numba.njit(lambda x: whole_of(x) + 1)(3.0))"
    done = subprocess.run([sys.executable, "-c", own], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("4\n", "")
