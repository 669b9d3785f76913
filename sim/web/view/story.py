"""What a page opens with: a headline, a few words, a decision, and a change to guess at and to make."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.ensembles.ensemble import Ensemble
from sim.results.labels import decision_name, member_label
from sim.results.wording import dated
from sim.scenario.schema import Ballot
from sim.web.view.debate import View
from sim.web.view.decisions import with_carried
from sim.web.view.parts import Part, to_decision


def story(many: Ensemble, what_ifs: Sequence[View], *, moves: bool = True) -> View:
    """The scenario's own story, or one made of its question and of the decision that is most open in the model.

    headline, text. decision: the id of what it is about; None where nothing is decided. change: its `label`, and its
    `world` as in `PageRequest`: the scenario's, or the first of the what-ifs; where there are none, if the page `moves`
    people, somebody who comes or goes; or None. asks: what is to be guessed of both, and about: of what the
    guess is, as parts.
    """
    debate, told = many.scenario.debate, many.scenario.debate.story
    decision = told.decision if told else _most_open(many)
    named = [one for one in what_ifs if told and one["name"] == told.change]
    ballot = next((one for one in debate.timeline if isinstance(one, Ballot) and one.id == decision), None)
    title = f"“{decision_name(debate, ballot.id)}”" if ballot else ""
    ready = [{"label": one["title"], "world": {f"what_ifs:{one['name']}": True}} for one in (*named, *what_ifs)]
    change = ready[0] if ready else _move(many, ballot) if ballot and moves else None
    return {
        "headline": told.headline if told else debate.question,
        "text": told.text if told else " ".join(re.split(r"(?<=[.!?])\s+", debate.about or "")[:2]).strip(),
        "decision": decision,
        "change": change,
        "asks": f"“{change['label']}”: in how many of 100 would {title} be carried?" if change else "",
        "about": _about(ballot, title) if ballot and change else [],
    }


def _about(ballot: Ballot, title: str) -> list[Part]:
    """What the guess is of, and a way there."""
    return ["The question is of ", to_decision(ballot.id, title), f", {dated(ballot.date, ballot.between)}."]


def _most_open(many: Ensemble) -> str | None:
    """The decision that is carried in nearest to half of all histories, the first of equals."""
    table = with_carried(many)
    order = (table.carried - 0.5).abs().sort_values(kind="stable").index
    return str(table.decision[order[0]]) if len(order) else None


def _move(many: Ensemble, ballot: Ballot) -> View | None:
    """Somebody absent comes to a decision, or else the surest yes goes; None where nobody can."""
    debate = many.scenario.debate
    rows = many.ballots[(many.ballots.decision == ballot.id) & many.ballots.member.isin(list(debate.members))]
    if rows.empty or ballot.by_correspondence:
        return None
    first = rows.sort_values(["absent", "yes"], ascending=False, kind="stable").iloc[0]
    comes = first.absent >= 0.5
    return {
        "label": f"{'Seat' if comes else 'Without'} {member_label(debate.members[first.member])}",
        "world": {f"room:{ballot.id}:{first.member}": "in" if comes else "out"},
    }
