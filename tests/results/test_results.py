"""Results: tables that mean what their columns say, and a folder that can be checked and made again."""

from __future__ import annotations

import datetime
import functools
import hashlib
import itertools
import json
import operator
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import sim
from sim import Ensemble, Scenario
from sim.commands.main import rerun_differences
from sim.ensembles import batch, ensemble, summary
from sim.ensembles.executor import Executor, play_runs
from sim.ensembles.work import Counts
from sim.errors import ResultsError
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED, REJECTED
from sim.model.random_streams import RUNS_PER_DRAW
from sim.model.rules.voting import NO, YES
from sim.results import tables
from sim.results.folder import write
from sim.results.result import Bundle
from sim.results.saved import Saved
from sim.scenario.library import find, shipped
from tests.debates import INVENTED, Floats, absence, ballot, debate, letter, talk

#: The contract that other work relies on.
COLUMNS = {
    "decisions": [
        "decision", "date", "body", "motion", "documented", "probability", "low", "high", "mc_error", "score", "put",
        "probability_free", "tally_mean", "tally_low", "tally_high", "documented_tally",
    ],
    "stances": ["date", "member", "mean", "q05", "q25", "q50", "q75", "q95"],
    "ballots": ["decision", "member", "stance", "voiced", "yes", "no", "abstain", "absent", "documented"],
    "policy": ["date", "mean", "q05", "q50", "q95"],
    "policy_as_recorded": ["date", "mean", "q05", "q50", "q95"],
    "policy_shares": ["date", "policy", "share", "share_as_recorded"],
}  # fmt: skip


@pytest.fixture(scope="module", params=["library-sunday", "monopoly-1922"])
def many(request: pytest.FixtureRequest) -> Ensemble:
    """An ensemble of each shipped debate."""
    return sim.ensemble(sim.load(request.param), runs=512, seed=1922)


# Tables --------------------------------------------------------------------------------------------------


def test_the_tables_have_the_columns_that_others_rely_on(many: Ensemble) -> None:
    """Every table has exactly the columns of the contract, in their order, and dates that are dates."""
    assert {name: list(table.columns) for name, table in many.tables.items()} == COLUMNS
    for name in ("decisions", "stances", "policy"):
        assert str(many.tables[name].date.dtype).startswith("datetime64"), name


def test_probabilities_lie_between_nought_and_one_and_within_their_interval(many: Ensemble) -> None:
    """Probabilities are from 0 to 1, `low` and `high` stand on either side, and the error is not negative."""
    table = many.decisions
    for column in ("probability", "low", "high", "put", "probability_free"):
        assert table[column].between(0.0, 1.0).all(), column
    assert (table.low <= table.probability).all()
    assert (table.probability <= table.high).all()
    assert (table.mc_error >= 0.0).all()
    documented = table[table.documented != ""]
    given_to_it = np.where(documented.documented == "carried", documented.probability, 1 - documented.probability)
    np.testing.assert_allclose(np.exp(documented.score), given_to_it)
    assert (table.tally_low <= table.tally_high).all()


def test_every_elector_votes_abstains_or_is_absent(many: Ensemble) -> None:
    """The shares of yes, no, abstain and absent add up to one for every elector of every ballot."""
    table = many.ballots
    np.testing.assert_allclose(table[["yes", "no", "abstain", "absent"]].sum(axis=1), 1.0)
    voters = {entry.id: list(entry.who) for entry in many.scenario.entries if entry.kind == "ballot"}
    assert {name: list(rows.member) for name, rows in table.groupby("decision")} == voters
    yes = table.groupby("decision", sort=False).yes.sum()
    np.testing.assert_allclose(many.decisions.set_index("decision").tally_mean, yes.loc[many.decisions.decision])


def test_stances_are_an_array_with_labels_whose_quantiles_rise(many: Ensemble) -> None:
    """Stances can be asked for by date, member and statistic; quantiles are in order and on the axis."""
    axis = many.scenario.debate.axis
    member = arrays_of(many.scenario).names.members[0]
    assert many.stances.dims == ("date", "member", "statistic")
    assert many.stances.sel(member=member, statistic="mean").shape == (len(many.policy),)
    quantiles = many.stances.sel(statistic=["q05", "q25", "q50", "q75", "q95"]).to_numpy()
    assert (np.diff(quantiles, axis=-1) >= 0).all()
    assert axis.low <= quantiles.min() <= quantiles.max() <= axis.high


