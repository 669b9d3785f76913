"""A film of a debate: what is filmed, and the film as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.ensembles import ensemble
from sim.ensembles.executor import Executor
from sim.figures.film import from_results
from sim.figures.film.encoders import ENCODERS
from sim.figures.film.frames import Pixels, film
from sim.figures.film.storyboard import RATE, Storyboard, frames
from sim.model.transcript import play
from sim.results.folder import Files
from sim.scenario.scenario import Scenario


def storyboard(
    scenario: Scenario, runs: int, seed: int, history: int | None, executor: Executor | None = None
) -> Storyboard:
    """What a film of the debate shows: one history running free, or the medians of many that follow the record.

    history: which, or None for the medians of `runs` of them.
    """
    if history is not None:
        return from_results.of_run(play(scenario, seed, history))
    return from_results.of_ensemble(ensemble.ensemble(scenario, runs, seed, executor))


def length(filmed: Storyboard) -> int:
    """How many frames a film has."""
    return sum(1 for _ in frames(filmed))


def film_files(filmed: Storyboard, kind: str, report: Callable[[int], None] | None = None) -> Files:
    """The film as a file, mp4 or gif; `report` is told how many frames are drawn. Raises EncoderError."""

    def drawn() -> Iterator[Pixels]:
        for number, pixels in enumerate(film(filmed), start=1):
            yield pixels
            if report is not None:
                report(number)

    return {f"film.{kind}": ENCODERS[kind](drawn(), RATE)}
