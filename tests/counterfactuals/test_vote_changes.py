"""A vote that differs between two worlds is put down to what makes it differ, worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pandas
import pytest

import sim
from sim.counterfactuals.vote_changes import CHOICE, DEFERENCE, OWN_STANCE, sixths
from tests.debates import INVENTED, absence, ballot, day, debate, letter, played, talk


def led(weight: float, *moments: object, stance: float = 0.2, **more: object) -> sim.Scenario:
    """Ada leads and is away; Ben defers with this weight and votes on what leads to 1 if carried, to 0 if lost."""
    return debate(
        {"ada": 0.0, "ben": stance},
        absence("ada-away", "ada", 0, 30),
        *moments,  # type: ignore[arg-type]
        ballot("motion", 1.0, 0.0, on=6),
        parameters={"deference": weight, "receptiveness": 0.0},
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse"},
        **more,  # type: ignore[arg-type]
    )


def first_stance(member: str, value: float) -> dict[str, object]:
    """A change of a first stance."""
    return {"set": f"{member}.first_stance", "to": {"value": value, "evidence": "assumed", "note": "invented"}}


def change(world: sim.Scenario, *changes: dict[str, object], member: str = "ben") -> pandas.Series:
    """How a member's vote on the motion changes."""
    found = sim.whatif(world, world.with_changes(*changes), runs=8).votes_changed
    return found.set_index(["decision", "member"]).loc[("motion", member)]


def writes(argued: float) -> dict[str, object]:
    """Ada states a position to Ben."""
    return letter("ada-writes", "ada", ["ben"], argued, on=3)


def test_a_stated_position_that_alone_turns_the_vote_carries_all_of_it() -> None:
    """As on the page: 0.08 is no and 0.76 yes; the stance alone gives 0.16, the stated position alone 0.68."""
    row = change(led(0.6, writes(0.0)), first_stance("ben", 0.4), {"set": "ada-writes.argues_for", "to": 1.0})
    assert (row.changed, row.by_deference, row.by_own_stance) == (1, 1, 0)
    assert (row.voiced, row.voiced_other) == pytest.approx((0.08, 0.76), abs=1e-6)
    assert row.margin == 2


def test_what_only_both_together_turn_is_shared() -> None:
    """As there: 0.14 is no and 0.76 yes; neither the stance alone (0.49) nor the position alone (0.41) would do."""
    world = led(0.3, writes(0.0))
    row = change(world, first_stance("ben", 0.7), {"set": "ada-writes.argues_for", "to": 0.9})
    assert (row.changed, row.by_deference, row.by_own_stance) == (1, 0.5, 0.5)


def test_a_small_move_under_the_same_cue_is_ones_own() -> None:
    """At 0.2 and then 0.4 the private stance is against in both worlds; under a cue of 0.7 it turns the vote."""
    row = change(led(0.5, writes(0.7)), first_stance("ben", 0.4))
    assert (row.by_own_stance, row.by_deference) == (1, 0)
    assert (row.stance, row.stance_other) == pytest.approx((0.2, 0.4), abs=1e-6)


def test_a_mover_who_is_heeded_counts_as_deference() -> None:
    """At 0.2 a vote is no; half of the way to where a colleague's motion leads, 0.6, it is yes."""
    world = debate(
        {"ada": 0.0, "ben": 0.2, "cleo": 0.2, "dov": 0.2},
        absence("ada-away", "ada", 0, 30),
        ballot("motion", 1.0, 0.0, on=6),
        parameters={"heed": 0.5},
        deference={"leader": "ada", "weight": "deference", "lapses_after": "lapse", "mover_weight": "heed"},
    )
    row, mover = (change(world, {"set": "motion.moved_by", "to": "cleo"}, member=name) for name in ("ben", "cleo"))
    assert (row.changed, row.by_deference, row.by_own_stance) == (1, 1, 0)
    assert (row.voiced, row.voiced_other) == pytest.approx((0.2, 0.6), abs=1e-6)
    assert mover.changed == 0
    compared = sim.whatif(world, world.with_changes({"set": "motion.moved_by", "to": "cleo"}), runs=400)
    assert "deference to Ada or the mover" in compared.headline


def test_who_comes_in_one_world_only_changes_by_attendance() -> None:
    """Ben kept away is one no less: the margin of yes less no rises by one."""
    item = {**absence("ben-away", "ben", 6, 6), "reason": "ill", "evidence": "assumed", "note": "invented"}
    row = change(led(0.0), {"add": "timeline", "item": item})
    assert (row.changed, row.by_attendance, row.margin) == (1, 1, 1)


