"""The shipped debates: in order whichever way they are read, complete, and true to the record they are taken from."""

from __future__ import annotations

import datetime
import functools
import re

import pytest

import sim
from sim import Scenario
from sim.calibration.record import COUNTS_AS_A_VOTE
from sim.ensembles.executor import play_runs
from sim.model.arrays import arrays_of
from sim.scenario.conditions import looked_back_to
from sim.scenario.schema import Absence, Ballot
from sim.scenario.seats import sitting
from sim.scenario.timeline import Entry
from sim.scenario.validation.check import check

MONOPOLY, BREST = "monopoly-1922", "brest-1918"
EVIDENCE = ("all", "documented", "seed")
OCTOBER, DECEMBER = datetime.date(1922, 10, 6), datetime.date(1922, 12, 18)
#: The items of the record that bear on the debate: decisions, events, observed stances (numbered with gaps).
DECISIONS = [f"D{number}" for number in range(1, 14)]
EVENTS = [f"E{number:02}" for number in range(1, 52)]
OBSERVED = [
    f"O{number:02}"
    for numbers in (
        range(1, 7), range(10, 14), [15], range(20, 26), range(30, 33), [35], range(40, 45), range(50, 53),
        range(55, 57), range(60, 64), range(65, 68), range(70, 79),
    )
    for number in numbers
]  # fmt: skip


def readings() -> list[tuple[str, str, str]]:
    """Every side of every contested point: scenario, reading, option."""
    return [
        (name, reading, option)
        for name in sim.shipped()
        for reading, told in sim.load(name).debate.readings.items()
        for option in told.options
    ]


@functools.cache
def read(name: str, reading: str, option: str) -> Scenario:
    """A shipped debate with one side of a contested point taken."""
    return sim.load(name, {reading: option})


def is_playable(scenario: Scenario) -> None:
    """Plays a few histories both ways, and one with agents."""
    for follows_record in (True, False):
        tally = play_runs(scenario, 16, seed=1, follows_record=follows_record)
        assert tally.runs == 16
        assert (tally["outcomes"].sum(axis=1) == 16).all()
    assert len(sim.play(scenario, seed=1).stances) == len(scenario.entries) + 1


@pytest.fixture(scope="module")
def monopoly() -> Scenario:
    """The debate of 1922 as it is read by default."""
    return sim.load(MONOPOLY)


def ballots(scenario: Scenario) -> dict[str, Entry]:
    """Every ballot by its id."""
    return {entry.id: entry for entry in scenario.entries if isinstance(entry.item, Ballot)}


def recorded(scenario: Scenario, item: str) -> list[Ballot]:
    """The ballots that were taken from an item of the record."""
    found = [entry.item for entry in ballots(scenario).values()]
    return [ballot for ballot in found if isinstance(ballot, Ballot) and item in ballot.record]


def seated(scenario: Scenario, body: str, day: datetime.date, is_full: bool = True) -> set[str]:
    """Who sits in a body on a day."""
    seats = sitting(scenario.debate, scenario.debate.bodies[body], day)
    return {seat.member for seat in seats if seat.is_full == is_full}


# Every way of reading them ---------------------------------------------------------------------------------


def test_three_debates_come_with_the_program() -> None:
    """Two real debates and an invented one are shipped, and a file's name is the scenario's id."""
    assert sim.shipped() == [BREST, "library-sunday", MONOPOLY]
    assert [sim.load(name).name for name in sim.shipped()] == sim.shipped()


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("name", sim.shipped())
def test_a_shipped_debate_can_be_played_on_any_evidence(name: str, evidence: str) -> None:
    """Whichever evidence is kept, the debate is in order and can be played."""
    scenario = sim.load(name, evidence=evidence)
    assert check(scenario.document) == scenario.debate
    is_playable(scenario)


@pytest.mark.parametrize(("name", "reading", "option"), readings())
def test_a_shipped_debate_can_be_played_under_any_reading(name: str, reading: str, option: str) -> None:
    """Whichever side of a contested point is taken, the debate is in order and can be played."""
    scenario = read(name, reading, option)
    assert scenario.document.readings_applied is not None
    assert scenario.document.readings_applied[reading] == option
    is_playable(scenario)


