"""Calibration: debates whose posterior is known, parameters found again, ranks that are uniform, and refusals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy import stats
from typer.testing import CliRunner

from sim.calibration import arviz_export, impossible, likelihood, posterior_summary, record
from sim.calibration.calibration import CalibrationError, Effort, Fit, calibrate
from sim.commands import main
from sim.commands.main import rerun_differences
from sim.ensembles.executor import Executor
from sim.evaluation import predictors, scoring
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.plan import CARRIED
from sim.model.rules.voting import ABSTAINED, NO, YES
from sim.results.posteriors import KEPT
from sim.results.saved import Saved
from sim.scenario import posterior
from sim.scenario.scenario import Scenario
from tests.debates import Floats, Histories, ballot, day, debate, played, talk

BOOK = {"evidence": "documented", "provenance": "found", "source": "BOOK"}
SOURCES = {"BOOK": {"title": "A book"}}
UNIFORM = {"value": {"uniform": [0, 1]}, "range": [0, 1]}
SMALL = Effort(particles=400, independent_runs=4)


def values(fit: Fit) -> dict[str, Floats]:
    """The values of all particles, by name."""
    found = fit.summary.values.reshape(len(fit.coordinates), -1)
    return {name: row for (_, name), row in zip(fit.coordinates, found, strict=True)}


def observed(name: str, on: int, stance: str, **more: Any) -> dict[str, Any]:
    """An observation."""
    return {"id": name, "date": day(on), "stance": stance, "says": name, **BOOK, **more}


def condorcet(yes: int, no: int) -> Scenario:
    """A board whose members vote yes with the same unknown chance, whatever they think, and a documented count."""
    members = {f"member-{letter}": 0.5 for letter in "abcdefghij"[: yes + no]}
    outcome = "carried" if yes > no else "rejected"
    return debate(
        members,
        {**ballot("vote", 1, 0, 9, outcome=outcome, tally={"yes": yes, "no": no, **BOOK}), **BOOK},
        weeks=2,
        sources=SOURCES,
        parameters={"competence": UNIFORM},
        ballots={"rule": "fixed", "competence": "competence"},
    )


@pytest.mark.parametrize(("yes", "no"), [(7, 3), (10, 0), (2, 6)])
def test_a_count_of_equal_voters_has_the_beta_binomial_posterior(yes: int, no: int) -> None:
    """Seven to three from an unknown chance: the posterior is Beta(8, 4), the evidence 1 in 11, for each count."""
    fit = calibrate(condorcet(yes, no), 1, SMALL)
    (chance,) = values(fit).values()
    exact = stats.beta(1 + yes, 1 + no)
    assert chance.mean() == pytest.approx(exact.mean(), abs=0.02)
    assert chance.std() == pytest.approx(exact.std(), rel=0.1)
    assert np.quantile(chance, [0.1, 0.9]) == pytest.approx(exact.ppf([0.1, 0.9]), abs=0.03)
    assert fit.log_evidence == pytest.approx(math.log(1 / (yes + no + 1)), abs=4 * fit.error + 0.02)


def test_named_votes_say_the_same_as_their_count_does_of_equal_voters() -> None:
    """Who they were adds nothing to the chance but the number of ways: the evidence is less by log 10!/7!3!."""
    counted = condorcet(7, 3)
    votes = [{"member": f"member-{letter}", "vote": "yes" if letter < "h" else "no", **BOOK} for letter in "abcdefghij"]
    named = counted.with_changes({"set": "vote.votes", "to": votes})
    fit = calibrate(named, 1, SMALL)
    assert values(fit)["competence"].mean() == pytest.approx(8 / 12, abs=0.02)
    assert fit.log_evidence == pytest.approx(math.log(1 / 11 / math.comb(10, 7)), abs=4 * fit.error + 0.02)


def linear() -> Scenario:
    """Two unknown stances, a talk that takes both half the way to their mean, and a report of one of them after it."""
    places = {"lowest": -6.0, "before": 0.9, "there": 1.0, "beyond": 1.1, "highest": 6.0}
    return debate(
        {
            "ann": {"first_stance": {"normal": [0, 1]}, "observations": [observed("after", 9, "there")]},
            "bob": {"normal": [0, 1]},
        },
        talk("meeting", 5),
        {**ballot("vote", 1, 0, 9, outcome="carried"), **BOOK, "fit": False, "unfit_because": "a test"},
        weeks=2,
        low=-6.0,
        high=6.0,
        positions=places,
        sources=SOURCES,
        parameters={"error": 0.5},
        observation_spread=dict.fromkeys(("documented", "attributed", "conjecture"), "error"),
    )


def test_a_report_after_a_talk_has_the_linear_gaussian_posterior() -> None:
    """Ann after the talk is 0.75 a + 0.25 b; seen at 1 with error 0.5, Kalman's gain says what a and b are."""
    fit = calibrate(linear(), 1, Effort(1000, 4))
    found = values(fit)
    weights, error = np.array([0.75, 0.25]), 0.25
    gain = weights / (weights @ weights + error)
    means = {"ann": found["ann"].mean(), "bob": found["bob"].mean()}
    assert means == pytest.approx({"ann": gain[0], "bob": gain[1]}, abs=0.04)
    exact = np.eye(2) - np.outer(gain, weights)
    assert np.cov(found["ann"], found["bob"]) == pytest.approx(exact, abs=0.05)
    density = stats.norm(0, math.sqrt(weights @ weights + error)).pdf(1.0)
    assert fit.log_evidence == pytest.approx(math.log(0.1 * density), abs=4 * fit.error + 0.02)


