"""What the findings of 1922 say in numbers is what the program says.

`python -m tests.commands.test_findings --refresh` writes the tables of docs/monopoly-1922.md anew, on purpose.
"""

from __future__ import annotations

import functools
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

import sim
from sim.calibration.posterior_summary import PosteriorSummary
from sim.ensembles import ensemble
from sim.ensembles.executor import play_runs
from sim.ensembles.scores import log_score
from sim.evaluation import model_comparison, predictors
from sim.model.arrays import arrays_of
from sim.scenario.posterior import PARAMETER
from sim.scenario.scenario import compared_ballots

FINDINGS = Path(__file__).parent.parent.parent / "docs" / "monopoly-1922.md"
SEED, RUNS = 1922, 2000
READINGS = {"as it is": {}, "`status-quo: ban`": {"status-quo": "ban"}}
#: Bits from which on something was learnt of a parameter.
LEARNT = 0.1
NOTHING = {"value": 0.0, "range": [0, 0], "unit": "share", "meaning": "none", "evidence": "assumed", "note": "a test"}
UNMOVED: list[dict[str, Any]] = [
    {"add": "parameters", "item": {"id": "nothing", **NOTHING}},
    *({"set": f"lenin.{field}", "to": "nothing"} for field in ("susceptibility", "attachment", "receptiveness")),
]
#: What is changed of the debate, and which parameters are held where, nothing fitted.
TRIALS: dict[str, tuple[list[dict[str, Any]], dict[str, float]]] = {
    "none": ([], {}),
    "talk moves nobody": ([], {"talk-susceptibility": 0.0, "talk-attachment": 0.0}),
    "letters move nobody": ([], {"letter-receptiveness": 0.0}),
    "Lenin moved by neither talk nor letters": (UNMOVED, {}),
    "no deference": ([], {"deference-weight": 0.0}),
    "deference of 0.9": ([], {"deference-weight": 0.9}),
    # A motion that nobody moved is no cue, so the leader's presence in the room is one.
    "in May Lenin's cue is his stance, not his motion": ([{"remove": "may-confirmation.moved_by"}], {}),
}


@functools.cache
def played(reading: str) -> sim.Replay:
    """The replay of the debate as it is read."""
    return sim.replay(sim.load("monopoly-1922", READINGS[reading]), runs=RUNS, seed=SEED)