def test_means_and_quantiles_are_those_of_the_histories() -> None:
    """The stances of an ensemble are the mean and the quantiles of its histories, to the width of a bin."""
    scenario = sim.load("monopoly-1922")
    many = sim.ensemble(scenario, runs=16, seed=8)
    last = {
        member: np.array(stances)
        for member, stances in pandas.concat(
            [sim.play(scenario, 8, replicate, follows_record=True).stances.iloc[-1:] for replicate in range(16)]
        )[list(arrays_of(scenario).names.members)].items()
    }
    ends = many.stances.isel(date=-1)
    width = (scenario.debate.axis.high - scenario.debate.axis.low) / summary.BINS
    for member, stances in last.items():
        assert float(ends.sel(member=member, statistic="mean")) == pytest.approx(stances.mean(), abs=1e-9)
        for name, share in ensemble.QUANTILES.items():
            exact = np.quantile(stances, share, method="inverted_cdf")
            assert float(ends.sel(member=member, statistic=name)) == pytest.approx(exact, abs=1.001 * width)


def test_a_motion_that_is_never_put_has_no_probability_no_votes_and_no_tally() -> None:
    """Of a motion that never came to a vote nothing is said: its numbers are missing, not nought."""
    members = {"ann": 1.0, "bob": 1.0}
    scenario = debate(members, ballot("first", 1, 0, on=1), ballot("never", 1, 0, on=2, **{"if": "first rejected"}))
    many = sim.ensemble(scenario, runs=16, seed=1)
    never = many.decisions.set_index("decision").loc["never"]
    assert never.put == 0.0
    unsaid = ["probability", "low", "high", "mc_error", "score", "probability_free"]
    assert never[[*unsaid, "tally_mean", "tally_low", "tally_high"]].isna().all()
    votes = many.ballots[many.ballots.decision == "never"]
    assert votes[["stance", "voiced", "yes", "no", "abstain", "absent"]].isna().all(axis=None)
    assert many.ballots[many.ballots.decision == "first"].yes.tolist() == [1.0, 1.0]


def test_the_documented_tally_is_shown_as_far_as_it_is_known() -> None:
    """A tally reads `yes-no`, with a question mark for what no source gives, and abstentions where one does."""
    members = {f"m-{number}": 1.0 for number in range(20)}
    for told, shown in (
        ({"yes": 14, "no": 1}, "14-1"),
        ({"no": 0}, "?-0"),
        ({"yes": 3, "no": 1, "abstain": 1}, "3-1-1"),
    ):
        scenario = debate(members, ballot("vote", 1, 0, outcome="carried", tally={**told, **INVENTED}))
        assert sim.ensemble(scenario, runs=1).decisions.documented_tally.tolist() == [shown]


# Quantiles of bins ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_on_every_day_on_which_a_stance_may_change_tables_have_what_the_history_has(name: str) -> None:
    """A letter shows on its own day, not on the day on which the next week passes; nobody else has moved since."""
    scenario = sim.load(name)
    counted = sim.ensemble(scenario, runs=1, seed=7).stances.sel(statistic="mean").to_pandas()
    run = sim.play(scenario, seed=7, replicate=0)
    ends = run.stances.drop_duplicates("date", keep="last").set_index("date").drop(columns="moment")
    moved = ends.diff().abs().max(axis=1).pipe(lambda by: by[by > 0]).index
    assert set(moved) <= set(counted.index)
    days = ends.index.intersection(counted.index)
    assert np.allclose(counted.loc[days, ends.columns], ends.loc[days], atol=1e-9)


@given(st.lists(st.floats(-2.0, 2.0), min_size=1, max_size=200), st.floats(0.001, 0.999), st.sampled_from([1, 7, 200]))
def test_a_quantile_of_bins_is_that_of_the_numbers_to_the_width_of_a_bin(
    numbers: list[float], share: float, bins: int
) -> None:
    """A quantile found from counts lies within one bin of the quantile of the numbers that were counted."""
    counts, _ = np.histogram(numbers, bins=bins, range=(-2.0, 2.0))
    [found] = ensemble.quantiles_of_bins(counts, [share], -2.0, 2.0)
    exact = np.quantile(numbers, share, method="inverted_cdf")
    assert float(found) == pytest.approx(exact, abs=1.001 * 4.0 / bins)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=30).filter(any), st.data())
