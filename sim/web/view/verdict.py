"""What differs between two worlds, in sentences and tables, as parts of a page."""

from __future__ import annotations

from collections.abc import Iterable

import pandas

from sim.counterfactuals import headline
from sim.counterfactuals.comparison import Comparison
from sim.results.wording import day, words
from sim.web.view.debate import titles
from sim.web.view.parts import Column, Part, bullets, folded, paragraph, share, table
from sim.web.view.words import in_prose

#: Rows of a table that are shown before the others are asked for, and at most.
FIRST, ROWS = 3, 12
#: The causes of a changed vote, as a table heads them.
CAUSES = ("deference", "own stance", "choice", "attendance")


def verdict(comparison: Comparison, changed: Iterable[str]) -> list[Part]:
    """What is different, and all that differs for it beyond what the answer above it says of one decision."""
    other, called = comparison.other.debate, {**titles(comparison.base), **titles(comparison.other)}
    votes = comparison.votes_changed
    is_sure = headline.largest(comparison.decisions) is not None
    said = headline.of_others(comparison.decisions, comparison.names) if is_sure else comparison.headline
    parts = [
        bullets(changed, "changed", "What is different"),
        paragraph(said) if said else None,
        _table(
            "Where each world ends",
            comparison.ends,
            Column("in force at the end", lambda row: row.name),
            share("as it was", "share"),
            share("then", "share_other"),
        ),
        _table(
            "Where the worlds part",
            comparison.parting,
            Column(
                "in whose stance", lambda row: comparison.labels[row.member] if row.member else "nobody's: by a vote"
            ),
            share("in theirs, of all histories", "share"),
            Column("first differs", lambda row: day(row.date), "day"),
            Column("after", lambda row: called.get(row.moment) or words(row.moment) or "the beginning"),
            share("in anything, of all histories", "parted"),
        ),
        _table(
            "Through whom, where both worlds put it",
            votes[votes.changed > 0].nlargest(ROWS, "changed"),
            Column("member", lambda row: comparison.labels[row.member]),
            Column("motion", lambda row: comparison.names[row.decision]),
            share("vote changes", "changed"),
            *(share(f"by {cause}", f"by_{cause.replace(' ', '_')}") for cause in CAUSES),
        ),
        *(paragraph(text) for text in in_prose(other, comparison.notes)),
        *(paragraph(f"Warning: {text}.", kind="warning") for text in in_prose(other, comparison.warnings)),
        folded("The numbers behind it", paragraph(comparison.headline)),
        paragraph(_how(comparison), kind="aside"),
    ]
    return [part for part in parts if part]


def _how(comparison: Comparison) -> str:
    """How the worlds were played, and what an interval says."""
    fitted = "fitted to the record" if comparison.base.posterior else "drawn from their assumed ranges"
    return (
        f"{comparison.runs:,} histories of each world with the same random numbers (seed {comparison.seed}). The "
        f"parameters are {fitted}; in both worlds the model decides every vote by itself. What differs is due to the "
        "changes alone; intervals say what other random numbers could give, not whether the model is right."
    )


def _table(title: str, rows: pandas.DataFrame, *columns: Column) -> Part | None:
    """The first rows of a table, and the others on demand; None where it has none."""
    shown, more = ([*part.itertuples()] for part in (rows[:FIRST], rows[FIRST:ROWS]))
    if not shown:
        return None
    name = f"{title}: {len(more)} more"
    return folded(title, table(title, shown, columns), folded(name, table(name, more, columns)) if more else None)
