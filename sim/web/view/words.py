"""The words that the page takes from the program: what evidence and rules mean."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from sim.evaluation.predictors import LABELS
from sim.results.labels import member_label
from sim.scenario.dates import MONTHS
from sim.scenario.schema import DebateFile

#: What the evidence words mean, for a reader who has not seen them.
EVIDENCE = {
    "documented": "a primary source says so",
    "attributed": "an editor, historian or memoirist says so",
    "conjecture": "inference or recollection that nobody has verified",
    "assumed": "nobody says so: an assumption, with its reason",
}

#: What is kept of a scenario at each choice of evidence.
EVIDENCE_KEPT = {
    "all": "all that the file says",
    "documented": "only what a primary source says",
    "seed": "only what the founding document says",
}

#: What each rule says, as in the glossary.
RULES_SAY = {
    "degroot": "everybody present counts alike, whatever their distance",
    "friedkin-johnsen": "the same, with the rest of one's weight on one's first stance",
    "hegselmann-krause": "who is within the bound counts, nobody else does",
    "soft-bounded-confidence": "the nearer counts more, up to the bound",
    "gaussian-bounded-confidence": "the nearer counts more, by a normal curve",
    "attraction-repulsion": "the near attract, the far repel",
    "social-impact": "impact falls with the square of the distance",
    "deffuant-weisbuch": "members meet in random pairs, and approach if near enough",
    "random-copying": "members take over the whole stance of one speaker, drawn by weight: the voter model",
    "unbounded": "a letter counts whatever the distance of what it argues for",
    "logit": "the chance of yes grows smoothly with how much nearer the motion is",
    "nearest": "the nearer of the two outcomes, for certain",
    "fixed": "one chance of yes, of all or of each, whatever the stance",
}


def predicted_by(predictors: Iterable[str]) -> str:
    """By what it was predicted, in words."""
    return "; or by ".join(LABELS[name] for name in dict.fromkeys(predictors))


def without_scores(verdict: str) -> str:
    """Whether the model predicts better than a rule, without the numbers that need a statistician."""
    return re.sub(r" \([^)]* in log score\)", "", verdict)


#: The space between a number and its unit, or what it is of.
_WITHIN = re.compile(
    r"(?<=\d) (?=of \d)|(?<=\d of) (?=\d)"
    r"|(?<=\d) (?=%|(?:points?|histor(?:y|ies)|votes?|for|against|abstaining)\b)|(?<=[<>]) (?=\d)"
)


def unparted(text: str) -> str:
    """A text in which no line ends between a number and its unit."""
    return _WITHIN.sub("\N{NO-BREAK SPACE}", text)


def in_prose(debate: DebateFile, texts: Iterable[str]) -> list[str]:
    """Sentences for a page: members by their names, moments by their titles, dates as people write them."""
    called = {item.id: f"“{item.title}”" for item in debate.timeline if item.title}
    called |= {name: member_label(member) for name, member in debate.members.items()}

    def date(found: re.Match[str]) -> str:
        day = datetime.date.fromisoformat(found[0])
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    named = [re.sub(r"'([a-z0-9-]+)'", lambda found: called.get(found[1], found[0]), text) for text in texts]
    return [re.sub(r"\b\d{4}-\d\d-\d\d\b", date, text) for text in named]
