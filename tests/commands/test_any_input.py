"""Whatever is typed, or stands in a what-if, ends in results or in sentences: never in a traceback, never in a NaN."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from unittest import mock

import pandas
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.commands import main, options
from sim.errors import UserError
from sim.scenario import edits
from sim.scenario.library import SHIPPED, what_if

LIBRARY = sim.load("library-sunday")
WHAT_IF = """what_if: eve-comes
base: library-sunday
title: Eve stays at home
why: She might have put her journey off.
evidence: assumed
note: invented
changes:
  - {remove: eve-travels}
  - {set: eve-writes.strength, to: 5}
  - {set: openness.value, to: 0.25}
  - {set: sunday-ballot.date, to: 2024-03-20}
  - add: timeline
    item: {id: ben-writes, kind: letter, date: 2024-03-05, author: ben, readers: [ada], argues_for: never,
           strength: 2, evidence: assumed, note: invented, summary: "no"}
"""
#: What has a meaning somewhere in the debate of the library, what is nearly that, and what is none.
WORDS = [
    "library-sunday", "eve-comes", "own.yaml", "what-if.yaml", "nowhere.yaml", ".", "..", "/dev/null", "results",
    "people.csv", "members=people.csv", "position=V1", "0:1", "voteview",
    "ada", "eve", "ada=2024-03-12", "eve=2024-03-10..2024-03-14", "eve=2024-03-14..2024-03-10", "dan=2024-03-12",
    "eve-writes", "eve-travels", "eve-travels.until", "sunday-ballot", "committee-talks", "committee", "openness",
    "eve-writes=2024-03-03", "eve-writes=1924-03-03", "eve-writes=2024-02-30", "sunday-ballot=2024-03-30",
    "eve-writes.strength=5", "eve-writes.strength=nan", "openness.value=0.3", "openness=1e300", "openness.value=[1",
    "letter of ada on 2024-03-05 to committee for always", "talk of ada, eve on 2024-03-05", "talk of on", "letter of",
    "dynamics.talk.rule=degroot", "dynamics.ballots.rule=x", "all", "documented", "seed", "json", "csv", "table", "svg",
    "=", "a=b", "a=", "=b", "-", "--", "-1", "0", "1", "8", "2024-03-12", "0001-01-01", "0.5", "nan", "inf", "1e300",
    "5e-324", "9" * 400, "1,2", "[/i]", "[bold", "$x^2$", "\x1b[31m", "\u202e", "\xa0", "\udcff", "é" * 90, "a" * 300,
    "%s", "{0}", "*", "~", "$HOME", "no", "null", "!!python/object:os.system", "&a [*a]", "1922",
]  # fmt: skip
#: The commands that end soon, each with what keeps it short, and an argument that makes sense.
SHORT = {
    "replay": (["--runs", "8", "--no-figures"], "library-sunday"),
    "run": (["--no-figures"], "library-sunday"),
    "whatif": (["--runs", "8", "--no-figures", "--scenario", "library-sunday"], "what-if.yaml"),
    "attribute": (["--runs", "8", "--no-figures", "--scenario", "library-sunday"], "sunday-ballot"),
    "tipping": (["--runs", "8", "--no-figures", "--scenario", "library-sunday", "--over", "openness"], "sunday-ballot"),
    "power": (["--runs", "8", "--no-figures", "--scenario", "library-sunday"], "committee"),
    "new": ([], "fresh"),
    "import": ([], "people.csv"),
    "export": ([], "library-sunday"),
    "list": ([], "members"),
    "timeline": ([], "library-sunday"),
    "check": ([], "own.yaml"),
    "sources": ([], "library-sunday"),
    "schema": ([], ""),
    "verify": ([], "results"),
    "archive": ([], "results"),
    "plot": (["--from", "results", "--out", "drawn"], "stances"),
}
#: Options that would wait for somebody else, or make many histories of a short command.
LEFT_OUT = {"--open", "--cluster", "--all", "--workers", "--refit", "--out", "--runs", "--help"}


def options_of(name: str) -> dict[str, bool]:
    """The options of a command, and whether each takes a value."""
    function = next(one.function for one in main.COMMANDS if one.name == name)
    found: dict[str, bool] = {}
    hints = inspect.get_annotations(options.grouped(function), eval_str=True)
    for parameter, hint in hints.items():
        for about in get_args(hint)[1:]:
            if isinstance(about, typer.models.OptionInfo):
                names = [one for one in (about.default, *(about.param_decls or ())) if str(one).startswith("--")]
                found[names[0] if names else f"--{parameter.replace('_', '-')}"] = get_args(hint)[0] is not bool
    return {option: takes for option, takes in found.items() if option not in LEFT_OUT}


OPTIONS = {name: options_of(name) for name in SHORT}
WORD = st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_characters="\0"), max_size=12))


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command with arguments and options, some of which make sense."""
    name = draw(st.sampled_from(list(SHORT)))
    bounds, usual = SHORT[name]
    line = [*bounds, *draw(st.one_of(st.just([usual] if usual else []), st.lists(WORD, max_size=2)))]
    for option in draw(st.lists(st.sampled_from(sorted(OPTIONS[name]) or ["-h"]), max_size=3)):
        line += [option, draw(WORD)] if OPTIONS[name].get(option) else [option]
    return [name, *line]


