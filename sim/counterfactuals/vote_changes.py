"""Why a vote differs between two worlds: by deference, by the voter's own stance, by the choice, or by attendance.

A vote follows from four things (MODEL.md 7.4 to 7.6): whether somebody takes part, their private stance, the position
that the leader (or, where they have not spoken, the mover) has stated to them with the deference due to it, and what
the ballot chooses between with the rule of voting. Between two worlds any of them may differ. Where somebody takes part
in one world only, that is the cause. Else the other three are players of a game: a coalition is as in the other world
and the rest as in the base, and either the vote is then that of the other world, or it is not. Their Shapley values are
their parts of the change. They are sixths, and add up to one vote. The vote of somebody in a bloc is that of the bloc:
these things are then as in the other world for all of it, and attendance is the cause where any of it takes part in one
world only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model import random_streams
from sim.model.array_types import Bytes, Floats, Ints, Words
from sim.model.ballots import Voter, cue_in_force, intention, options
from sim.model.jit import compiled, compiled_within
from sim.model.plan import Plan
from sim.model.rules import voting
from sim.model.rules.voting import ABSTAINED, NO, YES, takes_part
from sim.model.state import Inputs, State, VoteRecord, in_force, write

#: What a vote may differ by; the first three are players of the game.
CAUSES = ("deference", "own_stance", "choice", "attendance")
DEFERENCE, OWN_STANCE, CHOICE, ATTENDANCE = range(len(CAUSES))
#: Parts of a vote: the Shapley values of three players are sixths.
PARTS = 6
#: Steps of a change of stance in fixed point, as a fraction of the axis.
STEPS = 2**32


class Circumstances(NamedTuple):
    """What the votes of one world were cast in. Electors and ballots are rows, as in a plan; the last axis replicates.

    deference: in force; 0 where nobody has stated a position in time. pressed: the position stated. if_carried: what a
    motion leads to. if_lost: what may come in its place, by rows of the plan's rivals.
    """

    deference: Floats
    pressed: Floats
    if_carried: Floats
    if_lost: Floats


class Voters(NamedTuple):
    """Who votes on what in two worlds: a row for each ballot of both and each member with a vote in either.

    ballot: the row of the ballots of both worlds; elector, member: (voters, 2), rows of the plans, or -1; votes: those
    of the seat in units of the ballot, (voters, 2). ballots: (ballots, 2), rows of the plans; units: (ballots,), in how
    many parts a vote is cut in both worlds; key: (ballots,), of the random numbers.
    """

    ballot: Ints
    elector: Ints
    member: Ints
    votes: Ints
    ballots: Ints
    units: Ints
    key: Words


class Changes(NamedTuple):
    """Sums over the histories in which a ballot is put in both worlds. The last axis of two: the base, the other world.

    changed: (voters, causes), sixths of changed votes; margin: the same, of what they change in yes less no, in units
    of the ballot. stance,
    voiced: (voters, 2), private and expressed. put: (ballots,), histories. there: (ballots, 2), electors taking part;
    pressed: those of them to whom a position has been stated in time; stated: these positions. if_carried,
    if_lost: (ballots, 2). Positions are added as fractions of the way along the axis, in fixed point.
    """

    changed: Ints
    margin: Ints
    stance: Ints
    voiced: Ints
    put: Ints
    there: Ints
    pressed: Ints
    stated: Ints
    if_carried: Ints
    if_lost: Ints


@compiled_within
def no_changes(voters: int, ballots: int) -> Changes:
    """Sums of nothing yet."""
    return Changes(
        np.zeros((voters, len(CAUSES)), np.int64),
        np.zeros((voters, len(CAUSES)), np.int64),
        np.zeros((voters, 2), np.int64),
        np.zeros((voters, 2), np.int64),
        np.zeros(ballots, np.int64),
        np.zeros((ballots, 2), np.int64),
        np.zeros((ballots, 2), np.int64),
        np.zeros((ballots, 2), np.int64),
        np.zeros((ballots, 2), np.int64),
        np.zeros((ballots, 2), np.int64),
    )


@compiled_within
def no_circumstances(electors: int, ballots: int, rivals: int, replicates: int) -> Circumstances:
    """Room for the circumstances of all ballots."""
    return Circumstances(
        np.zeros((electors, replicates)),
        np.zeros((electors, replicates)),
        np.zeros((ballots, replicates)),
        np.zeros((rivals, replicates)),
    )


@compiled
def note_choice(plan: Plan, state: State, inputs: Inputs, ballot: int, into: Circumstances) -> None:
    """Notes what a ballot is about to choose between: a carried motion changes the policy in force."""
    between = options(plan, state, inputs, ballot, state.policy)
    write(between.if_carried, into.if_carried[ballot])
    first = plan.ballots[ballot].first_rival
    for row in range(between.if_lost.shape[0]):
        write(between.if_lost[row], into.if_lost[first + row])


@compiled
def _between(plan: Plan, world: Circumstances, ballot: int) -> voting.Options:
    """What a ballot chose between."""
    rows = plan.ballots[ballot]
    return voting.Options(world.if_carried[ballot], world.if_lost[rows.first_rival : rows.last_rival])


@compiled
def note_deference(plan: Plan, state: State, inputs: Inputs, moment: int, into: Circumstances) -> None:
    """Notes what a ballot that has just been played found stated to its electors, and what is due to it."""
    ballot = plan.moments.ballot[moment]
    first = plan.ballots.first_elector[ballot]
    start, stop = plan.moments.first_who[moment], plan.moments.last_who[moment]
    for k in range(stop - start):
        member = plan.who[start + k]
        cue = cue_in_force(plan, state, inputs, moment, member, into.if_carried[ballot])
        write(cue.weight, into.deference[first + k])
        write(cue.position, into.pressed[first + k])


@compiled
def votes_by_coalition(
    plans: tuple[Plan, Plan],
    inputs: tuple[Inputs, Inputs],
    voters: tuple[Voter, Voter],
    between: tuple[voting.Options, voting.Options],
    stances: tuple[Floats, Floats],
    cues: tuple[voting.Cue, voting.Cue],
    uniforms: Floats,
) -> Bytes:
    """The vote of one elector, (8, replicates), with some things as in the other world: bit k of the row is player k.

    voters, cues: by world.
    """
    out = np.empty((8, uniforms.size), np.int8)
    for stance in range(2):
        for cue in range(2):
            voice = voting.voiced(stances[0] if stance == 0 else stances[1], cues[0] if cue == 0 else cues[1])
            row = (cue << DEFERENCE) | (stance << OWN_STANCE)
            write(voting.cast(intention(plans[0], inputs[0], voters[0], voice, between[0]), uniforms), out[row])
            write(
                voting.cast(intention(plans[1], inputs[1], voters[1], voice, between[1]), uniforms),
                out[row | 1 << CHOICE],
            )
    return out


@compiled
def sixths(brings: Ints, player: int) -> int:
    """The Shapley value of one of three players in sixths. brings: (8,), 1 for a coalition that brings it about."""
    one, two, bit = (player + 1) % 3, (player + 2) % 3, 1 << player
    alone = brings[bit] - brings[0]
    with_one = brings[bit | 1 << one] - brings[1 << one]
    with_two = brings[bit | 1 << two] - brings[1 << two]
    last = brings[7] - brings[7 - bit]
    total: int = 2 * alone + with_one + with_two + 2 * last
    return total


@compiled
def _net(vote: int) -> int:
    return 1 if vote == YES else -1 if vote == NO else 0


@compiled
def _fixed(plan: Plan, position: float) -> np.int64:
    """A position as a fraction of the way along the axis, in fixed point."""
    return np.int64(np.floor((position - plan.rules.low) / (plan.rules.high - plan.rules.low) * STEPS + 0.5))


@compiled
def _add_elector(
    plan: Plan, voters: Voters, row: int, side: int, votes: VoteRecord, world: Circumstances, put: Bytes, into: Changes
) -> None:
    """Adds, of one elector in one world, their stances, and what has been stated to them where they take part."""
    ballot, elector = voters.ballot[row], voters.elector[row, side]
    for lane in range(put.size):
        if put[lane] == 0:
            continue
        into.stance[row, side] += _fixed(plan, votes.stance[elector, lane])
        into.voiced[row, side] += _fixed(plan, votes.voice[elector, lane])
        if takes_part(votes.vote[elector, lane]):
            into.there[ballot, side] += 1
            if world.deference[elector, lane] > 0.0:
                into.pressed[ballot, side] += 1
                into.stated[ballot, side] += _fixed(plan, world.pressed[elector, lane])


@compiled
def _own_by_coalition(
    plans: tuple[Plan, Plan],
    inputs: tuple[Inputs, Inputs],
    voters: Voters,
    row: int,
    votes: tuple[VoteRecord, VoteRecord],
    worlds: tuple[Circumstances, Circumstances],
) -> Bytes:
    """What an elector of both worlds would vote on their own, (8, replicates), as `votes_by_coalition` has it."""
    ballot, one, two = voters.ballot[row], voters.elector[row, 0], voters.elector[row, 1]
    a, b = voters.ballots[ballot, 0], voters.ballots[ballot, 1]
    identity = plans[0].members.key[voters.member[row, 0]]
    seed, replicates = inputs[0].seed, inputs[0].replicate
    return votes_by_coalition(
        plans,
        inputs,
        (Voter(a, one, voters.member[row, 0]), Voter(b, two, voters.member[row, 1])),
        (_between(plans[0], worlds[0], a), _between(plans[1], worlds[1], b)),
        (votes[0].stance[one], votes[1].stance[two]),
        (
            voting.Cue(worlds[0].pressed[one], worlds[0].deference[one]),
            voting.Cue(worlds[1].pressed[two], worlds[1].deference[two]),
        ),
        random_streams.uniforms(seed, replicates, voters.key[ballot], random_streams.VOTE, identity),
    )


@compiled
def _takes_part(voters: Voters, row: int, side: int, votes: VoteRecord, lane: int) -> bool:
    """Whether somebody takes part in a ballot of one world."""
    elector = voters.elector[row, side]
    there: bool = elector >= 0 and takes_part(votes.vote[elector, lane])
    return there


@compiled
def _cast_by_coalition(
    plans: tuple[Plan, Plan],
    inputs: tuple[Inputs, Inputs],
    voters: Voters,
    row: int,
    votes: tuple[VoteRecord, VoteRecord],
    worlds: tuple[Circumstances, Circumstances],
) -> tuple[Bytes, Bytes]:
    """What an elector of both worlds casts, alone or with their bloc, (8, replicates), as `votes_by_coalition` has it.

    The blocs go with the rule of voting. Also: 1 where all who vote as one with them, in either world, take part in
    both worlds or in neither, (replicates,).
    """
    own = _own_by_coalition(plans, inputs, voters, row, votes, worlds)
    lead, alike = np.zeros(own.shape, np.int64), np.ones(own.shape[1], np.int8)
    for side in range(2):
        bloc = plans[0].bloc if side == 0 else plans[1].bloc
        for mate in range(voters.ballot.size):
            elector = voters.elector[mate, side]
            if voters.ballot[mate] != voters.ballot[row] or elector < 0:
                continue
            if bloc[elector] != bloc[voters.elector[row, side]]:
                continue
            theirs, is_in_both = own, voters.elector[mate, 1 - side] >= 0
            if mate != row and is_in_both:
                theirs = _own_by_coalition(plans, inputs, voters, mate, votes, worlds)
            for lane in range(alike.size):
                there = _takes_part(voters, mate, 0, votes[0], lane), _takes_part(voters, mate, 1, votes[1], lane)
                alike[lane] = alike[lane] if there[0] == there[1] else 0
                if is_in_both and there[side]:
                    for coalition in range(8):
                        if coalition >> CHOICE & 1 == side:
                            lead[coalition, lane] += _net(theirs[coalition, lane])
    cast = np.empty(own.shape, np.int8)
    for coalition in range(8):
        for lane in range(alike.size):
            ahead = lead[coalition, lane]
            cast[coalition, lane] = YES if ahead > 0 else NO if ahead < 0 else ABSTAINED
    return cast, alike


@compiled
def _count_changes(
    plans: tuple[Plan, Plan],
    inputs: tuple[Inputs, Inputs],
    voters: Voters,
    row: int,
    votes: tuple[VoteRecord, VoteRecord],
    worlds: tuple[Circumstances, Circumstances],
    put: Bytes,
    into: Changes,
) -> None:
    """Counts the changed votes of one elector of both worlds."""
    before, after = votes[0].vote[voters.elector[row, 0]], votes[1].vote[voters.elector[row, 1]]
    differs = False
    for lane in range(put.size):
        differs = differs or (put[lane] == 1 and before[lane] != after[lane])
    if not differs:
        return
    by_coalition, alike = _cast_by_coalition(plans, inputs, voters, row, votes, worlds)
    brings = np.zeros(8, np.int64)
    for lane in range(put.size):
        if put[lane] == 0 or before[lane] == after[lane]:
            continue
        gain = voters.votes[row, 1] * _net(after[lane]) - voters.votes[row, 0] * _net(before[lane])
        if alike[lane] == 0 or not takes_part(before[lane]) or not takes_part(after[lane]):
            into.changed[row, ATTENDANCE] += PARTS
            into.margin[row, ATTENDANCE] += PARTS * gain
            continue
        for coalition in range(8):
            brings[coalition] = 1 if by_coalition[coalition, lane] == after[lane] else 0
        for player in range(3):
            part = sixths(brings, player)
            into.changed[row, player] += part
            into.margin[row, player] += part * gain


@compiled
def _count_newcomer(voters: Voters, row: int, side: int, vote: Bytes, put: Bytes, into: Changes) -> None:
    """Counts the votes of somebody who has a vote in one world only: they change by attendance."""
    for lane in range(vote.size):
        if put[lane] == 1 and takes_part(vote[lane]):
            gain = voters.votes[row, side] * _net(vote[lane]) * (1 if side == 1 else -1)
            into.changed[row, ATTENDANCE] += PARTS
            into.margin[row, ATTENDANCE] += PARTS * gain


@compiled
def _put_in_both(
    plans: tuple[Plan, Plan],
    voters: Voters,
    ballot: int,
    votes: tuple[VoteRecord, VoteRecord],
    worlds: tuple[Circumstances, Circumstances],
    into: Changes,
) -> Bytes:
    """In which histories a ballot is put in both worlds, 1 or 0; counts these, and adds what it chooses between.

    Of several things that may come in its place only the first is added.
    """
    plan = plans[0]
    a, b = voters.ballots[ballot, 0], voters.ballots[ballot, 1]
    one, two = plans[0].ballots[a].first_rival, plans[1].ballots[b].first_rival
    put = np.zeros(votes[0].chance.shape[1], np.int8)
    for lane in range(put.size):
        if not np.isnan(votes[0].chance[a, lane]) and not np.isnan(votes[1].chance[b, lane]):
            put[lane] = 1
            into.put[ballot] += 1
            into.if_carried[ballot, 0] += _fixed(plan, worlds[0].if_carried[a, lane])
            into.if_carried[ballot, 1] += _fixed(plan, worlds[1].if_carried[b, lane])
            into.if_lost[ballot, 0] += _fixed(plan, worlds[0].if_lost[one, lane])
            into.if_lost[ballot, 1] += _fixed(plan, worlds[1].if_lost[two, lane])
    return put


@compiled
def _at_ballot(plan: Plan, happened: Bytes, inputs: Inputs, ballot: int) -> Inputs:
    """The inputs with every parameter as it was when a ballot was held."""
    moment = 0
    while plan.moments[moment].ballot != ballot:
        moment += 1
    return in_force(plan, happened, inputs, moment)


@compiled
def count(
    plans: tuple[Plan, Plan],
    drawn: tuple[Inputs, Inputs],
    happened: tuple[Bytes, Bytes],
    voters: Voters,
    votes: tuple[VoteRecord, VoteRecord],
    worlds: tuple[Circumstances, Circumstances],
    into: Changes,
) -> None:
    """Counts the changed votes of histories that have ended. happened: of the last state of each world."""
    put, at, inputs = np.zeros(0, np.int8), -1, drawn
    for row in range(voters.ballot.size):
        if voters.ballot[row] != at:
            at = voters.ballot[row]
            put = _put_in_both(plans, voters, at, votes, worlds, into)
            inputs = (
                _at_ballot(plans[0], happened[0], drawn[0], voters.ballots[at, 0]),
                _at_ballot(plans[1], happened[1], drawn[1], voters.ballots[at, 1]),
            )
        one, two = voters.elector[row, 0], voters.elector[row, 1]
        if one >= 0:
            _add_elector(plans[0], voters, row, 0, votes[0], worlds[0], put, into)
        if two >= 0:
            _add_elector(plans[1], voters, row, 1, votes[1], worlds[1], put, into)
        if one >= 0 and two >= 0:
            _count_changes(plans, inputs, voters, row, votes, worlds, put, into)
        elif one >= 0:
            _count_newcomer(voters, row, 0, votes[0].vote[one], put, into)
        else:
            _count_newcomer(voters, row, 1, votes[1].vote[two], put, into)
