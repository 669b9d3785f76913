"""A worksheet for a class, two pages to print: sources, three questions to predict, the answers with their doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.scenario.schema import Ballot, DebateFile, Letter
from sim.web.report import html, sections
from sim.web.report.content import Answered, Contents
from sim.web.report.html import Html, joined, tag
from sim.wording import day, percent

STYLE = Path(__file__).parent / "worksheet.css"
#: Quotations on the sheet, and what-ifs to predict.
QUOTED, PREDICTED = 4, 3
#: Characters of a text that is told in a line.
LINE = 170


def lesson(contents: Contents) -> bytes:
    """The worksheet as a file. On a screen each answer opens at a press; on paper they stand on the second page."""
    chosen = predicted(contents.answers)
    pages = [
        tag("section", *_first(contents, chosen), class_="sheet"),
        tag("section", *_second(contents, chosen), class_="sheet"),
    ]
    title = f"Worksheet: {contents.scenario.debate.title}"
    return html.document(title, STYLE.read_text("utf-8"), tag("main", *pages))


def predicted(answers: tuple[Answered, ...]) -> tuple[Answered, ...]:
    """Three worlds to predict: the one that changes most, the one that changes least, and one between.

    So that a class cannot learn to guess that everything matters, or nothing.
    """
    ranked = sorted(answers, key=lambda one: -one.reach)
    if len(ranked) <= PREDICTED:
        return tuple(ranked)
    chosen = (ranked[0], ranked[len(ranked) // 2], ranked[-1])
    # In the order asked, which tells nothing.
    return tuple(one for one in answers if one in chosen)


# The first page ----------------------------------------------------------------------------------------


def _first(contents: Contents, chosen: tuple[Answered, ...]) -> Iterator[Html]:
    debate = contents.scenario.debate
    yield tag("p", "Worksheet", class_="kicker")
    yield tag("h1", debate.title)
    yield tag("p", debate.question, class_="question")
    yield tag("p", debate.about)
    yield tag("h2", "What they wrote")
    yield tag("ul", *(_quotation(debate, letter) for letter in quoted(debate)), class_="quotes")
    yield tag("h2", "Where one could stand")
    yield tag("ul", *(tag("li", tag("b", p.name.replace("-", " ")), f": {p.meaning}") for p in debate.axis.positions))
    yield tag("h2", "Predict before you look")
    yield tag("p", "A computer model has played the debate thousands of times. What would have become of the decision "
              "named, if only this had been different? Tick, and write down why.")  # fmt: skip
    yield tag("ol", *(_prediction(one) for one in chosen), class_="predictions")


def quoted(debate: DebateFile) -> list[Letter]:
    """Letters to quote from: those of the founding document first, then the strongest, in order of date."""
    found = [moment for moment in debate.timeline if isinstance(moment, Letter) and moment.quote]
    ranked = sorted(found, key=lambda letter: (letter.provenance != "seed", -letter.strength))
    return sorted(ranked[:QUOTED], key=lambda letter: letter.date)


def _quotation(debate: DebateFile, letter: Letter) -> Html:
    who = debate.members[letter.author].name if letter.author else "Without an author"
    readers = [
        debate.bodies[name].name if name in debate.bodies else debate.members[name].name for name in letter.readers
    ]
    known = "; ".join(debate.sources[key].work or debate.sources[key].title for key in letter.source[:1])
    return tag("li", tag("b", sections.dated(letter.date), f", {who} to {', '.join(readers)}: "), f"“{letter.quote}” ",
               tag("span", f"({known})" if known else "", class_="aside"))  # fmt: skip


def _asked_about(one: Answered) -> str:
    """The motion that a world changes most, in its words."""
    found = sections.rows(one.compared.decisions)
    row = max(found, key=lambda row: (abs(row.difference), row.put))
    return f"“{_short(row.motion)}” ({day(row.date)})"


def _short(said: str) -> str:
    return said if len(said) <= LINE else said[: LINE - 1].rsplit(" ", 1)[0] + " …"


def _prediction(one: Answered) -> Html:
    boxes = joined(
        tag("span", f"☐ {word}", class_="box") for word in ("more often carried", "less often", "no difference")
    )
    answer = tag("details", tag("summary", "Press for the answer"), tag("p", one.compared.headline), class_="screen")
    asked = (tag("p", "Would ", _asked_about(one), " be"), tag("p", boxes), tag("p", "Because", class_="rule"))
    return tag("li", tag("b", one.asked.title), f". {_short(one.asked.why)}", *asked, answer)


# The second page ---------------------------------------------------------------------------------------


def _second(contents: Contents, chosen: tuple[Answered, ...]) -> Iterator[Html]:
    yield tag("h2", "The answers, and how sure they are")
    yield tag("ol", *(_answer(one) for one in chosen))
    yield tag("p", f"Each world was played {contents.played.ensemble.runs:,} times on the same luck. The interval says "
              "what other luck could have given, not that the model is right.", class_="aside")  # fmt: skip
    yield tag("h2", "How well does the model know what did happen?")
    yield _replayed(contents)
    yield tag("p", contents.played.text)
    yield tag("h2", "What the model cannot know")
    yield tag("ul", *(tag("li", sentence) for sentence in unknowns(contents)))
    yield tag("h2", "To talk about")
    yield tag("ul", *(tag("li", said) for said in (
        "Where was your prediction wrong: about the people, or about how the model lets people persuade each other?",
        "Which one document, if it were found, would change your mind most?",
        "Is a difference in a model a cause in history?",
    )))  # fmt: skip


def _answer(one: Answered) -> Html:
    warned = "".join(f" Beware: {warning}." for warning in one.compared.warnings[:1])
    return tag(
        "li",
        tag("b", one.asked.title),
        ". ",
        one.compared.headline,
        tag("span", _short(warned), class_="aside"),
    )


def _replayed(contents: Contents) -> Html:
    body = [
        (
            _short(row.motion),
            sections.dated(row.date),
            row.documented or "unknown",
            percent(row.probability),
            f"{percent(row.low)} to {percent(row.high)}" if row.low == row.low else "–",
        )
        for row in sections.rows(contents.played.ensemble.decisions)
    ]
    heads = ("motion", "date", "in fact", "model: carried", "95 % of draws")
    return html.table("What happened, and what the model says", heads, body, numbers=(3, 4))


def unknowns(contents: Contents) -> list[str]:
    """What nobody recorded, in sentences counted from the scenario."""
    debate = contents.scenario.debate
    known = [member for member in debate.members.values() if member.first_stance or member.observations]
    assumed = [name for name, parameter in debate.parameters.items() if parameter.evidence == "assumed"]
    ballots = [moment for moment in debate.timeline if isinstance(moment, Ballot)]
    counted = [ballot for ballot in ballots if ballot.tally and ballot.tally.yes is not None]
    questions = " ".join(reading.question for reading in debate.readings.values())
    said = [
        f"Of {len(debate.members)} members, {len(debate.members) - len(known)} left no word on where they stood. Their "
        "stances are drawn at random.",
        f"{len(assumed)} of its {len(debate.parameters)} numbers are assumptions with a range.",
        f"Of {len(ballots)} votes, the sources give the count of those in favour in {len(counted)}.",
        "Why somebody changed his mind: the model has rules for it, the record mostly has not.",
    ]
    return [*said, f"Where the sources disagree: {questions}"] if questions else said
