"""Everything that the page shows, worked out beforehand: what the server would answer, made small."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import play_runs
from sim.scenario.scenario import Scenario
from sim.web.report.content import Answered, Contents
from sim.web.view.answers import Answer, columns, stances
from sim.web.view.comparison import shown
from sim.web.view.debate import account, moments

#: Histories behind the stances of another world: they are drawn as means.
RUNS = 1000
#: Digits of a stance in a file that is to be sent: a hundredth of a step of a scale of five.
DIGITS = 2
#: Rows of where worlds part and of the way a difference takes.
ROWS = 12


def everything(contents: Contents) -> dict[str, Any]:
    """The debate as it was, and every other world of a report."""
    return {"base": _base(contents), "worlds": [_world(contents, one) for one in contents.answers]}


def _base(contents: Contents) -> Answer:
    many = contents.played.ensemble
    free = replace(many, record=many.free)
    told = account(many)
    told["controls"] = {
        **told["controls"],
        "what_ifs": [
            {"name": one.asked.name, "title": one.asked.title, "why": one.asked.why} for one in contents.answers
        ],
    }
    return {
        "account": told,
        "runs": many.runs,
        "seed": str(many.seed),
        "replicate": 0,
        "recorded": _small(stances(many)),
        "free": _small(stances(free)),
        "history": {},
        "decisions": columns(many.decisions),
        "ballots": columns(many.ballots),
        "ballots_free": columns(free.ballots),
    }


def _small(series: Answer, only: tuple[str, ...] = ()) -> Answer:
    members = {
        member: {
            name: [round(value, DIGITS) for value in values] for name, values in own.items() if not only or name in only
        }
        for member, own in series["members"].items()
    }
    return {**series, "members": members}


def _world(contents: Contents, one: Answered) -> Answer:
    other = one.asked.world
    many = _playing_free(other, one.compared.seed)
    return {
        "name": one.asked.name,
        "world": {
            **_differences(contents.scenario, other),
            "free": _small(stances(many), ("mean",)),
            "ballots_free": columns(many.ballots),
        },
        "comparison": shown(one.compared, ROWS),
    }


def _playing_free(scenario: Scenario, seed: int) -> Ensemble:
    free = play_runs(scenario, RUNS, seed, follows_record=False)
    return Ensemble(scenario, RUNS, seed, free, free)


def _differences(base: Scenario, other: Scenario) -> Answer:
    """What happens in the other world and not in the base, or otherwise: the page knows the rest."""
    before = {moment["id"]: moment for moment in moments(base)}
    after = {moment["id"]: moment for moment in moments(other)}
    return {
        "gone": [name for name in before if name not in after],
        "changed": [moment for name, moment in after.items() if before.get(name) != moment],
    }
