"""Two worlds are compared on common random numbers: what differs between them is what the difference does."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

import sim
from sim.counterfactuals.comparison import Comparison, comparisons, other_world, what_differs
from sim.counterfactuals.pair import Pairs, steps
from sim.ensembles.batch import snapshots
from sim.ensembles.executor import Executor
from sim.ensembles.work import Counts
from sim.errors import UserError
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, NOT_PUT
from sim.scenario.library import what_if
from sim.scenario.posterior import Particles
from tests.debates import absence, ballot, debate, letter, played, talk

RUNS = 400


def committee(**more: object) -> sim.Scenario:
    """Five people, unsure and restless, a letter, talks, and two ballots, the second if the first was carried."""
    return debate(
        {name: {"uniform": [0.0, 1.0]} for name in ("ada", "ben", "cleo", "dov", "eve")},
        letter("ada-writes", "ada", ["ben", "cleo"], 1.0, on=9, strength=2),
        talk("board-talks", on=12),
        talk("in-private", on=10, members=["ben", "dov"]),
        ballot("first", 1.0, 0.0, on=12, session="board-talks"),
        letter("eve-protests", "eve", ["board"], 0.0, on=20, **{"if": "first carried"}),
        talk("board-talks-again", on=30),
        ballot("second", 0.0, 1.0, on=30, session="board-talks-again", **{"if": "first carried"}),
        weeks=6,
        drift={"reversion": "pull", "noise": "shake"},
        parameters={"pull": 0.02, "shake": 0.05, "attendance": 0.8, "sharpness": 3.0},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        attendance="attendance",
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def base() -> sim.Scenario:
    """The committee as it was."""
    return committee()


@pytest.fixture(scope="module")
def compared(base: sim.Scenario) -> Comparison:
    """The committee with and without Ada's letter."""
    return sim.whatif(base, base.with_changes({"remove": "ada-writes"}), runs=RUNS, seed=5)


def test_a_what_if_that_changes_nothing_differs_in_nothing(base: sim.Scenario) -> None:
    """The same value set again gives a difference of exactly zero, in every history and at every date."""
    same = sim.whatif(base, base.with_changes({"set": "ada-writes.strength", "to": 2}), runs=RUNS, seed=5)
    for name in ("decisions", "stances", "policy"):
        table = getattr(same, name)
        assert (table[["difference", "low", "high"]] == 0).all(axis=None), name
    assert same.part_at_all == 0
    assert same.parting.empty
    assert (same.votes_changed.changed == 0).all()
    assert same.explanations.empty
    assert same.flips.empty
    assert same.warnings == []


def test_both_worlds_are_what_they_are_when_played_alone(base: sim.Scenario, compared: Comparison) -> None:
    """Shares and means of each world are those of its own histories, played one moment after another."""
    for world, put, carried, mean in (
        (base, "put", "carried", "mean"),
        (compared.other, "put_other", "carried_other", "mean_other"),
    ):
        alone = played(world, RUNS, seed=5)
        assert list(compared.decisions[put]) == list((alone.decided != NOT_PUT).mean(axis=1))
        assert list(compared.decisions[carried]) == list((alone.decided == CARRIED).mean(axis=1))
        last = compared.stances[compared.stances.date == compared.stances.date.max()]
        np.testing.assert_allclose(last[mean], alone.stances[-1].mean(axis=1), atol=1e-9)
        np.testing.assert_allclose(compared.policy[mean].iloc[-1], alone.policies[-1].mean(), atol=1e-9)


def test_flips_are_those_of_the_pairs(base: sim.Scenario, compared: Comparison) -> None:
    """The share that flips is that of pairs of histories on common random numbers, and accounts for the difference."""
    here = played(base, RUNS, seed=5).decided == CARRIED
    there = played(compared.other, RUNS, seed=5).decided == CARRIED
    assert list(compared.decisions.flips_to_carried) == list((there & ~here).mean(axis=1))
    assert list(compared.decisions.flips_to_lost) == list((here & ~there).mean(axis=1))
    gained = compared.decisions.flips_to_carried - compared.decisions.flips_to_lost
    np.testing.assert_allclose(compared.decisions.difference, gained, atol=1e-12)


