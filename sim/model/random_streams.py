"""Random streams keyed by identity: who draws, at which moment, for which purpose, in which replicate.

A random number is a pure function of the seed and of these four keys, so nothing else that happens in a debate can
shift it: not who else is there, not what was drawn before, not how the work is cut up. Two worlds that differ in one
thing therefore have common random numbers in all the others.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
1, 2, 3"): key = the 64-bit seed, counter = (replicate, moment, purpose, member). One call gives four words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.array_types import Floats, Words
from sim.model.jit import compiled, compiled_apart, inlined
from sim.model.numerics import float_of

# What a random number is for.
ATTENDANCE, VOTE, WEEK, MEETING, LOT = range(1, 6)
SECOND_VOTE = 15
# Where a posterior's particles begin to be drawn, and what the sampler that finds them draws.
PARTICLE, PROPOSAL, ACCEPTANCE, RESAMPLING = range(8, 12)
# The orders in which causes come where they are sampled, the blocks of a bootstrap sample, the turn of a design.
ORDER, BOOTSTRAP, DESIGN = range(12, 15)

#: Random words of one call of the generator.
WORDS_A_CALL = 4
#: Histories that share a parameter draw.
RUNS_PER_DRAW = 8

MASK, SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)

TWO_TO_MINUS_32 = 2.0**-32
# Single precision is ample for the noise of a week, and half the work.
HALF, UNIT, TWO = np.float32(0.5), np.float32(1.0), np.float32(2.0)
TWO_TO_MINUS_31 = np.float32(2.0**-31)
HIGHEST_BIT = np.uint32(1 << 31)
QUARTER_TURN = np.float32(np.pi / 2 * 2.0**-30)
EIGHTH_TURN = np.float32(np.pi / 4)
LN2 = np.float32(0.6931471805599453)
BITS_OF_ROOT_HALF = np.float32(0.70710678).view(np.int32)
LOG_TERMS = tuple(np.float32(1.0 / n) for n in (3, 5, 7, 9))
SIN_TERMS = tuple(np.float32(t) for t in (-1 / 6, 1 / 120, -1 / 5040, 1 / 362880))
COS_TERMS = tuple(np.float32(t) for t in (-0.5, 1 / 24, -1 / 720, 1 / 40320))
L3, L5, L7, L9 = LOG_TERMS
S3, S5, S7, S9 = SIN_TERMS
C2, C4, C6, C8 = COS_TERMS

#: What is drawn: words of 32 bits.
Drawn = NDArray[np.uint32]


def seed_words(seed: int) -> Words:
    """The two 32-bit words of a seed in [0, 2^64)."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    return np.array([seed & 0xFFFFFFFF, seed >> 32], dtype=np.uint64)


