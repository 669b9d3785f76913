"""How near the core is to the same operations in plain C: its inner parts in `limit.c`, beside ours, to the same bits.

Each part is played over one group of lanes as often as a history of the debate has it. What is not written again in C
is the rest of a chunk.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import inside
from benchmarks.rounds import Contender, interleaved
from sim.ensembles import summary
from sim.ensembles.batch import EnsembleWork, snapshots
from sim.ensembles.summary import LANES, Summary
from sim.model import attendance, dynamics, movement, random_streams
from sim.model.arrays import arrays_of
from sim.model.jit import compiled
from sim.model.plan import BALLOT, ONE, TALK, WEEK, Plan
from sim.model.random_streams import VOTE
from sim.model.rules import persuasion
from sim.model.state import Inputs, State, begin, empty_votes, lanes_of
from sim.scenario.scenario import Scenario

Report = Callable[[str], None]
Play = Callable[[], object]

SOURCE = Path(__file__).with_suffix(".c")
#: Those that change no result: no multiply-adds, no sums in another order.
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC")
WHOLE = "a whole chunk"
#: Every part this often in one measurement.
TIMES = 4


def library() -> ctypes.CDLL | None:
    """The parts in C, or None where no compiler makes them."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "limit.so"
        done = subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(made), "-lm"], capture_output=True, check=False)
        return ctypes.CDLL(str(made)) if done.returncode == 0 else None


def _given(argument: Any) -> Any:
    if argument is None or isinstance(argument, np.ndarray):
        return ctypes.c_void_p(None if argument is None else argument.ctypes.data)
    return ctypes.c_double(argument) if isinstance(argument, float) else ctypes.c_long(int(argument))


def _in_c(function: Any, *arguments: Any) -> Play:
    """A call of a C function with whole numbers, floats and arrays, which it keeps; None is no array."""
    given = [_given(argument) for argument in arguments]
    return lambda: function(*given) and arguments


@compiled
def _talk(times: int, rule: int, who: Any, stance: Any, first: Any, hearing: Any, openness: Any) -> Any:
    for _ in range(times - 1):
        persuasion.talk(rule, who, stance, first, hearing, openness)
    return persuasion.talk(rule, who, stance, first, hearing, openness)


@compiled
def _uniforms(times: int, inputs: Inputs, into: NDArray[np.float64]) -> None:
    for moment in range(times):
        random_streams.draw_uniforms(into, inputs.seed, inputs.replicate, np.uint64(moment), VOTE, np.uint64(7))


@compiled
def _normals(times: int, inputs: Inputs, drawn: NDArray[np.uint32], into: NDArray[np.float32]) -> None:
    for moment in range(times):
        random_streams.draw(drawn, inputs.seed, inputs.replicate, np.uint64(moment), VOTE, np.uint64(7))
        random_streams.to_normals(drawn, into)


@compiled
def _drift(times: int, plan: Plan, state: State, inputs: Inputs, week: int) -> None:
    for _ in range(times):
        movement.pass_week(plan, state, inputs, week)


@compiled
def _count(dates: int, plan: Plan, state: State, into: Summary) -> None:
    everybody = np.ones(plan.members.size, np.bool_)
    for date in range(dates):
        summary.take_snapshot(plan, state, into, date, everybody)


@compiled
def _sizes(plan: Plan, inputs: Inputs) -> NDArray[np.int64]:
    """How many members each talk has who come in any history of a group of lanes; 0 for other moments."""
    state, votes = begin(plan, inputs.first), empty_votes(plan, inputs.replicate.size)
    out = np.zeros(plan.moments.size, np.int64)
    for moment in range(plan.moments.size):
        if plan.moments.kind[moment] == TALK:
            happening = attendance.happens(plan, state, inputs, moment, votes)
            out[moment] = attendance.seats_of_some(plan, state, moment, happening).size
        dynamics.play_moment(plan, state, inputs, moment, votes)
    return out


