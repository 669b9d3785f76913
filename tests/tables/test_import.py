"""Tables as people have them are read for what they are, and what is wrong with one is told by row and column."""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas
import pytest
from typer.testing import CliRunner

import sim
from sim.commands import main
from sim.errors import UserError
from sim.scenario.schema import Ballot
from sim.tables.table import read

TABLES = Path(__file__).parent / "tables"


def votes(scenario: sim.Scenario) -> dict[str, dict[str, str]]:
    """The votes of each ballot by name, those absent among them."""
    ballots = [moment for moment in scenario.debate.timeline if isinstance(moment, Ballot)]
    return {
        ballot.motion: {vote.member: vote.vote for vote in ballot.votes} | dict.fromkeys(ballot.absent, "absent")
        for ballot in ballots
    }


def run(*line: str) -> Any:
    """What a command answers."""
    return CliRunner().invoke(main.program(), list(line))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text: str, name: str = "table.csv") -> str:
    """A file with a text."""
    Path(name).write_text(text, "utf-8")
    return name


def test_ten_actors_are_a_scenario_by_one_command(here: Path) -> None:
    """Positions are first stances, capabilities of 100 shares; what nobody said is asked; and it is played."""
    answer = run("import", str(TABLES / "actors.csv"), "--source", "A survey, 1921")
    assert answer.exit_code == 0, answer.exception
    assert "Comment" in answer.output.partition("Not read: ")[2]
    members = sim.load("actors.yaml").document.tree["members"]
    assert len(members) == 10
    assert members["residents"]["authority"] == 0.075
    assert members["residents"]["first_stance"]["value"] == 100
    assert members["residents"]["first_stance"]["source"] == "ASurvey1921"
    assert "QUESTION" in Path("actors.yaml").read_text("utf-8")
    assert run("replay", "actors.yaml", "--runs", "8", "--no-figures").exit_code == 0


def test_a_roll_call_is_a_scenario_by_one_command(here: Path) -> None:
    """Nine motions by twelve people: every vote, abstention and absence, outcomes counted, places to fit."""
    assert run("import", str(TABLES / "harbour-votes.csv"), "--question", "Who pays for the harbour?").exit_code == 0
    scenario = sim.load("harbour-votes.yaml")
    table = (
        pandas.read_csv(TABLES / "harbour-votes.csv", keep_default_na=False).set_index("motion").drop(columns="date")
    )
    found = {motion: {scenario.debate.members[who].name: vote for who, vote in each.items()}
             for motion, each in votes(scenario).items()}  # fmt: skip
    assert found == {
        motion: {who: vote for who, vote in row.items() if vote} for motion, row in table.T.to_dict().items()
    }
    ballots = {moment.motion: moment for moment in scenario.debate.timeline if isinstance(moment, Ballot)}
    assert ballots["Take up the loan"].outcome == "rejected"
    assert ballots["Take up the loan"].date == datetime.date(1921, 4, 20)
    assert Path("harbour-votes.yaml").read_text("utf-8").count("does it lead") == len(ballots) == 9
    places = {place for ballot in ballots.values() for place in (ballot.if_carried, *ballot.if_lost)}
    assert len(places) == 18
    assert places <= scenario.debate.parameters.keys()
    assert len(sim.ensemble(scenario, 8).decisions) == 9


CODED = {
    "words": {"yes": "Aye", "no": "nay", "abstain": "Abstention", "absent": "not voting", "": ""},
    "un": {"yes": "Y", "no": "N", "abstain": "A", "absent": "", "": None},
    "voteview": {"yes": "1", "no": "6", "abstain": "7", "absent": "9", "": ""},
    "voeten": {"yes": "1", "no": "3", "abstain": "2", "absent": "8", "": ""},
}


@pytest.mark.parametrize("codes", CODED)
def test_votes_in_words_and_in_codes_are_the_same_votes(codes: str, here: Path) -> None:
    """Voteview's cast codes, the letters and the codes of collections of the United Nations, and plain words."""
    said = {"Ada": ("yes", "no", "abstain"), "Ben": ("no", "absent", "yes"), "Cleo": ("abstain", "yes", "no")}
    frame = pandas.DataFrame({who: [CODED[codes][vote] for vote in row] for who, row in said.items()}).T
    frame.columns = ["First", "Second", "Third"]
    found = votes(sim.from_tables(roll_calls=frame.rename_axis("name"), codes="un" if codes == "un" else None))
    assert found == {
        motion: {who.lower(): said[who][place] for who in said} for place, motion in enumerate(frame.columns)
    }