def lively() -> Scenario:
    """A debate with everything that makes noise: attendance, weekly shakes, talk, five ballots."""
    law = {"value": {"uniform": [0.1, 0.9]}, "range": [0, 1]}
    return debate(
        {"ann": {"uniform": [0, 1]}, "bob": {"uniform": [0, 1]}, "cat": {"uniform": [0, 1]}, "dan": 0.5, "eve": 0.4},
        talk("first-talk", 1),
        *(
            {**ballot(f"vote-{number}", 0.9, 0.1, 7 * number, sets_policy=False), **BOOK}
            for number in range(1, 6)
        ),
        weeks=6,
        sources=SOURCES,
        parameters={"openness": law, "sharpness": {"value": {"uniform": [0.5, 8]}, "range": [0.1, 9]},
                    "shake": 0.05, "pull": 0.1, "attendance": 0.8},
        ballots={"rule": "logit", "sharpness": "sharpness"},
        drift={"reversion": "pull", "noise": "shake"},
        attendance="attendance",
    )  # fmt: skip


def choosy() -> Scenario:
    """A debate in which people may abstain, with a counted ballot and two choices among three motions."""
    law = {"value": {"uniform": [0.1, 0.9]}, "range": [0, 1]}
    plans = {"low": 0.1, "middle": 0.5, "high": 0.9}
    ways = {"first": ("plurality", "lot", 9), "second": ("run-off", "rejected", 23)}
    return debate(
        {"ann": {"uniform": [0, 1]}, "bob": {"uniform": [0, 1]}, "cat": {"uniform": [0, 1]}, "dan": 0.5, "eve": 0.4},
        talk("first-talk", 1),
        {**ballot("vote", 0.9, 0.1, 2, sets_policy=False), **BOOK},
        *(
            {**ballot(f"{choice}-{name}", place, (), on, one_of=choice, sets_policy=False,
                      procedure={"majority": way, "ties": ties}), **BOOK}
            for choice, (way, ties, on) in ways.items() for name, place in plans.items()
        ),
        weeks=6,
        sources=SOURCES,
        parameters={"openness": law, "sharpness": {"value": {"uniform": [0.5, 8]}, "range": [0.1, 9]},
                    "margin": {"value": {"uniform": [0.0, 0.4]}, "range": [0, 1]}, "attendance": 0.8},
        ballots={"rule": "logit", "sharpness": "sharpness", "abstention_margin": "margin"},
        attendance="attendance",
    )  # fmt: skip


