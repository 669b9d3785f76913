"""The command that draws figures of saved results: plot."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands import terminal
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.figures.catalogue import Kind
    from sim.results.saved import Saved

#: Where results are looked for when no folder is named.
RESULTS = Path("outputs")


class Format(StrEnum):
    """What a picture is written as."""

    svg = "svg"
    png = "png"
    pdf = "pdf"


def _known(names: list[str]) -> list[str]:
    """The kinds asked for, `all` being every one. Raises UserError for one that there is not."""
    from sim.errors import unknown
    from sim.figures import KINDS

    for name in names:
        if name not in KINDS and name != "all":
            raise UserError(f"{unknown(name, 'kind of figure', [*KINDS, 'all'])}; `sim plot` lists them")
    return list(KINDS) if "all" in names else list(dict.fromkeys(names))


def _results(name: str, kind: Kind, folder: Path | None) -> Saved:
    """The folder named, or the newest that the figure can be drawn from. Raises UserError with what makes one."""
    from sim.results import saved

    if folder is None:
        found = saved.newest(RESULTS, kind.command, kind.tables)
        if found is None:
            raise UserError(
                f"no results below {RESULTS} to draw '{name}' from: run `sim {kind.call}` first, "
                "or name a folder with --from"
            )
        return found
    found = saved.read(folder)
    if found.command != kind.command or not found.has(kind.tables):
        raise UserError(
            f"--from {folder}: '{name}' is drawn from what `sim {kind.call}` writes, and this was written by "
            f"`sim {found.command}`" + (", by an older version" if found.command == kind.command else "")
        )
    return found


def _list() -> None:
    from sim.figures import KINDS

    table = terminal.table("Kinds of figures", ("kind", "left"), ("drawn from", "left"), ("what it shows", "left"))
    for name, kind in KINDS.items():
        table.add_row(name, f"sim {kind.call}", kind.shows)
    terminal.show(table, "Draw one with `sim plot KIND`, or `sim plot all`.")


def plot(
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="KIND", help="Which figures, or `all`; without any, lists them.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="A folder of results; the newest that fits, if not given."),
    ] = None,
    picture: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.svg,
    out: Annotated[Path, typer.Option(help="Where the pictures are written.")] = RESULTS / "figures",
) -> None:
    """Draw figures of saved results again, without playing anything.

    Example: `sim plot influence --format pdf`
    """
    from sim.commands import outputs
    from sim.figures import KINDS, encoded
    from sim.results.folder import check_place

    if not kinds:
        _list()
        return
    names = _known(kinds)
    check_place(out)
    drawn = {}
    for name in names:
        kind = KINDS[name]
        try:
            found = _results(name, kind, source)
        except UserError as refusal:
            if "all" not in kinds:
                raise
            typer.echo(f"left out: {refusal}", err=True)
            continue
        drawn[f"{found.folder.resolve().name}-{name}.{picture.value}"] = encoded(kind.draw(found), picture.value)
    if not drawn:
        raise UserError("there is nothing to draw from")
    for path in outputs.write_pictures(out, drawn):
        terminal.show(str(path))
