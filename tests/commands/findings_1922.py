"""The tables of docs/explanation/monopoly-1922.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sim
from sim.ensembles import ensemble
from sim.ensembles.executor import play_runs
from sim.ensembles.scores import log_score
from sim.evaluation import predictors
from sim.model.arrays import arrays_of
from sim.scenario.scenario import compared_ballots
from tests.commands.findings import MONOPOLY, RUNS, SEED, decisions_of, learnt_of, page, percent, played

READINGS: dict[str, dict[str, str]] = {"as it is": {}, "`status-quo: ban`": {"status-quo": "ban"}}
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


def as_read(reading: str) -> sim.Replay:
    """The replay of the debate as it is read."""
    return played(MONOPOLY, *READINGS[reading].items())


def decisions() -> str:
    """What the model says of each decision, by how much of the record it has seen."""
    return decisions_of(played(MONOPOLY), lambda ballot: ballot.motion)


def scores() -> str:
    """Who predicts the seven decisions how well, under both readings of what was in force in the summer of 1922."""
    totals = [as_read(reading).scores.set_index("label").total for reading in READINGS]
    rows = ([str(name), *(f"{total[name]:.2f}" for total in totals)] for name in totals[0].index)
    return page(("who predicts the seven fitted decisions", *READINGS), rows)


def comparison() -> str:
    """Whether the model does better than a simple rule, under both readings."""
    first, second = READINGS
    return f"As it is: {as_read(first).text}\n\nUnder {second}: {as_read(second).verdict}\n"


def readings() -> str:
    """October and what hangs on it under both readings."""

    def rows() -> Iterator[Sequence[str]]:
        for decision in ("may-confirmation", "october-relaxation", "october-deferral", "december-rescission"):
            cells = [f"`{decision}`"]
            for reading in READINGS:
                replay = as_read(reading)
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
    return learnt_of(MONOPOLY)


def centres() -> str:
    """What the fitted model says, were the stances that nobody recorded centred elsewhere."""
    replay = played(MONOPOLY)
    table = replay.centres.pivot_table(index="decision", columns="centre", values="probability", sort=False)
    fitted = replay.ensemble.decisions.set_index("decision").probability
    rows = ([f"`{name}`", *map(percent, row), percent(float(fitted[name]))] for name, row in table.iterrows())
    return page(("decision", *(f"centre at {centre:+g}" for centre in table.columns), "as fitted"), rows)


def trials() -> str:
    """What each part does to the unfitted model, its other assumptions kept."""
    base = sim.load(MONOPOLY, prior=True)

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
