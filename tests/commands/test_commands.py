"""The commands: what they print and leave behind, and how they refuse what they cannot use."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas
import pytest

import sim
from sim.commands import main, terminal
from sim.errors import Interrupted
from sim.figures import KINDS
from sim.results.saved import Saved
from sim.scenario.library import SHIPPED, what_ifs_of

HERE = Path(__file__).parent
COMMANDS = [
    "replay",
    "run",
    "whatif",
    "attribute",
    "tipping",
    "power",
    "sensitivity",
    "calibrate",
    "score",
    "compare",
    "list",
    "timeline",
    "check",
    "sources",
    "schema",
    "verify",
    "archive",
    "plot",
    "film",
    "explore",
    "report",
    "new",
    "import",
    "export",
]
FIGURES = [name for name, kind in KINDS.items() if kind.command == "replay"]
REPLAY_FILES = {
    *(f"{name}.csv" for name in ("decisions", "stances", "ballots", "policy", "centres", "baselines", "scores")),
    *(f"{name}.csv" for name in ("policy_as_recorded", "policy_shares", "influence", "polarisation")),
    *(f"{name}.svg" for name in FIGURES),
    "manifest.json",
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in an empty folder, as `sim ARGUMENTS` does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main()
        captured = capsys.readouterr()
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


def as_process(*arguments: str, folder: Path, call: tuple[str, ...] = ("-m", "sim")) -> Ended:
    """A command as a process of its own, with warnings as errors."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *call, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def left_in(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def the_folder(out: Path) -> Path:
    """The folder of results that was written last."""
    return (out / "latest").resolve(strict=True)


def folders_in(out: Path) -> list[Path]:
    """Every folder of results."""
    return sorted(path.parent for path in out.glob("*/manifest.json") if not path.parent.is_symlink())


# Help ------------------------------------------------------------------------------------------------------


def test_the_commands_are_these() -> None:
    """There is a command for each thing one can ask, and each has been thought of here."""
    assert sorted(command.name for command in main.COMMANDS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: Command, name: str) -> None:
    """`--help` says what a command does and shows a call of it."""
    ended = command(name, "--help")
    assert ended.status == 0
    assert re.search(rf"Example:\s+sim {name}\b", ended.out), ended.out


def test_help_answers_without_loading_what_it_does_not_need(tmp_path: Path) -> None:
    """To import the commands, and to ask for help, loads neither the compiler nor Mesa, tables or figures."""
    heavy = ["numba", "mesa", "matplotlib", "pandas", "xarray", "scipy", "numpy", "pydantic"]
    script = f"""
import sys
import sim.commands.main
loaded = [name for name in {heavy} if name in sys.modules]
assert not loaded, f"import sim.commands.main loads {{loaded}}"
sys.argv = ["sim", "replay", "--help"]
try:
    sim.commands.main.main()
except SystemExit as end:
    assert not end.code
loaded = [name for name in {heavy[:5]} if name in sys.modules]
assert not loaded, f"sim --help loads {{loaded}}"
"""
    ended = as_process(folder=tmp_path, call=("-c", script))
    assert (ended.status, ended.err) == (0, "")


def test_every_public_name_is_there_and_explained() -> None:
    """Each name of `sim` can be used, stands once, and is in the list of the package."""
    assert len(set(sim.__all__)) == len(sim.__all__)
    for name in sim.__all__:
        assert getattr(sim, name) is not None
        assert name.startswith("__") or name in str(sim.__doc__), name


def test_the_package_can_be_run_as_a_module(tmp_path: Path) -> None:
    """`python -m sim` is the command `sim`."""
    ended = as_process("check", "library-sunday", folder=tmp_path)
    assert ended == Ended(0, "library-sunday: in order (5 people, 4 moments, about 0.3 GB of memory)\n", "")


# Refusals --------------------------------------------------------------------------------------------------