def test_the_interval_is_that_of_the_means_of_the_draws(base: sim.Scenario, compared: Comparison) -> None:
    """Eight histories share a draw, so the standard error is that of the draws' mean differences."""
    last = [played(world, RUNS, seed=5).stances[-1] for world in (base, compared.other)]
    by_draw = (last[1] - last[0]).reshape(5, -1, 8).mean(axis=2)
    error = by_draw.std(axis=1, ddof=1) / np.sqrt(by_draw.shape[1])
    table = compared.stances[compared.stances.date == compared.stances.date.max()]
    np.testing.assert_allclose((table.high - table.low) / 2, 1.959964 * error, atol=1e-5)


def test_taking_a_letter_out_changes_nothing_before_its_date(compared: Comparison) -> None:
    """Every difference before the day of the letter is exactly zero, and some after it are not."""
    before = compared.stances.date < pandas.Timestamp("2024-01-10")
    assert before.any()
    assert (compared.stances[before].difference == 0).all()
    assert (compared.stances[~before].difference != 0).any()


def test_worlds_part_at_the_letter_and_in_its_readers(compared: Comparison) -> None:
    """Where a letter is taken out, its readers differ first, and nobody else; but who is all for it cannot move."""
    assert set(compared.parting.moment) == {"ada-writes"}
    assert set(compared.parting.member) == {"ben", "cleo"}
    assert (compared.parting.share > 0.95).all()
    assert (compared.parting.parted == compared.part_at_all).all()
    assert compared.part_at_all > 0.99


def test_changed_votes_are_those_of_the_histories(base: sim.Scenario, compared: Comparison) -> None:
    """Where both worlds put a ballot, the votes that differ are counted, and their parts and margins add up."""
    here, there = played(base, RUNS, seed=5), played(compared.other, RUNS, seed=5)
    net = np.array([0, 1, -1, 0, 0])
    table = compared.votes_changed.set_index(["decision", "member"])
    for row, elector in enumerate(arrays_of(base).names.electors):
        ballot_ = compared.pair.ballots.index(elector[0])
        put = (here.decided[ballot_] != NOT_PUT) & (there.decided[ballot_] != NOT_PUT)
        before, after = here.vote[row][put], there.vote[row][put]
        found = table.loc[elector]
        assert found.changed == pytest.approx((before != after).mean())
        assert found.margin == pytest.approx((net[after] - net[before]).mean())
        assert found.stance == pytest.approx(here.private[row][put].mean(), abs=1e-6)
        assert found.voiced_other == pytest.approx(there.voiced[row][put].mean(), abs=1e-6)
    parts = compared.votes_changed.filter(like="by_").sum(axis=1)
    np.testing.assert_allclose(parts, compared.votes_changed.changed, atol=1e-12)


def test_a_letter_changes_votes_by_own_stances_alone_where_nobody_leads(compared: Comparison) -> None:
    """Without a leader no vote is deferred; the same people come; the first ballot chooses between the same things."""
    first = compared.votes_changed[compared.votes_changed.decision == "first"]
    assert first.by_own_stance.sum() > 0
    assert (first[["by_deference", "by_choice", "by_attendance"]] == 0).all(axis=None)


def test_who_had_a_letter_before_a_condition_sees_it_in_as_many_histories(compared: Comparison) -> None:
    """A moment on a condition happens exactly where its ballot was carried, in both worlds."""
    first = compared.decisions.set_index("decision").loc["first"]
    protest = compared.moments.set_index("moment").loc["eve-protests"]
    assert protest.happened == first.carried
    assert protest.happened_other == first.carried_other
    second = compared.decisions.set_index("decision").loc["second"]
    assert (second.put, second.put_other) == (first.carried, first.carried_other)


