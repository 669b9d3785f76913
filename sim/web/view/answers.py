"""A world as plain values for a page: stances by date, decisions, ballots, and one history of it."""

from __future__ import annotations

import datetime
import functools
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas
from numpy.typing import NDArray

from sim.counterfactuals import headline
from sim.counterfactuals.comparison import Comparison, whatif
from sim.counterfactuals.title import differences
from sim.ensembles import ensemble
from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import Executor
from sim.evaluation.replay import Replay
from sim.model import transcript
from sim.model.transcript import VOTES, Run
from sim.results.wording import capital
from sim.scenario.scenario import Origin, Scenario, rebuild
from sim.web.server.controls import with_controls
from sim.web.server.requests import Controls, PageRequest
from sim.web.view import decisions, trust
from sim.web.view.debate import View, debate_view, what_ifs
from sim.web.view.known import evidence_words, of_moments
from sim.web.view.moments import in_both
from sim.web.view.story import story
from sim.web.view.verdict import verdict
from sim.web.view.words import unparted

#: What is drawn of the distribution of a stance.
SHOWN = ("mean", "q05", "q25", "q75", "q95")
#: Digits of a stance and of a fraction: more than can be seen, so that a page never has to round a vote.
DIGITS = 4


def world(opened: Scenario, controls: Controls) -> Scenario:
    """The world of the controls, made from the scenario that the page was opened with. Raises UserError.

    Readings and evidence that the controls do not name stay as they were when the page was opened.
    """
    origin = opened.origin
    readings, evidence = {**origin.readings, **controls.readings}, controls.evidence or origin.evidence
    if (readings, evidence) == (dict(origin.readings), origin.evidence):
        return with_controls(opened, controls)
    asked = tuple(sorted(readings.items()))
    read = _read(origin.file, origin.text, asked, evidence).with_posterior(opened.posterior)
    return with_controls(read, controls)


@functools.lru_cache(maxsize=8)
def _read(file: str, text: str, readings: tuple[tuple[str, str], ...], evidence: str) -> Scenario:
    """To read a file takes longer than to change what was read."""
    return rebuild(Origin(file, text, dict(readings), evidence))


def answer(scenario: Scenario, query: PageRequest, executor: Executor | None = None) -> View:
    """What a page shows of one world, from as many histories as it is compared in.

    Only the debate as it was has a record, beside which the model can be judged.
    """
    executor = executor or Executor()
    many = ensemble.ensemble(scenario, query.runs, query.seed, executor)
    free = replace(many, record=many.free)
    run = transcript.play(scenario, query.seed, query.replicate)
    judged = None if scenario.origin.changes else Replay(many, executor=executor.silent)
    return {
        "debate": debate_view(scenario),
        "story": story(many, what_ifs(scenario)),
        "runs": many.runs,
        "seed": str(query.seed),
        "replicate": query.replicate,
        "foot": foot(many),
        "recorded": stances(many),
        "free": stances(free),
        "history": history(run),
        **of_decisions(many, judged),
    }


def foot(many: Ensemble) -> str:
    """Who takes part, what the model rests on, and what makes the same numbers again."""
    scenario = many.scenario
    again = f"scenario {scenario.name}, digest {scenario.digest}; {many.runs:,} histories, seed {many.seed}"
    return f"{scenario.people} · {scenario.basis} · {again}"


def compared(opened: Scenario, other: Scenario, runs: int, seed: int, executor: Executor) -> View:
    """The worlds opened and asked for, played with common random numbers, both running free, and what differs."""
    return comparison_view(whatif(opened, other, runs, seed, executor))


def of_decisions(many: Ensemble, judged: Replay | None = None) -> View:
    """What becomes of each decision, as columns and as a table, and how far to trust it.

    Put and carried are shares of all histories, which run free. judged: the same beside the record, of a debate as it
    was.
    """
    predicted = None if judged is None else judged.predicted
    return {
        "decisions": columns(decisions.with_carried(many)),
        "decided": decisions.replayed(many, predicted),
        "trust": [*([] if judged is None else trust.of_replay(judged)), *evidence_words()],
    }


