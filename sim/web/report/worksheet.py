"""A worksheet for a class, two pages to print: sources, three questions to predict, the answers, what nobody knows."""

from __future__ import annotations

import base64
import datetime
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
from matplotlib.figure import Figure

from sim import figures
from sim.counterfactuals import headline
from sim.counterfactuals.comparison import BallotInBoth, Comparison
from sim.evaluation.predictors import LEAVE_ONE_OUT, ONE_STEP_AHEAD
from sim.figures.charts.axes import air_after, apart, rule_positions
from sim.figures.labels import NEEDED, of_tables
from sim.figures.style import FAINT, coloured, in_house_style, member_colours, member_dashes
from sim.figures.text import date_ticks, day_number, day_numbers, text_width
from sim.results.labels import decision_name
from sim.results.wording import counted, joined, percent, words
from sim.scenario.scenario import Scenario, compared_ballots
from sim.scenario.schema import Ballot, DebateFile, Letter, Story
from sim.web.report import templates
from sim.web.report.content import Answer, Contents
from sim.web.view.words import without_scores

STYLE = Path(__file__).parent / "worksheet.css"
#: Letters on the sheet, those of them before the story's decision, and what-ifs to predict.
LETTERS, EARLY, PREDICTED = 6, 2, 3
#: Readers of a letter that are named.
READERS = 3
#: The picture as it stands on paper, in inches, and its lettering in points.
ACROSS, TALL, LETTERING = 4.5, 2.9, 8.5


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
            (answer, _named(answer, story), _starts(answer, story), _sentence(answer, story))
            for answer in predicted(contents.answers, story)
        ],
        points_off=points_off(contents.answers),
        is_extrapolated=lambda answer: answer.comparison.is_extrapolated(asked_about(answer, story).date.date()),
        judged=judged(contents),
        shown_beforehand=shown_beforehand(contents),
        verdict=without_scores(contents.replay.verdict),
        not_compared=not_compared(contents),
        named=lambda decision: decision_name(debate, decision),
        unknowns=unknowns(contents),
    )


@dataclass(frozen=True)
class Picture:
    """A picture inside the page. address: of its data. width, height: in points, as it stands on paper."""

    address: str
    width: float
    height: float


def picture(contents: Contents) -> Picture:
    """The picture of a sheet, as data."""
    data = base64.b64encode(figures.encoded(draw(contents), "svg")).decode()
    return Picture(f"data:image/svg+xml;base64,{data}", ACROSS * 72, TALL * 72)


@in_house_style
def draw(contents: Contents) -> Figure:
    """Where those in colour stood, month by month, and the decisions under it; in letters that can be read on paper."""
    many, start = contents.replay.ensemble, contents.scenario.debate.span.start
    data = of_tables(contents.scenario, {name: many.tables[name] for name in NEEDED})
    figure = Figure(figsize=(ACROSS, TALL))
    axes = figure.add_axes((0.235, 0.145, 0.575, 0.825))
    rule_positions(axes, data)
    axes.set_yticks([at for _, at in data.positions], [words(name).replace(" ", "\n", 1) for name, _ in data.positions])
    last = data.stances["date"].max()
    axes.set_xlim(*air_after(pandas.Timestamp(start), last))
    every = (date_ticks(pandas.Timestamp(start), last, most) for most in range(8, 1, -1))
    ticks = next(found for found in every if _fit([text for _, text in found]))
    axes.set_xticks([x for x, _ in ticks], [text for _, text in ticks])
    axes.tick_params(labelsize=LETTERING, length=2)
    members, colours, dashes = coloured(data), member_colours(data), member_dashes(data)
    courses = [data.course(member) for member in members]
    line = (data.high - data.low) * LETTERING * 1.15 / (TALL * 72 * 0.825)
    places = apart([float(rows["q50"].iloc[-1]) for rows in courses], line, data.low, data.high)
    for member, rows, place in zip(members, courses, places, strict=True):
        looks: Any = {"color": colours[member], "linewidth": 1.3, "linestyle": dashes[member]}
        axes.step(day_numbers(rows["date"]), rows["q50"], where="post", **looks)
        axes.annotate(
            data.label(member),
            (1.02, place),
            xycoords=("axes fraction", "data"),
            color=colours[member],
            fontsize=LETTERING,
            va="center",
            annotation_clip=False,
        )
    for day_of in many.decisions.date:
        axes.axvline(day_number(day_of), color=FAINT, linewidth=0.6, linestyle=":", zorder=0.6)
    return figure


