"""What a history is made of: stances, what happened, votes, and what is drawn for it, as arrays (member, replicate)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model import random_streams
from sim.model.array_types import Bytes, Floats, Words
from sim.model.jit import compiled, compiled_within
from sim.model.plan import SET_PARAMETER, Plan

HERE, AWAY, OUT_OF_REACH = range(3)
NEVER = -1e9
NO_BLOCK = np.uint64(2**63)


class State(NamedTuple):
    """Where lanes of histories stand. Members are rows, replicates the last axis.

    stance, first: units of the axis. policy: (replicates,). decided: (ballots, replicates), not put, carried or
    rejected. happened: (moments, replicates), 1 or 0. away: here, away, or away and out of reach. pressed, pressed_on:
    the position a leader last pressed on the member, and the day. noise, noise_block: the normal numbers of four weeks,
    (members, 4, replicates).
    """

    stance: Floats
    first: Floats
    policy: Floats
    decided: Bytes
    happened: Bytes
    away: Bytes
    pressed: Floats
    pressed_on: Floats
    noise: NDArray[np.float32]
    noise_block: Words


class VoteRecord(NamedTuple):
    """Who voted how. Electors are rows, those of all ballots one after another.

    vote: a code of `rules.voting`. voice, stance: the opinion expressed at the ballot, and the private one. chance:
    (ballots, replicates), of carrying, given the stances and who takes part; NaN where the motion was not put.
    """

    vote: Bytes
    voice: Floats
    stance: Floats
    chance: Floats


class Inputs(NamedTuple):
    """What a batch of histories is played with.

    parameters: (rows, replicates). first: first stances, (members, replicates). replicate: ids. follows_record: each
    documented outcome replaces the one voted, so that every ballot is met as it was met in fact.
    """

    parameters: Floats
    first: Floats
    replicate: Words
    seed: Words
    follows_record: bool


@compiled
def write(values: NDArray[Any], into: NDArray[Any]) -> None:
    """Writes one row into another; an assignment would be compiled with all that it may say of shapes that differ."""
    for lane in range(values.size):
        into[lane] = values[lane]


@compiled_within
def lanes_of(inputs: Inputs, start: int, stop: int) -> Inputs:
    """The inputs of the replicates from row `start` to before row `stop`."""
    return Inputs(
        inputs.parameters[:, start:stop].copy(),
        inputs.first[:, start:stop].copy(),
        inputs.replicate[start:stop],
        inputs.seed,
        inputs.follows_record,
    )


@compiled
def in_force(plan: Plan, happened: Bytes, inputs: Inputs, moment: int) -> Inputs:
    """The inputs with every parameter as it is at a moment, after the events before it that set one; else the same.

    happened: as in `State`. An event that gives the value of another parameter gives the one that this has then.
    """
    parameters, is_changed = inputs.parameters, False
    for row in range(plan.effects.size):
        if plan.effects[row].kind == SET_PARAMETER and plan.effects[row].moment < moment:
            if not is_changed:
                parameters, is_changed = inputs.parameters.copy(), True
            changed, other = parameters[plan.effects[row].row], parameters[plan.effects[row].parameter]
            for lane in range(changed.size):
                if happened[plan.effects[row].moment, lane] == 1:
                    changed[lane] = other[lane]
    return Inputs(parameters, inputs.first, inputs.replicate, inputs.seed, inputs.follows_record)


@compiled_within
def begin(plan: Plan, first: Floats) -> State:
    """The state before anything has happened, for first stances (members, replicates)."""
    members, lanes = first.shape
    return State(
        first.copy(),
        first.copy(),
        np.full(lanes, plan.rules.policy),
        np.zeros((plan.ballots.size, lanes), np.int8),
        np.zeros((plan.moments.size, lanes), np.int8),
        np.zeros((members, lanes), np.int8),
        np.zeros((members, lanes)),
        np.full((members, lanes), NEVER),
        np.zeros((members, random_streams.WORDS_A_CALL, lanes), np.float32),
        np.full(1, NO_BLOCK),
    )


@compiled_within
def empty_votes(plan: Plan, replicates: int) -> VoteRecord:
    """Room for the votes of all ballots."""
    ballots = plan.ballots.size
    electors = plan.ballots.first_elector[ballots - 1] + plan.ballots.seats[ballots - 1] if ballots > 0 else 0
    return VoteRecord(
        np.zeros((electors, replicates), np.int8),
        np.full((electors, replicates), np.nan),
        np.full((electors, replicates), np.nan),
        np.full((ballots, replicates), np.nan),
    )
