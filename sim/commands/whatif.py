"""Commands that change the debate and play both: whatif."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import options, terminal
from sim.errors import UserError
from sim.scenario import library

if TYPE_CHECKING:
    from rich.table import Table

    from sim.counterfactuals.comparison import Comparison
    from sim.counterfactuals.overview import Overview
    from sim.ensembles.executor import Executor
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Change
    from sim.scenario.what_if import WhatIf

Asked = Annotated[str | None, typer.Argument(metavar="[WHAT-IF]", help="A shipped what-if or a YAML file.")]
Base = Annotated[
    str | None,
    typer.Option(
        "--scenario", help="The base: a shipped name or a YAML file. A what-if names its own.", metavar="NAME"
    ),
]
Without = Annotated[list[str] | None, typer.Option(help="Take a moment out. May be repeated.", metavar="ID")]
Present = Annotated[list[str] | None, typer.Option(help="Put a member into the room.", metavar="MEMBER=DAY[..DAY]")]
Absent = Annotated[list[str] | None, typer.Option(help="Keep a member away.", metavar="MEMBER=DAY[..DAY]")]
Move = Annotated[list[str] | None, typer.Option(help="Let a moment come on another day.", metavar="ID=DAY")]
Set = Annotated[list[str] | None, typer.Option("--set", help="Give a field another value.", metavar="ID.FIELD=VALUE")]

#: Rows of the path and of the parting that the terminal shows; the tables have all.
SHOWN = 8
#: Histories of each world, of one what-if and of each of all.
ONE_RUNS, ALL_RUNS = 20_000, 10_000


def _asked(words: dict[str, list[str] | None]) -> str:
    """What the options ask for, as a name for a folder."""
    said = "+".join(f"{option}-{word}" for option, given in words.items() for word in given or [])
    return re.sub(r"[^a-z0-9.+-]+", "-", said.lower())[:80].strip("-.")


def _changes(debate: Scenario, words: dict[str, list[str] | None]) -> list[Change]:
    """The single changes that the options ask for."""
    from sim.scenario.edits import absent, assigned, moved, present, without

    makers = {
        "without": without,
        "present": present,
        "absent": absent,
        "move": moved,
    }
    made = [
        change
        for option, make in makers.items()
        for word in words[option] or []
        for change in make(debate.debate, word)
    ]
    return made + [change for word in words["set"] or [] for change in assigned(word)]


def _of_base(scenario: str) -> list[WhatIf]:
    """The shipped what-ifs of a scenario. Raises UserError if there are none."""
    from sim.scenario.library import what_if, whatif_names

    found = [one for one in map(what_if, whatif_names()) if one.file.base == scenario]
    if not found:
        raise UserError(f"no what-ifs come with '{scenario}': write one, or change something with the options")
    return found


def _list(scenario: str) -> None:
    """Shows what there is to be asked."""
    table = terminal.table(f"What-ifs of {scenario}", ("name", "left"), ("what is different", "left"), ("why", "left"))
    for one in _of_base(scenario):
        table.add_row(one.id, one.title, one.why)
    terminal.show(table, "Play one: sim whatif NAME; all: sim whatif --all; something else: see sim whatif --help.")


def whatif(
    what_if: Asked = None,
    scenario: Base = None,
    without: Without = None,
    present: Present = None,
    absent: Absent = None,
    move: Move = None,
    set_: Set = None,
    all_: Annotated[bool, typer.Option("--all", help="Compare every what-if that comes with the base.")] = False,
    runs: Annotated[int | None, typer.Option(help="Histories of each world: 20000; 10000 with --all.", min=1)] = None,
    seed: options.Seed = 1922,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    resume: options.Resume = False,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
    posterior: options.Posterior = None,
) -> None:
    """Change something, play both worlds with the same luck, and say what comes out differently, and through whom.

    Example: `sim whatif lenin-in-the-room --runs 20000`, or `sim whatif --without lenin-letter-1922-10-13`
    """
    from sim.commands import outputs
    from sim.counterfactuals import comparison
    from sim.ensembles.executor import Executor
    from sim.results.folder import check_place

    words = {"without": without, "present": present, "absent": absent, "move": move, "set": set_}
    if all_ and (what_if is not None or any(words.values())):
        raise UserError("--all compares every what-if: give no other, and no single change")
    if what_if is None and not any(words.values()) and not all_:
        _list(scenario or options.DEFAULT)
        return
    if what_if is not None and any(words.values()):
        raise UserError(f"'{what_if}' and single changes cannot be asked together: put all of it into one file")
    check_place(out)
    asked = library.what_if(what_if) if what_if is not None else None
    base = scenario or (str(library.base_of(asked)) if asked else options.DEFAULT)
    debate = options.load_debate(base, evidence, reading, prior, posterior)
    if all_:
        _compare_all(debate, runs or ALL_RUNS, seed, out, Executor(workers, cluster, out / options.UNFINISHED, resume))
        return
    other = debate.with_changes(asked) if asked else debate.with_changes(*_changes(debate, words), called="the options")
    runs = runs or ONE_RUNS
    label = asked.id if asked else _asked(words)
    with terminal.progress(runs) as report:
        executor = Executor(workers, cluster, out / options.UNFINISHED, resume, report)
        compared = comparison.whatif(debate, other, runs, seed, executor, label, asked.title if asked else label)
    _show(compared, asked.title if asked else "")
    folder = outputs.publish_comparison(out, compared)
    executor.delete()
    terminal.show(f"Tables, figure and manifest: {folder}")


def _compare_all(debate: Scenario, runs: int, seed: int, out: Path, executor: Executor) -> None:
    """Compares every shipped what-if with its base, and shows and saves what comes of it."""
    from sim.commands import outputs
    from sim.counterfactuals import overview

    every = _of_base(debate.name)
    with terminal.progress(runs * len(every)) as report:
        seen = overview.overview(debate, every, runs, seed, replace(executor, report=report))
    _show_all(seen)
    folder = outputs.publish_overview(out, seen)
    executor.delete()
    terminal.show(f"Tables, figure and manifest: {folder}")


def _show(compared: Comparison, title: str) -> None:
    terminal.show(_decisions(compared, title))
    terminal.show(
        "Shares of all histories, both worlds running free. Difference: with its 95 % interval, what another seed "
        "could give.\nGained and lost: carried there only, and here only.\n"
    )
    if len(compared.parting):
        terminal.show(
            f"In {_fine(compared.part_at_all)} of histories the worlds part.", _parting(compared), _path(compared)
        )
    else:
        terminal.show("In no history do the worlds part: what is changed changes nothing.")
    for warning in compared.warnings:
        terminal.show(f"Beware: {warning}.")


def _fine(share: float) -> str:
    return "–" if share != share else f"{100 * share:.1f} %"


def _signed(share: float) -> str:
    return "–" if share != share else "0" if share == 0 else f"{100 * share:+.1f}"


def _decisions(compared: Comparison, title: str) -> Table:
    table = terminal.table(
        title or "What comes out differently",
        *(("date", "left"), ("decision", "left"), ("put", "right"), ("there", "right"), ("carried", "right")),
        *(("there", "right"), ("difference", "right"), ("95 %", "right")),
        *(("gained", "right"), ("lost", "right")),
    )
    for row in terminal.rows(compared.decisions):
        table.add_row(
            f"{row.date:%Y-%m-%d}",
            row.decision,
            *(_fine(share) for share in (row.put, row.put_other, row.carried, row.carried_other)),
            _signed(row.difference),
            f"{_signed(row.low)} to {_signed(row.high)}",
            *(_fine(share) for share in (row.flips_to_carried, row.flips_to_lost)),
        )
    return table


def _parting(compared: Comparison) -> Table:
    table = terminal.table(
        "Where they part first",
        *(("date", "left"), ("after", "left"), ("histories", "right"), ("whose stance differs", "left")),
    )
    shown = compared.parting.drop_duplicates("moment").nlargest(SHOWN, "parted").sort_values("date")
    for row in terminal.rows(shown):
        whom = compared.parting[compared.parting.moment == row.moment]
        named = [
            f"{one.member} {terminal.percent(one.share)}" for one in terminal.rows(whom[whom.member != ""].head(4))
        ]
        more = f" and {len(whom) - 4} more" if len(whom) > 4 else ""
        table.add_row(
            f"{row.date:%Y-%m-%d}", row.moment, _fine(row.parted), (", ".join(named) or "nobody's: a vote") + more
        )
    return table


def _path(compared: Comparison) -> Table:
    table = terminal.table(
        "Through whom it travels",
        *(("member", "left"), ("reached in", "right"), ("half by", "left"), ("mostly after", "left")),
        ("who differed already, in that talk", "left"),
    )
    for row in terminal.rows(compared.path.head(SHOWN)):
        by = f"{row.carrier} {terminal.percent(row.carried)}" if row.carrier else ""
        table.add_row(row.member, _fine(row.reached), f"{row.date:%Y-%m-%d}", row.moment, by)
    return table


def _show_all(seen: Overview) -> None:
    """One row a what-if: the decisions that it moves most."""
    table = terminal.table(
        f"{len(seen.what_ifs)} what-ifs and the decisions that each moves most",
        *(("what if", "left"), ("decision", "left"), ("carried", "right"), ("there", "right"), ("difference", "right")),
        *(("95 %", "right"), ("and then", "left")),
    )
    for asked, rows in seen.table.groupby("what_if", sort=False):
        order = rows.loc[rows.difference.abs().sort_values(ascending=False, kind="stable").index]
        first, *others = terminal.rows(order)
        more = [f"{row.decision} {_signed(row.difference)}" for row in others[:2] if row.difference]
        table.add_row(
            str(asked),
            first.decision if first.difference else "none",
            *((_fine(first.carried), _fine(first.carried_other)) if first.difference else ("", "")),
            _signed(first.difference),
            f"{_signed(first.low)} to {_signed(first.high)}",
            ", ".join(more),
        )
    terminal.show(table, "Difference: of the share of all histories that put and carry it, with its 95 % interval.\n")
    for row in terminal.rows(seen.warnings):
        terminal.show(f"Beware, {row.what_if}: {row.warning}.")
