"""The model without one of its parts: the parameters by which a part works, and what is left with them held at zero.

Baselines play what is left as it stands, unfitted; a comparison of models fits it to the record anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.scenario import Scenario
from sim.scenario.schema import DebateFile, Letter

DEFERENCE, LETTERS, TALK = "without deference", "letters move nobody", "talk moves nobody"
#: The models that lack a part, by name, and what members may have of their own by which the part works.
ABLATIONS: Mapping[str, tuple[str, ...]] = {
    DEFERENCE: ("deference",),
    LETTERS: ("receptiveness",),
    TALK: ("susceptibility", "attachment"),
}


def off(scenario: Scenario, ablation: str) -> dict[str, float]:
    """The parameters of a part, held at zero: with letters that move nobody, one can still be deferred to."""
    return dict.fromkeys(_parameters(scenario.debate, ablation), 0.0)


def all_movement_off(scenario: Scenario) -> dict[str, float]:
    """Everything that moves or colours a stance, held at zero."""
    drift = scenario.debate.dynamics.drift
    held = dict.fromkeys([drift.reversion, drift.noise] if drift else [], 0.0)
    for ablation in ABLATIONS:
        held |= off(scenario, ablation)
    return held


def without(scenario: Scenario, ablation: str) -> Scenario:
    """The debate without a part. Raises ValueError, saying why, where that is no other model, or not only that."""
    debate, parts = scenario.debate, Counter(_parameters(scenario.debate, ablation))
    if all(debate.parameters[name].value == 0 for name in parts) or not _is_at_work(scenario, ablation):
        raise ValueError("there is none in this debate")
    uses = Counter(_words([debate.dynamics.model_dump(), [each.model_dump() for each in debate.members.values()]]))
    shared = [name for name, times in parts.items() if uses[name] > times]
    if shared:
        raise ValueError(f"'{shared[0]}' is used for more than that")
    changes: list[Mapping[str, Any]] = []
    for name in parts:
        low, high = debate.parameters[name].range
        changes.append({"set": f"{name}.range", "to": [min(low, 0.0), max(high, 0.0)]})
        changes.append({"set": f"{name}.value", "to": 0.0})
    return scenario.with_changes(*changes)


def _parameters(debate: DebateFile, ablation: str) -> list[str]:
    """The parameters of a part (of deference those of `deferred_by`), each as often as it is named."""
    dynamics, deference = debate.dynamics, debate.dynamics.deference
    common: dict[str, list[str | None]] = {
        DEFERENCE: [deference.weight, deference.mover_weight] if deference else [],
        LETTERS: [dynamics.letters.receptiveness] if dynamics.letters else [],
        TALK: [dynamics.talk.susceptibility, dynamics.talk.attachment],
    }
    own = [getattr(member, field) for member in debate.members.values() for field in ABLATIONS[ablation]]
    return debate.in_place_of([*common[ablation], *own])


def _is_at_work(scenario: Scenario, ablation: str) -> bool:
    entries = scenario.entries
    if ablation == LETTERS:
        return any(isinstance(entry.item, Letter) for entry in entries)
    return any(entry.kind == ("talk" if ablation == TALK else "ballot") for entry in entries)


def _words(value: Any) -> Iterator[str]:
    """Every word in what may be nested, but for what merely names something."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _words(inside)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            yield from _words(inside)
