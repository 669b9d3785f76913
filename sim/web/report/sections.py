"""What a report says in words and tables, section by section. All numbers come from what was played."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas

from sim.results.manifest import versions
from sim.scenario import sources
from sim.scenario.scenario import compared_ballots
from sim.scenario.schema import DebateFile, Event, Source
from sim.web.report.content import Answered, Contents
from sim.web.report.html import Html, joined, table, tag
from sim.wording import day, percent, points

#: What the evidence words mean, for a reader who has not seen them.
EVIDENCE = {
    "documented": "a primary source says so",
    "attributed": "an editor, historian or memoirist says so",
    "conjecture": "inference or recollection that nobody has verified",
    "assumed": "nobody says so: an assumption, with its reason",
}


def dated(when: Any) -> Html:
    """A day that is not broken over two lines."""
    return tag("span", day(when), class_="day")


def rows(found: pandas.DataFrame) -> list[Any]:
    """The rows of a table, their cells by name."""
    return list(found.itertuples())


def section(name: str, title: str, *inside: object) -> Html:
    """A section with a heading to which one can jump."""
    return tag(
        "section",
        tag("h2", title, id=f"{name}-heading"),
        *inside,
        class_="panel",
        id=name,
        aria_labelledby=f"{name}-heading",
    )


def link(source: Source) -> Html:
    """A source in a line; its address is a link that nobody follows for the reader."""
    said = ". ".join(str(part) for part in (source.author, source.title, source.work, source.year) if part)
    at = source.url or ""
    where = tag("a", at, href=at, rel="noreferrer noopener") if at.startswith(("http://", "https://")) else at
    beware = "; ".join(
        part for part in (source.kind, source.leaning and f"leaning: {source.leaning}", source.limits) if part
    )
    return joined([f"{said}. " if said else "", where, tag("span", f" {beware}", class_="aside") if beware else ""])


# Sections ----------------------------------------------------------------------------------------------


def the_question(contents: Contents) -> Html:
    """What was argued about, and along which line."""
    debate = contents.scenario.debate
    places = (
        tag("li", tag("b", f"{p.name.replace('-', ' ')} ({p.at:g})"), f": {p.meaning}") for p in debate.axis.positions
    )
    return section(
        "question-section",
        "The question",
        tag("p", debate.question, class_="lead"),
        tag("p", debate.about),
        tag("p", f"Stances are places on one line, from {debate.axis.low:g} to {debate.axis.high:g}:"),
        tag("ul", *places),
    )


def the_replay(contents: Contents) -> Html:
    """The record, and beside it what the model says."""
    many = contents.played.ensemble
    fitted = {ballot.id for ballot in compared_ballots(many.scenario)}
    body = [
        (
            row.motion + ("" if row.decision in fitted else " *"),
            dated(row.date),
            f"{row.documented or 'unknown'} {row.documented_tally}".strip(),
            percent(row.probability),
            "–" if math.isnan(row.low) else f"{percent(row.low)} to {percent(row.high)}",
            "–" if math.isnan(row.tally_mean) else f"{row.tally_mean:.1f}",
        )
        for row in rows(many.decisions)
    ]
    heads = ("motion", "date", "documented", "model: carried", "95 % of draws", "yes votes")
    drawn = "the posterior that a calibration made of the record" if many.scenario.posterior else "their assumed ranges"
    return section(
        "replay-section",
        "The record and the replay",
        tag("p", "What the model says of each decision when every earlier one went as recorded. Parameters and first "
            f"stances are drawn from {drawn}; 95 % of the draws give a probability within the interval."),
        table("The decisions: the record and the model", heads, body, numbers=(3, 4, 5)),
        tag("p", "* shown, not compared: its electorate is mostly unknown, or its outcome is.", class_="aside"),
    )  # fmt: skip


def the_baselines(contents: Contents) -> Html:
    """Simple rules beside the model, and which of them win."""
    body = [(row.label, f"{row.total:.2f}", f"{row.mean:.2f}") for row in rows(contents.played.scores)]
    return section(
        "baselines-section",
        "Simple rules to measure it by",
        tag("p", contents.played.text),
        table("Log score of the documented outcomes", ("who predicts", "total", "mean"), body, numbers=(1, 2)),
        tag("p", "The logarithm of the probability given to what happened: nearer to 0 is better.", class_="aside"),
    )


def the_what_ifs(contents: Contents) -> Html:
    """Every other world: what differs, how surely, and where it leads far from the record."""
    return section(
        "what-ifs-section",
        "The what-ifs",
        tag("p", f"Each world is played {contents.played.ensemble.runs:,} times beside the debate as it was, on the "
            "same luck, and neither is corrected to the record. A difference is of the share of all histories in which "
            "the motion is put and carried; its interval says what another seed could give, not that the model is "
            "right."),
        *(_what_if(one) for one in contents.answers),
    )  # fmt: skip


def _what_if(one: Answered) -> Html:
    body = [
        (
            row.motion,
            dated(row.date),
            percent(row.carried),
            percent(row.carried_other),
            points(row.difference),
            f"{points(row.low)} to {points(row.high)}",
            f"{percent(row.flips_to_carried)} / {percent(row.flips_to_lost)}",
        )
        for row in rows(one.compared.flips)
    ]
    heads = ("motion", "date", "as it was", "this world", "difference, points", "95 %", "turns carried / lost")
    found = table(f"What differs: {one.asked.title}", heads, body, numbers=(2, 3, 4, 5, 6)) if body else ""
    warned = (tag("p", f"Beware: {warning}.", class_="warning") for warning in one.compared.warnings)
    return tag(
        "div", tag("h3", one.asked.title), tag("p", one.asked.why), tag("p", one.compared.headline), found, *warned
    )


def the_record(contents: Contents) -> Html:
    """Everything that happened, with its evidence and its sources."""
    debate = contents.scenario.debate
    body = [
        (
            dated(moment.date),
            moment.kind,
            _told(debate, moment),
            moment.evidence,
            ", ".join(moment.source),
            ", ".join(moment.record),
        )
        for moment in sorted(debate.timeline, key=lambda moment: moment.date)
    ]
    words = joined(tag("li", tag("b", word), f": {meaning}") for word, meaning in EVIDENCE.items())
    heads = ("date", "kind", "what", "evidence", "sources", "record")
    return section(
        "record-section",
        "The record",
        tag("p", "Everything that the debate is played from, with how well it is known:"),
        tag("ul", words),
        table("What happened, by date", heads, body),
    )


def _told(debate: DebateFile, moment: Any) -> Html:
    said = getattr(moment, "summary", None) or getattr(moment, "motion", None) or getattr(moment, "reason", None)
    who = getattr(moment, "author", None) or getattr(moment, "member", None)
    name = f"{debate.members[who].label or debate.members[who].name}: " if who else ""
    quote = getattr(moment, "quote", None)
    kept = "" if isinstance(moment, Event) or not quote else f" “{quote}”"
    return joined([f"{name}{said or 'exchange of views'}", kept])


def the_readings(contents: Contents) -> Html:
    """The points on which the sources disagree, and the side taken."""
    taken = contents.scenario.readings

    def told() -> Iterator[Html]:
        for name, reading in contents.scenario.debate.readings.items():
            sides = (
                tag("li", tag("b", "taken here: ") if taken.get(name) == option else "", side.says)
                for option, side in reading.options.items()
            )
            yield tag("div", tag("h3", reading.question), tag("ul", *sides))

    found = list(told())
    return section("readings-section", "Where the sources disagree", *found) if found else Html("")


def the_assumptions(contents: Contents) -> Html:
    """What nobody says, and why it is assumed."""
    found = sources.table(contents.scenario.debate)
    assumed = found[found.evidence == "assumed"]
    body = [(row.what, row.value, row.note) for row in rows(assumed)]
    return section(
        "assumptions-section",
        "The assumptions",
        tag("p", f"{len(assumed)} of the {len(found)} things that this debate is played from are said by nobody."),
        table("What is assumed, and why", ("what", "value", "why"), body),
    )


def the_sources(contents: Contents) -> Html:
    """The works cited."""
    works = (tag("li", tag("b", key), " ", link(source)) for key, source in contents.scenario.debate.sources.items())
    return section("sources-section", "The sources", tag("ul", *works))


def the_manifest(contents: Contents) -> Html:
    """What it takes to make this report again."""
    many, scenario = contents.played.ensemble, contents.scenario
    facts = {
        "scenario": f"{scenario.name}, digest {scenario.digest}",
        "drawn from": f"a posterior, digest {scenario.posterior.digest}"
        if scenario.posterior
        else "the assumed ranges",
        "readings": ", ".join(f"{name}: {option}" for name, option in scenario.readings.items()) or "none",
        "evidence kept": scenario.origin.evidence,
        "histories": f"{many.runs:,} of each world",
        "seed": str(many.seed),
        "what-ifs": ", ".join(f"{one.asked.name} ({one.asked.world.digest})" for one in contents.answers) or "none",
        "versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
    listed = joined(joined([tag("dt", name), tag("dd", said)]) for name, said in facts.items())
    return section("manifest-section", "To make it again", tag("dl", listed))
