"""How time grows: with the number of histories, and with the number of members."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import inside
from benchmarks.committee import crowd
from benchmarks.rounds import Contender, interleaved
from benchmarks.with_ensemble import play
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
