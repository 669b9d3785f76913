"""Who moved whom: every move of a history has its authors, and they account for all of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.analysis import influence as influence_of
from sim.analysis.influence import CHANNELS, COLUMNS, MOST, Account, Influence, account, influence, interval
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.executor import Executor, execute
from sim.ensembles.work import ids
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario
from tests.debates import absence, debate, letter, played, talk
from tests.every_word import TALK, of_talk


def booked(scenario: Scenario, replicates: int = 4) -> tuple[Account, dict[str, int]]:
    """The account of the first histories that run free, and the row of each member in it."""
    work = EnsembleWork(scenario, 1, follows_record=False, fixed={})
    rows = {name: row for row, name in enumerate(arrays_of(scenario).names.members)}
    return account(work, np.arange(replicates, dtype=np.uint64)), rows


def test_a_letter_is_its_authors() -> None:
    """What a letter moves its readers is put down to who wrote it, and to nobody else."""
    found, row = booked(debate({"ann": 0.0, "bob": 0.4, "cy": 0.9}, letter("plea", "cy", ["ann", "bob"], 1.0)))
    np.testing.assert_allclose(found.moves("letter", "cy")[row["ann"]], 0.5)
    np.testing.assert_allclose(found.moves("letter", "cy")[row["bob"]], 0.3)
    assert np.count_nonzero(found.net.any(axis=-1)) == 2


def test_news_without_an_author_is_nobodys() -> None:
    """What unsigned news moves its readers is in the column of nobody."""
    news = {**letter("word", None, ["ann"], 1.0, authority="say"), "kind": "news"}
    found, row = booked(debate({"ann": 0.0, "bob": 0.5}, news))
    np.testing.assert_allclose(found.moves("letter")[row["ann"]], 0.5)
    assert np.count_nonzero(found.net.any(axis=-1)) == 1


def test_a_talk_of_three_worked_by_hand() -> None:
    """Three who count the same and go half way: each moves another by a sixth of the gap between them."""
    found, row = booked(debate({"ann": 0.0, "bob": 0.3, "cy": 0.9}, talk("sitting")))
    gaps = (("ann", "bob", 0.3), ("ann", "cy", 0.9), ("bob", "ann", -0.3), ("bob", "cy", 0.6), ("cy", "bob", -0.6))
    for hearer, speaker, gap in (*gaps, ("ann", "ann", 0.0)):
        np.testing.assert_allclose(found.moves("talk", speaker)[row[hearer]], gap / 6, atol=1e-12)


def test_who_is_away_moves_nobody_and_is_not_moved() -> None:
    """In a talk only those present have a share of what was moved."""
    found, row = booked(debate({"ann": 0.0, "bob": 0.3, "cy": 0.9}, absence("trip", "cy", 1, 5), talk("sitting", 3)))
    assert not found.net[row["cy"]].any()
    assert not found.moves("talk", "cy").any()
    np.testing.assert_allclose(found.moves("talk", "bob")[row["ann"]], 0.3 / 4)


def test_a_move_up_and_one_down_cancel_in_the_net_alone() -> None:
    """A reader moved up by one letter and down by another of the same author has a gross move and hardly a net one."""
    scenario = debate(
        {"ann": 0.5, "bob": 0.5}, letter("up", "bob", ["ann"], 1.0), letter("down", "bob", ["ann"], 0.5, 2)
    )
    found, row = booked(scenario)
    np.testing.assert_allclose(found.moves("letter", "bob")[row["ann"]], 0.125)
    np.testing.assert_allclose(found.gross[row["ann"], found.columns.index(("letter", "bob"))] / 4, 0.375)


@pytest.mark.parametrize("word", TALK)
def test_the_authors_account_for_every_move(word: str) -> None:
    """Under each rule of talk nothing is left over, but where a stance came to an end of the axis and was cut there."""
    scenario = of_talk(word)
    found, _ = booked(scenario, 64)
    stances = played(scenario, 64).stances
    inside = ((stances > 0.0) & (stances < 1.0)).all(axis=0)
    assert inside.sum() > 20
    np.testing.assert_array_equal(found.moves("clipping")[inside], 0.0)
    np.testing.assert_array_equal(found.last, stances[-1])
    assert found.gross[:, : len(found.net)].any()


@pytest.mark.parametrize("word", TALK)
def test_nobody_moves_themselves_in_talk(word: str) -> None:
    """Whoever speaks is in the talk too, and there is no gap to oneself."""
    found, row = booked(of_talk(word), 16)
    assert not any(found.moves("talk", name)[place].any() for name, place in row.items())


def test_the_weekly_reversion_is_ones_own() -> None:
    """What draws a member back to their initial stance is their own, also when another has moved them from it."""
    parameters = {"pull": 0.5}
    found, row = booked(
        debate({"ann": 0.0, "bob": 1.0}, letter("plea", "bob", ["ann"], 1.0), weeks=2, parameters=parameters,
               drift={"reversion": "pull", "noise": "none"})
    )  # fmt: skip
    # Half way up on Tuesday, half of it back on Monday.
    np.testing.assert_allclose(found.moves("initial_stance")[row["ann"]], -0.25)
    np.testing.assert_allclose(found.last[row["ann"]], 0.25)
    assert not found.moves("noise").any()


def test_the_page_names_the_channels_and_the_worked_example() -> None:
    """The page on analyses describes the channels of the account, and what it says of the worked example is so."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "analyses.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page[page.index("| channel |") :].split("\n\n")[0], re.M) == list(CHANNELS)
    found, row = booked(sim.load("library-sunday"))
    said = re.search(r"letter moves Ada by (\d+) Sundays and Ben by (\d+), and then Ada moves Dov by (\S+)\. ", page)
    assert said is not None
    ada, ben, dov = (float(number) for number in said.groups())
    assert (found.moves("letter", "eve")[row["ada"]] == ada).all()
    assert (found.moves("letter", "eve")[row["ben"]] == ben).all()
    assert (found.moves("talk", "ada")[row["dov"]] == dov).all()
    assert str(MOST) in page


