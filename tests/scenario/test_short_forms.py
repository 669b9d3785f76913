"""Short forms: what a file may say in few words means what it means in full."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml

import sim
from sim import Scenario
from sim.errors import ScenarioError
from sim.model.arrays import arrays_of
from sim.model.plan import BY_CHANCE, IN_THE_ROOM, NOT_THERE
from sim.scenario import schema, sources
from sim.scenario.scenario import Origin, rebuild
from sim.scenario.schema import Ballot, DayOrPeriod, ParameterName
from sim.scenario.validation.short_forms import found, places_of, spelled_out
from sim.scenario.yaml_reader import Path as Place
from tests import debates, every_word
from tests.debates import played

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "format.md").read_text("utf-8")
SHORT: str = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)[0]
SAID = {"evidence": "assumed", "note": "Made up to show the format."}
DATES = {"from": debates.datetime.date(2024, 3, 1), "to": debates.datetime.date(2024, 3, 31)}


def made(tree: Any) -> Scenario:
    """The debate of a file, given as its text or as its tree."""
    text = tree if isinstance(tree, str) else yaml.dump(tree, sort_keys=False)
    return rebuild(Origin("short.yaml", text, {}, "all"))


def short(**changes: Any) -> dict[str, Any]:
    """The small file on the page of the format, with some of its parts exchanged."""
    tree: dict[str, Any] = yaml.safe_load(SHORT)
    return {**tree, **changes}


def in_full() -> dict[str, Any]:
    """The same debate with nothing left to be understood."""
    tree = short()
    del tree["invented"]

    def parameter(value: float) -> dict[str, Any]:
        return {"value": value, "range": [value, value], "unit": "units", "meaning": "invented", **SAID}

    tree["parameters"] = {"s": parameter(0.5), "k": parameter(0.5), "quiet": parameter(0.4), "say": parameter(1)}
    tree["axis"]["policy"] |= SAID
    tree["axis"]["positions"] = []
    tree["dynamics"] = {
        "talk": {"rule": "degroot", "susceptibility": "s"},
        "ballots": {"rule": "logit", "sharpness": "k"},
        "authority": "say",
        "unknown_stance": {"value": {"uniform": [0, 4]}, **SAID},
    }
    for member in tree["members"].values():
        member["first_stance"] |= SAID
    tree["members"]["ann"]["authority"] = "quiet"
    tree["bodies"]["council"]["seats"][0] |= {**DATES, **SAID}
    tree["bodies"]["council"]["procedure"] = {"majority": "simple", "ties": "rejected", **SAID}
    for moment in tree["timeline"]:
        moment |= SAID
    return tree


def test_the_small_file_means_what_it_means_in_full() -> None:
    """A file of short forms is played, and one that says all of it in full, to the same bits."""
    assert len(SHORT.splitlines()) <= 30
    one, other = made(SHORT), made(in_full())
    assert one.debate.members.keys() == other.debate.members.keys()
    assert played(one, 16).bits == played(other, 16).bits


def test_the_small_file_is_told_in_whole() -> None:
    """Every statement of a short file is among its sources: assumed, with the note of the file or of a short form."""
    table = sources.table(made(SHORT).debate).set_index("what")
    assert (table.evidence == "assumed").all()
    assert table.note["timeline.vote"] == table.note["members.fay.first_stance"] == SAID["note"]
    assert table.value["parameters.ann-authority"].startswith("0.4 ")
    assert "in its place" in table.note["parameters.ann-authority"]
    assert table.value["bodies.council.seats.0"].endswith("2024-03-01 to 2024-03-31")
    assert "simple" in table.value["bodies.council.procedure"]


def at(tree: Any, place: Place) -> Any:
    """What stands at a place of a tree."""
    for step in place:
        tree = tree[step]
    return tree


def test_a_number_may_stand_for_every_parameter() -> None:
    """Wherever a file names a parameter, its value in place is played to the same bits."""
    scenario = every_word.small(
        talk={"rule": "hegselmann-krause", "susceptibility": "openness", "bound": "bound", "attachment": "attachment"},
        ballots={"rule": "logit", "sharpness": "sharpness", "competence": "competence", "abstention_margin": "margin"},
    )
    values = {name: one.value for name, one in scenario.debate.parameters.items() if isinstance(one.value, float)}
    tree, bits, tried = scenario.document.tree, played(scenario, 4).bits, 0
    for place, _ in found(tree, places_of(ParameterName)):
        other = copy.deepcopy(tree)
        if (name := at(other, place)) in values:
            at(other, place[:-1])[place[-1]] = values[name]
            assert played(made(other), 4).bits == bits, place
            tried += 1
    assert tried >= 10


@pytest.mark.parametrize("kind", [ParameterName, DayOrPeriod])
def test_a_short_form_may_stand_wherever_the_code_has_its_type(kind: Any) -> None:
    """Where a short form may stand is found in what pydantic knows of the fields: as many as their annotations say."""
    parts = [part for part in vars(schema).values() if isinstance(part, type) and issubclass(part, schema.Part)]
    fields = {
        part.model_fields[name].alias or name
        for part in parts
        for name, hint in get_type_hints(part, include_extras=True).items()
        if hint == kind or kind in get_args(hint) or any(kind in get_args(choice) for choice in get_args(hint))
    }
    steps = {step for place in places_of(kind) for step in place[-2:] if isinstance(step, str)}
    assert fields <= steps
    assert fields & {"authority", "date"}


def test_a_change_may_give_a_number() -> None:
    """A what-if sets a number in the place of a parameter, and its absence, as a file would have it."""
    tree = short()
    tree["members"]["ann"]["authority"] = 0.7
    changed = made(SHORT).with_changes({"set": "ann.authority", "to": 0.7})
    assert changed.debate == made(tree).debate
    tree["members"]["bob"]["susceptibility"] = 0.1
    assert changed.with_changes({"set": "bob.susceptibility", "to": 0.1}).debate == made(tree).debate


@pytest.mark.parametrize("taken", ["ann-authority", "talk-susceptibility"])
def test_a_number_takes_no_name_that_is_taken(taken: str) -> None:
    """A parameter that has no name of its own is called after its place, or else by a number behind it."""
    bob = {"name": "Bob", "first_stance": {"value": 1}}
    debate = made(short(members={**short()["members"], taken: bob})).debate
    assert taken not in debate.parameters
    assert f"{taken}-2" in debate.parameters


def test_seats_without_dates_are_held_throughout() -> None:
    """Seats that name no day are held from the first day of the span to the last, and follow it."""
    (seats,) = made(SHORT).debate.bodies["council"].seats
    assert (seats.start, seats.end) == (DATES["from"], DATES["to"])
    later = made(SHORT).with_changes({"set": "span.to", "to": debates.datetime.date(2024, 5, 1)})
    assert later.debate.bodies["council"].seats[0].end == later.debate.span.end


def test_what_a_file_says_itself_stands() -> None:
    """In an invented debate, what says how well it is known keeps its word, its note and its source."""
    tree = short(sources={"Diary": {"title": "A diary"}})
    tree["members"]["bob"]["first_stance"] |= {"evidence": "documented", "provenance": "found", "source": "Diary"}
    tree["members"]["cem"]["first_stance"] |= {"evidence": "assumed", "note": "as Bob"}
    members = made(tree).debate.members
    assert members["bob"].first_stance is not None
    assert members["cem"].first_stance is not None
    assert members["bob"].first_stance.evidence == "documented"
    assert members["cem"].first_stance.note == "as Bob"


def test_an_invented_debate_may_be_asked_what_of_it_is_known() -> None:
    """A talk that nothing is said of is assumed, and stays where only what is documented is kept."""
    unknown = {**short()["dynamics"], "unknown_stance": {"value": {"uniform": [0, 4]}}}
    text = yaml.dump(short(dynamics=unknown), sort_keys=False)
    kept = rebuild(Origin("short.yaml", text, {}, "documented"))
    assert [moment.id for moment in kept.debate.timeline] == ["hearing"]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("members.ann.authority", 2, "must be within [0, 1]"),
        ("members.ann.authority", True, "must be text"),
        ("members.ann.authority", "loud", "'loud' is not a parameter"),
        ("members.ann.first_stance", None, "'first_stance' is missing"),
        ("timeline.0.source", "Diary", "'evidence' is missing"),
        ("dynamics.talk.susceptibility", 1e16, "too large"),
        ("dynamics.talk.susceptibility", -0.5, "must be within [0, 1]"),
        ("invented", 5, "must be text"),
    ],
)
def test_what_is_short_and_wrong_is_told(path: str, value: Any, said: str) -> None:
    """What is wrong with a short form is told in a sentence, in the place where it stands."""
    tree = short(sources={"Diary": {"title": "A diary"}})
    *before, last = (int(word) if word.isdecimal() else word for word in path.split("."))
    holder = at(tree, tuple(before))
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    with pytest.raises(ScenarioError) as refusal:
        made(tree)
    assert all(problem.line for problem in refusal.value.problems)
    assert any(said in problem.message for problem in refusal.value.problems), refusal.value


BOOK = {"evidence": "documented", "provenance": "found", "source": "Book"}


def called(**call: Any) -> Any:
    """The ballot of the small file with a roll call and a source of its own, as it is understood."""
    tree = short(sources={"Book": {"title": "Minutes"}, "Diary": {"title": "A diary"}})
    tree["dynamics"]["unknown_stance"] = {"value": 2}
    tree["timeline"][1] |= {**BOOK, "outcome": "carried", "roll_call": call}
    return made(tree)


def test_a_roll_call_is_a_list_of_votes_with_the_source_of_its_ballot() -> None:
    """Who voted how is read from four lists; whoever was absent is, and nobody else is known to be."""
    world = called(yes=["ann", "bob"], no="cem", abstained=["dee"], absent=["eli"])
    ballot = world.debate.timeline[1]
    assert isinstance(ballot, Ballot)
    assert {vote.member: vote.vote for vote in ballot.votes} == {
        "ann": "yes", "bob": "yes", "cem": "no", "dee": "abstain",
    }  # fmt: skip
    assert {(vote.evidence, vote.source) for vote in ballot.votes} == {("documented", ("Book",))}
    assert ballot.absent == ("eli",)
    attending = dict(zip(world.entries[1].who, arrays_of(world).plan.attending[6:].tolist(), strict=True))
    assert attending == {**dict.fromkeys(("ann", "bob", "cem", "dee"), IN_THE_ROOM), "eli": NOT_THERE, "fay": BY_CHANCE}


def test_of_a_complete_roll_call_everybody_else_was_absent() -> None:
    """Whom it does not name has not voted."""
    world = called(yes=["ann", "bob"], no=["cem"], complete=True)
    assert arrays_of(world).plan.attending[6:].tolist() == [IN_THE_ROOM] * 3 + [NOT_THERE] * 3


def test_a_roll_call_may_have_a_source_of_its_own() -> None:
    """Then its votes rest on that, and go where it goes when only documents are to count."""
    own = {"evidence": "attributed", "provenance": "found", "source": "Diary"}
    world = called(yes=["ann"], absent=["eli"], complete=True, **own)
    ballot = world.debate.timeline[1]
    assert isinstance(ballot, Ballot)
    assert [(vote.evidence, vote.source) for vote in ballot.votes] == [("attributed", ("Diary",))]
    kept = rebuild(Origin("short.yaml", world.origin.text, {}, "documented")).debate.timeline[-1]
    assert isinstance(kept, Ballot)
    assert (kept.votes, kept.roll_call, kept.absent) == ((), None, ("eli",))


@pytest.mark.parametrize("where", ["file", "member", "body"])
def test_an_origin_is_given_once_for_all_inside(where: str) -> None:
    """What says nothing of its own origin has that of the member, the body or the file that it is in."""
    tree = short(sources={"Book": {"title": "Minutes"}})
    holders = {"file": tree, "member": tree["members"]["ann"], "body": tree["bodies"]["council"]}
    if where == "file":
        del tree["invented"]
    holders[where]["origin"] = BOOK
    debate = made(tree).debate
    first, other = (debate.members[name].first_stance for name in ("ann", "bob"))
    assert first is not None
    assert other is not None
    assert (first.evidence == "documented") == (where in ("file", "member"))
    assert (other.evidence == "documented") == (where == "file")
    assert (debate.bodies["council"].seats[0].evidence == "documented") == (where in ("file", "body"))


@pytest.mark.parametrize("name", sim.shipped())
def test_nothing_of_the_shipped_debates_is_short_but_roll_calls(name: str) -> None:
    """The shipped debates say everything in full: all that is understood are the votes in a list."""
    document = sim.load(name).document
    whole, calls = spelled_out(document).tree, 0
    for said, meant in zip(document.tree["timeline"], whole["timeline"], strict=True):
        calls += "roll_call" in said
        assert said == meant or "roll_call" in said
    assert {**whole, "timeline": ()} == {**document.tree, "timeline": ()}
    assert (spelled_out(document) is document) == (not calls)