@pytest.mark.parametrize(("name", "reading", "option"), readings())
def test_a_reading_other_than_the_default_is_another_debate(name: str, reading: str, option: str) -> None:
    """The default side changes nothing of the debate, and every other side changes something."""
    default = sim.load(name)
    is_default = default.debate.readings[reading].default == option
    assert (read(name, reading, option).digest == default.digest) == is_default


@pytest.mark.parametrize(("name", "reading", "option"), readings())
@pytest.mark.parametrize("evidence", EVIDENCE[1:])
def test_readings_and_evidence_go_together(name: str, reading: str, option: str, evidence: str) -> None:
    """Any side of a contested point can be taken on any evidence."""
    scenario = sim.load(name, {reading: option}, evidence)
    assert check(scenario.document) == scenario.debate


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("name", sim.shipped())
def test_evidence_that_is_kept_is_as_good_as_asked_for(name: str, evidence: str) -> None:
    """What the filter looks at is, once filtered, as well known as asked: documented, or of the founding source."""
    debate = sim.load(name, evidence=evidence).debate
    words = [m for m in debate.timeline if m.kind in ("letter", "report", "note", "speech", "news", "event", "ballot")]
    stances = [member.first_stance for member in debate.members.values() if member.first_stance]
    observed = [seen for member in debate.members.values() for seen in member.observations]
    votes = [vote for m in debate.timeline if isinstance(m, Ballot) for vote in m.votes]
    tallies = [m.tally for m in debate.timeline if isinstance(m, Ballot) and m.tally]
    kept = [*words, *stances, *observed, *votes, *tallies]
    if evidence == "seed":
        assert all("seed" in datum.provenance for datum in kept)
    elif evidence == "documented":
        assert {datum.evidence for datum in kept} <= {"documented"}
    else:
        assert kept


#: What Lenin's letter of March 1922 and the note printed under it state, and what says so in the file.
STATED = {
    "a talk of Lenin with Kamenev, Stalin and Zinoviev": "lenin-three-talk-1922-03-02",
    "Krasin is absolutely right": "krasin-stance-1922-03-03",
    "no retreat beyond Lezhava's theses": "lenin-stance-1922-03-03",
    "Sokolnikov's draft decree": "sokolnikov-stance-1922-03-03",
    "the Moscow purchase of tinned food": "tinned-meat",
    "the letter itself": "lenin-letter-1922-03-03",
    "Lezhava's theses stress consolidating the monopoly": "lezhava-stance-1922-01-04",
    "the theses were endorsed by Lenin": "lenin-stance-1922-01-04",
    "and adopted by the Supreme Economic Commission": "lezhava-theses-commission",
    "Sokolnikov opposed keeping the monopoly": "sokolnikov-stance-period",
    "Bukharin opposed keeping it": "bukharin-stance-period",
    "Pyatakov opposed keeping it": "pyatakov-stance-period",
    "Stalin favoured easing": "stalin-stance-period",
    "Zinoviev favoured easing": "zinoviev-stance-period",
    "Kamenev favoured easing": "kamenev-stance-period",
    "the Politbureau adopted the theses on 4 March": "theses-adopted",
    "and in final form on 10 March": "theses-final",
    "the VTsIK decided on 13 March": "vtsik-decree",
    "Sokolnikov put his plan forward again": "sokolnikov-proposal-1922-05",
    "and so still held it": "sokolnikov-stance-1922-05-22",
    "Frumkin suggested a monopoly of four or five products": "frumkin-letter-1922-05-10",
    "and so came out in favour of easing": "frumkin-stance-1922-05-10",
    "Lenin's proposal of 15 May": "lenin-letter-1922-05-15",
    "and what Lenin wanted by it": "lenin-stance-1922-05-15",
    "the Politbureau adopted it on 22 May": "may-confirmation",
    "the plenum of 6 October debated": "cc-plenum-1922-10-06",
    "and adopted its resolution": "october-relaxation",
    "on a motion of Zinoviev's": "zinoviev-stance-1922-10-06",
    "on the basis of Sokolnikov's theses": "sokolnikov-stance-1922-10-06",
    "Stalin's stand was the October one": "stalin-stance-1922-10-06",
    "Krasin's request of 11 October": "krasin-letter-1922-10-11",
    "and what Krasin stood for": "krasin-stance-1922-10-11",
    "Lenin supported Krasin and protested": "lenin-letter-1922-10-13",
    "that the decision thwarted the monopoly": "lenin-stance-1922-10-13",
    "the question was put off to December": "october-deferral",
    "Bukharin objected": "bukharin-letter-1922-10-15",
    "and what Bukharin stood for": "bukharin-stance-1922-10-15",
    "Lenin's letter of 13 December to the plenum": "lenin-letter-1922-12-13-plenum",
    "Stalin was forced to abandon his stand": "stalin-stance-1922-12-18",
    "the plenum rescinded the October decision": "december-rescission",
    "the Twelfth Congress reaffirmed the monopoly": "congress-resolution",
}


