"""How a stance becomes a vote.

A voter compares the two positions that a motion leads to with the opinion they express:

    u = (if_lost - v)^2 - (if_carried - v)^2,    v = (1 - d) x + d p*

x is the private stance, p* what a leader has pressed and d the deference due to the leader. Where no leader has, they
may be what the mover wants and the weight of that (Kingdon 1973; Matthews and Stimson 1975); d is 0 where nobody is
deferred to.
The quadratic loss on a line is that of the spatial theory of voting (Enelow and Hinich 1984).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats
from sim.model.jit import compiled
from sim.model.numerics import logistic

#: Codes of a vote. NO_VOTE: the motion was not put.
NO_VOTE, YES, NO, ABSTAINED, WAS_ABSENT = range(5)

LOGIT, NEAREST, FIXED = range(3)

#: The words of a scenario.
RULES = {"logit": LOGIT, "nearest": NEAREST, "fixed": FIXED}


class Options(NamedTuple):
    """The positions that a motion leads to, (replicates,), in units of the axis."""

    if_carried: Floats
    if_lost: Floats


class Cue(NamedTuple):
    """What somebody who votes defers to, (replicates,): the position stated, and the weight that it has with them."""

    position: Floats
    weight: Floats


class Intention(NamedTuple):
    """How somebody votes who takes part, (replicates,): the chance of a yes if they cast a vote; 1 if they abstain."""

    yes: Floats
    abstains: Floats


@compiled
def voiced(stance: Floats, cue: Cue) -> Floats:
    """The opinion expressed, (replicates,): the private stance, drawn towards the position that a cue states."""
    out, position, weight = np.empty(stance.size), cue.position, cue.weight
    for lane in range(stance.size):
        out[lane] = (1.0 - weight[lane]) * stance[lane] + weight[lane] * position[lane]
    return out


@compiled
def utility(voice: Floats, if_carried: Floats, if_lost: Floats) -> Floats:
    """u, (replicates,), in squared units of the axis: positive where carrying the motion is the nearer option."""
    out = np.empty(voice.size)
    for lane in range(voice.size):
        lost, carried = if_lost[lane] - voice[lane], if_carried[lane] - voice[lane]
        out[lane] = lost * lost - carried * carried
    return out


@compiled
def chance_of_yes(rule: int, gain: Floats, sharpness: Floats, competence: Floats) -> Floats:
    """The probability of a yes from somebody who votes, (replicates,).

    LOGIT: logistic(sharpness * u) (McFadden 1974), sharpness per squared unit of the axis.
    NEAREST: 1 for the nearer option, 0 for the farther. Assumed: who is exactly between them votes no and so
    leaves things as they are.
    FIXED: the voter's competence, whatever the stance (Condorcet 1785).
    """
    out = np.empty(gain.size)
    for lane in range(gain.size):
        if rule == LOGIT:
            out[lane] = logistic(sharpness[lane] * gain[lane])
        elif rule == NEAREST:
            out[lane] = 1.0 if gain[lane] > 0.0 else 0.0
        else:
            out[lane] = competence[lane]
    return out


@compiled
def abstains(gain: Floats, margin: Floats) -> Floats:
    """1 where both options are so alike to the voter that they abstain, |u| <= margin, else 0; (replicates,).

    A margin of 0 or less means that nobody abstains.
    """
    out = np.empty(gain.size)
    for lane in range(gain.size):
        out[lane] = 1.0 if (margin[lane] > 0.0) & (abs(gain[lane]) <= margin[lane]) else 0.0
    return out


@compiled
def intention(rule: int, gain: Floats, sharpness: Floats, competence: Floats, margin: Floats) -> Intention:
    """How somebody votes who takes part. gain: u; the parameters are those of the rules, all (replicates,)."""
    return Intention(chance_of_yes(rule, gain, sharpness, competence), abstains(gain, margin))


@compiled
def cast(intends: Intention, uniforms: Floats) -> Bytes:
    """The votes of somebody who takes part, (replicates,): YES, NO or ABSTAINED. uniforms: (replicates,), in (0, 1)."""
    out = np.empty(uniforms.size, np.int8)
    for lane in range(uniforms.size):
        vote = YES if uniforms[lane] < intends.yes[lane] else NO
        out[lane] = vote if intends.abstains[lane] == 0.0 else ABSTAINED
    return out
