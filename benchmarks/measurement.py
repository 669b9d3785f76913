"""The whole measurement: everybody in one run, as plain numbers that the page and the picture are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks import growth, inside, limit, machine, waits, whole, with_ensemble, with_mesa, with_numpy
from benchmarks.committee import RULES, Committee, scenario
from benchmarks.endings import assert_same
from benchmarks.memory import INFLUENCE, debate, peak_of_fresh_process
from benchmarks.rounds import Contender, interleaved
from sim.scenario.scenario import Scenario

Report = Callable[[str], None]
#: Seconds for one unit of work by whoever did it, one number a round.
Times = dict[str, list[float]]

SHIPPED = "monopoly-1922"
ONE, ALL = "this ensemble, 1 thread", "this ensemble, all threads"
NUMPY, MESA, AGENTPY, NDLIB = "plain NumPy over replicates", "Mesa, idiomatic", "AgentPy, same loops", "NDlib, WHK"
BATCH_1, BATCH_2 = "Mesa batch_run, 1 process", "Mesa batch_run, 2 processes"
LIMIT = "multiply-adds"
#: How often the limit goes through its numbers in one measurement.
LIMIT_TIMES = 4_000


@dataclass(frozen=True)
class Size:
    """How much is played in one measurement, in histories unless said otherwise; the tuples are what growth is over.

    loops: by those who play one history after another. agreement: compared with the peers' ends.
    """

    rounds: int
    ensemble: int
    numpy: int
    loops: int
    batch: int
    agreement: int
    agreement_of_loops: int
    chunk: int
    rounds_of_growth: int
    histories: tuple[int, ...]
    members: tuple[int, ...]
    length: tuple[tuple[int, int], ...]
    memory: tuple[int, ...]
    influence: int
    waits: tuple[str, ...]
    whole: Mapping[str, Sequence[int]]


FULL = Size(
    rounds=5,
    ensemble=24_576,
    numpy=512,
    loops=12,
    batch=96,
    agreement=20_000,
    agreement_of_loops=200,
    chunk=4_096,
    rounds_of_growth=1,
    histories=(1, 100, 10_000, 20_000, 100_000, 1_000_000),
    members=(27, 100, 400, 2_000),
    length=((10, 100), (10, 2_000), (10, 17_000), (2_000, 100)),
    memory=(100_000, 1_000_000),
    influence=1_000,
    waits=tuple(waits.COMMANDS),
    whole={
        "members": (10, 30, 100, 300, 1_000),
        "talks": (30, 100, 300, 1_000, 3_000),
        "ballots": (30, 100, 300),
        "histories": (1_000, 10_000, 100_000),
        whole.WHAT_IFS: (1, 4, 16),
    },
)
QUICK = Size(
    rounds=2,
    ensemble=1_024,
    numpy=64,
    loops=1,
    batch=4,
    agreement=2_000,
    agreement_of_loops=20,
    chunk=128,
    rounds_of_growth=1,
    histories=(1, 100, 1_000),
    members=(27, 100),
    length=((10, 10), (10, 100)),
    memory=(1_000,),
    influence=100,
    waits=waits.FEW,
    whole={"members": (3, 10)},
)


def agreement(committee: Committee, size: Size) -> dict[str, list[dict[str, Any]]]:
    """How the ends of those who play the same dynamics differ from ours; raises AssertionError if not by chance."""
    from benchmarks import with_agentpy

    ours, seeds = with_ensemble.endings(scenario(committee), size.agreement), range(size.agreement_of_loops)
    theirs = {
        NUMPY: with_numpy.play(committee, size.agreement),
        MESA: with_mesa.play(committee.rule, seeds),
        AGENTPY: with_agentpy.play(committee, seeds),
    }
    return {who: [one._asdict() for one in assert_same(ours, ends, who)] for who, ends in theirs.items()}


def _contenders(committee: Committee, size: Size) -> dict[str, Contender]:
    from benchmarks import with_agentpy, with_ndlib

    played, rule, seeds = scenario(committee), committee.rule, range(size.loops)
    contenders = {
        **_ensembles(played, size),
        NUMPY: Contender(partial(with_numpy.play, committee, size.numpy), size.numpy),
        MESA: Contender(partial(with_mesa.play, rule, seeds), size.loops),
        BATCH_1: Contender(partial(with_mesa.batch, rule, range(size.batch), 1), size.batch),
        BATCH_2: Contender(partial(with_mesa.batch, rule, range(size.batch), 2), size.batch),
        AGENTPY: Contender(partial(with_agentpy.play, committee, seeds), size.loops),
    }
    if rule == "hard":
        nearest = with_ndlib.model(committee)
        contenders[NDLIB] = Contender(partial(with_ndlib.play, nearest, committee, size.loops), size.loops)
    return contenders


def _ensembles(played: Scenario, size: Size) -> dict[str, Contender]:
    return {
        ONE: Contender(partial(with_ensemble.play, played, size.ensemble, 1), size.ensemble),
        ALL: Contender(partial(with_ensemble.play, played, size.ensemble, None), size.ensemble),
    }


def _inside(played: Scenario, size: Size, report: Report) -> Times:
    """Seconds per history of each part of a chunk; of the limit, seconds per operation, in the same rounds."""
    contenders = {name: Contender(part, size.chunk) for name, part in inside.parts(played, size.chunk).items()}
    numbers = machine.numbers()
    most = partial(machine.multiply_and_add, numbers, LIMIT_TIMES)
    contenders[LIMIT] = Contender(most, machine.flop(LIMIT_TIMES))
    return interleaved(contenders, size.rounds, report)


def measured(size: Size, report: Report) -> dict[str, Any]:
    """Measures everything. Raises AssertionError if a peer does not play the same debate."""

    def about(what: str) -> Report:
        return lambda said: report(f"{what}: {said}")

    found: dict[str, Any] = {"machine": machine.description(), "sizes": {"rounds": size.rounds, "chunk": size.chunk}}
    found["waits"] = waits.waits(size.waits, report)
    for part in ("agreement", "peers", "inside"):
        found[part] = {}
    for rule in RULES:
        committee = Committee(rule)
        report(f"{rule} bound: do all play the same debate?")
        found["agreement"][rule] = agreement(committee, size)
        found["peers"][rule] = interleaved(_contenders(committee, size), size.rounds, about(f"{rule} bound"))
    shipped = debate(SHIPPED)
    found["shipped"] = interleaved(_ensembles(shipped, size), size.rounds, about(SHIPPED))
    for name in (*RULES, SHIPPED):
        found["inside"][name] = _inside(debate(name), size, about(f"inside {name}"))
    # The parts in C know the soft bound.
    found["limit"] = {
        name: limit.limits(debate(name), size.chunk, size.rounds, about(f"limit {name}")) for name in ("soft", SHIPPED)
    }
    soft = scenario(Committee("soft"))
    found["histories"] = growth.with_histories(soft, size.histories, size.rounds_of_growth, about("more histories"))
    found["members"] = growth.with_members(size.members, size.rounds, about("more members"))
    found["length"] = growth.with_length(size.length, size.rounds_of_growth, about("longer files"))
    found["whole"] = whole.whole(size.whole, report)
    found["memory"] = {
        name: {str(runs): peak_of_fresh_process(name, runs) for runs in size.memory} for name in ("soft", SHIPPED)
    }
    found["influence"] = {str(size.influence): peak_of_fresh_process(INFLUENCE, size.influence)}
    return found
