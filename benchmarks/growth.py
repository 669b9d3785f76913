"""How time grows: with the number of histories, with the number of members, and with the length of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import inside
from benchmarks.committee import crowd, read, text
from benchmarks.rounds import Contender, interleaved
from benchmarks.with_ensemble import play
from sim.model.arrays import arrays_of
from sim.scenario.scenario import Scenario

#: A measurement plays at least so many histories, small ensembles several times over.
LEAST_HISTORIES = 2_000
#: As many pairs of members as one measurement of talks goes through, in each lane.
PAIRS_IN_A_MEASUREMENT = 4_000_000

Report = Callable[[str], None]


def with_histories(scenario: Scenario, sizes: Sequence[int], rounds: int, report: Report) -> dict[str, list[float]]:
    """Seconds per history by the size of the ensemble, one number a round, on all cores."""

    def several(runs: int, times: int) -> Callable[[], None]:
        def action() -> None:
            for _ in range(times):
                play(scenario, runs, None)

        return action

    contenders = {}
    for runs in sizes:
        # An ensemble of one costs a good part of the fixed work: a few are enough.
        times = min(max(LEAST_HISTORIES // runs, 1), 50)
        contenders[str(runs)] = Contender(several(runs, times), runs * times)
    return interleaved(contenders, rounds, report)


def with_members(sizes: Sequence[int], rounds: int, report: Report) -> dict[str, list[float]]:
    """Seconds per talk and history by the number of members, one number a round, on one thread."""
    talks = 2
    contenders = {}
    for members in sizes:
        hold = inside.talk(crowd(members, talks))
        times = max(PAIRS_IN_A_MEASUREMENT // members**2, 1)
        contenders[str(members)] = Contender(lambda hold=hold, times=times: hold(times), times * talks * inside.LANES)
    return interleaved(contenders, rounds, report)


def with_length(sizes: Sequence[tuple[int, int]], rounds: int, report: Report) -> dict[str, list[float]]:
    """Seconds per line of a file with so many members and talks, to read, check and lay it out as arrays."""
    contenders = {}
    for members, talks in sizes:
        file = text(members, talks)
        contenders[f"{members} {talks}"] = Contender(lambda file=file: arrays_of(read(file)), file.count("\n"))
    return interleaved(contenders, rounds, report)