class Part(NamedTuple):
    """A part of a history, as it is played here and in C, by one way or more; `limits` takes the fastest."""

    ours: Play
    in_c: tuple[Play, ...]


def _all(plays: list[Play]) -> Play:
    def play() -> None:
        for one in plays:
            one()

    return play


def _same(name: str, ours: NDArray[Any], theirs: NDArray[Any]) -> None:
    if not np.array_equal(ours, theirs):
        raise AssertionError(f"{name} in C is not what it is here")


def _talks(plan: Plan, inputs: Inputs, c: ctypes.CDLL) -> Part:
    """All talks of a history, with everybody's chance of being there; all members hear in the same way."""
    by, luck = int(plan.by_authority[0]), np.random.default_rng(1)
    low, high = float(plan.rules.low), float(plan.rules.high)
    susceptibility, attachment, bound = np.full(LANES, 0.3), np.full(LANES, 0.1), inputs.parameters[plan.rules.bound]
    plays: tuple[list[Play], list[Play], list[Play]] = ([], [], [])
    for size, times in Counter(_sizes(plan, inputs).tolist()).items():
        if size == 0:
            continue
        shape, who = (size, LANES), np.arange(size)
        stance, first = luck.uniform(low, high, shape), luck.uniform(low, high, shape)
        present = (luck.random(shape) < 0.9).astype(float)
        voice = np.stack([present, present * luck.random(shape)])
        weight = np.ones((size, size)) if by else luck.random((size, size))
        hearing = persuasion.Hearing(voice, weight, np.full(size, by))
        openness = persuasion.Openness(np.stack([susceptibility, attachment]), 0 * who, 0 * who + 1, bound)
        # Where hearing is by weights, the absent are put where nobody hears them; see `persuasion`.
        x = stance if by else np.where(present > 0, stance, persuasion.FAR)
        # What is added to the stance at the end is that of everybody, the absent too.
        tables = (x, stance, first, present, voice[by] if by else None, voice[by], weight)
        moved = np.empty(shape)
        arguments = (*tables, susceptibility, attachment, bound, moved)
        ours = [TIMES * times, int(plan.rules.talk), who, stance, first, hearing, openness]
        plays[0].append(lambda ours=ours: _talk(*ours))
        for fours in (0, 1):
            play = _in_c(c.talk, TIMES * times, fours, size, LANES, *arguments)
            play()
            _same("a talk", _talk(*ours), moved)
            plays[1 + fours].append(play)
    return Part(_all(plays[0]), (_all(plays[1]), _all(plays[2])))


def _draws(plan: Plan) -> tuple[int, int]:
    """How many uniform numbers a history draws at most, and how many times four normal numbers."""
    moments = plan.moments
    weeks = len(set(moments.key[moments.kind == WEEK].tolist()))
    uniform = 0
    for row in np.flatnonzero((moments.kind == TALK) | (moments.kind == BALLOT)):
        seats = slice(int(moments.first_who[row]), int(moments.last_who[row]))
        by_chance = moments.attendance[row] != ONE and moments.by_name[row] != 1
        uniform += int((plan.attending[seats] == 0).sum()) * by_chance
        uniform += (seats.stop - seats.start) * int(moments.kind[row] == BALLOT)
    return uniform, weeks * plan.members.size


