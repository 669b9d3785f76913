"""The decisions of one world or of two beside the record, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas

from sim.counterfactuals.comparison import Comparison
from sim.ensembles.ensemble import Ensemble
from sim.results.labels import decision_name
from sim.results.wording import MISSING, capital, dated, interval, number, percent, points
from sim.scenario import sources
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.schema import Ballot
from sim.web.view.known import record
from sim.web.view.parts import (
    Column,
    Part,
    badge,
    element,
    paragraph,
    share,
    span,
    table,
    to_decision,
)
from sim.web.view.words import predicted_by

#: What the table is called.
TITLE = "The decisions, and what the model makes of them"


def replayed(many: Ensemble, predicted: pandas.DataFrame | None = None) -> list[Part]:
    """Each decision of a debate: the record, how often it is put and carried, and what the replay gives it.

    predicted: what the model said of each before it had seen it, as in `Replay.predicted`, where that is known.
    """
    scenario, rows = many.scenario, with_carried(many)
    before = {} if predicted is None else dict(zip(predicted.decision, predicted.probability, strict=True))
    fitted = (
        " The model is fitted to these decisions, but for those shown and not compared: what it says of them proves "
        "nothing."
    )
    columns = (
        *_of_record(scenario, scenario),
        *([Column("predicted", lambda row: percent(before[row.decision]), "number")] if before else []),
        share("put", "put"),
        share("carried", "carried"),
        share("replayed", "probability"),
        Column("95 % of draws", lambda row: _range(row.low, row.high), "number soft"),
        Column("yes votes", lambda row: MISSING if pandas.isna(row.tally_mean) else number(row.tally_mean), "number"),
    )
    says = (
        f"Put and carried: shares of all {many.runs:,} histories, in which the model decides by itself. Replayed: the "
        "probability that it is carried when every earlier decision went as it did, and the mean of its yes votes."
    )
    if predicted is not None:
        says = f"Predicted: the probability that it is carried, by {predicted_by(predicted.predictor)}. {says}"
    shown = table(TITLE, rows.itertuples(), columns, lambda row: _data(row, "probability", "put", "carried"))
    return [shown, paragraph(says + fitted if scenario.posterior else says, kind="aside")]


def compared(comparison: Comparison, said: Mapping[str, str]) -> list[Part]:
    """Each decision of either world: the record, how often both put and carry it, and what is said to become of it."""
    rows = comparison.decisions.sort_values("date", kind="stable")
    columns = (
        *_of_record(comparison.base, comparison.other),
        Column("what becomes of it", lambda row: capital(said[row.decision]), "becomes"),
        share("as it was: put", "put"),
        share("as it was: carried", "carried"),
        share("then: put", "put_other"),
        share("then: carried", "carried_other"),
        Column("difference in points (95 %)", _difference, "number"),
    )
    says = (
        "Then: in the other world. Put and carried: shares of all "
        f"{comparison.runs:,} histories of each world; the difference in points."
    )
    names = ("put", "carried", "put_other", "carried_other", "difference")
    return [table(TITLE, rows.itertuples(), columns, lambda row: _data(row, *names)), paragraph(says, kind="aside")]


def with_carried(many: Ensemble) -> pandas.DataFrame:
    """The decisions of an ensemble and `carried`, the share of all histories, which run free, that put and carry it."""
    rows = many.decisions
    return rows.assign(carried=(rows.put * rows.probability_free).fillna(0.0))


def _of_record(base: Scenario, other: Scenario) -> tuple[Column, ...]:
    """What the record says of a decision: what it is of, when, how it came out, and how well that is known."""
    before, after = (
        {one.id: one for one in world.debate.timeline if isinstance(one, Ballot)} for world in (base, other)
    )
    ballots = {**before, **after}
    fitted = {one.id for world in (base, other) for one in compared_ballots(world)}

    def name(row: Any) -> Part:
        world = other if row.decision in after else base
        aside = "" if row.decision in fitted else " shown, not compared"
        aside = aside if row.decision in before else " only in the other world"
        named = to_decision(row.decision, decision_name(world.debate, row.decision))
        return element("span", named, span(aside, kind="aside") if aside else None, title=row.motion)

    def recorded(row: Any) -> Part:
        ballot = ballots[row.decision]
        return span(f"{record(ballot)} ", badge(ballot.evidence))

    def when(row: Any) -> Part:
        ballot = ballots[row.decision]
        return dated(ballot.date, ballot.between)

    return Column("motion", name), Column("date", when, "day"), Column(sources.told_by(base.debate), recorded)


def _range(low: float, high: float) -> str:
    return MISSING if pandas.isna(low) else f"{percent(low)} to {percent(high)}"


def _difference(row: Any) -> Part:
    said = f"{points(row.difference)} ({interval(row.low, row.high)})"
    return span(said, kind="sure" if row.low > 0 or row.high < 0 else "soft")


def _data(row: Any, *names: str) -> Mapping[str, Any]:
    """Numbers of a row, by their names, for whoever reads the table by a program."""
    return {
        name.replace("_", "-"): value for name in ("decision", *names) if not pandas.isna(value := getattr(row, name))
    }
