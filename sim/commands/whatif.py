"""The command that changes the debate and plays both: whatif."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import date, number, prose, text
from sim.errors import UserError
from sim.results import wording
from sim.results.wording import counted, interval, percent, points

if TYPE_CHECKING:
    import pandas

Base = Annotated[
    str | None,
    typer.Option(
        "--scenario", help="The base: a shipped name or a YAML file. A what-if names its own.", metavar="NAME"
    ),
]
#: Members that the terminal shows of a ballot, and votes below which it shows nothing; the tables have all.
SHOWN, LEAST = 8, 0.1
#: Histories of each world, of one what-if and of each of all.
ONE_RUNS, ALL_RUNS = 20_000, 10_000


@dataclass(frozen=True)
class Edits:
    """Single changes, in the words of options."""

    without: Annotated[
        list[str] | None,
        typer.Option(help="Take a moment out, and what follows from it. May be repeated.", metavar="ID[.FIELD]"),
    ] = None
    alone: Annotated[bool, typer.Option("--alone", help="Take out nothing that follows from it.")] = False
    present: Annotated[
        list[str] | None, typer.Option(help="Put a member into the room.", metavar="MEMBER=DAY[..DAY]")
    ] = None
    absent: Annotated[list[str] | None, typer.Option(help="Keep a member away.", metavar="MEMBER=DAY[..DAY]")] = None
    move: Annotated[list[str] | None, typer.Option(help="Let a moment come on another day.", metavar="ID=DAY")] = None
    set: Annotated[list[str] | None, typer.Option(help="Give a field another value.", metavar="ID[.FIELD]=VALUE")] = (
        None
    )
    add: Annotated[
        list[str] | None,
        typer.Option(
            help="Add a letter, as 'letter of trotsky on 1922-10-05 to central-committee for uphold', or a talk, as "
            "'talk of lenin, stalin on 1922-10-05'.",
            metavar="WORDS",
        ),
    ] = None

    @property
    def words(self) -> list[tuple[str, str]]:
        """Every option given, with its value; what is added comes first, so that the others can change it."""
        options = ("add", "without", "present", "absent", "move", "set")
        return [(option, word) for option in options for word in getattr(self, option) or []]

    def label(self, what_if: str = "") -> str:
        """What is asked for, as a name for a folder."""
        asked = [what_if] if what_if else []
        asked += [f"{option}-{word}" for option, word in self.words] + ["alone"] * self.alone
        return re.sub(r"[^a-z0-9.+-]+", "-", "+".join(asked).lower())[:80].strip("-.")


def whatif(
    edits: Edits,
    playing: options.Playing,
    draws: options.Draws,
    what_if: Annotated[
        str | None, typer.Argument(metavar="[WHAT-IF]", help="A shipped what-if or a YAML file.")
    ] = None,
    scenario: Base = None,
    all_: Annotated[bool, typer.Option("--all", help="Compare every what-if that comes with the base.")] = False,
    runs: Annotated[
        int | None, typer.Option(help="Histories of each world: 20000; 10000 with --all.", min=1, max=100_000_000)
    ] = None,
) -> None:
    """Change something, play both worlds on common random numbers, and say what differs, and through whom.

    Example: `sim whatif lenin-in-the-room --without krasin-letter-1922-10-11`, or
    `sim whatif --add "letter of trotsky on 1922-10-05 to central-committee for uphold"`
    """
    if all_ and (what_if is not None or edits.words):
        raise UserError("--all compares every what-if: give no other, and no single change")
    if edits.alone and not edits.without:
        raise UserError("--alone says how --without takes something out: give --without ID")
    if all_:
        _compare_all(playing, draws.load(scenario or options.DEFAULT, playing), runs or ALL_RUNS)
    elif what_if is not None or edits.words:
        from sim.counterfactuals.title import what_is_different
        from sim.scenario import library
        from sim.scenario.edits import edited

        asked = None if what_if is None else library.what_if(what_if)
        name = scenario or (str(library.base_of(asked)) if asked else options.DEFAULT)
        base = draws.load(name, playing)
        shipped = base.with_changes(asked) if asked else base
        other = edited(shipped, edits.words, edits.alone)
        parts = [asked.file.title] if asked else []
        parts += [what_is_different(shipped, other)] if edits.words else []
        label = edits.label(asked.file.what_if if asked else "")
        _compare(
            playing, (base, other), draws.unfitted_default(base, name), runs or ONE_RUNS, (label, "; ".join(parts))
        )
    else:
        playing.show(terminal.Answer(tables=(_list(scenario or options.DEFAULT),)))


def _compare(
    playing: options.Playing,
    worlds: tuple[sim.Scenario, sim.Scenario],
    default: sim.Scenario | None,
    runs: int,
    names: tuple[str, str],
) -> None:
    """Compares two worlds, and saves and shows what comes of it.

    default: the unfitted default, in which the same change is tried beside it, where that is the fair comparison.
    """
    with playing.executor(runs) as executor:
        compared = sim.whatif(*worlds, runs, playing.seed, executor, *names)
    beside = None
    if default is not None:
        from sim.counterfactuals.comparison import what_differs
        from sim.scenario.changes import changes_of_text

        changes = changes_of_text(what_differs(*worlds)["changes"], "changes")
        beside = sim.whatif(default, default.with_changes(*changes), runs, playing.seed).decisions
    playing.publish("whatif", compared, _answer(compared, beside), executor)


def _compare_all(playing: options.Playing, base: sim.Scenario, runs: int) -> None:
    """Compares every shipped what-if with its base, and shows and saves what comes of it."""
    from sim.scenario.library import what_ifs_of

    every = what_ifs_of(base.name)
    with playing.executor(runs * len(every)) as executor:
        result = sim.overview(base, every, runs, playing.seed, executor)
    playing.publish("whatif", result, _answer_of_all(result), executor)


def rerun(
    scenario: sim.Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: sim.Executor | None = None
) -> sim.Comparison | sim.Overview:
    """The comparison, or the overview of many, that a manifest describes."""
    from sim.counterfactuals import comparison, overview

    maker = overview.rerun if "what_ifs" in settings else comparison.rerun
    return maker(scenario, settings, runs, seed, executor)


def histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many pairs of histories a comparison, or an overview of many, plays in all."""
    return runs * len(settings.get("what_ifs", [""]))