def test_quantiles_of_bins_rise_with_the_share(counts: list[int], data: st.DataObject) -> None:
    """A larger share has no smaller quantile."""
    low, high = sorted([data.draw(st.floats(0, 1)), data.draw(st.floats(0, 1))])
    lower, upper = ensemble.quantiles_of_bins(np.array(counts), [low, high], 0.0, 1.0)
    assert lower <= upper


def test_counts_in_a_bin_are_taken_as_evenly_spread() -> None:
    """A quarter of what is in the one full bin lies below its first quarter."""
    assert ensemble.quantiles_of_bins(np.array([0, 8, 0, 0]), [0.25], 0.0, 4.0) == pytest.approx(1.25)


# The spread of probabilities over draws ------------------------------------------------------------------


def tally_of(chance: Floats) -> Counts:
    """The tally of one ballot with the given chances of carrying, (replicates,); nothing else was counted."""
    size = chance.size
    blank = np.zeros((1, 1), np.int64)
    counted = dict.fromkeys(batch.COUNTED, blank)
    played = summary.Summary(**counted, decided=np.full((1, size), CARRIED, np.int8), chance=chance[None, :])
    return batch.counted(played, np.arange(size, dtype=np.uint64))


def synthetic(a: float, b: float, closeness: float, draws: int = 4000) -> tuple[Floats, Floats]:
    """Probabilities of draws from a beta law, and the chances of their histories scattered around them by chance."""
    generator = np.random.default_rng(1922)
    truth = generator.beta(a, b, draws)
    around = np.repeat(truth, RUNS_PER_DRAW)
    return truth, generator.beta(around * closeness, (1.0 - around) * closeness)


@pytest.mark.parametrize(("a", "b", "closeness"), [(2, 3, 5.0), (5, 2, 3.0), (20, 20, 20.0), (8, 8, 4.0), (1, 1, 10.0)])
def test_the_interval_over_draws_is_that_of_their_probabilities_and_not_of_luck(
    a: float, b: float, closeness: float
) -> None:
    """Once the chance within draws is taken off, `low` and `high` hold 95 % of the probabilities; raw shares do not."""
    truth, chances = synthetic(a, b, closeness)
    over = ensemble.spread(tally_of(chances), None)
    low, high = float(over.low[0]), float(over.high[0])
    raw = np.quantile(chances.reshape(-1, RUNS_PER_DRAW).mean(axis=1), ensemble.INTERVAL)
    exact = stats.beta(a, b).ppf(ensemble.INTERVAL)
    assert over.mean[0] == pytest.approx(chances.mean(), abs=1e-9)
    assert np.abs([low - exact[0], high - exact[1]]).max() < 0.03
    # Raw shares are beaten wherever they are wrong by more than the whole per cents to which ends are rounded.
    assert np.abs([low - exact[0], high - exact[1]]).sum() < max(np.abs(raw - exact).sum(), 0.02)
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.02)


def test_draws_that_do_not_differ_leave_no_interval() -> None:
    """When all draws have one probability, what is left of the interval once chance is off is narrow."""
    chances = np.random.default_rng(7).beta(3.0, 2.0, 4000 * RUNS_PER_DRAW)
    over = ensemble.spread(tally_of(chances), None)
    assert over.high[0] - over.low[0] < 0.12
    raw = np.quantile(chances.reshape(-1, RUNS_PER_DRAW).mean(axis=1), ensemble.INTERVAL)
    assert over.high[0] - over.low[0] < 0.5 * (raw[1] - raw[0])


def test_the_error_of_more_runs_shrinks_with_their_root() -> None:
    """Four times the runs halve `mc_error`, which is the standard error of the mean over draws."""
    _, chances = synthetic(2, 3, 5.0)
    few, more = (ensemble.spread(tally_of(chances[: RUNS_PER_DRAW * draws]), None).error[0] for draws in (1000, 4000))
    assert more == pytest.approx(few / 2, rel=0.1)
    means = chances.reshape(-1, RUNS_PER_DRAW).mean(axis=1)
    assert more == pytest.approx(means.std(ddof=1) / np.sqrt(4000), rel=1e-6)


