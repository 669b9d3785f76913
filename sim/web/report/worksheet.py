"""A worksheet for a class, two pages to print: sources, three questions to predict, how sure the answers are."""

from __future__ import annotations

from pathlib import Path

from sim.results.wording import day
from sim.scenario.schema import Ballot, DebateFile, Letter
from sim.web.report import templates
from sim.web.report.content import Answer, Contents

STYLE = Path(__file__).parent / "worksheet.css"
#: Quotations on the sheet, and what-ifs to predict.
QUOTED, PREDICTED = 4, 3
#: Characters of a text that has to fit into a line or two.
LINE = 170


def worksheet(contents: Contents) -> bytes:
    """The worksheet as a file. On a screen a click opens each answer; on paper they stand on the second page."""
    debate = contents.scenario.debate
    return templates.page(
        "worksheet.html.j2",
        STYLE.read_text("utf-8"),
        title=f"Worksheet: {debate.title}",
        contents=contents,
        quoted=quoted(debate),
        predicted=predicted(contents.answers),
        most_changed=_most_changed,
        short=_short,
        unknowns=unknowns(contents),
    )


def predicted(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Three worlds to predict: the one that changes most, the one that changes least, and one between.

    So that a class cannot learn to guess that everything matters, or nothing.
    """
    ranked = sorted(answers, key=lambda one: -one.largest_difference)
    if len(ranked) <= PREDICTED:
        return tuple(ranked)
    chosen = (ranked[0], ranked[len(ranked) // 2], ranked[-1])
    # In the order asked, which gives nothing away.
    return tuple(one for one in answers if one in chosen)


def quoted(debate: DebateFile) -> list[Letter]:
    """Letters to quote from: those of the founding document first, then the strongest, in order of date."""
    letters = [moment for moment in debate.timeline if isinstance(moment, Letter) and moment.quote]
    ranked = sorted(letters, key=lambda letter: (letter.provenance != "seed", -letter.strength))
    return sorted(ranked[:QUOTED], key=lambda letter: letter.date)


def _most_changed(answer: Answer) -> str:
    """The motion that a world changes most, in its words."""
    decisions = answer.comparison.decisions
    row = decisions.assign(size=decisions.difference.abs()).nlargest(1, ["size", "put"]).iloc[0]
    return f"“{_short(row.motion)}” ({day(row.date)})"


def _short(text: str) -> str:
    return text if len(text) <= LINE else text[: LINE - 1].rsplit(" ", 1)[0] + " …"


def unknowns(contents: Contents) -> list[str]:
    """What nobody recorded, in sentences counted from the scenario."""
    debate = contents.scenario.debate
    known = [member for member in debate.members.values() if member.first_stance or member.observations]
    assumed = [name for name, parameter in debate.parameters.items() if parameter.evidence == "assumed"]
    ballots = [moment for moment in debate.timeline if isinstance(moment, Ballot)]
    counted = [ballot for ballot in ballots if ballot.tally and ballot.tally.yes is not None]
    disagreements = " ".join(reading.question for reading in debate.readings.values())
    sentences = [
        f"Of {len(debate.members)} members, {len(debate.members) - len(known)} left no word on where they stood. Their "
        "stances are drawn at random.",
        f"{len(assumed)} of its {len(debate.parameters)} numbers are assumptions with a range.",
        f"Of {len(ballots)} votes, the sources give the count of those in favour in {len(counted)}.",
        "Why people changed their minds: the model has rules for it, the record mostly does not say.",
    ]
    return [*sentences, f"Where the sources disagree: {disagreements}"] if disagreements else sentences
