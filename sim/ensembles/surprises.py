"""Documented outcomes to which the model gives less than half, each with a sentence of why."""

from __future__ import annotations

from typing import Any

from sim.ensembles.ensemble import Ensemble
from sim.results.labels import decision_name
from sim.results.wording import number, percent

EVEN = 0.5


def surprises(ensemble: Ensemble) -> list[str]:
    """A sentence for every documented outcome that the model finds less likely than not, every ballot met as recorded.

    It gives the mean private and expressed stance of those with a vote, and where a vote turns.
    docs/explanation/limits.md discusses such results.
    """
    said = []
    for _, each in ensemble.decisions.iterrows():
        row: Any = each
        chance = row.probability if row.documented == "carried" else 1 - row.probability
        if row.documented in ("carried", "rejected") and chance < EVEN:
            name = f"“{decision_name(ensemble.scenario.debate, row.decision)}”"
            why = _why(ensemble, row.decision)
            said.append(f"{name} was {row.documented}, to which the model gives {percent(chance)}: {why}")
    return said


def _why(ensemble: Ensemble, decision: str) -> str:
    votes = ensemble.ballots[ensemble.ballots.decision == decision]
    private, expressed = float(votes.stance.mean()), float(votes.voiced.mean())
    moved = (
        "nobody defers"
        if (votes.voiced - votes.stance).abs().max() < 1e-9
        else f"deference makes that {number(expressed, 2)} as expressed"
    )
    yes = f"{percent(float(votes.yes.mean()))} of them vote yes"
    page = "docs/explanation/limits.md"
    return f"those with a vote stand at {number(private, 2)} on average, {moved}, and {yes} ({page})."