def comparison_view(comparison: Comparison) -> View:
    """What a page shows of a comparison: sentences, the decisions as columns, and the tables and texts to be read.

    headline: its one true sentence, as `sim whatif` says it; in_short: the same without its numbers' intervals.
    changed: what is different, for a file. decision: the id of the decision that surely changes most, or None.
    ends_said: where both worlds end, in a sentence. decisions: a row a ballot of either world, with the columns of
    `Comparison.decisions` and of `Comparison.unput`, all shares of all histories, and `said`, a sentence on it without
    its name. through_said: by decision, of that one and of the one of the debate's story, whose votes change, empty
    where hardly anybody's do. moments: of both worlds, see `moments.in_both`. happened, verdict, decided:
    what happens, all that differs, and the decisions, as parts.
    """
    moments = in_both(comparison)
    story, largest = comparison.base.debate.story, headline.largest(comparison.decisions)
    told = dict.fromkeys(([story.decision] if story else []) + ([] if largest is None else [largest.decision]))
    rows = comparison.decisions.merge(comparison.unput, on="decision", validate="one_to_one")
    said = {str(row.decision): headline.of_decision(row) for row in rows.itertuples()}
    most = comparison.headline
    if largest is not None:
        most = f"“{comparison.names[largest.decision]}” {said[largest.decision]}."
    changed = [capital(said) for said in differences(comparison.base, comparison.other)]
    sentences: dict[str, Any] = {
        "in_short": most,
        "ends_said": headline.of_ends(comparison.ends),
        "through_said": {name: _through(comparison, name) for name in told},
    }
    return {
        "runs": comparison.runs,
        "headline": comparison.headline,
        **sentences,
        "changed": f"Changed: {'; '.join(changed)}",
        "decision": None if largest is None else largest.decision,
        "decisions": {**columns(rows), "said": list(said.values())},
        "moments": moments,
        "happened": of_moments(moments),
        "verdict": verdict(comparison, changed),
        "decided": decisions.compared(comparison, said),
    }


def _through(comparison: Comparison, decision: str) -> str:
    """Whose votes change in a decision, in a sentence."""
    votes = comparison.votes_changed[comparison.votes_changed.decision == decision]
    motion = f"“{comparison.names.get(decision, decision)}”"
    return headline.of_voters(votes, comparison.labels, comparison.leader, motion)


def stances(many: Ensemble) -> View:
    """Stances by date, for each member the series of `SHOWN`, the policy most often in force, and who votes how.

    Stances and policies are in units of the axis, votes shares of the histories in which a motion is put. A mean of
    policies would lie where no history has one.
    """
    values = many.stances.sel(statistic=list(SHOWN)).transpose("member", "statistic", "date")
    return {
        "dates": _days(values.date.to_series()),
        "members": {
            str(member): dict(zip(SHOWN, _numbers(rows), strict=True))
            for member, rows in zip(values.member.values, values.values, strict=True)
        },
        "policy": _numbers(_most_frequent(many.policy_shares)),
        "votes": columns(many.ballots),
    }


def _most_frequent(policies: pandas.DataFrame) -> NDArray[np.float64]:
    """By date, the policy in which most histories are."""
    shares = policies.pivot_table("share_as_recorded", "date", "policy")
    places: NDArray[np.float64] = shares.columns.to_numpy(np.float64)[shares.to_numpy().argmax(axis=1)]
    return places


def history(run: Run) -> View:
    """One history: stances at the end of every day on which something happens, and who votes how, as shares of one."""
    last, votes = run.stances.drop_duplicates("date", keep="last"), run.ballots.vote
    shares = pandas.DataFrame({vote: (votes == vote).astype(float) for vote in VOTES.values()})
    members = [name for name in last.columns if name not in ("date", "moment")]
    return {
        "dates": _days(last.date),
        "members": {name: {"mean": _numbers(last[name].to_numpy())} for name in members},
        "votes": columns(run.ballots.join(shares)),
    }


def columns(table: pandas.DataFrame) -> View:
    """A table as its columns: days as text, numbers to `DIGITS` digits, what is missing as None."""
    return {str(name): _column(table[name]) for name in table.columns}


def _column(column: pandas.Series[Any]) -> list[Any]:
    if str(column.dtype).startswith("datetime"):
        return _days(column)
    if column.dtype == np.float64:
        rounded: list[Any] = _numbers(column.to_numpy())
        return rounded
    return [None if pandas.isna(item) else item for item in column.tolist()]


def _days(column: pandas.Series[Any]) -> list[str]:
    return [str(day) for day in column.dt.strftime("%Y-%m-%d")]


def _numbers(values: Any) -> Any:
    """Numbers as nested lists, rounded; NaN, which JSON does not have, as None."""
    listed = np.round(values, DIGITS).tolist()
    return _without_nan(listed) if np.isnan(values).any() else listed


def _without_nan(listed: Any) -> Any:
    if isinstance(listed, list):
        return [_without_nan(item) for item in listed]
    return None if math.isnan(listed) else listed


def _plain(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing that a page can read")


def written(content: View) -> bytes:
    """An answer as JSON."""
    text = json.dumps(content, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return unparted(text).encode()
