"""Intervals and errors are held to their word by brute force: they hold what they say, as often as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pytest
from scipy import stats
from scipy.special import ndtr

from sim.analysis import attribution
from sim.analysis.attribution import attribute
from sim.analysis.sensitivity import LEAST, sensitivity
from sim.analysis.tipping_points import TippingPoint, tipping
from sim.calibration import predictions
from sim.calibration.calibration import Effort, calibrate
from sim.calibration.posterior_summary import by_assumption
from sim.counterfactuals.comparison import whatif
from sim.ensembles import batch, ensemble, summary
from sim.ensembles.ensemble import TWO_SIDED
from sim.ensembles.executor import Executor, play_runs
from sim.evaluation import scoring
from sim.evaluation.predictors import FITTED, LEAVE_ONE_OUT, ONE_STEP_AHEAD, UNFITTED
from sim.model import random_streams
from sim.model.array_types import Floats
from sim.scenario.posterior import Particles
from sim.scenario.scenario import Scenario
from tests.debates import absence, ballot, debate, letter, talk

#: Few histories are played sooner by one thread.
ALONE = Executor(1)
WITHOUT_NOTE = {"remove": "note"}
BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
SEEDS = range(40)
#: Draws of a brute-force distribution of probabilities, and histories of each of them.
DRAWS, HISTORIES = 1024, 256


def contested() -> Scenario:
    """Five who talk, read, defer and stay away, with votes that are near certain, open, and either of the two."""
    unit = [0, 1]
    return debate(
        {"ann": 1.0, "bob": {"uniform": unit}, "cid": {"uniform": unit}, "dee": 0.1, "eve": {"normal": [0.4, 0.3]}},
        ballot("hardly", 1, 0.3, 2),
        ballot("open", 1, 0.2, 4),
        letter("note", "ann", ["bob", "cid"], 1.0, on=8),
        talk("chat", on=9),
        absence("trip", "ann", 10, 30),
        ballot("either", 1, 0, on=12),
        ballot("nearly", 0.4, 0, on=16),
        weeks=3,
        drift={"reversion": "pull", "noise": "shake"},
        deference={"leader": "ann", "weight": "deference", "lapses_after": "lapse"},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        attendance="attendance",
        parameters={
            "deference": {"value": {"uniform": unit}, "range": unit},
            "pull": 0.1,
            "shake": 0.2,
            "sharpness": {"value": {"uniform": [2, 12]}, "range": [1, 20]},
            "attendance": 0.8,
        },
    )


def probabilities(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Floats:
    """The probability of each ballot in each of many draws, (ballots, draws), each from many histories."""
    with monkeypatch.context() as patched:
        patched.setattr(random_streams, "RUNS_PER_DRAW", HISTORIES)
        work = batch.EnsembleWork(scenario, 99, True, {}, counts_stances=False)
        played = work.play(np.arange(DRAWS * HISTORIES, dtype=np.uint64), summary.nothing_kept())
    return np.asarray(played.chance.reshape(-1, DRAWS, HISTORIES).mean(axis=2))


@pytest.mark.parametrize("runs", [200, 2000])
def test_low_and_high_hold_95_per_cent_of_the_draws(runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over seeds, between 90 and 99 % of what brute force finds lies within; all of it only from 0 to 1."""
    truth = probabilities(contested(), monkeypatch)
    spreads = [ensemble.spread(play_runs(contested(), runs, seed, counts_stances=False), None) for seed in SEEDS]
    for row, of_draws in enumerate(truth):
        ends = [(over.low[row], over.high[row]) for over in spreads]
        held = np.mean([((low <= of_draws) & (of_draws <= high)).mean() for low, high in ends])
        assert held >= 0.9
        # No narrower interval of whole per cents is a better answer where the draws reach both ends of the scale.
        assert held <= 0.99 or np.mean([high - low for low, high in ends]) > 0.99