WORDS = {YES: "yes", NO: "no", ABSTAINED: "abstain"}


def recorded(scenario: Scenario, history: Histories) -> Iterator[dict[str, Any]]:
    """What a history writes of its ballots: outcomes; and, where people may abstain, counts and the vote of Ann."""
    names, voters = arrays_of(scenario).names, len(scenario.debate.members)
    for row, name in enumerate(names.ballots):
        cast = history.vote[row * voters : (row + 1) * voters, 0].tolist()
        yield {"set": f"{name}.outcome", "to": "carried" if history.decided[row, 0] == CARRIED else "rejected"}
        if scenario.debate.dynamics.ballots.abstention_margin is not None:
            counted = ("yes",) if "-" in name else ("yes", "no", "abstain")
            tally = {word: sum(WORDS.get(code) == word for code in cast) for word in counted}
            yield {"set": f"{name}.tally", "to": {**tally, **BOOK}}
            if cast[0] in WORDS:
                yield {"set": f"{name}.votes", "to": [{"member": "ann", "vote": WORDS[cast[0]], **BOOK}]}


def documented(scenario: Scenario, replicate: int, seed: int) -> tuple[Scenario, dict[str, float]]:
    """The debate with what one of its own histories writes as its record, and the truth behind it."""
    told = scenario.with_changes(*recorded(scenario, played(scenario, [replicate], seed)))
    laws, words = priors.of_debate(scenario.debate), random_streams.seed_words(seed)
    parameters, first = priors.of_replicates(laws, words, np.array([replicate], np.uint64))
    names = arrays_of(scenario).names
    truth = dict(zip(names.parameters, parameters[:, 0].tolist(), strict=True))
    return told, truth | dict(zip(names.members, first[:, 0].tolist(), strict=True))


#: Ranks told apart, and the level at which uniform ranks are refused in error.
RANKS, LEVEL = 6, 0.001


@pytest.mark.slow
@pytest.mark.parametrize(("make", "simulated"), [(lively, 120), (choosy, 48)])
def test_the_true_values_rank_uniformly_among_the_particles(make: Callable[[], Scenario], simulated: int) -> None:
    """Simulation-based calibration (Talts et al. 2018): truth drawn from the prior, its record played, then fitted.

    The rank of every true value among the particles is uniform: chi-square, refused in error once in a thousand
    for all coordinates together.
    """
    ranks: dict[str, list[float]] = {}
    for replicate in range(simulated):
        # Histories eight apart, so that each has a draw of its own.
        told, truth = documented(make(), 8 * replicate, 77)
        for name, found in values(calibrate(told, replicate, Effort(200, 1))).items():
            ranks.setdefault(name, []).append(float((found < truth[name]).mean()))
    assert {"openness", "sharpness", "ann", "bob", "cat"} <= set(ranks)
    for name, fractions in ranks.items():
        counts = np.histogram(fractions, np.linspace(0, 1, RANKS + 1))[0]
        assert stats.chisquare(counts).pvalue > LEVEL / len(ranks), f"{name}: {counts}"


@pytest.mark.slow
def test_parameters_are_found_again_in_a_debate_that_they_made() -> None:
    """With forty counted ballots the chance of a yes and the chance of coming are found to a few hundredths."""
    members = {f"member-{number}": 0.5 for number in range(20)}
    votes = [{**ballot(f"vote-{n}", 1, 0, n + 1, by_correspondence=True), **BOOK} for n in range(40)]
    scenario = debate(
        members, *votes, weeks=8, sources=SOURCES,
        parameters={"competence": UNIFORM, "attendance": UNIFORM},
        ballots={"rule": "fixed", "competence": "competence"}, attendance="attendance",
    )  # fmt: skip
    truth = {"competence": 0.7, "attendance": 0.4}
    history = played(scenario, 1, 5, fixed=truth)
    changes = []
    for number, name in enumerate(arrays_of(scenario).names.ballots):
        cast = history.vote[20 * number : 20 * (number + 1), 0]
        yes, no = int((cast == 1).sum()), int((cast == 2).sum())
        changes += [
            {"set": f"{name}.tally", "to": {"yes": yes, "no": no, **BOOK}},
            {"set": f"{name}.outcome", "to": "carried" if yes > no else "rejected"},
        ]
    found = values(calibrate(scenario.with_changes(*changes), 1, SMALL))
    for name, value in truth.items():
        assert abs(found[name].mean() - value) < 3 * found[name].std()
        assert found[name].std() < 0.03