REFUSED: dict[tuple[str, ...], str] = {
    ("replay", "library-sundy"): r"library-sundy.* did you mean 'library-sunday'\?",
    ("replay", "no/such.yaml"): r"no/such.yaml: there is no such file",
    ("timeline", "."): r"this is a folder: name a scenario file in it",
    (
        "replay",
        "library-sunday",
        "--reading",
        "kamenev=easing",
    ): r"'kamenev' is not a reading of 'library-sunday': there is none",
    (
        "run",
        "monopoly-1922",
        "--reading",
        "kamenv=easing",
    ): r"'kamenv' is not a reading of 'monopoly-1922': did you mean 'kamenev'\?",
    ("timeline", "monopoly-1922", "--reading", "kamenev=abolish"): r"'abolish' is not an option of 'kamenev'",
    ("timeline", "monopoly-1922", "--reading", "kamenev"): r"--reading kamenev: give NAME=OPTION",
    ("sources", "library-sunday", "--evidence", "sed"): r"'sed' is not one of 'all', 'documented', 'seed'",
    ("replay", "library-sunday", "--runs", "0"): r"Invalid value for '--runs': '?0'? is not ",
    ("replay", "library-sunday", "--runs", "many"): r"Invalid value for '--runs': '?many'? is not ",
    ("replay", "library-sunday", "--seed", "-1"): r"Invalid value for '--seed': '?-1'? is not ",
    ("replay", "library-sunday", "--workers", "0"): r"Invalid value for '--workers': '?0'? is not ",
    ("run", "library-sunday", "--replicate", "-1"): r"Invalid value for '--replicate': '?-1'? is not ",
    ("run", "library-sunday", "--out", "file"): r"cannot write to file: file is not a folder",
    ("run", "library-sunday", "--out", "file/deeper"): r"cannot write to file/deeper: .*file is not a folder",
    ("replay", "library-sunday", "--out", "file/deeper"): r"cannot write to file/deeper: .*file is not a folder",
    ("verify", "nowhere"): r"nowhere/manifest.json does not exist: name a folder that a command of this program has",
    ("verify", "file"): r"file/manifest.json cannot be read: Not a directory",
    ("check",): r"Missing argument 'FILE'",
    ("check", "file"): r"file: .*",
    ("frobnicate",): r"No such command 'frobnicate'",
    ("schema", "more"): r"unexpected extra argument",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_bad_input_ends_with_status_2_and_one_message(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """What cannot be used is refused with status 2 and a message that says why; nothing is printed or written."""
    (tmp_path / "file").write_text("")
    ended = command(*arguments)
    assert ended.status == 2
    assert re.search(REFUSED[arguments], " ".join(ended.err.split())), ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert left_in(tmp_path) == [tmp_path / "file"]


def test_a_refusal_is_one_line_to_the_process_that_started_it(tmp_path: Path) -> None:
    """As a process, too, a command that refuses ends with status 2, a line of its own, and no traceback."""
    ended = as_process("verify", "nowhere", folder=tmp_path)
    said = "nowhere/manifest.json does not exist: name a folder that a command of this program has written\n"
    assert ended == Ended(2, "", said)


def test_a_place_that_may_not_be_written_to_is_refused_before_anything_is_played(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether results can be written is found out first, not after an hour of playing."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    ended = command("replay", "library-sunday", "--out", "results")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"cannot write to results: {tmp_path} may not be written to\n"


def test_somebody_elses_folder_is_left_alone(command: Command, tmp_path: Path) -> None:
    """If a folder of the very name holds something else, it is not replaced."""
    assert command("run", "library-sunday", "--out", "out").status == 0
    folder = the_folder(tmp_path / "out")
    (folder / "manifest.json").unlink()
    before = left_in(folder)
    ended = command("run", "library-sunday", "--out", "out")
    assert ended.status == 2
    assert "holds something else" in ended.err
    assert left_in(folder) == before


# check and schema ------------------------------------------------------------------------------------------


def test_check_finds_the_shipped_debates_in_order(command: Command) -> None:
    """The shipped debates are in order, by name and by path."""
    ended = command("check", *sim.shipped(), str(SHIPPED / "library-sunday.yaml"))
    assert ended.status == 0
    assert len(ended.out.splitlines()) == 4
    assert all(": in order (" in line for line in ended.out.splitlines())


def test_check_warns_of_what_is_hardly_meant_and_refuses_nothing(command: Command, tmp_path: Path) -> None:
    """A number that nothing uses is told with its line, and the status is 0."""
    path = tmp_path / "own.yaml"
    spare = "parameters:\n  spare: {value: 1, range: [0, 1], unit: x, meaning: x, evidence: assumed, note: x}\n"
    text = (SHIPPED / "library-sunday.yaml").read_text().replace("parameters:\n", spare)
    path.write_text(text)
    ended = command("check", "own.yaml")
    line = 1 + text.splitlines().index(spare.splitlines()[1])
    assert ended.status == 0
    assert ended.out.splitlines()[1:] == [f"warning: own.yaml:{line}: parameters.spare: nothing uses 'spare'"]


def test_check_reports_all_errors_of_all_files_at_once(command: Command, tmp_path: Path) -> None:
    """Everything wrong with every file is said in one go, with the line; what is in order is said too."""
    broken = HERE.parent / "scenario" / "broken" / "dangling-members.yaml"
    ended = command("check", str(broken), "library-sunday", "missing.yaml")
    assert ended.status == 2
    assert ended.out == "library-sunday: in order (5 people, 4 moments, about 0.3 GB of memory)\n"
    lines = ended.err.splitlines()
    assert sum(line.startswith(f"{broken}:") for line in lines) >= 5
    assert all(re.match(rf"{re.escape(str(broken))}:\d+: ", line) for line in lines[:-1])
    assert lines[-1] == "missing.yaml: there is no such file"


@pytest.mark.parametrize(("name", "options"), [("scenario", ()), ("what-if", ("--what-if",))])
def test_the_shipped_schema_is_what_the_command_prints(command: Command, name: str, options: tuple[str, ...]) -> None:
    """The schema files beside the shipped debates are the present ones (`sim schema > …`, with `--what-if` too)."""
    assert (SHIPPED / f"{name}.schema.json").read_text("utf-8") == command("schema", *options).out


def test_the_shipped_files_name_their_schema() -> None:
    """The first line of a shipped debate or what-if tells an editor where its schema is."""
    schemas = {SHIPPED: "scenario.schema.json", SHIPPED / "what-if": "../what-if.schema.json"}
    for folder, schema in schemas.items():
        assert (folder / schema).exists()
        for file in folder.glob("*.yaml"):
            assert file.read_text("utf-8").startswith(f"# yaml-language-server: $schema={schema}\n"), file


# timeline and sources ------------------------------------------------------------------------------------------


def test_timeline_prints_the_timeline_in_order(command: Command) -> None:
    """The timeline shows every moment with its day, and the order that holds within a day."""
    ended = command("timeline", "library-sunday")
    assert ended.status == 0
    places = [ended.out.index(name) for name in ("eve-travels", "eve-writes", "committee-talks", "sunday-ballot")]
    assert places == sorted(places)
    assert "Within a day: week, absence ends, absence begins, event, letter, talk, ballot." in ended.out


def test_timeline_hides_the_weeks_unless_they_are_asked_for(command: Command) -> None:
    """Weeks and regular talks are counted, and shown with `--weeks`."""
    short, whole = command("timeline").out, command("timeline", "--weeks").out
    assert "are not shown (--weeks shows them)" in short
    assert "week-1922-01-02" not in short
    assert "week-1922-01-02" in whole
    assert "are not shown" not in whole


def test_sources_lists_what_is_known_before_what_is_assumed(command: Command) -> None:
    """The list is grouped by evidence, with the number in each group, assumptions last."""
    out = command("sources").out
    groups = re.findall(r"^(documented|attributed|conjecture|assumed) \((\d+)\)", out, re.MULTILINE)
    assert [word for word, _ in groups] == ["documented", "attributed", "conjecture", "assumed"]
    table = pandas.read_csv(io.StringIO(command("sources", "--format", "csv").out), keep_default_na=False)
    assert {word: int(number) for word, number in groups} == table.evidence.value_counts().to_dict()


def test_sources_gives_the_works_as_bibtex(command: Command) -> None:
    """With `--bibtex` the works come out as entries and nothing else."""
    out = command("sources", "monopoly-1922", "--bibtex").out
    assert out.count("@misc{") == len(sim.load("monopoly-1922").debate.sources)
    assert out.startswith("@misc{SEED,\n")


# run, replay, verify ---------------------------------------------------------------------------------------


def test_run_prints_and_leaves_one_history(command: Command, tmp_path: Path) -> None:
    """`run` prints who was moved and how they voted, and leaves transcript, stances, ballots and manifest."""
    ended = command("run", "library-sunday", "--seed", "7", "--out", "out", "--full")
    assert ended.status == 0
    assert "1 history, seed 7" in ended.out
    assert re.search(r"eve-writes +letter +ada +12\.000 +31\.000", ended.out)
    assert re.search(r"(carried|rejected).*chance of carrying", ended.out)
    folder = the_folder(tmp_path / "out")
    assert {path.name for path in left_in(folder)} == {"transcript.csv", "stances.csv", "ballots.csv", "manifest.json"}
    written = pandas.read_csv(folder / "transcript.csv", keep_default_na=False)
    assert len(written) == len(sim.play(sim.load("library-sunday"), seed=7).transcript)


def test_run_can_follow_the_record(command: Command, tmp_path: Path) -> None:
    """With `--as-recorded` the documented outcomes hold, which is another history in another folder."""
    assert command("run", "monopoly-1922", "--out", "out").status == 0
    ended = command("run", "monopoly-1922", "--as-recorded", "--out", "out")
    assert "carried (as recorded): " in ended.out
    assert "rejected" not in ended.out
    assert len(folders_in(tmp_path / "out")) == 2


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    """A replay of the small debate, as a process of its own."""
    place = tmp_path_factory.mktemp("replayed")
    ended = as_process("replay", "library-sunday", "--runs", "64", "--seed", "7", "--out", "out", folder=place)
    return ended, place / "out"


def test_replay_prints_the_record_beside_the_model(replayed: tuple[Ended, Path]) -> None:
    """A row a decision with the documented outcome and the model's probability, and a line for every baseline."""
    ended, _ = replayed
    assert (ended.status, ended.err) == (0, "")
    row = next(line for line in ended.out.splitlines() if "2024-03-12" in line)
    assert re.search(r"2024-03-12 +committee +sunday-ballot +carried +99 %", row), row
    for baseline in ("the model, unfitted", "a coin", "what is put passes", "every member's first stance kept"):
        assert re.search(rf"{baseline} +-\d+\.\d\d +-\d+\.\d\d", ended.out), baseline
    assert "Predicting one decision unfitted, the model" in ended.out


def test_replay_leaves_tables_figures_and_a_manifest(replayed: tuple[Ended, Path]) -> None:
    """All tables, every figure as SVG and PNG, and the manifest are in one folder, whose name is printed."""
    ended, out = replayed
    folder = the_folder(out)
    assert {path.name for path in folder.iterdir()} == REPLAY_FILES
    assert all(path.stat().st_size > 0 for path in folder.iterdir())
    assert ended.out.rstrip().endswith(f"Files: {Path('out') / folder.name}")


def test_replay_twice_leaves_the_same_bytes(replayed: tuple[Ended, Path], command: Command, tmp_path: Path) -> None:
    """The same seed gives the same tables, the same SVG and PNG and the same manifest, byte for byte."""
    first = the_folder(replayed[1])
    rebuild = ("replay", "library-sunday", "--runs", "64", "--seed", "7", "--workers", "1", "--out", "o")
    assert command(*rebuild).status == 0
    second = the_folder(tmp_path / "o")
    assert first.name == second.name
    for path in left_in(first):
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_another_seed_has_another_folder(replayed: tuple[Ended, Path], command: Command, tmp_path: Path) -> None:
    """Two seeds do not share a folder."""
    asked = ("replay", "library-sunday", "--runs", "64", "--seed", "8", "--out", "out", "--no-figures")
    assert command(*asked).status == 0
    assert the_folder(tmp_path / "out").name != the_folder(replayed[1]).name


def test_verify_finds_results_in_order_and_the_same_when_played_again(
    replayed: tuple[Ended, Path], command: Command
) -> None:
    """A folder that nobody touched is as its manifest says, and comes out the same when played again."""
    folder = the_folder(replayed[1])
    count = len(REPLAY_FILES) - 1
    assert command("verify", str(folder)) == Ended(0, f"{folder}: {count} files as the manifest says\n", "")
    rebuild = command("verify", str(folder), "--rerun")
    assert rebuild.status == 0
    assert rebuild.out == f"{folder}: {count} files as the manifest says, and the same when played again\n"


def test_verify_finds_what_was_changed(command: Command, tmp_path: Path) -> None:
    """One changed byte ends `verify` with status 1 and the name of the file."""
    assert command("run", "library-sunday", "--out", "out").status == 0
    folder = the_folder(tmp_path / "out")
    table = (folder / "stances.csv").read_text().replace("12", "13", 1)
    (folder / "stances.csv").write_text(table)
    (folder / "ballots.csv").unlink()
    for more in ((), ("--rerun",)):
        ended = command("verify", str(folder), *more)
        assert (ended.status, ended.out) == (1, "")
        assert sorted(ended.err.splitlines()) == [
            "ballots.csv is missing",
            "stances.csv has been changed since it was written",
        ]


def test_verify_finds_results_that_do_not_follow_from_their_manifest(command: Command, tmp_path: Path) -> None:
    """Tables and digests that agree with each other, but not with the seed, are found by playing again."""
    assert command("run", "monopoly-1922", "--out", "out").status == 0
    folder = the_folder(tmp_path / "out")
    known = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**known, "seed": 5}))
    assert command("verify", str(folder)).status == 0
    ended = command("verify", str(folder), "--rerun")
    assert ended.status == 1
    assert "transcript.csv comes out differently" in ended.err