def test_a_ballot_of_one_world_only_is_not_put_in_the_other(base: sim.Scenario) -> None:
    """A motion taken out is never put there, and whatever depends on it never happens."""
    compared = sim.whatif(base, base.with_changes(
        {"remove": "first"}, {"remove": "eve-protests"}, {"remove": "second"}), runs=80, seed=5)  # fmt: skip
    table = compared.decisions.set_index("decision")
    assert (table.put_other == 0).all()
    assert (table.carried_other == 0).all()
    assert table.loc["first", "put"] == 1
    assert table.loc["first", "flips_to_lost"] == table.loc["first", "carried"]


def test_a_ballot_put_by_a_what_if_is_counted(base: sim.Scenario) -> None:
    """A motion that only the other world has is put there alone, and parts the worlds by its vote."""
    item = {**ballot("third", 1.0, 0.0, on=35), "motion": "again", "evidence": "assumed", "note": "invented"}
    compared = sim.whatif(base, base.with_changes({"add": "timeline", "item": item}), runs=80, seed=5)
    row = compared.decisions.set_index("decision").loc["third"]
    assert (row.put, row.put_other, row.flips_to_lost) == (0, 1, 0)
    assert compared.parting.moment.eq("third").all()
    assert compared.parting.member.eq("").all()


def test_a_moment_that_is_moved_is_played_on_its_new_day(base: sim.Scenario) -> None:
    """Worlds in which a letter comes earlier part on the earlier day."""
    compared = sim.whatif(base, base.with_changes({"set": "ada-writes.date", "to": debate_day(3)}), runs=80, seed=5)
    assert set(compared.parting.date) == {pandas.Timestamp("2024-01-04")}


def debate_day(number: int) -> object:
    """A day of the debates written here."""
    from tests.debates import day

    return day(number)


def test_somebody_added_shifts_nobody_who_never_meets_him(base: sim.Scenario) -> None:
    """A newcomer without a seat draws numbers of their own, so nothing differs and they are not compared."""
    item = {"id": "zoe", "name": "Zoe", "first_stance": {"value": 0.5, "evidence": "assumed", "note": "invented"}}
    compared = sim.whatif(base, base.with_changes({"add": "members", "item": item}), runs=80, seed=5)
    assert compared.part_at_all == 0
    assert "zoe" not in set(compared.stances.member)


def test_another_first_stance_parts_the_worlds_at_the_beginning(base: sim.Scenario) -> None:
    """Who thinks otherwise from the first day differs before anything has happened."""
    value = {"value": 1.0, "evidence": "assumed", "note": "invented"}
    compared = sim.whatif(base, base.with_changes({"set": "eve.first_stance", "to": value}), runs=80, seed=5)
    assert compared.parting[["kind", "member"]].to_numpy().tolist() == [["beginning", "eve"]]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_crew_does_not_matter(base: sim.Scenario, compared: Comparison, workers: int) -> None:
    """Any number of threads gives the same bits."""
    rebuild = sim.whatif(base, compared.other, runs=RUNS, seed=5, executor=Executor(workers))
    assert all(np.array_equal(rebuild.tally[name], compared.tally[name]) for name in compared.tally.arrays)