def test_another_choice_changes_the_vote_of_an_unmoved_mind() -> None:
    """At 0.2, what leads from 0 to 0.3 is for the better, what leads from 0 to 1 is not."""
    row = change(led(0.0), {"set": "motion.if_carried", "to": 0.3})
    assert (row.changed, row.by_choice, row.by_own_stance) == (1, 1, 0)


def test_a_motion_of_one_world_changes_no_vote() -> None:
    """What both worlds never put has no fractions."""
    world = led(0.0)
    item = {**ballot("second", 1.0, 0.0, on=9), "motion": "again", "evidence": "assumed", "note": "invented"}
    compared = sim.whatif(world, world.with_changes({"add": "timeline", "item": item}), runs=8)
    assert set(compared.votes_changed.decision) == {"motion"}
    assert compared.ballot("second") is None


def test_sixths_add_up_to_one_vote_in_every_game() -> None:
    """Whatever coalitions bring the change about, the three parts are a whole vote, and who never matters has none."""
    players = (DEFERENCE, OWN_STANCE, CHOICE)
    for inner in itertools.product((0, 1), repeat=6):
        brings = np.array([0, *inner, 1])
        assert sum(sixths(brings, player) for player in players) == 6
    dictator = np.array([coalition >> DEFERENCE & 1 for coalition in range(8)])
    assert [sixths(dictator, player) for player in players] == [6, 0, 0]


# ------------------------------------------------------------------------------------------------------- blocs


def bound(*moments: object, **more: object) -> sim.Scenario:
    """Ben and Cleo are against and Dov is for; the three are a bloc, beside Ada."""
    return debate(
        {"ada": 0.0, "ben": 0.2, "cleo": 0.3, "dov": 0.9},
        *moments,  # type: ignore[arg-type]
        ballot("motion", 1.0, 0.0, on=6),
        board={"procedure": {"blocs": {"party": ["ben", "cleo", "dov"]}}},
        **more,  # type: ignore[arg-type]
    )


def test_the_vote_of_a_bloc_changes_with_the_stance_of_one_of_it() -> None:
    """With Cleo for it, most of the bloc are: the votes of all three turn, by the stance that moved."""
    moved = first_stance("cleo", 0.8)
    rows = [change(bound(), moved, member=name) for name in ("ben", "cleo", "dov", "ada")]
    assert [(row.changed, row.by_own_stance, row.margin) for row in rows] == [(1, 1, 2)] * 3 + [(0, 0, 0)]


def test_a_bloc_turns_by_attendance_where_one_of_it_comes_in_one_world_only() -> None:
    """Without Ben the bloc is even and abstains: Cleo's and Dov's votes change by Ben's absence, as Ben's own does."""
    away = {"kind": "absence", "id": "ben-away", "member": "ben", "date": day(0), "until": day(9), **INVENTED}
    added = {"add": "timeline", "item": {**away, "reason": "a cold"}}
    for name in ("ben", "cleo", "dov"):
        row = change(bound(), added, member=name)
        assert (row.changed, row.by_attendance, row.margin) == (1, 1, 1)


def test_a_bloc_that_is_of_one_world_only_is_a_rule_of_voting() -> None:
    """Unbound, Dov votes as they want: what changes their vote is the choice, with its rule."""
    row = change(bound(), {"remove": "board.procedure.blocs"}, member="dov")
    assert (row.changed, row.by_choice, row.margin) == (1, 1, 2)


def test_the_parts_of_a_changed_vote_add_up_in_blocs_too() -> None:
    """Where stances, attendance and blocs differ at once, what changes a vote still adds up to the vote."""
    world = bound(
        talk("session", on=5),
        parameters={"attendance": 0.7, "sharpness": 4.0},
        attendance="attendance",
        ballots={"rule": "logit", "sharpness": "sharpness"},
    )
    other = world.with_changes(
        first_stance("ben", 0.7), {"set": "board.procedure.blocs", "to": {"party": ["ben", "cleo", "ada"]}}
    )
    table = sim.whatif(world, other, runs=200).votes_changed
    parts = table[["by_deference", "by_own_stance", "by_choice", "by_attendance"]].sum(axis=1)
    assert (table.changed > 0).all()
    np.testing.assert_allclose(parts, table.changed, atol=1e-12)
    base, after = played(world, 200, 1922), played(other, 200, 1922)
    differ = (base.vote != after.vote).mean(axis=1)
    np.testing.assert_allclose(table.sort_values("member").changed, differ, atol=1e-12)