@inlined
def _rounds(
    replicate: np.uint64, at: np.uint64, why: np.uint64, who: np.uint64, low: np.uint64, high: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four words of one counter under one key, each below 2^32 in 64 bits."""
    # The masks tell the compiler that 32 bits are all there is: then products are cheap, and lanes are used.
    a, b, c, d = replicate & MASK, at & MASK, why & MASK, who & MASK
    k0, k1 = low & MASK, high & MASK
    for _ in range(10):
        first, second = MULTIPLIER_0 * a, MULTIPLIER_1 * c
        a, b, c, d = (second >> SHIFT) ^ b ^ k0, second & MASK, (first >> SHIFT) ^ d ^ k1, first & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return a, b, c, d


@compiled
def draw(into: Drawn, seed: Words, replicate: Words, moment: int, purpose: int, member: int) -> None:
    """Four words for each replicate, written into an array of shape (4, replicates)."""
    one, two, three, four = into[0], into[1], into[2], into[3]
    low, high = seed[0], seed[1]
    at, why, who = np.uint64(moment), np.uint64(purpose), np.uint64(member)
    for lane in range(replicate.size):
        a, b, c, d = _rounds(replicate[lane], at, why, who, low, high)
        one[lane], two[lane], three[lane], four[lane] = np.uint32(a), np.uint32(b), np.uint32(c), np.uint32(d)


@compiled
def words(seed: Words, replicate: Words, moment: int, purpose: int, member: int) -> Drawn:
    """Four words for each replicate, shape (4, replicates)."""
    out = np.empty((WORDS_A_CALL, replicate.size), np.uint32)
    draw(out, seed, replicate, moment, purpose, member)
    return out


@compiled_apart()
def draw_uniforms(
    into: Floats, seed: Words, replicate: Words, moment: np.uint64, purpose: int, member: np.uint64
) -> None:
    """One uniform number in (0, 1) for each replicate, (word + 1/2) 2^-32, written into (replicates,)."""
    low, high, at, why, who = seed[0], seed[1], moment, np.uint64(purpose), member
    for lane in range(replicate.size):
        word, _, _, _ = _rounds(replicate[lane], at, why, who, low, high)
        into[lane] = (float_of(word) + 0.5) * TWO_TO_MINUS_32


@compiled
def uniforms(seed: Words, replicate: Words, moment: int, purpose: int, member: int) -> Floats:
    """One uniform number in (0, 1) for each replicate."""
    out = np.empty(replicate.size)
    draw_uniforms(out, seed, replicate, np.uint64(moment), purpose, np.uint64(member))
    return out


# Below, whole numbers are brought back to 32 bits at every step: one of 64 among them would halve the lanes.


@inlined
def _log(x: np.float32) -> np.float32:
    """Natural logarithm in single precision, for 0 < x <= 1."""
    # x = 2^exponent m, with m from the root of a half up to the root of 2: floats compare as their bits do.
    bits = np.float32(x).view(np.int32)
    exponent = np.int32(np.int32(bits - BITS_OF_ROOT_HALF) >> 23)
    m = np.int32(bits - np.int32(exponent << 23)).view(np.float32)
    s = (m - UNIT) / (m + UNIT)
    q = s * s
    return np.float32(exponent) * LN2 + TWO * s * ((((L9 * q + L7) * q + L5) * q + L3) * q + UNIT)


@inlined
def _signed(x: np.float32, sign: np.uint32) -> np.float32:
    """A number with its sign changed where the highest bit of a word is set."""
    return np.uint32(np.float32(x).view(np.uint32) ^ np.uint32(sign & HIGHEST_BIT)).view(np.float32)


@compiled
def to_normals(drawn: Drawn, into: NDArray[np.float32]) -> None:
    """Four words a replicate as four independent standard normal numbers, both (4, replicates).

    Box and Muller (1958): a radius from 31 bits (so |z| <= 6.66) and an angle from 32, of which the two highest are
    the quarter of the turn.
    """
    for pair in range(2):
        radii, angles = drawn[2 * pair], drawn[2 * pair + 1]
        one, two = into[2 * pair], into[2 * pair + 1]
        for lane in range(radii.size):
            uniform = (np.float32(np.int32(radii[lane] >> 1)) + HALF) * TWO_TO_MINUS_31
            radius = np.sqrt(-TWO * _log(uniform))
            angle = angles[lane]
            t = np.float32(np.int32(angle & 0x3FFFFFFF)) * QUARTER_TURN - EIGHTH_TURN
            q = t * t
            sine = t * ((((S9 * q + S7) * q + S5) * q + S3) * q + UNIT)
            cosine = (((C8 * q + C6) * q + C4) * q + C2) * q + UNIT
            doubled = np.uint32(angle << 1)
            is_odd = doubled.view(np.int32) < 0
            across, along = sine if is_odd else cosine, cosine if is_odd else sine
            one[lane] = radius * _signed(across, np.uint32(angle ^ doubled))
            two[lane] = radius * _signed(along, angle)


@compiled
def normals(seed: Words, replicate: Words, moment: int, purpose: int, member: int) -> NDArray[np.float32]:
    """Four independent standard normal numbers for each replicate, shape (4, replicates)."""
    out = np.empty((WORDS_A_CALL, replicate.size), np.float32)
    to_normals(words(seed, replicate, moment, purpose, member), out)
    return out
