"""One history, written down: what was said and voted, and whom it moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas

from sim.model import ballots
from sim.model.array_types import Floats
from sim.model.history import History
from sim.model.plan import ZERO
from sim.model.rules import decisions, voting
from sim.model.state import in_force
from sim.scenario import DEFAULT
from sim.scenario.arguments import AnyScenario, as_scenario, check_numbers
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Absence, Ballot, Letter, Talk
from sim.scenario.seats import positions
from sim.scenario.shown import ShownResult
from sim.scenario.timeline import Entry, described

COLUMNS = (
    "date", "moment", "kind", "actor", "audience", "member", "before", "after", "note", "happened", "outcome", "reason",
)  # fmt: skip
VOTES = {voting.YES: "yes", voting.NO: "no", voting.ABSTAINED: "abstain", voting.WAS_ABSENT: "absent"}
TIED = {
    decisions.TIE_REJECTED: "a tie is rejected",
    decisions.TIE_CARRIED: "a tie is carried",
    decisions.TIE_TO_CHAIR: "a tie, decided by the chair",
    decisions.TIE_TO_LOT: "a tie, decided by lot",
}

Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Run(ShownResult):
    """One history as plain tables.

    transcript: one row for each member whom a moment moved, each vote and each decision. happened: yes or no. outcome:
    carried or rejected, in the row of a decision; reason: why, where a count of heads does not show it. stances: date,
    moment and a column a member. ballots: decision, member, stance, voiced, vote. follows_record: whether documented
    outcomes replace those voted.
    """

    scenario: Scenario
    seed: int
    replicate: int
    follows_record: bool
    transcript: pandas.DataFrame
    stances: pandas.DataFrame
    ballots: pandas.DataFrame

    @property
    def runs(self) -> int:
        """One history."""
        return 1

    def frozen_since(self, tolerance: float = 1e-9) -> pandas.Timestamp:
        """The freeze time: the date of the last moment at which a stance moves by more than a tolerance.

        tolerance: in units of the axis. Where nobody ever moves that far, the day on which the history begins. Where
        noise goes on to the end, nothing freezes, and it is the date of one of the last weeks.
        """
        moves = self.stances.drop(columns=["date", "moment"]).diff().abs().max(axis=1)
        rows = self.stances.index[moves > tolerance]
        return pandas.Timestamp(self.stances.date[rows[-1] if len(rows) else 0])

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it again, besides scenario and seed."""
        return {"replicate": self.replicate, "follows_record": self.follows_record}

    @property
    def tables(self) -> dict[str, pandas.DataFrame]:
        """Every table by the name of its file."""
        return {"transcript": self.transcript, "stances": self.stances, "ballots": self.ballots}

    @property
    def about(self) -> str:
        """Which history it is."""
        return f"replicate {self.replicate}"

    @property
    def headline(self) -> str:
        """What was decided, and whose stance moved most from first to last."""
        return f"{self._decided()} {self._moved_most()}"

    def _decided(self) -> str:
        rows = self.transcript[self.transcript.kind == "ballot"]
        outcomes = {
            "Carried": rows[rows.outcome == "carried"].moment,
            "rejected": rows[rows.outcome == "rejected"].moment,
            "not put": rows[rows.happened == "no"].moment,
        }
        parts = [f"{word}: {', '.join(moments)}" for word, moments in outcomes.items() if len(moments)]
        text = "; ".join(parts) or "nothing is put to the vote"
        return f"{text[0].upper()}{text[1:]}."

    def _moved_most(self) -> str:
        stances = self.stances.drop(columns=["date", "moment"])
        moved = stances.iloc[-1] - stances.iloc[0]
        if not moved.abs().max() > 0:
            return "Nobody moved."
        who, places = str(moved.abs().idxmax()), positions(self.scenario.debate)
        by, last = moved[who], stances[who].iloc[-1]
        near = min(places, key=lambda name: abs(places[name] - last), default="")
        way, to = "up" if by > 0 else "down", f"to nearest “{near.replace('-', ' ')}”" if near else f"to {last:.2f}"
        return f"Nobody moved further than {who}: {way} by {abs(by):.2f}, {to}."

    def _shown_table(self) -> pandas.DataFrame:
        rows = self.transcript[self.transcript.outcome != ""]
        return rows[["date", "moment", "outcome", "reason", "note"]]


