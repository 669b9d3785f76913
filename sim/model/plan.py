"""The tables that the compiled core reads, and nothing else of a debate. `arrays` fills them from a scenario.

Members, parameters, ballots and moments are rows. Every parameter has a row; two more rows hold the constants 0
and 1 and stand in where a scenario names no parameter.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.model.array_types import Bytes, Floats, Ints, Words

WEEK, ABSENCE_ENDS, ABSENCE_BEGINS, EVENT, LETTER, TALK, BALLOT = range(7)
NOT_PUT, CARRIED, REJECTED = range(3)
EXACTLY, AT_LEAST, AT_MOST = range(3)
#: What the record says of somebody and a sitting: nothing; that they were there, had sent a vote, or were not there.
BY_CHANCE, IN_THE_ROOM, BY_NOTE, NOT_THERE = range(4)
POLICY_BELOW, POLICY_AT_MOST, POLICY_ABOVE, POLICY_AT_LEAST, POLICY_IS, DECIDED_AS, VOTED_AS, HAS_HAPPENED = range(8)
SET_POLICY, SET_FIRST_STANCE, SET_IF_CARRIED, SET_IF_LOST, SET_PARAMETER, SET_SEAT = range(6)
#: What somebody has in a body.
NO_SEAT, CANDIDATE, FULL = range(3)

ZERO, ONE = 0, 1


# The tables of a plan are record arrays: a field is a column, so `moments.kind[row]` reads as a table does, and
# each table goes to the compiled core as one array.

#: One row a member: key of the identity, and the rows of the parameters that are theirs.
MEMBERS = np.dtype(
    [
        ("key", "u8"),
        *((name, "i8") for name in ("susceptibility", "attachment", "receptiveness", "deference", "authority")),
        *((name, "i8") for name in ("competence", "salience")),
    ]
)

#: One row: the rules in force, by code, the rows of their parameters, and the axis. leader: their row, or -1.
RULES = np.dtype(
    [
        *((name, "i8") for name in ("talk", "is_friedkin_johnsen", "bound", "latitude", "latitude_bound", "ballot")),
        *((name, "i8") for name in ("sharpness", "reversion", "noise", "leader", "lapse")),
        ("mover_weight", "i8"),
        *((name, "f8") for name in ("low", "high", "policy")),
    ]
)

#: One row a moment, in playing order; what does not apply is -1, or NaN for a position. session: key of the
#: sitting. word: which of a block's four weeks. first_who, last_who: a slice of `Plan.who`; first_if, last_if: a
#: slice of the conditions. ballot: row of the ballots. least_seat: the least that those take part with whose seats may
#: change.
MOMENTS = np.dtype(
    [
        *((name, "u8") for name in ("key", "session")),
        *(
            (name, "i8")
            for name in ("kind", "day", "word", "first_who", "last_who", "first_if", "last_if", "author", "authority")
        ),
        *((name, "i8") for name in ("attendance", "by_name", "reachable", "ballot", "argued_as", "least_seat")),
        *((name, "f8") for name in ("argued", "strength")),
    ]
)

#: One row a ballot; a NaN position is the policy then in force. carried_by: the row of a parameter that stands for the
#: position, or -1. mover: the row of who moved it, or -1 (also of one whom nobody heeds). first_elector: its first row
#: among all electors. first_rival, last_rival: a slice of the rivals. motions, rank: of how many motions it is one, of
#: which one wins (1 by itself), and which of them, from 0. units: in how many parts its votes are counted, so that
#: fractions of votes are whole numbers; all_votes: of all seats, in these. heads, blocking: as the rules of decisions
#: take them.
BALLOTS = np.dtype(
    [
        *((name, "f8") for name in ("if_carried", "share", "quorum")),
        *((name, "i8") for name in ("carried_by", "first_rival", "last_rival", "motions", "rank")),
        *((name, "i8") for name in ("sets_policy", "documented", "by_correspondence", "mover", "first_elector")),
        *((name, "i8") for name in ("chair", "majority", "ties", "seats", "all_votes", "units", "margin")),
        *((name, "f8") for name in ("heads", "blocking")),
    ]
)

#: One row for each thing that may come in place of a motion: a place, by position or the row of a parameter, as above;
#: the row of the ballot that leads there where it is another motion of the same choice, or -1; and its mover.
RIVALS = np.dtype([("position", "f8"), *((name, "i8") for name in ("parameter", "ballot", "mover"))])

#: One row a condition: its kind, the row of the ballot, elector or moment and what it must have come to (a code, or 1
#: or 0 for whether it happened), or the position compared with.
CONDITIONS = np.dtype([*((name, "i8") for name in ("kind", "row", "outcome")), ("position", "f8")])

#: One row a change that an event makes: the row of the moment, its kind, the row of the member, ballot or parameter of
#: which, and a place, or the row of the parameter that gives one. Of a seat, body: the column of `Plan.seats`; seat:
#: what it is from then on.
EFFECTS = np.dtype(
    [*((name, "i8") for name in ("moment", "kind", "row", "parameter", "body", "seat")), ("position", "f8")]
)

#: A table of records, as its dtype says.
Records = Any


class Plan(NamedTuple):
    """All that the core needs.

    who, attending, votes: members of the moments, one after another; attending is what the record says of it, votes
    are in units of the ballot. seats: (who, bodies in which events change seats), what they have in these by the file,
    or -1 where they come to the moment without.
    withholding, documented, vetoes, bloc: of the electors of all ballots, the row of the chance that they abstain for a
    reason of their own, the vote on record, as a code, 1 for who has a veto, and whose vote they cast: the place among
    the electors of the first of their bloc, or their own.
    """

    members: Records
    rules: Records
    moments: Records
    ballots: Records
    rivals: Records
    conditions: Records
    effects: Records
    who: Ints
    attending: Ints
    votes: Ints
    seats: Bytes
    withholding: Ints
    documented: Bytes
    vetoes: Bytes
    bloc: Ints
    listening: Floats
    by_authority: Ints
    pair_key: Words