@st.composite
def mutated(draw: st.DrawFn, text: str = WHAT_IF) -> str:
    """A what-if with words struck out, exchanged or put elsewhere."""
    tokens = re.findall(r"\w+(?:-\w+)*|\s+|[^\w\s]", text)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(tokens) - 1))
        tokens[at] = draw(st.one_of(st.sampled_from(["", ": ", "\n", "- ", "[", "}", *WORDS]), st.sampled_from(tokens)))
    return "".join(tokens)


@contextlib.contextmanager
def at_home() -> Iterator[Path]:
    """In a folder of its own, with a debate, a what-if and results."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "own.yaml").write_bytes((SHIPPED / "library-sunday.yaml").read_bytes())
        (folder / "what-if.yaml").write_text(WHAT_IF, "utf-8")
        (folder / "people.csv").write_text("name,position,V1\nAda,0,yes\nBen,0.5,no\n", "utf-8")
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def ended(line: list[str]) -> tuple[int, str]:
    """The status with which a command line ends in this folder, and what it has said."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors="replace") for _ in range(2))
    with mock.patch.object(sys, "argv", ["sim", *line]), mock.patch.multiple(sys, stdout=out, stderr=err):
        try:
            main.main()
            status: Any = 0
        except SystemExit as end:
            status = end.code or 0
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    assert isinstance(status, int), status
    return status, err.buffer.getvalue().decode()  # type: ignore[attr-defined]


def assert_are_chances(folder: Path) -> None:
    """Every probability in the tables of results is one."""
    for path in folder.rglob("*.csv"):
        table = pandas.read_csv(path)
        for column in {"probability", "yes", "no", "abstain", "absent", "put"} & {*table.columns}:
            if path.stem in ("decisions", "ballots"):
                assert table[column].between(0, 1).all(), (path, column)


def tried(line: list[str]) -> None:
    """A command line ends with results, or is refused with one status and sentences."""
    with at_home() as folder:
        if line[0] in ("verify", "plot"):
            assert ended(["run", "library-sunday", "--no-figures", "--out", "out"])[0] == 0
            Path("results").symlink_to(next(Path("out").glob("library*")))
        status, said = ended(line)
        assert status in ((0, 1, 2) if line[0] in ("verify", "check") else (0, 2)), (status, said)
        assert "Traceback" not in said, said
        assert status == 0 or said.strip() or line[0] == "check", "it was refused without a word"
        assert_are_chances(folder)


def changed(text: str) -> None:
    """A what-if makes another debate that can be played, or is refused in sentences."""
    with at_home():
        Path("what-if.yaml").write_text(text, "utf-8", errors="replace")
        with contextlib.suppress(UserError):
            made = LIBRARY.with_changes(what_if(Path("what-if.yaml")))
            table = sim.ensemble(made, runs=128).decisions
            assert table.probability.between(0, 1).all()
            assert not table.mc_error.isna().any()


def edited(words: list[tuple[str, str]]) -> None:
    """The words of options make another debate that can be played, or are refused in sentences."""
    with contextlib.suppress(UserError):
        world = edits.edited(LIBRARY, words)
        assert sim.ensemble(world, runs=8).decisions.probability.between(0, 1).all()


EDITS = st.sampled_from(["without", "present", "absent", "move", "set", "add"])


@settings(max_examples=60)
@given(command_lines())
def test_whatever_is_typed_ends_in_results_or_in_a_sentence(line: list[str]) -> None:
    """Any words as arguments and options of any short command: its status is 0 or 2, and chances are chances."""
    tried(line)


@settings(max_examples=100)
@given(mutated())
def test_whatever_a_what_if_says_is_played_or_refused(text: str) -> None:
    """A what-if with words struck out, exchanged or put elsewhere."""
    changed(text)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(EDITS, st.one_of(WORD, mutated("letter of ada on 2024-03-05 to committee for always"))), max_size=3
    )
)
def test_whatever_options_say_is_played_or_refused(words: list[tuple[str, str]]) -> None:
    """Any words as single changes, one on top of another."""
    edited(words)
