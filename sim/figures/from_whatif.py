"""From a comparison of two worlds, and from what explains a decision, to what is drawn of them."""

from __future__ import annotations

import pandas as pd

from sim.figures.data import COLUMNS, FigureData, Names
from sim.figures.labels import member_label, of_tables, short_name
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot


def names_of(*worlds: Scenario) -> Names:
    """What members and ballots of these worlds are called; of two that have one, as the last has it."""
    members: dict[str, str] = {}
    ballots: dict[str, str] = {}
    for world in worlds:
        debate = world.debate
        members |= {name: member_label(member) for name, member in debate.members.items()}
        spelt = [label for name, label in members.items() if debate.members[name].count is None]
        for item in debate.timeline:
            if isinstance(item, Ballot):
                ballots[item.id] = short_name(item.id, *spelt, debate.bodies[item.body].name)
    return Names(worlds[0].debate.title, members, ballots)


def of_world(scenario: Scenario, stances: pd.DataFrame, policy: pd.DataFrame, mean: str) -> FigureData:
    """One of two worlds as figure data: mean stances and policy, and the members in the colours that they always have.

    mean: the column that holds this world's means.
    """
    quantiles = ("mean", "q05", "q25", "q50", "q75", "q95")
    electors = pd.DataFrame(arrays_of(scenario).names.electors, columns=["decision", "member"])
    return of_tables(
        scenario,
        {
            "stances": stances[["date", "member"]].assign(**dict.fromkeys(quantiles, stances[mean])),
            "policy_as_recorded": policy[["date"]].assign(**dict.fromkeys(("mean", "q05", "q50", "q95"), policy[mean])),
            "decisions": pd.DataFrame(columns=list(COLUMNS["decisions"])),
            "ballots": electors.reindex(columns=list(COLUMNS["ballots"])),
        },
    )