def test_few_draws_tell_no_interval() -> None:
    """Below 25 draws the interval is everything from 0 to 1; but what is the same in every draw is known from two."""
    _, chances = synthetic(8, 8, 4.0)
    few, enough = (ensemble.spread(tally_of(chances[: RUNS_PER_DRAW * draws]), None) for draws in (24, 25))
    assert (few.low[0], few.high[0]) == (0.0, 1.0)
    assert 0.0 < enough.low[0] < enough.mean[0] < enough.high[0] < 1.0
    same = ensemble.spread(tally_of(np.full(2 * RUNS_PER_DRAW, 0.625)), None)
    assert same.low[0] == same.high[0] == same.mean[0] == pytest.approx(0.625)


def test_an_interval_ends_at_whole_per_cents_and_holds_the_probability() -> None:
    """Ends are rounded outwards; of a probability that is nearly always 0 the interval reaches up to the mean."""
    truth = np.where(np.arange(400) < 3, 0.9, 0.0)
    over = ensemble.spread(tally_of(np.repeat(truth, RUNS_PER_DRAW)), None)
    assert over.low[0] == 0.0
    assert over.high[0] >= over.mean[0] > 0.0
    _, chances = synthetic(5, 2, 3.0)
    whole = ensemble.spread(tally_of(chances), None)
    assert [100 * whole.low[0], 100 * whole.high[0]] == pytest.approx(
        np.rint([100 * whole.low[0], 100 * whole.high[0]])
    )


def test_a_single_draw_tells_nothing_of_its_error() -> None:
    """With one draw the error is not known; it is not nought."""
    assert np.isnan(ensemble.spread(tally_of(np.array([0.2, 0.4])), None).error[0])


def test_a_probability_of_an_ensemble_is_the_mean_of_its_histories_chances() -> None:
    """The probability of a decision is its mean chance over draws, and two ensembles agree within their errors."""
    scenario = sim.load("monopoly-1922")
    one, other = (sim.ensemble(scenario, runs=2048, seed=seed).decisions for seed in (1, 2))
    apart = (one.probability - other.probability).abs()
    assert (apart < 5 * np.hypot(one.mc_error, other.mc_error) + 1e-9).all()


# Adding up -----------------------------------------------------------------------------------------------


def same(one: Counts, other: Counts) -> bool:
    """Whether two ensembles were counted alike, count by count."""
    return (
        one.runs == other.runs
        and one.arrays.keys() == other.arrays.keys()
        and all(np.array_equal(one[name], other[name]) for name in one.arrays)
    )


def uncertain() -> Scenario:
    """The small debate, with a parameter that is not known."""
    return sim.load("library-sunday").with_changes({"set": "openness.value", "to": {"uniform": [0.1, 0.9]}})


@pytest.fixture(scope="module")
def parts() -> list[Counts]:
    """The tallies of four unequal parts of one ensemble."""
    work = batch.EnsembleWork(uncertain(), 3, False, {})
    edges = itertools.pairwise([0, 64, 192, 200, 512])
    return [work.batch(np.arange(start, stop, dtype=np.uint64)) for start, stop in edges]


@given(st.permutations(range(4)))
def test_tallies_add_up_in_any_order_to_the_same_result(parts: list[Counts], order: list[int]) -> None:
    """Parts of an ensemble can be added as they come: the sum does not depend on their order."""
    assert same(
        functools.reduce(operator.add, [parts[place] for place in order]), functools.reduce(operator.add, parts)
    )


def test_tallies_add_up_in_any_grouping_and_to_the_whole(parts: list[Counts]) -> None:
    """Sums of sums are sums, and the parts come to what the whole comes to when it is played at once."""
    a, b, c, d = parts
    assert same((a + b) + (c + d), a + ((b + c) + d))
    assert same(a + b + c + d, play_runs(uncertain(), 512, 3, follows_record=False))


def test_outcomes_count_every_history_once(many: Ensemble) -> None:
    """Every ballot is not put, carried or rejected in every history."""
    for tally in (many.record, many.free):
        assert (tally["outcomes"].sum(axis=1) == many.runs).all()
        assert (tally["votes"].sum(axis=1) == many.runs).all()
        put = tally["outcomes"][:, [CARRIED, REJECTED]].sum(axis=1)
        assert (tally["yes"].sum(axis=1) == put).all()
    assert {YES, NO} == {1, 2}


# Bytes ---------------------------------------------------------------------------------------------------


