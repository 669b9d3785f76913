"""Commands that look at a scenario: plan, check, sources, schema."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sim.commands import options, terminal
from sim.errors import UserError


def plan(
    scenario: options.Debate = options.DEFAULT,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Show the weeks and the regular talks too.")] = False,
) -> None:
    """Print the timeline: everything that will happen, in the order in which it is played.

    Example: `sim plan library-sunday --weeks`
    """
    from sim.scenario.timeline import ORDER_WITHIN_A_DAY

    debate = options.load_debate(scenario, evidence, reading)
    table = terminal.table(
        debate.debate.title, *((name, "left") for name in ("date", "kind", "id", "by", "who", "if", "about"))
    )
    hidden = 0
    for row in terminal.rows(debate.plan()):
        if row.about in ("regular talk",) or row.kind == "week":
            hidden += not weeks
            if not weeks:
                continue
        who = row.who if len(row.who) < 60 else f"{row.who.count(',') + 1} of {row.body or 'several bodies'}"
        table.add_row(str(row.date), row.kind, row.id, row.actor, who, getattr(row, "if"), row.about)
    terminal.show(table, f"Within a day: {', '.join(ORDER_WITHIN_A_DAY)}.")
    if hidden:
        terminal.show(f"{hidden} weeks and regular talks are not shown (--weeks shows them).")


def check(
    files: Annotated[
        list[str], typer.Argument(help="Scenario files, what-if files, or shipped names.", metavar="FILE")
    ],
) -> None:
    """Read scenario and what-if files strictly and say all that is wrong with them, with the line and what would do.

    Example: `sim check my-debate.yaml`
    """
    from sim.errors import ScenarioError
    from sim.scenario.scenario import check_file

    wrong = []
    for file in files:
        try:
            debate = check_file(file)
        except ScenarioError as error:
            wrong.append(str(error))
        else:
            typer.echo(f"{file}: in order ({len(debate.debate.members)} members, {len(debate.entries)} moments)")
    if wrong:
        raise UserError("\n".join(wrong))


def sources(
    scenario: options.Debate = options.DEFAULT,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="The works cited, as BibTeX.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="The whole table, as CSV.")] = False,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
) -> None:
    """List everything that the scenario says with its origin, grouped by evidence, assumptions last.

    Example: `sim sources monopoly-1922 --bibtex > works.bib`
    """
    from sim.scenario import sources as origins

    debate = options.load_debate(scenario, evidence, reading).debate
    if bibtex:
        typer.echo(origins.bibtex(debate), nl=False)
        return
    found = origins.table(debate)
    if csv:
        typer.echo(found.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    for word, group in found.groupby("evidence", sort=False):
        table = terminal.table(
            f"{word} ({len(group)})", *((name, "left") for name in ("what", "value", "source", "rests on", "note"))
        )
        for row in terminal.rows(group):
            table.add_row(row.what, row.value, row.source, row.rests_on, row.note)
        terminal.show(table)


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete keys and underline mistakes.

    Example: `sim schema > scenario.schema.json`
    """
    from sim.scenario.json_schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=1, ensure_ascii=False))