def _list(scenario: str) -> terminal.Table:
    """What there is to be asked."""
    from sim.scenario.library import what_ifs_of

    columns = (text("name", "what_if"), prose("what is different", "title"), prose("why", gives_way=1))
    files = [one.file for one in what_ifs_of(scenario)]
    table = terminal.table(f"What-ifs of {scenario}", files, *columns)
    return replace(table, note="Play one: sim whatif NAME; all: sim whatif --all; something else: sim whatif --help.")


def _answer(compared: sim.Comparison, beside: pandas.DataFrame | None) -> terminal.Answer:
    tables = [_decisions(compared, beside)] if len(compared.flips) else []
    most = compared.flips.sort_values("difference", key=abs, ascending=False, kind="stable").decision.head(1)
    tables += [table for name in most if (table := _voters(compared, name)) is not None]
    more = () if compared.explanations.empty else ("docs/explanation/limits.md discusses such results.",)
    remarks = (*compared.notes, *more, *(f"Warning: {warning}." for warning in compared.warnings))
    title = f"{compared.title}: " if compared.title else ""
    return terminal.Answer(headline=f"{title}{compared.headline}", tables=tuple(tables), remarks=remarks)


def _decisions(compared: sim.Comparison, beside: pandas.DataFrame | None) -> terminal.Table:
    """The decisions that come out differently; beside: those of the same change in the unfitted default."""
    differing = compared.flips
    default = {} if beside is None else dict(zip(beside.decision, beside.difference, strict=True))
    put = (
        number("put, as it was", lambda row: percent(row.put, 1), gives_way=3),
        number("put, what if", lambda row: percent(row.put_other, 1), gives_way=2),
    )
    table = terminal.table(
        "What comes out differently, in per cent of all histories (difference in points)",
        differing,
        date(compared.scenario.debate, gives_way=4),
        text("motion", lambda row: compared.names[row.decision]),
        *(put if (differing.put != differing.put_other).any() else ()),
        number("as it was", lambda row: percent(row.carried, 1)),
        number("what if", lambda row: percent(row.carried_other, 1)),
        number("difference", lambda row: points(row.difference)),
        *([number("in the unfitted default", lambda row: points(default[row.decision]))] if default else []),
        number("95 %", lambda row: interval(row.low, row.high), gives_way=1),
    )
    same = len(compared.decisions) - len(differing)
    others = f"{counted(same, 'other decision')} {'comes' if same == 1 else 'come'} out the same." if same else ""
    return replace(table, note=others)


def _voters(compared: sim.Comparison, decision: str) -> terminal.Table | None:
    """Through whom: the members whose vote on it changes in most histories; None if hardly any vote does."""
    table = compared.votes_changed[compared.votes_changed.decision == decision]
    table = table[table.changed > 0]
    if table.changed.sum() < LEAST:
        return None
    causes = [name for name in table.columns if name.startswith("by_") and table[name].sum() > 0]
    shown = terminal.table(
        f"Through whom: {compared.names[decision]} (how often a vote changes)",
        table,
        text("member"),
        number("changes", lambda row: percent(row.changed)),
        *(number(name.replace("_", " "), partial(_share, name), gives_way=2) for name in causes),
        number("private stance", _stances, gives_way=1),
        most=SHOWN,
    )
    others = table.iloc[SHOWN:]
    summed = f"{counted(len(others), 'other')}: {wording.number(others.changed.sum())} votes." if len(others) else ""
    return replace(shown, note=summed)


def _stances(row: Any) -> str:
    return f"{wording.number(row.stance, 2)} → {wording.number(row.stance_other, 2)}"


def _share(name: str, row: Any) -> str:
    return percent(getattr(row, name))


def _answer_of_all(result: sim.Overview) -> terminal.Answer:
    """One row a what-if: the decisions that it moves most."""
    sizes = result.table.assign(size=result.table.difference.abs())
    ordered = sizes.sort_values(["size"], ascending=False, kind="stable")
    others = {name: rows.iloc[1:3] for name, rows in ordered.groupby("what_if")}

    def more(what_if: str) -> str:
        rows = terminal.records(others[what_if])
        return ", ".join(f"{row.decision} {points(row.difference)}" for row in rows if row.difference)

    first = ordered.drop_duplicates("what_if").set_index("what_if").loc[list(dict.fromkeys(sizes.what_if))]
    table = terminal.table(
        f"{len(first)} what-ifs and the decisions that each moves most",
        first.reset_index(),
        text("what if", "what_if"),
        text("decision", lambda row: row.decision if row.difference else "none"),
        number("as it was", lambda row: percent(row.carried, 1) if row.difference else "", gives_way=3),
        number("what if", lambda row: percent(row.carried_other, 1) if row.difference else "", gives_way=4),
        number("difference", lambda row: points(row.difference)),
        number("95 %", lambda row: interval(row.low, row.high), gives_way=1),
        prose("and then", lambda row: more(row.what_if), gives_way=2),
    )
    table = replace(table, note="Difference: in percentage points of all histories, with its 95 % interval.")
    warnings = (f"Warning, {row.what_if}: {row.warning}." for row in terminal.records(result.warnings))
    return terminal.Answer(tables=(table,), remarks=tuple(warnings))