def test_one_seed_gives_the_same_bytes_and_two_seeds_do_not() -> None:
    """The tables of a seed are the same to the byte every time; another seed has other tables."""
    scenario = sim.load("monopoly-1922")
    files = [Saved.of("test", sim.ensemble(scenario, runs=64, seed=seed)).digests for seed in (1, 1, 2)]
    assert files[0] == files[1]
    assert all(files[0][name] != files[2][name] for name in ("decisions.csv", "stances.csv", "ballots.csv"))


def test_a_table_is_written_with_days_and_nine_digits() -> None:
    """A table file has dates as days, numbers with nine digits, nothing for what is missing, and plain line ends."""
    table = pandas.DataFrame({"date": [pandas.Timestamp("1922-10-06")], "share": [1 / 3], "none": [float("nan")]})
    assert tables.encoded(table) == b"date,share,none\n1922-10-06,0.333333333,\n"


# The folder ----------------------------------------------------------------------------------------------


def fail_at(number: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but its call of this number fails as a full disk does."""
    calls = 0

    def called(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(28, "No space left on device")
        return function(*given, **named)

    return called


FILES = {"one.csv": b"1\n", "two.csv": b"2\n", "manifest.json": b"{}\n"}


def content(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_written_with_all_its_files(tmp_path: Path) -> None:
    """A folder holds exactly the files that were to be written, whatever it held before."""
    folder = write(tmp_path / "deep" / "run", FILES)
    assert content(folder) == FILES
    write(folder, {"manifest.json": b"[]\n"})
    assert content(folder) == {"manifest.json": b"[]\n"}
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("there_before", [True, False])
def test_a_disk_that_fills_up_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, there_before: bool
) -> None:
    """When writing fails half-way, the folder is as it was, or not there, and nothing is left over."""
    if there_before:
        write(tmp_path / "run", FILES)
    monkeypatch.setattr(Path, "write_bytes", fail_at(number, Path.write_bytes))
    with pytest.raises(ResultsError, match=r"cannot write to .*run: No space left on device"):
        write(tmp_path / "run", dict.fromkeys(FILES, b"new\n"))
    assert [path.name for path in tmp_path.iterdir()] == (["run"] if there_before else [])
    assert not there_before or content(tmp_path / "run") == FILES


@pytest.mark.parametrize("number", [1, 2])
def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """When the last step fails, the folder that was there before is there still, whole."""
    write(tmp_path / "run", FILES)
    monkeypatch.setattr(Path, "rename", fail_at(number, Path.rename))
    with pytest.raises(ResultsError, match="cannot write"):
        write(tmp_path / "run", {"manifest.json": b"new\n"})
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert content(tmp_path / "run") == FILES


def test_somebody_elses_folder_is_not_overwritten(tmp_path: Path) -> None:
    """A folder with files but no manifest is refused and left alone; an empty one is used."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(ResultsError, match=r"thesis holds something else \(it has no manifest.json\)"):
        write(tmp_path / "thesis", FILES)
    assert content(tmp_path / "thesis") == {"chapter.txt": b"years of work"}
    (tmp_path / "empty").mkdir()
    assert content(write(tmp_path / "empty", FILES)) == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "thesis"]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """What stands in the way of a folder is said, with the place."""
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file" / "run", tmp_path / "file"):
        with pytest.raises(ResultsError, match=r"cannot write to .*file"):
            write(folder, FILES)
    assert content(tmp_path) == {"file": b"in the way"}


# The manifest --------------------------------------------------------------------------------------------


def published(folder: Path, scenario: Scenario, runs: int = 8, seed: int = 5) -> Path:
    """A folder with the tables of a small ensemble."""
    return Saved.of("test", sim.ensemble(scenario, runs=runs, seed=seed)).write(folder)


def test_a_manifest_says_all_that_is_needed(tmp_path: Path) -> None:
    """A manifest holds the scenario's text, parameters, seed, runs, versions and a digest of each table."""
    scenario = sim.load("library-sunday")
    folder = published(tmp_path, scenario)
    known = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert known["scenario"]["text"] == find("library-sunday").read_text("utf-8")
    assert known["scenario"]["digest"] == scenario.digest
    assert known["parameters"]["openness"]["value"] == 0.5
    assert (known["seed"], known["runs"], known["command"]) == (5, 8, {"name": "test"})
    assert {"sim", "python", "mesa", "numpy", "numba", "matplotlib"} <= known["versions"].keys()
    assert known["files"].keys() == {f"{name}.csv" for name in COLUMNS}
    for name, digest in known["files"].items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert folder.name.startswith("library-sunday-")


