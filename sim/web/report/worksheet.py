"""A worksheet for a class, two pages to print: sources, three questions to predict, how sure the answers are."""

from __future__ import annotations

import base64
import datetime
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from sim import figures
from sim.results.wording import day
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.schema import Ballot, Letter
from sim.web.report import templates
from sim.web.report.content import Answer, Contents

STYLE = Path(__file__).parent / "worksheet.css"
#: Letters on the sheet, and what-ifs to predict.
LETTERS, PREDICTED = 5, 3
#: Characters of a text that has to fit into a line or two.
LINE = 170
#: Pixels across that the picture is meant for; its file is a drawing, and sharp at any size.
ACROSS = 960


def worksheet(contents: Contents) -> bytes:
    """The worksheet as a file. On a screen a click opens each answer; on paper they stand on the second page."""
    debate = contents.scenario.debate
    return templates.page(
        "worksheet.html.j2",
        STYLE.read_text("utf-8"),
        title=f"Worksheet: {debate.title}",
        contents=contents,
        picture=picture(contents),
        letters=letters(contents),
        predicted=predicted(contents.answers),
        asked_about=lambda answer: _motion(asked_about(answer)),
        short=_short,
        unknowns=unknowns(contents),
        fitted_to={ballot.id for ballot in compared_ballots(contents.scenario)},
    )


@dataclass(frozen=True)
class Picture:
    """A picture inside the page. address: of its data. width, height: in pixels, of the part that is shown."""

    address: str
    width: int
    height: int


def picture(contents: Contents) -> Picture:
    """The stances over time with the decisions, without the rows under the chart, for which a sheet has no room."""
    figure = figures.stances(contents.replay)
    shown = 1 - figure.axes[0].get_position().y0
    height = figure.get_figheight() / figure.get_figwidth() * shown * ACROSS
    data = base64.b64encode(figures.encoded(figure, "svg")).decode()
    return Picture(f"data:image/svg+xml;base64,{data}", ACROSS, round(height))


def predicted(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Three worlds to predict: the one that changes most, the one that changes least, and one between.

    So that a class cannot learn to guess that everything matters, or nothing. Only worlds in which something is decided
    after they part from the debate as it was.
    """
    ranked = sorted(
        (answer for answer in answers if asked_about(answer) is not None), key=lambda one: -one.largest_difference
    )
    if len(ranked) <= PREDICTED:
        return tuple(ranked)
    chosen = (ranked[0], ranked[len(ranked) // 2], ranked[-1])
    # In the order asked, which gives nothing away.
    return tuple(one for one in answers if one in chosen)


def asked_about(answer: Answer) -> Any:
    """The decision that a world changes most, the first of equals: a row of a comparison's decisions.

    Only one that is taken after the first difference; None where there is none.
    """
    compared = answer.comparison
    first = pandas.Timestamp(first_difference(compared.base, compared.other))
    later = compared.decisions[compared.decisions.date >= first]
    order = later.difference.abs().sort_values(ascending=False, kind="stable").index
    return None if later.empty else later.loc[order[0]]


def first_difference(scenario: Scenario, other: Scenario) -> datetime.date:
    """The day of the first moment that is not alike in two worlds; the first of all where rules or numbers differ."""
    worlds = [{moment.id: moment for moment in world.debate.timeline} for world in (scenario, other)]
    days = [
        moment.date
        for one, two in (worlds, reversed(worlds))
        for name, moment in one.items()
        if two.get(name) != moment
    ]
    return min(days, default=scenario.debate.span.start)


def letters(contents: Contents) -> list[Letter]:
    """Letters to read, in order of date: those on which the what-ifs turn, from as many authors as can be.

    What a what-if changes is shared out equally among the letters that it takes out or alters; a letter weighs as much
    as the most that falls to it. Letters that no what-if touches fill up. Among equals, those quoted and strong come
    first.
    """
    scenario, weights = contents.scenario, dict[str, float]()
    every = [moment for moment in scenario.debate.timeline if isinstance(moment, Letter)]
    for answer in contents.answers:
        world = answer.question.world
        # What the letter followed from may be gone, and what only went with another was not asked about.
        there = {moment.id: moment.model_copy(update={"follows": ()}) for moment in world.debate.timeline}
        touched = [
            letter.id
            for letter in every
            if letter.id not in world.document.gone
            and there.get(letter.id) != letter.model_copy(update={"follows": ()})
        ]
        for name in touched:
            weights[name] = max(weights.get(name, 0.0), answer.largest_difference / len(touched))
    ranked = sorted(
        (letter for letter in every if letter.quote or letter.argues_for is not None),
        key=lambda one: (one.id not in weights, -weights.get(one.id, 0.0), one.quote is None, -one.strength),
    )
    # Authors take turns, so that nobody's second letter comes before somebody's first.
    turns, places = Counter[str | None](), []
    for rank, letter in enumerate(ranked):
        is_filling_up = letter.id not in weights
        places.append((is_filling_up, is_filling_up and letter.quote is None, turns[letter.author], rank))
        turns[letter.author] += 1
    chosen = [ranked[rank] for *_, rank in sorted(places)[:LETTERS]]
    return sorted(chosen, key=lambda letter: letter.when)


def _motion(row: Any) -> str:
    return f"“{_short(row.motion)}” ({day(row.date)})"


def _short(text: str) -> str:
    return text if len(text) <= LINE else text[: LINE - 1].rsplit(" ", 1)[0] + " …"


def unknowns(contents: Contents) -> list[str]:
    """What nobody recorded, in sentences counted from the scenario."""
    debate = contents.scenario.debate
    silent = [m for m in debate.members.values() if m.count is None and not (m.first_stance or m.observations)]
    assumed = [name for name, parameter in debate.parameters.items() if parameter.evidence == "assumed"]
    ballots = [moment for moment in debate.timeline if isinstance(moment, Ballot)]
    counted = [ballot for ballot in ballots if ballot.tally and ballot.tally.yes is not None]
    disagreements = " ".join(reading.question for reading in debate.readings.values())
    sentences = [
        f"It is played with {contents.scenario.people}. {len(silent)} of these people left no word on where they "
        "stood: where the unrecorded stood is drawn at random.",
        f"{len(assumed)} of its {len(debate.parameters)} numbers are assumptions with a range.",
        f"Of {len(ballots)} votes, the sources give the count of those in favour in {len(counted)}.",
        "Why people changed their minds: the model has rules for it, the record mostly does not say.",
    ]
    return [*sentences, f"Where the sources disagree: {disagreements}"] if disagreements else sentences
