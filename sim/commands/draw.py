"""Commands that draw: plot (figures of saved results) and film (a debate day by day)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.commands import options, terminal
from sim.commands.terminal import text
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.figures.catalogue import Kind
    from sim.results.saved import Saved

#: Where results are looked for when no folder is named.
RESULTS = Path("outputs")


def plot(
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="KIND", help="Which figures, or `all`; without any, lists them.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="A folder of results; the newest that fits, if not given."),
    ] = None,
    picture: Annotated[Literal["svg", "png", "pdf"], typer.Option("--format", help="What to write.")] = "svg",
    out: Annotated[Path, typer.Option(help="Where the pictures are written.")] = RESULTS / "figures",
) -> None:
    """Draw figures of saved results again, without playing anything.

    Example: `sim plot influence --format pdf`
    """
    from sim.figures import KINDS, encoded
    from sim.results.folder import check_place, write_files

    if not kinds:
        _list()
        return
    names = _known(kinds)
    check_place(out)
    drawn = {}
    for name in names:
        kind = KINDS[name]
        try:
            saved, folder = _results(name, kind, source)
        except UserError as refusal:
            if "all" not in kinds:
                raise
            typer.echo(f"left out: {refusal}", err=True)
            continue
        drawn[f"{folder.resolve().name}-{name}.{picture}"] = encoded(kind.draw(saved), picture)
    if not drawn:
        raise UserError("there is nothing to draw from")
    for path in write_files(out, drawn):
        terminal.show(str(path))


def _known(names: list[str]) -> list[str]:
    """The kinds asked for, `all` being every one. Raises UserError for one that there is not."""
    from sim.errors import unknown
    from sim.figures import KINDS

    for name in names:
        if name not in KINDS and name != "all":
            raise UserError(f"{unknown(name, 'kind of figure', [*KINDS, 'all'])}; `sim plot` lists them")
    return list(KINDS) if "all" in names else list(dict.fromkeys(names))


def _results(name: str, kind: Kind, folder: Path | None) -> tuple[Saved, Path]:
    """The folder named, or the newest that the figure can be drawn from. Raises UserError with what makes one."""
    from sim.results.saved import Saved, newest

    if folder is not None:
        saved = Saved.read(folder)
        if kind.fits(saved):
            return saved, folder
        raise UserError(
            f"--from {folder}: '{name}' is drawn from what `sim {kind.call}` writes, and this was written by "
            f"`sim {saved.command}`" + (", by an older version" if saved.command == kind.command else "")
        )
    found = newest(RESULTS, kind.command, kind.tables)
    if found is None or found.folder is None:
        raise UserError(
            f"no results below {RESULTS} to draw '{name}' from: run `sim {kind.call}` first, "
            "or name a folder with --from"
        )
    return found, found.folder


def _list() -> None:
    from sim.figures import KINDS

    columns = (
        text("kind", lambda item: item[0]),
        text("drawn from", lambda item: f"sim {item[1].call}"),
        text("what it shows", lambda item: item[1].shows),
    )
    table = terminal.table("Kinds of figures", list(KINDS.items()), *columns)
    terminal.show(table, "Draw one with `sim plot KIND`, or `sim plot all`.")


def film(
    playing: options.Playing,
    draws: options.Draws,
    scenario: options.Debate = options.DEFAULT,
    history: Annotated[
        int | None,
        typer.Option(
            help="Film this one history, running free; the medians of many, if not given.", min=0, max=2**32 - 1
        ),
    ] = None,
    runs: options.Runs = 2000,
    picture: Annotated[Literal["mp4", "gif"], typer.Option("--format", help="What to write.")] = "mp4",
) -> None:
    """Film the debate day by day: stances, letters on their way, absences and ballots.

    Example: `sim film library-sunday --history 7 --format gif`
    """
    from sim.figures.film.film import EncoderError, check_encoder, result
    from sim.figures.film.from_results import storyboard_of
    from sim.figures.film.storyboard import length

    try:
        check_encoder(picture)
    except EncoderError as missing:
        raise UserError(f"{missing}: pip install 'policy-debate-sim[film]', or choose --format gif") from None
    debate = draws.load(scenario)
    with playing.executor(film_histories({"history": history}, runs)) as executor:
        storyboard = storyboard_of(debate, runs, playing.seed, history, executor)
    with terminal.progress(length(storyboard), "drawing", "frames") as report:
        shown = result(debate, storyboard, runs, playing.seed, history, picture, report)
    playing.publish("film", shown, executor, "Film and manifest")


def film_histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many histories a film plays in all."""
    return 1 if settings["history"] is not None else 2 * runs