def test_a_motion_that_is_never_put_has_dashes(command: Command, tmp_path: Path) -> None:
    """Of a motion that came to no vote the table claims neither a probability nor votes."""
    text = (SHIPPED / "library-sunday.yaml").read_text("utf-8")
    first, second = (text[text.index("  - id: sunday-ballot") :] for _ in range(2))
    second = second.replace("sunday-ballot", "second-ballot").replace("outcome: carried", "outcome: rejected")
    second = second.replace("    session:", "    if: sunday-ballot rejected\n    session:")
    assert first != second
    (tmp_path / "own.yaml").write_text(f"{text.rstrip()}\n{second}")
    ended = command("replay", "own.yaml", "--runs", "8", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    row = [line for line in ended.out.splitlines() if "2024-03-12" in line][1]
    assert re.search(r"second-ballot +rejected +– +– +– *$", row), row


def test_a_debate_of_ones_own_is_replayed_by_its_path(command: Command, tmp_path: Path) -> None:
    """Any YAML file can be played; its results can be verified without the file."""
    own = tmp_path / "own.yaml"
    own.write_text((SHIPPED / "library-sunday.yaml").read_text("utf-8").replace("library-sunday", "my-library"))
    assert command("run", "own.yaml", "--out", "out").status == 0
    folder = the_folder(tmp_path / "out")
    assert folder.name.startswith("my-library-run-")
    own.unlink()
    assert command("verify", str(folder), "--rerun").status == 0


def write_own(folder: Path) -> None:
    """Writes the invented debate with something to be learnt as one's own."""
    text = (SHIPPED / "library-sunday.yaml").read_text("utf-8")
    (folder / "own.yaml").write_text(
        text.replace("{value: 0.5, range: [0, 1]", "{value: {uniform: [0.1, 0.9]}, range: [0, 1]")
    )


#: A small call of every command that keeps what it has finished.
LONG = {
    "replay": "replay library-sunday --runs 128",
    "whatif": "whatif --scenario library-sunday --without eve-writes --runs 128",
    "attribute": "attribute --scenario library-sunday --runs 128",
    "tipping": "tipping --scenario library-sunday --over openness --runs 128",
    "power": "power --scenario library-sunday --runs 128",
    "calibrate": "calibrate own.yaml --particles 64 --independent-runs 1",
    "score": "score own.yaml --particles 64 --independent-runs 1",
}


@pytest.mark.parametrize("name", LONG)
def test_an_interrupted_command_goes_on_when_it_is_started_again(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Ctrl-C ends with status 130 and no results, promises what is kept and no more, and the same command goes on."""

    @contextmanager
    def interrupting(*_: object) -> Iterator[Callable[[float], None]]:
        def stop(done: float) -> None:
            raise KeyboardInterrupt

        yield stop

    write_own(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(terminal, "progress", interrupting)
        ended = command(*LONG[name].split(), "--out", "out")
    assert (ended.status, ended.out) == (130, "")
    assert "no results are written." in ended.err
    is_kept = any((tmp_path / "out").glob(".unfinished/**/*.npz"))
    assert ("What is finished is kept: the same command goes on from there." in ended.err) == is_kept
    assert not (tmp_path / "out").exists() or [path.name for path in (tmp_path / "out").iterdir()] == [".unfinished"]
    assert command(*LONG[name].split(), "--out", "out").status == 0
    assert the_folder(tmp_path / "out").is_dir()
    assert not (tmp_path / "out" / ".unfinished").exists()


def test_candidate_models_of_several_debates_are_one_folder(command: Command, tmp_path: Path) -> None:
    """One table of the sums and one of each debate, from which all of it can be made again."""
    write_own(tmp_path)
    text = (tmp_path / "own.yaml").read_text("utf-8").replace("scenario: library-sunday", "scenario: other-sunday")
    (tmp_path / "other.yaml").write_text(text)
    few = ("--particles", "64", "--independent-runs", "1", "--out", "out")
    ended = command("compare", "own.yaml", "other.yaml", *few)
    assert ended.status == 0, ended.err
    assert ended.out.count("Of library-sunday alone") == ended.out.count("Of other-sunday alone") == 1
    folder = the_folder(tmp_path / "out")
    tables = {path.stem for path in folder.glob("*.csv")}
    assert {"sums", "candidates_library-sunday", "candidates_other-sunday"} <= tables
    assert command("verify", str(folder), "--rerun").status == 0


# Figures last ----------------------------------------------------------------------------------------------

ONE = ("run", "library-sunday", "--out", "out")


def test_the_answer_is_read_and_kept_before_anything_is_drawn(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the first figure is begun the folder is whole and the answer printed; when it is drawn, it is there too."""
    seen: list[str] = []

    def drawn(saved: Saved) -> dict[str, bytes]:
        folder = the_folder(tmp_path / "out")
        assert Saved.read(folder).differences() == []
        assert left_in(folder) == sorted(folder / name for name in (*saved.digests, "manifest.json"))
        seen.append(capsys.readouterr().out)
        return {"drawn.svg": b"<svg/>"}

    monkeypatch.setattr("sim.figures.pictures", drawn)
    assert command(*ONE).status == 0
    folder = the_folder(tmp_path / "out")
    assert len(seen) == 1
    assert "Files: out/" in seen[0]
    assert (folder / "drawn.svg").read_bytes() == b"<svg/>"
    assert "drawn.svg" in Saved.read(folder).digests
    assert Saved.read(folder).differences() == []


def test_whoever_does_not_wait_for_the_figures_has_everything_else(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while figures are drawn ends with status 130, says so, and leaves the folder as its manifest says."""

    def interrupted(saved: Saved) -> dict[str, bytes]:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.figures.pictures", interrupted)
    ended = command(*ONE)
    assert ended.status == 130
    assert "Files: out/" in ended.out
    assert "is whole but for its figures (`sim plot` draws them)" in ended.err
    assert Saved.read(the_folder(tmp_path / "out")).differences() == []


@pytest.mark.parametrize(
    ("stopped_in", "missing"),
    [("evaluation.replay.moved_centres", "centres.csv"), ("analysis.influence.influence", "influence.csv")],
)
@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Interrupted(8, 64)], ids=["at once", "between histories"])
def test_whoever_does_not_wait_for_the_rest_has_the_record_and_the_model(
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stopped_in: str,
    missing: str,
    stop: BaseException,
) -> None:
    """The first table is on the screen and on disk before anything is played beside it; the same command goes on."""

    def interrupted(*arguments: object) -> None:
        raise stop

    asked = ("replay", "library-sunday", "--runs", "64", "--out", "out")
    with monkeypatch.context() as until:
        until.setattr(f"sim.{stopped_in}", interrupted)
        ended = command(*asked)
    assert ended.status == 130
    assert "The record and the model" in ended.out
    assert "who predicts" not in ended.out
    assert "is whole but for tables and figures (the same command makes them)" in ended.err
    assert "no results are written" not in ended.err
    folder = the_folder(tmp_path / "out")
    assert Saved.read(folder).differences() == []
    assert f"{missing} is not there" in command("verify", str(folder), "--rerun").err
    assert command(*asked).status == 0
    assert {path.name for path in left_in(folder)} == REPLAY_FILES


def test_without_figures_there_are_none_and_nothing_is_missing(command: Command, tmp_path: Path) -> None:
    """`--no-figures` leaves tables and manifest, and the folder is played again to the same files."""
    assert command("replay", "library-sunday", "--runs", "64", "--out", "out", "--no-figures").status == 0
    names = {path.name for path in left_in(the_folder(tmp_path / "out"))}
    assert names == {name for name in REPLAY_FILES if not name.endswith(".svg")}
    assert command("verify", "out/latest", "--rerun").status == 0


# What if ---------------------------------------------------------------------------------------------------


def what_ifs(base: str) -> set[str]:
    """The names of the what-ifs that come with a debate."""
    return {one.file.what_if for one in what_ifs_of(base)}


def test_whatif_without_an_argument_lists_what_there_is_to_ask(command: Command) -> None:
    """Every what-if that comes with a debate is named, and no other; nothing is written."""
    for base in ("monopoly-1922", "brest-1918"):
        ended = command("whatif", "--scenario", base)
        assert ended.status == 0
        assert {name for name in sim.whatif_names() if name in ended.out} == what_ifs(base)
    assert command("whatif").out == command("whatif", "--scenario", "monopoly-1922").out


def test_whatif_compares_two_worlds_and_leaves_their_tables(command: Command, tmp_path: Path) -> None:
    """The decisions of both worlds, where they part and through whom; the folder is checked and played again."""
    ended = command("whatif", "--scenario", "library-sunday", "--without", "eve-writes", "--runs", "64", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert "“Sunday ballot” is carried in" in ended.out
    assert "Through whom: Sunday ballot" in ended.out
    folder = the_folder(tmp_path / "out")
    assert folder.name.startswith("library-sunday+without-eve-writes-whatif-")
    assert pandas.read_csv(folder / "decisions.csv").put_other.tolist() == [1.0]
    assert command("verify", str(folder), "--rerun").status == 0


def test_whatif_says_what_went_by_itself_and_how_to_keep_it(command: Command) -> None:
    """A letter that moved a motion takes the mover along, and says so; taken out alone, it leaves nothing to say."""
    asked = ("whatif", "--without", "lenin-letter-1922-03-03", "--runs", "64")
    assert "is then put by nobody in particular" in command(*asked).out
    assert "nobody in particular" not in command(*asked, "--alone").out


def test_whatif_takes_a_what_if_and_changes_of_ones_own(command: Command, tmp_path: Path) -> None:
    """Both are in the title and in the name of the folder, which is verified like any other."""
    letter = "letter of trotsky on 1922-10-05 to central-committee for uphold"
    ended = command("whatif", "lenin-in-the-room", "--without", "krasin-letter-1922-10-11", "--add", letter,
                    "--runs", "64", "--out", "out", "--no-figures")  # fmt: skip
    assert (ended.status, ended.err) == (0, "")
    own = "Without Krasin's letter of 11 Oct 1922; with Trotsky's letter of 5 Oct 1922 for uphold"
    assert f"Lenin in the room on 6 October 1922; {own}" in ended.out
    folder = the_folder(tmp_path / "out")
    assert folder.name.startswith("monopoly-1922+lenin-in-the-room+add-letter-of-trotsky-on-1922-10-05")
    assert command("verify", str(folder), "--rerun").status == 0


def test_whatif_that_changes_nothing_says_so(command: Command) -> None:
    """The same value again parts no history."""
    ended = command("whatif", "--scenario", "library-sunday", "--set", "eve-writes.strength=3", "--runs", "64")
    assert "In no history do the worlds part" in ended.out


def test_whatif_takes_a_file_of_ones_own(command: Command, tmp_path: Path) -> None:
    """A path stands for a what-if, whose base is found by itself."""
    path = tmp_path / "asked.yaml"
    path.write_text(
        "what_if: quiet\nbase: library-sunday\ntitle: Eve is silent\nwhy: She might have been.\n"
        "evidence: assumed\nnote: invented\nchanges:\n  - {remove: eve-writes}\n",
        "utf-8",
    )
    ended = command("whatif", str(path), "--runs", "64", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert the_folder(tmp_path / "out").name.startswith("library-sunday+quiet-whatif-")
    assert "in order" in command("check", str(path)).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lenin-in-room"], "did you mean 'lenin-in-the-room'"),
        (["lenin-in-the-room", "--without", "lenin-absence"], "did you mean"),
        (["--alone", "--present", "eve=2024-01-06", "--scenario", "library-sunday"], "give --without ID"),
        (["--without", "eve-write", "--scenario", "library-sunday"], "did you mean 'eve-writes'"),
        (["--set", "eve-writes.strenth=2", "--scenario", "library-sunday"], "did you mean 'strength'"),
        (["--set", "axis.high=60", "--scenario", "library-sunday", "--runs", "8"], "the axis runs from"),
    ],
)
def test_whatif_refuses_what_it_cannot_use(command: Command, tmp_path: Path, arguments: list[str], said: str) -> None:
    """Status 2, one message, nothing written."""
    ended = command("whatif", *arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert left_in(tmp_path) == []


def test_all_what_ifs_at_a_glance(command: Command, tmp_path: Path) -> None:
    """`--all` compares every what-if that comes with the base with it, says what leads far, and can be played again."""
    ended = command("whatif", "--all", "--runs", "64", "--out", "out", "--no-figures")
    assert (ended.status, ended.err) == (0, "")
    assert all(name in ended.out for name in what_ifs("monopoly-1922"))
    assert "Warning, lenin-well: Lenin can attend" in ended.out
    folder = the_folder(tmp_path / "out")
    assert set(pandas.read_csv(folder / "overview.csv").what_if) == what_ifs("monopoly-1922")
    assert command("verify", str(folder), "--rerun").status == 0
    assert command("whatif", "--all", "--without", "x").status == 2
    assert "no what-ifs come with 'library-sunday'" in command("whatif", "--all", "--scenario", "library-sunday").err


def test_attribute_shares_a_decision_out(command: Command, tmp_path: Path) -> None:
    """The shares of the causes, their sum, what two do together; the folder can be played again."""
    ended = command("attribute", "--scenario", "library-sunday", "--cause", "eve-writes", "--cause", "committee-talks",
                    "--runs", "64", "--out", "out")  # fmt: skip
    assert (ended.status, ended.err) == (0, "")
    assert "contributions add up to the difference exactly (all coalitions of causes)" in ended.out
    folder = the_folder(tmp_path / "out")
    assert set(pandas.read_csv(folder / "attribution.csv").cause) == {"eve-writes", "committee-talks"}
    assert command("verify", str(folder), "--rerun").status == 0


def test_attribute_refuses_what_is_no_decision_and_no_cause(command: Command, tmp_path: Path) -> None:
    """Status 2, one message with the nearest name, nothing written."""
    for arguments, said in (
        (["sunday-balot"], "did you mean 'sunday-ballot'"),
        (["--cause", "eve-write"], "did you mean 'eve-writes'"),
        (["--cause", "deference"], "nobody defers in this debate"),
    ):
        ended = command("attribute", *arguments, "--scenario", "library-sunday")
        assert ended.status == 2
        assert said in ended.err
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("levers", [[], ["--over", "eve-writes.strength"], ["--over", "ben", "--and", "sharpness"]])
def test_tip_finds_what_turns_a_decision(command: Command, tmp_path: Path, levers: list[str]) -> None:
    """All levers, one, or a map of two; the folder can be played again."""
    ended = command("tipping", "--scenario", "library-sunday", *levers, "--runs", "64", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert "sunday-ballot" in ended.out
    assert command("verify", str(the_folder(tmp_path / "out")), "--rerun").status == 0


def test_tip_refuses_what_it_cannot_turn(command: Command, tmp_path: Path) -> None:
    """Status 2, one message with what can be turned, nothing written."""
    for arguments, said in (
        (["sunday-balot"], "did you mean 'sunday-ballot'"),
        (["--over", "eve-write.strength"], "did you mean 'eve-writes'"),
        (["--over", "eve-writes.strenth"], "did you mean 'strength'"),
        (["--and", "ben"], "give the first with --over"),
        (["--over", "ben", "--and", "ben"], "a map needs two different inputs, not ben, ben"),
    ):
        ended = command("tipping", *arguments, "--scenario", "library-sunday", "--runs", "8")
        assert (ended.status, said in ended.err) == (2, True), ended.err
    assert left_in(tmp_path) == []


def test_power_puts_three_kinds_side_by_side(command: Command, tmp_path: Path) -> None:
    """Formal power, pivotal votes and influence of everybody in the body; the folder can be played again."""
    ended = command("power", "--scenario", "library-sunday", "--runs", "64", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert all(name in ended.out for name in ("ada", "ben", "cleo", "dov", "eve", "Banzhaf", "pivotal"))
    folder = the_folder(tmp_path / "out")
    assert set(pandas.read_csv(folder / "power.csv").member) == {"ada", "ben", "cleo", "dov", "eve"}
    assert command("verify", str(folder), "--rerun").status == 0


def test_power_refuses_what_is_no_body(command: Command) -> None:
    """The nearest body is named; so are those that hold ballots, for one that holds none."""
    assert "did you mean 'committee'" in command("power", "comittee", "--scenario", "library-sunday").err
    ended = command("power", "foreign-trade-collegium")
    assert ended.status == 2
    assert "'foreign-trade-collegium' holds no ballot here" in ended.err


def test_sensitivity_says_what_a_decision_hangs_on(command: Command, tmp_path: Path) -> None:
    """Indices of every uncertain parameter; a debate without one is refused, as are numbers that will not do."""
    text = (SHIPPED / "library-sunday.yaml").read_text("utf-8")
    unsure = text.replace("{value: 0.5, range: [0, 1]", "{value: {uniform: [0.1, 0.9]}, range: [0, 1]")
    (tmp_path / "unsure.yaml").write_text(unsure, "utf-8")
    ended = command("sensitivity", "--scenario", "unsure.yaml", "--size", "8", "--runs", "16", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert "openness" in ended.out
    assert "receptiveness" in ended.out
    folder = the_folder(tmp_path / "out")
    assert set(pandas.read_csv(folder / "sensitivity.csv").parameter) == {"openness", "receptiveness"}
    assert command("verify", str(folder), "--rerun").status == 0
    for arguments, said in (
        (["--scenario", "library-sunday"], "no parameter of 'library-sunday' is uncertain"),
        (["--runs", "8"], "give a multiple of 16"),
        (["--size", "9"], "a power of 2"),
        (["sunday-balot", "--scenario", "unsure.yaml"], "did you mean 'sunday-ballot'"),
    ):
        refused = command("sensitivity", *arguments)
        assert (refused.status, said in refused.err) == (2, True), refused.err


def test_a_comparison_of_a_single_draw_has_no_interval(command: Command) -> None:
    """Eight histories share one draw, which leaves no interval: tables and figures say so and are made."""
    ended = command("whatif", "lenin-in-the-room", "--runs", "8", "--out", "out")
    assert (ended.status, ended.err) == (0, "")
    assert "–\n" in ended.out
    assert "– to –" not in ended.out


def test_a_fit_is_found_beside_the_debate_until_the_debate_changes(command: Command, tmp_path: Path) -> None:
    """`calibrate` leaves NAME.nc beside NAME.yaml, other commands play from it, and leave it aside when it is old."""
    write_own(tmp_path)
    fitted = command("calibrate", "own.yaml", "--particles", "64", "--independent-runs", "1")
    assert "played from it from now on (--prior is without it): own.nc" in fitted.out
    assert "fitted to its record" in command("replay", "own.yaml", "--runs", "16", "--no-figures").out
    assert "unfitted" in command("replay", "own.yaml", "--runs", "16", "--no-figures", "--prior").out
    own = tmp_path / "own.yaml"
    own.write_text(own.read_text("utf-8").replace("title: ", "title: Once more, ", 1), "utf-8")
    changed = command("replay", "own.yaml", "--runs", "16", "--no-figures")
    assert "own.nc was fitted to an earlier version of this debate, so it is left aside" in changed.err
    assert "unfitted" in changed.out
