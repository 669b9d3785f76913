"""Who matters to a record: all others are left out of the histories that are compared with it.

Whoever is in nothing that happens, and of whom nothing is reported, has a stance that nobody looks at. As luck is keyed
by identity, the others play the same without them, bit for bit, in less time.
"""

from __future__ import annotations

import numpy as np

from sim.calibration.ballot_likelihood import Documented
from sim.model.array_types import Ints
from sim.model.plan import SET_FIRST_STANCE, Plan


def who_matters(plan: Plan, documented: Documented, last: int) -> Ints:
    """The rows of the members who are in some moment up to `last`, or are reported on, of the leader and of movers."""
    until = plan.moments.last_who[last] if last >= 0 else 0
    leader = [plan.rules.leader] if plan.rules.leader >= 0 else []
    movers = plan.ballots.mover[plan.ballots.mover >= 0].tolist()
    return np.unique([*plan.who[:until].tolist(), *documented.watched.member.tolist(), *leader, *movers]).astype(
        np.int64
    )


def among(plan: Plan, documented: Documented, members: Ints) -> tuple[Plan, Documented]:
    """The same debate and record with these rows of members only; moments in which others are must not be played."""
    # One row more than there are members: of nobody, whose row is -1.
    row = np.full(plan.members.size + 1, -1)
    row[members] = np.arange(members.size)
    rules, moments, watched = plan.rules.copy(), plan.moments.copy(), documented.watched.copy()
    ballots = plan.ballots.copy()
    ballots.mover, effects = row[ballots.mover], plan.effects.copy()
    of_members = effects.kind == SET_FIRST_STANCE
    effects.row[of_members] = row[effects.row[of_members]]
    rules.leader, moments.author, watched.member = row[rules.leader], row[moments.author], row[watched.member]
    smaller = plan._replace(
        members=plan.members[members],
        rules=rules,
        moments=moments,
        ballots=ballots,
        effects=effects,
        who=row[plan.who],
        listening=plan.listening[np.ix_(members, members)],
        by_authority=plan.by_authority[members],
        pair_key=plan.pair_key[np.ix_(members, members)]
        if plan.pair_key.shape == plan.listening.shape
        else plan.pair_key,
    )
    return smaller, documented._replace(watched=watched)
