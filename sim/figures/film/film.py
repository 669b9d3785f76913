"""A film of a debate: what is filmed, and the film as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.ensembles import ensemble
from sim.ensembles.executor import Executor
from sim.figures.film import from_results
from sim.figures.film.encoders import ENCODERS
from sim.figures.film.frames import Pixels, film
from sim.figures.film.storyboard import RATE, Storyboard, frames
from sim.model.transcript import play
from sim.results.result import Bundle
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


def result(
    scenario: Scenario,
    filmed: Storyboard,
    runs: int,
    seed: int,
    history: int | None,
    kind: str,
    report: Callable[[int], None] = lambda frames: None,
) -> Bundle:
    """The film as a file, mp4 or gif; `report` is told how many frames are drawn. Raises EncoderError."""

    def drawn() -> Iterator[Pixels]:
        for number, pixels in enumerate(film(filmed), start=1):
            yield pixels
            report(number)

    settings = {"history": history, "format": kind}
    files = {f"film.{kind}": ENCODERS[kind](drawn(), RATE)}
    return Bundle(scenario, 1 if history is not None else runs, seed, settings, files=files)


def rerun(
    scenario: Scenario, settings: Mapping[str, Any], runs: int, seed: int, executor: Executor | None = None
) -> Bundle:
    """The film that a manifest describes."""
    history = settings["history"]
    return result(
        scenario, storyboard(scenario, runs, seed, history, executor), runs, seed, history, settings["format"]
    )
