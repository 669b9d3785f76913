"""The command that films a debate: film."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.commands import options, terminal
from sim.errors import UserError


class FilmFormat(StrEnum):
    """What a film is written as."""

    mp4 = "mp4"
    gif = "gif"


def film(
    scenario: options.Debate = options.DEFAULT,
    history: Annotated[
        int | None,
        typer.Option(
            help="Film this one history, running free; the medians of many, if not given.", min=0, max=2**32 - 1
        ),
    ] = None,
    runs: options.Runs = 2000,
    seed: options.Seed = 1922,
    picture: Annotated[FilmFormat, typer.Option("--format", help="What to write.")] = FilmFormat.mp4,
    out: options.Out = Path("outputs"),
    workers: options.Workers = None,
    evidence: options.Evidence = options.EvidenceFilter.all,
    reading: options.Reading = None,
    prior: options.Prior = False,
) -> None:
    """Film the debate day by day: stances, letters on their way, absences and ballots.

    Example: `sim film library-sunday --history 7 --format gif`
    """
    from sim.commands import outputs
    from sim.ensembles.executor import Executor
    from sim.figures.film.encoders import EncoderError, check_encoder
    from sim.figures.film.film import film_files, length
    from sim.figures.film.film import storyboard as storyboard_of
    from sim.results.folder import check_place

    check_place(out)
    try:
        check_encoder(picture.value)
    except EncoderError as missing:
        raise UserError(f"{missing}: pip install 'policy-debate-sim[film]', or choose --format gif") from None
    debate = options.load_debate(scenario, evidence, reading, prior)
    command = {"name": "film", "history": history, "format": picture.value}
    with terminal.progress(1 if history is not None else 2 * runs) as report:
        storyboard = storyboard_of(debate, runs, seed, history, Executor(workers, report=report))
    with terminal.progress(length(storyboard), "drawing", "frames") as report:
        files = film_files(storyboard, picture.value, report)
    folder = outputs.publish(out, debate, 1 if history is not None else runs, seed, command, files)
    terminal.show(f"Film and manifest: {folder}")
