"""A worksheet for a class, two pages to print: sources, three questions to predict, the answers, what nobody knows."""

from __future__ import annotations

import base64
import datetime
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from sim import figures
from sim.counterfactuals import headline
from sim.results.wording import counted, day, joined
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Ballot, DebateFile, Letter, Story
from sim.web.report import templates
from sim.web.report.content import Answer, Contents

STYLE = Path(__file__).parent / "worksheet.css"
#: Letters on the sheet, and what-ifs to predict.
LETTERS, PREDICTED = 5, 3
#: Readers of a letter that are named.
READERS = 3
#: Characters of a text that has to fit into a line or two.
LINE = 170
#: Pixels across that the picture is meant for; its file is a drawing, and sharp at any size.
ACROSS = 960


def worksheet(contents: Contents) -> bytes:
    """The worksheet as a file. On a screen a click opens each answer; on paper all stand on the second page."""
    debate = contents.scenario.debate
    story = debate.story
    return templates.page(
        "worksheet.html.j2",
        STYLE.read_text("utf-8"),
        title=f"Worksheet: {debate.title}",
        contents=contents,
        picture=picture(contents),
        letters=letters(contents),
        readers=readers,
        predicted=[
            (answer, _named(answer, story), _sentence(answer, story)) for answer in predicted(contents.answers, story)
        ],
        points_off=points_off(contents.answers),
        short=_short,
        unknowns=unknowns(contents),
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


def predicted(answers: tuple[Answer, ...], story: Story | None = None) -> tuple[Answer, ...]:
    """Three worlds to predict, so that some matter and some do not.

    The story's, or else the one that changes most; one that changes another decision; and the one that changes least:
    so that a class cannot learn to guess that everything matters, or nothing. Only worlds in which something is decided
    after they part from the debate as it was.
    """
    ranked = sorted(
        (answer for answer in answers if asked_about(answer) is not None), key=lambda one: -one.largest_difference
    )
    if len(ranked) <= PREDICTED:
        return tuple(ranked)
    featured = next((one for one in ranked if story and one.question.name == story.change), ranked[0])
    *others, least = (one for one in ranked if one is not featured)
    about = asked_about(featured, story).decision
    elsewhere = next((one for one in others if asked_about(one).decision != about), others[0])
    # The others in the order asked, which gives nothing away.
    return (featured, *(one for one in answers if one in (elsewhere, least) and one is not featured))


def asked_about(answer: Answer, story: Story | None = None) -> Any:
    """The story's decision in the story's world; in any other the decision that it changes most, the first of equals.

    A row of a comparison's decisions, and only one that is taken after the first difference; None where there is none.
    """
    compared = answer.comparison
    first = pandas.Timestamp(first_difference(compared.base, compared.other))
    later: Any = compared.decisions.merge(compared.unput, on="decision", validate="one_to_one")
    later = later[later.date >= first]
    if story and answer.question.name == story.change and (later.decision == story.decision).any():
        return later[later.decision == story.decision].iloc[0]
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


def readers(debate: DebateFile, letter: Letter) -> str:
    """To whom a letter went; of many, the first few and how many more."""
    names = [(debate.bodies.get(name) or debate.members[name]).name for name in letter.readers]
    more = len(names) - READERS
    return joined([*names[:READERS], counted(more, "other")] if more > 1 else names)


def _named(answer: Answer, story: Story | None) -> str:
    """What is asked about, by its name and its day."""
    row = asked_about(answer, story)
    return f"“{answer.comparison.names[row.decision]}” ({day(row.date)})"


def _sentence(answer: Answer, story: Story | None) -> str:
    """What became of it, and through whom, in plain words."""
    row, compared = asked_about(answer, story), answer.comparison
    votes = compared.votes_changed[compared.votes_changed.decision == row.decision]
    whom = headline.of_voters(votes, compared.labels, compared.leader)
    return f"“{compared.names[row.decision]}” {headline.of_decision(row)}. {whom}".strip()


def points_off(answers: tuple[Answer, ...]) -> int:
    """By how many of a hundred histories other random numbers could have moved a difference, at most."""
    tables = [answer.comparison.decisions for answer in answers]
    half = [float(size) for table in tables for size in (table.high - table.low) / 2 if not math.isnan(size)]
    return math.ceil(100 * max(half, default=0.0))


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
