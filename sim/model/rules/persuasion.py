"""How talk moves stances: a family of rules with one signature, chosen by the scenario's word.

All arrays have the replicate last. In a talk, everybody present hears everybody present, themselves included:

    x_i  <-  x_i + s_i * sum_j w_ij g(x_j - x_i) (x_j - x_i) / sum_j w_ij |g(x_j - x_i)| + a_i (x_i0 - x_i)

cut to the range of the axis; nobody moves towards the others when the denominator is zero. The rules differ in g, the
closeness, an even function of the gap. Deffuant-Weisbuch meets pairs instead, and in random copying everybody takes
over one speaker's stance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.model.array_types import Floats, Ints
from sim.model.jit import compiled, compiled_apart, inlined
from sim.model.numerics import exp

AVERAGING, THRESHOLD, BIWEIGHT, GAUSSIAN, REPULSION, IMPACT, MEETING_PAIRS, COPYING = range(8)

#: The words of a scenario, and the closeness that each stands for.
RULES = {
    "degroot": AVERAGING,
    "friedkin-johnsen": AVERAGING,
    "hegselmann-krause": THRESHOLD,
    "soft-bounded-confidence": BIWEIGHT,
    "gaussian-bounded-confidence": GAUSSIAN,
    "attraction-repulsion": REPULSION,
    "social-impact": IMPACT,
    "deffuant-weisbuch": MEETING_PAIRS,
    "random-copying": COPYING,
}


# The gap between two stances carries the rounding of both: what is meant to lie on the bound counts as on it.
ON_THE_BOUND = 1.0 + 1e-9
#: Farther from any stance than any bound, in units of the axis.
FAR = 1e150

#: A closeness g of the gap in units of the bound, d/b, inlined into the talk that uses it.
closeness = inlined


class Hearing(NamedTuple):
    """How much each is listened to, by whom.

    voice: (2, members, replicates), how loud each speaks: first 1 for who is present, else 0; then the same times
    their authority. weight: (members, members), row i how much i listens to j. by_authority: (members,), which of the
    two i hears: 1 where i listens to each by authority (then the row of weights is all ones), 0 where by the row of
    weights alone.
    """

    voice: Floats
    weight: Floats
    by_authority: Ints


class Openness(NamedTuple):
    """How members take what they hear.

    parameters: (rows, replicates). susceptibility: (members,), the row of s in [0, 1], fraction of the way moved per
    talk. attachment: (members,), the row of a in [0, 1 - s], fraction of the way back to the first stance.
    bound: (replicates,), in units of the axis, the gap at which the rule's closeness changes its nature.
    """

    parameters: Floats
    susceptibility: Ints
    attachment: Ints
    bound: Floats


@closeness
def averaging(ratio: float) -> float:
    """Everybody counts whatever the gap (DeGroot 1974; Friedkin and Johnsen 1990 with a = 1 - s)."""
    return 1.0


@closeness
def threshold(ratio: float) -> float:
    """1 up to and including the bound, 0 beyond (Hegselmann and Krause 2002)."""
    return 1.0 if abs(ratio) <= ON_THE_BOUND else 0.0


@closeness
def biweight(ratio: float) -> float:
    """(1 - (d/bound)^2)^2 within the bound, 0 beyond: a soft threshold.

    Tukey's biweight is our choice among smooth functions of confidence, for its speed.
    """
    inside = max(1.0 - ratio * ratio, 0.0)
    return inside * inside


@closeness
def gaussian(ratio: float) -> float:
    """exp(-(d/bound)^2 / 2): confidence that fades and never ends."""
    return exp(-0.5 * ratio * ratio)


@closeness
def repulsion(ratio: float) -> float:
    """(1 - (d/bound)^2) / (1 + (d/bound)^2): attracted below the bound, repelled beyond.

    The change of sign is that of Jager and Amblard 2005. They leave a zone of indifference; assumed here is
    a single point of it.
    """
    return (1.0 - ratio * ratio) / (1.0 + ratio * ratio)


@closeness
def impact(ratio: float) -> float:
    """1 / (1 + (d/bound)^2): impact falls with the square of distance (Latane 1981).

    Assumed: distance is the gap on the axis, and the 1 keeps impact finite where there is no distance.
    """
    return 1.0 / (1.0 + ratio * ratio)


@compiled
def _far_if_absent(who: Ints, stance: Floats, present: Floats) -> Floats:
    """The stances of those who talk, (members, replicates); of who is absent one that is near to nobody who is there.

    Where nearness ends at the bound, the absent then need not be taken out of the sums.
    """
    out = np.empty(present.shape)
    for i in range(who.size):
        x, is_there, placed = stance[who[i]], present[i], out[i]
        for lane in range(placed.size):
            placed[lane] = x[lane] if is_there[lane] > 0.0 else FAR
    return out


def _talk_with(near: Callable[[float], float], *, ends: bool = False, repels: bool = False) -> Callable[..., Floats]:
    """The talk of one closeness, by its name: a choice within the lanes would stop them.

    ends: whether the closeness is nothing beyond the bound. repels: whether it is ever negative. No weight is, so
    that else there is no sign to take off.
    """

    def talk_with(who: Ints, stance: Floats, first: Floats, hearing: Hearing, openness: Openness) -> Floats:
        members, lanes = who.size, stance.shape[1]
        voice, weight, hears = hearing.voice, hearing.weight, hearing.by_authority
        pull, heard = np.zeros((members, lanes)), np.empty((members, lanes))
        for i in range(members):
            own, scale, total = voice[hears[i], i], weight[i, i], heard[i]
            for lane in range(lanes):
                total[lane] = scale * own[lane] * abs(near(0.0))
        # A product is a third of the cost of a quotient, and there is one a pair.
        per_bound = 1.0 / openness.bound
        rows, x, by_weights = who, stance, ends
        for i in range(members):
            by_weights = by_weights and hears[i] == 0
        if by_weights:
            rows, x = np.arange(members), _far_if_absent(who, stance, voice[0])
        for i in range(members):
            one, at, by = np.uint64(i), np.uint64(rows[i]), np.uint64(hears[i])
            for j in range(i + 1, members):
                other, there, by_other = np.uint64(j), np.uint64(rows[j]), np.uint64(hears[j])
                i_hears, j_hears = weight[i, j], weight[j, i]
                # Places without a sign, in whole tables: rows of their own would be counted in and out, pair by
                # pair, and a place with a sign might count from the end, which keeps the compiler off lanes.
                if by_weights:
                    for lane in range(lanes):
                        place = np.uint64(lane)
                        gap = x[there, place] - x[at, place]
                        g = near(gap * per_bound[place])
                        to_i, to_j = i_hears * g, j_hears * g
                        pull[one, place] += to_i * gap
                        heard[one, place] += to_i
                        pull[other, place] -= to_j * gap
                        heard[other, place] += to_j
                else:
                    for lane in range(lanes):
                        place = np.uint64(lane)
                        gap = x[there, place] - x[at, place]
                        g = near(gap * per_bound[place])
                        to_i = i_hears * voice[by, other, place] * g
                        pull[one, place] += to_i * gap
                        heard[one, place] += abs(to_i) if repels else to_i
                        to_j = j_hears * voice[by_other, one, place] * g
                        pull[other, place] -= to_j * gap
                        heard[other, place] += abs(to_j) if repels else to_j
        for i in range(members):
            own, origin, present, moved, total = stance[who[i]], first[who[i]], voice[0, i], pull[i], heard[i]
            s = openness.parameters[openness.susceptibility[i]]
            a = openness.parameters[openness.attachment[i]]
            for lane in range(lanes):
                towards = moved[lane] / total[lane] if total[lane] > 0.0 else 0.0
                step = s[lane] * towards + a[lane] * (origin[lane] - own[lane])
                moved[lane] = own[lane] + present[lane] * step
        return pull

    talk_with.__name__ = f"_{near.__name__}"
    return compiled_apart("float64[:, ::1]")(talk_with)


_averaging = _talk_with(averaging)
_threshold, _biweight = _talk_with(threshold, ends=True), _talk_with(biweight, ends=True)
_gaussian, _repulsion, _impact = _talk_with(gaussian), _talk_with(repulsion, repels=True), _talk_with(impact)


@compiled
def talk(rule: int, who: Ints, stance: Floats, first: Floats, hearing: Hearing, openness: Openness) -> Floats:
    """Stances after one talk, (members, replicates), not yet cut to the range.

    who: (members,), the rows of those who talk in stance and first, units of the axis with the replicate last. Sums
    run over j in ascending order, so that their rounding is fixed.
    """
    if rule == AVERAGING:
        return _averaging(who, stance, first, hearing, openness)
    if rule == THRESHOLD:
        return _threshold(who, stance, first, hearing, openness)
    if rule == BIWEIGHT:
        return _biweight(who, stance, first, hearing, openness)
    if rule == GAUSSIAN:
        return _gaussian(who, stance, first, hearing, openness)
    if rule == REPULSION:
        return _repulsion(who, stance, first, hearing, openness)
    return _impact(who, stance, first, hearing, openness)


@compiled
def _pairs(members: int) -> tuple[Ints, Ints]:
    """Every pair (i, j) with i < j, in lexicographic order, as the rows i and the rows j."""
    left, right = np.empty(members * (members - 1) // 2, np.int64), np.empty(members * (members - 1) // 2, np.int64)
    pair = 0
    for i in range(members):
        for j in range(i + 1, members):
            left[pair], right[pair] = i, j
            pair += 1
    return left, right


@compiled
def _partners(stance: Floats, present: Floats, order: Floats, bound: Floats) -> Ints:
    """With whom each exchanges views, (members, replicates), or -1; for `order` see `meet_in_pairs`."""
    left, right = _pairs(stance.shape[0])
    partner, due, number = np.full(stance.shape, -1), np.empty(left.size, np.int64), np.empty(left.size)
    for lane in range(stance.shape[1]):
        free = present[:, lane] > 0.0
        # Band by band of numbers, for most pairs come too late to meet, and to put all of them in order takes longest.
        waiting, since, until = free.sum(), -np.inf, 2.0 / stance.shape[0]
        while waiting > 1:
            found = 0
            for pair in range(left.size):
                if free[left[pair]] and free[right[pair]] and since <= order[pair, lane] < until:
                    due[found], number[found] = pair, order[pair, lane]
                    found += 1
            for place in np.argsort(number[:found], kind="mergesort"):
                i, j = left[due[place]], right[due[place]]
                if free[i] and free[j]:
                    free[i] = free[j] = False
                    waiting -= 2
                    if abs(stance[j, lane] - stance[i, lane]) <= bound[lane] * ON_THE_BOUND:
                        partner[i, lane], partner[j, lane] = j, i
            since, until = until, 4.0 * until
    return partner


@compiled_apart("float64[:, ::1]")
def meet_in_pairs(stance: Floats, first: Floats, present: Floats, order: Floats, openness: Openness) -> Floats:
    """Stances after those present have met once in pairs (Deffuant, Neau, Amblard and Weisbuch 2000).

    order: (pairs, replicates), one number a pair (i, j), i < j, in lexicographic order; pairs meet by ascending
    number, each member at most once. Two who differ by no more than the bound each go the fraction s of the gap
    (their mu; 1/2 is agreement). Assumed: the bound itself still counts as near, as in Hegselmann-Krause.
    """
    partner, moved = _partners(stance, present, order, openness.bound), stance.copy()
    for i in range(stance.shape[0]):
        s, a = openness.parameters[openness.susceptibility[i]], openness.parameters[openness.attachment[i]]
        for lane in range(stance.shape[1]):
            if partner[i, lane] >= 0:
                moved[i, lane] += s[lane] * (stance[partner[i, lane], lane] - stance[i, lane])
            moved[i, lane] += present[i, lane] * a[lane] * (first[i, lane] - stance[i, lane])
    return moved


def _contributions_with(near: Callable[[float], float]) -> Callable[..., Floats]:
    """The same sums as in the talk of this closeness, each term kept."""

    def contributions_with(stance: Floats, hearing: Hearing, openness: Openness) -> Floats:
        members, lanes = stance.shape
        out = np.zeros((members, members, lanes))
        for i in range(members):
            voice, susceptibility = (
                hearing.voice[hearing.by_authority[i]],
                openness.parameters[openness.susceptibility[i]],
            )
            for lane in range(lanes):
                heard = 0.0
                for j in range(members):
                    gap = stance[j, lane] - stance[i, lane]
                    term = hearing.weight[i, j] * voice[j, lane] * near(gap * (1.0 / openness.bound[lane]))
                    out[i, j, lane] = term * gap
                    heard += abs(term)
                scale = hearing.voice[0, i, lane] * susceptibility[lane] / heard if heard > 0.0 else 0.0
                for j in range(members):
                    out[i, j, lane] *= scale
        return out

    contributions_with.__name__ = f"_by_{near.__name__}"
    return compiled_apart("float64[:, :, ::1]")(contributions_with)


_by_averaging, _by_threshold = _contributions_with(averaging), _contributions_with(threshold)
_by_biweight, _by_gaussian = _contributions_with(biweight), _contributions_with(gaussian)
_by_repulsion, _by_impact = _contributions_with(repulsion), _contributions_with(impact)


@compiled
def contributions(rule: int, stance: Floats, hearing: Hearing, openness: Openness) -> Floats:
    """How far each speaker moves each hearer in one talk, (hearers, speakers, replicates), units of the axis.

    The terms of the sum that `talk` takes: over the speakers they add up to its move, but for what attachment
    adds and for rounding.
    """
    if rule == AVERAGING:
        return _by_averaging(stance, hearing, openness)
    if rule == THRESHOLD:
        return _by_threshold(stance, hearing, openness)
    if rule == BIWEIGHT:
        return _by_biweight(stance, hearing, openness)
    if rule == GAUSSIAN:
        return _by_gaussian(stance, hearing, openness)
    if rule == REPULSION:
        return _by_repulsion(stance, hearing, openness)
    return _by_impact(stance, hearing, openness)


@compiled_apart("float64[:, :, ::1]")
def contributions_in_pairs(stance: Floats, present: Floats, order: Floats, openness: Openness) -> Floats:
    """The same where those present meet in pairs, as in `meet_in_pairs`: all of a move is due to the one met."""
    members, lanes = stance.shape
    out, partner = np.zeros((members, members, lanes)), _partners(stance, present, order, openness.bound)
    for i in range(members):
        susceptibility = openness.parameters[openness.susceptibility[i]]
        for lane in range(lanes):
            j = partner[i, lane]
            if j >= 0:
                out[i, j, lane] = susceptibility[lane] * (stance[j, lane] - stance[i, lane])
    return out


@compiled
def _copied(hearing: Hearing, turns: Floats, openness: Openness) -> Ints:
    """Whose stance each takes over, (members, replicates), or -1; for `turns` see `copy_at_random`."""
    members, lanes = turns.shape
    copied = np.full((members, lanes), -1)
    for i in range(members):
        present, voice = hearing.voice[0, i], hearing.voice[hearing.by_authority[i]]
        s = openness.parameters[openness.susceptibility[i]]
        for lane in range(lanes):
            if present[lane] > 0.0 and turns[i, lane] < s[lane]:
                total, reached = 0.0, 0.0
                for j in range(members):
                    total += hearing.weight[i, j] * voice[j, lane]
                for j in range(members):
                    reached += hearing.weight[i, j] * voice[j, lane]
                    # What is left of the number that let them copy says whom: it is uniform below s.
                    if total > 0.0 and copied[i, lane] < 0 and s[lane] * reached >= turns[i, lane] * total:
                        copied[i, lane] = j
    return copied


@compiled_apart("float64[:, ::1]")
def copy_at_random(stance: Floats, first: Floats, hearing: Hearing, turns: Floats, openness: Openness) -> Floats:
    """Stances after each of those present has, with chance s, taken over that of one speaker (the voter model).

    The speaker is drawn by the weights of the talk, oneself among them (Clifford and Sudbury 1973; Holley and Liggett
    1975, where one member copies at a time). turns: (members, replicates), a number in (0, 1) for each.
    """
    copied, moved = _copied(hearing, turns, openness), stance.copy()
    for i in range(stance.shape[0]):
        a = openness.parameters[openness.attachment[i]]
        for lane in range(stance.shape[1]):
            if copied[i, lane] >= 0:
                moved[i, lane] = stance[copied[i, lane], lane]
            moved[i, lane] += hearing.voice[0, i, lane] * a[lane] * (first[i, lane] - stance[i, lane])
    return moved


@compiled_apart("float64[:, :, ::1]")
def contributions_by_copying(stance: Floats, hearing: Hearing, turns: Floats, openness: Openness) -> Floats:
    """The same where stances are copied, as in `copy_at_random`: all of a move is due to the one copied."""
    members, lanes = stance.shape
    out, copied = np.zeros((members, members, lanes)), _copied(hearing, turns, openness)
    for i in range(members):
        for lane in range(lanes):
            j = copied[i, lane]
            if j >= 0:
                out[i, j, lane] = stance[j, lane] - stance[i, lane]
    return out