def test_the_founding_source_keeps_all_that_it_states() -> None:
    """Under `seed` there is every stance, letter and decision of the letter and its note, and nothing else is told."""
    debate = sim.load(MONOPOLY, evidence="seed").debate
    observed = [seen for member in debate.members.values() for seen in member.observations]
    told = [moment for moment in debate.timeline if moment.kind != "absence" and moment.evidence != "assumed"]
    assert sorted(datum.id for datum in [*observed, *told]) == sorted(STATED.values())
    assert all("SEED" in datum.source for datum in [*observed, *told])


def test_the_founding_source_alone_gives_a_debate_with_decisions() -> None:
    """The letter and its note are enough to play: under `seed` there are stances, letters and ballots left."""
    debate = sim.load(MONOPOLY, evidence="seed").debate
    assert any(isinstance(moment, Ballot) and moment.outcome for moment in debate.timeline)
    assert any(moment.kind == "letter" for moment in debate.timeline)
    assert any(member.first_stance for member in debate.members.values())


def test_membership_is_never_filtered() -> None:
    """Whatever the evidence, the same people sit in the same bodies, and the same people are away."""
    bodies = [sim.load(MONOPOLY, evidence=evidence).debate.bodies for evidence in EVIDENCE]
    assert bodies[0] == bodies[1] == bodies[2]
    away = [
        [moment for moment in sim.load(MONOPOLY, evidence=evidence).debate.timeline if isinstance(moment, Absence)]
        for evidence in EVIDENCE
    ]
    assert away[0] == away[1] == away[2]


# The debate of 1922 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [DECISIONS, EVENTS, OBSERVED], ids=["decisions", "events", "observed stances"])
def test_the_file_names_every_item_of_the_record(items: list[str], monopoly: Scenario) -> None:
    """Every decision, event and observed stance of the record stands in the file, as data or with why it is none."""
    # The line that says how the items are numbered is no mention of them.
    text = "\n".join(line for line in monopoly.origin.text.splitlines() if not re.search(r"[DEO]\d\d?-[DEO]\d", line))
    named = set(re.findall(r"\b[DEO]\d{1,2}\b", text))
    assert [item for item in items if item not in named] == []


def test_every_decision_that_bears_on_the_monopoly_is_a_ballot(monopoly: Scenario) -> None:
    """The decisions on the monopoly are ballots, in the order of the record, with the bodies that took them."""
    bodies = {
        "D1": "politburo", "D2": "supreme-economic-commission", "D3": "politburo", "D4": "politburo",
        "D5": "vtsik-presidium", "D8": "politburo", "D10": "central-committee", "D11": "central-committee",
        "D12": "central-committee", "D13": "congress-12",
    }  # fmt: skip
    found = {item: [ballot.body for ballot in recorded(monopoly, item)] for item in bodies}
    assert found == {item: [body] for item, body in bodies.items()}
    days = [recorded(monopoly, item)[0].date for item in bodies]
    assert days == sorted(days)


def test_every_decision_leads_somewhere_carried_and_lost(monopoly: Scenario) -> None:
    """Every motion names the position it leads to if carried and another if lost, both on the axis."""
    places = {position.name for position in monopoly.debate.axis.positions} | {"policy"}
    for name, entry in ballots(monopoly).items():
        assert isinstance(entry.item, Ballot)
        assert entry.item.if_carried in places, name
        assert places >= set(entry.item.if_lost), name
        assert entry.item.if_carried not in entry.item.if_lost, name


def test_every_documented_decision_was_carried_and_seven_are_compared(monopoly: Scenario) -> None:
    """All recorded decisions were carried; the seven with a known electorate are compared, the others say why not."""
    found = [entry.item for entry in ballots(monopoly).values() if isinstance(entry.item, Ballot)]
    assert {ballot.outcome for ballot in found} == {"carried"}
    compared = [item for item in DECISIONS for ballot in recorded(monopoly, item) if ballot.fit]
    assert compared == ["D1", "D3", "D4", "D8", "D10", "D11", "D12"]


