"""Commands that draw: plot (figures of saved results) and film (a debate day by day)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.commands import options, terminal
from sim.commands.terminal import prose, text
from sim.errors import UserError

if TYPE_CHECKING:
    from sim.figures.catalogue import Kind
    from sim.results.saved import Saved

#: Where results are looked for when no folder is named.
RESULTS = Path("outputs")


def plot(
    shown: options.Shown,
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="KIND", help="Which figures, or `all`; without any, lists them.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="A folder of results; the newest that fits, if not given."),
    ] = None,
    picture: Annotated[Literal["svg", "png", "pdf"], typer.Option("--as", help="What to write.")] = "svg",
    font: Annotated[
        str | None, typer.Option(help="An installed font, for letters that DejaVu Sans lacks.", metavar="NAME")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the pictures are written.")] = RESULTS / "figures",
) -> None:
    """Draw figures of saved results again, without playing anything.

    Example: `sim plot influence --as pdf --from outputs/latest`
    """
    from sim.figures import KINDS, encoded
    from sim.results.folder import check_place, write_files

    if not kinds:
        shown.show(terminal.Answer(tables=(_kinds(),)))
        return
    names = _known(kinds)
    check_place(out)
    if font is not None:
        from sim.figures.text import lend

        lend(font)
    drawn: dict[str, bytes] = {}
    sources = []
    for name in names:
        kind = KINDS[name]
        try:
            saved, folder = _results(name, kind, source)
        except UserError as refusal:
            if "all" not in kinds:
                raise
            typer.echo(f"left out: {refusal}", err=True)
            continue
        file = f"{folder.resolve().name}-{name}.{picture}"
        drawn[file] = encoded(kind.draw(saved), picture)
        sources.append(f"{out / file}, drawn from {folder}: {saved.about}")
    if not drawn:
        raise UserError("there is nothing to draw from")
    write_files(out, drawn)
    if not shown.quiet:
        terminal.say(*sources)


def _known(names: list[str]) -> list[str]:
    """The kinds asked for, `all` being every one. Raises UserError for one that there is not."""
    from sim.errors import unknown
    from sim.figures import KINDS

    for name in names:
        if name not in KINDS and name != "all":
            raise UserError(f"{unknown(name, 'kind of figure', [*KINDS, 'all'])}; `sim plot` lists them")
    return list(KINDS) if "all" in names else list(dict.fromkeys(names))


def _results(name: str, kind: Kind, folder: Path | None) -> tuple[Saved, Path]:
    """The folder named, or the newest that the figure can be drawn from.

    Raises UserError with what makes one if there is none, and with what there is if they are of different worlds.
    """
    from sim.results.saved import Saved, every

    if folder is not None:
        saved = Saved.read(folder)
        if kind.fits(saved):
            return saved, folder
        raise UserError(
            f"--from {folder}: '{name}' is drawn from what `sim {kind.call}` writes, and this was written by "
            f"`sim {saved.command}`" + (", by an older version" if saved.command == kind.command else "")
        )
    found = {saved.folder: saved for saved in every(RESULTS) if saved.folder is not None and kind.fits(saved)}
    if not found:
        raise UserError(
            f"no results below {RESULTS} to draw '{name}' from: run `sim {kind.call}` first, "
            "or name a folder with --from"
        )
    if len({saved.world for saved in found.values()}) > 1:
        listed = "".join(f"\n  --from {folder} ({saved.about})" for folder, saved in found.items())
        raise UserError(f"'{name}' can be drawn from results of different worlds; say from which:{listed}")
    newest = next(iter(found))
    return found[newest], newest


def _kinds() -> terminal.Table:
    from sim.figures import KINDS

    columns = (
        text("kind", lambda item: item[0]),
        text("drawn from", lambda item: f"sim {item[1].call}", gives_way=1),
        prose("what it shows", lambda item: item[1].shows),
    )
    table = terminal.table("Kinds of figures", list(KINDS.items()), *columns)
    return replace(table, note="Draw one with `sim plot KIND`, or `sim plot all`.")


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
    picture: Annotated[
        Literal["mp4", "gif"] | None,
        typer.Option("--as", help="What to write: mp4 if not given, and gif where no encoder is installed."),
    ] = None,
) -> None:
    """Film the debate day by day: stances, letters on their way, absences and ballots.

    Example: `sim film library-sunday --history 7 --as gif`
    """
    from sim.figures.film import EncoderError, check_encoder

    remarks = []
    try:
        check_encoder(picture or "mp4")
    except EncoderError as missing:
        if picture is not None:
            raise UserError(f"{missing}: install the extra `film`, or give --as gif") from None
        remarks.append(f"{missing}, so this is a GIF: the extra `film` installs it.")
    kind: Literal["mp4", "gif"] = picture or ("gif" if remarks else "mp4")
    debate = draws.load(scenario, playing)
    with playing.executor(film_histories({"history": history}, runs)) as executor:
        from sim.figures.film.film import result
        from sim.figures.film.from_results import storyboard_of
        from sim.figures.film.storyboard import length

        storyboard = storyboard_of(debate, runs, playing.seed, history, executor)
    with playing.progress(length(storyboard), "drawing", "frames") as report:
        shown = result(debate, storyboard, runs, playing.seed, history, kind, report)
    answer = terminal.Answer(headline=f"The film is {next(iter(shown.files))}.", remarks=tuple(remarks))
    playing.publish("film", shown, answer, executor)


def film_histories(settings: Mapping[str, Any], runs: int) -> int:
    """How many histories a film plays in all."""
    return 1 if settings["history"] is not None else 2 * runs