class TestTable:
    """The table of an ensemble."""

    @pytest.mark.parametrize("name", ["library-sunday", "monopoly-1922"])
    def test_a_members_rows_add_up_to_their_move(self, name: str) -> None:
        """The net moves of a member add up to the mean of their last stance less the first, in shipped debates too."""
        many = sim.ensemble(sim.load(name), runs=96)
        table = influence(many)
        assert list(table.columns) == list(COLUMNS)
        assert set(table.channel) <= set(CHANNELS)
        whole = many.trajectories().stance.mean("replicate")
        moved = (whole.isel(date=-1) - whole.isel(date=0)).to_series()
        summed = table.groupby("member").net.sum()
        np.testing.assert_allclose(summed[moved.index], moved, atol=1e-5)

    def test_the_interval_and_the_gross_move_hold_the_net_one(self) -> None:
        """Moves without their sign are at least as large as those with it, and low is not above high."""
        table = influence(sim.ensemble(sim.load("monopoly-1922"), runs=96))
        assert (table.gross >= table.net.abs() - 1e-12).all()
        assert (table.low <= table.high).all()
        between = table[table.channel.isin(["talk", "letter"])]
        assert (between.mover != between.member).all()

    def test_more_histories_than_are_booked_change_nothing(self) -> None:
        """The account is of the first histories alone, so that a large ensemble has the account of a smaller one."""
        scenario = of_talk("degroot")
        one, other = (influence(sim.ensemble(scenario, runs=runs)) for runs in (512, 600))
        assert one.equals(other)

    def test_the_interval_is_that_of_all_histories(self) -> None:
        """What is kept at either end gives the quantiles of every history's moves, whoever played which of them."""
        work = Influence(of_talk("degroot"), 1, runs=300)
        whole = account(work.ensemble, ids((0, 300))).net
        low, high = interval(execute(work, 300, Executor(workers=2))["ends"].view(np.float64), 300)
        np.testing.assert_allclose(low, np.quantile(whole, 0.05, axis=-1), atol=1e-12)
        np.testing.assert_allclose(high, np.quantile(whole, 0.95, axis=-1), atol=1e-12)

    def test_accounts_add_up_in_any_order(self) -> None:
        """The same whole numbers, to the bit."""
        work = Influence(of_talk("degroot"), 1, runs=400)
        one, two = work.batch(ids((0, 256))), work.batch(ids((256, 400)))
        for other in (two + one, work.batch(ids((0, 400)))):
            for name, array in (one + two).arrays.items():
                np.testing.assert_array_equal(array, other[name])


def test_an_account_of_fewer_histories_at_once_is_the_same_to_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large debate is played in smaller parts: the quantiles have the same bits, and the sums the same digits."""
    many = sim.ensemble(of_talk("degroot"), runs=100, seed=1)
    whole = influence(many)
    monkeypatch.setattr(influence_of, "MOST_AT_ONCE", 1)
    parts = influence(many)
    same = ["channel", "mover", "member", "low", "high"]
    assert (whole[same] == parts[same]).all(axis=None)
    np.testing.assert_allclose(whole[["net", "gross"]], parts[["net", "gross"]], atol=1e-11)


def test_an_account_of_a_large_debate_is_of_fewer_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ends of all histories would take too much room, an account is taken of half of them, or fewer."""
    scenario = of_talk("degroot")
    assert influence_of.histories_of(scenario, 10_000) == MOST
    assert influence_of.histories_of(scenario, 10) == 10
    work = Influence(scenario, 1, MOST)
    room = 2 * work.shape[0] * work.shape[1] * work.blocks * work.size * 8
    monkeypatch.setattr(influence_of, "MOST_KEPT", room - 1)
    assert influence_of.histories_of(scenario, 10_000) == MOST // 2