def test_twenty_seven_full_members_could_vote_on_6_october(monopoly: Scenario) -> None:
    """The Central Committee of the Eleventh Congress has 27 full members on 6 October 1922, Pyatakov not among them."""
    members = seated(monopoly, "central-committee", OCTOBER)
    assert len(members) == 27
    assert {"lenin", "trotsky", "stalin", "sokolnikov", "bukharin"} <= members
    assert seated(monopoly, "central-committee", OCTOBER, is_full=False) == {"pyatakov"}
    assert not {"krasin", "frumkin", "pyatakov"} & members
    assert set(ballots(monopoly)["october-relaxation"].who) == members


def test_the_politbureau_grows_from_five_to_seven_on_3_april(monopoly: Scenario) -> None:
    """Five full members until the Eleventh Congress; from 3 April 1922 seven, with Tomsky and Rykov."""
    before = seated(monopoly, "politburo", datetime.date(1922, 4, 2))
    after = seated(monopoly, "politburo", datetime.date(1922, 4, 3))
    assert before == {"lenin", "trotsky", "stalin", "kamenev", "zinoviev"}
    assert after == before | {"tomsky", "rykov"}
    for day in (datetime.date(1922, 3, 4), datetime.date(1922, 5, 22)):
        assert seated(monopoly, "politburo", day, is_full=False) == {"bukharin", "kalinin", "molotov"}


@pytest.mark.parametrize("day", [OCTOBER, DECEMBER], ids=str)
def test_lenin_is_at_neither_plenum(monopoly: Scenario, day: datetime.date) -> None:
    """Lenin is away on 6 October and on 18 December 1922: in no history does he vote there."""
    away = [moment for moment in monopoly.debate.timeline if isinstance(moment, Absence) and moment.member == "lenin"]
    assert any(absence.date <= day <= absence.until for absence in away)
    name = next(name for name, entry in ballots(monopoly).items() if entry.date == day)
    votes = sim.ensemble(monopoly, runs=16, seed=1).ballots
    assert votes[(votes.decision == name) & (votes.member == "lenin")].absent.tolist() == [1.0]


def test_those_without_a_vote_still_write_and_are_persuaded(monopoly: Scenario) -> None:
    """Krasin and Frumkin, who sit in no body that votes, write, and their stances move."""
    authors = {getattr(moment, "author", None) for moment in monopoly.debate.timeline}
    assert {"krasin", "frumkin"} <= authors
    stances = sim.play(monopoly, seed=1).stances
    assert stances.krasin.nunique() > 1
    electors = {member for _, member in arrays_of(monopoly).names.electors}
    assert not {"krasin", "frumkin"} & electors


def test_most_of_the_central_committee_left_no_recorded_stance(monopoly: Scenario) -> None:
    """Nineteen of the twenty-seven have neither a first stance nor an observation: they are drawn, not placed."""
    members = seated(monopoly, "central-committee", OCTOBER)
    silent = {name for name in members if not monopoly.debate.members[name].first_stance
              and not monopoly.debate.members[name].observations}  # fmt: skip
    assert len(silent) == 19
    assert monopoly.debate.dynamics.unknown_centre == "unknown-centre"


def test_the_conditional_decisions_follow_october(monopoly: Scenario) -> None:
    """The deferral and the rescission are put only where the October motion passed."""
    for name in ("october-deferral", "december-rescission"):
        assert "october-relaxation" in looked_back_to(ballots(monopoly)[name].conditions)
    free = sim.ensemble(monopoly, runs=256, seed=1).decisions.set_index("decision")
    assert free.put["october-deferral"] == pytest.approx(free.probability_free["october-relaxation"])


# The debate of 1918 ----------------------------------------------------------------------------------------