def test_the_error_of_a_probability_holds_over_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true probability lies within 1.96 `mc_error` as often as 95 % should, from 90 to 99 times in a hundred."""
    truth = probabilities(contested(), monkeypatch).mean(axis=1)
    spreads = [ensemble.spread(play_runs(contested(), 800, seed, counts_stances=False), None) for seed in range(200)]
    held = np.mean([np.abs(over.mean - truth) < 1.96 * over.error for over in spreads])
    assert 0.9 <= held <= 0.99


def sampled(scenario: Scenario, size: int, runs: int, seed: int, agree: float) -> Particles:
    """A made-up posterior that is the prior: `size` particles of so many independent runs, each a little beside it.

    agree: how far the runs agree; of the variance of each quantile's normal number, the rest is common to a run.
    """
    generator = np.random.default_rng(seed)
    parameters = ("deference", "sharpness")
    members = ("bob", "cid", "eve")
    common = np.sqrt(1 - agree) * generator.normal(size=(5, 1, runs))
    own = np.sqrt(agree) * generator.normal(size=(5, size // runs, runs))
    about = f'{{"independent_runs": {runs}}}'
    return Particles.of(parameters, members, ndtr(common + own).reshape(5, size), scenario.content_digest, about)


@pytest.mark.slow
@pytest.mark.parametrize("agree", [1.0, 0.99])
def test_the_error_under_a_posterior_knows_how_few_its_particles_are(
    agree: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each particle played many times, and runs that differ, the error still holds what it says."""
    prior = contested()
    truth, held = probabilities(prior, monkeypatch).mean(axis=1), []
    for seed in range(150):
        fitted = prior.with_posterior(sampled(prior, 128, 4, seed, agree))
        tally = play_runs(fitted, 128 * 8 * 8, seed, counts_stances=False)
        over = ensemble.spread(tally, fitted.posterior)
        held.append(np.abs(over.mean - truth) < 1.96 * over.error)
    assert 0.9 <= np.mean(held) <= 0.99


def coverage(low: Any, high: Any, truth: Any) -> Floats:
    """How often each interval holds the truth: the mean over the first axis, that of the seeds."""
    low, high = np.asarray(low), np.asarray(high)
    return np.asarray(((low <= truth) & (truth <= high)).mean(axis=0))


def coverage_of_error(estimates: Any, errors: Any, truth: Any) -> Floats:
    """How often the truth lies within 1.96 errors of the estimate."""
    half = TWO_SIDED * np.asarray(errors)
    return coverage(np.asarray(estimates) - half, np.asarray(estimates) + half, truth)


def holds_95_per_cent(held: Floats) -> bool:
    """Whether each of the intervals of one kind holds the truth in 90 to 99 % of seeds."""
    return bool(((held >= 0.9) & (held <= 0.99)).all())


@pytest.mark.slow
def test_the_interval_of_a_difference_holds_it() -> None:
    """What a what-if changes, as a quarter of a million histories have it, lies within in 90 to 99 % of seeds."""
    base, other = contested(), contested().with_changes(WITHOUT_NOTE)
    exact, found = whatif(base, other, 2**18, 99), [whatif(base, other, 256, seed, ALONE) for seed in range(200)]
    for name in ("decisions", "policy", "stances"):
        truth, tables = getattr(exact, name).difference.to_numpy(), [getattr(each, name) for each in found]
        held = coverage([table.low for table in tables], [table.high for table in tables], truth)
        assert (truth != 0).any()
        assert holds_95_per_cent(held[truth != 0])


