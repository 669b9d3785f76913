"""What is allowed in a file and hardly meant: a check of it warns."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.scenario import check_file, load
from sim.scenario.validation.doubts import doubts
from tests.scenario.test_odd_inputs import library, sunday

TIMELINE = "timeline:\n"
A_TALK = "  - {id: ID, kind: talk, date: 2024-03-12, body: committee, evidence: assumed, note: x}\n"
A_BALLOT = (
    "  - {id: ID, kind: ballot, date: 2024-03-12, body: committee, motion: x, if_carried: never, if_lost: always, "
    "evidence: assumed, note: x}\n"
)
A_PARAMETER = "  spare: {value: 0.5, range: [0, 1], unit: x, meaning: x, evidence: assumed, note: x}\n"
SPARE = ("parameters:\n", "parameters:\n" + A_PARAMETER)
LISTEN = "  authority: say\n"


def doubted(folder: Path, *exchanged: tuple[str, str], more: str = "") -> list[str]:
    """What is doubted in the library's debate with words exchanged, and with more moments at its end."""
    path = folder / "own.yaml"
    path.write_text(library(*exchanged) + more)
    scenario = check_file(path)
    return [problem.message for problem in doubts(scenario.document, scenario.debate)]


def test_nothing_is_doubted_in_the_debates_that_are_shipped() -> None:
    """No warning where all is meant."""
    for name in ("library-sunday", "monopoly-1922"):
        scenario = load(name, prior=True)
        assert doubts(scenario.document, scenario.debate) == []


def test_a_parameter_that_nothing_uses_is_told(tmp_path: Path) -> None:
    """Named nowhere, or only where the rules chosen do not look; an option of a reading may be what uses it."""
    assert doubted(tmp_path, SPARE) == ["nothing uses 'spare'"]
    assert doubted(tmp_path, SPARE, (LISTEN, "  authority: spare\n")) == ["nothing uses 'say'"]
    bound = ("susceptibility: openness}", "susceptibility: openness, bound: spare}")
    assert doubted(tmp_path, SPARE, bound) == ["nothing uses 'spare': the rule 'degroot' looks at no bound"]
    reading = (
        "readings: {who: {question: x, default: one, options: {one: {says: x, evidence: assumed, note: x}, "
        "other: {says: x, evidence: assumed, note: x, changes: [{set: dynamics.authority, to: spare}]}}}}\n"
    )
    assert doubted(tmp_path, SPARE, more=reading) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tally": "{yes: 2, no: 1, abstain: 1, evidence: assumed, note: x}"}, "1 abstained, and nothing here lets"),
        (
            {"votes": "[{member: ada, vote: abstain, evidence: documented, source: B, provenance: seed}]"},
            "'ada' abstained, and nothing here lets them",
        ),
        ({"votes": "[{member: ada, vote: abstain, evidence: assumed, note: x}]"}, ""),
        (
            {
                "tally": "{yes: 2, no: 1, abstain: 1, evidence: assumed, note: x}",
                "abstentions": "[{member: ada, because: torn, evidence: assumed, note: x}]",
            },
            "",
        ),
        ({"tally": "{yes: 2, no: 1, abstain: 1, evidence: assumed, note: x}", "abstention_margin": "10"}, ""),
        ({"tally": "{yes: 2, no: 1, abstain: 1, evidence: assumed, note: x}", "abstention_margin": "0"}, "1 abstained"),
        ({"tally": "{yes: 3, no: 1, abstain: 0, evidence: assumed, note: x}"}, ""),
    ],
)
def test_an_abstention_that_cannot_happen_is_told(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    """Recorded where neither a margin above nought nor a reason of a member's own makes anybody abstain."""
    found = doubted(tmp_path, sunday(**fields), ("parameters:\n", "sources: {B: {title: A book}}\nparameters:\n"))
    assert ([said in found[0], len(found)] == [True, 1]) if said else found == []


def test_a_sitting_without_a_time_beside_one_with_a_time_is_told(tmp_path: Path) -> None:
    """What has no part of the day comes before all that has one."""
    evening = A_TALK.replace("ID", "late").replace("body", "time: evening, body")
    found = doubted(tmp_path, more=evening)
    assert [line.split(":")[0] for line in found] == [
        "'committee-talks' has no 'time', so it comes before 'late' (evening) of the same day",
        "'sunday-ballot' has no 'time', so it comes before 'late' (evening) of the same day",
    ]
    assert doubted(tmp_path, more=evening.replace("03-12", "03-13")) == []


def test_a_sitting_that_is_played_out_of_order_is_told(tmp_path: Path) -> None:
    """A vote before the talk that opens its sitting, or a second talk of a day before the first one's vote."""
    found = doubted(tmp_path, ("date: 2024-03-12\n    session", "date: 2024-03-11\n    session"))
    assert [line.split(",")[0] for line in found] == ["'sunday-ballot' is played before 'committee-talks'"]
    (said,) = doubted(tmp_path, more=A_TALK.replace("ID", "again"))
    assert said.startswith("'again' is played before 'sunday-ballot', which the file has first")
    assert doubted(tmp_path, more=A_BALLOT.replace("ID", "again")) == []


def test_a_condition_on_what_comes_later_that_day_is_told(tmp_path: Path) -> None:
    """An event comes before the ballot of its day, and never happens; with a time for both it does."""
    event = (
        "  - {id: news, kind: event, date: 2024-03-12, summary: x, if: sunday-ballot carried, evidence: assumed, "
        "note: x}\n"
    )
    assert doubted(tmp_path, more=event) == [
        "'news' is played before 'sunday-ballot': within a day events come before ballots, so give both a 'time'"
    ]
    times = [
        (f"date: 2024-03-12\n    {key}", f"date: 2024-03-12\n    time: midday\n    {key}")
        for key in ("session", "body")
    ]
    assert doubted(tmp_path, *times, more=event.replace("summary", "time: evening, summary")) == []