def test_two_seeds_agree_within_their_errors() -> None:
    """The evidence, the learnt means and the predictions of two calibrations differ by no more than they say."""
    scenario, _ = documented(lively(), 3, 9)
    one, other = (calibrate(scenario, seed, SMALL) for seed in (1, 2))
    assert abs(one.log_evidence - other.log_evidence) < 4 * math.hypot(one.error, other.error)
    assert max(one.agreement.max(), other.agreement.max()) < 1.05
    size = one.runs
    for name, found in values(one).items():
        apart = found.mean() - values(other)[name].mean()
        assert abs(apart) < 5 * found.std() * math.sqrt(2 / (size / 4)), name
    said = [fit.predictions for fit in (one, other)]
    apart = (said[0].probability - said[1].probability).abs()
    assert (apart < 4 * np.hypot(said[0].error, said[1].error)).all()


def test_runs_that_agree_by_chance_do_not_make_the_evidence_certain() -> None:
    """Of one run, or of several alike, the error is what resampling leaves open."""
    fit = calibrate(documented(lively(), 3, 9)[0], 1, Effort(100, 1))
    (only,) = fit.sampler_runs
    assert fit.error == pytest.approx(math.sqrt(only.resampling_variance))
    alike = replace(fit, sampler_runs=(only, only, only, only))
    assert alike.error == pytest.approx(fit.error / 2)


def test_the_posterior_does_not_depend_on_who_did_the_work() -> None:
    """One thread or three: the same bytes."""
    scenario, _ = documented(lively(), 3, 9)
    files = {posterior.netcdf(calibrate(scenario, 1, Effort(100, 3, workers)).particles()) for workers in (1, 3)}
    assert len(files) == 1


def test_a_fit_leaves_aside_the_posterior_that_a_scenario_has() -> None:
    """Learning starts from what was assumed, so that the record is not counted twice."""
    scenario, _ = documented(lively(), 3, 9)
    fit = calibrate(scenario, 1, Effort(100, 2))
    rebuild = calibrate(fit.scenario, 1, Effort(100, 2))
    assert fit.particles() == rebuild.particles()
    assert rebuild.prior.posterior is None


def test_a_posterior_keeps_as_many_particles_of_every_run() -> None:
    """They take turns, at most as many as asked for, and say which debate they were fitted to."""
    scenario, _ = documented(lively(), 3, 9)
    fit = calibrate(scenario, 1, Effort(100, 4))
    kept = fit.particles(most=80)
    assert kept.size == 80
    assert kept.fitted_to == scenario.content_digest
    expected = fit.quantiles[:, :, :20].transpose(0, 2, 1).reshape(5, -1)
    assert np.abs(kept.quantiles - expected).max() <= 1 / posterior.STEPS


def test_the_information_gain_of_a_halved_range_are_one() -> None:
    """Information in bits: nothing learnt is 0, half the range ruled out is 1, three quarters 2."""
    rng = np.random.default_rng(1)
    prior = rng.uniform(size=40_000)
    for bits, high in ((0, 1.0), (1, 0.5), (2, 0.25)):
        assert posterior_summary.information_gain(rng.uniform(0, high, size=4000), prior) == pytest.approx(
            bits, abs=0.05
        )


