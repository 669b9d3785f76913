"""The command that finds ids: list."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

import sim
from sim.commands import options, terminal
from sim.commands.terminal import Column, prose, text
from sim.errors import UserError, unknown
from sim.results.wording import counted, day

if TYPE_CHECKING:
    from sim.scenario.schema import AnyMoment, DebateFile


class Row(NamedTuple):
    """A thing that has an id: its kind, when it is, what it is in words, and the ids that it has to do with."""

    id: str
    kind: str
    when: str
    words: str
    of: frozenset[str] = frozenset()


class Listing(NamedTuple):
    """What can be listed: its title, what it is made from, and the columns that it has beside the id."""

    title: str
    rows: Callable[[DebateFile], Iterable[Row]]
    columns: tuple[Column, ...]


def _what_ifs(debate: DebateFile) -> Iterable[Row]:
    from sim.scenario.library import what_if, whatif_names

    for file in (what_if(name).file for name in whatif_names()):
        if file.base == debate.scenario:
            paths = (change.set or change.remove or "" for change in file.changes)
            yield Row(file.what_if, "", "", file.title, frozenset(path.partition(".")[0] for path in paths))


def _bodies(debate: DebateFile) -> Iterable[Row]:
    for name, body in debate.bodies.items():
        yield Row(name, "", "", body.name, frozenset(member for seats in body.seats for member in seats.members))


def _members(debate: DebateFile) -> Iterable[Row]:
    for name, member in debate.members.items():
        bodies = frozenset(row.id for row in _bodies(debate) if name in row.of)
        kind = "person" if member.count is None else f"group of {member.count}"
        yield Row(name, kind, "", f"{member.name}: {', '.join(sorted(bodies)) or 'in no body'}", bodies)


def _moments(debate: DebateFile) -> Iterable[Row]:
    for item in sorted(debate.timeline, key=lambda item: item.when):
        yield Row(item.id, item.kind, item.dated, _told(item), frozenset(_named(item)))


def _named(item: AnyMoment) -> set[str]:
    fields = ("author", "body", "member", "moved_by", "session")
    lists = (*getattr(item, "readers", ()), *getattr(item, "members", ()), *getattr(item, "present", ()))
    ballots = (condition.moment for condition in item.conditions)
    return {str(name) for name in (*(getattr(item, field, None) for field in fields), *lists, *ballots) if name}


def _told(item: AnyMoment) -> str:
    return next(str(found) for name in ("motion", "reason", "summary", "id") if (found := getattr(item, name, None)))


def _positions(debate: DebateFile) -> Iterable[Row]:
    for position in debate.axis.positions:
        yield Row(position.name, "", "", f"{position.at:+g}: {position.meaning}")


def _parameters(debate: DebateFile) -> Iterable[Row]:
    for name, parameter in debate.parameters.items():
        yield Row(name, parameter.unit, "", parameter.meaning)


LISTINGS: Mapping[str, Listing] = {
    "what-ifs": Listing("What-ifs", _what_ifs, (prose("what is different", "words"),)),
    "bodies": Listing("Bodies", _bodies, (prose("name", "words"),)),
    "members": Listing("Members", _members, (text("kind", gives_way=1), prose("name and bodies", "words"))),
    "moments": Listing(
        "Moments",
        _moments,
        (prose("date", "when"), text("kind", gives_way=1), prose("what happens", "words", gives_way=2)),
    ),
    "positions": Listing("Positions", _positions, (prose("stance", "words"),)),
    "parameters": Listing("Parameters", _parameters, (prose("unit", "kind", gives_way=1), prose("meaning", "words"))),
}
#: What can be listed besides what a debate is made of.
DEBATES, OUTPUTS = "debates", "outputs"


def list_(
    shown: options.Shown,
    what: Annotated[
        str, typer.Argument(metavar="[WHAT]", help=f"One of {', '.join([DEBATES, *LISTINGS, OUTPUTS])}.")
    ] = DEBATES,
    scenario: options.Base = options.DEFAULT,
    of: Annotated[str | None, typer.Option(help="Only what has to do with this id.", metavar="ID")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind: letter, ballot, absence …", metavar="KIND")] = None,
    out: Annotated[Path, typer.Option(help="Where the results are, for `sim list outputs`.")] = Path("outputs"),
) -> None:
    """Find ids: of debates, what-ifs, bodies, members, moments, positions and parameters; and the results there are.

    Example: `sim list moments --of lenin --kind letter`
    """
    if what == DEBATES:
        table = terminal.table("Debates", list(map(_debate, sim.shipped())), text("id"), prose("what it is", "words"))
        shown.show(terminal.Answer(tables=(table,), remarks=(f"More: sim list {'|'.join([*LISTINGS, OUTPUTS])}",)))
    elif what == OUTPUTS:
        shown.show(terminal.Answer(tables=(_outputs(out),)))
    elif what in LISTINGS:
        shown.show(terminal.Answer(tables=(_listed(what, scenario, of, kind),)))
    else:
        raise UserError(unknown(what, "thing that can be listed", [DEBATES, *LISTINGS, OUTPUTS]))


def _debate(name: str) -> Row:
    debate = sim.load(name, prior=True).debate
    parts = f"{counted(len(debate.members), 'entry', 'entries')} of members, {counted(len(debate.timeline), 'moment')}"
    return Row(name, "", "", f"{debate.title} ({parts})")


def _listed(what: str, scenario: str, of: str | None, kind: str | None) -> terminal.Table:
    debate = sim.load(scenario, prior=True).debate
    listing = LISTINGS[what]
    every = list(listing.rows(debate))
    known = {name for row in every for name in (row.id, *row.of)}
    if of is not None and of not in known:
        raise UserError(f"--of {of}: {unknown(of, f'id among the {what} of {scenario}', sorted(known))}")
    kinds = dict.fromkeys(row.kind for row in every)
    if kind is not None and kind not in kinds:
        raise UserError(f"--kind {kind}: {unknown(kind, f'kind among the {what} of {scenario}', kinds)}")
    rows = [row for row in every if (of is None or of in (row.id, *row.of)) and (kind is None or row.kind == kind)]
    return terminal.table(
        f"{listing.title} of {scenario}: {len(rows)} of {len(every)}", rows, text("id"), *listing.columns
    )


def _outputs(out: Path) -> terminal.Table:
    from sim.results.saved import every

    rows = [
        Row(saved.folder.name, f"{saved.runs}", _written(saved.folder), saved.about)
        for saved in every(out)
        if saved.folder is not None
    ]
    return terminal.table(
        f"Results in {out}, the newest first",
        rows,
        text("folder", "id"),
        text("written", "when", gives_way=2),
        text("histories", "kind", gives_way=1),
        prose("what", "words", gives_way=3),
    )


def _written(folder: Path) -> str:
    moment = datetime.datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime)
    return f"{day(moment)}, {moment:%H:%M}"
