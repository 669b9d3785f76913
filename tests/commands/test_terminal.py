"""What the terminal shows: tables whose names are whole at any width, the same as CSV, JSON and Markdown."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from rich.console import Console
from typer.testing import CliRunner

import sim
from sim.commands import main, terminal
from sim.commands.terminal import Answer, Table
from tests.debates import ballot, debate

RUN = CliRunner()
WIDTHS = (60, 80, 100, 120, 160)
#: Every command that prints a table, small. SMALL stands for a debate of two people and one ballot.
CALLS = [
    "replay --runs 16",
    "replay --runs 16 --reading kamenev=abolition",
    "run",
    "run library-sunday --full",
    "whatif",
    "whatif lenin-in-the-room --runs 64",
    "whatif --all --runs 16",
    "attribute --runs 16",
    "tipping --scenario library-sunday --runs 16",
    "tipping --over deference-weight --runs 16",
    "tipping --scenario library-sunday --over openness --and sharpness --runs 16",
    "power --runs 16",
    "sensitivity --size 2 --runs 16",
    "calibrate SMALL --particles 64 --independent-runs 1",
    "score SMALL --particles 64 --independent-runs 1",
    "compare SMALL --particles 64 --independent-runs 1",
    *(f"list {what}" for what in ("debates", "what-ifs", "bodies", "members", "moments", "positions", "parameters")),
    "timeline --weeks",
    "sources",
    "plot",
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest debate with something to learn, as a file."""
    made = debate({"ann": {"uniform": [0, 1]}, "bob": 0.6}, ballot("vote", 1, 0, 9, outcome="carried"), weeks=2)
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    path.write_text(made.origin.text, "utf-8")
    return path