def parts(scenario: Scenario, c: ctypes.CDLL) -> dict[str, Part]:
    """The parts of a history in one group of lanes, `TIMES` times over. Raises AssertionError if C has other bits."""
    plan = arrays_of(scenario).plan
    inputs = lanes_of(inside.inputs_of(scenario, LANES, inside.SEED), 0, LANES)
    uniform, normal = _draws(plan)
    keys = (inputs.seed, inputs.replicate, VOTE, 7)
    one, two, drawn = np.empty(LANES), np.empty(LANES), np.empty((4, LANES), np.uint32)
    three, four = np.empty((4, LANES), np.float32), np.empty((4, LANES), np.float32)
    draw_uniforms = _in_c(c.uniforms, TIMES * uniform, LANES, *keys, two)
    draw_normals = _in_c(c.normals, TIMES * normal, LANES, *keys, four)
    _uniforms(TIMES * uniform, inputs, one), draw_uniforms()
    _normals(TIMES * normal, inputs, drawn, three), draw_normals()
    _same("a uniform number", one, two)
    _same("a normal number", three, four)

    state, week, rules = (
        begin(plan, inputs.first),
        int(np.flatnonzero(plan.moments.kind == WEEK)[0]),
        plan.rules,
    )
    _drift(1, plan, state, inputs, week)
    members, weeks, stance = plan.members.size, TIMES * int((plan.moments.kind == WEEK).sum()), state.stance.copy()
    z = np.ascontiguousarray(state.noise[:, int(plan.moments.word[week])])
    low, high = float(rules.low), float(rules.high)
    sigma = (inputs.parameters[rules.reversion], inputs.parameters[rules.noise])
    drift = _in_c(c.drift, weeks, members, LANES, state.first, *sigma, z, low, high, stance)
    _drift(weeks, plan, state, inputs, week), drift()
    _same("a week", state.stance, stance)

    dates = len(snapshots(scenario).dates)
    into = summary.empty(plan, dates, LANES, members)
    bins, sums = np.zeros((dates, members + 1, summary.BINS), np.uint32), np.zeros((dates, members + 1), np.int64)
    counted = np.concatenate([state.stance, state.policy[None]])
    count = _in_c(c.count, dates, members + 1, LANES, counted, low, high, bins, sums)
    _count(dates, plan, state, into), count()
    _same("a count", np.concatenate([into.stance_bins, into.policy_bins[:, None]], axis=1), bins)
    _same("a sum", np.concatenate([into.stance_sum, into.policy_sum[:, None]], axis=1), sums)
    return {
        "talks": _talks(plan, inputs, c),
        "uniform numbers": Part(lambda: _uniforms(TIMES * uniform, inputs, one), (draw_uniforms,)),
        "normal numbers": Part(lambda: _normals(TIMES * normal, inputs, drawn, three), (draw_normals,)),
        "drift of the weeks": Part(lambda: _drift(weeks, plan, state, inputs, week), (drift,)),
        "stances by date": Part(_all([lambda: _count(dates, plan, state, into)] * TIMES), (_all([count] * TIMES),)),
    }


def limits(scenario: Scenario, chunk: int, rounds: int, report: Report) -> dict[str, Any]:
    """Seconds per history of a whole chunk and of each part, here and in C, one number a round; empty without C."""
    c = library()
    if c is None:
        return {}
    contenders = {WHOLE: Contender(lambda: work.batch(ids), chunk)}
    work, ids = EnsembleWork(scenario, inside.SEED, True, {}), np.arange(chunk, dtype=np.uint64)
    for name, part in parts(scenario, c).items():
        for number, play in enumerate((part.ours, *part.in_c)):
            contenders[f"{name}/{number}"] = Contender(play, TIMES * LANES)
    times = interleaved(contenders, rounds, report)
    found: dict[str, Any] = {WHOLE: times.pop(WHOLE), "parts": {}}
    for name in dict.fromkeys(key.split("/")[0] for key in times):
        ours, *in_c = (times[key] for key in times if key.startswith(f"{name}/"))
        found["parts"][name] = {"ours": ours, "in C": min(in_c, key=median)}
    return found


def to_gain(found: Mapping[str, Any]) -> float:
    """The share of a whole chunk's time that it would not take with those parts in C that are faster there.

    A part is faster where its median is, so that what the machine does meanwhile is not taken for a gain.
    """
    each = [one for one in found["parts"].values() if median(one["in C"]) < median(one["ours"])]
    saved = [sum(one["ours"][r] - one["in C"][r] for one in each) for r in range(len(found[WHOLE]))]
    return float(median(less / whole for less, whole in zip(saved, found[WHOLE], strict=True)))
