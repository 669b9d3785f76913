"""Python is the command line: the same names and ranges, results that show themselves, and help that helps."""

from __future__ import annotations

import inspect
import re
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import sim
import sim.figures
from sim.commands import main
from sim.figures import encoded
from sim.results.manifest import versions
from sim.scenario.scenario import Origin, rebuild
from tests.debates import debate
from tests.evaluation.test_model_comparison import divided

ROOT = Path(__file__).parent.parent

#: The functions that make results, each called with little work.
FUNCTIONS: dict[str, dict[str, Any]] = {
    "play": {},
    "ensemble": {"runs": 16},
    "replay": {"runs": 16},
    "whatif": {"other": {"remove": "eve-writes"}, "runs": 16},
    "attribute": {"runs": 16},
    "tipping": {"inputs": "eve-writes.strength", "runs": 16},
    "power": {"runs": 16},
    "sensitivity": {"runs": 16, "size": 2},
    "calibrate": {"effort": sim.Effort(64, 1)},
    "score": {"effort": sim.Effort(64, 1)},
    "compare": {"effort": sim.Effort(64, 1)},
}
#: And the one for which no what-ifs come with the small debate.
EVERY = [*FUNCTIONS, "overview"]


def called(name: str, *given: Any, **more: Any) -> Any:
    """What a public function answers."""
    return getattr(sim, name)(*given, **more)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """A result of every function, of a small debate."""
    # Of the small debate nothing is uncertain: nothing depends on any parameter, and there is nothing to learn.
    uncertain = dict.fromkeys(("sensitivity", "calibrate", "score", "compare"), divided())
    debates = dict.fromkeys(FUNCTIONS, "library-sunday") | uncertain
    made = {name: called(name, debates[name], **more) for name, more in FUNCTIONS.items()}
    made["map"] = sim.tipping("library-sunday", ("eve-writes.strength", "eve-writes.date"), runs=16)
    made["smallest"] = sim.tipping("library-sunday", runs=16)
    made["overview"] = sim.overview("monopoly-1922", "krasin-silent", runs=16)
    return made


@pytest.mark.parametrize("name", EVERY)
def test_every_function_takes_the_debate_of_1922_where_none_is_named(name: str) -> None:
    """The first argument is the debate, by default the one that the commands take."""
    first = next(iter(inspect.signature(getattr(sim, name)).parameters.values()))
    assert first.name in ("scenario", "base")
    assert first.default == "monopoly-1922"


def test_a_debate_may_be_given_by_name_by_path_or_as_it_is(tmp_path: Path) -> None:
    """The three are the same debate, to the digest."""
    scenario = sim.load("library-sunday")
    file = tmp_path / "my-debate.yaml"
    file.write_text(scenario.origin.text, "utf-8")
    digests = {sim.play(given).scenario.digest for given in ("library-sunday", file, str(file), scenario)}
    assert digests == {scenario.digest}
    assert sim.Debate(file, rng=1).script.digest == scenario.digest


@pytest.mark.parametrize("name", [*EVERY, "Debate"])
def test_what_is_no_debate_is_refused_in_one_sentence(name: str) -> None:
    """The sentence names the function, what it takes, and what it was given."""
    with pytest.raises(TypeError) as refused:
        called(name, 3)
    assert str(refused.value) == (
        f"sim.{name} takes a Scenario, the name of a shipped debate or a path, not 3"
    )  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_a_name_that_no_debate_has_is_refused_as_on_the_command_line(name: str) -> None:
    """Python and the command line say the same of a misspelt name."""
    with pytest.raises(sim.UserError, match="did you mean 'library-sunday'") as refused:
        called(name, "library-sonday")
    told = CliRunner().invoke(main.program(), ["timeline", "library-sonday"]).exception
    assert str(refused.value) == str(told)