@pytest.fixture(autouse=True)
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed does not depend on pictures, which take most of the time."""
    monkeypatch.setattr("sim.figures.pictures", lambda saved, formats=(): {})


def asked(call: str, small: Path, out: Path) -> tuple[Answer, str]:
    """The answer of a command, and what it printed: not what was said beside, as that something is compiled."""
    answers = []
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(out)
        shown = terminal.show
        patched.setattr(terminal, "show", lambda answer, *rest: (answers.append(answer), shown(answer, *rest)))
        done = RUN.invoke(main.program(), [str(small) if word == "SMALL" else word for word in call.split()])
    assert done.exit_code == 0, f"{done.output}{done.exception!r}"
    first, *more = answers
    tables = [table for answer in answers for table in answer.tables]
    remarks = [remark for answer in answers for remark in answer.remarks]
    assert not any(answer.headline for answer in more)
    return replace(first, tables=tuple(tables), remarks=tuple(remarks)), done.stdout


def printed(table: Table, width: int) -> list[str]:
    """The lines of a table on a terminal of this width."""
    into = io.StringIO()
    drawn, left_out = table.shown(width)
    console = Console(file=into, width=width, color_system=None)
    terminal.draw(console, drawn)
    return [*into.getvalue().splitlines(), left_out]


@pytest.mark.parametrize("call", CALLS)
def test_names_are_whole_at_every_width(call: str, small: Path, tmp_path: Path) -> None:
    """Whatever gives way on a narrow terminal, each row keeps its name whole; from 80 columns on, all fits."""
    answer, _ = asked(call, small, tmp_path)
    assert answer.tables
    for table in answer.tables:
        names = [
            place for place, one in enumerate(table.columns) if not (one.is_number or one.is_prose or one.gives_way)
        ]
        for width in WIDTHS:
            lines = printed(table, width)
            for row in table.cells[: table.most]:
                words = [row[place] for place in names]
                assert any(all(word in line for word in words) for line in lines), (width, words)
            if width >= 80:
                assert max(map(len, lines[:-1])) <= width, (width, max(lines[:-1], key=len))


def test_what_is_left_out_is_said_and_how_to_see_it() -> None:
    """A narrow terminal names the columns that gave way, the highest number first, and the rows not shown."""
    rows = [type("Row", (), {"name": f"member-{number}", "long": "x" * 30, "last": "y" * 30})() for number in range(3)]
    columns = (terminal.text("name"), terminal.text("long", gives_way=1), terminal.text("last", gives_way=2))
    table = terminal.table("", rows, *columns, most=2)
    assert "one more row; the column last (--format csv has all)" in table.shown(50)[1]
    assert "the columns long, last" in table.shown(20)[1]
    assert table.shown(100)[1] == "Not shown: one more row (--format csv has all)."


@pytest.mark.parametrize("call", ["replay --runs 16", "list moments", "timeline"])
def test_other_formats_have_all_rows(call: str, small: Path, tmp_path: Path) -> None:
    """CSV is the first table whole, JSON has every table, Markdown is a table of as many rows."""
    (csv_answer, csv), (_, js), (_, md) = (
        asked(f"{call} --format {form}", small, tmp_path) for form in ("csv", "json", "md")
    )
    first = csv_answer.tables[0]
    rows = pandas.read_csv(io.StringIO(csv.partition("Files: ")[0]), keep_default_na=False)
    assert len(rows) == len(first.rows)
    content = json.loads(js)
    assert [len(table["rows"]) for table in content["tables"]] == [len(table.rows) for table in csv_answer.tables]
    assert md.count("\n|") >= len(first.rows)


def test_quiet_prints_the_folder_alone(tmp_path: Path) -> None:
    """With --quiet there is one line: where the results are."""
    done = RUN.invoke(main.program(), ["run", "library-sunday", "--quiet", "--out", str(tmp_path)])
    assert done.output.split() == [str((tmp_path / "latest").resolve())]


def test_latest_is_the_folder_written_last(tmp_path: Path) -> None:
    """`latest` points to the newest folder; the results listed are those, the newest first, and not the link."""
    for seed in ("1", "2"):
        assert (
            RUN.invoke(main.program(), ["run", "library-sunday", "--seed", seed, "--out", str(tmp_path)]).exit_code == 0
        )
    listed = RUN.invoke(main.program(), ["list", "outputs", "--out", str(tmp_path), "--format", "json"])
    rows = json.loads(listed.output)["tables"][0]["rows"]
    assert len(rows) == 2
    assert rows[0]["folder"] == (tmp_path / "latest").resolve().name
    assert rows[0]["what"] == "run; library-sunday, unfitted: drawn from the assumed ranges"


def test_the_first_line_says_what_an_answer_rests_on(small: Path, tmp_path: Path) -> None:
    """A fit is never dropped in silence: what it rests on stands first, and what would be fair."""
    _, fitted = asked("power --runs 16", small, tmp_path)
    assert fitted.startswith("monopoly-1922, fitted to its record; 16 histories, seed 1922.")
    assert "left aside" not in fitted
    _, unfitted = asked("power --runs 16 --reading kamenev=abolition --evidence documented", small, tmp_path)
    first = "monopoly-1922, unfitted: drawn from the assumed ranges; kamenev: abolition; evidence: documented;"
    assert " ".join(unfitted.split()).startswith(first)
    assert "--refit fits this one" in " ".join(unfitted.split())
    manifest = json.loads((tmp_path / "outputs" / "latest" / "manifest.json").read_text("utf-8"))
    assert manifest["basis"] == "unfitted: drawn from the assumed ranges; kamenev: abolition; evidence: documented"


def test_the_fair_comparison_stands_beside_an_unfitted_answer(small: Path, tmp_path: Path) -> None:
    """Where a reading leaves the posterior aside, the unfitted default is a column beside it; else there is none."""
    for call, column in (("replay --runs 16", "unfitted default"),
                         ("whatif lenin-in-the-room --runs 64", "in the unfitted default")):  # fmt: skip
        plain, _ = asked(call, small, tmp_path)
        chosen, _ = asked(f"{call} --evidence documented", small, tmp_path)
        assert column not in [one.title for one in plain.tables[0].columns]
        assert column in [one.title for one in chosen.tables[0].columns]


def test_ids_are_found_by_whom_they_have_to_do_with(small: Path, tmp_path: Path) -> None:
    """`--of` and `--kind` leave what has to do with an id, and is of a kind; an unknown one is refused with a hint."""
    answer, _ = asked("list moments --of lenin --kind letter", small, tmp_path)
    every = {item.id for item in sim.load("monopoly-1922").debate.timeline if item.kind == "letter"}
    found = {row[0] for row in answer.tables[0].cells}
    assert {name for name in every if name.startswith("lenin-letter")} <= found < every
    refused = RUN.invoke(main.program(), ["list", "moments", "--of", "lenn"])
    assert "did you mean" in str(refused.exception)


def test_a_history_is_told_in_about_thirty_lines(small: Path, tmp_path: Path) -> None:
    """Every decision has its line, with what became of it, and the table is short; who moved far is named with why."""
    answer, _ = asked("run", small, tmp_path)
    (table,) = answer.tables
    told = [row[1] for row in table.cells]
    assert len(told) <= 35
    ballots = [item for item in sim.load("monopoly-1922").debate.timeline if item.kind == "ballot"]
    for item in ballots:
        assert sum(line.startswith(item.id.replace("-", " ") + " is ") for line in told) == 1
    assert any(" moves by " in line and ", most (" in line for line in told)


def test_refit_fits_once_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    """What --refit has fitted is kept below the place of results, and the next call starts from it."""
    from sim.calibration import calibration

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.commands.options.Fitting.particles", 64)
    monkeypatch.setattr("sim.commands.options.Fitting.independent_runs", 1)
    fits: list[str] = []
    whole = calibration.calibrate
    monkeypatch.setattr(sim, "calibrate", lambda *given: (fits.append("fit"), whole(*given))[1], raising=False)
    (own := tmp_path / "own.yaml").write_bytes(small.read_bytes())  # beside the other is a posterior by now
    for _ in range(2):
        done = RUN.invoke(main.program(), ["run", str(own), "--refit"])
        assert done.exit_code == 0, done.output
        assert "fitted to its record" in done.output
    assert fits == ["fit"]
    assert len(list((tmp_path / "outputs" / "posteriors").iterdir())) == 1


def test_the_version_is_printed() -> None:
    """`sim --version` prints the version and nothing else."""
    assert RUN.invoke(main.program(), ["--version"]).output.strip() == sim.__version__
