"""What the panel offers can be played, and what can be played it offers, for every shipped debate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import sim
from sim.errors import UserError
from sim.results.wording import counted
from sim.scenario.library import SHIPPED
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, Letter
from sim.web.server import controls, requests
from sim.web.view import answers
from sim.web.view.panel import NAMED, panel
from sim.web.view.words import RULES_SAY

Row = dict[str, Any]
DEBATES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))


@pytest.fixture(scope="module", params=DEBATES)
def debate(request: pytest.FixtureRequest) -> Scenario:
    """Each debate that comes with the program."""
    return sim.load(request.param, prior=True)


@pytest.fixture(scope="module")
def rows(debate: Scenario) -> list[Row]:
    """All rows of its panel."""
    return [row for group in panel(debate) for row in group["rows"]]


def made(debate: Scenario, path: str, value: Any) -> Scenario:
    """The world in which only what a path leads to is set, as the page asks for it."""
    return answers.world(debate, requests.parse(json.dumps({"world": {path: value}}).encode()).world)


def settings(row: Row) -> Iterator[tuple[str, Any]]:
    """Everything that a row can be set to, the ends of a slider for all that lies between."""
    match row["kind"]:
        case "switch":
            yield row["path"], True
            for end in ("low", "high") if "slider" in row else ():
                yield row["slider"]["path"], row["slider"][end]
        case "choice":
            yield from ((row["path"], option["value"]) for option in row["options"])
        case "slider":
            yield from ((row["path"], row[end]) for end in ("low", "high"))
        case "seat":
            for option in row["options"][1:]:
                who, place = option["value"].split(":")
                yield f"{row['path']}:{who}", place


def test_everything_that_is_offered_is_a_world(debate: Scenario, rows: list[Row]) -> None:
    """No switch, choice, slider or seat leads to a refusal."""
    for row in rows:
        for path, value in settings(row):
            made(debate, path, value)


def test_every_kind_of_row_that_is_offered_can_be_played(debate: Scenario, rows: list[Row]) -> None:
    """The rules and the choices of evidence play to the end."""
    for row in rows:
        if row["path"].startswith(("rules:", "evidence")):
            for path, value in settings(row):
                sim.ensemble(made(debate, path, value), runs=8)


def test_no_rule_that_can_be_played_is_missing(debate: Scenario, rows: list[Row]) -> None:
    """A word of a rule that is not offered is refused; a row that would have one word only is none."""
    offered = {row["path"]: {one["value"] for one in row["options"]} for row in rows if "options" in row}
    for path, (_, model) in controls.RULES.items():
        for word in set(get_args(model.model_fields[path.split(".")[-1]].annotation)) - offered.get(
            f"rules:{path}", set()
        ):
            try:
                world = made(debate, f"rules:{path}", word)
            except UserError:
                continue
            assert world.debate == debate.debate


def test_no_seat_that_can_change_is_missing(debate: Scenario, rows: list[Row]) -> None:
    """Whoever is not offered to come or to go is there for certain, is away, or is a stand-in for several."""
    offered = {row["path"]: {one["value"] for one in row["options"]} for row in rows if "options" in row}
    for entry in debate.entries:
        if isinstance(entry.item, Ballot) and entry.kind == "ballot" and not entry.item.by_correspondence:
            every = {f"{who}:{place}" for who in entry.who for place in controls.PLACES}
            for missing in every - offered.get(f"room:{entry.item.id}", set()):
                who, place = missing.split(":")
                with pytest.raises(UserError):
                    made(debate, f"room:{entry.item.id}:{who}", place)


def test_every_moment_letter_talk_parameter_and_contested_point_has_its_row(debate: Scenario, rows: list[Row]) -> None:
    """What the file has of each kind is on the panel."""
    paths = {row["path"] for row in rows} | {row["slider"]["path"] for row in rows if "slider" in row}
    file = debate.debate
    within = [moment for moment in file.timeline if moment.date <= file.span.end]
    assert {f"off:{one.id}" for one in within if one.kind != "event"} <= paths
    assert {f"strength:{one.id}" for one in within if isinstance(one, Letter) and one.argues_for is not None} <= paths
    assert {f"silent:{name}" for name, body in file.bodies.items() if body.talks} <= paths
    assert {f"hold:{name}" for name, one in file.parameters.items() if one.range[0] < one.range[1]} <= paths
    assert {f"readings:{name}" for name in file.readings} <= paths


def test_a_switch_tells_the_moments_that_go_with_it(debate: Scenario, rows: list[Row]) -> None:
    """As many as the world without it has fewer, and the first few by name."""
    for row in rows:
        if row["path"].startswith("off:"):
            world = made(debate, row["path"], True)
            left = {moment.id for moment in world.debate.timeline}
            gone = [
                one
                for one in debate.debate.timeline
                if one.id not in left and one.id != row["path"].removeprefix("off:")
            ]
            assert counted(len(gone), "other moment") in row["aside"] or not (row["aside"] or gone)
            assert not gone or len(row["aside"].split("; ")) == min(len(gone), NAMED)


def test_every_change_that_is_offered_has_its_sentence(rows: list[Row]) -> None:
    """What the list of changes says of it is there before it is made; only a slider's sentence waits for its value."""
    for row in rows:
        for path, value in settings(row):
            is_open = path.startswith(("strength:", "hold:"))
            said = row["says"][path if is_open or value is True else f"{path}:{value}"]
            assert said.strip()
            assert said.endswith(" ") == is_open


def test_a_slider_stands_on_its_steps(rows: list[Row]) -> None:
    """A value that is shown is the value: a slider that has one can stand there."""
    for slider in [row["slider"] for row in rows if "slider" in row]:
        steps = (slider["value"] - slider["low"]) / slider["step"]
        assert steps == pytest.approx(round(steps))


def test_the_rules_say_what_the_glossary_says() -> None:
    """The words of each rule stand in one row of the glossary."""
    glossary = (Path(sim.__file__).parent.parent / "docs/reference/glossary.md").read_text("utf-8")
    for word, says in RULES_SAY.items():
        assert f"| `{word}` | {says} |" in glossary
