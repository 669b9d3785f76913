"""What is published is whole: the wheel works outside this folder, and the container's file names what there is."""

from __future__ import annotations

import json
import os
import re
import site
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.model import jit
from sim.scenario.library import whatif_names

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as it is published."""
    folder = tmp_path_factory.mktemp("dist")
    call = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(call, check=True)
    (made,) = folder.iterdir()
    return made


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_program_and_nothing_else(wheel: Path) -> None:
    """Modules, the page, templates, debates and their posteriors are in it, with the version in its name."""
    tracked = subprocess.run(
        ["git", "ls-files", "sim", "scenarios"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    there = {re.sub("^scenarios/", "sim/scenarios/", name) for name in tracked.stdout.splitlines()}
    with zipfile.ZipFile(wheel) as packed:
        assert {name for name in packed.namelist() if ".dist-info/" not in name} == there
    assert wheel.name.startswith(f"policy_debate_sim-{sim.__version__}-")


@pytest.mark.slow
def test_the_wheel_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """Without this folder the program says its version, plays a debate, and makes a report and a film of it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    (packages,) = (tmp_path / "bare").glob("lib/python*/site-packages")
    # To install the packages again would take minutes (`make wheel` does); a path that a file names lends those here,
    # and not this program, which is found by a file of its own among them.
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    install = ["-m", "pip", "--python", str(tmp_path / "bare"), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)
    (cache := tmp_path / "cache").mkdir()
    (cache / "policy-debate-sim").symlink_to(jit.cache())  # what is compiled of these texts need not be again
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def said(*call: str) -> str:
        return subprocess.run(
            [str(tmp_path / "bare" / "bin" / "python"), *call],
            cwd=tmp_path, env={**kept, "NUMBA_CACHE_DIR": str(cache)}, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip

    assert Path(said("-c", "import sim; print(sim.__file__)")).is_relative_to(packages)
    assert said("-m", "sim", "--version") == sim.__version__
    assert json.loads(said("-m", "sim", "replay", "library-sunday", "--runs", "8", "--no-figures", "--format", "json"))
    assert said("-m", "sim", "report", "--scenario", "library-sunday", "--runs", "64", "--quiet")
    assert said("-m", "sim", "film", "library-sunday", "--history", "0", "--as", "gif", "--quiet")


def test_make_wheel_tries_every_extra_on_every_python() -> None:
    """Each extra of the package, and each Python that it names, is one that `make wheel` tries."""
    text = (ROOT / "Makefile").read_text("utf-8")
    line = re.search(r"^EXTRAS = (.*)$", text, re.MULTILINE)
    assert line is not None
    assert sorted(line[1].split()) == sorted(PROJECT["optional-dependencies"])
    named = [found[1] for one in PROJECT["classifiers"] if (found := re.search(r"Python :: (3\.\d+)$", one))]
    loops = re.findall(r"for v in (.*?); do", text)
    assert named
    assert [loop.split() for loop in loops if loop.startswith(named[0])] == [named, named]


def test_the_containers_file_copies_what_there_is_and_starts_the_explorer() -> None:
    """Its paths, extra and what-if exist, it runs as nobody special, and serves on the port it exposes."""
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    said = [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]
    copied = {path for word, rest in said if word == "COPY" for path in rest.split()[:-1]}
    assert all((ROOT / path).exists() for path in copied)
    assert {"pyproject.toml", PROJECT["readme"], *PROJECT["license-files"], "sim", "scenarios"} <= copied
    words = dict(said)
    install, compiling = (rest for word, rest in said if word == "RUN")
    extras = re.findall(r'"\.\[(\w+)\]"', install)
    assert extras == ["explore"]
    assert set(extras) <= PROJECT["optional-dependencies"].keys()
    assert re.search(r"--constraint (\S+)", install)[1] in copied
    assert re.match(r"sim whatif (\S+) ", compiling)[1] in whatif_names()
    assert [word for word, _ in said][-5:] == ["USER", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD"]
    assert f"useradd --create-home {words['USER']}" in install
    program, command, *options = json.loads(words["ENTRYPOINT"])
    (debate,) = json.loads(words["CMD"])
    assert program == "sim"
    assert debate in sim.shipped()
    assert options[options.index("--port") + 1] == words["EXPOSE"]
    help_ = CliRunner().invoke(main.program(), [command, "--help"], terminal_width=200).output
    assert all(option in help_ for option in options if option.startswith("--"))
    version = re.fullmatch(r"python:3\.(\d+)-slim", words["FROM"])
    assert version is not None
    assert int(version[1]) >= int(PROJECT["requires-python"].removeprefix(">=3."))
