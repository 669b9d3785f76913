"""The data that a report carries for its page: what the server would answer, played beforehand and compressed."""

from __future__ import annotations

import base64
import gzip
from dataclasses import replace

from sim.web.report.content import Contents
from sim.web.view.answers import foot, of_decisions, stances, written
from sim.web.view.debate import View, debate_view
from sim.web.view.story import story
from sim.web.view.worlds import ReadyMade, ready_made


def as_text(content: View) -> str:
    """Data as a page reads it: JSON, gzip and base64; the same for the same data at any time."""
    return base64.b64encode(gzip.compress(written(content), mtime=0)).decode()


def everything(contents: Contents) -> View:
    """The debate as it was, and every other world of a report."""
    many = contents.replay.ensemble
    worlds = [
        ReadyMade(answer.question.name, answer.question.title, answer.question.why, answer.comparison)
        for answer in contents.answers
    ]
    return {"base": _base(contents), "ready_made": ready_made(contents.scenario, worlds, many.runs, many.seed)}


def _base(contents: Contents) -> View:
    many = contents.replay.ensemble
    free = replace(many, record=many.free)
    questions = [answer.question for answer in contents.answers]
    what_ifs = [{"name": one.name, "title": one.title, "why": one.why} for one in questions]
    return {
        "debate": {**debate_view(contents.scenario), "what_ifs": what_ifs},
        "story": story(many, what_ifs, moves=False),
        "runs": many.runs,
        "seed": str(many.seed),
        "replicate": 0,
        "foot": foot(many),
        "recorded": stances(many),
        "free": stances(free),
        "history": {},
        **of_decisions(many, contents.replay),
    }