def test_the_folders_name_depends_on_all_that_was_asked() -> None:
    """Another scenario, number of runs, seed or command has another folder; the same has the same."""
    scenario = sim.load("library-sunday")
    other = scenario.with_changes({"set": "openness.value", "to": 0.25})
    asked = [(scenario, 8, 1), (scenario, 8, 2), (scenario, 9, 1), (other, 8, 1), (scenario, 8, 1, {"size": 2})]
    names = [Saved.of("test", Bundle(*each)).folder_name for each in asked]
    names.append(Saved.of("other", Bundle(scenario, 8, 1)).folder_name)
    assert len(set(names)) == len(names)
    assert Saved.of("test", Bundle(sim.load("library-sunday"), 8, 1)).folder_name == names[0]


def test_a_folder_that_was_not_touched_is_in_order(tmp_path: Path) -> None:
    """A folder just written differs in nothing from its manifest."""
    assert Saved.read(published(tmp_path, sim.load("library-sunday"))).differences() == []


def test_a_changed_byte_and_a_missing_file_are_found(tmp_path: Path) -> None:
    """One changed byte in a table is found and the file named, and so is a table that is gone."""
    folder = published(tmp_path, sim.load("library-sunday"))
    table = bytearray((folder / "stances.csv").read_bytes())
    table[-3] ^= 1
    (folder / "stances.csv").write_bytes(table)
    (folder / "policy.csv").unlink()
    assert sorted(Saved.read(folder).differences()) == [
        "policy.csv is missing",
        "stances.csv has been changed since it was written",
    ]


def test_names_that_no_file_can_have_are_refused_in_a_sentence(tmp_path: Path) -> None:
    """A folder of such a name is none, and a file of such a name in a manifest is missing."""
    with pytest.raises(ResultsError, match=r"(File name too long|does not exist)"):
        Saved.read(tmp_path / ("a" * 300))
    folder = published(tmp_path, sim.load("library-sunday"))
    known = json.loads((folder / "manifest.json").read_text())
    nowhere = "a" * 300, ".", "/dev/zero", "../beside.csv"
    (tmp_path / "beside.csv").touch()
    known["files"] = dict.fromkeys(nowhere, "")
    (folder / "manifest.json").write_text(json.dumps(known))
    assert Saved.read(folder).differences() == [f"{name} is missing" for name in nowhere]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "does not exist: name a folder that a command of this program has written"),
        ("{", "cannot be read: Expecting property name"),
        ("5", "is not a manifest of this program"),
        ("[]", "is not a manifest of this program"),
        ("{}", "does not say command, scenario, seed, runs, files"),
        ('{"seed": "five"}', "does not say command, scenario, seed"),
        (b"\xff", "cannot be read: 'utf-8' codec"),
        ("[" * 200_000, "cannot be read: it is nested too deeply"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str | bytes | None, says: str) -> None:
    """A folder without a manifest that can be used is refused with the reason."""
    if text is not None:
        (tmp_path / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ResultsError, match=says):
        Saved.read(tmp_path)