def test_a_roll_call_may_lie_on_either_side_or_be_a_list() -> None:
    """Members by motions, motions by members, and a row a vote are the same debate."""
    wide = pandas.DataFrame(
        {"member": ["Ada", "Ben", "Cleo"], "First": ["yes", "no", "no"], "Second": ["no", "abstain", "yes"]}
    )
    turned = wide.set_index("member").T.rename_axis("motion").reset_index()
    long = wide.melt("member", var_name="motion", value_name="vote")
    made = [sim.from_tables(roll_calls=frame).document.tree for frame in (wide, turned, long)]
    assert made[0] == made[1] == made[2]


def test_a_roll_call_may_be_lists_of_names_too() -> None:
    """As the format has it: who voted how in a row a motion, with its own source."""
    frame = pandas.DataFrame(
        {"motion": ["First"], "roll_call.yes": ["Ada; Ben"], "roll_call.no": ["Cleo"], "absent": ["Dov"],
         "roll_call.evidence": ["documented"], "roll_call.provenance": ["found"], "roll_call.source": ["Minutes"],
         "source": ["Minutes"]}
    )  # fmt: skip
    scenario = sim.from_tables(motions=frame)
    assert votes(scenario) == {"First": {"ada": "yes", "ben": "yes", "cleo": "no", "dov": "absent"}}
    assert {vote.evidence for vote in scenario.debate.timeline[0].votes} == {"documented"}  # type: ignore[union-attr]


def test_somebody_has_a_seat_while_the_roll_call_says_so() -> None:
    """Voteview's 0 is no seat: it ends, or begins, with the last or first motion on which there is another code."""
    frame = pandas.DataFrame(
        {
            "rollnumber": [1, 2, 3] * 3,
            "icpsr": [10, 10, 10, 20, 20, 20, 30, 30, 30],
            "cast_code": [1, 6, 1, 6, 0, 0, 0, 0, 9],
            "date": ["1921-01-01", "1921-02-01", "1921-03-01"] * 3,
        }
    )
    seats = sim.from_tables(roll_calls=frame).debate.bodies["committee"].seats
    held = {who: (seat.start.month, seat.end.month) for seat in seats for who in seat.members}
    assert held == {"member-10": (1, 3), "member-20": (1, 1), "member-30": (3, 3)}


def test_statements_are_observations_at_the_place_of_the_claim() -> None:
    """As Discourse Network Analyzer exports them; where a claim lies is asked, and who denies it stands opposite."""
    frame = pandas.DataFrame(
        [
            (1, "1921-01-03 10:00:00", "Ada", "Board", "Dredge now", 1, "We must dredge."),
            (2, "1921-01-05 09:30:00", "Ben", "Union", "Dredge now", 0, "No."),
            (3, "1921-02-01 00:00:00", "", "Union", "Hire more", 1, ""),
        ],
        columns=["ID", "time", "person", "organization", "concept", "agreement", "text"],
    )
    scenario = sim.from_tables(statements=frame, axis=(-1, 1))
    members, places = scenario.debate.members, {each.name: each.at for each in scenario.debate.axis.positions}
    assert places == {"dredge-now": 1, "not-dredge-now": -1, "hire-more": 1}
    seen = {
        who: [(one.id, one.date, one.stance, one.quote) for one in each.observations] for who, each in members.items()
    }
    assert seen["ada"] == [("statement-1", datetime.date(1921, 1, 3), "dredge-now", "We must dredge.")]
    assert seen["ben"] == [("statement-2", datetime.date(1921, 1, 5), "not-dredge-now", "No.")]
    assert seen["union"] == [("statement-3", datetime.date(1921, 2, 1), "hire-more", None)]
    assert [office.title for office in members["ben"].offices] == ["Union"]
    assert scenario.origin.text.count("where on the axis is this?") == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_told_apart(encoding: str, delimiter: str, tmp_path: Path) -> None:
    """The same table, however it was saved, and the file is as it was."""
    file = tmp_path / "people.csv"
    content = delimiter.join(["Name", "Position\nÅsa Öberg", '0.5\n"Çelik; Can, und | Co"', "1\n"]).encode(encoding)
    file.write_bytes(content)
    (table,) = read(file)
    assert table.columns == ("Name", "Position")
    assert [tuple(row.cells.values()) for row in table.rows] == [("Åsa Öberg", "0.5"), ("Çelik; Can, und | Co", "1")]
    assert file.read_bytes() == content