def page(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def percent(share: float | None) -> str:
    """A probability in whole per cent; nothing where there is none."""
    return "" if share is None or np.isnan(share) else f"{100 * share:.0f} %"


def decisions() -> str:
    """What the model says of each decision, by how much of the record it has seen."""
    replay = played("as it is")
    said = {(row.predictor, row.decision): row.probability for row in replay.by_training_data.itertuples()}
    seen = (predictors.UNFITTED, predictors.ONE_STEP_AHEAD, predictors.LEAVE_ONE_OUT)

    def rows() -> Iterator[Sequence[str]]:
        for row in replay.ensemble.decisions.itertuples():
            asked = [percent(said.get((name, row.decision))) for name in seen]
            fitted = percent(row.probability) + ("" if any(asked) else " (predicted, never fitted)")
            yield [f"{row.date:%Y-%m-%d}", str(row.motion), str(row.documented), *asked, fitted]

    heads = ("date", "motion", "documented", "unfitted", "one step ahead", "leave-one-out", "fitted to it")
    return page(heads, rows())


def scores() -> str:
    """Who predicts the seven decisions how well, under both readings of what was in force in the summer of 1922."""
    totals = [played(reading).scores.set_index("label").total for reading in READINGS]
    rows = ([str(name), *(f"{total[name]:.2f}" for total in totals)] for name in totals[0].index)
    return page(("who predicts the seven fitted decisions", *READINGS), rows)


def comparison() -> str:
    """Whether the model does better than a simple rule, under both readings."""
    first, second = READINGS
    return f"As it is: {played(first).text}\n\nUnder {second}: {played(second).verdict}\n"


def readings() -> str:
    """October and what hangs on it under both readings."""

    def rows() -> Iterator[Sequence[str]]:
        for decision in ("may-confirmation", "october-relaxation", "october-deferral", "december-rescission"):
            cells = [f"`{decision}`"]
            for reading in READINGS:
                replay = played(reading)
                table = replay.by_training_data.set_index(["predictor", "decision"]).probability
                known = (predictors.ONE_STEP_AHEAD, predictors.LEAVE_ONE_OUT)
                cells += [percent(float(table.loc[(name, decision)])) for name in known]
                fitted = replay.ensemble.decisions.set_index("decision").probability
                cells.append(percent(float(fitted[decision])))
            yield cells

    names = [f"{reading}: {what}" for reading in READINGS for what in ("one step ahead", "leave-one-out", "fitted")]
    return page(("decision", *names), rows())


def learnt() -> str:
    """What the record says of the parameters, beyond what was assumed."""
    scenario = sim.load("monopoly-1922")
    particles = scenario.posterior
    assert particles is not None
    unknown = tuple(key for key in particles.rows if particles.quantiles[particles.rows[key]].std() > 0)
    quantiles = particles.quantiles[[particles.rows[key] for key in unknown]]
    runs = particles.independent_runs
    by_run = quantiles.reshape(len(unknown), -1, runs).swapaxes(1, 2)
    summary = PosteriorSummary(scenario.from_prior(), SEED, unknown, by_run, np.ones(len(unknown)))
    parameters = scenario.debate.parameters
    told = summary.table[(summary.table.kind == "parameter") & (summary.table.information_gain >= LEARNT)]

    def rows() -> Iterator[Sequence[str]]:
        for row in told.itertuples():
            ranges = [f"{row.prior_q05:.2f} to {row.prior_q95:.2f}", f"{row.q50:.2f} ({row.q05:.2f} to {row.q95:.2f})"]
            yield [f"`{row.name}`", parameters[str(row.name)].meaning, *ranges, f"{row.information_gain:.1f}"]

    number = sum(purpose == PARAMETER for purpose, _ in unknown)
    return (
        page(("parameter", "what it is", "assumed (90 %)", "learnt: median (90 %)", "bits"), rows())
        + f"\nOf the other {number - len(told)} unknown parameters it says less than {LEARNT:g} bits.\n"
    )


def centres() -> str:
    """What the fitted model says, were the stances that nobody recorded centred elsewhere."""
    replay = played("as it is")
    table = replay.centres.pivot_table(index="decision", columns="centre", values="probability", sort=False)
    fitted = replay.ensemble.decisions.set_index("decision").probability
    rows = ([f"`{name}`", *map(percent, row), percent(float(fitted[name]))] for name, row in table.iterrows())
    return page(("decision", *(f"centre at {centre:+g}" for centre in table.columns), "as fitted"), rows)


def trials() -> str:
    """What each part does to the unfitted model, its other assumptions kept."""
    base = sim.load("monopoly-1922", prior=True)

    def rows() -> Iterator[Sequence[str]]:
        for name, (changes, fixed) in TRIALS.items():
            scenario = base.with_changes(*changes) if changes else base
            over = ensemble.spread(play_runs(scenario, RUNS, SEED, fixed=fixed), None).mean
            found = dict(zip(arrays_of(scenario).names.ballots, over.tolist(), strict=True))
            total = sum(log_score(found[ballot.id], ballot.outcome) for ballot in compared_ballots(scenario))
            asked = ("may-confirmation", "october-relaxation", "december-rescission")
            yield [name, *(percent(found[one]) for one in asked), f"{total:.2f}"]

    return page(("change", "May", "October", "December", "log score of the seven"), rows())


TABLES: dict[str, Callable[[], str]] = {
    made.__name__: made for made in (decisions, scores, comparison, readings, learnt, centres, trials)
}


def shown(name: str) -> tuple[str, int, int]:
    """The text of the page, and where a table of it begins and ends."""
    text = FINDINGS.read_text("utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    return text, text.index(begin) + len(begin), text.index(end)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_findings_is_what_the_program_says(name: str) -> None:
    """Every table of the findings of 1922 is made by the program, to the digit."""
    text, start, end = shown(name)
    refresh = "run 'python -m tests.commands.test_findings --refresh', and say in CHANGELOG.md why numbers moved"
    assert text[start:end] == TABLES[name](), refresh


def candidates(folder: Path) -> str:
    """What `sim compare` said of every candidate: the table of a folder of its results."""

    def rows() -> Iterator[Sequence[str]]:
        for row in pandas.read_csv(folder / "candidates.csv").to_dict("records"):
            name = f"`{row['name']}`" + " (the debate's own)" * row["is_own"]
            beside = "another record" if math.isnan(row["difference"]) else f"{row['difference']:+.1f}"
            evidence = f"{row['log_evidence']:.2f} ± {row['error']:.2f}"
            alone = f"{row['leave_one_out_score']:.2f} ± {row['leave_one_out_error']:.2f}"
            yield [str(row["kind"]), name, evidence, "" if row["is_own"] else beside, alone]

    return page(("kind", "candidate", "log evidence", "beside the own", "leave-one-out log score"), rows())


def test_every_candidate_stands_in_the_table_of_rivals() -> None:
    """The table that `sim compare` made has a row for each rule, each ablation and each reading, and no others."""
    text, start, end = shown("candidates")
    named = re.findall(r"^\| \w+ \| `([^`]+)`", text[start:end], re.MULTILINE)
    scenario = sim.load("monopoly-1922", prior=True)
    of_rules, _ = model_comparison.rules(scenario)
    without, _ = model_comparison.without_a_part(scenario)
    assert named == [one.name for one in [*of_rules, *model_comparison.readings(scenario), *without]]


def test_no_number_of_the_findings_is_written_by_hand() -> None:
    """Outside of the tables the page gives no percentage and no score, which would be forgotten when numbers move."""
    text = re.sub(r"<!-- (\w+): begin -->.*?<!-- \1: end -->", "", FINDINGS.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\d+ %|[-−]\d+\.\d+|0\.\d+", text) == []


def test_under_neither_reading_can_the_model_be_told_apart_from_the_best_rule() -> None:
    """As the page and the README say: one step ahead, with the uncertainty of the rule's own prior."""
    for reading in READINGS:
        assert "one step ahead, the model cannot be told apart from the best simple rule" in played(reading).verdict


def test_unfitted_the_mover_of_may_votes_against_their_own_motion() -> None:
    """As the page says: in May the model's Lenin says no to the motion that he moved more often than yes."""
    base = sim.load("monopoly-1922", prior=True)
    votes = sim.ensemble(base, runs=RUNS, seed=SEED).ballots.set_index(["decision", "member"])
    assert votes.no["may-confirmation", "lenin"] > votes.yes["may-confirmation", "lenin"]


def main(compared: str | None = None) -> None:
    """Writes every table anew; that of the rivals from a folder of `sim compare`, which takes long."""
    rivals = {"candidates": lambda: candidates(Path(str(compared)))} if compared else {}
    for name, made in (TABLES | rivals).items():
        text, start, end = shown(name)
        FINDINGS.write_text(text[:start] + made() + text[end:], "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--refresh"]:
        sys.exit("usage: python -m tests.commands.test_findings --refresh [FOLDER OF sim compare]")
    main(*sys.argv[2:3])