def test_bits_of_independent_values_vary_as_their_error_says() -> None:
    """The spread of many samples' bits is what the error of each tells, be it of one run or of four."""
    rng = np.random.default_rng(4)
    prior, law = rng.random(2**15), rng.beta(2, 4, (120, 4, 500))
    found = np.array([posterior_summary.information_gain(sample.ravel(), prior) for sample in law])
    for runs in (4, 1):
        told = np.array([posterior_summary.information_gain_error(sample.reshape(runs, -1), prior) for sample in law])
        assert np.sqrt((told**2).mean()) == pytest.approx(found.std(), rel=0.35)
        assert told.min() > 0.7 * found.std()


def test_pairs_that_trade_off_are_those_of_which_only_the_sum_is_known() -> None:
    """Two chances whose product alone is counted are negatively correlated once the count is known."""
    scenario = condorcet(7, 3).with_changes(
        {"set": "vote.by_correspondence", "to": True},
        {"add": "parameters", "item": {
            "id": "coming", **UNIFORM, "unit": "chance", "meaning": "x", "evidence": "assumed", "note": "x"}},
        {"set": "vote.attendance", "to": "coming"},
        {"set": "vote.tally.no", "to": 1},
        {"set": "vote.tally.yes", "to": 2},
    )  # fmt: skip
    found = calibrate(scenario, 1, SMALL).summary
    assert list(found.table.name) == ["coming", "competence"]
    rank = stats.spearmanr(*found.values.reshape(2, -1))[0]
    shown = found.pairs
    assert shown.posterior.tolist() == pytest.approx(
        [rank] if abs(rank) >= posterior_summary.LEAST_MOVED else [], abs=0.05
    )


def test_a_part_of_the_posterior_is_the_posterior_of_a_part_of_the_prior() -> None:
    """What the table says of the lowest third of a centre is what a fit with that centre assumed says."""
    law = {"value": {"uniform": [0, 1]}, "range": [0, 1]}
    scenario = debate(
        {"ann": {"normal": ["centre", "width"]}, "bob": {"normal": ["centre", "width"]}, "cat": 0.6},
        {**ballot("vote", 0.9, 0.1, 9, outcome="carried"), **BOOK},
        weeks=2,
        sources=SOURCES,
        parameters={"centre": law, "width": 0.2, "sharpness": 3.0},
        ballots={"rule": "logit", "sharpness": "sharpness"},
    )
    fit = calibrate(scenario, 1, Effort(1500, 2))
    table = posterior_summary.by_assumption(fit.scenario, fit.chance).set_index(["parameter", "part"])
    narrow = scenario.with_changes({"set": "centre.value", "to": {"uniform": [0, 1 / 3]}})
    exact = calibrate(narrow, 2, Effort(1500, 2)).predictions
    row = table.loc["centre", "lowest third"]
    assert row.probability == pytest.approx(exact.probability[0], abs=4 * math.hypot(row.error, exact.error[0]))
    assert table.loc["centre"].weight.sum() == pytest.approx(1.0)


def test_scores_of_what_was_left_out_do_not_know_it() -> None:
    """A debate of one decision: with it left out, the fit knows nothing more than the prior."""
    scenario, _ = documented(lively(), 3, 9)
    only = scenario.with_changes(
        *({"set": f"vote-{n}.fit", "to": False} for n in range(2, 6)),
        *({"set": f"vote-{n}.unfit_because", "to": "a test"} for n in range(2, 6)),
    )
    scored = scoring.score(only, 1, Effort(600, 2))
    said = scored.predictions.set_index("predictor")
    for name in (predictors.ONE_STEP_AHEAD, predictors.LEAVE_ONE_OUT):
        apart = said.probability[name] - said.probability[predictors.UNFITTED]
        assert abs(apart) < 4 * math.hypot(said.error[name], said.error[predictors.UNFITTED]) + 0.02
    outcome = record.record_of(only).ballots[0].outcome
    learnt_of = said.probability[predictors.FITTED] - said.probability[predictors.UNFITTED]
    assert (learnt_of > 0) == (outcome == "carried")


