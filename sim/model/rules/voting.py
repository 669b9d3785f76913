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

#: Codes of a vote. NO_VOTE: the motion was not put, or they had none.
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
    """How somebody votes who takes part, (replicates,): the chances of a yes and of an abstention; no is the rest."""

    yes: Floats
    abstains: Floats


@compiled
def takes_part(vote: int) -> bool:
    """Whether somebody who did this, by its code, took part in a ballot."""
    return vote != NO_VOTE and vote != WAS_ABSENT


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


class Choice(NamedTuple):
    """What decides a vote besides the gain, (replicates,) each.

    sharpness: per squared unit of the axis. competence, withholding: chances, the last of an abstention for a reason of
    one's own. margin: squared units of the axis; with 0 or less nobody abstains from indifference.
    """

    sharpness: Floats
    competence: Floats
    margin: Floats
    withholding: Floats


@compiled
def intention(rule: int, gain: Floats, choice: Choice) -> Intention:
    """How somebody votes who takes part. gain: u, (replicates,).

    LOGIT: yes with logistic(sharpness (u - margin)), no with logistic(sharpness (-u - margin)), and an abstention
    between: the ordered response with a band around indifference (McKelvey and Zavoina 1975), and without a margin
    the binary logit (McFadden 1974).
    NEAREST: the nearer option. Assumed: who is exactly between them votes no and so leaves things as they are.
    FIXED: yes with the voter's competence, whatever the stance (Condorcet 1785).
    In the last two, who gains no more than the margin either way abstains.
    """
    yes, abstains = np.empty(gain.size), np.zeros(gain.size)
    for lane in range(gain.size):
        margin = max(choice.margin[lane], 0.0)
        if rule == LOGIT:
            yes[lane] = logistic(choice.sharpness[lane] * (gain[lane] - margin))
        elif rule == NEAREST:
            yes[lane] = 1.0 if gain[lane] > 0.0 else 0.0
        else:
            yes[lane] = choice.competence[lane]
    for lane in range(gain.size):
        margin = choice.margin[lane]
        if margin > 0.0:
            if rule == LOGIT:
                no = logistic(-choice.sharpness[lane] * (gain[lane] + margin))
                abstains[lane] = max(1.0 - yes[lane] - no, 0.0)
            elif abs(gain[lane]) <= margin:
                yes[lane], abstains[lane] = 0.0, 1.0
    for lane in range(gain.size):
        withholding = choice.withholding[lane]
        yes[lane] *= 1.0 - withholding
        abstains[lane] = withholding + (1.0 - withholding) * abstains[lane]
    return Intention(yes, abstains)


@compiled
def chance_if_cast(intends: Intention) -> Floats:
    """The chance of a yes from somebody who does not abstain, (replicates,)."""
    out = np.empty(intends.yes.size)
    for lane in range(out.size):
        out[lane] = intends.yes[lane] / max(1.0 - intends.abstains[lane], 1e-300)
    return out


@compiled
def cast(intends: Intention, uniforms: Floats) -> Bytes:
    """The votes of somebody who takes part, (replicates,): YES, NO or ABSTAINED. uniforms: (replicates,), in (0, 1)."""
    out = np.empty(uniforms.size, np.int8)
    for lane in range(uniforms.size):
        yes = intends.yes[lane]
        vote = ABSTAINED if uniforms[lane] < yes + intends.abstains[lane] else NO
        out[lane] = YES if uniforms[lane] < yes else vote
    return out
