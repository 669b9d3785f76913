"""Luck is keyed by identity: what that means for the numbers drawn, and for whole debates."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.ensembles import batch, ensemble, summary
from sim.ensembles.batch import EnsembleWork
from sim.ensembles.executor import Executor, play_runs
from sim.ensembles.work import Counts
from sim.errors import ScenarioError
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.rules.voting import WAS_ABSENT
from sim.model.state import Inputs
from sim.scenario import timeline
from sim.scenario.library import shipped
from sim.scenario.scenario import Scenario, load
from tests.debates import Histories, absence, ballot, day, debate, letter, played, talk

MANY = np.arange(100_000, dtype=np.uint64)
SEED = random_streams.seed_words(1)


# --------------------------------------------------------------- the generator


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_the_generator_is_philox(counter: list[int], key: list[int], words: list[int]) -> None:
    """Philox4x32-10 gives the words that its authors published with it (Random123, known answers)."""
    replicate, moment, purpose, member = counter
    drawn = random_streams.words(
        np.array(key, dtype=np.uint64), np.array([replicate], dtype=np.uint64), moment, purpose, member
    )
    assert drawn[:, 0].tolist() == words


def test_a_key_is_the_same_on_every_machine() -> None:
    """The key of an identity is the first 32 bits, least byte first, of the BLAKE2b digest of its name."""
    assert (
        timeline.key("ada") == int.from_bytes(hashlib.blake2b(b"ada", digest_size=4).digest(), "little") == 401_139_658
    )
    assert 0 <= timeline.key("") < 2**32


def test_two_identities_with_one_key_are_refused() -> None:
    """Two ids that would share their random numbers cannot stand in one debate."""
    assert timeline.key("m55999") == timeline.key("m124372")
    with pytest.raises(ScenarioError, match="m124372"):
        debate({"m55999": 0.0, "m124372": 1.0})


@given(st.integers(0, 2**64 - 1))
def test_every_seed_of_64_bits_is_one_of_its_own(seed: int) -> None:
    """No two seeds below 2 to the 64th are the same key."""
    low, high = random_streams.seed_words(seed).tolist()
    assert low < 2**32
    assert high * 2**32 + low == seed


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    """A seed is a whole number from 0 to 2 to the 64th less one, and the refusal says so."""
    with pytest.raises(ValueError, match=rf"from 0 to 2\^64 - 1, not {seed}"):
        random_streams.seed_words(seed)


def test_uniform_numbers_are_uniform() -> None:
    """They lie strictly between 0 and 1, and no test of Kolmogorov and Smirnov tells them from uniform ones."""
    drawn = random_streams.uniforms(SEED, MANY, 5, random_streams.VOTE, 7)
    assert 0 < drawn.min() < drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.01


def test_normal_numbers_are_normal() -> None:
    """Mean 0, variance 1, no skew, no excess of tails, and the distribution function of the normal law."""
    drawn = random_streams.normals(SEED, MANY, 5, random_streams.WEEK, 7).astype(np.float64).ravel()
    error = 1 / np.sqrt(drawn.size)
    assert abs(drawn.mean()) < 4 * error
    assert abs(drawn.var() - 1) < 4 * np.sqrt(2) * error
    assert abs(stats.skew(drawn)) < 4 * np.sqrt(6) * error
    assert abs(stats.kurtosis(drawn)) < 4 * np.sqrt(24) * error
    assert stats.kstest(drawn, "norm").pvalue > 0.01
    assert np.abs(drawn).max() <= 6.67


def test_what_differs_in_any_key_is_independent() -> None:
    """Other weeks, members, moments, purposes, seeds and neighbouring replicates share no random number."""
    usual = random_streams.normals(SEED, MANY, 5, random_streams.WEEK, 7)
    others = [
        *usual[1:],
        random_streams.normals(SEED, MANY, 5, random_streams.WEEK, 8)[0],
        random_streams.normals(SEED, MANY, 6, random_streams.WEEK, 7)[0],
        random_streams.normals(SEED, MANY, 5, random_streams.VOTE, 7)[0],
        random_streams.normals(random_streams.seed_words(2), MANY, 5, random_streams.WEEK, 7)[0],
        random_streams.normals(SEED, MANY + np.uint64(1), 5, random_streams.WEEK, 7)[0],
    ]
    for other in others:
        for power in (1, 2):
            assert abs(np.corrcoef(usual[0] ** power, other**power)[0, 1]) < 4 / np.sqrt(MANY.size)


# ------------------------------------------------------ how the work is cut up

RESTLESS: dict[str, Any] = {
    "parameters": {
        "openness": 0.3,
        "pull": 0.1,
        "shake": 0.05,
        "attendance": 0.8,
        "sharpness": 4.0,
        "unsure": {"value": {"uniform": [0.1, 0.9]}, "range": [0, 1]},
    },
    "drift": {"reversion": "pull", "noise": "shake"},
    "attendance": "attendance",
    "ballots": {"rule": "logit", "sharpness": "sharpness"},
    "letters": {"receptiveness": "unsure"},
    "bodies": {"cabinet": {"members": ["xan", "yve"]}},
}
MEMBERS = {"ann": {"uniform": [0, 1]}, "bob": None, "cat": 0.2, "dan": 0.7, "xan": 0.4, "yve": 0.6}
BOARD = {"members": ["ann", "bob", "cat", "dan"], "talks": "wednesday"}
MOMENTS = (
    letter("word", "ann", ["bob", "cat"], 1.0, 15),
    talk("cabinet-meets", 22, body="cabinet"),
    ballot("vote", 0.8, 0.3, 24),
    absence("gone", "dan", 28, 40),
    ballot("again", 0.6, 0.3, 38, **{"if": "vote rejected"}),
)


def restless(*moments: Any, **more: Any) -> Scenario:
    """A debate with every kind of randomness in it: weeks, attendance, votes, unknown stances and parameters."""
    return debate(
        more.pop("members", MEMBERS), *(moments or MOMENTS), weeks=8, board=more.pop("board", BOARD), **RESTLESS, **more
    )


def same(one: Counts, other: Counts) -> bool:
    """Whether two tallies have the very same bits."""
    return one.runs == other.runs and all(np.array_equal(one[name], other[name]) for name in one.arrays)


@pytest.mark.parametrize("chunk", [8, 24, 64, 200, 4096])
def test_it_does_not_matter_how_the_work_is_cut_up(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of any whole number of draws add up to the same bits, also where the last one is cut short."""
    whole = play_runs(restless(), 501, 7)
    monkeypatch.setattr("sim.ensembles.executor.batch_size", lambda *_: chunk)
    assert same(play_runs(restless(), 501, 7), whole)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_it_does_not_matter_who_does_the_work(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads finish in any order; what they add up to is the same bits."""
    usual = play_runs(restless(), 1000, 7)
    monkeypatch.setattr("sim.ensembles.executor.batch_size", lambda *_: 64)
    assert same(play_runs(restless(), 1000, 7, executor=Executor(workers=workers)), usual)


def test_it_does_not_matter_in_which_order_chunks_are_added() -> None:
    """Tallies are whole numbers: they add up to the same bits from either end, and from the middle."""
    work = EnsembleWork(restless(), 7, True, {})
    parts = [work.batch(np.arange(start, start + 40, dtype=np.uint64)) for start in (0, 40, 80, 120)]
    one, two, three, four = parts
    assert same((one + two) + (three + four), four + (two + (three + one)))
    assert same(one + two + three + four, play_runs(restless(), 160, 7))


def test_any_histories_can_be_played_in_one_call_to_the_bits_that_they_have_in_the_whole() -> None:
    """Replicates in any selection and any order are those of the ensemble, and so is one alone."""
    whole = played(restless(), 300)
    for ids in ([299, 0, 17, 64, 63, 128], [211]):
        some = played(restless(), ids)
        for name in ("stances", "policies", "decided", "vote"):
            assert (getattr(some, name) == getattr(whole, name)[..., ids]).all(), name
        for name in ("chance", "voiced", "private"):
            assert np.array_equal(getattr(some, name), getattr(whole, name)[..., ids], equal_nan=True), name


def test_the_ensemble_plays_the_histories_that_are_played_one_by_one() -> None:
    """What is decided in the ensemble's lanes, and how surely, is what is decided in a history stepped through."""
    scenario, ids = restless(), np.array([3, 250, 5, 70], dtype=np.uint64)
    plan = arrays_of(scenario).plan
    when = batch.snapshots(scenario)
    parameters, first = priors.of_replicates(priors.of_debate(scenario.debate), SEED, ids)
    summed = summary.play(
        plan,
        batch.counted_after(plan, when.after),
        Inputs(parameters, first, ids, SEED, False),
        summary.nothing_kept(),
        True,
    )
    stepped = played(scenario, ids.tolist())
    assert (summed.decided == stepped.decided).all()
    assert np.array_equal(summed.chance, stepped.chance, equal_nan=True)


# ----------------------------------------------------- what a difference makes


def test_two_seeds_differ_and_one_seed_does_not() -> None:
    """The seed is all there is to chance."""
    one, rebuild, other = (played(restless(), 20, seed) for seed in (1, 1, 2))
    assert one.bits == rebuild.bits
    assert (one.of("ann")[0] != other.of("ann")[0]).all()
    assert (one.stances[-1] != other.stances[-1]).all()


@pytest.mark.parametrize("name", shipped())
def test_a_what_if_that_changes_nothing_gives_the_same_bits(name: str) -> None:
    """Every shipped debate, with a parameter set to what it is, is the same debate in every bit."""
    usual = load(name)
    parameter, given = next(iter(usual.document.tree["parameters"].items()))
    changed = usual.with_changes({"set": f"{parameter}.value", "to": given["value"]})
    assert changed.digest == usual.digest
    one, other = (ensemble.ensemble(scenario, runs=48, seed=5) for scenario in (usual, changed))
    assert same(one.record, other.record)
    assert same(one.free, other.free)


def test_taking_a_letter_out_changes_nothing_before_its_date() -> None:
    """Until the letter was written, the world with it and the world without are the same in every bit."""
    usual, without = played(restless(), 50), played(restless().with_changes({"remove": "word"}), 50)
    number = usual.number("word")
    assert (usual.stances[: number + 1] == without.stances[: number + 1]).all()
    assert (usual.after("word") != without.before(usual.scenario.entries[number + 1].id)).any()


def test_taking_a_letter_out_changes_nothing_in_those_it_does_not_reach() -> None:
    """The cabinet, which meets no reader of the letter, is the same for ever; the board, by its readers, is not."""
    usual, without = played(restless(), 50), played(restless().with_changes({"remove": "word"}), 50)
    later = np.arange(usual.number("word") + 1, len(usual.scenario.entries) + 1)
    for name in ("xan", "yve"):
        assert (usual.of(name)[later] == without.of(name)[later - 1]).all()
    for name in ("ann", "bob", "cat", "dan"):
        assert (usual.of(name)[-1] != without.of(name)[-1]).mean() > 0.5, name


def test_what_a_letter_changes_is_the_readers_and_not_their_luck() -> None:
    """Nobody comes, stays away or is shaken otherwise because there was a letter."""
    usual, without = played(restless(), 50), played(restless().with_changes({"remove": "word"}), 50)
    assert ((usual.vote == WAS_ABSENT) == (without.vote == WAS_ABSENT))[:4].all()
    assert shakes(usual, "week-2024-02-05") == pytest.approx(shakes(without, "week-2024-02-05"), abs=1e-12)


def shakes(histories: Histories, week: str) -> np.ndarray:
    """What a week adds to each stance beyond the pull back, (members, replicates); stances at the ends left out."""
    before, after = histories.before(week), histories.after(week)
    shake = after - before - 0.1 * (histories.stances[0] - before)
    return np.asarray(np.where((after <= 0) | (after >= 1), np.nan, shake))


def test_every_week_shakes_everybody_anew() -> None:
    """The shakes of different weeks and of different people have the size they should, and nothing in common."""
    calm = debate({"ann": 0.5, "bob": 0.5}, weeks=10, parameters={"shake": 0.01, "pull": 0.1}, drift=RESTLESS["drift"])
    histories = played(calm, 4000)
    drawn = np.array([shakes(histories, entry.id) for entry in calm.entries]).reshape(20, 4000)
    assert drawn.std(axis=1) == pytest.approx(np.full(20, 0.01), rel=4 / np.sqrt(2 * 4000))
    assert np.abs(np.corrcoef(drawn) - np.eye(20)).max() < 5 / np.sqrt(4000)


@pytest.mark.parametrize("rule", ["degroot", "soft-bounded-confidence", "deffuant-weisbuch"])
def test_adding_somebody_who_speaks_to_nobody_shifts_nobody(rule: str) -> None:
    """A newcomer brings their own random numbers; everybody else keeps theirs, and every stance its bits."""
    usual = restless(talk={"rule": rule, "susceptibility": "openness", "bound": "bound"})
    newcomer = {
        "id": "aaa",
        "name": "Newcomer",
        "first_stance": {"value": 0.9, "evidence": "assumed", "note": "a what-if"},
    }
    before, after = played(usual, 50), played(usual.with_changes({"add": "members", "item": newcomer}), 50)
    for name in MEMBERS:
        assert (before.of(name) == after.of(name)).all(), name
    assert (before.vote == after.vote).all()


def test_somebody_without_authority_is_in_the_room_and_shifts_nobody() -> None:
    """Who is listened to by nobody may even sit with the others."""
    members = {"zed": {"first_stance": 0.9, "authority": "none"}, **MEMBERS}
    seats = [{"members": BOARD["members"]}, {"members": ["zed"], "role": "candidate"}]
    before, after = (
        played(restless(), 50),
        played(restless(members=members, board={"seats": seats, "talks": "wednesday"}), 50),
    )
    for name in MEMBERS:
        assert (before.of(name) == after.of(name)).all(), name
    assert (after.of("zed")[-1] < 0.9).mean() > 0.5


def test_moving_a_talk_in_time_leaves_the_luck_of_the_weeks_alone() -> None:
    """The cabinet may meet on another day: each week shakes everybody as it did, and the board does not notice."""
    usual = played(restless(), 50)
    moved = played(restless().with_changes({"set": "cabinet-meets.date", "to": day(31)}), 50)
    for week in (entry.id for entry in usual.scenario.entries if entry.kind == "week"):
        both = np.stack([shakes(usual, week), shakes(moved, week)])
        inside = ~np.isnan(both).any(axis=0)
        assert both[0][inside] == pytest.approx(both[1][inside], abs=1e-12)
    assert (usual.of("ann")[-1] == moved.of("ann")[-1]).all()
    assert (usual.of("xan")[-1] != moved.of("xan")[-1]).any()


def test_an_added_meeting_adds_talk_and_not_luck() -> None:
    """Another talk of the board leaves who comes to the vote, and with what random numbers, as it was."""
    usual = restless()
    meeting = {**talk("extra", 23), "evidence": "assumed", "note": "a what-if"}
    more = played(usual.with_changes({"add": "timeline", "item": meeting}), 200)
    before = played(usual, 200)
    electors = [row for row, (decision, _) in enumerate(arrays_of(usual).names.electors) if decision == "vote"]
    assert ((before.vote == WAS_ABSENT) == (more.vote == WAS_ABSENT))[electors].all()
    assert (before.vote[electors] == more.vote[electors]).mean() > 0.9


def test_a_vote_and_the_talk_of_its_session_are_attended_by_the_same_people() -> None:
    """Attendance is drawn for the sitting: who comes to the talk votes, and who does not come does not."""
    board = restless(
        talk("meeting", 24),
        ballot("vote", 0.8, 0.3, 24, session="meeting"),
        ballot("by-itself", 0.8, 0.3, 24),
        board={"members": BOARD["members"]},
    )
    histories = played(board, 400)
    moved = histories.after("meeting") != histories.before("meeting")
    rows = {name: histories.elector("vote", name) for name in BOARD["members"]}
    there = np.array([histories.vote[row] != WAS_ABSENT for row in rows.values()])
    company = there.sum(axis=0) > 1
    assert (moved[:4][:, company] == there[:, company]).all()
    apart = np.array([histories.vote[histories.elector("by-itself", name)] != WAS_ABSENT for name in rows])
    assert 0.2 < (apart != there).mean() < 0.45, "another sitting has random numbers of their own"