@pytest.mark.parametrize("name", EVERY)
def test_numbers_out_of_their_range_are_refused_in_one_sentence(name: str) -> None:
    """No function plays no histories, takes a seed below 0, or a number that is none."""
    function = getattr(sim, name)
    with pytest.raises(sim.UserError, match=r"^seed is a whole number from 0 to 18446744073709551615, not -1$"):
        function("library-sunday", seed=-1)
    with pytest.raises(TypeError, match=r"^seed is a whole number from 0 to .*, not 'x'$"):
        function("library-sunday", seed="x")
    if "runs" in inspect.signature(function).parameters:
        with pytest.raises(sim.UserError, match=r"^runs is a whole number from 1 to 100000000, not 0$"):
            function("library-sunday", runs=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sim.play("library-sunday", replicate=-1), "replicate is a whole number from 0 to 4294967295, not -1"),
        (lambda: sim.Executor(workers=0), "workers is a whole number from 1 to 10000, not 0"),
        (lambda: sim.Effort(particles=0), "particles is a whole number from 1 to 1000000, not 0"),
        (lambda: sim.attribute("library-sunday", "sonday-ballot"), "did you mean 'sunday-ballot'?"),
        (lambda: sim.tipping("library-sunday", decision="none"), "'none' is not a decision of this debate"),
        (lambda: sim.power("library-sunday", "none"), "'none' is not a body"),
        (lambda: sim.overview("library-sunday"), "no what-ifs come with 'library-sunday'"),
        (lambda: sim.overview("monopoly-1922", ["krasin-silent"] * 2), "two what-ifs are called 'krasin-silent'"),
        (lambda: sim.whatif("monopoly-1922", "krasin-silnt"), "did you mean 'krasin-silent'?"),
        (lambda: sim.whatif("monopoly-1922"), "takes as the other world the name of a what-if, the path of one, a cha"),
        (lambda: sim.ensemble("library-sunday", 16, executor=3), "executor is a sim.Executor, as sim.Executor(workers"),
        (lambda: sim.calibrate("library-sunday", effort=3), "effort is a sim.Effort, as sim.Effort(particles=256), n"),
        (lambda: sim.load(3), "3 is not the name of a scenario, nor a path"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_would_work(call: Callable[[], Any], message: str) -> None:
    """One sentence, whatever was given."""
    with pytest.raises((sim.UserError, TypeError)) as refused:
        call()
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_another_world_may_be_named_pointed_to_or_changed(tmp_path: Path) -> None:
    """A what-if by name or by path, a change, and the world made of it are one comparison."""
    base = sim.load("monopoly-1922")
    file = Path("scenarios/what-if/no-letter-of-13-october.yaml")
    change = {"remove": "lenin-letter-1922-10-13"}
    others = ("no-letter-of-13-october", file, change, base.with_changes(change))
    tables = [sim.whatif(base, other, runs=16).decisions for other in others]
    assert all(table.equals(tables[0]) for table in tables)
    assert sim.whatif(base, file, runs=16).title == "No letter of 13 October 1922"


def test_one_history_is_told_as_one() -> None:
    """A result of a single history says so in the singular."""
    assert ", 1 history, seed 7>" in repr(sim.ensemble("library-sunday", runs=1, seed=7))


def test_every_result_shows_itself_in_two_lines(results: dict[str, Any]) -> None:
    """What it is, of which debate, of how much and from which seed; and its headline. In HTML there is a table more."""
    for name, result in results.items():
        first, second = repr(result).split("\n")
        assert first.startswith(f"<{type(result).__name__} of {result.scenario.name}"), name
        assert first.endswith(f"{result.runs} {result.counts[result.runs != 1]}, seed {result.seed}>")
        assert second == " ".join(result.headline.split())
        assert second.endswith(".")
        assert "nan" not in second
        page = result._repr_html_()
        assert "<table" in page
        assert len(page) < 20_000


def test_a_comparison_names_what_is_different() -> None:
    """The first line has the title of the other world."""
    compared = sim.whatif("monopoly-1922", "lenin-in-the-room", runs=16)
    assert repr(compared).startswith(
        "<Comparison of monopoly-1922: Lenin in the room on 6 October 1922, 16 histories, seed 1922>\n"
    )


def test_debates_members_and_executors_show_themselves() -> None:
    """A debate says who there is and what it rests on; a model, where it stands."""
    first, second = repr(sim.load("monopoly-1922")).split("\n")
    assert first.startswith("<Scenario of monopoly-1922, 40 people and 36 stand-ins for the unrecorded, ")
    assert "fitted to its record" in first
    assert second == "The debate over the Soviet foreign-trade monopoly, 1921-1923"
    model = sim.Debate("library-sunday", rng=7)
    model.step()
    assert repr(model).startswith("<Debate of library-sunday, replicate 0, seed 7>\n1 of ")
    assert repr(model.agents[0]).startswith(f"<Member {model.agents[0].name}, here on ")
    assert repr(sim.Executor(workers=2)).startswith("<Executor: 2 threads of this machine>\n")


@pytest.mark.parametrize(
    ("members", "people"),
    [
        ({"ann": 1.0}, "one person"),
        ({"ann": 1.0, "bob": 0.0}, "2 people"),
    ],
)
def test_people_are_counted_in_words(members: dict[str, Any], people: str) -> None:
    """One is a person, more are people; groups of the unrecorded are counted apart."""
    scenario = debate(members, weeks=1)
    assert scenario.people == people
    crowd = scenario.with_changes({"add": "members", "item": {"id": "crowd", "name": "A crowd", "count": 3}})
    assert crowd.people == f"{people} and 3 stand-ins for the unrecorded"


def test_headlines_are_true_at_the_edges() -> None:
    """Without ballots, without a record, and unfitted, a headline says so."""
    nothing = debate({"ann": 0.9}, weeks=1)
    assert sim.ensemble(nothing, 16).headline == "No decision is put to the vote in this debate."
    assert sim.replay(nothing, 16).headline == "No decision has a documented outcome to be compared with."
    unfitted = sim.replay(sim.load("monopoly-1922", prior=True), 64).headline
    assert unfitted.startswith("Unfitted, the model gives the documented outcome more than even odds in ")
    assert unfitted.endswith(" of 10 decisions.")


@pytest.mark.parametrize("name", [*EVERY, "load", "Debate"])
def test_help_has_an_example_and_says_what_comes_back_and_what_is_raised(name: str) -> None:
    """Each docstring ends with an example that can be typed, and names its return and its errors."""
    function = getattr(sim, name)
    text = inspect.getdoc(function) or ""
    assert f"sim.{name}(" in text[text.index("Example: ") :]
    assert "Raises " in text
    returned = inspect.signature(function).return_annotation if name != "Debate" else "Debate"
    assert all(part in text for part in str(returned).split(" | "))


def test_the_version_is_said_in_one_place_and_cited() -> None:
    """The package says its version, the wheel takes it from there, and the citation and the changelog name the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "sim/__init__.py"
    assert f'__version__ = "{sim.__version__}"' in (ROOT / "sim" / "__init__.py").read_text("utf-8")
    assert versions()["sim"] == sim.__version__
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == sim.__version__
    newest = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == f"{sim.__version__} ({cited['date-released']})"


def test_the_changelog_is_in_the_readers_order_and_says_nothing_twice() -> None:
    """Of each version: what is added, changed, fixed, and which numbers moved, each entry under one of these, once."""
    _, *versions_ = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    for text in versions_:
        name, *parts = re.split(r"^### (.*)\n", text, flags=re.MULTILINE)
        assert re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)\n+", name), "an entry belongs under a heading"
        order = ["Added", "Changed", "Fixed", "Numbers moved"]
        assert parts[::2] == [heading for heading in order if heading in parts[::2]]
        entries = [" ".join(entry.split()) for part in parts[1::2] for entry in re.split(r"^- ", part, flags=re.M)[1:]]
        assert len(entries) == len({*entries})


def test_the_citation_says_what_the_package_says() -> None:
    """Authors, licence, keywords and summary are those of the package, and nothing that a citation needs lacks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors", "abstract", "date-released", "type"} <= cited.keys()
    assert cited["license"] == project["license"]
    assert cited["keywords"] == project["keywords"]
    assert cited["title"].startswith(f"{project['name']}: ")
    assert cited["abstract"].startswith(project["description"])
    assert cited["authors"] == project["authors"]


def test_years_before_1000_are_years_like_others() -> None:
    """A debate of the year 900 has its dates in every table, without a word from the libraries below."""
    text = (ROOT / "scenarios" / "library-sunday.yaml").read_text().replace("2024", "0900")
    early = rebuild(Origin("early.yaml", text, {}, "all"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tables = {**sim.replay(early, runs=8).tables, **sim.whatif(early, {"remove": "eve-writes"}, runs=8).tables}
    dated = [table for table in tables.values() if "date" in table]
    assert dated
    assert all(str(table.date.max()).startswith("0900") or table.date.max().year == 900 for table in dated)


def test_a_debate_without_a_ballot_is_compared_and_drawn() -> None:
    """Where nothing is decided there is nothing to say of decisions, and the rest is said and drawn."""
    text = (ROOT / "scenarios" / "library-sunday.yaml").read_text()
    talks = rebuild(Origin("talks.yaml", text[: text.index("  - id: sunday-ballot")], {}, "all"))
    compared = sim.whatif(talks, {"remove": "eve-writes"}, runs=8)
    assert not len(compared.tables["decisions"])
    assert encoded(sim.figures.worlds(compared), "svg")
    assert not len(sim.replay(talks, runs=8).predicted)