def test_pairs_add_up_in_any_order(base: sim.Scenario, compared: Comparison) -> None:
    """Chunks of pairs from the last to the first give the whole, played apart or each on top of those before."""
    pieces = [np.arange(start, min(start + 64, RUNS), dtype=np.uint64) for start in range(0, RUNS, 64)]
    work = Pairs(base, (compared.other,), 5)
    parts = [work.batch(piece) for piece in reversed(pieces)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    so_far: Counts | None = None
    for piece in reversed(pieces):
        so_far = work.batch(piece, so_far)
    assert so_far is not None
    for whole in (total, so_far):
        assert all(np.array_equal(work.tally(whole, 0)[name], compared.tally[name]) for name in compared.tally.arrays)


def test_worlds_played_beside_one_base_are_what_they_are_alone(base: sim.Scenario) -> None:
    """Whatever else the base is compared with, and wherever each begins to differ, a comparison has the same bits."""
    changes = (
        {"set": "ada-writes.strength", "to": 2},
        {"remove": "ada-writes"},
        {"remove": "eve-protests"},
        {"set": "second.if_carried", "to": 0.5},
        {"set": "dynamics.talk.rule", "to": "degroot"},
        {"set": "eve.first_stance", "to": {"value": 1.0, "evidence": "assumed", "note": "invented"}},
    )
    others = [base.with_changes(change) for change in changes]
    together = list(comparisons(base, [(other, "", "") for other in others], RUNS, 5))
    assert len({one.pair.shared for one in together}) >= 4
    for other, one in zip(others, together, strict=True):
        alone = sim.whatif(base, other, runs=RUNS, seed=5)
        assert all(np.array_equal(one.tally[name], alone.tally[name]) for name in alone.tally.arrays)


def test_both_worlds_keep_their_own_order(base: sim.Scenario) -> None:
    """The merged order holds every moment of either world once, in that world's own order."""
    other = base.with_changes({"set": "ada-writes.date", "to": debate_day(25)}, {"remove": "in-private"})
    found = list(steps(base.entries, other.entries))
    assert [step.base for step in found if step.base >= 0] == list(range(len(base.entries)))
    assert [step.other for step in found if step.other >= 0] == list(range(len(other.entries)))
    for step in found[1:]:
        assert step.entry is not None
        if step.base >= 0 and step.other >= 0:
            assert base.entries[step.base].id == other.entries[step.other].id


def test_dates_are_those_of_either_world(base: sim.Scenario) -> None:
    """A ballot added on a day of its own adds its date to both worlds."""
    item = {**ballot("third", 1.0, 0.0, on=33), "motion": "again", "evidence": "assumed", "note": "invented"}
    compared = sim.whatif(base, base.with_changes({"add": "timeline", "item": item}), runs=16, seed=5)
    assert set(compared.pair.dates) == {*snapshots(base).dates, "2024-02-03"}


def test_pairs_are_nearer_than_strangers(compared: Comparison) -> None:
    """The paired error of a mean stance is at most that of two worlds with random numbers of their own."""
    table = compared.precision
    assert (table.paired <= table.unpaired).all()
    late = table[table.date == table.date.max()]
    assert (late.paired < 0.7 * late.unpaired).all()


def test_debates_on_different_axes_cannot_be_compared(base: sim.Scenario) -> None:
    """A difference of stances needs one axis."""
    with pytest.raises(UserError, match=r"the axis runs from \(0.0, 1.0\) in one world and from \(0.0, 2.0\)"):
        sim.whatif(base, base.with_changes({"set": "axis.high", "to": 2.0}), runs=8)


def test_what_differs_makes_the_other_world_again(base: sim.Scenario, compared: Comparison) -> None:
    """Readings and changes, written down, carried out again give the same world; so for dates among them."""
    assert other_world(base, what_differs(base, compared.other)).digest == compared.other.digest
    other = base.with_changes({"set": "ada-writes.date", "to": debate_day(3)})
    assert other_world(base, what_differs(base, other)).digest == other.digest


# Warnings --------------------------------------------------------------------------------------------------


def test_a_letter_stronger_than_any_on_record_is_told(base: sim.Scenario) -> None:
    """Outside the strengths of the record, what a letter does is the formula's guess."""
    compared = sim.whatif(base, base.with_changes({"set": "ada-writes.strength", "to": 5}), runs=80, seed=5)
    assert any(
        "Ada's letter of 10 Jan 2024 has strength 5, outside those of the scenario (2 to 3)" in said
        for said in compared.warnings
    )


def test_a_sitting_that_nobody_recorded_is_told(base: sim.Scenario) -> None:
    """Who would have come to a meeting that was not held is assumed."""
    compared = sim.whatif(base, base.with_changes({"set": "board-talks-again.date", "to": debate_day(31)}), runs=80)
    assert any("the board's talk of 1 Feb 2024 has the board meet on 1 Feb 2024" in said for said in compared.warnings)


def test_a_parameter_where_its_law_hardly_ever_is_is_told() -> None:
    """A value in the last half per cent of a law is one that nobody assumed."""
    world = committee()
    unsure = {"set": "openness.range", "to": [0.0, 1.0]}, {"set": "openness.value", "to": {"uniform": [0.2, 0.6]}}
    world = world.with_changes(*unsure)
    far, near = (
        sim.whatif(world, world.with_changes({"set": "openness.value", "to": value}), runs=80).warnings
        for value in (0.6, 0.4)
    )
    assert any("the openness is 0.6, outside 99 %" in said for said in far)
    assert not any("openness" in said for said in near)


def test_months_in_a_room_that_he_was_never_in_are_told() -> None:
    """Two months of meetings that somebody misses on record are the model's own invention."""
    world = debate({"ada": 0.2, "ben": 0.8}, absence("ben-away", "ben", 1, 90), weeks=20, board={"talks": "thursday"})
    compared = sim.whatif(world, world.with_changes({"remove": "ben-away"}), runs=80)
    assert any("Ben can attend 13 meetings that they miss in the scenario" in said for said in compared.warnings)


def test_states_that_the_base_never_reaches_are_told() -> None:
    """Where stances lie outside nearly all of the base's, the rules are used where nothing was compared."""
    world = committee()
    value = {"value": 1.0, "evidence": "assumed", "note": "invented"}
    sure = world.with_changes({"set": "eve.first_stance", "to": {**value, "value": {"uniform": [0.0, 0.1]}}})
    compared = sim.whatif(sure, sure.with_changes({"set": "eve.first_stance", "to": value}), runs=80)
    assert any("Eve's stances on" in said for said in compared.warnings)
    assert sim.whatif(world, world.with_changes({"set": "ada-writes.strength", "to": 2.2}), runs=400).warnings == []


@pytest.mark.parametrize("name", sim.whatif_names())
def test_pairing_is_worth_it_on_every_shipped_what_if(name: str) -> None:
    """No paired interval is wider than the unpaired one, by more than noise, and half are less than a third as wide."""
    compared = sim.whatif(sim.load(what_if(name).file.base), name, runs=512)
    table = compared.precision
    # Of what has nothing to do with one another, 64 draws find a correlation of 1/8 by chance: 6 % of a width.
    assert (table.paired <= table.unpaired * 1.06)[table.member != ""].all()
    moved = table[(table.member != "") & (table.paired > 0)]
    # A motion that a what-if puts and nobody carries moves no stance.
    assert moved.empty or (moved.unpaired / moved.paired).median() > 3


def test_particles_played_again_make_no_difference_surer() -> None:
    """Once every particle of a posterior is played, more histories narrow no interval below what particles leave."""
    prior = debate(
        {"ann": 1.0, "bob": {"uniform": [0, 1]}}, letter("note", "ann", ["bob"], 1.0, on=8), ballot("vote", 1, 0, 9),
        ballots={"rule": "logit", "sharpness": "sharpness"},
    )  # fmt: skip
    generator = np.random.default_rng(3)
    particles = Particles.of((), ("bob",), generator.random((1, 16)), prior.content_digest)
    fitted = prior.with_posterior(particles)
    few, many = (sim.whatif(fitted, fitted.with_changes({"remove": "note"}), runs) for runs in (16 * 8, 64 * 16 * 8))
    widths = [float((one.decisions.high - one.decisions.low).iloc[0]) for one in (few, many)]
    assert widths[1] > 0.7 * widths[0]  # a sixty-fourth of the variance would leave an eighth
