"""One small debate for each word that chooses a rule; run as a program, the bits that each is played to."""

from __future__ import annotations

import json
from typing import Any

from sim.model.rules import decisions, letters, persuasion, voting
from sim.scenario.scenario import Scenario
from tests.debates import absence, ballot, debate, letter, played, talk

TALK, LETTERS, BALLOTS = tuple(persuasion.RULES), tuple(letters.LATITUDES), tuple(voting.RULES)
MAJORITIES = tuple(f"{kind} of {of}" for kind, of in decisions.MAJORITIES)
TIES, WAYS = tuple(decisions.TIES), tuple(decisions.WAYS)
REPLICATES = 5
PARAMETERS = {
    "openness": {"value": {"uniform": [0.2, 0.6]}, "range": [0, 0.7]},
    "attachment": 0.2, "bound": 0.5, "latitude": 0.6, "sharpness": 3.0, "competence": 0.6, "margin": 0.05,
    "attendance": 0.8, "pull": 0.1, "shake": 0.1, "deference": 0.3, "lapse": 7.0, "heed": 0.4,
}  # fmt: skip

DEFERENCE = {"leader": "ann", "weight": "deference", "lapses_after": "lapse"}


def small(*more: dict[str, Any], **dynamics: Any) -> Scenario:
    """Four people and everything that can happen: talk, a letter, an absence, weeks, ballots, a condition."""
    return debate(
        {"ann": 0.1, "bob": {"uniform": [0, 1]}, "cat": None, "dan": 0.9},
        absence("away", "dan", 8, 9),
        letter("word", "ann", ["bob", "cat"], 0.8, 2, strength=2),
        talk("meeting", 9),
        ballot("vote", 0.75, "policy", 9, session="meeting", moved_by="bob"),
        ballot("again", 0.25, "policy", 10, **{"if": "vote rejected"}),
        *more,
        weeks=2,
        parameters=PARAMETERS,
        drift={"reversion": "pull", "noise": "shake"},
        attendance="attendance",
        **{"deference": DEFERENCE, **dynamics},
    )


def of_talk(rule: str) -> Scenario:
    """The small debate with a rule of persuasion."""
    more = {} if rule == "friedkin-johnsen" else {"attachment": "attachment"}
    return small(talk={"rule": rule, "susceptibility": "openness", "bound": "bound", **more})


def of_letters(latitude: str) -> Scenario:
    """The small debate with a latitude of acceptance."""
    return small(letters={"receptiveness": "receptiveness", "latitude": latitude, "bound": "latitude"})


def of_ballots(rule: str) -> Scenario:
    """The small debate with a rule of voting, and abstention."""
    named = {"sharpness": "sharpness", "competence": "competence", "abstention_margin": "margin"}
    return small(ballots={"rule": rule, **named})


def procedure_of(majority: str, ties: str = "rejected") -> dict[str, Any]:
    """A procedure by its words; two thirds where it is qualified, and bob in the chair."""
    kind, _, of = majority.partition(" of ")
    share = {"share": 2 / 3, "share_of": of} if kind == "qualified" else {}
    chair = {"chair": "bob"} if ties == "chair" else {}
    return {"majority": kind, "ties": ties, "quorum": 0.5, **share, **chair}


def of_procedure(majority: str, ties: str) -> Scenario:
    """The small debate with a procedure."""
    return small(board={"procedure": procedure_of(majority, ties), "votes": {"ann": 2}})


def of_choice(way: str, ties: str) -> Scenario:
    """The small debate, and a choice among three motions after it."""
    motions = {"least": 0.1, "middle": 0.4, "policy": "policy"}
    choice = {"one_of": "choice", "procedure": {"majority": way, "ties": ties, "quorum": 0.5}}
    return small(*(ballot(name, place, (), 11, **choice) for name, place in motions.items()))


EVERY = {
    "the mover's cue": small(deference={**DEFERENCE, "mover_weight": "heed"}),
    **{f"talk {word}": of_talk(word) for word in TALK},
    **{f"letters {word}": of_letters(word) for word in LETTERS},
    **{f"ballots {word}": of_ballots(word) for word in BALLOTS},
    **{f"majority {majority}, ties {ties}": of_procedure(majority, ties) for majority in MAJORITIES for ties in TIES},
    **{f"choice by {way}, ties {ties}": of_choice(way, ties) for way in WAYS for ties in ("rejected", "lot")},
}

if __name__ == "__main__":
    print(json.dumps({name: played(scenario, REPLICATES).bits for name, scenario in EVERY.items()}))
