"""The command that films a debate: film."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.commands import arguments, terminal
from sim.document import Refusal


class FilmFormat(StrEnum):
    """What a film is written as."""

    mp4 = "mp4"
    gif = "gif"


def film(
    scenario: arguments.Debate = arguments.DEFAULT,
    history: Annotated[
        int | None,
        typer.Option(
            help="Film this one history, running free; the medians of many, if not given.", min=0, max=2**32 - 1
        ),
    ] = None,
    runs: arguments.Runs = 2000,
    seed: arguments.Seed = 1922,
    picture: Annotated[FilmFormat, typer.Option("--format", help="What to write.")] = FilmFormat.mp4,
    out: arguments.Out = Path("outputs"),
    workers: arguments.Workers = None,
    evidence: arguments.Evidence = arguments.EvidenceFilter.all,
    reading: arguments.Reading = None,
    prior: arguments.Prior = False,
) -> None:
    """Film the debate day by day: stances, letters on their way, absences and ballots.

    Example: `sim film library-sunday --history 7 --format gif`
    """
    from sim import filming, publish, results
    from sim.crew import Crew
    from sim.figures.film_file import EncoderError, check_encoder

    results.check_place(out)
    try:
        check_encoder(picture.value)
    except EncoderError as missing:
        raise Refusal(f"{missing}: pip install 'policy-debate-sim[film]', or choose --format gif") from None
    debate = arguments.load_debate(scenario, evidence, reading, prior)
    command = {"name": "film", "history": history, "format": picture.value}
    with terminal.progress(1 if history is not None else 2 * runs) as report:
        reel = filming.reel(debate, runs, seed, history, Crew(workers, report=report))
    with terminal.progress(filming.length(reel), "drawing", "frames") as report:
        files = filming.film_files(reel, picture.value, report)
    folder = publish.publish(out, debate, 1 if history is not None else runs, seed, command, files)
    terminal.show(f"Film and manifest: {folder}")