def _row(entry: Entry, **known: Any) -> Row:
    item = entry.item
    actor = getattr(item, "author", None) or getattr(item, "moved_by", None) or getattr(item, "member", None)
    audience = entry.body or (", ".join(entry.who) if isinstance(item, Letter | Talk) else "")
    blank = dict.fromkeys(COLUMNS[5:], "") | {"before": float("nan"), "after": float("nan"), "happened": "yes"}
    said = {"date": entry.date, "moment": entry.id, "kind": entry.kind, "actor": actor or "", "audience": audience}
    return {**said, **blank, **known}


def _moves(history: History, entry: Entry, before: Floats, after: Floats) -> Iterator[Row]:
    for name, old, new in zip(history.names.members, before.tolist(), after.tolist(), strict=True):
        if old != new:
            yield _row(entry, member=name, before=old, after=new)


def _votes(history: History, entry: Entry, ballot: Ballot) -> Iterator[Row]:
    number = history.names.ballots.index(ballot.id)
    first = int(history.arrays.ballots.first_elector[number])
    bloc = history.arrays.bloc[first : first + len(entry.who)].tolist()
    codes = [int(code) for code in history.votes.vote[first : first + len(entry.who), 0]]
    for place, (member, code) in enumerate(zip(entry.who, codes, strict=True), start=first):
        if code == voting.NO_VOTE:
            continue  # an event has taken their seat, or has not given them one
        private, voiced = float(history.votes.stance[place, 0]), float(history.votes.voice[place, 0])
        note = VOTES[code] if code == voting.WAS_ABSENT else f"{VOTES[code]}, voicing {voiced:.3f}"
        if code != voting.WAS_ABSENT and voiced != private and _heeds_the_mover(history, member):
            note += ", follows the mover"
        if code != voting.WAS_ABSENT and bloc.count(bloc[place - first]) > 1:
            note += ", with the bloc"
        yield _row(entry, member=member, before=private, after=private, note=note)
    counted = ", ".join(f"{codes.count(code)} {word}" for code, word in VOTES.items() if codes.count(code))
    chance = float(history.votes.chance[number, 0])
    outcome, reason = history.outcome(ballot.id), _reason(history, ballot)
    decided = f"{outcome} ({reason})" if reason else outcome
    note = f"{decided}: {counted} (chance of carrying {chance:.3f}); policy in force {history.policy:g}"
    yield _row(entry, note=note, outcome=outcome, reason=reason)


def _heeds_the_mover(history: History, member: str) -> bool:
    """Whether the mover's position is a member's cue at the ballot that has just been held."""
    plan, row = history.arrays, history.names.members.index(member)
    if plan.rules.mover_weight == ZERO:
        return False
    ballot = history.played - 1
    inputs = in_force(plan, history.state.happened, history.inputs, ballot)
    heeds = ballots.heeds_the_mover(plan, history.state, inputs, ballot, row)
    return bool(heeds[0])


