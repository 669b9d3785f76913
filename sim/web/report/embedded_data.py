"""The data that a report carries for its page: what the server would answer, played beforehand and made small."""

from __future__ import annotations

from dataclasses import replace

from sim.ensembles.ensemble import Ensemble
from sim.ensembles.executor import play_runs
from sim.scenario.scenario import Scenario
from sim.web.report.content import Answer, Contents
from sim.web.view.answers import columns, comparison_view, stances
from sim.web.view.debate import View, debate_view, moments

#: Histories behind the stances of another world: they are drawn as means.
RUNS = 1000
#: Digits of a stance in a file that is to be sent: a hundredth of a step of a scale of five.
DIGITS = 2
#: Rows of where worlds part and of whose votes change.
ROWS = 12


def everything(contents: Contents) -> View:
    """The debate as it was, and every other world of a report."""
    return {"base": _base(contents), "worlds": [_world(contents.scenario, answer) for answer in contents.answers]}


def _base(contents: Contents) -> View:
    many = contents.replay.ensemble
    free = replace(many, record=many.free)
    debate = debate_view(contents.scenario)
    questions = [answer.question for answer in contents.answers]
    what_ifs = [{"name": one.name, "title": one.title, "why": one.why} for one in questions]
    return {
        "debate": {**debate, "controls": {**debate["controls"], "what_ifs": what_ifs}},
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


def _small(series: View, only: tuple[str, ...] = ()) -> View:
    members = {
        member: {
            name: [round(value, DIGITS) for value in values] for name, values in own.items() if not only or name in only
        }
        for member, own in series["members"].items()
    }
    return {**series, "members": members}


def _world(base: Scenario, answer: Answer) -> View:
    other = answer.question.world
    many = _playing_free(other, answer.comparison.seed)
    return {
        "name": answer.question.name,
        "world": {
            **_differences(base, other),
            "free": _small(stances(many), ("mean",)),
            "ballots_free": columns(many.ballots),
        },
        "comparison": comparison_view(answer.comparison, ROWS),
    }


def _playing_free(scenario: Scenario, seed: int) -> Ensemble:
    free = play_runs(scenario, RUNS, seed, follows_record=False)
    return Ensemble(scenario, RUNS, seed, free, free)


def _differences(base: Scenario, other: Scenario) -> View:
    """What happens in the other world and not in the base, or otherwise: the page knows the rest."""
    before = {moment["id"]: moment for moment in moments(base)}
    after = {moment["id"]: moment for moment in moments(other)}
    return {
        "gone": [name for name in before if name not in after],
        "changed": [moment for name, moment in after.items() if before.get(name) != moment],
    }