def _fit(texts: Sequence[str]) -> bool:
    """Whether texts have room beside each other under the picture."""
    widest = max(text_width(line, LETTERING) for text in texts for line in text.split("\n"))
    return len(texts) < 3 or len(texts) * widest * 1.3 < 0.575 * ACROSS


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
    """Letters to read, in order of date: before the story's decision, and from then to the last that is compared.

    Of each time those come first that are quoted; authors take turns, so that nobody's second letter comes before
    somebody's first; and of one author's, those on which a what-if turns. A what-if's difference is shared out equally
    among the letters that it takes out or alters.
    """
    debate, weights = contents.scenario.debate, dict[str, float]()
    every = [
        item for item in debate.timeline if isinstance(item, Letter) and (item.quote or item.argues_for is not None)
    ]
    for answer in contents.answers:
        there = {moment.id: moment for moment in answer.question.world.debate.timeline}
        touched = [letter.id for letter in every if there.get(letter.id) != letter]
        for name in touched:
            weights[name] = max(weights.get(name, 0.0), answer.largest_difference / len(touched))
    compared = [ballot.when for ballot in compared_ballots(contents.scenario)]
    last = max(compared, default=(debate.span.end, 0))
    story = debate.story and next(item.when for item in debate.timeline if item.id == debate.story.decision)
    before = [letter for letter in every if story and letter.when < story]
    chosen = _of_each(before, weights)[:EARLY]
    since = [letter for letter in every if letter not in before and letter.when < last]
    chosen += _of_each(since, weights)[: LETTERS - len(chosen)]
    return sorted(chosen, key=lambda letter: letter.when)


def _of_each(some: list[Letter], weights: Mapping[str, float]) -> list[Letter]:
    """The quoted first, by authors in turn."""
    ranked = sorted(some, key=lambda one: (one.quote is None, -weights.get(one.id, 0.0), -one.strength))
    turns, places = Counter[str | None](), dict[str, int]()
    for letter in ranked:
        places[letter.id] = turns[letter.author]
        turns[letter.author] += 1
    return sorted(ranked, key=lambda one: (one.quote is None, places[one.id]))


def readers(debate: DebateFile, letter: Letter) -> str:
    """To whom a letter went; of many, the first few and how many more."""
    names = [(debate.bodies.get(name) or debate.members[name]).name for name in letter.readers]
    more = len(names) - READERS
    return joined([*names[:READERS], counted(more, "other")] if more > 1 else names)


def _named(answer: Answer, story: Story | None) -> str:
    """What is asked about, by its name and its day."""
    row, compared = asked_about(answer, story), answer.comparison
    return f"“{compared.names[row.decision]}” ({templates.dated_of(row, compared.other.debate)})"


def _starts(answer: Answer, story: Story | None) -> str:
    """What the model says of what is asked about as long as nothing is different."""
    row = asked_about(answer, story)
    return f"As it was, it is carried in {percent(row.carried)}." if row.put else "As it was, it is never put."


def _sentence(answer: Answer, story: Story | None) -> str:
    """What became of it, and why, in plain words."""
    row, compared = asked_about(answer, story), answer.comparison
    said = headline.of_decision(row)
    votes = None if "practically" in said else compared.ballot(row.decision)
    return f"“{compared.names[row.decision]}” {said}. {_because(compared, votes) if votes else ''}".strip()


def _because(compared: Comparison, votes: BallotInBoth) -> str:
    """How many vote otherwise, and mostly for what reason; empty if hardly anybody does."""
    cause = max(votes.votes, key=lambda one: votes.votes[one])
    many = round(votes.votes[cause])
    if not many:
        return ""
    then, was = votes.pressed[1], votes.pressed[0]
    wish = "now vote as" if then > was else "no longer vote as" if then < was else "follow something else that"
    why = {
        "deference": f"{wish} {compared.leader} wishes; that people do so is assumed",
        "own_stance": "have come to think otherwise by then",
        "choice": "have something else to choose between",
        "attendance": "come, or stay away, who did not before",
    }
    return f"Because about {many} of the {len(votes.voters)} with a vote {why[cause]}."


def judged(contents: Contents) -> str:
    """Of how many of the decisions that are compared the model said what happened, by the numbers of the table."""
    said = contents.replay.predicted.set_index("decision").probability
    compared = [ballot for ballot in compared_ballots(contents.scenario) if ballot.outcome is not None]
    right = sum((said[ballot.id] > 0.5) == (ballot.outcome == "carried") for ballot in compared)
    return f"Of the {len(compared)} that are compared, the model found what happened likelier than not in {right}."


def shown_beforehand(contents: Contents) -> str:
    """What the model had seen when it said what the table has, and why the first page may have another number."""
    predictors = set(contents.replay.predicted.predictor)
    if ONE_STEP_AHEAD not in predictors:
        return "To say these, the model was shown how none of them came out."
    others = " (of one with a star: all the others)" if LEAVE_ONE_OUT in predictors else ""
    return (
        f"To say each, the model was shown what was decided before it{others}, not this one. On the first page it has "
        "seen all that is compared: so a number there may be another."
    )


def not_compared(contents: Contents) -> dict[str, str]:
    """Why a decision is shown and not compared."""
    compared = {ballot.id for ballot in compared_ballots(contents.scenario)}
    ballots = (item for item in contents.scenario.debate.timeline if isinstance(item, Ballot))
    return {
        item.id: item.unfit_because or "no source says how it came out, or another motion won"
        for item in ballots
        if item.id not in compared
    }


def points_off(answers: tuple[Answer, ...]) -> int:
    """The number of a hundred histories beyond which other random numbers would seldom move a difference."""
    tables = [answer.comparison.decisions for answer in answers]
    half = [float(size) for table in tables for size in (table.high - table.low) / 2 if not math.isnan(size)]
    return math.ceil(100 * max(half, default=0.0))


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
