"""What becomes of what happens, in two worlds beside each other, is counted from their histories."""

from __future__ import annotations

import pytest

import sim
from sim.web.view import moments
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
    happened = compared.moments.drop_duplicates("moment", keep="last").set_index("moment").happened_other
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