def test_a_workbook_is_its_sheets(tmp_path: Path) -> None:
    """Members on one sheet and their votes on another make one debate; a day in a cell is a day."""
    pytest.importorskip("openpyxl")
    members = pandas.DataFrame({"actor": ["Ada", "Ben"], "position": [0, 0.5]})
    cast = pandas.DataFrame(
        {"motion": ["First"], "date": [datetime.datetime(1921, 3, 2)], "Ada": ["yes"], "Ben": ["no"]}
    )
    with pandas.ExcelWriter(tmp_path / "debate.xlsx") as book:
        members.to_excel(book, sheet_name="People", index=False)
        cast.to_excel(book, sheet_name="Votes", index=False)
    debate = sim.from_tables(members=None, roll_calls=tmp_path / "debate.xlsx").debate
    assert [member.first_stance.value for member in debate.members.values() if member.first_stance] == [0, 0.5]
    assert debate.timeline[0].date == datetime.date(1921, 3, 2)


def test_without_what_reads_workbooks_one_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one sentence, before anything is read."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="install openpyxl"):
        read(tmp_path / "debate.xlsx")


WRONG = {
    "name,position\nAda,1\nBen,high-up\n": "table.csv:3: column 'position': members.ben.first_stance.value: 'high-up'",
    "name,position\nAda,1\nAda,2\n": "table.csv:3: column 'position': 2 here, and 1 elsewhere: say which it is",
    "name,position\n,1\n": "table.csv:2: column 'name': the name is missing",
    "name,V1\nAda,yes\nBen,yess\nCleo,no\n": "table.csv:3: column 'V1': 'yess' is not a vote (words): it is yes, no,",
    "motion,member,vote\nM,Ada,yes\nM,Ada,no\n": "table.csv:3: column 'vote': 'no' here, and 'yes' elsewhere",
    "name,V1,V2\nAda,1,0\nBen,0,1\n": "mean one thing in one collection and another elsewhere: say which by --codes",
    "motion,date,Ada\nM,2 March,yes\n": "table.csv:2: column 'date': timeline.m.date: must be a date",
    "a,b\n1,2\n": "no column says whose row it is (there is 'a', 'b'): name one by --column",
    "name,Actor\nAda,Ben\n": "the columns 'name', 'Actor' are both read as 'name': say which it is",
    "name,name\nAda,Ben\n": "table.csv:1: column 'name': this header is given twice",
    "name,position\nAda,1,2\n": "table.csv:2: column 3: '2' stands below no header",
    "name\n": "a table has a row of headers and at least one row below it",
    "": "a table has a row of headers and at least one row below it",
    'name,position\n"Ada,1\n': "this is not a table",
    "person,concept,agreement,date\nAda,Dredge,maybe,1921-01-01\n": "'maybe' is not an agreement: it is 1 or 0",
    "name,body,from,to\nAda,Board,1921-02-01,1921-01-01\n": "table.csv:2: column 'to': bodies.board.seats.0.to",
    "name,votes,body\nAda,-1.5,Board\n": "table.csv:2: column 'votes': bodies.board.seats.0.votes: must be",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_what_is_wrong_with_a_table_is_told_by_row_and_column(text: str, message: str, here: Path) -> None:
    """In one line each, with nothing written; the headers are row 1."""
    table = written(text)
    answer = run("import", table)
    assert isinstance(answer.exception, UserError), answer.output
    assert message in str(answer.exception)
    assert sorted(path.name for path in here.iterdir()) == ["table.csv"]
    assert Path(table).read_text("utf-8") == text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["nowhere.csv"], "there is no such file"),
        (["members=nowhere.csv"], "there is no such file"),
        (["notes.md"], "is not a table: give a file that ends in .csv, .tsv or .xlsx"),
        (["table.csv", "--column", "position"], "give FIELD=HEADER"),
        (["table.csv", "--column", "posision=x"], "did you mean 'position'?"),
        (["table.csv", "--column", "position=Place"], "no table has a column 'Place'"),
        (["table.csv", "--evidence", "documented"], "needs a source"),
        (["table.csv", "--evidence", "documentd", "--source", "x"], "did you mean 'documented'?"),
        (["table.csv", "--codes", "words2"], "did you mean 'words'?"),
        (["table.csv", "--axis", "5"], "give its ends as LOW:HIGH"),
        (["table.csv", "--name", "My Debate"], "as 'my-debate'"),
        (["table.csv", "--name", "taken"], "is there already"),
        (["table.csv", "--from", "soon"], "give a day as year-month-day"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(line: list[str], message: str, here: Path) -> None:
    """Nothing is written, whatever is wrong."""
    written("name,V1\nAda,yes\n")
    written("mine", "taken.yaml")
    answer = run("import", *line)
    assert isinstance(answer.exception, UserError), answer.output
    assert message in str(answer.exception)
    assert "\n" not in str(answer.exception)
    assert sorted(path.name for path in here.iterdir()) == ["table.csv", "taken.yaml"]


def test_a_column_is_what_one_says_it_is(here: Path) -> None:
    """A header that nobody could know, and one that is not meant."""
    written("name,Ideal,age\nAda,0.25,7\nBen,0.5,8\n")
    assert run("import", "table.csv", "--column", "position=Ideal", "--column", "unused=age").exit_code == 0
    tree: Mapping[str, Any] = sim.load("table.yaml").document.tree
    assert [each["first_stance"]["value"] for each in tree["members"].values()] == [0.25, 0.5]
    assert [moment["id"] for moment in tree["timeline"]] == ["first-sitting", "first-ballot"]


def test_of_two_columns_of_one_kind_one_is_chosen(here: Path) -> None:
    """Voeten's votes have the name of a country twice, and a column `member` that is something else."""
    written("rcid,member,vote,Country,Countryname\n3,1,1,CAN,Canada\n3,1,3,CUB,Cuba\n")
    assert "are both read as 'member'" in str(run("import", "table.csv").exception)
    assert run("import", "table.csv", "--column", "member=Countryname").exit_code == 0
    assert votes(sim.load("table.yaml")) == {"3": {"canada": "yes", "cuba": "no"}}


def test_small_numbers_beside_a_position_are_no_votes(here: Path) -> None:
    """A column of ages or ranks is left out, and one is told; votes in words there are votes."""
    written("name,position,rank,First\nAda,0.25,1,yes\nBen,0.5,9,no\n")
    answer = run("import", "table.csv")
    assert "table.csv: 'rank'" in answer.output.partition("Not read: ")[2]
    assert votes(sim.load("table.yaml")) == {"First": {"ada": "yes", "ben": "no"}}


def test_a_name_that_reads_as_something_else_becomes_an_id_that_does_not() -> None:
    """Somebody called Null, a motion called 1e5 and a claim called true."""
    cast = pandas.DataFrame({"motion": ["1e5"], "Null": ["yes"], "12": ["no"]})
    assert votes(sim.from_tables(roll_calls=cast)) == {"1e5": {"member-null": "yes", "member-12": "no"}}
    said = pandas.DataFrame([("Null", "True", 1, "1921-01-01")], columns=["person", "concept", "agreement", "date"])
    scenario = sim.from_tables(statements=said)
    assert scenario.debate.members["member-null"].observations[0].stance == "claim-true"


def test_each_row_may_name_its_own_source_and_how_well_it_is_known() -> None:
    """What a row says of its origin comes before what is said of the whole table."""
    frame = pandas.DataFrame(
        {"member": ["Ada", "Ben", "Cleo"], "position": [0, 1, 1], "source": ["Her diary", "", "Her diary"],
         "evidence": ["documented", "", "conjecture"]}
    )  # fmt: skip
    debate = sim.from_tables(members=frame, source="A survey", evidence="attributed").debate
    said = [(one.first_stance.evidence, one.first_stance.source) for one in debate.members.values() if one.first_stance]
    assert said == [("documented", ("HerDiary",)), ("attributed", ("ASurvey",)), ("conjecture", ("HerDiary",))]
    assert {key: source.title for key, source in debate.sources.items()} == {
        "HerDiary": "Her diary",
        "ASurvey": "A survey",
    }