def test_a_score_adds_up_and_says_what_it_shows() -> None:
    """Totals are sums over the decisions; the paragraph names each baseline once; the posterior keeps its own."""
    scenario, _ = documented(lively(), 3, 9)
    scored = scoring.score(scenario, 1, Effort(100, 2))
    totals = scored.totals.set_index("predictor")
    assert set(totals.decisions) == {5}
    for name, said in scored.predictions.groupby("predictor"):
        assert totals.log_score[name] == pytest.approx(said.log_score.sum())
        right = np.where(said.outcome == "carried", said.probability, 1 - said.probability)
        assert said.log_score.to_numpy() == pytest.approx(np.log(right))
        assert said.brier.to_numpy() == pytest.approx((1 - right) ** 2)
    told = scored.differences[scored.differences.predictor == predictors.ONE_STEP_AHEAD]
    for baseline in told.baseline.unique():
        assert scored.text.count(f" {predictors.LABELS[baseline]} (") == 1
    kept = scoring.stored_predictions(scored.particles)
    assert len(kept) == 10
    exact = scored.predictions.set_index(["predictor", "decision"]).probability
    for name, decision, probability, _ in kept:
        assert probability == pytest.approx(exact[name, decision], abs=1e-4)


def test_a_debate_without_anything_unknown_is_not_calibrated() -> None:
    """There is nothing to learn, and the message says so."""
    scenario = debate({"ann": 0.5}, {**ballot("vote", 1, 0, 9, outcome="carried"), **BOOK}, sources=SOURCES)
    with pytest.raises(CalibrationError, match="nothing to learn: every parameter and first stance is a number"):
        calibrate(scenario, 1, SMALL)


def test_an_impossible_record_is_refused() -> None:
    """Who votes for the nearer option never votes for the other; the message names the datum and what to loosen."""
    scenario = debate(
        {"ann": 1.0, "bob": 1.0},
        {**ballot("vote", 1, 0, 9, outcome="rejected", tally={"no": 2, **BOOK}), **BOOK},
        weeks=2,
        sources=SOURCES,
        parameters={"openness": UNIFORM},
    )
    with pytest.raises(CalibrationError) as refused:
        calibrate(scenario, 1, SMALL)
    said = str(refused.value)
    assert "cannot be produced from its prior: none of" in said
    assert "The part of them that allows each: 'vote' none." in said
    assert "leave out of tallies and named votes what is not sure, vote by 'logit'" in said


def test_data_that_clash_are_named_as_a_pair() -> None:
    """Ann alone decides: she cannot want both of two opposite motions, though half of the prior wants either."""
    scenario = debate(
        {"ann": {"uniform": [0, 1]}},
        {**ballot("up", 1, 0, 9, outcome="carried"), **BOOK},
        {**ballot("down", 0, 1, 10, outcome="carried"), **BOOK},
        weeks=2,
        sources=SOURCES,
    )
    with pytest.raises(CalibrationError, match="None allows 'up' and 'down' together: these two clash"):
        calibrate(scenario, 1, SMALL)


def test_a_record_that_is_rare_in_its_prior_is_fitted() -> None:
    """Ann wants the motion at one point of the prior in a thousand: there is her posterior, and that the evidence."""
    scenario = debate(
        {"ann": {"uniform": [0, 1]}},
        {**ballot("up", 1, 0.998, 9, outcome="carried"), **BOOK},
        weeks=2,
        sources=SOURCES,
    )
    fit = calibrate(scenario, 1, Effort(particles=256, independent_runs=2))
    assert fit.quantiles.min() > 0.999
    assert fit.log_evidence == pytest.approx(math.log(0.001), abs=4 * fit.error)


