"""The tables of docs/explanation/brest-1918.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sim
from sim.counterfactuals.headline import largest
from sim.evaluation.named_votes import MODEL
from sim.evaluation.predictors import BASELINES, FITTED, LEAVE_ONE_OUT, ONE_STEP_AHEAD, UNFITTED
from sim.model import priors
from sim.results.labels import decision_name, member_label
from tests.commands.findings import (
    BREST,
    MONOPOLY,
    RUNS,
    SEED,
    decisions_of,
    learnt_of,
    page,
    percent,
    played,
    scores_of,
    votes,
    votes_of,
)

HOW = (ONE_STEP_AHEAD, LEAVE_ONE_OUT)
ADVANCE = "advance"
EVENING, ACCEPTANCE = "offer-in-the-evening", "acceptance"
SWITCHED = ("trotsky", "stasova", "joffe", "krestinsky", "dzerzhinsky")


def decisions() -> str:
    """What the model says of each decision, by how much of the record it has seen."""
    return decisions_of(played(BREST), lambda ballot: str(ballot.title))


def scores() -> str:
    """Who predicts the decisions how well, beside every baseline."""
    return scores_of([BREST], [FITTED, ONE_STEP_AHEAD, LEAVE_ONE_OUT, UNFITTED, *BASELINES])


def comparison() -> str:
    """Whether the model does better than a simple rule."""
    return f"{played(BREST).text}\n"


def both() -> str:
    """Who predicts the decisions of both debates how well."""
    return scores_of([MONOPOLY, BREST], [ONE_STEP_AHEAD, LEAVE_ONE_OUT, *BASELINES[:4]])


def named_votes() -> str:
    """How well the named votes of 1918 are predicted."""
    return votes_of(BREST)


def named_votes_of_both() -> str:
    """How well the named votes of both debates are predicted."""
    return votes_of(MONOPOLY, BREST)


def said_of(decision: str) -> dict[tuple[str, str], Any]:
    """What the model says of each vote in a decision, by how much it has seen and by member."""
    table = votes(BREST)
    table = table[(table.predictor == MODEL) & (table.decision == f"{BREST}: {decision}")]
    return {(row.training_data, row.member): row for row in table.itertuples()}


def advances() -> str:
    """What becomes of the model under each reading of the German advance, fitted anew under each."""

    def rows() -> Iterator[Sequence[str]]:
        for name, option in sim.load(BREST).debate.readings[ADVANCE].options.items():
            replay = played(BREST, (ADVANCE, name))
            particles, total = replay.scenario.posterior, replay.scores.set_index("predictor").total
            assert particles is not None
            table = replay.by_training_data.set_index(["predictor", "decision"]).probability
            about = json.loads(particles.about)
            yield [
                f"`{name}`: {option.says}",
                *(f"{total[how]:.2f}" for how in (UNFITTED, *HOW)),
                *(percent(float(table.loc[(how, EVENING)])) for how in HOW),
                f"{about['log_evidence']:.2f} ± {about['error']:.2f}",
            ]

    offer = decision_name(sim.load(BREST).debate, EVENING)
    seen = ("one step ahead", "leave-one-out")
    heads = ("reading", "unfitted", *seen, *(f"{offer}: {how}" for how in seen), "log evidence")
    return page(heads, rows())


def roll_calls() -> str:
    """Each vote of the two roll calls, and the chance that the model gave it."""
    members = sim.load(BREST).debate.members
    said = [said_of(decision) for decision in (EVENING, ACCEPTANCE)]

    def rows() -> Iterator[Sequence[str]]:
        for name in dict.fromkeys(member for table in said for _, member in table):
            cells = [member_label(members[name])]
            for table in said:
                asked = [table.get((how, name)) for how in HOW]
                cells += [str(asked[0].vote) if asked[0] else "not there"]
                cells += [percent(getattr(one, one.vote)) if one else "" for one in asked]
            yield cells

    names = [decision_name(sim.load(BREST).debate, decision) for decision in (EVENING, ACCEPTANCE)]
    heads = [f"{name}{what}" for name in names for what in ("", ": one step ahead", ": leave-one-out")]
    return page(("member", *heads), rows())


def switches() -> str:
    """What the model says, without the roll call, of those who changed their votes or withheld them."""
    members = sim.load(BREST).debate.members

    def rows() -> Iterator[Sequence[str]]:
        for decision in (EVENING, ACCEPTANCE):
            said = said_of(decision)
            for name in SWITCHED:
                if (LEAVE_ONE_OUT, name) in said:
                    one, other = (said[how, name] for how in HOW)
                    cells = [decision_name(sim.load(BREST).debate, decision), member_label(members[name]), one.vote]
                    for row in (one, other):
                        cells.append(" / ".join(percent(chance) for chance in (row.yes, row.no, row.abstain)))
                    yield cells

    heads = ("vote", "member", "on record", "one step ahead: yes / no / abstain", "leave-one-out: yes / no / abstain")
    return page(heads, rows())


def runs() -> str:
    """How far the independent runs of the sampler agree."""
    particles = sim.load(BREST).posterior
    assert particles is not None
    about = json.loads(particles.about)
    known = priors.of_debate(sim.load(BREST).debate)
    number = particles.independent_runs
    by_run = particles.quantiles.reshape(len(particles.rows), -1, number)
    spread = by_run.mean(axis=1).std(axis=1, ddof=1) / by_run.std(axis=(1, 2))
    widest = max(range(len(particles.rows)), key=lambda row: spread[row])
    return (
        f"{number} independent runs of {about['particles']} particles over {len(particles.rows)} unknown numbers "
        f"({sum(not one.is_fixed for one in known.parameters.values())} parameters, the rest first stances): log "
        f"evidence {about['log_evidence']:.2f} ± {about['error']:.2f}. The means of the runs scatter by at most "
        f"{spread[widest]:.2f} of a number's standard deviation.\n"
    )


def learnt() -> str:
    """What the record says of the parameters, beyond what was assumed."""
    return learnt_of(BREST)


def what_ifs() -> str:
    """Each what-if that comes with the debate, and the decision that surely changes most."""
    compared = sim.overview(sim.load(BREST), runs=RUNS // 2, seed=SEED)

    def rows() -> Iterator[Sequence[str]]:
        for one, found in zip(compared.what_ifs, compared.comparisons, strict=True):
            row = largest(found.decisions)
            if row is None:
                yield [one.file.title, "none surely", "", "", ""]
                continue
            name = decision_name(found.base.debate, str(row.decision))
            points = [f"{100 * value:+.0f}" for value in (row.difference, row.low, row.high)]
            change = f"{points[0]} points ({points[1]} to {points[2]})"
            yield [one.file.title, name, percent(row.carried), percent(row.carried_other), change]

    return page(("what if", "the decision that changes most", "as it was", "then", "difference (95 %)"), rows())


MADE = (
    runs,
    decisions,
    scores,
    comparison,
    advances,
    both,
    named_votes,
    named_votes_of_both,
    roll_calls,
    switches,
    learnt,
    what_ifs,
)
TABLES: dict[str, Callable[[], str]] = {made.__name__: made for made in MADE}
