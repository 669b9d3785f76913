"""What becomes of what happens, in two worlds beside each other, is counted from their histories."""

from __future__ import annotations

import datetime

import pytest

import sim
from sim.results.wording import day
from sim.scenario.seats import people
from sim.web.server.requests import Controls
from sim.web.view import moments
from sim.web.view.answers import comparison_view, world
from sim.web.view.debate import debate_view
from sim.web.view.debate import moments as of_one

MONOPOLY = sim.load("monopoly-1922", prior=True)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 of 100"),
        (1e-4, "under 1 of 100"),
        (0.005, "1 of 100"),
        (0.5, "50 of 100"),
        (0.9999, "over 99 of 100"),
        (1.0, "100 of 100"),
    ],
)
def test_only_what_is_certain_is_none_or_all_of_a_hundred(share: float, said: str) -> None:
    """A share is said in whole numbers of a hundred, and never more certainly than it is."""
    assert moments.of_hundred(share) == said


def test_every_moment_of_either_world_is_told_once_with_its_fate() -> None:
    """Gone is what the other world does not have, new what it has alone, rare what under half of its histories have."""
    compared = sim.whatif(MONOPOLY, "lenin-in-the-room", runs=200, seed=3)
    told = {one["id"]: one for one in moments.in_both(compared)}
    before, after = ({one["id"] for one in of_one(world)} for world in (compared.base, compared.other))
    assert set(told) == before | after
    assert [one["date"] for one in told.values()] == sorted(one["date"] for one in told.values())
    assert {name for name, one in told.items() if one["fate"] == "gone"} == before - after
    assert {name for name, one in told.items() if one["fate"] == "new"} == after - before
    happened = compared.moments.query("kind != 'absence ends'").set_index("moment").happened_other
    rare = {name for name, one in told.items() if one["fate"] == "rare"}
    assert rare
    assert rare == {name for name in before & after if happened.get(name, 1.0) < 0.5}
    for name in rare:
        assert moments.of_hundred(happened[name]) in told[name]["becomes"] or told[name]["kind"] == "ballot"


def test_a_ballot_says_what_the_record_says_and_what_the_other_world_makes_of_it() -> None:
    """The outcome that is recorded stands beside the shares in which it is put and carried in the other world."""
    compared = sim.whatif(MONOPOLY, "lenin-in-the-room", runs=200, seed=3)
    told = {one["id"]: one["becomes"] for one in moments.in_both(compared)}
    ends = compared.decisions.set_index("decision").loc["october-deferral"]
    put, carried = moments.of_hundred(ends.put_other), moments.of_hundred(ends.carried_other)
    assert told["october-deferral"] == f"in the record carried; here put in {put}, carried in {carried}"
    alone = {one["id"]: one["becomes"] for one in of_one(MONOPOLY)}
    assert alone["october-deferral"] == "in the record carried"


def test_a_mark_says_when_what_and_what_becomes_of_it() -> None:
    """Of who is away also until when and why; the days of a drawing are counted from 1970, an absence's to its end."""
    told = {one["id"]: one for one in of_one(MONOPOLY)}
    assert told["october-deferral"]["says"] == "16 Oct 1922: October deferral, in the record carried"
    for one in told.values():
        first, end = (datetime.date(1970, 1, 1) + datetime.timedelta(days=days) for days in one["days"])
        assert first == one["date"]
        assert end == (one["until"] + datetime.timedelta(days=1) if one["kind"] == "absence" else first)
        if one["kind"] == "absence":
            assert one["says"] == f"{one['dated']}: {one['title']}, to {day(one['until'])}, {one['summary']}"
            assert one["lane"] == f"absences of {one['title'].removesuffix(' away')}"


def test_all_that_happens_in_either_world_has_a_row_of_a_table() -> None:
    """As many rows as there are moments, in their order, each with what becomes of it there."""
    compared = sim.whatif(MONOPOLY, "lenin-in-the-room", runs=8, seed=3)
    view = comparison_view(compared)
    ((_, _, _, _, (_, _, *rows)),) = view["happened"]
    assert [row[4][2][1]["data-moment"] for row in rows] == [one["id"] for one in view["moments"]]
    assert [row[7][2:] for row in rows] == [[one["becomes"]] if one["becomes"] else [] for one in view["moments"]]


def test_a_drawing_has_what_the_record_says_of_a_place() -> None:
    """Each observation of a stance at its days and place, in words; none of a movement or of the policy in force."""
    view = debate_view(MONOPOLY)
    for shown in view["members"]:
        member = people(MONOPOLY.debate)[shown["id"]]
        for seen in shown["observations"]:
            assert any(one.says in seen["says"] for one in member.observations)
            assert MONOPOLY.debate.axis.low <= seen["at"] <= MONOPOLY.debate.axis.high
            assert len(seen["days"]) in (1, 2)
    assert any(one["observations"] for one in view["members"])


def test_an_absence_that_is_cut_is_said_to_end_earlier() -> None:
    """Who comes to one meeting was away before it all the same: no share is told, but until when."""
    library = sim.load("library-sunday")
    room = Controls(room={"sunday-ballot": {"eve": "in"}})
    told = {one["id"]: one for one in moments.in_both(sim.whatif(library, world(library, room), runs=8, seed=1))}
    assert told["eve-travels"]["becomes"] == "in the other world: 1 Mar 2024 to 11 Mar 2024"
    assert told["eve-travels"]["fate"] == ""
    assert told["eve-travels-again"]["becomes"] == "only in the other world"


def test_what_happens_as_often_in_both_worlds_has_one_share() -> None:
    """A share as it was stands beside that of the other world only where the two read otherwise."""
    told = moments.in_both(sim.whatif(MONOPOLY, "lenin-in-the-room", runs=200, seed=3))
    for one in told:
        share, _, rest = one["becomes"].partition(" (as it was, ")
        assert not rest or share.removeprefix("happens in ") != rest.rstrip(")")
