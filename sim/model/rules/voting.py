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
from sim.model.numerics import exp, logistic

#: Codes of a vote. NO_VOTE: the motion was not put, or they had none.
NO_VOTE, YES, NO, ABSTAINED, WAS_ABSENT = range(5)

LOGIT, NEAREST, FIXED = range(3)

#: The words of a scenario.
RULES = {"logit": LOGIT, "nearest": NEAREST, "fixed": FIXED}


class Options(NamedTuple):
    """The positions that a motion leads to, in units of the axis.

    if_carried: (replicates,). if_lost: (rivals, replicates), all that may come in its place.
    """

    if_carried: Floats
    if_lost: Floats


class Cue(NamedTuple):
    """What somebody who votes defers to, (replicates,): the position stated, and the weight that it has with them."""

    position: Floats
    weight: Floats


class Intention(NamedTuple):
    """How somebody votes who takes part, (replicates,): the chances of a yes and of an abstention; no is the rest.

    yes_from, abstains_from: where in (0, 1) the uniform numbers begin that make them vote so.
    """

    yes: Floats
    abstains: Floats
    yes_from: Floats
    abstains_from: Floats


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


@compiled
def utility_of(voice: Floats, between: Options) -> Floats:
    """U against the nearest of all that may come of a lost motion, (replicates,).

    Sincere voting on one motion after another (Farquharson 1969): everybody thinks of what they like best of the rest.
    """
    out = utility(voice, between.if_carried, between.if_lost[0])
    for row in range(1, between.if_lost.shape[0]):
        against = utility(voice, between.if_carried, between.if_lost[row])
        for lane in range(out.size):
            out[lane] = min(out[lane], against[lane])
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
    return Intention(yes, abstains, np.zeros(gain.size), yes)


@compiled
def places_of(between: Options, rank: int) -> Floats:
    """Where each motion of a choice leads, (motions, replicates), of the options of the one that is `rank`-th."""
    rivals, lanes = between.if_lost.shape
    out, rival = np.empty((rivals + 1, lanes)), 0
    for row in range(rivals + 1):
        if row == rank:
            out[row, :] = between.if_carried
        else:
            out[row, :] = between.if_lost[rival]
            rival += 1
    return out


@compiled
def intentions_among(rule: int, voice: Floats, places: Floats, choice: Choice) -> Floats:
    """The chances that somebody who takes part votes for each of several motions, (motions, replicates).

    places: the same shape, where each leads. What is left of 1 is the chance of an abstention.

    LOGIT: p_k = 1 / (1 + exp(sharpness margin) sum_j exp(-sharpness u_kj)) over the others j; u_kj is what k gains over
    j. Without a margin the multinomial logit (McFadden 1974), and of two motions the ordered response of one.
    NEAREST: the nearest, if it gains more than the margin over every other. Assumed: of two as near the later one.
    """
    motions, lanes = places.shape
    out = np.empty((motions, lanes))
    for k in range(motions):
        for lane in range(lanes):
            margin, sharpness = max(choice.margin[lane], 0.0), choice.sharpness[lane]
            own = places[k, lane] - voice[lane]
            others, is_chosen = 0.0, True
            for j in range(motions):
                if j != k:
                    other = places[j, lane] - voice[lane]
                    gain = other * other - own * own
                    others += exp(sharpness * (margin - gain))
                    is_chosen = is_chosen and (gain > margin or (gain == margin == 0.0 and j < k))
            chance = 1.0 / (1.0 + others) if rule == LOGIT else 1.0 if is_chosen else 0.0
            out[k, lane] = chance * (1.0 - choice.withholding[lane])
    return out


@compiled
def intention_among(rule: int, voice: Floats, between: Options, rank: int, choice: Choice) -> Intention:
    """How somebody votes on one of several motions: yes, no by a vote for another one, or not at all."""
    chances = intentions_among(rule, voice, places_of(between, rank), choice)
    yes, yes_from, votes = np.empty(voice.size), np.zeros(voice.size), np.zeros(voice.size)
    for row in range(chances.shape[0]):
        for lane in range(voice.size):
            if row == rank:
                yes[lane], yes_from[lane] = chances[row, lane], votes[lane]
            votes[lane] += chances[row, lane]
    abstains = np.empty(voice.size)
    for lane in range(voice.size):
        may_abstain = choice.margin[lane] > 0.0 or choice.withholding[lane] > 0.0
        abstains[lane] = max(1.0 - votes[lane], 0.0) if may_abstain else 0.0
        if rank == chances.shape[0] - 1 and not may_abstain:
            yes[lane] = 1.0 - yes_from[lane]  # whatever the rounding, they vote for one
    return Intention(yes, abstains, yes_from, votes)


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
        u, yes, abstains = uniforms[lane], intends.yes_from[lane], intends.abstains_from[lane]
        vote = ABSTAINED if (u >= abstains) & (u < abstains + intends.abstains[lane]) else NO
        out[lane] = YES if (u >= yes) & (u < yes + intends.yes[lane]) else vote
    return out