#: The roll calls of the record: yes, no and abstained, by decision. Those that are only recalled come last.
ROLL_CALLS = {
    "B5": (
        "lenin trotsky stalin sverdlov zinoviev sokolnikov smilga",
        "uritsky joffe lomov bukharin krestinsky", "stasova",
    ),
    "B7": (
        "lenin stasova zinoviev stalin sverdlov sokolnikov smilga", "bukharin lomov uritsky bubnov",
        "trotsky dzerzhinsky krestinsky joffe",
    ),
    "B4": (
        "lenin stalin sverdlov zinoviev sokolnikov smilga",
        "trotsky bukharin joffe uritsky lomov krestinsky dzerzhinsky", "",
    ),
    "B3a": ("lenin stalin sverdlov sokolnikov smilga", "bukharin lomov trotsky uritsky joffe krestinsky", ""),
    "B3b": (
        "lenin trotsky stalin sverdlov sokolnikov smilga", "joffe", "bukharin lomov uritsky krestinsky",
    ),
}  # fmt: skip
#: Who is known to have voted how from a page that was read.
FOUND = {"B5": 13, "B7": 15, "B4": 2, "B3a": 0, "B3b": 0}


@pytest.fixture(scope="module")
def brest() -> Scenario:
    """The debate of 1918 as it is read by default."""
    return sim.load(BREST)


@pytest.mark.parametrize("item", ROLL_CALLS)
def test_the_roll_calls_are_those_of_the_record(item: str, brest: Scenario) -> None:
    """Each named vote is the recorded one, the counts are their sums, and only what was found is compared."""
    (ballot,) = recorded(brest, item)
    named = {vote: {each.member for each in ballot.votes if each.vote == vote} for vote in ("yes", "no", "abstain")}
    assert tuple(named.values()) == tuple(set(names.split()) for names in ROLL_CALLS[item])
    assert sum(vote.evidence in COUNTS_AS_A_VOTE for vote in ballot.votes) == FOUND[item]
    if ballot.tally:
        assert [ballot.tally.yes, ballot.tally.no, ballot.tally.abstain] == [len(names) for names in named.values()]


def test_whoever_is_in_no_full_roll_call_was_not_there(brest: Scenario) -> None:
    """On 23 February fifteen vote, the three candidates among them, in every history."""
    votes = sim.ensemble(brest, runs=64, seed=1).ballots
    of_the_day = votes[votes.decision == "acceptance"]
    (ballot,) = recorded(brest, "B7")
    voters = {vote.member for vote in ballot.votes}
    assert {"lomov", "joffe", "stasova"} <= voters
    assert set(of_the_day[of_the_day.absent == 0.0].member) == voters
    assert set(of_the_day[of_the_day.absent == 1.0].member) == {"muranov", "artem", "kollontai", "berzin", "shaumyan"}


def test_half_of_the_compared_motions_were_lost(brest: Scenario) -> None:
    """Unlike in the other debate, what is put does not always pass."""
    found = [entry.item for entry in ballots(brest).values() if isinstance(entry.item, Ballot)]
    compared = {ballot.id: ballot.outcome for ballot in found if ballot.is_compared}
    assert list(compared.values()).count("rejected") == 3
    assert len(compared) == 7


def test_the_two_sittings_of_18_february_are_in_their_order(brest: Scenario) -> None:
    """The morning's vote comes before the advance, and the advance before the evening's."""
    of_the_day = ("telegram-in-the-morning", "advance", "cc-1918-02-18-evening", "offer-in-the-evening")
    assert [entry.id for entry in brest.entries if entry.id in of_the_day] == [*of_the_day]


def test_no_first_stance_of_1918_rests_on_a_vote(brest: Scenario) -> None:
    """Five have a first stance by default, none of them from a roll call; a reading codes the voters as well."""
    known = {name for name, member in brest.debate.members.items() if member.first_stance}
    assert known == {"lenin", "trotsky", "bukharin", "muranov", "artem"}
    cited = {source for name in known for source in brest.debate.members[name].first_stance.source}  # type: ignore[union-attr]
    assert not cited & {"FELSH_TROTSKY", "FELSH_23FEB", "LUDENDORFF"}
    voters = read(BREST, "first-stances", "votes-too").debate.members
    assert {name for name in voters if not voters[name].first_stance} == {"kollontai", "berzin", "shaumyan"}


@pytest.mark.parametrize(
    "items", [[*ROLL_CALLS, "B1", "B2a", "B2b", "B2c", "B6", "B7b", "B7c", "B8", "B9"], [f"BE{n}" for n in range(1, 9)]]
)
def test_the_file_of_1918_names_every_item_of_the_record(items: list[str], brest: Scenario) -> None:
    """Every decision and event of the record stands in the file, as data or with why it is none."""
    named = {item for moment in brest.debate.timeline for item in moment.record}
    assert [item for item in items if item not in named] == []
