"""Tables of the pages of findings: what the program says, as Markdown. Every page has those of its debate."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas

import sim
from sim.calibration.posterior_summary import PosteriorSummary
from sim.evaluation import baselines, comparison, named_votes, predictors
from sim.scenario.posterior import PARAMETER
from sim.scenario.scenario import compared_ballots
from sim.scenario.schema import Ballot

ROOT = Path(__file__).parent.parent.parent
SEED, RUNS = 1922, 2000
#: Bits from which on something was learnt of a parameter.
LEARNT = 0.1
MONOPOLY, BREST = "monopoly-1922", "brest-1918"
VERDICTS = {
    comparison.BETTER: "better",
    comparison.WORSE: "worse",
    comparison.NOT_TOLD_APART: "cannot be told apart",
}


@functools.cache
def played(name: str, *readings: tuple[str, str]) -> sim.Replay:
    """The replay of a shipped debate as it is read."""
    return sim.replay(sim.load(name, dict(readings)), runs=RUNS, seed=SEED)


def page(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def percent(share: float | None) -> str:
    """A probability in whole per cent; nothing where there is none."""
    return "" if share is None or np.isnan(share) else f"{100 * share:.0f} %"


def decisions_of(replay: sim.Replay, called: Callable[[Ballot], str]) -> str:
    """What the model says of each decision, by how much of the record it has seen."""
    said = {(row.predictor, row.decision): row.probability for row in replay.by_training_data.itertuples()}
    seen = (predictors.UNFITTED, predictors.ONE_STEP_AHEAD, predictors.LEAVE_ONE_OUT)
    ballots = {item.id: item for item in replay.scenario.debate.timeline if isinstance(item, Ballot)}

    def rows() -> Iterator[Sequence[str]]:
        for row in replay.ensemble.decisions.itertuples():
            asked = [percent(said.get((name, row.decision))) for name in seen]
            fitted = percent(row.probability) + ("" if any(asked) else " (predicted, never fitted)")
            tally = "" if "?" in str(row.documented_tally) else row.documented_tally
            outcome = f"{row.documented} {tally}".strip()
            yield [f"{row.date:%Y-%m-%d}", called(ballots[str(row.decision)]), outcome, *asked, fitted]

    heads = ("date", "motion", "documented", "unfitted", "one step ahead", "leave-one-out", "fitted to it")
    return page(heads, rows())


def learnt_of(name: str) -> str:
    """What the record says of the parameters, beyond what was assumed, and how far the sampler's runs agree."""
    scenario = sim.load(name)
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


def differences(*names: str) -> pandas.DataFrame:
    """The model one step ahead less each baseline, over the decisions of debates: a row a baseline, by its id."""
    tables = []
    for name in names:
        replay = played(name)
        table = replay.by_training_data[replay.by_training_data.predictor == predictors.ONE_STEP_AHEAD]
        rivals = baselines.over_priors(replay.predictions, compared_ballots(replay.scenario))
        tables.append(comparison.by_decision(predictors.ONE_STEP_AHEAD, table.set_index("decision").log_score, rivals))
    return comparison.over_baselines(comparison.differences(pandas.concat(tables))).set_index("baseline")


def scores_of(names: Sequence[str], who: Sequence[str]) -> str:
    """Who predicts the decisions of debates how well, and by how much the model, one step ahead, is nearer to 0."""
    totals, less = [played(name).scores.set_index("predictor").total for name in names], differences(*names)

    def rows() -> Iterator[Sequence[str]]:
        for one in who:
            each = [total[one] for total in totals]
            summed = [*each, sum(each)] if len(names) > 1 else each
            cells = [predictors.LABELS[one], *(f"{total:.2f}" for total in summed), "", ""]
            if one in less.index:
                row = less.loc[one]
                ends = [f"{row[end]:+.2f} ± {row[f'{end}_error']:.2f}" for end in ("low", "high")]
                cells[-2:] = " to ".join(dict.fromkeys(ends)), VERDICTS[row.verdict]
            yield cells

    scored = [f"{name}: log score" for name in names] + ["both"] if len(names) > 1 else ["log score"]
    return page(("who predicts", *scored, "the model one step ahead: more by", "is it better?"), rows())


@functools.cache
def votes(name: str) -> pandas.DataFrame:
    """Every named vote of a debate as predicted without its roll call."""
    scenario = sim.load(name)
    assert scenario.posterior is not None
    table = named_votes.table(scenario.from_prior(), named_votes.kept(scenario.posterior))
    return table.assign(decision=f"{name}: " + table.decision)


def votes_of(*names: str) -> str:
    """How well each predicts the named votes of debates, and apart from them those that are only conjectured."""
    totals = named_votes.totals(pandas.concat([votes(name) for name in names]))

    def rows() -> Iterator[Sequence[str]]:
        for (is_compared, predictor), part in totals.groupby(["is_compared", "predictor"], sort=False):
            number = f"{part.votes.iloc[0]} in {part.decisions.iloc[0]}"
            cells = [("named " if is_compared else "conjectured ") + number, named_votes.LABELS[str(predictor)]]
            for row in part.sort_values("training_data", ascending=False).itertuples():
                error = "" if math.isnan(row.error) else f" ± {row.error:.2f}"
                more = "" if math.isnan(row.difference) else f"{row.difference:+.2f}{error}"
                cells += [f"{row.log_score:.2f}", percent(row.right), more]
            yield cells

    heads = [
        f"{how}: {what}" for how in ("one step ahead", "leave-one-out") for what in ("mean", "right", "model more by")
    ]
    return page(("votes in roll calls", "who predicts", *heads), rows())


def candidates_of(table: pandas.DataFrame) -> str:
    """What `sim compare` said of every candidate: a table of a folder of its results."""

    def rows() -> Iterator[Sequence[str]]:
        for row in table.to_dict("records"):
            name = f"`{row['name']}`" + " (the debate's own)" * row["is_own"]
            beside = "another record" if math.isnan(row["difference"]) else f"{row['difference']:+.1f}"
            evidence = f"{row['log_evidence']:.2f} ± {row['error']:.2f}"
            alone = f"{row['leave_one_out_score']:.2f} ± {row['leave_one_out_error']:.2f}"
            ahead = f"{row['one_step_ahead_score']:.2f} ± {row['one_step_ahead_error']:.2f}"
            yield [str(row["kind"]), name, evidence, "" if row["is_own"] else beside, alone, ahead]

    heads = ("kind", "candidate", "log evidence", "beside the own", "leave-one-out log score", "one step ahead")
    return page(heads, rows())


def shown(path: Path, name: str) -> tuple[str, int, int]:
    """The text of a page, and where a table of it begins and ends."""
    text = path.read_text("utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    return text, text.index(begin) + len(begin), text.index(end)
