"""How well the model predicts what it was not fitted to, and which decisions it misses, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.evaluation.predictors import ONE_STEP_AHEAD
from sim.evaluation.replay import Replay
from sim.results.labels import decision_name
from sim.results.wording import percent
from sim.scenario.scenario import compared_ballots
from sim.web.view.parts import Part, bullets, element, paragraph, span, to_moment
from sim.web.view.words import without_scores

#: What a page says that was opened without a posterior.
UNFITTED = (
    "This page is opened without a fit to what happened: each number is drawn from the range assumed of it, and no "
    "decision was known to the model beforehand."
)


def of_replay(replay: Replay) -> list[Part]:
    """How the model predicts beside the best simple rule, and what it misses before it was fitted to it and after.

    Before: one step ahead, from what came before a decision. After: by the ensemble.
    """
    rows, is_fitted = replay.ensemble.decisions, replay.scenario.posterior is not None
    known = rows[(rows.documented != "") & rows.probability.notna()]
    ahead = replay.predicted[replay.predicted.predictor == ONE_STEP_AHEAD]
    before, after = (dict(zip(one.decision, one.probability, strict=True)) for one in (ahead, known))
    fitted_to_less = "Fitted only to what came before each, the model finds these less likely than not:"
    fitted = (
        f"Of {len(known)} decisions whose outcome is known, these went as the model finds less likely than not"
        f"{', even fitted to what happened' if is_fitted else ''}. The chances hold if all before went as it did; they "
        "are not the shares of histories that run free:"
    )
    missed, title = _missed(replay, after, fitted), f"What it misses{' after fitting' if is_fitted else ''}"
    parts = [
        element("h3", "How well it predicts"),
        None if is_fitted else paragraph(UNFITTED),
        paragraph(without_scores(replay.verdict)),
        *_missed(replay, before, fitted_to_less),
        *([element("h3", title), *missed] if missed else []),
    ]
    return [part for part in parts if part]


def _missed(replay: Replay, chances: Mapping[str, float], says: str) -> list[Part]:
    """The decisions whose outcome has less than even odds by these chances; nothing where there are none."""
    debate, compared = replay.scenario.debate, {one.id for one in compared_ballots(replay.scenario)}

    def told(row: Any) -> Part:
        aside = "" if row.decision in compared else " (shown, not compared)"
        named = to_moment(row.decision, decision_name(debate, row.decision))
        given = percent(chances[row.decision])
        return span(named, f": {row.documented}; the model gives {given} to its being carried{aside}")

    rows = replay.ensemble.decisions[replay.ensemble.decisions.decision.isin(list(chances))]
    found = rows.decision.map(chances)
    missed = rows[found.where(rows.documented == "carried", 1 - found) < 0.5]
    return [] if missed.empty else [paragraph(says), bullets(map(told, missed.itertuples()))]