DAY = datetime.date(2024, 3, 9)
REMADE: Mapping[str, Callable[[], Scenario]] = {
    "the small debate": lambda: sim.load("library-sunday"),
    "the long debate": lambda: sim.load("monopoly-1922"),
    "other readings": lambda: sim.load("monopoly-1922", {"deferral-body": "politburo", "kamenev": "abolition"}),
    "documented only": lambda: sim.load("monopoly-1922", evidence="documented"),
    "the founding source only": lambda: sim.load("monopoly-1922", {"kamenev": "abolition"}, "seed"),
    "a number set": lambda: sim.load("library-sunday").with_changes({"set": "openness.value", "to": 0.1 + 0.2}),
    "a NumPy number set": lambda: sim.load("library-sunday").with_changes(
        {"set": "openness.value", "to": np.float64(0.3)}
    ),
    "a day set": lambda: sim.load("library-sunday").with_changes({"set": "eve-writes.date", "to": DAY}),
    "one day set twice": lambda: sim.load("library-sunday").with_changes(
        *({"set": f"{moment}.date", "to": DAY} for moment in ("eve-writes", "committee-talks", "sunday-ballot"))
    ),
    "text that looks like a number": lambda: sim.load("library-sunday").with_changes(
        {"set": "eve-writes.summary", "to": "1e5"}, {"set": "eve-writes.note", "to": "yes: no — *so*\n# or 2024-03-09"}
    ),
    "things added and removed": lambda: sim.load("library-sunday").with_changes(
        {"remove": "eve-travels"},
        {"add": "timeline", "item": {
            "id": "ben-travels", "kind": "absence", "member": "ben", "date": DAY, "until": DAY,
            "reason": "a cold", "evidence": "assumed", "note": "invented",
        }},
    ),
    "changes of changes, with a reading and a filter": lambda: sim.load(
        "monopoly-1922", {"october-mover": "bukharin"}, "documented"
    ).with_changes({"set": "ballot-sharpness.value", "to": 2}).with_changes(
        {"set": "october-relaxation.if_lost", "to": "uphold"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("made", REMADE.values(), ids=REMADE.keys())
def test_a_manifest_makes_the_very_scenario_again(tmp_path: Path, made: Callable[[], Scenario]) -> None:
    """The scenario made from a manifest alone is the one that was played, readings, filter and changes included."""
    scenario = made()
    folder = Saved.of("test", Bundle(scenario, 1, 1)).write(tmp_path)
    assert Saved.read(folder).scenario.digest == scenario.digest


def test_a_changed_scenario_is_another_one() -> None:
    """The digest of a scenario covers everything that it says, and a change that changes nothing leaves it."""
    scenario = sim.load("library-sunday")
    assert scenario.with_changes({"set": "eve-writes.strength", "to": 2}).digest != scenario.digest
    assert scenario.with_changes({"set": "eve-writes.strength", "to": 3}).digest == scenario.digest
    assert scenario.with_changes().digest == scenario.digest


def different(folder: Path) -> list[str]:
    """What comes out differently when a folder's manifest is played again."""
    return rerun_differences(Saved.read(folder), Executor())


def test_a_history_played_again_from_its_folder_comes_out_the_same(tmp_path: Path) -> None:
    """What a folder says of one history is played again from the folder alone, with the same bytes."""
    scenario = debate(
        {"ann": {"first_stance": {"uniform": [0.0, 1.0]}}, "bob": 0.2},
        absence("trip", "bob", 1, 2), letter("note", "ann", ["bob"], 1.0, on=3), talk("chat", on=4),
        ballot("vote", 1, 0, on=5),
    )  # fmt: skip
    run = sim.play(scenario, seed=9, replicate=4)
    folder = Saved.of("run", run).write(tmp_path)
    assert different(folder) == []
    known = json.loads((folder / "manifest.json").read_text())
    known["seed"] = 10
    (folder / "manifest.json").write_text(json.dumps(known))
    assert "transcript.csv comes out differently" in different(folder)
    known["versions"]["numpy"] = "1.0"
    known["files"]["more.csv"] = ""
    (folder / "manifest.json").write_text(json.dumps(known))
    said = different(folder)
    assert "more.csv does not come out" in said
    assert any(sentence.startswith("numpy was 1.0, is ") for sentence in said)


def test_a_debate_in_which_nothing_happens_has_first_stances_and_no_decisions() -> None:
    """Without a moment, stances are counted once, at the beginning, and there is nothing to decide."""
    gone = ("sunday-ballot", "committee-talks", "eve-writes", "eve-travels")
    quiet = sim.load("library-sunday").with_changes(*({"remove": moment} for moment in gone))
    many = sim.ensemble(quiet, runs=8)
    assert many.decisions.empty
    assert many.stances.sel(statistic="mean").values.tolist() == [pytest.approx([12, 0, 26, 40, 50], abs=1e-6)]


def test_a_large_table_is_announced_with_its_size() -> None:
    """Before it is written, a sentence says how many rows its file will have, and its size; of others, none does."""
    rows = tables.LARGE
    table = pandas.DataFrame({"member": [f"member-{row}" for row in range(rows)], "net": np.arange(rows) / 7})
    said = tables.announcement("influence", table)
    assert said is not None
    found = re.fullmatch(r"influence\.csv will have 100,000 rows, about (\d+) MB\.", said)
    assert found is not None
    assert abs(int(found[1]) - len(tables.encoded(table)) / 1e6) < 0.6
    assert tables.announcement("influence", table[:-1]) is None