def test_a_rare_datum_is_called_rare() -> None:
    """The share of points that allow each datum is told, and rare below a twentieth; no pair is blamed by chance."""
    scenario = debate(
        {"ann": 0.5}, *({**ballot(name, 1, 0, 9, outcome="carried"), **BOOK} for name in "abc"), sources=SOURCES
    )
    terms = np.zeros((3, 1000))
    terms[0, 10:], terms[1, :5], terms[1, 985:] = -np.inf, -np.inf, -np.inf
    said = impossible.explained(scenario, record.record_of(scenario), terms)
    assert "is rare in its prior, or impossible" in said
    assert "The part of them that allows each: 'a' 1 % (rare), 'b' 98 %. One datum is allowed by all." in said
    assert "no two clash, so it may be only rare: more particles may find it" in said


def test_a_debate_without_a_documented_outcome_is_not_scored() -> None:
    """Nothing is there to be predicted."""
    scenario = debate({"ann": {"uniform": [0, 1]}}, {**ballot("vote", 1, 0, 9), **BOOK}, sources=SOURCES)
    with pytest.raises(CalibrationError, match="no decision to be fitted whose outcome is documented"):
        scoring.score(scenario, 1, SMALL)


def test_the_random_numbers_of_a_prediction_are_fresh() -> None:
    """Histories of a calibration are counted down from the last replicate id; a prediction counts up from the first."""
    scenario, _ = documented(lively(), 3, 9)
    fit = calibrate(scenario, 1, Effort(100, 2))
    seen = [int(number) for run in fit.sampler_runs for number in run.noise]
    assert likelihood.LAST_REPLICATE - max(seen) > 2**31


def test_arviz_reads_a_fit(tmp_path: Path) -> None:
    """Independent runs stand for chains; names, data and values are those of the fit."""
    arviz = pytest.importorskip("arviz")
    scenario, _ = documented(lively(), 3, 9)
    fit = calibrate(scenario, 1, Effort(100, 4))
    arviz_export.save(fit, tmp_path / "fit.nc")
    found = arviz.from_netcdf(tmp_path / "fit.nc")
    assert found.posterior["first_stance"].sel(first_stance_name="cat").shape == (4, 100)
    assert found.log_likelihood["record"].sizes["datum"] == len(fit.record.names)
    # ArviZ 1 reads trees, where it read groups of data sets.
    posterior = getattr(found.posterior, "dataset", found.posterior)
    spread = arviz.rhat(posterior[["parameter", "first_stance"]])
    assert float(spread["parameter"].max()) < 1.2
    mean = found.posterior["first_stance"].sel(first_stance_name="cat").mean()
    assert float(mean) == pytest.approx(values(fit)["cat"].mean())


@pytest.mark.parametrize("command", ["calibrate", "score", "compare"])
def test_a_folder_of_what_was_learnt_comes_out_the_same_again(tmp_path: Path, command: str) -> None:
    """Each command prints what it found, and its folder is checked and made again to the same bytes."""
    scenario, _ = documented(lively(), 3, 9)
    file = tmp_path / "debate.yaml"
    made = list(scenario.origin.changes)
    outcomes = {str(change["set"]).split(".")[0]: change["to"] for change in made}
    text = yaml.safe_load(scenario.origin.text)
    for moment in text["timeline"]:
        if moment["id"] in outcomes:
            moment["outcome"] = outcomes[moment["id"]]
    file.write_text(yaml.safe_dump(text, sort_keys=False), "utf-8")
    out = tmp_path / "outputs"
    ran = CliRunner().invoke(
        main.program(), [command, str(file), "--particles", "64", "--independent-runs", "1", "--out", str(out)]
    )
    assert ran.exit_code == 0, ran.output
    folder = (out / "latest").resolve()
    assert Saved.read(folder).differences() == []
    assert rerun_differences(Saved.read(folder), Executor()) == []
    if command != "compare":
        rebuild = CliRunner().invoke(
            main.program(),
            ["replay", str(file), "--posterior", str(next((out / KEPT).iterdir())), "--runs", "32", "--out", str(out)],
        )
        assert rebuild.exit_code == 0, rebuild.output