def _reason(history: History, ballot: Ballot) -> str:
    """Why a ballot went as it did, where a count of heads does not show it."""
    plan, moment = history.arrays, history.played - 1
    if history.inputs.follows_record and ballot.outcome:
        return "as recorded"
    rule = ballots.procedure_in(plan, moment, history.votes, 0)
    tally = ballots.tally_of(plan, moment, history.votes)
    yes, no, units = int(tally.yes[0]), int(tally.no[0]), int(plan.ballots.units[plan.moments.ballot[moment]])
    if not decisions.is_quorate(rule, tally.seats_taken[0]):
        return "no quorum"
    if tally.vetoes[0]:
        return "vetoed"
    weights = plan.votes[plan.moments.first_who[moment] : plan.moments.last_who[moment]]
    half = rule.majority == decisions.SIMPLE or (rule.majority == decisions.ABSOLUTE and 2 * yes == rule.all_votes)
    weighed = f"{yes / units:.12g} votes to {no / units:.12g}" if set(weights.tolist()) != {1} else ""
    tied = TIED[int(rule.ties)] if half and yes == no > 0 else ""
    heads = ""
    if tally.heads[0] < rule.heads_needed:
        heads = f"members for it: {tally.heads[0]} of the {rule.heads_needed} needed"
    elif tally.heads[0] >= rule.heads_enough:
        heads = "too few against it to block"
    return ", ".join(filter(None, (weighed, tied, heads)))


def _written(history: History, entry: Entry, happened: bool, before: Floats, after: Floats) -> Iterator[Row]:
    if not happened:
        yield _row(entry, note=f"does not happen ({'; '.join(map(str, entry.conditions))})", happened="no")
    elif isinstance(entry.item, Ballot):
        yield from _votes(history, entry, entry.item)
    elif isinstance(entry.item, Absence):
        yield _row(
            entry, member=entry.item.member, note=entry.item.reason if entry.kind == "absence begins" else "is back"
        )
    else:
        moves = list(_moves(history, entry, before, after))
        yield from moves or [_row(entry, note=described(entry))]


def play(scenario: AnyScenario = DEFAULT, seed: int = 1922, replicate: int = 0, follows_record: bool = False) -> Run:
    """Plays one history: replicate `replicate` of an ensemble with the same seed, bit for bit.

    Step by step, with agents to look at and to change, `sim.Debate` plays the same.

    scenario: a debate, a shipped name or a path. seed: 0 to 2^64 - 1. replicate: 0 to 2^32 - 1. follows_record:
    whether documented outcomes replace those voted.

    Returns a Run: `.transcript`, `.stances` and `.ballots` are DataFrames; help(sim.Run) says what their columns hold.
    Raises ScenarioError for a name or a file that is no debate, UserError for a number out of its range, TypeError for
    an argument of another kind.

    Example: `sim.play("library-sunday", seed=7).transcript`
    """
    scenario = as_scenario(scenario, "sim.play")
    check_numbers(seed=seed, replicate=replicate)
    history = History(scenario, seed, replicate, follows_record)
    rows: list[Row] = []
    stances = [(history.date, "", *history.state.stance[:, 0].tolist())]
    while (entry := history.upcoming) is not None:
        before = history.state.stance[:, 0].copy()
        history.step()
        happened = entry.kind == "week" or bool(history.state.happened[history.played - 1, 0])
        rows += _written(history, entry, happened, before, history.state.stance[:, 0])
        stances.append((entry.date, entry.id, *history.state.stance[:, 0].tolist()))
    moved = pandas.DataFrame(rows, columns=list(COLUMNS))
    ballots = _ballots(history)
    return Run(
        scenario,
        seed,
        replicate,
        follows_record,
        moved.assign(date=pandas.to_datetime(moved.date)),
        pandas.DataFrame(stances, columns=["date", "moment", *history.names.members]).assign(
            date=lambda table: pandas.to_datetime(table.date)
        ),
        ballots,
    )


def _ballots(history: History) -> pandas.DataFrame:
    votes, electors = history.votes, history.names.electors
    table = pandas.DataFrame(
        {
            "decision": [decision for decision, _ in electors],
            "member": [member for _, member in electors],
            "stance": votes.stance[:, 0],
            "voiced": votes.voice[:, 0],
            "vote": [VOTES.get(int(code), "") for code in votes.vote[:, 0]],
        }
    )
    return table[table.vote != ""].reset_index(drop=True)


def rerun(scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: object = None) -> Run:
    """The history that a manifest describes; one, so that nothing is left to an executor."""
    return play(scenario, seed, settings["replicate"], settings["follows_record"])