@pytest.mark.slow
@pytest.mark.parametrize(("rounds", "most"), [(1, 0.99), (2, 1.0)])
def test_the_interval_of_a_difference_under_a_posterior_holds_it(rounds: int, most: float) -> None:
    """Particles played once are as good as draws; played again, the interval holds more than it says, and a note it."""
    base, found = contested(), []
    truth = whatif(base, base.with_changes(WITHOUT_NOTE), 2**18, 99).decisions.difference.to_numpy()
    for seed in range(100):
        fitted = base.with_posterior(sampled(base, 128, 4, seed, 1.0))
        compared = whatif(fitted, fitted.with_changes(WITHOUT_NOTE), 128 * 8 * rounds, seed, ALONE)
        found.append(compared.decisions)
    held = coverage([each.low for each in found], [each.high for each in found], truth)[truth != 0]
    assert 0.9 <= held.mean() <= most
    said = "the intervals hold the differences in more than 95 % of seeds"
    assert any(said in note for note in compared.notes) == (rounds > 1)


@pytest.mark.slow
@pytest.mark.parametrize("of", ["carried", "policy"])
@pytest.mark.parametrize("orders", [0, 20])
def test_the_interval_of_a_contribution_holds_it(of: str, orders: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapley values, of all coalitions or of a sample of orders, lie within in 90 to 99 % of seeds."""
    exact = attribute(contested(), "either", of=of, runs=2**18, seed=99).table.set_index("cause")
    if orders:
        monkeypatch.setattr(attribution, "EXACT", 1)
    found = [
        attribute(contested(), "either", of=of, runs=256, seed=seed, executor=ALONE, orders=orders or 2)
        for seed in range(200)
    ]
    tables = [each.table.set_index("cause").loc[exact.index] for each in found]
    truth = exact.contribution.to_numpy()
    assert holds_95_per_cent(coverage([each.low for each in tables], [each.high for each in tables], truth))


@pytest.mark.slow
def test_the_interval_of_a_contribution_under_a_posterior_holds_it() -> None:
    """The blocks of draws know how few the particles are where each is played once."""
    exact, tables = attribute(contested(), "either", runs=2**18, seed=99).table.set_index("cause"), []
    for seed in range(150):
        fitted = contested().with_posterior(sampled(contested(), 128, 4, seed, 1.0))
        table = attribute(fitted, "either", runs=1024, seed=seed, executor=ALONE).table
        tables.append(table.set_index("cause").loc[exact.index])
    truth = exact.contribution.to_numpy()
    assert holds_95_per_cent(coverage([each.low for each in tables], [each.high for each in tables], truth))


@pytest.mark.slow
def test_the_intervals_of_a_tipping_point_and_of_its_curve_hold_them() -> None:
    """Where ann's first stance makes the motion even, and the curve, lie within in 90 to 99 % of seeds."""

    def found(runs: int, seed: int) -> TippingPoint:
        result = tipping(contested(), "ann", "either", runs=runs, seed=seed, executor=ALONE)
        assert isinstance(result, TippingPoint)
        return result

    exact, each = found(2**17, 999), [found(512, seed) for seed in range(200)]
    low, high = zip(*[one.interval for one in each], strict=True)
    assert holds_95_per_cent(coverage(low, high, exact.at))
    grid = np.linspace(0, 1, 9)
    curves = [one.table.set_index("value").loc[grid] for one in each]
    truth = np.array([exact.curve.probability_at(value) for value in grid])
    assert holds_95_per_cent(coverage([one.low for one in curves], [one.high for one in curves], truth))


@pytest.mark.slow
def test_the_interval_of_a_sobol_index_holds_it() -> None:
    """The index of a design of 32 times the size lies within in 90 to 99 % of seeds, of either order and measure."""

    def found(seed: int, size: int) -> pandas.DataFrame:
        return sensitivity(contested(), 16, size, seed, ALONE).table

    truth, each = found(999, 2**12), [found(seed, 128) for seed in range(100)]
    truth, *each = [table.set_index(["decision", "measure", "parameter"]).sort_index() for table in (truth, *each)]
    for order in ("first_order", "total_order"):
        half = np.array([table[f"{order}_error"] for table in each])
        values = np.array([table[order] for table in each])
        # How far first stances lie apart does not hang on what is deferred, nor on how surely they vote.
        hangs = truth.total_order.to_numpy() > LEAST
        held = coverage(values - half, values + half, truth[order].to_numpy())
        assert holds_95_per_cent(held[hangs])


def many_voters(least: float = 0.0) -> Scenario:
    """Ten who vote yes with the same unknown chance, and did so seven to three: from 0 up, the posterior is Beta(8, 4).

    least: of the chance.
    """
    tally = {"yes": 7, "no": 3, **BOOK}
    return debate(
        dict.fromkeys([f"member-{letter}" for letter in "abcdefghij"], 0.5),
        {**ballot("vote", 1, 0, 9, outcome="carried", tally=tally), **BOOK},
        weeks=2,
        sources={"BOOK": {"title": "A book"}},
        parameters={"competence": {"value": {"uniform": [least, 1]}, "range": [least, 1]}},
        ballots={"rule": "fixed", "competence": "competence"},
    )


@pytest.mark.slow
@pytest.mark.parametrize("independent_runs", [1, 4])
def test_the_errors_of_a_fit_hold_what_is_known_by_hand(independent_runs: int) -> None:
    """Evidence, the chance of a second majority, and bits learnt lie within 1.96 errors in 90 to 99 % of 200 fits.

    So does how much more probable another prior makes the record, as candidate models are compared.
    """
    posterior, shares = stats.beta(8, 4), (np.arange(20_000) + 0.5) / 20_000
    again = (stats.binom.sf(5, 10, shares) * posterior.pdf(shares)).mean()
    classes = np.diff(posterior.cdf(np.linspace(0, 1, 17)))
    gain = 4 + (classes * np.log2(classes)).sum()
    effort = Effort(400 // independent_runs, independent_runs, 1)
    each = [calibrate(many_voters(), seed, effort) for seed in range(200)]
    narrower = [calibrate(many_voters(0.5), seed, effort) for seed in range(60)]
    rows = [(fit.predictions.iloc[0], fit.summary.table.iloc[0]) for fit in each]
    values = [
        (fit.log_evidence, said.probability, row.information_gain) for fit, (said, row) in zip(each, rows, strict=True)
    ]
    errors = [(fit.error, said.error, row.information_gain_error) for fit, (said, row) in zip(each, rows, strict=True)]
    assert holds_95_per_cent(coverage_of_error(values, errors, [-np.log(11), again, gain]))
    more = [other.log_evidence - fit.log_evidence for fit, other in zip(each, narrower, strict=False)]
    error = [np.hypot(fit.error, other.error) for fit, other in zip(each, narrower, strict=False)]
    assert holds_95_per_cent(coverage_of_error(more, error, np.log(2 * posterior.sf(0.5))))


@pytest.mark.slow
@pytest.mark.parametrize("second", ["carried", "rejected"])
def test_the_error_of_a_log_score_holds_it(second: str) -> None:
    """Each predictor's score lies within 1.96 errors in 9 of 10 fits or more, though two runs know little of theirs.

    Three vote with the same unknown chance c, so that a motion is carried with 3c² - 2c³; the rest is integrals. What
    one set of particles says of several decisions goes together, or, of unlike outcomes, cancels: so is their error.
    """
    outcomes = ("carried", second, "carried", "carried")
    world = debate(
        dict.fromkeys(("ann", "bob", "cid"), 0.5),
        *(
            {**ballot(f"vote-{number}", 1, 0, 9 + 7 * number, sets_policy=False, outcome=outcome), **BOOK}
            for number, outcome in enumerate(outcomes)
        ),
        weeks=6,
        sources={"BOOK": {"title": "A book"}},
        parameters={"competence": {"value": {"uniform": [0, 1]}, "range": [0, 1]}},
        ballots={"rule": "fixed", "competence": "competence"},
    )
    shares = (np.arange(20_000) + 0.5) / 20_000
    carried = 3 * shares**2 - 2 * shares**3
    chances = np.array([carried if outcome == "carried" else 1 - carried for outcome in outcomes])
    likelihood = chances.prod(axis=0)
    whole = likelihood.mean()
    without = [np.delete(chances, number, axis=0).prod(axis=0).mean() for number in range(4)]
    exact = {
        UNFITTED: np.log(chances.mean(axis=1)).sum(),
        FITTED: np.log((chances * likelihood).mean(axis=1) / whole).sum(),
        ONE_STEP_AHEAD: np.log(whole),
        LEAVE_ONE_OUT: np.log(whole / np.array(without)).sum(),
    }
    totals = [scoring.score(world, seed, Effort(128, 4, 1)).totals.set_index("predictor") for seed in range(25)]
    for predictor, truth in exact.items():
        table = pandas.DataFrame([each.loc[predictor] for each in totals])
        assert coverage_of_error(table.log_score, table.mc_error, truth) >= 0.9
        # Neither is it larger than it need be; but for what nothing is known of, how the errors of fits go together.
        if predictor in (UNFITTED, FITTED):
            assert table.mc_error.astype(float).median() < 1.5 * table.log_score.std()


def test_the_error_within_a_part_of_what_is_assumed_holds_it() -> None:
    """A decision's probability, had a centre been assumed in a third of its range, lies within 1.96 errors."""
    members = ("ann", "bob", "cid")
    world = debate(
        {member: {"normal": ["centre", 0.1]} for member in members},
        ballot("motion", 1, 0.2, 9),
        weeks=2,
        parameters={"centre": {"value": {"uniform": [0, 1]}, "range": [0, 1]}},
        ballots={"rule": "logit", "sharpness": 4},
    )

    def thirds(size: int, seed: int) -> pandas.DataFrame:
        quantiles = np.random.default_rng(seed).uniform(size=(4, size))
        fitted = world.with_posterior(Particles.of(("centre",), members, quantiles, world.content_digest))
        (chance,) = predictions.chances([fitted], seed, 1)
        return by_assumption(fitted, chance)

    truth, each = thirds(2**16, 999).probability.to_numpy(), [thirds(384, seed) for seed in range(150)]
    assert len(truth) == 3
    held = coverage_of_error([table.probability for table in each], [table.error for table in each], truth)
    assert holds_95_per_cent(held)


def test_the_bands_of_stances_hold_50_and_90_per_cent_of_histories() -> None:
    """Of other histories, as many stances of those who move lie within as the bands say, to three in a hundred."""
    told = ensemble.ensemble(contested(), 4096, 5, ALONE).stance_table.set_index(["date", "member"])
    other = ensemble.ensemble(contested(), 4096, 6, ALONE).trajectories().stance
    for date in other.date.to_numpy()[1:]:
        for member in ("bob", "cid", "eve"):
            values, band = other.sel(date=date, member=member).to_numpy(), told.loc[date, member]
            # An end of the axis may have many on it, and a band that ends there all of them.
            inside = (values > 1e-9) & (values < 1 - 1e-9)
            for low, high, share in (("q05", "q95", 0.9), ("q25", "q75", 0.5)):
                if band[low] > 0.01 and band[high] < 0.99:
                    held = (inside & (values >= band[low]) & (values <= band[high])).mean()
                    assert held == pytest.approx(share, abs=0.03)


@pytest.mark.slow
def test_the_votes_of_90_per_cent_of_histories_are_those_of_90_per_cent() -> None:
    """Of many other histories 90 % have yes votes from low to high: from 88 to 95, since votes are whole."""
    board = dict.fromkeys([f"m{number:02}" for number in range(60)], 0.5)
    world = debate(board, ballot("vote", 1, 0, 9), ballots={"rule": "fixed", "competence": "competence"})
    yes = play_runs(world, 2**16, 999)["yes"][0]
    share = yes / yes.sum()
    held = []
    for seed in range(100):
        row = ensemble.ensemble(world, 2048, seed, ALONE).decisions.iloc[0]
        held.append(share[int(row.tally_low) : int(row.tally_high) + 1].sum())
    assert 0.88 <= np.mean(held) <= 0.95
